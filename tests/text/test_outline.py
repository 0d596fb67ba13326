"""Headings and parts, over the manners of many regions and years; and the sentences of the paragraphs."""

from __future__ import annotations

import pytest
from help.front_samples import PLAN, REAL, REVIEW, lexicon, outlined, report, reports
from help.outline_cases import CASES, HEAD
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.model import Part
from compiler.text.identify import identify
from compiler.text.normalise import normalise
from compiler.text.outline import outline
from compiler.text.sentences import sentences
from compiler.text.split import split

PARTS = {
    "r": Part.REVIEW,
    "p": Part.PLAN,
    "R": Part.REVIEW_SPAN,
    "P": Part.PLAN_SPAN,
    "o": Part.OTHER,
}


@pytest.mark.parametrize(("name", "text", "marks"), CASES, ids=[case[0] for case in CASES])
def test_parts(name: str, text: str, marks: dict[str, str]) -> None:
    paragraphs, _, _ = outlined(text)
    for beginning, mark in marks.items():
        found = [paragraph for paragraph, words in paragraphs if words.startswith(beginning)]
        assert found, beginning
        assert (found[-1].part, found[-1].certain) == (PARTS[mark[0]], not mark.endswith("?")), beginning


def paths(text: str) -> dict[str, str]:
    """Return the headings above each line, by its first four characters."""
    return {words[:4]: "/".join(paragraph.headings) for paragraph, words in outlined(text)[0]}


def test_heading_paths() -> None:
    found = paths(
        HEAD.format(date="2014年1月8日")
        + """一、2013年工作回顾
总述甲。
（一）工业提质
正文甲。
1.抓项目
正文乙。
2.抓企业
正文丙。
（二）农业增效
正文丁。
二、2014年工作安排
总述乙。
（一）主攻工业。要坚持工业优先，打好基础。
正文戊。
一是正文己。
"""
    )
    assert found["总述甲。"] == "一、2013年工作回顾"
    assert found["（一）工"] == "一、2013年工作回顾"
    assert found["正文甲。"] == "一、2013年工作回顾/（一）工业提质"
    assert found["正文乙。"] == "一、2013年工作回顾/（一）工业提质/1.抓项目"
    assert found["正文丙。"] == "一、2013年工作回顾/（一）工业提质/2.抓企业"
    assert found["正文丁。"] == "一、2013年工作回顾/（二）农业增效"
    assert found["总述乙。"] == "二、2014年工作安排"
    assert found["（一）主"] == "二、2014年工作安排/（一）主攻工业"
    assert found["正文戊。"] == "二、2014年工作安排/（一）主攻工业"
    assert found["一是正文"] == "二、2014年工作安排/（一）主攻工业"


def test_paths_under_unnumbered_headings() -> None:
    found = paths(
        HEAD.format(date="2017年1月9日")
        + """2016年工作回顾
总述甲。
一、稳增长
正文甲。
二、惠民生
正文乙。
2017年工作安排
总述乙。
一、抓项目
正文丙。
1.谋划项目。抓紧谋划，加快建设。
正文丁。
二、保民生
正文戊。
"""
    )
    assert found["总述甲。"] == "2016年工作回顾"
    assert found["正文甲。"] == "2016年工作回顾/一、稳增长"
    assert found["正文乙。"] == "2016年工作回顾/二、惠民生"
    assert found["总述乙。"] == "2017年工作安排"
    assert found["1.谋划"] == "2017年工作安排/一、抓项目/1.谋划项目"
    assert found["正文丁。"] == "2017年工作安排/一、抓项目/1.谋划项目"
    assert found["正文戊。"] == "2017年工作安排/二、保民生"


def test_unnumbered_headings_below_numbered_ones() -> None:
    found = paths(
        HEAD.format(date="2017年1月9日")
        + """一、2016年工作回顾
工业经济
甲行业平稳增长，效益持续改善，企业信心增强。
1.抓运行
乙行业平稳增长，效益持续改善，企业信心增强。
农业农村
丙行业平稳增长，效益持续改善，农民收入增加。
城乡建设
丁工程进展顺利，面貌持续改善，群众普遍满意。
二、2017年工作安排
戊工作要抓紧抓好，抓出成效，让人民群众满意。
"""
    )
    assert found["甲行业平"] == "一、2016年工作回顾/工业经济"
    assert found["乙行业平"] == "一、2016年工作回顾/工业经济/1.抓运行"
    assert found["丙行业平"] == "一、2016年工作回顾/农业农村"
    assert found["丁工程进"] == "一、2016年工作回顾/城乡建设"
    assert found["戊工作要"] == "二、2017年工作安排"


def test_what_is_a_heading() -> None:
    text = report("某县政府工作报告", "2017年1月9日在某县第三届人民代表大会第一次会议上", "县长 王某某")
    text = text.replace(PLAN[0], "（一）工业\n" + PLAN[0] + "\n1.新建道路12公里；\n2.改造桥梁3座。\n（1）力争完工。")
    headings = [words for paragraph, words in outlined(text)[0] if paragraph.is_heading]
    assert headings == ["一、2016年工作回顾", "二、2017年工作安排", "（一）工业"]


def test_table_cells_are_no_headings() -> None:
    text = report("某县政府工作报告").replace(
        REVIEW[1], "\n".join(["指标", "单位", "完成数", "生产总值", "亿元", "财政收入", "万元", REVIEW[1]])
    )
    headings = [words for paragraph, words in outlined(text)[0] if paragraph.is_heading]
    assert headings == ["一、2016年工作回顾", "二、2017年工作安排"]


def test_own_words_that_contradict_the_heading() -> None:
    paragraphs, codes, _ = outlined(
        HEAD.format(date="2017年1月9日")
        + "一、2016年工作回顾\n过去一年，成绩可喜。\n2017年的主要目标是：生产总值增长7%。\n"
        + "二、2017年工作安排\n过去一年，我们完成了各项任务。\n今年要抓好投资。\n"
    )
    assert codes == ["I501"]
    # A plan that looks back before it begins contradicts nothing: that paragraph is read as review.
    assert [paragraph.part for paragraph, _ in paragraphs[-2:]] == [Part.REVIEW, Part.PLAN]


def test_guessed_boundary_is_told() -> None:
    text = HEAD.format(date="2017年1月9日") + "\n".join([*REVIEW, *PLAN])
    paragraphs, codes, _ = outlined(text)
    assert codes == ["I502"]
    assert not any(paragraph.certain for paragraph, _ in paragraphs)


def test_review_alone() -> None:
    text = (
        HEAD.format(date="2017年1月9日")
        + "一、2016年工作回顾\n"
        + "\n".join([*REVIEW, *(f"第{n}项工程完工。" for n in range(6))])
    )
    paragraphs, codes, _ = outlined(text)
    assert codes == ["I504"]
    assert {paragraph.part for paragraph, _ in paragraphs[6:]} == {Part.REVIEW}


def test_no_clue_at_all() -> None:
    paragraphs, codes, _ = outlined("某县情况\n工业经济运行平稳，企业效益改善。\n农业生产形势良好，粮食丰收。\n")
    assert codes == ["I503"]
    assert {paragraph.part for paragraph, _ in paragraphs} == {Part.OTHER}


def test_paragraphs_cover_the_report() -> None:
    for _, text, _ in CASES:
        plain, found, _ = reports(text)
        who, _ = identify(plain, found[0], "x.txt", lexicon())
        paragraphs, _ = outline(plain, found[0], who, lexicon())
        assert [paragraph.number for paragraph in paragraphs] == list(range(1, len(paragraphs) + 1))
        covered = "\n".join(plain.text[paragraph.start : paragraph.end] for paragraph in paragraphs)
        assert covered == plain.text[found[0].start : found[0].end]


# --- sentences ---------------------------------------------------------------------------------

SENTENCES = [
    ("甲增长5%。乙下降2%！丙如何？丁", ["甲增长5%。", "乙下降2%！", "丙如何？", "丁"]),
    ("甲说：“好。”乙说好。", ["甲说：“好。”", "乙说好。"]),
    ("甲；乙；丙。", ["甲；乙；丙。"]),
    ("（甲。）乙。", ["（甲。）", "乙。"]),
    ("甲！！乙", ["甲！！", "乙"]),
    ("增长6.5%。其中农业4.2%。", ["增长6.5%。", "其中农业4.2%。"]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    plain, found, _ = reports(text)
    who, _ = identify(plain, found[0], "x.txt", lexicon())
    paragraphs, _ = outline(plain, found[0], who, lexicon())
    matched, printed, spans = sentences(plain, found[0], paragraphs, text)
    assert [sentence.text for sentence in matched] == expected
    assert printed == matched
    assert [plain.text[start:end] for start, end in spans] == expected


def test_sentence_text_is_what_is_printed() -> None:
    source = "全年完成\n投资２５，０００ 亿元,增长５％。其他(略)。"
    plain, found, _ = reports(source)
    who, _ = identify(plain, found[0], "x.txt", lexicon())
    paragraphs, _ = outline(plain, found[0], who, lexicon())
    matched, printed, _ = sentences(plain, found[0], paragraphs, source)
    assert [sentence.text for sentence in printed] == ["全年完成投资２５，０００亿元,增长５％。", "其他(略)。"]
    assert [sentence.text for sentence in matched] == ["全年完成投资25000亿元，增长5%。", "其他（略）。"]
    assert [sentence._replace(text="") for sentence in printed] == [sentence._replace(text="") for sentence in matched]
    for sentence in printed:
        assert "".join(source[sentence.start : sentence.end].split()) == sentence.text


PIECES = [
    *("一、2016年工作回顾", "二、2017年工作安排", "（一）工业", "1.抓项目", "各位代表：", "五年来，", "今年", "2017年"),
    *(
        "第一部分",
        "①",
        "——",
        "■",
        "增长5%。",
        "，",
        "。",
        "\n",
        "\n\n",
        "　　",
        " ",
        "：",
        "；",
        "“",
        "”",
        "（",
        "）",
        "1",
        "12",
    ),
    *(
        "政府工作报告",
        "我代表市政府向大会报告工作，请予审议。",
        "预期目标",
        "名词解释",
        "锦州市",
        "第三次会议",
        "人民代表大会",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["x.txt", "锦州市2017.txt"]))
@settings(max_examples=300, deadline=None)
def test_any_text_goes_through_all_stages(pieces: list[str], path: str) -> None:
    source = "".join(pieces)
    plain, found, _ = reports(source)
    for one in found:
        who, _ = identify(plain, one, path, lexicon())
        paragraphs, _ = outline(plain, one, who, lexicon())
        matched, printed, spans = sentences(plain, one, paragraphs, source)
        assert len(matched) == len(printed) == len(spans)
        assert all("\n" not in plain.text[start:end] for start, end in spans)
        assert "".join(plain.text[start:end] for start, end in spans) == "".join(
            plain.text[p.start : p.end] for p in paragraphs
        )


@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not at hand")
def test_real_reports() -> None:
    shares = []
    for path in sorted(REAL.glob("*.txt")):
        source = path.read_text(encoding="utf-8")
        plain, _ = normalise(source, lexicon())
        for one in split(plain, lexicon())[0]:
            who, _ = identify(plain, one, path.name, lexicon())
            paragraphs, issues = outline(plain, one, who, lexicon())
            assert not [issue for issue in issues if issue.code in ("I501", "I502", "I503")]
            parts = [paragraph.part for paragraph in paragraphs]
            shares.append((parts.count(Part.REVIEW) > 10, parts.count(Part.PLAN) > 10))
            if Part.PLAN in parts:
                first = parts.index(Part.PLAN)
                assert paragraphs[first].is_heading
                assert set(parts[first:]) <= {Part.PLAN, Part.PLAN_SPAN}
            for sentence in sentences(plain, one, paragraphs, source).printed:
                assert "".join(source[sentence.start : sentence.end].split()) == sentence.text
    assert shares == [(True, True)] * 5 + [(True, False)]  # the last one is cut off in its review
