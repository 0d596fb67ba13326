"""The figure of a fact: its measure, sign, bound and unit, or the guard that refuses it."""

from __future__ import annotations

import re
from dataclasses import replace

from compiler.language.leads import Gap, GapReader
from compiler.language.outcomes import Bounded
from compiler.language.units import convert, resolve_unit
from compiler.model import Bound, Form, IndicatorRule, Measure, Quantity


class ValueReader(GapReader):
    """Turns printed quantities into figures in the unit of a rule."""

    def value(self, rule: IndicatorRule, hit_growth: bool, quantity: Quantity, gap: Gap, bare: bool) -> Bounded | str:
        """Return the figure in the unit of a fact, or the guard that refuses it."""
        form = quantity.form
        negative = gap.direction == "down"
        if gap.direction in ("better", "worse"):
            negative = (gap.direction == "better") == (rule.direction == "down")
        is_rate = self._is_rate(rule)
        if form is Form.RATIO:
            if not 0 < rule.ratio_part <= len(quantity.parts):
                return "unit"
            part = quantity.parts[rule.ratio_part - 1]
            return Bounded(Measure.LEVEL, part, part, Bound.EQ, rule.unit)
        if form is Form.PERCENT:
            if hit_growth or (gap.direction and not gap.to_level):
                if rule.rise_is_level:
                    return self._bounded(rule, quantity, Measure.LEVEL, gap, negative, 1, "%")
                if Measure.GROWTH in rule.measures:
                    return self._bounded(rule, quantity, Measure.GROWTH, gap, negative, 1, "%")
                return "unit"
            if is_rate and Measure.LEVEL in rule.measures:
                return self._bounded(rule, quantity, Measure.LEVEL, gap, False, 1, rule.unit)
            return "no_direction"
        if form is Form.POINT:
            if gap.against_target:
                return "comparison"
            if Measure.CHANGE in rule.measures and is_rate and gap.direction:
                return self._bounded(rule, quantity, Measure.CHANGE, gap, negative, 1, "百分点")
            return "unit"
        if form in (Form.TIMES, Form.DOUBLING, Form.FLAT):
            if Measure.GROWTH not in rule.measures or rule.rise_is_level:
                return "unit"
            if form is Form.TIMES and (gap.direction != "up" or gap.to_level):
                return "no_direction"
            factor = 100 if form is Form.TIMES else 1
            return self._bounded(rule, quantity, Measure.GROWTH, gap, False, factor, "%")
        return self._amount(rule, quantity, gap, negative, bare)

    def _is_rate(self, rule: IndicatorRule) -> bool:
        lexicon = self.matcher.lexicon
        return resolve_unit(lexicon, rule.unit)[0] == resolve_unit(lexicon, "%")[0]

    def _amount(self, rule: IndicatorRule, quantity: Quantity, gap: Gap, negative: bool, bare: bool) -> Bounded | str:
        lexicon = self.matcher.lexicon
        unit = quantity.unit
        if not quantity.family:
            if not bare:
                return "unit"
            # 5.25万贫困人口: the noun stands for the unit, only the magnitude is printed.
            magnitude = resolve_unit(lexicon, unit + _base_unit(rule.unit)) if unit else None
            unit = unit + _base_unit(rule.unit) if magnitude and magnitude[0] else _base_unit(rule.unit)
        low = None if quantity.low is None else convert(quantity.low, unit, rule.unit, lexicon)
        high = None if quantity.high is None else convert(quantity.high, unit, rule.unit, lexicon)
        into = rule.unit
        if "/" in rule.unit and unit == rule.unit.split("/")[0]:
            low, high = quantity.low, quantity.high  # 养老金2010元: the "a month" goes without saying
        elif (low is None) != (quantity.low is None) or (high is None) != (quantity.high is None):
            into = next(
                (
                    other
                    for other in rule.other_units
                    if resolve_unit(lexicon, other)[0] == resolve_unit(lexicon, unit)[0]
                ),
                "",
            )
            if not into:
                return "unit"
            low = None if quantity.low is None else convert(quantity.low, unit, into, lexicon)
            high = None if quantity.high is None else convert(quantity.high, unit, into, lexicon)
        moved = gap.direction in ("up", "down") and not gap.to_level
        if moved:
            if Measure.CHANGE not in rule.measures:
                return "change"
            return _signed(Bounded(Measure.CHANGE, low, high, quantity.bound, into), negative)
        if Measure.LEVEL not in rule.measures:
            return "measure"
        return self._held(rule, quantity, gap, Bounded(Measure.LEVEL, low, high, quantity.bound, into))

    def _bounded(
        self,
        rule: IndicatorRule,
        quantity: Quantity,
        measure: Measure,
        gap: Gap,
        negative: bool,
        factor: int,
        unit: str,
    ) -> Bounded:
        low = None if quantity.low is None else quantity.low * factor
        high = None if quantity.high is None else quantity.high * factor
        value = _signed(Bounded(measure, low, high, quantity.bound, unit), negative)
        return self._held(rule, quantity, gap, value) if measure is Measure.LEVEL else value

    @staticmethod
    def _held(rule: IndicatorRule, quantity: Quantity, gap: Gap, value: Bounded) -> Bounded:
        if gap.held and rule.held_is_bound and rule.direction == "down" and value.bound is Bound.EQ:
            return replace(value, low=None, bound=Bound.LE)
        return value


def _base_unit(unit: str) -> str:
    return re.sub(r"^[十百千万亿]+", "", unit) or unit


def _signed(value: Bounded, negative: bool) -> Bounded:
    if not negative:
        return value
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    flipped = {Bound.GE: Bound.LE, Bound.LE: Bound.GE}.get(value.bound, value.bound)
    return replace(value, low=low, high=high, bound=flipped)


def with_bound(quantity: Quantity, last: Quantity) -> Quantity:
    """Return ``quantity`` under the hedge that ends its list (分别增长5%、6.5%左右)."""
    point = quantity.low if quantity.low is not None else quantity.high
    low = point if last.bound in (Bound.APPROX, Bound.GE) else None
    high = point if last.bound in (Bound.APPROX, Bound.LE) else None
    return replace(quantity, bound=last.bound, low=low, high=high, modifier=last.modifier)
