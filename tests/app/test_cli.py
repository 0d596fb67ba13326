"""The command line: Chinese help, wrong use, exit codes, crashes; and that help imports next to nothing."""

from __future__ import annotations

import argparse
import ast
import gc
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from compiler.app import chinese_argparse, cli
from compiler.app.cli import main
from compiler.app.commands import COMMANDS, workspace

HEAVY = ("openpyxl", "docx", "jieba", "jinja2", "yaml", "tqdm", "lxml", "compiler.app.build", "compiler.issues")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process; return exit code, standard output and standard error."""
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


# --- help --------------------------------------------------------------------------------------


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert out.startswith("用法：report-compiler")
    for command in COMMANDS:
        assert command.summary in out or command.name.partition(" ")[0] in out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_of_a_command_is_chinese_and_shows_an_example(
    command: cli.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, *command.name.split(), "--help")
    assert code == 0
    assert "用法：" in out and command.summary in out
    assert all(example in out for example in command.examples) and command.examples
    for english in ("usage", "options", "positional", "show this", "default:"):
        assert english not in out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_examples_parse(command: cli.Command) -> None:
    parser = cli.make_parser()
    for example in command.examples:
        for line in example.split("&&"):
            words = line.split()
            if words[0] == cli.PROGRAM:
                parser.parse_args(words[1:])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_function_of_a_command_exists(command: cli.Command) -> None:
    import importlib

    module, _, function = command.run.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["buid"]])
def test_help_and_wrong_use_import_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from compiler.app.cli import main; main(sys.argv[2:]);"
        "print([name for name in sys.argv[1].split(',') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, ",".join(HEAVY), *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


#: What argparse says of a parser that is written wrong; no user can make it say so.
SAID_TO_PROGRAMMERS = {
    "%r is not callable",
    "'required' is an invalid argument for positionals",
    ".__call__() not defined",
    'argument "-" with mode %r',
    "cannot have multiple subparser arguments",
    "cannot merge actions - two groups are named %r",
    "conflicting option string: %s",
    "conflicting option strings: %s",
    "conflicting subparser alias: %s",
    "conflicting subparser: %s",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "mutually exclusive arguments must be optional",
}


def test_every_text_of_argparse_is_translated() -> None:
    """Whatever this Python's argparse may say has a Chinese text, so that no English slips through."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    texts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            texts.update(arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
    untranslated = texts - chinese_argparse.TEXTS.keys() - SAID_TO_PROGRAMMERS
    if untranslated and sys.version_info >= (3, 15):
        pytest.skip(f"this Python is newer than the table of texts; English still: {sorted(untranslated)}")
    assert untranslated == set()


def test_columns_of_help_stand_straight(capsys: pytest.CaptureFixture[str]) -> None:
    import unicodedata

    _, out, _ = run(capsys, "build", "--help")
    starts = set()
    for line in out.splitlines():
        name, gap, text = line.partition("  " if not line.startswith("  ") else "   ")
        if line.startswith("  --") and gap:
            before = line[: len(line) - len(text.lstrip())]
            starts.add(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before))
        del name
    assert len(starts) <= 1


# --- wrong use ---------------------------------------------------------------------------------

WRONG = [
    ([], "用法："),
    (["buid"], "没有 'buid' 这一项"),
    (["build", "--jobs"], "后面要跟一个值"),
    (["build", "--jobs", "many"], "个数要写 1 或更大的整数"),
    (["build", "--jobs", "0"], "个数要写 1 或更大的整数"),
    (["build", "--jobs", "-3"], "个数要写 1 或更大的整数"),
    (["build", "--fast"], "不认识的参数：--fast"),
    (["build", "--rule", "x"], "不认识的参数：--rule"),
    (["build", "没有这个文件.txt"], "没有这个文件或文件夹：没有这个文件.txt"),
    (["build", "--rules", "没有"], "--rules 要写一个文件夹，没有 没有"),
    (["build", "--templates", "没有"], "--templates 要写一个文件夹，没有 没有"),
    (["build", "--out", "file"], "file 是文件"),
    (["check", "没有"], "没有文件夹 没有"),
    (["init"], "还缺这些参数"),
    (["init", "file"], "file 是文件，不是文件夹"),
    (["schema", "nothing"], "没有 nothing 这一种"),
]


@pytest.mark.parametrize(
    ("arguments", "said"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_use_is_told_in_chinese_and_exits_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert said in out + err
    assert "Traceback" not in err and "error" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


# --- crashes -----------------------------------------------------------------------------------


def test_a_crash_shows_no_traceback_but_keeps_it_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Path
) -> None:
    def crash(args: argparse.Namespace) -> int:
        raise RuntimeError("boom")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workspace, "schema", crash)
    code, out, err = run(capsys, "schema")
    assert code == 2 and out == ""
    assert "程序出错了" in err and "Traceback" not in err and "boom" not in err
    log = next(state.glob("*.log"))
    assert str(log) in err
    assert "RuntimeError: boom" in log.read_text(encoding="utf-8")


def test_an_interrupt_is_no_crash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace, "schema", interrupted)
    code, _, err = run(capsys, "schema")
    assert code == 2 and "已中断" in err


@pytest.mark.parametrize("outcome", [None, KeyboardInterrupt, RuntimeError("boom")], ids=["done", "ended", "crash"])
def test_the_wish_to_end_is_heard_only_while_a_command_runs(
    monkeypatch: pytest.MonkeyPatch, state: Path, outcome: BaseException | None
) -> None:
    heard = []

    def run_it(args: argparse.Namespace) -> int:
        heard.append(signal.getsignal(signal.SIGTERM))
        if outcome is not None:
            raise outcome
        return 0

    monkeypatch.setattr(workspace, "schema", run_it)
    before = signal.getsignal(signal.SIGTERM)
    main(["schema"])
    assert heard != [before] and signal.getsignal(signal.SIGTERM) == before


# --- small commands ----------------------------------------------------------------------------


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--version")
    assert code == 0 and out.startswith("report-compiler ")


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "compiler", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("report-compiler ")


def test_schema_lists_prints_and_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "schema")
    kinds = out.split()
    assert code == 0 and "indicators" in kinds
    code, out, _ = run(capsys, "schema", "indicators")
    assert code == 0 and json.loads(out)["type"] == "object"
    code, _, _ = run(capsys, "schema", "--out", str(tmp_path / "new"))
    assert code == 0
    assert sorted(path.stem for path in (tmp_path / "new").iterdir()) == sorted(kinds)


def test_check_of_the_default_rules_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped rules and templates, every example of theirs run: no error and no warning."""
    code, out, _ = run(capsys, "check", "--strict")
    assert code == 0, out
    assert "错误 0 处，警告 0 处" in out


def test_check_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    code, out, _ = run(capsys, "check", str(tmp_path / "rules"), "--json")
    assert code == 1
    issues = json.loads(out)
    assert issues and {"code", "severity", "message"} <= issues[0].keys()


def test_init_in_the_current_folder_sends_nobody_to_a_dot(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "init", ".")
    assert code == 0 and out.startswith("已在 当前文件夹 里放好") and "cd " not in out


def test_init_lays_out_a_workspace_that_builds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "init", "work")
    assert code == 0 and "report-compiler build reports" in out
    work = tmp_path / "work"
    assert (work / "rules" / "lexicon.yaml").is_file()
    # What opens the studio by a double click lies beside them.
    names = {path.name for path in work.iterdir() if path.stem != "打开工作台"}
    assert names == {"rules", "templates", "reports", "output", ".vscode"}
    settings = json.loads((work / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for schema, files in settings["yaml.schemas"].items():
        # ``reports.yaml`` is written by people, where they know better than the text.
        by_hand = files.endswith("/reports.yaml")
        assert (work / schema).is_file() and (by_hand or list(work.glob(files.lstrip("/")))), (schema, files)

    (work / "rules" / "lexicon.yaml").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "init", "work")
    assert code == 2 and "没有动它们" in err
    assert (work / "rules" / "lexicon.yaml").read_text(encoding="utf-8") == "mine"

    (work / "rules" / "indicators" / "自己的.yaml").write_text("format: 1\n", encoding="utf-8")
    code, _, _ = run(capsys, "init", "work", "--force")
    assert code == 0
    assert (work / "rules" / "lexicon.yaml").read_text(encoding="utf-8") != "mine"
    assert (work / "rules" / "indicators" / "自己的.yaml").is_file()

    (work / "rules" / "indicators" / "自己的.yaml").unlink()
    monkeypatch.chdir(work)
    code, out, err = run(capsys, "build", "reports/04-安吉县2024年政府工作报告.txt")
    assert code == 0, err
    assert "报告 1 份" in out
    record = json.loads((work / "output" / "build.json").read_text(encoding="utf-8"))
    assert record["rules"]["chosen"] == record["templates"]["chosen"] == "current"


def test_the_process_is_left_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever calls the command line within a program of theirs keeps their collection of garbage, and ``re``."""
    before = gc.get_threshold(), re._compiler.compile, signal.getsignal(signal.SIGTERM)  # type: ignore[attr-defined]
    assert run(capsys, "explain", "全市实现地区生产总值812.5亿元。")[0] == 0
    assert (gc.get_threshold(), re._compiler.compile, signal.getsignal(signal.SIGTERM)) == before  # type: ignore[attr-defined]
