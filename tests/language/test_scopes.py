"""Whose figures follow, by level and name of the place: its own words, and how many places stand below it."""

from __future__ import annotations

import pytest

from compiler.facts.compile import facts_of_example
from compiler.facts.examples import identity_as
from compiler.model import Part, RuleBook

CASES = [
    ("大兴安岭地区", "全区地区生产总值136亿元。", ["地区生产总值"]),
    ("阿勒泰地区", "全地区生产总值336亿元；全区生产总值增长5%。", ["地区生产总值"]),
    ("呼伦贝尔市", "全区生产总值增长5%，我市增长4%。", ["地区生产总值"]),
    ("甘肃省", "14个市州城市优良天数比例达到91.2%。", ["空气质量优良天数比例"]),
    ("甘肃省", "9个市州城市优良天数比例达到91.2%。", []),
    ("甘肃省", "14个市州财政收入均超过5亿元。", []),
    ("汉中市", "全市11个县区农村居民人均可支配收入增长9.2%。", ["农村常住居民人均可支配收入"]),
    ("汉中市", "7个县区农村居民人均可支配收入增长9.2%。", []),
    ("泉州市", "泉港石化园区投资强劲，全年完成工业投资120亿元。", []),
]


@pytest.mark.parametrize(("place", "text", "indicators"), CASES, ids=[f"{case[0]}-{case[1][:6]}" for case in CASES])
def test_whose_figures(place: str, text: str, indicators: list[str], rulebook: RuleBook) -> None:
    facts = facts_of_example(text, Part.REVIEW, rulebook, identity_as(place, 2020, rulebook.lexicon))
    assert [fact.indicator for fact in facts] == indicators
