"""Binds the figures of one sentence to the indicators that they measure.

A sentence is read from left to right as runs of figures. A run belongs to the list of names right
before it (``A、B和C分别增长x、y和z``), else to the subject of the run before (``…1100亿元，增长13.5%``),
else to a name right after it (``97个省级贫困村``). What stands between must be words that leave the
meaning alone (``glue`` in the lexicon); a word that changes it is a guard and refuses the figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from compiler.lexicon import convert, resolve_unit
from compiler.matcher import FIGURE_MARK, Matcher
from compiler.model import (
    Bound,
    Exclusion,
    Form,
    IndicatorRule,
    Measure,
    Quantity,
)
from compiler.patterns import expand_pattern
from compiler.tokens import Token, TokenKind

LONGEST_UNKNOWN = 8
"""How many characters of unknown words may stand between a name and its figure, after a first known word."""

OLD_TARGET = re.compile(r"的?[^，。；、]{0,8}目标")
"""What follows a figure that quotes a target instead of stating a result: 增长8%的年度目标."""

_KNOWN_CATEGORIES = frozenset(
    {
        *("glue", "suffix", "modifier", "preposition", "join", "among", "respectively", "each", "status"),
        *("up", "down", "better", "worse", "to_level", "from", "held", "stretch", "base_tier"),
        *("scope", "share", "added", "rank", "comparison", "compared_with", "old_target"),
        *("span", "total", "per_head"),
        *("period_short", "period_long", "period_reset", "average", "cumulative"),
        *("coming_year", "plan_in_review", "achieved_in_plan"),
    }
)
"""Cue words of these categories may stand between a name and its figure; others count as unknown text."""


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
class Subject:
    """What the figures at hand are about: a list of names, and how its figures are dealt out."""

    hits: tuple[NameHit, ...]
    respectively: bool = False
    each: bool = False
    last: tuple[Binding, ...] = ()
    open: bool = False  # the name waits for its figure: 粮食总产因旱减产，仍达3835万吨


@dataclass(slots=True)
class Gap:
    """What stands between a name (or the figure before) and a figure."""

    refused: str = ""
    word: str = ""
    direction: str = ""
    to_level: bool = False
    held: str = ""
    stretch: str = ""
    each: bool = False
    respectively: bool = False
    glue: bool = False
    unknown: int = 0
    comma: bool = False
    semicolon: bool = False
    join: bool = False
    status: str = ""
    share_of_plan: bool = False
    against_target: str = ""
    from_level: bool = False
    scope: bool = False
    reset: bool = False
    among: bool = False
    total: bool = False
    per_head: str = ""
    opening: str = ""


@dataclass(slots=True)
class SentenceBindings:
    """What :func:`bind` finds in a sentence."""

    bindings: list[Binding] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    self_reports: list[SelfReport] = field(default_factory=list)


# --- names -------------------------------------------------------------------------------------


def _touches(text: str, start: int, end: int, words: Sequence[str]) -> str:
    before, after = text[:start], text[end:]
    for word in words:
        if before.endswith(word) or after.startswith(word):
            return word
    return ""


def _clause(text: str, start: int, end: int) -> str:
    left = max(text.rfind(mark, 0, start) for mark in "，；。：")
    right = min((position for mark in "，；。" if (position := text.find(mark, end)) >= 0), default=len(text))
    return text[left + 1 : right]


def _excluded(text: str, token: Token, exclusions: Sequence[Exclusion]) -> str:
    for exclusion in exclusions:
        if exclusion.where == "touch":
            word = _touches(text, token.start, token.end, exclusion.words)
        else:
            where = text if exclusion.where == "sentence" else _clause(text, token.start, token.end)
            word = next((w for w in exclusion.words if w in where), "")
        if word:
            return word
    return ""


class _Reader:
    """The reading of one sentence; :func:`bind` drives it."""

    def __init__(self, text: str, quantities: Sequence[Quantity], tokens: list[Token], matcher: Matcher) -> None:
        self.text = text
        self.quantities = quantities
        self.tokens = tokens
        self.matcher = matcher
        self.found = SentenceBindings()
        self.hits: dict[int, NameHit] = {}
        self.claimed: set[int] = set()
        self.history: list[NameHit] = []
        self.trail: list[tuple[int, tuple[Binding, ...]]] = []

    # names

    def _verbs(self, rule: IndicatorRule) -> frozenset[str]:
        cache = self.matcher.caches
        key = f"verbs {rule.id}"
        found = cache.get(key)
        if not isinstance(found, frozenset):
            found = cache[key] = frozenset(literal for verb in rule.verbs for literal in expand_pattern(verb))
        return found

    def _governed(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether one of the rule's verbs governs the object at token ``index``."""
        verbs = self._verbs(rule)
        crossed = False
        for position in range(index - 1, -1, -1):
            token = self.tokens[position]
            if token.has("verb") or token.text in verbs:
                return token.text in verbs
            if token.kind is TokenKind.NAME and any(token.text.startswith(verb) for verb in verbs):
                return True
            if token.kind is TokenKind.MARK:
                if token.text not in "，" or crossed:
                    break
                if self.tokens[position + 1].kind not in (TokenKind.NAME, TokenKind.FIGURE):
                    break
                crossed = True
            if token.kind is TokenKind.TEXT:
                if any(token.text.endswith(verb) for verb in verbs):
                    return True
                if len(token.text) > 12:
                    break
        for token in self.tokens[index + 1 :]:
            if token.text in verbs:
                return True
            if token.kind in (TokenKind.FIGURE, TokenKind.MARK, TokenKind.NAME):
                break
        return False

    def _nearest_theme(self, index: int) -> str:
        """Return the theme of the last name that counts before token ``index``, '' where there is none."""
        nearest = max((hit.token for hit in self.hits.values() if hit.token < index), default=-1)
        return self.hits[nearest].rules[0].theme if nearest >= 0 else ""

    def _in_list(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether the name at token ``index`` stands in a list beside a name of its theme, or its figure."""
        tokens = self.tokens
        listed = (TokenKind.NAME, TokenKind.FIGURE)
        if index >= 2 and tokens[index - 1].has("join") and tokens[index - 2].kind in listed:
            return self._nearest_theme(index) == rule.theme
        if index + 2 < len(tokens) and tokens[index + 1].has("join") and tokens[index + 2].kind is TokenKind.NAME:
            entries = tokens[index + 2].entries
            return any(entry.rule is not None and entry.rule.theme == rule.theme for entry in entries)
        return False

    def _among(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether the short name at token ``index`` takes up a full name of its theme (…，其中城镇居民…)."""
        before = self.tokens[index - 1] if index else None
        opens = before is not None and (before.has("among", "join") or before.kind is TokenKind.MARK)
        return opens and self._nearest_theme(index) == rule.theme

    def read_names(self) -> None:
        """Decide which name tokens count, and for which indicators."""
        part_prefixes = self.matcher.lexicon.words("guard.part_prefix")
        order = {"object": 0, "combined": 1, "alias": 2, "growth": 3, "short": 4}
        for index, token in enumerate(self.tokens):
            if token.kind is not TokenKind.NAME:
                continue
            for entry in sorted(token.entries, key=lambda e: order[e.role]):
                if entry.combined is not None:
                    rules = tuple(self.matcher.by_id[i] for i in entry.combined.indicators if i in self.matcher.by_id)
                    if rules:
                        self.hits[index] = NameHit(index, rules, self.matcher.by_id.get(entry.combined.whole))
                        break
                    continue
                rule = entry.rule
                assert rule is not None
                if entry.role == "object" and not self._governed(index, rule):
                    continue
                if entry.role == "short" and not (self._in_list(index, rule) or self._among(index, rule)):
                    continue
                word = _excluded(self.text, token, rule.exclude)
                guard = "exclude"
                if not word:
                    guard = "part"
                    follows_figure = index > 0 and self.tokens[index - 1].kind is TokenKind.FIGURE
                    before = "" if follows_figure else self.text[: token.start]
                    word = next((w for w in part_prefixes if before.endswith(w)), "")
                if word:
                    self._refuse_next(rule, guard, word, index)
                    continue
                if self._of_counted(index, rule):
                    self._refuse_next(rule, "scope", self.tokens[index - 1].text, index)
                    continue
                self.hits[index] = NameHit(index, (rule,), growth=entry.role == "growth")
                break

    def _of_counted(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether the name speaks of things counted right before it: 15个空气质量优良率达100%."""
        before = self.tokens[index - 1] if index else None
        if before is None or before.kind is not TokenKind.FIGURE:
            return False
        counting = self.matcher.lexicon.words("number.counting_families")
        family = self.quantities[before.figure].family
        return family in counting and resolve_unit(self.matcher.lexicon, rule.unit)[0] != family

    def _refuse_next(self, rule: IndicatorRule, guard: str, word: str, index: int) -> None:
        for token in self.tokens[index + 1 :]:
            if token.kind is TokenKind.MARK or token.kind is TokenKind.NAME:
                return
            if token.kind is TokenKind.FIGURE:
                self.found.refused.append(Refused(rule, guard, word, token.figure))
                return

    # gaps

    def read_gap(self, start: int, end: int, after_name: bool) -> Gap:
        """Read the tokens ``[start:end]`` that stand before a figure."""
        gap = Gap()
        first = True
        figure = self.tokens[end] if end < len(self.tokens) else None
        for position in range(start, end):
            token = self.tokens[position]
            if token.kind is TokenKind.MARK:
                if token.text == "，":
                    gap.comma = True
                    gap.direction, gap.to_level = "", False
                    if not after_name and position > start:
                        # The figure's own clause goes on to its end; what counts comes after the comma.
                        gap.unknown, gap.refused, gap.word, gap.glue = 0, "", "", False
                elif token.text == "；":
                    gap.semicolon = True
                first = False
                continue
            if token.kind is TokenKind.REMARK:
                continue
            if token.kind is TokenKind.YEAR:
                gap.reset = True
                first = False
                continue
            if token.kind in (TokenKind.NAME, TokenKind.WORDS):
                gap.refused, gap.word = gap.refused or "other_name", token.text
                continue
            short_direction = len(token.text) == 1 and token.has("up", "down")
            adjacent = figure is not None and token.end == figure.start
            if token.kind is TokenKind.TEXT or (short_direction and not adjacent):
                text = token.text.strip("的了“”\"'、 ")
                if text:
                    gap.opening = gap.opening or text
                    if not after_name and text.endswith(self.matcher.lexicon.words("guard.noun_endings")):
                        gap.refused, gap.word = gap.refused or "new_subject", text
                    if first and after_name:
                        gap.refused, gap.word = gap.refused or "suffix", text
                    gap.unknown += len(text)
                    if gap.direction and len(text) > 4:
                        gap.direction = ""
                first = False
                continue
            if token.has("modifier") and not after_name and not token.has("glue", "suffix", "scope", "join"):
                gap.unknown += len(token.text)
            following = self.tokens[position + 1] if position + 1 < len(self.tokens) else None
            if after_name and position == start == end - 1 and token.has("of"):
                gap.refused, gap.word = "share", token.text  # 一般公共预算支出的80%
            if token.has("stretch") and following is not None and not self._strives(following):
                gap.unknown += len(token.text)  # 争取中央资金: a verb with an object, not a stretch
            else:
                self._read_cue(gap, token)
            first = False
        if gap.unknown > LONGEST_UNKNOWN:
            gap.refused, gap.word = gap.refused or "far", str(gap.unknown)
        return gap

    @staticmethod
    def _strives(following: Token) -> bool:
        """Tell whether what follows 力争 or 争取 is a figure, or a verb that leads to one."""
        return following.kind is TokenKind.FIGURE or following.has(
            "glue", "up", "down", "to_level", "held", "better", "respectively", "each"
        )

    @staticmethod
    def _read_cue(gap: Gap, token: Token) -> None:
        if token.has("share_of_plan"):
            gap.share_of_plan = True
            return
        if token.has("below_target", "above_target"):
            gap.against_target = "below" if token.has("below_target") else "above"
            return
        if token.has("to_level"):
            gap.to_level, gap.direction = True, ""
        elif token.has("up"):
            gap.direction, gap.to_level = "up", False
        elif token.has("down"):
            gap.direction, gap.to_level = "down", False
        elif token.has("better"):
            gap.direction = "better"
        elif token.has("worse"):
            gap.direction = "worse"
        if token.has("scope"):
            gap.scope = True
        if token.has("period_reset"):
            gap.reset = True
        if token.has("among"):
            gap.among = True
        if token.has("total"):
            gap.total = True
        if token.has("per_head"):
            gap.per_head = token.text
        if token.has("from"):
            gap.from_level = True
        if token.has("held"):
            gap.held = token.text
        if token.has("stretch"):
            gap.stretch = token.text
        if token.has("each"):
            gap.each = True
        if token.has("respectively"):
            gap.respectively = True
        if token.has("join"):
            gap.join = True
        if token.has("status"):
            gap.status = gap.status or token.text
        if token.has("glue"):
            gap.glue = True
        for guard in ("share", "added", "old_target"):
            if token.has(guard) and not token.has("up", "down"):
                gap.refused, gap.word = gap.refused or guard, token.text
        if token.has("comparison"):
            gap.against_target = gap.against_target or "other"
            gap.word = gap.word or token.text
        if token.categories.isdisjoint(_KNOWN_CATEGORIES):
            gap.unknown += len(token.text)

    # values

    def value(self, rule: IndicatorRule, hit_growth: bool, quantity: Quantity, gap: Gap, bare: bool) -> Bounded | str:
        """Return the figure in the unit of a fact, or the guard that refuses it."""
        form = quantity.form
        negative = gap.direction == "down"
        if gap.direction in ("better", "worse"):
            negative = (gap.direction == "better") == (rule.direction == "down")
        is_rate = self._is_rate(rule)
        if form is Form.RATIO:
            if not 0 < rule.ratio_part <= len(quantity.parts):
                return "unit"
            part = quantity.parts[rule.ratio_part - 1]
            return Bounded(Measure.LEVEL, part, part, Bound.EQ, rule.unit)
        if form is Form.PERCENT:
            if hit_growth or (gap.direction and not gap.to_level):
                if rule.rise_is_level:
                    return self._bounded(rule, quantity, Measure.LEVEL, gap, negative, 1, "%")
                if Measure.GROWTH in rule.measures:
                    return self._bounded(rule, quantity, Measure.GROWTH, gap, negative, 1, "%")
                return "unit"
            if is_rate and Measure.LEVEL in rule.measures:
                return self._bounded(rule, quantity, Measure.LEVEL, gap, False, 1, rule.unit)
            return "no_direction"
        if form is Form.POINT:
            if gap.against_target:
                return "comparison"
            if Measure.CHANGE in rule.measures and is_rate and gap.direction:
                return self._bounded(rule, quantity, Measure.CHANGE, gap, negative, 1, "百分点")
            return "unit"
        if form in (Form.TIMES, Form.DOUBLING, Form.FLAT):
            if Measure.GROWTH not in rule.measures or rule.rise_is_level:
                return "unit"
            if form is Form.TIMES and (gap.direction != "up" or gap.to_level):
                return "no_direction"
            factor = 100 if form is Form.TIMES else 1
            return self._bounded(rule, quantity, Measure.GROWTH, gap, False, factor, "%")
        return self._amount(rule, quantity, gap, negative, bare)

    def _is_rate(self, rule: IndicatorRule) -> bool:
        lexicon = self.matcher.lexicon
        return resolve_unit(lexicon, rule.unit)[0] == resolve_unit(lexicon, "%")[0]

    def _amount(self, rule: IndicatorRule, quantity: Quantity, gap: Gap, negative: bool, bare: bool) -> Bounded | str:
        lexicon = self.matcher.lexicon
        unit = quantity.unit
        if not quantity.family:
            if not bare:
                return "unit"
            # 5.25万贫困人口: the noun stands for the unit, only the magnitude is printed.
            magnitude = resolve_unit(lexicon, unit + _base_unit(rule.unit)) if unit else None
            unit = unit + _base_unit(rule.unit) if magnitude and magnitude[0] else _base_unit(rule.unit)
        low = None if quantity.low is None else convert(quantity.low, unit, rule.unit, lexicon)
        high = None if quantity.high is None else convert(quantity.high, unit, rule.unit, lexicon)
        into = rule.unit
        if "/" in rule.unit and unit == rule.unit.split("/")[0]:
            low, high = quantity.low, quantity.high  # 养老金2010元: the "a month" goes without saying
        elif (low is None) != (quantity.low is None) or (high is None) != (quantity.high is None):
            into = next(
                (
                    other
                    for other in rule.other_units
                    if resolve_unit(lexicon, other)[0] == resolve_unit(lexicon, unit)[0]
                ),
                "",
            )
            if not into:
                return "unit"
            low = None if quantity.low is None else convert(quantity.low, unit, into, lexicon)
            high = None if quantity.high is None else convert(quantity.high, unit, into, lexicon)
        moved = gap.direction in ("up", "down") and not gap.to_level
        if moved:
            if Measure.CHANGE not in rule.measures:
                return "change"
            return _signed(Bounded(Measure.CHANGE, low, high, quantity.bound, into), negative)
        if Measure.LEVEL not in rule.measures:
            return "measure"
        return self._held(rule, quantity, gap, Bounded(Measure.LEVEL, low, high, quantity.bound, into))

    def _bounded(
        self,
        rule: IndicatorRule,
        quantity: Quantity,
        measure: Measure,
        gap: Gap,
        negative: bool,
        factor: int,
        unit: str,
    ) -> Bounded:
        low = None if quantity.low is None else quantity.low * factor
        high = None if quantity.high is None else quantity.high * factor
        value = _signed(Bounded(measure, low, high, quantity.bound, unit), negative)
        return self._held(rule, quantity, gap, value) if measure is Measure.LEVEL else value

    @staticmethod
    def _held(rule: IndicatorRule, quantity: Quantity, gap: Gap, value: Bounded) -> Bounded:
        if gap.held and rule.held_is_bound and rule.direction == "down" and value.bound is Bound.EQ:
            return replace(value, low=None, bound=Bound.LE)
        return value

    # runs of figures

    def runs(self) -> list[list[int]]:
        """Return the token positions of figures, grouped into lists (28484元和13539元; 5%、6%和下降2%)."""
        runs: list[list[int]] = []
        previous = -2
        for index, token in enumerate(self.tokens):
            if token.kind is not TokenKind.FIGURE:
                continue
            between = self.tokens[previous + 1 : index] if previous >= 0 else []
            exact = self.quantities[token.figure].bound is Bound.EQ
            adjacent = bool(runs) and previous == index - 1 and exact  # 5600户1.9万人
            joined = adjacent or (
                bool(runs)
                and bool(between)
                and between[0].has("join")
                and all(t.has("join", "up", "down") and not t.has("to_level") for t in between)
                and (all(t.has("join") for t in between) or self._alike(runs[-1][-1], index))
            )
            if joined:
                runs[-1].append(index)
            else:
                runs.append([index])
            previous = index
        return runs

    def _alike(self, first: int, second: int) -> bool:
        """Tell whether two figures, each with a direction, belong to one list (增长5%、下降2%).

        优良天数320天、增加12天 is no list: the second figure is the change of the first.
        """
        if not self.tokens[first - 1].has("up", "down") and first > 0:
            return False
        a, b = self.quantities[self.tokens[first].figure], self.quantities[self.tokens[second].figure]
        rates = self.matcher.lexicon.words("number.rate_families")
        percent_like = (Form.PERCENT, Form.TIMES, Form.FLAT, Form.DOUBLING)
        if all(q.form in percent_like or q.family in rates for q in (a, b)):
            return True
        return a.form is b.form

    def group_before(self, first: int, since: int) -> tuple[list[NameHit], int]:
        """Return the list of names that ends last before token ``first``, and where it ends."""
        last = next((i for i in range(first - 1, since - 1, -1) if i in self.hits), -1)
        if last < 0:
            return [], -1
        group = [self.hits[last]]
        position = last
        while True:
            step = position - 1
            joined = False
            while step >= since and (
                self.tokens[step].has("join", "modifier", "scope", "suffix")
                or self.tokens[step].kind is TokenKind.REMARK
                or (self.tokens[step].kind is TokenKind.MARK and self.tokens[step].text == "（")
            ):
                joined = joined or self.tokens[step].has("join") or self.tokens[step].text == "（"
                step -= 1
            if not joined or step < since or step not in self.hits:
                break
            hit = self.hits[step]
            if not any(hit.rules == other.rules for other in group):
                group.insert(0, hit)
            position = step
        return group, last

    def name_after(self, index: int) -> NameHit | None:
        """Return the name that follows the figure at token ``index`` with nothing but modifiers between."""
        unknown = 0
        for position in range(index + 1, len(self.tokens)):
            token = self.tokens[position]
            if position in self.hits:
                return self.hits[position]
            if token.kind is TokenKind.TEXT:
                unknown += len(token.text)
                if unknown > 4:
                    return None
            elif token.kind is TokenKind.FIGURE:
                # 215台10蒸吨以下燃煤锅炉: a bound on the size of the thing counted.
                if self.quantities[token.figure].bound not in (Bound.GE, Bound.LE):
                    return None
            elif not token.has("modifier", "suffix"):
                return None
        return None

    def deal(self, subject: Subject, run: list[int], gap: Gap) -> list[tuple[IndicatorRule, bool, int, int]]:
        """Deal a run of figures out to the subject: rule, growth name, token of the figure, token of the name."""
        hits = subject.hits
        expanded = [(rule, hit.growth, hit.token) for hit in hits for rule in hit.rules]
        count = len(run)
        if len(hits) == 1 and len(hits[0].rules) == 1:
            rule, growth, token = expanded[0]
            if subject.respectively and count > 1:
                return self._by_place(hits, run)
            fitting = [f for f in run if self._fits(rule, growth, f, gap)] or run
            return [(rule, growth, fitting[0], token)]
        if count == len(expanded) and count > 1:
            return [(r, g, figure, t) for (r, g, t), figure in zip(expanded, run, strict=True)]
        if count == len(hits) and count > 1:
            return self._wholes(hits, run)
        if count > 1 and subject.respectively:
            return self._by_place(hits, run)
        if count == 1:
            figure = run[0]
            dealt = subject.respectively or subject.each
            if len(hits) == 1:
                whole = hits[0].whole
                if dealt or whole is None:
                    return [(r, g, figure, t) for r, g, t in expanded]
                return [(whole, hits[0].growth, figure, hits[0].token)]
            quantity = self.quantities[self.tokens[figure].figure]
            if dealt or quantity.form is not Form.AMOUNT:
                return [(r, g, figure, t) for r, g, t in expanded]
            return []
        return []

    def _fits(self, rule: IndicatorRule, growth: bool, figure: int, gap: Gap) -> bool:
        quantity = self.quantities[self.tokens[figure].figure]
        return not isinstance(self.value(rule, growth, quantity, gap, False), str)

    def _by_place(self, hits: Sequence[NameHit], run: list[int]) -> list[tuple[IndicatorRule, bool, int, int]]:
        """Deal figures out by place in a list that holds names no rule knows: 甲、未知名称分别达到90%和95%."""
        start = run[0]
        while start > 0 and not (self.tokens[start - 1].kind is TokenKind.MARK and self.tokens[start - 1].text != "（"):
            start -= 1
        places: list[NameHit | None] = [None]
        for position in range(start, run[0]):
            token = self.tokens[position]
            if token.has("respectively"):
                break
            if token.has("join"):
                places.append(None)
            elif position in self.hits:
                places[-1] = self.hits[position]
        dealt = []
        figures = iter(run)
        wanted = sum(1 if place is None else len(place.rules) for place in places)
        if wanted != len(run) or not any(place in hits for place in places):
            return []
        for place in places:
            for rule in (None,) if place is None else place.rules:
                figure = next(figures)
                if rule is not None and place is not None:
                    dealt.append((rule, place.growth, figure, place.token))
        return dealt

    @staticmethod
    def _wholes(hits: Sequence[NameHit], run: list[int]) -> list[tuple[IndicatorRule, bool, int, int]]:
        dealt: list[tuple[IndicatorRule, bool, int, int]] = []
        for hit, figure in zip(hits, run, strict=True):
            rules = (hit.whole,) if hit.whole is not None and len(hit.rules) > 1 else hit.rules
            dealt.extend((rule, hit.growth, figure, hit.token) for rule in rules)
        return dealt

    def attach(
        self,
        subject: Subject,
        run: list[int],
        gap: Gap,
        how: str,
        bare: bool = False,
        dealt: list[tuple[IndicatorRule, bool, int, int]] | None = None,
    ) -> list[Binding]:
        """Bind a run to a subject; record what is refused."""
        if dealt is None:
            dealt = self.deal(subject, run, gap)
        if not dealt:
            for hit in subject.hits:
                for rule in hit.rules:
                    for figure in run:
                        self.found.refused.append(Refused(rule, "count", str(len(run)), self.tokens[figure].figure))
            return []
        first_quantity = self.quantities[self.tokens[run[0]].figure]
        last_quantity = self.quantities[self.tokens[run[-1]].figure]
        bound: list[Binding] = []
        first_name = min(self.tokens[hit.token].start for hit in subject.hits)
        for rule, growth, figure, name in dealt:
            quantity = self.quantities[self.tokens[figure].figure]
            if (
                len(run) > 1
                and quantity.bound is Bound.EQ
                and last_quantity.bound in (Bound.APPROX, Bound.GE, Bound.LE)
                and last_quantity.outer_end > last_quantity.end
            ):
                quantity = _with_bound(quantity, last_quantity)
            elif (
                len(run) > 1
                and subject.respectively
                and quantity.bound is Bound.EQ
                and first_quantity.bound in (Bound.APPROX, Bound.GE, Bound.LE)
                and first_quantity.outer_start < first_quantity.start
            ):
                quantity = _with_bound(quantity, first_quantity)
            if not quantity.unit and quantity.form is Form.AMOUNT and last_quantity.unit:
                # 46和78微克/立方米: the unit stands once, at the end of the list.
                quantity = replace(
                    quantity, unit=last_quantity.unit, family=last_quantity.family, form=last_quantity.form
                )
            own = self._own_direction(figure, run, gap)
            if not own.direction and quantity.form in (Form.PERCENT, Form.TIMES):
                own = replace(own, direction=self._direction_after(quantity))
            value = self.value(rule, growth, quantity, own, bare)
            if isinstance(value, str):
                self.found.refused.append(Refused(rule, value, own.word or quantity.raw, self.tokens[figure].figure))
                continue
            name_token = self.tokens[name]
            start = name_token.start if len(subject.hits) == 1 else first_name
            bound.append(
                Binding(
                    rule=rule,
                    value=value,
                    figure=self.tokens[figure].figure,
                    name_start=name_token.start,
                    name_end=name_token.end,
                    quote_start=min(start, quantity.outer_start),
                    quote_end=max(name_token.end, quantity.outer_end),
                    stretch=gap.stretch,
                    status=gap.status,
                    held=gap.held,
                    how=how,
                    from_level=gap.from_level and figure == run[0],
                    own_scope=gap.scope,
                    to_level=gap.to_level and bool(subject.last) and subject.last[-1].from_level,
                    origin=min(name, figure),
                )
            )
            self.claimed.add(self.tokens[figure].figure)
        if bound:
            self.history.extend(hit for hit in subject.hits if hit not in self.history)
        return bound

    def _direction_after(self, quantity: Quantity) -> str:
        """Return the direction that follows a figure as a noun: 9%的增长, 8%的增速."""
        after = self.text[quantity.outer_end : quantity.outer_end + 6]
        if not after.startswith("的"):
            return ""
        lexicon = self.matcher.lexicon
        if after[1:].startswith(lexicon.words("direction.up")):
            return "up"
        return "down" if after[1:].startswith(lexicon.words("direction.down")) else ""

    def _own_direction(self, figure: int, run: list[int], gap: Gap) -> Gap:
        if figure == run[0]:
            return gap
        own = self.tokens[figure - 1]
        if own.has("up"):
            return replace(gap, direction="up", to_level=False)
        if own.has("down"):
            return replace(gap, direction="down", to_level=False)
        return gap

    # phrases

    def read_phrases(self) -> dict[int, Binding]:
        """Return the figures that phrases claim."""
        matcher = self.matcher
        pieces: list[str] = []
        places: list[int] = []
        figure_at: dict[int, int] = {}
        position = 0
        for index, quantity in enumerate(self.quantities):
            for offset in range(position, quantity.outer_start):
                pieces.append(self.text[offset])
                places.append(offset)
            figure_at[len(pieces)] = index
            pieces.append(FIGURE_MARK)
            places.append(quantity.outer_start)
            position = quantity.outer_end
        for offset in range(position, len(self.text)):
            pieces.append(self.text[offset])
            places.append(offset)
        places.append(len(self.text))
        coded = "".join(pieces)
        if FIGURE_MARK not in coded:
            return {}
        claims: dict[int, Binding] = {}
        tried: set[int] = set()
        for anchor in matcher.anchors.finditer(coded):
            for phrase in matcher.phrases[anchor.group(1)]:
                if id(phrase) in tried:
                    continue
                tried.add(id(phrase))
                at = 0
                while (match := phrase.expression.search(coded, at)) is not None:
                    at = match.start() + 1
                    figure = match.start("figure")
                    index = figure_at[figure]
                    gaps = [match.span(group) for group in range(1, (match.lastindex or 0) + 1)]
                    if any(
                        self._swallows(phrase.rule, places[first], places[last])
                        for first, last in gaps
                        if last > first and not first <= figure < last
                    ):
                        continue
                    start, end = places[match.start()], self._phrase_end(match.end(), figure, places, index)
                    self._claim(claims, phrase.rule, phrase.measure, phrase.shown, index, start, end)
        return claims

    def _swallows(self, rule: IndicatorRule, start: int, end: int) -> bool:
        """Tell whether the name of another indicator stands wholly in ``[start:end]``, with a figure of its own."""
        for index, hit in self.hits.items():
            token = self.tokens[index]
            if start <= token.start and token.end <= end and all(other.id != rule.id for other in hit.rules):
                following = next((t for t in self.tokens[index + 1 :] if t.kind is TokenKind.FIGURE), None)
                if following is not None and following.end <= end:
                    return True
        return False

    def _phrase_end(self, end: int, figure: int, places: list[int], index: int) -> int:
        if end - 1 == figure:
            return self.quantities[index].outer_end
        return places[end - 1] + 1

    def _claim(
        self,
        claims: dict[int, Binding],
        rule: IndicatorRule,
        measure: Measure | None,
        shown: str,
        index: int,
        start: int,
        end: int,
    ) -> None:
        token = next(i for i, t in enumerate(self.tokens) if t.figure == index)
        before = token - 1
        gap = Gap()
        if before >= 0 and self.tokens[before].kind is TokenKind.CUE:
            gap = self.read_gap(before, token, False)
            gap.refused = ""
        word = _excluded(self.text, Token(TokenKind.NAME, start, end, ""), rule.exclude)
        if word:
            self.found.refused.append(Refused(rule, "exclude", word, index))
            return
        if measure is Measure.CHANGE:
            gap.direction, gap.to_level = gap.direction or "up", False
        elif measure is Measure.LEVEL:
            gap.direction = ""
        elif measure is Measure.GROWTH:
            gap.direction = gap.direction or "up"
        value = self.value(rule, False, self.quantities[index], gap, True)
        if isinstance(value, str):
            return
        binding = Binding(
            rule=rule,
            value=value,
            figure=index,
            name_start=start,
            name_end=end,
            quote_start=min(start, self.quantities[index].outer_start),
            quote_end=max(end, self.quantities[index].outer_end),
            held=gap.held,
            how="phrase",
            phrase=shown,
            origin=next((i for i, t in enumerate(self.tokens) if t.end > start), token),
        )
        known = claims.get(index)
        if known is None or (known.quote_end - known.quote_start) > (binding.quote_end - binding.quote_start):
            claims[index] = binding

    # words

    def read_words(self) -> None:
        """Bind targets in words (与经济增长同步) to the names right before them."""
        for index, token in enumerate(self.tokens):
            if token.kind is not TokenKind.WORDS:
                continue
            since = next(
                (i + 1 for i in range(index - 1, -1, -1) if self.tokens[i].kind in (TokenKind.FIGURE, TokenKind.WORDS)),
                0,
            )
            group, last = self.group_before(index, since)
            if not group:
                continue
            gap = self.read_gap(last + 1, index, True)
            if gap.refused or gap.comma or gap.semicolon or gap.unknown > (12 if gap.join else 4):
                continue
            for hit in group:
                rules = (hit.whole,) if hit.whole is not None and not (gap.each or gap.respectively) else hit.rules
                for rule in rules:
                    name = self.tokens[hit.token]
                    first = self.tokens[group[0].token]
                    self.found.bindings.append(
                        Binding(
                            rule=rule,
                            value=Bounded(Measure.GROWTH, None, None, Bound.NONE, ""),
                            figure=-1,
                            name_start=name.start,
                            name_end=name.end,
                            quote_start=first.start,
                            quote_end=token.end,
                            stretch=gap.stretch,
                            words=token.text,
                            how="words",
                            origin=hit.token,
                        )
                    )

    def read_open_stretch(self) -> None:
        """Bind a stretch without a number (努力争取更好结果) to the indicator right before it."""
        for index, token in enumerate(self.tokens):
            if not token.has("stretch_open"):
                continue
            before = [
                b
                for b in self.found.bindings
                if b.figure >= 0 and b.quote_end <= token.start and b.value.measure is Measure.GROWTH
            ]
            if not before:
                continue
            last = max(before, key=lambda b: b.quote_end)
            if any(mark in self.text[last.quote_end : token.start] for mark in "；。"):
                continue
            self.found.bindings.append(
                replace(
                    last,
                    value=Bounded(Measure.GROWTH, None, None, Bound.NONE, ""),
                    figure=-1,
                    quote_end=token.end,
                    stretch=token.text,
                    words=token.text,
                    how="words",
                    origin=index,
                )
            )

    # the whole sentence

    def read(self) -> SentenceBindings:
        """Read the sentence."""
        self.read_names()
        phrases = self.read_phrases()
        subject: Subject | None = None
        since = 0
        for run in self.runs():
            before = len(self.found.bindings)
            subject, since = self._read_next(run, since, subject, phrases)
            bound = self.found.bindings[before:]
            self.trail.extend(
                (figure, tuple(b for b in bound if b.figure == self.tokens[figure].figure)) for figure in run
            )
        self.read_words()
        self.read_open_stretch()
        self.read_missed()
        return self.found

    def _read_next(
        self, run: list[int], since: int, subject: Subject | None, phrases: dict[int, Binding]
    ) -> tuple[Subject | None, int]:
        """Read one run of figures; return the subject after it and where the next gap begins."""
        claims = [phrases[self.tokens[i].figure] for i in run if self.tokens[i].figure in phrases]
        if not claims:
            return self._read_run(run, since, subject), run[-1] + 1
        self.found.bindings.extend(claims)
        self.claimed.update(claim.figure for claim in claims)
        final = claims[-1]
        inside = subject is not None and any(
            final.name_start <= self.tokens[hit.token].start < final.name_end for hit in subject.hits
        )
        if final.value.measure is Measure.CHANGE and inside:
            return subject, run[-1] + 1  # 贷款余额120亿元，比年初增加9亿元，增长8%: the growth is the balance's
        hit = NameHit(run[0], (final.rule,))
        self.history.append(hit)
        return Subject((hit,), last=(final,)), run[-1] + 1

    def _read_run(self, run: list[int], since: int, subject: Subject | None) -> Subject | None:
        first = run[0]
        group, end = self.group_before(first, since)
        if group:
            gap = self.read_gap(end + 1, first, True)
            candidate = Subject(tuple(group), gap.respectively, gap.each)
            if all(token.has("join") or token.text == "，" for token in self.tokens[since : group[0].token]):
                self._inherit(gap, subject, run, group[-1].rules[0])
            if gap.join and not (gap.respectively or gap.each) and self.tokens[first - 1].has("join"):
                gap.refused = gap.refused or "join"
            if gap.comma and not (gap.direction or gap.to_level or gap.glue):
                gap.refused = gap.refused or "comma"
            if gap.semicolon:
                gap.refused = gap.refused or "semicolon"
            if self._is_part(group, since, subject):
                gap.refused, gap.word = "part", self.tokens[group[0].token].text
            if not gap.refused and not gap.share_of_plan:
                bound = self.attach(candidate, run, gap, "name before")
                if bound:
                    self.found.bindings.extend(bound)
                    candidate.last = tuple(bound)
                    return candidate
                after = self._bind_after(run)
                if after is None and not any(character.isdigit() for character in self.tokens[first].text):
                    candidate.open = True  # 迈上千亿台阶，达到1023亿元
                    return candidate
                return after
            after = self._bind_after(run)
            if after is not None:
                return after
            for hit in group:
                for rule in hit.rules:
                    self.found.refused.append(
                        Refused(rule, gap.refused or "share_of_plan", gap.word, self.tokens[first].figure)
                    )
            candidate.open = gap.opening.startswith(self.matcher.lexicon.words("glue.circumstances"))
            return candidate  # without a figure yet: 用电量8月起回升，12月增长20.5%，全年增长8.4%
        gap = self.read_gap(since, first, False)
        if subject is None and gap.respectively and not (gap.refused or gap.unknown):
            return self._refer_back(run, gap)
        if subject is not None and subject.last:
            carried = self._carry(run, gap, subject)
            if carried is not None:
                return carried
        elif subject is not None and self._takes_up(subject, gap):
            bound = self.attach(subject, run, gap, "subject carried over")
            if bound:
                self.found.bindings.extend(bound)
                subject.last = tuple(bound)
                return subject
        after = self._bind_after(run)
        if after is not None:
            return after
        # A figure about something else ends the subject; one that only compares (是2006年的1.7倍) does not.
        return subject if gap.unknown == 0 and not gap.refused else None

    def _is_part(self, group: Sequence[NameHit], since: int, subject: Subject | None) -> bool:
        """Tell whether 其中 opens a part of the indicator that was just given (外资14亿，其中外商直接投资11亿)."""
        among = any(token.has("among") for token in self.tokens[since : group[0].token])
        known = {b.rule.id for b in subject.last} if subject is not None else set()
        return among and any(rule.id in known for hit in group for rule in hit.rules)

    @staticmethod
    def _takes_up(subject: Subject, gap: Gap) -> bool:
        """Tell whether a figure takes up a name that has none yet: 用电量逐月回升，全年增长8.4%."""
        if gap.refused or gap.unknown:
            return False
        return (gap.reset and bool(gap.direction)) or (subject.open and gap.glue and gap.comma)

    def _inherit(self, gap: Gap, subject: Subject | None, run: list[int], rule: IndicatorRule) -> None:
        """Let 增长 reach over a list whose later items leave it out: 甲增长7%、乙9%."""
        if gap.direction or gap.to_level or gap.unknown or gap.glue or subject is None or not subject.last:
            return
        quantity = self.quantities[self.tokens[run[0]].figure]
        previous = subject.last[-1]
        growth = previous.value.measure is Measure.GROWTH and Measure.GROWTH in rule.measures
        if quantity.form is Form.PERCENT and growth and previous.figure >= 0 and not self._is_rate(rule):
            low = previous.value.low if previous.value.low is not None else previous.value.high
            gap.direction = "down" if low is not None and low < 0 else "up"

    def _carry(self, run: list[int], gap: Gap, subject: Subject) -> Subject | None:
        """Bind a run to the subject of the run before it, where nothing new has been named."""
        figure = self.tokens[run[0]].figure
        quantity = self.quantities[figure]
        if gap.share_of_plan and quantity.form is Form.PERCENT:
            for base in subject.last:
                self.found.self_reports.append(
                    SelfReport(
                        base.rule,
                        quantity.low or quantity.high,
                        None,
                        None,
                        base.quote_start,
                        quantity.outer_end,
                        figure,
                        base,
                    )
                )
            self.claimed.add(figure)
            return subject
        if gap.against_target in ("below", "above"):
            difference = quantity.low if quantity.low is not None else quantity.high
            if difference is not None:
                signed = -difference if gap.against_target == "below" else difference
                for base in subject.last:
                    self.found.self_reports.append(
                        SelfReport(base.rule, None, signed, None, base.quote_start, quantity.outer_end, figure, base)
                    )
                self.claimed.add(figure)
            return subject
        if gap.against_target:
            for base in subject.last:
                self.found.refused.append(Refused(base.rule, "comparison", gap.word, figure))
            return subject
        if gap.refused == "share":
            return subject
        if gap.per_head and not all(gap.per_head in self.tokens[hit.token].text for hit in subject.hits):
            return None  # 地区生产总值812亿元，人均6.4万元
        added = self.matcher.lexicon.words("guard.added")
        if gap.total and all(self.tokens[hit.token].text.startswith(added) for hit in subject.hits):
            return None  # 新增市场主体15万户，总量突破90万户: the stock is another indicator
        if gap.refused or gap.unknown > (LONGEST_UNKNOWN if gap.stretch else 0):
            return None
        if self._is_second_growth(subject, quantity, gap):
            for base in subject.last:
                self.found.refused.append(Refused(base.rule, "second_growth", quantity.raw, figure))
            return subject
        if gap.stretch and not gap.direction and quantity.form is Form.PERCENT:
            previous = subject.last[-1].value
            if previous.measure is Measure.GROWTH:
                low = previous.low if previous.low is not None else previous.high
                gap.direction = "down" if low is not None and low < 0 else "up"
        if gap.glue and not gap.direction and subject.last[-1].from_level:
            gap.to_level = True  # 由18:49:33演进为15:55:30
        this_year = gap.among and gap.reset  # 五年累计792亿元，其中去年110亿元
        if not (gap.direction or gap.to_level or gap.stretch or gap.respectively or gap.each or gap.scope or this_year):
            level_after_growth = gap.glue and all(
                b.value.measure is not Measure.LEVEL or b.value.bound in (Bound.GE, Bound.APPROX) for b in subject.last
            )
            flat = quantity.form in (Form.FLAT, Form.DOUBLING)
            if not (level_after_growth or flat):
                return None
        subject = self._fitting_subject(subject, run, gap)
        if gap.direction and quantity.form is Form.AMOUNT and not gap.to_level:
            changes = all(Measure.CHANGE in hit.rules[0].measures for hit in subject.hits)
            if not changes:
                for base in subject.last:
                    self.found.refused.append(Refused(base.rule, "change", quantity.raw, figure))
                return subject
        hits = subject.hits
        dealt = self._referred_back(run) if gap.respectively or len(run) > 1 else None
        if gap.each and len(hits) == 1:
            hits = self._theme_hits(subject)
        again = Subject(hits, subject.respectively or gap.respectively, subject.each or gap.each, subject.last)
        bound = self.attach(again, run, gap, "subject carried over", dealt=dealt)
        if not bound:
            return subject if not self._names_new_thing(gap) else None
        self.found.bindings.extend(bound)
        again.last = tuple(bound)
        return again

    def _fitting_subject(self, subject: Subject, run: list[int], gap: Gap) -> Subject:
        """Return an earlier subject of the same theme where a moved figure's unit fits only that one.

        优良天数320天，占比87.7%，较上年多12天: twelve days are no change of a share.
        """
        if not gap.direction or gap.to_level or len(run) > 1 or gap.respectively or gap.each:
            return subject
        if any(self._fits(rule, hit.growth, run[0], gap) for hit in subject.hits for rule in hit.rules):
            return subject
        theme = subject.hits[0].rules[0].theme
        for hit in reversed(self.history):
            rule = hit.rules[0]
            if rule.theme == theme and len(hit.rules) == 1 and self._fits(rule, hit.growth, run[0], gap):
                last = tuple(b for b in self.found.bindings if b.rule.id == rule.id)
                return Subject((hit,), last=last[-1:] or subject.last)
        return subject

    def _is_second_growth(self, subject: Subject, quantity: Quantity, gap: Gap) -> bool:
        """Tell whether the subject has its growth already: what follows is on another basis (扣除…因素后增长4.1%)."""
        if quantity.form is not Form.PERCENT or gap.to_level or gap.stretch or gap.reset or gap.scope or gap.among:
            return False
        if gap.respectively or gap.each:
            return False
        last = subject.last[-1]
        quoted = last.figure >= 0 and OLD_TARGET.match(self.text[self.quantities[last.figure].outer_end :])
        return last.value.measure is Measure.GROWTH and bool(gap.direction) and not quoted

    def _referred_back(self, run: list[int]) -> list[tuple[IndicatorRule, bool, int, int]] | None:
        """Deal a list of figures out to the figures right before it, place by place.

        甲12亿元、乙5亿元，分别增长8%和6%: the second list belongs to 甲 and 乙. A figure that no rule claimed keeps
        its place; None where the figures before are fewer or of another kind.
        """
        wanted = len(run)
        rates = (Form.PERCENT, Form.POINT, Form.TIMES)
        last = self.trail[-wanted:]
        if len(last) < wanted or wanted < 2:
            return None
        forms = [self.quantities[self.tokens[figure].figure].form in rates for figure, _ in last]
        run_is_rate = self.quantities[self.tokens[run[0]].figure].form in rates
        if run_is_rate and any(
            is_rate and any(b.value.measure is not Measure.LEVEL for b in bound)
            for is_rate, (_, bound) in zip(forms, last, strict=True)
        ):
            return None
        dealt = [
            (binding.rule, False, figure, binding.origin)
            for figure, (_, bound) in zip(run, last, strict=True)
            for binding in bound[:1]
        ]
        return dealt or None

    def _refer_back(self, run: list[int], gap: Gap) -> Subject | None:
        """Bind a list of growths to the figures before it where the last of them is nobody's."""
        dealt = self._referred_back(run)
        if not dealt:
            return None
        subject = Subject(tuple(NameHit(name, (rule,)) for rule, _, _, name in dealt), respectively=True)
        bound = self.attach(subject, run, gap, "subject carried over", dealt=dealt)
        self.found.bindings.extend(bound)
        subject.last = tuple(bound)
        return subject if bound else None

    def _theme_hits(self, subject: Subject) -> tuple[NameHit, ...]:
        """Return the last names with figures that are of one theme: 甲12元，乙5元，均增长8%."""
        theme = subject.hits[0].rules[0].theme
        chosen: list[NameHit] = []
        for hit in reversed(self.history):
            if hit.rules[0].theme != theme:
                break
            chosen.insert(0, hit)
        return tuple(chosen) or subject.hits

    @staticmethod
    def _names_new_thing(gap: Gap) -> bool:
        return gap.unknown > 0

    def _bind_after(self, run: list[int]) -> Subject | None:
        """Bind a figure to the name that follows it: 新增30家高新技术企业, 30万亩玉米调减."""
        last = run[-1]
        quantity = self.quantities[self.tokens[last].figure]
        families = self.matcher.lexicon.words("number.before_noun_families")
        if quantity.form is not Form.AMOUNT or len(run) > 1 or (quantity.family and quantity.family not in families):
            return None
        hit = self.name_after(last)
        if hit is None or len(hit.rules) != 1:
            return None
        if not quantity.family and hit.token != last + 1:
            return None  # without a unit only the noun right behind tells what is counted
        following = self.tokens[hit.token + 1 : hit.token + 2]
        if following and following[0].kind is TokenKind.FIGURE:
            return None  # the name has a figure of its own
        subject = Subject((hit,))
        before = self.read_gap(max(0, last - 1), last, False)
        gap = Gap(stretch=before.stretch)
        bound = self.attach(subject, run, gap, "name after", bare=not quantity.family)
        if not bound:
            return None
        self.found.bindings.extend(bound)
        subject.last = tuple(bound)
        return subject

    def read_missed(self) -> None:
        """Record the indicators that the sentence says fell short of their targets."""
        for index, token in enumerate(self.tokens):
            if not token.has("missed"):
                continue
            start = next(
                (
                    i + 1
                    for i in range(index - 1, -1, -1)
                    if self.tokens[i].kind is TokenKind.MARK and self.tokens[i].text in "；。："
                ),
                0,
            )
            for position in range(start, index):
                hit = self.hits.get(position)
                if hit is None:
                    continue
                for rule in hit.rules:
                    self.found.self_reports.append(
                        SelfReport(rule, None, None, False, self.tokens[position].start, token.end)
                    )


def _base_unit(unit: str) -> str:
    return re.sub(r"^[十百千万亿]+", "", unit) or unit


def _signed(value: Bounded, negative: bool) -> Bounded:
    if not negative:
        return value
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    flipped = {Bound.GE: Bound.LE, Bound.LE: Bound.GE}.get(value.bound, value.bound)
    return replace(value, low=low, high=high, bound=flipped)


def _with_bound(quantity: Quantity, last: Quantity) -> Quantity:
    """Return ``quantity`` under the hedge that ends its list (分别增长5%、6.5%左右)."""
    point = quantity.low if quantity.low is not None else quantity.high
    low = point if last.bound in (Bound.APPROX, Bound.GE) else None
    high = point if last.bound in (Bound.APPROX, Bound.LE) else None
    return replace(quantity, bound=last.bound, low=low, high=high, modifier=last.modifier)


def bind(text: str, quantities: Sequence[Quantity], tokens: list[Token], matcher: Matcher) -> SentenceBindings:
    """Bind the figures of one sentence (normalised ``text``) to indicators."""
    return _Reader(text, quantities, tokens, matcher).read()
