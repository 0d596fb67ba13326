"""Whose report, and of which year, a sentence by itself is read as: an example of a rule, or one typed in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from compiler.facts.compile import EXAMPLE_IDENTITY
from compiler.model import Identity, Lexicon, Part, ReportText
from compiler.text.identify import identify
from compiler.text.normalise import normalise

_OWN = "guard.scope_own."
_YEAR = re.compile(r"((?:19|20)\d\d)")


def identity_as(place: str, year: int, lexicon: Lexicon) -> Identity:
    """Return the identity of the report of ``year`` on ``place``, as its title would tell it.

    A name that no table of divisions has is a place all the same; its suffix tells the level.
    """
    for level, words in lexicon.once(_words_of_levels).items():
        if place in words:  # 全国, 全县: a level without a name
            name = _place_of(place, level, lexicon)
            return replace(EXAMPLE_IDENTITY, place=name, place_level=level, report_year=year)
    title = next(iter(lexicon.words("report.titles")), "")
    text, _ = normalise(f"{place}{year}年{title}\n", lexicon)
    return identify(text, ReportText(1, 0, len(text.text)), "", lexicon)[0]


def identity_in(text: str, part: Part, lexicon: Lexicon, level: str = "", year: int = 0) -> Identity:
    """Return the identity that an example is read with: what it says of itself, else a city's report of 2017.

    ``level`` and ``year`` (the year that the report plans for) are what the example declares. Where it does not, the
    level is that of a word that opens one of its clauses and that only reports of one level use of themselves (我县,
    全省), and the year the one that the text begins with: the year planned for in the plan, the year reviewed in the
    review.
    """
    level = level or _level_in(text, lexicon) or EXAMPLE_IDENTITY.place_level
    return replace(
        EXAMPLE_IDENTITY,
        place=_place_of(text, level, lexicon),
        place_level=level,
        report_year=year or _year_in(text, part, lexicon) or EXAMPLE_IDENTITY.report_year,
    )


def _place_of(text: str, level: str, lexicon: Lexicon) -> str:
    """Return a name for the place of an example: 我区 is said in a district, 我县 in a county."""
    if level == EXAMPLE_IDENTITY.place_level:
        return EXAMPLE_IDENTITY.place
    own = next((word for word in lexicon.words(f"{_OWN}{level}") if word in text), level[0])
    return EXAMPLE_IDENTITY.place[:-1] + own[-1]


def _level_in(text: str, lexicon: Lexicon) -> str:
    if any(word in text for word in lexicon.words(f"{_OWN}{EXAMPLE_IDENTITY.place_level}")):
        return ""  # 全省增长6%，我市增长7%: the report is the city's
    return next((level for level, opens in lexicon.once(_openings).items() if opens.search(text)), "")


def _words_of_levels(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Return, by level, the words that only reports of that level use of themselves."""
    own = {name.removeprefix(_OWN): words for name, words in lexicon.lists.items() if name.startswith(_OWN)}
    users = Counter(word for words in own.values() for word in words)
    return {level: tuple(word for word in words if users[word] == 1) for level, words in own.items()}


def _openings(lexicon: Lexicon) -> dict[str, re.Pattern[str]]:
    """Return, by level, what finds a clause that opens with a word of its own."""
    return {
        level: re.compile(f"(?:^|[，；。：年])(?:{'|'.join(map(re.escape, words))})")
        for level, words in lexicon.once(_words_of_levels).items()
        if words
    }


def _year_in(text: str, part: Part, lexicon: Lexicon) -> int:
    match = _YEAR.match(text)
    marks = lexicon.words("number.year_words")
    rest = text[match.end() :] if match else ""
    mark = next((mark for mark in marks if rest.startswith(mark)), "")
    if match is None or not mark or rest[len(mark) :].startswith(lexicon.words("part.plan_name_after")):
        return 0
    return int(match[1]) + (part in (Part.REVIEW, Part.REVIEW_SPAN))
