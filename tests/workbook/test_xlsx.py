"""Cells as they stand in the file: every text comes back as it was given, and is kept once."""

from __future__ import annotations

import pickle
import re
import struct
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from compiler.workbook.package import Package, save_book, usual_styles
from compiler.workbook.xlsx import Book, Rich, RichRun, Style, UsualStyles, for_xml

NONE = UsualStyles()


def _saved(folder: Path, values: list[str | Rich]) -> Path:
    book = Book()
    data, style = book.sheet("表"), book.styles.number(Style())
    for row, value in enumerate(values, 1):
        data.row(row, [(1, value, style)])
    path = folder / "表.xlsx"
    save_book(book, path, datetime(2026, 1, 1))
    return path


def _read(path: Path) -> list[object]:
    return [row[0] for row in load_workbook(path)["表"].iter_rows(values_only=True)]


@pytest.mark.parametrize(
    "text",
    [
        "全市生产总值增长5%",
        "<r><t>不是富文本</t></r>",
        "a<b & c>d \"引号\" '单引号'",
        "=1+1",
        "-5",
        " 前后有空格 ",
        "两行\n文字",
        "_x0041_",
        "x" * 40_000,
    ],
)
def test_a_text_comes_back_as_it_was(text: str, tmp_path: Path) -> None:
    (found,) = _read(_saved(tmp_path, [text]))
    assert isinstance(found, str)
    assert found == text or found.startswith(text[:30_000])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(for_xml), min_size=1, max_size=6))
def test_any_texts_come_back_cleaned(tmp_path: Path, texts: list[str]) -> None:
    assert _read(_saved(tmp_path, list(texts))) == [for_xml(text) for text in texts]


def test_the_file_is_packed_at_the_level_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    for level in (0, 9):
        monkeypatch.setattr("compiler.workbook.package._LEVEL", level)
        sizes.append(_saved(tmp_path, [f"第{n}行" for n in range(200)]).stat().st_size)
    assert sizes[0] > 2 * sizes[1]


def test_shared_texts_are_kept_once_and_counted(tmp_path: Path) -> None:
    path = _saved(tmp_path, ["甲", "乙", "甲", "=甲", "=甲", Rich((RichRun("甲", strong=True), RichRun("_x0041_")))])
    part = zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode()
    assert 'count="6" uniqueCount="4"' in part
    assert part.count("<si>") == 4
    assert "".join(re.findall(r"<t[^>]*>([^<]*)</t>", part)) == "甲乙=甲甲_x005F_x0041_"
    assert _read(path)[:5] == ["甲", "乙", "甲", "=甲", "=甲"]


def test_much_text_waits_on_the_disk_and_comes_in_order(tmp_path: Path) -> None:
    texts = [f"{number}：" + "工" * 3000 for number in range(800)]
    assert _read(_saved(tmp_path, list(texts))) == texts


def _book_of(values: list[str], waits: Path | None, *, bold: bool, usual: UsualStyles) -> Book:
    book = Book(waits, usual)
    data, style = book.sheet("".join(values)[:9]), book.styles.number(Style(bold=bold))
    for row, value in enumerate(values, 1):
        data.row(row, [(1, value, style)])
    book.end()
    return book


def test_books_of_several_processes_become_one_file(tmp_path: Path) -> None:
    """Their styles and strings are numbered anew: each stands in the file once, at all its cells."""
    books = [
        pickle.loads(pickle.dumps(_book_of(values, tmp_path / str(number), bold=bold, usual=NONE)))
        for number, (values, bold) in enumerate(((["甲", "乙"], False), (["丙", "乙"], True), (["丁", "甲"], False)))
    ]
    package = Package(books, datetime(2026, 1, 1))
    for number, name in enumerate(package.large):
        package.pack(name, tmp_path / f"packed{number}")
    package.save(tmp_path / "a.xlsx", {name: tmp_path / f"packed{n}" for n, name in enumerate(package.large)})
    package.save(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        texts = re.findall("<t>(.)</t>", archive.read("xl/sharedStrings.xml").decode())
        assert texts == ["甲", "乙", "丙", "丁"] and archive.testzip() is None
    found = load_workbook(tmp_path / "a.xlsx")
    cells = {name: [(row[0].value, row[0].font.bold) for row in found[name].iter_rows()] for name in found.sheetnames}
    assert cells == {
        "甲乙": [("甲", False), ("乙", False)],
        "丙乙": [("丙", True), ("乙", True)],
        "丁甲": [("丁", False), ("甲", False)],
    }


def test_usual_styles_have_their_numbers_before_the_books_are_there(tmp_path: Path) -> None:
    """Cells that have one are written with its number in the file; all others look as they do without."""
    usual = usual_styles([Style(bold=True), Style(italic=True), Style(bold=True)])
    books = [_book_of([text], tmp_path / text, bold=bold, usual=usual) for text, bold in (("甲", False), ("乙", True))]
    assert [b"\1" in b"".join(book.sheets[0].cells.parts()).partition(b" t=")[0] for book in books] == [True, False]
    Package(books, datetime(2026, 1, 1)).save(tmp_path / "a.xlsx")
    found = load_workbook(tmp_path / "a.xlsx")
    assert [(sheet["A1"].value, sheet["A1"].font.bold) for sheet in found] == [("甲", False), ("乙", True)]


def test_much_is_packed_at_a_level_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compiler.workbook.package._MUCH", 10_000)
    monkeypatch.setattr("compiler.workbook.package._LEVEL_OF_MUCH", 0)
    with zipfile.ZipFile(_saved(tmp_path, [f"第{n}行" for n in range(2000)])) as archive:
        stored = {entry.filename for entry in archive.infolist() if entry.compress_size >= entry.file_size}
    assert stored == {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}


def test_what_waits_on_the_disk_is_found_by_another_process(tmp_path: Path) -> None:
    texts = [f"{number}：" + "工" * 3000 for number in range(800)]
    book = pickle.loads(pickle.dumps(_book_of(texts, tmp_path / "waits", bold=False, usual=NONE)))
    Package([book], datetime(2026, 1, 1)).save(tmp_path / "a.xlsx")
    assert [row[0] for row in load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)] == texts


@pytest.mark.parametrize("most", [50, 400, 4000])
def test_an_archive_of_more_than_four_gigabytes(most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sizes or places have no room in its fields, they stand in the ones that were added for them."""
    plain = zipfile.ZipFile(_saved(tmp_path, ["甲", "乙"]))
    held = {name: plain.read(name) for name in plain.namelist()}
    monkeypatch.setattr("compiler.workbook.package._MOST", most)
    # What reads it takes only the largest number of a field for a sign; so that one is written.
    real = struct.pack

    def pack(form: str, *values: int) -> bytes:
        return real(form, *(0xFFFFFFFF if value == most and "L" in form else value for value in values))

    monkeypatch.setattr("compiler.workbook.package.struct.pack", pack)
    with zipfile.ZipFile(_saved(tmp_path, ["甲", "乙"])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == held
