"""Read ``templates/briefing.yaml`` and ``templates/briefing.docx`` into a checked template.

Every expression is compiled and every style looked up here, so that a slip is told once, with its place,
before the first report is written. What is wrong is left out (a block) or replaced (a style, by the
default one) and the rest of the template is used; only a file that cannot be read at all stops the briefings.
"""

from __future__ import annotations

import difflib
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compiler.briefing.choose import EVERYTHING
from compiler.briefing.word import Styles
from compiler.model import Issue, Location
from compiler.rules.expressions import TextTemplate, compile_text
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode, read_document

if TYPE_CHECKING:
    from lxml.etree import _Element

FORMAT: Final = "1"

_TITLE: Final = "政府工作报告要情"

_OUTLINES: Final = ("briefing", "summary")

_BLOCKS: Final = ("list", "table", "chart", "points", "passages", "sources", "text")
"""The kinds of blocks. A list may have a text as well, so the order tells which one a block is."""

ROLES: Final[Mapping[str, str]] = {
    "title": "paragraph",
    "source_line": "paragraph",
    "body": "paragraph",
    "point": "paragraph",
    "quote": "paragraph",
    "heading_1": "paragraph",
    "heading_2": "paragraph",
    "heading_3": "paragraph",
    "annex": "paragraph",
    "caption": "paragraph",
    "cell_left": "paragraph",
    "cell_center": "paragraph",
    "cell_right": "paragraph",
    "cell_head": "paragraph",
    "table_note": "paragraph",
    "figure": "paragraph",
    "source": "paragraph",
    "note": "character",
    "note_cell": "character",
    "strong": "character",
    "table": "table",
}
"""The roles of text in a briefing, each with the kind of style it takes."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_LOOKS: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class ColumnTemplate:
    """A column of a table: heading, expression for each row's cell, relative width, side."""

    title: TextTemplate
    value: TextTemplate
    width: int
    align: str
    when: TextTemplate | None = None


@dataclass(frozen=True, slots=True)
class SeriesTemplate:
    """A row of bars of a chart."""

    name: TextTemplate
    value: TextTemplate


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a part. ``kind`` is the key that it is written with; the fields that belong to it are set."""

    kind: str
    where: Location
    when: TextTemplate | None = None
    text: TextTemplate | None = None
    style: str = "body"
    rows: str = ""
    most: int = 0
    least: int = 1
    items: tuple[Block, ...] = ()
    id: str = ""
    caption: TextTemplate | None = None
    note: TextTemplate | None = None
    columns: tuple[ColumnTemplate, ...] = ()
    series: tuple[SeriesTemplate, ...] = ()
    axis: TextTemplate | None = None
    sections: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    headings: bool = True
    fallback: TextTemplate | None = None


@dataclass(frozen=True, slots=True)
class PartTemplate:
    """A numbered part of the outline, or the annex."""

    id: str
    title: TextTemplate
    blocks: tuple[Block, ...]
    when: TextTemplate | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """What a kind of briefing consists of."""

    title: TextTemplate
    source_line: TextTemplate | None
    parts: tuple[PartTemplate, ...]
    annex: tuple[PartTemplate, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """The parts of ``briefing.docx`` that a briefing takes over, and its page."""

    parts: Mapping[str, bytes]
    section: str
    relations: bytes
    content_types: bytes


@dataclass(frozen=True, slots=True)
class BriefingTemplate:
    """All that an official sets for the briefings."""

    path: str
    version: str
    file_name: TextTemplate
    styles: Styles
    looks: Looks
    briefing: Outline
    summary: Outline
    words: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, TextTemplate] = field(default_factory=dict)
    chart_fonts: tuple[str, str] = ("Times New Roman", "宋体")


DEFAULT_LIMITS: Final[Mapping[str, int]] = {
    "sentences": 4,
    "sentence_length": 260,
}
"""Numbers that may be set under ``limits``; see ``briefing.yaml`` for what each does."""


def load_outline(
    folder: Path,
    names: Mapping[str, Sequence[str]],
    rows: Mapping[str, Sequence[str]],
    functions: Mapping[str, Callable[..., object]],
) -> tuple[BriefingTemplate | None, tuple[Issue, ...]]:
    """Load both files. ``names`` and ``rows`` are the names and lists that each outline may use."""
    shown = f"{folder.name}/briefing.yaml"
    path = folder / "briefing.yaml"
    if not path.is_file():
        return None, (Issue("T201", {"path": shown}, Location(shown)),)
    document, issues = read_document(path, shown)
    if document is None or not isinstance(document.root, MapNode):
        return None, (*issues, *(() if issues else (Issue("T203", {"key": "briefing.yaml", "kind": "键和值"}),)))
    reader = _Reader(document, names, rows, functions)
    reader.issues.extend(issues)
    looks_name = f"{folder.name}/briefing.docx"
    looks, known, found = _load_looks(folder / "briefing.docx", looks_name)
    reader.issues.extend(found)
    template = reader.template(document.root, looks, known, looks_name) if looks else None
    return template, tuple(reader.issues)


class _Reader:
    """Turns nodes into the template and gathers what is wrong."""

    def __init__(
        self,
        document: Document,
        names: Mapping[str, Sequence[str]],
        rows: Mapping[str, Sequence[str]],
        functions: Mapping[str, Callable[..., object]],
    ) -> None:
        self.document = document
        self.names = names
        self.rows = rows
        self.functions = functions
        self.issues: list[Issue] = []
        self.outline = "briefing"
        self.ids: dict[str, Location] = {}

    def template(
        self, root: MapNode, looks: Looks, known: Mapping[str, tuple[str, str]], looks_name: str
    ) -> BriefingTemplate | None:
        self._keys(
            root,
            ("format", "version", "file_name", "properties", "styles", "fonts", "words", "lists", "limits", *_OUTLINES),
        )
        given = self._text(root, "format", required=True)
        if given and given != FORMAT:
            self._add("T208", root.get("format"), given=given, known=FORMAT)
        styles = self._styles(root, known, looks_name)
        fonts = self._fonts(root)
        file_name = self._expression(root, "file_name") or self._plain(_TITLE)
        briefing = self._outline(root, "briefing")
        summary = self._outline(root, "summary")
        if briefing is None or summary is None:
            return None
        properties: dict[str, TextTemplate] = {}
        for key, node in self._pairs(root, "properties"):
            if key.value not in {"subject", "creator", "keywords", "category", "description"}:
                self._add("T202", key, key=key.value, nearest="subject、creator、keywords、category、description")
            elif (compiled := self._compile(node, key.value)) is not None:
                properties[key.value] = compiled
        return BriefingTemplate(
            path=self.document.path,
            version=self._text(root, "version"),
            file_name=file_name,
            styles=styles,
            looks=Looks(_with_fonts(looks.parts, fonts), looks.section, looks.relations, looks.content_types),
            briefing=briefing,
            summary=summary,
            words={key.value: node.value for key, node in self._pairs(root, "words") if isinstance(node, TextNode)},
            lists={key.value: self._texts(node, key.value) for key, node in self._pairs(root, "lists")},
            limits={**DEFAULT_LIMITS, **dict(self._limits(root))},
            properties=properties,
            chart_fonts=_chart_fonts(fonts),
        )

    # --- outline ---

    def _outline(self, root: MapNode, key: str) -> Outline | None:
        node = root.get(key)
        if not isinstance(node, MapNode):
            self._add("T204" if node is None else "T203", node, key=key, kind="键和值")
            return None
        self.outline = key
        self.ids = {}
        self._keys(node, ("title", "source_line", "parts", "annex"))
        title = self._expression(node, "title") or self._plain(_TITLE)
        source_line = self._expression(node, "source_line", required=False)
        return Outline(title, source_line, self._parts(node, "parts"), self._parts(node, "annex"))

    def _parts(self, node: MapNode, key: str) -> tuple[PartTemplate, ...]:
        parts: list[PartTemplate] = []
        for item in self._items(node.get(key), key):
            if not isinstance(item, MapNode):
                self._add("T203", item, key=key, kind="键和值")
                continue
            self._keys(item, ("id", "title", "when", "blocks"))
            title = self._expression(item, "title")
            if title is None:
                continue
            blocks = tuple(self._blocks(item.get("blocks")))
            parts.append(PartTemplate(self._text(item, "id"), title, blocks, self._when(item)))
        return tuple(parts)

    def _blocks(self, node: Node | None) -> Iterator[Block]:
        for item in self._items(node, "blocks"):
            if not isinstance(item, MapNode) or not item.pairs:
                self._add("T203", item, key="blocks", kind="键和值")
                continue
            kind = next((key.value for key, _ in item.pairs if key.value in _BLOCKS), "")
            if not kind:
                self._add("T210", item.pairs[0][0], known="、".join(_BLOCKS))
                continue
            block = getattr(self, f"_block_{kind}")(item)
            if block is not None:
                yield block

    def _block_text(self, node: MapNode) -> Block | None:
        self._keys(node, ("text", "style", "when"))
        text = self._expression(node, "text")
        style = self._style(node)
        return Block("text", self._at(node), self._when(node), text, style) if text else None

    def _block_points(self, node: MapNode) -> Block | None:
        self._keys(node, ("points", "most", "when"))
        items: list[Block] = []
        for item in self._items(node.get("points"), "points"):
            if isinstance(item, TextNode):
                text = self._compile(item, "points")
                if text:
                    items.append(Block("text", self._at(item), None, text, "point"))
            elif isinstance(item, MapNode):
                self._keys(item, ("text", "when"))
                text = self._expression(item, "text")
                if text:
                    items.append(Block("text", self._at(item), self._when(item), text, "point"))
        return Block("points", self._at(node), self._when(node), items=tuple(items), most=self._number(node, "most", 5))

    def _block_list(self, node: MapNode) -> Block | None:
        self._keys(node, ("list", "text", "style", "most", "when", "otherwise"))
        rows = self._rows(node, "list")
        text = self._expression(node, "text", row=True)
        if not rows or text is None:
            return None
        return Block(
            "list",
            self._at(node),
            self._when(node),
            text,
            self._style(node),
            rows,
            self._number(node, "most", 1000),
            fallback=self._expression(node, "otherwise", required=False),
        )

    def _block_table(self, node: MapNode) -> Block | None:
        self._keys(node, ("table", "id", "caption", "columns", "note", "most", "least", "when", "otherwise"))
        rows = self._rows(node, "table")
        caption = self._expression(node, "caption")
        columns: list[ColumnTemplate] = []
        for item in self._items(node.get("columns"), "columns"):
            if not isinstance(item, MapNode):
                self._add("T203", item, key="columns", kind="键和值")
                continue
            self._keys(item, ("title", "value", "width", "align", "when"))
            title = self._expression(item, "title")
            value = self._expression(item, "value", row=True)
            align = self._choice(item, "align", ("left", "center", "right"))
            if title and value:
                columns.append(ColumnTemplate(title, value, self._number(item, "width", 10), align, self._when(item)))
        if not rows or caption is None or not columns:
            return None
        return Block(
            "table",
            self._at(node),
            self._when(node),
            rows=rows,
            id=self._id(node),
            caption=caption,
            note=self._expression(node, "note", required=False),
            columns=tuple(columns),
            most=self._number(node, "most", 40),
            least=self._number(node, "least", 1),
            fallback=self._expression(node, "otherwise", required=False),
        )

    def _block_chart(self, node: MapNode) -> Block | None:
        self._keys(node, ("chart", "id", "caption", "label", "axis", "series", "most", "least", "note", "when"))
        rows = self._rows(node, "chart")
        caption = self._expression(node, "caption")
        label = self._expression(node, "label", row=True)
        series: list[SeriesTemplate] = []
        for item in self._items(node.get("series"), "series"):
            if not isinstance(item, MapNode):
                self._add("T203", item, key="series", kind="键和值")
                continue
            self._keys(item, ("name", "value"))
            name = self._expression(item, "name")
            value = self._expression(item, "value", row=True)
            if name and value:
                series.append(SeriesTemplate(name, value))
        if not rows or caption is None or label is None or not series:
            return None
        return Block(
            "chart",
            self._at(node),
            self._when(node),
            label,
            rows=rows,
            id=self._id(node),
            caption=caption,
            note=self._expression(node, "note", required=False),
            series=tuple(series),
            axis=self._expression(node, "axis", required=False),
            most=self._number(node, "most", 10),
            least=self._number(node, "least", 3),
        )

    def _block_passages(self, node: MapNode) -> Block | None:
        self._keys(node, ("passages", "except", "most", "headings", "text", "when", "otherwise"))
        given = node.get("passages")
        sections = self._texts(given, "passages") if given else ()
        excepted = node.get("except")
        return Block(
            "passages",
            self._at(node),
            self._when(node),
            self._expression(node, "text", row=True, required=False),
            "quote",
            sections=sections,
            without=self._texts(excepted, "except") if excepted else (),
            most=self._number(node, "most", 0),
            headings=self._choice(node, "headings", ("yes", "no")) == "yes",
            fallback=self._expression(node, "otherwise", required=False),
        )

    def _block_sources(self, node: MapNode) -> Block | None:
        self._keys(node, ("sources", "when"))
        return Block("sources", self._at(node), self._when(node))

    # --- pieces ---

    def _when(self, node: MapNode) -> TextTemplate | None:
        """Return the condition under ``when``: a bare expression such as ``has_last_report and missed``."""
        value = node.get("when")
        return None if value is None else self._compile(value, "when", condition=True)

    def _style(self, node: MapNode) -> str:
        allowed = [role for role, kind in ROLES.items() if kind == "paragraph"]
        return self._choice(node, "style", ("body", *allowed))

    def _rows(self, node: MapNode, key: str) -> str:
        given = self._text(node, key)
        known = self.rows[self.outline]
        if given not in known:
            self._add("T206", node.get(key), given=given, known=_near(given, known))
            return ""
        return given

    def _id(self, node: MapNode) -> str:
        given = self._text(node, "id", required=True)
        if given in self.ids:
            self._add("T209", node.get("id"), id=given)
        elif given and not _BOOKMARK.fullmatch(given):
            self._add("T211", node.get("id"), id=given)
        elif given:
            self.ids[given] = self._at(node)
            return given
        return f"block_{node.start.line + 1}"

    def _choice(self, node: MapNode, key: str, known: Sequence[str]) -> str:
        given = self._text(node, key)
        if not given:
            return known[0]
        if given not in known:
            self._add("T205", node.get(key), given=given, known="、".join(dict.fromkeys(known)), key=key)
            return known[0]
        return given

    def _number(self, node: MapNode, key: str, default: int) -> int:
        given = self._text(node, key)
        if not given:
            return default
        if given == "all":
            return EVERYTHING
        if not given.isascii() or not given.isdigit() or len(given) > 6:
            self._add("T203", node.get(key), key=key, kind="整数")
            return default
        return int(given)

    def _limits(self, root: MapNode) -> Iterator[tuple[str, int]]:
        for key, node in self._pairs(root, "limits"):
            if key.value not in DEFAULT_LIMITS:
                self._add("T202", key, key=key.value, nearest=_near(key.value, [*DEFAULT_LIMITS]))
            elif not isinstance(node, TextNode) or not node.value.isdigit() or len(node.value) > 6:
                self._add("T203", node, key=key.value, kind="整数")
            else:
                yield key.value, int(node.value)

    def _styles(self, root: MapNode, known: Mapping[str, tuple[str, str]], looks_name: str) -> Styles:
        """Return the style ids by role; a style is looked up by its name, since Word changes ids."""
        ids: dict[str, str] = {}
        given = root.get("styles")
        for role, kind in ROLES.items():
            node = given.get(role) if isinstance(given, MapNode) else None
            if not isinstance(node, TextNode) or not node.value:
                self._add("T204", node or given, key=f"styles.{role}", kind="")
                ids[role] = known.get(f"*{kind}", ("", ""))[0]
                continue
            found = known.get(node.value.casefold())
            if found is None or found[1] != kind:
                names = [name for name, (_, one) in known.items() if one == kind and not name.startswith("*")]
                code = "T302" if found is None else "T303"
                near = _near(node.value.casefold(), names)
                self._add(code, node, style=node.value, role=role, path=looks_name, kind=_KINDS[kind], nearest=near)
                ids[role] = known.get(f"*{kind}", ("", ""))[0]
            else:
                ids[role] = found[0]
        for key, _ in self._pairs(root, "styles"):
            if key.value not in ROLES:
                self._add("T202", key, key=key.value, nearest=_near(key.value, [*ROLES]))
        return Styles(ids)

    def _fonts(self, root: MapNode) -> dict[str, tuple[str, tuple[str, ...]]]:
        fonts: dict[str, tuple[str, tuple[str, ...]]] = {}
        for item in self._items(root.get("fonts"), "fonts"):
            if not isinstance(item, MapNode):
                self._add("T203", item, key="fonts", kind="键和值")
                continue
            self._keys(item, ("name", "use", "instead"))
            name = self._text(item, "name", required=True)
            if name:
                instead = item.get("instead")
                fonts[name] = (self._text(item, "use"), self._texts(instead, "instead") if instead else ())
        return fonts

    # --- nodes ---

    def _keys(self, node: MapNode, known: Sequence[str]) -> None:
        for key, _ in node.pairs:
            if key.value not in known:
                self._add("T202", key, key=key.value, nearest=_near(key.value, known))

    def _pairs(self, node: MapNode, key: str) -> Iterator[tuple[TextNode, Node]]:
        value = node.get(key)
        if isinstance(value, MapNode):
            yield from value.pairs
        elif value is not None:
            self._add("T203", value, key=key, kind="键和值")

    def _items(self, node: Node | None, key: str) -> Iterator[Node]:
        if isinstance(node, ListNode):
            yield from node.items
        elif node is not None and not (isinstance(node, TextNode) and not node.value):
            self._add("T203", node, key=key, kind="列表")

    def _texts(self, node: Node | None, key: str) -> tuple[str, ...]:
        if isinstance(node, TextNode):
            return (node.value,) if node.value else ()
        return tuple(item.value for item in self._items(node, key) if isinstance(item, TextNode))

    def _text(self, node: MapNode, key: str, *, required: bool = False) -> str:
        value = node.get(key)
        if isinstance(value, TextNode):
            return value.value.strip()
        if value is not None:
            self._add("T203", value, key=key, kind="文字")
        elif required:
            self._add("T204", node, key=key, kind="")
        return ""

    def _expression(self, node: MapNode, key: str, *, row: bool = False, required: bool = True) -> TextTemplate | None:
        value = node.get(key)
        if value is None:
            if required:
                self._add("T204", node, key=key, kind="")
            return None
        return self._compile(value, key, row=row)

    def _compile(self, node: Node, key: str, *, row: bool = False, condition: bool = False) -> TextTemplate | None:
        if not isinstance(node, TextNode):
            self._add("T203", node, key=key, kind="文字")
            return None
        where = self.document.location(node)
        if node.style in {"|", ">"}:  # the text of a block begins on the line below its mark
            where = Location(where.path, where.line + 1, 1, 1)
        names = [*self.names[self.outline], *(("row", "number") if row else ())]
        text = node.value.strip("\n")
        if node.style == ">":
            text = unfold(text)
        if condition and "{{" not in text and "{%" not in text:
            text = f"{{% if {text} %}}1{{% endif %}}"
        compiled, issues = compile_text(text, where, names, self.functions)
        self.issues.extend(issues)
        return compiled

    def _plain(self, text: str) -> TextTemplate:
        """Return a text without expressions, to stand in for one that could not be read."""
        compiled, _ = compile_text(text, self.document.whole(), (), self.functions)
        assert compiled is not None
        return compiled

    def _at(self, node: Node) -> Location:
        return self.document.location(node)

    def _add(self, code: str, node: Node | None, **fields: str) -> None:
        where = self.document.location(node) if node is not None else Location(self.document.path)
        self.issues.append(Issue(code, fields, where))


_BOOKMARK: Final = re.compile(r"[A-Za-z]\w{0,30}", re.ASCII)
_TAGS: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_FOLDS: Final = re.compile(r"(?<![!-~]) +| +(?![!-~])")


def unfold(text: str) -> str:
    """Take out the spaces that YAML puts for line ends: Chinese has none between words."""
    pieces = _TAGS.split(text)
    return "".join(piece if n % 2 else _FOLDS.sub("", piece) for n, piece in enumerate(pieces))


_KINDS: Final[Mapping[str, str]] = {"paragraph": "段落样式", "character": "字符样式", "table": "表格样式"}


def _near(given: str, known: Sequence[str]) -> str:
    """Return the name nearest to ``given``, or all of them."""
    near = difflib.get_close_matches(given, [*known], 1, 0.5)
    return near[0] if near else "、".join(known)


# --- the looks ---------------------------------------------------------------------------------


def _load_looks(path: Path, shown: str) -> tuple[Looks | None, dict[str, tuple[str, str]], tuple[Issue, ...]]:
    """Return the parts of the Word template and its styles: id and kind by name, defaults under ``*kind``."""
    from lxml import etree

    where = Location(shown)
    if not path.is_file():
        return None, {}, (Issue("T201", {"path": shown}, where),)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(path) as package:
            if sum(info.file_size for info in package.infolist()) > _MAX_LOOKS:
                return None, {}, (Issue("T301", {"path": shown, "problem": "文件太大"}, where),)
            parts = {info.filename: package.read(info) for info in package.infolist() if not info.is_dir()}
        body = etree.fromstring(parts["word/document.xml"], parser).find(f"{_W}body")
        styles = etree.fromstring(parts["word/styles.xml"], parser)
        types = parts.pop("[Content_Types].xml")
        relations = parts.pop("word/_rels/document.xml.rels")
        etree.fromstring(types, parser)
        etree.fromstring(relations, parser)
    except (OSError, zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, NotImplementedError, RuntimeError) as error:
        return None, {}, (Issue("T301", {"path": shown, "problem": _in_chinese(error)}, where),)
    known: dict[str, tuple[str, str]] = {}
    for style in styles.iter(f"{_W}style"):
        kind, identifier = style.get(f"{_W}type", ""), style.get(f"{_W}styleId", "")
        name = style.find(f"{_W}name")
        if name is not None and identifier:
            known.setdefault(name.get(f"{_W}val", "").casefold(), (identifier, kind))
            if style.get(f"{_W}default") in {"1", "true", "on"}:
                known[f"*{kind}"] = (identifier, kind)
    section = body.find(f"{_W}sectPr") if body is not None else None
    if section is None:
        return None, known, (Issue("T304", {"path": shown}, where),)
    for name in ("word/document.xml", "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
        parts.pop(name, None)
    for name in [name for name in parts if name.startswith("docProps/thumbnail")]:
        parts.pop(name)
    return Looks(parts, _section_xml(section), relations, types), known, ()


def _section_xml(section: _Element) -> str:
    """Return the page properties with the prefixes that the briefing declares."""
    from lxml import etree

    for name in list(section.attrib):  # revision marks of the template's own history
        del section.attrib[name]
    for change in section.findall(f"{_W}sectPrChange"):
        section.remove(change)
    etree.cleanup_namespaces(section)
    text: str = etree.tostring(section, encoding="unicode", with_tail=False)
    return text


def _in_chinese(error: Exception) -> str:
    if isinstance(error, zipfile.BadZipFile):
        return "不是 .docx 文件，或文件已损坏"
    if isinstance(error, KeyError):
        return f"缺少 {error.args[0]}"
    if isinstance(error, OSError):
        return "读不出来，可能正被别的程序占用"
    return "内容不合 .docx 的格式"


def _with_fonts(parts: Mapping[str, bytes], fonts: Mapping[str, tuple[str, tuple[str, ...]]]) -> dict[str, bytes]:
    """Return the parts with fonts exchanged as set, and the substitutes declared in the font table."""
    from lxml import etree

    exchanged = {name: use for name, (use, _) in fonts.items() if use and use != name}
    changed = dict(parts)
    for part, content in parts.items():
        if exchanged and part.startswith("word/") and part.endswith(".xml") and b"rFonts" in content:
            root = etree.fromstring(content)
            for element in root.iter(f"{_W}rFonts"):
                for key, value in element.attrib.items():
                    if value in exchanged:
                        element.set(key, exchanged[str(value)])
            changed[part] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    table = changed.get("word/fontTable.xml")
    if table is None or not fonts:
        return changed
    root = etree.fromstring(table)
    for name, (use, instead) in fonts.items():
        final = use or name
        others = [other for other in (*((name,) if use and use != name else ()), *instead) if other != final]
        element = next((one for one in root.iter(f"{_W}font") if one.get(f"{_W}name") == final), None)
        if element is None:
            element = etree.SubElement(root, f"{_W}font", {f"{_W}name": final})
        for old in element.findall(f"{_W}altName"):
            element.remove(old)
        if others:
            element.insert(0, etree.Element(f"{_W}altName", {f"{_W}val": ",".join(others)}))
    changed["word/fontTable.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return changed


def _chart_fonts(fonts: Mapping[str, tuple[str, tuple[str, ...]]]) -> tuple[str, str]:
    """Return the Latin and the East Asian font of charts, which take no style."""
    names = [use or name for name, (use, _) in fonts.items()]
    latin = next((name for name in names if name.isascii()), "Times New Roman")
    east = next((use or name for name, (use, _) in fonts.items() if "宋体" in name and "标" not in name), "宋体")
    return latin, east
