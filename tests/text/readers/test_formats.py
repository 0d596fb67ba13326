"""One text in every format gives the same facts, but for source, offsets, paragraph and page."""

from __future__ import annotations

import datetime
import faulthandler
import html
import io
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.styles
import pytest
import xlsxwriter
from help import odd_inputs
from help.pdf_maker import Page, pdf

from compiler.facts.batch import Silent, compile_all
from compiler.model import RuleBook
from compiler.processes import Lost, in_processes
from compiler.text.limits import DEFAULT
from compiler.text.read import read_bytes
from compiler.text.readers import Members, spreadsheet
from compiler.workspace import sample_files

SHARED = Path(__file__).resolve().parents[4] / "shared" / "reports_open"
SAMPLES = [path for path in sample_files() if path.suffix == ".txt" and "2024" in path.name]


def word(text: str) -> bytes:
    import docx

    document, stream = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


def page(text: str) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))
    menu = '<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a></div>'
    foot = '<div class="footer">版权所有</div>'
    return f'<html><head><meta charset="utf-8"></head><body>{menu}<div>{body}</div>{foot}</body></html>'.encode()


FORMATS = {
    "utf-8": (".txt", str.encode),
    "utf-16": (".txt", lambda text: text.encode("utf-16")),
    "utf-32": (".txt", lambda text: text.encode("utf-32")),
    "gb18030": (".txt", lambda text: text.encode("gb18030")),
    "docx": (".docx", word),
    "html": (".html", page),
}


def facts_of(name: str, data: bytes, rulebook: RuleBook) -> set[tuple[object, ...]]:
    """Return what a file's facts say, quotes without white space."""
    (source,) = read_bytes(data, name, DEFAULT).sources
    ((reports, _),) = compile_all([source], rulebook, 1, Silent(), None)
    return {
        (
            *(f.place, f.report_year, f.from_year, f.year, f.total, f.kind, f.indicator_id, f.measure, f.low, f.high),
            *(f.bound, f.unit, f.tier, f.text, "".join(f.raw.split()), "".join(f.quote.split()), f.heading),
        )
        for report in reports
        for f in report.facts
    }


@pytest.mark.parametrize("form", list(FORMATS)[1:])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples(path: Path, form: str, rulebook: RuleBook) -> None:
    text = path.read_text(encoding="utf-8")
    plain = facts_of(path.name, text.encode(), rulebook)
    suffix, write = FORMATS[form]
    assert plain and facts_of(path.stem + suffix, write(text), rulebook) == plain


def real() -> list[Path]:
    return sorted(SHARED.glob("county/*.txt")) + sorted(SHARED.glob("city/*.txt"))[:8]


@pytest.mark.slow
@pytest.mark.parametrize("path", real(), ids=lambda path: path.stem)
def test_real_reports(path: Path, tmp_path: Path, rulebook: RuleBook) -> None:
    text = path.read_text(encoding="utf-8-sig")
    plain = facts_of(path.name, text.encode(), rulebook)
    for suffix, write in FORMATS.values():
        assert facts_of(path.stem + suffix, write(text), rulebook) == plain, suffix
    office = shutil.which("soffice")
    if office:
        (tmp_path / "报告.docx").write_bytes(word(text))
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
        subprocess.run([*command, str(tmp_path / "报告.docx")], check=True, capture_output=True, timeout=120)
        assert facts_of(path.stem + ".pdf", (tmp_path / "报告.pdf").read_bytes(), rulebook) == plain


# --- processes that die or hang ----------------------------------------------------------------


def test_a_process_that_dies_or_hangs_costs_its_own_task_only() -> None:
    def work(number: int) -> str:
        if number == 3:
            faulthandler.disable()  # nobody asked for the stack
            os.abort()
        if number == 5:
            time.sleep(60)
        return str(number)

    def lost(number: int, loss: Lost) -> str:
        return f"{number} {loss.reason or 'slow'}"

    found = list(in_processes(work, range(8), 2, seconds=3, lost=lost))
    assert found == ["0", "1", "2", "3 SIGABRT", "4", "5 slow", "6", "7"]
    with pytest.raises(ChildProcessError):
        list(in_processes(work, [3], 1, alone=True))
    assert list(in_processes(work, [5], 1, seconds=0.2, lost=lost)) == ["5 slow"]  # in this very process


def test_hidden_rows_and_sheets_are_no_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["标题", "正文"])
    for name in ("甲市", "乙市", "丙市"):
        sheet.append([f"{name}2017年政府工作报告", f"{name}各位代表：粮食产量30万吨。" * 60])
    sheet.row_dimensions[3].hidden = True
    other = book.create_sheet("旧")
    other.append(["标题", "正文"])
    other.append(["丁市2017年政府工作报告", "丁市各位代表：粮食产量30万吨。" * 60])
    other.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    found = spreadsheet.decode(stream.getvalue(), ".xlsx", DEFAULT)
    assert isinstance(found, Members)
    assert [name.rpartition(" ")[2][:2] for name, _ in found.texts] == ["甲市", "丙市"]


TABLE = [["指标", "单位", "2016年实际", "2017年目标"], ["梨产量", "万吨", "3.5", "4"], ["桃产量", "万吨", "2.5", "3"]]


def in_word(rows: list[list[str]], inside: str = "") -> str:
    """Return a table of Word; ``inside`` is its only other cell, in which case it lies in a table of one row."""
    cells = ["".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in rows]
    table = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
    if not inside:
        return table
    return (
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{inside}</w:t></w:r></w:p></w:tc><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>"
    )


def in_page(rows: list[list[str]], inside: str = "") -> str:
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    table = f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
    return f"<table><tr><td>{inside}</td><td>{table}</td></tr></table>" if inside else table


@pytest.mark.parametrize("inside", ["", "主要指标"])
@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_a_table_within_a_table_keeps_its_rows_and_columns(suffix: str, inside: str) -> None:
    data = odd_inputs.word(in_word(TABLE, inside)) if suffix == ".docx" else in_page(TABLE, inside).encode()
    (source,) = read_bytes(data, f"表{suffix}", DEFAULT).sources
    (table,) = source.tables
    assert [[source.text[start:end] for start, end in row] for row in table.rows] == TABLE


def test_a_hidden_row_of_a_table_is_no_text() -> None:
    row = "<w:tr><w:tc><w:p><w:r><w:t>桃"
    data = odd_inputs.word(in_word(TABLE).replace(row, row.replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")))
    (source,) = read_bytes(data, "表.docx", DEFAULT).sources
    assert "梨产量" in source.text
    assert "桃产量" not in source.text


def test_lines_drawn_between_cells_part_them() -> None:
    lefts, page = (72, 132, 182, 272, 362), Page()
    for number, row in enumerate(TABLE):
        y = 700 - 20 * number
        # The cells are as wide as their texts but for a few points, so that no blank tells them apart.
        page.texts += [(right - 12 * len(cell) - 3, y, cell) for right, cell in zip(lefts[1:], row, strict=True)]
    page.lines = [(x, 640, x, 720) for x in lefts] + [(72, y, 362, y) for y in (714, 694, 674, 654)]
    (source,) = read_bytes(pdf([page]), "表.pdf", DEFAULT).sources
    (table,) = source.tables
    assert [[source.text[start:end] for start, end in row] for row in table.rows] == TABLE


LONG = "去年梨产量达到3.5万吨。" + "今年的工作要抓好发展和建设。" * 60


def in_sheet(change: Callable[[Any], None]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["年份", "正文", "旧正文"])
    book.active.append([datetime.date(2017, 1, 1), LONG, LONG])
    change(book.active)
    book.save(stream)
    return stream.getvalue()


def strike(sheet: Any) -> None:
    sheet["B2"].font = openpyxl.styles.Font(strike=True)


def fold(sheet: Any) -> None:
    sheet.column_dimensions["B"].hidden = True


def compute(sheet: Any) -> None:
    sheet["B2"] = "=A1&A2"


@pytest.mark.parametrize(("change", "codes"), [(strike, set()), (fold, set()), (compute, {"I175"})])
def test_what_a_sheet_does_not_show_is_no_text(change: Callable[[Any], None], codes: set[str]) -> None:
    found = spreadsheet.decode(in_sheet(change), ".xlsx", DEFAULT)
    assert isinstance(found, Members)
    assert {issue.code for issue in found.issues} - {"I137"} == codes
    assert ["旧正文" in issue.fields["column"] for issue in found.issues if issue.code == "I137"] == [True]


def test_a_day_in_the_column_of_years_is_its_year() -> None:
    found = spreadsheet.decode(in_sheet(lambda sheet: None), ".xlsx", DEFAULT)
    assert isinstance(found, Members) and [name for name, _ in found.texts] == ["第2行 2017年"]


def test_the_mark_of_a_note_in_a_cell_is_no_digit() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["年份", "正文"])
        before, after = LONG.split("万吨")
        mark, struck = book.add_format({"font_script": 1}), book.add_format({"font_strikeout": True})
        sheet.write_rich_string(1, 1, before, mark, "1", "万吨", struck, "9", after)
    found = spreadsheet.decode(stream.getvalue(), ".xlsx", DEFAULT)
    assert isinstance(found, Members)
    assert [text.text for _, text in found.texts] == [LONG]


@pytest.mark.parametrize(
    ("suffix", "code"), [(".xls", "I177"), (".et", "I177"), (".ods", "I177"), (".pages", "I178"), (".uot", "I103")]
)
def test_what_a_person_has_to_convert_says_how(suffix: str, code: str) -> None:
    assert [issue.code for issue in read_bytes(b"x", f"表{suffix}", DEFAULT).issues] == [code]
