"""A new indicator from a form in ordinary words: what it becomes in a rule file, and what is wrong at which field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from compiler.authoring.check import written_yields
from compiler.authoring.explain import explain_text
from compiler.authoring.rule_cells import COLUMNS, CellError, from_cell
from compiler.authoring.suggest import id_of
from compiler.facts.examples import identity_in
from compiler.language.figures import find_quantities
from compiler.language.unit_conversion import convert
from compiler.model import Form, IndicatorRule, Measure, Part, RuleBook
from compiler.strings import squeeze
from compiler.studio.edits import NEW_THEME
from compiler.studio.wording import measure_word, yield_in_words
from compiler.text.normalise import normalise

NEW_FILE: Final = "indicators/新增.yaml"
DIRECTIONS: Final = next(column.choices for column in COLUMNS if column.key == "direction")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_ORDER: Final = 100_000


@dataclass(frozen=True, slots=True)
class NewRule:
    """What the form came to: the fields of the rule and the file that it goes to, or what is wrong at its fields."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    file: str = NEW_FILE
    wrong: Mapping[str, str] = field(default_factory=dict)


def themes(rulebook: RuleBook) -> dict[str, str]:
    """Return the topics, each with the file that holds most of its indicators; that of new indicators first."""
    files = Counter((rule.theme, rule.file) for rule in rulebook.indicators)
    found = {NEW_THEME: NEW_FILE}
    for (theme, file), _ in sorted(files.items(), key=lambda item: -item[1]):
        found.setdefault(theme, file)
    return found


def new_rule(form: Mapping[str, str], rulebook: RuleBook) -> NewRule:
    """Return the rule that a form describes: ``name``, ``unit``, ``aliases`` (one a line), ``theme``, ``direction``,
    ``hit`` a sentence with the ``number`` to be taken from it as printed and its ``measure``, ``miss`` a sentence from
    which nothing is to be taken, ``under`` the part of the report that both stand in."""
    name, unit = squeeze(form.get("name", "")), squeeze(form.get("unit", ""))
    wrong: dict[str, str] = {}
    if not name:
        wrong["name"] = "请写上名称，报告里怎么叫就怎么写"
    known = next((rule for rule in rulebook.indicators if name in (rule.name, *rule.aliases)), None)
    if name and known is not None:
        wrong["name"] = f"已经有指标“{known.name}”用这个名称；要改它，到“规则”里查“{known.name}”"
    if not unit:
        wrong["unit"] = "请写上单位，如 家、公里、亿元、%"
    direction = form.get("direction", "")
    fields: dict[str, Any] = {"id": id_of(name, {rule.id for rule in rulebook.indicators}), "name": name, "unit": unit}
    aliases = [alias for line in re.split(r"[\n、]", form.get("aliases", "")) if (alias := squeeze(line))]
    if aliases:
        fields["aliases"] = aliases
    try:
        if direction:
            fields["direction"] = from_cell("direction", direction)
    except CellError as error:
        wrong["direction"] = str(error)
    under = Part.PLAN if form.get("under") == "plan" else Part.REVIEW
    rule = IndicatorRule(fields["id"], name, NEW_THEME, unit, NEW_FILE, _ORDER, tuple(aliases))
    measure = form.get("measure", "level")
    if measure == Measure.CHANGE:
        fields["measures"] = ["level", "growth", "change"]
        rule = replace(rule, measures=(Measure.LEVEL, Measure.GROWTH, Measure.CHANGE))
    hit, miss = squeeze(form.get("hit", "")), squeeze(form.get("miss", ""))
    yields: tuple[str, ...] = ()
    if not hit:
        wrong["hit"] = "请写一句应当取到数字的话"
    elif not wrong:
        yields, more = _yields(rule, hit, under, measure, form.get("number", ""), rulebook)
        wrong.update(more)
    if miss and not wrong:
        book = replace(rulebook, indicators=(*rulebook.indicators, rule))
        taken = written_yields(rule, miss, under, book)
        if taken:
            wrong["miss"] = f"这句话里取到了 {_shown(taken)}；请换一句不该取的，或者空着"
    fields["examples"] = [{"text": hit, "under": under.value, "yields": list(yields)}]
    if miss:
        fields["examples"].append({"text": miss, "under": under.value, "yields": []})
    return NewRule(fields, themes(rulebook).get(form.get("theme", ""), NEW_FILE), wrong)


def _yields(
    rule: IndicatorRule, hit: str, under: Part, measure: str, typed: str, rulebook: RuleBook
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return what the rule takes from its sentence, and what is wrong where that is not the number that was typed."""
    book = replace(rulebook, indicators=(*rulebook.indicators, rule))
    wanted = number_in(typed, rule.unit if measure == Measure.LEVEL else "%", rulebook)
    if wanted is None:
        return (), {"number": "请照写那句话里的数，如 3000家、6.5%"}
    taken = written_yields(rule, hit, under, book)
    if any(one.startswith(measure) and wanted in _numbers(one) for one in taken):
        return taken, {}
    if taken:
        return taken, {"number": f"这句话里“{rule.name}”取到的是 {_shown(taken)}，不是{measure_word(measure)} {typed}"}
    steps = explain_text(hit, under, book, identity_in(hit, under, rulebook.lexicon))
    step = next((one for one in steps if wanted in _numbers(squeeze(one.raw))), steps[0] if steps else None)
    if step is None:
        return (), {"hit": "这句话里没有读出数字"}
    why = f"归了{step.verdict}" if step.taken else step.reason
    return (), {"hit": f"这句话里“{rule.name}”没有取到 {step.raw}：{why}"}


def number_in(typed: str, unit: str, rulebook: RuleBook) -> Decimal | None:
    """Return the number that somebody typed (3000家, 1.2万家, 6.5%) in ``unit``; None where there is none."""
    text = normalise(typed.strip(), rulebook.lexicon)[0].text
    for quantity in find_quantities(text, rulebook.lexicon):
        value = quantity.low if quantity.low is not None else quantity.high
        if value is None:
            continue
        other = quantity.form is Form.AMOUNT and quantity.unit and quantity.unit != unit
        converted = convert(value, quantity.unit, unit, rulebook.lexicon) if other else value
        return converted if converted is not None else value
    found = _NUMBER.search(text.replace(",", "").replace("，", ""))
    try:
        return Decimal(found[0]) if found else None
    except InvalidOperation:
        return None


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(found) for found in _NUMBER.findall(text)]


def _shown(yields: tuple[str, ...]) -> str:
    return "、".join(map(yield_in_words, yields))
