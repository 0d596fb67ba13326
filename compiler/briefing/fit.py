"""How long a text gets on paper, and the limits that make it shorter.

Lengths follow the page of GB/T 9704: 22 lines of 28 characters. This is an estimate: what a program makes of a page
differs by a line or two, so that a few lines are kept free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Final

from compiler.briefing.composed import Caption, Chart, Composed, Item, Paragraph, Table

LINES: Final = 22
CHARACTERS: Final = 28
"""The page of GB/T 9704-2012."""

SPARE: Final = 17
"""Lines for the list of annexes, and what headings and tables, which stay with what follows, leave free at the foot of
five pages."""

_LINE_POINTS: Final = 28.95
_CELL_POINTS: Final = 15.0
_CELL_AROUND: Final = 3.5
_CELL_CHARACTERS: Final = 40.0
"""Characters of 10.5 points over the width of the page, less the margins of the cells."""

_LEAST: Final[Mapping[str, int]] = {
    "rows": 8,
    "work": 200,
    "heading": 30,
    "heading_least": 20,
    "sentence_length": 60,
    "deeds": 120,
    "projects": 1,
    "problems": 120,
    "point_length": 50,
}
"""What no shortening goes below: shorter, hardly a whole sentence would fit."""

STEPS: Final = 8
_SHARE: Final = 0.86
"""What each step leaves of the limits: after eight steps three tenths."""


def shorter(limits: Mapping[str, int]) -> dict[str, int]:
    """Return limits that give a shorter text. The length of a single sentence gives way last."""
    found = dict(limits)
    for key, least in _LEAST.items():
        share = (_SHARE + 1) / 2 if key in {"sentence_length", "point_length", "rows"} else _SHARE
        found[key] = min(limits[key], max(least, int(limits[key] * share)))
    return found


def lines(composed: Composed) -> float:
    """Return how many lines of the page the text takes, annexes aside."""
    return sum(_lines(item, composed) for item in _body(composed.items))


def _body(items: Iterable[Item]) -> Iterable[Item]:
    for item in items:
        if isinstance(item, Paragraph) and item.new_page:
            return
        yield item


def _lines(item: Item, composed: Composed) -> float:
    if isinstance(item, Paragraph):
        wide = width(composed.shown(item.text))
        if item.role == "title":
            return ceil(wide / 20) * 34 / _LINE_POINTS + 0.4
        if item.role == "source_line":
            return ceil(wide / CHARACTERS) + 1
        if item.role == "table_note":
            return ceil(wide / 42) * _CELL_POINTS / _LINE_POINTS + 0.3
        return ceil((wide + 2) / CHARACTERS)
    if isinstance(item, Caption):
        return 1
    if isinstance(item, Table):
        total = sum(item.widths)
        room = [max(2.0, _CELL_CHARACTERS * width / total - 0.8) for width in item.widths]
        rows = (item.heads, *item.rows)
        tall = [
            max(ceil(width(composed.shown(cell)) / one) or 1 for cell, one in zip(row, room, strict=True))
            for row in rows
        ]
        return sum(_CELL_POINTS * lines + _CELL_AROUND for lines in tall) / _LINE_POINTS
    return 12 if isinstance(item, Chart) else 0


def width(text: str) -> float:
    """Return the width of a text in Chinese characters; ASCII takes half."""
    return sum(0.5 if character < "\u0080" else 1.0 for character in text)
