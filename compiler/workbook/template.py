"""Read ``templates/workbook.yaml``: which sheets, in which order, with which columns.

Every mistake becomes an issue with its place in the file. A wrong column is left out and the others
stay; only a file that cannot be read at all leaves no template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from compiler.issues import CATALOGUE
from compiler.model import Issue, Location, RuleBook
from compiler.rules.expressions import TextTemplate, compile_text
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode
from compiler.rules.parse import read_document
from compiler.rules.yaml_reader import MISSING, Fields, Reader, hint_for
from compiler.workbook.column_names import NAMES
from compiler.workbook.sheet_kinds import SHEET_KINDS
from compiler.workbook.template_keys import COLUMN, SHEET, WORKBOOK_FILE
from compiler.workbook.xlsx import sheet_name
from compiler.workspace import default_folder

FILE: Final = "workbook.yaml"
KINDS: Final = SHEET_KINDS.words()
_WITHOUT_COLUMNS: Final = frozenset({"summary"})
"""Kinds of sheets that may leave their columns to the program."""

_WITH_ENTRIES: Final = frozenset({"tasks", "checks"})
"""Kinds of sheets with columns for people to fill."""

_WIDTH: Final = 12
_WIDEST: Final = 255
"""Columns of a sheet are at most 255 characters wide (ECMA-376, 18.3.1.13)."""

_LONGEST_NAME: Final = 31

_STATES: Final = ("done", "late")
"""The wordings of the tasks that are also choices of the column “state”."""

_ODD_BRACE: Final = re.compile("[{}｛｝]")
_SLOT: Final = re.compile(r"\{([^{}]*)\}")

FIGURE_SLOTS: Final = ("figures", "uncovered", "covered", "taken", "told", "marks", "share")
SLOTS: Final = ("last", "this", *FIGURE_SLOTS, "version", "fingerprint", "date", *SHEET_KINDS.words())
"""What titles and headings may name in braces: years, numbers on figures, versions, other sheets by their kind."""

PRINT_SLOTS: Final = ("place", "year", "last_year", *SLOTS)

_LONGEST_CHOICES: Final = 250
"""The choices of a cell are one text of at most 255 characters (ECMA-376, 18.3.1.32)."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
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
    columns: tuple[SheetColumn, ...] = ()
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
    also_main: frozenset[str] = frozenset()

    def word(self, key: str, /, **fields: object) -> str:
        """Return a text of the template, filled; the key where the template lacks it."""
        return fill(self.texts.get(key, key), **fields)

    def sheet(self, kind: str) -> SheetSpec | None:
        """Return the sheet of a kind, if the template has it."""
        return next((sheet for sheet in self.sheets if sheet.kind == kind), None)


def fill(text: str, /, **fields: object) -> str:
    """Put fields into a text; braces that name no field stay."""
    if "{" not in text:
        return text
    for name, value in fields.items():
        if name in text:
            text = text.replace("{" + name + "}", str(value))
    return text


def load_workbook_template(
    folder: Path, rulebook: RuleBook | None = None
) -> tuple[WorkbookTemplate | None, tuple[Issue, ...]]:
    """Read ``workbook.yaml`` of a folder of templates; the themes that it names are looked up in ``rulebook``."""
    shown = f"{folder.name}/{FILE}" if folder.name else FILE
    path = folder / FILE
    if not path.is_file():
        return None, (Issue("O101", {"path": shown}, Location(shown)),)
    document, issues = read_document(path, shown)
    if document is None or document.root is None:
        return None, issues
    loader = _Loader(document, frozenset(rule.theme for rule in rulebook.indicators) if rulebook else None)
    root = loader.reader.record(document.root, WORKBOOK_FILE)
    template = loader.template(root) if root is not MISSING else None
    return template, (*issues, *loader.reader.issues)


class _Loader:
    """Turns the fields of the file into the template and gathers what is wrong."""

    def __init__(self, document: Document, themes: frozenset[str] | None) -> None:
        self.document = document
        self.themes = themes
        self.taken: set[str] = set()
        self.reader = Reader(document)
        self.reader.who = "模板"
        self.name = ""

    def tell(self, code: str, node: Node, **fields: str) -> None:
        """Record an issue at a node."""
        self.reader.tell(code, node, **fields)

    def template(self, root: Fields) -> WorkbookTemplate | None:
        """Return the template; a kind of sheet that stands twice is taken once."""
        specs: dict[str, SheetSpec] = {}
        self.look_at_themes(root, "theme_order", "")
        first: dict[str, int] = {}
        for fields in root.get("sheets", ()):
            kind = fields.get("kind", "")
            if kind in first:  # told at the kind: what stands in the second sheet may be meant for another
                self.tell("O106", fields.at("kind"), kind=kind, line=str(first[kind]))
                continue
            spec = self.sheet(fields)
            if spec is not None:
                first[kind] = fields.at("kind").start.line + 1
                specs[spec.kind] = spec
                self.look_at_name(fields)
        if not specs:
            if not self.reader.issues:
                self.tell("O104", root.at("sheets"))
            return None
        look = root.get("look")
        colours = look.get("colours", {}) if look else {}
        return WorkbookTemplate(
            sheets=tuple(specs.values()),
            book=root.get("book", {}),
            look={key: str(value) for key, value in look.values.items() if key != "colours"} if look else {},
            status_look={status: dict(fields.values) for status, fields in colours.items()},
            limits=root.get("limits", {}),
            texts=self.texts(root, ""),
            theme_order=root.get("theme_order", ()),
            also_main=frozenset(root.get("also_main", ())),
        )

    def sheet(self, fields: Fields) -> SheetSpec | None:
        """Return one sheet; None where it could not be made."""
        kind = fields.get("kind")
        if kind is None:
            return None
        self.name = fields.get("name", kind)
        columns = self.unlike(self.columns(fields, kind))
        if kind in NAMES and kind not in _WITHOUT_COLUMNS and not columns:
            self.tell("O107", fields.node, sheet=self.name)
            return None
        columns = self.with_ids(kind, columns, fields)
        slots = PRINT_SLOTS if kind == "print" else SLOTS
        for key in ("title", "title_without_last", "note", "foot"):
            self.look_at_slots(fields, key, slots)
        self.look_at_slots(fields, "foot_without_last", (*slots, "places"))
        self.look_at_texts(fields, kind)
        self.look_at_order(fields, kind)
        self.look_at_themes(fields, "themes", self.name)
        self.look_at_choices(fields, kind, columns)
        freeze = fields.get("freeze", "")
        named = [column.key or column.entry for column in columns if column.key or column.entry]
        if freeze and freeze not in named:
            hint = hint_for(freeze, named, "这张表的列有")
            self.tell("O117", fields.at("freeze"), column=freeze, sheet=self.name, hint=hint)
            freeze = ""
        themes = fields.get("themes", ())
        given = fields.typed(SHEET)
        given |= {
            "name": self.name,
            "texts": self.texts(fields, kind),
            "freeze": freeze,
            "themes": tuple(theme for theme in ((themes,) if isinstance(themes, str) else themes) if theme != "all"),
            "columns": columns,
            "highlights": tuple(Highlight(**one.values) for one in fields.get("highlights", ()) if _whole(one)),
        }
        return SheetSpec(**given, where=self.document.location(fields.node))

    def look_at_themes(self, fields: Fields, key: str, sheet: str) -> None:
        """Tell themes that no rule has."""
        given = fields.get(key, ())
        given = (given,) if isinstance(given, str) else given
        known = self.themes
        unknown = [] if known is None else [theme for theme in given if theme not in known and theme != "all"]
        if known is None or not unknown:
            return
        node = fields.at(key)
        items = node.items if isinstance(node, ListNode) else [node]
        at = next((item for item in items if isinstance(item, TextNode) and item.value.strip() == unknown[0]), node)
        hint = hint_for(unknown[0], sorted(known), "规则里的类别有")
        if sheet:
            self.tell("O114", at, themes="、".join(unknown), sheet=sheet, hint=hint)
        else:
            self.tell("O119", at, themes="、".join(unknown), hint=hint)

    def with_ids(self, kind: str, columns: tuple[SheetColumn, ...], fields: Fields) -> tuple[SheetColumn, ...]:
        """Return the columns of a sheet that people fill, with the ids that its entries are found again by."""
        if kind not in _WITH_ENTRIES or any(column.key == "id" for column in columns):
            return columns
        self.tell("O118", fields.at("columns"), sheet=self.name)
        return (*columns, SheetColumn("编号", key="id", hidden=True))

    def look_at_choices(self, fields: Fields, kind: str, columns: Sequence[SheetColumn]) -> None:
        """Tell words to highlight, and wordings of a state, that are not among the choices of their column."""
        choices = {column.entry: column.choices for column in columns if column.choices}
        for one in fields.get("highlights", ()):
            entry, word = one.get("entry", ""), one.get("word", "")
            if entry in choices and word and word not in choices[entry]:
                hint = hint_for(word, choices[entry], "这一列的选项有")
                self.tell("O146", one.at("word"), word=word, column=entry, hint=hint)
        texts = fields.nodes.get("texts")
        for name, node in texts.pairs if isinstance(texts, MapNode) and kind == "tasks" else ():
            if name.value in _STATES and isinstance(node, TextNode) and "state" in choices:
                word = node.value.strip()
                if word and word not in choices["state"]:
                    hint = hint_for(word, choices["state"], "这一列的选项有")
                    self.tell("O146", node, word=word, column="state", hint=hint)

    def look_at_texts(self, fields: Fields, kind: str) -> None:
        """Tell braces in the fixed texts of a sheet that the shipped template does not fill there either."""
        for group in ("texts", "contents"):
            node = fields.nodes.get(group)
            for name, value in node.pairs if isinstance(node, MapNode) else ():
                if isinstance(value, TextNode):
                    self.look_at_braces(value, (*SLOTS, *_shipped_slots().get((kind, name.value), ())))

    def texts(self, fields: Fields, kind: str) -> Mapping[str, str]:
        """Return the fixed texts of a sheet (of the book where ``kind`` is empty); what is missing is as shipped."""
        given: Mapping[str, str] = fields.get("texts", {})
        shipped = _shipped_texts().get(kind, {})
        node = fields.nodes.get("texts")
        for name, _ in node.pairs if isinstance(node, MapNode) and shipped else ():
            if name.value not in shipped:
                missing = [key for key in shipped if key not in given]
                self.tell(
                    "O149", name, name=name.value, hint=hint_for(name.value, missing or [*shipped], "这里的文字有")
                )
        missing = [key for key in shipped if key not in given] if given and set(given) <= set(shipped) else []
        if missing and isinstance(node, MapNode):
            self.tell("O150", node, count=str(len(missing)), shown="、".join(missing[:3]), text=shipped[missing[0]])
        return {**shipped, **given}

    def look_at_order(self, fields: Fields, kind: str) -> None:
        """Tell kinds of checks that no message is of."""
        node = fields.nodes.get("texts")
        order = node.get("order") if isinstance(node, MapNode) and kind == "checks" else None
        if not isinstance(order, TextNode):
            return
        known = sorted({wording.kind for wording in CATALOGUE.values() if wording.kind})
        for word in map(str.strip, order.value.split("、")):
            if word not in known:
                self.tell("O151", order, word=word, hint=hint_for(word, known, "用顿号隔开，能写的类型有"))

    def look_at_name(self, fields: Fields) -> None:
        """Tell a name that no spreadsheet takes, and one that another sheet has."""
        name = fields.get("name", "")
        if fields.get("kind") == "print":  # one sheet for each report: its name is made of theirs
            self.look_at_slots(fields, "name", PRINT_SLOTS)
            if name and "{place}" not in name:
                self.tell("O147", fields.at("name"), name=name)
            return
        if not name or "{" in name:
            return
        twice = name.casefold() in self.taken
        new = sheet_name(name, self.taken)
        if new != name:
            why = "和别的表重名" if twice else "太长" if len(name) > _LONGEST_NAME else "里有不能用的字"
            self.tell("O115", fields.at("name"), name=name, why=why, new=new)

    def look_at_slots(self, fields: Fields, key: str, known: Sequence[str]) -> None:
        """Tell braces in a text that name nothing that is filled in."""
        node = fields.at(key)
        if fields.get(key) and isinstance(node, TextNode):
            self.look_at_braces(node, known)

    def look_at_braces(self, node: TextNode, known: Sequence[str]) -> None:
        """Tell braces that name nothing that is filled in, have no other half or are full-width."""
        text = node.value.strip()
        for slot in _SLOT.findall(text):
            if slot not in known:
                hint = hint_for(slot, known, "花括号里能写的有")
                self.tell("O116", node, title=text, slot=slot, hint=hint)
        odd = _ODD_BRACE.search(_SLOT.sub("", text))
        if odd is not None:
            self.tell("O148", node, title=text, brace=odd.group())

    def columns(self, fields: Fields, kind: str) -> Iterator[tuple[SheetColumn, Node]]:
        """Return the columns of a sheet; those under a common heading carry it as their group."""
        for one in fields.get("columns", ()):
            if "group" in one.keys or "columns" in one.keys:
                if "columns" not in one.keys:
                    self.tell("R101", one.node, key="columns", title="下层的列", example="[{key: unit, title: 单位}]")
                if one.get("group"):
                    self.look_at_slots(one, "group", PRINT_SLOTS if kind == "print" else SLOTS)
                for inner in one.get("columns", ()):
                    yield from self.column(inner, kind, one.get("group", ""))
            else:
                yield from self.column(one, kind, "")

    def column(self, fields: Fields, kind: str, group: str) -> Iterator[tuple[SheetColumn, Node]]:
        """Return one column, or nothing where its content is not to be had."""
        sources = [name for name in ("key", "value", "entry") if name in fields.keys]
        if len(sources) != 1:
            self.tell("O108", fields.node)
            return
        if sources[0] not in fields.values:
            return
        known = NAMES.get(kind, ())
        key, entry = fields.get("key", ""), fields.get("entry", "")
        if key and key not in known:
            self.tell("O102", fields.at("key"), key=key, hint=hint_for(key, known), sheet=self.name)
            return
        value = None
        if "value" in fields.values:
            where = self.document.location(fields.at("value"))
            value, found = compile_text(fields.get("value"), where, known)
            self.reader.issues.extend(found)
            if value is None:
                return
        if entry and kind not in _WITH_ENTRIES:
            self.tell("O109", fields.node, sheet=self.name)
            return
        title = fields.get("title", "")
        self.look_at_slots(fields, "title", PRINT_SLOTS if kind == "print" else SLOTS)
        if not title:
            self.tell("O110", fields.node, key=key or entry or "value")
            title = key or entry
        choices = fields.get("choices", ())
        bad = [choice for choice in choices if "," in choice or '"' in choice]
        if bad or len(",".join(choices)) > _LONGEST_CHOICES:
            self.tell("O111", fields.at("choices"), words="、".join(bad) or "…")
            choices = ()
        width = fields.get("width", _WIDTH)
        if not 1 <= width <= _WIDEST:
            self.tell("R114", fields.at("width"), key="width", value=str(width), low="1", high=str(_WIDEST))
            width = _WIDTH
        given = fields.typed(COLUMN) | {"title": title, "width": float(width), "value": value, "choices": choices}
        yield SheetColumn(**given, group=group), fields.node

    def unlike(self, columns: Iterable[tuple[SheetColumn, Node]]) -> tuple[SheetColumn, ...]:
        """Leave out a column that stands twice, since a formula could not tell which one is meant."""
        kept: dict[str, SheetColumn] = {}
        for column, node in columns:
            if column.name in kept:
                self.tell("O112", node, key=column.key or column.entry or column.title)
            else:
                kept[column.name] = column
        return tuple(kept.values())


@cache
def _shipped() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Return the fixed texts of the shipped template by group and kind of sheet, those of the book with no kind."""
    document, _ = read_document(default_folder("templates") / FILE, FILE)
    root = document.root if document else None
    sheets = root.get("sheets") if isinstance(root, MapNode) else None
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for sheet in (root, *(sheets.items if isinstance(sheets, ListNode) else ())):
        if not isinstance(sheet, MapNode):
            continue
        kind = sheet.get("kind")
        for group in ("texts", "contents"):
            texts = sheet.get(group)
            pairs = texts.pairs if isinstance(texts, MapNode) else ()
            found[group, kind.value if isinstance(kind, TextNode) else ""] = {
                name.value: value.value for name, value in pairs if isinstance(value, TextNode)
            }
    return found


def _shipped_texts() -> Mapping[str, Mapping[str, str]]:
    return {kind: texts for (group, kind), texts in _shipped().items() if group == "texts"}


@cache
def _shipped_slots() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return what the fixed texts of the shipped template have filled in, by kind of sheet and key."""
    return {
        (kind, name): tuple(_SLOT.findall(text))
        for (_, kind), texts in _shipped().items()
        for name, text in texts.items()
    }


def _whole(fields: Fields) -> bool:
    """Tell whether a highlight has what it needs; what is missing has been told."""
    return "entry" in fields.values and "word" in fields.values
