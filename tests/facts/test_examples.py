"""As whose report, and of which year, an example is read."""

from __future__ import annotations

import pytest

from compiler.facts.compile import facts_of_example
from compiler.facts.examples import identity_as, identity_in
from compiler.model import Part, RuleBook

REVIEW, PLAN = Part.REVIEW, Part.PLAN


@pytest.mark.parametrize(
    ("text", "part", "declared", "expected"),
    [
        ("地区生产总值达到96亿元。", REVIEW, ("", 0), ("地级", 2017)),
        ("全县地区生产总值达到96亿元。", REVIEW, ("", 0), ("县级", 2017)),
        ("2026年，全省粮食产量达到1200万吨。", PLAN, ("", 0), ("省级", 2026)),
        ("2026年，全省粮食产量达到1200万吨。", REVIEW, ("", 0), ("省级", 2027)),
        ("与全省持平，我市增长6%。", REVIEW, ("", 0), ("地级", 2017)),  # a comparison only
        ("连续三年居全省前列。", REVIEW, ("", 0), ("地级", 2017)),  # no clause opens with it
        ("2020年以来，地区生产总值增长快。", REVIEW, ("", 0), ("地级", 2017)),  # a span, no year
        ("全县地区生产总值达到96亿元。", REVIEW, ("地级", 2024), ("地级", 2024)),
        ("地区生产总值达到96亿元。", REVIEW, ("国家", 0), ("国家", 2017)),
    ],
)
def test_what_an_example_says_of_itself(
    text: str, part: Part, declared: tuple[str, int], expected: tuple[str, int], rulebook: RuleBook
) -> None:
    identity = identity_in(text, part, rulebook.lexicon, *declared)
    assert (identity.place_level, identity.report_year) == expected


@pytest.mark.parametrize(
    ("text", "level", "expected"),
    [
        ("全县地区生产总值达到96亿元。", "", [96]),
        ("全县地区生产总值达到96亿元。", "地级", []),
        ("全区地区生产总值达到96亿元。", "县级", [96]),
        ("我省地区生产总值达到96亿元。", "", [96]),
    ],
)
def test_its_own_total_counts(text: str, level: str, expected: list[int], rulebook: RuleBook) -> None:
    identity = identity_in(text, REVIEW, rulebook.lexicon, level)
    assert [fact.low for fact in facts_of_example(text, REVIEW, rulebook, identity)] == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("安吉县", ("湖州市安吉县", "县级")),
        ("锦州", ("锦州市", "地级")),
        ("没有这个县", ("没有这个县", "县级")),
        ("全国", ("示例国", "国家")),
    ],
)
def test_a_place_that_is_named(place: str, expected: tuple[str, str], rulebook: RuleBook) -> None:
    identity = identity_as(place, 2024, rulebook.lexicon)
    assert (identity.place, identity.place_level, identity.report_year) == (*expected, 2024)
