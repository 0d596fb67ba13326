"""Which years a figure is about: one stack of periods, and what a figure within several years means.

A heading, a paragraph or a word opens a period; the topmost holds. It closes as its lifetime says, or when a word
returns to the year (全年, 去年).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from compiler.language.guards import Lasts
from compiler.model import Identity
from compiler.numbers import parse_numeral


class PeriodKind(Enum):
    """A single year, several years, or part of a year."""

    YEAR = auto()
    SPAN = auto()
    PART = auto()


@dataclass(frozen=True, slots=True)
class Period:
    """Years with the word that opened them. ``first`` and ``last`` are 0 where the word does not tell them."""

    kind: PeriodKind
    word: str
    lasts: Lasts
    first: int = 0
    last: int = 0


_FIVE_YEARS_BASE = 1951
"""The first of the five-year plans' years less five: “十三五” begins in 1951 + 5·13 = 2016."""

_PLAN_NAME = re.compile(r"([一二三四五六七八九十]{1,2})五(?![一二三四五六七八九十年个])")
_YEARS = re.compile(r"((?:19|20)\d\d)年?\D{1,2}((?:19|20)\d\d)年")
_COUNT = re.compile(r"([两二三四五六七八九十]{1,2}|\d{1,2})(?:个)?年")


def years_of(word: str, identity: Identity, planned: bool) -> tuple[int, int]:
    """Return the first and the last year that a word for several years means in a report, 0 where it does not tell.

    五年来 ends with the year reviewed, 今后五年 begins with the year planned, “十三五” is 2016 to 2020.
    """
    named = _PLAN_NAME.search(word)
    if named is not None:
        number = parse_numeral(named.group(1))
        if number is not None:
            first = _FIVE_YEARS_BASE + 5 * int(number)
            return first, first + 4
    years = _YEARS.search(word)
    if years is not None:
        return int(years.group(1)), int(years.group(2))
    count = _COUNT.search(word)
    if count is not None and identity.report_year:
        number = int(count.group(1)) if count.group(1).isdigit() else int(parse_numeral(count.group(1)) or 0)
        if number > 1:
            year = identity.report_year
            return (year, year + number - 1) if planned else (year - number, year - 1)
    return 0, 0
