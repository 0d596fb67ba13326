"""What the expressions of ``briefing.yaml`` see: of one report, and of all reports of a build."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from compiler.briefing.choose import Chooser
from compiler.briefing.groups import GROUPS
from compiler.briefing.inline_marks import cite, for_document, typeset
from compiler.briefing.ranks import LEAST_RANKED, RANK_FIELDS, Ranking, peers_of, rankings, ranks_of
from compiler.briefing.rows import ROW_FIELDS, Row, Rows, Viewer
from compiler.briefing.sources import Quoted, Sources
from compiler.briefing.template import BriefingTemplate, Vocabulary
from compiler.ledger.rows import Ledger
from compiler.ledger.totals import Totals
from compiler.model import CompiledReport, Fact, Issue, RuleBook
from compiler.numbers import decimal_text


@dataclass(frozen=True, slots=True)
class SummaryPlace:
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
    short: str = ""
    report_year: str = ""
    estimated: bool = False
    rows: Mapping[str, Row] = field(default_factory=dict)
    ranks: Mapping[str, str] = field(default_factory=dict)


class SummaryLine(NamedTuple):
    """What of a line of the summary follows from the reports of its place alone, in a form that can be kept.

    ``told`` are the fields of :class:`SummaryPlace` that tell it, ``main`` those of the :class:`Row` of each main
    indicator, None where it has none.
    """

    place: str
    told: dict[str, Any]
    main: dict[str, tuple[Any, ...] | None]


class _LineRows(Mapping[str, Row]):
    """The rows of a line of the summary: those of main indicators are at hand, the others are made when asked for."""

    def __init__(self, main: Mapping[str, tuple[Any, ...] | None], others: Callable[[], Mapping[str, Row]]) -> None:
        self._main, self._others = main, others

    def __getitem__(self, indicator: str) -> Row:
        if indicator not in self._main:
            return self._others()[indicator]
        values = self._main[indicator]
        if values is None:
            raise KeyError(indicator)
        return Row(*values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._others())

    def __len__(self) -> int:
        return len(self._others())


Remember = Callable[[CompiledReport, Callable[[], SummaryLine]], SummaryLine]
"""Returns what was made of a report before, or else what the function makes of it, and keeps that."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """An issue that an official should look at."""

    kind: str
    indicator: str
    message: str
    cite: str = ""


SUMMARY_STEPS: Final = 4
"""The steps in which the summary is shortened to a page; in the last it gives up its chart."""

_MOST_CHARTED: Final = 12
_FIRST_CHARTED: Final = 10
"""Places that a chart on the one page of the summary can show; of more, the first."""

_LONGEST_RANK: Final = 90
"""Characters of what a report says of a rank; of more there is no room, and a part of it would be of something else."""

_PARENT: Final = re.compile("^.{1,9}?(?:市|自治州|盟|地区)(?=.{2})")
"""The city before the name of a county, which a chart has no room for."""

_QUOTED_FIELDS: Final = ("text", "cite", "name")
_PLACE_FIELDS: Final = tuple(one.name for one in fields(SummaryPlace) if one.name not in {"rows", "ranks"})
_CHECK_FIELDS: Final = tuple(one.name for one in fields(CheckLine))
_TOTALS: Final = ("judged_number", "met_number", "about_number", "missed_number", "share")

_QUOTATIONS: Final = (
    *("work", "deeds", "deed_heads", "done_deeds", "projects", "project"),
    *("problems", "problem_heads", "admissions"),
)

BRIEFING: Final = Vocabulary(
    (
        *("place", "has_year", "year", "last_year", "title", "meeting", "date", "speaker", "file", "has_last_report"),
        *("paragraphs", "last_heading", *_TOTALS, *GROUPS, "ranks", "told_ranks", "checks", "peers", "estimated"),
        "most_moved",
        *_QUOTATIONS,
    ),
    {
        **dict.fromkeys(GROUPS, ROW_FIELDS),
        "ranks": RANK_FIELDS,
        "checks": _CHECK_FIELDS,
        **dict.fromkeys(
            (
                *_QUOTATIONS,
                "told_ranks",
                "peers",
                "estimated",
            ),
            _QUOTED_FIELDS,
        ),
    },
)
SUMMARY: Final = Vocabulary(
    (
        *("year", "last_year", "years", "reports", "places", "peers", "ranks", "growth_ranks", "amount_ranks"),
        *("compared_places", "missing_places", "missed_places", "charted", "estimated", "most_told"),
        *("compared_judged", "compared_met", "leading"),
    ),
    {
        **dict.fromkeys(("places", "peers", "compared_places", "missed_places", "charted", "estimated"), _PLACE_FIELDS),
        **dict.fromkeys(("ranks", "growth_ranks", "amount_ranks"), RANK_FIELDS),
        "missing_places": _QUOTED_FIELDS,
    },
)


@dataclass(frozen=True)
class Beside:
    """The reports of one year and level, one a place, and how they rank."""

    peers: Sequence[CompiledReport]
    listed: Sequence[Ranking]

    @cached_property
    def ids(self) -> frozenset[int]:
        """The identities of the reports, as objects of this build."""
        return frozenset(map(id, self.peers))

    @cached_property
    def places(self) -> list[Quoted]:
        """The places, as a template sees them."""
        return [Quoted(place, "", place) for place in (one.identity.place for one in self.peers)]

    @cached_property
    def names(self) -> str:
        """A hash of the places."""
        return _hash("\0".join(one.identity.place for one in self.peers))

    @cached_property
    def told(self) -> list[tuple[str, Ranking]]:
        """The rankings that say something of a place, each with a hash of what all its places are told."""
        listed = [one for one in self.listed if len(one.ranked) >= LEAST_RANKED]
        return [(_hash(repr(replace(one.shared, places={}))), one) for one in listed]


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Seen:
    """The reports of one build as the expressions see them. What several briefings need is worked out once."""

    def __init__(
        self,
        reports: Sequence[CompiledReport],
        ledger: Ledger,
        issues: Sequence[Issue],
        rulebook: RuleBook,
        template: BriefingTemplate,
        remember: Remember | None = None,
    ) -> None:
        self.reports = reports
        self._remember = remember
        self.template = template
        self.sources = Sources(reports)
        self.viewer = Viewer(ledger, rulebook, self.sources, template.words, template.lists)
        self._issues = issues
        self._peers: dict[tuple[int, str], Beside] = {}

    def chooser(self, report: CompiledReport, limits: Mapping[str, int]) -> Chooser:
        """Return what chooses sentences of a report."""
        return Chooser(report, self.sources, self.template.lists, limits, self.template.sections)

    def of(self, report: CompiledReport) -> dict[str, object]:
        """Return what is seen of one report, the rows of its tables and its quotations aside."""
        viewer, identity = self.viewer, report.identity
        year, place = identity.report_year, identity.place
        beside = self._beside(report) if year else Beside([], [])
        others = [one for one in beside.places if one.name != place]
        return {
            "place": place or Path(report.source).stem,
            # Of an unknown year the template speaks as 本年 and 上年.
            "has_year": bool(year),
            "year": str(year) if year else "本",
            "last_year": str(year - 1) if year else "上",
            "title": for_document(identity.title),
            "meeting": for_document(identity.meeting),
            "date": _date(for_document(identity.date)),
            "speaker": for_document(identity.speaker),
            "file": report.source,
            "has_last_report": viewer.has_last_report(report),
            "paragraphs": report.sentences[-1].paragraph if report.sentences else 0,
            "last_heading": next((for_document(one.headings[-1]) for one in report.sentences[-1:] if one.headings), ""),
            **_totals(viewer.totals(report)),
            "ranks": ranks_of(place, beside.listed, viewer) if others else [],
            "told_ranks": _told_ranks(report, viewer),
            "checks": self._checks(report),
            "peers": others,
        }

    def told_of_others(self, report: CompiledReport) -> tuple[object, ...]:
        """Return what a briefing tells beside the reports of its own place: other places, ranks, what is in doubt."""
        beside = self._beside(report) if report.identity.report_year else Beside([], [])
        # What is told of the report's own figure follows from the reports of its place.
        own, most = report.identity.place, self.template.limits["ranks"]
        ranks = [(told, one.ranked[own].rank) for told, one in beside.told if own in one.ranked][:most]
        return beside.names, ranks, self._concerning(report), self.viewer.sought(report)

    @cached_property
    def _first(self) -> dict[tuple[int, str], CompiledReport]:
        """The first report of each year and level whose place is known."""
        found: dict[tuple[int, str], CompiledReport] = {}
        for one in self.reports:
            if one.identity.place:
                found.setdefault((one.identity.report_year, one.identity.place_level), one)
        return found

    def _beside(self, report: CompiledReport) -> Beside:
        """Return the reports of a year and level, and their ranks, whichever of them asks first."""
        key = report.identity.report_year, report.identity.place_level
        if key not in self._peers:
            peers = peers_of(self._first.get(key, report), self.reports)
            self._peers[key] = Beside(peers, rankings(peers, self.viewer))
        found = self._peers[key]
        if id(report) in found.ids:
            return found
        peers = peers_of(report, self.reports)  # another version of a place's report
        return Beside(peers, rankings(peers, self.viewer))

    # --- what is to be verified ---

    @cached_property
    def _doubts(self) -> dict[tuple[str, str], list[Issue]]:
        """The issues that put figures in doubt, by the file and by the place that they are about."""
        from compiler.issues import raises_doubt

        found: dict[tuple[str, str], list[Issue]] = {}
        for issue in self._issues:
            if raises_doubt(issue):
                for key in {("source", issue.source), ("place", issue.place)}:
                    found.setdefault(key, []).append(issue)
        return found

    def _concerning(self, report: CompiledReport) -> list[Issue]:
        """Return the issues that put a figure of this report in doubt."""
        near = {
            id(issue): issue
            for key in (("source", report.source), ("place", report.identity.place))
            for issue in self._doubts.get(key, ())
        }
        return [issue for issue in near.values() if _concerns(issue, report)]

    def _checks(self, report: CompiledReport) -> list[CheckLine]:
        """Return what an official should verify in this report, the weightiest first: what puts a figure in doubt."""
        from compiler.issues import kind, message, severity

        order = {"error": 0, "warning": 1, "note": 2}
        found: list[tuple[int, CheckLine]] = []
        for issue in self._concerning(report):
            check = CheckLine(
                kind(issue), issue.indicator, typeset(for_document(message(issue))), self.sources.of_issue(issue)
            )
            found.append((order.get(severity(issue).value, 3), check))
        return [*dict.fromkeys(check for _, check in sorted(found, key=lambda pair: pair[0]))]

    # --- all places ---

    def of_all(self) -> dict[str, object]:
        """Return what is seen of all reports, places in the order of division codes."""
        ordered = sorted(self.reports, key=_by_code)
        # Ranks are of one year and one level: the group that tells most beside one another, the latest of those.
        groups = {
            (one.identity.report_year, one.identity.place_level): one for one in ordered if one.identity.report_year
        }
        beside = [self._beside(one) for one in groups.values()]
        most = max(beside, key=_told_beside, default=Beside([], []))
        peers, listed = sorted(most.peers, key=_by_code), most.listed
        main = peers[0].identity.report_year if peers else 0
        # Of two places one is always first; that is told only where there are no more.
        least = min(len(peers), LEAST_RANKED)
        shared = [one.shared for one in listed if len(one.ranked) >= least]
        among = most.ids
        places = [self._place(one, listed if id(one) in among else []) for one in ordered]
        own = [place for report, place in zip(ordered, places, strict=True) if id(report) in among]
        both = [one for one in own if one.growth_number and one.goal_number]
        compared = [one for one in places if one.has_last_report and one.judged]
        return {
            "year": str(main) if main else "",
            "last_year": str(main - 1) if main else "",
            "years": sorted({str(one.identity.report_year) for one in self.reports if one.identity.report_year}),
            "reports": len(self.reports),
            "places": places,
            "peers": own,
            "ranks": shared,
            "growth_ranks": [rank for rank in shared if rank.growth],
            "amount_ranks": [rank for rank in shared if not rank.growth],
            "compared_places": compared,
            "compared_judged": sum(one.judged for one in compared),
            "compared_met": sum(one.met for one in compared),
            "missed_places": [one for one in places if one.own],
            "missing_places": [
                Quoted(rank.missing, "", f"{rank.name}（{rank.basis}）") for rank in shared if rank.missing
            ],
            "estimated": [one for one in own if one.estimated],
            "charted": _charted(both),
            "leading": len(both) > _MOST_CHARTED,
        }

    def _place(self, report: CompiledReport, listed: Sequence[Ranking]) -> SummaryPlace:
        """Return a report as a line of the summary, with its ranks."""

        def make() -> SummaryLine:
            return self._line(report, self.viewer.listed(report), self.chooser(report, self.template.limits))

        own = self._remember(report, make) if self._remember is not None else make()
        ranked = {one.shared.name: one.ranked.get(own.place) for one in listed if one.shared.growth}
        rows = _LineRows(own.main, lambda: self.viewer.listed(report))
        ranks = {name: str(one.rank) for name, one in ranked.items() if one}
        return SummaryPlace(**own.told, rows=rows, ranks=ranks)

    def keep_line(self, report: CompiledReport, rows: Rows, chooser: Chooser) -> None:
        """Keep for the summary what was made of a report for its briefing."""
        if self._remember is not None:
            self._remember(report, lambda: self._line(report, rows, chooser))

    def _line(self, report: CompiledReport, rows: Rows, chooser: Chooser) -> SummaryLine:
        """Return what follows of the summary from the reports of one place."""
        viewer, template, identity = self.viewer, self.template, report.identity
        compared = viewer.has_last_report(report)
        totals = viewer.totals(report)
        year = identity.report_year
        overview = (template.lists.get("overview") or ("",))[0]
        headlines = rows.headlines
        first = next((row for row in headlines if row.indicator == overview), None)
        own = chooser.admissions
        missed = [row.name for row in rows.missed if not row.doubtful] if compared else []
        told = SummaryPlace(
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
            short=_PARENT.sub("", identity.place) or Path(report.source).stem,
            report_year=f"（{year}年）" if year else "",
            estimated=any(row.note for row in headlines if not row.doubtful),
        )
        main = {rule.name: _values(rows.get(rule.name)) for rule in viewer.headlines}
        return SummaryLine(identity.place, {name: getattr(told, name) for name in _PLACE_FIELDS}, main)


def _values(row: Row | None) -> tuple[Any, ...] | None:
    return None if row is None else tuple(row)


def _told_beside(group: Beside) -> tuple[int, int, int]:
    """Return how much the reports of one year and level tell beside one another: figures ranked, places, the year."""
    peers = group.peers
    return sum(len(one.ranked) for one in group.listed), len(peers), peers[0].identity.report_year


def _charted(places: Sequence[SummaryPlace]) -> list[SummaryPlace]:
    """Return the places of the chart, in their order; of more than a chart can show, those that grew most."""
    if len(places) <= _MOST_CHARTED:
        return [*places]
    return sorted(places, key=lambda one: -Decimal(one.growth_number))[:_FIRST_CHARTED]


def within_page(context: Mapping[str, object], step: int) -> dict[str, object]:
    """Return what of the summary depends on its length: how much is told, ranked and charted."""
    ranks, charted = context["ranks"], context["charted"]
    assert isinstance(ranks, list) and isinstance(charted, list)
    return {
        "most_told": max(1, 3 - step),
        "ranks": ranks[: max(3, 8 - 2 * step)],
        "charted": charted if step < SUMMARY_STEPS else [],
    }


def within(limits: Mapping[str, int], context: Mapping[str, object], chooser: Chooser) -> dict[str, object]:
    """Return what of a report depends on the length of the text: ranks, and quotations, no sentence twice."""
    chooser.limits = limits
    ranks = context["ranks"]
    assert isinstance(ranks, list)
    deeds = chooser.deeds()
    work = chooser.work([key for one in deeds for key in one.keys])
    taken = [key for one in (*deeds, *work) for key in one.keys]
    problems = chooser.problems()
    # The paragraph of the problems proves all of them; a sentence of it that stands there whole leads to it.
    whole = [cite(key) for one in problems for key in one.keys]
    heads = [one._replace(cite=whole[0]) if whole else one for one in chooser.problem_heads]
    return {
        "most_moved": limits["moved"],
        "ranks": (told := ranks[: limits["ranks"]]),
        "estimated": [Quoted(one, "", one) for one in dict.fromkeys(p for rank in told for p in rank.estimated)],
        "work": work,
        "deeds": deeds,
        "deed_heads": chooser.deed_heads(deeds),
        "done_deeds": chooser.done_deeds(),
        "projects": chooser.projects(limits["projects"], limits["sentence_length"], taken),
        "project": chooser.project(limits["point_length"]),
        "problems": problems,
        "problem_heads": heads,
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
                text = _up_to_rank(fact, sentences[fact.sentence].text, viewer.each)
                if text:
                    mark = viewer.sources.of_fact(fact)
                    found.setdefault(text, Quoted(typeset(for_document(text)), mark, line.indicator))
    # Of two that one sentence tells (高于全省，居第一位), the longer one holds both.
    return [one for one in found.values() if not any(one.text in other.text != one.text for other in found.values())]


def _up_to_rank(fact: Fact, text: str, each: Sequence[str]) -> str:
    """Return a sentence from a fact's own words to the rank or comparison told of it; empty where it has none.

    A rank of several figures (均居全国第一) is told with all of them, from the clause that begins behind a semicolon.
    """
    start = text.find(fact.quote)
    end = start + len(fact.quote)
    for told in (fact.rank, fact.comparison):
        at = text.find(told, start) if told else start
        if start < 0 or at < 0:
            return ""
        end = max(end, at + len(told))
    if any(word in text[start:end] for word in each):
        start = max(text.rfind(mark, 0, start) for mark in "；。;") + 1
    return text[start:end] if end - start <= _LONGEST_RANK else ""


def _by_code(report: CompiledReport) -> tuple[str, str, int]:
    """Sort by division code; a place without one comes last."""
    identity = report.identity
    return identity.place_code or "999999", identity.place, identity.report_year


def _date(date: str) -> str:
    """Return an ISO date as it is written in Chinese, anything else as it is."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", date)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else date


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
