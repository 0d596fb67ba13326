"""Spans of years as headings and paragraphs name them: 过去五年, “十三五”时期, 2016—2020年, 今后三年.

A span counted from the report (过去N年, 今后N年) ends with the year before the report's, or begins with the report's
own. Five-year plans are numbered without a break: from the third on the n-th ends in 1955 + 5·n. All words come from
the lexicon's ``part`` lists, in which N stands for a number of years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from compiler.model import Lexicon
from compiler.numbers import parse_numeral

TERM = 5
"""The years of a government's term and of a plan."""

_EARLY_PLANS = {1: (1953, 1957), 2: (1958, 1962)}
_NEAR = 12
"""A plan that ends this many years from the report's year is hardly spoken of: “五五”普法 is no plan of 1980."""
_COUNT = "([两二三四五六七八九十]|[1-9]?\\d)"
_NUMBER = "([一二三四五六七八九十]{1,3})"
_EXPLICIT = re.compile(r"((?:19|20)\d{2})年?(?:[-—–～至到]|——)((?:19|20)?\d{2})年?")
_FULL_NAME = rf"第{_NUMBER}个五年"


@dataclass(frozen=True, slots=True)
class Span:
    """A span of years and where its words stand in the text. ``named``: it is a five-year plan's."""

    start: int
    end: int
    first: int
    last: int
    named: bool = False


def plan_years(number: int) -> tuple[int, int]:
    """Return the first and last year of a five-year plan by its number."""
    return _EARLY_PLANS.get(number) or (1951 + TERM * number, 1955 + TERM * number)


class Periods:
    """The spans of years that a report of ``year`` (0 where unknown) speaks of."""

    def __init__(self, lexicon: Lexicon, year: int) -> None:
        self.year = year
        self._back = _with_counts(lexicon.words("part.span_review_cues"))
        self._ahead = _with_counts(lexicon.words("part.span_plan_cues"))
        after = "|".join(map(re.escape, lexicon.words("part.plan_name_after"))) or "(?!)"
        self._plan = re.compile(f"“{_NUMBER}五”|{_NUMBER}五(?={after})|{_FULL_NAME}")
        self._slogans = lexicon.words("part.plan_name_slogans")

    def back(self, text: str) -> Span | None:
        """Return the first span of past years that is counted back from the report."""
        found = self._back.search(text)
        if found is None:
            return None
        return Span(found.start(), found.end(), self.year - _count(found), self.year - 1)

    def ahead(self, text: str) -> Span | None:
        """Return the first span of years to come that is counted from the report."""
        found = self._ahead.search(text)
        if found is None:
            return None
        return Span(found.start(), found.end(), self.year, self.year + _count(found) - 1)

    def plan(self, text: str) -> Span | None:
        """Return the first five-year plan named as a time, ``None`` where a slogan only plays with its name."""
        for found in self._plan.finditer(text):
            number = parse_numeral(next(filter(None, found.groups())))
            if number is None:
                continue
            first, last = plan_years(number)
            if self.year and abs(last - self.year) > _NEAR:
                continue
            if not any(word in text[found.end() :] for word in self._slogans):
                return Span(found.start(), found.end(), first, last, named=True)
        return None

    def explicit(self, text: str) -> Span | None:
        """Return the first span that is told by its years: 2016—2020年, 2018至2022年, 1998-02年."""
        found = _EXPLICIT.search(text)
        if found is None:
            return None
        first, last = int(found[1]), int(found[1][: 4 - len(found[2])] + found[2])
        return Span(found.start(), found.end(), first, last) if first < last <= first + _NEAR else None


def _with_counts(words: Sequence[str]) -> re.Pattern[str]:
    """Return an expression for words in which N is a number of years."""
    return re.compile("|".join(re.escape(word).replace("N", _COUNT) for word in words) or "(?!)")


def _count(found: re.Match[str]) -> int:
    """Return the number of years that a match names, a term's where it names none."""
    numeral = next(filter(None, found.groups()), "")
    return (int(numeral) if numeral.isdigit() else parse_numeral(numeral)) or TERM
