"""Where names and phrases may stand in a report: found in one pass over all its sentences.

Every later step asks for the places in its own sentence; none goes through the text again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from compiler.language.vocabulary import FIGURE_MARK, CompiledPhrase, Language
from compiler.model import Quantity

Spans = Sequence[tuple[int, int]]
"""At every place of a sentence where a word begins, the span of the longest one; they may overlap."""


class Standing(NamedTuple):
    """The names of indicators that stand in one sentence, and the phrases all of whose pieces do, ``coded``.

    In the coded text of a sentence every figure is one mark (:data:`compiler.language.vocabulary.FIGURE_MARK`).
    """

    names: Spans = ()
    phrases: Sequence[CompiledPhrase] = ()
    coded: str = ""


_NONE = Standing()


def indexed(sentences: Sequence[tuple[str, Sequence[Quantity]]], language: Language) -> list[Standing]:
    """Return what stands in each of the sentences of a report, which are given with their figures."""
    texts = [text for text, _ in sentences]
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    found: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
    for kind, start, end in language.index.at_each_place("\n".join(texts)):  # no word has a line end in it
        at = bisect_right(starts, start) - 1
        held = found.get(at) or found.setdefault(at, ([], []))
        held[kind].append((start - starts[at], end - starts[at]))
    return [_standing(*sentences[at], *found[at], language) if at in found else _NONE for at in range(len(sentences))]


def _standing(text: str, quantities: Sequence[Quantity], names: Spans, anchors: Spans, language: Language) -> Standing:
    if not (quantities and anchors):
        return Standing(names)
    coded = _coded(text, quantities)
    return Standing(names, [*_phrases(coded, _beside(text, quantities, anchors, language), language)], coded)


def _coded(text: str, quantities: Sequence[Quantity]) -> str:
    """Return a text in which every figure is one mark."""
    pieces: list[str] = []
    position = 0
    for quantity in quantities:
        pieces += (text[position : quantity.outer_start], FIGURE_MARK)
        position = quantity.outer_end
    return "".join((*pieces, text[position:]))


def _beside(text: str, quantities: Sequence[Quantity], anchors: Spans, language: Language) -> Iterator[str]:
    """Yield the longest pieces of phrases that stand beside the figures of a sentence, not within one."""
    figures = iter(quantities)
    figure = next(figures, None)
    for start, end in anchors:
        while figure is not None and figure.outer_end <= start:
            figure = next(figures, None)
        if figure is not None and figure.outer_start < end:
            if figure.outer_start <= start:
                continue
            end = language.anchors.at(text[: figure.outer_start], start)
        if end:
            yield text[start:end]


def _phrases(coded: str, anchors: Iterable[str], language: Language) -> Iterator[CompiledPhrase]:
    """Yield the phrases with one of the anchors, all of whose pieces stand in a coded text."""
    tried: set[str] = set()
    for longest in anchors:
        # Only the longest anchor at a place is found; those that begin it stand there as well.
        for anchor in language.phrases.beginning(longest):
            if anchor in tried:
                continue
            tried.add(anchor)
            for phrase in language.phrases.of(anchor):
                if phrase.marked in coded and phrase.may_stand_in(coded):
                    yield phrase


def standing_in(sentence: str, quantities: Sequence[Quantity], language: Language) -> Standing:
    """Return what stands in a sentence by itself."""
    return indexed(((sentence, quantities),), language)[0]
