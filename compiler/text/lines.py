"""The lines of a text, and what a line by itself tells: that it is numbered, closed, a page number."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from compiler.text.stray_marks import PARAGRAPH_END


@dataclass(slots=True)
class Line:
    """A line of the source: its span without the blanks around it, and ``text`` without any blanks.

    ``ends``: it ends its paragraph for certain.
    """

    start: int
    end: int
    text: str
    indented: bool
    gap: int
    ends: bool = False


_FULL_STOPS = frozenset("。！？…")

_CLOSING = "”’》）〕\"'"


def is_closed(text: str) -> bool:
    """Tell whether a text ends with a full stop, closing marks behind it aside."""
    return text.rstrip(_CLOSING)[-1:] in _FULL_STOPS


NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．](?![二三四五六七八九]、|[二三]次?产业)|第[一二三四五六七八九十]{1,3}(?:章|部分|篇|节)"
    r"|[\u4e00-\u9fff]{2}[一二三四五六七八九十]{1,3}：(?=.)"  # 专题一：…
    r"|（[一二三四五六七八九十]{1,3}）|（\d{1,2}）|\d{1,2}(?:、|\.(?=[^\d%]))|[①-⑳]|[―—─]{1,3}(?=[^\s])|[■□●○◆◇★☆▲△※▪•])"
)

HAN = re.compile("[\u4e00-\u9fff〇]")

PAGE_NUMBER = re.compile(
    r"^(?:[—―─–\-·*~～|]+\d{1,4}[—―─–\-·*~～|]+|第\d{1,4}页(?:[，/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}页?|[Pp]age\d{1,4}|[Pp]\.?\d{1,4})$"
)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that hold anything; blank ones count as the gap before the next."""
    lines: list[Line] = []
    at = 0
    gap = 0
    for raw in text.split("\n"):
        bare = raw.strip(" ")
        ends = bare[-1:] == PARAGRAPH_END
        if ends:
            bare = bare.rstrip(f" {PARAGRAPH_END}")
        if bare:
            start = at + raw.index(bare[0])
            squeezed = bare.replace(" ", "") if " " in bare else bare
            lines.append(Line(start, start + len(bare), squeezed, start > at, gap, ends))
            gap = 0
        else:
            gap += 1
        at += len(raw) + 1
    return lines


def without(lines: Sequence[Line], gone: Container[int]) -> list[Line]:
    """Return the lines but for those at the places ``gone``, which count as the gap before the next one."""
    left: list[Line] = []
    gap = 0
    for index, line in enumerate(lines):
        if index in gone:
            gap += line.gap + 1
            continue
        line.gap += gap
        gap = 0
        left.append(line)
    return left
