"""A new indicator from the form: in ordinary words, nothing typed is lost, and what it would take is told before."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from help.studio import NEW, at_of, drafted, make_desk, saved, visitor
from starlette.testclient import TestClient

from compiler.authoring.explain import ExplainedFigure
from compiler.studio.desk import Desk
from compiler.studio.doubts import step_at


@pytest.fixture
def desk(place: Path) -> Desk:
    return make_desk(place / "我的工作")


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return visitor(desk)


def field(page: str, name: str) -> str:
    """Return what a field of the form holds."""
    found = re.search(rf'<input name="{name}" value="([^"]*)"', page) or re.search(
        rf'<textarea name="{name}"[^>]*>([^<]*)<', page
    )
    assert found, name
    return found[1]


def test_the_form_is_filled_in_from_a_figure(client: TestClient) -> None:
    at = at_of(client.get("/facts/1").text, "35公里")
    page = client.get(f"/new?report=1&at={at}&back=/unclaimed").text
    assert "步道" in field(page, "name") and field(page, "unit") == "公里" and field(page, "number") == "12公里"
    assert "35" not in field(page, "hit")  # no figure of the report
    assert "level" not in re.sub(r"<[^>]*>", "", page)


@pytest.mark.parametrize(
    ("number", "unit", "hit", "written"),
    [
        ("3000家", "家", "全市培育彩虹步道3000家。", "level = 3000"),
        ("3,000", "家", "全市培育彩虹步道3000家。", "level = 3000"),
        ("0.3万家", "家", "全市培育彩虹步道3000家。", "level = 3000"),
        ("20", "公里", "建成彩虹步道20公里以上。", "level >= 20"),
        ("20公里", "公里", "全县建成彩虹步道20公里。", "level = 20"),  # a sentence tells whose report it stands in
        ("5.5%", "公里", "彩虹步道长度增长5.5%。", "growth = 5.5"),
    ],
)
def test_a_number_is_written_as_people_write_it(
    client: TestClient, desk: Desk, number: str, unit: str, hit: str, written: str
) -> None:
    form = {**NEW, "number": number, "unit": unit, "hit": hit, "measure": written.split()[0], "aliases": "彩虹步道长度"}
    saved(client, "/new", form, sure="on")
    text = (desk.rules / "indicators" / "新增.yaml").read_text(encoding="utf-8")
    assert f"yields: [{written}]" in text and "彩虹步道长度" in text


@pytest.mark.parametrize(
    ("change", "where", "told"),
    [
        ({"name": ""}, "name", "请写上名称"),
        ({"name": "地区生产总值"}, "name", "已经有指标“地区生产总值”"),
        ({"unit": ""}, "unit", "请写上单位"),
        ({"number": "很多"}, "number", "照写那句话里的数"),
        ({"number": "21公里"}, "number", "取到的是 绝对数 20，不是绝对数 21公里"),
        ({"measure": "growth"}, "number", "取到的是 绝对数 20"),
        ({"hit": "建成东山村彩虹大步道20公里。"}, "hit", "没有取到 20公里"),
        ({"hit": "建成了。"}, "hit", "没有读出数字"),
        ({"miss": "新建彩虹步道9公里。"}, "miss", "取到了 绝对数 9"),
    ],
)
def test_what_is_refused_stands_at_its_field_and_nothing_is_lost(
    client: TestClient, change: dict[str, str], where: str, told: str
) -> None:
    form = {**NEW, "aliases": "彩虹慢行道", **change}
    page = client.post("/new", data=form).text
    assert "已经填的都还在" in page
    assert told in re.search(rf'id="wrong-{where}">([^<]*)<', page)[1]  # type: ignore[index]
    assert {key: field(page, key) for key in ("name", "unit", "hit", "number", "miss", "aliases")} == {
        key: form[key] for key in ("name", "unit", "hit", "number", "miss", "aliases")
    }


def test_from_the_effect_one_can_go_back_to_the_form(client: TestClient) -> None:
    page = client.get(drafted(client, "/new", NEW)).text
    again = re.search(r'href="(/new\?again=\w+)">回去改', page)
    assert again
    form = client.get(again[1]).text
    assert field(form, "name") == "彩虹步道" and field(form, "number") == "20公里"


def test_topic_direction_and_names_are_set_at_once(client: TestClient, desk: Desk) -> None:
    saved(client, "/new", {**NEW, "theme": "综合经济", "direction": "越小越好", "aliases": "彩虹慢行道"})
    rule = next(rule for rule in desk.rulebook.indicators if rule.name == "彩虹步道")  # type: ignore[union-attr]
    assert (rule.theme, rule.direction, rule.aliases) == ("综合经济", "down", ("彩虹慢行道",))


def test_the_figure_that_was_clicked_says_why_it_is_still_not_taken(client: TestClient, desk: Desk) -> None:
    at = at_of(client.get("/facts/1").text, "12座")
    form = {**NEW, "report": "1", "at": at}
    page = client.get(drafted(client, "/new", form)).text
    assert "您点的 12座 还是没有取到" in page and "多 2" in page
    path = desk.folder / "reports" / "云川2017.txt"
    text = path.read_text(encoding="utf-8").replace("新建彩虹步道35公里", "各区新建彩虹步道35公里")
    path.write_text(text, encoding="utf-8")
    at = at_of(client.get("/facts/1").text, "35公里")
    address = drafted(client, "/new", {**NEW, "report": "1", "at": at})
    page = client.get(address).text
    assert "您点的 35公里 还是没有取到" in page and "范围不对：“各区”" in page and "回去改叫法" in page


def test_the_reason_is_that_of_the_rule_which_is_made() -> None:
    """Another rule has its own reason not to take the figure; it says nothing about the new one."""

    def figure(raw: str, start: int, rule: str, taken: bool = False) -> ExplainedFigure:
        return ExplainedFigure(raw, taken, "", "", indicator_id=rule, start=start)

    told = (figure("3个", 2, "甲"), figure("3 个", 9, "甲"), figure("3个", 9, "乙"), figure("3个", 9, "丙"))
    assert step_at(told, "3个", 1, "乙") == told[2] and step_at(told, "3个", 1) == told[1]
    assert step_at(told, "3个", 0, "乙") == told[0] and step_at(told, "4个", 0) is None
    took = figure("3个", 9, "丁", taken=True)
    assert step_at((*told, took), "3个", 1, "乙") == took


def test_a_rule_that_takes_nothing_is_saved_only_when_asked(client: TestClient, desk: Desk) -> None:
    form = {**NEW, "name": "月光桥", "unit": "座", "hit": "建成月光桥2座。", "number": "2座", "miss": ""}
    address = drafted(client, "/new", form)
    page = client.get(address).text
    assert "一个数字也没有多取到" in page and 'name="sure" required' in page
    assert "还没有保存" in client.post(f"{address}/save").text
    assert not (desk.rules / "indicators" / "新增.yaml").exists()
    assert "已保存" in client.post(f"{address}/save", data={"sure": "on"}).text
    assert (desk.rules / "indicators" / "新增.yaml").exists()


def test_a_name_that_takes_many_figures_of_one_year_is_too_broad(client: TestClient, desk: Desk) -> None:
    path = desk.folder / "reports" / "云川2017.txt"
    more = "。东线建设里程3公里。西线建设里程4公里。南线建设里程5公里。\n二、"
    path.write_text(path.read_text(encoding="utf-8").replace("。\n二、", more), encoding="utf-8")
    form = {**NEW, "name": "建设里程", "hit": "建设里程20公里。", "miss": ""}
    page = client.get(drafted(client, "/new", form)).text
    assert "叫法太宽：云川市2016年的实绩就取到 3 个不同的数（3公里、4公里、5公里）" in page
    assert 'name="sure" required' in page


def test_the_ways_to_a_new_indicator(client: TestClient) -> None:
    assert 'href="/new?back=/rules"' in client.get("/rules").text
    page = client.get("/rules?find=彩虹步道").text
    assert f'href="/new?back=/rules&amp;name={quote("彩虹步道")}"' in page and "/unclaimed?find=" in page
    text = "今年建成彩虹步道18公里。"
    read = client.get(f"/try/read?under=review&text={quote(text)}").text
    link = re.search(r'href="(/new\?[^"]*)">用这句话新建指标', read)
    assert link
    form = client.get(link[1].replace("&amp;", "&")).text
    assert field(form, "unit") == "公里" and "步道" in field(form, "name") and "18" not in field(form, "hit")


def test_a_name_that_no_indicator_has_is_told_with_those_like_it(client: TestClient) -> None:
    page = client.post("/claim", data={"indicator": "生产总值", "name": "经济盘子"}).text
    assert "没有叫“生产总值”的指标" in page and "地区生产总值" in page


def test_advice_is_in_the_words_of_the_form(client: TestClient, desk: Desk) -> None:
    """No key, no command, no file where an official reads; the field is one click away."""
    told = []
    for text in ("今年建成彩虹步道18公里。", "东山区地区生产总值30亿元。", "外贸地区生产总值相关的那一项大约30亿元。"):
        told.append(client.get(f"/try/read?under=review&text={quote(text)}").text)
    page = client.get("/facts/1").text
    told.append(client.get(f"/facts/1?at={at_of(page, '12座')}").text)
    for text in told:
        words = re.sub(r"<details>.*?</details>|<[^>]*>", "", text, flags=re.DOTALL)
        assert not re.search(r"report-compiler|aliases|phrases|other_units|lexicon|\.yaml", words), words
