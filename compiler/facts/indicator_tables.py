"""Tables of indicators within a report become facts by row and column; the cell is the quote.

A row names an indicator, a column tells year and kind (2024年实际, 2025年目标), or its part of the report does. A
cell is read as the sentence that row and column make together, by the same rules as any sentence; a name that the rules
know only in part is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from compiler.facts.compile import compile_example
from compiler.issues import about
from compiler.model import (
    CompiledReport,
    Fact,
    Identity,
    Issue,
    Kind,
    Lexicon,
    Part,
    RuleBook,
    Sentence,
    Source,
    SourceTable,
    Tier,
)
from compiler.strings import squeeze
from compiler.text.wide_rows import heads_of, wide_tables

_YEAR = re.compile(r"(?:19|20)\d{2}")
_NUMBERED = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳])")
_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）]")
_FIGURE = re.compile(
    r"(?P<before>[^\d\-−－]*)(?P<minus>[-−－]?)(?P<number>\d[\d,]*(?:\.\d+)?(?:[—～~–-]\d+(?:\.\d+)?)?)(?P<after>.*)"
)
_SEPARATE = re.compile("[^，；;]+")
_DIGITS = re.compile(r"\d[\d,.]*")
_MINUS = str.maketrans("−－", "--")
_BOUNDS = {"≥": "ge", ">": "ge", "＞": "ge", "≤": "le", "<": "le", "＜": "le"}
_PERCENT = ("%", "％")
#: A header is one row, or two where cells are merged; what has digits below it are figures.
_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    year: int
    kind: Kind
    growth: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand in a table: the first row of figures, the columns of names, units and figures."""

    first: int
    name: int
    unit: int
    values: tuple[_Column, ...]


def with_tables(
    source: Source, reports: Sequence[CompiledReport], rulebook: RuleBook
) -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]:
    """Return the reports of a source with the facts of its tables, and what was not understood of them."""
    done = list(reports)
    issues: list[Issue] = []
    unread: list[str] = []
    unnamed: list[str] = []
    for table in source.tables if done else ():
        index = max((i for i, report in enumerate(done) if report.span[0] <= table.start), default=0)
        report = done[index]
        above = [sentence for sentence in report.sentences if sentence.end <= table.start]
        part = above[-1].part if above else Part.OTHER
        layout = _layout(table, source.text, report.identity, part, rulebook.lexicon)
        if layout is None:
            unread.append(squeeze(source.text[table.start : table.end])[:20])
            continue
        done[index], missed, found = _read(table, layout, report, rulebook)
        issues.extend(found)
        unnamed.extend(missed)
    if unread:
        issues.append(Issue("I146", {"count": str(len(unread)), "shown": unread[0]}, source=source.path))
    if unnamed:
        shown = "、".join(unnamed[:5])
        issues.append(Issue("I147", {"count": str(len(unnamed)), "shown": shown}, source=source.path))
    return tuple(done), tuple(issues)


# --- the header --------------------------------------------------------------------------------


def with_wide_tables(source: Source, lexicon: Lexicon) -> Source:
    """Return a plain text with the tables in it whose cells wide blanks set apart, if their header names indicators."""
    tables = () if source.tables else wide_tables(source.text, lexicon.once(_heads))
    return replace(source, tables=tables) if tables else source


def _heads(lexicon: Lexicon) -> re.Pattern[str]:
    return heads_of(lexicon.words("table.names"))


def _layout(table: SourceTable, text: str, identity: Identity, part: Part, lexicon: Lexicon) -> _Layout | None:
    """Return how a table in ``part`` is laid out, ``None`` where it is no table of indicators by year."""
    grid = [[squeeze(text[start:end]) for start, end in row] for row in table.rows]
    names = lexicon.words("table.names")
    top = next((r for r, row in enumerate(grid[:_HEADER_ROWS]) if any(_bare(cell) in names for cell in row)), -1)
    if top < 0:
        return None
    name = next(column for column, cell in enumerate(grid[top]) if _bare(cell) in names)
    first = top + 1
    # A header of two rows: the cell of the names reaches down, or stays empty.
    while first < len(grid) - 1 and (table.rows[first][name] == table.rows[top][name] or not grid[first][name]):
        first += 1
    heads = []
    for column in range(len(grid[top])):
        cells = dict.fromkeys(table.rows[row][column] for row in range(top, first))
        heads.append("".join(squeeze(text[start:end]) for start, end in cells))
    unit = next((column for column, head in enumerate(heads) if _bare(head) in lexicon.words("table.units")), -1)
    values = tuple(_columns(heads, {name, unit}, identity, part, lexicon))
    return _Layout(first, name, unit, values) if values else None


def _bare(cell: str) -> str:
    return _BRACKETS.sub("", cell)


def _columns(
    heads: Sequence[str], taken: set[int], identity: Identity, part: Part, lexicon: Lexicon
) -> Iterator[_Column]:
    """Yield the columns of figures; one of growth without a year goes with the column before it."""
    before: _Column | None = None
    for index, head in enumerate(heads):
        if index in taken or any(word in head for word in lexicon.words("table.not_values")):
            before = None if index not in taken else before
            continue
        growth = any(word in head for word in lexicon.words("table.growth"))
        year = _year(head, identity, lexicon)
        if year is None and not growth:
            year = _year_of_part(head, identity, part, lexicon)
        kind = _kind(head, year, identity, lexicon)
        if growth and year is None and before is not None:
            year, kind = before.year, before.kind
        if year is None or kind is None:
            before = None
            continue
        before = _Column(index, year, kind, growth)
        yield before


def _year(head: str, identity: Identity, lexicon: Lexicon) -> int | None:
    years = set(_YEAR.findall(head))
    if len(years) == 1:
        return int(years.pop())
    if years or not identity.report_year:
        return None
    last = any(word in head for word in lexicon.words("table.last_year") if word not in lexicon.words("table.growth"))
    # 比上年增长 compares with the year before, it does not speak of it.
    if last and not any(word in head for word in lexicon.words("table.growth")):
        return identity.report_year - 1
    if any(word in head for word in lexicon.words("table.this_year")):
        return identity.report_year
    return None


def _year_of_part(head: str, identity: Identity, part: Part, lexicon: Lexicon) -> int | None:
    """Return the year of a column whose whole head is a word for amounts (总量, 完成情况): that of its part."""
    if not identity.report_year or _bare(head) not in lexicon.words("table.amounts"):
        return None
    return {Part.REVIEW: identity.report_year - 1, Part.PLAN: identity.report_year}.get(part)


def _kind(head: str, year: int | None, identity: Identity, lexicon: Lexicon) -> Kind | None:
    """Return what a column holds: as its header says, else by the year."""
    result = any(word in head for word in lexicon.words("table.results"))
    target = any(word in head for word in lexicon.words("table.targets"))
    if result != target:
        return Kind.RESULT if result else Kind.TARGET
    if result or year is None or not identity.report_year:
        return None
    return Kind.RESULT if year < identity.report_year else Kind.TARGET


# --- the rows ----------------------------------------------------------------------------------


def _read(
    table: SourceTable, layout: _Layout, report: CompiledReport, rulebook: RuleBook
) -> tuple[CompiledReport, list[str], list[Issue]]:
    """Return the report with the facts of a table, the names that no rule knows, and issues."""
    text, lexicon = report.text, rulebook.lexicon
    facts, sentences = list(report.facts), list(report.sentences)
    issues: list[Issue] = []
    unnamed: list[str] = []
    above = [sentence for sentence in report.sentences if sentence.end <= table.start]
    paragraph, headings = (above[-1].paragraph, above[-1].headings) if above else (1, ())
    for row in table.rows[layout.first :]:
        printed = squeeze(text[slice(*row[layout.name])])
        name, unit = _name(printed, lexicon)
        if layout.unit >= 0:
            unit = squeeze(text[slice(*row[layout.unit])]) or unit
        number = len(sentences) + 1
        found = 0
        figures = 0
        for column, (start, end) in _figure_cells(row, layout.values, text):
            cell = squeeze(text[start:end])
            if not name:
                continue
            figures += 1
            fact = _fact(name, unit, cell, column, report.identity, rulebook)
            if fact is None:
                continue
            found += 1
            fact = replace(
                fact,
                report_year=report.identity.report_year,
                quote=cell,
                raw=fact.raw if fact.raw in cell else cell[slice(*_span(cell))],
                modifier=fact.modifier if fact.modifier in cell else cell[: _span(cell)[0]],
                source=report.source,
                report=report.number,
                start=start,
                end=end,
                heading="/".join(headings),
                paragraph=paragraph,
                figure_start=start + _span(cell)[0],
                figure_end=start + _span(cell)[1],
                sentence=number,
            )
            same = [other for other in facts if _cell(other) == _cell(fact)]
            if any((other.low, other.high, other.text) == (fact.low, fact.high, fact.text) for other in same):
                continue
            if same:
                issues.append(_differs(same[0], fact, name))
            facts.append(fact)
        if figures and not found:
            unnamed.append(name)
        if found:
            start, end = row[0][0], max(cell_end for _, cell_end in row)
            shown = squeeze(text[start:end])
            sentences.append(Sentence(number, paragraph, start, end, shown, headings, Part.OTHER))
    return replace(report, facts=tuple(facts), sentences=tuple(sentences)), unnamed, issues


def _figure_cells(
    row: Sequence[tuple[int, int]], columns: Sequence[_Column], text: str
) -> Iterator[tuple[_Column, tuple[int, int]]]:
    """Yield the columns of a row that hold a figure, with its span; a cell may hold two: 22.86亿元，增长9.2%."""
    for column in columns:
        start, end = row[column.index]
        parts = [(start + part.start(), start + part.end()) for part in _SEPARATE.finditer(text[start:end])]
        if all(len(_DIGITS.findall(text[first:last])) == 1 for first, last in parts):
            yield from ((column, part) for part in parts)
        elif _FIGURE.fullmatch(squeeze(text[start:end])):
            yield column, (start, end)


def _name(printed: str, lexicon: Lexicon) -> tuple[str, str]:
    """Return an indicator's name as the rules know it, and the unit that stands in brackets behind it."""
    name = _NUMBERED.sub("", printed)
    for word in lexicon.words("table.among"):
        name = name.removeprefix(word)
    brackets = _BRACKETS.findall(name)
    return _BRACKETS.sub("", name), brackets[-1] if brackets else ""


def _fact(name: str, unit: str, cell: str, column: _Column, identity: Identity, rulebook: RuleBook) -> Fact | None:
    """Return the fact that a cell states, ``None`` where the rules do not know the name or the figure."""
    part = Part.REVIEW if column.kind is Kind.RESULT else Part.PLAN
    noun = next((noun for noun in rulebook.lexicon.words("direction.nouns") if name.endswith(noun)), "")
    falls = any(word in noun for word in rulebook.lexicon.words("direction.down"))
    if falls and "-" in cell.translate(_MINUS):
        return None  # 能耗降幅 −3%: less of a fall, or a fall
    growth = column.growth or bool(noun and not falls)  # 工业增加值增幅: what the column has is growth
    if growth:
        name = name.removesuffix(noun)
    # What is aimed at for a later year is told as a sentence would tell it: a fact of the years until then.
    later = column.kind is Kind.TARGET and column.year > identity.report_year > 0
    until = f"到{column.year}年，" if later else ""
    spoken = identity if later else replace(identity, report_year=column.year + (column.kind is Kind.RESULT))
    for sentence in _sentences(name, unit, cell, growth, rulebook.lexicon):
        facts = compile_example(until + sentence, part, rulebook, spoken).facts
        if len(facts) == 1 and facts[0].tier is Tier.BASE and (facts[0].from_year is not None) == later:
            fact = facts[0]
            if (fact.year, fact.kind) == (column.year, column.kind) and _is_whole(fact.printed_name, name, rulebook):
                return fact
    return None


def _is_whole(printed: str, name: str, rulebook: RuleBook) -> bool:
    """Tell whether the name that a rule found is the row's whole name, words of growth aside."""
    rest = name.replace(printed, "", 1)
    growth = (*rulebook.lexicon.words("direction.nouns"), *rulebook.lexicon.words("table.growth"))
    return bool(printed) and printed in name and (not rest or rest in growth)


def _sentences(name: str, unit: str, cell: str, growth: bool, lexicon: Lexicon) -> Iterator[str]:
    """Yield the sentences that a cell may stand for, the likeliest first."""
    figure = _FIGURE.fullmatch(cell)
    assert figure is not None
    before, after = figure["before"], figure["after"]
    for mark, bound in _BOUNDS.items():
        words = [hedge.word for hedge in lexicon.hedges if hedge.side == "before" and hedge.bound == bound]
        if mark in before and words:
            before = before.replace("=", "").replace(mark, words[0])
    number = figure["number"].replace(",", "")
    hedges = {hedge.word for hedge in lexicon.hedges if hedge.side == "after"}
    own_unit = "" if not after or after in hedges else after
    shown = number + ("" if own_unit else (unit if not growth or unit in _PERCENT else _PERCENT[0])) + after
    up, down = (lexicon.words(f"direction.{way}") for way in ("up", "down"))
    rises = next((word for word in lexicon.words("table.growth") if word in up), "")
    falls = next((word for word in lexicon.words("table.falls") if word in down), "")
    percent = shown.startswith(tuple(f"{number}{sign}" for sign in _PERCENT))
    if not growth and not figure["minus"]:
        yield f"{name}{before}{shown}。"
    if growth or percent:
        yield f"{name}{falls if figure['minus'] else rises}{before}{shown}。"


def _span(cell: str) -> tuple[int, int]:
    """Return where the number stands in a cell, its sign with it."""
    figure = _FIGURE.fullmatch(cell)
    assert figure is not None
    return figure.start("minus"), figure.end("number")


def _cell(fact: Fact) -> tuple[object, ...]:
    return (fact.year, fact.kind, fact.indicator_id, fact.measure, fact.tier, fact.from_year, fact.total)


def _differs(first: Fact, other: Fact, name: str) -> Issue:
    fields = {
        "indicator": other.indicator,
        "year": str(other.year),
        "raw": other.raw,
        "first": first.quote,
        "other": f"{name} {other.quote}",
    }
    return about("F202", fields, other)
