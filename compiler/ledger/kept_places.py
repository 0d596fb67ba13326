"""Places of which nothing has changed since an earlier build: joined again only where their rows are asked for.

What comes of a place follows from its reports and from the rules that these touch (:func:`_of_report`). Under a hash of
that, a build keeps what all places are told and compared by (:class:`PlaceGist`): what was found, how much, and the
results that are ranked. A :class:`KeptPlace` gives that, and joins its reports when somebody asks for more.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Final, NamedTuple

from compiler.facts.carried import Written
from compiler.facts.gists import Gist, KeptReport, gist_of, with_facts
from compiler.facts.store import Store
from compiler.facts.versions import without_repeated_facts
from compiler.ledger.doubts import Codes, doubt_codes
from compiler.ledger.join import Found, Joined, Joining, by_place, in_their_order, told_in_order
from compiler.ledger.rows import Ledger, LedgerLine, LedgerRow
from compiler.ledger.told_names import PrintedNames
from compiler.model import CompiledReport, Fact, Issue, Measure, RuleBook
from compiler.processes import in_processes
from compiler.strings import hash_of

_WEAR: Final = 0.004
"""How much of its memory's worth a place costs a process: what it touches of the reports it copies."""


class PlaceGist(NamedTuple):
    """A joined place without its rows: of its reports, None for one of which joining changed nothing that a gist tells;
    by the years of its reports the results of the main indicators, by their ids, and the indicators of which targets
    were missed."""

    reports: tuple[Gist | None, ...]
    found: Found
    results: dict[int, dict[str, Mapping[Measure, Fact]]]
    missed: dict[int, tuple[str, ...]]


class Settled(NamedTuple):
    """What a build works from: reports with their doubts, the ledger, issues, and the stamp of each place."""

    reports: tuple[CompiledReport, ...]
    ledger: Ledger
    issues: tuple[Issue, ...]
    stamps: Mapping[str, str]


class KeptPlace:
    """A place of an earlier build; ``join`` joins its reports."""

    def __init__(self, gist: PlaceGist, own: Sequence[CompiledReport], join: Callable[[], Joined]) -> None:
        self.found = gist.found
        self._gist = gist
        self._join = join
        pairs = enumerate(zip(gist.reports, own, strict=True))
        self.reports = tuple(
            [KeptReport.of(one or gist_of(report), report.text, partial(self._report, n)) for n, (one, report) in pairs]
        )

    def _report(self, number: int) -> CompiledReport:
        return self._joined.reports[number]

    @cached_property
    def _joined(self) -> Joined:
        return self._join()

    @property
    def years(self) -> frozenset[int]:
        """The years of the reports at hand."""
        return frozenset([report.identity.report_year for report in self.reports])

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        """The rows, by year and rule order."""
        return self._joined.rows

    @property
    def lines(self) -> tuple[LedgerLine, ...]:
        """The lines of the tables, by report and rule order."""
        return self._joined.lines

    def results(self, report_year: int) -> Mapping[str, Mapping[Measure, Fact]]:
        """Return the results that a report tells of the main indicators, by their ids."""
        return self._gist.results.get(report_year, {})

    def missed(self, report_year: int) -> tuple[str, ...]:
        """Return the ids of the indicators of which a report shows that last year's target was missed."""
        return self._gist.missed.get(report_year, ())


def settle_kept(
    reports: Sequence[CompiledReport],
    rulebook: RuleBook,
    known: Iterable[Issue],
    written: Written,
    store: Store | None = None,
    jobs: int = 1,
) -> Settled:
    """Settle the reports (:func:`compiler.ledger.join.settle`), each fact of a place once; places that ``store`` has
    from an earlier build are not joined anew, the others in so many processes. ``written`` is what the rule book leaves
    behind."""
    joining, codes = rulebook.once(Joining), doubt_codes(known)
    shared = _shared_stamp(joining, rulebook, written)
    headlines = frozenset(rule.id for rule in rulebook.indicators if rule.headline)
    stamps: dict[str, str] = {}
    places: dict[str, Joined | KeptPlace] = {}
    fresh: dict[str, list[CompiledReport]] = {}
    for key, own in by_place(reports).items():
        stamps[key] = stamp = hash_of(shared, *(_of_report(report, codes, joining, written) for report in own))
        gist = store.recall("place", stamp) if store is not None else None
        if isinstance(gist, PlaceGist) and len(gist.reports) == len(own):
            join = partial(_kept_rows, store, stamp, own, partial(_joined, own, joining, codes))
            places[key] = KeptPlace(gist, own, join)
        else:
            fresh[key] = own

    def settle(key: str) -> bytes:
        joined = _joined(fresh[key], joining, codes)
        sent = _Sent(tuple(report.facts for report in joined.reports), joined.rows, joined.lines, joined.found)
        told = pickle.dumps(sent, pickle.HIGHEST_PROTOCOL)
        if store is not None:
            store.keep(_gist(joined, fresh[key], headlines), "place", stamps[key])
            store.keep(told, _ROWS, stamps[key])
        return told

    # One whose process dies is joined here.
    joined = in_processes(settle, [*fresh], jobs, lost=lambda key, _: settle(key), wear=lambda _: _WEAR)
    for key, sent in zip(fresh, joined, strict=True):
        places[key] = _Sent.of(sent).joined(fresh[key])
    settled = in_their_order(reports, {key: place.reports for key, place in places.items()})
    issues = told_in_order(settled, {key: place.found for key, place in places.items()}, joining)
    return Settled(settled, Ledger(places, PrintedNames(settled, joining.rules.lists)), issues, stamps)


class _Sent(NamedTuple):
    """A joined place on its way from one process to another: of its reports the facts alone, which the rows share."""

    facts: tuple[tuple[Fact, ...], ...]
    rows: tuple[LedgerRow, ...]
    lines: tuple[LedgerLine, ...]
    found: Found

    @classmethod
    def of(cls, told: bytes) -> _Sent:
        """Return what another process, or an earlier build, has pickled."""
        sent: _Sent = pickle.loads(told)
        return sent

    def joined(self, reports: Sequence[CompiledReport]) -> Joined:
        """Return the place, whose reports these were."""
        pairs = zip(reports, self.facts, strict=True)
        return Joined(tuple([_with(report, facts) for report, facts in pairs]), self.rows, self.lines, self.found)


def _with(report: CompiledReport, facts: tuple[Fact, ...]) -> CompiledReport:
    """Return a report with its facts as they were joined, without those that the place has told before."""
    return with_facts(report, facts) if len(facts) == report.counts.facts else replace(report, facts=facts)


_ROWS: Final = "rows of a place"
"""The name under which the rows of a place are kept, with the facts that they share."""


def _kept_rows(
    store: Store | None, stamp: str, reports: Sequence[CompiledReport], join: Callable[[], Joined]
) -> Joined:
    """Return a place as an earlier build joined it; it is joined here where that is not to be had."""
    told = store.made(_ROWS, stamp) if store is not None else None
    return _Sent.of(told).joined(reports) if isinstance(told, bytes) else join()


def _joined(reports: Sequence[CompiledReport], joining: Joining, codes: Codes) -> Joined:
    return joining.settle(tuple(without_repeated_facts(reports)), codes)


def _gist(joined: Joined, own: Sequence[CompiledReport], headlines: frozenset[str]) -> PlaceGist:
    results = {
        year: {one: facts for one, facts in joined.results(year).items() if one in headlines} for year in joined.years
    }
    missed = {year: joined.missed(year) for year in joined.years}
    pairs = zip(map(gist_of, joined.reports), map(gist_of, own), strict=True)
    reports = tuple([now if now != before else None for now, before in pairs])
    return PlaceGist(reports, joined.found, results, missed)


# --- what a place follows from ------------------------------------------------------------------


def _shared_stamp(joining: Joining, rulebook: RuleBook, written: Written) -> str:
    """Return a hash of what every place follows from: the ledger's rules, and which indicators are main ones."""
    headlines = sorted(rule.id for rule in rulebook.indicators if rule.headline)
    return hash_of(written.common, written.ledger, *headlines, "", *map(repr, joining.checks.relations))


def _of_report(report: CompiledReport, codes: Codes, joining: Joining, written: Written) -> str:
    """Return a hash of a report, of the rules that it touches, of what puts its facts in doubt before it is joined,
    and of the indicators that its targets in words name."""
    doubts = (f"{one} {' '.join(sorted(codes[one]))}" for one in report.fact_ids if one in codes)
    # By what names a rule is found shows in what the report was compiled to.
    rules = (written.rules[name].rest for name in sorted(report.told & written.rules.keys()))
    named = (repr(joining.named(words)) for words in report.words)
    made = report.digest or written.fingerprint
    own = (report.source, str(report.number), repr(report.identity), made)
    return hash_of(*own, *doubts, "", *rules, "", *named)
