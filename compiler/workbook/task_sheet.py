"""任务清单: every task of the plan part as a row, with what is to be reached, by whom, and how far it is.

The sheet is filled in by people; what follows from their entries (完成率, 序时进度, 进度判定) are formulas whose value
is worked out here as well. How a target is compared stands in a hidden column: an amount that grows over the year
(累计) by its share, a rate or growth (不低于) and a ceiling (不超过) by its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, Final, TypeVar

from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import point_of, shown
from compiler.model import Bound, CompiledReport, Fact, Measure, Task, Tier
from compiler.workbook.formulas import literal
from compiler.workbook.rows import BookContext, Getter, Put, Sheet
from compiler.workbook.shown_unit import printed, row_unit
from compiler.workbook.user_entries import FilledCell
from compiler.workbook.xlsx import ROW, Formula, Value

AHEAD_BY: Final = Decimal("0.05")
"""Five points above the share of the year that has passed is 超序时 (``outputs.md``, 任务清单)."""


_NO_CELLS: Final[Mapping[str, FilledCell]] = {}


@dataclass(slots=True)
class TaskRow:
    """A task with the targets that lie in it; or, without a task, a row that somebody added, with its cells."""

    id: str
    number: int
    place: str
    report_year: int
    report: CompiledReport | None = None
    index: int = 0
    heading: str = ""
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    cells: Mapping[str, FilledCell] = field(default_factory=lambda: _NO_CELLS)
    entries: Mapping[str, FilledCell] = field(default_factory=lambda: _NO_CELLS)
    row: int = 0
    known: dict[str, Any] | None = None
    """What was worked out for one column and is asked for by others, while the row is written."""

    @property
    def task(self) -> Task | None:
        """The task, read from its report."""
        return self.report.tasks[self.index] if self.report is not None else None

    @property
    def single(self) -> Fact | None:
        """Return the one figure that the task is measured by; None where it has several, or none in numbers."""
        if not self.facts:
            return None
        bases = [fact for fact in self.facts if fact.tier is Tier.BASE]
        if len(bases) != 1 or bases[0].text or doubtful(bases[0]):
            return None
        return bases[0]


_Asked = TypeVar("_Asked", BookContext, Sheet)
_Found = TypeVar("_Found")


def _once(find: Callable[[TaskRow, _Asked], _Found]) -> Callable[[TaskRow, _Asked], _Found]:
    """Have what follows from the task alone worked out once a row."""
    name = find.__name__

    @wraps(find)
    def found(row: TaskRow, asked: _Asked) -> _Found:
        if row.known is None:
            row.known = {}
        if name not in row.known:
            row.known[name] = find(row, asked)
        result: _Found = row.known[name]
        return result

    return found


def task_rows(context: BookContext) -> list[TaskRow]:
    """Return the tasks of every report, in the reports' own order."""
    rows: list[TaskRow] = []
    seen: set[str] = set()
    for report in context.reports:
        known = {fact.id: fact for fact in report.facts}
        for index, task in enumerate(context.outline(report).tasks):
            if task.id in seen:  # the same report read twice
                continue
            seen.add(task.id)
            facts = tuple([known[name] for name in task.facts if name in known])
            number, of = len(rows) + 1, (task.place, task.report_year)
            rows.append(TaskRow(task.id, number, *of, report, index, task.heading, task.lead, facts))
    return rows


def own_rows(kept: Mapping[str, Mapping[str, FilledCell]], number: int) -> list[TaskRow]:
    """Return the rows that people added, behind all others; each keeps the id that it was given first."""
    rows: list[TaskRow] = []
    for name, cells in kept.items():
        year = cells.get("key:report_year")
        place = cells.get("key:place")
        rows.append(
            TaskRow(
                name,
                number + len(rows) + 1,
                str(place.value) if place else "",
                int(str(year.value)) if year and str(year.value).isdecimal() else 0,
                cells=cells,
            )
        )
    return rows


def former_ids(reports: Sequence[CompiledReport]) -> Iterator[tuple[str, str, str]]:
    """Yield id and text of each task with the ids of its facts: entries of the former sheet stood at the facts."""
    for report in reports:
        for task in report.tasks:
            for name in ("", *task.facts):
                yield task.id, task.text, name


# --- what stands in the columns ------------------------------------------------------------------


def _text(name: str) -> Getter:
    def get(row: TaskRow, _: Sheet) -> Value:
        if row.task is None:
            entry = row.cells.get(f"key:{name}")
            return entry.value if entry is not None else None
        return getattr(row.task, name) or None

    return get


def _own(name: str, getter: Getter) -> Getter:
    """Return a getter that gives a row that somebody added what they wrote in that column."""

    def get(row: TaskRow, sheet: Sheet) -> Value | Put:
        if row.report is None:
            entry = row.cells.get(f"key:{name}")
            return Put(entry.value, "entry", entry.format if entry.format != "General" else "") if entry else None
        return getter(row, sheet)

    return get


def _indicator(row: TaskRow, _: Sheet) -> Value:
    return _numbered([*dict.fromkeys(fact.indicator for fact in row.facts)]) or None


def _numbered(texts: Sequence[str]) -> str:
    """Return texts in a row, numbered where there are several: a target is told by the number of its indicator."""
    if len(texts) < 2:
        return "".join(texts)
    marks = [chr(ord("①") + n) if n < 20 else f"({n + 1})" for n in range(len(texts))]
    return "；".join(f"{mark}{text}" for mark, text in zip(marks, texts, strict=True))


@_once
def _target(row: TaskRow, sheet: Sheet) -> Value | Put:
    context = sheet.context
    fact = row.single
    if fact is not None and len(row.facts) == 1 and fact.bound is Bound.EQ and fact.measure is not Measure.CHANGE:
        number = goal_of(row, context)
        assert number is not None
        return Put(number, "number", context.number_format(number, _unit_of(fact, context)), fact, tip=fact.quote)
    if row.facts:
        names = dict.fromkeys(fact.indicator for fact in row.facts)
        told = [_figures([fact for fact in row.facts if fact.indicator == name], row, context) for name in names]
        # One figure stands right like a number, several read like text.
        look = "words" if len(row.facts) == 1 else "text"
        return Put(_numbered(told), look, fact=row.facts[0], tip=row.facts[0].quote)
    assert row.task is not None
    figure = _printed_goal(row)
    if figure is not None:
        return Put(figure, "number", context.number_format(figure, ""))
    return Put("；".join(row.task.figures), "words") if row.task.figures else None


def _figures(facts: Sequence[Fact], row: TaskRow, context: BookContext) -> str:
    """Return the targets of one indicator: the base first, then what is striven for."""
    bases = [fact for fact in facts if fact.tier is Tier.BASE]
    texts = [_figure(fact, row, context) for fact in bases or facts]
    stretch = context.template.word("stretch_join").lstrip("；")
    texts += [stretch + _figure(fact, row, context) for fact in facts if bases and fact.tier is Tier.STRETCH]
    return "，".join(dict.fromkeys(texts))


def _figure(fact: Fact, row: TaskRow, context: BookContext) -> str:
    mark = context.template.word("doubt_mark") if doubtful(fact) else ""
    if fact is row.single and fact.measure is Measure.LEVEL:
        unit = row_unit((fact,), fact.unit, context.bare_units)
        return shown(unit.shown_fact(fact), context.terms)
    return context.figure(fact) + mark


def _unit_of(fact: Fact, context: BookContext) -> str:
    return row_unit((fact,), fact.unit, context.bare_units).name


def _unit(row: TaskRow, sheet: Sheet) -> Value:
    fact = row.single
    if fact is not None:
        return _unit_of(fact, sheet.context)
    if not row.facts and _printed_goal(row) is not None:
        assert row.task is not None
        one = printed(row.task.figures[0])
        return one.unit if one is not None else None
    return None


def _printed_goal(row: TaskRow) -> Decimal | None:
    """Return the number of a task that holds one figure which no rule claims."""
    if row.task is None or row.facts or len(row.task.figures) != 1:
        return None
    one = printed(row.task.figures[0])
    return one.number if one is not None else None


@_once
def goal_of(row: TaskRow, context: BookContext) -> Decimal | None:
    """Return the number that the present value is compared with."""
    if row.task is None:
        return _number(row.cells.get("key:target"))
    fact = row.single
    if fact is None:
        return _printed_goal(row)
    value = fact.high if fact.bound is Bound.LE else point_of(fact)
    if value is None or fact.measure is not Measure.LEVEL:
        return value
    return row_unit((fact,), fact.unit, context.bare_units).shown(value)


SUM, LEAST, MOST = "sum", "least", "most"


@_once
def way_of(row: TaskRow, context: BookContext) -> str:
    """Return how the target is compared: an amount by its share, a rate or a ceiling by its value."""
    fact = row.single
    if goal_of(row, context) is None:
        return ""
    if fact is None:
        one = printed(row.task.figures[0]) if row.task is not None else None
        return LEAST if one is not None and one.unit in context.terms.rate_units else SUM
    rule = context.rules.get(fact.indicator_id)
    down = rule is not None and rule.direction == "down"
    if fact.bound is Bound.LE or (down and fact.measure is Measure.LEVEL):
        return MOST
    if fact.measure is Measure.GROWTH or context.terms.is_rate(fact):
        return MOST if down else LEAST
    return SUM


def _way(row: TaskRow, sheet: Sheet) -> Value:
    way = way_of(row, sheet.context)
    return sheet.word(f"way.{way}") if way else None


def _goal(row: TaskRow, sheet: Sheet) -> Value:
    """Return the number behind 目标值, live where that cell is a number itself."""
    number = goal_of(row, sheet.context)
    shown_cell = _target(row, sheet) if row.task is not None else None
    if number is not None and isinstance(shown_cell, Put) and shown_cell.value == number:
        column = sheet.columns.get("target")
        return Formula(f"${column}{ROW}", number) if column else number
    return number


def _due(row: TaskRow, _: Sheet) -> Value:
    return row.task.deadline or None if row.task is not None else None


def _basis(row: TaskRow, sheet: Sheet) -> Value | Put:
    task = row.task
    if task is None:
        return sheet.word("own")
    text = sheet.context.paragraph(task.report_year, task.paragraph)
    return Put(text, "link", fact=row.facts[0] if row.facts else None, tip=task.text)


# --- formulas ------------------------------------------------------------------------------------


def _cells(sheet: Sheet, *names: str) -> list[str]:
    """Return the cells of a row that formulas name, empty where the sheet has no such column."""
    return [f"${sheet.columns[name]}{ROW}" if sheet.columns.get(name) else "" for name in names]


def _shared(write: Callable[[Sheet], str]) -> Callable[[Sheet], str]:
    """Return what gives the formula of a column; it is written once a sheet."""
    name = write.__name__

    def formula(sheet: Sheet) -> str:
        if name not in sheet.formulas:
            sheet.formulas[name] = write(sheet)
        return sheet.formulas[name]

    return formula


def _number(entry: FilledCell | None) -> Decimal | None:
    if entry is None or isinstance(entry.value, bool) or not isinstance(entry.value, (int, Decimal)):
        return None
    return Decimal(entry.value)


def _day(entry: FilledCell | None) -> date | None:
    if entry is None or not isinstance(entry.value, date):
        return None
    return entry.value.date() if isinstance(entry.value, datetime) else entry.value


@_shared
def _rate_formula(sheet: Sheet) -> str:
    current, goal, way = _cells(sheet, "entry:current", "goal", "way")
    if not (current and goal and way):
        return ""
    word = literal(sheet.word("way.sum"))
    return f'IF(AND(ISNUMBER({current}),ISNUMBER({goal}),{way}={word}),IF({goal}=0,"",{current}/{goal}),"")'


def _rate(row: TaskRow, sheet: Sheet) -> Value | Put:
    formula = _rate_formula(sheet)
    if not formula or way_of(row, sheet.context) != SUM:
        return None
    return Put(Formula(formula, share_of(row, sheet.context), alike=True), "number", "0.0%")


def share_of(row: TaskRow, context: BookContext) -> Decimal | None:
    """Return the share of a target that is reached, where it is one that adds up over the year."""
    if not row.entries:
        return None
    value, goal = _number(row.entries.get("entry:current")), goal_of(row, context)
    return value / goal if value is not None and goal and way_of(row, context) == SUM else None


@_shared
def _pace_formula(sheet: Sheet) -> str:
    (asof,) = _cells(sheet, "entry:asof")
    passed = f"((YEAR({asof})-{_YEAR})*12+MONTH({asof}))/12"
    return f'IF(ISNUMBER({asof}),MAX(0,MIN(1,{passed})),"")' if asof else ""


_YEAR: Final = "\1"


def _pace(row: TaskRow, sheet: Sheet) -> Value | Put:
    formula = _pace_formula(sheet)
    if not formula or not row.report_year:
        return None
    return Put(Formula(formula.replace(_YEAR, str(row.report_year)), pace_of(row), alike=True), "number", "0.0%")


def pace_of(row: TaskRow) -> Decimal | None:
    """Return the share of the report's year that has passed by the day that the entry tells."""
    day = _day(row.entries.get("entry:asof"))
    if day is None or not row.report_year:
        return None
    months = Decimal((day.year - row.report_year) * 12 + day.month)
    return max(Decimal(0), min(Decimal(1), months / 12))


@_shared
def _judgement_formula(sheet: Sheet) -> str:
    names = ("entry:current", "goal", "way", "rate", "pace", "entry:state")
    current, goal, way, rate, pace, state = _cells(sheet, *names)
    word = {name: literal(sheet.word(name)) for name in ("done", "ahead", "on", "behind", "late", "way.most")}
    by_state = '""'
    if state:
        by_state = f'IF({state}={word["done"]},{word["done"]},IF({state}={word["late"]},{word["behind"]},""))'
    if not (current and goal and way and rate and pace):
        return by_state if state else ""
    by_share = (
        f"IF({rate}>=1,{word['done']},IF(ISNUMBER({pace}),"
        f"IF(ROUND({rate}-{pace},6)>={AHEAD_BY},{word['ahead']},"
        f'IF(ROUND({rate}-{pace},6)>=0,{word["on"]},{word["behind"]})),""))'
    )
    reached = f"IF({way}={word['way.most']},{current}<={goal},{current}>={goal})"
    by_value = f"IF({reached},IF({pace}=1,{word['done']},{word['on']}),{word['behind']})"
    measured = f"AND(ISNUMBER({current}),ISNUMBER({goal}))"
    return f"IF({measured},IF(ISNUMBER({rate}),{by_share},{by_value}),{by_state})"


def _judgement(row: TaskRow, sheet: Sheet) -> Value | Put:
    formula = _judgement_formula(sheet)
    return Formula(formula, judgement_of(row, sheet), alike=True) if formula else None


def judgement_of(row: TaskRow, sheet: Sheet) -> str:
    """Return what the formula gives for the entries of the row."""
    if not row.entries:
        return ""
    value, goal = _number(row.entries.get("entry:current")), goal_of(row, sheet.context)
    if value is None or goal is None:
        state = row.entries.get("entry:state")
        told = str(state.value) if state is not None else ""
        if told == sheet.word("done"):
            return told
        return sheet.word("behind") if told == sheet.word("late") else ""
    pace, way = pace_of(row), way_of(row, sheet.context)
    if way == SUM and goal:
        share = value / goal
        if share >= 1:
            return sheet.word("done")
        if pace is None:
            return ""
        gap = round(share - pace, 6)
        return sheet.word("ahead" if gap >= AHEAD_BY else "on" if gap >= 0 else "behind")
    reached = value <= goal if way == MOST else value >= goal
    if not reached:
        return sheet.word("behind")
    return sheet.word("done" if pace == 1 else "on")


TASKS: Final[dict[str, Getter]] = {
    "number": lambda row, _: row.number,
    "place": _own("place", lambda row, sheet: sheet.context.place_name(row.place)),
    "report_year": _own("report_year", lambda row, sheet: row.report_year or sheet.context.year_name(0)),
    "heading": _own("heading", _text("heading")),
    "path": _own("path", _text("path")),
    "sentence": _own("sentence", _text("text")),
    "quantified": _own("quantified", lambda row, sheet: sheet.word("quantified") if row.task.quantified else None),
    "indicator": _own("indicator", _indicator),
    "target": _own("target", _target),
    "unit": _own("unit", _unit),
    "lead": _text("lead"),
    "support": lambda row, _: "、".join(row.task.support) if row.task is not None else None,
    "due": _due,
    "goal": _goal,
    "way": _way,
    "rate": _rate,
    "pace": _pace,
    "judgement": _judgement,
    "basis": _basis,
    "id": lambda row, _: row.id,
}
