"""A studio over a small folder: two years of one city, a few of the shipped rules, a browser that was let in."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from conftest import TOP
from starlette.testclient import TestClient

from compiler.studio.desk import Desk
from compiler.studio.routes import make_app

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


def make_desk(folder: Path) -> Desk:
    """Lay out a folder with two years of one city and a few of the shipped rules, and open it."""
    shutil.copytree(TOP / "templates", folder / "templates")
    (folder / "rules" / "indicators").mkdir(parents=True)
    for path in (*(TOP / "rules").glob("*.yaml"), *(TOP / "rules" / "indicators").glob("综合经济.yaml")):
        shutil.copyfile(path, folder / path.relative_to(TOP))
    (folder / "reports").mkdir()
    for year, gdp in ((2017, "812.5"), (2018, "870")):
        add_report(folder / "reports", year, gdp)
    made, issues = Desk.open(folder)
    assert issues == ()
    made.refresh()
    made.is_open = True
    return made


def add_report(folder: Path, year: int, gdp: str, more: str = "") -> None:
    """Write a report; ``more`` stands at the end of its review."""
    text = REPORT.format(year=year, last=year - 1, gdp=gdp).replace("\n二、", f"{more}\n二、")
    (folder / f"云川{year}.txt").write_text(text, encoding="utf-8")


def visitor(desk: Desk) -> TestClient:
    """A browser that came by the start link."""
    client = TestClient(make_app(desk, TOKEN), base_url="http://127.0.0.1")
    client.get(f"/?token={TOKEN}")
    return client


def at_of(page: str, words: str) -> str:
    """Return the address of a figure in the text of a report."""
    found = re.search(rf'href="\?at=(\d+)#f\d+"[^>]*>{words}</a>', page)
    assert found, words
    return found[1]


NEW = {
    "name": "彩虹步道",
    "unit": "公里",
    "under": "review",
    "hit": "建成彩虹步道20公里。",
    "number": "20公里",
    "measure": "level",
    "miss": "彩虹步道受到欢迎，来了3万人次。",
}
"""The form of a new indicator as somebody fills it in."""


def drafted(client: TestClient, path: str, form: dict[str, str]) -> str:
    """Send a form that makes a draft; return the address of the draft's page."""
    answer = client.post(path, data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def saved(client: TestClient, path: str, form: dict[str, str], **more: str) -> str:
    """Send a form that makes a draft and save the draft; return the page that follows."""
    address = drafted(client, path, form)
    client.get(address)
    return client.post(f"{address}/save", data=more).text


def build(desk: Desk) -> None:
    """Build the folder, and wait until it is done."""
    job = desk.start_build()
    while job.running:
        time.sleep(0.05)
    assert job.outcome is not None and job.outcome.written and not job.failed
