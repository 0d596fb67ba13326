"""The sheet 说明: what the workbook was made from, what is in it, and how to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from compiler import issues as catalogue
from compiler.ledger.judge import JUDGED, Status
from compiler.ledger.rows import LedgerRow
from compiler.ledger.totals import totals as totals_of
from compiler.ledger.totals import totals_by
from compiler.model import CompiledReport, Kind
from compiler.strings import squeeze
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.column_values import reason_of
from compiler.workbook.page_setup import PageFlow, set_print
from compiler.workbook.rows import BookContext
from compiler.workbook.sheet_plan import SheetPlan
from compiler.workbook.template import SheetSpec, fill
from compiler.workbook.xlsx import Book, Formula, SheetData, Style, Value, at, text_width

_WIDTHS = (17, 11, 34, 9, 10, 36, 40)
_LINE = 13.5
_PLAIN_ROW = 15.0
"""The height of a row that says none."""


@dataclass
class Cover:
    """What 说明 tells beyond the context."""

    kept: int = 0
    left: int = 0
    left_sheet: str = ""
    print_books: Sequence[tuple[str, str, int]] = field(default_factory=tuple)
    told: Sequence[str] = ()


def verified_quotes(context: BookContext) -> tuple[int, int]:
    """Return how many facts' quotes stand word for word at their place in the source, and how many there are."""
    good = total = 0
    for report in context.reports:
        text = report.text
        for fact in report.facts:
            total += 1
            if squeeze(text[fact.start : fact.end]) == squeeze(fact.quote):
                good += 1
    return good, total


def write_cover(
    book: Book, looks: CellLooks, plan: SheetPlan, context: BookContext, plans: Sequence[SheetPlan], cover: Cover
) -> None:
    """Write the sheet."""
    _Writer(book, looks, plan, context, plans, cover).write()


class _Writer:
    def __init__(
        self,
        book: Book,
        looks: CellLooks,
        plan: SheetPlan,
        context: BookContext,
        plans: Sequence[SheetPlan],
        cover: Cover,
    ) -> None:
        self.data: SheetData = book.sheet(plan.name)
        self.looks = looks
        self.plan = plan
        self.spec: SheetSpec = plan.spec
        self.context = context
        self.plans = plans
        self.cover = cover
        self.row = 0
        self.heights: list[float] = []
        self.heads: list[int] = [1]

    def write(self) -> None:
        """Write all parts of the sheet."""
        self._line([(1, self.spec.title or self.plan.name, self.looks.title(centred=False))], self.looks.title_size * 2)
        self._line([(1, self.spec.word("about"), self.looks.note(grey=False))], _LINE * 1.4)
        self._first()
        self._contents()
        self._numbers()
        self._targets()
        self._reports()
        if self.cover.print_books:
            self._print_books()
        self._legend()
        self._reasons()
        self._versions()
        self._set_up()

    # --- parts ---------------------------------------------------------------------------------

    def _first(self) -> None:
        """Write what is to be read before anything else: reports that gave little or nothing, with the reason."""
        found = [issue for issue in self.context.issues if catalogue.comes_first(issue)]
        if not found:
            return
        self._heading(self.spec.word("first"))
        for issue in found:
            self._pair(issue.place or issue.source, catalogue.message(issue))

    def _contents(self) -> None:
        word = self.spec.word
        self._heading(word("contents"))
        self._header((word("contents_sheet"), word("contents_what"), "", word("contents_rows")), spans=((2, 3),))
        for plan in self.plans:
            if plan.kind == "cover":
                continue
            what = self.spec.contents.get(plan.kind, "")
            count: Value = plan.count if plan.kind != "summary" else None  # all formulas, no rows of its own
            row = self._table_row((plan.name, what, None, count), spans=((2, 3),), link=1)
            self.data.link(at(row, 1), plan.name, "A1")

    def _numbers(self) -> None:
        context, word = self.context, self.spec.word
        facts = [fact for report in context.reports for fact in report.facts]
        results = sum(fact.kind is Kind.RESULT for fact in facts)
        good, total = verified_quotes(context)
        checks = sum(1 for issue in context.issues if catalogue.kind(issue))
        counts = count_figures(context)
        self._heading(word("numbers"))
        fields = {"facts": len(facts), "results": results, "targets": len(facts) - results}
        fields |= {"taken": counts.taken, "words": counts.words, "shared": len(facts) - counts.taken - counts.words}
        self._pair(word("facts"), word("facts_value", **fields))
        self._pair(word("quotes"), word("quotes_value", good=good, all=total))
        judged = totals_of(self._compared()).told(context.terms)
        self._pair(word("judged"), judged or word("judged_none"))
        own = totals_of(row for row in context.ledger.rows if not self._is_compared(row))
        if own.judged:
            self._pair("", word("judged_own", met=own.met, missed=own.missed))
        self._pair(word("checks"), word("checks_value", checks=checks))
        self._pair(word("uncovered"), word("uncovered_value", **figure_counts(context)))
        key = "kept_value" if self.cover.left else "kept_none"
        fields_kept = {"kept": self.cover.kept, "left": self.cover.left, "sheet": self.cover.left_sheet}
        self._pair(word("kept"), word(key, **fields_kept))
        for text in self.cover.told:
            self._pair("", text)

    def _is_compared(self, row: LedgerRow) -> bool:
        """Tell whether the report that set a target is at hand; else what is known of it are the next one's words."""
        return self.context.ledger.has_report(row.place_key, row.year)

    def _compared(self) -> list[LedgerRow]:
        return [row for row in self.context.ledger.rows if self._is_compared(row)]

    def _targets(self) -> None:
        """Write how many targets were judged and met: by place, by theme, and by kind where rules tell it."""
        context, word = self.context, self.spec.word
        judged = [row for row in self._compared() if row.status in JUDGED]
        if not judged:
            return
        by_place = sorted(judged, key=lambda row: context.place_rank(row.place_key))
        by_theme = sorted(judged, key=lambda row: context.theme_rank(row.theme))
        self._heading(word("targets"))
        self._header(tuple(word(f"targets_{name}") for name in ("name", "judged", "result", "about", "missed")))
        groups: tuple[tuple[str, Sequence[LedgerRow], Callable[[LedgerRow], str]], ...] = (
            ("place", by_place, lambda row: context.place_name(row.place)),
            ("theme", by_theme, lambda row: row.theme),
            ("nature", by_place, self._nature),
        )
        for name, rows, key in groups:
            found = {group: own for group, own in totals_by(rows, key).items() if group}
            if len(found) < 2:
                continue
            self._table_row((word(f"targets_by_{name}"), None, None, None, None))
            for group, own in found.items():
                told = own.told(context.terms)
                self._table_row((group, own.judged, told, own.about, own.missed), centre=(2, 4, 5))

    def _nature(self, row: LedgerRow) -> str:
        """Return whether a target is 预期性 or 约束性, where its rule tells."""
        rule = self.context.rules.get(row.indicator_id)
        return self.context.terms.word(f"nature.{rule.kind_of_target}") if rule and rule.kind_of_target else ""

    def _reasons(self) -> None:
        """Write why figures were left uncovered, with how often; the counts add up to those listed."""
        listed = (one for report in self.context.reports for one in self.context.outline(report).listed)
        counts = Counter(reason_of(one.reason) for one in listed)
        if not counts:
            return
        self._heading(self.spec.word("reasons"))
        for reason, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            self._table_row((reason, None, None, count), spans=((1, 3),))

    def _reports(self) -> None:
        word = self.spec.word
        self._heading(word("reports"))
        names = ("place", "year", "source", "facts", "coverage", "title", "missing")
        self._header(tuple(word(f"reports_{name}") for name in names))
        for report in self.context.reports:
            identity = report.identity
            covered = report.figures - self.context.outline(report).uncovered
            self._table_row(
                (
                    self.context.place_name(identity.place),
                    identity.report_year or self.context.year_name(0),
                    report.source,
                    len(report.facts),
                    share(covered, report.figures),
                    " ".join(text for text in (identity.title, identity.date, identity.speaker) if text),
                    "、".join(self._missing(report)) or None,
                ),
                right=(5,),
                centre=(2,),
            )

    def _missing(self, report: CompiledReport) -> list[str]:
        """Return the main indicators that were not found in a report."""
        found = {fact.indicator_id for fact in report.facts}
        return [rule.name for rule in self.context.rulebook.indicators if rule.headline and rule.id not in found]

    def _print_books(self) -> None:
        word, books = self.spec.word, self.cover.print_books
        count = sum(number for _, _, number in books)
        self._heading(word("print_books"))
        self._pair("", word("print_books_why", count=count, books=len(books)))
        for name, relative, number in books:
            safe = relative.replace('"', '""')
            shown = name.replace('"', '""')
            link = Formula(f'HYPERLINK("{safe}","{shown}")', name)
            cells: list[tuple[int, Value, int]] = [(1, link, self.looks.link()), (2, number, self.looks.plain())]
            self._line(cells, _LINE * 1.3)

    def _legend(self) -> None:
        word = self.spec.word
        self._heading(word("legend"))
        for status in Status:
            look = self.context.template.status_look.get(status.value, {})
            style = self.looks.styles.number(
                Style(
                    self.looks.font,
                    self.looks.size,
                    colour=look.get("colour", ""),
                    fill=look.get("fill", ""),
                    border=self.looks.border,
                    horizontal="center",
                )
            )
            text = word(f"status_{status.value}")
            cells: list[tuple[int, Value, int]] = [
                (1, self.context.terms.status(status), style),
                (2, text, self.looks.plain()),
            ]
            self._line(cells, _LINE * 1.3)
        names = ("ge", "le", "about", "range", "estimate", "link", "grey")
        for name in names:
            self._line([(2, word(f"symbol_{name}"), self.looks.plain())], _LINE * 1.3)

    def _versions(self) -> None:
        word, info = self.spec.word, self.context.info
        self._heading(word("made"))
        self._pair(word("program"), info.version)
        self._pair(word("started"), info.started[:10])
        self._pair(word("rules"), info.rules_version)
        self._pair(word("rules_from"), info.rules_root)
        self._pair(word("fingerprint"), info.rules_fingerprint)
        self._pair(word("templates_from"), info.templates_root)
        for number, (path, value) in enumerate(info.inputs):
            self._pair(word("reports_hash") if not number else "", f"{path}　{value}")

    # --- lines ---------------------------------------------------------------------------------

    def _line(self, cells: Sequence[tuple[int, Value, int]], height: float = 0) -> int:
        self.row += 1
        self.data.row(self.row, cells, height=height, fixed=bool(height))
        self.heights.append(height or _PLAIN_ROW)
        return self.row

    def _heading(self, text: str) -> None:
        self._line([])
        self.heads.append(self.row + 1)
        self._line([(1, text, self.looks.styles.number(Style(self.looks.header_font, 12, bold=True)))], _LINE * 1.6)

    def _pair(self, name: str, value: Value) -> None:
        cells: list[tuple[int, Value, int]] = [(1, name, self.looks.plain(bold=True)), (2, value, self.looks.plain())]
        self._line(cells, _LINE * 1.3)

    def _header(self, titles: Sequence[str], spans: Sequence[tuple[int, int]] = ()) -> None:
        style = self.looks.header()
        self._line([(n, title, style) for n, title in enumerate(titles, 1)], _LINE * 1.4)
        self._merge(spans)

    def _table_row(
        self,
        values: Sequence[Value],
        spans: Sequence[tuple[int, int]] = (),
        link: int = 0,
        right: Sequence[int] = (),
        centre: Sequence[int] = (),
    ) -> int:
        cells: list[tuple[int, Value, int]] = []
        lines = 1
        for n, value in enumerate(values, 1):
            look = "link" if n == link else "number" if isinstance(value, int) or n in right else ""
            align = "center" if n in centre else ""
            cells.append((n, value, self.looks.cell(look, align, "", wrap=look == "")))
            width = sum(_WIDTHS[m - 1] for first, last in spans if first == n for m in range(first, last + 1))
            room = max(4, (width or _WIDTHS[n - 1]) - 1)
            lines = max(lines, -(-text_width(str(value or "")) // room))
        row = self._line(cells, _LINE * lines + 4)
        self._merge(spans)
        return row

    def _merge(self, spans: Sequence[tuple[int, int]]) -> None:
        for first, last in spans:
            self.data.merge(self.row, first, self.row, last)

    def _set_up(self) -> None:
        for n, width in enumerate(_WIDTHS, 1):
            self.data.width(n, width)
        self.data.worksheet.hide_gridlines(2)
        breaks = PageFlow(_WIDTHS, self.looks.size).breaks(self.heights, self.heads)
        set_print(self.data, self.context.template, _WIDTHS, self.row, size=self.looks.size, breaks=breaks)


def share(part: int, whole: int) -> str:
    """Return a share as percent, never rounded up to 100."""
    if not whole:
        return "—"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%" if part < whole else "100%"


@dataclass(frozen=True, slots=True)
class FigureCounts:
    """Where the figures of the reviews and plans went: ``figures`` = ``taken`` + ``told`` + ``marks`` + ``listed``.

    ``taken`` are those that facts were made of, ``told`` those of the reports' own words on their targets, ``marks``
    footnotes and page furniture, ``listed`` those that no rule claims. ``words`` are facts without a figure.
    """

    figures: int
    taken: int
    told: int
    marks: int
    listed: int
    words: int


def count_figures(context: BookContext) -> FigureCounts:
    """Count where every figure of the build went."""
    figures = sum(report.figures for report in context.reports)
    outlines = [context.outline(report) for report in context.reports]
    uncovered = sum(outline.uncovered for outline in outlines)
    spans = [
        {(fact.figure_start, fact.figure_end) for fact in report.facts if fact.figure_start >= 0}
        for report in context.reports
    ]
    taken = min(sum(map(len, spans)), figures - uncovered)
    words = sum(fact.figure_start < 0 for report in context.reports for fact in report.facts)
    left = sum(len(outline.listed) for outline in outlines)
    return FigureCounts(figures, taken, figures - uncovered - taken, uncovered - left, left, words)


def figure_counts(context: BookContext) -> Mapping[str, object]:
    """Return the numbers on figures that the notes of sheets may use."""
    counts = count_figures(context)
    covered = counts.taken + counts.told
    return {
        "figures": counts.figures,
        "uncovered": counts.listed,
        "covered": covered,
        "taken": counts.taken,
        "told": counts.told,
        "marks": counts.marks,
        "share": share(covered, counts.figures),
        "version": context.info.rules_version,
        "fingerprint": context.info.rules_fingerprint[:16],
        "date": context.info.started[:10],
    }


__all__ = ["Cover", "figure_counts", "fill", "share", "verified_quotes", "write_cover"]
