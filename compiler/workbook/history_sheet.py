"""历年对照: the years of one place side by side, each with target and result, and the line of its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import shown, unlike
from compiler.ledger.series import YearSeries, series_by_place
from compiler.model import Bound, Fact, Measure
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.page_setup import PageFlow, set_print
from compiler.workbook.rows import BookContext, key_of
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.shown_unit import RowUnit, in_own_unit, row_unit
from compiler.workbook.table_heads import page_title
from compiler.workbook.xlsx import Book, Formula, SheetData, Value, at, quoted_name, text_width

_LINE: Final = 13.5
_FIXED: Final = (28.0, 8.0, 9.0)
_YEAR: Final = 11.0
_TREND: Final = 14.0
_FEW_LINES: Final = 12.0
"""Lines that a place needs on a page to begin there: its head and a few of its own."""

_LEAST_ON_A_PAGE: Final = 14
"""Lines that a page holds at least."""

_TALLEST: Final = 4.0
"""Lines that a row may take."""


@dataclass(frozen=True, slots=True)
class PlaceHistory:
    """A place of which the build has several years."""

    place_key: str
    place: str
    years: tuple[int, ...]
    series: tuple[YearSeries, ...]


def histories(context: BookContext) -> list[PlaceHistory]:
    """Return the places that have reports of several years, in code order, main indicators first."""
    years: dict[str, set[int]] = {}
    names: dict[str, str] = {}
    for line in context.ledger.lines:
        years.setdefault(line.place_key, set()).add(line.report_year)
        names[line.place_key] = line.place
    found = []
    by_place = series_by_place(context.ledger)
    for key in sorted((key for key, own in years.items() if len(own) > 1), key=context.place_rank):
        series = sorted(by_place.get(key, ()), key=lambda one: _order(one, context))
        shown_years = sorted({year for one in series for year in one.years})
        if series:
            found.append(PlaceHistory(key, names[key], tuple(shown_years), tuple(series)))
    return found


def history_lines(place: PlaceHistory) -> int:
    """Return how many lines a place takes at most: a head of three on each page, two for a series, a free one."""
    lines = 2 * len(place.series)
    return lines + 3 * (1 + lines // _LEAST_ON_A_PAGE) + 1


def _order(one: YearSeries, context: BookContext) -> tuple[bool, int, int, str]:
    return not context.is_main(one.indicator_id), context.theme_rank(one.theme), one.order, one.indicator_id


def write_history(book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str) -> None:
    """Write the sheet: a table for each place."""
    _Writer(book, looks, plan, context).write(contents)


_Figures = Mapping[int, tuple[Fact | None, Fact | None]]
"""Target and result of a year."""

_Cell = tuple[int, Value, int]


def _figures(place: PlaceHistory, one: YearSeries, measure: Measure) -> _Figures:
    """Return what the years say of an indicator in one measure."""
    figures: dict[int, tuple[Fact | None, Fact | None]] = {}
    for year in place.years:
        row = one.row(year)
        entry = row.entry(measure) if row is not None else None
        if entry is not None and (entry.target or entry.words or entry.result):
            figures[year] = (entry.target or entry.words, entry.result)
    return figures


def _is_sure(fact: Fact) -> bool:
    return fact.bound is Bound.EQ and not fact.text and not doubtful(fact) and fact.low is not None


def _lines(indicator: str, unit: str, cells: Sequence[_Cell]) -> int:
    """Return how many lines the texts of a row take."""
    texts = [(indicator, _FIXED[0]), (unit, _FIXED[2])]
    texts += [(value, _YEAR) for n, value, _ in cells if n > len(_FIXED) and type(value) is str]
    return max(-(-text_width(text) // int(width - 1)) for text, width in texts)


class _Writer:
    def __init__(self, book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext) -> None:
        self.data: SheetData = book.sheet(plan.name)
        self.looks, self.plan, self.spec, self.context = looks, plan, plan.spec, context
        self.places: Sequence[PlaceHistory] = plan.rows
        self.years = max((len(one.years) for one in self.places), default=1)
        self.widths = (*_FIXED, *([_YEAR] * (2 * self.years)), _TREND)
        self.row = 0
        self.trends: dict[str, str] = {}
        self.flow = PageFlow(self.widths, looks.size)
        self.breaks: list[int] = []
        self.pages = 0

    def write(self, contents: str) -> None:
        """Write title and tables."""
        note = "" if self.places else self.spec.word("none")
        self.row = page_title(self.data, self.looks, self.plan, self.context, len(self.widths), contents, note)
        self.flow = PageFlow(self.widths, self.looks.size, sum(self.data.head[: self.row]))
        for place in self.places:
            self._place(place)
        self._draw_trends()
        for n, width in enumerate(self.widths, 1):
            self.data.width(n, width)
        for n in range(len(self.widths) + 1, len(self.widths) + 1 + self.years):
            self.data.width(n, 8, hidden=True)
        self.data.freeze(3, 4)
        titles = (1, 2)
        set_print(
            self.data, self.context.template, self.widths, self.row, titles, repeated_columns=3,
            size=self.looks.size, breaks=self.breaks,
        )  # fmt: skip

    def _place(self, place: PlaceHistory) -> None:
        if not self.flow.holds(_FEW_LINES * _LINE):
            self._next_page()
        self._head(place, self.context.place_name(place.place))
        self.pages = 0
        for one in place.series:
            for measure in (Measure.LEVEL, Measure.GROWTH):
                self._series(place, one, measure)
        self._cells([], 1)

    def _next_page(self) -> None:
        self.breaks.append(self.row)
        self.flow.used = 0.0

    def _head(self, place: PlaceHistory, name: str) -> None:
        """Write the name of a place and the years below it; on every page that its lines go on to as well."""
        looks, word = self.looks, self.spec.word
        self._cells([(1, name, looks.plain(bold=True))], 1.6)
        style = looks.header()
        top: list[tuple[int, Value, int]] = [(n, word(name), style) for n, name in _NAMES]
        below: list[tuple[int, Value, int]] = [(n, None, style) for n, _ in _NAMES]
        for index, year in enumerate(place.years):
            n = len(_FIXED) + 1 + 2 * index
            top += [(n, word("year", year=year), style), (n + 1, None, style)]
            below += [(n, word("target"), style), (n + 1, word("result"), style)]
        last = len(_FIXED) + 1 + 2 * len(place.years)
        top.append((last, word("trend"), style))
        below.append((last, None, style))
        self._cells(top, 1.4)
        self._cells(below, 1.4)
        for n in (1, 2, 3, last):
            self.data.merge(self.row - 1, n, self.row, n)
        for index in range(len(place.years)):
            n = len(_FIXED) + 1 + 2 * index
            self.data.merge(self.row - 1, n, self.row - 1, n + 1)

    def _series(self, place: PlaceHistory, one: YearSeries, measure: Measure) -> None:
        """Write the line of one indicator in one measure, where at least two years say something of it."""
        figures = _figures(place, one, measure)
        if len(figures) < 2:
            return
        if not self.flow.holds(_TALLEST * _LINE):
            self._next_page()
            self.pages += 1
            name = self.context.place_name(place.place)
            self._head(place, self.context.template.word("continued", name=name, number=self.pages))
        facts = [fact for pair in figures.values() for fact in pair if fact is not None]
        unit = row_unit(facts, one.unit, self.context.bare_units, self.context.terms.apart)
        told = "%" if measure is Measure.GROWTH else unit.name
        name = self.context.template.word(f"measure.{measure.value}")
        cells: list[_Cell] = [
            (1, one.indicator, self.looks.cell("", "", "")),
            (2, name, self.looks.cell("", "center", "")),
            (3, told, self.looks.cell("", "center", "")),
            *self._years(place, figures, measure, unit),
        ]
        drawn = self._drawn(place, one, measure, figures, cells)
        last = len(_FIXED) + 1 + 2 * len(place.years)
        cells.append((last, None, self.looks.cell("", "", "")))
        # Results stand in every other column, so the line is drawn from copies in hidden columns.
        line, number = self.row + 1, self.looks.cell("number", "", "")
        for n, held in drawn:
            copied = len(self.widths) + 1 + (n - len(_FIXED) - 2) // 2
            cells.append((copied, Formula(at(line, n), held), number))
        self._cells(cells, 1.3 * _lines(one.indicator, told, cells))
        if drawn:
            self._trend(line, last)

    def _years(
        self,
        place: PlaceHistory,
        figures: _Figures,
        measure: Measure,
        unit: RowUnit,
    ) -> Iterator[_Cell]:
        """Yield target and result of each year as cells, and link them."""
        line, empty = self.row + 1, self.looks.cell("", "right", "")
        for index, year in enumerate(place.years):
            for n, fact in enumerate(figures.get(year, (None, None)), len(_FIXED) + 1 + 2 * index):
                if fact is None:
                    yield n, None, empty
                    continue
                value, style = self._figure(fact, measure, unit)
                found = self.context.evidence_at.get(key_of(fact))
                if found is not None and (isinstance(value, Decimal) or len(value) * 2 < _YEAR):
                    self.data.link(at(line, n), found[0], f"A{found[1]}", fact.quote)
                yield n, value, style

    def _figure(self, fact: Fact, measure: Measure, unit: RowUnit) -> tuple[Decimal | str, int]:
        """Return value and style of a figure: a number where it is sure and in the unit of the line, else in words."""
        context = self.context
        holds = measure is Measure.GROWTH or unit.holds(fact)
        if holds and _is_sure(fact):
            assert fact.low is not None
            value = unit.shown(fact.low) if measure is Measure.LEVEL else fact.low
            return value, self.looks.cell("number", "", context.number_format(value, unit.name), linked=True)
        own = holds or bool(fact.text)
        text = shown(unit.shown_fact(fact), context.terms) if own else in_own_unit(fact)
        text += context.template.word("doubt_mark") if doubtful(fact) else ""
        return text, self.looks.cell("words", "", "", linked=True)

    def _drawn(
        self, place: PlaceHistory, one: YearSeries, measure: Measure, figures: _Figures, cells: Sequence[_Cell]
    ) -> list[tuple[int, Decimal]]:
        """Return columns and numbers of the results that make a line; none where it has less than two points."""
        values = {n: value for n, value, _ in cells}
        numbers: list[tuple[int, Decimal, str]] = []
        for index, year in enumerate(place.years):
            _, result = figures.get(year, (None, None))
            value = values[len(_FIXED) + 2 + 2 * index]
            if result is not None and isinstance(value, Decimal):
                numbers.append((len(_FIXED) + 2 + 2 * index, value, result.id))
        if len(numbers) < 2:
            return []
        # 省外资金 of one year and 域外资金 of another are no line.
        last = (told_by := one.points(measure))[-1:]
        points = {f.id for f in told_by if f is last[0] or not unlike(f, last[0], self.context.terms)}
        drawn = [(n, value) for n, value, name in numbers if name in points]
        return drawn if len(drawn) > 1 else []

    def _trend(self, line: int, column: int) -> None:
        """Have the results of a line drawn in a cell."""
        first = len(self.widths) + 1
        area = f"{quoted_name(self.plan.name)}!{at(line, first)}:{at(line, first + self.years - 1)}"
        self.trends[at(line, column)] = area

    def _draw_trends(self) -> None:
        """Draw all of them as one group of small lines; programs that know none leave the cells empty."""
        if not self.trends:
            return
        look = {
            "location": [*self.trends],
            "range": [*self.trends.values()],
            "markers": True,
            "show_hidden": True,
            "empty_cells": "connect",
            "series_color": "#1F3A68",
        }
        self.data.worksheet.add_sparkline(0, 0, look)

    def _cells(self, cells: Sequence[tuple[int, Value, int]], lines: float) -> None:
        self.row += 1
        height = min(409.0, _LINE * lines)
        self.flow.add(height)
        self.data.row(self.row, cells, height=height, fixed=True)


_NAMES: Final = ((1, "indicator"), (2, "measure"), (3, "unit"))
