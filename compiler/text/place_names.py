"""Which places a name can mean, and which of several of one name is meant."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from compiler.text.places import Division, Divisions, all_divisions

NATION = "全国"

_MOST_NEAR = 8
"""So many names one character away are offered: all are alike to a program."""


def full_names_of(name: str, year: int) -> tuple[str, ...]:
    """Return the full names of all places that a person can mean by ``name``, the likeliest first."""
    if name == NATION:
        return (NATION,)
    table = all_divisions()
    candidates = meant_by(table, name, year)
    if not candidates:
        return ()
    best = table.best(candidates, year)
    at = year or 9999  # of no year: as it is now
    alike = [one for one in candidates if one.level == best.level and one.first <= at <= one.last]
    return tuple(dict.fromkeys(table.full_name(table.as_of(one, year), year) for one in (best, *alike)))


def near_places(name: str) -> tuple[str, ...]:
    """Return the places of the table whose names are most like ``name``."""
    table = all_divisions()
    for cut in range(2, len(name) - 1):  # 江西宜春: the province without its 省
        if name[:cut] in table.short and (candidates := meant_by(table, name[cut:], 0)):
            return (table.full_name(table.best(candidates, 0), 0),)
    return tuple(difflib.get_close_matches(name, table.by_name, _MOST_NEAR, 0.6))


def meant_by(table: Divisions, text: str, year: int) -> list[Division]:
    """Return the places that a string such as 锦州市古塔区 can mean, the most specific name in it."""
    found = table.find(text)
    if not found:
        stem = re.sub(r"[^\u4e00-\u9fff]|(?<=\d)年|人民$", "", text)
        entries = table.short.get(stem, [])
        return [place for place in entries if place.existed(year)] or list(entries)
    candidates = found[-1][1]
    for _, uppers in reversed(found[:-1]):
        inside = [place for place in candidates if any(place.within(upper) for upper in uppers)]
        if inside:
            candidates = inside
    return _below_by_stem(table, text[found[-1][0] :], candidates) or list(candidates)


def _below_by_stem(table: Divisions, rest: str, uppers: Sequence[Division]) -> list[Division]:
    """Return the places within others whose names without suffix go on behind theirs: 保定市徐水2011年."""
    found = re.match(r"[\u4e00-\u9fff]{2,8}?(?=\d|年|$|人民|二[〇零])", rest)
    if found is None:
        return []
    return [place for place in table.by_stem.get(found[0], []) if any(place.within(upper) for upper in uppers)]


def choose(table: Divisions, candidates: Sequence[Division], text: str, year: int) -> Division:
    """Return the place meant among several of one name: by what the text speaks of, by year."""
    return table.best(most_spoken_of(table, candidates, text), year)


def namesakes(table: Divisions, best: Division, meant: Sequence[Division], year: int) -> list[Division]:
    """Return the other places of the name that nothing tells from ``best``: there are four districts 市中区."""
    others: list[Division] = []
    for place in meant:
        known = any(table.same_line(place, other) and not _side_by_side(place, other) for other in (best, *others))
        if place.name == best.name and not known and (not year or place.existed(year)):
            others.append(place)
    return others


def _side_by_side(place: Division, other: Division) -> bool:
    """Tell whether two entries stood at one time: the mining districts of two cities are no one place."""
    return place.code != other.code and place.first <= other.last and other.first <= place.last


def most_spoken_of(table: Divisions, candidates: Sequence[Division], text: str) -> Sequence[Division]:
    """Return those of several places of one name of whose surroundings the text speaks most."""
    if len({place.code // 100 for place in candidates}) > 1:
        counts = Counter[Division]()
        for place in candidates:
            for code in (place.code // 100 * 100, place.code // 10000 * 10000):
                for upper in table.by_code.get(code, ())[:1]:
                    if table.stem(upper.name) != table.stem(place.name):
                        counts[place] += text.count(table.stem(upper.name))
        most = max(counts.values(), default=0)
        if most:
            return [place for place in candidates if counts[place] == most]
    return candidates
