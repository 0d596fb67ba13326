"""What waits for a person: decisions under a name, what was put off, numbers found; all of the unclaimed figures."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from help.studio import add_report, build, make_desk, visitor
from starlette.testclient import TestClient

from compiler.studio import verify_pages
from compiler.studio.desk import Desk

AGAIN = "\n总之，全年地区生产总值达到{}亿元。"


@pytest.fixture
def desk(place: Path) -> Desk:
    desk = make_desk(place / "我的工作")
    add_report(desk.reports_folder, 2017, "812.5", AGAIN.format(817))
    add_report(desk.reports_folder, 2018, "870", AGAIN.format(877))
    desk.refresh()
    return desk


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return visitor(desk)


# --- matters to verify -------------------------------------------------------------------------


def test_a_decision_needs_a_name_which_is_asked_once(client: TestClient, desk: Desk) -> None:
    from openpyxl import load_workbook

    first, second = desk.queue.matters()[:2]
    page = client.get("/verify").text
    assert re.search(r'<input name="person" value="" [^>]*required', page)
    assert "请先写上核实人" in client.post("/verify/decide", data={"id": first.id, "outcome": "核实无误"}).text
    assert desk.queue.waiting == 0
    form = {"id": first.id, "outcome": "核实无误", "person": "王五"}
    assert "记下了：核实无误，核实人 王五" in client.post("/verify/decide", data=form).text
    page = client.get("/verify").text
    assert "<b>王五</b>" in page and 'name="person" value=""' not in page
    client.post("/verify/decide", data={"id": second.id, "outcome": "原文有误"})
    client.post("/verify/name", data={"person": "赵六"})
    done = client.get("/verify?show=done").text
    assert done.count("核实人 王五") == 2 and "核实人 赵六" not in done  # who signed stays who signed
    build(desk)
    sheet = load_workbook(desk.out / "目标与结果.xlsx")["待核清单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row for row in rows if first.id in row and "核实无误" in row and "王五" in row]
    assert [row for row in rows if second.id in row and "原文有误" in row and "王五" in row]


def test_a_name_that_nobody_wrote_is_not_made_up(client: TestClient, desk: Desk) -> None:
    """A decision from the workbook without a name shows none, whoever looks at it."""
    matter = desk.queue.matters()[0]
    desk.queue.decide(matter.id, "核实无误", "")
    client.post("/verify/name", data={"person": "王五"})
    assert "核实人 没有写" in client.get("/verify?show=done").text


def test_what_is_put_off_is_not_verified(client: TestClient, desk: Desk) -> None:
    matters = desk.queue.matters()
    client.post("/verify/decide", data={"id": matters[0].id, "outcome": "暂缓", "person": "王五"})
    page = client.get("/verify").text
    assert f"没有核实 {len(matters) - 1}<" in page and "暂缓 1<" in page and "已核实 0<" in page
    assert matters[0].id in client.get("/verify?show=postponed").text
    client.post("/verify/decide", data={"id": matters[0].id, "outcome": "", "person": "王五"})
    assert desk.queue.matters()[0].is_open


def test_a_number_that_was_found_has_a_place(client: TestClient, desk: Desk) -> None:
    from openpyxl import load_workbook

    path = desk.reports_folder / "云川2017.txt"
    text = path.read_text(encoding="utf-8").replace("固定资产投资增长9%", "固定资产投资增长9%，人均地区生产总值5万元")
    path.write_text(text, encoding="utf-8")
    desk.refresh()
    matter = next(matter for matter in desk.queue.matters() if matter.kind == "缺值")
    assert "记下找到的数" in client.get(f"/verify?kind={quote('缺值')}").text
    form = {"id": matter.id, "put": "1", "found": "", "person": "王五"}
    assert "请先写上找到的数" in client.post("/verify/decide", data=form).text
    client.post("/verify/decide", data={**form, "found": "5.1万元，统计局报送"})
    assert "补数：5.1万元，统计局报送" in client.get("/verify?show=done").text
    build(desk)
    sheet = load_workbook(desk.out / "目标与结果.xlsx")["待核清单"]
    assert any("补数：5.1万元，统计局报送" in [cell.value for cell in row] for row in sheet.iter_rows())
    assert next(one for one in desk.queue.matters() if one.id == matter.id).outcome.startswith("补数")


def test_the_message_stands_with_the_next_matter(client: TestClient, desk: Desk) -> None:
    form = {"id": desk.queue.matters()[0].id, "outcome": "暂缓", "person": "王五", "back": "/verify"}
    answer = client.post("/verify/decide", data=form, follow_redirects=False)
    assert answer.headers["location"].endswith("#next")
    page = client.get(answer.headers["location"]).text
    assert page.count("记下了：暂缓") == 1
    assert page.index("看哪些") < page.index('id="next"') < page.index("记下了：暂缓") < page.index('class="card"')


def test_the_list_of_reports_counts_what_is_open(client: TestClient, desk: Desk) -> None:
    def shown() -> tuple[int, list[int]]:
        page = client.get("/").text
        total = re.search(r"待核还有 (\d+) 条", page)
        return int(total[1]) if total else 0, [int(n) for n in re.findall(r'href="/verify\?report=\d+">(\d+)<', page)]

    total, each = shown()
    matters = desk.queue.matters()
    assert total == len(matters) and sum(each) == sum(len(matter.reports) for matter in matters)
    client.post("/verify/decide", data={"id": matters[0].id, "outcome": "核实无误", "person": "王五"})
    assert shown()[0] == total - 1 and sum(shown()[1]) == sum(each) - len(matters[0].reports)
    number = next(iter(matters[1].reports))
    assert matters[1].id in client.get(f"/verify?report={number}").text


# --- figures that no rule claims ---------------------------------------------------------------


def test_every_group_and_every_figure_can_be_reached(
    client: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = ["彩虹步道", "月光栈桥", "观云平台", "听雨回廊", "望海长亭"]
    more = "".join(f"\n新建{thing}{n}公里。" for n, thing in enumerate(things, 3)) + "\n新建踏雪小径9公里。" * 15
    add_report(desk.reports_folder, 2018, "870", more)
    monkeypatch.setattr(verify_pages, "MOST_GROUPS", 2)
    monkeypatch.setattr(verify_pages, "MOST_FIGURES", 10)
    desk.refresh()
    groups = desk.queue.groups()
    page, seen = client.get("/unclaimed").text, 0
    assert f"共 {len(groups)} 组" in page and "现在看的是第 1–2 组" in page
    while True:
        seen += len(re.findall(r'<li class="card">', page))
        after = re.search(r'href="([^"]+)">再看后面的', page)
        if after is None:
            break
        page = client.get(after[1].replace("&amp;", "&")).text
    assert seen == len(groups) > 4
    large = next(group for group in groups if len(group.items) > 12)
    listed = verify_pages.MOST_OF_GROUP
    page = client.get(f"/unclaimed?find={quote(large.noun)}").text
    whole = re.search(r'href="(/unclaimed/group[^"]+)">再看其余 (\d+) 处', page)
    assert whole and int(whole[2]) == len(large.items) - listed
    page = client.get(whole[1].replace("&amp;", "&")).text
    assert f"{len(large.items)} 处，现在看的是第 1–10 处" in page
    after = re.search(r'href="([^"]+)">再看后面的', page)
    assert after and f"第 11–{len(large.items)} 处" in client.get(after[1].replace("&amp;", "&")).text


def test_bare_heads_come_last_and_each_group_shows_a_sentence(client: TestClient, desk: Desk) -> None:
    add_report(desk.reports_folder, 2018, "870", "\n投资3亿元。投资4亿元。投资5亿元。投资6亿元。新建彩虹步道9公里。")
    page = client.get("/unclaimed").text
    titles = re.findall(r'<li class="card"><h2>(\S+) <span class="dim">([^<]*)<', page)
    whole = ["名称不完整" not in told for _, told in titles]
    assert whole == sorted(whole, reverse=True) and ("投资", "4 处，名称不完整") in titles
    assert page.count('class="sample"') == len(titles) and "新建彩虹步道<mark>35公里</mark>" in page


def test_the_search_is_kept(client: TestClient, desk: Desk) -> None:
    noun = next(group.noun for group in desk.queue.groups() if "步道" in group.noun)
    page = client.get(f"/unclaimed?find={quote('步道')}").text
    back = re.search(r'href="/new\?report=\d+&amp;at=\d+&amp;back=([^"]+)"', page)
    assert back and "find" in back[1]
    form = {"noun": noun, "back": f"/unclaimed?find={quote('步道')}"}
    answer = client.post("/unclaimed/want", data=form, follow_redirects=False)
    assert answer.headers["location"].startswith(f"/unclaimed?find={quote('步道')}&said=")
