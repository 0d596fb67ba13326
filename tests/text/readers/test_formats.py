"""One text in every format gives the same facts, but for source, offsets, paragraph and page."""

from __future__ import annotations

import html
import io
import os
import shutil
import subprocess
import time
from pathlib import Path

import openpyxl
import pytest

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
