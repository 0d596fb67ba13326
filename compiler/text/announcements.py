"""What a heading says of the text below it: review or plan, of one year or of several.

A heading's signs are gathered first (:class:`Signs`); then the first step that knows its kind decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compiler.model import Lexicon, Part
from compiler.text.periods import Periods, Span

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SHORT = 16
"""A heading that stands over what is no part of the report (名词解释) has no more characters."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a heading says. ``mixed``: it speaks of a span of years and of one year as well.

    ``strong``: it does so at any level; a weak one counts only at the top.
    """

    part: Part
    strong: bool = True
    mixed: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What the words of a heading tell. Places are offsets, -1 where a sign is missing.

    ``part`` is what the words for review and plan say, OTHER where there are none; ``past`` and ``coming`` are spans
    of years behind and ahead; ``last_at`` and ``year_at`` are where the year reviewed and the report's own are named.
    """

    part: Part
    words: frozenset[Part]
    past: Span | None
    coming: Span | None
    last_at: int
    year_at: int
    years: tuple[int, ...]


def heading_part(text: str, lexicon: Lexicon) -> Part:
    """Return the part that a heading announces by its words, OTHER where it does not.

    The word that ends last decides: 主要目标任务完成情况回顾 is a review although it names targets.
    """
    best = (-1, 0, Part.OTHER)
    for part, name in _PART_WORDS:
        for word in filter(text.__contains__, lexicon.words(name)):
            best = max(best, (text.rfind(word) + len(word), len(word), part))
    return best[2]


_PART_WORDS = ((Part.REVIEW, "part.review_headings"), (Part.PLAN, "part.plan_headings"))


class Announcer:
    """Reads the headings of a report whose ``coming`` words stand for its own year, ``last`` for the one before."""

    def __init__(self, lexicon: Lexicon, periods: Periods, coming: Sequence[str], last: Sequence[str]) -> None:
        self._lexicon = lexicon
        self._periods = periods
        self._year = periods.year
        self._coming = coming
        self._last = last
        self._other = lexicon.words("part.other_headings")
        self._known: dict[str, Announcement | None] = {}

    def read(self, text: str) -> Announcement | None:
        """Return what a heading announces, ``None`` where it announces nothing."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Announcement | None:
        if len(text) <= _SHORT and any(map(text.__contains__, self._other)):
            return Announcement(Part.OTHER)
        signs = self._signs(text)
        if _over_both(signs):
            return None
        return next((found for step in _STEPS if (found := step(signs, self._year)) is not None), None)

    def _signs(self, text: str) -> Signs:
        periods, year = self._periods, self._year
        part = heading_part(text, self._lexicon)
        ahead = periods.ahead(text) or periods.ahead_in_heading(text)
        back = periods.back(text) or periods.back_in_heading(text)
        if back is not None and ahead is not None and ahead.start <= back.start < ahead.end:
            back = None  # 今后五年的 holds 五年的
        past, coming = back, ahead
        for span in (*periods.plans(text), periods.explicit(text)):
            if span is None:
                continue
            if _is_past(span, part, year):
                past = past or periods.until_last_year(span)
            elif not span.named or year <= span.first <= year + 1 or (part is Part.PLAN and span.first <= year):
                coming = coming or span
        words = frozenset(kind for kind, name in _PART_WORDS if any(map(text.__contains__, self._lexicon.words(name))))
        return Signs(
            part,
            words,
            past,
            coming,
            _first(text, self._last, year - 1, periods),
            _first(text, self._coming, year, periods),
            tuple(int(found[0]) for found in _YEAR.finditer(text)),
        )


def _is_past(span: Span, part: Part, year: int) -> bool:
    """Tell whether a span lies behind a report of ``year``, or is under way and reviewed."""
    if not year:
        return part is Part.REVIEW
    return span.last < year or (part is Part.REVIEW and span.first < year) or (span.since and span.first < year)


def _first(text: str, words: Sequence[str], year: int, periods: Periods) -> int:
    """Return where a year is first named, by one of its words or by a numeral, damaged as it may be; -1 where not."""
    places = [at for word in words if (at := text.find(word)) >= 0]
    if year > 0:
        places.extend(found.start() for found in periods.named_year(year).finditer(text))
    return min(places, default=-1)


def _over_both(signs: Signs) -> bool:
    """Tell whether a heading stands over review and plan alike (2020年工作回顾和2021年工作安排)."""
    return signs.last_at >= 0 and signs.year_at >= 0 and (len(signs.words) != 1 or signs.past is None is signs.coming)


def _span_behind(signs: Signs, year: int) -> Announcement | None:
    if signs.past is None or (signs.part is Part.PLAN and (signs.year_at >= 0 or signs.coming is not None)):
        return None
    last = signs.last_at
    # 2020年和“十三五”时期工作回顾 begins with the year, “十三五”时期和2020年工作回顾 with the span.
    first = Part.REVIEW if 0 <= last < signs.past.start else Part.REVIEW_SPAN
    return Announcement(first, mixed=last >= 0, span=signs.past)


def _span_ahead(signs: Signs, year: int) -> Announcement | None:
    if signs.coming is None:
        return None
    if signs.part is Part.REVIEW and signs.last_at >= 0:
        return Announcement(Part.REVIEW)
    if signs.year_at >= 0:
        first = Part.PLAN_SPAN if signs.coming.start < signs.year_at else Part.PLAN
        return Announcement(first, mixed=True, span=signs.coming)
    return Announcement(Part.PLAN_SPAN, mixed=signs.past is not None, span=signs.coming)


def _words_of_a_part(signs: Signs, year: int) -> Announcement | None:
    if signs.part is Part.OTHER:
        return None
    named = bool(signs.years) or signs.last_at >= 0 or signs.year_at >= 0
    if signs.part is Part.PLAN and signs.year_at < 0 and (signs.last_at >= 0 or _all_before(signs.years, year)):
        return Announcement(Part.REVIEW, strong=named)  # 2012年主要工作 in a report of 2013
    return Announcement(signs.part, strong=named)


def _year_alone(signs: Signs, year: int) -> Announcement | None:
    if signs.year_at >= 0:
        return Announcement(Part.PLAN, strong=False)
    return Announcement(Part.REVIEW, strong=False) if signs.last_at >= 0 else None


def _all_before(years: Sequence[int], year: int) -> bool:
    return bool(years) and max(years) < year


_STEPS: tuple[Callable[[Signs, int], Announcement | None], ...] = (
    _span_behind,
    _span_ahead,
    _words_of_a_part,
    _year_alone,
)
