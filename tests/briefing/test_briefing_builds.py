"""The briefings of whole builds: the shipped samples, and the real reports where they are at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import Built, build_into
from help.briefing_reader import CITATION, CLAIMS, Paragraph, Read
from help.briefing_samples import TEMPLATES

from compiler.app.options import BRIEFINGS, SUMMARY
from compiler.app.writing_tasks import briefing_names
from compiler.briefing.inline_marks import typeset
from compiler.briefing.rows import Row, Viewer
from compiler.briefing.sources import Sources, pageless
from compiler.briefing.write import load_briefing_template
from compiler.issues import message
from compiler.ledger.rows import place_key
from compiler.model import CompiledReport
from compiler.strings import squeeze

MOST_PAGES = 5
PROGRAM = ("程序", "规则", "指纹", "手头", "没有按规则", "sane", "摘到", "工作簿", "headings", "openers")
COMPUTED = (
    "要情正文",
    "要情要点",
    "要情表注",
    "要情来源",
    "caption",
    "heading 1",
    "要情表头",
    "要情附件说明",
    "要情附件名称",
)


@pytest.fixture(scope="module")
def provinces(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Three provinces in two years each: results meet the targets of the year before."""
    out = tmp_path_factory.mktemp("provinces") / "output"
    return Built(build_into(out, shared / "reports_open" / "province"), out)


@pytest.fixture(params=["samples_build", "real_build", "provinces"])
def built(request: pytest.FixtureRequest) -> Built:
    found: Built = request.getfixturevalue(request.param)
    return found


def briefings(built: Built) -> Iterator[tuple[CompiledReport, Read]]:
    for name, report in briefing_names(built.gathered.reports, built.gathered.templates.briefing):
        yield report, Read(built.out / BRIEFINGS / name)


def body(read: Read) -> list[Paragraph]:
    """The paragraphs before the annexes."""
    styles = [paragraph.style for paragraph in read.paragraphs]
    return read.paragraphs[: styles.index("要情附件序号") if "要情附件序号" in styles else None]


def test_the_template_does_nothing_wrong_on_any_report(built: Built) -> None:
    assert [issue for issue in built.outcome.issues if issue.code.startswith("T")] == []


def test_word_has_nothing_to_repair(built: Built) -> None:
    for report, read in briefings(built):
        assert (report.source, read.faults()) == (report.source, [])
    assert Read(built.out / BRIEFINGS / SUMMARY).faults() == []


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
        for paragraph in body(read):
            text = re.sub("“[^“”]*(?:“[^”]*”[^“”]*)*”|报告自述没有完成目标的有[^。]*。", "", paragraph.text)
            if paragraph.style in {"要情正文", "要情要点", "heading 1"}:
                assert not CLAIMS.search(text), text
        assert "目标完成情况" not in "".join(read.of("heading 1"))


def test_no_word_of_the_program_stands_outside_quotations(built: Built) -> None:
    for _, read in [*briefings(built), (None, Read(built.out / BRIEFINGS / SUMMARY))]:
        for paragraph in read.paragraphs:
            if paragraph.style not in {"要情引文", "要情依据", "heading 2"}:
                text = re.sub("“[^”]*”", "", paragraph.text)
                assert [word for word in PROGRAM if word in text] == [], text


# --- every sentence a quotation, computed, or fixed wording ---------------------------------------


@cache
def fixed_words() -> str:
    """All wording of the template, expressions taken out."""
    text = (TEMPLATES / "briefing.yaml").read_text(encoding="utf-8")
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", "", text)


def phrases(built: Built) -> dict[str, set[str]]:
    """What the ledger gives to say, by report: names, figures with unit and hedge, differences, remarks."""
    template, _ = load_briefing_template(TEMPLATES)
    assert template is not None
    reports = built.gathered.reports
    viewer = Viewer(built.gathered.ledger, built.gathered.rulebook, Sources(reports), template.words, template.lists)
    found: dict[str, set[str]] = {}
    for report in reports:
        own = {report.identity.place, *(word for word in template.words.values() if len(word) > 2)}
        for peer in reports:
            own.add(peer.identity.place)
            for row in viewer.listed(peer).all:
                own |= _of_row(row) if peer is report else {row.name, row.level, row.growth}
        for line in viewer.lines(report):
            facts = [fact for row in (line.past, line.plan) if row for fact in row.facts]
            own |= {text for f in facts for text in (viewer.wording.phrase(f), f.rank, f.comparison)}
        own |= {message(issue) for issue in built.gathered.issues}  # what is to be verified is told in their words
        found[f"{report.source}#{report.number}"] = {one for one in own if one}
    return found


def _of_row(row: Row) -> set[str]:
    texts = (row.name, row.result, row.level, row.growth, row.note, row.target, row.difference, row.status, row.goal)
    step = (
        row.step.replace("于上年实绩", "").replace("与上年实绩", "").replace("目标上限", "上限")
    )  # as the table has it
    return {*texts, row.told, row.step, step, row.before, row.moved, row.remarks, row.definition, row.mark}


def left_over(text: str, known: set[str], source: str) -> list[str]:
    """Return what of a computed paragraph is neither quoted, nor of the ledger, nor wording of the template.

    A bare number is left only as a count (22项, 4个地区), a year, a share, a number of a table or paragraph.
    """
    text = CITATION.sub("", text)
    for phrase in known:
        text = text.replace(phrase, "|") if "“" in phrase else text
    for quotation in sorted(re.findall("“((?:[^“”]|“[^”]*”)*)”", text), key=len, reverse=True):
        if quotation.replace("‘", "“").replace("’", "”") in source:  # quotation marks within are single ones
            text = text.replace(f"“{quotation}”", "|")
    for phrase in sorted(known, key=len, reverse=True):
        text = text.replace(phrase, "|")
    text = re.sub(
        r"\d{4}年|[表图]\d+|^\d\.|\d+(?=项|个地区|份)|等\d+项|(?<=占)[\d.]+%|(?<=，)[\d.]+%(?=[；。|])|1/\d", "|", text
    )
    pieces = [one for one in re.split("[|，。；：、（）—“”《》\u3000]", text) if one]
    return [one for one in pieces if not is_fixed(squeeze(one))]


def is_fixed(text: str) -> bool:
    """Tell whether a text is wording of the template: one piece, or two with a condition between them."""
    fixed = fixed_words()
    return text in fixed or any(text[:n] in fixed and text[n:] in fixed for n in range(2, len(text) - 1))


def test_every_sentence_of_a_body_is_quoted_computed_or_fixed(built: Built) -> None:
    known = phrases(built)
    for report, read in briefings(built):
        source = typeset(pageless("".join(squeeze(report.text)), squeeze(report.identity.title)))
        own = known[f"{report.source}#{report.number}"]
        date = report.identity.date.split("-")
        own |= {f"{date[0]}年{int(date[1])}月{int(date[2])}日"} if len(date) == 3 else set()
        for paragraph in body(read):
            where = (report.identity.place, report.identity.report_year, paragraph.text)
            if paragraph.style in {"要情引文", "heading 2"}:
                shown = (
                    re.sub("^（[一二三四五六七八九十]+）", "", paragraph.text)
                    if "heading" in paragraph.style
                    else paragraph.text
                )
                pieces = [one for one in re.split("(?<=[。！？])|……", shown) if one.strip("。…")]
                assert [one for one in pieces if one.rstrip("。") not in source and one not in fixed_words()] == [], (
                    where
                )
            elif paragraph.style in COMPUTED:
                shown = re.sub("^[一二三四五六七八]、", "", paragraph.text)
                assert left_over(shown, own, source) == [], where
            elif paragraph.in_table:
                cell = re.sub(r"^(\d+/\d+)$|（\w+位次）", "", paragraph.text)
                assert left_over(cell, own, source) == [], where


def test_a_table_cell_that_is_made_up_would_be_found(built: Built) -> None:
    """The classing above is no sieve with holes: invented figures and words do not pass."""
    known = {"地区生产总值", "968.4亿元", "增长6.9%"}
    assert left_over("2016年：地区生产总值968.4亿元，增长6.9%。", known, "") == []
    assert left_over("2016年：地区生产总值968.5亿元。", known, "") != []
    assert left_over("地区生产总值增长6.8%", known, "") != []
    assert left_over("形势喜人", known, "") != []
    assert left_over("报告自述“没有这句话”。", known, "另一句") != []


def test_no_part_is_empty_and_no_row_too_many(built: Built) -> None:
    for _, read in briefings(built):
        assert all(read.by_part[text.split("、", 1)[1]] for text in read.of("heading 1"))
        assert "要点" in read.of("heading 1")[0]


def test_places_stand_in_the_order_of_division_codes(built: Built) -> None:
    read = Read(built.out / BRIEFINGS / SUMMARY)
    codes = {report.identity.place: report.identity.place_code for report in built.gathered.reports}
    tables = [[name for name in first if name in codes] for first in read.first_columns()]
    named = [[codes[name] for name in table] for table in tables if table]
    assert named and all(table == sorted(table) for table in named)
    assert max(map(len, named)) == len(built.gathered.reports), "every report stands in one table"


@pytest.mark.slow
def test_pages_look_right(built: Built, tmp_path: Path) -> None:
    """Rendered through LibreOffice: a body of five pages, no heading at the foot of one, numbered pages."""
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
        annex = next((n for n, page in enumerate(pages) if re.match(r"\s*附件 ?1?\s*\n", page)), len(pages))
        assert 1 <= annex <= (1 if file.name == SUMMARY else MOST_PAGES), (file.name, annex)
        headings = set(Read(file).of("heading 1", "heading 2", "caption"))
        for number, page in enumerate(pages, 1):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            assert re.sub(r"\s", "", lines[-1]) == f"—{number}—", (file.name, number)
            assert len(lines) > 1, f"{file.name}: page {number} is empty"
            assert squeeze(lines[-2]) not in {squeeze(one) for one in headings if "图" not in one}
            # In the annex of sources every entry begins with its number; in the body a line must not.
            assert number > annex or not lines[0].startswith("["), f"{file.name}: page {number} begins with a note"
