"""Word files: the text of paragraphs and table cells in document order, one a line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from compiler.model import Issue
from compiler.text.readers import ZIP, Decoded, Refused, disguised, signature

SUFFIXES = (".docx",)

#: A report's XML takes a few megabytes; more than this is no report but a compressed trap.
LARGEST_CONTENT = 200 * 1024 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def decode(data: bytes, suffix: str) -> Decoded | Refused:
    """Return the text of a .docx file; a damaged or disguised file is refused."""
    if signature(data) != ZIP:
        return disguised(data, suffix)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_CONTENT:
                return Refused(Issue("I112", {"limit": f"{LARGEST_CONTENT // 1024 // 1024} MB"}))
            if "word/document.xml" not in archive.namelist() and "[Content_Types].xml" not in archive.namelist():
                return disguised(data, suffix)
        import docx

        document = docx.Document(io.BytesIO(data))
        lines = list(_lines(document))
    except Exception as error:  # python-docx and lxml raise many kinds; none is the user's to see
        return Refused(Issue("I110", {"reason": type(error).__name__}))
    return Decoded("\n".join(lines), "docx")


def _lines(document: Any) -> Iterator[str]:
    numbering = _Numbering(document)
    body = document.element.body
    for paragraph in body.iter(f"{_W}p"):
        # A text box stands twice in the file, the second time as a picture for old programs.
        if any(ancestor.tag == _FALLBACK for ancestor in paragraph.iterancestors()):
            continue
        text = numbering.label(paragraph) + "".join(_pieces(paragraph))
        yield from text.split("\n")


def _pieces(node: Any) -> Iterator[str]:
    """Yield the text of a paragraph in order, without that of paragraphs inside it (text boxes)."""
    for child in node:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}tab":
            yield "\t"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag in (f"{_W}p", f"{_W}pPr", f"{_W}rPr", f"{_W}del", f"{_W}moveFrom", _FALLBACK):
            continue
        else:
            yield from _pieces(child)


_DIGITS = "零一二三四五六七八九"


def _chinese(number: int) -> str:
    """Return a number below 100 as Chinese headings write it."""
    tens, units = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[units] if units else "")


class _Numbering:
    """Gives automatically numbered paragraphs the label that Word shows (一、 （一） 1.).

    Word keeps such labels out of the text, yet a report's outline hangs on them.
    """

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[str, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract: dict[str, str] = {}
        self._of_style: dict[str, tuple[str, str]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{_W}lvl"):
                form = _value(level, "numFmt") or "decimal"
                pattern, start = _value(level, "lvlText") or "", int(_value(level, "start") or 1)
                levels[level.get(f"{_W}ilvl")] = (form, pattern, start)
            self._levels[abstract.get(f"{_W}abstractNumId")] = levels
        for number in root.iter(f"{_W}num"):
            self._abstract[number.get(f"{_W}numId")] = _value(number, "abstractNumId") or ""
        for style in document.styles.element.iter(f"{_W}style"):
            for properties in style.iter(f"{_W}numPr"):
                self._of_style[style.get(f"{_W}styleId")] = (
                    _value(properties, "numId") or "",
                    _value(properties, "ilvl") or "0",
                )

    def label(self, paragraph: Any) -> str:
        """Return the label of a paragraph, empty where it has none or only a bullet."""
        if not self._levels:
            return ""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        numbered = properties.find(f"{_W}numPr")
        if numbered is not None:
            number, level = _value(numbered, "numId") or "", _value(numbered, "ilvl") or "0"
        else:
            number, level = self._of_style.get(_value(properties, "pStyle") or "", ("", "0"))
        levels = self._levels.get(self._abstract.get(number, ""), {})
        if level not in levels or not any(paragraph.itertext()):
            return ""
        form, pattern, _ = levels[level]
        if form in ("bullet", "none"):
            return ""
        counts = self._counts.setdefault(self._abstract[number], {})
        depth = int(level)
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        counts[depth] = counts.get(depth, levels[level][2] - 1) + 1
        for key, (key_form, _, start) in levels.items():
            shown = counts.get(int(key), start)
            text = _chinese(shown) if key_form.startswith(("chinese", "japanese", "ideograph")) else str(shown)
            pattern = pattern.replace(f"%{int(key) + 1}", text)
        return pattern


def _value(node: Any, name: str) -> str | None:
    child = node.find(f"{_W}{name}")
    value = None if child is None else child.get(f"{_W}val")
    return None if value is None else str(value)
