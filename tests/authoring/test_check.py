"""Checks of a rule book: its examples go through the real stages, and say what the rule's own facts are."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from help.small_rules import lay_out_small_rules

from compiler.authoring.check import check, check_rulebook
from compiler.issues import render
from compiler.model import Issue, RuleBook
from compiler.rules.rulebook import load_rulebook

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests" / "cases" / "broken_rules" / "base"

Check = Callable[[str], tuple[Issue, ...]]


@pytest.fixture
def check_examples(tmp_path: Path) -> Check:
    """Return a check of one rule with the given lines of examples."""

    def run(examples: str) -> tuple[Issue, ...]:
        folder = tmp_path / "rules"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(BASE, folder)
        lines = "".join(f"      - {{{line.strip()}}}\n" for line in examples.strip().split("\n"))
        text = (
            "format: 1\ntheme: 果业\nindicators:\n  - id: apple_output\n    name: 苹果产量\n    unit: 万吨\n"
            f"    examples:\n{lines}"
        )
        (folder / "indicators/苹果.yaml").write_text(text, encoding="utf-8")
        return check(folder)

    return run


HIT = "text: 苹果产量达到2万吨。, under: review, yields: [level = 2]"
MISS = "text: 苹果花开满山。, under: review, yields: []"


def test_the_small_rules_of_other_tests_pass_without_a_word(tmp_path: Path) -> None:
    assert check(lay_out_small_rules(tmp_path / "rules")) == ()


def test_every_shipped_rule_has_a_hit_and_a_miss(rulebook: RuleBook) -> None:
    for rule in (*rulebook.indicators, *rulebook.sections):
        settled = [example for example in rule.examples if not example.todo]
        assert {example.matches for example in settled} == {True, False}, rule.id


@pytest.mark.parametrize(
    ("examples", "codes"),
    [
        (f"{HIT}\n{MISS}", []),
        (HIT, ["R405"]),
        (MISS, ["R404"]),
        # the unit of the rule, not that of the sentence
        (f"text: 苹果产量达到2000吨。, under: review, yields: [level = 0.2]\n{MISS}", []),
        (f"text: 苹果产量达到2000吨。, under: review, yields: [level = 2000]\n{MISS}", ["R406"]),
        (f"text: 苹果产量达到2万吨。, at: 乡级, under: review, yields: [level = 2]\n{HIT}\n{MISS}", ["R106"]),
        # bound, figure and measure each count
        (f"text: 苹果产量达到2万吨以上。, under: review, yields: [level >= 2]\n{MISS}", []),
        (f"text: 苹果产量达到2万吨以上。, under: review, yields: [level = 2]\n{MISS}", ["R406"]),
        (f"text: 苹果产量达到2万吨左右。, under: review, yields: [level ~ 2.0]\n{MISS}", []),
        (f"text: 苹果产量增长5%。, under: review, yields: [growth = 5]\n{MISS}", []),
        (f"text: 苹果产量下降5%。, under: review, yields: [growth = -5]\n{MISS}", []),
        (f"text: 苹果产量增长5%。, under: review, yields: [level = 5]\n{MISS}", ["R406"]),
        # too much, too little, nothing
        (f"{HIT}\n{MISS}\ntext: 苹果产量达到2万吨。, under: review, yields: []", ["R407"]),
        (f"{HIT}\n{MISS}\ntext: 苹果产量很高。, under: review, yields: [level = 2]", ["R406"]),
        # only the rule's own facts
        (f"text: 苹果产量达到2万吨，梨产量达到3万吨。, under: review, yields: [level = 2]\n{MISS}", []),
        # a known miss, and one that passes by now
        (f"{HIT}\n{MISS}\ntext: 苹果产量很高。, under: review, yields: [level = 9], todo: 没有数", []),
        (f"{HIT}\n{MISS}\ntext: 苹果产量达到3万吨。, under: review, yields: [level = 3], todo: 做不到", ["R408"]),
        # a known miss is no hit
        (f"{MISS}\ntext: 苹果产量很高。, under: review, yields: [level = 9], todo: 没有数", ["R404"]),
    ],
)
def test_examples(check_examples: Check, examples: str, codes: list[str]) -> None:
    issues = check_examples(examples)
    assert [issue.code for issue in issues] == codes, [render(issue) for issue in issues]


def test_message_says_what_came_instead_in_the_notation_of_yields(check_examples: Check) -> None:
    (issue,) = check_examples(f"text: 苹果产量达到2万吨以上，增长5%左右。, under: review, yields: [level = 9]\n{MISS}")
    assert issue.fields["expected"] == "level = 9"
    assert issue.fields["found"].split("、") == ["level >= 2", "growth ~ 5"]
    assert issue.where is not None and issue.where.line == 8
    (nothing,) = check_examples(f"text: 苹果产量很高。, under: review, yields: [level = 9]\n{MISS}")
    assert nothing.fields["found"] == "什么也没有"


def test_section_examples_with_a_heading(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(BASE, folder)
    text = """\
format: 1
sections:
  - id: apples
    name: 苹果产业
    within: plan
    headings: [苹果产业]
    examples:
      - {text: 改良品种。, heading: 苹果产业发展, yields: match}
      - {text: 改良品种。, heading: 梨产业发展, yields: []}
      - {text: 改良品种。, heading: 苹果产业发展, under: review, yields: match}
      - {text: 改良品种。, heading: 苹果产业发展, under: review, yields: [], todo: 已经做到了}
"""
    (folder / "sections/苹果.yaml").write_text(text, encoding="utf-8")
    issues = check(folder)
    assert [(issue.code, issue.where.line) for issue in issues if issue.where] == [("R409", 10), ("R408", 11)]


def test_examples_of_rules_that_were_left_out_are_not_run(check_examples: Check) -> None:
    issues = check_examples(f"{HIT}\ntext: 苹果产量达到2万吨。, under: review, yields: [level = x]")
    assert [issue.code for issue in issues] == ["R307"]


def test_issues_are_sorted_by_place(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(BASE, folder)
    path = folder / "indicators/果业.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("level = 3.5", "level = 4"), encoding="utf-8")
    (folder / "indicators/丁.yaml").write_text("format: 1\ntheme: 甲\nindicatrs: []\n", encoding="utf-8")
    (folder / "表.xlsx").write_bytes(b"PK")
    places = [issue.where.path for issue in check(folder) if issue.where]
    assert places == sorted(places) and len(set(places)) == 3


def test_a_changed_rule_book_is_checked_as_it_is() -> None:
    rulebook, _ = load_rulebook(BASE)
    assert rulebook is not None
    rule = rulebook.indicators[0]
    expectation = replace(rule.examples[0].yields[0], low=Decimal(9), high=Decimal(9))
    changed = replace(rule, examples=(replace(rule.examples[0], yields=(expectation,)), rule.examples[1]))
    issues = check_rulebook(replace(rulebook, indicators=(changed, *rulebook.indicators[1:])))
    assert [issue.code for issue in issues] == ["R406"]
