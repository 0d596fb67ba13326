"""What a web page adds to a report goes, above it and below; nothing of the report goes with it."""

from __future__ import annotations

import pytest
from help.front_samples import PLAN, REVIEW, lexicon, report

from compiler.text.normalise import normalise
from compiler.text.split import split

TITLE = "2017年某县政府工作报告"
BODY = report(TITLE, "2017年1月9日在某县第三届人民代表大会第一次会议上", "县长 王某某")

ABOVE = [
    ["您的位置:", "首页", ">", "政务公开"],
    ["当前位置：首页 > 信息公开 > 政府工作报告"],
    ["首页>政务公开>政府工作报告"],
    ["【字体：大 中 小】"],
    ["【字号：", "加大", "还原", "减小", "】"],
    ["下载", "打印", "全屏", "收藏"],
    ["发布时间：2017-02-14 09:20", "来源：某县人民政府办公室", "浏览次数：1024"],
    ["时间：", "2017-02-14 09:20", "来源：", "某县人民政府"],
    ["时间：2017-02-14????作者：某网????阅读：", "317", "评论：", "0"],
    ["索引号：0001/2017-00012", "发文机关：某县人民政府", "成文日期：2017年2月14日"],
    ["2017-02-14 07:00:44"],
    ["分享到：", "微信", "微博", "QQ空间"],
    ["县长王某某作政府工作报告。本报记者 李某 摄"],
    ["内容摘要：各位代表，现在，我代表县人民政府向大会报告工作，请予审议。一、2016年工作回顾……"],
    [
        "内容摘要：",
        "政府工作报告（2017年1月9日在某县第三届人民代表大会第一次会议上）各位代表：现在，我代表县政府......",
    ],
]

BELOW = [
    ["分享到：", "微信", "微博"],
    ["上一篇：", "2016年某县政府工作报告", "下一篇：", "2018年某县政府工作报告"],
    ["相关文章", "01-24", "2017年乙县政府工作报告", "01-24", "2017年丙县政府工作报告"],
    ["相关稿件", "某县一季度工业增长9.8%　2017-04-28", "某县固定资产投资增长9.2%　2017/2/1", "主办：某县政府办"],
    ["责任编辑：李某", "【打印】【关闭】"],
    ["》》点击图片进入专题《《", "收藏", "|", "分享到:", "×", "相关文档："],
    ["县政府办", "县发改局", "县财政局", "县教育局", "县农业局", "县统计局", "县人社局"],
    ["版权所有：某县人民政府 备案号：某ICP备12345678号"],
]


@pytest.mark.parametrize("lines", ABOVE, ids=[lines[0][:8] for lines in ABOVE])
def test_above(lines: list[str]) -> None:
    plain, issues = normalise("\n".join([*lines, BODY]), lexicon())
    assert plain.text == normalise(BODY, lexicon())[0].text
    assert [issue.code for issue in issues] == ["I203"]


@pytest.mark.parametrize("lines", BELOW, ids=[lines[0][:8] for lines in BELOW])
def test_below(lines: list[str]) -> None:
    plain, issues = normalise("\n".join([BODY, *lines]), lexicon())
    left = plain.text.removeprefix(normalise(BODY, lexicon())[0].text)
    assert left in ("", "\n》》点击图片进入专题《《")
    assert [issue.code for issue in issues] == ["I203"]


KEPT = [
    BODY,
    "\n".join(["2017年1月9日", BODY]),
    BODY + "\n主要指标表\n生产总值 812.5亿元 6.5%\n投资 190亿元 8%",
    BODY.replace(PLAN[0], "大\n中\n小\n" + PLAN[0]),
    BODY + "\n名词解释\n1.“四张清单”：指权力清单、责任清单等四种清单。",
    BODY.replace(REVIEW[0], "时间：一年来，我们惜时如金。\n" + REVIEW[0]),
]


@pytest.mark.parametrize("text", KEPT, ids=range(len(KEPT)))
def test_nothing_of_the_report_goes(text: str) -> None:
    _, issues = normalise(text, lexicon())
    assert "I203" not in [issue.code for issue in issues]


def test_a_page_is_one_report() -> None:
    page = "\n".join(["首页", ">", "政务公开", TITLE, "时间：2017-02-14", BODY, "相关文章", "2018年乙县政府工作报告"])
    plain, _ = normalise(page, lexicon())
    found, _ = split(plain, lexicon())
    assert len(found) == 1
    assert plain.text[found[0].start :].startswith(TITLE)
    assert plain.text[: found[0].end].endswith("奋斗！")
