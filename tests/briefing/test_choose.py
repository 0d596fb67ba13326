"""Which sentences of captured passages a briefing shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from help import make_reports as made
from help.briefing_samples import template

from compiler.briefing import choose as briefing_select
from compiler.briefing.choose import choose, key_terms
from compiler.files import private_folder
from compiler.model import CompiledReport, Part, Passage

LISTS = template().lists


def report_of(texts: Sequence[str]) -> tuple[CompiledReport, Passage]:
    report = made.make_report("云川市", 2017, [made.Line(text, Part.PLAN) for text in texts])
    numbers = tuple(sentence.number for sentence in report.sentences)
    return report, Passage("a", "甲", Part.PLAN, "", 1, 0, len(report.text), "".join(texts), numbers)


def chosen(texts: Sequence[str], most: int, taken: set[int] | None = None, longest: int = 260) -> list[str]:
    report, passage = report_of(texts)
    return [one.text for one in choose([passage], report, LISTS, most, longest, set() if taken is None else taken)]


@pytest.mark.parametrize(
    ("texts", "best"),
    [
        (["营造良好氛围，增强信心决心。", "新增就业岗位3.2万个以上。"], "新增就业岗位3.2万个以上。"),
        (["大力弘扬实干精神，振奋士气。", "开工建设南部新城综合管廊工程。"], "开工建设南部新城综合管廊工程。"),
        (["同时，新建公路26公里，改造桥梁3座。", "新建公路26公里，改造桥梁3座。"], "新建公路26公里，改造桥梁3座。"),
        (["要有信心。", "办好老旧小区改造这件民生实事。"], "办好老旧小区改造这件民生实事。"),
        (["壮大特色产业，做优做强。", "实施“双百”专项行动，做优做强。"], "实施“双百”专项行动，做优做强。"),
    ],
)
def test_the_better_sentence_is_chosen(texts: list[str], best: str) -> None:
    assert chosen(texts, 1) == [best]
    assert chosen(texts[::-1], 1) == [best]


def test_the_order_is_that_of_the_report() -> None:
    texts = ["甲地新建学校3所。", "空话一句而已，没有内容。", "乙地改造医院12所、道路36公里。"]
    assert chosen(texts, 2) == [texts[0], texts[2]]


def test_sentences_stay_whole_and_a_long_one_comes_last() -> None:
    long = "推进" + "、".join(f"第{n}个项目" for n in range(60)) + "。"
    assert chosen([long, "新建学校3所。"], 1) == ["新建学校3所。"]
    assert chosen([long], 1) == [long]


@pytest.mark.parametrize(
    "text", ["（一）做强产业。", "一、全力稳增长。", "3．办好实事。", "让我们携手同行，再上台阶！", "第三，转变作风。"]
)
def test_headings_and_closing_calls_are_left_out(text: str) -> None:
    assert chosen([text, "新建学校3所。"], 5) == ["新建学校3所。"]


@pytest.mark.parametrize("text", ["一是新建学校3所，改造道路。", "（二）新建学校3所。", "10件实事全部办结。"])
def test_numbered_sentences_with_something_to_say_stay(text: str) -> None:
    assert chosen([text], 5) == [text]


def test_no_sentence_twice() -> None:
    assert chosen(["新建学校3所。", "新建学校3所。", "新建医院1所。"], 5) == ["新建学校3所。", "新建医院1所。"]
    taken: set[int] = set()
    report, passage = report_of(["新建学校3所。", "新建医院1所。"])
    first = choose([passage], report, LISTS, 1, 260, taken)
    second = choose([passage], report, LISTS, 5, 260, taken)
    assert {one.number for one in first}.isdisjoint(one.number for one in second)
    assert choose([passage], report, LISTS, 5, 260, taken) == []


def test_where_all_fit_nothing_is_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise AssertionError("the dictionary is not needed")

    monkeypatch.setattr(briefing_select, "_vocabulary", never)
    assert chosen(["新建学校3所。", "新建医院1所。"], 2) == ["新建学校3所。", "新建医院1所。"]


def test_key_terms_are_those_of_jieba() -> None:
    from jieba.analyse import TFIDF

    text = "加快建设云溪抽水蓄能电站，支持机床企业上云用数，推动新材料产业园建成投产，新材料产值增长。"
    theirs = [word for word in TFIDF().extract_tags(text, topK=20) if not word.isascii()][:8]
    assert [word for word, _ in key_terms(text)][:8] == pytest.approx(theirs) or set(theirs) <= {
        word for word, _ in key_terms(text)
    }


@pytest.mark.parametrize("text", ["", "123 abc", "。，；"])
def test_text_without_terms(text: str) -> None:
    assert key_terms(text) == ()


def test_a_cache_that_others_can_write_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "jieba.cache"
    briefing_select._write_cache(path, ({"甲": 1}, 1, {"甲": 1.0}))
    assert briefing_select._read_cache(path) == ({"甲": 1}, 1, {"甲": 1.0})
    path.chmod(0o666)
    assert briefing_select._read_cache(path) is None


@pytest.mark.parametrize("content", [b"", b"not marshal", b"\x00" * 50])
def test_a_broken_cache_is_not_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "jieba.cache"
    path.write_bytes(content)
    path.chmod(0o600)
    assert briefing_select._read_cache(path) is None


def test_the_cache_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = private_folder()
    assert folder is not None
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o077 == 0
