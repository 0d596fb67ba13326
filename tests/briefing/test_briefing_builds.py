"""The briefings of whole builds: the shipped samples, and the real reports where they are at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Built
from help.briefing_reader import CITATION, CLAIMS, Read

from compiler.app.outputs import BRIEFINGS, SUMMARY, briefing_names
from compiler.ledger.rows import place_key
from compiler.model import CompiledReport

MAX_PAGES = 30


@pytest.fixture(params=["samples_build", "real_build"])
def built(request: pytest.FixtureRequest) -> Built:
    found: Built = request.getfixturevalue(request.param)
    return found


def briefings(built: Built) -> Iterator[tuple[CompiledReport, Read]]:
    for name, report in briefing_names(built.gathered.reports):
        yield report, Read(built.out / BRIEFINGS / name)


def test_the_template_does_nothing_wrong_on_any_report(built: Built) -> None:
    assert [issue for issue in built.outcome.issues if issue.code.startswith("T")] == []


def test_word_has_nothing_to_repair(built: Built) -> None:
    for report, read in briefings(built):
        assert (report.source, read.faults()) == (report.source, [])
    assert Read(built.out / BRIEFINGS / SUMMARY).faults() == []


def test_quotations_stand_verbatim_in_their_report(built: Built) -> None:
    for report, read in briefings(built):
        known = {sentence.text for sentence in report.sentences}
        plain = "".join(report.text.split())
        texts = [CITATION.sub("", text) for text in read.of("要情引文")]
        for text in texts:
            assert text in known
            assert text in plain
        by_part = [(title, one) for title, ones in read.by_part.items() for one in ones]
        parts = [one.text for title, one in by_part if one.style == "要情引文" and "目标" not in title]
        assert len(parts) == len(set(parts))


def test_what_is_cited_is_listed(built: Built) -> None:
    for _, read in briefings(built):
        cited = set(CITATION.findall("\n".join(p.text for p in read.paragraphs if p.style != "要情依据")))
        listed = {CITATION.match(text)[0] for text in read.of("要情依据")}  # type: ignore[index]
        assert cited == listed


def test_without_last_years_report_nothing_is_met_or_missed(built: Built) -> None:
    ledger = built.gathered.ledger
    for report, read in briefings(built):
        if ledger.has_report(place_key(report), report.identity.report_year - 1):
            continue
        for paragraph in read.paragraphs:
            if paragraph.style not in {"要情引文", "要情依据"} and not paragraph.in_table:
                assert not CLAIMS.search(paragraph.text), paragraph.text
        assert not {"完成情况", "与目标相比"} & set(read.of("要情表头"))


def test_no_part_is_empty(built: Built) -> None:
    for _, read in briefings(built):
        assert len(read.of("heading 1")) == 8
        assert all(read.by_part[text.split("、", 1)[1]] for text in read.of("heading 1"))


def test_figures_have_no_more_digits_than_the_report(built: Built) -> None:
    """Every decimal of the tables is printed in a report, or is a difference that the ledger worded."""
    ledger = built.gathered.ledger
    worded = "".join(row.difference + "".join(step.text for step in row.steps) for row in ledger.rows)
    printed = "".join("".join(report.text.split()) for report in built.gathered.reports)
    printed = printed.translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%"))
    for _, read in briefings(built):
        for paragraph in read.paragraphs:
            if paragraph.in_table and "核" not in paragraph.text:
                for number in re.findall(r"\d+\.\d+", CITATION.sub("", paragraph.text)):
                    assert number in printed or number in worded, (number, paragraph.text)


@pytest.mark.slow
def test_pages_look_right(built: Built, tmp_path: Path) -> None:
    """Rendered through LibreOffice: no empty page, no heading at the foot of one, page numbers as they should be."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("LibreOffice or poppler is not installed")
    files = sorted((built.out / BRIEFINGS).glob("*.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, files)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    for file in files:
        text = subprocess.run(
            [reader, "-layout", str(tmp_path / f"{file.stem}.pdf"), "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode()
        pages = text.rstrip("\f").split("\f")
        assert 1 < len(pages) <= MAX_PAGES, file.name
        headings = set(Read(file).of("heading 1", "heading 2", "caption"))
        for number, page in enumerate(pages, 1):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            assert re.sub(r"\s", "", lines[-1]) == f"—{number}—", (file.name, number)
            assert len(lines) > 1, f"{file.name}: page {number} is empty"
            assert re.sub(r"\s", "", lines[-2]) not in {re.sub(r"\s", "", one) for one in headings if "图" not in one}
