"""What people do to a workbook outside the columns to fill in is carried over or kept beside, and named."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from help import make_reports as made
from help.workbook_reader import FILLED_IN, build, header, opened, rows, shape_of, template, through_libreoffice
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from compiler.model import Issue
from compiler.workbook.last_workbook import drop_taken

NAME = "目标与结果.xlsx"
REPORTS = (*made.two_years(), made.neighbour())
YELLOW = PatternFill("solid", fgColor="FFFFFF00")
SHAPE = shape_of("results", *FILLED_IN)
"""A sheet of the program's own, and those to fill in. One test takes the whole template."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workbook."""
    folder = tmp_path_factory.mktemp("built")
    build(folder / NAME, REPORTS, shape=SHAPE)
    return folder


@pytest.fixture
def path(built: Path, tmp_path: Path) -> Path:
    """A copy of the workbook, with what lies beside it."""
    return Path(shutil.copytree(built, tmp_path, dirs_exist_ok=True)) / NAME


def cell_of(book: Any, sheet: str, column: str, **wanted: object) -> Any:
    """The cell in a column of the row that has the wanted values."""
    number, columns = header(book[sheet])
    for row in range(number + 1, book[sheet].max_row + 1):
        if all(book[sheet].cell(row, columns[title]).value == value for title, value in wanted.items()):
            return book[sheet].cell(row, columns[column])
    raise AssertionError(wanted)


REVENUE = {"地区": "云川市", "报告年度": 2017, "指标名称": "一般公共预算收入"}
TASK = {"工作任务（原文）": "新改建农村公路302公里，城镇新增就业3万人以上，再建设12个口袋公园。"}


def work(path: Path) -> None:
    """Comment, colour, edit, and add a sheet, as people do."""
    book = load_workbook(path)
    cell_of(book, "目标与结果", "完成情况", **REVENUE).comment = Comment("请财政局再核一次", "张三")
    cell_of(book, "目标与结果", "指标名称", **REVENUE).fill = YELLOW
    cell_of(book, "目标与结果", "备注（口径）", **REVENUE).value = "口径以财政局为准"
    cell_of(book, "任务清单", "牵头单位", **TASK).fill = YELLOW
    own = book.create_sheet("督查备忘")
    own["A1"], own["A1"].font = "每月28日报进展", Font(name="黑体", bold=True, size=14, color="FFC00000")
    own["A2"], own["B2"] = 3, "=A2*2"
    own.merge_cells("A1:C1")
    own.column_dimensions["A"].width = 33
    book.save(path)


def check(path: Path, fonts: tuple[str, ...] = ("黑体",)) -> None:
    """Assert that all of it stands in the workbook."""
    book = opened(path)
    comment = cell_of(book, "目标与结果", "完成情况", **REVENUE).comment
    assert comment is not None and "请财政局再核一次" in comment.text
    assert cell_of(book, "目标与结果", "指标名称", **REVENUE).fill.fgColor.rgb == "FFFFFF00"
    assert cell_of(book, "任务清单", "牵头单位", **TASK).fill.fgColor.rgb == "FFFFFF00"
    # What the program writes it writes anew; what somebody wrote there is kept beside.
    assert cell_of(book, "目标与结果", "备注（口径）", **REVENUE).value != "口径以财政局为准"
    kept = [row for row in rows(book["未对上的填写"]) if row["填写的内容"] == "口径以财政局为准"]
    assert [row["原工作表"] for row in kept] == ["目标与结果"] and kept[0]["填写的列"] == "备注（口径）"
    own = book["督查备忘"]
    assert (own["A1"].value, own["B2"].value) == ("每月28日报进展", "=A2*2")
    assert own["A1"].font.b and own["A1"].font.name in fonts and "A1:C1" in {str(a) for a in own.merged_cells.ranges}


def texts(issues: tuple[Issue, ...]) -> dict[str, dict[str, str]]:
    return {issue.code: dict(issue.fields) for issue in issues}


def test_it_is_carried_over_through_several_builds(path: Path) -> None:
    work(path)
    told = texts(build(path, REPORTS, shape=SHAPE, started="2026-01-21T08:00:00"))
    assert told["O127"] == {"names": "督查备忘"}
    assert (told["O128"]["comments"], told["O128"]["fills"]) == ("1", "2")
    assert told["O129"]["count"] == "1" and "口径以财政局为准" in told["O129"]["shown"]
    check(path)
    for day in (22, 23):  # nothing is lost, and nothing is told twice as new
        told = texts(build(path, REPORTS, shape=SHAPE, started=f"2026-01-{day}T08:00:00"))
        assert "O129" not in told
        check(path)
    book = opened(path)
    cover = " ".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value)
    assert "督查备忘" in cover
    assert len(rows(book["未对上的填写"])) == 1


def test_rows_may_move_in_between(path: Path) -> None:
    build(path, REPORTS, shape=template())
    work(path)
    more = made.neighbour("半山市", source="报告/丁.txt", code="130100")
    build(path, (more, *REPORTS), shape=template(), started="2026-01-21T08:00:00")
    check(path)


def test_a_comment_whose_row_is_gone_is_named(path: Path) -> None:
    book = load_workbook(path)
    wanted = {"地区": "临河市", "报告年度": 2017, "指标名称": "地区生产总值"}
    cell_of(book, "目标与结果", "单位", **wanted).comment = Comment("临河的口径", "李四")
    book.save(path)
    told = texts(build(path, made.two_years(), shape=SHAPE, started="2026-01-21T08:00:00"))
    assert told["O134"]["count"] == "1" and "临河的口径" in told["O134"]["shown"]
    (copy,) = [file for file in path.parent.iterdir() if "备份" in file.name]
    assert opened(copy).sheetnames


def test_an_untouched_workbook_gives_no_message_and_no_backup(path: Path) -> None:
    told = texts(build(path, REPORTS, shape=SHAPE, started="2026-01-21T08:00:00"))
    assert not {code for code in told if code.startswith(("O12", "O13"))}
    assert not [file for file in path.parent.iterdir() if "备份" in file.name]


def test_entries_of_the_copy_beside_come_back(path: Path) -> None:
    """The workbook was open, so the new one went beside it; somebody filled that one in."""
    beside = path.parent / "目标与结果（新）.xlsx"
    shutil.copyfile(path, beside)
    book = load_workbook(beside)
    sheet = book["任务清单"]
    sheet.cell(7, header(sheet)[1]["牵头单位"]).value = "市财政局"
    book.save(beside)
    told = texts(build(path, REPORTS, shape=SHAPE, started="2026-01-21T08:00:00"))
    assert told["O132"] == {"path": beside.name, "count": "1"}
    sheet = opened(path)["任务清单"]
    assert sheet.cell(7, header(sheet)[1]["牵头单位"]).value == "市财政局"
    drop_taken(path, template())
    assert not beside.exists() and [file for file in path.parent.iterdir() if "备份" in file.name]


def test_old_backups_are_offered_for_deletion(path: Path) -> None:
    for number in range(7):
        old = path.parent / f"目标与结果.备份-2025010{number}-{number:08d}.xlsx"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    told = texts(build(path, REPORTS, shape=SHAPE, started="2026-01-21T08:00:00"))
    shown = told["O131"]["shown"]
    assert told["O131"]["count"] == "2" and "20250100" in shown and "20250106" not in shown
    assert len([file for file in path.parent.iterdir() if "备份" in file.name]) == 7


def test_a_workbook_too_large_is_kept_and_not_read(path: Path) -> None:
    work(path)
    shape = replace(SHAPE, limits={**SHAPE.limits, "read_back_megabytes": 0})
    path.write_bytes(path.read_bytes() + b"\0")
    told = texts(build(path, REPORTS, shape=shape, started="2026-01-21T08:00:00"))
    assert "O130" in told and "O125" in told
    assert [file for file in path.parent.iterdir() if "备份" in file.name]


def test_a_workbook_that_unpacks_to_too_much_is_kept_and_not_read(path: Path) -> None:
    shape = replace(SHAPE, limits={**SHAPE.limits, "read_back_unpacked_megabytes": 0})
    path.write_bytes(path.read_bytes() + b"\0")
    told = texts(build(path, REPORTS, shape=shape, started="2026-01-21T08:00:00"))
    assert "O137" in told and "O125" in told
    assert [file for file in path.parent.iterdir() if "备份" in file.name]


def test_reading_back_ends_when_its_time_is_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from compiler.workbook import last_workbook

    monkeypatch.setattr(last_workbook, "read_entries", lambda *_: time.sleep(60))
    work(path)
    shape = replace(SHAPE, limits={**SHAPE.limits, "read_back_seconds": 1})
    told = texts(build(path, REPORTS, shape=shape, started="2026-01-21T08:00:00"))
    assert told["O138"]["seconds"] == "1" and "O125" in told
    assert [file for file in path.parent.iterdir() if "备份" in file.name]


def test_another_workbook_in_its_place_is_not_compared_cell_by_cell(path: Path) -> None:
    """Somebody put an old backup in its place: the differences are no edits."""
    build(path.parent / "别处" / path.name, (made.neighbour(source="报告/丁.txt"),), shape=SHAPE)
    shutil.copyfile(path.parent / "别处" / path.name, path)
    told = texts(build(path, REPORTS, shape=SHAPE, started="2026-01-21T08:00:00"))
    assert "O135" in told and "O129" not in told
    assert "未对上的填写" not in opened(path).sheetnames


@pytest.mark.slow
def test_it_survives_libreoffice(path: Path, tmp_path: Path) -> None:
    build(path, REPORTS, shape=template())
    work(path)
    shutil.copyfile(through_libreoffice(path, tmp_path / "office"), path)
    told = texts(build(path, REPORTS, shape=template(), started="2026-01-21T08:00:00"))
    assert told["O129"]["count"] == "1", told["O129"]
    # An office without the font puts its own in place when it saves; that is its doing, not ours.
    check(path, ("黑体", "Noto Sans CJK SC", "Noto Serif CJK SC", "DejaVu Sans", "Liberation Sans"))
