"""A small factory of compiled reports, rules and facts, for tests of what comes after extraction.

The figures and sentences are invented. ``two_years()`` gives two consecutive reports of one city that
meet in every status, ``neighbour()`` a report of another place; ``many(n)`` gives any number of facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from compiler.model import (
    Bound,
    BuildInfo,
    CompiledReport,
    Completion,
    Fact,
    FigureCheck,
    Identity,
    IndicatorRule,
    Kind,
    LedgerRules,
    Lexicon,
    Measure,
    Part,
    Passage,
    RuleBook,
    SectionRule,
    Sentence,
    Task,
    Tier,
    Uncovered,
    Unit,
)
from help.cases import read_yaml

ROOT = Path(__file__).resolve().parents[2]

INFO = BuildInfo(
    version="0.1.0",
    started="2026-01-20T09:30:00+08:00",
    rules_version="2026.1",
    rules_fingerprint="ab" * 32,
    rules_root="rules",
    templates_root="templates",
    inputs=(("报告/甲.txt", "cd" * 32), ("报告/乙.txt", "ef" * 32)),
)


def _rule(order: int, id: str, name: str, unit: str, theme: str, **more: Any) -> IndicatorRule:
    return IndicatorRule(id=id, name=name, theme=theme, unit=unit, file=f"indicators/{theme}.yaml", order=order, **more)


RULES: tuple[IndicatorRule, ...] = (
    _rule(1, "gdp", "地区生产总值", "亿元", "综合经济", aliases=("生产总值", "GDP"), growth_names=("经济增长",),
          headline=True, owner="市发展改革委", note="绝对数按现价，增速按可比价"),
    _rule(2, "primary_value_added", "第一产业增加值", "亿元", "综合经济"),
    _rule(3, "secondary_value_added", "第二产业增加值", "亿元", "综合经济"),
    _rule(4, "tertiary_value_added", "第三产业增加值", "亿元", "综合经济"),
    _rule(5, "industry", "规模以上工业增加值", "亿元", "工业", headline=True, owner="市工业和信息化局"),
    _rule(6, "fixed_asset_investment", "固定资产投资", "亿元", "投资", headline=True, owner="市发展改革委"),
    _rule(7, "industrial_investment", "工业固定资产投资", "亿元", "投资"),
    _rule(8, "revenue", "一般公共预算收入", "亿元", "财政金融", headline=True, owner="市财政局"),
    _rule(9, "new_loans", "新增贷款", "亿元", "财政金融", measures=(Measure.LEVEL, Measure.GROWTH, Measure.CHANGE)),
    _rule(10, "retail", "社会消费品零售总额", "亿元", "消费旅游", headline=True, owner="市商务局"),
    _rule(11, "exports", "出口总额", "亿美元", "开放", owner="市商务局"),
    _rule(12, "urban_income", "城镇常住居民人均可支配收入", "元", "居民收入", headline=True),
    _rule(13, "rural_income", "农村常住居民人均可支配收入", "元", "居民收入", headline=True),
    _rule(14, "income", "居民人均可支配收入", "元", "居民收入"),
    _rule(15, "jobs", "城镇新增就业", "万人", "就业物价", headline=True, owner="市人力资源社会保障局"),
    _rule(16, "unemployment", "城镇登记失业率", "%", "就业物价", direction="down", owner="市人力资源社会保障局"),
    _rule(17, "prices", "居民消费价格涨幅", "%", "就业物价", direction="down", rise_is_level=True),
    _rule(18, "energy", "单位地区生产总值能耗", "吨标准煤/万元", "能耗排放", direction="down",
          kind_of_target="binding"),
    _rule(19, "urbanisation", "常住人口城镇化率", "%", "人口城镇化",
          measures=(Measure.LEVEL, Measure.CHANGE)),
    _rule(20, "grain", "粮食产量", "万吨", "农业农村"),
    _rule(21, "boilers", "拆除燃煤锅炉", "台", "生态环境", kind_of_target="binding"),
    _rule(22, "roads", "新改建农村公路", "公里", "农业农村"),
)  # fmt: skip

SECTIONS: tuple[SectionRule, ...] = (
    SectionRule("problems", "困难和问题", "sections/通用.yaml", 1),
    SectionRule("livelihood", "民生实事", "sections/通用.yaml", 2),
)


@cache
def ledger_rules() -> LedgerRules:
    """Return the wordings of ``rules/ledger.yaml``, read without the loader that is tested elsewhere."""
    data = read_yaml(ROOT / "rules" / "ledger.yaml")
    known = {rule.id for rule in RULES}
    checks = []
    for item in data.get("checks", ()):
        parts = tuple(part for part in item["parts"] if part in known)
        if item["whole"] in known and parts and (item["kind"] != "sum" or len(parts) == len(item["parts"])):
            tolerance = Decimal(str(item.get("tolerance", 0)))
            checks.append(FigureCheck(item["kind"], item["whole"], parts, tolerance))
    return LedgerRules(
        tolerance={key: Decimal(str(value)) for key, value in data["tolerance"].items()},
        words=data["words"],
        judged_prices=bool(data.get("judged_prices", False)),
        lists={key: tuple(value) for key, value in data.get("lists", {}).items()},
        limits={key: Decimal(str(value)) for key, value in data.get("limits", {}).items()},
        checks=tuple(checks),
    )


def rulebook(rules: Sequence[IndicatorRule] = RULES, **ledger: Any) -> RuleBook:
    """Return a rule book of the rules above; ``ledger`` replaces fields of the ledger rules."""
    from fractions import Fraction

    units = {
        name: Unit(name, family, Fraction(1), (name,), decimals)
        for name, family, decimals in (
            ("元", "人民币", 2), ("美元", "美元", 2), ("%", "百分比", 2), ("百分点", "百分点", 2), ("人", "人数", 4),
            ("吨", "重量", 2), ("台", "计数", 2), ("公里", "长度", 2), ("吨标准煤/万元", "单位能耗", 3),
        )
    }  # fmt: skip
    return RuleBook(
        version="2026.1",
        fingerprint="ab" * 32,
        root="rules",
        lexicon=Lexicon(units, (), {}),
        indicators=tuple(rules),
        combined=(),
        sections=SECTIONS,
        ledger=replace(ledger_rules(), **ledger),
    )


@dataclass(frozen=True)
class Figure:
    """One figure of a line: what it states, and the words of the line that prove it."""

    indicator: str
    measure: str
    value: str  # 7.5, ≥7, ≤4.5, ~6.5, 4.5..5, or words
    quote: str
    raw: str = ""
    tier: str = "base"
    year: int = 0  # 0: the year before the report's for a review, the report's for a plan
    modifier: str = ""
    status: str = ""
    name: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph of one sentence with its figures; ``open`` are figures that no rule claimed."""

    text: str
    part: Part
    headings: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    open: tuple[tuple[str, str], ...] = ()
    section: str = ""
    completions: tuple[dict[str, Any], ...] = ()


def make_fact(
    indicator: str,
    measure: str,
    value: str,
    *,
    kind: str = "result",
    place: str = "云川市",
    year: int = 2016,
    report_year: int = 2017,
    tier: str = "base",
    rules: Sequence[IndicatorRule] = RULES,
    **more: Any,
) -> Fact:
    """Return a fact from its short notation."""
    rule = next(rule for rule in rules if rule.id == indicator)
    low, high, bound, text = parse(value)
    unit = {"level": rule.unit, "growth": "%", "change": "百分点" if rule.unit == "%" else rule.unit}[measure]
    fields: dict[str, Any] = {
        "place": place, "place_code": "210700", "place_level": "地级", "report_year": report_year, "year": year,
        "kind": Kind(kind), "indicator": rule.name, "indicator_id": rule.id, "theme": rule.theme,
        "measure": Measure(measure), "low": low, "high": high, "bound": bound, "unit": "" if text else unit,
        "tier": Tier(tier), "text": text, "raw": "" if text else f"{value.strip('≥≤~')}{unit}", "modifier": "",
        "status_note": "", "quote": "", "source": "报告/甲.txt", "report": 1, "start": 0, "end": 0, "heading": "",
        "paragraph": 1, "rule": f"{rule.file}#{rule.id}", "order": rule.order,
    }  # fmt: skip
    fields.update({key: value for key, value in more.items() if value not in ("", None)})
    if "id" not in fields:
        key = [str(fields[name]) for name in ("place", "report_year", "year", "kind", "indicator_id", "measure")]
        key += [str(fields["tier"]), value, str(fields["quote"]), str(fields["start"]), str(fields["source"])]
        fields["id"] = "F" + sha256("\x1f".join(key).encode()).hexdigest()[:8].upper()
    return Fact(**fields)


def parse(value: str) -> tuple[Decimal | None, Decimal | None, Bound, str]:
    """Read the short notation of a figure."""
    try:
        if value[0] == "≥":
            return Decimal(value[1:]), None, Bound.GE, ""
        if value[0] == "≤":
            return None, Decimal(value[1:]), Bound.LE, ""
        if value[0] == "~":
            return Decimal(value[1:]), Decimal(value[1:]), Bound.APPROX, ""
        if ".." in value:
            low, high = value.split("..")
            return Decimal(low), Decimal(high), Bound.RANGE, ""
        return Decimal(value), Decimal(value), Bound.EQ, ""
    except ArithmeticError:
        return None, None, Bound.NONE, value


def make_report(
    place: str, year: int, lines: Iterable[Line], *, source: str = "报告/甲.txt", number: int = 1, code: str = "210700"
) -> CompiledReport:
    """Lay out the lines as a text and return what compiling it would give, with true offsets."""
    text = f"{place}政府工作报告\n"
    sentences: list[Sentence] = []
    facts: list[Fact] = []
    completions: list[Completion] = []
    passages: list[Passage] = []
    uncovered: list[Uncovered] = []
    tasks: list[Task] = []
    names = {section.id: section.name for section in SECTIONS}
    for number_in_report, line in enumerate(lines, 1):
        start = len(text)
        text += f"{line.text}\n"
        heading = "/".join(line.headings)
        paragraph = number_in_report + 1
        sentences.append(
            Sentence(number_in_report, paragraph, start, start + len(line.text), line.text, line.headings, line.part)
        )
        kind = "target" if line.part is Part.PLAN else "result"
        for figure in line.figures:
            at = line.text.index(figure.quote)
            raw = figure.raw or figure.quote
            inside = figure.quote.rindex(raw) if raw in figure.quote else 0
            facts.append(
                make_fact(
                    figure.indicator,
                    figure.measure,
                    figure.value,
                    kind=kind,
                    place=place,
                    place_code=code,
                    report_year=year,
                    year=figure.year or (year if kind == "target" else year - 1),
                    tier=figure.tier,
                    raw=raw,
                    modifier=figure.modifier,
                    status_note=figure.status,
                    quote=figure.quote,
                    source=source,
                    report=number,
                    start=start + at,
                    end=start + at + len(figure.quote),
                    heading=heading,
                    paragraph=paragraph,
                    figure_start=start + at + inside,
                    figure_end=start + at + inside + len(raw),
                    sentence=number_in_report,
                    printed_name=figure.name,
                    unit=figure.unit,
                )
            )
        if line.part is Part.PLAN:
            inside_ids = tuple(fact.id for fact in facts if fact.sentence == number_in_report)
            name = sha256(f"{place}{year}{line.text}".encode()).hexdigest()[:8].upper()
            tasks.append(
                Task(
                    number=len(tasks) + 1,
                    source=source,
                    report=number,
                    place=place,
                    report_year=year,
                    heading=line.headings[-1] if line.headings else "",
                    path=heading,
                    text=line.text,
                    quantified=bool(line.figures or line.open),
                    deadline="",
                    figures=tuple(f.raw or f.quote for f in line.figures) or tuple(raw for raw, _ in line.open),
                    facts=inside_ids,
                    start=start,
                    end=start + len(line.text),
                    paragraph=paragraph,
                    id=f"T{name}",
                )
            )
        for raw, noun in line.open:
            at = line.text.index(raw)
            uncovered.append(
                Uncovered(raw, start + at, start + at + len(raw), number_in_report, noun, line.part, "没有规则")
            )
        if line.section:
            passages.append(
                Passage(
                    line.section,
                    names[line.section],
                    line.part,
                    heading,
                    paragraph,
                    start,
                    start + len(line.text),
                    line.text,
                    (number_in_report,),
                )
            )
        for item in line.completions:
            at = line.text.index(item["quote"])
            completions.append(
                Completion(
                    place=place,
                    year=year - 1,
                    indicator_id=item["indicator"],
                    percent=item.get("percent"),
                    difference=item.get("difference"),
                    unit=item.get("unit", ""),
                    met=item.get("met"),
                    quote=item["quote"],
                    source=source,
                    report=number,
                    start=start + at,
                    end=start + at + len(item["quote"]),
                    sentence=number_in_report,
                )
            )
    return CompiledReport(
        source=source,
        number=number,
        identity=Identity(place, code, "地级", year, f"{place}政府工作报告", "", f"{year}年1月10日", "市长"),
        span=(0, len(text)),
        sentences=tuple(sentences),
        facts=tuple(facts),
        completions=tuple(completions),
        passages=tuple(passages),
        uncovered=tuple(uncovered),
        refusals=(),
        figures=len(facts) + len(uncovered),
        text=text,
        tasks=tuple(tasks),
    )


_BACK = ("一、工作回顾",)
_AIMS = ("二、工作安排", "（一）预期目标")
_WORK = ("二、工作安排", "（二）重点工作")
F = Figure


def first_year(place: str = "云川市", source: str = "报告/甲.txt") -> CompiledReport:
    """The report of 2016: its targets meet the results of :func:`second_year`."""
    lines = (
        Line("上年全市地区生产总值完成905.2亿元，比上一年增长7.1%。", Part.REVIEW, _BACK, (
            F("gdp", "level", "905.2", "地区生产总值完成905.2亿元", "905.2亿元"),
            F("gdp", "growth", "7.1", "地区生产总值完成905.2亿元，比上一年增长7.1%", "7.1%"),
        )),
        Line("财政收入一直平稳，一般公共预算收入入库71亿元。", Part.REVIEW, _BACK, (
            F("revenue", "level", "71", "一般公共预算收入入库71亿元", "71亿元"),
        )),
        Line("登记失业率为4.1%，城镇化率到了58.6%。", Part.REVIEW, _BACK, (
            F("unemployment", "level", "4.1", "登记失业率为4.1%", "4.1%", name="登记失业率"),
            F("urbanisation", "level", "58.6", "城镇化率到了58.6%", "58.6%"),
        )),
        Line("今年预期目标这样安排：地区生产总值增长7%左右；一般公共预算收入达到76亿元以上；"
             "规模以上工业增加值增长8%；固定资产投资增长10%到12%。", Part.PLAN, _AIMS, (
            F("gdp", "growth", "~7", "地区生产总值增长7%左右", "7%", modifier="左右"),
            F("revenue", "level", "≥76", "一般公共预算收入达到76亿元以上", "76亿元", modifier="以上"),
            F("industry", "growth", "8", "规模以上工业增加值增长8%", "8%"),
            F("fixed_asset_investment", "growth", "10..12", "固定资产投资增长10%到12%", "10%到12%"),
        )),
        Line("社会消费品零售总额增长9%，争取10%；出口总额增长5%；城镇登记失业率不超过4.4%；居民消费价格涨幅在3%上下。",
             Part.PLAN, _AIMS, (
            F("retail", "growth", "9", "社会消费品零售总额增长9%", "9%"),
            F("retail", "growth", "10", "社会消费品零售总额增长9%，争取10%", "10%", tier="stretch", modifier="争取"),
            F("exports", "growth", "5", "出口总额增长5%", "5%"),
            F("unemployment", "level", "≤4.4", "城镇登记失业率不超过4.4%", "4.4%", modifier="不超过"),
            F("prices", "level", "~3", "居民消费价格涨幅在3%上下", "3%", modifier="上下"),
        )),
        Line("城镇居民收入与经济增长保持同步，农民人均纯收入增速不低于全省平均水平。", Part.PLAN, _AIMS, (
            F("urban_income", "growth", "与经济增长保持同步", "城镇居民收入与经济增长保持同步", "",
              name="城镇居民收入"),
            F("rural_income", "growth", "不低于全省平均水平", "农民人均纯收入增速不低于全省平均水平", "",
              name="农民人均纯收入"),
        )),
        Line("新建改建农村公路260公里，拆掉燃煤小锅炉180台，城镇新增就业3.2万人。", Part.PLAN, _WORK, (
            F("roads", "level", "260", "新建改建农村公路260公里", "260公里"),
            F("boilers", "level", "180", "拆掉燃煤小锅炉180台", "180台"),
            F("jobs", "level", "3.2", "城镇新增就业3.2万人", "3.2万人"),
        )),
        Line("单位生产总值能耗下降3%以上，粮食产量保持在210万吨。", Part.PLAN, _WORK, (
            F("energy", "growth", "≤-3", "单位生产总值能耗下降3%以上", "3%", modifier="以上"),
            F("grain", "level", "210", "粮食产量保持在210万吨", "210万吨"),
        )),
    )  # fmt: skip
    return make_report(place, 2016, lines, source=source)


def second_year(place: str = "云川市", source: str = "报告/乙.txt") -> CompiledReport:
    """The report of 2017: results of 2016 and targets of 2017."""
    lines = (
        Line("初步核算，去年地区生产总值跨上968.4亿元，增长6.9%。", Part.REVIEW, _BACK, (
            F("gdp", "level", "968.4", "地区生产总值跨上968.4亿元", "968.4亿元", status="初步核算"),
            F("gdp", "growth", "6.9", "地区生产总值跨上968.4亿元，增长6.9%", "6.9%", status="初步核算"),
        )),
        Line("一般公共预算收入99.9亿元，为年计划的131.4%；规模以上工业增加值增长6.2%；固定资产投资增长11.3%。",
             Part.REVIEW, _BACK, (
            F("revenue", "level", "99.9", "一般公共预算收入99.9亿元", "99.9亿元"),
            F("industry", "growth", "6.2", "规模以上工业增加值增长6.2%", "6.2%"),
            F("fixed_asset_investment", "growth", "11.3", "固定资产投资增长11.3%", "11.3%"),
        ), completions=({"indicator": "revenue", "percent": Decimal("131.4"), "quote": "为年计划的131.4%"},)),
        Line("社会消费品零售总额增长9.9%，实现出口8.62亿美元，登记失业率3.92%，居民消费价格上涨1.8%。",
             Part.REVIEW, _BACK, (
            F("retail", "growth", "9.9", "社会消费品零售总额增长9.9%", "9.9%"),
            F("exports", "level", "8.62", "出口8.62亿美元", "8.62亿美元", name="出口"),
            F("unemployment", "level", "3.92", "登记失业率3.92%", "3.92%", name="登记失业率"),
            F("prices", "level", "1.8", "居民消费价格上涨1.8%", "1.8%"),
        ), open=(("3.92%", "失业"),)),
        Line("城镇常住居民人均可支配收入27865元，增长7.5%；农村常住居民人均可支配收入13420元，增长8.1%。",
             Part.REVIEW, _BACK, (
            F("urban_income", "level", "27865", "城镇常住居民人均可支配收入27865元", "27865元",
              name="城镇常住居民人均可支配收入"),
            F("urban_income", "growth", "7.5", "城镇常住居民人均可支配收入27865元，增长7.5%", "7.5%",
              name="城镇常住居民人均可支配收入"),
            F("rural_income", "level", "13420", "农村常住居民人均可支配收入13420元", "13420元",
              name="农村常住居民人均可支配收入"),
            F("rural_income", "growth", "8.1", "农村常住居民人均可支配收入13420元，增长8.1%", "8.1%",
              name="农村常住居民人均可支配收入"),
        )),
        Line("新改建农村公路311公里，拆除燃煤锅炉180台，城镇新增就业3.05万人，万元产值能耗降了3.4%，城镇化率59.8%。",
             Part.REVIEW, _BACK, (
            F("roads", "level", "311", "新改建农村公路311公里", "311公里"),
            F("boilers", "level", "180", "拆除燃煤锅炉180台", "180台"),
            F("jobs", "level", "3.05", "城镇新增就业3.05万人", "3.05万人"),
            F("energy", "growth", "-3.4", "万元产值能耗降了3.4%", "3.4%", name="万元产值能耗"),
            F("urbanisation", "level", "59.8", "城镇化率59.8%", "59.8%"),
        ), open=(("59.8%", "城镇化"),)),
        Line("=一季度完成的项目里，有17个来自域外，@省里予以通报。", Part.REVIEW, _BACK, open=(("17个", "项目"),)),
        Line("也要看到，结构不优、后劲不足的矛盾还很突出，部分企业效益下滑。", Part.REVIEW, (*_BACK, "困难和问题"),
             section="problems"),
        Line("今年预期目标：地区生产总值增长6.5%，力争7%以上；一般公共预算收入增长4.5%～5%；规模以上工业增加值增长6.5%左右。",
             Part.PLAN, _AIMS, (
            F("gdp", "growth", "6.5", "地区生产总值增长6.5%", "6.5%"),
            F("gdp", "growth", "≥7", "地区生产总值增长6.5%，力争7%以上", "7%", tier="stretch", modifier="力争"),
            F("revenue", "growth", "4.5..5", "一般公共预算收入增长4.5%～5%", "4.5%～5%"),
            F("industry", "growth", "~6.5", "规模以上工业增加值增长6.5%左右", "6.5%", modifier="左右"),
        )),
        Line("固定资产投资达到400亿元，社会消费品零售总额增长9%以上，登记失业率控制在4.5%以内，居民收入与经济增长同步，"
             "城镇化率提高1.2个百分点。", Part.PLAN, _AIMS, (
            F("fixed_asset_investment", "level", "400", "固定资产投资达到400亿元", "400亿元"),
            F("retail", "growth", "≥9", "社会消费品零售总额增长9%以上", "9%", modifier="以上"),
            F("unemployment", "level", "≤4.5", "登记失业率控制在4.5%以内", "4.5%", modifier="控制在…以内",
              name="登记失业率"),
            F("income", "growth", "与经济增长同步", "居民收入与经济增长同步", "", name="居民收入"),
            F("urbanisation", "change", "1.2", "城镇化率提高1.2个百分点", "1.2个百分点"),
        )),
        Line("新改建农村公路302公里，城镇新增就业3万人以上，再建设12个口袋公园。", Part.PLAN, _WORK, (
            F("roads", "level", "302", "新改建农村公路302公里", "302公里"),
            F("jobs", "level", "≥3", "城镇新增就业3万人以上", "3万人", modifier="以上"),
        ), open=(("12个", "口袋公园"),), section="livelihood"),
    )  # fmt: skip
    return make_report(place, 2017, lines, source=source)


def two_years() -> tuple[CompiledReport, CompiledReport]:
    """Two consecutive reports of one city."""
    return first_year(), second_year()


def neighbour(
    place: str = "临河市", year: int = 2017, source: str = "报告/丙.txt", code: str = "211100"
) -> CompiledReport:
    """A report of another place in the same year."""
    lines = (
        Line("去年地区生产总值742.6亿元，增长5.8%，一般公共预算收入58.3亿元，社会消费品零售总额增8.7%。",
             Part.REVIEW, _BACK, (
            F("gdp", "level", "742.6", "地区生产总值742.6亿元", "742.6亿元"),
            F("gdp", "growth", "5.8", "地区生产总值742.6亿元，增长5.8%", "5.8%"),
            F("revenue", "level", "58.3", "一般公共预算收入58.3亿元", "58.3亿元"),
            F("retail", "growth", "8.7", "社会消费品零售总额增8.7%", "8.7%"),
        )),
        Line("今年地区生产总值增长6%左右，一般公共预算收入增长3%，城镇新增就业2.1万人。", Part.PLAN, _AIMS, (
            F("gdp", "growth", "~6", "地区生产总值增长6%左右", "6%", modifier="左右"),
            F("revenue", "growth", "3", "一般公共预算收入增长3%", "3%"),
            F("jobs", "level", "2.1", "城镇新增就业2.1万人", "2.1万人"),
        )),
    )  # fmt: skip
    return make_report(place, year, lines, source=source, code=code)


def many(facts: int, per_report: int = 100) -> tuple[CompiledReport, ...]:
    """Reports of invented places with ``facts`` facts altogether, for benchmarks."""
    reports = []
    rules = [rule for rule in RULES if Measure.GROWTH in rule.measures]
    for index in range(-(-facts // per_report)):
        lines = []
        for number in range(per_report // 2):
            rule = rules[number % len(rules)]
            value, growth = Decimal(1000 + index % 700 + number) / 10, Decimal(number % 97) / 10
            said = f"{rule.name}达到{value}{rule.unit}，增长{growth}%"
            lines.append(
                Line(
                    f"这一年里{said}，各方面都有进步。",
                    Part.REVIEW,
                    _BACK,
                    (
                        F(rule.id, "level", str(value), said.split("，")[0], f"{value}{rule.unit}"),
                        F(rule.id, "growth", str(growth), said, f"{growth}%"),
                    ),
                )
            )
        name = f"示例{index + 1:04d}市"
        reports.append(make_report(name, 2017, lines, source=f"报告/{index:04d}.txt", code=f"{21 + index % 30}0100"))
    return tuple(reports)
