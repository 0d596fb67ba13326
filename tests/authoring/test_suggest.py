"""``suggest``: rules for figures that nothing claims; pasted as they are, they pass the check."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import TOP

from compiler.app.cli import main
from compiler.authoring import suggest as suggesting
from compiler.authoring.check import check
from compiler.authoring.suggest import paste, suggest
from compiler.authoring.suggested import Suggestion, as_yaml, quoted
from compiler.facts.batch import compile_inputs, read_inputs
from compiler.facts.kept_rules import load_rules
from compiler.issues import render, severity
from compiler.model import Part, RuleBook
from compiler.workspace import sample_files

REPORT = """\
榆林市2016年政府工作报告
——2016年1月11日在榆林市第三届人民代表大会第六次会议上

各位代表：
　　我代表市人民政府，向大会报告工作，请予审议。

　　一、2015年工作回顾
　　新栽红枣树苗35万株。智慧路灯杆建成1200座，无花果种植面积3.2万亩。文化墙绘制480处。

　　二、2016年工作安排
　　智慧路灯杆再建成1500座。无花果种植面积增长12%。文化墙绘制500处，红枣树苗移栽40万株。
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report whose figures no shipped rule claims."""
    path = tmp_path / "报告.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


@pytest.fixture
def small(place: Path) -> Path:
    """A small folder of rules: the lexicon as shipped and one theme."""
    folder = place / "small" / "rules"
    (folder / "indicators").mkdir(parents=True)
    for name in ("lexicon.yaml", "indicators/综合经济.yaml"):
        shutil.copyfile(TOP / "rules" / name, folder / name)
    (folder / "ledger.yaml").write_text("format: 1\n", encoding="utf-8")
    return folder


def troubles(folder: Path) -> set[str]:
    """Return what a check has against the rules, notes aside."""
    return {render(issue).split(" ", 1)[1] for issue in check(folder) if severity(issue) != "note"}


def test_what_repeats_is_grouped_by_noun(report: Path, small: Path) -> None:
    rulebook, _ = load_rules(small)
    assert rulebook is not None
    reports, _ = compile_inputs(read_inputs([report]), rulebook)
    found = {suggestion.name: suggestion for suggestion in suggest(reports, rulebook)}
    assert found, [item.noun for item in reports[0].uncovered]
    for name, suggestion in found.items():
        assert suggestion.count >= 2 and len(suggestion.examples) == 3
        assert [bool(example.yields) for example in suggestion.examples] == [True, True, False]
        assert name not in {rule.name for rule in rulebook.indicators}
    assert any("路灯" in name for name in found)


def assert_pasted_suggestions_pass(paths: Sequence[Path], rules: Path, copy: Path, least: int) -> None:
    """Suggest, paste, check, and compile again with what was pasted."""
    rulebook, _ = load_rules(rules)
    assert rulebook is not None
    reports, _ = compile_inputs(read_inputs(paths), rulebook)
    suggestions = suggest(reports, rulebook, least=least)
    assert suggestions
    paste(suggestions, rules, copy)
    found = troubles(copy)
    assert not found or found <= troubles(rules)
    book, _ = load_rules(copy)
    assert book is not None
    assert {suggestion.id for suggestion in suggestions} <= {rule.id for rule in book.indicators}
    again, _ = compile_inputs(read_inputs(paths), book)
    before, after = (sum(len(report.uncovered) for report in found) for found in (reports, again))
    assert after < before  # the rules claim what they were written for


def test_pasted_suggestions_pass_the_check(report: Path, small: Path, tmp_path: Path) -> None:
    assert_pasted_suggestions_pass([report], small, tmp_path / "rules", 1)


def test_pasted_suggestions_pass_with_the_default_rules(tmp_path: Path) -> None:
    assert_pasted_suggestions_pass(sample_files(), TOP / "rules", tmp_path / "rules", 1)


@pytest.mark.slow
def test_pasted_suggestions_of_the_real_reports_pass(shared: Path, tmp_path: Path) -> None:
    assert_pasted_suggestions_pass([shared / "reports"], TOP / "rules", tmp_path / "rules", 2)


def test_ids_are_new_ones(report: Path, small: Path) -> None:
    book, _ = load_rules(small)
    assert book is not None
    reports, _ = compile_inputs(read_inputs([report]), book)
    first = suggest(reports, book, most=1)
    (small / "indicators" / "新.yaml").write_text(as_yaml(first), encoding="utf-8")
    more, _ = load_rules(small)
    assert more is not None
    reports, _ = compile_inputs(read_inputs([report]), more)
    assert first and {item.id for item in first} & {item.id for item in suggest(reports, more)} == set()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("路灯杆", "路灯杆"), ("甲: 乙", '"甲: 乙"'), ("PPP项目", '"PPP项目"'), ("%", '"%"'), ("“甲”", '"“甲”"')],
)
def test_texts_are_quoted_where_they_must_be(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_the_command(report: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = ["--rules", str(small)]
    assert main(["suggest", str(report), *rules, "--least", "1", "--most", "2"]) == 0
    told = capsys.readouterr()
    assert told.out.count("- id: new_") == 2 and "S102" in told.err
    out = tmp_path / "建议.yaml"
    assert main(["suggest", str(report), *rules, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("# yaml-language-server")
    capsys.readouterr()
    assert main(["suggest", str(report), *rules, "--least", "99"]) == 0
    told = capsys.readouterr()
    assert told.out == "" and "S101" in told.err
    assert main(["suggest", "没有这个文件.txt", *rules]) == 2
    empty = tmp_path / "空.txt"
    empty.write_text("", encoding="utf-8")
    assert main(["suggest", str(empty), *rules]) == 1


# --- one rule from a name and a sentence -------------------------------------------------------


def test_a_rule_for_a_name(small: Path) -> None:
    rulebook, _ = load_rules(small)
    assert rulebook is not None
    made = suggesting.suggest_for("苹果树苗", "全市新栽苹果树苗3.5万株，长势良好。", rulebook)
    assert made is not None
    assert made.unit == "万株"  # as printed, though the lexicon has another name for it
    assert made.id == suggesting.id_of("苹果树苗") and made.id.startswith("new_")
    assert all("长势良好" not in example.text and "3.5" not in example.text for example in made.examples)
    assert suggesting.suggest_for("苹果树苗", "长势良好。", rulebook) is None
    assert suggesting.suggest_for("地区生产总值", "地区生产总值3亿元。", rulebook) is None  # another rule has it


def test_an_id_is_the_same_every_time_and_nobodys() -> None:
    first = suggesting.id_of("苹果树苗")
    assert first == suggesting.id_of("苹果树苗") != suggesting.id_of("梨树苗")
    assert suggesting.id_of("苹果树苗", frozenset({first})) not in ("", first)


def test_for_on_the_command_line(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--for", "苹果树苗", "苹果树苗3.5万株。", "--rules", str(small)]) == 0
    assert "name: 苹果树苗" in capsys.readouterr().out
    assert main(["suggest", "--for", "苹果树苗", "没有数。", "--rules", str(small)]) == 1
    assert "S103" in capsys.readouterr().err


def test_a_suggestion_that_takes_figures_from_a_rule_is_told(tmp_path: Path, rulebook: RuleBook) -> None:
    report = tmp_path / "榆林市2016年政府工作报告.txt"
    body = "一、2015年工作回顾\n全市外贸进出口总额达到96亿元。\n二、2016年工作安排\n植树造林。\n"
    report.write_text(f"榆林市2016年政府工作报告\n各位代表：\n{body}", encoding="utf-8")
    inputs = read_inputs([report])
    reports, _ = compile_inputs(inputs, rulebook)
    (fact,) = reports[0].facts
    wide = Suggestion("new_1", "全市外贸进出口总额", "亿元", (fact.measure,), (), ())
    (issue,) = suggesting.taken_from([wide], reports, inputs, rulebook)
    assert issue.code == "S105" and issue.fields["other"] == fact.indicator
    narrow = Suggestion("new_2", "苹果树苗", "万株", (fact.measure,), (), ())
    assert suggesting.taken_from([narrow], reports, inputs, rulebook) == ()


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("水质保持优良连续7年。再次连续7年。", "how long something has lasted is no indicator"),
        ("存栏山羊33万只、绵羊5万只。存栏山羊35万只、绵羊6万只。", "the second of a list leaves out what is measured"),
        ("在建项目7个。续建项目8个。", "a name of two characters says little of what is counted"),
    ],
)
def test_what_would_be_no_indicator_is_not_suggested(tmp_path: Path, small: Path, sentence: str, why: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(REPORT.replace("新栽红枣树苗35万株。", sentence), encoding="utf-8")
    rulebook, _ = load_rules(small)
    assert rulebook is not None
    reports, _ = compile_inputs(read_inputs([path]), rulebook)
    names = {suggestion.name for suggestion in suggest(reports, rulebook, least=1)}
    assert any("路灯杆" in name for name in names)
    assert not [name for name in names if name in ("水质", "绵羊", "项目")], why


# --- what must stay, and what must not come ----------------------------------------------------

STAY = {
    # a rate or an amount as it stands
    "林木绿化率": ("林木绿化率达到51.3%。", "%"),
    "口岸货运通关能力": ("口岸货运通关能力从310万吨提升至520万吨。", "万吨"),
    "农村低保月人均补差": ("农村低保月人均补差由21元提高到35元。", "元"),
    "城镇低保月人均补差": ("城镇低保月人均补差由61元提高到85元。", "元"),
    "生物多样性本底调查发现物种数": ("生物多样性本底调查发现物种数增至3120种。", "种"),
    "不动产登记历史遗留问题化解率": ("不动产登记历史遗留问题化解率98.2%。", "%"),
    "信访事项一次性化解率": ("信访事项一次性化解率达到96.1%。", "%"),
    "产业投资占全部投资比重": ("产业投资占全部投资比重从21.7%提高到32.1%。", "%"),
    "服务性消费支出占居民人均消费支出比重": ("服务性消费支出占居民人均消费支出比重达44.1%。", "%"),
    "高校毕业生就业去向落实率": ("高校毕业生就业去向落实率93.4%。", "%"),
    "农村生活污水治理管控率": ("农村生活污水治理管控率达40.2%。", "%"),
    "磷石膏综合利用率": ("磷石膏综合利用率70.5%左右。", "%"),
    "绿色信贷覆盖率": ("绿色信贷覆盖率27%。", "%"),
    "高效农业种植面积": ("高效农业种植面积达6万亩。", "万亩"),
    "无公害种植基地": ("无公害种植基地达到17个。", "个"),
    "储气能力": ("储气能力达5100万立方米。", "万立方米"),
    # how many there are
    "国家级专精特新“小巨人”企业": ("国家级专精特新“小巨人”企业增至41家。", "家"),
    "国家先进制造业集群": ("国家先进制造业集群增至3个。", "个"),
    "国家历史文化名城": ("国家历史文化名城达5座。", "座"),
    "两院院士": ("两院院士增至13位。", "位"),
    # growth
    "旅居人数": ("旅居人数增长31.4%。", "%"),
    "客货总周转量": ("客货总周转量增长8.5%。", "%"),
    "绿电交易量": ("绿电交易量增长44%。", "%"),
    # what was made
    "原油产量": ("生产原油231万吨。", "万吨"),
    "钾肥产量": ("生产钾肥71万吨、碳酸锂1.5万吨。", "万吨"),
    "碳酸锂产量": ("生产钾肥71万吨、碳酸锂1.5万吨。", "万吨"),
    # what was done
    "惠企实事": ("办好11件惠企实事。", "件"),
    "重要文件合法性审查": ("完成重要文件合法性审查159件。", "件"),
    "既有建筑节能改造": ("实施既有建筑节能改造85万平方米。", "万平方米"),
    "城镇管线改造": ("完成城镇管线改造132公里。", "公里"),
    "新增国家生态文明建设示范区": ("新增4个国家生态文明建设示范区、2个创新基地。", "个"),
    "新建省级概念验证中心": ("新建9家省级概念验证中心、31家标杆孵化器。", "家"),
    "新建标杆孵化器": ("新建9家省级概念验证中心、31家标杆孵化器。", "家"),
    "建成民族村寨旅游提升示范村": ("建成34个民族村寨旅游提升示范村。", "个"),
    "建成国家区域医疗中心": ("建成2所国家区域医疗中心。", "所"),
    "建成标准机架": ("建成标准机架4.1万架。", "万架"),
    "认定国家地理标志保护产品": ("累计认定国家地理标志保护产品134个。", "个"),
    "建设农牧区便民桥": ("建设农牧区便民桥510座。", "座"),
    "关停非法企业摊点": ("共关停非法企业摊点91家。", "家"),
    "争取“两重”资金": ("争取“两重”资金5.8亿元。", "亿元"),
    "发放就业补助资金": ("发放就业补助资金1.9亿元。", "亿元"),
}
"""Names that an office takes over as they are, each with a sentence and its unit."""

GONE = [
    "新培育乡村工匠、农村致富带头人2.7万人。",
    "打造智能电网、工程机械等10条产业链。",
    "推出长江岸线保护84项政策措施。",
    "7家金融机构向12家企业发放贷款4.6亿元。",
    "新兴产业产值、高新技术产业产值占规上工业比重分别达42.1%、52.1%。",
    "对116家有色金属摊点关停取缔。",
    "调整出口退税因素后，为23.2亿元。",
    "19个重点事项审批时限压缩70%。",
    "技术领先的2座光热发电项目开工。",
    "13个集体和16名个人荣获全国表彰。",
    "新增遴选22项中医药适宜技术推广使用。",
    "投资8.1亿元的产业园项目竣工。",
    "海滨广场城市综合体项目总投资31亿元。",
    "围绕建设25个示范村目标，加快推进。",
    "园区新开发土地1030亩。",
    "船舶出口规模占全国1/3。",
    "比上年增支32亿元。",
    "承办3届户外运动产业大会。",
    "解决29个村饮水困难。",
    "重大活动保障有力，带动消费653亿元。",
    "努力建成14条超五百亿级的市域特色链。",
]
"""Sentences whose figures have no name that would be whole, or none that an office would list."""


@pytest.fixture(scope="module")
def suggestions(rulebook: RuleBook, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Suggestion]:
    """All that is suggested for a report of such sentences, by name."""
    path = tmp_path_factory.mktemp("suggest") / "榆林市2016年政府工作报告.txt"
    sentences = "\n".join(f"　　{text}" for text in [*(text for text, _ in STAY.values()), *GONE])
    head, _, rest = REPORT.partition("　　新栽")
    path.write_text(head + sentences + "\n\n　　二、" + rest.partition("　　二、")[2], encoding="utf-8")
    reports, _ = compile_inputs(read_inputs([path]), rulebook)
    return {one.name: one for one in suggest(reports, rulebook, most=100, least=1)}


@pytest.mark.parametrize("name", STAY)
def test_good_suggestions_stay(name: str, suggestions: dict[str, Suggestion]) -> None:
    assert name in suggestions, sorted(suggestions)
    made = suggestions[name]
    sentence, unit = STAY[name]
    assert made.unit == unit
    assert all(example.text not in sentence for example in made.examples)


@pytest.mark.parametrize("sentence", GONE)
def test_bad_suggestions_do_not_come(sentence: str, suggestions: dict[str, Suggestion]) -> None:
    made_of = {found.sentence for one in suggestions.values() for found in one.occurrences}
    assert not [text for text in made_of if text.strip("。") in sentence]


@pytest.mark.parametrize(
    ("name", "verbs", "hits"),
    [
        ("林木绿化率", ("", ""), ["林木绿化率达到12%。", "全市林木绿化率为36%。"]),
        (
            "认定国家地理标志保护产品",
            ("认定", "国家地理标志保护产品"),
            ["累计认定国家地理标志保护产品12个。", "认定36个国家地理标志保护产品。"],
        ),
        ("旅居人数", ("", ""), ["旅居人数增长12%。", "全市旅居人数增长36%。"]),
        ("原油产量", ("生产", "原油"), ["全年生产原油12万吨。", "全市生产原油36万吨。"]),
        ("城镇管线改造", ("", ""), ["全年完成城镇管线改造12公里。", "全市完成城镇管线改造36公里。"]),
        (
            "建成国家区域医疗中心",
            ("建成", "国家区域医疗中心"),
            ["全年建成国家区域医疗中心12所。", "建成36所国家区域医疗中心。"],
        ),
    ],
)
def test_examples_say_what_the_reports_say(
    name: str, verbs: tuple[str, str], hits: list[str], suggestions: dict[str, Suggestion]
) -> None:
    made = suggestions[name]
    assert (made.verb, made.thing) == verbs
    assert [example.text for example in made.examples[:2]] == hits
    miss = made.examples[2]
    assert miss.why and miss.yields == ()
    assert f"    # {miss.why}\n" in as_yaml([made])


def test_what_was_done_is_no_level(suggestions: dict[str, Suggestion], rulebook: RuleBook) -> None:
    made = suggestions["建成国家区域医疗中心"]
    written = as_yaml([made])
    assert "verbs: [建成]" in written and "objects: [国家区域医疗中心]" in written
    from compiler.authoring.check import written_yields

    book = replace(rulebook, indicators=(*rulebook.indicators, made.rule(10_000)))
    assert written_yields(made.rule(), "国家区域医疗中心达到5所。", Part.REVIEW, book) == ()
    assert written_yields(made.rule(), "建成5所国家区域医疗中心。", Part.REVIEW, book) == ("level = 5",)


def test_what_a_rule_has_already_is_not_suggested(tmp_path: Path, rulebook: RuleBook) -> None:
    path = tmp_path / "榆林市2016年政府工作报告.txt"
    path.write_text(REPORT.replace("新栽红枣树苗35万株。", "市场主体总数突破五万户大关。"), encoding="utf-8")
    reports, _ = compile_inputs(read_inputs([path]), rulebook)
    names = {rule.name for rule in rulebook.indicators}
    assert not names & {one.name for one in suggest(reports, rulebook, least=1)}
