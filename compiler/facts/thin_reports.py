"""Reports from which less was read than their figures let expect: said aloud, with the reason as far as known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from compiler.issues import CATALOGUE
from compiler.language.guards import GUARDS, Guard
from compiler.model import CompiledReport, Issue, Kind, Paragraph, Part

_ENOUGH_FIGURES = 30
"""A text with fewer figures is an excerpt: that it has no results or no targets tells nothing."""
_MANY_FIGURES, _LEAST_SHARE = 60, 0.12
"""Of 57 reports of all levels, 2005 to 2026, the poorest gave one fact for every four figures; half of that is poor."""
_LONG = 1000
"""A text of fewer characters, with few figures, is not what a report is: the rest may be missing, or a picture."""


def sparse(report: CompiledReport, paragraphs: Sequence[Paragraph]) -> Issue | None:
    """Return the warning that a report gave too little, ``None`` where it gave enough."""
    kinds = {fact.kind for fact in report.facts}
    fields = {"figures": str(report.figures), "facts": str(len(report.facts))}
    length = sum(paragraph.end - paragraph.start for paragraph in paragraphs)
    if not report.facts:
        short = length < _LONG and report.figures < _ENOUGH_FIGURES
        reason = _shortness(length) if short else _reason(report, paragraphs, (Part.REVIEW, Part.PLAN))
        return Issue("F301", {**fields, "reason": reason})
    if report.figures < _ENOUGH_FIGURES:
        return None
    if Kind.RESULT not in kinds:
        return Issue("F302", {**fields, "reason": _reason(report, paragraphs, (Part.REVIEW,))})
    if Kind.TARGET not in kinds:
        return Issue("F303", {**fields, "reason": _reason(report, paragraphs, (Part.PLAN,))})
    if report.figures >= _MANY_FIGURES and len(report.facts) < _LEAST_SHARE * report.figures:
        return Issue("F304", {**fields, "reason": _reason(report, paragraphs, ())})
    return None


def _shortness(length: int) -> str:
    return CATALOGUE["F316"].message.format(length=length)


def _reason(report: CompiledReport, paragraphs: Sequence[Paragraph], wanted: Sequence[Part]) -> str:
    """Return why a report gave little, as far as known: year, parts, the guard that refused most, missing rules."""
    parts = {paragraph.part for paragraph in paragraphs if not paragraph.is_heading}
    if not report.identity.report_year:
        return CATALOGUE["F311"].message
    missing = [part for part in wanted if part not in parts]
    if missing:
        spans = {Part.REVIEW: Part.REVIEW_SPAN, Part.PLAN: Part.PLAN_SPAN}
        return CATALOGUE["F313" if spans[missing[0]] in parts else "F312"].message
    refused = Counter(refusal.guard for refusal in report.refusals)
    guard, count = refused.most_common(1)[0] if refused else ("", 0)
    most = ""
    if guard:
        about = CATALOGUE[GUARDS[Guard(guard)].code].about.rstrip("。")
        most = CATALOGUE["F314"].message.format(count=count, about=about)
    if count > len(report.uncovered):
        return most
    unclaimed = CATALOGUE["F315"].message.format(count=len(report.uncovered))
    return f"{unclaimed}；{most}" if most else unclaimed
