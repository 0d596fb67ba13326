"""What stands in a ``reports.yaml``, entry by entry; :mod:`compiler.facts.by_hand` says whom it holds for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compiler.model import ByHand, Issue, Location
from compiler.rules.nodes import Document, ListNode, MapNode, Node
from compiler.rules.parse import read_document
from compiler.rules.report_keys import REPORT, REPORTS_FILE
from compiler.rules.yaml_reader import MISSING, Reader
from compiler.text.place_names import full_names_of, near_places
from compiler.text.read import BY_HAND

MOST_NAMED: Final = 4
"""So many places of one name are listed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry: the file it names, relative to the folder of ``reports.yaml``, what it says of it, and where."""

    file: str
    said: ByHand
    where: Location


def read_corrections(path: Path) -> tuple[tuple[Correction, ...], tuple[Issue, ...]]:
    """Read one ``reports.yaml``; entries with mistakes are left out, each with its issue."""
    document, issues = read_document(path, BY_HAND)
    if document is None:
        return (), issues
    found, more = corrections_of(document)
    return found, (*issues, *more)


def corrections_of(document: Document) -> tuple[tuple[Correction, ...], tuple[Issue, ...]]:
    """Return the entries of a document, and what is wrong with the others."""
    reader = Reader(document)
    root = document.root
    if root is None:
        return (), ()
    if isinstance(root, MapNode):
        # Entries are read one by one below, so that a wrong one does not take the others with it.
        known = {key.name for key in REPORTS_FILE.keys}
        for name, _ in root.pairs:
            if name.value not in known:
                reader.unknown_key(name, REPORTS_FILE)
    listed = root.get("reports") if isinstance(root, MapNode) else None
    if not isinstance(listed, ListNode):
        reader.record(root, REPORTS_FILE, "")
        return (), tuple(reader.issues)
    found = []
    lines: dict[tuple[str, int], int] = {}
    for node in listed.items:
        reader.failures = 0
        reader.who = BY_HAND
        fields = reader.record(node, REPORT, "reports")
        if fields is MISSING or reader.failures or document.faulty(node) or "file" not in fields.values:
            continue
        file = str(fields.values["file"]).replace("\\", "/").removeprefix("./")
        said = ByHand(fields.get("number", 0), fields.get("place", ""), fields.get("year", 0))
        if not (said.place or said.year):
            reader.tell("I410", node, file=file)
            continue
        line = lines.setdefault((file, said.number), node.start.line + 1)
        if line != node.start.line + 1:
            reader.tell("I411", fields.at("file"), file=file, line=str(line))
            continue
        if said.place:
            _check_place(reader, fields.at("place"), said.place, said.year)
        found.append(Correction(file, said, document.location(fields.at("file"))))
    return tuple(found), tuple(reader.issues)


def _check_place(reader: Reader, node: Node, place: str, year: int) -> None:
    """Tell a place that the table does not have, and a name that several places have."""
    names = full_names_of(place, year)
    if not names:
        near = "、".join(near_places(place))
        hint = f"是不是想写 {near}？" if near else "写全称，如 锦州市古塔区"
        reader.tell("I414", node, place=place, hint=hint)
    elif len(names) > 1:
        reader.tell("I415", node, place=place, count=str(len(names)), names="、".join(names[:MOST_NAMED]))
