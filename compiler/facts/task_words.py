"""The word lists of ``rules/tasks.yaml``, made ready for search."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compiler.language.unit_conversion import trie_pattern
from compiler.model import TaskRules
from compiler.strings import any_of

_NUMERAL = "[0-9〇零一二两三四五六七八九十百]"

_TELLING = ("lead_ins", "verdicts", "results", "closings", "attitudes", "judgements")
"""Lists of words that may make a sentence with something to be done in it no task; most tasks hold none of them."""


class TaskWords:
    """The word lists of the rules, made ready for search."""

    def __init__(self, rules: TaskRules) -> None:
        self.rules = rules
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._finders: dict[str, tuple[re.Pattern[str] | None, re.Pattern[str]]] = {}
        self.adverbs = re.compile(f"(?:{any_of(rules.words('adverbs'))})*")
        self.openers, self.verbs = self.pattern("openers"), self.pattern("verbs")
        self.telling = _signs(word for name in _TELLING for word in rules.words(name))
        self.copulas = re.compile(trie_pattern(rules.words("copulas")))

    def pattern(self, name: str) -> re.Pattern[str]:
        """Return what finds a word of a list, longest first; N in a word stands for a number."""
        known = self._patterns.get(name)
        if known is None:
            words = sorted(self.rules.words(name), key=len, reverse=True)
            parts = [re.escape(word).replace("N", f"{_NUMERAL}{{1,4}}") for word in words]
            known = self._patterns[name] = re.compile("|".join(parts) or "(?!)")
        return known

    def _finder(self, name: str) -> tuple[re.Pattern[str] | None, re.Pattern[str]]:
        """Return what finds a word of a list, and before it what finds the longest plain piece of one.

        An expression that may begin with a number is tried at every character of a text, plain words are not: only
        for lists with such words are the pieces looked for first.
        """
        known = self._finders.get(name)
        if known is None:
            words = self.rules.words(name)
            signs = _signs(words) if any("N" in word for word in words) else None
            known = self._finders[name] = signs, self.pattern(name)
        return known

    def within(self, name: str, text: str) -> bool:
        """Tell whether a text holds a word of the list."""
        signs, pattern = self._finder(name)
        return (signs is None or signs.search(text) is not None) and pattern.search(text) is not None

    def all_in(self, name: str, text: str) -> list[str]:
        """Return the words of the list that stand in a text, each once."""
        signs, pattern = self._finder(name)
        if signs is not None and signs.search(text) is None:
            return []
        return list(dict.fromkeys(match[0] for match in pattern.finditer(text)))

    def begins(self, name: str, text: str) -> bool:
        """Tell whether a text begins with a word of the list."""
        return self.pattern(name).match(text) is not None

    def ends(self, name: str, text: str) -> bool:
        """Tell whether a text ends with a word of the list."""
        return text.endswith(self.rules.words(name))


def _signs(words: Iterable[str]) -> re.Pattern[str]:
    """Return an expression without which no word of a list stands in a text: the longest plain piece of each."""
    pieces = {max(word.split("N"), key=len) for word in words}
    return re.compile("" if "" in pieces else trie_pattern(pieces))


_ready: dict[int, TaskWords] = {}


def words_of(rules: TaskRules) -> TaskWords:
    """Return the word lists of ``rules``, made ready once and kept for the last few rule books."""
    known = _ready.get(id(rules))
    if known is None or known.rules is not rules:
        while len(_ready) >= 4:
            _ready.pop(next(iter(_ready)))
        known = _ready[id(rules)] = TaskWords(rules)
    return known
