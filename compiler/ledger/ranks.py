"""Ranks over places: by what, and of which figures.

A rank says what it goes by: growth or level, never one silently for the other. Rates and shares rank by level alone,
an indicator of which less is better ranks from below, and a figure in doubt, a bound, or one of several years has none;
nor has a figure of about so much (接近25亿公斤) that may lie on either side of another's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compiler.ledger.doubts import doubtful
from compiler.ledger.judge import Terms, clear_of_others, commonest_counted, counted_in
from compiler.model import Bound, Fact, Measure

_POINTS = frozenset({Bound.EQ, Bound.APPROX})


@dataclass(frozen=True, slots=True)
class Ranked:
    """A fact with its rank from 1; equal figures share the better rank."""

    fact: Fact
    rank: int


def may_rank(fact: Fact) -> bool:
    """Tell whether a figure may be ranked, charted, averaged or told in a headline."""
    return not doubtful(fact) and fact.from_year is None and fact.bound in _POINTS and fact.low == fact.high


def measures_ranked(facts: Iterable[Fact], terms: Terms) -> tuple[Measure, ...]:
    """Return the measures by which an indicator is ranked: a rate or share by level, an amount by level and growth."""
    own = [fact for fact in facts if may_rank(fact)]
    levels = [fact for fact in own if fact.measure is Measure.LEVEL]
    if levels and all(fact.unit in terms.rate_units for fact in levels):
        return (Measure.LEVEL,)
    return tuple(m for m in (Measure.LEVEL, Measure.GROWTH) if any(fact.measure is m for fact in own))


def ranked(facts: Sequence[Fact], measure: Measure, terms: Terms, direction: str = "up") -> tuple[Ranked, ...]:
    """Rank the facts of one indicator, year and kind, one a place, by ``measure``; best first.

    Only figures of the unit that most of them have are ranked: 亿元 and 亿美元 are not compared, nor 户 and 套.
    """
    own = [fact for fact in facts if fact.measure is measure and may_rank(fact)]
    units = [fact.unit for fact in own]
    if not own or direction == "none":
        return ()
    unit = Counter(units).most_common(1)[0][0]
    down = direction == "down"
    alike = [fact for fact in own if fact.unit == unit]
    counted = commonest_counted(alike, terms)
    alike = [fact for fact in alike if counted_in(fact, terms) in ("", counted)]
    clear = clear_of_others(alike, terms)
    pairs = [(fact.low, fact) for fact in clear if fact.low is not None]
    place: dict[Decimal, int] = {}
    for number, value in enumerate(sorted((value for value, _ in pairs), reverse=not down), 1):
        place.setdefault(value, number)
    found = [Ranked(fact, place[value]) for value, fact in pairs]
    return tuple(sorted(found, key=lambda one: (one.rank, one.fact.place_code, one.fact.place)))
