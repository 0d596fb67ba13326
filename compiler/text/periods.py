"""Spans of years as headings and paragraphs name them: 过去五年, “十三五”时期, 2016—2020年, 今后三年.

A span counted from the report (过去N年, 今后N年) ends with the year before the report's, or begins with the report's
own. Five-year plans are numbered without a break: from the third on the n-th ends in 1955 + 5·n. All words come from
the lexicon's ``part`` lists, in which N stands for a number of years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from compiler.model import Lexicon
from compiler.numbers import parse_numeral
from compiler.strings import any_of

TERM = 5
"""The years of a government's term and of a plan."""

_EARLY_PLANS = {1: (1953, 1957), 2: (1958, 1962)}
_NEAR = 12
"""A plan that ends this many years from the report's year is hardly spoken of: “五五”普法 is no plan of 1980."""
_COUNT = "([两二三四五六七八九十]|[1-9]?\\d)"
_NO_YEAR_BEFORE = "(?<![\\d〇零一二三四五六七八九十])"
_NUMBER = "([一二三四五六七八九十]{1,3})"
_EXPLICIT = re.compile(r"((?:19|20)\d{2})年?(?:[-—–～至到]|——)((?:19|20)?\d{2})年?")
_ZERO = "[〇零○Oo0]"
_NUMERALS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Span:
    """A span of years and where its words stand in the text.

    ``first`` is 0 where its words do not tell (换届以来). ``named``: it is a five-year plan's; ``since``: its words
    say that it began then (“十四五”以来).
    """

    start: int
    end: int
    first: int
    last: int
    named: bool = False
    since: bool = False


def plan_years(number: int) -> tuple[int, int]:
    """Return the first and last year of a five-year plan by its number."""
    return _EARLY_PLANS.get(number) or (1951 + TERM * number, 1955 + TERM * number)


def in_numerals(year: int) -> str:
    """Return a year written out as older reports do: 一九九五."""
    return "".join(_NUMERALS[int(digit)] for digit in str(year))


def is_year_name(word: str) -> bool:
    """Tell whether a word is the name of a year: 2016年, 一九九五年."""
    name = word.removesuffix("年")
    return len(name) == 4 and (name.isdigit() or all(numeral in _NUMERALS for numeral in name))


@lru_cache(maxsize=16)
def _year_names(year: int) -> re.Pattern[str]:
    """Return an expression for a year in digits or Chinese numerals, whose zeros may be lost or Latin letters.

    Its first numeral may be lost as well: OO七年, 〇七年.
    """
    numerals = "".join(f"{_ZERO}?" if digit == "0" else _NUMERALS[int(digit)] for digit in str(year))
    short = f"|{_NO_YEAR_BEFORE}{_ZERO}{{1,2}}{_NUMERALS[year % 10]}(?=年)" if str(year)[1:3] == "00" else ""
    return re.compile(f"(?<!\\d){year}(?!\\d)|{numerals}(?=年){short}")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What the lexicon's words for spans are looked for with."""

    back: Counted
    ahead: Counted
    back_in_heading: Counted
    ahead_in_heading: Counted
    plan: re.Pattern[str]
    since: tuple[str, ...]
    slogans: tuple[str, ...]
    begun: tuple[str, ...]


class Periods:
    """The spans of years that a report of ``year`` (0 where unknown) speaks of."""

    def __init__(self, lexicon: Lexicon, year: int) -> None:
        self.year = year
        words = lexicon.words
        after = any_of(words("part.plan_name_after"))
        self._patterns = _Patterns(
            _with_counts(words("part.span_review_cues")),
            _with_counts(words("part.span_plan_cues")),
            _with_counts(words("part.span_review_headings")),
            _with_counts(words("part.span_plan_headings")),
            re.compile(f"“{_NUMBER}五”|{_NUMBER}五(?={after})|第{_NUMBER}个五年"),
            words("part.plan_name_since"),
            words("part.plan_name_slogans"),
            words("part.plan_name_begun"),
        )

    def back(self, text: str) -> Span | None:
        """Return the first span of past years that is counted back from the report."""
        return self._behind(self._patterns.back.search(text))

    def back_in_heading(self, text: str) -> Span | None:
        """Return the first span of past years named by words that have that meaning in a heading alone."""
        return self._behind(self._patterns.back_in_heading.search(text))

    def ahead(self, text: str) -> Span | None:
        """Return the first span of years to come that is counted from the report."""
        return self._before(self._patterns.ahead.search(text))

    def ahead_in_heading(self, text: str) -> Span | None:
        """Return the first span of years to come named by words that have that meaning in a heading alone."""
        return self._before(self._patterns.ahead_in_heading.search(text))

    def plans(self, text: str) -> Iterator[Span]:
        """Yield the five-year plans named as times, but none with whose name a slogan plays (“十五五”开好局)."""
        for found in self._patterns.plan.finditer(text):
            number = parse_numeral(next(filter(None, found.groups())))
            if number is None:
                continue
            first, last = plan_years(number)
            if self.year and abs(last - self.year) > _NEAR:
                continue
            rest, begun = text[found.end() :], text[: found.start()].endswith(self._patterns.begun)
            if not begun and not any(word in rest for word in self._patterns.slogans):
                since = rest.startswith(self._patterns.since)
                yield Span(found.start(), found.end(), first, last, named=True, since=since)

    def explicit(self, text: str) -> Span | None:
        """Return the first span that is told by its years: 2016—2020年, 2018至2022年, 1998-02年."""
        found = _EXPLICIT.search(text)
        if found is None:
            return None
        first, last = int(found[1]), int(found[1][: 4 - len(found[2])] + found[2])
        return Span(found.start(), found.end(), first, last) if first < last <= first + _NEAR else None

    def counted(self, words: tuple[str, ...]) -> Counted:
        """Return what finds words in which N is a number of years; :meth:`term` reads what it finds."""
        return _with_counts(words)

    def term(self, found: re.Match[str]) -> Span:
        """Return the past span whose words an expression of :meth:`counted` found."""
        return Span(found.start(), found.end(), self.year - _count(found), self.year - 1)

    def since(self, text: str) -> Span:
        """Return the span of past years that a text opens without telling how many."""
        return Span(0, len(text), 0, self.year - 1)

    def named_year(self, year: int) -> re.Pattern[str]:
        """Return an expression that finds a year's name in a heading, even with lost zeros (二八年, 二OO七年)."""
        return _year_names(year)

    def until_last_year(self, span: Span) -> Span:
        """Return the part of a span that a report can review."""
        return replace(span, last=min(span.last, self.year - 1)) if self.year else span

    def _behind(self, found: re.Match[str] | None) -> Span | None:
        return None if found is None else self.term(found)

    def _before(self, found: re.Match[str] | None) -> Span | None:
        if found is None:
            return None
        return Span(found.start(), found.end(), self.year, self.year + _count(found) - 1)


class Counted:
    """Words in which N is a number of years, in a text.

    An expression that may begin with a number is tried at every character of a text: so the longest plain piece of
    each word is looked for first.
    """

    __slots__ = ("_pattern", "_pieces")

    def __init__(self, words: tuple[str, ...]) -> None:
        plain = (re.escape(word) for word in words)
        self._pattern = re.compile(
            "|".join(
                (_NO_YEAR_BEFORE if word[0] in f"N{_NUMERALS}" else "") + word.replace("N", _COUNT) for word in plain
            )
            or "(?!)"
        )
        self._pieces = tuple(dict.fromkeys(max(word.split("N"), key=len) for word in words))

    def search(self, text: str) -> re.Match[str] | None:
        """Return where the first of the words stands."""
        return self._pattern.search(text) if any(map(text.__contains__, self._pieces)) else None


_with_counts = lru_cache(maxsize=64)(Counted)


def _count(found: re.Match[str]) -> int:
    """Return the number of years that a match names, a term's where it names none."""
    numeral = next(filter(None, found.groups()), "")
    return (int(numeral) if numeral.isdigit() else parse_numeral(numeral)) or TERM
