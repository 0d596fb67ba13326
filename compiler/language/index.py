"""Where names and phrases may stand in a report: found in one pass over all its sentences.

Every later step asks for the places in its own sentence; none goes through the text again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from compiler.language.vocabulary import Language

Spans = Sequence[tuple[int, int]]
"""At every place of a sentence where a word begins, the span of the longest one; they may overlap."""


class Standing(NamedTuple):
    """The names of indicators and the longest pieces of phrases that stand in one sentence."""

    names: Spans = ()
    anchors: Spans = ()


_NONE = Standing()


def indexed(sentences: Sequence[str], language: Language) -> list[Standing]:
    """Return what stands in each of the sentences of a report."""
    starts = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
    found: dict[int, tuple[list[tuple[int, int]], ...]] = {}
    for kind, start, end in language.index.at_each_place("\n".join(sentences)):  # no word has a line end in it
        at = bisect_right(starts, start) - 1
        held = found.get(at) or found.setdefault(at, ([], []))
        held[kind].append((start - starts[at], end - starts[at]))
    return [Standing(*found[at]) if at in found else _NONE for at in range(len(sentences))]


def holding(words: re.Pattern[str], sentences: Sequence[str]) -> frozenset[int]:
    """Return which of the sentences of a report hold one of ``words``, an expression that spans no line end."""
    starts = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
    return frozenset(bisect_right(starts, found.start()) - 1 for found in words.finditer("\n".join(sentences)))


def standing_in(sentence: str, language: Language) -> Standing:
    """Return what stands in a sentence by itself."""
    return indexed((sentence,), language)[0]
