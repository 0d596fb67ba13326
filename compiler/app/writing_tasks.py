"""What writes each of the outputs, as tasks that any process can take."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from compiler.app.edited_outputs import digest
from compiler.app.options import BRIEFINGS, EVIDENCE, SUMMARY, WORKBOOK, Gathered, Output
from compiler.app.record import fingerprints
from compiler.app.standing_pages import PageKeys, Standing, info_of_pages
from compiler.app.table_pieces import Earlier, Piece, key_of, write_pieces
from compiler.crashes import log_crash
from compiler.facts.gists import let_go
from compiler.facts.store import Store
from compiler.files import numbered_file
from compiler.garbage_collection import no_collection
from compiler.ledger.rows import place_key
from compiler.model import CompiledReport, Issue
from compiler.processes import Lost, in_processes, spread
from compiler.strings import hash_of, unique

if TYPE_CHECKING:
    from compiler.briefing.context import SummaryLine
    from compiler.briefing.template import BriefingTemplate
    from compiler.workbook.outlines import ReportOutline
    from compiler.workbook.print_sheets import PrintBook
    from compiler.workbook.write import Workbook

Outlines = dict[tuple[str, int], "ReportOutline"]
"""What the workbook has to know of each report (source and number)."""


TABLE = "　数据表"

_FEW: Final = 0.01
"""The wear of a task that touches few reports; a fresh process takes 50 ms to warm up."""

_PAGE: Final = 0.005
"""The wear of a page, which lets the reports go that it has read."""

_TOGETHER: Final = 8
"""So many pages of a place are written by one process: more would keep the others waiting at the end."""

_LINES = ".lines"
"""Where a build without a cache lays aside what its briefings make for the summary."""


@dataclass(frozen=True, slots=True)
class Task:
    label: str
    run: Callable[[], Iterable[Issue]]
    path: Path | None = None  # set where the others are good without this one
    key: str = ""  # what a page is made of, where the last build's may stand
    kind: str = ""
    ready: Callable[[], None] | None = None  # makes what tasks of its kind share, before processes part
    below: str = ""  # the path below the outputs of one that the others are not good without
    wear: float = 1.0  # how much of its memory's worth it costs a process: by how many of the reports it touches
    place: str = ""  # whose pages are written by one process, which reads the reports of the place once
    done: Callable[[], None] | None = None  # drops what was read, once all pages of the place are written

    @property
    def name(self) -> str:
        """The page's path below the outputs."""
        return f"{self.path.parent.name}/{self.path.name}" if self.path else self.below


class Written(NamedTuple):
    """What came of a task: what the writer had to say, how many seconds of the processor that took, and the SHA-256 of
    the file where that is one alone."""

    issues: tuple[Issue, ...]
    seconds: float
    sha256: str


def write_all(staging: Path, tasks: Iterable[Task], jobs: int) -> Iterator[tuple[Task, Written]]:
    """Write outputs below ``staging`` in so many processes; yield what came of each when it is known.

    Pages that are lost with a process are written anew, each by itself: only one of them can be at fault.
    """
    left = _together(tasks)
    while left:
        results = in_processes(partial(_write_together, staging), left, jobs, lost=lambda _, loss: loss, wear=_wear)
        again: list[Sequence[Task]] = []
        for bundle, found in zip(left, results, strict=True):
            if not isinstance(found, Lost):
                yield from zip(bundle, found, strict=True)
            elif len(bundle) > 1:
                again.extend((task,) for task in bundle)
            else:
                yield bundle[0], unwritten(bundle[0], found)
        left = again


def _together(tasks: Iterable[Task]) -> list[Sequence[Task]]:
    """Return the tasks in their order, those of a place together with the first of them."""
    found: list[Sequence[Task]] = []
    places: dict[str, list[Task]] = {}
    for task in tasks:
        bundle = places.get(task.place, ()) if task.place else ()
        if isinstance(bundle, list) and len(bundle) < _TOGETHER:
            bundle.append(task)
        else:
            places[task.place] = [task]
            found.append(places[task.place])
    return found


def _wear(tasks: Iterable[Task]) -> float:
    return sum(task.wear for task in tasks)


def _write_together(staging: Path, tasks: Sequence[Task]) -> list[Written] | Lost:
    written = [write_one(staging, task) for task in tasks]
    for task in tasks:
        if task.done is not None:
            task.done()
    return written


def write_one(staging: Path, task: Task) -> Written:
    """Write one output below ``staging``."""
    started = time.process_time()
    # What a writer makes is either kept to its end or gone at once; to look for circles in it would only take time.
    with no_collection():
        issues = issues_of(task)
    path = staging / task.name
    sha256 = digest(path) if path.is_file() else ""
    return Written(issues, time.process_time() - started, sha256)


def issues_of(task: Task) -> tuple[Issue, ...]:
    try:
        return tuple(task.run())
    except OSError:  # a full disk stops the build
        raise
    except Exception as error:
        if task.path is None:
            raise
        task.path.unlink(missing_ok=True)
        return (Issue("B112", {"name": task.label, "log": str(log_crash(error))}),)


def unwritten(task: Task, loss: Lost) -> Written:
    """Return what is said of an output whose process died; without the workbook or the tables there is no build."""
    if task.path is None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), task.label)
    task.path.unlink(missing_ok=True)
    return Written((Issue("B137", {"name": task.label, "reason": loss.reason}),), 0.0, "")


def writing_stages(gathered: Gathered, staging: Path, outlines: Outlines, last: Standing) -> Iterator[list[Task]]:
    """Yield what can be written next, the longest first; ``last`` is what the last build wrote.

    Only the workbook takes more than one stage: it is planned when what people wrote into the last one is known, and
    put together when all its sheets are there.
    """
    only = gathered.options.only
    tasks: list[Task] = []
    stages: Iterator[list[Task]] = iter(())
    tables = [*_table_tasks(gathered, staging, last)] if Output.FACTS in only else []
    if only - {Output.FACTS}:
        keys = PageKeys(gathered, fingerprints(gathered.options.templates.folder))
        if Output.WORKBOOK in only:
            workbook = _workbook(gathered, outlines)
            stages = _workbook_stages(gathered, staging, workbook, keys)
            tasks = [*next(stages), *_print_tasks(staging, workbook, keys)]
        if Output.BRIEFINGS in only:
            tasks.extend(_briefing_tasks(gathered, staging, keys))
        if Output.EVIDENCE in only:
            tasks.extend(_evidence_tasks(gathered, staging, keys))
    yield spread(tables, tasks)
    del tables, tasks
    yield from stages
    shutil.rmtree(staging / _LINES, ignore_errors=True)


def _workbook(gathered: Gathered, outlines: Outlines) -> Workbook:
    from compiler.workbook.write import Workbook

    g = gathered
    return Workbook(g.reports, g.ledger, g.issues, g.rulebook, g.templates.workbook, g.info, outlines)


def _workbook_stages(gathered: Gathered, staging: Path, workbook: Workbook, keys: PageKeys) -> Iterator[list[Task]]:
    """Yield what writes the workbook, stage by stage; what users filled into the last one is read back first."""
    from compiler.workbook.kept_pieces import KeptPieces
    from compiler.workbook.write import Making

    store = gathered.store
    kept = KeptPieces(store, partial(keys.of_places, "piece")) if store is not None else None
    path, home = staging / WORKBOOK, gathered.options.out
    if (home / WORKBOOK).is_file():
        shutil.copyfile(home / WORKBOOK, path)
    folder = staging / ".sheets"
    folder.mkdir()
    for steps in Making(workbook, path, folder, home=home, kept=kept).stages():
        yield [Task(f"{WORKBOOK} {one.name}".rstrip(), one.run, kind="　工作簿", wear=one.wear) for one in steps]
    shutil.rmtree(folder)


def _print_tasks(staging: Path, workbook: Workbook, keys: PageKeys) -> Iterator[Task]:
    """Yield what writes the workbooks of print sheets, where these stand beside the workbook."""

    def apart(book: PrintBook) -> Task:
        key = keys.of_places(book.path, (key for key, *_ in book.reports), *workbook.told_apart(book))
        name, kind = Path(book.path).name, "　打印表"
        return Task(name, lambda: workbook.write_apart(book, staging), key=key, kind=kind, below=book.path, wear=_FEW)

    yield from map(apart, workbook.apart(Path(WORKBOOK).stem))


def _briefing_tasks(gathered: Gathered, staging: Path, keys: PageKeys) -> Iterator[Task]:
    """Yield what writes the briefing of each report and the one over all places."""
    from compiler.briefing.context import SummaryLine
    from compiler.briefing.write import Briefings

    g = gathered
    often = f"{SUMMARY} {os.path.realpath(g.options.out)}"
    store = (Store.open(often) if g.options.cache else None) or Store(staging / _LINES)

    def remember(report: CompiledReport, make: Callable[[], SummaryLine]) -> SummaryLine:
        """Return what an earlier build, or the briefing of this one, made of a report for the summary."""
        key = keys.of(SUMMARY, report, (), briefings.told_of_rules(report))
        found = store.recall(key)
        if not isinstance(found, SummaryLine):
            found = make()
            store.folder.mkdir(mode=0o700, exist_ok=True)
            store.keep(found, key)
        return found

    several = len(g.reports) > 1
    briefings = Briefings(
        g.reports, g.ledger, g.issues, g.rulebook, g.templates.briefing, remember if several else None
    )
    (staging / BRIEFINGS).mkdir()

    def briefing(name: str, report: CompiledReport) -> Task:
        path = staging / BRIEFINGS / name
        key = keys.of(name, report, (), *briefings.told_of_others(report))
        run, done = partial(briefings.write, path, report, g.info), partial(briefings.let_go, report)
        place = place_key(report)
        return Task(name, run, path, key, "　要情", briefings.make_ready, wear=_PAGE, place=place, done=done)

    yield from (briefing(name, report) for name, report in briefing_names(g.reports, g.templates.briefing))
    if several:
        summary = staging / BRIEFINGS / SUMMARY
        order = [(report.source, report.number, briefings.told_of_rules(report)) for report in g.reports]
        key = keys.of_places(SUMMARY, map(place_key, g.reports), order)

        def write_summary() -> tuple[Issue, ...]:
            issues = briefings.write_summary(summary, g.info)
            store.keep_recalled()
            return issues

        yield Task(SUMMARY, write_summary, summary, key, "　要情汇总", wear=_FEW)


def _evidence_tasks(gathered: Gathered, staging: Path, keys: PageKeys) -> Iterator[Task]:
    """Yield what writes the evidence page of each report."""
    from compiler.evidence.write import evidence_names, write_evidence

    g = gathered
    if g.templates.evidence is None:
        return
    (staging / EVIDENCE).mkdir()
    to_verify, hashes = g.to_verify, dict(g.info.inputs)
    template = digest(Path(g.templates.evidence.path))  # where a workspace has none, it is the shipped one

    def page(path: Path, report: CompiledReport) -> Task:
        def write() -> tuple[Issue, ...]:
            info = replace(info_of_pages(g.info), inputs=((report.source, hashes.get(report.source, "")),))
            return write_evidence(path, report, g.ledger, to_verify, g.rulebook, g.templates.evidence, info)

        key = keys.of(path.name, report, to_verify.of(report), template)
        ready, place, done = g.templates.evidence.make_ready, place_key(report), partial(let_go, report)
        return Task(path.name, write, path, key, "　核对页", ready, wear=_PAGE, place=place, done=done)

    for name, report in evidence_names(g.reports):
        yield page(staging / EVIDENCE / name, report)


def write_evidence_index_page(gathered: Gathered, staging: Path, standing: Collection[str]) -> tuple[Issue, ...]:
    """Write the list of the evidence pages; it comes last, because it links only to those that are there."""
    g = gathered
    if g.templates.evidence is None or Output.EVIDENCE not in g.options.only:
        return ()
    from compiler.evidence.write import INDEX, write_evidence_index

    path = staging / EVIDENCE / INDEX
    pages = page_names(staging, EVIDENCE, standing)
    rest = (g.to_verify, g.templates.evidence, g.info, pages)
    return issues_of(Task(INDEX, lambda: write_evidence_index(path, g.reports, *rest), path))


def page_names(staging: Path, folder: str, standing: Iterable[str]) -> set[str]:
    """Return the names of the pages of this build in one of its folders, whether written now or left standing."""
    written = {path.name for path in (staging / folder).iterdir()}
    return written | {name.removeprefix(f"{folder}/") for name in standing if name.startswith(f"{folder}/")}


def briefing_names(
    reports: Iterable[CompiledReport], template: BriefingTemplate
) -> Iterator[tuple[str, CompiledReport]]:
    """Yield each report with the name of its briefing, unique even where a file system ignores case."""
    from compiler.briefing.write import briefing_name

    taken: set[str] = {SUMMARY.casefold()}
    for report in reports:
        yield unique(briefing_name(report, template), taken, numbered_file), report


def _table_tasks(gathered: Gathered, folder: Path, last: Standing) -> Iterator[Task]:
    """Yield what writes the tables for programs: facts, ledger, tasks and passages."""
    from compiler.facts.written_tables import all_facts, facts_csv, facts_jsonl, in_order, passages_csv, tasks_csv
    from compiler.ledger.join import by_place
    from compiler.ledger.tables import ledger_csv, ledger_jsonl, places_in_order

    g, rules = gathered, gathered.rulebook.ledger
    store = g.store
    reports: dict[str, list[CompiledReport]] = {}
    for report in g.reports:
        reports.setdefault(report.identity.place, []).append(report)
    named = [(_stamp(g, own), own) for _, own in sorted(reports.items())]
    places = by_place(g.reports)
    coded = [(g.settled.stamps[key], places[key]) for key in places_in_order(g.reports)]
    single = [(report.digest or _stamp(g, (report,)), (report,)) for report in in_order(g.reports)]

    def write(
        name: str,
        head: bytes,
        parts: Sequence[tuple[str, Sequence[CompiledReport]]],
        make: Callable[[Sequence[CompiledReport]], bytes],
    ) -> Task:
        def made(own: Sequence[CompiledReport]) -> bytes:
            piece = make(own)
            for report in own:  # else this process would end with all that every report holds
                let_go(report)
            return piece

        pieces = [Piece(f"{name} {stamp}", partial(made, own)) for stamp, own in parts]
        earlier = Earlier(g.options.out / name, last.written.get(name, ""), last.pages.get(name, ""), last.files)

        def run() -> tuple[Issue, ...]:
            write_pieces(folder / name, head, pieces, earlier, store)
            return ()

        # Where most of it is copied, few reports are touched.
        wear = _FEW if earlier.key and store is not None else 1.0
        return Task(name, run, key=key_of(pieces), kind=TABLE, below=name, wear=wear)

    yield write("facts.csv", facts_csv(()), named, lambda own: facts_csv(all_facts(own), head=False))
    yield write("facts.jsonl", b"", named, lambda own: facts_jsonl(all_facts(own)))
    of_ledger = partial(ledger_csv, g.ledger, rules=rules)
    yield write("ledger.csv", of_ledger(()), coded, partial(of_ledger, head=False))
    yield write("ledger.jsonl", b"", coded, partial(ledger_jsonl, g.ledger, rules=rules))
    yield write("tasks.csv", tasks_csv(()), single, partial(tasks_csv, head=False))
    yield write("passages.csv", passages_csv(()), single, partial(passages_csv, head=False))
    if g.options.parquet:
        yield from _parquet_tasks(g, folder)


def _stamp(gathered: Gathered, reports: Iterable[CompiledReport]) -> str:
    """Return a hash of all that the facts of some reports follow from."""
    places = dict.fromkeys(map(place_key, reports))
    return hash_of(*(gathered.settled.stamps[key] for key in places))


def _parquet_tasks(gathered: Gathered, folder: Path) -> Iterator[Task]:
    """Yield what writes facts and ledger once more as typed columns, for data bases and statistics programs."""
    from compiler.facts import written_tables as facts
    from compiler.facts.columnar import table_parquet
    from compiler.ledger import tables as ledger

    g = gathered

    def write(name: str, columns: Sequence[str], rows: Callable[[], Iterable[Sequence[object]]]) -> Task:
        def run() -> tuple[Issue, ...]:
            (folder / name).write_bytes(table_parquet(columns, rows()))
            return ()

        return Task(name, run, kind=TABLE)

    yield write("facts.parquet", facts.COLUMNS, lambda: facts.fact_rows(g.facts))
    of_ledger = partial(ledger.ledger_rows, g.ledger, g.reports, g.rulebook.ledger)
    yield write("ledger.parquet", ledger.COLUMNS, of_ledger)
