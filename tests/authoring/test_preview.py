"""``preview``: what changes between two sets of rules, on the terminal and as a workbook."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP
from openpyxl import load_workbook

from compiler.app.cli import main
from compiler.authoring.preview import HEADINGS, comparison_lines, preview, rows
from compiler.facts.batch import read_inputs
from compiler.model import RuleBook
from compiler.rules.rulebook import load_rulebook

REPORT = """\
榆林市2016年政府工作报告
——2016年1月11日在榆林市第三届人民代表大会第六次会议上

各位代表：
　　我代表市人民政府，向大会报告工作，请予审议。

　　一、2015年工作回顾
　　粮食产量95.6万吨，增长3%。全市地区生产总值完成3100亿元。智慧路灯杆建成1200座。

　　二、2016年工作安排
　　地区生产总值增长7%。
"""
NEW = """\
format: 1
theme: 城建
indicators:
  - {id: lamp_posts, name: 智慧路灯杆, unit: 座}
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A small report."""
    path = tmp_path / "报告.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the rules with one indicator more, one less and one in another unit."""
    folder = tmp_path / "rules"
    shutil.copytree(TOP / "rules", folder)
    lexicon = folder / "lexicon.yaml"
    text = lexicon.read_text(encoding="utf-8")
    lexicon.write_text(
        text.replace("\nunits:\n", "\nunits:\n  - {name: 座, family: 座数, factor: 1, words: [座]}\n", 1),
        encoding="utf-8",
    )
    (folder / "indicators" / "城建.yaml").write_text(NEW, encoding="utf-8")
    agriculture = folder / "indicators" / "农业农村.yaml"
    text = agriculture.read_text(encoding="utf-8")
    start = text.index("name: 粮食产量")
    agriculture.write_text(text[:start] + text[start:].replace("unit: 万吨", "unit: 吨", 1), encoding="utf-8")
    general = folder / "indicators" / "综合经济.yaml"
    text = general.read_text(encoding="utf-8")
    start = text.index("  - id: gdp\n")
    exclusion = "    exclude:\n      - {words: [完成], because: 试一试, where: clause}\n"
    general.write_text(text[:start] + text[start:].replace("    exclude:\n", exclusion, 1), encoding="utf-8")
    return folder


def test_added_removed_and_changed(report: Path, edited: Path, rulebook: RuleBook) -> None:
    new, _ = load_rulebook(edited)
    assert new is not None
    result = preview(read_inputs([report]), rulebook, new)
    found = {(word, (later or earlier).indicator_id) for word, earlier, later in rows(result) if later or earlier}  # type: ignore[union-attr]
    assert found == {("多了", "lamp_posts"), ("少了", "gdp"), ("变了", "grain_output")}
    assert result.same == len(result.new.facts) - 2
    told = "\n".join(comparison_lines(result))
    assert "95.6万吨 → 956000吨" in told and "多了 1 条，少了 1 条，变了 1 条" in told


def test_one_set_of_rules_changes_nothing(report: Path, rulebook: RuleBook) -> None:
    result = preview(read_inputs([report]), rulebook, rulebook)
    assert not result.changes and len(list(comparison_lines(result))) == 2


def test_the_command_and_the_workbook(
    report: Path, edited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "变化.xlsx"
    arguments = ["preview", str(report), "--against", str(TOP / "rules"), "--rules", str(edited), "--out", str(out)]
    assert main(arguments) == 0
    assert str(out) in capsys.readouterr().out
    book = load_workbook(out)
    sheet: Any = book["变化"]
    table = list(sheet.iter_rows(values_only=True))
    assert table[0] == tuple(heading for heading, _ in HEADINGS) and len(table) == 4
    assert {row[0] for row in table[1:]} == {"变了", "多了", "少了"}
    changed = next(row for row in table if row[0] == "变了")
    assert "粮食产量" in changed and "95.6万吨" in changed and "956000吨" in changed
    assert book["说明"].max_row > 5


def test_wrong_use(report: Path, tmp_path: Path) -> None:
    assert main(["preview", str(report), "--against", str(tmp_path / "没有")]) == 2
    assert main(["preview", str(report)]) == 2
    empty = tmp_path / "空"
    empty.mkdir()
    assert main(["preview", str(report), "--against", str(empty), "--rules", str(TOP / "rules")]) == 1


def test_impact_tells_who_has_what_went() -> None:
    from dataclasses import replace

    from compiler.authoring.preview import shown_impact
    from compiler.facts.compile import facts_of_example
    from compiler.facts.kept_rules import load_rules
    from compiler.facts.written_tables import Changes, impacts
    from compiler.model import Part

    book, _ = load_rules(TOP / "rules")
    assert book is not None
    (fact,) = facts_of_example("地区生产总值达到96亿元。", Part.REVIEW, book)
    other = replace(fact, indicator="别的指标", indicator_id="other")
    more = replace(fact, figure_start=fact.figure_start + 50)
    found = impacts(Changes((other, replace(more, indicator="别的指标")), (fact,), ()))
    assert [shown_impact(impact) for impact in found] == ["地区生产总值：少 1（归了 别的指标）", "别的指标：多 2"]
