"""Finds any of many words in a text, the longest that begins at a place.

Weighed in November 2026 against one factored regular expression (142,000 characters, 0.8 s to compile),
``ahocorasick_rs`` (0.2 s to build, nothing of it can be kept, no wheel for LoongArch) and ``pyahocorasick`` (can be
kept, no wheel for LoongArch): an index by the first three characters takes a hundredth of a second to build, is kept
with the rules, and needs no wheel. At which places of a text a word may begin is found in one go, without a step of
Python for each; only there the index is asked.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress
from operator import add

from compiler.strings import coded_pairs

_HEAD = 3
_SHORT = (2, 1)
"""The lengths of words that have no longer one beside them with the same beginning as the text."""

_FEW = 32
"""So few heads are looked for in the whole text first."""


PackedFinder = tuple[str, bytes, tuple[tuple[int, ...], ...]]
"""Beginnings of words, and for each, as the number of its kind, which lengths words with it have."""


class Finder:
    """Any of many words, in a text. Offsets are in characters."""

    __slots__ = ("_begins", "_lengths", "_singles", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._words: Collection[str] = frozenset(word for word in words if word)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for word in self._words:
            lengths[word[:_HEAD]].add(len(word))
        for head, found in lengths.items():  # where the longer ones do not fit, a shorter one may
            if head[:2] in self._words:
                found.add(len(head[:2]))
            if head[0] in self._words:
                found.add(1)
        self._index({head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()})

    def _index(self, lengths: dict[str, tuple[int, ...]]) -> None:
        self._singles = frozenset(head for head in lengths if len(head) == 1)
        self._begins = frozenset(head[: 1 if self._singles else 2] for head in lengths)
        self._lengths = lengths

    def packed(self) -> PackedFinder:
        """Return all but the words in few values: hundred thousands of small ones take long to be read back."""
        kinds = {lengths: number for number, lengths in enumerate(dict.fromkeys(self._lengths.values()))}
        numbers = array("H", [kinds[lengths] for lengths in self._lengths.values()])
        return "\n".join(self._lengths), numbers.tobytes(), tuple(kinds)

    @staticmethod
    def unpacked(words: Collection[str], packed: PackedFinder) -> Finder:
        """Return the finder of ``words`` that was packed."""
        heads, coded, kinds = packed
        numbers = array("H")
        numbers.frombytes(coded)
        finder = Finder.__new__(Finder)
        finder._words = words
        finder._index(dict(zip(heads.split("\n"), map(kinds.__getitem__, numbers), strict=True)) if heads else {})
        return finder

    def one_by_one(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the words in ``text`` from left to right, each beginning where the last has ended."""
        return self._spans(text, apart=True)

    def at_each_place(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the span of the longest word at every place of ``text`` where one begins; they may overlap."""
        return self._spans(text, apart=False)

    def _spans(self, text: str, *, apart: bool) -> Iterator[tuple[int, int]]:
        words, lengths_of, singles = self._words, self._lengths.get, self._singles
        last = 0
        for at in self._candidates(text):
            if at < last:
                continue
            lengths = lengths_of(text[at : at + _HEAD])
            if lengths is None:
                if text[at : at + 2] in words:
                    end = at + 2
                elif singles and text[at] in singles:
                    end = at + 1
                else:
                    continue
            else:
                for length in lengths:
                    word = text[at : at + length]  # shorter where the text ends, and then maybe another word
                    if word in words:
                        end = at + len(word)
                        break
                else:
                    continue
            yield at, end
            if apart:
                last = end

    def __contains__(self, word: str) -> bool:
        """Tell whether a text is one of the words."""
        return word in self._words

    def any_in(self, text: str) -> bool:
        """Tell whether one of the words stands in ``text``."""
        return next(self.one_by_one(text), None) is not None

    def at(self, text: str, at: int = 0) -> int:
        """Return where the longest word that begins at ``at`` ends, 0 where none does."""
        words = self._words
        for length in self._lengths.get(text[at : at + _HEAD], _SHORT):
            word = text[at : at + length]
            if word in words:
                return at + len(word)
        return 0

    def beginning(self, head: str) -> tuple[Collection[str], tuple[int, ...]]:
        """Return the words, and the lengths that those may have which begin as ``head`` does, longest first."""
        return self._words, self._lengths.get(head, _SHORT)

    def heads(self) -> Iterable[str]:
        """Return the first three characters of the words, all of them of shorter ones."""
        return self._lengths

    def _candidates(self, text: str) -> Iterator[int]:
        """Return the places of ``text`` at which a word may begin: by its first two characters, or one where one is."""
        if len(self._lengths) <= _FEW and not any(map(text.__contains__, self._lengths)):
            return iter(())
        if self._singles:
            return compress(range(len(text)), map(self._begins.__contains__, text))
        return compress(range(len(text)), map(self._begins.__contains__, map(add, text, text[1:])))


_Asked = tuple[tuple[int, Collection[str], tuple[int, ...]], ...]
"""Which finders have words with some beginning: the number of each, its words, and the lengths that they may have."""


class Together:
    """Several finders that go through a text in one pass; the first pass makes ready what all take."""

    __slots__ = ("_by_head", "_codes", "_finders", "_pairs", "_singles")

    def __init__(self, finders: Sequence[Finder]) -> None:
        self._finders = tuple(finders)
        self._by_head: dict[str, _Asked] = {}
        self._pairs: frozenset[str] = frozenset()
        self._singles: frozenset[str] = frozenset()
        self._codes: frozenset[int] = frozenset()

    def _make_ready(self) -> None:
        by_head: defaultdict[str, set[int]] = defaultdict(set)
        for number, finder in enumerate(self._finders):
            for head in finder.heads():
                by_head[head].add(number)
        for head, found in by_head.items():  # whoever has a word that another one's begins with is asked there too
            for length in range(1, len(head)):
                if head[:length] in by_head:
                    found |= by_head[head[:length]]
        self._pairs = frozenset(head[:2] for head in by_head if len(head) > 1)
        self._singles = frozenset(head for head in by_head if len(head) == 1)
        self._codes = frozenset(pair[0] for pair in map(coded_pairs, self._pairs) if pair)
        self._by_head = {
            head: tuple((number, *self._finders[number].beginning(head)) for number in sorted(found))
            for head, found in by_head.items()
        }

    def at_each_place(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield which finder has a word at a place, and its span: what ``at_each_place`` of each of them yields."""
        if not self._by_head:
            self._make_ready()
        heads = self._by_head.get
        for at in self._candidates(text):  # what no longer head fits may be a shorter word
            for number, words, lengths in (
                heads(text[at : at + _HEAD]) or heads(text[at : at + 2]) or heads(text[at], ())
            ):
                for length in lengths:
                    word = text[at : at + length]  # shorter where the text ends, and then maybe another word
                    if word in words:
                        yield number, at, at + len(word)
                        break

    def _candidates(self, text: str) -> list[int]:
        """Return the places of ``text`` at which a word may begin, by its first two characters, or one where one is."""
        even, odd = coded_pairs(text), coded_pairs(text[1:])
        if even is None or odd is None:
            found = [*compress(range(len(text)), map(self._pairs.__contains__, map(add, text, text[1:])))]
        else:
            known = self._codes.__contains__
            found = [*compress(range(0, len(text), 2), map(known, even))]
            found += compress(range(1, len(text), 2), map(known, odd))
        if self._singles:
            found += compress(range(len(text)), map(self._singles.__contains__, text))
            return sorted({*found})
        return sorted(found)
