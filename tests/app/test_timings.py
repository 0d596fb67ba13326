"""What a build tells of its time: seconds by stage, the slowest piece of work, how far it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.app.build import build
from compiler.app.cli import main
from compiler.app.terminal import LINES, MANY, Shown
from compiler.app.timings import Timings
from compiler.facts.batch import Silent
from compiler.workspace import sample_files


def test_stages_are_measured_one_after_the_other() -> None:
    timings = Timings()
    timings.begin("one")
    sum(range(200_000))
    timings.begin("two")
    timings.end()
    timings.end()
    assert [*timings.stages] == ["one", "two"]
    assert timings.stages["one"].wall > timings.stages["two"].wall >= 0


def test_the_slowest_is_named() -> None:
    timings = Timings()
    for label, seconds in (("a", 0.5), ("b", 2.0), ("c", 1.0)):
        timings.add("pages", label, seconds)
    (line,) = [line for line in timings.lines() if "pages" in line]
    assert "b（2.00）" in line and "3.50" in line and "     3" in line


def test_a_build_tells_its_stages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = [str(path) for path in sample_files()[:1]]
    main(["build", *folder, "--out", str(tmp_path / "out"), "--only", "evidence", "--timings"])
    told = capsys.readouterr().err
    assert "用时" in told
    for stage in ("规则和模板", "读文件", "编译报告", "汇总和台账", "核对页"):
        assert stage in told, stage
    assert "工作簿" not in told[told.index("用时") :]


def test_many_steps_have_few_lines_and_the_slowest(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Shown()
    total = MANY * 10
    shown.start(total, "编译报告")
    for number in range(total):
        shown.step(f"{number}.txt", 3.0 if number == 7 else 0.1)
    shown.finish()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == LINES + 2
    assert "每秒" in lines[1] and "还要" in lines[1]
    assert f"{total} 份用了" in lines[-1] and "最慢的是 7.txt（3.0 秒）" in lines[-1]


def test_few_steps_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Shown()
    shown.start(3, "编译报告")
    for number in range(3):
        shown.step(f"{number}.txt")
    shown.finish()
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_timings_are_for_whoever_asks(tmp_path: Path) -> None:
    """A library call without them works as before."""
    from compiler.app.options import Options, Output
    from compiler.workspace import choose_folder

    folders = choose_folder(None, "rules"), choose_folder(None, "templates")
    options = Options(sample_files(), *folders, tmp_path / "out", only=frozenset({Output.FACTS}))
    assert build(options, Silent()).written
