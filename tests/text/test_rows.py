"""Rows of tables in a plain text: set apart from the sentences, and nothing is read out of them."""

from __future__ import annotations

import pytest

from compiler.facts.compile import compile_source
from compiler.model import RuleBook, Source
from compiler.text.wide_rows import CELL, with_cells

TABLE = """指标名称　　　　　年初目标　　完成情况
地区生产总值增幅　　　6.5%　　　　4.1%
规上工业增加值增幅　　9%　　　　　-2.6%（可比价）
"""

NO_ROWS = [
    "全年地区生产总值增长6%。　　固定资产投资　　增长8%　　9%。",
    "二、2016年工作安排　　三、保障措施",
    "社会消费品  零售总额  达到  1560  亿元，增长10.2%。",
    "张三　　李四　　王五",
    "完成投资　　12亿元",
]


def test_rows_and_their_header_are_marked() -> None:
    text, rows = with_cells(f"完成情况如下：\n{TABLE}一年来，我们苦干实干。\n")
    assert [line.count(CELL) for line in text.split("\n")] == [0, 2, 2, 2, 0, 0]
    assert len(rows) == 2
    assert len(text) == len(f"完成情况如下：\n{TABLE}一年来，我们苦干实干。\n")


@pytest.mark.parametrize("text", NO_ROWS)
def test_what_is_no_row_stays_as_it_is(text: str) -> None:
    assert with_cells(text) == (text, ())


def test_rows_tell_no_facts_and_part_no_text(rulebook: RuleBook) -> None:
    report = f"""某某县2019年政府工作报告
——2019年1月9日在某某县第十七届人民代表大会第四次会议上
各位代表：
现在，我代表县人民政府向大会报告工作，请予审议。
一、2018年工作回顾
主要指标完成情况如下：
{TABLE}全县实现地区生产总值96.3亿元，增长4.1%。
二、2019年工作安排
地区生产总值增长6%。
"""
    (compiled,), issues = compile_source(Source("某某县.txt", report, "utf-8", ""), rulebook)
    told = [(fact.year, fact.indicator, fact.measure.value, str(fact.low)) for fact in compiled.facts]
    assert told == [
        (2018, "地区生产总值", "level", "96.3"),
        (2018, "地区生产总值", "growth", "4.1"),
        (2019, "地区生产总值", "growth", "6"),
    ]
    assert [issue.fields["count"] for issue in issues if issue.code == "I205"] == ["2"]


@pytest.mark.parametrize("blanks", ["\t", "　", "  "])
def test_a_row_is_told_whatever_its_cells_are_parted_by(blanks: str) -> None:
    line = f"粮食产量{blanks}35{blanks}36"
    assert with_cells(line)[1] == (line,)
