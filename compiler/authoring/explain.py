"""Tells why a figure became a fact, or which step refused it: the path from the sentence to the cell.

What is told comes from the reading that the build makes facts of (:class:`compiler.facts.compile.Reading`), of the
whole report, since what a sentence means may stand in the sentences before it; a sentence typed in is read like an
example of a rule.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from compiler.facts.compile import EXAMPLE_IDENTITY, Reading, language_of, read_example, read_source
from compiler.issues import advice, message
from compiler.language.extract import Extraction, Found, FoundRefusal, Free, SentenceInput
from compiler.language.guards import GUARDS, Guard
from compiler.language.outcomes import How
from compiler.language.vocabulary import Language
from compiler.model import (
    Bound,
    CompiledReport,
    Fact,
    Form,
    Identity,
    IndicatorRule,
    Issue,
    Kind,
    Location,
    Measure,
    Part,
    RuleBook,
    Source,
    Total,
)
from compiler.numbers import decimal_text
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode
from compiler.rules.parse import read_document
from compiler.rules.patterns import expand_pattern
from compiler.strings import squeeze

_HOW = {
    How.NAME_BEFORE: "G001",
    How.CARRIED: "G002",
    How.NAME_AFTER: "G003",
    How.PHRASE: "G004",
    How.WORDS: "G005",
}


MEASURES = {Measure.LEVEL: "绝对值", Measure.GROWTH: "增长", Measure.CHANGE: "增减"}
_TOTALS = {Total.NONE: "", Total.SUM: "合计", Total.END: "末", Total.ANNUAL: "年均"}
KINDS = {Kind.RESULT: "完成", Kind.TARGET: "目标"}
_BOUNDS = {Bound.EQ: "", Bound.GE: "≥", Bound.LE: "≤", Bound.APPROX: "约", Bound.RANGE: "", Bound.NONE: ""}
_BOUND_WORDS = {Bound.GE: "下限", Bound.LE: "上限", Bound.APPROX: "大概数", Bound.RANGE: "区间"}
_PARTS = {
    Part.REVIEW: "回顾",
    Part.PLAN: "安排",
    Part.REVIEW_SPAN: "多年回顾",
    Part.PLAN_SPAN: "多年安排",
    Part.OTHER: "开头、结尾或附录",
}
_NAME_KEYS = ("aliases", "growth_names", "short", "objects")
LONGEST_BETWEEN = 20
"""So many characters between a name and a figure are shown."""

_CLAUSE_END = "，。；！？\n"

_REMARK = re.compile(r"（[^（）]*）")


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """One figure of a sentence with what became of it, in Chinese.

    ``start`` is the figure's offset in the sentence, ``code`` the message behind ``reason``; ``details`` tell
    how the value came about, ``name`` is the name or phrase that the figure was taken by. ``advice`` says what to do in
    the rules for another outcome, ``basis`` which words and keys decided, with their lines.
    """

    raw: str
    taken: bool
    verdict: str
    reason: str
    rule: str = ""
    indicator_id: str = ""
    start: int = -1
    code: str = ""
    details: tuple[str, ...] = ()
    advice: str = ""
    basis: tuple[str, ...] = ()
    found: Found | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence with the path of each of its figures; ``names`` are the indicator names known in it."""

    text: str
    part: Part
    paragraph: int
    headings: tuple[str, ...]
    steps: tuple[ExplainedFigure, ...]
    names: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains the sentences of a report from the very reading that its facts were made of."""

    reading: Reading
    rulebook: RuleBook
    places: RuleLines

    @classmethod
    def of(cls, reading: Reading, rulebook: RuleBook) -> Explainer:
        """Return an explainer of ``reading``, which was made with the rules of ``rulebook``."""
        return cls(reading, rulebook, RuleLines(rulebook))

    def explained(self, number: int) -> Explained:
        """Return the sentence ``number`` with the path of each of its figures."""
        sentence = self.reading.printed[number - 1]
        entry = self.reading.inputs[number - 1]
        language = language_of(self.rulebook)
        names = tuple(dict.fromkeys(entry.text[start:end] for start, end in language.names.one_by_one(entry.text)))
        steps = _steps(self.reading.extraction, entry, self.rulebook, self.places)
        return Explained(
            sentence.text, sentence.part, sentence.paragraph, sentence.headings, tuple(steps), names, number
        )

    def mentions(self, rule: IndicatorRule) -> tuple[int, ...]:
        """Return the sentences with a name of ``rule``, those with a figure nearest to it first."""
        language = language_of(self.rulebook)
        figures: dict[int, list[int]] = {}
        for free in self.reading.extraction.free:
            figures.setdefault(free.sentence, []).append(free.quantity.start)
        refused = {item.sentence for item in self.reading.extraction.refusals if item.refused.rule.id == rule.id}
        found: dict[int, tuple[bool, int]] = {}
        for entry in self.reading.inputs:
            ends = [
                end
                for start, end in language.names.one_by_one(entry.text)
                if any(claim.rule and claim.rule.id == rule.id for claim in language.entries[entry.text[start:end]])
            ]
            if ends or entry.number in refused:
                gaps = [abs(at - end) for at in figures.get(entry.number, ()) for end in ends]
                found[entry.number] = (entry.number not in refused, min(gaps, default=len(entry.text)))
        return tuple(sorted(found, key=lambda number: (*found[number], number)))

    def all(self) -> tuple[Explained, ...]:
        """Return every sentence with the path of each of its figures."""
        return tuple(self.explained(sentence.number) for sentence in self.reading.printed)


# --- where things stand in the rules -----------------------------------------------------------


@dataclass(slots=True)
class RuleLines:
    """Finds the line of a rule's key or of a word of the lexicon, so that one knows where to edit."""

    rulebook: RuleBook
    documents: dict[str, Document | None] = field(default_factory=dict)

    def _document(self, relative: str) -> Document | None:
        if relative not in self.documents:
            folder = Path(self.rulebook.root)
            shown = f"{folder.resolve().name}/{relative}"
            self.documents[relative] = read_document(folder / relative, shown)[0] if self.rulebook.root else None
        return self.documents[relative]

    def _shown(self, relative: str, node: Node | None) -> str:
        document = self.documents.get(relative)
        name = document.path if document else f"rules/{relative}"
        return f"{name}:{node.start.line + 1}" if node is not None else name

    def rule(self, rule: IndicatorRule, key: str = "id", item: str = "") -> str:
        """Return where ``key`` of a rule stands, or the item of its list that holds ``item``."""
        return self._shown(rule.file, self._node(rule, key, item))

    def of_key(self, rule: IndicatorRule, key: str, item: str = "") -> Location | None:
        """Return the location of ``key`` of a rule, or of the item of its list that holds ``item``."""
        node = self._node(rule, key, item)
        document = self.documents.get(rule.file)
        return document.location(node) if document is not None and node is not None else rule.where

    def of_name(self, rule: IndicatorRule, name: str) -> Location | None:
        """Return the location of the name or phrase of ``rule`` that ``name`` in a text is."""
        key, pattern, _ = _pattern_of(name, rule, self.rulebook, self)
        if any(phrase.pattern == name for phrase in rule.phrases):
            key, pattern = "phrases", name
        return self.of_key(rule, key, pattern if key != "name" else "")

    def _node(self, rule: IndicatorRule, key: str, item: str) -> Node | None:
        document = self._document(rule.file)
        root = document.root if document else None
        rules = root.get("indicators") if isinstance(root, MapNode) else None
        for entry in rules.items if isinstance(rules, ListNode) else ():
            if isinstance(entry, MapNode) and _text(entry.get("id")) == rule.id:
                node = entry.get(key) or entry.get("id")
                return _holding(node, item) if item else node
        return None

    def word(self, path: str, word: str = "") -> str:
        """Return where the word list ``path`` of the lexicon stands, or the line of ``word`` in it."""
        document = self._document("lexicon.yaml")
        node: Node | None = document.root if document else None
        for name in path.split("."):
            node = node.get(name) if isinstance(node, MapNode) else None
        return self._shown("lexicon.yaml", _holding(node, word) if word and node is not None else node)


def _text(node: Node | None) -> str:
    return node.value.strip() if isinstance(node, TextNode) else ""


def _holding(node: Node | None, text: str) -> Node | None:
    """Return the innermost text at or below ``node`` that is ``text``, else ``node``."""
    below: Iterable[Node] = ()
    if isinstance(node, ListNode):
        below = node.items
    elif isinstance(node, MapNode):
        below = [value for _, value in node.pairs]
    elif isinstance(node, TextNode):
        return node
    for child in below:
        found = _holding(child, text)
        if isinstance(found, TextNode) and found.value.strip() == text:
            return found
    return node


# --- what is asked for -------------------------------------------------------------------------


def reading_of(report: CompiledReport, source: Source, rulebook: RuleBook) -> Reading:
    """Return how ``report`` was read: the stages of a build, run on the same source with the same rules."""
    readings, _ = read_source(source, rulebook)
    return next(reading for reading in readings if reading.report.number == report.number)


def explain_text(
    text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY
) -> tuple[ExplainedFigure, ...]:
    """Explain a text typed in, as if it stood in ``part`` of a report on ``identity``."""
    explainer = Explainer.of(read_example(text, part, rulebook, identity), rulebook)
    return tuple(step for explained in explainer.all() for step in explained.steps)


def step_of_fact(fact: Fact, steps: Sequence[ExplainedFigure]) -> ExplainedFigure | None:
    """Return the step that led to ``fact``, None where none did (a target told by its difference)."""
    for step in steps:
        if step.found is None:
            continue
        value = step.found.binding.value
        found = step.found
        cell = (step.indicator_id, found.from_year, found.year, found.kind)
        same_cell = cell == (fact.indicator_id, fact.from_year or 0, fact.year, fact.kind)
        if same_cell and (value.measure, value.low, value.high) == (fact.measure, fact.low, fact.high):
            return step
    return None


def find_rules(word: str, language: Language) -> tuple[IndicatorRule, ...]:
    """Return the indicators that ``word`` names: by id, name or any alias."""
    rules = [rule for rule in language.rulebook.indicators if word in (rule.id, rule.name)]
    if rules:
        return tuple(rules)
    for entry in language.entries.get(word, ()):
        if entry.rule is not None:
            rules.append(entry.rule)
        elif entry.combined is not None:
            rules.extend(language.by_id[i] for i in entry.combined.indicators if i in language.by_id)
    return tuple({rule.id: rule for rule in rules}.values())


def nearest_first(word: str, known: Iterable[str]) -> list[str]:
    """Return ``known`` with those first that share most with ``word``."""
    return sorted(known, key=lambda other: -difflib.SequenceMatcher(None, word, other).ratio())


def nearest_names(word: str, rulebook: RuleBook) -> tuple[str, ...]:
    """Return the names of indicators that look like ``word``."""
    names = [rule.name for rule in rulebook.indicators]
    inside = [name for name in names if word in name]
    return tuple(dict.fromkeys([*inside, *difflib.get_close_matches(word, names, 3, 0.5)]))[:5]


# --- the steps of a sentence -------------------------------------------------------------------


def _steps(
    extraction: Extraction, entry: SentenceInput, rulebook: RuleBook, places: RuleLines
) -> list[ExplainedFigure]:
    """Return what became of each figure of a sentence, in the order of the text."""
    steps = [_taken(item, entry, rulebook, places) for item in extraction.found if item.sentence == entry.number]
    steps.extend(
        _refused(item, entry, rulebook, places) for item in extraction.refusals if item.sentence == entry.number
    )
    told = {step.start for step in steps}
    for report in extraction.self_reports:
        if report.sentence == entry.number and report.quantity is not None and report.quantity.start not in told:
            told.add(report.quantity.start)
            rule = report.report.rule
            steps.append(
                ExplainedFigure(
                    raw=report.quantity.raw,
                    taken=True,
                    verdict=f"{rule.name}：{report.year}年完成情况自述",
                    reason=_message("G006", ""),
                    rule=f"{rule.file}#{rule.id}",
                    indicator_id=rule.id,
                    start=report.quantity.start,
                    code="G006",
                )
            )
    for free in extraction.free:
        if free.sentence == entry.number and free.quantity.start not in told:
            steps.append(_free(free, entry, language_of(rulebook)))
    steps.sort(key=lambda step: (step.start, not step.taken))
    return steps


def _message(code: str, word: str, **fields: str) -> str:
    return message(Issue(code, {"word": word, **fields}))


def shown_value(found: Found) -> str:
    """Return a bound figure as people read it: 2016年完成 绝对值 1035.1亿元."""
    value = found.binding.value
    span = f"{found.from_year}—" if found.from_year else ""
    head = f"{span}{found.year}年{_TOTALS[found.total]}{KINDS[found.kind]} {MEASURES[value.measure]}"
    return f"{head} {shown_figure(value.low, value.high, value.bound, value.unit, found.binding.words)}"


def shown_figure(low: Decimal | None, high: Decimal | None, bound: Bound, unit: str, words: str) -> str:
    """Return a figure with its bound and unit, or the words that stand for it."""
    numbers = [decimal_text(end) for end in (low, high) if end is not None]
    if not numbers:
        return words
    if bound is Bound.RANGE and len(numbers) == 2:
        return f"{numbers[0]}～{numbers[1]}{unit}"
    return f"{_BOUNDS[bound]}{numbers[0]}{unit}"


def _taken(found: Found, entry: SentenceInput, rulebook: RuleBook, places: RuleLines) -> ExplainedFigure:
    binding = found.binding
    rule = binding.rule
    code = _HOW[binding.how]
    name = entry.text[binding.name_start : binding.name_end]
    word = binding.phrase or binding.words or name
    quantity = found.quantity
    return ExplainedFigure(
        raw=quantity.raw if quantity is not None else binding.words,
        taken=True,
        verdict=f"{rule.name}：{shown_value(found)}",
        reason=_message(code, word),
        rule=f"{rule.file}#{rule.id}",
        indicator_id=rule.id,
        start=quantity.start if quantity is not None else binding.quote_start,
        code=code,
        details=tuple(_details(found, entry, name, rulebook, places)),
        found=found,
        name=word,
    )


def _details(found: Found, entry: SentenceInput, name: str, rulebook: RuleBook, places: RuleLines) -> Iterator[str]:
    """Tell which pattern matched, how the value was read, and why the figure is of this year and kind."""
    binding, quantity = found.binding, found.quantity
    rule, value = binding.rule, binding.value
    if binding.how is How.PHRASE:
        yield _message("G201", binding.phrase, key="phrases", place=places.rule(rule, "phrases", binding.phrase))
    else:
        key, pattern, place = _pattern_of(name, rule, rulebook, places)
        if pattern and pattern != name:
            yield _message("G202", name, key=key, pattern=pattern, place=place)
        else:
            yield _message("G201", name, key=key, place=place)
    if quantity is not None:
        shown = shown_figure(value.low, value.high, value.bound, value.unit, "")
        if value.bound in _BOUND_WORDS:
            hedge = binding.held if quantity.modifier == "" else quantity.modifier
            if hedge:
                yield _message("G203", hedge, bound=_BOUND_WORDS[value.bound])
        converted = quantity.form is Form.AMOUNT and value.unit != quantity.unit and squeeze(quantity.raw) not in shown
        if converted or quantity.form in (Form.TIMES, Form.DOUBLING, Form.FLAT):
            yield _message("G204", quantity.raw, value=shown)
    if binding.stretch:
        yield _message("G205", binding.stretch)
    expected = Kind.TARGET if entry.part in (Part.PLAN, Part.PLAN_SPAN) else Kind.RESULT
    code = "G206" if found.kind is expected else "G207"
    yield _message(code, _PARTS[entry.part], year=str(found.year), kind=KINDS[found.kind])
    if binding.construction:
        yield _message("G209", binding.construction)
    if found.status:
        yield _message("G208", found.status)


def _pattern_of(name: str, rule: IndicatorRule, rulebook: RuleBook, places: RuleLines) -> tuple[str, str, str]:
    """Return the key and the pattern of the rules that a printed name matched, and where it stands."""
    bare = _REMARK.sub("", name)
    for literal in dict.fromkeys((name, bare)):
        if literal in expand_pattern(rule.name):
            return "name", rule.name, places.rule(rule, "name")
        for key in _NAME_KEYS:
            for pattern in getattr(rule, key):
                if literal in expand_pattern(pattern):
                    return key, pattern, places.rule(rule, key, pattern)
        for combined in rulebook.combined:
            if rule.id in (*combined.indicators, combined.whole):
                for pattern in combined.names:
                    if literal in expand_pattern(pattern):
                        where = combined.where
                        return "combined", pattern, f"{where.path}:{where.line}" if where else combined.file
    return "name", "", places.rule(rule)


def _refused(item: FoundRefusal, entry: SentenceInput, rulebook: RuleBook, places: RuleLines) -> ExplainedFigure:
    refused = item.refused
    code = GUARDS[refused.guard].code
    because = ""
    if refused.guard is Guard.EXCLUDE:
        because = next((e.because for e in refused.rule.exclude if refused.word in e.words), "")
    return ExplainedFigure(
        raw=item.quantity.raw,
        taken=False,
        verdict=f"没有归给 {refused.rule.name}",
        reason=_message(code, refused.word, unit=refused.rule.unit, because=because, part=_PARTS[entry.part]),
        rule=f"{refused.rule.file}#{refused.rule.id}",
        indicator_id=refused.rule.id,
        start=item.quantity.start,
        code=code,
        advice=advice(Issue(code, {"word": refused.word})),
        details=(_message("G209", refused.construction),) if refused.construction else (),
        basis=tuple(_basis(refused.guard, refused.word, refused.rule, rulebook, places)),
    )


def _basis(guard: Guard, word: str, rule: IndicatorRule, rulebook: RuleBook, places: RuleLines) -> Iterator[str]:
    """Tell which word lists and which keys of the rule decide, with the line that holds the word."""
    lexicon = rulebook.lexicon
    holding: list[str] = []
    mentioned: list[str] = []
    for wanted in GUARDS[guard].lists:
        for path in sorted(name for name in lexicon.lists if name == wanted or name.startswith(f"{wanted}.")):
            if word in lexicon.words(path):
                holding.append(_message("G211", word, list=path, place=places.word(path, word)))
            elif path == "guard.place_suffixes":
                suffix = next((s for s in lexicon.words(path) if word.endswith(s)), "")
                if suffix and not holding:
                    holding.append(_message("G212", word, suffix=suffix, place=places.word("guard.not_places")))
            else:
                mentioned.append(_message("G213", word, list=path, place=places.word(path)))
    for key in GUARDS[guard].keys:
        item = word if guard is Guard.EXCLUDE else ""
        yield _message("G214", word, key=key, id=rule.id, place=places.rule(rule, key, item))
    yield from holding
    if not holding and GUARDS[guard].tells_list:
        yield from mentioned


def _may_have(name: tuple[int, int], start: int, end: int, text: str) -> bool:
    """Tell whether a figure can belong to a name: one before it, or one right behind it in its clause.

    A name of a later clause has a figure of its own: 建成车间17个，固定资产投资增长9%.
    """
    return name[1] <= start or (name[0] >= end and not any(mark in text[end : name[0]] for mark in _CLAUSE_END))


def _free(free: Free, entry: SentenceInput, language: Language) -> ExplainedFigure:
    """Tell of a figure that no rule claimed; where names stand in the sentence, what lies between."""
    start, end = free.quantity.start, free.quantity.end
    code, word, between = "G130", "", ""
    if free.left is not None:
        word, code = free.left.rule.name, "G141"
        return ExplainedFigure(
            raw=free.quantity.raw,
            taken=False,
            verdict=f"没有归给 {word}",
            reason=_message(code, word, construction=free.left.construction),
            rule=f"{free.left.rule.file}#{free.left.rule.id}",
            indicator_id=free.left.rule.id,
            start=start,
            code=code,
            advice=advice(Issue(code, {"word": word})),
        )
    names = [name for name in language.names.one_by_one(entry.text) if _may_have(name, start, end, entry.text)]
    if names:
        first, last = min(names, key=lambda name: (name[1] > start, max(start - name[1], name[0] - end)))
        between = entry.text[last:start] if last <= start else entry.text[end:first]
        code, word = "G140" if between else "G142", entry.text[first:last]
        if len(between) > LONGEST_BETWEEN:
            between = f"{between[: LONGEST_BETWEEN // 2]}……{between[-LONGEST_BETWEEN // 2 :]}"
    return ExplainedFigure(
        raw=free.quantity.raw,
        taken=False,
        verdict="没有归给任何指标",
        reason=_message(code, word, between=between),
        start=start,
        code=code,
        advice=advice(Issue(code, {"word": word})),
    )


# --- as text -----------------------------------------------------------------------------------


def shown_identity(identity: Identity) -> str:
    """Return as whose report of which year a sentence is read."""
    year = identity.report_year
    if identity.place[:2] == EXAMPLE_IDENTITY.place[:2]:
        about = f"当作一份{identity.place_level} {year} 年的报告来读：回顾 {year - 1} 年，安排 {year} 年"
        return f"{about}（要换就加 --as 地区 年度）"
    return f"当作{identity.place}（{identity.place_level}）{year} 年的报告来读：回顾 {year - 1} 年，安排 {year} 年"


def shown_fact(fact: Fact) -> str:
    """Return a fact in one line: id, place, year, figure and quote."""
    figure = shown_figure(fact.low, fact.high, fact.bound, fact.unit, fact.text)
    span = f"{fact.from_year}—" if fact.from_year else ""
    return (
        f"{fact.id}  {fact.place} {span}{fact.year}年{_TOTALS[Total(fact.total)]}{KINDS[fact.kind]} {fact.indicator} "
        f"{MEASURES[fact.measure]} {figure}  “{fact.quote}”"
    )


def shown_sentence(
    explained: Explained, marked: ExplainedFigure | None = None, only: Sequence[ExplainedFigure] | None = None
) -> str:
    """Return a sentence with the path of each figure; ``marked`` is the step that is asked for."""
    heading = f" {'/'.join(explained.headings)}" if explained.headings else ""
    lines = [f"第{explained.paragraph}段（{_PARTS[explained.part]}）{heading}", f"  “{explained.text}”"]
    if explained.names:
        lines.append(f"  认得的名称：{'、'.join(explained.names)}")
    shown = explained.steps if only is None else only
    for step in shown:
        lines.extend(shown_step(step, here=step is marked))
    if len(shown) < len(explained.steps):
        lines.append(f"  同一句里另有 {len(explained.steps) - len(shown)} 个结果，与所问的指标无关")
    if not explained.steps:
        lines.append("  这一句里没有读到数字，也没有文字目标")
    return "\n".join(lines)


def shown_step(step: ExplainedFigure, here: bool = False) -> list[str]:
    """Return the lines that tell what became of one figure."""
    mark = "取" if step.taken else "弃" if step.indicator_id else "无"
    verdict = f"→ {step.verdict}" if step.taken else step.verdict
    lines = [f"  [{mark}] {step.raw} {verdict}{'　◀ 就是这一条' if here else ''}"]
    lines.append(f"       {step.reason}（{step.code}）")
    if step.advice:
        lines.append(f"       改法：{step.advice}")
    lines.extend(f"       依据：{basis}" for basis in step.basis)
    lines.extend(f"       {detail}" for detail in step.details)
    return lines
