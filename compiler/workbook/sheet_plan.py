"""A sheet before it is written: its name, its columns and rows, and where its table stands.

Which kinds of sheets there are, and how one is added: :mod:`sheet_kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from compiler.model import Issue
from compiler.workbook.column_values import twin_key
from compiler.workbook.rows import TWINS
from compiler.workbook.template import SheetColumn, SheetSpec
from compiler.workbook.user_entries import FilledCell
from compiler.workbook.xlsx import LETTERS

FILLED: Final = ("tasks", "checks")
"""Kinds of sheets that people fill in."""


@dataclass(frozen=True, slots=True)
class Section:
    """A line within a table that begins its next part (main indicators, then all others)."""

    title: str


@dataclass
class SheetPlan:
    """A sheet to be written: its name, its rows, and where its table stands."""

    spec: SheetSpec
    kind: str
    name: str
    rows: Sequence[Any] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    columns: tuple[SheetColumn, ...] = ()
    part: int = 1
    place_key: str = ""
    report_year: int = 0
    entries: Mapping[str, Mapping[str, FilledCell]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    issues: list[Issue] = field(default_factory=list)
    common: tuple[str, ...] = ()
    _written: int = 0

    @property
    def count(self) -> int:
        """Return how many rows it has, or had before it was written."""
        return len(self.rows) or self._written

    def release(self) -> None:
        """Hold the rows no longer, now that they are written."""
        self._written, self.rows = self.count, ()

    @property
    def depth(self) -> int:
        """Return how many rows the header takes."""
        return 2 if any(column.group for column in self.columns) else 1

    @property
    def bare(self) -> bool:
        """Tell whether the header is the first row: an Excel table that other programs read."""
        return bool(self.spec.table)

    @property
    def header(self) -> int:
        """Return the first row of the header."""
        return 1 if self.bare else 4 if self.kind in FILLED else 3

    @property
    def first(self) -> int:
        """Return the first row of data."""
        return self.header + self.depth

    def layouts(self) -> list[tuple[int, int]]:
        """Return first and last column of each group, where a sheet is printed in parts; the columns before repeat."""
        if self.kind != "tasks":
            return []
        found: dict[str, tuple[int, int]] = {}
        for n, column in enumerate(self.columns, 1):
            if column.group:
                found[column.group] = (found.get(column.group, (n, n))[0], n)
        return list(found.values())

    @property
    def last(self) -> int:
        """Return the last row of data; the header's where there is none."""
        return self.first + self.count - 1

    def letters(self) -> dict[str, str]:
        """Return the column letters of all keys, hidden twins included."""
        found = {column.key or column.name: LETTERS[n] for n, column in enumerate(self.columns, 1)}
        if self.kind in ("results", "print"):
            start = len(self.columns)
            for n, (slot, end) in enumerate(TWINS, start + 1):
                found[twin_key(slot, end)] = LETTERS[n]
        return found

    @property
    def width(self) -> int:
        """Return the number of columns, without what stands hidden behind them."""
        return len(self.columns)


def range_name(wanted: str) -> str:
    """Return a name for a table or an area that spreadsheets accept."""
    name = "".join(character for character in wanted if character.isalnum() or character == "_")
    # What looks like a cell (A1, R1C1) is none of the names that are allowed.
    return f"_{name}" if not name or name[0].isdecimal() or name.isascii() else name


def split_rows(rows: Sequence[Any], limit: int, lines: Callable[[Any], int] | None = None) -> Iterable[Sequence[Any]]:
    """Yield the rows in pieces that a sheet can carry; one empty piece where there are none.

    ``lines`` tells how many lines of the sheet one of ``rows`` takes at most, where it is a whole block of them.
    """
    start = taken = 0
    for number, row in enumerate(rows):
        size = lines(row) if lines is not None else 1
        if number > start and taken + size > limit:
            yield rows[start:number]
            start, taken = number, 0
        taken += size
    yield rows[start:]
