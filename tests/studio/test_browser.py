"""The studio in a real browser: the journeys of someone who never opens a terminal."""

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
全年地区生产总值{gdp}亿元，增长6.5%；固定资产投资增长8%。新建彩虹步道35公里。
二、{year}年工作安排
主要预期目标是：地区生产总值增长7%左右；固定资产投资增长9%。
"""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The start link of a studio over an empty folder with the shipped rules, and the folder."""
    folder = tmp_path_factory.mktemp("studio") / "我的工作"
    for name in ("rules", "templates"):
        shutil.copytree(TOP / name, folder / name)
    command = [sys.executable, "-m", "compiler", "studio", str(folder), "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=folder
    )
    assert server.stdout is not None
    link = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
    yield link, folder
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium of the system; nothing is downloaded."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture
def page(browser: Any, address: tuple[str, Path]) -> Iterator[Any]:
    """A page that came by the start link and has asked nobody else for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(("http://127.0.0.1", "data:")) else outside.append(r.url))
    page.goto(address[0])
    page.wait_for_selector("h1:has-text('报告')", timeout=60_000)
    yield page
    assert outside == []
    context.close()


def report(folder: Path, year: int, gdp: str) -> Path:
    path = folder / f"云川{year}.txt"
    path.write_text(REPORT.format(year=year, last=year - 1, gdp=gdp), encoding="utf-8")
    return path


def test_drop_build_and_mend(page: Any, tmp_path: Path, address: tuple[str, Path]) -> None:
    """Two years of a city are put in and built; an unclaimed figure becomes an indicator, seen before it is saved."""
    page.set_input_files("#files", [report(tmp_path, 2017, "812.5"), report(tmp_path, 2018, "870")])
    page.click("text=放进来")
    page.wait_for_selector("text=2 份报告")
    page.click("button.main")
    page.wait_for_selector("text=编好了", timeout=120_000)
    assert (address[1] / "output" / "目标与结果.xlsx").is_file()
    page.click("text=云川市 2017年")
    page.click("a.m.open:has-text('35公里')")
    page.click("text=都不是，新加一个指标")
    form = page.locator("form:has(textarea[name=hit])")
    for name, value in (("name", "彩虹步道"), ("unit", "公里"), ("yields", "level = 20")):
        form.locator(f"[name={name}]").fill(value)
    form.locator("[name=hit]").fill("建成彩虹步道20公里。")
    form.locator("[name=miss]").fill("彩虹步道受到欢迎，来了3万人次。")
    form.locator("button").click()
    page.wait_for_selector("text=多 2，少 0")
    page.click("text=保存")
    page.wait_for_selector("text=已保存")
    page.goto(address[0].partition("?")[0] + "facts/1")
    assert page.locator("a.m.result:has-text('35公里')").count() == 1


def test_two_tabs_do_not_overwrite_each_other(page: Any, browser: Any, address: tuple[str, Path]) -> None:
    base = address[0].partition("?")[0]
    page.goto(base + "rules/gdp")
    other = page.context.new_page()
    other.goto(base + "rules/gdp")
    for tab, note in ((page, "甲的说明"), (other, "乙的说明")):
        tab.fill("[name=note]", note)
        tab.click("button.main")
        tab.wait_for_selector("text=规则文件里的改动")
    page.click("text=保存")
    page.wait_for_selector("text=已保存")
    other.click("text=保存")
    other.wait_for_selector("text=有人改过")
    assert "甲的说明" in (address[1] / "rules/indicators/综合经济.yaml").read_text(encoding="utf-8")


def test_by_keyboard_alone(page: Any, address: tuple[str, Path]) -> None:
    page.goto(address[0].partition("?")[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert reached[:5] == ["报告", "规则", "试一句", "待核与未认领", "改动记录"] and "files" in reached
    page.goto(address[0].partition("?")[0] + "try")
    page.focus("#text")
    page.keyboard.type("全市地区生产总值1035亿元。")
    page.wait_for_selector(".steps .taken")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["", "facts/1", "rules", "rules/gdp", "try", "verify", "history"])
def test_pages_are_accessible_and_fit(page: Any, address: tuple[str, Path], path: str, width: int) -> None:
    from axe_core_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address[0].partition("?")[0] + path)
    found = Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page is wider than the screen"
