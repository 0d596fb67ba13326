"""Judge one target against one result, and word the difference between them.

Nothing here knows where a fact comes from or which report it stands in; :mod:`compiler.ledger.join` brings
the two together. All arithmetic is exact. A result that is itself a bound ("over 1,000") is an interval:
it is only judged where both of its ends lead to the same verdict.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from compiler.model import Bound, Fact, LedgerRules, Measure
from compiler.numbers import MAGNITUDES, decimal_text

_PARTING = re.compile(r"[，。；、：（）和与及]")
"""What parts the name of one figure from that of the next."""

_NEAR = 8
"""How many characters beside a name may still belong to it (已认定的国家级)."""


class Status(StrEnum):
    """Keys of the status words (``status.…`` in ``ledger.yaml``)."""

    EXCEEDED = "exceeded"
    MET = "met"
    WITHIN = "within"  # inside a range
    ABOUT = "about"
    MISSED = "missed"
    MISSED_OWN = "missed_own"  # the report says so itself
    NO_TARGET = "no_target"  # last year's report is not at hand, or set no such target
    NO_RESULT = "no_result"  # the next report is not at hand
    NOT_FOUND = "not_found"  # the next report is at hand, and no such result was found in it
    WORDS = "words"
    OTHER_MEASURE = "other_measure"
    NOT_JUDGED = "not_judged"


MET = frozenset({Status.EXCEEDED, Status.MET, Status.WITHIN, Status.ABOUT})
"""The statuses under which a target counts as reached."""

MISSED = frozenset({Status.MISSED, Status.MISSED_OWN})
"""The statuses under which a target counts as missed."""

JUDGED = MET | MISSED
"""The statuses that are a verdict."""


class Shape(StrEnum):
    """How a target is compared; decides the wording of the difference, and its formula in the workbook."""

    NONE = ""
    PERCENT = "percent"  # an amount as percent of its target
    POINTS = "points"  # result less target
    BAND = "band"  # as POINTS, with "about the same" inside the tolerance
    BAND_PERCENT = "band_percent"  # as PERCENT, with "about the same" inside the tolerance
    RANGE = "range"
    CONTROL = "control"  # not above the target
    FALL = "fall"  # a fall by at least so much
    RELATIVE = "relative"  # against another figure of the same report


class Verdict(NamedTuple):
    """The outcome for one measure.

    ``outcome`` is the key of the wording (``compared.…``), ``number`` the difference or percentage as it
    is worded, ``text`` the wording filled in. ``low`` and ``high`` are the target's ends as compared,
    ``value`` the result's. ``reason`` tells, worded, why there is no verdict or no difference.
    """

    status: Status
    shape: Shape = Shape.NONE
    outcome: str = ""
    number: Decimal | None = None
    unit: str = ""
    text: str = ""
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    up: bool = True
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What ``ledger.yaml`` says, made ready: wordings, and the unit in which differences of rates are told."""

    words: Mapping[str, str]
    tolerance: Mapping[str, Decimal]
    lists: Mapping[str, tuple[str, ...]]
    rate_units: Mapping[str, str] = field(default_factory=dict)
    judged_prices: bool = False

    @property
    def apart(self) -> tuple[str, ...]:
        """Return the measure words that one unit has and that count different things: 户 of 套."""
        return self.lists.get("counted_apart", ())

    @classmethod
    def of(cls, rules: LedgerRules) -> Terms:
        """Make the terms from the rules."""
        rates = dict(pair.split("=", 1) for pair in rules.lists.get("rate_units", ()) if "=" in pair)
        return cls(rules.words, rules.tolerance, rules.lists, rates, rules.judged_prices)

    def word(self, key: str, **fields: str) -> str:
        """Return the wording of ``key`` filled with ``fields``; the key itself where the rules lack it."""
        text = self.words.get(key, key)
        for name, value in fields.items():
            text = text.replace("{" + name + "}", value)
        return text

    def status(self, status: Status) -> str:
        """Return the word for a status."""
        return self.word(f"status.{status.value}")

    def is_rate(self, fact: Fact) -> bool:
        """Tell whether differences of ``fact`` are told in points rather than as a percentage."""
        return fact.measure is Measure.GROWTH or fact.unit in self.rate_units

    def point(self, fact: Fact) -> str:
        """Return the unit of a difference between figures like ``fact``."""
        return self.rate_units.get(fact.unit, fact.unit)


def point_of(fact: Fact) -> Decimal | None:
    """Return the one number that stands for a fact: its low end, or its only end."""
    return fact.low if fact.low is not None else fact.high


def shown(fact: Fact, terms: Terms) -> str:
    """Return a figure with its bound in the short form of the tables: ≥7, 6.5左右, 4.5～5, or its words."""
    if fact.text:
        return fact.text
    if in_a_word(fact):
        return fact.raw
    low = "" if fact.low is None else decimal_text(fact.low)
    high = "" if fact.high is None else decimal_text(fact.high)
    value = point_of(fact)
    if fact.measure is Measure.CHANGE and value is not None:
        up, down = ("rise", "fall") if fact.unit in terms.rate_units else ("more", "less")
        if up == "more" and any(word in fact.quote for word in terms.lists.get("since_start", ())):
            up, down = "more_since", "less_since"
        return terms.word(
            f"shown.{up if value >= 0 else down}", number=decimal_text(abs(value)), unit=terms.point(fact)
        )
    return terms.word(f"shown.{fact.bound.value or 'eq'}", low=low or high, high=high or low)


def told(fact: Fact, terms: Terms) -> str:
    """Return a figure as one would say it, with its unit: 78.5亿元, 增长7%左右, 下降≥3%, or its words."""
    if fact.text:
        return fact.text
    if _is_small(fact):
        return as_printed(fact)
    if fact.measure is Measure.CHANGE:
        return shown(fact, terms) + ("" if fact.unit in terms.rate_units else fact.unit)
    unit, bound, key = fact.unit, fact.bound, ""
    low, high = fact.low, fact.high
    if fact.measure is Measure.GROWTH:
        key = "told.growth"
        if (low is None or low < 0) and (high is None or high < 0):
            key = "told.decline"
            low, high = (None if high is None else -high), (None if low is None else -low)
            bound = {Bound.GE: Bound.LE, Bound.LE: Bound.GE}.get(bound, bound)
    first = "" if low is None else decimal_text(low)
    second = "" if high is None else decimal_text(high)
    fields = {"low": (first or second) + unit, "high": (second or first) + unit}
    if bound is Bound.RANGE:
        fields = {"low": first, "high": second + unit}
    text = terms.word(f"shown.{bound.value or 'eq'}", **fields)
    return terms.word(key, value=text) if key else text


def _is_small(fact: Fact) -> bool:
    """Tell whether a level is less than one of its unit though it was printed in a smaller one: 4000人, not 0.4万人."""
    value = point_of(fact)
    last = fact.raw[-1:]
    own = last.isalpha() and last not in MAGNITUDES and not fact.raw.endswith(fact.unit)
    return fact.measure is Measure.LEVEL and value is not None and 0 < abs(value) < 1 and own


def judge(target: Fact, result: Fact, direction: str, terms: Terms, *, is_price: bool = False) -> Verdict:
    """Judge ``result`` against the base target ``target`` of the same measure."""
    value = point_of(result)
    low, high = target.low, target.high
    aim = point_of(target)
    if value is None or aim is None:
        return Verdict(Status.NOT_JUDGED)
    if target.doubt or result.doubt:
        return Verdict(Status.NOT_JUDGED, reason=terms.word("reason.doubt"))
    reason = unlike(target, result, terms)
    if reason:
        return Verdict(Status.OTHER_MEASURE, text=terms.word("compared.unlike"), reason=reason)
    rate = terms.is_rate(target)
    up = direction != "down"
    shape = _shape(target, result, rate, up)
    tolerance = Decimal(0)
    if target.bound is Bound.APPROX:
        tolerance = terms.tolerance.get("rate", Decimal(0))
        if not rate:
            tolerance = abs(aim) * terms.tolerance.get("amount_percent", Decimal(0)) / 100
    free = direction == "none" and target.bound in {Bound.EQ, Bound.APPROX}
    price = is_price and target.bound is Bound.APPROX and not terms.judged_prices
    status = Status.NOT_JUDGED
    clear = True
    if not free and not price:
        status, clear = _interval_status(shape, target, result, up, tolerance)
    plain_shape = Shape.POINTS if (free or price) and shape is not Shape.PERCENT else shape
    outcome, number = _outcome(plain_shape, value, low, high, tolerance)
    unit = terms.point(target)
    if clear and status in JUDGED and _within_doubt(target, result, terms):
        status, clear = Status.NOT_JUDGED, False
    if not clear or not is_point(result) or in_a_word(result):
        # Of a bound (突破1000亿元) a verdict may follow, a difference never does.
        key = "compared.bound" if clear else "compared.unclear"
        text = terms.word(key, result=as_printed(result) or shown(result, terms))
        status = status if clear else Status.NOT_JUDGED
        return Verdict(status, Shape.NONE, key, None, unit, text, value, low, high, reason=text)
    text = terms.word(outcome, number="" if number is None else decimal_text(number), unit=unit)
    return Verdict(status, plain_shape, outcome, number, unit, text, value, low, high, tolerance, up)


def as_printed(fact: Fact) -> str:
    """Return a figure with its hedge on the side where it is printed (超7900万千瓦, 400多部, 3.92%以内)."""
    raw, quote = fact.raw, fact.quote
    at = quote.find(raw) if raw else -1
    if at < 0:
        return raw
    before = behind = ""
    for hedge in fact.modifier.split("…"):
        if hedge and hedge not in raw:
            before = hedge if not before and quote[:at].endswith(hedge) else before
            behind = hedge if not behind and quote[at + len(raw) :].startswith(hedge) else behind
    return f"{before}{raw}{behind}"


def is_point(fact: Fact) -> bool:
    """Tell whether a fact states one number, exactly or about: not a bound and not a range."""
    return fact.low is not None and fact.low == fact.high and fact.bound in (Bound.EQ, Bound.APPROX)


def in_a_word(fact: Fact) -> bool:
    """Tell whether a report says of a level that did not move by a word alone: 涨幅基本持平."""
    level = fact.measure is Measure.LEVEL and fact.bound is Bound.APPROX and point_of(fact) == 0
    return level and not any(map(str.isdigit, fact.raw))


def fits(one: Fact, other: Fact, terms: Terms) -> bool:
    """Tell whether two figures of one thing may both be true: equal, or one within what the other allows.

    突破1000亿元 allows 1022.7亿元, and 约6.5万人 allows what lies within the tolerance of an about-target.
    """
    if (one.low, one.high, one.unit, one.text) == (other.low, other.high, other.unit, other.text):
        return True
    if one.unit != other.unit or one.text or other.text or unlike(one, other, terms):
        return False
    (low, high), (least, most) = reach(one, terms), reach(other, terms)
    return low <= most and least <= high


def clear_of_others(facts: Sequence[Fact], terms: Terms) -> list[Fact]:
    """Return the facts, all of one unit, that no other lies so near that it may be on either side of it: only a figure
    of about so much leaves that open."""
    rooms = [reach(fact, terms) for fact in facts]
    lows, highs = sorted(low for low, _ in rooms), sorted(high for _, high in rooms)

    def alone(low: Decimal, high: Decimal) -> bool:
        # Those that begin up to its end, without those that end before it begins: itself, at least.
        return bisect_right(lows, high) - bisect_left(highs, low) == 1

    pairs = zip(facts, rooms, strict=True)
    return [fact for fact, room in pairs if fact.bound is not Bound.APPROX or alone(*room)]


def reach(fact: Fact, terms: Terms) -> tuple[Decimal, Decimal]:
    """Return the ends between which the true figure lies: wider than what is printed for one of about so much."""
    low, high = _ends(fact)
    if fact.bound is not Bound.APPROX:
        return low, high
    slack = terms.tolerance.get("rate", Decimal(0))
    if not terms.is_rate(fact):
        slack = abs(low) * terms.tolerance.get("amount_percent", Decimal(0)) / 100
    return low - slack, high + slack


def unlike(one: Fact, other: Fact, terms: Terms) -> str:
    """Return why two figures of one indicator and measure must not be compared, worded; empty where they may be.

    Compared are figures of one unit and of one scope: 省外资金 is not 内资, what is 国家级 is not all there is, 1.8万户
    are not 1.8万套. The words stand in ``ledger.yaml`` (``lists.scopes``, ``lists.counted_apart``).
    """
    if one.unit != other.unit:
        return terms.word("reason.unit", one=one.unit, other=other.unit)
    counted = [counted_in(fact, terms) for fact in (one, other)]
    if all(counted) and counted[0] != counted[1]:
        return terms.word("reason.unit", one=counted[0], other=counted[1])
    own, theirs = printed_scopes(one, terms), printed_scopes(other, terms)
    if own != theirs:
        names = [fact.printed_name or fact.indicator for fact in (one, other)]
        if names[0] == names[1]:  # what differs stands beside the name
            names = ["".join(sorted(own - theirs)) + names[0], "".join(sorted(theirs - own)) + names[1]]
        return terms.word("reason.name", one=names[0], other=names[1])
    return ""


def counted_in(fact: Fact, terms: Terms) -> str:
    """Return the measure word that tells a figure from others of its unit (户 of 套); empty where there is none."""
    return next((word for word in terms.apart if fact.raw.endswith(word)), "")


def commonest_counted(facts: Iterable[Fact], terms: Terms) -> str:
    """Return the measure word that most of the figures are counted in, of those that tell them apart."""
    counts = Counter(word for fact in facts if (word := counted_in(fact, terms)))
    return counts.most_common(1)[0][0] if counts else ""


def printed_scopes(fact: Fact, terms: Terms) -> frozenset[str]:
    """Return the words of scope that stand in or right beside the printed name, or right behind the figure."""
    name, quote = fact.printed_name, fact.quote
    at = quote.find(name) if name else -1
    before = _PARTING.split(quote[:at])[-1][-_NEAR:] if at > 0 else ""
    end = quote.find(fact.raw) + len(fact.raw) if fact.raw and fact.raw in quote else len(quote)
    behind = _PARTING.split(quote[end:])[0][:_NEAR]
    return _scopes_of(f"{before}{name} {behind}", fact.indicator, terms.lists.get("scopes", ()))


@lru_cache(maxsize=16_384)
def _scopes_of(text: str, indicator: str, groups: tuple[str, ...]) -> frozenset[str]:
    """Return the first word of each group of which a word stands in the text and none in the indicator's name."""
    found = set()
    for group in groups:
        words = group.split("|")
        if any(word in text for word in words) and not any(word in indicator for word in words):
            found.add(words[0])
    return frozenset(found)


def reaches(target: Fact, result: Fact, direction: str) -> bool | None:
    """Tell whether a result reaches a stretch target; None where that cannot be told."""
    if point_of(target) is None or point_of(result) is None or direction == "none":
        return None
    downwards = target.bound is Bound.LE or direction == "down"
    aim = point_of(target)
    if target.bound is Bound.RANGE:
        aim = target.high if downwards else target.low
    assert aim is not None
    verdicts = {end <= aim if downwards else end >= aim for end in _ends(result)}
    return verdicts.pop() if len(verdicts) == 1 else None


def judge_relative(relation: str, name: str, result: Fact, reference: Fact, terms: Terms) -> Verdict:
    """Judge a target in words against the figure it names.

    ``relation`` is same, above, not_below, below or not_above; ``reference`` is the other figure.
    """
    value, other = result.low, reference.low
    if value is None or other is None or result.high != value or reference.high != other:
        return Verdict(Status.WORDS)
    gap = value - other
    tolerance = terms.tolerance.get("rate", Decimal(0))
    if Bound.APPROX in (result.bound, reference.bound) and abs(gap) <= tolerance:
        return Verdict(Status.WORDS)  # of two figures one of which is about so much, neither is the larger
    if relation == "same":
        status = Status.MET if gap >= 0 else Status.ABOUT if gap >= -tolerance else Status.MISSED
    else:
        met = {"above": gap > 0, "not_below": gap >= 0, "below": gap < 0, "not_above": gap <= 0}[relation]
        status = Status.MET if met else Status.MISSED
    outcome = "compared.faster" if gap > 0 else "compared.slower" if gap < 0 else "compared.same_speed"
    text = terms.word(outcome, number=decimal_text(abs(gap)), reference=name)
    return Verdict(
        status, Shape.RELATIVE, outcome, abs(gap), terms.point(result), text, value, other, other, tolerance, True, name
    )


# --- parts -------------------------------------------------------------------------------------


def _shape(target: Fact, result: Fact, rate: bool, up: bool) -> Shape:
    """Return how the target is compared."""
    aim, value = point_of(target), point_of(result)
    assert aim is not None and value is not None
    percent = not rate and aim > 0 and value >= 0
    if target.bound is Bound.RANGE:
        return Shape.RANGE
    if target.bound is Bound.APPROX:
        return Shape.BAND_PERCENT if percent and up else Shape.BAND
    falling = not up and target.measure is not Measure.LEVEL and aim < 0
    if falling:
        return Shape.FALL
    if target.bound is Bound.LE or not up:
        return Shape.CONTROL
    return Shape.PERCENT if percent else Shape.POINTS


def _interval_status(shape: Shape, target: Fact, result: Fact, up: bool, tolerance: Decimal) -> tuple[Status, bool]:
    """Return the status at the result's less favourable end, and whether both ends agree that it is reached."""
    ends = _ends(result)
    lower_is_better = shape in {Shape.CONTROL, Shape.FALL} or not up
    worst, best = ends[::-1] if lower_is_better else ends
    at_worst = _status_at(shape, target, worst, up, tolerance)
    at_best = _status_at(shape, target, best, up, tolerance)
    if (at_worst in MET) != (at_best in MET):
        return Status.NOT_JUDGED, False
    return at_worst, True


def _status_at(shape: Shape, target: Fact, value: Decimal, up: bool, tolerance: Decimal) -> Status:
    """Return the status of one number."""
    low, high = target.low, target.high
    aim = point_of(target)
    assert aim is not None
    if shape is Shape.RANGE and low is not None and high is not None:
        if low <= value <= high:
            return Status.WITHIN
        return Status.EXCEEDED if (value > high) == up else Status.MISSED
    if shape is Shape.CONTROL:
        limit = high if high is not None else aim
        return Status.MET if value <= limit else Status.MISSED
    gain = value - aim if up and shape is not Shape.FALL else aim - value
    if shape in {Shape.BAND, Shape.BAND_PERCENT}:
        if gain > tolerance:
            return Status.EXCEEDED
        return Status.MET if gain >= 0 else Status.ABOUT if gain >= -tolerance else Status.MISSED
    return Status.EXCEEDED if gain > 0 else Status.MET if gain == 0 else Status.MISSED


def _within_doubt(target: Fact, result: Fact, terms: Terms) -> bool:
    """Tell whether a result of about so much is so near a target that is none that it may lie on either side."""
    if result.bound is not Bound.APPROX or target.bound is Bound.APPROX:
        return False
    (least, most), value = reach(result, terms), point_of(result)
    ends = [end for end in (target.low, target.high) if end is not None]
    return value is not None and any(least < end < most for end in ends)


def _ends(result: Fact) -> tuple[Decimal, Decimal]:
    """Return both ends of a result; an open end is infinite."""
    return (
        Decimal("-Infinity") if result.low is None else result.low,
        Decimal("Infinity") if result.high is None else result.high,
    )


def _outcome(
    shape: Shape, value: Decimal, low: Decimal | None, high: Decimal | None, tolerance: Decimal
) -> tuple[str, Decimal | None]:
    """Return the key of the wording and the number it tells."""
    aim = low if low is not None else high
    assert aim is not None
    gap = value - aim
    if shape is Shape.RANGE and low is not None and high is not None:
        if value > high:
            return "compared.above_range", value - high
        if value < low:
            return "compared.below_range", low - value
        return "compared.within", None
    if shape is Shape.CONTROL:
        limit = high if high is not None else aim
        if value == limit:
            return "compared.at_control", None
        return ("compared.under_control", limit - value) if value < limit else ("compared.over_control", value - limit)
    if shape in {Shape.BAND, Shape.BAND_PERCENT} and abs(gap) <= tolerance:
        return "compared.near", None
    if shape in {Shape.PERCENT, Shape.BAND_PERCENT}:
        return "compared.percent", percent_of(value, aim)
    if gap == 0:
        return "compared.equal", None
    if shape is Shape.FALL:
        return ("compared.fall_more" if gap < 0 else "compared.fall_less"), abs(gap)
    return ("compared.above" if gap > 0 else "compared.below"), abs(gap)


def percent_of(value: Decimal, aim: Decimal) -> Decimal:
    """Return ``value`` as percent of ``aim`` with as few decimals as keep it apart from exactly 100."""
    with localcontext(Context(prec=60)):
        ratio = value * 100 / aim
        for places in range(1, 9):
            rounded = ratio.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
            if rounded != 100 or value == aim:
                return rounded
    return ratio
