"""PDF files with a text layer: lines put together to paragraphs, columns in order, heads and page numbers left out.

pdfium gives characters with their places on the page; everything else is told from the places alone.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from statistics import median
from typing import Any, NamedTuple

from compiler.files import OWN_MARK
from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import RECOGNISED, Decoded, Unreadable, _recognition, disguised, signature
from compiler.text.readers._blocks import Blocks, raised
from compiler.text.readers._radicals import without_radicals

SUFFIXES = (".pdf",)

#: A page with fewer characters than this has no text layer to speak of (a page number, a stamp).
_BARE_PAGE = 12
#: A text layer with a larger share of characters without a meaning comes from fonts that do not tell theirs.
_MEANINGLESS = 0.3
#: Head and foot of a page: so much of its height at either end.
_EDGE = 0.12
#: A line that stands on at least so many pages at the same edge is a running head.
_RUNNING = 3
#: Blank space of so many characters' width parts columns and cells; inside a line there is less.
_WIDE_GAP = 1.6
#: A note's mark is smaller than this share of its line (browsers set 0.83), and stands above it.
_SMALL = 0.88
#: Lines and boxes thinner than this are drawn as lines; of so many drawings the first are looked at.
_THIN, _MOST_DRAWN = 2.0, 20_000
#: A line between these heights of a character strikes it out.
_STRUCK_FROM, _STRUCK_TO = 0.3, 0.7
#: Text that is off the right angle by more than this share of one (10 degrees) runs aslant.
_SLANT, _ASLANT = 0.11, 4
_WATERMARK, _STRUCK = "斜放的字（水印）", "划掉的字"
#: Between words in letters there is at least so much.
_WORD_GAP = 0.15
#: A row of at least so many texts with wide gaps between them is a row of a table.
_CELLS = 3
#: A first line is indented by two characters; less than one is the fitting of punctuation.
_INDENT = 1.2
#: A line that ends so many characters before the margin ends its paragraph: a figure that does not fit moves to the
#: next line whole, and is hardly longer.
_SHORT, _SHORT_UNINDENTED = 5.0, 2.2

_PAGE_NUMBER = re.compile(r"^[\W_]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[\W_]*$")
_DIGITS = re.compile(r"\d+")
_NOTHING = re.compile("[\ufffd\ue000-\uf8ff\x00-\x1f]")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.．、]\D|第[一二三四五六七八九十]{1,3}\w"
)
_ENDS = re.compile(r"[。！？：；…”）]$")


@dataclass(slots=True)
class _Piece:
    """Characters of one line that stand together: their box on the page (y grows upward) and the size of the font."""

    left: float
    right: float
    bottom: float
    top: float
    size: float
    text: str

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(slots=True)
class _Line:
    """A line of a column, or a row of a table where ``cells`` has several texts."""

    left: float
    right: float
    bottom: float
    top: float
    size: float
    text: str
    page: int
    margin: float = 0.0
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class _Page:
    number: int
    height: float
    lines: list[_Line] = field(default_factory=list)
    characters: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Rules:
    """The lines drawn on a page: across it (left, right, y) by point of height, and down it (x, bottom, top)."""

    across: Mapping[int, Sequence[tuple[float, float, float]]] = field(default_factory=dict)
    down: tuple[tuple[float, float, float], ...] = ()

    def strikes(self, c: _Character) -> bool:
        """Tell whether a line runs through a character; one below it underlines."""
        middle, height = (c.left + c.right) / 2, c.top - c.bottom
        low, high = c.bottom + _STRUCK_FROM * height, c.bottom + _STRUCK_TO * height
        return any(
            left <= middle <= right and low < y < high
            for point in range(int(low), int(high) + 1)
            for left, right, y in self.across.get(point, ())
        )


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Unreadable:
    """Return the text of a PDF; one without a text layer, with a password or damaged is refused."""
    start = data.find(b"%PDF-", 0, 1024)
    if start < 0 or (start and signature(data)):
        return disguised(data, suffix)
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # pdfium keeps the code of an earlier file where it has none of its own.
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD and b"/Encrypt" in data:
            return Unreadable(Issue("I118", {}))
        return Unreadable(Issue("I110", {"suffix": suffix, "reason": "PDF"}))
    try:
        if OWN_MARK in document.get_metadata_value("Keywords"):
            return Unreadable(Issue("I115", {}), beside=True)
        count = len(document)
        if count > limits.pages:
            return Unreadable(Issue("I133", {"count": str(count), "limit": str(limits.pages)}))
        pages = [_read_page(document, number) for number in range(count)]
        refused, recognised = _judged(pages), []
        bare = [page.number for page in pages if page.characters < _BARE_PAGE]
        wanted = [*range(count)] if refused == "I134" else bare
        recognise = _recognition.recogniser() if wanted else None
        if recognise is not None:
            for number in wanted:
                found = _recognised_page(document, number, recognise)
                if found.characters >= _BARE_PAGE:
                    pages[number] = found
                    recognised.append(number)
            refused = _judged(pages)
    except pypdfium2.PdfiumError:
        return Unreadable(Issue("I110", {"suffix": suffix, "reason": "PDF"}))
    finally:
        document.close()
    if refused:
        return Unreadable(Issue(refused, {}))
    issues = []
    if recognised:
        issues.append(Issue("I148", {"count": str(len(recognised)), "pages": _shown(recognised)}))
    bare = [page.number for page in pages if page.characters < _BARE_PAGE]
    if bare:
        issues.append(Issue("I135", {"count": str(len(bare)), "pages": _shown(bare)}))
    left_out = sum((page.left_out for page in pages), Counter())
    if left_out:
        shown = "、".join(f"{what} {count} 个" for what, count in sorted(left_out.items()))
        issues.append(Issue("I129", {"shown": shown}))
    dropped = _without_edges(pages)
    if dropped:
        issues.append(Issue("I202", {"count": str(len(dropped)), "example": dropped[0]}))
    blocks, starts = _put_together(pages)
    encoding = "pdf" + (RECOGNISED if recognised else "")
    return Decoded(blocks.text(), encoding, tuple(issues), pages=tuple(starts), tables=tuple(blocks.tables))


def _judged(pages: Sequence[_Page]) -> str:
    """Return the code of why pages cannot be read: pictures without text, glyphs without a meaning; empty if they can.

    Pages of a scan may bear a number or a stamp as text.
    """
    bare = sum(page.characters < _BARE_PAGE for page in pages)
    if bare * 2 > len(pages) and sum(page.characters for page in pages) < 40 * len(pages):
        return "I132"
    everything = "".join(line.text for page in pages for line in page.lines)
    return "I134" if len(_NOTHING.findall(everything)) > _MEANINGLESS * len(everything) else ""


def _shown(numbers: Sequence[int]) -> str:
    return "、".join(str(number + 1) for number in numbers[:8]) + ("……" if len(numbers) > 8 else "")


# --- a page ------------------------------------------------------------------------------------


def _read_page(document: Any, number: int) -> _Page:
    page = document[number]
    text = page.get_textpage()
    left_out: Counter[str] = Counter()
    try:
        left, bottom, right, top = page.get_mediabox()
        rules = _rules(page)
        characters = []
        for character in _characters(text):
            # A watermark runs aslant, over the lines of the text.
            out = _WATERMARK if character.turn == _ASLANT else _STRUCK if rules.strikes(character) else ""
            if not out:
                characters.append(character)
            elif not character.text.isspace():
                left_out[out] += 1
        upright, height = _upright(characters, left, bottom, right, top)
        turned = any(character.turn for character in upright)
        down = () if turned else tuple((x - left, low - bottom, high - bottom) for x, low, high in rules.down)
        pieces = list(_pieces(upright, down))
    finally:
        text.close()
        page.close()
    read = _Page(number, height)
    read.left_out = left_out
    read.characters = sum(len(piece.text) for piece in pieces)
    read.lines = list(_lines(pieces, number))
    return read


def _rules(page: Any) -> _Rules:
    """Return the thin lines drawn on a page, and the thin boxes that stand for lines."""
    import pypdfium2.raw as raw

    across: dict[int, list[tuple[float, float, float]]] = {}
    down = []
    edges = [ctypes.c_float() for _ in range(4)]
    pointers = [ctypes.byref(edge) for edge in edges]
    for drawn in islice(page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=1), _MOST_DRAWN):
        if not raw.FPDFPageObj_GetBounds(drawn.raw, *pointers):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if top - bottom < _THIN < right - left:
            y = (bottom + top) / 2
            across.setdefault(int(y), []).append((left, right, y))
        elif right - left < _THIN < top - bottom:
            down.append(((left + right) / 2, bottom, top))
    return _Rules(across, tuple(down))


def _recognised_page(document: Any, number: int, recognise: _recognition.Recogniser) -> _Page:
    """Return a page as its picture shows it."""
    page = document[number]
    try:
        lines, height = _recognition.lines_of(page, recognise)
    finally:
        page.close()
    # A box is as high as its highest letter, and so differs from line to line; the width of a letter does not.
    widths = [(line.right - line.left) / max(1.0, _wide(line.text)) for line in lines]
    usual = median(widths) if widths else 0.0
    read = _Page(number, height)
    pieces = []
    for line, width in zip(lines, widths, strict=True):
        size = usual if abs(width - usual) < 0.25 * usual else width
        pieces.append(_Piece(line.left, line.right, line.bottom, line.top, size, line.text.strip()))
    read.characters = sum(len(piece.text) for piece in pieces)
    read.lines = list(_lines(pieces, number))
    return read


def _wide(text: str) -> float:
    """Return how many Chinese characters a text is as wide as."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


class _Character(NamedTuple):
    """A character with its box on the page (y grows upward) and how many right angles it is turned to the left."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    turn: int


def _characters(textpage: Any) -> Iterator[_Character]:
    """Yield the characters of a page in the file's order."""
    import pypdfium2.raw as raw

    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    high = 0
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD, 0
        if code in (0x02, 0xFFFE, 0xAD):  # a hyphen at a line's end, which belongs to the line and not to the word
            continue
        # A font that does not tell what its glyphs mean leaves their numbers, which look like text.
        known = code and raw.FPDFText_HasUnicodeMapError(textpage, index) != 1
        # The box of the font, not of the ink: a quotation mark is as high as any other character.
        raw.FPDFText_GetLooseCharBox(textpage, index, reference)
        angle = -raw.FPDFText_GetCharAngle(textpage, index) / (math.pi / 2)
        turn = round(angle) % 4 if abs(angle - round(angle)) < _SLANT else _ASLANT
        yield _Character(chr(code) if known else "\ufffd", box.left, box.right, box.bottom, box.top, turn)


def _upright(
    characters: Iterable[_Character], left: float, bottom: float, right: float, top: float
) -> tuple[list[_Character], float]:
    """Return characters as they stand on the page turned so that most lines run from left to right, and its height.

    A page laid across (a wide table, a scan fed sideways) is often upright paper with text that runs up or down.
    """
    found = [c for c in characters if not c.text.isspace()]
    turn = Counter(c.turn for c in found).most_common(1)[0][0] if found else 0
    width, height = right - left, top - bottom
    moved = []
    for c in found:
        x0, x1, y0, y1 = c.left - left, c.right - left, c.bottom - bottom, c.top - bottom
        if turn == 1:
            x0, x1, y0, y1 = y0, y1, width - x1, width - x0
        elif turn == 2:
            x0, x1, y0, y1 = width - x1, width - x0, height - y1, height - y0
        elif turn == 3:
            x0, x1, y0, y1 = height - y1, height - y0, x0, x1
        moved.append(c._replace(left=x0, right=x1, bottom=y0, top=y1))
    return moved, width if turn % 2 else height


def _pieces(characters: Iterable[_Character], down: Sequence[tuple[float, float, float]] = ()) -> Iterator[_Piece]:
    """Yield runs of characters that stand in one line without a wide gap, or a drawn line ``down``, between them.

    The order of the file says nothing: some programs write all characters of one font first.
    """
    pieces = [_Piece(c.left, c.right, c.bottom, c.top, max(c.top - c.bottom, 0.1), c.text) for c in characters]
    for row in _rows(pieces):
        usual = median(piece.size for piece in row)
        borders = [x for x, bottom, top in down if bottom < row[0].middle < top]
        current: _Piece | None = None
        for piece in row:
            small = piece.size < _SMALL * usual
            apart = current is not None and any(current.right - 1 <= x <= piece.left + 1 for x in borders)
            if current is not None and not apart and piece.left - current.right < _WIDE_GAP * usual:
                if small and piece.bottom > current.bottom + 0.2 * usual:
                    piece.text = raised(piece.text, current.text)
                words = current.text[-1:].isascii() and piece.text.isascii()
                blank = " " if words and piece.left - current.right > _WORD_GAP * usual else ""
                current.text += blank + piece.text
                current.right = max(current.right, piece.right)
                if not small:
                    current.bottom, current.top = min(current.bottom, piece.bottom), max(current.top, piece.top)
                continue
            if current is not None:
                yield current
            current = piece
        if current is not None:
            yield current


def _rows(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Return pieces by line, top down, each from left to right."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle):
        if rows and abs(rows[-1][0].middle - piece.middle) < 0.5 * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _lines(pieces: Sequence[_Piece], page: int) -> Iterator[_Line]:
    """Yield the lines of a page in reading order, with the left margin of their column."""
    if not pieces:
        return
    gutter = _gutter(pieces)
    for column in _columns(pieces, gutter) if gutter else [list(pieces)]:
        rows = _rows(column)
        margin = sorted(row[0].left for row in rows)[len(rows) // 10]
        for row in rows:
            yield _Line(
                left=row[0].left,
                right=row[-1].right,
                bottom=min(piece.bottom for piece in row),
                top=max(piece.top for piece in row),
                size=median(piece.size for piece in row),
                text="　".join(piece.text for piece in row),
                page=page,
                margin=margin,
                cells=tuple(piece.text for piece in row) if len(row) >= _CELLS else (),
            )


def _gutter(pieces: Sequence[_Piece]) -> float:
    """Return where the blank space between two columns stands, 0 where the page has one column."""
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    width = right - left
    best = (0, 0.0)
    for step in range(35, 66):
        x = left + width * step / 100
        crossing = [piece for piece in pieces if piece.left < x < piece.right]
        before = [piece for piece in pieces if piece.right <= x]
        after = [piece for piece in pieces if piece.left >= x]
        # Both columns are full of lines that run up to the gutter; rows of a table are short.
        if min(len(before), len(after)) < 6 or len(crossing) * 5 > len(before) + len(after):
            continue
        long_before = sum(piece.right - piece.left > 0.6 * (x - left) for piece in before)
        long_after = sum(piece.right - piece.left > 0.6 * (right - x) for piece in after)
        if long_before * 2 >= len(before) and long_after * 2 >= len(after):
            best = max(best, (len(before) + len(after) - len(crossing), x))
    return best[1]


def _columns(pieces: Sequence[_Piece], gutter: float) -> Iterator[list[_Piece]]:
    """Yield columns in reading order; what runs across both parts the page into upper and lower halves."""
    across = sorted((p for p in pieces if p.left < gutter < p.right), key=lambda piece: -piece.middle)
    rest = [piece for piece in pieces if not piece.left < gutter < piece.right]
    for bar in [*across, None]:
        above = [piece for piece in rest if bar is None or piece.middle > bar.middle]
        rest = [piece for piece in rest if bar is not None and piece.middle <= bar.middle]
        for column in ([p for p in above if p.right <= gutter], [p for p in above if p.left >= gutter]):
            if column:
                yield column
        if bar is not None:
            yield [bar]


# --- heads and feet ----------------------------------------------------------------------------


def _without_edges(pages: Sequence[_Page]) -> list[str]:
    """Take page numbers and running heads off the pages; return them."""
    seen: Counter[tuple[bool, str]] = Counter()
    for page in pages:
        seen.update({(at_top, _DIGITS.sub("#", line.text)) for line, at_top in _edge_lines(page)})
    dropped: list[str] = []
    for page in pages:
        gone = [
            line
            for line, at_top in _edge_lines(page)
            if _PAGE_NUMBER.match(line.text)
            or (seen[at_top, _DIGITS.sub("#", line.text)] >= _RUNNING and not _ENDS.search(line.text))
        ]
        # A running head that is the title itself stays once, where it stands first.
        dropped.extend(line.text for line in gone)
        page.lines = [line for line in page.lines if not any(line is other for other in gone)]
    return dropped


def _edge_lines(page: _Page) -> Iterator[tuple[_Line, bool]]:
    """Yield the lines at the head (true) and foot (false) of a page, at most two at either end."""
    upper = sorted((line for line in page.lines if line.bottom > page.height * (1 - _EDGE)), key=lambda line: -line.top)
    lower = sorted((line for line in page.lines if line.top < page.height * _EDGE), key=lambda line: line.bottom)
    yield from ((line, True) for line in upper[:2])
    yield from ((line, False) for line in lower[:2])


# --- paragraphs --------------------------------------------------------------------------------


def _put_together(pages: Iterable[_Page]) -> tuple[Blocks, list[int]]:
    """Return the text with one paragraph a line, and the offsets at which pages begin."""
    pages = list(pages)
    lines = [line for page in pages for line in page.lines]
    shape = _Shape.of(lines)
    blocks = Blocks()
    starts: list[int] = []
    previous: _Line | None = None
    table: list[_Line] = []

    def close_table() -> None:
        nonlocal previous
        rows: list[list[int]] = []
        cells: list[str] = []
        for row in table:
            rows.append(list(range(len(cells), len(cells) + len(row.cells))))
            cells.extend(without_radicals(cell) for cell in row.cells)
        blocks.table(rows, [*map(Blocks.of, cells)])
        table.clear()
        previous = None

    for page in pages:
        for index, line in enumerate(page.lines):
            if table and len(line.cells) != len(table[-1].cells):
                close_table()
            begins_table = not table and bool(line.cells) and index + 1 < len(page.lines)
            in_table = table or (begins_table and len(page.lines[index + 1].cells) == len(line.cells))
            if previous is not None and (in_table or shape.parts(previous, line)):
                blocks.add("\n")
                previous = None
            while len(starts) <= page.number:
                starts.append(blocks.length)
            if in_table:
                table.append(line)
                continue
            if previous is not None and previous.text[-1:].isascii() and line.text[:1].isascii():
                between = previous.text[-1:].isalpha() and line.text[:1].isalpha()
                blocks.add(" " if between else "")
            blocks.add(without_radicals(line.text))
            previous = line
    if table:
        close_table()
    if previous is not None:
        blocks.add("\n")
    while len(starts) < len(pages):
        starts.append(blocks.length)
    return blocks, starts


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a document sets paragraphs: the width of its lines, the distance between them, and whether it indents."""

    width: float
    pitch: float
    indents: bool

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> _Shape:
        if not lines:
            return cls(0, 0, False)
        widths = sorted(line.right - line.margin for line in lines)
        distances = [
            before.bottom - after.bottom
            for before, after in pairwise(lines)
            if before.page == after.page and before.bottom > after.bottom
        ]
        indented = sum(_INDENT * line.size < line.left - line.margin < 4 * line.size for line in lines)
        return cls(widths[int(len(widths) * 0.9)], median(distances) if distances else 0, indented * 20 >= len(lines))

    def parts(self, before: _Line, after: _Line) -> bool:
        """Tell whether a paragraph ends between two lines."""
        size = before.size
        if abs(before.size - after.size) > 0.25 * max(before.size, after.size):
            return True
        indented = after.left - after.margin > _INDENT * after.size
        missing = self.width - (before.right - before.margin)
        if _ENDS.search(before.text) and _NUMBERED.match(after.text):
            return True
        if indented or missing > _SHORT * size:
            return True
        if before.page == after.page and before.bottom - after.bottom > 1.7 * self.pitch > 0:
            return True
        return not self.indents and missing > _SHORT_UNINDENTED * size and bool(_ENDS.search(before.text))
