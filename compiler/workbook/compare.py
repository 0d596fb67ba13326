"""The sheet 多地对比: a block for each indicator, with ranks that are live and charts that are native."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compiler.ledger.judge import point_of
from compiler.ledger.rows import LedgerLine
from compiler.model import Fact
from compiler.workbook.paper import set_print
from compiler.workbook.rows import Context, ResultRow, key_of
from compiler.workbook.sheets import Looks, Plan
from compiler.workbook.template import Column, fill
from compiler.workbook.xlsx import LETTERS, Book, Formula, SheetData, Value, at, quoted_name

_LEVELS = ("国家", "省级", "地级", "县级")
_CHART_HEIGHT = 6.2
_CHART_LINE = 17.5
_CHART_ROWS = 11
_LINE = 13.5
_PAGE = 500.0
"""Height of what a printed page takes, in points."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A place in a year: a row in each block."""

    place_key: str
    place: str
    code: str
    year: int
    level: str = ""

    @property
    def group(self) -> tuple[int, str]:
        """Return those that a place is ranked among: of its year and level, since a county is no city."""
        return self.year, self.level


@dataclass
class Block:
    """One indicator with a row for each participant; ``None`` where its report does not speak of it."""

    indicator_id: str
    name: str
    unit: str
    direction: str
    headline: bool
    rows: list[tuple[Participant, ResultRow | None]]


def participants(context: Context) -> list[Participant]:
    """Return places and years, the latest year first, places by their code."""
    found: dict[tuple[str, int], Participant] = {}
    from compiler.ledger.rows import place_key

    for report in context.reports:
        identity = report.identity
        key = (place_key(report), identity.report_year)
        found.setdefault(
            key, Participant(key[0], identity.place, identity.place_code, identity.report_year, identity.place_level)
        )
    order = {level: number for number, level in enumerate(_LEVELS)}
    return sorted(
        found.values(),
        key=lambda item: (-item.year, order.get(item.level, 9), item.code or "999999", item.place),
    )


def blocks(context: Context, spec_themes: Sequence[str] = ()) -> list[Block]:
    """Return the indicators that at least two places speak of; none where there is but one place."""
    people = participants(context)
    if len({person.place_key for person in people}) < 2:
        return []
    lines: dict[tuple[str, int, str], LedgerLine] = {
        (line.place_key, line.report_year, line.indicator_id): line for line in context.ledger.lines
    }
    order: dict[str, LedgerLine] = {}
    for line in context.ledger.lines:
        order.setdefault(line.indicator_id, line)
    result: list[Block] = []
    for name, first in sorted(
        order.items(), key=lambda item: (context.theme_rank(item[1].theme), item[1].order, item[0])
    ):
        if spec_themes and first.theme not in spec_themes:
            continue
        rows: list[tuple[Participant, ResultRow | None]] = []
        places: set[str] = set()
        for person in people:
            own = lines.get((person.place_key, person.year, name))
            row = ResultRow.of(own, 0, context) if own is not None else None
            if row is not None and not any(slot in row.slots for slot in _SLOTS):
                row = None
            if row is not None:
                places.add(person.place_key)
            rows.append((person, row))
        if len(places) < 2:
            continue
        rule = context.rules.get(name)
        result.append(
            Block(
                name,
                first.indicator,
                first.unit,
                rule.direction if rule else "up",
                bool(rule and rule.headline),
                rows,
            )
        )
    return result


_SLOTS = {
    "last_result_amount": "result_amount",
    "last_result_growth": "result_growth",
    "target_amount": "target_amount",
    "target_growth": "target_growth",
}


def write_compare(book: Book, looks: Looks, plan: Plan, context: Context, contents: str) -> None:
    """Write the sheet."""
    _Writer(book, looks, plan, context, contents).write()


class _Writer:
    def __init__(self, book: Book, looks: Looks, plan: Plan, context: Context, contents: str) -> None:
        self.book = book
        self.looks = looks
        self.plan = plan
        self.spec = plan.spec
        self.context = context
        self.contents = contents
        self.data: SheetData = book.sheet(plan.name)
        self.columns = plan.columns
        self.at_key = {column.key: n for n, column in enumerate(self.columns, 1) if column.key}
        self.charts = 0

    def write(self) -> None:
        """Write title, blocks and charts."""
        data, looks, plan = self.data, self.looks, self.plan
        title = fill(self.spec.title or plan.name, **plan.fields)
        data.row(1, [(1, title, looks.title(centred=False))], height=looks.title_size * 1.8, fixed=True)
        cells: list[tuple[int, Value, int]] = []
        if self.contents:
            cells.append((1, self.context.template.word("back_to_contents"), looks.link()))
            data.link("A2", self.contents, "A1")
        found: Sequence[Block] = plan.rows
        note = fill(self.spec.note, **plan.fields) if found else self.spec.word("none")
        cells.append((2, note, looks.note()))
        data.row(2, cells, height=_LINE * 1.3, fixed=True)
        row = 4
        breaks: list[int] = []
        page = 60.0
        for block in found:
            height = self._height(block)
            # A block that would be torn apart by the end of the page begins a new one.
            if page > 60 and page + height > _PAGE:
                breaks.append(row - 1)
                page = 60.0
            page += height
            row = self._block(block, row)
        self._set_up(max(row - 1, 2), breaks)

    def _has_chart(self, block: Block) -> bool:
        limits = self.context.template.limits
        charted = self._charted(block) if block.headline and self.charts < limits.get("charts", 40) else None
        # Hundreds of bars tell nothing; the ranks do.
        return charted is not None and len(charted[1]) <= limits.get("chart_places", 60)

    def _height(self, block: Block) -> float:
        """Return about how high a block is, in points."""
        rows = _LINE * 4.1 + (_LINE + 4) * len(block.rows) + _LINE
        return rows + (_CHART_LINE * _CHART_ROWS if self._has_chart(block) else 0)

    # --- cells ---------------------------------------------------------------------------------

    def _block(self, block: Block, row: int) -> int:
        looks, data = self.looks, self.data
        charted = self._has_chart(block)
        name = self.spec.word("block", indicator=block.name, unit=block.unit)
        data.row(row, [(1, name, looks.plain(bold=True))], height=_LINE * 1.5, fixed=True)
        first = row + 3
        last = first + len(block.rows) - 1
        rank_bases = {key: self._rank_base(block, key) for key in ("result", "target")}
        self._header(row + 1)
        ranks = {side: self._ranks(block, first, key) for side, key in rank_bases.items()}
        for offset, (person, result) in enumerate(block.rows):
            self._line(first, first + offset, person, result, ranks)
        end = last
        if charted:
            self._draw(block, last + 1, first)
            while end < last + _CHART_ROWS:
                end += 1
                data.row(end, [], height=_CHART_LINE, fixed=True)
        return end + 2

    def _header(self, row: int) -> None:
        style = self.looks.header()
        top: list[tuple[int, Value, int]] = []
        bottom: list[tuple[int, Value, int]] = []
        for n, column in enumerate(self.columns, 1):
            title = fill(column.title, **self.plan.fields)
            group = fill(column.group, **self.plan.fields)
            first = n == 1 or fill(self.columns[n - 2].group, **self.plan.fields) != group
            top.append((n, (group if first else None) if group else title, style))
            bottom.append((n, title if group else None, style))
            if not group:
                self.data.merge(row, n, row + 1, n)
            elif first:
                end = n
                while end < len(self.columns) and fill(self.columns[end].group, **self.plan.fields) == group:
                    end += 1
                if end > n:
                    self.data.merge(row, n, row, end)
        self.data.row(row, top, height=_LINE * 1.3, fixed=True)
        self.data.row(row + 1, bottom, height=_LINE * 1.3, fixed=True)

    def _line(
        self,
        first: int,
        row: int,
        person: Participant,
        result: ResultRow | None,
        ranks: dict[str, list[Formula | None]],
    ) -> None:
        looks, context = self.looks, self.context
        cells: list[tuple[int, Value, int]] = []
        height = _LINE + 4
        for n, column in enumerate(self.columns, 1):
            value: Value = None
            style = looks.cell("" if result is not None else "grey", column.align, "", wrap=column.wrap)
            key = column.key
            if key == "place":
                value = context.place_name(person.place)
            elif key == "report_year":
                value = person.year or context.year_name(0)
            elif result is None:
                value = context.template.word("not_mentioned") if key == "result_amount" else None
            elif key == "target_words":
                facts = [result.slots[slot] for slot in ("target_amount", "target_growth") if slot in result.slots]
                texts = dict.fromkeys(fact.quote for fact in facts)
                value = "；".join(texts) or None
                if facts and value:
                    self._link(row, n, facts[0])
                    style = looks.cell("link", column.align, "", wrap=True)
                    lines = -(-len(str(value)) * 2 // max(2, int(column.width) - 1))
                    height = max(height, _LINE * lines + 4)
            elif key in ("result_rank", "target_rank"):
                value = ranks[key.partition("_")[0]][row - first]
                style = looks.cell("number", column.align or "center", "", wrap=False)
            else:
                fact = self._fact(result, key)
                number = point_of(fact) if fact is not None and not fact.text else None
                if fact is not None and number is not None:
                    value = number
                    self._link(row, n, fact)
                    format_ = context.number_format(number, fact.unit)
                    style = looks.cell("number", column.align, format_, wrap=False, linked=True)
            cells.append((n, value, style))
        self.data.row(row, cells, height=min(height, 409))

    def _link(self, row: int, column: int, fact: Fact) -> None:
        found = self.context.evidence_at.get(key_of(fact))
        if found is not None:
            self.data.link(at(row, column), found[0], f"A{found[1]}", fact.quote)

    @staticmethod
    def _fact(result: ResultRow | None, key: str) -> Fact | None:
        if result is None:
            return None
        slot = next((slot for slot, name in _SLOTS.items() if name == key), "")
        return result.slots.get(slot)

    def _number(self, result: ResultRow | None, key: str) -> Decimal | None:
        fact = self._fact(result, key)
        return None if fact is None or fact.text else point_of(fact)

    # --- ranks ---------------------------------------------------------------------------------

    def _rank_base(self, block: Block, side: str) -> str:
        """Return the column that ranks go by: growth where two places have it, else the amount."""
        for measure in ("growth", "amount"):
            key = f"{side}_{measure}"
            if key not in self.at_key:
                continue
            groups: dict[tuple[int, str], int] = {}
            for person, result in block.rows:
                if self._number(result, key) is not None:
                    groups[person.group] = groups.get(person.group, 0) + 1
            if any(count > 1 for count in groups.values()):
                return key
        return ""

    def _ranks(self, block: Block, first: int, key: str) -> list[Formula | None]:
        """Return each row's rank among the places of its year and level, as a live formula."""
        ranks: list[Formula | None] = [None] * len(block.rows)
        if not key or block.direction == "none":
            return ranks
        down = block.direction == "down"
        letter = LETTERS[self.at_key[key]]
        numbers = [self._number(result, key) for _, result in block.rows]
        start = 0
        while start < len(block.rows):
            group = block.rows[start][0].group
            end = start
            while end < len(block.rows) and block.rows[end][0].group == group:
                end += 1
            own = sorted(number for number in numbers[start:end] if number is not None)
            area = f"{letter}${first + start}:{letter}${first + end - 1}"
            for offset in range(start, end):
                number = numbers[offset]
                if number is None or len(own) < 2:
                    continue
                better = bisect_left(own, number) if down else len(own) - bisect_right(own, number)
                cell = f"{letter}{first + offset}"
                ranks[offset] = Formula(f'IF(ISNUMBER({cell}),RANK({cell},{area},{int(down)}),"")', 1 + better)
            start = end
        return ranks

    # --- charts --------------------------------------------------------------------------------

    def _charted(self, block: Block) -> tuple[str, list[int]] | None:
        """Return what to draw (growth or amount) and which rows of the block, all of one year."""
        latest = block.rows[0][0].year
        rows = [offset for offset, (person, _) in enumerate(block.rows) if person.year == latest]
        best: tuple[int, str] = (0, "")
        for measure in ("growth", "amount"):
            keys = [key for key in (f"result_{measure}", f"target_{measure}") if key in self.at_key]
            found = sum(self._number(block.rows[n][1], key) is not None for n in rows for key in keys)
            places = sum(any(self._number(block.rows[n][1], key) is not None for key in keys) for n in rows)
            if places >= 2 and found > best[0]:
                best = (found, measure)
        return (best[1], rows) if best[1] else None

    def _draw(self, block: Block, row: int, first: int) -> None:
        charted = self._charted(block)
        assert charted is not None
        measure, offsets = charted
        unit = "%" if measure == "growth" else block.unit
        fields = {**self.plan.fields, "indicator": block.name, "unit": unit}
        start, end = first + offsets[0], first + offsets[-1]
        series: list[tuple[str, str]] = []
        for side in ("result", "target"):
            key = f"{side}_{measure}"
            if key in self.at_key and any(self._number(block.rows[n][1], key) is not None for n in offsets):
                series.append((key, fill(self.spec.word(f"series_{side}"), **fields)))
        targets = [item for item in series if item[0].startswith("target")]
        count = sum(self._number(block.rows[n][1], f"target_{measure}") is not None for n in offsets)
        both = len(series) > 1
        second = bool(targets) and both and count >= 2
        if series:
            title = fill(self.spec.word("chart_both" if both else f"chart_{series[0][0].partition('_')[0]}"), **fields)
            self._chart(title, series, block, offsets, start, end, at(row, 1))
        if second:
            title = fill(self.spec.word("chart_target"), **fields)
            self._chart(title, targets, block, offsets, start, end, at(row, self._middle()))
        self.charts += 1

    def _middle(self) -> int:
        """Return the column at which the second chart of a row begins."""
        half, passed = sum(column.width + 0.7 for column in self.columns) / 2, 0.0
        for n, column in enumerate(self.columns, 1):
            if passed >= half - 4:
                return n
            passed += column.width + 0.7
        return len(self.columns)

    def _chart_width(self) -> float:
        """Return the width of a chart in centimetres: a little less than what stands left of the middle."""
        passed = sum(column.width + 0.7 for column in self.columns[: self._middle() - 1])
        return max(8.0, passed * 0.187 - 0.3)

    def _chart(
        self,
        title: str,
        series: Sequence[tuple[str, str]],
        block: Block,
        offsets: Sequence[int],
        start: int,
        end: int,
        anchor: str,
    ) -> None:
        numbers_shown = [self._number(block.rows[n][1], key) for n in offsets for key, _ in series]
        sheet = quoted_name(self.plan.name)
        names = [self.context.place_name(block.rows[n][0].place) for n in offsets]
        place = LETTERS[self.at_key.get("place", 1)]
        chart = self.book.workbook.add_chart({"type": "column"})
        fills = {"result": "#8FA9C9", "target": "#1F3A68"}
        for key, label in series:
            letter = LETTERS[self.at_key[key]]
            numbers = [self._number(block.rows[n][1], key) for n in offsets]
            chart.add_series(
                {
                    "name": label,
                    "categories": f"={sheet}!${place}${start}:${place}${end}",
                    "categories_data": names,
                    "values": f"={sheet}!${letter}${start}:${letter}${end}",
                    "values_data": ["" if number is None else number for number in numbers],
                    "fill": {"color": fills[key.partition("_")[0]]},
                    "line": {"color": "#1F3A68"},
                    "data_labels": {"value": True, "font": {"size": 8}},
                    "gap": 60 if len(offsets) > 3 else 120,
                }
            )
        font = {"name": self.looks.font, "size": 10.5, "bold": True}
        chart.set_title({"name": title, "name_font": font, "overlay": False})
        chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        # Bars that begin elsewhere than at nought make small differences look large.
        least = {"min": 0} if all(number is None or number >= 0 for number in numbers_shown) else {}
        chart.set_y_axis({"major_gridlines": {"visible": False}, "num_format": "General", **least})
        chart.set_x_axis({"label_position": "low"})
        chart.set_size({"width": self._chart_width() * 37.8, "height": _CHART_HEIGHT * 37.8})
        self.data.worksheet.insert_chart(anchor, chart)

    # --- set-up --------------------------------------------------------------------------------

    def _set_up(self, last: int, breaks: Sequence[int]) -> None:
        for n, column in enumerate(self.columns, 1):
            self.data.width(n, column.width)
        self.data.freeze(3, 1)
        widths = [column.width for column in self.columns]
        set_print(self.data, self.context.template, widths, last, (1, 1), size=self.looks.size)
        self.data.worksheet.set_h_pagebreaks(list(breaks))


def compare_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that this sheet can show: named values only."""
    return tuple(column for column in columns if column.key)
