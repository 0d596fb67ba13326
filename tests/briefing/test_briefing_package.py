"""The file itself: nothing for which Word would offer a repair, and the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx.opc.coreprops import CoreProperties
from docx.oxml import parse_xml
from help import make_reports as made
from help.briefing_reader import Read
from help.briefing_samples import TEMPLATES, template, written
from lxml import etree

from compiler.briefing import word_document
from compiler.briefing import word_styles as looks_module
from compiler.briefing.context import SummaryLine
from compiler.briefing.write import Briefings
from compiler.files import OWN_MARK
from compiler.model import CompiledReport
from compiler.text.limits import DEFAULT
from compiler.text.readers import Unreadable
from compiler.text.readers.docx import decode

NAMES = ("first", "second", "neighbour", "summary")


@pytest.mark.parametrize("name", NAMES)
def test_word_has_nothing_to_repair(name: str) -> None:
    assert Read(written()[name].path).faults() == []


@pytest.mark.parametrize("name", NAMES)
def test_the_template_has_no_fault(name: str) -> None:
    assert written()[name].told == ()


def test_the_shipped_template_has_nothing_to_repair() -> None:
    assert Read(TEMPLATES / "briefing.docx").faults() == []


@pytest.mark.parametrize("name", [*NAMES, "template"])
def test_an_auditor_of_the_standard_finds_nothing(name: str) -> None:
    """``openxml-audit`` checks every part against the schemas of Office, as strictly as its command line."""
    audit = pytest.importorskip("openxml_audit")
    path = TEMPLATES / "briefing.docx" if name == "template" else written()[name].path
    result = audit.OpenXmlValidator(max_errors=0, strict=True).validate(path)
    assert [str(error) for error in result.errors] == []
    assert any(part.startswith("word/theme/") for part in Read(path).parts)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one = written()["second"]
    assert one.report is not None
    again = tmp_path / "again.docx"
    Briefings(one.reports, one.ledger, one.issues, one.rulebook, template()).write(again, one.report, made.INFO)
    assert again.read_bytes() == one.path.read_bytes()


def test_the_summary_takes_what_the_briefings_have_made(tmp_path: Path) -> None:
    one = written()["second"]
    kept: dict[str, SummaryLine] = {}
    made_anew: list[str] = []

    def remember(report: CompiledReport, make: Callable[[], SummaryLine]) -> SummaryLine:
        if report.source not in kept:
            made_anew.append(report.source)
            kept[report.source] = make()
        return kept[report.source]

    told = (one.reports, one.ledger, one.issues, one.rulebook, template())
    remembering, alone = Briefings(*told, remember), Briefings(*told)
    for report in one.reports:
        remembering.write(tmp_path / "one.docx", report, made.INFO)
    assert made_anew == [report.source for report in one.reports]
    for name, briefings in (("remembering", remembering), ("alone", alone)):
        briefings.write_summary(tmp_path / f"{name}.docx", made.INFO)
    assert len(made_anew) == len(one.reports), "the summary asks for nothing that a briefing has made"
    assert (tmp_path / "remembering.docx").read_bytes() == (tmp_path / "alone.docx").read_bytes()


@pytest.mark.parametrize("spoil", [None, lambda data: data[:-1], lambda data: b"", lambda data: data[:99] + data[100:]])
def test_a_package_that_a_run_before_has_kept_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes] | None
) -> None:
    one = written()["second"]
    assert one.report is not None
    made_anew: list[bytes] = []

    def opened(looks: bytes) -> Any:
        made_anew.append(looks)
        return looks_module.opened(looks)

    monkeypatch.setattr(word_document, "opened", opened)
    monkeypatch.setattr(word_document, "private_folder", lambda: tmp_path)
    shipped = template()
    for again in (False, True):
        word_document._blank.cache_clear()
        path = tmp_path / "one.docx"
        Briefings(one.reports, one.ledger, one.issues, one.rulebook, shipped).write(path, one.report, made.INFO)
        assert path.read_bytes() == one.path.read_bytes()
        assert len(made_anew) == (2 if again and spoil is not None else 1)
        (kept,) = (tmp_path / "packages").iterdir()
        if spoil is not None:
            kept.write_bytes(spoil(kept.read_bytes()))
    word_document._blank.cache_clear()


def test_properties_take_any_text() -> None:
    blank = word_document._blank(template().looks.content, 0)
    values = {"creator": "甲 & <乙>", "subject": "", "created": "2024-01-02T03:04:05+08:00"}
    core = CoreProperties(parse_xml(blank.properties("\ue002 & 丙", values)))
    assert (core.title, core.author, core.last_modified_by, core.subject) == (
        "\ue002 & 丙",
        "甲 & <乙>",
        "甲 & <乙>",
        "",
    )
    assert core.keywords == OWN_MARK and core.created == core.modified == datetime(2024, 1, 1, 19, 4, 5, tzinfo=UTC)
    with pytest.raises(ValueError):
        blank.properties("", {"subject": "长" * 256})


def test_python_docx_opens_it() -> None:
    from docx import Document

    document = Document(str(written()["second"].path))
    assert document.paragraphs[0].text == "云川市2017年政府工作报告要情"
    assert document.core_properties.title == "云川市2017年政府工作报告要情"
    assert document.core_properties.language == "zh-CN"
    assert document.core_properties.subject
    assert document.core_properties.keywords
    assert document.core_properties.created is not None


def test_nothing_of_the_program_stands_in_the_properties() -> None:
    """What goes before a leader names no rules; they stand in build.json."""
    for name, content in Read(written()["second"].path).parts.items():
        if name.startswith("docProps/"):
            assert made.INFO.rules_fingerprint[:12].encode() not in content


def test_text_of_a_report_cannot_break_the_file(tmp_path: Path) -> None:
    one = written()["second"]
    assert one.report is not None
    nasty = "<w:p>&amp;\ue000 7\ue003]]> {{ place }}\x00\x0b\ud800“引号”"
    sentences = tuple(sentence._replace(text=sentence.text + nasty) for sentence in one.report.sentences)
    identity = replace(one.report.identity, title=nasty, date=nasty)
    report = replace(one.report, sentences=sentences, identity=identity)
    reports = (one.reports[0], report, one.reports[2])
    path = tmp_path / "nasty.docx"
    told = Briefings(reports, one.ledger, one.issues, one.rulebook, template()).write(path, report, made.INFO)
    assert told == ()
    read = Read(path)
    assert read.faults() == []
    assert "<w:p>&amp; 7]]> {{ place }}“引号”" in read.text.replace("；", ";")


def test_the_chart_has_its_figures_and_its_workbook(tmp_path: Path) -> None:
    import openpyxl

    read = Read(written()["summary"].path)
    chart = etree.fromstring(read.parts["word/charts/chart1.xml"])
    values = [node.text for node in chart.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}v")]
    assert "云川市" in values
    assert "6.9" in values
    path = tmp_path / "chart.xlsx"
    path.write_bytes(read.parts["word/embeddings/chart1.xlsx"])
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0] == (None, "2016年实绩", "2017年目标")
    assert ("云川市", 6.9, 6.5) in rows
    # Told apart without colour: dark and light fills, both outlined, each bar with its figure.
    assert read.parts["word/charts/chart1.xml"].count(b'<c:showVal val="1"/>') == 2


def test_no_font_is_shipped_or_embedded() -> None:
    for name in NAMES:
        assert not [
            part for part in Read(written()[name].path).parts if "font" in part and part != "word/fontTable.xml"
        ]


def test_a_briefing_is_known_as_ours_a_report_that_we_made_is_not() -> None:
    sample = next((TEMPLATES.parent / "compiler" / "samples").glob("*.docx"))
    ours = decode(written()["second"].path.read_bytes(), ".docx", DEFAULT)
    assert isinstance(ours, Unreadable) and ours.issue.code == "I115"
    assert not isinstance(decode(sample.read_bytes(), ".docx", DEFAULT), Unreadable)
