"""What the expressions of ``briefing.yaml`` see of the ledger: its lines as rows of ready words, and their claims.

Figures are shown as the report prints them, with its own hedges; nothing here computes a figure. What is compared comes
from the ledger. Without last year's report there are no comparisons with its targets, so the rows then carry none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from operator import attrgetter
from typing import Final, NamedTuple

from compiler.briefing.figure_wording import FigureWording
from compiler.briefing.inline_marks import for_document, typeset
from compiler.briefing.sources import Sources
from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import Status, Terms, point_of, printed_scopes
from compiler.ledger.rows import Ledger, LedgerLine, LedgerRow, place_key
from compiler.ledger.totals import Totals, totals
from compiler.model import Bound, CompiledReport, Fact, IndicatorRule, Kind, Measure, RuleBook, Sentence, Tier
from compiler.numbers import decimal_text

_MEASURES: Final = (*Measure,)
"""Level, growth and change, in this order."""

_LONG_NAME: Final = 24
"""Characters up to which a report's own words for an indicator are told beside it."""

_CLAIMED: Final[Mapping[Status, tuple[str, ...]]] = {
    Status.EXCEEDED: ("judged", "reached", "exceeded"),
    Status.MET: ("judged", "reached", "met"),
    Status.WITHIN: ("judged", "reached", "met"),
    Status.ABOUT: ("judged", "about"),
    Status.MISSED: ("judged", "missed"),
    Status.MISSED_OWN: ("judged", "missed", "missed_own"),
}
"""What a status lets one claim. 基本完成 is no 完成."""


class Row(NamedTuple):
    """An indicator of one report, in words. Every field is text unless it is a flag.

    ``name`` is the report's own where that is another name of the same thing (农民人均纯收入), else the indicator's.
    What a figure goes by (按可比价) always stands beside it; that it is an estimate (预计), only in ``…_noted``.
    """

    name: str
    indicator: str = ""
    id: str = ""
    theme: str = ""
    headline: bool = False
    doubtful: bool = False
    mark: str = ""
    result: str = ""
    level: str = ""
    growth: str = ""
    note: str = ""
    result_noted: str = ""
    level_noted: str = ""
    growth_noted: str = ""
    target: str = ""
    difference: str = ""
    status: str = ""
    goal: str = ""
    step: str = ""
    growth_step: str = ""
    before: str = ""
    before_noted: str = ""
    moved: str = ""
    moved_shown: str = ""
    missed_by: str = ""
    told: str = ""
    reason: str = ""
    reason_cite: str = ""
    growth_number: str = ""
    goal_number: str = ""
    result_cite: str = ""
    target_cite: str = ""
    goal_cite: str = ""
    cite: str = ""
    where: str = ""
    remarks: str = ""
    definition: str = ""
    definition_shown: str = ""
    claims: frozenset[str] = frozenset()


ROW_FIELDS: Final = tuple(name for name in Row._fields if name != "claims")


class Rows(Mapping[str, Row]):
    """The rows of one report, each made when it is asked for; by indicator those without a figure in doubt.

    The summary over all places tells a few indicators of each: of a thousand reports the other rows are not made.
    """

    def __init__(
        self, lines: Sequence[LedgerLine], rules: Mapping[str, IndicatorRule], make: Callable[[LedgerLine], Row]
    ) -> None:
        self._lines = lines
        self._rules = rules
        self._make = make
        self._made: dict[int, Row] = {}

    @property
    def all(self) -> tuple[Row, ...]:
        """All rows, in the order of the tables."""
        return tuple(map(self._row, self._lines))

    @property
    def headlines(self) -> tuple[Row, ...]:
        """The rows of the main indicators."""
        found = ((line, self._rules.get(line.indicator_id)) for line in self._lines)
        return tuple(self._row(line) for line, rule in found if rule is not None and rule.headline)

    @property
    def missed(self) -> tuple[Row, ...]:
        """The rows of targets that were missed."""
        return tuple(
            self._row(line)
            for line in self._lines
            if line.past is not None and "missed" in _CLAIMED.get(line.past.status, ())
        )

    def __getitem__(self, indicator: str) -> Row:
        for line in self._by_name.get(indicator, ()):
            if not (row := self._row(line)).doubtful:
                return row
        raise KeyError(indicator)

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[LedgerLine]]:
        """The lines of each indicator, the last first."""
        found: dict[str, list[LedgerLine]] = {}
        for line in reversed(self._lines):
            found.setdefault(line.indicator, []).append(line)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(row.indicator for row in self.all if not row.doubtful))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _row(self, line: LedgerLine) -> Row:
        if id(line) not in self._made:
            self._made[id(line)] = self._make(line)
        return self._made[id(line)]


class Viewer:
    """Makes the rows of a report out of its ledger lines."""

    def __init__(
        self,
        ledger: Ledger,
        rulebook: RuleBook,
        sources: Sources,
        words: Mapping[str, str],
        lists: Mapping[str, Sequence[str]],
    ) -> None:
        self._ledger = ledger
        self._lines: dict[tuple[str, int], tuple[LedgerLine, ...]] = {}
        self._rules: Mapping[str, IndicatorRule] = {rule.id: rule for rule in rulebook.indicators}
        self.sources = sources
        self.wording = FigureWording(words, rulebook.lexicon, lists.get("grown", ()))
        self._reasons = lists.get("reasons", ())
        self._falls = (*lists.get("falls", ()), *lists.get("not_reached", ()))
        self._estimates = tuple(lists.get("estimates", ()))
        self._salutations = tuple(lists.get("salutations", ()))
        self._dealt = rulebook.lexicon.words("list.respectively")
        self.each = tuple(lists.get("each", ()))
        self._several = tuple(lists.get("several", ()))
        self._themes = {theme: number for number, theme in enumerate(lists.get("themes", ()))}
        self.terms = Terms.of(rulebook.ledger)
        self.level_units = frozenset((*self.terms.rate_units, *lists.get("level_units", ())))

    def totals(self, report: CompiledReport) -> Totals:
        """Return how many of last year's targets were judged and what came of them, counted in indicators."""
        return totals(line.past for line in self.lines(report) if line.past is not None)

    def lines(self, report: CompiledReport) -> tuple[LedgerLine, ...]:
        """Return the ledger lines of a report: headline indicators first, then by theme as the template has them."""
        key = place_key(report), report.identity.report_year
        if key not in self._lines:
            found = self._ledger.lines_of(*key)
            ordered = sorted(found, key=lambda line: self.order(line.indicator_id, line.theme, line.order))
            self._lines[key] = tuple(ordered)
        return self._lines[key]

    def results(self, report: CompiledReport) -> Mapping[str, Mapping[Measure, Fact]]:
        """Return last year's results that a report tells of the main indicators, by their ids."""
        return self._ledger.results(place_key(report), report.identity.report_year)

    def sought(self, report: CompiledReport) -> list[tuple[str, ...]]:
        """Return the other names of indicators by which a report's reasons for missed targets are sought."""
        missed = self._ledger.missed(place_key(report), report.identity.report_year)
        return [self._rules[one].aliases for one in missed if one in self._rules]

    def order(self, indicator_id: str, theme: str, order: int) -> tuple[bool, int, int]:
        """Return where an indicator stands in the tables."""
        rule = self._rules.get(indicator_id)
        return not (rule and rule.headline), self._themes.get(theme, len(self._themes)), order

    @cached_property
    def headlines(self) -> list[IndicatorRule]:
        """Return the headline indicators in the order of the tables."""
        found = [rule for rule in self._rules.values() if rule.headline]
        return sorted(found, key=lambda rule: self.order(rule.id, rule.theme, rule.order))

    def has_last_report(self, report: CompiledReport) -> bool:
        """Tell whether last year's report of the same place is in the build."""
        return self._ledger.has_report(place_key(report), report.identity.report_year - 1)

    def listed(self, report: CompiledReport) -> Rows:
        """Return the rows of a report, each made when it is asked for."""
        compared = self.has_last_report(report)
        lines = self.lines(report)

        @cache
        def names() -> Mapping[str, int]:
            return Counter(name for line in lines for name in {fact.printed_name for fact in _facts(line)})

        return Rows(lines, self._rules, lambda line: self._row(report, line, compared, names))

    def _row(
        self, report: CompiledReport, line: LedgerLine, compared: bool, names: Callable[[], Mapping[str, int]]
    ) -> Row:
        rule = self._rules.get(line.indicator_id)
        past, plan = line.past, line.plan
        results = by_measure(past, Kind.RESULT)
        goals = by_measure(plan, Kind.TARGET)
        targets = by_measure(past, Kind.TARGET) if compared else {}
        level, growth = results.get(Measure.LEVEL), results.get(Measure.GROWTH)
        shown, aimed, base = [*results.values()], [*targets.values()], [*goals.values()]
        goal_facts = [*base, *(fact for fact in _stretched(plan) if fact not in base)]
        told = {measure: self._told_as(fact) for measure, fact in results.items()}
        aims = [self._told_as(fact) for fact in goal_facts]
        cited = self.sources.of_fact
        shown_cited, goal_cited, target_cited = map(_once, (map(cited, facts) for facts in (shown, goal_facts, aimed)))

        result = _joined([*told.values()])
        single = len(shown) == 1
        of_level = _NO_WORDS if level is None else result if single else _joined([told[Measure.LEVEL]])
        best = Measure.GROWTH if growth else Measure.CHANGE
        of_growth = _NO_WORDS if best not in told else result if single else _joined([told[best]])
        before = [one for measure, one in told.items() if measure in goals] or [*told.values()]
        of_before = result if len(before) == len(told) else _joined(before)
        claims, moved = self._claims(line, targets, goals, compared)
        judged = past if "judged" in claims else None
        reason = self._reason(report, line) if "missed" in claims else None
        facts = [*shown, *goal_facts]
        doubt = any(map(doubtful, (*facts, *aimed)))
        say = self.wording
        name = self._own_name(line, names)
        steps = line.steps
        growth_step = next((step.text for step in steps if step.measure is Measure.GROWTH), "")
        definition = rule.note if rule else ""
        # In a sentence a name that is not the report's own stands with that: 造林面积 of what it calls 国土绿化.
        said = self._said(goal_facts[0]) if moved and goal_facts and name == line.indicator else ""
        called = f"{self.terms.word('remark.printed', name=said)}，" if said else ""
        notes = {self.estimate(fact) for fact in shown}
        # Beside a level that is marked as an estimate a growth need not be marked again.
        marked = level is not None and self.estimate(level)
        return Row(
            name=name,
            indicator=line.indicator,
            id=line.indicator_id,
            theme=line.theme,
            headline=bool(rule and rule.headline),
            doubtful=doubt,
            mark=say.word("doubt") if doubt else "",
            result=result.plain,
            level=of_level.plain,
            growth=of_growth.plain,
            note=for_document(notes.pop()) if len(notes) == 1 else "",
            result_noted=result.noted,
            level_noted=of_level.noted,
            growth_noted=of_growth.plain if marked else of_growth.noted,
            target=for_document("，".join([say.phrase(fact) for fact in aimed])),
            difference=judged.difference if judged else "",
            status=judged.status_word if judged else "",
            goal=_joined(aims).plain,
            step="；".join([step.text for step in steps]),
            growth_step=growth_step,
            before=of_before.plain,
            before_noted=of_before.noted,
            moved=for_document(moved),
            moved_shown=f"（{for_document(called + moved)}）" if moved else "",
            missed_by=f"（{judged.difference}）" if judged and judged.difference else "",
            told=typeset(for_document(self._told(report, line))),
            reason=for_document(self._without_salutation(reason.text)) if reason else "",
            reason_cite=self._cite(report, reason) if reason else "",
            growth_number=_number(growth),
            goal_number=_number(goals.get(Measure.GROWTH)),
            result_cite="".join(shown_cited) or self._cite_admission(report, line),
            target_cite="".join(target_cited),
            goal_cite="".join(goal_cited),
            cite="".join(_once((*target_cited, *shown_cited, *goal_cited))),
            where=self._where(report, facts),
            remarks=self._remarks(report, line, name, facts),
            definition=definition,
            definition_shown=f"（{definition}）" if definition else "",
            claims=frozenset(claims),
        )

    def _claims(
        self, line: LedgerLine, targets: Mapping[Measure, Fact], goals: Mapping[Measure, Fact], compared: bool
    ) -> tuple[set[str], str]:
        """Return what may be claimed of a line, and the words for how its target moved."""
        past = line.past
        status = past.status if past is not None else Status.NO_TARGET
        claims = set(_CLAIMED.get(status, ())) if compared or status is Status.MISSED_OWN else set()
        if compared and not claims and past is not None and past.targets and past.results:
            claims.add("unjudged")
        if _direction(line) != "up":
            claims.add("down")  # less is better: its growth is no rank among the others'
        moved = ""
        if compared:
            way, old, new = move(targets, goals, _direction(line))
            if way:
                claims.add(way)
            say = self.wording
            if old and new:
                moved = say.moved(say.phrase(old), say.phrase(new)) if _differ(old, new) else say.phrase(new)
            elif way == "new":
                moved = "，".join(say.phrase(fact) for fact in goals.values())
            elif way == "dropped":
                moved = "，".join(say.phrase(fact) for fact in targets.values())
        for step in line.steps:
            way = step.outcome.removeprefix("step.")
            rule = self._rules.get(line.indicator_id)
            if rule and rule.headline and step.measure is Measure.GROWTH and way in {"faster", "same", "slower"}:
                claims.add(way)
        return claims, moved

    def _told_as(self, fact: Fact) -> _Told:
        note = fact.status_note
        return _Told(self.wording.phrase(fact), "" if note and self.estimate(fact) else note, note)

    def estimate(self, fact: Fact) -> str:
        """Return the note of a figure that is an estimate: 预计, 初步核算. 按可比价 says by what it goes, no more."""
        note = fact.status_note
        return note if note and any(word in note for word in self._estimates) else ""

    def _remarks(self, report: CompiledReport, line: LedgerLine, name: str, shown: Sequence[Fact]) -> str:
        """Return by what other name the report goes, of what the figures shown are, and what else it states."""
        word, own = self.terms.word, (report.source, report.number)
        told = [word("remark.printed", name=name)] if name != line.indicator else []
        told.extend(word("remark.printed", name=said) for fact in shown if not told and (said := self._said(fact)))
        for row in (line.past, line.plan):
            for entry in row.measures if row else ():
                others = [fact for fact in entry.restated if (fact.source, fact.report) == own]
                told.extend(word("remark.also", quote=fact.quote) for fact in others)
                others = [fact for fact in entry.other_targets if row is line.plan]
                told.extend(word("remark.also", quote=fact.quote) for fact in others)
        return for_document(typeset("；".join(dict.fromkeys(told)))) if told else ""

    def _said(self, fact: Fact) -> str:
        """Return what a figure is of in the report's own words, where that is no other word for the indicator."""
        if printed_scopes(fact, self.terms):
            return self._without_figure(fact) if len(fact.quote) <= _LONG_NAME else ""
        if {*fact.printed_name} <= {*fact.indicator}:  # so are the letters of any name that it may be called by
            return ""
        name = self._ledger.names.of(fact)
        plain = bool(name) and not any(sign in "“”，、；：," for sign in name)
        plain = plain and not any(word in name and word not in fact.indicator for word in self._several)
        alike = {*name} <= {*fact.indicator} or fact.indicator in name
        return name if plain and not alike and len(name) <= _LONG_NAME and fact.from_year is None else ""

    def _without_figure(self, fact: Fact) -> str:
        """Return the words of a figure without it where it stands at their end (引进省外资金1085亿元), else with it."""
        name = self._ledger.names.plain(fact.quote.removesuffix(fact.raw)) if fact.raw else ""
        return name if name and not any(letter.isdigit() for letter in name) else fact.quote

    def _told(self, report: CompiledReport, line: LedgerLine) -> str:
        """Return what the report itself says of the target of last year, in its words: 完成计划目标的107.4%.

        That it was missed is a status. Of figures that are dealt out (分别为…) the words are those of several targets.
        """
        own = report.source, report.number
        for one in line.past.completions if line.past else ():
            if (one.source, one.report) == own and one.met is not False:
                told = re.split("[，,；;]", one.quote)[-1]
                if not any(word in told for word in self._dealt):
                    return told
        return ""

    def _own_name(self, line: LedgerLine, names: Callable[[], Mapping[str, int]]) -> str:
        """Return the name that the report itself gives a main indicator, where it is a name and of this one alone.

        ``names`` counts the indicators that go by a printed name: 城镇和农村居民收入 is the name of two.
        """
        rule = self._rules.get(line.indicator_id)
        for name in [fact.printed_name for fact in _facts(line)] if rule and rule.headline else ():
            if name[-2:] == line.indicator[-2:] and name not in line.indicator:
                plain = not any(sign.isdigit() or sign in "“”" for sign in name)
                several = any(word in name and word not in line.indicator for word in self._several)
                if plain and not several and names()[name] == 1:
                    return for_document(name)
        return line.indicator

    def _where(self, report: CompiledReport, facts: Sequence[Fact]) -> str:
        """Return the paragraphs of this report that facts stand in."""
        own = {fact.paragraph for fact in facts if (fact.source, fact.report) == (report.source, report.number)}
        return self.wording.word("paragraph").replace("{number}", "、".join(map(str, sorted(own)))) if own else ""

    def _reason(self, report: CompiledReport, line: LedgerLine) -> Sentence | None:
        """Return the sentence in which the report itself says why, or that, a target was missed."""
        for completion in line.past.completions if line.past else ():
            own = (completion.source, completion.report) == (report.source, report.number)
            if own and completion.met is False:
                told = next((one for one in report.sentences if one.number == completion.sentence), None)
                if told is not None:
                    return told
        rule = self._rules.get(line.indicator_id)
        names = {line.indicator, *(fact.printed_name for fact in (line.past.results if line.past else ()))}
        names |= {name for name in (rule.aliases if rule else ()) if "〔" not in name}
        names = {name for name in names if len(name) > 1}
        for sentence in report.sentences:
            text = sentence.text
            for name in names:
                if name in text:
                    if not sentence.part.value.startswith("plan") and self._gives_reason(text):
                        return sentence
                    break
        return None

    def _without_salutation(self, text: str) -> str:
        for word in self._salutations:
            text = text.removeprefix(word).lstrip("，,！!：:")
        return text

    def _gives_reason(self, text: str) -> bool:
        """Tell whether a sentence says why something fell or fell short: 受…影响, and a word of falling."""
        return any(_in_order(text, word.split("…")) for word in self._reasons) and any(w in text for w in self._falls)

    def _cite_admission(self, report: CompiledReport, line: LedgerLine) -> str:
        """Return the citation of the sentence in which the report says that a target was missed."""
        own = report.source, report.number
        said = [one for one in (line.past.completions if line.past else ()) if one.met is False]
        return next((self.sources.of_sentence(report, c.sentence) for c in said if (c.source, c.report) == own), "")

    def _cite(self, report: CompiledReport, sentence: Sentence) -> str:
        return self.sources.of_sentence(report, sentence.number)


class _Told(NamedTuple):
    """A figure in words, with what it goes by: an estimate says so only where that is asked for."""

    words: str
    note: str
    whole_note: str


class _Words(NamedTuple):
    """Figures in words, each with what it goes by; in ``noted`` an estimate says so."""

    plain: str
    noted: str


_NO_WORDS: Final = _Words("", "")


def _joined(told: Sequence[_Told]) -> _Words:
    """Return figures in words, each with what it goes by; hardly any goes by something."""
    if not any(map(attrgetter("whole_note"), told)):
        words = for_document("，".join([one.words for one in told]))
        return _Words(words, words)
    plain = _with_notes(told, [one.note for one in told])
    if all(one.note == one.whole_note for one in told):
        return _Words(plain, plain)
    return _Words(plain, _with_notes(told, [one.whole_note for one in told]))


def _with_notes(told: Sequence[_Told], notes: Sequence[str]) -> str:
    """Return figures in words with their notes; what all of them go by is said once, after the last."""
    if len({*notes}) == 1:
        return for_document("，".join([one.words for one in told]) + (f"（{notes[0]}）" if notes[0] else ""))
    pairs = zip(told, notes, strict=True)
    return for_document("，".join([f"{one.words}（{note}）" if note else one.words for one, note in pairs]))


def _once(marks: Iterable[str]) -> list[str]:
    """Return marks that are there, each once."""
    return [*dict.fromkeys(mark for mark in marks if mark)]


def _stretched(row: LedgerRow | None) -> Iterator[Fact]:
    """Yield the targets of a row that are striven for beyond its base targets."""
    for entry in row.measures if row is not None else ():
        for fact in (entry.target, entry.stretch, entry.words):
            if fact is not None and fact.tier is Tier.STRETCH:
                yield fact


def _facts(line: LedgerLine) -> list[Fact]:
    """Return the facts of a line that its own report states: results first."""
    return [*(line.past.results if line.past else ()), *(line.plan.targets if line.plan else ())]


def _in_order(text: str, words: Sequence[str]) -> bool:
    at = 0
    for word in words:
        found = text.find(word, at)
        if found < 0:
            return False
        at = found + len(word)
    return True


def _direction(line: LedgerLine) -> str:
    row = line.past or line.plan
    return row.direction if row is not None else "up"


def move(
    old: Mapping[Measure, Fact], new: Mapping[Measure, Fact], direction: str
) -> tuple[str, Fact | None, Fact | None]:
    """Return how this year's target stands to last year's, with the two figures that tell it.

    Where less is better (``direction`` down) a target is ``tightened`` or ``loosened``, else ``raised`` or ``lowered``.
    Only like is compared with like: the same measure and unit; else nothing is claimed (empty).
    """
    if not old or not new:
        return ("dropped" if old else "new" if new else ""), None, None
    for measure in (Measure.GROWTH, Measure.LEVEL, Measure.CHANGE):
        first, second = old.get(measure), new.get(measure)
        if first is None or second is None:
            continue
        if first.text or second.text:
            if first.text == second.text:
                return "kept", first, second
            continue
        a, b = point_of(first), point_of(second)
        if a is None or b is None or first.unit != second.unit:
            continue
        if (first.low, first.high) == (second.low, second.high):
            return "kept", first, second
        if a == b and Bound.RANGE not in {first.bound, second.bound}:
            return "kept", first, second
        higher = (b, second.high or b) > (a, first.high or a)
        if direction == "down":
            return ("loosened" if higher else "tightened"), first, second
        return ("raised" if higher else "lowered"), first, second
    return "", None, None


def _differ(old: Fact, new: Fact) -> bool:
    """Tell whether a target changed in figure or hedge, so that both are worth showing."""
    return (old.low, old.high, old.bound, old.text) != (new.low, new.high, new.bound, new.text)


def by_measure(row: LedgerRow | None, kind: Kind) -> dict[Measure, Fact]:
    """Return the main fact of each measure: the result, or the base target (words where there is no figure)."""
    found: dict[Measure, Fact] = {}
    seen: set[Measure] = set()
    for entry in row.measures if row is not None else ():
        if entry.measure in seen:
            continue
        seen.add(entry.measure)
        if kind is Kind.RESULT:
            fact = entry.result
        else:
            fact = entry.target or (entry.words if entry.words and entry.words.tier is Tier.BASE else None)
        if fact is not None:
            found[entry.measure] = fact
    return found if len(found) < 2 else {measure: found[measure] for measure in _MEASURES if measure in found}


def _number(fact: Fact | None) -> str:
    """Return a figure for a chart or a rank: one point, or nothing. What is in doubt is never charted."""
    if fact is None or fact.text or doubtful(fact):
        return ""
    value = point_of(fact)
    return "" if value is None else decimal_text(value)
