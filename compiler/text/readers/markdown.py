"""Markdown: the text without its marks; tables by row and column."""

from __future__ import annotations

import re
from dataclasses import replace

from compiler.text.limits import Limits
from compiler.text.readers import Decoded, Unreadable
from compiler.text.readers import text as plain
from compiler.text.readers._blocks import Blocks, raised

SUFFIXES = (".md", ".markdown")

_HEAD = re.compile(r"^(?:---|\+\+\+)\n.*?\n(?:---|\+\+\+|\.\.\.)\n", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*$")
_LINE_MARK = re.compile(r"^\s{0,3}(?:>\s?)+|^\s*[-*+]\s+(?=\S)")
_RULE = re.compile(r"^\s{0,3}(?:[-*_=]\s*){3,}$|^\s*```.*$")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
_NOTE = re.compile(r"\[\^[^\]\n]+\]")
_RAISED = re.compile(r"<sup>([^<>\n]{1,20})</sup>|\^([^^\s]{1,4})\^", re.IGNORECASE)
_STRUCK = re.compile(r"~~[^~\n]*~~")
_STRONG = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<!--.*?-->", re.DOTALL)
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_CELL_END = re.compile(r"(?<!\\)\|")


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Unreadable:
    """Return the text of a Markdown file."""
    decoded = plain.decode(data, suffix, limits)
    if isinstance(decoded, Unreadable):
        return decoded
    text = _RAISED.sub(_as_read, _HEAD.sub("", decoded.text, count=1))
    lines = _TAG.sub("", text).split("\n")
    blocks = Blocks()
    at = 0
    while at < len(lines):
        if at + 1 < len(lines) and "|" in lines[at] and _TABLE_RULE.match(lines[at + 1]):
            last = at + 2
            while last < len(lines) and "|" in lines[last]:
                last += 1
            _table([lines[at], *lines[at + 2 : last]], blocks)
            at = last
            continue
        blocks.paragraph("" if _RULE.match(lines[at]) else _plain(lines[at]))
        at += 1
    return replace(decoded, text=blocks.text(), encoding=f"markdown/{decoded.encoding}", tables=tuple(blocks.tables))


def _as_read(found: re.Match[str]) -> str:
    return raised(found[1] or found[2], found.string[max(0, found.start() - 1) : found.start()])


def _plain(line: str) -> str:
    heading = _HEADING.match(line)
    line = heading[1] if heading else _LINE_MARK.sub("", line)
    for pattern, new in ((_PICTURE, ""), (_LINK, r"\1"), (_NOTE, ""), (_STRUCK, ""), (_STRONG, r"\2")):
        line = pattern.sub(new, line)
    return line.replace("\\", "")


def _table(lines: list[str], blocks: Blocks) -> None:
    rows = [[_plain(cell.strip()) for cell in _CELL_END.split(line.strip().strip("|"))] for line in lines]
    width = max(map(len, rows))
    cells = [cell for row in rows for cell in (*row, *[""] * (width - len(row)))]
    blocks.table([list(range(at, at + width)) for at in range(0, len(cells), width)], [*map(Blocks.of, cells)])
