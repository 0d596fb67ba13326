"""What was once false on a sheet, each of its kind on a small invented report that goes through the real rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from conftest import TOP

from compiler.facts.compile import compile_source
from compiler.facts.kept_rules import load_rules
from compiler.ledger.doubts import doubtful
from compiler.ledger.join import settle
from compiler.ledger.judge import Status, Terms, shown
from compiler.ledger.ranks import may_rank, measures_ranked, ranked
from compiler.ledger.rows import Ledger, LedgerRow
from compiler.ledger.series import series_by_place
from compiler.ledger.totals import totals, totals_by
from compiler.model import CompiledReport, Fact, Issue, Kind, Measure, RuleBook, Source


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    book, _ = load_rules(TOP / "rules")
    assert book is not None
    return book


@dataclass(frozen=True)
class Settled:
    """A few reports, joined."""

    reports: tuple[CompiledReport, ...]
    ledger: Ledger
    issues: tuple[Issue, ...]

    def row(self, indicator: str, year: int, place: str = "云川市") -> LedgerRow:
        found = [r for r in self.ledger.rows if (r.indicator, r.year, r.place) == (indicator, year, place)]
        assert len(found) == 1, [(r.indicator, r.year) for r in self.ledger.rows]
        return found[0]

    def facts(self, indicator: str, kind: Kind = Kind.RESULT) -> list[Fact]:
        return [f for r in self.reports for f in r.facts if f.indicator == indicator and f.kind is kind]

    @property
    def codes(self) -> set[str]:
        return {issue.code for issue in self.issues if issue.code.startswith("L")}


Join = Callable[..., Settled]


@pytest.fixture(scope="module")
def join(rules: RuleBook) -> Join:
    def settled(*years: tuple[int, str, str], place: str = "云川市") -> Settled:
        """Compile reports of (year, review, plan) and join them."""
        found: list[CompiledReport] = []
        for year, review, plan in years:
            text = (
                f"{place}人民政府工作报告\n{year}年1月10日在{place}第八届人民代表大会第三次会议上\n"
                f"一、{year - 1}年工作回顾\n{review}\n二、{year}年工作安排\n{plan}\n"
            )
            found.extend(compile_source(Source(f"{place}{year}年政府工作报告.txt", text, "utf-8", ""), rules)[0])
        return Settled(*settle(found, rules))

    return settled


# --- only like with like -----------------------------------------------------------------------


def test_the_unit_is_the_facts(join: Join) -> None:
    one = join((2024, "全年进出口总额完成10318亿元，增长5%。", "进出口总额增长6%。"))
    assert one.row("进出口总额", 2023).unit == "亿元"


def test_other_units_are_not_compared(join: Join) -> None:
    two = join(
        (2023, "进出口总额达到110亿元。", "进出口总额达到120亿元。"), (2024, "进出口总额达到18亿美元。", "稳定外贸。")
    )
    row = two.row("进出口总额", 2023)
    assert (row.status, row.difference) == (Status.OTHER_MEASURE, "口径不同，不比")
    assert row.reason == "单位不同（亿元、亿美元），不比"


def test_money_from_other_provinces_is_not_all_domestic_money(join: Join) -> None:
    one = join((2024, "实际到位省外资金172亿元。", "引进内资360亿元。"))
    plan = one.row("引进内资", 2024)
    assert plan.steps == () and plan.step_note == "口径不同（“实际到位省外资金”与“引进内资”），不比"


def test_what_is_national_is_not_all_there_is(join: Join) -> None:
    two = join(
        (2023, "全市平稳运行。", "新增绿色工厂8家。"),
        (2024, "新增国家级绿色工厂5家。", "全市平稳运行。"),
    )
    row = two.row("新增绿色工厂", 2023)
    assert row.status is Status.OTHER_MEASURE and "国家级" in row.reason


def test_a_bound_has_no_difference(join: Join) -> None:
    one = join((2024, "城镇登记失业率控制在3.92%以内。", "城镇登记失业率控制在5%以内。"))
    plan = one.row("城镇登记失业率", 2024)
    assert plan.steps == () and plan.step_note == "上年实绩为控制在3.92%以内，不计差距"


def test_a_growth_is_no_level(join: Join) -> None:
    two = join(
        (2023, "全市平稳运行。", "社会消费品零售总额增长8%。"),
        (2024, "社会消费品零售总额达到420亿元。", "全市平稳运行。"),
    )
    row = two.row("社会消费品零售总额", 2023)
    assert (row.status, row.reason) == (Status.OTHER_MEASURE, "目标和实绩一个是绝对数、一个是增速，不比")


def test_level_against_growth_is_an_estimate_and_no_verdict(join: Join) -> None:
    two = join(
        (2023, "社会消费品零售总额达到400亿元。", "社会消费品零售总额增长8%。"),
        (2024, "社会消费品零售总额达到420亿元。", "全市平稳运行。"),
    )
    row = two.row("社会消费品零售总额", 2023)
    assert row.status is Status.OTHER_MEASURE and row.estimate is not None
    assert row.estimate.text == "测算：按增速推算为420亿元，约为目标432亿元的97.2%（未扣除价格因素）"
    assert row.estimate.text in row.remarks


def test_an_estimate_far_off_is_none(join: Join) -> None:
    two = join(
        (2023, "社会消费品零售总额达到400亿元。", "社会消费品零售总额增长8%。"),
        (2024, "社会消费品零售总额达到150亿元。", "全市平稳运行。"),
    )
    assert two.row("社会消费品零售总额", 2023).estimate is None


def test_a_step_is_told_in_the_unit_of_the_report(join: Join) -> None:
    one = join((2024, "粮食产量达到49.9亿斤。", "粮食产量达到50亿斤以上。"))
    (step,) = one.row("粮食产量", 2024).steps
    assert step.text == "高于上年实绩0.1亿斤"


def test_an_increase_since_the_beginning_of_the_year_is_not_against_last_year(join: Join, rules: RuleBook) -> None:
    one = join((2024, "金融机构贷款余额比年初增加172.7亿元。", "全市平稳运行。"))
    texts = [shown(fact, Terms.of(rules.ledger)) for r in one.reports for fact in r.facts]
    assert not any("比上年" in text for text in texts)


def test_another_printed_name_is_told(join: Join) -> None:
    one = join((2024, "实际到位省外资金172亿元。", "全市平稳运行。"))
    assert "报告称“实际到位省外资金”" in one.row("引进内资", 2023).remarks


@pytest.mark.parametrize(
    ("target", "result", "status"),
    [
        ("棚户区改造1.6万套。", "棚户区改造1.7万户。", Status.OTHER_MEASURE),
        ("棚户区改造1.6万套。", "棚户区改造1.7万套。", Status.EXCEEDED),
        ("新认定高新技术企业24家。", "新认定高新技术企业31户。", Status.EXCEEDED),
    ],
)
def test_households_are_no_dwellings(join: Join, target: str, result: str, status: Status) -> None:
    two = join((2023, "全市平稳运行。", target), (2024, result, "全市平稳运行。"))
    (row,) = [row for row in two.ledger.rows if row.targets and row.year == 2023]
    assert row.status is status


@pytest.mark.parametrize(
    ("text", "indicator", "told"),
    [
        # What stands between a name and its figure is no part of the name.
        ("全市经营主体达37.2万户。", "市场主体总数", "经营主体"),
        ("实施学校建设项目81个。", "中小学建设项目数", "学校建设项目"),
        ("城乡居民收入比缩小至2.31∶1。", "城乡居民收入比值", ""),
        # A name that is nothing but a verb, or that holds figures, is none.
        ("全市经营主体达37.2万户、净增2.4万户。", "新增市场主体", ""),
        ("办好10件惠民实事。", "民生实事件数", ""),
        # The head of a list is the name of its first figure alone.
        ("接待游客520万人次，综合效益31.6亿元，分别增长21%和24%。", "旅游总收入", ""),
        ("经营主体净增9.2万户、达61万户。", "市场主体总数", ""),
        ("经营主体净增9.2万户、总量达到61万户。", "市场主体总数", ""),
        # In the marks of the remark it needs none of its own.
        ("新建“数字车间”12个。", "新增智能工厂和数字化车间", "数字车间"),
        # Of two letters nothing is left out.
        ("PM2.5浓度31.4微克/立方米。", "PM2.5平均浓度", "PM2.5浓度"),
    ],
)
def test_a_printed_name_is_a_name(join: Join, text: str, indicator: str, told: str) -> None:
    one = join((2024, text, "全市平稳运行。"))
    remarks = "；".join(one.row(indicator, 2023).remarks)
    assert f"报告称“{told}”" in remarks if told else "报告称" not in remarks


def test_a_list_of_shares_of_the_plan_is_dealt_out(join: Join) -> None:
    """Of 分别为100%、168%、111% each figure before the list has its own, also beside one that no rule knows."""
    one = join(
        (2024, "完成普惠制培训200人，实名制安置3100人，劳务输出5600人，分别为市下达指标的100%、168%、111%。", "平稳。")
    )
    told = {c.indicator_id: c.percent for report in one.reports for c in report.completions}
    assert told == {"job_training": 100, "labour_export": 111}
    (remark,) = [text for text in one.row("劳务输出", 2023).remarks if "自述" in text]
    assert remark == "报告自述：完成111%（原文：劳务输出5600人，分别为市下达指标的100%、168%、111%）"


# --- years ---------------------------------------------------------------------------------------


def test_a_sum_of_five_years_is_no_years_figure(join: Join) -> None:
    one = join((2022, "五年来，累计城镇新增就业32万人。去年城镇新增就业5.1万人。", "城镇新增就业5万人。"))
    (entry,) = one.row("城镇新增就业", 2021).measures
    assert entry.result is not None and str(entry.result.low) == "5.1"
    assert all(fact.from_year is None for row in one.ledger.rows for fact in row.facts)


# --- the report's own words ----------------------------------------------------------------------


def test_missed_by_the_reports_own_words(join: Join) -> None:
    one = join((2024, "地区生产总值、固定资产投资没有完成年初预期目标。", "地区生产总值增长6%。"))
    row = one.row("地区生产总值", 2023)
    assert (row.status, row.status_word) == (Status.MISSED_OWN, "未完成（报告自述）")
    assert "没有完成年初预期目标" in row.reason


def test_what_was_not_found_is_not_said_to_be_absent(join: Join) -> None:
    two = join((2023, "全市平稳运行。", "粮食产量达到210万吨。"), (2024, "地区生产总值增长6%。", "全市平稳运行。"))
    row = two.row("粮食产量", 2023)
    assert (row.status_word, row.missing) == ("未取到", "2024年报告中未取到该项实绩")
    assert not any(word in row.missing for word in ("没有", "未报", "未提"))


def test_words_of_growth_are_judged_against_the_reports_own_gdp(join: Join) -> None:
    two = join(
        (2023, "全市平稳运行。", "地区生产总值增长6%；居民人均可支配收入与经济增长同步；农村居民收入快于经济增长。"),
        (2024, "地区生产总值增长5.5%，居民人均可支配收入增长5.1%，农村居民人均可支配收入增长6.4%。", "平稳运行。"),
    )
    own, rural = two.row("居民人均可支配收入", 2023), two.row("农村常住居民人均可支配收入", 2023)
    assert (own.status_word, own.difference) == ("未完成", "慢于经济增长0.4个百分点")
    assert (rural.status_word, rural.difference) == ("完成", "快于经济增长0.9个百分点")


def test_a_target_repeated_with_another_value_is_shown(join: Join) -> None:
    one = join((2024, "全市平稳运行。", "地区生产总值增长6%。\n（一）稳增长\n确保地区生产总值增长6.5%。"))
    row = one.row("地区生产总值", 2024)
    (entry,) = row.measures
    assert [str(fact.low) for fact in entry.other_targets] == ["6.5"]
    assert "报告另有一处把目标写作增长6.5%" in row.remarks


def test_fewer_works_than_last_year_are_no_finding(join: Join) -> None:
    one = join((2024, "人工造林20万亩，棚户区改造9000户。", "人工造林8万亩，棚户区改造3000户。"))
    assert "L206" not in one.codes


@pytest.mark.parametrize(
    ("review", "codes"),
    [
        ("粮食产量达到210万吨。全年粮食产量达到231万吨。", {"F202"}),
        ("地区生产总值突破500亿元。地区生产总值达到512.6亿元。", set()),  # a bound and the figure itself
        ("新增国家级绿色工厂2家、省级绿色工厂3家。", set()),  # two things
        ("保障性安居工程完成1810套，廉租房完成1800套。", set()),  # two names
    ],
)
def test_values_contradict_only_where_they_do(review: str, codes: set[str], join: Join) -> None:
    one = join((2024, review, "平稳运行。"))
    assert {issue.code for issue in one.issues if issue.code in ("F202", "F207")} == codes
    assert any(doubtful(fact) for report in one.reports for fact in report.facts) is bool(codes)


def test_a_target_told_twice_is_told_and_not_doubted(join: Join) -> None:
    one = join((2024, "平稳运行。", "粮食产量达到210万吨。\n（一）稳粮保供\n确保粮食产量达到220万吨。"))
    assert "F207" in {issue.code for issue in one.issues}
    assert not any(map(doubtful, one.facts("粮食产量", Kind.TARGET)))


# --- doubt -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("review", "indicator", "code"),
    [
        ("旅游总收入增长7倍。", "旅游总收入", "L210"),
        ("地区生产总值达到300亿元，一般公共预算收入达到150亿元。", "一般公共预算收入", "L208"),
        ("城镇居民人均可支配收入12000元，农村居民人均可支配收入28000元。", "农村常住居民人均可支配收入", "L203"),
    ],
)
def test_figures_that_should_raise_doubt(review: str, indicator: str, code: str, join: Join) -> None:
    one = join((2024, review, "全市平稳运行。"))
    facts = one.facts(indicator)
    assert facts and all(code in fact.doubt.split() for fact in facts)
    assert not any(map(may_rank, facts))
    assert code in one.codes


def test_ten_times_last_year_is_doubted(join: Join) -> None:
    two = join(
        (2023, "社会消费品零售总额达到400亿元。", "全市平稳运行。"),
        (2024, "社会消费品零售总额达到4200亿元。", "全市平稳运行。"),
    )
    assert all(doubtful(fact) for fact in two.facts("社会消费品零售总额"))


def test_a_target_far_from_its_result_is_doubted_and_not_judged(join: Join) -> None:
    two = join(
        (2023, "全市平稳运行。", "一般公共预算收入增长6%。"),
        (2024, "一般公共预算收入增长46.5%。", "一般公共预算收入增长5%。"),
    )
    row = two.row("一般公共预算收入", 2023)
    assert (row.status, row.reason) == (Status.NOT_JUDGED, "数字存疑，先核实")
    assert all(doubtful(fact) for fact in row.facts)
    assert two.row("一般公共预算收入", 2024).steps == ()


def test_a_second_target_that_is_near_keeps_the_result_from_doubt(join: Join) -> None:
    two = join(
        (2023, "平稳运行。", "实现3.3万贫困人口脱贫。\n（一）改善民生\n完成1470名贫困人口脱贫任务。"),
        (2024, "1559名贫困人口实现脱贫。", "平稳运行。"),
    )
    row = two.row("脱贫人口", 2023)
    assert (row.status_word, row.difference) == ("超额完成", "完成目标任务的106.1%")
    assert [doubtful(fact) for fact in two.facts("脱贫人口", Kind.TARGET)] == [True, False]


def test_series_leave_doubtful_figures_out_of_the_line(join: Join) -> None:
    three = join(
        *(
            (year, f"地区生产总值达到{level}亿元。", "平稳运行。")
            for year, level in ((2022, 500), (2023, 540), (2024, 9000))
        )
    )
    (gdp,) = series_by_place(three.ledger)["云川市"]
    assert gdp.years == (2021, 2022, 2023)
    assert [str(fact.low) for fact in gdp.points(Measure.LEVEL)] == ["500"]


# --- ranks and totals ------------------------------------------------------------------------------


def test_a_share_ranks_by_its_level(join: Join, rules: RuleBook) -> None:
    places = [
        ("云川市", "服务业增加值占比达到46%，提高2个百分点。"),
        ("东江市", "服务业增加值占比达到49%，提高1个百分点。"),
    ]
    facts = [f for name, text in places for f in join((2024, text, "平稳运行。"), place=name).facts("服务业增加值占比")]
    assert measures_ranked(facts, Terms.of(rules.ledger)) == (Measure.LEVEL,)
    assert [(one.fact.place, one.rank) for one in ranked(facts, Measure.LEVEL, Terms.of(rules.ledger))] == [
        ("东江市", 1),
        ("云川市", 2),
    ]


def test_about_so_much_has_no_rank_beside_what_it_may_be_more_or_less_than(join: Join, rules: RuleBook) -> None:
    told = {
        "云川市": "粮食产量接近25亿公斤。",
        "东江市": "粮食产量249.5万吨。",
        "南湾市": "粮食产量147万吨。",
        "北原市": "粮食产量约120万吨。",
    }
    facts = [f for name, text in told.items() for f in join((2024, text, "平稳运行。"), place=name).facts("粮食产量")]
    found = [(one.fact.place, one.rank) for one in ranked(facts, Measure.LEVEL, Terms.of(rules.ledger))]
    assert found == [("东江市", 1), ("南湾市", 2), ("北原市", 3)]


def test_amount_and_growth_rank_apart_and_from_below_where_less_is_better(join: Join, rules: RuleBook) -> None:
    terms = Terms.of(rules.ledger)
    told = {
        "云川市": "一般公共预算收入50亿元，增长8%，城镇登记失业率3.1%。",
        "东江市": "一般公共预算收入90亿元，增长3%，城镇登记失业率2.8%。",
    }
    joined = [join((2024, text, "平稳运行。"), place=name) for name, text in told.items()]
    revenue = [fact for one in joined for fact in one.facts("一般公共预算收入")]
    jobless = [fact for one in joined for fact in one.facts("城镇登记失业率")]
    assert [one.fact.place for one in ranked(revenue, Measure.LEVEL, terms)] == ["东江市", "云川市"]
    assert [one.fact.place for one in ranked(revenue, Measure.GROWTH, terms)] == ["云川市", "东江市"]
    assert [one.fact.place for one in ranked(jobless, Measure.LEVEL, terms, "down")] == ["东江市", "云川市"]


def test_totals_of_what_was_met(join: Join, rules: RuleBook) -> None:
    two = join(
        (
            2023,
            "平稳运行。",
            "地区生产总值增长6%；社会消费品零售总额增长7%；城镇登记失业率控制在4.5%以内；粮食产量210万吨。",
        ),
        (2024, "地区生产总值增长6.2%，社会消费品零售总额增长5%，城镇登记失业率3.9%。", "平稳运行。"),
    )
    rows = [row for row in two.ledger.rows if row.year == 2023]
    found = totals(rows)
    assert (found.judged, found.met, found.missed, found.about) == (3, 2, 1, 0)
    assert found.told(Terms.of(rules.ledger)) == "3项中2项，66.7%"
    themes = totals_by(rows, lambda row: row.theme)
    assert {theme: own.judged for theme, own in themes.items() if own.judged} == {
        "综合经济": 1, "消费旅游": 1, "就业物价": 1,
    }  # fmt: skip
    assert totals([]).told(Terms.of(rules.ledger)) == ""
