"""The sheets that are tables: rows below a header, filters, drop-downs, print set-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from compiler.ledger.judge import JUDGED
from compiler.model import Issue, Measure
from compiler.strings import unique
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.column_values import twin_key
from compiler.workbook.formulas import literal
from compiler.workbook.page_setup import set_print
from compiler.workbook.rows import TWINS, BookContext, ResultRow, Sheet
from compiler.workbook.sheet_plan import FILLED, Section, SheetPlan, range_name
from compiler.workbook.table_heads import page_title, write_foot, write_header, write_keys
from compiler.workbook.table_rows import RowWriter
from compiler.workbook.template import SheetColumn, fill
from compiler.workbook.xlsx import LETTERS, Book, SheetData, Style, quoted_name


def write_table(
    book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str, *, linked: bool = True
) -> None:
    """Write one sheet with a table. ``contents`` is the sheet to go back to; ``linked`` allows other links."""
    data = _head(book, looks, plan, context, contents)
    stretches = [*_stretches(plan)]
    writer = _writer(data, looks, plan, context, [one for one in stretches if not isinstance(one[1], Section)], linked)
    width = len(plan.columns)
    for numbers, rows in stretches:
        if isinstance(rows, Section):
            (number,) = numbers
            style = looks.cell("section", "", "", wrap=False)
            data.row(number, [(1, rows.title, style), *((n, None, style) for n in range(2, width + 1))])
            data.merge(number, 1, number, width)
        else:
            writer.write(numbers, rows)
    if not plan.rows and "none" in plan.spec.texts:
        data.row(plan.first, [(1, plan.spec.word("none"), looks.note(grey=False))])
    _end(book, looks, plan, context, data)
    for area in writer.merges.areas():
        data.merge(*area)
    plan.issues.extend([*writer.issues, *_cut_texts(data)])


def write_rows(
    book: Book,
    looks: CellLooks,
    plan: SheetPlan,
    context: BookContext,
    numbers: Sequence[int],
    rows: Sequence[Any],
    most_links: int,
) -> list[Issue]:
    """Write some rows of a sheet, which have these numbers, and so many links at most; return what there is to tell."""
    data = book.sheet(plan.name)
    data.most_links = most_links
    writer = _writer(data, looks, plan, context, [(numbers, rows)], linked=True)
    writer.write(numbers, rows)
    return [*writer.issues, *_cut_texts(data)]


def write_frame(
    book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str, height: float
) -> None:
    """Write a sheet without its rows, which take ``height`` together: what stands above, below and around them."""
    data = _head(book, looks, plan, context, contents)
    data.height += height
    _end(book, looks, plan, context, data, book.sheet(plan.name))


def _head(book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str) -> SheetData:
    """Begin a sheet with what stands above its rows."""
    data = book.sheet(plan.name)
    columns = _columns(plan, context)
    if not plan.bare:
        page_title(data, looks, plan, context, len(columns), contents)
    if plan.kind in FILLED:
        write_keys(data, looks, plan, columns)
    write_header(data, looks, plan, columns, context)
    return data


_Stretch = tuple[Sequence[int], Section | Sequence[Any]]
"""The numbers of rows that follow each other, with a line that begins a part of a table, or the rows of one."""


def _writer(
    data: SheetData,
    looks: CellLooks,
    plan: SheetPlan,
    context: BookContext,
    stretches: Sequence[_Stretch],
    linked: bool,
) -> RowWriter:
    """Return what writes the rows of a table, or some of them."""
    sheet = Sheet(context, plan.spec, plan.name, plan.letters(), common=frozenset(plan.common))
    writer = RowWriter(data, looks, plan, sheet, _columns(plan, context), linked=linked)
    writer.carry(context.work)
    if plan.kind in ("results", "print"):
        for numbers, rows in stretches:
            sheet.growths.update(_growth_cells(numbers, rows, sheet))
    return writer


def _end(
    book: Book,
    looks: CellLooks,
    plan: SheetPlan,
    context: BookContext,
    data: SheetData,
    below: SheetData | None = None,
) -> None:
    """Write what stands below the rows of a sheet, to a part of its own where these are, and set the sheet up."""
    columns = _columns(plan, context)
    foot = plan.last + 1 if plan.rows else plan.first
    if plan.kind in ("results", "print"):
        foot = write_foot(below or data, looks, plan, context, foot, len(columns))
    if below is not None:
        data.height += below.height
    _set_up(book, data, plan, columns, context, foot, looks.size)


def _cut_texts(data: SheetData) -> Iterator[Issue]:
    """Yield what is told of texts that no cell could hold."""
    for name in data.long_texts:
        yield Issue("O120", {"sheet": data.name, "cell": name})


def styles_of(plans: Iterable[SheetPlan], context: BookContext) -> list[Style]:
    """Return the styles that most cells of some tables have: those that their columns are known to have."""
    book = Book()
    looks = CellLooks(book, context.template)
    for plan in plans:
        columns = _columns(plan, context)
        sheet = Sheet(context, plan.spec, plan.name, plan.letters())
        RowWriter(book.sheet(plan.name), looks, plan, sheet, columns, linked=False)
    return book.styles.styles


def _stretches(plan: SheetPlan) -> Iterator[_Stretch]:
    """Yield the lines that begin the parts of a table, and the rows between them, with their numbers."""
    start = 0
    for index, row in enumerate(plan.rows):
        if isinstance(row, Section):
            if index > start:
                yield range(plan.first + start, plan.first + index), plan.rows[start:index]
            yield (plan.first + index,), row
            start = index + 1
    if start < len(plan.rows):
        yield range(plan.first + start, plan.last + 1), plan.rows[start:]


def _columns(plan: SheetPlan, context: BookContext) -> list[SheetColumn]:
    """Return the columns with their titles filled and what is empty hidden."""
    titles = plan.fields
    columns: list[SheetColumn] = []
    taken: set[str] = set()
    for column in plan.columns:
        title, group = fill(column.title, **titles), fill(column.group, **titles)
        if plan.bare:  # two columns of one name make Excel repair a table
            title = unique(title, taken, lambda name, number: f"{name}{number}")
        hidden = column.hidden or column.name in plan.hidden
        told = (title, group, hidden)
        same = told == (column.title, column.group, column.hidden)
        columns.append(column if same else replace(column, title=title, group=group, hidden=hidden))
    return columns


def _growth_cells(numbers: Sequence[int], rows: Any, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield the facts and cells that another row's target in words may look at."""
    growth = sheet.columns.get(twin_key("last_result_growth", "low"), "")
    for number, row in zip(numbers, rows if growth else (), strict=False):
        fact = row.slots.get("last_result_growth") if isinstance(row, ResultRow) else None
        if fact is not None:
            yield fact.id, f"{growth}{number}"


def _set_up(
    book: Book,
    data: SheetData,
    plan: SheetPlan,
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


def _add_table(book: Book, data: SheetData, plan: SheetPlan, columns: Sequence[SheetColumn], last: int) -> None:
    name = range_name(plan.spec.table) + (f"_{plan.part}" if plan.part > 1 else "")
    data.table(name, "Table Style Light 9", plan.header, last, [column.title for column in columns])


def _add_choices(data: SheetData, plan: SheetPlan, columns: Sequence[SheetColumn], last: int) -> None:
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
    data: SheetData, plan: SheetPlan, columns: Sequence[SheetColumn], last: int, context: BookContext
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


def name_area(book: Book, name: str, plan: SheetPlan, count: int) -> None:
    """Give the table of a sheet a name that formulas and readers can use."""
    if plan.rows:
        area = f"{quoted_name(plan.name)}!$A${plan.first - 1}:${LETTERS[count]}${plan.last}"
        book.name(name, f"={area}")
