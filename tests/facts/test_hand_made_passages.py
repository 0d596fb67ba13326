"""Precision and recall on the hand-annotated passages: those developed on and those held out."""

from __future__ import annotations

import pytest
from help import passage_score

from compiler.model import RuleBook


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("developed_on", 0.985, 0.985),
        ("developed_more", 0.985, 0.985),
        ("held_out", 0.985, 0.965),
        ("blind", 0.985, 0.975),
    ],
)
def test_precision_and_recall(
    name: str, precision: float, recall: float, rulebook: RuleBook, annotated: frozenset[str]
) -> None:
    score = passage_score.score(passage_score.passages(name), rulebook, annotated)
    report = "\n".join([*(f"missed: {m}" for m in score.missed), *(f"wrong: {w}" for w in score.wrong)])
    assert score.precision >= precision, report
    assert score.recall >= recall, report
