"""What stands above and below a table: title, way back, keys, header, notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.rows import TWINS, BookContext, ResultRow
from compiler.workbook.sheet_plan import FILLED, SheetPlan
from compiler.workbook.template import SheetColumn, fill
from compiler.workbook.user_entries import DEFAULTS, ENTRY, EXTRA, ID, MARK
from compiler.workbook.xlsx import SheetData, Value, text_width

LINE: Final = 13.5
"""Height of a line of 10-point text, in points."""


def page_title(
    data: SheetData, looks: CellLooks, plan: SheetPlan, context: BookContext, width: int, contents: str, note: str = ""
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
        data.row(2, [(1, note, looks.note(grey=False))], height=LINE * 1.3, fixed=True)
        data.merge(1, 1, 1, width)
        return 2
    cells: list[tuple[int, Value, int]] = []
    start = 1
    if contents:
        cells.append((1, context.template.word("back_to_contents"), looks.link()))
        data.link("A2", contents, "A1")
        start = min(3, max(2, width))
    cells.append((start, note, looks.note()))
    data.row(2, cells, height=LINE * 1.3, fixed=True)
    return 2


def write_keys(data: SheetData, looks: CellLooks, plan: SheetPlan, columns: Sequence[SheetColumn]) -> None:
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


def write_header(
    data: SheetData, looks: CellLooks, plan: SheetPlan, columns: Sequence[SheetColumn], context: BookContext
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
    height = LINE * max(1.3, min(lines, 4) + 0.3)
    if plan.depth == 1:
        cells = [(n, title, style) for n, title in enumerate([*titles, *hidden], 1)]
        data.row(row, cells, height=height, fixed=True)
        return
    header_cells(data, looks, plan, columns, row, hidden, max(LINE * 1.4, height - LINE))


def header_cells(
    data: SheetData,
    looks: CellLooks,
    plan: SheetPlan,
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
    data.row(row, top, height=LINE * (min(lines, 3) + 0.4), fixed=True)
    data.row(row + 1, bottom, height=height or LINE * 1.4, fixed=True)


def _twin_title(slot: str, end: str, columns: Sequence[SheetColumn], context: BookContext) -> str:
    suffix = context.template.word("twin" if end == "low" else "twin_high")
    column = next((column for column in columns if column.key == slot), None)
    name = f"{column.group}{column.title}" if column is not None else context.template.word(f"twin.{slot}")
    return name + suffix


def write_foot(data: SheetData, looks: CellLooks, plan: SheetPlan, context: BookContext, row: int, width: int) -> int:
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
        data.row(row, [(1, text, looks.note(wrap=True, grey=False))], height=LINE * (lines + 0.3), fixed=True)
        data.merge(row, 1, row, width)
        row += 1
    return row - 1


def _without_last(plan: SheetPlan, context: BookContext) -> list[str]:
    """Return the reports of a sheet whose last year's report is not at hand."""
    found: dict[str, None] = {}
    for row in plan.rows:
        if isinstance(row, ResultRow) and not context.ledger.has_report(row.line.place_key, row.line.report_year - 1):
            name = context.place_name(row.line.place) + context.template.word("year", year=row.line.report_year)
            found.setdefault(name)
    return list(found)
