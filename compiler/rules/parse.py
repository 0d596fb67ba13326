"""Read YAML files into nodes that keep their place, without ever building what the file asks for.

Only text, lists and mappings come out: every scalar is the text that stands in the file, so that
``2017-01-10``, ``1:30``, ``007`` and ``yes`` are turned into something else by the field that knows what
it wants, or not at all. Tags, anchors, aliases and merge keys are refused, which leaves no way for
a small file to become a large one. Size, nesting and the number of nodes are limited.

A mistake of writing is told in the writer's terms (see :mod:`compiler.rules.mistakes`); the entry that holds it is
blanked out and the rest of the file is read, so that one run tells all mistakes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from compiler.model import Issue, Location
from compiler.rules.mistakes import is_content, one_side, syntax_issue, without_entry
from compiler.rules.nodes import FORBIDDEN, LINE_BREAK, Document, ListNode, MapNode, Node, TextNode

MAX_BYTES: Final = 1_000_000
"""The largest file that is read; the default pack has about a tenth of it in its largest file."""

MAX_DEPTH: Final = 16
"""How deep lists and mappings may stand in one another; the rule language needs six."""

MAX_NODES: Final = 200_000
"""The most pieces of one file."""

MAX_REPAIRS: Final = 30
"""After how many mistakes of writing a file is given up."""


def read_document(path: Path, shown: str) -> tuple[Document | None, tuple[Issue, ...]]:
    """Read the file at ``path``, which messages call ``shown``."""
    data, issues = read_limited(path, shown)
    return (None, issues) if data is None else parse_document(data, shown)


def read_limited(path: Path, shown: str) -> tuple[bytes | None, tuple[Issue, ...]]:
    """Return the bytes of a file that is not too large; None with an issue where that is not possible."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return None, (_too_large(shown, size),)
        return path.read_bytes(), ()
    except OSError as error:
        return None, (Issue("R201", {"why": _why(error)}, Location(shown)),)


def parse_document(data: bytes, shown: str) -> tuple[Document | None, tuple[Issue, ...]]:
    """Read the bytes of a YAML file. None means that nothing of it can be used."""
    if len(data) > MAX_BYTES:
        return None, (_too_large(shown, len(data)),)
    text, issues = _decode(data, shown)
    if text is None:
        return None, tuple(issues)
    document = Document(shown, text, lines=LINE_BREAK.split(text))
    forbidden = FORBIDDEN.search(text)
    if forbidden:
        line, column = _line_and_column(text, forbidden.start())
        issues.append(
            Issue("R214", {"character": f"U+{ord(forbidden.group()):04X}"}, document.at(line, column)),
        )
        return None, tuple(issues)
    issues.extend(_parse(document))
    if document.root is None:
        return None, tuple(issues)
    return document, tuple(issues)


def _too_large(shown: str, size: int) -> Issue:
    return Issue("R206", {"size": f"{size / 1_000_000:.1f}", "most": f"{MAX_BYTES // 1_000_000}"}, Location(shown))


def _why(error: OSError) -> str:
    """Say in Chinese why a file could not be read."""
    if isinstance(error, PermissionError):
        return "没有读取的权限"
    if isinstance(error, FileNotFoundError):
        return "文件不在了"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹"
    return "系统读不出这个文件"


# --- bytes to text -----------------------------------------------------------------------------

_SIGNATURES: Final = (
    (b"PK\x03\x04", "Word、Excel 或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文件"),
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
)


def _decode(data: bytes, shown: str) -> tuple[str | None, list[Issue]]:
    """Return the text of ``data``; only UTF-8 is taken, so that every editor and tool reads the same."""
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            return None, [Issue("R205", {"what": what}, Location(shown))]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [Issue("R204", {}, Location(shown))]
    issues: list[Issue] = []
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        issues.append(Issue("R203", {}, Location(shown, 1, 1)))
    whole = data.rstrip(b"\x00")
    if whole and len(whole) < len(data) and b"\x00" not in whole:
        where = Location(shown, whole.count(b"\n") + 1, 1)
        issues.append(Issue("R254", {"count": str(len(data) - len(whole))}, where))
        data = whole
    if b"\x00" in data:
        return None, [*issues, Issue("R205", {"what": "二进制文件"}, Location(shown))]
    try:
        return data.decode("utf-8"), issues
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        where = Location(shown, line + 1, len(before.decode("utf-8", "replace")) + 1)
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            return None, [*issues, Issue("R238", {}, where)]
        return None, [*issues, Issue("R202", {}, where)]


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    line = 0
    start = 0
    for match in LINE_BREAK.finditer(text, 0, index):
        line += 1
        start = match.end()
    return line, index - start


# --- text to nodes -----------------------------------------------------------------------------


def _parse(document: Document) -> list[Issue]:
    """Fill ``document.root``; entries that cannot be read are blanked out, each with its issue."""
    import yaml

    issues: list[Issue] = []
    lines, undecided = one_side(document.lines)
    if undecided:
        issues.append(Issue("R255", {"count": str(len(undecided))}, document.at(undecided[0], 0, 7)))
        document.repaired = True
    given_up = False
    for _ in range(MAX_REPAIRS):
        composer = _Composer(document)
        try:
            composer.run("\n".join(lines))
        except yaml.MarkedYAMLError as error:
            issue, suspects = syntax_issue(document, lines, error)
            issues.append(issue)
            document.repaired = True
            culprit = next((number for number in suspects if is_content(lines[number])), -1)
            repaired = without_entry(lines, culprit) if culprit >= 0 else None
            if repaired is None:
                given_up = True
                break
            lines = repaired
            continue
        except (yaml.YAMLError, ValueError):
            # What the reader of characters refuses has been looked for before; this is for safety.
            issues.append(Issue("R228", {}, document.whole()))
            given_up = True
            break
        except _Refused as refused:
            issues.append(refused.issue)
            given_up = True
            break
        document.faults = sorted(composer.faults)
        issues.extend(composer.issues)
        document.root = composer.root
        if composer.root is None and not document.repaired:
            issues.append(Issue("R208", {}, document.whole()))
        return issues
    if not given_up:
        issues.append(Issue("R239", {"most": str(MAX_REPAIRS)}, document.whole()))
    return issues


class _Refused(Exception):
    """The file goes beyond a limit and is not read at all."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


class _Composer:
    """Builds nodes from the parser's events with a stack of its own: nesting can be told, never overflows."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.root: Node | None = None
        self.issues: list[Issue] = []
        self.faults: list[int] = []

    def run(self, text: str) -> None:
        """Read all events of ``text``."""
        import yaml
        from yaml import events

        loader_class: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        loader = loader_class(text)
        next_event = loader.get_event
        scalar, alias = events.ScalarEvent, events.AliasEvent
        opens = (events.SequenceStartEvent, events.MappingStartEvent)
        closes = (events.SequenceEndEvent, events.MappingEndEvent)
        stack: list[ListNode | MapNode] = []
        keys: list[TextNode | None] = []  # the key that waits for its value, one for each open node
        known: list[dict[str, TextNode]] = []  # the keys met so far, one for each open node
        documents = 0
        count = 0
        try:
            while True:
                event = next_event()
                kind = type(event)
                node: Node
                if kind is scalar:
                    node = TextNode(event.start_mark, event.end_mark, event.value, _style(event))
                    if event.anchor is not None or event.tag is not None:
                        self._refuse_marks(event)
                elif kind is alias:
                    node = TextNode(event.start_mark, event.end_mark, "", "*")
                    self._fault("R211", node, name=event.anchor)
                elif kind in opens:
                    if kind is events.SequenceStartEvent:
                        node = ListNode(event.start_mark, event.end_mark)
                    else:
                        node = MapNode(event.start_mark, event.end_mark)
                    if event.anchor is not None or event.tag is not None:
                        self._refuse_marks(event)
                    stack.append(node)
                    keys.append(None)
                    known.append({})
                    if len(stack) > MAX_DEPTH:
                        where = self.document.at(node.start.line, node.start.column)
                        raise _Refused(Issue("R207", {"most": str(MAX_DEPTH)}, where))
                    continue
                elif kind in closes:
                    node = stack.pop()
                    keys.pop()
                    known.pop()
                    node.end = event.end_mark
                elif kind is events.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        self.issues.append(Issue("R209", {}, self.document.at(event.start_mark.line, 0, 3)))
                        return
                    continue
                elif kind is events.StreamEndEvent:
                    return
                else:
                    continue
                count += 1
                if count > MAX_NODES:
                    raise _Refused(Issue("R230", {"most": str(MAX_NODES)}, self.document.whole()))
                if not stack:
                    # An empty document is one plain scalar without text.
                    if not (isinstance(node, TextNode) and not node.value and node.plain):
                        self.root = node
                    continue
                parent = stack[-1]
                if isinstance(parent, ListNode):
                    parent.items.append(node)
                elif keys[-1] is None:
                    keys[-1] = self._key(node)
                else:
                    self._pair(parent, keys[-1], node, known[-1])
                    keys[-1] = None
        finally:
            loader.dispose()

    def _key(self, node: Node) -> TextNode:
        if not isinstance(node, TextNode):
            line = self.document.lines[node.start.line]
            self._fault("R249" if line[: node.start.column].endswith("{") else "R234", node)
            return TextNode(node.start, node.end, "", "*")
        if node.value == "<<" and node.plain:
            self._fault("R213", node)
        return node

    def _pair(self, parent: MapNode, key: TextNode, value: Node, known: dict[str, TextNode]) -> None:
        if key.style == "*" or (key.value == "<<" and key.plain):
            return  # refused before
        other = known.setdefault(key.value, key)
        if other is key:
            parent.pairs.append((key, value))
        else:
            self._fault("R103", key, key=key.value, line=str(other.start.line + 1))

    def _refuse_marks(self, event: Any) -> None:
        node = TextNode(event.start_mark, event.end_mark, "")
        start = self.document.location(node)
        written = self.document.lines[event.start_mark.line][event.start_mark.column :].split(" ", 1)[0]
        code = "R210" if event.anchor is not None else "R212"
        where = self.document.at(event.start_mark.line, event.start_mark.column, len(written) or start.length)
        self.issues.append(Issue(code, {"name": written}, where))
        self.faults.append(event.start_mark.index)

    def _fault(self, code: str, node: Node, **fields: str) -> None:
        self.issues.append(Issue(code, fields, self.document.location(node)))
        self.faults.append(node.start.index)


def _style(event: Any) -> str:
    # The C parser says None or "" for plain text, depending on its version.
    style: str = event.style or ""
    return style
