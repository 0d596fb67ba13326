"""未对上的填写: what people filled in and no row of this build takes up."""

from __future__ import annotations

from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.page_setup import set_print
from compiler.workbook.rows import BookContext
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.xlsx import Book, Value


def write_kept(book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str) -> None:
    """Write what people filled in and no row takes up, one line a cell, readable for the next build."""
    spec = plan.spec
    data = book.sheet(plan.name)
    data.row(1, [(1, spec.title or plan.name, looks.title(centred=False))], height=30, fixed=True)
    cells: list[tuple[int, Value, int]] = []
    if contents:
        cells.append((1, context.template.word("back_to_contents"), looks.link()))
        data.link("A2", contents, "A1")
    cells.append((3, spec.note, looks.note()))
    data.row(2, cells, height=18, fixed=True)
    keys = ("sheet", "id", "what", "column", "value", "since", "kind", "key")
    widths = (14, 15, 60, 16, 40, 13, 10, 16)
    marked = [(n, f"keys:kept/1|{key}" if n == 1 else key, looks.note()) for n, key in enumerate(keys, 1)]
    data.row(3, marked, hidden=True)
    data.row(4, [(n, spec.word(key) if n <= 6 else key, looks.header()) for n, key in enumerate(keys, 1)], height=20)
    names = {sheet.kind: sheet.name for sheet in context.template.sheets}
    style, entry_style = looks.cell("", "", ""), looks.cell("entry", "", "")
    for row, item in enumerate(plan.rows, 5):
        number_format = item.entry.format if item.entry.format not in ("", "General") else ""
        value_style = looks.cell("entry", "", number_format) if number_format else entry_style
        texts: tuple[Value, ...] = (names.get(item.kind, item.kind), item.id, item.what, item.title)
        cells = [(n, text, style) for n, text in enumerate(texts, 1)]
        cells.append((5, item.entry.value, value_style))
        cells += [(6, item.since, style), (7, item.kind, style), (8, item.key, style)]
        lines = max(1, -(-len(item.what) * 2 // 58), -(-len(str(item.entry.value)) * 2 // 38))
        data.row(row, cells, height=min(400.0, 13.5 * lines + 4))
    for n, width in enumerate(widths, 1):
        data.width(n, width, hidden=n > 6)
    data.freeze(5, 1)
    set_print(data, context.template, widths[:6], max(5, data.rows), (1, 4), size=looks.size)
