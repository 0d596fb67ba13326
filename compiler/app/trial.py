"""Templates tried on a report of the samples: what fails only when it is worked out is told before a build."""

from __future__ import annotations

from typing import Any

from compiler.issues import severity
from compiler.model import Issue, RuleBook, Severity

TWO_YEARS = 2
"""The first samples are reports of one place in two years."""


def try_briefing(template: Any, rulebook: RuleBook) -> tuple[Issue, ...]:
    """Compose the briefing of a sample and return what its template (of ``load_templates``) did wrong, places known."""
    from compiler.briefing.write import Briefings
    from compiler.facts.batch import compile_inputs, read_inputs
    from compiler.ledger.join import build_ledger
    from compiler.workspace import sample_files

    reports, _ = compile_inputs(read_inputs(sample_files()[:TWO_YEARS]), rulebook)
    ledger, issues = build_ledger(reports, rulebook)
    report = max(reports, key=lambda one: one.identity.report_year)
    told = Briefings(reports, ledger, issues, rulebook, template).compose(report)[1]
    found = (issue for issue in told if issue.where is not None and severity(issue) is not Severity.NOTE)
    return tuple({(issue.code, issue.where): issue for issue in found}.values())
