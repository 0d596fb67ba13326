"""Builds killed at any moment: what stands is old or new and whole, and nothing that people wrote is lost.

Every build runs in a process of its own, with everything that an office has: a workbook with entries, a comment and a
colour in it, and a briefing that somebody has edited. It is killed at a random moment, or at one step of the switch to
the new outputs, counted by what the interpreter tells of its calls to the system.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import TOP
from help.workbook_reader import header
from openpyxl import load_workbook
from openpyxl.comments import Comment

from compiler.app.build import build
from compiler.app.edited_outputs import digest
from compiler.app.options import BRIEFINGS, WORKBOOK, Options
from compiler.app.swap import RECORD, locked, recover
from compiler.workspace import choose_folder

BASE = TOP / "tests" / "cases" / "broken_rules" / "base"
REPORT = """云川市2017年政府工作报告
各位代表：
一、2016年工作回顾
全市梨产量达到{figure}万吨。
二、2017年工作安排
（一）抓好建设
新改建农村公路302公里，新建12个口袋公园。
"""
TASK = "新改建农村公路302公里，新建12个口袋公园。"
MOMENTS = 50


class Office:
    """A folder of reports and outputs, with what people have written into them."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.reports = folder / "reports"
        self.reports.mkdir()
        rules = Path(shutil.copytree(BASE, folder / "rules"))
        shutil.copyfile(TOP / "rules" / "lexicon.yaml", rules / "lexicon.yaml")
        shutil.copyfile(TOP / "rules" / "tasks.yaml", rules / "tasks.yaml")
        self.options = Options(
            (self.reports,),
            choose_folder(rules, "rules"),
            choose_folder(TOP / "templates", "templates"),
            self.out,
            jobs=1,
            force=True,
            cache=False,
        )
        self.figure = 0

    def write(self, figure: int) -> None:
        """Change the figure of the report."""
        self.figure = figure
        (self.reports / "云川.txt").write_text(REPORT.format(figure=figure), encoding="utf-8")

    def build(self) -> None:
        assert build(self.options).written

    def work(self) -> None:
        """Fill in the task list, comment, and edit the briefing."""
        book = load_workbook(self.out / WORKBOOK)
        sheet = book["任务清单"]
        row, columns = self._task(sheet)
        sheet.cell(row, columns["牵头单位"]).value = "市交通局"
        sheet.cell(row, columns["进展情况"]).value = "已开工"
        sheet.cell(row, columns["存在问题"]).comment = Comment("请再核一次", "张三")
        book.save(self.out / WORKBOOK)
        document = docx.Document(str(self.briefing))
        document.add_paragraph("此段由办公室补写。")
        document.save(str(self.briefing))
        self.edited = self.briefing.read_bytes()

    @property
    def briefing(self) -> Path:
        return self.out / BRIEFINGS / "云川市2017年政府工作报告要情.docx"

    @staticmethod
    def _task(sheet: Any) -> tuple[int, dict[str, int]]:
        number, columns = header(sheet)
        rows = range(number + 1, sheet.max_row + 1)
        return next(r for r in rows if sheet.cell(r, columns["工作任务（原文）"]).value == TASK), columns

    def check_work(self) -> None:
        """Assert that all that people wrote stands where they find it."""
        sheet = load_workbook(self.out / WORKBOOK)["任务清单"]
        row, columns = self._task(sheet)
        assert sheet.cell(row, columns["牵头单位"]).value == "市交通局"
        assert sheet.cell(row, columns["进展情况"]).value == "已开工"
        comment = sheet.cell(row, columns["存在问题"]).comment
        assert comment is not None and "请再核一次" in comment.text
        assert self.briefing.read_bytes() == self.edited

    def figures(self) -> set[str]:
        """Return the figures that the tables, the pages and the record's own files tell."""
        table = (self.out / "facts.csv").read_text(encoding="utf-8-sig")
        found = {row["low"] for row in csv.DictReader(io.StringIO(table)) if row["kind"] == "result"}
        page = next(path for path in (self.out / "evidence").iterdir() if path.name != "index.html")
        text = page.read_text(encoding="utf-8")
        return found | {str(n) for n in (self.figure, self.figure - 1) if f"{n}万吨" in text}

    def check_whole(self) -> None:
        """Assert that the outputs are those of one build, as its record tells."""
        record = json.loads((self.out / RECORD).read_text(encoding="utf-8"))
        for name, value in record["written"].items():
            path = self.out / name
            if path == self.briefing or path == self.out / WORKBOOK:
                continue  # edited by people
            assert digest(path) == value, name
        (source,) = record["inputs"]
        assert len(self.figures()) == 1, source
        hidden = {path.name for path in self.out.iterdir() if path.name.startswith(".")}
        assert hidden <= {".last"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.write(1)
    office.build()
    office.work()
    return office


def killed(task: Callable[[], None], seconds: float = 120.0) -> bool:
    """Run a task in a forked process and kill it after so long; tell whether it was killed before its end."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            task()
            code = 0
        finally:
            os._exit(code)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
            return os.WIFSIGNALED(status)
        time.sleep(0.001)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return True


def check_after(office: Office, before: int) -> None:
    """Assert that the outputs are whole right after, old or new, and after the next build new, with all of the work."""
    with locked(office.out):
        recover(office.out)
    office.check_whole()
    office.check_work()
    assert office.figures() <= {str(before), str(office.figure)}
    office.build()
    office.check_whole()
    office.check_work()
    assert office.figures() == {str(office.figure)}
    beside = office.briefing.with_name(f"{office.briefing.stem}（新）.docx")
    assert beside.is_file()


def run(office: Office, kill: Callable[[int], bool], moments: int) -> int:
    """Let so many builds be killed, each with another figure; return how many were killed before their end."""
    count = 0
    for moment in range(moments):
        before = office.figure
        office.write(before + 1)
        count += kill(moment)
        check_after(office, before)
    return count


def at_random(office: Office, moments: int, seed: int) -> int:
    chance = random.Random(seed)
    began = time.monotonic()
    office.build()
    whole = time.monotonic() - began
    return run(office, lambda _: killed(office.build, chance.uniform(0, whole)), moments)


STEPS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "shutil.copyfile"})


def ending_at(office: Office, step: int) -> Callable[[], None]:
    """Return a build that kills itself at one step behind the moment at which its journal is opened."""

    def task() -> None:
        left = -1

        def hear(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            if left < 0 and event == "open" and str(arguments[0]).endswith("journal.json"):
                left = step
            elif left >= 0 and (event in STEPS or (event == "open" and "w" in str(arguments[1]))):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.addaudithook(hear)
        office.build()

    return task


def at_the_switch(office: Office, steps: list[int]) -> int:
    return run(office, lambda moment: killed(ending_at(office, steps[moment])), len(steps))


def test_a_few_steps_of_the_switch(office: Office) -> None:
    assert at_the_switch(office, [3, 9]) == 2


@pytest.mark.slow
def test_killed_at_random_moments(office: Office) -> None:
    assert at_random(office, MOMENTS, 20261129) > MOMENTS // 2


@pytest.mark.slow
def test_killed_at_the_steps_of_the_switch(office: Office) -> None:
    """Step by step until a build lives to its end, then again from the first, fifty times in all."""
    steps = 0
    while at_the_switch(office, [steps]):
        steps += 1
    assert steps > 10
    again = [step % steps for step in range(steps, max(MOMENTS, steps))]
    assert at_the_switch(office, again) == len(again)
