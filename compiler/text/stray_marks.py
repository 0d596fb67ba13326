"""What no writer of a report put there: markup, marks of footnotes, letters against copying, damaged signs.

All of it goes before lines are joined, as edits of the text, so that offsets into the source stay.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

Edit = tuple[int, int, str]
"""A span to replace and what comes in its stead."""

PARAGRAPH_END = "\x01"
"""Stands at the end of a line that ends its paragraph for certain."""

BLOT = "□"
"""Stands for each character of a figure that cannot be read."""

#: Radicals that PDF files give for the characters that look like them; Unicode does not tie these to one another.
RADICALS = (
    "⺜日 ⺝月 ⺟母 ⺠民 ⺩王 ⺫目 ⺬示 ⺮竹 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻑长 ⻒长 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞"
    " ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟"
)

_ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[a-zA-Z]{2,8})[;；]|<U\+([0-9A-F]{4})>")
_TAG = re.compile(r"</?(?:su[bp]|span|strong|font|[biupa]|br|div|em|td|tr|table|o:p|img)(?:\s[^<>\n]{0,200})?/?>", re.I)
_BREAKING = re.compile(r"</?(?:br|p|div|tr)\b", re.I)
_RAISED = re.compile(r"<sup>\s*[〔（]?\d{1,3}[〕）]?\s*</sup>", re.I)
_SUBSCRIPT = re.compile(r"(?<=[A-Za-z])(?:_\{?|\{)(\d+(?:\.\d+)?)\}?")
_HAN = "\u4e00-\u9fff"
_NOTE = r"〔(?:(?:注释?)?\d{1,3}|注释?)〕"
_FIGURE_AFTER = r"(?! *(?:%|个?百分点|[亿万千百元号]))"
# What begins with its own sign is looked for by that sign; with a look behind first, at every character.
_FOOTNOTE = re.compile(rf"[ 〔](?:(?<=[^\n ] ) *{_NOTE}|(?<=[^\n ]〔){_NOTE.removeprefix('〔')}){_FIGURE_AFTER}")
_FOOTNOTE_LINE = re.compile(rf"(?<=[{_HAN}”》\d%]) *\n *{_NOTE} *\n *(?=[{_HAN}，。、；：“])")
# At the head of a line a circled number before a short figure marks a note as well: 高新技术企业\n②14家.
_CIRCLED = re.compile(
    rf"[\n注①-⑳¹²³⁰⁴-⁹*](?<=[{_HAN}”》%）].)(?:(?<=\n)[①-⑳](?= ?\d{{1,3}}(?![\d年.、]))"
    r"|(?:(?<=注)[①-⑳]+|(?<=[①-⑳])[①-⑳]*|(?<=[¹²³⁰⁴-⁹])[¹²³⁰⁴-⁹]*|(?<=\*)\**)"
    rf"(?= ?[{_HAN}\d，。、；：“（]))",
    re.DOTALL,
)
#: A mark between a figure and its unit: 900.5①亿元, 12.4〔3〕%.
_PARTING_MARK = re.compile(
    r"(?:[①-⑳](?<=\d.)|〔(?<=\d.)\d{1,3}〕)"
    r"(?= ?(?:%|个?百分点|[亿万千百]{0,3}(?:元|美元|吨|斤|人|户|亩|家|套|公里|平方)))"
)
_RAISED_MARKS = "*¹²³⁰⁴⁵⁶⁷⁸⁹①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_LOST = re.compile("？{2,}")
#: A sign of a page between two characters of a sentence, and a comma set twice.
_STRAY = re.compile(rf"(?<=[{_HAN}])#+(?=[{_HAN}])|(?<=，)，+")
#: Icons and bullets of one font go; between digits something may be lost, and its place stays.
_UNREADABLE = re.compile(r"(?<!\d)\ufffd+|\ufffd+(?!\d)")
_WRECK = re.compile(r"(?<=\d)_?[A-Za-z]{1,3}(?:_[A-Za-z]{1,3})+_?(?![A-Za-z0-9])")
_LETTERS = re.compile(r"(?<=[^\x00-\x7f])([a-z]{2,6})[ ]*$", re.M)
#: A letter beside a digit that a scan gives for one: 9OO, 3l, B4.5.
_ALIKE = re.compile(r"[OoIlBSZ_](?:(?<=\d.)|(?=[OoIl]?\.?\d))")
_SPOILED = re.compile(r"\d[\d.]*(?:[OoIl]+|[BSZ_]+(?=\d))[\dOoIl.]*|(?:[OoIl]{1,2}|[BSZ])\.?\d[\dOoIl.]*")
_OF_FIGURE = frozenset("0123456789.OoIlBSZ_")
#: No figure begins with a nought and another digit, nor with a point: ⑨00.5, 028345, ⑧.2. (But 增长8%.5个项目.)
_HEADLESS = re.compile(rf"0(?<![\d.A-Za-z-]0)\d[\d.]*|\.(?<=[^{_HAN}\d%\s”）〕，。、；：…]\.)\d[\d.]*")
_MAGNITUDES = re.compile("[亿万千百]*")
_MEASURED = re.compile(r"%|个?百分点|[亿万千百]*[亿万千百元吨人户亩]")
_OFTEN = 3
"""So many wrecks after figures can be told to stand for a sign of percent, and so many line ends to be no words."""
_SHARE_OF_LINES = 0.2


def markup(text: str) -> Iterator[Edit]:
    """Yield what makes tags and entities of a web page plain; tags that end a paragraph become line ends."""
    if "<" in text or "&" in text:
        edits: list[Edit] = [(found.start(), found.end(), "") for found in _RAISED.finditer(text)]
        raised = [(start, end) for start, end, _ in edits]
        for found in _TAG.finditer(text):
            if not any(start <= found.start() < end for start, end in raised):
                edits.append((found.start(), found.end(), "\n" if _BREAKING.match(found[0]) else ""))
        for found in _ENTITY.finditer(text):
            plain = chr(int(found[1], 16)) if found[1] else html.unescape(found[0].replace("；", ";"))
            if len(plain) == 1:
                edits.append((found.start(), found.end(), " " if plain.isspace() else plain))
        yield from sorted(edits)


def footnote_marks(text: str) -> Iterator[Edit]:
    """Yield what takes the marks of footnotes out, and makes subscripts plain (PM_2.5)."""
    edits: list[Edit] = []
    bracketed, raised = "〔" in text, any(map(text.__contains__, _RAISED_MARKS))
    if bracketed:
        edits.extend((found.start(), found.end(), "") for found in _FOOTNOTE_LINE.finditer(text))
        edits.extend((found.start(), found.end(), "") for found in _FOOTNOTE.finditer(text))
    if bracketed or raised:
        edits.extend((found.start(), found.end(), "") for found in _PARTING_MARK.finditer(text))
    if raised:
        edits.extend((found.start(), found.end(), "") for found in _CIRCLED.finditer(text))
    if "_" in text or "{" in text:
        edits.extend((found.start(), found.end(), found[1]) for found in _SUBSCRIPT.finditer(text))
    if "\ufffd" in text:
        edits.extend((found.start(), found.end(), "") for found in _UNREADABLE.finditer(text))
    if "#" in text or "，，" in text:
        edits.extend((found.start(), found.end(), "") for found in _STRAY.finditer(text))
    if "？？" in text:
        edits.extend((found.start(), found.end(), " ") for found in _LOST.finditer(text))
    yield from _apart(edits)


def wreckage(text: str) -> list[Edit]:
    """Return what makes the remains of a sign of percent whole: 增长13.3_M_M_ in a text that has no such sign.

    Only where one and the same wreck stands behind figures again and again can it be told what it was.
    """
    if "_" not in text or text.count("%") > 1:
        return []
    wrecks = Counter(found[0] for found in _WRECK.finditer(text))
    if not wrecks:
        return []
    wreck, count = wrecks.most_common(1)[0]
    if count < _OFTEN or text.count(wreck) > count:
        return []
    return [(found.start(), found.end(), "%") for found in _WRECK.finditer(text) if found[0] == wreck]


def spoiled_figures(text: str) -> list[tuple[int, int]]:
    """Return the spans of figures in which letters stand for digits: 9OO.5亿元, l2.5%, with their magnitudes.

    What is left of such a figure (.5亿元) looks like one, so nothing of it may be read.
    """
    found: list[tuple[int, int]] = []
    at = 0
    for hit in _ALIKE.finditer(text):
        start, end = hit.span()
        if start < at:
            continue
        while start > at and text[start - 1] in _OF_FIGURE:
            start -= 1
        while end < len(text) and text[end] in _OF_FIGURE:
            end += 1
        at = end
        before = text[start - 1 : start]
        if not (before.isascii() and before.isalpha()) and _SPOILED.fullmatch(text, start, end):
            found.append((start, end))
    found.extend(headless.span() for headless in _HEADLESS.finditer(text))
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if _MEASURED.match(text, end) and not (spans and start < spans[-1][1]):
            magnitudes = _MAGNITUDES.match(text, end)
            spans.append((start, magnitudes.end() if magnitudes is not None else end))
    return spans


def letters(text: str) -> list[Edit]:
    """Return what takes letters away that a page puts at the ends of its paragraphs against copying.

    :data:`PARAGRAPH_END` comes in their stead.
    """
    lines = [line.rstrip(" ") for line in text.split("\n")]
    ends = Counter(found[1] for line in lines if "a" <= line[-1:] <= "z" and (found := _LETTERS.search(line)))
    if not ends:
        return []
    word, count = ends.most_common(1)[0]
    if count < _OFTEN or count < _SHARE_OF_LINES * (text.count("\n") + 1):
        return []
    return [(found.start(1), found.end(1), PARAGRAPH_END) for found in _LETTERS.finditer(text) if found[1] == word]


def _apart(edits: list[Edit]) -> Iterator[Edit]:
    """Yield edits in order without those that overlap one before."""
    at = 0
    for start, end, new in sorted(edits):
        if start >= at:
            yield start, end, new
            at = end
