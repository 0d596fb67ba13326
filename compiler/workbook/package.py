"""Books become one file.

What stands around the cells goes through XlsxWriter's public methods and is valid by construction. Four places reach
into it: a worksheet leaves room for its cells and links, and prepares a formula once; a format tells its number; the
table of shared strings is ours, and so is the range of a table. Styles and shared strings are numbered anew in the
order of the sheets, so that the file is the same whichever processes made them. Each large part of the file can then
be packed by itself, and the packed parts are put together.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from io import BytesIO
from itertools import compress, groupby, islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from zipfile import ZipFile

from compiler.workbook.xlsx import (
    DIGEST,
    NUMBER,
    SHARED,
    STYLE,
    TEXT_END,
    Book,
    Calls,
    Difference,
    SheetData,
    Spool,
    Style,
    Table,
    UsualStyles,
    at,
)

_LEVEL: Final = 3
"""Of zlib: it takes two fifths of the time of the usual 6, and the file is a fifth larger."""

_MUCH, _LEVEL_OF_MUCH = 16 << 20, 1
"""A part of so many bytes is packed in two thirds of the time, and is a tenth larger."""

_CELLS, _LINKS, _TEXTS = b"<!--cells-->", b"<!--links-->", b"<!--texts-->"
"""Stand in the parts that XlsxWriter makes for what is put there when the file is packed; no text has a bare <."""

_DEFAULT: Final = {"font_name": "Arial", "font_size": 10, "font_scheme": False}
"""The workbook's default font: columns are measured in its digits.

Arial, or a font of its widths (Liberation Sans, Nimbus Sans), is at hand wherever Excel, WPS or LibreOffice is. A
default that is missing makes columns a third wider and the print as much smaller. Cells have fonts of their own.
"""


@lru_cache(maxsize=1)
def _worksheet_class() -> type[Any]:
    """Return XlsxWriter's worksheet with cells of our own; made when first wanted, since the import takes a moment."""
    from xlsxwriter.worksheet import Worksheet

    # It looks each formula through for some hundred and fifty names of functions, however often it has seen it.
    prepared = lru_cache(maxsize=1024)(Worksheet()._prepare_formula)

    class OwnCells(Worksheet):  # type: ignore[misc]
        """A worksheet whose cells and links come from elsewhere."""

        whole: _Whole

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return str(prepared(formula, expand_future_functions))

        def _write_sheet_data(self) -> None:
            self.fh.write(f"<sheetData>{_CELLS.decode()}</sheetData>")

        def _write_hyperlinks(self) -> None:
            if any(part.hyperlinks for part in self.whole.parts):
                self.fh.write(f"<hyperlinks>{_LINKS.decode()}</hyperlinks>")

    return OwnCells


class _Whole:
    """A sheet of the file with the parts that it is made of."""

    def __init__(self, worksheet: Any) -> None:
        self.worksheet = worksheet
        self.parts: list[SheetData] = []


class _Frame:
    """The workbook of XlsxWriter, which makes all but the cells, the links and the shared strings."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        from xlsxwriter import Workbook

        self._buffer = BytesIO()
        self._workbook: Any = Workbook(self._buffer, {"default_format_properties": _DEFAULT, "in_memory": True})
        self._names: set[str] = set()
        self._differences: dict[Difference, Any] = {}
        self.sheets: dict[str, _Whole] = {}
        """The sheets by their names, in their order."""
        for name in names:
            self._sheet(name)

    def _sheet(self, name: str) -> _Whole:
        """Return a sheet of the file, which is added where it is not there yet."""
        if name not in self.sheets:
            worksheet = self._workbook.add_worksheet(name, _worksheet_class())
            worksheet.whole = self.sheets[name] = _Whole(worksheet)
        return self.sheets[name]

    def take(self, book: Book) -> array[int]:
        """Add the sheets of a book; return the numbers that its styles have here."""
        numbers = self.styles(book.styles.styles)
        for data in book.sheets:
            whole = self._sheet(data.name)
            whole.parts.append(data)
            worksheet = whole.worksheet
            self._replay(worksheet, data.worksheet)
            for table in data.tables:
                self._table(worksheet, table)
        for name, area in book.areas:
            if name.casefold() not in self._names:
                self._workbook.define_name(self._free(name), area)
        return numbers

    def parts(self, count: int, unique: int, words: Mapping[str, object]) -> dict[str, bytes]:
        """Return the parts of the file by their names, with marks where something is to be put."""
        self._workbook.set_properties({**words})
        look = self._workbook.add_format({"bold": True})
        for worksheet in self._workbook.worksheets():
            parts = worksheet.whole.parts
            # Only tells which area is in use; the cells themselves are rendered elsewhere.
            worksheet.write_blank(0, 0, None, look)
            rows, columns = max(one.rows for one in parts), max(one.columns for one in parts)
            worksheet.write_blank(max(0, rows - 1), max(0, columns - 1), None, look)
        # What it has noted of texts by itself (titles of tables) stands in our cells as well.
        table = self._workbook.str_table
        table.string_table, table.count, table.unique_count = {}, count, unique
        self._workbook.close()
        with ZipFile(self._buffer) as made:
            return {name: made.read(name).replace(b"</sst>", _TEXTS + b"</sst>") for name in made.namelist()}

    def styles(self, styles: Iterable[Style]) -> array[int]:
        """Return the numbers under which cells name styles; XlsxWriter gives one out when a cell is written."""
        formats = (self._workbook.add_format(style.format_fields) for style in styles)
        return array("L", (one._get_xf_index() for one in formats))

    def _replay(self, target: Any, calls: Calls) -> None:
        """Ask an object of XlsxWriter what was noted."""
        for name, arguments, options in calls.noted:
            getattr(target, name)(*map(self._made, arguments), **options)

    def _made(self, value: Any) -> Any:
        """Return what stands for an object of XlsxWriter as that object, also within options."""
        kind = type(value)
        if kind is int or kind is str:  # as almost all are
            return value
        if kind is Difference:
            known = self._differences.get(value)
            if known is None:
                known = self._differences[value] = self._workbook.add_format(dict(value.fields))
            return known
        if kind is Calls:
            chart = self._workbook.add_chart({"type": value.kind})
            self._replay(chart, value)
            return chart
        if kind is dict:
            return {key: self._made(one) for key, one in value.items()}
        return value

    def _table(self, worksheet: Any, table: Table) -> None:
        name = self._free(table.name)
        look = {"name": name, "style": table.look, "columns": [{"header": title} for title in table.titles]}
        # XlsxWriter notes each cell of a table, a million of them; it is told of two rows, and the range is put right.
        worksheet.add_table(table.header - 1, 0, table.header, len(table.titles) - 1, look)
        area = f"{at(table.header, 1)}:{at(table.last, len(table.titles))}"
        worksheet.tables[-1].update(range=area, a_range=area, autofilter=area)

    def _free(self, wanted: str) -> str:
        """Return ``wanted``, numbered where a table or an area has that name, case aside: all must be different."""
        name, number = wanted, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{wanted}_{number}"
        self._names.add(name.casefold())
        return name


_Hole = tuple[bytes, Callable[[], Iterable[bytes]]]
"""A mark in a part of the file, and what gives the bytes that are put there."""


class _Entry(NamedTuple):
    """A part of the file: what XlsxWriter made of it, and what is put at its marks, about ``size`` bytes."""

    name: str
    frame: bytes
    holes: tuple[_Hole, ...] = ()
    size: int = 0

    def blocks(self) -> Iterator[bytes]:
        rest = self.frame
        for mark, fill in self.holes:
            before, found, rest = rest.partition(mark)
            yield before
            if found:
                yield from fill()
        yield rest


class _Packed(NamedTuple):
    """A part of the file, packed: its check sum, its size as it was and packed, and its bytes."""

    check: int
    size: int
    length: int
    content: Iterable[bytes]


_HEAD: Final = struct.Struct("<LQQ")
"""Stands before the bytes in a file that holds one packed part: check sum and both sizes."""


class Package:
    """The file that some books become. ``moment`` is the only time that it tells; the sheets called ``names`` come
    first, then all others as the books have them."""

    def __init__(self, books: Sequence[Book], moment: datetime, names: Sequence[str] = ()) -> None:
        frame, texts = _Frame(names), _Texts()
        for book in books:  # all that have any have the same
            frame.styles(book.styles.usual.styles)
        sheets: dict[str, list[_Numbered]] = {name: [] for name in names}
        for book in books:
            numbers = frame.take(book), texts.take(book)
            for data in book.sheets:
                parts = sheets.setdefault(data.name, [])
                parts.append(_Numbered(data, *numbers, parts[-1].shared + parts[-1].data.shared if parts else 0))
        words = {name: value for book in books for name, value in book.properties.items()}
        made = frame.parts(texts.count, texts.unique, {**words, "created": moment})
        texts.end()
        holes: dict[str, tuple[tuple[_Hole, ...], int]] = {
            "xl/sharedStrings.xml": (((_TEXTS, texts.items),), texts.size)
        }
        for number, parts in enumerate(sheets.values(), 1):
            filled = (_CELLS, partial(_rows, parts)), (_LINKS, partial(_links, parts))
            size = sum(part.data.cells.size + part.data.hyperlinks.size for part in parts)
            holes[f"xl/worksheets/sheet{number}.xml"] = filled, size
        self._entries = [_Entry(name, content, *holes.get(name, ())) for name, content in made.items()]

    @property
    def large(self) -> list[str]:
        """Return the names of the parts that are worth packing by themselves."""
        return [entry.name for entry in self._entries if entry.holes]

    def pack(self, name: str, path: Path) -> None:
        """Pack a part into a file of its own."""
        (entry,) = (one for one in self._entries if one.name == name)
        with path.open("wb") as file:
            file.write(_HEAD.pack(0, 0, 0))
            told = _pack(entry, file)
            file.seek(0)
            file.write(_HEAD.pack(*told))

    def save(self, path: Path, packed: Mapping[str, Path] | None = None) -> None:
        """Write the file; parts that are ``packed`` already are taken from there."""
        with path.open("wb") as file:
            archive = _Archive(file)
            for entry in self._entries:
                known = packed.get(entry.name) if packed else None
                archive.add(entry.name, _packed_at(known) if known is not None else _packed(entry))
            archive.end()


def usual_styles(styles: Iterable[Style]) -> UsualStyles:
    """Return styles that come first in a file, each once, with the numbers that they have there."""
    once = tuple(dict.fromkeys(styles))
    return UsualStyles(once, tuple(_Frame().styles(once)))


def save_book(book: Book, path: Path, moment: datetime) -> None:
    """Write a book as a file of its own; ``moment`` is the only time that it tells."""
    book.end()
    Package([book], moment).save(path)


class _Texts:
    """The shared strings of all books, each once, in the order of their first use."""

    def __init__(self) -> None:
        self.count = 0
        self._numbers: dict[bytes, int] = {}
        self._items: list[tuple[Spool, bytearray]] = []

    @property
    def unique(self) -> int:
        return len(self._numbers)

    @property
    def size(self) -> int:
        return sum(spool.size for spool, _ in self._items)

    def take(self, book: Book) -> array[int]:
        """Add the strings of a book; return the numbers that they have here."""
        digests, numbers, new = bytes(book.strings.digests), array("L"), bytearray()
        for start in range(0, len(digests), DIGEST):
            known = len(self._numbers)
            number = self._numbers.setdefault(digests[start : start + DIGEST], known)
            numbers.append(number)
            new.append(number == known)
        self.count += book.strings.count
        self._items.append((book.strings.items, new))
        return numbers

    def end(self) -> None:
        """Know the strings no longer: no further book comes."""
        self._numbers.clear()

    def items(self) -> Iterator[bytes]:
        """Yield the strings as they stand in the file."""
        end = TEXT_END.encode()
        for spool, new in self._items:
            first = 0
            for block in spool.parts():
                items = block.split(end)[:-1]
                kept = [*compress(items, new[first : first + len(items)])]
                first += len(items)
                yield end.join([*kept, b""])


class _Numbered(NamedTuple):
    """A part of a sheet, with the numbers that its styles and strings have in the file, and its first shared formula
    in the sheet."""

    data: SheetData
    styles: array[int]
    texts: array[int]
    shared: int


def _rows(parts: Sequence[_Numbered]) -> Iterator[bytes]:
    """Yield the rows of a sheet, whichever of its parts they stand in, by their numbers."""
    runs = sorted((first, n) for n, part in enumerate(parts) for first, _ in part.data.runs)
    order = [n for n, _ in groupby(n for _, n in runs)]
    if len(order) == len({*order}):  # each part as a whole stands before or behind any other
        for n in order:
            yield from _renumbered(parts[n])
        return
    with tempfile.TemporaryFile() as file:
        places: list[tuple[int, int, int]] = []
        for part in parts:
            rows = _single_rows(part)
            for first, many in part.data.runs:
                places.append((first, file.tell(), file.write(b"".join(islice(rows, many)))))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            for _, start, length in sorted(places):
                yield held[start : start + length]


def _single_rows(part: _Numbered) -> Iterator[bytes]:
    for block in _renumbered(part):
        for row in block.split(_ROW_END)[:-1]:
            yield row + _ROW_END


_ROW_END: Final = b"</row>"


def _links(parts: Sequence[_Numbered]) -> Iterator[bytes]:
    for part in parts:
        yield from part.data.hyperlinks.parts()


def _renumbered(part: _Numbered) -> Iterator[bytes]:
    """Yield the rows of a part of a sheet with the numbers that styles, strings and formulas have in the file."""
    mark = NUMBER.encode()
    numbers = {f"{STYLE}{own}".encode(): b"%d" % number for own, number in enumerate(part.styles)}
    numbers |= {b"%d" % own: b"%d" % number for own, number in enumerate(part.texts)}
    numbers |= {f"{SHARED}{own}".encode(): b"%d" % (part.shared + own) for own in range(part.data.shared)}
    for block in part.data.cells.parts():
        pieces = block.split(mark)
        pieces[1::2] = map(numbers.__getitem__, pieces[1::2])
        yield b"".join(pieces)


def _pack(entry: _Entry, file: IO[bytes]) -> tuple[int, int, int]:
    """Write a part packed; return its check sum and its size as it was and packed."""
    level = _LEVEL if entry.size < _MUCH else _LEVEL_OF_MUCH
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    check = size = length = 0
    for block in entry.blocks():
        check, size = zlib.crc32(block, check), size + len(block)
        length += file.write(deflate.compress(block))
    length += file.write(deflate.flush())
    return check, size, length


def _packed(entry: _Entry) -> _Packed:
    buffer = BytesIO()
    return _Packed(*_pack(entry, buffer), [buffer.getvalue()])


def _packed_at(path: Path) -> _Packed:
    """Return the part that was packed into a file."""

    def content() -> Iterator[bytes]:
        with path.open("rb") as file:
            file.seek(_HEAD.size)
            while block := file.read(1 << 20):
                yield block

    with path.open("rb") as file:
        check, size, length = _HEAD.unpack(file.read(_HEAD.size))
    return _Packed(check, size, length, content())


_ZIP_DATE: Final = (0 << 9) | (1 << 5) | 31
"""The same file from the same content at any time: 1980-01-31; some programs take no earlier time for one."""

_MOST: Final = 0xFFFFFFFF
"""A size or a place from which on the format for more than four gigabytes is needed."""


def _zip64(fields: bytes) -> bytes:
    """Return what an archive tells beside an entry whose numbers have no room in it."""
    return struct.pack("<HH", 1, len(fields)) + fields if fields else b""


class _Archive:
    """A zip archive of parts that may be packed already, which ``zipfile`` does not take."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._directory: list[bytes] = []

    def add(self, title: str, part: _Packed) -> None:
        """Add a part."""
        start, name = self._file.tell(), title.encode("ascii")
        large, far = max(part.size, part.length) >= _MOST, start >= _MOST
        sizes = struct.pack("<QQ", part.size, part.length) if large else b""
        place = struct.pack("<Q", start) if far else b""

        def told(more: bytes) -> bytes:
            version, short = (45 if large or far else 20), (_MOST, _MOST) if large else (part.length, part.size)
            lengths = len(name), len(more)
            return struct.pack("<HHHHHLLLHH", version, 0, 8, 0, _ZIP_DATE, part.check, *short, *lengths)

        more = _zip64(sizes)
        self._file.write(b"PK\3\4" + told(more) + name + more)
        for block in part.content:
            self._file.write(block)
        more = _zip64(sizes + place)
        about = struct.pack("<HHHLL", 0, 0, 0, 0o600 << 16, min(start, _MOST))
        self._directory.append(b"PK\1\2\x14\3" + told(more) + about + name + more)

    def end(self) -> None:
        """Write the directory."""
        start, count = self._file.tell(), len(self._directory)
        content = b"".join(self._directory)
        self._file.write(content)
        if start >= _MOST:
            here = self._file.tell()
            told = struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, len(content), start)
            self._file.write(b"PK\6\6" + told + b"PK\6\7" + struct.pack("<LQL", 0, here, 1))
        told = struct.pack("<HHHHLLH", 0, 0, count, count, len(content), min(start, _MOST), 0)
        self._file.write(b"PK\5\6" + told)
