"""Targets without a figure: 与经济增长同步, 努力争取更好结果; and the indicators that fell short of theirs."""

from __future__ import annotations

from compiler.language.coordination import group_before
from compiler.language.lead_codes import Lead, read_lead
from compiler.language.outcomes import Binding, Bounded, How, NameHit, SelfReport
from compiler.language.scopes import own_words
from compiler.language.sentence_reading import SentenceReading
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.model import Bound, IndicatorRule, Measure

WORDS_VALUE = Bounded(Measure.GROWTH, None, None, Bound.NONE, "")
_LONGEST_TO_WORDS = (4, 12)
"""Unknown characters between a name and a target in words: alone, and at the end of a list."""


def bound_in_words(
    sentence: TokenisedSentence,
    hit: NameHit,
    rule: IndicatorRule,
    lead: Lead,
    quote: tuple[int, int],
    words: str,
    construction: str = "",
) -> Binding:
    """Bind a target in words, without a figure of its own, to one of the indicators of a name."""
    name = sentence.tokens[hit.token]
    return Binding(
        rule=rule,
        value=WORDS_VALUE,
        figure=-1,
        name_start=name.start,
        name_end=name.end,
        quote_start=quote[0],
        quote_end=quote[1],
        stretch=lead.stretch,
        words=words,
        how=How.WORDS,
        construction=construction,
        origin=hit.token,
    )


def _is_target(sentence: TokenisedSentence, name: int, words: Token) -> bool:
    """Tell whether words behind a name state a target for it, not a purpose, a cause or a condition."""
    lexicon = sentence.language.lexicon
    start = max(sentence.text.rfind(mark, 0, sentence.tokens[name].start) for mark in "，；。：") + 1
    opening = sentence.text[start : sentence.tokens[name].start]
    if opening.startswith(lexicon.words("words_target.not_after")) or opening.endswith(lexicon.words("guard.of")):
        return False
    told = sentence.text[sentence.tokens[name].end : words.start]
    if any(word in told for word in lexicon.words("words_target.told")):
        return False  # 收入增幅连续三年跑赢城镇居民
    weak = words.text.startswith(lexicon.words("words_target.weak"))
    if weak and start and not sentence.quantities:
        return False  # 强化源头治理，实现PM2.5持续下降: a wish among measures, no target among targets
    if weak and any(word in opening for word in lexicon.words("words_target.purposes")):
        return False
    if sentence.text[: words.start].endswith(lexicon.words("guard.counters")):
        return False  # 实现“三个高于”
    _, of, noun = words.text.partition(lexicon.words("guard.of")[0])
    if of and noun and not noun.endswith(lexicon.words("words_target.measures")):
        return False  # 高于全省均值的县区
    if words.text in lexicon.words("guard.comparison"):
        return False  # 继续保持“两高于”: higher than what is not said
    if words.text.endswith(lexicon.words("words_target.not_before")):
        return False  # 实现居民收入增长和劳动报酬提高同步推进: what is to be done, not how much
    own = own_words(sentence.place, sentence.level, lexicon)
    return not any(word in words.text for word in own)


def read_words(reading: SentenceReading) -> None:
    """Bind targets in words (与经济增长同步) to the names right before them."""
    sentence = reading.sentence
    if TokenKind.WORDS not in sentence.kinds:
        return
    since = 0
    for index, token in enumerate(sentence.tokens):
        if token.kind is TokenKind.FIGURE:
            since = index + 1
        if token.kind is not TokenKind.WORDS:
            continue
        group, last = group_before(sentence, reading.hits, index, since)
        since = index + 1
        if not group:
            continue
        lead = read_lead(sentence, last + 1, index, True)
        if not _is_target(sentence, group[0].token, token):
            continue
        if lead.refused or lead.holds(",;") or lead.unknown > _LONGEST_TO_WORDS[lead.holds("j")]:
            continue
        for hit in group:
            for rule in (hit.whole,) if hit.whole is not None and not lead.dealt else hit.rules:
                if Measure.GROWTH not in rule.measures and not rule.rise_is_level:
                    continue
                end = token.end + sentence.text.startswith("”", token.end)  # 实现“双提升”
                quote = sentence.tokens[group[0].token].start, end
                reading.outcomes.bindings.append(bound_in_words(sentence, hit, rule, lead, quote, token.text))


def read_open_stretches(reading: SentenceReading) -> None:
    """Bind a stretch without a number (努力争取更好结果) to the indicator right before it."""
    sentence, bindings = reading.sentence, reading.outcomes.bindings
    if "stretch_open" not in sentence.categories:
        return
    for index, token in enumerate(sentence.tokens):
        if not token.has("stretch_open") or not _ends_clause(sentence, index):
            continue
        before = [
            b for b in bindings if b.figure >= 0 and b.quote_end <= token.start and b.value.measure is Measure.GROWTH
        ]
        if not before:
            continue
        last = max(before, key=lambda b: b.quote_end)
        if any(mark in sentence.text[last.quote_end : token.start] for mark in "；。"):
            continue
        bindings.append(
            last._replace(
                value=WORDS_VALUE,
                figure=-1,
                quote_end=token.end,
                stretch=token.text,
                words=token.text,
                how=How.WORDS,
                origin=index,
            )
        )


def _ends_clause(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether nothing follows the token in its clause: 力争更快实现绿色转型 is no stretch of a figure."""
    following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    return following is None or following.kind is TokenKind.MARK


def read_missed(reading: SentenceReading) -> None:
    """Record the indicators that the sentence says fell short of their targets."""
    sentence = reading.sentence
    if "missed" not in sentence.categories:
        return
    for index, token in enumerate(sentence.tokens):
        if not token.has("missed"):
            continue
        for position in range(index - 1, -1, -1):
            before = sentence.tokens[position]
            if before.kind is TokenKind.MARK and before.text in "；。":
                break
            hit = reading.hits.get(position)
            for rule in hit.rules if hit is not None else ():
                reading.outcomes.self_reports.append(SelfReport(rule, None, None, False, before.start, token.end))
