"""The rows of the ledger: what was aimed at, what came of it, and the step to the next year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from compiler.ledger.judge import Status, Verdict
from compiler.ledger.told_names import NO_NAMES, PrintedNames
from compiler.model import CompiledReport, Completion, Fact, Kind, Measure

NOTHING: Final = Verdict(Status.NO_TARGET)
"""The verdict where there is nothing to judge."""


class MeasureEntry(NamedTuple):
    """One measure of a ledger row: the targets, the result, and the verdict on them."""

    measure: Measure
    target: Fact | None = None
    stretch: Fact | None = None
    words: Fact | None = None
    result: Fact | None = None
    reference: Fact | None = None
    verdict: Verdict = NOTHING
    stretch_met: bool | None = None
    restated: tuple[Fact, ...] = ()
    other_targets: tuple[Fact, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return all facts of the entry."""
        own = (self.target, self.stretch, self.words, self.result)
        return tuple([fact for fact in own if fact is not None])


class PlannedChange(NamedTuple):
    """From last year's result to this year's target, in one measure.

    ``number`` is in ``unit``, that of the facts. Where the report printed both in another unit (亿斤), ``text`` tells
    the step in that one, and ``printed_unit`` is set.
    """

    measure: Measure
    outcome: str
    number: Decimal | None
    unit: str
    text: str
    result: Fact
    target: Fact
    printed_unit: str = ""


class Implied(NamedTuple):
    """The level that a growth or change target implies: an estimate, never a stated figure."""

    low: Decimal | None
    high: Decimal | None
    places: int
    base: Fact
    target: Fact


@dataclass(frozen=True, slots=True)
class Estimate:
    """A target level against the level that growth implies, or the reverse: 测算, never a verdict.

    ``value`` is the level that was reached and ``aim`` the level aimed at, one of them implied by last year's level
    and a growth; ``percent`` is the one of the other.
    """

    value: Decimal
    aim: Decimal
    percent: Decimal
    unit: str
    text: str


class LedgerRow(NamedTuple):
    """One place, year and indicator.

    ``status`` is the worst of its measures' and ``deciding`` the measure it comes from. ``unit`` is that of its
    figures, the rule's only where it has no level. ``reason`` tells why nothing is judged, ``step_note`` why no step
    is told from last year's result to this target.
    """

    place_key: str
    place: str
    year: int
    indicator: str
    indicator_id: str
    theme: str
    unit: str
    direction: str
    order: int
    measures: tuple[MeasureEntry, ...]
    status: Status
    status_word: str
    difference: str
    completions: tuple[Completion, ...] = ()
    steps: tuple[PlannedChange, ...] = ()
    implied: Implied | None = None
    remarks: tuple[str, ...] = ()
    missing: str = ""
    plan_remarks: tuple[str, ...] = ()
    deciding: Measure | None = None
    reason: str = ""
    step_note: str = ""
    estimate: Estimate | None = None

    def entry(self, measure: Measure) -> MeasureEntry | None:
        """Return the entry of a measure, if the row has one."""
        return next((entry for entry in self.measures if entry.measure is measure), None)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return all facts of the row."""
        return tuple([fact for entry in self.measures for fact in entry.facts])

    @property
    def targets(self) -> tuple[Fact, ...]:
        """Return the base, stretch and words targets of the row."""
        return tuple([fact for entry in self.measures for fact in entry.facts if fact.kind is Kind.TARGET])

    @property
    def results(self) -> tuple[Fact, ...]:
        """Return the results of the row."""
        return tuple([fact for entry in self.measures for fact in entry.facts if fact.kind is Kind.RESULT])


class LedgerLine(NamedTuple):
    """What one report shows of one indicator: last year's row and this year's. A line of the tables."""

    place_key: str
    place: str
    report_year: int
    indicator: str
    indicator_id: str
    theme: str
    unit: str
    order: int
    past: LedgerRow | None
    plan: LedgerRow | None

    @property
    def steps(self) -> tuple[PlannedChange, ...]:
        """Return the steps from last year's results to this year's targets."""
        return self.plan.steps if self.plan else ()

    @property
    def implied(self) -> Implied | None:
        """Return the level that this year's target implies."""
        return self.plan.implied if self.plan else None


class PlaceLedger(Protocol):
    """What the ledger holds of one place. ``years`` are those of its reports."""

    @property
    def years(self) -> frozenset[int]:
        """The years of the reports at hand."""

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        """The rows, by year and rule order."""

    @property
    def lines(self) -> tuple[LedgerLine, ...]:
        """The lines of the tables, by report and rule order."""

    def results(self, report_year: int) -> Mapping[str, Mapping[Measure, Fact]]:
        """Return the results that a report tells of the main indicators, by their ids."""

    def missed(self, report_year: int) -> tuple[str, ...]:
        """Return the ids of the indicators of which a report shows that last year's target was missed."""


def results_of(row: LedgerRow | None) -> dict[Measure, Fact]:
    """Return the result of each measure of a row."""
    return {entry.measure: entry.result for entry in (row.measures if row else ()) if entry.result is not None}


class Ledger:
    """The ledger of each place, sorted by place, year and rule order.

    What is asked of one place touches no other, so that a ledger may hold places that are made only when asked for.
    """

    def __init__(
        self, places: Mapping[str, PlaceLedger] = MappingProxyType({}), names: PrintedNames = NO_NAMES
    ) -> None:
        self.names = names
        self._places = places
        self._rows: dict[str, Mapping[tuple[int, str], LedgerRow]] = {}
        self._lines: dict[str, Mapping[int, tuple[LedgerLine, ...]]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ledger) and (self.rows, self.lines) == (other.rows, other.lines)

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def rows(self) -> tuple[LedgerRow, ...]:
        """All rows."""
        return tuple([row for key in sorted(self._places) for row in self._places[key].rows])

    @cached_property
    def lines(self) -> tuple[LedgerLine, ...]:
        """The lines that the tables are made of."""
        return tuple([line for key in sorted(self._places) for line in self._places[key].lines])

    def rows_of(self, place_key: str) -> tuple[LedgerRow, ...]:
        """Return the rows of one place."""
        return self._places[place_key].rows if place_key in self._places else ()

    def row(self, place_key: str, year: int, indicator_id: str) -> LedgerRow | None:
        """Return a row by its key."""
        if place_key not in self._rows:
            self._rows[place_key] = {(row.year, row.indicator_id): row for row in self.rows_of(place_key)}
        return self._rows[place_key].get((year, indicator_id))

    def lines_of(self, place_key: str, report_year: int) -> tuple[LedgerLine, ...]:
        """Return the lines of one report."""
        if place_key not in self._lines:
            by_year: dict[int, list[LedgerLine]] = {}
            for line in self._places[place_key].lines if place_key in self._places else ():
                by_year.setdefault(line.report_year, []).append(line)
            self._lines[place_key] = {year: tuple(lines) for year, lines in by_year.items()}
        return self._lines[place_key].get(report_year, ())

    def results(self, place_key: str, report_year: int) -> Mapping[str, Mapping[Measure, Fact]]:
        """Return the results that a report tells of the main indicators, without the rest of its place."""
        return self._places[place_key].results(report_year) if place_key in self._places else {}

    def missed(self, place_key: str, report_year: int) -> tuple[str, ...]:
        """Return the ids of the indicators whose targets of last year were missed, without the rest of the place."""
        return self._places[place_key].missed(report_year) if place_key in self._places else ()

    def has_report(self, place_key: str, report_year: int) -> bool:
        """Tell whether the report of that place and year is among those compiled."""
        return place_key in self._places and report_year in self._places[place_key].years


def place_key(report: CompiledReport) -> str:
    """Return what joins the reports of one place; a report without a place stays by itself."""
    return report.identity.place or f"{report.source}#{report.number}"
