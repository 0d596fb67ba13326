"""What a word tells of whose figures follow: a place below, a zone, an enterprise, a festival, or the place itself.

A step is given the :class:`~compiler.language.context.Context` before a token and returns the one behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from compiler.language.clauses import (
    before_mark,
    counts_all,
    is_member,
    is_subject,
    led_by_verb,
    opens_clause,
    starts_clause,
    whole_place,
)
from compiler.language.context import Context, Scope, Standpoint
from compiler.language.tokens import Token, TokenisedSentence, TokenKind

_LONGEST_PLACE = 6
"""How many characters may stand before the word for a zone that opens a sentence: 综合|保税区."""

_ITEM = re.compile("[一二三四五六七八九十]是")

_LONGEST_NAME = 4
"""How many characters of a place's name may stand before the word for it: 诸暨|全市."""

_SHORTEST_FIRM, _LONGEST_FIRM = 2, 12
"""How many characters the name of an enterprise has at least, and at most, before the word that says what it is."""


def place_in_text(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """Unknown text: it may name another place."""
    token = sentence.tokens[index]
    starts = starts_clause(sentence.tokens, index)
    behind = index > 0 and sentence.tokens[index - 1].has("rank", "place_below")
    if starts or behind:
        event = _event(standpoint, sentence, index)
        if event:
            return context._replace(scope=Scope(event, named=True, topic=True, event=True))
        site = _site(standpoint, sentence, index)
        if site:
            return context._replace(scope=Scope(site))
    place = None
    if token.text[-1] not in standpoint.scopes.last_signs:
        return context
    if token.text.endswith(standpoint.scopes.suffixes):
        place = standpoint.scopes.suffixed.search(whole_place(sentence.tokens, index, standpoint.lexicon))
    if place is None and token.text.endswith(standpoint.lexicon.words("guard.noun_endings")):
        place = standpoint.scopes.zones.match(token.text)  # 物流园销售收入增长31%
        if place is not None and starts:
            return context._replace(scope=Scope(place.group(1)))
        place = None
    if place is None or standpoint.scopes.is_own(place.group(1)):
        return context
    of_figure = index > 0 and sentence.tokens[index - 1].kind is TokenKind.FIGURE
    if of_figure or not is_subject(sentence, index):
        return context
    if _opens_with(standpoint, sentence, index):
        return context._replace(scope=_waiting(standpoint, place.group(1), token))
    apart = before_mark(sentence.tokens, index)
    return context._replace(scope=Scope(place.group(1), named=apart, topic=apart))


def scope_word(standpoint: Standpoint, context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """A word for the report's own place ends another's scope; one for a part of it, or for more, may open one."""
    tokens = sentence.tokens
    token = tokens[index]
    counted = index > 0 and tokens[index - 1].kind is TokenKind.FIGURE and token.has("scope_below")
    if counted and counts_all(sentence, index - 1, standpoint.scopes):
        return context  # 全市11个县区, where there are eleven
    if token.text in standpoint.scopes.own:
        if index and tokens[index - 1].has("share", "comparison", "rank"):
            return context
        guest = _guest(standpoint, sentence, index)
        return context._replace(scope=Scope(guest, body=True) if guest else None)
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    sets = following is not None and following.text.startswith(standpoint.lexicon.words("guard.sets_target"))
    if sets and token.has("scope_below") and opens_clause(tokens, index):
        return context._replace(scope=Scope(token.text, body=True))  # 兵团确定的生产总值增速为6.5%
    if token.has("scope_below", "place_below", "scope_body") and is_subject(sentence, index):
        apart = before_mark(tokens, index)
        head = index - 1 if index > 1 and tokens[index - 1].kind is TokenKind.TEXT else index  # 其中|综合|保税区
        group = head > 0 and tokens[head - 1].has("among")
        body = token.has("scope_body")
        if body and is_member(tokens, index):
            return context
        if _opens_with(standpoint, sentence, index):
            return context._replace(scope=_waiting(standpoint, token.text, token))
        firm = token.text in standpoint.lexicon.words("guard.firms") and _is_firm(standpoint, tokens, index)
        return context._replace(scope=Scope(token.text, body, named=apart, topic=apart, firm=firm, group=group))
    if _opens_with(standpoint, sentence, index):
        return context._replace(scope=_waiting(standpoint, token.text, token))
    grade = token.has("modifier") and token.text in standpoint.lexicon.words("guard.scope_above")
    if grade and index + 1 < len(tokens) and tokens[index + 1].kind is TokenKind.NAME:
        return context  # 国家高新技术企业: of which grade, not of which place
    if token.text in standpoint.scopes.above and _tells_of_above(standpoint, sentence, index):
        zoned = any(before.has("place_below", "scope_below") for before in tokens[:index])
        if zoned and token.text not in standpoint.lexicon.words("guard.scope_above"):
            # 高新区获批示范园区，全区生产总值增长8%，…: what follows is the zone's to the end
            return context._replace(scope=Scope(token.text, named=True, topic=True))
        return context._replace(scope=Scope(token.text, body=True))
    return context


def _tells_of_above(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the clause speaks of the place above that the word at ``index`` means.

    It does where the word opens the clause (全市生产总值增长7%), the name of that place aside (诸暨|全市); or where the
    place above sets something by its first verb: 全市|明确今年生产总值增长7.5%左右.
    """
    tokens, first = sentence.tokens, index
    while first and (tokens[first - 1].kind is TokenKind.TEXT or tokens[first - 1].has("join", "each")):
        first -= 1  # 诸|暨|全市: a word of the lexicon within a name
    named = starts_clause(tokens, first) and tokens[index].start - tokens[first].start <= _LONGEST_NAME
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    before = tokens[index - 1].text if index and starts_clause(tokens, index - 1) else ""
    words = standpoint.lexicon.words
    named = named or before in words("guard.beside_which")  # 同期|全国为3.8%
    if before in words("remark.around") and following is not None and following.kind is TokenKind.NAME:
        named = True  # 在全国固定资产投资下降8%的情况下
    if not named and not opens_clause(tokens, index):
        return False
    if is_subject(sentence, index):
        return True
    return following is not None and following.text.startswith(standpoint.lexicon.words("guard.sets_target"))


def port_before(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> str:
    """Return the port of another name whose figure the name at ``index`` tells: 湾头|港货物吞吐量."""
    before = sentence.tokens[index - 1] if index else None
    if before is None or before.kind is not TokenKind.TEXT:
        return ""
    words = standpoint.lexicon.words
    head = next((word for word in words("guard.port_words") if sentence.tokens[index].text.startswith(word)), "")
    if not head or before.text.endswith(words("glue.name_openers")) or before.text[-2:] in standpoint.identity.place:
        return ""
    return before.text + head


def scope_goes_on(scope: Scope, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the scope holds behind the comma or semicolon at token ``index``.

    It does where the next clause has no subject of its own (，增长8%；实现税收18亿元); a scope of which figures
    have been told, or that was set apart, goes on over commas, but a new name behind a semicolon ends it.
    """
    following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    openers = sentence.language.lexicon.words("glue.name_openers")
    if following is not None and following.text in openers and index + 2 < len(sentence.tokens):
        following = sentence.tokens[index + 2]  # 地方|财政总支出
    verbs = sentence.language.lexicon.words("glue.verbs")
    named = following is not None and following.kind is TokenKind.NAME
    verbal = following is not None and named and following.text.startswith(verbs)
    named = named and not verbal
    if scope.waits and not scope.figured:
        adds = following is not None and following.text.startswith(sentence.language.lexicon.words("guard.added"))
        if scope.crossed or sentence.tokens[index].text == "；":
            return False
        return scope.place or verbal or adds or led_by_verb(sentence.tokens, index + 1)
    if scope.event and not scope.figured:
        deeds = sentence.language.lexicon.words("guard.event_deeds")
        if following is None or not following.text.startswith(deeds):
            return False  # 马拉松人气高涨，社会消费品零售总额增长2%: what follows is no deed of the event
    if scope.event and sentence.tokens[index].text == "；":
        return False
    told = following.text if following is not None and named else ""
    if scope.event and told and not any(w in told for w in sentence.language.lexicon.words("guard.holiday_names")):
        return False  # 马拉松、演唱会人气高涨，社会消费品零售总额增长2%: no festival is told of that
    if sentence.tokens[index].text == "；" and _ITEM.match(sentence.text, sentence.tokens[index].end):
        return False  # …三大园区产值增长20%；三是优服务，工业投资增长25%
    if scope.firm and scope.figured and sentence.tokens[index].text == "，":
        return True
    if scope.body:
        predicate = following is not None and following.has("glue", "up", "down", "to_level")
        return scope.figured and (predicate or verbal)
    if sentence.tokens[index].text == "；":
        return scope.named and not (named and (scope.group or not ((scope.figured and scope.told) or scope.topic)))
    return scope.named and (scope.topic or scope.figured or not named)


def _site(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> str:
    """Return the site (a scenic spot, a village, a port) that the text at ``index`` tells figures of, or ''."""
    tokens = sentence.tokens
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    below = index > 0 and tokens[index - 1].has("place_below")  # 庐山|风景区接待游客…
    if not starts_clause(tokens, index - below) or following is None:
        return ""
    found = standpoint.scopes.sites.fullmatch(f"{tokens[index - 1].text if below else ''}{tokens[index].text}")
    if found is None or not (following.kind is TokenKind.NAME or following.has("period_reset", "stretch")):
        return ""
    if tokens[index].text.endswith(standpoint.lexicon.words("guard.not_sites")):
        return ""
    return "" if found[1][-2:] in standpoint.identity.place else tokens[index].text


def _event(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> str:
    """Return the festival or fair that the text at ``index`` makes the subject of its clause, '' where none."""
    tokens = sentence.tokens
    numbered = index > 0 and tokens[index - 1].has("rank") and starts_clause(tokens, index - 1)  # 第三届…节
    if not (numbered or starts_clause(tokens, index)):
        return ""
    text = sentence.tokens[index].text
    found = standpoint.scopes.events.search(text)
    if found is None or any(verb in text[: found.start()] for verb in standpoint.lexicon.words("guard.event_verbs")):
        return ""
    if sentence.text.startswith("、", tokens[index].start + found.end()):
        return ""  # 马拉松、演唱会人气高涨: one of several things, of which no figure is told
    return text[: found.end()]


def _opens_with(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether a place or zone opens its sentence, and its clause says of it what is no figure.

    综合保税区封关运营，全年实现进出口总额…: what a verb tells behind the comma is the zone's.
    """
    tokens, token = sentence.tokens, sentence.tokens[index]
    named = token.has("scope_below") and index > 0 and tokens[index - 1].kind is TokenKind.TEXT  # 石化|园区
    firm = token.text in standpoint.lexicon.words("guard.firms") and _is_firm(standpoint, tokens, index)
    zone = named or firm or token.has("place_below") or token.text in standpoint.lexicon.words("guard.lone_zones")
    longest = _LONGEST_FIRM if firm else _LONGEST_PLACE
    if not (zone or token.kind is TokenKind.TEXT) or token.start > longest or index + 1 >= len(tokens):
        return False
    ahead = tokens[:index]  # 江|都|区: a word of the lexicon within a name
    if any(before.kind is not TokenKind.TEXT and not before.has("each", "join", "place_below") for before in ahead):
        return False
    quoted = "“" in sentence.text[: token.start]  # “江都—成都”航线首次开通
    if quoted or any(before.text == "、" for before in ahead) or not sentence.text[token.end].isalpha():
        return False
    if tokens[index + 1].text.startswith((*standpoint.lexicon.words("guard.no_predicate"), "、")):
        return False
    for following in tokens[index + 1 :]:
        if following.kind is TokenKind.MARK:
            return following.text == "，"
        if following.kind is TokenKind.FIGURE:
            return False
    return False


def _waiting(standpoint: Standpoint, word: str, token: Token) -> Scope:
    """Return the scope of a place or zone that opens its sentence."""
    place = token.has("place_below") or word.endswith(standpoint.lexicon.words("guard.county_units"))
    return Scope(word, named=True, waits=True, place=place and not token.has("scope_below"))


_LONGEST_GUEST = 12
"""How many characters the name of who comes from elsewhere has at most, before 在我市."""


def _guest(standpoint: Standpoint, sentence: TokenisedSentence, index: int) -> str:
    """Return who does something in the report's own place, the word at ``index``: 央企|在|我市|完成投资68亿元."""
    tokens, words = sentence.tokens, standpoint.lexicon.words
    if not index or tokens[index - 1].text not in words("guard.present_in") or before_mark(tokens, index):
        return ""
    first = index - 1
    while first and tokens[first - 1].kind in (TokenKind.TEXT, TokenKind.CUE):
        first -= 1
    who = sentence.text[tokens[first].start : tokens[index - 1].start]
    return who if len(who) <= _LONGEST_GUEST and who.endswith(words("guard.guests")) else ""


def _is_firm(standpoint: Standpoint, tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the word at token ``index`` ends the name of one enterprise that opens its clause."""
    before = tokens[index - 1] if index else None
    if before is None or before.kind is not TokenKind.TEXT or not starts_clause(tokens, index - 1):
        return False
    return len(before.text) >= _SHORTEST_FIRM and not before.text.endswith(standpoint.lexicon.words("guard.not_firms"))
