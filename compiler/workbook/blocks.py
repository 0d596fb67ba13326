"""多地对比明细: a block for each indicator with all places, for looking things up; it is not made for paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.ledger.ranks import measures_ranked
from compiler.model import Measure
from compiler.workbook.columns import words_of_target
from compiler.workbook.compare import IndicatorBlock, number_of, own_put, rank_formulas
from compiler.workbook.heads import header_cells, page_title
from compiler.workbook.looks import CellLooks
from compiler.workbook.paper import set_print
from compiler.workbook.plan import Plan
from compiler.workbook.rows import BookContext, ResultRow, key_of
from compiler.workbook.template import SheetColumn
from compiler.workbook.xlsx import LETTERS, Book, Formula, SheetData, Value, at

_LINE: Final = 13.5
_SLOT_OF: Final = {
    "result_amount": "last_result_amount",
    "result_growth": "last_result_growth",
    "target_amount": "target_amount",
    "target_growth": "target_growth",
}
_RANK: Final = "_rank"


def block_columns(columns: Sequence[SheetColumn]) -> tuple[SheetColumn, ...]:
    """Return the columns that this sheet can show: named values only."""
    return tuple(column for column in columns if column.key)


def block_lines(block: IndicatorBlock) -> int:
    """Return how many lines a block takes: a name, a header of two, its places, and a free line."""
    return len(block.rows) + 4


def write_blocks(book: Book, looks: CellLooks, plan: Plan, context: BookContext, contents: str) -> None:
    """Write the sheet."""
    _Writer(book, looks, plan, context).write(contents)


class _Writer:
    def __init__(self, book: Book, looks: CellLooks, plan: Plan, context: BookContext) -> None:
        self.looks, self.plan, self.spec, self.context = looks, plan, plan.spec, context
        self.data: SheetData = book.sheet(plan.name)
        self.columns = plan.columns
        self.letters = {column.key: LETTERS[n] for n, column in enumerate(self.columns, 1)}
        self.row = 0

    def write(self, contents: str) -> None:
        """Write title and blocks."""
        found: Sequence[IndicatorBlock] = self.plan.rows
        note = "" if found else self.spec.word("none")
        self.row = page_title(self.data, self.looks, self.plan, self.context, len(self.columns), contents, note)
        for block in found:
            self._block(block)
        for n, column in enumerate(self.columns, 1):
            self.data.width(n, column.width)
        self.data.freeze(3, 2)
        # Of a sheet that is only for looking things up, its title alone goes to paper when the whole book is printed.
        set_print(self.data, self.context.template, [column.width for column in self.columns], 2, size=self.looks.size)

    def _block(self, block: IndicatorBlock) -> None:
        self._cells([(1, self.spec.word("block", indicator=block.name, unit=block.unit), self.looks.plain(bold=True))])
        header_cells(self.data, self.looks, self.plan, self.columns, self.row + 1)
        self.row += 2
        rows = [self.row + 1 + offset for offset in range(len(block.rows))]
        groups = [person.group for person, _ in block.rows]
        ranks: dict[str, list[Formula | None]] = {}
        for key in self.letters:
            if key.endswith(_RANK):
                base = key.removesuffix(_RANK)
                slot = _SLOT_OF[base]
                measure = Measure.GROWTH if base.endswith("growth") else Measure.LEVEL
                side = [slot_ for name, slot_ in _SLOT_OF.items() if name.partition("_")[0] == base.partition("_")[0]]
                facts = [fact for one in side for fact in block.facts(one)]
                if base in self.letters and measure in measures_ranked(facts, self.context.terms):
                    numbers = [number_of(row, slot, block) for _, row in block.rows]
                    if block.direction != "none":
                        down = block.direction == "down"
                        ranks[key] = rank_formulas(numbers, groups, rows, self.letters[base], down)
        for offset, (person, row) in enumerate(block.rows):
            self._line(offset, block, person.place, person.year, row, ranks)
        self._cells([])

    def _line(
        self,
        offset: int,
        block: IndicatorBlock,
        place: str,
        year: int,
        row: ResultRow | None,
        ranks: dict[str, list[Formula | None]],
    ) -> None:
        context, looks, line = self.context, self.looks, self.row + 1
        cells: list[tuple[int, Value, int]] = []
        for n, column in enumerate(self.columns, 1):
            value: Value = None
            style = looks.cell("" if row is not None else "grey", column.align, "", wrap=column.wrap)
            slot = _SLOT_OF.get(column.key, "")
            if column.key == "place":
                value = context.place_name(place)
            elif column.key == "report_year":
                value = year or context.year_name(0)
            elif row is None:
                value = context.template.word("not_mentioned") if column.key == "result_amount" else None
            elif column.key in ranks:
                value = ranks[column.key][offset]
                style = looks.cell("number", column.align or "center", "0", wrap=False)
            elif column.key == "target_words":
                value = words_of_target(row, context)
            elif slot and slot in row.slots:
                put = own_put(row, slot, block, context)
                value = put.value
                style = looks.cell(put.look, column.align, put.format, wrap=False, linked=True)
                found = context.evidence_at.get(key_of(row.slots[slot]))
                if found is not None:
                    self.data.link(at(line, n), found[0], f"A{found[1]}", row.slots[slot].quote)
            cells.append((n, value, style))
        wide = next((column.width for column in self.columns if column.key == "target_words"), 40)
        words = len(words_of_target(row, context) or "") * 2 if row is not None else 0
        self._cells(cells, max(1, -(-words // int(wide))))

    def _cells(self, cells: Sequence[tuple[int, Value, int]], lines: float = 1) -> None:
        self.row += 1
        self.data.row(self.row, cells, height=min(409.0, _LINE * lines + 4))
