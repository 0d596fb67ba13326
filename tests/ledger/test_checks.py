"""Checks across figures: what they find, and what they leave alone."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from help import make_reports as made

from compiler.issues import message
from compiler.ledger import checks
from compiler.ledger.join import build_ledger
from compiler.model import CompiledReport, Fact, Identity, Issue
from compiler.rules.ledger_keys import CHECK
from compiler.rules.shapes import OneOf

Short = tuple[str, str, str]


def report(year: int, facts: Iterable[Fact], place: str = "云川市") -> CompiledReport:
    """A report that holds just these facts."""
    source = f"报告/{place}{year}.txt"
    return CompiledReport(
        source, 1, Identity(place, "210700", "地级", year), (0, 0), (), tuple(facts), (), (), (), (), 0, ""
    )  # fmt: skip


def results(year: int, *facts: Short, place: str = "云川市") -> CompiledReport:
    """The report of ``year`` with results of the year before."""
    source = f"报告/{place}{year}.txt"
    made_facts = [
        made.make_fact(*fact, year=year - 1, report_year=year, place=place, source=source, start=n, end=n + 1)
        for n, fact in enumerate(facts)
    ]
    return report(year, made_facts, place)


def found(*reports: CompiledReport) -> list[Issue]:
    """The issues of the cross-checks."""
    return [issue for issue in build_ledger(reports, made.rulebook())[1] if issue.code.startswith("L2")]


CASES: list[tuple[str, list[CompiledReport], list[str]]] = [
    (
        "sum of the three industries",
        [results(2017, ("gdp", "level", "1000"), ("primary_value_added", "level", "160"),
                 ("secondary_value_added", "level", "430"), ("tertiary_value_added", "level", "450"))],
        ["L201"],
    ),
    (
        "sum within rounding",
        [results(2017, ("gdp", "level", "1000"), ("primary_value_added", "level", "160"),
                 ("secondary_value_added", "level", "435"), ("tertiary_value_added", "level", "409"))],
        [],
    ),
    (
        "sum with a part missing",
        [results(2017, ("gdp", "level", "1000"), ("primary_value_added", "level", "160"),
                 ("secondary_value_added", "level", "430"))],
        [],
    ),
    (
        "part larger than its whole",
        [results(2017, ("fixed_asset_investment", "level", "400"), ("industrial_investment", "level", "410"))],
        ["L202"],
    ),
    (
        "part as large as its whole",
        [results(2017, ("fixed_asset_investment", "level", "400"), ("industrial_investment", "level", "400"))],
        [],
    ),
    (
        "urban below rural income",
        [results(2017, ("urban_income", "level", "13420"), ("rural_income", "level", "27865"))],
        ["L203"],
    ),
    (
        "urban above rural income",
        [results(2017, ("urban_income", "level", "27865"), ("rural_income", "level", "13420"))],
        [],
    ),
    (
        "growth far from that of the levels",
        [results(2016, ("gdp", "level", "905.2")),
         results(2017, ("gdp", "level", "1120"), ("gdp", "growth", "6.9"))],
        ["L204"],
    ),
    (
        "growth near that of the levels",
        [results(2016, ("gdp", "level", "905.2")),
         results(2017, ("gdp", "level", "968.4"), ("gdp", "growth", "6.9"))],
        [],
    ),
    (
        "unit jump",
        [results(2016, ("gdp", "level", "905.2")), results(2017, ("gdp", "level", "9684000"))],
        ["L205"],
    ),
    (
        "prices rise more slowly",
        [results(2016, ("prices", "level", "2")), results(2017, ("prices", "level", "0.2"))],
        [],
    ),
    (
        "same figure in two places",
        [results(2017, ("gdp", "level", "968.4")), results(2017, ("gdp", "level", "968.4"), place="临河市")],
        ["L207"],
    ),
    (
        "same round figure in two places",
        [results(2017, ("gdp", "level", "960")), results(2017, ("gdp", "level", "960"), place="临河市")],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("reports", "codes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_checks(reports: list[CompiledReport], codes: list[str]) -> None:
    assert [issue.code for issue in found(*reports)] == codes


@pytest.mark.parametrize(
    ("indicator", "last", "aims", "codes"),
    [
        ("roads", "311", [("level", "200")], []),  # works of a year go up and down as planned
        ("roads", "311", [("level", "302")], []),
        ("gdp", "968.4", [("level", "950"), ("growth", "6.5")], ["L206"]),
        ("gdp", "968.4", [("level", "1030"), ("growth", "6.5")], []),
        ("unemployment", "3.92", [("level", "≤4.5")], []),
        ("prices", "1.8", [("level", "~3")], []),
        ("energy", "0.4", [("level", "0.55")], ["L206"]),
    ],
)
def test_target_below_last_result(indicator: str, last: str, aims: list[tuple[str, str]], codes: list[str]) -> None:
    facts = [made.make_fact(indicator, "level", last)]
    facts += [made.make_fact(indicator, name, aim, kind="target", year=2017) for name, aim in aims]
    assert [issue.code for issue in found(report(2017, facts))] == codes


def test_checks_name_both_figures_and_change_no_fact() -> None:
    one = results(2017, ("urban_income", "level", "13420"), ("rural_income", "level", "27865"))
    (issue,) = found(one)
    assert set(issue.facts) == {fact.id for fact in one.facts}
    assert "13420元" in message(issue) and "27865元" in message(issue)
    ledger, _ = build_ledger([one], made.rulebook())
    assert {fact.id for row in ledger.rows for fact in row.facts} == {fact.id for fact in one.facts}


def test_unknown_indicator_in_a_check_is_told() -> None:
    from compiler.model import FigureCheck

    book = made.rulebook(checks=(FigureCheck("part", "gdp", ("no_such",)),))
    issues = build_ledger(made.two_years(), book)[1]
    assert [issue.fields["ids"] for issue in issues if issue.code == "L109"] == ["no_such"]


def test_messages_fill_every_field() -> None:
    for _, reports, _ in CASES:
        for issue in found(*reports):
            assert "{" not in message(issue) and "？" not in message(issue).replace("？”", "")


def test_every_relation_that_a_rule_can_name_is_checked() -> None:
    kinds = next(key.shape for key in CHECK.keys if key.name == "kind")
    assert isinstance(kinds, OneOf)
    assert set(checks._RELATIONS) == set(kinds.words())
