"""Figures bound to indicators in single sentences: every pattern and guard, hit and non-hit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from help import passage_score
from help.cases import read_yaml

from compiler.facts.compile import facts_of_example
from compiler.model import Identity, Part, RuleBook

CASES: dict[str, list[dict[str, Any]]] = read_yaml(Path(__file__).resolve().parents[1] / "cases" / "binding_cases.yaml")

#: Sentences that are not read right yet, each with its reason; one that starts to pass must leave the list.
KNOWN_MISSES: dict[str, str] = {
    "在去年新增高新技术企业86家的基础上，今年再培育100家。": (
        "再培育100家 names nothing; it would take up the whole clause before"
    ),
}


#: The report that the sentences stand in, unless a case says otherwise.
IDENTITY = Identity("扬州市", "321000", "地级", 2018)


def judge(case: dict[str, Any], rulebook: RuleBook, annotated: frozenset[str]) -> tuple[list[Any], list[Any]]:
    """Return what a case misses and what it yields beyond what is expected."""
    place = {"place": case.get("place", IDENTITY.place), "place_level": case.get("level", IDENTITY.place_level)}
    identity = replace(IDENTITY, report_year=int(case.get("report_year", IDENTITY.report_year)), **place)
    under = Part(case["under"])
    found = facts_of_example(case["text"], under, rulebook, identity)
    # Facts of several years are tried in a table of their own (several_years.yaml).
    left = [f for f in found if f.indicator in annotated and f.from_year is None]
    kind = "target" if under is Part.PLAN else "result"
    year = identity.report_year - (kind == "result")
    missed = []
    for row in case["expect"] or []:
        key = (
            row["indicator"],
            row["measure"],
            row.get("tier", "base"),
            row.get("kind", kind),
            int(row.get("year", year)),
        )
        hit = next(
            (
                fact
                for fact in left
                if (fact.indicator, fact.measure.value, fact.tier.value, fact.kind.value, fact.year) == key
                and passage_score.same_figure(row, fact)
            ),
            None,
        )
        if hit is not None:
            left.remove(hit)
        elif not row.get("optional"):
            missed.append(row)
    extra = [(f.indicator, f.measure.value, str(f.low), str(f.high), f.bound.value, f.tier.value, f.text) for f in left]
    return missed, extra


def _parameters() -> list[Any]:
    found = []
    for group, cases in CASES.items():
        for number, case in enumerate(cases, 1):
            reason = KNOWN_MISSES.get(case["text"])
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(case, id=f"{group}-{number}", marks=marks))
    return found


def test_there_are_at_least_two_hundred_cases() -> None:
    assert sum(len(cases) for cases in CASES.values()) >= 200


def test_known_misses_are_cases() -> None:
    texts = {case["text"] for cases in CASES.values() for case in cases}
    assert set(KNOWN_MISSES) <= texts


@pytest.mark.parametrize("case", _parameters())
def test_binding(case: dict[str, Any], rulebook: RuleBook, annotated: frozenset[str]) -> None:
    missed, extra = judge(case, rulebook, annotated)
    assert not missed and not extra, f"{case.get('why', '')}\n{case['text']}\nmissed {missed}\nextra {extra}"


def test_the_quote_of_words_takes_in_the_mark_that_closes_them(rulebook: RuleBook) -> None:
    facts = facts_of_example("高新技术企业数量、质量实现“双提升”。", Part.PLAN, rulebook, IDENTITY)
    assert [(fact.text, fact.quote) for fact in facts] == [("双提升", "高新技术企业数量、质量实现“双提升”")]
