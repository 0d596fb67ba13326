"""Make ``templates/briefing.docx``: the page, styles, footer and font table of GB/T 9704-2012.

The briefing writer takes only the looks out of that file, so it can be changed in Word; this module is
how the file that we ship was made, and how it is made again::

    python -m compiler.briefing.make_template templates/briefing.docx

The body of the template shows every style in use with its name and role, for whoever opens it in Word.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from compiler.briefing.word import NAMESPACES, XML_HEADER, mm, package_bytes

LINE: Final = 579
"""28.95 pt in twentieths: 22 lines in the 225 mm of the type area."""

CHARACTER: Final = -842
"""What a character of 16 pt gives up, in 1/4096 pt, so that 28 stand in the 156 mm of the type area."""

LATIN: Final = "Times New Roman"
FANGSONG: Final = "仿宋_GB2312"
KAITI: Final = "楷体_GB2312"
HEITI: Final = "黑体"
SONGTI: Final = "宋体"
TITLE: Final = "方正小标宋简体"

FONTS: Final[Sequence[tuple[str, str, str, str]]] = (
    # name, substitutes that Word tries in turn, PANOSE class, family
    (TITLE, "小标宋体,华文中宋,STZhongsong,宋体", "02010601030101010101", "auto"),
    (FANGSONG, "仿宋,FangSong,STFangsong,FandolFang", "02010609030101010101", "modern"),
    (KAITI, "楷体,KaiTi,STKaiti,FandolKai", "02010609030101010101", "modern"),
    (HEITI, "SimHei,Noto Sans CJK SC", "02010609060101010101", "modern"),
    (SONGTI, "SimSun,Noto Serif CJK SC", "02010600030101010101", "auto"),
    (LATIN, "Liberation Serif", "02020603050405020304", "roman"),
)


def paragraph_style(
    identifier: str,
    name: str,
    *,
    based_on: str = "a",
    following: str = "",
    paragraph: str = "",
    font: str = "",
    size: int = 0,
    run: str = "",
    priority: int = 1,
) -> str:
    """Return a paragraph style; ``size`` is in half points, ``paragraph`` the inner XML of ``w:pPr``."""
    fonts = f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:eastAsia="{font}" w:hAnsi="{LATIN}"/>' if font else ""
    sizes = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    return (
        f'<w:style w:type="paragraph"{" w:customStyle=" + chr(34) + "1" + chr(34) if name.startswith("要情") else ""}'
        f' w:styleId="{identifier}"><w:name w:val="{name}"/><w:basedOn w:val="{based_on}"/>'
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f'<w:uiPriority w:val="{priority}"/><w:qFormat/>'
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{fonts}{run}{sizes}</w:rPr>" if fonts or run or sizes else "")
        + "</w:style>"
    )


_INDENT: Final = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'


def _exact(points: float, before: int = 0, after: int = 0) -> str:
    around = (f' w:before="{before}"' if before else "") + (f' w:after="{after}"' if after else "")
    return f'<w:spacing{around} w:line="{round(points * 20)}" w:lineRule="exact"/>'


def styles() -> str:
    """Return ``word/styles.xml``."""
    # The page declares the standard's grid, and the text keeps to it by exact line height and character
    # spacing rather than by snapping: LibreOffice gives a character that is wider than its cell two cells.
    # The size stands in Normal itself, not only in the defaults: the grid's characters are measured by it.
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl/><w:kinsoku/><w:wordWrap/><w:overflowPunct/><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:eastAsia="{FANGSONG}" w:hAnsi="{LATIN}" w:cs="{LATIN}"/>'
        '<w:spacing w:val="-5"/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
    )
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="YQTable"><w:name w:val="要情表格"/>'
        '<w:basedOn w:val="a1"/><w:uiPriority w:val="20"/><w:qFormat/><w:tblPr><w:tblBorders>'
        + "".join(
            f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="000000"/>'
            for side, width in (("top", 8), ("left", 4), ("bottom", 8), ("right", 4), ("insideH", 4), ("insideV", 4))
        )
        + '</w:tblBorders><w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
        '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/></w:tcPr>'
        "</w:tblStylePr></w:style>"
    )
    character = (
        '<w:style w:type="character" w:default="1" w:styleId="a0"><w:name w:val="Default Paragraph Font"/>'
        '<w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="YQNote"><w:name w:val="要情引注"/>'
        '<w:basedOn w:val="a0"/><w:uiPriority w:val="21"/><w:qFormat/>'
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:eastAsia="{FANGSONG}" w:hAnsi="{LATIN}"/>'
        '<w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="YQNoteCell"><w:name w:val="要情表内引注"/>'
        '<w:basedOn w:val="a0"/><w:uiPriority w:val="21"/><w:qFormat/>'
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:eastAsia="{FANGSONG}" w:hAnsi="{LATIN}"/></w:rPr></w:style>'
        '<w:style w:type="character" w:customStyle="1" w:styleId="YQStrong"><w:name w:val="要情强调"/>'
        '<w:basedOn w:val="a0"/><w:uiPriority w:val="22"/><w:qFormat/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>'
    )
    heading = f"<w:keepNext/><w:keepLines/>{_INDENT}"
    cell = f'{_exact(15)}<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    paragraphs = [
        paragraph_style(
            "Title",
            "Title",
            following="YQSource",
            paragraph=f'<w:keepNext/><w:keepLines/>{_exact(34, 0, 240)}<w:jc w:val="center"/>',
            font=TITLE,
            size=44,
        ),
        paragraph_style(
            "YQSource",
            "要情来源",
            following="YQBody",
            paragraph=f'{_exact(28.95, 0, LINE)}<w:jc w:val="center"/>',
            font=KAITI,
            size=32,
            priority=2,
        ),
        paragraph_style("YQBody", "要情正文", paragraph=_INDENT, font=FANGSONG, size=32, priority=3),
        paragraph_style("YQPoint", "要情要点", based_on="YQBody", priority=4),
        paragraph_style("YQQuote", "要情引文", based_on="YQBody", priority=5),
        paragraph_style(
            "1",
            "heading 1",
            following="YQBody",
            paragraph=heading + '<w:outlineLvl w:val="0"/>',
            font=HEITI,
            size=32,
            run='<w:b w:val="0"/><w:bCs w:val="0"/>',
            priority=6,
        ),
        paragraph_style(
            "2",
            "heading 2",
            following="YQBody",
            paragraph=heading + '<w:outlineLvl w:val="1"/>',
            font=KAITI,
            size=32,
            run='<w:b w:val="0"/><w:bCs w:val="0"/>',
            priority=7,
        ),
        paragraph_style(
            "3",
            "heading 3",
            following="YQBody",
            paragraph=heading + '<w:outlineLvl w:val="2"/>',
            font=FANGSONG,
            size=32,
            run='<w:b w:val="0"/><w:bCs w:val="0"/>',
            priority=8,
        ),
        paragraph_style(
            "YQAnnex",
            "要情附件标题",
            following="YQBody",
            paragraph='<w:keepNext/><w:keepLines/><w:outlineLvl w:val="0"/>',
            font=HEITI,
            size=32,
            priority=9,
        ),
        paragraph_style(
            "caption",
            "caption",
            following="YQCell",
            paragraph=f'<w:keepNext/><w:keepLines/>{_exact(20, 120, 60)}<w:jc w:val="center"/>',
            font=HEITI,
            size=24,
            priority=10,
        ),
        paragraph_style(
            "YQCell", "要情表文", paragraph=cell + '<w:jc w:val="left"/>', font=FANGSONG, size=21, priority=11
        ),
        paragraph_style(
            "YQCellCentre", "要情表文居中", based_on="YQCell", paragraph='<w:jc w:val="center"/>', priority=12
        ),
        paragraph_style(
            "YQCellRight", "要情表文居右", based_on="YQCell", paragraph='<w:jc w:val="right"/>', priority=13
        ),
        paragraph_style(
            "YQHead",
            "要情表头",
            based_on="YQCell",
            paragraph='<w:keepNext/><w:jc w:val="center"/>',
            font=HEITI,
            size=21,
            priority=14,
        ),
        paragraph_style(
            "YQTableNote",
            "要情表注",
            following="YQBody",
            paragraph=f"{_exact(15, 40, 120)}",
            font=FANGSONG,
            size=21,
            priority=15,
        ),
        paragraph_style(
            "YQFigure",
            "要情图",
            following="YQBody",
            paragraph='<w:keepLines/><w:spacing w:before="60" w:after="120" w:line="240" w:lineRule="auto"/>'
            '<w:jc w:val="center"/>',
            font=FANGSONG,
            size=21,
            priority=16,
        ),
        paragraph_style(
            "YQRef",
            "要情依据",
            paragraph=f'{_exact(20, 0, 60)}<w:ind w:left="600" w:hanging="600"/>',
            font=FANGSONG,
            size=24,
            priority=17,
        ),
        paragraph_style(
            "footer",
            "footer",
            paragraph=f"{_exact(16)}",
            font=SONGTI,
            size=28,
            run="",
            priority=99,
        ),
        paragraph_style("header", "header", paragraph=f"{_exact(16)}", font=SONGTI, size=18, priority=99),
        paragraph_style("TOC1", "toc 1", following="a", font=FANGSONG, size=32, priority=39),
        paragraph_style(
            "TOC2", "toc 2", following="a", paragraph='<w:ind w:left="320"/>', font=FANGSONG, size=32, priority=39
        ),
    ]
    return (
        f"{XML_HEADER}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{LATIN}" w:eastAsia="{FANGSONG}" w:hAnsi="{LATIN}" w:cs="{LATIN}"/>'
        '<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        f"</w:docDefaults>{normal}{character}{table}{''.join(paragraphs)}</w:styles>"
    )


def settings() -> str:
    """Return ``word/settings.xml``: odd and even footers, Chinese line breaking, present-day layout."""
    # “[” is among those that begin no line, so that a note [1] stays with the word that it stands on.
    before = "[!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
    after = "$({£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"
    return (
        f'{XML_HEADER}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        f'<w:drawingGridHorizontalSpacing w:val="158"/><w:drawingGridVerticalSpacing w:val="{LINE}"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="{escape(after, {chr(34): "&quot;"})}"/>'
        f'<w:noLineBreaksBefore w:lang="zh-CN" w:val="{escape(before, {chr(34): "&quot;"})}"/>'
        "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def font_table() -> str:
    """Return ``word/fontTable.xml`` with the declared substitutes; no font is shipped."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="{"00" if name == LATIN else "86"}"/><w:family w:val="{family}"/>'
        f'<w:pitch w:val="variable"/></w:font>'
        for name, others, panose, family in FONTS
    )
    return f"{XML_HEADER}<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def footer(side: str) -> str:
    """Return a footer with ``— 1 —`` one character in from the outside edge: ``right`` on odd pages."""
    indent = "right" if side == "right" else "left"
    field = "".join(
        f'<w:r><w:rPr><w:rFonts w:ascii="{SONGTI}" w:eastAsia="{SONGTI}" w:hAnsi="{SONGTI}"/></w:rPr>{inner}</w:r>'
        for inner in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE \\* MERGEFORMAT </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return (
        f'{XML_HEADER}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="footer"/>'
        f'<w:ind w:{indent}Chars="100" w:{indent}="280"/><w:jc w:val="{indent}"/></w:pPr>{field}</w:p></w:ftr>'
    )


def section() -> str:
    """Return the page of GB/T 9704: A4, its margins, its grid, its footers."""
    return (
        '<w:sectPr><w:footerReference w:type="even" r:id="rId5"/><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="{mm(37)}" w:right="{mm(26)}" w:bottom="{mm(35)}" w:left="{mm(28)}"'
        f' w:header="{mm(15)}" w:footer="{mm(22.4)}" w:gutter="0"/><w:cols w:space="425"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{CHARACTER}"/></w:sectPr>'
    )


_SHOWN: Final = (
    ("Title", "样式“Title”：标题"),
    ("YQSource", "样式“要情来源”：标题下的来源说明"),
    ("1", "样式“heading 1”：一、一级标题"),
    ("2", "样式“heading 2”：（一）二级标题"),
    ("3", "样式“heading 3”：1．三级标题"),
    ("YQBody", "样式“要情正文”：正文。在 Word 里改样式，下次生成的要情就照新的样式；这一页的文字不会进入要情。"),
    ("YQPoint", "样式“要情要点”：要点。"),
    ("YQQuote", "样式“要情引文”：报告原文。"),
    ("caption", "样式“caption”：表题、图题"),
    ("YQTableNote", "样式“要情表注”：表下的注。表格用样式“要情表格”“要情表头”“要情表文”“要情表文居中”“要情表文居右”。"),
    ("YQFigure", "样式“要情图”：图所在的一行"),
    ("YQAnnex", "样式“要情附件标题”：附件"),
    (
        "YQRef",
        "样式“要情依据”：附件里的原文依据；正文里的编号用字符样式“要情引注”，表格里的用“要情表内引注”，强调用“要情强调”。",
    ),
)


def document() -> str:
    """Return a body that shows every style."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>'
        for style, text in _SHOWN
    )
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="2948" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{text}</w:t></w:r></w:p></w:tc>'
        for style, text in (("YQCell", "要情表文"), ("YQCellCentre", "要情表文居中"), ("YQCellRight", "要情表文居右"))
    )
    table = (
        '<w:tbl><w:tblPr><w:tblStyle w:val="YQTable"/><w:tblW w:w="8844" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '</w:tblPr><w:tblGrid><w:gridCol w:w="2948"/><w:gridCol w:w="2948"/><w:gridCol w:w="2948"/></w:tblGrid>'
        f"<w:tr>{cells}</w:tr></w:tbl>"
    )
    return f"{XML_HEADER}<w:document {NAMESPACES}><w:body>{body}{table}<w:p/>{section()}</w:body></w:document>"


def template_bytes() -> bytes:
    """Return the whole template file."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{word}.{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("footer1", "footer"),
            ("footer2", "footer"),
        )
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}.xml"/>'
        for number, (kind, target) in enumerate(
            (
                ("styles", "styles"),
                ("settings", "settings"),
                ("fontTable", "fontTable"),
                ("footer", "footer1"),
                ("footer", "footer2"),
            ),
            1,
        )
    )
    return package_bytes(
        {
            "[Content_Types].xml": f'{XML_HEADER}<Types xmlns="{types}">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
            "_rels/.rels": f'{XML_HEADER}<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": document(),
            "word/_rels/document.xml.rels": f'{XML_HEADER}<Relationships xmlns="{package}/relationships">'
            f"{relations}</Relationships>",
            "word/styles.xml": styles(),
            "word/settings.xml": settings(),
            "word/fontTable.xml": font_table(),
            "word/footer1.xml": footer("right"),
            "word/footer2.xml": footer("left"),
        }
    )


def main(arguments: Sequence[str]) -> int:
    """Write the template to the path given, or to ``templates/briefing.docx``."""
    path = Path(arguments[0]) if arguments else Path("templates/briefing.docx")
    path.write_bytes(template_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
