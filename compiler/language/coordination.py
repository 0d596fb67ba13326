"""Lists: figures that form a run, names that form a group, and which figure is whose (A、B和C分别增长x、y和z)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from compiler.language.mentions import Hits
from compiler.language.outcomes import Binding, NameHit
from compiler.language.tokens import TokenisedSentence, TokenKind
from compiler.model import Bound, Form, IndicatorRule

Run = list[int]
"""The token positions of figures that belong together."""

_RATES = (Form.PERCENT, Form.TIMES, Form.FLAT, Form.DOUBLING)


@dataclass(slots=True)
class Subject:
    """What the figures at hand are about: a list of names, and how its figures are dealt out."""

    hits: tuple[NameHit, ...]
    respectively: bool = False
    each: bool = False
    last: tuple[Binding, ...] = ()
    quoted: bool = False  # a target has been quoted beside the result
    open: bool = False  # the name waits for its figure: 粮食总产因旱减产，仍达3835万吨


class Share(NamedTuple):
    """One figure dealt to one indicator; ``figure`` and ``name`` are tokens."""

    rule: IndicatorRule
    growth: bool
    figure: int
    name: int


Fits = Callable[[IndicatorRule, bool, int], bool]
"""Tells whether a rule can take the figure at a token (growth name or not)."""


def runs_of(sentence: TokenisedSentence) -> list[Run]:
    """Return the token positions of figures, grouped into lists (28484元和13539元; 5%、6%和下降2%)."""
    runs: list[Run] = []
    previous = -2
    for index in sentence.figure_tokens.values():
        if runs and _joined(sentence, runs[-1], previous, index):
            runs[-1].append(index)
        else:
            runs.append([index])
        previous = index
    return runs


def _joined(sentence: TokenisedSentence, run: Run, previous: int, index: int) -> bool:
    """Tell whether the figure at token ``index`` goes on with the list that ends at token ``previous``."""
    if previous == index - 1 and sentence.quantity(index).bound is Bound.EQ:
        return True  # 5600户1.9万人
    between = sentence.tokens[previous + 1 : index]
    if not between or not between[0].has("join"):
        return False
    if all(token.has("join") or token.text in sentence.language.lexicon.words("list.rhythms") for token in between):
        return True  # 每人每月680元、每人每年6200元
    directed = all(token.has("join", "up", "down") and not token.has("to_level") for token in between)
    return directed and _alike(sentence, run[-1], index)


def _alike(sentence: TokenisedSentence, first: int, second: int) -> bool:
    """Tell whether two figures, each with a direction, belong to one list (增长5%、下降2%).

    优良天数320天、增加12天 is no list: the second figure is the change of the first.
    """
    if first > 0 and not sentence.tokens[first - 1].has("up", "down"):
        return False
    a, b = sentence.quantity(first), sentence.quantity(second)
    families = sentence.language.lexicon.words("number.rate_families")
    if all(quantity.form in _RATES or quantity.family in families for quantity in (a, b)):
        return True
    return a.form is b.form


def group_before(sentence: TokenisedSentence, hits: Hits, first: int, since: int) -> tuple[list[NameHit], int]:
    """Return the list of names that ends last before token ``first``, and the token where it ends."""
    last = max((position for position in hits if since <= position < first), default=-1)
    if last < 0:
        return [], -1
    group = [hits[last]]
    position = last
    dealt = sentence.any_has("respectively", last + 1, first)
    while True:
        position = _member_before(sentence, hits, position, since, dealt)
        if position < 0:
            return group, last
        hit = hits[position]
        if not any(hit.rules == other.rules for other in group):
            group.insert(0, hit)


def _member_before(sentence: TokenisedSentence, hits: Hits, position: int, since: int, dealt: bool) -> int:
    """Return the token of the name that a join ties to the name at token ``position``, −1 where none does.

    Where the figures are dealt out, so does 特别是 behind a comma: 固定资产投资，特别是工业投资分别增长8%、12%.
    """
    tokens = sentence.tokens
    before = next((i for i in range(position - 1, since - 1, -1) if i in hits), -1) if dealt else -1
    if before >= 0:
        link = sentence.text[tokens[before].end : tokens[position].start]
        if link.removeprefix("，") in sentence.language.lexicon.words("list.especially"):
            return before
    step = position - 1
    joined = False
    while step >= since:
        token = tokens[step]
        opens = token.kind is TokenKind.MARK and token.text == "（"
        if not (opens or token.has("join", "modifier", "scope", "suffix") or token.kind is TokenKind.REMARK):
            break
        joined = joined or opens or token.has("join")
        step -= 1
    return step if joined and step >= since and step in hits else -1


def name_after(sentence: TokenisedSentence, hits: Hits, index: int) -> NameHit | None:
    """Return the name that follows the figure at token ``index`` with nothing but modifiers between."""
    unknown = 0
    for position in range(index + 1, len(sentence.tokens)):
        token = sentence.tokens[position]
        if position in hits:
            return hits[position]
        if token.kind is TokenKind.TEXT:
            unknown += len(token.text)
            if unknown > _LONGEST_MODIFIER:
                return None
        elif token.kind is TokenKind.FIGURE:
            # 215台10蒸吨以下燃煤锅炉: a bound on the size of the thing counted.
            if sentence.quantity(position).bound not in (Bound.GE, Bound.LE):
                return None
        elif not token.has("modifier", "suffix"):
            return None
    return None


_LONGEST_MODIFIER = 4
"""How many characters of unknown text may stand between a figure and the name behind it."""


def deal(sentence: TokenisedSentence, hits: Hits, subject: Subject, run: Run, fits: Fits) -> list[Share]:
    """Deal a run of figures out to the names of a subject; empty where it is open which is whose."""
    names = subject.hits
    expanded = [(rule, hit.growth, hit.token) for hit in names for rule in hit.rules]
    if len(run) == 1 and sentence.quantity(run[0]).form is Form.AMOUNT and _summed_list(sentence, hits, run[0]):
        return []
    if len(run) > len(expanded) and _unknown_members(sentence, hits, run):
        return deal_by_place(sentence, hits, names, run)  # 二氧化硫、PM2.5、二氧化氮浓度下降24%、15%、8%
    if len(expanded) == 1 and not (subject.respectively and len(run) > 1):
        rule, growth, token = expanded[0]
        figure = run[-1] if marks_crossed(sentence, run) else run[0]
        if len(run) > 1:
            figure = next((f for f in (figure, *run) if fits(rule, growth, f)), figure)
        return [Share(rule, growth, figure, token)]
    if len(run) > 1:
        if len(run) == len(expanded):
            return [Share(r, g, figure, t) for (r, g, t), figure in zip(expanded, run, strict=True)]
        if len(run) == len(names):
            return _wholes(names, run)
        return deal_by_place(sentence, hits, names, run) if subject.respectively else []
    figure = run[0]
    each = subject.respectively or subject.each
    if len(names) == 1 and names[0].whole is not None and not each:
        return [Share(names[0].whole, names[0].growth, figure, names[0].token)]
    if len(names) == 1 or each or sentence.quantity(figure).form is not Form.AMOUNT:
        return [Share(r, g, figure, t) for r, g, t in expanded]
    return []


def marks_crossed(sentence: TokenisedSentence, run: Run) -> bool:
    """Tell whether a list holds the marks that one amount has crossed, in rising order: 先后跨越5000亿元、6000亿元.

    The last of them tells where it stands, under the hedge of the first.
    """
    if len(run) == 1:
        return False
    marks = [sentence.quantity(figure) for figure in run]
    hedged = marks[0].bound is Bound.GE and marks[0].outer_start < marks[0].start
    alike = all((mark.form, mark.unit) == (Form.AMOUNT, marks[0].unit) for mark in marks)
    lows = [mark.low for mark in marks if mark.low is not None]
    return hedged and alike and len(lows) == len(run) and lows == sorted(set(lows))


def _unknown_members(sentence: TokenisedSentence, hits: Hits, run: Run) -> bool:
    """Tell whether figures of one form are as many as the members of the list before them, unknown ones among them."""
    if len({sentence.quantity(figure).form for figure in run}) > 1:
        return False
    members = members_before(sentence, hits, run[0])
    return None in members and _wanted(members) == len(run)


def _summed_list(sentence: TokenisedSentence, hits: Hits, figure: int) -> bool:
    """Tell whether a figure is the sum of a list of several things: 造林绿化、森林抚育和封山育林共60万亩."""
    before = sentence.tokens[figure - 1] if figure else None
    if before is None or before.text not in sentence.language.lexicon.words("list.sums"):
        return False
    return len(members_before(sentence, hits, figure)) > 1


def _wanted(members: Sequence[NameHit | None]) -> int:
    """Return how many figures a list asks for; a name may stand for several indicators."""
    return sum(1 if member is None else len(member.rules) for member in members)


def deal_by_place(sentence: TokenisedSentence, hits: Hits, names: Sequence[NameHit], run: Run) -> list[Share]:
    """Deal figures out by place in a list that holds names no rule knows: 甲、未知名称分别达到90%和95%."""
    places = members_before(sentence, hits, run[0])
    if _wanted(places) != len(run) or not any(place in names for place in places):
        return []
    shares = []
    figures = iter(run)
    for place in places:
        for rule in (None,) if place is None else place.rules:
            figure = next(figures)
            if rule is not None and place is not None:
                shares.append(Share(rule, place.growth, figure, place.token))
    return shares


def members_before(sentence: TokenisedSentence, hits: Hits, first: int) -> list[NameHit | None]:
    """Return the members of the list that stands before token ``first`` in its clause, None for unknown ones."""
    tokens = sentence.tokens
    start = max((position for position in hits if position < first), default=first)
    while start > 0 and not (tokens[start - 1].kind is TokenKind.MARK and tokens[start - 1].text != "（"):
        start -= 1
    places: list[NameHit | None] = [None]
    for position in range(start, first):
        token = tokens[position]
        if token.has("respectively") or (token.kind is TokenKind.MARK and token.text in "，；"):
            break
        if token.has("join"):
            places.append(None)
        elif position in hits:
            places[-1] = hits[position]
    return places


def _wholes(names: Sequence[NameHit], run: Run) -> list[Share]:
    shares: list[Share] = []
    for hit, figure in zip(names, run, strict=True):
        rules = (hit.whole,) if hit.whole is not None and len(hit.rules) > 1 else hit.rules
        shares.extend(Share(rule, hit.growth, figure, hit.token) for rule in rules)
    return shares


Trail = list[tuple[int, tuple[Binding, ...]]]
"""The figures read so far (by token), each with what it was bound to."""


def refer_back(sentence: TokenisedSentence, trail: Trail, run: Run) -> list[Share]:
    """Deal a list of figures out to the figures right before it, place by place.

    甲12亿元、乙5亿元，分别增长8%和6%: the second list belongs to 甲 and 乙. A figure that no rule claimed keeps
    its place; empty where the figures before are fewer or of another kind.
    """
    return [Share(base.rule, False, figure, base.origin) for figure, base in dealt_back(sentence, trail, run)]


def dealt_back(sentence: TokenisedSentence, trail: Trail, run: Run) -> list[tuple[int, Binding]]:
    """Return each figure of a list with the binding of the figure before the list that stands in its place."""
    wanted = len(run)
    # 由23000元增加到34900元: the old figure has no place of its own.
    last = [(figure, bound) for figure, bound in trail if not (bound and all(b.from_level for b in bound))][-wanted:]
    if len(last) < wanted or wanted < 2:
        return []
    rates = (Form.PERCENT, Form.POINT, Form.TIMES)
    if sentence.quantity(run[0]).form in rates:
        for figure, bound in last:
            moved = any(binding.value.measure.value != "level" for binding in bound)
            if moved and sentence.quantity(figure).form in rates:
                return []
    return [(figure, binding) for figure, (_, bound) in zip(run, last, strict=True) for binding in bound[:1]]
