"""All outputs of a build: written into a folder of their own first, then moved into place."""

from __future__ import annotations

import errno
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from compiler.app.edited_outputs import name_behind
from compiler.app.options import BRIEFINGS, EVIDENCE, WORKBOOK, Gathered, Output
from compiler.app.record import build_record, workspace_files
from compiler.app.standing_pages import Standing
from compiler.app.swap import outputs_changed, staging, switch
from compiler.app.timings import Timings
from compiler.app.writing_tasks import (
    Outlines,
    Task,
    Written,
    page_names,
    write_all,
    write_evidence_index_page,
    writing_stages,
)
from compiler.facts.batch import Progress, worth
from compiler.facts.gists import let_go
from compiler.facts.store import outline_part
from compiler.files import visible
from compiler.model import CompiledReport, Issue
from compiler.processes import Lost, in_processes


def write_outputs(
    gathered: Gathered, last: Standing, progress: Progress, timings: Timings, made_of: str = ""
) -> tuple[tuple[Path, ...], tuple[Issue, ...]]:
    """Write all outputs; return their paths and what the writers had to say. The lock of the folder must be held;
    ``last`` is what the last build wrote into it."""
    out = gathered.options.out
    issues: list[Issue] = []
    timings.begin("未覆盖数字的名称")
    try:
        with staging(out) as folder:
            outlines = _outlines(gathered, progress) if Output.WORKBOOK in gathered.options.only else {}
            timings.begin("写出")
            last = last if gathered.options.cache else last.none()
            stages = writing_stages(gathered, folder, outlines, last)
            tasks = next(stages)
            standing = {task.name: sha for task in tasks if (sha := last.sha256(task.name, task.key))}
            left = [task for task in tasks if task.name not in standing]
            pages = _other_pages(last, gathered.options.only)
            pages |= {task.name: task.key for task in tasks if task.name in standing}
            for ready in {task.ready for task in left if task.ready is not None}:
                ready()
            del tasks
            hashes: dict[str, str] = {}
            jobs = worth(gathered.sources, gathered.options.jobs)
            while left:
                progress.start(len(left), "写出结果")
                results: dict[Task, Written] = {}
                for task, result in write_all(folder, left, jobs):
                    results[task] = result
                    progress.step(task.label, result.seconds)
                for task in left:
                    found, taken, hashed = results[task]
                    hashes[task.name] = hashed
                    timings.add(task.kind, task.label, taken)
                    issues.extend(found)
                    if task.key and not found:  # what there is to tell of a page is told by each build that makes it
                        pages[task.name] = task.key
                progress.finish()
                left = next(stages, [])
            timings.begin("目录、核对、换上")
            issues.extend(write_evidence_index_page(gathered, folder, standing))
            issues.extend(_stale(out, folder, standing))
            record = {**build_record(gathered, tuple(issues)), "made_of": made_of, "pages": dict(sorted(pages.items()))}
            began = time.time_ns()
            written, beside = switch(
                folder, out, record, last.written, stay=(BRIEFINGS,), standing=standing, hashes=hashes
            )
            in_place = set(written)
            last.files.note(out, {name: one for name, one in hashes.items() if one and name in in_place}, began)
            last.files.keep()
            if gathered.store is not None:
                gathered.store.keep_recalled()
            if WORKBOOK in written:
                from compiler.workbook.last_workbook import drop_taken
                from compiler.workbook.pending_decisions import drop_written

                drop_taken(out / WORKBOOK, gathered.templates.workbook)
                drop_written(out / WORKBOOK)
    except OSError as error:
        return (), (*issues, refused(error, out))
    return tuple(out / name for name in written), (*issues, *beside)


def _outlines(gathered: Gathered, progress: Progress) -> Outlines:
    """Return what the workbook has to know of the reports; what an earlier build found is taken from there."""
    from compiler.facts.jieba_dictionary import make_file
    from compiler.workbook.outlines import ReportOutline, outline_of

    store, rulebook = gathered.store, gathered.rulebook
    sources = {source.path: source for source in gathered.sources}
    found: Outlines = {}
    fresh: list[CompiledReport] = []
    for report in gathered.reports:
        source = sources.get(report.source)
        part = outline_part(report.number)
        kept = store.part(source, rulebook.fingerprint, part) if store and source else None
        if isinstance(kept, ReportOutline):
            found[report.source, report.number] = kept
        else:
            fresh.append(report)

    def outline(report: CompiledReport) -> ReportOutline:
        made = outline_of(report, rulebook.lexicon)
        let_go(report)
        source = sources.get(report.source)
        if store and source:
            store.put_part(source, rulebook, outline_part(report.number), made)
        return made

    def without_nouns(report: CompiledReport, _: Lost) -> ReportOutline:
        return outline_of(report, nouns=("",) * len(report.uncovered))

    progress.start(len(fresh), "认未覆盖的数字")
    if len(fresh) > 1:
        make_file()  # before processes part that would each make it
    made = in_processes(outline, fresh, worth(gathered.sources, gathered.options.jobs), lost=without_nouns)
    for report, one in zip(fresh, made, strict=True):
        found[report.source, report.number] = one
        progress.step(report.source)
    progress.finish()
    return found


def _other_pages(last: Standing, only: Collection[Output]) -> dict[str, str]:
    """Return what the pages were made of that this build was not asked for."""

    def of(name: str) -> Output:
        folder, below, _ = name.partition("/")
        if folder in (BRIEFINGS, EVIDENCE):
            return Output(folder)
        return Output.WORKBOOK if below else Output.FACTS

    return {name: key for name, key in last.pages.items() if of(name) not in only}


def _stale(out: Path, staging: Path, standing: Collection[str]) -> Iterator[Issue]:
    """Name the briefings and evidence pages of an earlier build that this one does not make.

    They stay: a briefing may hold somebody's work, and nothing else in the folder is known to be ours.
    """
    for name, suffix, code in ((BRIEFINGS, ".docx", "B111"), (EVIDENCE, ".html", "E106")):
        folder = out / name
        if not folder.is_dir() or not (staging / name).is_dir():
            continue
        new = page_names(staging, name, standing)
        there = (path.name for path in workspace_files(folder) if path.suffix == suffix)
        old = sorted(name for name in there if name not in new and name_behind(name) not in new)
        if old:
            yield Issue(code, {"count": str(len(old)), "path": str(folder), "shown": "、".join(old[:3])})


def refused(error: OSError, out: Path) -> Issue:
    """Return what is told where the system refused to write an output."""
    code = "B136" if outputs_changed() else "B109"
    return Issue(code, {"path": visible(error.filename or out), "reason": reason(error)})


def reason(error: OSError) -> str:
    """Return in Chinese why the system refused."""
    reasons = {
        "PermissionError": "没有权限，或文件正被别的程序打开",
        "FileNotFoundError": "找不到",
        "FileExistsError": "有同名的文件",
        "NotADirectoryError": "它不是文件夹",
        "IsADirectoryError": "它是文件夹",
    }
    known = {
        errno.ENOSPC: "磁盘已满",
        errno.EDQUOT: "磁盘配额用完了",
        errno.ENOMEM: "内存不足",
        errno.ENAMETOOLONG: "名字太长",
        errno.EROFS: "这个盘是只读的",
        errno.EIO: "磁盘读写出错",
    }
    told = known.get(error.errno or 0) or reasons.get(type(error).__name__)
    return told or error.strerror or "系统不许"
