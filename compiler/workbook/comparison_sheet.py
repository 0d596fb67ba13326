"""多地对比: one page with the main indicators of all places, ranked by what the heads say, and a few charts.

One head stands over the results and the targets below them: it repeats where the places are too many for a page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import Terms, commonest_counted, shown
from compiler.ledger.ranks import may_rank, measures_ranked
from compiler.ledger.rows import LedgerLine, place_key
from compiler.model import PLACE_LEVELS, Bound, Fact, Measure
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.column_values import figure_put
from compiler.workbook.page_setup import page_for, page_height, set_print
from compiler.workbook.print_sheets import year_fields
from compiler.workbook.rows import BookContext, Put, ResultRow, key_of
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.shown_unit import in_own_unit
from compiler.workbook.table_heads import page_title
from compiler.workbook.template import fill
from compiler.workbook.xlsx import LETTERS, Book, Calls, Formula, SheetData, Value, at, quoted_name, text_width

_LINE: Final = 13.5
_PLACE: Final = 14.0
_FIGURE: Final = 9.5
_RANK: Final = 5.0
_HEAD_LINES, _ROW_LINES = 8.0, 1.35
"""Lines that the head and the titles of both parts take, and a row, on an average."""

_CHART: Final = (11, 15)
"""Rows that a chart takes, and their height in points: the height of rows that XlsxWriter is told nothing of."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A place in a year: a row in each table."""

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
class IndicatorBlock:
    """One indicator with a row for each participant; ``None`` where its report does not speak of it."""

    indicator_id: str
    name: str
    unit: str
    direction: str
    headline: bool
    rows: list[tuple[Participant, ResultRow | None]]
    others: tuple[str, ...] = ()
    """Measure words that count something else than most places do: 户 where they count 套."""

    def holds(self, fact: Fact) -> bool:
        """Tell whether a level is of the unit of the block and counts what most places count."""
        return fact.unit == self.unit and not (self.others and fact.raw.endswith(self.others))

    def facts(self, slot: str) -> list[Fact]:
        """Return the facts that stand in one slot."""
        return [row.slots[slot] for _, row in self.rows if row is not None and slot in row.slots]


def participants(context: BookContext) -> list[Participant]:
    """Return places and years, the latest year first, places by their code."""
    found: dict[tuple[str, int], Participant] = {}
    for report in context.reports:
        identity = report.identity
        key = (place_key(report), identity.report_year)
        one = Participant(key[0], identity.place, identity.place_code, identity.report_year, identity.place_level)
        found.setdefault(key, one)
    order = {level: number for number, level in enumerate(PLACE_LEVELS)}
    return sorted(
        found.values(), key=lambda item: (-item.year, order.get(item.level, 9), context.place_rank(item.place_key))
    )


SLOTS: Final = ("last_result_amount", "last_result_growth", "target_amount", "target_growth")
_AMOUNTS: Final = frozenset({"last_result_amount", "target_amount"})


def blocks(context: BookContext, spec_themes: Sequence[str] = ()) -> list[IndicatorBlock]:
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
    terms = context.terms
    result: list[IndicatorBlock] = []
    by_theme = sorted(order.items(), key=lambda item: (context.theme_rank(item[1].theme), item[1].order, item[0]))
    for name, first in by_theme:
        if spec_themes and first.theme not in spec_themes:
            continue
        rows: list[tuple[Participant, ResultRow | None]] = []
        places: set[str] = set()
        for person in people:
            own = lines.get((person.place_key, person.year, name))
            row = context.result_row(own) if own is not None else None
            if row is not None and not any(slot in row.slots for slot in SLOTS):
                row = None
            if row is not None:
                places.add(person.place_key)
            rows.append((person, row))
        if len(places) > 1:
            rule = context.rules.get(name)
            direction, headline = (rule.direction, rule.headline) if rule else ("up", False)
            told = [row for _, row in rows if row is not None]
            counted = commonest_counted(
                (fact for row in told for slot, fact in row.slots.items() if slot in _AMOUNTS), terms
            )
            others = tuple(word for word in terms.apart if counted and word != counted)
            unit = _common_unit(told, first.unit)
            result.append(IndicatorBlock(name, first.indicator, unit, direction, headline, rows, others))
    return result


def _common_unit(rows: Sequence[ResultRow], otherwise: str) -> str:
    """Return the unit that most places tell their levels in."""
    units = [row.unit.own for row in rows if any("amount" in slot for slot in row.slots)]
    return Counter(units).most_common(1)[0][0] if units else otherwise


def number_of(row: ResultRow | None, slot: str, block: IndicatorBlock) -> Decimal | None:
    """Return the number that a place is ranked and charted by: sure, a point, of what the block counts, in its unit."""
    fact = row.slots.get(slot) if row is not None else None
    if fact is None or fact.text or not may_rank(fact) or fact.measure is Measure.CHANGE:
        return None
    if fact.bound is not Bound.EQ:
        return None  # 6左右 is shown as such
    return fact.low if fact.measure is Measure.GROWTH or block.holds(fact) else None


def own_put(row: ResultRow, slot: str, block: IndicatorBlock, context: BookContext) -> Put:
    """Return a figure of a block as a cell: numbers of the block's unit as such, others with their own unit."""
    fact = row.slots[slot]
    number = number_of(row, slot, block)
    if number is not None:
        return Put(number, "number", context.number_format(number, fact.unit), fact, tip=fact.quote)
    if fact.measure is not Measure.LEVEL or fact.text:
        return figure_put(fact, row, slot, context)
    # The head tells the unit of the block, and a row of a table of one place may tell another (亿斤 under 万吨).
    text = shown(fact, context.terms) if block.holds(fact) else in_own_unit(fact)
    text += context.template.word("doubt_mark") if doubtful(fact) else ""
    return Put(text, "words", fact=fact, tip=fact.quote)


def rank_formulas(
    numbers: Sequence[Decimal | None], groups: Sequence[tuple[int, str]], rows: Sequence[int], letter: str, down: bool
) -> list[Formula | None]:
    """Return each row's rank among those of its group, as a live formula with its present value.

    ``rows`` are the rows of the cells in column ``letter``; the rows of a group stand together.
    """
    ranks: list[Formula | None] = [None] * len(numbers)
    together: dict[tuple[int, str], list[int]] = {}
    for n, group in enumerate(groups):
        together.setdefault(group, []).append(n)
    for inside in together.values():
        known = sorted(number for n in inside if (number := numbers[n]) is not None)
        area = f"{letter}${rows[inside[0]]}:{letter}${rows[inside[-1]]}"
        for n in inside:
            number = numbers[n]
            if number is None or len(known) < 2:
                continue
            better = bisect_left(known, number) if down else len(known) - bisect_right(known, number)
            cell = f"{letter}{rows[n]}"
            ranks[n] = Formula(f'IF(ISNUMBER({cell}),RANK({cell},{area},{int(down)}),"")', 1 + better)
    return ranks


def write_compare(book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, contents: str) -> None:
    """Write the sheet."""
    _Writer(book, looks, plan, context).write(contents)


def _compared(found: Sequence[IndicatorBlock], size: float) -> list[IndicatorBlock]:
    """Return the blocks with the places that are compared on one page.

    A place that is alone in its year and on its level is compared with nobody; where the years do not all fit on the
    page, the latest ones are kept. All of them stand on the second sheet.
    """
    if not found:
        return []
    counts = Counter(person.group for person, _ in found[0].rows)
    groups = [group for group, count in counts.items() if count > 1] or list(counts)
    room = page_height(size) / _LINE
    kept: list[tuple[int, str]] = []
    lines = _HEAD_LINES + _CHART[0] * _CHART[1] / _LINE + 5
    for group in groups:
        lines += 2 * _ROW_LINES * (counts[group] + 1)
        if kept and lines > room and group[0] != kept[-1][0]:
            break
        kept.append(group)
    return [replace(block, rows=[one for one in block.rows if one[0].group in kept]) for block in found]


@dataclass
class _Part:
    """A column of figures with the ranks behind it."""

    block: IndicatorBlock
    slot: str
    ranked: bool
    title: str
    rank_title: str = ""
    column: int = 0
    letter: str = field(default="", repr=False)


class _Writer:
    def __init__(self, book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext) -> None:
        self.looks, self.plan, self.spec, self.context = looks, plan, plan.spec, context
        self.data: SheetData = book.sheet(plan.name)
        limit = context.template.limits.get("matrix", 12)
        self.blocks = _compared([block for block in plan.rows if block.headline][:limit], looks.size)
        self.row = 0
        self.places: dict[tuple[str, int], list[tuple[int, Participant]]] = {}
        self.width = 1
        self.spans: dict[str, tuple[int, int]] = {}

    def write(self, contents: str) -> None:
        """Write both tables, then the charts."""
        results, targets = self._fitting()
        self.width = max((part.column + int(part.ranked) for part in (*results, *targets)), default=4)
        note = "" if self.blocks else self.spec.word("none")
        self.row = page_title(self.data, self.looks, self.plan, self.context, self.width, contents, note)
        if self.blocks:
            self._header((*results, *targets))
            self._table("results", results)
            self._table("targets", targets)
            self._charts(results, targets)
        widths = self._widths(results, targets)
        for n, width in enumerate(widths, 1):
            self.data.width(n, width)
        titles = (1, 4 if self.blocks else 2)
        self.data.freeze(titles[1] + 1, 2)
        set_print(self.data, self.context.template, widths, self.row, titles, size=self.looks.size, one_page=True)

    def _fitting(self) -> tuple[list[_Part], list[_Part]]:
        """Choose the columns of both tables, without the last indicators until the sheet fits on a page's width."""
        while True:
            results, targets = self._parts()
            self.width = max((part.column + int(part.ranked) for part in (*results, *targets)), default=4)
            _, scale = page_for(self._widths(results, targets), self.looks.size)
            if not scale or len(self.blocks) < 2:
                return results, targets
            self.blocks.pop()

    def _widths(self, results: Sequence[_Part], targets: Sequence[_Part]) -> list[float]:
        """Return the widths of the columns: a place, then figures and ranks."""
        widths = [_PLACE] + [_FIGURE] * (self.width - 1)
        for part in (*results, *targets):
            if part.ranked:
                widths[part.column] = _RANK
        return widths

    def _parts(self) -> tuple[list[_Part], list[_Part]]:
        """Choose what both tables show of each indicator: what at least two places tell, with a rank by it.

        Both tables have the same columns, so that a result stands above its target.
        """
        self.spans = {}
        results: list[_Part] = []
        targets: list[_Part] = []
        column = 2
        for block in self.blocks:
            first = column
            for measure in (Measure.LEVEL, Measure.GROWTH):
                own = [part for prefix in ("last_result", "target") if (part := self._part(block, prefix, measure))]
                for part in own:
                    part.column, part.letter = column, LETTERS[column]
                    (results if part.slot.startswith("last_result") else targets).append(part)
                if own:
                    column += 1 + int(any(part.ranked for part in own))
            if column > first:
                self.spans[block.indicator_id] = (first, column - 1)
        return results, targets

    def _part(self, block: IndicatorBlock, prefix: str, measure: Measure) -> _Part | None:
        growth = measure is Measure.GROWTH
        slot = f"{prefix}_growth" if growth else f"{prefix}_amount"
        if len(block.facts(slot)) < 2:
            return None
        word, terms = self.spec.word, self.context.terms
        facts = [fact for own in (f"{prefix}_amount", f"{prefix}_growth") for fact in block.facts(own)]
        ranked = block.direction != "none" and measure in measures_ranked(facts, terms) and self._rankable(block, slot)
        if prefix == "target" and not growth and block.unit not in terms.rate_units:
            ranked = False  # whose planned amount is larger says nothing of the plan
        part = _Part(block, slot, ranked, word("growth" if growth else "level"))
        part.rank_title = word("rank_growth" if growth else self._rank_word(block, terms))
        return part

    @staticmethod
    def _rank_word(block: IndicatorBlock, terms: Terms) -> str:
        return "rank_rate" if block.unit in terms.rate_units else "rank_level"

    @staticmethod
    def _rankable(block: IndicatorBlock, slot: str) -> bool:
        counts: dict[tuple[int, str], int] = {}
        for person, row in block.rows:
            if number_of(row, slot, block) is not None:
                counts[person.group] = counts.get(person.group, 0) + 1
        return any(count > 1 for count in counts.values())

    # --- tables ----------------------------------------------------------------------------------

    def _table(self, title: str, parts: Sequence[_Part]) -> None:
        if not parts:
            return
        text = fill(self.spec.word(title), **self._years(person for person, _ in self.blocks[0].rows))
        self._cells([(1, text, self.looks.plain(bold=True))], 1.6)
        people = [person for person, _ in self.blocks[0].rows]
        several = len({person.group for person in people}) > 1
        rows: list[int] = []
        line = self.row
        last_group: tuple[int, str] | None = None
        for person in people:
            if several and person.group != last_group:
                line += 1
            line += 1
            rows.append(line)
            last_group = person.group
        groups = [person.group for person in people]
        ranks: dict[int, list[Formula | None]] = {}
        for part in parts:
            if part.ranked:
                numbers = [number_of(row, part.slot, part.block) for _, row in part.block.rows]
                down = part.block.direction == "down"
                ranks[part.column] = rank_formulas(numbers, groups, rows, part.letter, down)
        last_group = None
        for index, person in enumerate(people):
            if several and person.group != last_group:
                year = self.context.year_name(person.year)
                name = self.spec.word("group", year=year, level=person.level)
                self._cells([(1, name, self.looks.note(grey=False))], 1.3)
            last_group = person.group
            self._line(index, person, parts, ranks)
        self._estimated(people, parts)
        self.places[title, 0] = list(zip(rows, people, strict=True))
        self._cells([], 0.8)

    def _years(self, people: Iterable[Participant]) -> Mapping[str, object]:
        """Return what {last} and {this} stand for beside these places: the years where they have but one."""
        found = {person.year for person in people}
        return year_fields(self.context, found.pop()) if len(found) == 1 else self.plan.fields

    def _estimated(self, people: Sequence[Participant], parts: Sequence[_Part]) -> None:
        """Name the places whose figures are estimates in part, below the table: a cell has no room for it."""
        words = self.context.rulebook.lexicon.words("guard.estimates")
        found = [
            self.context.place_name(person.place)
            for index, person in enumerate(people)
            if any(
                row is not None and part.slot in row.slots and row.slots[part.slot].status_note.endswith(words)
                for part in parts
                for row in (part.block.rows[index][1],)
            )
        ]
        if found and words:
            text = fill(self.spec.word("estimated"), places="、".join(dict.fromkeys(found)))
            self._cells([(1, text, self.looks.note())], 1.3)

    def _header(self, parts: Sequence[_Part]) -> None:
        style = self.looks.header()
        top: dict[int, Value] = {1: self.spec.word("place")}
        below: dict[int, Value] = {}
        spans: list[tuple[int, int]] = []
        for part in parts:
            below[part.column] = part.title
            if part.ranked:
                below[part.column + 1] = part.rank_title
        for block in self.blocks:
            span = self.spans.get(block.indicator_id)
            if span is not None:
                top[span[0]] = self._name(block)
                spans.append(span)
        columns = range(1, self.width + 1)
        widths = self._widths(parts, ())
        names = ((str(top[first]), sum(widths[first - 1 : end])) for first, end in spans)
        lines = max((-(-text_width(name) // int(width - 1)) for name, width in names), default=1)
        self._cells([(n, top.get(n), style) for n in columns], max(2, lines) + 0.4)
        self._cells([(n, below.get(n), style) for n in columns], 2.4)
        self.data.merge(self.row - 1, 1, self.row, 1)
        for first, end in spans:
            self.data.merge(self.row - 1, first, self.row - 1, end)

    def _name(self, block: IndicatorBlock) -> str:
        amounts = any(block.facts(slot) for slot in SLOTS if slot.endswith("amount"))
        return self.spec.word("head", indicator=block.name, unit=block.unit) if amounts else block.name

    def _line(
        self, index: int, person: Participant, parts: Sequence[_Part], ranks: dict[int, list[Formula | None]]
    ) -> None:
        context, looks = self.context, self.looks
        name = context.place_name(person.place)
        line, lines = self.row + 1, 1.3 * -(-text_width(name) // int(_PLACE - 1))
        cells: list[tuple[int, Value, int]] = [(1, name, looks.cell("", "", ""))]
        for part in parts:
            row = part.block.rows[index][1]
            if row is None or part.slot not in row.slots:
                cells.append((part.column, None, looks.cell("grey", "right", "")))
            else:
                put = own_put(row, part.slot, part.block, context)
                long = isinstance(put.value, str) and text_width(put.value) > _FIGURE - 1
                look = "" if long else put.look
                cells.append((part.column, put.value, looks.cell(look, "", put.format, wrap=long, linked=not long)))
                if long:  # wraps; some programs do not wrap links
                    lines = max(lines, 1.2 * -(-text_width(str(put.value)) // int(_FIGURE - 1)))
                else:
                    self._link(line, part.column, row.slots[part.slot])
            if part.ranked:
                cells.append((part.column + 1, ranks[part.column][index], looks.cell("number", "center", "0")))
        filled = {column for column, _, _ in cells}
        cells += [(n, None, looks.cell("", "", "")) for n in range(2, self.width + 1) if n not in filled]
        self._cells(sorted(cells, key=lambda cell: cell[0]), lines)

    def _link(self, row: int, column: int, fact: Fact) -> None:
        found = self.context.evidence_at.get(key_of(fact))
        if found is not None:
            self.data.link(at(row, column), found[0], f"A{found[1]}", fact.quote)

    def _cells(self, cells: Sequence[tuple[int, Value, int]], lines: float) -> None:
        self.row += 1
        self.data.row(self.row, cells, height=_LINE * lines, fixed=True)

    # --- charts ------------------------------------------------------------------------------------

    def _charts(self, results: Sequence[_Part], targets: Sequence[_Part]) -> None:
        """Draw the first indicators that at least two places of one group tell: growth, or rates by their level."""
        limits = self.context.template.limits
        wanted = limits.get("charts", 3)
        drawn: list[tuple[_Part, _Part | None, list[int]]] = []
        for part in results:
            beside = next((one for one in targets if one.block is part.block and _same(one, part)), None)
            rate = part.block.unit in self.context.terms.rate_units
            offsets = self._largest_group(part)
            fits = 2 <= len(offsets) <= limits.get("chart_places", 40)
            if fits and part.ranked and (part.slot.endswith("growth") or rate):
                drawn.append((part, beside, offsets))
        if not drawn:
            return
        total = _PLACE + sum(_RANK if self._is_rank(n, results, targets) else _FIGURE for n in range(2, self.width + 1))
        count = min(wanted, len(drawn))
        pixels = max(280, min(520, int(total * 7.2 / count) - 12))
        for number, (part, beside, offsets) in enumerate(drawn[:count]):
            self._chart(part, beside, offsets, number * (pixels + 12), pixels)
        for _ in range(_CHART[0]):
            self.row += 1
            self.data.row(self.row, [], height=_CHART[1], fixed=True)

    def _is_rank(self, column: int, results: Sequence[_Part], targets: Sequence[_Part]) -> bool:
        return any(part.ranked and part.column + 1 == column for part in (*results, *targets))

    @staticmethod
    def _largest_group(part: _Part) -> list[int]:
        """Return the rows of the group that has most figures; the latest year where several are alike."""
        groups: dict[tuple[int, str], list[int]] = {}
        known: dict[tuple[int, str], int] = {}
        for offset, (person, row) in enumerate(part.block.rows):
            groups.setdefault(person.group, []).append(offset)
            known[person.group] = known.get(person.group, 0) + int(number_of(row, part.slot, part.block) is not None)
        best = max(known, key=lambda group: (known[group], group[0]))
        return groups[best] if known[best] > 1 else []

    def _chart(self, part: _Part, beside: _Part | None, offsets: Sequence[int], left: int, width: int) -> None:
        block = part.block
        unit = "%" if part.slot.endswith("growth") else block.unit
        measure = part.title.rstrip("%") if part.slot.endswith("growth") else ""
        title = self.spec.word("chart", indicator=block.name, measure=measure, unit=unit)
        sheet = quoted_name(self.plan.name)
        chart = Calls("column")
        every: list[Decimal | None] = []
        years = self._years(block.rows[offset][0] for offset in offsets)
        for side, one, colour in (("result", part, "#8FA9C9"), ("target", beside, "#1F3A68")):
            if one is None:
                continue
            places = self.places.get(("results" if side == "result" else "targets", 0), [])
            rows = [places[offset][0] for offset in offsets]
            numbers = [number_of(block.rows[offset][1], one.slot, block) for offset in offsets]
            if sum(number is not None for number in numbers) < 2:
                continue
            every += numbers
            chart.add_series(
                {
                    "name": fill(self.spec.word(f"series_{side}"), **years),
                    "categories": f"={sheet}!$A${rows[0]}:$A${rows[-1]}",
                    "categories_data": [self.context.place_name(places[offset][1].place) for offset in offsets],
                    "values": f"={sheet}!${one.letter}${rows[0]}:${one.letter}${rows[-1]}",
                    "values_data": ["" if number is None else number for number in numbers],
                    "fill": {"color": colour},
                    "border": {"color": "#1F3A68"},
                    "data_labels": {"value": len(offsets) <= 8, "font": {"size": 8}},
                    "gap": 60,
                }
            )
        chart.set_title({"name": title, "name_font": {"name": self.looks.font, "size": 10.5, "bold": True}})
        chart.set_legend({"position": "bottom"} if beside is not None else {"none": True})
        # Bars that begin elsewhere than at nought make small differences look large.
        least = {"min": 0} if all(number is None or number >= 0 for number in every) else {}
        chart.set_y_axis({"major_gridlines": {"visible": False}, "num_format": "General", **least})
        chart.set_x_axis({"label_position": "low", "num_font": {"size": 8}})
        chart.set_size({"width": width, "height": int(_CHART[0] * _CHART[1] * 96 / 72) - 8})
        self.data.worksheet.insert_chart(self.row, 0, chart, {"x_offset": left + 4, "y_offset": 4})


def _same(one: _Part, other: _Part) -> bool:
    return one.slot.endswith("growth") == other.slot.endswith("growth")
