"""The rows of the ledger: what was aimed at, what came of it, and the step to the next year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from compiler.ledger.judge import Status, Verdict
from compiler.ledger.names import NO_NAMES, PrintedNames
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


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows, sorted by place, year and rule order, and the lines that the tables are made of."""

    rows: tuple[LedgerRow, ...]
    lines: tuple[LedgerLine, ...]
    reports: frozenset[tuple[str, int]] = frozenset()
    _index: Mapping[tuple[str, int, str], LedgerRow] = field(default_factory=dict, repr=False, compare=False)
    _by_report: Mapping[tuple[str, int], tuple[LedgerLine, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    names: PrintedNames = field(default=NO_NAMES, repr=False, compare=False)

    def row(self, place_key: str, year: int, indicator_id: str) -> LedgerRow | None:
        """Return a row by its key."""
        return self._index.get((place_key, year, indicator_id))

    def lines_of(self, place_key: str, report_year: int) -> tuple[LedgerLine, ...]:
        """Return the lines of one report."""
        return self._by_report.get((place_key, report_year), ())

    def has_report(self, place_key: str, report_year: int) -> bool:
        """Tell whether the report of that place and year is among those compiled."""
        return (place_key, report_year) in self.reports


def place_key(report: CompiledReport) -> str:
    """Return what joins the reports of one place; a report without a place stays by itself."""
    return report.identity.place or f"{report.source}#{report.number}"
