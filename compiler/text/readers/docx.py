"""Word files as a person reads them: what is hidden, struck out or deleted is no text, a note's mark is no digit.

The package is read part by part and not through python-docx, which knows neither Strict OOXML nor templates, and
gives up on one odd value.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compiler.files import OWN_MARK
from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import ZIP, Decoded, Unreadable, disguised, megabytes, readers, signature
from compiler.text.readers._blocks import Blocks, raised

SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

#: Strict OOXML is the same language under other names.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}

_MAIN_PARTS = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml",
    "application/vnd.ms-word",
)
_PROPERTIES = "docProps/"
_OWN = re.compile(f"keywords>[^<]*{OWN_MARK}".encode())
"""Our mark among the keywords: whoever made a report with us as its author has not made an output of ours."""


#: What of a document is left out, as the note names it.
_HIDDEN, _STRUCK, _NOTES, _RUBY = "隐藏文字", "删除线文字", "注释标记", "注音"
#: What is not read though print shows it, as a warning names it.
_FILES = "嵌入的文件或表格"
#: What is kept though it stands beside the text, as the note names it.
_BOXES, _FORMULAS = "文本框", "公式"


class _Broken(Exception):
    """The package lacks a part or holds one that is no XML."""


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Unreadable:
    """Return the text of a Word file; a damaged or disguised file is refused."""
    if signature(data) != ZIP:
        return disguised(data, suffix)
    try:
        package = _Package(data, limits)
        if package.too_large:
            return Unreadable(Issue("I112", {"suffix": suffix, "limit": megabytes(limits.unpacked)}))
        if package.encrypted:
            return Unreadable(Issue("I122", {"suffix": suffix}))
        if not package.is_word:
            told = disguised(data, suffix)
            return told if told.issue.code != ZIP else Unreadable(Issue("I163", {"suffix": suffix}))
        if package.is_ours:
            return Unreadable(Issue("I115", {}), beside=True)
        document = _Document(_parts(package, limits))
        document.read()
    except Exception as error:  # zipfile and lxml raise many kinds; none is the user's to see
        return Unreadable(Issue("I110", {"suffix": suffix, "reason": type(error).__name__}))
    text = document.blocks.text()
    if not text.strip() and package.pictures:
        return Unreadable(Issue("I168", {"count": str(package.pictures)}))
    return Decoded(text, "docx", tuple(document.notes()), tables=tuple(document.blocks.tables))


class _Package:
    """The parts of a Word file and the relations between them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        entries = self._archive.infolist()
        self.names = {entry.filename for entry in entries}
        self.too_large = sum(entry.file_size for entry in entries) > limits.unpacked
        self.encrypted = any(entry.flag_bits & 1 for entry in entries)
        self.main = self._main()
        self.is_word = bool(self.main)

    @property
    def pictures(self) -> int:
        """How many pictures the package holds."""
        return sum(name.startswith("word/media/") for name in self.names)

    @property
    def is_ours(self) -> bool:
        properties = (name for name in sorted(self.names) if name.startswith(_PROPERTIES) and name.endswith(".xml"))
        return any(_OWN.search(self._archive.read(name)) for name in properties)

    def _main(self) -> str:
        for kind, target in self.relations("").values():
            if kind.endswith("/officeDocument"):
                name = target.lstrip("/")
                known = name in self.names and name.startswith("word/")
                return name if known or self._is_word_part(name) else ""
        return "word/document.xml" if "word/document.xml" in self.names else ""

    def _is_word_part(self, name: str) -> bool:
        types = self._archive.read("[Content_Types].xml").decode("utf-8", "replace")
        return name in self.names and any(kind in types for kind in _MAIN_PARTS)

    def relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Return the relations of a part: id → kind and the target's name."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.names:
            return {}
        found = {}
        for node in self.xml(path).iter(_RELATIONSHIP):
            target = node.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[node.get("Id", "")] = (node.get("Type", ""), whole)
        return found

    def bytes(self, name: str) -> bytes:
        return self._archive.read(name)

    def xml(self, name: str) -> Any:
        """Return the root of a part; entities are not resolved and nothing is fetched."""
        from lxml import etree

        data = self._archive.read(name)
        for strict, transitional in _STRICT.items():
            data = data.replace(strict, transitional)
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))


@dataclass(slots=True)
class _Run:
    """The properties of text that decide whether it is read."""

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    lifted: bool = False  # above the line by hand; a note's mark only where it is smaller than what stands before it
    size: int = 0  # in half points, 0 where the document's default holds


@dataclass(frozen=True, slots=True)
class _Parts:
    """What all of a document's text is read with, and what was left out or kept on the way."""

    package: _Package
    limits: Limits
    relations: Mapping[str, tuple[str, str]]
    styles: _Styles
    numbering: _Numbering
    left_out: Counter[str] = field(default_factory=Counter)
    not_read: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)


def _parts(package: _Package, limits: Limits) -> _Parts:
    relations = package.relations(package.main)

    def part(kind: str) -> Any:
        """Return the root of a part that a document may do without; ``None`` where it is missing or broken."""
        for relation, target in relations.values():
            if relation.endswith(kind) and target in package.names:
                try:
                    return package.xml(target)
                except (SyntaxError, ValueError):
                    return None
        return None

    styles = _Styles(part("/styles"))
    return _Parts(package, limits, relations, styles, _Numbering(part("/numbering"), styles))


@dataclass(slots=True)
class _Document:
    """Walks a document, or a cell of its tables, and puts the text together."""

    parts: _Parts
    blocks: Blocks = field(default_factory=Blocks)
    waiting: str = ""  # a paragraph whose end mark is deleted or hidden goes on in the next one
    size: int = 0  # of the last text added

    def read(self) -> None:
        """Read the whole body."""
        body = self.parts.package.xml(self.parts.package.main).find(f"{_W}body")
        if body is None:
            raise _Broken
        self._blocks(body)
        if self.waiting:
            self.blocks.paragraph(self.waiting)

    def notes(self) -> Iterator[Issue]:
        """Yield what the reader wants to say of the document."""
        parts = self.parts
        for code, found in (("I129", parts.left_out), ("I169", parts.not_read), ("I130", parts.kept)):
            if found:
                shown = "、".join(f"{what} {count} 处" for what, count in sorted(found.items()))
                yield Issue(code, {"shown": shown})

    # --- blocks --------------------------------------------------------------------------------

    def _blocks(self, parent: Any) -> None:
        for node in parent:
            if node.tag == f"{_W}p":
                self._paragraph(node)
            elif node.tag == f"{_W}tbl":
                self._table(node)
            elif node.tag == f"{_W}altChunk":
                self._chunk(node)
            elif node.tag == f"{_MC}AlternateContent":
                self._blocks(_choice(node))
            elif node.tag not in (f"{_W}del", f"{_W}moveFrom", f"{_W}sectPr"):
                self._blocks(node)

    def _paragraph(self, node: Any) -> None:
        label = self.parts.numbering.label(node)
        boxes: list[Any] = []
        text = self._text(node, self.parts.styles.of_paragraph(node), boxes)
        # A number shows on what has text; Word shows none on an empty paragraph that a deletion left behind.
        text = self.waiting + (label if text.strip() else "") + text
        self.waiting = ""
        if _mark_gone(node):
            self.waiting = text
        else:
            for line in text.split("\n"):
                self.blocks.paragraph(line)
        for box in boxes:
            self.parts.kept[_BOXES] += 1
            self._blocks(box)

    def _table(self, node: Any) -> None:
        rows, cells = self._grid(node)
        if rows:
            if self.waiting:
                self.blocks.paragraph(self.waiting)
                self.waiting = ""
            self.blocks.table(rows, cells)

    def _grid(self, table: Any) -> tuple[list[list[int]], list[Blocks]]:
        """Return the grid of a table with an index of a cell in each place, and the texts of the cells."""
        rows: list[list[int]] = []
        cells: list[Blocks] = []
        for row in _children(table, "tr"):
            properties = row.find(f"{_W}trPr")
            if properties is not None and properties.find(f"{_W}del") is not None:
                continue
            if _on(properties, "hidden"):
                self.parts.left_out[_HIDDEN] += 1
                continue
            places = [-1] * _integer(properties, "gridBefore", 0)
            for cell in _children(row, "tc"):
                settings = cell.find(f"{_W}tcPr")
                if settings is not None and settings.find(f"{_W}cellDel") is not None:
                    continue
                width = max(1, min(_integer(settings, "gridSpan", 1), 256))
                merge = None if settings is None else settings.find(f"{_W}vMerge")
                going_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
                at = len(places)
                if going_on and rows and at < len(rows[-1]):
                    index = rows[-1][at]
                else:
                    index = len(cells)
                    inner = _Document(self.parts)
                    inner._blocks(cell)
                    if inner.waiting:
                        inner.blocks.paragraph(inner.waiting)
                    cells.append(inner.blocks)
                places.extend([index] * width)
            rows.append(places)
        width = max(map(len, rows), default=0)
        for places in rows:
            places.extend([-1] * (width - len(places)))
        cells.append(Blocks())  # stands where a row has no cell
        return [[index % len(cells) for index in row] for row in rows], cells

    def _chunk(self, node: Any) -> None:
        """Read a file that stands within the document, where there is a reader for it."""
        parts = self.parts
        _, target = parts.relations.get(node.get(_R_ID, ""), ("", ""))
        suffix = posixpath.splitext(target)[1].lower()
        reader = readers().get(suffix)
        if target in parts.package.names and reader is not None and parts.limits.nesting > 0:
            decoded = reader(
                parts.package.bytes(target), suffix, replace(parts.limits, nesting=parts.limits.nesting - 1)
            )
            if isinstance(decoded, Decoded):
                for line in decoded.text.split("\n"):
                    self.blocks.paragraph(line)
                return
        parts.not_read[_FILES] += 1

    # --- text ----------------------------------------------------------------------------------

    def _text(self, paragraph: Any, base: _Run, boxes: list[Any]) -> str:
        pieces: list[str] = []
        self._pieces(paragraph, base, pieces, boxes)
        return "".join(pieces)

    def _pieces(self, node: Any, run: _Run, out: list[str], boxes: list[Any]) -> None:
        """Add the text of a node to ``out``; text boxes found on the way are read after the paragraph."""
        for child in node:
            tag = child.tag
            if tag == f"{_W}t":
                self._add(child.text or "", run, out)
            elif tag in _AS_TEXT:
                self._add(_AS_TEXT[tag], run, out)
            elif tag == f"{_W}r":
                self._pieces(child, self.parts.styles.of_run(child, run), out, boxes)
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self.parts.left_out[_NOTES] += 1
            elif tag == f"{_W}txbxContent":
                boxes.append(child)
            elif tag == f"{_W}object":
                self.parts.not_read[_FILES] += 1
            elif tag == f"{_W}sym":
                self._add(_symbol(child), run, out)
            elif tag == _LETTERING:
                self._add(child.get("string", ""), run, out)
            elif tag == f"{_W}ruby":
                self.parts.left_out[_RUBY] += 1
                for base in child.iter(f"{_W}rubyBase"):
                    self._pieces(base, run, out, boxes)
            elif tag == f"{_M}oMath":
                self.parts.kept[_FORMULAS] += 1
                self._add(_formula(child), run, out)
            elif tag == f"{_MC}AlternateContent":
                self._pieces(_choice(child), run, out, boxes)
            elif tag not in _NO_TEXT:
                self._pieces(child, run, out, boxes)

    def _add(self, text: str, run: _Run, out: list[str]) -> None:
        hidden = run.hidden or 0 < run.size <= _INVISIBLE
        if hidden or run.struck:
            if text.strip():
                self.parts.left_out[_HIDDEN if hidden else _STRUCK] += 1
            return
        smaller = run.lifted and 0 < run.size < _SMALLER * (self.size or _USUAL_SIZE)
        if not smaller and text.strip():
            self.size = run.size
        if run.raised or smaller:
            shown = raised(text, out[-1] if out else "")
            if text.strip() and not shown:
                self.parts.left_out[_NOTES] += 1
            text = shown
        if text:
            out.append(text)


_LETTERING = "{urn:schemas-microsoft-com:vml}textpath"
#: Text of so few half points is there to be copied, not to be seen.
_INVISIBLE = 4
#: Half points of text that names no size of its own, and the share of it below which lifted text marks a note.
_USUAL_SIZE, _SMALLER = 21, 0.8

_AS_TEXT = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}noBreakHyphen": "-"}
_NO_TEXT = frozenset(
    f"{_W}{name}"
    for name in ("p", "tbl", "pPr", "rPr", "del", "moveFrom", "instrText", "delText", "delInstrText", "fldChar", "rt")
)


def _symbol(node: Any) -> str:
    """Return a character set from a font of signs: a digit or a sign of percent is one there too, an icon is none."""
    try:
        code = int(node.get(f"{_W}char", ""), 16)
    except ValueError:
        return "\ufffd"
    if not 0xF000 <= code < 0xF100:
        return chr(code) if 0x20 <= code < 0xD800 else "\ufffd"
    plain = chr(code - 0xF000)
    return plain if node.get(f"{_W}font") == "Symbol" and plain in "0123456789.,%+-()<>=" else "\ufffd"


def _children(node: Any, name: str) -> Iterator[Any]:
    """Yield rows or cells, also those that stand within content controls."""
    for child in node:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            yield from _children(child, name)


def _choice(node: Any) -> Any:
    """Return the first alternative of a content that comes in several: the others show the same to old programs."""
    chosen = node.find(f"{_MC}Choice")
    if chosen is None:
        chosen = node.find(f"{_MC}Fallback")
    return () if chosen is None else chosen


def _formula(node: Any) -> str:
    """Return a formula in one line; a fraction as a/b."""
    pieces = []
    for child in node:
        if child.tag == f"{_M}f":
            parts = [child.find(f"{_M}num"), child.find(f"{_M}den")]
            pieces.append("/".join(_formula(part) for part in parts if part is not None))
        elif child.tag in (f"{_M}t", f"{_W}t"):
            pieces.append(child.text or "")
        elif not child.tag.endswith("Pr"):
            pieces.append(_formula(child))
    return "".join(pieces)


def _mark_gone(paragraph: Any) -> bool:
    """Tell whether a paragraph's end mark was deleted, moved away or is hidden."""
    mark = paragraph.find(f"{_W}pPr/{_W}rPr")
    if mark is None:
        return False
    if any(mark.find(f"{_W}{name}") is not None for name in ("del", "moveFrom")):
        return True
    return _on(mark, "vanish") is True


# --- properties --------------------------------------------------------------------------------


def _value(node: Any, name: str) -> str | None:
    child = None if node is None else node.find(f"{_W}{name}")
    value = None if child is None else child.get(f"{_W}val")
    return None if value is None else str(value)


def _integer(node: Any, name: str, default: int) -> int:
    """Return a number of a property; one odd value must not cost the document."""
    try:
        return int(_value(node, name) or default)
    except ValueError:
        return default


def _on(node: Any, name: str) -> bool | None:
    """Return a switch of a property, ``None`` where it is not set."""
    child = None if node is None else node.find(f"{_W}{name}")
    return None if child is None else child.get(f"{_W}val", "true") not in ("0", "false", "off")


class _Styles:
    """The styles of a document, as far as they decide what is read."""

    def __init__(self, root: Any) -> None:
        self._nodes: dict[str, Any] = {}
        for style in () if root is None else root.iter(f"{_W}style"):
            self._nodes[style.get(f"{_W}styleId", "")] = style

    def chain(self, name: str | None) -> Iterator[Any]:
        """Yield a style and those that it is based on."""
        seen: set[str] = set()
        while name and name in self._nodes and name not in seen:
            seen.add(name)
            yield self._nodes[name]
            name = _value(self._nodes[name], "basedOn")

    def of_paragraph(self, paragraph: Any) -> _Run:
        style = _value(paragraph.find(f"{_W}pPr"), "pStyle")
        run = _Run()
        for node in reversed(list(self.chain(style))):
            run = _with(run, node.find(f"{_W}rPr"))
        return run

    def of_run(self, run: Any, base: _Run) -> _Run:
        properties = run.find(f"{_W}rPr")
        if properties is None:
            return base
        for node in reversed(list(self.chain(_value(properties, "rStyle")))):
            base = _with(base, node.find(f"{_W}rPr"))
        return _with(base, properties)

    def numbering(self, style: str | None) -> tuple[str, str] | None:
        for node in self.chain(style):
            for properties in node.iter(f"{_W}numPr"):
                return _value(properties, "numId") or "", _value(properties, "ilvl") or "0"
        return None


def _with(run: _Run, properties: Any) -> _Run:
    if properties is None:
        return run
    hidden, struck, doubly = (_on(properties, name) for name in ("vanish", "strike", "dstrike"))
    position = _value(properties, "vertAlign")
    size = _integer(properties, "sz", run.size)
    return _Run(
        _is_white(properties) or (run.hidden if hidden is None else hidden),
        (run.struck if struck is None else struck) or bool(doubly),
        run.raised if position is None else position == "superscript",
        _integer(properties, "position", 2 * run.lifted) > 0,
        size,
    )


def _is_white(properties: Any) -> bool:
    """Tell whether text is white on white paper."""
    if _value(properties, "color") != "FFFFFF":
        return False
    filled = [f"{_W}{name}" for name in ("shd", "highlight")]
    above = (up for up in properties.iterancestors() if up.tag in (f"{_W}p", f"{_W}tc", f"{_W}tr", f"{_W}tbl"))
    settings = (node for up in above for node in up if node.tag.endswith("Pr"))
    style = properties.getparent().tag == f"{_W}style"
    coloured = any(node.tag in filled for node in properties) or any(
        node.tag in filled for one in settings for node in one.iter()
    )
    boxed = any(up.tag == f"{_W}txbxContent" for up in properties.iterancestors())
    return not (style or coloured or boxed)


# --- automatic numbers -------------------------------------------------------------------------

_DIGITS = "零一二三四五六七八九"


def _chinese(number: int) -> str:
    """Return a number below 100 as Chinese headings write it."""
    tens, units = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[units] if units else "")


def _in_form(number: int, form: str) -> str:
    if form.startswith(("chinese", "japanese", "ideograph", "taiwanese")):
        return _chinese(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((0x41 if form == "upperLetter" else 0x61) + number - 1)
    return str(number)


class _Numbering:
    """Gives automatically numbered paragraphs the label that Word shows (一、 （一） 1.).

    Word keeps such labels out of the text, yet a report's outline hangs on them.
    """

    def __init__(self, root: Any, styles: _Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{_W}lvl"):
                depth = _depth(level.get(f"{_W}ilvl"))
                form = _value(level, "numFmt") or "decimal"
                levels[depth] = (form, _value(level, "lvlText") or "", _integer(level, "start", 1))
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = levels
        for number in root.iter(f"{_W}num"):
            name = number.get(f"{_W}numId", "")
            self._abstract[name] = _value(number, "abstractNumId") or ""
            self._restarts[name] = {
                _depth(override.get(f"{_W}ilvl")): _integer(override, "startOverride", 1)
                for override in number.iter(f"{_W}lvlOverride")
                if _value(override, "startOverride") is not None
            }

    def label(self, paragraph: Any) -> str:
        """Return the label of a paragraph, empty where it has none or only a bullet."""
        properties = paragraph.find(f"{_W}pPr")
        if not self._levels or properties is None or not any(paragraph.itertext()):
            return ""
        numbered = properties.find(f"{_W}numPr")
        styled = self._styles.numbering(_value(properties, "pStyle")) or ("", "0")
        number, level = styled
        if numbered is not None:
            number = _value(numbered, "numId") or number
            level = _value(numbered, "ilvl") or level
        levels = self._levels.get(self._abstract.get(number, ""), {})
        depth = _depth(level)
        if depth not in levels:
            return ""
        form, pattern, start = levels[depth]
        if form in ("bullet", "none"):
            return ""
        counts = self._counts.setdefault(self._abstract[number], {})
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        restart = self._restarts[number].pop(depth, None)
        counts[depth] = restart if restart is not None else counts.get(depth, start - 1) + 1
        for key, (key_form, _, key_start) in levels.items():
            pattern = pattern.replace(f"%{key + 1}", _in_form(counts.get(key, key_start), key_form))
        return pattern


def _depth(text: str | None) -> int:
    try:
        return int(text or 0)
    except ValueError:
        return 0
