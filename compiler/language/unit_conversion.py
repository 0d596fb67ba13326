"""Units looked up and converted, and expressions for many words at once, factored by what they begin with.

The units themselves are entries of ``units`` in ``rules/lexicon.yaml``: a new one is a line there, and none here.
What is compiled from a lexicon is kept with it, so every helper may be called freely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from compiler.model import Lexicon
from compiler.numbers import MAGNITUDES, decimal_of


class _Node:
    """A node of a trie: its children, and whether a word ends here (and what may not follow it)."""

    __slots__ = ("children", "ends", "unlike")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.ends = False
        self.unlike: tuple[str, ...] = ()


def _render(node: _Node, top: bool = False) -> str:
    """Return the expression for what may follow at ``node``, longest words first.

    At the ``top`` each branch begins with a character of its own, none with a set of them: of such branches alone
    ``re`` makes a set of first characters, by which it passes over all places of a text where no word begins.
    """
    end = f"(?!{trie_pattern(node.unlike)})" if node.unlike else ""
    single: list[str] = []
    branches: list[str] = []
    for character, child in sorted(node.children.items()):
        rest = _render(child)
        if rest or top:
            branches.append(re.escape(character) + rest)
        else:
            single.append(character)
    if single:
        letters = "".join(re.escape(character) for character in single)
        branches.append(letters if len(single) == 1 else f"[{letters}]")
    if not branches:
        return end
    if not node.ends:
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if end:
        return f"(?:{'|'.join([*branches, end])})"
    if len(branches) == 1 and len(single) == 1 and len(node.children) == 1:
        return branches[0] + "?"
    return f"(?:{'|'.join(branches)})?"


def trie_pattern(words: Iterable[str], unlike: Mapping[str, Iterable[str]] | None = None) -> str:
    """Return an expression that matches any of ``words``, the longest one first, factored by prefix.

    ``unlike`` maps a word to what may not follow it: the word then does not match there, but a shorter
    one may. No words give an expression that never matches.
    """
    root = _Node()
    for word in words:
        if not word:
            continue
        node = root
        for character in word:
            node = node.children.setdefault(character, _Node())
        node.ends = True
        if unlike and word in unlike:
            node.unlike = tuple(sorted(unlike[word]))
    return _render(root, top=True) if root.children else "(?!)"


# --- units -------------------------------------------------------------------------------------


class _Units:
    """The units of one lexicon by every printed word, and the conversions asked for so far."""

    __slots__ = ("by_word", "ratios", "resolved")

    def __init__(self, lexicon: Lexicon) -> None:
        self.by_word: dict[str, tuple[str, str, Fraction]] = {}
        for unit in lexicon.units.values():
            for word in (unit.name, *unit.words):
                self.by_word.setdefault(word, (unit.name, unit.family, unit.factor))
        for unit in lexicon.units.values():  # a name is its own unit, whoever lists it as a word
            self.by_word[unit.name] = (unit.name, unit.family, unit.factor)
        self.resolved: dict[str, tuple[str, str, Fraction]] = {}
        self.ratios: dict[tuple[str, str], Fraction | None] = {}

    def resolve(self, printed: str) -> tuple[str, str, Fraction]:
        """Return name with magnitude, family and factor; an unknown unit keeps its name, without a family."""
        found = self.resolved.get(printed)
        if found is None:
            found = self._resolve(printed)
            if len(self.resolved) < 10_000:
                self.resolved[printed] = found
        return found

    def _resolve(self, printed: str) -> tuple[str, str, Fraction]:
        factor = Fraction(1)
        for position in range(len(printed) + 1):
            known = self.by_word.get(printed[position:])
            if known is not None:
                name, family, size = known
                return printed[:position] + name, family, factor * size
            if position == len(printed) or printed[position] not in MAGNITUDES:
                break
            factor *= MAGNITUDES[printed[position]]
        bare = printed.lstrip("".join(MAGNITUDES))
        return printed, "", factor if not bare else Fraction(1)

    def ratio(self, from_unit: str, to_unit: str) -> Fraction | None:
        """Return how many ``to_unit`` one ``from_unit`` is, or None where the families differ."""
        key = (from_unit, to_unit)
        if key not in self.ratios:
            _, from_family, from_factor = self.resolve(from_unit)
            _, to_family, to_factor = self.resolve(to_unit)
            same = from_family == to_family and (bool(from_family) or _only_magnitudes(from_unit, to_unit))
            if from_unit == to_unit:
                self.ratios[key] = Fraction(1)
            else:
                self.ratios[key] = from_factor / to_factor if same and to_factor else None
        return self.ratios[key]


def _only_magnitudes(*units: str) -> bool:
    return all(character in MAGNITUDES for unit in units for character in unit)


def unit_of(lexicon: Lexicon, printed: str) -> tuple[str, str]:
    """Return the name, with its magnitude, and the family of a printed unit (名 → 人, 万名 → 万人)."""
    name, family, _ = lexicon.once(_Units).resolve(printed)
    return name, family


def resolve_unit(lexicon: Lexicon, unit: str) -> tuple[str, Fraction]:
    """Return the family of ``unit`` and its size in the family's base unit: 万元 → (人民币, 10000).

    An unknown unit has the empty family; a magnitude alone (万) has it too, with its own size.
    """
    _, family, factor = lexicon.once(_Units).resolve(unit)
    return family, factor


def convert(value: Decimal, from_unit: str, to_unit: str, lexicon: Lexicon) -> Decimal | None:
    """Return ``value`` in ``to_unit``, or None where the units are of different families."""
    if from_unit == to_unit:
        return value
    ratio = lexicon.once(_Units).ratio(from_unit, to_unit)
    if ratio is None:
        return None
    if ratio == 1:
        return value
    return decimal_of(Fraction(value) * ratio)
