"""Nothing from a file becomes code, and nothing is trusted that somebody else may have laid there."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import zipfile
from pathlib import Path

import platformdirs
import pytest
from conftest import Built, build_into

from compiler.app import swap as switching
from compiler.app.options import WORKBOOK
from compiler.files import private_folder
from compiler.issues import render

REPORT = """云川市{year}年政府工作报告
各位代表：
一、{last}年工作回顾
=全年地区生产总值{gdp}亿元，增长6.5%。
二、{year}年工作安排
（一）=cmd|' /C calc'!A0
+新改建农村公路302公里；@SUM(A1)项目投资增长9%。
主要预期目标是：地区生产总值增长7%左右。
"""
NAMES = ("=cmd|' C calc'!A0.txt", "@SUM(1+1).txt", "+1+1.txt", "-2+3.txt")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Reports of two years under names that a spreadsheet would compute."""
    folder = tmp_path_factory.mktemp("safety")
    (folder / "reports").mkdir()
    for name, year in zip(NAMES, (2016, 2017, 2018, 2019), strict=True):
        text = REPORT.format(year=year, last=year - 1, gdp=year - 1200)
        (folder / "reports" / name).write_text(text, encoding="utf-8")
    return Built(build_into(folder / "out", folder / "reports"), folder / "out")


@pytest.mark.parametrize("name", ["facts.csv", "ledger.csv", "tasks.csv", "passages.csv"])
def test_no_cell_of_a_table_is_a_formula(built: Built, name: str) -> None:
    rows = list(csv.reader(io.StringIO((built.out / name).read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) > 1 or name == "passages.csv"
    cells = [cell for row in rows for cell in row]
    dangerous = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "＝", "\t", "\r")]
    assert all(re.fullmatch(r"[-+][\d.]+%?", cell) for cell in dangerous)
    if name in ("facts.csv", "tasks.csv"):
        assert any(cell.startswith("'=") for cell in cells)  # the names did reach the table


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [
            formula
            for name in sheets
            for formula in re.findall(r"<f[^>]*>([^<]*)</f>", archive.read(name).decode("utf-8"))
        ]


def test_formulas_of_the_workbook_are_its_own_and_follow_from_its_cells_alone(built: Built) -> None:
    """No text of a report is computed, and no cell changes with the day it is opened."""
    found = formulas(built.out / WORKBOOK)
    assert found
    for formula in found:
        assert "cmd" not in formula and "SUM(1+1)" not in formula
        assert not re.search(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|WEBSERVICE|DDE)\(", formula), formula


def test_a_switch_that_stops_half_way_is_not_said_to_have_changed_nothing(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    path = reports / "云川.txt"
    path.write_text(REPORT.format(year=2017, last=2016, gdp=800), encoding="utf-8")
    build_into(tmp_path / "out", reports)
    path.write_text(REPORT.format(year=2017, last=2016, gdp=900), encoding="utf-8")
    whole = switching.put

    def put(new: Path, out: Path, relative: Path, *rest: object, **options: object) -> object:
        if relative.name == "tasks.csv":
            raise OSError(errno.ENOSPC, "No space left on device", str(relative))
        return whole(new, out, relative, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(switching, "put", put)
    outcome = build_into(tmp_path / "out", reports)
    (issue,) = [issue for issue in outcome.issues if issue.code in ("B109", "B136")]
    assert issue.code == "B136" and "没有改动" not in render(issue)
    monkeypatch.setattr(switching, "put", whole)
    outcome = build_into(tmp_path / "out", reports)  # which goes on first
    assert "B135" in [issue.code for issue in outcome.issues]
    assert "900亿元" in (tmp_path / "out" / "facts.csv").read_text(encoding="utf-8-sig")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="the system knows no owners")
def test_a_cache_that_others_can_write_to_is_closed_or_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache"
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_args, **_options: folder)
    assert private_folder() == folder and folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert private_folder() == folder and not folder.stat().st_mode & 0o022
    monkeypatch.setattr(os, "getuid", lambda: 12345)  # as if somebody else had laid it there
    assert private_folder() is None
