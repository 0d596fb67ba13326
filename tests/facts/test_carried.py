"""An edit of the rules: reports whose text cannot hold what was edited stay, and are as a new compiling gives them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compiler.facts import batch
from compiler.facts.batch import Silent, compile_all
from compiler.facts.carried import Change, change, may_hold, written
from compiler.facts.store import Store
from compiler.model import IndicatorRule, RuleBook, Source
from compiler.text.read import read
from compiler.workspace import sample_files


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("全市森林覆盖率达到41%", True),
        ("全市森林\n覆盖率达到41%", True),  # a line may end within a name
        ("森林蓄积量和覆盖率分别增长", True),  # a name may stand in two pieces
        ("全市生产总值增长6%", False),
        ("植树造林，绿化荒山", False),
        ("", False),
    ],
)
def test_a_name_is_sought_in_one_piece_or_two(text: str, holds: bool) -> None:
    assert may_hold(text, Change("", names=("森林覆盖率",))) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [("接待游客300万人次，实现综合收入20亿元", True), ("接待游客300万人次", False), ("实现综合收入20亿元", False)],
)
def test_of_a_phrase_all_pieces_are_needed(text: str, holds: bool) -> None:
    assert may_hold(text, Change("", phrases=(("接待游客", "实现综合收入"),))) is holds


def _edited(rulebook: RuleBook, name: str, edit: Callable[[IndicatorRule], IndicatorRule]) -> RuleBook:
    rules = tuple(edit(rule) if rule.name == name else rule for rule in rulebook.indicators)
    assert rules != rulebook.indicators
    return replace(rulebook, fingerprint="edited", indicators=rules)


def _difference(earlier: RuleBook, now: RuleBook) -> Change | None:
    return change(written(earlier), written(now), now.lexicon)


def test_where_a_rule_stands_and_its_examples_change_nothing(rulebook: RuleBook) -> None:
    moved = _edited(rulebook, "森林覆盖率", lambda rule: replace(rule, where=None, examples=()))
    found = _difference(rulebook, moved)
    assert found is not None and not found.is_seen


def test_names_that_came_and_went_are_sought(rulebook: RuleBook) -> None:
    found = _difference(rulebook, _edited(rulebook, "森林覆盖率", lambda rule: replace(rule, aliases=("林木盖度",))))
    assert found is not None
    assert {"林木盖度", "森林植被覆盖率"} <= set(found.names)
    assert "森林覆盖率" not in found.names  # it is read as before


def test_of_a_rule_that_reads_otherwise_all_names_are_sought(rulebook: RuleBook) -> None:
    found = _difference(rulebook, _edited(rulebook, "森林覆盖率", lambda rule: replace(rule, direction="down")))
    assert found is not None
    assert {"森林植被覆盖率", "森林覆盖率"} <= set(found.names)


@pytest.mark.parametrize(
    "edit",
    [
        lambda book: replace(book, sections=()),
        lambda book: replace(book, combined=()),
        lambda book: replace(book, lexicon=replace(book.lexicon, hedges=())),
        lambda book: replace(book, indicators=book.indicators[:-100]),
    ],
    ids=["sections", "combined", "lexicon", "a hundred indicators"],
)
def test_some_edits_touch_every_report(rulebook: RuleBook, edit: Callable[[RuleBook], RuleBook]) -> None:
    assert _difference(rulebook, edit(rulebook)) is None


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return [source for path in sample_files() for source in read(path, path.name).sources]


@pytest.fixture(scope="module")
def compiled(rulebook: RuleBook, sources: list[Source], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is kept of the samples, compiled by the rules as they are."""
    folder = tmp_path_factory.mktemp("compiled")
    compile_all(sources, rulebook, 1, Silent(), None, store=Store(folder))
    return folder


@pytest.mark.parametrize("name", ["地区生产总值", "森林覆盖率", "粮食产量", "旅游外汇收入", "城镇新增就业"])
def test_what_is_carried_over_is_what_a_new_compiling_gives(
    rulebook: RuleBook,
    sources: list[Source],
    compiled: Path,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rule loses all its other names: whoever held one of them has to be compiled again."""
    store = Store(Path(shutil.copytree(compiled, tmp_path, dirs_exist_ok=True)))
    now = _edited(rulebook, name, lambda rule: replace(rule, aliases=(), short=(), phrases=(), conditional=()))
    fresh = compile_all(sources, now, 1, Silent(), None)
    again: list[str] = []
    compiling = batch.compile_packed

    def heard(source: Source, *given: object) -> object:
        again.append(source.path)
        return compiling(source, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "compile_packed", heard)
    assert compile_all(sources, now, 1, Silent(), None, store=store) == fresh
    if name == "旅游外汇收入":
        assert len(again) < len(sources)
    count = len(again)
    assert compile_all(sources, now, 1, Silent(), None, store=store) == fresh
    assert len(again) == count  # what was carried over is kept under the new rules
