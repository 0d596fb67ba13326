"""Evidence of place and year weighed: pages saved under another name, names of today over reports of yesterday."""

from __future__ import annotations

import pytest
from help.front_samples import identity, report

MEETING = "——{year}年1月20日在{place}第十五届人民代表大会第三次会议上"

CASES = [
    # title, place of the meeting (empty: no meeting), government in the opening, file, year, place, codes of issues
    # the file's name is contained in the place's, or is another's
    ("", "海丰县", "县", "丰县_2022.txt", 2022, "汕尾市海丰县", ["I407"]),
    ("兴和县政府工作报告", "", "县", "和县_2021.txt", 2021, "乌兰察布市兴和县", ["I407"]),
    ("义县政府工作报告", "义县", "县", "兴义县2015.txt", 2015, "锦州市义县", []),
    ("", "台安县", "县", "鞍山/台安_2012.txt", 2012, "鞍山市台安县", []),
    # a page's title over the report's own
    ("某网", "易县", "县", "易县_2018.txt", 2018, "保定市易县", []),
    ("2018年涞水县政府工作报告", "易县", "县", "易县_2018.txt", 2018, "保定市易县", ["I405"]),
    # a title without suffix
    ("保定市徐水2011年政府工作报告", "徐水县", "县", "x.txt", 2011, "保定市徐水县", []),
    ("保定市徐水2011年政府工作报告", "", "县", "x.txt", 2011, "保定市徐水县", []),
    ("南阳市西峡2019年政府工作报告", "", "县", "x.txt", 2019, "南阳市西峡县", []),
    # names of today over reports of yesterday, and the reverse
    ("保定市清苑区2013年政府工作报告", "", "县", "x.txt", 2013, "保定市清苑县", []),
    ("保定市徐水区2009年政府工作报告", "", "县", "x.txt", 2009, "保定市徐水县", []),
    ("襄阳市2008年政府工作报告", "", "市", "x.txt", 2008, "襄樊市", []),
    ("普洱市2005年政府工作报告", "", "市", "x.txt", 2005, "思茅市", []),
    ("襄阳市2013年政府工作报告", "襄阳市", "市", "襄樊_2013.txt", 2013, "襄阳市", []),
    # county-level cities that rose to prefectures, and prefectures that became cities
    ("毕节市政府工作报告", "毕节市", "市", "x.txt", 2018, "毕节市", []),
    ("毕节市政府工作报告", "毕节市", "市", "x.txt", 2008, "毕节地区毕节市", []),
    ("哈密市政府工作报告", "哈密市", "市", "x.txt", 2020, "哈密市", []),
    ("铜仁地区行政公署工作报告", "", "地区", "x.txt", 2009, "铜仁地区", []),
    ("林芝市政府工作报告", "林芝市", "市", "x.txt", 2019, "林芝市", []),
    # the code of a division in the file's name
    ("政府工作报告", "", "区", "320106_2016.txt", 2016, "南京市鼓楼区", ["I404"]),
    # what the text calls itself decides between a city and the county of its name
    ("", "", "县", "朝阳_2015.txt", 2015, "朝阳市朝阳县", ["I404"]),
    ("", "", "市", "朝阳_2015.txt", 2015, "朝阳市", ["I404"]),
    ("", "", "县", "抚顺_2015.txt", 2015, "抚顺市抚顺县", ["I404"]),
    # a district, an autonomous county, a banner
    ("2014年丰宁满族自治县政府工作报告", "", "县", "丰宁_2014.txt", 2014, "承德市丰宁满族自治县", []),
    ("2014年科右前旗政府工作报告", "", "旗", "x.txt", 2014, "兴安盟科尔沁右翼前旗", []),
    ("沈阳市和平区2016年政府工作报告", "", "区", "x.txt", 2016, "沈阳市和平区", []),
    # districts of one name: nothing tells which, the folder tells, the text names its city
    ("市中区2024年政府工作报告", "市中区", "区", "x.txt", 2024, "市中区", ["I412"]),
    ("鼓楼区2024年政府工作报告", "鼓楼区", "区", "x.txt", 2024, "鼓楼区", ["I412"]),
    ("矿区2012年政府工作报告", "矿区", "区", "x.txt", 2012, "矿区", ["I412"]),
    ("大同市矿区2012年政府工作报告", "", "区", "x.txt", 2012, "大同市矿区", []),
    ("寿县2012年政府工作报告", "寿县", "县", "x.txt", 2012, "六安市寿县", []),
    ("寿县2022年政府工作报告", "寿县", "县", "x.txt", 2022, "淮南市寿县", []),
    ("鼓楼区2024年政府工作报告", "鼓楼区", "区", "福州市/x.txt", 2024, "福州市鼓楼区", []),
    ("鼓楼区2024年政府工作报告", "徐州市鼓楼区", "区", "x.txt", 2024, "徐州市鼓楼区", []),
    # towns are no districts
    ("吉安市青原区富滩镇人民政府2024年政府工作报告", "", "镇", "x.txt", 2024, "吉安市青原区富滩镇", ["I406"]),
    ("禾埠乡2024年政府工作报告", "吉安市吉州区禾埠乡", "乡", "x.txt", 2024, "吉安市吉州区禾埠乡", ["I406"]),
    # the committee of a zone reports for the zone, not for the city that it belongs to
    ("兰州新区管委会工作报告", "", "区", "x.txt", 2021, "兰州新区", ["I406"]),
    ("宝鸡高新区2021年管委会工作报告", "", "区", "x.txt", 2021, "宝鸡高新区", ["I406"]),
    ("兰州市红古区2021年政府工作报告", "", "区", "x.txt", 2021, "兰州市红古区", []),
    ("景德镇市2016年政府工作报告", "景德镇市", "市", "x.txt", 2016, "景德镇市", []),
]


@pytest.mark.parametrize(
    ("title", "meeting", "government", "path", "year", "place", "codes"), CASES, ids=range(len(CASES))
)
def test_place(title: str, meeting: str, government: str, path: str, year: int, place: str, codes: list[str]) -> None:
    line = MEETING.format(year=year, place=meeting) if meeting else ""
    found, issues = identity(report(title, line, "", year, government), path)
    assert (found.place, found.report_year) == (place, year)
    assert issues == codes


NATION = [
    # header and opening, file
    ("政府工作报告\n各位代表：\n现在，我代表国务院，向大会报告政府工作，请各位代表审议。", "x.txt"),
    (
        "1978年政府工作报告——1978年2月26日在第五届全国人民代表大会第一次会议上\n我受国务院的委托，向大会报告工作。",
        "x.txt",
    ),
    ("政府工作报告\n我代表国务院向大会作报告。", "1957年国务院政府工作报告.txt"),
    ("政府工作报告\n各位代表：\n今年的工作如下。", "国务院_1993.txt"),
]


@pytest.mark.parametrize(("head", "path"), NATION)
def test_the_state_council(head: str, path: str) -> None:
    found, _ = identity(head + "\n台湾省的乡亲盼团圆。台湾省各界来信很多。台湾省的前途与祖国相连。", path)
    assert (found.place, found.place_level) == ("全国", "国家")


def test_a_local_report_that_names_the_state_council() -> None:
    text = report("易县2018年政府工作报告", "", "", 2018, "县").replace("请予审议", "并贯彻国务院部署，请予审议")
    assert identity(text)[0].place == "保定市易县"


SURE = [
    # title, meeting, government, file, least and most percent
    ("易县2018年政府工作报告", "易县", "易县", "易县_2018.txt", 95, 100),
    ("易县2018年政府工作报告", "", "县", "x.txt", 50, 90),
    ("", "", "县", "易县_2018.txt", 20, 70),
    ("涞水县2018年政府工作报告", "易县", "县", "x.txt", 20, 60),
    ("", "", "县", "x.txt", 0, 0),
]


@pytest.mark.parametrize(("title", "meeting", "government", "path", "least", "most"), SURE)
def test_how_sure(title: str, meeting: str, government: str, path: str, least: int, most: int) -> None:
    line = MEETING.format(year=2018, place=meeting) if meeting else ""
    assert least <= identity(report(title, line, "", 2018, government), path)[0].sure <= most


PAGE_DATES = [
    # lines above the report, title, year
    ("发布时间：2023-01-24", "易县2018年政府工作报告", 2018),
    ("2006年02月27日", "易县1999年政府工作报告", 1999),
    ("某门户网站 www.example.cn 2006年02月27日 转自：某报", "易县1999年政府工作报告", 1999),
]


@pytest.mark.parametrize(("line", "title", "year"), PAGE_DATES)
def test_dates_of_pages_are_no_report_years(line: str, title: str, year: int) -> None:
    found, _ = identity(f"{title}\n{line}\n" + report("", "", "", year, "县"), "易县.txt")
    assert found.report_year == year


def test_a_sentence_above_the_report_tells_the_congress() -> None:
    line = "政府工作报告\n——在县第五届人民代表大会第三次会议上\n1月12日上午，易县第五届人民代表大会第三次会议开幕。\n"
    assert identity(line + report("", "", "", 2018, "县"))[0].place == "保定市易县"


def test_a_file_of_another_year_is_told() -> None:
    found, codes = identity(report("易县2018年政府工作报告", "", "", 2018, "县"), "易县_2015.txt")
    assert (found.report_year, codes) == (2018, ["I407"])


@pytest.mark.parametrize(
    ("title", "file", "place"),
    [
        ("北票市2023年政府工作报告", "朝阳市北票市_2023.txt", "朝阳市北票市"),
        ("和县2023年政府工作报告", "和县.txt", "马鞍山市和县"),
        ("", "x.txt", ""),
    ],
)
def test_names_within_other_words_are_no_places(title: str, file: str, place: str) -> None:
    body = (
        "\n在市委、市政府和县委的领导下，全县上下同心。扩建中医院和县医院，创建示范县，市人大和县人大督办，争当示范县。"
    )
    found, _ = identity(f"{title}\n" + report("", "", "县", 2023, "县") + body * 3, file)
    assert found.place == place
