"""The files of the indicator rules, each with its text, its nodes and its rules as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compiler.authoring.rule_cells import COLUMNS, to_cell
from compiler.issues import severity
from compiler.model import Issue, Location
from compiler.rules.nodes import Document, ListNode, MapNode, TextNode, to_plain
from compiler.rules.parse import parse_document

BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class RuleText:
    """A file of rules: its text with plain line ends, its nodes, and how its bytes were."""

    relative: str
    text: str
    document: Document
    bom: bool = False
    crlf: bool = False

    @property
    def root(self) -> MapNode:
        """The mapping that the file is."""
        assert isinstance(self.document.root, MapNode)
        return self.document.root

    @property
    def theme(self) -> str:
        """The theme of the file."""
        node = self.root.get("theme")
        return node.value.strip() if isinstance(node, TextNode) else ""

    def entries(self) -> list[MapNode]:
        """Return the nodes of the rules."""
        node = self.root.get("indicators")
        return [item for item in node.items if isinstance(item, MapNode)] if isinstance(node, ListNode) else []

    def data(self, text: str) -> bytes:
        """Return ``text`` as bytes of this file."""
        if self.crlf:
            text = text.replace("\n", "\r\n")
        return (BOM if self.bom else b"") + text.encode("utf-8")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as a row: the file it stands in, its node and its cells by column key."""

    file: RuleText
    node: MapNode
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """All rules of a folder as rows, in the order of the files and in them."""

    folder: Path
    files: Mapping[str, RuleText]
    rows: Mapping[str, RuleRow]


def read_rules(folder: Path) -> tuple[RuleTable | None, tuple[Issue, ...]]:
    """Read the indicator rules of ``folder`` as a table; None where a file cannot be read in full."""
    issues: list[Issue] = []
    files: dict[str, RuleText] = {}
    rows: dict[str, RuleRow] = {}
    for path in sorted((folder / "indicators").glob("*.yaml")):
        relative = path.relative_to(folder).as_posix()
        if path.name.startswith((".", "~$", "__")):
            continue
        file, found = _read_file(path, relative, f"{folder.resolve().name}/{relative}")
        issues.extend(issue for issue in found if severity(issue) == "error")
        if file is None:
            issues.append(Issue("X114", {"file": relative}, Location(f"{folder.resolve().name}/{relative}")))
            continue
        files[relative] = file
        for node in file.entries():
            cells = _cells(file, node)
            rows.setdefault(cells["id"], RuleRow(file, node, cells))
    if not files and not issues:
        issues.append(Issue("R414", {}, Location(f"{folder}/indicators")))
    return (None if issues else RuleTable(folder, files, rows)), tuple(issues)


def table_of(relative: str, text: str) -> tuple[RuleTable | None, tuple[Issue, ...]]:
    """Read the text of one file of indicator rules as a table, as :func:`read_rules` reads a folder."""
    file, issues = _rule_file(relative, text.encode("utf-8"), relative)
    errors = tuple(issue for issue in issues if severity(issue) == "error")
    if file is None:
        return None, errors
    rows: dict[str, RuleRow] = {}
    for node in file.entries():
        cells = _cells(file, node)
        rows.setdefault(cells["id"], RuleRow(file, node, cells))
    return RuleTable(Path(), {relative: file}, rows), errors


def _read_file(path: Path, relative: str, shown: str) -> tuple[RuleText | None, tuple[Issue, ...]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, (Issue("R201", {"why": error.strerror or type(error).__name__}, Location(shown)),)
    return _rule_file(relative, data, shown)


def _rule_file(relative: str, data: bytes, shown: str) -> tuple[RuleText | None, tuple[Issue, ...]]:
    bom = data.startswith(BOM)
    crlf = b"\r\n" in data and data.count(b"\n") == data.count(b"\r\n")
    bare = data.removeprefix(BOM)
    document, issues = parse_document(bare.replace(b"\r\n", b"\n") if crlf else bare, shown)
    good = document is not None and isinstance(document.root, MapNode) and not document.repaired
    if document is None or not good or any(severity(issue) == "error" for issue in issues):
        return None, issues
    return RuleText(relative, document.text, document, bom, crlf), issues


def _cells(file: RuleText, node: MapNode) -> dict[str, str]:
    plain = to_plain(node)
    cells = {"file": file.relative, "theme": file.theme}
    for column in COLUMNS[2:]:
        key, _, part = column.key.partition(".")
        value = plain.get(key)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        cells[column.key] = to_cell(column.key, value)
    return cells
