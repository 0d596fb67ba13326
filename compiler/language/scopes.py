"""Which words of scope are a report's own, by the level and name of its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from compiler.model import Identity, Lexicon
from compiler.strings import any_of


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which scope words are the report's own, by the level of its place."""

    own: frozenset[str]
    above: frozenset[str]
    suffixes: tuple[str, ...]
    suffixed: re.Pattern[str]
    zones: re.Pattern[str]
    events: re.Pattern[str]
    sites: re.Pattern[str]
    place: str
    not_places: re.Pattern[str]
    counted: re.Pattern[str]
    counters: tuple[str, ...]
    below: int  # how many places stand directly below it
    last_signs: frozenset[str]  # with which the names of places and zones end

    def is_own(self, name: str) -> bool:
        """Tell whether a name that ends like a place is the report's own place."""
        return name in self.place or self.place.endswith(name[-3:]) or self.not_places.search(name) is not None


def own_words(place: str, level: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words that a report on ``place`` uses of itself (全市, 我省), by its level."""
    own = lexicon.words(f"guard.scope_own.{level}")
    units = lexicon.words("guard.county_units")
    if level != "县级" or not place.endswith(units):
        return own
    # 全市 in a county's report is the city above it, unless the county is itself a city.
    return tuple(word for word in own if word[-1] == place[-1] or not word.endswith(units))


def scopes_of(identity: Identity, lexicon: Lexicon) -> Scopes:
    """Return the scope words of a report on ``identity``; those of the last places are kept."""
    known = lexicon.once(_known_scopes)
    key = identity.place_level, identity.place, identity.also, identity.children
    if key not in known:
        while len(known) >= _KEPT_SCOPES:
            known.pop(next(iter(known)))
        known[key] = _scopes_of(identity, lexicon)
    return known[key]


_KEPT_SCOPES = 16
"""The examples of all rules are read for a handful of places."""


_AUTONOMOUS = frozenset({"15", "45", "54", "64", "65"})
"""How the codes of autonomous regions begin: 全区 is the region's in a report of a prefecture there."""


def _known_scopes(lexicon: Lexicon) -> dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], Scopes]:
    return {}


def _scopes_of(identity: Identity, lexicon: Lexicon) -> Scopes:
    every = {word for name, words in lexicon.lists.items() if name.startswith("guard.scope_own.") for word in words}
    own = set(own_words(identity.place, identity.place_level, lexicon)) or set(every)
    own |= set(lexicon.words(f"guard.scope_level.{identity.place_level}"))
    names = (identity.place, *identity.also)
    own |= {word for word in lexicon.words("guard.scope_below") if any(name.endswith(word) for name in names)}
    own |= set(identity.also)
    if identity.place_code[:2] not in _AUTONOMOUS:
        # 全区 in a report of 大兴安岭地区, as 全地区
        own |= {word[0] + word[-1] for word in own if len(word) > 2 and identity.place.endswith(word[1:])}
    resets = set(lexicon.words("guard.period_reset"))
    above = (every | set(lexicon.words("guard.scope_above"))) - own - resets
    return Scopes(
        own=frozenset(own - resets),
        above=frozenset(above),
        suffixes=lexicon.words("guard.place_suffixes"),
        suffixed=re.compile(f"([\u4e00-\u9fff]{{1,8}}(?:{any_of(lexicon.words('guard.place_suffixes'))}))$"),
        zones=re.compile(f"([\u4e00-\u9fff]{{1,8}}?(?:{any_of(lexicon.words('guard.zone_suffixes'))}))"),
        events=re.compile(any_of(lexicon.words("guard.events"))),
        sites=re.compile(f"([\u4e00-\u9fff]{{2,8}})(?:{any_of(lexicon.words('guard.site_suffixes'))})"),
        place=identity.place,
        not_places=_ending(lexicon.words("guard.not_places")),
        counted=re.compile(f"(?:{any_of(lexicon.words('guard.counted_places'))})(?:（[^（）]{{1,6}}）)?$"),
        counters=lexicon.words("guard.counters"),
        below=sum(not _extends_another(name, identity.children) for name in identity.children),
        last_signs=frozenset(
            word[-1] for name in ("guard.place_suffixes", "guard.noun_endings") for word in lexicon.words(name)
        ),
    )


def _ending(words: Sequence[str]) -> re.Pattern[str]:
    """Return what finds one of the words at the end of a name; … is two characters or more: 工业强县, not 武强县."""
    long = tuple(word[1:] for word in words if word.startswith("…"))
    short = tuple(word for word in words if not word.startswith("…"))
    return re.compile(f"(?:{any_of(short)}|(?<=..)(?:{any_of(long)}))$")


def _extends_another(name: str, names: Sequence[str]) -> bool:
    """Tell whether a name is another one written out: 临夏回族自治州, where 临夏 is given as well."""
    return any(other != name and name.startswith(other) for other in names)


def place_pattern(identity: Identity) -> re.Pattern[str]:
    """Return an expression that finds the names of places below the report's own."""
    names = sorted({name for name in identity.children if len(name) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))) if names else re.compile(r"(?!)")
