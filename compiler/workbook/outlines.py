"""What the workbook has to know of each report before any row is written, so that nobody holds all reports whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from compiler.facts.nouns import name_uncovered
from compiler.model import CompiledReport, Fact, Kind, Lexicon, Task, Uncovered
from compiler.strings import squeeze
from compiler.workbook.shown_unit import printed


class ListedFigure(NamedTuple):
    """An uncovered figure that is one indeed: which one it is of its report, with the noun and unit that it seems to
    have, and why no rule took it."""

    nth: int
    noun: str
    unit: str
    reason: str


class TaskHead(NamedTuple):
    """A task of a report by what its row is found and counted by; ``facts`` are the ids of the targets in it."""

    id: str
    place: str
    report_year: int
    heading: str
    lead: str
    facts: tuple[str, ...]


class ReportOutline(NamedTuple):
    """A report without its sentences, passages and tasks.

    ``uncovered`` is how many figures no rule claimed, the marks of footnotes among them; ``rests`` is what follows the
    quote of a target up to the end of its clause, by the ids of the facts, where anything does.
    """

    uncovered: int
    listed: tuple[ListedFigure, ...]
    passages: int
    tasks: tuple[TaskHead, ...]
    rests: dict[str, str]


def outline_of(
    report: CompiledReport, lexicon: Lexicon | None = None, nouns: Sequence[str] | None = None
) -> ReportOutline:
    """Return the outline of a report; its uncovered figures get the ``nouns``, else those that their clauses tell."""
    return ReportOutline(
        len(report.uncovered),
        tuple(_listed(name_uncovered(report, nouns, lexicon))),
        len(report.passages),
        tuple(map(_head, report.tasks)),
        dict(_rests(report)),
    )


def _head(task: Task) -> TaskHead:
    return TaskHead(task.id, task.place, task.report_year, task.heading, task.lead, task.facts)


def _listed(report: CompiledReport) -> Iterator[ListedFigure]:
    for index, item in enumerate(report.uncovered):
        if is_no_figure(item, report.text):
            continue
        one = printed(item.raw)
        unit = one.unit if one is not None else squeeze(item.raw).lstrip(_NUMERALS)
        yield ListedFigure(index, item.noun, unit, item.reason)


_NUMERALS: Final = "0123456789.,，-—–~～至到一二两三四五六七八九十百千万亿零〇半多余几"
_OPENING, _CLOSING = frozenset("[［〔【(（/"), frozenset("]］〕】)）/")


def is_no_figure(item: Uncovered, text: str) -> bool:
    """Tell whether a bare number is the mark of a footnote ([3]) or page furniture (/12-03/), and measures nothing."""
    if not squeeze(item.raw).isdecimal():
        return False
    before = text[max(0, item.start - 1) : item.start]
    after = text[item.end : item.end + 1]
    return before in _OPENING and (after in _CLOSING or after == "-")


def _rests(report: CompiledReport) -> Iterator[tuple[str, str]]:
    texts = {sentence.number: sentence.text for sentence in report.sentences}
    for fact in report.facts:
        rest = _rest(fact, texts.get(fact.sentence, "")) if fact.kind is Kind.TARGET else ""
        if rest:
            yield fact.id, rest


def _rest(fact: Fact, text: str) -> str:
    at = text.find(fact.quote)
    rest = _CLAUSE_END.split(text[at + len(fact.quote) :])[0] if at >= 0 else ""
    return rest if len(rest) <= _SHORT_REST else ""


_CLAUSE_END: Final = re.compile("[，,；;。：:！（(]")
_SHORT_REST: Final = 16
"""Characters behind a span that are shown with it; of more it would be a sentence rather than a span."""
