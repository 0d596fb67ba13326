"""Decisions made outside the workbook: the next one holds them like any entry, and they wait no longer."""

from __future__ import annotations

from pathlib import Path

import pytest
from help.workbook_reader import opened
from test_entries import REPORTS, build, header, row_of, rows

from compiler.workbook.pending_decisions import PENDING, drop_written, has_pending, put_pending, read_pending
from compiler.workbook.user_entries import read_entries

OUTCOME = {"entry:outcome": ("核实无误", "核实结果"), "entry:person": ("李四", "核实人")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "目标与结果.xlsx"
    build(made, REPORTS)
    return made


def id_of(path: Path, indicator: str) -> str:
    sheet = opened(path)["待核清单"]
    _, columns = header(sheet)
    return str(sheet.cell(row_of(sheet, "指标", indicator, "2016年"), columns["编号"]).value)


def found(path: Path, indicator: str) -> tuple[object, object]:
    row = next(row for row in rows(opened(path)["待核清单"]) if row["指标"] == indicator)
    return row["核实结果"], row["核实人"]


def test_a_decision_stands_in_the_next_workbook_and_waits_no_longer(path: Path) -> None:
    put_pending(path.parent, "checks", id_of(path, "粮食产量"), "粮食产量", OUTCOME)
    assert has_pending(path.parent) and found(path, "粮食产量") == (None, None)
    build(path, REPORTS)
    assert found(path, "粮食产量") == ("核实无误", "李四")
    drop_written(path)
    assert not has_pending(path.parent)
    build(path, REPORTS)  # from now on it is an entry of the workbook
    assert found(path, "粮食产量") == ("核实无误", "李四")


def test_what_waits_overrides_what_stands_and_can_clear_it(path: Path) -> None:
    row = id_of(path, "粮食产量")
    put_pending(path.parent, "checks", row, "", OUTCOME)
    build(path, REPORTS)
    drop_written(path)
    put_pending(path.parent, "checks", row, "", {"entry:outcome": ("", "核实结果")})
    build(path, REPORTS)
    assert found(path, "粮食产量") == (None, "李四")
    drop_written(path)
    assert not has_pending(path.parent)


def test_what_was_decided_meanwhile_waits_on(path: Path) -> None:
    row = id_of(path, "粮食产量")
    put_pending(path.parent, "checks", row, "", OUTCOME)
    build(path, REPORTS)
    put_pending(path.parent, "checks", row, "", {"entry:outcome": ("原文有误", "核实结果")})
    drop_written(path)
    assert {key: cell.value for key, cell in read_pending(path.parent).rows["checks"][row].items()} == {
        "entry:outcome": "原文有误"
    }


def test_a_decision_about_a_matter_that_is_gone_is_kept_on_its_sheet(path: Path) -> None:
    put_pending(path.parent, "checks", "C0000000000", "早就没有的一条", OUTCOME)
    build(path, REPORTS)
    kept = read_entries(path, {}).kept
    assert {(item.what, item.entry.value) for item in kept} == {
        ("早就没有的一条", "核实无误"),
        ("早就没有的一条", "李四"),
    }
    drop_written(path)
    assert not has_pending(path.parent)


@pytest.mark.parametrize("text", ["{", "[]", '{"checks": []}', '{"checks": {"C1": {"cells": 1}}}'])
def test_a_damaged_file_does_no_harm(path: Path, text: str) -> None:
    (path.parent / PENDING).write_text(text, encoding="utf-8")
    build(path, REPORTS)
    assert read_pending(path.parent).rows == {}
