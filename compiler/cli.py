"""The command line: which commands there are and what they take. What they do stands in their modules.

A new command is one more :class:`Command` in :data:`COMMANDS`. Its module is imported only when it runs, so
``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler import chinese_argparse

PROGRAM = "report-compiler"
DONE, CONTENT_AT_FAULT, WRONG_USE_OR_CRASH = 0, 1, 2


class WrongUse(Exception):
    """The command line asks for something that cannot be; the message says what, in Chinese."""


Configure = Callable[[argparse.ArgumentParser], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``name`` (two words for one in a group), where it runs (``module:function``) and its help.

    ``run`` names a function that takes the parsed arguments and returns the exit code.
    """

    name: str
    summary: str
    run: str
    configure: Configure
    examples: tuple[str, ...]
    about: str = ""


# --- what each command takes -------------------------------------------------------------------


def _rules_and_templates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules", type=Path, metavar="文件夹", help="规则文件夹；不写就用当前文件夹里的 rules，没有再用自带的"
    )
    parser.add_argument(
        "--templates", type=Path, metavar="文件夹", help="模板文件夹；不写就用当前文件夹里的 templates，没有再用自带的"
    )


def _building(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="路径", help="报告文件或文件夹（.txt、.docx）；不写就编译自带的样例报告"
    )
    _rules_and_templates(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("output"), metavar="文件夹", help="结果放在哪里（默认 output）"
    )
    parser.add_argument("--strict", action="store_true", help="有一处警告或错误，就以 1 退出")
    parser.add_argument("--jobs", type=_jobs, default=0, metavar="个数", help="最多用几个进程（默认按处理器个数）")
    parser.add_argument("--force", action="store_true", help="规则有错误时，也覆盖原来编译好的结果")


def _build(parser: argparse.ArgumentParser) -> None:
    _building(parser)
    parser.add_argument("--watch", action="store_true", help="编译后守着：规则、模板或报告一改就重新编译")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "rules", nargs="?", type=Path, metavar="规则文件夹", help="不写就用当前文件夹里的 rules，没有再用自带的"
    )
    parser.add_argument(
        "--templates", type=Path, metavar="文件夹", help="模板文件夹；不写就用当前文件夹里的 templates，没有再用自带的"
    )
    parser.add_argument("--strict", action="store_true", help="有警告也以 1 退出")
    parser.add_argument("--json", action="store_true", help="以 JSON 列出问题，供别的程序读")


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?", metavar="种类", help="只输出这一种；不写就列出有哪些种类")
    parser.add_argument("--out", type=Path, metavar="文件夹", help="把全部种类写进这个文件夹")


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="文件夹", help="工作文件夹，没有就新建")
    parser.add_argument("--force", action="store_true", help="覆盖文件夹里已有的同名文件")


def _jobs(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError("个数要写 1 或更大的整数")
    return number


COMMANDS: tuple[Command, ...] = (
    Command(
        "build",
        "把政府工作报告编成目标与结果工作簿、要情和数据表",
        "compiler.commands:build",
        _build,
        (
            "report-compiler build",
            "report-compiler build 报告文件夹 --out 结果",
            "report-compiler build 报告.txt --strict",
        ),
        "结果文件夹里有 目标与结果.xlsx、briefings（每份报告一份要情）、facts.csv、facts.jsonl 和 build.json。",
    ),
    Command(
        "watch",
        "编译并守着：规则、模板或报告一改就重新编译，并列出变化",
        "compiler.commands:watch",
        _building,
        ("report-compiler watch reports",),
        "按 Ctrl+C 结束。",
    ),
    Command(
        "check",
        "检查规则和模板：写法、重复、例句",
        "compiler.commands:check",
        _check,
        ("report-compiler check", "report-compiler check 我的规则 --strict"),
        "规则里的每个例句都会照编译时的办法走一遍。",
    ),
    Command(
        "init",
        "新建工作文件夹：规则、模板、样例报告各放一份，改起来不影响程序",
        "compiler.commands:init",
        _init,
        ("report-compiler init 我的工作", "cd 我的工作 && report-compiler build reports"),
    ),
    Command(
        "schema",
        "输出规则和模板的 JSON Schema，编辑器据此补全和解释各个键",
        "compiler.commands:schema",
        _schema,
        ("report-compiler schema", "report-compiler schema indicators", "report-compiler schema --out schema"),
    ),
)

#: What a group of two-word commands is for.
GROUPS: dict[str, str] = {}


# --- the parser --------------------------------------------------------------------------------


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    chinese_argparse.install()
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="把中文政府工作报告编成可核对的目标与结果表和要情，每个数字都能点回原文。",
        epilog=(
            "例：\n  report-compiler build 报告文件夹 --out 结果\n\n"
            "每个命令都有自己的说明：report-compiler build --help"
        ),
        formatter_class=chinese_argparse.Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="显示版本号")
    commands = parser.add_subparsers(title="命令", metavar="命令", dest="command")
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in COMMANDS:
        group, _, name = command.name.rpartition(" ")
        if group and group not in groups:
            summary = GROUPS[group]
            groups[group] = commands.add_parser(group, help=summary, description=summary).add_subparsers(
                title="命令", metavar="命令", dest="subcommand", required=True
            )
        description = command.summary + "。" + (f"\n{command.about}" if command.about else "")
        child = (groups[group] if group else commands).add_parser(
            name,
            help=command.summary,
            description=description,
            epilog="例：\n" + "\n".join(f"  {example}" for example in command.examples),
            formatter_class=chinese_argparse.Formatter,
            allow_abbrev=False,
        )
        command.configure(child)
        child.set_defaults(run=command.run)
    return parser


# --- running -----------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show a character shows a question mark
            stream.reconfigure(errors="replace")
    parser = make_parser()
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has printed its help (0) or what was wrong (2)
        return stop.code if isinstance(stop.code, int) else WRONG_USE_OR_CRASH
    if parsed.version:
        from compiler.workspace import version

        print(f"{PROGRAM} {version()}")
        return DONE
    if parsed.command is None:
        parser.print_help()
        return WRONG_USE_OR_CRASH
    try:
        return _run(parsed)
    except WrongUse as wrong:
        print(f"{PROGRAM}：用法不对：{wrong}", file=sys.stderr)
        return WRONG_USE_OR_CRASH
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return WRONG_USE_OR_CRASH
    except BrokenPipeError:  # the reader of a pipe (head, less) has gone
        sys.stderr.close()
        return DONE
    except Exception:
        from compiler.commands import report_crash

        report_crash()
        return WRONG_USE_OR_CRASH


def _run(parsed: argparse.Namespace) -> int:
    import importlib

    module, _, function = parsed.run.partition(":")
    run: Callable[[argparse.Namespace], int] = getattr(importlib.import_module(module), function)
    return run(parsed)


def entry() -> None:
    """Run as the installed command."""
    sys.exit(main())
