"""Text without a language: white space dropped, what XML cannot hold, names that are not yet taken."""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = re.compile('[&<>"]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}  # & first: the others bring one along


def hash_of(*words: str) -> str:
    """Return one SHA-256 of some texts, by which what was made of them is known again."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese one."""
    return "\u4e00" <= character <= "\u9fff"


def squeeze(text: str) -> str:
    """Return ``text`` without white space: the form in which quotes are compared (``facts.md``)."""
    return "".join(text.split())


@lru_cache(maxsize=256)
def any_of(words: tuple[str, ...]) -> str:
    """Return an expression for any of ``words``, the first that fits, for each list of the lexicon written once."""
    return "|".join(map(re.escape, words)) or "(?!)"


def holding(words: re.Pattern[str], texts: Sequence[str]) -> list[int]:
    """Return which of many short texts hold what ``words`` finds, an expression that spans no line end."""
    starts = [0, *accumulate([len(text) + 1 for text in texts])]
    together = "\n".join(texts)
    held: list[int] = []
    found = words.search(together)
    while found is not None:
        held.append(bisect_right(starts, found.start()) - 1)
        found = words.search(together, starts[held[-1] + 1])  # one is enough: on with the next text
    return held


def coded_pairs(text: str) -> array[int] | None:
    """Return the first two characters of ``text`` as one number, the next two as the next, and so on.

    They are gone through in half the time that pairs of characters take. None where a character lies beyond the first
    plane, or the machine has no such numbers.
    """
    coded = text.encode("utf-16-le", "surrogatepass")
    numbers = array("I")
    if len(coded) != 2 * len(text) or numbers.itemsize != 4:
        return None
    numbers.frombytes(coded[: len(text) // 2 * 4])
    return numbers


def without_control(text: str) -> str:
    """Return ``text`` without the characters that no XML file may hold (XML 1.0, production ``Char``)."""
    return text if text.isprintable() else _NOT_XML.sub("", text)


def escape_xml(text: str) -> str:
    """Return ``text`` as the content of an XML element or attribute."""
    text = without_control(text)
    if _MARKUP.search(text):
        for character, entity in _ENTITIES.items():
            text = text.replace(character, entity)
    return text


def unique(name: str, taken: set[str], numbered: Callable[[str, int], str]) -> str:
    """Return ``name``, or the first of ``numbered(name, 2)``, ``numbered(name, 3)`` … that is not taken, and take it.

    ``taken`` holds the names in use, case folded: file systems and Excel take 甲A and 甲a for one name.
    """
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        candidate = numbered(name, number)
    taken.add(candidate.casefold())
    return candidate
