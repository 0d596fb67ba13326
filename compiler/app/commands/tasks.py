"""``tasks split`` and ``tasks merge``: the task list goes out to the offices and comes back."""

from __future__ import annotations

import argparse
from pathlib import Path

from compiler.app.options import WORKBOOK
from compiler.app.terminal import CONTENT_AT_FAULT, DONE, WrongUse, show_issues
from compiler.files import is_held_open
from compiler.model import Issue


def tasks_split(args: argparse.Namespace) -> int:
    """Run ``report-compiler tasks split``."""
    from compiler.issues import severity
    from compiler.workbook.office_exchange import split_tasks
    from compiler.workbook.template import load_workbook_template
    from compiler.workspace import choose_folder

    workbook = _workbook(args.out)
    template, issues = load_workbook_template(choose_folder(args.templates, "templates").folder)
    if template is None:
        show_issues(issues)
        return CONTENT_AT_FAULT
    into = args.into or args.out / "任务分办"
    written, found = split_tasks(workbook, into, template)
    if written:
        found = [*found, Issue("O145", {"count": str(len(written)), "folder": str(into)})]
    show_issues(found)
    return CONTENT_AT_FAULT if any(severity(issue) == "error" for issue in found) else DONE


def tasks_merge(args: argparse.Namespace) -> int:
    """Run ``report-compiler tasks merge``."""
    from compiler.issues import severity
    from compiler.workbook.office_exchange import merge_tasks

    workbook = _workbook(args.out)
    for path in args.files:
        if not path.is_file():
            raise WrongUse(f"没有这个文件：{path}")
    if is_held_open(workbook):
        raise WrongUse(f"{workbook} 正被别的程序打开，请先关闭")
    count, conflicts, issues = merge_tasks(args.files, workbook)
    names = ("file", "task", "column", "base", "ours", "theirs")
    issues += [Issue("O143", {name: getattr(conflict, name) for name in names}) for conflict in conflicts]
    show_issues([*issues, Issue("O144", {"count": str(count), "path": str(workbook)})])
    return CONTENT_AT_FAULT if conflicts or any(severity(issue) != "note" for issue in issues) else DONE


def _workbook(out: Path) -> Path:
    workbook = out / WORKBOOK
    if not workbook.is_file():
        raise WrongUse(f"{out} 里没有 {WORKBOOK}，请先运行 build")
    return workbook
