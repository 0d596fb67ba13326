"""What the YAML of a rule folder says, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar, cast

from compiler.model.issue import Location
from compiler.model.meanings import Bound, Measure, Part, Tier
from compiler.model.pickled import pickled_by_slots

_Made = TypeVar("_Made")


class Compiled(dict[Callable[[Any], object], object]):
    """What rules have been compiled into, by what compiled them; it is never written out with them.

    ``shelf`` has what an earlier run compiled the same rules into, and keeps what this one does.
    """

    shelf: Callable[[Callable[[Any], object], Any], object] | None = None

    def made(self, make: Callable[[Any], _Made], rules: object) -> _Made:
        """Return what ``make`` makes of the rules."""
        if make not in self:
            self[make] = make(rules) if self.shelf is None else self.shelf(make, rules)
        return cast(_Made, self[make])

    def __reduce__(self) -> tuple[type[Compiled], tuple[()]]:
        return Compiled, ()


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the lexicon: ``factor`` is its size in the base unit of ``family`` (exact)."""

    name: str
    family: str
    factor: Fraction
    words: tuple[str, ...]
    decimals: int = 2


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Hedge:
    """A word that bounds a figure. ``side`` is before or after; ``bound`` is ge, le, approx or eq."""

    word: str
    side: str
    bound: Bound


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of report language that are not indicators: units, hedges and named word lists.

    ``lists`` holds every word list under the dotted name of its place in ``lexicon.yaml``
    (``direction.up``, ``guard.period`` …), longest word first.
    """

    units: Mapping[str, Unit]
    hedges: tuple[Hedge, ...]
    lists: Mapping[str, tuple[str, ...]]
    compiled: Compiled = field(default_factory=Compiled, init=False, repr=False, compare=False)

    def words(self, name: str) -> tuple[str, ...]:
        """Return the word list called ``name``, empty where the lexicon has none."""
        return self.lists.get(name, ())

    def once(self, make: Callable[[Lexicon], _Made]) -> _Made:
        """Return what ``make`` makes of these words, made at the first call and kept with them."""
        return self.compiled.made(make, self)


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Exclusion:
    """Words that keep a name from counting, with the reason. ``where`` is touch, clause or sentence."""

    words: tuple[str, ...]
    because: str
    where: str = "touch"
    at: tuple[str, ...] = ()  # the levels of report in which it holds, all where empty


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern around a figure. ``pattern`` keeps the writer's notation; ``measure`` may be fixed by it."""

    pattern: str
    measure: Measure | None = None


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example yields: one figure in the rule's unit, or words."""

    measure: Measure
    bound: Bound
    low: Decimal | None
    high: Decimal | None
    tier: Tier = Tier.BASE
    text: str = ""


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in a rule with what the rule must yield on it; ``todo`` tells why it does not yet."""

    text: str
    under: Part
    yields: tuple[Expectation, ...]
    todo: str = ""
    where: Location | None = None
    matches: bool = False  # for sections: whether the text must be captured
    heading: str = ""  # for sections: the heading that the text stands below
    at: str = ""  # the level of the report that the text stands in; empty: what the text itself says
    year: int = 0  # the year that the report plans for; 0: what the text itself says


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Alias:
    """A name of an indicator that holds under conditions.

    ``at`` are the levels of report that it holds in, all where empty; a ``loose`` one yields where another name of the
    indicator has a figure in the sentence.
    """

    name: str
    at: tuple[str, ...] = ()
    loose: bool = False


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """What to capture for one indicator; see ``rules/README.md`` for each key."""

    id: str
    name: str
    theme: str
    unit: str
    file: str
    order: int
    aliases: tuple[str, ...] = ()  # all of them, those under conditions too
    conditional: tuple[Alias, ...] = ()
    short: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    growth_names: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    direction: str = "up"
    measures: tuple[Measure, ...] = (Measure.LEVEL, Measure.GROWTH)
    other_units: tuple[str, ...] = ()
    not_units: tuple[str, ...] = ()  # that could be converted, but count something else
    rise_is_level: bool = False
    held_is_bound: bool = True
    over_years: str = ""  # last, sum: what a level within several years means
    index_base: int = 0
    at: tuple[str, ...] = ()  # the levels of report that the rule is for, all where empty
    ratio_part: int = 0
    kind_of_target: str = ""
    headline: bool = False
    owner: str = ""
    note: str = ""
    exclude: tuple[Exclusion, ...] = ()
    sane: Mapping[Measure, tuple[Decimal, Decimal]] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    where: Location | None = None


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class CombinedRule:
    """A name that speaks of several indicators at once (城乡居民收入), with the one meant by the whole."""

    names: tuple[str, ...]
    indicators: tuple[str, ...]
    whole: str = ""
    file: str = ""
    where: Location | None = None


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class SectionRule:
    """Which passages to capture under one section name."""

    id: str
    name: str
    file: str
    order: int
    within: str = "any"
    headings: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    length: tuple[int, int] = (1, 100000)
    if_missing: str = "ignore"
    note: str = ""
    examples: tuple[Example, ...] = ()
    where: Location | None = None


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A relation that figures of one report should keep, by indicator ids.

    ``kind`` is sum (the parts add up to the whole), part (no part exceeds the whole), above (the whole exceeds each
    part) or share (no part exceeds ``tolerance`` percent of the whole). ``tolerance`` is in percent of the whole.
    """

    kind: str
    whole: str
    parts: tuple[str, ...]
    tolerance: Decimal = Decimal(0)


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class LedgerRules:
    """Tolerances, status words and wordings of ``ledger.yaml``; ``words`` maps a key to its wording.

    ``lists`` holds word lists under their names (``relative.same`` …); ``limits`` the numbers that the
    checks across figures use.
    """

    tolerance: Mapping[str, Decimal]
    words: Mapping[str, str]
    judged_prices: bool = False
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    checks: tuple[FigureCheck, ...] = ()


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class TaskExample:
    """A line of the plan part in ``tasks.yaml`` with what it must be read as.

    ``text`` may hold several sentences; ``tasks`` are the commitments it must yield, in order. ``quantified``
    and ``deadline`` hold for the first of them, where the example says anything of them.
    """

    text: str
    tasks: tuple[str, ...]
    quantified: bool | None = None
    deadline: str | None = None
    heading: str = ""
    todo: str = ""
    where: Location | None = None


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class TaskRules:
    """The words of ``tasks.yaml`` under their names, longest first, and the examples that they must satisfy."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: tuple[TaskExample, ...] = ()

    def words(self, name: str) -> tuple[str, ...]:
        """Return the word list called ``name``, empty where the file has none."""
        return self.lists.get(name, ())


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class OfficeRule:
    """A line of ``offices.yaml``: which office leads, and which support, tasks that hold one of ``keywords``.

    ``levels`` are the levels of place it holds for (all where empty); ``since`` and ``until`` the report years.
    """

    keywords: tuple[str, ...]
    lead: str
    support: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    since: int = 0
    until: int = 9999


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one folder. ``fingerprint`` is the SHA-256 of the files; ``root`` tells which folder."""

    version: str
    fingerprint: str
    root: str
    lexicon: Lexicon
    indicators: tuple[IndicatorRule, ...]
    combined: tuple[CombinedRule, ...]
    sections: tuple[SectionRule, ...]
    ledger: LedgerRules
    sources: Mapping[str, str] = field(default_factory=dict)
    tasks: TaskRules = field(default_factory=TaskRules)
    offices: tuple[OfficeRule, ...] = ()
    compiled: Compiled = field(default_factory=Compiled, init=False, repr=False, compare=False)

    def once(self, make: Callable[[RuleBook], _Made]) -> _Made:
        """Return what ``make`` makes of these rules, made at the first call and kept with them."""
        return self.compiled.made(make, self)
