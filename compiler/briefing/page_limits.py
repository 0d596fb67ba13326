"""How long a text gets on paper, and the limits that make it shorter.

Lengths follow the page of GB/T 9704: 22 lines of 28 characters. Pages are filled as a program would fill them: a
heading goes with what follows, a row of a table is not split. It is an estimate, so that a few lines are kept free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import ceil, log
from typing import Final

from compiler.briefing.briefing_blocks import Caption, Chart, Composed, Item, WordParagraph, WordTable
from compiler.briefing.inline_marks import CITE, REFER, is_marked, pieces

LINES: Final = 22
CHARACTERS: Final = 28
"""The page of GB/T 9704-2012."""

_FILLED: Final = 27.5
"""Characters that a line holds on the whole: marks and figures that may not be parted leave some room at its end."""

_SPARE: Final = 0.9
"""Lines left free for each page: an estimate of where lines break is off by some on five pages."""

_LINE_POINTS: Final = 28.95
_CELL_POINTS: Final = 15.0
_CELL_AROUND: Final = 3.5
_CELL_CHARACTERS: Final = 41.5
"""Characters of 10.5 points over the width of the page, less the margins of the cells."""

_CAPTION: Final = 1.0
CHART_HEIGHT_MM: Final = 38.0
"""The height of a chart in a type area of 156 × 225 mm: legend, columns with their figures, names in two lines."""

_MILLIMETRES: Final = 28.95 * 25.4 / 72
"""The height of a line."""

SHORT_TABLE: Final = 4
"""Up to how many rows a table is kept on one page; more would leave a gap on the page before."""

_LEAST: Final[Mapping[str, int]] = {
    "rows": 8,
    "moved": 1,
    "ranks": 3,
    "work": 200,
    "heading": 30,
    "heading_least": 20,
    "heading_length": 14,
    "sentence_length": 60,
    "deeds": 120,
    "projects": 1,
    "problems": 120,
    "point_length": 50,
}
"""What no shortening goes below: shorter, hardly a whole sentence would fit."""

STEPS: Final = 8
"""The steps of shortening: after the last, three tenths are left of most limits."""

_LATE: Final[Mapping[str, int]] = {"deeds": 5}
"""From which step on a limit gives way at all: the 实事 are told all or not at all, so that others give way before."""

_SHARE: Final = 0.86
_SLOW_SHARE: Final = 0.93
_SLOW: Final = frozenset({"sentence_length", "point_length", "rows"})
"""What each step leaves of the limits. The length of a single sentence gives way last."""


def shortened(limits: Mapping[str, int], step: int) -> dict[str, int]:
    """Return the limits of the template as they are after ``step`` steps of shortening."""
    found = dict(limits)
    for key, least in _LEAST.items():
        share = (_SLOW_SHARE if key in _SLOW else _SHARE) ** max(0, step - _LATE.get(key, 0))
        found[key] = min(limits[key], max(least, round(limits[key] * share)))
    return found


def excess(composed: Composed, most: int, below: int) -> float:
    """Return by how many lines the text, annexes aside, with ``below`` lines under it is over ``most`` pages.

    Nothing or less: it fits.
    """
    pages, used = _filled(_lengths(composed))
    return (pages - 1) * LINES + used + below - most * (LINES - _SPARE)


def likely_step(composed: Composed, over: float) -> int:
    """Return the step of shortening at which a text that is ``over`` by some lines may be expected to fit."""
    quoted = sum(
        _lines(one, composed) for one in composed.items if isinstance(one, WordParagraph) and one.role == "quote"
    )
    left = max(0.1, 1 - over / max(1.0, quoted))
    return max(1, min(STEPS, ceil(log(left) / log(_SHARE))))


_Piece = tuple[float, bool]
"""What stands on one page as a whole: its lines, and whether it stays with the next."""


def _filled(pieces: Iterable[_Piece]) -> tuple[int, float]:
    """Fill pages with pieces; return how many pages, and how many lines of the last one are used."""
    pages, used, held = 1, 0.0, 0.0
    for lines, keep in pieces:
        held += lines
        if keep:
            continue
        if used + held > LINES and used > 0:
            pages, used = pages + 1, 0.0
        used += held
        while used > LINES:
            pages, used = pages + 1, used - LINES
        held = 0.0
    return pages, used + held


def _lengths(composed: Composed) -> Iterator[_Piece]:
    """Yield the text piece by piece: paragraphs line by line (no line of them alone on a page), tables row by row."""
    below_chart = False
    for item in _body(composed.items):
        if isinstance(item, WordParagraph):
            tall = _lines(item, composed)
            if item.role.startswith("heading_") or item.keep:
                yield tall, True
            else:
                whole = max(1, ceil(tall))
                for n in range(whole):
                    yield tall / whole, whole > 1 and n in {0, whole - 2} and n != whole - 1
        elif isinstance(item, WordTable):
            yield from _rows(item, composed)
        elif isinstance(item, Caption):
            yield _CAPTION, not below_chart
        elif isinstance(item, Chart):
            yield CHART_HEIGHT_MM / _MILLIMETRES + 0.5, True
        below_chart = isinstance(item, Chart)


def _rows(table: WordTable, composed: Composed) -> Iterator[_Piece]:
    """Yield the rows of a table; the head stays with the first rows, the last ones with one another and a note."""
    last = len(table.rows) - 1
    for n, (tall, marked) in enumerate(_measured(table), -1):
        for text, room in marked:
            tall = max(tall, ceil(_width(text, composed) / room))
        keep = n < 1 or last < SHORT_TABLE or n == last - 1
        height = (_CELL_POINTS * tall + _CELL_AROUND) / _LINE_POINTS
        yield height, table.noted if n == last else keep


_Measured = tuple[int, list[tuple[str, float]]]
"""The lines that a row of a table takes, and its cells with marks, whose length follows from the text around."""


@lru_cache(maxsize=64)
def _measured(table: WordTable) -> list[_Measured]:
    """Return the rows of a table, with its head: the same table stands in a text however much that is shortened."""
    total = sum(table.widths)
    rooms = [max(2.0, _CELL_CHARACTERS * width / total - 0.76) for width in table.widths]
    found: list[_Measured] = []
    for row in (table.heads, *table.rows):
        tall, marked = 1, []
        for text, room in zip(row, rooms, strict=True):
            if is_marked(text):
                marked.append((text, room))
            elif len(text) > room:
                tall = max(tall, ceil(width(text) / room))
        found.append((tall, marked))
    return found


def _body(items: Iterable[Item]) -> Iterable[Item]:
    for item in items:
        if isinstance(item, WordParagraph) and item.new_page:
            return
        yield item


def _lines(item: WordParagraph, composed: Composed) -> float:
    """Return the lines that a paragraph takes."""
    wide = _width(item.text, composed)
    if item.role == "title":
        return ceil(wide / 20) * 34 / _LINE_POINTS + 0.4
    if item.role == "source_line":
        return ceil(wide / CHARACTERS) + 1
    if item.role == "table_note":
        return ceil(wide / 42) * _CELL_POINTS / _LINE_POINTS + 0.3
    return ceil((wide + 2) / _FILLED)


def _width(text: str, composed: Composed) -> float:
    if not is_marked(text):
        return width(text)
    wide, cited, labels = _widths(text)
    for key in cited:
        number = composed.numbers.get(key)
        if number is not None:
            wide += 1 + len(str(number)) / 2  # [12]
    return wide + sum([width(composed.labels.get(one, "")) for one in labels])


@lru_cache(maxsize=4096)
def _widths(text: str) -> tuple[float, list[str], list[str]]:
    """Return the width of what a text says by itself, and what its marks of citations and references name."""
    found = [*pieces(text)]
    cited, labels = ([held for mark, held in found if mark == one] for one in (CITE, REFER))
    return width("".join([held for mark, held in found if mark not in (CITE, REFER)])), cited, labels


def width(text: str) -> float:
    """Return the width of a text in Chinese characters; ASCII takes half."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2
