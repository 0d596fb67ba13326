"""What lies in a folder beside two good reports: read right or told with one message, and the good ones come out whole.

All of it lies in one folder and is built once, with the small rule folder; each case looks at what was said of it.
"""

# Cases read better on a line.
# ruff: noqa: E501

from __future__ import annotations

import codecs
import email.mime.text
import io
import os
import shutil
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import TOP

from compiler.app.build import Outcome, build
from compiler.app.outputs import Options, Output
from compiler.issues import render
from compiler.text.limits import Limits
from compiler.text.places import PREFECTURE, places
from compiler.text.readers import office
from compiler.workspace import choose_folder

BASE = TOP / "tests" / "cases" / "broken_rules" / "base"

_PLACES = sorted(
    {one.name for each in places().by_code.values() for one in each if one.level == PREFECTURE and one.existed(2017)}
)
_NAMES = iter([name for name in _PLACES if name.endswith("市") and len(name) == 3])


def report(figure: str = "3.5") -> str:
    """Return a short report of a place that no other case is about."""
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
READ["page-br.html"] = (page(f"<div>{report().replace(chr(10), '<br>')}</div>"), set())
READ["page-unclosed.html"] = (page(lines_of(report()).replace("</p>", "")), set())
READ["page-comment.html"] = (page(lines_of(report("3<!-- 9 -->.5"))), set())
READ["page-entity.html"] = (page(lines_of(report("3&#46;5"))), set())
READ["page.xhtml"] = ('<?xml version="1.0" encoding="utf-8"?>' + page(lines_of(report())), set())
READ["page.mht"] = (mht(), set())
_note = "\n".join(f"第{number}段的文字只为够长，说的是发展和建设。" for number in range(60))
READ["note.md"] = ("# " + report().replace("3.5", "**3.5**") + _note, set())
READ["note.markdown"] = ("---\ntitle: x\n---\n" + report().replace("过去", "> 过去") + _note, set())
_long = report() + "今年的工作要抓好发展和建设。" * 60
READ["table.csv"] = ('地区,年份,正文\n某,2017,"' + _long + '"\n', set())
READ["table.tsv"] = ('年份\t正文\n2017\t"' + report() + "今年的工作要抓好发展和建设。" * 60 + '"\n', set())
READ["table-unnamed.csv"] = ('甲,乙\n1,"' + report() + "今年的工作要抓好发展和建设。" * 60 + '"\n', {"I137"})
READ["one.zip"] = (zipped({"报告.txt": report()}), set())
READ["deep.zip"] = (zipped({"内.zip": zipped({"报告.txt": report()})}), set())
READ["folders.zip"] = (zipped({"a/b/报告.txt": report(), "a/.隐.txt": "x", "__MACOSX/b.txt": "x"}), set())
READ["with-data.zip"] = (zipped({"报告.txt": report(), "数据.json": "{}"}), {"I114"})
READ["up.zip"] = (zipped({"../../报告.txt": report()}), set())

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOLD: dict[str, tuple[bytes | str, str]] = {
    **{f"picture{suffix}": (b"x", "I104") for suffix in (".png", ".jpg", ".jpeg", ".tif", ".bmp", ".gif", ".webp")},
    **{f"layout{suffix}": (b"x", "I140") for suffix in (".ofd", ".ceb", ".cebx", ".caj")},
    **{f"by-hand{suffix}": (b"x", "I103") for suffix in (".pages", ".uof", ".numbers")},
    **{f"unknown{suffix}": (b"x", "I105") for suffix in (".exe", ".mp4", ".dat", ".pptx", ".py", ".rar", ".7z", "")},
    **{f"old{suffix}": (OLE + b"x" * 50, "I103") for suffix in (".doc", ".wps", ".dot", ".wpt")},
    "old.rtf": (b"{\\rtf1 x}", "I103"),
    **{f"false{suffix}": (b"MZ" + bytes(200), "I108") for suffix in (".txt", ".docx", ".doc", ".rtf", ".odt", ".pdf")},
    **{
        f"false2{suffix}": (b"MZ" + bytes(200), "I108")
        for suffix in (".xlsx", ".zip", ".html", ".mht", ".wps", ".docm")
    },
    "zip.txt": (zipped({"a": "b"}), "I121"),
    "zip.docx": (zipped({"a": "b"}), "I121"),
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
    "entity.docx": (zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "I110"),
    "large.txt": (b"x" * 3_000_000, "I107"),
    "long.txt": ("字" * 400_000, "I141"),
    "bomb.docx": (word("<w:p/>", more={"word/media/x": "0" * 9_000_000}), "I112"),
    "bomb.zip": (zipped({"x.txt": "0" * 9_000_000}), "I112"),
    "bomb.xlsx": (zipped({"x": "0" * 9_000_000}), "I112"),
    "many.zip": (zipped({f"{number}.txt": "x" for number in range(400)}), "I117"),
    "too-deep.zip": (zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": report()})})}), "I116"),
    "nothing.zip": (zipped({".x": "y"}), "I111"),
}
"""Files that are not read: name → content, and the code of the one message about it."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """One build over a folder of all cases and two good reports."""
    folder = tmp_path_factory.mktemp("odd") / "reports"
    folder.mkdir()
    # Few indicators are quick to load; places and reports are told by the words of the real lexicon.
    rules = Path(shutil.copytree(BASE, folder.parent / "rules"))
    shutil.copyfile(TOP / "rules" / "lexicon.yaml", rules / "lexicon.yaml")
    for name, (content, _) in [*READ.items(), *TOLD.items()]:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for name in ("好一.txt", "好二.txt"):
        (folder / name).write_text(report("4.5"), encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "round").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "lost.txt").symlink_to(folder / "nowhere.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "s.txt"))
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text(report(), encoding="utf-8")
    limits = Limits(size=2_000_000, unpacked=8_000_000, characters=300_000, files=300, seconds=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "program", lambda: "")  # as on a machine without LibreOffice
        options = Options(
            (folder,),
            choose_folder(rules, "rules"),
            choose_folder(TOP / "templates", "templates"),
            folder.parent / "out",
            jobs=1,
            force=True,
            only=frozenset({Output.FACTS}),
            limits=limits,
            cache=False,
        )
        yield build(options)
    listening.close()


def codes_of(built: Outcome, name: str) -> set[str]:
    """Return the codes of the messages about reading a file."""
    return {i.code for i in built.issues if i.source.split("/")[0] == name and i.code[:2] in ("I1", "B1")}


def shown(name: str) -> str:
    from compiler.files import visible

    return visible(name)


def test_there_are_enough_cases() -> None:
    assert len(READ) + len(TOLD) >= 150


def test_the_good_reports_come_out_whole(built: Outcome) -> None:
    figures = {fact.source: str(fact.low) for fact in built.facts if fact.source.startswith("好")}
    assert figures == {"好一.txt": "4.5", "好二.txt": "4.5"}


@pytest.mark.parametrize("name", READ)
def test_read(built: Outcome, name: str) -> None:
    figures = [str(fact.low) for fact in built.facts if fact.source.split("/")[0] == shown(name)]
    assert figures == ["3.5"], [render(issue) for issue in built.issues if shown(name) in render(issue)]
    assert codes_of(built, shown(name)) == READ[name][1]


@pytest.mark.parametrize("name", TOLD)
def test_told(built: Outcome, name: str) -> None:
    assert not [fact for fact in built.facts if fact.source.split("/")[0] == name]
    assert codes_of(built, name) == {TOLD[name][1]}


@pytest.mark.parametrize(
    ("name", "code"),
    [("pipe.txt", "I139"), ("device.txt", "I139"), ("s.txt", "I139"), ("self.txt", "I102"), ("lost.txt", "I101")],
)
def test_what_is_no_file(built: Outcome, name: str, code: str) -> None:
    assert codes_of(built, name) == {code}


def test_a_name_in_bytes_that_are_no_utf8(built: Outcome) -> None:
    assert [str(fact.low) for fact in built.facts if fact.source == "\\xff\\xfe.txt"] == ["3.5"]


def test_a_link_to_a_folder_is_not_followed(built: Outcome) -> None:
    assert [issue.fields["count"] for issue in built.issues if issue.code == "I143"] == ["1"]


def test_no_message_carries_control_characters(built: Outcome) -> None:
    for issue in built.issues:
        assert all(line.isprintable() for line in render(issue).split("\n")), issue
