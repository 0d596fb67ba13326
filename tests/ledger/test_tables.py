"""The ledger as CSV and JSON Lines: one row a measure and tier, with both facts, the status and its reason."""

from __future__ import annotations

import csv
import io
import json

import pytest
from help import make_reports as made

from compiler.ledger.join import build_ledger
from compiler.ledger.tables import COLUMNS, ledger_csv, ledger_jsonl

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The table of two years of a city and of its neighbour."""
    reports = (*made.two_years(), made.neighbour())
    book = made.rulebook()
    data = ledger_csv(build_ledger(reports, book)[0], reports, book.ledger)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def _row(rows: Rows, indicator: str, measure: str, tier: str = "base") -> dict[str, str]:
    found = [
        r for r in rows if (r["indicator"], r["year"], r["measure"], r["tier"]) == (indicator, "2016", measure, tier)
    ]
    found = [row for row in found if row["place"] == "云川市"]
    assert len(found) == 1
    return found[0]


def test_a_judged_row(rows: Rows) -> None:
    row = _row(rows, "一般公共预算收入", "level")
    assert (row["status"], row["status_word"], row["difference"], row["difference_unit"]) == (
        "exceeded", "超额完成", "131.4", "%",
    )  # fmt: skip
    assert row["target_fact"].startswith("F") and row["result_fact"].startswith("F")
    assert row["target_quote"] and row["result_quote"] and row["place_code"] == "210700"


def test_a_row_without_result_says_why(rows: Rows) -> None:
    row = _row(rows, "粮食产量", "level")
    assert (row["status"], row["reason"], row["result_fact"]) == ("not_found", "2017年报告中未取到该项实绩", "")


def test_statuses_are_codes_and_every_row_is_told_once(rows: Rows) -> None:
    codes = "exceeded met within about missed missed_own no_target no_result not_found words other_measure not_judged"
    assert {row["status"] for row in rows} <= set(codes.split())
    keys = [tuple(row[name] for name in ("place", "year", "indicator_id", "measure", "tier")) for row in rows]
    assert len(set(keys)) == len(keys)


def test_places_stand_in_the_order_of_their_codes(rows: Rows) -> None:
    codes = [row["place_code"] for row in rows]
    assert codes == sorted(codes) and len(set(codes)) == 2


def test_both_tables_hold_the_same_rows(rows: Rows) -> None:
    reports = (*made.two_years(), made.neighbour())
    book = made.rulebook()
    lines = ledger_jsonl(build_ledger(reports, book)[0], reports, book.ledger).decode("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert [list(one) for one in told] == [list(COLUMNS)] * len(rows)
    assert [one["status"] for one in told] == [row["status"] for row in rows]
