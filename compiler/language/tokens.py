"""A sentence as tokens: names of indicators, figures, cue words, years, punctuation and other text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from compiler.language.vocabulary import Language, NameEntry
from compiler.model import Quantity


class TokenKind(Enum):
    """What a token is."""

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
    level: str = ""  # of the report's place: 国家, 省级, 地级, 县级
    figure_tokens: dict[int, int] = field(default_factory=dict)

    def quantity(self, token: int) -> Quantity:
        """Return the figure at a token."""
        return self.quantities[self.tokens[token].figure]

    def token_of(self, figure: int) -> int:
        """Return the token of a figure, −1 where a name has swallowed it."""
        return self.figure_tokens.get(figure, -1)

    def after(self, figure: int) -> str:
        """Return the few characters behind a figure, to show."""
        end = self.quantities[figure].outer_end
        return self.text[end : end + 8]

    def quotes_target(self, figure: int) -> bool:
        """Tell whether what follows a figure says that it quotes a target: 增长8%的年度目标."""
        return self.language.quoted_target.match(self.text, self.quantities[figure].outer_end) is not None


_YEAR = re.compile(r"(?<!\d)(?:((?:19|20)\d{2})年?[-—–~～至到]{1,2})?((?:19|20)\d{2})年")
_MONTHS = re.compile(r"(?<!\d)(\d{1,2})(?:[-—–~至到、])?(\d{1,2})?月(份|末|底|初)?(前)?")
_FIRST_MONTHS = re.compile(r"前(?:\d{1,2}|[一二两三四五六七八九十]+)个月")
_SPANS = re.compile(
    r"(?<!连续)(?:近|过去|前|这|[两二三四五六七八九十])?[两二三四五六七八九十]+年(?:间|来|时间|共|累计)?"
)
_REMARK = re.compile(r"（[^（）]*）")
_MARKS = frozenset("，；。！？：（）")
_BLANK = "\x00"
_REST = re.compile(r"[，；。！？：（）]|[^\x00，；。！？：（）]+")
_NO_CATEGORIES: frozenset[str] = frozenset()
_SPAN = frozenset({"span"})
_SHORT_PERIOD = frozenset({"period_short"})
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


def _names(text: str, language: Language) -> list[tuple[int, int, str]]:
    """Return the names in ``text`` with their spans; a remark in brackets may stand inside a name."""
    found = [(match.start(), match.end(), match.group()) for match in language.names.finditer(text)]
    remarks = [match.span() for match in _REMARK.finditer(text) if _BLANK not in match.group()]
    if not remarks:
        return found
    kept = [i for i in range(len(text)) if not any(start <= i < end for start, end in remarks)]
    for match in language.names.finditer("".join(text[i] for i in kept)):
        start, end = kept[match.start()], kept[match.end() - 1] + 1
        if end - start > match.end() - match.start():
            found = [name for name in found if name[1] <= start or end <= name[0]]
            found.append((start, end, match.group()))
    return found


def tokenise(text: str, quantities: Sequence[Quantity], language: Language, places: re.Pattern[str]) -> list[Token]:
    """Cut ``text`` (one normalised sentence) into tokens; ``quantities`` are its figures.

    ``places`` finds the names of places below the report's own, which guard the scope.
    """
    masked = list(text)
    found: list[Token] = []

    def take(token: Token) -> None:
        found.append(token)
        masked[token.start : token.end] = _BLANK * (token.end - token.start)

    for match in language.names_with_digits.finditer(text):
        if any(q.start < match.end() and match.start() < q.end for q in quantities):
            # 500万元以上项目: the figure is part of the name.
            take(_name(match.start(), match.end(), match.group(), language))
    for index, quantity in enumerate(quantities):
        if masked[quantity.start] == _BLANK:
            continue
        take(
            Token(
                TokenKind.FIGURE,
                quantity.outer_start,
                quantity.outer_end,
                text[quantity.outer_start : quantity.outer_end],
                figure=index,
            )
        )
    for match in language.words_targets.finditer("".join(masked)):
        if _BLANK not in match.group():
            take(Token(TokenKind.WORDS, match.start(), match.end(), match.group()))
    for start, end, literal in _names("".join(masked), language):
        take(_name(start, end, literal, language))
    for match in language.bracketed_cues.finditer("".join(masked)) if "（" in text else ():
        take(Token(TokenKind.CUE, match.start(), match.end(), match.group(), language.categories[match.group()]))
    rest = "".join(masked)
    if "年" in rest:
        for match in _YEAR.finditer(rest):
            first = int(match.group(1)) if match.group(1) else 0
            take(
                Token(TokenKind.YEAR, match.start(), match.end(), match.group(), year=int(match.group(2)), since=first)
            )
    if "月" in rest:
        for match in _FIRST_MONTHS.finditer("".join(masked)):
            take(Token(TokenKind.CUE, match.start(), match.end(), match.group(), _SHORT_PERIOD))
        for match in _MONTHS.finditer("".join(masked)):
            take(Token(TokenKind.CUE, match.start(), match.end(), match.group(), _month_categories(match)))
    if "（" in rest:
        for match in _REMARK.finditer("".join(masked)):
            if _BLANK not in match.group():
                take(Token(TokenKind.REMARK, match.start(), match.end(), match.group()))
    for match in language.remarks.finditer("".join(masked)):
        if _BLANK not in match.group():
            take(Token(TokenKind.REMARK, match.start(), match.end(), match.group()))
    for match in places.finditer("".join(masked)):
        take(Token(TokenKind.CUE, match.start(), match.end(), match.group(), _PLACE_BELOW))
    for match in language.cues.finditer("".join(masked)):
        take(Token(TokenKind.CUE, match.start(), match.end(), match.group(), language.categories[match.group()]))
    for match in _SPANS.finditer("".join(masked)) if "年" in rest else ():
        take(Token(TokenKind.CUE, match.start(), match.end(), match.group(), _SPAN))
    rest = "".join(masked)
    for match in _REST.finditer(rest):
        kind = TokenKind.MARK if match.group() in _MARKS else TokenKind.TEXT
        found.append(Token(kind, match.start(), match.end(), match.group()))
    found.sort(key=lambda token: token.start)
    return found


def tokenised(
    text: str, quantities: Sequence[Quantity], language: Language, places: re.Pattern[str], level: str = ""
) -> TokenisedSentence:
    """Return one normalised sentence of a report on a place of ``level`` cut into tokens."""
    tokens = tokenise(text, quantities, language, places)
    figures = {token.figure: index for index, token in enumerate(tokens) if token.kind is TokenKind.FIGURE}
    return TokenisedSentence(text, quantities, tokens, language, level, figures)
