"""What was once false on a sheet: each kind on a small report, looked up in the written workbook."""

from __future__ import annotations

from typing import Any

import pytest
from help.workbook_reader import build, header, rows
from openpyxl import load_workbook

from compiler.facts.compile import compile_source
from compiler.model import Source
from compiler.rules.rulebook import load_rulebook
from compiler.workspace import default_folder

REVIEW = "全市进出口总额完成318亿元，增长6.2%。组织农村劳动力转移就业培训100人。粮食产量49.9亿斤。建成众创大厦17座。"
PLAN = "今年的主要预期目标是：地区生产总值增长7%左右。粮食产量稳定在50亿斤以上。新建改建农村公路120公里。"
TEXT = f"示例市政府工作报告\n2017年1月10日\n一、2016年工作回顾\n{REVIEW}\n二、2017年工作安排\n{PLAN}\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of one small report, through the real stages and rules."""
    rules, _ = load_rulebook(default_folder("rules"))
    assert rules is not None
    text = TEXT.replace("示例市", "辽宁省锦州市")
    reports, _ = compile_source(Source("甲.txt", text, "utf-8", ""), rules)
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    build(path, reports, rules)
    return load_workbook(path, data_only=True)


def line(book: Any, indicator: str) -> dict[str, Any]:
    (found,) = [row for row in rows(book["目标与结果"]) if row["指标名称"] == indicator]
    return found


def test_the_unit_is_that_of_the_figure(book: Any) -> None:
    """318亿元 under a rule in 亿美元 stays 亿元."""
    row = line(book, "进出口总额")
    assert (row["单位"], row["2016年完成/绝对值"], row["2016年完成/增长%"]) == ("亿元", 318, 6.2)


def test_amounts_keep_the_unit_of_the_report(book: Any) -> None:
    """亿斤 is not turned into 万吨, and a change is told in it."""
    row = line(book, "粮食产量")
    assert (row["单位"], row["2016年完成/绝对值"], row["2017年目标/绝对值"]) == ("亿斤", 49.9, "≥50")
    assert "万吨" not in str(row["目标较上年实绩"])


def test_no_internal_name_stands_on_a_sheet(book: Any) -> None:
    names = ("last_target", "period_long", "scope_", "exclude", "no_direction", "n_last", "target_growth")
    for sheet in book.worksheets:
        if sheet.title in ("规则一览", "明细", "任务清单", "待核清单"):
            continue  # codes of rules, and the hidden row of keys
        for row in sheet.iter_rows():
            for cell in row:
                assert not any(name in str(cell.value) for name in names), (sheet.title, cell.coordinate, cell.value)


def test_uncovered_figures_have_noun_unit_and_reason(book: Any) -> None:
    found = {row["数字"]: row for row in rows(book["未覆盖数字"])}
    assert found["17座"]["单位"] == "座" and found["17座"]["疑似指标"] and found["17座"]["同名个数"] == 1
    assert all(row["未认领的原因"] and not row["未认领的原因"].isascii() for row in found.values())


def test_without_last_years_report_nothing_is_said_of_targets_on_every_row(book: Any) -> None:
    sheet = book["锦州市2017"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "锦州市2016年主要指标实绩和2017年预期目标" in texts
    assert sum("未收入" in text for text in texts) == 1 and "缺上年目标" not in texts


def test_every_plan_sentence_is_a_task(book: Any) -> None:
    found = [row["工作任务（原文）"] for row in rows(book["任务清单"])]
    assert any("农村公路120公里" in text for text in found) and any("地区生产总值增长7%" in text for text in found)
    number, columns = header(book["任务清单"])
    assert "牵头领导" in columns and number == 5
