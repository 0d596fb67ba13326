"""The workbook: its sheets, values, formulas, links and looks, and that no text does harm in it."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from help import make_reports as made
from help.workbook_reader import (
    build,
    column_widths,
    formulas,
    header,
    hidden_columns,
    opened,
    rows,
    shape_of,
    template,
)
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

from compiler.files import safe_file_name
from compiler.model import CompiledReport, Part
from compiler.workbook.package import save_book
from compiler.workbook.print_sheets import province_name
from compiler.workbook.xlsx import Book, Style, for_xml, quoted_name, sheet_name, xml


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of two years of a city and one of its neighbour."""
    path = tmp_path_factory.mktemp("book") / "目标与结果.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    """The same, with the values of its formulas."""
    return opened(path, data_only=True)


def line(book: Any, sheet: str, indicator: str, **wanted: object) -> dict[str, Any]:
    """The line of an indicator in a sheet."""
    found = [
        row
        for row in rows(book[sheet])
        if row["指标名称"] == indicator and all(row[key] == value for key, value in wanted.items())
    ]
    assert len(found) == 1
    return found[0]


def test_sheets_in_the_order_of_the_contract(book: Any) -> None:
    assert book.sheetnames == [
        "说明", "目标与结果", "云川市2016", "云川市2017", "临河市2017", "历年对照", "多地对比", "任务清单", "督查汇总",
        "待核清单", "原文依据", "五年与规划", "未覆盖数字", "章节摘录", "明细", "多地对比明细", "规则一览",
    ]  # fmt: skip


def test_columns_of_the_contract(book: Any) -> None:
    _, columns = header(book["目标与结果"])
    shown = [title for title in columns if "（数" not in title]
    assert shown[:21] == [
        "序号", "地区", "报告年度", "类别", "指标名称", "单位", "上年目标/绝对值", "上年目标/增长%", "上年完成/绝对值",
        "上年完成/增长%", "与目标相比", "完成情况", "本年目标/绝对值", "本年目标/增长%", "本年目标/争取目标",
        "目标较上年实绩", "测算本年绝对值", "位次与比较（原文）", "数据性质", "备注（口径）", "依据",
    ]  # fmt: skip
    _, columns = header(book["任务清单"])
    assert [title.rpartition("/")[2] for title in columns][:29] == [
        "序号", "地区", "方面（报告标题）", "工作任务（原文）", "量化指标", "目标值", "单位", "牵头领导", "牵头单位",
        "配合单位", "完成时限", "备注", "依据", "一季度节点", "二季度节点", "三季度节点", "四季度节点", "当前完成值",
        "完成率", "序时进度", "进度判定", "状态", "进展情况", "存在问题", "下一步措施", "数据截止日", "目标值（数）",
        "比较办法", "编号",
    ]  # fmt: skip
    _, columns = header(book["待核清单"])
    for title in ("类型", "指标", "数值A", "依据A", "数值B", "依据B", "差额", "说明", "建议", "核实结果", "核实人"):
        assert title in columns
    _, columns = header(book["原文依据"])
    for title in ("编号", "部分", "小节", "段号", "原文", "指标", "取值", "返回", "规则", "起止"):
        assert title in columns


def test_values_are_read_without_recalculation(book: Any) -> None:
    revenue = line(book, "目标与结果", "一般公共预算收入", 地区="云川市", 报告年度=2017)
    assert revenue["上年目标/绝对值"] == "≥76"
    assert revenue["上年目标绝对值（数）"] == 76
    assert revenue["上年完成/绝对值"] == 99.9
    assert revenue["与目标相比"] == "完成目标任务的131.4%"
    assert revenue["完成情况"] == "超额完成"
    assert revenue["本年目标/增长%"] == "4.5～5"
    assert (revenue["本年目标增长%（数）"], revenue["本年目标增长%（数，上限）"]) == (4.5, 5)
    assert revenue["测算本年绝对值"] == "104.4～104.9"
    gdp = line(book, "目标与结果", "地区生产总值", 地区="云川市", 报告年度=2017)
    assert (gdp["上年目标/增长%"], gdp["上年完成/增长%"], gdp["与目标相比"]) == ("7左右", 6.9, "与目标基本持平")
    assert (gdp["本年目标/争取目标"], gdp["本年目标争取目标（数）"]) == ("≥7", 7)
    assert gdp["目标较上年实绩"] == "放缓0.4个百分点"
    assert gdp["测算本年绝对值"] == 1031.3
    words = line(book, "目标与结果", "城镇常住居民人均可支配收入", 报告年度=2017)
    assert (words["上年目标/增长%"], words["与目标相比"]) == ("与经济增长保持同步", "快于经济增长0.6个百分点")


def test_the_statuses_of_the_two_years(book: Any) -> None:
    found = {row["指标名称"]: row["完成情况"] for row in rows(book["云川市2017"])}
    statuses = {"超额完成", "完成", "未完成", "文字目标待核", "口径不一致"}
    assert statuses | {"基本完成（增速）"} <= set(found.values())  # of two measures in a row the one that decided
    assert found["粮食产量"] == "未取到" and found["常住人口城镇化率"] == "缺上年目标"


def test_no_status_claims_a_miss_without_last_years_report(book: Any) -> None:
    _, columns = header(book["云川市2016"])
    sheet = book["云川市2016"]
    for title in ("与目标相比", "完成情况"):
        assert columns[title] in hidden_columns(sheet), title
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any("未收入云川市2015年报告" in text for text in texts)
    assert "未完成" not in texts


def test_computed_cells_are_live_and_carry_their_value(path: Path, book: Any) -> None:
    found = formulas(path)
    assert len(found) > 60
    for (sheet, cell), formula in found.items():
        if sheet not in ("任务清单", "督查汇总"):  # empty until somebody fills in how far a task is
            assert book[sheet][cell].value is not None, (sheet, cell, formula)
    _, columns = header(book["目标与结果"])
    live = opened(path)["目标与结果"]
    for title in ("与目标相比", "目标较上年实绩", "测算本年绝对值"):
        cells = [live.cell(row, columns[title]) for row in range(5, live.max_row + 1)]
        texts = {cell.value for cell in cells if cell.value and cell.data_type != "f"}
        assert texts <= {"口径不一致，不判定"}, title
        assert any(cell.data_type == "f" for cell in cells), title


def test_links_lead_to_the_sentence_and_back(path: Path) -> None:
    book = opened(path, rich_text=True)
    reports = {(report.source, report.number): report for report in (*made.two_years(), made.neighbour())}
    facts = {fact.id: fact for report in reports.values() for fact in report.facts}
    evidence = book["原文依据"]
    _, columns = header(evidence)
    sheet = book["目标与结果"]
    row, titles = header(sheet)
    figures = [n for title, n in titles.items() if "/" in title]
    seen = 0
    for cells in sheet.iter_rows(min_row=row + 1, max_row=sheet.max_row):
        for n in figures:
            cell = cells[n - 1]
            if cell.value is None:
                continue
            if isinstance(cell.value, str) and len(cell.value) > 5 and cell.hyperlink is None:
                continue  # long words wrap, and some programs do not wrap links; 依据 leads to the sentence
            assert cell.hyperlink is not None, cell.coordinate
            name, _, target = cell.hyperlink.location.rpartition("!")
            assert name == "'原文依据'"
            number = evidence[target].row
            fact = facts[evidence.cell(number, columns["编号"]).value]
            back = evidence.cell(number, columns["返回"]).hyperlink.location
            # A target stands in two lines (this year's, and last year's of the next report); back leads to one.
            sheet_back, _, cell_back = back.rpartition("!")
            assert sheet_back == "'目标与结果'"
            assert sheet[cell_back].hyperlink.location == cell.hyperlink.location
            assert sheet[cell_back].value == cell.value
            report = reports[fact.source, fact.report]
            sentence = str(evidence.cell(number, columns["原文"]).value)
            assert sentence in "".join(report.text.split())
            assert "".join(report.text[fact.start : fact.end].split()) in sentence
            seen += 1
    assert seen > 50


def test_the_figure_is_bold_and_red_in_its_sentence(path: Path) -> None:
    evidence = opened(path, rich_text=True)["原文依据"]
    _, columns = header(evidence)
    facts = {fact.id: fact for report in made.two_years() for fact in report.facts}
    checked = 0
    for row in range(4, evidence.max_row + 1):
        fact = facts.get(evidence.cell(row, columns["编号"]).value)
        text = evidence.cell(row, columns["原文"]).value
        if fact is None or fact.figure_start < 0:
            continue
        assert isinstance(text, CellRichText)
        strong = [part for part in text if isinstance(part, TextBlock) and part.font.b]
        assert len(strong) == 1
        assert strong[0].font.color.rgb == "FFC00000"
        assert strong[0].text == (fact.raw or fact.quote)
        checked += 1
    assert checked > 40


def test_links_of_the_contents(book: Any) -> None:
    sheet = book["说明"]
    found = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert found == {f"{quoted_name(name)}!A1" for name in book.sheetnames if name != "说明"}
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "57/57 一致" in texts
    assert any("ab" * 32 in text for text in texts)
    for word in ("超额完成", "未完成", "文字目标待核", "口径不一致"):
        assert word in texts


def test_print_set_up(book: Any) -> None:
    for name in book.sheetnames:
        sheet = book[name]
        if name == "多地对比明细":
            continue  # for looking things up on the screen
        assert sheet.page_setup.orientation == "landscape", name
        assert int(sheet.page_setup.paperSize) in (8, 9), name
        if sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert (sheet.page_setup.fitToWidth or 1) == 1, name
            pages = sheet.page_setup.fitToHeight  # openpyxl shows one page as None, as many as it takes as 0
            assert pages is None or pages <= 6, name
        else:
            assert int(sheet.page_setup.scale or 100) >= 80, name  # a hundred is not written
        assert "&P" in sheet.oddFooter.center.text, name
        assert not sheet.HeaderFooter.scaleWithDoc, name
    # The title stands on every page.
    assert book["云川市2017"].print_title_rows == "$1:$4"
    area = book["云川市2017"].print_area
    assert ":" in str(area)
    assert book["目标与结果"].freeze_panes == "F5"
    assert book["目标与结果"].auto_filter.ref.startswith("A4:")


def test_drop_downs_and_looks(book: Any) -> None:
    tasks = book["任务清单"]
    (rule,) = tasks.data_validations.dataValidation
    assert rule.formula1 == '"未启动,推进中,已完成,滞后,不再推进"'
    words = [
        formula
        for sheet in ("目标与结果", "云川市2017", "任务清单")
        for area in book[sheet].conditional_formatting
        for rule in area.rules
        for formula in rule.formula
    ]
    assert '"未完成"' in words and '"已完成"' in words


def test_hidden_columns_hold_the_twins_and_ids(book: Any) -> None:
    sheet = book["目标与结果"]
    _, columns = header(sheet)
    for title, n in columns.items():
        empty = title == "位次与比较（原文）"
        assert (n in hidden_columns(sheet)) == (empty or "（数" in title), title
    tasks = book["任务清单"]
    _, columns = header(tasks)
    assert columns["编号"] in hidden_columns(tasks)


def test_numbers_fit_their_columns(book: Any) -> None:
    """A number that does not fit shows as ####."""
    for sheet in book.worksheets:
        hidden, widths = hidden_columns(sheet), column_widths(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, (int, float)) and cell.column not in hidden:
                    shown = f"{cell.value:,}" if "," in cell.number_format else str(cell.value)
                    assert len(shown) + 1 <= widths[cell.column], (sheet.title, cell.coordinate)


def test_charts_are_native_and_carry_their_numbers(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        assert 1 <= len(charts) <= 3
        for name in charts:
            text = archive.read(name).decode("utf-8")
            assert "numCache" in text and "strCache" in text
            assert "'多地对比'!" in text


def test_a_missing_place_is_listed_grey_and_not_ranked(tmp_path: Path) -> None:
    figure = made.F("jobs", "level", "2", "城镇新增就业2万人", "2万人")
    line = made.Line("今年城镇新增就业2万人。", Part.PLAN, (), (figure,))
    third = made.make_report("河口市", 2017, [line], source="报告/丁.txt")
    path = tmp_path / "a.xlsx"
    build(path, (made.second_year(), made.neighbour(), third))
    sheet = load_workbook(path, data_only=True)["多地对比明细"]
    table = block(sheet, "地区生产总值")
    assert table["河口市"]["完成/绝对值"] == "未取到"
    assert [table[name]["完成/增速位次"] for name in ("云川市", "临河市", "河口市")] == [1, 2, None]
    missing = next(row for row in range(1, 60) if sheet.cell(row, 1).value == "河口市")
    assert sheet.cell(missing, 1).font.color.rgb == "FF808080"


def block(sheet: Any, indicator: str) -> dict[str, dict[str, Any]]:
    """The block of an indicator in 多地对比明细: the cells of each place by their titles."""
    top = next(row for row in range(1, sheet.max_row) if str(sheet.cell(row, 1).value).startswith(indicator))
    titles = header(sheet, top + 1, top + 1)[1]
    found = {}
    for row in range(top + 3, sheet.max_row + 1):
        if not sheet.cell(row, 1).value:
            break
        found[str(sheet.cell(row, 1).value)] = {
            title[title.find("完成/") :] if "完成/" in title else title: sheet.cell(row, n).value
            for title, n in titles.items()
        }
    return found


def test_a_county_is_not_ranked_among_cities(tmp_path: Path) -> None:
    county = made.neighbour("临河市北县", source="报告/丁.txt", code="211122")
    county = replace(county, identity=replace(county.identity, place_level="县级"))
    path = tmp_path / "a.xlsx"
    build(path, (made.second_year(), made.neighbour(), county))
    table = block(load_workbook(path, data_only=True)["多地对比明细"], "地区生产总值")
    found = {name: row["完成/增速位次"] for name, row in table.items()}
    assert found == {"云川市": 1, "临河市": 2, "临河市北县": None}


def test_one_place_alone_has_nothing_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(path, made.two_years())
    texts = [cell.value for row in load_workbook(path)["多地对比"].iter_rows() for cell in row if cell.value]
    assert any("没有可比" in str(text) for text in texts)


def test_tasks_join_stretch_to_base(book: Any) -> None:
    own = [row for row in rows(book["任务清单"]) if row["地区"] == "云川市"]
    found = {row["工作任务（原文）"][:12]: row for row in own if row["依据"].startswith("2017")}
    gdp = next(row for text, row in found.items() if text.startswith("今年预期目标"))
    # Several figures of one sentence stand in one row, and no office is named that nobody named.
    assert gdp["目标值"].startswith("①增长6.5%，争取增长≥7%；②")
    assert gdp["量化指标"].startswith("①地区生产总值；②") and gdp["单位"] is None
    assert gdp["牵头单位"] is None and gdp["配合单位"] is None
    roads = found["新改建农村公路302公里"]
    assert roads["目标值"] == "①302公里；②≥3万人" and roads["比较办法"] is None


def test_checks_name_both_sides(book: Any) -> None:
    found = {row["类型"]: row for row in rows(book["待核清单"])}
    assert found["口径"]["数值A"] == "增长5%" and found["口径"]["数值B"] == "8.62亿美元"
    assert found["口径"]["依据A"] == "2016年报告第6段"
    assert found["缺值"]["指标"] == "粮食产量"


def test_detail_is_a_table_with_exact_numbers(path: Path) -> None:
    book = opened(path)
    sheet = book["明细"]
    (table,) = sheet.tables.values()
    assert table.displayName == "明细表"
    assert table.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"xl/worksheets/sheet{book.sheetnames.index('明细') + 1}.xml").decode("utf-8")
    values = set(re.findall(r"<v>([\d.]+)</v>", text))
    assert {"8.62", "3.92", "968.4", "27865"} <= values
    facts = [fact for report in (*made.two_years(), made.neighbour()) for fact in report.facts]
    assert sheet.max_row == len(facts) + 1


def test_uncovered_and_passages(book: Any) -> None:
    found = rows(book["未覆盖数字"])
    assert sorted(row["数字"] for row in found) == ["12个", "17个", "3.92%", "59.8%"]
    assert {row["疑似指标"]: row["单位"] for row in found}["口袋公园"] == "个"
    assert "61 个数字＝取作事实 57 ＋报告自述 0 ＋注码页码 0 ＋未覆盖 4" in book["未覆盖数字"]["C2"].value
    assert [row["章节"] for row in rows(book["章节摘录"])] == ["困难和问题", "民生实事"]


def test_document_properties_and_names(path: Path) -> None:
    book = opened(path)
    assert book.properties.title == "政府工作报告目标与结果"
    assert book.properties.created.isoformat() == "2026-01-20T01:30:00"
    assert {"目标与结果表", "任务清单表", "待核清单表", "原文依据表"} <= set(book.defined_names)
    area = book.defined_names["目标与结果表"].attr_text
    assert area.startswith("'目标与结果'!$A$4:")


def test_same_input_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        build(tmp_path / name / "x.xlsx", (*made.two_years(), made.neighbour()))
    assert (tmp_path / "a" / "x.xlsx").read_bytes() == (tmp_path / "b" / "x.xlsx").read_bytes()


def test_no_cell_is_an_error(book: Any) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "e", (sheet.title, cell.coordinate)


# --- text that could do harm -----------------------------------------------------------------------

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "＝1", "=cmd|' /C calc'!A0"]


def risky_report(text: str, place: str = "云川市") -> CompiledReport:
    """A report whose sentence begins with ``text``."""
    figure = made.F("gdp", "growth", "6.5", f"{text}地区生产总值增长6.5%", "6.5%")
    line = made.Line(f"{text}地区生产总值增长6.5%。", Part.PLAN, (text,), (figure,))
    problem = made.Line(f"{text}还有不少困难。", Part.REVIEW, (), (), section="problems")
    return made.make_report(place, 2017, [line, problem])


@pytest.fixture(scope="module")
def risky_cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """All cells of a workbook with a report for each of these texts."""
    path = tmp_path_factory.mktemp("risky") / "a.xlsx"
    build(path, [risky_report(text, f"示例{number}市") for number, text in enumerate(RISKY)])
    return [cell for sheet in load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("text", RISKY)
def test_text_never_becomes_a_formula(risky_cells: list[Any], text: str) -> None:
    held = 0
    for cell in risky_cells:
        if cell.data_type == "f":
            assert not str(cell.value).startswith(text.strip()) or "IF(" in cell.value, cell.coordinate
        elif isinstance(cell.value, str) and text.strip() in cell.value:
            if cell.value[:1] in "=+-@":
                assert cell.quotePrefix, (cell.parent.title, cell.coordinate)
            held += 1
    assert held > 3


def test_control_characters_are_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(path, (risky_report("a\x00b\x0bc\x1b\ufffed"),))
    text = "".join(str(cell.value) for row in load_workbook(path)["章节摘录"].iter_rows() for cell in row)
    assert "abcd" in text


def test_escapes_of_excel_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(path, (risky_report("_x0041_"),))
    text = "".join(str(cell.value) for row in load_workbook(path)["章节摘录"].iter_rows() for cell in row)
    assert "_x0041_" in text or "_x005F_x0041_" in text
    assert xml("_x0041_ <&>") == "_x005F_x0041_ &lt;&amp;&gt;"


ODD_PLACES = ["O'Brien市", "很" * 59 + "市", "[甲]:乙*丙?/丁\\市", "'引号'市", "History", "𠀀" * 40]


def test_places_that_are_no_sheet_names(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    reports = [
        made_of(place, f"报告/{number} {made_of.__name__}.txt")
        for number, place in enumerate(ODD_PLACES)
        for made_of in (made.first_year, made.second_year)
    ]
    build(path, (*reports, made.neighbour()))
    book = load_workbook(path, data_only=True)
    for name in book.sheetnames:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\") and not name.startswith("'") and not name.endswith("'")
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    own = [name for name in book.sheetnames if name.endswith(("2016", "2017"))]
    assert len(own) == len(reports) + 1
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None and cell.hyperlink.location:
                    name = cell.hyperlink.location.rpartition("!")[0]
                    assert name.startswith("'") and name.endswith("'")
                    assert name[1:-1].replace("''", "'") in book.sheetnames


def test_sheet_names_stay_apart() -> None:
    taken: set[str] = set()
    names = [sheet_name("很" * 40 + "2017", taken) for _ in range(12)]
    assert len(set(names)) == 12 and all(len(name) <= 31 for name in names)
    assert all(name.rstrip("(0123456789)").endswith(("2017", "…很很2017")) or "2017" in name for name in names)


def test_a_text_longer_than_a_cell_is_cut_aloud(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    issues = build(path, (risky_report("长" * 40_000),))
    assert "O120" in {issue.code for issue in issues}
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert len(str(cell.value or "")) <= 32_767


def test_cleaning_keeps_what_is_allowed() -> None:
    assert for_xml("甲\r\n乙\t丙\x07") == "甲\n乙\t丙"
    assert xml("\ud800甲") == "甲"


# --- many reports ------------------------------------------------------------------------------------


def test_many_reports_print_in_workbooks_apart(tmp_path: Path) -> None:
    reports = [
        made.neighbour(f"示例{n:02d}市", source=f"报告/{n}.txt", code=code)
        for n, code in enumerate(["210700"] * 20 + ["130100"] * 15)
    ]
    path = tmp_path / "目标与结果.xlsx"
    issues = build(path, reports)
    assert [issue.fields for issue in issues if issue.code == "O122"] == [
        {"count": "35", "books": "2", "folder": "目标与结果-打印表"}
    ]
    folder = tmp_path / "目标与结果-打印表"
    books = {file.stem: load_workbook(file, read_only=True) for file in folder.iterdir()}
    assert sum(len(book.sheetnames) for book in books.values()) == 35
    assert set(books) == {"辽宁省", "河北省"}
    book = load_workbook(path, read_only=True)
    cover = book["说明"]
    links = [str(cell.value) for row in cover.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert len(links) == 2 and any("目标与结果-打印表/辽宁省.xlsx" in link for link in links)
    # All sheets of the template but the print sheets, and the one for entries that found no row.
    assert len(book.sheetnames) == len(template().sheets) - 2


def test_a_province_with_too_many_reports_is_divided(tmp_path: Path) -> None:
    limits = dict(template().limits) | {"print_sheets": 4}
    reports = [made.neighbour(f"示例{n:02d}市", source=f"报告/{n}.txt", code="210700") for n in range(10)]
    path = tmp_path / "目标与结果.xlsx"
    build(path, reports, shape=replace(template(), limits=limits))
    books = [load_workbook(file, read_only=True) for file in (tmp_path / "目标与结果-打印表").iterdir()]
    assert sorted(len(book.sheetnames) for book in books) == [2, 4, 4]


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    limits = dict(template().limits) | {"rows": 20}
    path = tmp_path / "a.xlsx"
    build(path, made.two_years(), shape=replace(template(), limits=limits))
    book = load_workbook(path, data_only=True)
    assert {"明细", "明细（续2）", "明细（续3）", "原文依据（续2）", "目标与结果（续2）"} <= set(book.sheetnames)
    facts = sum(len(report.facts) for report in made.two_years())
    count = sum(sheet.max_row - 1 for sheet in book.worksheets if sheet.title.startswith("明细"))
    assert count == facts
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    name, _, target = cell.hyperlink.location.rpartition("!")
                    assert book[name.strip("'")][target].value is not None


def test_blocks_beyond_a_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    """The comparison of many places and their years are whole blocks; none is cut, and the sheets are named."""
    reports = [
        *made.two_years(),
        *(made.neighbour(f"示例{n:02d}市", source=f"报告/{n}.txt", code="210700") for n in range(12)),
    ]
    whole, parted = tmp_path / "whole.xlsx", tmp_path / "parted.xlsx"
    shape = shape_of("history", "blocks", "compare")
    build(whole, reports, shape=shape)
    issues = build(parted, reports, shape=replace(shape, limits={**shape.limits, "rows": 30}))
    told = {issue.fields["name"]: issue.fields["names"] for issue in issues if issue.code == "O136"}
    names = told["多地对比明细"].split("、")
    assert len(names) > 1
    books = [load_workbook(path, data_only=True) for path in (whole, parted)]
    assert set(names) <= set(books[1].sheetnames)

    def lines(book: Any, prefix: str) -> list[tuple[Any, ...]]:
        sheets = [sheet for sheet in book.worksheets if sheet.title.startswith(prefix)]
        rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
        return [row for row in rows if isinstance(row[1], int) or row[1] in ("绝对值", "增长")]

    for prefix in ("多地对比明细", "历年对照"):
        assert lines(books[0], prefix) == lines(books[1], prefix) != []
    for sheet in books[1].worksheets:
        if sheet.title in names:
            assert sheet.max_row <= 30 + 3


def test_years_have_their_head_on_every_page(tmp_path: Path) -> None:
    """A place of many indicators goes on over the page, under its name and the years again."""
    first, second = made.two_years()

    def told(report: CompiledReport) -> CompiledReport:
        year = report.identity.report_year
        where = {"year": year - 1, "report_year": year, "source": report.source}
        measures = ("level", "growth")
        facts = [made.make_fact(rule.id, one, "7", **where) for rule in made.RULES for one in measures]
        return replace(report, facts=tuple(facts))

    path = tmp_path / "a.xlsx"
    build(path, [told(first), told(second)])
    sheet = load_workbook(path)["历年对照"]
    names = {row[0].row: row[0].value for row in sheet.iter_rows() if row[0].value}
    ends = [one.id for one in sheet.row_breaks.brk]
    assert len(ends) >= 1
    for number, end in enumerate(ends, 1):
        assert names[end + 1] == f"云川市（续{number}）" and names[end + 2] == "指标"
    lines = [row for row in sheet.iter_rows(values_only=True) if row[1] in ("绝对值", "增长")]
    assert len(lines) == 2 * len(made.RULES)


def test_links_are_no_texts_of_their_own(tmp_path: Path) -> None:
    """What a cell links to stands in the link alone: not among the workbook's strings, once a cell, in one line."""
    path = tmp_path / "a.xlsx"
    book = Book()
    sheet, style = book.sheet("甲'乙"), book.styles.number(Style())
    for row in range(1, 4):
        sheet.row(row, [(1, f"第{row}行", style)])
    tip = "说“明”<&>" + chr(10) + "第二行"
    for _ in range(2):
        sheet.link("A1", "甲'乙", "A3", tip)
    save_book(book, path, datetime(2020, 1, 1))
    with zipfile.ZipFile(path) as archive:
        assert "!A3" not in archive.read("xl/sharedStrings.xml").decode()
        assert archive.read("xl/worksheets/sheet1.xml").decode().count("<hyperlink ") == 1
    link = load_workbook(path)["甲'乙"]["A1"].hyperlink
    assert link is not None and link.location == "'甲''乙'!A3" and link.tooltip == tip


def test_rows_made_a_few_at_once_are_the_same_rows(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the rows of a table are parted is seen nowhere: cells, heights, links and merged areas stay."""

    def cell_of(cell: Any) -> tuple[object, ...]:
        value = getattr(cell.value, "text", cell.value)  # of a formula over whole areas
        return value, cell.number_format, cell.alignment.vertical, cell.hyperlink and cell.hyperlink.location

    def told(path: Path) -> list[object]:
        sheets = load_workbook(path).worksheets
        assert any(sheet.merged_cells.ranges for sheet in sheets)
        return [
            (
                [[cell_of(cell) for cell in row] for row in sheet],
                [sheet.row_dimensions[number].height for number in range(1, sheet.max_row + 1)],
                sorted(map(str, sheet.merged_cells.ranges)),
            )
            for sheet in sheets
        ]

    monkeypatch.setattr("compiler.workbook.table_rows._AT_ONCE", 2)
    build(tmp_path / "a.xlsx", (*made.two_years(), made.neighbour()))
    assert told(tmp_path / "a.xlsx") == told(path)


def test_a_formula_that_reads_alike_in_many_rows_is_written_once(path: Path, book: Any) -> None:
    """It is told by the first of rows that follow each other, and every program gives each row its own."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read(f"xl/worksheets/sheet{book.sheetnames.index('任务清单') + 1}.xml").decode()
    told = re.findall('<f t="shared" ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)" si="([0-9]+)">', content)
    followers = re.findall('r="([A-Z]+)([0-9]+)"[^>]*><f t="shared" si="([0-9]+)"/>', content)
    assert told and len({number for *_, number in told}) == len(told)
    rows = {(column, str(row)): n for column, first, _, last, n in told for row in range(int(first) + 1, int(last) + 1)}
    assert rows == {(column, row): number for column, row, number in followers}
    live = opened(path)["任务清单"]
    _, columns = header(live)
    for row in range(7, live.max_row + 1):
        formula = live.cell(row, columns["进度判定"]).value
        assert formula.startswith("=IF(") and set(re.findall(r"\$[A-Z]+([0-9]+)", formula)) == {str(row)}


def test_a_sheet_with_more_links_than_excel_takes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("xlsx", "pieces"):
        monkeypatch.setattr(f"compiler.workbook.{module}.MAX_LINKS", 10)
    path = tmp_path / "a.xlsx"
    build(path, made.two_years())
    book = load_workbook(path)
    evidence = book["原文依据"]
    _, columns = header(evidence)
    backs = [evidence.cell(row, columns["返回"]) for row in range(4, evidence.max_row + 1)]
    assert sum(cell.hyperlink is not None for cell in backs) <= 10
    assert all(cell.hyperlink is not None or "HYPERLINK" in str(cell.value) for cell in backs)


def test_provinces_by_code() -> None:
    assert [province_name(code) for code in ("210700", "", "x", "110000")] == ["辽宁省", "", "", "北京市"]


def test_file_names_suit_windows() -> None:
    assert safe_file_name('a<b>:"c/d\\e|f?g*.xlsx') == "abcdefg.xlsx"
    assert len(safe_file_name("很" * 200 + ".xlsx").encode()) <= 200


# --- odd input -----------------------------------------------------------------------------------------


def test_empty_build(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    build(path, ())
    assert "说明" in load_workbook(path).sheetnames


def test_unknown_place_and_year(tmp_path: Path) -> None:
    one = made.second_year("")
    unknown = replace(one, identity=replace(one.identity, report_year=0))
    path = tmp_path / "a.xlsx"
    build(path, (replace(unknown, facts=tuple(replace(f, report_year=0, year=0) for f in one.facts)),))
    assert load_workbook(path).sheetnames


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    line = made.Line("地区生产总值12345678.901234亿元。", Part.REVIEW, (), (
        made.F("gdp", "level", "12345678.901234", "地区生产总值12345678.901234亿元", "12345678.901234亿元"),
    ))  # fmt: skip
    path = tmp_path / "a.xlsx"
    build(path, (made.make_report("云川市", 2017, [line]),))
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert any("<v>12345678.901234</v>" in text for text in sheets)
