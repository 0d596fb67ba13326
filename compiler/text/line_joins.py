"""Which line breaks of a text are none of the writer: a scan, a screen or a form broke the line there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from compiler.model import Lexicon
from compiler.text.lines import HAN, NUMBERED, PAGE_NUMBER, Line, is_closed
from compiler.text.wide_rows import CELL

_HEADING_LISTS = ("part.review_headings", "part.plan_headings", "part.problem_cues", "part.other_headings")

_PAUSES = frozenset("，、（“《〈〔/—-～·")

_BRIEF = 1500

TAIL = 600

_WITNESS = 60_000
"""A text of this length has all the words of its kind; reading on would only cost time."""

_DASHES = frozenset("―—─")

_FIGURE_CUT = re.compile(r"\d[.:：]$|[^\d]\d+[，,]$")

_STOPPED_INSIDE = re.compile(r"[。；！，]")

_PAIRS = (("“", "”"), ("（", "）"), ("《", "》"))

_ENDED_OFFICE = re.compile(r"[，、；]")

_STOPS = frozenset("。！？…：；，、”’》）")

_SHORT_SENTENCE = re.compile(r"[^，。；：、]{1,5}。.")

_SENTENCE_INSIDE = re.compile(r"[。！；]")

_GOES_ON = re.compile(r"^[，。、；：？！）”’》〉〕%‰℃.～…]")

_RANGE_GOES_ON = re.compile(r"^[—–~-]\d")
"""The upper end of a range: 增长4.5%|—5%."""

_LISTED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}是|第[一二三四五六七八九十]{1,2}，|一方面|另一方面|首先|其次)")

_DATES = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{4}[-—～]\d{4}年?")

_YEAR_HEADING = re.compile(r"^(?:\d{4}|二[〇零][〇零一二三四五六七八九]{2})年\w{2,14}$")

# A heading or sentence hardly starts with these, and hardly ends with those.
_NEVER_FIRST = frozenset("的是了和与及至达亿万元个户吨亩们等其并而但则且所之者性化率额度量值月日")

_NEVER_LAST = frozenset("的和与及将被该每")

_UNIT_FIRST = frozenset("亿万千百元个户吨亩所家项件座条人名公平立台辆套张处块场次倍年%")

_LEADER = re.compile(r"(?:…|[·.]{3}|—{3})\d{1,3}$")

#: An indicator and its figure on a line of their own: 进出口总额：5亿美元.
_ITEM = re.compile("^[\u4e00-\u9fffA-Za-z0-9.（）“”]{2,25}：[^：。；]{0,12}[0-9][^：。；]{0,16}$")

_VALUE = re.compile(r"^[-+]?\d+(?:\.\d+)?%?$")


class ApartWords:
    """The lexicon's words that keep lines apart: how headings end, and what stands above a report."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        def words(*names: str) -> tuple[str, ...]:
            return () if lexicon is None else tuple(word for name in names for word in lexicon.words(name))

        self.titles = words("report.titles") or ("\n",)
        self.headings = words(*_HEADING_LISTS) or ("\n",)
        self.endings = self.headings + self.titles
        self.salutations = words("report.salutations")
        self.offices = words("report.speakers")
        self.meetings = words("report.meetings")

    def in_header(self, text: str, new: str) -> bool:
        """Tell whether a line names a speaker or a meeting, or the next one greets the congress or is a title."""
        # 2017年某市 | 政府工作报告 is one title; after more than that a title begins anew.
        begins = text[-1].isdigit() or len(text) > (12 if new.startswith(self.titles) else 6)
        if begins and len(new) <= 40 and new.endswith(self.titles):
            return True
        if new.startswith(self.salutations) and new[-1] in "：！":
            return True
        if len(text) <= 15 and any(map(text.__contains__, self.offices)):
            return not _ENDED_OFFICE.search(text) and text[-1] not in _NEVER_LAST
        at_meeting = text.endswith(("上", "上）")) and any(map(text.__contains__, self.meetings))
        return len(text) <= 60 and at_meeting


@dataclass(frozen=True, slots=True)
class Shape:
    """How a text sets its paragraphs: whether it indents them, keeps blank lines between, or wraps at a width.

    ``numbered``: its headings carry numbers; ``plain``: how many lines look like headings without one.
    ``indents``: it indents the first lines of paragraphs at least.
    ``brief``: it is a sentence or two rather than a report.
    ``wrapped``: lines go on in the next one, and blank lines part the paragraphs.
    ``body``: where the first of them stands, which is past title, meeting and salutation.
    """

    indented: bool
    indents: bool
    spaced: bool
    width: int
    numbered: bool
    brief: bool
    plain: int
    body: int
    text: str
    words: ApartWords
    held: dict[str, bool]
    wrapped: bool = False

    def holds(self, string: str) -> bool:
        """Tell whether the text holds a short string; each is looked for once."""
        known = self.held.get(string)
        if known is None:
            known = self.held[string] = string in self.text
        return known


def shape_of(lines: Sequence[Line], text: str, words: ApartWords) -> Shape:
    count = max(1, len(lines))
    indented = sum(line.indented for line in lines) * 5 >= count * 3
    indents = sum(line.indented for line in lines) * 8 >= count
    spaced = sum(line.gap > 0 for line in lines) * 2 >= count and count > 3
    lengths = sorted(len(line.text) for line in lines)
    width = 0
    if count >= 8:
        longest = lengths[int(count * 0.9)]
        full = [line for line in lines if len(line.text) >= longest - 4]
        open_ended = sum(not is_closed(line.text) for line in full)
        if 15 <= longest <= 90 and len(full) * 5 >= count * 2 and open_ended * 2 >= len(full):
            width = longest - 4
    marked = [index for index, line in enumerate(lines) if NUMBERED.match(line.text)]
    plain = 0
    if len(marked) >= 2:
        for line in lines[marked[0] :]:
            short = len(line.text) <= 30 and line.text[-1] not in _STOPS and not NUMBERED.match(line.text)
            plain += short and not line.text.endswith(words.endings)
    first = next((index for index in marked if lines[index].text[0] not in _DASHES), None)
    brief = not marked and len(text) < _BRIEF and sum(_VALUE.match(line.text) is not None for line in lines) < 3
    body = len(text) if first is None else lines[first].start
    wrapped = bool(width) and not indents and _is_wrapped(lines)
    return Shape(
        indented, indents, spaced, width, len(marked) >= 2, brief, plain, body, text[:_WITNESS], words, {}, wrapped
    )


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Tell whether open lines mostly go on in the very next line, and closed ones are mostly followed by a blank."""
    open_lines = touching = closed = parted = 0
    for line, following in pairwise(lines):
        if is_closed(line.text):
            closed += 1
            parted += following.gap > 0
        elif not NUMBERED.match(line.text):
            open_lines += 1
            touching += following.gap == 0
    return open_lines >= 8 and closed >= 4 and touching * 10 >= open_lines * 8 and parted * 10 >= closed * 6


_BOXED = re.compile("〔[^〔〕]{4,40}〕")
"""A line in a box of its own is a heading (the box may be 【】 as printed)."""


class _Break(NamedTuple):
    """A line end that may be none of the writer: the ``text`` before it, which ends in ``line``, and what follows."""

    text: str
    line: Line
    following: Line
    after: Line | None
    shape: Shape

    @property
    def new(self) -> str:
        """Return the text behind the break."""
        return self.following.text

    @property
    def is_full(self) -> bool:
        """Tell whether the line before the break is as long as the text wraps."""
        return bool(self.shape.width) and len(self.line.text) >= self.shape.width

    @property
    def is_outdented(self) -> bool:
        """Tell whether the line behind the break starts further left than paragraphs do."""
        return self.shape.indented and not self.following.indented

    @property
    def numbered(self) -> re.Match[str] | None:
        """Return the number with which the text before the break begins."""
        return None if self.text[0] in _DASHES else NUMBERED.match(self.text)

    def attested(self, *, strictly: bool = False) -> bool:
        """Tell whether the characters around the break stand together elsewhere in the text."""
        return _attested(self.text, self.new, self.shape, strictly=strictly)


def _at_a_certain_end(at: _Break) -> bool | None:
    """Signs that leave no doubt: the end of a paragraph, a line that begins in the middle, a full stop."""
    text, new = at.text, at.new
    if at.line.ends or _BOXED.fullmatch(text) or _BOXED.fullmatch(new):
        return False
    if _GOES_ON.match(new) and not PAGE_NUMBER.match(new):
        return True
    if new[0].isdigit() and _FIGURE_CUT.search(text):
        return True
    if _RANGE_GOES_ON.match(new) and (text[-1].isdigit() or text[-1] == "%") and not PAGE_NUMBER.match(new):
        return True
    if is_closed(text) or text[-1] == "：":
        # A full line that happens to end with a sentence, in a text that indents its paragraphs.
        return at.is_full and at.shape.indents and not at.following.indented and not NUMBERED.match(new)
    return None


def _in_a_table(at: _Break) -> bool | None:
    """Lines of tables stand for themselves."""
    new, after = at.new, at.after
    if any(text[-1].isdigit() and _LEADER.search(text) for text in (at.line.text, new)):
        return False  # lines of a table of contents
    if _ITEM.match(at.line.text) and _ITEM.match(new):
        return False  # a list of indicators, one a line
    if _VALUE.match(new) and (_VALUE.match(at.line.text) or (after is not None and _VALUE.match(after.text))):
        return False
    return False if not HAN.search(at.text) and not HAN.search(new) else None


def _between_rows(at: _Break) -> bool | None:
    """A row of a table is a line of its own."""
    return False if CELL in at.new or CELL in at.line.text else None


def _in_wrapped_text(at: _Break) -> bool | None:
    """In a text that wraps and parts its paragraphs by blank lines, the blank line decides."""
    text, following = at.text, at.following
    if not at.shape.wrapped:
        return None
    if following.gap > 0 and NUMBERED.match(text) and len(at.line.text) < at.shape.width and text[-1] not in "、，":
        return False  # a heading with a blank line below it
    return True if following.gap == 0 and not NUMBERED.match(at.new) and len(text) > 12 and "，" in text else None


def _within_a_word(at: _Break) -> bool | None:
    """A word in letters, a figure with its unit, a quotation or a bracket is broken."""
    text, new, after = at.text, at.new, at.after
    if text[-1].isascii() and text[-1].isalpha() and new[0].isascii() and new[0].isalpha():
        return True
    if _VALUE.match(new) and after is not None and text[-1] not in _STOPS:
        further = after.text
        if further[0] in _UNIT_FIRST or (further[0].isdigit() and not NUMBERED.match(further)):
            return True
    return True if _left_open(text, new) else None


def _before_a_number(at: _Break) -> bool | None:
    """A line that begins with a heading's number begins a paragraph, unless the number belongs to the text before."""
    text, new = at.text, at.new
    if not NUMBERED.match(new):
        return None
    if text[-1].isdigit() and new[0].isdigit():
        return _SENTENCE_INSIDE.search(text) is not None or "，" in text
    if text[-1] in "、，" and _STOPPED_INSIDE.search(new):
        return True  # 其中一、 | 二、三产业分别增长…
    if text[-1].isascii() and text[-1].isalpha() and new[0].isdigit() and _STOPPED_INSIDE.search(text):
        return True  # PM | 10、PM2.5
    return text[-1] == "第" or (text[-1] in "十（/" and HAN.match(new) is not None)


def _in_a_sentence(at: _Break) -> bool | None:
    """A text that pauses, or has a sentence behind it, goes on."""
    text, numbered = at.text, at.numbered
    if text[-1] in _PAUSES:
        return True
    if text[-1] == "；":
        return at.is_outdented or not at.shape.indented
    if numbered and numbered.end() == len(text):
        return True
    return True if _SENTENCE_INSIDE.search(text) else None


def _at_a_heading(at: _Break) -> bool | None:
    """What stands above a report, and what ends as headings do, stands for itself."""
    text, new, words = at.text, at.new, at.shape.words
    if words.in_header(text, new):
        return False
    if len(new) <= 6 and len(text) <= 30 and new[-1] not in _STOPS and (text + new).endswith(words.headings):
        return True
    return False if text.endswith(words.endings) and len(text) <= 45 and not at.is_full and not _uneven(text) else None


def _at_a_broken_phrase(at: _Break) -> bool | None:
    """Characters that never end a line or begin one, and lines too short or too listed to end."""
    text, new = at.text, at.new
    if text[-1] in _NEVER_LAST or (new[0] in _NEVER_FIRST and not _seems_title(text)):
        return True
    if text[-1].isdigit() and HAN.search(new) and (HAN.search(text) or new[0].isdigit() or new[0] == "年"):
        return True
    if (len(text) <= 3 and len(new) > 8) or _LISTED.match(text):
        return True
    return True if at.shape.brief and not _OVER_A_TEXT.search(text) else None


def _by_the_shape(at: _Break) -> bool | None:
    """Headings with a number, lines of a width and years over a text: the manner of the text decides."""
    text, shape = at.text, at.shape
    if at.numbered:
        return len(text) > 60 or _heading_goes_on(text, at.line, at.following, at.after, shape)
    if shape.width:
        return at.is_full or at.attested()
    return at.attested(strictly=True) if _YEAR_HEADING.match(text) else None


def _by_the_indents(at: _Break) -> bool | None:
    """Where paragraphs are indented or parted by blank lines, these tell."""
    text, shape = at.text, at.shape
    if (at.is_outdented and not _seems_title(text)) or _uneven(text):
        return True
    if shape.indented and at.following.indented and len(text) <= 45:
        return at.attested(strictly=True)
    return True if shape.spaced and at.following.gap == 0 and not _seems_title(text) else None


def _by_the_words(at: _Break) -> bool:
    """Nothing else tells: a line with a figure or a long one goes on, and so does one broken within a known word."""
    text, line, shape = at.text, at.line, at.shape
    if re.search(r"\d", _DATES.sub("", text)) and not _seems_title(text):
        return True
    if len(text) > 45:
        return True
    if line.start > shape.body and (_SHORT_SENTENCE.match(at.new) or (shape.numbered and shape.plain <= 2)):
        return True
    return at.attested(strictly=line.start < shape.body)


_JOINING: tuple[Callable[[_Break], bool | None], ...] = (
    _between_rows,
    _at_a_certain_end,
    _in_a_table,
    _in_wrapped_text,
    _within_a_word,
    _before_a_number,
    _in_a_sentence,
    _at_a_heading,
    _at_a_broken_phrase,
    _by_the_shape,
    _by_the_indents,
)
"""The questions about a line end in order; the first that knows the answer decides."""


def joins(text: str, line: Line, following: Line, after: Line | None, shape: Shape) -> bool:
    """Tell whether ``following`` goes on with the sentence that ``text`` (ending in ``line``) leaves open."""
    at = _Break(text, line, following, after, shape)
    for question in _JOINING:
        answer = question(at)
        if answer is not None:
            return answer
    return _by_the_words(at)


def _left_open(text: str, new: str) -> bool:
    """Tell whether a break parts what stands in quotation marks or brackets."""
    for opening, closing in _PAIRS:
        end = new.find(closing)
        if end >= 0 and text.rfind(opening) > text.rfind(closing) and opening not in new[:end]:
            return True
    return False


def _uneven(text: str) -> bool:
    """Tell whether a line has clauses as no heading has, whose clauses are of a length."""
    if "，" in text:
        clauses = [len(clause) for clause in text.split("，")]
        return max(clauses) - min(clauses) > 2
    return "：" in text[:-1] and len(text) > 20


def _heading_goes_on(text: str, line: Line, following: Line, after: Line | None, shape: Shape) -> bool:
    """Tell whether a numbered heading goes on in the next line, which then is short and no sentence."""
    new = following.text
    if _SHORT_SENTENCE.match(new) and not (shape.indented and following.indented):
        return True  # the heading stands before its text on one line
    if _LISTED.match(new):
        return False
    if len(text) + len(new) > 45 or new[-1] in _STOPS:
        return False
    if shape.indented:
        return not following.indented or _attested(text, new, shape, strictly=True)
    # Either the heading was broken here, or it is complete and the paragraph below it was broken.
    above = _attested(text, new, shape)
    below = after is not None and (
        _GOES_ON.match(after.text) is not None
        or _SHORT_SENTENCE.match(after.text) is not None
        or _attested(new, after.text, shape)
    )
    if above != below:
        return above
    if above and after is not None:
        return _attested(text, new, shape, strictly=True) and not _attested(new, after.text, shape, strictly=True)
    complete = re.search(r"\d{4}年", text) is not None
    return not complete and len(new) <= 16 and after is not None and len(after.text) > 45


_OVER_A_TEXT = re.compile(r"^[—―─]|报告(?:（.*）)?$|会议上$")

_TITLE = re.compile(r"报告(?:（.*）)?$|会议上?）?$|^[―—─]|日）?$")


def _seems_title(text: str) -> bool:
    """Tell whether a line is of the kind that stands over a text: a title, a meeting, a name."""
    return len(text) <= 12 or (len(text) <= 50 and _TITLE.search(text) is not None)


def _attested(text: str, new: str, shape: Shape, *, strictly: bool = False) -> bool:
    """Tell whether the characters around a break stand together elsewhere in the text, as those of a word do.

    Where headings carry numbers, a line without one is hardly a heading, and two characters are enough.
    """
    if shape.numbered and not strictly:
        return shape.holds(text[-1] + new[0])
    return (len(text) > 1 and shape.holds(text[-2:] + new[0])) or (len(new) > 1 and shape.holds(text[-1] + new[:2]))
