"""Which sentences of a report a briefing shows: whole, with their lists, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from help import make_reports as made
from help.briefing_samples import template

from compiler.briefing.choose import Chooser
from compiler.briefing.inline_marks import typeset
from compiler.briefing.sources import Sources, without_pages
from compiler.model import CompiledReport, Part, Passage

PLAN = ("二、2017年工作安排",)


def chooser(report: CompiledReport, **limits: int) -> Chooser:
    shipped = template()
    return Chooser(report, Sources([report]), shipped.lists, {**shipped.limits, **limits}, shipped.sections)


def plan(sections: Mapping[str, Sequence[str]], part: Part = Part.PLAN) -> CompiledReport:
    """A report whose plan has these sentences below these headings; those of one heading make one paragraph."""
    lines = [made.Line(text, part, (*PLAN, heading)) for heading, texts in sections.items() for text in texts]
    report = made.make_report("云川市", 2017, lines)
    numbers = {heading: n for n, heading in enumerate(sections, 1)}
    sentences = tuple(one._replace(paragraph=numbers[one.headings[-1]]) for one in report.sentences)
    return replace(report, sentences=sentences)


def work(texts: Sequence[str], **limits: int) -> str:
    found = chooser(plan({"（一）做强产业": texts}), **limits).work(())
    return found[0].text if found else ""


@pytest.mark.parametrize(
    ("texts", "best"),
    [
        (["营造良好氛围，增强信心决心。", "新增就业岗位3.2万个以上。"], "新增就业岗位3.2万个以上。"),
        (
            ["大力弘扬实干精神，振奋士气。", "年底前开工建设南部新城综合管廊工程。"],
            "年底前开工建设南部新城综合管廊工程。",
        ),
        (["同时，新建公路26公里，改造桥梁3座。", "新建公路27公里，改造桥梁3座。"], "新建公路27公里，改造桥梁3座。"),
        (["实施办学条件提升工程。", "新建学校3所、改造医院12所。"], "新建学校3所、改造医院12所。"),
        (["推进5G网络和“1+3”政策包建设，用好“6921”品牌。", "改造小区12个，修路30公里。"], "改造小区12个，修路30公里。"),
        (["认真落实国办发62号文件，推进项目建设。", "推进38个亿元以上项目建设。"], "推进38个亿元以上项目建设。"),
    ],
)
def test_the_better_sentence_is_chosen(texts: list[str], best: str) -> None:
    assert work(texts, heading=20, heading_least=20) == best
    assert work(texts[::-1], heading=20, heading_least=20) == best


def test_the_order_is_that_of_the_report() -> None:
    texts = ["甲地新建学校3所。", "空话一句而已，没有内容。", "乙地改造医院12所、道路36公里。"]
    assert work(texts) == texts[0] + texts[2]


LISTS = [
    ("two stores", ["抓好“两个库”：一个是开工项目库。", "另一个是储备项目库，收进项目200个。"]),
    ("first to third", ["突出三个重点。", "一是新建学校3所。", "二是改造医院2所。", "三是修路30公里。"]),
    ("digits", ["办好以下实事。", "1.新建学校3所。", "2.修路30公里。"]),
    ("ordinals", ["做好两件事。", "第一，新建学校3所。", "第二，修路30公里。"]),
]


@pytest.mark.parametrize("texts", [texts for _, texts in LISTS], ids=[name for name, _ in LISTS])
def test_a_list_is_taken_whole_or_not_at_all(texts: list[str]) -> None:
    assert work(texts) == "".join(texts)
    other = "推进城区改造，新建管网12公里、泵站6座。"
    assert work([other, *texts], sentence_length=22) == other


def test_the_first_item_is_not_told_without_the_others_further_on() -> None:
    texts = [
        "抓好“两个库”：一个是开工项目库。",
        "开工项目分类入库，建立台账36本。",
        "另一个是储备项目库，收进项目90个。",
    ]
    assert work(texts, heading=200) == texts[1]
    whole = "抓好“两个库”：一个是开工项目库，另一个是储备项目库，收进项目90个。"
    assert work([whole]) == whole


def test_an_item_that_stands_alone_has_no_number() -> None:
    texts = ["一是加强管理，推进“一网通办”改革。", "二是压减一般性支出，把每一分钱都花在刀刃上，节约经费12%。"]
    assert work(texts, sentence_length=30) in {text[2:] for text in texts}


def test_a_long_sentence_is_cut_at_whole_clauses_where_nothing_else_is_there() -> None:
    long = "新建学校3所；改造医院2所；" + "、".join(f"推进第{n}个项目" for n in range(20)) + "。"
    assert work([long]) == "新建学校3所；改造医院2所……"
    assert work([long, "修路30公里，建桥3座。"]) == "修路30公里，建桥3座。"


@pytest.mark.parametrize(
    "text", ["（一）做强产业。", "做强产业。", "各位代表，让我们携手建设300个项目！", "谢谢大家，实现5个目标！"]
)
def test_headings_salutations_and_closing_calls_are_left_out(text: str) -> None:
    assert work([text, "新建学校3所，修路30公里。"]) == "新建学校3所，修路30公里。"


def test_a_heading_without_substance_is_left_out() -> None:
    report = plan({"（一）做强产业": ["新建学校3所，修路30公里。"], "（二）改进作风": ["要坚定信心。"]})
    assert [one.name for one in chooser(report).work(())] == ["做强产业"]


def test_the_headings_are_the_reports_own_in_their_order() -> None:
    names = ["（三）兴修水利", "（一）做强产业", "（二）扩大开放，用好外资"]
    report = plan({name: [f"建成项目{n}个，投资{n}亿元。"] for n, name in enumerate(names, 3)})
    assert [one.name for one in chooser(report).work(())] == ["兴修水利", "做强产业", "扩大开放，用好外资"]


def headed(*paths: tuple[str, ...]) -> list[str]:
    lines = [made.Line(f"建成项目{n}个，投资{n}亿元。", Part.PLAN, path) for n, path in enumerate(paths, 2)]
    return [one.name for one in chooser(made.make_report("云川市", 2017, lines)).work(())]


def test_requirements_and_targets_are_no_work() -> None:
    paths = [
        ("二、2017年总体要求", "（一）坚持稳进"),
        ("三、2017年重点任务", "（一）预期目标"),
        ("三、2017年重点任务", "（二）做强产业"),
    ]
    assert headed(*paths) == ["做强产业"]


def test_requirements_of_the_years_work_are_no_work_where_another_part_holds_it() -> None:
    paths = [
        ("二、2017年工作总体要求", "做好今年工作，要把握以下四点"),
        ("三、今年主要工作任务", "（一）做强产业"),
        ("三、今年主要工作任务", "（二）扩大开放"),
    ]
    assert headed(*paths) == ["做强产业", "扩大开放"]


def test_what_follows_the_work_is_one_heading_whatever_divides_it() -> None:
    paths = [
        ("二、2017年工作安排", "（一）做强产业"),
        ("二、2017年工作安排", "（二）扩大开放"),
        ("三、加强政府自身建设", "（一）依法行政"),
        ("三、加强政府自身建设", "（二）廉洁从政"),
        ("三、加强政府自身建设", "（三）真抓实干"),
    ]
    assert headed(*paths) == ["做强产业", "扩大开放", "加强政府自身建设"]
    unnamed = [("一、做强产业", "（一）工业"), ("一、做强产业", "（二）农业"), ("二、扩大开放", "（一）外贸")]
    assert headed(*unnamed) == ["工业", "农业", "外贸"]


def test_a_long_heading_gives_way_by_its_clauses() -> None:
    report = plan({"（一）聚力做强产业，提升发展质量，增添振兴动能": ["建成项目3个，投资5亿元。"]})
    for most, name in (
        (40, "聚力做强产业，提升发展质量，增添振兴动能"),
        (14, "聚力做强产业，提升发展质量"),
        (3, "聚力做强产业"),
    ):
        assert [one.name for one in chooser(report, heading_length=most).work(())] == [name]


def test_the_headline_of_projects_begins_where_they_are_counted() -> None:
    long = "深入落实“项目年”部署，坚持盘活存量、吸引增量，全年亿元以上项目开工90个、竣工129个。"
    own = chooser(plan({"（一）做强产业": ["发展“1+6+2”产业项目。", long]}))
    assert [one.text for one in own.project(30)] == ["全年亿元以上项目开工90个、竣工129个"]
    assert [one.text for one in own.project(60)] == [long.rstrip("。")]
    assert own.project(10) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # What is counted, to the last figure; a list of measures behind it is left.
        (
            "对年内开工的229个项目，特别是15个重大项目实行台账管理，逐一梳理审批、融资、拆迁等问题，并形成长效机制。",
            ["对年内开工的229个项目，特别是15个重大项目实行台账管理"],
        ),
        ("深化包联，推动新能源产业园、云计算中心等27个重点项目早投产。", None),  # one count of weight
        ("新开工亿元以上项目90个。", None),
        ("抓好3个项目前期。", []),
        ("实现检查结果互认项目200项，县域就诊率达到90%。", []),
        ("争取36个项目列入省技术创新重点项目、2家企业列入试点。", []),  # to be listed is no building
    ],
)  # fmt: skip
def test_the_headline_of_projects_counts_projects(text: str, told: list[str] | None) -> None:
    own = chooser(plan({"（一）做强产业": [text]}))
    assert [one.text for one in own.project(40)] == ([text.rstrip("。")] if told is None else told)


def test_of_two_well_counted_headlines_the_shorter_is_told() -> None:
    whole = "亿元以上项目新开工90个、续建273个、竣工129个。"
    part = "重点抓好炼化一体化、铝产业基地等20个重大项目，再引进项目30个以上，其中10亿元以上项目6个，实现投资突破。"
    own = chooser(plan({"（一）做强产业": [whole], "（二）建设新区": [part]}))
    assert [one.text for one in own.project(80)] == [whole.rstrip("。")]


def test_a_part_without_divisions_stands_for_itself() -> None:
    paths = [
        ("二、2017年工作安排", "（一）做强产业"),
        ("二、2017年工作安排", "（二）扩大开放"),
        ("三、加强政府自身建设",),
    ]
    assert headed(*paths) == ["做强产业", "扩大开放", "加强政府自身建设"]


def test_an_attachment_whose_numbers_begin_anew_is_no_work() -> None:
    paths = [("三、2017年重点任务", "（一）做强产业"), ("一、扩大就业",), ("二、养老服务",)]
    assert headed(*paths) == ["做强产业"]


def test_what_the_targets_section_holds_is_no_work() -> None:
    report = plan({"（一）做强产业": ["生产总值增长7%，财政收入增长6%。", "新建学校3所，修路30公里。"]})
    passage = Passage("targets", "目标", Part.PLAN, "", 1, 0, 9, "", (report.sentences[0].number,))
    assert chooser(replace(report, passages=(passage,))).work(())[0].text == "新建学校3所，修路30公里。"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["继续办好民生实事，增进福祉。"], []),
        (["该给大家办的实事一件也不能少。"], []),
        (["今年办好十件民生实事，件件有着落。"], ["今年办好十件民生实事，件件有着落。"]),
        (["办好12类45件民生实事。", "抓好10件惠企实事，优化环境。"], ["办好12类45件民生实事。"]),
        (["办好民生实事：一是建学校3所；二是修路30公里；三是改厕200座。"], None),
        (["重点办好十件民生实事：一是建学校3所。", "二是修路30公里。"], None),  # None: all of it
    ],
)  # fmt: skip
def test_only_what_counts_or_lists_deeds_is_told_as_deeds(texts: list[str], expected: list[str] | None) -> None:
    expected = ["".join(texts)] if expected is None else expected
    assert [one.text for one in chooser(plan({"（一）改善民生": texts})).deeds()] == expected


PROBLEMS = [
    (
        [
            "同时，我们也清醒地认识到，发展中还存在一些矛盾和问题。",
            "一是投资后劲不足，项目储备少；二是企业创新能力不强；三是作风建设有待加强。",
            "对于这些问题，我们将认真加以解决。",
        ],
        "一是投资后劲不足，项目储备少；二是企业创新能力不强；三是作风建设有待加强。",
        ["投资后劲不足", "企业创新能力不强", "作风建设有待加强"],
    ),
    (
        ["前进中还有不少困难和问题：工业占比偏低，链条不长；财政收支矛盾突出。", "我们将采取有力措施加以解决。"],
        "工业占比偏低，链条不长；财政收支矛盾突出。",
        ["工业占比偏低", "财政收支矛盾突出"],
    ),
    (
        ["各位代表，我们清醒地看到，县域经济总量偏小，工业支撑不强。"],
        "县域经济总量偏小，工业支撑不强。",
        ["县域经济总量偏小", "工业支撑不强"],
    ),
    (
        [
            "我们也看到，发展中还存在不少问题；与群众期盼相比还有差距。主要是：",
            "一是总量不大。二是链条不长。都需切实解决。",
        ],
        "一是总量不大。二是链条不长。",
        ["总量不大", "链条不长"],
    ),
    (
        ["我们也清醒认识到，发展不充分问题仍然突出，消费增长动力偏弱，必须直面问题，切实加以解决。"],
        "发展不充分问题仍然突出，消费增长动力偏弱。",
        ["发展不充分问题仍然突出", "消费增长动力偏弱"],
    ),
    (
        ["我们清醒认识到：新兴产业发育不足；城乡差距较大；这些都是发展中的问题。"],
        "新兴产业发育不足；城乡差距较大。",
        ["新兴产业发育不足", "城乡差距较大"],
    ),
    (
        ["我们也清醒认识到，一是受市场影响，部分指标没有达到预期；二是人才不多。", "对这些问题，我们一定下力气解决。"],
        "一是受市场影响，部分指标没有达到预期；二是人才不多。",
        ["人才不多"],  # what is an admission stands before the problems
    ),
    (  # what is wrong stands behind what is done
        [
            "我们清醒地看到：一是园区投入不断加大，民生支出大幅增长，使财政压力空前。",
            "二是作为重点县，面临着既要加快发展，又要做好减排的双重压力。三是链条不长，带动力弱。",
        ],
        "一是园区投入不断加大，民生支出大幅增长，使财政压力空前。"
        "二是作为重点县，面临着既要加快发展，又要做好减排的双重压力。三是链条不长，带动力弱。",
        ["财政压力空前", "面临着既要加快发展，又要做好减排的双重压力", "链条不长"],
    ),
    (  # of one sentence the clauses that lack something
        ["我们清醒认识到，新老问题并存，外部环境影响加深，总量不足，结构有待优化，动力不强，切实加以解决。"],
        "新老问题并存，外部环境影响加深，总量不足，结构有待优化，动力不强。",
        ["新老问题并存", "总量不足", "结构有待优化", "动力不强"],
    ),
    (
        ["在看到成绩的同时，我们也清醒认识到困难和挑战。", "有效需求不足，企业经营困难，财政收支矛盾加剧。"],
        "有效需求不足，企业经营困难，财政收支矛盾加剧。",
        ["有效需求不足", "企业经营困难", "财政收支矛盾加剧"],
    ),
]


def problems_of(texts: Sequence[str]) -> CompiledReport:
    report = plan({"（一）问题": texts}, Part.REVIEW)
    numbers = tuple(one.number for one in report.sentences)
    return replace(report, passages=(Passage("problems", "问题", Part.REVIEW, "", 1, 0, 9, "".join(texts), numbers),))


@pytest.mark.parametrize(("texts", "paragraph", "heads"), PROBLEMS)
def test_problems_are_one_paragraph_without_openers(texts: list[str], paragraph: str, heads: list[str]) -> None:
    own = chooser(problems_of(texts))
    found, first = own.problems(), own.problem_heads
    assert [one.text for one in found] == [paragraph]
    assert [one.text for one in first] == heads


def test_many_problems_are_told_by_the_first_sentence_of_each() -> None:
    texts = [f"{numeral}是问题{numeral}突出，影响面大。" for numeral in "一二三四五"]
    longer = [part for text in texts for part in (text, "原因在于多年来积累的各种结构性矛盾没有得到根本缓解。")]
    found = chooser(problems_of(longer), problems=100).problems()
    assert found[0].text == "".join(texts)


def test_problems_too_long_for_their_room_are_cut_at_a_clause_none_left_out() -> None:
    texts = [
        "一是经济增长不及预期，主要指标没有达到目标，下行压力大。",
        "二是招商力度不够大，落地项目少，盘活存量办法不多。",
        "三是受市场影响，财政收支矛盾加剧。",
    ]
    own = chooser(problems_of(texts), problems=60)
    told = (
        "一是经济增长不及预期，主要指标没有达到目标……二是招商力度不够大，落地项目少……三是受市场影响，财政收支矛盾加剧。"
    )
    assert own.problems()[0].text == told
    assert [one.text for one in own.problem_heads] == ["招商力度不够大", "财政收支矛盾加剧"]


def test_a_review_of_several_years_admits_nothing_of_the_last() -> None:
    says = ["五年来，部分指标没有完成规划目标。"]
    assert chooser(plan({"（一）回顾": says}, Part.REVIEW_SPAN)).admissions == []
    assert [one.text for one in chooser(plan({"（一）回顾": says}, Part.REVIEW)).admissions]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("项目竣工投产,确保见效;抓好(续建)工程", "项目竣工投产，确保见效；抓好（续建）工程"),
        ("增长9%,高于全省", "增长9%，高于全省"),
        ("投资1,200万元，增长10:3", "投资1,200万元，增长10:3"),
        ("用好(A股)市场", "用好（A股）市场"),
        ("抓好(A2）工程", "抓好（A2）工程"),
        ("推进5G(二期)", "推进5G（二期）"),
        ("plain, text", "plain, text"),
        ('推动“1820"策源，用好"智改"政策', "推动“1820”策源，用好“智改”政策"),
        ("落实“1+3”政策包[16]，推进改革。", "落实“1+3”政策包，推进改革。"),  # a footnote of the report
    ],
)
def test_half_width_punctuation_between_chinese_is_shown_full_width(given: str, shown: str) -> None:
    assert typeset(given) == shown


@pytest.mark.parametrize(
    ("texts", "head"),
    [
        (["今年办好12类45件民生实事，件件有着落。"], "今年办好12类45件民生实事"),
        (["办好民生实事：1．建学校3所，增学位200个；2．修路30公里；3．改厕200座。"], "建学校3所，增学位200个"),
        (["重点办好十件民生实事：一是建学校3所。", "二是修路30公里。"], "重点办好十件民生实事"),
    ],
)
def test_the_headline_of_deeds_is_their_count_or_the_first_of_them(texts: list[str], head: str) -> None:
    own = chooser(plan({"（一）改善民生": texts}))
    assert [one.text for one in own.deed_heads(own.deeds())] == [head]


def test_deeds_that_are_too_many_are_told_by_their_count() -> None:
    texts = ["民生是执政之本。", "今年我们将办好10件民生实事：①新建学校3所。", "②修建农村公路30公里。"]
    report = plan({"（一）改善民生": texts})
    for most, told in ((330, "".join(texts[1:])), (20, "今年我们将办好10件民生实事。")):
        own = chooser(report, deeds=most)
        assert [one.text for one in own.deeds()] == [told]
        assert [one.text for one in own.deed_heads(own.deeds())] == ["今年我们将办好10件民生实事"]


def test_a_page_that_ends_within_a_sentence_is_not_quoted() -> None:
    report = plan({"（一）改善民生": ["新建学校3所，改造棚户—3—云川市政府工作报告区5000套。", "投资1—2亿元。"]})
    shown = without_pages(replace(report, identity=replace(report.identity, title="云川市政府工作 报告")))
    assert [one.text for one in shown.sentences] == ["新建学校3所，改造棚户区5000套。", "投资1—2亿元。"]


def test_a_rule_that_took_a_whole_part_by_its_heading_took_no_work_away() -> None:
    report = plan({"（一）做强产业": ["新建学校3所，修路30公里。"], "（二）扩大开放": ["引进项目20个，投资5亿元。"]})
    numbers = tuple(one.number for one in report.sentences)
    passage = Passage("targets", "目标", Part.PLAN, "", 1, 0, 9, "", numbers)
    assert [one.name for one in chooser(replace(report, passages=(passage,))).work(())] == ["做强产业", "扩大开放"]
