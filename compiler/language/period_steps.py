"""What a word tells of the years and the role of the figures that follow: a span, a base, last year in the plan.

A step is given the :class:`~compiler.language.context.Context` before a token and returns the one behind it.
"""

from __future__ import annotations

import itertools
import re

from compiler.language.clauses import LONGEST_SUBJECT, before_mark, gives_reason, lists_old, starts_clause
from compiler.language.context import Context, Role, Standpoint
from compiler.language.guards import Guard, Lasts
from compiler.language.periods import Period, PeriodKind, count_of, years_of
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.model import Form


def year(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A year: the base of a growth, a deadline, the beginning of a span, or the year of what follows."""
    tokens, words = sentence.tokens, standpoint.lexicon.words
    token = tokens[index]
    before = sentence.text[: token.start]
    after = sentence.text[token.end :]
    if before.endswith(words("period.base_before")) or after.startswith(words("period.base_after")):
        # 同2010年相比，…: what the next clauses tell is told against it.
        topic = after.startswith((*words("period.base_topic"), "，"))  # 与2010年比，…; 对照2010年，…
        context = _since(standpoint, context, token)
        return context._replace(base_year=token.year, base_lasts=Lasts.SEMICOLON if topic else Lasts.CLAUSE)
    since = next((word for word in words("period.since") if after.startswith(word)), "")
    if since:
        best = after[len(since) :].startswith(words("period.superlatives"))
        if best or token.year >= standpoint.own_year:
            return context  # 1994年以来最高 compares; it is no period
        span = Period(PeriodKind.SPAN, token.text + since, Lasts.SENTENCE, token.year + 1, standpoint.own_year)
        return context.opening(span)
    of_old = before.endswith(words("glue.from")) or lists_old(tokens, index)
    if of_old and token.year != standpoint.own_year:
        # 由2010年的52亿元增加到105亿元: the year is the old figure's alone, the growth is told against it.
        context = _since(standpoint, context, token)._replace(base_year=token.year, base_lasts=Lasts.SEMICOLON)
        return context.opening(Period(PeriodKind.YEAR, token.text, Lasts.FIGURE, token.year, token.year))
    ahead = token.year == standpoint.identity.report_year and not standpoint.planned
    if ahead and (_turns_ahead(standpoint, context, sentence, index) or after.startswith(words("part.ahead_verbs"))):
        return context._replace(role=Role.PLANNED, role_lasts=Lasts.PARAGRAPH, periods=())
    if token.year == standpoint.own_year:
        raised = tuple(r for r in context.raised if r.guard is not Guard.AVERAGE)
        context = context._replace(raised=raised)  # 年均增长12%、2016年达到1932亿元
    until = before.endswith(words("period.until"))
    if token.year == standpoint.own_year:
        context = context.of_one_year()
    lasts = Lasts.SEMICOLON if until else Lasts.SENTENCE
    if token.since:
        return context.opening(Period(PeriodKind.SPAN, token.text, lasts, token.since, token.year))
    return context.opening(Period(PeriodKind.YEAR, token.text, lasts, token.year, token.year))


def _since(standpoint: Standpoint, context: Context, token: Token) -> Context:
    """Let a yearly average be over the years since ``token``: 是2006年的2倍，年均增长15%."""
    if not 1 < token.year < standpoint.own_year - 1:
        return context
    since = Period(PeriodKind.SPAN, token.text, Lasts.SENTENCE, token.year + 1, standpoint.own_year)
    return context._replace(averaged_over=since)


def after_holiday(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """End a holiday behind the comma at token ``index`` where a name follows that is never told of holidays.

    What is told by the day or month ends before any name: 日均新增186户，市场主体总量42万户.
    """
    period, words = context.period, standpoint.lexicon.words
    if period is None or period.kind is not PeriodKind.PART:
        return context
    daily = period.word in words("guard.daily")
    following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    if not (daily or period.word in words("guard.holidays")) or following is None:
        return context
    if following.kind is not TokenKind.NAME:
        return context
    if not daily and any(word in following.text for word in words("guard.holiday_names")):
        return context
    return context._replace(periods=context.periods[:-1])  # 元旦小长假旅游收入6亿元，零售总额增长9%


_OF_PERIODS = frozenset(
    {
        *("period_long", "period_short", "period_reset", "span", "plan_base", "same_year", "present", "cumulative"),
        "achieved_in_plan",
    }
)
"""What words that open or close periods are."""


def period_word(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """Open or close periods, or note the base of a growth: 五年来, 全年, 比“十二五”末.

    Years within 由“十三五”末的4.3万亿元 are the old figure's alone. A span to come that is set apart by a mark holds
    for what follows: 用三年时间，….
    """
    token = sentence.tokens[index]
    if token.categories.isdisjoint(_OF_PERIODS):
        return context
    if token.has("period_long", "span") and _tells_year(standpoint, sentence, index):
        return context
    if token.has("plan_base"):
        # 比“十二五”末: the years are the base of a growth, nothing else.
        ago = token.text.endswith(standpoint.lexicon.words("period.ago"))
        own, year = standpoint.own_year, standpoint.identity.report_year
        base = own - count_of(token.text) if ago and year else years_of(token.text, year, False)[1]
        topic = before_mark(sentence.tokens, index)  # 较“十二五”末，…
        topic = topic or sentence.text.startswith(standpoint.lexicon.words("period.base_topic"), token.end)
        return context._replace(base_year=base, base_lasts=Lasts.SEMICOLON if topic else Lasts.CLAUSE)
    if token.has("same_year"):
        context = _that_year(standpoint, context, sentence, index)
    if token.has("period_reset"):
        context = context.of_one_year()
        if context.scope is not None and context.scope.event:
            context = context._replace(scope=None)
    if standpoint.planned and token.has("achieved_in_plan") and index and sentence.tokens[index - 1].has("from"):
        last = standpoint.identity.report_year - 1  # 由去年的98.6%提高到99%: the old figure is last year's result
        context = context.opening(Period(PeriodKind.YEAR, token.text, Lasts.FIGURE, last, last))
    if token.has("period_long"):
        first, last = years_of(token.text, standpoint.identity.report_year, standpoint.planned)
        if index > 0 and sentence.tokens[index - 1].has("from"):
            return context.opening(Period(PeriodKind.SPAN, token.text, Lasts.FIGURE, first, last))
        period = Period(PeriodKind.SPAN, token.text, Lasts.SENTENCE, first, last)
        summed = token.text if token.text.endswith(standpoint.lexicon.words("guard.cumulative")) else context.summed
        context = context.opening(period)._replace(span=period, summed=summed)
    elif token.has("period_short") or (token.has("present") and standpoint.planned):
        # 目前 in a plan tells how things stand, neither last year's result nor this year's target.
        lasts = Lasts.CLAUSE if _compared(standpoint, sentence, index) else Lasts.SEMICOLON
        context = context.opening(Period(PeriodKind.PART, token.text, lasts))
    if token.has("span"):
        first, last = years_of(token.text, standpoint.identity.report_year, standpoint.planned)
        ahead = standpoint.planned and _sets_apart(standpoint, sentence, index)
        lasts = Lasts.SEMICOLON if ahead else Lasts.CLAUSE
        period = Period(PeriodKind.SPAN, token.text, lasts, first, last)
        context = context.opening(period)._replace(span=period)
    if token.has("cumulative"):
        context = context._replace(summed=token.text)
        span = context.span or context.averaged_over
        if span is not None and (context.period is None or context.period.kind is PeriodKind.YEAR):
            context = context.opening(span._replace(lasts=Lasts.CLAUSE))
    return context


def _compared(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether a rate is told against the part of a year at ``index``: 比一季度、上半年分别提高2个、1个百分点."""
    tokens, first = sentence.tokens, index
    while first > 1 and tokens[first - 1].has("join") and tokens[first - 2].has("period_short"):
        first -= 2
    if not sentence.text[: tokens[first].start].endswith(standpoint.lexicon.words("period.base_before")):
        return False
    clause = itertools.takewhile(lambda token: token.kind is not TokenKind.MARK or token.text == "、", tokens[index:])
    figures = [position for position, token in enumerate(clause, index) if token.kind is TokenKind.FIGURE]
    return bool(figures) and sentence.quantity(figures[-1]).form is Form.POINT


def _that_year(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """当年 among several years: the last of them where the sentence has just told of them, else a year not known."""
    if context.period is None or context.period.kind is not PeriodKind.SPAN:
        return context
    token, own = sentence.tokens[index], standpoint.own_year
    if any(before.has("span", "period_long", "cumulative") for before in sentence.tokens[:index]):
        return context.opening(Period(PeriodKind.YEAR, token.text, Lasts.SENTENCE, own, own))
    return context.opening(Period(PeriodKind.PART, token.text, Lasts.SENTENCE))


def _tells_year(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether years at ``index`` stand in a clause that says what year it is: 2021年是本届政府收官之年，…"""
    told = standpoint.lexicon.words("period.told_years")
    ends = re.split("[，。；：]", sentence.text[sentence.tokens[index].end :], maxsplit=1)[0].endswith(told)
    dated = (TokenKind.YEAR, TokenKind.MARK)
    ahead = next((t for t in reversed(sentence.tokens[:index]) if t.kind in dated), None)
    return ends and ahead is not None and ahead.kind is TokenKind.YEAR


def _sets_apart(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the word at ``index`` is set apart by a comma, a few words aside: 用三年左右时间，…."""
    end = sentence.tokens[index].end
    return any(
        sentence.text.startswith(f"{tail}，", end) for tail in ("", *standpoint.lexicon.words("period.span_tails"))
    )


_OF_ROLES = frozenset({"stretch", "base_tier", "achieved_in_plan", "coming_year", "plan_in_review"})
"""What words that turn from results to targets or back are."""


def role_word(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """Turn from results to targets or back: 去年…, 力争…, 今年将…."""
    tokens = sentence.tokens
    token = tokens[index]
    if token.categories.isdisjoint(_OF_ROLES):
        return context
    if context.role is Role.ACHIEVED and token.has("stretch", "base_tier") and starts_clause(tokens, index):
        return context._replace(role=Role.NONE)  # 去年用电量下降12.7%，力争增长5%
    if token.has("achieved_in_plan") and (starts_clause(tokens, index) or _led_to(standpoint, sentence, index)):
        opens = standpoint.opens and index == 0
        return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.PARAGRAPH if opens else Lasts.SEMICOLON)
    if token.has("achieved_in_plan") and standpoint.planned and _in_reason(standpoint, sentence, index):
        return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.SEMICOLON)  # 考虑到|去年固定资产投资下降2.6%
    within = sentence.text[: token.start].endswith(standpoint.lexicon.words("period.within"))
    if token.has("achieved_in_plan") and within:
        return context._replace(role=Role.BASE, role_lasts=Lasts.SEMICOLON)
    position = index + 1
    while position < len(tokens) and (
        tokens[position].kind is TokenKind.REMARK
        or (tokens[position].has("glue") and not tokens[position].has("up", "down"))
    ):
        position += 1
    following = tokens[position] if position < len(tokens) else None
    if token.has("achieved_in_plan") and standpoint.planned and following is not None and following.has("up", "down"):
        return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.SEMICOLON)  # 是因为去年增长4.6%
    if token.has("coming_year", "plan_in_review"):
        if standpoint.planned:
            return context._replace(role=Role.NONE, periods=())
        if token.has("plan_in_review"):
            return context._replace(role=Role.PLANNED, role_lasts=Lasts.SEMICOLON)
        if _turns_ahead(standpoint, context, sentence, index):
            return context._replace(role=Role.PLANNED, role_lasts=Lasts.PARAGRAPH, periods=())
    return context


def _led_to(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether nothing stands before the token in its sentence but words that lead to a time: 特别是去年."""
    ahead = sentence.text[: sentence.tokens[index].start]
    return len(ahead) <= LONGEST_SUBJECT and ahead in standpoint.lexicon.words("part.turn_leads")


def _in_reason(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the words right before the token give a reason: 是考虑到|去年…."""
    return sentence.text[: sentence.tokens[index].start].endswith(standpoint.lexicon.words("guard.reasons"))


def _turns_ahead(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether a paragraph that looked back on last year turns with a sentence to the coming one.

    去年固定资产投资增长2%。今年增长6%.
    """
    after = sentence.text[sentence.tokens[index].end :]
    looked_back = context.role is Role.ACHIEVED and context.role_lasts is Lasts.PARAGRAPH
    return looked_back and index == 0 and not after.startswith(standpoint.lexicon.words("part.not_a_year_after"))


def remark(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A remark between name and figure: it may tell the status of what follows (按可比价格计算, 剔除…因素)."""
    if standpoint.planned and gives_reason(sentence, index):
        return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.CLAUSE)
    text = sentence.tokens[index].text
    if text not in standpoint.lexicon.words("status_note") and not _sets_aside(standpoint, text):
        return context
    return with_status(context, sentence, index)


def _sets_aside(standpoint: Standpoint, text: str) -> bool:
    """Tell whether a remark names what the figures behind it are told without."""
    words = standpoint.lexicon.words
    return text.startswith(words("remark.aside")) and text.endswith(words("remark.aside_ends"))


def with_status(context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """Note the status that a word tells, the first of a clause or with the one right before it: 按可比口径初步预计.

    At the head of a sentence it holds for the whole list: 预计…，…；….
    """
    text = sentence.tokens[index].text
    before = sentence.tokens[index - 1] if index else None
    if context.status and before is not None and before.end == sentence.tokens[index].start:
        joined = context.status.endswith(before.text) and before.text != text
        return context._replace(status=context.status + text) if joined else context
    if context.status:
        return context
    # At the head of a sentence it holds for the whole list: 预计…，…；…; elsewhere 同口径 holds for its clause alone.
    estimate = text.startswith(sentence.language.lexicon.words("guard.estimates"))
    lasts = Lasts.SENTENCE if index == 0 else Lasts.SEMICOLON if estimate else Lasts.CLAUSE
    return context._replace(status=text, status_lasts=lasts)
