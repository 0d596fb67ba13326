"""What a web page adds to a report: menus, buttons, labels, summaries, captions, lists of links.

It stands above the report and below it, so only there it is looked for: before the first paragraph of prose and
after the last sentence. All words come from the lexicon's ``page`` lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from compiler.model import Lexicon
from compiler.text.lines import Line, without

_PROSE = 60
"""A line of so many characters with a full stop is prose: the report has begun, or has not ended yet."""
_LABEL = 90
"""A line that a label opens has no more characters; several labels may share it."""
_VALUE = 24
_HEAD_LINES = 60
_LIST = 6
"""So many lines without a sentence after the last one are a list of links."""
_SENTENCE_END = re.compile(r"[。！？；…][”’）》〕]*$")
_STAMP = re.compile(r"^\d{2,4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?$|^\d{1,2}[-/]\d{1,2}$")
_NUMBER = re.compile(r"^\d{1,7}$")
_CUT = re.compile(r"(?:…|\.{3,})[”）]*$")
_FIGURE = re.compile(r"\d(?:\.\d+)?(?:%|个?百分点|[亿万元户家吨亩人])")
_DATED = re.compile(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}$")
"""The end of a link to another page, with its day: 全年固定资产投资增长9%　2024-02-01."""
_PUNCTUATION = re.compile('[\\s>》《<|/×·:：〔〕\\[\\]（）()+\\-—=,，、。!！"“”]+')


class Furniture:
    """Finds the lines that belong to the page and not to the report."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        def words(name: str) -> tuple[str, ...]:
            return lexicon.words(f"page.{name}") if lexicon is not None else ()

        self._buttons = frozenset(words("buttons"))
        self._labels = words("labels")
        self._tails = words("tails")
        self._summaries = words("summaries")
        self._captions = words("captions")
        self._captioned = words("captioned")
        report = lexicon.words if lexicon is not None else lambda name: ()
        self._titles = report("report.titles")
        self._salutations = report("report.salutations")

    def drop(self, lines: list[Line]) -> tuple[list[Line], list[str]]:
        """Return the lines without those of a page, and the texts of those."""
        if not self._labels or len(lines) < 2:
            return lines, []
        texts = [line.text for line in lines]
        gone = self._above(texts) | self._below(texts)
        if not gone:
            return lines, []
        return without(lines, gone), [texts[index] for index in sorted(gone)]

    def _above(self, texts: Sequence[str]) -> set[int]:
        """Return the page's lines before the first prose; a summary of the page is none."""
        gone: set[int] = set()
        after_label = summary = False
        for index, text in enumerate(texts[:_HEAD_LINES]):
            if summary or self._opens_summary(text):
                alone = len(text.strip("：:")) <= _VALUE and not summary
                if alone or not summary or self._is_copy(text, texts[index + 1 :]):
                    gone.add(index)
                    summary = alone
                    continue
                summary = False
            if text.startswith(self._salutations) or (len(text) >= _PROSE and "。" in text):
                break
            label = self._opens_label(text)
            if label or self._is_furniture(text) or (after_label and self._is_value(text)):
                gone.add(index)
            after_label = label and text[-1] in ":："
        return gone

    def _below(self, texts: Sequence[str]) -> set[int]:
        """Return the page's lines after the last sentence."""
        last = next(
            (
                index
                for index in range(len(texts) - 1, -1, -1)
                if _SENTENCE_END.search(texts[index]) or len(texts[index]) >= _PROSE
            ),
            len(texts),
        )
        tail = range(last + 1, len(texts))
        first = next((i for i in tail if self._opens_tail(texts[i]) or self._is_furniture(texts[i])), None)
        figures = {index for index in tail if _FIGURE.search(texts[index]) and not _DATED.search(texts[index])}
        if first is None:
            return set() if len(tail) < _LIST or figures else set(tail)
        if not figures and len(tail) >= _LIST:
            return set(tail)
        # A table of indicators at the end of the report stays with its heads; the page begins below it.
        return {index for index in tail if index >= first and index not in figures}

    def _is_furniture(self, text: str) -> bool:
        """Tell whether a line holds nothing but buttons, menus, a time or a caption."""
        if _STAMP.match(text):
            return True
        if text.endswith(self._captions) and any(word in text for word in self._captioned):
            return True
        pieces = [piece for piece in _PUNCTUATION.split(text) if piece]
        if text in self._titles:
            return False
        buttons = sum(piece in self._buttons for piece in pieces)
        if buttons + sum(_NUMBER.match(piece) is not None for piece in pieces) == len(pieces):
            return bool(buttons) or not pieces
        return self._is_path(text)

    def _is_path(self, text: str) -> bool:
        """Tell whether a line is the way to the page (首页>政务公开>报告), buttons in one word or a row of them."""
        return ">" in text and any(text.startswith(word) for word in self._buttons) and len(text) <= _PROSE

    def _opens_label(self, text: str) -> bool:
        if len(text) > _LABEL or "。" in text:
            return False
        bare = text.lstrip("〔（【*·●■◆▪>|")
        for word in self._labels:
            if bare.startswith(word):
                rest = bare[len(word) :]
                if not rest or rest[0] in ":：" or rest in ("〕", "）"):
                    return True
        return False

    def _opens_tail(self, text: str) -> bool:
        bare = text.lstrip("〔（【*·●■◆▪>|》《")
        return bare.startswith(self._tails)

    def _opens_summary(self, text: str) -> bool:
        bare = text.lstrip("〔（【")
        return any(
            bare.startswith(word) and bare[len(word) : len(word) + 1] in ("：", ":", "", "〕", "】")
            for word in self._summaries
        )

    @staticmethod
    def _is_value(text: str) -> bool:
        """Tell whether a line can be what a label above it asks for."""
        return len(text) <= _VALUE and not re.search("[。，；：]", text)

    @staticmethod
    def _is_copy(text: str, below: Iterable[str]) -> bool:
        """Tell whether a line is cut off or its beginning comes again below, as that of a summary does."""
        return _CUT.search(text) is not None or any(other.startswith(text[:12]) for other in below)
