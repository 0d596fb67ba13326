"""The years of one place side by side: each indicator with its row of every year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compiler.ledger.doubts import doubtful
from compiler.ledger.rows import Ledger, LedgerRow
from compiler.model import Bound, Fact, Measure


@dataclass(frozen=True, slots=True)
class YearSeries:
    """One indicator of a place over the years; ``rows`` in the order of their years, each year at most once."""

    place_key: str
    indicator: str
    indicator_id: str
    theme: str
    unit: str
    order: int
    rows: tuple[LedgerRow, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years that have a row."""
        return tuple(row.year for row in self.rows)

    def row(self, year: int) -> LedgerRow | None:
        """Return the row of a year, if there is one."""
        return next((row for row in self.rows if row.year == year), None)

    def points(self, measure: Measure) -> tuple[Fact, ...]:
        """Return the results of one measure that may be drawn as a line: sure ones, points, all of one unit.

        The unit is the one that most years are told in; ties go to the latest year.
        """
        results = [entry.result for row in self.rows if (entry := row.entry(measure)) and entry.result]
        sure = [f for f in results if not doubtful(f) and f.bound in (Bound.EQ, Bound.APPROX) and f.low is not None]
        if not sure:
            return ()
        counts: dict[str, int] = {}
        for fact in sure:
            counts[fact.unit] = counts.get(fact.unit, 0) + 1
        unit = max(reversed(sure), key=lambda fact: counts[fact.unit]).unit
        return tuple(fact for fact in sure if fact.unit == unit)


def series_by_place(ledger: Ledger) -> dict[str, tuple[YearSeries, ...]]:
    """Return the series of each place in the order of the rules; with one year only there is nothing to compare."""
    rows: dict[str, dict[str, list[LedgerRow]]] = {}
    for row in ledger.rows:
        rows.setdefault(row.place_key, {}).setdefault(row.indicator_id, []).append(row)
    return {place_key: _several_years(own.values()) for place_key, own in rows.items()}


def _several_years(indicators: Iterable[list[LedgerRow]]) -> tuple[YearSeries, ...]:
    found = [_series(own) for own in indicators if len(own) > 1]
    return tuple(sorted(found, key=lambda one: (one.order, one.indicator_id)))


def _series(rows: Iterable[LedgerRow]) -> YearSeries:
    own = tuple(sorted(rows, key=lambda row: row.year))
    last = own[-1]
    return YearSeries(last.place_key, last.indicator, last.indicator_id, last.theme, last.unit, last.order, own)
