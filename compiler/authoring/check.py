"""Checks of a rule book beyond loading: which rules lack examples, and the examples themselves.

The examples go through the stages that reports go through. What is compared is what the example's own
rule yields: other rules may find figures in the same sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from compiler.authoring.explain import Explainer, RuleLines
from compiler.authoring.passed_examples import Known, Proofs, Proven, digest_of_rules, tasks_of
from compiler.authoring.touched_texts import letters_of, patterns_of, reach
from compiler.facts.kept_rules import load_rules
from compiler.garbage_collection import set_aside
from compiler.issues import severity
from compiler.model import (
    Bound,
    Example,
    Expectation,
    Fact,
    IndicatorRule,
    Issue,
    Lexicon,
    Location,
    Part,
    RuleBook,
    SectionRule,
    Sentence,
    Severity,
    TaskExample,
    Tier,
)
from compiler.numbers import decimal_text
from compiler.rules.folder import is_lexicon
from compiler.rules.patterns import FIGURE, GAP, expand_pattern


def check(folder: Path) -> tuple[Issue, ...]:
    """Load the rules in ``folder`` and return all that is wrong with them, sorted by place."""
    rulebook, issues = load_rules(folder)
    found = list(issues)
    broken = next((issue.where for issue in issues if _breaks_reading(issue)), None)
    if rulebook is not None and broken is None:
        found.extend(check_rulebook(rulebook, Proofs.open(folder)))
    ordered = sorted(found, key=_by_place)
    if rulebook is not None and broken is not None:
        ordered.append(Issue("R421", {}, Location(broken.path)))
    return tuple(ordered)


def _breaks_reading(issue: Issue) -> bool:
    """Tell whether an issue takes words from the lexicon: examples would fail all over, and not for their own fault."""
    lexicon = issue.where is not None and is_lexicon(issue.where.path)
    return lexicon and severity(issue) is Severity.ERROR


def check_rulebook(rulebook: RuleBook, proofs: Proofs | None = None) -> tuple[Issue, ...]:
    """Return what is wrong with the rules of a loaded rule book.

    Examples that ``proofs`` knows to pass are not run again; what is found of the others is kept there.
    """
    proofs = proofs or Proofs()
    standing = proofs.standing(rulebook)
    with set_aside():
        rules, issues = _check_indicators(rulebook.indicators, rulebook, standing.rules)
        sections, found = _check_sections(rulebook, standing.sections)
        issues.extend(found)
        tasks, found = _check_tasks(rulebook, standing.tasks)
        issues.extend(found)
    proofs.keep(rulebook, Proven(rules, tasks, sections))
    return tuple(issues)


def _check_indicators(
    rules: Iterable[IndicatorRule], rulebook: RuleBook, standing: Mapping[str, Known]
) -> tuple[dict[str, Known], list[Issue]]:
    """Run the examples of some rules, read by all of them, and return what is now known of each rule, and the issues.

    Of rules in ``standing`` only the examples are run of which something was told.
    """
    issues: list[Issue] = []
    failed: list[_Failed] = []
    found: dict[str, Known] = {}
    for rule in rules:
        who = f"指标 {rule.id}"
        known = standing.get(rule.id)
        units = [] if known is not None and known.clean else [*_units_behind(rule, rulebook, who)]
        issues.extend(units)
        issues.extend(_missing_examples(rule, rule.examples, who))
        told: set[int] = set()
        letters = list(known.letters) if known is not None else [""] * len(rule.examples)
        for number, example in enumerate(rule.examples):
            if known is not None and known.holds(number):
                continue
            issue, letters[number] = _run(rule, example, rulebook, who)
            if issue is None:
                continue
            told.add(number)
            if issue.code == "R408":
                issues.append(issue)
            else:
                failed.append(_Failed(rule, example, issue, culprits(rule, example, rulebook)))
        digest = known.digest if known is not None else digest_of_rules(rule)
        found[rule.id] = Known(digest, patterns_of(rule), rule.verbs, tuple(letters), frozenset(told), not units)
    issues.extend(_by_culprit(failed, rulebook))
    return found, issues


def check_touched(rulebook: RuleBook, ids: Set[str], patterns: Iterable[str]) -> tuple[Issue, ...]:
    """Check what a change of the rules ``ids``, with these names and phrases, can have broken: their own examples, and
    those of others that the change may touch."""
    touched = reach(patterns, rulebook.lexicon).touches
    rules = tuple(
        rule
        if rule.id in ids
        else replace(rule, examples=tuple(e for e in rule.examples if touched(letters_of(e.text))))
        for rule in rulebook.indicators
    )
    own = {f"指标 {identifier}" for identifier in ids}
    return tuple(
        issue
        for issue in _check_indicators(rules, rulebook, {})[1]
        if issue.code not in ("R404", "R405") or issue.fields.get("who") in own
    )


def _by_place(issue: Issue) -> tuple[bool, str, int, int, str]:
    where = issue.where or Location("")
    return not is_lexicon(where.path), where.path, where.line, where.column, issue.code


def _missing_examples(rule: IndicatorRule | SectionRule, examples: Iterable[Example], who: str) -> Iterator[Issue]:
    settled = [example for example in examples if not example.todo]
    if not any(example.matches for example in settled):
        yield Issue("R404", {"who": who}, rule.where)
    if not any(not example.matches for example in settled):
        yield Issue("R405", {"who": who}, rule.where)


# --- indicators --------------------------------------------------------------------------------

_Key = tuple[str, str, Decimal | None, Decimal | None, str, str]


@dataclass(frozen=True, slots=True)
class Culprit:
    """What kept an example from its figure: the rule that took it with the name in the text, or a refusal in words."""

    rule: IndicatorRule | None
    name: str
    raw: str
    told: str


@dataclass(frozen=True, slots=True)
class _Failed:
    rule: IndicatorRule
    example: Example
    issue: Issue
    culprits: tuple[Culprit, ...]


def _run(rule: IndicatorRule, example: Example, rulebook: RuleBook, who: str) -> tuple[Issue | None, str]:
    """Return what is wrong with an example, and the characters that it was read by."""
    from compiler.facts.compile import facts_of_reading, read_example
    from compiler.facts.examples import identity_in

    identity = identity_in(example.text, example.under, rulebook.lexicon, example.at, example.year)
    reading = read_example(example.text, example.under, rulebook, identity)
    return _compared(rule, example, facts_of_reading(reading), who), letters_of(example.text, reading.normalised.text)


def _compared(rule: IndicatorRule, example: Example, facts: Iterable[Fact], who: str) -> Issue | None:
    found = Counter(_key_of_fact(fact) for fact in facts if fact.indicator_id == rule.id)
    expected = Counter(_key_of_expectation(expectation) for expectation in example.yields)
    missing, extra = expected - found, found - expected
    if example.todo:
        return None if missing or extra else Issue("R408", {"who": who, "todo": example.todo}, example.where)
    if missing:
        fields = {"who": who, "expected": _shown(missing), "found": _shown(found), "why": ""}
        return Issue("R406", fields, example.where, indicator=rule.name)
    if extra:
        return Issue("R407", {"who": who, "found": _shown(extra), "why": ""}, example.where, indicator=rule.name)
    return None


def culprits(rule: IndicatorRule, example: Example, rulebook: RuleBook) -> tuple[Culprit, ...]:
    """Return who took the figures of an example that failed, or what refused them; its own where it got too many."""
    from compiler.facts.compile import read_example
    from compiler.facts.examples import identity_in

    identity = identity_in(example.text, example.under, rulebook.lexicon, example.at, example.year)
    explainer = Explainer.of(read_example(example.text, example.under, rulebook, identity), rulebook)
    by_id = {other.id: other for other in rulebook.indicators}
    found = []
    for sentence in explainer.all():
        for step in sentence.steps:
            own = step.indicator_id == rule.id
            if step.taken and own != bool(example.yields):
                name = step.name
                taker = by_id[step.indicator_id]
                place = f"{taker.where.path}:{taker.where.line}" if taker.where else taker.file
                told = f"{step.raw} 归了指标 {taker.id}（{taker.name}，{place}），凭“{name}”"
                found.append(Culprit(taker, name, step.raw, told))
            elif not step.taken and example.yields and (own or not step.indicator_id):
                found.append(Culprit(None, "", step.raw, f"{step.raw} {step.reason}（{step.code}）"))
    return tuple(found)


MOST_SHOWN = 4
"""So many examples are named where one name breaks many."""


def _by_culprit(failed: Sequence[_Failed], rulebook: RuleBook) -> Iterator[Issue]:
    """Tell failed examples: those that one name of another rule breaks in several rules at that name, else each."""
    broken: dict[tuple[str, str], list[_Failed]] = {}
    for one in failed:
        for culprit in one.culprits:
            if culprit.rule is not None and culprit.rule.id != one.rule.id and culprit.name:
                broken.setdefault((culprit.rule.id, culprit.name), []).append(one)
    wide = {key: found for key, found in broken.items() if len({one.rule.id for one in found}) > 1}
    rules = {rule.id: rule for rule in rulebook.indicators}
    places = RuleLines(rulebook)
    told: set[int] = set()
    for (identifier, name), found in wide.items():
        examples = {id(one): one for one in found}
        told.update(examples)
        shown = [f"{one.rule.id}（{_place(one.example.where)}）" for one in examples.values()]
        fields = {
            "who": f"指标 {identifier}",
            "what": "名称",
            "name": name,
            "count": str(len({one.rule.id for one in found})),
            "shown": "、".join(shown[:MOST_SHOWN]) + (f" 等 {len(shown)} 句" if len(shown) > MOST_SHOWN else ""),
        }
        yield Issue("R419", fields, places.of_name(rules[identifier], name), indicator=rules[identifier].name)
    for one in failed:
        if id(one) not in told:
            why = "；".join(dict.fromkeys(culprit.told for culprit in one.culprits))
            yield replace(one.issue, fields={**one.issue.fields, "why": f"：{why}" if why else ""})


def _place(where: Location | None) -> str:
    return f"{where.path}:{where.line}" if where else ""


def _units_behind(rule: IndicatorRule, rulebook: RuleBook, who: str) -> Iterator[Issue]:
    """Tell phrases that write the rule's unit right behind 〔数〕, which stands for the figure with its unit.

    Another unit there is part of a noun: 新开工〔数〕亿元项目 takes the 12个 of 新开工12个亿元项目.
    """
    from compiler.language.figures import find_quantities

    lexicon = rulebook.lexicon
    family = _family(rule.unit, lexicon)
    for phrase in rule.phrases if family else ():
        unit = ""
        for literal in expand_pattern(phrase.pattern):
            before, _, behind = literal.partition(FIGURE)
            piece = behind.partition(GAP)[0]
            before = before.rpartition(GAP)[2]
            figures = find_quantities(f"{before}5{piece}", lexicon) if piece else ()
            own = (f.raw[1:] for f in figures if f.start == len(before) and f.family == family)
            unit = next(own, "")
            if not unit:
                break  # written so, the phrase can match
        if unit:
            where = RuleLines(rulebook).of_key(rule, "phrases", phrase.pattern)
            yield Issue("R334", {"who": who, "pattern": phrase.pattern, "unit": unit}, where)


def _family(unit: str, lexicon: Lexicon) -> str:
    """Return the family of a unit of a rule, magnitude aside (亩 of 万亩)."""
    for cut in range(len(unit)):
        if unit[cut:] in lexicon.units:
            return lexicon.units[unit[cut:]].family
    return ""


def _key_of_fact(fact: Fact) -> _Key:
    return fact.measure, fact.bound, fact.low, fact.high, fact.tier, fact.text


def _key_of_expectation(expectation: Expectation) -> _Key:
    e = expectation
    return e.measure, e.bound, e.low, e.high, e.tier, e.text


def written_yields(rule: IndicatorRule, text: str, under: Part, rulebook: RuleBook) -> tuple[str, ...]:
    """Return what a rule yields on a sentence, as one would write it under ``yields``."""
    from compiler.facts.compile import facts_of_example
    from compiler.facts.examples import identity_in

    facts = facts_of_example(text, under, rulebook, identity_in(text, under, rulebook.lexicon))
    return tuple(_written(_key_of_fact(fact)) for fact in facts if fact.indicator_id == rule.id)


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


def _check_sections(rulebook: RuleBook, known: str) -> tuple[str, list[Issue]]:
    """Run the examples of sections unless ``known`` is the digest of these, and return it where nothing is told."""
    digest = digest_of_rules(rulebook.sections)
    issues: list[Issue] = []
    for section in rulebook.sections if digest != known else ():
        who = f"章节 {section.id}"
        issues.extend(_missing_examples(section, section.examples, who))
        for example in section.examples:
            issues.extend(_run_section(section, example, rulebook, who))
    return "" if issues else digest, issues


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


def _check_tasks(rulebook: RuleBook, known: Known | None) -> tuple[Known, list[Issue]]:
    """Run the examples of tasks that are not known to pass, and return what is now known of them, and the issues."""
    issues: list[Issue] = []
    told: set[int] = set()
    examples = rulebook.tasks.examples
    for number, example in enumerate(examples):
        if known is None or not known.holds(number):
            found = [*_run_task(example, rulebook)]
            issues.extend(found)
            if found:
                told.add(number)
    letters = known.letters if known is not None else tuple(letters_of(example.text) for example in examples)
    return Known(digest_of_rules(tasks_of(rulebook)), (), (), letters, frozenset(told), clean=True), issues


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
