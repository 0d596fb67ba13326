"""What a briefing says: quoted, computed from the ledger, or fixed; and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from help import make_reports as made
from help.briefing_reader import CITATION, CLAIMS, Paragraph, Read, W
from help.briefing_samples import Written, template, written

from compiler.briefing.rows import Sources, Viewer, Wording, groups
from compiler.briefing.write import write_briefing
from compiler.ledger.join import build_ledger
from compiler.ledger.judge import JUDGED
from compiler.ledger.rows import place_key
from compiler.model import Bound, CompiledReport, Hedge, Kind, Lexicon, Part, Sentence

NAMES = ("first", "second", "neighbour")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(params=NAMES)
def one(request: pytest.FixtureRequest) -> Written:
    return written()[request.param]


def sentences_of(reports: Iterable[CompiledReport]) -> set[str]:
    return {sentence.text for report in reports for sentence in report.sentences}


def part(read: Read, title: str) -> list[Paragraph]:
    return next(paragraphs for name, paragraphs in read.by_part.items() if title in name)


def test_outline(one: Written) -> None:
    titles = [text.split("、", 1)[1] for text in Read(one.path).of("heading 1")]
    assert one.report is not None
    year = one.report.identity.report_year
    assert len(titles) == 8
    assert titles[0] == "要点"
    assert titles[1].startswith(f"{year - 1}年主要")
    assert titles[2:] == [
        f"{year}年主要预期目标", "重点工作安排", "民生实事与重大项目", "存在问题", "对比参考", "需核实事项",
    ]  # fmt: skip
    assert Read(one.path).of("要情附件标题") == ["附件"]


def test_at_most_five_points_and_counts_first(one: Written) -> None:
    points = Read(one.path).of("要情要点")
    assert 1 <= len(points) <= 5
    assert re.search(r"\d+项", points[0])
    assert [point.split("．")[0] for point in points] == [str(n + 1) for n in range(len(points))]


def test_sentences_of_parts_four_to_six_stand_in_the_source(one: Written) -> None:
    assert one.report is not None
    known = sentences_of([one.report])
    read = Read(one.path)
    quoted = [p for title in ("重点工作", "民生实事", "存在问题") for p in part(read, title) if p.style == "要情引文"]
    if one.report.passages:
        assert quoted
    texts = [CITATION.sub("", paragraph.text) for paragraph in quoted]
    assert [text for text in texts if text not in known] == []
    assert len(texts) == len(set(texts)), "a sentence stands twice"
    plain = "".join(one.report.text.split())
    assert all(text in plain for text in texts)


def test_every_quotation_has_its_citation(one: Written) -> None:
    for paragraph in Read(one.path).paragraphs:
        if paragraph.style == "要情引文":
            assert CITATION.search(paragraph.text)


def test_citations_lead_to_their_sentence_and_back(one: Written) -> None:
    read = Read(one.path)
    known = sentences_of(one.reports)
    places = {mark.get(f"{W}name"): mark for mark in read.document.iter(f"{W}bookmarkStart")}
    entries = {}
    for paragraph in read.paragraphs:
        if paragraph.style == "要情依据":
            number, text = re.fullmatch(r"\[(\d+)\]\t(.*)〔[^〔]*〕", paragraph.text).groups()  # type: ignore[union-attr]
            entries[number] = text
            assert text in known
            (back,) = paragraph.element.iter(f"{W}hyperlink")
            assert back.get(f"{W}anchor") == f"yw_{number}"
            assert places[f"yj_{number}"].getparent() is paragraph.element
    cited = []
    for link in read.document.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor").startswith("yj_"):
            shown = "".join(link.itertext())
            assert shown == f"[{link.get(f'{W}anchor').removeprefix('yj_')}]"
            cited.append(shown.strip("[]"))
    assert set(cited) == set(entries)
    assert list(dict.fromkeys(cited)) == [str(n + 1) for n in range(len(entries))], "numbered as they come"
    # A quotation leads to the very sentence that it is.
    for paragraph in read.paragraphs:
        if paragraph.style == "要情引文":
            number = CITATION.findall(paragraph.text)[-1].strip("[]")
            assert entries[number] == CITATION.sub("", paragraph.text)


def allowed_numbers(one: Written) -> set[str]:
    """Return every number that the ledger gives, with the counts of its groups."""
    assert one.report is not None
    ledger, report = one.ledger, one.report
    texts: list[str] = []
    for row in ledger.rows:
        texts += [row.difference, row.status_word, *(step.text for step in row.steps), *row.remarks]
        for fact in row.facts:
            texts += [fact.raw, fact.text, fact.modifier]
    numbers = {number for text in texts for number in NUMBER.findall(text)}
    viewer = Viewer(ledger, one.rulebook, Sources(one.reports), template().words, template().lists)
    rows = viewer.rows(report)
    named = groups(rows, viewer.lines(report), viewer.has_last_report(report))
    counts = {str(len(rows)) for rows in named.values()}
    counts.add(str(sum(len(named[key]) for key in ("faster", "same", "slower"))))
    year = report.identity.report_year
    return numbers | counts | {str(year), str(year - 1)}


def test_each_figure_is_in_the_ledger(one: Written) -> None:
    read = Read(one.path)
    allowed = allowed_numbers(one)
    strange = []
    for title in ("要点", "年主要目标完成情况", "主要预期目标"):
        for paragraph in part(read, title):
            if paragraph.style in {"要情引文", "caption"}:
                continue
            text = re.sub(r"^\d+．", "", CITATION.sub("", paragraph.text))
            text = re.sub(r"[表图]\d+", "", text).replace("需核实事项", "")
            text = re.sub(r"另有需?\d+条|另有\d+条|另有需核实事项\d+条|另有\d+条，列在文末|\d+条，列在文末", "", text)
            if "报告的说明是" in text:
                text = text.split("报告的说明是")[0]
            strange += [(number, text) for number in NUMBER.findall(text) if number not in allowed]
    assert strange == []


@pytest.mark.parametrize("name", ["first", "neighbour"])
def test_without_last_years_report_nothing_is_met_or_missed(name: str) -> None:
    one = written()[name]
    assert one.report is not None
    read = Read(one.path)
    assert not one.ledger.has_report(place_key(one.report), one.report.identity.report_year - 1)
    said = [p.text for p in read.paragraphs if p.style not in {"要情引文", "要情依据"}]
    assert [text for text in said if CLAIMS.search(text)] == []
    year = one.report.identity.report_year - 1
    assert any(f"没有{year}年《政府工作报告》" in text for text in said)
    heads = [p.text for p in part(read, "年主要目标完成情况") if p.style == "要情表头"]
    assert "完成情况" not in heads
    assert f"{year}年目标" not in heads


def test_targets_inferred_from_the_report_itself_are_not_judged_either() -> None:
    """The ledger knows last year's target from "below the target by 0.6"; the briefing must not use it."""

    report = made.second_year()
    target = replace(made.make_fact("gdp", "growth", "7", kind="target", year=2016), source=report.source)
    report = replace(report, facts=(*report.facts, target))
    ledger, _ = build_ledger([report], made.rulebook())
    viewer = Viewer(ledger, made.rulebook(), Sources([report]), template().words)
    rows = viewer.rows(report)
    assert any(row.status in JUDGED for row in ledger.rows)
    assert [row for row in rows if row.status or row.target or row.difference] == []
    assert groups(rows, viewer.lines(report), False)["judged"] == []


def test_with_last_years_report_targets_are_compared() -> None:
    read = Read(written()["second"].path)
    points = read.of("要情要点")
    assert points[0] == (
        "1．2016年可以比较的目标11项，其中超额完成4项、完成4项、基本完成1项、未完成2项"
        "（规模以上工业增加值、城镇新增就业）。"
    )
    review = [CITATION.sub("", p.text) for p in part(read, "2016年主要目标完成情况")]
    assert any(
        text.startswith("规模以上工业增加值：目标增长8%，实绩增长6.2%，低于目标1.8个百分点。") for text in review
    )
    plan = [CITATION.sub("", p.text) for p in part(read, "2017年主要预期目标")]
    assert any("调低4项：地区生产总值（由增长7%左右调整为增长6.5%）" in text for text in plan)


def test_hedges_stand_as_the_report_has_them() -> None:
    cells = {CITATION.sub("", p.text) for p in Read(written()["second"].path).paragraphs if p.in_table}
    assert {"增长6.5%，力争增长7%以上", "增长6.5%左右", "控制在4.5%以内", "3万人以上", "增长4.5%～5%"} & cells >= {
        "增长6.5%左右", "控制在4.5%以内", "3万人以上", "增长4.5%～5%",
    }  # fmt: skip


def test_reason_for_a_missed_target_is_the_reports_own_sentence() -> None:

    first, second = made.two_years()
    text = "受钢价下跌影响，规模以上工业增加值增速低于年初预期。"
    extra = Sentence(99, 99, 0, len(text), text, ("一、工作回顾",), Part.REVIEW)
    second = replace(second, sentences=(*second.sentences, extra))
    ledger, _ = build_ledger([first, second], made.rulebook())
    viewer = Viewer(ledger, made.rulebook(), Sources([first, second]), template().words, template().lists)
    rows = {row.name: row for row in viewer.rows(second)}
    assert rows["规模以上工业增加值"].reason == text
    assert rows["城镇新增就业"].reason == ""


def test_passages_carry_figures_projects_and_commitments() -> None:
    read = Read(written()["second"].path)
    quoted = [CITATION.sub("", p.text) for p in part(read, "重点工作") if p.style == "要情引文"]
    assert any("东湖新材料产业园" in text for text in quoted)
    assert any("38个亿元以上项目" in text for text in quoted)
    assert not any(text in {"要坚定信心。", "同时，抓好服务。", "营造尊重企业家的氛围。"} for text in quoted)
    report = written()["second"].report
    assert report is not None
    order = [sentence.text for sentence in report.sentences]
    assert [order.index(text) for text in quoted] == sorted(order.index(text) for text in quoted)


def test_ranks_leave_out_places_without_the_figure() -> None:
    read = Read(written()["second"].path)
    cells = [p.text for p in part(read, "对比参考") if p.in_table]
    assert "1/2" in cells
    assert not any("农村" in cell for cell in cells), "the neighbour does not state it"


def test_a_place_alone_is_not_ranked() -> None:
    said = [p.text for p in part(Read(written()["first"].path), "对比参考")]
    assert said == ["本次汇编没有同级别的其他地区2016年的报告，暂不作对比。"]


def test_the_summary_compares_places() -> None:
    read = Read(written()["summary"].path)
    assert read.paragraphs[0].text == "各地政府工作报告要情汇总"
    cells = [p.text for p in read.paragraphs if p.in_table]
    assert {"云川市", "临河市", "968.4亿元，增长6.9%", "742.6亿元，增长5.8%"} <= set(cells)
    assert any("云川市2016年可比11项、完成9项、未完成2项" in text for text in read.of("要情要点"))


def test_nothing_is_said_of_a_result_as_a_target(one: Written) -> None:
    assert one.report is not None
    targets = {fact.raw for fact in one.report.facts if fact.kind is Kind.TARGET}
    results = {fact.raw for fact in one.report.facts if fact.kind is Kind.RESULT}
    for raw in results - targets:
        for paragraph in part(Read(one.path), "主要预期目标"):
            assert f"目标{raw}" not in paragraph.text


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
    told = write_briefing(path, report, ledger, [report], issues, made.rulebook(), template(), made.INFO)
    assert told == ()
    read = Read(path)
    assert read.paragraphs[0].text == "丙政府工作报告要情"
    assert read.of("heading 1")[1] == "二、上年主要目标完成情况"
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
    assert Wording(template().words, Lexicon({}, hedges, {})).phrase(fact) == expected


def test_a_stretch_target_reads_as_striving() -> None:
    fact = made.make_fact("gdp", "growth", "≥7", tier="stretch", raw="7%", modifier="力争…以上", quote="力争7%以上")
    assert Wording(template().words, Lexicon({}, (), {})).phrase(fact) == "力争增长7%以上"


def test_one_part_of_a_ratio_is_shown_instead_of_the_ratio() -> None:
    fact = made.make_fact("urbanisation", "level", "35", raw="16:49:35")
    assert Wording(template().words, Lexicon({}, (), {})).phrase(fact) == "35%"


def test_neighbours_from_one_sentence_share_their_citation() -> None:
    points = Read(written()["second"].path).of("要情要点")
    goals = next(text for text in points if "主要预期目标" in text)
    cited = CITATION.findall(goals)
    assert all(one != following for one, following in pairwise(cited))
    assert goals.rstrip("。").endswith("]")
