"""``preview --briefing PLACE``: the text of a briefing on the screen, for whoever changes its template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compiler.app.terminal import CONTENT_AT_FAULT, DONE, WrongUse, say, show_issues
from compiler.model import CompiledReport, RuleBook, Source


def show_briefing(place: str, inputs: Sequence[Source], rulebook: RuleBook, templates: Path | None) -> int:
    """Print the newest briefing of the place whose name holds ``place``.

    Only files that speak of the place are compiled, so that the answer comes at once; ranks are thus left out.
    """
    from compiler.briefing.briefing_blocks import text_lines
    from compiler.briefing.write import Briefings, load_briefing_template
    from compiler.facts.batch import Inputs, compile_inputs
    from compiler.ledger.join import build_ledger
    from compiler.workspace import choose_folder

    template, issues = load_briefing_template(choose_folder(templates, "templates").folder, rulebook)
    show_issues(issues)
    if template is None:
        return CONTENT_AT_FAULT
    named = [source.text.count(place) for source in inputs]
    # Reports name their own place far more often than a neighbour's.
    likely = tuple(
        source for source, n in zip(inputs, named, strict=True) if place in source.path or n * 4 > max(named)
    )
    reports, _ = compile_inputs(Inputs(likely, ()), rulebook)
    found = [report for report in reports if place in report.identity.place or place in report.source]
    if not found:
        places = dict.fromkeys(report.identity.place for report in reports if report.identity.place)
        raise WrongUse(f"没有“{place}”的报告" + (f"；有的是{'、'.join(places)}" if places else ""))
    report = max(found, key=_newest)
    ledger, more = build_ledger(reports, rulebook)
    composed, told = Briefings(reports, ledger, more, rulebook, template).compose(report)
    show_issues(told)
    for line in text_lines(composed):
        print(line)
    if len(found) > 1:
        say(f"“{place}”的报告有 {len(found)} 份，这里是{report.identity.place}{report.identity.report_year}年的")
    return DONE


def _newest(report: CompiledReport) -> int:
    return report.identity.report_year
