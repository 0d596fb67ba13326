"""Rows of tables that stand in a plain text: cells set apart by wide blanks.

What a cell means is told by its column, and no sentence tells it; such a row must not be read as one.
"""

from __future__ import annotations

import re

CELL = "│"
"""Stands in the normalised text between two cells of a row."""

_GAP = re.compile(r"[ \t\u3000]*(?:\t|\u3000|  )[ \t\u3000]*")
# It begins where blanks begin: a look at each of a thousand blanks would go over all that follow.
_FIGURE_CELL = re.compile(r"(?<![ \t\u3000])(?: ?[\t\u3000]|  )[ \t\u3000]*[-+−－﹣]?[0-9０-９]")
_CANDIDATE = re.compile(r"(?m)^[^\n]*\S(?:\t|\u3000|  )[ \t\u3000]*[-+−－﹣]?[0-9０-９][^\n]*$")
_FIGURE = re.compile(r"[-+−－﹣]?[0-9０-９][0-9０-９.,，．]*[^0-9０-９。；;，（(]{0,6}(?:[（(].*)?")
_HAN = re.compile("[\u4e00-\u9fff]")
_STOPS = frozenset("。；;！？")
_FEWEST_CELLS, _FEWEST_FIGURES = 3, 2
"""A row has a name and at least two more cells; two cells at least are figures and nothing else."""


def _cells(line: str) -> list[str]:
    return _GAP.split(line.strip(" \t\u3000\r")) if _STOPS.isdisjoint(line) else []


def _is_row(line: str) -> bool:
    cells = _cells(line)
    if len(cells) < _FEWEST_CELLS or not _HAN.search(line):
        return False
    return sum(_FIGURE.fullmatch(cell) is not None for cell in cells[1:]) >= _FEWEST_FIGURES


def with_cells(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with :data:`CELL` in the gaps of rows and of the header above them, and the rows as printed.

    One blank becomes one mark, so offsets stay.
    """
    if _FIGURE_CELL.search(text) is None:
        return text, ()
    rows = [match.span() for match in _CANDIDATE.finditer(text) if _is_row(match.group())]
    if not rows:
        return text, ()
    pieces: list[str] = []
    at = 0
    for start, end in rows:
        above = text.rfind("\n", 0, max(start - 1, 0)) + 1
        headed = above >= at and start > 0 and len(_cells(text[above : start - 1])) >= _FEWEST_CELLS
        first = above if headed else start
        pieces += [text[at:first], _GAP.sub(_marked, text[first:end])]
        at = end
    return "".join([*pieces, text[at:]]), tuple(text[start:end].strip() for start, end in rows)


def _marked(gap: re.Match[str]) -> str:
    line = gap.string
    inside = gap.start() > 0 and gap.end() < len(line) and "\n" not in (line[gap.start() - 1], line[gap.end()])
    return CELL + gap[0][1:] if inside else gap[0]
