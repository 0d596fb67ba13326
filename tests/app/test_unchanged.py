"""A build of which nothing has changed does nothing; anything that the outputs follow from makes it a build again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import TOP, cleared_place, laid_out_again
from help.small_rules import lay_out_small_rules

from compiler.app.cli import main

REPORT = """云川市2017年政府工作报告
——2017年1月8日在云川市第六届人民代表大会第一次会议上
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、2016年工作回顾
全年地区生产总值812.5亿元，增长6.5%。
我们也清醒地看到，发展中还有不少困难。
二、2017年工作安排
总体要求是稳中求进。主要预期目标是：地区生产总值增长7%左右。
"""


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """Work in the workspace, with a cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.chdir(folder)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one report, built once; the cache lies in it, too."""
    folder = cleared_place(tmp_path_factory)
    shutil.copytree(TOP / "templates", folder / "templates")
    lay_out_small_rules(folder / "rules")
    (folder / "reports").mkdir()
    (folder / "reports" / "云川.txt").write_text(REPORT, encoding="utf-8")
    with within(folder):
        assert build() == 0
    return folder.rename(tmp_path_factory.mktemp("unchanged") / "built")


@pytest.fixture
def workspace(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder as that build left it, at the same place."""
    folder = laid_out_again(built, tmp_path_factory)
    with within(folder):
        yield folder


def build(*more: str) -> int:
    return main(["build", "reports", "--out", "output", *(more or ("--only", "facts"))])


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted((folder / "output").rglob("*")) if path.is_file()}


def test_nothing_changed_nothing_written(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = times(workspace)
    assert build() == 0
    assert times(workspace) == before
    assert "没有变化" in capsys.readouterr().out


def test_a_file_that_was_only_touched_is_the_same(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.utime(workspace / "reports" / "云川.txt", (0, 0))
    build()
    assert "没有变化" in capsys.readouterr().out


def add_line(path: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        with (folder / path).open("a", encoding="utf-8") as stream:
            stream.write("\n")

    return change


CHANGES: dict[str, Callable[[Path], object]] = {
    "a report": add_line("reports/云川.txt"),
    "a further report": lambda folder: shutil.copyfile(folder / "reports/云川.txt", folder / "reports/又一份.txt"),
    "a rule": add_line("rules/indicators/综合经济.yaml"),
    "a template": add_line("templates/briefing.yaml"),
    "an output that is gone": lambda folder: (folder / "output" / "facts.csv").unlink(),
    "an output that was edited": add_line("output/facts.csv"),
    "a record that is broken": lambda folder: (folder / "output" / "build.json").write_text("{", encoding="utf-8"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_makes_it_a_build(workspace: Path, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    CHANGES[what](workspace)
    capsys.readouterr()
    build()
    said = capsys.readouterr().out
    assert "编译完成" in said and "没有变化" not in said


OTHERS = [
    *(["--no-cache", "--only", "facts"], ["--only", "evidence"], ["--force", "--only", "facts"]),
    ["--document", "--only", "facts"],
]


@pytest.mark.parametrize("options", OTHERS, ids=" ".join)
def test_other_options_are_another_build(
    workspace: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    build(*options)
    assert "没有变化" not in capsys.readouterr().out


def test_strict_still_fails_for_the_warnings_of_then(workspace: Path) -> None:
    text = (workspace / "reports" / "云川.txt").read_text(encoding="utf-8")
    (workspace / "reports" / "云川.txt").write_text(text.replace("增长6.5%", "增长650%"), encoding="utf-8")
    first = build("--strict", "--only", "facts")
    assert first == build("--strict", "--only", "facts") == 1


def test_place_and_year_by_hand_make_it_a_build_again(workspace: Path) -> None:
    """``reports.yaml`` is part of what the outputs follow from: written, changed or taken away, it builds anew."""
    facts = workspace / "output" / "facts.csv"
    corrections = workspace / "reports" / "reports.yaml"
    for year, lines in (
        (2019, "reports: [{file: 云川.txt, year: 2019}]"),
        (2020, "reports: [{file: 云川.txt, year: 2020}]"),
    ):
        corrections.write_text(lines, encoding="utf-8")
        assert build() == 0
        assert f",{year},{year - 1},result," in facts.read_text(encoding="utf-8-sig")
    corrections.unlink()
    assert build() == 0
    assert ",2017,2016,result," in facts.read_text(encoding="utf-8-sig")


def test_errors_in_the_reports_are_told_again_without_a_build(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = REPORT.replace("812.5亿元", "813.5亿元")
    (workspace / "reports" / "另一版.txt").write_text(other, encoding="utf-8")
    assert build() == 1
    first = capsys.readouterr()
    assert "B107" in first.err and "没有变化" not in first.out
    assert build() == 1
    again = capsys.readouterr()
    assert "没有变化" in again.out
    assert [line for line in again.err.splitlines() if "B107" in line] == [
        line for line in first.err.splitlines() if "B107" in line
    ]


def test_a_file_that_could_not_be_read_is_tried_again(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "reports" / "坏.docx").write_bytes(b"no archive")
    assert build() == 1
    capsys.readouterr()
    assert build() == 1
    assert "没有变化" not in capsys.readouterr().out


@pytest.mark.parametrize(("code", "again"), [("T105", False), ("B105", True)])
def test_errors_of_templates_come_again_and_crashes_may_not(
    workspace: Path, code: str, again: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """What follows from reports, rules and templates alone needs no other try to be told."""
    record = workspace / "output" / "build.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    where = {"path": "templates/briefing.yaml", "line": 362, "column": 1, "length": 1}
    told["issues"].append({"code": code, "severity": "error", "message": "", "fields": {"limit": "9"}, "where": where})
    told["counts"]["errors"] += 1
    record.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    capsys.readouterr()
    assert build() == (0 if again else 1)
    said = capsys.readouterr()
    assert ("没有变化" in said.out) is not again
    assert ("templates/briefing.yaml:362" in said.err) is not again
