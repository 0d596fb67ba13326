"""The print sheets: one for each report, in the workbook or, where they are many, in workbooks apart.

A workbook apart holds the sheets of a province, or of some places of one; each can be written by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from compiler.files import OWN_MARK, numbered_file, safe_file_name
from compiler.ledger.rows import LedgerLine, place_key
from compiler.model import BuildInfo, Issue
from compiler.strings import unique
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.column_values import print_remark_parts, remark_parts
from compiler.workbook.package import save_book, usual_styles
from compiler.workbook.rows import BookContext, ResultRow
from compiler.workbook.sheet_plan import Section, SheetPlan
from compiler.workbook.table_rows import empty_columns
from compiler.workbook.table_sheet import styles_of, write_table
from compiler.workbook.template import SheetSpec
from compiler.workbook.xlsx import Book, sheet_name

Printed = tuple[str, int, str, str]
"""Place key, year, place and code of a report that has a print sheet."""


@dataclass(frozen=True, slots=True)
class PrintBook:
    """A workbook of print sheets: its title, its path below the folder of the main one, and whose sheets it holds."""

    title: str
    path: str
    reports: tuple[Printed, ...]


class Prints:
    """Plans and writes the print sheets of a build; ``fields`` are those that titles may name."""

    def __init__(self, context: BookContext, spec: SheetSpec, fields: Mapping[str, object]) -> None:
        self.context = context
        self.spec = spec
        self.fields = fields
        self._most = context.template.limits.get("print_sheets", 30)

    def within(self, taken: set[str]) -> list[SheetPlan]:
        """Return the sheets that stand in the main workbook: all of them, or none where they are too many."""
        names = self._reports()
        return [self._plan(item, taken) for item in names] if len(names) <= self._most else []

    def apart(self, stem: str) -> list[PrintBook]:
        """Return the workbooks apart from the main one, which is called ``stem``: one a province, or several."""
        names = self._reports()
        if len(names) <= self._most:
            return []
        folder = safe_file_name(self.context.template.word("print_folder", name=stem))
        taken: set[str] = set()
        return [
            PrintBook(title, f"{folder}/{unique(safe_file_name(title), taken, numbered_file)}.xlsx", tuple(items))
            for title, items in self._shelves(names)
        ]

    def write(self, book: PrintBook, folder: Path) -> tuple[Issue, ...]:
        """Write one of the workbooks apart below ``folder``."""
        issues: list[Issue] = []
        path = folder / book.path
        path.parent.mkdir(parents=True, exist_ok=True)
        sheets: set[str] = set()
        plans = [self._plan(item, sheets) for item in book.reports]
        written = Book(usual=usual_styles(styles_of(plans[:1], self.context)))
        looks = CellLooks(written, self.context.template)
        describe(written, self.context)
        for plan in plans:
            write_table(written, looks, plan, self.context, "", linked=False)
            issues.extend(plan.issues)
        save_book(written, path, time_of(self.context.info))
        return tuple(issues)

    def told(self, book: PrintBook) -> tuple[object, ...]:
        """Return what a workbook apart tells beside the reports of its places: of the build, what its texts name."""
        texts = repr(self.spec)
        named = {name: str(value) for name, value in self.fields.items() if "{" + name + "}" in texts}
        return book, named, self.context.info.rules_fingerprint

    def _reports(self) -> list[Printed]:
        """Return place key, year, place and code of each report that has a print sheet, once each."""
        found: dict[tuple[str, int], Printed] = {}
        for report in self.context.reports:
            key = (place_key(report), report.identity.report_year)
            if self.context.ledger.lines_of(*key):
                found.setdefault(key, (*key, report.identity.place, report.identity.place_code))
        return list(found.values())

    def _shelves(self, names: Sequence[Printed]) -> list[tuple[str, list[Printed]]]:
        """Divide the reports among workbooks: one a province, or some places together where that is too many."""
        groups: dict[str, list[Printed]] = {}
        for item in names:
            groups.setdefault(province_name(item[3]) or self.context.template.word("unknown_place"), []).append(item)
        parts: list[tuple[str, list[Printed]]] = []
        for province, items in groups.items():
            if len(items) <= self._most:
                parts.append((province, items))
                continue
            cities: dict[str, list[Printed]] = {}
            for item in items:
                cities.setdefault(self.context.place_name(item[2]), []).append(item)
            # Small places share a workbook, so that a province does not fall into hundreds of files.
            shelf: list[Printed] = []
            first = ""
            for city, own in cities.items():
                if shelf and len(shelf) + len(own) > self._most:
                    parts.append((f"{province}（{first}起）", shelf))
                    shelf, first = [], ""
                first = first or city
                shelf = [*shelf, *own]
            if shelf:
                parts.append((f"{province}（{first}起）", shelf))
        return parts

    def _plan(self, item: Printed, taken: set[str]) -> SheetPlan:
        key, year, place, _ = item
        spec = self.spec
        shown = self.context.place_name(place)
        fields: dict[str, object] = {**self.fields, **year_fields(self.context, year)}
        last_year = str(year - 1) if year > 0 else ""
        fields.update({"place": shown, "year": self.context.year_name(year), "last_year": last_year})
        name = spec.name
        for field_name in ("place", "year"):
            name = name.replace("{" + field_name + "}", str(fields[field_name]))
        plan = SheetPlan(
            spec,
            "print",
            sheet_name(name, taken),
            result_rows(self.context, spec, (key, year)),
            fields=fields,
            columns=spec.columns,
            place_key=key,
            report_year=year,
        )
        plan.rows = self._sections(plan.rows)
        plan.common = common_remarks(plan, self.context)
        plan.hidden = empty_columns(plan, self.context)
        return plan

    def _sections(self, rows: Sequence[Any]) -> list[Any]:
        """Divide the rows of a print sheet: the main indicators, then all others, each part numbered by itself."""
        main: list[ResultRow] = []
        other: list[ResultRow] = []
        for row in rows:
            (main if self.context.is_main(row.line.indicator_id) else other).append(row)
        for part in (main, other):
            for number, row in enumerate(part, 1):
                row.number = number
        if not main or not other or "main" not in self.spec.texts:
            return [*main, *other]
        return [Section(self.spec.word("main")), *main, Section(self.spec.word("other")), *other]


def result_rows(context: BookContext, spec: SheetSpec, report: tuple[str, int] | None = None) -> list[ResultRow]:
    """Return the rows of one report, or of all, in the order of places, years and themes."""
    lines = context.ledger.lines if report is None else context.ledger.lines_of(*report)
    rows: list[ResultRow] = []

    def order(line: LedgerLine) -> tuple[Any, ...]:
        return (context.place_rank(line.place_key), line.report_year, context.theme_rank(line.theme), line.order)

    for line in sorted(lines, key=order):
        if spec.themes and line.theme not in spec.themes:
            continue
        rule = context.rules.get(line.indicator_id)
        if spec.headline and not (rule and rule.headline):
            continue
        make = context.result_row if report is None else partial(ResultRow.of, context=context)
        rows.append(make(line, number=len(rows) + 1))
    return rows


_COMMON_SHARE, _COMMON_LEAST = 2, 4
"""A remark that stands on half of the rows, and on four at least, is said once below the table."""


def common_remarks(plan: SheetPlan, context: BookContext) -> tuple[str, ...]:
    """Return the remarks that would repeat on most rows of a table."""
    if plan.kind not in ("results", "print"):
        return ()
    rows = [row for row in plan.rows if isinstance(row, ResultRow)]
    counts: Counter[str] = Counter()
    for row in rows:
        parts = print_remark_parts(row, context) if plan.kind == "print" else remark_parts(row, context, missing=True)
        counts.update([*dict.fromkeys(parts)])
    least = max(_COMMON_LEAST, len(rows) / _COMMON_SHARE)
    return tuple(text for text, count in counts.items() if count >= least)


def year_fields(context: BookContext, year: int | None) -> dict[str, object]:
    """Return what {last} and {this} stand for: years where all reports agree, else "last year" and "this year"."""
    template = context.template
    years = {report.identity.report_year for report in context.reports} if year is None else {year}
    single = years.pop() if len(years) == 1 else 0
    if single <= 0:
        return {"last": template.word("last"), "this": template.word("this")}
    return {"last": template.word("year", year=single - 1), "this": template.word("year", year=single)}


def province_name(code: str) -> str:
    """Return the province of a division code; the code's first two digits where the table lacks it."""
    if len(code) != 6 or not code.isdecimal():
        return ""
    from compiler.text.places import all_divisions

    found = all_divisions().by_code.get(int(code[:2]) * 10_000)
    return found[-1].name if found else code[:2]


def time_of(info: BuildInfo) -> datetime:
    """Return the time of the build, as the only time the file tells."""
    try:
        moment = datetime.fromisoformat(info.started)
    except ValueError:
        moment = datetime(2000, 1, 1, tzinfo=UTC)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None, microsecond=0)


def describe(book: Book, context: BookContext) -> None:
    """Fill the document's properties."""
    words = context.template.book
    made_by = f"report-compiler {context.info.version} · {context.info.rules_fingerprint[:16]}"
    fields = {name: words.get(name, "") for name in ("title", "subject", "category")}
    fields["keywords"] = "；".join(word for word in (words.get("keywords", ""), OWN_MARK) if word)
    book.describe({**fields, "author": words.get("creator", "report-compiler"), "comments": made_by})
