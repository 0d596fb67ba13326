"""Advice of the catalogue in the words of the pages: without keys and commands, which only who edits files needs.

The catalogue writes such a word behind the one of the form: 别名（aliases）.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from compiler.model import Fact, Kind, Measure
from compiler.rules.keys import MEASURES

_FOR_FILES: Final = re.compile(r"（([A-Za-z][^（）]*)）")
_BY_ID: Final = re.compile(r"指标 (\w+)")
_MEASURES: Final = {Measure(word): title for word, title in MEASURES.choices}
_YIELD: Final = re.compile(r"(level|growth|change) ?(=|~|>=|<=|text)? ?(.*)")
_SIGNS: Final = {"~": "约", ">=": "不低于", "<=": "不高于"}


def in_words(text: str) -> str:
    """Return advice without what only files know."""
    return _FOR_FILES.sub("", text)


def key_meant(text: str, keys: Collection[str]) -> str:
    """Return the first of ``keys`` that advice names: the field of the form where it is followed; empty where none."""
    return next((found for found in _FOR_FILES.findall(text) if found in keys), "")


def kind_of(fact: Fact) -> str:
    """Return what a figure is: 实绩 or 目标, and which of the three kinds of number."""
    kind = "目标" if fact.kind is Kind.TARGET else "实绩"
    return kind if fact.measure is Measure.LEVEL else f"{kind}{_MEASURES[fact.measure]}"


def measure_word(measure: str) -> str:
    """Return 绝对数, 增速 or 增减量."""
    return _MEASURES[Measure(measure)]


def yield_in_words(written: str) -> str:
    """Return what an example yields, as the form of a rule says it: ``level >= 30`` is 绝对数 不低于30."""
    found = _YIELD.fullmatch(written)
    if found is None:
        return written
    return f"{measure_word(found[1])} {_SIGNS.get(found[2] or '', '')}{found[3]}"


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a message in which indicators go by their names, not by the ids of the files."""
    return _BY_ID.sub(lambda found: f"“{names[found[1]]}”" if found[1] in names else found[0], text)
