"""By what name a report tells a figure, where that is a name a remark can tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from compiler.model import CompiledReport, Fact

_LEAST: Final = 3
"""Characters that a name has when its verb may be taken off: 完成造林 stays, 完成棚改任务 is 棚改任务."""

_ABBREVIATION: Final = re.compile(r"[A-Za-z]+[\d.]+")
"""Figures that belong to a name."""

_IN_MARKS: Final = re.compile("^“([^“”]*)”$")


class PrintedNames:
    """The names that reports print, without the verbs beside them (市场主体达到), and only where they are the figure's.

    A name that another indicator of the report goes by as well, and that is no form of this one's, is not this one's:
    of 接待游客500万人次，综合收入30亿元 the income is not called 接待游客, of 市场主体净增9万户、总数61万户 the total
    is not called 市场主体净增. A name that holds figures is none. The verbs stand in ``ledger.yaml``
    (``lists.name_heads``, ``lists.name_tails``).
    """

    def __init__(
        self, reports: Iterable[CompiledReport] = (), lists: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> None:
        self._heads = re.compile(f"^(?:{_any_of(lists.get('name_heads', ()))})")
        self._tails = re.compile(f"(?:{_any_of(lists.get('name_tails', ()))})+$")
        self._reports = {(report.source, report.number): report for report in reports}
        self._shared: dict[tuple[str, int], Mapping[str, set[str]]] = {}
        self._plain: dict[str, str] = {}
        self._told: dict[str, str] = {}

    def of(self, fact: Fact) -> str:
        """Return the name a remark may tell of a fact; empty where there is none."""
        printed = fact.printed_name
        told = self._told.get(printed)
        if told is None:
            figures = any(letter.isdecimal() for letter in _ABBREVIATION.sub("", printed))
            told = self._told[printed] = "" if figures else self.plain(printed)
        return told if told and not self._is_anothers(fact, told) else ""

    def plain(self, name: str) -> str:
        """Return a name without the verbs at its ends; empty where it is nothing else. Reports share most names."""
        found = self._plain.get(name)
        if found is None:
            found = self._plain[name] = self._without_verbs(name)
        return found

    def _without_verbs(self, name: str) -> str:
        name = _IN_MARKS.sub(r"\1", name)
        if self._heads.fullmatch(name) or self._tails.fullmatch(name):
            return ""
        ended = self._tails.sub("", name)
        ended = ended if len(ended) >= _LEAST else name
        begun = self._heads.sub("", ended)
        return begun if len(begun) >= _LEAST else ended

    def _is_anothers(self, fact: Fact, plain: str) -> bool:
        others = self._of_report(fact.source, fact.report).get(fact.printed_name, ())
        return len(others) > 1 and not is_form(plain, fact.indicator)

    def _of_report(self, source: str, number: int) -> Mapping[str, set[str]]:
        """Return the indicators that go by each name that a report prints."""
        key = source, number
        if key not in self._shared:
            shared: dict[str, set[str]] = defaultdict(set)
            for fact in self._reports[key].facts if key in self._reports else ():
                shared[fact.printed_name].add(fact.indicator)
            self._shared[key] = shared
        return self._shared[key]


def is_form(name: str, indicator: str) -> bool:
    """Tell whether a name is the indicator's with letters left out or put in: 接待游客 of 接待游客人次."""
    short, long = sorted((name, indicator), key=len)
    letters = iter(long)
    return bool(short) and all(letter in letters for letter in short)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)"


NO_NAMES: Final = PrintedNames()
