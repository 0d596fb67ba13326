"""The page of reports and its results: what is out of date, what comes first, the way back, and reasons in place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import TOP
from help.studio import NEW, at_of, build, drafted, make_desk, saved, visitor
from starlette.testclient import TestClient

from compiler.issues import message
from compiler.studio.desk import Desk
from compiler.studio.wording import kind_of

OLD = "结果已过时"


@pytest.fixture
def desk(place: Path) -> Desk:
    return make_desk(place / "我的工作")


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return visitor(desk)


def test_results_that_are_out_of_date_are_called_so(client: TestClient, desk: Desk) -> None:
    assert OLD not in client.get("/").text
    build(desk)
    assert OLD not in client.get("/").text
    saved(client, "/new", NEW)
    assert OLD in client.get("/").text
    build(desk)
    assert OLD not in client.get("/").text
    client.post("/take-away", data={"source": "云川2018.txt"})
    assert OLD in client.get("/").text
    client.post("/put-back", data={"source": "云川2018.txt"})
    assert OLD not in client.get("/").text  # it is what it was


def test_taking_a_report_away_asks_first(client: TestClient) -> None:
    page = client.get("/").text
    row = re.search(r'<details class="away">.*?</details>', page, re.DOTALL)
    assert row and "移出…</summary>" in row[0] and "随时可以放回" in row[0] and "确实移出</button>" in row[0]


def test_a_report_of_a_folder_goes_back_to_its_folder(client: TestClient, desk: Desk) -> None:
    inner = desk.reports_folder / "市"
    inner.mkdir()
    (desk.reports_folder / "云川2018.txt").rename(inner / "云川2018.txt")
    client.post("/take-away", data={"source": "市/云川2018.txt"})
    assert not (inner / "云川2018.txt").exists()
    client.post("/put-back", data={"source": "市/云川2018.txt"})
    assert (inner / "云川2018.txt").is_file()


def test_the_workbook_comes_first_and_data_last(client: TestClient, desk: Desk) -> None:
    build(desk)
    page = client.get("/").text
    kinds = re.findall(r"<h3>([^<]*)</h3>", page)
    assert kinds == ["工作簿", "要情（Word）", "原文核对（在浏览器里看）", "数据文件（给程序用）"]
    assert page.index("目标与结果.xlsx</a>") < page.index(">目录</a>") < page.index(">facts.jsonl</a>")


def test_an_evidence_page_has_a_way_back(client: TestClient, desk: Desk) -> None:
    build(desk)
    page = client.get("/out/evidence/index.html").text
    assert '<a href="/">← 回到工作台</a>' in page.partition("</header>")[0]
    assert "回到工作台" not in (desk.out / "evidence" / "index.html").read_text(encoding="utf-8")


def test_an_effect_tells_results_from_targets(client: TestClient, desk: Desk) -> None:
    page = client.post("/rules/gdp/change", data={"exclude": "全年、主要 | 试试"}).text
    assert re.search(r"2016年 地区生产总值 实绩 812.5亿元", page)
    facts = desk.gathered.facts if desk.gathered else ()
    assert {kind_of(fact) for fact in facts} == {"实绩", "实绩增速", "目标增速"}


def test_what_was_nearly_taken_says_why_it_was_not(client: TestClient, desk: Desk) -> None:
    path = desk.reports_folder / "云川2018.txt"
    text = path.read_text(encoding="utf-8").replace("\n二、", "\n上半年地区生产总值430亿元。\n二、")
    path.write_text(text, encoding="utf-8")
    desk.refresh()
    page = client.get("/rules/gdp").text
    assert "没有取：时段不对：“上半年”只是一年里的一段" in page


def test_a_form_that_is_refused_keeps_what_was_typed(client: TestClient) -> None:
    page = client.post("/rules/gdp/change", data={"note": "我的说明", "exclude": "没有原因"}).text
    assert 'value="我的说明"' in page and "没有原因</textarea>" in page
    assert re.search(r'<span class="warn">排除：', page)
    page = client.post("/rules/gdp/change", data={"note": "我的说明"}).text
    again = re.search(r'href="(/rules/gdp\?again=\w+)"', page)
    assert again and 'value="我的说明"' in client.get(again[1]).text


def test_of_a_long_sentence_the_chosen_figure_comes_first(client: TestClient) -> None:
    page = client.get("/facts/1").text
    page = client.get(f"/facts/1?at={at_of(page, '12座')}").text
    aside = page.partition("<aside")[2]
    assert "“12座”是怎么读的" in aside and "同一句里的其他 1 个数" in aside
    assert aside.index("12座</b>") < aside.index("归哪个指标") < aside.index("同一句里的其他")


def test_messages_about_a_change_call_indicators_by_their_names(client: TestClient, desk: Desk) -> None:
    page = client.get(drafted(client, "/new", {**NEW, "miss": ""})).text
    words = re.sub(r"<[^>]*>", "", page.partition("处要看看")[2].partition("多</b>")[0])
    assert "“彩虹步道”：没有不该命中的例句" in words and "new_" not in words and "yields" not in words


def test_stopping_the_studio_tells_of_no_build(desk: Desk) -> None:
    """Nothing is said of results where no build ran."""
    command = [sys.executable, "-m", "compiler", "studio", str(desk.folder), "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        lines = iter(server.stderr.readline, "")
        assert any("http://" in line for line in lines)
        time.sleep(0.5)
        server.terminate()
        rest = server.stderr.read()
    assert server.returncode == 0 and rest.strip() == "工作台关了。"


def test_what_is_doubtful_of_a_report_stands_on_its_own_page_too(client: TestClient, desk: Desk) -> None:
    path = desk.reports_folder / "云川2018.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("%", "_M_M_"), encoding="utf-8")
    desk.refresh()
    number, row = next((row.number, row) for row in desk.rows() if row.warnings)
    assert message(row.warnings[0]) in client.get(f"/facts/{number}").text
