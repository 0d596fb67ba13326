"""What a figure that stands within several years, or under another year, tells."""

from __future__ import annotations

from typing import NamedTuple

from compiler.language.context import Context
from compiler.language.guards import Guard, Lasts
from compiler.language.outcomes import Binding
from compiler.language.periods import Period, PeriodKind
from compiler.language.values import is_rate
from compiler.model import Lexicon, Measure, Total


class Told(NamedTuple):
    """The years of a figure; ``from_year`` is 0 where it is about ``year`` alone."""

    year: int
    from_year: int = 0
    total: Total = Total.NONE


def in_period(
    period: Period, binding: Binding, context: Context, year: int, planned: bool, lexicon: Lexicon
) -> Told | Guard:
    """Return which years a figure is about under ``period``, or the guard that refuses it.

    ``year`` is the year that figures of its kind are about in this report.
    """
    if period.kind is PeriodKind.PART:
        return Guard.PERIOD_SHORT
    if period.kind is PeriodKind.YEAR:
        if period.last == year:
            return Told(year)
        ahead = planned and period.last > year
        if ahead and binding.value.measure is Measure.LEVEL and not binding.words:
            adds_up = level_means(binding, context, lexicon) is Total.SUM  # 到2018年，新增高新技术企业300家
            return Told(period.last, year, Total.SUM if adds_up else Total.END)
        if ahead and binding.value.measure is Measure.GROWTH and 1 < context.base_year < year:
            return Told(period.last, context.base_year + 1)  # 到2030年，能耗比“十四五”末降低12%
        return Guard.YEAR
    return _in_span(period, binding, context, year, planned, lexicon)


def _in_span(
    period: Period, binding: Binding, context: Context, year: int, planned: bool, lexicon: Lexicon
) -> Told | Guard:
    """Return what a figure within several years tells."""
    last = period.last or (0 if planned else year)
    above = period.lasts in (Lasts.PART, Lasts.PARAGRAPH) and not (context.averaged or context.summed)
    if binding.yearly and above and last == year and not planned:
        return Told(year)
    if binding.value.measure is Measure.LEVEL and not context.averaged:
        total = level_means(binding, context, lexicon)
        if total is Total.END and last == year:
            return Told(year)
        if total is Total.NONE or not period.first:
            return Guard.PERIOD_LONG
        return Told(last, period.first, total)
    if not period.first or not last:
        return Guard.PERIOD_LONG
    if context.averaged:
        return Told(last, period.first, Total.ANNUAL)
    # Under a heading for years a bare growth may be the last year's: only a span named beside it is its base.
    return Guard.PERIOD_LONG if period.lasts is Lasts.PART or binding.words else Told(last, period.first)


def level_means(binding: Binding, context: Context, lexicon: Lexicon) -> Total:
    """Tell whether a level within several years is their sum or stands at their end, NONE where it is open.

    The rule decides (``over_years``), else the word before the figure, else the name: what is new, built or rebuilt
    adds up; a rate does not.
    """
    rule = binding.rule
    if rule.over_years:
        return Total.END if rule.over_years == "last" else Total.SUM
    if binding.to_level or is_rate(rule, lexicon):
        return Total.END
    if binding.verb in lexicon.words("period.summing") or context.summed:
        return Total.SUM
    if any(word in rule.name for word in lexicon.words("period.sum_names")):
        return Total.SUM
    reached = binding.verb.endswith(lexicon.words("direction.to"))
    if binding.reaches or reached or binding.verb in lexicon.words("period.reaching"):
        return Total.END
    return Total.NONE
