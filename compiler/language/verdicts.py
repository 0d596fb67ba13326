"""What the context makes of a bound figure: the year and kind of its fact, or the guard that refuses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from compiler.language.context import Context, Role, Standpoint
from compiler.language.guards import GUARDS, Guard
from compiler.language.outcomes import Binding, How
from compiler.language.periods import Period, PeriodKind
from compiler.language.spans import in_period
from compiler.language.tokens import TokenisedSentence
from compiler.model import Kind, Measure, Part, Total


class Verdict(NamedTuple):
    """What the context makes of a binding: year and kind of the fact, or the guard that refuses it."""

    kind: Kind
    year: int
    guard: Guard | None = None
    word: str = ""
    from_year: int = 0
    total: Total = Total.NONE

    def refused(self, guard: Guard, word: str) -> Verdict:
        return self._replace(guard=guard, word=word)


def _is_planned(
    binding: Binding, context: Context, standpoint: Standpoint, target_at: int, tokens: TokenisedSentence
) -> bool:
    """Tell whether a figure is a target: by the part, unless the words turn to plans or to last year's results."""
    if not (standpoint.planned or context.targets or 0 <= target_at < binding.name_start):
        return context.role is Role.PLANNED
    if context.role in (Role.ACHIEVED, Role.BASE):
        return False
    if standpoint.planned and binding.figure >= 0 and tokens.told_done(binding.figure):
        return False
    period = context.period
    own = period is not None and period.kind is PeriodKind.YEAR and period.last == standpoint.identity.report_year - 1
    return not (own and standpoint.identity.report_year)


class _Case(NamedTuple):
    """A binding with all that is asked of it."""

    binding: Binding
    context: Context
    standpoint: Standpoint
    verdict: Verdict

    @property
    def planned(self) -> bool:
        return self.verdict.kind is Kind.TARGET

    @property
    def averaged_over(self) -> Period | None:
        """The years that a yearly average is over, None where it is no such average or a span that is open tells."""
        period = self.context.period
        spanned = period is not None and period.kind is PeriodKind.SPAN
        return self.context.averaged_over if self.context.averaged and not spanned else None


def _by_part(case: _Case) -> Verdict | None:
    outside = case.standpoint.part is Part.OTHER and not case.planned
    return case.verdict.refused(Guard.NO_PART, "") if outside else None


def _by_scope(case: _Case) -> Verdict | None:
    scope = case.context.scope
    return case.verdict.refused(Guard.SCOPE, scope.word) if scope is not None else None


def _by_old_figure(case: _Case) -> Verdict | None:
    if case.standpoint.planned and case.verdict.kind is Kind.RESULT and case.binding.value.measure is Measure.LEVEL:
        return None  # 污水处理率由去年的98.6%提高到今年的99%: last year's result beside the target
    return case.verdict.refused(Guard.FROM, case.binding.rule.name) if case.binding.from_level else None


def _by_summed_fall(case: _Case) -> Verdict | None:
    """能耗累计下降15.2%: since the plan began, though no years are named."""
    value, context = case.binding.value, case.context
    fall = value.falls and value.measure is not Measure.LEVEL
    return (
        case.verdict.refused(Guard.AVERAGE, context.summed) if context.summed and not context.period and fall else None
    )


def _by_raised(case: _Case) -> Verdict | None:
    """Refuse by a guard that is up; a yearly average over years that are known is theirs."""
    period = case.context.period
    spanned = period is not None and period.kind is PeriodKind.SPAN
    named_growth = case.binding.value.measure is Measure.GROWTH and case.binding.how is How.NAME_BEFORE
    for raised in case.context.raised:
        spared = (named_growth and GUARDS[raised.guard].spares_growth) or (raised.guard is Guard.AVERAGE and spanned)
        if raised.guard is Guard.AVERAGE and case.averaged_over is not None:
            continue
        if not spared:
            return case.verdict.refused(raised.guard, raised.word)
    return None


def _by_period(case: _Case) -> Verdict | None:
    period, verdict = case.context.period, case.verdict
    if period is None or not case.standpoint.identity.report_year:
        return None
    told = in_period(period, case.binding, case.context, verdict.year, case.planned, case.standpoint.lexicon)
    if isinstance(told, Guard):
        return verdict.refused(told, period.word or f"{period.last}年")
    return verdict._replace(from_year=told.from_year, year=told.year, total=told.total) if told.from_year else None


def _by_average(case: _Case) -> Verdict | None:
    """Take an average for that of the years since a base told, or of the heading's: 2011年达到8亿元，年均增长9%."""
    over, verdict = case.averaged_over, case.verdict
    if over is None:
        return None
    return verdict._replace(from_year=over.first, year=over.last or verdict.year, total=Total.ANNUAL)


def _by_base_year(case: _Case) -> Verdict | None:
    """Take 比2010年增长58% for the growth over the years since; a change against such a year tells nothing."""
    base, verdict, measure = case.context.base_year, case.verdict, case.binding.value.measure
    if not base or base == verdict.year - 1:
        return None
    if measure is Measure.LEVEL:
        added = case.binding.rule.name.startswith(case.standpoint.lexicon.words("guard.added"))
        since = added and base < verdict.year
        return verdict._replace(from_year=base + 1, total=Total.SUM) if since else None  # 与2015年相比，企业增加420户
    if 1 < base < verdict.year and measure is Measure.GROWTH:
        return verdict._replace(from_year=base + 1)
    return verdict.refused(Guard.BASE_YEAR, f"{base}年")


_CHECKS: tuple[Callable[[_Case], Verdict | None], ...] = (
    _by_part,
    _by_scope,
    _by_old_figure,
    _by_summed_fall,
    _by_raised,
    _by_average,
    _by_period,
    _by_base_year,
)
"""What is asked of a binding, in this order; the first that has something to say decides."""


def judge(
    binding: Binding, context: Context, standpoint: Standpoint, target_at: int, tokens: TokenisedSentence
) -> Verdict:
    """Return what the context makes of a binding."""
    planned = _is_planned(binding, context, standpoint, target_at, tokens)
    year = standpoint.identity.report_year
    verdict = Verdict(Kind.TARGET, year) if planned else Verdict(Kind.RESULT, max(year - 1, 0))
    case = _Case(binding, context, standpoint, verdict)
    for check in _CHECKS:
        decided = check(case)
        if decided is not None:
            return decided
    return verdict
