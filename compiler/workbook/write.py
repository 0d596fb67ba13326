"""The workbook: every sheet of ``templates/workbook.yaml`` over reports, ledger and issues.

This module plans (which sheets, which rows, where each fact stands, so that links need no second pass),
brings back what people had filled in, and puts the file in place without losing the one that stood there.
The sheets themselves are written by :mod:`sheets` (tables), :mod:`compare`, :mod:`blocks`, :mod:`history`,
:mod:`summary` and :mod:`cover`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from compiler.files import OWN_MARK, numbered_file, safe_file_name
from compiler.ledger.rows import Ledger, LedgerLine, place_key
from compiler.model import BuildInfo, CompiledReport, Issue, RuleBook
from compiler.strings import unique
from compiler.workbook.blocks import block_columns, write_blocks
from compiler.workbook.columns import print_remark_parts, remark_parts
from compiler.workbook.compare import blocks, write_compare
from compiler.workbook.cover import Cover, totals, write_cover
from compiler.workbook.entries import Kept, UserEntries
from compiler.workbook.history import histories, write_history
from compiler.workbook.paper import set_print
from compiler.workbook.past import Past
from compiler.workbook.rows import (
    TWINS,
    Context,
    ResultRow,
    check_rows,
    evidence_facts,
    key_of,
    passage_rows,
    rule_rows,
    span_rows,
    uncovered_rows,
)
from compiler.workbook.sheets import (
    FILLED,
    Looks,
    Plan,
    Section,
    empty_columns,
    key_of_column,
    name_area,
    range_name,
    split_rows,
    write_table,
)
from compiler.workbook.summary import write_summary
from compiler.workbook.tasks import former_ids, own_rows, task_rows
from compiler.workbook.template import Column, SheetSpec, WorkbookTemplate, load_workbook_template
from compiler.workbook.xlsx import Book, Value, sheet_name

__all__ = ["load_workbook_template", "write_workbook"]


def write_workbook(
    path: Path,
    reports: Sequence[CompiledReport],
    ledger: Ledger,
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: WorkbookTemplate,
    build_info: BuildInfo,
    *,
    previous: Path | None = None,
    home: Path | None = None,
) -> tuple[Issue, ...]:
    """Write the workbook to ``path`` and return what there is to tell.

    What people filled in is read from ``previous``, or else from the workbook that stands at ``path``, and from
    copies beside it (目标与结果（新）.xlsx). ``home`` is the folder where the workbook lives, if not that of ``path``.
    """
    context = Context.of(reports, ledger, issues, rulebook, template, build_info)
    past = Past(previous or path, home or path.parent, template)
    past.read(_column_titles(template))
    context.work = past.work
    builder = _Builder(context, past.entries, path)
    builder.plan(past)
    book = builder.write(past)
    past.issues.extend(builder.issues)
    # What the file tells follows from the reports; a backup bears the day on which it was made.
    today = (build_info.now or build_info.started)[:10].replace("-", "")
    past.save(book, path, _moment(build_info), today)
    return tuple(past.issues)


class _Builder:
    """Plans and writes the sheets of one workbook."""

    def __init__(self, context: Context, entries: UserEntries, path: Path) -> None:
        self.context = context
        self.template = context.template
        self.entries = entries
        self.path = path
        self.taken: set[str] = set()
        self.plans: list[Plan] = []
        self.issues: list[Issue] = []
        self.kept: list[Kept] = []
        self.placed = 0
        self.books: list[tuple[str, str, int]] = []
        sheets = {spec.kind: spec.name for spec in self.template.sheets}
        self.fields = {**sheets, **totals(context), **_year_fields(context, None)}
        self.limit = self.template.limits.get("rows", 1_000_000)

    # --- plan ----------------------------------------------------------------------------------

    def plan(self, past: Past) -> None:
        """Decide on sheets and rows, and where each fact stands."""
        context = self.context
        tasks, checks = task_rows(context), check_rows(context)
        self.entries.adopt(former_ids(context.reports))
        self.entries.kept.extend(past.edits(context.info.started[:10]))
        placed = self._place_entries({"tasks": tasks, "checks": checks})
        own = self.entries.own_rows("tasks")
        tasks = [*tasks, *own_rows(own, len(tasks))]
        placed = {**placed, "tasks": {**placed.get("tasks", {}), **own}}
        for spec in self.template.sheets:
            self._check_themes(spec)
            if spec.kind == "cover":
                self._add(spec, (), spec.columns)
            elif spec.kind == "results":
                self._add_split(spec, self._result_rows(spec, None))
            elif spec.kind == "print":
                self._plan_prints(spec)
            elif spec.kind == "history":
                self._add(spec, histories(context), ())
            elif spec.kind == "compare":
                self._add(spec, blocks(context, spec.themes), ())
            elif spec.kind == "blocks":
                self._add(spec, blocks(context, spec.themes), block_columns(spec.columns))
            elif spec.kind == "spans":
                self._add_split(spec, span_rows(context))
            elif spec.kind == "summary":
                self._add(spec, (), spec.columns)
            elif spec.kind == "tasks":
                self._add_split(spec, tasks, entries=placed.get("tasks", {}))
            elif spec.kind == "checks":
                self._add_split(spec, checks, entries=placed.get("checks", {}))
            elif spec.kind == "evidence":
                self._add_split(spec, evidence_facts(context))
            elif spec.kind == "uncovered":
                self._add_split(spec, uncovered_rows(context))
            elif spec.kind == "passages":
                self._add_split(spec, list(passage_rows(context)))
            elif spec.kind == "detail":
                self._add_split(spec, sorted(evidence_facts(context), key=_fact_order))
            elif spec.kind == "rules":
                self._add_split(spec, list(rule_rows(context)))
            elif spec.kind == "kept" and self.kept:
                self._add(spec, self.kept, ())
        if self.kept and self.template.sheet("kept") is None:
            # Nothing that people wrote is dropped because a template lacks the sheet for it.
            self._add(SheetSpec("kept", "kept"), self.kept, ())
        past.announce(self.taken)
        self._locate()

    def _add(
        self, spec: SheetSpec, rows: Sequence[Any], columns: Sequence[Column], *, name: str = "", part: int = 1
    ) -> Plan:
        wanted = name or spec.name
        if part > 1:
            wanted = self.template.word("continued", name=wanted, number=part)
        plan = Plan(
            spec,
            spec.kind,
            sheet_name(wanted, self.taken),
            rows,
            fields=self.fields,
            columns=tuple(columns),
            part=part,
        )
        self.plans.append(plan)
        return plan

    def _add_split(self, spec: SheetSpec, rows: Sequence[Any], *, entries: Mapping[str, Any] | None = None) -> None:
        columns = list(spec.columns)
        if spec.kind in FILLED:
            columns.extend(
                Column(title=title, entry=key, width=max(12.0, len(title) * 2.0 + 2))
                for key, title in self.entries.extra_columns(spec.kind)
            )
        for part, piece in enumerate(split_rows(rows, self.limit), 1):
            plan = self._add(spec, piece, columns, part=part)
            plan.entries = entries or {}
            plan.common = _common_remarks(plan, self.context)
            if len(piece) <= 20_000:
                plan.hidden = empty_columns(plan, self.context)

    def _check_themes(self, spec: SheetSpec) -> None:
        known = {rule.theme for rule in self.context.rulebook.indicators}
        unknown = [theme for theme in spec.themes if theme not in known]
        if unknown:
            self.issues.append(Issue("O114", {"themes": "、".join(unknown), "sheet": spec.name}, spec.where))

    def _result_rows(self, spec: SheetSpec, report: tuple[str, int] | None) -> list[ResultRow]:
        lines = self.context.ledger.lines if report is None else self.context.ledger.lines_of(*report)
        context = self.context
        rows: list[ResultRow] = []

        def order(line: LedgerLine) -> tuple[Any, ...]:
            return (context.place_rank(line.place_key), line.report_year, context.theme_rank(line.theme), line.order)

        for line in sorted(lines, key=order):
            if spec.themes and line.theme not in spec.themes:
                continue
            rule = self.context.rules.get(line.indicator_id)
            if spec.headline and not (rule and rule.headline):
                continue
            rows.append(ResultRow.of(line, len(rows) + 1, context))
        return rows

    def _place_entries(self, rows: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """Match what people wrote with the rows of this build; the rest goes to a sheet of its own."""
        columns: dict[str, list[str]] = {}
        for kind in rows:
            spec = self.template.sheet(kind)
            columns[kind] = [f"entry:{column.entry}" for column in (spec.columns if spec else ()) if column.entry]
        present = {kind: [row.id for row in items] if columns[kind] else [] for kind, items in rows.items()}
        today = self.context.info.started[:10]
        placed, self.kept = self.entries.settle(present, columns, today)
        self.placed = sum(len(cells) for kinds in placed.values() for cells in kinds.values())
        if self.kept:
            self.issues.append(Issue("O121", {"count": str(len(self.kept))}))
        return placed

    def _plan_prints(self, spec: SheetSpec) -> None:
        """Plan a print sheet for each report, in this workbook or, where they are many, in workbooks apart."""
        names = self._print_names()
        most = self.template.limits.get("print_sheets", 30)
        if len(names) <= most:
            for item in names:
                plan = self._print_plan(spec, item, self.taken)
                self.plans.append(plan)
            return
        self._write_print_books(spec, names, most)

    def _print_names(self) -> list[tuple[str, int, str, str]]:
        """Return place key, year, place and code of each report that has a print sheet, once each."""
        found: dict[tuple[str, int], tuple[str, int, str, str]] = {}
        for report in self.context.reports:
            key = (place_key(report), report.identity.report_year)
            if self.context.ledger.lines_of(*key):
                found.setdefault(key, (*key, report.identity.place, report.identity.place_code))
        return list(found.values())

    def _print_plan(self, spec: SheetSpec, item: tuple[str, int, str, str], taken: set[str]) -> Plan:
        key, year, place, _ = item
        shown = self.context.place_name(place)
        fields: dict[str, object] = {**self.fields, **_year_fields(self.context, year)}
        last_year = str(year - 1) if year > 0 else ""
        fields.update({"place": shown, "year": self.context.year_name(year), "last_year": last_year})
        name = spec.name
        for field_name in ("place", "year"):
            name = name.replace("{" + field_name + "}", str(fields[field_name]))
        plan = Plan(
            spec,
            "print",
            sheet_name(name, taken),
            self._result_rows(spec, (key, year)),
            fields=fields,
            columns=spec.columns,
            place_key=key,
            report_year=year,
        )
        plan.rows = self._sections(spec, plan.rows)
        plan.common = _common_remarks(plan, self.context)
        plan.hidden = empty_columns(plan, self.context)
        return plan

    def _sections(self, spec: SheetSpec, rows: Sequence[Any]) -> list[Any]:
        """Divide the rows of a print sheet: the main indicators, then all others, each part numbered by itself."""
        main: list[ResultRow] = []
        other: list[ResultRow] = []
        for row in rows:
            rule = self.context.rules.get(row.line.indicator_id)
            (main if rule is not None and rule.headline else other).append(row)
        for part in (main, other):
            for number, row in enumerate(part, 1):
                row.number = number
        if not main or not other or "main" not in spec.texts:
            return [*main, *other]
        return [Section(spec.word("main")), *main, Section(spec.word("other")), *other]

    def _write_print_books(self, spec: SheetSpec, names: Sequence[tuple[str, int, str, str]], most: int) -> None:
        """Write the print sheets as workbooks apart: one a province, or one a place where that is too many."""
        groups: dict[str, list[tuple[str, int, str, str]]] = {}
        for item in names:
            groups.setdefault(province_name(item[3]) or self.template.word("unknown_place"), []).append(item)
        parts: list[tuple[str, list[tuple[str, int, str, str]]]] = []
        for province, items in groups.items():
            if len(items) <= most:
                parts.append((province, items))
                continue
            cities: dict[str, list[tuple[str, int, str, str]]] = {}
            for item in items:
                cities.setdefault(self.context.place_name(item[2]), []).append(item)
            # Small places share a workbook, so that a province does not fall into hundreds of files.
            shelf: list[tuple[str, int, str, str]] = []
            first = ""
            for city, own in cities.items():
                if shelf and len(shelf) + len(own) > most:
                    parts.append((f"{province}（{first}起）", shelf))
                    shelf, first = [], ""
                first = first or city
                shelf = [*shelf, *own]
            if shelf:
                parts.append((f"{province}（{first}起）", shelf))
        folder_name = self.template.word("print_folder", name=self.path.stem)
        folder = self.path.parent / safe_file_name(folder_name)
        folder.mkdir(parents=True, exist_ok=True)
        taken: set[str] = set()
        for title, items in parts:
            name = unique(safe_file_name(title), taken, numbered_file)
            book = Book.new()
            looks = Looks(book, self.template)
            _describe(book, self.context)
            sheets: set[str] = set()
            for item in items:
                plan = self._print_plan(spec, item, sheets)
                write_table(book, looks, plan, self.context, "", linked=False)
                self.issues.extend(plan.issues)
            book.save(folder / f"{name}.xlsx", _moment(self.context.info))
            self.books.append((title, f"{folder.name}/{name}.xlsx", len(items)))
        self.issues.append(Issue("O122", {"count": str(len(names)), "books": str(len(parts)), "folder": folder.name}))

    def _locate(self) -> None:
        """Note where every fact stands: evidence row, cell of the results, row of the details."""
        context = self.context
        for plan in self.plans:
            if plan.kind == "evidence":
                for row, fact in enumerate(plan.rows, plan.first):
                    context.evidence_at.setdefault(key_of(fact), (plan.name, row))
            elif plan.kind == "detail":
                for row, fact in enumerate(plan.rows, plan.first):
                    context.detail_at.setdefault(key_of(fact), (plan.name, f"A{row}"))
            elif plan.kind == "results":
                letters = plan.letters()
                for row, item in enumerate(plan.rows, plan.first):
                    for slot, fact in item.slots.items():
                        column = letters.get(slot)
                        if column:
                            context.shown_at.setdefault(key_of(fact), (plan.name, f"{column}{row}"))

    # --- write ---------------------------------------------------------------------------------

    def write(self, past: Past) -> Book:
        """Write all planned sheets."""
        book = Book.new()
        looks = Looks(book, self.template)
        _describe(book, self.context)
        contents = next((plan.name for plan in self.plans if plan.kind == "cover"), "")
        left = next((plan.name for plan in self.plans if plan.kind == "kept"), "")
        for plan in self.plans:
            if plan.kind == "cover":
                cover = Cover(self.placed, len(self.kept), left, self.books, past.told)
                write_cover(book, looks, plan, self.context, self.plans, cover)
            elif plan.kind == "history":
                write_history(book, looks, plan, self.context, contents)
            elif plan.kind == "compare":
                write_compare(book, looks, plan, self.context, contents)
            elif plan.kind == "blocks":
                write_blocks(book, looks, plan, self.context, contents)
            elif plan.kind == "summary":
                tasks = [one for one in self.plans if one.kind == "tasks"]
                write_summary(book, looks, plan, tasks, self.context, contents)
            elif plan.kind == "kept":
                _write_kept(book, looks, plan, self.context, contents)
            else:
                write_table(book, looks, plan, self.context, contents)
                behind = len(TWINS) if plan.kind in ("results", "print") else 0
                if plan.kind != "print" and not plan.bare:
                    suffix = f"_{plan.part}" if plan.part > 1 else ""
                    name_area(book, range_name(f"{plan.spec.name}表") + suffix, plan, len(plan.columns) + behind)
            self.issues.extend(plan.issues)
        past.copy_sheets(book)
        if not book.sheets:
            book.sheet("空")
        return book


def _write_kept(book: Book, looks: Looks, plan: Plan, context: Context, contents: str) -> None:
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


# --- files ---------------------------------------------------------------------------------------


def _column_titles(template: WorkbookTemplate) -> dict[str, dict[str, str]]:
    """Return the keys of the columns to fill by kind of sheet and title, for sheets whose hidden keys are gone."""
    return {
        spec.kind: {column.title: key_of_column(column) for column in spec.columns}
        for spec in template.sheets
        if spec.kind in FILLED
    }


def _moment(info: BuildInfo) -> datetime:
    """Return the time of the build, as the only time the file tells."""
    try:
        moment = datetime.fromisoformat(info.started)
    except ValueError:
        moment = datetime(2000, 1, 1, tzinfo=UTC)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None, microsecond=0)


def province_name(code: str) -> str:
    """Return the province of a division code; the code's first two digits where the table lacks it."""
    if len(code) != 6 or not code.isdecimal():
        return ""
    from compiler.text.places import places

    found = places().by_code.get(int(code[:2]) * 10_000)
    return found[-1].name if found else code[:2]


_COMMON_SHARE, _COMMON_LEAST = 2, 4
"""A remark that stands on half of the rows, and on four at least, is said once below the table."""


def _common_remarks(plan: Plan, context: Context) -> tuple[str, ...]:
    """Return the remarks that would repeat on most rows of a table."""
    if plan.kind not in ("results", "print"):
        return ()
    rows = [row for row in plan.rows if isinstance(row, ResultRow)]
    counts: Counter[str] = Counter()
    for row in rows:
        parts = print_remark_parts(row, context) if plan.kind == "print" else remark_parts(row, context, missing=True)
        counts.update(set(parts))
    least = max(_COMMON_LEAST, len(rows) / _COMMON_SHARE)
    return tuple(text for text, count in counts.items() if count >= least)


def _year_fields(context: Context, year: int | None) -> dict[str, object]:
    """Return what {last} and {this} stand for: years where all reports agree, else "last year" and "this year"."""
    template = context.template
    years = {report.identity.report_year for report in context.reports} if year is None else {year}
    single = years.pop() if len(years) == 1 else 0
    if single <= 0:
        return {"last": template.word("last"), "this": template.word("this")}
    return {"last": template.word("year", year=single - 1), "this": template.word("year", year=single)}


def _fact_order(fact: Any) -> tuple[Any, ...]:
    return fact.place, fact.year, fact.kind.value, fact.order, fact.start, fact.source, fact.report, fact.id


def _describe(book: Book, context: Context) -> None:
    """Fill the document's properties."""
    words = context.template.book
    made_by = f"report-compiler {context.info.version} · {context.info.rules_fingerprint[:16]}"
    fields = {name: words.get(name, "") for name in ("title", "subject", "category")}
    fields["keywords"] = "；".join(word for word in (words.get("keywords", ""), OWN_MARK) if word)
    book.describe({**fields, "author": words.get("creator", "report-compiler"), "comments": made_by})
