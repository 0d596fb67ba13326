"""Reports that give too little say so, with the reason as far as it is known; and what is no report is left out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import build_into
from openpyxl import load_workbook

from compiler.app.terminal import show_outcome
from compiler.facts.batch import reports_alone, without_left_out
from compiler.facts.compile import compile_source
from compiler.facts.kept_rules import load_rules
from compiler.facts.written_tables import COLUMNS, fact_rows
from compiler.model import CompiledReport, DocumentKind, Issue, RuleBook, Source

RULES = Path(__file__).resolve().parents[2] / "rules"
HEAD = "某县政府工作报告\n——2017年1月9日在某县第三届人民代表大会第一次会议上\n各位代表：\n"
HEAD += "现在，我代表县政府向大会报告工作，请予审议。\n"
REVIEW = "一、2016年工作回顾\n"
PLAN = "二、2017年工作安排\n"
RESULTS = "生产总值增长6%，固定资产投资增长8%，城镇新增就业3000人。\n"
TARGETS = "生产总值增长7%左右，固定资产投资增长9%，城镇新增就业3100人。\n"
UNKNOWN = "".join(f"第{n}片梯田砌石坎{n + 20}道、埋涵管{n + 300}节、配抽水泵{n + 7}台。\n" for n in range(10, 30))


@cache
def rulebook() -> RuleBook:
    found, _ = load_rules(RULES)
    assert found is not None
    return found


def compiled(text: str, path: str = "某县2017.txt") -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]:
    return compile_source(Source(path, text, "utf-8", ""), rulebook())


CASES = [
    # text, code of the warning, a word of its reason
    (HEAD + REVIEW + RESULTS + UNKNOWN + PLAN + TARGETS, "F304", "没有规则认领"),
    (HEAD + REVIEW + UNKNOWN + PLAN + TARGETS, "F302", "没有规则认领"),
    (HEAD + REVIEW + RESULTS + PLAN + UNKNOWN, "F303", "没有规则认领"),
    (HEAD + REVIEW + RESULTS + UNKNOWN, "F303", "从哪里开始"),
    (HEAD + "一、过去五年工作回顾\n" + UNKNOWN + PLAN + TARGETS, "F302", "几年的事"),
    (HEAD + REVIEW + UNKNOWN + PLAN, "F301", "从哪里开始"),
    (HEAD + REVIEW + RESULTS + PLAN + TARGETS, "", ""),
    (HEAD + "（正文见图片）\n", "F301", "可能没有存完，或在图片里"),
]


@pytest.mark.parametrize(("text", "code", "reason"), CASES, ids=range(len(CASES)))
def test_sparse(text: str, code: str, reason: str) -> None:
    found = [issue for issue in compiled(text)[1] if issue.code.startswith("F30")]
    assert [issue.code for issue in found] == ([code] if code else [])
    assert all(reason in issue.fields["reason"] for issue in found)


def test_the_guard_that_refused_most_is_named() -> None:
    refused = "".join(f"{n}月份固定资产投资完成{n + 20}亿元。\n" for n in range(1, 12))
    (found,) = [i for i in compiled(HEAD + REVIEW + refused + UNKNOWN + PLAN + TARGETS)[1] if i.code == "F302"]
    assert "没有规则认领" in found.fields["reason"] and "同一个缘故没有要" in found.fields["reason"]


@pytest.mark.parametrize("sparse", [True, False])
def test_what_gave_too_little_stands_first(sparse: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the top of the closing summary, and of the sheet 说明, with the reason."""
    text = HEAD + REVIEW + (UNKNOWN if sparse else RESULTS) + PLAN + TARGETS
    (tmp_path / "某县2017.txt").write_text(text, encoding="utf-8")
    outcome = build_into(tmp_path / "out", tmp_path / "某县2017.txt", only=frozenset({"workbook"}))
    show_outcome(outcome)
    printed = capsys.readouterr().out
    book = load_workbook(next((tmp_path / "out").glob("*.xlsx")))
    cells = [str(cell) for row in book["说明"].iter_rows(values_only=True, max_row=8) for cell in row if cell]
    assert printed.startswith("先看：") is sparse
    assert any("没有摘到上年实绩" in cell and "没有规则认领" in cell for cell in cells) is sparse


def of_kind(kind: DocumentKind, path: str, number: int = 1) -> CompiledReport:
    report = compiled(HEAD + REVIEW + RESULTS + PLAN + TARGETS)[0][0]
    return replace(report, source=path, number=number, identity=replace(report.identity, document=kind))


def test_what_is_no_report_is_left_out() -> None:
    report, bulletin = of_kind(DocumentKind.REPORT, "a.txt"), of_kind(DocumentKind.BULLETIN, "b.txt")
    kept, issues = reports_alone([report, bulletin], every_document=False)
    assert (kept, [issue.code for issue in issues]) == ((report,), ["B141"])
    kept, issues = reports_alone([report, bulletin], every_document=True)
    assert (kept, issues) == ((report, bulletin), [])


def test_a_text_without_any_sign_of_a_report_is_left_out() -> None:
    (stray,) = compiled("会议通知第三号，请于三时到会。\n", "3.txt")[0]
    kept, issues = reports_alone([stray], every_document=False)
    assert (kept, [issue.code for issue in issues]) == ((), ["B145"])
    assert reports_alone([stray], every_document=True) == ((stray,), [])
    (named,) = compiled("会议通知第三号，请于三时到会。\n", "2019通知.txt")[0]
    assert named.identity.report_year == 2019 and not reports_alone([named], every_document=False)[0]
    (short,) = compiled("生产总值增长6%。\n", "3.txt")[0]
    assert reports_alone([short], every_document=False)[0] == (short,)


def test_a_paper_on_the_plan_stays_where_there_is_no_report() -> None:
    report, paper = of_kind(DocumentKind.REPORT, "a.txt"), of_kind(DocumentKind.PLAN_PAPER, "b.txt")
    kept, issues = reports_alone([paper], every_document=False)
    assert (kept, [issue.code for issue in issues]) == ((paper,), ["B143"])
    kept, issues = reports_alone([report, paper], every_document=False)
    assert (kept, [issue.code for issue in issues]) == ((report,), ["B144"])


@pytest.mark.parametrize("kind", [DocumentKind.FOREIGN, DocumentKind.GARBLED])
def test_what_cannot_be_read_is_never_compiled(kind: DocumentKind) -> None:
    kept, issues = reports_alone([of_kind(kind, "a.txt")], every_document=True)
    assert (kept, [issue.code for issue in issues]) == ((), ["B142"])


def test_issues_of_what_is_left_out_go_with_it() -> None:
    report, news = of_kind(DocumentKind.REPORT, "a.txt"), of_kind(DocumentKind.NEWS, "b.txt")
    issues = [Issue("I401", source="a.txt", report=1), Issue("I401", source="b.txt", report=1), Issue("B104")]
    assert without_left_out(issues, [report, news], [report]) == [issues[0], issues[2]]


def test_a_year_that_is_not_known_is_left_empty() -> None:
    text = "铜仁市江口县政府工作报告\n——在江口县第十六届人民代表大会第三次会议上\n各位代表：\n"
    text += "现在，我代表县人民政府，向大会报告工作，请予审议。\n一、工作回顾\n" + RESULTS + "二、工作安排\n" + TARGETS
    (report,), issues = compiled(text, "x.txt")
    assert "I402" in {issue.code for issue in issues} and report.facts
    assert {(row[COLUMNS.index("report_year")], row[COLUMNS.index("year")]) for row in fact_rows(report.facts)} == {
        (None, None)
    }


def test_a_digest_below_the_report_is_none_of_it() -> None:
    appeal = "各位代表！让我们携起手来，为建设美好家园而努力奋斗！\n"
    digest = "一图读懂2017年政府工作报告\n生产总值增长9.9%\n城镇新增就业9000人\n"
    text = HEAD + REVIEW + RESULTS + PLAN + TARGETS
    (alone,), (whole,) = compiled(text + appeal)[0], compiled(text + appeal + digest)[0]
    assert [(f.indicator_id, f.low) for f in whole.facts] == [(f.indicator_id, f.low) for f in alone.facts]
