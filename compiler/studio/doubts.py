"""What should make one stop before a change of rules is saved: it takes nothing, not the figure meant, or too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compiler.model import Fact, RuleBook
from compiler.strings import squeeze
from compiler.studio.change_effects import Effect
from compiler.studio.desk import Desk
from compiler.studio.edits import Draft
from compiler.studio.wording import kind_of

if TYPE_CHECKING:
    from compiler.authoring.explain import ExplainedFigure

MOST_FIGURES: Final = 2
"""So many different figures of one indicator may stand in one report for a year: one said twice and rounded once."""

MOST_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Missed:
    """The figure that a change was made for and that it does not take, with the reason."""

    raw: str
    step: ExplainedFigure


def doubts(desk: Desk, draft: Draft, found: Effect) -> tuple[str, ...]:
    """Return in Chinese what speaks against saving a draft that works."""
    if not draft.indicator or not desk.reports:
        return ()
    taken = (*found.changes.added, *(new for _, new in found.moved))
    own = [fact for fact in taken if fact.indicator_id == draft.indicator]
    if not own:
        return ("打开的报告里，它一个数字也没有多取到。",)
    return tuple(_crowded(own))


def _crowded(facts: list[Fact]) -> Iterator[str]:
    """Tell where an indicator would take more figures of one year than there can be: its name is too broad."""
    groups: dict[tuple[str, int, str], dict[object, str]] = {}
    for fact in facts:
        if not fact.from_year:
            key = fact.place, fact.year, kind_of(fact)
            groups.setdefault(key, {}).setdefault((fact.low, fact.high), squeeze(fact.raw))
    crowded = {key: figures for key, figures in groups.items() if len(figures) > MOST_FIGURES}
    if not crowded:
        return
    (place, year, kind), figures = max(crowded.items(), key=lambda item: len(item[1]))
    shown = "、".join([*figures.values()][:MOST_SHOWN])
    more = "等" if len(figures) > MOST_SHOWN else ""
    yield (
        f"叫法太宽：{place}{year}年的{kind}就取到 {len(figures)} 个不同的数（{shown}{more}），"
        "一个指标一年只有一个数。请把叫法写得更完整。"
    )


def missed(desk: Desk, draft: Draft, rulebook: RuleBook) -> Missed | None:
    """Return the figure that the draft is meant for, where the changed rules do not give it to that indicator."""
    from compiler.authoring.explain import Explainer
    from compiler.facts.compile import reread

    if draft.figure is None:
        return None
    number, at = draft.figure
    report = desk.report(number)
    source = desk.source_of(report) if report is not None else None
    if report is None or source is None:
        return None
    sentence = next((one for one in report.sentences if one.start <= at < one.end), None)
    reading = next((one for one in desk.readings(source, rulebook) if one.report.number == report.number), None)
    if sentence is None or reading is None:
        return None
    raw, same = raw_at(desk, number, at)
    steps = Explainer.of(reread(reading, rulebook), rulebook).explained(sentence.number).steps
    chosen = step_at(steps, raw, same, draft.indicator)
    if chosen is None or (chosen.taken and chosen.indicator_id == draft.indicator):
        return None
    return Missed(raw, chosen)


def raw_at(desk: Desk, number: int, at: int) -> tuple[str, int]:
    """Return the figure at an offset of a report as printed, and how many alike stand before it in its sentence."""
    report = desk.report(number)
    if report is None:
        return "", 0
    open_ = next(((item.start, item.end) for item in report.uncovered if item.start == at), None)
    fact = next(((one.figure_start, one.figure_end) for one in report.facts if one.figure_start == at), None)
    start, end = open_ or fact or (at, at)
    raw = squeeze(report.text[start:end])
    sentence = next((one for one in report.sentences if one.start <= at < one.end), None)
    return raw, squeeze(report.text[sentence.start : start]).count(raw) if sentence and raw else 0


def step_at(steps: tuple[ExplainedFigure, ...], raw: str, same: int, indicator: str = "") -> ExplainedFigure | None:
    """Return the step of the figure ``raw`` that ``same`` figures alike stand before.

    Where several rules have to do with it: what took it, else why ``indicator`` did not, else the first.
    """
    alike: dict[int, list[ExplainedFigure]] = {}
    for step in steps:
        if squeeze(step.raw) == raw:
            alike.setdefault(step.start, []).append(step)
    if not alike:
        return None
    start = sorted(alike)[min(same, len(alike) - 1)]
    return max(alike[start], key=lambda step: (step.taken, step.indicator_id == indicator))
