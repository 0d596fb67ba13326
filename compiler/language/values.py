"""The figure of a fact: its measure, sign, bound and unit, or the guard that refuses it."""

from __future__ import annotations

import re
from decimal import Decimal

from compiler.language.guards import Guard
from compiler.language.lead_codes import Direction, Lead
from compiler.language.outcomes import Bounded
from compiler.language.unit_conversion import convert, resolve_unit
from compiler.model import NO_UNIT, Bound, Form, IndicatorRule, Lexicon, Measure, Quantity
from compiler.numbers import MAGNITUDES

Value = Bounded | Guard
"""A figure in the unit of a rule, or the guard that refuses it."""


_INDEX_SPAN = (Decimal("0.7"), Decimal("1.4"))
"""How far from its base, in proportion, a figure still reads as an index on that base (70 to 140 on 100)."""


def _is_index(rule: IndicatorRule, quantity: Quantity) -> bool:
    """Tell whether a figure stands near the base of the rule's index: 居民消费价格指数103."""
    point = quantity.low if quantity.low is not None else quantity.high
    low, high = (rule.index_base * limit for limit in _INDEX_SPAN)
    return point is not None and low <= point <= high


def _over_base(rule: IndicatorRule, quantity: Quantity) -> Bounded:
    """Return an index as the rise over its base: 103 on 100 is 3."""
    base = Decimal(rule.index_base)
    low = None if quantity.low is None else quantity.low - base
    high = None if quantity.high is None else quantity.high - base
    return Bounded(Measure.LEVEL, low, high, quantity.bound, rule.unit)


def is_rate(rule: IndicatorRule, lexicon: Lexicon) -> bool:
    """Tell whether a rule measures a rate in percent."""
    return resolve_unit(lexicon, rule.unit)[0] == resolve_unit(lexicon, "%")[0]


def value_of(
    rule: IndicatorRule, quantity: Quantity, lead: Lead, lexicon: Lexicon, *, growth: bool = False, bare: bool = False
) -> Value:
    """Return the figure in the unit of a fact, or the guard that refuses it.

    ``growth`` is set where the name speaks of a growth by itself (GDP增速), ``bare`` where the noun behind the figure
    stands for its unit.
    """
    form = quantity.form
    if form is Form.PERCENT:
        return _percent(rule, quantity, lead, lexicon, growth)
    if form is Form.AMOUNT:
        return _amount(rule, quantity, lead, lexicon, bare)
    if form is Form.RATIO:
        return _ratio(rule, quantity)
    if form is Form.POINT:
        if lead.compares:
            return Guard.COMPARISON
        if Measure.CHANGE in rule.measures and is_rate(rule, lexicon) and lead.direction:
            return _scaled(quantity, Measure.CHANGE, 1, "百分点", _falls(rule, lead))
        return Guard.UNIT
    if form is Form.FLAT and rule.rise_is_level:
        return _scaled(quantity, Measure.LEVEL, 1, rule.unit, False)  # 居民消费价格与上年持平
    if Measure.GROWTH not in rule.measures or rule.rise_is_level:
        return Guard.UNIT
    if form is Form.TIMES and lead.of_last_year and not lead.direction:
        return _over_last_year(quantity)
    if form is Form.TIMES and (lead.direction is not Direction.UP or lead.to_level):
        return Guard.NO_DIRECTION
    return _scaled(quantity, Measure.GROWTH, 100 if form is Form.TIMES else 1, "%", False)


def _over_last_year(quantity: Quantity) -> Bounded:
    """Return 是上年的2.6倍 as a growth of 160 percent."""
    low = None if quantity.low is None else (quantity.low - 1) * 100
    high = None if quantity.high is None else (quantity.high - 1) * 100
    return Bounded(Measure.GROWTH, low, high, quantity.bound, "%")


def _falls(rule: IndicatorRule, lead: Lead) -> bool:
    """Tell whether the figure says by how much something fell; 改善 is a fall where less is better."""
    if lead.direction in (Direction.BETTER, Direction.WORSE):
        return (lead.direction is Direction.BETTER) == (rule.direction == "down")
    return lead.direction is Direction.DOWN


def _ratio(rule: IndicatorRule, quantity: Quantity) -> Value:
    if not 0 < rule.ratio_part <= len(quantity.parts):
        return Guard.UNIT
    part = quantity.parts[rule.ratio_part - 1]
    return Bounded(Measure.LEVEL, part, part, Bound.EQ, rule.unit)


def _percent(rule: IndicatorRule, quantity: Quantity, lead: Lead, lexicon: Lexicon, growth: bool) -> Value:
    if growth or (lead.direction and not lead.to_level):
        falls = _falls(rule, lead)
        if rule.rise_is_level:
            return _held(rule, lead, _scaled(quantity, Measure.LEVEL, 1, "%", falls))
        return _scaled(quantity, Measure.GROWTH, 1, "%", falls) if Measure.GROWTH in rule.measures else Guard.UNIT
    if rule.index_base and _is_index(rule, quantity):
        return _over_base(rule, quantity)
    if is_rate(rule, lexicon) and Measure.LEVEL in rule.measures:
        return _held(rule, lead, _scaled(quantity, Measure.LEVEL, 1, rule.unit, False))
    return Guard.NO_DIRECTION


def _amount(rule: IndicatorRule, quantity: Quantity, lead: Lead, lexicon: Lexicon, bare: bool) -> Value:
    unit = quantity.unit
    if rule.index_base and not unit and _is_index(rule, quantity):
        return _over_base(rule, quantity)
    if rule.unit == NO_UNIT:
        if unit or lead.moves or Measure.LEVEL not in rule.measures:
            return Guard.UNIT
        return Bounded(Measure.LEVEL, quantity.low, quantity.high, quantity.bound, rule.unit)
    if rule.ratio_part and not unit and not lead.moves and Measure.LEVEL in rule.measures:
        return Bounded(Measure.LEVEL, quantity.low, quantity.high, quantity.bound, rule.unit)  # 收入比缩小到1.93
    if rule.not_units and base_unit(unit) in rule.not_units:
        return Guard.UNIT
    whole, _, each = unit.partition("/")
    if not quantity.family and each in lexicon.words("number.yearly_units"):
        unit = whole  # 2680元/人·年
    elif not quantity.family:
        if not bare:
            return Guard.UNIT
        # 5.25万贫困人口: the noun stands for the unit, only the magnitude is printed.
        magnitude = resolve_unit(lexicon, unit + base_unit(rule.unit)) if unit else None
        unit = unit + base_unit(rule.unit) if magnitude and magnitude[0] else base_unit(rule.unit)
    into, low, high = _converted(rule, quantity, unit, lexicon)
    if not into or _a_head(rule, into, high if low is None else low):
        return Guard.UNIT
    if lead.moves:
        if Measure.CHANGE not in rule.measures:
            return Guard.CHANGE
        return _signed(Bounded(Measure.CHANGE, low, high, quantity.bound, into), _falls(rule, lead))
    if Measure.LEVEL not in rule.measures:
        return Guard.MEASURE
    return _held(rule, lead, Bounded(Measure.LEVEL, low, high, quantity.bound, into))


_LEAST_TOTAL = 100_000
"""Below this many single units a figure is no total of a rule counted in 亿: 劳务收入1120元 is a head's."""


def _a_head(rule: IndicatorRule, into: str, end: Decimal | None) -> bool:
    """Tell whether a figure in the rule's unit is too small for a total that is counted in 亿."""
    size = MAGNITUDES.get(rule.unit[:1], 1)
    return into == rule.unit and size > _LEAST_TOTAL and end is not None and 0 < abs(end) * size < _LEAST_TOTAL


def _converted(
    rule: IndicatorRule, quantity: Quantity, unit: str, lexicon: Lexicon
) -> tuple[str, Decimal | None, Decimal | None]:
    """Return the figure in the rule's unit, or in one of its other units; the unit is empty where none fits."""
    if unit == rule.unit:
        return unit, quantity.low, quantity.high
    if "/" in rule.unit and unit == rule.unit.split("/")[0]:
        return rule.unit, quantity.low, quantity.high  # 养老金2010元: the "a month" goes without saying
    if "/" in unit and unit.split("/")[0] == rule.unit and unit.split("/")[1] in lexicon.words("number.per_head_units"):
        return rule.unit, quantity.low, quantity.high  # 人均纯收入1789元/人
    family = resolve_unit(lexicon, unit)[0]
    for into in (rule.unit, *rule.other_units):
        if into != rule.unit and resolve_unit(lexicon, into)[0] != family:
            continue
        low = None if quantity.low is None else convert(quantity.low, unit, into, lexicon)
        high = None if quantity.high is None else convert(quantity.high, unit, into, lexicon)
        if (low is None) == (quantity.low is None) and (high is None) == (quantity.high is None):
            return into, low, high
    return "", None, None


def _scaled(quantity: Quantity, measure: Measure, factor: int, unit: str, falls: bool) -> Bounded:
    low = None if quantity.low is None else quantity.low * factor
    high = None if quantity.high is None else quantity.high * factor
    return _signed(Bounded(measure, low, high, quantity.bound, unit), falls)


def _held(rule: IndicatorRule, lead: Lead, value: Bounded) -> Bounded:
    """Read 控制在3% as a bound where less is better."""
    if lead.held and rule.held_is_bound and rule.direction == "down" and value.bound is Bound.EQ:
        return value._replace(low=None, bound=Bound.LE)
    return value


def base_unit(unit: str) -> str:
    """Return a unit without its magnitude: 人 of 万人."""
    return re.sub(r"^[十百千万亿]+", "", unit) or unit


def _signed(value: Bounded, negative: bool) -> Bounded:
    if not negative:
        return value
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    flipped = {Bound.GE: Bound.LE, Bound.LE: Bound.GE}.get(value.bound, value.bound)
    return value._replace(low=low, high=high, bound=flipped)


def with_bound(quantity: Quantity, last: Quantity) -> Quantity:
    """Return ``quantity`` under the hedge that ends its list (分别增长5%、6.5%左右)."""
    point = quantity.low if quantity.low is not None else quantity.high
    low = point if last.bound in (Bound.APPROX, Bound.GE) else None
    high = point if last.bound in (Bound.APPROX, Bound.LE) else None
    return quantity._replace(bound=last.bound, low=low, high=high, modifier=last.modifier)
