"""多地对比明细: a block for each indicator with all places, for looking things up; it is not made for paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from compiler.ledger.ranks import measures_ranked
from compiler.model import Measure
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.column_values import words_of_target
from compiler.workbook.comparison_sheet import IndicatorBlock, Participant, number_of, own_put, rank_formulas
from compiler.workbook.page_setup import set_print
from compiler.workbook.rows import BookContext, ResultRow, key_of
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.table_heads import header_cells, page_title
from compiler.workbook.template import SheetColumn
from compiler.workbook.xlsx import LETTERS, Book, Formula, SheetData, Style, Value, at

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


def write_blocks(book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str) -> None:
    """Write the sheet."""
    _Writer(book, looks, plan, context).write(contents)


def styles_of_blocks(plan: SheetPlan, context: BookContext) -> list[Style]:
    """Return the styles that most cells of the sheet have."""
    book = Book()
    _Writer(book, CellLooks(book, context.template), plan, context)
    return book.styles.styles


class _Writer:
    def __init__(self, book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext) -> None:
        self.looks, self.plan, self.spec, self.context = looks, plan, plan.spec, context
        self.data: SheetData = book.sheet(plan.name)
        self.columns = plan.columns
        self.letters = {column.key: LETTERS[n] for n, column in enumerate(self.columns, 1)}
        self.row = 0
        self._told = [
            (column, looks.cell("", column.align, "", wrap=column.wrap), _SLOT_OF.get(column.key, ""))
            for column in self.columns
        ]
        self._grey = [looks.cell("grey", column.align, "", wrap=column.wrap) for column in self.columns]
        self._silent: dict[tuple[str, int], str] = {}
        self._wide = int(next((column.width for column in self.columns if column.key == "target_words"), 40))

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
        words = [words_of_target(row, self.context) if row is not None else None for _, row in block.rows]
        lines = []
        for offset, (person, row) in enumerate(block.rows):
            if row is None:
                who = person.place_key, person.year
                lines.append(self._silent.get(who) or self._silent.setdefault(who, self._unspoken(person)))
            else:
                ranked = {key: own[offset] for key, own in ranks.items()}
                lines.append(self._line(self.row + 1 + offset, block, person, row, ranked, words[offset]))
        heights = [_height(-(-2 * len(text or "") // self._wide)) for text in words]
        self.data.rendered(rows, [lines], heights, len(self.columns))
        self.row += len(lines)
        self._cells([])

    def _unspoken(self, person: Participant) -> str:
        """Return the cells of a place whose report does not speak of an indicator: alike in each block."""
        context = self.context
        told = {**self._named(person), "result_amount": context.template.word("not_mentioned")}
        cells = enumerate(zip(self.columns, self._grey, strict=True), 1)
        return "".join([self.data.cell(0, n, told.get(column.key), style) for n, (column, style) in cells])

    def _named(self, person: Participant) -> dict[str, Value]:
        context = self.context
        return {"place": context.place_name(person.place), "report_year": person.year or context.year_name(0)}

    def _line(
        self,
        line: int,
        block: IndicatorBlock,
        person: Participant,
        row: ResultRow,
        ranks: Mapping[str, Formula | None],
        words: str | None,
    ) -> str:
        """Return the cells of a place whose report speaks of an indicator, and link its figures."""
        told = {**self._named(person), "target_words": words, **ranks}
        cells: list[str] = []
        for n, (column, style, slot) in enumerate(self._told, 1):
            value = told.get(column.key)
            if slot and slot in row.slots and column.key not in told:
                put = own_put(row, slot, block, self.context)
                value = put.value
                style = self.looks.cell(put.look, column.align, put.format, wrap=False, linked=True)
                found = self.context.evidence_at.get(key_of(row.slots[slot]))
                if found is not None:
                    self.data.link(at(line, n), found[0], f"A{found[1]}", row.slots[slot].quote)
            elif column.key in ranks:
                style = self.looks.cell("number", column.align or "center", "0", wrap=False)
            cells.append(self.data.cell(line, n, value, style))
        return "".join(cells)

    def _cells(self, cells: Sequence[tuple[int, Value, int]]) -> None:
        self.row += 1
        self.data.row(self.row, cells, height=_height(1))


def _height(lines: int) -> float:
    return min(409.0, _LINE * max(1, lines) + 4)
