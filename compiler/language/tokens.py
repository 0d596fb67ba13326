"""A sentence as tokens: names of indicators, figures, cue words, years, punctuation and other text."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto
from itertools import chain, compress, starmap
from operator import itemgetter
from typing import NamedTuple

from compiler.language.index import Spans, Standing, standing_in
from compiler.language.scopes import Scopes, scopes_of
from compiler.language.vocabulary import Language, NameEntry
from compiler.model import Bound, Identity, IndicatorRule, Quantity


class TokenKind(IntEnum):
    """What a token is. (A number, since that is the quickest key of a table.)"""

    NAME = auto()
    FIGURE = auto()
    CUE = auto()
    YEAR = auto()
    MARK = auto()
    REMARK = auto()
    WORDS = auto()
    TEXT = auto()


class Token(NamedTuple):
    """A piece of a sentence. Offsets count in the sentence's normalised text.

    A REMARK is a bracket without a figure of its own; WORDS is a target in words; TEXT is what no
    list knows. ``year`` is set for a YEAR, ``since`` for one that begins earlier (2016至2020年);
    ``figure`` is an index into the sentence's quantities. (A named tuple:
    there are thousands in a report, and a frozen dataclass takes four times as long to make.)
    """

    kind: TokenKind
    start: int
    end: int
    text: str
    categories: frozenset[str] = frozenset()
    entries: tuple[NameEntry, ...] = ()
    figure: int = -1
    year: int = 0
    since: int = 0

    def has(self, *categories: str) -> bool:
        """Tell whether the token carries one of the categories."""
        return not self.categories.isdisjoint(categories)


@dataclass(frozen=True, slots=True)
class TokenisedSentence:
    """A sentence (normalised text) with its figures and tokens, and the language that it is read in."""

    text: str
    quantities: Sequence[Quantity]
    tokens: Sequence[Token]
    language: Language
    standing: Standing
    scopes: Scopes
    level: str = ""  # of the report's place: 国家, 省级, 地级, 县级
    place: str = ""
    figure_tokens: dict[int, int] = field(default_factory=dict)
    names: Sequence[int] = ()  # the tokens that are names
    kinds: frozenset[TokenKind] = frozenset()  # of all its tokens
    categories: frozenset[str] = frozenset()  # of all its tokens
    list_ends: dict[int, int] = field(default_factory=dict)

    def quantity(self, token: int) -> Quantity:
        """Return the figure at a token."""
        return self.quantities[self.tokens[token].figure]

    def token_of(self, figure: int) -> int:
        """Return the token of a figure, −1 where a name has swallowed it."""
        return self.figure_tokens.get(figure, -1)

    def any_has(self, category: str, start: int, end: int) -> bool:
        """Tell whether one of the tokens ``[start:end]`` carries a category."""
        return category in self.categories and any(category in token.categories for token in self.tokens[start:end])

    def _named_beside(self, figure: int, other: int) -> bool:
        """Tell whether a join and a name stand between two figures, and no mark."""
        first, last = self.token_of(figure), self.token_of(other)
        between = self.tokens[first + 1 : last] if 0 <= first < last else ()
        return (
            len(between) > 1
            and between[0].has("join")
            and any(token.kind is TokenKind.NAME for token in between)
            and not any(token.kind in (TokenKind.MARK, TokenKind.FIGURE) for token in between)
        )

    def after(self, figure: int) -> str:
        """Return the few characters behind a figure, to show."""
        end = self.quantities[figure].outer_end
        return self.text[end : end + 8]

    def sets_standard(self, figure: int) -> str:
        """Return the words behind a figure that make it a standard or a threshold: 超8亿元的县, 2300元的新标准."""
        quantity = self.quantities[figure]
        match = self.language.standards.match(self.text, quantity.outer_end)
        if match is None and quantity.bound in _HEDGED:
            match = self.language.thresholds.match(self.text, quantity.outer_end)
        return match.group() if match is not None else ""

    def in_standard(self, name_start: int) -> str:
        """Return the words before a name that make its figure a standard's: 扶贫标准提高到农民人均纯收入2300元."""
        words = self.language.lexicon.words
        if not self.text.endswith(words("direction.to"), 0, name_start):
            return ""
        clause = re.split("[，。；、：]", self.text[:name_start])[-1]
        return next((word for word in words("guard.standard_names") if word in clause), "")

    def quotes_target(self, figure: int) -> bool:
        """Tell whether what follows a figure says that it quotes a target: 增长8%的年度目标.

        Figures set beside it share what follows, without a word of their own (8%左右、6%以上的预期目标) or each with
        its name (工业增长7%、投资增长9%的预期目标未能实现).
        """
        last = figure
        while last + 1 < len(self.quantities) and self._named_beside(last, last + 1):
            last += 1
        last = self._joined_to(last)
        return self.language.quoted_target.match(self.text, self.quantities[last].outer_end) is not None

    def outdone(self, figure: int) -> bool:
        """Tell whether a figure is what was planned, and what was done is told next: 计划500公里，实际完成620公里."""
        words, end = self.language.lexicon.words, self.quantities[figure].outer_end
        if self.text[end : end + 1] not in _NEXT or not self.text.startswith(words("guard.actual"), end + 1):
            return False
        clause = re.split("[，；。：]", self.text[: self.quantities[figure].start])[-1]
        return any(word in clause for word in words("guard.bracket_target"))

    def aimed_at(self, figure: int) -> str:
        """Return the word by which a figure is what was aimed at, or '': 目标是固定资产投资增长10%; 计划40家，完成46家.

        Words for the coming year make it this year's target instead.
        """
        ahead, words = self.text[: self.quantities[figure].outer_start], self.language.lexicon.words
        if not any(map(ahead.__contains__, words("guard.bracket_target"))):
            return ""  # as in nearly every sentence
        clause = re.split("[，；。：]", ahead)[-1]
        planned = words("guard.bracket_target") if self.outdone(figure) else ()
        aims = () if any(word in ahead for word in words("part.coming_year")) else words("guard.aims")
        return next((word for word in (*aims, *planned) if word in clause), "")

    def share_of_whole(self, figure: int, rule: IndicatorRule) -> str:
        """Return the words by which a figure is a part of what its name says, or '': 投资186亿元，占全市投资的58%."""
        behind = self.tokens[self.token_of(figure) + 1 :][:4]
        if len(behind) < 4 or behind[0].text not in _NEXT or not behind[1].has("share"):
            return ""
        whole = behind[2].text in self.scopes.own and any(entry.rule is rule for entry in behind[3].entries)
        return self.text[behind[1].start : behind[3].end] if whole else ""

    def told_done(self, figure: int) -> bool:
        """Tell whether what follows a figure says that it has been reached: 29微克/立方米的成果来之不易."""
        return self.language.told_done.match(self.text, self.quantities[figure].outer_end) is not None

    def _joined_to(self, figure: int) -> int:
        """Return the last of the figures that stand in one list with a figure, without a word of their own."""
        last = figure
        while last not in self.list_ends and last + 1 < len(self.quantities) and self._joins(last):
            last += 1
        end = self.list_ends.get(last, last)
        # All of a list end where it ends, so that a long one is walked through once.
        self.list_ends.update(dict.fromkeys(range(figure, last + 1), end))
        return end

    def _joins(self, figure: int) -> bool:
        """Tell whether nothing but a join stands between a figure and the next one."""
        following = self.quantities[figure + 1]
        between = self.text[self.quantities[figure].outer_end : following.outer_start]
        return following.outer_start == following.start and self.language.joins.fullmatch(between) is not None


_YEAR = re.compile(r"(?<!\d)(?:((?:19|20)\d{2})年?[-—–~～至到]{1,2})?((?:19|20)\d{2})年")
_MONTHS = re.compile(r"(?<!\d)(\d{1,2})(?:[-—–~至到、])?(\d{1,2})?月(份|末|底|初)?(前)?")
_FIRST_MONTHS = re.compile(
    r"(?:(?<!提)前|头|首|后|(?<=[馆园业营用线车])(?:仅|才|刚|短短)?)(?:\d{1,2}|[一二两三四五六七八九十几]+)?个月"
)
_SPANS = re.compile(
    r"(?<!连续)(?:近|过去|前|这|[两二三四五六七八九十])?(?:[两二三四五六七八九十]+|(?<![0-9])(?:[2-9]|10))年(?![级底末初前度])(?:间|来|时间|共|累计)?"
)
_REMARK = re.compile(r"（[^（）]*）")
_ITEM_NUMBER = re.compile(r"\d{1,2}[.．、](?!\d)|[①-⑳]|（[一二三四五六七八九十\d]{1,3}）")
_MARKS = frozenset("，；。！？：（）")
_NEXT = ("，", "、", "；", "（")
_HEDGED = (Bound.GE, Bound.LE, Bound.APPROX)
_BLANK = "\x00"
_STOPS = frozenset("\x00，；。！？：（）")
_MARK = re.compile(r"[，；。！？：（）]")
_REST = re.compile(r"[，；。！？：（）]|[^\x00，；。！？：（）]+")
_start_of = itemgetter(1)  # attrgetter("start") of a token takes longer
_kind_of, _categories_of, _entries_of = itemgetter(0), itemgetter(4), itemgetter(5)
_NO_CATEGORIES: frozenset[str] = frozenset()
_SPAN = frozenset({"span"})
_SHORT_PERIOD = frozenset({"period_short"})
_PLAN_BASE = frozenset({"plan_base"})
_PLACE_BELOW = frozenset({"place_below"})


def _month_categories(match: re.Match[str]) -> frozenset[str]:
    """Months make a figure one of part of the year, but for 1—12月 and 12月底, which close it."""
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    if match.group(4):
        return _NO_CATEGORIES  # 6月底前完成 is a deadline, not a period
    if last == 12 and (match.group(3) in ("底", "末") or (first == 1 and match.group(2))):
        return frozenset({"period_reset"})
    return _SHORT_PERIOD


def _name(start: int, end: int, literal: str, language: Language) -> Token:
    return Token(TokenKind.NAME, start, end, literal, entries=language.entries[literal])


def _names(text: str, language: Language, named: Spans) -> list[tuple[int, int, str]]:
    """Return the names in ``text`` with their spans; a remark in brackets may stand inside a name.

    ``named`` are those of the sentence before anything was taken from it.
    """
    found: list[tuple[int, int, str]] = []
    last = 0
    for start, end in named:
        if start >= last:
            if _BLANK in text[start:end]:
                end = language.names.at(text, start)
            if end:
                found.append((start, end, text[start:end]))
                last = end
    remarks = [m.span() for m in _REMARK.finditer(text) if _BLANK not in m.group()] if "（" in text else ()
    if not remarks:
        return found
    outside = zip((0, *(end for _, end in remarks)), (*(start for start, _ in remarks), len(text)), strict=True)
    kept = [*chain.from_iterable(starmap(range, outside))]
    bare = "".join(text[i] for i in kept)
    for first, last in language.names.one_by_one(bare):
        start, end = kept[first], kept[last - 1] + 1
        if end - start > last - first:
            found = [name for name in found if name[1] <= start or end <= name[0]]
            found.append((start, end, bare[first:last]))
    return found


_SHORTEST_MEMBER = 2
_LONGEST_MEMBER = 12
"""How many characters the member of a list may have that shares its head or end with a name."""


def _shared(
    text: str, masked: str, names: list[tuple[int, int, str]], language: Language
) -> list[tuple[int, int, str]]:
    """Return the members of lists that share their head or end with a name beside them, with their full names.

    规上工业产值和增加值: the head of the name before (规上工业) makes 增加值 a name; 工业、服务业增加值: the end of the
    name behind makes 工业 one.
    """
    if language.joins.search(masked) is None:
        return []
    joins = [match.span() for match in language.joins.finditer(masked)]
    known = sorted(names)
    starts = {start for start, _, _ in known}
    found: list[tuple[int, int, str]] = []
    for first, end in reversed(joins):
        at = bisect_left(known, (end,))
        if at < len(known) and known[at][0] == end:
            member = _with_end_of(masked, first, known[at][2], language)
            if member is not None and not any(a < member[1] and member[0] < b for a, b, _ in known):
                found.append(member)
                insort(known, member)
        elif at == len(known) or known[at][0] > end + _LONGEST_UNKNOWN_MEMBER:
            member = _with_end_of_unknown(masked, first, end, language)
            if member is not None and not any(a < member[1] and member[0] < b for a, b, _ in known):
                found.append(member)
                insort(known, member)
    for first, end in joins:
        before = None if end in starts else _last_before(known, first, text)
        if before is not None:
            member = _with_head_of(masked, end, before[2], language)
            if member is not None and not any(a < member[1] and member[0] < b for a, b, _ in known):
                found.append(member)
                insort(known, member)
    return found


def _last_before(names: list[tuple[int, int, str]], place: int, text: str) -> tuple[int, int, str] | None:
    """Return the last name that ends before a place in the same clause."""
    for at in range(bisect_left(names, (place,)) - 1, -1, -1):
        if names[at][1] <= place:
            return None if _MARK.search(text, names[at][1], place) else names[at]
    return None


def _with_end_of(masked: str, end: int, name: str, language: Language) -> tuple[int, int, str] | None:
    """Return the member that ends at ``end`` and takes the end of ``name``: 工业、服务业增加值."""
    start = end
    while start > 0 and end - start < _LONGEST_MEMBER and masked[start - 1] not in _STOPS:
        start -= 1
    for match in reversed([*language.joins.finditer(masked, start, end)]):
        start = max(start, match.end())
        break
    for position in range(start, end):
        lead_in = masked[start:position]
        if lead_in and not language.lead_ins.fullmatch(lead_in):
            continue
        member = masked[position:end]
        for cut in range(1, len(name)):
            if member + name[cut:] in language.entries and member != name[:cut]:
                return position, end, member + name[cut:]
    return None


_LONGEST_UNKNOWN_MEMBER = 16
"""How many characters a member of a list may have that no rule knows."""
_SHORTEST_END = 2
"""How many characters two members of a list share at least where only one of them is known."""


def _with_end_of_unknown(masked: str, end: int, behind: int, language: Language) -> tuple[int, int, str] | None:
    """Return the member that ends at ``end`` and shares its end with one behind the join that no rule knows.

    受污染耕地和重点建设用地安全利用率分别达到…: only where the figures are dealt out, so that the list is one.
    """
    dealt = language.dealing.search(masked, behind, behind + _LONGEST_UNKNOWN_MEMBER + 2)
    if dealt is None or any(sign in _STOPS for sign in masked[behind : dealt.start()]):
        return None
    other = masked[behind : dealt.start()]
    start = end
    while start > 0 and end - start < _LONGEST_MEMBER and masked[start - 1] not in _STOPS:
        start -= 1
    for position in range(start, end - 1):
        lead_in = masked[start:position]
        if lead_in and not language.lead_ins.fullmatch(lead_in):
            continue
        member = masked[position:end]
        for name in language.names_from(member):
            shared = name[len(member) :]
            if len(shared) >= _SHORTEST_END and other.endswith(shared):
                return position, end, name
    return None


def _with_head_of(masked: str, start: int, name: str, language: Language) -> tuple[int, int, str] | None:
    """Return the member that begins at ``start`` and takes the head of ``name``: 规上工业产值和增加值."""
    following = masked[start : start + _LONGEST_MEMBER].split(_BLANK)[0]
    if len(following) < _SHORTEST_MEMBER:
        return None
    for cut in range(len(name) - 1, 1, -1):
        written_out = name[:cut] + following
        end = language.names.at(written_out)
        if end > cut + 1 and written_out[:end] != name:
            return start, start + end - cut, written_out[:end]
    return None


@dataclass(slots=True)
class _Sheet:
    """A sentence on its way to tokens: ``rest`` is its text with what has been taken blanked out."""

    text: str
    quantities: Sequence[Quantity]
    language: Language
    places: re.Pattern[str]
    named: Spans
    rest: str
    found: list[Token] = field(default_factory=list)

    def take(self, tokens: Sequence[Token]) -> None:
        """Take tokens, given in their order, out of the rest."""
        self.found += tokens
        rest, at = self.rest, 0
        pieces: list[str] = []
        for token in tokens:
            start, end = token[1], token[2]
            pieces += (rest[at:start], _BLANK * (end - start))
            at = end
        self.rest = "".join((*pieces, rest[at:]))


_Step = Callable[[_Sheet], Sequence[Token]]


def _names_with_figures(sheet: _Sheet) -> Sequence[Token]:
    """500万元以上项目: the figure is part of the name."""
    text, known = sheet.text, sheet.language.names_with_digits
    found: list[Token] = []
    last = 0
    for start, end in sheet.named:
        if start >= last and text[start:end] in known:
            last = end
            if any(q.start < end and start < q.end for q in sheet.quantities):
                found.append(_name(start, end, text[start:end], sheet.language))
    return found


def _item_number(sheet: _Sheet) -> Sequence[Token]:
    """7.工业投资增长12%；8.…: the number of an item is no part of the name behind it."""
    text = sheet.text
    found: list[Token] = []
    start = 0
    while True:
        number = _ITEM_NUMBER.match(text, start)
        if number is not None:
            found.append(Token(TokenKind.MARK, start, number.end(), number.group()))
        start = text.find("；", start) + 1
        if not start:
            return found


def _circumstances(sheet: _Sheet) -> Sequence[Token]:
    """在煤价下降9%的背景下: the figures within are told of the circumstances."""
    if sheet.language.circumstances.search(sheet.rest) is None:
        return ()
    return [
        Token(TokenKind.REMARK, match.start(), match.end(), match.group())
        for match in sheet.language.circumstances.finditer(sheet.rest)
        if any(match.start() <= q.start < match.end() for q in sheet.quantities)
    ]


def _set_aside(sheet: _Sheet) -> Sequence[Token]:
    """剔除减税降费因素: what is set aside names no indicator of its own."""
    if sheet.language.set_aside.search(sheet.rest) is None:
        return ()
    return [
        Token(TokenKind.REMARK, match.start(), match.end(), match.group())
        for match in sheet.language.set_aside.finditer(sheet.rest)
        if _BLANK not in match.group() and match.group() not in sheet.language.categories
    ]


def _figures(sheet: _Sheet) -> Sequence[Token]:
    text, rest, figure = sheet.text, sheet.rest, TokenKind.FIGURE
    return [
        Token(figure, q.outer_start, q.outer_end, text[q.outer_start : q.outer_end], figure=index)
        for index, q in enumerate(sheet.quantities)
        if rest[q.start] != _BLANK
    ]


def _all_names(sheet: _Sheet) -> Sequence[Token]:
    names = _names(sheet.rest, sheet.language, sheet.named)
    shared = _shared(sheet.text, sheet.rest, names, sheet.language)
    return [_name(start, end, literal, sheet.language) for start, end, literal in sorted((*names, *shared))]


def _years(sheet: _Sheet) -> Sequence[Token]:
    return [
        Token(
            TokenKind.YEAR,
            match.start(),
            match.end(),
            match.group(),
            year=int(match.group(2)),
            since=int(match.group(1) or 0),
        )
        for match in _YEAR.finditer(sheet.rest)
    ]


def _months(sheet: _Sheet) -> Sequence[Token]:
    return [
        Token(TokenKind.CUE, match.start(), match.end(), match.group(), _month_categories(match))
        for match in _MONTHS.finditer(sheet.rest)
    ]


def _within_a_word(rest: str, start: int, end: int) -> bool:
    """Tell whether a comparison of one character is part of a longer word: 吉仁高勒镇, no 比全省高1.2个百分点."""
    following = rest[end : end + 1]
    return following not in ("", _BLANK, "了") and following not in _STOPS and rest[start - 1] != _BLANK


def _all_cues(sheet: _Sheet) -> Sequence[Token]:
    rest, known, cue = sheet.rest, sheet.language.categories, TokenKind.CUE
    found = []
    for start, end in sheet.language.cues.one_by_one(rest):
        word = rest[start:end]
        categories = known[word]
        if end - start > 1 or "comparison" not in categories or not _within_a_word(rest, start, end):
            found.append(Token(cue, start, end, word, categories))
    return found


def _cues(pattern: Callable[[_Sheet], re.Pattern[str]], categories: frozenset[str] | None = None) -> _Step:
    """Return a step that takes the matches of an expression as cue words, of the lexicon's categories unless given."""

    def step(sheet: _Sheet) -> Sequence[Token]:
        expression = pattern(sheet)
        if expression.search(sheet.rest) is None:
            return ()
        known = sheet.language.categories
        return [
            Token(TokenKind.CUE, match.start(), match.end(), match.group(), categories or known[match.group()])
            for match in expression.finditer(sheet.rest)
        ]

    return step


def _whole(pattern: Callable[[_Sheet], re.Pattern[str]], kind: TokenKind) -> _Step:
    """Return a step that takes the matches of an expression in which nothing has been taken before."""

    def step(sheet: _Sheet) -> Sequence[Token]:
        expression = pattern(sheet)
        if expression.search(sheet.rest) is None:
            return ()
        return [
            Token(kind, match.start(), match.end(), match.group())
            for match in expression.finditer(sheet.rest)
            if _BLANK not in match.group()
        ]

    return step


def _where(sign: str, step: _Step) -> _Step:
    """Return a step that is taken only where a sign stands in the sentence."""
    return lambda sheet: step(sheet) if sign in sheet.rest else ()


_STEPS: tuple[_Step, ...] = (
    _item_number,
    _names_with_figures,
    _circumstances,
    _figures,
    _set_aside,
    _whole(lambda sheet: sheet.language.words_targets, TokenKind.WORDS),
    _all_names,
    _where("（", _cues(lambda sheet: sheet.language.bracketed_cues)),
    _where("年", _years),
    _where("月", _cues(lambda sheet: _FIRST_MONTHS, _SHORT_PERIOD)),
    _where("月", _months),
    _where("（", _whole(lambda sheet: _REMARK, TokenKind.REMARK)),
    _whole(lambda sheet: sheet.language.ranks, TokenKind.REMARK),
    _whole(lambda sheet: sheet.language.remarks, TokenKind.REMARK),
    _where("五", _cues(lambda sheet: sheet.language.plan_bases, _PLAN_BASE)),
    _where("年", _cues(lambda sheet: sheet.language.ago_bases, _PLAN_BASE)),
    _cues(lambda sheet: sheet.places, _PLACE_BELOW),
    _all_cues,
    _where("年", _cues(lambda sheet: _SPANS, _SPAN)),
)
"""What is looked for, in this order: what an earlier step has taken is gone for the later ones."""


def tokenise(
    text: str, quantities: Sequence[Quantity], language: Language, places: re.Pattern[str], named: Spans
) -> list[Token]:
    """Cut ``text`` (one normalised sentence) into tokens; ``quantities`` are its figures.

    ``places`` finds the names of places below the report's own, which guard the scope; ``named`` are the spans of the
    names of indicators.
    """
    sheet = _Sheet(text, quantities, language, places, named, text)
    for step in _STEPS:
        tokens = step(sheet)
        if tokens:
            sheet.take(tokens)
    mark, other = TokenKind.MARK, TokenKind.TEXT
    for match in _REST.finditer(sheet.rest):
        left, (start, end) = match[0], match.span()
        sheet.found.append(Token(mark if left in _MARKS else other, start, end, left))
    sheet.found.sort(key=_start_of)
    return sheet.found


def tokenised(
    text: str,
    quantities: Sequence[Quantity],
    language: Language,
    places: re.Pattern[str],
    identity: Identity,
    standing: Standing | None = None,
) -> TokenisedSentence:
    """Return one normalised sentence of a report on a place cut into tokens; ``places`` are those below it.

    ``standing`` is what the report's index has of it.
    """
    held = standing if standing is not None else standing_in(text, quantities, language)
    tokens = tokenise(text, quantities, language, places, held.names)
    kinds, figure = [*map(_kind_of, tokens)], TokenKind.FIGURE
    figures = {tokens[index].figure: index for index, kind in enumerate(kinds) if kind is figure}
    names = [*compress(range(len(tokens)), map(_entries_of, tokens))]
    level, place = identity.place_level, identity.place
    categories = _NO_CATEGORIES.union(*map(_categories_of, tokens))
    scopes = scopes_of(identity, language.lexicon)
    return TokenisedSentence(
        text, quantities, tokens, language, held, scopes, level, place, figures, names, frozenset(kinds), categories
    )
