"""All outputs of a build: written into a folder of their own first, then moved into place."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.app.kept import digest, names_beside
from compiler.app.standing import PageKeys, Standing, info_of_pages
from compiler.app.switch import RECORD, outputs_changed, staging, switch
from compiler.app.timings import Timings
from compiler.collection import no_collection
from compiler.crashes import log_crash
from compiler.facts.batch import (
    WORTH_PROCESSES,
    Progress,
)
from compiler.facts.store import Store, noun_part
from compiler.files import numbered_file, visible
from compiler.issues import ToVerify
from compiler.model import BuildInfo, CompiledReport, Fact, Issue, RuleBook, Source
from compiler.processes import Lost, in_processes
from compiler.strings import unique
from compiler.text.limits import DEFAULT, Limits
from compiler.workspace import Choice

if TYPE_CHECKING:
    from compiler.briefing.template import BriefingTemplate
    from compiler.ledger.rows import Ledger
    from compiler.workbook.prints import PrintBook


WORKBOOK = "目标与结果.xlsx"


BRIEFINGS = "briefings"


EVIDENCE = "evidence"


CONTRACTS = {"facts": "2026-11-29", "rules": "2026-11-29", "ledger": "2026-11-29", "outputs": "2026-11-29"}
"""The version of each contract that the outputs keep: a column, key or sheet that changes changes it."""


class Output(StrEnum):
    """A kind of output that ``--only`` names."""

    FACTS = "facts"
    WORKBOOK = "workbook"
    BRIEFINGS = "briefings"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked to do. ``jobs`` 0 takes as many processes as there are processors.

    Outputs that ``only`` does not name are left as they are. ``documents`` compiles papers that are no reports too.
    ``scheduler`` is the address of a cluster that compiles the reports, empty for this machine.
    """

    paths: tuple[Path, ...]
    rules: Choice
    templates: Choice
    out: Path
    jobs: int = 0
    force: bool = False
    only: frozenset[Output] = frozenset(Output)
    cache: bool = True
    parquet: bool = False
    limits: Limits = DEFAULT
    documents: bool = False
    prefer: tuple[Path, ...] = ()
    scheduler: str = ""


@dataclass(frozen=True, slots=True)
class Templates:
    """The loaded templates, None for outputs that are not asked for.

    Without the one of the evidence pages all others are still written.
    """

    workbook: Any = None
    briefing: Any = None
    evidence: Any = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the writers work from."""

    reports: tuple[CompiledReport, ...]
    facts: tuple[Fact, ...]
    ledger: Ledger
    issues: tuple[Issue, ...]
    rulebook: RuleBook
    templates: Templates
    info: BuildInfo
    sources: tuple[Source, ...]
    options: Options


def moment() -> str:
    """Return the time of now in ISO form; ``SOURCE_DATE_EPOCH`` sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC).isoformat(timespec="seconds")
    return datetime.now().astimezone().isoformat(timespec="seconds")


def dated(reports: Iterable[CompiledReport]) -> str:
    """Return the date that documents bear, as an ISO time: the latest that the reports themselves tell.

    No clock: the same reports and rules give the same bytes on any day. Where no report tells its date, it is the
    first day of the latest year that one of them plans for. ``SOURCE_DATE_EPOCH`` sets it.
    """
    if os.environ.get("SOURCE_DATE_EPOCH", "").isdecimal():
        return moment()
    told = []
    for report in reports:
        parts = [int(part) for part in report.identity.date.split("-") if part.isdecimal()]
        year, month, day = [*parts, 0, 0, 0][:3]
        told.append((year or report.identity.report_year, month or 1, day or 1))
    for year, month, day in sorted(told, reverse=True):
        try:
            return datetime(year, month, day, tzinfo=UTC).isoformat(timespec="seconds")
        except ValueError:  # 2月30日: a slip of the pen is no date
            continue
    return datetime(2000, 1, 1, tzinfo=UTC).isoformat(timespec="seconds")


def shown_folder(choice: Choice) -> str:
    """Return a folder as the outputs name it: relative where it lies below the current folder."""
    if choice.chosen == "packaged":
        return "随程序自带"
    folder = choice.folder.resolve()
    here = Path.cwd()
    # Seen from the root of the file system everything lies below; that is no shorter way to say it.
    below = here != here.parent and folder.is_relative_to(here)
    return folder.relative_to(here).as_posix() if below else folder.as_posix()


def _errors(issues: Iterable[Issue]) -> int:
    from compiler.issues import severity

    return sum(severity(issue) == "error" for issue in issues)


def write_outputs(
    gathered: Gathered, progress: Progress, timings: Timings, made_of: str = ""
) -> tuple[tuple[Path, ...], tuple[Issue, ...]]:
    """Write all outputs; return their paths and what the writers had to say. The lock of the folder must be held."""
    out = gathered.options.out
    issues: list[Issue] = []
    timings.begin("未覆盖数字的名称")
    try:
        with staging(out) as folder:
            nouns = _nouns(gathered, progress) if Output.WORKBOOK in gathered.options.only else {}
            timings.begin("写出")
            tasks = _writing_tasks(gathered, folder, nouns)
            last = Standing.of(out, out / RECORD) if gathered.options.cache else Standing(out)
            standing = {task.name: sha for task in tasks if (sha := last.sha256(task.name, task.key))}
            left = [task for task in tasks if task.name not in standing]
            pages = _other_pages(last, gathered.options.only)
            pages |= {task.name: task.key for task in tasks if task.name in standing}
            progress.start(len(left), "写出结果")
            results = in_processes(_write_one, left, _jobs(gathered), lost=_unwritten)
            for task, (found, taken) in zip(left, results, strict=True):
                timings.add(task.kind, task.label, taken)
                issues.extend(found)
                if task.key and not found:  # what there is to tell of a page is told by each build that makes it
                    pages[task.name] = task.key
                progress.step(task.label, taken)
            progress.finish()
            timings.begin("目录、核对、换上")
            issues.extend(_write_evidence_index(gathered, folder, standing))
            issues.extend(_stale(out, folder, standing))
            record = {**build_record(gathered, tuple(issues)), "made_of": made_of, "pages": dict(sorted(pages.items()))}
            written, beside = switch(folder, out, record, stay=(BRIEFINGS,), standing=standing)
            if WORKBOOK in written:
                from compiler.workbook.past import drop_taken
                from compiler.workbook.pending import drop_written

                drop_taken(out / WORKBOOK, gathered.templates.workbook)
                drop_written(out / WORKBOOK)
    except OSError as error:
        code = "B136" if outputs_changed() else "B109"
        return (), (*issues, Issue(code, {"path": visible(error.filename or out), "reason": reason(error)}))
    return tuple(out / name for name in written), (*issues, *beside)


def _jobs(gathered: Gathered) -> int:
    """Return how many processes are worth it."""
    large = sum(len(source.text) for source in gathered.sources) >= WORTH_PROCESSES
    return gathered.options.jobs if large else 1


Nouns = Mapping[tuple[str, int], Sequence[str]]
"""What the uncovered figures of each report (source and number) seem to measure."""


def _nouns(gathered: Gathered, progress: Progress) -> Nouns:
    """Guess what the uncovered figures measure; what an earlier build guessed is taken from there."""
    from compiler.facts.nouns import nouns_of

    store = Store.open() if gathered.options.cache else None
    sources = {source.path: source for source in gathered.sources}
    found: dict[tuple[str, int], Sequence[str]] = {}
    fresh: list[CompiledReport] = []
    for report in gathered.reports:
        source = sources.get(report.source)
        kept = store.part(source, gathered.rulebook, noun_part(report.number)) if store and source else None
        if isinstance(kept, tuple) and len(kept) == len(report.uncovered):
            found[report.source, report.number] = kept
        elif report.uncovered:
            fresh.append(report)
    progress.start(len(fresh), "认未覆盖的数字")
    # In processes of their own, so that the dictionary that it takes goes with them.
    guess = partial(nouns_of, lexicon=gathered.rulebook.lexicon)
    guessed = in_processes(guess, fresh, _jobs(gathered), lost=_without_nouns, alone=True)
    for report, nouns in zip(fresh, guessed, strict=True):
        found[report.source, report.number] = nouns
        source = sources.get(report.source)
        if store and source:
            store.put_part(source, gathered.rulebook, noun_part(report.number), nouns)
        progress.step(report.source)
    progress.finish()
    return found


def _without_nouns(report: CompiledReport, loss: Lost) -> tuple[str, ...]:
    return ("",) * len(report.uncovered)


@dataclass(frozen=True, slots=True)
class _Task:
    label: str
    run: Callable[[], Iterable[Issue]]
    path: Path | None = None  # set where the others are good without this one
    key: str = ""  # what a page is made of, where the last build's may stand
    kind: str = ""
    below: str = ""  # the path below the outputs of one that the others are not good without

    @property
    def name(self) -> str:
        """The page's path below the outputs."""
        return f"{self.path.parent.name}/{self.path.name}" if self.path else self.below


def _other_pages(last: Standing, only: Collection[Output]) -> dict[str, str]:
    """Return what the pages were made of that this build was not asked for."""

    def of(name: str) -> Output:
        folder = name.partition("/")[0]
        return Output(folder) if folder in (BRIEFINGS, EVIDENCE) else Output.WORKBOOK

    return {name: key for name, key in last.pages.items() if of(name) not in only}


def _write_one(task: _Task) -> tuple[tuple[Issue, ...], float]:
    """Write one output; also return how many seconds of the processor that took."""
    started = time.process_time()
    # What a writer makes is either kept to its end or gone at once; to look for circles in it would only take time.
    with no_collection():
        issues = _issues_of(task)
    return issues, time.process_time() - started


def _issues_of(task: _Task) -> tuple[Issue, ...]:
    try:
        return tuple(task.run())
    except OSError:  # a full disk stops the build
        raise
    except Exception as error:
        if task.path is None:
            raise
        task.path.unlink(missing_ok=True)
        return (Issue("B112", {"name": task.label, "log": str(log_crash(error))}),)


def _unwritten(task: _Task, loss: Lost) -> tuple[tuple[Issue, ...], float]:
    """Return what is said of an output whose process died; without the workbook or the tables there is no build."""
    if task.path is None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), task.label)
    task.path.unlink(missing_ok=True)
    return (Issue("B137", {"name": task.label, "reason": loss.reason}),), 0.0


def _writing_tasks(gathered: Gathered, staging: Path, nouns: Nouns) -> list[_Task]:
    """Return what is to be written, the longest first."""
    only = gathered.options.only
    tasks: list[_Task] = []
    if Output.FACTS in only:
        tasks.extend(_table_tasks(gathered, staging))
    if only - {Output.FACTS}:
        keys = PageKeys(gathered, fingerprints(gathered.options.templates.folder))
        if Output.WORKBOOK in only:
            tasks = [*_workbook_tasks(gathered, staging, nouns, keys), *tasks]
        if Output.BRIEFINGS in only:
            tasks.extend(_briefing_tasks(gathered, staging, keys))
        if Output.EVIDENCE in only:
            tasks.extend(_evidence_tasks(gathered, staging, keys))
    return tasks


def _workbook_tasks(gathered: Gathered, staging: Path, nouns: Nouns, keys: PageKeys) -> Iterator[_Task]:
    """Yield what writes the workbook, which reads back what users filled in, and those of print sheets beside it."""
    from compiler.workbook.write import Workbook

    g = gathered
    path, home = staging / WORKBOOK, g.options.out
    if (home / WORKBOOK).is_file():
        shutil.copyfile(home / WORKBOOK, path)
    workbook = Workbook(g.reports, g.ledger, g.issues, g.rulebook, g.templates.workbook, g.info, nouns)
    yield _Task(WORKBOOK, lambda: workbook.write(path, home=home), kind="　工作簿")

    def apart(book: PrintBook) -> _Task:
        key = keys.of_places(book.path, (key for key, *_ in book.reports), *workbook.told_apart(book))
        name, kind = Path(book.path).name, "　打印表"
        return _Task(name, lambda: workbook.write_apart(book, staging), key=key, kind=kind, below=book.path)

    yield from map(apart, workbook.apart(path.stem))


def _briefing_tasks(gathered: Gathered, staging: Path, keys: PageKeys) -> Iterator[_Task]:
    """Yield what writes the briefing of each report and the one over all places."""
    from compiler.briefing.write import Briefings

    g = gathered
    briefings = Briefings(g.reports, g.ledger, g.issues, g.rulebook, g.templates.briefing)
    (staging / BRIEFINGS).mkdir()

    def briefing(name: str, report: CompiledReport) -> _Task:
        path = staging / BRIEFINGS / name
        key = keys.of(name, report, (), *briefings.told_of_others(report))
        return _Task(name, lambda: briefings.write(path, report, g.info), path, key, "　要情")

    yield from (briefing(name, report) for name, report in briefing_names(g.reports, g.templates.briefing))
    if len(g.reports) > 1:
        summary = staging / BRIEFINGS / SUMMARY
        yield _Task(SUMMARY, lambda: briefings.write_summary(summary, g.info), summary, kind="　要情汇总")


def _evidence_tasks(gathered: Gathered, staging: Path, keys: PageKeys) -> Iterator[_Task]:
    """Yield what writes the evidence page of each report."""
    from compiler.evidence.write import evidence_names, write_evidence

    g = gathered
    if g.templates.evidence is None:
        return
    (staging / EVIDENCE).mkdir()
    to_verify, hashes = ToVerify(g.issues), dict(g.info.inputs)
    template = digest(Path(g.templates.evidence.path))  # where a workspace has none, it is the shipped one

    def page(path: Path, report: CompiledReport) -> _Task:
        info = replace(info_of_pages(g.info), inputs=((report.source, hashes.get(report.source, "")),))
        rest = (to_verify, g.rulebook, g.templates.evidence, info)
        key = keys.of(path.name, report, to_verify.of(report), template)
        return _Task(path.name, lambda: write_evidence(path, report, g.ledger, *rest), path, key, "　核对页")

    for name, report in evidence_names(g.reports):
        yield page(staging / EVIDENCE / name, report)


def _write_evidence_index(gathered: Gathered, staging: Path, standing: Collection[str]) -> tuple[Issue, ...]:
    """Write the list of the evidence pages; it comes last, because it links only to those that are there."""
    g = gathered
    if g.templates.evidence is None or Output.EVIDENCE not in g.options.only:
        return ()
    from compiler.evidence.write import INDEX, write_evidence_index

    path = staging / EVIDENCE / INDEX
    pages = _names(staging, EVIDENCE, standing)
    rest = (ToVerify(g.issues), g.templates.evidence, g.info, pages)
    return _issues_of(_Task(INDEX, lambda: write_evidence_index(path, g.reports, *rest), path))


def _names(staging: Path, folder: str, standing: Iterable[str]) -> set[str]:
    """Return the names of the pages of this build in one of its folders, whether written now or left standing."""
    written = {path.name for path in (staging / folder).iterdir()}
    return written | {name.removeprefix(f"{folder}/") for name in standing if name.startswith(f"{folder}/")}


SUMMARY = "各地政府工作报告要情汇总.docx"


def briefing_names(
    reports: Iterable[CompiledReport], template: BriefingTemplate
) -> Iterator[tuple[str, CompiledReport]]:
    """Yield each report with the name of its briefing, unique even where a file system ignores case."""
    from compiler.briefing.write import briefing_name

    taken: set[str] = {SUMMARY.casefold()}
    for report in reports:
        yield unique(briefing_name(report, template), taken, numbered_file), report


def _table_tasks(gathered: Gathered, folder: Path) -> Iterator[_Task]:
    """Yield what writes the tables for programs: facts, ledger, tasks and passages."""
    from compiler.facts.tables import facts_csv, facts_jsonl, passages_csv, tasks_csv
    from compiler.ledger.tables import ledger_csv, ledger_jsonl

    g = gathered
    of_ledger = (g.ledger, g.reports, g.rulebook.ledger)
    tables: dict[str, Callable[[], bytes]] = {
        "facts.csv": lambda: facts_csv(g.facts),
        "facts.jsonl": lambda: facts_jsonl(g.facts),
        "ledger.csv": lambda: ledger_csv(*of_ledger),
        "ledger.jsonl": lambda: ledger_jsonl(*of_ledger),
        "tasks.csv": lambda: tasks_csv(g.reports),
        "passages.csv": lambda: passages_csv(g.reports),
    }
    if g.options.parquet:
        tables |= _parquet_tables(g)

    def write(name: str, table: Callable[[], bytes]) -> _Task:
        def run() -> tuple[Issue, ...]:
            (folder / name).write_bytes(table())
            return ()

        return _Task(name, run, kind="　数据表")

    return (write(name, table) for name, table in tables.items())


def _parquet_tables(gathered: Gathered) -> dict[str, Callable[[], bytes]]:
    """Return facts and ledger once more as typed columns, for data bases and statistics programs."""
    from compiler.facts import tables as facts
    from compiler.facts.columnar import table_parquet
    from compiler.ledger import tables as ledger

    g = gathered

    def of_ledger() -> bytes:
        return table_parquet(ledger.COLUMNS, ledger.ledger_rows(g.ledger, g.reports, g.rulebook.ledger))

    return {
        "facts.parquet": lambda: table_parquet(facts.COLUMNS, facts.fact_rows(g.facts)),
        "ledger.parquet": of_ledger,
    }


def _stale(out: Path, staging: Path, standing: Collection[str]) -> Iterator[Issue]:
    """Name the briefings and evidence pages of an earlier build that this one does not make.

    They stay: a briefing may hold somebody's work, and nothing else in the folder is known to be ours.
    """
    for name, suffix, code in ((BRIEFINGS, ".docx", "B111"), (EVIDENCE, ".html", "E106")):
        folder = out / name
        if not folder.is_dir() or not (staging / name).is_dir():
            continue
        new = _names(staging, name, standing)
        new |= {beside.name for path in new for beside in names_beside(Path(path))}
        old = sorted(path.name for path in workspace_files(folder) if path.suffix == suffix and path.name not in new)
        if old:
            yield Issue(code, {"count": str(len(old)), "path": str(folder), "shown": "、".join(old[:3])})


def _good_build_stands(out: Path) -> bool:
    """Tell whether ``out`` holds a build made by rules without an error; in doubt it does."""
    import json

    try:
        record = json.loads((out / RECORD).read_text(encoding="utf-8"))
        return not record["rules"]["errors"]
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True


def reason(error: OSError) -> str:
    """Return in Chinese why the system refused."""
    reasons = {
        "PermissionError": "没有权限，或文件正被别的程序打开",
        "FileNotFoundError": "找不到",
        "FileExistsError": "有同名的文件",
        "NotADirectoryError": "它不是文件夹",
        "IsADirectoryError": "它是文件夹",
    }
    if error.errno == errno.ENOSPC:
        return "磁盘已满"
    if error.errno == errno.ENOMEM:
        return "内存不足"
    return reasons.get(type(error).__name__, error.strerror or "系统不许")


def _folder_of(path: Path) -> str:
    """Return the folder that a given file or folder of reports was, so that ``explain`` finds the reports again."""
    found = path.resolve()
    return (found if found.is_dir() else found.parent).as_posix()


def build_record(gathered: Gathered, issues: Sequence[Issue]) -> dict[str, Any]:
    """Return the content of ``build.json`` but for where the outputs went; ``issues`` are those of the writers."""
    from compiler.issues import as_json, severity

    g = gathered
    everything = (*g.issues, *issues)
    weights = Counter(str(severity(issue)) for issue in everything)
    return {
        "program": {"name": "report-compiler", "version": g.info.version},
        "contracts": CONTRACTS,
        "dated": g.info.started[:10],
        "rules": {
            "folder": g.info.rules_root,
            "chosen": g.options.rules.chosen,
            "version": g.rulebook.version,
            "fingerprint": g.rulebook.fingerprint,
            "indicators": len(g.rulebook.indicators),
            "sections": len(g.rulebook.sections),
            "errors": _errors(issue for issue in everything if issue.code.startswith("R")),
            "files": fingerprints(g.options.rules.folder),
        },
        "templates": {
            "folder": g.info.templates_root,
            "chosen": g.options.templates.chosen,
            "files": fingerprints(g.options.templates.folder),
        },
        "folders": sorted({_folder_of(path) for path in g.options.paths}),
        "inputs": [
            {"path": source.path, "sha256": source.sha256, "encoding": source.encoding, "characters": len(source.text)}
            for source in g.sources
        ],
        "reports": [
            {
                "source": report.source,
                "report": report.number,
                "place": report.identity.place,
                "place_code": report.identity.place_code,
                "place_level": report.identity.place_level,
                "report_year": report.identity.report_year,
                "sure": report.identity.sure,
                "facts": len(report.facts),
                "passages": len(report.passages),
                "tasks": len(report.tasks),
                "figures": report.figures,
                "uncovered": len(report.uncovered),
            }
            for report in g.reports
        ],
        "counts": {**counts(g), "errors": weights["error"], "warnings": weights["warning"], "notes": weights["note"]},
        "only": sorted(g.options.only) if len(g.options.only) < len(Output) else None,
        "issues": [as_json(issue) for issue in everything],
    }


def counts(gathered: Gathered) -> dict[str, int]:
    """Return the numbers of the closing summary."""
    from compiler.issues import kind

    misquoted = sum(issue.code == "B108" for issue in gathered.issues)
    return {
        "reports": len(gathered.reports),
        "facts": len(gathered.facts),
        "quotes_verified": len(gathered.facts) - misquoted,
        "to_verify": sum(bool(kind(issue)) for issue in gathered.issues),
        "figures": sum(report.figures for report in gathered.reports),
        "uncovered": sum(len(report.uncovered) for report in gathered.reports),
    }


def fingerprints(folder: Path) -> list[dict[str, str]]:
    """Return path and SHA-256 of each file of a folder of rules or templates."""
    return [{"path": path.relative_to(folder).as_posix(), "sha256": digest(path)} for path in workspace_files(folder)]


def workspace_files(folder: Path) -> list[Path]:
    """Return the files of a folder in order, without hidden ones and the lock files of office programs."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "~", "__")) for part in parts):
            found.append(path)
    return found
