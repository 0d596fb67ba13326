"""The task list goes out to the offices, one workbook each, and the returned ones come back with conflicts listed."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from help import make_reports as made
from help.workbook_reader import FILLED_IN, build, header, opened, rows, shape_of, template
from openpyxl import load_workbook

from compiler.workbook.office_exchange import merge_tasks, split_tasks

NAME = "目标与结果.xlsx"
REPORTS = (*made.two_years(), made.neighbour())
SHAPE = shape_of(*FILLED_IN)


def put(path: Path, row: int, **values: object) -> None:
    """Write into a row of the task list, as people do."""
    book = load_workbook(path)
    sheet = book["任务清单"]
    _, columns = header(sheet)
    for title, value in values.items():
        sheet.cell(row, columns[title]).value = value
    book.save(path)


def told(path: Path, row: int, title: str) -> Any:
    sheet = opened(path, data_only=True)["任务清单"]
    return sheet.cell(row, header(sheet)[1][title]).value


@pytest.fixture(scope="module")
def assigned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workbook in which three tasks have a 牵头单位."""
    folder = tmp_path_factory.mktemp("assigned")
    path = folder / NAME
    build(path, REPORTS, shape=SHAPE)
    for row, lead in ((6, "市财政局"), (7, "市财政局"), (9, "市交通局/公路处")):
        put(path, row, 牵头单位=lead)
    build(path, REPORTS, shape=SHAPE, started="2026-01-21T08:00:00")
    return folder


@pytest.fixture
def path(assigned: Path, tmp_path: Path) -> Path:
    """A copy of that workbook, with what lies beside it."""
    return Path(shutil.copytree(assigned, tmp_path, dirs_exist_ok=True)) / NAME


def test_out_and_back(path: Path, tmp_path: Path) -> None:
    written, issues = split_tasks(path, tmp_path / "发出", template())
    assert sorted(file.name for file in written) == ["市交通局公路处.xlsx", "市财政局.xlsx"]
    assert [issue.fields["count"] for issue in issues if issue.code == "O141"] == ["6"]
    finance = tmp_path / "发出" / "市财政局.xlsx"
    assert len(rows(opened(finance)["任务清单"])) == 2
    put(finance, 5, 进展情况="已下达", 数据截止日=datetime(2017, 6, 30), 当前完成值=40)
    put(finance, 6, 存在问题="资金不足")
    put(path, 7, 存在问题="进度偏慢")  # somebody wrote into the list meanwhile
    count, conflicts, _ = merge_tasks([finance], path)
    assert count == 3 and told(path, 6, "进展情况") == "已下达" and told(path, 6, "当前完成值") == 40
    assert [(c.column, c.base, c.ours, c.theirs) for c in conflicts] == [("存在问题", "", "进度偏慢", "资金不足")]
    assert told(path, 7, "存在问题") == "进度偏慢"
    build(path, REPORTS, shape=SHAPE, started="2026-01-22T08:00:00")
    assert told(path, 6, "进展情况") == "已下达" and told(path, 6, "牵头单位") == "市财政局"


def test_what_was_not_changed_overwrites_nothing(path: Path, tmp_path: Path) -> None:
    written, _ = split_tasks(path, tmp_path / "发出", template())
    put(path, 6, 牵头单位="市税务局")
    count, conflicts, issues = merge_tasks(written, path)
    assert (count, conflicts, issues) == (0, [], [])
    assert told(path, 6, "牵头单位") == "市税务局"


def test_two_offices_that_differ_are_a_conflict(path: Path, tmp_path: Path) -> None:
    written, _ = split_tasks(path, tmp_path / "发出", template())
    finance = next(file for file in written if "财政" in file.name)
    copy = finance.with_name("另一份.xlsx")
    copy.write_bytes(finance.read_bytes())
    put(finance, 5, 状态="推进中")
    put(copy, 5, 状态="滞后")
    count, conflicts, _ = merge_tasks([finance, copy], path)
    assert count == 1 and [(c.file, c.ours, c.theirs) for c in conflicts] == [("另一份.xlsx", "推进中", "滞后")]


def test_a_task_that_an_office_adds_comes_along(path: Path, tmp_path: Path) -> None:
    written, _ = split_tasks(path, tmp_path / "发出", template())
    finance = next(file for file in written if "财政" in file.name)
    put(finance, 7, **{"工作任务（原文）": "清理拖欠账款", "牵头单位": "市财政局"})
    merge_tasks([finance], path)
    build(path, REPORTS, shape=SHAPE, started="2026-01-22T08:00:00")
    own = [row for row in rows(opened(path)["任务清单"]) if row["依据"] == "自加"]
    assert [(row["工作任务（原文）"], row["牵头单位"]) for row in own] == [("清理拖欠账款", "市财政局")]
