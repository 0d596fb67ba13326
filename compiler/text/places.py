"""The table of China's administrative divisions: names to codes, levels, parents and children.

The table is read on first use. A code that ends in 0000 is a province's, in 00 a prefecture's, else a county's.
A name may have had several codes over the years, and several places may share a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from operator import add
from pathlib import Path
from typing import NamedTuple

from compiler.strings import coded_pairs

_FILE = Path(__file__).resolve().parent / "data" / "places.txt"

#: The years at hand lie a few apart, so a change may have come this much earlier or later than they tell.
_TOLERANCE = 4

PROVINCE, PREFECTURE, COUNTY = "省级", "地级", "县级"

_SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", *"省市区县州盟旗")


class Division(NamedTuple):
    """A division under one name and code, with the first and last year in which the table has it."""

    code: int
    name: str
    first: int
    last: int

    @property
    def level(self) -> str:
        """Return the tier that the code says."""
        return PROVINCE if self.code % 10000 == 0 else PREFECTURE if self.code % 100 == 0 else COUNTY

    def existed(self, year: int) -> bool:
        """Tell whether the place was there in ``year`` (0: any), as far as the table can tell."""
        return not year or self.first - _TOLERANCE <= year <= self.last + _TOLERANCE

    def within(self, other: Division) -> bool:
        """Tell whether the place lies below ``other``."""
        if other.code % 10000 == 0:
            return self.code // 10000 == other.code // 10000 and self.code != other.code
        return other.code % 100 == 0 and self.code // 100 == other.code // 100 and self.code != other.code


class Divisions:
    """All places, by name and by code."""

    def __init__(self, text: str) -> None:
        self.by_name: dict[str, list[Division]] = {}
        self.by_code: dict[int, list[Division]] = {}
        self._settings: dict[str, list[str]] = {}
        for line in text.splitlines():
            if line[0] == "#":
                continue
            if line[0] == "@":
                key, *words = line[1:].split()
                self._settings[key] = words
                continue
            code = int(line[:6])
            name, _, years = line[6:].partition(" ")
            first, last = 0, 9999
            if years:
                begin, _, end = years.partition("-")
                first, last = int(begin or 0), int(end or 9999)
            place = Division(code, name, first, last)
            self.by_name.setdefault(name, []).append(place)
            self.by_code.setdefault(code, []).append(place)
        self.longest = max(map(len, self.by_name))
        self._stems: dict[str, str] = {}

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Names that without their suffix are ordinary words (和平, 新华)."""
        return frozenset(self._settings.get("words", ()))

    @cached_property
    def _nationality(self) -> re.Pattern[str]:
        names = sorted(self._settings.get("nationalities", ()), key=len, reverse=True)
        words = names + [name[:-1] for name in names if len(name) > 2]
        words.append("各族")
        return re.compile(f"(?:{'|'.join(words)})+(?=自治)")

    def stem(self, name: str) -> str:
        """Return a name without its suffix (锦州, 延边, 义)."""
        known = self._stems.get(name)
        if known is None:
            known = self._stems[name] = self._stem(name)
        return known

    def _stem(self, name: str) -> str:
        for suffix in _SUFFIXES:
            if name.endswith(suffix):
                if suffix.startswith("自治"):
                    found = self._nationality.search(name)
                    if found is not None:
                        # 东乡族自治县 is named after the nationality itself; 内蒙古自治区 holds none.
                        before = name[: found.start()] or found[0].removesuffix("族")
                        return before if len(before) > 1 else name[: -len(suffix)]
                return name[: -len(suffix)]
        return name

    @cached_property
    def short(self) -> dict[str, list[Division]]:
        """Names in short: 延边州, 喀左县, 新疆, and every stem of two characters or more."""
        short: dict[str, list[Division]] = {}

        def add(name: str, place: Division) -> None:
            if name not in self.by_name and len(name) >= 2:
                known = short.setdefault(name, [])
                if place not in known:
                    known.append(place)

        for entry in self._settings.get("short", ()):
            name, _, code = entry.partition("=")
            for place in self.by_code.get(int(code), ()):
                add(name, place)
        for places in self.by_name.values():
            for place in places:
                stem = self.stem(place.name)
                add(stem, place)
                if "自治" in place.name:
                    add(stem + place.name[-1], place)
        return short

    def parent(self, place: Division, year: int = 0) -> Division | None:
        """Return the place directly above, ``None`` for a province."""
        if place.level == PROVINCE:
            return None
        codes = [place.code // 10000 * 10000]
        if place.level == COUNTY:
            codes.insert(0, place.code // 100 * 100)
        for code in codes:
            if code in self.by_code:
                return self.best(self.by_code[code], year or min(place.last, 9999))
        return None

    def full_name(self, place: Division, year: int = 0) -> str:
        """Return the name in full: a county's with its city in front."""
        if place.level != COUNTY:
            return place.name
        parent = self.parent(place, year)
        return place.name if parent is None else parent.name + place.name

    def children(self, place: Division, year: int = 0) -> tuple[Division, ...]:
        """Return the places directly below, those of about ``year``."""
        return tuple(other for other in self._below.get(place.code, ()) if other.existed(year))

    @cached_property
    def _below(self) -> dict[int, list[Division]]:
        """All places by the code of the place directly above; counties without a city lie below the province."""
        below: dict[int, list[Division]] = {}
        for code, entries in self.by_code.items():
            if code % 10000:
                city = code // 100 * 100
                directly = code % 100 == 0 or city not in self.by_code
                below.setdefault(code // 10000 * 10000 if directly else city, []).extend(entries)
        return below

    @cached_property
    def by_stem(self) -> dict[str, list[Division]]:
        """All places by their names without suffix; a name whose stem is one character stands whole."""
        stems: dict[str, list[Division]] = {}
        for entries in self.by_name.values():
            for place in entries:
                stem = self.stem(place.name)
                stems.setdefault(stem if len(stem) > 1 else place.name, []).append(place)
        return stems

    @cached_property
    def of_two(self) -> frozenset[str]:
        """The shortest names, those of one character and a suffix (和县, 义县): they stand by chance in other words."""
        return frozenset(name for name in self.by_name if len(name) == 2)

    @cached_property
    def by_gram(self) -> dict[str, list[tuple[str, list[Division]]]]:
        """The entries of :attr:`by_stem` by their first two characters, so that a text rules most out at once."""
        grams: dict[str, list[tuple[str, list[Division]]]] = {}
        for stem, entries in self.by_stem.items():
            grams.setdefault(stem[:2], []).append((stem, entries))
        return grams

    @cached_property
    def _grams(self) -> dict[int, str]:
        """The pairs of characters that names begin with, and the shortest names, each by its number."""
        grams = self.of_two.union(self.by_gram)
        return {code: gram for gram in grams for code in coded_pairs(gram) or ()}

    def grams_in(self, text: str) -> set[str]:
        """Return the pairs of characters in a text that names begin with, and the shortest names."""
        even, odd = coded_pairs(text), coded_pairs(text[1:])
        if even is None or odd is None:
            return {*self.of_two, *self.by_gram}.intersection(map(add, text, text[1:]))
        return {self._grams[code] for code in self._grams.keys() & {*even, *odd}}

    def same_line(self, place: Division, other: Division) -> bool:
        """Tell whether two entries are one place over the years: a new name, a county that became a district."""
        if place.level != other.level:
            return False
        if place.code == other.code:
            return True
        if place.name == other.name:
            return place.code // 10000 == other.code // 10000
        near = 100 if place.level == COUNTY else 10000
        return place.code // near == other.code // near and self.stem(place.name) == self.stem(other.name)

    def as_of(self, place: Division, year: int) -> Division:
        """Return the entry under which a place stood in ``year``, as far as the table can tell."""
        if not year or place.first <= year <= place.last:
            return place
        near = [*self.by_code.get(place.code, ()), *self.by_stem.get(self.stem(place.name), ())]
        then = [other for other in near if self.same_line(place, other) and other.first <= year <= other.last]
        return self.best(then, year) if then else place

    def best(self, places: Iterable[Division], year: int = 0) -> Division:
        """Return the one of several entries that fits ``year`` best, the latest where none or several do."""

        def fit(place: Division) -> tuple[bool, bool, int]:
            return place.first <= (year or 9999) <= place.last, place.existed(year), place.last

        return max(places, key=fit)

    def find(self, text: str) -> list[tuple[int, list[Division]]]:
        """Return the names of places in a short text, longest first at each position, as (end, entries)."""
        found: list[tuple[int, list[Division]]] = []
        at = 0
        while at < len(text):
            for length in range(min(self.longest, len(text) - at), 1, -1):
                name = text[at : at + length]
                places = self.by_name.get(name)
                if places is None and name[-1] in "州县旗区盟市":
                    places = self.short.get(name)
                if places:
                    found.append((at + length, places))
                    at += length
                    break
            else:
                at += 1
        return found


@cache
def all_divisions() -> Divisions:
    """Return the table."""
    return Divisions(_FILE.read_text(encoding="utf-8"))
