"""Figures in Chinese words: as the report prints them, with its own hedges and a verb where it moves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from compiler.ledger.judge import point_of
from compiler.model import Bound, Fact, Lexicon, Measure, Tier
from compiler.numbers import decimal_text
from compiler.strings import any_of


class FigureWording:
    """Says figures in Chinese, with the words of ``briefing.yaml``."""

    def __init__(self, words: Mapping[str, str], lexicon: Lexicon, grown: Sequence[str] = ()) -> None:
        self._words = words
        self._grown = any_of(tuple(grown))
        self._before = {hedge.word for hedge in lexicon.hedges if hedge.side == "before"}
        self._after = {hedge.word for hedge in lexicon.hedges if hedge.side == "after"}

    def word(self, key: str) -> str:
        """Return a word of the template, or its key where the template lacks it."""
        return self._words.get(key, key)

    def moved(self, old: str, new: str) -> str:
        """Return the words for a target that went from ``old`` to ``new``."""
        return self.word("moved").replace("{old}", old).replace("{new}", new)

    def figure(self, fact: Fact) -> str:
        """Return the figure as printed, hedges included: 6.5%左右, 控制在4.5%以内, 约28万元."""
        if fact.text:
            return fact.text
        before, after = self._hedges(fact)
        return f"{before}{_unsigned(fact)}{after}"

    def phrase(self, fact: Fact) -> str:
        """Return the figure with its verb: 增长6.5%左右, 下降9%, 提高2.4个百分点; a level stands by itself.

        A target in words has the verb that the report puts before it: 增长与经济增长同步.
        """
        if fact.text:
            grown = re.search(f"({self._grown})(?={re.escape(fact.text)})", fact.quote)
            return f"{grown[0]}{fact.text}" if grown else fact.text
        verb = self._verb(fact)
        before, after = self._hedges(fact)
        tier = self._tier(fact, before)
        rest = before.removeprefix(tier)
        raw = _unsigned(fact)
        if any(map(str.isdigit, raw)) or raw[:1] in "零一二三四五六七八九十百千万亿两几半":
            verb = "" if tier.endswith(self.word("reach")) else verb  # 力争达到12.5%
            return f"{tier}{verb}{rest}{raw}{after}"
        # A price level that is 基本持平 did not rise; 与上年持平 would say that it rose as much as last year.
        asis = point_of(fact) or fact.measure is Measure.LEVEL or fact.bound is Bound.APPROX
        return f"{tier}{rest}{raw}{after}" if asis else self.word("flat")

    def hedge(self, fact: Fact) -> str:
        """Return the hedge alone, with the place of the figure: 控制在…以内, 左右."""
        return fact.modifier

    def _tier(self, fact: Fact, before: str) -> str:
        """Return the word of striving that goes before the verb: 力争增长7%, not 增长力争7%."""
        if fact.tier is not Tier.STRETCH:
            return ""
        first = fact.modifier.split("…")[0]
        return first if first and before.startswith(first) else ""

    def _verb(self, fact: Fact) -> str:
        value = point_of(fact)
        if fact.measure is Measure.LEVEL or value is None:
            return ""
        if fact.measure is Measure.GROWTH:
            return self.word("growth_up" if value >= 0 else "growth_down")
        rate = fact.unit.endswith("点")
        if value >= 0:
            return self.word("rate_up" if rate else "amount_up")
        return self.word("rate_down" if rate else "amount_down")

    def _hedges(self, fact: Fact) -> tuple[str, str]:
        """Return what stands before and after the figure: told by the lexicon, else by the quote itself."""
        if not fact.modifier:
            return "", ""
        before: list[str] = []
        after: list[str] = []
        for piece in fact.modifier.split("…"):
            if not piece or piece in fact.raw:  # 150余场 holds its hedge
                continue
            if (piece in self._after) != (piece in self._before):
                behind = piece in self._after
            else:
                at, figure = fact.quote.rfind(piece), fact.quote.rfind(fact.raw)
                behind = f"{fact.raw}{piece}" in fact.quote or (
                    f"{piece}{fact.raw}" not in fact.quote and at > figure >= 0
                )
            (after if behind else before).append(piece)
        return "".join(before), "".join(after)


_MAGNITUDES: Final = "万亿"
_INDEX: Final = re.compile(r"\d{2,3}(?:\.\d+)?")


def _unsigned(fact: Fact) -> str:
    """Return the figure as printed, without a sign that the verb tells already.

    Of a ratio (16:49:35) only one part is the indicator's, so that part is shown instead; of an index of prices (103)
    the rise. A number whose unit stands in the name behind it (1.2万贫困人口) is shown with its unit.
    """
    raw = fact.raw
    value = point_of(fact)
    if value is not None and (":" in raw or "：" in raw or "∶" in raw):
        return f"{decimal_text(value)}{fact.unit}"
    index = _INDEX.match(raw) if fact.measure is Measure.LEVEL and value is not None else None
    if index and value is not None and Decimal(index[0]) - 100 == value:
        return f"{decimal_text(value)}{fact.unit}"
    if fact.measure is Measure.LEVEL and raw[-1:] in _MAGNITUDES:
        return raw + fact.unit.lstrip(_MAGNITUDES)
    return raw.lstrip("-－−–—") if fact.measure is not Measure.LEVEL else raw
