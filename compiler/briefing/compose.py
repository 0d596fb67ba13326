"""Walk the outline of a template over a context and gather the blocks of a briefing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from compiler.briefing.briefing_blocks import (
    Caption,
    Chart,
    ChartSeries,
    Citation,
    Composed,
    Item,
    WordParagraph,
    WordTable,
    cited,
)
from compiler.briefing.inline_marks import for_document, refer, strong, typeset, without_marks
from compiler.briefing.sources import Quoted, Sources
from compiler.briefing.template import BriefingTemplate, Outline, OutlineItem, OutlinePart
from compiler.model import CompiledReport, Issue
from compiler.rules.expressions import TextTemplate, holds, render_text

_NUMERALS: Final = "〇一二三四五六七八九"
_STOPS: Final = re.compile("(?<=[。！？])[。]")


# --- functions of the template -----------------------------------------------------------------


def _names(rows: Iterable[object], most: int = 6, unit: str = "项") -> str:
    """``rows|names``: the names, 等N项 where there are more than ``most``; ``names(8, "个地区")`` counts places."""
    names = [*dict.fromkeys([str(getattr(row, "name", row)) for row in rows])]
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}{unit}"


def _told(
    rows: Iterable[object], key: str, most: int = 6, cites: str = "cite", between: str = "、", more: bool = True
) -> str:
    """``rows|told("growth")``: each name with its words and its [n]; 等N项 where there are more than ``most``.

    Neighbours that stand in one sentence of the report share one [n], on the last of them.
    """
    listed = [*rows]
    shown = listed[:most]
    marks = ["" if not cites or cites.startswith("_") else str(getattr(row, cites, "")) for row in shown]
    told = []
    for row, mark, following in zip(shown, marks, [*marks[1:], ""], strict=True):
        words = "" if key.startswith("_") else getattr(row, key, "")
        told.append(f"{getattr(row, 'name', '')}{words}{mark if mark != following else ''}")
    return between.join(told) + (f"等{len(listed)}项" if more and len(listed) > most else "")


def _of(place: object, name: str, key: str = "result") -> str:
    """``row|of("地区生产总值", "growth")``: a field of an indicator of a place; — where there is none."""
    row = getattr(place, "rows", {}).get(name)
    return str(getattr(row, key, "") or "—") if row is not None and not key.startswith("_") else "—"


def _ranked(place: object, name: str) -> str:
    """``row|ranked("地区生产总值")``: the growth of an indicator of a place, its rank in brackets; else its level."""
    row = getattr(place, "rows", {}).get(name)
    number = getattr(row, "growth_number", "")
    rank = getattr(place, "ranks", {}).get(name)
    if not number:
        return str(getattr(row, "level", "")) or "—"
    shown = number.replace("-", "−")  # a hyphen would let the line break behind it
    # Where the cell is too narrow the rank goes to the next line, and no sign parts from its number.
    return f"{shown}\u2060%\u200b（{rank}）" if rank else f"{shown}%"


def _quoted(value: object) -> str:
    """``one.text|quoted``: in quotation marks; marks within become single ones."""
    text = str(value)
    return f"“{text.replace('“', '‘').replace('”', '’')}”" if text else ""


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
        value = _field(row, key)
        if value:
            found.setdefault(value, row)
    return [*found.values()]


def _alike(rows: Iterable[object], key: str) -> str:
    """``rows|alike("note")``: the value that a field has in all rows; nothing where they differ."""
    values = {_field(row, key) for row in rows}
    return values.pop() if len(values) == 1 else ""


def _shared(rows: Iterable[object], key: str, among: str) -> str:
    """``rows|shared("note", "result")``: what most rows with a result have in a field; nothing where too few do."""
    values = [_field(row, key) for row in rows if _field(row, among)]
    most = max(values, key=values.count, default="")
    return most if values.count(most) >= 2 and values.count(most) * 2 > len(values) else ""


def _apart(rows: Iterable[object], key: str, among: str) -> list[object]:
    """``rows|apart("note", "result")``: the rows with a result that do not have what most of them have."""
    listed = [*rows]
    most = _shared(listed, key, among)
    return [row for row in listed if _field(row, among) and _field(row, key) != most] if most else []


def _field(row: object, key: str) -> str:
    """Return a field of a row as text; empty where there is none, or none that a template may read."""
    return "" if key.startswith("_") else str(getattr(row, key, ""))


FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "names": _names,
    "told": _told,
    "of": _of,
    "ranked": _ranked,
    "cn": _numeral,
    "dash": _dash,
    "quoted": _quoted,
    "distinct": _distinct,
    "alike": _alike,
    "shared": _shared,
    "apart": _apart,
    "ref": refer,
    "strong": strong,
}


# --- walking the outline -----------------------------------------------------------------------


class _Part(NamedTuple):
    """A part as it was written: its title and blocks, what these cite and what stands in them whole, what was wrong."""

    title: str
    items: list[Item]
    cited: list[str]
    quoted: list[str]
    issues: list[Issue]


class Rendered:
    """What the expressions of one briefing gave over the contexts that it was composed with, shorter and shorter.

    An expression is run anew only where a name that it reads has another value. Values are told apart by what they
    are, so :meth:`known` gives what equals a value of a context before in its place.
    """

    def __init__(self) -> None:
        self._contexts: list[Mapping[str, object]] = []
        self._texts: dict[tuple[int | None, ...], tuple[str, tuple[Issue, ...]]] = {}
        self._columns: dict[tuple[int, ...], dict[tuple[int, int], tuple[str, tuple[Issue, ...]]]] = {}
        self.tables: dict[tuple[object, ...], tuple[list[Item], list[Issue]]] = {}
        self.parts: dict[tuple[object, ...], _Part] = {}

    def known(self, context: Mapping[str, object]) -> Mapping[str, object]:
        """Return a context with the values of those before wherever they are equal."""
        found = dict(context)
        for before in self._contexts:
            for name, value in before.items():
                if found.get(name) is not value and found.get(name) == value:
                    found[name] = value
        self._contexts.append(found)
        return found

    def text(
        self, template: TextTemplate, context: Mapping[str, object], ids: Mapping[str, int], row: object, number: int
    ) -> tuple[str, tuple[Issue, ...]]:
        """Return what a template gives over a context known, and what it did wrong; ``ids`` are those of its values."""
        if template.expression is None:
            return template.source, ()
        key = (id(template), id(row), number, *map(ids.get, template.expression.names))
        found = self._texts.get(key)
        if found is None:
            whole = context if row is None else {**context, "row": row, "number": number}
            found = self._texts[key] = render_text(template, whole)
        return found

    def column(
        self, template: TextTemplate, context: Mapping[str, object], rows: Sequence[object]
    ) -> list[tuple[str, tuple[Issue, ...]]]:
        """Return what a template gives for each row of a table, over a context known, and what it did wrong."""
        if template.expression is None:
            return [(template.source, ())] * len(rows)
        names = template.expression.names
        seen = {name: context[name] for name in names if name in context}
        known = self._columns.setdefault((id(template), *map(id, seen.values())), {})
        numbered = "number" in names
        found = []
        for number, row in enumerate(rows, 1):
            key = id(row), number if numbered else 0
            cell = known.get(key)
            if cell is None:
                seen["row"], seen["number"] = row, number
                cell = render_text(template, seen)
                if cell[1]:  # of a name that is wrong the nearest is told, which any may be
                    cell = render_text(template, {**context, "row": row, "number": number})
                known[key] = cell
            found.append(cell)
        return found


class Composer:
    """Composes one briefing from an outline and a context."""

    def __init__(
        self,
        template: BriefingTemplate,
        outline: Outline,
        context: Mapping[str, object],
        sources: Sources,
        report: CompiledReport | None,
        rendered: Rendered,
    ) -> None:
        self.template = template
        self.outline = outline
        self.rendered = rendered
        self.context = rendered.known(context)
        self.ids = {name: id(value) for name, value in self.context.items()}
        self.sources = sources
        self.report = report
        self.issues: list[Issue] = []
        self.composed = Composed("")
        self.counted: dict[str, int] = {}
        self.quoted: dict[str, str] = {}
        self.section = 0

    def compose(self) -> Composed:
        """Return the briefing; ``issues`` then holds what the template did wrong."""
        self.compose_body()
        return self.add_annexes()

    def compose_body(self) -> Composed:
        """Return the briefing without its annexes."""
        composed = self.composed
        composed.title = without_marks(self.text(self.outline.title))
        self._announce()
        self._head()
        number = 0
        for part in self.outline.parts:
            items = self._part(part)
            if items:
                number += 1
                heading = f"{_numeral(number)}、{self.text(part.title)}"
                self._add([WordParagraph("heading_1", heading, bookmark=f"part_{number}"), *items])
        return composed

    def lines_below(self) -> int:
        """Return how many lines the list of annexes and the signature take below the text."""
        annexes = sum(self.holds(part.when) for part in self.outline.annex)
        return annexes + sum(1 for key in ("signed", "dated") if self.office(key))

    def add_annexes(self) -> Composed:
        """Add the list of annexes, the signature and the annexes to the body."""
        self._annexes()
        self.issues = _once(self.issues)
        return self.composed

    def _head(self) -> None:
        issuer, issue = self.office("issuer"), self.office("issue")
        if issuer or issue:
            self._add([WordParagraph("issue_line", "　".join(one for one in (issuer, issue) if one))])
        self._add([WordParagraph("title", self.composed.title)])
        self._add([WordParagraph("source_line", line) for line in _lines(self.text(self.outline.source_line))])

    def _annexes(self) -> None:
        """Write the list of annexes and the signature below the text, then each annex on a page of its own."""
        word = self.template.words["annex"]
        written: list[tuple[str, list[Item]]] = []
        for part in self.outline.annex:
            items = self._part(part)
            if items:
                written.append((self.text(part.title), items))
        several = len(written) > 1
        self._hold_last(bool(written))
        for number, (title, _) in enumerate(written, 1):
            label = f"{word}：" if number == 1 else "　　　"
            self._add([WordParagraph("annex_list", f"{label}{f'{number}.' if several else ''}{title}", keep=True)])
        signature = [one for one in (self.office("signed"), self.office("dated")) if one]
        self._add([WordParagraph("signature", line) for line in signature])
        for number, (title, items) in enumerate(written, 1):
            first = WordParagraph(
                "annex", f"{word}{number if several else ''}", bookmark=f"annex_{number}", new_page=True
            )
            self._add([first, WordParagraph("annex_title", title), *items])

    def _hold_last(self, annexed: bool) -> None:
        """Keep the end of the text on the page of what stands below it, which alone would be a page of a few words."""
        items = self.composed.items
        below = annexed or self.office("signed") or self.office("dated")
        if below and isinstance(items[-1], WordParagraph):
            items[-1] = items[-1]._replace(keep=True)
        elif below and isinstance(items[-1], WordTable):
            items[-1] = replace(items[-1], noted=True)

    def _part(self, part: OutlinePart) -> list[Item]:
        """Return the blocks of a part, as they were before where nothing that they tell has changed."""
        labels = self.composed.labels
        key = (id(part), *[labels.get(block.id) for block in part.blocks if block.id], *map(self.ids.get, part.names))
        known = self.rendered.parts.get(key)
        if known is None:
            known = self._written(part)
            # A list of what the other parts cite follows from these.
            if not any(block.kind == "sources" for block in part.blocks):
                self.rendered.parts[key] = known
        else:
            self.issues.extend(known.issues)
            self.composed.cite(known.cited)
        for one in known.quoted:
            self.quoted.setdefault(one, known.title)
        return known.items

    def _written(self, part: OutlinePart) -> _Part:
        """Return the blocks of a part; none where there is nothing to say."""
        found = _Part("", [], [], [], [])
        told = len(self.issues)
        if self.holds(part.when):
            self.section = 0
            found = found._replace(title=without_marks(self.text(part.title)))
            for block in part.blocks:
                if self.holds(block.when):
                    items = getattr(self, f"_write_{block.kind}")(block)
                    keys = [key for item in items for key in cited(item)]
                    self.composed.cite(keys)
                    found.items.extend(items)
                    found.cited.extend(keys)
                    if block.kind == "list":
                        rows = self.rows(block)[: block.most]
                        found.quoted.extend(key for row in rows if isinstance(row, Quoted) for key in row.keys)
        found.issues.extend(self.issues[told:])
        return found

    def _add(self, items: Sequence[Item]) -> None:
        self.composed.items.extend(items)

    # --- blocks ---

    def _write_text(self, block: OutlineItem) -> list[Item]:
        text = self.text(block.text)
        if block.style.startswith("heading_") and text:
            text = self._numbered(block.style, text)
        return self._paragraphs(block.style, text)

    def _write_points(self, block: OutlineItem) -> list[Item]:
        texts = [text for item in block.items if self.holds(item.when) and (text := self.text(item.text).strip())]
        return [WordParagraph("point", f"{number}.{text}") for number, text in enumerate(texts[: block.most], 1)]

    def _write_list(self, block: OutlineItem) -> list[Item]:
        items: list[Item] = []
        for number, row in enumerate(self.rows(block)[: block.most], 1):
            heading = self.text(block.heading, row, number)
            if heading:
                items.append(WordParagraph("heading_2", self._numbered("heading_2", heading)))
            items.extend(self._paragraphs(block.style, self.text(block.text, row, number)))
        return items

    def _write_table(self, block: OutlineItem) -> list[Item]:
        """Return a table with its caption and its note, as it was before where nothing that it tells has changed."""
        key = (id(block), self.composed.labels.get(block.id), *map(self.ids.get, (block.rows, *block.names)))
        known = self.rendered.tables.get(key)
        if known is None:
            told = len(self.issues)
            items = self._table(block)
            self.rendered.tables[key] = items, self.issues[told:]
            return items
        self.issues.extend(known[1])
        return known[0]

    def _table(self, block: OutlineItem) -> list[Item]:
        rows = self.rows(block)
        if len(rows) < max(1, block.least):
            return []
        columns = [column for column in block.columns if self.holds(column.when)]
        shown = rows[: block.most]
        found = [self._column(column.value, shown) for column in columns]
        cells = tuple([tuple([column[n] for column in found]) for n in range(len(shown))])
        caption = self.text(block.caption)
        note = self._paragraphs("table_note", self.text(block.note))
        table = WordTable(
            tuple(self.text(column.title) for column in columns),
            tuple(column.align for column in columns),
            tuple(column.width for column in columns),
            cells,
            without_marks(caption),
            bool(note),
        )
        return [self._caption("table", block.id, caption), table, *note]

    def _column(self, template: TextTemplate, rows: Sequence[object]) -> list[str]:
        texts = []
        for text, issues in self.rendered.column(template, self.context, rows):
            if issues:
                self.issues.extend(issues)
            texts.append(text.strip())
        return texts

    def _write_chart(self, block: OutlineItem) -> list[Item]:
        rows = [*enumerate(self.rows(block)[: block.most], 1)]
        if len(rows) < block.least:
            return []
        series = tuple(
            ChartSeries(
                without_marks(self.text(one.name)), tuple(_decimal(self.text(one.value, row, n)) for n, row in rows)
            )
            for one in block.series
        )
        labels = tuple(without_marks(self.text(block.text, row, number)) for number, row in rows)
        told = "；".join(
            f"{label}：" + "，".join(f"{one.name}{one.values[n]}" for one in series if one.values[n] is not None)
            for n, label in enumerate(labels)
        )
        caption = self.text(block.caption)
        chart = Chart(without_marks(caption), self.text(block.axis), labels, series, told)
        return [
            chart,
            self._caption("chart", block.id, caption),
            *self._paragraphs("table_note", self.text(block.note)),
        ]

    def _write_sources(self, block: OutlineItem) -> list[Item]:
        """Return the sentences cited; of one that stands in the text from end to end, only where."""
        found: list[Item] = []
        for key in self.composed.numbers:
            report, sentence = self.sources.sentence(key)
            own = self.report is not None and report is self.report
            place = (
                ""
                if own
                else f"{report.identity.place}{report.identity.report_year}年{self.template.words['report']}，"
            )
            heading = for_document(f"{sentence.headings[-1]}，") if sentence.headings else ""
            paragraph = self.template.words["paragraph"].replace("{number}", str(sentence.paragraph))
            text = typeset(for_document(sentence.text))
            if key in self.quoted:
                text = self.template.words["in_body"].replace("{part}", self.quoted[key])
            found.append(Citation(key, text, f"〔{place}{heading}{paragraph}〕"))
        return found

    def _caption(self, kind: str, bookmark: str, text: str) -> Caption:
        label = self.composed.labels[bookmark]
        word = self.template.words[kind]
        return Caption(word, int(label.removeprefix(word)), bookmark, text)

    def _announce(self) -> None:
        """Number the tables and charts that will be written, so that text before them can refer to them."""
        for part in (*self.outline.parts, *self.outline.annex):
            for block in part.blocks if self.holds(part.when) else ():
                wanted = block.kind in {"table", "chart"} and self.holds(block.when)
                if wanted and len(self.rows(block)[: block.most]) >= max(1, block.least):
                    number = self.counted[block.kind] = self.counted.get(block.kind, 0) + 1
                    self.composed.labels[block.id] = f"{self.template.words[block.kind]}{number}"

    # --- small things ---

    def _numbered(self, style: str, text: str) -> str:
        self.section += 1
        numbers = {"heading_2": f"（{_numeral(self.section)}）", "heading_3": f"{self.section}."}
        return numbers.get(style, "") + text

    def rows(self, block: OutlineItem) -> Sequence[object]:
        """Return the list that a block goes through."""
        rows = self.context.get(block.rows, ())
        return rows if isinstance(rows, (list, tuple)) else ()

    def text(self, template: TextTemplate | None, row: object = None, number: int = 0) -> str:
        """Return what an expression gives, and note what it did wrong."""
        if template is None:
            return ""
        text, issues = self.rendered.text(template, self.context, self.ids, row, number)
        if issues:
            self.issues.extend(issues)
        return text

    def office(self, key: str) -> str:
        """Return what the template gives for the issuer, the number, the signature or the date."""
        return without_marks(self.text(self.template.office.get(key))).strip()

    def holds(self, template: TextTemplate | None) -> bool:
        """Return whether a condition holds; one that fails does not."""
        if template is None:
            return True
        text, issues = self.rendered.text(template, self.context, self.ids, None, 0)
        self.issues.extend(issues)
        return holds(text) and not issues

    def _paragraphs(self, role: str, text: str) -> list[Item]:
        return [WordParagraph(role, line, keep=line.endswith("：")) for line in _lines(text)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


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
