"""The studio over a small folder: who is let in, what a page shows, and that a change is tried before it is saved."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import TOP
from starlette.testclient import TestClient

from compiler.studio import edits
from compiler.studio.desk import Desk, Job
from compiler.studio.pages import POLICY, make_app

TOKEN = "secret-of-the-test"
REPORT = """云川市{year}年政府工作报告
——{year}年1月8日在云川市第六届人民代表大会第一次会议上
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、{last}年工作回顾
全年地区生产总值{gdp}亿元，增长6.5%；固定资产投资增长8%。新建彩虹步道35公里，建成观星台12座。
二、{year}年工作安排
主要预期目标是：地区生产总值增长7%左右；固定资产投资增长9%。
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder with two years of one city and a few of the shipped rules."""
    folder = tmp_path / "我的工作"
    shutil.copytree(TOP / "templates", folder / "templates")
    (folder / "rules" / "indicators").mkdir(parents=True)
    for path in (*(TOP / "rules").glob("*.yaml"), *(TOP / "rules" / "indicators").glob("综合经济.yaml")):
        shutil.copyfile(path, folder / path.relative_to(TOP))
    (folder / "reports").mkdir()
    for year, gdp in ((2017, "812.5"), (2018, "870")):
        text = REPORT.format(year=year, last=year - 1, gdp=gdp)
        (folder / "reports" / f"云川{year}.txt").write_text(text, encoding="utf-8")
    made, issues = Desk.open(folder)
    assert issues == ()
    made.refresh()
    made.is_open = True
    return made


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """A browser that came by the start link."""
    with TestClient(make_app(desk, TOKEN), base_url="http://127.0.0.1") as client:
        client.get(f"/?token={TOKEN}")
        yield client


def at_of(page: str, words: str) -> str:
    """Return the address of a figure in the text of a report."""
    found = re.search(rf'href="\?at=(\d+)#f\d+"[^>]*>{words}</a>', page)
    assert found, words
    return found[1]


def test_who_has_no_token_is_not_let_in(desk: Desk) -> None:
    stranger = TestClient(make_app(desk, TOKEN), base_url="http://127.0.0.1")
    assert stranger.get("/").status_code == 403
    assert stranger.get("/?token=guessed").status_code == 403
    assert stranger.post("/build").status_code == 403
    assert stranger.get("/static/studio.css").status_code == 403


def test_a_name_of_the_outer_world_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example:80"}).status_code == 403


def test_a_form_on_another_page_is_refused(client: TestClient) -> None:
    assert client.post("/build", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_nothing_is_fetched_from_elsewhere(client: TestClient) -> None:
    for path in ("/", "/facts/1", "/rules", "/rules/gdp", "/try", "/verify", "/history"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-security-policy"] == POLICY
        assert "unsafe" not in POLICY and "http" not in POLICY
        links = re.findall(r'(?:src|href|action)="([^"]+)"', answer.text)
        assert all(link.startswith(("/", "?", "#", "data:,")) and not link.startswith("//") for link in links), path


def test_every_report_is_listed_with_its_figures(client: TestClient, desk: Desk) -> None:
    page = client.get("/").text
    for report in desk.reports:
        assert f"{report.identity.place} {report.identity.report_year}年" in page and report.source in page
    assert len(desk.reports) == 2


@pytest.mark.parametrize("path", ["../rules/lexicon.yaml", "%2e%2e/rules/lexicon.yaml", "..%2frules%2flexicon.yaml"])
def test_no_file_outside_the_outputs_is_handed_over(client: TestClient, desk: Desk, path: str) -> None:
    desk.out.mkdir(exist_ok=True)
    assert client.get(f"/out/{path}").status_code == 404


def test_dropped_files_get_names_of_their_own(client: TestClient, desk: Desk) -> None:
    files = [("files", ("../../云川2017.txt", b"x", "text/plain")), ("files", ("新.txt", b"y", "text/plain"))]
    client.post("/upload", files=files)
    names = sorted(path.name for path in desk.reports_folder.iterdir())
    assert names == ["云川2017.txt", "云川2017（2）.txt", "云川2018.txt", "新.txt"]
    assert not (desk.folder.parent / "云川2017.txt").exists()


def test_a_file_put_aside_is_not_lost(client: TestClient, desk: Desk) -> None:
    client.post("/take-away", data={"source": "云川2018.txt"})
    assert len(list((desk.folder / "reports-移出").iterdir())) == 1
    client.get("/")
    assert [report.source for report in desk.reports] == ["云川2017.txt"]
    answer = client.post("/take-away", data={"source": "../rules/lexicon.yaml"})
    assert "没有这个文件" in answer.text and (desk.rules / "lexicon.yaml").is_file()


def test_a_figure_says_how_it_was_read(client: TestClient) -> None:
    page = client.get("/facts/1").text
    page = client.get(f"/facts/1?at={at_of(page, '812.5亿元')}").text
    assert "这句话是怎么读的" in page and "indicators/综合经济.yaml#gdp" in page


def test_a_sentence_is_read(client: TestClient) -> None:
    text = quote("全市地区生产总值1035亿元，增长6.5%。")
    answer = client.get(f"/try/read?text={text}&under=review").text
    assert answer.count('class="taken"') == 2 and "1035亿元" in answer
    assert client.get("/try/read?text=&under=review").text == ""


def new_indicator(client: TestClient) -> str:
    """Make a draft of a new indicator from an unclaimed figure; return the address of its page."""
    page = client.get("/facts/1").text
    assert "归哪个指标" in client.get(f"/facts/1?at={at_of(page, '35公里')}").text
    form = {
        "how": "new",
        "name": "彩虹步道",
        "unit": "公里",
        "under": "review",
        "hit": "建成彩虹步道20公里。",
        "yields": "level = 20",
        "miss": "彩虹步道受到欢迎，来了3万人次。",
    }
    answer = client.post("/claim", data=form, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def test_a_new_indicator_shows_what_it_would_take_before_it_is_saved(client: TestClient, desk: Desk) -> None:
    before = desk.gathered.facts if desk.gathered else ()
    address = new_indicator(client)
    page = client.get(address).text
    (said,) = re.findall(r"<p role=.status.>(.*?)<", page) or [page[page.index("对打开的报告") :][:900]]
    assert said == "多 2，少 0，变 0，改归 0" and "彩虹步道" in page
    assert not (desk.rules / "indicators" / "新增.yaml").exists()
    client.post(f"{address}/save")
    assert (desk.rules / "indicators" / "新增.yaml").is_file()
    assert desk.gathered and len(desk.gathered.facts) == len(before) + 2


def test_an_alias_is_added_and_taken_back(client: TestClient, desk: Desk) -> None:
    path = desk.rules / "indicators" / "综合经济.yaml"
    old = path.read_text(encoding="utf-8")
    form = {"how": "alias", "indicator": "地区生产总值", "name": "云川经济盘子"}
    address = client.post("/claim", data=form, follow_redirects=False).headers["location"].partition("?")[0]
    client.post(f"{address}/save")
    new = path.read_text(encoding="utf-8")
    added = [line for line in new.splitlines() if line not in old.splitlines()]
    assert len(added) == 1 and "云川经济盘子" in added[0]  # not another line changes
    (saved,) = edits.history(desk)
    answer = client.post(f"/history/{saved.key}/undo", follow_redirects=False)
    client.post(f"{answer.headers['location'].partition('?')[0]}/save")
    assert path.read_text(encoding="utf-8") == old


def test_what_somebody_else_changed_is_not_overwritten(client: TestClient, desk: Desk) -> None:
    path = desk.rules / "indicators" / "综合经济.yaml"
    form = {"how": "alias", "indicator": "地区生产总值", "name": "云川经济盘子"}
    address = client.post("/claim", data=form, follow_redirects=False).headers["location"].partition("?")[0]
    theirs = path.read_text(encoding="utf-8") + "\n# 别人加的一行\n"
    path.write_text(theirs, encoding="utf-8")
    assert "有人改过 indicators/综合经济.yaml" in client.post(f"{address}/save").text
    assert path.read_text(encoding="utf-8") == theirs


def test_rules_that_cannot_be_read_are_not_saved(client: TestClient, desk: Desk) -> None:
    path = desk.rules / "indicators" / "综合经济.yaml"
    old = path.read_text(encoding="utf-8")
    answer = client.post("/rules/gdp/change", data={"text": old.replace("unit: 亿元", "unit 亿元", 1)})
    assert "不能保存" in answer.text and "/save" not in answer.text
    assert path.read_text(encoding="utf-8") == old


def test_a_build_writes_the_outputs(client: TestClient, desk: Desk) -> None:
    job = desk.start_build()
    assert desk.start_build() is job
    while job.running:
        time.sleep(0.05)
    assert job.outcome is not None and not job.failed
    page = client.get("/").text
    assert "目标与结果.xlsx" in page and "编好了" in page
    assert client.get("/out/facts.csv").status_code == 200


def test_a_cancelled_build_leaves_everything(desk: Desk) -> None:
    job = desk.job = Job()
    job.cancel()
    desk._run(job)
    assert (job.cancelled and not desk.out.exists()) or not any(desk.out.iterdir())
