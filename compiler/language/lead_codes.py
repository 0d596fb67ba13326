"""The lead of a figure: what stands between a name (or the figure before) and it, as codes and as what they amount to.

Each token of a lead has a one-letter code; the constructions are patterns over these letters
(:mod:`compiler.language.constructions`). Beside the codes a lead carries what its words add up to: the direction of a
growth, a level that is reached, a stretch, whether something unknown stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compiler.language.guards import Guard
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.model import Form
from compiler.numbers import NUMERALS

LONGEST_UNKNOWN = 8
"""How many characters of unknown words may stand between a name and its figure, after a first known word."""

CODES: tuple[tuple[str, str], ...] = (
    ("1", "former"),
    ("2", "latter"),
    ("K", "share_of_plan"),
    ("M", "below_target above_target"),
    ("S", "stretch"),
    ("t", "to_level"),
    ("r", "rate_noun"),
    ("u", "up"),
    ("d", "down"),
    ("b", "better"),
    ("w", "worse"),
    ("R", "respectively"),
    ("E", "each"),
    ("j", "join"),
    ("%", "share"),
    ("+", "added"),
    ("O", "old_target"),
    ("D", "gap"),
    (">", "comparison"),
    ("#", "rank"),
    ("f", "from"),
    ("a", "among"),
    ("T", "total"),
    ("P", "per_head"),
    ("v", "average"),
    ("k", "cumulative"),
    ("p", "period_reset same_year"),
    ("q", "period_short"),
    ("l", "period_long span"),
    ("o", "scope"),
    ("h", "held"),
    ("g", "glue"),
    ("i", "status"),
    ("B", "base_tier"),
    ("s", "suffix"),
    ("m", "modifier preposition"),
    ("y", "coming_year plan_in_review achieved_in_plan compared_with plan_base"),
)
"""The code of a cue word by its categories; the first that the word has counts. What has none of them is unknown."""

UNKNOWN, SILENT, COMMA, SEMICOLON, OPEN, MARK, YEAR, NAME = "x", "_", ",", ";", "(", ":", "Y", "n"
"""A character of unknown text, text that says nothing (的, quotes), the marks, a year, another name."""


class Direction(StrEnum):
    """Which way a figure says that something moved."""

    NONE = ""
    UP = "up"
    DOWN = "down"
    BETTER = "better"
    WORSE = "worse"


@dataclass(slots=True)
class Lead:
    """What stands before a figure. ``codes`` is the string of its codes; the rest is what the words amount to."""

    codes: str = ""
    refused: Guard | None = None
    word: str = ""
    direction: Direction = Direction.NONE
    to_level: bool = False
    held: str = ""
    stretch: str = ""
    status: str = ""
    glue: bool = False
    unknown: int = 0
    compares: str = ""  # the word of a comparison: 高于, 低于目标
    below: bool = False  # … with a target that was not reached
    opening: str = ""  # the first unknown text
    per_head: str = ""
    verb: str = ""  # the last word that leads to the figure: 达到, 完成
    of_last_year: bool = False  # 是上年的2.6倍
    as_reason: bool = False  # last year's, told as a reason for the target: 这是考虑到去年增长18.2%

    @property
    def moves(self) -> bool:
        """Whether the figure tells a movement, not where it led."""
        return bool(self.direction) and not self.to_level

    def holds(self, codes: str) -> bool:
        """Tell whether one of the codes stands in the lead."""
        return codes in self.codes if len(codes) == 1 else not frozenset(codes).isdisjoint(self.codes)

    @property
    def dealt(self) -> bool:
        """Whether the figures are dealt out by a word: 分别, 均."""
        return self.holds("RE")

    @property
    def tail(self) -> str:
        """The codes of the figure's own clause."""
        return self.codes[self.codes.rfind(COMMA) + 1 :]


_DIRECTIONS = {"u": Direction.UP, "d": Direction.DOWN, "b": Direction.BETTER, "w": Direction.WORSE}
_SILENT_SIGNS = "的了“”\"'、/ "
_LONG_TEXT = 4
"""A longer unknown text between a direction and a figure parts the one from the other."""


def _code(token: Token) -> str:
    for code, categories in CODES:
        if not token.categories.isdisjoint(categories.split()):
            return code
    return UNKNOWN * len(token.text)


_codes_of: dict[frozenset[str], str] = {}


def code_of(token: Token) -> str:
    """Return the code of a cue word; one letter a character where the word is of no category that a lead knows."""
    known = _codes_of.get(token.categories)
    if known is None:
        known = _code(token)
        known = _codes_of[token.categories] = "" if known.startswith(UNKNOWN) else known
    return known or UNKNOWN * len(token.text)


def strives(following: Token | None) -> bool:
    """Tell whether what follows 力争 or 争取 is a figure, or a verb that leads to one."""
    return following is None or (
        following.kind is TokenKind.FIGURE
        or following.has("glue", "up", "down", "to_level", "held", "better", "respectively", "each")
    )


def says_nothing(text: str) -> bool:
    """Tell whether unknown text is of no weight: 的, 了, quotation marks."""
    return not text.strip(_SILENT_SIGNS)


_LONGEST_VERB = 2
"""The longest verb that may stand between 比上年多 and a figure."""


_NAMING = (TokenKind.NAME, TokenKind.WORDS)


class _Reader:
    """Reads one lead token by token."""

    __slots__ = ("after_name", "codes", "end", "first", "lead", "sentence", "start")

    def __init__(self, sentence: TokenisedSentence, start: int, end: int, after_name: bool) -> None:
        self.sentence = sentence
        self.start, self.end = start, end
        self.after_name = after_name
        self.lead = Lead()
        self.codes: list[str] = []
        self.first = True

    def read(self) -> Lead:
        for position in range(self.start, self.end):
            token = self.sentence.tokens[position]
            kind = token.kind
            if kind is TokenKind.REMARK:
                continue
            if kind is TokenKind.MARK:
                self._mark(token, position)
            elif kind is TokenKind.YEAR:
                self.codes.append(YEAR)
            elif kind in _NAMING and self._compares(position) and self._interposed(position):
                self.codes.append(SILENT)  # 增速高于全省平均水平，达到8.6%
                continue
            elif self.codes and self.codes[-1] == SILENT and token.has("join") and self._compares(position - 1):
                self.codes.append(COMMA)  # 增速高于经济增速、突破3万元
                if not self._rate_goes_on():
                    self.lead.direction, self.lead.to_level = Direction.NONE, False
                continue
            elif kind in _NAMING:
                self._refuse(Guard.OTHER_NAME, token.text)
                self.codes.append(NAME)
                continue
            elif kind is TokenKind.TEXT or self._is_stray(token):
                self._text(token, position)
            else:
                self._cue(token, position)
            self.first = False
        lead = self.lead
        lead.codes = "".join(self.codes)
        if self.end < len(self.sentence.tokens):
            ahead = self.sentence.text[: self.sentence.tokens[self.end].start]
            lead.of_last_year = ahead.endswith(self.sentence.language.lexicon.words("number.of_last_year"))
        if lead.unknown > LONGEST_UNKNOWN and lead.refused is None:  # the word told is that of the first reason
            self._refuse(Guard.FAR, str(lead.unknown))
        return lead

    def _compares(self, position: int) -> bool:
        """Tell whether the token at ``position`` is words of comparison, or the name that another is compared with."""
        token, before = self.sentence.tokens[position], self.sentence.tokens[position - 1]
        return token.kind is TokenKind.WORDS or (token.kind is TokenKind.NAME and before.has("comparison"))

    def _interposed(self, position: int) -> bool:
        """Tell whether the token at ``position`` ends its clause, so that the name before it speaks on behind it."""
        following = self.sentence.tokens[position + 1] if position + 1 < self.end else None
        return self.after_name and following is not None and following.text in ("，", "、")

    def _refuse(self, guard: Guard, word: str) -> None:
        """Let the first guard decide, and the last word tell why."""
        self.lead.refused, self.lead.word = self.lead.refused or guard, word

    def _is_stray(self, token: Token) -> bool:
        """Tell whether a direction of one character stands apart from the figure: 增 in 增势, no 增5%."""
        figure = self.sentence.tokens[self.end] if self.end < len(self.sentence.tokens) else None
        return len(token.text) == 1 and token.has("up", "down") and (figure is None or token.end != figure.start)

    def _mark(self, token: Token, position: int) -> None:
        lead = self.lead
        if token.text == "，":
            self.codes.append(COMMA)
            if not self._rate_goes_on():  # 增速居全国第4位，达到9.1% is a growth still
                lead.direction, lead.to_level = Direction.NONE, False
            if not self.after_name and position > self.start:
                # The clause of the figure before goes on to its end; what counts comes after the comma.
                lead.unknown, lead.refused, lead.word, lead.glue = 0, None, "", False
        else:
            self.codes.append({"；": SEMICOLON, "（": OPEN}.get(token.text, MARK))

    def _refers_back(self, text: str) -> bool:
        """Tell whether a text takes up the figures before it by their number: 三项(指标), 两者."""
        return len(text) > 1 and text[:-1] in NUMERALS and text[-1] in self.sentence.language.lexicon.words("list.back")

    def _rate_goes_on(self) -> bool:
        """Tell whether a rate that has been named (增速) is what the figure tells, over the comma as well."""
        if "r" not in self.codes or self.end >= len(self.sentence.tokens):
            return False
        figure = self.sentence.tokens[self.end]
        return figure.kind is TokenKind.FIGURE and self.sentence.quantity(self.end).form is Form.PERCENT

    def _is_adverb(self, text: str, position: int) -> bool:
        """Tell whether unknown text right behind the name can be an adverb: 稳健增长, 逆势上扬; no noun does."""
        following = self.sentence.tokens[position + 1] if position + 1 < len(self.sentence.tokens) else None
        leads = following is not None and following.has("up", "down", "to_level")
        words = self.sentence.language.lexicon.words
        noun = text.endswith(words("guard.not_adverbs")) or text.startswith(words("glue.circumstances"))
        return leads and not noun

    def _counts_more(self, position: int) -> bool:
        """Tell whether the text at ``position`` stands between 比上年多 (or 少) and the figure: a verb does."""
        before = self.sentence.tokens[position - 1]
        more = self.sentence.language.lexicon.words("direction.more")
        return position == self.end - 1 > self.start and before.has("up", "down") and before.text.endswith(more)

    def _text(self, token: Token, position: int) -> None:
        lead = self.lead
        text = token.text.strip(_SILENT_SIGNS)
        words = self.sentence.language.lexicon.words
        within = text in words("guard.within_target") and self.sentence.tokens[position - 1].has("old_target")
        if not text or within or text.endswith(words("number.milestones")) or self._refers_back(text):
            self.codes.append(SILENT)  # 迈上千亿元台阶、达1023亿元; 三项指标分别增长…
            return
        if self._counts_more(position) and len(text) <= _LONGEST_VERB:
            self.codes.append(SILENT)  # 比上年多引进4000万元
            return
        lead.opening = lead.opening or text
        if not self.after_name and text.endswith(self.sentence.language.lexicon.words("guard.noun_endings")):
            self._refuse(Guard.NEW_SUBJECT, text)
        if self.first and self.after_name and not self._is_adverb(text, position):
            self._refuse(Guard.SUFFIX, text)
        lead.unknown += len(text)
        self.codes.append(UNKNOWN * len(text))
        if lead.direction and len(text) > _LONG_TEXT:
            lead.direction = Direction.NONE

    def _cue(self, token: Token, position: int) -> None:
        lead = self.lead
        tokens = self.sentence.tokens
        if token.has("modifier") and not self.after_name and not token.has("glue", "suffix", "scope", "join"):
            lead.unknown += len(token.text)
            self.codes.append(UNKNOWN * len(token.text))
        if self.after_name and position == self.start == self.end - 1 and token.has("of"):
            lead.refused, lead.word = Guard.SHARE, token.text  # 一般公共预算支出的80%
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.has("stretch") and not strives(following):
            lead.unknown += len(token.text)  # 争取中央资金: a verb with an object, not a stretch
            self.codes.append(UNKNOWN * len(token.text))
            return
        if token.has("old_target") and self._says_within(token):
            self.codes.append(SILENT)  # 控制在年度目标以内，为1.9%: no target is quoted
            return
        if token.has("join") and lead.direction and self._reaches(position + 1):
            self.codes.append(COMMA)  # 稳步提升、达到62%
            if not self._rate_goes_on():
                lead.direction, lead.to_level = Direction.NONE, False
            return
        code = code_of(token)
        self.codes.append(code)
        if code == "K":
            return
        if code == "R":
            self._respectively(token)
        if code == "M":
            lead.compares, lead.below = token.text, token.has("below_target")
            return
        if code.startswith(UNKNOWN):
            lead.unknown += len(token.text)
        self._add_up(token)

    def _reaches(self, position: int) -> bool:
        """Tell whether a verb at ``position`` leads to a level, words for striving aside: 力争|达到."""
        tokens = self.sentence.tokens
        while position < self.end and tokens[position].has("stretch", "stretch_open", "status"):
            position += 1
        return position < self.end and tokens[position].text.endswith(
            self.sentence.language.lexicon.words("direction.to")
        )

    def _says_within(self, token: Token) -> bool:
        """Tell whether the words behind a target only say that it was kept: 年度目标|以内."""
        return self.sentence.text.startswith(self.sentence.language.lexicon.words("guard.within_target"), token.end)

    def _respectively(self, token: Token) -> None:
        """Take up 分别: it deals figures out to the list before it, or to another one that this clause begins."""
        lead = self.lead
        listed = lead.refused in (None, Guard.SUFFIX, Guard.OTHER_NAME)
        clause = "".join(self.codes).rpartition(COMMA)
        if clause[1] and any(sign in clause[2] for sign in (UNKNOWN, NAME, "j")):
            self._refuse(Guard.NEW_SUBJECT, token.text)  # 养老金，低保、特困供养标准分别…: another list
        elif self.after_name and listed and (lead.unknown or lead.refused):
            # 甲、未知名称分别…: what stood before is members of the list; whether each has a figure is counted.
            lead.unknown, lead.refused, lead.word = 0, None, ""

    def _add_up(self, token: Token) -> None:
        """Take from a cue word what it tells of the figure."""
        lead, categories = self.lead, token.categories
        if "to_level" in categories and lead.direction and self.codes.count("r"):
            pass  # 降幅收窄到2.4%: the noun says which way, the verb only where it led
        elif "to_level" in categories:
            lead.to_level, lead.direction = True, Direction.NONE
        else:
            direction = next((move for move in _MOVES if move in categories), None)
            if direction is not None and "r" in self.codes[:-1] and lead.direction:
                pass  # 增速虽有回落，仍达8%: it is the rate that fell
            elif direction is not None:
                lead.direction = direction
                if direction in (Direction.UP, Direction.DOWN):
                    lead.to_level = False
        if "glue" in categories:
            lead.glue, lead.verb = True, token.text
        if "held" in categories:
            lead.held = token.text
        if "stretch" in categories:
            lead.stretch = token.text
        if "status" in categories:
            lead.status = lead.status or token.text
        if "per_head" in categories:
            lead.per_head = token.text
        if not token.has("up", "down"):
            for category, guard in _GUARDING.items():
                if category in categories:
                    self._refuse(guard, token.text)
        if "comparison" in categories:
            lead.compares = lead.compares or token.text
            lead.word = lead.word or token.text


_MOVES = tuple(direction for direction in Direction if direction)
"""The directions; a cue word that tells one has it among its categories."""

_GUARDING = {"share": Guard.SHARE, "added": Guard.ADDED, "old_target": Guard.OLD_TARGET}
"""Cue words that keep the figure behind them from the name before."""


def read_lead(sentence: TokenisedSentence, start: int, end: int, after_name: bool) -> Lead:
    """Read the tokens ``[start:end]`` that stand before the figure at token ``end``."""
    return _Reader(sentence, start, end, after_name).read()
