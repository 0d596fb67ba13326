"""What the commands do, as a person sees it: progress, issues and a closing summary on the terminal."""

from __future__ import annotations

import argparse
import gc
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.app.terminal import (
    CONTENT_AT_FAULT,
    DONE,
    PROGRAM,
    WRONG_USE_OR_CRASH,
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
    from compiler.model import Issue, RuleBook
    from compiler.workspace import Choice

# --- build -------------------------------------------------------------------------------------


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


# --- check, schema, init -----------------------------------------------------------------------


def check(args: argparse.Namespace) -> int:
    """Run ``report-compiler check``."""
    for folder in (args.rules, args.templates):
        if folder is not None and not folder.is_dir():
            raise WrongUse(f"没有文件夹 {folder}")
    gc.set_threshold(200_000, 50, 50)  # as a build
    from compiler.app.trial import check_templates
    from compiler.authoring.check import check as check_rules
    from compiler.facts.rules import load_rules
    from compiler.issues import as_json, render, severity
    from compiler.workspace import choose_folder

    rules = choose_folder(args.rules, "rules")
    if args.fix:
        _fix(rules, write=args.yes)
    issues = list(check_rules(rules.folder))
    rulebook, _ = load_rules(rules.folder)
    issues.extend(check_templates(choose_folder(args.templates, "templates").folder, rulebook))
    if args.unused and rulebook is not None:
        issues.extend(_unused(args.unused, rulebook))
    weights = [str(severity(issue)) for issue in issues]
    if args.json:
        print(json.dumps([as_json(issue) for issue in issues], ensure_ascii=False, indent=2))
    else:
        for issue in issues:
            print(render(issue))
        numbers = {
            word: weights.count(weight) for word, weight in (("错误", "error"), ("警告", "warning"), ("提示", "note"))
        }
        where = "自带的规则" if rules.chosen == "packaged" else str(rules.folder)
        print(f"检查完毕（{where}）：" + "，".join(f"{word} {number} 处" for word, number in numbers.items()))
    faults = weights.count("error") + (weights.count("warning") if args.strict else 0)
    return CONTENT_AT_FAULT if faults else DONE


def _fix(rules: Choice, *, write: bool) -> None:
    """Show what can be mended in the rules; write it where that is asked for."""
    from compiler.authoring import fix

    if rules.chosen == "packaged" and write:
        raise WrongUse("自带的规则不改，先用 report-compiler init 放一份出来")
    mended = fix.mend(rules.folder)
    for one in mended:
        print(one.difference(), end="")
    if not mended:
        print("没有能自动改的。")
    elif write:
        try:
            fix.write_mended(mended)
        except OSError as error:
            raise WrongUse(f"写不了 {error.filename}：{error.strerror}") from error
        print(f"已改好 {len(mended)} 个文件。")
    else:
        print(f"能改的有 {len(mended)} 个文件，什么也没有写；要写回就加 --yes。")


def _unused(paths: Sequence[Path], rulebook: RuleBook) -> Sequence[Issue]:
    from compiler.authoring.unused import unused
    from compiler.facts.batch import read_inputs
    from compiler.text.read import is_missing

    for path in paths:
        if is_missing(path):
            raise WrongUse(f"没有这个文件或文件夹：{path}")
    return unused(read_inputs(paths).sources, rulebook)


def schema(args: argparse.Namespace) -> int:
    """Run ``report-compiler schema``."""
    from compiler.authoring import kinds as schemas

    if args.kind is not None and args.kind not in schemas.KINDS:
        raise WrongUse(f"没有 {args.kind} 这一种，可以写 {'、'.join(schemas.KINDS)}")
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
        for kind in schemas.KINDS:
            path = args.out / f"{kind}.json"
            path.write_text(_pretty(schemas.json_schema(kind)), encoding="utf-8")
            print(path)
        return DONE
    if args.kind is None:
        print("\n".join(schemas.KINDS))
    else:
        print(_pretty(schemas.json_schema(args.kind)), end="")
    return DONE


def _pretty(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def init(args: argparse.Namespace) -> int:
    """Run ``report-compiler init``."""
    from compiler.app.starters import NAME, make_executable, starters
    from compiler.authoring.kinds import editor_settings
    from compiler.issues import render
    from compiler.workspace import lay_out

    made = {".vscode/settings.json": _pretty(editor_settings()), **starters(args.folder)}
    written, issues = lay_out(args.folder, made=made, force=args.force)
    for issue in issues:
        say(render(issue))
    if issues:
        return WRONG_USE_OR_CRASH
    make_executable(args.folder)
    here = args.folder.resolve() == Path.cwd()
    go = "" if here else f"  cd {args.folder}\n"
    print(
        f"已在 {'当前文件夹' if here else args.folder} 里放好 {len(written)} 个文件："
        "规则 rules，模板 templates，样例报告 reports（数字都是虚构的）。\n"
        f"接下来：\n{go}  {PROGRAM} build reports\n"
        f"不用命令行的，双击里面的“{NAME}”，在浏览器里用。规则怎么改，见 rules/README.md。"
    )
    return DONE
