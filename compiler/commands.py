"""What the commands do, as a person sees it: progress, issues and a closing summary on the terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.cli import CONTENT_AT_FAULT, DONE, PROGRAM, WRONG_USE_OR_CRASH, WrongUse
from compiler.model import Issue

if TYPE_CHECKING:
    from compiler.build import Options, Outcome

#: So many issues of one severity are printed one by one; build.json and the workbook hold them all.
SHOWN = 20


# --- build -------------------------------------------------------------------------------------


def build(args: argparse.Namespace) -> int:
    """Run ``report-compiler build``."""
    if args.watch:
        return watch(args)
    options = options_of(args)
    from compiler import build as building

    outcome = building.build(options, Shown())
    show_outcome(outcome)
    return exit_code(outcome, strict=args.strict)


def watch(args: argparse.Namespace) -> int:
    """Run ``report-compiler watch``."""
    options = options_of(args)
    from compiler.watch import watch as watching

    return watching(options)


def options_of(args: argparse.Namespace) -> Options:
    """Return what the arguments ask for."""
    from compiler.build import Options
    from compiler.workspace import choose_folder, sample_files

    for path in args.paths:
        if not path.exists():
            raise WrongUse(f"没有这个文件或文件夹：{path}")
    for name, folder in (("--rules", args.rules), ("--templates", args.templates)):
        if folder is not None and not folder.is_dir():
            raise WrongUse(f"{name} 要写一个文件夹，没有 {folder}")
    if args.out.exists() and not args.out.is_dir():
        raise WrongUse(f"--out 要写一个文件夹，{args.out} 是文件")
    if not args.paths:
        say("没有写报告的路径，编译自带的样例报告（数字都是虚构的）")
    return Options(
        paths=tuple(args.paths) or sample_files(),
        rules=choose_folder(args.rules, "rules"),
        templates=choose_folder(args.templates, "templates"),
        out=args.out,
        jobs=args.jobs,
        force=args.force,
    )


def exit_code(outcome: Outcome, *, strict: bool) -> int:
    """Return 0 for a build that is done and 1 where rules, templates or reports are at fault."""
    from compiler.issues import severity

    if outcome.stopped or outcome.unread or any(issue.code == "B112" for issue in outcome.issues):
        return CONTENT_AT_FAULT
    if strict and any(severity(issue) != "note" for issue in outcome.issues):
        return CONTENT_AT_FAULT
    return DONE


def show_outcome(outcome: Outcome) -> None:
    """Print the issues of a build and its closing summary."""
    from compiler.build import counts

    show_issues(outcome.issues)
    if outcome.gathered is None or not outcome.written:
        say("没有写出结果。")
        return
    total = counts(outcome.gathered)
    gathered = outcome.gathered
    covered = total["figures"] - total["uncovered"]
    share = f"，覆盖 {covered / total['figures']:.0%}" if total["figures"] else ""
    lines = [
        f"编译完成：报告 {total['reports']} 份，事实 {total['facts']} 条"
        f"（逐字核对 {total['quotes_verified']}/{total['facts']} 一致），"
        f"待核 {total['to_verify']} 条，未覆盖 {total['uncovered']} 个数字{share}",
        f"规则：{gathered.info.rules_root}（版本 {gathered.info.rules_version}，"
        f"指纹 {gathered.info.rules_fingerprint[:12]}）",
        "结果：",
    ]
    lines.extend(f"  {place}" for place in _places(outcome.written))
    print("\n".join(lines))


def _places(written: Sequence[Path]) -> Iterable[str]:
    """Return the outputs: what people read first, those of one sub-folder as one line."""
    lines: dict[Path, int] = {}
    top = min((len(path.parts) for path in written), default=0)
    suffixes = (".xlsx", ".docx", ".html", ".csv", ".jsonl", ".json")
    for path in sorted(written, key=lambda path: suffixes.index(path.suffix) if path.suffix in suffixes else 0):
        place = path if len(path.parts) == top else path.parent
        lines[place] = lines.get(place, 0) + 1
    for place, number in lines.items():
        yield str(place) if place in written else f"{place}（{number} 个文件）"


def show_issues(issues: Sequence[Issue]) -> None:
    """Print issues on the terminal, errors first; those that a checklist of the workbook holds only by number."""
    from compiler.issues import kind, render, severity

    listed = [issue for issue in issues if not kind(issue) or severity(issue) == "error"]
    for weight in ("error", "warning", "note"):
        same = [issue for issue in listed if severity(issue) == weight]
        for issue in same[:SHOWN]:
            say(render(issue))
        if len(same) > SHOWN:
            say(f"……同类提示还有 {len(same) - SHOWN} 条，见 build.json")
    by_kind: dict[str, int] = {}
    for issue in issues:
        if kind(issue):
            by_kind[kind(issue)] = by_kind.get(kind(issue), 0) + 1
    if by_kind:
        say("待核清单：" + "，".join(f"{name} {number} 条" for name, number in by_kind.items()))


# --- check, schema, init -----------------------------------------------------------------------


def check(args: argparse.Namespace) -> int:
    """Run ``report-compiler check``."""
    for folder in (args.rules, args.templates):
        if folder is not None and not folder.is_dir():
            raise WrongUse(f"没有文件夹 {folder}")
    from compiler.build import load_templates
    from compiler.issues import as_json, render, severity
    from compiler.rulecheck import check as check_rules
    from compiler.workspace import choose_folder

    rules = choose_folder(args.rules, "rules")
    issues = list(check_rules(rules.folder))
    issues.extend(load_templates(choose_folder(args.templates, "templates").folder)[1])
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


def schema(args: argparse.Namespace) -> int:
    """Run ``report-compiler schema``."""
    from compiler import schema as schemas

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
    from compiler.issues import render
    from compiler.workspace import lay_out

    written, issues = lay_out(args.folder, force=args.force)
    for issue in issues:
        say(render(issue))
    if issues:
        return WRONG_USE_OR_CRASH
    print(
        f"已在 {args.folder} 里放好 {len(written)} 个文件："
        "规则 rules，模板 templates，样例报告 reports（数字都是虚构的）。\n"
        f"接下来：\n  cd {args.folder}\n  {PROGRAM} build reports\n规则怎么改，见 rules/README.md。"
    )
    return DONE


# --- the terminal ------------------------------------------------------------------------------


def say(text: str) -> None:
    """Print on standard error, so that standard output holds results only."""
    print(text, file=sys.stderr, flush=True)


class Shown:
    """Progress on the terminal: a bar where there is one, plain lines elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._done = 0
        self._total = 0
        self._what = ""

    def start(self, total: int, what: str) -> None:
        """A phase with ``total`` steps begins."""
        self._done, self._total, self._what = 0, total, what
        if sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no thread beside us: processes are forked while the bar stands
            self._bar = tqdm(total=total, desc=what, unit="份", leave=False, ncols=80)
        else:
            say(f"{what}：共 {total} 份")

    def step(self, label: str) -> None:
        """One step is done."""
        self._done += 1
        if self._bar is not None:
            self._bar.set_postfix_str(label, refresh=False)
            self._bar.update()
        else:
            say(f"  [{self._done}/{self._total}] {label}")

    def finish(self) -> None:
        """The phase is over."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def report_crash() -> None:
    """Tell of a crash without a traceback; the traceback goes to a file that the user can send."""
    from compiler.build import log_crash

    error = sys.exc_info()[1]
    assert error is not None
    say(f"{PROGRAM}：程序出错了，原来的结果没有改动。请把 {log_crash(error)} 发给维护人员。")
