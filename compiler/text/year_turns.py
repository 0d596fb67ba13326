"""Where a text turns from one year to several or back: the words with which sentences begin.

五年来，我们…; 刚刚过去的2025年，…; “十四五”时期，…; 今年是…. A turn holds for its sentence at least. How long it holds
beyond is the outline's affair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compiler.model import Lexicon, Part
from compiler.strings import any_of
from compiler.text.headings import has_figure
from compiler.text.periods import Periods, Span, is_year_name

_WITHIN = 6
"""Words of a turn begin at most so far into their sentence: 回首刚刚过去的2025年."""
_SPAN_WORDS = 12
"""The longest words for a span of years, so far as they must be read."""
_JOINED = 24
"""A year and a span that open a sentence together stand within so many characters."""
_YEAR_SIGN, _PLAN_SIGN = "年", "五"
"""Signs without which no words name a year, or a plan of five years."""
_STOPS = "。！？"
_CLAUSES = re.compile("([^，。！？；]{2,24})(?:，([^，。！？；]{2,24}))?[，。；]")
"""The first clauses of a sentence, where they are short."""
_END = re.compile(f"[{_STOPS}][”’）》]*")
_FAR, _CLOSE = 40, 4
"""A sentence that can turn names a time within its first characters (those of an address among them), or at its end."""
_ITEM = re.compile(r"^(?:[—―─]{1,3}|[■□●○◆◇★☆▲△※▪•]|（[一二三四五六七八九十]{1,3}）|\d{1,2}[、.．])")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a text to a part. ``start`` is the offset of its sentence in the paragraph.

    ``strong``: its sentence names the time and tells no figure yet, or its words leave no doubt;
    ``bare``: no figure of the paragraph stands before it; ``closes``: none stands behind it.
    """

    part: Part
    start: int
    span: Span | None = None
    strong: bool = True
    bare: bool = True
    closes: bool = True


def is_item(text: str) -> bool:
    """Tell whether a paragraph is an item of a list: it begins with a dash, a mark or a number in brackets."""
    return _ITEM.match(text) is not None


class TurnReader:
    """Finds the turns of a report's paragraphs.

    ``coming`` and ``last`` are the words for the report's year and the one before.
    """

    def __init__(self, lexicon: Lexicon, periods: Periods, coming: Sequence[str], last: Sequence[str]) -> None:
        self._periods = periods
        self._coming = coming
        self._last = last
        self._salutations = lexicon.words("report.salutations")
        self._not_years = lexicon.words("part.not_a_year_after")
        self._times = lexicon.words("part.plan_name_turns")
        since = any_of(lexicon.words("part.span_since_cues"))
        self._hint = re.compile(f"{_YEAR_SIGN}|{_PLAN_SIGN}|{since}")
        self._since = lexicon.words("part.span_since_cues")
        self._joins = lexicon.words("list.joins")
        self._leads = lexicon.words("part.turn_leads")
        self._chained = re.compile(f"(?:{any_of(self._leads)})+")
        self._told = lexicon.words("period.told_years")
        self._last_of_term = lexicon.words("part.last_of_term")
        self._closing = periods.counted(lexicon.words("part.span_review_sentences"))

    def turns(self, text: str) -> list[Turn]:
        """Return the turns of a paragraph, in order; a year told with its figures is one only at the very beginning."""
        found: list[Turn] = []
        for at, end in self._timed_sentences(text):
            start = self._skip_address(text, at)
            turn = self._turn(text[start:end])
            if turn is None:
                continue
            part, span, strong = turn
            strong = strong or not has_figure(text[start:end])
            if strong or start <= self._skip_address(text, 0):
                bare, closes = not has_figure(text[:start]), not has_figure(text[start:])
                found.append(Turn(part, start, span, strong, bare, closes))
        return found

    def _timed_sentences(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of the sentences that begin or end with a sign of time; only those can turn."""
        end = 0
        for hint in self._hint.finditer(text):
            at = hint.start()
            if at < end:
                continue
            start = max(text.rfind(stop, end, at) for stop in _STOPS) + 1 or end
            stops = _END.search(text, at)
            stop = stops.end() if stops else len(text)
            near = at - start <= _FAR or stop - at <= _CLOSE or _YEAR_SIGN in text[max(start, stop - _CLOSE) : stop]
            if near:
                yield start, stop
                end = stop

    def _skip_address(self, text: str, start: int) -> int:
        """Return where a sentence begins behind the words that address the hearers, and the mark of an item."""
        for word in self._salutations:
            if text.startswith(word, start):
                start += len(word)
                start += text[start : start + 1] in _STOPS or text[start : start + 1] in "，："
        item = _ITEM.match(text[start : start + _FAR])
        return start + item.end() if item is not None else start

    def _turn(self, sentence: str) -> tuple[Part, Span | None, bool] | None:
        """Return what a sentence turns to, with its span and whether its words leave no doubt."""
        head = sentence[: _WITHIN + _SPAN_WORDS]
        if self._tells_year(sentence):
            return Part.REVIEW, None, True
        turn = self._counted_span(head) or self._named_span(head) or self._joined_span(sentence)
        if turn is not None:
            return turn
        closing = self._closing.search(sentence)
        if closing is not None and closing.end() >= len(sentence) - 1:
            return Part.REVIEW_SPAN, self._periods.term(closing), True
        for part, words in ((Part.REVIEW, self._last), (Part.PLAN, self._coming)):
            strong = self._begins(words, head)
            if strong is not None:
                return part, None, strong
        return None

    def _tells_year(self, sentence: str) -> bool:
        """Tell whether the first clauses of a sentence say what year the last one was: 去年是本届政府的最后一年，…"""
        opening = _CLAUSES.match(sentence)
        if opening is None:
            return False
        first, second = opening[1], opening[2] or ""
        if self._begins(self._last, first) is not None:
            return any(clause.endswith(self._told) for clause in (first, second))
        return first.endswith(self._last_of_term) and not first.startswith(tuple(self._coming))

    def _counted_span(self, head: str) -> tuple[Part, Span | None, bool] | None:
        ahead, back = self._periods.ahead(head), self._periods.back(head)
        if back is None and head.startswith(self._since):
            return Part.REVIEW_SPAN, self._periods.since(head), True
        if ahead is not None and ahead.start <= _WITHIN:
            return Part.PLAN_SPAN, ahead, True
        return (Part.REVIEW_SPAN, back, True) if back is not None and back.start <= _WITHIN else None

    def _named_span(self, head: str) -> tuple[Part, Span | None, bool] | None:
        """Return the turn to a five-year plan's time or to years told by their numerals."""
        periods = self._periods
        for span in (*periods.plans(head), periods.explicit(head)):
            if span is None or not self._leads_to(head, span.start):
                continue
            if span.named and not head.startswith(self._times, span.end):
                continue
            if span.last < periods.year or not periods.year:
                return Part.REVIEW_SPAN, span, True
            if span.first >= periods.year:
                return Part.PLAN_SPAN, span, True
            if span.since:
                return Part.REVIEW_SPAN, periods.until_last_year(span), True
        return None

    def _joined_span(self, sentence: str) -> tuple[Part, Span | None, bool] | None:
        """Return the turn to several years of a sentence that begins with them and the year alike: of which is unsure.

        过去一年和“十二五”时期，…
        """
        opening = sentence[:_JOINED].partition("，")[0]
        if self._begins(self._last, opening) is None:
            return None
        spans = (self._periods.back(opening), *self._periods.plans(opening))
        span = next((span for span in spans if span is not None and opening[span.start - 1] in self._joins), None)
        return None if span is None else (Part.REVIEW_SPAN, span, True)

    def _leads_to(self, head: str, at: int) -> bool:
        """Tell whether nothing stands before a place but words that lead to a time (回首, 刚刚过去的)."""
        near = at <= _WITHIN and head[:at].endswith(self._leads)
        return at == 0 or near or self._chained.fullmatch(head, 0, at) is not None

    def _begins(self, words: Sequence[str], head: str) -> bool | None:
        """Tell whether the word with which a sentence begins leaves no doubt, ``None`` where it begins with none.

        A numeral alone leaves some (2016年, 2016年底); a day or the end of a year is no turn (去年底).
        """
        if not any(map(head.__contains__, words)):
            return None  # as most sentences
        for word in words:
            at = head.find(word, 0, _WITHIN + _SPAN_WORDS)
            if at > _WITHIN and self._chained.fullmatch(head, 0, at) is None:
                continue
            if at < 0:
                continue
            after = head[at + len(word) :]
            if after.startswith(self._not_years) or after[:1].isdigit():  # 去年底, 2016年3月: a part of it
                continue
            if not is_year_name(word):
                return True
            if self._leads_to(head, at):
                return at > 0
        return None
