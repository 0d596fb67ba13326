"""What no writer put there goes: markup, footnote marks, damaged signs, letters against copying."""

from __future__ import annotations

import pytest
from help.front_samples import lexicon

from compiler.text.normalise import normalise

CHARACTERS = [
    # footnote marks between name and figure, in every bracket
    ("完成工业产值[2]163亿元。", "完成工业产值163亿元。"),
    ("建成粮仓【1】12座。", "建成粮仓12座。"),
    ("“小升规”企业〔16〕37家", "“小升规”企业37家"),
    ("推行“三长制”[注3]，成效明显。", "推行“三长制”，成效明显。"),
    ("工业投资①增长9.4%，商品零售②增长8.1%。", "工业投资增长9.4%，商品零售增长8.1%。"),
    ("落实“链长制”¹，新增企业²³12家。", "落实“链长制”，新增企业12家。"),
    ("实施“百企计划”*，开工8个项目。", "实施“百企计划”，开工8个项目。"),
    ("推行“码上办”<sup>[4]</sup>改革。", "推行“码上办”改革。"),
    ("深化“四张清单”\n[6]\n改革，压减事项30项。", "深化“四张清单”改革，压减事项30项。"),
    # what looks like one and is none
    ("[1]“四张清单”：指权力、责任等清单。", "〔1〕“四张清单”：指权力、责任等清单。"),
    ("依据冀政〔2016〕12号文件", "依据冀政〔2016〕12号文件"),
    ("依据市政〔15〕号文件", "依据市政〔15〕号文件"),
    ("新增设施农业③ 1.9万亩。", "新增设施农业1.9万亩。"),
    ("新认定高新技术企业\n②14家，增长8%。", "新认定高新技术企业14家，增长8%。"),
    ("抓好工业\n①2023年完成投资86亿元。", "抓好工业\n①2023年完成投资86亿元。"),
    ("①抓工业；②抓农业。", "①抓工业；②抓农业。"),
    ("新建厂房3万m²", "新建厂房3万m²"),
    ("增长〔12〕%", "增长〔12〕%"),
    # marks between a figure and its unit
    ("收入900.5①亿元，增长8.4〔3〕%，新增企业21②家。", "收入900.5亿元，增长8.4%，新增企业21家。"),
    # subscripts
    ("PM₂.₅浓度32微克", "PM2.5浓度32微克"),
    ("PM_2.5浓度32微克", "PM2.5浓度32微克"),
    ("PM_{10}浓度56微克", "PM10浓度56微克"),
    ("PM<sub>2.5</sub>浓度32微克", "PM2.5浓度32微克"),
    # look-alikes and what only one font can show
    ("⻓江沿岸⺠宿⻋间", "长江沿岸民宿车间"),
    ("⼯业⽣产⻛电⻥塘", "工业生产风电鱼塘"),
    ("\uf0b7粮食产量稳定\uf06c", "粮食产量稳定"),
    ("增长6\uf02e5%", "增长6\ufffd5%"),
    ("优良率≧87%，损耗⩽3%", "优良率≥87%，损耗≤3%"),
    # a page's markup
    ("&nbsp;&nbsp;粮食&amp;棉花", "粮食&棉花"),
    ("<U+3000><U+3000>粮食丰收。", "粮食丰收。"),
    ("&#12288;粮食丰收。", "粮食丰收。"),
    ("<p>粮食丰收。</p><p>棉花增产。</p>", "粮食丰收。\n棉花增产。"),
    ("<span style='color:red'>粮食</span>丰收。", "粮食丰收。"),
    ("县长??王某某", "县长王某某"),
]


SPOILED = [
    # letters for digits: nothing of such a figure is read, nor its magnitude
    ("工业产值9OO.5亿元，", "工业产值□□□□□□元，"),
    ("工业产值9l0.5亿元，", "工业产值□□□□□□元，"),
    ("完成投资3I亿元。", "完成投资□□□元。"),
    ("商品零售增长l2.5%。", "商品零售增长□□□□%。"),
    ("工业产值B4.5亿元，", "工业产值□□□□□元，"),
    ("工业产值34_5亿元，", "工业产值□□□□□元，"),
    ("工业产值九OO.5亿元，", "工业产值九□□□□□元，"),
    ("工业产值⑨00.5亿元，增长⑧.2%。", "工业产值□□□□□元，增长⑧□□%。"),
    ("人均收入028345元。", "人均收入□□□□□□元。"),
    # names and signs with letters and digits, and a full stop typed as a point
    ("建成G60沿线5G基站300个，O2O门店20家。", "建成G60沿线5G基站300个，O2O门店20家。"),
    ("PM2.5浓度下降3%，CO2减排5%，S26高速通车。", "PM2.5浓度下降3%，CO2减排5%，S26高速通车。"),
    ("二OO九年，工业产值增长8%.5个项目开工。", "二OO九年，工业产值增长8%.5个项目开工。"),
    ("建成2×1.5万千瓦机组，电话0539-8720101。", "建成2×1.5万千瓦机组，电话0539-8720101。"),
    ("05年完成投资0.5亿元，增长0.05%。", "05年完成投资0.5亿元，增长0.05%。"),
]


@pytest.mark.parametrize(("printed", "read"), SPOILED)
def test_a_figure_with_letters_for_digits_is_blotted_out_and_told(printed: str, read: str) -> None:
    plain, issues = normalise("前一行。\n\n" + printed, lexicon())
    assert plain.text == "前一行。\n" + read
    told = [issue for issue in issues if issue.code == "I206"]
    assert [issue.fields["line"] for issue in told] == (["3"] if "□" in read else [])


@pytest.mark.parametrize(("dirty", "clean"), CHARACTERS)
def test_characters(dirty: str, clean: str) -> None:
    assert normalise(dirty, lexicon())[0].text == clean


def test_every_offset_points_at_its_character() -> None:
    source = "<p>完成⼯业产值[2]163亿元，PM_2.5降到32。</p>"
    plain = normalise(source, lexicon())[0]
    start = plain.text.index("163亿元")
    assert source[plain.source_span(start, start + 5)[0] :].startswith("163亿元")
    for sign in ("完", "值", "亿", "P", "降"):
        assert source[plain.offsets[plain.text.index(sign)]] == sign


WRECKS = [
    # the wreck, how often it stands behind figures, what else stands in the text, whether it is read as percent
    ("_M_M_", 4, "", True),
    ("_x_y_", 3, "", True),
    ("_M_M_", 2, "", False),
    ("_M_M_", 4, "占比达到15%，提高到17%。", False),
    ("_M_M_", 4, "另有代号甲_M_M_乙。", False),
]


@pytest.mark.parametrize(("wreck", "count", "beside", "read"), WRECKS)
def test_wrecks_of_a_percent_sign(wreck: str, count: int, beside: str, read: bool) -> None:
    text = "，".join(f"第{'甲乙丙丁'[i]}项增长{i + 3}.5{wreck}" for i in range(count)) + f"。{beside}"
    plain, issues = normalise(text, lexicon())
    assert ("增长3.5%" in plain.text) is read
    assert ([issue.code for issue in issues] == ["I204"]) is read


def test_letters_against_copying() -> None:
    lines = ["粮食连年丰收qzk", "新建粮仓12座，农民种粮的劲", "头更足了。qzk", "棉花增产8%。qzk", "油料增产5%。qzk"]
    text = normalise("\n".join(lines), lexicon())[0].text
    assert text.split("\n") == ["粮食连年丰收", "新建粮仓12座，农民种粮的劲头更足了。", "棉花增产8%。", "油料增产5%。"]


def test_words_at_line_ends_are_no_letters_against_copying() -> None:
    lines = ["推广使用wifi", "推广使用app", "粮食增产8%。", "棉花增产5%。", "油料增产5%。"]
    assert "wifi" in normalise("\n".join(lines), lexicon())[0].text
