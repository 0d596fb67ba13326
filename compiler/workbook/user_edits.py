"""What people did to a workbook outside the columns to be filled in: comments, colours, edits, sheets of their own.

The workbook as somebody left it is compared with a copy of it as the program wrote it. Rows are matched by what they
are about, so that sorting and inserting do no harm. Comments and colours go to the same cells of the new workbook;
edits of what the program writes are kept beside (未对上的填写) and told in a comment; own sheets are copied.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from compiler.workbook.user_entries import ENTRY, EXTRA, MARK, OWN, cell_value
from compiler.workbook.xlsx import LETTERS, Book, Formula, Style, Value, at

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEAD: Final = 8
"""Rows among which the titles of a table stand."""

_NAMED_BY: Final = (
    ("编号",),
    ("地区", "报告年度", "指标名称"),
    ("指标名称",),
    ("代码",),
)


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell by what it is about: the sheet, the row (its id, or place, year and indicator), the title of its column.

    Where a sheet has no such rows, ``row`` and ``column`` are those of the cell.
    """

    sheet: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class CellMark:
    """What somebody put on a cell."""

    comment: str = ""
    author: str = ""
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell of the program's that somebody wrote into."""

    place: CellPlace
    cell: str
    old: str
    new: str | int | Decimal | date | bool


@dataclass
class Work:
    """All that people did outside the columns to be filled in."""

    marks: dict[CellPlace, CellMark] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    path: Path | None = None
    compared: int = 0
    placed: set[CellPlace] = field(default_factory=set)

    def mark(self, sheet: str, row: str, column: str) -> CellMark | None:
        """Return the mark for a cell of the new workbook; from now on it counts as carried over."""
        place = CellPlace(sheet, row, column)
        found = self.marks.get(place)
        if found is not None:
            self.placed.add(place)
        return found

    def left(self) -> Iterator[tuple[CellPlace, CellMark]]:
        """Yield the marks whose cells are gone."""
        for place, mark in self.marks.items():
            if place not in self.placed:
                yield place, mark


@dataclass
class _Table:
    """One sheet as it was read: values and fills by place."""

    values: dict[CellPlace, Any] = field(default_factory=dict)
    fills: dict[CellPlace, str] = field(default_factory=dict)
    cells: dict[CellPlace, str] = field(default_factory=dict)
    by_cell: dict[str, CellPlace] = field(default_factory=dict)
    entries: set[CellPlace] = field(default_factory=set)


def find_work(standing: Path, written: Path | None, own: Container[str], palette: Container[str]) -> Work:
    """Return what people did to the workbook as it stands.

    ``written`` is a copy of it as the program wrote it; without one, edits of the program's cells and new sheets
    cannot be told. ``own`` are sheets that are known to be people's, ``palette`` the colours that the program gives.
    Raises whatever openpyxl raises on a file that it cannot read.
    """
    now = _tables(standing)
    before = _tables(written) if written is not None else {}
    work = Work(path=standing)
    comments = _comments(standing)
    formulas: Mapping[str, set[str]] | None = None
    for sheet, table in now.items():
        if sheet in own or (written is not None and sheet not in before):
            work.sheets.append(sheet)
            continue
        for place, fill in table.fills.items():
            if fill not in palette:
                work.marks[place] = CellMark(fill=fill)
        for cell, (text, author) in comments.get(sheet, {}).items():
            place = table.by_cell.get(cell, CellPlace(sheet, f"#{cell}", cell))
            work.marks[place] = CellMark(text, author, work.marks.get(place, CellMark()).fill)
        if written is None:
            continue
        old = before[sheet]
        for place, value in table.values.items():
            if place in table.entries or place.row.startswith(OWN):
                continue
            work.compared += 1
            former = old.values.get(place)
            if _same(value, former) or (former is None and place not in old.cells):
                continue
            if value is None:
                formulas = formulas if formulas is not None else _formulas(standing)
                if table.cells[place] in formulas.get(sheet, set()):
                    continue  # a program that saved without values
            held = cell_value(value)
            work.edits.append(Edit(place, table.cells[place], _told(former), "" if held is None else held))
    return work


def _tables(path: Path) -> dict[str, _Table]:
    from openpyxl import load_workbook

    workbook = load_workbook(path, read_only=True, data_only=True)
    found: dict[str, _Table] = {}
    try:
        for sheet in workbook.worksheets:
            if hasattr(sheet, "iter_rows"):
                reset = getattr(sheet, "reset_dimensions", None)
                if reset is not None:
                    reset()
                found[sheet.title] = _table(sheet)
    finally:
        workbook.close()
    return found


def _table(sheet: Any) -> _Table:
    table = _Table()
    rows = sheet.iter_rows()
    head = [list(row) for _, row in zip(range(_HEAD), rows, strict=False)]
    titles, keys, first = _titles(head)
    key_columns = naming_columns(titles)
    seen: dict[str, int] = {}

    def lines() -> Iterator[list[Any]]:
        yield from head
        for row in rows:
            yield list(row)

    for number, row in enumerate(lines(), 1):
        name = ""
        if key_columns and number >= first:
            name = row_name([row[n].value if n < len(row) else None for n in key_columns], seen)
        for column, cell in enumerate(row):
            title = titles[column] if name and column < len(titles) else ""
            address = at(number, column + 1)
            fill = _fill(cell)
            if cell.value is None and not fill and not (title and name):
                continue
            place = (
                CellPlace(sheet.title, name, title)
                if name and title
                else CellPlace(sheet.title, f"#{address}", address)
            )
            table.values[place] = cell.value
            table.cells[place] = address
            table.by_cell[address] = place
            if fill:
                table.fills[place] = fill
            key = keys[column] if number >= first and column < len(keys) else ""
            if key.startswith((ENTRY, EXTRA)) or (keys and not key and number >= first):
                table.entries.add(place)
    return table


def naming_columns(titles: Sequence[str]) -> list[int]:
    """Return the columns whose values tell what a row is about; none where a table has no such columns."""
    for names in _NAMED_BY:
        found = [titles.index(name) for name in names if name in titles]
        if len(found) == len(names):
            return found
    return []


def row_name(values: Sequence[Any], seen: dict[str, int]) -> str:
    """Return what a row is about from the values of its naming columns; a second one of that name is numbered."""
    parts = ["" if value is None else str(value) for value in values]
    if not values or not all(parts):
        return ""
    name = "|".join(parts)
    seen[name] = seen.get(name, 0) + 1
    return f"{name}#{seen[name]}" if seen[name] > 1 else name


def _titles(head: Sequence[Sequence[Any]]) -> tuple[list[str], list[str], int]:
    """Return the titles of a table, groups in front of their columns, its hidden keys, and its first row."""
    texts = [["" if cell.value is None else str(cell.value).strip() for cell in row] for row in head]
    keys: list[str] = []
    for index, row in enumerate(texts):
        if any(text.startswith(MARK) for text in row):
            keys = [text.partition("|")[2] if text.startswith(MARK) else text for text in row]
            texts[index] = []
    start = next((n for n, row in enumerate(texts) if sum(bool(text) for text in row) >= 4), -1)
    if start < 0:
        return [], keys, len(head) + 1
    top = texts[start]
    below = texts[start + 1] if start + 1 < len(texts) else []
    if any(below[n : n + 1] == [""] and text and n < len(below) for n, text in enumerate(top)) and any(below):
        group, titles = "", []
        for n in range(max(len(top), len(below))):
            upper = top[n] if n < len(top) else ""
            lower = below[n] if n < len(below) else ""
            group = upper if upper else group if lower else ""
            titles.append(f"{group}/{lower}" if lower else upper)
        if sum("/" in title for title in titles):
            return titles, keys, start + 3
    return list(top), keys, start + 2


def _fill(cell: Any) -> str:
    """Return the colour of a cell's ground, where it is a plain one."""
    if not getattr(cell, "has_style", False):
        return ""
    fill = cell.fill
    if fill is None or fill.patternType != "solid" or fill.fgColor is None or fill.fgColor.type != "rgb":
        return ""
    colour = str(fill.fgColor.rgb)[-6:].upper()
    return "" if colour == "FFFFFF" else colour


def _same(one: Any, other: Any) -> bool:
    if one == other or (one in (None, "") and other in (None, "")):
        return True
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(other)))
    if isinstance(one, str) and isinstance(other, str):
        return "".join(one.split()) == "".join(other.split())
    return False


def _told(value: Any) -> str:
    return "" if value is None else str(value)


def _formulas(path: Path) -> dict[str, set[str]]:
    """Return the cells of each sheet that hold formulas."""
    from openpyxl import load_workbook

    workbook = load_workbook(path, read_only=True)
    found: dict[str, set[str]] = {}
    try:
        for sheet in workbook.worksheets:
            reset = getattr(sheet, "reset_dimensions", None)
            if reset is not None:
                reset()
            cells = (cell for row in sheet.iter_rows() for cell in row)
            found[sheet.title] = {cell.coordinate for cell in cells if cell.data_type == "f"}
    finally:
        workbook.close()
    return found


def _comments(path: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Return text and author of the comments of each sheet by cell."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        for sheet, part in sheet_parts(package).items():
            for target in _related(package, part, "/comments"):
                if target in names:
                    found.setdefault(sheet, {}).update(_comments_of(package.read(target)))
    return found


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet of a workbook by its name."""
    relations = dict(_relations(package, "xl/workbook.xml"))
    root = ElementTree.fromstring(package.read("xl/workbook.xml"))
    return {
        str(sheet.get("name")): relations[str(sheet.get(f"{_LINK}id"))][1]
        for sheet in root.iter(f"{_MAIN}sheet")
        if sheet.get(f"{_LINK}id") in relations
    }


def _related(package: zipfile.ZipFile, part: str, kind: str) -> list[str]:
    return [target for _, (type_, target) in _relations(package, part) if type_.endswith(kind)]


def _relations(package: zipfile.ZipFile, part: str) -> list[tuple[str, tuple[str, str]]]:
    """Return id, type and target of what a part refers to."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    if path not in package.namelist():
        return []
    found = []
    for item in ElementTree.fromstring(package.read(path)):
        target = str(item.get("Target"))
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        found.append((str(item.get("Id")), (str(item.get("Type")), full)))
    return found


def _comments_of(content: bytes) -> dict[str, tuple[str, str]]:
    root = ElementTree.fromstring(content)
    authors = [author.text or "" for author in root.iter(f"{_MAIN}author")]
    found = {}
    for comment in root.iter(f"{_MAIN}comment"):
        text = "".join(piece.text or "" for piece in comment.iter(f"{_MAIN}t"))
        number = int(comment.get("authorId", "0"))
        found[str(comment.get("ref"))] = (text, authors[number] if number < len(authors) else "")
    return found


# --- sheets of their own -------------------------------------------------------------------------


def copy_sheets(book: Book, path: Path, names: Mapping[str, str]) -> dict[str, str]:
    """Copy sheets of the workbook at ``path`` with what stands in their cells and how it looks.

    ``names`` gives the new name of each. Returns for each what could not be copied (charts, pictures), if anything.
    """
    from openpyxl import load_workbook

    formulas: Any = load_workbook(path)
    values: Any = load_workbook(path, data_only=True)
    lost: dict[str, str] = {}
    for name, new in names.items():
        source, shown = formulas[name], values[name]
        data = book.sheet(new)
        for area in source.merged_cells.ranges:
            data.merge(area.min_row, area.min_col, area.max_row, area.max_col)
        for letter, look in source.column_dimensions.items():
            if look.width and letter in LETTERS:
                for number in range(look.min or LETTERS.index(letter), (look.max or LETTERS.index(letter)) + 1):
                    data.width(number, min(255.0, float(look.width)), hidden=bool(look.hidden))
        for number, row in enumerate(source.iter_rows(), 1):
            cells: list[tuple[int, Value, int]] = []
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                value: Value = cell_value(cell.value)
                if cell.data_type == "f":
                    held = cell_value(shown[cell.coordinate].value)
                    text = str(getattr(cell.value, "text", cell.value)).removeprefix("=")
                    plain = held if isinstance(held, (str, int, Decimal)) else None if held is None else str(held)
                    value = Formula(text, plain)
                cells.append((cell.column, value, book.styles.number(_style(cell))))
                if cell.comment is not None:
                    note(data, cell.row, cell.column, cell.comment.text, cell.comment.author or "")
            height = source.row_dimensions[number].height
            data.row(number, cells, height=float(height or 0), fixed=bool(height))
        count = len(source._images) + len(source._charts)
        if count:
            lost[new] = str(count)
    return lost


def note(data: Any, row: int, column: int, text: str, author: str) -> None:
    """Put a comment on a cell."""
    lines = max(2, len(text) // 14 + text.count("\n") + 1)
    options = {"author": author or "", "x_scale": 1.6, "height": min(400, 18 * lines)}
    data.worksheet.write_comment(row - 1, column - 1, text[:32_000], options)


def _style(cell: Any) -> Style:
    """Return the main features of a cell's look."""

    def colour(one: Any) -> str:
        return str(one.rgb)[-6:] if one is not None and one.type == "rgb" and isinstance(one.rgb, str) else ""

    font, alignment = cell.font, cell.alignment
    border = cell.border.left.style if cell.border is not None and cell.border.left is not None else None
    return Style(
        font.name or "",
        float(font.size or 10),
        bool(font.bold),
        bool(font.italic),
        colour(font.color),
        _fill(cell),
        "A6A6A6" if border else "",
        alignment.horizontal or "",
        alignment.vertical or "",
        bool(alignment.wrap_text),
        format=cell.number_format or "General",
        underline=bool(font.underline),
    )
