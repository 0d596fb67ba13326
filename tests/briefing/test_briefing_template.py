"""Mistakes in briefing.yaml and briefing.docx: each told with its place, and the rest goes on."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from help import make_reports as made
from help.briefing_reader import Read
from help.briefing_samples import TEMPLATES, template, written

from compiler.app.writing_tasks import briefing_names
from compiler.briefing.template import KIND_OF_ROLE, unfold
from compiler.briefing.write import Briefings, briefing_name, load_briefing_template
from compiler.facts.kept_rules import load_rules
from compiler.issues import render
from compiler.model import Issue, RuleBook

YAML = (TEMPLATES / "briefing.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the templates that a test may spoil."""
    target = tmp_path / "templates"
    target.mkdir()
    for name in ("briefing.yaml", "briefing.docx"):
        shutil.copyfile(TEMPLATES / name, target / name)
    return target


def change(folder: Path, old: str, new: str, count: int = 1) -> int:
    """Replace text in briefing.yaml; return the line of the first change."""
    path = folder / "briefing.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def change_word(folder: Path, edit: Callable[[dict[str, bytes]], None]) -> None:
    """Change the parts of briefing.docx."""
    path = folder / "briefing.docx"
    parts = Read(path).parts
    edit(parts)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def write(folder: Path, tmp_path: Path) -> tuple[Read | None, tuple[Issue, ...], tuple[Issue, ...]]:
    """Load the template and write the briefing of the second year with it."""
    loaded, issues = load_briefing_template(folder)
    if loaded is None:
        return None, issues, ()
    one = written()["second"]
    assert one.report is not None
    path = tmp_path / "out.docx"
    told = Briefings(one.reports, one.ledger, one.issues, one.rulebook, loaded).write(path, one.report, made.INFO)
    return Read(path), issues, told


def test_the_shipped_template_is_clean() -> None:
    _, issues = load_briefing_template(TEMPLATES, whole_book())
    assert [render(issue) for issue in issues] == []


OFFICE = [
    ('issuer: ""', "issuer: 云川市人民政府办公室", "要情期号", "云川市人民政府办公室"),
    ('issue: ""', 'issue: "第{{ year }}期"', "要情期号", "第2017期"),
    ('signed: ""', "signed: 云川市人民政府办公室", "要情落款", "云川市人民政府办公室"),
    ('dated: ""', "dated: 2017年2月8日", "要情落款", "2017年2月8日"),
]


@pytest.mark.parametrize(("old", "new", "style", "text"), OFFICE)
def test_issuer_number_and_signature_come_from_the_template(
    folder: Path, tmp_path: Path, old: str, new: str, style: str, text: str
) -> None:
    before, _, _ = write(folder, tmp_path)
    assert before is not None and before.of(style) == [], "left empty, nothing is written"
    change(folder, old, new)
    read, issues, _ = write(folder, tmp_path)
    assert issues == ()
    assert read is not None and read.of(style) == [text]
    assert read.faults() == []


MISTAKES = [
    # what is written, what a hand makes of it, the code, what the message says
    ("source_line: 要情来源", "source_lines: 要情来源", "R106", "source_line"),
    ("  body: 要情正文", "  body: 要情正文啊", "T302", "要情正文"),
    ("  body: 要情正文", "  body: 要情引注", "T303", "段落样式"),
    ("  body: 要情正文", "  body: ''", "R104", "body"),
    ("  body: 要情正文\n", "", "R101", "styles.body"),
    ("blocks:\n        - points:", "blokcs:\n        - points:", "R102", "blocks"),
    ("{{ place }}{% if has_year %}", "{{ plase }}{% if has_year %}", "T103", "place"),
    ("{{ row.target|dash }}", "{{ row.taget|dash }}", "T103", "target"),
    ('raised|told("moved_shown", most_moved', 'raised|told("moved_show", most_moved', "T103", "moved_shown"),
    (
        "for one in compared_places %}{{ one.name }}",
        "for one in compared_places %}{{ one.nome }}",
        "T103",
        "name",
    ),
    ("{{ row.rank }}/{{ row.of }}", "{{ row.rang }}/{{ row.of }}", "T103", "rank"),
    ("{{ missed|length }}", "{{ missed|lenght }}", "T106", "length"),
    ("{{ missed|length }}", "{{ missed.__class__ }}", "T102", "__class__"),
    ("{{ missed|length }}", "{{ missed|length", "T101", "全角"),
    ("{{ missed|length }}", "｛｛ missed|length ｝｝", "T107", "{{"),
    ("{{ missed|length }}", "{{ missed｜length }}", "T101", "全角"),
    ("{{ row.own }}", "{{ row.own }", "T101", "写错"),
    ("{{ row.level_noted|dash }}{% endif %}", "{{ row.level_noted|dash }}", "T101", "endif"),
    ("- table: reviewed", "- table: reviwed", "T206", "reviewed"),
    (
        "- table: planned\n          id: table_plan",
        "- table: planned\n          id: table_review",
        "T209",
        "table_review",
    ),
    ("id: table_plan", "id: 表二", "T211", "字母"),
    ("list: missed", "lost: missed", "R102", "不认识的键"),
    ("width: 36}", "width: breit}", "R110", "width"),
    ("align: center", "align: mitte", "R106", "align"),
    ("most: 5\n", "most: [5]\n", "R105", "most"),
    ("when: overview", "when: overwiew", "T103", "overview"),
    ("  rows: 13 ", "  rows: vier ", "R110", "rows"),
    ("  rows: 13 ", "  rowes: 13 ", "R102", "rows"),
    ("format: 1", "format: 9", "R111", "1"),
    ("subject: 政府", "subjekt: 政府", "R102", "subject"),
    ("style: quote", "style: zitat", "R106", "quote"),
    ("- sources: all", "- quellen: all", "T210", "sources"),
    ("  flat: 与上年持平", "  flach: 与上年持平", "R102", "flat"),
    ("由{old}调整为{new}", "由{alt}调整为{new}", "R512", "old"),
    ("  promises: [", "  promise: [", "R102", "promises"),
    ("aside: [requirements", "aside: [requirement", "T212", "requirements"),
    ("overview: [地区生产总值", "overview: [地区生产总植", "T213", "地区生产总值"),
    ("  issuer: ", "  isuer: ", "R102", "issuer"),
]


@cache
def whole_book() -> RuleBook:
    """The rules that we ship, which the template names sections and indicators of."""
    found, _ = load_rules(TEMPLATES.parent / "rules")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("old", "new", "code", "says"), MISTAKES, ids=[f"{n}-{one[2]}" for n, one in enumerate(MISTAKES)]
)
def test_a_mistake_is_told_with_its_place(
    folder: Path, tmp_path: Path, old: str, new: str, code: str, says: str
) -> None:
    line = change(folder, old, new)
    at = next((n for n, (a, b) in enumerate(zip(old.split("\n"), new.split("\n"), strict=False)) if a != b), 0)
    loaded, issues = load_briefing_template(folder, whole_book())
    assert code in [issue.code for issue in issues]
    issue = next(issue for issue in issues if issue.code == code)
    assert issue.where is not None
    assert issue.where.path == "templates/briefing.yaml"
    shown = render(issue)
    assert f"templates/briefing.yaml:{issue.where.line}:" in shown
    assert says in shown
    if code != "R101":  # what is missing is told where it belongs
        assert abs(issue.where.line - line - at) <= 2
    message = shown.split("\n")[0].split("错误")[-1].split("警告")[-1]
    assert not re.search("[A-Za-z]{4,} [A-Za-z]{2,} [A-Za-z]{2,}", message), "no English sentence"
    # The rest of the template still makes a briefing.
    if code != "R111":
        assert loaded is not None
        read, _, _ = write(folder, tmp_path)
        assert read is not None
        assert read.faults() == []
        assert len(read.of("heading 1")) >= 3 or code in {"T302", "T303", "R101", "R104", "R106"}


def test_several_mistakes_come_in_one_run(folder: Path) -> None:
    for old, new in (
        ("{{ missed|length }}", "{{ misst|length }}"),
        ("- table: reviewed", "- table: x"),
        ("width: 36}", "width: y}"),
        ("aside: [requirements", "aside: [requirement"),
    ):
        change(folder, old, new)
    _, issues = load_briefing_template(folder, whole_book())
    assert {"T103", "T206", "R110", "T212"} <= {issue.code for issue in issues}


def test_an_expression_that_fails_on_a_report_leaves_out_its_sentence_only(folder: Path, tmp_path: Path) -> None:
    line = change(folder, "{{ row.target|dash }}", "{{ row.target + 1 }}")
    read, issues, told = write(folder, tmp_path)
    assert issues == ()
    assert read is not None
    assert [issue.code for issue in told] == ["T104"], "once, though it fails on each row"
    assert told[0].where is not None
    assert told[0].where.line == line
    assert read.faults() == []


def test_a_missing_style_is_replaced_by_the_default_one(folder: Path, tmp_path: Path) -> None:
    def drop(parts: dict[str, bytes]) -> None:
        text = parts["word/styles.xml"].decode()
        start = text.index('<w:style w:type="paragraph" w:customStyle="1" w:styleId="YQPoint">')
        end = text.index("</w:style>", start) + len("</w:style>")
        parts["word/styles.xml"] = (text[:start] + text[end:]).encode()

    change_word(folder, drop)
    read, issues, told = write(folder, tmp_path)
    assert [issue.code for issue in issues] == ["T302"]
    assert "要情要点" in render(issues[0])
    assert "要情正文" in render(issues[0]) or "“要情" in render(issues[0])
    assert told == ()
    assert read is not None
    assert read.faults() == []


def test_styles_are_found_by_name_since_word_changes_ids(folder: Path, tmp_path: Path) -> None:
    def rename(parts: dict[str, bytes]) -> None:
        for name in ("word/styles.xml", "word/document.xml"):
            parts[name] = parts[name].replace(b'"YQBody"', b'"a7"').replace(b'"Title"/>', b'"Title"/>')

    change_word(folder, rename)
    read, issues, told = write(folder, tmp_path)
    assert (issues, told) == ((), ())
    assert read is not None
    assert read.of("要情正文")
    assert read.faults() == []


def test_looks_changed_in_word_are_taken_over(folder: Path, tmp_path: Path) -> None:
    def edit(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"].replace(b'w:h="16838"', b'w:h="15840"')
        parts["word/styles.xml"] = parts["word/styles.xml"].replace(b'<w:sz w:val="44"/>', b'<w:sz w:val="40"/>')
        parts["docProps/core.xml"] = b"<x/>"
        parts["docProps/thumbnail.jpeg"] = b"x"

    change_word(folder, edit)
    read, issues, _ = write(folder, tmp_path)
    assert issues == ()
    assert read is not None
    assert read.style_value("Title", "rPr/sz") == "40"
    assert b'w:h="15840"' in read.parts["word/document.xml"]
    assert read.faults() == []
    assert "样式“Title”" not in read.text, "the text of the template is for whoever edits it"


def test_fonts_can_be_exchanged_in_one_place(folder: Path, tmp_path: Path) -> None:
    change(folder, '{name: 仿宋_GB2312, use: ""', '{name: 仿宋_GB2312, use: "仿宋"')
    read, issues, _ = write(folder, tmp_path)
    assert issues == ()
    assert read is not None
    assert read.style_value("要情正文", "rPr/rFonts", "eastAsia") == "仿宋"
    assert "仿宋_GB2312" not in read.parts["word/styles.xml"].decode()
    assert read.faults() == []


BROKEN = [
    (lambda parts: parts.pop("word/document.xml"), "T301"),
    (lambda parts: parts.pop("word/styles.xml"), "T301"),
    (lambda parts: parts.update({"word/styles.xml": b"<w:styles"}), "T301"),
    (
        lambda parts: parts.update({"word/document.xml": parts["word/document.xml"].replace(b"w:sectPr", b"w:other")}),
        "T304",
    ),
    (lambda parts: parts.update({"word/styles.xml": _bomb()}), "T301"),
]


def _bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))
    return f'<?xml version="1.0"?><!DOCTYPE w [{entities}]><w:styles xmlns:w="x">&e11;</w:styles>'.encode()


@pytest.mark.parametrize(("edit", "code"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_word_file_is_told(folder: Path, edit: Callable[[dict[str, bytes]], object], code: str) -> None:
    change_word(folder, lambda parts: edit(parts) and None)
    loaded, issues = load_briefing_template(folder)
    if code in [issue.code for issue in issues]:
        assert loaded is None
    else:  # entities are not expanded, so the styles are merely missing
        assert {issue.code for issue in issues} == {"T302"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"plain text", b"\xd0\xcf\x11\xe0 old Word"])
def test_a_file_that_is_no_docx_is_told(folder: Path, content: bytes) -> None:
    (folder / "briefing.docx").write_bytes(content)
    loaded, issues = load_briefing_template(folder)
    assert loaded is None
    assert [issue.code for issue in issues] == ["T301"]
    assert "templates/briefing.docx" in render(issues[0])


@pytest.mark.parametrize("name", ["briefing.yaml", "briefing.docx"])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    loaded, issues = load_briefing_template(folder)
    assert loaded is None
    assert [issue.code for issue in issues] == ["T201"]
    assert name in render(issues[0])


@pytest.mark.parametrize("content", ["", "甲", "- 甲\n- 乙\n", "format: 1\n", "briefing: []\nsummary: {}\n"])
def test_a_yaml_file_that_is_no_template_is_told(folder: Path, content: str) -> None:
    (folder / "briefing.yaml").write_text(content, encoding="utf-8")
    loaded, issues = load_briefing_template(folder)
    assert loaded is None
    assert issues


def test_every_role_has_a_style() -> None:
    assert set(template().styles) == set(KIND_OF_ROLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲乙 丙丁", "甲乙丙丁"),
        ("甲， 乙", "甲，乙"),
        ("Word 2016 at work", "Word 2016 at work"),
        ("{{ a }} 乙", "{{ a }}乙"),
        ("甲 {% if a and b %} 乙 {% endif %}", "甲{% if a and b %}乙{% endif %}"),
        ("{{ 'a b' }}", "{{ 'a b' }}"),
    ],
)
def test_lines_folded_by_yaml_leave_no_space(text: str, expected: str) -> None:
    assert unfold(text) == expected


@pytest.mark.parametrize(
    ("place", "year", "expected"),
    [
        ("云川市", 2017, "云川市2017年政府工作报告要情.docx"),
        ("云川市东湖区", 2012, "云川市东湖区2012年政府工作报告要情.docx"),
        ("", 2017, "乙2017年政府工作报告要情.docx"),
        ("云川市", 0, "云川市政府工作报告要情.docx"),
        ('云/川\\市:*?"<>|', 2017, "云川市2017年政府工作报告要情.docx"),
        ("../../etc", 2017, "etc2017年政府工作报告要情.docx"),
    ],
)
def test_file_names_are_safe(place: str, year: int, expected: str) -> None:
    from dataclasses import replace

    report = made.second_year()
    report = replace(report, identity=replace(report.identity, place=place, report_year=year))
    name = briefing_name(report, template())
    assert name.endswith("政府工作报告要情.docx")
    assert "/" not in name and "\\" not in name and ":" not in name
    if "etc" not in place:
        assert name == expected
    long = replace(report, identity=replace(report.identity, place="长" * 300))
    assert len(briefing_name(long, template()).encode()) <= 255


def test_the_template_names_the_files(folder: Path) -> None:
    """The build takes the names of its files from the template, and tells what no file name can be made of."""
    place = folder / "briefing.yaml"
    old = next(line for line in place.read_text(encoding="utf-8").splitlines() if line.startswith("file_name:"))
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace(old, 'file_name: "{{ place }}{{ year }}要览"'), encoding="utf-8")
    given, issues = load_briefing_template(folder)
    assert given is not None and not issues
    assert [name for name, _ in briefing_names([made.second_year()], given)] == ["云川市2017要览.docx"]
    place.write_text(text.replace(old, 'file_name: "{{ place }}{{ goals|length }}"'), encoding="utf-8")
    assert [issue.code for issue in load_briefing_template(folder)[1]] == ["T103"]


def test_another_document_in_the_place_of_ours_is_told_once(folder: Path) -> None:
    from docx import Document

    Document().save(str(folder / "briefing.docx"))
    _, issues = load_briefing_template(folder)
    assert [issue.code for issue in issues if issue.code.startswith("T3")] == ["T305"]
    assert issues[0].where is not None and issues[0].where.path == "templates/briefing.yaml"
