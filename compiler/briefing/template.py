"""Read ``templates/briefing.yaml`` into a checked template, by the same shapes as the rules.

Every expression is compiled and every name, list, field, style and section looked up here, so that a slip is told once,
with its place, before the first report is written. What is wrong is left out (a block) or replaced (a style, by the
default one) and the rest is used; only a file that cannot be read at all stops the briefings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from compiler.briefing.template_keys import (
    BLOCKS,
    BRIEFING_FILE,
    CHARACTER_ROLES,
    DEFAULT_LIMITS,
    DEFAULT_WORDS,
    OFFICE,
    PARAGRAPH_ROLES,
    PROPERTIES,
    TABLE_ROLES,
)
from compiler.briefing.word_styles import WordLooks, chart_fonts, load_looks, with_fonts
from compiler.model import Issue, Location, RuleBook
from compiler.rules.expressions import TextTemplate, compile_text
from compiler.rules.keys import FORMAT
from compiler.rules.nodes import Document, MapNode, Node, TextNode
from compiler.rules.parse import read_document
from compiler.rules.yaml_reader import MISSING, Fields, Reader, hint_for, listed_near, nearest

KIND_OF_ROLE: Final[Mapping[str, str]] = {
    **dict.fromkeys(PARAGRAPH_ROLES.words(), "paragraph"),
    **dict.fromkeys(CHARACTER_ROLES.words(), "character"),
    **dict.fromkeys(TABLE_ROLES.words(), "table"),
}
"""The roles of text in a briefing, each with the kind of style it takes."""

FILE_NAME_NAMES: Final = ("place", "has_year", "year")
"""What the name of a file may tell: known of every report before its briefing is composed."""

_SHOWN_KINDS: Final[Mapping[str, str]] = {"paragraph": "段落样式", "character": "字符样式", "table": "表格样式"}
_BOOKMARK: Final = re.compile(r"[A-Za-z]\w{0,30}", re.ASCII)
_REFERENCE: Final = re.compile(r"\bref\(\s*[\"']([^\"']*)[\"']")
_OF_INDICATOR: Final = re.compile(r"\b(?:of|ranked)\(\s*[\"']([^\"']*)[\"']")
"""What calls of functions name: a table or chart, an indicator."""

_UNLIMITED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class TableColumn:
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
class OutlineItem:
    """One piece of a part. ``kind`` is the key that it is written with; the fields that belong to it are set."""

    kind: str
    when: TextTemplate | None = None
    text: TextTemplate | None = None
    heading: TextTemplate | None = None
    style: str = "body"
    rows: str = ""
    most: int = _UNLIMITED
    least: int = 1
    items: tuple[OutlineItem, ...] = ()
    id: str = ""
    caption: TextTemplate | None = None
    note: TextTemplate | None = None
    columns: tuple[TableColumn, ...] = ()
    series: tuple[SeriesTemplate, ...] = ()
    axis: TextTemplate | None = None
    names: frozenset[str] = frozenset()
    """The names that the expressions of a table read."""


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A numbered part of the outline, or an annex."""

    title: TextTemplate
    blocks: tuple[OutlineItem, ...]
    when: TextTemplate | None = None
    names: frozenset[str] = frozenset()
    """The names that its expressions and lists read."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a kind of briefing consists of."""

    title: TextTemplate
    source_line: TextTemplate | None
    parts: tuple[OutlinePart, ...]
    annex: tuple[OutlinePart, ...]


@dataclass(frozen=True, slots=True)
class BriefingTemplate:
    """All that an official sets for the briefings; ``styles`` are style names by role."""

    path: str
    version: str
    file_name: TextTemplate
    styles: Mapping[str, str]
    looks: WordLooks
    briefing: Outline
    summary: Outline
    words: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    office: Mapping[str, TextTemplate] = field(default_factory=dict)
    properties: Mapping[str, TextTemplate] = field(default_factory=dict)
    chart_fonts: tuple[str, str] = ("Times New Roman", "宋体")


def expressions_of(outline: Outline) -> Iterator[TextTemplate]:
    """Yield the expressions that an outline is written with."""

    def all_of() -> Iterator[TextTemplate | None]:
        yield from (outline.title, outline.source_line)
        for part in (*outline.parts, *outline.annex):
            yield from (part.title, part.when)
            for block in part.blocks:
                yield from _texts_in(block)

    return (one for one in all_of() if one is not None)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the expressions of an outline may use: names, and the fields that the items of each list have."""

    names: Sequence[str]
    fields: Mapping[str, Sequence[str]]


def load_template(
    folder: Path,
    vocabularies: Mapping[str, Vocabulary],
    functions: Mapping[str, Callable[..., object]],
    rulebook: RuleBook | None = None,
) -> tuple[BriefingTemplate | None, tuple[Issue, ...]]:
    """Load both files. With ``rulebook`` the sections and indicators that the template names are looked up as well."""
    shown = f"{folder.name}/briefing.yaml"
    path = folder / "briefing.yaml"
    if not path.is_file():
        return None, (Issue("T201", {"path": shown}, Location(shown)),)
    document, issues = read_document(path, shown)
    if document is None or document.root is None:
        return None, issues
    looks, found = load_looks(folder / "briefing.docx", f"{folder.name}/briefing.docx")
    loader = _Loader(document, vocabularies, functions)
    root = loader.reader.record(document.root, BRIEFING_FILE)
    if rulebook is not None and root is not MISSING:
        loader.look_up(root, rulebook)
    template = loader.template(root, looks, f"{folder.name}/briefing.docx") if root is not MISSING and looks else None
    return template, (*issues, *found, *loader.reader.issues)


class _Loader:
    """Turns the fields of the file into the template and gathers what is wrong."""

    def __init__(
        self,
        document: Document,
        vocabularies: Mapping[str, Vocabulary],
        functions: Mapping[str, Callable[..., object]],
    ) -> None:
        self.document = document
        self.reader = Reader(document)
        self.reader.who = document.path
        self.vocabularies = vocabularies
        self.functions = functions
        self.outline = "briefing"
        self.ids: set[str] = set()
        self.references: list[tuple[str, Location]] = []
        self.indicators: Collection[str] | None = None

    def template(self, root: Fields, looks: WordLooks, looks_name: str) -> BriefingTemplate | None:
        if "format" in root.values and root.get("format") != FORMAT:
            self.tell("R111", root.at("format"), number=str(root.get("format")), known=str(FORMAT))
            return None
        fonts = {
            one.get("name"): (one.get("use", ""), one.get("instead", ()))
            for one in root.get("fonts", ())
            if one.get("name")
        }
        file_name = self.text(root, "file_name", names=FILE_NAME_NAMES)
        briefing, summary = self.outline_of(root, "briefing"), self.outline_of(root, "summary")
        if briefing is None or summary is None:
            return None
        self.outline = "briefing"
        office, properties = self.texts(root, "office", OFFICE), self.texts(root, "properties", PROPERTIES)
        return BriefingTemplate(
            path=self.document.path,
            version=root.get("version", ""),
            file_name=file_name or TextTemplate("", Location(self.document.path), None),
            styles=self.styles(root, looks, looks_name),
            looks=with_fonts(looks, fonts),
            briefing=briefing,
            summary=summary,
            words={key: word for key, (word, _) in DEFAULT_WORDS.items()} | _values(root, "words"),
            lists=_values(root, "lists"),
            sections=_values(root, "sections"),
            limits={key: number for key, (number, _) in DEFAULT_LIMITS.items()} | _values(root, "limits"),
            office=office,
            properties=properties,
            chart_fonts=chart_fonts(fonts),
        )

    def look_up(self, root: Fields, rulebook: RuleBook) -> None:
        """Tell sections and indicators that the rules do not have."""
        sections = [rule.id for rule in rulebook.sections]
        indicators = [rule.name for rule in rulebook.indicators]
        self.indicators = indicators
        for group, keys, known, code in (
            ("sections", None, sections, "T212"),
            ("lists", ("overview", "aims"), indicators, "T213"),
        ):
            given = root.get(group)
            for key in given.values if isinstance(given, Fields) else ():
                for node in getattr(given.at(key), "items", ()) if keys is None or key in keys else ():
                    if isinstance(node, TextNode) and node.value.strip() not in known:
                        self.tell(
                            code,
                            node,
                            given=node.value.strip(),
                            nearest=nearest(node.value, known) or next(iter(known), ""),
                        )

    # --- outline ---

    def outline_of(self, root: Fields, key: str) -> Outline | None:
        fields = root.get(key)
        if not isinstance(fields, Fields):
            return None
        self.outline = key
        self.ids, self.references = set(), []
        title = self.text(fields, "title")
        if title is None:
            return None
        outline = Outline(
            title, self.text(fields, "source_line"), (*self.parts(fields, "parts"),), (*self.parts(fields, "annex"),)
        )
        for given, where in self.references:
            if given not in self.ids:
                hint = hint_for(given, sorted(self.ids), "这份提纲里的表和图有") if self.ids else "先给表或图写上 id"
                self.reader.issues.append(Issue("T214", {"given": given, "hint": hint}, where))
        return outline

    def parts(self, fields: Fields, key: str) -> Iterator[OutlinePart]:
        for part in fields.get(key, ()):
            title = self.text(part, "title")
            if title is not None:
                blocks = tuple(block for one in part.get("blocks", ()) if (block := self.block(one)) is not None)
                when = self.condition(part)
                read = _read_by([title, when, *(text for block in blocks for text in _texts_in(block))])
                yield OutlinePart(title, blocks, when, read | {block.rows for block in blocks if block.rows})

    def block(self, fields: Fields) -> OutlineItem | None:
        kind = next((name for name in BLOCKS if name in fields.keys), "")
        if not kind:
            self.tell("T210", fields.node, known="、".join(BLOCKS))
            return None
        for key, node in fields.keys.items():
            if key in fields.values and key not in BLOCKS[kind]:
                self.tell("R102", node, key=key, hint=hint_for(key, BLOCKS[kind], f"{kind} 这种块可以用的键有"))
        rows = ""
        if kind in {"list", "table", "chart"}:
            rows = self.rows(fields, kind)
            if not rows:
                return None
        text = self.text(fields, "label" if kind == "chart" else "text", rows)
        caption = self.text(fields, "caption", required=kind in {"table", "chart"})
        columns = tuple(column for one in fields.get("columns", ()) if (column := self.column(one, rows)) is not None)
        series = tuple(
            SeriesTemplate(name, value)
            for one in fields.get("series", ())
            if (name := self.text(one, "name")) and (value := self.text(one, "value", rows))
        )
        needed = {"list": text, "text": text, "table": caption and columns, "chart": caption and text and series}
        if not needed.get(kind, True):
            return None
        note = self.text(fields, "note")
        return OutlineItem(
            kind,
            self.condition(fields),
            text,
            self.text(fields, "heading", rows),
            fields.get("style", "body"),
            rows,
            fields.get("most", _UNLIMITED),
            fields.get("least", 3 if kind == "chart" else 1),
            tuple(self.points(fields)),
            self.id(fields) if kind in {"table", "chart"} else "",
            caption,
            note,
            columns,
            series,
            self.text(fields, "axis"),
            _read_by([*_texts_of(columns), caption, note]) if columns else frozenset(),
        )

    def points(self, fields: Fields) -> Iterator[OutlineItem]:
        for one in fields.get("points", ()):
            text = self.text(one, "text")
            if text is not None:
                yield OutlineItem("text", self.condition(one), text, style="point")

    def column(self, fields: Fields, rows: str) -> TableColumn | None:
        title, value = self.text(fields, "title"), self.text(fields, "value", rows)
        if title is None or value is None:
            return None
        return TableColumn(title, value, fields.get("width", 10), fields.get("align", "left"), self.condition(fields))

    def rows(self, fields: Fields, key: str) -> str:
        given, known = fields.get(key, ""), self.vocabularies[self.outline].fields
        if given and given not in known:
            self.tell("T206", fields.at(key), given=given, known=nearest(given, known) or listed_near(given, known))
            return ""
        return str(given)

    def id(self, fields: Fields) -> str:
        given = str(fields.get("id", ""))
        if given in self.ids:
            self.tell("T209", fields.at("id"), id=given)
        elif given and not _BOOKMARK.fullmatch(given):
            self.tell("T211", fields.at("id"), id=given)
        elif given:
            self.ids.add(given)
            return given
        return f"block_{fields.node.start.line + 1}"

    # --- styles ---

    def styles(self, root: Fields, looks: WordLooks, looks_name: str) -> dict[str, str]:
        """Return the style names by role; a style is looked up by its name, since Word changes ids."""
        given = root.get("styles") or {}
        nodes = {name.value: node for name, node in _pairs(root.nodes.get("styles"))}
        found: dict[str, str] = {}
        absent = [role for role in nodes if str(given.get(role, "")).casefold() not in looks.styles]
        foreign = len(nodes) > 1 and len(absent) * 2 > len(nodes)  # another document stands in the place of ours
        if foreign:
            self.tell("T305", root.keys["styles"], path=looks_name, count=str(len(absent)))
        for role, kind in KIND_OF_ROLE.items():
            found[role] = looks.defaults.get(kind, "Normal")
            name = given.get(role, "")
            if not name:
                if role not in nodes:
                    self.tell("R101", root.at("styles"), key=f"styles.{role}", title="样式", example="要情正文")
                continue
            style, has = looks.styles.get(name.casefold(), ("", ""))
            if has == kind:
                found[role] = style
                continue
            if foreign and role in absent:
                continue
            names = [one for one, one_kind in looks.styles.values() if one_kind == kind]
            fields = {"style": name, "role": role, "path": looks_name, "kind": _SHOWN_KINDS[kind]}
            near = nearest(name, names) or listed_near(name, names)
            self.tell("T303" if style else "T302", nodes[role], **fields, nearest=near)
        return found

    # --- expressions ---

    def texts(self, root: Fields, key: str, record: Any) -> dict[str, TextTemplate]:
        """Return the expressions of a group of keys; what is left empty is none."""
        given = root.get(key)
        if not isinstance(given, Fields):
            return {}
        return {one.name: text for one in record.keys if (text := self.text(given, one.name)) is not None}

    def condition(self, fields: Fields) -> TextTemplate | None:
        """Return the condition under ``when``: a bare expression such as ``has_last_report and missed``."""
        return self.text(fields, "when", condition=True)

    def text(
        self,
        fields: Fields,
        key: str,
        rows: str = "",
        *,
        condition: bool = False,
        required: bool = False,
        names: Sequence[str] = (),
    ) -> TextTemplate | None:
        """Return the compiled text of a key; ``rows`` is the list whose items it sees as ``row``."""
        node = fields.nodes.get(key)
        if not fields.get(key) or not isinstance(node, TextNode):
            if required and key not in fields.keys:
                self.tell("R101", fields.node, key=key, title="题注", example='"{{ year }}年目标"')
            return None
        where = self.document.location(node)
        if node.style in {"|", ">"}:  # the text of a block begins on the line below its mark
            where = Location(where.path, where.line + 1, 1, 1)
        text = node.value.strip("\n")
        if node.style == ">":
            text = unfold(text)
        if condition and "{{" not in text and "{%" not in text:
            text = f"{{% if {text} %}}1{{% endif %}}"
        vocabulary = self.vocabularies[self.outline]
        names = names or [*vocabulary.names, *(("row", "number") if rows else ())]
        known: dict[str, Collection[str]] = {**vocabulary.fields}
        if rows:
            known["row"] = vocabulary.fields[rows]
        compiled, issues = compile_text(text, where, names, self.functions, known)
        self.reader.issues.extend(issues)
        if compiled is not None:
            self.look_at_calls(text, where)
        return compiled

    def look_at_calls(self, text: str, where: Location) -> None:
        """Tell indicators that no rule has, and keep the tables that are referred to until all of them are known."""
        self.references.extend((match[1], where) for match in _REFERENCE.finditer(text))
        for match in _OF_INDICATOR.finditer(text) if self.indicators is not None else ():
            if match[1] not in (self.indicators or ()):
                near = nearest(match[1], self.indicators or ()) or next(iter(self.indicators or ()), "")
                self.reader.issues.append(Issue("T213", {"given": match[1], "nearest": near}, where))

    def tell(self, code: str, node: Node, **fields: str) -> None:
        self.reader.tell(code, node, **fields)


def _texts_in(item: OutlineItem) -> Iterator[TextTemplate | None]:
    yield from (item.when, item.text, item.heading, item.caption, item.note, item.axis)
    yield from _texts_of(item.columns)
    for series in item.series:
        yield from (series.name, series.value)
    for one in item.items:
        yield from _texts_in(one)


def _texts_of(columns: Iterable[TableColumn]) -> Iterator[TextTemplate | None]:
    for one in columns:
        yield from (one.title, one.value, one.when)


def _read_by(texts: Iterable[TextTemplate | None]) -> frozenset[str]:
    """Return the names that texts read."""
    read = (one.expression.names for one in texts if one is not None and one.expression is not None)
    return frozenset(name for names in read for name in names)


def _values(root: Fields, key: str) -> dict[str, Any]:
    given = root.get(key)
    return dict(given.values) if isinstance(given, Fields) else {}


def _pairs(node: Node | None) -> Sequence[tuple[TextNode, Node]]:
    return node.pairs if isinstance(node, MapNode) else ()


_TAGS: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_FOLDS: Final = re.compile(r"(?<![!-~]) +| +(?![!-~])")


def unfold(text: str) -> str:
    """Take out the spaces that YAML puts for line ends: Chinese has none between words."""
    pieces = _TAGS.split(text)
    return "".join(piece if n % 2 else _FOLDS.sub("", piece) for n, piece in enumerate(pieces))
