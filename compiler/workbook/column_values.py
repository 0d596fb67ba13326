"""The named values that columns of ``templates/workbook.yaml`` choose from.

For each kind of sheet there is a row type and a table of functions ``(row, sheet) -> value``. A value is
plain (text, number) or a :class:`Put`, which also says how it looks and which fact it stands for. Where a
fact stands in the sheets is decided before any row is written, so that links need no second pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from compiler import issues as catalogue
from compiler.language.guards import GUARDS, Guard
from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import JUDGED, Status, point_of, shown
from compiler.ledger.rows import LedgerRow
from compiler.ledger.told_names import is_form
from compiler.model import (
    Bound,
    Fact,
    IndicatorRule,
    Issue,
    Kind,
    Measure,
)
from compiler.numbers import decimal_text
from compiler.strings import squeeze
from compiler.workbook.formulas import comparison, implied, step, step_text
from compiler.workbook.rows import (
    SLOTS,
    BookContext,
    CheckRow,
    Getter,
    Put,
    ResultRow,
    Sheet,
    SpanRow,
    UncoveredRow,
    key_of,
)
from compiler.workbook.shown_unit import in_own_unit
from compiler.workbook.xlsx import ROW, Formula, Rich, RichRun, Value

# --- 目标与结果, print sheets -------------------------------------------------------------------


def twin_key(slot: str, end: str) -> str:
    """Return the key of a hidden twin column."""
    return f"n_{slot}" if end == "low" else f"n_{slot}_{end}"


def reference(row: ResultRow, sheet: Sheet) -> Callable[[Fact, str], str]:
    """Return a function that gives the cell of a fact's end, in its twin column."""

    def cell(fact: Fact, end: str) -> str:
        slot = next((slot for slot, own in row.slots.items() if own.id == fact.id), None)
        if slot is None:
            return sheet.growths.get(fact.id, "")
        single = slot.endswith("stretch") or "result" in slot
        column = sheet.columns.get(twin_key(slot, "low" if single else end), "")
        return f"{column}{ROW}" if column else ""

    return cell


def _slot(slot: str) -> Getter:
    def get(row: ResultRow, sheet: Sheet) -> Value | Put:
        fact = row.slots.get(slot)
        if fact is None:
            return None
        return figure_put(fact, row, slot, sheet.context)

    return get


def figure_put(fact: Fact, row: ResultRow, slot: str, context: BookContext) -> Put:
    """Return a figure as a cell: a number where formulas may use it, else in words, marked where it is in doubt."""
    own = row.unit.shown_fact(fact)
    if row.is_number(slot) and own.low is not None:
        return Put(own.low, "number", context.number_format(own.low, own.unit), fact, tip=fact.quote)
    text = shown(own, context.terms)
    if fact.measure is Measure.LEVEL and not fact.text and not row.unit.holds(fact):
        text = in_own_unit(fact)
    if doubtful(fact):
        text += context.template.word("doubt_mark")
    return Put(text, "text" if fact.text else "words", fact=fact, tip=fact.quote)


def is_plain_number(fact: Fact) -> bool:
    """Tell whether a fact's cell holds a number; other figures show their bound in words."""
    return not fact.text and fact.bound is Bound.EQ and fact.measure is not Measure.CHANGE and fact.low is not None


def twin_value(row: ResultRow, sheet: Sheet, slot: str, end: str) -> Value:
    """Return the number of a hidden twin: live where its visible cell holds the number."""
    fact = row.slots.get(slot)
    if fact is None or fact.text:
        return None
    number = point_of(fact) if slot.endswith("stretch") or "result" in slot else getattr(fact, end)
    if number is None:
        return None
    column = sheet.columns.get(slot, "")
    if column and row.is_number(slot):
        cell = f"{column}{ROW}"
        factor = row.unit.factor if fact.measure is Measure.LEVEL else 1
        if factor != 1:
            cell = f"ROUND({cell}*{factor.denominator}/{factor.numerator},10)"
        return Formula(cell, number)
    return Decimal(number)


def _compared(row: ResultRow, sheet: Sheet) -> Value | Put:
    past = row.line.past
    if past is None or not past.difference:
        return None
    terms = sheet.context.terms
    cell = reference(row, sheet)
    separator = terms.word("remark.separator")
    expressions: list[str] = []
    texts: list[str] = []
    for entry in past.measures:
        text = entry.verdict.text
        if entry.stretch_met is not None:
            word = terms.word("compared.stretch_met" if entry.stretch_met else "compared.stretch_missed")
            text = f"{text}，{word}" if text else word
        if not text:
            continue
        texts.append(text)
        expression = comparison(entry, terms, cell)
        expressions.append(expression or "")
    if separator.join(texts) != past.difference or not all(expressions):
        return past.difference
    joined = f'&"{separator}"&'.join(expressions)
    long = len(joined) + _DIGITS * joined.count(ROW)
    return Formula(joined, past.difference) if long < _LONGEST_FORMULA else past.difference


_DIGITS: Final = 6
"""The most by which the number of a row is longer than what stands for it in a formula."""

_LONGEST_FORMULA: Final = 8000


def _status(row: ResultRow, sheet: Sheet) -> Value | Put:
    past = row.line.past
    if past is None:
        return None
    status = past.status
    if status is Status.NO_TARGET and not sheet.context.ledger.has_report(row.line.place_key, row.line.report_year - 1):
        return None  # last year's report is not at hand: said once below the table
    if not past.targets and not past.results and status not in JUDGED:
        status = Status.NO_RESULT
    return Put(sheet.context.terms.status(status) + _by(row, past, sheet), f"status.{status.value}")


def _by(row: ResultRow, past: LedgerRow, sheet: Sheet) -> str:
    """Return by which measure a row was judged, where its cells show figures of several."""
    shown_measures = {fact.measure for slot, fact in row.slots.items() if slot.startswith("last_")}
    if past.status not in JUDGED or past.deciding is None or len(shown_measures) < 2:
        return ""
    return sheet.context.template.word(f"by.{past.deciding.value}")


def _step(row: ResultRow, sheet: Sheet) -> Value | Put:
    steps = row.line.steps
    if not steps:
        return row.line.plan.step_note or None if row.line.plan is not None else None
    terms = sheet.context.terms
    cell = reference(row, sheet)
    separator = terms.word("remark.separator")
    units = [row.unit if item.measure is Measure.LEVEL and row.unit.holds(item.target) else None for item in steps]
    expressions = [step(item, terms, cell, unit) for item, unit in zip(steps, units, strict=True)]
    text = separator.join(step_text(item, terms, unit) for item, unit in zip(steps, units, strict=True))
    return Formula(f'&"{separator}"&'.join(expressions), text) if all(expressions) else text


def _implied(row: ResultRow, sheet: Sheet) -> Value | Put:
    item = row.line.implied
    if item is None:
        return None
    if not row.unit.is_own:
        return None
    expression, value = implied(item, sheet.context.terms, reference(row, sheet))
    format_ = "#,##0" + ("." + "0" * item.places if item.places else "") if isinstance(value, Decimal) else ""
    return Put(Formula(expression, value) if expression else value, "estimate", format_)


def remark_parts(row: ResultRow, context: BookContext, *, missing: bool) -> tuple[str, ...]:
    """Return what the remark of a row says. ``missing`` tells as well what was not found.

    That last year's report is not at hand is no remark: it holds for every row and stands once below the table.
    """
    if row.remarks is None or row.remarks[0] is not missing:
        row.remarks = missing, _remark_parts(row, context, missing=missing)
    return row.remarks[1]


def _remark_parts(row: ResultRow, context: BookContext, *, missing: bool) -> tuple[str, ...]:
    line = row.line
    parts: list[str] = []
    if line.past is not None:
        found = context.ledger.has_report(line.place_key, line.report_year - 1)
        if line.past.missing and (found or line.past.targets) and (missing or line.past.targets):
            parts.append(line.past.missing)
        parts.extend(line.past.remarks)
    if line.plan is not None:
        parts.extend(line.plan.plan_remarks)
    parts.extend(_printed_names(row, context, parts))
    for fact in row.hidden_facts:
        label = context.template.word(f"kind.{fact.kind.value}")
        year = context.template.word("year", year=fact.year) if fact.year > 0 else ""
        parts.append(f"{year}{label}：{context.figure(fact)}")
    return tuple(dict.fromkeys(parts))


def print_remark_parts(row: ResultRow, context: BookContext) -> list[str]:
    """Return the remark of a print sheet, which has no column for the nature of a figure."""
    notes = [_told_nature(note, context) for note in _natures(row)]
    told = [text for text in (_told_rank(row),) if text]
    return [*notes, *remark_parts(row, context, missing=False), *told]


def _told_nature(note: str, context: BookContext) -> str:
    """Return the nature of a figure as a remark: 预计数; a basis of comparison (可比口径) stands as it is."""
    word = context.template.word
    whole = tuple(ending for ending in word("provisional_whole").split("、") if ending)
    return note if note.endswith(whole) else word("provisional", note=note.removesuffix(word("provisional_tail")))


def _printed_names(row: ResultRow, context: BookContext, told: Sequence[str]) -> list[str]:
    """Return a remark for each printed name that is not the indicator's and that no remark tells yet."""
    found = []
    for fact in row.slots.values():
        name = context.ledger.names.of(fact)
        if not name or _is_name_of(name, row.line.indicator) or any(name in text for text in told):
            continue
        found.append(context.terms.word("remark.printed", name=name))
    return found


def _is_name_of(name: str, indicator: str) -> bool:
    """Tell whether a printed name is the indicator's, or a shorter or longer form of it (生产总值, GDP)."""
    return name.isascii() or is_form(name, indicator)  # an abbreviation: GDP, CPI


def _natures(row: ResultRow) -> list[str]:
    notes = [fact.status_note for fact in row.slots.values() if fact.status_note and fact.kind is Kind.RESULT]
    return list(dict.fromkeys(notes))


def _told_rank(row: ResultRow) -> str:
    texts = [text for fact in row.slots.values() for text in (fact.rank, fact.comparison) if text]
    return "；".join(dict.fromkeys(texts))


def _remarks(parts: Sequence[str], sheet: Sheet) -> Value:
    own = [part for part in parts if part not in sheet.common]
    return sheet.context.terms.word("remark.separator").join(own) or None


def _nature(row: Any, sheet: Sheet) -> Value:
    rule = sheet.context.rules.get(row.line.indicator_id)
    return _kind_of_target(rule, sheet) if rule is not None else None


def _kind_of_target(rule: IndicatorRule, sheet: Sheet) -> Value:
    """Return whether an indicator's targets are 预期性 or 约束性; nothing where its rule does not say."""
    return sheet.context.terms.word(f"nature.{rule.kind_of_target}") if rule.kind_of_target else None


def _first_fact(row: ResultRow) -> Fact | None:
    order = ("last_result_amount", "last_result_growth", "target_amount", "target_growth", "target_stretch")
    for slot in (*order, *SLOTS):
        if slot in row.slots:
            return row.slots[slot]
    return None


def _basis(row: ResultRow, sheet: Sheet) -> Value | Put:
    fact = _first_fact(row)
    return sheet.context.basis(fact) if fact is not None else None


def words_of_target(row: ResultRow, context: BookContext) -> str | None:
    """Return the shortest spans that prove the targets of a row, each to the end of its clause (分别增长7%和8%)."""
    facts = [row.slots[slot] for slot in ("target_amount", "target_growth", "target_stretch") if slot in row.slots]
    told: list[str] = []
    for text in (fact.quote + context.rest_of(fact) for fact in facts):
        if not any(text in known for known in told):
            told = [*(known for known in told if known not in text), text]
    return "；".join(told) or None


_RESULTS: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "place": lambda row, sheet: sheet.context.place_name(row.line.place),
    "report_year": lambda row, sheet: row.line.report_year or sheet.context.year_name(0),
    "theme": lambda row, _: row.line.theme,
    "indicator": lambda row, _: row.line.indicator,
    "unit": lambda row, _: row.unit.name,
    **{slot: _slot(slot) for slot in SLOTS},
    "compared": _compared,
    "status": _status,
    "step": _step,
    "implied": _implied,
    "nature": _nature,
    "data_nature": lambda row, _: "、".join(_natures(row)) or None,
    "told_rank": lambda row, _: _told_rank(row) or None,
    "remarks": lambda row, sheet: _remarks(remark_parts(row, sheet.context, missing=True), sheet),
    "print_remarks": lambda row, sheet: _remarks(print_remark_parts(row, sheet.context), sheet),
    "basis": _basis,
    "target_words": lambda row, sheet: words_of_target(row, sheet.context),
    "rule_note": lambda row, sheet: _rule(row.line.indicator_id, sheet, "note"),
    "indicator_id": lambda row, _: row.line.indicator_id,
}


def _rule(indicator_id: str, sheet: Sheet, name: str) -> str | None:
    rule = sheet.context.rules.get(indicator_id)
    return str(getattr(rule, name)) or None if rule else None


# --- 待核清单 ------------------------------------------------------------------------------------


def _check_value(index: int) -> Getter:
    def get(row: CheckRow, sheet: Sheet) -> Value | Put:
        if index == 1 and (other := _second_value(row, sheet)):
            return Put(other, "words", fact=row.facts[1] if len(row.facts) > 1 else None)
        if index >= len(row.facts):
            return None
        fact = row.facts[index]
        return Put(sheet.context.figure(fact), "words", fact=fact, tip=fact.quote)

    return get


def _second_value(row: CheckRow, sheet: Sheet) -> str:
    """Return what a figure is held against where that is no fact: a figure worked out, a range, or nothing found."""
    fields = row.issue.fields
    for name in ("implied", "limits"):
        if name in fields:
            return sheet.word(f"value.{name}", value=fields[name].replace("..", "～"))
    if row.facts and "next" in fields and len(row.facts) == 1:
        return sheet.word("not_mentioned")
    return ""


def _check_basis(index: int) -> Getter:
    def get(row: CheckRow, sheet: Sheet) -> Value | Put:
        if index < len(row.facts):
            return sheet.context.basis(row.facts[index])
        if index == 0 and not row.facts:
            return catalogue.place_of(row.issue) or None
        return None

    return get


def _check_difference(row: CheckRow, _: Sheet) -> Value:
    stated = row.issue.fields.get("difference", "")
    if stated:
        try:
            return Decimal(stated)
        except ArithmeticError:
            return stated
    if len(row.facts) < 2:
        return None
    first, second = row.facts[:2]
    a, b = point_of(first), point_of(second)
    if a is None or b is None or first.unit != second.unit or first.measure is not second.measure:
        return None
    return Decimal(decimal_text(a - b))


_CHECKS: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "check_kind": lambda row, _: catalogue.kind(row.issue),
    "severity": lambda row, sheet: sheet.context.template.word(f"severity.{catalogue.severity(row.issue).value}"),
    "code": lambda row, _: row.issue.code,
    "place": lambda row, _: row.issue.place or row.issue.fields.get("place") or None,
    "indicator": lambda row, _: row.issue.indicator or row.issue.fields.get("indicator") or None,
    "value_a": _check_value(0),
    "basis_a": _check_basis(0),
    "value_b": _check_value(1),
    "basis_b": _check_basis(1),
    "difference": _check_difference,
    "message": lambda row, _: catalogue.message(row.issue),
    "advice": lambda row, _: catalogue.advice(row.issue) or None,
    "source": lambda row, _: row.issue.source or None,
    "id": lambda row, _: row.id,
}


# --- 原文依据, 明细 ------------------------------------------------------------------------------


def marked_sentence(fact: Fact, context: BookContext) -> Value:
    """Return the sentence of a fact with its figure (or its words) set off."""
    sentence = context.sentence(fact.source, fact.report, fact.sentence)
    if sentence is None:
        return fact.quote
    text = sentence.text
    report = context.report_of.get((fact.source, fact.report))
    start, end = fact.figure_start, fact.figure_end
    if start < 0 or end <= start:
        position = text.find(fact.text) if fact.text else -1
        if position < 0:
            position = text.find(fact.quote)
            length = len(fact.quote)
        else:
            length = len(fact.text)
    else:
        position, length = -1, 0
        if report is not None:
            before = squeeze(report.text[sentence.start : start])
            figure = squeeze(report.text[start:end])
            if text.startswith(figure, len(before)):
                position, length = len(before), len(figure)
    if position < 0 or not length:
        return text
    runs = (
        RichRun(text[:position]),
        RichRun(text[position : position + length], True),
        RichRun(text[position + length :]),
    )
    return Rich(tuple(run for run in runs if run.text))


def _back(fact: Fact, sheet: Sheet) -> Value | Put:
    context = sheet.context
    target = context.shown_at.get(key_of(fact))
    return Put(sheet.word("back"), "link", target=target) if target is not None else None


def _evidence_value(fact: Fact, sheet: Sheet) -> Value | Put:
    return Put(sheet.context.figure(fact), "words")


def _part(fact: Fact, sheet: Sheet) -> Value:
    sentence = sheet.context.sentence(fact.source, fact.report, fact.sentence)
    return sheet.word(f"part.{sentence.part.value}") if sentence is not None else None


_EVIDENCE: Final[dict[str, Getter]] = {
    "id": lambda fact, _: fact.id,
    "place": lambda fact, sheet: sheet.context.place_name(fact.place),
    "report_year": lambda fact, sheet: fact.report_year or sheet.context.year_name(0),
    "report_name": lambda fact, sheet: sheet.context.place_name(fact.place) + sheet.context.year_name(fact.report_year),
    "part": _part,
    "heading": lambda fact, _: fact.heading or None,
    "paragraph": lambda fact, _: fact.paragraph,
    "sentence": lambda fact, sheet: marked_sentence(fact, sheet.context),
    "quote": lambda fact, _: fact.quote,
    "indicator": lambda fact, _: fact.indicator,
    "value": _evidence_value,
    "rule": lambda fact, _: fact.rule,
    "span": lambda fact, _: f"{fact.start}–{fact.end}",
    "source": lambda fact, _: fact.source,
    "back": _back,
}


def _detail_number(name: str) -> Getter:
    def get(fact: Fact, _: Sheet) -> Value | Put:
        value: Decimal | None = getattr(fact, name)
        return value

    return get


_DETAIL: Final[dict[str, Getter]] = {
    "id": lambda fact, _: Put(fact.id, "link", fact=fact),
    "place": lambda fact, sheet: sheet.context.place_name(fact.place),
    "place_code": lambda fact, _: fact.place_code,
    "place_level": lambda fact, _: fact.place_level,
    "report_year": lambda fact, _: fact.report_year,
    "year": lambda fact, _: fact.year,
    "kind": lambda fact, sheet: sheet.word(f"kind.{fact.kind.value}"),
    "indicator": lambda fact, _: fact.indicator,
    "indicator_id": lambda fact, _: fact.indicator_id,
    "theme": lambda fact, _: fact.theme,
    "measure": lambda fact, sheet: sheet.word(f"measure.{fact.measure.value}"),
    "low": _detail_number("low"),
    "high": _detail_number("high"),
    "bound": lambda fact, sheet: sheet.word(f"bound.{fact.bound.value}") if fact.bound is not Bound.NONE else None,
    "unit": lambda fact, _: fact.unit,
    "tier": lambda fact, sheet: sheet.word(f"tier.{fact.tier.value}"),
    "text": lambda fact, _: fact.text,
    "raw": lambda fact, _: fact.raw,
    "modifier": lambda fact, _: fact.modifier,
    "status_note": lambda fact, _: fact.status_note,
    "quote": lambda fact, _: fact.quote,
    "source": lambda fact, _: fact.source,
    "report": lambda fact, _: fact.report,
    "start": lambda fact, _: fact.start,
    "end": lambda fact, _: fact.end,
    "heading": lambda fact, _: fact.heading,
    "paragraph": lambda fact, _: fact.paragraph,
    "rule": lambda fact, _: fact.rule,
    "printed_name": lambda fact, _: fact.printed_name,
}


# --- 未覆盖数字, 章节摘录, 规则一览 -----------------------------------------------------------------


def _uncovered_sentence(row: UncoveredRow, sheet: Sheet) -> Value:
    sentence = sheet.context.sentence(row.report.source, row.report.number, row.item.sentence)
    if sentence is None:
        return None
    before = squeeze(row.report.text[sentence.start : row.item.start])
    figure = squeeze(row.report.text[row.item.start : row.item.end])
    if not figure or not sentence.text.startswith(figure, len(before)):
        return sentence.text
    end = len(before) + len(figure)
    runs = (RichRun(before), RichRun(figure, True), RichRun(sentence.text[end:]))
    return Rich(tuple(run for run in runs if run.text))


def _uncovered_field(name: str) -> Getter:
    def get(row: UncoveredRow, sheet: Sheet) -> Value:
        sentence = sheet.context.sentence(row.report.source, row.report.number, row.item.sentence)
        if sentence is None:
            return None
        return "/".join(sentence.headings) if name == "heading" else sentence.paragraph

    return get


def reason_of(guard: str) -> str:
    """Return in plain words why no rule took a figure."""
    code = GUARDS[Guard(guard)].code if guard in GUARDS else _NO_RULE
    return catalogue.wording(Issue(code)).about.rstrip("。")


_NO_RULE: Final = "G130"

_UNCOVERED: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "place": lambda row, sheet: sheet.context.place_name(row.report.identity.place),
    "report_year": lambda row, sheet: row.report.identity.report_year or sheet.context.year_name(0),
    "part": lambda row, sheet: sheet.word(f"part.{row.item.part.value}"),
    "raw": lambda row, _: Put(row.item.raw, "words"),
    "noun": lambda row, _: row.figure.noun or None,
    "unit": lambda row, _: row.figure.unit or None,
    "count": lambda row, _: row.count,
    "sentence": _uncovered_sentence,
    "heading": _uncovered_field("heading"),
    "paragraph": _uncovered_field("paragraph"),
    "reason": lambda row, _: reason_of(row.figure.reason),
    "source": lambda row, _: row.report.source,
}


def _span_years(row: SpanRow, sheet: Sheet) -> Value:
    return sheet.word("years", first=row.fact.from_year, last=row.fact.year)


def _of_fact(getter: Getter) -> Getter:
    return lambda row, sheet: getter(row.fact, sheet)


_SPANS: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "years": _span_years,
    "total": lambda row, sheet: sheet.word(f"total.{row.fact.total}") if row.fact.total else None,
    "figure": lambda row, sheet: Put(sheet.context.figure(row.fact), "words", fact=row.fact, tip=row.fact.quote),
    "rank": lambda row, _: row.fact.rank or None,
    "comparison": lambda row, _: row.fact.comparison or None,
    "basis": lambda row, sheet: sheet.context.basis(row.fact),
    "kind": lambda row, sheet: sheet.word(f"kind.{row.fact.kind.value}"),
    "theme": lambda row, _: row.fact.theme,
    "measure": lambda row, sheet: sheet.word(f"measure.{row.fact.measure.value}"),
    **{
        name: _of_fact(_EVIDENCE[name])
        for name in ("place", "report_year", "indicator", "sentence", "quote", "heading", "id")
    },
}


_PASSAGES: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "place": lambda row, sheet: sheet.context.place_name(row.report.identity.place),
    "report_year": lambda row, sheet: row.report.identity.report_year or sheet.context.year_name(0),
    "section": lambda row, _: row.item.section,
    "part": lambda row, sheet: sheet.word(f"part.{row.item.part.value}"),
    "heading": lambda row, _: row.item.heading or None,
    "paragraph": lambda row, _: row.item.paragraph,
    "text": lambda row, _: row.item.text,
    "source": lambda row, _: row.report.source,
}


_RULES: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "id": lambda row, _: row.rule.id,
    "name": lambda row, _: row.rule.name,
    "theme": lambda row, _: row.rule.theme,
    "unit": lambda row, _: row.rule.unit,
    "aliases": lambda row, _: "、".join((*row.rule.aliases, *row.rule.growth_names)) or None,
    "direction": lambda row, sheet: sheet.word(f"direction.{row.rule.direction}"),
    "measures": lambda row, sheet: "、".join(sheet.word(f"measure.{item.value}") for item in row.rule.measures),
    "nature": lambda row, sheet: _kind_of_target(row.rule, sheet),
    "examples": lambda row, _: len(row.rule.examples),
    "hits": lambda row, sheet: sheet.context.hits.get(row.rule.id, 0),
    "note": lambda row, _: row.rule.note or None,
    "file": lambda row, _: row.rule.file,
}


GETTERS: Final[Mapping[str, Mapping[str, Getter]]] = {
    "results": _RESULTS,
    "print": _RESULTS,
    "spans": _SPANS,
    "checks": _CHECKS,
    "evidence": _EVIDENCE,
    "uncovered": _UNCOVERED,
    "passages": _PASSAGES,
    "detail": _DETAIL,
    "rules": _RULES,
}

__all__ = ["GETTERS", "JUDGED", "BookContext", "Put", "Sheet"]
