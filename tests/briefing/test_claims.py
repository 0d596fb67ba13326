"""What a briefing claims of small invented pairs of reports: the exact sentence, and where it holds not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from help import make_reports as made
from help.briefing_reader import CITATION, Read
from help.briefing_samples import template
from help.make_reports import Figure, Line

from compiler.briefing.briefing_blocks import Composed, WordParagraph, WordTable
from compiler.briefing.compose import FUNCTIONS
from compiler.briefing.context import Seen
from compiler.briefing.write import Briefings
from compiler.ledger.join import build_ledger
from compiler.model import CompiledReport, Completion, Part

AIMS = ("二、工作安排", "（一）预期目标")
BACK = ("一、工作回顾",)


@dataclass(frozen=True)
class Stated:
    """A figure that a report states: 地区生产总值增长7%左右 as ("gdp", "growth", "~7", "7%", "左右")."""

    indicator: str
    measure: str
    value: str
    raw: str
    modifier: str = ""
    status: str = ""
    unit: str = ""
    doubt: str = ""
    tier: str = "base"
    name: str = ""


def grows(indicator: str, value: str, modifier: str = "", **more: str) -> Stated:
    return Stated(indicator, "growth", value, f"{value.lstrip('~≥≤-')}%", modifier, **more)


def level(indicator: str, value: str, unit: str, modifier: str = "", **more: str) -> Stated:
    return Stated(indicator, "level", value, f"{value.lstrip('~≥≤')}{unit}", modifier, **more)


def report(
    place: str, year: int, results: Sequence[Stated], targets: Sequence[Stated], code: str = "210700", says: str = ""
) -> CompiledReport:
    """A report with one sentence a figure, each named as its rule is."""
    lines = []
    for stated, part in (*((one, Part.REVIEW) for one in results), *((one, Part.PLAN) for one in targets)):
        name = next(rule.name for rule in made.RULES if rule.id == stated.indicator)
        before, after = [*stated.modifier.split("…"), ""][:2] if "…" in stated.modifier else ("", stated.modifier)
        quote = f"{name}{before}{stated.raw}{after}"
        figure = Figure(
            stated.indicator, stated.measure, stated.value, quote, stated.raw, tier=stated.tier,
            modifier=stated.modifier, status=stated.status, unit=stated.unit, name=stated.name,
        )  # fmt: skip
        headings = AIMS if part is Part.PLAN else BACK
        lines.append(Line(f"{quote}。", part, headings, (figure,)))
    if says:
        lines.append(Line(says, Part.REVIEW, BACK))
    found = made.make_report(place, year, lines, source=f"{place}{year}.txt", code=code)
    doubts = {(one.indicator, one.measure): one.doubt for one in (*results, *targets) if one.doubt}
    facts = [replace(fact, doubt=doubts.get((fact.indicator_id, fact.measure.value), "")) for fact in found.facts]
    return replace(found, facts=tuple(facts))


def composed(
    results: Sequence[Stated] = (),
    targets: Sequence[Stated] = (),
    last: Sequence[Stated] | None = None,
    others: Sequence[CompiledReport] = (),
    says: str = "",
) -> Composed:
    """Compose the briefing of 2017; ``last`` are the targets of 2016 where that report is at hand."""
    own = report("云川市", 2017, results, targets, says=says)
    before = [] if last is None else [report("云川市", 2016, (), last)]
    reports = [*before, own, *others]
    ledger, issues = build_ledger(reports, made.rulebook())
    found, told = Briefings(reports, ledger, issues, made.rulebook(), template()).compose(own)
    assert told == ()
    return found


def sentences(found: Composed) -> list[str]:
    """The sentences of points and body and of the first annex, without numbers and notes."""
    texts = [
        re.sub(r"^\d+\.", "", CITATION.sub("", found.shown(item.text)))
        for item in found.items
        if isinstance(item, WordParagraph) and item.role in {"point", "body"}
    ]
    return [f"{one}。" for text in texts for one in text.split("。") if one]


def cells(found: Composed, row: str) -> list[str]:
    """The cells of the first row that begins so, in any table."""
    tables = [item for item in found.items if isinstance(item, WordTable)]
    return next(
        [CITATION.sub("", found.shown(cell)) for cell in cells]
        for one in tables
        for cells in one.rows
        if cells[0] == row
    )


GDP = [grows("gdp", "6.9")]

PLAN = "与2016年目标相比，"
SAID = [
    # kind, results, targets of 2017, targets of 2016 (None: that report is not at hand), the sentence
    (
        "raised",
        [],
        [grows("gdp", "7.5")],
        [grows("gdp", "7")],
        f"{PLAN}调高的有地区生产总值（由增长7%调整为增长7.5%）。",
    ),
    (
        "raised by a hedge's side",
        [],
        [grows("gdp", "~7.5", "左右")],
        [grows("gdp", "~7", "左右")],
        f"{PLAN}调高的有地区生产总值（由增长7%左右调整为增长7.5%左右）。",
    ),
    (
        "raised amount",
        [],
        [level("roads", "300", "公里")],
        [level("roads", "260", "公里")],
        f"{PLAN}调高的有新改建农村公路（由260公里调整为300公里）。",
    ),
    (
        "raised range",
        [],
        [Stated("revenue", "growth", "5..6", "5%～6%")],
        [Stated("revenue", "growth", "4..5", "4%～5%")],
        f"{PLAN}调高的有一般公共预算收入（由增长4%～5%调整为增长5%～6%）。",
    ),
    (
        "raised, in the points as well",
        [],
        [grows("gdp", "7.5")],
        [grows("gdp", "7")],
        "较上年目标调高的有地区生产总值（由增长7%调整为增长7.5%）。",
    ),
    (
        "lowered",
        [],
        [grows("gdp", "6.5")],
        [grows("gdp", "7")],
        f"{PLAN}调低的有地区生产总值（由增长7%调整为增长6.5%）。",
    ),
    (
        "lowered amount",
        [],
        [level("jobs", "≥3", "万人", "以上")],
        [level("jobs", "3.2", "万人")],
        f"{PLAN}调低的有城镇新增就业（由3.2万人调整为3万人以上）。",
    ),
    (
        "lowered to a fall",
        [],
        [grows("retail", "-1")],
        [grows("retail", "2")],
        f"{PLAN}调低的有社会消费品零售总额（由增长2%调整为下降1%）。",
    ),
    ("kept", [], [grows("gdp", "7")], [grows("gdp", "7")], f"{PLAN}保持不变的有地区生产总值。"),
    (
        "kept in words",
        [],
        [Stated("income", "growth", "与经济增长同步", "")],
        [Stated("income", "growth", "与经济增长同步", "")],
        f"{PLAN}保持不变的有居民人均可支配收入。",
    ),
    (
        "kept amount",
        [],
        [level("roads", "260", "公里")],
        [level("roads", "260", "公里")],
        f"{PLAN}保持不变的有新改建农村公路。",
    ),
    (
        "two ways at once",
        [],
        [grows("gdp", "6.5"), grows("retail", "9")],
        [grows("gdp", "7"), grows("retail", "8")],
        f"{PLAN}调高的有社会消费品零售总额（由增长8%调整为增长9%），调低的有地区生产总值（由增长7%调整为增长6.5%）。",
    ),
    (
        "tightened",
        [],
        [level("unemployment", "≤4", "%", "控制在…以内")],
        [level("unemployment", "≤4.5", "%", "控制在…以内")],
        f"{PLAN}控制目标收紧的有城镇登记失业率（由控制在4.5%以内调整为控制在4%以内）。",
    ),
    (
        "loosened",
        [],
        [level("unemployment", "≤4.5", "%", "控制在…以内")],
        [level("unemployment", "≤4", "%", "控制在…以内")],
        f"{PLAN}控制目标放宽的有城镇登记失业率（由控制在4%以内调整为控制在4.5%以内）。",
    ),
    (
        "loosened fall",
        [],
        [grows("energy", "-2.5")],
        [grows("energy", "-3")],
        f"{PLAN}控制目标放宽的有单位地区生产总值能耗（由下降3%调整为下降2.5%）。",
    ),
    (
        "new",
        [],
        [grows("gdp", "7"), level("roads", "260", "公里")],
        [grows("gdp", "7")],
        "上年报告中未取到、今年列为目标的有新改建农村公路。",
    ),
    (
        "dropped",
        [],
        [grows("gdp", "7")],
        [grows("gdp", "7"), level("roads", "260", "公里")],
        "上年列为目标、今年报告中未取到的有新改建农村公路。",
    ),
    (
        "new and dropped",
        [],
        [level("grain", "210", "万吨"), grows("gdp", "7")],
        [level("roads", "260", "公里"), grows("gdp", "7")],
        "上年报告中未取到、今年列为目标的有粮食产量。",
    ),
    ("met", [grows("gdp", "7")], [], [grows("gdp", "7")], "对照2016年目标，可比的1项中完成1项，100%。"),
    (
        "exceeded",
        [grows("gdp", "7.2")],
        [],
        [grows("gdp", "7")],
        "对照2016年《政府工作报告》提出的目标，可比的1项中，完成1项，占100%，其中超额完成1项（见表1）。",
    ),
    (
        "about",
        [grows("gdp", "6.9")],
        [],
        [grows("gdp", "~7", "左右")],
        "对照2016年《政府工作报告》提出的目标，可比的1项中，完成0项，占0%；基本完成1项（见表1）。",
    ),
    (
        "missed",
        [grows("gdp", "6.5")],
        [],
        [grows("gdp", "7")],
        "对照2016年目标，可比的1项中完成0项，0%；未完成1项：地区生产总值（低于目标0.5个百分点）。",
    ),
    (
        "missed amount",
        [level("jobs", "3.04", "万人")],
        [],
        [level("jobs", "3.2", "万人")],
        "对照2016年目标，可比的1项中完成0项，0%；未完成1项：城镇新增就业（完成目标任务的95%）。",
    ),
    (
        "missed ceiling",
        [level("unemployment", "4.6", "%")],
        [],
        [level("unemployment", "≤4.5", "%", "控制在…以内")],
        "对照2016年目标，可比的1项中完成0项，0%；未完成1项：城镇登记失业率（高于控制目标0.1个百分点）。",
    ),
    (
        "one met, one missed",
        [grows("gdp", "7.5"), grows("retail", "8")],
        [],
        [grows("gdp", "7"), grows("retail", "9")],
        "对照2016年目标，可比的2项中完成1项，50%；未完成1项：社会消费品零售总额（低于目标1个百分点）。",
    ),
    ("faster", GDP, [grows("gdp", "7.5")], None, "增速目标与上年实绩相比，加快的有地区生产总值。"),
    ("same", GDP, [grows("gdp", "6.9")], None, "增速目标与上年实绩相比，持平的有地区生产总值。"),
    ("slower", GDP, [grows("gdp", "6.5")], None, "增速目标与上年实绩相比，放缓的有地区生产总值。"),
    (
        "faster and slower",
        [*GDP, grows("retail", "8")],
        [grows("gdp", "6.5"), grows("retail", "9")],
        None,
        "增速目标与上年实绩相比，加快的有社会消费品零售总额，放缓的有地区生产总值。",
    ),
    (
        "fastest and slowest",
        [*GDP, grows("retail", "9.1"), grows("industry", "-2")],
        [],
        None,
        "载明增速的3项主要指标中，增速最高的是社会消费品零售总额，增长9.1%；最低的是规模以上工业增加值，下降2%。",
    ),
    ("overview", [level("gdp", "968.4", "亿元"), *GDP], [], None, "2016年：地区生产总值968.4亿元，增长6.9%。"),
    (
        "overview, expected",
        [level("gdp", "968.4", "亿元", status="预计")],
        [],
        None,
        "2016年（均为预计数）：地区生产总值968.4亿元。",
    ),
    (
        "overview, in part expected",
        [level("gdp", "968.4", "亿元", status="预计"), level("revenue", "90", "亿元")],
        [],
        None,
        "2016年：地区生产总值968.4亿元（预计）；一般公共预算收入90亿元。",
    ),
    (
        "aims",
        [],
        [grows("gdp", "~7", "左右"), level("jobs", "≥3", "万人", "以上")],
        None,
        "2017年主要预期目标：地区生产总值增长7%左右；城镇新增就业3万人以上。",
    ),
    (
        "aims with a striving",
        [],
        [grows("gdp", "6.5"), grows("gdp", "≥7", "力争…以上", tier="stretch")],
        None,
        "2017年主要预期目标：地区生产总值增长6.5%，力争增长7%以上。",
    ),
    (
        "aims in words",
        [],
        [grows("gdp", "7"), Stated("income", "growth", "与经济增长同步", "")],
        None,
        "2017年主要预期目标：地区生产总值增长7%；居民人均可支配收入与经济增长同步。",
    ),
    (
        "lowered range",
        [],
        [Stated("revenue", "growth", "4..5", "4%～5%")],
        [Stated("revenue", "growth", "5..6", "5%～6%")],
        f"{PLAN}调低的有一般公共预算收入（由增长5%～6%调整为增长4%～5%）。",
    ),
    (
        "met ceiling",
        [level("unemployment", "4.2", "%")],
        [],
        [level("unemployment", "≤4.5", "%", "控制在…以内")],
        "对照2016年目标，可比的1项中完成1项，100%。",
    ),
    (
        "missed by a fall that is too small",
        [grows("energy", "-2.5")],
        [],
        [grows("energy", "-3")],
        "对照2016年目标，可比的1项中完成0项，0%；未完成1项：单位地区生产总值能耗（降幅小于目标0.5个百分点）。",
    ),
    (
        "fastest, what is in doubt apart",
        [*GDP, grows("retail", "9.1"), grows("industry", "-2"), grows("revenue", "99", doubt="F201")],
        [],
        None,
        "载明增速的3项主要指标中（待核的除外），增速最高的是社会消费品零售总额，增长9.1%；"
        "最低的是规模以上工业增加值，下降2%。",
    ),
    (
        "aims, stepped up",
        GDP,
        [grows("gdp", "7.5")],
        None,
        "其中地区生产总值增速目标较上年实绩加快0.6个百分点。",
    ),
    ("aims, held", GDP, [grows("gdp", "6.9")], None, "其中地区生产总值增速目标与上年实绩持平。"),
    (
        "aims, an amount stepped up",
        [level("gdp", "968.4", "亿元")],
        [level("gdp", "1000", "亿元")],
        None,
        "其中地区生产总值目标高于上年实绩31.6亿元。",
    ),
    (
        "aims in amount and growth: the growth is told",
        [level("gdp", "968.4", "亿元"), *GDP],
        [level("gdp", "1000", "亿元"), grows("gdp", "6.5")],
        None,
        "其中地区生产总值增速目标较上年实绩放缓0.4个百分点。",
    ),
    (
        "overview, a growth by constant prices is no estimate",
        [level("gdp", "968.4", "亿元"), grows("gdp", "6.9", status="按可比价格计算")],
        [],
        None,
        "2016年：地区生产总值968.4亿元，增长6.9%（按可比价格计算）。",
    ),
    (
        "overview, an estimate that says by what",
        [
            level("gdp", "968.4", "亿元", status="按可比口径初步预计"),
            grows("gdp", "6.9", status="按可比口径初步预计"),
        ],
        [],
        None,
        "2016年（均为按可比口径初步预计数）：地区生产总值968.4亿元，增长6.9%。",
    ),
    (
        "overview, by the report's own name",
        [level("revenue", "99.9", "亿元", name="地方财政一般预算收入")],
        [],
        None,
        "2016年：地方财政一般预算收入99.9亿元。",
    ),
    (
        "overview, filled up with what else there is",
        [grows("retail", "5"), *GDP, level("jobs", "4.3", "万人"), grows("income", "6")],
        [],
        None,
        "2016年：地区生产总值增长6.9%；社会消费品零售总额增长5%；居民人均可支配收入增长6%；城镇新增就业4.3万人。",
    ),
    (
        "a main target that is found no more",
        [],
        [grows("gdp", "7")],
        [grows("gdp", "7"), grows("retail", "9"), level("roads", "260", "公里")],
        "上年列为目标的社会消费品零售总额，今年报告中未取到。",
    ),
    (
        "aims by a basis",
        [grows("revenue", "46.5")],
        [grows("revenue", "6", status="可比")],
        None,
        "2017年主要预期目标：一般公共预算收入增长6%（可比）。",
    ),
    (
        "all expected",
        [grows("gdp", "7", status="预计"), grows("retail", "8", status="预计")],
        [],
        None,
        "2016年主要指标见表1，均为预计数。",
    ),
]


@pytest.mark.parametrize(
    ("results", "targets", "last", "sentence"), [case[1:] for case in SAID], ids=[c[0] for c in SAID]
)
def test_said(
    results: Sequence[Stated], targets: Sequence[Stated], last: Sequence[Stated] | None, sentence: str
) -> None:
    assert sentence in sentences(composed(results, targets, last))


NOT_SAID = [
    # kind, results, targets of 2017, targets of 2016, words that must not occur
    ("raised needs last year's report", GDP, [grows("gdp", "7.5")], None, "调高"),
    ("missed needs last year's report", GDP, [grows("gdp", "7.5")], None, "完成"),
    ("new needs last year's report", GDP, [grows("gdp", "7.5")], None, "列为目标"),
    ("level and growth are not compared", [], [grows("revenue", "5")], [level("revenue", "90", "亿元")], "调"),
    (
        "other units are not compared",
        [],
        [Stated("exports", "level", "60", "60亿元", unit="亿元")],
        [level("exports", "10", "亿美元")],
        "调",
    ),
    ("what is kept is not raised", [], [grows("gdp", "7")], [grows("gdp", "7")], "调高"),
    ("a figure in doubt is in no headline", [level("gdp", "968.4", "亿元", doubt="F201")], [], None, "968.4"),
    ("a target in doubt is in no headline", [], [grows("gdp", "7", doubt="F201")], None, "7%"),
    (
        "a doubtful growth is not the fastest",
        [*GDP, grows("retail", "99", doubt="F201"), grows("industry", "3"), grows("revenue", "2")],
        [],
        None,
        "99%",
    ),
    ("two growths make no fastest", [*GDP, grows("retail", "9")], [], None, "最高"),
    ("a met target is not missed", [grows("gdp", "7")], [], [grows("gdp", "7")], "未完成"),
    ("no title of completion without judged targets", [grows("gdp", "7")], [], None, "目标完成情况"),
    (
        "a growth by comparable terms is not set against a plain one",
        [grows("revenue", "46.5")],
        [grows("revenue", "6", status="可比")],
        None,
        "放缓",
    ),
    (
        "a lesser target found no more is no matter of the body",
        [],
        GDP,
        [level("roads", "260", "公里")],
        "的新改建农村",
    ),
]


@pytest.mark.parametrize(
    ("results", "targets", "last", "words"), [case[1:] for case in NOT_SAID], ids=[case[0] for case in NOT_SAID]
)
def test_not_said(
    results: Sequence[Stated], targets: Sequence[Stated], last: Sequence[Stated] | None, words: str
) -> None:
    assert [one for one in sentences(composed(results, targets, last)) if words in one] == []


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("各位代表，固定资产投资没有完成年初预期目标。", "报告自述“固定资产投资没有完成年初预期目标”。"),
        ("一是受市场影响，个别经济指标未能完成预期。", "报告自述“受市场影响，个别经济指标未能完成预期”。"),
        ("经济增长不及预期；就业稳定。", "报告自述“经济增长不及预期”。"),
        ("十件民生实事完成九件，一件顺延。", "报告称“十件民生实事完成九件，一件顺延”。"),
        ("30件民生实事全部办结。", "报告称“30件民生实事全部办结”。"),
        ("顶住压力，加大投入，30件民生实事全部办结。", "报告称“30件民生实事全部办结”。"),
    ],
)
def test_what_the_report_says_of_itself_comes_first(says: str, sentence: str) -> None:
    found = composed([level("gdp", "968.4", "亿元")], GDP, None, says=says)
    assert sentences(found)[1] == sentence


@pytest.mark.parametrize(
    "says", ["没有完成的工程抓紧推进。", "任务全面完成。", "该办的实事一件也不能少。", "预期增长较快。"]
)
def test_what_is_no_admission(says: str) -> None:
    assert not [one for one in sentences(composed(GDP, says=says)) if one.startswith("报告")]


def others(*growths: str) -> list[CompiledReport]:
    names = (("临河市", "211100"), ("东山市", "211300"), ("南湾市", "210600"))
    return [
        report(name, 2017, [grows("gdp", value)], (), code) for (name, code), value in zip(names, growths, strict=False)
    ]


@pytest.mark.parametrize(
    ("growths", "row"),
    [
        (("5.8", "7.2"), ["地区生产总值（增速）", "增长6.9%", "2/3", "东山市增长7.2%", "临河市增长5.8%"]),
        (("6.9", "5"), ["地区生产总值（增速）", "增长6.9%", "1/3", "云川市、临河市增长6.9%", "东山市增长5%"]),
        (("-1", "7.2", "8"), ["地区生产总值（增速）", "增长6.9%", "3/4", "南湾市增长8%", "临河市下降1%"]),
    ],
)
def test_ranks_tell_by_what(growths: Sequence[str], row: list[str]) -> None:
    assert cells(composed(GDP, others=others(*growths)), row[0]) == row


def test_rates_rank_by_level_from_below_where_less_is_better() -> None:
    rivals = [
        report(name, 2017, [level("unemployment", value, "%")], (), code)
        for name, code, value in (("临河市", "211100", "3.5"), ("东山市", "211300", "4.4"))
    ]
    rules = [replace(rule, headline=rule.id == "unemployment") for rule in made.RULES]
    own = report("云川市", 2017, [level("unemployment", "4", "%")], ())
    reports = [own, *rivals]
    ledger, issues = build_ledger(reports, made.rulebook(rules))
    found, _ = Briefings(reports, ledger, issues, made.rulebook(rules), template()).compose(own)
    row = ["城镇登记失业率（水平）", "4%", "2/3", "临河市3.5%", "东山市4.4%"]
    assert cells(found, row[0]) == row


def test_estimates_among_ranked_figures_are_told_below_the_table() -> None:
    found = composed([grows("gdp", "6.9", status="预计")], others=others("5.8", "7.2"))
    note = "位次的分母是参加排位的地区数；未取到数或数有疑问的地区不排位。"
    told = [item.text for item in found.items if isinstance(item, WordParagraph) and item.role == "table_note"]
    assert f"{note}云川市的数含预计数。" in told
    plain = composed(GDP, others=others("5.8", "7.2"))
    assert note in [item.text for item in plain.items if isinstance(item, WordParagraph) and item.role == "table_note"]


def test_the_first_table_holds_what_is_aimed_at_though_no_main_indicator() -> None:
    found = composed([*GDP, level("unemployment", "2.4", "%"), grows("income", "6"), level("grain", "210", "万吨")])
    first = next(item for item in found.items if isinstance(item, WordTable))
    names = [row[0] for row in first.rows]
    assert names.index("地区生产总值") < names.index("居民人均可支配收入") < names.index("城镇登记失业率")
    assert names.index("城镇登记失业率") < names.index("粮食产量")


def test_a_target_beside_the_tables_is_not_lost() -> None:
    """With few main indicators the first table is filled up with others; their targets have a place all the same."""
    results = [*GDP, level("roads", "260", "公里")]
    aims = [grows(name, "7") for name in ("gdp", "industry", "revenue", "retail", "urban_income", "rural_income")]
    aims += [grows("fixed_asset_investment", "8"), level("jobs", "3", "万人"), level("roads", "300", "公里")]
    tables = [item for item in composed(results, aims).items if isinstance(item, WordTable)]
    shown = [cell for table in tables for row in table.rows for cell in row]
    assert "300公里" in shown


def test_what_a_figure_is_of_is_told_where_it_is_not_the_indicators_name() -> None:
    own = [*GDP, level("exports", "9", "亿美元", name="机电产品出口"), level("grain", "210", "万吨", name="粮食总产")]
    found = composed(own, [grows(name, "7") for name in ("gdp", "industry", "revenue", "retail")])
    text = "".join(sentences(found))
    assert "出口总额作“机电产品出口”" in text
    assert "粮食产量作“粮食总产”" in text


def test_a_target_that_moved_goes_by_the_reports_name_too() -> None:
    found = composed([], [level("roads", "300", "公里", name="村屯道路")], [level("roads", "400", "公里")])
    told = "调低的有新改建农村公路（报告称“村屯道路”，由400公里调整为300公里）。"
    assert f"{PLAN}{told}" in sentences(found)


def test_two_places_are_not_ranked_and_a_doubtful_figure_never_is() -> None:
    alone = composed(GDP, others=others("5.8"))
    doubted = composed([grows("gdp", "6.9", doubt="F201")], others=others("5.8", "7.2"))
    for found in (alone, doubted):
        assert not [item for item in found.items if isinstance(item, WordTable) and "位次" in item.description]


def test_a_missed_target_of_the_reports_own_words_has_its_status() -> None:
    """The ledger may know that a target was missed from the report alone; without that the table has no such column."""
    heads = [item.heads for item in composed(GDP).items if isinstance(item, WordTable)]
    assert "完成情况" not in heads[0]


def test_a_doubtful_figure_stands_in_its_row_with_a_mark() -> None:
    found = composed([level("gdp", "968.4", "亿元", doubt="F201")])
    assert cells(found, "地区生产总值（待核）")[1] == "968.4亿元"


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("受疫情影响，社会消费品零售总额增幅回落。", True),
        ("由于基数抬高，社会消费品零售总额增速放缓。", True),
        ("社会消费品零售总额受益于一批有影响的展会。", False),
        ("群众享受实惠，社会消费品零售总额稳步增长。", False),
    ],
)
def test_a_reason_is_told_only_where_the_report_gives_one(says: str, told: bool) -> None:
    found = sentences(composed([grows("retail", "8")], [], [grows("retail", "9")], says=says))
    reason = f"社会消费品零售总额未完成目标，报告的说明：“{says}"
    assert [one for one in found if one.startswith(reason)] == ([reason] if told else [])


def test_what_should_fall_is_not_the_slowest() -> None:
    book = made.rulebook([replace(rule, headline=True) for rule in made.RULES])
    own = report("云川市", 2017, [*GDP, grows("retail", "9"), grows("revenue", "8"), grows("energy", "-3")], ())
    ledger, issues = build_ledger([own], book)
    found, _ = Briefings([own], ledger, issues, book, template()).compose(own)
    said = "载明增速的3项主要指标中，增速最高的是社会消费品零售总额，增长9%；最低的是地区生产总值，增长6.9%。"
    assert said in sentences(found)


def test_a_name_that_two_indicators_share_is_neithers_own() -> None:
    """城乡居民收入 names two incomes; 财政一般预算收入 names one thing, and is told as the report's name of it."""
    own = [
        level("revenue", "99.9", "亿元", name="财政一般预算收入"),
        level("gdp", "968.4", "亿元", name="城乡生产总值"),
    ]
    found = composed(own)
    assert cells(found, "财政一般预算收入")[1] == "99.9亿元"
    assert cells(found, "地区生产总值")[1] == "968.4亿元"
    assert "报告中的名称、范围和另外的数：一般公共预算收入作“财政一般预算收入”" in "".join(sentences(found))


NOTES = [
    # What most figures of a table are is said once; the others are named, and one of another kind tells its own.
    (["gdp", "revenue", "retail"], {}, "2016年主要指标见表1，均为预计数。", "968.4亿元"),
    (
        ["gdp", "revenue", "retail", "grain"],
        {"grain": ""},
        "2016年主要指标见表1，除粮食产量外，均为预计数。",
        "968.4亿元",
    ),
    (
        ["gdp", "revenue", "retail"],
        {"gdp": "初步核算"},
        "2016年主要指标见表1，除地区生产总值外，均为预计数。",
        "968.4亿元（初步核算）",
    ),
    (["gdp", "revenue"], {"gdp": ""}, "2016年主要指标见表1。", "968.4亿元"),
]


@pytest.mark.parametrize(("names", "notes", "sentence", "cell"), NOTES)
def test_what_most_figures_are_is_said_once(names: list[str], notes: dict[str, str], sentence: str, cell: str) -> None:
    units = {"grain": "万吨"}
    stated = [level(one, "968.4", units.get(one, "亿元"), status=notes.get(one, "预计")) for one in names]
    found = composed(stated)
    assert sentence in sentences(found)
    assert cells(found, "地区生产总值")[1] == cell


def test_results_beside_targets_tell_what_most_of_them_are_below_the_table() -> None:
    own = [grows(one, "7", status="预计") for one in ("gdp", "revenue", "retail")]
    aims = [grows(one, "8") for one in ("gdp", "revenue", "retail")]
    found = composed([*own, level("grain", "210", "万吨")], [*aims, level("grain", "211", "万吨")], aims)
    told = [item.text for item in found.items if isinstance(item, WordParagraph) and item.role == "table_note"]
    assert [one.split("。")[0] for one in told[:2]] == ["2016年实绩除粮食产量外，均为预计数"] * 2


def test_a_main_indicator_of_which_there_is_but_a_target_is_not_found() -> None:
    found = composed(GDP, [*GDP, grows("retail", "9")])
    (note,) = [
        item.text for item in found.items if isinstance(item, WordParagraph) and item.text.startswith("主要指标中")
    ]
    assert "社会消费品零售总额" in note and "地区生产总值" not in note


def test_the_verdicts_beside_the_first_table_stand_in_the_annex() -> None:
    """Of targets that are counted every one is to be seen somewhere."""
    main = ("gdp", "industry", "fixed_asset_investment", "revenue", "retail", "urban_income", "rural_income")
    goals = [*(grows(one, "7") for one in main), level("jobs", "3", "万人"), level("roads", "300", "公里")]
    found = composed([*goals[:-1], level("roads", "320", "公里")], goals, goals)
    told = next(one for one in sentences(found) if one.startswith("对照2016年《政府工作报告》"))
    assert told.endswith("（主要指标见表1，其他见表3）。")
    assert cells(found, "新改建农村公路")[1:4] == ["300公里", "320公里", "超额完成"]


def test_every_target_that_is_counted_is_to_be_seen_with_its_verdict() -> None:
    """Also one that the second table shows and the first has no room for."""
    shipped = template()
    own = [level(rule.id, "7", rule.unit) for rule in made.RULES if rule.unit != "%"]
    aims = [one for one in own if one.indicator in {"gdp", "jobs", "grain", "roads", "boilers"}]
    reports = [report("云川市", 2016, (), aims), report("云川市", 2017, own, aims)]
    ledger, issues = build_ledger(reports, made.rulebook())
    small = replace(shipped, limits={**shipped.limits, "rows": 8})
    found, _ = Briefings(reports, ledger, issues, made.rulebook(), small).compose(reports[1])
    tables = [item for item in found.items if isinstance(item, WordTable) and "完成情况" in item.heads]
    at = [item.heads.index("完成情况") for item in tables]
    verdicts = [row[n] for item, n in zip(tables, at, strict=True) for row in item.rows if row[n] != "—"]
    told = next(one for one in sentences(found) if one.startswith("对照2016年目标"))
    assert f"可比的{len(verdicts)}项中" in told and len(tables) == 2


def test_a_text_that_ends_before_its_plan_is_told_first() -> None:
    (first, *_) = sentences(composed(GDP))
    assert first == "所据文本止于“一、工作回顾”，未见2017年的目标和工作安排，疑不完整，请核对原件。"


def test_an_estimate_is_marked_in_the_table_where_few_are() -> None:
    found = composed([level("gdp", "968.4", "亿元", status="预计"), *GDP, level("grain", "210", "万吨")])
    assert cells(found, "地区生产总值")[1:3] == ["968.4亿元（预计）", "增长6.9%"]
    assert cells(found, "粮食产量")[1] == "210万吨"


@pytest.mark.parametrize("text", ["进一步做强“1+3”政策包", "办好‘双创’周"])
def test_marks_within_a_quotation_are_single_ones(text: str) -> None:
    assert FUNCTIONS["quoted"](text) == f"“{text.replace('“', '‘').replace('”', '’')}”"


@pytest.mark.parametrize(
    ("rank", "text", "told"),
    [
        (
            "居全省第二位",
            "地区生产总值增长6.9%，增速居全省第二位，好于预期。",
            "地区生产总值增长6.9%，增速居全省第二位",
        ),
        # What is told of several is told with all of them.
        (
            "均居全省第二位",
            "运行平稳；财政收入增长5%，地区生产总值增长6.9%，均居全省第二位。",
            "财政收入增长5%，地区生产总值增长6.9%，均居全省第二位",
        ),
        ("居全省第二位", "投资回升，地区生产总值增长6.9%，居全省第二位。", "地区生产总值增长6.9%，居全省第二位"),
    ],
)
def test_ranks_told_by_the_report_are_its_own_words(rank: str, text: str, told: str) -> None:
    """What is told of a rank stands in the report from the figure on, so that it cannot be of something else."""
    lines = [Line(text, Part.REVIEW, BACK, (Figure("gdp", "growth", "6.9", "地区生产总值增长6.9%", "6.9%"),))]
    made_report = made.make_report("云川市", 2017, lines, source="云川市2017.txt", code="210700")
    own = replace(made_report, facts=tuple(replace(fact, rank=rank) for fact in made_report.facts))
    ledger, issues = build_ledger([own], made.rulebook())
    found, _ = Briefings([own], ledger, issues, made.rulebook(), template()).compose(own)
    assert f"报告载明：“{told}”。" in sentences(found)


def test_places_that_share_a_rank_are_counted() -> None:
    rivals = [report(f"{name}市", 2017, [grows("gdp", "8")], (), f"2{n}0000") for n, name in enumerate("甲乙丙丁")]
    found = composed(GDP, others=rivals)
    assert cells(found, "地区生产总值（增速）")[3] == "甲市、乙市等4个地区增长8%"


def test_what_the_report_says_of_last_years_targets_stands_beside_its_figures() -> None:
    """Where last year's report is not at hand, and the report speaks of two targets or more."""
    own = report("云川市", 2017, [level("gdp", "968.4", "亿元"), level("revenue", "99.9", "亿元")], ())
    says = [
        ("gdp", "地区生产总值968.4亿元,完成计划目标900亿元的107.6%"),
        ("revenue", "一般公共预算收入99.9亿元，为年计划的102%"),
    ]
    told = [
        Completion("云川市", 2016, name, None, None, "", None, quote, own.source, own.number, 0, 9, 1)
        for name, quote in says
    ]

    def rows(number: int) -> list[list[str]]:
        spoken = replace(own, completions=tuple(told[:number]))
        ledger, issues = build_ledger([spoken], made.rulebook())
        found, _ = Briefings([spoken], ledger, issues, made.rulebook(), template()).compose(spoken)
        return [cells(found, name) for name in ("地区生产总值", "一般公共预算收入")]

    assert [row[-2] for row in rows(2)] == ["完成计划目标900亿元的107.6%", "为年计划的102%"]
    assert [row[-2] for row in rows(1)] == ["968.4亿元", "99.9亿元"]


def test_the_summary_sets_beside_one_another_the_places_that_tell_most() -> None:
    """More reports of a later year that state nothing to compare do not hide those of another that do."""
    told = [report("云川市", 2017, GDP, ()), *others("5.8", "7.2")]
    silent = [report(f"{name}市", 2019, (), GDP, f"2{n}0000") for n, name in enumerate("甲乙丙丁戊")]
    reports = [*told, *silent]
    ledger, issues = build_ledger(reports, made.rulebook())
    seen = Seen(reports, ledger, issues, made.rulebook(), template()).of_all()
    assert seen["last_year"] == "2016"
    assert [one.name for one in seen["peers"]] == ["南湾市", "云川市", "临河市", "东山市"][1:]


def test_the_summary_says_of_what_it_is(tmp_path: Path) -> None:
    """Of mixed years only one group is ranked; the note below its table says which."""
    reports = [report("云川市", 2017, GDP, ()), *others("5.8", "7.2"), report("西河市", 2012, GDP, (), "211200")]
    ledger, issues = build_ledger(reports, made.rulebook())
    path = tmp_path / "summary.docx"
    Briefings(reports, ledger, issues, made.rulebook(), template()).write_summary(path, made.INFO)
    notes = Read(path).of("要情表注")
    assert notes[0].startswith("据4份报告摘编，本表只列2017年的3个同级地区，其余见附件。")
