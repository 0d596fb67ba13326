"""The notation of names and phrases: 〔甲|乙〕 one of these, 〔甲|〕 optional, 〔数〕 the figure, … a gap."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

FIGURE: Final = "〔数〕"
"""Stands for the figure in a phrase; it is kept by :func:`expand_pattern`."""

GAP: Final = "…"
"""Stands for a short gap in a phrase; it is kept by :func:`expand_pattern`."""

MOST_EXPANSIONS: Final = 3000
"""What one pattern may stand for."""

MOST_NAMES: Final = 300_000
"""What all patterns of a folder may stand for together; the shipped rules have 34,000."""

MOST_GAPS: Final = 8
"""Gaps of a phrase."""

MOST_GAPS_OF_A_WORD: Final = 2
"""Gaps of a word of the lexicon, which becomes part of a regular expression: each one multiplies the ways to try."""

_PIECE = re.compile(r"〔([^〔〕]*)〕")
_BAR = re.compile(r"[|｜]")


class PatternError(ValueError):
    """A pattern that cannot be expanded: ``reason`` is unbalanced (or nested), single or many."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@lru_cache(maxsize=65536)
def expand_pattern(pattern: str) -> tuple[str, ...]:
    """Return the literal texts that ``pattern`` stands for, in the order written and each once.

    Raises :class:`PatternError`; patterns of a loaded rule book have been checked and do not raise.
    """
    if "〔" not in pattern and "〕" not in pattern:
        return (pattern,)
    parts: list[tuple[str, ...]] = []
    position = 0
    for match in _PIECE.finditer(pattern):
        parts.append((_plain(pattern[position : match.start()]),))
        if match.group() == FIGURE:
            parts.append((FIGURE,))
        else:
            choices = tuple(_BAR.split(match.group(1)))
            if len(choices) == 1:
                raise PatternError("single", match.group())
            parts.append(choices)
        position = match.end()
    parts.append((_plain(pattern[position:]),))
    count = prod(len(part) for part in parts)
    if count > MOST_EXPANSIONS:
        raise PatternError("many", str(count))
    return tuple(dict.fromkeys("".join(choice) for choice in product(*parts)))


def _plain(text: str) -> str:
    """Return ``text``, which stands outside all brackets and so must hold none."""
    if "〔" in text or "〕" in text:
        raise PatternError("unbalanced", text)
    return text
