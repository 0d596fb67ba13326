"""Helps tests to build a workbook and to find their way in it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from compiler.ledger.join import build_ledger
from compiler.model import CompiledReport, Issue, RuleBook
from compiler.workbook.template import WorkbookTemplate
from compiler.workbook.write import load_workbook_template, write_workbook
from help import make_reports as made

TEMPLATES = made.ROOT / "templates"


@cache
def template() -> WorkbookTemplate:
    """The template of the project."""
    found, issues = load_workbook_template(TEMPLATES)
    assert found is not None and not issues, issues
    return found


def shape_of(*kinds: str) -> WorkbookTemplate:
    """Return the template with the sheets of some kinds only: a workbook of a few sheets is read in a fraction."""
    return replace(template(), sheets=tuple(sheet for sheet in template().sheets if sheet.kind in kinds))


FILLED_IN = ("cover", "tasks", "checks", "kept")
"""The sheets that people fill in, the cover that tells of it, and the sheet for what finds no place any more."""


def opened(path: Path, **options: bool) -> Any:
    """Return the workbook at ``path`` for reading alone: the same content is loaded once."""
    return _opened(path.read_bytes(), tuple(sorted(options.items())))


@lru_cache(maxsize=4)
def _opened(data: bytes, options: tuple[tuple[str, bool], ...]) -> Any:
    return load_workbook(io.BytesIO(data), **dict(options))


def template_from(folder: Path, text: str) -> tuple[WorkbookTemplate | None, tuple[Issue, ...]]:
    """Load a template from its text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workbook.yaml").write_text(text, encoding="utf-8")
    return load_workbook_template(folder)


def build(
    path: Path,
    reports: Sequence[CompiledReport],
    book: RuleBook | None = None,
    shape: WorkbookTemplate | None = None,
    started: str = "",
) -> tuple[Issue, ...]:
    """Write a workbook of the reports; the ledger's issues go into it."""
    rules = book or made.rulebook()
    ledger, issues = build_ledger(reports, rules)
    info = replace(made.INFO, started=started) if started else made.INFO
    return write_workbook(path, reports, ledger, issues, rules, shape or template(), info)


def header(sheet: Worksheet, first: int = 1, last: int = 8) -> tuple[int, dict[str, int]]:
    """Return the row of a sheet's lowest header and its columns by title; a group's columns as 组/列."""
    for number in range(first, last + 1):
        titles = [cell.value for cell in sheet[number]]
        if sum(isinstance(title, str) for title in titles) >= 4 and not any(
            str(title).startswith("keys:") for title in titles
        ):
            below = [cell.value for cell in sheet[number + 1]]
            merged = {str(area) for area in sheet.merged_cells.ranges}
            if any(re.fullmatch(rf"[A-Z]+{number}:[A-Z]+{number + 1}", area) for area in merged):
                return number + 1, _grouped(titles, below)
            return number, {str(title): n for n, title in enumerate(titles, 1) if title}
    raise AssertionError(f"no header in {sheet.title}")


def _grouped(top: Sequence[Any], below: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    group = ""
    for n, (upper, lower) in enumerate(zip(top, below, strict=True), 1):
        if lower is None:
            group = ""
            if upper is not None:
                found[str(upper)] = n
            continue
        group = str(upper) if upper is not None else group
        found[f"{group}/{lower}"] = n
    lowers = [str(lower) for lower in below if lower is not None]
    for n, lower in enumerate(below, 1):
        if lower is not None and lowers.count(str(lower)) == 1:
            found.setdefault(str(lower), n)  # a title that stands once may go without its group
    return found


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows of a sheet's table by column title."""
    number, columns = header(sheet)
    found = []
    for row in sheet.iter_rows(min_row=number + 1):
        values = {title: row[n - 1].value for title, n in columns.items() if n <= len(row)}
        if any(value is not None for value in values.values()):
            found.append(values)
    return found


def without_values(path: Path, target: Path) -> Path:
    """Copy a workbook without the values of its formulas, so that whoever opens it must compute them."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry.filename)
            if entry.filename.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(entry, data)
    return target


def through_libreoffice(path: Path, folder: Path, suffix: str = "xlsx") -> Path:
    """Open a workbook in LibreOffice and save it again as ``suffix``."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder / "profile"
    done = subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", suffix, "--outdir",
         str(folder), str(path)],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    shutil.rmtree(profile, ignore_errors=True)
    saved = folder / f"{path.stem}.{suffix}"
    assert saved.is_file(), done.stdout + done.stderr
    return saved


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Return all formulas of a workbook."""
    book = opened(path)
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def links(path: Path, sheet: str) -> dict[str, str]:
    """Return the place that each linked cell of a sheet leads to: by a link of its own, or by a formula that is one."""
    found: dict[str, str] = {}
    for row in opened(path)[sheet].iter_rows():
        for cell in row:
            formula = re.match(r'=HYPERLINK\("#((?:[^"]|"")*)"', str(cell.value)) if cell.data_type == "f" else None
            if cell.hyperlink is not None and cell.hyperlink.location:
                found[cell.coordinate] = cell.hyperlink.location
            elif formula is not None:
                found[cell.coordinate] = formula[1].replace('""', '"')
    return found


def hidden_columns(sheet: Worksheet) -> set[int]:
    """Return the numbers of the columns that are hidden; one entry of the file may stand for several."""
    return {
        number for look in sheet.column_dimensions.values() if look.hidden for number in range(look.min, look.max + 1)
    }


def column_widths(sheet: Worksheet) -> dict[int, float]:
    """Return the widths of the columns by number."""
    return {number: look.width for look in sheet.column_dimensions.values() for number in range(look.min, look.max + 1)}
