"""Ranks over places: which figures are told apart from one another."""

from __future__ import annotations

from decimal import Decimal

from help import make_reports as made
from hypothesis import given
from hypothesis import strategies as st

from compiler.ledger.judge import Terms, clear_of_others, reach
from compiler.model import Bound, Fact

TERMS = Terms.of(made.rulebook().ledger)
FIGURES = st.lists(st.tuples(st.integers(90, 110), st.sampled_from((Bound.EQ, Bound.EQ, Bound.APPROX))), max_size=12)


@given(FIGURES)
def test_a_figure_of_about_so_much_is_left_out_where_another_lies_within_its_reach(
    figures: list[tuple[int, Bound]],
) -> None:
    facts = [made.make_fact("gdp", "level", str(number), bound=bound) for number, bound in figures]

    def meets(one: Fact, other: Fact) -> bool:
        (low, high), (least, most) = reach(one, TERMS), reach(other, TERMS)
        return low <= most and least <= high

    told = [
        fact
        for fact in facts
        if fact.bound is not Bound.APPROX or not any(meets(fact, other) for other in facts if other is not fact)
    ]
    assert [id(fact) for fact in clear_of_others(facts, TERMS)] == [id(fact) for fact in told]


def test_the_reach_of_an_amount_grows_with_it() -> None:
    small, large = (
        reach(made.make_fact("gdp", "level", number, bound=Bound.APPROX), TERMS) for number in ("100", "1000")
    )
    assert small == (Decimal(98), Decimal(102)) and large == (Decimal(980), Decimal(1020))
