"""Scores the facts of hand-annotated passages: precision and recall, and what was missed or wrong."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from compiler.facts.compile import facts_of_example
from compiler.model import Fact, Identity, Part, RuleBook
from help.cases import read_yaml

HERE = Path(__file__).resolve().parents[1] / "cases"
KEY = ("year", "kind", "indicator", "measure", "tier")


@dataclass
class Score:
    """Counts over passages, with a line for each miss and each wrong fact."""

    hits: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + len(self.wrong)) if self.hits + len(self.wrong) else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + len(self.missed)) if self.hits + len(self.missed) else 1.0


def passages(name: str) -> list[dict[str, Any]]:
    """Return the passages of ``tests/cases/passages/<name>.yaml``."""
    found: list[dict[str, Any]] = read_yaml(HERE / "passages" / f"{name}.yaml")["passages"]
    return found


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _close(a: Decimal | None, b: Decimal | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= max(abs(a), abs(b)) / 1000 + Decimal("1e-9")


def same_figure(gold: dict[str, Any], fact: Fact) -> bool:
    if gold.get("text"):
        a, b = set(gold["text"]), set(fact.text)
        return bool(a) and bool(b) and len(a & b) * 2 >= min(len(a), len(b))
    low, high = _number(gold.get("low")), _number(gold.get("high"))
    return _close(low, fact.low) and _close(high, fact.high) and gold.get("bound", "eq") == fact.bound.value


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(column) or ("base" if column == "tier" else "")) for column in KEY)


def _fact_key(fact: Fact) -> tuple[str, ...]:
    return (str(fact.year), fact.kind.value, fact.indicator, fact.measure.value, fact.tier.value)


def score(items: list[dict[str, Any]], rulebook: RuleBook, catalogue: frozenset[str] | set[str]) -> Score:
    """Score ``items`` against what the rules yield; only indicators of ``catalogue`` are judged."""
    total = Score()
    for item in items:
        identity = Identity(item["place"], "", item["level"], int(item["report_year"]))
        facts = [
            f
            for f in facts_of_example(item["text"], Part(item["part"]), rulebook, identity)
            if f.indicator in catalogue and f.from_year is None  # the annotators left facts of several years out
        ]
        left = list(facts)
        for gold in item.get("facts") or []:
            hit = next((f for f in left if _fact_key(f) == _key(gold) and same_figure(gold, f)), None)
            if hit is not None:
                left.remove(hit)
                total.hits += not gold.get("optional")
            elif not gold.get("optional"):
                figure = gold.get("text") or f"{gold.get('low')}..{gold.get('high')} {gold.get('bound')}"
                total.missed.append(f"{item['id']} {' '.join(_key(gold))} {figure}")
        for fact in left:
            figure = f"{fact.low}..{fact.high} {fact.bound} {fact.text}"
            total.wrong.append(f"{item['id']} {' '.join(_fact_key(fact))} {figure} | {fact.quote}")
    return total


if __name__ == "__main__":
    from compiler.rules.rulebook import load_rulebook

    book, _ = load_rulebook(HERE.parents[1] / "rules")
    assert book is not None
    names = set((HERE / "passages" / "catalogue.txt").read_text(encoding="utf-8").split())
    result = score(passages(sys.argv[1]), book, names)
    if len(sys.argv) > 2:
        print("\n".join(f"missed: {line}" for line in result.missed))
        print("\n".join(f"wrong:  {line}" for line in result.wrong))
    print(f"{result.hits} hits, precision {result.precision:.3f}, recall {result.recall:.3f}")
