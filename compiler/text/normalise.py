"""Text made plain, so that every later stage sees one form of each thing: one paragraph a line.

Full-width digits and letters become half-width, ASCII punctuation becomes Chinese, blanks and invisible
characters go, lines that a scan or a screen broke are joined, page numbers and running heads go. Every
character that is kept remembers its offset in the source.

All steps but the last work on characters one to one or on whole lines; none of them knows report language.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from compiler.model import Issue, Lexicon, Normalised
from compiler.strings import squeeze
from compiler.text.line_joins import TAIL, ApartWords, joins, shape_of
from compiler.text.lines import lines_of
from compiler.text.page_marks import without_page_marks
from compiler.text.stray_marks import BLOT, RADICALS, footnote_marks, letters, markup, spoiled_figures, wreckage
from compiler.text.web_furniture import Furniture
from compiler.text.wide_rows import with_cells

DATA = Path(__file__).resolve().parent / "data"


_GONE = "\x00"
"""Stands for a character to be dropped until they are all dropped at once."""


_FEW_KINDS = 64
"""Up to so many kinds of characters are replaced kind by kind; one look-up for each character takes as long."""


_YEAR_SIGNS = ("〇", "二零", "一九")
_YEAR_IN_NUMERALS = re.compile("[一二][〇零一二三四五六七八九]{3}(?=年(?![一二三四五六七八九十]{1,3}月))")
"""A year as older reports write it: 二〇一一年. A whole date (二〇一一年一月九日) stays as it is."""
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _with_plain_characters(text: str) -> str:
    """Return the text with each character in its one form, offsets as they are."""
    table = _table()
    replaced = set(_other_forms().findall(text))
    if len(replaced) > _FEW_KINDS:
        return text.translate(table)
    for kind in replaced:  # what comes in is never a kind to be replaced, so their order is all one
        text = text.replace(kind, table[ord(kind)])
    return text


@cache
def _other_forms() -> re.Pattern[str]:
    """Return an expression for the characters that have another form."""
    return re.compile(f"[{''.join(re.escape(chr(code)) for code in sorted(_table()))}]")


@cache
def _table() -> dict[int, str]:
    """Return the one-to-one translation of characters that have another form."""
    table: dict[int, str] = {}
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        table[code] = _GONE
    # Zero width, soft hyphen, direction marks, variation selectors, byte order mark.
    for code in [0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]:
        table[code] = _GONE
    for code in [*range(0xFE00, 0xFE10), 0xFEFF, *range(0xFFF9, 0xFFFC)]:
        table[code] = _GONE
    # What fonts give for signs of their own means nothing to a reader; later stages use such characters as marks.
    for code in range(0xE000, 0xF900):
        table[code] = "\ufffd"
    for character in "\t\xa0\u1680\u202f\u205f\u3000\ue5e5\ufffc":
        table[ord(character)] = " "
    for code in range(0x2000, 0x200B):
        table[code] = " "
    for character in "\n\r\x0b\x0c\x85\u2028\u2029":
        table[ord(character)] = "\n"
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    kept_wide = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？", "~": "～"}
    for narrow, wide in kept_wide.items():
        table[ord(narrow)] = table[ord(wide)] = wide
    pairs = (
        '﹪% ﹣- −- ‐- ‑- ｡。 ､、 ｢“ ｣” 「“ 」” 『“ 』” 〝“ 〞” ＂" ・· •· ‧· ･· ∙· ⋅· 〜～ ∼～ ﹒. ﹐，'
        " ﹑、 ﹔； ﹕： ﹖？ ﹗！ ﹙（ ﹚） ︰： ﹢+ ﹤< ﹥> ﹦= ﹟# ﹠& ﹡* ﹩$ ﹫@ ○〇 ◯〇"
        " ₀0 ₁1 ₂2 ₃3 ₄4 ₅5 ₆6 ₇7 ₈8 ₉9 ≧≥ ⩾≥ ≦≤ ⩽≤"
        " ⑴① ⑵② ⑶③ ⑷④ ⑸⑤ ⑹⑥ ⑺⑦ ⑻⑧ ⑼⑨ ⑽⑩ 【〔 】〕 ［〔 ］〕 [〔 ]〕"
    )
    for pair in (*pairs.split(), *RADICALS.split()):
        table[ord(pair[0])] = pair[1]
    # Radicals and compatibility ideographs that some PDF files give for ordinary characters.
    for code in [*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA)]:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    return {code: plain for code, plain in table.items() if plain != chr(code)}


_BRACKETED = {chr(0x3220 + i): f"（{n}）" for i, n in enumerate("一二三四五六七八九十")}
_BRACKETED_MARK = re.compile("[\u3220-\u3229]")

#: Everyday characters that look different in traditional writing; none of them is used in simplified texts.
_TRADITIONAL_MARK = re.compile("[國產業發會經實現對時開關應點進動務過與區農縣設總體質環構價際歲萬億憶類優達長]")


@cache
def _traditional() -> dict[int, str]:
    """Return the table from traditional to simplified characters."""
    old, new = (DATA / "traditional.txt").read_text(encoding="utf-8").splitlines()[-2:]
    return {ord(a): b for a, b in zip(old, new, strict=True)}


@lru_cache(maxsize=1)
def _numbers(count: int) -> array[int]:
    return array("I", range(count))


_ROUND = 1 << 16


def _counted(count: int) -> array[int]:
    """Return the numbers from 0 on, so many: a piece of those that were counted before."""
    return _numbers(-(-count // _ROUND) * _ROUND)[:count]


class _Edited:
    """A text under edit with the source offset of each of its characters."""

    __slots__ = ("offsets", "text")

    def __init__(self, text: str, offsets: array[int]) -> None:
        self.text = text
        self.offsets = offsets

    def replace(self, edits: Iterable[tuple[int, int, str]]) -> None:
        """Replace spans, given in order; what is put in gets the offset of the span's start."""
        text, offsets = self.text, self.offsets
        pieces: list[str] = []
        kept: array[int] = array("I")
        at = 0
        for start, end, new in edits:
            pieces.append(text[at:start])
            kept += offsets[at:start]
            if new:
                pieces.append(new)
                kept.extend([offsets[start]] * len(new))
            at = end
        pieces.append(text[at:])
        kept += offsets[at:]
        self.text, self.offsets = "".join(pieces), kept


# --- lines -------------------------------------------------------------------------------------


_BLANKS = re.compile(" +")
# What begins with its own sign is looked for by that sign; with a look behind first, at every character.
_RATIO = re.compile(r"：(?<=\d：)(?=\d)")
_PERIOD = re.compile(r"\.(?<=[\u4e00-\u9fff”）%]\.)(?=[\u4e00-\u9fff“\n]|$)")
_GROUP = re.compile(r"，(?<=\d，)\d{3}")
_MARKED_GROUP = re.compile(r"['’](?<=\d['’])(?=\d{3}(?!\d))")
"""What parts thousands in figures typed abroad: 3'486.2."""
_CHINESE_NUMERAL_START = re.compile(r"(?:^|\n)[一二三四五六七八九十]{1,3}$")
_GROUPED = re.compile(r"(?<![\d.,，])[1-9]\d{0,2}(?:，\d{3})+(?![\d，])")
_NEXT_FIGURE = re.compile(r"[、和与及]\d+(?!\d)")
_QUOTE = re.compile('["\n]')


def _kept_blank(text: str, start: int, end: int) -> bool:
    """Tell whether blanks part two words in letters; a blank inside a name in capitals is an accident."""
    before, after = text[start - 1], text[end]
    return (
        before.isascii()
        and before.isalpha()
        and after.isascii()
        and after.isalpha()
        and not (before.isupper() and after.isupper())
    )


def _reflow(edited: _Edited, words: ApartWords, furniture: Furniture) -> tuple[list[str], list[str]]:
    """Put one paragraph on a line and drop blanks, page numbers, running heads and what a web page adds.

    Return the lines dropped: those of paper pages and those of a web page.
    """
    text = edited.text
    lines, dropped = without_page_marks(lines_of(text))
    lines, page = furniture.drop(lines)
    shape = shape_of(lines, text, words)
    pieces: list[str] = []
    offsets: array[int] = array("I")
    paragraph = ""
    for index, line in enumerate(lines):
        if index:
            after = lines[index + 1] if index + 1 < len(lines) else None
            previous = lines[index - 1]
            if joins(paragraph, previous, line, after, shape):
                # Only its end and its length matter; endless joins must not cost endless time.
                paragraph = paragraph[-TAIL:] + line.text
                if _letters_meet(previous.text, line.text):
                    pieces.append(" ")
                    offsets.append(edited.offsets[previous.end])
            else:
                pieces.append("\n")
                offsets.append(edited.offsets[previous.end])
                paragraph = line.text
        else:
            paragraph = line.text
        at = line.start
        if line.end - line.start != len(line.text):
            for blank in _BLANKS.finditer(text, line.start, line.end):
                kept = blank.start() + _kept_blank(text, blank.start(), blank.end())
                pieces.append(text[at:kept])
                offsets += edited.offsets[at:kept]
                at = blank.end()
        pieces.append(text[at : line.end])
        offsets += edited.offsets[at : line.end]
    offsets.append(edited.offsets[lines[-1].end] if lines else len(edited.offsets) - 1)
    edited.text, edited.offsets = "".join(pieces), offsets
    return dropped, page


def _letters_meet(before: str, after: str) -> bool:
    a, b = before[-1], after[0]
    return a.isascii() and a.isalpha() and b.isascii() and b.isalpha() and not (a.isupper() and b.isupper())


def _break_up(edited: _Edited) -> None:
    """Give a text that came as one endless line its paragraphs back, at wide blanks, numbered headings or blanks."""
    text = edited.text
    if not _is_endless(text):
        return
    edited.text = text = re.sub(" {2,}", lambda match: "\n" + " " * (len(match[0]) - 1), text)
    if not _is_endless(text):
        return
    # Line ends that became single blanks; a text typed with blanks between its words has many more.
    ends = [match.start() for match in _BETWEEN_HAN.finditer(text)]
    if 0 < len(ends) * _LEAST_PARAGRAPH < len(text):
        edited.text = text = _BETWEEN_HAN.sub("\n", text)
    heading = re.compile(r"(?<=[。！？；：”])(?=[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)")
    edited.replace([(match.start(), match.start(), "\n") for match in heading.finditer(text)])


_SHORT_TEXT, _LONGEST_LINE, _LEAST_PARAGRAPH = 3000, 1500, 40
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff。！？；：，、”）]) (?=[\u4e00-\u9fff（“\d])")


def _is_endless(text: str) -> bool:
    """Tell whether a text has hardly any line ends: none at all in a short one."""
    lines = text.strip().count("\n") + 1
    return (
        lines * _LONGEST_LINE <= len(text) if len(text) >= _SHORT_TEXT else lines == 1 and len(text) >= _SHORT_TEXT / 10
    )


_BARS = "|｜│┃"
_FRAMED = re.compile(f"(?m)^[ \\t\u3000]*[{_BARS}]([^{_BARS}\\n]*)[{_BARS}][ \\t\u3000]*$")
_MOSTLY = 0.6


def _unframe(edited: _Edited) -> None:
    """Take away the bars around the paragraphs of a text of which most stand in a frame each: | 各位代表： |."""
    lines = sum(1 for line in edited.text.split("\n") if line.strip())
    framed = list(_FRAMED.finditer(edited.text))
    if len(framed) < 3 or len(framed) < _MOSTLY * lines:
        return
    edges = ((line.start(), line.start(1), line.end(1), line.end()) for line in framed)
    edited.replace([span for start, first, last, end in edges for span in ((start, first, ""), (last, end, ""))])


def _thousands(text: str) -> list[tuple[int, int, str]]:
    edits: list[tuple[int, int, str]] = []
    for match in _GROUPED.finditer(text) if _GROUP.search(text) else ():
        other = _NEXT_FIGURE.match(text, match.end())
        # 12，130和150: the comma parts two figures of a list, unless the next figure is as long itself.
        listed = other is not None and text[other.end() : other.end() + 1] != "，" and len(other[0]) - 1 < 4
        if listed and match[0].count("，") == 1:
            continue
        edits.extend((match.start() + i, match.start() + i + 1, "") for i, c in enumerate(match[0]) if c == "，")
    return edits


def _quotes(text: str) -> str:
    """Turn straight quotes into opening and closing ones, in turn within each paragraph."""
    opened = False

    def mark(match: re.Match[str]) -> str:
        nonlocal opened
        opened = match[0] == '"' and not opened
        return match[0] if match[0] == "\n" else "“" if opened else "”"

    return _QUOTE.sub(mark, text)


def _full_stops(text: str) -> str:
    """Turn an ASCII full stop after a Chinese character into a Chinese one, but not the one of a heading's number."""

    def stop(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - 4) : match.start()]
        return "." if _CHINESE_NUMERAL_START.search(before) or match.start() <= 3 else "。"

    return _PERIOD.sub(stop, text)


_HEADING_NUMBER = r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)"
_FEW_LINES = 6
_AFTER_SENTENCE = re.compile(rf"[ \t\u3000](?<=[。！？”].)(?=[ \t\u3000]+{_HEADING_NUMBER}\S)")
_AFTER_HEADING = re.compile(
    rf"(?m)^([ \t\u3000]*{_HEADING_NUMBER}[^。，；！？：\n\u3000\t]{{3,30}}?)(\u3000|  )(?=\S[^\n]*。)"
)


def _part_headings(text: str) -> str:
    """Return the text with a line end where only a wide blank parts a heading from what stands beside it.

    One blank becomes one line end, so offsets stay: …的重托。　　二、2009年工作部署　今年是… A text of one endless
    line is broken up as a whole elsewhere.
    """
    if text.count("\n") < _FEW_LINES:
        return text
    text = _AFTER_SENTENCE.sub("\n", text)
    return _AFTER_HEADING.sub(lambda match: match[1] + "\n" * len(match[2]), text)


def _clean(edited: _Edited) -> list[Issue]:
    """Take away markup, footnote marks and letters against copying, and make damaged signs whole."""
    for edits in (markup, letters, footnote_marks):
        found = list(edits(edited.text))
        if found:
            edited.replace(found)
    wrecks = wreckage(edited.text)
    if not wrecks:
        return []
    start, end, new = wrecks[0]
    wreck = edited.text[start:end]
    edited.replace(wrecks)
    return [Issue("I204", {"count": str(len(wrecks)), "wreck": wreck, "sign": new})]


def normalise(text: str, lexicon: Lexicon | None = None) -> tuple[Normalised, tuple[Issue, ...]]:
    """Return the normalised text with its offsets, and what was noticed.

    The ``lexicon`` helps where it is at hand: a line that ends as headings do is not joined with the next.
    """
    issues: list[Issue] = []
    text, rows = with_cells(_part_headings(text))
    if rows:
        issues.append(Issue("I205", {"count": str(len(rows)), "shown": squeeze(rows[0])[:20]}))
    plain = _with_plain_characters(text)
    if any(sign in plain for sign in _YEAR_SIGNS):
        plain = _YEAR_IN_NUMERALS.sub(lambda year: year[0].translate(_DIGITS), plain)
    quoted, stopped, grouped = (sign in plain for sign in '".，')
    edited = _Edited(plain, _counted(len(plain) + 1))
    if _GONE in plain:
        edited.replace([(match.start(), match.end(), "") for match in re.finditer(f"{_GONE}+", edited.text)])
    if any(map(plain.__contains__, _BRACKETED)):
        marks = _BRACKETED_MARK.finditer(edited.text)
        edited.replace([(mark.start(), mark.end(), _BRACKETED[mark[0]]) for mark in marks])
    if len(set(_TRADITIONAL_MARK.findall(plain))) >= 3:
        edited.text = edited.text.translate(_traditional())
        issues.append(Issue("I201"))
    if any(bar in edited.text for bar in _BARS):
        _unframe(edited)
    issues.extend(_clean(edited))
    _break_up(edited)
    dropped, page = _reflow(edited, ApartWords(lexicon), Furniture(lexicon))
    if page:
        issues.append(Issue("I203", {"count": str(len(page)), "example": page[0][:20]}))
    if dropped:
        issues.append(Issue("I202", {"count": str(len(dropped)), "example": dropped[0]}))
    plain = _RATIO.sub(":", edited.text)
    if quoted:
        plain = _quotes(plain)
    if stopped:
        plain = _full_stops(plain)
    edited.text = plain
    if grouped:
        edits = _thousands(plain)
        if edits:
            edited.replace(edits)
    if "'" in edited.text or "’" in edited.text:
        edited.replace([(mark.start(), mark.end(), "") for mark in _MARKED_GROUP.finditer(edited.text)])
    spoiled = spoiled_figures(edited.text)
    if spoiled:
        issues.append(_without_spoiled(edited, spoiled, text))
    return Normalised(edited.text, edited.offsets), tuple(issues)


_MOST_SHOWN = 20


def _without_spoiled(edited: _Edited, spans: Sequence[tuple[int, int]], source: str) -> Issue:
    """Blot figures out that a scan has spoiled; return what is told of them."""
    start, end = spans[0]
    fields = {
        "count": str(len(spans)),
        "shown": edited.text[start : min(end + 1, start + _MOST_SHOWN)],
        "line": str(source.count("\n", 0, edited.offsets[start]) + 1),
    }
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += (edited.text[at:start], BLOT * (end - start))
        at = end
    edited.text = "".join((*pieces, edited.text[at:]))
    return Issue("I206", fields)
