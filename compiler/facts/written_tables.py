"""The facts as CSV and JSON Lines, what changed between two tables of facts, and ``build.json``."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, cast

from compiler.model import CompiledReport, Fact
from compiler.numbers import decimal_text

#: The columns of ``facts.csv``, in order; each is the name of a field of :class:`~compiler.model.Fact`.
COLUMNS = (
    "place",
    "place_code",
    "place_level",
    "report_year",
    "year",
    "kind",
    "indicator",
    "indicator_id",
    "theme",
    "measure",
    "low",
    "high",
    "bound",
    "unit",
    "tier",
    "text",
    "raw",
    "modifier",
    "status_note",
    "quote",
    "source",
    "report",
    "start",
    "end",
    "heading",
    "paragraph",
    "rule",
    "from_year",
    "total",
    "rank",
    "comparison",
    "doubt",
    "page",
    "id",
)


def all_facts(reports: Iterable[CompiledReport]) -> tuple[Fact, ...]:
    """Return the facts of all reports in the order of the tables: place, year, kind, rule order, start."""
    facts = [fact for report in reports for fact in report.facts]
    # Source, report and id only settle what the contract's order leaves open, so that it is always the same.
    facts.sort(key=lambda f: (f.place, f.year, f.kind, f.order, f.start, f.source, f.report, f.id, f.tier, f.measure))
    return tuple(facts)


#: The columns of ``tasks.csv``.
TASK_COLUMNS = (
    *("id", "source", "report", "place", "report_year", "number", "heading", "path", "text", "quantified", "figures"),
    *("deadline", "lead", "support", "facts", "start", "end", "paragraph"),
)

#: The columns of ``passages.csv``.
PASSAGE_COLUMNS = (
    *("source", "report", "place", "report_year", "section_id", "section", "part", "heading", "paragraph"),
    *("text", "start", "end"),
)


Row = tuple[object, ...]
"""The values of a row in the order of the table's columns."""


def table_csv(columns: Sequence[str], rows: Iterable[Row], *, head: bool = True) -> bytes:
    """Return rows as CSV: UTF-8 with BOM, so that a spreadsheet opens it by a double click.

    Without its ``head`` it is a piece of a table, to be put behind the head or other pieces.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    if head:
        writer.writerow(columns)
    writer.writerows(zip(*map(_cells, zip(*rows, strict=True)), strict=True))
    return stream.getvalue().encode("utf-8-sig" if head else "utf-8")


def table_jsonl(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return the same rows as JSON, one object a line; figures are JSON numbers with the exact digits."""
    line = "{" + ", ".join(f"{json.dumps(column)}: %s" for column in columns) + "}\n"
    values = zip(*map(_texts, zip(*rows, strict=True)), strict=True)
    return "".join([line % row for row in values]).encode("utf-8")


def facts_csv(facts: Iterable[Fact], *, head: bool = True) -> bytes:
    """Return the facts as CSV."""
    return table_csv(COLUMNS, fact_rows(facts), head=head)


def facts_jsonl(facts: Iterable[Fact]) -> bytes:
    """Return the facts as JSON, one object a line."""
    return table_jsonl(COLUMNS, fact_rows(facts))


def fact_rows(facts: Iterable[Fact]) -> Iterator[Row]:
    """Yield the rows of facts; a year that is not known is left empty, never 0."""
    report_year, year = COLUMNS.index("report_year"), COLUMNS.index("year")
    for row in map(attrgetter(*COLUMNS), facts):
        if not row[report_year]:
            row = (*row[:report_year], None, row[year] or None, *row[year + 1 :])
        yield row


def tasks_csv(reports: Iterable[CompiledReport], *, head: bool = True) -> bytes:
    """Return the tasks of all reports as CSV: places in the order of their codes, tasks in that of the report."""
    tasks = (task for report in in_order(reports) for task in report.tasks)
    return table_csv(TASK_COLUMNS, map(attrgetter(*TASK_COLUMNS), tasks), head=head)


def passages_csv(reports: Iterable[CompiledReport], *, head: bool = True) -> bytes:
    """Return the captured passages of all reports as CSV."""
    values = attrgetter(*PASSAGE_COLUMNS[4:])
    rows = (
        (report.source, report.number, report.identity.place, report.identity.report_year, *values(passage))
        for report in in_order(reports)
        for passage in report.passages
    )
    return table_csv(PASSAGE_COLUMNS, rows, head=head)


def in_order(reports: Iterable[CompiledReport]) -> list[CompiledReport]:
    """Return the reports in the order of division codes, then years; those without a code last."""
    return sorted(
        reports,
        key=lambda r: (r.identity.place_code or "9", r.identity.place, r.identity.report_year, r.source, r.number),
    )


def _cells(column: Row) -> Iterable[object]:
    """Return a column as ``csv`` is to write it. Most hold texts alone, or numbers, that stand there as they are."""
    kinds = {*map(type, column)}
    if kinds <= _AS_THEY_ARE:
        return column
    texts = _all_text(column, kinds)
    return column if texts and _SIGNS.isdisjoint([text[:1] for text in texts]) else map(_cell, column)


def _texts(column: Row) -> Iterable[str]:
    """Return a column as JSON."""
    kinds = {*map(type, column)}
    texts = _all_text(column, kinds)
    return map(encode_basestring, texts) if texts else map(str if kinds == {int} else _json, column)


def _all_text(column: Row, kinds: Iterable[type]) -> tuple[str, ...]:
    """Return a column of texts, words of a fixed list among them; nothing where it holds anything else."""
    return cast("tuple[str, ...]", column) if all(issubclass(kind, str) for kind in kinds) else ()


def _cell(value: object) -> str:
    if type(value) is str:  # most cells by far
        return _no_formula(value) if value[:1] in _SIGNS else value
    if value is None:
        return ""
    if type(value) is int:
        return str(value)
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return decimal_text(value) if isinstance(value, Decimal) else _no_formula(str(value))


#: Whole numbers, and nothing where there is none.
_AS_THEY_ARE = frozenset({int, type(None)})

#: A spreadsheet takes text that begins so for a formula and computes it; a signed number is harmless.
_SIGNS = frozenset("=@\t\r\n＝＠+-＋－")
_FORMULA = re.compile(r"[=@\t\r\n＝＠]|[+\-＋－](?![\d.]+%?$)")


def _no_formula(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe before it says that it is text."""
    return f"'{text}" if text[:1] in _SIGNS and _FORMULA.match(text) else text


def _json(value: object) -> str:
    if type(value) is str:  # most cells by far
        return encode_basestring(value)
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return json.dumps(value) if isinstance(value, int) else encode_basestring(str(value))


# --- what changed ------------------------------------------------------------------------------

Key = tuple[str, int, int, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """Facts that are only in the later table, only in the earlier one, or in both with another figure."""

    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    changed: tuple[tuple[Fact, Fact], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def changes(before: Sequence[Fact], after: Sequence[Fact]) -> Changes:
    """Compare two tables of facts cell by cell: a cell is a report's indicator, measure, tier, year and kind."""
    old, new = _by_cell(before), _by_cell(after)
    added: list[Fact] = []
    removed: list[Fact] = []
    changed: list[tuple[Fact, Fact]] = []
    for key in [*new, *(key for key in old if key not in new)]:
        gone = [fact for fact in old.get(key, []) if _figure(fact) not in {_figure(f) for f in new.get(key, [])}]
        come = [fact for fact in new.get(key, []) if _figure(fact) not in {_figure(f) for f in old.get(key, [])}]
        pairs = min(len(gone), len(come))
        changed.extend(zip(gone, come, strict=False))
        removed.extend(gone[pairs:])
        added.extend(come[pairs:])
    return Changes(tuple(added), tuple(removed), tuple(changed))


def _by_cell(facts: Sequence[Fact]) -> dict[Key, list[Fact]]:
    cells: dict[Key, list[Fact]] = {}
    for fact in facts:
        key = (fact.source, fact.report, fact.year, fact.kind, fact.indicator_id, fact.measure, fact.tier)
        cells.setdefault(key, []).append(fact)
    return cells


def _figure(fact: Fact) -> tuple[object, ...]:
    return (fact.low, fact.high, fact.bound, fact.unit, fact.text)


# --- build.json --------------------------------------------------------------------------------


def build_json(content: Mapping[str, Any]) -> bytes:
    """Return the record of a build as readable JSON."""
    return (_indented(content, "\n") + "\n").encode("utf-8")


def _indented(value: object, end: str) -> str:
    """Return what ``json.dumps`` writes with an indent of 2, in half the time; ``end`` ends the lines before."""
    if not value or not isinstance(value, (dict, list, tuple)):
        return str(value) if type(value) is int else json.dumps(value, ensure_ascii=False)
    inner = f"{end}  "
    values = value.values() if isinstance(value, dict) else value
    # Most are texts, for which even a call takes long.
    written = [encode_basestring(one) if type(one) is str else _indented(one, inner) for one in values]
    if not isinstance(value, dict):
        return f"[{inner}{f',{inner}'.join(written)}{end}]"
    pairs = [f"{encode_basestring(name)}: {text}" for name, text in zip(value, written, strict=True)]
    return f"{{{inner}{f',{inner}'.join(pairs)}{end}}}"


@dataclass(frozen=True, slots=True)
class Impact:
    """What changed for one indicator: figures that came, went and changed, and who has those that went."""

    indicator: str
    added: int
    removed: int
    changed: int
    taken_by: tuple[str, ...]


def impacts(found: Changes) -> tuple[Impact, ...]:
    """Return what changed by indicator, those first that lost most."""
    now = {(fact.source, fact.report, fact.figure_start): fact.indicator for fact in found.added}
    added = Counter(fact.indicator for fact in found.added)
    removed = Counter(fact.indicator for fact in found.removed)
    changed = Counter(new.indicator for _, new in found.changed)
    takers: dict[str, dict[str, None]] = {}
    for fact in found.removed:
        taker = now.get((fact.source, fact.report, fact.figure_start)) if fact.figure_start >= 0 else None
        if taker is not None and taker != fact.indicator:
            takers.setdefault(fact.indicator, {})[taker] = None
    return tuple(
        Impact(name, added[name], removed[name], changed[name], tuple(takers.get(name, ())))
        for name in sorted({*added, *removed, *changed}, key=lambda name: (-removed[name], -added[name], name))
    )
