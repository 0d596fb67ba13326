"""Read ``templates/workbook.yaml``: which sheets, in which order, with which columns.

Every mistake becomes an issue with its place in the file. A wrong column is left out and the others
stay; only a file that cannot be read at all leaves no template.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from compiler.model import Issue, Location
from compiler.rules.expressions import TextTemplate, compile_text
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode, read_document
from compiler.rules.shapes import Record
from compiler.workbook.keys import COLUMN, SHEET, SHEET_KINDS, WORKBOOK_FILE
from compiler.workbook.names import NAMES

FILE: Final = "workbook.yaml"
KINDS: Final = SHEET_KINDS.words()
_WITHOUT_COLUMNS: Final = frozenset({"summary"})
"""Kinds of sheets that may leave their columns to the program."""

_ALIGN = ("left", "center", "right")
_WORDS_OF_TRUE = frozenset({"true", "yes", "是", "on", "1"})
_WORDS_OF_FALSE = frozenset({"false", "no", "否", "off", "0", ""})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a named value (``key``), an expression (``value``) or one for users to fill (``entry``)."""

    title: str
    width: float = 12
    key: str = ""
    value: TextTemplate | None = None
    entry: str = ""
    group: str = ""
    align: str = ""
    wrap: bool = True
    hidden: bool = False
    hide_if_empty: bool = False
    hide_if_single: bool = False
    merge: bool = False
    number: bool = False
    choices: tuple[str, ...] = ()
    prefill: str = ""

    @property
    def name(self) -> str:
        """Return what tells the column from others in its sheet."""
        return self.key or (f"entry:{self.entry}" if self.entry else f"value:{self.title}")


@dataclass(frozen=True, slots=True)
class Highlight:
    """The look of a cell of an entry column that holds ``word``."""

    entry: str
    word: str
    fill: str
    colour: str


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet of the template; a print sheet stands for one sheet a report."""

    kind: str
    name: str
    title: str = ""
    title_without_last: str = ""
    note: str = ""
    foot: str = ""
    foot_without_last: str = ""
    themes: tuple[str, ...] = ()
    headline: bool = False
    freeze: str = ""
    table: str = ""
    filter: bool = True
    columns: tuple[Column, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    where: Location | None = None

    def word(self, key: str, /, **fields: object) -> str:
        """Return a text of the sheet, filled; the key where the template lacks it."""
        return fill(self.texts.get(key, key), **fields)


@dataclass(frozen=True, slots=True)
class WorkbookTemplate:
    """All of ``workbook.yaml``."""

    sheets: tuple[SheetSpec, ...]
    book: Mapping[str, str] = field(default_factory=dict)
    look: Mapping[str, str] = field(default_factory=dict)
    status_look: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    theme_order: tuple[str, ...] = ()

    def word(self, key: str, /, **fields: object) -> str:
        """Return a text of the template, filled; the key where the template lacks it."""
        return fill(self.texts.get(key, key), **fields)

    def sheet(self, kind: str) -> SheetSpec | None:
        """Return the sheet of a kind, if the template has it."""
        return next((sheet for sheet in self.sheets if sheet.kind == kind), None)


def fill(text: str, /, **fields: object) -> str:
    """Put fields into a text; braces that name no field stay."""
    for name, value in fields.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def load_workbook_template(folder: Path) -> tuple[WorkbookTemplate | None, tuple[Issue, ...]]:
    """Read ``workbook.yaml`` of a folder of templates."""
    shown = f"{folder.name}/{FILE}" if folder.name else FILE
    path = folder / FILE
    if not path.is_file():
        return None, (Issue("O101", {"path": shown}, Location(shown)),)
    document, issues = read_document(path, shown)
    if document is None or document.root is None:
        return None, issues
    reader = _Reader(document)
    template = reader.read(document.root)
    return template, (*issues, *reader.issues)


class _Reader:
    """Turns nodes into the template, collecting what is wrong."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.issues: list[Issue] = []

    def tell(self, code: str, node: Node, **fields: str) -> None:
        """Record an issue at a node."""
        self.issues.append(Issue(code, fields, self.document.location(node)))

    def read(self, root: Node) -> WorkbookTemplate | None:
        """Read the file."""
        if not isinstance(root, MapNode):
            self.tell("O103", root, key=FILE, wanted="若干“键: 值”")
            return None
        self.keys(root, WORKBOOK_FILE)
        sheets = root.get("sheets")
        if not isinstance(sheets, ListNode) or not sheets.items:
            self.tell("O104", sheets if sheets is not None else root)
            return None
        look_node = root.get("look")
        status_look: dict[str, Mapping[str, str]] = {}
        if isinstance(look_node, MapNode):
            colours = look_node.get("colours")
            if isinstance(colours, MapNode):
                status_look = {name.value: self.texts(node) for name, node in colours.pairs}
        limits = {}
        for name, text in self.texts(root.get("limits")).items():
            if text.isdecimal() and int(text) > 0:
                limits[name] = int(text)
            else:
                self.tell("O103", root.get("limits") or root, key=f"limits.{name}", wanted="正整数")
        specs: list[SheetSpec] = []
        seen: dict[str, int] = {}
        for node in sheets.items:
            if self.document.faulty(node):
                continue
            spec = self.sheet(node)
            if spec is None:
                continue
            if spec.kind in seen:
                self.tell("O106", node, kind=spec.kind)
                continue
            seen[spec.kind] = 1
            specs.append(spec)
        if not specs:
            if not self.issues:
                self.tell("O104", sheets)
            return None
        return WorkbookTemplate(
            sheets=tuple(specs),
            book=self.texts(root.get("book")),
            look=self.texts(look_node),
            status_look=status_look,
            limits=limits,
            texts=self.texts(root.get("texts")),
            theme_order=self.words(root.get("theme_order")),
        )

    def sheet(self, node: Node) -> SheetSpec | None:
        """Read one sheet."""
        if not isinstance(node, MapNode):
            self.tell("O103", node, key="sheets", wanted="以 kind: 开头的一张表")
            return None
        self.keys(node, SHEET)
        kind_node = node.get("kind")
        kind = self.text(kind_node)
        if kind not in KINDS:
            self.tell("O105", kind_node if kind_node is not None else node, kind=kind, nearest=_nearest(kind, KINDS))
            return None
        columns: list[Column] = []
        column_nodes = node.get("columns")
        if isinstance(column_nodes, ListNode):
            for item in column_nodes.items:
                columns.extend(self.columns(item, kind, ""))
        elif column_nodes is not None:
            self.tell("O103", column_nodes, key="columns", wanted="一列一个“- ”")
        if kind in NAMES and kind not in _WITHOUT_COLUMNS and not columns:
            self.tell("O107", node, sheet=self.text(node.get("name")) or kind)
            return None
        columns = self.unlike(columns, node)
        themes = tuple(theme for theme in self.words(node.get("themes")) if theme != "all")
        return SheetSpec(
            kind=kind,
            name=self.text(node.get("name")) or kind,
            title=self.text(node.get("title")),
            title_without_last=self.text(node.get("title_without_last")),
            note=self.text(node.get("note")),
            foot=self.text(node.get("foot")),
            foot_without_last=self.text(node.get("foot_without_last")),
            themes=themes,
            headline=self.flag(node.get("headline"), "headline", default=False),
            freeze=self.text(node.get("freeze")),
            table=self.text(node.get("table")),
            filter=self.flag(node.get("filter"), "filter", default=True),
            columns=tuple(columns),
            highlights=tuple(self.highlights(node.get("highlights"))),
            texts=self.texts(node.get("texts")),
            contents=self.texts(node.get("contents")),
            where=self.document.location(node),
        )

    def columns(self, node: Node, kind: str, group: str) -> Iterable[Column]:
        """Read one column, or a group of them."""
        if isinstance(node, TextNode):
            self.tell("O103", node, key="columns", wanted="{key: …, title: …, width: …}")
            return
        if not isinstance(node, MapNode):
            self.tell("O103", node, key="columns", wanted="{key: …, title: …, width: …}")
            return
        self.keys(node, COLUMN)
        inner = node.get("columns")
        if node.get("group") is not None or inner is not None:
            if group or not isinstance(inner, ListNode):
                self.tell("O103", node, key="group", wanted="{group: 名称, columns: [ … ]}，只能套一层")
                return
            for item in inner.items:
                yield from self.columns(item, kind, self.text(node.get("group")))
            return
        column = self.column(node, kind, group)
        if column is not None:
            yield column

    def column(self, node: MapNode, kind: str, group: str) -> Column | None:
        """Read one column."""
        sources = [name for name in ("key", "value", "entry") if node.get(name) is not None]
        if len(sources) != 1:
            self.tell("O108", node)
            return None
        known = NAMES.get(kind, ())
        key_node = node.get("key")
        key = self.text(key_node)
        if key_node is not None and key not in known:
            self.tell("O102", key_node, key=key, nearest=_nearest(key, known), sheet=kind)
            return None
        value = None
        value_node = node.get("value")
        if value_node is not None:
            value, found = compile_text(self.text(value_node), self.document.location(value_node), known)
            self.issues.extend(found)
            if value is None:
                return None
        entry = self.text(node.get("entry"))
        if node.get("entry") is not None and (kind not in ("tasks", "checks") or not entry):
            self.tell("O109", node, sheet=kind)
            return None
        title = self.text(node.get("title"))
        if not title:
            self.tell("O110", node, key=key or entry or "value")
            title = key or entry
        align = self.text(node.get("align"))
        align_node = node.get("align")
        if align_node is not None and align not in _ALIGN:
            self.tell("O103", align_node, key="align", wanted="left、center 或 right")
            align = ""
        choices_node = node.get("choices")
        choices: tuple[str, ...] = ()
        if isinstance(choices_node, ListNode):
            choices = tuple(self.text(item) for item in choices_node.items)
            bad = [choice for choice in choices if "," in choice or '"' in choice]
            if bad or len(",".join(choices)) > 250:
                self.tell("O111", choices_node, words="、".join(bad) or "…")
                choices = ()
        return Column(
            title=title,
            width=self.width(node.get("width")),
            key=key,
            value=value,
            entry=entry,
            group=group,
            align=align,
            wrap=self.flag(node.get("wrap"), "wrap", default=True),
            hidden=self.flag(node.get("hidden"), "hidden", default=False),
            hide_if_empty=self.flag(node.get("hide_if_empty"), "hide_if_empty", default=False),
            hide_if_single=self.flag(node.get("hide_if_single"), "hide_if_single", default=False),
            merge=self.flag(node.get("merge"), "merge", default=False),
            number=self.flag(node.get("number"), "number", default=False),
            choices=choices,
            prefill=self.text(node.get("prefill")),
        )

    def highlights(self, node: Node | None) -> Iterable[Highlight]:
        """Read the highlights of a sheet."""
        if not isinstance(node, ListNode):
            return
        for item in node.items:
            fields = self.texts(item)
            missing = [name for name in ("entry", "word") if not fields.get(name)]
            if missing:
                self.tell("O103", item, key="highlights", wanted="{entry: …, word: …, fill: …, colour: …}")
                continue
            yield Highlight(fields["entry"], fields["word"], fields.get("fill", ""), fields.get("colour", ""))

    def unlike(self, columns: Iterable[Column], node: Node) -> list[Column]:
        """Leave out a column that stands twice, since a formula could not tell which one is meant."""
        seen: set[str] = set()
        kept = []
        for column in columns:
            if column.name in seen:
                self.tell("O112", node, key=column.key or column.entry or column.title)
                continue
            seen.add(column.name)
            kept.append(column)
        return kept

    # --- scalars -------------------------------------------------------------------------------

    def keys(self, node: MapNode, record: Record) -> None:
        """Report keys that mean nothing."""
        known = tuple(key.name for key in record.keys)
        for name, _ in node.pairs:
            if name.value not in known:
                self.tell("O113", name, key=name.value, nearest=_nearest(name.value, known))

    def text(self, node: Node | None) -> str:
        """Return the text of a node; empty where there is none."""
        if node is None:
            return ""
        if isinstance(node, TextNode):
            return node.value
        self.tell("O103", node, key="", wanted="一段文字")
        return ""

    def words(self, node: Node | None) -> tuple[str, ...]:
        """Return a list of words; a single word counts as a list of one."""
        if isinstance(node, ListNode):
            return tuple(self.text(item) for item in node.items)
        return (self.text(node),) if node is not None else ()

    def texts(self, node: Node | None) -> dict[str, str]:
        """Return a mapping of texts; deeper mappings are left out."""
        if not isinstance(node, MapNode):
            return {}
        return {name.value: value.value for name, value in node.pairs if isinstance(value, TextNode)}

    def flag(self, node: Node | None, key: str, *, default: bool) -> bool:
        """Return a yes or no."""
        if node is None:
            return default
        text = self.text(node).lower()
        if text in _WORDS_OF_TRUE:
            return True
        if text not in _WORDS_OF_FALSE:
            self.tell("O103", node, key=key, wanted="true 或 false")
            return default
        return False

    def width(self, node: Node | None) -> float:
        """Return a column's width."""
        if node is None:
            return 12
        try:
            width = float(self.text(node))
        except ValueError:
            width = 0
        if not 1 <= width <= 255:
            self.tell("O103", node, key="width", wanted="1 到 255 的数")
            return 12
        return width


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), 1, 0.4)
    return found[0] if found else "、".join(list(known)[:6])
