"""The nodes of a YAML file that keep their place: texts, lists and mappings, and the file that they stand in."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from compiler.model import Location

LINE_BREAK: Final = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064]")
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FRAME_WIDTH = 160


class TextPosition(Protocol):
    """A place in a text: all counted in characters, from 0."""

    index: int
    line: int
    column: int


@dataclass(slots=True, eq=False)
class TextNode:
    """A scalar: its text, and how it is quoted (``""`` plain, a quotation mark, ``|`` or ``>``)."""

    start: TextPosition
    end: TextPosition
    value: str
    style: str = ""

    @property
    def plain(self) -> bool:
        """Tell whether the text stands without quotation marks."""
        return not self.style


@dataclass(slots=True, eq=False)
class ListNode:
    """A sequence."""

    start: TextPosition
    end: TextPosition
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class MapNode:
    """A mapping, in the order written; of two equal keys only the first is in it."""

    start: TextPosition
    end: TextPosition
    pairs: list[tuple[TextNode, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """Return the value under ``key``, or None."""
        for name, value in self.pairs:
            if name.value == key:
                return value
        return None


Node = TextNode | ListNode | MapNode


@dataclass(slots=True, eq=False)
class Document:
    """A YAML file that was read: where it is shown to lie, its text, and its root where there is one.

    ``faults`` are the character indexes, sorted, of mistakes found while reading nodes: an entry that holds one
    must not be used. ``repaired`` tells that an entry was left out because it could not be read.
    """

    path: str
    text: str
    root: Node | None = None
    lines: list[str] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    repaired: bool = False

    def at(self, line: int, column: int, length: int = 1) -> Location:
        """Return the location of ``length`` characters at ``line`` and ``column``, both from 0."""
        first = max(0, line - 1)
        shown = range(first, min(line + 1, len(self.lines)))
        frame = tuple((n + 1, FORBIDDEN.sub("\ufffd", self.lines[n][:_FRAME_WIDTH])) for n in shown)
        return Location(self.path, line + 1, column + 1, max(1, length), frame)

    def location(self, node: Node) -> Location:
        """Return where ``node`` stands; of one that goes over several lines, its first line."""
        start, end = node.start, node.end
        if end.line == start.line:
            length = end.column - start.column
        else:
            length = len(self.lines[start.line].rstrip()) - start.column if start.line < len(self.lines) else 1
        return self.at(start.line, start.column, length)

    def whole(self) -> Location:
        """Return the place of the file as such."""
        return Location(self.path)

    def faulty(self, node: Node) -> bool:
        """Tell whether a mistake was found inside ``node`` while it was read."""
        first = bisect_left(self.faults, node.start.index)
        return first < len(self.faults) and self.faults[first] < node.end.index

    def refused(self, node: Node) -> bool:
        """Tell whether ``node`` itself was refused while it was read, with a message."""
        first = bisect_left(self.faults, node.start.index)
        return first < len(self.faults) and self.faults[first] == node.start.index


def to_plain(node: Node) -> Any:
    """Return the texts of ``node`` as plain lists and dictionaries."""
    if isinstance(node, TextNode):
        return node.value
    if isinstance(node, ListNode):
        return [to_plain(item) for item in node.items]
    return {key.value: to_plain(value) for key, value in node.pairs}
