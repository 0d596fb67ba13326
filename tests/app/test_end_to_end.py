"""Builds from end to end: the outputs are opened again and held against one another and the sources."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Built

from compiler.model import Bound, Tier
from compiler.text.read import find_inputs, read
from compiler.workspace import sample_files


@pytest.fixture(params=["samples", "real"])
def built(request: pytest.FixtureRequest) -> Built:
    """The samples, and the real reports where they are at hand."""
    found = request.getfixturevalue(f"{request.param}_build")
    assert isinstance(found, Built)
    return found


def bare(text: str) -> str:
    """Drop white space."""
    return "".join(text.split())


# --- the invariants of the facts ---------------------------------------------------------------


def test_every_quote_is_the_source_at_its_offsets(built: Built, request: pytest.FixtureRequest) -> None:
    """Against the files themselves, not against what the compiler kept of them."""
    real = "real" in request.node.callspec.id
    paths = [request.getfixturevalue("shared") / "reports"] if real else list(sample_files())
    texts = {}
    for path, relative, _ in find_inputs(paths)[0]:
        (source,) = read(path, relative).sources
        texts[relative] = source.text
    assert built.outcome.facts
    for fact in built.outcome.facts:
        assert bare(texts[fact.source][fact.start : fact.end]) == bare(fact.quote), fact
        assert fact.figure_start < 0 or bare(texts[fact.source][fact.figure_start : fact.figure_end]), fact


def test_quotes_hold_their_figures(built: Built) -> None:
    for fact in built.outcome.facts:
        assert fact.text or bare(fact.raw) in bare(fact.quote) or fact.figure_start >= 0, fact


def test_no_two_rows_agree_on_cell_and_figure(built: Built) -> None:
    keys = [
        (f.place, f.year, f.kind, f.indicator, f.measure, f.tier, f.low, f.high, f.bound, f.text)
        for f in built.outcome.facts
    ]
    assert len(keys) == len(set(keys))


def test_figures_agree_with_their_bounds(built: Built) -> None:
    for fact in built.outcome.facts:
        given = (fact.low is not None, fact.high is not None)
        expected = {
            Bound.EQ: (True, True),
            Bound.APPROX: (True, True),
            Bound.RANGE: (True, True),
            Bound.GE: (True, False),
            Bound.LE: (False, True),
            Bound.NONE: (False, False),
        }[fact.bound]
        assert given == expected, fact
        assert bool(fact.text) == (fact.bound is Bound.NONE), fact
        assert all(isinstance(figure, Decimal) for figure in (fact.low, fact.high) if figure is not None)
        assert fact.tier in (Tier.BASE, Tier.STRETCH)


def test_years_follow_from_the_report(built: Built) -> None:
    for fact in built.outcome.facts:
        if fact.from_year is not None:  # about several years, as far as the text says
            assert fact.from_year <= fact.year, fact
            continue
        # 低于控制目标0.6个百分点 states last year's target, so a target may be of either year.
        years = (fact.report_year, fact.report_year - 1) if fact.kind == "target" else (fact.report_year - 1,)
        assert fact.year in years, fact


def test_values_outside_the_sane_range_are_issues(built: Built) -> None:
    rules = {rule.id: rule for rule in built.gathered.rulebook.indicators}
    named = {fact_id for issue in built.outcome.issues for fact_id in issue.facts}
    for fact in built.outcome.facts:
        limits = rules[fact.indicator_id].sane.get(fact.measure)
        if limits is None:
            continue
        for figure in (fact.low, fact.high):
            if figure is not None and not limits[0] <= figure <= limits[1]:
                assert fact.id in named, fact


# --- the outputs agree with one another --------------------------------------------------------


def test_csv_json_lines_and_record_agree(built: Built) -> None:
    rows = list(csv.DictReader(io.StringIO((built.out / "facts.csv").read_text(encoding="utf-8-sig"), newline="")))
    lines = (built.out / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    objects = [json.loads(line, parse_float=str, parse_int=str) for line in lines]
    assert rows == [{key: "" if value is None else value for key, value in row.items()} for row in objects]
    record = json.loads((built.out / "build.json").read_text(encoding="utf-8"))
    assert record["counts"]["facts"] == len(rows) == sum(report["facts"] for report in record["reports"])
    assert record["counts"]["reports"] == len(record["reports"]) == len(built.gathered.reports)
    assert all((built.out / name).is_file() for name in record["outputs"])
    assert len(record["issues"]) == len(built.outcome.issues)


def test_the_workbook_opens_and_holds_the_facts(built: Built) -> None:
    from openpyxl import load_workbook

    book = load_workbook(built.out / "目标与结果.xlsx", data_only=True, read_only=True)
    assert book.sheetnames[:2] == ["说明", "目标与结果"]
    for name in ("多地对比", "任务清单", "待核清单", "原文依据", "未覆盖数字", "章节摘录", "明细", "规则一览"):
        assert name in book.sheetnames
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    texts = [[str(cell) for cell in row if cell is not None] for row in sheets["明细"]]
    held = sum(any(fact.quote in cell for cell in row) for fact in built.outcome.facts[:25] for row in texts)
    assert held >= min(25, len(built.outcome.facts))
    assert len(texts) >= len(built.outcome.facts)
    errors = [
        (name, number, cell)
        for name, rows in sheets.items()
        for number, row in enumerate(rows, 1)
        for cell in row
        if isinstance(cell, str) and cell.startswith("#") and cell.endswith(("!", "?", "/A"))
    ]
    assert errors == []


def test_every_report_has_a_briefing_that_opens(built: Built) -> None:
    import docx

    folder = built.out / "briefings"
    for report in built.gathered.reports:
        place, year = report.identity.place, report.identity.report_year
        path = folder / f"{place}{year}年政府工作报告要情.docx"
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
        assert f"{place}{year}年政府工作报告要情" in bare(text)
        assert "一、" in text and "二、" in text  # a report that breaks off has no plan to tell of
        assert "{{" not in text and "None" not in text


def test_the_reports_are_the_six_that_are_there(real_build: Built) -> None:
    found = sorted((r.identity.place, r.identity.report_year) for r in real_build.gathered.reports)
    assert found == sorted(
        [
            ("锦州市", 2017),
            ("盘锦市", 2017),
            ("朝阳市", 2017),
            ("鞍山市", 2017),
            ("锦州市", 2012),
            ("锦州市古塔区", 2012),
        ]
    )


def test_the_gold_is_met(real_build: Built, shared: Path) -> None:
    gold = shared / "gold"
    done = subprocess.run(
        [sys.executable, gold / "score.py", gold / "gold.csv", real_build.out / "facts.csv", gold / "docs.csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    total = done.stdout.splitlines()[-1]
    assert total.startswith("total:") and float(total.split("F1 ")[1].split()[0]) >= 0.90, done.stdout
