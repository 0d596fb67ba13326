"""How sheets go to paper: no text under eight points in any program, no last page of a few lines."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from help.workbook_reader import template
from xlsxwriter import Workbook

from compiler.workbook import page_setup
from compiler.workbook.page_setup import LEAST_POINTS, PageFlow, page_for, pixels_of
from compiler.workbook.xlsx import Book, SheetData, Style

A4, A3 = 9, 8
WIDE = 210 / 25.4 * 72, 297 / 25.4 * 72
TEXT = 10


def sheet_of(rows: int, height: float = 20) -> SheetData:
    """A sheet of so many rows of one height."""
    book = Book()
    data, style = book.sheet("甲"), book.styles.number(Style())
    for number in range(1, rows + 1):
        data.row(number, [(1, "甲", style)], height=height)
    return data


def asked(data: SheetData) -> Any:
    """The sheet of XlsxWriter of which is asked what was noted."""
    sheet = Workbook(BytesIO()).add_worksheet()
    for name, arguments, options in data.worksheet.noted:
        getattr(sheet, name)(*arguments, **options)
    return sheet


def scale_of(data: SheetData) -> tuple[int, int]:
    """To how many pages across and down a sheet is fitted; (0, 0) where its scale is fixed."""
    sheet = asked(data)
    return (sheet.fit_width, sheet.fit_height) if sheet.fit_page else (0, 0)


@pytest.mark.parametrize("count", [1, 5, 9, 14, 15, 21])
@pytest.mark.parametrize("width", [4, 8, 12, 20, 40])
def test_a_sheet_that_is_fitted_keeps_eight_points(count: int, width: float) -> None:
    """Also where a program counts a digit of the default font with its true width."""
    chosen, scale = page_for([width] * count, TEXT)
    room = {A4: 297, A3: 420}[chosen] / 25.4 * 96 - 2 * 0.4 * 96
    true_pixels = count * (width + 5 / 7) * TEXT * 96 / 72 * 1139 / 2048  # Arial's digits are 1139/2048 of its size
    if scale:
        assert scale * TEXT / 100 >= LEAST_POINTS
    else:
        assert min(1, room / true_pixels) * TEXT >= LEAST_POINTS
    assert chosen == A3 or count <= 14


def test_every_sheet_of_the_template_fits_a_page_in_width() -> None:
    """With every column shown. 明细 is for programs; 任务清单 is printed in two parts, each within the page."""
    for spec in template().sheets:
        widths = [column.width for column in spec.columns if not column.hidden]
        groups = {column.group for column in spec.columns if column.group}
        if spec.kind == "tasks":
            common = [c.width for c in spec.columns if not (c.group or c.hidden)]
            for group in groups:
                part = [column.width for column in spec.columns if column.group == group]
                assert page_for([*common, *part], TEXT)[1] == 0, group
        elif widths and spec.kind != "detail":
            assert page_for(widths, TEXT)[1] == 0, spec.name


@pytest.mark.parametrize(
    ("rows", "pages"),
    [
        (20, 0),  # less than a page: as many as it takes
        (28, 1),  # a page and a few lines: made a little smaller
        (53, 2),
        (40, 0),  # a page and a half
        (2000, 0),  # many pages: the last one matters little
    ],
)
def test_no_last_page_of_a_few_lines(rows: int, pages: int) -> None:
    data = sheet_of(rows)
    page_setup.set_print(data, template(), [40, 40, 40], rows, (1, 2), size=TEXT)
    assert scale_of(data) == (1, pages)


@pytest.mark.parametrize(("rows", "fitted", "chosen"), [(20, 1, A4), (45, 1, A3), (90, 0, A3)])
def test_one_page_wherever_the_text_stays_large_enough(rows: int, fitted: int, chosen: int) -> None:
    data = sheet_of(rows)
    page_setup.set_print(data, template(), [40, 40, 40], rows, (1, 4), size=TEXT, one_page=True)
    assert scale_of(data) == (1, fitted) and asked(data).paper_size == chosen


@pytest.mark.parametrize(
    ("blocks", "breaks"),
    [
        ([10, 10], []),  # both fit
        ([24, 10], [24]),  # the second does not fit as a whole, and is no longer than half a page
        ([20, 30], []),  # a long one begins where its head and first rows do
        ([27, 30], [27]),  # and not where they do not
        ([27, 30, 4], [27]),  # after it there is room again on its second page
        ([30], []),  # nothing stands before the first
    ],
)
def test_a_head_is_not_parted_from_its_rows(blocks: list[int], breaks: list[int]) -> None:
    flow = PageFlow([40, 40, 40], TEXT)
    height = flow.room / 28.5  # a page holds twenty-eight rows
    heads = [1 + sum(blocks[:n]) for n in range(len(blocks))]
    assert flow.breaks([height] * sum(blocks), heads) == breaks


@pytest.mark.parametrize("count", [4, 9, 14])
def test_a_sheet_with_ends_of_its_own_keeps_eight_points(count: int) -> None:
    data = sheet_of(60)
    page_setup.set_print(data, template(), [110 / count] * count, 60, (1, 2), size=TEXT, breaks=[30])
    assert scale_of(data) == (0, 0) and asked(data).print_scale * TEXT / 100 >= LEAST_POINTS
    assert asked(data).hbreaks == [30]


def test_pixels_leave_hidden_columns_out() -> None:
    assert pixels_of([10, 0, 10]) == pixels_of([10, 10])
