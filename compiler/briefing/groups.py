"""The lists of rows that a template may go through: those of the tables, what is claimed, what a headline tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from compiler.briefing.rows import Row

CLAIMS: Final = (
    *("judged", "reached", "exceeded", "met", "about", "missed", "missed_own", "unjudged"),
    *("raised", "kept", "lowered", "tightened", "loosened", "new", "dropped", "faster", "same", "slower"),
)
"""What may be claimed of a row; each is a list of the template."""

GROUPS: Final = (
    *("all_rows", "headline", "results", "goals", "reviewed", "planned", "others", "others_judged", "others_left"),
    *("overview", "aims", "rises", "doubted", "defined", "remarked", "not_found", "dropped_main", *CLAIMS),
)
"""The lists of rows that a template may go through."""

_TOLD: Final = ("overview", "overview_more")


class Groups:
    """The rows of one report in the lists of a template; most of them are the same however long the text may be.

    Lists that headlines are made of (``overview``, ``aims``, the claims) hold no figure in doubt. ``names`` are those
    of all headline rules.
    """

    def __init__(self, rows: Sequence[Row], lists: Mapping[str, Sequence[str]], names: Iterable[str]) -> None:
        self._rows = rows
        self._lists = lists
        sound = [row for row in rows if not row.doubtful]
        self._by_name = {row.indicator: row for row in sound}
        self._always = _of_all(rows, names) | _claimed(sound)
        self._always["aims"] = self._named("aims", "goal")
        self._always["rises"] = _rises(sound)
        aims, themes = self._lists.get("aims", ()), [*self._lists.get("themes", ())]
        self._reviewed = _Table([row for row in rows if row.result or row.target or row.status], aims, themes)
        self._planned = _Table([row for row in rows if row.goal], aims, themes)
        self._made: dict[tuple[int, int, int], dict[str, list[Row]]] = {}

    def within(self, limits: Mapping[str, int]) -> dict[str, list[Row]]:
        """Return the lists by name, the tables and what a headline tells no longer than ``limits``.

        The tables hold the headline indicators and those of ``aims``, at most ``rows`` of them; they are filled up with
        others where there are fewer than ``least_rows``.
        """
        most, least, told = limits["rows"], limits["least_rows"], limits["told"]
        key = self._reviewed.length(most, least), self._planned.length(most, least), told
        found = self._made.get(key)
        if found is None:
            reviewed, planned = self._reviewed.within(most, least), self._planned.within(most, least)
            tables = {"reviewed": reviewed, "planned": planned, "overview": self._overview(told)}
            found = self._made[key] = {**self._always, **tables, **_beside(self._rows, reviewed, planned)}
        return found

    def _overview(self, most: int) -> list[Row]:
        """Return last year's results that a headline tells: those of ``overview``, up to ``most`` with others."""
        first, more = (self._named(key, "result") for key in _TOLD)
        chosen = first + more[: max(0, most - len(first))]
        places = {name: n for n, name in enumerate(self._lists.get("aims", ()))}
        return sorted(chosen, key=lambda row: places.get(row.indicator, len(places)))

    def _named(self, key: str, figure: str) -> list[Row]:
        """Return the rows that a list of the template names, as far as they have a figure."""
        found = (self._by_name.get(name) for name in self._lists.get(key, ()))
        return [row for row in found if row is not None and getattr(row, figure)]


def _of_all(rows: Sequence[Row], names: Iterable[str]) -> dict[str, list[Row]]:
    """Return what is listed of all rows, whether their figures are in doubt or not."""
    stated = {row.indicator for row in rows if row.result}
    return {
        "all_rows": [*rows],
        "headline": [row for row in rows if row.headline],
        "results": [row for row in rows if row.result],
        "goals": [row for row in rows if row.goal],
        "remarked": [row for row in rows if row.remarks and (row.result or row.goal)],
        "not_found": [Row(name) for name in names if name not in stated],
        # What the largest and the smallest growth are told of leaves these out.
        "doubted": [row for row in rows if row.headline and row.doubtful and row.growth],
    }


def _claimed(sound: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows that something may be claimed of, by what it is."""
    found: dict[str, list[Row]] = {claim: [row for row in sound if claim in row.claims] for claim in CLAIMS}
    found["dropped_main"] = [row for row in found["dropped"] if row.headline]
    return found


def _rises(sound: Sequence[Row]) -> list[Row]:
    """Return the main indicators that grew, the largest growth first; where less is better growth is no rank."""
    grown = [row for row in sound if row.headline and row.growth_number and "down" not in row.claims]
    return sorted(grown, key=lambda row: -Decimal(row.growth_number))


def _beside(rows: Sequence[Row], reviewed: Collection[Row], planned: Collection[Row]) -> dict[str, list[Row]]:
    """Return what the two tables leave for the annex, and what they show that the rules define.

    ``others`` holds what has a result or a target that neither table shows: without a verdict on last year's target
    (``others_left``); ``others_judged`` are those with one that the first table does not show.
    """
    told, aimed = {row.id for row in (*reviewed, *planned)}, {row.id for row in planned}
    # Beside a target the second table shows last year's result, and no verdict.
    others = [row for row in rows if (row.result and row.id not in told) or (row.goal and row.id not in aimed)]
    shown = {row.id for row in reviewed}
    judged = [row for row in rows if row.status and row.id not in shown and (row.result or row.target)]
    apart = {row.id for row in judged}
    return {
        "others": others,
        "others_judged": judged,
        "others_left": [row for row in others if row.id not in apart],
        "defined": [row for row in rows if row.definition and row.id in told],
    }


class _Table:
    """The rows that a main table may hold: the headline indicators and those named in ``also``; then others that have
    figures, which fill it up."""

    def __init__(self, rows: Sequence[Row], also: Sequence[str], themes: Sequence[str]) -> None:
        headlines = [row for row in rows if row.headline]
        named = [row for row in rows if not row.headline and row.indicator in also]
        others = [row for row in rows if not row.headline and row.indicator not in also]
        figures = [row for row in others if any(map(str.isdigit, f"{row.result}{row.target}{row.goal}"))]
        self._first = [*headlines, *named]
        self._others = figures if headlines or named or figures else others
        self._themes = themes

    def length(self, most: int, least: int) -> int:
        """Return how many rows there are within limits, which tells which."""
        return len(self._first[:most]) + len(self._others[: self._room(most, least)])

    def within(self, most: int, least: int) -> list[Row]:
        """Return at most ``most`` rows by theme, filled up where there are fewer than ``least``."""
        themes, first = self._themes, self._first[:most]
        first.sort(key=lambda row: themes.index(row.theme) if row.theme in themes else len(themes))
        return [*first, *self._others[: self._room(most, least)]]

    def _room(self, most: int, least: int) -> int:
        return max(0, min(most, least) - len(self._first[:most]))
