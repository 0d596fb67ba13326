"""``suggest``: rules for figures that nothing claims; pasted as they are, they pass the check."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import TOP

from compiler.app.cli import main
from compiler.authoring import suggest as suggesting
from compiler.authoring.check import check
from compiler.authoring.suggest import as_yaml, paste, quoted, suggest
from compiler.facts.batch import compile_inputs, read_inputs
from compiler.issues import render, severity
from compiler.model import RuleBook
from compiler.rules.rulebook import load_rulebook
from compiler.workspace import sample_files

REPORT = """\
榆林市2016年政府工作报告
——2016年1月11日在榆林市第三届人民代表大会第六次会议上

各位代表：
　　我代表市人民政府，向大会报告工作，请予审议。

　　一、2015年工作回顾
　　新栽红枣树苗35万株。智慧路灯杆建成1200座，无花果种植面积3.2万亩。文化墙绘制480处。

　　二、2016年工作安排
　　智慧路灯杆再建1500座。无花果种植面积增长12%。文化墙绘制500处，红枣树苗移栽40万株。
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report whose figures no shipped rule claims."""
    path = tmp_path / "报告.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small folder of rules: the lexicon as shipped and one theme."""
    folder = tmp_path / "small" / "rules"
    (folder / "indicators").mkdir(parents=True)
    for name in ("lexicon.yaml", "indicators/综合经济.yaml"):
        shutil.copyfile(TOP / "rules" / name, folder / name)
    (folder / "ledger.yaml").write_text("format: 1\n", encoding="utf-8")
    return folder


def troubles(folder: Path) -> set[str]:
    """Return what a check has against the rules, notes aside."""
    return {render(issue).split(" ", 1)[1] for issue in check(folder) if severity(issue) != "note"}


def test_what_repeats_is_grouped_by_noun(report: Path, small: Path) -> None:
    rulebook, _ = load_rulebook(small)
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
    rulebook, _ = load_rulebook(rules)
    assert rulebook is not None
    reports, _ = compile_inputs(read_inputs(paths), rulebook)
    suggestions = suggest(reports, rulebook, least=least)
    assert suggestions
    paste(suggestions, rules, copy)
    assert troubles(copy) - troubles(rules) == set()
    book, _ = load_rulebook(copy)
    assert book is not None
    assert {suggestion.id for suggestion in suggestions} <= {rule.id for rule in book.indicators}
    again, _ = compile_inputs(read_inputs(paths), book)
    before, after = (sum(len(report.uncovered) for report in found) for found in (reports, again))
    assert after < before  # the rules claim what they were written for


def test_pasted_suggestions_pass_the_check(report: Path, small: Path, tmp_path: Path) -> None:
    assert_pasted_suggestions_pass([report], small, tmp_path / "rules", 1)


def test_pasted_suggestions_pass_with_the_default_rules(tmp_path: Path) -> None:
    assert_pasted_suggestions_pass(sample_files(), TOP / "rules", tmp_path / "rules", 2)


@pytest.mark.slow
def test_pasted_suggestions_of_the_real_reports_pass(shared: Path, tmp_path: Path) -> None:
    assert_pasted_suggestions_pass([shared / "reports"], TOP / "rules", tmp_path / "rules", 2)


def test_ids_are_new_ones(report: Path, small: Path) -> None:
    book, _ = load_rulebook(small)
    assert book is not None
    reports, _ = compile_inputs(read_inputs([report]), book)
    first = suggest(reports, book, most=1)
    (small / "indicators" / "新.yaml").write_text(as_yaml(first), encoding="utf-8")
    more, _ = load_rulebook(small)
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


def test_a_rule_for_a_name(rulebook: RuleBook) -> None:
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


def test_for_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--for", "苹果树苗", "苹果树苗3.5万株。", "--rules", str(TOP / "rules")]) == 0
    assert "name: 苹果树苗" in capsys.readouterr().out
    assert main(["suggest", "--for", "苹果树苗", "没有数。", "--rules", str(TOP / "rules")]) == 1
    assert "S103" in capsys.readouterr().err


def test_a_suggestion_that_takes_figures_from_a_rule_is_told(tmp_path: Path, rulebook: RuleBook) -> None:
    report = tmp_path / "榆林市2016年政府工作报告.txt"
    body = "一、2015年工作回顾\n全市外贸进出口总额达到96亿元。\n二、2016年工作安排\n植树造林。\n"
    report.write_text(f"榆林市2016年政府工作报告\n各位代表：\n{body}", encoding="utf-8")
    inputs = read_inputs([report])
    reports, _ = compile_inputs(inputs, rulebook)
    (fact,) = reports[0].facts
    wide = suggesting.Suggestion("new_1", "全市外贸进出口总额", "亿元", (fact.measure,), (), ())
    (issue,) = suggesting.taken_from([wide], reports, inputs, rulebook)
    assert issue.code == "S105" and issue.fields["other"] == fact.indicator
    narrow = suggesting.Suggestion("new_2", "苹果树苗", "万株", (fact.measure,), (), ())
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
    rulebook, _ = load_rulebook(small)
    assert rulebook is not None
    reports, _ = compile_inputs(read_inputs([path]), rulebook)
    names = {suggestion.name for suggestion in suggest(reports, rulebook, least=1)}
    assert any("路灯杆" in name for name in names)
    assert not [name for name in names if name in ("水质", "绵羊", "项目")], why
