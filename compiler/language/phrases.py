"""Figures that phrases claim: patterns around a figure, where no name stands before or behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from compiler.language.gapped import find
from compiler.language.guards import Guard
from compiler.language.lead_codes import Direction, Lead, read_lead
from compiler.language.mentions import Hits, excluded
from compiler.language.outcomes import Binding, How, Outcomes
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.language.values import value_of
from compiler.language.vocabulary import CompiledPhrase
from compiler.model import IndicatorRule, Measure


class _Coded(NamedTuple):
    """A sentence in which every figure is one mark: its text, where each character stands, which figure is where."""

    text: str
    places: Sequence[int]
    figures: dict[int, int]


def _code(sentence: TokenisedSentence) -> _Coded:
    places: list[int] = []
    figures: dict[int, int] = {}
    position = 0
    for index, quantity in enumerate(sentence.quantities):
        places.extend(range(position, quantity.outer_start))
        figures[len(places)] = index
        places.append(quantity.outer_start)
        position = quantity.outer_end
    places.extend(range(position, len(sentence.text) + 1))
    return _Coded(sentence.standing.coded, places, figures)


def read_phrases(sentence: TokenisedSentence, hits: Hits, outcomes: Outcomes) -> dict[int, Binding]:
    """Return the figures that phrases claim, the shortest claim on each; record what exclusions refuse."""
    claims: dict[int, Binding] = {}
    if not sentence.standing.phrases:
        return claims
    coded = _code(sentence)
    for phrase in sentence.standing.phrases:
        for binding in _claims(sentence, hits, coded, phrase, outcomes):
            known = claims.get(binding.figure)
            if known is None or known.quote_end - known.quote_start > binding.quote_end - binding.quote_start:
                claims[binding.figure] = binding
    return claims


def _claims(
    sentence: TokenisedSentence, hits: Hits, coded: _Coded, phrase: CompiledPhrase, outcomes: Outcomes
) -> list[Binding]:
    found: list[Binding] = []
    at = 0
    while (match := find(phrase.pieces, coded.text, at)) is not None:
        at = match.start + 1
        figure = phrase.figure_of(match)
        index = coded.figures[figure]
        gaps = [(coded.places[first], coded.places[last]) for first, last in match.gaps if last > first]
        if any(_swallows(sentence, hits, phrase.rule, *gap) or _cuts(sentence, phrase.rule, *gap) for gap in gaps):
            continue
        ends_at_figure = match.end - 1 == figure
        end = sentence.quantities[index].outer_end if ends_at_figure else coded.places[match.end - 1] + 1
        binding = _claim(sentence, phrase, index, coded.places[match.start], end, outcomes)
        if binding is not None:
            found.append(binding)
    return found


def _swallows(sentence: TokenisedSentence, hits: Hits, rule: IndicatorRule, start: int, end: int) -> bool:
    """Tell whether the name of another indicator stands wholly in ``[start:end]``, with a figure of its own."""
    for index, hit in hits.items():
        token = sentence.tokens[index]
        if start <= token.start and token.end <= end and all(other.id != rule.id for other in hit.rules):
            following = next((t for t in sentence.tokens[index + 1 :] if t.kind is TokenKind.FIGURE), None)
            if following is not None and following.end <= end:
                return True
    return False


def _cuts(sentence: TokenisedSentence, rule: IndicatorRule, start: int, end: int) -> bool:
    """Tell whether a gap ends within the name of another indicator that a figure follows.

    空气质量…优良率〔数〕 finds no end of its own in 空气质量优良天数比率99%，断面水质优良率100%.
    """
    for index in sentence.names:
        token = sentence.tokens[index]
        if not start <= token.start < end < token.end:
            continue
        following = next((t for t in sentence.tokens[index + 1 :] if not t.has("glue")), None)
        told = following is not None and following.kind is TokenKind.FIGURE
        if told and all(entry.rule is not rule for entry in token.entries):
            return True
    return False


def _lead(sentence: TokenisedSentence, token: int, measure: Measure | None) -> Lead:
    """Return the lead of a phrase's figure; a measure that the phrase fixes decides over the word before it."""
    lead = Lead()
    if token > 0 and sentence.tokens[token - 1].kind is TokenKind.CUE:
        lead = read_lead(sentence, token - 1, token, False)
        lead.refused = None
    if measure is Measure.CHANGE:
        lead.direction, lead.to_level = lead.direction or Direction.UP, False
    elif measure is Measure.LEVEL:
        lead.direction = Direction.NONE
    elif measure is Measure.GROWTH:
        lead.direction = lead.direction or Direction.UP
    return lead


def _claim(
    sentence: TokenisedSentence, phrase: CompiledPhrase, index: int, start: int, end: int, outcomes: Outcomes
) -> Binding | None:
    rule = phrase.rule
    if rule.at and sentence.level and sentence.level not in rule.at:
        return None
    exclusions = sentence.language.exclusions_of(rule).always
    word = excluded(sentence.text, Token(TokenKind.NAME, start, end, ""), exclusions, sentence.level)
    if word:
        outcomes.refuse((rule,), Guard.EXCLUDE, word, index)
        return None
    token = sentence.token_of(index)
    lead = _lead(sentence, token, phrase.measure)
    quantity = sentence.quantities[index]
    value = value_of(rule, quantity, lead, sentence.language.lexicon, bare=True)
    if isinstance(value, Guard):
        return None
    return Binding(
        rule=rule,
        value=value,
        figure=index,
        name_start=start,
        name_end=end,
        quote_start=min(start, quantity.outer_start),
        quote_end=max(end, quantity.outer_end),
        held=lead.held,
        how=How.PHRASE,
        construction="",
        phrase=phrase.shown,
        reaches=lead.to_level,
        origin=next((i for i, t in enumerate(sentence.tokens) if t.end > start), token),
    )
