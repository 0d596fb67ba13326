"""Checks across figures: sums, parts, growth against levels, unit jumps, sameness in two places.

Each check is a remark for a person to look into; none changes or adds a fact. Which indicators hang together, and how
far a difference may go, stands in ``rules/ledger.yaml`` (``checks``, ``limits``). A new kind of relation is its word in
``CHECK`` of :mod:`compiler.rules.ledger_keys`, a function in :data:`_RELATIONS`, and its wording in
``compiler/messages/ledger.yaml``; then ``python -m compiler.app.generated_pages``. A check that is no relation of a
whole and its parts (a leap, a far target) is a step of :meth:`CrossChecks.of_report` or :meth:`CrossChecks.of_rows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

from compiler.issues import about
from compiler.ledger.judge import Terms, fits, point_of, told, unlike
from compiler.model import Bound, CompiledReport, Fact, FigureCheck, Issue, Kind, Lexicon, Measure, RuleBook, Tier
from compiler.numbers import MAGNITUDES, decimal_text

if TYPE_CHECKING:
    from compiler.ledger.rows import LedgerRow

_EXACT = frozenset({Bound.EQ, Bound.APPROX})


class Twin(NamedTuple):
    """A figure with many digits: another place that has the same (``figure``) is worth a look."""

    figure: str
    value: str
    place: str
    indicator: str
    year: int
    source: str
    report: int
    start: int
    end: int
    id: str


class CrossChecks:
    """All checks by one rule book; each looks at a report or at the rows of a place."""

    def __init__(self, rulebook: RuleBook) -> None:
        rules = rulebook.ledger
        self.terms, self.limits = Terms.of(rules), rules.limits
        self._names = {rule.id: rule.name for rule in rulebook.indicators}
        self._prices = {rule.id for rule in rulebook.indicators if rule.rise_is_level}
        self._counts = _Counts(rulebook.lexicon, rules.lists.get("count_families", ()))
        unknown = [[name for name in (check.whole, *check.parts) if name not in self._names] for check in rules.checks]
        self.relations = tuple(check for check, names in zip(rules.checks, unknown, strict=True) if not names)
        self.unknown = tuple(Issue("L109", {"ids": "、".join(names)}) if names else None for names in unknown)
        """For each check of the rules the issue that it names indicators that there are not."""

    def of_relations(self, report: CompiledReport) -> tuple[tuple[Issue, ...], ...]:
        """Return what each of ``relations`` finds in a report."""
        limit = self.limits.get("sum_percent", Decimal(1))
        return tuple(tuple(_relation(check, report, self._names, self.terms, limit)) for check in self.relations)

    def of_report(self, report: CompiledReport) -> tuple[Issue, ...]:
        """Return where a report contradicts itself."""
        return tuple(_contradictions(report, self.terms))

    def of_rows(self, rows: Iterable[LedgerRow]) -> tuple[Issue, ...]:
        """Return what the rows of a place show, one by one and against the year before."""
        issues: list[Issue] = []
        limits, counts, terms = self.limits, self._counts, self.terms
        known = {(row.year, row.indicator_id): row for row in rows}
        for row in known.values():
            issues.extend(_far(row, limits, counts, terms))
            issues.extend(_leap(row, limits.get("growth_leap", Decimal(100)), terms))
            before = known.get((row.year - 1, row.indicator_id))
            if before is None:
                continue
            if row.indicator_id not in self._prices:  # prices that rose by 2 % and then by 0.2 % are no slip
                issues.extend(_jump(row, before, limits, counts, terms))
            if counts.holds(row):
                continue  # what is done in a year (造林, 改厕, 棚改) goes up and down as it is planned
            issues.extend(_growth(row, before, limits.get("growth_points", Decimal(8)), terms))
            if row.indicator_id not in self._prices:
                issues.extend(_lower_target(row, before, limits.get("lower_target_percent", Decimal(20)), terms))
        return tuple(issues)

    def twins_of(self, report: CompiledReport) -> tuple[Twin, ...]:
        """Return the figures of a report that no other place should have by chance."""
        digits = int(self.limits.get("same_digits", Decimal(4)))
        return tuple(
            Twin(
                f"{fact.indicator_id} {fact.year} {fact.measure} {fact.low.normalize()} {fact.unit}",
                told(fact, self.terms),
                *(fact.place, fact.indicator, fact.year, fact.source, fact.report, fact.start, fact.end, fact.id),
            )
            for fact in report.facts
            if fact.kind is Kind.RESULT and fact.low is not None and fact.bound is Bound.EQ and fact.place
            if len(fact.low.normalize().as_tuple().digits) >= digits
        )


class _Counts:
    """Tells counts and lengths of works from amounts, by the families of their units."""

    def __init__(self, lexicon: Lexicon, families: Sequence[str]) -> None:
        self._families = {name: unit.family for name, unit in lexicon.units.items()}
        self._counting = frozenset(families)

    def is_count(self, fact: Fact) -> bool:
        """Tell whether a fact counts things or people."""
        return self._families.get(fact.unit.lstrip("".join(MAGNITUDES)), "") in self._counting

    def holds(self, row: LedgerRow) -> bool:
        """Tell whether the levels of a row are counts."""
        entry = row.entry(Measure.LEVEL)
        return entry is not None and any(self.is_count(fact) for fact in entry.facts)


# --- within one report ------------------------------------------------------------------------


class _Level(NamedTuple):
    """A fact that tells how much something is, with its figure."""

    fact: Fact
    value: Decimal


class _Related(NamedTuple):
    """What a report tells of the figures of one relation in one year; ``parts`` are those in the unit of the whole."""

    check: FigureCheck
    year: int
    whole: _Level
    parts: tuple[_Level, ...]
    names: Mapping[str, str]
    terms: Terms
    limit: Decimal

    def against(self, code: str, part: _Level, **more: str) -> Issue:
        """Return the issue that a part and the whole do not agree."""
        fields = {
            "part": self.names[part.fact.indicator_id],
            "value": told(part.fact, self.terms),
            "whole_name": self.names[self.whole.fact.indicator_id],
            "whole": told(self.whole.fact, self.terms),
            **more,
        }
        return _issue(code, part.fact, (part.fact, self.whole.fact), self.year, fields)


def _relation(
    check: FigureCheck, report: CompiledReport, names: Mapping[str, str], terms: Terms, limit: Decimal
) -> Iterator[Issue]:
    """Check one relation on each year and kind that the report states levels for."""
    levels: dict[tuple[int, Kind], dict[str, _Level]] = defaultdict(dict)
    wanted = {check.whole, *check.parts}
    for fact in report.facts:
        if fact.indicator_id not in wanted or fact.measure is not Measure.LEVEL or fact.tier is not Tier.BASE:
            continue
        if fact.bound in _EXACT and fact.low is not None:
            levels[fact.year, fact.kind].setdefault(fact.indicator_id, _Level(fact, fact.low))
    for (year, _), found in sorted(levels.items()):
        whole = found.get(check.whole)
        if whole is not None:
            known = (found[name] for name in check.parts if name in found)
            parts = tuple(part for part in known if part.fact.unit == whole.fact.unit)
            yield from _RELATIONS[check.kind](_Related(check, year, whole, parts, names, terms, limit))


def _sum(found: _Related) -> Iterator[Issue]:
    """All parts add up to the whole."""
    if len(found.parts) < len(found.check.parts):
        return
    total, (whole, value) = sum((part.value for part in found.parts), Decimal(0)), found.whole
    if abs(total - value) * 100 > value * (found.check.tolerance or found.limit):
        fields = {
            "parts": "、".join(found.names[part] for part in found.check.parts),
            "sum": f"{decimal_text(total)}{whole.unit}",
            "whole": f"{decimal_text(value)}{whole.unit}",
            "difference": decimal_text(total - value),
        }
        yield _issue("L201", whole, (whole, *(part.fact for part in found.parts)), found.year, fields)


def _part(found: _Related) -> Iterator[Issue]:
    """No part is larger than the whole."""
    for part in found.parts:
        if part.value > found.whole.value:
            yield found.against("L202", part, difference=decimal_text(part.value - found.whole.value))


def _above(found: _Related) -> Iterator[Issue]:
    """The whole is larger than each part."""
    for part in found.parts:
        if part.value >= found.whole.value:
            yield found.against("L203", part, difference=decimal_text(part.value - found.whole.value))


def _share(found: _Related) -> Iterator[Issue]:
    """A part that takes more of its whole than it ever does (revenue above a third of GDP) is a slip."""
    for part in found.parts:
        if part.value * 100 > found.whole.value * found.check.tolerance:
            yield found.against("L208", part, limit=decimal_text(found.check.tolerance))


_RELATIONS: Mapping[str, Callable[[_Related], Iterator[Issue]]] = {
    "sum": _sum,
    "part": _part,
    "above": _above,
    "share": _share,
}
"""What each kind of relation means, by its word in ``ledger.yaml`` (:data:`compiler.rules.ledger_keys.CHECK`)."""


def _contradictions(report: CompiledReport, terms: Terms) -> Iterator[Issue]:
    """Two values of one report for one thing that cannot both be true.

    Under another name (保障性安居工程 beside 廉租房) or scope (国家级 beside 省级) they are two things, and a bound or
    an about-figure allows what lies within it. A target that is told twice is no misreading: it is told, without doubt.
    """
    told_of: dict[tuple[object, ...], Fact] = {}
    for fact in report.facts:
        if fact.text:
            continue
        key = (
            *(fact.from_year, fact.year, fact.total, fact.kind, fact.indicator_id, fact.measure, fact.tier),
            fact.printed_name,
        )
        first = told_of.setdefault(key, fact)
        if first is fact or unlike(first, fact, terms) or fits(first, fact, terms):
            continue
        code = "F202" if fact.kind is Kind.RESULT else "F207"
        fields = {"first": first.quote, "other": fact.quote, "raw": fact.raw}
        yield _issue(code, fact, (first, fact), fact.year, fields)


def _far(row: LedgerRow, limits: Mapping[str, Decimal], counts: _Counts, terms: Terms) -> Iterator[Issue]:
    """A result out of all proportion to its target: one of the two was misread, or they are of different scope."""
    for entry in row.measures:
        target, result = entry.target, entry.result
        if target is None or result is None or unlike(target, result, terms) or entry.measure is Measure.CHANGE:
            continue
        aim, value = point_of(target), point_of(result)
        if aim is None or value is None:
            continue
        if _apart(aim, value, target, limits, counts, terms):
            fields = {"target": told(target, terms), "result": told(result, terms)}
            # Where the report aims at another figure as well, and that one is near, the result is not in doubt.
            others = [point for other in entry.other_targets if (point := point_of(other)) is not None]
            near = any(not _apart(other, value, target, limits, counts, terms) for other in others)
            yield _issue("L209", result, (target,) if near else (target, result), row.year, fields)


def _apart(
    aim: Decimal, value: Decimal, target: Fact, limits: Mapping[str, Decimal], counts: _Counts, terms: Terms
) -> bool:
    """Tell whether a result is out of all proportion to a target."""
    if terms.is_rate(target):
        return abs(value - aim) > limits.get("target_points", Decimal(30))
    times = limits.get("target_times_counts" if counts.is_count(target) else "target_times", Decimal(3))
    return min(aim, value) > 0 and max(aim, value) >= min(aim, value) * times


def _leap(row: LedgerRow, limit: Decimal, terms: Terms) -> Iterator[Issue]:
    """A growth that no year brings: most often that of several years, or of a part."""
    entry = row.entry(Measure.GROWTH)
    for fact in entry.facts if entry is not None else ():
        value = point_of(fact)
        if value is not None and value >= limit:
            fields = {"quote": fact.quote, "limit": decimal_text(limit)}
            yield _issue("L210", fact, (fact,), row.year, fields)


# --- over the years -----------------------------------------------------------------------------


def _level(row: LedgerRow, kind: Kind) -> Fact | None:
    entry = row.entry(Measure.LEVEL)
    if entry is None:
        return None
    fact = entry.result if kind is Kind.RESULT else entry.target
    return fact if fact is not None and fact.bound in _EXACT else None


def _jump(
    row: LedgerRow, before: LedgerRow, limits: Mapping[str, Decimal], counts: _Counts, terms: Terms
) -> Iterator[Issue]:
    """A level many times that of the year before is most often a slip between 万 and 亿, or another thing."""
    old = _level(before, Kind.RESULT)
    if old is None:
        return
    limit = limits.get("jump_counts" if counts.is_count(old) else "jump_low", Decimal(1000))
    for kind in (Kind.RESULT, Kind.TARGET):
        new = _level(row, kind)
        if new is None or old is None or not new.low or not old.low or new.low < 0 or old.low < 0:
            continue
        if new.unit == old.unit and (new.low >= old.low * limit or old.low >= new.low * limit):
            fields = {"value": told(new, terms), "before": told(old, terms), "times": decimal_text(limit)}
            yield _issue("L205", new, (new, old), row.year, fields)


def _growth(row: LedgerRow, before: LedgerRow, limit: Decimal, terms: Terms) -> Iterator[Issue]:
    """Compare the stated growth with that of two stated levels; current against constant prices may differ."""
    new, old, entry = _level(row, Kind.RESULT), _level(before, Kind.RESULT), row.entry(Measure.GROWTH)
    stated = entry.result if entry is not None else None
    if new is None or old is None or stated is None or stated.low is None or stated.low != stated.high:
        return
    if new.low is None or not old.low or old.low < 0 or terms.is_rate(new) or new.unit != old.unit:
        return
    with localcontext(Context(prec=50)):
        implied = ((new.low / old.low - 1) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if abs(implied - stated.low) > limit:
        fields = {
            "value": told(new, terms),
            "before": told(old, terms),
            "implied": f"{decimal_text(implied)}%",
            "stated": f"{decimal_text(stated.low)}%",
            "difference": decimal_text(implied - stated.low),
        }
        yield _issue("L204", new, (stated, old), row.year, fields)


def _lower_target(row: LedgerRow, before: LedgerRow, limit: Decimal, terms: Terms) -> Iterator[Issue]:
    """A level planned well below what the year before reached (above it, where less is better).

    Yearly tasks are often planned with some room, so a small step back is no news, unless growth is
    planned beside it. A limit ("within 4.5 %") leaves room by its nature and is not looked at.
    """
    entry, old = row.entry(Measure.LEVEL), _level(before, Kind.RESULT)
    target = entry.target if entry is not None else None
    if target is None or old is None or target.bound in (Bound.RANGE, Bound.LE) or row.direction == "none":
        return
    aim, value = point_of(target), old.low
    if aim is None or value is None or target.unit != old.unit:
        return
    loss = value - aim if row.direction == "up" else aim - value
    growth = row.entry(Measure.GROWTH)
    rise = growth.target.low if growth is not None and growth.target is not None else None
    contrary = rise is not None and (rise > 0) == (row.direction == "up") and rise != 0
    if loss > 0 and (contrary or loss * 100 > abs(value) * limit):
        fields = {
            "target": told(target, terms),
            "result": told(old, terms),
            "last": str(row.year - 1),
            "difference": decimal_text(aim - value),
        }
        yield _issue("L206", target, (target, old), row.year, fields)


# --- over places --------------------------------------------------------------------------------


def same_elsewhere(reports: Iterable[Iterable[Twin]]) -> Iterator[Issue]:
    """The same many-digit figure for one indicator and year in two places is worth a look."""
    found: dict[str, dict[str, Twin]] = defaultdict(dict)
    for twins in reports:
        for twin in twins:
            found[twin.figure].setdefault(twin.place, twin)
    for places in found.values():
        first, *others = places.values()
        for other in others:
            place = {"place": first.place, "indicator": first.indicator, "year": str(first.year)}
            yield Issue(
                "L207",
                {**place, "value": first.value, "other_place": other.place},
                source=first.source,
                report=first.report,
                start=first.start,
                end=first.end,
                place=first.place,
                indicator=first.indicator,
                facts=(first.id, other.id),
            )


def _issue(code: str, main: Fact, facts: Sequence[Fact], year: int, fields: dict[str, str]) -> Issue:
    told = {"place": main.place, "indicator": main.indicator, "year": str(year), **fields}
    return replace(about(code, told, main), facts=tuple(fact.id for fact in facts))
