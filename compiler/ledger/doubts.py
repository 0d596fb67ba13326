"""Doubt: which figures must not be ranked, charted, averaged or told in a headline.

A fact's ``doubt`` holds the codes of the issues that put it in doubt. Which codes do stands beside their wording in
``messages/*.yaml`` (``doubt: true``). A report's own checks are known when it is compiled; checks across reports add to
them here, after the ledger was built once. The checks themselves stand in :mod:`checks`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from compiler.facts.gists import with_facts
from compiler.issues import raises_doubt
from compiler.model import CompiledReport, Fact, Issue


def doubtful(fact: Fact) -> bool:
    """Tell whether a figure is in doubt: shown with its mark, and left out of headlines, ranks, charts and means."""
    return bool(fact.doubt)


Codes = Mapping[str, Collection[str]]
"""The codes of the issues that put a fact in doubt, by its id."""


def doubt_codes(issues: Iterable[Issue]) -> dict[str, set[str]]:
    """Return which issues put which facts in doubt."""
    codes: dict[str, set[str]] = defaultdict(set)
    for issue in issues:
        if raises_doubt(issue):
            for fact_id in issue.facts:
                codes[fact_id].add(issue.code)
    return codes


def with_doubts(reports: Sequence[CompiledReport], known: Codes, issues: Iterable[Issue]) -> tuple[CompiledReport, ...]:
    """Return the reports with the codes of the issues that raise doubt, and those known, on the facts they name."""
    found = doubt_codes(issues)
    return tuple(_stamped(report, (known, found)) for report in reports)


def _stamped(report: CompiledReport, codes: Sequence[Codes]) -> CompiledReport:
    if not any(fact.id in some for fact in report.facts for some in codes):
        return report
    facts = (_doubted(fact, {code for some in codes for code in some.get(fact.id, ())}) for fact in report.facts)
    return with_facts(report, tuple(facts))


def _doubted(fact: Fact, codes: set[str]) -> Fact:
    known = set(fact.doubt.split())
    return fact if codes <= known else replace(fact, doubt=" ".join(sorted(known | codes)))
