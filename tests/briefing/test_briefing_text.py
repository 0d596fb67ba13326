"""What a briefing says: quoted, computed from the ledger, or fixed; and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from help import make_reports as made
from help.briefing_reader import CITATION, Paragraph, Read, W
from help.briefing_samples import Written, template, written

from compiler.briefing.compose import FUNCTIONS
from compiler.briefing.figure_wording import FigureWording
from compiler.briefing.groups import Groups
from compiler.briefing.inline_marks import typeset
from compiler.briefing.rows import Viewer
from compiler.briefing.sources import Sources
from compiler.briefing.write import Briefings
from compiler.ledger.join import build_ledger
from compiler.ledger.judge import JUDGED
from compiler.model import Bound, Hedge, Lexicon, Part, Sentence

NAMES = ("first", "second", "neighbour")


@pytest.fixture(params=NAMES)
def one(request: pytest.FixtureRequest) -> Written:
    return written()[request.param]


def part(read: Read, title: str) -> list[Paragraph]:
    return next(paragraphs for name, paragraphs in read.by_part.items() if title in name)


def titles(read: Read) -> list[str]:
    return [text.split("、", 1)[1] for text in read.of("heading 1")]


def test_outline() -> None:
    # A part without content is left out: the first year's report tells no problems, the neighbour has no work.
    assert titles(Read(written()["second"].path)) == [
        "要点", "2016年主要目标完成情况", "2017年主要预期目标", "重点工作", "存在问题",
    ]  # fmt: skip
    assert titles(Read(written()["first"].path)) == ["要点", "2015年主要指标实绩", "2016年主要预期目标", "重点工作"]
    assert titles(Read(written()["neighbour"].path)) == ["要点", "2016年主要指标实绩", "2017年主要预期目标"]


def test_annexes_are_numbered_and_listed(one: Written) -> None:
    read = Read(one.path)
    names = read.of("要情附件名称")
    assert names[0] == "口径说明" and names[-1] == "原文依据"
    assert read.of("要情附件序号") == [f"附件{n}" for n in range(1, len(names) + 1)]
    listed = [text.removeprefix("附件：").strip("　") for text in read.of("要情附件说明")]
    assert listed == [f"{n}.{name}" for n, name in enumerate(names, 1)]


def test_points_are_six_at_most_and_numbered(one: Written) -> None:
    points = Read(one.path).of("要情要点")
    assert 1 <= len(points) <= 6
    assert [point.split(".")[0] for point in points] == [str(n + 1) for n in range(len(points))]


def test_quotations_stand_in_the_source_and_once(one: Written) -> None:
    assert one.report is not None
    plain = typeset("".join(one.report.text.split()))
    quoted = Read(one.path).of("要情引文")
    for text in quoted:
        for sentence in re.findall("[^。！？]+[。！？]", text):
            assert sentence in plain
    assert len(quoted) == len(set(quoted))


def test_citations_lead_to_their_sentence_and_back(one: Written) -> None:
    read = Read(one.path)
    known = {typeset(sentence.text) for report in one.reports for sentence in report.sentences}
    places = {mark.get(f"{W}name"): mark for mark in read.document.iter(f"{W}bookmarkStart")}
    entries = {}
    for paragraph in read.paragraphs:
        if paragraph.style == "要情依据":
            number, text = re.fullmatch(r"\[(\d+)\]\t(.*)〔[^〔]*〕", paragraph.text).groups()  # type: ignore[union-attr]
            entries[number] = text
            assert text in known or text.startswith("见正文“")
            (back,) = paragraph.element.iter(f"{W}hyperlink")
            assert back.get(f"{W}anchor") == f"yw_{number}"
            assert places[f"yj_{number}"].getparent() is paragraph.element
    cited = []
    for link in read.document.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor").startswith("yj_"):
            shown = "".join(link.itertext()).strip("\u2060\u200b")
            assert shown == f"[{link.get(f'{W}anchor').removeprefix('yj_')}]"
            cited.append(shown.strip("[]"))
    assert set(cited) == set(entries)
    assert list(dict.fromkeys(cited)) == [str(n + 1) for n in range(len(entries))], "numbered as they come"


def test_the_annex_repeats_no_sentence_of_the_body() -> None:
    read = Read(written()["second"].path)
    body = "".join(read.of("要情引文"))
    for text in read.of("要情依据"):
        assert text.split("\t")[1].split("〔")[0] not in body
    assert any("见正文“重点工作”" in text for text in read.of("要情依据"))


def test_targets_inferred_from_the_report_itself_are_not_judged() -> None:
    """The ledger knows last year's target from "below the target by 0.6"; without last year's report it is not told."""
    report = made.second_year()
    target = replace(made.make_fact("gdp", "growth", "7", kind="target", year=2016), source=report.source)
    report = replace(report, facts=(*report.facts, target))
    ledger, _ = build_ledger([report], made.rulebook())
    viewer = Viewer(ledger, made.rulebook(), Sources([report]), template().words, template().lists)
    rows = viewer.listed(report).all
    assert any(row.status in JUDGED for row in ledger.rows)
    assert [row for row in rows if row.target or row.difference] == []
    assert Groups(rows, template().lists, []).within(template().limits)["reached"] == []


def test_with_last_years_report_targets_are_compared() -> None:
    read = Read(written()["second"].path)
    points = [CITATION.sub("", text) for text in read.of("要情要点")]
    assert points[1] == (
        "2.对照2016年目标，可比的11项中完成8项，72.7%；未完成2项：规模以上工业增加值（低于目标1.8个百分点）、"
        "城镇新增就业（完成目标任务的95.3%）。"
    )
    plan = [CITATION.sub("", p.text) for p in part(read, "2017年主要预期目标")]
    assert any("调低的有地区生产总值（由增长7%左右调整为增长6.5%）" in text for text in plan)


def test_hedges_stand_as_the_report_has_them() -> None:
    cells = {CITATION.sub("", p.text) for p in Read(written()["second"].path).paragraphs if p.in_table}
    assert {"增长6.5%左右", "控制在4.5%以内", "3万人以上", "增长4.5%～5%", "增长6.5%，力争增长7%"} <= cells


def test_reason_for_a_missed_target_is_the_reports_own_sentence() -> None:
    first, second = made.two_years()
    text = "受钢价下跌影响，规模以上工业增加值增速低于年初预期。"
    extra = Sentence(99, 99, 0, len(text), text, ("一、工作回顾",), Part.REVIEW)
    second = replace(second, sentences=(*second.sentences, extra))
    ledger, _ = build_ledger([first, second], made.rulebook())
    viewer = Viewer(ledger, made.rulebook(), Sources([first, second]), template().words, template().lists)
    rows = {row.name: row for row in viewer.listed(second).all}
    assert rows["规模以上工业增加值"].reason == text
    assert rows["城镇新增就业"].reason == ""


def test_the_work_stands_under_the_reports_own_headings() -> None:
    read = Read(written()["second"].path)
    assert read.of("heading 2")[:3] == ["（一）重点工作", "（二）产业升级", "（三）农业农村"]
    quoted = [p.text for p in part(read, "重点工作") if p.style == "要情引文"]
    assert any("38个亿元以上项目" in text for text in quoted)
    assert not any(text in "".join(quoted) for text in ("要坚定信心。", "同时，抓好服务。", "营造尊重企业家的氛围。"))


def test_the_summary_compares_places() -> None:
    read = Read(written()["summary"].path)
    assert read.paragraphs[0].text == "各地政府工作报告要情汇总"
    cells = [p.text for p in read.paragraphs if p.in_table]
    assert {"云川市", "临河市", "968.4亿元，增长6.9%（初步核算）", "6.9%（1）", "5.8%（2）"} <= set(cells)
    assert any("云川市2016年11项中完成8项" in text for text in read.of("要情要点"))
    assert len([item for item in read.of("caption") if item.startswith("图")]) == 1


def test_no_space_between_chinese_words(one: Written) -> None:
    for paragraph in Read(one.path).paragraphs:
        if paragraph.style not in {"要情引文", "要情依据"}:
            assert not re.search("[\u4e00-\u9fff，。；：、）] +[\u4e00-\u9fff（“]", paragraph.text), paragraph.text
            assert "  " not in paragraph.text
            assert not re.search("[，；：、]{2}|。。|；。|，。|：。|（）", paragraph.text), paragraph.text


def test_a_report_of_unknown_place_and_year_still_reads_well(tmp_path: Path) -> None:
    report = made.neighbour()
    report = replace(report, identity=replace(report.identity, place="", report_year=0, date=""))
    ledger, issues = build_ledger([report], made.rulebook())
    path = tmp_path / "unknown.docx"
    told = Briefings([report], ledger, issues, made.rulebook(), template()).write(path, report, made.INFO)
    assert told == ()
    read = Read(path)
    assert read.paragraphs[0].text == "丙政府工作报告要情"
    assert not re.search(r"(?<!\d)-?[01]年", read.text)
    assert read.faults() == []


@pytest.mark.parametrize(
    ("measure", "value", "raw", "modifier", "quote", "expected"),
    [
        ("growth", "6.5", "6.5%", "", "增长6.5%", "增长6.5%"),
        ("growth", "~6.5", "6.5%", "左右", "增长6.5%左右", "增长6.5%左右"),
        ("growth", "≥7", "7%", "以上", "增长7％以上", "增长7%以上"),
        ("growth", "≥7", "7%", "不低于", "增长不低于7%", "增长不低于7%"),
        ("growth", "-9", "9%", "", "下降9%", "下降9%"),
        ("growth", "-9", "-9%", "", "增速-9%", "下降9%"),
        ("growth", "0", "持平", "", "与上年持平", "与上年持平"),
        ("growth", "100", "翻一番", "", "翻一番", "翻一番"),
        ("growth", "210", "2.1倍", "", "增长2.1倍", "增长2.1倍"),
        ("growth", "30", "三成", "近", "增长近三成", "增长近三成"),
        ("growth", "与经济增长同步", "", "", "与经济增长同步", "与经济增长同步"),
        ("growth", "与经济增长同步", "", "", "居民收入增长与经济增长同步", "增长与经济增长同步"),
        ("growth", "不低于全省平均增幅", "", "", "出口总额不低于全省平均增幅", "不低于全省平均增幅"),
        ("growth", "~0", "基本持平", "", "增速基本持平", "基本持平"),
        ("level", "1035.1", "1035.1亿元", "", "1035.1亿元", "1035.1亿元"),
        ("level", "≥1000", "1000亿元", "突破", "突破1000亿元", "突破1000亿元"),
        ("level", "≤4.5", "4.5%", "控制在…以内", "控制在4.5%以内", "控制在4.5%以内"),
        ("change", "2.4", "2.4个百分点", "", "提高2.4个百分点", "提高2.4个百分点"),
        ("change", "-2.4", "2.4个百分点", "", "降低2.4个百分点", "降低2.4个百分点"),
    ],
)
def test_wording_of_figures(measure: str, value: str, raw: str, modifier: str, quote: str, expected: str) -> None:
    hedges = tuple(
        Hedge(word, side, Bound.GE)
        for side, words in (("before", "不低于 突破 近"), ("after", "以上 左右 以内"))
        for word in words.split()
    )
    rate = measure == "change" or (measure == "level" and "%" in raw)
    fact = replace(
        made.make_fact("unemployment" if rate else "gdp", measure, value), raw=raw, modifier=modifier, quote=quote
    )
    grown = template().lists["grown"]
    assert FigureWording(template().words, Lexicon({}, hedges, {}), grown).phrase(fact) == expected


@pytest.mark.parametrize(
    ("value", "raw", "expected"),
    [
        ("0", "持平", "持平"),
        ("~0", "基本持平", "基本持平"),
        ("~2", "2%", "2%"),
        ("3", "103%", "3%"),  # an index is told as the rise that it means
        ("~4", "104", "4%"),
        ("-0.4", "99.6", "-0.4%"),
    ],
)
def test_prices_that_did_not_rise_are_not_said_to_rise_as_last_year(value: str, raw: str, expected: str) -> None:
    fact = made.make_fact("prices", "level", value, raw=raw, quote=f"居民消费价格涨幅{raw}")
    assert FigureWording(template().words, Lexicon({}, (), {})).phrase(fact) == expected


def test_a_number_whose_unit_stands_in_the_name_behind_it_is_told_with_its_unit() -> None:
    fact = made.make_fact("jobs", "level", "1.2", raw="1.2万", quote="1.2万贫困人口脱贫")
    assert FigureWording(template().words, Lexicon({}, (), {})).phrase(fact) == "1.2万人"


def test_a_stretch_target_reads_as_striving() -> None:
    fact = made.make_fact("gdp", "growth", "≥7", tier="stretch", raw="7%", modifier="力争…以上", quote="力争7%以上")
    assert FigureWording(template().words, Lexicon({}, (), {})).phrase(fact) == "力争增长7%以上"


def test_a_stretch_that_is_to_be_reached_needs_no_verb() -> None:
    fact = made.make_fact(
        "gdp", "growth", "12.5", tier="stretch", raw="12.5%", modifier="力争达到", quote="力争达到12.5%"
    )
    hedges = (Hedge("力争达到", "before", Bound.EQ),)
    assert FigureWording(template().words, Lexicon({}, hedges, {})).phrase(fact) == "力争达到12.5%"


def test_one_part_of_a_ratio_is_shown_instead_of_the_ratio() -> None:
    fact = made.make_fact("urbanisation", "level", "35", raw="16:49:35")
    assert FigureWording(template().words, Lexicon({}, (), {})).phrase(fact) == "35%"


def test_neighbours_from_one_sentence_share_their_citation() -> None:
    points = Read(written()["second"].path).of("要情要点")
    goals = next(text for text in points if "主要预期目标" in text)
    cited = CITATION.findall(goals)
    assert all(one != following for one, following in pairwise(cited))


def test_places_are_counted_as_places() -> None:
    places = [f"第{n}市" for n in range(13)]
    assert FUNCTIONS["names"](places, 2, "个地区") == "第0市、第1市等13个地区"
    assert FUNCTIONS["names"](places[:2], 2, "个地区") == "第0市、第1市"
