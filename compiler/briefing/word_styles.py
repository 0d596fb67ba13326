"""What ``templates/briefing.docx`` gives: page, styles, header and footer. Its text is for whoever edits it in Word."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from compiler.model import Issue, Location

if TYPE_CHECKING:
    from docx.document import Document

_MOST_BYTES: Final = 20_000_000
"""The most that the parts of a template may hold unpacked: a letterhead with pictures needs a few megabytes."""

KINDS: Final[Mapping[int, str]] = {1: "paragraph", 2: "character", 3: "table"}
"""The kinds of styles by the numbers that Word gives them."""


@dataclass(frozen=True, slots=True)
class WordLooks:
    """The template as it was read, and its styles: name and kind by the name in lower case, ids by the name.

    Word changes the ids of styles, never their names.
    """

    content: bytes
    styles: Mapping[str, tuple[str, str]]
    defaults: Mapping[str, str]
    style_ids: Mapping[str, str]

    def ids(self, names: Mapping[str, str]) -> dict[str, str]:
        """Return the ids of styles by role; ``names`` are their names by role."""
        return {role: self.style_ids.get(name, "") for role, name in names.items()}


def opened(content: bytes) -> Document:
    """Return a new document with the looks of a template and nothing in it."""
    import docx

    document = docx.Document(BytesIO(content))
    body = document.element.body
    for element in [child for child in body if not child.tag.endswith("}sectPr")]:
        body.remove(element)
    return document


def load_looks(path: Path, shown: str) -> tuple[WordLooks | None, tuple[Issue, ...]]:
    """Read the Word template; a file that cannot be read is told in ``shown``'s name."""
    where = Location(shown)
    if not path.is_file():
        return None, (Issue("T201", {"path": shown}, where),)
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        content = path.read_bytes()
        with zipfile.ZipFile(BytesIO(content)) as package:
            if sum(info.file_size for info in package.infolist()) > _MOST_BYTES:
                return None, (Issue("T301", {"path": shown, "problem": "文件太大"}, where),)
        document = docx.Document(BytesIO(content))
        styles = [style for style in document.styles if style.name]
    except OSError:
        return None, (Issue("T301", {"path": shown, "problem": "读不出来，可能正被别的程序占用"}, where),)
    except (zipfile.BadZipFile, PackageNotFoundError):
        return None, (Issue("T301", {"path": shown, "problem": "不是 .docx 文件，或文件已损坏"}, where),)
    except (KeyError, ValueError, LxmlError, AttributeError, NotImplementedError, RuntimeError):
        return None, (Issue("T301", {"path": shown, "problem": "内容不合 .docx 的格式"}, where),)
    if document.element.body is None or document.element.body.sectPr is None:
        return None, (Issue("T304", {"path": shown}, where),)
    known = {style.name.casefold(): (style.name, KINDS.get(int(style.type or 0), "")) for style in styles}
    # Word shows the built-in names in lower case; python-docx gives some of them their English capitals.
    known |= {style.element.name_val.casefold(): known[style.name.casefold()] for style in styles}
    defaults = {KINDS[int(kind)]: style.name for kind in (1, 2, 3) if (style := document.styles.default(kind))}
    return WordLooks(content, known, defaults, {style.name: style.style_id for style in styles}), ()


def with_fonts(looks: WordLooks, fonts: Mapping[str, tuple[str, Sequence[str]]]) -> WordLooks:
    """Return the looks with fonts exchanged (name → use) and their substitutes declared in the font table."""
    import docx

    if not fonts:
        return looks
    document = docx.Document(BytesIO(looks.content))
    exchanged = {name: use for name, (use, _) in fonts.items() if use and use != name}
    for part in document.part.package.iter_parts():
        if exchanged and hasattr(part, "element"):
            _exchange(part.element, exchanged)
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = _font_table(part.blob, fonts)
    buffer = BytesIO()
    document.save(buffer)
    return replace(looks, content=buffer.getvalue())


def _exchange(root: Any, exchanged: Mapping[str, str]) -> None:
    from docx.oxml.ns import qn

    for element in root.iter(qn("w:rFonts")):
        for key, value in element.attrib.items():
            if value in exchanged:
                element.set(key, exchanged[value])


def _font_table(blob: bytes, fonts: Mapping[str, tuple[str, Sequence[str]]]) -> bytes:
    """Return the font table with ``w:altName`` for each font: what a computer without it takes in turn."""
    from docx.oxml.ns import qn
    from lxml import etree

    root = etree.fromstring(blob)
    for name, (use, instead) in fonts.items():
        final = use or name
        others = [other for other in (*((name,) if final != name else ()), *instead) if other != final]
        element = next((one for one in root.iter(qn("w:font")) if one.get(qn("w:name")) == final), None)
        if element is None:
            element = etree.SubElement(root, qn("w:font"), {qn("w:name"): final})
        for old in element.findall(qn("w:altName")):
            element.remove(old)
        if others:
            element.insert(0, etree.Element(qn("w:altName"), {qn("w:val"): ",".join(others)}))
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return content


def chart_fonts(fonts: Mapping[str, tuple[str, Sequence[str]]]) -> tuple[str, str]:
    """Return the Latin and the East Asian font of charts, which take no style."""
    names = [use or name for name, (use, _) in fonts.items()]
    latin = next((name for name in names if name.isascii()), "Times New Roman")
    east = next((use or name for name, (use, _) in fonts.items() if name.endswith("宋体") and "标" not in name), "宋体")
    return latin, east
