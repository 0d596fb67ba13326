"""The work on a sentence grows with its length and no faster: calls are counted, so that no clock is needed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from compiler.facts.compile import facts_of_example
from compiler.model import Part, RuleBook

LONG: dict[str, Callable[[int], str]] = {
    "clauses": lambda n: "，".join(f"第{i}项地区生产总值达到{i}亿元，增长{i % 9}.5%" for i in range(n)),
    "figures told respectively": lambda n: (
        "、".join(["地区生产总值"] * n) + "分别增长" + "、".join(f"{i % 9}.5%" for i in range(n))
    ),
    "names of one figure": lambda n: "、".join(["固定资产投资"] * n) + "增长5%",
    "members that share an end": lambda n: "、".join(["工业", "服务业"] * (n // 2)) + "增加值增长5%",
    "names nobody knows": lambda n: (
        "、".join(["某项进展"] * n) + "、地区生产总值分别增长" + "、".join(f"{i % 9}.5%" for i in range(n + 1))
    ),
    "clauses behind semicolons": lambda n: "；".join(f"一般公共预算收入{i}亿元" for i in range(n)),
    "brackets": lambda n: "".join(f"固定资产投资（增长{i % 9}%）" for i in range(n)),
    "ranks": lambda n: "，".join(f"固定资产投资增长{i % 9}.5%，居全省第{i % 20 + 1}位" for i in range(n)),
}


def calls(text: str, rulebook: RuleBook) -> int:
    """Return how many functions are called to read a sentence, those of the interpreter included."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        facts_of_example(text, Part.REVIEW, rulebook)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("make", LONG.values(), ids=LONG.keys())
def test_twice_the_length_is_twice_the_work(make: Callable[[int], str], rulebook: RuleBook) -> None:
    facts_of_example(make(10), Part.REVIEW, rulebook)  # what is computed once is known by now
    short, long = (calls(make(n) + "。", rulebook) for n in (100, 200))
    assert long <= 2.2 * short


def test_a_list_of_a_thousand_members_is_dealt_out(rulebook: RuleBook) -> None:
    figures = [f"{i // 10}.{i % 10}%" for i in range(10, 1010)]
    text = "、".join(["地区生产总值"] * 1000) + "分别增长" + "、".join(figures) + "。"
    facts = facts_of_example(text, Part.REVIEW, rulebook)
    assert {fact.raw for fact in facts} <= set(figures)
    one = "、".join(["甲类总量"] * 999) + "、地区生产总值分别增长" + "、".join(figures) + "。"
    assert [fact.raw for fact in facts_of_example(one, Part.REVIEW, rulebook)] == figures[-1:]
