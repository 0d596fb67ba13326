"""What the words of a sentence say of scope, period and role, token by token.

A guard keeps a figure that is somebody else's (a county, the nation), of another period (a quarter,
five years, 2020) or of another role (last year's target) out of the facts. All words come from the
``guard`` lists of the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from compiler.language.tokens import Token, TokenKind
from compiler.model import Identity, Lexicon, Part


@dataclass(frozen=True, slots=True)
class State:
    """What holds at a token. Empty strings mean that nothing guards; ``year`` 0 means none was named."""

    scope: str = ""
    scope_word: str = ""
    period: str = ""
    period_word: str = ""
    clause: str = ""  # a guard that ends with its clause: an average, a sum over years, a capacity
    clause_word: str = ""
    year: int = 0
    until: bool = False
    once: bool = False  # the year is that of the next figure alone: 由2006年的5亿元增加到9亿元
    base_year: int = 0
    role: str = ""
    role_word: str = ""
    status: str = ""
    target: bool = False
    body: bool = False  # the scope is an enterprise or the like: it ends with the semicolon
    span_seen: bool = False
    named: bool = False  # a figure's name has followed the scope word: the scope goes on after the comma


_GUARDING = frozenset(
    {
        *("scope", "scope_below", "place_below", "scope_body", "period_reset", "period_long", "period_short", "span"),
        *("cumulative", "average", "capacity", "status", "achieved_in_plan", "coming_year", "plan_in_review"),
    }
)
"""Cue words of these categories change the state; all others leave it as it is."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which scope words are the report's own, by the level of its place."""

    own: frozenset[str]
    above: frozenset[str]
    suffixes: re.Pattern[str]
    place: str
    not_places: tuple[str, ...]
    counted: re.Pattern[str]
    counters: tuple[str, ...]

    def is_own(self, name: str) -> bool:
        """Tell whether a name that ends like a place is the report's own place."""
        return name in self.place or self.place.endswith(name[-3:]) or name.endswith(self.not_places)


def scopes_of(identity: Identity, lexicon: Lexicon) -> Scopes:
    """Return the scope words of a report on ``identity``."""
    own = set(lexicon.words(f"guard.scope_own.{identity.place_level}"))
    every = {word for name, words in lexicon.lists.items() if name.startswith("guard.scope_own") for word in words}
    if not own:
        own = every
    suffix = identity.place[-1:]
    if identity.place_level == "县级" and suffix in ("县", "区", "市", "旗"):
        # 全市 in a county's report is the city above it, unless the county is itself a city.
        own = {word for word in own if word[-1] == suffix or word[-1] not in "县区市旗"}
    resets = set(lexicon.words("guard.period_reset"))
    above = (every | set(lexicon.words("guard.scope_above"))) - own - resets
    endings = "|".join(map(re.escape, lexicon.words("guard.place_suffixes"))) or "(?!)"
    suffixes = re.compile(f"([\u4e00-\u9fff]{{1,8}}(?:{endings}))$")
    not_places = lexicon.words("guard.not_places")
    counters = lexicon.words("guard.counters")
    counted = re.compile(f"(?:{'|'.join(map(re.escape, lexicon.words('guard.counted_places'))) or '(?!)'})$")
    return Scopes(frozenset(own - resets), frozenset(above), suffixes, identity.place, not_places, counted, counters)


def place_pattern(identity: Identity) -> re.Pattern[str]:
    """Return an expression that finds the names of places below the report's own."""
    names = sorted({name for name in identity.children if len(name) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))) if names else re.compile(r"(?!)")


_LONGEST_SUBJECT = 10
"""How many characters of a clause may stand before a scope word that is its subject (国家级经济技术开发区)."""


def _clause_before(tokens: Sequence[Token], index: int) -> int:
    """Return how many characters of other text stand before token ``index`` in its clause."""
    count = 0
    for position in range(index - 1, -1, -1):
        token = tokens[position]
        if token.kind is TokenKind.MARK:
            break
        if not token.has("join", "place_below", "period_reset", "status") and token.kind is not TokenKind.YEAR:
            count += len(token.text)
    return count


def _is_subject(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the scope word at ``index`` is what the clause speaks of."""
    if index > 0 and (tokens[index - 1].has("preposition", "comparison", "share", "rank")):
        return False
    position = index + 1
    while position < len(tokens) and tokens[position].kind is TokenKind.REMARK:
        position += 1
    if position >= len(tokens):
        return False
    following = tokens[position]
    if following.kind is TokenKind.MARK:
        # 高新区：… and 松山新区，… open a statement on it when they begin the clause.
        starts = index == 0 or tokens[index - 1].kind is TokenKind.MARK
        return starts and following.text in "：，"
    if following.has("rank", "compared_with") or _clause_before(tokens, index) > _LONGEST_SUBJECT:
        return False
    if tokens[index].has("scope_below") and following.kind is TokenKind.TEXT and following.text[0] not in "的等":
        # 大通、湟中两县解决…: counties that open a clause are what it speaks of, whatever the verb.
        return _clause_before(tokens, index) <= _LONGEST_SUBJECT and tokens[index].text[-1] in "县区市旗地"
    return following.kind in (TokenKind.NAME, TokenKind.YEAR) or following.has(
        "glue", "up", "down", "to_level", "period_reset", "cumulative", "status", "each", "respectively", "added"
    )


def walk(tokens: Sequence[Token], opening: State, scopes: Scopes, identity: Identity, part: Part) -> list[State]:
    """Return the state before each token, starting from ``opening``, and after the last one."""
    state = opening
    states = []
    review_year, report_year = identity.report_year - 1, identity.report_year
    reset_year = report_year if part in (Part.PLAN, Part.PLAN_SPAN) else review_year
    for index, token in enumerate(tokens):
        states.append(state)
        at_start = index == 0 or tokens[index - 1].kind in (TokenKind.MARK, TokenKind.REMARK)
        if token.kind is TokenKind.NAME and not state.scope:
            counted = _counted_place(tokens, index, scopes)
            if counted:
                state = replace(state, scope="scope", scope_word=counted, named=True, body=True)
        if token.kind is TokenKind.NAME and state.scope:
            state = replace(state, named=True)
        if token.kind is TokenKind.MARK:
            if state.scope and not state.named and token.text in "，；":
                state = replace(state, scope="", scope_word="", body=False)
            if token.text == "；":
                if state.role or state.base_year or state.clause or state.status:
                    state = replace(state, role="", role_word="", base_year=0, clause="", clause_word="", status="")
                if state.body:
                    state = replace(state, scope="", scope_word="", body=False)
                if state.until or state.period == "period_short":
                    period, word = opening.period, opening.period_word
                    state = replace(state, until=False, year=0, period=period, period_word=word)
            elif token.text == "，":
                if state.base_year or state.clause:
                    state = replace(state, base_year=0, clause="", clause_word="")
                if state.body:
                    state = replace(state, scope="", scope_word="", body=False)
            continue
        if token.kind is TokenKind.FIGURE and state.once:
            state = replace(state, once=False, year=0)
        if token.kind is TokenKind.YEAR:
            state = _year(state, tokens, index, token, reset_year)
            continue
        if token.kind is TokenKind.TEXT:
            place = scopes.suffixes.search(token.text)
            of_figure = index > 0 and tokens[index - 1].kind is TokenKind.FIGURE
            if place is not None and not of_figure and not scopes.is_own(place.group(1)) and _is_subject(tokens, index):
                state = replace(
                    state, scope="scope", scope_word=place.group(1), body=False, named=_before_mark(tokens, index)
                )
            continue
        if token.kind is not TokenKind.CUE or token.categories.isdisjoint(_GUARDING):
            continue
        word = token.text
        if word in scopes.own and not (index and tokens[index - 1].has("share", "comparison", "rank")):
            state = replace(state, scope="", scope_word="", body=False)
        elif token.has("scope_below", "place_below", "scope_body") and _is_subject(tokens, index):
            state = replace(
                state,
                scope="scope",
                scope_word=word,
                body=token.has("scope_body"),
                named=_before_mark(tokens, index),
            )
        elif word in scopes.above and _opens_clause(tokens, index) and _is_subject(tokens, index):
            state = replace(state, scope="scope", scope_word=word, body=True, named=False)
        if token.has("period_reset"):
            state = replace(state, period="", period_word="")
        if token.has("period_long"):
            state = replace(state, period="period_long", period_word=word, span_seen=True)
        elif token.has("period_short"):
            state = replace(state, period="period_short", period_word=word)
        if token.has("span"):
            state = replace(state, span_seen=True, clause="period_long", clause_word=word)
        if token.has("cumulative") and (state.span_seen or opening.period == "period_long"):
            state = replace(state, clause="average", clause_word=word)
        for guard in ("average", "capacity"):
            if token.has(guard):
                state = replace(state, clause=guard, clause_word=word)
        if token.has("status"):
            state = replace(state, status=state.status or word)
        if token.has("achieved_in_plan") and at_start:
            state = replace(state, role="achieved", role_word=word)
        elif token.has("achieved_in_plan") and _preceded_by_in(tokens, index):
            state = replace(state, role="base", role_word=word)
        elif token.has("coming_year", "plan_in_review") and part in (Part.PLAN, Part.PLAN_SPAN):
            state = replace(state, role="", role_word="", year=0, until=False)
        elif token.has("plan_in_review"):
            state = replace(state, role="planned", role_word=word)
    states.append(state)
    return states


def _counted_place(tokens: Sequence[Token], index: int, scopes: Scopes) -> str:
    """Return the counted places that the name at ``index`` belongs to: 74个重点城市细颗粒物浓度."""
    between = ""
    for position in range(index - 1, max(-1, index - 5), -1):
        token = tokens[position]
        if token.kind is TokenKind.FIGURE:
            found = scopes.counted.search(between)
            return token.text + between if found and token.text.endswith(scopes.counters) else ""
        if token.kind is TokenKind.MARK or token.has("glue", "up", "down", "join"):
            return ""
        between = token.text + between
    return ""


def _before_mark(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].kind is TokenKind.MARK


def _opens_clause(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether nothing but a year or a status word stands before the token in its clause."""
    before = tokens[index - 1] if index else None
    return before is None or before.kind in (TokenKind.MARK, TokenKind.YEAR) or before.has("period_reset", "status")


def _preceded_by_in(tokens: Sequence[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text.endswith("在")


_BEST = ("最", "新", "首", "第", "少", "同")


def _year(state: State, tokens: Sequence[Token], index: int, token: Token, reset_year: int) -> State:
    before = tokens[index - 1].text[-1:] if index else ""
    after = tokens[index + 1].text[:3] if index + 1 < len(tokens) else ""
    if before in ("比", "较", "与", "同", "按", "是", "于"):
        return replace(state, base_year=token.year)
    if after[:2] == "基础":
        return replace(state, base_year=token.year)
    if after[:2] == "以来" or after[:1] == "起":
        if after[2:] in _BEST:
            return state  # 1994年以来最高 compares; it is no period
        if token.year < reset_year:
            return replace(state, period="period_long", period_word=token.text + after[:2])
        return state
    until = before in ("到", "至")
    if before in ("由", "从", "自") and token.year != reset_year:
        if token.year < reset_year - 1:
            # 由2010年的52亿元增加到105亿元: what the sentence goes on with is of those years too.
            return replace(state, year=token.year, once=True, period="period_long", period_word=token.text)
        return replace(state, year=token.year, once=True)
    cleared = state
    if token.year == reset_year:
        cleared = replace(state, period="", period_word="")
    return replace(cleared, year=token.year, until=until)
