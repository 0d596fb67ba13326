"""One form for everything, whatever the scan, the screen or the typist did; and the way back to the source."""

# Tables read better with a case on a line.
# ruff: noqa: E501

from __future__ import annotations

import random
import re

import pytest
from help.front_samples import PLAN, REAL, REVIEW, lexicon, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler.model import Normalised
from compiler.text.normalise import _table, _with_plain_characters, normalise


def plain(text: str) -> str:
    return normalise(text, lexicon())[0].text


CHARACTERS = [
    ("增长６．５％，达到１２３亿元", "增长6.5%，达到123亿元"),
    ("ＧＤＰ增长５％", "GDP增长5%"),
    ("增长5﹪左右", "增长5%左右"),
    ("增长5%,达到3亿元;下降2%:其中(农业)增长", "增长5%，达到3亿元；下降2%：其中（农业）增长"),
    ("完成!做到?", "完成！做到？"),
    ("三次产业比重为16：49：35", "三次产业比重为16:49:35"),
    ("三次产业比重为16:49:35", "三次产业比重为16:49:35"),
    ("目标：增长5%", "目标：增长5%"),
    ("10～15个", "10～15个"),
    ("10~15个", "10～15个"),
    ("10－15个", "10-15个"),
    ("吨标准煤／万元", "吨标准煤/万元"),
    ("PM2．5浓度", "PM2.5浓度"),
    ("「十三五」期间", "“十三五”期间"),
    ('"十三五"期间，"一带一路"', "“十三五”期间，“一带一路”"),
    ("7・20事件", "7·20事件"),
    ("取得成效.其中工业增长", "取得成效。其中工业增长"),
    ("㈠工业", "（一）工业"),
    ("二○一七年", "2017年"),
    ("二〇一七年一月九日", "二〇一七年一月九日"),
    ("⽣产总值⼀般", "生产总值一般"),
    ("〜10%", "～10%"),
    ("【重点】", "〔重点〕"),
]


@given(st.text(st.one_of(st.characters(), st.sampled_from([*map(chr, _table())])), max_size=300))
def test_characters_are_plain_whether_replaced_by_kind_or_one_by_one(text: str) -> None:
    assert _with_plain_characters(text) == text.translate(_table())


def test_what_comes_in_for_a_character_has_no_other_form() -> None:
    assert not {ord(plain) for plain in _table().values()} & _table().keys()


BLANKS = [
    ("完成 812.5 亿元", "完成812.5亿元"),
    ("完成8 12. 5亿元，增长 6 . 5 %", "完成812.5亿元，增长6.5%"),
    ("政 府 工 作 报 告", "政府工作报告"),
    ("政　府　工　作　报　告", "政府工作报告"),
    ("增\u200b长\u200d6\ufeff.5\u00ad%", "增长6.5%"),
    ("增长\x016\x7f%", "增长6%"),
    ("增长\u00a06\u2009%", "增长6%"),
    ("增长\ue5e56%", "增长6%"),
    ("推进PPP 项目", "推进PPP项目"),
    ("建设 Wi Fi 网络", "建设Wi Fi网络"),
    ("G DP增长", "GDP增长"),
    ("　　首行缩进。", "首行缩进。"),
    ("  \t首行缩进。  ", "首行缩进。"),
]

THOUSANDS = [
    ("收入25,000元", "收入25000元"),
    ("收入25，000元", "收入25000元"),
    ("实现1,035,200.5万元", "实现1035200.5万元"),
    ("达到28,484元和13,539元", "达到28484元和13539元"),
    ("分别完成12，130和90个", "分别完成12，130和90个"),
    ("生产总值3'486.2亿元，棚户区2’500套", "生产总值3486.2亿元，棚户区2500套"),
    ("‘十五五’2026年", "‘十五五’2026年"),
    ("增长5，6月份回升", "增长5，6月份回升"),
    ("2016，2017两年", "2016，2017两年"),
    ("增长0，350个", "增长0，350个"),
    ("增长3.5，200个项目", "增长3.5，200个项目"),
    ("新增12，3456人", "新增12，3456人"),
    ("增长15%，120个项目开工", "增长15%，120个项目开工"),
]

JOINED = [
    # indicators, one a line; lines of text that were broken
    ("物价涨幅：3%左右\n单位能耗：下降3.5%\n新增就业：6万人", "物价涨幅：3%左右\n单位能耗：下降3.5%\n新增就业：6万人"),
    ("今年力争做到：投资增长8%左\n右，新增就业6万人。", "今年力争做到：投资增长8%左右，新增就业6万人。"),
    ("脱贫攻坚的任务是：确保3.42万贫困人\n口脱贫。", "脱贫攻坚的任务是：确保3.42万贫困人口脱贫。"),
    ("主要预期目标是：经济增长4.5%\n—5%，争取更好。", "主要预期目标是：经济增长4.5%—5%，争取更好。"),
    ("全年新增就\n业3.2万人。", "全年新增就业3.2万人。"),
    ("全年生产总值完成812\n.5亿元。", "全年生产总值完成812.5亿元。"),
    ("完成投资，\n增长6%。", "完成投资，增长6%。"),
    ("新建道路、桥梁、\n\n管网等设施。", "新建道路、桥梁、管网等设施。"),
    ("工业提速。规模以上企业达\n到30户，增长5%。", "工业提速。规模以上企业达到30户，增长5%。"),
    ("新设“\n绿色通道”三条。", "新设“绿色通道”三条。"),
    ("一、2016年工作回顾\n过去一年，成绩可喜。", "一、2016年工作回顾\n过去一年，成绩可喜。"),
    ("2016年工作回顾\n过去一年，成绩可喜。", "2016年工作回顾\n过去一年，成绩可喜。"),
    ("完成任务。\n（二）农业\n丰收。", "完成任务。\n（二）农业\n丰收。"),
    ("重点抓好以下工作：\n一是抓投资。", "重点抓好以下工作：\n一是抓投资。"),
    ("增长6%；\n（二）下降2%。", "增长6%；\n（二）下降2%。"),
    ("第一段。\n\n\n第二段。", "第一段。\n第二段。"),
    ("使用 Internet\nPlus 技术的企业增多。", "使用Internet Plus技术的企业增多。"),
    ("一、\n工业经济", "一、工业经济"),
]

PAGES = [
    ("全年完成投资，\n— 12 —\n增长6%。", "全年完成投资，增长6%。"),
    ("全年完成投资，\n－12－\n增长6%。", "全年完成投资，增长6%。"),
    ("全年完成投资，\n·12·\n增长6%。", "全年完成投资，增长6%。"),
    ("全年完成投资，\n第 12 页 共 30 页\n增长6%。", "全年完成投资，增长6%。"),
    ("全年完成投资，\n3/30\n增长6%。", "全年完成投资，增长6%。"),
]


@pytest.mark.parametrize(("text", "expected"), CHARACTERS + BLANKS + THOUSANDS + JOINED + PAGES)
def test_table(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_bare_page_numbers_that_count_up() -> None:
    lines = []
    for page in range(3, 9):
        lines += [f"第{page}条措施落地见效，带动投资增长，", str(page), "全县经济运行平稳。", "各项事业有序推进。"]
    text = plain("\n".join(lines))
    assert not re.search(r"^\d$", text, re.MULTILINE)
    assert "增长，全县经济" in text


def test_a_lone_number_is_kept() -> None:
    assert plain("全年新建学校\n12\n所，改造8所。") == "全年新建学校12所，改造8所。"


def test_running_heads() -> None:
    lines = ["某县政府工作报告"]
    for page in range(1, 6):
        lines += [
            f"第{page}项工程进展顺利，累计完成投资{page}亿元，带动了一批企业",
            "某县政府工作报告",
            "增资扩产，形势喜人。",
        ]
    result, issues = normalise("\n".join(lines), lexicon())
    assert result.text.count("某县政府工作报告") == 1
    assert "一批企业增资扩产" in result.text
    assert [issue.code for issue in issues] == ["I202"]


def test_running_heads_with_their_page_number() -> None:
    lines = []
    for page in range(1, 6):
        lines += [f"第{page}项工程进展顺利，带动了一批企业", f"政府工作报告汇编 {page + 10}", "增资扩产，形势喜人。"]
    assert "汇编" not in plain("\n".join(lines))


def test_headings_that_recur_are_no_running_heads() -> None:
    text = plain("\n".join(report("某县政府工作报告") for _ in range(4)))
    assert text.count("某县政府工作报告") == 4
    assert text.count("各位代表：") == 4


def test_table_cells_stay_apart() -> None:
    lines = ["指标", "2016年完成", "增长", "生产总值", "812.5", "6.5%", "一般公共预算收入", "48.3", "4%"]
    assert plain("\n".join(lines)).split("\n") == lines


def test_contents_stay_apart() -> None:
    lines = ["目录", "甲市政府工作报告……………1", "乙市政府工作报告........15", "甲市政府工作报告", "各位代表："]
    assert [line.replace("…", "").strip(".") for line in normalise("\n".join(lines))[0].text.split("\n")] == [
        *("目录", "甲市政府工作报告1", "乙市政府工作报告........15", "甲市政府工作报告", "各位代表：")
    ]


def wrapped(text: str, width: int, indent: str, pages: int = 0) -> str:
    lines = []
    for paragraph in text.split("\n"):
        rest = indent + paragraph
        while rest:
            lines.append(rest[:width])
            rest = rest[width:]
            if pages and len(lines) % pages == 0:
                lines += [f"— {len(lines) // pages} —"]
    return "\n".join(lines)


LONG = "\n".join(
    [
        "某县政府工作报告",
        "各位代表：",
        "现在，我代表县人民政府向大会报告工作，请予审议，并请各位政协委员和列席人员提出宝贵意见。",
        "一、2016年工作回顾",
        *(
            f"第{n}个方面的工作扎实推进，全年安排重点项目{n + 20}个，累计完成投资{n * 3 + 11}.{n}亿元，增长{n + 4}.5%，"
            f"其中工业项目{n + 7}个，农业项目{n + 3}个；新建改造农村公路{n * 9 + 40}公里，惠及群众{n + 2}.3万人。"
            f"群众反映集中的{n + 5}个问题得到妥善解决，办理建议提案{n * 7 + 60}件，满意率保持在较高水平。"
            for n in range(1, 12)
        ),
        "二、2017年工作安排",
        *(
            f"围绕第{n}项任务持续用力，力争完成投资{n * 4 + 20}亿元以上，新增企业{n + 12}户，培训各类人员{n * 100 + 800}人次。"
            for n in range(1, 8)
        ),
    ]
)


@pytest.mark.parametrize("indent", ["　　", "  "])
@pytest.mark.parametrize("width", [26, 31, 38, 44, 80])
@pytest.mark.parametrize("pages", [0, 20])
def test_wrapped_text_with_indents_comes_back_whole(width: int, indent: str, pages: int) -> None:
    assert plain(wrapped(LONG, width, indent, pages)) == plain(LONG)


@pytest.mark.parametrize("width", [26, 31, 38, 44, 80])
def test_wrapped_text_without_indents_breaks_at_full_stops_only(width: int) -> None:
    result = plain(wrapped(LONG, width, ""))
    assert result.replace("\n", "") == plain(LONG).replace("\n", "")
    whole = {*plain(LONG).split("\n")}
    for line in result.split("\n"):
        assert line in whole or re.search("[。]$", line) or any(paragraph.endswith(line) for paragraph in whole)


def test_one_endless_line_gets_its_paragraphs_back() -> None:
    text = "　　".join(LONG.split("\n") * 3)
    assert plain(text) == plain("\n".join(LONG.split("\n") * 3))


def test_one_endless_line_without_blanks_breaks_at_headings() -> None:
    text = ("".join(LONG.split("\n")) * 3)[:6000]
    assert "\n一、2016年工作回顾" in plain(text)


# --- traditional characters --------------------------------------------------------------------


def test_traditional_text() -> None:
    text = "過去一年，全縣國內生產總值實現812.5億元，增長6.5%。「十三五」規劃順利開局，農業、工業、服務業齊頭並進。"
    result, issues = normalise(text)
    assert result.text.startswith("过去一年，全县国内生产总值实现812.5亿元，增长6.5%。“十三五”规划顺利开局")
    assert [issue.code for issue in issues] == ["I201"]
    assert len(result.text) == len(text)


def test_simplified_text_is_left_alone() -> None:
    text = "乾隆年间的古迹、著名的於家大院和后来的博物馆，里程碑式的干部制度。"
    assert plain(text) == text


# --- offsets -----------------------------------------------------------------------------------


def check_offsets(source: str, result: Normalised) -> None:
    assert len(result.offsets) == len(result.text) + 1
    assert all(a <= b for a, b in zip(result.offsets, list(result.offsets)[1:], strict=False))
    assert all(0 <= offset <= len(source) for offset in result.offsets)


def test_offsets_lead_back() -> None:
    source = "全年 完成\n投资２５，０００ 亿\u200b元。\n(二)农业"
    result, _ = normalise(source)
    check_offsets(source, result)
    at = result.text.index("25000亿元")
    start, end = result.source_span(at, at + len("25000亿元"))
    assert source[start:end] == "２５，０００ 亿\u200b元"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not at hand")
def test_offsets_over_real_reports() -> None:
    same = dict(zip("，；：（）%！？～·", ",;:()％!?~・", strict=True))
    for path in sorted(REAL.glob("*.txt")):
        source = path.read_text(encoding="utf-8")
        result, _ = normalise(source, lexicon())
        check_offsets(source, result)
        for character, offset in zip(result.text, result.offsets, strict=False):
            if character != "\n":
                assert source[offset] in (character, same.get(character)), (character, source[offset])


def test_nothing_crashes() -> None:
    for text in ("", "\n", " ", "\x00", "　\n\n", "。", "1", "一、", "（", "\ufeff", "12\n13\n14"):
        check_offsets(text, normalise(text)[0])


@given(
    st.text(
        alphabet=st.sampled_from("全年增长完成亿元，。；：“”（）()%．.,0123456789 　\n\t\u200b一二、年ABc-—"),
        max_size=200,
    )
)
@settings(max_examples=300, deadline=None)
def test_offsets_of_any_text(text: str) -> None:
    check_offsets(text, normalise(text)[0])


@given(st.text(alphabet=st.sampled_from("全年增长完成亿元，。；（）()%．.,0123456789 　\n一二、年ABc-—"), max_size=120))
@settings(max_examples=200, deadline=None)
def test_normalising_again_changes_no_character(text: str) -> None:
    """A second pass may join more lines, as it sees no indents, but finds nothing else to change."""
    once = normalise(text)[0].text
    twice = normalise(once)[0].text
    assert twice.replace("\n", "").replace("，", "") == once.replace("\n", "").replace("，", "") or re.search(
        r"\d[\s，]+\d|[A-Za-z]\n|\n", once
    )


# --- disturbances ------------------------------------------------------------------------------

BODY = "\n".join([report("2017年某市政府工作报告").split("\n")[0], LONG, *REVIEW, *PLAN])
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_blanks_and_invisible_characters_anywhere(data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(1, len(BODY) - 1), max_size=25))
    marks = data.draw(
        st.lists(st.sampled_from([" ", "　", "\u200b", "\ufeff", "\u00ad", "\t"]), min_size=25, max_size=25)
    )
    text = BODY
    for place, mark in zip(sorted(places, reverse=True), marks, strict=False):
        # An indent of some lines alone would change how the text sets its paragraphs.
        if text[place - 1] != "\n":
            text = text[:place] + mark + text[place:]
    assert plain(text) == plain(BODY)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_full_width_forms_anywhere(data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(set(map(chr, WIDE)) & set(BODY)))))
    table = {ord(character): WIDE[ord(character)] for character in chosen}
    assert plain(BODY.translate(table)) == plain(BODY)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_half_width_punctuation_anywhere(data: st.DataObject) -> None:
    narrow = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?"}
    chosen = data.draw(st.sets(st.sampled_from(sorted(narrow))))
    assert plain(BODY.translate({ord(c): narrow[c] for c in chosen})) == plain(BODY)


def test_line_breaks_anywhere_within_sentences() -> None:
    """A single break is mended wherever it falls, but for a few whose halves look like a heading and its text."""
    whole = plain(BODY)
    chance = random.Random(7)
    tried = mended = 0
    for _ in range(400):
        at = chance.randrange(1, len(BODY) - 1)
        before, after = BODY[:at].rsplit("\n", 1)[-1], BODY[at:].split("\n", 1)[0]
        if not before or not after or re.search("[。！？：][”’）]*$", before):
            continue
        tried += 1
        mended += plain(BODY[:at] + chance.choice(["\n", "\r\n", "\n\n", "\n ", " \n"]) + BODY[at:]) == whole
    assert mended >= tried * 0.97


def test_private_characters_are_none() -> None:
    """Later stages use some of them as marks of their own."""
    text = "".join(map(chr, range(0xE000, 0xF900)))
    normalised, _ = normalise(f"全年增长{text}5%。")
    assert not set(normalised.text) & set(text)


@pytest.mark.parametrize("word", ["建议", "揭榜", "代办员"])
def test_a_word_on_lines_of_its_own_is_no_running_head(word: str) -> None:
    """A page's links part words from their sentences."""
    text = "\n".join(f"办理代表、委员第{n}批\n{word}\n，答复率有所提高。" for n in "甲乙丙丁")
    assert plain(text).count(word) == 4


def test_paragraphs_in_frames_are_paragraphs() -> None:
    text = "| 云川市政府工作报告 |\n| 各位代表： |\n| 粮食产量30万吨。 |\n"
    found = normalise(text)[0].text
    assert found.split("\n")[:3] == ["云川市政府工作报告", "各位代表：", "粮食产量30万吨。"]
    assert "|" in normalise("| 指标 | 数值 |\n| 粮食 | 30 |\n| 油料 | 3 |\n")[0].text
