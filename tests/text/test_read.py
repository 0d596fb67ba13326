"""Which files are read, how they are decoded, and what is refused."""

# Tables read better with a case on a line.
# ruff: noqa: E501

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from compiler.facts.batch import read_all
from compiler.issues import CATALOGUE, as_json, kind, render, severity
from compiler.model import Issue, Location, Severity
from compiler.text.limits import DEFAULT, Limits
from compiler.text.read import find_inputs, read
from compiler.text.readers import office, readers

TEXT = "2017年某市政府工作报告\n各位代表：\n现在，我代表市政府向大会报告工作，请予审议。\n全年生产总值增长6.5%，财政收入增长5%。\n"


MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_bytes(folder: Path, data: bytes, name: str = "报告.txt"):  # type: ignore[no-untyped-def]
    path = folder / name
    path.write_bytes(data)
    found = read(path, name)
    assert len(found.sources) <= 1
    return found.sources[0] if found.sources else None, [issue.code for issue in found.issues]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.replace("\n", "\r\n").encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-32"), "utf-32-le"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
        (TEXT.replace("\n", "\r\n").encode("gb18030"), "gb18030"),
        ("增长".encode("gb18030"), "gb18030"),
        ("㐀𠀀工作".encode("gb18030"), "gb18030"),
    ],
)
def test_decodes(tmp_path: Path, data: bytes, encoding: str) -> None:
    source, codes = read_bytes(tmp_path, data)
    told = data.startswith(MARKS) or encoding == "utf-8"
    assert codes == ([] if told else ["I127"])  # an encoding that was guessed is named
    assert source.encoding == encoding
    assert source.text in (TEXT, "增长", "㐀𠀀工作")
    assert len(source.sha256) == 64


def test_utf16_without_a_mark_or_any_ascii(tmp_path: Path) -> None:
    text = "全年的工作，在发展中稳住了大局，一年的建设有了新的成绩。" * 5
    for encoding in ("utf-16-le", "utf-16-be"):
        source, codes = read_bytes(tmp_path, text.encode(encoding))
        assert (source.text, source.encoding, codes) == (text, encoding, ["I127"])


@pytest.mark.parametrize(
    ("data", "kept", "wanted"),
    [
        (TEXT.encode()[:-2] + b"\xe5\x8a", "增长6.5%", ["I127", "I109"]),  # cut off in the middle of a character
        (TEXT.encode().replace("财政".encode(), b"\xff\xff"), "收入增长5%", ["I127", "I109"]),
        (b"\xef\xbb\xbf" + TEXT.encode().replace("财政".encode(), b"\xff"), "收入增长5%", ["I127", "I109"]),
        (
            TEXT.encode("gb18030").replace("财政".encode("gb18030"), b"\x80\xff"),
            "增长6.5%",
            ["I127", "I109"],
        ),
        (b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x01", "增长6.5%", ["I109"]),
    ],
)
def test_bad_bytes_are_replaced_and_told(tmp_path: Path, data: bytes, kept: str, wanted: list[str]) -> None:
    source, codes = read_bytes(tmp_path, data)
    assert codes == wanted
    assert kept in source.text
    assert "\ufffd" in source.text


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.txt", b"", "I106"),
        ("空白.txt", b" \r\n\t", "I106"),
        ("空白.txt", "　　\n".encode(), "I106"),
        ("标记.txt", b"\xef\xbb\xbf", "I106"),
        ("旧.doc", b"\xd0\xcf\x11\xe0", "I108"),
        ("旧.WPS", b"x", "I108"),
        ("坏.pdf", b"%PDF-1.4", "I110"),
        ("图.JPG", b"x", "I104"),
        ("版式.ofd", b"x", "I140"),
        ("苹果.pages", b"x", "I178"),
        ("表.xlsx", b"x", "I108"),
        ("网页.html", b"<html>", "I106"),
        ("包.zip", b"x", "I108"),
        ("没有扩展名", b"x", "I166"),
        ("假.txt", b"PK\x03\x04" + b"\x00" * 50, "I121"),
        ("假.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, "I122"),
        ("假.txt", b"%PDF-1.7\n...", "I123"),
        ("假.txt", b"{\\rtf1\\ansi}", "I124"),
        ("假.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "I125"),
        ("假.txt", b"Rar!\x1a\x07\x00", "I126"),
        ("假.txt", bytes(range(256)) * 20, "I108"),
        ("假.txt", b"\x00" * 200, "I108"),
        ("假.docx", TEXT.encode(), "I162"),
        ("假.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, "I122"),
        ("坏.docx", b"PK\x03\x04" + b"\x00" * 50, "I110"),
    ],
)
def test_refused_with_a_message(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    source, codes = read_bytes(tmp_path, data, name)
    assert source is None
    assert codes == [code]


def test_message_names_the_kind_and_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "报告.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    monkeypatch.setattr(office, "libreoffice", lambda: "")
    text = render(read(tmp_path / "报告.doc", "报告.doc").issues[0])
    assert text.startswith("报告.doc: 错误 I103 读不了 .doc 文件")
    assert ".docx" in text.splitlines()[1]


def test_zip_that_is_no_word_file(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    assert read_bytes(tmp_path, buffer.getvalue(), "报告.docx") == (None, ["I163"])
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
        archive.writestr("[Content_Types].xml", "<Types")
    assert read_bytes(tmp_path, buffer.getvalue(), "报告.docx") == (None, ["I110"])


def test_too_large(tmp_path: Path) -> None:
    (tmp_path / "大.txt").write_bytes(b"x" * 101)
    assert codes_of(tmp_path / "大.txt", Limits(size=100)) == ["I107"]
    assert codes_of(tmp_path / "大.txt", Limits(characters=100)) == ["I141"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "x" * 1000)
    (tmp_path / "报告.docx").write_bytes(buffer.getvalue())
    assert codes_of(tmp_path / "报告.docx", Limits(unpacked=100)) == ["I112"]


def codes_of(path: Path, limits: Limits = DEFAULT) -> list[str]:
    return [issue.code for issue in read(path, path.name, limits).issues]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT)
    path.chmod(0)
    assert codes_of(path) == ["I113"]


def test_gone_between_walk_and_read(tmp_path: Path) -> None:
    assert codes_of(tmp_path / "没有.txt") == ["I101"]


# --- Word --------------------------------------------------------------------------------------


def word(folder: Path, build, name: str = "报告.docx") -> str:  # type: ignore[no-untyped-def]
    docx = pytest.importorskip("docx")
    document = docx.Document()
    build(document)
    document.save(str(folder / name))
    found = read(folder / name, name)
    assert found.issues == ()
    (source,) = found.sources
    assert source.encoding == "docx"
    return source.text


def test_word_paragraphs_and_cells_in_order(tmp_path: Path) -> None:
    def build(document) -> None:  # type: ignore[no-untyped-def]
        document.add_heading("某市政府工作报告", 0)
        document.add_paragraph("前段。")
        table = document.add_table(2, 2)
        for row, cells in enumerate((("指标", "完成"), ("生产总值", "812.5亿元"))):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text
        document.add_paragraph("后段。")

    # A row a line: a table is read by row and column.
    assert word(tmp_path, build) == "某市政府工作报告\n前段。\n指标\t完成\n生产总值\t812.5亿元\n后段。"


def test_word_merged_cells_once_and_line_breaks(tmp_path: Path) -> None:
    def build(document) -> None:  # type: ignore[no-untyped-def]
        table = document.add_table(1, 3)
        table.cell(0, 0).merge(table.cell(0, 2)).text = "合并"
        run = document.add_paragraph().add_run("甲")
        run.add_break()
        run.add_text("乙")
        run.add_tab()
        run.add_text("丙")

    assert word(tmp_path, build).strip() == "合并\n甲\n乙\t丙"


def test_word_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def build(document) -> None:  # type: ignore[no-untyped-def]
        numbering = document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (form, text) in enumerate(
                (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
            )
        )
        numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
        for level, text in ((0, "回顾"), (1, "工业"), (2, "甲"), (2, "乙"), (1, "农业"), (0, "安排"), (1, "投资")):
            paragraph = document.add_paragraph(text)
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )
        document.add_paragraph("没有编号")

    assert docx
    assert word(tmp_path, build).split("\n") == [
        *("一、回顾", "（一）工业", "1.甲", "2.乙", "（二）农业", "二、安排", "（一）投资"),
        "没有编号",
    ]


def test_word_drops_deletions_and_keeps_insertions(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def build(document) -> None:  # type: ignore[no-untyped-def]
        paragraph = document.add_paragraph("增长")
        for tag, inner in (("del", "<w:r><w:delText>5%</w:delText></w:r>"), ("ins", "<w:r><w:t>6%</w:t></w:r>")):
            paragraph._p.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a">{inner}</w:{tag}>'))

    assert word(tmp_path, build) == "增长6%"


# --- folders -----------------------------------------------------------------------------------


def test_walks_in_order_and_passes_over_what_is_no_input(tmp_path: Path) -> None:
    for name in ("乙.txt", "甲.txt", "子/丙.txt", ".隐.txt", "~$甲.docx", "Thumbs.db", ".git/丁.txt", "子/.x/戊.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    found, issues = find_inputs([tmp_path])
    assert [one.relative for one in found] == sorted(["乙.txt", "甲.txt", "子/丙.txt"])
    assert issues == ()


def test_each_file_once(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "连接.txt").symlink_to(path)
    found, _ = find_inputs([path, tmp_path, tmp_path / "." / "甲.txt"])
    assert [one.relative for one in found] == ["甲.txt"]


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "x.txt", tmp_path / "b" / "x.txt", tmp_path / "y.txt"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    assert [one.relative for one in find_inputs(paths)[0]] == ["a/x.txt", "b/x.txt", "y.txt"]


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    found, issues = find_inputs([tmp_path / "没有", tmp_path / "空"])
    assert found == []
    assert [issue.code for issue in issues] == ["I101", "I111"]
    assert "找不到" in render(issues[0])


def test_readers_are_found_by_suffix() -> None:
    assert set(readers()) >= {".txt", ".docx"}


# --- wording -----------------------------------------------------------------------------------


def test_every_wording_is_complete() -> None:
    for code, wording in CATALOGUE.items():
        assert wording.message and wording.about, code
        issue = Issue(code)
        assert render(issue), code
        assert as_json(issue)["code"] == code


def test_codes_stand_in_one_file_only() -> None:
    import re

    from compiler.issues import MESSAGES

    seen: dict[str, str] = {}
    for path in sorted(MESSAGES.glob("*.yaml")):
        for code in re.findall(r"^([A-Z]\d+):", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert code not in seen, f"{code} in {path.name} and {seen[code]}"
            seen[code] = path.name


def test_frame_with_wide_characters() -> None:
    where = Location("rules/甲.yaml", 6, 5, 4, ((5, "    direction: up"), (6, "    别名组: [甲]")))
    text = render(Issue("I105", {"suffix": ".x", "readable": ".txt"}, where=where)).splitlines()
    assert text[0] == "rules/甲.yaml:6:5: 错误 I105 不支持 .x 文件"
    assert text[1:4] == ["   5 |     direction: up", "   6 |     别名组: [甲]", "     |     ^^^^^^^"]
    assert text[4].startswith("     = 改法: ")


def test_place_of_an_issue_in_a_report() -> None:
    issue = Issue("I301", {"count": "3"}, source="甲.txt", report=2, place="某市", start=9, end=12)
    assert render(issue).startswith("甲.txt（第2份，某市，第10—12字）: 警告 I301")
    assert severity(issue) is Severity.WARNING
    assert kind(issue) == ""
    assert as_json(issue)["start"] == 9


def test_unknown_code_and_missing_field_do_not_crash() -> None:
    assert "Z999" in render(Issue("Z999", {"a": "{x}"}))
    assert "？" in render(Issue("I101"))


def test_tables_beside_the_reports_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("报告", encoding="utf-8")
    (tmp_path / "名单.csv").write_text("姓名,电话\n王,1\n", encoding="utf-8")
    (tmp_path / "说明.md").write_text("说明", encoding="utf-8")
    sources, issues, unread = read_all(find_inputs([tmp_path])[0])
    assert [source.path for source in sources] == ["甲.txt"] and not unread
    assert [(issue.code, issue.fields["count"]) for issue in issues] == [("I114", "2")]
    assert [one.relative for one in find_inputs([tmp_path / "名单.csv"])[0]] == ["名单.csv"]
    assert codes_of(tmp_path / "名单.csv") == ["I136"]


def test_a_link_to_nothing_is_told_as_such(tmp_path: Path) -> None:
    link = tmp_path / "断.txt"
    link.symlink_to(tmp_path / "没有.txt")
    assert [issue.code for issue in read(link, "断.txt").issues] == ["I165"]
