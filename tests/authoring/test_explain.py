"""``explain``: which alias matched, what was bound and why, and which guard refused the rest."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import TOP, build_into

from compiler.app import cli
from compiler.app.cli import main
from compiler.app.options import Output
from compiler.authoring import explain
from compiler.facts.batch import compile_inputs, read_inputs
from compiler.facts.compile import compile_example, read_source
from compiler.issues import CATALOGUE
from compiler.language.figures import find_quantities
from compiler.language.guards import GUARDS, Guard
from compiler.model import Part, RuleBook
from compiler.workspace import sample_files

REVIEW, PLAN = Part.REVIEW, Part.PLAN
FACTS = frozenset({Output.FACTS})


def steps(text: str, part: Part, rulebook: RuleBook) -> list[tuple[bool, str, str]]:
    """Return for each figure: whether it was taken, its indicator, and the code of the reason."""
    return [(step.taken, step.indicator_id, step.code) for step in explain.explain_text(text, part, rulebook)]


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("全市地区生产总值812.5亿元，增长6.5%左右。", REVIEW, [(True, "gdp", "G001"), (True, "gdp", "G002")]),
        ("城乡居民收入与经济增长基本同步。", PLAN, None),
        ("两县完成地区生产总值560亿元。", REVIEW, [(False, "gdp", "G101")]),
        ("2009年地区生产总值560亿元。", REVIEW, [(False, "gdp", "G102")]),
        ("一季度地区生产总值560亿元。", REVIEW, [(False, "gdp", "G103")]),
        ("五年来，地区生产总值560亿元。", REVIEW, [(False, "gdp", "G104")]),
        ("地区生产总值年均增长9%。", REVIEW, [(False, "gdp", "G105")]),
        ("绿色地区生产总值560亿元。", REVIEW, [(False, "gdp", "G110")]),
        ("地区生产总值达到560公里。", REVIEW, [(False, "gdp", "G112")]),
        ("地区生产总值含金量达到560亿元。", REVIEW, [(False, "gdp", "G110")]),
        ("银杏大道栽植行道树900株。", REVIEW, [(False, "", "G130")]),
        ("东岸建成行道树900株地区生产总值林。", REVIEW, [(False, "", "G142")]),
        # a name of a later clause has a figure of its own
        ("银杏大道栽植行道树900株，地区生产总值560亿元。", REVIEW, [(False, "", "G130"), (True, "gdp", "G001")]),
    ],
)
def test_every_figure_is_explained(
    text: str, part: Part, expected: list[tuple[bool, str, str]] | None, rulebook: RuleBook
) -> None:
    found = steps(text, part, rulebook)
    if expected is None:
        assert found and all(taken for taken, _, _ in found)
    else:
        assert found == expected


def test_the_reason_names_what_stands_between(rulebook: RuleBook) -> None:
    """Where two things stand in the way, the word is that of the reason told, not a count of characters."""
    text = "燃煤锅炉淘汰改造任务，路边小煤堆实现有效管控，推广粮食产量13.14万亩。"
    told = [step.reason for step in explain.explain_text(text, REVIEW, rulebook) if step.code == "G121"]
    assert told == ["中间隔着另一个名称“粮食产量”"]


def test_every_guard_is_declared_with_a_message() -> None:
    assert set(GUARDS) == set(Guard)
    assert {declared.code for declared in GUARDS.values()} <= set(CATALOGUE)


def test_the_words_to_edit_are_where_it_says(rulebook: RuleBook) -> None:
    """Each place named is a line of the rules that holds the word."""
    cases = [
        ("两县完成地区生产总值560亿元。", "两县"),
        ("一季度地区生产总值560亿元。", "一季度"),
        ("绿色地区生产总值5亿元。", "绿色"),
    ]
    for text, word in cases:
        (step,) = explain.explain_text(text, REVIEW, rulebook)
        assert step.basis
        place = re.search(r"rules/([^:]+):(\d+)", step.basis[0])
        assert place, step.basis
        line = (TOP / "rules" / place[1]).read_text(encoding="utf-8").splitlines()[int(place[2]) - 1]
        assert word in line


def test_the_alias_that_matched_is_named(rulebook: RuleBook) -> None:
    (step,) = explain.explain_text("国内生产总值达到96.4亿元。", REVIEW, rulebook)
    told = "\n".join(step.details)
    assert "国内生产总值" in told and "aliases" in told and re.search(r"rules/indicators/[^:]+:\d+", told)
    (step,) = explain.explain_text("粮食产量10.5亿斤以上。", PLAN, rulebook)
    told = "\n".join(step.details)
    assert "万吨" in told and "以上" in told and "下限" in told and "安排" in told


def test_a_fact_is_explained_by_its_whole_report(rulebook: RuleBook) -> None:
    """What a sentence means may stand before it: a span of years opened by an earlier sentence."""
    text = "五年来，全市上下真抓实干。城镇新增就业5.6万人。\n城镇新增就业1.2万人。"
    facts = compile_example(text, REVIEW, rulebook).facts
    assert [(fact.from_year, fact.year) for fact in facts] == [(2012, 2016), (None, 2016)]
    steps = explain.explain_text(text, REVIEW, rulebook)
    assert [explain.step_of_fact(fact, steps) for fact in facts] == list(steps)
    assert "2012—2016年合计完成" in steps[0].verdict and "2016年完成" in steps[1].verdict


def every_fact(paths: Sequence[Path], rulebook: RuleBook) -> int:
    """Explain every fact of reports: the sentence shown must be the fact's own, and a step must tell of it."""
    inputs = read_inputs(paths)
    reports, _ = compile_inputs(inputs, rulebook)
    sources = {source.path: source for source in inputs.sources}
    count = 0
    for report in reports:
        reading = explain.reading_of(report, sources[report.source], rulebook)
        assert reading.printed == report.sentences
        explainer = explain.Explainer.of(reading, rulebook)
        for fact in report.facts:
            count += 1
            sentence = explainer.explained(fact.sentence)
            assert "".join(fact.quote.split()) in sentence.text, fact
            step = explain.step_of_fact(fact, sentence.steps)
            assert step is not None or "低于" in fact.quote or "高于" in fact.quote, fact
            shown = explain.shown_sentence(sentence, step)
            assert "？" not in shown.replace(sentence.text, "")  # a field that a message lacks shows as ？
    return count


def test_every_fact_of_the_samples_is_explained_by_its_own_sentence(rulebook: RuleBook) -> None:
    assert every_fact(sample_files(), rulebook) > 200


@pytest.mark.slow
def test_every_fact_of_real_reports_is_explained_by_its_own_sentence(shared: Path, rulebook: RuleBook) -> None:
    assert every_fact([shared / "reports_open", shared / "reports"], rulebook) > 1000


# --- the command -------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run ``explain`` and return exit code, output and error."""
    code = main(["explain", *arguments, "--rules", str(TOP / "rules")])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_sentence_typed_in(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "两县完成地区生产总值560亿元。")
    assert code == 0
    assert "[弃] 560亿元 没有归给 地区生产总值" in out and "guard.scope_below" in out and "rules/lexicon.yaml:" in out
    code, out, _ = run(capsys, "地区生产总值增长6.5%，力争7%以上。", "--under", "plan")
    assert code == 0 and out.count("[取]") == 2 and "2017年目标" in out and "力争" in out


def test_a_number_from_the_workbook(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sample = sample_files()[0]
    outcome = build_into(tmp_path / "output", sample, only=FACTS)
    fact = next(fact for fact in outcome.facts if fact.indicator_id == "gdp")
    code, out, err = run(capsys, fact.id, "--reports", str(sample))
    assert code == 0, err
    assert out.startswith(fact.id) and "◀ 就是这一条" in out and fact.place in out
    code, out, _ = run(capsys, fact.id.lower(), "--out", str(tmp_path / "output"))  # the reports of that build
    assert code == 0 and "◀ 就是这一条" in out
    code, _, err = run(capsys, "F00000000", "--reports", str(sample))
    assert code == 1 and "G301" in err


def test_reports_are_found_where_they_lay_at_the_build(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither near the outputs nor near the current folder, and their path relative to what was given."""
    place = tmp_path / "甲" / "乙" / "丙" / "丁" / "戊"
    (place / "2023").mkdir(parents=True)
    shutil.copyfile(sample_files()[0], place / "2023" / "报告.txt")
    elsewhere = tmp_path / "别处" / "结果"
    outcome = build_into(elsewhere, place, only=FACTS)
    (tmp_path / "这里").mkdir()
    monkeypatch.chdir(tmp_path / "这里")
    code, out, err = run(capsys, outcome.facts[0].id, "--out", str(elsewhere))
    assert code == 0, err
    assert "◀ 就是这一条" in out and "2023/报告.txt" in out


def test_a_report_that_is_not_there_names_the_nearest_at_most_eight(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("安吉县", "长兴县", "德清县", "桐庐县", "淳安县", "建德市", "临海市", "天台县", "仙居县", "宜春市"):
        text = f"{name}2016年政府工作报告\n各位代表：\n一、2015年工作回顾\n地区生产总值{len(name)}6亿元。\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "地区生产总值", "天台山", "--reports", str(tmp_path))
    assert code == 1 and "G303" in err
    known = err.partition("有：")[2].split("、")
    assert "天台县" in known[0] and len(known) == 8 and "等 10 份" in known[-1]


def test_a_sentence_is_read_as_the_report_it_says_it_is_of(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "2026年，全县地区生产总值增长6%左右。", "--under", "plan")
    assert code == 0 and "县级 2026 年" in out and "2026年目标" in out
    code, out, _ = run(capsys, "地区生产总值达到96亿元。", "--as", "安吉县", "2024")
    assert code == 0 and "湖州市安吉县（县级）2024 年" in out and "2023年完成" in out
    code, out, _ = run(capsys, "全市地区生产总值达到9亿元。", "--as", "安吉县", "2024")
    assert code == 0 and "[弃]" in out
    assert run(capsys, "地区生产总值达到96亿元。", "--as", "2024", "安吉县")[0] == 2


def test_advice_says_first_what_to_do_in_the_rule(rulebook: RuleBook) -> None:
    """Every refusal has one; the words of the lexicon are named as grounds, never as what to delete."""
    for declared in GUARDS.values():
        told = CATALOGUE[declared.code].advice
        assert told and not told.startswith("词表"), declared.code
    (step,) = explain.explain_text("两县完成地区生产总值560亿元。", REVIEW, rulebook)
    shown = explain.shown_step(step)
    assert shown[2].strip().startswith("改法：") and "两县" in shown[2] and shown[3].strip().startswith("依据：")


def test_a_figure_that_no_rule_claims_tells_the_nearest_name(rulebook: RuleBook) -> None:
    told = explain.explain_text("地区生产总值实现新突破，银杏大道栽植行道树900株。", REVIEW, rulebook)
    free = [step for step in told if not step.taken]
    assert free and all("地区生产总值" in step.reason or step.indicator_id for step in free)


def test_an_indicator_and_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(sample_files()[0])
    code, out, _ = run(capsys, "GDP", "宜春", "--reports", sample)
    assert code == 0 and "地区生产总值（gdp）" in out and "[取]" in out
    assert run(capsys, "地区生产总值 宜春市 2023", "--reports", sample)[0] == 0
    code, _, err = run(capsys, "地区生产总植", "宜春", "--reports", sample)
    assert code == 1 and "地区生产总值" in err and "G302" in err
    code, _, err = run(capsys, "地区生产总值", "月球", "--reports", sample)
    assert code == 1 and "G303" in err and "宜春市2023年" in err
    code, _, err = run(capsys, "地区生产总值", "宜春", "1999", "--reports", sample)
    assert code == 1 and "G303" in err


def test_an_indicator_that_the_report_lacks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    review = "一、2015年工作回顾\n两县完成地区生产总值560亿元。\n"
    text = f"榆林市2016年政府工作报告\n各位代表：\n{review}二、2016年工作安排\n植树。\n"
    path.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "粮食产量", "榆林", "--reports", str(path))
    assert code == 1 and "G304" in err and "aliases" in err
    code, out, err = run(capsys, "地区生产总值", "榆林", "--reports", str(path))
    assert code == 0 and "G305" in err and "[弃] 560亿元" in out


def test_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "春风又绿江南岸")[0] == 1
    assert run(capsys, "F12345678", "--reports", "没有这个文件.txt")[0] == 2
    assert main(["explain", "一句话", "--rules", "没有这个文件夹"]) == 2
    assert main(["explain"]) == 2
    assert cli.WRONG_USE_OR_CRASH == 2


def test_the_construction_that_left_a_figure_is_told(rulebook: RuleBook) -> None:
    taken, left = explain.explain_text("地区生产总值812亿元，建成厂房6万平方米。", REVIEW, rulebook)
    assert (taken.taken, left.taken, left.indicator_id, left.code) == (True, False, "gdp", "G141")
    assert "说到别的事" in left.reason
    (refused,) = explain.explain_text("税收收入部门征缴12亿元。", REVIEW, rulebook)
    assert any("隔着别的话" in detail for detail in refused.details)


@pytest.mark.slow
def test_every_figure_of_real_reports_has_its_reason(shared: Path, rulebook: RuleBook) -> None:
    """No figure of the open reports is left without the guard, construction or want of a rule that decided."""
    folder = shared / "reports_open"
    if not folder.is_dir():
        pytest.skip("no open reports beside this checkout")
    figures = 0
    for source in read_inputs([folder]).sources:
        for reading in read_source(source, rulebook)[0]:
            told = {(item.sentence, item.quantity.start) for item in reading.extraction.free}
            explainer = explain.Explainer.of(reading, rulebook)
            for entry in reading.inputs:
                steps = explainer.explained(entry.number).steps
                for step in steps:
                    assert re.search("[\u4e00-\u9fff]", step.reason) and step.code in CATALOGUE, (source.path, step)
                    assert "{" not in step.reason, step
                if entry.part is not Part.OTHER:
                    starts = {q.start for q in find_quantities(entry.text, rulebook.lexicon)}
                    figures += len(starts)
                    assert starts <= {step.start for step in steps}, (source.path, entry.text)
                    assert {start for number, start in told if number == entry.number} <= starts
    assert figures > 1000


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("目标是固定资产投资增长10%，完成增速13.6%。", "“目标是”说的是定下的目标"),
        ("农村危房改造计划420户，完成456户。", "“计划”说的是定下的目标"),
        ("经济总量与邻近的通州（1.3万亿元）相比仍有差距。", "“通州”说的不是本地区全口径"),
        ("居民人均可支配收入排全国第20位，比全国平均低9700元。", "“低”"),
        ("地区生产总值增长6.8%，与全省平均水平（6.8%）持平。", "只是与别的数字作比较（“全省”）"),
        ("地区生产总值增长6.2%，与全省6.1%的增速基本持平。", "只是与别的数字作比较（“全省”）"),
    ],
)
def test_a_reason_names_the_word_that_gave_it(
    sentence: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", sentence]) == 0
    told = capsys.readouterr().out
    assert said in told and "“”" not in told
