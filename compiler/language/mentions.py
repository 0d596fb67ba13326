"""Which names of indicators count in a sentence, and for which indicators."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from compiler.language.clauses import starts_clause
from compiler.language.guards import Guard
from compiler.language.outcomes import NameHit, Outcomes
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.language.unit_conversion import resolve_unit
from compiler.language.vocabulary import NameEntry
from compiler.model import Exclusion, Form, IndicatorRule


def _touches(text: str, start: int, end: int, words: tuple[str, ...]) -> str:
    """Return the word that stands right before ``[start:end]``, a remark in brackets aside, or right behind it."""
    if text[start - 1 : start] == "）":
        opening = text.rfind("（", 0, start)
        if opening >= 0 and "）" not in text[opening : start - 1]:
            start = opening
    if not (text.endswith(words, 0, start) or text.startswith(words, end)):
        return ""
    return next(word for word in words if text.endswith(word, 0, start) or text.startswith(word, end))


def _clause(text: str, start: int, end: int, marks: str) -> str:
    """Return what stands around ``[start:end]`` between the nearest of the marks; behind it a colon ends nothing."""
    left = max(text.rfind(mark, 0, start) for mark in marks)
    behind = marks.replace("：", "")
    right = min((position for mark in behind if (position := text.find(mark, end)) >= 0), default=len(text))
    return text[left + 1 : right]


def excluded(text: str, token: Token, exclusions: Sequence[Exclusion], level: str) -> str:
    """Return the word that excludes the name at ``token``, '' where none does."""
    for exclusion in exclusions:
        if exclusion.at and level not in exclusion.at:
            continue
        if exclusion.where == "touch":
            word = _touches(text, token.start, token.end, exclusion.words)
        else:
            where = _clause(text, token.start, token.end, "；。" if exclusion.where == "sentence" else "，；。：")
            word = next((w for w in exclusion.words if w in where), "")
        if word:
            return word
    return ""


_ROLES = {"object": 0, "combined": 1, "alias": 2, "growth": 3, "short": 4}
"""The order in which the claims on one printed name are tried."""

Hits = dict[int, NameHit]
"""The names of a sentence that count, by token."""


def read_names(sentence: TokenisedSentence, outcomes: Outcomes) -> Hits:
    """Decide which name tokens count, and for which indicators; record the figures behind the others."""
    hits: Hits = {}
    for index in sentence.names:
        if _compared_with(sentence, index):
            continue
        entries: Sequence[NameEntry] = sentence.tokens[index].entries
        if len(entries) > 1:
            entries = sorted(entries, key=lambda e: (_ROLES[e.role], not e.at))
        for entry in entries:
            hit = _hit(sentence, hits, index, entry, outcomes)
            if hit is not None:
                hits[index] = hit
                break
    return hits


def _compared_with(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the name at ``index`` is what another one is compared with: 居民收入增速高于经济增速1个百分点."""
    before = sentence.tokens[index - 1] if index else None
    following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    if before is None or not before.has("comparison") or len(before.text) == 1:
        return False
    if following is None or following.kind is TokenKind.MARK or following.has("join"):
        return True
    return following.kind is TokenKind.FIGURE and sentence.quantity(index + 1).form is Form.POINT


def _hit(
    sentence: TokenisedSentence, hits: Mapping[int, NameHit], index: int, entry: NameEntry, outcomes: Outcomes
) -> NameHit | None:
    """Return what the name at token ``index`` stands for by one claim on it, None where the claim does not hold."""
    growth = entry.role == "growth" or sentence.tokens[index].text.endswith(
        sentence.language.lexicon.words("direction.nouns")
    )
    if entry.combined is not None:
        by_id = sentence.language.by_id
        rules = tuple(by_id[i] for i in entry.combined.indicators if i in by_id)
        if rules and sentence.text.endswith(
            sentence.language.lexicon.words("guard.part_prefix"), 0, sentence.tokens[index].start
        ):
            return None  # 乡村旅游接待游客、旅游收入
        return NameHit(index, rules, by_id.get(entry.combined.whole), growth) if rules else None
    rule = entry.rule
    assert rule is not None
    if sentence.level and any(levels and sentence.level not in levels for levels in (rule.at, entry.at)):
        return None
    if entry.role == "object" and not _governed(sentence, index, rule):
        return None
    if entry.role == "short" and not (
        _in_list(sentence, hits, index, rule) or _among(sentence, hits, index, rule) or _states(sentence, hits, index)
    ):
        return None
    guard, word = _kept_off(sentence, index, rule)
    if guard is not None:
        _refuse_next(sentence, rule, guard, word, index, outcomes)
        return None
    return NameHit(index, (rule,), growth=growth, loose=entry.loose)


def _kept_off(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> tuple[Guard | None, str]:
    """Return the guard and the word that keep the name at token ``index`` from counting."""
    token = sentence.tokens[index]
    word = excluded(sentence.text, token, sentence.language.exclusions_of(rule).always, sentence.level)
    if word:
        return Guard.EXCLUDE, word
    before = sentence.tokens[index - 1] if index else None
    if before is not None and before.kind is not TokenKind.FIGURE:
        prefixes = sentence.language.lexicon.words("guard.part_prefix")
        if sentence.text.endswith(prefixes, 0, token.start):
            ahead = sentence.text[: token.start]
            return Guard.PART, next(word for word in prefixes if ahead.endswith(word))
    if (
        before is not None
        and before.kind is TokenKind.TEXT
        and before.text.endswith(sentence.language.lexicon.words("guard.kinds"))
    ):
        return Guard.PART, before.text
    spread = _spread_over(sentence, token)
    if spread:
        return Guard.PART, spread
    part = _unknown_part(sentence, index, rule) or _shared_part(sentence, index, rule)
    if part:
        return Guard.PART, part
    if _of_counted(sentence, index, rule):
        return Guard.SCOPE, sentence.tokens[index - 1].text
    return None, ""


def _spread_over(sentence: TokenisedSentence, token: Token) -> str:
    """Return the word before a name in its clause that spreads its figure over heads: 每千人拥有经营主体186户."""
    words, ahead = sentence.language.lexicon.words("guard.per_count"), sentence.text[: token.start]
    if not any(map(ahead.__contains__, words)):
        return ""  # as in nearly every sentence
    clause = re.split("[，。；、：]", ahead)[-1]
    return next((word for word in words if word in clause), "")


_BARE = re.compile(r"^[\W_]+|[\W_]+$")
"""Marks round a text: quotation marks, and the dashes and bullets that open an item of a list (——, ●)."""


_LONGEST_PART = 8
"""Unknown text before a name that is longer than this is no part of the name (面对复杂形势…)."""


def _unknown_part(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> str:
    """Return the unknown text that makes the name behind it another thing's: 软件服务业增加值, 夜间旅游收入.

    Only for indicators that are totals (money, rates, visits), which are told of many parts.
    """
    before = sentence.tokens[index - 1] if index else None
    if before is None or before.kind is not TokenKind.TEXT:
        return ""
    words = sentence.language.lexicon.words
    if (
        before.text in words("guard.counted_places")
        and index > 1
        and sentence.tokens[index - 2].kind is TokenKind.FIGURE
    ):
        return ""  # 14个市州优良天数比例: whether these are all of them is a matter of scope
    text = _BARE.sub("", before.text)
    if not text or len(text) > _LONGEST_PART or before.text.endswith(("”", "》")):
        return ""
    if resolve_unit(sentence.language.lexicon, rule.unit)[0] not in words("number.total_families"):
        return ""
    if sentence.text[: before.end].endswith(words("glue.name_openers")):
        return ""
    if text in words(f"guard.scope_level.{sentence.level}"):
        return ""
    own = words(f"guard.scope_own.{sentence.level}")
    if f"{text}{sentence.tokens[index].text}".startswith(own):
        return ""  # 全|地区生产总值: the report's own, as 全地区
    if text.endswith((*words("glue.name_openers"), *words("guard.place_suffixes"))) or text[-2:] in sentence.place:
        return ""
    if any(text.startswith(word) and text[len(word) :] in sentence.place for word in words("guard.visiting")):
        return ""
    return text


_THEME = 2
"""How many characters at the head of a name say what it is about: 旅游收入."""

_LONGEST_MEMBER = 4
"""A longer name beside another in a list has its own modifiers: 农产品网络零售额、固定资产投资."""


def _shared_part(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> str:
    """Return the word before a list that makes each of its names another thing's: 农产品网络零售额、出口额.

    It is one of the lexicon, or one that the rule of the name excludes: 跨境电商进口额、出口额.
    """
    tokens = sentence.tokens
    if index < 2 or not tokens[index - 1].has("join"):
        return ""
    first, name = tokens[index - 2].text, tokens[index].text
    if tokens[index - 2].kind is TokenKind.TEXT and starts_clause(tokens, index - 2):
        # 茶产业综合产值、出口额: of the same trade
        trade = next((word for word in sentence.language.lexicon.words("guard.trades") if word in first[:-1]), "")
        return first if trade and len(name) <= _LONGEST_MEMBER and not first.endswith(trade) else ""
    if tokens[index - 2].kind is not TokenKind.NAME:
        return ""
    theme = name[:_THEME]  # 乡村旅游接待人数、旅游收入
    if len(name) > _LONGEST_MEMBER or (first[-1] != name[-1] and not first.startswith(theme)):
        return ""
    ahead = sentence.text[: tokens[index - 2].start]
    excluding = (word for exclusion in rule.exclude if exclusion.where == "touch" for word in exclusion.words)
    words = (*sentence.language.lexicon.words("guard.part_prefix"), *excluding)
    return next((word for word in words if ahead.endswith(word)), "")


def _governed(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> bool:
    """Tell whether one of the rule's verbs governs the object at token ``index``."""
    tokens = sentence.tokens
    verbs = sentence.language.verbs_of(rule)
    crossed = False
    for position in range(index - 1, -1, -1):
        token = tokens[position]
        if token.text in verbs:
            return True
        if token.has("verb"):
            break
        if token.kind is TokenKind.NAME and any(token.text.startswith(verb) for verb in verbs):
            return True
        if token.kind is TokenKind.MARK:
            if token.text not in "，" or crossed or _reaches(sentence, index):
                break
            start = position + 1 + tokens[position + 1].has("modifier", "among")
            if tokens[start].kind not in (TokenKind.NAME, TokenKind.FIGURE):
                break
            crossed = True
        if token.kind is TokenKind.TEXT:
            if any(token.text.endswith(verb) for verb in verbs):
                return True
            if len(token.text) > _LONGEST_OBJECT:
                break
    for token in tokens[index + 1 :]:
        if token.text in verbs:
            return True
        if token.kind in (TokenKind.FIGURE, TokenKind.MARK, TokenKind.NAME):
            break
    dealt = _dealt_out(sentence, index, rule) or _stands_at(sentence, index, rule)
    return dealt or verb_behind(sentence, index, rule) > 0


def verb_behind(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> int:
    """Return the token of the rule's verb that takes up the object at token ``index`` behind the next comma, else 0.

    市场主体活力迸发，新登记147万户: the object opens the clause, verb and figure begin the next one.
    """
    tokens = sentence.tokens
    if not starts_clause(tokens, index):
        return 0
    comma = next((i for i in range(index + 1, len(tokens)) if tokens[i].kind is TokenKind.MARK), 0)
    if not comma or tokens[comma].text != "，" or comma == index + 1 or comma + 2 >= len(tokens):
        return 0
    between = tokens[index + 1 : comma]
    if any(token.kind in (TokenKind.NAME, TokenKind.FIGURE) or token.has("join", "of") for token in between):
        return 0
    verb, figure = tokens[comma + 1], tokens[comma + 2]
    return comma + 1 if verb.text in sentence.language.verbs_of(rule) and figure.kind is TokenKind.FIGURE else 0


def _reaches(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the thing at ``index`` is told with a mark that it passed: 高新技术企业突破3000家."""
    following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    if following is None or following.kind is not TokenKind.FIGURE:
        return False
    hedge = sentence.text[following.start : sentence.quantity(index + 1).start]
    return hedge in sentence.language.lexicon.words("period.reaching")


def _stands_at(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> bool:
    """Tell whether the object at token ``index`` is itself the subject of where it stands: 高企由11家增加到96家.

    It is where the rule knows the object with a word that reaches a level as a name (高企达到), and a level, a
    movement or a figure that crosses a mark follows.
    """
    tokens, words = sentence.tokens, sentence.language.lexicon.words
    names = (sentence.language.entries.get(tokens[index].text + to, ()) for to in words("direction.to"))
    if not any(entry.rule is rule for entries in names for entry in entries):
        return False
    for position in range(index + 1, len(tokens)):
        token = tokens[position]
        if token.kind is TokenKind.FIGURE:
            hedge = sentence.text[token.start : sentence.quantity(position).start]
            if hedge in words("period.reaching") or tokens[position - 1].has("glue", "up", "down", "to_level"):
                return not _counts_new(sentence, index, tokens[position - 1].text, rule)
            if not tokens[position - 1].has("from") and tokens[position - 1].kind is not TokenKind.YEAR:
                return False
        elif token.kind not in (TokenKind.YEAR, TokenKind.REMARK) and not token.has(*_BEFORE_A_LEVEL):
            return False
    return False


def _counts_new(sentence: TokenisedSentence, index: int, verb: str, rule: IndicatorRule) -> bool:
    """Tell whether a verb makes the thing at ``index`` that of another rule, which counts the new ones: 净增62户."""
    others = (entry.rule for entry in sentence.tokens[index].entries if entry.role == "object")
    return any(
        other is not None and other is not rule and verb in sentence.language.verbs_of(other) for other in others
    )


_BEFORE_A_LEVEL = ("glue", "up", "down", "to_level", "from", "status", "period_reset", "of", "suffix", "scope")
"""What may stand between a thing and the figure that tells how many of it there are."""


def _dealt_out(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> bool:
    """Tell whether the object at token ``index`` is in a list that is dealt out by a verb of the rule.

    甲、乙、丙分别新增…; or by a verb that makes the object a name of the rule: 规上工业企业、丁分别达到…. So is one
    that moves from a number to another: 规上工业企业由38家增至67家.
    """
    tokens = sentence.tokens
    if index + 3 < len(tokens) and tokens[index + 1].has("from") and tokens[index + 2].kind is TokenKind.FIGURE:
        reached = (tokens[index].text + verb for verb in sentence.language.lexicon.words("direction.to"))
        claims = [entry for name in reached for entry in sentence.language.entries.get(name, ())]
        return tokens[index + 3].has("to_level") and any(claim.rule is rule for claim in claims)
    if index + 1 >= len(tokens) or not tokens[index + 1].has("join"):
        return False
    dealt = False
    for token in tokens[index + 1 :]:
        if token.kind in (TokenKind.FIGURE, TokenKind.MARK):
            return False
        verbs = sentence.language.verbs_of(rule)
        if token.text in verbs or (token.kind is TokenKind.NAME and token.text.endswith(tuple(verbs))):
            return True  # 甲、乙净增45家、62户
        if dealt:
            entries = sentence.language.entries.get(tokens[index].text + token.text, ())
            return token.text in sentence.language.verbs_of(rule) or any(entry.rule is rule for entry in entries)
        dealt = token.has("respectively")
    return False


_LONGEST_OBJECT = 12
"""How many characters of unknown text may stand between a verb and its object."""


def _nearest_theme(hits: Mapping[int, NameHit], index: int) -> str:
    """Return the theme of the last name that counts before token ``index``, '' where there is none."""
    nearest = max((position for position in hits if position < index), default=-1)
    return hits[nearest].rules[0].theme if nearest >= 0 else ""


def _in_list(sentence: TokenisedSentence, hits: Mapping[int, NameHit], index: int, rule: IndicatorRule) -> bool:
    """Tell whether the name at token ``index`` stands in a list beside a name of its theme, or its figure."""
    tokens = sentence.tokens
    listed = (TokenKind.NAME, TokenKind.FIGURE)
    if index >= 2 and tokens[index - 1].has("join") and tokens[index - 2].kind in listed:
        same = _nearest_theme(hits, index) == rule.theme
        return same and (tokens[index - 2].kind is TokenKind.NAME or _goes_on(sentence, hits, index))
    if index + 2 < len(tokens) and tokens[index + 1].has("join") and tokens[index + 2].kind is TokenKind.NAME:
        entries = tokens[index + 2].entries
        return any(entry.rule is not None and entry.rule.theme == rule.theme for entry in entries)
    return False


def _among(sentence: TokenisedSentence, hits: Mapping[int, NameHit], index: int, rule: IndicatorRule) -> bool:
    """Tell whether the short name at token ``index`` takes up a full name of its theme (…，其中城镇居民…)."""
    before = sentence.tokens[index - 1] if index else None
    opens = before is not None and (before.has("among", "join") or before.kind is TokenKind.MARK)
    return opens and _nearest_theme(hits, index) == rule.theme and _goes_on(sentence, hits, index)


_LONGEST_LINK = 3
"""Unknown text that is longer than this, between a full name and a short one, may name something else: 人均消费支出."""


def _goes_on(sentence: TokenisedSentence, hits: Mapping[int, NameHit], index: int) -> bool:
    """Tell whether nothing else is named between the last name that counts and the short one at token ``index``."""
    last = max(position for position in hits if position < index)
    between = (token for token in sentence.tokens[last + 1 : index] if token.kind is TokenKind.TEXT)
    return sum(len(token.text) for token in between) <= _LONGEST_LINK


def _states(sentence: TokenisedSentence, hits: Mapping[int, NameHit], index: int) -> bool:
    """Tell whether the short name at token ``index`` is the whole subject of a statement of its own: ，出口增长5%.

    It is where nothing stands before it in its clause, a predicate or a figure follows, and the sentence begins with
    it or has spoken of indicators before.
    """
    tokens = sentence.tokens
    before = tokens[index - 1] if index else None
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    opens = before is None or (before.kind is TokenKind.MARK and bool(hits)) or before.has("period_reset", "scope")
    return (
        opens and following is not None and (following.kind is TokenKind.FIGURE or following.has("up", "down", "glue"))
    )


def _of_counted(sentence: TokenisedSentence, index: int, rule: IndicatorRule) -> bool:
    """Tell whether the name speaks of things counted right before it: 15个空气质量优良率达100%."""
    before = sentence.tokens[index - 1] if index else None
    if before is None or before.kind is not TokenKind.FIGURE:
        return False
    lexicon = sentence.language.lexicon
    family = sentence.quantities[before.figure].family
    counting = lexicon.words("number.counting_families")
    return family in counting and resolve_unit(lexicon, rule.unit)[0] != family


def _refuse_next(
    sentence: TokenisedSentence, rule: IndicatorRule, guard: Guard, word: str, index: int, outcomes: Outcomes
) -> None:
    """Record that the figure right behind the name at token ``index`` is not the rule's."""
    for token in sentence.tokens[index + 1 :]:
        if token.kind is TokenKind.MARK or token.kind is TokenKind.NAME:
            return
        if token.kind is TokenKind.FIGURE:
            outcomes.refuse((rule,), guard, word, token.figure)
            return
