"""任务清单 goes out to the offices and comes back: one workbook for each 牵头单位, and the returned ones taken in.

What an office changed is told from what it was given (kept in a hidden column), so that two who work on different
cells do not get in each other's way. Where the list has changed as well, nothing is overwritten: a conflict is told.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from compiler.files import safe_file_name
from compiler.model import Issue
from compiler.strings import unique
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.package import save_book
from compiler.workbook.page_setup import set_print
from compiler.workbook.template import SheetSpec, WorkbookTemplate
from compiler.workbook.user_edits import sheet_parts
from compiler.workbook.user_entries import DEFAULTS, ENTRY, ID, MARK, cell_text, cell_value, keys_of, read_entries
from compiler.workbook.xlsx import LETTERS, Book, Formula, Value, at, serial

LEAD: Final = "entry:lead"
_TASKS: Final = "tasks"
_FIRST: Final = 5
"""First row of the tasks in a workbook for an office: title, note, hidden keys and header stand above."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the task list: its values and formulas by column key."""

    row: int
    values: Mapping[str, Any]
    formulas: Mapping[str, str]

    @property
    def id(self) -> str:
        """Return the hidden id of the row."""
        return cell_text(self.values.get(ID))


@dataclass
class TaskList:
    """The task list of a workbook as it stands."""

    sheet: str = ""
    keys: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    last: int = 0

    def column(self, key: str) -> int:
        """Return the number of a column, 0 where the list lacks it."""
        return self.keys.index(key) + 1 if key in self.keys else 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that an office and somebody else changed to different things."""

    file: str
    task: str
    column: str
    base: str
    ours: str
    theirs: str


def read_tasks(path: Path) -> TaskList:
    """Read the task list of a workbook. Raises whatever openpyxl raises on a file that it cannot read."""
    from openpyxl import load_workbook

    values: Any = load_workbook(path, read_only=True, data_only=True)
    formulas: Any = load_workbook(path, read_only=True)
    try:
        for sheet in values.worksheets:
            for one in (sheet, formulas[sheet.title]):
                one.reset_dimensions()
            rows = [list(row) for row in sheet.iter_rows(min_row=1, max_row=12)]
            found = keys_of(rows, {})
            if found is None or found[0] != _TASKS:
                continue
            _, keys, names, header = found
            result = TaskList(sheet.title, keys, names, last=header)
            live = formulas[sheet.title].iter_rows(min_row=header + 1)
            for row, own in zip(sheet.iter_rows(min_row=header + 1), live, strict=False):
                held = {key: cell.value for key, cell in zip(keys, row, strict=False) if key}
                texts = {
                    key: str(cell.value)
                    for key, cell in zip(keys, own, strict=False)
                    if key and getattr(cell, "data_type", "") == "f"
                }
                if any(value not in (None, "") for value in held.values()):
                    number = next(cell.row for cell in row if hasattr(cell, "row") and cell.row)
                    result.lines.append(Line(number, held, texts))
                    result.last = number
            return result
    finally:
        values.close()
        formulas.close()
    return TaskList()


# --- out -----------------------------------------------------------------------------------------


def split_tasks(workbook: Path, into: Path, template: WorkbookTemplate) -> tuple[list[Path], list[Issue]]:
    """Write a workbook for each office that leads tasks, into the folder ``into``; tasks without one are counted."""
    tasks = read_tasks(workbook)
    spec = template.sheet(_TASKS)
    if not tasks.lines or spec is None or LEAD not in tasks.keys:
        return [], [Issue("O140", {"path": workbook.name})]
    groups: dict[str, list[Line]] = {}
    for line in tasks.lines:
        groups.setdefault(cell_text(line.values.get(LEAD)), []).append(line)
    alone = groups.pop("", [])
    issues = [Issue("O141", {"count": str(len(alone))})] if alone else []
    written: list[Path] = []
    taken: set[str] = set()
    into.mkdir(parents=True, exist_ok=True)
    for office, lines in groups.items():
        stem = unique(safe_file_name(office, otherwise="_"), taken, lambda name, number: f"{name}（{number}）")
        path = into / f"{stem}.xlsx"
        _write_office(path, office, lines, tasks, spec, template)
        written.append(path)
    return written, issues


def _write_office(
    path: Path, office: str, lines: Sequence[Line], tasks: TaskList, spec: SheetSpec, template: WorkbookTemplate
) -> None:
    from openpyxl.formula.translate import Translator

    book = Book()
    looks = CellLooks(book, template)
    data = book.sheet(tasks.sheet)
    columns = {(f"{ENTRY}{c.entry}" if c.entry else ID if c.key == "id" else f"key:{c.key}"): c for c in spec.columns}
    count = len(tasks.keys)
    title = template.word("office_title", title=spec.title, office=office)
    data.row(1, [(1, title, looks.title(centred=False))], height=looks.title_size * 1.8, fixed=True)
    data.row(2, [(1, template.word("office_note"), looks.note())], height=18, fixed=True)
    keys = [key if key != DEFAULTS else "" for key in tasks.keys] + [DEFAULTS]
    marked = [(n, f"{MARK}{_TASKS}/1|{key}" if n == 1 else key, looks.note()) for n, key in enumerate(keys, 1)]
    data.row(3, marked, hidden=True)
    data.row(4, [(n, name, looks.header()) for n, name in enumerate(tasks.names, 1)], height=27, fixed=True)
    for row, line in enumerate(lines, _FIRST):
        cells: list[tuple[int, Value, int]] = []
        given: dict[str, str] = {}
        longest = 1.0
        for n, key in enumerate(tasks.keys, 1):
            column = columns.get(key)
            value: Value = cell_value(line.values.get(key))
            entry = key.startswith(ENTRY)
            if entry and value is not None:
                given[key] = cell_text(value)
            if key in line.formulas:
                formula = Translator(line.formulas[key], at(line.row, n)).translate_formula(at(row, n))
                held = value if isinstance(value, (str, int, Decimal)) else None
                value = Formula(formula.removeprefix("="), held)
            format_ = "yyyy-mm-dd" if key == "entry:asof" else "0.0%" if key in ("key:rate", "key:pace") else ""
            look = "entry" if entry else "number" if isinstance(value, (int, Decimal)) or "%" in format_ else ""
            cells.append((n, value, looks.cell(look, column.align if column else "", format_)))
            if isinstance(value, str) and column is not None and not column.hidden:
                longest = max(longest, -(-len(value) * 2 // max(2, int(column.width) - 1)))
        cells.append((count + 1, json.dumps(given, ensure_ascii=False) if given else "", looks.note()))
        data.row(row, cells, height=min(409.0, 13.5 * longest + 4))
    widths: list[float] = []
    for n, key in enumerate(tasks.keys, 1):
        column = columns.get(key)
        hidden = bool(column and column.hidden) or key in ("", DEFAULTS)
        data.width(n, column.width if column else 14, hidden=hidden)
        widths.append(0 if hidden else column.width if column else 14)
    data.width(count + 1, 8, hidden=True)
    data.freeze(_FIRST, tasks.column("key:sentence") + 1)
    last = _FIRST + len(lines) - 1
    for n, key in enumerate(tasks.keys, 1):
        column = columns.get(key)
        if column is not None and column.choices:
            rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            data.worksheet.data_validation(_FIRST - 1, n - 1, last - 1, n - 1, rule)
    set_print(data, template, widths, last, (1, 4), repeated_columns=tasks.column("key:sentence"), size=looks.size)
    save_book(book, path, datetime(2000, 1, 1))


# --- back ----------------------------------------------------------------------------------------


def merge_tasks(files: Sequence[Path], workbook: Path) -> tuple[int, list[Conflict], list[Issue]]:
    """Take what the offices filled in into the workbook; return how many cells, the conflicts and other messages."""
    tasks = read_tasks(workbook)
    if not tasks.lines:
        return 0, [], [Issue("O140", {"path": workbook.name})]
    lines = {line.id: line for line in tasks.lines}
    changes: dict[str, Value] = {}
    applied: dict[tuple[str, str], str] = {}
    conflicts: list[Conflict] = []
    issues: list[Issue] = []
    last = tasks.last
    for path in files:
        try:
            entries = read_entries(path, {})
        except Exception as error:
            issues.append(Issue("O123", {"path": path.name, "why": type(error).__name__}))
            continue
        for name, cells in entries.rows.get(_TASKS, {}).items():
            line = lines.get(name)
            if line is None:
                issues.append(Issue("O142", {"path": path.name, "what": entries.what.get((_TASKS, name), name)}))
                continue
            for key, entry in cells.items():
                column = tasks.column(key)
                theirs, base = cell_text(entry.value), entries.bases.get((_TASKS, name, key), "")
                ours = applied.get((name, key), cell_text(line.values.get(key)))
                if not column or ours == theirs:
                    continue
                if ours != base:
                    what = cell_text(line.values.get("key:sentence"))
                    conflicts.append(Conflict(path.name, what, entry.title, base, ours, theirs))
                    continue
                applied[name, key] = theirs
                changes[at(line.row, column)] = entry.value
        for cells in entries.own.get(_TASKS, {}).values():
            last += 1
            for key, entry in cells.items():
                if tasks.column(key):
                    changes[at(last, tasks.column(key))] = entry.value
    if changes:
        set_cells(workbook, tasks.sheet, changes)
    return len(changes), conflicts, issues


def set_cells(path: Path, sheet: str, changes: Mapping[str, Value]) -> None:
    """Write values into cells of a workbook and leave all else in the file as it is."""
    from lxml import etree

    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with zipfile.ZipFile(path) as old:
        part = sheet_parts(old)[sheet]
        root = etree.fromstring(old.read(part))
        data = root.find(f"{{{name}}}sheetData")
        rows = {int(row.get("r")): row for row in data}
        for address, value in sorted(changes.items(), key=lambda pair: _position(pair[0])):
            number, column = _position(address)
            row = rows.get(number)
            if row is None:
                row = etree.Element(f"{{{name}}}row", r=str(number))
                later = [other for at_row, other in rows.items() if at_row > number]
                data.append(row) if not later else min(later, key=lambda one: int(one.get("r"))).addprevious(row)
                rows[number] = row
            cell = next((one for one in row if one.get("r") == address), None)
            if cell is None:
                cell = etree.Element(f"{{{name}}}c", r=address)
                after = next((one for one in row if _position(one.get("r"))[1] > column), None)
                row.append(cell) if after is None else after.addprevious(cell)
            for child in list(cell):
                cell.remove(child)
            cell.attrib.pop("t", None)
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                etree.SubElement(cell, f"{{{name}}}v").text = f"{value}"
            elif isinstance(value, date):
                etree.SubElement(cell, f"{{{name}}}v").text = serial(value)
            elif value not in (None, ""):
                cell.set("t", "inlineStr")
                etree.SubElement(etree.SubElement(cell, f"{{{name}}}is"), f"{{{name}}}t").text = str(value)
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                new.writestr(entry, content if entry.filename == part else old.read(entry.filename))
    temporary.replace(path)


def _position(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), LETTERS.index(letters)
