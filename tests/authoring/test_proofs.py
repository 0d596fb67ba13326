"""What is kept of examples that have passed: nothing is believed that another rule, or anything else, has changed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compiler.authoring.check import check, check_rulebook
from compiler.authoring.passed_examples import Proofs
from compiler.authoring.touched_texts import letters_of, patterns_of, reach
from compiler.facts.compile import facts_of_example
from compiler.facts.examples import identity_in
from compiler.facts.store import write_entry
from compiler.model import Example, IndicatorRule, RuleBook
from compiler.rules.rulebook import load_rulebook

BASE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules" / "base"
FRUIT = "indicators/果业.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small rule folder, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(BASE, tmp_path / "rules"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def held(folder: Path) -> set[str]:
    """The examples that need not be run, as the rules are now."""
    rulebook, _ = load_rulebook(folder)
    assert rulebook is not None
    standing = Proofs.open(folder).standing(rulebook)
    return {
        example.text
        for rule in rulebook.indicators
        for number, example in enumerate(rule.examples)
        if rule.id in standing.rules and standing.rules[rule.id].holds(number)
    }


PEARS, NO_PEARS = "全市梨产量达到3.5万吨。", "全市桃产量达到3.5万吨。"
PEACHES, NO_PEACHES = "全市桃产量达到1.5万吨。", "全市梨产量达到1.5万吨。"
ALL = {PEARS, NO_PEARS, PEACHES, NO_PEACHES}


def test_what_has_passed_holds_where_nothing_changes(folder: Path) -> None:
    assert held(folder) == set()
    assert check(folder) == ()
    assert held(folder) == ALL
    edit(folder, FRUIT, "theme:", "# 一句说明\ntheme:")
    assert held(folder) == ALL and check(folder) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "left"),
    [
        (FRUIT, "梨总产量", "梨总产出", {PEACHES}),  # its own examples, and one with its name
        (FRUIT, "梨总产量", "桃产", set()),  # a name that stands in the other's examples
        (FRUIT, "name: 桃产量", "name: 桃产量\n    unit_of: 吨", {PEARS}),  # the rule is left out
        (FRUIT, "name: 桃产量", "name: 桃产量\n    phrases: [〔数〕…挂果]", {PEARS}),
        ("lexicon.yaml", "format: 1", "format: 1\nversion: 另一版", ALL),
    ],
)
def test_a_change_takes_what_it_may_touch(folder: Path, file: str, old: str, new: str, left: set[str]) -> None:
    check(folder)
    edit(folder, file, old, new)
    assert held(folder) == left
    assert check(folder) == _fresh(folder)


def test_another_lexicon_holds_nothing(folder: Path) -> None:
    check(folder)
    edit(folder, "lexicon.yaml", "达到", "达致")
    assert held(folder) == set()
    assert [issue.code for issue in check(folder)] == [issue.code for issue in _fresh(folder)] != []


def _fresh(folder: Path) -> tuple[object, ...]:
    """What a check says that knows nothing from before."""
    other = folder.parent / "other" / "rules"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(folder, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder.parent / "empty"))
        shutil.rmtree(folder.parent / "empty", ignore_errors=True)
        return tuple(issue for issue in check(other))


def test_an_example_that_fails_is_told_each_time(folder: Path) -> None:
    edit(folder, FRUIT, "level = 3.5", "level = 4")
    for _ in range(2):
        assert [issue.code for issue in check(folder)] == ["R406"]
        assert held(folder) == ALL - {PEARS}


def test_a_rule_broken_by_another_is_told_and_mended(folder: Path) -> None:
    check(folder)
    edit(folder, FRUIT, "[梨总产量]", "[梨总产量, 桃产量达到]")
    told = [issue.code for issue in check(folder)]
    assert told and told == [issue.code for issue in _fresh(folder)]
    edit(folder, FRUIT, "[梨总产量, 桃产量达到]", "[梨总产量]")
    assert check(folder) == () and held(folder) == ALL


def _flip(entry: Path) -> None:
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 1
    entry.write_bytes(bytes(data))


def _truncate(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:40])


def _replace(entry: Path) -> None:
    write_entry(entry, ("something", "else"))


@pytest.mark.parametrize("spoil", [_flip, _truncate, _replace, Path.unlink])
def test_what_is_not_as_it_was_left_is_not_believed(folder: Path, spoil: Callable[[Path], None]) -> None:
    check(folder)
    (entry,) = (folder.parent / "cache" / "report-compiler" / "examples").iterdir()
    spoil(entry)
    assert held(folder) == set()


def test_without_a_place_everything_is_run() -> None:
    rulebook, _ = load_rulebook(BASE)
    assert rulebook is not None
    proofs = Proofs()
    assert check_rulebook(rulebook, proofs) == ()
    assert proofs.standing(rulebook).rules == {}


# --- reach -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text", "touched"),
    [
        ("高新技术企业", "高新技术企业达到20家。", True),
        ("高新技术企业", "ＧＤＰ增长5%。", False),
        ("GDP", "ＧＤＰ增长5%。", True),
        ("城乡居民收入", "城镇居民、乡村居民收入增长5%。", True),  # a list may share heads and tails
        ("规上企业总数", "规上企业新增20家。", True),  # reading looks for a name with 总数 itself
        ("建成〔大|小〕型水库〔数〕", "建成大型水库2座。", True),
        ("建成〔大|小〕型水库〔数〕", "建成中型水库2座。", False),
        ("新开工…〔数〕…项目", "新开工重大项目12个。", True),
    ],
)
def test_reach(rulebook: RuleBook, pattern: str, text: str, touched: bool) -> None:
    assert reach([pattern], rulebook.lexicon).touches(letters_of(text)) is touched


Outcome = list[tuple[object, ...]]


def _outcomes(rulebook: RuleBook, examples: list[tuple[IndicatorRule, Example]]) -> list[Outcome]:
    found = []
    for _, example in examples:
        identity = identity_in(example.text, example.under, rulebook.lexicon, example.at, example.year)
        facts = facts_of_example(example.text, example.under, rulebook, identity)
        found.append([(f.indicator_id, f.measure, f.low, f.high, f.bound, f.tier, f.text) for f in facts])
    return found


@pytest.mark.slow
def test_no_example_out_of_reach_is_read_otherwise(rulebook: RuleBook) -> None:
    """Rules of the shipped set are taken out one by one: what is out of reach of one stays as it was."""
    examples = [(rule, example) for rule in rulebook.indicators for example in rule.examples]
    before = _outcomes(rulebook, examples)
    letters = [letters_of(example.text) for _, example in examples]
    for rule in random.Random(9).sample(rulebook.indicators, 12):
        rest = tuple(other for other in rulebook.indicators if other is not rule)
        patterns = [*patterns_of(rule), *(set(rule.verbs) - {v for other in rest for v in other.verbs})]
        for combined in rulebook.combined:
            patterns += combined.names if rule.id in (*combined.indicators, combined.whole) else ()
        touched = reach(patterns, rulebook.lexicon)
        after = _outcomes(replace(rulebook, indicators=rest), examples)
        changed = {
            example.text
            for (_, example), old, new, its in zip(examples, before, after, letters, strict=True)
            if old != new and not touched.touches(its)
        }
        assert changed == set(), rule.id
