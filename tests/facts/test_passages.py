"""Capturing passages by headings and openers: what is taken, where it ends, what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from compiler.facts.passages import capture_passages
from compiler.issues import CATALOGUE
from compiler.model import Paragraph, Part, Passage, SectionRule, Sentence

RULE = SectionRule("problems", "困难和问题", "sections/通用.yaml", 1, within="any")


def lay_out(
    *paragraphs: tuple[Part, tuple[str, ...], str],
) -> tuple[tuple[Sentence, ...], tuple[Paragraph, ...], str]:
    """Lay out paragraphs of sentences that end in 。; one that begins with # is a heading."""
    text = ""
    sentences: list[Sentence] = []
    laid: list[Paragraph] = []
    for number, (part, headings, content) in enumerate(paragraphs, 1):
        start = len(text)
        is_heading = content.startswith("#")
        content = content.removeprefix("#")
        for piece in content.split("。"):
            if not piece:
                continue
            ended = piece if is_heading else f"{piece}。"
            sentences.append(
                Sentence(len(sentences) + 1, number, len(text), len(text) + len(ended), ended, headings, part)
            )
            text += ended
        laid.append(Paragraph(number, start, len(text), headings, part, is_heading))
        text += "\n"
    return tuple(sentences), tuple(laid), text


REPORT = lay_out(
    (Part.REVIEW, (), "#一、去年工作"),
    (Part.REVIEW, ("一、去年工作",), "成绩不少。群众得到实惠。"),
    (Part.REVIEW, ("一、去年工作",), "我们也看到，矛盾还多。结构偏重。财力偏紧。"),
    (Part.REVIEW, ("一、去年工作", "（五）困难 和问题"), "#（五）困难 和问题"),
    (Part.REVIEW, ("一、去年工作", "（五）困难 和问题"), "一是底子薄。二是人才少。"),
    (Part.REVIEW, ("一、去年工作", "（五）困难 和问题"), "三是作风要改。"),
    (Part.PLAN, ("二、今年安排",), "针对这些困难和问题，我们也看到，机遇仍在。要抢抓机遇。"),
)


def captured(rule: SectionRule, report: tuple[Sequence[Sentence], Sequence[Paragraph], str] = REPORT) -> list[str]:
    passages, _ = capture_passages(report[0], report[1], [rule])
    return [passage.text for passage in passages]


PROBLEMS = "我们也看到，矛盾还多。结构偏重。财力偏紧。"
CHANCES = "针对这些困难和问题，我们也看到，机遇仍在。要抢抓机遇。"
BY_HEADING = ["一是底子薄。二是人才少。", "三是作风要改。"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"headings": ("困难和问题",)}, BY_HEADING),
        ({"headings": ("没有这个标题",)}, []),
        ({"openers": ("我们也看到",)}, [PROBLEMS, CHANCES]),
        ({"openers": ("我们也看到",), "within": "review"}, [PROBLEMS]),
        ({"openers": ("我们也看到",), "within": "plan"}, [CHANCES]),
        ({"openers": ("结构偏重",)}, ["结构偏重。财力偏紧。"]),
        # Whole sentences up to the greatest length.
        ({"openers": ("我们也看到",), "within": "review", "length": (1, 16)}, ["我们也看到，矛盾还多。结构偏重。"]),
        ({"openers": ("我们也看到",), "within": "review", "length": (1, 3)}, ["我们也看到，矛盾还多。"]),
        # The list that follows is taken in until the least length is reached, up to another heading.
        ({"openers": ("一是底子薄",), "length": (15, 500)}, BY_HEADING),
        ({"openers": ("三是作风",), "length": (200, 500)}, ["三是作风要改。"]),
        # Both ways, each sentence once.
        ({"headings": ("困难和问题",), "openers": ("二是人才少", "作风要改")}, BY_HEADING),
        ({"openers": ("矛盾还多", "结构偏重")}, [PROBLEMS]),
    ],
)  # fmt: skip
def test_what_a_rule_captures(changes: dict[str, object], expected: list[str]) -> None:
    assert captured(replace(RULE, **changes)) == expected  # type: ignore[arg-type]


def test_a_passage_is_one_stretch_of_the_source() -> None:
    passages, _ = capture_passages(REPORT[0], REPORT[1], [replace(RULE, headings=("困难和问题", "去年工作"))])
    assert passages
    for passage in passages:
        assert REPORT[2][passage.start : passage.end] == passage.text
        assert "".join(s.text for s in REPORT[0] if s.number in passage.sentences) == passage.text


def test_headings_themselves_are_not_captured() -> None:
    assert all(
        "#" not in text and "一、去年工作" not in text for text in captured(replace(RULE, headings=("去年工作",)))
    )


def test_no_sentence_twice_in_one_rule() -> None:
    rule = replace(RULE, headings=("去年工作",), openers=("我们也看到", "一是", "三是"))
    passages, _ = capture_passages(REPORT[0], REPORT[1], [rule])
    numbers = [number for passage in passages for number in passage.sentences]
    assert len(numbers) == len(set(numbers))


def test_order_is_that_of_the_rules_and_then_of_the_report() -> None:
    later = replace(RULE, id="b", headings=("困难和问题",))
    earlier = replace(RULE, id="a", openers=("成绩不少",))
    passages, _ = capture_passages(REPORT[0], REPORT[1], [later, earlier])
    assert [passage.section_id for passage in passages] == ["b", "b", "a"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"headings": ("没有",), "if_missing": "warn"}, ["F801"]),
        ({"headings": ("没有",), "if_missing": "ignore"}, []),
        ({"headings": ("困难和问题",), "if_missing": "warn"}, []),
        ({"openers": ("我们也看到",), "within": "review", "length": (1, 16)}, ["F802"]),
    ],
)
def test_what_is_said(changes: dict[str, object], codes: list[str]) -> None:
    _, issues = capture_passages(REPORT[0], REPORT[1], [replace(RULE, **changes)])  # type: ignore[arg-type]
    assert [issue.code for issue in issues] == codes
    assert all(code in CATALOGUE for code in codes)


def test_an_empty_report_has_no_passages() -> None:
    assert capture_passages((), (), [RULE]) == ((), ())


def test_a_passage_knows_its_section_and_place() -> None:
    (first, _), _ = capture_passages(REPORT[0], REPORT[1], [replace(RULE, headings=("困难和问题",))])
    assert isinstance(first, Passage)
    assert (first.section, first.part, first.paragraph) == ("困难和问题", Part.REVIEW, 5)
    assert first.heading.endswith("（五）困难 和问题")
