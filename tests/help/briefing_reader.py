"""Reads a briefing back for the tests: paragraphs by style, tables, links, and the rules Word enforces."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid"
    " vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em"
    " lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing"
    " tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
    " pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked"
    " personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "settings": "writeProtection view zoom bordersDoNotSurroundHeader bordersDoNotSurroundFooter defaultTabStop"
    " evenAndOddHeaders drawingGridHorizontalSpacing drawingGridVerticalSpacing characterSpacingControl"
    " noLineBreaksAfter noLineBreaksBefore compat themeFontLang decimalSymbol listSeparator",
    "font": "altName panose1 charset family notTrueType pitch sig",
}
"""The order of children that the schema demands, for the elements that we write."""

CITATION = re.compile(r"\[\d+\]")
CLAIMS = re.compile(
    "超额完成|未完成|基本完成|完成目标|高于目标|低于目标|达到争取目标|未达争取目标|完成年度|没有完成|符合预期目标"
)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: the name of its style, its text as read, and its element."""

    style: str
    text: str
    element: Any
    in_table: bool = False


@dataclass
class Read:
    """A briefing read back."""

    path: Path

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as package:
            assert package.testzip() is None
            names = package.namelist()
            assert len(names) == len(set(names)), "a part stands twice in the package"
            return {name: package.read(name) for name in names}

    def xml(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])

    @cached_property
    def document(self) -> Any:
        return self.xml("word/document.xml")

    @cached_property
    def styles(self) -> dict[str, Any]:
        """Style elements by name."""
        found = {}
        for style in self.xml("word/styles.xml").iter(f"{W}style"):
            found[style.find(f"{W}name").get(f"{W}val")] = style
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """Style names by id."""
        return {style.get(f"{W}styleId"): name for name, style in self.styles.items()}

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        found = []
        for element in self.document.iter(f"{W}p"):
            style = element.find(f"{W}pPr/{W}pStyle")
            name = self.names[style.get(f"{W}val")] if style is not None else "Normal"
            inside = any(True for _ in element.iterancestors(f"{W}tc"))
            found.append(Paragraph(name, text_of(element), element, inside))
        return found

    def of(self, *styles: str) -> list[str]:
        """Return the texts of the paragraphs in one of the styles."""
        return [paragraph.text for paragraph in self.paragraphs if paragraph.style in styles]

    def first_columns(self) -> list[list[str]]:
        """Return the first cell of each row, table by table."""
        tables = self.document.iter(f"{W}tbl")
        return [[text_of(row.find(f"{W}tc")) for row in table.iter(f"{W}tr")] for table in tables]

    @cached_property
    def by_part(self) -> dict[str, list[Paragraph]]:
        """Paragraphs by the title of their part (without its number), tables included."""
        found: dict[str, list[Paragraph]] = {}
        here = ""
        for paragraph in self.paragraphs:
            if paragraph.style == "heading 1":
                here = paragraph.text.split("、", 1)[1]
            elif paragraph.style == "要情附件序号":
                here = "附件"
            elif paragraph.style == "要情附件名称":
                here = paragraph.text
            else:
                found.setdefault(here, []).append(paragraph)
        return found

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    # --- looks ---

    def style_value(self, name: str, path: str, attribute: str = "val") -> str:
        """Return a value of a style, looked up through the styles that it is based on."""
        style = self.styles[name]
        while style is not None:
            element = style.find("/".join(f"{W}{step}" for step in path.split("/")))
            if element is not None and element.get(f"{W}{attribute}") is not None:
                return str(element.get(f"{W}{attribute}"))
            based = style.find(f"{W}basedOn")
            style = self.styles[self.names[based.get(f"{W}val")]] if based is not None else None
        return ""

    # --- what Word enforces ---

    def faults(self) -> list[str]:
        """Return everything for which Word would offer to repair the file."""
        return [
            *self._package_faults(),
            *self._order_faults(),
            *self._identifier_faults(),
            *self._field_faults(),
            *self._table_faults(),
        ]

    def _package_faults(self) -> Iterator[str]:
        types = self.xml("[Content_Types].xml")
        overrides = [one.get("PartName") for one in types.iter(f"{TYPES}Override")]
        defaults = [one.get("Extension") for one in types.iter(f"{TYPES}Default")]
        for listed in (overrides, defaults):
            yield from (f"content type twice: {name}" for name, n in Counter(listed).items() if n > 1)
        for name in overrides:
            if name.lstrip("/") not in self.parts:
                yield f"content type of a part that is not there: {name}"
        for name, content in self.parts.items():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(content)
            if name != "[Content_Types].xml" and f"/{name}" not in overrides:
                if name.rpartition(".")[2] not in defaults:
                    yield f"no content type: {name}"
                if name.endswith(".xml"):
                    yield f"content type only by default: {name}"
            if name.endswith(".rels"):
                yield from self._relation_faults(name)

    def _relation_faults(self, name: str) -> Iterator[str]:
        folder = PurePosixPath(name).parent.parent
        owner = str(folder / PurePosixPath(name).stem)
        identifiers = []
        for relation in self.xml(name).iter(RELATIONSHIP):
            identifiers.append(relation.get("Id"))
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target")
            path = target.lstrip("/") if target.startswith("/") else _resolve(folder, target)
            if path not in self.parts:
                yield f"{name}: {target} is not there"
        if len(identifiers) != len(set(identifiers)):
            yield f"{name}: a relationship id twice"
        if owner in self.parts and owner.endswith(".xml"):
            used = re.findall(rb'r:(?:id|embed|link)="([^"]+)"', self.parts[owner])
            for identifier in used:
                if identifier.decode() not in identifiers:
                    yield f"{owner}: relationship {identifier.decode()} is not there"

    def _order_faults(self) -> Iterator[str]:
        for name, content in self.parts.items():
            if not name.startswith("word/") or not name.endswith(".xml") or name.startswith("word/charts"):
                continue
            for element in etree.fromstring(content).iter():
                if not isinstance(element.tag, str):
                    continue
                order = ORDER.get(etree.QName(element).localname)
                if order is None or not element.tag.startswith(W):
                    continue
                known = order.split()
                children = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
                unknown = [child for child in children if child not in known]
                if unknown:
                    yield f"{name}: {unknown} in {etree.QName(element).localname}"
                places = [known.index(child) for child in children if child in known]
                if places != sorted(places):
                    yield f"{name}: order in {etree.QName(element).localname}: {children}"
                repeatable = {"tr", "tc", "headerReference", "footerReference", "tblStylePr"}
                repeatable |= {"noLineBreaksAfter", "noLineBreaksBefore"}
                for child, count in Counter(children).items():
                    if count > 1 and child not in repeatable:
                        yield f"{name}: {child} {count} times in {etree.QName(element).localname}"

    def _identifier_faults(self) -> Iterator[str]:
        starts = list(self.document.iter(f"{W}bookmarkStart"))
        ends = [mark.get(f"{W}id") for mark in self.document.iter(f"{W}bookmarkEnd")]
        identifiers = [mark.get(f"{W}id") for mark in starts]
        names = [mark.get(f"{W}name") for mark in starts]
        if sorted(identifiers) != sorted(ends) or len(identifiers) != len(set(identifiers)):
            yield "bookmark ids"
        yield from (f"bookmark twice: {name}" for name, n in Counter(names).items() if n > 1)
        for name in names:
            if not re.fullmatch(r"[A-Za-z_\u4e00-\u9fff][\w]{0,39}", name):
                yield f"bookmark name: {name}"
        for link in self.document.iter(f"{W}hyperlink"):
            if link.get(f"{W}anchor") not in names:
                yield f"link to nowhere: {link.get(f'{W}anchor')}"
        drawings = [
            one.get("id") for one in self.document.iter() if isinstance(one.tag, str) and one.tag.endswith("}docPr")
        ]
        if len(drawings) != len(set(drawings)):
            yield "drawing ids"
        known = {style.get(f"{W}styleId") for style in self.styles.values()}
        for tag in ("pStyle", "rStyle", "tblStyle"):
            for use in self.document.iter(f"{W}{tag}"):
                if use.get(f"{W}val") not in known:
                    yield f"style {use.get(f'{W}val')} is not there"

    def _field_faults(self) -> Iterator[str]:
        names = {mark.get(f"{W}name") for mark in self.document.iter(f"{W}bookmarkStart")}
        for paragraph in self.document.iter(f"{W}p"):
            depth = 0
            for mark in paragraph.iter(f"{W}fldChar"):
                kind = mark.get(f"{W}fldCharType")
                depth += {"begin": 1, "end": -1}.get(kind, 0)
                if depth < 0:
                    yield "a field ends that did not begin"
            if depth:
                yield "a field does not end"
        for instruction in self.document.iter(f"{W}instrText"):
            words = instruction.text.split()
            if words[0] == "REF" and words[1] not in names:
                yield f"reference to nowhere: {words[1]}"

    def _table_faults(self) -> Iterator[str]:
        for table in self.document.iter(f"{W}tbl"):
            columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            for row in table.findall(f"{W}tr"):
                if len(row.findall(f"{W}tc")) != columns:
                    yield "a row has too many or too few cells"
                for cell in row.findall(f"{W}tc"):
                    if cell[-1].tag != f"{W}p":
                        yield "a cell does not end in a paragraph"


def _resolve(folder: PurePosixPath, target: str) -> str:
    pieces: list[str] = []
    for piece in (folder / target).parts:
        if piece == "..":
            pieces.pop()
        elif piece != ".":
            pieces.append(piece)
    return "/".join(pieces)


def text_of(element: Any) -> str:
    """Return the text of an element; field codes are not part of it, tabs are."""
    pieces = []
    for node in element.iter(f"{W}t", f"{W}tab"):
        if node.tag == f"{W}t":
            pieces.append(
                (node.text or "").replace("\u2060", "").replace("\u200b", "")
            )  # keeps a note with the word before it
        elif node.getparent().tag == f"{W}r":
            pieces.append("\t")
    return "".join(pieces)
