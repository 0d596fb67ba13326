"""Write a composed briefing as a Word document.

The package, its parts and its properties are python-docx's, made once for a template and a number of charts
(:class:`_Blank`) and kept from run to run; the text is written as XML between what that has before and behind it. Run
by run and cell by cell python-docx would cost twenty times as much, and it has no means for fields, bookmarks, links
and charts. The same content gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from compiler.briefing.briefing_blocks import Caption, Chart, Citation, Composed, Item, WordParagraph, WordTable
from compiler.briefing.chart import chart_xml, workbook_bytes
from compiler.briefing.inline_marks import CITE, REFER, STRONG, is_marked, pieces
from compiler.briefing.office_package import Stored, package_bytes, stored
from compiler.briefing.page_limits import CHART_HEIGHT_MM, SHORT_TABLE
from compiler.briefing.word_styles import opened
from compiler.facts.store import program_fingerprint, read_entry, room_for, write_entry
from compiler.files import OWN_MARK, private_folder
from compiler.strings import escape_xml, without_control

if TYPE_CHECKING:
    from docx.document import Document

    from compiler.briefing.template import BriefingTemplate

_NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
"""What the text goes by, and every document therefore declares."""

_OF_CHARTS: Final = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)

_SPACES: Final = {"note": "\u2060", "note_cell": "\u200b"}
"""What stands before a note, of no width: in a line it stays with the word before it, in a narrow cell several notes
stand below one another rather than one torn apart."""
"""Keeps a note [1] on the line of the word before it, where a program does not heed the rule of the settings."""

CHART_WIDTH_MM: Final = 150.0


def word_bytes(composed: Composed, template: BriefingTemplate, properties: Mapping[str, str]) -> bytes:
    """Return the .docx. ``properties`` are the core ones, with ``created`` as an ISO time."""
    return _Writer(composed, template).write(properties)


def make_ready(template: BriefingTemplate) -> None:
    """Make the package of a template, which all briefings share."""
    _blank(template.looks.content, 0)


class _Blank:
    """A package with the looks of a template, room for some charts, and no text."""

    def __init__(self, looks: bytes, charts: int) -> None:
        from docx.oxml import parse_xml

        document = opened(looks)
        page = document.sections[-1]
        # In twentieths of a point; python-docx counts in EMU, 635 to one.
        sides = int(page.left_margin or 0) + int(page.right_margin or 0)
        self.width = (int(page.page_width or 0) - sides) // 635
        self.relations = [_with_chart(document, n) for n in range(1, charts + 1)]
        part = document.part.package._core_properties_part
        self.core, self._properties = str(part.partname).lstrip("/"), _properties(part.element)
        mark = f'<w:p xmlns:w="{_NAMESPACES["w"]}"><w:r><w:t>{_HERE}</w:t></w:r></w:p>'
        document.element.body.sectPr.addprevious(parse_xml(mark))
        buffer = BytesIO()
        document.save(buffer)
        with zipfile.ZipFile(buffer) as package:
            self.parts: dict[str, str | bytes | Stored] = {
                name: stored(package.read(name)) for name in package.namelist()
            }
            self.main = str(document.part.partname).lstrip("/")
            text = _declared(package.read(self.main).decode(), document.element.nsmap)
        self.before, self.after = re.split(f"<w:p(?: [^>]*)?><w:r><w:t>{_HERE}</w:t></w:r></w:p>", text)

    def properties(self, title: str, given: Mapping[str, str]) -> bytes:
        """Return the part of the properties."""
        values = {name: given.get(name, "") for name in _PROPERTIES} | {"title": title[:255]}
        values["keywords"] = ";".join(word for word in (values["keywords"], OWN_MARK) if word)
        values["created"] = f"{_moment(values['created']):%Y-%m-%dT%H:%M:%SZ}"
        for value in values.values():
            if len(value) > _LONGEST_PROPERTY:
                raise ValueError(f"longer than {_LONGEST_PROPERTY} characters: {value}")
        filled = {sign: escape_xml(values[name]) for name, sign in _PROPERTIES.items()}
        return re.sub("|".join(filled), lambda sign: filled[sign[0]], self._properties).encode()


_PROPERTIES: Final = {
    **{"title": "\ue001", "creator": "\ue002", "subject": "\ue003", "keywords": "\ue004", "category": "\ue005"},
    **{"description": "\ue006", "created": "1601-01-01T00:00:00Z"},
}
"""What stands in the part of the properties until a document is written."""

_LONGEST_PROPERTY: Final = 255
"""The most characters that Word takes."""


def _properties(element: Any) -> str:
    """Return the part of the properties, to be filled."""
    from docx.opc.coreprops import CoreProperties
    from docx.opc.oxml import serialize_part_xml

    element, signs = deepcopy(element), _PROPERTIES
    core = CoreProperties(element)
    core.title = signs["title"]
    core.author = core.last_modified_by = signs["creator"]
    core.subject = signs["subject"]
    core.keywords = signs["keywords"]
    core.category, core.comments = signs["category"], signs["description"]
    core.language, core.revision = "zh-CN", 1
    core.created = core.modified = datetime.strptime(signs["created"], "%Y-%m-%dT%H:%M:%SZ")
    content: bytes = serialize_part_xml(element)
    return content.decode()


_HERE: Final = "\ue00f"
"""Where the text of a document goes."""


@lru_cache(maxsize=8)
def _blank(looks: bytes, charts: int) -> _Blank:
    """Return the blank package, from what an earlier run has kept: python-docx takes longer to import than it works."""
    folder = private_folder()
    if folder is None:
        return _Blank(looks, charts)
    known = f"{program_fingerprint()}\0{hashlib.sha256(looks).hexdigest()}\0{charts}"
    place = folder / "packages" / hashlib.sha256(known.encode()).hexdigest()
    found = read_entry(place)
    if not isinstance(found, _Blank):
        found = _Blank(looks, charts)
        if room_for(place, _KEPT):
            write_entry(place, found, plain=True)
    return found


_KEPT: Final = 16
"""So many blank packages are kept: of a few templates, each with a few numbers of charts."""


def _chart_parts(number: int) -> tuple[str, str]:
    """Return the names of a chart and of the workbook behind it."""
    return f"word/charts/chart{number}.xml", f"word/embeddings/chart{number}.xlsx"


def _with_chart(document: Document, number: int) -> str:
    """Add the parts of a chart to a document, still empty; return the relation that the text names it by."""
    from docx.opc.constants import CONTENT_TYPE as CT
    from docx.opc.constants import RELATIONSHIP_TYPE as RT
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = document.part.package
    chart, book = (PackURI(f"/{name}") for name in _chart_parts(number))
    part = Part(chart, CT.DML_CHART, b"", package)
    part.relate_to(Part(book, CT.SML_SHEET, b"", package), RT.PACKAGE)
    relation: str = document.part.relate_to(part, RT.CHART)
    return relation


def _declared(text: str, known: Mapping[Any, str]) -> str:
    """Return a document that declares the prefixes that its text will use."""
    missing = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items() if known.get(prefix) != uri)
    return re.sub(r"<[\w:.]+(?=[\s>])", lambda tag: f"{tag[0]}{missing}", text, count=1) if missing else text


class _Writer:
    def __init__(self, composed: Composed, template: BriefingTemplate) -> None:
        self.composed = composed
        self.template = template
        self.blank = _blank(template.looks.content, sum(isinstance(item, Chart) for item in composed.items))
        self.parts: dict[str, str | bytes | Stored] = {}
        self.ids = template.looks.ids(template.styles)
        self.width = self.blank.width
        # Without a list of the sentences cited there is nothing to cite.
        self.listed = any(isinstance(item, Citation) for item in composed.items)
        self.cited: set[str] = set()
        self.note = "note"
        self.bookmarks = 0
        self.drawings = 0

    def write(self, properties: Mapping[str, str]) -> bytes:
        blank = self.blank
        text = "".join([self._item(number, item) for number, item in enumerate(self.composed.items)])
        main = {blank.main: f"{blank.before}{text}{blank.after}"}
        return package_bytes(
            {**blank.parts, **main, **self.parts, blank.core: blank.properties(self.composed.title, properties)}
        )

    def _item(self, number: int, item: Item) -> str:
        if isinstance(item, WordParagraph):
            return self.paragraph(item)
        if isinstance(item, Caption):
            return self.caption(item, number)
        if isinstance(item, WordTable):
            return self.table(item)
        return self.chart(item) if isinstance(item, Chart) else self.source(item)

    # --- text ---

    def paragraph(self, item: WordParagraph) -> str:
        text = self.runs(item.text)
        if item.bookmark:
            text = self._mark(item.bookmark, text)
        return self._paragraph(item.role, text, keep=item.keep, new_page=item.new_page)

    def _paragraph(self, role: str, runs: str, *, keep: bool | None = None, new_page: bool = False) -> str:
        """Return a paragraph. ``keep`` is left to its style unless it is true; for a caption it may be set to false."""
        looks = f'<w:pStyle w:val="{self.ids[role]}"/>' if self.ids[role] else ""
        if keep is not None and (keep or role == "caption"):
            looks += "<w:keepNext/>" if keep else '<w:keepNext w:val="0"/>'
        if new_page:
            looks += "<w:pageBreakBefore/>"
        return f"<w:p>{f'<w:pPr>{looks}</w:pPr>' if looks else ''}{runs}</w:p>"

    def runs(self, text: str) -> str:
        """Return the runs of a text with its marks."""
        if not is_marked(text):
            return _run(text)
        found = []
        for mark, held in pieces(text):
            if mark == CITE:
                found.append(self._citation(held))
            elif mark == REFER:
                found.append(self._reference(held))
            else:
                style = f'<w:rStyle w:val="{self.ids["strong"]}"/>' if mark == STRONG else ""
                found.append(_run(held, style))
        return "".join(found)

    def _citation(self, key: str) -> str:
        number = self.composed.numbers.get(key)
        if number is None or not self.listed:
            return ""
        link = (
            f'<w:hyperlink w:anchor="yj_{number}" w:history="1"><w:r><w:rPr>'
            f'<w:rStyle w:val="{self.ids[self.note]}"/></w:rPr>'
            f"<w:t>{_SPACES[self.note]}[{number}]</w:t></w:r></w:hyperlink>"
        )
        # Only the first use gets a bookmark: the way back from the annex.
        first = key not in self.cited
        self.cited.add(key)
        return self._mark(f"yw_{number}", link) if first else link

    def _reference(self, bookmark: str) -> str:
        label = self.composed.labels.get(bookmark, "")
        if not label:
            return ""
        # \* CHARFORMAT: the label takes the looks of this place, not those of the caption.
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
            f'<w:instrText xml:space="preserve"> REF {bookmark} \\h \\* CHARFORMAT </w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(label)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    def _bookmark(self, name: str) -> tuple[str, str]:
        """Return the two ends of a bookmark."""
        self.bookmarks += 1
        return (
            f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{name}"/>',
            f'<w:bookmarkEnd w:id="{self.bookmarks}"/>',
        )

    def _mark(self, name: str, inner: str) -> str:
        start, end = self._bookmark(name)
        return f"{start}{inner}{end}"

    def source(self, item: Citation) -> str:
        """Write the annex entry of a cited sentence, with the link back to where it is first cited."""
        note = self.composed.numbers[item.key]
        label = f"<w:r><w:t>[{note}]</w:t></w:r>"
        if item.key in self.cited:
            label = f'<w:hyperlink w:anchor="yw_{note}" w:history="1">{label}</w:hyperlink>'
        text = _run(item.text) + _run(item.remark)
        mark = self._mark(f"yj_{note}", label)
        return self._paragraph("source", f"{mark}<w:r><w:tab/></w:r>{text}")

    # --- tables, captions, charts ---

    def caption(self, item: Caption, number: int) -> str:
        label = self._mark(
            item.id,
            f'{_run(item.kind)}<w:fldSimple w:instr=" SEQ {item.kind} \\* ARABIC "><w:r><w:rPr><w:noProof/></w:rPr>'
            f"<w:t>{item.number}</w:t></w:r></w:fldSimple>",
        )
        # Below a chart the caption need not stay with what follows; the style would have it so for tables.
        under = number > 0 and isinstance(self.composed.items[number - 1], Chart)
        return self._paragraph(
            "caption", f"{label}{_run(chr(0x3000))}{self.runs(item.text)}", keep=False if under else None
        )

    def table(self, item: WordTable) -> str:
        """Write a table; its header row repeats on each page and no row is split over two."""
        total = sum(item.widths)
        widths = [width * self.width // total for width in item.widths]
        widths[0] += self.width - sum(widths)
        heads = [f'<w:pStyle w:val="{self.ids["cell_head"]}"/>'] * len(widths)
        sides = [f'<w:pStyle w:val="{self.ids[f"cell_{side}"]}"/>' for side in item.sides]
        found = [
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.ids["table"]}"/>'
            f'<w:tblW w:w="{self.width}" w:type="dxa"/>'
            '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0"'
            ' w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f'<w:tblDescription w:val="{escape_xml(item.description)}"/></w:tblPr><w:tblGrid>'
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + "</w:tblGrid>",
            self._row(item.heads, heads, widths, "<w:cantSplit/><w:tblHeader/>", ""),
        ]
        self.note = "note_cell"  # a raised note in a cell is too small to read
        last = len(item.rows) - 1
        for n, row in enumerate(item.rows):
            # A short table stays whole; of a longer one no page holds the first row or the last alone.
            keep = (last < SHORT_TABLE and n < last) or n in {0, last - 1} or (item.noted and n == last)
            found.append(self._row(row, sides, widths, "<w:cantSplit/>", "<w:keepNext/>" if keep else ""))
        self.note = "note"
        return "".join([*found, "</w:tbl>"])

    def _row(self, texts: tuple[str, ...], styles: list[str], widths: list[int], row: str, keep: str) -> str:
        cells = "".join(
            [
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>{style}{keep}</w:pPr>'
                f"{self.runs(text)}</w:p></w:tc>"
                for text, style, width in zip(texts, styles, widths, strict=True)
            ]
        )
        return f"<w:tr><w:trPr>{row}</w:trPr>{cells}</w:tr>"

    def chart(self, item: Chart) -> str:
        """Write a native chart with the workbook that holds its figures, so that it can be edited in Word."""
        self.drawings += 1
        n, relation = self.drawings, self.blank.relations[self.drawings - 1]
        chart, book = _chart_parts(n)
        self.parts |= {chart: chart_xml(item, *self.template.chart_fonts), book: workbook_bytes(item)}
        size = f'cx="{round(CHART_WIDTH_MM * 36000)}" cy="{round(CHART_HEIGHT_MM * 36000)}"'
        paragraph = self._paragraph(
            "figure",
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
            f'<wp:docPr id="{n}" name="{escape_xml(item.title)}" descr="{escape_xml(item.told)}"/>'
            "<wp:cNvGraphicFramePr/>"
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>',
            keep=True,
        )
        return paragraph.replace("<w:p>", f"<w:p {_OF_CHARTS}>", 1)


_MARKUP: Final = re.compile("[&<>]")
"""What would be read as XML; a quotation mark in a text is none."""


def _run(text: str, style: str = "") -> str:
    """Return a run. The hint puts quotation marks, dashes and the like in the East Asian font."""
    if not text:
        return ""
    looks = f'<w:rPr>{style}<w:rFonts w:hint="eastAsia"/></w:rPr>'
    text = without_control(text)
    if _MARKUP.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _moment(started: str) -> datetime:
    """Return an ISO time as the package keeps it: in UTC, without saying so."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return datetime(1980, 1, 1)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
