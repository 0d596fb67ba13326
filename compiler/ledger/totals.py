"""Totals that an official is asked for: how many targets were judged, and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from compiler.ledger.judge import JUDGED, MET, MISSED, Status, Terms
from compiler.ledger.rows import LedgerRow
from compiler.numbers import decimal_text

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many indicators (not measures) have which status; ``counts`` holds every status that occurs."""

    counts: Mapping[Status, int] = field(default_factory=dict)

    def number(self, statuses: Iterable[Status]) -> int:
        """Return how many indicators have one of the statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)

    @property
    def judged(self) -> int:
        """Return how many indicators have a verdict, by the figures or by the report's own words."""
        return self.number(JUDGED)

    @property
    def met(self) -> int:
        """Return how many reached their target in full: 基本完成 is no 完成."""
        return self.number(MET - {Status.ABOUT})

    @property
    def about(self) -> int:
        """Return how many reached an about-target within its tolerance."""
        return self.number({Status.ABOUT})

    @property
    def missed(self) -> int:
        """Return how many missed their target, by the figures or by the report's own words."""
        return self.number(MISSED)

    @property
    def share(self) -> Decimal | None:
        """Return the share met in percent with one decimal; None where nothing was judged."""
        if not self.judged:
            return None
        return (Decimal(self.met) * 100 / self.judged).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    def told(self, terms: Terms) -> str:
        """Return the totals as one says them, 22项中18项，81.8%; empty where nothing was judged."""
        if self.share is None:
            return ""
        return terms.word("totals.met", judged=str(self.judged), met=str(self.met), share=decimal_text(self.share))


def totals(rows: Iterable[LedgerRow]) -> Totals:
    """Count the rows by status."""
    return Totals(dict(Counter(row.status for row in rows)))


def totals_by(rows: Iterable[LedgerRow], key: Callable[[LedgerRow], Key]) -> dict[Key, Totals]:
    """Count the rows by status within each group that ``key`` makes (theme, place, kind of target), in row order."""
    groups: dict[Key, list[LedgerRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {name: totals(own) for name, own in groups.items()}
