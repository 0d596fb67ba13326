"""In which unit a row shows its amounts: the one that the report printed where the rule's would mislead.

The unit on a sheet is the facts', never the rule's (an amount in 亿元 under a rule in 亿美元). An amount that the
rule's unit would make small (0.01万人 for 100人), or that was counted in other measures (亿斤 against 万吨, 户 against
套), is shown as it was printed. The numbers behind the formulas stay in the fact's unit; ``factor`` joins the two.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from compiler.model import Fact, Measure
from compiler.numbers import MAGNITUDES, decimal_of, decimal_text

_SMALL: Final = 1
"""A row with an amount below one of the rule's unit is shown as printed: 9120名 says more than 0.912万人."""

_NUMBER: Final = frozenset("0123456789.,，")


class RowUnit(NamedTuple):
    """The unit that a row shows its levels in: ``factor`` of it make one of the facts' unit ``own``.

    Figures printed in one of the measure words ``others`` (户 in a row of 套) count something else.
    """

    name: str
    own: str
    factor: Fraction = Fraction(1)
    others: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Tell whether the row shows the facts' own numbers."""
        return self.factor == 1

    def holds(self, fact: Fact) -> bool:
        """Tell whether a level is of the unit of the row."""
        return fact.unit == self.own and not (self.others and fact.raw.endswith(self.others))

    def shown(self, value: Decimal) -> Decimal:
        """Return an amount in the unit shown."""
        return value if self.is_own else decimal_of(Fraction(value) * self.factor)

    def shown_fact(self, fact: Fact) -> Fact:
        """Return a level in the unit shown, for its wording; other figures as they are."""
        if self.is_own or fact.measure is not Measure.LEVEL or fact.unit != self.own:
            return fact
        low, high = (None if end is None else self.shown(end) for end in (fact.low, fact.high))
        return replace(fact, low=low, high=high, unit=self.name)


NO_UNIT: Final = RowUnit("", "")


class Printed(NamedTuple):
    """A figure as printed, taken apart: the number, the magnitude before its unit, and the bare unit."""

    number: Decimal
    magnitude: int
    base: str

    @property
    def unit(self) -> str:
        """Return the unit with its magnitude, as printed."""
        return _magnitude_word(self.magnitude) + self.base


@lru_cache(maxsize=4096)
def printed(raw: str) -> Printed | None:
    """Take a figure apart (49.9亿斤, 3840万元); None where it is no plain number with a unit.

    Of a number whose unit stands in the name behind it (1.2万贫困人口) the base is empty.
    """
    text = "".join(raw.split())
    end = 0
    while end < len(text) and text[end] in _NUMBER:
        end += 1
    digits = text[:end].replace(",", "").replace("，", "")
    rest = text[end:]
    magnitude = 1
    while rest and rest[0] in MAGNITUDES:
        magnitude *= MAGNITUDES[rest[0]]
        rest = rest[1:]
    if not digits or not (rest or magnitude > 1) or digits.count(".") > 1 or not digits.replace(".", "").isdecimal():
        return None
    if any(character.isdigit() for character in rest):
        return None  # a range, or a number within the unit
    return Printed(Decimal(digits), magnitude, rest)


def row_unit(facts: Sequence[Fact], wanted: str, known: Container[str], apart: Sequence[str] = ()) -> RowUnit:
    """Return the unit in which a row shows its levels.

    ``wanted`` is the rule's, for rows without a level; ``known`` are the bare units of the lexicon (人, 元, 斤);
    ``apart`` the measure words that count different things (户 and 套).
    """
    levels = [fact for fact in facts if fact.measure is Measure.LEVEL and not fact.text]
    if not levels:
        return RowUnit(wanted, wanted)
    own = {fact.unit for fact in levels}
    if len(own) > 1:
        return RowUnit(wanted, wanted)
    unit = own.pop()
    taken = [printed(fact.raw) for fact in levels]
    found = [one for one in taken if one is not None]
    bases = {one.base for one in found if one.base}
    if len(others := bases.intersection(apart)) > 1:
        return RowUnit(unit, unit, others=tuple(sorted(others - {_base(unit)})))
    if len(found) < len(levels) or len(bases) != 1 or not all(base in known for base in bases):
        return RowUnit(unit, unit)
    magnitude = min(one.magnitude for one in found)
    shown = Printed(Decimal(0), magnitude, bases.pop())
    if shown.unit == unit or not (_is_small(levels) or _base(unit) != shown.base):
        return RowUnit(unit, unit)
    factors = {_factor(fact, one) for fact, one in zip(levels, found, strict=True)}
    factor = factors.pop()
    if factors or factor is None:
        return RowUnit(unit, unit)
    return RowUnit(shown.unit, unit, factor / magnitude)


def in_own_unit(fact: Fact) -> str:
    """Return a level with its unit, as printed where that can be told: for a row that shows another unit."""
    one = printed(fact.raw)
    if one is not None and one.base and one.unit != fact.unit and fact.low == fact.high:
        return f"{decimal_text(one.number)}{one.unit}"
    low, high = (None if end is None else decimal_text(end) for end in (fact.low, fact.high))
    number = low if low == high else "～".join(end for end in (low, high) if end)
    return f"{number}{fact.unit}"


def _factor(fact: Fact, one: Printed) -> Fraction | None:
    """Return how many of the bare printed unit make one of the fact's unit."""
    value = fact.low if fact.low is not None else fact.high
    if not value or not one.number:
        return None
    return Fraction(one.number) * one.magnitude / Fraction(value)


def _is_small(levels: Sequence[Fact]) -> bool:
    ends = [abs(end) for fact in levels for end in (fact.low, fact.high) if end is not None]
    return bool(ends) and min(ends) < _SMALL


def _base(unit: str) -> str:
    return unit.lstrip("".join(MAGNITUDES))


@lru_cache(maxsize=64)
def _magnitude_word(magnitude: int) -> str:
    word = ""
    for name, size in sorted(MAGNITUDES.items(), key=lambda pair: -pair[1]):
        while magnitude % size == 0 and magnitude >= size:
            magnitude //= size
            word = name + word if word and size <= MAGNITUDES[word[0]] else word + name
    return word
