"""The rules as a sheet of a workbook: written for people to edit, and read as it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from compiler.authoring.rule_cells import BY_KEY, COLUMNS, IN_YAML, NO, YES
from compiler.authoring.rule_files import RuleTable
from compiler.model import Issue

SHEET: Final = "指标"
KEPT_SHEET: Final = "导出时的样子"
ABOUT_SHEET: Final = "说明"


def write_sheet(path: Path, table: RuleTable) -> None:
    """Write the table as a workbook, with a hidden copy that tells later what was changed in it."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    about = book.create_sheet(ABOUT_SHEET)
    kept = book.create_sheet(KEPT_SHEET)
    kept.sheet_state = "hidden"
    bold, fill = Font(bold=True), PatternFill("solid", fgColor="DCE6F1")
    top, middle = Alignment(vertical="top", wrap_text=True), Alignment(horizontal="center", vertical="center")
    for page in (sheet, kept):
        _append(page, 1, [column.heading for column in COLUMNS])
        for number, row in enumerate(table.rows.values(), 2):
            _append(page, number, [row.cells[column.key] for column in COLUMNS])
    for number, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        cell = sheet.cell(1, number)
        cell.font, cell.fill, cell.alignment = bold, fill, middle
        cell.comment = Comment(column.about, "report-compiler", width=360, height=160)
        sheet.column_dimensions[letter].width = column.width
        if column.choices:
            listed = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            sheet.add_data_validation(listed)
            listed.add(f"{letter}2:{letter}{len(table.rows) + 200}")
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = top
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = sheet.dimensions
    for number, line in enumerate(_about_lines(), 1):
        _append(about, number, line)
    for letter, width in (("A", 24), ("B", 90)):
        about.column_dimensions[letter].width = width
    for cells in about.iter_rows():
        for cell in cells:
            cell.alignment = top
    book.save(path)


def _about_lines() -> Iterator[tuple[str, str]]:
    yield (
        "这张表",
        "一行一条指标规则。改好存盘，运行 report-compiler rules import，改过的格子和新加的行写回 YAML 文件。",
    )
    yield "加一条规则", "在最下面加一行，写好文件、编号、名称、单位，至少一句该命中的例句、一句不该命中的例句。"
    yield "删一条规则", "表里删去的行不会从规则里删；要删就在 YAML 里删。"
    yield "空格子", "不写这一项，照默认的来。"
    yield IN_YAML, "这一格的内容放不进表格，请在 YAML 里改；这几个字不要动。"
    for column in COLUMNS:
        yield column.heading, column.about


def _append(sheet: Any, number: int, values: Sequence[str]) -> None:
    for column, value in enumerate(values, 1):
        if value:
            cell = sheet.cell(number, column)
            cell.value = value
            cell.data_type = "s"  # a text that begins with = is no formula


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row of a workbook: its number and its cells by column key."""

    number: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class GivenSheet:
    """The table as read from a workbook; ``letters`` tell where each column stands."""

    name: str
    letters: dict[str, str]
    rows: list[GivenRow]
    kept: dict[str, Mapping[str, str]] | None

    def cell(self, row: int, key: str) -> str:
        """Name a cell as people find it."""
        column = BY_KEY.get(key)
        title = f"，{column.title}" if column else ""
        return f"工作表“{self.name}” {self.letters.get(key, '')}{row}（第 {row} 行{title}）"


def read_sheet(path: Path) -> tuple[GivenSheet | None, tuple[Issue, ...]]:
    """Read the table from a workbook."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        why = "没有权限，或正被别的程序打开" if isinstance(error, PermissionError) else "不是 .xlsx 表格，或文件坏了"
        return None, (Issue("X101", {"path": str(path), "why": why}),)
    if SHEET not in book.sheetnames:
        return None, (Issue("X102", {"sheet": SHEET}),)
    page: Any = book[SHEET]
    issues: list[Issue] = []
    columns: dict[int, str] = {}
    sheet = GivenSheet(SHEET, {}, [], None)
    for cell in page[1]:
        title = _cell_text(cell)
        key = title.split()[-1] if title else ""
        if not title:
            continue
        place = f"工作表“{SHEET}” {cell.coordinate}"
        if key not in BY_KEY:
            issues.append(Issue("X103", {"cell": place, "title": title}))
        elif key in sheet.letters:
            issues.append(Issue("X104", {"cell": place, "title": title}))
        else:
            columns[cell.column] = key
            sheet.letters[key] = cell.column_letter
    if "id" not in sheet.letters and not issues:
        issues.append(Issue("X120", {"sheet": SHEET}))
    for merged in page.merged_cells.ranges:
        issues.append(Issue("X121", {"cell": f"工作表“{SHEET}” {merged.coord}"}))
    if issues:
        return None, tuple(issues)
    for cells in page.iter_rows(min_row=2):
        found: dict[str, str] = {}
        for cell in cells:
            content = columns.get(cell.column)
            if content is None:
                continue
            if cell.data_type == "f":
                issues.append(Issue("X108", {"cell": sheet.cell(cell.row, content)}))
            found[content] = _cell_text(cell)
        if any(found.values()):
            sheet.rows.append(GivenRow(cells[0].row, found))
    if KEPT_SHEET in book.sheetnames:
        sheet.kept = _kept(book[KEPT_SHEET])
    return (None if issues else sheet), tuple(issues)


def _kept(page: Any) -> dict[str, Mapping[str, str]]:
    rows = list(page.iter_rows())
    keys = [(_cell_text(cell).split() or [""])[-1] for cell in rows[0]] if rows else []
    found = [{key: _cell_text(cell) for key, cell in zip(keys, row, strict=False)} for row in rows[1:]]
    return {row["id"]: row for row in found if row.get("id")}


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    lines = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").split("\n")
    text = "\n".join(line.strip() for line in lines).strip()
    # A single item that holds both marks ends with a line break; Excel keeps it, so must we.
    return text + "\n" if len(lines) > 1 and not lines[-1].strip() and "\n" not in text else text
