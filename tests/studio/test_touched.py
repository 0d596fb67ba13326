"""Reports that a change of rules cannot touch keep their facts; what is told of the others is as if all were read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import TOP
from help.small_rules import lay_out_small_rules

from compiler.facts.versions import without_repeated_facts
from compiler.facts.written_tables import all_facts
from compiler.model import IndicatorRule, RuleBook
from compiler.studio import change_effects
from compiler.studio.desk import Desk
from compiler.studio.touched_reports import changed_ids, touched_by


@pytest.fixture(scope="module", params=["a few rules", pytest.param("all rules", marks=pytest.mark.slow)])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample reports under a few rules, or under the shipped ones."""
    folder = tmp_path_factory.mktemp("work")
    rules = TOP / "rules" if request.param == "all rules" else lay_out_small_rules(folder / "few" / "rules")
    for name, origin in (
        ("rules", rules),
        ("templates", TOP / "templates"),
        ("reports", TOP / "compiler" / "samples"),
    ):
        (folder / name).symlink_to(origin, target_is_directory=True)
    made, _ = Desk.open(Path(folder))
    made.refresh()
    return made


def changed(book: RuleBook, id_: str, **fields: object) -> RuleBook:
    rules = [replace(rule, **fields) if rule.id == id_ else rule for rule in book.indicators]  # type: ignore[arg-type]
    return replace(book, indicators=tuple(rules))


def variants(book: RuleBook) -> dict[str, RuleBook]:
    """Rule books with one change each: a rule gone, a unit, an alias, a name that stands in many sentences."""
    ids = [rule.id for rule in book.indicators]
    made = {f"without {id_}": replace(book, indicators=tuple(r for r in book.indicators if r.id != id_))
            for id_ in ids[:: len(ids) // 4]}  # fmt: skip
    made["unit"] = changed(book, "gdp", unit="万元")
    made["alias"] = changed(book, "gdp", aliases=("经济盘子",))
    new = IndicatorRule("new_1", "居民收入", "新增", "元", "indicators/新增.yaml", 10_000)
    made["new"] = replace(book, indicators=(*book.indicators, new))
    made["verbs"] = changed(book, "gdp", verbs=("达到",), objects=("目标",))
    return made


def test_what_is_told_is_as_if_all_reports_were_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.rulebook is not None and len(desk.reports) > 2
    spared = 0
    for name, book in variants(desk.rulebook).items():
        touched = touched_by(desk.rulebook, book)
        readings = [one for source in desk.gathered.sources for one in desk.readings(source)]  # type: ignore[union-attr]
        spared += sum(not touched(one) for one in readings)
        few = keys(change_effects._compiled(desk, book))
        with monkeypatch.context() as patch:
            patch.setattr(change_effects, "touched_by", lambda old, new: lambda reading: True)
            assert few == keys(change_effects._compiled(desk, book)), name
    assert spared  # else nothing would be shown by this


def keys(reports: object) -> list[tuple[object, ...]]:
    facts = all_facts(without_repeated_facts(reports))  # type: ignore[arg-type]
    return [(f.source, f.indicator_id, f.year, f.kind, f.measure, f.low, f.high, f.unit, f.figure_start) for f in facts]


def test_a_rule_that_only_moves_in_its_file_is_the_same(desk: Desk) -> None:
    assert desk.rulebook is not None
    moved = replace(desk.rulebook, indicators=tuple(replace(r, order=r.order + 3) for r in desk.rulebook.indicators))
    assert changed_ids(desk.rulebook, moved) == frozenset()
    readings = [one for source in desk.gathered.sources for one in desk.readings(source)]  # type: ignore[union-attr]
    assert not any(map(touched_by(desk.rulebook, moved), readings))
