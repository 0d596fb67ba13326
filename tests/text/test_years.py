"""Which years headings and sentences open, as tables over all manners; and the spans that words name."""

from __future__ import annotations

import pytest
from help.front_samples import lexicon, outlined
from help.year_cases import HEADINGS, OPENING, TURNS
from hypothesis import given
from hypothesis import strategies as st

from compiler.model import Paragraph, Part
from compiler.text.periods import Periods, plan_years

PARTS = {"r": Part.REVIEW, "p": Part.PLAN, "R": Part.REVIEW_SPAN, "P": Part.PLAN_SPAN, "o": Part.OTHER}


def years(paragraph: Paragraph) -> str:
    """Return the years of a paragraph in the notation of the tables."""
    if paragraph.part in (Part.REVIEW_SPAN, Part.PLAN_SPAN):
        return f"{paragraph.from_year or '?'}-{paragraph.year}"
    return str(paragraph.year or "")


@pytest.mark.parametrize(("year", "heading", "part", "expected"), HEADINGS, ids=[case[1] for case in HEADINGS])
def test_headings(year: int, heading: str, part: str, expected: str) -> None:
    # A heading that announces nothing leaves its text uncertain, for the guesser.
    text = OPENING.format(year=year) + f"{heading}\n山乡巨变，面貌一新，群众称赞。\n"
    paragraphs, _, who = outlined(text)
    assert who.report_year == year
    found = paragraphs[-1][0]
    if part == "-":
        assert not found.certain
    else:
        assert (found.part, found.certain, years(found)) == (PARTS[part], True, expected)


@pytest.mark.parametrize(("name", "year", "text", "marks"), TURNS, ids=[case[0] for case in TURNS])
def test_turns(name: str, year: int, text: str, marks: dict[str, str]) -> None:
    paragraphs, _, _ = outlined(OPENING.format(year=year) + text)
    for beginning, expected in marks.items():
        found = [paragraph for paragraph, words in paragraphs if words.startswith(beginning)]
        assert len(found) == 1, beginning
        part, _, told = expected.partition(" ")
        assert (found[0].part, years(found[0])) == (PARTS[part], told), beginning


def test_plans_go_on_for_ever() -> None:
    assert [plan_years(number) for number in (1, 2, 8, 10, 15, 20)] == [
        (1953, 1957),
        (1958, 1962),
        (1991, 1995),
        (2001, 2005),
        (2026, 2030),
        (2051, 2055),
    ]


SPANS = [
    # text, kind of span, first and last year in a report of 2017; none where empty
    ("过去五年", "back", (2012, 2016)),
    ("过去的3年", "back", (2014, 2016)),
    ("近两年", "back", (2015, 2016)),
    ("十年来", "back", (2007, 2016)),
    ("2015年来", "back", ()),
    ("今后五年", "ahead", (2017, 2021)),
    ("未来三年", "ahead", (2017, 2019)),
    ("2012—2016年", "explicit", (2012, 2016)),
    ("2012至2016年", "explicit", (2012, 2016)),
    ("2012-16年", "explicit", (2012, 2016)),
    ("2016—2012年", "explicit", ()),
    ("“十三五”时期", "plans", (2016, 2020)),
    ("十三五规划", "plans", (2016, 2020)),
    ("第十三个五年规划", "plans", (2016, 2020)),
    ("第十五届人民代表大会", "plans", ()),
    ("“七五”普法", "plans", ()),
    ("“十三五”良好开局", "plans", ()),
    ("“十三五”开局之年", "plans", ()),
]


@pytest.mark.parametrize(("text", "kind", "expected"), SPANS)
def test_spans(text: str, kind: str, expected: tuple[int, ...]) -> None:
    found = getattr(Periods(lexicon(), 2017), kind)(text)
    span = next(found, None) if kind == "plans" else found
    assert (() if span is None else (span.first, span.last)) == expected


@given(st.integers(1990, 2060), st.text(alphabet="过去今后未来五年两三十“”时期规划第个至—2016年来间近", max_size=24))
def test_spans_never_end_before_they_begin(year: int, text: str) -> None:
    periods = Periods(lexicon(), year)
    for span in (periods.back(text), periods.ahead(text), periods.explicit(text), *periods.plans(text)):
        assert span is None or (span.first <= span.last and 0 <= span.start < span.end <= len(text))
