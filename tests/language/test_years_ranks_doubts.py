"""Single sentences of the ways in which reports of all levels and years put things, with the facts due."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from help.cases import read_yaml

from compiler.facts.compile import compile_source, facts_of_example
from compiler.model import Fact, Identity, Part, RuleBook
from compiler.numbers import decimal_text
from compiler.text.read import read as read_file

FOLDER = Path(__file__).resolve().parents[1] / "cases"
FILES = (
    "years_ranks_doubts",
    "ways_of_putting_it",
    "turns_and_targets",
    "marks_and_bases",
    "reasons_and_places",
    "traps_of_economy",
    "traps_of_life",
    "plans_and_elsewhere",
    "sums_and_totals",
)
CASES: dict[str, list[dict[str, Any]]] = {
    f"{name}-{group}": cases for name in FILES for group, cases in read_yaml(FOLDER / f"{name}.yaml").items()
}
IDENTITY = Identity("扬州市", "321000", "地级", 2021)

#: Sentences that are not read right yet, each with its reason; one that starts to pass must leave the list.
KNOWN_MISSES: dict[str, str] = {}


PLACES = {"国家": "全国", "省级": "江苏省", "县级": "宝应县"}


def identity_of(case: dict[str, Any]) -> Identity:
    """Return whose report a sentence stands in: 扬州市's of 2021 unless it names another level or year."""
    level = case.get("level", IDENTITY.place_level)
    return replace(
        IDENTITY, place=PLACES.get(level, IDENTITY.place), place_level=level, report_year=case.get("year", 2021)
    )


def shown(fact: Fact, case: dict[str, Any]) -> str:
    """Return a fact as the table writes it."""
    under = Part(case["under"])
    ends = [decimal_text(end) for end in (fact.low, fact.high) if end is not None]
    figure = "..".join(dict.fromkeys(ends))
    parts = [fact.indicator, fact.measure.value]
    parts += ["text", fact.text] if fact.text else [fact.bound.value, figure, fact.unit]
    usual = identity_of(case).report_year - (under in (Part.REVIEW, Part.REVIEW_SPAN))
    if fact.from_year:
        parts += [f"{fact.from_year}-{fact.year}", fact.total]
    elif fact.year != usual:
        parts.append(str(fact.year))
    return " ".join(part for part in parts if part)


def read(case: dict[str, Any], rulebook: RuleBook) -> tuple[Fact, ...]:
    """Return the facts of a case; a span part has the years of a heading for the term before or to come."""
    return facts_of_example(case["text"], Part(case["under"]), rulebook, identity_of(case))


def _parameters() -> list[Any]:
    found = []
    for group, cases in CASES.items():
        for number, case in enumerate(cases, 1):
            reason = KNOWN_MISSES.get(case["text"])
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(case, id=f"{group}-{number}", marks=marks))
    return found


def test_there_are_at_least_eighty_sentences() -> None:
    assert sum(map(len, CASES.values())) >= 80


@pytest.mark.parametrize("case", _parameters())
def test_sentence(case: dict[str, Any], rulebook: RuleBook) -> None:
    facts = read(case, rulebook)
    assert sorted(shown(fact, case) for fact in facts) == sorted(case["expect"]), case["text"]
    for name, column in (("rank", "rank"), ("comparison", "comparison"), ("status", "status_note")):
        if name in case:
            assert case[name] in {getattr(fact, column) for fact in facts}


def test_what_a_report_says_of_a_target_stays_with_a_figure_told_with_its_growth(
    rulebook: RuleBook, tmp_path: Path
) -> None:
    path = tmp_path / "扬州市2021年政府工作报告.txt"
    path.write_text(
        "扬州市2021年政府工作报告\n各位代表：\n一、2020年工作回顾\n"
        "地区生产总值6048亿元，比上年增长3.5%，完成计划目标5900亿元的102.5%；进出口总额112亿美元，增长8%。\n"
        "二、2021年工作安排\n地区生产总值增长6%左右。\n",
        encoding="utf-8",
    )
    (source,) = read_file(path, path.name).sources
    reports, _ = compile_source(source, rulebook)
    assert [(one.indicator_id, str(one.percent)) for one in reports[0].completions] == [("gdp", "102.5")]
