"""Tables of indicators: a cell of a row and a column is a fact, and the cell is its quote."""

# Tables read better with a case on a line.
# ruff: noqa: E501

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from compiler.facts.batch import Silent, compile_all
from compiler.model import CompiledReport, Issue, Kind, RuleBook, Source, Total
from compiler.text.readers._blocks import Blocks

BEFORE = """锦州市2025年政府工作报告
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、2024年工作回顾
全年粮食产量250万吨。"""
AFTER = """主要指标见上表。
二、2025年工作安排
主要预期目标是：固定资产投资增长9%。"""


def compiled(
    rows: Sequence[Sequence[str]], rulebook: RuleBook, before: str = BEFORE
) -> tuple[CompiledReport, list[Issue]]:
    """Return the report that a text with a table in it yields, and its issues."""
    blocks = Blocks()
    for line in before.split("\n"):
        blocks.paragraph(line)
    cells = [Blocks.of(cell) for row in rows for cell in row]
    width = len(rows[0])
    blocks.table([list(range(at, at + width)) for at in range(0, len(cells), width)], cells)
    for line in AFTER.split("\n"):
        blocks.paragraph(line)
    text = blocks.text()
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source("报告.docx", text, "docx", digest, tables=tuple(blocks.tables))
    ((reports, issues),) = compile_all([source], rulebook, 1, Silent(), None)
    return reports[0], list(issues)


def from_cells(report: CompiledReport) -> list[str]:
    """Return the facts whose quote is a cell, one line each."""
    lines = []
    for fact in report.facts:
        if report.text[fact.start : fact.end] == fact.quote and report.text[fact.end : fact.end + 1] in "\t\n":
            figure = fact.low if fact.low == fact.high else f"{fact.low or ''}..{fact.high or ''}"
            lines.append(f"{fact.year} {fact.kind} {fact.indicator} {fact.measure} {figure}{fact.unit} {fact.quote}")
    return sorted(lines)


HEAD = ("指标", "单位", "2024年实际", "2025年目标")

# fmt: off
TABLES = [
    (
        [HEAD, ("地区生产总值", "亿元", "1200.5", "1270")],
        ["2024 result 地区生产总值 level 1200.5亿元 1200.5", "2025 target 地区生产总值 level 1270亿元 1270"],
    ),
    # A target that names its own unit is growth; a bare percentage of an amount is, too.
    ([HEAD, ("地区生产总值", "亿元", "1200.5", "增长6%左右")], ["2024 result 地区生产总值 level 1200.5亿元 1200.5", "2025 target 地区生产总值 growth 6% 增长6%左右"]),
    ([HEAD, ("固定资产投资增速", "%", "7.5", "8")], ["2024 result 固定资产投资 growth 7.5% 7.5", "2025 target 固定资产投资 growth 8% 8"]),
    ([HEAD, ("城镇登记失业率", "%", "3.8", "4.5以内")], ["2024 result 城镇登记失业率 level 3.8% 3.8", "2025 target 城镇登记失业率 level ..4.5% 4.5以内"]),
    ([HEAD, ("一般公共预算收入", "亿元", "98.6", "≥100")], ["2024 result 一般公共预算收入 level 98.6亿元 98.6", "2025 target 一般公共预算收入 level 100..亿元 ≥100"]),
    ([("主要指标", "2024年完成", "同比增长（%）"), ("地区生产总值（亿元）", "1200.5", "-1.2")], ["2024 result 地区生产总值 growth -1.2% -1.2", "2024 result 地区生产总值 level 1200.5亿元 1200.5"]),
    ([("指标", "单位", "上年实际", "今年目标"), ("粮食产量", "万吨", "251", "255")], ["2024 result 粮食产量 level 251万吨 251", "2025 target 粮食产量 level 255万吨 255"]),
    # Last year's target stands in the table of last year.
    ([("指标", "单位", "2024年目标", "2024年实际"), ("粮食产量", "万吨", "240", "250")], ["2024 target 粮食产量 level 240万吨 240"]),
    ([("序号", *HEAD), ("1", "3.粮食产量", "万吨", "251", "255")], ["2024 result 粮食产量 level 251万吨 251", "2025 target 粮食产量 level 255万吨 255"]),
    ([("指标", "单位", "2023", "2024", "2025年目标"), ("粮食产量", "万吨", "245", "251", "255")], ["2023 result 粮食产量 level 245万吨 245", "2024 result 粮食产量 level 251万吨 251", "2025 target 粮食产量 level 255万吨 255"]),
    # A column of amounts without a year is that of the part in which the table stands.
    ([("指标名称", "总量", "比上年增减"), ("粮食产量", "255万吨", "-1.2%")], ["2024 result 粮食产量 growth -1.2% -1.2%", "2024 result 粮食产量 level 255万吨 255万吨"]),
    ([("指标", "年初目标", "完成情况"), ("固定资产投资增幅", "9%", "-2.6%"), ("粮食产量（万吨）", "250", "255")], ["2024 result 固定资产投资 growth -2.6% -2.6%", "2024 result 粮食产量 level 255万吨 255"]),
    ([HEAD, ("单位地区生产总值能耗降幅", "%", "-3", "3")], ["2025 target 单位地区生产总值能耗 growth -3% 3"]),
    # What is only part of an indicator, of several years, or a share, is left out.
    ([HEAD, ("民营经济粮食产量", "万吨", "1", "2")], []),
    ([("指标", "单位", "完成率", "“十四五”累计"), ("粮食产量", "万吨", "98", "1250")], []),
    ([("指标", "单位", "2021—2024年实际"), ("粮食产量", "万吨", "1250")], []),
    ([("部门", "牵头", "人数"), ("农业局", "王", "15")], []),
]
# fmt: on


@pytest.mark.parametrize(("rows", "wanted"), TABLES)
def test_cells_are_facts(rows: list[tuple[str, ...]], wanted: list[str], rulebook: RuleBook) -> None:
    assert from_cells(compiled(rows, rulebook)[0]) == wanted


def test_what_is_aimed_at_for_a_later_year_is_told_of_the_years_until_then(rulebook: RuleBook) -> None:
    rows = [
        ("指标", "单位", "2024年", "2030年目标"),
        ("常住人口城镇化率", "%", "62", "68"),
        ("高标准农田建设", "万亩", "12", "60"),
        ("固定资产投资增速", "%", "7.5", "8"),
    ]
    later = [fact for fact in compiled(rows, rulebook)[0].facts if fact.year == 2030]
    told = [(fact.indicator, fact.low, fact.kind, fact.from_year, fact.total) for fact in later]
    assert told == [
        ("常住人口城镇化率", 68, Kind.TARGET, 2025, Total.END),
        ("高标准农田建设", 60, Kind.TARGET, 2025, Total.SUM),
    ]  # of a growth nobody knows what it is over


def test_a_row_is_a_sentence_of_its_own_and_joins_nothing(rulebook: RuleBook) -> None:
    report, issues = compiled([HEAD, ("城镇登记失业率", "%", "3.8", "4.5")], rulebook)
    fact = next(fact for fact in report.facts if fact.quote == "3.8")
    sentence = next(sentence for sentence in report.sentences if sentence.number == fact.sentence)
    assert sentence.text == "城镇登记失业率%3.84.5" and sentence.start <= fact.start < fact.end <= sentence.end
    assert not any("主要指标见上表" in sentence.text and "4.5" in sentence.text for sentence in report.sentences)
    assert len({sentence.number for sentence in report.sentences}) == len(report.sentences)
    assert not [issue for issue in issues if issue.code.startswith("I14")]


def test_a_figure_that_the_text_has_too_stands_once_and_another_one_is_an_issue(rulebook: RuleBook) -> None:
    report, issues = compiled([HEAD, ("粮食产量", "万吨", "250", "255")], rulebook)
    assert [fact.quote for fact in report.facts if fact.year == 2024] == ["粮食产量250万吨"]
    report, issues = compiled([HEAD, ("粮食产量", "万吨", "251", "255")], rulebook)
    assert [(i.code, i.fields["first"], i.fields["other"]) for i in issues if i.code == "F202"] == [
        ("F202", "粮食产量250万吨", "粮食产量 251")
    ]


def test_what_is_not_understood_is_said(rulebook: RuleBook) -> None:
    _, issues = compiled([HEAD, ("稀奇指标", "台", "3", "4")], rulebook)
    assert [(i.code, i.fields["shown"]) for i in issues if i.code.startswith("I14")] == [("I147", "稀奇指标")]
    _, issues = compiled([("部门", "人数"), ("农业局", "15")], rulebook)
    assert [i.code for i in issues if i.code.startswith("I14")] == ["I146"]


WIDE = """指标名称　　　　　　　　总量　　　　比上年增减
固定资产投资　　　　　　160亿元　　　8.2%

社会消费品零售总额　　　88.6亿元　　－2.6%
粮食产量　　　　　　　　251万吨　　　持平
一年来，我们加快发展，地区生产总值增长5%。"""

TABBED = """序号\t主要指标\t2024年实绩\t2025年预期
1\t固定资产投资增速\t6.2%\t≥8%
2\t粮食产量（万吨）\t251\t—
3\t民营经济粮食产量\t1\t2"""


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (
            WIDE,
            [
                "2024 result 固定资产投资 growth 8.2% 8.2%",
                "2024 result 固定资产投资 level 160亿元 160亿元",
                "2024 result 社会消费品零售总额 growth -2.6% －2.6%",
                "2024 result 社会消费品零售总额 level 88.6亿元 88.6亿元",
                "2024 result 粮食产量 level 251万吨 251万吨",
            ],
        ),
        (
            TABBED,
            [
                "2024 result 固定资产投资 growth 6.2% 6.2%",
                "2024 result 粮食产量 level 251万吨 251",
                "2025 target 固定资产投资 growth 8..% ≥8%",
            ],
        ),
        (
            "（从左到右为：指标 | 总量 | 比上年增长）\n\n固定资产投资 | 160亿元 | 8.2%\n粮食产量 | — | -1.2%",
            [
                "2024 result 固定资产投资 growth 8.2% 8.2%",
                "2024 result 固定资产投资 level 160亿元 160亿元",
                "2024 result 粮食产量 growth -1.2% -1.2%",
            ],
        ),
        (
            "指标　　　　　　　　年度计划　　　　完成情况\n（1）固定资产投资　　增长12%　　　　160亿元，增长13.4%",
            [
                "2024 result 固定资产投资 growth 13.4% 增长13.4%",
                "2024 result 固定资产投资 level 160亿元 160亿元",
            ],
        ),
        # No header that names indicators: a row with two figures is no sentence, and nothing is read.
        (WIDE.replace("指标名称", "有关情况").replace("粮食产量", "其他"), []),
    ],
)
def test_tables_of_a_plain_text_are_read_where_their_header_names_indicators(
    table: str, wanted: list[str], rulebook: RuleBook
) -> None:
    text = f"{BEFORE.replace('全年粮食产量250万吨。', '')}主要指标如下：\n\n{table}\n{AFTER}"
    source = Source("报告.txt", text, "utf-8", hashlib.sha256(text.encode()).hexdigest())
    ((reports, _),) = compile_all([source], rulebook, 1, Silent(), None)
    assert from_wide_cells(reports[0]) == wanted


def from_wide_cells(report: CompiledReport) -> list[str]:
    """Return the facts whose quote ends where a cell does, one line each."""
    lines = []
    for fact in report.facts:
        assert report.text[fact.start : fact.end] == fact.quote
        if report.text[fact.end] in "\t\u3000\n |，":
            figure = fact.low if fact.low == fact.high else f"{fact.low or ''}..{fact.high or ''}"
            lines.append(f"{fact.year} {fact.kind} {fact.indicator} {fact.measure} {figure}{fact.unit} {fact.quote}")
    return sorted(lines)
