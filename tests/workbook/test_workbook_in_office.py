"""What an office program makes of the workbook: it opens, computes the same values, and prints."""

from __future__ import annotations

import posixpath
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from help import make_reports as made
from help.workbook_reader import build, formulas, header, links, through_libreoffice, without_values
from openpyxl import load_workbook

from compiler.model import CompiledReport, RuleBook

pytestmark = pytest.mark.slow


def assert_same_values(path: Path, tmp_path: Path) -> int:
    """Let LibreOffice compute every formula anew and compare with the values that the file carries."""
    bare = without_values(path, tmp_path / "bare.xlsx")
    assert all(
        load_workbook(bare, data_only=True)[sheet][cell].value is None for sheet, cell in list(formulas(path))[:20]
    )
    return same_values(path, through_libreoffice(bare, tmp_path / "office"))


def same_values(path: Path, other: Path) -> int:
    """Compare the values that a workbook carries for its formulas with those that a program has computed."""
    computed, carried = load_workbook(other, data_only=True), load_workbook(path, data_only=True)
    found = formulas(path)
    for (sheet, cell), formula in found.items():
        ours, theirs = carried[sheet][cell].value, computed[sheet][cell].value
        if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
            assert theirs == pytest.approx(ours, rel=1e-12), (sheet, cell, formula)
        else:
            # Of an empty text some programs save no value.
            assert ("" if theirs is None else theirs) == ("" if ours is None else ours), (sheet, cell, formula)
    return len(found)


def test_recalculated_values_equal_the_carried_ones(tmp_path: Path) -> None:
    path = tmp_path / "目标与结果.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    assert assert_same_values(path, tmp_path) > 60


def test_a_second_engine_computes_the_same_values(tmp_path: Path) -> None:
    """Gnumeric's ``ssconvert`` computes every formula anew."""
    engine = shutil.which("ssconvert")
    if engine is None:
        pytest.skip("Gnumeric (ssconvert) is not installed")
    path = tmp_path / "目标与结果.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    bare = without_values(path, tmp_path / "bare.xlsx")
    computed = tmp_path / "computed.xlsx"
    subprocess.run([engine, "--recalc", str(bare), str(computed)], capture_output=True, check=True, timeout=240)
    assert same_values(path, computed) > 60


def test_recalculated_values_of_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "目标与结果.xlsx"
    build(path, (made.first_year("O'Brien市"), made.second_year("O'Brien市"), made.neighbour("很" * 59 + "市")))
    assert assert_same_values(path, tmp_path) > 60


def test_every_kind_of_target_is_computed_alike(tmp_path: Path) -> None:
    """Each row of the ledger's case table, as a workbook: the formula's wording is the ledger's."""
    from help.ledger_cases import CASES

    reports: list[CompiledReport] = []
    for number, (indicator, measure, aim, value, _, _) in enumerate(CASES):
        place = f"第{number:03d}市"
        for year, kind, figure in ((2016, "target", aim), (2017, "result", value)):
            fact = made.make_fact(
                indicator, measure, figure, kind=kind, place=place, year=2016, report_year=year, source=f"{place}{year}"
            )
            one = made.make_report(place, year, (), source=f"{place}{year}")
            reports.append(CompiledReport(**{name: getattr(one, name) for name in one.__slots__} | {"facts": (fact,)}))
    path = tmp_path / "目标与结果.xlsx"
    build(path, reports)
    texts = {cell.value for row in load_workbook(path, data_only=True)["目标与结果"].iter_rows() for cell in row}
    assert {case[5] for case in CASES} <= texts
    assert assert_same_values(path, tmp_path) > len(CASES)


def test_it_prints(tmp_path: Path) -> None:
    path = tmp_path / "目标与结果.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    pdf = through_libreoffice(path, tmp_path / "office", "pdf")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    # In the order of the page's drawing the lines of a wrapped cell stand together.
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    joined = "".join(text.split())
    for words in (
        "云川市2016年主要目标完成情况和2017年预期目标",
        "完成目标任务的131.4%",
        "快于经济增长0.6个百分点",
        "未完成",
    ):
        assert words in joined
    assert "#REF" not in text and "#NAME" not in text and "Err:" not in text


def test_the_package_is_well_formed(tmp_path: Path) -> None:
    """Every part is XML, every relation has its part, and no element stands out of the schema's order."""
    path = tmp_path / "目标与结果.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    order = [
        *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection"),
        *("autoFilter", "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
        *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "drawing", "legacyDrawing", "tableParts", "extLst"),
    ]
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        assert len(names) == len(archive.namelist())
        types = archive.read("[Content_Types].xml").decode()
        for name in names:
            root = ElementTree.fromstring(archive.read(name))
            if name.endswith(".rels"):
                for relation in root:
                    target = relation.attrib["Target"]
                    folder = Path(name).parent.parent
                    found = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}")
                    assert found in names, (name, target)
            elif name != "[Content_Types].xml":
                assert f'"/{name}"' in types or name.endswith(".rels"), name
            if name.startswith("xl/worksheets/sheet"):
                tags = [child.tag.rpartition("}")[2] for child in root]
                positions = [order.index(tag) for tag in tags]
                assert positions == sorted(positions), (name, tags)
                cells = [cell.attrib["r"] for cell in root.iter("{*}c")]
                assert len(cells) == len(set(cells))


@pytest.mark.parametrize("version", ["office2016", "microsoft365"])
def test_an_independent_validator_finds_nothing(version: str, tmp_path: Path) -> None:
    """``openxml-audit`` checks every part against the schemas of Office, and what Excel is known to repair."""
    pytest.importorskip("openxml_audit")
    path = tmp_path / "a.xlsx"
    build(path, (*made.two_years(), made.neighbour()))
    command = [sys.executable, "-m", "openxml_audit", "-f", version, "--policy", "strict", "-m", "0", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Errors: 0" in done.stdout, done.stdout + done.stderr


def compiled(folder: Path) -> tuple[tuple[CompiledReport, ...], RuleBook]:
    """Compile all reports of a folder with the default rules."""
    from compiler.facts.compile import compile_source
    from compiler.rules.rulebook import load_rulebook
    from compiler.text.read import read

    rules, _ = load_rulebook(made.ROOT / "rules")
    assert rules is not None
    found: list[CompiledReport] = []
    for path in sorted(folder.iterdir()):
        if path.suffix in (".txt", ".docx"):
            (source,) = read(path, path.name).sources
            assert source is not None
            found.extend(compile_source(source, rules)[0])
    return tuple(found), rules


@pytest.mark.parametrize("which", ["samples", "shared"])
def test_whole_reports(which: str, tmp_path: Path) -> None:
    """The samples, and the real reports where they are at hand: every value and every link holds."""
    folder = made.ROOT / "compiler" / "samples" if which == "samples" else made.ROOT.parent / "shared" / "reports"
    if not folder.is_dir():
        pytest.skip("no ../shared beside this checkout: real reports are not at hand")
    reports, rules = compiled(folder)
    path = tmp_path / "目标与结果.xlsx"
    build(path, reports, rules)
    assert assert_same_values(path, tmp_path) > 100
    book = load_workbook(path, data_only=True)
    texts = {(report.source, report.number): "".join(report.text.split()) for report in reports}
    facts = {fact.id: fact for report in reports for fact in report.facts}
    sheet, evidence = book["目标与结果"], book["原文依据"]
    row, titles = header(sheet)
    _, columns = header(evidence)
    figures = [n for title, n in titles.items() if "/" in title]
    leads, returns = links(path, "目标与结果"), links(path, "原文依据")
    walked = 0
    for cells in sheet.iter_rows(min_row=row + 1):
        for n in figures:
            cell = cells[n - 1]
            if cell.value is None or cells[titles["序号"] - 1].value is None:  # remarks stand below the table
                continue
            number = evidence[leads[cell.coordinate].rpartition("!")[2]].row
            fact = facts[evidence.cell(number, columns["编号"]).value]
            sentence = str(evidence.cell(number, columns["原文"]).value)
            assert sentence in texts[fact.source, fact.report]
            assert "".join(fact.quote.split()) in sentence
            back = returns[evidence.cell(number, columns["返回"]).coordinate].rpartition("!")[2]
            assert leads[back] == leads[cell.coordinate]
            walked += 1
    assert walked > 250
    statuses = {
        str(cells[titles["完成情况"] - 1].value).partition("（")[0] for cells in sheet.iter_rows(min_row=row + 1)
    }
    if which == "samples":
        assert {"完成", "超额完成", "基本完成", "未完成", "文字目标待核", "口径不一致"} <= statuses


def test_halves_are_rounded_as_on_paper(tmp_path: Path) -> None:
    """Levels and growths whose product ends in a half, which binary numbers miss by a hair."""
    reports = []
    pairs = [("110", "15"), ("1.15", "10"), ("2.5", "14"), ("45.5", "7"), ("8.5", "9"), ("1005", "2.5"), ("70", "0.75")]
    for number, (level, growth) in enumerate(pairs):
        place = f"第{number:03d}市"
        facts = (
            made.make_fact("gdp", "level", level, place=place, source=place),
            made.make_fact("gdp", "growth", growth, kind="target", year=2017, place=place, source=place),
            made.make_fact("revenue", "level", growth, place=place, source=place),
        )
        one = made.make_report(place, 2017, (), source=place)
        reports.append(CompiledReport(**{name: getattr(one, name) for name in one.__slots__} | {"facts": facts}))
    path = tmp_path / "目标与结果.xlsx"
    build(path, reports)
    sheet = load_workbook(path, data_only=True)["目标与结果"]
    found = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {127, 1.27, 2.9, 48.7, 9.3, 1030, 71} <= found
    assert_same_values(path, tmp_path)
