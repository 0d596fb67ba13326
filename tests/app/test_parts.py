"""A build in parts: the rows, doubts, issues and numbers of an ordinary build, with no report held to the end."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP, build_into

from compiler.app import data_parts
from compiler.app.cli import main
from compiler.app.data_parts import parts_of
from compiler.app.options import Output
from compiler.facts.batch import Here
from compiler.model import Identity, RuleBook
from compiler.processes import Lost

pytest.importorskip("pyarrow")

REPORT = """{place}{year}年政府工作报告
各位代表：
一、{last}年工作回顾
全年地区生产总值{gdp}亿元，增长{growth}%。一般公共预算收入{income}亿元。
二、{year}年工作安排
主要预期目标是：地区生产总值增长7%左右，一般公共预算收入增长5%。
"""

FILLING = "坚持稳中求进，扎实做好各项工作，让人民生活一年比一年好。\n" * 40


def report(place: str, year: int, gdp: int = 800, growth: float = 6.5, income: float = 60) -> str:
    return REPORT.format(place=place, year=year, last=year - 1, gdp=gdp, growth=growth, income=income)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Places over the years, and all that takes reports of several files together."""
    folder = tmp_path_factory.mktemp("reports")
    texts = {
        "a.txt": report("安吉县", 2023, 1234),
        "b.txt": report("安吉县", 2024, 812, 7.5),
        "c.txt": report("锦州市", 2023, 1234, income=900),  # more than its share of the product: in doubt
        "d.txt": report("锦州市", 2024, 90000),
        "e.txt": report("桂林市", 2024),
        "f.txt": report("桂林市", 2024, 805),  # another version
        "g.txt": report("安吉县", 2023, 1234),  # the same bytes
        "h.txt": report("宜春市", 2023) + FILLING + "\n\n" + report("南丹县", 2023, 790) + FILLING,  # two in one file
        "i.txt": report("南丹县", 2024, 795),
        "j.txt": report("", 2024, 333),  # nobody knows whose
        "k.txt": report("", 2024, 333).replace("各位", "各位人大"),
        "l.txt": "一则通知：明天上午开会，请准时参加，不要迟到。\n" * 20,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "reports.yaml").write_text("reports:\n- {file: i.txt, year: 2025}\n- {file: z.txt, year: 2025}\n")
    return folder


@pytest.fixture(scope="module")
def whole(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole")
    build_into(out, reports, only=frozenset({Output.FACTS}), parquet=True)
    return out


@pytest.fixture(scope="module")
def made(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The same in parts of three reports, read four files at a time."""
    out = tmp_path_factory.mktemp("parts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_parts, "PART_REPORTS", 3)
        patch.setattr(data_parts, "READ_AT_ONCE", 4)
        return out, build_into(out, reports, only=frozenset({Output.DATA}))


def rows(path: Path) -> list[dict[str, Any]]:
    from pyarrow import parquet

    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [row for file in files for row in parquet.read_table(file).to_pylist()]


def record_of(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "build.json").read_text(encoding="utf-8")))


def test_the_parts_hold_what_an_ordinary_build_does(whole: Path, made: tuple[Path, Any]) -> None:
    out, outcome = made
    assert len([*(out / "data" / "facts").iterdir()]) == record_of(out)["parts"] > 2
    assert rows(out / "data" / "ledger") == rows(whole / "ledger.parquet")
    facts = rows(out / "data" / "facts")
    assert sorted(facts, key=repr) == sorted(rows(whole / "facts.parquet"), key=repr)
    assert any(fact["doubt"] for fact in facts) and not all(fact["place"] for fact in facts)
    told = [json.loads(line) for line in (out / "data" / "issues.jsonl").read_text("utf-8").splitlines()]
    record, other = record_of(out), record_of(whole)
    known = [issue for issue in other["issues"] if issue["code"] != "L207"]
    assert Counter(map(repr, told)) == Counter(map(repr, known))
    assert {report["place"] for report in record["reports"] if report["source"] == "h.txt"} == {
        "宜春市",
        "河池市南丹县",
    }
    assert {"B104", "B107", "B145", "I408", "L208"} <= {issue["code"] for issue in told}
    assert {*map(repr, record["reports"])} == {*map(repr, other["reports"])}
    same = ("inputs", "dated", "rules", "templates", "folders", "contracts")
    assert [record[name] for name in same] == [other[name] for name in same]
    counted = {**other["counts"], "to_verify": record["counts"]["to_verify"], "warnings": record["counts"]["warnings"]}
    assert record["counts"] == counted
    assert [issue.code for issue in outcome.issues] == [one["code"] for one in record["issues"]]
    assert {one["severity"] for one in record["issues"]} == {"error"}


def test_what_only_all_places_show_is_found_by_the_query_of_the_manual(
    whole: Path, made: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb")
    (query,) = re.findall(r"```sql\n(.*?)```", (TOP / "docs" / "cluster.md").read_text(encoding="utf-8"), re.S)
    monkeypatch.chdir(made[0])
    found = [(row[0], str(row[1]), row[5]) for row in duckdb.sql(query).fetchall()]
    told = [issue["fields"] for issue in record_of(whole)["issues"] if issue["code"] == "L207"]
    assert found == [(one["indicator"], one["year"], sorted((one["place"], one["other_place"]))) for one in told] != []


def test_parts_of_an_earlier_build_go_and_other_outputs_stay(
    reports: Path, made: tuple[Path, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(made[0], out)
    (out / "facts.csv").write_text("of another build", encoding="utf-8")
    build_into(out, reports / "a.txt", only=frozenset({Output.DATA}))
    for name in ("facts", "ledger"):
        assert [path.name for path in (out / "data" / name).iterdir()] == ["part-00001.parquet"]
    assert (out / "facts.csv").exists() and not [*out.glob(".build-*")]
    assert "data/facts/part-00002.parquet" not in record_of(out)["written"]


def test_a_part_that_is_lost_is_told_and_the_others_stay(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Here.each

    def losing(engine: Here, function: Callable[..., Any], tasks: Iterable[Any], rulebook: RuleBook) -> Iterator[Any]:
        for number, answer in enumerate(here(engine, function, tasks, rulebook)):
            yield Lost(reason="-9") if function is data_parts.make and number == 1 else answer

    monkeypatch.setattr(Here, "each", losing)
    monkeypatch.setattr(data_parts, "PART_REPORTS", 3)
    given = [str(reports / name) for name in ("a.txt", "b.txt", "c.txt", "d.txt", "i.txt")]
    assert main(["build", *given, "--out", str(tmp_path), "--only", "data", "--no-cache"]) == 1
    shown = capsys.readouterr()
    assert "B161" in shown.err and "编译完成" in shown.out
    there = {path.name for path in (tmp_path / "data" / "facts").iterdir()}
    assert "part-00001.parquet" in there and "part-00002.parquet" not in there


def test_without_a_report_nothing_is_written(reports: Path, tmp_path: Path) -> None:
    outcome = build_into(tmp_path / "out", reports / "l.txt", only=frozenset({Output.DATA}))
    assert outcome.stopped and "B102" in {issue.code for issue in outcome.issues}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("given", [["build", "--only", "data", "--only", "facts"], ["watch", "--only", "data"]])
def test_the_parts_are_a_build_of_their_own(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--out", str(tmp_path / "out")]) == 2
    assert "--only data" in capsys.readouterr().err


# --- which reports are joined by one task ---------------------------------------------------------


def whose(place: str, year: int = 2024, code: str = "") -> Identity:
    return Identity(place, code, "", year)


def test_a_place_is_never_divided_and_places_come_by_their_codes() -> None:
    given = [
        (whose("锦州市", 2023, "210700"), 0),
        (whose("安吉县", 2023, "330523"), 1),
        (whose("锦州市", 2024, "210700"), 2),
        (whose("市中区"), 3),
    ]
    assert parts_of(given, 1) == [[0, 2], [1], [3]]
    assert parts_of(given, 3) == [[0, 1, 2], [3]]


def test_reports_that_may_be_copies_of_one_another_meet() -> None:
    without_a_place = [(whose("", 2023), 0), (whose("", 2024), 1), (whose("", 2023), 2)]
    assert parts_of(without_a_place, 1) == [[0, 2], [1]]
    one_file = [(whose("锦州市"), 0), (whose("安吉县"), 0), (whose("安吉县", 2023), 1)]
    assert sorted(parts_of(one_file, 1)) == [[0], [1, 2]]
    # One of the file nobody knows the year of: it may be a part of either.
    assert parts_of([*one_file, (whose("桂林市", 0), 0)], 1) == [[0, 1, 2, 3]]
