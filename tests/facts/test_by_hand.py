"""``reports.yaml`` beside the reports: place and year by hand override the text; what is wrong in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.facts.batch import read_inputs
from compiler.facts.by_hand import correction_files, doubtful_corrections
from compiler.facts.compile import compile_source
from compiler.facts.store import Store
from compiler.issues import render
from compiler.model import ByHand, Issue, RuleBook, Source
from compiler.text.read import find_inputs

REPORT = """云川市2017年政府工作报告
——2017年1月8日在云川市第六届人民代表大会第一次会议上
各位代表：
一、2016年工作回顾
全年地区生产总值812.5亿元，增长6.5%。
二、2017年工作安排
主要预期目标是：地区生产总值增长7%左右。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two reports, one of them a folder further down."""
    (tmp_path / "下面").mkdir()
    (tmp_path / "甲.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "下面" / "乙.txt").write_text(REPORT.replace("812.5", "813"), encoding="utf-8")
    return tmp_path


def read(folder: Path, entries: str) -> tuple[dict[str, Source], tuple[Issue, ...]]:
    (folder / "reports.yaml").write_text(entries, encoding="utf-8")
    found = read_inputs([folder])
    return {source.path: source for source in found.sources}, found.issues


def test_what_people_say_overrides_title_meeting_and_headings(folder: Path, rulebook: RuleBook) -> None:
    sources, issues = read(folder, "reports:\n  - {file: 甲.txt, place: 锦州市古塔区, year: 2024}\n")
    assert issues == ()  # the file itself is no report that was passed over
    (report,), found = compile_source(sources["甲.txt"], rulebook)
    identity = report.identity
    assert (identity.place, identity.place_code, identity.place_level) == ("锦州市古塔区", "210702", "县级")
    assert (identity.report_year, identity.sure) == (2024, 100)
    assert {(fact.place, fact.report_year) for fact in report.facts} == {("锦州市古塔区", 2024)}
    assert not [issue for issue in found if issue.code.startswith("I4")]  # nothing is unsure any more
    (other,), _ = compile_source(sources["下面/乙.txt"], rulebook)
    assert (other.identity.place, other.identity.report_year) == ("云川市", 2017)


def test_place_and_year_can_be_told_apart_from_each_other(folder: Path, rulebook: RuleBook) -> None:
    sources, _ = read(folder, "reports:\n- file: 甲.txt\n  year: 2018\n- file: 下面/乙.txt\n  place: 无名开发区\n")
    (report,), _ = compile_source(sources["甲.txt"], rulebook)
    assert (report.identity.place, report.identity.report_year) == ("云川市", 2018)
    (report,), found = compile_source(sources["下面/乙.txt"], rulebook)
    assert (report.identity.place, report.identity.report_year) == ("无名开发区", 2017)
    assert [issue.code for issue in found if issue.code.startswith("I4")] == ["I406"]  # no code is known for it


def test_an_inner_folder_speaks_before_an_outer_one(folder: Path) -> None:
    (folder / "下面" / "reports.yaml").write_text("reports: [{file: 乙.txt, year: 2020}]", encoding="utf-8")
    sources, _ = read(folder, "reports:\n  - {file: 下面/乙.txt, place: 锦州市, year: 2019}\n")
    assert sources["下面/乙.txt"].said_of(1) == ByHand(1, "锦州市", 2020)
    inputs, _ = find_inputs([folder])
    assert correction_files(inputs) == [folder / "reports.yaml", folder / "下面" / "reports.yaml"]


def test_a_file_given_by_itself_is_corrected_by_what_lies_beside_it(folder: Path) -> None:
    read(folder, "reports:\n  - {file: 甲.txt, year: 2019}\n  - {file: 下面/乙.txt, year: 2020}\n")
    found = read_inputs([folder / "甲.txt"])
    assert [source.said_of(1).year for source in found.sources] == [2019] and found.issues == ()


def test_one_of_several_reports_of_a_file() -> None:
    source = Source("a.txt", "", "utf-8", "", by_hand=(ByHand(0, "锦州市", 2019), ByHand(2, "", 2020)))
    assert source.said_of(1) == ByHand(1, "锦州市", 2019)
    assert source.said_of(2) == ByHand(2, "锦州市", 2020)


@pytest.mark.parametrize(
    ("entry", "code", "line", "column"),
    [
        ("{file: 丙.txt, year: 2019}", "I408", 2, 12),
        ("{file: 甲.txt}", "I410", 2, 5),
        ("{file: 甲.txt, year: 19}", "R114", 2, 25),
        ("{file: 甲.txt, yaer: 2019}", "R102", 2, 19),
        ("{place: 锦州市, year: 2019}", "R101", 2, 5),
        ("{file: 甲.txt, place: , year: 2019}", "R104", 2, 19),
        ("{file: 甲.txt, place: 锦州市}", "I411", 3, 12),
    ],
)
def test_a_wrong_entry_is_told_with_its_place(folder: Path, entry: str, code: str, line: int, column: int) -> None:
    sources, issues = read(folder, f"reports:\n  - {entry}\n  - {{file: 甲.txt, place: 锦州市}}\n")
    (issue,) = issues
    assert issue.where is not None
    assert (issue.code, issue.where.path, issue.where.line, issue.where.column) == (code, "reports.yaml", line, column)
    assert sources["甲.txt"].said_of(1) == ByHand(1, "锦州市", 0)  # the right entry still holds


@pytest.mark.parametrize(("text", "code"), [("- 甲.txt\n", "R105"), ("report: []\n", "R102"), ("reports: [\n", "R")])
def test_a_file_that_says_nothing_is_told(folder: Path, text: str, code: str) -> None:
    _, issues = read(folder, text)
    assert issues and all(issue.where is not None for issue in issues)
    assert any(issue.code.startswith(code) for issue in issues)


def test_a_report_that_the_file_does_not_hold_is_told(folder: Path, rulebook: RuleBook) -> None:
    sources, _ = read(folder, "reports:\n  - {file: 甲.txt, number: 3, year: 2019}\n")
    reports, _ = compile_source(sources["甲.txt"], rulebook)
    (issue,) = doubtful_corrections(sources.values(), reports)
    assert (issue.code, issue.fields["number"], issue.fields["count"]) == ("I409", "3", "1")


def test_what_was_kept_is_not_taken_for_a_corrected_report(tmp_path: Path, rulebook: RuleBook) -> None:
    store = Store(tmp_path)
    plain = Source("a.txt", "文", "utf-8", "0")
    store.put(plain, rulebook, ((), ()))
    assert store.get(plain, rulebook) == ((), ())
    assert store.get(Source("a.txt", "文", "utf-8", "0", by_hand=(ByHand(0, "锦州市", 0),)), rulebook) is None


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("宜舂市", "I414", "宜春市"),
        ("江西宜春", "I414", "宜春市"),
        ("鼓楼区", "I415", "福州市鼓楼区"),
        ("锦州市古塔区", "", ""),
        ("全国", "", ""),
    ],
)
def test_a_place_by_hand_is_one_of_the_table(folder: Path, place: str, code: str, said: str) -> None:
    _, issues = read(folder, f"reports:\n  - {{file: 甲.txt, place: {place}}}\n")
    assert [issue.code for issue in issues] == [code] * bool(code)
    for issue in issues:
        assert issue.where is not None and (issue.where.line, issue.where.column) == (2, 26)
        assert said in render(issue)


@pytest.mark.parametrize("name", ["reports.yml", "Reports.YAML", "reports.yaml.txt"])
def test_a_file_of_corrections_under_another_name_is_told_and_no_report(folder: Path, name: str) -> None:
    (folder / name).write_text("reports:\n  - {file: 甲.txt, year: 2019}\n", encoding="utf-8")
    found = read_inputs([folder])
    assert [source.path for source in found.sources] == ["下面/乙.txt", "甲.txt"]
    assert [issue.code for issue in found.issues] == ["I417"] and "reports.yaml" in render(found.issues[0])


def test_a_file_of_corrections_above_the_reports_is_told(folder: Path) -> None:
    (folder / "reports.yaml").write_text("reports:\n  - {file: 下面/乙.txt, year: 2019}\n", encoding="utf-8")
    found = read_inputs([folder / "下面"])
    assert [issue.code for issue in found.issues] == ["I413"] and "“下面”" in render(found.issues[0])


@pytest.mark.parametrize(("year", "codes"), [(2016, []), (2018, []), (2099, ["I416"]), (1999, ["I416"])])
def test_a_year_by_hand_far_from_the_text_is_told(
    folder: Path, rulebook: RuleBook, year: int, codes: list[str]
) -> None:
    sources, _ = read(folder, f"reports:\n  - {{file: 甲.txt, year: {year}}}\n")
    reports = [report for source in sources.values() for report in compile_source(source, rulebook)[0]]
    assert [issue.code for issue in doubtful_corrections(sources.values(), reports)] == codes
