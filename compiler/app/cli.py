"""The command line: reads what was asked for and runs it. Which commands there are stands in :mod:`commands`."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from compiler.app import chinese_argparse
from compiler.app.commands import COMMANDS, GROUPS
from compiler.app.terminal import DONE, PROGRAM, WRONG_USE_OR_CRASH, WrongUse, report_crash, report_interrupt

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
            parent = commands.add_parser(
                group, help=summary, description=summary, formatter_class=chinese_argparse.Formatter, allow_abbrev=False
            )
            groups[group] = parent.add_subparsers(title="命令", metavar="命令", dest="subcommand", required=True)
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
    before = signal.signal(signal.SIGTERM, _end)
    try:
        return _run(parsed)
    except WrongUse as wrong:
        print(f"{PROGRAM}：用法不对：{wrong}", file=sys.stderr)
        return WRONG_USE_OR_CRASH
    except KeyboardInterrupt:
        report_interrupt()
        return WRONG_USE_OR_CRASH
    except BrokenPipeError:  # the reader of a pipe (head, less) has gone
        sys.stderr.close()
        return DONE
    except Exception:
        report_crash()
        return WRONG_USE_OR_CRASH
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # of whoever called this within a program of theirs


def _end(number: int, frame: object) -> NoReturn:
    """End as Ctrl+C does: what was begun is cleaned up."""
    raise KeyboardInterrupt


def _run(parsed: argparse.Namespace) -> int:
    import importlib

    from compiler.files import private_folder
    from compiler.precompiled import precompiled

    module, _, function = parsed.run.partition(":")
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS)
    try:
        with precompiled(private_folder()):
            run: Callable[[argparse.Namespace], int] = getattr(importlib.import_module(module), function)
            return run(parsed)
    finally:
        gc.set_threshold(*before)


_OBJECTS: Final = 50_000
"""After so many new objects Python looks for circular garbage: most of what a command makes is code, rules and text."""


def entry() -> None:
    """Run as the installed command."""
    code = main()
    gc.freeze()  # else Python would look through all that is left once more before it ends
    sys.exit(code)
