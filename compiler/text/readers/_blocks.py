"""A text put together block by block, with the spans of its tables: what readers of structured files share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from compiler.model import SourceTable
from compiler.strings import squeeze

#: Cells of tables of data are names, units and figures. A table whose cells are mostly longer only lays text out.
_SHORT_CELL = 20
#: A remark may be longer; where more than one cell in so many is, sentences stand in the table.
_LONG_CELL, _FEW = 60, 10

_DIGIT = re.compile(r"\d")

#: What stands raised after a number is the mark of a note: 1, ①, [2], (3), *.
_NOTE_MARK = re.compile(r"[\[［(（〔]?(?:\d{1,3}|[①-⑳]|[*＊†‡]{1,3}|注\d{0,2})[\])］）〕]?")
_RAISED = {"2": "²", "3": "³"}


def raised(text: str, before: str) -> str:
    """Return what raised text reads as after ``before``: nothing for the mark of a note, ² and ³ after m and km."""
    bare = text.strip()
    if bare in _RAISED and before[-1:] in ("m", "M", "ｍ"):
        return _RAISED[bare]
    return "" if _NOTE_MARK.fullmatch(bare) else text


@dataclass(slots=True)
class Blocks:
    """Takes paragraphs and tables in order and tells the text with the spans of the tables of data in it."""

    pieces: list[str] = field(default_factory=list)
    tables: list[SourceTable] = field(default_factory=list)
    length: int = 0

    @classmethod
    def of(cls, text: str) -> Blocks:
        """Return blocks that hold one text."""
        blocks = cls()
        blocks.add(text)
        return blocks

    def add(self, text: str) -> None:
        """Add characters as they are."""
        self.pieces.append(text)
        self.length += len(text)

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self.add(text + "\n")

    def append(self, other: Blocks) -> None:
        """Add all of another text, its tables with it."""
        at = self.length
        self.paragraph(other.text())
        self.tables.extend(
            SourceTable(
                at + table.start,
                at + table.end,
                tuple(tuple((at + start, at + end) for start, end in row) for row in table.rows),
            )
            for table in other.tables
        )

    def table(self, rows: Sequence[Sequence[int]], cells: Sequence[Blocks]) -> None:
        """Add a table: ``rows`` holds in each place of the grid the index of its cell in ``cells``.

        A table of data comes a row a line, its cells parted by tabs; of any other each cell is a paragraph, or several
        with the tables that stand in it.
        """
        plain = [squeeze(cell.text()) for cell in cells]
        if not is_data(rows, plain):
            for cell in dict.fromkeys(index for row in rows for index in row):
                if plain[cell]:
                    self.append(cells[cell])
            return
        start = self.length
        spans: dict[int, tuple[int, int]] = {}
        for row in rows:
            for index in row:
                if index not in spans:
                    if self.pieces and not self.pieces[-1].endswith(("\n", "\t")):
                        self.add("\t")
                    spans[index] = (self.length, self.length + len(plain[index]))
                    self.add(plain[index])
            self.add("\n")
        self.tables.append(SourceTable(start, self.length, tuple(tuple(spans[index] for index in row) for row in rows)))

    def text(self) -> str:
        """Return all that was added."""
        return "".join(self.pieces).removesuffix("\n")


def is_data(rows: Sequence[Sequence[int]], cells: Sequence[str]) -> bool:
    """Tell whether a table holds data by row and column rather than laying sentences out."""
    filled = [cell for cell in cells if cell]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2 or not filled:
        return False
    if len({len(set(row)) for row in rows}) == 1 and len(set(rows[0])) == 1:
        return False
    sentences = sum(len(cell) > _LONG_CELL for cell in filled)
    return (
        median(map(len, filled)) <= _SHORT_CELL
        and sentences * _FEW <= len(filled)
        and any(_DIGIT.search(cell) for cell in filled)
    )
