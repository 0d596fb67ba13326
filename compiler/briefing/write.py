"""The briefing of each report and the summary over all: a Word document that can be put before a mayor.

Every sentence is a quotation, a statement computed from the ledger, or fixed wording of ``templates/briefing.yaml``.
What its expressions see is made in :mod:`rows`, :mod:`ranks` and :mod:`choose`; :mod:`compose` walks the outline,
:mod:`word` writes the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

from compiler.briefing.choose import Chooser
from compiler.briefing.compose import FUNCTIONS, Composer
from compiler.briefing.composed import Composed
from compiler.briefing.fit import STEPS, fits, shorter
from compiler.briefing.marks import clean, plain, typeset
from compiler.briefing.ranks import RANK_FIELDS, Rank, peers_of, ranks
from compiler.briefing.rows import GROUPS, ROW_FIELDS, Row, Viewer, groups
from compiler.briefing.sources import Quoted, Sources
from compiler.briefing.template import BriefingTemplate, Vocabulary, load_template
from compiler.files import safe_file_name
from compiler.ledger.rows import Ledger
from compiler.ledger.totals import Totals
from compiler.model import BuildInfo, CompiledReport, Fact, Issue, RuleBook
from compiler.numbers import decimal_text
from compiler.rules.expressions import render_text


@dataclass(frozen=True, slots=True)
class Place:
    """A report as a line of the summary. ``rows`` are its indicators by name, ``ranks`` those that may be ranked."""

    name: str
    year: str
    last_year: str
    has_last_report: bool
    judged: int
    met: int
    missed: int
    totals: str
    own: str
    missed_names: str
    growth_number: str
    goal_number: str
    rows: Mapping[str, Row] = field(default_factory=dict)
    ranks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """An issue that an official should look at."""

    kind: str
    indicator: str
    message: str
    cite: str = ""


_QUOTED_FIELDS: Final = ("text", "cite", "name")
_PLACE_FIELDS: Final = tuple(one.name for one in fields(Place) if one.name not in {"rows", "ranks"})
_CHECK_FIELDS: Final = tuple(one.name for one in fields(Check))
_TOTALS: Final = ("judged_number", "met_number", "about_number", "missed_number", "share")

BRIEFING: Final = Vocabulary(
    (
        *("place", "has_year", "year", "last_year", "title", "meeting", "date", "speaker", "file", "has_last_report"),
        *("paragraphs", *_TOTALS, *GROUPS, "ranks", "told_ranks", "checks", "peers"),
        *(
            "work",
            "deeds",
            "deed_heads",
            "done_deeds",
            "projects",
            "project",
            "problems",
            "problem_heads",
            "admissions",
        ),
    ),
    {
        **dict.fromkeys(GROUPS, ROW_FIELDS),
        "ranks": RANK_FIELDS,
        "checks": _CHECK_FIELDS,
        **dict.fromkeys(
            (
                *(
                    "work",
                    "deeds",
                    "deed_heads",
                    "done_deeds",
                    "projects",
                    "project",
                    "problems",
                    "problem_heads",
                    "admissions",
                ),
                *("told_ranks", "peers"),
            ),
            _QUOTED_FIELDS,
        ),
    },
)
SUMMARY: Final = Vocabulary(
    (
        *("year", "last_year", "years", "reports", "places", "peers", "ranks", "growth_ranks", "amount_ranks"),
        *("compared_places", "missing_places", "missed_places", "charted"),
    ),
    {
        **dict.fromkeys(("places", "peers", "compared_places", "missed_places", "charted"), _PLACE_FIELDS),
        **dict.fromkeys(("ranks", "growth_ranks", "amount_ranks"), RANK_FIELDS),
        "missing_places": _QUOTED_FIELDS,
    },
)


def load_briefing_template(
    folder: Path, rulebook: RuleBook | None = None
) -> tuple[BriefingTemplate | None, tuple[Issue, ...]]:
    """Load ``briefing.yaml`` and ``briefing.docx`` from ``folder``; what they name is looked up in ``rulebook``."""
    return load_template(folder, {"briefing": BRIEFING, "summary": SUMMARY}, FUNCTIONS, rulebook)


def briefing_name(report: CompiledReport, template: BriefingTemplate | None = None) -> str:
    """Return the file name of a report's briefing, safe on every file system but not yet unique."""
    identity = report.identity
    place = identity.place or Path(report.source).stem
    year = f"{identity.report_year}年" if identity.report_year else ""
    stem = f"{place}{year}政府工作报告要情"
    if template is not None:
        context = {"place": place, "has_year": bool(year), "year": str(identity.report_year)}
        rendered, issues = render_text(template.file_name, context)
        if rendered.strip() and not issues:
            stem = plain(rendered).strip()
    return safe_file_name(stem, ".docx", "要情")


def write_briefing(
    path: Path,
    report: CompiledReport,
    ledger: Ledger,
    all_reports: Sequence[CompiledReport],
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
    build_info: BuildInfo,
) -> tuple[Issue, ...]:
    """Write the briefing of one report to ``path``; return what the template did wrong."""
    composer = _briefing(report, ledger, all_reports, issues, rulebook, template)
    return _write(path, composer, build_info)


def write_summary_briefing(
    path: Path,
    reports: Sequence[CompiledReport],
    ledger: Ledger,
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
    build_info: BuildInfo,
) -> tuple[Issue, ...]:
    """Write the summary over all places to ``path``."""
    composer = _summary(reports, ledger, rulebook, template)
    composer.compose()
    return _write(path, composer, build_info)


def compose_briefing(
    report: CompiledReport,
    ledger: Ledger,
    all_reports: Sequence[CompiledReport],
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
) -> tuple[Composed, tuple[Issue, ...]]:
    """Return the briefing of one report before it is a file, and what the template did wrong."""
    composer = _briefing(report, ledger, all_reports, issues, rulebook, template)
    return composer.composed, tuple(composer.issues)


def _write(path: Path, composer: Composer, info: BuildInfo) -> tuple[Issue, ...]:
    from compiler.briefing.word import word_bytes

    composed = composer.composed
    properties = {key: plain(composer.text(text)) for key, text in composer.template.properties.items()}
    path.write_bytes(word_bytes(composed, composer.template, properties | {"created": info.started}))
    return tuple(composer.issues)


def _briefing(
    report: CompiledReport,
    ledger: Ledger,
    all_reports: Sequence[CompiledReport],
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
) -> Composer:
    """Return the composed briefing: with the limits of the template, or shorter where it takes too many pages."""
    limits = template.limits
    context = _context(report, ledger, all_reports, issues, rulebook, template)
    sources = Sources(all_reports)
    chooser = Chooser(report, sources, template.lists, limits, template.sections)
    for step in range(STEPS + 1):
        view = replace(template, limits=limits)
        chosen = {**context, **_rows(report, context, view), **_quotations(chooser, limits)}
        composer = Composer(view, template.briefing, chosen, sources, report)
        if fits(composer.compose_body(), limits["pages"], composer.lines_below()) or step == STEPS:
            break
        limits = shorter(limits)
    composer.add_annexes()
    return composer


def _rows(report: CompiledReport, context: Mapping[str, object], template: BriefingTemplate) -> dict[str, list[Row]]:
    rows, headlines = context["_rows"], context["_headlines"]
    assert isinstance(rows, tuple) and isinstance(headlines, list)
    return groups(rows, template.lists, template.limits["rows"], template.limits["least_rows"], headlines)


def _context(
    report: CompiledReport,
    ledger: Ledger,
    all_reports: Sequence[CompiledReport],
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: BriefingTemplate,
) -> dict[str, object]:
    """Return what the expressions see of the ledger, whatever the length of the text."""
    sources = Sources(all_reports)
    viewer = Viewer(ledger, rulebook, sources, template.words, template.lists)
    identity = report.identity
    year = identity.report_year
    peers = peers_of(report, all_reports)[1:] if year else []
    return {
        "_rows": viewer.rows(report),
        "_headlines": [rule.name for rule in viewer.headlines],
        "place": identity.place or Path(report.source).stem,
        # Of an unknown year the template speaks as 本年 and 上年.
        "has_year": bool(year),
        "year": str(year) if year else "本",
        "last_year": str(year - 1) if year else "上",
        "title": clean(identity.title),
        "meeting": clean(identity.meeting),
        "date": _date(clean(identity.date)),
        "speaker": clean(identity.speaker),
        "file": report.source,
        "has_last_report": viewer.has_last_report(report),
        "paragraphs": report.sentences[-1].paragraph if report.sentences else 0,
        **_totals(viewer.totals(report)),
        "ranks": ranks(report, [report, *peers], viewer) if peers else [],
        "told_ranks": _told_ranks(report, viewer),
        "checks": _checks(issues, report, sources),
        "peers": [Quoted(one.identity.place, "", one.identity.place) for one in peers],
    }


def _quotations(chooser: Chooser, limits: Mapping[str, int]) -> dict[str, object]:
    """Return what the template quotes of a report, no sentence twice."""
    chooser.limits = limits
    deeds = chooser.deeds()
    work = chooser.work([key for one in deeds for key in one.keys])
    taken = [key for one in (*deeds, *work) for key in one.keys]
    return {
        "work": work,
        "deeds": deeds,
        "deed_heads": chooser.deed_heads(deeds),
        "done_deeds": chooser.done_deeds(),
        "projects": chooser.projects(limits["projects"], limits["sentence_length"], taken),
        "project": chooser.project(limits["point_length"]),
        "problems": chooser.problems(),
        "problem_heads": chooser.problem_heads,
        "admissions": chooser.admissions,
    }


def _totals(totals: Totals) -> dict[str, object]:
    return {
        "judged_number": totals.judged,
        "met_number": totals.met,
        "about_number": totals.about,
        "missed_number": totals.missed,
        "share": f"{decimal_text(totals.share)}%" if totals.share is not None else "",
    }


def _told_ranks(report: CompiledReport, viewer: Viewer) -> list[Quoted]:
    """Return what the report itself says of ranks and comparisons with a higher level, word for word, each once."""
    sentences = {sentence.number: sentence for sentence in report.sentences}
    own = report.source, report.number
    found: dict[str, Quoted] = {}
    for line in viewer.lines(report):
        for fact in line.past.results if line.past is not None else ():
            if (fact.rank or fact.comparison) and not fact.doubt and (fact.source, fact.report) == own:
                text = _up_to_rank(fact, sentences[fact.sentence].text)
                if text:
                    mark = viewer.sources.of_fact(fact)
                    found.setdefault(text, Quoted(typeset(clean(text)), mark, line.indicator))
    # Of two that one sentence tells (高于全省，居第一位), the longer one holds both.
    return [one for one in found.values() if not any(one.text in other.text != one.text for other in found.values())]


def _up_to_rank(fact: Fact, text: str) -> str:
    """Return a sentence from a fact's own words to the rank or comparison told of it; empty where it has none."""
    start = text.find(fact.quote)
    end = start + len(fact.quote)
    for told in (fact.rank, fact.comparison):
        at = text.find(told, start) if told else start
        if start < 0 or at < 0:
            return ""
        end = max(end, at + len(told))
    return text[start:end]


def _summary(
    reports: Sequence[CompiledReport], ledger: Ledger, rulebook: RuleBook, template: BriefingTemplate
) -> Composer:
    sources = Sources(reports)
    viewer = Viewer(ledger, rulebook, sources, template.words, template.lists)
    ordered = sorted(reports, key=_by_code)
    # Ranks are of one year and one level: the largest such group, the latest of those.
    groups_of_peers = [peers_of(report, ordered) for report in ordered if report.identity.report_year]
    peers = max(groups_of_peers, key=lambda one: (len(one), one[0].identity.report_year), default=[])
    peers = sorted(peers, key=_by_code)
    main = peers[0].identity.report_year if peers else 0
    listed = ranks(None, peers, viewer)
    places = [_place(report, viewer, template, listed if report in peers else []) for report in ordered]
    own = [place for report, place in zip(ordered, places, strict=True) if report in peers]
    context: dict[str, object] = {
        "year": str(main) if main else "",
        "last_year": str(main - 1) if main else "",
        "years": sorted({str(report.identity.report_year) for report in reports if report.identity.report_year}),
        "reports": len(reports),
        "places": places,
        "peers": own,
        "ranks": listed,
        "growth_ranks": [rank for rank in listed if rank.growth],
        "amount_ranks": [rank for rank in listed if not rank.growth],
        "compared_places": [one for one in places if one.has_last_report and one.judged],
        "missed_places": [one for one in places if one.own],
        "missing_places": [Quoted(rank.missing, "", f"{rank.name}（{rank.basis}）") for rank in listed if rank.missing],
        "charted": [one for one in own if one.growth_number and one.goal_number],
    }
    return Composer(template, template.summary, context, sources, None)


def _by_code(report: CompiledReport) -> tuple[str, str, int]:
    """Sort by division code; a place without one comes last."""
    identity = report.identity
    return identity.place_code or "999999", identity.place, identity.report_year


def _date(date: str) -> str:
    """Return an ISO date as it is written in Chinese, anything else as it is."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", date)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else date


def _place(report: CompiledReport, viewer: Viewer, template: BriefingTemplate, listed: Sequence[Rank]) -> Place:
    rows = viewer.rows(report)
    compared = viewer.has_last_report(report)
    totals = viewer.totals(report)
    identity = report.identity
    year = identity.report_year
    first = next(
        (row for row in rows if row.headline and row.indicator == (template.lists.get("overview") or ("",))[0]), None
    )
    chooser = Chooser(report, viewer.sources, template.lists, template.limits, template.sections)
    own = chooser.admissions
    missed = [row.name for row in rows if compared and "missed" in row.claims and not row.doubtful]
    return Place(
        name=identity.place or Path(report.source).stem,
        year=str(year) if year else "",
        last_year=str(year - 1) if year else "",
        has_last_report=compared,
        judged=totals.judged,
        met=totals.met,
        missed=totals.missed,
        totals=totals.told(viewer.terms),
        own=own[0].text if own else "",
        missed_names="、".join(missed),
        growth_number=first.growth_number if first else "",
        goal_number=first.goal_number if first else "",
        rows={row.indicator: row for row in rows if not row.doubtful},
        ranks={r.name: str(r.places[identity.place]) for r in listed if r.growth and identity.place in r.places},
    )


def _checks(issues: Sequence[Issue], report: CompiledReport, sources: Sources) -> list[Check]:
    """Return what an official should verify in this report, the weightiest first: what puts a figure in doubt."""
    from compiler.issues import kind, message, raises_doubt, severity

    order = {"error": 0, "warning": 1, "note": 2}
    found: list[tuple[int, Check]] = []
    for issue in issues:
        if raises_doubt(issue) and _concerns(issue, report):
            check = Check(kind(issue), issue.indicator, clean(message(issue)), sources.of_issue(issue))
            found.append((order.get(severity(issue).value, 3), check))
    return [*dict.fromkeys(check for _, check in sorted(found, key=lambda pair: pair[0]))]


def _concerns(issue: Issue, report: CompiledReport) -> bool:
    """Tell whether an issue belongs in the briefing of ``report``."""
    identity = report.identity
    if issue.code.startswith("L10"):
        # Last year's target against its result: a matter of the report that gives the result, even where
        # the issue points at the target in the report before.
        return issue.place == identity.place and issue.fields.get("year") == str(identity.report_year - 1)
    if issue.source:
        return issue.source == report.source and issue.report in {0, report.number}
    return issue.place == identity.place != ""
