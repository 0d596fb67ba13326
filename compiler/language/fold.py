"""One fold over the tokens of a sentence: what holds before each of them, and after the last.

It carries what is raised across clauses, sentences and paragraphs alike; a step for each kind of token says what the
token changes. All words come from the lexicon.
"""

from __future__ import annotations

from collections.abc import Callable

from compiler.language.clauses import counted_place, counted_topic, done_last_year
from compiler.language.context import Context, Role, Scope, Standpoint
from compiler.language.guards import GUARDS, RAISED, Guard, Lasts
from compiler.language.period_steps import after_holiday, period_word, remark, role_word, with_status, year
from compiler.language.scope_steps import place_in_text, port_before, scope_goes_on, scope_word
from compiler.language.tokens import TokenisedSentence, TokenKind


def contexts_of(sentence: TokenisedSentence, opening: Context, standpoint: Standpoint) -> list[Context]:
    """Return the context before each token, starting from ``opening``, and after the last one."""
    context = opening
    contexts = []
    for index, token in enumerate(sentence.tokens):
        contexts.append(context)
        step = _STEPS.get(token.kind)
        if step is not None:
            context = step(standpoint, context, sentence, index)
    contexts.append(context)
    return contexts


def _name(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A name: from here on the scope that stands goes on after the comma."""
    if index and sentence.tokens[index - 1].text in standpoint.lexicon.words("guard.every_year"):
        context = context.raising(Guard.AVERAGE, sentence.tokens[index - 1].text, Lasts.CLAUSE)
    if context.scope is not None:
        return context._replace(scope=context.scope._replace(named=True, told=True))
    counted = counted_place(sentence, index, standpoint.scopes)
    if counted:
        return context._replace(scope=Scope(counted, body=True, named=True))
    port = port_before(standpoint, sentence, index)
    return context._replace(scope=Scope(port, named=True)) if port else context


def _mark(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A comma or semicolon: what lasts no longer is over."""
    text = sentence.tokens[index].text
    if text not in "，；":
        return context
    if text == "，" and context.scope is None:
        places = counted_topic(sentence, index, standpoint.scopes)
        if places:
            return context._replace(scope=Scope(places, named=True, topic=True)).past(Lasts.CLAUSE)
    if context.scope is not None and not scope_goes_on(context.scope, sentence, index):
        context = context._replace(scope=None)
    if context.scope is not None and context.scope.waits:
        context = context._replace(scope=context.scope._replace(crossed=True))
    if context.status_lasts is Lasts.CLAUSE:
        context = context._replace(status="", status_lasts=Lasts.SEMICOLON)
    if text == "，":
        return after_holiday(standpoint, context.past(Lasts.CLAUSE), sentence, index)
    context = context.past(Lasts.CLAUSE, Lasts.SEMICOLON)
    return context._replace(status="") if context.status_lasts is Lasts.SEMICOLON else context


def _figure(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A figure: the base year of 由2006年的5亿元 was its alone."""
    if context.scope is not None and not context.scope.figured:
        context = context._replace(scope=context.scope._replace(named=True, figured=True))
    return context.past(Lasts.FIGURE) if context.periods else context


_GUARDING = frozenset(
    {
        *RAISED,
        *("plan_base", "present", "same_year"),
        *("scope", "scope_below", "place_below", "scope_body", "period_reset", "period_long", "period_short", "span"),
        *("cumulative", "status", "achieved_in_plan", "coming_year", "plan_in_review", "stretch", "base_tier"),
    }
)
"""Cue words of these categories change the context; all others leave it as it is."""


def _cue(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A word of the lexicon: it may raise a guard, open or close a period, turn the role."""
    token = sentence.tokens[index]
    if context.scope is not None and token.text in standpoint.lexicon.words("guard.each_of"):
        context = context._replace(scope=context.scope._replace(group=True))
    if standpoint.planned and done_last_year(sentence, index):
        return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.CLAUSE)
    if token.categories.isdisjoint(_GUARDING):
        return context
    context = scope_word(standpoint, context, sentence, index)
    context = period_word(standpoint, context, sentence, index)
    for name in sorted(token.categories.intersection(RAISED)):
        guard = RAISED[name]
        context = context.raising(guard, token.text, GUARDS[guard].lasts)
    if token.has("status"):
        context = with_status(context, sentence, index)
    return role_word(standpoint, context, sentence, index)


_Step = Callable[[Standpoint, Context, TokenisedSentence, int], Context]
_STEPS: dict[TokenKind, _Step] = {
    TokenKind.NAME: _name,
    TokenKind.MARK: _mark,
    TokenKind.FIGURE: _figure,
    TokenKind.TEXT: place_in_text,
    TokenKind.YEAR: year,
    TokenKind.CUE: _cue,
    TokenKind.REMARK: remark,
}
