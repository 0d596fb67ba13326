"""A build: gather everything from rules, templates and reports, then write all outputs.

The stages know no files and no clock; both stand here. All outputs are written into a folder of their own
first and moved into place only when every one of them is there, so what stood before is never lost.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compiler.app.dates import dated, moment
from compiler.app.edited_outputs import read_record
from compiler.app.kept_templates import load_templates
from compiler.app.options import Gathered, Options, Output
from compiler.app.outputs import reason, write_outputs
from compiler.app.record import errors_among, good_build_stands, shown_folder
from compiler.app.standing_pages import Standing
from compiler.app.swap import LOCK, RECORD, Locked, locked, recover
from compiler.app.timings import Timed, Timings
from compiler.app.unchanged import errors_of, made_of, still_good
from compiler.app.untouched import Untouched
from compiler.facts.batch import (
    Cache,
    Progress,
    Silent,
    compile_all,
    read_all,
    taken,
    worth,
)
from compiler.facts.by_hand import doubtful_corrections
from compiler.facts.cluster import Cluster, Unreachable
from compiler.facts.store import Store
from compiler.files import visible
from compiler.model import BuildInfo, Fact, Issue, Source
from compiler.processes import beside
from compiler.text.read import Given, Input, passed_over_notes
from compiler.workbook.pending_decisions import has_pending
from compiler.workspace import version


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build. ``written`` are the paths of the outputs, empty where nothing was written.

    ``unchanged`` is the record of the last build where nothing has changed since, so that there was nothing to do;
    ``record`` that of this one, where it held no report to its end (:mod:`compiler.app.data_parts`).
    """

    gathered: Gathered | None
    issues: tuple[Issue, ...]
    written: tuple[Path, ...] = ()
    unread: int = 0
    stopped: bool = False
    unchanged: dict[str, Any] | None = None
    record: dict[str, Any] | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of all reports, in the order of the tables."""
        return self.gathered.facts if self.gathered else ()


# --- gathering ---------------------------------------------------------------------------------


def build(
    options: Options, progress: Progress | None = None, cache: Cache | None = None, timings: Timings | None = None
) -> Outcome:
    """Compile the reports of ``options`` and write all outputs, or say why not."""
    progress, timings = progress or Silent(), timings or Timings()
    try:
        with locked(options.out):
            found = recover(options.out)
            outcome = _build(options, progress, cache, timings)
            return replace(outcome, issues=(*found, *outcome.issues))
    except Locked as other:
        return Outcome(None, (other.issue,), stopped=True)
    except Unreachable as error:
        return Outcome(None, (Issue("B160", {"reason": str(error)}),), stopped=True)
    except OSError as error:
        # The lock is the first thing written: where that fails, the folder is what a person has to look at.
        where = options.out if str(error.filename).endswith(LOCK) else error.filename or options.out
        fields = {"path": visible(where), "reason": reason(error)}
        return Outcome(None, (Issue("B109", fields),), stopped=True)


def _build(options: Options, progress: Progress, cache: Cache | None, timings: Timings) -> Outcome:
    from compiler.text.read import find_inputs

    timings.begin("看有无变化")
    found = find_inputs(options.paths, options.limits)
    files = Untouched(options.out, Store.open() if options.cache else None)
    key = made_of(options, found[0], files) if options.cache else ""
    # Whoever watches has a cache in memory, and wants the facts to tell what changed.
    skip = key and cache is None and not options.force and not has_pending(options.out)
    record = read_record(options.out / RECORD)
    if skip and still_good(options.out, record, key, files):
        files.keep()
        return Outcome(None, errors_of(record), unchanged=record)
    last = Standing.of(options.out, record, files)
    del record  # it holds all issues
    if Output.DATA in options.only:
        from compiler.app.data_parts import build_parts

        return build_parts(options, found, last, progress, timings, key)
    gathered, issues, unread = gather(options, found, progress, cache, timings)
    if gathered is None:
        return Outcome(None, issues, unread=unread, stopped=True)
    errors = errors_among(issue for issue in issues if issue.code.startswith("R"))
    if errors and not options.force and good_build_stands(options.out):
        issue = Issue("B101", {"count": str(errors), "path": str(options.out)})
        return Outcome(gathered, (*issues, issue), unread=unread, stopped=True)
    written, more = write_outputs(gathered, last, progress, timings, key)
    return Outcome(gathered, (*issues, *more), written, unread, stopped=not written)


def gather(
    options: Options, given: Given, progress: Progress, cache: Cache | None = None, timings: Timings | None = None
) -> tuple[Gathered | None, tuple[Issue, ...], int]:
    """Load rules and templates, read and compile the reports that are ``given``; also return how many files could not
    be read."""
    from compiler.facts.carried import written
    from compiler.facts.kept_rules import load_rules
    from compiler.ledger.kept_places import settle_kept

    timings = timings or Timings()
    timings.begin("规则和模板")
    issues: list[Issue] = []
    rulebook, found = load_rules(options.rules.folder, cached=options.cache)
    if cache:
        rulebook = cache.same(rulebook)
    issues.extend(found)
    templates, found = load_templates(options.templates.folder, rulebook, options.only, cached=options.cache)
    issues.extend(found)
    timings.begin("读文件")
    inputs, found = given
    issues.extend(found)
    unread = errors_among(found)
    inputs, trouble = without_our_own(inputs, options)
    issues.extend(trouble)
    if rulebook is None or templates is None:
        return None, tuple(issues), unread

    sources, trouble, failed = read_all(inputs, options.jobs, options.limits)
    issues.extend(trouble)
    unread += failed
    timings.begin("编译报告")
    store = Store.open(f"reports {os.path.realpath(options.out)}") if options.cache else None
    heard = Timed(progress, timings, "编译报告")
    cluster = Cluster(options.scheduler) if options.scheduler else None
    with _dictionary_beside(sources, options) if cache is None else nullcontext():
        compiled = compile_all(sources, rulebook, options.jobs, heard, cache, options.limits, store, cluster)
    timings.begin("汇总和台账")
    issues.extend(issue for _, found in compiled for issue in found)
    unread += sum(not reports for reports, _ in compiled)
    issues.extend(doubtful_corrections(sources, (report for reports, _ in compiled for report in reports)))
    preferred, unknown = preferred_among(options.prefer, inputs, {source.path for source in sources})
    issues.extend(unknown)
    found_reports = [report for reports, _ in compiled for report in reports]
    reports, issues = taken(found_reports, issues, preferred, options.documents)
    if not reports:
        issues.append(Issue("B102", {"count": str(len(inputs))}))
        return None, tuple(issues), unread

    told = store.written(rulebook) if store is not None else written(rulebook)
    settled = settle_kept(reports, rulebook, issues, told, store, worth(sources, options.jobs))
    issues.extend(settled.issues)
    info = BuildInfo(
        version=version(),
        started=dated(report.identity for report in settled.reports),
        now=moment(),
        rules_version=rulebook.version,
        rules_fingerprint=rulebook.fingerprint,
        rules_root=shown_folder(options.rules),
        templates_root=shown_folder(options.templates),
        inputs=tuple((source.path, source.sha256) for source in sources),
    )
    gathered = Gathered(settled, tuple(issues), rulebook, templates, info, tuple(sources), options, store)
    return gathered, tuple(issues), unread


def _dictionary_beside(sources: Sequence[Source], options: Options) -> AbstractContextManager[None]:
    """Have the dictionary by which the workbook names figures made meanwhile, where it has never been: that takes
    seconds, and would keep all other processes waiting."""
    if Output.WORKBOOK in options.only and len(sources) > 1:
        from compiler.facts.jieba_dictionary import is_to_be_made, open_dictionary

        if is_to_be_made():
            return beside(open_dictionary, worth(sources, options.jobs))
    return nullcontext()


def preferred_among(
    asked: Sequence[Path], inputs: Sequence[Input], names: Collection[str]
) -> tuple[frozenset[str], tuple[Issue, ...]]:
    """Return the names of the sources that ``--prefer`` means: a file, or one within an archive by its shown name."""
    known = {os.path.realpath(one.path): one.relative for one in inputs} if asked else {}
    found: set[str] = set()
    issues = []
    for path in asked:
        name = known.get(os.path.realpath(path), path.as_posix())
        meant = {one for one in names if one == name or one.startswith(f"{name}/")}
        found |= meant
        if not meant:
            issues.append(Issue("B140", {"path": visible(path)}))
    return frozenset(found), tuple(issues)


def without_our_own(inputs: Sequence[Input], options: Options) -> tuple[list[Input], list[Issue]]:
    """Leave out what a walk over a workspace finds of its rules, templates and outputs.

    A folder of ours counts only where the path given holds it: ``build reports --out .`` asks for reports that lie
    within the outputs' folder.
    """
    ours = [os.path.realpath(f) for f in (options.out, options.rules.folder, options.templates.folder)]
    given = [os.path.realpath(path) for path in options.paths]
    ours = [folder for folder in ours if not any(path == folder or _inside(path, folder) for path in given)]
    kept, left_out = [], []
    for one in inputs:
        path = os.path.realpath(one.path)
        if any(_inside(path, folder) for folder in ours):
            left_out.append(one.path.name)
        else:
            kept.append(one)
    return kept, passed_over_notes({"B113": left_out} if left_out else {}, "")


def _inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
