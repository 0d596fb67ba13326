"""WordprocessingML for the briefing: paragraphs, tables, captions, links, charts, and the package.

Everything is written as strings into one document part, because a table built cell by cell through an
object model costs twenty times as much. Looks come from the template's styles; only what belongs to the
content (bookmarks, fields, widths) is written here. The same content gives the same bytes.

Text may carry two kinds of marks, made by :func:`cite` and :func:`refer`: a citation becomes ``[n]`` that
links to the annex, a reference becomes a field that shows the label of a table or chart (表1).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from compiler.strings import escape_xml

XML_HEADER: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

_DRAWING: Final = (
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

TEXT_WIDTH: Final = 8845
"""The width of the type area in twentieths of a point: 156 mm."""

SHORT_TABLE: Final = 6
"""Up to how many rows a table is kept on one page."""

_CITE, _REFER, _STRONG, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS: Final = re.compile("([\ue000\ue001\ue002])([^\ue003]*)\ue003")
_PRIVATE: Final = re.compile("[\ue000-\ue003]")


def mm(length: float) -> int:
    """Return millimetres in twentieths of a point."""
    return round(length / 25.4 * 1440)


def cite(key: str) -> str:
    """Return the mark of a citation of the sentence ``key``."""
    return f"{_CITE}{key}{_END}"


def refer(bookmark: str) -> str:
    """Return the mark of a reference to the table or chart ``bookmark``."""
    return f"{_REFER}{bookmark}{_END}"


def strong(text: str) -> str:
    """Return ``text`` marked to stand out."""
    return f"{_STRONG}{text}{_END}" if text else ""


def plain(text: str) -> str:
    """Return ``text`` without marks, as for a document property or a file name."""
    return _MARKS.sub(lambda match: match[2] if match[1] == _STRONG else "", text)


def clean(text: str) -> str:
    """Return a text from outside without the private characters that marks are made of."""
    return text if text.isprintable() else _PRIVATE.sub("", text)


def escape(text: str) -> str:
    """Return ``text`` fit for XML, without the private characters that marks are made of."""
    return escape_xml(clean(text))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and the side that its cells lean to."""

    title: str
    width: int
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Styles:
    """The style ids of the template by role. A template saved by Word gives its styles new ids."""

    ids: Mapping[str, str]

    def __getitem__(self, role: str) -> str:
        return self.ids[role]


@dataclass(slots=True)
class Document:
    """The body of a document as it grows. Parts that it needs beside the body are kept in ``parts``.

    ``annexed`` tells that the sentences cited will be listed; without that list there is nothing to cite.
    """

    styles: Styles
    annexed: bool = True
    body: list[str] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    overrides: list[tuple[str, str]] = field(default_factory=list)
    cited: dict[str, int] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    _note: str = "note"
    _bookmarks: int = 0
    _drawings: int = 0
    _sequences: dict[str, int] = field(default_factory=dict)

    # --- text ---

    def paragraph(self, role: str, text: str, *, new_page: bool = False, bookmark: str = "") -> None:
        """Add a paragraph in the style of ``role``."""
        properties = (
            f'<w:pStyle w:val="{self.styles[role]}"/>'
            + ("<w:keepNext/>" if text.endswith("：") else "")  # it announces what comes below
            + ("<w:pageBreakBefore/>" if new_page else "")
        )
        inner = self.runs(text)
        if bookmark:
            inner = self._mark(bookmark, inner)
        self.body.append(f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>")

    def runs(self, text: str) -> str:
        """Return the runs of a text with marks."""
        if "\ue003" not in text:
            return _run(text)
        pieces: list[str] = []
        position = 0
        for match in _MARKS.finditer(text):
            pieces.append(_run(text[position : match.start()]))
            position = match.end()
            if match[1] == _CITE:
                pieces.append(self._citation(match[2]))
            elif match[1] == _REFER:
                pieces.append(self._reference(match[2]))
            else:
                pieces.append(_run(match[2], f'<w:rStyle w:val="{self.styles["strong"]}"/>'))
        pieces.append(_run(text[position:]))
        return "".join(pieces)

    def _citation(self, key: str) -> str:
        if not self.annexed:
            return ""
        first = key not in self.cited
        number = self.cited.setdefault(key, len(self.cited) + 1)
        link = (
            f'<w:hyperlink w:anchor="yj_{number}" w:history="1"><w:r><w:rPr>'
            f'<w:rStyle w:val="{self.styles[self._note]}"/></w:rPr>'
            f"<w:t>[{number}]</w:t></w:r></w:hyperlink>"
        )
        # Only the first use gets a bookmark: the way back from the annex.
        return self._mark(f"yw_{number}", link) if first else link

    def _reference(self, bookmark: str) -> str:
        label = self.labels.get(bookmark, "")
        if not label:
            return ""
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> REF {bookmark} \\h </w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(label)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    def _mark(self, name: str, inner: str) -> str:
        self._bookmarks += 1
        return (
            f'<w:bookmarkStart w:id="{self._bookmarks}" w:name="{name}"/>{inner}'
            f'<w:bookmarkEnd w:id="{self._bookmarks}"/>'
        )

    def source(self, key: str, text: str, remark: str) -> None:
        """Add the annex entry of a cited sentence, with the link back to where it is first cited."""
        number = self.cited[key]
        self.listed.add(key)
        back = f'<w:hyperlink w:anchor="yw_{number}" w:history="1"><w:r><w:t>[{number}]</w:t></w:r></w:hyperlink>'
        self.body.append(
            f'<w:p><w:pPr><w:pStyle w:val="{self.styles["source"]}"/></w:pPr>'
            f"{self._mark(f'yj_{number}', back)}<w:r><w:tab/></w:r>{_run(text)}{_run(remark)}</w:p>"
        )

    # --- tables, captions, charts ---

    def announce(self, kind: str, bookmark: str) -> None:
        """Number the table or chart that will come under ``bookmark``, so that text before it can refer to it."""
        number = self._sequences[kind] = self._sequences.get(kind, 0) + 1
        self.labels[bookmark] = f"{kind}{number}"

    def caption(self, kind: str, bookmark: str, text: str) -> None:
        """Add a caption whose number is a field; ``announce`` must have been called for ``bookmark``."""
        number = self.labels[bookmark].removeprefix(kind)
        label = self._mark(
            bookmark,
            f'{_run(kind)}<w:fldSimple w:instr=" SEQ {kind} \\* ARABIC "><w:r><w:rPr><w:noProof/></w:rPr>'
            f"<w:t>{number}</w:t></w:r></w:fldSimple>",
        )
        self.body.append(
            f'<w:p><w:pPr><w:pStyle w:val="{self.styles["caption"]}"/></w:pPr>{label}{_run(chr(0x3000) + text)}</w:p>'
        )

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[str]], description: str = "", *, noted: bool = False
    ) -> None:
        """Add a table; its header row repeats on each page and no row is split over two.

        ``noted`` tells that a note follows, which must not stand alone on the next page.
        """
        total = sum(column.width for column in columns)
        widths = [column.width * TEXT_WIDTH // total for column in columns]
        widths[0] += TEXT_WIDTH - sum(widths)
        cells = [
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/>'
            for width in widths
        ]
        starts = [cell % self.styles[f"cell_{column.align}"] for cell, column in zip(cells, columns, strict=True)]
        head = "".join(
            f"{cell % self.styles['cell_head']}</w:pPr>{self.runs(column.title)}</w:p></w:tc>"
            for cell, column in zip(cells, columns, strict=True)
        )
        pieces = [
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.styles["table"]}"/><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/>'
            '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0"'
            ' w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            + (f'<w:tblDescription w:val="{escape(description)}"/>' if description else "")
            + "</w:tblPr><w:tblGrid>"
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + f"</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
        ]
        given = [*rows]
        self._note = "note_cell"  # a raised note in a cell is too small to read
        for number, row in enumerate(given):
            # A short table stays whole; of a long one no page holds the first row or the last alone.
            last = len(given) - 1
            short = len(given) <= SHORT_TABLE and number < last
            keep = "<w:keepNext/>" if short or number in {0, last - 1} or (noted and number == last) else ""
            pieces.append("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
            for start, text in zip(starts, row, strict=True):
                pieces.append(f"{start}{keep}</w:pPr>{self.runs(text) if text else ''}</w:p></w:tc>")
            pieces.append("</w:tr>")
        pieces.append("</w:tbl>")
        self._note = "note"
        self.body.append("".join(pieces))

    def chart(
        self, part: str, workbook: bytes, width_mm: float, height_mm: float, title: str, description: str
    ) -> None:
        """Add a native chart with the workbook that holds its figures, so that it can be edited in Word."""
        self._drawings += 1
        number = self._drawings
        relation = f"rIdChart{number}"
        self.parts[f"word/charts/chart{number}.xml"] = part.encode()
        self.parts[f"word/embeddings/chart{number}.xlsx"] = workbook
        self.parts[f"word/charts/_rels/chart{number}.xml.rels"] = (
            f'{XML_HEADER}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/package" Target="../embeddings/chart{number}.xlsx"/>'
            "</Relationships>"
        ).encode()
        self.relations.append((relation, f"{OFFICE}/chart", f"charts/chart{number}.xml"))
        self.overrides.append(
            (f"/word/charts/chart{number}.xml", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
        )
        size = f'cx="{round(width_mm * 36000)}" cy="{round(height_mm * 36000)}"'
        self.body.append(
            f'<w:p><w:pPr><w:pStyle w:val="{self.styles["figure"]}"/><w:keepNext/></w:pPr><w:r><w:drawing>'
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f'<wp:effectExtent l="0" t="0" r="0" b="0"/>'
            f'<wp:docPr id="{number}" name="{escape(title)}" descr="{escape(description)}"/><wp:cNvGraphicFramePr/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        )

    def xml(self, section: str) -> str:
        """Return the document part, ending with the template's ``section`` properties."""
        inner = "".join(self.body)
        return f"{XML_HEADER}<w:document {NAMESPACES}{_DRAWING}><w:body>{inner}{section}</w:body></w:document>"


def _run(text: str, style: str = "") -> str:
    """Return a run. The hint puts quotation marks, dashes and the like in the East Asian font."""
    if not text:
        return ""
    return (
        f'<w:r><w:rPr>{style}<w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def package_bytes(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an Office package. Time stamps are fixed, so that the same parts give the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, content)
    return buffer.getvalue()
