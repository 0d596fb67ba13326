"""The commands that lay out files: a workspace (``init``), the schemas of rules and templates (``schema``)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from compiler.app.terminal import DONE, PROGRAM, WRONG_USE_OR_CRASH, WrongUse, say


def schema(args: argparse.Namespace) -> int:
    """Run ``report-compiler schema``."""
    from compiler.authoring import file_kinds as schemas

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
    from compiler.app.launchers import NAME, make_executable, starters
    from compiler.authoring.file_kinds import editor_settings
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
