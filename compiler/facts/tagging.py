"""The words of a Chinese clause with their parts of speech, by jieba."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from compiler.facts.jieba_dictionary import Dictionary, open_dictionary

QUOTED_PART = r"[“‘][^“”‘’、，]{1,16}[”’]"
QUOTED = re.compile(QUOTED_PART)
HELD = "\ue000"
"""Stands for what is one word while a text is tagged: 国家级专精特新“小巨人”企业 is one noun with a noun within."""

NOUN_TAGS = ("n", "vn", "eng", "j", "l", "b", "an", "i")
TAIL_TAGS = ("q", "k", "g", "ng", "zg", "vg", "ag", "h")
"""Single characters that jieba cuts off the end of a noun it does not know: 彩虹步|道."""

TaggedWords = Sequence[tuple[str, str]]


def is_noun(word: str, tag: str) -> bool:
    """Tell whether a tagged word can be the noun that a figure measures."""
    return tag.startswith(NOUN_TAGS) and not word.isdigit()


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return open_dictionary()


@lru_cache(maxsize=16_384)
def tagged(text: str, terms: re.Pattern[str] = QUOTED) -> TaggedWords:
    """Return the words of a clause with their tags; what ``terms`` finds (quoted parts, marks and all) is a noun each.

    Reports say the same things, so that many clauses come again.
    """
    if not text:
        return []
    held = iter(terms.findall(text))
    words: list[tuple[str, str]] = []
    for word, tag in _dictionary().cut(terms.sub(HELD, text)):
        for piece in re.split(f"({HELD})", word):
            if piece:
                words.append((next(held), "n") if piece == HELD else (piece, tag))
    return words
