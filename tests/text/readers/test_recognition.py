"""Scanned pages: refused with the way out, or recognised where that is installed, and then in doubt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP, build_into
from help.pdf_maker import Page, lines_of, pdf, set_in_lines

from compiler.facts.batch import Silent, compile_all
from compiler.model import RuleBook
from compiler.text.limits import DEFAULT
from compiler.text.read import read_bytes
from compiler.text.readers import _recognition
from compiler.text.readers._recognition import Recognised

LINES = [
    "云川市2017年政府工作报告",
    "各位代表：",
    "一、2016年工作回顾",
    "　　全年地区生产总值812.5亿元，增长6.5%；粮食产量250万吨；城镇新增就业5.2",
    "万人。",
    "二、2017年工作安排",
    "　　主要预期目标是：地区生产总值增长7%左右。",
]
SCAN = pdf([Page(picture=True)])


def recognise(bitmap: Any) -> list[Recognised]:
    """Return the lines of a page that nobody has to look at: in dots, from the upper left, with a stamp beside them."""
    found = [Recognised("印", 900, 1500, 960, 1560, 0.2)]
    for number, line in enumerate(LINES):
        left = 200 + 44.0 * (len(line) - len(line.lstrip("　")))
        text = line.strip("　")
        wide = sum(22 if character.isascii() else 44 for character in text)
        found.append(Recognised(text, left, 200 + 70 * number, left + wide, 246 + 70 * number, 0.98))
    return found


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_recognition, "is_available", lambda: True)
    monkeypatch.setattr(_recognition, "recogniser", lambda: recognise)


def test_without_the_extra_a_scan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_recognition, "is_available", lambda: False)
    (issue,) = read_bytes(SCAN, "扫描.pdf", DEFAULT).issues
    assert issue.code == "I132"


def test_a_scan_is_recognised_and_its_paragraphs_are_put_together(installed: None) -> None:
    read = read_bytes(SCAN, "扫描.pdf", DEFAULT)
    assert [issue.code for issue in read.issues] == ["I148"]
    (source,) = read.sources
    assert source.encoding == "pdf+ocr"
    assert source.text.split("\n") == [*LINES[:3], (LINES[3] + LINES[4]).strip("　"), LINES[5], LINES[6].strip("　")]


def test_one_scanned_page_among_others_is_recognised_alone(installed: None) -> None:
    pages = set_in_lines(lines_of("云川市2016年政府工作报告\n各位代表：\n今年的工作要抓好发展和建设。"))
    read = read_bytes(pdf([*pages, Page(picture=True)]), "夹.pdf", DEFAULT)
    assert [(issue.code, issue.fields["pages"]) for issue in read.issues] == [("I148", "2")]
    assert "2016年政府工作报告" in read.sources[0].text and "2017年政府工作报告" in read.sources[0].text


def test_a_text_layer_without_a_meaning_is_recognised_too(installed: None) -> None:
    pages = set_in_lines(lines_of("云川市2016年政府工作报告\n各位代表：\n今年的工作要抓好发展和建设。"))
    read = read_bytes(pdf(pages, meaning=False), "乱.pdf", DEFAULT)
    assert [issue.code for issue in read.issues] == ["I148"]
    assert "2017年政府工作报告" in read.sources[0].text


def test_every_figure_of_a_scan_is_in_doubt(installed: None, rulebook: RuleBook) -> None:
    (source,) = read_bytes(SCAN, "扫描.pdf", DEFAULT).sources
    (((report,), issues),) = compile_all([source], rulebook, 1, Silent(), None)
    (issue,) = [issue for issue in issues if issue.code == "I149"]
    assert report.facts and set(issue.facts) == {fact.id for fact in report.facts}


def test_the_doubt_stands_in_the_tables(installed: None, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "扫描.pdf").write_bytes(SCAN)
    outcome = build_into(tmp_path / "out", folder)
    assert outcome.facts and all("I149" in fact.doubt for fact in outcome.facts)


READ = """
import pypdfium2, sys
from pathlib import Path
from compiler.text.limits import DEFAULT
from compiler.text.read import read_bytes
source, scan = pypdfium2.PdfDocument(sys.argv[1]), pypdfium2.PdfDocument.new()
for page in source:
    image = pypdfium2.PdfImage.new(scan)
    image.set_bitmap(page.render(scale=150 / 72))
    width, height = page.get_size()
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    copy = scan.new_page(width, height)
    copy.insert_obj(image)
    copy.gen_content()
scan.save(sys.argv[2])
read = read_bytes(Path(sys.argv[2]).read_bytes(), "scan.pdf", DEFAULT)
print([issue.code for issue in read.issues])
print(read.sources[0].text)
"""


@pytest.mark.slow
def test_a_real_scan_is_read(tmp_path: Path) -> None:
    """A page printed by an office program and photographed, read by the libraries of the extra, without a network."""
    import docx

    document = docx.Document()
    for line in (*LINES[:3], (LINES[3] + LINES[4]).strip("　"), *LINES[5:]):
        document.add_paragraph(line.strip("　"))
    document.save(str(tmp_path / "a.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "a.docx")], check=True, capture_output=True, timeout=120)
    libraries = tmp_path / "libraries"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(libraries), *extra()]
    subprocess.run(install, check=True, capture_output=True, timeout=600)
    around = {
        **os.environ,
        "PYTHONPATH": f"{TOP}{os.pathsep}{libraries}",
        **{f"{kind}_proxy": "http://127.0.0.1:9" for kind in ("http", "https", "HTTP", "HTTPS")},
    }
    arguments = [sys.executable, "-c", READ, str(tmp_path / "a.pdf"), str(tmp_path / "scan.pdf")]
    done = subprocess.run(arguments, env=around, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    said, _, text = done.stdout.partition("\n")
    assert said == "['I148']"
    assert "全年地区生产总值812.5亿元，增长6.5%；粮食产量250万吨；城镇新增就业5.2万人。" in text
    assert "地区生产总值增长7%左右" in text


def extra() -> list[str]:
    import tomllib

    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"]["ocr"])
