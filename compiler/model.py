"""The frozen types that the stages hand to one another.

This module imports nothing of ours: every stage may depend on it, it depends on none.
Offsets are counted in characters. "Normalised" offsets count in :attr:`Normalised.text`;
"source" offsets count in the decoded text of the input file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Severity(StrEnum):
    """How much an issue weighs: an error loses content, a warning wants a look, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Part(StrEnum):
    """What a passage of a report does. The span parts speak of several years at once."""

    REVIEW = "review"
    PLAN = "plan"
    REVIEW_SPAN = "review_span"
    PLAN_SPAN = "plan_span"
    OTHER = "other"


class Kind(StrEnum):
    """Whether a fact was achieved (or is expected to have been) or is planned."""

    RESULT = "result"
    TARGET = "target"


class Measure(StrEnum):
    """An amount or rate; percent against the year before; an absolute change."""

    LEVEL = "level"
    GROWTH = "growth"
    CHANGE = "change"


class Bound(StrEnum):
    """How the figure bounds the quantity; NONE for a target in words."""

    EQ = "eq"
    GE = "ge"
    LE = "le"
    APPROX = "approx"
    RANGE = "range"
    NONE = ""


NO_UNIT = "无"
"""What a rule writes for its unit where figures have none (空气质量综合指数6.14)."""


class Total(StrEnum):
    """What a figure about several years is: their sum, a level at their end, a yearly average, or just their growth."""

    SUM = "sum"
    END = "end"
    ANNUAL = "annual"
    NONE = ""


class Tier(StrEnum):
    """A base target, or one that is striven for on top of it (力争, 争取)."""

    BASE = "base"
    STRETCH = "stretch"


class DocumentKind(StrEnum):
    """What kind of document a text is; only reports are compiled unless others are asked for."""

    REPORT = "report"
    PLAN_PAPER = "plan_paper"  # 国民经济和社会发展计划执行情况和计划草案的报告
    BUDGET = "budget"
    BULLETIN = "bulletin"  # 统计公报
    NEWS = "news"
    DIGEST = "digest"  # 一图读懂, 解读
    OTHER_BODY = "other_body"  # the report of a congress's committee, of a consultative conference, of a court
    FOREIGN = "foreign"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: 1-based line and column, the length of what is meant, and the lines around it."""

    path: str
    line: int = 0
    column: int = 0
    length: int = 1
    frame: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a user should know. ``code`` selects the wording (see ``issues.py``); ``fields`` fill it.

    ``where`` points into a rule, template or input file. ``source``, ``report``, ``start`` and ``end``
    (source offsets) point into a report; ``indicator`` is an indicator's name; ``facts`` are fact ids.
    """

    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    where: Location | None = None
    source: str = ""
    report: int = 0
    start: int = -1
    end: int = -1
    place: str = ""
    indicator: str = ""
    facts: tuple[str, ...] = ()


# --- input -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of data within a source: its span, and the span of each cell, row by row.

    A merged cell stands in each place of the grid that it covers, so rows are equally long.
    """

    start: int
    end: int
    rows: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person says of report ``number`` of a file (0: of every one): its place (empty: no word), its year (0)."""

    number: int = 0
    place: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded input file. ``path`` is relative to the input folder given, with ``/``.

    ``pages`` are the offsets at which the pages begin, where the file has pages (PDF); ``tables`` are its tables
    of data, which are read by row and column and never as sentences. ``by_hand`` overrides what the text says of its
    place and year.
    """

    path: str
    text: str
    encoding: str
    sha256: str
    pages: tuple[int, ...] = ()
    tables: tuple[SourceTable, ...] = ()
    by_hand: tuple[ByHand, ...] = ()

    def said_of(self, number: int) -> ByHand:
        """Return what a person says of report ``number``: what is said of it alone before what is said of all."""
        told = sorted((one for one in self.by_hand if one.number in (0, number)), key=lambda one: -one.number)
        return ByHand(
            number,
            next((one.place for one in told if one.place), ""),
            next((one.year for one in told if one.year), 0),
        )


@dataclass(frozen=True, slots=True)
class Normalised:
    """Text made plain, one paragraph a line, with the source offset of each of its characters.

    ``offsets[i]`` is the source offset of ``text[i]``; it has ``len(text) + 1`` entries.
    """

    text: str
    offsets: Sequence[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open source span of the normalised span ``[start:end]`` (``start < end``)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class ReportText:
    """One report within a normalised text: its number in the file, from 1, and its normalised span."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is and of which year.

    ``place`` is the full name (锦州市, 锦州市古塔区, 辽宁省, 全国); ``place_level`` is 国家, 省级, 地级 or
    县级, empty where unknown; ``report_year`` is the year that the report plans for, 0 where unknown.
    ``children`` are the names, with and without suffix, of the places directly below it. ``sure`` is how much of
    all that names place and year speaks for these two, in percent; 0 where one of them is unknown. ``also`` are other
    names of the place that the titles use: a new area's that is a district as well (青岛西海岸新区).
    """

    place: str
    place_code: str
    place_level: str
    report_year: int
    title: str = ""
    meeting: str = ""
    date: str = ""
    speaker: str = ""
    children: tuple[str, ...] = ()
    sure: int = 0
    also: tuple[str, ...] = ()
    document: DocumentKind = DocumentKind.REPORT


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report: number from 1, normalised span, headings above it, part it belongs to.

    ``certain`` is false where the part was guessed from the text alone, without a heading that says it.
    ``year`` is the year that its headings, or its own first words, speak of; where they open a span of years it is
    the last of them and ``from_year`` the first (过去五年的工作 in a report of 2017: 2012 to 2016). Both are ``None``
    where unknown and outside review and plan.
    """

    number: int
    start: int
    end: int
    headings: tuple[str, ...]
    part: Part
    is_heading: bool = False
    certain: bool = True
    from_year: int | None = None
    year: int | None = None


class Sentence(NamedTuple):
    """A sentence with its source span; ``text`` is the source there with white space dropped.

    (A named tuple, as all that a report has by the hundred: a frozen dataclass takes four times as long to make.)
    """

    number: int
    paragraph: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    part: Part


# --- figures -----------------------------------------------------------------------------------


class Form(StrEnum):
    """What a quantity is made of."""

    AMOUNT = "amount"  # a number with a unit, or with none
    PERCENT = "percent"  # 6.5%, 百分之五, 三成: the value is in percent
    POINT = "point"  # 2.4个百分点
    TIMES = "times"  # 2.1倍: the value is the number before 倍
    DOUBLING = "doubling"  # 翻一番, 翻两番: the value is the growth in percent (100, 300)
    FLAT = "flat"  # 与上年持平, 零增长: the value is 0
    RATIO = "ratio"  # 16:49:35: the values are in ``parts``


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


# --- rules -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the lexicon: ``factor`` is its size in the base unit of ``family`` (exact)."""

    name: str
    family: str
    factor: Fraction
    words: tuple[str, ...]
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word that bounds a figure. ``side`` is before or after; ``bound`` is ge, le, approx or eq."""

    word: str
    side: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of report language that are not indicators: units, hedges and named word lists.

    ``lists`` holds every word list under the dotted name of its place in ``lexicon.yaml``
    (``direction.up``, ``guard.period`` …), longest word first.
    """

    units: Mapping[str, Unit]
    hedges: tuple[Hedge, ...]
    lists: Mapping[str, tuple[str, ...]]

    def words(self, name: str) -> tuple[str, ...]:
        """Return the word list called ``name``, empty where the lexicon has none."""
        return self.lists.get(name, ())


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Words that keep a name from counting, with the reason. ``where`` is touch, clause or sentence."""

    words: tuple[str, ...]
    because: str
    where: str = "touch"
    at: tuple[str, ...] = ()  # the levels of report in which it holds, all where empty


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern around a figure. ``pattern`` keeps the writer's notation; ``measure`` may be fixed by it."""

    pattern: str
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example yields: one figure in the rule's unit, or words."""

    measure: Measure
    bound: Bound
    low: Decimal | None
    high: Decimal | None
    tier: Tier = Tier.BASE
    text: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in a rule with what the rule must yield on it; ``todo`` tells why it does not yet."""

    text: str
    under: Part
    yields: tuple[Expectation, ...]
    todo: str = ""
    where: Location | None = None
    matches: bool = False  # for sections: whether the text must be captured
    heading: str = ""  # for sections: the heading that the text stands below
    at: str = ""  # the level of the report that the text stands in; empty: what the text itself says
    year: int = 0  # the year that the report plans for; 0: what the text itself says


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of an indicator that holds under conditions.

    ``at`` are the levels of report that it holds in, all where empty; a ``loose`` one yields where another name of the
    indicator has a figure in the sentence.
    """

    name: str
    at: tuple[str, ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """What to capture for one indicator; see ``rules/README.md`` for each key."""

    id: str
    name: str
    theme: str
    unit: str
    file: str
    order: int
    aliases: tuple[str, ...] = ()  # all of them, those under conditions too
    conditional: tuple[Alias, ...] = ()
    short: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    growth_names: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    direction: str = "up"
    measures: tuple[Measure, ...] = (Measure.LEVEL, Measure.GROWTH)
    other_units: tuple[str, ...] = ()
    not_units: tuple[str, ...] = ()  # that could be converted, but count something else
    rise_is_level: bool = False
    held_is_bound: bool = True
    over_years: str = ""  # last, sum: what a level within several years means
    index_base: int = 0
    at: tuple[str, ...] = ()  # the levels of report that the rule is for, all where empty
    ratio_part: int = 0
    kind_of_target: str = ""
    headline: bool = False
    owner: str = ""
    note: str = ""
    exclude: tuple[Exclusion, ...] = ()
    sane: Mapping[Measure, tuple[Decimal, Decimal]] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class CombinedRule:
    """A name that speaks of several indicators at once (城乡居民收入), with the one meant by the whole."""

    names: tuple[str, ...]
    indicators: tuple[str, ...]
    whole: str = ""
    file: str = ""
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class SectionRule:
    """Which passages to capture under one section name."""

    id: str
    name: str
    file: str
    order: int
    within: str = "any"
    headings: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    length: tuple[int, int] = (1, 100000)
    if_missing: str = "ignore"
    note: str = ""
    examples: tuple[Example, ...] = ()
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A relation that figures of one report should keep, by indicator ids.

    ``kind`` is sum (the parts add up to the whole), part (no part exceeds the whole), above (the whole exceeds each
    part) or share (no part exceeds ``tolerance`` percent of the whole). ``tolerance`` is in percent of the whole.
    """

    kind: str
    whole: str
    parts: tuple[str, ...]
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """Tolerances, status words and wordings of ``ledger.yaml``; ``words`` maps a key to its wording.

    ``lists`` holds word lists under their names (``relative.same`` …); ``limits`` the numbers that the
    checks across figures use.
    """

    tolerance: Mapping[str, Decimal]
    words: Mapping[str, str]
    judged_prices: bool = False
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    checks: tuple[FigureCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskExample:
    """A line of the plan part in ``tasks.yaml`` with what it must be read as.

    ``text`` may hold several sentences; ``tasks`` are the commitments it must yield, in order. ``quantified``
    and ``deadline`` hold for the first of them, where the example says anything of them.
    """

    text: str
    tasks: tuple[str, ...]
    quantified: bool | None = None
    deadline: str | None = None
    heading: str = ""
    todo: str = ""
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class TaskRules:
    """The words of ``tasks.yaml`` under their names, longest first, and the examples that they must satisfy."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: tuple[TaskExample, ...] = ()

    def words(self, name: str) -> tuple[str, ...]:
        """Return the word list called ``name``, empty where the file has none."""
        return self.lists.get(name, ())


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """A line of ``offices.yaml``: which office leads, and which support, tasks that hold one of ``keywords``.

    ``levels`` are the levels of place it holds for (all where empty); ``since`` and ``until`` the report years.
    """

    keywords: tuple[str, ...]
    lead: str
    support: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    since: int = 0
    until: int = 9999


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one folder. ``fingerprint`` is the SHA-256 of the files; ``root`` tells which folder."""

    version: str
    fingerprint: str
    root: str
    lexicon: Lexicon
    indicators: tuple[IndicatorRule, ...]
    combined: tuple[CombinedRule, ...]
    sections: tuple[SectionRule, ...]
    ledger: LedgerRules
    sources: Mapping[str, str] = field(default_factory=dict)
    tasks: TaskRules = field(default_factory=TaskRules)
    offices: tuple[OfficeRule, ...] = ()


# --- what a report yields ----------------------------------------------------------------------


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
