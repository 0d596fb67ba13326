"""Deals runs of figures out to lists of names: A、B和C分别增长x、y和z."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from compiler.language.leads import Gap
from compiler.language.outcomes import Binding, NameHit, Refused
from compiler.language.phrases import PhraseReader
from compiler.language.tokens import Token, TokenKind
from compiler.language.values import with_bound
from compiler.language.vocabulary import Matcher
from compiler.model import Bound, Form, IndicatorRule, Quantity


@dataclass(slots=True)
class Subject:
    """What the figures at hand are about: a list of names, and how its figures are dealt out."""

    hits: tuple[NameHit, ...]
    respectively: bool = False
    each: bool = False
    last: tuple[Binding, ...] = ()
    open: bool = False  # the name waits for its figure: 粮食总产因旱减产，仍达3835万吨


class Dealer(PhraseReader):
    """Groups figures into runs, names into lists, and binds the one to the other.

    ``claimed`` holds the figures that are spoken for, ``history`` the names that had figures, in order, and
    ``trail`` the figures read so far, each with what it was bound to.
    """

    def __init__(self, text: str, quantities: Sequence[Quantity], tokens: list[Token], matcher: Matcher) -> None:
        super().__init__(text, quantities, tokens, matcher)
        self.claimed: set[int] = set()
        self.history: list[NameHit] = []
        self.trail: list[tuple[int, tuple[Binding, ...]]] = []

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
                quantity = with_bound(quantity, last_quantity)
            elif (
                len(run) > 1
                and subject.respectively
                and quantity.bound is Bound.EQ
                and first_quantity.bound in (Bound.APPROX, Bound.GE, Bound.LE)
                and first_quantity.outer_start < first_quantity.start
            ):
                quantity = with_bound(quantity, first_quantity)
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
