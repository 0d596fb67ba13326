"""Ranks and comparisons that are told of a figure: 居全省第2位, 高于全省平均2.3个百分点."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from compiler.language.sentence_reading import SentenceReading
from compiler.language.tokens import TokenisedSentence, TokenKind


def read_ranks(reading: SentenceReading) -> None:
    """Give each rank that is told (居全省第2位) to the figure before it, else to the one behind.

    What stands between figure and rank may say by what it ranks (增速居全省第2位), no more: in 增长5%，增量居全国第一
    the rank is that of something else.
    """
    sentence, outcomes = reading.sentence, reading.outcomes
    language = sentence.language
    if language.ranks.search(sentence.text) is None:
        return
    ranks = [match.span() for match in language.ranks.finditer(sentence.text)]
    figured = [binding for binding in outcomes.bindings if binding.figure >= 0]
    by_end = sorted(figured, key=lambda b: b.quote_end)
    by_start = sorted(figured, key=lambda b: sentence.quantities[b.figure].outer_start)
    ends = [binding.quote_end for binding in by_end]
    starts = [sentence.quantities[binding.figure].outer_start for binding in by_start]
    for start, end in ranks:
        start = language.rank_scopes.search(sentence.text, max(0, start - 8), start).start()  # type: ignore[union-attr]
        before, behind = bisect_right(ends, start), bisect_left(starts, end)
        near = by_end[bisect_left(ends, ends[before - 1])] if before else None  # of several the one read first
        if near is not None and language.rank_between.fullmatch(sentence.text, near.quote_end, start):
            outcomes.ranks.setdefault(near.figure, sentence.text[start:end])
            continue
        first = by_start[behind] if behind < len(by_start) else None
        if first is not None and first.name_end <= start:
            outcomes.ranks.setdefault(first.figure, sentence.text[start:end])


def comparison_before(sentence: TokenisedSentence, figure: int) -> str:
    """Return the comparison that ends with a figure, as printed: 高于全省平均2.3个百分点, 比全省低1.2个百分点."""
    start = figure
    for position in range(figure - 1, -1, -1):
        token = sentence.tokens[position]
        if token.kind in (TokenKind.MARK, TokenKind.FIGURE, TokenKind.NAME) or token.has("join"):
            break
        if token.has("comparison") or token.text in sentence.language.lexicon.words("period.base_before"):
            start = position
    return sentence.text[sentence.tokens[start].start : sentence.quantity(figure).outer_end]
