"""Many reports at once: read, compiled, each report once."""

from __future__ import annotations

import hashlib
import io
import pickle
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from compiler.crashes import log_crash
from compiler.facts.by_hand import Corrections
from compiler.facts.carried import Change
from compiler.facts.gists import KeptReport
from compiler.facts.store import Compiled, Packed, Store, pack, unpacked
from compiler.facts.versions import distinct, each_once
from compiler.garbage_collection import set_aside
from compiler.issues import CATALOGUE, about
from compiler.model import CompiledReport, DocumentKind, Issue, RuleBook, Sentence, Source, Task, Uncovered
from compiler.processes import Lost, in_processes
from compiler.strings import squeeze
from compiler.text.limits import DEFAULT, Limits
from compiler.text.readers import RECOGNISED

if TYPE_CHECKING:
    from compiler.facts.cluster import Cluster
    from compiler.text.read import Input, Read

#: Kinds of files that are decoded by Python alone: no library can take the process with it.
PLAIN = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv"})

#: A page that has to be recognised takes so many times as long as one that is read.
RECOGNITION = 15

#: Below this many characters in all, starting processes costs more than it saves.
WORTH_PROCESSES = 150_000


Work = TypeVar("Work")
Result = TypeVar("Result")

_Task = tuple[Source, RuleBook, Store | None, Change | None]


class Progress(Protocol):
    """Hears how far a build is; see ``commands.py`` for the one that shows it."""

    def start(self, total: int, what: str) -> None:
        """A phase with ``total`` steps begins."""

    def step(self, label: str, seconds: float = 0.0) -> None:
        """One step is done, in so many seconds where it was work."""

    def finish(self) -> None:
        """The phase is over."""


class Silent:
    """Shows nothing."""

    def start(self, total: int, what: str) -> None:
        pass

    def step(self, label: str, seconds: float = 0.0) -> None:
        pass

    def finish(self) -> None:
        pass


@dataclass
class Cache:
    """Rules and compiled sources (by path, content and rules), for builds that follow one another (``watch``)."""

    compiled: dict[tuple[object, ...], Compiled] = field(default_factory=dict)
    rulebook: RuleBook | None = None

    def same(self, rulebook: RuleBook | None) -> RuleBook | None:
        """Return the rules kept from before where nothing changed in them; what was made from them stays good."""
        kept = self.rulebook
        if kept is None or rulebook is None or kept.fingerprint != rulebook.fingerprint:
            self.rulebook = kept = rulebook
        return kept


def worth(sources: Sequence[Source], jobs: int) -> int:
    """Return how many processes the work on some sources is worth, of so many allowed (0: one a processor)."""
    return jobs if sum(len(source.text) for source in sources) >= WORTH_PROCESSES else 1


class Reader:
    """Reads inputs in as many portions as are asked for; texts with the same bytes are taken once over all of them."""

    def __init__(self, inputs: Sequence[Input], jobs: int = 0, limits: Limits = DEFAULT) -> None:
        self.unread = 0
        """How many files could not be read."""
        self._corrections = Corrections(inputs)
        self._jobs, self._limits = jobs, limits
        self._known: dict[str, str] = {}
        self._beside: dict[str, list[str]] = {}

    def read(self, inputs: Sequence[Input]) -> tuple[list[Source], list[Issue]]:
        """Read some of the inputs."""
        issues: list[Issue] = []
        sources: list[Source] = []
        for one, read in zip(inputs, _read_each(inputs, self._jobs, self._limits), strict=True):
            issues.extend(read.issues)
            if read.beside:
                self._beside.setdefault(read.beside, []).append(one.path.name)
            elif not read.sources:
                self.unread += 1
            for source in read.sources:
                if source.sha256 in self._known:
                    fields = {"path": source.path, "other": self._known[source.sha256]}
                    issues.append(Issue("B104", fields, source=source.path))
                else:
                    self._known[source.sha256] = source.path
                    sources.append(source)
        return self._corrections.of(sources), issues

    @property
    def names(self) -> frozenset[str]:
        """The paths of all sources that were read."""
        return frozenset(self._known.values())

    def finish(self) -> list[Issue]:
        """Return what can be told only when all is read."""
        from compiler.text.read import passed_over_notes

        return [*passed_over_notes(self._beside, ""), *self._corrections.issues(self.names)]


def read_all(inputs: Sequence[Input], jobs: int = 0, limits: Limits = DEFAULT) -> tuple[list[Source], list[Issue], int]:
    """Read all inputs; texts with the same bytes are taken once. Also return how many files could not be read."""
    reader = Reader(inputs, jobs, limits)
    sources, issues = reader.read(inputs)
    return sources, [*issues, *reader.finish()], reader.unread


def _read_each(inputs: Sequence[Input], jobs: int, limits: Limits) -> list[Read]:
    """Read every input; what other libraries read is read in processes that may die without harm."""
    from compiler.text.read import Read, read, takes_long

    def one(item: Input) -> Read:
        try:
            return read(item.path, item.relative, limits, walked=item.walked)
        except Exception as error:  # a reader that trips over a file must not take the others with it
            return Read(
                issues=(Issue("B105", {"path": item.relative, "log": str(log_crash(error))}, source=item.relative),)
            )

    def lost(item: Input, loss: Lost) -> Read:
        return Read(issues=(_lost("I144", "I145", item.relative, loss),))

    plain: list[Input] = []
    other: list[Input] = []
    slow: list[Input] = []
    for item in inputs:
        suffix = item.path.suffix.lower()
        (plain if suffix in PLAIN else slow if takes_long(suffix) else other).append(item)
    done: dict[Input, Read] = {}
    for items, processes, seconds in (
        (other, jobs, limits.seconds),
        (slow, jobs, limits.seconds * RECOGNITION),
        (plain, 1, limits.seconds),
    ):
        alone = items is not plain
        results = in_processes(one, items, processes, seconds=seconds, lost=lost, alone=alone)
        done.update(zip(items, results, strict=True))
    return [done[item] for item in inputs]


def _lost(slow: str, dead: str, path: str, loss: Lost) -> Issue:
    if loss.seconds:
        return Issue(slow, {"path": path, "seconds": f"{loss.seconds:g}"}, source=path)
    return Issue(dead, {"path": path, "reason": loss.reason}, source=path)


def compile_all(
    sources: Sequence[Source],
    rulebook: RuleBook,
    jobs: int,
    progress: Progress,
    cache: Cache | None,
    limits: Limits = DEFAULT,
    store: Store | None = None,
    cluster: Cluster | None = None,
) -> list[Compiled]:
    """Compile sources, in several processes where that is worth it; what is known from before is not compiled again.

    ``cache`` is what this process knows, ``store`` what earlier builds left behind. With ``cluster`` the work is done
    on other machines; raises :class:`compiler.facts.cluster.Unreachable`.
    """
    known = dict(cache.compiled) if cache else {}
    keys = [(source.path, source.sha256, source.by_hand, rulebook.fingerprint) for source in sources]
    changed = None
    if store is not None:
        changed = store.change(rulebook)
        for key, source in zip(keys, sources, strict=True):
            if key not in known and (kept := _kept(source, rulebook, store, changed)) is not None:
                known[key] = kept
    fresh = [(key, source) for key, source in zip(keys, sources, strict=True) if key not in known]
    progress.start(len(sources), "编译报告")
    for key, source in zip(keys, sources, strict=True):
        if key in known:
            progress.step(source.path)
    done = dict(known)
    missing = [source for _, source in fresh]
    if cluster is not None and fresh:
        results = _far(cluster, missing, rulebook, store)
    else:
        results = _here(missing, rulebook, jobs, limits, store, changed)
    with set_aside():
        for (key, source), (result, taken) in zip(fresh, results, strict=True):
            kept = _kept(source, rulebook, store, None) if result is None and store is not None else None
            done[key] = kept or unpacked(source, result or compile_packed(source, rulebook, store))
            progress.step(source.path, taken)
    progress.finish()
    if cache:
        cache.compiled = {key: done[key] for key in keys}
    return [done[key] for key in keys]


def _kept(source: Source, rulebook: RuleBook, store: Store, changed: Change | None) -> Compiled | None:
    """Return what an earlier build left behind, also where the rules have been edited in what no text can show."""
    found = store.gists(source, rulebook)
    if found is None and changed is not None and not changed.is_seen and store.carry(source, rulebook, changed):
        found = store.gists(source, rulebook)
    if found is None:
        return None
    gists, issues = found
    whole = _Whole(source, rulebook, store, tuple(gist.digest for gist in gists))
    reports = (KeptReport.of(gist, source.text, partial(whole.report, number)) for number, gist in enumerate(gists))
    return tuple(reports), issues


class _Whole:
    """The reports of a source as an earlier build compiled them, read once; what cannot be read is compiled again."""

    def __init__(self, source: Source, rulebook: RuleBook, store: Store, digests: tuple[str, ...]) -> None:
        self._source, self._rulebook, self._store, self._digests = source, rulebook, store, digests

    def report(self, number: int) -> CompiledReport:
        """Return a report of the source, counted from 0."""
        return self._reports[number]

    @cached_property
    def _reports(self) -> tuple[CompiledReport, ...]:
        found = self._store.get(self._source, self._rulebook)
        if found is None or tuple(report.digest for report in found[0]) != self._digests:
            found = unpacked(self._source, compile_packed(self._source, self._rulebook, self._store))
        return found[0]


def _here(
    sources: Sequence[Source],
    rulebook: RuleBook,
    jobs: int,
    limits: Limits,
    store: Store | None,
    changed: Change | None,
) -> Iterator[tuple[Packed | None, float]]:
    """Compile sources in processes of this machine; None for one of which nothing has changed since an earlier build
    and which is kept as it was."""
    jobs = worth(sources, jobs)
    if len(sources) > 1 and jobs != 1:
        from compiler.facts.compile import language_of

        language_of(rulebook)  # compiled here once, every forked process finds it ready
    tasks = [(source, rulebook, store, changed) for source in sources]
    return in_processes(_compile_one, tasks, jobs, seconds=limits.seconds, lost=_uncompiled)


def _far(
    cluster: Cluster, sources: Sequence[Source], rulebook: RuleBook, store: Store | None
) -> Iterator[tuple[Packed | None, float]]:
    """Compile sources on the machines of a cluster, and keep what came of them here."""
    for source, answer in zip(sources, cluster.run(sources, rulebook), strict=True):
        if isinstance(answer, Lost):
            yield _uncompiled((source, rulebook, store, None), answer)
            continue
        compiled, seconds = answer
        sent = pack(source, compiled)
        if store is not None:
            store.put(source, rulebook, sent)
        yield sent, seconds


class Here:
    """The processes of this machine, for work that does not fit into its memory all at once.

    A :class:`~compiler.facts.cluster.Cluster` does the same on other machines. ``seconds`` is what a task may take (0:
    as long as it likes); so many tasks as a ``portion`` are held at a time.
    """

    def __init__(self, jobs: int, seconds: float = 0.0, portion: int = 32) -> None:
        self._jobs, self._seconds, self._portion = jobs, seconds, portion

    def each(
        self, function: Callable[[Work, RuleBook], Result], tasks: Iterable[Work], rulebook: RuleBook
    ) -> Iterator[Result | Lost]:
        """Yield what the function makes of each task, in order, or why that is not known."""
        from compiler.facts.compile import language_of

        language_of(rulebook)  # compiled here once, every forked process finds it ready

        def one(task: Work) -> Result | Lost:
            return function(task, rulebook)

        def lost(task: Work, loss: Lost) -> Result | Lost:
            return loss

        waiting = iter(tasks)
        while portion := list(islice(waiting, self._portion)):
            yield from in_processes(one, portion, self._jobs, seconds=self._seconds, lost=lost)


def _uncompiled(task: _Task, loss: Lost) -> tuple[Packed | None, float]:
    return ((), (not_compiled(task[0], loss),)), loss.seconds


def not_compiled(source: Source, loss: Lost) -> Issue:
    """Return what is told of a source that was given up."""
    return _lost("B131", "B132", source.path, loss)


def _compile_one(task: _Task) -> tuple[Packed | None, float]:
    """Compile one source, None where it is kept; the second value is how many seconds of the processor that took."""
    started = time.process_time()
    source, rulebook, store, changed = task
    carried = store is not None and changed is not None and store.carry(source, rulebook, changed)
    sent = None if carried else compile_packed(source, rulebook, store)
    return sent, time.process_time() - started


def compile_packed(source: Source, rulebook: RuleBook, store: Store | None = None) -> Packed:
    """Compile one source, pack what comes of it, and keep that in ``store``; what was given up is not kept."""
    compiled, text = _compiled(source, rulebook)
    sent = pack(source, compiled)
    if store is not None and text is not None:
        store.put(source, rulebook, sent, text)
    return sent


def compile_one(source: Source, rulebook: RuleBook) -> Compiled:
    """Compile one source; the reports come back without its text, which would cross a pipe for nothing."""
    return _compiled(source, rulebook)[0]


def _compiled(source: Source, rulebook: RuleBook) -> tuple[Compiled, str | None]:
    """Return the reports of a source without its text, and the text as rules are matched against it; None where the
    program tripped.

    This is the function of one report that every engine runs, here in a process or on another machine.
    """
    from compiler.facts.compile import compile_normalised
    from compiler.facts.indicator_tables import with_tables, with_wide_tables

    try:
        source = with_wide_tables(source, rulebook.lexicon)
        reports, issues, text = compile_normalised(without_tables(source), rulebook)
        reports = tuple(replace(report, text=source.text) for report in reports)
        reports, more = with_tables(source, reports, rulebook)
        told = {report.number for report in reports if report.facts}
        issues = tuple(issue for issue in issues if issue.code != "F301" or issue.report not in told)
        reports = tuple(_sharing(_with_digest(_with_pages(report, source))) for report in reports)
        issues = (*issues, *more, *_recognised(source, reports), *misquoted(reports))
        return (tuple(replace(report, text="") for report in reports), issues), text
    except Exception as error:  # a report that trips the program must not take the others with it
        return ((), (Issue("B105", {"path": source.path, "log": str(log_crash(error))}, source=source.path),)), None


def _with_digest(report: CompiledReport) -> CompiledReport:
    """Return the report with a hash of all that it holds, so that pages tell whether they are still of the same."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, 5)
    pickler.fast = True  # written out in full, so that it does not matter which texts are one object in memory
    pickler.dump(replace(report, text=""))
    return replace(report, digest=hashlib.sha256(stream.getbuffer()).hexdigest())


def _sharing(report: CompiledReport) -> CompiledReport:
    """Return the report with texts that are told again held once: a task and a passage repeat sentence and headings."""
    known: dict[object, object] = {}

    def shared(value: object) -> object:
        return known.setdefault(value, value) if type(value) is str or type(value) is tuple else value

    return replace(
        report,
        sentences=tuple([Sentence._make(map(shared, one)) for one in report.sentences]),
        tasks=tuple([Task._make(map(shared, one)) for one in report.tasks]),
        uncovered=tuple([Uncovered._make(map(shared, one)) for one in report.uncovered]),
    )


def _recognised(source: Source, reports: Iterable[CompiledReport]) -> Iterator[Issue]:
    """Put the figures of a text in doubt that was recognised from pictures."""
    for report in reports if source.encoding.endswith(RECOGNISED) else ():
        facts = tuple(fact.id for fact in report.facts)
        if facts:
            fields = {"count": str(len(facts))}
            place = report.identity.place
            yield Issue("I149", fields, source=source.path, report=report.number, place=place, facts=facts)


def without_tables(source: Source) -> Source:
    """Return the source with its tables of data blanked out, offsets kept: a row of cells is no sentence."""
    if not source.tables:
        return source
    text = source.text
    for table in source.tables:
        text = text[: table.start] + "\n" * (table.end - table.start) + text[table.end :]
    return replace(source, text=text)


def _with_pages(report: CompiledReport, source: Source) -> CompiledReport:
    """Return the report with the page of each fact, where the source has pages."""
    if not source.pages:
        return report
    facts = tuple(replace(fact, page=max(1, bisect_right(source.pages, fact.start))) for fact in report.facts)
    return replace(report, facts=facts)


_UNREADABLE = (DocumentKind.FOREIGN, DocumentKind.GARBLED)


def reports_alone(
    reports: Sequence[CompiledReport], every_document: bool
) -> tuple[tuple[CompiledReport, ...], list[Issue]]:
    """Leave out what is no report, and say so; with ``every_document`` only what cannot be read at all.

    A paper on the plan speaks of the same year as the report beside it, and stays only where there is none.
    """
    kept: list[CompiledReport] = []
    issues: list[Issue] = []
    standing = {
        (report.identity.place, report.identity.report_year): report.source
        for report in reports
        if report.identity.document is DocumentKind.REPORT
    }
    for report in reports:
        kind = report.identity.document
        if not every_document and kind is DocumentKind.REPORT and _says_nothing(report):
            fields = {"path": report.source, "number": str(report.number)}
            issues.append(Issue("B145", fields, source=report.source, report=report.number))
            continue
        if kind is DocumentKind.REPORT or (every_document and kind not in _UNREADABLE):
            kept.append(report)
            continue
        other = standing.get((report.identity.place, report.identity.report_year))
        fields = {"path": report.source, "number": str(report.number), "what": CATALOGUE[_NAMES[kind]].message}
        code = "B142" if kind in _UNREADABLE else "B141"
        if kind is DocumentKind.PLAN_PAPER:
            code = "B143" if other is None else "B144"
            fields["other"] = other or ""
            if other is None:
                kept.append(report)
        issues.append(Issue(code, fields, source=report.source, report=report.number, place=report.identity.place))
    return tuple(kept), issues


def _says_nothing(report: CompiledReport) -> bool:
    """Tell that a text shows no sign of a report: not whose of which year, no name of an indicator, no task."""
    known = report.identity.place and report.identity.report_year
    return not (known or report.fact_ids or report.refusals or report.tasks or report.passages)


def taken(
    reports: Sequence[CompiledReport],
    issues: Iterable[Issue],
    preferred: Collection[str] = (),
    every_document: bool = False,
) -> tuple[tuple[CompiledReport, ...], list[Issue]]:
    """Take each report once and leave out what is none. ``issues`` are theirs; returned are those of the reports that
    stay, with what is told of the others."""
    found, versions = each_once(reports, preferred)
    kept, trouble = reports_alone(found, every_document)
    return kept, [*without_left_out((*issues, *versions), found, kept), *trouble]


def without_left_out(
    issues: Iterable[Issue], reports: Sequence[CompiledReport], kept: Sequence[CompiledReport]
) -> list[Issue]:
    """Return the issues without those about reports that were left out as being none."""
    gone = {(report.source, report.number) for report in reports} - {(one.source, one.number) for one in kept}
    return [issue for issue in issues if (issue.source, issue.report) not in gone]


_NAMES = {
    DocumentKind.PLAN_PAPER: "B151",
    DocumentKind.BUDGET: "B152",
    DocumentKind.BULLETIN: "B153",
    DocumentKind.NEWS: "B154",
    DocumentKind.DIGEST: "B155",
    DocumentKind.FOREIGN: "B156",
    DocumentKind.GARBLED: "B157",
    DocumentKind.OTHER_BODY: "B158",
}
"""The codes under which the names of the kinds of documents stand."""


def misquoted(reports: Iterable[CompiledReport]) -> Iterator[Issue]:
    """Name every fact whose quote is not the source at its offsets (white space aside)."""
    for report in reports:
        for fact in report.facts:
            if squeeze(report.text[fact.start : fact.end]) != squeeze(fact.quote):
                yield about("B108", {"indicator": fact.indicator, "quote": fact.quote}, fact)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Read sources, and what kept others from being read."""

    sources: tuple[Source, ...]
    issues: tuple[Issue, ...]


def read_inputs(paths: Iterable[Path]) -> Inputs:
    """Read the reports that ``paths`` name."""
    from compiler.text.read import find_inputs

    inputs, issues = find_inputs(paths)
    found = read_files(inputs)
    return Inputs(found.sources, (*issues, *found.issues))


def read_files(files: Sequence[Input]) -> Inputs:
    """Read files, each with the relative path that it is known by (which may tell place and year)."""
    sources, issues, _ = read_all(files)
    return Inputs(tuple(sources), tuple(issues))


def compile_inputs(
    inputs: Inputs, rulebook: RuleBook, progress: Progress | None = None
) -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]:
    """Compile sources, each report once as in a build; return the reports and what cannot be used of them."""
    compiled = compile_all(inputs.sources, rulebook, 0, progress or Silent(), None)
    reports, repeated = distinct([report for reports, _ in compiled for report in reports])
    crashed = [issue for _, issues in compiled for issue in issues if issue.code in ("B105", "B131", "B132")]
    return reports, (*crashed, *repeated)
