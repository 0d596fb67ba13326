"""Pieces with gaps between them: what a regular expression with lazy gaps finds, without trying every way."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from compiler.language.gapped import LONGEST_GAP, find

TEXT = st.text(alphabet="甲乙丙，。", max_size=60)
PIECES = st.lists(st.text(alphabet="甲乙丙", max_size=2), min_size=1, max_size=5)


@given(PIECES, TEXT, st.integers(0, 5))
def test_it_finds_what_a_regular_expression_does(pieces: list[str], text: str, at: int) -> None:
    gap = f"([^。！？；]{{0,{LONGEST_GAP}}}?)"
    match = re.compile(gap.join(map(re.escape, pieces))).search(text, min(at, len(text)))
    found = find(pieces, text, min(at, len(text)))
    if match is None:
        assert found is None
    else:
        assert found is not None
        assert (found.start, found.end) == match.span()
        assert list(found.gaps) == [match.span(number) for number in range(1, len(pieces))]


def test_many_gaps_over_like_words_end() -> None:
    """The regular expression would try sixteen ways for each of eight gaps."""
    assert find(["产"] * 9 + ["额"], "产" * 20_000) is None
