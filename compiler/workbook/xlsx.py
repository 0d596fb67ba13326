"""Write the cells of a workbook as XML by ourselves, and leave the rest of the file to openpyxl.

openpyxl writes either a formula or its value; officials' previewers need both. So the cells are rendered
here (formula and value, rich text, links, shared strings), each style is registered with openpyxl once,
and when openpyxl has written a workbook without cells the sheets' data are put in. That is also what
keeps a hundred thousand rows quick and small in memory: nothing is held but the text of the cells.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_TEXT: Final = 32_767
"""The most characters of one cell."""

MAX_LINKS: Final = 65_000
"""Excel takes 65,530 links on a sheet; beyond that a link is written as a formula."""

_SPILL: Final = 4_000_000
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile('[&<>"]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_TRIGGERS = frozenset("=+-@＝＋－＠\t\r\n")


def clean(text: str) -> str:
    """Return ``text`` without what no XML file may hold, and without carriage returns."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub("", text)


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES[match.group()]


def xml(text: str) -> str:
    """Return cleaned text escaped for XML; what Excel would read as an escape of its own is kept as it is."""
    if _UNSAFE.search(text) or "\r" in text:
        text = clean(text)
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    return _SPECIAL.sub(_entity, text) if _SPECIAL.search(text) else text


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
    """A live formula (without ``=``) with the value that it has now."""

    text: str
    value: str | Decimal | int | None


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


class Styles:
    """Registers styles with a workbook, each once."""

    def __init__(self, workbook: Workbook) -> None:
        self._scratch: Any = workbook.active
        self._workbook = workbook
        self._numbers: dict[Style, int] = {}
        self._quoted: dict[int, int] = {}
        self._by_number: dict[int, Style] = {}

    def number(self, style: Style) -> int:
        """Return the number of ``style`` in the workbook."""
        known = self._numbers.get(style)
        if known is None:
            known = self._numbers[style] = self._register(style)
            self._by_number.setdefault(known, style)
        return known

    def quoted(self, number: int) -> int:
        """Return the number of the same style that keeps its text from becoming a formula when edited."""
        known = self._quoted.get(number)
        if known is None:
            from dataclasses import replace

            style = self._by_number.get(number, Style())
            known = self._quoted[number] = self.number(replace(style, quoted=True))
        return known

    def _register(self, style: Style) -> int:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        cell: Any = WriteOnlyCell(self._scratch)
        cell.font = Font(
            name=style.font or None,
            size=style.size,
            bold=style.bold,
            italic=style.italic,
            color=style.colour or None,
            underline="single" if style.underline else None,
        )
        if style.fill:
            cell.fill = PatternFill("solid", fgColor=style.fill)
        if style.border:
            side = Side(style="thin", color=style.border)
            cell.border = Border(left=side, right=side, top=side, bottom=side)
        cell.alignment = Alignment(
            horizontal=style.horizontal or None,
            vertical=style.vertical or None,
            wrap_text=style.wrap or None,
            indent=style.indent,
        )
        if style.unlocked:
            cell.protection = Protection(locked=False)
        cell.number_format = style.format
        if style.quoted:
            cell.quotePrefix = True
        return int(cell.style_id)


class Strings:
    """The table of shared strings."""

    def __init__(self) -> None:
        self._index: dict[str | Rich, int] = {}
        self.count = 0

    def number(self, value: str | Rich) -> int:
        """Return the number of a text."""
        self.count += 1
        index = self._index
        known = index.get(value)
        if known is None:
            known = index[value] = len(index)
        return known

    def parts(self) -> Iterator[str]:
        """Yield the XML of the table."""
        yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        yield '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        yield f'count="{self.count}" uniqueCount="{len(self._index)}">'
        for value in self._index:
            if isinstance(value, str):
                yield f'<si><t xml:space="preserve">{xml(value)}</t></si>'
            else:
                yield "<si>"
                for run in value.runs:
                    look = '<rPr><b/><color rgb="FFC00000"/></rPr>' if run.strong else ""
                    yield f'<r>{look}<t xml:space="preserve">{xml(run.text)}</t></r>'
                yield "</si>"
        yield "</sst>"


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


class SheetData:
    """The rows and links of one sheet, rendered as they come."""

    def __init__(self, worksheet: Worksheet, styles: Styles, strings: Strings) -> None:
        self.worksheet = worksheet
        self.styles = styles
        self.strings = strings
        self.rows = 0
        self.columns = 0
        self.links = 0
        self.long_texts: list[str] = []
        self._pieces: list[str] = []
        self._size = 0
        self._file: IO[bytes] | None = None
        self._links: list[str] = []

    @property
    def name(self) -> str:
        """Return the sheet's name."""
        return str(self.worksheet.title)

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
        self._pieces.append(text)
        self._size += len(text)
        if self._size > _SPILL:
            self._spill()
        self.rows = number
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
        result = value.value
        if result is None:
            return f'<c r="{name}" s="{style}" t="str"><f>{formula}</f><v></v></c>'
        if isinstance(result, str):
            return f'<c r="{name}" s="{style}" t="str"><f>{formula}</f><v>{xml(result)}</v></c>'
        number = format(result, "f") if isinstance(result, Decimal) else str(result)
        return f'<c r="{name}" s="{style}"><f>{formula}</f><v>{number}</v></c>'

    def link(self, cell: str, sheet: str, target: str, tip: str = "") -> bool:
        """Link a cell to a cell of a sheet. False where the sheet can take no more links."""
        if self.links >= MAX_LINKS:
            return False
        self.links += 1
        location = xml(f"{quoted_name(sheet)}!{target}")
        shown = f' tooltip="{xml(tip[:250])}"' if tip else ""
        self._links.append(f'<hyperlink ref="{cell}" location="{location}" display="{cell}"{shown}/>')
        return True

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the workbook is written
        self._file.write("".join(self._pieces).encode("utf-8"))
        self._pieces = []
        self._size = 0

    def parts(self) -> Iterator[bytes]:
        """Yield the XML of the rows."""
        if self._file is not None:
            self._file.seek(0)
            while block := self._file.read(1 << 20):
                yield block
            self._file.close()
        yield "".join(self._pieces).encode("utf-8")

    @property
    def dimension(self) -> str:
        """Return the area that the cells take."""
        return f"A1:{at(max(1, self.rows), max(1, self.columns))}"

    @property
    def links_xml(self) -> str:
        """Return the XML of the links, empty where there are none."""
        return f"<hyperlinks>{''.join(self._links)}</hyperlinks>" if self._links else ""


@dataclass
class Book:
    """A workbook under construction."""

    workbook: Workbook
    styles: Styles
    strings: Strings = field(default_factory=Strings)
    sheets: list[SheetData] = field(default_factory=list)

    @classmethod
    def new(cls) -> Book:
        """Start a workbook without sheets."""
        from openpyxl import Workbook

        workbook = Workbook()
        return cls(workbook, Styles(workbook))

    def sheet(self, title: str) -> SheetData:
        """Add a sheet. The first one takes the place of the sheet that openpyxl starts with."""
        if self.sheets:
            worksheet: Any = self.workbook.create_sheet(title)
        else:
            worksheet = self.workbook.active
            assert worksheet is not None
            worksheet.title = title
        data = SheetData(worksheet, self.styles, self.strings)
        self.sheets.append(data)
        return data

    def save(self, path: Path, moment: datetime) -> None:
        """Write the file; ``moment`` is the only time that it tells."""
        from openpyxl import writer  # noqa: F401 - the writer is what save() needs; fail here if it is broken

        properties = self.workbook.properties
        properties.created = properties.modified = moment
        shell = BytesIO()
        self.workbook.save(shell)
        shell.seek(0)
        sheets = {f"xl/worksheets/sheet{n}.xml": data for n, data in enumerate(self.sheets, 1)}
        stamp = (max(1980, moment.year), moment.month, moment.day, moment.hour, moment.minute, moment.second)
        with zipfile.ZipFile(shell) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as new:
            for entry in old.infolist():
                info = zipfile.ZipInfo(entry.filename, stamp)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                content = old.read(entry.filename)
                if entry.filename in sheets:
                    with new.open(info, "w", force_zip64=True) as out:
                        for piece in _spliced(content.decode("utf-8"), sheets[entry.filename]):
                            out.write(piece)
                elif entry.filename == "xl/sharedStrings.xml":
                    continue
                elif entry.filename == "xl/_rels/workbook.xml.rels":
                    new.writestr(info, _with(content, _STRINGS_RELATION, "sharedStrings", "</Relationships>"))
                elif entry.filename == "[Content_Types].xml":
                    new.writestr(info, _with(content, _STRINGS_TYPE, "sharedStrings", "</Types>"))
                elif entry.filename == "docProps/core.xml":
                    when = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
                    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z?", when, content.decode("utf-8"))
                    new.writestr(info, text.encode("utf-8"))
                else:
                    new.writestr(info, content)
            info = zipfile.ZipInfo("xl/sharedStrings.xml", stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with new.open(info, "w", force_zip64=True) as out:
                for piece in self._string_blocks():
                    out.write(piece)

    def _string_blocks(self) -> Iterator[bytes]:
        block: list[str] = []
        size = 0
        for part in self.strings.parts():
            block.append(part)
            size += len(part)
            if size > 1 << 20:
                yield "".join(block).encode("utf-8")
                block, size = [], 0
        yield "".join(block).encode("utf-8")


_STRINGS_RELATION = (
    '<Relationship Id="rIdStrings" Target="sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
_STRINGS_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def _with(content: bytes, addition: str, mark: str, before: str) -> bytes:
    """Return a part of the package with ``addition`` in it, unless what it adds is there already."""
    text = content.decode("utf-8")
    return (text if mark in text else text.replace(before, addition + before)).encode("utf-8")


_AFTER_LINKS = re.compile(
    "<(?:printOptions|pageMargins|pageSetup|headerFooter|rowBreaks|drawing|tableParts)|</worksheet>"
)


def _spliced(shell: str, data: SheetData) -> Iterator[bytes]:
    """Yield the sheet that openpyxl wrote, with its cells and links put in."""
    shell = re.sub(r'<dimension ref="[^"]*"\s*/>', f'<dimension ref="{data.dimension}"/>', shell, count=1)
    match = re.search(r"<sheetData\s*/>|<sheetData>\s*</sheetData>", shell)
    if match is None:
        raise ValueError("openpyxl wrote cells of its own")
    head, tail = shell[: match.start()], shell[match.end() :]
    yield head.encode("utf-8")
    yield b"<sheetData>"
    yield from data.parts()
    yield b"</sheetData>"
    links = data.links_xml
    if links:
        place = _AFTER_LINKS.search(tail)
        assert place is not None
        tail = tail[: place.start()] + links + tail[place.start() :]
    yield tail.encode("utf-8")


_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that every program accepts: at most 31 characters, none forbidden, unlike any taken.

    ``taken`` holds the names in use, case folded; the new one is added to it.
    """
    name = _FORBIDDEN_IN_NAME.sub(" ", clean(wanted)).strip().strip("'").strip() or "表"
    if name.casefold() in {"history", "历史记录"}:
        name += "1"
    number = 1
    candidate = _shortened(name, "")
    while candidate.casefold() in taken:
        number += 1
        candidate = _shortened(name, f"({number})")
    taken.add(candidate.casefold())
    return candidate


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
