"""What another set of rules would change: the same reports compiled twice, the facts compared cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compiler.authoring.explain import KINDS, MEASURES, shown_figure
from compiler.facts.batch import Inputs, compile_inputs
from compiler.facts.written_tables import Changes, Impact, all_facts, changes, impacts
from compiler.issues import message
from compiler.model import CompiledReport, Fact, Issue, RuleBook, Tier

HEADINGS = (
    ("变化", 8),
    ("地区", 12),
    ("年度", 7),
    ("性质", 7),
    ("主题", 11),
    ("指标", 26),
    ("口径", 8),
    ("档次", 8),
    ("原来", 16),
    ("现在", 16),
    ("原来的依据", 44),
    ("现在的依据", 44),
    ("报告", 30),
    ("规则", 34),
    ("编号", 12),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One set of rules with what it yields."""

    rulebook: RuleBook
    reports: tuple[CompiledReport, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What changes from one set of rules to another over the same reports."""

    old: Side
    new: Side
    changes: Changes

    @property
    def same(self) -> int:
        """How many facts both sets of rules yield."""
        return len(self.new.facts) - len(self.changes.added) - len(self.changes.changed)


def preview(inputs: Inputs, old: RuleBook, new: RuleBook) -> Preview:
    """Compile the same sources under both sets of rules and compare the facts."""
    before, after = _side(inputs, old), _side(inputs, new)
    return Preview(before, after, changes(before.facts, after.facts))


def _side(inputs: Inputs, rulebook: RuleBook) -> Side:
    reports, _ = compile_inputs(inputs, rulebook)
    return Side(rulebook, reports, all_facts(reports))


def rows(result: Preview) -> Iterator[tuple[str, Fact | None, Fact | None]]:
    """Yield what changes: the word for it, the earlier fact and the later one."""
    found: list[tuple[str, Fact | None, Fact | None]] = []
    found.extend(("变了", old, new) for old, new in result.changes.changed)
    found.extend(("多了", None, fact) for fact in result.changes.added)
    found.extend(("少了", fact, None) for fact in result.changes.removed)
    yield from found


def figure(fact: Fact | None) -> str:
    """Return a fact's figure as people read it, nothing where there is no fact."""
    return "" if fact is None else shown_figure(fact.low, fact.high, fact.bound, fact.unit, fact.text)


# --- the terminal ------------------------------------------------------------------------------


def comparison_lines(result: Preview, most: int = 40) -> Iterator[str]:
    """Yield the comparison as lines of text, at most ``most`` of each kind."""
    if result.old.rulebook.fingerprint == result.new.rulebook.fingerprint:
        yield message(Issue("P103"))
    if not result.changes:
        yield message(Issue("P101"))
        return
    for word in ("变了", "多了", "少了"):
        of_kind = [row for row in rows(result) if row[0] == word]
        if of_kind:
            yield f"{word} {len(of_kind)} 条"
        for _, old, new in of_kind[:most]:
            yield f"  {_line(old, new)}"
        if len(of_kind) > most:
            yield f"  ……还有 {len(of_kind) - most} 条，用 --out 写进工作簿看全部"
    for impact in impacts(result.changes)[:most]:
        yield f"  {shown_impact(impact)}"
    yield _summary(result)


def shown_impact(impact: Impact) -> str:
    """Return what changed for one indicator: 新增就业：多 12、少 3（归了 失业人员再就业）."""
    counts = (("多", impact.added), ("少", impact.removed), ("变", impact.changed))
    shown = "、".join(f"{word} {count}" for word, count in counts if count)
    return f"{impact.indicator}：{shown}" + (f"（归了 {'、'.join(impact.taken_by)}）" if impact.taken_by else "")


def _line(old: Fact | None, new: Fact | None) -> str:
    fact = new or old
    assert fact is not None
    tier = "（争取）" if fact.tier is Tier.STRETCH else ""
    place = fact.place or fact.source
    head = f"{place} {fact.year}年{KINDS[fact.kind]}{tier} {fact.indicator} {MEASURES[fact.measure]}"
    values = f"{figure(old)} → {figure(new)}" if old and new else figure(fact)
    return f"{head} {values}  “{fact.quote}”"


def _summary(result: Preview) -> str:
    found = result.changes
    fields = {
        "added": str(len(found.added)),
        "removed": str(len(found.removed)),
        "changed": str(len(found.changed)),
        "same": str(result.same),
    }
    return message(Issue("P102", fields))


# --- the workbook ------------------------------------------------------------------------------


def write_comparison(path: Path, result: Preview) -> None:
    """Write the comparison as a small workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "变化"
    _fill(sheet, [heading for heading, _ in HEADINGS], (_cells(*row) for row in rows(result)))
    for letter, (_, width) in zip("ABCDEFGHIJKLMNO", HEADINGS, strict=True):
        sheet.column_dimensions[letter].width = width
    about = book.create_sheet("说明")
    _fill(about, ["项目", "原来的规则", "现在的规则"], _about(result))
    for letter, width in (("A", 16), ("B", 44), ("C", 44)):
        about.column_dimensions[letter].width = width
    book.save(path)


def _cells(word: str, old: Fact | None, new: Fact | None) -> Sequence[str | int]:
    fact = new or old
    assert fact is not None
    return (
        word,
        fact.place,
        fact.year,
        KINDS[fact.kind],
        fact.theme,
        fact.indicator,
        MEASURES[fact.measure],
        "争取" if fact.tier is Tier.STRETCH else "基本",
        figure(old),
        figure(new),
        old.quote if old else "",
        new.quote if new else "",
        fact.source,
        fact.rule,
        fact.id,
    )


def _about(result: Preview) -> Iterator[Sequence[str | int]]:
    def both(name: str, value: Any) -> Sequence[str | int]:
        return name, value(result.old), value(result.new)

    yield both("规则文件夹", lambda side: side.rulebook.root)
    yield both("版本", lambda side: side.rulebook.version)
    yield both("指纹", lambda side: side.rulebook.fingerprint[:16])
    yield both("指标规则", lambda side: len(side.rulebook.indicators))
    yield both("报告", lambda side: len(side.reports))
    yield both("事实", lambda side: len(side.facts))
    yield both("未覆盖数字", lambda side: sum(len(report.uncovered) for report in side.reports))
    yield ("合计", "", _summary(result))


def _fill(sheet: Any, headings: Sequence[str], content: Iterable[Sequence[str | int]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    bold, fill, wrap = (
        Font(bold=True),
        PatternFill("solid", fgColor="DCE6F1"),
        Alignment(vertical="top", wrap_text=True),
    )
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = bold, fill, Alignment(horizontal="center", vertical="center")
    for number, row in enumerate(content, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a quote that begins with = is text, not a formula
            cell.alignment = wrap
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
