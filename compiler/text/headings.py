"""The headings of a report: numbered ones of every kind, and lines without a number that can only be headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compiler.model import Lexicon
from compiler.numbers import parse_numeral
from compiler.strings import any_of

PART_LEVEL, TOP_LEVEL, PLAIN_LEVEL = 0, 2, 7
"""Levels of an unnumbered heading that names a part, of 一、, and of any other unnumbered heading."""

_ENDED = re.compile(r"[。！？；：，…、][”’）》]*$")
_FIRST_SENTENCE = re.compile(r"^[^。！？：；]{2,60}?[。！：]")
_DATED = re.compile(r"(?:19|20)\d{2}(?:[-—～至到](?:19|20)?\d{2,4})?年?")
_DIGIT = re.compile("[0-9]")
_BULLET = re.compile(r"^[■□●○◆◇★☆▲△※▪•·*]+")
_BOXED = re.compile(r"^〔([^〔〕]{4,40})〕$")
_LONGEST, _LONGEST_ENDED, _LONGEST_PLAIN = 60, 35, 32
"""A line of more characters is a sentence; one with a stop or without a number is so the sooner."""


def heading_marks(parts: tuple[str, ...]) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return the kinds of heading numbers from the highest down, each with its level.

    ``parts`` are the words for parts of a text: 部分, 章.
    """
    numeral = "[一二三四五六七八九十]{1,3}"
    counted = any_of(parts)
    return (
        (1, re.compile(f"第({numeral})(?:{counted})[、：:]?")),
        (2, re.compile(f"({numeral})[、.．]")),
        (3, re.compile(f"（({numeral})）[、.]?")),
        (3, re.compile(f"[\u4e00-\u9fff]{{2}}({numeral})：")),  # 专题一：, 板块二：
        (4, re.compile(r"(\d{1,2})(?:、|\.(?!\d)|．)")),
        (5, re.compile(r"（(\d{1,2})）[、.]?")),
        (6, re.compile(r"([①-⑳])")),
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level, its number at that level (0 without one), its text, and whether it is all of its line."""

    level: int
    number: int
    text: str
    alone: bool


def _number(numeral: str) -> int:
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    return int(numeral) if numeral.isdigit() else parse_numeral(numeral) or 0


def has_figure(text: str) -> bool:
    """Tell whether a text holds a number other than a year."""
    return _DIGIT.search(text) is not None and _DIGIT.search(_DATED.sub("", text)) is not None


def _bare(line: str) -> str:
    """Return a line without the bullet before it or the box around it: ■一、…, 〔展望2019〕."""
    text = _BULLET.sub("", line)
    boxed = _BOXED.match(text)
    return text if boxed is None else boxed[1]


class HeadingFinder:
    """Finds the headings among the lines of a text. ``announces`` tells whether a heading's words name a part."""

    def __init__(self, lexicon: Lexicon, announces: Callable[[str], bool]) -> None:
        self._marks = heading_marks(lexicon.words("part.counters"))
        self._words = lexicon.words("part.review_headings") + lexicon.words("part.plan_headings")
        self._announces = announces

    def find(self, lines: Sequence[str]) -> list[Heading | None]:
        """Return the heading that each line is or begins with."""
        found: list[Heading | None] = []
        plain: list[int] = []
        for index, line in enumerate(lines):
            text = _bare(line)
            found.append(self._numbered(text))
            if found[-1] is None and self._may_be_plain(text):
                plain.append(index)
        tops = [heading for heading in found if heading is not None and heading.level <= TOP_LEVEL]
        tops_announce = any(self._announces(heading.text) for heading in tops)
        candidates = set(plain)
        for index in plain:
            if index + 1 >= len(lines):
                continue
            text = _bare(lines[index]).rstrip("：")
            announces = self._announces(text)
            crowd = sum(other in candidates for other in range(index - 2, index + 3))
            if crowd >= 4 or (crowd == 3 and not announces):
                continue  # cells of a table, names in a list
            level = PART_LEVEL if announces and not tops_announce else PLAIN_LEVEL
            found[index] = Heading(level, 0, text, alone=True)
        return found

    def _numbered(self, text: str) -> Heading | None:
        for level, mark in self._marks:
            number = mark.match(text)
            if number is not None:
                return self._after_number(text, level, number)
        return None

    def _after_number(self, text: str, level: int, found: re.Match[str]) -> Heading | None:
        """Return the heading that follows a number: its whole line, or the first sentence of it."""
        number, rest = _number(found[1]), text[found.end() :]
        if not rest:
            return None
        if self._is_whole(text, rest, level):
            return Heading(level, number, text.rstrip("：。"), alone=True)
        sentence = _FIRST_SENTENCE.match(rest)
        if sentence is not None and len(sentence[0]) <= 46 and len(sentence[0]) < len(rest):
            if has_figure(sentence[0]):
                return None
            return Heading(level, number, text[: found.end() + len(sentence[0]) - 1], alone=False)
        return self._without_end(text, level, number, found.end()) if level <= TOP_LEVEL else None

    def _is_whole(self, text: str, rest: str, level: int) -> bool:
        if len(text) > _LONGEST or re.search("[。；！？]", rest[:-1]):
            return False
        closed = _ENDED.search(rest)
        stops = "：。" if level <= TOP_LEVEL + 1 else "："
        return closed is None or (closed[0][0] in stops and len(text) <= _LONGEST_ENDED and not has_figure(rest))

    def _without_end(self, text: str, level: int, number: int, start: int) -> Heading | None:
        """Return the heading of a line that lost its end: it runs to the word that makes it a heading."""
        for word in self._words:
            at = text.find(word, start, start + 30)
            if at >= 0 and "，" not in text[start:at]:
                return Heading(level, number, text[: at + len(word)], alone=False)
        return None

    def _may_be_plain(self, text: str) -> bool:
        """Tell whether a line can be an unnumbered heading; one that ends in a colon must name a part."""
        bare = text.rstrip("：")
        return (
            2 <= len(bare) <= _LONGEST_PLAIN
            and not _ENDED.search(bare)
            and not re.search("[。；！？]", bare)
            and not has_figure(bare)
            and bare[0] not in "（(—―"
            and (bare == text or self._announces(bare))
        )
