"""The studio in a real browser: the journeys of someone who never opens a terminal, wide, narrow, and by keyboard."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP

pytestmark = pytest.mark.slow

REPORT = """云川市{year}年政府工作报告
——{year}年1月8日在云川市第六届人民代表大会第一次会议上
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、{last}年工作回顾
全年地区生产总值{gdp}亿元，增长6.5%；固定资产投资增长8%。新建彩虹步道35公里。外地游客在本地的消费品零售额达到41亿元。
{more}二、{year}年工作安排
主要预期目标是：地区生产总值增长7%左右；固定资产投资增长9%。
"""
TWICE = "总之，地区生产总值达到{}亿元，固定资产投资{}亿元，粮食产量{}万吨。\n"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = [1280, 390]


class Place:
    """A studio over a folder with the shipped rules: its address, and what lies in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("rules", "templates"):
            shutil.copytree(TOP / name, folder / name)
        command = [sys.executable, "-m", "compiler", "studio", str(folder), "--no-browser"]
        environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}
        self.server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=folder
        )
        assert self.server.stdout is not None
        self.link = next(found[0] for line in self.server.stdout if (found := re.search(r"http://\S+", line)))
        self.base = self.link.partition("?")[0]

    def rules(self, file: str) -> str:
        return (self.folder / "rules" / "indicators" / file).read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A studio of one's own."""
    made = Place(tmp_path / "我的工作")
    yield made
    made.server.terminate()
    made.server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium of the system; nothing is downloaded."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture(params=WIDTHS)
def page(browser: Any, place: Place, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page that came by the start link, wide and narrow. It asks nobody else for anything; its code never fails."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)  # other work on the machine is no failure of the page
    outside: list[str] = []
    failed: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((place.base, "data:")) else outside.append(r.url))
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(place.link)
    page.wait_for_selector("h1:has-text('报告')", timeout=60_000)
    yield page
    assert (outside, failed) == ([], [])
    context.close()


def report(folder: Path, year: int, gdp: str, more: str = "") -> Path:
    path = folder / f"云川{year}.txt"
    path.write_text(REPORT.format(year=year, last=year - 1, gdp=gdp, more=more), encoding="utf-8")
    return path


def drop(page: Any, *files: Path) -> None:
    page.set_input_files("#files", list(files))
    page.click("button:has-text('放进来')")
    page.wait_for_selector(f"h2:has-text('{len(files)} 份报告')")


def follow(page: Any, link: str) -> None:
    """Go to the page that a link names and wait until that very page stands, not one that is still being replaced."""
    target = page.locator(link).first.evaluate("link => link.href")
    if page.url == target:
        page.reload()
        return
    with page.expect_navigation(url=lambda url: url == target):
        page.click(link)


def build(page: Any) -> None:
    follow(page, "nav >> text=报告")
    page.click("button.main")
    page.wait_for_selector("text=编好了", timeout=180_000)


def good(page: Any) -> None:
    """The page as it stands has no violation that axe-core knows, and is no wider than the screen."""
    from axe_core_python.sync_playwright import Axe

    page.wait_for_load_state()  # a selector may be found while the rest of the page is still on its way
    found = Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], page.url
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than the screen"


def test_a_wrong_figure_is_understood_mended_and_built_anew(page: Any, place: Place, tmp_path: Path) -> None:
    """Drop two years of one city, build, open a wrong figure, see why, mend the rule, see the change, rebuild."""
    drop(page, report(tmp_path, 2017, "812.5"), report(tmp_path, 2018, "870"))
    good(page)
    build(page)
    facts = place.folder / "output" / "facts.csv"
    assert (place.folder / "output" / "目标与结果.xlsx").is_file() and "41亿元" in facts.read_text(encoding="utf-8")
    follow(page, "a:has-text('云川市 2017年')")
    page.click("a.m.result:has-text('41亿元')")  # the goods that visitors bought are no retail sales of the city
    assert "社会消费品零售总额" in page.inner_text("aside")
    assert "是怎么读的" in page.inner_text("aside")
    good(page)
    follow(page, "aside >> text=看规则")
    exclude = page.locator("[name=exclude]")
    exclude.fill(exclude.input_value().rstrip() + "\n游客、在本地的 | 只是游客买的")
    page.wait_for_selector("#live .good")
    assert "只是游客买的" in page.locator("[name=text]").input_value()
    good(page)
    page.click("#keys button.main")
    page.wait_for_selector("text=对打开的报告有什么影响")
    assert "少 2" in page.inner_text("main") and "多 0" in page.inner_text("main")
    good(page)
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已保存")
    follow(page, "nav >> text=报告")
    page.wait_for_selector("text=结果已过时")
    build(page)
    assert page.locator("text=结果已过时").count() == 0
    assert "41亿元" not in facts.read_text(encoding="utf-8")


def test_an_unclaimed_figure_becomes_an_indicator(page: Any, place: Place, tmp_path: Path) -> None:
    """From the list of unclaimed figures to a saved rule; the form is filled in, and the figure is taken after that."""
    drop(page, report(tmp_path, 2017, "812.5"), report(tmp_path, 2018, "870"))
    follow(page, "nav >> text=未认领")
    good(page)
    page.fill("#find", "步道")
    with page.expect_navigation(url=lambda url: "find=" in url):
        page.keyboard.press("Enter")
    follow(page, ".card:has-text('35公里') >> text=加规则")
    form = page.locator("form:has(textarea[name=hit])")
    good(page)
    assert form.locator("[name=unit]").input_value() == "公里"
    form.locator("[name=name]").fill("彩虹步道")
    form.locator("text=按它重写").click()
    form = page.locator("form:has(textarea[name=hit])")
    assert form.locator("[name=name]").input_value() == "彩虹步道"
    assert "彩虹步道" in form.locator("[name=hit]").input_value()
    form.locator("[name=number]").fill("很多")
    form.locator("button.main").click()
    page.wait_for_selector("#wrong-number")
    good(page)
    form = page.locator("form:has(textarea[name=hit])")
    form.locator("[name=number]").fill("12公里")
    form.locator("button.main").click()
    page.wait_for_selector("text=多 2，少 0")
    good(page)
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已保存")
    assert page.locator("#find").input_value() == "步道"  # back where one came from, the search still there
    page.goto(place.base + "facts/1")
    assert page.locator("a.m.result:has-text('35公里')").count() == 1
    assert "彩虹步道" in place.rules("新增.yaml")
    follow(page, "nav >> text=改动记录")
    page.click("button:has-text('撤销')")
    page.wait_for_selector("text=多 0，少 2")
    page.click("button.main:has-text('撤销')")
    page.wait_for_selector("text=已撤销")
    assert not (place.folder / "rules" / "indicators" / "新增.yaml").exists()


def test_ten_matters_are_decided_and_stand_in_the_workbook(page: Any, place: Place, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    files = [
        report(tmp_path, year, str(800 + year % 100), TWICE.format(year % 100 + 700, 300, 50))
        for year in range(2012, 2024)
    ]
    drop(page, *files)
    follow(page, "nav >> text=待核")
    good(page)
    page.locator("[name=person]").first.fill("王五")
    decided = ["核实无误", "原文有误", "提取有误", "口径不同", "暂缓"] * 2
    left = int(page.inner_text("nav[aria-label=看哪些] a >> nth=0").split()[-1])
    assert left >= 10
    for number, outcome in enumerate(decided, 1):
        card = page.locator(".card").first
        assert card.locator("mark").count() >= 1  # the sentence stands beside the question
        card.locator(f"button:has-text('{outcome}')").click()
        page.wait_for_selector(f"text=没有核实 {left - number}")
        assert "王五" in page.inner_text(".me summary")
        top = page.evaluate("document.querySelector('.said').getBoundingClientRect().top")
        assert 0 <= top < 900  # what was noted stands where one looks
    follow(page, "text=暂缓 2")
    good(page)
    follow(page, "text=已核实 8")
    good(page)
    build(page)
    sheet = load_workbook(place.folder / "output" / "目标与结果.xlsx")["待核清单"]
    written = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sorted(value for row in written if "王五" in row for value in row if value in decided) == sorted(decided)


def test_two_tabs_do_not_overwrite_each_other(page: Any, place: Place) -> None:
    page.goto(place.base + "rules/gdp")
    other = page.context.new_page()
    other.goto(place.base + "rules/gdp")
    for tab, note in ((page, "甲的说明"), (other, "乙的说明")):
        tab.fill("[name=note]", note)
        tab.click("#keys button.main")
        tab.wait_for_selector("text=文件里的改动")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已保存")
    other.click("button:has-text('保存')")
    other.wait_for_selector("text=有人改过")
    good(other)
    assert "甲的说明" in place.rules("综合经济.yaml")
    other.click("text=不改了")  # the second tab sees what the first has saved
    other.wait_for_selector("#keys")
    assert other.locator("[name=note]").input_value() == "甲的说明"


def tab_to(page: Any, name: str) -> None:
    """Press Tab until the element of that name has the focus."""
    script = "(e => e === document.body ? '' : e.getAttribute('aria-label') || e.innerText)(document.activeElement)"
    for _ in range(200):
        page.keyboard.press("Tab")
        if name in page.evaluate(script)[:40]:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"one cannot see that {name} has the focus"
            return
    raise AssertionError(f"{name} is not reached by Tab")


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_by_keyboard_alone(page: Any, place: Place, tmp_path: Path) -> None:
    """From an unclaimed figure to a saved indicator without a mouse."""
    drop(page, report(tmp_path, 2017, "812.5"), report(tmp_path, 2018, "870"))
    page.goto(place.base)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    tab_to(page, "未认领")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('没有规则认领')")
    tab_to(page, "给 ")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('新建指标')")
    tab_to(page, "看看会取到什么")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('对打开的报告')")
    tab_to(page, "保存")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已保存")
    tab_to(page, "试一句")
    page.keyboard.press("Enter")
    page.wait_for_selector("#text")
    page.focus("#text")
    page.keyboard.type("全市地区生产总值1035亿元。")
    page.wait_for_selector(".steps .taken")


@pytest.mark.parametrize("page", [390], indirect=True)
def test_on_a_phone_the_explanation_comes_into_view(page: Any, place: Place, tmp_path: Path) -> None:
    """Tapping a figure shows why right away, with the figure still in sight."""
    drop(page, report(tmp_path, 2017, "812.5", TWICE.format(815, 300, 50) * 12))
    page.goto(place.base + "facts/1")
    page.locator("a.m", has_text="50万吨").last.click()
    page.wait_for_selector("aside.chosen h2")
    good(page)
    for shown in ("aside.chosen h2 >> nth=0", "a.m.on"):
        box = page.locator(shown).bounding_box()
        assert box is not None and 0 <= box["y"] < 900 - box["height"], shown
    sheet, figure = (page.locator(one).bounding_box() for one in ("aside.chosen", "a.m.on"))
    assert figure["y"] + figure["height"] <= sheet["y"]
    page.click("text=关上")
    page.wait_for_selector("aside:not(.chosen)", state="attached")


def test_every_page_is_accessible_and_fits(page: Any, place: Place, tmp_path: Path) -> None:
    drop(page, report(tmp_path, 2017, "812.5", TWICE.format(815, 300, 50)), report(tmp_path, 2018, "870"))
    for path in (
        "",
        "facts/1",
        "rules",
        "rules/gdp",
        "try",
        "verify",
        "unclaimed",
        "unclaimed?unwanted=1",
        "unclaimed/group?noun=%E5%BD%A9%E8%99%B9%E6%AD%A5%E9%81%93",
        "new",
        "history",
        "no",
    ):
        page.goto(place.base + path) if path != "no" else None
        good(page)
    page.goto(place.base)
    page.click("summary:has-text('改地区') >> nth=0")
    page.locator("[name=place]").first.fill("锦州市")
    good(page)
    page.locator(".correct button").first.click()
    page.wait_for_selector("text=已改")
    page.wait_for_selector("a:has-text('锦州市')")
    page.emulate_media(color_scheme="dark")
    for path in ("", "facts/1", "verify"):
        page.goto(place.base + path)
        good(page)
