"""How a sheet goes to paper: A4 or A3 landscape, no text under eight points, its title on every page.

A spreadsheet shrinks a wide sheet to the page until nobody can read it. So the width is measured here; what does not
fit at eight points goes to the larger paper, and what does not fit there runs over several pages, the first columns
repeated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from compiler.workbook.template import WorkbookTemplate
from compiler.workbook.xlsx import DIGIT_PIXELS, LETTERS, Book, SheetData, quoted_name

LEAST_POINTS: Final = 8
"""The smallest text on paper (``outputs.md``, Workbook)."""

MOST_COLUMNS_A4: Final = 14
"""A sheet with more columns goes to A3 (``outputs.md``, Workbook)."""

_A4, _A3 = 9, 8
_SIDE: Final = 0.4
"""Margin on the left and on the right, in inches."""

_ROOM: Final = {_A4: (297 / 25.4 - 2 * _SIDE) * 96, _A3: (420 / 25.4 - 2 * _SIDE) * 96}
"""Width that a page in landscape leaves for the table, in pixels of 1/96 inch."""

_ENDS: Final = 0.6
"""Margin above and below, in inches."""

_HEIGHT: Final = {_A4: (210 / 25.4 - 2 * _ENDS) * 72, _A3: (297 / 25.4 - 2 * _ENDS) * 72}
"""Height that a page in landscape leaves for rows, in points."""

_FEW_LINES: Final = 0.25
"""A last page filled to no more than this share is one of a few lines."""

_MOST_FITTED: Final = 6
"""Sheets of more pages are left alone: over so many the measures of programs drift apart."""

_SLACK: Final = 0.975
"""Programs round columns, pages and the scale (to whole percents); this much of the page is counted on."""

_WIDEST: Final = DIGIT_PIXELS / 7
"""LibreOffice counts a digit with its true width where Excel counts whole pixels; the wider of the two must fit."""


def set_print(
    data: SheetData,
    template: WorkbookTemplate,
    widths: Sequence[float],
    last_row: int,
    titles: tuple[int, int] = (0, 0),
    *,
    repeated_columns: int = 0,
    size: float = 10,
    layouts: Sequence[tuple[int, int]] = (),
    book: Book | None = None,
    one_page: bool = False,
    breaks: Sequence[int] | None = None,
) -> None:
    """Set up a sheet for printing.

    ``widths`` are those of the columns from the first one on, 0 for a hidden one; ``titles`` the first and last row
    that stand on every page; ``size`` is the size of the text in points. ``layouts`` are first and last columns of
    parts that are printed one after the other, each behind the repeated columns. A sheet of ``one_page`` goes to one
    page wherever its text stays large enough, if need be to the larger paper. ``breaks`` are the rows behind which a
    page ends whatever the program counts (:class:`PageFlow`); a sheet has them or is fitted to its pages.
    """
    worksheet: Any = data.worksheet
    worksheet.set_landscape()
    worksheet.center_horizontally()
    worksheet.set_margins(left=_SIDE, right=_SIDE, top=_ENDS, bottom=_ENDS)
    # The foot keeps its size when the sheet is shrunk; at ten points it is large enough where a program shrinks it too.
    worksheet.set_footer(f"&C&10{template.word('page')}", {"margin": 0.3, "scale_with_doc": False})
    parts = [(first, last) for first, last in layouts if any(widths[first - 1 : last])]
    if len(parts) > 1 and book is not None:
        _print_parts(book, data, widths, parts, last_row, titles, repeated_columns, size)
        return
    paper, scale = page_for([width for width in widths if width], size)
    if one_page and not scale and paper == _A4 and _needed(data, paper, widths) < LEAST_POINTS / size:
        paper = _A3
    worksheet.set_paper(paper)
    if scale:
        worksheet.set_print_scale(scale)
        if repeated_columns:
            worksheet.repeat_columns(0, repeated_columns - 1)
    elif breaks is not None:
        worksheet.set_print_scale(_percent(paper, widths))
        worksheet.set_h_pagebreaks([*breaks])
    else:
        single = one_page and _needed(data, paper, widths) >= LEAST_POINTS / size
        worksheet.fit_to_pages(1, 1 if single else _pages(data, paper, widths, titles, size))
    first, last = titles
    if last >= first >= 1:
        worksheet.repeat_rows(first - 1, last - 1)
    shown = max((n for n, width in enumerate(widths, 1) if width), default=1)
    worksheet.print_area(0, 0, max(0, last_row - 1), shown - 1)


class PageFlow:
    """On which page the rows of a sheet fall, so that a head is not parted from what it heads.

    ``head`` is the height in points of the rows that stand on every page. Programs fit sheets to a page's width only
    where they choose all ends of pages themselves; so a sheet with ends of its own has a fixed scale.
    """

    def __init__(self, widths: Sequence[float], size: float, head: float = 0) -> None:
        paper, _ = page_for([width for width in widths if width], size)
        self.room = _HEIGHT[paper] * 100 / _percent(paper, widths) * _SLACK - head
        self.used = 0.0

    def holds(self, height: float) -> bool:
        """Tell whether rows of this height fit on what is left of the page; an empty page takes anything."""
        return not self.used or self.used + height <= self.room

    def add(self, height: float) -> None:
        """Put a row on the page, or on the next one."""
        self.used = self.used + height if self.holds(height) else height

    def breaks(self, heights: Sequence[float], heads: Sequence[int], least: int = 5) -> list[int]:
        """Return the rows behind which a page is to end, the first row being 1.

        ``heads`` are the rows that begin a block. A block begins a page where it would not fit as a whole, or, if it
        is longer than half a page, with its first ``least`` rows.
        """
        found: list[int] = []
        for first, end in zip(heads, [*heads[1:], len(heights) + 1], strict=True):
            block = heights[first - 1 : end - 1]
            whole = sum(block)
            if not self.holds(whole if whole <= self.room / 2 else sum(block[:least])):
                found.append(first - 1)
                self.used = 0.0
            for height in block:
                self.add(height)
        return found


def _percent(paper: int, widths: Sequence[float]) -> int:
    """Return the scale in percent at which a sheet has the width of the paper."""
    return int(100 * min(1.0, _ROOM[paper] / pixels_of(widths) * _SLACK))


def _print_parts(
    book: Book,
    data: SheetData,
    widths: Sequence[float],
    parts: Sequence[tuple[int, int]],
    last_row: int,
    titles: tuple[int, int],
    repeated: int,
    size: float,
) -> None:
    """Print parts of a sheet one after the other; the first takes the repeated columns along."""
    common = [width for width in widths[:repeated] if width]
    pages = [[*common, *(width for width in widths[first - 1 : last] if width)] for first, last in parts]
    widest = max(pages, key=sum)
    paper, scale = page_for(widest, size)
    worksheet: Any = data.worksheet
    worksheet.set_paper(paper)
    if scale:
        worksheet.set_print_scale(scale)
    else:
        worksheet.fit_to_pages(1, 0)
    name = quoted_name(data.name)
    first_row, last_title = titles
    worksheet.repeat_rows(first_row - 1, last_title - 1)
    if repeated:
        worksheet.repeat_columns(0, repeated - 1)
    areas = []
    for number, (first, last) in enumerate(parts):
        start = 1 if number == 0 else first
        areas.append(f"{name}!${LETTERS[start]}${1 if number == 0 else last_title + 1}:${LETTERS[last]}${last_row}")
    # XlsxWriter's own print areas are single ones.
    book.name(f"{name}!_xlnm.Print_Area", "=" + ",".join(areas))


def _pages(data: SheetData, paper: int, widths: Sequence[float], titles: tuple[int, int], size: float) -> int:
    """Return into how many pages a sheet is to be fitted, 0 for as many as it takes.

    A last page of a few lines is spared where the text, made a little smaller, is still large enough.
    """
    scale = min(1.0, _ROOM[paper] / pixels_of(widths))
    head = sum(data.head[: titles[1]])
    body = data.height - head
    pages = body / (_HEIGHT[paper] / scale - head)
    whole = int(pages)
    if not 1 <= whole <= _MOST_FITTED or not 0 < pages - whole <= _FEW_LINES:
        return 0
    needed = _HEIGHT[paper] / (body / whole / _SLACK + head)
    return whole if needed >= LEAST_POINTS / size else 0


def _needed(data: SheetData, paper: int, widths: Sequence[float]) -> float:
    """Return the scale at which the whole sheet fits on one page."""
    return min(1.0, _ROOM[paper] / pixels_of(widths), _HEIGHT[paper] / data.height) * _SLACK


def page_height(size: float) -> float:
    """Return the height that a page of the larger paper has for rows at the smallest scale, in points."""
    return _HEIGHT[_A3] * size / LEAST_POINTS


def pixels_of(widths: Sequence[float]) -> float:
    """Return the width of columns in pixels of 1/96 inch, as the program with the widest columns counts it."""
    return sum(int(width * 7 + 5) for width in widths if width) * _WIDEST


def page_for(widths: Sequence[float], size: float) -> tuple[int, int]:
    """Return the paper, and the scale in percent where the sheet must run over several pages (else 0)."""
    pixels = pixels_of(widths)
    least = LEAST_POINTS / size
    for paper in (_A4, _A3):
        if paper == _A4 and len(widths) > MOST_COLUMNS_A4:
            continue
        if pixels * least <= _ROOM[paper] * _SLACK:
            return paper, 0
    return _A3, math.ceil(100 * least)
