"""How many reports a file holds, where each lies, and what is left out."""

from __future__ import annotations

import random

import pytest
from help.front_samples import PLAN, REAL, REVIEW, lexicon, report, reports

from compiler.text.normalise import normalise
from compiler.text.split import split


def many(year: int, count: int = 30) -> list[str]:
    """Return paragraphs of a report that no other report shares."""
    chance = random.Random(year)
    words = ["道路", "桥梁", "校舍", "水库", "厂房", "泵站", "粮仓", "港口", "林带", "管网", "公园", "车站"]
    return [
        f"{chance.choice(words)}建设第{n}标段按期完成，投入{chance.randrange(10, 999)}万元，"
        f"惠及{chance.choice(words)}周边{chance.randrange(100, 9999)}户，带动{chance.choice(words)}升级改造。"
        for n in range(count)
    ]


def full(title: str, year: int = 2017, meeting: str = "") -> str:
    lines = report(title, meeting, year=year).split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("二、"))
    seed = sum(map(ord, title)) + year
    return "\n".join([*lines[:at], *many(seed), *lines[at:], *many(seed + 5000)])


COVER = "政府工作报告汇编\n辽宁·2012年\n某某出版社\n目录\n甲市政府工作报告……1\n乙市政府工作报告……15\n"

CASES: list[tuple[str, str, int, list[str]]] = [
    ("one", full("甲市政府工作报告"), 1, []),
    ("one without a title", full(""), 1, []),
    ("the same twice", full("甲市政府工作报告") + "\n" + full("甲市政府工作报告"), 1, ["I301"]),
    ("eight times without a title", "\n".join([full("")] * 8), 1, ["I301"]),
    ("two places", full("甲市政府工作报告") + "\n" + full("乙市政府工作报告"), 2, []),
    (
        "one text under the names of two places",
        full("甲市政府工作报告") + "\n" + full("甲市政府工作报告").replace("甲市政府工作报告", "乙市政府工作报告", 1),
        2,
        [],
    ),
    (
        "one text under a long and a short title",
        full("甲市政府工作报告") + "\n" + full("甲市政府工作报告").replace("甲市政府工作报告", "政府工作报告", 1),
        1,
        ["I301"],
    ),
    ("two years of one place", full("甲市政府工作报告", 2016) + "\n" + full("甲市政府工作报告", 2017), 2, []),
    ("two without titles", full("", 2016) + "\n" + full("", 2017), 2, []),
    ("a, b, a", "\n".join([full("甲市政府工作报告"), full("乙市政府工作报告"), full("甲市政府工作报告")]), 2, ["I301"]),
    ("cover and contents", COVER + full("甲市政府工作报告") + "\n" + full("乙市政府工作报告"), 2, []),
    (
        "salutations within",
        full("甲市政府工作报告").replace("一、", "各位代表：\n一、").replace("二、", "各位代表：\n二、"),
        1,
        [],
    ),
    ("a second copy cut short", full("甲市政府工作报告") + "\n" + full("甲市政府工作报告")[:1500], 1, ["I301"]),
    ("a first copy cut short", full("甲市政府工作报告")[:1500] + "\n" + full("甲市政府工作报告"), 1, ["I301"]),
    ("no opening", "\n".join([*REVIEW, *many(3), *PLAN]), 1, []),
    ("no opening, twice", "\n".join([*REVIEW, *many(3), *PLAN] * 2), 1, ["I301"]),
    (
        "title and meeting without an opening",
        "甲市政府工作报告\n2016年1月5日在甲市第三届人民代表大会第一次会议上\n一、2015年工作回顾\n"
        + "\n".join(many(1))
        + "\n乙市政府工作报告\n2016年1月9日在乙市第八届人民代表大会第一次会议上\n一、2015年工作回顾\n"
        + "\n".join(many(2)),
        2,
        [],
    ),
    ("nothing", "", 0, ["I302"]),
]


@pytest.mark.parametrize(("name", "text", "count", "codes"), CASES, ids=[case[0] for case in CASES])
def test_table(name: str, text: str, count: int, codes: list[str]) -> None:
    _, found, issues = reports(text)
    assert len(found) == count
    assert [issue.code for issue in issues if issue.code != "I303"] == codes
    assert [one.number for one in found] == list(range(1, count + 1))


def test_the_longer_copy_is_taken() -> None:
    whole = full("甲市政府工作报告")
    plain, found, _ = reports(whole[:1500] + "\n" + whole)
    assert plain.text[found[0].start : found[0].end] == normalise(whole, lexicon())[0].text


def test_a_copy_with_errors_of_recognition_is_a_copy() -> None:
    chance = random.Random(3)
    whole = full("甲市政府工作报告")
    copy = "".join(
        "口" if chance.random() < 0.01 and c not in "\n各位代表我向大会报告工作请予审议" else c for c in whole
    )
    _, found, issues = reports(whole + "\n" + copy)
    assert len(found) == 1
    assert issues[0].fields["count"] == "2"


def test_cover_and_contents_are_left_out() -> None:
    plain, found, issues = reports(COVER * 8 + full("甲市政府工作报告"))
    assert plain.text[found[0].start :].startswith("甲市政府工作报告\n各位代表")
    assert [issue.code for issue in issues] == ["I303"]


def test_a_title_in_two_lines_belongs_to_the_report() -> None:
    plain, found, _ = reports("编者的话\n某某出版社\n甲市人民政府\n政府工作报告\n" + full(""))
    assert plain.text[found[0].start :].startswith("甲市人民政府")


def test_very_many_copies() -> None:
    _, found, issues = reports("\n".join([*REVIEW, *many(3, 6), *PLAN] * 1200))
    assert len(found) == 1
    assert issues[0].fields["count"] == "1200"


def test_a_second_copy_changes_nothing() -> None:
    for text in (full("甲市政府工作报告"), full(""), report("甲市政府工作报告"), report()):
        one = reports(text)
        two = reports(text + "\n" + text)
        assert [(r.start, r.end) for r in one[1]] == [(r.start, r.end) for r in two[1]]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not at hand")
@pytest.mark.parametrize(
    ("name", "count", "copies"), [("000", 1, 8), ("001", 1, 8), ("002", 1, 8), ("003", 1, 8), ("004", 2, 1)]
)
def test_real_files(name: str, count: int, copies: int) -> None:
    path = next(REAL.glob(f"{name}_*.txt"))
    plain, _ = normalise(path.read_text(encoding="utf-8"))
    found, issues = split(plain, lexicon())
    assert len(found) == count
    assert [issue.fields["count"] for issue in issues if issue.code == "I301"] == ([str(copies)] if copies > 1 else [])


def test_a_page_title_above_the_report_belongs_to_its_header() -> None:
    """It may be all that names the place."""
    text = "2013年甲市政府工作报告\n某网\n" + report("政府工作报告")
    plain, found, _ = reports(text)
    assert plain.text[found[0].start :].startswith("2013年甲市政府工作报告")
