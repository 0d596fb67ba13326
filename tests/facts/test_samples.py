"""The shipped samples: what each of them shows is found, and none of them copies a real report."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Built

from compiler.model import Fact
from compiler.workspace import sample_files

#: file, number in the file, place, code, level, year the report plans for
REPORTS = [
    ("01-宜春市2023年政府工作报告.txt", 1, "宜春市", "360900", "地级", 2023),
    ("02-宜春市2024年政府工作报告.txt", 1, "宜春市", "360900", "地级", 2024),
    ("03-桂林市2024年政府工作报告.docx", 1, "桂林市", "450300", "地级", 2024),
    ("04-安吉县2024年政府工作报告.txt", 1, "湖州市安吉县", "330523", "县级", 2024),
    ("05-没有标题.txt", 1, "昭通市", "530600", "地级", 2019),
    ("06-扫描件识别文本.txt", 1, "曲靖市", "530300", "地级", 2021),
    ("07-市县报告汇编.txt", 1, "汉中市", "610700", "地级", 2020),
    ("07-市县报告汇编.txt", 2, "汉中市洋县", "610723", "县级", 2020),
    ("08-崂山区2022年（重复收录）.txt", 1, "青岛市崂山区", "370212", "县级", 2022),
]

#: place, year, kind, indicator, figure as ``measure figure [tier]``; figures in the rule's unit
FACTS = [
    # two consecutive years of one city
    ("宜春市", 2022, "result", "地区生产总值", "level eq 3318.6"),
    ("宜春市", 2022, "result", "出口总额", "growth eq 16.3"),
    ("宜春市", 2023, "target", "地区生产总值", "growth approx 7"),
    ("宜春市", 2023, "target", "社会消费品零售总额", "growth ge 8"),
    ("宜春市", 2023, "target", "一般公共预算收入", "growth eq 4"),
    ("宜春市", 2023, "target", "一般公共预算收入", "growth eq 5 stretch"),
    ("宜春市", 2023, "target", "出口总额", "level eq 28"),
    ("宜春市", 2023, "target", "城镇常住居民人均可支配收入", "growth text 与经济增长同步"),
    ("宜春市", 2023, "target", "农村常住居民人均可支配收入", "growth text 高于全省平均水平"),
    ("宜春市", 2023, "target", "城镇调查失业率", "level le 5.5"),
    ("宜春市", 2023, "target", "单位地区生产总值能耗", "growth eq -2.5"),
    ("宜春市", 2023, "target", "PM2.5平均浓度", "level le 31"),
    ("宜春市", 2023, "result", "地区生产总值", "growth eq 6.9"),
    ("宜春市", 2023, "result", "粮食产量", "level eq 362.4"),
    ("宜春市", 2024, "target", "固定资产投资", "growth ge 6 stretch"),
    # a Word file; lists with 分别 and 均; ranges
    ("桂林市", 2023, "result", "第三产业增加值", "growth eq 6"),
    ("桂林市", 2023, "result", "一般公共预算收入", "growth eq -1.7"),
    ("桂林市", 2023, "result", "城镇常住居民人均可支配收入", "level eq 43120"),
    ("桂林市", 2023, "result", "农村常住居民人均可支配收入", "growth eq 7.1"),
    ("桂林市", 2024, "target", "固定资产投资", "growth range 3 5"),
    ("桂林市", 2024, "target", "规模以上工业增加值", "growth eq 10 stretch"),
    ("桂林市", 2024, "target", "城镇常住居民人均可支配收入", "growth eq 5"),
    # a county
    ("湖州市安吉县", 2023, "result", "地区生产总值", "level eq 618.3"),
    ("湖州市安吉县", 2023, "result", "农村常住居民人均可支配收入", "level eq 44906"),
    ("湖州市安吉县", 2024, "target", "城镇常住居民人均可支配收入", "growth ge 6"),
    ("湖州市安吉县", 2024, "target", "农村常住居民人均可支配收入", "growth ge 6"),
    # no title: the place stands in the text only
    ("昭通市", 2018, "result", "粮食产量", "level eq 218.7"),
    ("昭通市", 2019, "target", "城镇登记失业率", "level le 4.5"),
    ("昭通市", 2019, "target", "造林面积", "level ge 70"),
    # broken lines, page numbers, full-width figures, blanks inside figures
    ("曲靖市", 2020, "result", "地区生产总值", "level eq 2986.4"),
    ("曲靖市", 2020, "result", "社会消费品零售总额", "level eq 876.5"),
    ("曲靖市", 2020, "result", "城镇常住居民人均可支配收入", "growth eq 4.1"),
    ("曲靖市", 2020, "result", "农村常住居民人均可支配收入", "level eq 15306"),
    ("曲靖市", 2020, "result", "工业用电量", "level eq 260"),
    ("曲靖市", 2021, "target", "居民消费价格涨幅", "level le 3"),
    ("曲靖市", 2021, "target", "新增养老床位", "level eq 1200"),
    # two reports in one file
    ("汉中市", 2019, "result", "地区生产总值", "growth eq 6.3"),
    ("汉中市", 2020, "target", "居民消费价格涨幅", "level approx 3.5"),
    ("汉中市洋县", 2019, "result", "城镇常住居民人均可支配收入", "level eq 32840"),
    ("汉中市洋县", 2019, "result", "城镇新增就业", "level eq 0.186"),
    ("汉中市洋县", 2020, "target", "农村常住居民人均可支配收入", "growth eq 9"),
    # a report that stands twice in its file
    ("青岛市崂山区", 2021, "result", "地区生产总值", "level eq 1053.7"),
    ("青岛市崂山区", 2021, "result", "进出口总额", "growth eq 210"),
    ("青岛市崂山区", 2022, "target", "居民人均可支配收入", "growth text 与经济增长基本同步"),
]

#: figures of a span of years or of a part, which are no facts: place, indicator, figure
NO_FACTS = [
    ("曲靖市", "地区生产总值", "growth eq 8.2"),
    ("曲靖市", "固定资产投资", "level eq 7600"),
    ("曲靖市", "地区生产总值", "level ge 4500"),
    ("青岛市崂山区", "地区生产总值", "growth eq 7.3"),
    ("青岛市崂山区", "地区生产总值", "level eq 1500"),
]

#: what the two reports of 宜春市 give together for 2023: indicator, status
STATUSES = [
    ("地区生产总值", "基本完成"),
    ("规模以上工业增加值", "超额完成"),
    ("固定资产投资", "未完成"),
    ("社会消费品零售总额", "完成"),
    ("一般公共预算收入", "超额完成"),
    ("城镇新增就业", "超额完成"),
    ("城镇调查失业率", "完成"),
    ("PM2.5平均浓度", "完成"),
    ("棚户区改造", "完成"),
    ("出口总额", "口径不一致"),
    ("农村常住居民人均可支配收入", "文字目标待核"),
    ("实际利用外资", "未取到"),
    ("居民消费价格涨幅", "不作判定"),
]


def shown(fact: Fact) -> str:
    """Write a fact's figure as the tables above do."""
    if fact.text:
        return f"{fact.measure} text {fact.text}"
    figures = [f"{figure.normalize():f}" for figure in (fact.low, fact.high) if figure is not None]
    if len(figures) == 2 and figures[0] == figures[1]:
        figures.pop()
    words = [str(fact.measure), str(fact.bound), *figures]
    return " ".join([*words, "stretch"] if fact.tier == "stretch" else words)


def test_every_report_is_found_once(samples_build: Built) -> None:
    found = [
        (r.source, r.number, r.identity.place, r.identity.place_code, r.identity.place_level, r.identity.report_year)
        for r in samples_build.gathered.reports
    ]
    assert found == REPORTS


@pytest.mark.parametrize(("place", "year", "kind", "indicator", "figure"), FACTS)
def test_a_figure_is_found(place: str, year: int, kind: str, indicator: str, figure: str, samples_build: Built) -> None:
    facts = samples_build.outcome.facts
    found = {shown(f) for f in facts if (f.place, f.year, f.kind, f.indicator) == (place, year, kind, indicator)}
    assert figure in found


@pytest.mark.parametrize(("place", "indicator", "figure"), NO_FACTS)
def test_a_figure_of_a_span_or_part_is_no_fact(place: str, indicator: str, figure: str, samples_build: Built) -> None:
    facts = samples_build.outcome.facts
    # A fact of several years is told apart by from_year and enters no yearly column.
    yearly = [f for f in facts if f.from_year is None]
    assert figure not in {shown(f) for f in yearly if (f.place, f.indicator) == (place, indicator)}


@pytest.mark.parametrize(("indicator", "status"), STATUSES)
def test_targets_meet_results(indicator: str, status: str, samples_build: Built) -> None:
    rows = [
        row
        for row in samples_build.gathered.ledger.rows
        if (row.place, row.year, row.indicator) == ("宜春市", 2023, indicator)
    ]
    assert [row.status_word for row in rows] == [status]


def test_one_report_alone_is_never_said_to_have_missed(samples_build: Built) -> None:
    for row in samples_build.gathered.ledger.rows:
        if row.place != "宜春市":
            assert row.status_word not in ("未完成", "完成", "超额完成", "基本完成") or row.completions, row


def test_the_repetition_and_the_other_findings_are_issues(samples_build: Built) -> None:
    from compiler.issues import message

    said = [(issue.code, issue.source, message(issue)) for issue in samples_build.outcome.issues]
    assert any(source.startswith("08-") and "重复" in text for _, source, text in said)


def test_sections_are_captured(samples_build: Built) -> None:
    for report in samples_build.gathered.reports:
        names = {passage.section for passage in report.passages}
        assert any("问题" in name for name in names), report.source
    yichun = samples_build.gathered.reports[1]
    assert any("民生实事" in passage.section for passage in yichun.passages)


def test_most_figures_are_covered(samples_build: Built) -> None:
    figures = sum(report.figures for report in samples_build.gathered.reports)
    uncovered = sum(len(report.uncovered) for report in samples_build.gathered.reports)
    assert figures > 400 and uncovered / figures < 0.35


def test_no_real_report_is_copied(shared: Path) -> None:
    """No 30 characters in a row of a real report stand in a sample or anywhere in rules, templates or tests."""
    length = 30
    known: set[str] = set()
    for path in (shared / "reports").glob("*.txt"):
        text = re.sub(r"\s", "", path.read_text(encoding="utf-8", errors="replace"))
        known.update(text[i : i + length] for i in range(len(text) - length + 1))
    top = Path(__file__).resolve().parents[2]
    places = ("compiler", "rules", "templates", "tests", "docs")
    own = [path for place in places for path in (top / place).rglob("*") if path.suffix in TEXTS]
    texts = {path.relative_to(top).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in own}
    texts.update({report.source: report.text for report in _sample_reports()})
    copied = {}
    for name, content in texts.items():
        text = re.sub(r"\s", "", content)
        hit = next((text[i : i + length] for i in range(len(text) - length + 1) if text[i : i + length] in known), None)
        if hit:
            copied[name] = hit
    assert copied == {}


TEXTS = {".txt", ".yaml", ".py", ".md", ".json", ".csv", ".html"}


def _sample_reports() -> list[object]:
    from compiler.text.read import read

    found = []
    for path in sample_files():
        (source,) = read(path, path.name).sources
        assert source is not None
        found.append(type("Text", (), {"source": path.name, "text": source.text}))
    return found


def test_figures_of_the_tables_are_exact() -> None:
    for *_, figure in FACTS:
        for word in figure.split()[2:]:
            if re.fullmatch(r"-?[\d.]+", word):
                assert f"{Decimal(word).normalize():f}" == word
