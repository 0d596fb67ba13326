"""Writes rules for figures that no rule claims, grouped by the noun that they measure, ready to paste.

A suggestion is tried before it is shown: it must take the figures that it was made from in their own sentences, and its
examples run through the real stages under the rules as they would be with it. What does not pass is left out.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from pathlib import Path

from compiler.authoring.suggested import (
    Occurrence,
    SuggestedExample,
    Suggestion,
    as_yaml,
    hit_texts,
    miss_texts,
    printed_unit,
)
from compiler.facts.batch import Inputs, compile_inputs
from compiler.facts.clause_words import PhraseWords
from compiler.facts.plain_clauses import Measured, find_phrase
from compiler.facts.written_tables import all_facts, changes, impacts
from compiler.issues import severity
from compiler.language.figures import find_quantities
from compiler.language.unit_conversion import resolve_unit
from compiler.model import CompiledReport, Form, Issue, Measure, Part, Quantity, RuleBook, Sentence, Uncovered
from compiler.strings import squeeze
from compiler.text.normalise import normalise

MOST_TRIALS = 6

_CLAUSE_END = "，。；！？：\n"


def suggest(
    reports: Sequence[CompiledReport], rulebook: RuleBook, most: int = 20, least: int = 2
) -> tuple[Suggestion, ...]:
    """Return rules for what occurs at least ``least`` times, the most frequent first, at most ``most``."""
    groups = _groups(reports, rulebook)
    drafts = [_draft(name, found, rulebook, phrase) for (name, phrase), found in groups.items() if len(found) >= least]
    ranked = sorted((draft for draft in drafts if draft is not None), key=_rank)
    # Some will not pass; more than asked for are tried.
    claiming = _claiming(ranked[: most * 3], reports, rulebook)
    once = _each_thing_once([draft for draft in claiming if draft.count >= least])
    kept = _tried(once[: most * 2], rulebook)[:most]
    return tuple(_numbered(kept, rulebook))


def taken_from(
    suggestions: Sequence[Suggestion], reports: Sequence[CompiledReport], inputs: Inputs, rulebook: RuleBook
) -> tuple[Issue, ...]:
    """Return a warning for each rule that the suggestions would take figures from; ``reports`` are without them."""
    new = tuple(suggestion.rule(10_000 + number) for number, suggestion in enumerate(suggestions))
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
    return _with_examples(draft, _with_drafts(rulebook, [draft]), rulebook)


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
    phrase = find_phrase(text, nearest.start, nearest.end, PhraseWords.of(rulebook.lexicon))
    moved = phrase.moved if phrase is not None else _moved(text[: nearest.start], rulebook)
    return _draft(name, [Occurrence(nearest, text, text, under, 0, moved)], rulebook)


def _moved(before: str, rulebook: RuleBook) -> str:
    """Return the last word of a rise or fall before a figure."""
    words = (*rulebook.lexicon.words("direction.up"), *rulebook.lexicon.words("direction.down"))
    return max((word for word in words if word in before), key=lambda word: (before.rfind(word), len(word)), default="")


def _rank(draft: Suggestion) -> tuple[int, int, bool, int, str]:
    """Put first what most reports tell, then the most frequent, then what there is before what was done."""
    did = bool(draft.verb or draft.occurrences[0].done)
    return -draft.reports, -draft.count, did, -len(draft.thing or draft.name), draft.name


def _each_thing_once(drafts: Iterable[Suggestion]) -> list[Suggestion]:
    """Return the drafts without those that say of the same thing that something else was done with it."""
    kept: dict[tuple[str, bool], Suggestion] = {}
    for draft in drafts:
        kept.setdefault((draft.thing or draft.name, bool(draft.verb)), draft)
    return list(kept.values())


# --- grouping ----------------------------------------------------------------------------------


def _groups(reports: Sequence[CompiledReport], rulebook: RuleBook) -> dict[tuple[str, Measured], list[Occurrence]]:
    known = {name for rule in rulebook.indicators for name in (rule.name, *rule.aliases)}
    words = PhraseWords.of(rulebook.lexicon)
    groups: dict[tuple[str, Measured], list[Occurrence]] = defaultdict(list)
    for number, report in enumerate(reports):
        sentences = {sentence.number: sentence for sentence in report.sentences}
        for item in report.uncovered:
            # A figure with a reason was refused: there is a rule for it, and the rule said no.
            if item.reason or item.sentence not in sentences:
                continue
            text, quantity = _read(report, item, sentences[item.sentence], rulebook)
            if quantity is None or not _may_be_an_indicator(quantity, rulebook):
                continue
            phrase = find_phrase(text, quantity.start, quantity.end, words)
            if phrase is None or phrase.base or phrase.noun in known:
                continue
            if phrase.moved and quantity.form is not Form.PERCENT:
                continue  # 减少支出3亿元: by how much it changed, not how much it is
            name = _name(phrase, rulebook)
            if name not in known:
                clause = _clause(text, quantity)
                found = Occurrence(quantity, text, clause, item.part, number, phrase.moved, phrase.done, phrase.in_all)
                groups[name, Measured(phrase.noun, phrase.verb)].append(found)
    return groups


def _name(phrase: Measured, rulebook: RuleBook) -> str:
    """Return the name of what is counted: what was done this year is another thing than what there is."""
    if phrase.verb in rulebook.lexicon.words("measured.makes"):
        return phrase.noun + next(iter(rulebook.lexicon.words("measured.made")), "")  # 生产原油: 原油产量
    return phrase.verb + phrase.noun


def _read(
    report: CompiledReport, item: Uncovered, sentence: Sentence, rulebook: RuleBook
) -> tuple[str, Quantity | None]:
    """Return a sentence as it is read, with an uncovered figure of it."""
    text = normalise(sentence.text, rulebook.lexicon)[0].text.replace("\n", "")
    at = len(squeeze(report.text[sentence.start : item.start]))
    raw = squeeze(item.raw)
    same = [one for one in find_quantities(text, rulebook.lexicon) if squeeze(one.raw) == raw]
    return text, min(same, key=lambda one: abs(one.start - at), default=None)


def _may_be_an_indicator(quantity: Quantity, rulebook: RuleBook) -> bool:
    if quantity.form not in (Form.AMOUNT, Form.PERCENT) or quantity.low is None or quantity.low != quantity.high:
        return False
    # 连续7年: how long something has lasted is no indicator, nor is which time it was.
    never = (*rulebook.lexicon.words("number.time_units"), *rulebook.lexicon.words("measured.not_units"))
    return quantity.unit not in never and printed_unit(quantity, rulebook.lexicon) not in never


def _clause(sentence: str, quantity: Quantity) -> str:
    start = max((sentence.rfind(mark, 0, quantity.outer_start) for mark in _CLAUSE_END), default=-1) + 1
    end = min(
        (at for mark in _CLAUSE_END if (at := sentence.find(mark, quantity.outer_end)) >= 0), default=len(sentence)
    )
    return sentence[start:end]


# --- drafting ----------------------------------------------------------------------------------


def _draft(
    name: str, found: Sequence[Occurrence], rulebook: RuleBook, phrase: Measured | None = None
) -> Suggestion | None:
    """Return a rule for ``name`` in the unit that most of its figures have, without examples yet."""
    lexicon = rulebook.lexicon
    amounts = Counter(
        printed_unit(o.quantity, lexicon) for o in found if o.quantity.form is Form.AMOUNT and o.quantity.family
    )
    rates = [o for o in found if o.quantity.form is Form.PERCENT]
    known = {unit for unit in amounts if resolve_unit(lexicon, unit)[0]}
    unit = next((unit for unit, _ in amounts.most_common() if unit in known), "")
    if unit:
        family = resolve_unit(lexicon, unit)[0]
        kept = [o for o in found if o.growth or o.quantity.family == family]
        measures: tuple[Measure, ...] = (Measure.LEVEL, Measure.GROWTH)
    elif rates and not amounts:
        unit = "%"
        kept = rates
        measures = (Measure.GROWTH,) if any(o.growth for o in rates) else (Measure.LEVEL,)
    else:
        return None
    verb, thing = (phrase.verb, phrase.noun) if phrase is not None and phrase.verb else ("", "")
    return Suggestion("", name, unit, measures, (), tuple(kept), verb, thing) if kept else None


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
        book = _with_drafts(rulebook, kept)
        written = [_with_examples(draft, book, rulebook) for draft in kept]
        complete = [draft for draft in written if draft is not None]
        if len(complete) == len(kept):
            complete = _without_trouble(complete, rulebook)
            if len(complete) == len(kept):
                return complete
        kept = complete
    return []


def _claiming(drafts: Sequence[Suggestion], reports: Sequence[CompiledReport], rulebook: RuleBook) -> list[Suggestion]:
    """Return the drafts with the figures that their rules take in the reports' own sentences, without the rest."""
    from compiler.facts.compile import compile_example

    numbered = _numbered(drafts, rulebook)
    book = _with_drafts(rulebook, numbered)
    kept = []
    for draft in numbered:
        taken = []
        for found in draft.occurrences:
            facts = compile_example(found.sentence, found.part, book, reports[found.report].identity).facts
            raw = squeeze(found.quantity.raw)
            if any(fact.indicator_id == draft.id and squeeze(fact.raw) == raw for fact in facts):
                taken.append(found)
        if taken:
            kept.append(replace(draft, occurrences=tuple(taken)))
    return kept


def _with_drafts(rulebook: RuleBook, drafts: Iterable[Suggestion]) -> RuleBook:
    new = (draft.rule(10_000 + number) for number, draft in enumerate(drafts))
    return replace(rulebook, indicators=(*rulebook.indicators, *new))


def _with_examples(draft: Suggestion, book: RuleBook, before: RuleBook) -> Suggestion | None:
    """Write two sentences that the rule takes and one that it does not, or give the draft up.

    ``before`` are the rules without it: what they take already is theirs.
    """
    from compiler.facts.compile import facts_of_example

    hits: list[SuggestedExample] = []
    for text in hit_texts(draft, book.lexicon):
        yields = _yields(draft, text, book)
        if yields and all(text != hit.text for hit in hits) and not facts_of_example(text, Part.REVIEW, before):
            hits.append(SuggestedExample(text, Part.REVIEW, yields))
            if len(hits) == 2:
                break
    for text, why in miss_texts(draft, book.lexicon):
        if len(hits) == 2 and not _yields(draft, text, book):
            return replace(draft, examples=(*hits, SuggestedExample(text, Part.REVIEW, (), why)))
    return None


def _yields(draft: Suggestion, text: str, book: RuleBook) -> tuple[str, ...]:
    from compiler.authoring.check import written_yields

    return written_yields(draft.rule(), text, Part.REVIEW, book)


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
    from compiler.facts.kept_rules import load_rules

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
