"""Changes of rules written into the text of their files.

The text is edited at the places of the nodes, so that every line that was not changed stays as it is, byte for
byte: comments, order, the way of writing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from compiler.authoring.rule_cells import Plain
from compiler.authoring.rule_files import RuleRow, RuleTable, RuleText
from compiler.rules.indicator_keys import INDICATOR
from compiler.rules.nodes import ListNode, MapNode, Node, TextNode, to_plain


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One cell that was changed, or a new rule (``key`` is empty then)."""

    id: str
    row: int
    key: str
    value: Plain = None
    fields: Mapping[str, Plain] = field(default_factory=dict)
    file: str = ""
    theme: str = ""


def edited(changes: Sequence[RuleChange], table: RuleTable) -> dict[str, str]:
    """Return the new text of every file that changes."""
    edits: dict[str, list[tuple[int, int, str]]] = {}
    added: dict[str, list[RuleChange]] = {}
    by_rule: dict[str, dict[str, Plain]] = {}
    for change in changes:
        if change.key:
            by_rule.setdefault(change.id, {})[change.key] = change.value
        else:
            added.setdefault(change.file, []).append(change)
    for id_, values in by_rule.items():
        row = table.rows[id_]
        editor = _Editor(row.file.text, row.node)
        for key, value in _whole_keys(row, values):
            editor.put(key, value)
        edits.setdefault(row.file.relative, []).extend(editor.edits)
    texts: dict[str, str] = {}
    for relative, found in edits.items():
        texts[relative] = _apply(table.files[relative].text, found)
    for relative, rules in added.items():
        known = table.files.get(relative)
        if known is None:
            texts[relative] = _new_file(rules)
        else:
            more = _insertion(known, rules)
            texts[relative] = _apply(known.text, [*edits.get(relative, []), more])
    return texts


def _whole_keys(row: RuleRow, values: Mapping[str, Plain]) -> Iterator[tuple[str, Plain]]:
    """Yield keys with their values, the parts of one key (sane.level) put together."""
    parts: dict[str, dict[str, Plain]] = {}
    for name, value in values.items():
        key, _, part = name.partition(".")
        if not part:
            yield key, value
            continue
        if key not in parts:
            now = to_plain(row.node).get(key)
            parts[key] = dict(now) if isinstance(now, dict) else {}
        if value is None:
            parts[key].pop(part, None)
        else:
            parts[key][part] = value
    for key, whole in parts.items():
        yield key, whole or None


def _apply(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _new_file(rules: Sequence[RuleChange]) -> str:
    lines = [
        "# yaml-language-server: $schema=../schema/indicators.json",
        "format: 1",
        f"theme: {scalar(rules[0].theme)}",
        "indicators:",
    ]
    return "\n".join(lines) + "\n" + "\n\n".join(_rule_text(rule.fields, "  ") for rule in rules) + "\n"


def _insertion(file: RuleText, rules: Sequence[RuleChange]) -> tuple[int, int, str]:
    """Return the edit that puts new rules behind the last one of the file."""
    text = file.text
    listed = file.root.get("indicators")
    if isinstance(listed, ListNode) and listed.items and text[listed.start.index] != "[":
        last = listed.items[-1]
        at = _line_end(text, end_of(text, last))
        dash = text.rfind("-", 0, last.start.index)
        indent = " " * (dash - (text.rfind("\n", 0, dash) + 1))
        gap = "\n\n" if len(listed.items) == 1 or "\n\n" in text[listed.start.index : last.start.index] else "\n"
        return at, at, "".join(gap + _rule_text(rule.fields, indent) for rule in rules)
    body = "\n".join(_rule_text(rule.fields, "  ") for rule in rules)
    if listed is not None:
        key = next(key for key, _ in file.root.pairs if key.value == "indicators")
        return key.start.index, max(end_of(text, listed), key.end.index + 1), f"indicators:\n{body}"
    at = len(text.rstrip("\n"))
    return at, at, f"\nindicators:\n{body}"


def _rule_text(fields: Mapping[str, Plain], indent: str) -> str:
    """Return a new rule as the shipped files write one."""
    lines = []
    for key in INDICATOR.keys:
        value = fields.get(key.name)
        if value is None:
            continue
        if key.name in ("exclude", "examples"):
            lines.append(f"{key.name}:")
            lines.extend(f"  - {flow(item)}" for item in value)
        else:
            lines.append(f"{key.name}: {flow(value)}")
    return "\n".join(f"{indent}{'  ' if number else '- '}{line}" for number, line in enumerate(lines))


_PLAIN_ITEM = re.compile(r"[\u4e00-\u9fff〔][\u4e00-\u9fff〔〕|0-9A-Za-z（）()./%‰—、。…·-]*\Z")
_PLAIN_SENTENCE = re.compile(r"[\u4e00-\u9fff〔][\u4e00-\u9fff〔〕|0-9A-Za-z（）()./%‰—、。…·，；：“”！？～-]*\Z")
_PLAIN_WORD = re.compile(
    r"[a-z]+(?:_[a-z0-9]+)*\Z|[a-z]+ (?:[=~]|[<>]=) -?[0-9.]+(?: stretch)?\Z|-?[0-9.]+\.\.-?[0-9.]+\Z"
)
_READ_AS_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def scalar(text: str, item: bool = False, flag: bool = False) -> str:
    """Return ``text`` as YAML: plain where every program reads it as the same text, else in quotation marks."""
    pattern = _PLAIN_ITEM if item else _PLAIN_SENTENCE
    word = _PLAIN_WORD.match(text) and (flag or text not in _READ_AS_FLAGS)
    return text if pattern.match(text) or word else json.dumps(text, ensure_ascii=False)


def flow(value: Plain, item: bool = False) -> str:
    """Return a value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(found)}" for key, found in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(found, True) for found in value) + "]"
    return scalar(value, item, flag=value in ("true", "false"))


def end_of(text: str, node: Node) -> int:
    """Return where the content of ``node`` ends; a block's own end mark lies behind the comments after it."""
    if isinstance(node, TextNode):
        end = node.end.index
        return len(text[:end].rstrip()) if node.style in ("|", ">") else end
    if text[node.start.index : node.start.index + 1] in ("[", "{"):
        return node.end.index
    children = node.items if isinstance(node, ListNode) else [value for _, value in node.pairs]
    last = end_of(text, children[-1]) if children else node.start.index
    return max(last, node.pairs[-1][0].end.index + 1) if isinstance(node, MapNode) and node.pairs else last


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found


class _Editor:
    """Collects the edits that give one rule's keys new values."""

    def __init__(self, text: str, node: MapNode) -> None:
        self.text = text
        self.node = node
        self.in_line = text[node.start.index] == "{"
        self.edits: list[tuple[int, int, str]] = []

    def put(self, key: str, value: Plain) -> None:
        """Give ``key`` a value, or take it away with None."""
        position = next((i for i, (name, _) in enumerate(self.node.pairs) if name.value == key), -1)
        if position < 0:
            if value is not None:
                self._add(key, value)
        elif value is None:
            self._remove(position)
        else:
            self._replace(position, value)

    def _spans(self) -> list[tuple[int, int]]:
        return [(key.start.index, max(end_of(self.text, value), key.end.index + 1)) for key, value in self.node.pairs]

    def _add(self, key: str, value: Plain) -> None:
        order = [spec.name for spec in INDICATOR.keys]
        names = [name.value for name, _ in self.node.pairs]
        # Behind the key that comes right before it in the schema, wherever the writer has put that.
        before = next((name for name in reversed(order[: order.index(key)]) if name in names), names[0])
        after = names.index(before)
        spans = self._spans()
        if self.in_line:
            self.edits.append((spans[after][1], spans[after][1], f", {key}: {flow(value)}"))
            return
        indent = " " * self.node.pairs[0][0].start.column
        at = _line_end(self.text, spans[after][1])
        if key in ("exclude", "examples"):
            body = f"{key}:" + "".join(f"\n{indent}  - {flow(item)}" for item in value)
        else:
            body = f"{key}: {flow(value)}"
        # Several keys added at one place come in the order of the schema.
        rank = f"\n{indent}{body}"
        known = next((i for i, (start, end, _) in enumerate(self.edits) if start == end == at), -1)
        if known >= 0:
            self.edits[known] = (at, at, self.edits[known][2] + rank)
        else:
            self.edits.append((at, at, rank))

    def _remove(self, position: int) -> None:
        spans = self._spans()
        start, end = spans[position]
        if self.in_line:
            if position > 0:
                self.edits.append((spans[position - 1][1], end, ""))
            elif len(spans) > 1:
                self.edits.append((start, spans[1][0], ""))
        elif position == 0:
            if len(spans) > 1:
                self.edits.append((start, spans[1][0], ""))
        else:
            self.edits.append((_line_start(self.text, start) - 1, _line_end(self.text, end), ""))

    def _replace(self, position: int, value: Plain) -> None:
        name, node = self.node.pairs[position]
        if isinstance(node, ListNode) and isinstance(value, list) and node.items:
            self._edit_list(node, value)
            return
        start, end = node.start.index, end_of(self.text, node)
        if isinstance(node, TextNode) and start < end and isinstance(value, str):
            self.edits.append((start, end, flow(value)))
        else:  # from the colon on, whatever stood there
            colon = self.text.index(":", name.end.index)
            self.edits.append((colon + 1, max(end, colon + 1), f" {flow(value)}"))

    def _edit_list(self, node: ListNode, value: list[Plain]) -> None:
        """Edit a list item by item, so that what stays keeps its writing and its comments."""
        old = [json.dumps(to_plain(item), ensure_ascii=False, sort_keys=True) for item in node.items]
        new = [json.dumps(item, ensure_ascii=False, sort_keys=True) for item in value]
        spans = [(item.start.index, end_of(self.text, item)) for item in node.items]
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            pairs = min(b - a, d - c)
            for number in range(pairs):
                start, end = spans[a + number]
                self.edits.append((start, end, flow(value[c + number], True)))
            if b - a > pairs:
                self._cut_items(node, spans, a + pairs, b)
            elif d - c > pairs:
                self._insert_items(node, spans, a + pairs, value[c + pairs : d])

    def _cut_items(self, node: ListNode, spans: Sequence[tuple[int, int]], a: int, b: int) -> None:
        if self.text[node.start.index] == "[":
            start, end = (spans[a - 1][1], spans[b - 1][1]) if a else (spans[0][0], spans[b][0])
            self.edits.append((start, end, ""))
            return
        for number in range(a, b):
            dash = self.text.rfind("-", 0, spans[number][0])
            self.edits.append((_line_start(self.text, dash) - 1, _line_end(self.text, spans[number][1]), ""))

    def _insert_items(self, node: ListNode, spans: Sequence[tuple[int, int]], at: int, items: list[Plain]) -> None:
        written = [flow(item, True) for item in items]
        if self.text[node.start.index] == "[":
            if at:
                self.edits.append((spans[at - 1][1], spans[at - 1][1], "".join(f", {item}" for item in written)))
            else:
                self.edits.append((spans[0][0], spans[0][0], "".join(f"{item}, " for item in written)))
            return
        dash = self.text.rfind("-", 0, spans[0][0])
        indent = " " * (dash - _line_start(self.text, dash))
        if at:
            place = _line_end(self.text, spans[at - 1][1])
            self.edits.append((place, place, "".join(f"\n{indent}- {item}" for item in written)))
        else:
            self.edits.append((dash, dash, "".join(f"- {item}\n{indent}" for item in written)))
