"""What is a government's report and what lies beside it."""

from __future__ import annotations

import pytest
from help.front_samples import identity, lexicon, report

from compiler.model import DocumentKind
from compiler.text.documents import document_kind

NEWS = "本报讯（记者 李某）1月9日，某县人大会议开幕。县长王某某作政府工作报告。报告指出，去年全县增收。"
PAPER = "各位代表：\n受县人民政府委托，现将计划执行情况报告如下，请予审议。\n一、2016年情况\n生产总值增长6%。"

CASES = [
    # title, text below it, file, kind
    (
        "2016年某县国民经济和社会发展统计公报",
        "一、综合\n初步核算，全县生产总值增长6%。",
        "x.txt",
        DocumentKind.BULLETIN,
    ),
    ("某县统计局", "一、综合\n初步核算，全县生产总值增长6%。", "某县2016年统计公报.txt", DocumentKind.BULLETIN),
    ("关于2016年国民经济和社会发展计划执行情况与2017年计划草案的报告", PAPER, "x.txt", DocumentKind.PLAN_PAPER),
    ("关于某县2016年预算执行情况和2017年预算草案的报告", PAPER, "x.txt", DocumentKind.BUDGET),
    ("云川市人大常委会工作报告", "各位代表：\n我代表市人大常委会，向大会报告工作。", "x.txt", DocumentKind.OTHER_BODY),
    (
        "政协云川市第九届委员会常务委员会工作报告",
        "各位委员：\n我受市政协常委会的委托，向大会报告工作。",
        "x.txt",
        DocumentKind.OTHER_BODY,
    ),
    (
        "",
        "——2024年1月12日在云川市第五届人民代表大会第四次会议上\n各位代表：\n我受市人大常委会委托，向大会报告工作，请予审议。",
        "x.txt",
        DocumentKind.OTHER_BODY,
    ),
    (
        "中国共产党云川市第七次代表大会报告",
        "同志们：\n我代表中共云川市第六届委员会，向大会作报告。",
        "x.txt",
        DocumentKind.OTHER_BODY,
    ),
    (
        "",
        "各位代表：在中共云川市委领导下，现在，我代表市人民政府，向大会报告工作。",
        "x.txt",
        DocumentKind.REPORT,
    ),
    ("", "各位代表：现在，我代表市中级人民法院，向大会报告工作。", "云川市2017.txt", DocumentKind.OTHER_BODY),
    (
        "",
        "各位代表：现在，我代表市人民政府，向大会报告工作，请市政协常委会的同志提出意见。",
        "x.txt",
        DocumentKind.REPORT,
    ),
    ("某县2016年财政决算报告", PAPER, "x.txt", DocumentKind.BUDGET),
    ("某县第三届人民代表大会第一次会议开幕", NEWS, "x.txt", DocumentKind.NEWS),
    ("一图读懂2017年某县发展目标", "生产总值增长7%左右。\n新增就业3000人。", "x.txt", DocumentKind.DIGEST),
    (
        "",
        "Fellow deputies, on behalf of the government I now report to you on our work. " * 4,
        "x.txt",
        DocumentKind.FOREIGN,
    ),
    ("", "各位代表：现在，我代表县政府向大会报告工作。".encode().decode("latin-1") * 3, "x.txt", DocumentKind.GARBLED),
    (
        "",
        ("各位代表：现在，我代表县政府向大会报告工作。" * 5).encode().decode("gbk", "replace"),
        "x",
        DocumentKind.GARBLED,
    ),
    # reports, whatever stands around them
    ("2017年某县政府工作报告", report(), "x.txt", DocumentKind.REPORT),
    ("", report(), "x.txt", DocumentKind.REPORT),
    ("", report(), "某县统计公报.txt", DocumentKind.REPORT),
    ("某县政府工作报告（摘要）", "本报讯 记者李某\n" + report(), "x.txt", DocumentKind.REPORT),
    ("", "（记者 李某 摄）\n" + report() + "\n报告指出的事项由县政府办负责。", "x.txt", DocumentKind.REPORT),
    ("某县政府工作报告解读：今年这么干", report(), "x.txt", DocumentKind.REPORT),
    ("", "今年全县粮食丰收。", "x.txt", DocumentKind.REPORT),
    # words of other papers below the beginning of a report name nothing
    ("各位代表：", "一、2016年工作回顾\n（一）经济运行情况\n全县粮食丰收。", "x.txt", DocumentKind.REPORT),
    ("一、2016年工作回顾", "（一）经济运行情况\n（二）预算执行情况\n全县粮食丰收。", "x.txt", DocumentKind.REPORT),
    ("2016年工作回顾", "本报记者报道，报告指出，全县粮食丰收。", "x.txt", DocumentKind.REPORT),
]


@pytest.mark.parametrize(("title", "text", "path", "kind"), CASES, ids=range(len(CASES)))
def test_kind(title: str, text: str, path: str, kind: DocumentKind) -> None:
    assert document_kind(f"{title}\n{text}" if title else text, path, lexicon()) is kind


def test_the_identity_tells() -> None:
    assert identity(f"{CASES[0][0]}\n{CASES[0][1]}")[0].document is DocumentKind.BULLETIN
    assert identity(report("2017年某县政府工作报告"))[0].document is DocumentKind.REPORT
