"""What the expressions of ``briefing.yaml`` see: ledger lines as rows of ready words, counts and groups.

Figures are shown as the report prints them, with its own hedges; nothing here computes a figure. What is
compared comes from the ledger. Without last year's report there are no comparisons with its targets, so
the rows then carry none and the counts are zero, whatever the ledger could infer from the report itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Final

from compiler.briefing.word import cite, clean
from compiler.ledger.judge import JUDGED, MET, Status, point_of
from compiler.ledger.rows import Ledger, LedgerLine, LedgerRow, place_key
from compiler.model import (
    Bound,
    CompiledReport,
    Fact,
    IndicatorRule,
    Issue,
    Kind,
    Lexicon,
    Measure,
    RuleBook,
    Sentence,
    Tier,
)
from compiler.numbers import decimal_text

_MEASURES: Final = (Measure.LEVEL, Measure.GROWTH, Measure.CHANGE)


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of one report, in words. Every field is text unless it is a flag."""

    name: str
    theme: str
    headline: bool
    result: str = ""
    level: str = ""
    growth: str = ""
    result_note: str = ""
    result_note_shown: str = ""
    target: str = ""
    difference: str = ""
    status: str = ""
    goal: str = ""
    stretch: str = ""
    hedge: str = ""
    nature: str = ""
    step: str = ""
    before: str = ""
    moved: str = ""
    moved_shown: str = ""
    reason: str = ""
    reason_cite: str = ""
    growth_number: str = ""
    goal_number: str = ""
    level_number: str = ""
    result_cite: str = ""
    target_cite: str = ""
    goal_cite: str = ""
    cite: str = ""
    remarks: str = ""
    definition: str = ""
    definition_shown: str = ""
    status_key: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """An indicator over the places of a build: this place, its rank, the first and the last."""

    name: str
    measure: str
    own: str
    own_cite: str
    rank: str
    of: str
    highest: str
    highest_place: str
    lowest: str
    lowest_place: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """An issue that an official should look at."""

    kind: str
    indicator: str
    message: str
    advice: str
    cite: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A verbatim sentence with its citation."""

    text: str
    cite: str
    name: str = ""


ROW_FIELDS: Final = tuple(one.name for one in fields(Row))


class Sources:
    """Finds the sentence of a fact or an offset, and gives each sentence the key it is cited by."""

    def __init__(self, reports: Sequence[CompiledReport]) -> None:
        self._numbers = {(report.source, report.number): n for n, report in enumerate(reports)}
        self._reports = reports
        self._sentences: dict[int, dict[int, Sentence]] = {}

    def key(self, source: str, report: int, sentence: int) -> str:
        """Return the key of a sentence, empty where it is unknown."""
        number = self._numbers.get((source, report))
        if number is None or sentence not in self._of(number):
            return ""
        return f"{number}.{sentence}"

    def of_fact(self, fact: Fact | None) -> str:
        """Return the citation mark of a fact."""
        key = self.key(fact.source, fact.report, fact.sentence) if fact else ""
        return cite(key) if key else ""

    def of_facts(self, facts: Iterable[Fact | None]) -> str:
        """Return the citation marks of several facts, each sentence once."""
        return "".join(dict.fromkeys(mark for fact in facts if (mark := self.of_fact(fact))))

    def of_issue(self, issue: Issue) -> str:
        """Return the citation mark of the sentence that an issue points at."""
        number = self._numbers.get((issue.source, issue.report))
        if number is None or issue.start < 0:
            return ""
        for sentence in self._reports[number].sentences:
            if sentence.start <= issue.start < sentence.end:
                return cite(f"{number}.{sentence.number}")
        return ""

    def sentence(self, key: str) -> tuple[CompiledReport, Sentence]:
        """Return the report and the sentence of a key."""
        number, sentence = (int(piece) for piece in key.split("."))
        return self._reports[number], self._of(number)[sentence]

    def _of(self, number: int) -> dict[int, Sentence]:
        if number not in self._sentences:
            self._sentences[number] = {one.number: one for one in self._reports[number].sentences}
        return self._sentences[number]


class Wording:
    """Says figures in Chinese, with the words of ``briefing.yaml``."""

    def __init__(self, words: Mapping[str, str], lexicon: Lexicon) -> None:
        self._words = words
        self._before = {hedge.word for hedge in lexicon.hedges if hedge.side == "before"}
        self._after = {hedge.word for hedge in lexicon.hedges if hedge.side == "after"}

    def word(self, key: str) -> str:
        """Return a word of the template, or its key where the template lacks it."""
        return self._words.get(key, key)

    def moved(self, old: str, new: str) -> str:
        """Return the words for a target that went from ``old`` to ``new``."""
        return self.word("moved").replace("{old}", old).replace("{new}", new)

    def figure(self, fact: Fact) -> str:
        """Return the figure as printed, hedges included: 6.5%左右, 控制在4.5%以内, 约28万元."""
        if fact.text:
            return fact.text
        before, after = self._hedges(fact)
        return f"{before}{_unsigned(fact)}{after}"

    def phrase(self, fact: Fact) -> str:
        """Return the figure with its verb: 增长6.5%左右, 下降9%, 提高2.4个百分点; a level stands by itself."""
        if fact.text:
            return fact.text
        verb = self._verb(fact)
        before, after = self._hedges(fact)
        tier = self._tier(fact, before)
        rest = before.removeprefix(tier)
        raw = _unsigned(fact)
        if any(sign.isdigit() for sign in raw) or raw[:1] in "零一二三四五六七八九十百千万亿两几半":
            return f"{tier}{verb}{rest}{raw}{after}"
        return f"{tier}{rest}{raw}{after}" if point_of(fact) else self.word("flat")

    def hedge(self, fact: Fact) -> str:
        """Return the hedge alone, with the place of the figure: 控制在…以内, 左右."""
        return fact.modifier

    def _tier(self, fact: Fact, before: str) -> str:
        """Return the word of striving that goes before the verb: 力争增长7%, not 增长力争7%."""
        if fact.tier is not Tier.STRETCH:
            return ""
        first = fact.modifier.split("…")[0]
        return first if first and before.startswith(first) else ""

    def _verb(self, fact: Fact) -> str:
        value = point_of(fact)
        if fact.measure is Measure.LEVEL or value is None:
            return ""
        if fact.measure is Measure.GROWTH:
            return self.word("growth_up" if value >= 0 else "growth_down")
        rate = fact.unit.endswith("点")
        if value >= 0:
            return self.word("rate_up" if rate else "amount_up")
        return self.word("rate_down" if rate else "amount_down")

    def _hedges(self, fact: Fact) -> tuple[str, str]:
        """Return what stands before and after the figure: told by the lexicon, else by the quote itself."""
        before: list[str] = []
        after: list[str] = []
        for piece in fact.modifier.split("…"):
            if not piece:
                continue
            if (piece in self._after) != (piece in self._before):
                behind = piece in self._after
            else:
                at, figure = fact.quote.rfind(piece), fact.quote.rfind(fact.raw)
                behind = f"{fact.raw}{piece}" in fact.quote or (
                    f"{piece}{fact.raw}" not in fact.quote and at > figure >= 0
                )
            (after if behind else before).append(piece)
        return "".join(before), "".join(after)


def _unsigned(fact: Fact) -> str:
    """Return the figure as printed, without a sign that the verb tells already.

    Of a ratio (16:49:35) only one part is the indicator's, so that part is shown instead.
    """
    raw = fact.raw
    value = point_of(fact)
    if value is not None and (":" in raw or "：" in raw or "∶" in raw):
        return f"{decimal_text(value)}{fact.unit}"
    return raw.lstrip("-－−–—") if fact.measure is not Measure.LEVEL else raw


@dataclass(slots=True)
class View:
    """All rows of one report; ``context`` is what the expressions see of them."""

    report: CompiledReport
    rows: tuple[Row, ...]
    context: dict[str, object] = field(default_factory=dict)
    lists: dict[str, Sequence[object]] = field(default_factory=dict)


class Viewer:
    """Makes the rows of a report out of its ledger lines."""

    def __init__(
        self,
        ledger: Ledger,
        rulebook: RuleBook,
        sources: Sources,
        words: Mapping[str, str],
        lists: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._ledger = ledger
        self._rules: Mapping[str, IndicatorRule] = {rule.id: rule for rule in rulebook.indicators}
        self._terms = rulebook.ledger.words
        self.sources = sources
        self.wording = Wording(words, rulebook.lexicon)
        lists = lists or {}
        self._reasons = lists.get("reasons", ())
        self._themes = {theme: number for number, theme in enumerate(lists.get("themes", ()))}

    def lines(self, report: CompiledReport) -> tuple[LedgerLine, ...]:
        """Return the ledger lines of a report: headline indicators first, then by theme as the template has them."""
        found = self._ledger.lines_of(place_key(report), report.identity.report_year)
        return tuple(sorted(found, key=lambda line: self.order(line.indicator_id, line.theme, line.order)))

    def order(self, indicator_id: str, theme: str, order: int) -> tuple[bool, int, int]:
        """Return where an indicator stands in the tables."""
        rule = self._rules.get(indicator_id)
        return not (rule and rule.headline), self._themes.get(theme, len(self._themes)), order

    @property
    def headlines(self) -> list[IndicatorRule]:
        """Return the headline indicators in the order of the tables."""
        found = [rule for rule in self._rules.values() if rule.headline]
        return sorted(found, key=lambda rule: self.order(rule.id, rule.theme, rule.order))

    def has_last_report(self, report: CompiledReport) -> bool:
        """Tell whether last year's report of the same place is in the build."""
        return self._ledger.has_report(place_key(report), report.identity.report_year - 1)

    def rows(self, report: CompiledReport) -> tuple[Row, ...]:
        """Return the rows of a report in the order of the rules."""
        compared = self.has_last_report(report)
        found = tuple(self._row(report, line, compared) for line in self.lines(report))
        # Marks are made of private characters; a text that holds some itself must not be taken for one.
        return found if clean(report.text) == report.text else tuple(_cleaned(row) for row in found)

    def _row(self, report: CompiledReport, line: LedgerLine, compared: bool) -> Row:
        rule = self._rules.get(line.indicator_id)
        say = self.wording
        past, plan = line.past, line.plan
        results = _by_measure(past, Kind.RESULT) if past else {}
        goals = _by_measure(plan, Kind.TARGET) if plan else {}
        targets = _by_measure(past, Kind.TARGET) if past and compared else {}
        level, growth, change = (results.get(measure) for measure in _MEASURES)
        best = growth or change
        base = [fact for fact in goals.values() if fact.tier is Tier.BASE]
        stretch = [f for f in (plan.targets if plan else ()) if f.tier is Tier.STRETCH]
        goal_facts = [*base, *stretch]
        status = past.status if past and compared else Status.NO_TARGET
        shown_results = [fact for fact in (level, growth, change) if fact]
        moved, key = self._moved(targets, goals, line) if compared else ("", "")
        note = "、".join(dict.fromkeys(fact.status_note for fact in shown_results if fact.status_note))
        reason = self._reason(report, line) if status is Status.MISSED else None
        return Row(
            name=line.indicator,
            theme=line.theme,
            headline=bool(rule and rule.headline),
            result="，".join(say.phrase(fact) for fact in shown_results),
            level=say.figure(level) if level else "",
            growth=say.phrase(best) if best else "",
            result_note=note,
            result_note_shown=f"（{note}）" if note else "",
            target="，".join(say.phrase(fact) for fact in targets.values()),
            difference=past.difference if past and compared else "",
            status=past.status_word if past and status in JUDGED else "",
            goal="，".join(say.phrase(fact) for fact in base),
            stretch="，".join(say.phrase(fact) for fact in stretch),
            hedge="；".join(dict.fromkeys(say.hedge(fact) for fact in goal_facts if fact.modifier)),
            nature=self._terms.get(f"nature.{rule.kind_of_target}", "") if rule else "",
            step="；".join(step.text for step in line.steps),
            before=self._before(results, goals),
            moved=moved,
            moved_shown=f"（{moved}）" if moved else "",
            reason=reason.text if reason else "",
            reason_cite=self._cite(report, reason) if reason else "",
            growth_number=_number(growth),
            goal_number=_number(goals.get(Measure.GROWTH)),
            level_number=_number(level),
            result_cite=self.sources.of_facts(shown_results),
            target_cite=self.sources.of_facts(targets.values()),
            goal_cite=self.sources.of_facts(goal_facts),
            cite=self.sources.of_facts([*targets.values(), *shown_results, *goal_facts]),
            remarks="；".join(dict.fromkeys(past.remarks if past and compared else ())),
            definition=rule.note if rule else "",
            definition_shown=f"（{rule.note}）" if rule and rule.note else "",
            status_key=key if not (past and status in JUDGED) else f"{status.value} {key}".strip(),
        )

    def _before(self, results: Mapping[Measure, Fact], goals: Mapping[Measure, Fact]) -> str:
        """Return last year's result in the measure of this year's target, or in whichever there is."""
        for measure in _MEASURES:
            if measure in goals and measure in results and measure is not Measure.LEVEL:
                return self.wording.phrase(results[measure])
        return "，".join(self.wording.phrase(results[measure]) for measure in _MEASURES if measure in results)

    def _moved(self, old: Mapping[Measure, Fact], new: Mapping[Measure, Fact], line: LedgerLine) -> tuple[str, str]:
        """Return how this year's target stands to last year's: old and new, and which way it went."""
        say = self.wording
        was = "，".join(say.phrase(fact) for fact in old.values())
        now = "，".join(say.phrase(fact) for fact in new.values())
        if old and not new:
            return was, "dropped"
        if new and not old:
            return now, "new"
        for measure in (Measure.GROWTH, Measure.LEVEL, Measure.CHANGE):
            first, second = old.get(measure), new.get(measure)
            if first is None or second is None:
                continue
            if first.text or second.text:
                if first.text == second.text:
                    return say.phrase(second), "kept"
                continue
            a, b = point_of(first), point_of(second)
            if a is None or b is None or first.unit != second.unit:
                continue
            if (first.low, first.high) == (second.low, second.high):
                return say.phrase(second), "kept"
            if a == b and Bound.RANGE not in {first.bound, second.bound}:
                return say.moved(say.phrase(first), say.phrase(second)), "kept"
            down = (line.past or line.plan or _NO_ROW).direction == "down"
            higher = (b, second.high or b) > (a, first.high or a)
            return say.moved(say.phrase(first), say.phrase(second)), "raised" if higher != down else "lowered"
        return (say.moved(was, now), "other") if old and new else ("", "")

    def _reason(self, report: CompiledReport, line: LedgerLine) -> Sentence | None:
        """Return the sentence in which the report itself says why, or that, a target was missed."""
        own = [c for c in (line.past.completions if line.past else ()) if c.met is False]
        for completion in own:
            for sentence in report.sentences:
                if (completion.source, completion.report) == (report.source, report.number) and (
                    sentence.number == completion.sentence
                ):
                    return sentence
        rule = self._rules.get(line.indicator_id)
        names = {line.indicator, *(fact.printed_name for fact in (line.past.results if line.past else ()))}
        names |= {name for name in (rule.aliases if rule else ()) if "〔" not in name}
        names = {name for name in names if len(name) > 1}
        for sentence in report.sentences:
            if sentence.part.value.startswith("plan"):
                continue
            if any(name in sentence.text for name in names) and any(word in sentence.text for word in self._reasons):
                return sentence
        return None

    def _cite(self, report: CompiledReport, sentence: Sentence) -> str:
        key = self.sources.key(report.source, report.number, sentence.number)
        return cite(key) if key else ""


def _cleaned(row: Row) -> Row:
    """Return the row with the private characters taken out of all that is not a citation."""
    changes: dict[str, Any] = {
        one: clean(value)
        for one in ROW_FIELDS
        if not one.endswith("cite") and isinstance(value := getattr(row, one), str)
    }
    return replace(row, **changes)


class _NoRow:
    direction = "up"


_NO_ROW: Final = _NoRow()


def _by_measure(row: LedgerRow, kind: Kind) -> dict[Measure, Fact]:
    """Return the main fact of each measure: the result, or the base target (words where there is no figure)."""
    found: dict[Measure, Fact] = {}
    for measure in _MEASURES:
        entry = row.entry(measure)
        if entry is None:
            continue
        if kind is Kind.RESULT:
            fact = entry.result
        else:
            fact = entry.target or (entry.words if entry.words and entry.words.tier is Tier.BASE else None)
        if fact is not None:
            found[measure] = fact
    return found


def _number(fact: Fact | None) -> str:
    """Return a figure for a chart or a rank: one point, or nothing."""
    if fact is None or fact.text:
        return ""
    value = point_of(fact)
    return "" if value is None else decimal_text(value)


# --- lists -------------------------------------------------------------------------------------


def groups(rows: Sequence[Row], lines: Sequence[LedgerLine], compared: bool) -> dict[str, list[Row]]:
    """Return the lists of rows that the template may go through."""
    named: dict[str, list[Row]] = {
        "all_rows": [*rows],
        "headline": [row for row in rows if row.headline],
        "headline_results": [row for row in rows if row.headline and row.result],
        "headline_goals": [row for row in rows if row.headline and row.goal],
        "results": [row for row in rows if row.result],
        "reviewed": [row for row in rows if row.result or row.target],
        "goals": [row for row in rows if row.goal or row.stretch],
        "defined": [row for row in rows if row.definition and row.headline],
        "remarked": [row for row in rows if row.remarks],
        "noted": [row for row in rows if row.result_note],
    }
    # Rates count too where a growth is told; a rise of 0 is neither.
    grown = [(Decimal(row.growth_number), row) for row in rows if row.growth_number]
    named["rises"] = [row for value, row in sorted(grown, key=lambda pair: -pair[0]) if value > 0]
    named["falls"] = [row for value, row in sorted(grown, key=lambda pair: pair[0]) if value < 0]
    for key in ("exceeded", "met", "nearly", "missed", "raised", "kept", "lowered", "dropped", "new", "other"):
        wanted = _STATUSES_OF.get(key, {key})
        named[key] = [row for row in rows if compared and wanted & set(row.status_key.split())]
    named["judged"] = [row for row in rows if row.status]
    named["reached"] = [row for row in named["judged"] if any(s.value in row.status_key.split() for s in MET)]
    named["unjudged"] = [row for row in rows if compared and row.target and row.result and not row.status]
    steps: dict[str, list[Row]] = {"faster": [], "same": [], "slower": []}
    for row, line in zip(rows, lines, strict=True):
        for step in line.steps:
            way = step.outcome.removeprefix("step.")
            if step.measure is Measure.GROWTH and way in steps:
                steps[way].append(row)
    named.update(steps)
    named["charted"] = [row for row in rows if row.growth_number and row.goal_number]
    return named


_STATUSES_OF: Final[Mapping[str, frozenset[str]]] = {
    "met": frozenset({Status.MET, Status.WITHIN}),
    "nearly": frozenset({Status.ABOUT}),
    "missed": frozenset({Status.MISSED, Status.MISSED_OWN}),
}
"""The groups of the template that hold other statuses than the one of their name."""

GROUPS: Final = (
    *("all_rows", "headline", "headline_results", "headline_goals", "results", "reviewed", "goals"),
    *("defined", "remarked", "noted", "rises", "falls"),
    *("exceeded", "met", "nearly", "missed", "raised", "kept", "lowered", "dropped", "new", "other"),
    *("judged", "reached", "unjudged", "faster", "same", "slower", "charted"),
)


def ranks(report: CompiledReport | None, peers: Sequence[CompiledReport], viewer: Viewer) -> list[Rank]:
    """Return each headline indicator over ``peers``; a place that does not state it is named, never ranked."""
    tables = {id(one): {line.indicator_id: line for line in viewer.lines(one)} for one in peers}
    found: list[Rank] = []
    for rule in viewer.headlines:
        for measure in (Measure.GROWTH, Measure.LEVEL):
            rank = _rank(report, peers, tables, rule, measure, viewer)
            if rank is not None:
                found.append(rank)
                break
    return found


def _rank(
    report: CompiledReport | None,
    peers: Sequence[CompiledReport],
    tables: Mapping[int, Mapping[str, LedgerLine]],
    rule: IndicatorRule,
    measure: Measure,
    viewer: Viewer,
) -> Rank | None:
    values: list[tuple[Decimal, CompiledReport, Fact]] = []
    missing: list[str] = []
    for peer in peers:
        line = tables[id(peer)].get(rule.id)
        entry = line.past.entry(measure) if line and line.past else None
        fact = entry.result if entry else None
        value = point_of(fact) if fact else None
        if fact is None or value is None or fact.unit != (rule.unit if measure is Measure.LEVEL else "%"):
            missing.append(peer.identity.place)
        else:
            values.append((value, peer, fact))
    own = next(((value, fact) for value, peer, fact in values if peer is report), None)
    if len({peer.identity.place for _, peer, _ in values}) < 2 or (report is not None and own is None):
        return None
    down = rule.direction == "down"
    values.sort(key=lambda item: (item[0] if down else -item[0], item[1].identity.place))
    say = viewer.wording
    better = sum(1 for value, _, _ in values if own and (value < own[0] if down else value > own[0]))
    first, last = values[0], values[-1]
    return Rank(
        name=rule.name,
        measure=say.word(f"measure_{measure.value}"),
        own=say.phrase(own[1]) if own else "",
        own_cite=viewer.sources.of_fact(own[1]) if own else "",
        rank=str(better + 1) if own else "",
        of=str(len(values)),
        highest=say.phrase(first[2]),
        highest_place=first[1].identity.place,
        lowest=say.phrase(last[2]),
        lowest_place=last[1].identity.place,
        missing="、".join(missing),
    )
