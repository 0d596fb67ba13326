"""Write the cells of a workbook as XML by ourselves, and leave the rest of the file to XlsxWriter.

What stands around the cells (styles, links, merged areas, tables, drop-downs, charts, print set-up) goes through
XlsxWriter's public methods and is valid by construction. The cells are rendered here as they come: a formula
with the value that it has now, rich text, exact decimals; nothing is held but their text, which keeps a hundred
thousand rows quick and small in memory. Three places reach into XlsxWriter (marked below): a worksheet writes its
own cells, a format tells its number, and strings are shared in its table.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final

from compiler.strings import escape_xml, unique, without_control

MAX_TEXT: Final = 32_767
"""The most characters of one cell."""

MAX_LINKS: Final = 65_000
"""Excel takes 65,530 links on a sheet; beyond that a link is written as a formula."""

_SPILL: Final = 4_000_000
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_TRIGGERS = frozenset("=+-@＝＋－＠\t\r\n")


def clean(text: str) -> str:
    """Return ``text`` without what no XML file may hold, and without carriage returns."""
    return without_control(text.replace("\r\n", "\n").replace("\r", "\n"))


def xml(text: str) -> str:
    """Return cleaned text escaped for XML; what Excel would read as an escape of its own is kept as it is."""
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    return escape_xml(clean(text))


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet might take the text for a formula when someone edits its cell."""
    return text[:1] in _TRIGGERS


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of rich text; ``strong`` pieces are bold and red."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rich:
    """Text with strong pieces in it."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Return the text alone."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula (without ``=``) with the value that it has now; ``array`` computes over whole areas."""

    text: str
    value: str | Decimal | int | None
    array: bool = False


Value = str | int | Decimal | Rich | Formula | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks. Each style is registered once and then shared by its number."""

    font: str = ""
    size: float = 10
    bold: bool = False
    italic: bool = False
    colour: str = ""
    fill: str = ""
    border: str = ""
    horizontal: str = ""
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0
    format: str = "General"
    underline: bool = False
    quoted: bool = False
    unlocked: bool = False

    @property
    def format_fields(self) -> dict[str, object]:
        """Return the style as XlsxWriter names its fields."""
        fields: dict[str, object] = {
            "font_size": self.size,
            "bold": self.bold,
            "italic": self.italic,
            "underline": int(self.underline),
            "text_wrap": self.wrap,
            "indent": self.indent,
            "num_format": self.format,
            "quote_prefix": self.quoted,
            "locked": not self.unlocked,
        }
        if self.font:
            fields["font_name"] = self.font
        if self.colour:
            fields["font_color"] = f"#{self.colour}"
        if self.fill:
            fields["bg_color"] = f"#{self.fill}"
        if self.border:
            fields |= {"border": 1, "border_color": f"#{self.border}"}
        if self.horizontal:
            fields["align"] = self.horizontal
        if self.vertical:
            fields["valign"] = "vcenter" if self.vertical == "center" else self.vertical
        return {name: value for name, value in fields.items() if value} | {"locked": not self.unlocked}


class Styles:
    """Registers styles with a workbook, each once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._numbers: dict[Style, int] = {}
        self._quoted: dict[int, int] = {}
        self._by_number: dict[int, Style] = {}

    def number(self, style: Style) -> int:
        """Return the number of ``style`` in the workbook."""
        known = self._numbers.get(style)
        if known is None:
            # The number under which a cell names its format; XlsxWriter gives it out when a cell is written.
            known = self._numbers[style] = int(self._workbook.add_format(style.format_fields)._get_xf_index())
            self._by_number.setdefault(known, style)
        return known

    def quoted(self, number: int) -> int:
        """Return the number of the same style that keeps its text from becoming a formula when edited."""
        known = self._quoted.get(number)
        if known is None:
            style = self._by_number.get(number, Style())
            known = self._quoted[number] = self.number(replace(style, quoted=True))
        return known

    def filled(self, number: int, fill: str) -> int:
        """Return the number of the same style on another ground."""
        return self.number(replace(self._by_number.get(number, Style()), fill=fill))

    def difference(self, *, fill: str = "", colour: str = "", bold: bool = False) -> Any:
        """Return a format for cells that meet a condition."""
        fields: dict[str, object] = {}
        if fill:
            fields["bg_color"] = f"#{fill}"
        if colour:
            fields["font_color"] = f"#{colour}"
        if bold:
            fields["bold"] = True
        return self._workbook.add_format(fields)


class Strings:
    """The shared strings of a workbook, kept in XlsxWriter's table."""

    def __init__(self, workbook: Any) -> None:
        # The table that every worksheet of the workbook numbers its strings by.
        self._number = workbook.str_table._get_shared_string_index

    def number(self, value: str | Rich) -> int:
        """Return the number of a text."""
        if isinstance(value, Rich):
            return int(self._number("".join(_run(run) for run in value.runs)))
        return int(self._number(clean(value)))


def _run(run: Run) -> str:
    look = '<rPr><b/><color rgb="FFC00000"/></rPr>' if run.strong else ""
    return f'<r>{look}<t xml:space="preserve">{xml(run.text)}</t></r>'


def _looks_rich(text: str) -> bool:
    """Tell whether XlsxWriter would take a plain text for runs of rich text, and write it as XML."""
    return text.startswith("<r>") and text.endswith("</r>")


def letter(column: int) -> str:
    """Return the letters of a column, from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


LETTERS: Final = ("", *(letter(n) for n in range(1, 1001)))


def at(row: int, column: int) -> str:
    """Return the address of a cell."""
    return f"{LETTERS[column]}{row}"


def quoted_name(sheet: str) -> str:
    """Return a sheet name as it stands in a reference."""
    return "'" + sheet.replace("'", "''") + "'"


_EPOCH = datetime(1899, 12, 30)


def serial(value: date) -> str:
    """Return a date or time as a spreadsheet counts it."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    gap = moment.replace(tzinfo=None) - _EPOCH
    days = Decimal(gap.days) + Decimal(gap.seconds) / 86_400
    return format(days.normalize(), "f")


DEFAULT_HEIGHT: Final = 15.0
"""Height of a row that nothing is said of, in points."""

_HEAD: Final = 10
"""Rows among which those stand that are repeated on every page."""


class _Spool:
    """Text that goes into the file at its end; what is much of it waits on the disk, so that no sheet is held whole."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._file: IO[bytes] | None = None

    def __bool__(self) -> bool:
        return bool(self._pieces or self._file)

    def add(self, text: str) -> None:
        """Add a piece."""
        self._pieces.append(text)
        self._size += len(text)
        if self._size > _SPILL:
            self._spill()

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the workbook is written
        self._file.write("".join(self._pieces).encode("utf-8"))
        self._pieces = []
        self._size = 0

    def parts(self) -> Iterator[str]:
        """Yield all of it, in the order in which it was added."""
        if self._file is not None:
            self._spill()
            self._file.seek(0)
            with TextIOWrapper(self._file, encoding="utf-8", newline="") as file:
                while block := file.read(1 << 20):
                    yield block
        yield "".join(self._pieces)


class SheetData:
    """The rows of one sheet, rendered as they come; ``worksheet`` is XlsxWriter's, for all that is no cell.

    ``height`` is that of all rows so far in points, ``head`` those of the first ones.
    """

    def __init__(self, worksheet: Any, styles: Styles, strings: Strings) -> None:
        self.worksheet = worksheet
        self.styles = styles
        self.strings = strings
        self.rows = 0
        self.columns = 0
        self.links = 0
        self.height = 0.0
        self.head: list[float] = []
        self.long_texts: list[str] = []
        self.cells = _Spool()
        self.hyperlinks = _Spool()
        self._linked: set[str] = set()
        worksheet.data = self

    @property
    def name(self) -> str:
        """Return the sheet's name."""
        return str(self.worksheet.name)

    def row(
        self,
        number: int,
        cells: Sequence[tuple[int, Value, int]],
        *,
        height: float = 0,
        fixed: bool = False,
        hidden: bool = False,
    ) -> None:
        """Add row ``number`` (ascending) with its cells as (column, value, style number), ascending.

        ``height`` is a suggestion that programs may refit, unless it is ``fixed``.
        """
        attributes = f' ht="{height:g}"' if height else ""
        if fixed:
            attributes += ' customHeight="1"'
        if hidden:
            attributes += ' hidden="1"'
        pieces = [f'<row r="{number}"{attributes}>']
        strings = self.strings
        for column, value, style in cells:
            name = f"{LETTERS[column]}{number}"
            if value is None or value == "":
                pieces.append(f'<c r="{name}" s="{style}"/>')
            elif type(value) is str:
                if value[0] in _TRIGGERS:
                    style = self.styles.quoted(style)
                if len(value) > MAX_TEXT:
                    value = self._shorten(value, name)
                if value[0] == "<" and _looks_rich(value):
                    pieces.append(f'<c r="{name}" s="{style}" t="inlineStr"><is><t>{xml(value)}</t></is></c>')
                    continue
                pieces.append(f'<c r="{name}" s="{style}" t="s"><v>{strings.number(value)}</v></c>')
            elif isinstance(value, Decimal):
                pieces.append(f'<c r="{name}" s="{style}"><v>{value:f}</v></c>')
            elif isinstance(value, bool):
                pieces.append(f'<c r="{name}" s="{style}" t="b"><v>{int(value)}</v></c>')
            elif isinstance(value, int):
                pieces.append(f'<c r="{name}" s="{style}"><v>{value}</v></c>')
            elif isinstance(value, Formula):
                pieces.append(self._formula(name, value, style))
            elif isinstance(value, Rich):
                if value.text[:1] in _TRIGGERS:
                    style = self.styles.quoted(style)
                if len(value.text) > MAX_TEXT:
                    value = Rich((Run(self._shorten(value.text, name)),))
                pieces.append(f'<c r="{name}" s="{style}" t="s"><v>{strings.number(value)}</v></c>')
            elif isinstance(value, date):
                pieces.append(f'<c r="{name}" s="{style}"><v>{serial(value)}</v></c>')
            else:
                pieces.append(f'<c r="{name}" s="{style}" t="s"><v>{strings.number(str(value))}</v></c>')
        pieces.append("</row>")
        text = "".join(pieces)
        self.cells.add(text)
        self.rows = number
        if not hidden:
            self.height += height or DEFAULT_HEIGHT
            if number <= _HEAD:
                self.head.append(height or DEFAULT_HEIGHT)
        if cells:
            self.columns = max(self.columns, cells[-1][0])

    def _shorten(self, text: str, name: str) -> str:
        """Cut what no cell can hold, say so in the cell, and keep the address for a message."""
        self.long_texts.append(name)
        note = "……（超过单元格能容纳的字数，全文见原文）"
        return text[: MAX_TEXT - len(note)] + note

    @staticmethod
    def _formula(name: str, value: Formula, style: int) -> str:
        formula = xml(value.text)
        around = f' t="array" ref="{name}"' if value.array else ""
        result = value.value
        if result is None:
            result = ""
        if isinstance(result, str):
            return f'<c r="{name}" s="{style}" t="str"><f{around}>{formula}</f><v>{xml(result)}</v></c>'
        number = format(result, "f") if isinstance(result, Decimal) else str(result)
        return f'<c r="{name}" s="{style}"><f{around}>{formula}</f><v>{number}</v></c>'

    def link(self, cell: str, sheet: str, target: str, tip: str = "") -> bool:
        """Link a cell to a cell of a sheet. False where the sheet can take no more links."""
        if self.links >= MAX_LINKS:
            return False
        if cell not in self._linked:
            self._linked.add(cell)
            self.links += 1
            shown = xml(clean(tip)[:250]).replace("\n", "&#xA;")
            told = f' tooltip="{shown}"' if shown else ""
            self.hyperlinks.add(f'<hyperlink ref="{cell}" location="{xml(f"{quoted_name(sheet)}!{target}")}"{told}/>')
        return True

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Merge an area; the cell at its upper left keeps its value. One cell alone stays as it is."""
        if (first_row, first_column) != (last_row, last_column):
            self.worksheet.merge_range(first_row - 1, first_column - 1, last_row - 1, last_column - 1, "")

    def width(self, column: int, width: float, *, hidden: bool = False, level: int = 0) -> None:
        """Set the width of a column, in characters."""
        self.worksheet.set_column(column - 1, column - 1, width, None, {"hidden": hidden, "level": level})

    def freeze(self, row: int, column: int) -> None:
        """Keep what stands above and left of a cell in sight."""
        self.worksheet.freeze_panes(row - 1, column - 1)

    def filter(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Give an area the buttons of a filter."""
        self.worksheet.autofilter(first_row - 1, first_column - 1, last_row - 1, last_column - 1)


@lru_cache(maxsize=1)
def _worksheet_class() -> type[Any]:
    """Return XlsxWriter's worksheet with cells of our own; made when first wanted, since the import takes a moment."""
    from xlsxwriter.worksheet import Worksheet

    class OwnCells(Worksheet):  # type: ignore[misc]
        """A worksheet whose cells and links come from a :class:`SheetData`."""

        data: SheetData

        def _write_sheet_data(self) -> None:
            self._xml_start_tag("sheetData")
            for part in self.data.cells.parts():
                self.fh.write(part)
            self._xml_end_tag("sheetData")

        def _write_hyperlinks(self) -> None:
            if not self.data.hyperlinks:
                return
            self._xml_start_tag("hyperlinks")
            for part in self.data.hyperlinks.parts():
                self.fh.write(part)
            self._xml_end_tag("hyperlinks")

    return OwnCells


_DEFAULT: Final = {"font_name": "Arial", "font_size": 10, "font_scheme": False}
"""The workbook's default font: columns are measured in its digits.

Arial, or a font of its widths (Liberation Sans, Nimbus Sans), is at hand wherever Excel, WPS or LibreOffice is. A
default that is missing makes columns a third wider and the print as much smaller. Cells have fonts of their own.
"""

DIGIT_PIXELS: Final = 10 * 96 / 72 * 1139 / 2048
"""Width of one digit of the default font in pixels of 1/96 inch (Excel counts 7)."""


def text_width(text: str) -> int:
    """Return the width of a text in half-width characters."""
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2 if not text.isascii() else len(text)


@dataclass
class Book:
    """A workbook under construction."""

    workbook: Any
    styles: Styles
    strings: Strings
    sheets: list[SheetData] = field(default_factory=list)
    _buffer: BytesIO = field(default_factory=BytesIO)
    _properties: Mapping[str, object] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    @classmethod
    def new(cls) -> Book:
        """Start a workbook without sheets."""
        from xlsxwriter import Workbook

        buffer = BytesIO()
        workbook = Workbook(buffer, {"default_format_properties": _DEFAULT})
        return cls(workbook, Styles(workbook), Strings(workbook), [], buffer)

    def sheet(self, title: str) -> SheetData:
        """Add a sheet."""
        worksheet = self.workbook.add_worksheet(title, _worksheet_class())
        data = SheetData(worksheet, self.styles, self.strings)
        self.sheets.append(data)
        return data

    def has_name(self, name: str) -> bool:
        """Tell whether a table or an area has that name, case aside: they must all be different."""
        return name.casefold() in self._names

    def free_name(self, wanted: str) -> str:
        """Return ``wanted``, numbered where it is taken; from now on it is."""
        name, number = wanted, 1
        while self.has_name(name):
            number += 1
            name = f"{wanted}_{number}"
        self._names.add(name.casefold())
        return name

    def describe(self, words: Mapping[str, object]) -> None:
        """Set the document's properties; the time of its making is that of :meth:`save`."""
        self._properties = dict(words)

    def save(self, path: Path, moment: datetime) -> None:
        """Write the file; ``moment`` is the only time that it tells."""
        self.workbook.set_properties({**self._properties, "created": moment})
        look = self.workbook.add_format({"bold": True})
        for data in self.sheets:
            # Only tells which area is in use; the cells themselves are rendered here.
            data.worksheet.write_blank(0, 0, None, look)
            data.worksheet.write_blank(max(0, data.rows - 1), max(0, data.columns - 1), None, look)
        self.workbook.close()
        path.write_bytes(self._buffer.getbuffer())


_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that every program accepts: at most 31 characters, none forbidden, unlike any taken.

    ``taken`` holds the names in use, case folded; the new one is added to it.
    """
    name = _FORBIDDEN_IN_NAME.sub(" ", clean(wanted)).strip().strip("'").strip() or "表"
    if name.casefold() in {"history", "历史记录"}:
        name += "1"
    return unique(_shortened(name, ""), taken, lambda _, number: _shortened(name, f"({number})"))


def _shortened(name: str, suffix: str) -> str:
    """Cut a name in its middle, so that the year at its end stays."""
    room = 31 - len(suffix.encode("utf-16-le")) // 2
    units = len(name.encode("utf-16-le")) // 2
    if units > room:
        keep = name[-6:]
        head = name[: len(name) - 6]
        while len((head + "…" + keep).encode("utf-16-le")) // 2 > room:
            head = head[:-1]
        name = head + "…" + keep
    return (name + suffix).strip("'")
