"""The rows of a table, a cell a column: value, look, link, height."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, NamedTuple

from compiler.model import Issue
from compiler.rules.expressions import render_text
from compiler.workbook.carry import Work, naming_columns, note, row_name
from compiler.workbook.columns import GETTERS, twin_value
from compiler.workbook.formulas import literal
from compiler.workbook.heads import LINE, key_of_column
from compiler.workbook.looks import CellLooks
from compiler.workbook.plan import FILLED, Plan, Section
from compiler.workbook.rows import TWINS, BookContext, Getter, Put, ResultRow, Sheet, key_of
from compiler.workbook.tasks import TASKS
from compiler.workbook.template import SheetColumn
from compiler.workbook.xlsx import Cells, Formula, Rich, SheetData, Value, at, quoted_name, text_width

TABLES: Final[Mapping[str, Mapping[str, Any]]] = {**GETTERS, "tasks": TASKS}
"""What columns may show, by kind of sheet."""

_DAY: Final = "yyyy-mm-dd"

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def empty_columns(plan: Plan, context: BookContext) -> frozenset[str]:
    """Return the names of the columns that may be hidden: empty ones, and those that say the same on every row."""
    wanted = [column for column in plan.columns if (column.hide_if_empty or column.hide_if_single) and column.key]
    if not wanted:
        return frozenset()
    sheet = Sheet(context, plan.spec, plan.name, plan.letters())
    getters = TABLES[plan.kind]
    nothing = {None, "", context.terms.word("status.no_target"), context.terms.word("status.no_result")}
    full: set[str] = set()
    first: dict[str, Any] = {}
    for row in plan.rows:
        if isinstance(row, Section):
            continue
        for column in wanted:
            if column.name in full:
                continue
            value = getters[column.key](row, sheet)
            value = value.value if isinstance(value, Put) else value
            if column.hide_if_single:
                if first.setdefault(column.name, value) != value:
                    full.add(column.name)
            elif isinstance(value, (Formula, Rich)) or value not in nothing:
                full.add(column.name)
    return frozenset(column.name for column in wanted if column.name not in full)


class _Column(NamedTuple):
    """How a column of a table is written: what makes its value, the styles of texts and of numbers.

    ``room`` is how many characters fit on a line whatever they are, where a longer text makes the row higher. ``blank``
    is the style of a column to fill in: its cell is empty in a row that nobody has touched.
    """

    index: int
    column: SheetColumn
    make: Getter
    style: int
    number: int
    room: int
    merge: bool
    blank: int | None = None


class _Blanks(NamedTuple):
    """Columns to fill in that stand together, as they are written where nobody has touched the row."""

    last: int
    cells: Cells
    values: tuple[str, ...]


_ANY_ROOM: Final = 1 << 30


def _blank(column: SheetColumn) -> Put:
    """Return the empty cell of a column to fill in."""
    return Put("", "entry", _DAY if column.entry == "asof" else "")


class RowWriter:
    """Writes the rows of one table."""

    def __init__(
        self,
        data: SheetData,
        looks: CellLooks,
        plan: Plan,
        sheet: Sheet,
        columns: Sequence[SheetColumn],
        *,
        linked: bool,
    ) -> None:
        self.data = data
        self.looks = looks
        self.plan = plan
        self.sheet = sheet
        self.columns = columns
        self.linked = linked
        self.context = sheet.context
        self.issues: list[Issue] = []
        self._told: set[str] = set()
        self._work: Work | None = None
        self._above: dict[int, tuple[int, Value]] = {}
        self._tip = plan.kind in ("results", "print", "tasks", "checks")
        self._coloured = plan.kind != "print"
        # The text of a merged area stands at its top: in its middle a page's end may cut through it.
        self._tops = [looks.cell("", column.align, "", wrap=column.wrap, top=column.merge) for column in columns]
        self._widths = {n: max(2, int(c.width)) for n, c in enumerate(columns) if c.wrap and not (c.hidden or c.merge)}
        self._put_styles: list[dict[tuple[str, str, bool], int]] = [{} for _ in columns]
        self._getters = TABLES[plan.kind]
        self._prefills = [
            (key_of_column(c), self._getters.get(c.prefill), c.prefill) for c in columns if c.entry and c.prefill
        ]
        self._given: dict[str, str] = {}
        self._known = [self._column(index, column) for index, column in enumerate(columns)]
        self._untouched = [*self._with_blanks()]
        self._hidden_style = looks.cell("number", "", "", wrap=False) if plan.kind not in FILLED else looks.note()

    def _column(self, index: int, column: SheetColumn) -> _Column:
        """Return what is known of a column before any row is."""
        cell = self.looks.cell
        default = cell("", column.align, "", wrap=column.wrap)
        number = default if column.align else cell("number", "", "", wrap=False)
        room = self._widths[index] // 2 if index in self._widths else _ANY_ROOM
        blank = None
        if column.entry and not column.key:
            blank, _ = self._put(0, index, column, _blank(column))
        return _Column(index, column, self._maker(column), default, number, room, column.merge, blank)

    def _with_blanks(self) -> Iterator[_Column | _Blanks]:
        """Yield the columns, those to fill in that stand together as one."""
        for to_fill, group in groupby(self._known, lambda known: known.blank is not None):
            columns = [*group]
            if not to_fill:
                yield from columns
                continue
            last = columns[-1].index + 1
            numbers = range(columns[0].index + 1, last + 1)
            cells = self.data.ready(numbers, [known.blank for known in columns if known.blank is not None])
            yield _Blanks(last, cells, ("",) * len(columns))

    def _maker(self, column: SheetColumn) -> Getter:
        """Return what makes the value of a column from a row."""
        if column.key:
            getter: Getter = self._getters[column.key]
            return getter
        if column.entry:
            return self._entry(column)
        return lambda row, _: self._expression(row, column)

    def carry(self, work: Work) -> None:
        """Have comments and colours that people put on cells of this sheet put on the same cells again."""
        if any(place.sheet == self.plan.name for place in work.marks):
            self._work = work
            self._titles = [f"{c.group}/{c.title}" if c.group else c.title for c in self.columns]
            self._naming = naming_columns(self._titles)
            self._seen: dict[str, int] = {}

    def _marked(self, number: int, cells: list[tuple[int, Value, int]], values: Sequence[Value]) -> None:
        work = self._work
        assert work is not None
        plain = [value.value if isinstance(value, Formula) else value for value in values]
        name = row_name([plain[n] for n in self._naming], self._seen)
        for index, (column, value, style) in enumerate(cells[: len(self._titles)]):
            title, address = self._titles[index], at(number, column)
            mark = work.mark(self.plan.name, name, title) if name else None
            mark = mark or work.mark(self.plan.name, f"#{address}", address)
            if mark is None:
                continue
            if mark.fill:
                cells[index] = (column, value, self.looks.styles.filled(style, mark.fill))
            if mark.comment:
                note(self.data, number, column, mark.comment, mark.author)

    def write(self, number: int, row: Any, below: Any = None) -> list[Value]:
        """Write one row and return the plain values of its columns. ``below`` is the row of the table that follows."""
        cells: list[tuple[int, Value, int]] = []
        values: list[Value] = []
        sheet = self.sheet
        steps: Sequence[_Column | _Blanks] = self._known
        if self.plan.kind in FILLED:
            self._given = self._prefilled(row)
            if not self._given and self._work is None and row.id not in self.plan.entries:
                steps = self._untouched
        lines = 1
        for step in steps:
            if type(step) is _Blanks:
                values.extend(step.values)
                cells.append((step.last, step.cells, 0))
                continue
            index, column, make, style, of_numbers, room, merge, _ = step
            given = make(row, sheet)
            value: Value
            if type(given) is Put:
                style, value = self._put(number, index, column, given)
            else:
                value = given
                if type(value) is int or type(value) is Decimal:
                    style = of_numbers
            values.append(value)
            if merge:  # of a merged area the first cell holds the value, as office programs leave it
                repeated = self._above.get(index) == (number - 1, value)
                if repeated or (below is not None and make(below, sheet) == value):
                    style = self._tops[index]
                self._above[index] = (number, value)
                value = None if repeated else value
            cells.append((index + 1, value, style))
            if room != _ANY_ROOM:
                text = value if type(value) is str else _text_of(value)
                if len(text) > room:
                    lines = max(lines, _lines(text, self._widths[index]))
        if self._work is not None:
            self._marked(number, cells, values)
        self._hidden_cells(row, cells)
        self.data.row(number, cells, height=min(409.0, LINE * lines + 4))
        return values

    def _put(self, number: int, index: int, column: SheetColumn, value: Put) -> tuple[int, Value]:
        """Return style and value of what has a look, and set its link."""
        linked = False
        held, look, format_, fact, target, tip = value
        if target is None and fact is not None and self.linked:
            found = self.context.evidence_at.get(key_of(fact))
            if found is not None:
                target = (found[0], f"A{found[1]}")
        if target is not None and self.linked and held not in (None, ""):
            # LibreOffice does not wrap the text of a linked cell; it does wrap what a formula gives.
            fits = type(held) is not str or text_width(held) <= column.width - 1
            linked = fits and self.data.link(at(number, index + 1), target[0], target[1], tip if self._tip else "")
            if not linked:
                linked, held = _linked_formula(held, *target)
        key = look, format_, linked
        style = self._put_styles[index].get(key)
        if style is None:
            if look == "link" and not linked:
                look = ""
            coloured = linked and self._coloured and look != "estimate"
            style = self.looks.cell(look, column.align, format_, wrap=column.wrap, linked=coloured)
            self._put_styles[index][key] = style
        return style, held

    def _entry(self, column: SheetColumn) -> Getter:
        """Return what gives a column for people to fill in: their entry, or the pre-filled text."""
        key, entries, blank = key_of_column(column), self.plan.entries, _blank(column)

        def make(row: Any, _: Sheet) -> Put:
            cells = entries.get(row.id)
            entry = cells.get(key) if cells else None
            if entry is None:
                return blank._replace(value=self._given.get(key, "")) if column.prefill else blank
            format_ = "" if entry.format == "General" else entry.format
            if not format_ and isinstance(entry.value, (date, datetime)):
                format_ = _DAY
            return Put(entry.value, "entry", format_ or blank.format)

        return make

    def _prefilled(self, row: Any) -> dict[str, str]:
        """Return what the columns to fill in hold before anybody does, by their keys."""
        found: dict[str, str] = {}
        for key, getter, text in self._prefills:
            if getter is not None:
                value = getter(row, self.sheet)
                value = value.value if isinstance(value, Put) else value
                text = "" if value is None else str(value)
            if text:
                found[key] = text
        return found

    def _expression(self, row: Any, column: SheetColumn) -> Value:
        """Return what an expression of the template gives; a failing one is told once."""
        if column.value is None:
            return None
        given: dict[str, object] = {}
        for name, getter in self._getters.items():
            value = getter(row, self.sheet)
            value = value.value if isinstance(value, Put) else value
            value = value.value if isinstance(value, Formula) else value
            given[name] = value.text if isinstance(value, Rich) else "" if value is None else value
        text, issues = render_text(column.value, given)
        for issue in issues:
            if issue.code not in self._told:
                self._told.add(issue.code)
                self.issues.append(issue)
        if column.number:
            try:
                return Decimal(text.strip())
            except ArithmeticError:
                return text or None
        return text or None

    def _hidden_cells(self, row: Any, cells: list[tuple[int, Value, int]]) -> None:
        """Add what stands behind the last column: number twins, or what was pre-filled."""
        kind = self.plan.kind
        if kind in ("results", "print"):
            assert isinstance(row, ResultRow)
            style, slots = self._hidden_style, row.slots
            for n, (slot, end) in enumerate(TWINS, len(self.columns) + 1):
                cells.append((n, twin_value(row, self.sheet, slot, end) if slot in slots else None, style))
        elif kind in FILLED:
            text = _as_json(self._given) if self._given else ""
            cells.append((len(self.columns) + 1, text, self._hidden_style))


def _text_of(value: Value) -> str:
    """Return the text that a cell shows, where it shows one."""
    if type(value) is Rich:
        return value.text
    return value.value if type(value) is Formula and type(value.value) is str else ""


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column."""
    wanted = text_width(text)
    if wanted <= width:
        return 1
    # A line ends before the column does where a whole character has no room, hence one less.
    if "\n" in text:
        return sum(max(1, -(-text_width(part) // (width - 1))) for part in text.split("\n"))
    return -(-wanted // (width - 1))


def _linked_formula(value: Value, sheet: str, cell: str) -> tuple[bool, Value]:
    """Return a value as a formula that is a link: for long texts, and where a sheet can hold no more links."""
    place = literal(f"#{quoted_name(sheet)}!{cell}")
    if isinstance(value, str) and len(value) <= 250:
        return True, Formula(f"HYPERLINK({place},{literal(value)})", value)
    if isinstance(value, Decimal):
        return True, Formula(f"HYPERLINK({place},{value:f})", value)
    return False, value


class Merges:
    """Collects runs of equal cells in the columns that ask for merging."""

    def __init__(self, columns: Sequence[SheetColumn]) -> None:
        self._columns = [n for n, column in enumerate(columns) if column.merge]
        self._runs: dict[int, list[tuple[int, int, Value]]] = {n: [] for n in self._columns}

    def take(self, row: int, values: Sequence[Value]) -> None:
        """Take in one row."""
        for n in self._columns:
            runs = self._runs[n]
            if runs and runs[-1][2] == values[n] and runs[-1][1] == row - 1:
                runs[-1] = (runs[-1][0], row, values[n])
            else:
                runs.append((row, row, values[n]))

    def areas(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the areas to merge."""
        for n, runs in self._runs.items():
            for first, last, _ in runs:
                if last > first:
                    yield first, n + 1, last, n + 1
