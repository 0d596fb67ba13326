"""The template: a column is an edit of YAML, and every mistake in it is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from help import make_reports as made
from help.workbook_reader import TEMPLATES, build, header, rows, template_from
from openpyxl import load_workbook

from compiler.issues import message, render
from compiler.model import Issue, RuleBook
from compiler.workbook.column_names import NAMES
from compiler.workbook.column_values import GETTERS

GOOD = (TEMPLATES / "workbook.yaml").read_text(encoding="utf-8")
SMALL = """format: 1
sheets:
  - kind: detail
    name: 明细
    columns:
      - {key: id, title: 编号}
"""


def test_names_and_functions_agree() -> None:
    for kind, getters in GETTERS.items():
        assert set(NAMES[kind]) == set(getters), kind


def test_the_default_template_has_no_issue(tmp_path: Path) -> None:
    found, issues = template_from(tmp_path, GOOD)
    assert found is not None and issues == ()


def edited(tmp_path: Path, old: str, new: str) -> tuple[Path, tuple[Issue, ...]]:
    """Build with one edit of the default template."""
    assert old in GOOD
    shape, issues = template_from(tmp_path / "templates", GOOD.replace(old, new, 1))
    assert shape is not None
    path = tmp_path / "a.xlsx"
    return path, (*issues, *build(path, (*made.two_years(), made.neighbour()), shape=shape))


def test_a_new_column_from_a_named_value(tmp_path: Path) -> None:
    old = "      - {key: data_nature, title: 数据性质"
    path, issues = edited(tmp_path, old, "      - {key: rule_note, title: 口径, width: 20}\n" + old)
    assert not issues
    found = rows(load_workbook(path, data_only=True)["目标与结果"])
    assert "绝对数按现价，增速按可比价" in {row["口径"] for row in found}
    assert any(row["与目标相比"] == "完成目标任务的131.4%" for row in found)


def test_a_new_column_from_an_expression(tmp_path: Path) -> None:
    old = "      - {key: data_nature, title: 数据性质"
    new = '      - {value: "{{ indicator }}（{{ unit }}）", title: 全称, width: 30}\n' + old
    path, issues = edited(tmp_path, old, new)
    assert not issues
    assert "地区生产总值（亿元）" in {row["全称"] for row in rows(load_workbook(path)["目标与结果"])}


def test_a_new_column_of_numbers_from_an_expression(tmp_path: Path) -> None:
    old = "      - {key: start, title: 起, width: 9}\n"
    new = old + '      - {value: "{{ end - start }}", title: 字数, width: 9, number: true}\n'
    path, issues = edited(tmp_path, old, new)
    assert not issues
    found = rows(load_workbook(path)["明细"])
    assert all(row["字数"] == row["止"] - row["起"] for row in found)


def test_sheets_may_be_left_out_renamed_and_moved(tmp_path: Path) -> None:
    shape, _ = template_from(tmp_path / "templates", GOOD.replace("name: 明细\n", "name: 数据库\n", 1))
    assert shape is not None
    from dataclasses import replace

    sheets = tuple(sheet for sheet in reversed(shape.sheets) if sheet.kind not in ("evidence", "cover"))
    path = tmp_path / "a.xlsx"
    build(path, made.two_years(), shape=replace(shape, sheets=sheets))
    names = load_workbook(path).sheetnames
    assert names[0] == "规则一览" and "数据库" in names[:3] and "原文依据" not in names


def test_themes_choose_what_is_printed(tmp_path: Path) -> None:
    at = GOOD.index("  - kind: print")
    text = GOOD[:at] + GOOD[at:].replace("themes: all", "themes: [工业, 投资]", 1)
    shape, issues = template_from(tmp_path / "templates", text)
    assert shape is not None and not issues
    path = tmp_path / "a.xlsx"
    build(path, made.two_years(), shape=shape)
    book = load_workbook(path)
    assert [row["指标名称"] for row in rows(book["云川市2017"])][:2] == ["规模以上工业增加值", "固定资产投资"]
    assert len(rows(book["目标与结果"])) > 20


# text of the template, codes, and words of the first message
BROKEN: list[tuple[str, str, list[str], str]] = [
    ("unknown value", SMALL.replace("key: id", "key: indicater"), ["R106", "O107"], "indicator"),
    ("value of another sheet", SMALL.replace("key: id", "key: due"), ["O102", "O107"], "明细"),
    ("unknown kind", SMALL.replace("kind: detail", "kind: details"), ["R106"], "detail"),
    ("no sheets", "format: 1\n", ["R101"], "sheets"),
    ("a list", "- 1\n", ["R105"], "键: 值"),
    ("unknown key of a column", SMALL.replace("title:", "titel: x, title:"), ["R102"], "title"),
    ("unknown key of a sheet", SMALL + "    colums: []\n", ["R102"], "columns"),
    ("unknown key at the top", SMALL + "lok: {}\n", ["R102"], "look"),
    ("no source", SMALL.replace("key: id, ", ""), ["O108", "O107"], "key"),
    ("two sources", SMALL.replace("key: id,", 'key: id, value: "{{ id }}",'), ["O108", "O107"], "key"),
    ("no title", SMALL.replace(", title: 编号", ""), ["O110"], "title"),
    ("entry where none is kept", SMALL.replace("key: id", "entry: x"), ["O109", "O107"], "entry"),
    ("width that is no number", SMALL.replace("title: 编号", "title: 编号, width: 宽"), ["R110"], "不小于 0 的数"),
    ("width too large", SMALL.replace("title: 编号", "title: 编号, width: 999"), ["R114"], "1 到 255"),
    ("bad align", SMALL.replace("title: 编号", "title: 编号, align: 居中"), ["R106"], "center"),
    ("bad flag", SMALL.replace("title: 编号", "title: 编号, wrap: 也许"), ["R109"], "true"),
    ("column twice", SMALL + "      - {key: id, title: 又一次}\n", ["O112"], "id"),
    ("sheet twice", SMALL + SMALL.partition("sheets:\n")[2], ["O106"], "detail"),
    ("columns without dashes", SMALL.replace("      - {key: id, title: 编号}", "      key: id"),
     ["R105", "O107"], "“- ”"),
    ("a word as column", SMALL.replace("{key: id, title: 编号}", "id"), ["R105", "O107"], "key"),
    ("groups in groups", SMALL + "      - {group: 甲, columns: [{group: 乙, columns: [{key: low, title: 丙}]}]}\n",
     ["R102", "R102", "O108"], "group"),
    ("bad limit", SMALL + "limits: {rows: 很多}\n", ["R110"], "整数"),
    ("bad expression", SMALL + '      - {value: "{{ id", title: 坏}\n', ["T101"], ""),
    ("unknown name in an expression", SMALL + '      - {value: "{{ nosuch }}", title: 坏}\n', ["T103"], "nosuch"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes", "words"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, codes: list[str], words: str) -> None:
    _, issues = template_from(tmp_path / "templates", text)
    assert [issue.code for issue in issues] == codes
    first = issues[0]
    assert first.where is not None and first.where.path == "templates/workbook.yaml" and first.where.line >= 1
    told = render(first)
    assert words in told and not re.search(r"\{\w+\}", message(first))


def test_choices_that_a_spreadsheet_cannot_hold(tmp_path: Path) -> None:
    text = GOOD.replace("choices: [未启动, 推进中", 'choices: ["未启动,一", 推进中', 1)
    shape, issues = template_from(tmp_path / "templates", text)
    assert shape is not None and [issue.code for issue in issues] == ["O111"]


def test_a_missing_file(tmp_path: Path) -> None:
    from compiler.workbook.write import load_workbook_template

    found, issues = load_workbook_template(tmp_path)
    assert found is None and [issue.code for issue in issues] == ["O101"]


def test_unknown_theme_is_told(tmp_path: Path, rulebook: RuleBook) -> None:
    from compiler.workbook.write import load_workbook_template

    (tmp_path / "workbook.yaml").write_text(GOOD.replace("themes: all", "themes: [工业, 火星]", 1), encoding="utf-8")
    _, issues = load_workbook_template(tmp_path, rulebook)
    assert [(issue.code, issue.fields["themes"]) for issue in issues] == [("O114", "火星")]


def test_an_expression_that_fails_is_told_once(tmp_path: Path) -> None:
    old = "      - {key: start, title: 起, width: 9}\n"
    _, issues = edited(tmp_path, old, old + '      - {value: "{{ 1 // (start - start) }}", title: 坏}\n')
    assert len([issue for issue in issues if issue.code.startswith("T")]) == 1


def test_every_text_that_the_code_asks_for_stands_in_the_template(tmp_path: Path) -> None:
    """A key shown in the place of its text would be the sign of one that is missing."""
    path = tmp_path / "a.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    book = load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            if row and sheet.row_dimensions[row[0].row].hidden:
                continue
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("{"):
                    assert not re.fullmatch(r"[a-z_]+\.[a-z_]+", cell.value), (sheet.title, cell.coordinate)


def test_header_of_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(path, made.two_years())
    sheet = load_workbook(path)["云川市2017"]
    number, columns = header(sheet)
    assert number == 4 and "2016年目标/绝对值" in columns and "2017年目标/增长%" in columns


def test_every_value_and_key_is_documented() -> None:
    from compiler.workbook import template as shape

    text = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    names = {name for known in NAMES.values() for name in known}
    keys = {key.name for record in (shape.WORKBOOK_FILE, shape.SHEET, shape.COLUMN) for key in record.keys} - {"format"}
    for name in (*names, *(keys - {"columns", "group"})):
        assert f"`{name}`" in text, name


def test_names_that_excel_would_repair(tmp_path: Path) -> None:
    text = GOOD.replace("table: 明细表", "table: 任务清单表", 1).replace("title: 止,", "title: 起,", 1)
    shape, issues = template_from(tmp_path / "templates", text)
    assert shape is not None and not issues
    path = tmp_path / "a.xlsx"
    build(path, made.two_years(), shape=shape)
    book = load_workbook(path)
    (table,) = book["明细"].tables.values()
    names = [column.name for column in table.tableColumns]
    assert len(set(names)) == len(names) and {"起", "起2"} <= set(names)
    assert [cell.value for cell in book["明细"][1]] == names
    everything = [*book.defined_names, *(name for sheet in book.worksheets for name in sheet.tables)]
    assert len({name.casefold() for name in everything}) == len(everything)


def test_checks_come_in_the_order_of_the_template(tmp_path: Path) -> None:
    path, _ = edited(tmp_path, "order: 多值冲突、", "order: 纵向逻辑、缺值、多值冲突、")
    kinds = [row["类型"] for row in rows(load_workbook(path)["待核清单"])]
    assert kinds == ["缺值", "口径"]
