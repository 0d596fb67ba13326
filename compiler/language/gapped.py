"""Literal pieces with short gaps between them, found in a text in time that grows with its length alone.

A regular expression with lazy gaps says the same, and with five gaps over a list of like words it does not end: every
way to lay the gaps is tried. Here a piece that cannot be followed from a place is not tried from there again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

#: A gap spans at most so many characters, and no end of a clause that a semicolon or a full stop marks.
LONGEST_GAP = 15
_STOP = re.compile("[。！？；]")

_Dead = set[tuple[int, int]]


class Found(NamedTuple):
    """Where pieces were found: the span of all of them, the starts of each, and the spans of the gaps."""

    start: int
    end: int
    starts: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...]


def find(pieces: Sequence[str], text: str, at: int = 0) -> Found | None:
    """Return the first place from ``at`` on where ``pieces`` stand in order, each gap as short as can be."""
    dead: _Dead = set()
    first = pieces[0]
    start = text.find(first, at)
    while start >= 0:
        starts = _follow(pieces, text, 1, start + len(first), dead)
        if starts is not None:
            starts = (start, *starts)
            ends = [begin + len(piece) for begin, piece in zip(starts, pieces, strict=True)]
            return Found(start, ends[-1], starts, tuple(zip(ends, starts[1:], strict=False)))
        start = text.find(first, start + 1)
    return None


def _follow(pieces: Sequence[str], text: str, index: int, at: int, dead: _Dead) -> tuple[int, ...] | None:
    """Return where the pieces from ``index`` on start behind ``at``, ``None`` where they do not follow."""
    if index == len(pieces):
        return ()
    if (index, at) in dead:
        return None
    piece = pieces[index]
    stop = _STOP.search(text, at, at + LONGEST_GAP)
    reach = min(stop.start() if stop else at + LONGEST_GAP, len(text)) + len(piece)
    start = text.find(piece, at, reach)
    while start >= 0:
        rest = _follow(pieces, text, index + 1, start + len(piece), dead)
        if rest is not None:
            return (start, *rest)
        start = text.find(piece, start + 1, reach)
    dead.add((index, at))
    return None
