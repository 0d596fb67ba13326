"""Sentences as units, those of a list together, and what a unit is worth to a busy reader.

A sentence counts by figures, projects, deadlines and verbs of commitment; one that leans on the sentence before it
(同时, 其中) counts less. A sentence that opens a list (两个库：一个是…) is one unit with its list. All words stand in
``briefing.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from compiler.model import Sentence

NUMERAL: Final = "[一二三四五六七八九十]{1,3}"
NUMBERING: Final = re.compile(rf"^[（(]?(?:{NUMERAL}|\d{{1,3}})[）)、．.]\s*|^第{NUMERAL}[、，]")
"""The number before a heading: （一）, 一、, 1., 第一，."""

_SLOT: Final = "〔数〕"
_FIGURE: Final = re.compile(r"(?<![\d.,A-Za-z+＋])\d[\d.,]*(?![\d.,年月日号A-Za-z+＋])")
"""A figure that measures something: no year, date or number of a document, no part of a name (5G, 1+3)."""

_NAMES: Final = re.compile("[“‘《][^”’》]{1,20}[”’》]")
"""What stands in quotation marks is a name, whatever figures it has: “6921”工程."""

_QUOTED: Final = re.compile("[“《「]([^”》」]{2,20})[”》」]")
_DIGITS: Final = r"[①-⑳]|[（(]?\d{1,2}[）)．.、](?!\d)"
_COUNT: Final = r"[两几\d一二三四五六七八九十百]+"

_WEIGHTS: Final[Mapping[str, tuple[float, int]]] = {
    "projects": (1.5, 2),
    "deadlines": (3.0, 1),
    "commitments": (1.5, 2),
}
"""Points for a word of a list, and how many words of it count. Set so that over the reports at hand a sentence with a
figure that measures something outweighs one that only strings verbs and names of campaigns together."""

_FIGURE_POINTS: Final = 3.0
_FIRST_FIGURE: Final = 4.0
"""Points for a figure, up to four of them, and what the first has on top: with it the sentence can be checked."""

SUBSTANCE: Final = 3.0
"""Below this a sentence has neither a figure nor two words of the lists, and says too little to be quoted."""

_KNOWN: Final = 4096
"""Texts of which it is remembered what they are worth: the sentences of a report are weighed for each of its parts, and
anew each time that the text is shortened."""

_SHORT: Final = 24
"""Characters below which a sentence without a figure seldom says what is to be done."""


@lru_cache(maxsize=_KNOWN)
def figures(text: str) -> int:
    """Return how many figures of a text measure something."""
    return len(_FIGURE.findall(_NAMES.sub("“”", text))) if any(map(str.isdigit, text)) else 0


class Unit(NamedTuple):
    """Sentences that belong together, and what they are worth. ``lone`` is an item or an opener without its list."""

    sentences: tuple[Sentence, ...]
    text: str
    worth: float
    lone: bool = False


class Words:
    """The word lists of the template, and what they tell of a text."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self.lists = lists
        self._patterns = {name: _any_of(words) for name, words in lists.items()}
        self._starts = {name: tuple(words) for name, words in lists.items()}
        items = [re.escape(word).replace(re.escape(_SLOT), NUMERAL) for word in lists.get("items", ())]
        numbered = [one for one, word in zip(items, lists.get("items", ()), strict=True) if _SLOT in word]
        self._item = re.compile("|".join([*items, _DIGITS]))
        self._worded = re.compile("|".join(items) or "(?!)")
        self.lead = re.compile(f"^(?:{'|'.join([*numbered, _DIGITS])})")
        counts = _any_of(lists.get("counts", ())).pattern
        opens = _any_of(lists.get("opens", ())).pattern
        self._opens = re.compile(rf"{_COUNT}(?:{counts})|[：:]$|{opens}")
        major = _any_of(lists.get("major", ())).pattern
        many = rf"(?<![\d.])[1-9]\d+(?:{counts})"
        self._projects = re.compile(
            rf"{many}[^，。；：、\d]{{0,10}}(?:{major})|(?:{major})[^，。；：、\d]{{0,6}}{many}"
        )
        self.counted = re.compile(
            rf"{_COUNT}(?:{counts})[^，。；：]{{0,10}}(?:{_any_of(lists.get('deeds', ())).pattern})"
        )
        self.has = lru_cache(maxsize=_KNOWN)(self._has)
        self.worth = lru_cache(maxsize=_KNOWN)(self._worth)

    def _has(self, text: str, name: str) -> bool:
        """Tell whether a text holds a word of a list."""
        pattern = self._patterns.get(name)
        if pattern is None or pattern.search(text) is None:
            return False
        without = self.lists.get(f"not_{name}", ())
        for word in without:
            text = text.replace(word, "")
        return not without or pattern.search(text) is not None

    def begins(self, text: str, name: str) -> bool:
        """Tell whether a text begins with a word of a list."""
        return text.startswith(self._starts.get(name, ()))

    def items(self, text: str) -> int:
        """Return how many items of a list a text numbers."""
        return len(self._item.findall(text))

    def projects(self, text: str) -> bool:
        """Tell whether a text counts ten projects or more (27个省市重点项目), which is a figure of weight by itself."""
        return self._projects.search(text) is not None

    def _worth(self, text: str) -> float:
        """Return the points of a text for figures, projects, deadlines and verbs of commitment."""
        measured = figures(text)
        points = _FIGURE_POINTS * min(4, measured) + _FIRST_FIGURE * (measured > 0)
        for name, (weight, most) in _WEIGHTS.items():
            found = int(name == "projects" and _QUOTED.search(text) is not None)
            for word in self.lists.get(name, ()):
                if found >= most:
                    break
                found += word in text
            points += weight * found
        if len(text) < _SHORT and not measured and not self.has(text, "deadlines"):
            points -= _FIGURE_POINTS  # most often the title of what follows
        return points - (_FIGURE_POINTS + 1 if self.begins(text, "leaning") else 0)

    def among(self, texts: Sequence[str], name: str) -> list[int]:
        """Return which of many short texts hold a word of a list: found in all of them at once."""
        whole = "\n".join(texts)
        places: list[int] = []
        for word in self.lists.get(name, ()):
            at = whole.find(word)
            while at >= 0:
                places.append(at)
                at = whole.find(word, at + 1)
        if not places:
            return []
        ends = [*accumulate([len(text) + 1 for text in texts])]
        return [n for n in sorted({bisect_right(ends, at) for at in places}) if self.has(texts[n], name)]

    def telling(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Return the sentences without headings that run into the text, salutations and closing calls."""
        closings = {*self.among([one.text for one in sentences], "closings")}
        found: list[Sentence] = []
        headings: tuple[str, ...] | None = None
        bare: list[str] = []
        for n, sentence in enumerate(sentences):
            if sentence.headings is not headings:
                headings = sentence.headings
                bare = [_bare(one) for one in headings]
            # Hardly any sentence holds the words of its heading: only of those that do it matters what else they hold.
            text = sentence.text
            within = [one for one in bare if one in text]
            if n not in closings and not (within and _bare(text) in within):
                found.append(sentence)
        return found

    def units(self, sentences: Sequence[Sentence]) -> list[Unit]:
        """Return the sentences, those of a list as one unit with what opens it."""
        texts = [one.text for one in sentences]
        items = [self._item.match(text) is not None for text in texts]
        found: list[Unit] = []
        at, last, worth = 0, len(texts), self.worth
        while at < last:
            end = at + 1
            text = texts[at]
            if items[at] or (end < last and items[end] and self._opens.search(text)):
                end = self._end_of_list(sentences, items, at)
            if end - at > 1:
                text = "".join(texts[at:end])
                found.append(Unit(tuple(sentences[at:end]), text, worth(text)))
            else:
                lone = items[at] or (("：" in text or ":" in text) and self._opens_a_list(text))
                found.append(Unit((sentences[at],), text, worth(text), lone))
            at = end
        return found

    def _opens_a_list(self, text: str) -> bool:
        """Tell whether a sentence with a colon holds at most the first item of a list (两个库：一个是…)."""
        if text.endswith(("：", ":")):
            return True
        found = [*self._worded.finditer(text)]
        return len(found) == 1 and text[: found[0].start()].endswith(("：", ":"))

    def _end_of_list(self, sentences: Sequence[Sentence], items: Sequence[bool], at: int) -> int:
        """Return the end of a list: behind its last item, with what else stands in that paragraph.

        ``items`` tells which sentences begin as one.
        """
        last = at
        for n in range(at + 1, len(sentences)):
            before, one = sentences[n - 1], sentences[n]
            if one.paragraph != before.paragraph and not (one.paragraph - before.paragraph == 1 and items[n]):
                break
            if one.paragraph != before.paragraph or items[n]:
                last = n
        while last + 1 < len(sentences) and sentences[last + 1].paragraph == sentences[last].paragraph:
            last += 1
        return last + 1


def words_of(lists: Mapping[str, Sequence[str]]) -> Words:
    """Return the words of lists; made once for a template, whatever the number of reports."""
    return _words(tuple((name, tuple(words)) for name, words in lists.items()))


@lru_cache(maxsize=8)
def _words(lists: tuple[tuple[str, tuple[str, ...]], ...]) -> Words:
    return Words(dict(lists))


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """Return a heading, or a sentence that may be one, without its number and its stop."""
    return NUMBERING.sub("", text).rstrip("。：:；;")


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return an expression for any of some words; for none of them, one that never matches."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")
