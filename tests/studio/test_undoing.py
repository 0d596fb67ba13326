"""Taking a change back: that change alone where the text allows it, and else not without telling what goes with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from help.studio import NEW, at_of, drafted, make_desk, saved, visitor
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from compiler.studio import edits
from compiler.studio.desk import Desk
from compiler.studio.undoing import merge

NEW_FILE = "rules/indicators/新增.yaml"
GDP = "rules/indicators/综合经济.yaml"


@pytest.fixture
def desk(place: Path) -> Desk:
    return make_desk(place / "我的工作")


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return visitor(desk)


OTHER = {**NEW, "name": "观星台", "unit": "座", "hit": "建成观星台3座。", "number": "3座", "miss": "观星台很热闹。"}


def undo(client: TestClient, desk: Desk, about: str) -> str:
    """Ask to take a change back; return the address of the page that tells what that would do."""
    key = next(one.key for one in edits.history(desk) if about in one.about and "撤销" not in one.about)
    return drafted(client, f"/history/{key}/undo", {})


def test_the_first_of_several_indicators_is_taken_back_alone(client: TestClient, desk: Desk) -> None:
    saved(client, "/new", NEW)
    saved(client, "/new", OTHER)
    page = client.get(address := undo(client, desk, "彩虹步道")).text
    assert "多 0，少 2" in page and "不能只撤销这一次" not in page
    assert re.search(r'<button class="main">撤销</button>', page)
    assert "已撤销" in client.post(f"{address}/save").text
    text = (desk.folder / NEW_FILE).read_text(encoding="utf-8")
    assert "观星台" in text and "彩虹步道" not in text
    assert {rule.name for rule in desk.rulebook.indicators if rule.file.endswith("新增.yaml")} == {"观星台"}  # type: ignore[union-attr]
    client.post(f"{undo(client, desk, '观星台')}/save")  # nothing is left in the file but its head
    assert not (desk.folder / NEW_FILE).exists()


def test_an_older_change_of_other_lines_is_taken_back_alone(client: TestClient, desk: Desk) -> None:
    path = desk.folder / GDP
    saved(client, "/claim", {"indicator": "地区生产总值", "name": "云川经济盘子"}, sure="on")
    saved(client, "/rules/gdp/change", {"note": "全口径"})
    path.write_text(path.read_text(encoding="utf-8") + "\n# 在别处直接写的\n", encoding="utf-8")
    client.post(f"{undo(client, desk, '加叫法')}/save")
    text = path.read_text(encoding="utf-8")
    assert "云川经济盘子" not in text and "全口径" in text and "# 在别处直接写的" in text


def test_what_goes_with_a_change_is_told_and_asked_before(client: TestClient, desk: Desk) -> None:
    path = desk.folder / GDP
    old = path.read_text(encoding="utf-8")
    saved(client, "/rules/gdp/change", {"note": "第一次"})
    saved(client, "/rules/gdp/change", {"note": "第二次"})
    path.write_text(path.read_text(encoding="utf-8") + "\n# 在别处直接写的\n", encoding="utf-8")
    first = edits.history(desk)[1]
    address = drafted(client, f"/history/{first.key}/undo", {})
    page = client.get(address).text
    assert "不能只撤销这一次" in page and "2 次改动会连同它一起撤销" in page
    assert "改“地区生产总值”" in page and f"后来在别处直接改的 {GDP}" in page
    assert "还没有撤销" in client.post(f"{address}/save").text
    assert "在别处直接写的" in path.read_text(encoding="utf-8")
    client.post(f"{address}/save", data={"sure": "on"})
    assert path.read_text(encoding="utf-8") == old


def test_a_change_that_is_gone_already_is_not_taken_back_twice(client: TestClient, desk: Desk) -> None:
    saved(client, "/rules/gdp/change", {"note": "全口径"})
    (first,) = edits.history(desk)
    client.post(f"{drafted(client, f'/history/{first.key}/undo', {})}/save")
    assert "已经没有这次改动了" in client.post(f"/history/{first.key}/undo").text


def test_the_time_of_a_change_is_that_of_the_clock_on_the_wall(client: TestClient, desk: Desk) -> None:
    saved(client, "/rules/gdp/change", {"note": "全口径"})
    page = client.get("/history").text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d，", page) and "+00:00" not in page


def test_an_undone_change_leaves_the_figure_as_it_was(client: TestClient, desk: Desk) -> None:
    before = desk.gathered.facts if desk.gathered else ()
    at_of(client.get("/facts/1").text, "35公里")
    saved(client, "/new", NEW)
    client.post(f"{undo(client, desk, '彩虹步道')}/save")
    assert desk.gathered is not None and desk.gathered.facts == before


# --- the lines of three texts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "one", "other", "wanted"),
    [
        ("abc", "ac", "abcd", "acd"),
        ("abc", "ab", "abcd", "abd"),  # what was added at the end goes, what was added behind it stays
        ("ab", "axb", "ab", "axb"),
        ("abc", "aXc", "abc", "aXc"),
        ("abc", "aXc", "aXc", "aXc"),
        ("abc", "aXc", "aYc", None),
        ("abc", "ac", "abBc", "aBc"),
        ("abc", "a", "abXc", None),
        ("ab", "aXb", "aYb", None),
        ("", "x", "", "x"),
    ],
)
def test_three_texts_are_merged(base: str, one: str, other: str, wanted: str | None) -> None:
    merged = merge([*base], [*one], [*other])
    assert (None if merged is None else "".join(merged)) == wanted


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=12))
def test_a_change_without_later_ones_is_taken_back_whole(before: list[str], after: list[str]) -> None:
    assert merge(after, before, after) == before
    assert merge(after, after, before) == before
