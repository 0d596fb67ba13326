"""督查汇总: how many tasks are done, ahead, on time and behind, by heading and by office, and which are behind.

All of it is formulas over 任务清单, each with its present value. Offices are those that the sheet knows when it is
written, and room below them for those that are typed in later (the first unlisted ones are found by a formula).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.formulas import literal
from compiler.workbook.page_setup import set_print
from compiler.workbook.rows import BookContext, Sheet
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.table_heads import page_title
from compiler.workbook.task_sheet import TaskRow, judgement_of, pace_of, share_of
from compiler.workbook.template import fill
from compiler.workbook.xlsx import LETTERS, Book, Formula, SheetData, Value, quoted_name

_STATES: Final = ("done", "ahead", "on", "behind")
_SPARE_TASKS: Final = 300
"""Rows below the list that the formulas look at as well, for tasks that people add."""

_SPARE_OFFICES: Final = 8
_MOST_BEHIND: Final = 60
"""How many tasks that are behind are listed; the sheet says how many more there are."""

_LONGEST_CRITERION: Final = 240
"""COUNTIFS looks for texts of up to 255 characters."""

_LEAST_LISTED: Final = 8
"""So many lines of that list are printed at least."""

_LINE: Final = 13.5
_LISTED: Final = ("sentence", "entry:lead", "rate", "pace", "entry:problems")
"""The columns of 任务清单 that the list of those behind shows."""

_COLUMNS: Final = 11
"""The list of those behind is spread over so many columns, at whose end stands the row of each."""

_NAME_COLUMN: Final = _COLUMNS + 2
"""Behind the table, hidden: the row of a task that is behind; then heading or office, and place, to count by."""

_NAME, _PLACE = LETTERS[_NAME_COLUMN], LETTERS[_NAME_COLUMN + 1]


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """A heading of a report, or an office, with its tasks."""

    name: str
    place: str
    heading: str
    rows: tuple[TaskRow, ...]


def write_summary(
    book: Book, looks: CellLooks, plan: SheetPlan, tasks: Sequence[SheetPlan], context: BookContext, contents: str
) -> None:
    """Write the sheet over the sheets of tasks (more than one only where the rows do not fit on one)."""
    _Writer(book, looks, plan, tasks, context).write(contents)


class _Writer:
    def __init__(
        self, book: Book, looks: CellLooks, plan: SheetPlan, tasks: Sequence[SheetPlan], context: BookContext
    ) -> None:
        self.data: SheetData = book.sheet(plan.name)
        self.looks, self.plan, self.spec, self.context = looks, plan, plan.spec, context
        self.source = tasks[0] if tasks else None
        self.widths = tuple(column.width for column in self.spec.columns)
        self.row = 0
        self.printed = 0
        self.at = {column.key: LETTERS[n] for n, column in enumerate(self.spec.columns, 1)}
        self.areas: dict[str, str] = {}
        self.letters = self.source.letters() if self.source is not None else {}
        source_spec = self.source.spec if self.source is not None else plan.spec
        self.sheet = Sheet(context, source_spec, plan.name, self.letters)
        self.rows: list[TaskRow] = [row for one in tasks for row in one.rows]
        self.judged = {row.id: word for row in self.rows if (word := judgement_of(row, self.sheet))}

    def write(self, contents: str) -> None:
        """Write the two tables and the list."""
        self.row = page_title(self.data, self.looks, self.plan, self.context, _COLUMNS, contents)
        needed = ("judgement", "id", "sentence")
        titles = 2
        if self.source is not None and self.rows and all(self.letters.get(name) for name in needed):
            # Both tables have one head, above them, so that it can stand on every page.
            heads = [fill(column.title, **self.plan.fields) for column in self.spec.columns]
            self._cells([(n, text, self.looks.header()) for n, text in enumerate(heads, 1)], 1.5)
            titles = self.row
            self._table("by_heading", self._headings(), "heading")
            if self.letters.get("entry:lead"):
                self._table("by_lead", self._offices(), "entry:lead")
            self._behind()
        for n, width in enumerate(self.widths, 1):
            self.data.width(n, width)
        for n in range(_COLUMNS + 1, _NAME_COLUMN + 2):
            self.data.width(n, 8, hidden=True)
        last = self.printed or self.row
        set_print(self.data, self.context.template, self.widths, last, (1, titles), size=self.looks.size)

    # --- groups ----------------------------------------------------------------------------------

    def _headings(self) -> list[TaskGroup]:
        several = len({row.place for row in self.rows}) > 1
        years: dict[str, set[int]] = {}
        groups: dict[tuple[str, str], list[TaskRow]] = {}
        for row in self.rows:
            groups.setdefault((row.place, _told(row, "heading")), []).append(row)
            years.setdefault(row.place, set()).add(row.report_year)
        found = []
        for (place, heading), own in groups.items():
            name = heading or self.spec.word("no_heading")
            own_years = sorted({row.report_year for row in own if row.report_year})
            # Of a place with one report its year says nothing.
            told = "、".join(map(str, own_years)) if len(years[place]) > 1 else ""
            if several or told:
                place_name = self.context.place_name(place) if several else ""
                name = self.spec.word("places", place=f"{place_name}{told}", heading=name)
            found.append(TaskGroup(name, place if several else "", heading, tuple(own)))
        return found

    def _offices(self) -> list[TaskGroup]:
        groups: dict[str, list[TaskRow]] = {}
        for row in self.rows:
            groups.setdefault(_lead(row), []).append(row)
        named = [TaskGroup(name, "", name, tuple(own)) for name, own in groups.items() if name]
        if "" in groups:
            named.append(TaskGroup(self.spec.word("no_lead"), "", "", tuple(groups[""])))
        return named

    # --- tables ----------------------------------------------------------------------------------

    def _table(self, title: str, groups: Sequence[TaskGroup], by: str) -> None:
        self._heading(self.spec.word(title))
        spare = _SPARE_OFFICES if by == "entry:lead" else 0
        self._total(self.row + 2, self.row + 1 + len(groups) + spare)
        first = self.row + 1
        for group in groups:
            self._group(group, by)
        for _ in range(spare):
            self._spare(first)

    def _area(self, name: str) -> str:
        assert self.source is not None
        known = self.areas.get(name)
        if known is None:
            column, last = self.letters[name], self.source.last + _SPARE_TASKS
            known = f"{quoted_name(self.source.name)}!${column}${self.source.first}:${column}${last}"
            self.areas[name] = known
        return known

    def _conditions(self, group: TaskGroup, by: str, line: int) -> str:
        """Return the conditions of COUNTIFS that choose the tasks of a group, by the names hidden at its end."""
        conditions = f'{self._area("sentence")},"?*",{self._area(by)},"="&${_NAME}{line}'
        if group.place and self.letters.get("place"):
            conditions += f',{self._area("place")},"="&${_PLACE}{line}'
        return conditions

    def _group(self, group: TaskGroup, by: str) -> None:
        counts = self._counted(group.rows)
        where = self._conditions(group, by, self.row + 1)
        place = self.context.place_name(group.place) if group.place else ""
        hidden = [(_NAME_COLUMN, _criterion(group.heading)), (_NAME_COLUMN + 1, place)]
        self._counts(group.name, f"COUNTIFS({where})", len(group.rows), where, counts, hidden)

    def _counts(
        self,
        name: Value,
        formula: str,
        total: int,
        where: str,
        counts: dict[str, int],
        hidden: Sequence[tuple[int, Value]],
    ) -> None:
        """Write one line: the total, each state with its share, and what is left."""
        line = self.row + 1
        values: dict[str, Value] = {"name": name, "total": Formula(formula, total)}
        for state in _STATES:
            word = literal(self.sheet.word(state))
            values[state] = Formula(f"COUNTIFS({where},{self._area('judgement')},{word})", counts[state])
        self._line(values, line, total, counts, hidden=hidden)

    def _line(
        self,
        values: dict[str, Value],
        line: int,
        total: int,
        counts: dict[str, int],
        *,
        spare: bool = False,
        hidden: Sequence[tuple[int, Value]] = (),
    ) -> None:
        at = self.at
        for state in _STATES:
            share = Decimal(counts[state]) / total if total else ""
            values[f"{state}_share"] = Formula(
                f'IF({at["total"]}{line}=0,"",{at[state]}{line}/{at["total"]}{line})', share
            )
        rest = "-".join(f"{at[state]}{line}" for state in _STATES)
        values["open"] = Formula(f"{at['total']}{line}-{rest}", total - sum(counts.values()))
        cells: list[tuple[int, Value, int]] = []
        for n, column in enumerate(self.spec.columns, 1):
            look = "" if column.key == "name" else "number"
            format_ = "0.0%" if column.key.endswith("_share") else "0" if look else ""
            if spare and look:
                format_ += f";-{format_};"  # nothing where there is nothing yet
            cells.append((n, values.get(column.key), self.looks.cell(look, "", format_, bordered=not spare)))
        if spare:
            self._bordered(line)
        cells += [(n, value, self.looks.note()) for n, value in hidden]
        name = values["name"]
        shown = name.value if isinstance(name, Formula) else name
        self._cells(cells, 1.3 * max(1, -(-len(str(shown or "")) * 2 // int(self.widths[0] - 1))))

    def _spare(self, first: int) -> None:
        """Write a line that takes up the next office that stands in the list and not in the lines above."""
        line, area = self.row + 1, self._area("entry:lead")
        above = f"$A${first - 1}:$A{line - 1}"
        missing = f'MATCH(0,COUNTIF({above},{area})+({area}=""),0)'
        name = Formula(f'IFERROR(INDEX({area},{missing}),"")', "", array=True)
        where = f'{self._area("sentence")},"?*",{area},$A{line}'
        zero = dict.fromkeys(_STATES, 0)
        values: dict[str, Value] = {"name": name, "total": Formula(f'IF($A{line}="",0,COUNTIFS({where}))', 0)}
        for state in _STATES:
            word = literal(self.sheet.word(state))
            counted = f"COUNTIFS({where},{self._area('judgement')},{word})"
            values[state] = Formula(f'IF($A{line}="",0,{counted})', 0)
        self._line(values, line, 0, zero, spare=True)

    def _total(self, first: int, last: int) -> None:
        """Write the sums over the lines from ``first`` to ``last``, which follow."""
        line = self.row + 1
        at = self.at
        counts = self._counted(self.rows)

        def total(name: str, value: int) -> Formula:
            return Formula(f"SUM({at[name]}{first}:{at[name]}{last})", value)

        values: dict[str, Value] = {"name": self.spec.word("total"), "total": total("total", len(self.rows))}
        values |= {state: total(state, counts[state]) for state in _STATES}
        self._line(values, line, len(self.rows), counts)

    def _counted(self, rows: Sequence[TaskRow]) -> dict[str, int]:
        """Return how many tasks are in each state."""
        found = Counter(self.judged[row.id] for row in rows if row.id in self.judged)
        return {state: found[self.sheet.word(state)] for state in _STATES}

    # --- the list of those behind --------------------------------------------------------------------

    def _behind(self) -> None:
        word = self.sheet.word("behind")
        behind = [row for row in self.rows if self.judged.get(row.id) == word]
        self._heading(self.spec.word("list"))
        spans = ((1, 5), (6, 7), (8, 8), (9, 9), (10, 11))
        titles = [self.spec.word(name) for name in ("task", "lead", "rate", "pace", "problems")]
        style = self.looks.header()
        self._spread([(first, text, style) for (first, _), text in zip(spans, titles, strict=True)], spans, 1.5)
        assert self.source is not None
        judged = self._area("judgement")
        number = _COLUMNS + 1
        for k in range(1, _MOST_BEHIND + 1):
            line = self.row + 1
            own = behind[k - 1] if k <= len(behind) else None
            found = f'IFERROR(SMALL(IF({judged}={literal(word)},ROW({judged})),{k}),"")'
            helper = Formula(found, own.row if own is not None else "", array=True)
            sheet = quoted_name(self.source.name)

            def pick(name: str, value: Value, line: int = line, sheet: str = sheet) -> Value:
                column = self.letters.get(name, "")
                if not column:
                    return None
                place = f"INDEX({sheet}!${column}:${column},${LETTERS[number]}{line})"
                shown = value if isinstance(value, (str, int, Decimal)) else str(value or "")
                return Formula(f'IF(ISNUMBER(${LETTERS[number]}{line}),IF({place}="","",{place}),"")', shown)

            texts = self._behind_values(own)
            cells: list[tuple[int, Value, int]] = []
            for (first, _), name in zip(
                spans, ("sentence", "entry:lead", "rate", "pace", "entry:problems"), strict=True
            ):
                look, format_ = ("number", "0.0%") if name in ("rate", "pace") else ("", "")
                cells.append((first, pick(name, texts[name]), self.looks.cell(look, "", format_, bordered=False)))
            height = 1.3 * max(1, -(-len(str(texts["sentence"])) * 2 // 70)) if own is not None else 1.3
            self._bordered(line)
            if k == max(len(behind), _LEAST_LISTED):
                self.printed = line
            self._spread(cells, spans, height, (number, helper, self.looks.note()))
        counted = f"COUNTIF({judged},{literal(word)})-{_MOST_BEHIND}"
        before, _, after = self.spec.word("more").partition("{number}")
        more = Formula(f'IF({counted}>0,{literal(before)}&({counted})&{literal(after)},"")', self._more(len(behind)))
        self._cells([(1, more, self.looks.note())], 1.3)

    def _more(self, count: int) -> str:
        rest = count - _MOST_BEHIND
        return self.spec.word("more", number=rest) if rest > 0 else ""

    def _behind_values(self, row: TaskRow | None) -> dict[str, Value]:
        if row is None:
            return dict.fromkeys(_LISTED, "")
        problems = row.entries.get("entry:problems")
        rate, pace = share_of(row, self.context), pace_of(row)
        return {
            "sentence": _told(row, "sentence"),
            "entry:lead": _lead(row),
            "rate": "" if rate is None else rate,
            "pace": "" if pace is None else pace,
            "entry:problems": problems.value if problems is not None else "",
        }

    # --- lines -----------------------------------------------------------------------------------

    def _bordered(self, line: int) -> None:
        """Give a line its borders as soon as something stands in it."""
        look = self.context.template.look.get("border", "A6A6A6")
        border = self.data.styles.difference(border=look)
        rule = {"type": "formula", "criteria": f'=$A${line}<>""', "format": border}
        self.data.worksheet.conditional_format(line - 1, 0, line - 1, _COLUMNS - 1, rule)

    def _heading(self, text: str) -> None:
        self._cells([], 0.8)
        self._cells([(1, text, self.looks.plain(bold=True))], 1.5)

    def _cells(self, cells: Sequence[tuple[int, Value, int]], lines: float) -> None:
        self.row += 1
        self.data.row(self.row, cells, height=min(409.0, _LINE * lines), fixed=True)

    def _spread(
        self,
        cells: Sequence[tuple[int, Value, int]],
        spans: Sequence[tuple[int, int]],
        lines: float,
        extra: tuple[int, Value, int] | None = None,
    ) -> None:
        """Write cells that take several columns each."""
        wide: list[tuple[int, Value, int]] = []
        for (first, last), (_, value, style) in zip(spans, cells, strict=True):
            wide.append((first, value, style))
            wide.extend((n, None, style) for n in range(first + 1, last + 1))
        if extra is not None:
            wide.append(extra)
        self._cells(wide, lines)
        for first, last in spans:
            self.data.merge(self.row, first, self.row, last)


def _criterion(text: str) -> str:
    """Return a name as COUNTIFS looks for it: its wildcards taken literally, a long one by its beginning."""
    told = text.replace("~", "~~").replace("*", "~*").replace("?", "~?")
    return told if len(told) <= _LONGEST_CRITERION else told[:_LONGEST_CRITERION] + "*"


def _told(row: TaskRow, name: str) -> str:
    """Return heading or sentence of a task, or what somebody wrote there in a row of their own."""
    if name == "heading" and row.report is not None:
        return row.heading
    if row.task is not None:
        return row.task.text
    entry = row.cells.get(f"key:{name}")
    return str(entry.value) if entry is not None else ""


def _lead(row: TaskRow) -> str:
    entry = row.entries.get("entry:lead")
    if entry is not None:
        return str(entry.value or "").strip()
    return row.lead
