"""Spreadsheets with a report a row: .xlsx, .xlsm, .csv and .tsv.

Which column is what stands in ``data/columns.txt``; where no header tells the text, the column that evidently holds
reports is taken, with a note.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import median_high
from typing import Any
from zipfile import ZipFile

from compiler.files import OWN_MARK
from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import (
    OLE,
    ZIP,
    Decoded,
    Members,
    Unreadable,
    disguised,
    megabytes,
    package_suffix,
    signature,
)
from compiler.text.readers import text as plain
from compiler.text.readers._blocks import raised

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv")

_NAMES = Path(__file__).resolve().parent.parent / "data" / "columns.txt"
#: A column whose cells are mostly this long holds reports: a passage has hundreds of characters, a report thousands.
_REPORT = 500
#: A cell of Excel holds no more characters than this; a text of just this length was cut off.
_CELL = 32_767
_HEADER_ROWS = 5
#: Where no header is known, what is shorter than this heads its column.
_NO_TITLE = 20
#: Columns that only our own tables have together.
_OUR_COLUMNS = (
    frozenset({"place", "place_code", "indicator_id"}),
    frozenset({"source", "report", "place", "report_year"}),
)


@cache
def _columns() -> Mapping[str, str]:
    """Return what a column is called → what it is."""
    found = {}
    for line in _NAMES.read_text(encoding="utf-8").splitlines():
        kind, colon, names = line.partition(":")
        if colon and not line.startswith("#"):
            found.update(dict.fromkeys(names.casefold().split(), kind))
    return found


def decode(data: bytes, suffix: str, limits: Limits) -> Members | Unreadable:
    """Return the reports of a table, one a row; a table without any is refused."""
    sheets: list[tuple[str, list[list[str]]]]
    issues: list[Issue]
    if suffix in (".csv", ".tsv"):
        decoded = plain.decode(data, suffix, limits)
        if isinstance(decoded, Unreadable):
            return decoded
        rows = _from_csv(decoded.text, suffix)
        if any(columns <= set(rows[0] if rows else ()) for columns in _OUR_COLUMNS):
            return Unreadable(Issue("I115", {}), beside=True)
        sheets = [("", rows)]
        issues, encoding = [*decoded.issues], f"csv/{decoded.encoding}"
    else:
        kind = signature(data)
        if kind != ZIP:
            return disguised(data, suffix) if kind != OLE else Unreadable(Issue("I118", {}))
        try:
            with ZipFile(io.BytesIO(data)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > limits.unpacked:
                    return Unreadable(Issue("I112", {"suffix": suffix, "limit": megabytes(limits.unpacked)}))
                properties = [name for name in archive.namelist() if name.startswith("docProps/")]
                if any(OWN_MARK.encode() in archive.read(name) for name in properties):
                    return Unreadable(Issue("I115", {}), beside=True)
            sheets, issues = _from_workbook(data, limits)
        except Exception as error:  # zipfile, zlib and openpyxl raise many kinds on damaged files
            if package_suffix(data) not in ("", suffix, SUFFIXES[0]):
                return disguised(data, suffix)
            return Unreadable(Issue("I110", {"suffix": suffix, "reason": type(error).__name__}))
        encoding = "xlsx"
    texts: list[tuple[str, Decoded]] = []
    notes: list[Issue] = list(issues)
    for sheet, rows in sheets:
        found, note = _reports(rows, encoding)
        texts.extend((f"{sheet}/{name}" if sheet else name, text) for name, text in found)
        notes.extend(note)
    if not texts:
        return Unreadable(notes[0] if notes else Issue("I136", {}), beside=not notes)
    return Members(texts=tuple(texts), issues=tuple(notes))


def _from_csv(text: str, suffix: str) -> list[list[str]]:
    head = text[:4096]
    delimiter = "\t" if suffix == ".tsv" or head.count("\t") > head.count(",") else ","
    if head.count(";") > head.count(delimiter):
        delimiter = ";"
    csv.field_size_limit(2**31 - 1)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _from_workbook(data: bytes, limits: Limits) -> tuple[list[tuple[str, list[list[str]]]], list[Issue]]:
    """Return the sheets as a person sees them, and what was not to be seen of their formulas."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, rich_text=True)
    try:
        several = len(book.worksheets) > 1
        sheets, notes = [], []
        for sheet in book.worksheets:
            part = _part(data, sheet)
            rows = _seen(sheet, part, limits) if sheet.sheet_state == "visible" else []
            sheets.append((sheet.title if several else "", rows))
            empty = [cell.decode() for cell in _NO_RESULT.findall(part)] if rows else []
            if empty:
                shown = f"{sheet.title}!{empty[0]}" if several else empty[0]
                notes.append(Issue("I175", {"count": str(len(empty)), "shown": shown}))
        return sheets, notes
    finally:
        book.close()


def _part(data: bytes, sheet: object) -> bytes:
    """Return the XML of a sheet, empty where it has none."""
    path = getattr(sheet, "_worksheet_path", "")
    if not path:
        return b""
    with ZipFile(io.BytesIO(data)) as archive:
        return archive.read(path)


def _seen(sheet: Any, part: bytes, limits: Limits) -> list[list[str]]:
    """Return the rows of a sheet; those hidden are empty, and so are cells of hidden columns."""
    hidden = frozenset(
        int(_ROW_NUMBER.findall(row)[0])
        for row in _ROW.findall(part)
        if _HIDDEN.search(row) and _ROW_NUMBER.search(row)
    )
    spans = [(found[1], found[2]) for column in _COLUMN.findall(part) if (found := _SPAN.search(column))]
    folded = [range(int(first) - 1, min(int(last), _MOST_COLUMNS)) for first, last in spans]
    rows: list[list[str]] = []
    for number, cells in enumerate(islice(sheet.iter_rows(), limits.files), 1):
        row = [] if number in hidden else [_text(cell) for cell in cells]
        for at in (at for span in folded for at in span if at < len(row)):
            row[at] = ""
        rows.append(row)
    return rows


def _text(cell: Any) -> str:
    """Return what a cell shows: the marks of notes and what is struck out are no text; a day comes as 2017-01-31."""
    value = cell.value
    if value is None:
        return ""
    if not isinstance(value, (str, list)):
        return str(value.isoformat())[:10] if hasattr(value, "isoformat") else str(value)
    if cell.has_style and cell.font.strike:
        return ""
    if isinstance(value, str):
        return value
    text = ""
    for piece in value:  # text in several fonts
        if isinstance(piece, str):
            text += piece
        elif not piece.font.strike:
            text += raised(piece.text, text[-1:]) if piece.font.vertAlign == "superscript" else piece.text
    return text


_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_COLUMN = re.compile(rb'<(?:\w+:)?col(?=[^>]*\shidden="(?:1|true)")[^>]*>')
_SPAN = re.compile(rb'(?=[^>]*\smin="(\d+)")(?=[^>]*\smax="(\d+)")')
_MOST_COLUMNS = 16_384
#: A formula whose result was never stored: a program wrote it, and no Excel has opened it since.
_NO_RESULT = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def _reports(rows: Sequence[Sequence[str]], encoding: str) -> tuple[list[tuple[str, Decoded]], list[Issue]]:
    """Return the reports of a sheet with a name each, and what is to be said of them."""
    header, kinds = _header(rows)
    body = list(enumerate(rows[header + 1 :], header + 2))
    notes: list[Issue] = []
    joined = _joined(body, kinds)
    if joined:
        body = joined
        notes.append(Issue("I167", {"count": str(len(joined))}))
    if not kinds and (whole := _one_column(rows)):
        notes.append(Issue("I167", {"count": "1"}))
        return [("第1行", Decoded(whole, encoding))], notes
    columns = [kinds.get("text", -1)]
    if columns[0] < 0 or not any(len(_cell(row, columns[0])) >= _REPORT for _, row in body):
        guessed = _long_columns(rows[header + 1 :])
        if not guessed:
            return [], []
        if guessed != columns:
            columns = guessed
            names = rows[max(header, 0)]
            shown = [name if 0 < len(name := _cell(names, one)) < _NO_TITLE else f"第{one + 1}列" for one in columns]
            notes.append(Issue("I137" if len(shown) == 1 else "I160", {"column": "、".join(shown)}))
    found = []
    for number, row in body:
        cells = [cell for one in columns if (cell := _cell(row, one))]
        if header < 0 and sum(map(len, cells)) < _NO_TITLE:
            continue  # a title of a column that no list knows
        text = "\n".join(cells).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            continue
        title = _cell(row, kinds.get("title", -1)).strip()
        place = _cell(row, kinds.get("province", -1)).strip() + _cell(row, kinds.get("place", -1)).strip()
        said = _cell(row, kinds.get("year", -1)).strip()
        year = said[:4] if _YEAR.match(said) else said
        name = f"第{number}行 {title or ''.join((place, year))}".strip()
        decoded = Decoded(f"{title}\n{text}" if title and title not in text[:400] else text, encoding)
        if any(len(cell) == _CELL for cell in cells):
            decoded = replace(decoded, issues=(Issue("I138", {}),))
        found.append((name if title or not year else f"第{number}行 {place}{year}年", decoded))
    return found, notes


def _joined(body: Sequence[tuple[int, Sequence[str]]], kinds: Mapping[str, int]) -> list[tuple[int, Sequence[str]]]:
    """Return one row a report where the table has a row a paragraph, with place, year or title beside; else nothing."""
    column = kinds.get("text", -1)
    told = [kinds[kind] for kind in ("title", "province", "place", "year") if kind in kinds]
    if column < 0 or not told or any(len(_cell(row, column)) >= _REPORT for _, row in body):
        return []
    groups: dict[tuple[str, ...], tuple[int, list[str], list[str]]] = {}
    key: tuple[str, ...] = ()
    for number, row in body:
        said = tuple(_cell(row, one).strip() for one in told)
        key = said if any(said) else key  # a merged cell stands in its first row alone
        groups.setdefault(key, (number, list(row), []))[2].append(_cell(row, column))
    rows: list[tuple[int, Sequence[str]]] = []
    for number, first, paragraphs in groups.values():
        text = "\n".join(paragraph for paragraph in paragraphs if paragraph.strip())
        if len(text) >= _REPORT:
            rows.append((number, [text if at == column else cell for at, cell in enumerate(first)]))
    return rows


_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0|年|-\d\d-\d\d)?$")


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if 0 <= column < len(row) else ""


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the row of the header, −1 where there is none, and the column of each kind that it names."""
    best: tuple[int, dict[str, int]] = (-1, {})
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        kinds: dict[str, int] = {}
        for column, cell in enumerate(row):
            kind = _columns().get("".join(cell.split()).casefold())
            if kind:
                kinds.setdefault(kind, column)
        if len(kinds) > len(best[1]):
            best = (index, kinds)
    return best


def _one_column(rows: Sequence[Sequence[str]]) -> str:
    """Return the text of a sheet that holds a report a paragraph a row, with numbers beside at most; else nothing."""
    width = max(map(len, rows), default=0)
    columns = [filled for column in range(width) if (filled := _filled(rows, column))]
    worded = [column for column in columns if not all(cell.strip().isdecimal() for cell in column)]
    if len(worded) != 1 or len(worded[0]) < _FEW_PARAGRAPHS or max(map(len, worded[0])) >= _CELL:
        return ""
    text = "\n".join(worded[0])
    sentences = sum(len(cell) for cell in worded[0] if cell.rstrip().endswith("。"))
    return text if len(text) >= _REPORT and 2 * sentences >= len(text) else ""


_FEW_PARAGRAPHS = 5
"""Fewer rows are no report a paragraph a row."""


def _filled(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    return [row[column] for row in rows if len(row) > column and row[column].strip()]


def _long_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that evidently hold reports, in order; several hold the parts of one report a row."""
    width = max(map(len, rows), default=0)
    return [column for column in range(width) if median_high(_lengths(rows, column)) >= _REPORT]


def _lengths(rows: Sequence[Sequence[str]], column: int) -> Iterator[int]:
    yield from [len(cell) for cell in _filled(rows, column)] or [0]
