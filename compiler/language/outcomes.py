"""What becomes of the figures of a sentence: bound to an indicator, refused, told of a target, or left unclaimed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from compiler.language.guards import Guard
from compiler.model import Bound, IndicatorRule, Measure


class How(StrEnum):
    """How a figure came to its indicator."""

    NAME_BEFORE = "name before"
    CARRIED = "subject carried over"
    NAME_AFTER = "name after"
    PHRASE = "phrase"
    WORDS = "words"


class Bounded(NamedTuple):
    """A figure in the unit of a fact."""

    measure: Measure
    low: Decimal | None
    high: Decimal | None
    bound: Bound
    unit: str

    @property
    def falls(self) -> bool:
        """Whether the figure is below zero."""
        value = self.low if self.low is not None else self.high
        return value is not None and value < 0


class Binding(NamedTuple):
    """A figure (or words, where ``figure`` is −1) bound to an indicator. Offsets count in the sentence.

    ``construction`` is the name of the row of :mod:`compiler.language.constructions` that fitted; ``origin`` is the
    token of the name (or of the first figure), where guards look from. ``rank`` and ``comparison`` are told of the
    figure in the same sentence.
    """

    rule: IndicatorRule
    value: Bounded
    figure: int
    name_start: int
    name_end: int
    quote_start: int
    quote_end: int
    how: How
    construction: str = ""
    stretch: str = ""
    words: str = ""
    status: str = ""
    held: str = ""
    phrase: str = ""
    from_level: bool = False  # the old figure of 由甲增加到乙
    to_level: bool = False  # the new one
    own_scope: bool = False  # the scope is named anew: 全省49，我市46
    yearly: bool = False  # a level told with its growth over the year before, or that growth
    of_several: bool = False  # what follows tells one year of it: 累计9470亿元，其中2007年3651亿元
    reaches: bool = False  # told with a movement that reaches a level: 提高到, 增至
    verb: str = ""  # the word that leads to the figure: 达到, 累计, 突破
    origin: int = 0
    rank: str = ""
    comparison: str = ""


class Refused(NamedTuple):
    """A figure that a guard kept from an indicator. ``figure`` is an index into the sentence's quantities."""

    rule: IndicatorRule
    guard: Guard
    word: str
    figure: int
    construction: str = ""


class SelfReport(NamedTuple):
    """What the sentence says of a target: see :class:`compiler.model.Completion`."""

    rule: IndicatorRule
    percent: Decimal | None
    difference: Decimal | None
    met: bool | None
    start: int
    end: int
    figure: int = -1
    base: Binding | None = None


class Unclaimed(NamedTuple):
    """A figure that no indicator claims though one was spoken of: by which construction it was left."""

    figure: int
    rule: IndicatorRule
    construction: str


Outcome = Binding | Refused | SelfReport | Unclaimed


class NameHit(NamedTuple):
    """A name that counts: the token, the indicators that it stands for, and how."""

    token: int
    rules: tuple[IndicatorRule, ...]
    whole: IndicatorRule | None = None
    growth: bool = False
    loose: bool = False


@dataclass(slots=True)
class Outcomes:
    """The outcomes of one sentence, by kind, in the order in which they were found."""

    bindings: list[Binding] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    self_reports: list[SelfReport] = field(default_factory=list)
    unclaimed: list[Unclaimed] = field(default_factory=list)
    comparisons: dict[int, str] = field(default_factory=dict)  # by figure, as printed
    ranks: dict[int, str] = field(default_factory=dict)
    last: tuple[Binding, ...] = ()  # the figures that the sentence ends with

    def refuse(self, rules: tuple[IndicatorRule, ...], guard: Guard, word: str, figure: int) -> None:
        """Record that a guard kept a figure from each of ``rules``."""
        self.refused.extend(Refused(rule, guard, word, figure) for rule in rules)
