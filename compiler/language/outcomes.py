"""What reading a sentence finds: figures bound to indicators, refusals, what is said of targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from compiler.model import (
    Bound,
    IndicatorRule,
    Measure,
)


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure in the unit of a fact."""

    measure: Measure
    low: Decimal | None
    high: Decimal | None
    bound: Bound
    unit: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A figure (or words, where ``figure`` is −1) bound to an indicator. Offsets count in the sentence."""

    rule: IndicatorRule
    value: Bounded
    figure: int
    name_start: int
    name_end: int
    quote_start: int
    quote_end: int
    stretch: str = ""
    words: str = ""
    status: str = ""
    held: str = ""
    how: str = ""
    phrase: str = ""
    from_level: bool = False  # the old figure of 由甲增加到乙
    to_level: bool = False  # the new one
    own_scope: bool = False  # the scope is named anew: 全省49，我市46
    origin: int = 0  # the token of the name (or first figure): where guards look from


@dataclass(frozen=True, slots=True)
class Refused:
    """A figure that a guard kept from an indicator. ``figure`` is an index into the sentence's quantities."""

    rule: IndicatorRule
    guard: str
    word: str
    figure: int


@dataclass(frozen=True, slots=True)
class SelfReport:
    """What the sentence says of a target: see :class:`compiler.model.Completion`."""

    rule: IndicatorRule
    percent: Decimal | None
    difference: Decimal | None
    met: bool | None
    start: int
    end: int
    figure: int = -1
    base: Binding | None = None


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name that counts: the token, the indicators that it stands for, and how."""

    token: int
    rules: tuple[IndicatorRule, ...]
    whole: IndicatorRule | None = None
    growth: bool = False


@dataclass(slots=True)
class SentenceBindings:
    """What :func:`bind` finds in a sentence."""

    bindings: list[Binding] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    self_reports: list[SelfReport] = field(default_factory=list)


GUARDS = {
    "scope": "G101",
    "year": "G102",
    "period_short": "G103",
    "period_long": "G104",
    "average": "G105",
    "base_year": "G106",
    "from": "G125",
    "capacity": "G128",
    "second_growth": "G127",
    "new_subject": "G121",
    "role": "G107",
    "old_target": "G108",
    "comparison": "G109",
    "exclude": "G110",
    "part": "G111",
    "unit": "G112",
    "measure": "G126",
    "suffix": "G113",
    "far": "G114",
    "count": "G115",
    "share": "G116",
    "added": "G117",
    "no_direction": "G118",
    "change": "G119",
    "no_part": "G120",
    "other_name": "G121",
    "join": "G122",
    "comma": "G122",
    "semicolon": "G122",
    "words_result": "G123",
    "share_of_plan": "G124",
}
"""The message that explains each guard."""
