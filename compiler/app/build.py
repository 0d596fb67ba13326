"""A build: gather everything from rules, templates and reports, then write all outputs.

The stages know no files and no clock; both stand here. All outputs are written into a folder of their own
first and moved into place only when every one of them is there, so what stood before is never lost.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from compiler.files import is_held_open
from compiler.model import BuildInfo, CompiledReport, Fact, Issue, RuleBook, Source
from compiler.workspace import Choice, version

if TYPE_CHECKING:
    from compiler.ledger.rows import Ledger

WORKBOOK = "目标与结果.xlsx"
BRIEFINGS = "briefings"
EVIDENCE = "evidence"
RECORD = "build.json"

#: Below this many characters in all, starting processes costs more than it saves.
WORTH_PROCESSES = 150_000

#: Two reports of one place and year are the same report where this share of the shorter one's sentences agrees.
SAME_REPORT = 0.8

Input = TypeVar("Input")
Output = TypeVar("Output")
Compiled = tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]


class Progress(Protocol):
    """Hears how far a build is; see ``commands.py`` for the one that shows it."""

    def start(self, total: int, what: str) -> None:
        """A phase with ``total`` steps begins."""

    def step(self, label: str) -> None:
        """One step is done."""

    def finish(self) -> None:
        """The phase is over."""


class Silent:
    """Shows nothing."""

    def start(self, total: int, what: str) -> None:
        pass

    def step(self, label: str) -> None:
        pass

    def finish(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked to do. ``jobs`` 0 takes as many processes as there are processors."""

    paths: tuple[Path, ...]
    rules: Choice
    templates: Choice
    out: Path
    jobs: int = 0
    force: bool = False


@dataclass(frozen=True, slots=True)
class Templates:
    """The loaded templates; without the one of the evidence pages all others are still written."""

    workbook: Any
    briefing: Any
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build. ``written`` are the paths of the outputs, empty where nothing was written."""

    gathered: Gathered | None
    issues: tuple[Issue, ...]
    written: tuple[Path, ...] = ()
    unread: int = 0
    stopped: bool = False

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of all reports, in the order of the tables."""
        return self.gathered.facts if self.gathered else ()


@dataclass
class Cache:
    """Rules and compiled sources (by path, content and rules), for builds that follow one another (``watch``)."""

    compiled: dict[tuple[str, str, str], Compiled] = field(default_factory=dict)
    rulebook: RuleBook | None = None

    def same(self, rulebook: RuleBook | None) -> RuleBook | None:
        """Return the rules kept from before where nothing changed in them; what was made from them stays good."""
        kept = self.rulebook
        if kept is None or rulebook is None or kept.fingerprint != rulebook.fingerprint:
            self.rulebook = kept = rulebook
        return kept


# --- gathering ---------------------------------------------------------------------------------


def build(options: Options, progress: Progress | None = None, cache: Cache | None = None) -> Outcome:
    """Compile the reports of ``options`` and write all outputs, or say why not."""
    progress = progress or Silent()
    gathered, issues, unread = gather(options, progress, cache)
    if gathered is None:
        return Outcome(None, issues, unread=unread, stopped=True)
    errors = _errors(issue for issue in issues if issue.code.startswith("R"))
    if errors and not options.force and _good_build_stands(options.out):
        issue = Issue("B101", {"count": str(errors), "path": str(options.out)})
        return Outcome(gathered, (*issues, issue), unread=unread, stopped=True)
    written, more = write(gathered, progress)
    return Outcome(gathered, (*issues, *more), written, unread, stopped=not written)


def gather(
    options: Options, progress: Progress, cache: Cache | None = None
) -> tuple[Gathered | None, tuple[Issue, ...], int]:
    """Load rules and templates, read and compile the reports; also return how many files could not be read."""
    from compiler.ledger.join import build_ledger
    from compiler.rules.rulebook import load_rulebook
    from compiler.text.read import find_inputs

    issues: list[Issue] = []
    rulebook, found = load_rulebook(options.rules.folder)
    if cache:
        rulebook = cache.same(rulebook)
    issues.extend(found)
    templates, found = load_templates(options.templates.folder)
    issues.extend(found)
    inputs, found = find_inputs(options.paths)
    issues.extend(found)
    unread = _errors(found)
    inputs, trouble = _without_our_own(inputs, options)
    issues.extend(trouble)
    if rulebook is None or templates is None:
        return None, tuple(issues), unread

    sources, trouble, failed = _read_all(inputs)
    issues.extend(trouble)
    unread += failed
    compiled = _compile_all(sources, rulebook, options.jobs, progress, cache)
    issues.extend(issue for _, found in compiled for issue in found)
    unread += sum(issue.code == "B105" for issue in issues)
    reports, trouble = _distinct([report for reports, _ in compiled for report in reports])
    issues.extend(trouble)
    if not reports:
        issues.append(Issue("B102", {"count": str(len(inputs))}))
        return None, tuple(issues), unread
    issues.extend(_misquoted(reports))

    ledger, found = build_ledger(reports, rulebook)
    issues.extend(found)
    from compiler.facts.tables import all_facts

    info = BuildInfo(
        version=version(),
        started=started(),
        rules_version=rulebook.version,
        rules_fingerprint=rulebook.fingerprint,
        rules_root=shown_folder(options.rules),
        templates_root=shown_folder(options.templates),
        inputs=tuple((source.path, source.sha256) for source in sources),
    )
    gathered = Gathered(
        reports, all_facts(reports), ledger, tuple(issues), rulebook, templates, info, tuple(sources), options
    )
    return gathered, tuple(issues), unread


def load_templates(folder: Path) -> tuple[Templates | None, tuple[Issue, ...]]:
    """Load the templates of ``folder``, or say what is wrong with them."""
    from compiler.briefing.write import load_briefing_template
    from compiler.evidence.write import load_evidence_template
    from compiler.workbook.write import load_workbook_template

    if not folder.is_dir():
        return None, (Issue("B103", {"path": str(folder)}),)
    workbook, issues = load_workbook_template(folder)
    briefing, more = load_briefing_template(folder)
    evidence, others = load_evidence_template(folder)
    if workbook is None or briefing is None:
        return None, (*issues, *more, *others)
    return Templates(workbook, briefing, evidence), (*issues, *more, *others)


def started() -> str:
    """Return the time of the build in ISO form; ``SOURCE_DATE_EPOCH`` sets it, for builds with equal bytes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(int(epoch), UTC).isoformat(timespec="seconds")
    return datetime.now().astimezone().isoformat(timespec="seconds")


def shown_folder(choice: Choice) -> str:
    """Return a folder as the outputs name it: relative where it lies below the current folder."""
    if choice.chosen == "packaged":
        return "随程序自带"
    folder = choice.folder.resolve()
    here = Path.cwd()
    return folder.relative_to(here).as_posix() if folder.is_relative_to(here) else folder.as_posix()


def _errors(issues: Iterable[Issue]) -> int:
    from compiler.issues import severity

    return sum(severity(issue) == "error" for issue in issues)


def _without_our_own(
    inputs: Sequence[tuple[Path, str]], options: Options
) -> tuple[list[tuple[Path, str]], list[Issue]]:
    """Leave out what a walk over a workspace finds of its rules, templates and outputs: briefings are .docx, too."""
    ours = [folder.resolve() for folder in (options.out, options.rules.folder, options.templates.folder)]
    given = {path.resolve() for path in options.paths}
    kept = []
    for path, relative in inputs:
        resolved = path.resolve()
        if resolved in given or not any(resolved.is_relative_to(folder) for folder in ours):
            kept.append((path, relative))
    left_out = len(inputs) - len(kept)
    return kept, [Issue("B113", {"count": str(left_out)})] if left_out else []


def _read_all(inputs: Sequence[tuple[Path, str]]) -> tuple[list[Source], list[Issue], int]:
    """Read all inputs; files with the same bytes are taken once. Also return how many could not be read."""
    from compiler.text.read import read

    issues: list[Issue] = []
    sources: dict[str, Source] = {}
    unread = 0
    for path, relative in inputs:
        source, found = read(path, relative)
        issues.extend(found)
        if source is None:
            unread += 1
        elif source.sha256 in sources:
            issues.append(Issue("B104", {"path": relative, "other": sources[source.sha256].path}, source=relative))
        else:
            sources[source.sha256] = source
    return list(sources.values()), issues, unread


def _compile_all(
    sources: Sequence[Source], rulebook: RuleBook, jobs: int, progress: Progress, cache: Cache | None
) -> list[Compiled]:
    known = cache.compiled if cache else {}
    keys = [(source.path, source.sha256, rulebook.fingerprint) for source in sources]
    fresh = [(key, source) for key, source in zip(keys, sources, strict=True) if key not in known]
    progress.start(len(sources), "编译报告")
    for key, source in zip(keys, sources, strict=True):
        if key in known:
            progress.step(source.path)
    done = dict(known)
    size = sum(len(source.text) for _, source in fresh)
    labels = [source.path for _, source in fresh]
    tasks = [(source, rulebook) for _, source in fresh]
    if len(fresh) > 1 and size >= WORTH_PROCESSES:
        from compiler.facts.compile import matcher_of

        matcher_of(rulebook)  # compiled here once, every forked process finds it ready
    results = in_processes(_compile_one, tasks, jobs if size >= WORTH_PROCESSES else 1)
    for (key, _), label, result in zip(fresh, labels, results, strict=True):
        done[key] = result
        progress.step(label)
    progress.finish()
    if cache:
        cache.compiled = {key: done[key] for key in keys}
    return [done[key] for key in keys]


def _compile_one(task: tuple[Source, RuleBook]) -> Compiled:
    from compiler.facts.compile import compile_source

    source, rulebook = task
    try:
        return compile_source(source, rulebook)
    except Exception as error:  # a report that trips the program must not take the others with it
        return (), (Issue("B105", {"path": source.path, "log": str(log_crash(error))}, source=source.path),)


def _distinct(reports: Sequence[CompiledReport]) -> tuple[tuple[CompiledReport, ...], list[Issue]]:
    """Take each report once over all files: by place, year and text; two versions of one report both stay."""
    issues: list[Issue] = []
    kept: list[CompiledReport] = []
    standing: dict[tuple[str, int], list[tuple[CompiledReport, set[str]]]] = {}
    for report in reports:
        place, year = report.identity.place, report.identity.report_year
        texts = {sentence.text for sentence in report.sentences}
        same_key = standing.setdefault((place, year), [])
        shown = {"path": report.source, "number": str(report.number), "place": place, "year": str(year)}
        repeated = next((other for other, known in same_key if _alike(texts, known)), None)
        if repeated is not None:
            fields = {**shown, "other": repeated.source, "other_number": str(repeated.number)}
            issues.append(Issue("B106", fields, source=report.source, report=report.number, place=place))
            continue
        if same_key and place and year:
            fields = {**shown, "other": same_key[0][0].source, "other_number": str(same_key[0][0].number)}
            issues.append(Issue("B107", fields, source=report.source, report=report.number, place=place))
        same_key.append((report, texts))
        kept.append(report)
    return tuple(_without_repeated_facts(kept)), issues


def _alike(one: set[str], other: set[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= SAME_REPORT * shorter


def _without_repeated_facts(reports: Iterable[CompiledReport]) -> Iterator[CompiledReport]:
    """Drop facts that an earlier report of the same place states with the same figure."""
    seen: set[tuple[object, ...]] = set()
    for report in reports:
        facts = []
        for fact in report.facts:
            cell = (fact.place, fact.year, fact.kind, fact.indicator_id, fact.measure, fact.tier)
            key = (*cell, fact.low, fact.high, fact.bound, fact.unit, fact.text)
            # Reports whose place is unknown have nothing in common by agreeing on it.
            if not fact.place or key not in seen:
                facts.append(fact)
            seen.add(key)
        yield report if len(facts) == len(report.facts) else replace(report, facts=tuple(facts))


def _misquoted(reports: Iterable[CompiledReport]) -> Iterator[Issue]:
    """Name every fact whose quote is not the source at its offsets (white space aside)."""
    for report in reports:
        for fact in report.facts:
            if "".join(report.text[fact.start : fact.end].split()) != "".join(fact.quote.split()):
                yield Issue(
                    "B108",
                    {"indicator": fact.indicator, "quote": fact.quote},
                    source=report.source,
                    report=report.number,
                    start=fact.start,
                    end=fact.end,
                    place=fact.place,
                    indicator=fact.indicator,
                    facts=(fact.id,),
                )


# --- processes ---------------------------------------------------------------------------------

_tasks: Sequence[Any] = ()
_function: Callable[[Any], Any] | None = None


def in_processes(function: Callable[[Input], Output], tasks: Sequence[Input], jobs: int) -> Iterator[Output]:
    """Yield ``function`` of each task in order, from forked processes where there are several and fork is safe.

    The forked children inherit the tasks, so that neither rules nor ledger are copied through a pipe.
    """
    global _tasks, _function
    jobs = min(jobs or processors(), len(tasks))
    # macOS frameworks do not survive a fork; Windows has none.
    if jobs <= 1 or not sys.platform.startswith("linux"):
        yield from map(function, tasks)
        return
    import multiprocessing

    _tasks, _function = tasks, function
    try:
        with multiprocessing.get_context("fork").Pool(jobs) as pool:
            yield from pool.imap(_run_task, range(len(tasks)))
    finally:
        _tasks, _function = (), None


def _run_task(index: int) -> Any:
    assert _function is not None
    return _function(_tasks[index])


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# --- writing -----------------------------------------------------------------------------------


def write(gathered: Gathered, progress: Progress) -> tuple[tuple[Path, ...], tuple[Issue, ...]]:
    """Write all outputs; return their paths and what the writers had to say."""
    out = gathered.options.out
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return (), (Issue("B109", {"path": str(out), "reason": _reason(error)}),)
    issues: list[Issue] = []
    try:
        with _staging(out) as staging:
            tasks = _writing_tasks(gathered, staging)
            progress.start(len(tasks), "写出结果")
            large = sum(len(source.text) for source in gathered.sources) >= WORTH_PROCESSES
            labels = [task.label for task in tasks]
            for label, found in zip(labels, in_processes(_write_one, tasks, 0 if large else 1), strict=True):
                issues.extend(found)
                progress.step(label)
            progress.finish()
            issues.extend(_write_evidence_index(gathered, staging))
            issues.extend(_stale(out, staging))
            produced = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
            record = build_record(gathered, tuple(issues), [path.as_posix() for path in produced])
            from compiler.facts.tables import build_json

            (staging / RECORD).write_bytes(build_json(record))
            written, locked = _put_in_place(staging, out, [*produced, Path(RECORD)])
    except OSError as error:
        return (), (*issues, Issue("B109", {"path": str(error.filename or out), "reason": _reason(error)}))
    return written, (*issues, *locked)


@dataclass(frozen=True, slots=True)
class _Task:
    label: str
    run: Callable[[], Iterable[Issue]]
    path: Path | None = None  # set where the others are good without this one


def _write_one(task: _Task) -> tuple[Issue, ...]:
    try:
        return tuple(task.run())
    except OSError:  # a full disk stops the build
        raise
    except Exception as error:
        if task.path is None:
            raise
        task.path.unlink(missing_ok=True)
        return (Issue("B112", {"name": task.label, "log": str(log_crash(error))}),)


def _writing_tasks(gathered: Gathered, staging: Path) -> list[_Task]:
    """Return what is to be written, the longest first."""
    from compiler.briefing.write import write_briefing, write_summary_briefing
    from compiler.workbook.write import write_workbook

    g = gathered
    rest = (g.issues, g.rulebook)
    (staging / BRIEFINGS).mkdir()
    standing = g.options.out / WORKBOOK
    if standing.is_file():  # the writer reads back what users filled in
        shutil.copyfile(standing, staging / WORKBOOK)
    tasks = [
        _Task(
            WORKBOOK,
            lambda: write_workbook(staging / WORKBOOK, g.reports, g.ledger, *rest, g.templates.workbook, g.info),
        ),
        _Task("facts.csv", lambda: _write_tables(staging, g.facts)),
    ]

    def briefing(name: str, report: CompiledReport) -> _Task:
        path = staging / BRIEFINGS / name
        return _Task(
            name,
            lambda: write_briefing(path, report, g.ledger, g.reports, *rest, g.templates.briefing, g.info),
            path,
        )

    tasks.extend(briefing(name, report) for name, report in briefing_names(g.reports))
    if len(g.reports) > 1:
        summary, template = staging / BRIEFINGS / SUMMARY, g.templates.briefing
        tasks.append(
            _Task(
                SUMMARY,
                lambda: write_summary_briefing(summary, g.reports, g.ledger, *rest, template, g.info),
                summary,
            )
        )
    tasks.extend(_evidence_tasks(gathered, staging))
    return tasks


def _evidence_tasks(gathered: Gathered, staging: Path) -> Iterator[_Task]:
    """Yield what writes the evidence page of each report."""
    from compiler.evidence.write import evidence_names, write_evidence

    g = gathered
    if g.templates.evidence is None:
        return
    (staging / EVIDENCE).mkdir()

    def page(path: Path, report: CompiledReport) -> _Task:
        rest = (g.issues, g.rulebook, g.templates.evidence, g.info)
        return _Task(path.name, lambda: write_evidence(path, report, g.ledger, *rest), path)

    for name, report in evidence_names(g.reports):
        yield page(staging / EVIDENCE / name, report)


def _write_evidence_index(gathered: Gathered, staging: Path) -> tuple[Issue, ...]:
    """Write the list of the evidence pages; it comes last, because it links only to those that are there."""
    from compiler.evidence.write import INDEX, write_evidence_index

    g = gathered
    if g.templates.evidence is None:
        return ()
    path = staging / EVIDENCE / INDEX
    template = g.templates.evidence
    return _write_one(_Task(INDEX, lambda: write_evidence_index(path, g.reports, g.issues, template, g.info), path))


SUMMARY = "各地政府工作报告要情汇总.docx"


def briefing_names(reports: Iterable[CompiledReport]) -> Iterator[tuple[str, CompiledReport]]:
    """Yield each report with the name of its briefing, unique even where a file system ignores case."""
    from compiler.briefing.write import briefing_name

    taken: set[str] = {SUMMARY.casefold()}
    for report in reports:
        first = Path(briefing_name(report))
        name, number = first.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{first.stem}（{number}）{first.suffix}"
        taken.add(name.casefold())
        yield name, report


def _write_tables(folder: Path, facts: Sequence[Fact]) -> tuple[Issue, ...]:
    from compiler.facts.tables import facts_csv, facts_jsonl

    (folder / "facts.csv").write_bytes(facts_csv(facts))
    (folder / "facts.jsonl").write_bytes(facts_jsonl(facts))
    return ()


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """Give a folder beside the outputs, so that moving a file into place is one step of the file system."""
    staging = out / f".build-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _put_in_place(staging: Path, out: Path, produced: Sequence[Path]) -> tuple[tuple[Path, ...], list[Issue]]:
    """Move the files to where they belong; one that a program holds open is put beside instead."""
    written: list[Path] = []
    issues: list[Issue] = []
    for relative in produced:
        target = out / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if is_held_open(target):
                raise PermissionError
            (staging / relative).replace(target)
        except PermissionError:
            beside = target.with_name(f"{target.stem}（新）{target.suffix}")
            (staging / relative).replace(beside)
            issues.append(Issue("B110", {"path": str(target), "beside": str(beside)}))
            target = beside
        written.append(target)
    return tuple(written), issues


def _stale(out: Path, staging: Path) -> Iterator[Issue]:
    """Name the briefings and evidence pages of an earlier build that this one does not make.

    They stay: a briefing may hold somebody's work, and nothing else in the folder is known to be ours.
    """
    for name, suffix, code in ((BRIEFINGS, ".docx", "B111"), (EVIDENCE, ".html", "E106")):
        folder = out / name
        if not folder.is_dir() or not (staging / name).is_dir():
            continue
        new = {path.name for path in (staging / name).iterdir()}
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


def _reason(error: OSError) -> str:
    reasons = {
        "PermissionError": "没有权限，或文件正被别的程序打开",
        "FileNotFoundError": "找不到",
        "FileExistsError": "有同名的文件",
        "NotADirectoryError": "它不是文件夹",
        "IsADirectoryError": "它是文件夹",
    }
    import errno

    if error.errno == errno.ENOSPC:
        return "磁盘已满"
    return reasons.get(type(error).__name__, error.strerror or "系统不许")


# --- the record --------------------------------------------------------------------------------


def build_record(gathered: Gathered, issues: Sequence[Issue], outputs: Sequence[str]) -> dict[str, Any]:
    """Return the content of ``build.json``; ``issues`` are those of the writers."""
    from compiler.issues import as_json, severity

    g = gathered
    everything = (*g.issues, *issues)
    weights = Counter(str(severity(issue)) for issue in everything)
    return {
        "program": {"name": "report-compiler", "version": g.info.version},
        "built": g.info.started,
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
                "facts": len(report.facts),
                "passages": len(report.passages),
                "figures": report.figures,
                "uncovered": len(report.uncovered),
            }
            for report in g.reports
        ],
        "counts": {**counts(g), "errors": weights["error"], "warnings": weights["warning"], "notes": weights["note"]},
        "outputs": [*outputs, RECORD],
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
    return [
        {"path": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in workspace_files(folder)
    ]


def workspace_files(folder: Path) -> list[Path]:
    """Return the files of a folder in order, without hidden ones and the lock files of office programs."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "~", "__")) for part in parts):
            found.append(path)
    return found


# --- crashes -----------------------------------------------------------------------------------


def log_crash(error: BaseException) -> Path:
    """Append what went wrong to a file that a user can send, and return its path."""
    import platform
    import tempfile
    import traceback

    text = (
        f"==== {datetime.now().astimezone().isoformat(timespec='seconds')}\n"
        f"report-compiler {version()}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{sys.argv}\n{''.join(traceback.format_exception(error))}\n"
    )
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        path = folder / "report-compiler-出错记录.log"
        try:
            with path.open("a", encoding="utf-8") as stream:
                stream.write(text)
        except OSError:
            continue
        return path
    return Path(os.devnull)
