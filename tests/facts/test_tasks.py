"""Tasks: which pieces of a plan are commitments, under which heading, and what else is told of them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import TOP

from compiler.authoring.check import check_rulebook
from compiler.facts.compile import compile_source, tasks_of_example
from compiler.facts.kept_rules import load_rules
from compiler.model import CompiledReport, Kind, OfficeRule, RuleBook, Source, Task
from compiler.strings import squeeze
from compiler.text.read import find_inputs, read

PLAN = """云川市人民政府工作报告
2024年1月16日在云川市第八届人民代表大会第三次会议上
云川市市长 方远
一、2023年工作回顾
2023年，全市地区生产总值增长6%，城镇新增就业3万人。
二、2024年工作总体要求
今年是全面落实规划的关键一年。今年政府工作的总体要求是：坚持稳中求进，着力扩大内需。
今年的主要预期目标是：地区生产总值增长6%以上；城镇新增就业3.2万人；完成省下达的节能任务。
做好今年工作，必须坚持实干为先。
三、2024年重点工作
今年要重点抓好以下六个方面的工作。
（一）稳住经济增长
坚持把稳增长摆在首位，不断巩固回升向好的态势。
扩大有效投资。实施亿元以上项目60个，6月底前全部开工。支持云川铜业技改扩能；建成东郊物流园。
激发消费活力。办好金秋购物节。
（二）办好民生实事
1.新建改建幼儿园8所。
2.改造老旧小区25个，年内惠及居民4000户。
3.为65岁以上老人免费体检。
加强社会保障。
完善低保动态管理办法，开展困难群众走访。
消费是经济增长的基础。
（三）加强政府自身建设
始终保持忠诚干净担当的本色。主动接受人大监督，按期办理代表建议。
各位代表！奋斗成就未来。让我们携手前行，为建设美好云川而努力奋斗！
"""


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    book, _ = load_rules(TOP / "rules")
    assert book is not None
    return book


@pytest.fixture(scope="module")
def report(rules: RuleBook) -> CompiledReport:
    """The invented report above, compiled."""
    reports, _ = compile_source(Source("云川市2024.txt", PLAN, "utf-8", ""), rules)
    return reports[0]


def test_the_tasks_of_a_whole_plan(report: CompiledReport) -> None:
    told = [(task.heading[:3], task.text, task.quantified, task.deadline) for task in report.tasks]
    assert told == [
        ("二、2", "今年的主要预期目标是：地区生产总值增长6%以上；", True, ""),
        ("二、2", "城镇新增就业3.2万人；", True, ""),
        ("二、2", "完成省下达的节能任务。", False, ""),
        ("（一）", "实施亿元以上项目60个，6月底前全部开工。", True, "6月底前"),
        ("（一）", "支持云川铜业技改扩能；", False, ""),
        ("（一）", "建成东郊物流园。", False, ""),
        ("（一）", "办好金秋购物节。", False, ""),
        ("（二）", "1.新建改建幼儿园8所。", True, ""),
        ("（二）", "2.改造老旧小区25个，年内惠及居民4000户。", True, "年内"),
        ("（二）", "3.为65岁以上老人免费体检。", False, ""),
        ("（二）", "完善低保动态管理办法，开展困难群众走访。", False, ""),
        ("（三）", "主动接受人大监督，按期办理代表建议。", False, ""),
    ]


def test_run_in_heads_end_the_path(report: CompiledReport) -> None:
    paths = {task.text: task.path.rsplit("/", 1)[-1] for task in report.tasks}
    assert paths["建成东郊物流园。"] == "扩大有效投资"
    assert paths["办好金秋购物节。"] == "激发消费活力"
    assert paths["完善低保动态管理办法，开展困难群众走访。"] == "加强社会保障"


def test_tasks_carry_their_targets_and_figures(report: CompiledReport) -> None:
    by_id = {fact.id: fact for fact in report.facts}
    growth = report.tasks[0]
    assert [by_id[one].indicator for one in growth.facts] == ["地区生产总值"]
    assert report.tasks[3].figures == ("60个",)
    assert all(task.number == n for n, task in enumerate(report.tasks, 1))
    assert all(squeeze(PLAN[task.start : task.end]) == task.text for task in report.tasks)


#: One sentence below a heading of the plan, and whether it is a task. The comment is what was learnt from it.
PIECES = [
    ("规范供热收费。", True),  # short, without figure, alone in its line
    ("农田灌溉要推广节水办法，杜绝大水漫灌。", True),  # begins with what it is about
    ("我们要看到，外部环境更趋复杂。", False),
    ("民营经济是吸纳就业的主体。", False),
    ("推进乡村振兴，关键在人才。", False),  # begins like a task
    ("经过多年治理，主要河流水质明显改善。", False),
    ("只要上下同心，就没有过不去的坎。", False),
    ("责任单位：市民政局。", False),
    ("我相信，云川的明天会更好。", False),
    ("恢复被占用的河道岸线。", True),
    ("抓好以下四项工作。", False),
    ("深化国企改革三年行动，完成集团重组2家。", True),
    ("守护好一江碧水，是我们共同的责任。", False),  # begins like a task, and says what it is
    ("旱涝保收、旱地增产是粮食安全的必然要求。", False),  # the subject is a list
    ("商圈，一头连着生产，一头连着消费。", False),
    ("把扶持商户作为稳就业的重要抓手。", False),
    ("把扶持商户作为重要抓手，建立帮办专员制度。", True),
    ("各位代表，我们将大力支持国防建设，做好退役军人安置。", True),  # an address, and yet a commitment
    ("各位代表，民生是头等大事。", False),
]


RALLY = """云川市人民政府工作报告
2024年1月16日在云川市第八届人民代表大会第三次会议上
一、2023年工作回顾
2023年，全市各项工作有序展开。
二、2024年主要任务
按照上述指导思想和目标，今年着力抓好两方面的工作：
（一）稳住经济增长
扩大有效投资。支持云川铜业技改扩能；建成东郊物流园。
产业兴旺是云川发展的根基。我们要迎难而上、乘势而上，不断做大实体经济。
（二）办好民生实事
完善低保动态管理办法，开展困难群众走访。
群众的笑脸是最大的成绩。我们要办好十件实事，新增学位2000个。
"""


def test_a_section_may_end_with_an_appeal(rules: RuleBook) -> None:
    reports, _ = compile_source(Source("云川市2024.txt", RALLY, "utf-8", ""), rules)
    assert [task.text for task in reports[0].tasks] == [
        "支持云川铜业技改扩能；",
        "建成东郊物流园。",
        "完善低保动态管理办法，开展困难群众走访。",
        "我们要办好十件实事，新增学位2000个。",
    ]


@pytest.mark.parametrize(("text", "task"), PIECES)
def test_pieces(text: str, task: bool, rules: RuleBook) -> None:
    found = [one.text for one in tasks_of_example(text, rules, "（一）稳住经济增长")]
    assert found == ([text] if task else [])


DENSE = (
    "聚焦产业转型，加快构建现代产业体系。改造提升传统产业。实施技改项目80个，推动冶金企业提档升级。"
    "支持云川铜业发展精深加工，建设铜基材料中试平台。组建产业联盟。培育壮大新兴产业。加快东郊储能电池项目建设，"
    "建成投产二期工程。引进无人机企业6家，打造检测试飞基地。促进服务业提质。办好金秋购物节，改造步行街2条。"
    "建设冷链物流园，支持老字号开设新店。发展银发经济。推进养老机构改造，新增床位500张。完善社区助餐网络。"
)


def test_a_section_in_one_paragraph_keeps_its_heads(rules: RuleBook) -> None:
    tasks = tasks_of_example(DENSE, rules, "（二）推动产业转型")
    heads = ("聚焦", "改造提升传统", "培育壮大", "促进服务业", "发展银发经济")
    assert not [task.text for task in tasks if task.text.startswith(heads)]
    assert {task.path.rsplit("/", 1)[-1] for task in tasks} == {
        "改造提升传统产业", "培育壮大新兴产业", "促进服务业提质", "发展银发经济",
    }  # fmt: skip
    assert "组建产业联盟。" in [task.text for task in tasks]  # short, and still a task


def test_a_heading_that_seizes_a_chance_is_one_of_work(rules: RuleBook) -> None:
    assert len(tasks_of_example("推进口岸扩能，开通货运班列。", rules, "（一）抢抓重大机遇")) == 1
    assert tasks_of_example("推进口岸扩能，开通货运班列。", rules, "一、面临的形势") == ()


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("三季度完成桥梁合龙，10月底前通车。", "三季度；10月底前"),
        ("“十五五”末建成环线。", "“十五五”末"),
        ("全年新增就业3万人，每月调度一次。", ""),
        ("春节前清偿拖欠工资。", "春节前"),
        ("力争上半年投产。", "上半年"),
    ],
)
def test_deadlines_are_told_as_printed(text: str, deadline: str, rules: RuleBook) -> None:
    (task,) = tasks_of_example(text, rules, "（一）稳住经济增长")
    assert task.deadline == deadline


def test_the_examples_of_the_rules_hold(rules: RuleBook) -> None:
    assert len(rules.tasks.examples) >= 10
    assert [issue for issue in check_rulebook(rules) if issue.code == "R418"] == []


OFFICES = (
    OfficeRule(("农村公路",), "市交通运输局", ("市财政局",), ("地级",), since=2010),
    OfficeRule(("公路",), "市公路处", until=2009),
    OfficeRule(("公路",), "市交通局"),
)


@pytest.mark.parametrize(
    ("text", "lead", "support"),
    [
        ("新建农村公路50公里。", "市交通运输局", ("市财政局",)),
        ("养护国道公路80公里。", "市交通局", ()),
        ("新建公园2座。", "", ()),
    ],
)
def test_offices_come_from_the_offices_own_table_alone(
    text: str, lead: str, support: tuple[str, ...], rules: RuleBook
) -> None:
    (own,) = tasks_of_example(text, replace(rules, offices=OFFICES), "（一）稳住经济增长")
    assert (own.lead, own.support) == (lead, support)
    (shipped,) = tasks_of_example(text, rules, "（一）稳住经济增长")
    assert (rules.offices, shipped.lead, shipped.support) == ((), "", ())


# --- over real reports -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_reports(shared: Path, rules: RuleBook) -> list[CompiledReport]:
    """All seed and open reports."""
    found: list[CompiledReport] = []
    for given in find_inputs([shared / "reports", shared / "reports_open"])[0]:
        for source in read(given.path, given.relative).sources:
            found.extend(compile_source(source, rules)[0])
    return found


def test_every_target_of_the_year_lies_in_a_task(real_reports: list[CompiledReport]) -> None:
    outside = [
        (report.source, fact.quote)
        for report in real_reports
        for fact in report.facts
        if fact.kind is Kind.TARGET and fact.year == report.identity.report_year and fact.from_year is None
        if not any(fact.id in task.facts for task in report.tasks)
    ]
    assert outside == []


def test_tasks_are_verbatim_in_order_and_named_once(real_reports: list[CompiledReport]) -> None:
    for report in real_reports:
        tasks = report.tasks
        assert all(squeeze(report.text[task.start : task.end]) == task.text for task in tasks)
        assert [task.start for task in tasks] == sorted(task.start for task in tasks)
        assert len({task.id for task in tasks}) == len(tasks)


#: Each labelled report, with how many of its commitments are found and how many of the tasks are right, at least.
GOLD = {"001": (0.98, 0.95), "002": (0.98, 0.90), "易县_2019": (0.97, 0.95), "JS2025": (0.98, 0.96)}


@pytest.mark.parametrize("doc", GOLD)
def test_open_labels(doc: str, shared: Path, real_reports: list[CompiledReport]) -> None:
    with (shared / "gold" / "tasks_docs.csv").open(encoding="utf-8-sig") as stream:
        name = next(row["source"] for row in csv.DictReader(stream) if row["doc"] == doc)
    with (shared / "gold" / "tasks_gold.csv").open(encoding="utf-8-sig") as stream:
        gold = [row for row in csv.DictReader(stream) if row["doc"] == doc and row["label"] == "task"]
    tasks: list[Task] = list(next(r.tasks for r in real_reports if r.source.endswith(name)))
    texts = {_bare(task.text): task for task in tasks}
    found = [(row, texts[_bare(row["text"])]) for row in gold if _bare(row["text"]) in texts]
    recall, precision = GOLD[doc]
    assert len(found) >= recall * len(gold)
    assert len(found) >= precision * len(texts)
    assert sum(_bare(row["heading"]) == _bare(task.heading) for row, task in found) >= 0.95 * len(found)
    assert sum((row["quantified"] == "y") == task.quantified for row, task in found) >= 0.97 * len(found)


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
