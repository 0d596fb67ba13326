"""The periods that words open, and which years they are: what a report's context keeps in a stack.

A heading, a paragraph or a word opens a period; the topmost holds. It closes as its lifetime says, or when a word
returns to the year (全年, 去年).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from compiler.language.guards import Lasts
from compiler.numbers import parse_numeral
from compiler.text.periods import plan_years


class PeriodKind(Enum):
    """A single year, several years, or part of a year."""

    YEAR = auto()
    SPAN = auto()
    PART = auto()


class Period(NamedTuple):
    """Years with the word that opened them. ``first`` and ``last`` are 0 where the word does not tell them."""

    kind: PeriodKind
    word: str
    lasts: Lasts
    first: int = 0
    last: int = 0


_PLAN_NAME = re.compile(r"([一二三四五六七八九十]{1,2})五(?![一二三四五六七八九十年个])")
_COUNT = re.compile(r"([两二三四五六七八九十]{1,2}|[0-9]{1,2})个?年")


def years_of(word: str, report_year: int, planned: bool) -> tuple[int, int]:
    """Return the first and the last year that a word for several years means in a report, 0 where it does not tell.

    五年来 ends with the year reviewed, 今后五年 begins with the year planned, “十三五” is 2016 to 2020.
    """
    named = _PLAN_NAME.search(word)
    number = parse_numeral(named.group(1)) if named is not None else None
    if number is not None:
        first, last = plan_years(number)
        under_way = not planned and report_year and first < report_year <= last
        return (first, report_year - 1) if under_way else (first, last)  # “十四五”以来, in a review
    years = count_of(word)
    if years < 2 or not report_year:
        return 0, 0
    return (report_year, report_year + years - 1) if planned else (report_year - years, report_year - 1)


def count_of(word: str) -> int:
    """Return how many years a word counts (五年来, 10年前), 0 where it counts none."""
    count = _COUNT.search(word)
    if count is None:
        return 0
    return int(count.group(1)) if count.group(1).isdigit() else parse_numeral(count.group(1)) or 0
