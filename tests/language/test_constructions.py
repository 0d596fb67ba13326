"""The table of constructions: every row is reached by its own example, and codes are told apart."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from compiler.facts.compile import EXAMPLE_IDENTITY, language_of
from compiler.language import vocabulary
from compiler.language.constructions import CONSTRUCTIONS, Act, Construction, State
from compiler.language.coordination import Subject
from compiler.language.figures import find_quantities
from compiler.language.lead_codes import CODES, Lead
from compiler.language.outcomes import Outcomes
from compiler.language.reading import read_sentence
from compiler.language.scopes import place_pattern
from compiler.language.tokens import tokenised
from compiler.model import RuleBook


def read(text: str, rulebook: RuleBook) -> tuple[Outcomes, list[str]]:
    """Return the outcomes of a sentence and the rows that were asked for, in order."""
    asked: list[str] = []
    language = language_of(rulebook)
    quantities = find_quantities(text, language.lexicon)
    sentence = tokenised(text, quantities, language, place_pattern(EXAMPLE_IDENTITY), EXAMPLE_IDENTITY)
    return read_sentence(sentence, asked.append), asked


@pytest.mark.parametrize("row", CONSTRUCTIONS, ids=lambda row: f"{row.state.name}-{row.name}")
def test_each_row_reads_its_own_example(row: Construction, rulebook: RuleBook) -> None:
    _, asked = read(row.example, rulebook)
    assert asked and asked[-1] == row.name


@pytest.mark.parametrize("state", list(State))
def test_the_last_row_of_a_state_takes_everything(state: State) -> None:
    last = [row for row in CONSTRUCTIONS if row.state is state][-1]
    assert not last.pattern and not last.forms and last.when is None


def test_rows_that_refuse_have_a_guard() -> None:
    for row in CONSTRUCTIONS:
        if row.act is Act.REFUSE and row.name != "隔着别的话":
            assert row.guard is not None, row.name


def test_codes_are_single_and_different() -> None:
    codes = [code for code, _ in CODES]
    assert all(len(code) == 1 for code in codes) and len(set(codes)) == len(codes)


def test_a_lead_knows_its_clause() -> None:
    lead = Lead(codes="gu,xg")
    assert lead.tail == "xg" and lead.holds("u") and not lead.holds("R") and not Subject(()).last


def test_every_category_of_words_is_asked_for() -> None:
    """A list that got its category, but no letter or step that asks for it, would let figures be taken in silence."""
    asked = {
        word
        for path in Path(vocabulary.__file__).parent.glob("*.py")
        if path != Path(vocabulary.__file__)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for word in node.value.split()  # "below_target above_target" is one letter for both
    }
    assert set(vocabulary._CUE_LISTS.values()) - asked == set()
