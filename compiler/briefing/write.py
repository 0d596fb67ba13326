"""The briefing of each report and the summary over all: a Word document that can be put before a mayor.

Every sentence is a quotation, a statement computed from the ledger, or fixed wording of
``templates/briefing.yaml``. This module walks the outline of the template; what its expressions see is made in
:mod:`compiler.briefing.rows`, sentences are chosen in :mod:`compiler.briefing.choose`, and the file itself is
written by :mod:`compiler.briefing.word` and :mod:`compiler.briefing.package`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from compiler.briefing.choose import choose
from compiler.briefing.outline import Block, BriefingTemplate, Outline, PartTemplate, load_outline
from compiler.briefing.rows import GROUPS, Check, Quoted, Row, Sources, Viewer, groups, ranks
from compiler.briefing.word import Column, Document, cite, clean, plain, refer, strong
from compiler.files import safe_file_name
from compiler.ledger.rows import Ledger
from compiler.model import BuildInfo, CompiledReport, Issue, Part, Passage, RuleBook, Sentence
from compiler.rules.expressions import TextTemplate, evaluate, render_text

_SCALARS: Final = (
    "place",
    "has_year",
    "year",
    "last_year",
    "title",
    "meeting",
    "date",
    "speaker",
    "file",
    "has_last_report",
)
_COUNTS: Final = ("figures", "facts", "uncovered", "rules_version", "fingerprint", "built")

BRIEFING_ROWS: Final = (*GROUPS, "ranks", "checks", "own_words", "peers")
BRIEFING_NAMES: Final = (*_SCALARS, *_COUNTS, *BRIEFING_ROWS)
SUMMARY_ROWS: Final = ("places", "ranks", "compared_places", "checks")
SUMMARY_NAMES: Final = ("year", "last_year", "years", "reports", *_COUNTS, *SUMMARY_ROWS)

_NUMERALS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Place:
    """A report as a line of the summary. ``rows`` are its indicators by name."""

    name: str
    year: str
    last_year: str
    judged: int
    reached: int
    missed: int
    has_last_report: bool
    rows: Mapping[str, Row] = field(default_factory=dict)


# --- functions of the template -----------------------------------------------------------------


def _names(rows: Iterable[object], most: int = 6) -> str:
    """``rows|names``: the names, 等N项 where there are more than ``most``."""
    names = list(dict.fromkeys(str(getattr(row, "name", row)) for row in rows))
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}项"


def _told(
    rows: Iterable[object], key: str, most: int = 6, cites: str = "cite", between: str = "、", more: bool = True
) -> str:
    """``rows|told("growth")``: each name with its words and its [n]; 等N项 where there are more than ``most``.

    Neighbours that stand in one sentence of the report share one [n], on the last of them.
    """
    listed = [*rows]
    shown = listed[:most]
    marks = ["" if not cites or cites.startswith("_") else str(getattr(row, cites, "")) for row in shown]
    pieces = []
    for row, mark, following in zip(shown, marks, [*marks[1:], ""], strict=True):
        words = "" if key.startswith("_") else getattr(row, key, "")
        pieces.append(f"{getattr(row, 'name', '')}{words}{mark if mark != following else ''}")
    return between.join(pieces) + (f"等{len(listed)}项" if more and len(listed) > most else "")


def _of(place: object, name: str, key: str = "result") -> str:
    """``row|of("地区生产总值", "growth")``: a field of an indicator of a place; — where there is none."""
    row = place.rows.get(name) if isinstance(place, Place) else None
    return str(getattr(row, key, "") or "—") if row is not None and not key.startswith("_") else "—"


def _numeral(value: object) -> str:
    """``3|cn``: a number up to 99 in Chinese numerals."""
    number = int(str(value))
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return f"{_NUMERALS[tens] if tens > 1 else ''}十{_NUMERALS[ones] if ones else ''}"


def _dash(value: object) -> str:
    """``row.goal|dash``: — for an empty cell."""
    return str(value) or "—"


def _distinct(rows: Iterable[object], key: str) -> list[object]:
    """``rows|distinct("reason")``: the first row of each value of a field."""
    found: dict[str, object] = {}
    for row in rows:
        value = "" if key.startswith("_") else str(getattr(row, key, ""))
        if value:
            found.setdefault(value, row)
    return [*found.values()]


FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "names": _names,
    "told": _told,
    "of": _of,
    "cn": _numeral,
    "dash": _dash,
    "distinct": _distinct,
    "ref": refer,
    "strong": strong,
}


# --- the public functions ----------------------------------------------------------------------


def load_briefing_template(folder: Path) -> tuple[BriefingTemplate | None, tuple[Issue, ...]]:
    """Load ``briefing.yaml`` and ``briefing.docx`` from ``folder``."""
    names = {"briefing": BRIEFING_NAMES, "summary": SUMMARY_NAMES}
    rows = {"briefing": BRIEFING_ROWS, "summary": SUMMARY_ROWS}
    return load_outline(folder, names, rows, FUNCTIONS)


def briefing_name(report: CompiledReport, template: BriefingTemplate | None = None) -> str:
    """Return the file name of a report's briefing, safe on every file system but not yet unique."""
    identity = report.identity
    place = identity.place or Path(report.source).stem
    year = f"{identity.report_year}年" if identity.report_year else ""
    stem = f"{place}{year}政府工作报告要情"
    if template is not None:
        context = {"place": place, "has_year": bool(year), "year": str(identity.report_year)}
        rendered, issues = render_text(template.file_name, context)
        if rendered.strip() and not issues:
            stem = plain(rendered).strip()
    return safe_file_name(stem, ".docx", "要情")


def write_briefing(
    path: Path,
    report: CompiledReport,
    ledger: Ledger,
    all_reports: Sequence[CompiledReport],
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
    build_info: BuildInfo,
) -> tuple[Issue, ...]:
    """Write the briefing of one report to ``path``; return what the template did wrong."""
    sources = Sources(all_reports)
    viewer = Viewer(ledger, rulebook, sources, template.words, template.lists)
    rows = viewer.rows(report)
    lines = viewer.lines(report)
    compared = viewer.has_last_report(report)
    identity = report.identity
    year = identity.report_year
    peers = peers_of(report, all_reports)[1:] if year else []
    context: dict[str, object] = {
        "place": identity.place or Path(report.source).stem,
        # Of an unknown year the template speaks as 本年 and 上年.
        "has_year": bool(year),
        "year": str(year) if year else "本",
        "last_year": str(year - 1) if year else "上",
        "title": clean(identity.title),
        "meeting": clean(identity.meeting),
        "date": _date(clean(identity.date)),
        "speaker": clean(identity.speaker),
        "file": report.source,
        "has_last_report": compared,
        "figures": report.figures,
        "facts": len(report.facts),
        "uncovered": len(report.uncovered),
        **_build_context(build_info),
        **groups(rows, lines, compared),
        "ranks": ranks(report, [report, *peers], viewer) if peers else [],
        "checks": _checks(issues, report, sources, template.lists.get("checks_left_out", ())),
        "own_words": _own_words(report, sources, {row.reason for row in rows}),
        "peers": [Quoted(one.identity.place, "", one.identity.place) for one in peers],
    }
    writer = _Writer(template, template.briefing, context, sources, report)
    return writer.write(path, build_info, (("来源文件", report.source),))


def write_summary_briefing(
    path: Path,
    reports: Sequence[CompiledReport],
    ledger: Ledger,
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
    build_info: BuildInfo,
) -> tuple[Issue, ...]:
    """Write the summary over all places to ``path``."""
    sources = Sources(reports)
    viewer = Viewer(ledger, rulebook, sources, template.words, template.lists)
    years = sorted({report.identity.report_year for report in reports if report.identity.report_year})
    places = [_place(report, viewer) for report in reports]
    # Ranks are of one year and one level: the largest such group, the latest of those.
    groups_of_peers = [peers_of(report, reports) for report in reports if report.identity.report_year]
    peers = max(groups_of_peers, key=lambda one: (len(one), one[0].identity.report_year), default=[])
    main = peers[0].identity.report_year if peers else 0
    context: dict[str, object] = {
        "year": str(main) if main else "",
        "last_year": str(main - 1) if main else "",
        "years": [str(one) for one in years],
        "reports": len(reports),
        "figures": sum(report.figures for report in reports),
        "facts": sum(len(report.facts) for report in reports),
        "uncovered": sum(len(report.uncovered) for report in reports),
        **_build_context(build_info),
        "places": sorted(places, key=lambda one: (one.year, one.name)),
        "ranks": ranks(None, peers, viewer),
        "compared_places": [one for one in places if one.has_last_report],
        "checks": [
            check
            for report in reports
            for check in _checks(issues, report, sources, template.lists.get("checks_left_out", ()))
        ],
    }
    writer = _Writer(template, template.summary, context, sources, None)
    return writer.write(path, build_info, (("来源文件", "；".join(report.source for report in reports)),))


def peers_of(report: CompiledReport, reports: Sequence[CompiledReport]) -> list[CompiledReport]:
    """Return the reports that a report may be compared with, itself first: of its year and level, one a place."""
    own = report.identity
    found = {own.place: report}
    for one in reports:
        identity = one.identity
        if identity.place and (identity.report_year, identity.place_level) == (own.report_year, own.place_level):
            found.setdefault(identity.place, one)
    return [*found.values()]


def _date(date: str) -> str:
    """Return an ISO date as it is written in Chinese, anything else as it is."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", date)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else date


def _build_context(info: BuildInfo) -> dict[str, object]:
    return {"rules_version": info.rules_version, "fingerprint": info.rules_fingerprint[:12], "built": info.started[:10]}


def _place(report: CompiledReport, viewer: Viewer) -> Place:
    rows = viewer.rows(report)
    compared = viewer.has_last_report(report)
    named = groups(rows, viewer.lines(report), compared)
    year = report.identity.report_year
    return Place(
        name=report.identity.place or Path(report.source).stem,
        year=str(year) if year else "",
        last_year=str(year - 1) if year else "",
        judged=len(named["judged"]),
        reached=len(named["reached"]),
        missed=len(named["missed"]),
        has_last_report=compared,
        rows={row.name: row for row in rows},
    )


def _checks(
    issues: Sequence[Issue], report: CompiledReport, sources: Sources, left_out: Collection[str]
) -> list[Check]:
    """Return what an official should verify in this report, the weightiest first.

    ``left_out`` are the kinds that concern whoever keeps the rules rather than a reader of the report.
    """
    from compiler.issues import advice, kind, message, severity

    order = {"error": 0, "warning": 1, "note": 2}
    found: list[Check] = []
    for issue in issues:
        if not kind(issue) or kind(issue) in left_out or not _concerns(issue, report):
            continue
        mark = sources.of_issue(issue)
        weight = severity(issue).value
        found.append(Check(kind(issue), issue.indicator, clean(message(issue)), clean(advice(issue)), mark, weight))
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda check: order.get(check.severity, 3))


def _concerns(issue: Issue, report: CompiledReport) -> bool:
    """Tell whether an issue belongs in the briefing of ``report``."""
    identity = report.identity
    if issue.code.startswith("L10"):
        # Last year's target against its result: a matter of the report that gives the result, even where
        # the issue points at the target in the report before.
        return issue.place == identity.place and issue.fields.get("year") == str(identity.report_year - 1)
    if issue.source:
        return issue.source == report.source and issue.report in {0, report.number}
    return issue.place == identity.place != ""


def _own_words(report: CompiledReport, sources: Sources, told: set[str]) -> list[Quoted]:
    """Return what the report itself says of its targets of last year, each sentence once and none of ``told``."""
    by_number = {sentence.number: sentence for sentence in report.sentences}
    found: dict[int, Quoted] = {}
    for completion in report.completions:
        sentence = by_number.get(completion.sentence)
        if (
            sentence is None
            or sentence.text in told
            or (completion.source, completion.report) != (report.source, report.number)
        ):
            continue
        key = sources.key(report.source, report.number, sentence.number)
        found.setdefault(sentence.number, Quoted(clean(sentence.text), cite(key) if key else ""))
    return [found[number] for number in sorted(found)]


# --- walking the outline -----------------------------------------------------------------------


class _Writer:
    """Writes one document from an outline and a context."""

    def __init__(
        self,
        template: BriefingTemplate,
        outline: Outline,
        context: Mapping[str, object],
        sources: Sources,
        report: CompiledReport | None,
    ) -> None:
        self.template = template
        self.outline = outline
        self.context = context
        self.sources = sources
        self.report = report
        self.document = Document(template.styles)
        self.issues: list[Issue] = []
        self.chosen: dict[int, list[tuple[str, list[Sentence]]]] = {}
        self.section = 0

    def write(self, path: Path, info: BuildInfo, custom: Sequence[tuple[str, str]]) -> tuple[Issue, ...]:
        """Write the file and return the issues."""
        from compiler.briefing.package import assemble

        title = plain(self.text(self.outline.title))
        self.document.annexed = any(
            block.kind == "sources" and self.holds(part.when) and self.holds(block.when)
            for part in (*self.outline.parts, *self.outline.annex)
            for block in part.blocks
        )
        self._announce()
        self._choose()
        self.document.paragraph("title", title)
        if self.outline.source_line is not None:
            self._paragraphs("source_line", self.text(self.outline.source_line))
        number = 0
        for part in self.outline.parts:
            number += self._part(part, number + 1)
        for part in self.outline.annex:
            self._annex(part)
        if self.document.annexed:  # what is cited below the list of sources
            self._list_sources()
        properties = {key: plain(self.text(value)) for key, value in self.template.properties.items()}
        properties |= {"title": title, "created": info.started, "version": info.version}
        listed = [*custom, ("规则版本", info.rules_version), ("规则指纹", info.rules_fingerprint)]
        path.write_bytes(assemble(self.document, self.template.looks, properties, listed))
        return tuple(_once(self.issues))

    def _part(self, part: PartTemplate, number: int) -> int:
        """Write a numbered part; return 1, or 0 where there was nothing to write."""
        if not self.holds(part.when):
            return 0
        body = self.document.body
        before = len(body)
        self.document.paragraph("heading_1", f"{_numeral(number)}、{self.text(part.title)}", bookmark=f"part_{number}")
        self.section = 0
        for block in part.blocks:
            self._block(block)
        if len(body) == before + 1:
            del body[before:]
            return 0
        return 1

    def _annex(self, part: PartTemplate) -> None:
        if not self.holds(part.when):
            return
        body = self.document.body
        before = len(body)
        self.document.paragraph("annex", self.text(part.title), new_page=True)
        self.section = 0
        for block in part.blocks:
            self._block(block)
        if len(body) == before + 1:
            del body[before:]

    def _block(self, block: Block) -> None:
        if not self.holds(block.when):
            return
        getattr(self, f"_write_{block.kind}")(block)

    def _write_text(self, block: Block) -> None:
        text = self.text(block.text)
        if block.style.startswith("heading_") and text:
            self.section += 1
            text = _section_number(block.style, self.section) + text
        self._paragraphs(block.style, text)

    def _write_points(self, block: Block) -> None:
        texts = [text for item in block.items if self.holds(item.when) and (text := self.text(item.text).strip())]
        for number, text in enumerate(texts[: block.most], 1):
            self.document.paragraph("point", f"{number}．{text}")

    def _write_list(self, block: Block) -> None:
        rows = self.rows(block)
        for number, row in enumerate(rows[: block.most], 1):
            self._paragraphs(block.style, self.text(block.text, row, number))
        if not rows:
            self._fallback(block)

    def _write_table(self, block: Block) -> None:
        rows = self.rows(block)
        if len(rows) < max(1, block.least):
            self._fallback(block)
            return
        columns = [column for column in block.columns if self.holds(column.when)]
        heads = [Column(self.text(column.title), column.width, column.align) for column in columns]
        cells = [
            [self.text(column.value, row, number).strip() for column in columns]
            for number, row in enumerate(rows[: block.most], 1)
        ]
        caption = self.text(block.caption)
        self.document.caption("表", block.id, caption)
        note = self.text(block.note).strip()
        self.document.table(heads, cells, plain(caption), noted=bool(note))
        self._paragraphs("table_note", note)

    def _write_chart(self, block: Block) -> None:
        from compiler.briefing.chart import Series, chart_xml, workbook_bytes

        rows = self.rows(block)[: block.most]
        if len(rows) < block.least:
            return
        labels = [plain(self.text(block.text, row, number)) for number, row in enumerate(rows, 1)]
        series = [
            Series(
                plain(self.text(one.name)),
                tuple(_decimal(self.text(one.value, row, number)) for number, row in enumerate(rows, 1)),
            )
            for one in block.series
        ]
        caption = self.text(block.caption)
        latin, east = self.template.chart_fonts
        height = min(170.0, 26.0 + len(rows) * (5.0 + 4.2 * len(series)))
        told = "；".join(
            f"{label}：" + "，".join(f"{one.name}{one.values[n]}" for one in series if one.values[n] is not None)
            for n, label in enumerate(labels)
        )
        self.document.chart(
            chart_xml(labels, series, latin, east, self.text(block.axis)),
            workbook_bytes(labels, series),
            150.0,
            height,
            plain(caption),
            told,
        )
        self.document.caption("图", block.id, caption)
        self._paragraphs("table_note", self.text(block.note))

    def _write_passages(self, block: Block) -> None:
        wrote = False
        for name, sentences in self.chosen.get(id(block), []):
            if not sentences:
                continue
            wrote = True
            if block.headings:
                self.section += 1
                self.document.paragraph("heading_2", f"{_section_number('heading_2', self.section)}{name}")
            for number, sentence in enumerate(sentences, 1):
                assert self.report is not None
                key = self.sources.key(self.report.source, self.report.number, sentence.number)
                row = Quoted(clean(sentence.text), cite(key), name)
                self._paragraphs("quote", self.text(block.text, row, number) if block.text else row.text + row.cite)
        if not wrote:
            self._fallback(block)

    def _write_sources(self, block: Block) -> None:
        self._list_sources()

    def _list_sources(self) -> None:
        for key in [key for key in self.document.cited if key not in self.document.listed]:
            report, sentence = self.sources.sentence(key)
            own = self.report is not None and report is self.report
            place = "" if own else f"{report.identity.place}{report.identity.report_year}年《政府工作报告》，"
            heading = sentence.headings[-1] if sentence.headings else ""
            where = f"{heading}，" if heading else ""
            self.document.source(key, clean(sentence.text), f"〔{place}{where}第{sentence.paragraph}段〕")

    # --- preparation ---

    def _announce(self) -> None:
        """Number the tables and charts that will be written, so that text before them can refer to them."""
        for part in (*self.outline.parts, *self.outline.annex):
            if not self.holds(part.when):
                continue
            for block in part.blocks:
                if block.kind not in {"table", "chart"} or not block.id or not self.holds(block.when):
                    continue
                if len(self.rows(block)[: block.most]) >= max(1, block.least):
                    self.document.announce("表" if block.kind == "table" else "图", block.id)

    def _choose(self) -> None:
        """Choose the sentences of all parts: sections that are named first, then those that take the rest.

        The rest are the sections of the plan that no part names; what is said of other years is not its work.
        """
        if self.report is None:
            return
        by_section: dict[str, list[Passage]] = {}
        for passage in self.report.passages:
            by_section.setdefault(passage.section_id, []).append(passage)
        blocks = [block for part in self.outline.parts for block in part.blocks if block.kind == "passages"]
        named = {section for block in blocks for section in block.sections}
        taken: set[int] = set()
        limits, lists = self.template.limits, self.template.lists
        for block in sorted(blocks, key=lambda one: "rest" in one.sections):
            chosen = self.chosen[id(block)] = []
            wanted = {section: by_section.get(section, []) for section in block.sections if section != "rest"}
            if "rest" in block.sections:
                for section, passages in by_section.items():
                    if section not in named and section not in block.without:
                        wanted[section] = [one for one in passages if one.part is Part.PLAN]
            for passages in wanted.values():
                if passages:
                    most = block.most or limits["sentences"]
                    found = choose(passages, self.report, lists, most, limits["sentence_length"], taken)
                    chosen.append((passages[0].section, found))

    # --- small things ---

    def rows(self, block: Block) -> Sequence[object]:
        """Return the list that a block goes through."""
        rows = self.context.get(block.rows, ())
        return rows if isinstance(rows, list) else list(rows) if isinstance(rows, tuple) else ()

    def text(self, template: TextTemplate | None, row: object = None, number: int = 0) -> str:
        """Return what an expression gives, and note what it did wrong."""
        if template is None:
            return ""
        context = self.context if row is None else {**self.context, "row": row, "number": number}
        text, issues = render_text(template, context)
        self.issues.extend(issues)
        return text

    def holds(self, template: TextTemplate | None) -> bool:
        """Return whether a condition holds; one that fails does not."""
        if template is None:
            return True
        held, issues = evaluate(template, self.context)
        self.issues.extend(issues)
        return held and not issues

    def _paragraphs(self, role: str, text: str) -> None:
        for line in text.split("\n"):
            if line.strip():
                self.document.paragraph(role, line.strip())

    def _fallback(self, block: Block) -> None:
        self._paragraphs("body", self.text(block.fallback))


def _section_number(style: str, number: int) -> str:
    return {"heading_2": f"（{_numeral(number)}）", "heading_3": f"{number}．"}.get(style, "")


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _once(issues: Sequence[Issue]) -> list[Issue]:
    """Return each issue once: an expression in a table fails on every row."""
    seen: set[tuple[object, ...]] = set()
    found: list[Issue] = []
    for issue in issues:
        key = (issue.code, *sorted(issue.fields.items()), issue.where.line if issue.where else 0)
        if key not in seen:
            seen.add(key)
            found.append(issue)
    return found
