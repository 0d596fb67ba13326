"""What is kept of templates that were tried: it holds until something changes that it follows from."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from compiler.app.template_trial import check_templates
from compiler.facts.store import read_entry, write_entry
from compiler.model import IndicatorRule, Issue, RuleBook

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
KEPT = (Issue("T213"),)
"""What only a kept answer says."""


UNSAID = "made_up"
"""An indicator of which the samples say nothing."""


@pytest.fixture(scope="module")
def book(rulebook: RuleBook) -> RuleBook:
    """The shipped rules, and one whose words stand in no sample."""
    rule = IndicatorRule(UNSAID, "琥珀鳞茎采收", "林业", "吨", "indicators/林业.yaml", 10_000, aliases=("琥珀鳞茎",))
    return replace(rulebook, indicators=(*rulebook.indicators, rule))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, book: RuleBook) -> Path:
    """A cache that knows the templates as they were shipped, with an answer that can be told from a fresh one."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        assert check_templates(TEMPLATES, book) == ()
        (entry,) = (cache / "report-compiler" / "templates").iterdir()
        told = read_entry(entry)
        assert isinstance(told, tuple)
        write_entry(entry, told._replace(issues=KEPT))  # type: ignore[attr-defined]
    return cache


@pytest.fixture(autouse=True)
def known(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has what was kept for itself."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shutil.copytree(cache, tmp_path / "cache")))


def _edited(book: RuleBook, edited: str, values: dict[str, object]) -> RuleBook:
    rules = tuple(replace(rule, **values) if rule.id == edited else rule for rule in book.indicators)  # type: ignore[arg-type]
    return replace(book, indicators=rules, fingerprint="another")


def test_it_holds_where_nothing_changes(book: RuleBook) -> None:
    assert check_templates(TEMPLATES, book) == KEPT


@pytest.mark.parametrize(
    ("edited", "values", "held"),
    [
        (UNSAID, {"aliases": ("琥珀球根",)}, True),
        (UNSAID, {"unit": "万吨"}, True),
        ("grain_output", {"examples": ()}, True),
        ("grain_output", {"unit": "吨"}, False),
        (UNSAID, {"aliases": ("粮食产量",)}, False),  # now the samples say it
        (UNSAID, {"name": "琥珀球根"}, False),  # templates name indicators
        (UNSAID, {"headline": True}, False),
    ],
)
def test_of_an_edited_indicator(book: RuleBook, edited: str, values: dict[str, object], held: bool) -> None:
    assert edited in {rule.id for rule in book.indicators}
    assert (check_templates(TEMPLATES, _edited(book, edited, values)) == KEPT) is held


def test_not_of_other_words(book: RuleBook) -> None:
    lists = {**book.lexicon.lists, "direction.up": ("增长", "上扬")}
    lexicon = replace(book.lexicon, lists=lists)
    assert check_templates(TEMPLATES, replace(book, lexicon=lexicon)) != KEPT


def test_not_of_other_templates(book: RuleBook, tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    assert check_templates(templates, book) == ()
    path = templates / "briefing.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("file_name:", "file_nam:", 1), encoding="utf-8")
    assert {issue.code for issue in check_templates(templates, book)} != set()


def test_nothing_is_kept_of_rules_that_could_not_be_read() -> None:
    assert check_templates(TEMPLATES, None) == ()
