"""Writes rules for figures that no rule claims, grouped by the noun that they measure, ready to paste.

A suggestion is tried before it is shown: its examples run through the real stages under the rules as they
would be with it, and what does not pass is rewritten from a plain pattern or left out.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from compiler.facts.batch import Inputs, compile_inputs
from compiler.facts.tables import all_facts, changes, impacts
from compiler.issues import message, severity
from compiler.language.figures import find_quantities
from compiler.language.units import resolve_unit
from compiler.model import CompiledReport, Form, IndicatorRule, Issue, Measure, Part, Quantity, RuleBook, Uncovered
from compiler.strings import squeeze
from compiler.text.normalise import normalise

FILE = "indicators/~suggested.yaml"
THEME = "待归类"
LONGEST_NAME, SHORTEST_NAME = 20, 3
MOST_TRIALS = 6

_OWN_FIGURES = ("12", "3.6")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")

_CLAUSE_END = "，。；！？：\n"
_SIMPLE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9A-Za-z.%‰—]*\Z")
_NOT_A_NAME = re.compile(r"[0-9０-９](?![A-Z])|[%％\s“”‘’〔〕…|｜\[\]{}#]")
"""What a name may not hold: figures, unless they are part of a name themselves (5G), and marks."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One uncovered figure: as read, and the clause that it was found in."""

    quantity: Quantity
    clause: str
    part: Part
    report: int
    growth: bool


@dataclass(frozen=True, slots=True)
class SuggestedExample:
    """A sentence with what it yields, written as in ``yields``."""

    text: str
    under: Part
    yields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule to paste."""

    id: str
    name: str
    unit: str
    measures: tuple[Measure, ...]
    examples: tuple[SuggestedExample, ...]
    occurrences: tuple[Occurrence, ...]

    @property
    def count(self) -> int:
        """How many figures it was made from."""
        return len(self.occurrences)


def suggest(
    reports: Sequence[CompiledReport], rulebook: RuleBook, most: int = 20, least: int = 2
) -> tuple[Suggestion, ...]:
    """Return rules for what occurs at least ``least`` times, the most frequent first, at most ``most``."""
    groups = _groups(reports, rulebook)
    ranked = sorted(groups.items(), key=_rank)
    drafts = [_draft(name, found, rulebook) for name, found in ranked if len(found) >= least]
    # Some will not pass; a few more than asked for are tried.
    kept = _tried([draft for draft in drafts if draft and draft.count >= least][: most * 2], rulebook)[:most]
    return tuple(_numbered(kept, rulebook))


def taken_from(
    suggestions: Sequence[Suggestion], reports: Sequence[CompiledReport], inputs: Inputs, rulebook: RuleBook
) -> tuple[Issue, ...]:
    """Return a warning for each rule that the suggestions would take figures from; ``reports`` are without them."""
    new = tuple(_rule(suggestion, 10_000 + number) for number, suggestion in enumerate(suggestions))
    after, _ = compile_inputs(inputs, replace(rulebook, indicators=(*rulebook.indicators, *new)))
    names = {suggestion.name for suggestion in suggestions}
    return tuple(
        Issue("S105", {"names": "、".join(takers), "other": impact.indicator, "count": str(impact.removed)})
        for impact in impacts(changes(all_facts(reports), all_facts(after)))
        if (takers := [name for name in impact.taken_by if name in names])
    )


def suggest_for(name: str, sentence: str, rulebook: RuleBook) -> Suggestion | None:
    """Return a rule for ``name`` in the unit of the figure next to it in ``sentence``; None where none fits."""
    draft = _draft_for(name, sentence, rulebook)
    return next(iter(_tried([draft], rulebook)), None) if draft is not None else None


def proposed(
    name: str, sentence: str, rulebook: RuleBook, raw: str = "", under: Part = Part.REVIEW
) -> Suggestion | None:
    """Return the rule of :func:`suggest_for` for the figure ``raw`` without a check of all rules with it.

    For those who see what it would do before it is saved. None where no sentence of its own yields a figure.
    """
    draft = _draft_for(name, sentence, rulebook, raw, under)
    if draft is None:
        return None
    (draft,) = _numbered([draft], rulebook)
    return _with_examples(draft, replace(rulebook, indicators=(*rulebook.indicators, _rule(draft, 10_000))))


def _draft_for(
    name: str, sentence: str, rulebook: RuleBook, raw: str = "", under: Part = Part.REVIEW
) -> Suggestion | None:
    text = normalise(sentence, rulebook.lexicon)[0].text.replace("\n", "")
    at = text.find(name)
    figures = [q for q in find_quantities(text, rulebook.lexicon) if q.form in (Form.AMOUNT, Form.PERCENT)]
    if not figures:
        return None
    meant = [q for q in figures if squeeze(q.raw) == squeeze(raw)] or figures
    nearest = min(meant, key=lambda q: abs(q.start - (at + len(name))) if at >= 0 else q.start)
    moves = (*rulebook.lexicon.words("direction.up"), *rulebook.lexicon.words("direction.down"))
    growth = nearest.form is Form.PERCENT and any(word in text[: nearest.start] for word in moves)
    return _draft(name, [Occurrence(nearest, text, under, 0, growth)], rulebook)


def _rank(group: tuple[str, list[Occurrence]]) -> tuple[bool, int, int, str]:
    """Put the most frequent first, and short names (示范区) last: they say less of what is counted."""
    name, found = group
    return len(name) <= SHORTEST_NAME, -len(found), -len({occurrence.report for occurrence in found}), name


# --- grouping ----------------------------------------------------------------------------------


def _groups(reports: Sequence[CompiledReport], rulebook: RuleBook) -> dict[str, list[Occurrence]]:
    from compiler.facts.nouns import name_uncovered

    known = {name for rule in rulebook.indicators for name in (rule.name, *rule.aliases)}
    known.update(word for words in rulebook.lexicon.lists.values() for word in words)  # 全市, 全年, 达到
    groups: dict[str, list[Occurrence]] = defaultdict(list)
    for number, report in enumerate(reports):
        sentences = {sentence.number: sentence for sentence in report.sentences}
        # A figure with a reason was refused: there is a rule for it, and the rule said no.
        open_figures = replace(report, uncovered=tuple(item for item in report.uncovered if not item.reason))
        for item in name_uncovered(open_figures).uncovered:
            noun = item.noun
            if not _may_be_a_name(noun) or noun in known or item.sentence not in sentences:
                continue
            found = _occurrence(item, sentences[item.sentence].text, number, rulebook)
            if found is not None:
                groups[_added(noun, found, rulebook)].append(found)
    return groups


def _added(noun: str, found: Occurrence, rulebook: RuleBook) -> str:
    """Return the name of what is counted: what has been added is another thing than what there is."""
    before = found.clause.partition(squeeze(found.quantity.raw))[0]
    added = rulebook.lexicon.words("guard.added")
    word = next((word for word in added if before.endswith(word) or f"{word}{noun}" in before), "")
    return noun if noun.startswith(added) else f"{word}{noun}"


def _may_be_a_name(noun: str) -> bool:
    return SHORTEST_NAME <= len(noun) <= LONGEST_NAME and not _NOT_A_NAME.search(noun)


def _occurrence(item: Uncovered, sentence: str, report: int, rulebook: RuleBook) -> Occurrence | None:
    raw = squeeze(item.raw)
    sentence = normalise(sentence)[0].text.replace("\n", "")
    for quantity in find_quantities(sentence, rulebook.lexicon):
        if squeeze(quantity.raw) == raw:
            break
    else:
        return None
    if quantity.form not in (Form.AMOUNT, Form.PERCENT) or quantity.low is None or quantity.low != quantity.high:
        return None
    if quantity.unit in rulebook.lexicon.words("number.time_units"):
        return None  # 连续7年: how long something has lasted is no indicator
    start = max((sentence.rfind(mark, 0, quantity.outer_start) for mark in _CLAUSE_END), default=-1) + 1
    end = min(
        (at for mark in _CLAUSE_END if (at := sentence.find(mark, quantity.outer_end)) >= 0), default=len(sentence)
    )
    before = sentence[start : quantity.outer_start]
    if _FIGURE.search(before.rpartition("、")[0]):
        return None  # 蔬菜面积33万亩、林果3.5万亩: the second of a list leaves out what is measured
    lexicon = rulebook.lexicon
    moves = (*lexicon.words("direction.up"), *lexicon.words("direction.down"))
    growth = quantity.form is Form.PERCENT and any(word in before for word in moves)
    return Occurrence(quantity, sentence[start:end], item.part, report, growth)


# --- drafting ----------------------------------------------------------------------------------


def _draft(name: str, found: Sequence[Occurrence], rulebook: RuleBook) -> Suggestion | None:
    """Return a rule for ``name`` in the unit that most of its figures have, without examples yet."""
    amounts = Counter(_printed_unit(o, rulebook) for o in found if o.quantity.form is Form.AMOUNT and o.quantity.family)
    rates = Counter(o.quantity.raw[-1] for o in found if o.quantity.form is Form.PERCENT)
    known = {unit for unit in amounts if resolve_unit(rulebook.lexicon, unit)[0]}
    unit = next((unit for unit, _ in amounts.most_common() if unit in known), "")
    growth = any(o.growth for o in found)
    if unit:
        family = resolve_unit(rulebook.lexicon, unit)[0]
        kept = [o for o in found if o.growth or o.quantity.family == family]
        measures: tuple[Measure, ...] = (Measure.LEVEL, Measure.GROWTH)
    elif rates and not amounts:
        unit = "%"
        kept = [o for o in found if o.quantity.form is Form.PERCENT]
        measures = (Measure.GROWTH,) if growth else (Measure.LEVEL,)
    else:
        return None
    return Suggestion("", name, unit, measures, (), tuple(kept)) if kept else None


def _printed_unit(found: Occurrence, rulebook: RuleBook) -> str:
    """Return the unit as the report prints it (万株), where the lexicon knows it so; else the lexicon's name for it."""
    printed = _FIGURE.sub("", squeeze(found.quantity.raw), count=1)
    family = resolve_unit(rulebook.lexicon, printed)[0] if printed else ""
    return printed if family and family == found.quantity.family else found.quantity.unit


def _rule(draft: Suggestion, order: int) -> IndicatorRule:
    return IndicatorRule(
        id=draft.id, name=draft.name, theme=THEME, unit=draft.unit, file=FILE, order=order, measures=draft.measures
    )


def _numbered(drafts: Iterable[Suggestion], rulebook: RuleBook) -> list[Suggestion]:
    """Give the rules ids made from their names, so that one can stay: the same name has the same id every time."""
    taken = {rule.id for rule in rulebook.indicators}
    return [replace(draft, id=id_of(draft.name, taken)) for draft in drafts]


def id_of(name: str, taken: Set[str] = frozenset()) -> str:
    """Return an id for ``name``; letters cannot be read off Chinese without a dictionary, so they are its hash."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    lengths = range(6, len(digest))
    return next(made for length in lengths if (made := f"new_{digest[:length]}") not in taken)


# --- trying ------------------------------------------------------------------------------------


def _tried(drafts: Sequence[Suggestion], rulebook: RuleBook) -> list[Suggestion]:
    """Return the drafts with examples, without those that would make ``check`` complain."""
    kept = _numbered(drafts, rulebook)
    for _ in range(MOST_TRIALS):
        if not kept:
            return []
        book = replace(
            rulebook,
            indicators=(*rulebook.indicators, *(_rule(draft, 10_000 + i) for i, draft in enumerate(kept))),
        )
        written = [_with_examples(draft, book) for draft in kept]
        complete = [draft for draft in written if draft is not None]
        if len(complete) == len(kept):
            complete = _without_trouble(complete, rulebook)
            if len(complete) == len(kept):
                return complete
        kept = complete
    return []


def _with_examples(draft: Suggestion, book: RuleBook) -> Suggestion | None:
    """Write two sentences that the rule takes and one that it does not, or give the draft up."""
    hits: list[SuggestedExample] = []
    for text, under in _hit_texts(draft, book):
        yields = _yields(draft, text, under, book)
        if yields and all(text != hit.text for hit in hits):
            hits.append(SuggestedExample(text, under, yields))
            if len(hits) == 2:
                break
    for text in _miss_texts(draft, book):
        if len(hits) == 2 and not _yields(draft, text, Part.REVIEW, book):
            return replace(draft, examples=(*hits, SuggestedExample(text, Part.REVIEW, ())))
    return None


def _hit_texts(draft: Suggestion, book: RuleBook) -> Iterator[tuple[str, Part]]:
    """Yield plain sentences about figures of the same unit: no sentence of a report goes into the rules."""
    rise = next(iter(book.lexicon.words("direction.up")[::-1]), "")
    rise = "增长" if "增长" in book.lexicon.words("direction.up") else rise
    for found in draft.occurrences:
        for number in _OWN_FIGURES:
            figure = _FIGURE.sub(number, squeeze(found.quantity.raw), count=1)
            fields = {"name": draft.name, "figure": figure, "word": rise}
            for code in ("S202",) if found.growth else ("S201", "S203", "S207"):
                yield message(Issue(code, fields)), Part.REVIEW


def _miss_texts(draft: Suggestion, book: RuleBook) -> Iterator[str]:
    figure = _FIGURE.sub(_OWN_FIGURES[0], squeeze(draft.occurrences[0].quantity.raw), count=1)
    for path in ("guard.scope_below", "guard.period_short"):
        words = book.lexicon.words(path)
        for word in sorted(words, key=len)[-3:]:
            if not word.startswith("个"):
                yield message(Issue("S204", {"name": draft.name, "figure": figure, "word": word}))
    yield message(Issue("S205", {"name": draft.name}))


def _yields(draft: Suggestion, text: str, under: Part, book: RuleBook) -> tuple[str, ...]:
    from compiler.authoring.check import written_yields

    return written_yields(_rule(draft, 0), text, under, book)


def _without_trouble(drafts: Sequence[Suggestion], rulebook: RuleBook) -> list[Suggestion]:
    """Drop the drafts that a check of the rules with all of them pasted complains about."""
    root = Path(rulebook.root)
    with tempfile.TemporaryDirectory() as temporary:
        folder = paste(drafts, root, Path(temporary) / (root.resolve().name or "rules"))
        after = _complaints(folder, drafts)
        if after:  # what was wrong before is not the suggestions' fault
            before = {_mark(issue) for issue in _complaints(root, drafts)}
            after = [issue for issue in after if _mark(issue) not in before]
    bad: set[str] = set()
    for issue in after:
        frame = issue.where.frame if issue.where else ()
        told = " ".join((*issue.fields.values(), *(text for _, text in frame)))
        named = {draft.id for draft in drafts if f"指标 {draft.id}" in told}
        # An example of another rule fails where a new name takes its figure.
        bad |= named or {draft.id for draft in drafts if draft.name in told}
    return [draft for draft in drafts if draft.id not in bad]


def _complaints(folder: Path, drafts: Sequence[Suggestion]) -> list[Issue]:
    """Return what a check of ``folder`` says, notes aside, as far as new names could change it."""
    from compiler.authoring.check import check_touched
    from compiler.facts.rules import load_rules

    book, issues = load_rules(folder)
    checked = check_touched(book, frozenset(), [draft.name for draft in drafts]) if book is not None else ()
    return [issue for issue in (*issues, *checked) if severity(issue) != "note"]


def _mark(issue: Issue) -> tuple[object, ...]:
    where = issue.where
    return issue.code, where.path if where else "", where.line if where else 0, tuple(sorted(issue.fields.items()))


def paste(suggestions: Sequence[Suggestion], rules: Path, copy: Path, name: str = "待归类.yaml") -> Path:
    """Copy the rules to ``copy`` with the suggestions added as a file; return the copy."""
    import shutil

    shutil.copytree(rules, copy)
    place = copy / "indicators" / name
    place.parent.mkdir(exist_ok=True)
    number = 0
    while place.exists():
        number += 1
        place = place.with_name(f"{Path(name).stem}{number}.yaml")
    place.write_text(as_yaml(suggestions), encoding="utf-8")
    return copy


# --- as YAML -----------------------------------------------------------------------------------


def as_yaml(suggestions: Sequence[Suggestion]) -> str:
    """Return the suggestions as a file of rules."""
    lines = [
        "# yaml-language-server: $schema=../schema/indicators.json",
        "# 由 report-compiler suggest 写出：看看名称和单位，编号换成看得懂的英文，再移到合适的主题文件里",
        "format: 1",
        f"theme: {THEME}",
        "indicators:",
    ]
    for number, suggestion in enumerate(suggestions):
        if number:
            lines.append("")
        lines.extend(f"  {line}" for line in _entry(suggestion))
    return "\n".join(lines) + "\n"


def _entry(suggestion: Suggestion) -> Iterator[str]:
    found = suggestion.occurrences
    fields = {
        "count": str(len(found)),
        "reports": str(len({occurrence.report for occurrence in found})),
        "quote": squeeze(found[0].clause)[:40],
    }
    yield f"# {message(Issue('S206', fields))}"
    yield f"- id: {suggestion.id}"
    yield f"  name: {quoted(suggestion.name)}"
    yield f"  unit: {quoted(suggestion.unit)}"
    yield f"  measures: [{', '.join(suggestion.measures)}]"
    yield "  examples:"
    for example in suggestion.examples:
        yields = ", ".join(
            item if _plain_yield(item) else json.dumps(item, ensure_ascii=False) for item in example.yields
        )
        yield f"    - {{text: {quoted(example.text)}, under: {example.under.value}, yields: [{yields}]}}"


def _plain_yield(text: str) -> bool:
    return re.fullmatch(r"[a-z]+ (?:[=~]|[<>]=) -?[0-9.]+(?: stretch)?", text) is not None


def quoted(text: str) -> str:
    """Return ``text`` as a YAML scalar: plain where nothing in it could be read as something else."""
    return text if _SIMPLE.match(text) else json.dumps(text, ensure_ascii=False)
