"""What stands between a name and a figure, or between two figures, and whether the meaning survives it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compiler.language.mentions import NameReader
from compiler.language.tokens import Token, TokenKind

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


class GapReader(NameReader):
    """Reads gaps."""

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
