"""Odd files made by code, each with what must come of it: read right, or told with one message.

``READ`` are files that hold a report with one figure, ``TOLD`` files of which one message is given. Every report is of
a place of its own, so that none is taken for a version of another.
"""

# Cases read better on a line.
# ruff: noqa: E501

from __future__ import annotations

import codecs
import email.mime.multipart
import email.mime.text
import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import compiler.text
from compiler.text.places import PREFECTURE, all_divisions
from help.pdf_maker import Page, pdf, set_in_lines
from help.pdf_maker import lines_of as pdf_lines

_CITIES = [
    one
    for each in all_divisions().by_code.values()
    for one in each
    if one.name.endswith("市") and len(one.name) == 3 and one.existed(2017) and one.existed(2024)
]
_OFTEN = Counter(one.name for one in _CITIES)
_PLACES = sorted((one.level != PREFECTURE, one.name) for one in _CITIES if _OFTEN[one.name] == 1)
_NAMES = iter([name for _, name in _PLACES])


def report(figure: str = "3.5") -> str:
    """Return a short report of a place that no other case of a build is about."""
    name = next(_NAMES)
    return (
        f"{name}2017年政府工作报告\n各位代表：\n现在，我代表市人民政府向大会报告工作，请予审议。\n"
        f"一、2016年工作回顾\n过去一年，全市梨产量达到{figure}万吨。\n二、2017年工作安排\n今年的工作要抓好发展和建设。\n"
    )


def zipped(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def word(
    body: str, *, main: str = "word/document.xml", namespace: str = W, more: dict[str, str] | None = None
) -> bytes:
    """Return a Word file of a body's XML."""
    document = f'<w:document xmlns:w="{namespace}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", main: document, **(more or {})})


def paragraphs(text: str, inside: str = "") -> str:
    """Return paragraphs of plain runs; ``inside`` goes into the one with the figure, before its last three letters."""
    lines = []
    for line in text.rstrip("\n").split("\n"):
        at = line.find("万吨")
        runs = [line[:at], line[at:]] if at >= 0 and inside else [line]
        made = [f"<w:r><w:t>{run}</w:t></w:r>" for run in runs]
        lines.append(f"<w:p>{inside.join(made)}</w:p>")
    return "".join(lines)


def run(text: str, properties: str) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def page(body: str, head: str = '<meta charset="utf-8">') -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def lines_of(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.strip().split("\n"))


def mht() -> bytes:
    return email.mime.text.MIMEText(page(lines_of(report())), "html", "utf-8").as_bytes()


def frames() -> bytes:
    """Return a saved page of two frames, the text in the second."""
    made = email.mime.multipart.MIMEMultipart("related")
    for body in ("<p>栏目</p>", lines_of(report())):
        made.attach(email.mime.text.MIMEText(page(body), "html", "utf-8"))
    return made.as_bytes()


MENU = '<div class="nav"><a href="/">首页</a><a href="/a">梨产量9.9万吨。</a></div>'
FOOT = '<div id="footer">梨产量8.8万吨。版权所有</div>'

READ: dict[str, tuple[bytes | str, set[str]]] = {}
"""Files that are read: name → content, and the codes of the notes that go with it."""

for _name, _encoding, _codes in (
    ("utf8", "utf-8", set()),
    ("utf8-mark", "utf-8-sig", set()),
    ("gb18030", "gb18030", {"I127"}),
    ("gbk", "gbk", {"I127"}),
    ("gb2312", "gb2312", {"I127"}),
    ("utf16", "utf-16", set()),
    ("utf16le", "utf-16-le", {"I127"}),
    ("utf16be", "utf-16-be", {"I127"}),
    ("utf32", "utf-32", set()),
    ("utf32le", "utf-32-le", {"I127"}),
    ("utf32be", "utf-32-be", {"I127"}),
):
    READ[f"{_name}.txt"] = (report().encode(_encoding), _codes)
    READ[f"{_name}-crlf.txt"] = (report().replace("\n", "\r\n").encode(_encoding), _codes)
for _name, _mark in (("utf16be-mark", codecs.BOM_UTF16_BE), ("utf32be-mark", codecs.BOM_UTF32_BE)):
    READ[f"{_name}.txt"] = (
        _mark + report().encode(_name.partition("-")[0].replace("utf", "utf-").replace("be", "-be")),
        set(),
    )
_half = report()
READ["half.txt"] = (_half[:40].encode("gb18030") + b"\n" + _half[40:].encode(), {"I128"})
READ["cr.txt"] = (report().replace("\n", "\r").encode(), set())
READ["cut.txt"] = (report().encode()[:-5], {"I127", "I109"})
READ["damaged.txt"] = (report().encode().replace("抓好".encode(), b"\xff\xfe"), {"I127", "I109"})
READ["nul.txt"] = (report().replace("发展", "发\x00展").encode(), set())
READ["private.txt"] = (report().replace("发展", "\ue000\ue001\ue003\uf8ff发展").encode(), set())
READ["escape.txt"] = (report().replace("发展", "\x1b[31m发展").encode(), set())
READ["wide.txt"] = (report("３．５").encode(), set())
READ["zero-width.txt"] = (report("3\u200b.5").encode(), set())
READ["radicals.txt"] = (report().replace("工作", "⼯作").encode(), set())
READ["大写.TXT"] = (report().encode(), set())
READ["=cmd|' !A0.txt"] = (report().encode(), set())
READ["@sum(1).txt"] = (report().encode(), set())
READ["点.号.多.txt"] = (report().encode(), set())
READ["空 格 .txt"] = (report().encode(), set())
READ["名\x1b[31m字.txt"] = (report().encode(), set())
READ["换\n行.txt"] = (report().encode(), set())
READ["<b>&.txt"] = (report().encode(), set())
READ["长" * 80 + ".txt"] = (report().encode(), set())

READ["plain.docx"] = (word(paragraphs(report())), set())
READ["macro.docm"] = (word(paragraphs(report())), set())
READ["template.dotx"] = (word(paragraphs(report())), set())
READ["strict.docx"] = (word(paragraphs(report()), namespace=STRICT), set())
for _name, _inside, _codes in (
    ("superscript", run("1", '<w:vertAlign w:val="superscript"/>'), {"I129"}),
    ("superscript-bracket", run("[12]", '<w:vertAlign w:val="superscript"/>'), {"I129"}),
    ("footnote", '<w:r><w:footnoteReference w:id="2"/></w:r>', {"I129"}),
    ("endnote", '<w:r><w:endnoteReference w:id="2"/></w:r>', {"I129"}),
    ("hidden", run("9", "<w:vanish/>"), {"I129"}),
    ("struck", run("9", "<w:strike/>"), {"I129"}),
    ("struck-twice", run("9", "<w:dstrike/>"), {"I129"}),
    ("lifted", run("1", '<w:position w:val="12"/><w:sz w:val="12"/>'), {"I129"}),
    ("white", run("9", '<w:color w:val="FFFFFF"/>'), {"I129"}),
    ("white-on-blue", run("", '<w:color w:val="FFFFFF"/><w:shd w:fill="0000FF"/>'), set()),
    ("tiny", run("9", '<w:sz w:val="2"/>'), {"I129"}),
    ("object", "<w:r><w:object/></w:r>", {"I169"}),
    ("icon", '<w:r><w:sym w:font="Wingdings" w:char="F0D8"/></w:r>', set()),
    ("not-hidden", run("", '<w:vanish w:val="0"/>'), set()),
    ("deleted", "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>", set()),
    ("moved-away", "<w:moveFrom><w:r><w:t>9</w:t></w:r></w:moveFrom>", set()),
    ("field-code", "<w:r><w:instrText>PAGE 9</w:instrText></w:r>", set()),
    ("bookmark", '<w:bookmarkStart w:id="1" w:name="9"/><w:bookmarkEnd w:id="1"/>', set()),
    ("proof", '<w:proofErr w:type="spellStart"/>', set()),
    ("page-break-mark", "<w:r><w:lastRenderedPageBreak/></w:r>", set()),
    ("unknown-tag", "<w:strange><w:r><w:t></w:t></w:r></w:strange>", set()),
):
    READ[f"word-{_name}.docx"] = (word(paragraphs(report(), _inside)), _codes)
_sign = '</w:t></w:r><w:r><w:sym w:font="Symbol" w:char="F02E"/></w:r><w:r><w:t>'
READ["word-sign.docx"] = (word(paragraphs(report("3@5")).replace("@", _sign)), set())
READ["word-lettering.docx"] = (
    word(
        '<w:p><w:r><w:pict><v:textpath xmlns:v="urn:schemas-microsoft-com:vml" string="工作要报"/></w:pict></w:r></w:p>'
        + paragraphs(report())
    ),
    set(),
)
_text = report()
READ["word-inserted.docx"] = (
    word(
        paragraphs(_text)
        .replace("<w:r><w:t>过去", "<w:ins><w:r><w:t>过去")
        .replace("万吨。</w:t></w:r>", "万吨。</w:t></w:r></w:ins>")
    ),
    set(),
)
_first, _second = report().split("梨产量")
READ["word-joined.docx"] = (
    word(
        paragraphs(_first)
        .removesuffix("</w:p>")
        .replace("<w:p><w:r><w:t>过去", "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>过去")
        + "</w:p>"
        + paragraphs("梨产量" + _second)
    ),
    set(),
)
READ["word-ruby.docx"] = (
    word(
        paragraphs(report()).replace(
            "<w:r><w:t>今年",
            "<w:ruby><w:rt><w:r><w:t>9</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>全</w:t></w:r></w:rubyBase></w:ruby><w:r><w:t>今年",
        )
    ),
    {"I129"},
)
READ["word-formula.docx"] = (
    word(paragraphs(report()) + "<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>"),
    {"I130"},
)
READ["word-box.docx"] = (
    word(
        paragraphs(report())
        + "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>旁注</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    ),
    {"I130"},
)
READ["word-alternatives.docx"] = (
    word(
        paragraphs(report())
        + "<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>甲</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>乙</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
    ),
    set(),
)
_numbers = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="x"><w:start w:val="?"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
_relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://x/numbering" Target="numbering.xml"/><Relationship Id="r2" Type="http://x/styles" Target="styles.xml"/></Relationships>'
READ["word-odd-number.docx"] = (
    word(paragraphs(report()), more={"word/numbering.xml": _numbers, "word/_rels/document.xml.rels": _relations}),
    set(),
)
READ["word-broken-styles.docx"] = (
    word(paragraphs(report()), more={"word/styles.xml": "<w:sty", "word/_rels/document.xml.rels": _relations}),
    set(),
)

READ["page.html"] = (page(MENU + f"<div>{lines_of(report())}</div>" + FOOT), set())
READ["page.htm"] = (page(lines_of(report())), set())
READ["page-gb.html"] = (page(lines_of(report()), '<meta charset="gb2312">').encode("gb18030"), set())
READ["page-equiv.html"] = (
    page(lines_of(report()), '<meta http-equiv="Content-Type" content="text/html; charset=gbk">').encode("gbk"),
    set(),
)
READ["page-wrong-charset.html"] = (page(lines_of(report())).encode("gb18030"), {"I127"})
READ["page-hidden.html"] = (page(lines_of(report()) + '<p style="display:none">梨产量9.9万吨。</p>'), set())
READ["page-script.html"] = (page("<script>var x='梨产量9.9万吨。'</script>" + lines_of(report())), set())
READ["page-sup.html"] = (page(lines_of(report("3.5<sup>1</sup>"))), set())
READ["page-del.html"] = (page(lines_of(report("<del>9</del>3.5"))), set())
READ["page-raised.html"] = (page(lines_of(report('3.5<span style="vertical-align: super">1</span>'))), set())
READ["page-note.html"] = (page(lines_of(report('3.5<a href="#_ftn1">[1]</a>'))), set())
READ["page-white.html"] = (page(lines_of(report('3.5<span style="color:#FFF">9</span>'))), set())
READ["page-nothing-high.html"] = (page(lines_of(report('3.5<span style="font-size:0">9</span>'))), set())
READ["page-far-left.html"] = (page(lines_of(report('3.5<span style="left:-9999px">9</span>'))), set())
READ["page-class.html"] = (
    page(lines_of(report('3.5<i class="x">9</i>')), '<meta charset="utf-8"><style>.x{display:none}</style>'),
    set(),
)
READ["page-folded.html"] = (page(f'<div style="display:none">{lines_of(report())}</div><p>展开</p>'), set())
READ["page-western.html"] = (page(lines_of(report()), '<meta charset="iso-8859-1">'), set())
READ["page-br.html"] = (page(f"<div>{report().replace(chr(10), '<br>')}</div>"), set())
READ["page-unclosed.html"] = (page(lines_of(report()).replace("</p>", "")), set())
READ["page-comment.html"] = (page(lines_of(report("3<!-- 9 -->.5"))), set())
READ["page-entity.html"] = (page(lines_of(report("3&#46;5"))), set())
READ["page.xhtml"] = ('<?xml version="1.0" encoding="utf-8"?>' + page(lines_of(report())), set())
READ["page.mht"] = (mht(), set())
READ["frames.mht"] = (frames(), set())
READ["text.mht"] = (email.mime.text.MIMEText(report(), "plain", "utf-8").as_bytes(), set())
_note = "\n".join(f"第{number}段的文字只为够长，说的是发展和建设。" for number in range(60))
READ["note.md"] = ("# " + report().replace("3.5", "**3.5**") + _note, set())
READ["note.markdown"] = ("---\ntitle: x\n---\n" + report().replace("过去", "> 过去") + _note, set())
READ["raised.md"] = ("# " + report("3.5<sup>1</sup>") + _note, set())
READ["raised-again.md"] = ("# " + report("3.5^1^") + _note, set())
_long = report() + "今年的工作要抓好发展和建设。" * 60
READ["table.csv"] = ('地区,年份,正文\n某,2017,"' + _long + '"\n', set())
READ["table.tsv"] = ('年份\t正文\n2017\t"' + report() + "今年的工作要抓好发展和建设。" * 60 + '"\n', set())
READ["table-unnamed.csv"] = ('甲,乙\n1,"' + report() + "今年的工作要抓好发展和建设。" * 60 + '"\n', {"I137"})
_parts = [part + "今年的工作要抓好发展和建设。" * 40 for part in report().partition("二、2017年")[::2]]
READ["table-parts.csv"] = ('甲,正文一,正文二\n1,"' + _parts[0] + '","二、2017年' + _parts[1] + '"\n', {"I160"})
READ["table-paragraphs.csv"] = (
    "地区,年份,正文\n"
    + "".join(f"某,2017,{line}\n" for line in (report() + "今年要抓好建设。\n" * 80).split("\n") if line),
    {"I167"},
)
READ["one.zip"] = (zipped({"报告.txt": report()}), set())
READ["deep.zip"] = (zipped({"内.zip": zipped({"报告.txt": report()})}), set())
READ["folders.zip"] = (zipped({"a/b/报告.txt": report(), "a/.隐.txt": "x", "__MACOSX/b.txt": "x"}), set())
READ["with-data.zip"] = (zipped({"报告.txt": report(), "数据.json": "{}"}), {"I114"})
READ["up.zip"] = (zipped({"../../报告.txt": report()}), set())

# --- more encodings ------------------------------------------------------------------------------

_TO_TRADITIONAL: dict[str, str] = {}
_table = [
    line
    for line in Path(compiler.text.__file__)
    .with_name("data")
    .joinpath("traditional.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
for _old, _new in zip(_table[::2], _table[1::2], strict=True):
    for _one, _other in zip(_old, _new, strict=True):
        _TO_TRADITIONAL.setdefault(_other, _one)


def traditional(text: str) -> str:
    """Return a text in traditional characters that Big5 has."""
    return "".join(_TO_TRADITIONAL.get(character, character) for character in text)


def big5(text: str) -> bytes:
    return traditional(text).encode("big5hkscs")


def report_in_big5(figure: str = "3.5") -> str:
    """Return a report of a place that can be written in Big5."""
    while True:
        text = report(figure)
        try:
            big5(text)
        except UnicodeEncodeError:
            continue
        return text


READ["big5.txt"] = (big5(report_in_big5()), {"I127"})
READ["big5-crlf.txt"] = (big5(report_in_big5().replace("\n", "\r\n")), {"I127"})
READ["traditional.txt"] = (traditional(report()).encode(), set())
READ["traditional-gb.txt"] = (traditional(report()).encode("gb18030"), {"I127"})


def halves(text: str) -> tuple[str, str]:
    at = text.index("一、")
    return text[:at], text[at:]


for _first, _second in (("utf-8", "gb18030"), ("gb18030", "utf-8"), ("utf-8-sig", "gb18030")):
    _one, _other = halves(report())
    READ[f"half-{_first}-{_second}.txt"] = (_one.encode(_first) + _other.encode(_second), {"I128"})
_one, _other = halves(report_in_big5())
READ["half-big5-utf-8.txt"] = (big5(_one) + _other.encode(), {"I128"})
READ["half-utf-16-marks.txt"] = (b"".join(half.encode("utf-16") for half in halves(report())), set())

# --- PDF -----------------------------------------------------------------------------------------


def set_text(text: str, **options: int) -> list[Page]:
    return set_in_lines(pdf_lines(text), **options)


def changed(pages: Iterable[Page], **values: object) -> list[Page]:
    return [replace(page, **values) for page in pages]  # type: ignore[arg-type]


def in_columns(text: str) -> list[Page]:
    lines = pdf_lines(text + "今年的工作要抓好发展和建设。" * 12, 16)
    half = (len(lines) + 1) // 2
    places_of = [*((60, 740 - 22 * n, line) for n, line in enumerate(lines[:half]))]
    places_of += [(320, 740 - 22 * n, line) for n, line in enumerate(lines[half:])]
    return [Page(places_of)]  # type: ignore[arg-type]


def with_heads(text: str) -> list[Page]:
    pages = set_text(text + "今年的工作要抓好发展和建设。" * 12, most=5)
    for number, page in enumerate(pages, 1):
        page.texts[:0] = [(200, 800, "政府工作报告汇编"), (280, 40, f"— {number} —")]
    return pages


def at_figure(pages: list[Page], figure: str) -> tuple[Page, float, float]:
    """Return the page on which a figure stands, and where it begins."""
    for page in pages:
        for x, y, text in page.texts:
            if figure in text:
                return page, x + 12 * text.index(figure), y
    raise ValueError(figure)


def struck_out() -> bytes:
    """Return a report in which a line runs through the 9 of its figure, and another below the 3."""
    pages = set_text(report("93.5"))
    page, x, y = at_figure(pages, "93.5")
    page.lines = [(x, y + 4.6, x + 12, y + 4.6), (x + 12, y - 1, x + 24, y - 1)]
    return pdf(pages)


def under_watermark() -> bytes:
    pages = set_text(report())
    page, x, y = at_figure(pages, "3.5")
    page.aslant = [(x - 40 + 8 * step, y - 40 + 8 * step, "9") for step in range(10)]
    return pdf(pages)


def with_small_mark() -> bytes:
    """Return a report with the mark of a note that is hardly smaller than the figure, as browsers set it."""
    pages = set_text(report("3.5　"))
    page, x, y = at_figure(pages, "3.5")
    number = next(number for number, text in enumerate(page.texts) if "3.5" in text[2])
    left, _, text = page.texts[number]
    before, after = text.split("　万吨")
    page.texts[number : number + 1] = [(left, y, before), (x + 46, y, "万吨" + after)]
    page.small = [(x + 36, y + 5, 10, "1")]
    return pdf(pages)


READ["struck.pdf"] = (struck_out(), {"I129"})
READ["watermark.pdf"] = (under_watermark(), {"I129"})
READ["small-mark.pdf"] = (with_small_mark(), set())
READ["plain.pdf"] = (pdf(set_text(report())), set())
READ["narrow.pdf"] = (pdf(set_in_lines(pdf_lines(report(), 12))), set())
READ["columns.pdf"] = (pdf(in_columns(report())), set())
READ["heads.pdf"] = (pdf(with_heads(report())), set())
READ["reversed.pdf"] = (pdf([replace(page, texts=page.texts[::-1]) for page in set_text(report())]), set())
for _turn in (90, 180, 270):
    READ[f"rotate-{_turn}.pdf"] = (pdf(changed(set_text(report()), rotate=_turn)), set())
READ["upside-down.pdf"] = (pdf(changed(set_text(report()), turn=2, rotate=180)), set())
READ["far-away.pdf"] = (pdf(changed(set_text(report()), origin=(100, 2000))), set())
READ["recognised.pdf"] = (pdf(changed(set_text(report()), mode=3, picture=True)), set())
READ["half-scanned.pdf"] = (pdf([*set_text(report()), Page(picture=True)]), {"I135"})
READ["owner.pdf"] = (pdf(set_text(report()), user=""), set())
READ["junk-before.pdf"] = (b"junk\r\n" + pdf(set_text(report())), set())
READ["junk-after.pdf"] = (pdf(set_text(report())) + b"\0" * 200, set())
READ["no-table.pdf"] = (pdf(set_text(report())).replace(b"startxref", b"nothing  "), set())
READ["radicals.pdf"] = (pdf(set_text(report().replace("工", "⼯"))), set())
READ["大写.PDF"] = (pdf(set_text(report())), set())

# --- archives, tables, names ---------------------------------------------------------------------


def packed(name: bytes, content: bytes) -> bytes:
    """Return an archive as older programs on Chinese systems made it: names in GB18030, without saying so."""
    made = zipped({"x" * len(name): content})
    return made.replace(b"x" * len(name), name)


def sheet(rows: Iterable[Iterable[object]]) -> bytes:
    import openpyxl

    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(stream)
    return stream.getvalue()


READ["gbk-name.zip"] = (packed("报告.txt".encode("gb18030"), report().encode()), set())
READ["word-inside.zip"] = (zipped({"报告.docx": word(paragraphs(report()))}), set())
READ["pdf-inside.zip"] = (zipped({"报告.pdf": pdf(set_text(report()))}), set())
READ["picture-too.zip"] = (zipped({"报告.txt": report(), "图.png": b"\x89PNG"}), {"I104"})
READ["absolute.zip"] = (zipped({"/etc/报告.txt": report()}), set())
READ["escape-name.zip"] = (zipped({"名\x1b[31m字.txt": report()}), set())
READ["table.xlsx"] = (sheet([["地区", "年份", "正文"], ["某", 2017, _long.replace(_long[:3], next(_NAMES), 1)]]), set())
READ["below-title.xlsx"] = (
    sheet([["报告汇总"], ["年份", "正文"], [2017, _long.replace(_long[:3], next(_NAMES), 1)]]),
    set(),
)
READ["semicolons.csv"] = ('年份;正文\n2017;"' + _long.replace(_long[:3], next(_NAMES), 1) + '"\n', set())
READ["gbk.csv"] = (
    ('年份,正文\n2017,"' + _long.replace(_long[:3], next(_NAMES), 1) + '"\n').encode("gb18030"),
    {"I127"},
)
_altchunk = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c1" Type="http://x/aFChunk" Target="{}"/></Relationships>'
_chunk = '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="c1"/>'
READ["word-chunk.docx"] = (
    word(
        _chunk,
        more={
            "word/chunk.html": page(lines_of(report())),
            "word/_rels/document.xml.rels": _altchunk.format("chunk.html"),
        },
    ),
    set(),
)
READ["word-strange-chunk.docx"] = (
    word(
        paragraphs(report()) + _chunk,
        more={"word/chunk.bin": "x", "word/_rels/document.xml.rels": _altchunk.format("chunk.bin")},
    ),
    {"I169"},
)
for _name in (
    "-rf.txt",
    "; rm -rf x.txt",
    "$(x).txt",
    "%s%n.txt",
    "emoji😀.txt",
    "\u202etxt.exe.txt",
    "+1+1.txt",
    "\ttab.txt",
    "con.txt",
    "a\\b.txt",
):
    READ[_name] = (report(), set())


def locked_archive() -> bytes:
    """Return an archive whose entry says that it has a password."""
    made = bytearray(zipped({"报告.txt": report()}))
    made[6] |= 1
    at = made.index(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


def damaged_archive() -> bytes:
    """Return an archive whose content does not agree with its sum."""
    made = bytearray(zipped({"a.txt": report()}))
    at = made.index(b"a.txt") + 30
    made[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(made)


def damaged_sheet() -> bytes:
    """Return a workbook whose sheet cannot be unpacked."""
    made = bytearray(sheet([["年份", "正文"], [2017, report()]]))
    at = made.index(b"xl/worksheets/sheet1.xml") + 40
    made[at : at + 60] = b"\xff" * 60
    return bytes(made)


def packed_otherwise() -> bytes:
    """Return an archive whose one file is packed in a way that few programs know."""
    made = bytearray(zipped({"报告.txt": report()}))
    at = made.index(b"PK\x01\x02")
    made[8:10] = made[at + 10 : at + 12] = b"\x09\x00"
    return bytes(made)


def one_locked() -> bytes:
    """Return an archive of two files of which the first has a password."""
    made = bytearray(zipped({"锁.txt": report(), "报告.txt": report()}))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def one_damaged() -> bytes:
    """Return an archive of two files of which the first does not agree with its sum."""
    made = bytearray(zipped({"a.txt": report(), "报告.txt": report()}))
    at = made.index(b"a.txt") + 30
    made[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(made)


def with_a_link() -> bytes:
    """Return an archive that holds a link beside a report."""
    link, stream = zipfile.ZipInfo("链接.txt"), io.BytesIO()
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("报告.txt", report())
    return stream.getvalue()


READ["one-locked.zip"] = (one_locked(), {"I174"})
READ["one-damaged.zip"] = (one_damaged(), {"I174"})
READ["link.zip"] = (with_a_link(), set())
READ["unpacks-itself.zip"] = (b"MZ" + bytes(300) + zipped({"报告.txt": report()}), set())
READ["word-packed.zip"] = (word(paragraphs(report())), set())
READ["big5-name.zip"] = (packed("報告.txt".encode("big5"), report().encode()), set())
READ["page.txt"] = (page(MENU + lines_of(report())), {"I176"})
READ["paragraphs.xlsx"] = (sheet([[line] for line in (report() + "今年要抓好建设。\n" * 80).split("\n")]), {"I167"})
READ["numbered-paragraphs.xlsx"] = (
    sheet([[number, line] for number, line in enumerate((report() + "今年要抓好建设。\n" * 80).split("\n"))]),
    {"I167"},
)
for _first, _second in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
    _one, _other = report().split("达到")
    READ[f"half-a-line-{_first}.txt"] = (_one.encode(_first) + ("达到" + _other).encode(_second), {"I128"})
READ["no-line-end.txt"] = (_long.replace(_long[:3], next(_NAMES), 1).replace("\n", " "), set())

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOLD: dict[str, tuple[bytes | str, str]] = {
    **{f"picture{suffix}": (b"x", "I104") for suffix in (".png", ".jpg", ".jpeg", ".tif", ".bmp", ".gif", ".webp")},
    **{f"layout{suffix}": (b"x", "I140") for suffix in (".ofd", ".ceb", ".cebx", ".caj")},
    **{f"by-hand{suffix}": (b"x", "I103") for suffix in (".uof", ".uot", ".wpd")},
    **{f"of-apple{suffix}": (b"x", "I178") for suffix in (".pages", ".numbers")},
    **{f"unknown{suffix}": (b"x", "I105") for suffix in (".exe", ".mp4", ".dat", ".pptx", ".py", ".rar", ".7z")},
    "unknown": (b"x", "I166"),
    **{f"old{suffix}": (OLE + b"x" * 50, "I103") for suffix in (".doc", ".wps", ".dot", ".wpt")},
    "old.rtf": (b"{\\rtf1 x}", "I103"),
    **{f"false{suffix}": (b"MZ" + bytes(200), "I108") for suffix in (".txt", ".docx", ".doc", ".rtf", ".odt", ".pdf")},
    **{
        f"false2{suffix}": (b"MZ" + bytes(200), "I108")
        for suffix in (".xlsx", ".zip", ".html", ".mht", ".wps", ".docm")
    },
    "other-packing.zip": (packed_otherwise(), "I173"),
    "no-files.zip": (zipped({}), "I111"),
    "word.xlsx": (word(paragraphs(report())), "I171"),
    "sheet.docx": (sheet([["年份", "正文"]]), "I171"),
    "slides.docx": (zipped({"ppt/presentation.xml": "<x/>"}), "I171"),
    "word-xml.doc": ('<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "I172"),
    "zip.txt": (zipped({"a": "b"}), "I121"),
    "zip.docx": (zipped({"a": "b"}), "I163"),
    "backslash.docx": (zipped({"word\\document.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "I163"),
    **{f"bare-page{suffix}": (page(lines_of(report())), "I161") for suffix in (".doc", ".docx", ".pdf", ".xlsx")},
    "bare-page-gb.doc": (page(lines_of(report())).encode("gb18030", "replace"), "I161"),
    **{f"bare-text{suffix}": (report(), "I162") for suffix in (".doc", ".docx", ".pdf", ".wps")},
    "bare-text-gb.doc": (report().encode("gb18030"), "I162"),
    "ole.txt": (OLE + b"x", "I122"),
    "ole.docx": (OLE + b"x", "I122"),
    "locked.xlsx": (OLE + b"x", "I118"),
    "pdf.txt": (b"%PDF-1.7\n", "I123"),
    "rtf.txt": (b"{\\rtf1", "I124"),
    "png.txt": (b"\x89PNG\r\n", "I125"),
    "jpg.docx": (b"\xff\xd8\xff", "I125"),
    "gif.html": (b"GIF89a", "I125"),
    "rar.zip": (b"Rar!\x1a", "I126"),
    "gz.txt": (b"\x1f\x8b\x08\x00", "I126"),
    "empty.txt": (b"", "I106"),
    "empty.docx": (b"", "I106"),
    "empty.pdf": (b"", "I106"),
    "blank.txt": (" \n\t　".encode(), "I106"),
    "blank.html": (page(""), "I106"),
    "blank.docx": (word("<w:p/>"), "I106"),
    "mark.txt": (codecs.BOM_UTF8, "I106"),
    "broken.docx": (b"PK\x03\x04" + bytes(60), "I110"),
    "broken.zip": (b"PK\x03\x04" + bytes(60), "I110"),
    "broken.xlsx": (b"PK\x03\x04" + bytes(60), "I110"),
    "broken.pdf": (b"%PDF-1.7\nnothing", "I110"),
    "half.docx": (word(paragraphs(report()))[:-80], "I110"),
    "no-body.docx": (zipped({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}), "I110"),
    "bad-xml.docx": (zipped({"word/document.xml": "<w:document"}), "I110"),
    "pictures.docx": (word("<w:p/>", more={"word/media/image1.png": "x", "word/media/image2.png": "x"}), "I168"),
    "script.html": (page(f"<script>{report()}</script>"), "I170"),
    "entity.docx": (zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "I110"),
    "large.txt": (b"x" * 3_000_000, "I107"),
    "long.txt": ("字" * 400_000, "I141"),
    "upright.txt": ("\n".join("粮食产量达到35万吨。" * 40), "I164"),
    "bomb.docx": (word("<w:p/>", more={"word/media/x": "0" * 9_000_000}), "I112"),
    "bomb.zip": (zipped({"x.txt": "0" * 9_000_000}), "I112"),
    "bomb.xlsx": (zipped({"x": "0" * 9_000_000}), "I112"),
    "many.zip": (zipped({f"{number}.txt": "x" for number in range(500)}), "I117"),
    "too-deep.zip": (zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": report()})})}), "I116"),
    "nothing.zip": (zipped({".x": "y"}), "I111"),
    "scan.pdf": (pdf([Page(picture=True)] * 3), "I132"),
    "numbered-scan.pdf": (pdf([Page([(290, 40, f"{number}")], picture=True) for number in range(5)]), "I132"),
    "glyphs.pdf": (pdf(set_text(report()), meaning=False), "I134"),
    "password.pdf": (pdf(set_text(report()), user="secret"), "I118"),
    "pages.pdf": (pdf([Page()] * 60), "I133"),
    "no-pages.pdf": (pdf([]), "I110"),
    "cut.pdf": (pdf(set_text(report()))[:200], "I110"),
    "locked.zip": (locked_archive(), "I118"),
    "damaged.zip": (damaged_archive(), "I110"),
    "damaged.xlsx": (damaged_sheet(), "I110"),
    "two-names.zip": (zipped({"甲.exe": b"MZ"}), "I105"),
    "half-utf-16-utf-8.txt": (
        b"".join(half.encode(e) for half, e in zip(halves(report()), ("utf-16", "utf-8"), strict=True)),
        "I150",
    ),
    "half-utf-16-gb18030.txt": (
        b"".join(half.encode(e) for half, e in zip(halves(report()), ("utf-16", "gb18030"), strict=True)),
        "I150",
    ),
    "half-utf-8-utf-16.txt": (
        b"".join(half.encode(e) for half, e in zip(halves(report()), ("utf-8", "utf-16-le"), strict=True)),
        "I150",
    ),
    "half-gb18030-utf-16.txt": (
        b"".join(half.encode(e) for half, e in zip(halves(report()), ("gb18030", "utf-16-le"), strict=True)),
        "I108",
    ),
    "half-utf-32-utf-8.txt": (
        b"".join(half.encode(e) for half, e in zip(halves(report()), ("utf-32-le", "utf-8"), strict=True)),
        "I108",
    ),
}
"""Files that are not read: name → content, and the code of the one message about it."""
