"""GB/T 9704-2012 read back from the file: page, grid, fonts and sizes by role, headings, tables, page numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from help.briefing_reader import Read, W
from help.briefing_samples import TEMPLATES, written

NAMES = ("first", "second", "neighbour", "summary")
LATIN = "Times New Roman"

LOOKS = [
    # style, East Asian font, size in half points, first line indented by two characters
    ("Title", "方正小标宋简体", 44, False),
    ("要情来源", "楷体_GB2312", 32, False),
    ("要情正文", "仿宋_GB2312", 32, True),
    ("要情要点", "仿宋_GB2312", 32, True),
    ("要情引文", "仿宋_GB2312", 32, True),
    ("heading 1", "黑体", 32, True),
    ("heading 2", "楷体_GB2312", 32, True),
    ("heading 3", "仿宋_GB2312", 32, True),
    ("要情期号", "仿宋_GB2312", 32, False),
    ("要情附件说明", "仿宋_GB2312", 32, False),
    ("要情落款", "仿宋_GB2312", 32, False),
    ("要情附件序号", "黑体", 32, False),
    ("要情附件名称", "方正小标宋简体", 44, False),
    ("caption", "黑体", 24, False),
    ("要情表文", "仿宋_GB2312", 21, False),
    ("要情表文居中", "仿宋_GB2312", 21, False),
    ("要情表头", "黑体", 21, False),
    ("要情依据", "仿宋_GB2312", 24, False),
    ("footer", "宋体", 28, False),
]


@pytest.fixture(params=NAMES)
def read(request: pytest.FixtureRequest) -> Read:
    return Read(written()[request.param].path)


@pytest.mark.parametrize(("style", "font", "size", "indented"), LOOKS)
def test_fonts_and_sizes_by_role(style: str, font: str, size: int, indented: bool) -> None:
    read = Read(TEMPLATES / "briefing.docx")
    assert read.style_value(style, "rPr/rFonts", "eastAsia") == font
    # The number of a caption stands in the font of its text.
    latin = font if style == "caption" else LATIN
    assert read.style_value(style, "rPr/rFonts", "ascii") == latin
    assert read.style_value(style, "rPr/rFonts", "hAnsi") == latin
    assert read.style_value(style, "rPr/sz") == str(size)
    assert (read.style_value(style, "pPr/ind", "firstLineChars") == "200") == indented


def test_page_and_grid(read: Read) -> None:
    section = read.document.find(f"{W}body/{W}sectPr")
    size, margins, grid = (section.find(f"{W}{name}") for name in ("pgSz", "pgMar", "docGrid"))
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")

    def mm(name: str) -> float:
        return round(int(margins.get(f"{W}{name}")) / 1440 * 25.4)

    assert [mm(name) for name in ("top", "bottom", "left", "right")] == [37, 35, 28, 26]
    assert grid.get(f"{W}type") == "linesAndChars"
    lines = (16838 - int(margins.get(f"{W}top")) - int(margins.get(f"{W}bottom"))) / int(grid.get(f"{W}linePitch"))
    characters = (11906 - int(margins.get(f"{W}left")) - int(margins.get(f"{W}right"))) / 20
    assert int(lines) == 22
    assert int(characters / (16 + int(grid.get(f"{W}charSpace")) / 4096)) == 28


def test_body_keeps_to_the_grid_by_itself() -> None:
    read = Read(TEMPLATES / "briefing.docx")
    assert read.style_value("要情正文", "pPr/spacing", "line") == "579"
    assert read.style_value("要情正文", "pPr/spacing", "lineRule") == "exact"
    pitch = 16 + int(read.style_value("要情正文", "rPr/spacing")) / 20
    assert int((11906 - 1587 - 1474) / 20 / pitch) == 28


def test_page_numbers_stand_at_the_outside_edge() -> None:
    read = Read(written()["second"].path)
    section = read.document.find(f"{W}body/{W}sectPr")
    targets = dict(
        re.findall(r'Id="([^"]+)"[^>]*Target="([^"]+)"', read.parts["word/_rels/document.xml.rels"].decode())
    )
    sides = {}
    for reference in section.findall(f"{W}footerReference"):
        identifier = reference.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
        footer = read.xml(f"word/{targets[identifier]}")
        shown = "".join(node.text or "" for node in footer.iter(f"{W}t"))
        assert shown == "— 1 —"
        assert any("PAGE" in node.text for node in footer.iter(f"{W}instrText"))
        sides[reference.get(f"{W}type")] = footer.find(f".//{W}jc").get(f"{W}val")
    assert sides == {"default": "right", "even": "left"}
    assert read.xml("word/settings.xml").find(f"{W}evenAndOddHeaders") is not None


def test_headings_are_real(read: Read) -> None:
    assert read.style_value("heading 1", "pPr/outlineLvl") == "0"
    assert read.style_value("heading 2", "pPr/outlineLvl") == "1"
    numbers = [text.split("、")[0] for text in read.of("heading 1")]
    assert numbers == list("一二三四五六七八")[: len(numbers)]
    here = 0
    for paragraph in read.paragraphs:
        if paragraph.style in {"heading 1", "要情附件序号"}:
            here = 0
        elif paragraph.style == "heading 2":
            here += 1
            assert paragraph.text.startswith(f"（{'一二三四五六七八九十'[here - 1]}）")


def test_no_heading_stands_alone(read: Read) -> None:
    styles = [paragraph.style for paragraph in read.paragraphs]
    for style, following in zip(styles, [*styles[1:], "end"], strict=True):
        if style == "heading 1":
            assert following not in {"heading 1", "要情附件序号", "end"}
        if style == "heading 2":
            assert following not in {"heading 1", "heading 2", "要情附件序号", "end"}
    for style in ("heading 1", "heading 2", "caption", "要情附件序号", "要情附件名称"):
        assert read.styles[style].find(f"{W}pPr/{W}keepNext") is not None


def test_tables_repeat_their_header_and_split_no_row(read: Read) -> None:
    tables = list(read.document.iter(f"{W}tbl"))
    assert tables
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert len(rows) > 1
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in rows[1:])
        widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        assert sum(widths) == 8845
        assert all(text for text in ("".join(cell.itertext()) for cell in table.iter(f"{W}tc")))


def test_captions_are_numbered_by_fields(read: Read) -> None:
    captions = [paragraph for paragraph in read.paragraphs if paragraph.style == "caption"]
    counted: dict[str, int] = {}
    for caption in captions:
        kind = caption.text[0]
        counted[kind] = counted.get(kind, 0) + 1
        assert caption.text.startswith(f"{kind}{counted[kind]}　")
        assert caption.element.find(f"{W}fldSimple").get(f"{W}instr") == f" SEQ {kind} \\* ARABIC "
    assert counted.get("表", 0) == len(list(read.document.iter(f"{W}tbl")))


def test_references_show_the_label_of_their_caption(read: Read) -> None:
    labels = {}
    for mark in read.document.iter(f"{W}bookmarkStart"):
        if mark.get(f"{W}name").startswith(("table_", "chart_")):
            labels[mark.get(f"{W}name")] = re.match(r"[表图]\d+", "".join(mark.getparent().itertext()))
    for paragraph in read.paragraphs:
        for instruction in paragraph.element.iter(f"{W}instrText"):
            label = labels[instruction.text.split()[1]]
            assert label is not None
            assert f"见{label[0]}" in paragraph.text


def test_every_run_tells_how_to_take_marks_that_both_scripts_have(read: Read) -> None:
    for run in read.document.iter(f"{W}r"):
        text = "".join(node.text or "" for node in run.findall(f"{W}t"))
        if any(mark in text for mark in "“”‘’—…·"):
            assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


def test_chinese_line_breaking_is_on() -> None:
    read = Read(TEMPLATES / "briefing.docx")
    normal = read.styles["Normal"].find(f"{W}pPr")
    assert normal.find(f"{W}kinsoku") is not None
    assert normal.find(f"{W}overflowPunct") is not None
    before = read.xml("word/settings.xml").find(f"{W}noLineBreaksBefore").get(f"{W}val")
    assert set("，。；：？！、）》」”’…％") <= set(before)
    assert set("（《「“‘") <= set(read.xml("word/settings.xml").find(f"{W}noLineBreaksAfter").get(f"{W}val"))


def test_substitutes_are_declared_for_the_fonts_of_the_standard() -> None:
    table = Read(written()["second"].path).xml("word/fontTable.xml")
    declared = {font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val") for font in table.iter(f"{W}font")}
    assert "仿宋" in declared["仿宋_GB2312"].split(",")
    assert "楷体" in declared["楷体_GB2312"].split(",")
    assert "宋体" in declared["方正小标宋简体"].split(",")


def test_each_annex_begins_a_page_with_its_title(read: Read) -> None:
    styles = [paragraph.style for paragraph in read.paragraphs]
    annexes = [n for n, style in enumerate(styles) if style == "要情附件序号"]
    for n in annexes:
        assert read.paragraphs[n].element.find(f"{W}pPr/{W}pageBreakBefore") is not None
        assert styles[n + 1] == "要情附件名称"
    assert len(annexes) == styles.count("要情附件说明")


def test_the_list_of_annexes_is_never_alone_on_a_page(read: Read) -> None:
    """What stands right above it, a paragraph or the last row of a table, is kept on its page."""
    styles = [paragraph.style for paragraph in read.paragraphs]
    above = read.paragraphs[styles.index("要情附件说明") - 1]
    assert above.element.find(f"{W}pPr/{W}keepNext") is not None, above.text


def test_a_note_stays_on_the_line_of_its_word(read: Read) -> None:
    """In a line; in a cell a line may break before a note, so that none is torn apart."""
    in_cells = {link for cell in read.document.iter(f"{W}tc") for link in cell.iter(f"{W}hyperlink")}
    for link in read.document.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor").startswith("yj_"):
            assert "".join(link.itertext()).startswith("\u200b[" if link in in_cells else "\u2060[")


def test_no_paragraph_is_empty(read: Read) -> None:
    for paragraph in read.paragraphs:
        assert paragraph.text.strip() or paragraph.style == "要情图"


def test_the_library_of_templates_holds_no_foreign_file() -> None:
    assert {path.name for path in Path(TEMPLATES).iterdir()} >= {"briefing.docx", "briefing.yaml"}
