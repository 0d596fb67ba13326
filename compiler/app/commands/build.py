"""The commands ``build`` and ``watch``: progress, issues and a closing summary on the terminal."""

from __future__ import annotations

import argparse
import gc
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from compiler.app.terminal import (
    CONTENT_AT_FAULT,
    DONE,
    PROGRAM,
    Shown,
    WrongUse,
    log_issues,
    logging_to,
    say,
    say_to_log,
    show_outcome,
)

if TYPE_CHECKING:
    from compiler.app.build import Outcome
    from compiler.app.options import Options


def build(args: argparse.Namespace) -> int:
    """Run ``report-compiler build``."""
    if args.watch:
        return watch(args)
    options = options_of(args)
    # A build makes millions of objects that live to its end; looking among them for garbage takes a fifth of its time.
    gc.set_threshold(200_000, 50, 50)
    from compiler.app import build as building
    from compiler.app.timings import Timings
    from compiler.facts.batch import Silent
    from compiler.workspace import version

    with logging_to(args.log):
        say_to_log(f"{PROGRAM} {version()} build，{len(options.paths)} 个路径，结果放在 {options.out}")
        timings = Timings()
        outcome = building.build(options, Silent() if args.json else Shown(), timings=timings)
        code = exit_code(outcome, strict=args.strict)
        if args.json:
            print(json.dumps(as_data(outcome), ensure_ascii=False, indent=2))
        else:
            show_outcome(outcome, verbose=args.verbose)
        if args.timings:
            timings.end()
            for line in timings.lines():
                say(line)
        log_issues(outcome.issues)
        say_to_log(f"以 {code} 退出")
    return code


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return what came of a build as plain data: counts, outputs and all issues, as ``build.json`` has them."""
    from compiler.app.record import counts
    from compiler.issues import as_json

    return {
        "counts": counts(outcome.gathered) if outcome.gathered else outcome.record and outcome.record["counts"],
        "outputs": [path.as_posix() for path in outcome.written],
        "issues": [as_json(issue) for issue in outcome.issues],
    }


def watch(args: argparse.Namespace) -> int:
    """Run ``report-compiler watch``."""
    options = options_of(args)
    from compiler.app.options import Output

    if Output.DATA in options.only:
        raise WrongUse("--only data 每次从头编，不能守着")
    from compiler.app.watch import watch as watching

    return watching(options)


def options_of(args: argparse.Namespace) -> Options:
    """Return what the arguments ask for."""
    from compiler.app.options import EVERYTHING, Options, Output
    from compiler.text.limits import DEFAULT
    from compiler.text.read import is_missing
    from compiler.workspace import choose_folder, sample_files

    for path in args.paths:
        if is_missing(path):
            raise WrongUse(f"没有这个文件或文件夹：{path}")
    for name, folder in (("--rules", args.rules), ("--templates", args.templates)):
        if folder is not None and not folder.is_dir():
            raise WrongUse(f"{name} 要写一个文件夹，没有 {folder}")
    if os.path.isfile(args.out):  # noqa: PTH113  (Path.is_file raises where a name is too long)
        raise WrongUse(f"--out 要写一个文件夹，{args.out} 是文件")
    only = frozenset(map(Output, args.only)) if args.only else EVERYTHING
    if Output.DATA in only and len(only) > 1:
        raise WrongUse("--only data 要单独写：它不把全部报告放进内存，别的结果要另编一次")
    if args.parquet or Output.DATA in only:
        from compiler.facts.columnar import is_available

        if not is_available():
            raise WrongUse("--parquet 和 --only data 要先装 pyarrow：pip install pyarrow")
    if (args.engine == "dask") != bool(args.scheduler):
        raise WrongUse("--engine dask 和 --scheduler 地址 要一起写")
    if args.scheduler:
        from compiler.facts.cluster import is_available

        if not is_available():
            raise WrongUse("--engine dask 要先装 dask：pip install dask distributed")
    if not args.paths:
        say("没有写报告的路径，编译自带的样例报告（数字都是虚构的）")
    return Options(
        paths=tuple(args.paths) or sample_files(),
        rules=choose_folder(args.rules, "rules"),
        templates=choose_folder(args.templates, "templates"),
        out=args.out,
        jobs=args.jobs,
        force=args.force,
        cache=not args.no_cache,
        parquet=args.parquet,
        only=only,
        documents=args.document,
        limits=replace(DEFAULT, **dict(args.limit)),
        prefer=tuple(args.prefer),
        scheduler=args.scheduler,
    )


def exit_code(outcome: Outcome, *, strict: bool) -> int:
    """Return 0 for a build that is done and 1 where rules, templates or reports are at fault: no error is ever 0."""
    from compiler.issues import severity

    record = outcome.unchanged or outcome.record
    if record is not None:
        counts = record["counts"]
        return CONTENT_AT_FAULT if counts["errors"] or outcome.unread or (strict and counts["warnings"]) else DONE
    weights = {str(severity(issue)) for issue in outcome.issues}
    fault = outcome.stopped or outcome.unread or "error" in weights or (strict and "warning" in weights)
    return CONTENT_AT_FAULT if fault else DONE
