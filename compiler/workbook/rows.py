"""The rows of the sheets, each made from facts, ledger rows, issues or rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, NamedTuple

from compiler import issues as catalogue
from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import Terms, point_of, told
from compiler.ledger.rows import Ledger, LedgerLine, LedgerRow, MeasureEntry, place_key
from compiler.model import (
    Bound,
    BuildInfo,
    CompiledReport,
    Fact,
    IndicatorRule,
    Issue,
    Kind,
    Measure,
    Passage,
    RuleBook,
    Sentence,
    Tier,
    Uncovered,
)
from compiler.numbers import MAGNITUDES, decimal_text
from compiler.workbook.outlines import ListedFigure, ReportOutline, outline_of
from compiler.workbook.shown_unit import NO_UNIT, RowUnit, row_unit
from compiler.workbook.template import SheetSpec, WorkbookTemplate, fill
from compiler.workbook.user_edits import Work
from compiler.workbook.xlsx import Value

Key = tuple[str, int, str]
"""A fact within a build: source, report and id. The id alone is shared by repeated reports."""


class Put(NamedTuple):
    """A value with its look, number format and what a click leads to."""

    value: Value
    look: str = ""
    format: str = ""
    fact: Fact | None = None
    target: tuple[str, str] | None = None
    tip: str = ""


@dataclass
class BookContext:
    """What all sheets of one workbook share."""

    reports: Sequence[CompiledReport]
    ledger: Ledger
    issues: Sequence[Issue]
    rulebook: RuleBook
    template: WorkbookTemplate
    info: BuildInfo
    terms: Terms
    rules: Mapping[str, IndicatorRule] = field(default_factory=dict)
    hits: Mapping[str, int] = field(default_factory=dict)
    report_of: dict[tuple[str, int], CompiledReport] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    evidence_at: dict[Key, tuple[str, int]] = field(default_factory=dict)
    shown_at: dict[Key, tuple[str, str]] = field(default_factory=dict)
    entries: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    bare_units: frozenset[str] = frozenset()
    outlines: dict[tuple[str, int], ReportOutline] = field(default_factory=dict)
    work: Work = field(default_factory=Work)
    place_ranks: dict[str, tuple[str, str]] = field(default_factory=dict)
    _chosen: dict[int, ResultRow] = field(default_factory=dict)
    """The rows of the lines of the ledger, which holds each of these as long as it lives, by identity."""
    _paragraphs: dict[tuple[int, int], str] = field(default_factory=dict)
    _decimals: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        reports: Sequence[CompiledReport],
        ledger: Ledger,
        issues: Sequence[Issue],
        rulebook: RuleBook,
        template: WorkbookTemplate,
        info: BuildInfo,
    ) -> BookContext:
        """Make the indexes."""
        from collections import Counter

        reports = sorted(reports, key=_report_order)
        context = cls(reports, ledger, issues, rulebook, template, info, Terms.of(rulebook.ledger))
        lexicon_units = rulebook.lexicon.units
        context.bare_units = frozenset(
            {word for unit in lexicon_units.values() for word in unit.words} | {*lexicon_units}
        )
        context.rules = {rule.id: rule for rule in rulebook.indicators}
        context.hits = Counter(fact.indicator_id for report in reports for fact in report.facts)
        for report in reports:
            context.report_of[report.source, report.number] = report
            context.place_ranks.setdefault(place_key(report), _place_order(report))
            for fact in report.facts:
                context.facts.setdefault(fact.id, fact)
        return context

    def result_row(self, line: LedgerLine, number: int = 0) -> ResultRow:
        """Return the row of one of the ledger's ``lines``; sheets that show the same line share what it shows."""
        known = self._chosen.get(id(line))
        if known is None:
            known = self._chosen[id(line)] = ResultRow.of(line, self)
        return ResultRow(line, number, known.slots, known.unit) if number else known

    def forget_choices(self) -> None:
        """Hold no more rows of results than the sheets do, when all of them are planned."""
        self._chosen.clear()

    def decimals(self, unit: str) -> int:
        """Return how many decimals figures in ``unit`` may show: those of the unit without its magnitude."""
        known = self._decimals.get(unit)
        if known is None:
            units = self.rulebook.lexicon.units
            found = units.get(unit) or units.get(unit.lstrip("十百千万亿"))
            known = self._decimals[unit] = found.decimals if found is not None else 2
        return known

    def number_format(self, value: Decimal, unit: str) -> str:
        """Return the number format of a figure: as printed, within what its unit allows."""
        digits = min(len(decimal_text(value).partition(".")[2]), self.decimals(unit))
        return f"#,##0.{'0' * digits}" if digits else "#,##0"

    def place_name(self, place: str) -> str:
        """Return a place, or the words for an unknown one."""
        return place or self.template.word("unknown_place")

    def year_name(self, year: int) -> str:
        """Return a year, or the words for an unknown one."""
        return str(year) if year > 0 else self.template.word("unknown_year")

    def report_name(self, report: CompiledReport) -> str:
        """Return the short name of a report: place and year."""
        return self.place_name(report.identity.place) + self.year_name(report.identity.report_year)

    def place_rank(self, place_key: str) -> tuple[str, str]:
        """Return what sorts places by their division code; those without one come last, by name."""
        return self.place_ranks.get(place_key, (_NO_CODE, place_key))

    def is_main(self, indicator_id: str) -> bool:
        """Tell whether an indicator stands among the main ones on print sheets and beside its other years."""
        rule = self.rules.get(indicator_id)
        return rule is not None and (rule.headline or rule.name in self.template.also_main)

    def theme_rank(self, theme: str) -> int:
        """Return where a theme stands in the order of the template; those that it does not list come last."""
        order = self.template.theme_order
        return order.index(theme) if theme in order else len(order)

    def basis(self, fact: Fact) -> Put:
        """Return where a fact stands in its report, linked to the evidence."""
        return Put(self.paragraph(fact.report_year, fact.paragraph), "link", fact=fact, tip=fact.quote)

    def paragraph(self, year: int, paragraph: int) -> str:
        """Return the name of a paragraph of a report."""
        known = self._paragraphs.get((year, paragraph))
        if known is None:
            known = self.template.word("report_paragraph", year=year or "", paragraph=paragraph)
            self._paragraphs[year, paragraph] = known
        return known

    def figure(self, fact: Fact) -> str:
        """Return a figure with its unit as text."""
        return told(fact, self.terms)

    def outline(self, report: CompiledReport) -> ReportOutline:
        """Return the outline of a report; it is made here where nobody has made it before."""
        key = report.source, report.number
        known = self.outlines.get(key)
        if known is None:
            known = self.outlines[key] = outline_of(report, self.rulebook.lexicon)
        return known

    def rest_of(self, fact: Fact) -> str:
        """Return what follows the quote of a target up to the end of its clause, where that is short."""
        report = self.report_of.get((fact.source, fact.report))
        return self.outline(report).rests.get(fact.id, "") if report is not None else ""

    def sentence(self, source: str, report: int, number: int) -> Sentence | None:
        """Return a sentence of a report."""
        found = self.report_of.get((source, report))
        sentences = found.sentences if found is not None else ()
        if 0 < number <= len(sentences) and sentences[number - 1].number == number:  # they are numbered as they stand
            return sentences[number - 1]
        return next((one for one in sentences if one.number == number), None)


_NO_CODE: Final = "999999"
"""Sorts behind every division code."""


def _place_order(report: CompiledReport) -> tuple[str, str]:
    return report.identity.place_code or _NO_CODE, report.identity.place or place_key(report)


def _report_order(report: CompiledReport) -> tuple[str, str, int, str, int]:
    """Sort places by their division code and the reports of a place by their year: that is how officials list them."""
    return *_place_order(report), report.identity.report_year, report.source, report.number


def key_of(fact: Fact) -> Key:
    """Return the key of a fact within a build."""
    return fact.source, fact.report, fact.id


@dataclass
class Sheet:
    """One sheet while it is written: where its columns stand."""

    context: BookContext
    spec: SheetSpec
    name: str
    columns: dict[str, str] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    formulas: dict[str, str] = field(default_factory=dict)
    """Formulas that the rows share, by name."""
    growths: dict[str, str] = field(default_factory=dict)
    """The cells of the growth of last year by fact: another row's target in words may look at them."""

    def word(self, key: str, /, **fields: object) -> str:
        """Return a text of the sheet or, failing that, of the workbook."""
        text = self.spec.texts.get(key)
        if text is None:
            text = self.context.template.texts.get(key, key)
        return fill(text, **fields) if fields else text


Getter = Callable[[Any, Sheet], "Value | Put"]


SLOTS: Final = (
    *("last_target_amount", "last_target_growth", "last_target_stretch"),
    *("last_result_amount", "last_result_growth"),
    *("target_amount", "target_growth", "target_stretch"),
)


TWINS: Final = tuple(
    (slot, end)
    for slot in SLOTS
    for end in (("low",) if slot.endswith("stretch") or "result" in slot else ("low", "high"))
)


@dataclass(slots=True)
class ResultRow:
    """A line of the ledger on its way into a table."""

    line: LedgerLine
    number: int
    slots: dict[str, Fact] = field(default_factory=dict)
    unit: RowUnit = NO_UNIT
    remarks: tuple[bool, tuple[str, ...]] | None = None
    """What its remark says, with and without what was not found: looked at before any row is written, and then."""

    @classmethod
    def of(cls, line: LedgerLine, context: BookContext, number: int = 0) -> ResultRow:
        """Choose which facts the table shows in which cell, and in which unit."""
        row, terms = cls(line, number), context.terms
        if line.past is not None:
            row._place(line.past, "last_target_amount", "last_target_growth", "last_target_stretch", terms, target=True)
            row._place(line.past, "last_result_amount", "last_result_growth", "", terms, target=False)
        if line.plan is not None:
            row._place(line.plan, "target_amount", "target_growth", "target_stretch", terms, target=True)
        row.unit = row_unit(list(row.slots.values()), line.unit, context.bare_units, context.terms.apart)
        return row

    def is_number(self, slot: str) -> bool:
        """Tell whether a cell holds a number that formulas may use: a sure point in the unit of the row."""
        fact = self.slots[slot]
        if fact.text or fact.bound is not Bound.EQ or fact.low is None or doubtful(fact):
            return False
        return fact.measure is Measure.GROWTH or (fact.measure is Measure.LEVEL and self.unit.holds(fact))

    def _place(
        self, ledger_row: LedgerRow, amount: str, growth: str, stretch: str, terms: Terms, *, target: bool
    ) -> None:
        def pick(entry: MeasureEntry | None) -> Fact | None:
            if entry is None:
                return None
            if not target:
                return entry.result
            words = entry.words if entry.words is not None and entry.words.tier is Tier.BASE else None
            return entry.target or words

        change = ledger_row.entry(Measure.CHANGE)
        change_fact = pick(change)
        is_rate = change_fact is not None and terms.is_rate(change_fact)
        level = pick(ledger_row.entry(Measure.LEVEL)) or (None if is_rate else change_fact)
        rise = pick(ledger_row.entry(Measure.GROWTH)) or (change_fact if is_rate else None)
        if level is not None:
            self.slots[amount] = level
        if rise is not None:
            self.slots[growth] = rise
        if not stretch:
            return
        for entry in ledger_row.measures:
            words = entry.words if entry.words is not None and entry.words.tier is Tier.STRETCH else None
            extra = entry.stretch or words
            if extra is not None:
                self.slots.setdefault(stretch, extra)

    @property
    def hidden_facts(self) -> Iterator[Fact]:
        """Yield the facts of the line that no cell shows; they go to the remarks."""
        shown_ids = {fact.id for fact in self.slots.values()}
        for ledger_row, kinds in ((self.line.past, (Kind.TARGET, Kind.RESULT)), (self.line.plan, (Kind.TARGET,))):
            if ledger_row is None:
                continue
            for fact in ledger_row.facts:
                if fact.kind in kinds and fact.id not in shown_ids:
                    yield fact


@dataclass(slots=True)
class CheckRow:
    """An issue that someone should look into."""

    issue: Issue
    facts: tuple[Fact, ...]
    number: int
    id: str


def check_rows(context: BookContext) -> list[CheckRow]:
    """Return the issues that have a kind, the weightiest first, with stable ids."""
    rows: list[CheckRow] = []
    seen: dict[str, int] = {}
    weigh = _Scale(context)
    found = [
        (issue, tuple(context.facts[name] for name in issue.facts if name in context.facts))
        for issue in context.issues
        if catalogue.kind(issue)
    ]
    for issue, facts in sorted(found, key=lambda one: -weigh(*one)):
        base = _issue_id(issue)
        seen[base] = seen.get(base, 0) + 1
        if seen[base] > 1 and facts:
            continue  # the same report read twice tells the same issue twice
        suffix = f"-{seen[base]}" if seen[base] > 1 else ""
        rows.append(CheckRow(issue, facts, len(rows) + 1, base + suffix))
    return rows


class _Scale:
    """How much an issue weighs on 待核清单: its kind, doubt, what it is about, how far its figures part."""

    _KIND, _DOUBT, _HEADLINE, _GAP = 10, 30, 15, 10

    def __init__(self, context: BookContext) -> None:
        spec = context.template.sheet("checks")
        kinds = spec.texts.get("order", "").split("、") if spec is not None else []
        self._kinds = {kind: self._KIND * (len(kinds) - number) for number, kind in reversed(list(enumerate(kinds)))}
        self._headlines = {rule.name for rule in context.rulebook.indicators if rule.headline}

    def __call__(self, issue: Issue, facts: Sequence[Fact]) -> Decimal:
        """Return the weight of an issue with its facts."""
        weight = Decimal(self._kinds.get(catalogue.kind(issue), 0))
        weight += self._DOUBT * catalogue.raises_doubt(issue)
        weight += self._HEADLINE * ((issue.indicator or issue.fields.get("indicator", "")) in self._headlines)
        ends = [abs(value) for fact in facts[:2] if (value := point_of(fact)) is not None]
        alike = len(ends) == 2 and facts[0].unit == facts[1].unit and facts[0].measure is facts[1].measure
        if alike and max(ends):
            weight += self._GAP * (max(ends) - min(ends)) / max(ends)
        return weight


def _issue_id(issue: Issue) -> str:
    """Return an id that stays while the issue is about the same thing."""
    if issue.facts:
        parts = (issue.code, *issue.facts)
    else:
        fields = tuple(f"{name}={value}" for name, value in sorted(issue.fields.items()))
        parts = (issue.code, issue.place, issue.indicator, issue.source, str(issue.report), *fields)
    return "C" + sha256("\x1f".join(parts).encode()).hexdigest()[:10].upper()


def evidence_facts(context: BookContext) -> list[Fact]:
    """Return all facts in the order of the reports and of their text."""
    facts: list[Fact] = []
    for report in context.reports:
        facts.extend(sorted(report.facts, key=lambda fact: (fact.start, fact.figure_start, fact.order, fact.id)))
    return facts


@dataclass(slots=True)
class SpanRow:
    """A figure about several years."""

    fact: Fact
    number: int


def span_rows(context: BookContext) -> list[SpanRow]:
    """Return the facts about several years, in the order of the reports."""
    facts = [fact for fact in evidence_facts(context) if fact.from_year is not None]
    return [SpanRow(fact, number) for number, fact in enumerate(facts, 1)]


@dataclass(slots=True)
class UncoveredRow:
    """A figure that no rule claimed, with the noun and unit it seems to have and how often the build has both."""

    report: CompiledReport
    figure: ListedFigure
    number: int = 0
    count: int = 1

    @property
    def item(self) -> Uncovered:
        """The figure as the report holds it."""
        return self.report.uncovered[self.figure.nth]


def uncovered_rows(context: BookContext) -> list[UncoveredRow]:
    """Return the uncovered figures of all reports, those of one noun together and the most frequent first."""
    from collections import Counter

    rows = [UncoveredRow(report, one) for report in context.reports for one in context.outline(report).listed]
    names = [(row.figure.noun, row.figure.unit.lstrip(_MAGNITUDES)) for row in rows]
    counts = Counter(names)
    for row, name in zip(rows, names, strict=True):
        row.count = counts[name] if row.figure.noun else 1
    rows.sort(key=lambda row: (not row.figure.noun, -row.count, row.figure.noun, row.figure.unit.lstrip(_MAGNITUDES)))
    for number, row in enumerate(rows, 1):
        row.number = number
    return rows


_MAGNITUDES: Final = "".join(MAGNITUDES)


@dataclass(slots=True)
class PassageRow:
    """A captured passage: which one it is of its report."""

    report: CompiledReport
    index: int
    number: int

    @property
    def item(self) -> Passage:
        """The passage."""
        return self.report.passages[self.index]


def passage_rows(context: BookContext) -> Iterator[PassageRow]:
    """Yield the captured passages of all reports."""
    number = 0
    for report in context.reports:
        for index in range(context.outline(report).passages):
            number += 1
            yield PassageRow(report, index, number)


@dataclass(slots=True)
class NumberedRule:
    """A rule with its number."""

    rule: IndicatorRule
    number: int


def rule_rows(context: BookContext) -> Iterator[NumberedRule]:
    """Yield the rules in their order."""
    rules = sorted(context.rulebook.indicators, key=lambda rule: (context.theme_rank(rule.theme), rule.order))
    for number, rule in enumerate(rules, 1):
        yield NumberedRule(rule, number)
