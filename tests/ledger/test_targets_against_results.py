"""Targets of one report against results of the next, as provinces put them, through the real stages and rules."""

from __future__ import annotations

import pytest
from conftest import TOP

from compiler.facts.compile import compile_source
from compiler.facts.kept_rules import load_rules
from compiler.ledger.join import settle
from compiler.ledger.rows import Ledger
from compiler.model import RuleBook, Source


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    book, _ = load_rules(TOP / "rules")
    assert book is not None
    return book


def joined(rules: RuleBook, plan: str, review: str, place: str = "云岭省") -> Ledger:
    """Join the targets of a report of 2025 with the results told in 2026."""
    found = []
    for year, past, coming in ((2025, "全省经济平稳运行。", plan), (2026, review, "保持经济平稳运行。")):
        text = (
            f"{place}人民政府工作报告\n{year}年1月15日在{place}第十四届人民代表大会第三次会议上\n"
            f"一、{year - 1}年工作回顾\n{past}\n二、{year}年工作安排\n{coming}\n"
        )
        found.extend(compile_source(Source(f"{place}{year}年政府工作报告.txt", text, "utf-8", ""), rules)[0])
    return settle(found, rules)[1]


MET, MORE, WITHIN, ABOUT = "完成", "超额完成", "符合预期目标", "基本完成"
MISSED, WORDS, OTHER, OPEN = "未完成", "文字目标待核", "口径不一致", "不作判定"
NO_RESULT, OWN = "未取到", "未完成（报告自述）"

GDP, PRICES, JOBS, JOBLESS = "地区生产总值", "居民消费价格涨幅", "城镇新增就业", "城镇调查失业率"
REVENUE, SALES, INVESTMENT, INDUSTRY = "一般公共预算收入", "社会消费品零售总额", "固定资产投资", "规模以上工业增加值"
INCOME, RURAL, URBAN = "居民人均可支配收入", "农村常住居民人均可支配收入", "城镇常住居民人均可支配收入"
GRAIN, TRADE, ENERGY, RESEARCH = "粮食产量", "进出口总额", "单位地区生产总值能耗", "研发经费投入强度"

PAIRS = [
    # the growth of the economy: about, at least, a range, one figure, with a hope on top
    (GDP, "地区生产总值增长5%左右。", "地区生产总值增长5.2%。", MET),
    (GDP, "地区生产总值增长5%左右。", "地区生产总值增长5.3%。", MORE),
    (GDP, "地区生产总值增长5%左右。", "全省生产总值达到3.2万亿元、增长5%。", MET),
    (GDP, "地区生产总值增长5%左右。", "预计地区生产总值增长4.9%左右。", ABOUT),
    (GDP, "地区生产总值增长5.5%左右。", "全年GDP增长4.6%。", MISSED),
    (GDP, "地区生产总值增长5%以上。", "地区生产总值比上年增长5.3%。", MORE),
    (GDP, "地区生产总值增长5%以上。", "经济总量迈上新台阶，地区生产总值增长5%。", MET),
    (GDP, "地区生产总值增长5%以上。", "地区生产总值增长4.9%。", MISSED),
    (GDP, "地区生产总值增长5%—5.5%。", "地区生产总值增长5.2%。", WITHIN),
    (GDP, "地区生产总值增长4.5%-5%。", "地区生产总值同比增长5.3%。", MORE),
    (GDP, "地区生产总值增长5%至5.5%。", "地区生产总值增长4.7%。", MISSED),
    (GDP, "地区生产总值增长5%以上、力争更好结果。", "地区生产总值增长5.1%。", MORE),
    (GDP, "地区生产总值增长5%左右，在实际工作中努力争取更好结果。", "地区生产总值增长5.5%。", MORE),
    (GDP, "地区生产总值预期增长6%左右。", "初步核算，全省地区生产总值1.9万亿元，增长6.1%。", MET),
    (GDP, "地区生产总值突破3万亿元。", "地区生产总值达到3.05万亿元。", MORE),
    (GDP, "地区生产总值达到3万亿元。", "地区生产总值增长5.1%。", OTHER),
    (GDP, "地区生产总值增长5%左右。", "地区生产总值超过3万亿元。", OTHER),
    (GDP, "地区生产总值增长5%左右。", "经济运行稳中有进。", NO_RESULT),
    (GDP, "地区生产总值增长6%。", "地区生产总值增长未完成预期目标。", OWN),
    (GDP, "地区生产总值增长5%左右。", "预计地区生产总值增长5%左右。", MET),
    (GDP, "地区生产总值增长5%以上。", "预计地区生产总值增长5%左右。", OPEN),
    (GDP, "地区生产总值增长5%以上。", "预计地区生产总值增长5%以上。", MET),
    (GDP, "地区生产总值增长5%。", "预计地区生产总值增长5.5%左右。", MORE),
    (GDP, "确保地区生产总值增长6%，力争增长7%。", "地区生产总值增长6.4%。", MORE),
    (GDP, "地区生产总值增长5%以上，高于全国平均水平。", "地区生产总值增长5.6%，高于全国0.6个百分点。", MORE),
    # money
    (REVENUE, "一般公共预算收入增长3%左右。", "一般公共预算收入增长2.9%。", ABOUT),
    (REVENUE, "地方一般公共预算收入增长2%。", "地方一般公共预算收入同口径增长2.3%。", MORE),
    (REVENUE, "一般公共预算收入增长3%以上。", "一般公共预算收入下降1.2%。", MISSED),
    (SALES, "社会消费品零售总额增长6%左右。", "社会消费品零售总额达1.2万亿元、增长4.1%。", MISSED),
    (SALES, "社会消费品零售总额增长5%以上。", "马拉松、演唱会人气高涨，社会消费品零售总额增长2%。", MISSED),
    (INVESTMENT, "固定资产投资增长5%以上。", "固定资产投资下降3.2%。", MISSED),
    (INVESTMENT, "固定资产投资增长4%左右。", "固定资产投资（不含农户）增长4.3%。", MORE),
    (INDUSTRY, "规模以上工业增加值增长6.5%左右。", "规上工业增加值增长7.6%。", MORE),
    (INDUSTRY, "规上工业增加值增长6%左右。", "规模以上工业增加值、服务业增加值分别增长5.9%和6.3%。", ABOUT),
    (TRADE, "进出口总值增长5%左右。", "外贸进出口总值突破7000亿元、增长8.1%。", MORE),
    (TRADE, "进出口稳中提质。", "进出口总额增长3.4%。", WORDS),
    # work and prices
    (JOBS, "城镇新增就业50万人以上。", "城镇新增就业53.6万人。", MORE),
    (JOBS, "城镇新增就业50万人。", "新增城镇就业50万人。", MET),
    (JOBS, "城镇新增就业110万人以上。", "城镇新增就业109.2万人。", MISSED),
    (JOBS, "城镇新增就业超过40万人。", "全年城镇新增就业超过42万人。", MORE),
    (JOBLESS, "城镇调查失业率5.5%左右。", "城镇调查失业率5.3%。", MET),
    (JOBLESS, "城镇调查失业率控制在5.5%以内。", "城镇调查失业率平均为5.2%。", MET),
    (JOBLESS, "城镇调查失业率低于5.5%。", "城镇调查失业率均值5.6%。", MISSED),
    (JOBLESS, "城镇调查失业率不超过5.5%。", "城镇调查失业率控制在5.4%以内。", MET),
    (PRICES, "居民消费价格涨幅2%左右。", "居民消费价格上涨0.2%。", OPEN),
    (PRICES, "居民消费价格涨幅控制在2%以内。", "居民消费价格总水平上涨0.3%。", MET),
    (PRICES, "居民消费价格涨幅2%左右。", "居民消费价格与上年持平。", OPEN),
    (PRICES, "居民消费价格涨幅2%左右。", "居民消费价格下降0.1%。", OPEN),
    (PRICES, "居民消费价格涨幅控制在2%以内。", "居民消费价格上涨2.4%。", MISSED),
    (JOBLESS, "城镇调查失业率5.5%左右。", "城镇调查失业率5.6%。", ABOUT),
    (JOBLESS, "城镇调查失业率5.5%左右。", "城镇调查失业率5.9%。", MISSED),
    (JOBLESS, "城镇调查失业率控制在5.5%左右。", "城镇调查失业率保持在5.5%以内。", MET),
    (JOBS, "城镇新增就业50万人以上。", "城镇新增就业约50万人。", OPEN),
    (JOBS, "城镇新增就业50万人以上。", "城镇新增就业约53万人。", MORE),
    (JOBS, "城镇新增就业45万人左右。", "城镇新增就业44.6万人。", ABOUT),
    # incomes: in words, by the report's own economy
    (INCOME, "居民收入增长与经济增长同步。", "地区生产总值增长5%，居民人均可支配收入增长5.1%。", MET),
    (INCOME, "居民收入增长和经济增长同步。", "地区生产总值增长5%，全体居民人均可支配收入增长4.7%。", MISSED),
    (INCOME, "居民人均可支配收入增长快于经济增长。", "地区生产总值增长5%，居民人均可支配收入增长5.6%。", MET),
    (INCOME, "居民人均可支配收入增长与经济增长基本同步。", "居民人均可支配收入增长5.1%。", WORDS),
    (INCOME, "居民收入增长快于经济增长。", "预计地区生产总值增长5%左右，居民人均可支配收入增长5.1%。", WORDS),
    (INCOME, "居民收入增长快于经济增长。", "预计地区生产总值增长5%左右，居民人均可支配收入增长5.6%。", MET),
    (INCOME, "居民收入增长与经济增长同步。", "地区生产总值增长5%，居民人均可支配收入增长4.9%。", ABOUT),
    (INCOME, "居民收入增长高于全国平均水平。", "地区生产总值增长5%，居民人均可支配收入增长5.9%。", WORDS),
    (INCOME, "居民人均可支配收入增长5.5%左右。", "居民人均可支配收入3.6万元、增长5.4%。", ABOUT),
    (RURAL, "农村居民人均可支配收入增长6%左右。", "城乡居民人均可支配收入分别增长4.2%、6.3%。", MORE),
    (URBAN, "城镇居民人均可支配收入增长5%左右。", "城乡居民人均可支配收入分别增长4.2%、6.3%。", MISSED),
    # grain, energy, research
    (GRAIN, "粮食产量稳定在3500万吨以上。", "粮食总产量达到3612.5万吨。", MORE),
    (GRAIN, "粮食总产量保持在110万吨以上。", "粮食产量119.3万吨，再创历史新高。", MORE),
    (GRAIN, "粮食产量保持在700亿斤以上。", "粮食总产量达到716.8亿斤。", MORE),
    (GRAIN, "粮食产量1300亿斤以上。", "粮食产量达到6620万吨。", MORE),
    (GRAIN, "粮食产量保持稳定。", "粮食产量达到612万吨。", WORDS),
    (ENERGY, "单位地区生产总值能耗降低3%左右。", "单位地区生产总值能耗下降3.4%。", MORE),
    (ENERGY, "单位地区生产总值能耗下降2%左右。", "单位GDP能耗下降1.4%。", MISSED),
    (ENERGY, "单位地区生产总值能耗降低完成国家下达目标。", "单位地区生产总值能耗下降2.6%。", WORDS),
    (RESEARCH, "全社会研发投入强度达到2.8%左右。", "研发经费投入强度达到2.79%。", ABOUT),
]  # fmt: skip


@pytest.mark.parametrize(("indicator", "plan", "review", "status"), PAIRS)
def test_a_target_is_judged_as_it_was_put(indicator: str, plan: str, review: str, status: str, rules: RuleBook) -> None:
    rows = [row for row in joined(rules, plan, review).rows if row.indicator == indicator and row.year == 2025]
    assert [row.status_word for row in rows] == [status], [(row.status_word, row.difference) for row in rows]
