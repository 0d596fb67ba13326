"""Tells why a figure became a fact, or which step refused it: the path from the sentence to the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.assemble import figure_text, plain
from compiler.extract import Extraction, Found, SentenceInput, extract
from compiler.issues import render
from compiler.matcher import Matcher
from compiler.model import (
    Bound,
    CompiledReport,
    Fact,
    Identity,
    Issue,
    Kind,
    Measure,
    Part,
    Quantity,
    RuleBook,
)
from compiler.normalise import normalise
from compiler.pipeline import EXAMPLE_IDENTITY, matcher_of

_HOW = {
    "name before": "G001",
    "subject carried over": "G002",
    "name after": "G003",
    "phrase": "G004",
    "words": "G005",
}

GUARDS = {
    "scope": "G101",
    "year": "G102",
    "period_short": "G103",
    "period_long": "G104",
    "average": "G105",
    "base_year": "G106",
    "from": "G125",
    "role": "G107",
    "old_target": "G108",
    "comparison": "G109",
    "exclude": "G110",
    "part": "G111",
    "unit": "G112",
    "measure": "G112",
    "suffix": "G113",
    "far": "G114",
    "count": "G115",
    "share": "G116",
    "added": "G117",
    "no_direction": "G118",
    "change": "G119",
    "no_part": "G120",
    "other_name": "G121",
    "join": "G122",
    "comma": "G122",
    "semicolon": "G122",
    "words_result": "G123",
    "share_of_plan": "G124",
}
"""The message that explains each guard."""

_MEASURES = {Measure.LEVEL: "绝对值", Measure.GROWTH: "增长", Measure.CHANGE: "增减"}
_KINDS = {Kind.RESULT: "完成", Kind.TARGET: "目标"}
_BOUNDS = {Bound.EQ: "", Bound.GE: "≥", Bound.LE: "≤", Bound.APPROX: "约", Bound.RANGE: "", Bound.NONE: ""}


@dataclass(frozen=True, slots=True)
class Step:
    """One figure of a sentence with what became of it, in Chinese."""

    raw: str
    taken: bool
    verdict: str
    reason: str
    rule: str = ""
    indicator_id: str = ""


def shown_value(found: Found) -> str:
    """Return a bound figure as people read it: 2016年 完成 绝对值 1035.1亿元."""
    value = found.binding.value
    head = f"{found.year}年{_KINDS[found.kind]} {_MEASURES[value.measure]}"
    if value.low is None and value.high is None:
        return f"{head} {found.binding.words}"
    if value.bound is Bound.RANGE and value.low is not None and value.high is not None:
        return f"{head} {plain(value.low)}～{plain(value.high)}{value.unit}"
    number = value.low if value.low is not None else value.high
    assert number is not None
    return f"{head} {_BOUNDS[value.bound]}{plain(number)}{value.unit}"


def _reason(code: str, word: str) -> str:
    return render(Issue(code, {"word": word}))


def _raw(quantity: Quantity | None, found: Found) -> str:
    return quantity.raw if quantity is not None else found.binding.words


def explain_extraction(extraction: Extraction) -> tuple[Step, ...]:
    """Return what became of each figure of what :func:`compiler.extract.extract` read."""
    steps = []
    for found in extraction.found:
        binding = found.binding
        word = binding.phrase or binding.words
        if not word:
            word = binding.rule.name
        steps.append(
            Step(
                _raw(found.quantity, found),
                True,
                f"{binding.rule.name}：{shown_value(found)}",
                _reason(_HOW.get(binding.how, "G001"), word),
                f"{binding.rule.file}#{binding.rule.id}",
                binding.rule.id,
            )
        )
    for item in extraction.refusals:
        refused = item.refused
        steps.append(
            Step(
                item.quantity.raw,
                False,
                f"没有归给 {refused.rule.name}",
                _reason(GUARDS.get(refused.guard, "G130"), refused.word),
                f"{refused.rule.file}#{refused.rule.id}",
                refused.rule.id,
            )
        )
    touched = {step.raw for step in steps}
    steps.extend(
        Step(item.quantity.raw, False, "没有归给任何指标", _reason("G130", ""))
        for item in extraction.free
        if not item.reason and item.quantity.raw not in touched
    )
    return tuple(steps)


def explain_text(
    text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY
) -> tuple[Step, ...]:
    """Explain a sentence typed in, as if it stood in ``part`` of a report on ``identity``."""
    normalised, _ = normalise(text)
    return explain_extraction(_extract_line(normalised.text.replace("\n", ""), part, matcher_of(rulebook), identity))


def _extract_line(line: str, part: Part, matcher: Matcher, identity: Identity) -> Extraction:
    return extract((SentenceInput(1, 0, line, 1, part),), identity, matcher)


def explain_fact(fact: Fact, report: CompiledReport, rulebook: RuleBook) -> tuple[Step, ...]:
    """Explain the sentence that a fact stands in."""
    sentence = next(s for s in report.sentences if s.number == fact.sentence)
    return explain_text(sentence.text, sentence.part, rulebook, report.identity)


def facts_about(reports: Sequence[CompiledReport], indicator: str, place: str) -> tuple[Fact, ...]:
    """Return the facts on an indicator (name or id) of the places whose name contains ``place``."""
    return tuple(
        fact
        for report in reports
        for fact in report.facts
        if indicator in (fact.indicator, fact.indicator_id) and place in fact.place
    )


def shown_fact(fact: Fact) -> str:
    """Return a fact in one line: id, place, year, figure and quote."""
    figure = figure_text(fact.low, fact.high, fact.bound, fact.text).strip()
    return f"{fact.id}  {fact.place} {fact.year}年{_KINDS[fact.kind]} {fact.indicator} {figure}{fact.unit}  “{fact.quote}”"

