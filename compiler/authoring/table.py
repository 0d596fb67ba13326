"""The Excel door to the rules: indicators as a table, and what was changed in it written back into the YAML.

Writing back edits the text of the files at the places of the nodes, so that every line that was not changed
stays as it is, byte for byte: comments, order, the way of writing. What comes out is read again and held
against what was meant before anything is written.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from compiler.issues import advice, message, severity
from compiler.model import Issue, Location
from compiler.rules import keys as schema
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode, parse_document, to_plain
from compiler.rules.shapes import Flag, Key, ListOf, OneOf, Record

SHEET: Final = "指标"
KEPT_SHEET: Final = "导出时的样子"
ABOUT_SHEET: Final = "说明"
IN_YAML: Final = "（这一格在 YAML 里改）"
"""Stands in a cell whose content has no safe form in a table; it is left alone when it comes back."""

LONGEST_CELL: Final = 32_000
_BAR: Final = " | "
_YES, _NO, _NONE = "是", "否", "无"
_TODO, _YEAR = "待办：", "年"
_BOM = b"\xef\xbb\xbf"

Plain = Any
"""What a node holds: text, a list or a dictionary of the like."""


# --- columns -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: the key that it holds (``sane.level`` a part of one) and how it is shown."""

    key: str
    title: str
    about: str
    width: int
    choices: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What stands in the first row."""
        return f"{self.title} {self.key}"


_WIDTHS = {
    "id": 24, "name": 24, "unit": 12, "aliases": 40, "phrases": 36, "exclude": 44, "examples": 70,
    "note": 30, "owner": 18, "file": 26, "theme": 12, "measures": 18,
}  # fmt: skip
_KEYS: Final = {key.name: key for key in schema.INDICATOR.keys}


def _choices(key: Key) -> tuple[str, ...]:
    if isinstance(key.shape, OneOf):
        return tuple(title for _, title in key.shape.choices)
    return (_YES, _NO) if isinstance(key.shape, Flag) else ()


def _columns() -> Iterator[Column]:
    yield Column("file", "文件", "规则写在哪个文件；新规则写 indicators/ 里的一个文件。", _WIDTHS["file"])
    yield Column("theme", "主题", "那个文件的主题；只有放进新文件的规则要写。", _WIDTHS["theme"])
    for key in schema.INDICATOR.keys:
        if key.name == "sane":
            for word, title in schema.MEASURES.choices:
                about = f"{title}的合理范围，写成 最小..最大。"
                yield Column(f"sane.{word}", f"{key.title}：{title}", about, 16)
        else:
            form = _FORMS.get(key.name, "")
            yield Column(key.name, key.title, f"{key.about}{form}", _WIDTHS.get(key.name, 14), _choices(key))


_LISTS_FORM = "几项之间用“、”；某一项里本来有“、”，就改用“；”，再不行就一行一项。"
_FORMS: Final = {
    **dict.fromkeys(("aliases", "short", "objects", "verbs", "growth_names", "other_units"), _LISTS_FORM),
    "measures": "几项之间用“、”。",
    "phrases": "一行一条；要说明口径，就写成 句式 | change。",
    "exclude": "一行一条，写成 词、词 | 原因，要限定范围再加 | 同一句里。",
    "examples": "一行一句，写成 例句 | 回顾 | level = 31.5、growth = 4；一个也不该得到就写 例句 | 回顾 | 无。"
    "后面可以再写是哪一级、哪一年的报告： | 县级 | 2026年。",
}
COLUMNS: Final = tuple(_columns())
_BY_KEY: Final = {column.key: column for column in COLUMNS}


# --- values as cells ---------------------------------------------------------------------------


class CellError(ValueError):
    """A cell that cannot be read; the text is a hint in Chinese."""


def to_cell(key: str, value: Plain) -> str:
    """Return the value of a rule's key as a cell, :data:`IN_YAML` where no cell would come back as it."""
    try:
        text = _to_cell(key, value)
        good = len(text) <= LONGEST_CELL and (text == "" or from_cell(key, text) == value)
    except (CellError, TypeError, KeyError, AttributeError, ValueError):
        return IN_YAML
    return text if good else IN_YAML


def _to_cell(key: str, value: Plain) -> str:
    if value is None or value == []:
        return ""
    if key == "exclude":
        return "\n".join(_exclusion_text(item) for item in value)
    if key == "examples":
        return "\n".join(_example_text(item) for item in value)
    if key == "phrases":
        return "\n".join(
            item if isinstance(item, str) else f"{item['phrase']}{_BAR}{item['measure']}" for item in value
        )
    shape = _KEYS[key].shape if key in _KEYS else None
    if isinstance(shape, OneOf):
        return _titled(shape, value)
    if isinstance(shape, Flag):
        return {"true": _YES, "yes": _YES, "false": _NO, "no": _NO}[value]
    if isinstance(shape, ListOf):
        item = shape.item
        return _joined([_titled(item, word) if isinstance(item, OneOf) else word for word in value])
    return str(value)


def from_cell(key: str, text: str) -> Plain:
    """Return the value that a cell with content stands for."""
    if key == "exclude":
        return [_exclusion(line) for line in _lines(text)]
    if key == "examples":
        return [_example(line) for line in _lines(text)]
    if key == "phrases":
        return [_phrase(line) for line in _lines(text)]
    shape = _KEYS[key].shape if key in _KEYS else None
    if isinstance(shape, OneOf):
        return _word_of(shape, text)
    if isinstance(shape, Flag):
        words = {_YES: "true", "true": "true", "yes": "true", _NO: "false", "false": "false", "no": "false"}
        if text.lower() not in words:
            raise CellError(f"写“{_YES}”或“{_NO}”")
        return words[text.lower()]
    if isinstance(shape, ListOf):
        items = _parted(text)
        return [_word_of(shape.item, item) for item in items] if isinstance(shape.item, OneOf) else items
    if "\n" in text:
        raise CellError("只写一行")
    return text


def _titled(shape: OneOf, word: str) -> str:
    return dict(shape.choices)[word]


def _word_of(shape: OneOf, text: str) -> str:
    for word, title in shape.choices:
        if text in (word, title):
            return word
    raise CellError(f"可以写 {'、'.join(title for _, title in shape.choices)}")


def _joined(items: Sequence[str]) -> str:
    """Join the items of a list with the first mark that stands in none of them."""
    for mark in ("、", "；"):
        if not any(mark in item for item in items):
            # A single item that holds an earlier mark ends with this one, so that it is not parted by that.
            lone = len(items) == 1 and mark == "；"
            return mark.join(items) + (mark if lone else "")
    return "\n".join(items) + ("\n" if len(items) == 1 else "")


def _parted(text: str) -> list[str]:
    mark = "\n" if "\n" in text else "；" if "；" in text else "、"
    return [item.strip() for item in text.split(mark) if item.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _phrase(line: str) -> Plain:
    pattern, bar, measure = line.partition(_BAR)
    return {"phrase": pattern.strip(), "measure": _word_of(schema.MEASURES, measure.strip())} if bar else line


def _shape_of(record: str, key: str) -> OneOf:
    """Return the choices of a key of the records in a list (exclude, examples)."""
    holder = _KEYS[record].shape
    assert isinstance(holder, ListOf) and isinstance(holder.item, Record)
    found = holder.item.key(key)
    assert found is not None and isinstance(found.shape, OneOf)
    return found.shape


def _exclusion_text(item: Mapping[str, Plain]) -> str:
    parts = [_joined(item["words"]), item["because"]]
    if "where" in item:
        parts.append(_titled(_shape_of("exclude", "where"), item["where"]))
    return _BAR.join(parts)


def _exclusion(line: str) -> Plain:
    parts = [part.strip() for part in line.split(_BAR)]
    if len(parts) not in (2, 3) or not parts[0] or not parts[1]:
        raise CellError("每行写成 词、词 | 原因，竖线两边各空一格")
    item: dict[str, Plain] = {"words": _parted(parts[0]), "because": parts[1]}
    if len(parts) == 3:
        item["where"] = _word_of(_shape_of("exclude", "where"), parts[2])
    return item


def _example_text(item: Mapping[str, Plain]) -> str:
    under = _titled(_shape_of("examples", "under"), item["under"]) if "under" in item else ""
    parts = [item["text"], under, _joined(item["yields"]) if item["yields"] else _NONE]
    if "at" in item:
        parts.append(item["at"])
    if "year" in item:
        parts.append(f"{item['year']}{_YEAR}")
    if "todo" in item:
        parts.append(f"{_TODO}{item['todo']}")
    return _BAR.join(parts)


def _example(line: str) -> Plain:
    parts = [part.strip() for part in line.split(_BAR)]
    if len(parts) < 3 or not parts[0]:
        raise CellError("每行写成 例句 | 回顾 | level = 31.5，竖线两边各空一格；不该得到数就写 例句 | 回顾 | 无")
    item: dict[str, Plain] = {"text": parts[0]}
    if parts[1]:
        item["under"] = _word_of(_shape_of("examples", "under"), parts[1])
    item["yields"] = [] if parts[2] in (_NONE, "[]", "") else _parted(parts[2])
    levels = _shape_of("examples", "at").words()
    for part in parts[3:]:
        if part in levels:
            item["at"] = part
        elif part.endswith(_YEAR) and part.removesuffix(_YEAR).isdigit():
            item["year"] = part.removesuffix(_YEAR)
        else:
            item["todo"] = part.removeprefix(_TODO)
    return item


# --- the rules as a table ----------------------------------------------------------------------


@dataclass(slots=True)
class RuleFile:
    """A file of rules: its text with plain line ends, its nodes, and how its bytes were."""

    relative: str
    text: str
    document: Document
    bom: bool = False
    crlf: bool = False

    @property
    def root(self) -> MapNode:
        """The mapping that the file is."""
        assert isinstance(self.document.root, MapNode)
        return self.document.root

    @property
    def theme(self) -> str:
        """The theme of the file."""
        node = self.root.get("theme")
        return node.value.strip() if isinstance(node, TextNode) else ""

    def entries(self) -> list[MapNode]:
        """Return the nodes of the rules."""
        node = self.root.get("indicators")
        return [item for item in node.items if isinstance(item, MapNode)] if isinstance(node, ListNode) else []

    def data(self, text: str) -> bytes:
        """Return ``text`` as bytes of this file."""
        if self.crlf:
            text = text.replace("\n", "\r\n")
        return (_BOM if self.bom else b"") + text.encode("utf-8")


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as a row: the file it stands in, its node and its cells by column key."""

    file: RuleFile
    node: MapNode
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """All rules of a folder as rows, in the order of the files and in them."""

    folder: Path
    files: Mapping[str, RuleFile]
    rows: Mapping[str, Row]


def read_rules(folder: Path) -> tuple[Table | None, tuple[Issue, ...]]:
    """Read the indicator rules of ``folder`` as a table; None where a file cannot be read in full."""
    issues: list[Issue] = []
    files: dict[str, RuleFile] = {}
    rows: dict[str, Row] = {}
    for path in sorted((folder / "indicators").glob("*.yaml")):
        relative = path.relative_to(folder).as_posix()
        if path.name.startswith((".", "~$", "__")):
            continue
        file, found = _read_file(path, relative, f"{folder.resolve().name}/{relative}")
        issues.extend(issue for issue in found if severity(issue) == "error")
        if file is None:
            issues.append(Issue("X114", {"file": relative}, Location(f"{folder.resolve().name}/{relative}")))
            continue
        files[relative] = file
        for node in file.entries():
            cells = _cells(file, node)
            rows.setdefault(cells["id"], Row(file, node, cells))
    if not files and not issues:
        issues.append(Issue("R414", {}, Location(f"{folder}/indicators")))
    return (None if issues else Table(folder, files, rows)), tuple(issues)


def _read_file(path: Path, relative: str, shown: str) -> tuple[RuleFile | None, tuple[Issue, ...]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, (Issue("R201", {"why": error.strerror or type(error).__name__}, Location(shown)),)
    bom = data.startswith(_BOM)
    crlf = b"\r\n" in data and data.count(b"\n") == data.count(b"\r\n")
    bare = data.removeprefix(_BOM)
    document, issues = parse_document(bare.replace(b"\r\n", b"\n") if crlf else bare, shown)
    good = document is not None and isinstance(document.root, MapNode) and not document.repaired
    if document is None or not good or any(severity(issue) == "error" for issue in issues):
        return None, issues
    return RuleFile(relative, document.text, document, bom, crlf), issues


def _cells(file: RuleFile, node: MapNode) -> dict[str, str]:
    plain = to_plain(node)
    cells = {"file": file.relative, "theme": file.theme}
    for column in COLUMNS[2:]:
        key, _, part = column.key.partition(".")
        value = plain.get(key)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        cells[column.key] = to_cell(column.key, value)
    return cells


def write_table(path: Path, table: Table) -> None:
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


# --- the table as it comes back ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a workbook: its number and its cells by column key."""

    number: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Sheet:
    """The table as read from a workbook; ``letters`` tell where each column stands."""

    name: str
    letters: dict[str, str]
    rows: list[SheetRow]
    kept: dict[str, Mapping[str, str]] | None

    def cell(self, row: int, key: str) -> str:
        """Name a cell as people find it."""
        column = _BY_KEY.get(key)
        title = f"，{column.title}" if column else ""
        return f"工作表“{self.name}” {self.letters.get(key, '')}{row}（第 {row} 行{title}）"


def read_sheet(path: Path) -> tuple[Sheet | None, tuple[Issue, ...]]:
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
    sheet = Sheet(SHEET, {}, [], None)
    for cell in page[1]:
        title = _cell_text(cell)
        key = title.split()[-1] if title else ""
        if not title:
            continue
        place = f"工作表“{SHEET}” {cell.coordinate}"
        if key not in _BY_KEY:
            issues.append(Issue("X103", {"cell": place, "title": title}))
        elif key in sheet.letters:
            issues.append(Issue("X104", {"cell": place, "title": title}))
        else:
            columns[cell.column] = key
            sheet.letters[key] = cell.column_letter
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
            sheet.rows.append(SheetRow(cells[0].row, found))
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
        return _YES if value else _NO
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    lines = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").split("\n")
    text = "\n".join(line.strip() for line in lines).strip()
    # A single item that holds both marks ends with a line break; Excel keeps it, so must we.
    return text + "\n" if len(lines) > 1 and not lines[-1].strip() and "\n" not in text else text


# --- writing back ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that was changed, or a new rule (``key`` is empty then)."""

    id: str
    row: int
    key: str
    value: Plain = None
    fields: Mapping[str, Plain] = field(default_factory=dict)
    file: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an import: the changes as lines of text, the files written, and what was wrong."""

    issues: tuple[Issue, ...]
    changes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether something was wrong, so that nothing was written."""
        return any(severity(issue) == "error" for issue in self.issues)


def import_table(path: Path, folder: Path, write: bool = True) -> Outcome:
    """Write what was changed in the workbook at ``path`` back into the rules of ``folder``."""
    table, issues = read_rules(folder)
    sheet, more = read_sheet(path)
    if table is None or sheet is None:
        return Outcome((*issues, *more))
    changes, found = _changes(sheet, table)
    if any(severity(issue) == "error" for issue in found):
        return Outcome(tuple(found))
    texts = edited(changes, table)
    found.extend(_trouble(texts, changes, sheet, table))
    outcome = Outcome(tuple(found), tuple(_told(change, table) for change in changes), tuple(sorted(texts)))
    if write and not outcome.failed:
        failures = _write(texts, table)
        if failures:
            return Outcome((*outcome.issues, *failures))
    return outcome


def _told(change: Change, table: Table) -> str:
    if not change.key:
        return f"{change.file}：新加 {change.id}（{change.fields.get('name', '')}）"
    row = table.rows[change.id]
    before = row.cells[change.key].replace("\n", " / ")
    after = _sketch(change.key, change.value).replace("\n", " / ")
    return f"{row.file.relative}：{change.id} 的{_BY_KEY[change.key].title} {before or '（空）'} → {after or '（空）'}"


def _sketch(key: str, value: Plain) -> str:
    return "" if value is None else to_cell(key, value)


def _changes(sheet: Sheet, table: Table) -> tuple[list[Change], list[Issue]]:
    """Compare the sheet with what was exported and with the rules as they are now."""
    changes: list[Change] = []
    issues: list[Issue] = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        id_ = row.cells.get("id", "")
        where = sheet.cell(row.number, "id")
        if not id_:
            issues.append(Issue("X105", {"cell": where}))
            continue
        if id_ in seen:
            issues.append(Issue("X106", {"cell": where, "id": id_, "other": str(seen[id_])}))
            continue
        seen[id_] = row.number
        if id_ in table.rows:
            _compare(row, id_, sheet, table, changes, issues)
        elif sheet.kept is not None and id_ in sheet.kept:
            issues.append(Issue("X117", {"cell": where, "id": id_}))
        else:
            _new_rule(row, id_, sheet, table, changes, issues)
    exported = set(sheet.kept) if sheet.kept is not None else set(table.rows)
    missing = [id_ for id_ in table.rows if id_ in exported and id_ not in seen]
    if missing:
        shown = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        issues.append(Issue("X115", {"ids": shown}))
    return changes, issues


def _compare(row: SheetRow, id_: str, sheet: Sheet, table: Table, changes: list[Change], issues: list[Issue]) -> None:
    now = table.rows[id_].cells
    base = (sheet.kept or {}).get(id_, now)
    for column in COLUMNS:
        key = column.key
        if key not in row.cells or key == "id":
            continue
        new, old = row.cells[key], base.get(key, "")
        if new in (old, now[key]) or new == IN_YAML:
            continue
        where = sheet.cell(row.number, key)
        if key in ("file", "theme"):
            issues.append(Issue("X109", {"cell": where, "id": id_, "file": now["file"]}))
        elif old != now[key]:
            shown = now[key].replace("\n", " / ")
            issues.append(Issue("X111", {"cell": where, "id": id_, "title": column.title, "now": shown}))
        elif not new and _required(key):
            issues.append(Issue("X112", {"cell": where, "title": column.title}))
        else:
            value = _read_cell(key, new, where, issues)
            if not isinstance(value, _Wrong):
                changes.append(Change(id_, row.number, key, value))


def _new_rule(row: SheetRow, id_: str, sheet: Sheet, table: Table, changes: list[Change], issues: list[Issue]) -> None:
    before = len(issues)
    file, theme = row.cells.get("file", ""), row.cells.get("theme", "")
    known = table.files.get(file)
    if not re.fullmatch(r"indicators/[^/\\.~][^/\\]*\.yaml", file):
        example = next(iter(table.files), "indicators/果业.yaml")
        issues.append(Issue("X110", {"cell": sheet.cell(row.number, "file"), "value": file, "example": example}))
    elif known is None and not theme:
        issues.append(Issue("X112", {"cell": sheet.cell(row.number, "theme"), "title": "主题"}))
    elif known is not None and theme not in ("", known.theme):
        issues.append(Issue("X109", {"cell": sheet.cell(row.number, "theme"), "id": id_, "file": file}))
    fields: dict[str, Plain] = {}
    for column in COLUMNS[2:]:
        text = row.cells.get(column.key, "")
        where = sheet.cell(row.number, column.key)
        if not text or text == IN_YAML:
            if _required(column.key):
                issues.append(Issue("X112", {"cell": where, "title": column.title}))
            continue
        value = _read_cell(column.key, text, where, issues)
        if not isinstance(value, _Wrong):
            key, _, part = column.key.partition(".")
            if part:
                fields.setdefault(key, {})[part] = value
            else:
                fields[key] = value
    if len(issues) == before:
        changes.append(Change(id_, row.number, "", fields=fields, file=file, theme=theme))


def _required(key: str) -> bool:
    return key in _KEYS and _KEYS[key].required


class _Wrong:
    """Stands for a cell that could not be read."""


def _read_cell(key: str, text: str, where: str, issues: list[Issue]) -> Plain:
    if not text:
        return None
    try:
        return from_cell(key, text)
    except CellError as error:
        fields = {"cell": where, "value": text[:60], "title": _BY_KEY[key].title, "hint": str(error)}
        issues.append(Issue("X107", fields))
        return _Wrong()


# --- editing the text --------------------------------------------------------------------------


def edited(changes: Sequence[Change], table: Table) -> dict[str, str]:
    """Return the new text of every file that changes."""
    edits: dict[str, list[tuple[int, int, str]]] = {}
    added: dict[str, list[Change]] = {}
    by_rule: dict[str, dict[str, Plain]] = {}
    for change in changes:
        if change.key:
            by_rule.setdefault(change.id, {})[change.key] = change.value
        else:
            added.setdefault(change.file, []).append(change)
    for id_, values in by_rule.items():
        row = table.rows[id_]
        editor = _Editor(row.file.text, row.node)
        for key, value in _whole_keys(row, values):
            editor.put(key, value)
        edits.setdefault(row.file.relative, []).extend(editor.edits)
    texts: dict[str, str] = {}
    for relative, found in edits.items():
        texts[relative] = _apply(table.files[relative].text, found)
    for relative, rules in added.items():
        known = table.files.get(relative)
        if known is None:
            texts[relative] = _new_file(rules)
        else:
            more = _insertion(known, rules)
            texts[relative] = _apply(known.text, [*edits.get(relative, []), more])
    return texts


def _whole_keys(row: Row, values: Mapping[str, Plain]) -> Iterator[tuple[str, Plain]]:
    """Yield keys with their values, the parts of one key (sane.level) put together."""
    parts: dict[str, dict[str, Plain]] = {}
    for name, value in values.items():
        key, _, part = name.partition(".")
        if not part:
            yield key, value
            continue
        if key not in parts:
            now = to_plain(row.node).get(key)
            parts[key] = dict(now) if isinstance(now, dict) else {}
        if value is None:
            parts[key].pop(part, None)
        else:
            parts[key][part] = value
    for key, whole in parts.items():
        yield key, whole or None


def _apply(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _new_file(rules: Sequence[Change]) -> str:
    lines = [
        "# yaml-language-server: $schema=../schema/indicators.json",
        "format: 1",
        f"theme: {scalar(rules[0].theme)}",
        "indicators:",
    ]
    return "\n".join(lines) + "\n" + "\n\n".join(_rule_text(rule.fields, "  ") for rule in rules) + "\n"


def _insertion(file: RuleFile, rules: Sequence[Change]) -> tuple[int, int, str]:
    """Return the edit that puts new rules behind the last one of the file."""
    text = file.text
    listed = file.root.get("indicators")
    if isinstance(listed, ListNode) and listed.items and text[listed.start.index] != "[":
        last = listed.items[-1]
        at = _line_end(text, _end(text, last))
        dash = text.rfind("-", 0, last.start.index)
        indent = " " * (dash - (text.rfind("\n", 0, dash) + 1))
        gap = "\n\n" if len(listed.items) == 1 or "\n\n" in text[listed.start.index : last.start.index] else "\n"
        return at, at, "".join(gap + _rule_text(rule.fields, indent) for rule in rules)
    body = "\n".join(_rule_text(rule.fields, "  ") for rule in rules)
    if listed is not None:
        key = next(key for key, _ in file.root.pairs if key.value == "indicators")
        return key.start.index, max(_end(text, listed), key.end.index + 1), f"indicators:\n{body}"
    at = len(text.rstrip("\n"))
    return at, at, f"\nindicators:\n{body}"


def _rule_text(fields: Mapping[str, Plain], indent: str) -> str:
    """Return a new rule as the shipped files write one."""
    lines = []
    for key in schema.INDICATOR.keys:
        value = fields.get(key.name)
        if value is None:
            continue
        if key.name in ("exclude", "examples"):
            lines.append(f"{key.name}:")
            lines.extend(f"  - {flow(item)}" for item in value)
        else:
            lines.append(f"{key.name}: {flow(value)}")
    return "\n".join(f"{indent}{'  ' if number else '- '}{line}" for number, line in enumerate(lines))


_PLAIN_ITEM = re.compile(r"[\u4e00-\u9fff〔][\u4e00-\u9fff〔〕|0-9A-Za-z（）()./%‰—、。…·-]*\Z")
_PLAIN_SENTENCE = re.compile(r"[\u4e00-\u9fff〔][\u4e00-\u9fff〔〕|0-9A-Za-z（）()./%‰—、。…·，；：“”！？～-]*\Z")
_PLAIN_WORD = re.compile(
    r"[a-z]+(?:_[a-z0-9]+)*\Z|[a-z]+ (?:[=~]|[<>]=) -?[0-9.]+(?: stretch)?\Z|-?[0-9.]+\.\.-?[0-9.]+\Z"
)
_READ_AS_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def scalar(text: str, item: bool = False, flag: bool = False) -> str:
    """Return ``text`` as YAML: plain where every program reads it as the same text, else in quotation marks."""
    pattern = _PLAIN_ITEM if item else _PLAIN_SENTENCE
    word = _PLAIN_WORD.match(text) and (flag or text not in _READ_AS_FLAGS)
    return text if pattern.match(text) or word else json.dumps(text, ensure_ascii=False)


def flow(value: Plain, item: bool = False) -> str:
    """Return a value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(found)}" for key, found in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(found, True) for found in value) + "]"
    return scalar(value, item, flag=value in ("true", "false"))


def _end(text: str, node: Node) -> int:
    """Return where the content of ``node`` ends; a block's own end mark lies behind the comments after it."""
    if isinstance(node, TextNode):
        end = node.end.index
        return len(text[:end].rstrip()) if node.style in ("|", ">") else end
    if text[node.start.index : node.start.index + 1] in ("[", "{"):
        return node.end.index
    children = node.items if isinstance(node, ListNode) else [value for _, value in node.pairs]
    last = _end(text, children[-1]) if children else node.start.index
    return max(last, node.pairs[-1][0].end.index + 1) if isinstance(node, MapNode) and node.pairs else last


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found


class _Editor:
    """Collects the edits that give one rule's keys new values."""

    def __init__(self, text: str, node: MapNode) -> None:
        self.text = text
        self.node = node
        self.in_line = text[node.start.index] == "{"
        self.edits: list[tuple[int, int, str]] = []

    def put(self, key: str, value: Plain) -> None:
        """Give ``key`` a value, or take it away with None."""
        position = next((i for i, (name, _) in enumerate(self.node.pairs) if name.value == key), -1)
        if position < 0:
            if value is not None:
                self._add(key, value)
        elif value is None:
            self._remove(position)
        else:
            self._replace(position, value)

    def _spans(self) -> list[tuple[int, int]]:
        return [(key.start.index, max(_end(self.text, value), key.end.index + 1)) for key, value in self.node.pairs]

    def _add(self, key: str, value: Plain) -> None:
        order = [spec.name for spec in schema.INDICATOR.keys]
        names = [name.value for name, _ in self.node.pairs]
        # Behind the key that comes right before it in the schema, wherever the writer has put that.
        before = next((name for name in reversed(order[: order.index(key)]) if name in names), names[0])
        after = names.index(before)
        spans = self._spans()
        if self.in_line:
            self.edits.append((spans[after][1], spans[after][1], f", {key}: {flow(value)}"))
            return
        indent = " " * self.node.pairs[0][0].start.column
        at = _line_end(self.text, spans[after][1])
        if key in ("exclude", "examples"):
            body = f"{key}:" + "".join(f"\n{indent}  - {flow(item)}" for item in value)
        else:
            body = f"{key}: {flow(value)}"
        # Several keys added at one place come in the order of the schema.
        rank = f"\n{indent}{body}"
        known = next((i for i, (start, end, _) in enumerate(self.edits) if start == end == at), -1)
        if known >= 0:
            self.edits[known] = (at, at, self.edits[known][2] + rank)
        else:
            self.edits.append((at, at, rank))

    def _remove(self, position: int) -> None:
        spans = self._spans()
        start, end = spans[position]
        if self.in_line:
            if position > 0:
                self.edits.append((spans[position - 1][1], end, ""))
            elif len(spans) > 1:
                self.edits.append((start, spans[1][0], ""))
        elif position == 0:
            if len(spans) > 1:
                self.edits.append((start, spans[1][0], ""))
        else:
            self.edits.append((_line_start(self.text, start) - 1, _line_end(self.text, end), ""))

    def _replace(self, position: int, value: Plain) -> None:
        name, node = self.node.pairs[position]
        if isinstance(node, ListNode) and isinstance(value, list) and node.items:
            self._edit_list(node, value)
            return
        start, end = node.start.index, _end(self.text, node)
        if isinstance(node, TextNode) and start < end and isinstance(value, str):
            self.edits.append((start, end, flow(value)))
        else:  # from the colon on, whatever stood there
            colon = self.text.index(":", name.end.index)
            self.edits.append((colon + 1, max(end, colon + 1), f" {flow(value)}"))

    def _edit_list(self, node: ListNode, value: list[Plain]) -> None:
        """Edit a list item by item, so that what stays keeps its writing and its comments."""
        old = [json.dumps(to_plain(item), ensure_ascii=False, sort_keys=True) for item in node.items]
        new = [json.dumps(item, ensure_ascii=False, sort_keys=True) for item in value]
        spans = [(item.start.index, _end(self.text, item)) for item in node.items]
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            pairs = min(b - a, d - c)
            for number in range(pairs):
                start, end = spans[a + number]
                self.edits.append((start, end, flow(value[c + number], True)))
            if b - a > pairs:
                self._cut_items(node, spans, a + pairs, b)
            elif d - c > pairs:
                self._insert_items(node, spans, a + pairs, value[c + pairs : d])

    def _cut_items(self, node: ListNode, spans: Sequence[tuple[int, int]], a: int, b: int) -> None:
        if self.text[node.start.index] == "[":
            start, end = (spans[a - 1][1], spans[b - 1][1]) if a else (spans[0][0], spans[b][0])
            self.edits.append((start, end, ""))
            return
        for number in range(a, b):
            dash = self.text.rfind("-", 0, spans[number][0])
            self.edits.append((_line_start(self.text, dash) - 1, _line_end(self.text, spans[number][1]), ""))

    def _insert_items(self, node: ListNode, spans: Sequence[tuple[int, int]], at: int, items: list[Plain]) -> None:
        written = [flow(item, True) for item in items]
        if self.text[node.start.index] == "[":
            if at:
                self.edits.append((spans[at - 1][1], spans[at - 1][1], "".join(f", {item}" for item in written)))
            else:
                self.edits.append((spans[0][0], spans[0][0], "".join(f"{item}, " for item in written)))
            return
        dash = self.text.rfind("-", 0, spans[0][0])
        indent = " " * (dash - _line_start(self.text, dash))
        if at:
            place = _line_end(self.text, spans[at - 1][1])
            self.edits.append((place, place, "".join(f"\n{indent}- {item}" for item in written)))
        else:
            self.edits.append((dash, dash, "".join(f"- {item}\n{indent}" for item in written)))


# --- checking and writing ----------------------------------------------------------------------


def _trouble(texts: Mapping[str, str], changes: Sequence[Change], sheet: Sheet, table: Table) -> list[Issue]:
    """Check the rules as they would be; point at the cells behind what is newly wrong with them."""
    if not texts:
        return []
    from compiler.authoring.check import check

    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / (table.folder.resolve().name or "rules")
        shutil.copytree(table.folder, copy)
        for relative, text in texts.items():
            known = table.files.get(relative)
            data = known.data(text) if known else text.encode("utf-8")
            (copy / relative).write_bytes(data)
        after = [issue for issue in check(copy) if severity(issue) != "note"]
        meant, _ = read_rules(copy)
    issues = _unmeant(meant, changes, table)
    if after:
        before = {_mark(issue) for issue in check(table.folder)}
        for issue in after:
            if _mark(issue) not in before:
                issues.append(_pointed(issue, changes, sheet, meant))
    return issues


def _mark(issue: Issue) -> tuple[object, ...]:
    """Return what tells two issues apart wherever they stand."""
    where = issue.where
    fields = {key: value for key, value in issue.fields.items() if key not in ("line", "place")}
    return issue.code, where.path if where else "", tuple(sorted(fields.items()))


def _unmeant(meant: Table | None, changes: Sequence[Change], table: Table) -> list[Issue]:
    """Hold the edited files against what they should say: a slip of the editor must not reach the rules."""
    if meant is None:
        return [Issue("X119", {"problem": "改好的文件读不出来", "hint": "请改在 YAML 里"})]
    expected = {id_: to_plain(row.node) for id_, row in table.rows.items()}
    for change in changes:
        if not change.key:
            expected[change.id] = dict(change.fields)
            continue
        rule = expected[change.id]
        key, _, part = change.key.partition(".")
        holder = rule.setdefault(key, {}) if part else rule
        if change.value is None:
            holder.pop(part or key, None)
        else:
            holder[part or key] = change.value
        if part and not holder:
            rule.pop(key, None)
    found = {id_: to_plain(row.node) for id_, row in meant.rows.items()}
    wrong = [id_ for id_ in {**expected, **found} if expected.get(id_) != found.get(id_)]
    if wrong:
        return [Issue("X119", {"problem": f"规则 {wrong[0]} 写回以后与表格不一样", "hint": "请把这一条改在 YAML 里"})]
    return []


def _pointed(issue: Issue, changes: Sequence[Change], sheet: Sheet, meant: Table | None) -> Issue:
    """Return an issue of the rules as one of the table, with sheet, row and column."""
    error = severity(issue) == "error"
    fields = {"problem": message(issue), "hint": advice(issue)}
    where = issue.where
    if meant is not None and where is not None:
        for id_, row in meant.rows.items():
            if not where.path.endswith(row.file.relative):
                continue
            first, last = row.node.start.line, row.file.text.count("\n", 0, _end(row.file.text, row.node))
            if not first <= where.line - 1 <= last:
                continue
            key = _key_at(row, where)
            own = [change for change in changes if change.id == id_]
            if own:
                exact = next((c for c in own if c.key.partition(".")[0] == key), own[0])
                column = key if key in _BY_KEY else exact.key or "id"
                return Issue("X113" if error else "X118", {"cell": sheet.cell(exact.row, column), **fields})
    return Issue("X119", fields) if error else Issue("X118", {"cell": f"工作表“{sheet.name}”", **fields})


def _key_at(row: Row, where: Location) -> str:
    """Return the key of a rule that holds a place in its file."""
    found = ""
    for key, _ in row.node.pairs:
        if (key.start.line, key.start.column) <= (where.line - 1, where.column - 1):
            found = key.value
    return found


def _write(texts: Mapping[str, str], table: Table) -> list[Issue]:
    """Write all files or none: each beside its place first, then all moved there."""
    ready: list[tuple[Path, Path]] = []
    done: list[tuple[Path, bytes | None]] = []
    current = ""
    try:
        for relative, text in texts.items():
            current = relative
            target = table.folder / relative
            known = table.files.get(relative)
            beside = target.with_name(f".{target.name}.{os.getpid()}")
            target.parent.mkdir(parents=True, exist_ok=True)
            ready.append((beside, target))
            beside.write_bytes(known.data(text) if known else text.encode("utf-8"))
        for beside, target in ready:
            current = target.name
            before = target.read_bytes() if target.exists() else None
            beside.replace(target)
            done.append((target, before))
    except OSError as error:
        for target, before in done:
            if before is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(before)
        for beside, _ in ready:
            beside.unlink(missing_ok=True)
        return [Issue("X116", {"file": current, "why": error.strerror or type(error).__name__})]
    return []
