"""What some reports write into all sheets that are tables of rows, so that each report is read once and then let go.

The reports of a place stand together in a piece. Where its rows stand in each sheet is known from the plan; in a sheet
that is sorted otherwise (未覆盖数字, 明细) they lie among those of other pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple

from compiler.facts.gists import let_go
from compiler.ledger.rows import place_key
from compiler.model import CompiledReport, Issue
from compiler.strings import hash_of
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.rows import SLOTS, BookContext
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.table_sheet import write_rows
from compiler.workbook.xlsx import MAX_LINKS, Book

PIECED: Final = ("results", "spans", "tasks", "evidence", "uncovered", "passages", "detail")
"""Kinds of sheets whose rows belong to reports, or to places."""

_PLACES: Final = 8
"""So many places stand in a piece on an average."""

_MOST: Final = 40
"""So many reports stand in a piece at most, where they are not of one place."""


class PieceRows(NamedTuple):
    """The rows of a piece in one sheet, with their numbers, and how many links they may have at most."""

    plan: SheetPlan
    numbers: Sequence[int]
    rows: Sequence[Any]
    most_links: int


@dataclass
class Piece:
    """What some reports write; ``parts`` in the order of the sheets."""

    reports: tuple[CompiledReport, ...]
    parts: list[PieceRows] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how much there is to write, about."""
        return sum(len(part.rows) * max(1, len(part.plan.columns)) for part in self.parts)

    def write(self, book: Book, context: BookContext) -> list[Issue]:
        """Write the rows; return what there is to tell."""
        looks, told = CellLooks(book, context.template), list[Issue]()
        for plan, numbers, rows, most_links in self.parts:
            told.extend(write_rows(book, looks, plan, context, numbers, rows, most_links))
        for report in self.reports:
            let_go(report)
        return told


def is_pieced(plan: SheetPlan) -> bool:
    """Tell whether the rows of a sheet are written in pieces; equal cells may be merged over any rows."""
    return plan.kind in PIECED and bool(plan.rows) and not any(column.merge for column in plan.columns)


def pieces_of(plans: Sequence[SheetPlan], context: BookContext) -> list[Piece]:
    """Return what writes the rows of the sheets that are written in pieces."""
    pieces = [*_divided(context.reports), Piece(())]  # the last one: rows that people added
    by_report, by_place = dict[tuple[str, int], int](), dict[str, int]()
    for n, piece in enumerate(pieces):
        for report in piece.reports:
            by_report[report.source, report.number] = n
            by_place[place_key(report)] = n

    def owners(kind: str, rows: Sequence[Any]) -> Iterable[int]:
        """Return for each row of a sheet to which piece it belongs."""
        if kind == "results":
            return (by_place[row.line.place_key] for row in rows)
        if kind == "tasks":
            return (by_report[row.report.source, row.report.number] if row.report else -1 for row in rows)
        if kind in ("evidence", "detail"):
            return (by_report[fact.source, fact.report] for fact in rows)
        if kind == "spans":
            return (by_report[row.fact.source, row.fact.report] for row in rows)
        return (by_report[row.report.source, row.report.number] for row in rows)

    for plan in filter(is_pieced, plans):
        found: list[tuple[list[int], list[Any]]] = [([], []) for _ in pieces]
        for number, row, n in zip(count(plan.first), plan.rows, owners(plan.kind, plan.rows), strict=False):
            numbers, rows = found[n]
            numbers.append(number)
            rows.append(row)
        left, columns = MAX_LINKS, Counter(column.key for column in plan.columns)
        few = sum(columns[key] for key in _LINKED) * plan.count <= MAX_LINKS
        for piece, (numbers, rows) in zip(pieces, found, strict=True):
            if rows:
                piece.parts.append(PieceRows(plan, _short(numbers), rows, MAX_LINKS if few else max(0, left)))
                left -= 0 if few else sum(_links(plan.kind, row, columns) for row in rows)
    return [piece for piece in pieces if piece.parts]


def _divided(reports: Sequence[CompiledReport]) -> Iterator[Piece]:
    """Yield the reports in pieces; where one ends is told by the names of its places, so that a report more or less
    changes the pieces about it alone."""
    places: dict[str, list[CompiledReport]] = {}
    for report in reports:
        places.setdefault(report.identity.place, []).append(report)
    together: list[CompiledReport] = []
    for place, own in places.items():
        if together and len(together) + len(own) > _MOST:
            yield Piece(tuple(together))
            together = []
        together += own
        if int(hash_of(place)[:8], 16) % _PLACES == 0:
            yield Piece(tuple(together))
            together = []
    if together:
        yield Piece(tuple(together))


def _short(numbers: list[int]) -> Sequence[int]:
    whole = range(numbers[0], numbers[-1] + 1)
    return whole if len(whole) == len(numbers) else numbers


_LINKED: Final = (*SLOTS, "basis", "target", "back", "figure", "id")
"""The values that may be links."""


def _links(kind: str, row: Any, columns: Mapping[str, int]) -> int:
    """Return how many links a row has at most; ``columns`` is how often a sheet shows a value."""
    if kind == "results":
        return columns["basis"] + sum(columns[slot] for slot in SLOTS if slot in row.slots)
    if kind == "tasks":
        return columns["target"] + columns["basis"] if row.facts else 0
    return columns["back"] + columns["figure"] + columns["basis"] + (columns["id"] if kind == "detail" else 0)
