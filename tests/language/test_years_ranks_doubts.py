"""Facts of several years, ranks, comparisons, status notes and targets beside results, in single sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.facts.compile import facts_of_example
from compiler.model import Fact, Identity, Part, RuleBook
from compiler.numbers import decimal_text

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "years_ranks_doubts.yaml").read_text(encoding="utf-8")
)
IDENTITY = Identity("扬州市", "321000", "地级", 2021)

#: Sentences that are not read right yet, each with its reason; one that starts to pass must leave the list.
KNOWN_MISSES: dict[str, str] = {
    "固定资产投资增速（%）：9.4。": "a unit that stands in brackets behind the name is not handed to the figure",
    "啤酒节开得红火，接待游客60万人次。": "a festival as subject is not known to be a part of the year",
    "固定资产投资增长8%左右。定得稳一些，是因为去年只增长2.1%。": "no subject is carried over the full stop",
    "新增高新技术企业三四十家。": "two numerals side by side (三四十) are no range yet",
    "农产品网络零售额、出口额分别增长7%、22%。": "a word before the first member of a list does not reach the others",
}


def shown(fact: Fact, under: Part) -> str:
    """Return a fact as the table writes it."""
    ends = [decimal_text(end) for end in (fact.low, fact.high) if end is not None]
    figure = "..".join(dict.fromkeys(ends))
    parts = [fact.indicator, fact.measure.value]
    parts += ["text", fact.text] if fact.text else [fact.bound.value, figure, fact.unit]
    usual = IDENTITY.report_year - (under in (Part.REVIEW, Part.REVIEW_SPAN))
    if fact.from_year:
        parts += [f"{fact.from_year}-{fact.year}", fact.total]
    elif fact.year != usual:
        parts.append(str(fact.year))
    return " ".join(part for part in parts if part)


def read(case: dict[str, Any], rulebook: RuleBook) -> tuple[Fact, ...]:
    """Return the facts of a case; a span part has the years of a heading for the term before or to come."""
    under = Part(case["under"])
    return facts_of_example(case["text"], under, rulebook, IDENTITY)


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
    assert sorted(shown(fact, Part(case["under"])) for fact in facts) == sorted(case["expect"]), case["text"]
    for name, column in (("rank", "rank"), ("comparison", "comparison"), ("status", "status_note")):
        if name in case:
            assert case[name] in {getattr(fact, column) for fact in facts}
