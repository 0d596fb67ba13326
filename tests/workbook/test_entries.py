"""What people write into the workbook survives the next build, whatever happened to the file in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from help import make_reports as made
from help.workbook_reader import FILLED_IN, header, opened, rows, shape_of, through_libreoffice
from help.workbook_reader import build as build_workbook
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from compiler.model import CompiledReport, Issue
from compiler.workbook.template import SheetColumn, WorkbookTemplate
from compiler.workbook.user_entries import read_entries

NAME = "目标与结果.xlsx"
REPORTS = (*made.two_years(), made.neighbour())
WRITTEN = {
    "牵头单位": "市政府办公室",
    "配合单位": "=市统计局、市发改委",
    "完成时限": datetime(2017, 9, 30),
    "数据截止日": datetime(2017, 6, 30),
    "进展情况": 0.85,
    "状态": "推进中",
    "备注": "  第一行\n第二行",
}


SHAPE = shape_of(*FILLED_IN)
"""What people do to a whole workbook: ``test_peoples_work.py``, ``test_standing.py``, ``test_killed_builds.py``."""


def build(
    path: Path, reports: Sequence[CompiledReport], shape: WorkbookTemplate = SHAPE, started: str = ""
) -> tuple[Issue, ...]:
    """Write the workbook of some reports."""
    return build_workbook(path, reports, shape=shape, started=started)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workbook."""
    folder = tmp_path_factory.mktemp("built")
    assert not [issue for issue in build(folder / NAME, REPORTS) if issue.code.startswith("O12")]
    return folder


@pytest.fixture(scope="module")
def filled_in(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of that workbook after people have written into it."""
    folder = Path(shutil.copytree(built, tmp_path_factory.mktemp("filled"), dirs_exist_ok=True))
    fill(folder / NAME)
    return folder


@pytest.fixture
def path(built: Path, tmp_path: Path) -> Path:
    """A copy of the workbook, with what lies beside it."""
    return Path(shutil.copytree(built, tmp_path, dirs_exist_ok=True)) / NAME


@pytest.fixture
def filled(filled_in: Path, tmp_path: Path) -> Path:
    """A copy of the workbook that people have written into, with what lies beside it."""
    return Path(shutil.copytree(filled_in, tmp_path, dirs_exist_ok=True)) / NAME


def row_of(sheet: Worksheet, title: str, value: str, text: str = "2017年") -> int:
    """The row in whose column ``title`` stands ``value`` and whose 依据 begins with ``text``."""
    number, columns = header(sheet)
    for row in range(number + 1, sheet.max_row + 1):
        basis = str(sheet.cell(row, columns.get("依据", columns.get("依据A", 1))).value)
        if value in str(sheet.cell(row, columns[title]).value) and basis.startswith(text):
            return row
    raise AssertionError(value)


def fill(path: Path) -> None:
    """Write into a task and an issue, as a person would."""
    book = load_workbook(path)
    tasks = book["任务清单"]
    _, columns = header(tasks)
    row = row_of(tasks, "量化指标", "新改建农村公路")
    for title, value in WRITTEN.items():
        cell = tasks.cell(row, columns[title])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, float):
            cell.number_format = "0%"
    checks = book["待核清单"]
    _, columns = header(checks)
    row = row_of(checks, "指标", "粮食产量", "2016年")
    checks.cell(row, columns["核实结果"]).value = "已问过，年底补报"
    checks.cell(row, columns["核实人"]).value = "张三"
    book.save(path)


def check(path: Path) -> None:
    """Assert that all that ``fill`` wrote stands at its place."""
    book = opened(path)
    tasks = book["任务清单"]
    _, columns = header(tasks)
    row = row_of(tasks, "量化指标", "新改建农村公路")
    for title, value in WRITTEN.items():
        cell = tasks.cell(row, columns[title])
        assert cell.data_type != "f", title
        assert cell.value == value, title
    assert tasks.cell(row, columns["进展情况"]).number_format == "0%"
    other = row_of(tasks, "量化指标", "固定资产投资")
    assert tasks.cell(other, columns["牵头单位"]).value is None
    found = {row["指标"]: row for row in rows(book["待核清单"])}
    assert (found["粮食产量"]["核实结果"], found["粮食产量"]["核实人"]) == ("已问过，年底补报", "张三")


def test_entries_survive(filled: Path) -> None:
    issues = build(filled, REPORTS, started="2026-01-21T08:00:00")
    check(filled)
    assert [issue.fields["count"] for issue in issues if issue.code == "O124"] == ["9"]
    assert "未对上的填写" not in opened(filled).sheetnames
    build(filled, REPORTS, started="2026-01-22T08:00:00")
    check(filled)


def test_the_cover_tells_how_much_was_kept(filled: Path) -> None:
    build(filled, REPORTS)
    texts = [cell.value for row in opened(filled)["说明"].iter_rows() for cell in row]
    assert "沿用 9 处" in texts


def test_the_old_workbook_is_kept_with_its_date(filled: Path) -> None:
    old = filled.read_bytes()
    build(filled, REPORTS, started="2026-01-21T08:00:00+08:00")
    (copy,) = [file for file in filled.parent.iterdir() if "备份" in file.name]
    assert copy.name.startswith("目标与结果.备份-20260121-") and copy.read_bytes() == old
    build(filled, REPORTS, started="2026-01-21T09:00:00+08:00")
    assert len([file for file in filled.parent.iterdir() if "备份" in file.name]) == 1


def test_no_copy_of_a_workbook_without_entries(path: Path) -> None:
    build(path, REPORTS)
    assert [file.name for file in path.parent.iterdir() if not file.name.startswith(".")] == [path.name]


# --- what may happen in between ----------------------------------------------------------------------


def reverse_rows(path: Path) -> None:
    """Sort the tasks the other way round, as the filter's sorting does: values move, rows stay."""
    book = load_workbook(path)
    sheet = book["任务清单"]
    number, _ = header(sheet)
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=number + 1)]
    formats = [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=number + 1)]
    texts = [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=number + 1)]
    for offset, (values, looks, types) in enumerate(zip(lines[::-1], formats[::-1], texts[::-1], strict=True)):
        for column, (value, look, kind) in enumerate(zip(values, looks, types, strict=True), 1):
            cell = sheet.cell(number + 1 + offset, column)
            cell.hyperlink = None
            cell.value = value
            cell.number_format = look
            if kind == "s":
                cell.data_type = "s"
    book.save(path)


def hide_rows(path: Path) -> None:
    """Hide half of the tasks, as a filter does."""
    book = load_workbook(path)
    for row in range(6, 30, 2):
        book["任务清单"].row_dimensions[row].hidden = True
    book.save(path)


def delete_key_row(path: Path) -> None:
    """Delete the hidden row of keys."""
    book = load_workbook(path)
    for name in ("任务清单", "待核清单"):
        sheet = book[name]
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.delete_rows(3)
    book.save(path)


def move_columns(path: Path) -> None:
    """Put a column in front."""
    book = load_workbook(path)
    book["任务清单"].insert_cols(2)
    book.save(path)


def rename_sheets(path: Path) -> None:
    """Give the sheets other names."""
    book = load_workbook(path)
    book["任务清单"].title = "我的任务"
    book.save(path)


@pytest.mark.parametrize("happens", [reverse_rows, hide_rows, delete_key_row, move_columns, rename_sheets])
def test_entries_survive_handling(filled: Path, happens: Callable[[Path], None]) -> None:
    happens(filled)
    build(filled, REPORTS, started="2026-01-21T08:00:00")
    check(filled)


def with_offices(lead: str) -> tuple[CompiledReport, ...]:
    """The same reports, ``offices.yaml`` naming who leads each task."""
    return tuple(
        replace(report, tasks=tuple(task._replace(lead=lead, support=("市统计局",)) for task in report.tasks))
        for report in REPORTS
    )


def test_emptied_prefill_stays_empty(path: Path) -> None:
    build(path, with_offices("市财政局"))
    book = load_workbook(path)
    sheet = book["任务清单"]
    _, columns = header(sheet)
    row = row_of(sheet, "量化指标", "城镇新增就业")
    assert sheet.cell(row, columns["牵头单位"]).value == "市财政局"
    sheet.cell(row, columns["牵头单位"]).value = None
    book.save(path)
    build(path, with_offices("市财政局"))
    sheet = opened(path)["任务清单"]
    assert sheet.cell(row_of(sheet, "量化指标", "城镇新增就业"), columns["牵头单位"]).value is None


def test_changed_prefill_is_no_entry(path: Path) -> None:
    build(path, with_offices("市财政局"))
    issues = build(path, with_offices("市数据局"))
    assert not [issue for issue in issues if issue.code.startswith("O12")]
    sheet = opened(path)["任务清单"]
    _, columns = header(sheet)
    assert sheet.cell(row_of(sheet, "量化指标", "城镇新增就业"), columns["牵头单位"]).value == "市数据局"


def without_roads() -> tuple[Any, ...]:
    """The same reports without the task that ``fill`` wrote into."""
    first, second, third = REPORTS
    kept = tuple(task for task in second.tasks if "农村公路" not in task.text)
    return first, replace(second, tasks=kept), third


def test_rows_that_are_gone_move_to_a_sheet_of_their_own_and_come_back(filled: Path) -> None:
    issues = build(filled, without_roads(), started="2026-01-21T08:00:00")
    assert [issue.fields["count"] for issue in issues if issue.code == "O121"] == ["7"]
    book = opened(filled)
    found = {row["填写的列"]: row for row in rows(book["未对上的填写"])}
    assert found["牵头单位"]["填写的内容"] == "市政府办公室"
    assert found["配合单位"]["填写的内容"] == "=市统计局、市发改委"
    assert "新改建农村公路302公里" in found["牵头单位"]["原内容"]
    assert found["状态"]["留存日期"] == "2026-01-21"
    build(filled, without_roads(), started="2026-01-22T08:00:00")
    kept = {row["填写的列"]: row for row in rows(opened(filled)["未对上的填写"])}
    assert kept["状态"]["留存日期"] == "2026-01-21" and len(kept) == 7
    build(filled, REPORTS, started="2026-01-23T08:00:00")
    check(filled)
    assert "未对上的填写" not in opened(filled).sheetnames


def test_rows_and_columns_that_people_add(path: Path) -> None:
    book = load_workbook(path)
    sheet = book["任务清单"]
    number, columns = header(sheet)
    extra = sheet.max_column + 1
    sheet.cell(number, extra).value = "分管领导"
    sheet.cell(row_of(sheet, "量化指标", "新改建农村公路"), extra).value = "李四"
    last = sheet.max_row + 1
    sheet.cell(last, columns["工作任务（原文）"]).value = "自己加的一项任务"
    sheet.cell(last, columns["牵头单位"]).value = "市教育局"
    book.save(path)
    for _ in range(3):
        build(path, REPORTS, started="2026-01-21T08:00:00")
        book = opened(path)
        sheet = book["任务清单"]
        _, columns = header(sheet)
        assert sheet.cell(row_of(sheet, "量化指标", "新改建农村公路"), columns["分管领导"]).value == "李四"
        # A task that somebody added stays in the list, at its end, and keeps its entries.
        own = [row for row in rows(sheet) if row["工作任务（原文）"] == "自己加的一项任务"]
        assert [(row["牵头单位"], row["依据"]) for row in own] == [("市教育局", "自加")]
        assert rows(sheet)[-1] == own[0]
        assert "未对上的填写" not in book.sheetnames


def test_entries_of_the_former_task_sheet_find_their_task(path: Path) -> None:
    """Rows stood for single figures, with the fact's id; 责任单位 is 配合单位 now; two rows of one task are joined."""
    roads, jobs = (
        next(fact for fact in REPORTS[1].facts if fact.indicator_id == name and fact.kind == "target")
        for name in ("roads", "jobs")
    )
    old = Workbook()
    sheet = old.active
    assert sheet is not None
    sheet.title = "任务清单"
    sheet.append(["keys:tasks/1|key:number", "key:sentence", "entry:owner", "entry:state", "id", "defaults"])
    sheet.append(["序号", "工作任务（原文）", "责任单位", "状态", "编号"])
    sheet.append([1, "新改建农村公路302公里", "市交通局", "推进中", roads.id])
    sheet.append([2, "城镇新增就业3万人以上", "市人社局", "推进中", jobs.id])
    sheet.append([3, "再建设12个口袋公园", "市住建局", None, "F00000000"])  # a fact that is gone: found by its sentence
    old.save(path)
    shutil.rmtree(path.parent / ".last")  # the former program left no copy
    issues = build(path, REPORTS, started="2026-01-21T08:00:00")
    assert "O121" not in {issue.code for issue in issues}
    sheet = opened(path)["任务清单"]
    _, columns = header(sheet)
    row = row_of(sheet, "量化指标", "新改建农村公路")
    assert sheet.cell(row, columns["配合单位"]).value == "市交通局；市人社局；市住建局"
    assert sheet.cell(row, columns["状态"]).value == "推进中"


def test_a_column_that_left_the_template_is_kept(filled: Path) -> None:
    shape = SHAPE
    sheets = tuple(
        replace(sheet, columns=tuple(column for column in sheet.columns if column.entry != "lead"))
        for sheet in shape.sheets
    )
    build(filled, REPORTS, shape=replace(shape, sheets=sheets), started="2026-01-21T08:00:00")
    (kept,) = rows(opened(filled)["未对上的填写"])
    assert (kept["填写的列"], kept["填写的内容"]) == ("牵头单位", "市政府办公室")
    build(filled, REPORTS, started="2026-01-22T08:00:00")
    check(filled)


def test_a_template_without_the_sheet_loses_nothing(filled: Path) -> None:
    shape = SHAPE
    bare = replace(shape, sheets=tuple(sheet for sheet in shape.sheets if sheet.kind not in ("tasks", "kept")))
    build(filled, REPORTS, shape=bare, started="2026-01-21T08:00:00")
    build(filled, REPORTS, started="2026-01-22T08:00:00")
    check(filled)


def test_a_new_entry_column_is_an_edit_of_the_template(path: Path) -> None:
    shape = SHAPE
    sheets = tuple(
        replace(sheet, columns=(*sheet.columns, SheetColumn("联系人", entry="contact")))
        if sheet.kind == "tasks"
        else sheet
        for sheet in shape.sheets
    )
    shape = replace(shape, sheets=sheets)
    build(path, REPORTS, shape=shape)
    book = load_workbook(path)
    sheet = book["任务清单"]
    _, columns = header(sheet)
    sheet.cell(row_of(sheet, "量化指标", "新改建农村公路"), columns["联系人"]).value = "王五"
    book.save(path)
    build(path, REPORTS, shape=shape)
    sheet = opened(path)["任务清单"]
    assert sheet.cell(row_of(sheet, "量化指标", "新改建农村公路"), columns["联系人"]).value == "王五"


# --- files -----------------------------------------------------------------------------------------------


def test_entries_may_come_from_another_place(path: Path, tmp_path: Path) -> None:
    from compiler.ledger.join import build_ledger
    from compiler.workbook.write import write_workbook

    fill(path)
    rules = made.rulebook()
    ledger, issues = build_ledger(REPORTS, rules)
    other = tmp_path / "新" / "目标与结果.xlsx"
    write_workbook(other, REPORTS, ledger, issues, rules, SHAPE, made.INFO, previous=path)
    check(other)


@pytest.mark.parametrize("mark", ["~$目标与结果.xlsx", ".~lock.目标与结果.xlsx#"])
def test_an_open_workbook_is_left_alone(filled: Path, mark: str) -> None:
    old = filled.read_bytes()
    (filled.parent / mark).write_text("", encoding="utf-8")
    issues = build(filled, REPORTS)
    assert filled.read_bytes() == old
    beside = filled.parent / "目标与结果（新）.xlsx"
    check(beside)
    assert [issue.fields for issue in issues if issue.code == "O126"] == [{"path": filled.name, "beside": beside.name}]


def test_a_locked_workbook_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = path.read_bytes()
    replace_file = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if Path(target) == path:
            raise PermissionError
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    issues = build(path, REPORTS)
    assert path.read_bytes() == old and "O126" in {issue.code for issue in issues}
    assert not [file for file in path.parent.iterdir() if file.suffix == ".tmp"]


def test_an_unreadable_workbook_is_kept_as_it_is(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 broken")
    issues = build(path, REPORTS)
    assert {"O123", "O125"} <= {issue.code for issue in issues}
    (copy,) = [file for file in path.parent.iterdir() if "备份" in file.name]
    assert copy.read_bytes() == b"PK\x03\x04 broken"
    assert opened(path).sheetnames


def test_a_foreign_workbook_is_no_trouble(path: Path) -> None:
    foreign = Workbook()
    assert foreign.active is not None
    foreign.active["A1"] = "别的表"
    foreign.save(path)
    assert read_entries(path, {}).count == 0
    build(path, REPORTS)
    assert "任务清单" in opened(path).sheetnames


@pytest.mark.slow
def test_entries_survive_libreoffice(filled: Path, tmp_path: Path) -> None:
    saved = through_libreoffice(filled, tmp_path / "office")
    shutil.copyfile(saved, filled)
    build(filled, REPORTS, started="2026-01-21T08:00:00")
    check(filled)


@pytest.mark.slow
def test_sorted_entries_survive_libreoffice(filled: Path, tmp_path: Path) -> None:
    reverse_rows(filled)
    hide_rows(filled)
    shutil.copyfile(through_libreoffice(filled, tmp_path / "office"), filled)
    build(filled, REPORTS, started="2026-01-21T08:00:00")
    check(filled)
