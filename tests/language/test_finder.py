"""Finding many words at once: the same hits as one factored expression gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.facts.compile import language_of
from compiler.language.finder import Finder, Together
from compiler.language.unit_conversion import trie_pattern
from compiler.model import RuleBook
from compiler.workspace import sample_files


@pytest.mark.parametrize(
    ("words", "text", "one_by_one", "at_each_place"),
    [
        (["产值", "生产总值", "生产"], "地区生产总值", ["生产总值"], ["生产总值"]),
        (["生产", "产总值"], "生产总值", ["生产"], ["生产", "产总值"]),  # left before long
        (["甲", "甲乙丙"], "甲乙甲乙丙", ["甲", "甲乙丙"], ["甲", "甲乙丙"]),
        (["甲乙", "甲乙丙丁"], "甲乙丙", ["甲乙"], ["甲乙"]),  # the longer one does not fit
        (["𠮷野家"], "在𠮷野家", ["𠮷野家"], ["𠮷野家"]),  # offsets are characters, beyond the first plane too
        (["甲乙", "甲乙丙"], "丁甲乙", ["甲乙"], ["甲乙"]),  # at the end of the text
        ([], "甲", [], []),
        ([""], "甲", [], []),
        (["甲"], "", [], []),
    ],
)
def test_hits(words: list[str], text: str, one_by_one: list[str], at_each_place: list[str]) -> None:
    finder = Finder(words)
    assert [text[a:b] for a, b in finder.one_by_one(text)] == one_by_one
    assert [text[a:b] for a, b in finder.at_each_place(text)] == at_each_place
    assert finder.any_in(text) == bool(one_by_one)


@given(st.lists(st.text("甲乙丙丁", max_size=5), max_size=12), st.text("甲乙丙丁戊", max_size=40))
def test_the_hits_of_a_factored_expression(words: list[str], text: str) -> None:
    finder = Finder(words)
    pattern = trie_pattern(words)
    assert [*finder.one_by_one(text)] == [match.span() for match in re.finditer(pattern, text)]
    assert [*finder.at_each_place(text)] == [match.span(1) for match in re.finditer(f"(?=({pattern}))", text)]


@given(
    st.lists(st.lists(st.text("甲乙丙𠮷", max_size=5), max_size=8), min_size=1, max_size=3),
    st.text("甲乙丙丁𠮷", max_size=40),
)
def test_several_finders_in_one_pass(words: list[list[str]], text: str) -> None:
    finders = [Finder(some) for some in words]
    found = [*Together(finders).at_each_place(text)]
    for number, finder in enumerate(finders):
        assert [(start, end) for one, start, end in found if one == number] == [*finder.at_each_place(text)]


def test_the_names_of_the_samples(rulebook: RuleBook) -> None:
    language = language_of(rulebook)
    pattern = re.compile(trie_pattern(list(language.entries)))
    for path in sample_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        assert [*language.names.one_by_one(text)] == [match.span() for match in pattern.finditer(text)]
