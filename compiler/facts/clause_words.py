"""The words of the lexicon that a clause around a figure is read with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from compiler.facts.tagging import QUOTED_PART
from compiler.model import Lexicon
from compiler.strings import any_of


class LongestFirst(tuple[str, ...]):
    """Words, longest first, that a text may begin or end with."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known = frozenset(self)
        self._lengths = tuple(sorted({len(word) for word in self}, reverse=True))

    def starting(self, text: str) -> str:
        """Return the first word that a text starts with, empty where there is none."""
        for length in self._lengths:
            if text[:length] in self._known:
                return text[:length]
        return ""

    def ending(self, text: str) -> str:
        """Return the first word that a text ends with, empty where there is none."""
        for length in self._lengths:
            if text[-length:] in self._known:
                return text[-length:]
        return ""


NUMERALS = "一二两三四五六七八九十"

_OPENER_LISTS = (
    "guard.scope_own",
    "measured.openers",
    "guard.period_reset",
    "guard.cumulative",
    "tier.stretch",
    "tier.base",
    "part.coming_year",
    "status_note",
)
"""Words that may open a clause and say nothing of what is measured: 全市, 全年, 累计, 力争, 今年, 预计."""


class PhraseWords(NamedTuple):
    """The words that a clause is read with, longest first in each list."""

    openers: LongestFirst
    acts: LongestFirst
    does: LongestFirst
    links: LongestFirst
    rises: LongestFirst
    froms: LongestFirst
    shared: LongestFirst
    joins: tuple[str, ...]
    before: LongestFirst
    after: LongestFirst
    heads: LongestFirst
    ratios: tuple[str, ...]
    wholes: tuple[str, ...]  # what has figures of its own: firms and zones
    turns: LongestFirst  # verbs that may stand between the noun and its figure: 示范园新增12个
    attributes: frozenset[str]  # verbs that may stand within a noun: 种植面积
    never: frozenset[str]
    ends: tuple[str, ...]
    invested: tuple[str, ...]
    makes: tuple[str, ...]
    newly: tuple[str, ...]
    rhythms: tuple[str, ...]
    above: tuple[str, ...]
    share: tuple[str, ...]
    cumulative: tuple[str, ...]
    counts: LongestFirst  # units that count what may stand behind them: 13条主干道路
    particles: LongestFirst
    within: tuple[str, ...]
    terms: re.Pattern[str]
    base: re.Pattern[str]  # what a figure rose or fell from: 由18元
    lasting: re.Pattern[str]  # how long it has been so: 连续5年
    part: re.Pattern[str]  # a figure that is a part of something: 12%, 三成, 1/3

    @staticmethod
    def of(lexicon: Lexicon | None) -> PhraseWords:
        """Return the words of ``lexicon``; none of them without one."""
        return (lexicon if lexicon is not None else _NO_LEXICON).once(PhraseWords._read)

    @staticmethod
    def _read(lexicon: Lexicon) -> PhraseWords:
        take = lexicon.words
        own = {word for path, words in lexicon.lists.items() if path.startswith("guard.scope_own.") for word in words}
        froms, times = take("glue.from"), take("number.time_units")
        counting = take("number.counting_families")
        uncounted = (*take("guard.counted_places"), *take("measured.not_units"))
        counters = {word for unit in lexicon.units.values() if unit.family in counting for word in unit.words}
        rises = (*take("direction.up"), *take("direction.down"))
        shared = (*take("list.each"), *take("list.respectively"))
        acts = _longest_first((*take("measured.acts"), *take("guard.added")))
        deeds = (*acts, *take("measured.does"))
        nouns = {*take("glue.suffixes"), *take("measured.not_links"), *acts, *shared}
        links = (*take("measured.links"), *take("glue.verbs"), *take("glue.adverbs"), *take("number.reaches"), *rises)
        return PhraseWords(
            openers=_longest_first(
                word
                for path in _OPENER_LISTS
                for word in (own if path == "guard.scope_own" else take(path))
                if word in deeds or not word.endswith(deeds)  # 累计完成 is two words
            ),
            acts=acts,
            does=_longest_first(take("measured.does")),
            links=_longest_first(word for word in links if word not in nouns),
            rises=_longest_first(rises),
            froms=_longest_first(froms),
            shared=_longest_first(shared),
            joins=tuple(take("list.joins")),
            before=_longest_first(hedge.word for hedge in lexicon.hedges if hedge.side == "before"),
            after=_longest_first(hedge.word for hedge in lexicon.hedges if hedge.side == "after"),
            heads=_longest_first((*take("measured.heads"), *take("measured.attributes"))),
            ratios=tuple(take("measured.ratios")),
            wholes=tuple(word for word in (*take("guard.firms"), *take("guard.zone_suffixes")) if len(word) > 1),
            turns=_longest_first((*take("measured.turns"), *take("guard.added"))),
            attributes=frozenset(take("measured.verbal")),
            never=frozenset((*take("measured.never"), *(own - {*take("guard.scope_above")}))),
            ends=tuple(take("measured.not_ends")),
            invested=tuple(take("measured.invested")),
            makes=tuple(take("measured.makes")),
            newly=tuple(take("measured.newly")),
            rhythms=tuple(take("list.rhythms")),
            above=tuple(take("guard.scope_above")),
            share=tuple(take("guard.share")),
            cumulative=tuple(take("guard.cumulative")),
            counts=_longest_first(
                word for word in (*take("measured.counters"), *counters) if not word.endswith(uncounted)
            ),
            particles=_longest_first(take("measured.particles")),
            within=tuple(take("measured.within")),
            terms=re.compile("|".join((QUOTED_PART, *map(re.escape, _longest_first(take("measured.terms")))))),
            base=re.compile(rf"(.*?)(?:{_either(froms)})(?:(?!{_either(froms)}).)*\d(?:(?!{_either(froms)}).)*\Z"),
            lasting=re.compile(rf"(?:{_either(take('measured.lasting'))})[0-9{NUMERALS}]+(?:{_either(times)})\Z"),
            part=re.compile(rf"[%％/]|分之|[0-9{NUMERALS}](?:{_either(take('number.tenths'))})"),
        )


_NO_LEXICON = Lexicon({}, (), {})


def _either(words: Iterable[str]) -> str:
    """Return a pattern for any of ``words``, one that matches nothing where there are none."""
    return any_of(_longest_first(words))


def _longest_first(words: Iterable[str]) -> LongestFirst:
    return LongestFirst(sorted({word for word in words if word}, key=lambda word: (-len(word), word)))


def without_start(text: str, words: LongestFirst) -> tuple[str, str]:
    found = words.starting(text)
    return text[len(found) :], found


def without_end(text: str, words: LongestFirst) -> tuple[str, str]:
    found = words.ending(text)
    return text[: len(text) - len(found)], found
