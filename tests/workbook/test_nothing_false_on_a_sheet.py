"""What was once false on a sheet: each kind on a small report, looked up in the written workbook."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from help import make_reports as made
from help.workbook_reader import build, header, rows, shape_of, template
from openpyxl import load_workbook

from compiler.facts.compile import compile_source
from compiler.issues import CATALOGUE
from compiler.ledger.join import settle
from compiler.model import RuleBook, Source
from compiler.workbook.write import write_workbook

REVIEW = "全市进出口总额完成318亿元，增长6.2%。组织农村劳动力转移就业培训100人。粮食产量49.9亿斤。建成众创大厦17座。"
PLAN = "今年的主要预期目标是：地区生产总值增长7%左右。粮食产量稳定在50亿斤以上。新建改建农村公路120公里。"
TEXT = f"示例市政府工作报告\n2017年1月10日\n一、2016年工作回顾\n{REVIEW}\n二、2017年工作安排\n{PLAN}\n"


@pytest.fixture(scope="module")
def book(rulebook: RuleBook, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of one small report, through the real stages and rules."""
    text = TEXT.replace("示例市", "辽宁省锦州市")
    reports, _ = compile_source(Source("甲.txt", text, "utf-8", ""), rulebook)
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    build(path, reports, rulebook)
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


def test_what_a_reason_says_on_the_cover_names_no_key_of_the_rules() -> None:
    """The reasons for uncovered figures are the messages of ``explain``, told without their words for rule files."""
    told = [wording.about for code, wording in CATALOGUE.items() if code.startswith("G1")]
    assert len(told) > 20 and [text for text in told if re.search("[a-z_]{3,}:|[a-z]+_[a-z]+", text)] == []


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


# --- what was once false, each of its kind, looked up in the written workbook ---------------------

Sheets = Any
Told = tuple[str, int, str, str]
"""A report: place, year, what it says of last year, what it plans."""


@pytest.fixture(scope="module")
def sheets(rulebook: RuleBook, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Return a function that compiles small reports and opens their workbook: all of it, or sheets of some kinds."""

    def write(*told: Told, kinds: tuple[str, ...] = ()) -> Any:
        found, known = [], []
        for place, year, review, plan in told:
            text = (
                f"{place}人民政府工作报告\n{year}年1月10日在{place}第八届人民代表大会第三次会议上\n"
                f"一、{year - 1}年工作回顾\n{review}\n二、{year}年工作安排\n{plan}\n"
            )
            source = Source(f"{place}{year}年政府工作报告.txt", text, "utf-8", "")
            reports, own = compile_source(source, rulebook)
            found.extend(reports)
            known.extend(own)
        settled, ledger, issues = settle(found, rulebook, known)
        path = tmp_path_factory.mktemp("told") / "目标与结果.xlsx"
        shape = shape_of(*kinds) if kinds else template()
        write_workbook(path, settled, ledger, (*known, *issues), rulebook, shape, made.INFO)
        return load_workbook(path, data_only=True)

    return write


LAST, GROWN, AIM, STEP = "2016年完成/绝对值", "2016年完成/增长%", "2017年目标/绝对值", "目标较上年实绩"
PLAIN = "全市经济平稳运行。"

CELLS = [
    # the report, the indicator, and what its row of 目标与结果 must show
    ("进出口总额完成10318亿元。", PLAIN, "进出口总额", {"单位": "亿元", LAST: 10318}),
    ("五年累计城镇新增就业32万人。去年城镇新增就业5.1万人。", PLAIN, "城镇新增就业", {LAST: 5.1}),
    ("旅游总收入增长15%，其中在线旅游增长近7倍。", PLAIN, "旅游总收入", {GROWN: 15}),
    ("实际到位省外资金172.5亿元。", "引进内资360亿元。", "引进内资",
     {LAST: 172.5, AIM: 360, STEP: "口径不同（“实际到位省外资金”与“引进内资”），不比",
      "备注（口径）": "报告称“实际到位省外资金”"}),
    ("新增国家级众创空间4个。", "新增众创空间15家以上。", "新增众创空间", {STEP: ("口径不同", "不比")}),
    ("城镇登记失业率控制在3.92%以内。", "城镇登记失业率控制在5%以内。", "城镇登记失业率",
     {LAST: "≤3.92", STEP: "上年实绩为控制在3.92%以内，不计差距"}),
    ("普惠制培训200人，实名制安置3100人，劳务输出5600人，分别为市下达指标的100%、168%、111%。", PLAIN, "劳务输出",
     {"备注（口径）": ("报告自述：完成111%",)}),
    ("地区生产总值、固定资产投资等指标没有完成年初预期目标。", "地区生产总值增长6%。", "地区生产总值",
     {"完成情况": "未完成（报告自述）", "备注（口径）": ("没有完成年初预期目标",)}),
    ("预计地区生产总值增长6.5%；固定资产投资增长9%；一般公共预算收入增长4%。", PLAIN, "一般公共预算收入",
     {GROWN: 4, "数据性质": "预计"}),
    ("粮食产量达到49.9亿斤。", "粮食产量达到50亿斤以上。", "粮食产量",
     {"单位": "亿斤", LAST: 49.9, AIM: "≥50", STEP: "高于上年实绩0.1亿斤"}),
    ("居民消费价格涨幅基本持平。", "居民消费价格涨幅2%左右。", "居民消费价格涨幅",
     {LAST: "基本持平", AIM: "2左右", STEP: "上年实绩为基本持平，不计差距"}),
    ("9120名贫困人口实现脱贫。", "完成1.2万贫困人口脱贫。", "脱贫人口",
     {"单位": "名", LAST: 9120, AIM: 12000, STEP: "高于上年实绩2880名"}),
    ("5.25万贫困人口实现脱贫。", "完成5.27万贫困人口脱贫。", "脱贫人口",
     {"单位": "万人", LAST: 5.25, AIM: 5.27, STEP: "高于上年实绩0.02万人"}),
    ("完成棚改任务7278户。", "实施棚改1.29万户。", "棚户区改造",
     {"单位": "户", LAST: 7278, AIM: 12900, STEP: "高于上年实绩5622户"}),
    # Of households and dwellings one is not the other, whatever the numbers.
    ("完成棚户区改造1.6万户。", "实施棚户区改造1.6万套。", "棚户区改造",
     {"单位": "套", LAST: "1.6万户", AIM: 16000, STEP: "单位不同（户、套），不比"}),
    ("新认定高新技术企业31户。", "新认定高新技术企业24家以上。", "新增高新技术企业", {STEP: "低于上年实绩7家"}),
    ("金融机构贷款余额比年初增加172.7亿元。", PLAIN, "新增贷款", {LAST: ("172.7",), GROWN: None}),
    ("完成普惠制培训100人。", PLAIN, "就业培训", {"单位": "人", LAST: 100}),
    ("新农合补助标准提高到420元。", PLAIN, "城乡居民医保补助标准", {LAST: 420, "备注（口径）": ("报告称“新农合",)}),
    ("食品监测合格率达到95%。", PLAIN, "食品抽检合格率", {LAST: 95, "备注（口径）": ("报告称“食品监测合格率”",)}),
    ("服务业增加值占比达到46%，提高2个百分点。", PLAIN, "服务业增加值占比", {LAST: 46, GROWN: "提高2个百分点"}),
]  # fmt: skip


@pytest.mark.parametrize(("review", "plan", "indicator", "cells"), CELLS)
def test_a_row_says_what_the_report_says(
    review: str, plan: str, indicator: str, cells: dict[str, Any], sheets: Sheets
) -> None:
    book = sheets(("云川市", 2017, review, plan), kinds=("results",))
    found = [row for row in rows(book["目标与结果"]) if row["指标名称"] == indicator]
    assert len(found) == 1, [row["指标名称"] for row in rows(book["目标与结果"])]
    for title, wanted in cells.items():
        held = found[0].get(title)
        if isinstance(wanted, tuple):
            assert all(part in str(held) for part in wanted), (title, held)
        else:
            assert held == wanted, title
    assert "比上年" not in str(found[0].get(LAST))


def test_a_rate_of_completion_is_told_only_of_targets_at_hand(sheets: Sheets) -> None:
    """Of last year's targets a report names those it missed; that is no share of all it had."""
    missed = "地区生产总值、固定资产投资等指标没有完成年初预期目标。"
    alone = [str(cell) for line in sheets(("云川市", 2017, missed, PLAIN))["说明"].values for cell in line if cell]
    assert "没有收入同一地区上下两年的报告，没有可以对照的目标" in alone
    assert "另据报告自述：完成 0 项，未完成 2 项（上年报告未收入，不计完成率）" in alone
    assert "目标完成情况" not in alone
    pair = sheets(("云川市", 2016, PLAIN, "粮食产量达到210万吨。"), ("云川市", 2017, "粮食产量达到215万吨。", PLAIN))
    told = {str(line[0]): str(line[1]) for line in pair["说明"].values if line[1]}
    assert told["目标完成"] == "1项中1项，100%"


def test_figures_of_one_sentence_stand_beside_their_indicators(sheets: Sheets) -> None:
    """Also where two of them are alike."""
    plan = "城镇和农村常住居民人均可支配收入分别增长7%和7%，城镇新增就业3万人，力争3.2万人。"
    (row,) = [
        one for one in rows(sheets(("云川市", 2017, PLAIN, plan), kinds=("tasks",))["任务清单"]) if one["量化指标"]
    ]
    names, aims = (str(row[title]).split("；") for title in ("量化指标", "目标值"))
    assert names == ["①城镇常住居民人均可支配收入", "②农村常住居民人均可支配收入", "③城镇新增就业"]
    assert aims == ["①增长7%", "②增长7%", "③3万人，争取3.2万人"]


def test_the_rate_of_unemployment_stands_among_the_main_indicators(sheets: Sheets) -> None:
    told = "城镇登记失业率3.4%，新增高新技术企业8家，地区生产总值增长6%。"
    names = [
        line[2] or line[0] for line in sheets(("云川市", 2017, told, PLAIN), kinds=("print",))["云川市2017"].values
    ]
    at = {name: n for n, name in enumerate(names) if name}
    assert at["一、主要指标"] < at["城镇登记失业率"] < at["二、其他指标和工作量"] < at["新增高新技术企业"]


def test_headings_of_two_reports_of_a_place_are_told_apart(sheets: Sheets) -> None:
    plan = "（一）做强产业\n新建公路12公里。\n（二）改善民生\n新建学校3所。"
    book = sheets(
        ("云川市", 2016, PLAIN, plan),
        ("云川市", 2017, PLAIN, plan.replace("改善民生", "办好实事")),
        kinds=("tasks", "summary"),
    )
    names = [str(line[0]) for line in book["督查汇总"].values if line[0] and "（" in str(line[0])]
    assert {"2016、2017　（一）做强产业", "2016　（二）改善民生", "2017　（二）办好实事"} <= {*names}


def test_what_was_not_found_is_no_absence(sheets: Sheets) -> None:
    book = sheets(("云川市", 2016, PLAIN, "粮食产量达到210万吨。"), ("云川市", 2017, "地区生产总值增长6%。", PLAIN))
    (row,) = [r for r in rows(book["目标与结果"]) if r["指标名称"] == "粮食产量" and r["报告年度"] == 2017]
    assert row["完成情况"] == "未取到"
    texts = [str(cell.value) for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert not any(word in text for text in texts for word in ("没有载明", "没有提到该", "报告未提"))


def ranks(book: Any, head: str, rank: str) -> dict[str, Any]:
    """Return each place's rank under one head of 多地对比; None where it has none."""
    sheet = book["多地对比"]
    lines = list(sheet.iter_rows(values_only=True))
    top = next(n for n, line in enumerate(lines) if line[0] == "地区")
    start = next(n for n, text in enumerate(lines[top]) if text == head)
    column = next(n for n in range(start, len(lines[top + 1])) if lines[top + 1][n] == rank)
    found: dict[str, Any] = {}
    for line in lines[top + 3 :]:  # behind the line that says what the part tells
        if line[0] is None or not str(line[0]).endswith("市"):
            break
        found[str(line[0])] = line[column]
    return found


def test_places_set_beside_one_another_say_of_which_year(sheets: Sheets) -> None:
    """Also where the build has a report of another year, which no place of its year stands beside."""
    told = "地区生产总值400亿元，增长6%；一般公共预算收入30亿元，增长5%。"
    book = sheets(
        ("云川市", 2017, told, PLAIN),
        ("东江市", 2017, told.replace("6%", "7%"), PLAIN),
        ("西河市", 2012, told, PLAIN),
        kinds=("compare",),
    )
    titles = [str(line[0]) for line in book["多地对比"].values if line[0]]
    assert "一、2016年完成" in titles and not any("上年" in title for title in titles)


def test_the_words_of_a_target_end_with_their_clause(sheets: Sheets) -> None:
    aims = "城镇和农村常住居民人均可支配收入分别增长7%和8%；对930户困难家庭实施无障碍改造。"
    book = sheets(*((place, 2017, PLAIN, aims) for place in ("云川市", "东江市")), kinds=("blocks",))
    told = {str(cell) for line in book["多地对比明细"].values for cell in line if cell and "分别增长" in str(cell)}
    assert told == {"城镇和农村常住居民人均可支配收入分别增长7%和8%"}


def test_shares_rank_by_their_level(sheets: Sheets) -> None:
    told = {"云川市": "城镇化率达到46%，提高2个百分点。", "东江市": "城镇化率达到49%，提高1个百分点。"}
    book = sheets(*((place, 2017, f"常住人口{text}", PLAIN) for place, text in told.items()), kinds=("blocks",))
    sheet = book["多地对比明细"]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    start = next(n for n, line in enumerate(lines) if str(line[0]).startswith("常住人口城镇化率"))
    found = {line[0]: line[3] for line in lines[start + 3 : start + 5]}
    assert found == {"云川市": 2, "东江市": 1}


def test_ranks_say_by_what_and_leave_doubt_and_sums_out(sheets: Sheets) -> None:
    """A doubtful figure, a sum of five years and a bound have no rank; growth and amount rank apart."""
    book = sheets(
        ("云川市", 2017, "一般公共预算收入50亿元，增长8%。", PLAIN),
        ("东江市", 2017, "一般公共预算收入90亿元，增长3%。", PLAIN),
        ("南岭市", 2017, "一般公共预算收入增长380%。", PLAIN),
        ("北原市", 2017, "五年累计一般公共预算收入400亿元。", PLAIN),
        ("西平市", 2017, "一般公共预算收入突破95亿元。", PLAIN),
        kinds=("compare", "spans", "results", "checks"),
    )
    head = "一般公共预算收入（亿元）"
    assert {place: rank for place, rank in ranks(book, head, "总量位次").items() if rank} == {"云川市": 2, "东江市": 1}
    assert {place: rank for place, rank in ranks(book, head, "增速位次").items() if rank} == {"云川市": 1, "东江市": 2}
    spans = {row["地区"]: row["数值"] for row in rows(book["五年与规划"])}
    assert spans == {"北原市": "400亿元"}
    doubted = next(row for row in rows(book["目标与结果"]) if row["地区"] == "南岭市")
    assert doubted[GROWN] == "380※"
    assert any(row["类型"] == "存疑" and row["地区"] == "南岭市" for row in rows(book["待核清单"]))


def test_households_have_no_rank_among_dwellings(sheets: Sheets) -> None:
    """1.8万户 is no number under a head of 套, and has no rank there."""
    book = sheets(
        ("云川市", 2017, "改造棚户区8000套。", PLAIN),
        ("东江市", 2017, "改造棚户区1.8万户。", PLAIN),
        ("南岭市", 2017, "改造棚户区9500套。", PLAIN),
        kinds=("blocks",),
    )
    lines = [[*line] for line in book["多地对比明细"].iter_rows(values_only=True)]
    start = next(n for n, line in enumerate(lines) if str(line[0]).startswith("棚户区改造"))
    found = {line[0]: (line[2], line[3]) for line in lines[start + 3 : start + 6]}
    assert found == {"云川市": (8000, 2), "东江市": ("1.8万户", None), "南岭市": (9500, 1)}


def test_a_bound_in_another_unit_is_not_shown_under_the_unit_of_the_head(sheets: Sheets) -> None:
    """≥50 of 亿斤 is no ≥50 under a head of 万吨."""
    book = sheets(
        ("云川市", 2017, "粮食产量达到147万吨。", PLAIN),
        ("东江市", 2017, "粮食产量超过50亿斤。", PLAIN),
        ("南岭市", 2017, "粮食产量达到120万吨。", PLAIN),
        kinds=("compare", "blocks"),
    )
    texts = {
        str(cell.value) for name in ("多地对比", "多地对比明细") for line in book[name].iter_rows() for cell in line
    }
    assert "≥250" in texts and "≥50" not in texts


def test_about_so_much_is_shown_so_and_not_ranked(sheets: Sheets) -> None:
    plans = {"云川市": "地区生产总值增长6%左右。", "东江市": "地区生产总值增长7%。", "南岭市": "地区生产总值增长5%。"}
    book = sheets(*((place, 2017, PLAIN, plan) for place, plan in plans.items()), kinds=("compare",))
    lines = [[cell for cell in line if cell is not None] for line in book["多地对比"].iter_rows(values_only=True)]
    told = {str(line[0]): line[1:] for line in lines if line and str(line[0]) in plans}
    assert told == {"云川市": ["6左右"], "东江市": [7, 1], "南岭市": [5, 2]}


def test_estimates_among_places_are_told_below_them(sheets: Sheets) -> None:
    book = sheets(
        ("云川市", 2017, "预计地区生产总值300亿元；一般公共预算收入20亿元。", PLAIN),
        ("东江市", 2017, "地区生产总值400亿元，按可比价格计算增长6%；一般公共预算收入30亿元。", PLAIN),
        kinds=("compare",),
    )
    texts = [cell.value for line in book["多地对比"].iter_rows() for cell in line]
    assert texts.count("注：云川市的数含预计数。") == 1


def test_years_of_different_scope_are_no_line(sheets: Sheets) -> None:
    """Money from outside the city, then from other provinces: no trend. What is drawn has a copy beside the table."""
    first = "引进域外资金700亿元。固定资产投资660亿元。"
    second = "到位省外资金172.5亿元。固定资产投资379.8亿元。"
    book = sheets(("云川市", 2016, first, PLAIN), ("云川市", 2017, second, PLAIN), kinds=("history",))
    lines = {line[0]: [*line] for line in book["历年对照"].iter_rows(values_only=True)}
    assert [lines["固定资产投资"].count(number) for number in (660, 379.8)] == [2, 2]
    assert [lines["引进内资"].count(number) for number in (700, 172.5)] == [1, 1]


def test_a_long_name_over_one_narrow_column_has_room(sheets: Sheets) -> None:
    plan = "居民消费价格涨幅控制在3%左右。"
    sheet = sheets(("云川市", 2017, PLAIN, plan), ("东江市", 2017, PLAIN, plan), kinds=("compare",))["多地对比"]
    assert sheet["B3"].value == "居民消费价格涨幅（%）"
    assert sheet.row_dimensions[3].height >= 3 * 13


def test_the_counts_add_up(sheets: Sheets) -> None:
    review = "地区生产总值达到210亿元，增长6.5%。新增充电站17座、修缮桥梁8座。普惠制培训200人，为计划的120%[3]。"
    book = sheets(("云川市", 2017, review, "地区生产总值增长7%左右，居民收入与经济增长同步。"))
    texts = [str(cell.value) for line in book["说明"].iter_rows() for cell in line if cell.value is not None]
    (told,) = [text for text in texts if "个数字＝" in text]
    uncovered, figures, *parts = (int(number) for number in re.findall(r"\d+", told))
    assert figures == sum(parts) and uncovered == parts[-1] == len(rows(book["未覆盖数字"]))
    (facts,) = [text for text in texts if "其中实绩" in text]
    total, results, targets, *where = (int(number) for number in re.findall(r"\d+", facts))
    assert total == results + targets == sum(where) == len(rows(book["明细"]))
    assert str(figures) in book["未覆盖数字"]["C2"].value and "未覆盖数字 个" not in book["未覆盖数字"]["C2"].value


# --- 待核清单 --------------------------------------------------------------------------------------


def test_the_worst_come_first_with_both_values(sheets: Sheets) -> None:
    """Doubt before remarks, main indicators before others; what a figure is held against stands beside it."""
    book = sheets(
        (
            "云川市",
            2016,
            "地区生产总值达到300亿元。粮食产量达到210万吨。",
            "一般公共预算收入增长6%；新建改建农村公路120公里。",
        ),
        (
            "云川市",
            2017,
            "地区生产总值达到400亿元，增长6.5%。一般公共预算收入增长46.5%。粮食产量达到210万吨。全年粮食产量达到231万吨。"
            "城镇登记失业率2.4%，低于控制目标0.6个百分点。污水处理率达到108%。组织农村劳动力转移就业3.2万人次。",
            PLAIN,
        ),
        kinds=("checks",),
    )
    found = rows(book["待核清单"])
    held = {(row["指标"], row["数值A"]): (row["数值B"], row["依据B"]) for row in found}
    assert held["粮食产量", "210万吨"] == ("231万吨", "2017年报告第4段")
    assert held["一般公共预算收入", "增长6%"] == ("增长46.5%", "2017年报告第4段")
    assert held["地区生产总值", "增长6.5%"] == ("推算33.3%", "2016年报告第4段")
    assert held["污水处理率", "108%"][0].startswith("合理范围")
    assert held["城镇登记失业率", "≤3%"] == ("2.4%", "2017年报告第4段")
    assert held["新改建农村公路", "120公里"] == ("未取到", None)
    order = [row["指标"] for row in found]
    assert order[0] in ("粮食产量", "一般公共预算收入") and order[-1] == "新改建农村公路"
    assert order.index("污水处理率") < order.index("地区生产总值") < order.index("新改建农村公路")
    # A unit that is kept as printed, and a section that a rule did not find, are nothing to decide.
    assert not any("换算" in str(row["说明"]) or "没有摘到" in str(row["说明"]) for row in found)


def test_themes_are_those_of_the_office(rulebook: RuleBook) -> None:
    """建筑业 is no industry, pensions are no employment, and the poverty line stands beside its money."""
    themes = {rule.name: rule.theme for rule in rulebook.indicators}
    assert themes["建筑业总产值"] != "工业"
    assert themes["企业退休人员基本养老金"] == themes["城市低保标准"] == themes["农村低保标准"] == "社会保障"
    assert themes["低保和救助资金"] == "社会保障"
