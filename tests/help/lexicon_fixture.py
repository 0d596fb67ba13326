"""The default lexicon, for tests that need no more of the rule book."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from compiler.model import Lexicon
from compiler.rules.rulebook import load_rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"


@cache
def load_lexicon() -> Lexicon:
    """Load ``rules/lexicon.yaml`` as the program does."""
    rulebook, _ = load_rulebook(RULES)
    assert rulebook is not None
    return rulebook.lexicon
