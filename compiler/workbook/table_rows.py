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
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.column_values import GETTERS, twin_value
from compiler.workbook.formulas import literal
from compiler.workbook.rows import TWINS, BookContext, Getter, Put, Sheet, key_of
from compiler.workbook.sheet_plan import FILLED, Section, SheetPlan
from compiler.workbook.table_heads import LINE, key_of_column
from compiler.workbook.task_sheet import TASKS
from compiler.workbook.template import SheetColumn
from compiler.workbook.user_edits import Work, naming_columns, note, row_name
from compiler.workbook.xlsx import Formula, Rich, SheetData, Value, at, quoted_name, text_width

TABLES: Final[Mapping[str, Mapping[str, Any]]] = {**GETTERS, "tasks": TASKS}
"""What columns may show, by kind of sheet."""

_DAY: Final = "yyyy-mm-dd"

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def empty_columns(plan: SheetPlan, context: BookContext) -> frozenset[str]:
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

    ``room`` is how many characters fit on a line whatever they are; a longer text may make its row higher.
    ``texts`` are its cells of that room that are no numbers, by their value, as many as are worth keeping.
    """

    nth: int
    column: SheetColumn
    make: Getter
    style: int
    number: int
    room: int
    texts: dict[str | None, str]


class _Entries(NamedTuple):
    """Columns to fill in that stand together, with their cells in a row that nobody has touched."""

    columns: tuple[_Column, ...]
    untouched: str


_AT_ONCE: Final = 512
"""So many rows are made at once, a column after the other, which takes half the time that row after row takes."""

_KEPT_TEXTS: Final = 2048
"""So many different cells of a column are kept: all of a place, a theme, a unit; of sentences hardly one recurs."""

_ANY_ROOM: Final = 1 << 30


def _blank(column: SheetColumn) -> Put:
    """Return the empty cell of a column to fill in."""
    return Put("", "entry", _DAY if column.entry == "asof" else "")


class RowWriter:
    """Writes the rows of one table, some hundred at once, a column after the other."""

    def __init__(
        self,
        data: SheetData,
        looks: CellLooks,
        plan: SheetPlan,
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
        self._above: dict[int, tuple[int, Value | Put]] = {}
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
        self._given: list[dict[str, str]] = []
        self._known = [self._column(index, column) for index, column in enumerate(columns)]
        self._steps = [*self._grouped()]
        self.merges = Merges(columns)
        self._hidden_style = looks.cell("number", "", "", wrap=False) if plan.kind not in FILLED else looks.note()

    def _column(self, index: int, column: SheetColumn) -> _Column:
        """Return what is known of a column before any row is."""
        cell = self.looks.cell
        default = cell("", column.align, "", wrap=column.wrap)
        number = default if column.align else cell("number", "", "", wrap=False)
        room = self._widths[index] // 2 if index in self._widths else _ANY_ROOM
        return _Column(index, column, self._maker(column), default, number, room, {})

    def _grouped(self) -> Iterator[_Column | _Entries]:
        """Yield the columns, those to fill in that stand together as one."""
        for to_fill, group in groupby(self._known, lambda known: bool(known.column.entry and not known.column.key)):
            if not to_fill:
                yield from group
                continue
            columns = tuple(group)
            cells = []
            for known in columns:
                style, _ = self._put(0, known.nth, known.column, _blank(known.column))
                cells.append(self.data.cell(0, known.nth + 1, "", style))
            yield _Entries(columns, "".join(cells))

    def _maker(self, column: SheetColumn) -> Getter:
        """Return what makes the value of a column from a row."""
        if column.key:
            getter: Getter = self._getters[column.key]
            return getter
        return lambda row, _: self._expression(row, column)

    def carry(self, work: Work) -> None:
        """Have comments and colours that people put on cells of this sheet put on the same cells again."""
        if any(place.sheet == self.plan.name for place in work.marks):
            self._work = work
            self._titles = [f"{c.group}/{c.title}" if c.group else c.title for c in self.columns]
            self._naming = naming_columns(self._titles)
            self._seen: dict[str, int] = {}

    def _marked(self, numbers: Sequence[int], rows: Sequence[Any]) -> dict[tuple[int, int], str]:
        """Put the comments of people on the cells of some rows, and return the colours of their grounds."""
        work, fills = self._work, dict[tuple[int, int], str]()
        if work is None:
            return fills
        naming = [self._known[n] for n in self._naming]
        for number, row in zip(numbers, rows, strict=True):
            name = row_name([_plain(known.make(row, self.sheet)) for known in naming], self._seen)
            for index, title in enumerate(self._titles):
                address = at(number, index + 1)
                mark = work.mark(self.plan.name, name, title) if name else None
                mark = mark or work.mark(self.plan.name, f"#{address}", address)
                if mark is None:
                    continue
                if mark.fill:
                    fills[number, index] = mark.fill
                if mark.comment:
                    note(self.data, number, index + 1, mark.comment, mark.author)
        return fills

    def write(self, numbers: Sequence[int], rows: Sequence[Any]) -> None:
        """Write rows with their numbers, which ascend."""
        for start in range(0, len(rows), _AT_ONCE):
            end = start + _AT_ONCE
            self._write(numbers[start:end], rows[start:end], rows[end : end + 1])

    def _write(self, numbers: Sequence[int], rows: Sequence[Any], below: Sequence[Any]) -> None:
        lines = [1] * len(rows)
        fills = self._marked(numbers, rows)
        if self.plan.kind in FILLED:
            self._given = [self._prefilled(row) for row in rows]
        columns: list[list[str]] = []
        for step in self._steps:
            if isinstance(step, _Entries):
                columns.append(self._entered(numbers, rows, step, lines, fills))
            else:
                # Whether a cell begins a merged area is told by the row below.
                made = [step.make(row, self.sheet) for row in ((*rows, *below) if step.column.merge else rows)]
                columns.append(self._cells(numbers, step, made, lines, fills))
        columns.extend(self._behind(numbers, rows))
        heights = [min(409.0, LINE * most + 4) for most in lines]
        self.data.rendered(numbers, columns, heights, len(self.columns) + len(columns) - len(self._steps))
        if self.plan.kind == "tasks":
            for row in rows:
                row.known = None

    def _cells(
        self,
        numbers: Sequence[int],
        known: _Column,
        made: Sequence[Value | Put],
        lines: list[int],
        fills: Mapping[tuple[int, int], str],
    ) -> list[str]:
        """Return the cells of a column, and make the lines of rows as many as its texts take."""
        index, column, _, style, of_numbers, room, texts = known
        values, within = made, list[bool]()
        if column.merge:
            values, within = self._merged(numbers[0], index, len(lines), made)
        recurring = not column.merge and not fills
        head = self.data.beginning(index + 1, of_numbers)
        cells: list[str] = []
        alike = 0
        for offset, value in enumerate(values):
            kind = type(value)
            plain = recurring and (kind is str or value is None)
            if plain and (cell := texts.get(value)) is not None:  # type: ignore[arg-type]
                cells.append(cell)
                continue
            number, own = numbers[offset], style
            if kind is Put:
                own, value = self._put(number, index, column, value)  # type: ignore[arg-type]
            elif kind is int or kind is Decimal:
                if recurring:
                    cells.append(f"{head}><v>{value}</v></c>" if kind is int else f"{head}><v>{value:f}</v></c>")
                    continue
                own = of_numbers
            if type(value) is Formula and value.alike:
                if offset >= alike:
                    alike = offset + _alike(values, offset)
                    if alike > offset + 1:
                        area = f"{at(number, index + 1)}:{at(numbers[alike - 1], index + 1)}"
                        value = value._replace(shared=(self.data.shared, area))
                        self.data.shared += 1
                else:
                    value = value._replace(shared=(self.data.shared - 1, ""))
            if within and within[offset]:
                own = self._tops[index]
            if fills and (fill := fills.get((number, index))):
                own = self.looks.styles.filled(own, fill)
            cell = self.data.cell(number, index + 1, value, own)  # type: ignore[arg-type]
            cells.append(cell)
            text = value if type(value) is str else _text_of(value)  # type: ignore[arg-type]
            if len(text) > room:
                lines[offset] = _most_lines(lines[offset], text, self._widths[index])
            elif plain and len(texts) < _KEPT_TEXTS:
                texts[value] = cell  # type: ignore[index]
        return cells

    def _merged(
        self, first: int, index: int, count: int, made: Sequence[Value | Put]
    ) -> tuple[list[Value | Put], list[bool]]:
        """Return the values of a column whose equal cells are merged, and which of them lie in an area.

        The first cell of an area holds its value. ``made`` may hold the value below the last of ``count`` rows.
        """
        values: list[Value | Put] = []
        within: list[bool] = []
        above: tuple[int, Value | Put] = self._above.get(index, (0, None))
        for offset, value in enumerate(made[:count]):
            repeated = above == (first + offset - 1, value)
            above = first + offset, value
            values.append(None if repeated else value)
            within.append(repeated or (offset + 1 < len(made) and made[offset + 1] == value))
        self._above[index] = above
        self.merges.take(index, first, made[:count])
        return values, within

    def _entered(
        self,
        numbers: Sequence[int],
        rows: Sequence[Any],
        step: _Entries,
        lines: list[int],
        fills: Mapping[tuple[int, int], str],
    ) -> list[str]:
        """Return the cells of columns to fill in that stand together, with what stands in them already."""
        entries, given = self.plan.entries, self._given
        cells = [step.untouched] * len(rows)
        for offset, row in enumerate(rows):
            if not given[offset] and row.id not in entries and not fills:
                continue
            texts: list[str] = []
            for known in step.columns:
                value = self._entry(row, known.column, given[offset])
                own = numbers[offset : offset + 1]
                texts += self._cells(own, known, [value], (of_row := [lines[offset]]), fills)
                lines[offset] = of_row[0]
            cells[offset] = "".join(texts)
        return cells

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

    def _entry(self, row: Any, column: SheetColumn, given: Mapping[str, str]) -> Put:
        """Return what stands in a column to fill in: somebody's entry, or the pre-filled text."""
        blank, key = _blank(column), key_of_column(column)
        entry = self.plan.entries.get(row.id, {}).get(key)
        if entry is None:
            return blank._replace(value=given.get(key, "")) if column.prefill else blank
        format_ = "" if entry.format == "General" else entry.format
        if not format_ and isinstance(entry.value, (date, datetime)):
            format_ = _DAY
        return Put(entry.value, "entry", format_ or blank.format)

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
            value = _plain(getter(row, self.sheet))
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

    def _behind(self, numbers: Sequence[int], rows: Sequence[Any]) -> Iterator[list[str]]:
        """Yield the cells that stand behind the last column: number twins, or what was pre-filled."""
        kind, style, cell = self.plan.kind, self._hidden_style, self.data.cell
        behind = len(self.columns) + 1
        if kind in ("results", "print"):
            for n, (slot, end) in enumerate(TWINS, behind):
                values = (twin_value(row, self.sheet, slot, end) if slot in row.slots else None for row in rows)
                yield [cell(number, n, value, style) for number, value in zip(numbers, values, strict=True)]
        elif kind in FILLED:
            texts = (_as_json(given) if given else "" for given in self._given)
            yield [cell(number, behind, text, style) for number, text in zip(numbers, texts, strict=True)]


def _alike(values: Sequence[Value | Put], start: int) -> int:
    """Return how many cells of a column from ``start`` on have one formula."""
    found = [_formula_of(values[start])]
    for value in values[start + 1 :]:
        formula = _formula_of(value)
        if formula != found[0]:
            break
        found.append(formula)
    return len(found)


def _formula_of(value: Value | Put) -> str | None:
    value = value.value if type(value) is Put else value
    return value.text if type(value) is Formula and value.alike else None


def _plain(value: Value | Put) -> Value:
    """Return a value without its look, and what a formula gives."""
    value = value.value if isinstance(value, Put) else value
    return value.value if isinstance(value, Formula) else value


def _text_of(value: Value) -> str:
    """Return the text that a cell shows, where it shows one."""
    if type(value) is Rich:
        return value.text
    return value.value if type(value) is Formula and type(value.value) is str else ""


def _most_lines(known: int, text: str, width: int) -> int:
    """Return how many lines a text takes in a column, or ``known`` if that is more."""
    # A line ends before the column does where a whole character has no room, hence one less.
    room = width - 1
    several = "\n" in text
    if not several and 2 * len(text) <= known * room:
        return known  # even if each of its characters is a wide one
    wanted = text_width(text)
    if wanted <= width:
        return known
    if several:
        return max(known, sum(max(1, -(-text_width(part) // room)) for part in text.split("\n")))
    return max(known, -(-wanted // room))


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
        self._runs: dict[int, list[tuple[int, int, Any]]] = {n: [] for n in self._columns}

    def take(self, column: int, first: int, values: Sequence[Any]) -> None:
        """Take in the values of a column in rows from ``first`` on."""
        runs = self._runs[column]
        for row, value in enumerate(values, first):
            if runs and runs[-1][2] == value and runs[-1][1] == row - 1:
                runs[-1] = (runs[-1][0], row, value)
            else:
                runs.append((row, row, value))

    def areas(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the areas to merge."""
        for n, runs in self._runs.items():
            for first, last, _ in runs:
                if last > first:
                    yield first, n + 1, last, n + 1
