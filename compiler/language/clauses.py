"""How a word stands in its clause: as its subject, at its head, as a member of a list, behind a verb."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.language.scopes import Scopes
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.model import Lexicon

LONGEST_SUBJECT = 10
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


_PREDICATES = frozenset(
    {
        "glue",
        "up",
        "down",
        "to_level",
        "period_reset",
        "cumulative",
        "status",
        "each",
        "respectively",
        "added",
        "stretch",
        "base_tier",
    }
)
"""What may follow the subject of a statement."""


def is_subject(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the scope word at ``index`` is what the clause speaks of."""
    tokens = sentence.tokens
    lead = ("stretch", "glue", "up", "down", "period_reset")
    behind = next((token for token in tokens[index + 1 :] if not token.has(*lead)), None)
    told = behind is not None and behind.kind is TokenKind.NAME
    placed = tokens[index].has("place_below", "scope_below")
    if index > 0 and tokens[index - 1].has("preposition") and told and placed:
        return True  # 支持江都区地区生产总值突破1500亿元, 推动高新区实现规上工业增加值增长12%
    if index > 0 and tokens[index - 1].has("preposition", "comparison", "share", "rank"):
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
    compares = following.has("compared_with") and not following.has("period_reset")  # 新区去年完成… tells of the zone
    if following.has("rank") or compares or _clause_before(tokens, index) > LONGEST_SUBJECT:
        return False
    lexicon = sentence.language.lexicon
    if following.kind is TokenKind.TEXT and following.text.endswith(lexicon.words("guard.noun_endings")):
        return True  # 开发区销售收入增长41%
    county = placed and tokens[index].text.rstrip("）)").endswith(lexicon.words("guard.county_units"))  # 县（市、区）
    deed = following.kind is TokenKind.TEXT or (following.has("verb") and starts_clause(tokens, index))
    zone = _ends_zone(tokens, index) and _figure_in_clause(tokens, position)
    if (county or zone) and deed and not following.text.startswith(lexicon.words("guard.no_predicate")):
        return True  # 大通、湟中两县解决…, 兴隆产业园引进36家: such a place is the subject, whatever the verb
    if following.kind is TokenKind.NAME and all(entry.role == "object" for entry in following.entries):
        # 乡镇|街道履职清单全面建立: a thing that a rule may know, of which nothing is told
        following = tokens[position + 1] if position + 1 < len(tokens) else following
        if following.kind is TokenKind.FIGURE:
            return True
    return following.kind in (TokenKind.NAME, TokenKind.YEAR) or not following.categories.isdisjoint(_PREDICATES)


def _ends_zone(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the word at ``index`` ends the name of a zone that opens its clause: 兴隆|产业园."""
    before = tokens[index - 1] if index else None
    named = before is not None and before.kind is TokenKind.TEXT and starts_clause(tokens, index - 1)
    return named and tokens[index].has("scope_below")


def _figure_in_clause(tokens: Sequence[Token], position: int) -> bool:
    """Tell whether a figure stands between ``position`` and the end of the clause."""
    for token in tokens[position:]:
        if token.kind in (TokenKind.FIGURE, TokenKind.MARK):
            return token.kind is TokenKind.FIGURE
    return False


def before_mark(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a mark follows the token."""
    return index + 1 < len(tokens) and tokens[index + 1].kind is TokenKind.MARK


def opens_clause(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether nothing but a year or a status word stands before the token in its clause."""
    before = tokens[index - 1] if index else None
    timed = before is not None and before.has("period_reset", "status", "coming_year")
    return before is None or before.kind in (TokenKind.MARK, TokenKind.YEAR) or timed


_APART = (TokenKind.MARK, TokenKind.REMARK)


def starts_clause(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether nothing but a mark or a remark stands before the token."""
    return index == 0 or tokens[index - 1].kind in _APART


def is_member(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the token ends a member of a list that a name opens: 高新技术企业、瞪羚企业分别新增…"""
    position = index - 1
    while position > 0 and tokens[position].kind is TokenKind.TEXT:
        position -= 1
    return 0 < position < index - 1 and tokens[position].has("join") and tokens[position - 1].kind is TokenKind.NAME


def whole_place(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> str:
    """Return the text at ``index``, with the head of a place's name that holds a word: 永|和|镇, 江|都|区."""
    text = tokens[index].text
    whole = text in lexicon.words("guard.place_suffixes")
    if index < 2 or not whole or not tokens[index - 1].has("join", "each"):
        return text
    head = tokens[index - 2]
    return f"{head.text}{tokens[index - 1].text}{text}" if head.kind is TokenKind.TEXT else text


def led_by_verb(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a clause begins at ``index`` with a verb that leads to figures, a time before it aside."""
    while index < len(tokens) and (tokens[index].kind is TokenKind.YEAR or tokens[index].has("period_reset")):
        index += 1
    return index < len(tokens) and tokens[index].has("glue", "verb", "added", "cumulative", "to_level")


def lists_old(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the year at ``index`` stands in a list of old figures: 由2015年的87元、2018年的73元降至66元."""
    if index < 2 or not tokens[index - 1].has("join") or tokens[index - 2].kind is not TokenKind.FIGURE:
        return False
    for token in reversed(tokens[: index - 2]):
        if token.kind is TokenKind.MARK:
            return False
        if token.has("from"):
            return True
    return False


def counts_all(sentence: TokenisedSentence, figure: int, scopes: Scopes) -> bool:
    """Tell whether the figure at a token counts all places below the report's own, and what follows is not each one's.

    14个市州优良天数比例达到91%, where there are fourteen; not 14个市州财政收入均超过5亿元.
    """
    if sentence.quantity(figure).low != scopes.below:
        return False
    each = sentence.language.lexicon.words("guard.each_of")
    for token in sentence.tokens[figure + 1 :]:
        if token.text in each:
            return False
        if token.kind is TokenKind.MARK and token.text in "，；。":
            break
    return True


def counted_topic(sentence: TokenisedSentence, index: int, scopes: Scopes) -> str:
    """Return the counted places that a clause ended by the comma at ``index`` is about: 列入试点的3个镇，…; 5个村，…"""
    tokens = sentence.tokens
    at = index - 1 if index and tokens[index - 1].kind is TokenKind.FIGURE else index - 2
    if at < 0 or tokens[at].kind is not TokenKind.FIGURE:
        return ""
    places = sentence.text[tokens[at].start : tokens[index].start]
    unit, noun = places[: -len(tokens[index - 1].text)] if at < index - 1 else places, tokens[index - 1].text
    opens = starts_clause(tokens, at) or tokens[at - 1].text.endswith(sentence.language.lexicon.words("guard.of"))
    counts = unit.endswith(scopes.counters) or at == index - 1
    if not opens or not counts or scopes.counted.search(noun) is None:
        return ""
    return "" if counts_all(sentence, at, scopes) else places


def counted_place(sentence: TokenisedSentence, index: int, scopes: Scopes) -> str:
    """Return the counted places that the name at ``index`` belongs to: 74个重点城市细颗粒物浓度."""
    between = ""
    for position in range(index - 1, max(-1, index - 5), -1):
        token = sentence.tokens[position]
        if token.kind is TokenKind.FIGURE:
            found = scopes.counted.search(between)
            if found is None or not token.text.endswith(scopes.counters):
                return ""
            return "" if counts_all(sentence, position, scopes) else token.text + between
        if token.kind is TokenKind.MARK or token.has("glue", "up", "down", "join"):
            return ""
        between = token.text + between
    return ""


def done_last_year(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the token at ``index`` leads to what was done last year: 低于去年实际完成的3.1万人."""
    tokens = sentence.tokens
    if not tokens[index].text.endswith(sentence.language.lexicon.words("guard.achieved_in_plan")):
        return False
    position = index + 1
    while position < len(tokens) and tokens[position].has("glue", "of") and not tokens[position].has("up", "down"):
        position += 1
    told = position > index + 1 and position < len(tokens) and tokens[position].kind is TokenKind.FIGURE
    return told and any(token.has("verb") for token in tokens[index + 1 : position])


def gives_reason(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the remark at ``index`` looks back on last year for a figure without a name.

    这样安排，是考虑去年集中退税后仅增长0.8%: what is told is last year's, of what the sentence before named.
    """
    tokens = sentence.tokens
    words = sentence.language.lexicon.words("guard.achieved_in_plan")
    if tokens[index].kind is not TokenKind.REMARK or not any(word in tokens[index].text for word in words):
        return False
    ahead = [token.kind for token in tokens if token.kind in (TokenKind.NAME, TokenKind.FIGURE, TokenKind.REMARK)]
    return ahead[:2] == [TokenKind.REMARK, TokenKind.FIGURE]
