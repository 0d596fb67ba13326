"""The ledger: targets of one report joined with the results of the next, for each place and indicator.

Pure functions over the compiled reports, in whatever order and from whatever files they come. A target
of a year is only judged against the result of that year, measure by measure; where the other report is
not at hand the row says so and is never counted as missed. Wordings stand in ``rules/ledger.yaml``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, count
from typing import Final, NamedTuple

from compiler.ledger.checks import CrossChecks, Twin, same_elsewhere
from compiler.ledger.doubts import Codes, doubt_codes, with_doubts
from compiler.ledger.judge import (
    JUDGED,
    MET,
    Shape,
    Status,
    Terms,
    Verdict,
    as_printed,
    fits,
    in_a_word,
    is_point,
    judge,
    judge_relative,
    percent_of,
    point_of,
    reaches,
    shown,
    told,
    unlike,
)
from compiler.ledger.rows import (
    Estimate,
    Implied,
    Ledger,
    LedgerLine,
    LedgerRow,
    MeasureEntry,
    PlannedChange,
    place_key,
    results_of,
)
from compiler.ledger.told_names import PrintedNames
from compiler.model import (
    Bound,
    CompiledReport,
    Completion,
    Fact,
    IndicatorRule,
    Issue,
    Kind,
    Measure,
    RuleBook,
    Tier,
)
from compiler.numbers import MAGNITUDES, decimal_text

_WORST_FIRST: Final = (Status.MISSED, Status.MISSED_OWN, Status.ABOUT, Status.WITHIN, Status.MET, Status.EXCEEDED)
_MISSED: Final = frozenset({Status.MISSED, Status.MISSED_OWN})
_NEEDED_WORDS: Final = (
    *(f"status.{status.value}" for status in Status),
    *(f"shown.{name}" for name in ("eq", "ge", "le", "approx", "range", "rise", "fall", "more", "less")),
    *("told.growth", "told.decline", "totals.met"),
    *(f"compared.{name}" for name in ("percent", "above", "below", "equal", "near", "within", "above_range")),
    *(f"compared.{name}" for name in ("below_range", "under_control", "over_control", "at_control", "fall_more")),
    *(f"compared.{name}" for name in ("fall_less", "faster", "slower", "same_speed", "other_measure", "unclear")),
    *("compared.stretch_met", "compared.stretch_missed", "compared.bound", "compared.unlike"),
    *("shown.more_since", "shown.less_since", "estimate.level"),
    *("reason.unit", "reason.name", "reason.measure", "reason.bound", "reason.doubt"),
    "reason.basis",
    *(f"step.{name}" for name in ("faster", "slower", "same", "more", "less", "rate_up", "rate_down")),
    *("remark.own_words", "remark.own_percent"),
    *(f"step.{name}" for name in ("control_above", "control_below", "fall_more", "fall_less")),
)


class Found(NamedTuple):
    """The issues of one place in the groups that a build tells them in, and the figures to look for elsewhere.

    ``relations`` holds for each report what each relation of figures finds in it.
    """

    joining: tuple[Issue, ...]
    relations: tuple[tuple[tuple[Issue, ...], ...], ...]
    contradictions: tuple[tuple[Issue, ...], ...]
    rows: tuple[Issue, ...]
    twins: tuple[tuple[Twin, ...], ...]

    @property
    def issues(self) -> Iterator[Issue]:
        """All issues, without those between places."""
        in_reports = chain.from_iterable((*chain.from_iterable(self.relations), *self.contradictions))
        return chain(self.joining, in_reports, self.rows)


class Joined(NamedTuple):
    """One place: its reports with the doubts that the joining shows, its rows and lines, and what was found."""

    reports: tuple[CompiledReport, ...]
    rows: tuple[LedgerRow, ...]
    lines: tuple[LedgerLine, ...]
    found: Found

    @property
    def years(self) -> frozenset[int]:
        """The years of the reports at hand."""
        return frozenset([report.identity.report_year for report in self.reports])

    def results(self, report_year: int) -> Mapping[str, Mapping[Measure, Fact]]:
        """Return the results that a report tells of each indicator, by their ids."""
        own = (line for line in self.lines if line.report_year == report_year)
        return {line.indicator_id: results_of(line.past) for line in own}

    def missed(self, report_year: int) -> tuple[str, ...]:
        """Return the ids of the indicators of which a report shows that last year's target was missed."""
        own = (line for line in self.lines if line.report_year == report_year and line.past is not None)
        return tuple([line.indicator_id for line in own if line.past and line.past.status in _MISSED])


class Joining:
    """How the reports of a place are joined, by one rule book: what all places share is made once.

    What comes of a place follows from its own reports. Between places stands only what :func:`told_in_order` adds.
    """

    def __init__(self, rulebook: RuleBook) -> None:
        self.rules = rulebook.ledger
        self.checks = CrossChecks(rulebook)
        self.terms = Terms.of(rulebook.ledger)
        self.indicators: dict[str, IndicatorRule] = {rule.id: rule for rule in rulebook.indicators}
        self._names = _reference_names(rulebook)
        self._named: dict[str, tuple[str, str] | None] = {}
        self.missing = tuple(key for key in _NEEDED_WORDS if key not in rulebook.ledger.words)

    def named(self, words: str) -> tuple[str, str] | None:
        """Return the name of an indicator that a target in words holds, and the indicator; the longest name counts."""
        if words not in self._named:
            self._named[words] = next((pair for pair in self._names if pair[0] in words), None)
        return self._named[words]

    def join(self, reports: Sequence[CompiledReport]) -> Joined:
        """Join the reports of one place."""
        return self._joined(_Builder(reports, self))

    def settle(self, reports: Sequence[CompiledReport], known: Codes) -> Joined:
        """Join the reports of one place, write the doubts that the joining shows on their facts, and judge anew without
        those facts. ``known`` are the codes of the issues that put facts in doubt before any was joined."""
        builder = _Builder(reports, self)
        first = self._joined(builder)
        doubted = with_doubts(reports, known, first.found.issues)
        if any(one is not other for one, other in zip(doubted, reports, strict=True)):
            return self._joined(_Builder(doubted, self, builder))
        return first

    def _joined(self, builder: _Builder) -> Joined:
        rows, lines = builder.build()
        reports, checks = tuple(builder.reports), self.checks
        found = Found(
            tuple(builder.issues),
            tuple(map(checks.of_relations, reports)),
            tuple(map(checks.of_report, reports)),
            checks.of_rows(rows),
            tuple(map(checks.twins_of, reports)),
        )
        return Joined(reports, rows, lines, found)


def by_place(reports: Iterable[CompiledReport]) -> dict[str, list[CompiledReport]]:
    """Return the reports of each place."""
    places: dict[str, list[CompiledReport]] = {}
    for report in reports:
        places.setdefault(place_key(report), []).append(report)
    return places


def told_in_order(reports: Iterable[CompiledReport], found: Mapping[str, Found], joining: Joining) -> tuple[Issue, ...]:
    """Return what was found in all places in the order of a build, with what only places beside one another show."""
    issues = [Issue("L101", {"keys": "、".join(joining.missing)})] if joining.missing else []
    in_order = sorted(found)
    for key in in_order:
        issues.extend(found[key].joining)
    counts: Counter[str] = Counter()
    where = []
    for report in reports:
        key = place_key(report)
        where.append((found[key], counts[key]))
        counts[key] += 1
    numbers = count()
    for unknown in joining.checks.unknown:
        if unknown is not None:
            issues.append(unknown)
            continue
        relation = next(numbers)
        for of_place, number in where:
            issues.extend(of_place.relations[number][relation])
    for of_place, number in where:
        issues.extend(of_place.contradictions[number])
    for key in in_order:
        issues.extend(found[key].rows)
    issues.extend(same_elsewhere(of_place.twins[number] for of_place, number in where))
    return tuple(issues)


def build_ledger(reports: Sequence[CompiledReport], rulebook: RuleBook) -> tuple[Ledger, tuple[Issue, ...]]:
    """Join the facts of all reports into the ledger, with the issues that the joining brings to light."""
    joining = rulebook.once(Joining)
    places = {key: joining.join(own) for key, own in by_place(reports).items()}
    return _ledger(reports, places, joining)


def settle(
    reports: Sequence[CompiledReport], rulebook: RuleBook, known: Iterable[Issue] = ()
) -> tuple[tuple[CompiledReport, ...], Ledger, tuple[Issue, ...]]:
    """Join the reports, write the doubts that the joining shows on their facts, and judge anew without those facts.

    ``known`` are the issues of the reports' own checks. Returned are the reports with their doubts, the ledger made of
    them, and the issues of the joining.
    """
    joining, codes = rulebook.once(Joining), doubt_codes(known)
    places = {key: joining.settle(own, codes) for key, own in by_place(reports).items()}
    settled = in_their_order(reports, {key: place.reports for key, place in places.items()})
    return settled, *_ledger(settled, places, joining)


def in_their_order(
    reports: Iterable[CompiledReport], places: Mapping[str, Iterable[CompiledReport]]
) -> tuple[CompiledReport, ...]:
    """Return what the reports of each place have become, in the order of all reports."""
    own = {key: iter(of_place) for key, of_place in places.items()}
    return tuple([next(own[place_key(report)]) for report in reports])


def _ledger(
    reports: Sequence[CompiledReport], places: Mapping[str, Joined], joining: Joining
) -> tuple[Ledger, tuple[Issue, ...]]:
    found = {key: place.found for key, place in places.items()}
    return Ledger(places, PrintedNames(reports, joining.rules.lists)), told_in_order(reports, found, joining)


def _reference_names(rulebook: RuleBook) -> tuple[tuple[str, str], ...]:
    """Return the names by which a target in words may mean another indicator, longest first."""
    names: dict[str, str] = {}
    for rule in rulebook.indicators:
        for name in (*rule.growth_names, rule.name, *rule.aliases):
            if "〔" not in name:
                names.setdefault(name, rule.id)
    return tuple(sorted(names.items(), key=lambda item: (-len(item[0]), item[0])))


_Key = tuple[str, int, str]
"""Place key, year and indicator of a row."""


class _Builder:
    """Holds the indexes while the ledger of a place is built.

    ``before`` has built it of the same reports when some facts were not yet in doubt: rows without these stay.
    """

    def __init__(self, reports: Sequence[CompiledReport], joining: Joining, before: _Builder | None = None) -> None:
        self.reports = reports
        self._before = before
        self._made: dict[_Key, tuple[LedgerRow, Sequence[Issue]]] = {}
        self._stepped: dict[_Key, LedgerRow] = {}
        self.terms = joining.terms
        self.limits = joining.rules.limits
        self.rules = joining.indicators
        self.issues: list[Issue] = []
        self._named = joining.named
        self._printed = PrintedNames(reports, joining.rules.lists)
        self._report_keys: set[tuple[str, int]] = set()
        self._places: dict[str, str] = {}
        self._facts: dict[tuple[str, int, str], list[Fact]] = defaultdict(list)
        self._completions: dict[tuple[str, int, str], list[Completion]] = defaultdict(list)
        self._by_report: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._growth: dict[tuple[str, int, int, str], list[Fact]] = defaultdict(list)
        for report in reports:
            self._take(report)

    def _take(self, report: CompiledReport) -> None:
        key, year = place_key(report), report.identity.report_year
        self._report_keys.add((key, year))
        self._places.setdefault(key, report.identity.place)
        for fact in report.facts:
            if fact.from_year is not None:
                continue  # a figure of several years has no place beside those of one
            self._facts[key, fact.year, fact.indicator_id].append(fact)
            if fact.year in (year - 1, year):
                self._by_report[key, year].add(fact.indicator_id)
            if fact.kind is Kind.RESULT and fact.measure is Measure.GROWTH:
                self._growth[fact.source, fact.report, fact.year, fact.indicator_id].append(fact)
        for completion in report.completions:
            self._completions[key, completion.year, completion.indicator_id].append(completion)
            if completion.year == year - 1:
                self._by_report[key, year].add(completion.indicator_id)

    # --- rows ----------------------------------------------------------------------------------

    def build(self) -> tuple[tuple[LedgerRow, ...], tuple[LedgerLine, ...]]:
        """Build rows first, then what needs the rows of two years."""
        keys = set(self._facts) | set(self._completions)
        rows: dict[_Key, LedgerRow] = {}
        for key in sorted(keys, key=self._sort_key):
            if (made := self._unchanged(key)) is None:
                told = len(self.issues)
                row = self._row(*key)
                made = row, self.issues[told:]
            else:
                self.issues.extend(made[1])
            self._made[key] = made
            rows[key] = made[0]
        for key, row in rows.items():
            before = rows.get((key[0], key[1] - 1, key[2]))
            if before is not None and row.targets:
                # The row before bears its own steps already: what counts is what both were made as.
                rows[key] = self._stepped_before(key) or self._with_steps(row, before)
                self._stepped[key] = rows[key]
        return tuple(rows.values()), self._lines(rows)

    def _unchanged(self, key: _Key) -> tuple[LedgerRow, Sequence[Issue]] | None:
        """Return a row with its issues as it was before, where none of its facts has been put in doubt since."""
        if self._before is None:
            return None
        facts, earlier = self._facts.get(key, ()), self._before._facts.get(key, ())
        # A target in words is judged by the figure of another row.
        same = all(one is other and not one.text for one, other in zip(facts, earlier, strict=True))
        return self._before._made[key] if same else None

    def _stepped_before(self, key: _Key) -> LedgerRow | None:
        """Return a row with its steps as it was before, where neither it nor last year's has been made anew."""
        earlier = self._before
        if earlier is None or key not in earlier._stepped:
            return None
        both = (key, (key[0], key[1] - 1, key[2]))
        return earlier._stepped[key] if all(self._made[one] is earlier._made[one] for one in both) else None

    def _sort_key(self, key: _Key) -> tuple[str, int, int, str]:
        return key[0], key[1], self._order(key[2]), key[2]

    def _order(self, indicator_id: str) -> int:
        rule = self.rules.get(indicator_id)
        return rule.order if rule else 1_000_000

    def _row(self, key: str, year: int, indicator_id: str) -> LedgerRow:
        facts = self._facts.get((key, year, indicator_id), [])
        completions = tuple(self._completions.get((key, year, indicator_id), ()))
        rule = self.rules.get(indicator_id)
        first = facts[0] if facts else None
        direction = rule.direction if rule else "up"
        measures = tuple(
            entry for measure in Measure if (entry := self._entry(measure, facts, key, year, rule)) is not None
        )
        status, difference = self._overall(measures, key, year)
        missed = next((item for item in completions if item.met is False), None)
        if missed is not None and status is not Status.MISSED:
            status = Status.MISSED_OWN  # what the report itself says comes first
        row = LedgerRow(
            place_key=key,
            place=self._places.get(key, ""),
            year=year,
            indicator=rule.name if rule else first.indicator if first else indicator_id,
            indicator_id=indicator_id,
            theme=rule.theme if rule else first.theme if first else "",
            unit=_unit_of(facts) or (rule.unit if rule else ""),
            direction=direction,
            order=self._order(indicator_id),
            measures=measures,
            status=status,
            status_word=self.terms.status(status),
            difference=difference,
            completions=completions,
            remarks=(),
            deciding=next((entry.measure for entry in measures if entry.verdict.status is status), None),
            reason=self._reason(status, measures, missed),
        )
        self._check_row(row)
        plan_remarks = tuple(self._name_remarks(row, row.targets, ()))
        return row._replace(remarks=self._remarks(row), missing=self._missing(row), plan_remarks=plan_remarks)

    def _entry(
        self, measure: Measure, facts: Iterable[Fact], key: str, year: int, rule: IndicatorRule | None
    ) -> MeasureEntry | None:
        own = [fact for fact in facts if fact.measure is measure]
        if not own:
            return None
        targets = sorted((f for f in own if f.kind is Kind.TARGET), key=lambda f: _nearness(f, year))
        results = sorted((f for f in own if f.kind is Kind.RESULT), key=lambda f: _nearness(f, year + 1))
        base = next((f for f in targets if f.tier is Tier.BASE and not f.text), None)
        stretch = next((f for f in targets if f.tier is Tier.STRETCH and not f.text), None)
        words = next((f for f in targets if f.text and f.tier is Tier.BASE), None)
        words = words or next((f for f in targets if f.text), None)
        result = results[0] if results else None
        direction = rule.direction if rule else "up"
        is_price = bool(rule and rule.rise_is_level)
        stretch_met = None
        reference = None
        if result is None:
            verdict = Verdict(self._without_result(key, year))
        elif base is not None:
            verdict = judge(base, result, direction, self.terms, is_price=is_price)
        elif words is not None and words.tier is Tier.BASE:
            verdict, reference = self._judge_words(words, result, rule)
        elif stretch is not None or words is not None:
            verdict = Verdict(Status.NOT_JUDGED)
        else:
            verdict = Verdict(Status.NO_TARGET)
        if stretch is not None and result is not None:
            stretch_met = reaches(stretch, result, direction)
        restated = tuple(_others(results, self.terms))
        repeated = [f for f in targets if base is not None and f.tier is base.tier and not f.text]
        others = tuple(
            f for f in _others(repeated, self.terms) if base is not None and f.report_year == base.report_year
        )
        return MeasureEntry(measure, base, stretch, words, result, reference, verdict, stretch_met, restated, others)

    def _without_result(self, key: str, year: int) -> Status:
        """Return the status of a target without a result: not at hand, or not found in the report at hand."""
        return Status.NOT_FOUND if (key, year + 1) in self._report_keys else Status.NO_RESULT

    def _overall(self, entries: Sequence[MeasureEntry], key: str, year: int) -> tuple[Status, str]:
        """Return the status and the worded difference of a row from its measures."""
        texts = [self._entry_text(entry) for entry in entries]
        difference = self.terms.word("remark.separator").join(text for text in texts if text)
        found = [entry.verdict.status for entry in entries]
        for status in _WORST_FIRST:
            if status in found:
                return status, difference
        if Status.WORDS in found:
            return Status.WORDS, difference
        for status in (Status.OTHER_MEASURE, Status.NOT_JUDGED):
            if status in found:
                return status, difference
        has_target = any(entry.target or entry.stretch or entry.words for entry in entries)
        has_result = any(entry.result for entry in entries)
        if has_target and has_result:
            if all(entry.target is None for entry in entries) and any(entry.words for entry in entries):
                return Status.WORDS, difference
            return Status.OTHER_MEASURE, self.terms.word("compared.other_measure")
        return (self._without_result(key, year) if has_target else Status.NO_TARGET), difference

    def _reason(self, status: Status, entries: Sequence[MeasureEntry], missed: Completion | None) -> str:
        """Return why a row has no verdict, or whose word its verdict is."""
        if status is Status.MISSED_OWN and missed is not None:
            return self.terms.word("remark.own_words", quote=missed.quote)
        if status in JUDGED:
            return ""
        reasons = [entry.verdict.reason for entry in entries if entry.verdict.reason]
        if status is Status.OTHER_MEASURE and not reasons:
            reasons = [self.terms.word("reason.measure")]
        return self.terms.word("remark.separator").join(dict.fromkeys(reasons))

    def _entry_text(self, entry: MeasureEntry) -> str:
        """Return the worded difference of one measure, with whether the stretch target was reached."""
        parts = [entry.verdict.text] if entry.verdict.text else []
        if entry.stretch_met is not None:
            parts.append(self.terms.word("compared.stretch_met" if entry.stretch_met else "compared.stretch_missed"))
        return "，".join(parts)

    # --- targets in words ----------------------------------------------------------------------

    def _judge_words(self, words: Fact, result: Fact, rule: IndicatorRule | None) -> tuple[Verdict, Fact | None]:
        """Judge a target such as "in step with economic growth", where its own report lets us."""
        pending = Verdict(Status.WORDS)
        found = self._named(words.text)
        relation = self._relation(words.text)
        if found is None or not relation or (rule and found[1] == rule.id):
            return pending, None
        name, other = found
        rest = words.text.replace(name, "")
        if any(word in rest for word in self.terms.lists.get("relative.outside", ())):
            return pending, None
        if result.measure is not Measure.GROWTH:
            return pending, None
        references = self._growth.get((result.source, result.report, result.year, other), [])
        values = {(fact.low, fact.high, fact.bound) for fact in references}
        if len(values) != 1:
            return pending, None
        return judge_relative(relation, name, result, references[0], self.terms), references[0]

    def _relation(self, text: str) -> str:
        """Return how a target in words stands to the figure it names; the longest word decides."""
        best = ("", "")
        for relation in ("same", "above", "not_below", "below", "not_above"):
            for word in self.terms.lists.get(f"relative.{relation}", ()):
                if word in text and len(word) > len(best[1]):
                    best = (relation, word)
        return best[0]

    # --- steps ---------------------------------------------------------------------------------

    def _with_steps(self, row: LedgerRow, before: LedgerRow) -> LedgerRow:
        steps: list[PlannedChange] = []
        notes: list[str] = []
        for entry in row.measures:
            past = before.entry(entry.measure)
            if entry.target is None or past is None or past.result is None:
                continue
            reason = self._no_step(entry.target, past.result)
            step = None if reason else self._step(entry.target, past.result, row.direction)
            if step is not None:
                steps.append(step)
            elif reason:
                notes.append(reason)
        note = self.terms.word("remark.separator").join(dict.fromkeys(notes))
        estimate = self._estimate(row, before)
        remarks = (*row.remarks, estimate.text) if estimate is not None else row.remarks
        implied = self._implied(row, before)
        return row._replace(steps=tuple(steps), step_note=note, implied=implied, estimate=estimate, remarks=remarks)

    def _estimate(self, row: LedgerRow, before: LedgerRow) -> Estimate | None:
        """Return the level reached against the level aimed at where one of them follows from a growth alone."""
        past = before.entry(Measure.LEVEL)
        base = past.result if past is not None else None
        if row.status is not Status.OTHER_MEASURE or base is None or base.low is None:
            return None
        level, growth = row.entry(Measure.LEVEL), row.entry(Measure.GROWTH)
        if level is None or growth is None or not is_point(base) or self.terms.is_rate(base):
            return None
        if level.target is not None and growth.result is not None and level.result is None:
            stated, rise = level.target, growth.result
        elif level.result is not None and growth.target is not None and level.target is None:
            stated, rise = level.result, growth.target
        else:
            return None
        number, percent = point_of(stated), point_of(rise)
        if number is None or percent is None or stated.unit != base.unit or any(f.doubt for f in (base, stated, rise)):
            return None
        implied = (base.low * (1 + percent / 100)).quantize(Decimal(1).scaleb(-_places(base.low)), ROUND_HALF_UP)
        value, aim = (implied, number) if stated is level.target else (number, implied)
        if aim <= 0:
            return None
        share = percent_of(value, aim)
        if abs(share - 100) > self.limits.get("estimate_percent", Decimal(15)):
            return None  # so far off, the two levels are of different definition
        fields = {"value": decimal_text(value), "aim": decimal_text(aim), "unit": base.unit}
        return Estimate(
            value, aim, share, base.unit, self.terms.word("estimate.level", number=decimal_text(share), **fields)
        )

    def _no_step(self, target: Fact, result: Fact) -> str:
        """Return why no step is told from a result to the next target, worded; empty where it is."""
        if target.doubt or result.doubt:
            return self.terms.word("reason.doubt")
        if not is_point(result) or in_a_word(result):
            return self.terms.word("reason.bound", result=as_printed(result) or shown(result, self.terms))
        basis = target.status_note if target.status_note in self.terms.lists.get("bases", ()) else ""
        if basis and result.status_note not in self.terms.lists["bases"]:
            return self.terms.word("reason.basis", basis=basis)
        return unlike(result, target, self.terms)

    def _step(self, target: Fact, result: Fact, direction: str) -> PlannedChange | None:
        value, aim = point_of(result), point_of(target)
        if value is None or aim is None or target.measure is Measure.CHANGE:
            return None
        gap = aim - value
        unit = self.terms.point(target)
        if gap == 0:
            outcome = "step.same"
        elif target.measure is Measure.LEVEL and (target.bound is Bound.LE or _capped(target, direction)):
            outcome = "step.control_above" if gap > 0 else "step.control_below"
        elif target.measure is Measure.LEVEL and direction == "down":
            outcome = "step.more" if gap > 0 else "step.less"
        elif target.measure is Measure.GROWTH and direction == "down" and aim < 0 and value < 0:
            outcome = "step.fall_more" if gap < 0 else "step.fall_less"
        elif target.measure is Measure.GROWTH:
            outcome = "step.faster" if gap > 0 else "step.slower"
        elif self.terms.is_rate(target):
            outcome = "step.rate_up" if gap > 0 else "step.rate_down"
        else:
            outcome = "step.more" if gap > 0 else "step.less"
        number = abs(gap) if gap else None
        printed = _printed_gap(target, result)
        told_gap, told_unit = (abs(gap), unit) if printed is None else printed
        text = self.terms.word(outcome, number=decimal_text(told_gap), unit=told_unit)
        return PlannedChange(
            target.measure, outcome, number, unit, text, result, target, "" if printed is None else told_unit
        )

    def _implied(self, row: LedgerRow, before: LedgerRow) -> Implied | None:
        """Return the level implied by a growth target (or, for rates, by a change), unless one is stated."""
        level, past = row.entry(Measure.LEVEL), before.entry(Measure.LEVEL)
        if (level is not None and level.target is not None) or past is None or past.result is None:
            return None
        base = past.result
        if not is_point(base) or base.doubt or base.low is None:
            return None
        places = _places(base.low)
        growth, change = row.entry(Measure.GROWTH), row.entry(Measure.CHANGE)
        if growth is not None and growth.target is not None and not self.terms.is_rate(base):
            target = growth.target
            ends = tuple(None if end is None else base.low * (1 + end / 100) for end in (target.low, target.high))
        elif change is not None and change.target is not None:
            target = change.target
            if target.unit not in (base.unit, *self._points(base)):
                return None
            ends = tuple(None if end is None else base.low + end for end in (target.low, target.high))
            places = max(places, *(_places(end) for end in (target.low, target.high)))
        else:
            return None
        unit = Decimal(1).scaleb(-places)
        low, high = (None if end is None else end.quantize(unit, rounding=ROUND_HALF_UP) for end in ends)
        return Implied(low, high, places, base, target)

    def _points(self, base: Fact) -> tuple[str, ...]:
        """Return the units in which a change of ``base`` may be told besides its own."""
        return tuple(self.terms.rate_units) if self.terms.is_rate(base) else ()

    # --- lines ---------------------------------------------------------------------------------

    def _lines(self, rows: Mapping[tuple[str, int, str], LedgerRow]) -> tuple[LedgerLine, ...]:
        lines: list[LedgerLine] = []
        aimed: dict[tuple[str, int], set[str]] = defaultdict(set)
        for row in rows.values():
            if row.targets:
                aimed[row.place_key, row.year].add(row.indicator_id)
        for key, year in sorted(self._report_keys):
            # A target of last year that this report passes over in silence still has its line.
            named = self._by_report.get((key, year), set()) | aimed.get((key, year - 1), set())
            for indicator_id in sorted(named, key=lambda name: (self._order(name), name)):
                past, plan = rows.get((key, year - 1, indicator_id)), rows.get((key, year, indicator_id))
                own_plan = plan if plan is not None and plan.targets else None
                if past is None and own_plan is None:
                    continue
                some = past or plan
                assert some is not None
                lines.append(
                    LedgerLine(
                        key,
                        some.place,
                        year,
                        some.indicator,
                        indicator_id,
                        some.theme,
                        some.unit,
                        some.order,
                        past,
                        own_plan,
                    )
                )
        return tuple(lines)

    # --- remarks and issues --------------------------------------------------------------------

    def _remarks(self, row: LedgerRow) -> tuple[str, ...]:
        word = self.terms.word
        remarks: list[str] = []
        remarks.extend(self._name_remarks(row, row.targets, row.results))
        for fact in row.targets:
            if fact.report_year != row.year:
                remarks.append(word("remark.own_target", year=str(fact.report_year)))
                break
        for entry in row.measures:
            if entry.result is not None and entry.result.report_year != row.year + 1:
                remarks.append(word("remark.later_result", year=str(entry.result.report_year)))
            for other in entry.restated:
                same = entry.result is not None and other.report_year == entry.result.report_year
                fields = {"year": str(other.report_year), "value": told(other, self.terms), "quote": other.quote}
                remarks.append(word("remark.also" if same else "remark.restated", **fields))
            for other in entry.other_targets:
                remarks.append(word("remark.other_target", value=told(other, self.terms)))
        for completion in row.completions:
            remarks.append(self._own_words(completion))
        return tuple(dict.fromkeys(remarks))

    def _own_words(self, completion: Completion) -> str:
        """Return what the report says of the target itself; of a list of shares also which one is meant."""
        quote, percent = completion.quote, completion.percent
        if percent is None or sum(map(quote.count, "%％")) < 2:
            return self.terms.word("remark.own_words", quote=quote)
        return self.terms.word("remark.own_percent", percent=decimal_text(percent), quote=quote)

    def _missing(self, row: LedgerRow) -> str:
        """Tell why there is no target or no result to compare: the report is not at hand, or says nothing."""
        if row.status is Status.NO_TARGET:
            known = (row.place_key, row.year) in self._report_keys
            return self.terms.word(f"remark.no_target_{'stated' if known else 'report'}", year=str(row.year))
        if row.status in (Status.NO_RESULT, Status.NOT_FOUND):
            known = row.status is Status.NOT_FOUND
            return self.terms.word(f"remark.no_result_{'stated' if known else 'report'}", year=str(row.year + 1))
        return ""

    def _name_remarks(self, row: LedgerRow, targets: Sequence[Fact], results: Sequence[Fact]) -> list[str]:
        """Tell the printed names wherever they are not the indicator's."""

        def printed(facts: Iterable[Fact]) -> str:
            return next((name for fact in facts if (name := self._printed.of(fact))), "")

        def differs(name: str) -> bool:
            return bool(name) and name not in row.indicator  # a short form of the indicator's name is the same name

        target, result = printed(targets), printed(results)
        if not differs(target) and not differs(result):
            return []
        if target and result and target != result:
            return [self.terms.word("remark.two_names", target=target, result=result)]
        return [self.terms.word("remark.printed", name=target or result)]

    def _check_row(self, row: LedgerRow) -> None:
        """Report what the joining shows: silence, disagreement, restatement, mixed measures."""
        self._check_silence(row)
        self._check_restated(row)
        self._check_measures(row)
        for completion in row.completions:
            self._check_completion(row, completion)

    def _issue(self, code: str, row: LedgerRow, facts: Sequence[Fact], fields: dict[str, str]) -> None:
        main = facts[0] if facts else None
        fields = {"place": row.place, "indicator": row.indicator, "year": str(row.year), **fields}
        self.issues.append(
            Issue(
                code,
                fields,
                source=main.source if main else "",
                report=main.report if main else 0,
                start=main.start if main else -1,
                end=main.end if main else -1,
                place=row.place,
                indicator=row.indicator,
                facts=tuple(fact.id for fact in facts),
            )
        )

    def _check_silence(self, row: LedgerRow) -> None:
        if row.status is Status.NOT_FOUND:
            target = row.targets[0]
            fields = {"target": told(target, self.terms), "next": str(row.year + 1)}
            self._issue("L102", row, (target,), fields)

    def _check_restated(self, row: LedgerRow) -> None:
        for entry in row.measures:
            if entry.result is None:
                continue
            for other in entry.restated:
                if (other.source, other.report) == (entry.result.source, entry.result.report):
                    continue  # within one report the assembly already tells of it
                if unlike(entry.result, other, self.terms):
                    continue  # two things, no contradiction
                code = "L104" if other.report_year == entry.result.report_year else "L103"
                fields = {
                    "value": told(entry.result, self.terms),
                    "other": told(other, self.terms),
                    "report": str(entry.result.report_year),
                    "later": str(other.report_year),
                }
                self._issue(code, row, (entry.result, other), fields)

    def _check_measures(self, row: LedgerRow) -> None:
        if row.status is Status.OTHER_MEASURE:
            facts = (row.targets[0], row.results[0])
            fields = {"target": told(facts[0], self.terms), "result": told(facts[1], self.terms)}
            self._issue("L105", row, facts, fields | {"reason": row.reason})
        judged = [entry for entry in row.measures if entry.verdict.status in JUDGED]
        met = [entry for entry in judged if entry.verdict.status in MET]
        if met and len(met) < len(judged):
            missed = next(entry for entry in judged if entry.verdict.status is Status.MISSED)
            pair = tuple(entry.result for entry in (met[0], missed) if entry.result is not None)
            fields = {"met": met[0].verdict.text, "missed": missed.verdict.text}
            self._issue("L106", row, pair, fields)

    def _check_completion(self, row: LedgerRow, completion: Completion) -> None:
        """Compare what the report says of a target with what its numbers say."""
        fields = {"quote": completion.quote}
        level = row.entry(Measure.LEVEL)
        if completion.percent is not None and level is not None and level.target and level.result:
            aim, value = point_of(level.target), point_of(level.result)
            if aim and value is not None and aim > 0:
                computed = percent_of(value, aim)
                # The report rounds to what it prints; half a step of its last digit is no disagreement.
                half = Decimal(5).scaleb(int(completion.percent.as_tuple().exponent) - 1)
                if abs(computed - completion.percent) > max(half, Decimal("0.5")):
                    more = {"said": f"{decimal_text(completion.percent)}%", "computed": f"{decimal_text(computed)}%"}
                    self._issue("L107", row, (level.target, level.result), fields | more)
        if completion.difference is not None:
            for entry in row.measures:
                if entry.target is None or entry.result is None or entry.target.report_year != row.year:
                    continue
                aim, value = point_of(entry.target), point_of(entry.result)
                same_unit = completion.unit == entry.target.unit or (
                    completion.unit in self.terms.rate_units and self.terms.is_rate(entry.target)
                )
                if aim is None or value is None or not same_unit:
                    continue
                if value - aim != completion.difference:
                    more = {"said": decimal_text(completion.difference), "computed": decimal_text(value - aim)}
                    self._issue("L107", row, (entry.target, entry.result), fields | more)
        # The row itself may already follow the report's words; what counts here is what the figures say.
        by_figures, worded = self._overall(row.measures, row.place_key, row.year)
        if completion.met is not None and by_figures in JUDGED and completion.met != (by_figures in MET):
            facts = tuple(f for e in row.measures if e.verdict.status in JUDGED for f in (e.target, e.result) if f)
            more = {"said": self.terms.status(by_figures), "computed": worded}
            self._issue("L108", row, facts[:2], fields | more)


_PRINTED = re.compile(r"(\d+(?:\.\d+)?)([万亿]?)([^\d,，]*)")


def _capped(target: Fact, direction: str) -> bool:
    """Tell whether a target of which less is better is a ceiling: 控制在3%, not 3%左右."""
    return direction == "down" and target.bound is Bound.EQ


def _printed_gap(target: Fact, result: Fact) -> tuple[Decimal, str] | None:
    """Return the step in the unit that both figures were printed in, where it is not that of the facts.

    7278户 and 1.29万户 differ by 5622户, whatever the facts are told in; 5.25万 has no unit by itself.
    """
    if target.measure is not Measure.LEVEL:
        return None
    found = [_PRINTED.fullmatch(fact.raw) for fact in (target, result)]
    if found[0] is None or found[1] is None or not found[0][3] or found[0][3] != found[1][3]:
        return None
    (aim, word, base), (value, other, _) = (one.groups() for one in found if one is not None)
    if word == other:
        return (abs(Decimal(aim) - Decimal(value)), word + base) if word + base != target.unit else None
    if target.unit.endswith(base):
        return None
    return abs(Decimal(aim) * MAGNITUDES.get(word, 1) - Decimal(value) * MAGNITUDES.get(other, 1)), base


def _unit_of(facts: Sequence[Fact]) -> str:
    """Return the unit that a row's levels are told in: the result's before the target's; empty without a level."""
    levels = [fact for fact in facts if fact.measure is Measure.LEVEL and not fact.text]
    return next((fact.unit for kind in (Kind.RESULT, Kind.TARGET) for fact in levels if fact.kind is kind), "")


def _nearness(fact: Fact, report_year: int) -> tuple[int, int, bool, bool, int, str, int, int]:
    """Sort the report that should state a figure first, then later ones, then earlier ones; sure figures first.

    Of two results the one that is a point comes before a bound: 达到1035亿元 tells more than 突破1000亿元.
    """
    distance = fact.report_year - report_year
    rank = 0 if distance == 0 else 1 if distance > 0 else 2
    bound = fact.kind is Kind.RESULT and fact.bound in (Bound.GE, Bound.LE)
    return rank, abs(distance), bool(fact.doubt), bound, fact.order, fact.source, fact.report, fact.start


def _places(number: Decimal | None) -> int:
    """Return how many decimals a number is printed with."""
    return 0 if number is None else max(0, -int(number.as_tuple().exponent))


def _others(facts: Sequence[Fact], terms: Terms) -> Iterable[Fact]:
    """Yield the facts that state something else than the first, each value once."""
    seen: list[Fact] = []
    for fact in facts:
        if not any(fits(fact, known, terms) for known in seen):
            if seen:
                yield fact
            seen.append(fact)
            if len(seen) > _MOST_OTHERS:
                return


_MOST_OTHERS = 100
"""So many figures that contradict one another are told; each is compared with all before, and nobody reads more."""


__all__ = [
    "Implied",
    "Ledger",
    "LedgerLine",
    "LedgerRow",
    "MeasureEntry",
    "PlannedChange",
    "Shape",
    "Status",
    "Terms",
    "build_ledger",
    "place_key",
    "point_of",
    "shown",
    "told",
]
