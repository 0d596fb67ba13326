"""What officials ask for is an edit of YAML: each edit below is found in the outputs, with the code as it is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP
from docx import Document
from openpyxl import load_workbook

from compiler.app.build import Outcome, build
from compiler.app.options import Options
from compiler.authoring.check import check
from compiler.issues import render, severity
from compiler.model import Bound
from compiler.workspace import choose_folder

NEW_INDICATOR = """\
format: 1
theme: 果业
indicators:
  - id: apple_output
    name: 苹果产量
    unit: 万筐
    aliases: [苹果总产量]
    owner: 市果业局
    examples:
      - {text: 苹果总产量达到31.5万筐，增长4%。, under: review, yields: [level = 31.5, growth = 4]}
      - {text: 两县苹果产量31.5万筐。, under: review, yields: []}
"""
NEW_SECTION = """\
format: 1
sections:
  - id: orchards
    name: 果园建设纪要
    openers: [着力建设果园]
    examples:
      - {text: 着力建设果园，把好事办好。, yields: match}
      - {text: 果园里风景如画。, yields: []}
"""
LAST_YEAR = """\
榆林市2015年政府工作报告
——2015年1月12日在榆林市第三届人民代表大会第五次会议上

各位代表：
　　我代表市人民政府，向大会报告工作，请予审议。

　　一、2014年工作回顾
　　全市地区生产总值完成2900亿元，增长9%。

　　二、2015年工作安排
　　2015年主要预期目标是：地区生产总值增长8%；苹果产量达到30万筐。
"""
THIS_YEAR = """\
榆林市2016年政府工作报告
——2016年1月11日在榆林市第三届人民代表大会第六次会议上

各位代表：
　　我代表市人民政府，向大会报告工作，请予审议。

　　一、2015年工作回顾
　　全市地区生产总值完成3100亿元，增长8%。苹果总产量31.5万大筐，增长5%。

　　二、2016年工作安排
　　2016年主要预期目标是：地区生产总值增长7%；苹果产量约莫33万筐。
　　着力建设果园，新栽果树要一棵一棵管护到位，让好果子卖出好价钱。
"""


@dataclass(frozen=True)
class Edited:
    """The build over edited rules and templates: what was found, and all texts of the outputs."""

    outcome: Outcome
    sheets: dict[str, list[tuple[Any, ...]]]
    briefing: str


def replace_once(path: Path, old: str, new: str) -> None:
    """Edit a file as one does by hand; the place must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name}: {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit(rules: Path, templates: Path) -> None:
    """Make the seven edits."""
    (rules / "indicators" / "果业.yaml").write_text(NEW_INDICATOR, encoding="utf-8")
    (rules / "sections").mkdir(exist_ok=True)
    (rules / "sections" / "果业.yaml").write_text(NEW_SECTION, encoding="utf-8")
    replace_once(
        rules / "lexicon.yaml", "\nunits:\n", "\nunits:\n  - {name: 筐, family: 筐装, factor: 1, words: [筐, 大筐]}\n"
    )
    replace_once(rules / "lexicon.yaml", "    approx: [直逼, ", "    approx: [约莫, 直逼, ")
    replace_once(rules / "ledger.yaml", "  status.met: 完成\n", "  status.met: 圆满兑现\n")
    column = "      - {key: indicator, title: 指标名称, width: 20}\n"
    added = '      - {value: "{{ theme }}｜{{ unit }}", title: 谁来管, width: 20}\n'
    replace_once(templates / "workbook.yaml", column, column + added)
    points = "        - points:\n"
    added = '            - text: "果业处提示：本期共有{{ results|length }}项实绩。"\n'
    replace_once(templates / "briefing.yaml", points, points + added)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    """Two small reports compiled with copies of the rules and templates that only had their YAML edited."""
    top = tmp_path_factory.mktemp("edited")
    shutil.copytree(TOP / "rules", top / "rules")
    shutil.copytree(TOP / "templates", top / "templates")
    edit(top / "rules", top / "templates")
    reports = top / "reports"
    reports.mkdir()
    (reports / "2015.txt").write_text(LAST_YEAR, encoding="utf-8")
    (reports / "2016.txt").write_text(THIS_YEAR, encoding="utf-8")
    rules, templates = (choose_folder(top / name, name) for name in ("rules", "templates"))
    outcome = build(Options((reports,), rules, templates, top / "output", jobs=1))
    assert outcome.written, [render(issue) for issue in outcome.issues]
    book = load_workbook(top / "output" / "目标与结果.xlsx")
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    briefings = sorted((top / "output" / "briefings").glob("*2016*.docx"))
    assert briefings
    document = Document(str(briefings[0]))
    tables = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])
    return Edited(outcome, sheets, text)


def test_the_edited_rules_pass_the_check(tmp_path: Path) -> None:
    rules, templates = tmp_path / "rules", tmp_path / "templates"
    shutil.copytree(TOP / "rules", rules)
    shutil.copytree(TOP / "templates", templates)
    edit(rules, templates)
    assert [render(issue) for issue in check(rules) if severity(issue) == "error"] == []


def rows_with(edited: Edited, sheet: str, *words: str) -> list[tuple[Any, ...]]:
    """Return the rows of a sheet that hold all of the words in some cell."""
    rows = [row for name, found in edited.sheets.items() if name.startswith(sheet) for row in found]
    return [row for row in rows if all(any(word in str(cell) for cell in row if cell is not None) for word in words)]


def test_a_new_indicator(edited: Edited) -> None:
    facts = [fact for fact in edited.outcome.facts if fact.indicator_id == "apple_output"]
    assert {(fact.year, str(fact.kind), str(fact.measure)) for fact in facts} == {
        (2015, "target", "level"),
        (2015, "result", "level"),
        (2015, "result", "growth"),
        (2016, "target", "level"),
    }
    assert rows_with(edited, "目标与结果", "苹果产量", "果业")
    assert rows_with(edited, "规则一览", "apple_output") or rows_with(edited, "规则一览", "苹果产量")
    assert "苹果产量" in edited.briefing


def test_a_new_unit(edited: Edited) -> None:
    fact = next(f for f in edited.outcome.facts if f.indicator_id == "apple_output" and f.raw.endswith("大筐"))
    assert (str(fact.low), fact.unit) == ("31.5", "万筐")
    assert rows_with(edited, "目标与结果", "苹果产量", "万筐")


def test_a_new_hedge_word(edited: Edited) -> None:
    fact = next(f for f in edited.outcome.facts if f.indicator_id == "apple_output" and f.year == 2016)
    assert (fact.bound, fact.modifier) == (Bound.APPROX, "约莫")
    assert rows_with(edited, "明细", "苹果产量", "约莫")


def test_a_new_status_word(edited: Edited) -> None:
    assert rows_with(edited, "目标与结果", "地区生产总值", "圆满兑现")
    assert not rows_with(edited, "目标与结果", "地区生产总值", "超额完成")
    assert "圆满兑现" in edited.briefing


def test_a_new_section(edited: Edited) -> None:
    assert rows_with(edited, "章节摘录", "果园建设纪要", "新栽果树要一棵一棵管护到位")


def test_a_new_column(edited: Edited) -> None:
    assert rows_with(edited, "目标与结果", "谁来管")
    assert rows_with(edited, "目标与结果", "苹果产量", "果业｜万筐")


def test_a_new_sentence_of_the_briefing(edited: Edited) -> None:
    results = {(f.indicator_id) for f in edited.outcome.facts if f.report_year == 2016 and f.kind == "result"}
    assert f"果业处提示：本期共有{len(results)}项实绩。" in edited.briefing
