"""Turn the ledger's comparisons into live formulas whose result is the very wording of the ledger.

A formula is made of the wordings in ``ledger.yaml`` and the cells that hold the numbers, so that someone
who corrects a number sees the sentence follow. Where a comparison has no cells to stand on, there is no
formula and the wording stands as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from compiler.ledger.judge import Shape, Terms, Verdict
from compiler.ledger.rows import Implied, MeasureEntry, PlannedChange
from compiler.model import Bound, Fact, Measure
from compiler.numbers import decimal_text
from compiler.workbook.shown_unit import RowUnit

Reference = Callable[[Fact, str], str]
"""Gives the cell that holds the low or high end of a fact (``low``, ``high``); empty where none does."""

_FIELD = re.compile(r"\{(\w+)\}")
_STEPS = {
    "step.faster": ("step.faster", "step.slower"),
    "step.slower": ("step.faster", "step.slower"),
    "step.more": ("step.more", "step.less"),
    "step.less": ("step.more", "step.less"),
    "step.rate_up": ("step.rate_up", "step.rate_down"),
    "step.rate_down": ("step.rate_up", "step.rate_down"),
    "step.control_above": ("step.control_above", "step.control_below"),
    "step.control_below": ("step.control_above", "step.control_below"),
    "step.fall_more": ("step.fall_less", "step.fall_more"),
    "step.fall_less": ("step.fall_less", "step.fall_more"),
}


def literal(text: str) -> str:
    """Return a text as it stands inside a formula; long ones in pieces, since 255 characters are the limit."""
    if len(text) <= 250:
        return '"' + text.replace('"', '""') + '"'
    pieces = [text[start : start + 250] for start in range(0, len(text), 250)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def worded(terms: Terms, key: str, /, **fields: str) -> str:
    """Return a wording as an expression. ``number`` is an expression, every other field plain text."""
    text = terms.words.get(key, key)
    parts: list[str] = []
    plain_text = ""
    position = 0
    for match in _FIELD.finditer(text):
        plain_text += text[position : match.start()]
        position = match.end()
        name = match.group(1)
        if name == "number" and "number" in fields:
            if plain_text:
                parts.append(literal(plain_text))
            parts.append(fields["number"])
            plain_text = ""
        else:
            plain_text += fields.get(name, match.group())
    plain_text += text[position:]
    if plain_text or not parts:
        parts.append(literal(plain_text))
    return "&".join(parts)


def decimal_places(*numbers: Decimal | None) -> int:
    """Return the most decimals that any of the numbers is printed with."""
    return max((max(0, -int(number.as_tuple().exponent)) for number in numbers if number is not None), default=0)


def rounded(expression: str, digits: int) -> str:
    """Return an expression rounded as one would on paper.

    A spreadsheet computes 110 × 1.15 as 126.49999999999999; rounding to some more digits first takes that
    error away, so that a half is rounded up as it is in exact arithmetic.
    """
    return f"ROUND(ROUND({expression},{digits + 7}),{digits})"


def as_text(expression: str, digits: int) -> str:
    """Return a rounded number as text, without noughts at its end.

    Joined to a text as it is, a number shows in some programs how binary fractions miss it (0.47999999999999999).
    """
    if not digits:
        return f'TEXT({expression},"0")'
    longest = f'TEXT({expression},"0.{"0" * digits}")'
    text = longest
    for kept in range(digits - 1, -1, -1):
        tail = ("" if kept else ".") + "0" * (digits - kept)
        shorter = f'TEXT({expression},"0{"." if kept else ""}{"0" * kept}")'
        text = f'IF(RIGHT({longest},{len(tail)})="{tail}",{shorter},{text})'
    return text


def comparison(entry: MeasureEntry, terms: Terms, cell: Reference) -> str:
    """Return the expression for one measure's difference; empty where it cannot be live."""
    target, result, verdict = entry.target, entry.result, entry.verdict
    if result is None or not verdict.outcome:
        return ""
    value = _point(result, cell)
    expression = ""
    if verdict.shape is Shape.RELATIVE and entry.reference is not None and value:
        other = _point(entry.reference, cell) or decimal_text(verdict.low or Decimal(0))
        digits = decimal_places(verdict.value, verdict.low)
        expression = _three_ways(
            f"{value}-{other}",
            digits,
            ("compared.faster", "compared.slower", "compared.same_speed"),
            terms,
            reference=verdict.reference,
        )
    elif target is not None and value and verdict.shape is not Shape.NONE:
        expression = _against_target(target, value, verdict, terms, cell)
    if not expression:
        return ""
    return expression + _stretch(entry, value, terms, cell)


def _against_target(target: Fact, value: str, verdict: Verdict, terms: Terms, cell: Reference) -> str:
    low = cell(target, "low") if target.low is not None else ""
    high = cell(target, "high") if target.high is not None else ""
    aim = low or high
    if not aim:
        return ""
    shape, unit = verdict.shape, verdict.unit
    digits = decimal_places(verdict.value, verdict.low, verdict.high)
    gap = f"{value}-{aim}"
    if shape is Shape.RANGE:
        if not (low and high):
            return ""
        above = worded(terms, "compared.above_range", number=_gap_text(f"{value}-{high}", digits), unit=unit)
        below = worded(terms, "compared.below_range", number=_gap_text(f"{low}-{value}", digits), unit=unit)
        return f"IF({value}>{high},{above},IF({value}<{low},{below},{worded(terms, 'compared.within')}))"
    if shape is Shape.CONTROL:
        limit = high or low
        keys = ("compared.over_control", "compared.under_control", "compared.at_control")
        return _three_ways(f"{value}-{limit}", digits, keys, terms, unit=unit)
    if shape is Shape.FALL:
        keys = ("compared.fall_less", "compared.fall_more", "compared.equal")
        return _three_ways(gap, digits, keys, terms, unit=unit)
    percent_digits = max(1, decimal_places(verdict.number)) if verdict.outcome == "compared.percent" else 1
    share_text = as_text(rounded(f"{value}/{aim}*100", percent_digits), percent_digits)
    percent = worded(terms, "compared.percent", number=share_text, unit=unit)
    if shape is Shape.PERCENT:
        return f'IF({aim}=0,"",{percent})'
    points = _three_ways(gap, digits, ("compared.above", "compared.below", "compared.equal"), terms, unit=unit)
    near = worded(terms, "compared.near")
    if shape is Shape.BAND:
        return f"IF(ABS(ROUND({gap},{digits}))<={decimal_text(verdict.tolerance)},{near},{points})"
    if shape is Shape.BAND_PERCENT:
        share = decimal_text(terms.tolerance.get("amount_percent", Decimal(0)))
        return f"IF(ROUND(ABS({value}-{aim}),8)<=ROUND(ABS({aim})*{share}/100,8),{near},{percent})"
    return points


def _gap_text(gap: str, digits: int) -> str:
    return as_text(f"ABS(ROUND({gap},{digits}))", digits)


def _three_ways(gap: str, digits: int, keys: tuple[str, str, str], terms: Terms, **fields: str) -> str:
    """Return wordings for a gap above, below and at nought."""
    above, below, same = keys
    number = _gap_text(gap, digits)
    return (
        f"IF(ROUND({gap},{digits})>0,{worded(terms, above, number=number, **fields)},"
        f"IF(ROUND({gap},{digits})<0,{worded(terms, below, number=number, **fields)},{worded(terms, same, **fields)}))"
    )


def _stretch(entry: MeasureEntry, value: str, terms: Terms, cell: Reference) -> str:
    """Return the addition on the stretch target, as the ledger words it."""
    if entry.stretch is None or entry.stretch_met is None:
        return ""
    met, missed = worded(terms, "compared.stretch_met"), worded(terms, "compared.stretch_missed")
    aim = _point(entry.stretch, cell)
    result = entry.result
    if not aim or result is None or result.bound not in (Bound.EQ, Bound.APPROX):
        return f"&{literal('，')}&{met if entry.stretch_met else missed}"
    sign = "<=" if entry.stretch.bound is Bound.LE or not entry.verdict.up else ">="
    return f"&{literal('，')}&IF({value}{sign}{aim},{met},{missed})"


def step_text(item: PlannedChange, terms: Terms, unit: RowUnit | None) -> str:
    """Return the wording of a step in the unit that the row shows."""
    if unit is None or unit.is_own or item.number is None:
        return item.text
    return terms.word(item.outcome, number=decimal_text(unit.shown(item.number)), unit=unit.name)


def step(item: PlannedChange, terms: Terms, cell: Reference, unit: RowUnit | None = None) -> str:
    """Return the expression for a step from last year's result to this year's target, in the row's unit."""
    aim, value = _point(item.target, cell), _point(item.result, cell)
    if not aim or not value or item.printed_unit:
        return ""
    outcome = item.outcome
    if outcome == "step.same":
        is_control = item.target.bound is Bound.LE and item.measure is Measure.LEVEL
        # At nought the two other wordings are not seen until someone changes a number.
        outcome = "step.control_above" if is_control else "step.more"
        if item.measure is Measure.GROWTH:
            outcome = "step.faster"
        elif terms.is_rate(item.target) and not is_control:
            outcome = "step.rate_up"
    above, below = _STEPS[outcome]
    ends: tuple[Decimal | None, ...] = (item.result.low, item.result.high, item.target.low, item.target.high)
    gap, name = f"{aim}-{value}", item.unit
    if unit is not None and not unit.is_own:
        ends = tuple(None if end is None else unit.shown(end) for end in ends)
        gap, name = f"({gap})*{unit.factor.numerator}/{unit.factor.denominator}", unit.name
    return _three_ways(gap, decimal_places(*ends), (above, below, "step.same"), terms, unit=name)


def implied(item: Implied, terms: Terms, cell: Reference) -> tuple[str, str | Decimal]:
    """Return expression and value of the level that a target implies."""
    base = _point(item.base, cell)
    values: dict[str, str] = {}
    for end, number in (("low", item.low), ("high", item.high)):
        if number is None:
            continue
        source = cell(item.target, end)
        if item.target.measure is Measure.GROWTH:
            values[end] = rounded(f"{base}*(1+{source}/100)", item.places) if source else ""
        else:
            values[end] = rounded(f"{base}+{source}", item.places) if source else ""
    live = bool(base) and all(values.values())
    if item.low is not None and item.low == item.high:
        return (values["low"] if live else ""), item.low
    texts = {
        "low": decimal_text(item.low) if item.low is not None else "",
        "high": decimal_text(item.high) if item.high else "",
    }
    key = "range" if item.low is not None and item.high is not None else "ge" if item.low is not None else "le"
    wording = terms.word(f"shown.{key}", **texts)
    if not live:
        return "", wording
    pattern = terms.words.get(f"shown.{key}", "{low}{high}")
    parts = re.split(r"(\{low\}|\{high\})", pattern)
    ends = {f"{{{end}}}": as_text(value, item.places) for end, value in values.items()}
    fields = {"{low}": '""', "{high}": '""', **ends}
    return "&".join(fields.get(part, literal(part)) for part in parts if part), wording


def _point(fact: Fact, cell: Reference) -> str:
    """Return the cell of the one number that stands for a fact."""
    if fact.low is not None:
        return cell(fact, "low")
    return cell(fact, "high") if fact.high is not None else ""
