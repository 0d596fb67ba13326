"""Write the sheets that are tables: header, rows, links, filters, print set-up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from compiler.ledger.judge import JUDGED
from compiler.model import Issue, Measure
from compiler.rules.expressions import render_text
from compiler.strings import unique
from compiler.workbook.carry import Work, naming_columns, note, row_name
from compiler.workbook.columns import GETTERS, twin_key, twin_value
from compiler.workbook.entries import DEFAULTS, ENTRY, EXTRA, ID, MARK, FilledCell
from compiler.workbook.formulas import literal
from compiler.workbook.paper import set_print
from compiler.workbook.rows import TWINS, BookContext, Getter, Put, ResultRow, Sheet, key_of
from compiler.workbook.tasks import TASKS
from compiler.workbook.template import SheetColumn, SheetSpec, WorkbookTemplate, fill
from compiler.workbook.xlsx import LETTERS, Book, Formula, Rich, SheetData, Style, Value, at, quoted_name, text_width

TABLES: Final[Mapping[str, Mapping[str, Any]]] = {**GETTERS, "tasks": TASKS}
"""What columns may show, by kind of sheet."""

FILLED: Final = ("tasks", "checks")
"""Kinds of sheets that people fill in."""

_LINE: Final = 13.5
"""Height of a line of 10-point text, in points."""


@dataclass(frozen=True, slots=True)
class Section:
    """A line within a table that begins its next part (main indicators, then all others)."""

    title: str


@dataclass
class Plan:
    """A sheet to be written: its name, its rows, and where its table stands."""

    spec: SheetSpec
    kind: str
    name: str
    rows: Sequence[Any] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    columns: tuple[SheetColumn, ...] = ()
    part: int = 1
    place_key: str = ""
    report_year: int = 0
    entries: Mapping[str, Mapping[str, FilledCell]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    issues: list[Issue] = field(default_factory=list)
    common: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """Return how many rows the header takes."""
        return 2 if any(column.group for column in self.columns) else 1

    @property
    def bare(self) -> bool:
        """Tell whether the header is the first row: an Excel table that other programs read."""
        return bool(self.spec.table)

    @property
    def header(self) -> int:
        """Return the first row of the header."""
        return 1 if self.bare else 4 if self.kind in FILLED else 3

    @property
    def first(self) -> int:
        """Return the first row of data."""
        return self.header + self.depth

    def layouts(self) -> list[tuple[int, int]]:
        """Return first and last column of each group, where a sheet is printed in parts; the columns before repeat."""
        if self.kind != "tasks":
            return []
        found: dict[str, tuple[int, int]] = {}
        for n, column in enumerate(self.columns, 1):
            if column.group:
                found[column.group] = (found.get(column.group, (n, n))[0], n)
        return list(found.values())

    @property
    def last(self) -> int:
        """Return the last row of data; the header's where there is none."""
        return self.first + len(self.rows) - 1

    def letters(self) -> dict[str, str]:
        """Return the column letters of all keys, hidden twins included."""
        found = {column.key or column.name: LETTERS[n] for n, column in enumerate(self.columns, 1)}
        if self.kind in ("results", "print"):
            start = len(self.columns)
            for n, (slot, end) in enumerate(TWINS, start + 1):
                found[twin_key(slot, end)] = LETTERS[n]
        return found

    @property
    def width(self) -> int:
        """Return the number of columns, without what stands hidden behind them."""
        return len(self.columns)


class CellLooks:
    """The styles of one workbook, by what a cell is for."""

    def __init__(self, book: Book, template: WorkbookTemplate) -> None:
        look = template.look
        self.styles = book.styles
        self.look = look
        self.font = look.get("font", "宋体")
        self.header_font = look.get("header_font", self.font)
        self.title_font = look.get("title_font", self.font)
        self.size = _number(look.get("size", ""), 10)
        self.title_size = _number(look.get("title_size", ""), 16)
        self.border = look.get("border", "A6A6A6")
        self._cells: dict[tuple[str, str, str, bool, bool, bool, bool], int] = {}

    def cell(
        self,
        look: str,
        align: str,
        format_: str,
        *,
        wrap: bool = True,
        linked: bool = False,
        bordered: bool = True,
        top: bool = False,
    ) -> int:
        """Return the style number of a table cell."""
        key = (look, align, format_, wrap, linked, bordered, top)
        known = self._cells.get(key)
        if known is not None:
            return known
        base = Style(
            self.font, self.size, border=self.border if bordered else "", horizontal=align or "left", wrap=wrap
        )
        if top:
            base = replace(base, vertical="top")
        if look in ("number", "words", "estimate"):
            centred = align == "center"
            base = replace(base, horizontal="center" if centred else "right", wrap=look == "words")
            # A little room on the right, so that a figure does not touch the text of the next column.
            if look == "words" and not centred:
                base = replace(base, indent=1)
            elif not centred:
                format_ = f"{format_ or 'General'}_ _ "
        if look == "text" and align == "right":
            base = replace(base, horizontal="left")  # words among figures
        if look == "estimate":
            base = replace(base, italic=True, colour=self.look.get("grey", "808080"))
        if look == "grey":
            base = replace(base, colour=self.look.get("grey", "808080"))
        if look == "entry":
            base = replace(base, fill=self.look.get("entry_fill", "FFFBE6"), unlocked=True)
        if look == "section":
            base = replace(base, font=self.header_font, bold=True, fill=self.look.get("section_fill", "F3F6FA"))
        if look == "link" or linked:
            base = replace(base, colour=self.look.get("link", "1F4E79"))
        if look.startswith("status."):
            base = replace(base, horizontal=align or "center")
        known = self._cells[key] = self.styles.number(replace(base, format=format_ or "General"))
        return known

    def header(self) -> int:
        """Return the style of header cells."""
        return self.styles.number(
            Style(
                self.header_font,
                self.size,
                bold=True,
                colour=self.look.get("header_colour", ""),
                fill=self.look.get("header_fill", "DCE6F1"),
                border=self.border,
                horizontal="center",
                wrap=True,
            )
        )

    def title(self, *, centred: bool) -> int:
        """Return the style of a sheet's title."""
        return self.styles.number(
            Style(self.title_font, self.title_size, bold=True, horizontal="center" if centred else "left")
        )

    def note(self, *, wrap: bool = False, grey: bool = True) -> int:
        """Return the style of notes above and below a table."""
        colour = self.look.get("grey", "808080") if grey else ""
        return self.styles.number(Style(self.font, self.size, colour=colour, horizontal="left", wrap=wrap))

    def link(self) -> int:
        """Return the style of a link outside tables."""
        return self.styles.number(
            Style(self.font, self.size, colour=self.look.get("link", "1F4E79"), horizontal="left", underline=True)
        )

    def plain(self, *, bold: bool = False) -> int:
        """Return the style of text outside tables."""
        return self.styles.number(Style(self.header_font if bold else self.font, self.size, bold=bold))


def _number(text: str, default: float) -> float:
    try:
        return float(text)
    except ValueError:
        return default


def write_table(
    book: Book, looks: CellLooks, plan: Plan, context: BookContext, contents: str, *, linked: bool = True
) -> None:
    """Write one sheet with a table. ``contents`` is the sheet to go back to; ``linked`` allows other links."""
    data = book.sheet(plan.name)
    sheet = Sheet(context, plan.spec, plan.name, plan.letters(), common=frozenset(plan.common))
    columns = _columns(plan, context)
    if not plan.bare:
        page_title(data, looks, plan, context, len(columns), contents)
    if plan.kind in FILLED:
        _write_keys(data, looks, plan, columns)
    _write_header(data, looks, plan, columns, context)
    writer = _RowWriter(data, looks, plan, sheet, columns, linked=linked)
    writer.carry(context.work)
    if plan.kind in ("results", "print"):
        _number_results(plan, sheet)
    merges = _Merges(columns)
    if plan.kind == "tasks":
        for row_number, row in enumerate(plan.rows, plan.first):
            row.row = row_number
            row.entries = plan.entries.get(row.id, {})
    following = [None if isinstance(row, Section) else row for row in (*plan.rows[1:], None)] if plan.rows else []
    for row_number, (row, below) in enumerate(zip(plan.rows, following, strict=True), plan.first):
        if isinstance(row, Section):
            style = looks.cell("section", "", "", wrap=False)
            data.row(row_number, [(1, row.title, style), *((n, None, style) for n in range(2, len(columns) + 1))])
            data.merge(row_number, 1, row_number, len(columns))
            continue
        values = writer.write(row_number, row, below)
        merges.take(row_number, values)
    if not plan.rows and "none" in plan.spec.texts:
        data.row(plan.first, [(1, plan.spec.word("none"), looks.note(grey=False))])
    foot = plan.last + 1 if plan.rows else plan.first
    if plan.kind in ("results", "print"):
        foot = _write_foot(data, looks, plan, context, foot, len(columns))
    _set_up(book, data, plan, columns, context, foot, looks.size)
    for area in merges.areas():
        data.merge(*area)
    plan.issues.extend(writer.issues)
    for name in data.long_texts:
        plan.issues.append(Issue("O120", {"sheet": plan.name, "cell": name}))


def _columns(plan: Plan, context: BookContext) -> list[SheetColumn]:
    """Return the columns with their titles filled and what is empty hidden."""
    titles = plan.fields
    columns: list[SheetColumn] = []
    taken: set[str] = set()
    for column in plan.columns:
        title = fill(column.title, **titles)
        if plan.bare:  # two columns of one name make Excel repair a table
            title = unique(title, taken, lambda name, number: f"{name}{number}")
        columns.append(
            replace(
                column,
                title=title,
                group=fill(column.group, **titles),
                hidden=column.hidden or column.name in plan.hidden,
            )
        )
    return columns


def _number_results(plan: Plan, sheet: Sheet) -> None:
    """Give each row its number and the cells that another row's target in words may look at."""
    growth = sheet.columns.get(twin_key("last_result_growth", "low"), "")
    cells: dict[str, str] = {}
    for row_number, row in enumerate(plan.rows, plan.first):
        if isinstance(row, Section):
            continue
        row.row = row_number
        fact = row.slots.get("last_result_growth")
        if fact is not None and growth:
            cells[fact.id] = f"{growth}{row_number}"
    for row in plan.rows:
        if isinstance(row, ResultRow):
            row.references = cells


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


# --- head and foot ------------------------------------------------------------------------------


def page_title(
    data: SheetData, looks: CellLooks, plan: Plan, context: BookContext, width: int, contents: str, note: str = ""
) -> int:
    """Write title and note of a sheet, with the way back to the contents; return the last row that they take."""
    spec = plan.spec
    title = fill(spec.title or plan.name, **plan.fields)
    if spec.title_without_last and not context.ledger.has_report(plan.place_key, plan.report_year - 1):
        title = fill(spec.title_without_last, **plan.fields)
    note = note or fill(spec.note, **plan.fields)
    centred = plan.kind == "print"
    data.row(1, [(1, title, looks.title(centred=centred))], height=looks.title_size * 1.8, fixed=True)
    if centred:
        data.row(2, [(1, note, looks.note(grey=False))], height=_LINE * 1.3, fixed=True)
        data.merge(1, 1, 1, width)
        return 2
    cells: list[tuple[int, Value, int]] = []
    start = 1
    if contents:
        cells.append((1, context.template.word("back_to_contents"), looks.link()))
        data.link("A2", contents, "A1")
        start = min(3, max(2, width))
    cells.append((start, note, looks.note()))
    data.row(2, cells, height=_LINE * 1.3, fixed=True)
    return 2


def _write_keys(data: SheetData, looks: CellLooks, plan: Plan, columns: Sequence[SheetColumn]) -> None:
    """Write the hidden row by which the next build knows the columns again."""
    keys = [key_of_column(column) for column in columns] + [DEFAULTS]
    style = looks.note()
    head = f"{MARK}{plan.kind}/{plan.depth}|{keys[0]}"
    data.row(plan.header - 1, [(n, head if n == 1 else key, style) for n, key in enumerate(keys, 1)], hidden=True)


def key_of_column(column: SheetColumn) -> str:
    """Return the key by which the next build knows a column again."""
    if column.entry:
        return column.entry if column.entry.startswith(EXTRA) else f"{ENTRY}{column.entry}"
    return ID if column.key == "id" else f"key:{column.key or column.title}"


def _write_header(
    data: SheetData, looks: CellLooks, plan: Plan, columns: Sequence[SheetColumn], context: BookContext
) -> None:
    style = looks.header()
    row = plan.header
    titles = [column.title for column in columns]
    hidden: list[str] = []
    if plan.kind in ("results", "print"):
        hidden = [_twin_title(slot, end, columns, context) for slot, end in TWINS]
    elif plan.kind in FILLED:
        hidden = [""]
    lines = max(
        (-(-text_width(title) // max(1, int(column.width) - 1)) for title, column in zip(titles, columns, strict=True)),
        default=1,
    )
    height = _LINE * max(1.3, min(lines, 4) + 0.3)
    if plan.depth == 1:
        cells = [(n, title, style) for n, title in enumerate([*titles, *hidden], 1)]
        data.row(row, cells, height=height, fixed=True)
        return
    header_cells(data, looks, plan, columns, row, hidden, max(_LINE * 1.4, height - _LINE))


def header_cells(
    data: SheetData,
    looks: CellLooks,
    plan: Plan,
    columns: Sequence[SheetColumn],
    row: int,
    hidden: Sequence[str] = (),
    height: float = 0,
) -> None:
    """Write a header of two rows, groups above their columns; ``hidden`` titles stand behind the last column."""
    style = looks.header()
    groups = [fill(column.group, **plan.fields) for column in columns]
    titles = [fill(column.title, **plan.fields) for column in columns]
    top: list[tuple[int, Value, int]] = []
    for n, (group, title) in enumerate(zip(groups, titles, strict=True), 1):
        first = n == 1 or groups[n - 2] != group
        top.append((n, (group if first else None) if group else title, style))
        if not group:
            data.merge(row, n, row + 1, n)
        elif first:
            end = n
            while end < len(groups) and groups[end] == group:
                end += 1
            data.merge(row, n, row, end)
    bottom: list[tuple[int, Value, int]] = [
        (n, title if group else None, style) for n, (group, title) in enumerate(zip(groups, titles, strict=True), 1)
    ]
    for n, title in enumerate(hidden, len(columns) + 1):
        top.append((n, title, style))
        bottom.append((n, None, style))
        data.merge(row, n, row + 1, n)
    room: dict[str, float] = {}
    for group, column in zip(groups, columns, strict=True):
        room[group] = room.get(group, 0) + (0 if column.hidden else column.width)
    lines = max(
        (-(-text_width(group) // max(1, int(wide) - 1)) for group, wide in room.items() if group and wide), default=1
    )
    data.row(row, top, height=_LINE * (min(lines, 3) + 0.4), fixed=True)
    data.row(row + 1, bottom, height=height or _LINE * 1.4, fixed=True)


def _twin_title(slot: str, end: str, columns: Sequence[SheetColumn], context: BookContext) -> str:
    suffix = context.template.word("twin" if end == "low" else "twin_high")
    column = next((column for column in columns if column.key == slot), None)
    name = f"{column.group}{column.title}" if column is not None else context.template.word(f"twin.{slot}")
    return name + suffix


def _write_foot(data: SheetData, looks: CellLooks, plan: Plan, context: BookContext, row: int, width: int) -> int:
    """Write the notes under a table; return the last row."""
    spec = plan.spec
    texts = [fill(spec.foot, **plan.fields)] if spec.foot else []
    places = _without_last(plan, context)
    if spec.foot_without_last and places:
        texts.insert(0, fill(spec.foot_without_last, **{"places": "、".join(places), **plan.fields}))
    if plan.common:
        texts.insert(0, spec.word("common", text=context.terms.word("remark.separator").join(plan.common)))
    total = sum(column.width for column in plan.columns if column.name not in plan.hidden)
    for text in texts:
        lines = max(1, -(-text_width(text) // max(20, int(total * 0.95))))
        data.row(row, [(1, text, looks.note(wrap=True, grey=False))], height=_LINE * (lines + 0.3), fixed=True)
        data.merge(row, 1, row, width)
        row += 1
    return row - 1


def _without_last(plan: Plan, context: BookContext) -> list[str]:
    """Return the reports of a sheet whose last year's report is not at hand."""
    found: dict[str, None] = {}
    for row in plan.rows:
        if isinstance(row, ResultRow) and not context.ledger.has_report(row.line.place_key, row.line.report_year - 1):
            name = context.place_name(row.line.place) + context.template.word("year", year=row.line.report_year)
            found.setdefault(name)
    return list(found)


# --- rows ---------------------------------------------------------------------------------------


class _RowWriter:
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
        self._default = [looks.cell("", column.align, "", wrap=column.wrap) for column in columns]
        # The text of a merged area stands at its top: in its middle a page's end may cut through it.
        self._tops = [looks.cell("", column.align, "", wrap=column.wrap, top=column.merge) for column in columns]
        self._numbers = [looks.cell("number", column.align, "", wrap=False) for column in columns]
        self._wide = [(n, max(2, int(c.width))) for n, c in enumerate(columns) if c.wrap and not (c.hidden or c.merge)]
        self._put_styles: list[dict[tuple[str, str, bool], int]] = [{} for _ in columns]
        self._getters = TABLES[plan.kind]
        self._makers = [self._maker(column) for column in columns]
        self._prefills = [(key_of_column(c), c) for c in columns if c.entry and c.prefill]

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
        sheet, default = self.sheet, self._default
        for index, (make, column) in enumerate(zip(self._makers, self.columns, strict=True)):
            given = make(row, sheet)
            style = default[index]
            if isinstance(given, Put):
                style, value = self._put(number, index, column, given)
            else:
                value = given
                if not column.align and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                    style = self._numbers[index]
            values.append(value)
            if column.merge:  # of a merged area the first cell holds the value, as office programs leave it
                repeated = self._above.get(index) == (number - 1, value)
                if repeated or (below is not None and make(below, sheet) == value):
                    style = self._tops[index]
                self._above[index] = (number, value)
                value = None if repeated else value
            cells.append((index + 1, value, style))
        if self._work is not None:
            self._marked(number, cells, values)
        self._hidden_cells(row, cells)
        self.data.row(number, cells, height=self._height(values))
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
        key, entries, day = key_of_column(column), self.plan.entries, "yyyy-mm-dd"
        blank = Put("", "entry", day if column.entry == "asof" else "")

        def make(row: Any, _: Sheet) -> Put:
            cells = entries.get(row.id)
            entry = cells.get(key) if cells else None
            if entry is None:
                return blank._replace(value=self._prefilled(row, column)) if column.prefill else blank
            format_ = "" if entry.format == "General" else entry.format
            if not format_ and (isinstance(entry.value, (date, datetime)) or column.entry == "asof"):
                format_ = day
            return Put(entry.value, "entry", format_)

        return make

    def _prefilled(self, row: Any, column: SheetColumn) -> str:
        getter = self._getters.get(column.prefill)
        if getter is None:
            return column.prefill
        value = getter(row, self.sheet)
        value = value.value if isinstance(value, Put) else value
        return "" if value is None else str(value)

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
            style = self.looks.cell("number", "", "", wrap=False)
            for n, (slot, end) in enumerate(TWINS, len(self.columns) + 1):
                cells.append((n, twin_value(row, self.sheet, slot, end), style))
        elif kind in FILLED:
            given = {key: text for key, column in self._prefills if (text := self._prefilled(row, column))}
            text = json.dumps(given, ensure_ascii=False) if given else ""
            cells.append((len(self.columns) + 1, text, self.looks.note()))

    def _height(self, values: Sequence[Value]) -> float:
        """Return how high a row must be for its longest text."""
        most = 1
        for index, width in self._wide:
            value = values[index]
            if type(value) is Formula:
                value = value.value
            elif type(value) is Rich:
                value = value.text
            if type(value) is not str or len(value) * 2 <= width:
                continue
            wanted = text_width(value)
            if wanted > width:
                # A line ends before the column does where a whole character has no room, hence one less.
                lines = -(-wanted // (width - 1))
                if "\n" in value:
                    lines = sum(max(1, -(-text_width(part) // (width - 1))) for part in value.split("\n"))
                most = max(most, lines)
        return min(409.0, _LINE * most + 4)


def _linked_formula(value: Value, sheet: str, cell: str) -> tuple[bool, Value]:
    """Return a value as a formula that is a link: for long texts, and where a sheet can hold no more links."""
    place = literal(f"#{quoted_name(sheet)}!{cell}")
    if isinstance(value, str) and len(value) <= 250:
        return True, Formula(f"HYPERLINK({place},{literal(value)})", value)
    if isinstance(value, Decimal):
        return True, Formula(f"HYPERLINK({place},{value:f})", value)
    return False, value


class _Merges:
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


# --- set-up of a sheet --------------------------------------------------------------------------


def _set_up(
    book: Book,
    data: SheetData,
    plan: Plan,
    columns: Sequence[SheetColumn],
    context: BookContext,
    foot: int,
    size: float,
) -> None:
    """Set widths, freeze, filter, print set-up, drop-downs and highlights."""
    widths: list[float] = []
    for n, column in enumerate(columns, 1):
        data.width(n, column.width, hidden=column.hidden)
        widths.append(0 if column.hidden else column.width)
    behind = len(TWINS) if plan.kind in ("results", "print") else 1 if plan.kind in FILLED else 0
    for n in range(len(columns) + 1, len(columns) + behind + 1):
        data.width(n, 13, hidden=True, level=int(plan.kind in ("results", "print")))
    last = max(plan.last, plan.first - 1)
    freeze = next((n for n, column in enumerate(columns, 1) if plan.spec.freeze in (column.key, column.entry)), 0)
    if plan.kind != "print":
        data.freeze(plan.first, freeze + 1)
        if plan.spec.filter and plan.rows and not plan.bare:
            data.filter(plan.first - 1, 1, last, len(columns) + behind)
    if plan.bare and plan.rows:
        _add_table(book, data, plan, columns, last)
    titles = (1, plan.first - 1)
    rows = max(foot, last)
    set_print(
        data,
        context.template,
        widths,
        rows,
        titles,
        repeated_columns=freeze,
        size=size,
        layouts=plan.layouts(),
        book=book,
    )
    if plan.kind in FILLED and plan.rows:
        _add_choices(data, plan, columns, last)
    if plan.kind in ("results", "print") and plan.rows:
        _add_status_looks(data, plan, columns, last, context)


def _add_table(book: Book, data: SheetData, plan: Plan, columns: Sequence[SheetColumn], last: int) -> None:
    name = book.free_name(range_name(plan.spec.table) + (f"_{plan.part}" if plan.part > 1 else ""))
    look = {"name": name, "style": "Table Style Light 9", "columns": [{"header": column.title} for column in columns]}
    data.worksheet.add_table(plan.header - 1, 0, last - 1, len(columns) - 1, look)


def _add_choices(data: SheetData, plan: Plan, columns: Sequence[SheetColumn], last: int) -> None:
    """Give the columns to fill their drop-downs, and cells that hold a certain word their colours."""
    for n, column in enumerate(columns, 1):
        area = (plan.first - 1, n - 1, last - 1, n - 1)
        if column.choices:
            # People may write something else; the list helps and does not forbid.
            rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            data.worksheet.data_validation(*area, rule)
        for highlight in plan.spec.highlights:
            if highlight.entry and highlight.entry in (column.entry, column.key):
                look = data.styles.difference(fill=highlight.fill, colour=highlight.colour)
                _colour(data, area, highlight.word, look)


def _add_status_looks(
    data: SheetData, plan: Plan, columns: Sequence[SheetColumn], last: int, context: BookContext
) -> None:
    """Colour the statuses by their words, so that a corrected word changes colour too."""
    n = next((n for n, column in enumerate(columns) if column.key == "status"), -1)
    if n < 0:
        return
    for status, look in context.template.status_look.items():
        bold = status.startswith("missed")
        style = data.styles.difference(fill=look.get("fill", ""), colour=look.get("colour", ""), bold=bold)
        word = context.terms.word(f"status.{status}")
        endings = [context.template.word(f"by.{measure.value}") for measure in Measure] if status in JUDGED else []
        for ending in ("", *endings):
            _colour(data, (plan.first - 1, n, last - 1, n), word + ending, style)


def _colour(data: SheetData, area: tuple[int, int, int, int], word: str, look: Any) -> None:
    """Give the cells of an area that hold ``word`` a look."""
    rule = {"type": "cell", "criteria": "==", "value": literal(word), "format": look}
    data.worksheet.conditional_format(*area, rule)


def range_name(wanted: str) -> str:
    """Return a name for a table or an area that spreadsheets accept."""
    name = "".join(character for character in wanted if character.isalnum() or character == "_")
    # What looks like a cell (A1, R1C1) is none of the names that are allowed.
    return f"_{name}" if not name or name[0].isdecimal() or name.isascii() else name


def name_area(book: Book, name: str, plan: Plan, count: int) -> None:
    """Give the table of a sheet a name that formulas and readers can use."""
    if plan.rows and not book.has_name(name):
        area = f"{quoted_name(plan.name)}!$A${plan.first - 1}:${LETTERS[count]}${plan.last}"
        book.workbook.define_name(book.free_name(name), f"={area}")


def split_rows(rows: Sequence[Any], limit: int, lines: Callable[[Any], int] | None = None) -> Iterable[Sequence[Any]]:
    """Yield the rows in pieces that a sheet can carry; one empty piece where there are none.

    ``lines`` tells how many lines of the sheet one of ``rows`` takes at most, where it is a whole block of them.
    """
    start = taken = 0
    for number, row in enumerate(rows):
        size = lines(row) if lines is not None else 1
        if number > start and taken + size > limit:
            yield rows[start:number]
            start, taken = number, 0
        taken += size
    yield rows[start:]
