"""Rows of tables that stand in a plain text: cells set apart by wide blanks.

What a cell means is told by its column, and no sentence tells it; such a row must not be read as one. Rows below a
header with as many cells are a table (:func:`wide_tables`), which can be read by row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compiler.model import SourceTable
from compiler.strings import any_of

CELL = "│"
"""Stands in the normalised text between two cells of a row."""

_GAP = re.compile(r"[ \t\u3000]*(?:\t|\u3000|  )[ \t\u3000]*")
# It begins where blanks begin: a look at each of a thousand blanks would go over all that follow. (The blank itself
# comes before the look behind it, so that whatever else stands in a text is passed over.)
_FIGURE_CELL = re.compile(
    r"[ \t\u3000](?<![ \t\u3000].)(?:(?<=[\t\u3000])|[ \t\u3000])[ \t\u3000]*[-+−－﹣]?[0-9０-９]"
)
_CANDIDATE = re.compile(r"(?m)^[^\n]*\S(?:\t|\u3000|  )[ \t\u3000]*[-+−－﹣]?[0-9０-９][^\n]*$")
_FIGURE = re.compile(r"[-+−－﹣]?[0-9０-９][0-9０-９.,，．]*[^0-9０-９。；;，（(]{0,6}(?:[（(].*)?")
_HAN = re.compile("[\u4e00-\u9fff]")
_BLANKS = " \t\u3000\r"
_STOPS = frozenset("。；;！？")
_DIGIT = re.compile("[0-9０-９]")
_LONGEST_CELL = 16
_FEWEST_CELLS, _FEWEST_FIGURES = 3, 2
"""A row has a name and at least two more cells; two cells at least are figures and nothing else."""


def _cells(line: str) -> list[str]:
    return _GAP.split(line.strip(_BLANKS)) if _STOPS.isdisjoint(line) else []


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


# --- tables ------------------------------------------------------------------------------------

_BARS = "|｜"
_APART = re.compile(rf"[ \t\u3000]*[{_BARS}][ \t\u3000]*|{_GAP.pattern}")
"""Between two cells of a table stand wide blanks or a bar."""


def wide_tables(text: str, heads: re.Pattern[str]) -> tuple[SourceTable, ...]:
    """Return the tables of a text: a header in which ``heads`` finds a cell, and rows below with as many cells.

    A row has a digit in one short cell at least behind its first; blank lines between rows are passed over. A header
    may stand in brackets, behind words that lead to it: （从左到右为：指标 | 总量 | 比上年增长）.
    """
    tables: list[SourceTable] = []
    for match in heads.finditer(text):
        if (tables and match.start() < tables[-1].end) or not _begins_cell(text, match.start()):
            continue
        start, end = text.rfind("\n", 0, match.start() + 1) + 1, _line_end(text, match.end())
        header = _header(text, start, end)
        if len(header) < _FEWEST_CELLS:
            continue
        rows = tuple(_rows_below(text, end + 1, len(header)))
        if rows:
            tables.append(SourceTable(header[0][0], rows[-1][-1][1], (header, *rows)))
    return tuple(tables)


def heads_of(names: Sequence[str]) -> re.Pattern[str]:
    """Return what finds the end of a header's cell that is one of ``names``, a remark in brackets aside."""
    return re.compile(
        rf"(?:{any_of(tuple(names))})(?:[（(][^（）()\n]{{1,12}}[)）])?(?:\t|\u3000|  |[ \t\u3000]*[{_BARS}])"
    )


def _begins_cell(text: str, start: int) -> bool:
    """Tell whether a cell can begin there: with a line, or behind wide blanks, a bar, a colon or a bracket."""
    before = text[max(0, start - 8) : start]
    bare = before.rstrip(" \t\u3000")
    blanks = before[len(bare) :]
    wide = len(blanks) > 1 or blanks in ("\t", "\u3000")
    return not bare or wide or bare[-1] in f"\n：（({_BARS}"


def _header(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the spans of the cells of a header, without the brackets around it and the words that lead to it."""
    cells = list(_spans(text, start, end))
    first, last = text[slice(*cells[0])], text[slice(*cells[-1])]
    if first.count("（") > first.count("）") and last.endswith("）"):
        cells[-1] = cells[-1][0], cells[-1][1] - 1
        cells[0] = cells[0][0] + max(first.rfind("："), first.find("（")) + 1, cells[0][1]
    return tuple(cells)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _rows_below(text: str, start: int, width: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the spans of the cells of each row of a table from ``start`` on."""
    while start < len(text):
        end = _line_end(text, start)
        cells = tuple(_spans(text, start, end)) if _STOPS.isdisjoint(text[start:end]) else ()
        shown = [text[slice(*cell)] for cell in cells[1:]]
        if len(cells) == width and any(len(cell) <= _LONGEST_CELL and _DIGIT.search(cell) for cell in shown):
            yield cells
        elif text[start:end].strip():
            return
        start = end + 1


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the cells of a line."""
    line = text[start:end]
    start += len(line) - len(line.lstrip(_BLANKS + _BARS))
    end -= len(line) - len(line.rstrip(_BLANKS + _BARS))
    for gap in _APART.finditer(text, start, end):
        yield start, gap.start()
        start = gap.end()
    yield start, end
