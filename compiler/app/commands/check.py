"""The command ``check``: rules and templates, with their examples."""

from __future__ import annotations

import argparse
import gc
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.app.terminal import CONTENT_AT_FAULT, DONE, WrongUse

if TYPE_CHECKING:
    from compiler.model import Issue, RuleBook
    from compiler.workspace import Choice


def check(args: argparse.Namespace) -> int:
    """Run ``report-compiler check``."""
    for folder in (args.rules, args.templates):
        if folder is not None and not folder.is_dir():
            raise WrongUse(f"没有文件夹 {folder}")
    gc.set_threshold(200_000, 50, 50)  # as a build
    from compiler.app.template_trial import check_templates
    from compiler.authoring.check import check as check_rules
    from compiler.facts.kept_rules import load_rules
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
