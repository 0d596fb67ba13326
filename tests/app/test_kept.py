"""A briefing that somebody has edited is never overwritten, however often the reports are built anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import build_into

from compiler.app.build import Outcome
from compiler.app.options import Output
from compiler.issues import render

REPORT = """云川市2017年政府工作报告
各位代表：
一、2016年工作回顾
全年地区生产总值{gdp}亿元，增长6.5%。
二、2017年工作安排
主要预期目标是：地区生产总值增长7%左右。
"""


class Office:
    """A folder of outputs with one report whose figure changes from build to build."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.reports = folder / "reports"
        self.reports.mkdir()

    def build(self, gdp: int) -> Outcome:
        """Build with another figure."""
        (self.reports / "云川.txt").write_text(REPORT.format(gdp=gdp), encoding="utf-8")
        return build_into(self.out, self.reports, only=frozenset({Output.BRIEFINGS}))

    @property
    def names(self) -> list[str]:
        """The names of the briefings, without what all have in common."""
        found = sorted(path.stem for path in (self.out / "briefings").iterdir())
        return [name.partition("要情")[2] for name in found]

    def path(self, mark: str = "") -> Path:
        """Return the path of the briefing, or of the one beside it."""
        (found,) = (self.out / "briefings").glob(f"*要情{mark}.docx")
        return found

    def edit(self, mark: str = "") -> bytes:
        """Change a briefing as somebody would in Word; return what it holds now."""
        path = self.path(mark)
        path.write_bytes(path.read_bytes() + b"edited")
        return path.read_bytes()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_an_edited_briefing_survives_three_builds(office: Office) -> None:
    office.build(800)
    edited = office.edit()
    beside: set[bytes] = set()
    for gdp in (810, 820, 830):
        outcome = office.build(gdp)
        assert office.path().read_bytes() == edited
        assert office.names == ["", "（新）"]
        beside.add(office.path("（新）").read_bytes())
        (issue,) = (one for one in outcome.issues if one.code == "B115")
        assert str(office.path()) in render(issue) and str(office.path("（新）")) in render(issue)
        assert "B111" not in [one.code for one in outcome.issues]
    assert len(beside) == 3, "the one beside is always the newest"


def test_an_unedited_briefing_is_replaced(office: Office) -> None:
    office.build(800)
    first = office.path().read_bytes()
    outcome = office.build(810)
    assert office.path().read_bytes() != first
    assert office.names == [""]
    assert "B115" not in [one.code for one in outcome.issues]


def test_the_one_beside_is_kept_too_once_it_is_edited(office: Office) -> None:
    office.build(800)
    office.edit()
    office.build(810)
    edited = office.edit("（新）")
    for gdp in (820, 830):
        office.build(gdp)
        assert office.path("（新）").read_bytes() == edited
        assert office.names == ["", "（新2）", "（新）"]


def test_the_name_is_taken_again_once_the_edited_one_is_gone(office: Office) -> None:
    office.build(800)
    office.edit()
    office.build(810)
    office.path().unlink()
    office.build(820)
    assert office.names == [""]


def test_a_build_of_the_other_outputs_forgets_nothing(office: Office) -> None:
    office.build(800)
    edited = office.edit()
    build_into(office.out, office.reports, only=frozenset({Output.FACTS}))
    office.build(810)
    assert office.path().read_bytes() == edited


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"written": 3}'])
def test_a_record_that_tells_nothing_means_edited(office: Office, record: str) -> None:
    office.build(800)
    before = office.path().read_bytes()
    (office.out / "build.json").write_text(record, encoding="utf-8")
    office.build(810)
    assert office.path().read_bytes() == before
    assert office.names == ["", "（新）"]


def test_the_record_holds_the_hash_of_what_was_written(office: Office) -> None:
    from compiler.app.edited_outputs import digest

    office.build(800)
    written = json.loads((office.out / "build.json").read_text(encoding="utf-8"))["written"]
    assert written[f"briefings/{office.path().name}"] == digest(office.path())
