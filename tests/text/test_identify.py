"""Whose report it is and of which year, over regions, levels and decades; and where clues fail or disagree."""

# Tables read better with a case on a line.
# ruff: noqa: E501

from __future__ import annotations

import pytest
from help.front_samples import PLAN, REAL, REVIEW, identity, lexicon, report

from compiler.text.identify import identify
from compiler.text.normalise import normalise
from compiler.text.places import all_divisions
from compiler.text.split import split

STATED = [
    # title, meeting, government in the opening, place, code, level, year
    (
        "2018年贵州省人民政府工作报告",
        "——2018年1月26日在贵州省第十三届人民代表大会第一次会议上",
        "省",
        "贵州省",
        "520000",
        "省级",
        2018,
    ),
    (
        "政府工作报告",
        "2015年1月20日在新疆维吾尔自治区第十二届人民代表大会第三次会议上",
        "自治区人民",
        "新疆维吾尔自治区",
        "650000",
        "省级",
        2015,
    ),
    (
        "延边朝鲜族自治州人民政府工作报告",
        "——2008年1月9日在延边朝鲜族自治州第十三届人民代表大会第一次会议上",
        "州",
        "延边朝鲜族自治州",
        "222400",
        "地级",
        2008,
    ),
    ("延边州政府工作报告", "", "州", "延边朝鲜族自治州", "222400", "地级", 2008),
    (
        "深圳市政府工作报告",
        "2019年1月18日在深圳市第六届人民代表大会第七次会议上",
        "市",
        "深圳市",
        "440300",
        "地级",
        2019,
    ),
    ("上海市浦东新区2020年政府工作报告", "", "区", "上海市浦东新区", "310115", "县级", 2020),
    (
        "昆山市政府工作报告",
        "——2013年1月7日在昆山市第十六届人民代表大会第二次会议上",
        "市",
        "苏州市昆山市",
        "320583",
        "县级",
        2013,
    ),
    (
        "西昌市政府工作报告",
        "在西昌市第九届人民代表大会第四次会议上",
        "市",
        "凉山彝族自治州西昌市",
        "513401",
        "县级",
        2016,
    ),
    ("凉山彝族自治州西昌市政府工作报告", "", "市", "凉山彝族自治州西昌市", "513401", "县级", 2016),
    ("政府工作报告", "——2010年3月5日在第十一届全国人民代表大会第三次会议上", "国务院，", "全国", "", "国家", 2010),
    ("北京市政府工作报告", "2005年1月", "市", "北京市", "110000", "省级", 2005),
    ("北京市朝阳区政府工作报告", "", "区", "北京市朝阳区", "110105", "县级", 2012),
    ("长春市朝阳区人民政府工作报告", "", "区", "长春市朝阳区", "220104", "县级", 2012),
    (
        "襄樊市政府工作报告",
        "2006年1月10日在襄樊市第十四届人民代表大会第四次会议上",
        "市",
        "襄樊市",
        "420600",
        "地级",
        2006,
    ),
    ("襄阳市政府工作报告", "2012年1月10日在襄阳市", "市", "襄阳市", "420600", "地级", 2012),
    ("毕节地区行政公署工作报告", "", "地区", "毕节地区", "522400", "地级", 2009),
    ("锡林郭勒盟政府工作报告", "", "盟", "锡林郭勒盟", "152500", "地级", 2021),
    ("喀左县政府工作报告", "", "县", "朝阳市喀喇沁左翼蒙古族自治县", "211324", "县级", 2011),
    ("海城市政府工作报告", "", "市", "鞍山市海城市", "210381", "县级", 2014),
    ("二〇一四年海城市人民政府工作报告", "", "市", "鞍山市海城市", "210381", "县级", 2014),
    ("湖北省仙桃市政府工作报告", "", "市", "湖北省仙桃市", "429004", "县级", 2022),
    ("济源市政府工作报告", "", "市", "河南省济源市", "419001", "县级", 2022),
    ("重庆市渝中区政府工作报告", "", "区", "重庆市渝中区", "500103", "县级", 2022),
    ("内蒙古自治区政府工作报告", "", "自治区", "内蒙古自治区", "150000", "省级", 2003),
    ("广西壮族自治区政府工作报告", "", "自治区", "广西壮族自治区", "450000", "省级", 2003),
    ("西藏自治区政府工作报告", "", "自治区", "西藏自治区", "540000", "省级", 2000),
    ("吉林市政府工作报告", "", "市", "吉林市", "220200", "地级", 2011),
    ("海南省政府工作报告", "", "省", "海南省", "460000", "省级", 2011),
    ("海南藏族自治州政府工作报告", "", "州", "海南藏族自治州", "632500", "地级", 2011),
    ("公主岭市政府工作报告", "", "市", "长春市公主岭市", "220184", "县级", 2023),
    ("公主岭市政府工作报告", "", "市", "四平市公主岭市", "220381", "县级", 2010),
    ("鼓楼区政府工作报告", "南京市鼓楼区第十八届人民代表大会第一次会议", "区", "南京市鼓楼区", "320106", "县级", 2016),
    ("莱芜市政府工作报告", "", "市", "莱芜市", "371200", "地级", 2016),
    ("巢湖市政府工作报告", "", "市", "巢湖市", "341400", "地级", 2008),
    ("巢湖市政府工作报告", "", "市", "合肥市巢湖市", "340181", "县级", 2018),
    ("乌鲁木齐市政府工作报告", "", "市", "乌鲁木齐市", "650100", "地级", 2026),
    ("鄂温克族自治旗政府工作报告", "", "旗", "呼伦贝尔市鄂温克族自治旗", "150724", "县级", 2026),
    ("香格里拉市政府工作报告", "", "市", "迪庆藏族自治州香格里拉市", "533401", "县级", 2018),
    ("中山市政府工作报告", "", "市", "中山市", "442000", "地级", 2018),
    ("三沙市政府工作报告", "", "市", "三沙市", "460300", "地级", 2018),
    ("杭州市临平区政府工作报告", "", "区", "杭州市临平区", "330113", "县级", 2023),
    ("黑河市政府工作报告（摘要）", "", "市", "黑河市", "231100", "地级", 2001),
    (
        "关于政府工作的报告",
        "——2002年1月28日在山西省第九届人民代表大会第五次会议上",
        "省",
        "山西省",
        "140000",
        "省级",
        2002,
    ),
    ("福州市2003年政府工作报告", "", "市", "福州市", "350100", "地级", 2003),
    ("阜新蒙古族自治县政府工作报告", "", "县", "阜新市阜新蒙古族自治县", "210921", "县级", 2009),
    ("积石山县政府工作报告", "", "县", "临夏回族自治州积石山保安族东乡族撒拉族自治县", "622927", "县级", 2019),
    ("湘西州政府工作报告", "", "州", "湘西土家族苗族自治州", "433100", "地级", 2019),
    ("大兴安岭地区行署工作报告", "", "地区", "大兴安岭地区", "232700", "地级", 2010),
    ("神农架林区政府工作报告", "", "林区", "湖北省神农架林区", "429021", "县级", 2010),
    ("天津市滨海新区政府工作报告", "", "区", "天津市滨海新区", "120116", "县级", 2014),
    ("天津市塘沽区政府工作报告", "", "区", "天津市塘沽区", "120107", "县级", 2007),
    (
        "政府工作报告",
        "2001年2月12日在河北省石家庄市第十届人民代表大会第四次会议上",
        "市",
        "石家庄市",
        "130100",
        "地级",
        2001,
    ),
    (
        "政府工作报告",
        "（2013年1月24日在广西壮族自治区第十二届人民代表大会第一次会议上）",
        "自治区",
        "广西壮族自治区",
        "450000",
        "省级",
        2013,
    ),
    ("政府工作报告", "二○○四年二月十日在陕西省第十届人民代表大会第二次会议上", "省", "陕西省", "610000", "省级", 2004),
    (
        "政府工作报告",
        "——在义乌市第十四届人民代表大会第三次会议上（2014年2月19日）",
        "市",
        "金华市义乌市",
        "330782",
        "县级",
        2014,
    ),
    ("2024年杭州市上城区政府工作报告", "", "区", "杭州市上城区", "330102", "县级", 2024),
    ("2023年济南市莱芜区政府工作报告", "", "区", "济南市莱芜区", "370116", "县级", 2023),
    ("海南省儋州市政府工作报告", "", "市", "儋州市", "460400", "地级", 2020),
    ("海南省儋州市政府工作报告", "", "市", "海南省儋州市", "469003", "县级", 2009),
    ("阿克苏市政府工作报告", "", "市", "阿克苏地区阿克苏市", "652901", "县级", 2009),
    ("石河子市政府工作报告", "", "市", "新疆维吾尔自治区石河子市", "659001", "县级", 2015),
    ("甘孜州康定市政府工作报告", "", "市", "甘孜藏族自治州康定市", "513301", "县级", 2019),
    ("那曲地区政府工作报告", "", "地区", "那曲地区", "542400", "地级", 2012),
    ("那曲市政府工作报告", "", "市", "那曲市", "540600", "地级", 2022),
]


@pytest.mark.parametrize(("title", "meeting", "government", "place", "code", "level", "year"), STATED)
def test_stated(title: str, meeting: str, government: str, place: str, code: str, level: str, year: int) -> None:
    found, codes = identity(report(title, meeting, "", year, government))
    assert (found.place, found.place_code, found.place_level, found.report_year) == (place, code, level, year)
    assert codes == []


YEARS = [
    # title, meeting date, review heading, plan heading, year, codes
    ("2017年甲市政府工作报告", "", "一、2016年工作回顾", "二、2017年工作安排", 2017, []),
    ("甲市政府工作报告", "2011年12月27日", "一、2011年工作回顾", "二、2012年工作安排", 2012, []),
    ("甲市政府工作报告", "2011年12月27日", "一、今年工作回顾", "二、明年工作安排", 2012, []),
    ("甲市政府工作报告", "2012年1月6日", "一、去年工作回顾", "二、今年工作安排", 2012, []),
    ("甲市政府工作报告", "", "一、二○○五年工作回顾", "二、二○○六年工作安排", 2006, []),
    ("甲市政府工作报告", "", "一、“十一五”时期和2010年工作回顾", "三、2011年重点工作", 2011, []),
    ("甲市政府工作报告", "", "一、2008—2012年工作回顾", "二、今年重点工作", 2013, []),
    ("2016年甲市政府工作报告", "2017年1月6日", "一、2016年工作回顾", "二、2017年工作安排", 2017, ["I403"]),
    ("甲市政府工作报告", "2017年1月6日", "一、2015年工作回顾", "二、2016年工作安排", 2016, ["I403"]),
    ("甲市2000年政府工作报告", "", "一、1999年工作回顾", "二、2000年工作安排", 2000, []),
    ("甲市2026年政府工作报告", "", "一、2025年工作回顾", "二、2026年工作安排", 2026, []),
]


@pytest.mark.parametrize(("title", "date", "review", "plan", "year", "codes"), YEARS)
def test_year(title: str, date: str, review: str, plan: str, year: int, codes: list[str]) -> None:
    meeting = f"——{date}在甲市第十五届人民代表大会第一次会议上" if date else ""
    lines = [title, meeting, "各位代表：", "现在，我代表市政府向大会报告工作，请予审议。", review, *REVIEW, plan, *PLAN]
    found, issues = identity("\n".join(line for line in lines if line))
    assert found.report_year == year
    assert [code for code in issues if code not in ("I401", "I406")] == codes


def test_year_from_the_text() -> None:
    text = report().replace("2016年工作回顾", "工作回顾").replace("2017年工作安排", "工作安排")
    assert identity(text)[0].report_year == 0
    assert "I402" in identity(text)[1]
    text = text.replace("今年全市经济社会发展的主要预期目标", "2009年全市经济社会发展的主要预期目标")
    assert identity(text)[0].report_year == 2009
    text = "各位代表：\n现在，我代表市政府向大会报告工作，请予审议。\n2013年，全市上下同心。\n生产总值增长6%，是2013年以来最好水平。\n"
    assert identity(text)[0].report_year == 2014


def test_year_from_the_file_name() -> None:
    text = report().replace("2016年工作回顾", "工作回顾").replace("2017年工作安排", "工作安排")
    assert identity(text, "甲市2018.txt")[0].report_year == 2018
    assert identity(text, "20180115_甲市.txt")[0].report_year == 0


HEADERS = [
    (
        "2017年某县政府工作报告\n——2017年1月9日在某县第十五届人民代表大会第七次会议上\n县长 王小明\n",
        ("2017年某县政府工作报告", "某县第十五届人民代表大会第七次会议", "2017-01-09", "王小明"),
    ),
    (
        "政 府 工 作 报 告\n（2004年2月10日在陕西省第十届人民代表大会第二次会议上）\n代省长　李大山\n",
        ("政府工作报告", "陕西省第十届人民代表大会第二次会议", "2004-02-10", "李大山"),
    ),
    (
        "甲市人民政府\n政府工作报告\n二○一○年一月十二日在甲市第三届人民代表大会第一次会议上\n甲市市长　欧阳某某\n",
        ("政府工作报告", "甲市第三届人民代表大会第一次会议", "2010-01-12", "欧阳某某"),
    ),
    (
        "新疆维吾尔自治区政府工作报告\n2015年1月20日在自治区第十二届人民代表大会第三次会议上\n自治区主席 雪克来提·扎克尔\n",
        ("新疆维吾尔自治区政府工作报告", "自治区第十二届人民代表大会第三次会议", "2015-01-20", "雪克来提·扎克尔"),
    ),
    ("关于政府工作的报告\n2002年1月\n", ("关于政府工作的报告", "", "2002-01", "")),
    ("", ("", "", "", "")),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_header(header: str, expected: tuple[str, str, str, str]) -> None:
    found, _ = identity(header + report())
    assert (found.title, found.meeting, found.date, found.speaker) == expected


def about(name: str, others: str, count: int = 12) -> str:
    """Return a report without title or meeting whose text speaks of a place."""
    return report() + "\n" + "\n".join(f"{name}第{n}批项目开工，{others}等地同步推进。" for n in range(count))


FROM_TEXT = [
    (about("锦州", "凌海、北镇、黑山、义县"), "市", "锦州市", "地级"),
    (about("昆山", "玉山镇、巴城镇"), "市", "苏州市昆山市", "县级"),
    (about("贵州", "贵阳、遵义、毕节、安顺"), "省", "贵州省", "省级"),
    (about("古塔", "石油街、北街街道"), "区", "锦州市古塔区", "县级"),
    (about("延边", "延吉、敦化、珲春、图们"), "州", "延边朝鲜族自治州", "地级"),
    (about("台安县", "桓洞、高力房"), "县", "鞍山市台安县", "县级"),
]


@pytest.mark.parametrize(("text", "government", "place", "level"), FROM_TEXT)
def test_from_the_text_alone(text: str, government: str, place: str, level: str) -> None:
    found, codes = identity(text.replace("我代表市政府", f"我代表{government}政府"), "报告.txt")
    assert (found.place, found.place_level) == (place, level)
    assert codes == ["I404"]


def test_places_merely_mentioned_are_not_taken() -> None:
    text = report() + "\n赴北京、上海、深圳开展招商活动。\n与北京、沈阳合作办学。\n学习杭州经验。\n北京客商前来考察。"
    assert identity(text)[0].place == ""
    assert identity(text + "\n沈阳、大连、鞍山、抚顺来人交流。" * 6)[1] == ["I401"]


def test_from_the_file_name() -> None:
    for path in ("锦州市2017年政府工作报告.txt", "辽宁/锦州2017.txt", "2017_锦州市.docx"):
        found, codes = identity(report(), path)
        assert (found.place, found.place_code) == ("锦州市", "210700")
        assert codes == ["I404"]


def test_the_file_name_settles_which_of_several() -> None:
    assert identity(report("鼓楼区政府工作报告", government="区"), "南京市鼓楼区2017.txt")[0].place_code == "320106"
    assert identity(report("鼓楼区政府工作报告", government="区"), "福州/鼓楼区2017.txt")[0].place_code == "350102"


def test_the_text_settles_which_of_several() -> None:
    text = report("鼓楼区政府工作报告", government="区") + "\n全面融入开封发展大局，建设开封核心区。"
    assert identity(text)[0].place == "开封市鼓楼区"


def test_nothing_to_go_by() -> None:
    found, codes = identity(report())
    assert (found.place, found.place_code, found.place_level, found.children) == ("", "", "", ())
    assert codes == ["I401"]


def test_a_place_that_no_table_has() -> None:
    found, codes = identity(report("某某县政府工作报告", government="县"))
    assert (found.place, found.place_code, found.place_level) == ("某某县", "", "县级")
    assert codes == ["I406"]


def test_title_and_meeting_that_disagree() -> None:
    text = report("盘锦市政府工作报告", "2017年1月9日在鞍山市第十五届人民代表大会第七次会议上")
    found, codes = identity(text)
    # A title may be the page's, saved under another's name; the meeting is the report's own word.
    assert found.place == "鞍山市"
    assert codes == ["I405"]


def test_children() -> None:
    children = identity(report("鞍山市政府工作报告"))[0].children
    assert {"海城市", "海城", "台安县", "岫岩", "铁东区"} <= set(children)
    children = identity(report("朝阳市政府工作报告"))[0].children
    assert "朝阳县" in children and "朝阳" not in children
    children = identity(report("湖北省政府工作报告", government="省"))[0].children
    assert {"武汉", "恩施土家族苗族自治州", "恩施", "恩施州", "仙桃市"} <= set(children)
    assert "江夏区" not in children
    children = identity(report("北京市政府工作报告"))[0].children
    assert {"海淀", "朝阳区"} <= set(children)
    assert "和平" not in identity(report("沈阳市政府工作报告"))[0].children
    assert identity(report("义县政府工作报告", government="县"))[0].children == ()
    nation = identity(report("政府工作报告").replace("我代表市政府", "我代表国务院，"))[0]
    assert (nation.place, nation.place_level) == ("全国", "国家")
    assert {"辽宁省", "辽宁", "内蒙古"} <= set(nation.children)


def test_every_place_of_today_by_its_full_name() -> None:
    """Every division is found again under its own full name."""
    table = all_divisions()
    for entries in table.by_code.values():
        for place in entries:
            if place.last < 9999:
                continue
            full = table.full_name(place)
            found = table.find(full)
            assert found and found[-1][0] == len(full), full
            assert place in found[-1][1], full


def test_counts_of_the_table() -> None:
    today = [place for entries in all_divisions().by_code.values() for place in entries if place.last == 9999]
    assert sum(place.level == "省级" for place in today) == 34
    assert sum(place.level == "地级" for place in today) == 333
    assert sum(place.level == "县级" for place in today) >= 2843


@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not at hand")
def test_real_reports() -> None:
    found = []
    for path in sorted(REAL.glob("*.txt")):
        plain, _ = normalise(path.read_text(encoding="utf-8"), lexicon())
        for one in split(plain, lexicon())[0]:
            who, _ = identify(plain, one, path.name, lexicon())
            found.append((who.place, who.place_code, who.report_year))
    assert found == [
        ("锦州市", "210700", 2017),
        ("盘锦市", "211100", 2017),
        ("朝阳市", "211300", 2017),
        ("鞍山市", "210300", 2017),
        ("锦州市", "210700", 2012),
        ("锦州市古塔区", "210702", 2012),
    ]


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("关于云川市2016年国民经济和社会发展计划执行情况与2017年计划草案的报告", 2017),
        ("关于云川市2016年国民经济和社会发展计划执行情况的报告", 2017),
    ],
)
def test_a_paper_that_looks_back_and_ahead_plans_for_the_later_year(title: str, year: int) -> None:
    text = f"{title}\n各位代表：\n受市人民政府委托，向大会报告。\n一、工作完成情况\n粮食产量增长8%。\n"
    assert identity(text)[0].report_year == year
