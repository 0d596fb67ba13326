"""Checks of a rule book beyond loading: which rules lack examples, and the examples themselves.

The examples go through the stages that reports go through. What is compared is what the example's own
rule yields: other rules may find figures in the same sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from compiler.model import (
    Bound,
    Example,
    Expectation,
    Fact,
    IndicatorRule,
    Issue,
    RuleBook,
    SectionRule,
    Sentence,
    TaskExample,
    Tier,
)
from compiler.numbers import decimal_text
from compiler.rules.rulebook import load_rulebook


def check(folder: Path) -> tuple[Issue, ...]:
    """Load the rules in ``folder`` and return all that is wrong with them, sorted by place."""
    rulebook, issues = load_rulebook(folder)
    found = list(issues)
    if rulebook is not None:
        found.extend(check_rulebook(rulebook))
    return tuple(sorted(found, key=_by_place))


def check_rulebook(rulebook: RuleBook) -> tuple[Issue, ...]:
    """Return what is wrong with the rules of a loaded rule book."""
    issues: list[Issue] = []
    for rule in rulebook.indicators:
        who = f"指标 {rule.id}"
        issues.extend(_missing_examples(rule, rule.examples, who))
        for example in rule.examples:
            issues.extend(_run(rule, example, rulebook, who))
    for section in rulebook.sections:
        who = f"章节 {section.id}"
        issues.extend(_missing_examples(section, section.examples, who))
        for example in section.examples:
            issues.extend(_run_section(section, example, rulebook, who))
    for task_example in rulebook.tasks.examples:
        issues.extend(_run_task(task_example, rulebook))
    return tuple(issues)


def _by_place(issue: Issue) -> tuple[str, int, int, str]:
    where = issue.where
    return (where.path, where.line, where.column, issue.code) if where else ("", 0, 0, issue.code)


def _missing_examples(rule: IndicatorRule | SectionRule, examples: Iterable[Example], who: str) -> Iterator[Issue]:
    settled = [example for example in examples if not example.todo]
    if not any(example.matches for example in settled):
        yield Issue("R404", {"who": who}, rule.where)
    if not any(not example.matches for example in settled):
        yield Issue("R405", {"who": who}, rule.where)


# --- indicators --------------------------------------------------------------------------------

_Key = tuple[str, str, Decimal | None, Decimal | None, str, str]


def _run(rule: IndicatorRule, example: Example, rulebook: RuleBook, who: str) -> Iterator[Issue]:
    from compiler.facts.compile import facts_of_example

    facts = facts_of_example(example.text, example.under, rulebook)
    found = Counter(_key_of_fact(fact) for fact in facts if fact.indicator_id == rule.id)
    expected = Counter(_key_of_expectation(expectation) for expectation in example.yields)
    missing, extra = expected - found, found - expected
    if example.todo:
        if not missing and not extra:
            yield Issue("R408", {"who": who, "todo": example.todo}, example.where)
    elif missing:
        fields = {"who": who, "expected": _shown(missing), "found": _shown(found)}
        yield Issue("R406", fields, example.where, indicator=rule.name)
    elif extra:
        yield Issue("R407", {"who": who, "found": _shown(extra)}, example.where, indicator=rule.name)


def _key_of_fact(fact: Fact) -> _Key:
    return fact.measure, fact.bound, fact.low, fact.high, fact.tier, fact.text


def _key_of_expectation(expectation: Expectation) -> _Key:
    e = expectation
    return e.measure, e.bound, e.low, e.high, e.tier, e.text


def _shown(keys: Counter[_Key]) -> str:
    """Return the figures as one would write them under ``yields``."""
    return "、".join(_written(key) for key in keys.elements()) or "什么也没有"


def _written(key: _Key) -> str:
    measure, bound, low, high, tier, text = key
    stretch = f" {Tier.STRETCH.value}" if tier == Tier.STRETCH else ""
    if text or (low is None and high is None):
        return f"{measure} text {text}{stretch}"
    if bound == Bound.RANGE:
        return f"{measure} {decimal_text(low)}..{decimal_text(high)}{stretch}"
    sign = {Bound.GE: ">=", Bound.LE: "<=", Bound.APPROX: "~"}.get(Bound(bound), "=")
    return f"{measure} {sign} {decimal_text(high if low is None else low)}{stretch}"


# --- sections ----------------------------------------------------------------------------------


def _run_section(rule: SectionRule, example: Example, rulebook: RuleBook, who: str) -> Iterator[Issue]:
    captured = _captures(rule, example, rulebook)
    if example.todo:
        if captured == example.matches:
            yield Issue("R408", {"who": who, "todo": example.todo}, example.where)
    elif captured != example.matches:
        yield Issue("R409" if example.matches else "R416", {"who": who}, example.where)


def _captures(rule: SectionRule, example: Example, rulebook: RuleBook) -> bool:
    if example.heading:
        from compiler.facts.passages import capture_passages

        text = example.text
        sentence = Sentence(1, 1, 0, len(text), text, (example.heading,), example.under)
        return bool(capture_passages((sentence,), (), (rule,))[0])
    from compiler.facts.compile import compile_example

    passages = compile_example(example.text, example.under, rulebook).passages
    return any(passage.section_id == rule.id for passage in passages)


# --- tasks -------------------------------------------------------------------------------------


def _run_task(example: TaskExample, rulebook: RuleBook) -> Iterator[Issue]:
    """Compare the tasks of an example with those it says, and of the first of them what else it says."""
    from compiler.facts.compile import tasks_of_example

    tasks = tasks_of_example(example.text, rulebook, example.heading)
    pairs = [("、".join(example.tasks), "、".join(task.text for task in tasks))]
    if tasks and example.quantified is not None:
        pairs.append(("有量化" if example.quantified else "无量化", "有量化" if tasks[0].quantified else "无量化"))
    if tasks and example.deadline is not None:
        pairs.append((f"时限 {example.deadline}", f"时限 {tasks[0].deadline}"))
    wrong = [(expected, found) for expected, found in pairs if expected != found]
    who = "任务"
    if example.todo:
        if not wrong:
            yield Issue("R408", {"who": who, "todo": example.todo}, example.where)
    elif wrong:
        expected, found = ("；".join(part) or "什么也没有" for part in zip(*wrong, strict=True))
        yield Issue("R418", {"who": who, "expected": expected, "found": found or "什么也没有"}, example.where)
