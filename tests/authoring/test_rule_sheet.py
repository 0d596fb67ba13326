"""Rules as an Excel table: nothing changes on the way there and back but what was changed in the table."""

# ruff: noqa: E501 (tables of cases)
from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP
from openpyxl import Workbook, load_workbook

from compiler.app.cli import main
from compiler.authoring.rule_cells import COLUMNS, IN_YAML, from_cell, to_cell
from compiler.authoring.rule_files import read_rules
from compiler.authoring.rule_import import import_sheet, unmeant
from compiler.authoring.rule_sheet import KEPT_SHEET, SHEET, write_sheet
from compiler.authoring.splice import RuleChange, edited, flow
from compiler.issues import message
from compiler.rules.nodes import to_plain

RULES = TOP / "rules"

ORCHARD = """\
# 果业的规则，注释要留着
format: 1
theme: 果业

indicators:
  # 苹果在前
  - id: apple_output
    name: 苹果产量
    unit: 万吨
    aliases:
      - 苹果总产量
      # 老叫法
      - 〔全市|〕苹果收成
    exclude:
      - {words: [进口, 外来], because: 不是本地产的}
    examples:
      - {text: 全市苹果产量达到31.5万吨，增长4%。, under: review, yields: [level = 31.5, growth = 4]}
      - {text: 进口苹果产量2万吨。, under: review, yields: []}
    note: 按鲜重计     # 说明

  - {id: pear_output, name: 梨产量, unit: 万吨, aliases: [鸭梨产量, 雪梨产量], owner: 市果业局}

# 文件末尾的注释
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder of rules with the lexicon that all tests use."""
    rules = tmp_path / "rules"
    (rules / "indicators").mkdir(parents=True)
    shutil.copyfile(RULES / "lexicon.yaml", rules / "lexicon.yaml")
    (rules / "ledger.yaml").write_text("format: 1\n", encoding="utf-8")
    (rules / "indicators" / "果业.yaml").write_text(ORCHARD, encoding="utf-8")
    return rules


def exported(folder: Path) -> Path:
    """Export the rules of ``folder`` and return the workbook."""
    table, issues = read_rules(folder)
    assert table is not None, issues
    path = folder.parent / "规则.xlsx"
    write_sheet(path, table)
    return path


def edit(path: Path, *cells: tuple[str, str, Any]) -> None:
    """Set cells of the table: rule id, column key, value; an id that is not there begins a new row."""
    book = load_workbook(path)
    sheet: Any = book[SHEET]
    letters = {str(cell.value).split()[-1]: cell.column for cell in sheet[1]}
    for id_, key, value in cells:
        row = next((r for r in range(2, sheet.max_row + 1) if sheet.cell(r, letters["id"]).value == id_), 0)
        if not row:
            row = sheet.max_row + 1
            sheet.cell(row, letters["id"]).value = id_
        sheet.cell(row, letters[key]).value = value
    book.save(path)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- there and back ----------------------------------------------------------------------------


def test_the_default_rules_come_back_byte_for_byte(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    before = contents(rules)
    path = exported(rules)
    book = load_workbook(path)  # as an office program would: opened and saved
    book.save(path)
    outcome = import_sheet(path, rules)
    assert not outcome.changes and not outcome.files and not outcome.failed
    assert contents(rules) == before


def test_every_cell_of_the_default_rules_can_be_edited_in_the_table() -> None:
    table, _ = read_rules(RULES)
    assert table is not None and len(table.rows) > 100
    shut = [(id_, key) for id_, row in table.rows.items() for key, text in row.cells.items() if text == IN_YAML]
    # What holds for some levels of government only (at) has no place in a cell.
    assert [(id_, key) for id_, key in shut if "'at'" not in str(to_plain(table.rows[id_].node)[key])] == []


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("aliases", ["甲", "乙"], "甲、乙"),
        ("aliases", ["第一、二产业"], "第一、二产业；"),
        ("aliases", ["第一、二产业", "乙"], "第一、二产业；乙"),
        ("direction", "down", "越小越好"),
        ("measures", ["level", "growth"], "绝对数、增速"),
        ("headline", "true", "是"),
        ("phrases", ["〔数〕人脱贫", {"phrase": "果园比年初增加〔数〕", "measure": "change"}], "〔数〕人脱贫\n果园比年初增加〔数〕 | change"),
        ("exclude", [{"words": ["进口", "外来"], "because": "别处的", "where": "clause"}], "进口、外来 | 别处的 | 同一个逗号分句里"),
        ("examples", [{"text": "甲1吨。", "under": "review", "yields": ["level = 1"]}], "甲1吨。 | 回顾 | level = 1"),
        ("examples", [{"text": "甲。", "yields": []}], "甲。 |  | 无"),
        ("examples", [{"text": "甲。", "under": "plan", "yields": [], "todo": "隔得远"}], "甲。 | 安排 | 无 | 待办：隔得远"),
        ("sane.level", "1..60000", "1..60000"),
    ],
)  # fmt: skip
def test_values_as_cells(key: str, value: object, text: str) -> None:
    assert to_cell(key, value) == text
    assert from_cell(key, text) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("direction", "sideways"),
        ("aliases", ["甲、乙；丙", "丁\n戊"]),
        ("exclude", [{"words": ["甲"], "because": "乙 | 丙 | 丁"}]),
        ("exclude", [{"words": ["甲"]}]),
        ("headline", "maybe"),
    ],
)
def test_what_has_no_safe_form_stays_in_yaml(key: str, value: object) -> None:
    assert to_cell(key, value) == IN_YAML


# --- changes -----------------------------------------------------------------------------------

CHANGES: list[tuple[str, str, Any, str, str]] = [
    # id, column, new cell, old piece of the file, new piece
    ("apple_output", "note", "按干重计", "note: 按鲜重计     # 说明", "note: 按干重计     # 说明"),
    ("apple_output", "note", "", "\n    note: 按鲜重计     # 说明", ""),
    ("apple_output", "note", "按干重计: 试行", "note: 按鲜重计", 'note: "按干重计: 试行"'),
    ("apple_output", "owner", "市果业局", "\n    exclude:", "\n    owner: 市果业局\n    exclude:"),
    ("apple_output", "direction", "越小越好", "\n    exclude:", "\n    direction: down\n    exclude:"),
    ("apple_output", "aliases", "苹果总产量、〔全市|〕苹果收成、红富士产量", "苹果收成\n", "苹果收成\n      - 红富士产量\n"),
    ("apple_output", "aliases", "红富士产量、苹果总产量、〔全市|〕苹果收成", "- 苹果总产量", "- 红富士产量\n      - 苹果总产量"),
    ("apple_output", "aliases", "苹果总产量", "\n      - 〔全市|〕苹果收成", ""),
    ("apple_output", "aliases", "", "\n    aliases:\n      - 苹果总产量\n      # 老叫法\n      - 〔全市|〕苹果收成", ""),
    ("apple_output", "exclude", "进口、外来 | 不是本地产的\n来料 | 加工的", "不是本地产的}", "不是本地产的}\n      - {words: [来料], because: 加工的}"),
    ("apple_output", "sane.level", "0.1..900", "\n    examples:", "\n    sane: {level: 0.1..900}\n    examples:"),
    ("pear_output", "aliases", "鸭梨产量", "[鸭梨产量, 雪梨产量]", "[鸭梨产量]"),
    ("pear_output", "aliases", "雪梨产量", "[鸭梨产量, 雪梨产量]", "[雪梨产量]"),
    ("pear_output", "aliases", "", ", aliases: [鸭梨产量, 雪梨产量]", ""),
    ("pear_output", "aliases", "鸭梨产量、砀山梨产量、雪梨产量", "[鸭梨产量, 雪梨", "[鸭梨产量, 砀山梨产量, 雪梨"),
    ("pear_output", "owner", "市农业农村局", "owner: 市果业局", "owner: 市农业农村局"),
    ("pear_output", "headline", "是", ", owner: 市果业局", ", headline: true, owner: 市果业局"),
    ("pear_output", "unit", "吨", "name: 梨产量, unit: 万吨", "name: 梨产量, unit: 吨"),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "key", "value", "old", "new"), CHANGES)
def test_a_change_touches_nothing_else(
    folder: Path, id_: str, key: str, value: str, old: str, new: str, line_end: str = "\n"
) -> None:
    assert ORCHARD.count(old) == 1
    place = folder / "indicators" / "果业.yaml"
    place.write_bytes(ORCHARD.replace("\n", line_end).encode())
    path = exported(folder)
    edit(path, (id_, key, value))
    outcome = import_sheet(path, folder)
    assert not outcome.failed, [message(issue) for issue in outcome.issues]
    assert len(outcome.changes) == 1
    assert place.read_bytes().decode() == ORCHARD.replace(old, new).replace("\n", line_end)


@pytest.mark.parametrize("case", [CHANGES[1], CHANGES[5], CHANGES[9], CHANGES[-1]])
def test_line_ends_of_windows_stay(folder: Path, case: tuple[str, str, Any, str, str]) -> None:
    test_a_change_touches_nothing_else(folder, *case, line_end="\r\n")


def test_a_new_row_becomes_a_rule_behind_the_last_one(folder: Path) -> None:
    path = exported(folder)
    row = {
        "file": "indicators/果业.yaml",
        "name": "葡萄产量",
        "unit": "万吨",
        "aliases": "葡萄总产量",
        "examples": "葡萄产量3万吨。 | 回顾 | level = 3\n两县葡萄产量3万吨。 | 回顾 | 无",
    }
    edit(path, *(("grape_output", key, value) for key, value in row.items()))
    outcome = import_sheet(path, folder)
    assert not outcome.failed, [message(issue) for issue in outcome.issues]
    assert not any(issue.code == "X118" for issue in outcome.issues)
    text = (folder / "indicators" / "果业.yaml").read_text(encoding="utf-8")
    new = (
        "\n\n  - id: grape_output\n    name: 葡萄产量\n    unit: 万吨\n    aliases: [葡萄总产量]\n    examples:\n"
        "      - {text: 葡萄产量3万吨。, under: review, yields: [level = 3]}\n"
        "      - {text: 两县葡萄产量3万吨。, under: review, yields: []}\n"
    )
    assert text == ORCHARD.replace("\n\n# 文件末尾", f"{new}\n# 文件末尾")


def test_a_new_file_for_a_new_theme(folder: Path) -> None:
    path = exported(folder)
    row = {"file": "indicators/茶业.yaml", "theme": "茶业", "name": "茶叶产量", "unit": "吨"}
    edit(path, *(("tea_output", key, value) for key, value in row.items()))
    outcome = import_sheet(path, folder)
    assert not outcome.failed and outcome.files == ("indicators/茶业.yaml",)
    assert {issue.code for issue in outcome.issues} == {"X118"}  # no examples yet
    table, _ = read_rules(folder)
    assert table is not None and table.rows["tea_output"].cells["theme"] == "茶业"


def test_many_random_changes_say_what_they_should(tmp_path: Path) -> None:
    """The editor is held against the plain content on every import; here it edits the default rules, some files each
    time."""
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules, ignore=shutil.ignore_patterns("indicators"))
    chance = random.Random(7)
    lists = ("aliases", "short", "objects", "verbs", "growth_names", "phrases", "exclude", "examples", "other_units")
    files = sorted((RULES / "indicators").iterdir()) * 6
    chance.shuffle(files)
    for first in range(0, len(files), 5):
        shutil.rmtree(rules / "indicators", ignore_errors=True)
        (rules / "indicators").mkdir()
        for path in files[first : first + 5]:
            shutil.copyfile(path, rules / "indicators" / path.name)
        table, _ = read_rules(rules)
        assert table is not None
        changes = []
        for id_ in chance.sample(sorted(table.rows), min(40, len(table.rows))):
            key = chance.choice([*lists, "note", "owner", "direction", "sane.growth", "headline"])
            now = table.rows[id_].cells[key]
            if now == IN_YAML:
                continue  # what no cell holds is not changed in the table
            value: Any = None
            if key in lists and now:
                value = from_cell(key, now)
                chance.shuffle(value)
                value = value[: chance.randint(0, len(value))]
                if chance.random() < 0.5 and key not in ("exclude", "examples", "phrases"):
                    value.insert(chance.randint(0, len(value)), "临时：“名称”")
                value = value or None
            elif key not in lists and chance.random() < 0.7:
                value = {"direction": "none", "sane.growth": "-1..1", "headline": "true"}.get(key, "是: 甲 #乙")
            changes.append(RuleChange(id_, 2, key, value))
        texts = edited(changes, table)
        for relative, text in texts.items():
            (rules / relative).write_text(text, encoding="utf-8")
        meant, issues = read_rules(rules)
        assert not issues and unmeant(meant, changes, table) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("苹果产量", "苹果产量"),
        ("〔全市|〕苹果", "〔全市|〕苹果"),
        ("甲: 乙", '"甲: 乙"'),
        ("甲 #乙", '"甲 #乙"'),
        ("985", '"985"'),
        ("true", '"true"'),
        ("%", '"%"'),
        ("yes", '"yes"'),
        ("level = 3", "level = 3"),
        ("- 甲", '"- 甲"'),
        ("“甲”", '"“甲”"'),
    ],
)
def test_scalars_are_quoted_where_they_must_be(text: str, shown: str) -> None:
    assert flow([text]) == f"[{shown}]" if text != "true" else True


# --- what is wrong -----------------------------------------------------------------------------

WRONG: list[tuple[list[tuple[str, str, Any]], str, str]] = [
    ([("apple_output", "direction", "向上")], "X107", "M2"),
    ([("apple_output", "headline", "也许")], "X107", "2"),
    ([("apple_output", "exclude", "进口")], "X107", "2"),
    ([("apple_output", "name", "")], "X112", "D2"),
    ([("apple_output", "unit", "万筐")], "X113", "E2"),
    ([("apple_output", "sane.level", "9..1")], "X113", "2"),
    ([("pear_output", "aliases", "苹果总产量")], "X113", "F3"),
    ([("apple_output", "examples", "全市苹果产量5万吨。 | 回顾 | level = 6")], "X113", "2"),
    ([("apple_output", "aliases", "苹果总产量, 花牛苹果产量")], "X107", "F2"),
    ([("apple_output", "note", "=1+1")], "X108", "2"),
    ([("apple_output", "file", "indicators/别的.yaml")], "X109", "A2"),
    ([("apple_output", "theme", "别的")], "X109", "B2"),
    ([("Apple", "name", "苹果个数"), ("Apple", "unit", "个"), ("Apple", "file", "indicators/果业.yaml")], "X113", "C4"),
    ([("tea", "name", "茶叶产量"), ("tea", "unit", "吨")], "X110", "A4"),
    ([("tea", "name", "茶"), ("tea", "unit", "吨"), ("tea", "file", "../x.yaml")], "X110", "A4"),
    ([("tea", "unit", "吨"), ("tea", "file", "indicators/果业.yaml")], "X112", "D4"),
    ([("tea", "name", "茶"), ("tea", "unit", "吨"), ("tea", "file", "indicators/茶.yaml")], "X112", "B4"),
]


@pytest.mark.parametrize(("cells", "code", "place"), WRONG)
def test_wrong_cells_are_told_with_their_place_and_nothing_is_written(
    folder: Path, cells: list[tuple[str, str, Any]], code: str, place: str
) -> None:
    path = exported(folder)
    edit(path, ("pear_output", "owner", "市林业局"), *cells)  # a good change beside the wrong one
    before = contents(folder)
    outcome = import_sheet(path, folder)
    assert outcome.failed and contents(folder) == before
    found = [issue for issue in outcome.issues if issue.code == code]
    assert found, [message(issue) for issue in outcome.issues]
    assert SHEET in found[0].fields["cell"] and f"{place}（第 " in found[0].fields["cell"], found[0].fields


def test_a_cell_changed_on_both_sides_is_a_conflict(folder: Path) -> None:
    path = exported(folder)
    place = folder / "indicators" / "果业.yaml"
    place.write_text(ORCHARD.replace("按鲜重计", "按干重计"), encoding="utf-8")
    outcome = import_sheet(path, folder)
    assert not outcome.failed and not outcome.changes  # the edit in YAML stays
    edit(path, ("apple_output", "note", "不计"))
    outcome = import_sheet(path, folder)
    assert [issue.code for issue in outcome.issues] == ["X111"]
    assert "按干重计" in place.read_text(encoding="utf-8")


def test_rows_taken_out_of_the_table_are_named_and_stay(folder: Path) -> None:
    path = exported(folder)
    book = load_workbook(path)
    book[SHEET].delete_rows(3)
    book.save(path)
    outcome = import_sheet(path, folder)
    assert [issue.code for issue in outcome.issues] == ["X115"] and not outcome.failed
    assert (folder / "indicators" / "果业.yaml").read_text(encoding="utf-8") == ORCHARD


def test_a_rule_taken_out_of_the_yaml_does_not_come_back(folder: Path) -> None:
    path = exported(folder)
    place = folder / "indicators" / "果业.yaml"
    text = "".join(line for line in ORCHARD.splitlines(True) if "pear_output" not in line)
    place.write_text(text, encoding="utf-8")
    assert [issue.code for issue in import_sheet(path, folder).issues] == ["X117"]


def test_headings(folder: Path) -> None:
    path = exported(folder)
    book = load_workbook(path)
    sheet: Any = book[SHEET]
    sheet.cell(1, len(COLUMNS) + 1).value = "我的列"
    sheet.cell(1, len(COLUMNS) + 2).value = "名称 name"
    sheet.cell(4, 4).value = "没有编号"
    book.save(path)
    assert {issue.code for issue in import_sheet(path, folder).issues} == {"X103", "X104"}


def test_a_table_without_the_column_of_ids_or_with_merged_cells_is_told_once(folder: Path) -> None:
    path = exported(folder)
    book = load_workbook(path)
    book[SHEET].delete_cols(3)
    book.save(path)
    assert [issue.code for issue in import_sheet(path, folder).issues] == ["X120"]
    path = exported(folder)
    book = load_workbook(path)
    book[SHEET].merge_cells("B2:B3")
    book.save(path)
    (issue,) = import_sheet(path, folder).issues
    assert issue.code == "X121" and "B2:B3" in message(issue)


def test_what_stands_in_yaml_alone_is_not_lost_where_its_cell_is_cleared(folder: Path) -> None:
    place = folder / "indicators" / "果业.yaml"
    text = ORCHARD.replace("aliases: [", "aliases: [{name: 山地苹果产量, at: [地级]}, ", 1)
    assert text != ORCHARD
    place.write_text(text, encoding="utf-8")
    path = exported(folder)
    edit(path, ("pear_output", "aliases", ""))
    outcome = import_sheet(path, folder)
    assert [issue.code for issue in outcome.issues] == ["X122"] and place.read_text(encoding="utf-8") == text


def test_rows_without_or_with_the_same_id(folder: Path) -> None:
    path = exported(folder)
    book = load_workbook(path)
    sheet: Any = book[SHEET]
    sheet.cell(4, 4).value = "没有编号"
    sheet.cell(5, 3).value = "apple_output"
    book.save(path)
    assert {issue.code for issue in import_sheet(path, folder).issues} == {"X105", "X106"}


def test_files_that_are_no_table(folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK nothing")
    assert [issue.code for issue in import_sheet(bad, folder).issues] == ["X101"]
    other = tmp_path / "别的.xlsx"
    Workbook().save(other)
    assert [issue.code for issue in import_sheet(other, folder).issues] == ["X102"]


def test_yaml_that_cannot_be_read_is_left_alone(folder: Path) -> None:
    path = exported(folder)
    place = folder / "indicators" / "果业.yaml"
    place.write_text(ORCHARD.replace("unit: 万吨", "unit：万吨", 1), encoding="utf-8")
    before = contents(folder)
    outcome = import_sheet(path, folder)
    assert outcome.failed and {"X114"} <= {issue.code for issue in outcome.issues}
    assert contents(folder) == before


def test_a_table_without_the_hidden_copy_still_works(folder: Path) -> None:
    path = exported(folder)
    edit(path, ("pear_output", "owner", "市林业局"))
    book = load_workbook(path)
    del book[KEPT_SHEET]
    book.save(path)
    assert len(import_sheet(path, folder).changes) == 1


# --- the commands ------------------------------------------------------------------------------


def test_the_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder.parent / "表.xlsx"
    assert main(["rules", "export", str(path), "--rules", str(folder)]) == 0
    assert main(["rules", "export", str(path), "--rules", str(folder)]) == 2  # it may hold work
    assert main(["rules", "export", str(path), "--rules", str(folder), "--force"]) == 0
    edit(path, ("pear_output", "owner", "市林业局"))
    before = contents(folder)
    capsys.readouterr()
    assert main(["rules", "import", str(path), "--rules", str(folder), "--dry-run"]) == 0
    assert "市果业局 → 市林业局" in capsys.readouterr().out
    assert contents(folder) == before
    assert main(["rules", "import", str(path), "--rules", str(folder)]) == 0
    assert contents(folder) != before
    edit(path, ("pear_output", "unit", "万筐"))
    assert main(["rules", "import", str(path), "--rules", str(folder)]) == 1
    told = capsys.readouterr()
    assert "什么也没有写" in told.out and "万筐" in told.err and "Traceback" not in told.err
    assert main(["rules", "import", str(folder.parent / "没有.xlsx"), "--rules", str(folder)]) == 2
    assert main(["rules", "export", "表.csv", "--rules", str(folder)]) == 2
    assert main(["rules", "export", str(path), "--rules", str(folder / "没有"), "--force"]) == 2
