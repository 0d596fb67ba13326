"""Figures, and all that one report yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from compiler.model.documents import Identity, Sentence
from compiler.model.meanings import Bound, Form, Kind, Measure, Part, Tier
from compiler.model.pickled import pickled_by_slots


class Quantity(NamedTuple):
    """A figure as printed, with its value in the printed unit.

    ``start``/``end`` span the number with its unit (``raw``); ``outer_start``/``outer_end`` also
    take in the hedges on either side. ``unit`` is the printed unit reduced to a name of the lexicon
    with its magnitude (万元, 亿斤, 个), empty where none is printed; ``family`` is that unit's family.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    raw: str
    form: Form
    low: Decimal | None
    high: Decimal | None
    bound: Bound
    unit: str
    family: str
    modifier: str = ""
    parts: tuple[Decimal, ...] = ()


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Fact:
    """One figure, or one target in words; the fields up to ``id`` are the columns of ``facts.csv``.

    ``low`` and ``high`` are in ``unit``. ``figure_start``/``figure_end`` are the source span of the
    number itself; ``sentence`` is the number of its sentence in the report; ``id`` is stable over builds.
    ``from_year`` and ``total`` (sum, end, annual) are set only where the figure is about several years;
    ``doubt`` holds the codes of the issues that put the figure in doubt, blank-separated.
    """

    place: str
    place_code: str
    place_level: str
    report_year: int
    year: int
    kind: Kind
    indicator: str
    indicator_id: str
    theme: str
    measure: Measure
    low: Decimal | None
    high: Decimal | None
    bound: Bound
    unit: str
    tier: Tier
    text: str
    raw: str
    modifier: str
    status_note: str
    quote: str
    source: str
    report: int
    start: int
    end: int
    heading: str
    paragraph: int
    rule: str
    from_year: int | None = None
    total: str = ""
    rank: str = ""
    comparison: str = ""
    doubt: str = ""
    page: int | None = None
    id: str = ""
    figure_start: int = -1
    figure_end: int = -1
    sentence: int = 0
    printed_name: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """What a report says itself of a target: a share of the plan (433, percent), a difference to the
    target (−0.6, in ``unit``), or that it was missed (``met`` false, no value)."""

    place: str
    year: int
    indicator_id: str
    percent: Decimal | None
    difference: Decimal | None
    unit: str
    met: bool | None
    quote: str
    source: str
    report: int
    start: int
    end: int
    sentence: int = 0


class Refusal(NamedTuple):
    """A figure that touched a name but was not taken, with the guard that refused it and its word."""

    indicator_id: str
    guard: str
    word: str
    raw: str
    start: int
    end: int
    sentence: int


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences captured by a section rule, verbatim (white space dropped), with their source span."""

    section_id: str
    section: str
    part: Part
    heading: str
    paragraph: int
    start: int
    end: int
    text: str
    sentences: tuple[int, ...] = ()


class Task(NamedTuple):
    """One commitment of the plan part, verbatim (white space dropped), in the order of the report.

    ``heading`` is the nearest numbered heading, ``path`` all headings above joined by ``/`` with the run-in head of
    the paragraph last. ``figures`` are the numbers that say how much is to be done, as printed; ``facts`` the ids of
    the targets that lie in the task. ``lead`` and ``support`` are filled from ``offices.yaml`` alone. ``id`` is
    stable over builds of the same text.
    """

    number: int
    source: str
    report: int
    place: str
    report_year: int
    heading: str
    path: str
    text: str
    quantified: bool
    deadline: str
    figures: tuple[str, ...]
    facts: tuple[str, ...]
    start: int
    end: int
    paragraph: int
    id: str
    lead: str = ""
    support: tuple[str, ...] = ()


class Uncovered(NamedTuple):
    """A figure of the review or plan that no rule claimed, with the noun that it seems to measure."""

    raw: str
    start: int
    end: int
    sentence: int
    noun: str
    part: Part
    reason: str = ""


class Counts(NamedTuple):
    """How much was found in a report. ``characters`` are those of its page, white space aside."""

    facts: int
    results: int
    passages: int
    tasks: int
    uncovered: int
    characters: int


@dataclass(frozen=True, slots=True)
class CompiledReport:
    """All that one report yields. ``text`` is the source text of the whole file, for quotes.

    ``digest`` is a hash of all that was read from it, before other reports put any of it in doubt; empty where nobody
    has made one.
    """

    source: str
    number: int
    identity: Identity
    span: tuple[int, int]
    sentences: tuple[Sentence, ...]
    facts: tuple[Fact, ...]
    completions: tuple[Completion, ...]
    passages: tuple[Passage, ...]
    uncovered: tuple[Uncovered, ...]
    refusals: tuple[Refusal, ...]
    figures: int
    text: str = ""
    tasks: tuple[Task, ...] = ()
    digest: str = field(default="", compare=False)

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """The ids of the facts, in their order."""
        return tuple([fact.id for fact in self.facts])

    @property
    def told(self) -> frozenset[str]:
        """The ids of the indicators that the report tells of or touches."""
        found = (self.facts, self.refusals, self.completions)
        return frozenset([one.indicator_id for part in found for one in part])

    @property
    def words(self) -> tuple[str, ...]:
        """The targets in words, which may name other indicators."""
        return tuple(sorted({fact.text for fact in self.facts if fact.text}))

    @property
    def counts(self) -> Counts:
        """How much was found in the report."""
        return Counts(
            facts=len(self.facts),
            results=sum([fact.kind is Kind.RESULT for fact in self.facts]),
            passages=len(self.passages),
            tasks=len(self.tasks),
            uncovered=len(self.uncovered),
            characters=len("".join(self.text[slice(*self.shown_span)].split())),
        )

    @property
    def shown_span(self) -> tuple[int, int]:
        """The source span of what is shown as the report: its own, and never less than what its facts stand in."""
        start, end = self.span
        stated: tuple[Sentence | Fact, ...] = (*self.sentences, *self.facts)
        for one in stated:
            if 0 <= one.start < one.end:
                if one.start < start:
                    start = one.start
                if one.end > end:
                    end = one.end
        return max(0, start), min(len(self.text), end)


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """What made the outputs: program, rules and inputs, all known before a writer starts.

    ``started`` is the date that documents bear, as an ISO time: it is told by the reports, never by a clock, so that
    the same reports give the same bytes. ``now`` is the time of the build; only a backup's name may use it.
    ``inputs`` holds path and SHA-256.
    """

    version: str
    started: str
    rules_version: str
    rules_fingerprint: str
    rules_root: str
    templates_root: str
    inputs: tuple[tuple[str, str], ...]
    now: str = ""
