"""Write the cells of a workbook as XML by ourselves, and leave the rest of the file to XlsxWriter.

The cells are rendered here as they come: a formula with the value that it has now, rich text, exact decimals; nothing
is held but their text, which keeps a hundred thousand rows quick and small in memory. What stands around the cells
(links, merged areas, tables, drop-downs, charts, print set-up) is noted, and asked of XlsxWriter when the file is made
(:mod:`package`).

Any process can make any sheet, since a :class:`Book` numbers its styles and its shared strings by itself; where one of
these numbers stands in a cell, :data:`NUMBER` stands on both sides of it. The numbers that they have in the file are
known when all its books are; those of the usual styles before (:class:`UsualStyles`), and they stand in the cells as
they are.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from compiler.strings import unique, without_control

MAX_TEXT: Final = 32_767
"""The most characters of one cell."""

MAX_LINKS: Final = 65_000
"""Excel takes 65,530 links on a sheet; beyond that a link is written as a formula."""

_SPILL: Final = 1 << 18
"""Characters of a part that are held before they go to the disk."""

_LITTLE: Final = 1 << 12
"""So few characters are held, not laid aside, for another process."""
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_TRIGGERS = frozenset("=+-@＝＋－＠\t\r\n")


def for_xml(text: str) -> str:
    """Return ``text`` without what no XML file may hold, and without carriage returns."""
    if text.isprintable():
        return text
    return without_control(text.replace("\r\n", "\n").replace("\r", "\n"))


def xml(text: str) -> str:
    """Return cleaned text escaped for XML; what Excel would read as an escape of its own is kept as it is."""
    return _text(for_xml(text)).replace('"', "&quot;")


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet might take the text for a formula when someone edits its cell."""
    return text[:1] in _TRIGGERS


class RichRun(NamedTuple):
    """A piece of rich text; ``strong`` pieces are bold and red."""

    text: str
    strong: bool = False


class Rich(NamedTuple):
    """Text with strong pieces in it."""

    runs: tuple[RichRun, ...]

    @property
    def text(self) -> str:
        """Return the text alone."""
        return "".join(run.text for run in self.runs)


class Formula(NamedTuple):
    """A live formula (without ``=``) with the value that it has now; ``array`` computes over whole areas.

    One that is ``alike`` names cells of its own row (:data:`ROW`), and others absolutely. Where it stands in several
    rows that follow each other, it can be written once: ``shared`` is the number that all of them have, and the area
    of their cells, which the first one tells.
    """

    text: str
    value: str | Decimal | int | None
    array: bool = False
    alike: bool = False
    shared: tuple[int, str] | None = None


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


class Difference(NamedTuple):
    """How a cell looks that meets a condition, beside its style: fields of XlsxWriter with their values."""

    fields: tuple[tuple[str, object], ...]


class UsualStyles(NamedTuple):
    """Styles that come first in a file, with the numbers that they have there."""

    styles: tuple[Style, ...] = ()
    numbers: tuple[int, ...] = ()


class Styles:
    """The styles of a book, each once: the usual ones, then others in the order of their first use."""

    def __init__(self, usual: UsualStyles) -> None:
        self.usual = usual
        self.styles = [*usual.styles]
        self._numbers = {style: number for number, style in enumerate(self.styles)}
        self._quoted: dict[int, int] = {}

    def number(self, style: Style) -> int:
        """Return the number of ``style`` in the book."""
        known = self._numbers.get(style)
        if known is None:
            known = self._numbers[style] = len(self.styles)
            self.styles.append(style)
        return known

    def quoted(self, number: int) -> int:
        """Return the number of the same style that keeps its text from becoming a formula when edited."""
        known = self._quoted.get(number)
        if known is None:
            known = self._quoted[number] = self.number(replace(self.styles[number], quoted=True))
        return known

    def filled(self, number: int, fill: str) -> int:
        """Return the number of the same style on another ground."""
        return self.number(replace(self.styles[number], fill=fill))

    def difference(self, *, fill: str = "", colour: str = "", bold: bool = False, border: str = "") -> Difference:
        """Return a look for cells that meet a condition."""
        fields: dict[str, object] = {}
        if fill:
            fields["bg_color"] = f"#{fill}"
        if colour:
            fields["font_color"] = f"#{colour}"
        if bold:
            fields["bold"] = True
        if border:
            fields |= {"border": 1, "border_color": f"#{border}"}
        return Difference(tuple(fields.items()))


DIGEST: Final = 16
"""Bytes by which a shared string is known."""

TEXT_END: Final = "</si>"
"""Ends a shared string, and stands nowhere in one."""


class Strings:
    """The shared strings of a book: each once, in the order of their first use, rendered as they come."""

    def __init__(self, spool: Spool) -> None:
        self.count = 0
        """How many cells hold one."""
        self.digests = bytearray()
        """What tells each from all others, those of other books too, without its being held: :data:`DIGEST` bytes."""
        self.items = spool
        self.plain = _Plain(self)
        self._others: dict[str | bytes, int] = {}

    def number(self, value: str | Rich) -> int:
        """Return the number of a text."""
        if isinstance(value, str):
            known = self.plain[value]
            if known < 0:
                known = self._others.get(value, -1)
            if known < 0:
                known = self._others[value] = self.new(value)
            return known
        item = f"<si>{''.join(map(_run, value.runs))}{TEXT_END}"
        # Tens of thousands of sentences, hardly one of them twice: they are told apart without being held.
        key = _digest(item)
        known = self._others.get(key, -1)
        if known < 0:
            known = self._others[key] = self._add(item, key)
        return known

    def new(self, value: str) -> int:
        """Return the number of a text that has none yet."""
        text = for_xml(value)
        if text != value:
            return self.number(text)
        space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
        item = f"<si><t{space}>{_text(text)}</t>{TEXT_END}"
        return self._add(item, _digest(item))

    def end(self) -> None:
        """Keep no more than the file needs: no further text comes."""
        self.plain.clear()
        self._others.clear()
        self.items.end()

    def _add(self, item: str, digest: bytes) -> int:
        self.items.add(item)
        self.digests += digest
        return len(self.digests) // DIGEST - 1


def _digest(item: str) -> bytes:
    return blake2b(item.encode("utf-8", "replace"), digest_size=DIGEST).digest()


class _Plain(dict[str, int]):
    """The numbers of the texts that a cell may hold just as they are; of others, which are not kept here, -1."""

    def __init__(self, strings: Strings) -> None:
        super().__init__()
        self._strings = strings

    def __missing__(self, text: str) -> int:
        if is_risky(text) or len(text) > MAX_TEXT:
            return -1
        number = self[text] = self._strings.new(text)
        return number


def _run(run: RichRun) -> str:
    look = '<rPr><b/><color rgb="FFC00000"/></rPr>' if run.strong else ""
    return f'<r>{look}<t xml:space="preserve">{xml(run.text)}</t></r>'


def _text(text: str) -> str:
    """Return cleaned text as the content of an element, where quotation marks may stand as they are."""
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    # To replace what is not there takes less time than to search for any of them first.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def letter(column: int) -> str:
    """Return the letters of a column, from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


LETTERS: Final = ("", *(letter(n) for n in range(1, 1001)))


_TEXT_CELL: Final = ' t="s"'
"""Tells in a cell that it holds a shared string; no value of a cell holds a quotation mark."""

NUMBER: Final = "\1"
"""Stands before and behind the number of a style or a shared string of the book; no file can hold it."""

STYLE: Final = "s"
"""Begins the number of a style, so that it reads unlike that of a string."""

SHARED: Final = "f"
"""Begins the number of a formula that several cells share."""

ROW: Final = "\0"
"""Stands for the number of a cell's row in a formula, so that those of a column read alike; no file can hold it."""


class _Beginnings(dict[int, str]):
    """How the cells of one style begin, by column."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, column: int) -> str:
        text = self[column] = f'<c r="{LETTERS[column]}{ROW}" s="{self._style}"'
        return text


class _Heads(dict[int, _Beginnings]):
    """How cells begin, by style and column."""

    def __init__(self, usual: UsualStyles) -> None:
        super().__init__()
        self._usual = usual.numbers

    def __missing__(self, style: int) -> _Beginnings:
        usual = style < len(self._usual)
        told = str(self._usual[style]) if usual else f"{NUMBER}{STYLE}{style}{NUMBER}"
        found = self[style] = _Beginnings(told)
        return found


def _formula(head: str, value: Formula) -> str:
    """Return the cell of a formula that begins with ``head``."""
    text, result, array, _, shared = value
    if array:  # the area is the cell itself
        formula = f'<f t="array" ref="{head[6 : head.index(chr(34), 6)]}">{_formula_text(text)}</f>'
    elif shared is None:
        formula = f"<f>{_formula_text(text)}</f>"
    elif area := shared[1]:
        formula = f'<f t="shared" ref="{area}" si="{NUMBER}{SHARED}{shared[0]}{NUMBER}">{_formula_text(text)}</f>'
    else:
        formula = f'<f t="shared" si="{NUMBER}{SHARED}{shared[0]}{NUMBER}"/>'
    if result is None or result == "":
        return f'{head} t="str">{formula}<v></v></c>'
    if type(result) is str:
        return f'{head} t="str">{formula}<v>{xml(result)}</v></c>'
    number = format(result, "f") if isinstance(result, Decimal) else str(result)
    return f"{head}>{formula}<v>{number}</v></c>"


@lru_cache(maxsize=4096)
def _formula_text(text: str) -> str:
    return ROW.join(map(xml, text.split(ROW)))


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


class Spool:
    """Text that goes into the file at its end; what is much of it waits on the disk, so that no sheet is held whole.

    It waits in a file called ``path``, where another process is to read it, else in one without a name.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._pieces: list[str] = []
        self._size = 0
        self._lengths: list[int] = []
        self._last = b""
        self._file: IO[bytes] | None = None
        self._packed = False
        self._whole = 0

    def __bool__(self) -> bool:
        return bool(self._pieces or self._lengths or self._last)

    def __getstate__(self) -> dict[str, object]:
        """Leave behind the open file; the other process opens it by its name."""
        return {**vars(self), "_file": None}

    @property
    def size(self) -> int:
        """Return how many bytes there are, now that nothing more is to come."""
        return self._whole

    def add(self, text: str) -> None:
        """Add a piece."""
        self._pieces.append(text)
        self._size += len(text)
        if self._size > _SPILL:
            self._spill()

    def end(self) -> None:
        """Hold what there is as bytes, or on the disk with the rest: nothing more is to come."""
        if self._file is not None or (self._path is not None and self._size > _LITTLE):
            self._spill()
            assert self._file is not None
            self._file.flush()
        else:
            self._last += self._rest()
        self._pieces = []
        self._whole = sum(self._lengths) + len(self._last)

    def take(self, path: Path, blocks: Sequence[bytes]) -> None:
        """Hold in a file called ``path`` what another run has packed block by block."""
        with path.open("wb") as file:
            self._lengths = [file.write(block) for block in blocks]
        self._path, self._last, self._packed = path, b"", True

    def _spill(self) -> None:
        if self._file is None:
            # Gone with the workbook that it is a part of, or with the folder.
            self._file = self._path.open("wb") if self._path is not None else tempfile.TemporaryFile()  # noqa: SIM115
        self._lengths.append(self._file.write(self._rest()))
        self._pieces, self._size = [], 0

    def _rest(self) -> bytes:
        return "".join(self._pieces).encode("utf-8")

    def parts(self) -> Iterator[bytes]:
        """Yield all of it in the order in which it was added, some whole pieces at once."""
        if self._lengths:
            file = self._path.open("rb") if self._path is not None else self._file
            assert file is not None
            file.seek(0)
            for length in self._lengths:
                block = file.read(length)
                yield zlib.decompress(block) if self._packed else block
            if file is not self._file:
                file.close()
        if self._last:
            yield self._last


class Calls:
    """Notes what is asked of an object of XlsxWriter, which is made later."""

    def __init__(self, kind: str = "") -> None:
        self.kind = kind
        self.noted: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        """Return what takes down a call of the method ``name``."""
        if name.startswith("_"):
            raise AttributeError(name)

        def note(*arguments: Any, **options: Any) -> None:
            self.noted.append((name, arguments, options))

        return note


class Table(NamedTuple):
    """Rows that are a table for other programs."""

    name: str
    look: str
    header: int
    last: int
    titles: tuple[str, ...]


class SheetData:
    """The rows of one sheet, rendered as they come; ``worksheet`` takes down all that is no cell.

    ``height`` is that of all rows so far in points, ``head`` those of the first ones. Several of one name are parts of
    one sheet, whose rows may lie between each other's.
    """

    def __init__(self, name: str, styles: Styles, strings: Strings, cells: Spool, links: Spool) -> None:
        self.name = name
        self.worksheet: Any = Calls()
        self.tables: list[Table] = []
        self.styles = styles
        self.strings = strings
        self.rows = 0
        self.columns = 0
        self.runs: list[list[int]] = []
        """Where rows follow each other: the number of the first, and how many there are."""
        self.shared = 0
        """How many formulas stand once for several cells."""
        self.links = 0
        self.most_links = MAX_LINKS
        self.height = 0.0
        self.head: list[float] = []
        self.long_texts: list[str] = []
        self.cells = cells
        self.hyperlinks = links
        self._heads = _Heads(styles.usual)
        self._linked: set[str] = set()
        self._sheets: dict[str, str] = {}

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
        cell = self.cell
        texts = [cell(number, column, value, style) for column, value, style in cells]
        more = (' customHeight="1"' if fixed else "") + (' hidden="1"' if hidden else "")
        self._put(number, texts, height, more, shown=not hidden)
        if cells:
            self.columns = max(self.columns, cells[-1][0])

    def rendered(
        self, numbers: Sequence[int], columns: Sequence[Sequence[str]], heights: Sequence[float], last: int
    ) -> None:
        """Add rows by their numbers whose cells are rendered already (:meth:`cell`), column by column.

        ``last`` is the number of the last column: some texts may hold the cells of several.
        """
        for number, height, *texts in zip(numbers, heights, *columns, strict=True):
            self._put(number, texts, height)
        self.columns = max(self.columns, last)

    def _put(self, number: int, texts: Iterable[str], height: float, more: str = "", *, shown: bool = True) -> None:
        high = f' ht="{height:g}"' if height else ""
        text = f'<row r="{ROW}"{high}{more}>{"".join(texts)}</row>'
        self.strings.count += text.count(_TEXT_CELL)
        self.cells.add(text.replace(ROW, str(number)))
        if self.runs and number == self.rows + 1:
            self.runs[-1][1] += 1
        else:
            self.runs.append([number, 1])
        self.rows = number
        if shown:
            self.height += height or DEFAULT_HEIGHT
            if number <= _HEAD:
                self.head.append(height or DEFAULT_HEIGHT)

    def beginning(self, column: int, style: int) -> str:
        """Return how a cell of a column begins."""
        return self._heads[style][column]

    def cell(self, number: int, column: int, value: Value, style: int) -> str:
        """Return a cell of row ``number`` as it stands in the file, with :data:`ROW` for the row."""
        kind = type(value)
        # Millions of cells pass here: the commonest kinds come first, and nothing is looked up twice.
        if value is None or value == "":
            return f"{self._heads[style][column]}/>"
        if kind is str:
            known = self.strings.plain[value]  # type: ignore[index]
            if known >= 0:
                return f"{self._heads[style][column]}{_TEXT_CELL}><v>{NUMBER}{known}{NUMBER}</v></c>"
        elif kind is int:
            return f"{self._heads[style][column]}><v>{value}</v></c>"
        elif kind is Decimal:
            return f"{self._heads[style][column]}><v>{value:f}</v></c>"
        elif kind is Formula:
            return _formula(self._heads[style][column], value)  # type: ignore[arg-type]
        return self._other(number, column, value, style)

    def _other(self, number: int, column: int, value: Value, style: int) -> str:
        """Return a cell whose value asks for more than to be put down: a new text, a date."""
        if isinstance(value, bool):
            return f'{self._heads[style][column]} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return f"{self._heads[style][column]}><v>{serial(value)}</v></c>"
        text = value.text if isinstance(value, Rich) else str(value)
        if is_risky(text):
            style = self.styles.quoted(style)
        if len(text) > MAX_TEXT:
            text = self._shorten(text, at(number, column))
            value = Rich((RichRun(text),)) if isinstance(value, Rich) else text
        known = self.strings.number(value if isinstance(value, Rich) else text)
        return f"{self._heads[style][column]}{_TEXT_CELL}><v>{NUMBER}{known}{NUMBER}</v></c>"

    def _shorten(self, text: str, name: str) -> str:
        """Cut what no cell can hold, say so in the cell, and keep the address for a message."""
        self.long_texts.append(name)
        note = "……（超过单元格能容纳的字数，全文见原文）"
        return text[: MAX_TEXT - len(note)] + note

    def link(self, cell: str, sheet: str, target: str, tip: str = "") -> bool:
        """Link a cell to a cell of a sheet. False where the sheet can take no more links."""
        if self.links >= self.most_links:
            return False
        if cell in self._linked:
            return True
        self._linked.add(cell)
        self.links += 1
        told = ""
        if tip:
            told = f' tooltip="{xml(for_xml(tip)[:250])}"'.replace("\n", "&#xA;")
        place = self._sheets.get(sheet) or self._sheets.setdefault(sheet, xml(quoted_name(sheet)))
        self.hyperlinks.add(f'<hyperlink ref="{cell}" location="{place}!{target}"{told}/>')
        return True

    def end(self) -> None:
        """Keep no more of the sheet than the file needs: no further cell of it will be linked."""
        self._linked.clear()
        self._heads.clear()
        self.cells.end()
        self.hyperlinks.end()

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Merge an area; the cell at its upper left keeps its value. One cell alone stays as it is."""
        if (first_row, first_column) != (last_row, last_column):
            self.worksheet.merge_range(first_row - 1, first_column - 1, last_row - 1, last_column - 1, "")

    def table(self, name: str, style: str, header: int, last: int, titles: Sequence[str]) -> None:
        """Make the rows from ``header`` to ``last`` a table called ``name``, from the first column on."""
        self.tables.append(Table(name, style, header, last, tuple(titles)))

    def width(self, column: int, width: float, *, hidden: bool = False, level: int = 0) -> None:
        """Set the width of a column, in characters."""
        self.worksheet.set_column(column - 1, column - 1, width, None, {"hidden": hidden, "level": level})

    def freeze(self, row: int, column: int) -> None:
        """Keep what stands above and left of a cell in sight."""
        self.worksheet.freeze_panes(row - 1, column - 1)

    def filter(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Give an area the buttons of a filter."""
        self.worksheet.autofilter(first_row - 1, first_column - 1, last_row - 1, last_column - 1)


DIGIT_PIXELS: Final = 10 * 96 / 72 * 1139 / 2048
"""Width of one digit of the default font in pixels of 1/96 inch (Excel counts 7)."""


def text_width(text: str) -> int:
    """Return the width of a text in half-width characters."""
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2 if not text.isascii() else len(text)


_NONE: Final = UsualStyles()


class Book:
    """Sheets under construction, all of a workbook or some, with their styles and strings.

    ``waits`` begins the names of the files in which waits what another process is to put together.
    """

    def __init__(self, waits: Path | None = None, usual: UsualStyles = _NONE) -> None:
        self._waits = waits
        self.styles = Styles(usual)
        self.strings = Strings(self._spool("strings"))
        self.sheets: list[SheetData] = []
        self.areas: list[tuple[str, str]] = []
        """Names for areas, where no table or area has them before."""
        self.properties: dict[str, object] = {}

    def _spool(self, name: str) -> Spool:
        return Spool(self._waits.with_name(f"{self._waits.name}-{name}") if self._waits is not None else None)

    def sheet(self, title: str) -> SheetData:
        """Add a sheet; the one before is complete."""
        if self.sheets:
            self.sheets[-1].end()
        number = len(self.sheets)
        spools = self._spool(f"{number}-cells"), self._spool(f"{number}-links")
        data = SheetData(title, self.styles, self.strings, *spools)
        self.sheets.append(data)
        return data

    @property
    def spools(self) -> list[Spool]:
        """All that goes into the file at its end."""
        return [self.strings.items, *(spool for data in self.sheets for spool in (data.cells, data.hyperlinks))]

    def name(self, name: str, area: str) -> None:
        """Give an area a name that formulas and readers can use, where it is not taken."""
        self.areas.append((name, area))

    def describe(self, words: Mapping[str, object]) -> None:
        """Set the document's properties."""
        self.properties = dict(words)

    def end(self) -> None:
        """Keep no more than the file needs: the book is complete."""
        if self.sheets:
            self.sheets[-1].end()
        self.strings.end()


_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that every program accepts: at most 31 characters, none forbidden, unlike any taken.

    ``taken`` holds the names in use, case folded; the new one is added to it.
    """
    name = _FORBIDDEN_IN_NAME.sub(" ", for_xml(wanted)).strip().strip("'").strip() or "表"
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
