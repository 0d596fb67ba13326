"""Reads YAML nodes by their shapes; every mistake becomes an issue with its place."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from compiler.model import Issue
from compiler.rules.nodes import INVISIBLE, Document, ListNode, MapNode, Node, TextNode
from compiler.rules.shapes import Either, Figure, Flag, Interval, ListOf, MapOf, OneOf, Record, Shape, Text, Whole

MOST_ISSUES: Final = 500
"""How many issues of one file are listed."""


MISSING: Final = object()
"""Stands for a value that could not be read."""


@dataclass(slots=True)
class Fields:
    """A mapping that was read by a :class:`Record`: values and nodes by key."""

    node: MapNode
    values: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, TextNode] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``, or ``default`` where it is absent or could not be read."""
        return self.values.get(key, default)

    def typed(self, record: Record) -> dict[str, Any]:
        """Return the values that were read, by key, lists to look for longest first."""
        found: dict[str, Any] = {}
        for key in record.keys:
            if key.name in self.values:
                value = self.values[key.name]
                ordered = isinstance(key.shape, ListOf) and key.shape.longest_first
                found[key.name] = longest_first(value) if ordered else value
        return found

    def at(self, key: str) -> Node:
        """Return the node of the value of ``key``, the mapping itself where it is absent."""
        return self.nodes.get(key, self.node)


_KINDS = {TextNode: "文字", ListNode: "列表", MapNode: "键和值"}


_TRUE = frozenset({"true", "yes", "on", "y", "是", "真", "对"})


_FALSE = frozenset({"false", "no", "off", "n", "否", "假", "不"})


_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z")


_COLOUR = re.compile(r"#?[0-9A-Fa-f]{6}\Z", re.ASCII)


_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,12})?\Z")


_INTERVAL = re.compile(r"([+-]?\d{1,30}(?:\.\d{1,12})?)\s*\.\.\s*([+-]?\d{1,30}(?:\.\d{1,12})?)\Z")


_BLANKS = re.compile(r"\s+")


_SEPARATOR = re.compile(r"[，；;、]|(?<=[\u4e00-\u9fff〕])[ \u3000]+(?=[\u4e00-\u9fff〔－])")


_CHINESE = re.compile("[\u4e00-\u9fff]")


_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")


_BRACKETS = re.compile("〔[^〔〕]*〕|（[^（）]*）")


_SLOT = re.compile(r"\{([^{}]*)\}")


# What YAML 1.1 readers make something other than text of, in a way that changes what one sees.
_READ_OTHERWISE = (
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?\Z"), "日期"),
    (re.compile(r"[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?\Z"), "六十进制的时间"),
    (re.compile(r"[-+]?0\d+\Z"), "八进制数"),
    (re.compile(r"[-+]?0[xb][\da-fA-F_]+\Z"), "十六进制或二进制数"),
    (re.compile(r"[-+]?\d+_[\d_]*\Z"), "去掉下划线的数"),
    (re.compile(r"[-+]?\d+(?:\.\d*)?[eE][-+]\d+\Z"), "科学记数"),
    (re.compile(r"(?:yes|no|on|off|true|false)\Z", re.IGNORECASE), "是或否"),
    (re.compile(r"(?:null|~)\Z", re.IGNORECASE), "空值"),
)


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """Return words in the order in which they are looked for: 生产总值增速 before 生产总值."""
    return tuple(sorted(words, key=len, reverse=True))


def half_width(text: str) -> str:
    """Return ``text`` with full-width digits, letters and signs made half-width."""
    return unicodedata.normalize("NFKC", text)


def one_character_apart(word: str, other: str) -> bool:
    """Tell whether two words are of one length and differ in one character."""
    return len(word) == len(other) > 1 and sum(a != b for a, b in zip(word, other, strict=True)) == 1


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like ``word``, or "" where none is."""
    options = list(known)
    plain = unicodedata.normalize("NFKC", word).lower()
    lowered = {option.lower(): option for option in reversed(options)}
    if plain in lowered:
        return lowered[plain]
    found = difflib.get_close_matches(word, options, 5, 0.6)
    letters = sorted(word)
    # Two letters that changed places are likelier than one that is wrong: gpd is gdp and not gnp.
    return next((option for option in found if sorted(option) == letters), found[0] if found else "")


def hint_for(word: str, known: Iterable[str], what: str = "可以写的有") -> str:
    """Return advice: the nearest known word, or the list of what can be written."""
    options = list(known)
    near = nearest(word, options)
    if near:
        return f"是不是想写 “{near}”？"
    return f"{what}：{listed_near(word, options)}"


def listed_near(word: str, known: Iterable[str]) -> str:
    """Return what can be written as a list, the words most like ``word`` first and no more than a person reads."""
    options = list(known)
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    likeness = {}
    for option in options:
        matcher.set_seq1(option)
        likeness[option] = matcher.ratio()
    first = sorted(options, key=lambda option: -likeness[option])[:_MOST_LISTED]
    return "、".join(first) + (" 等" if len(options) > _MOST_LISTED else "")


_MOST_LISTED = 12


_HUNDREDS = re.compile(r"\d{3}(?!\d)")
_CUT_NUMBER = re.compile(r"\d[,，]\s*$")
_REST_OF_NUMBER = re.compile(r"[,，]\d{3}(?!\d)")
_GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?!\d)")


class Reader:
    """Reads nodes of one document by shapes; gathers issues; ``failures`` counts those that lose content."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.issues: list[Issue] = []
        self.failures = 0
        self.who = "文件"
        self._invisible = bool(INVISIBLE.search(document.text))
        self._key_of_empty: dict[int, TextNode] = {}
        self._examples: dict[str, str] = {}
        self._grouped: set[int] = set()

    def fail(self, code: str, node: Node, **fields: str) -> None:
        """Tell an error: the entry that holds ``node`` will be left out."""
        self.failures += 1
        if not self.document.refused(node):
            self.tell(code, node, **fields)

    def tell(self, code: str, node: Node, **fields: str) -> None:
        """Tell a warning or a note."""
        fields.setdefault("who", self.who)
        if len(self.issues) < MOST_ISSUES:
            self.issues.append(Issue(code, fields, self.document.location(node)))
        elif len(self.issues) == MOST_ISSUES:
            self.issues.append(Issue("R242", {"most": str(MOST_ISSUES)}, self.document.whole()))

    def fail_within(self, code: str, node: TextNode, offset: int, length: int, **fields: str) -> None:
        """Tell an error at ``offset`` characters into the text of ``node``."""
        self.failures += 1
        self.tell_within(code, node, offset, length, **fields)

    def tell_within(self, code: str, node: TextNode, offset: int, length: int, **fields: str) -> None:
        """Tell a warning at ``offset`` characters into the text of ``node``."""
        fields.setdefault("who", self.who)
        start = node.start
        if node.style in ("|", ">") or start.line != node.end.line:
            where = self.document.location(node)
        else:
            where = self.document.at(start.line, start.column + offset + (0 if node.plain else 1), length)
        self.issues.append(Issue(code, fields, where))

    # --- values ---

    def read(self, node: Node, shape: Shape, key: str = "") -> Any:
        """Return the value of ``node`` by ``shape``, or :data:`MISSING` (with an issue told)."""
        if isinstance(shape, Text):
            return self._text(node, shape, key)
        if isinstance(shape, ListOf):
            return self._list(node, shape, key)
        if isinstance(shape, Record):
            return self.record(node, shape, key)
        if isinstance(shape, Either):
            return self.read(node, shape.text if isinstance(node, TextNode) else shape.other, key)
        if isinstance(shape, MapOf):
            return self._table(node, shape, key)
        scalar = self._scalar(node, key)
        if scalar is MISSING:
            return MISSING
        assert isinstance(node, TextNode)
        if isinstance(shape, OneOf):
            if scalar in shape.words():
                return shape.kind(scalar) if shape.kind else scalar
            if self._tell_thousands(node):
                return MISSING
            near = next((word for word, title in shape.choices if title == scalar), "")
            hint = f"是不是想写 “{near}”？" if near else hint_for(scalar, shape.words())
            self.fail("R106", node, key=key, value=scalar, hint=hint)
            return MISSING
        if isinstance(shape, Flag):
            return self._flag(node, scalar, key)
        return self._number(node, scalar, shape, key)

    def _as_example(self, key: str) -> str:
        example = self._examples.get(key)
        return f"写成 {key}: {example}" if example else ""

    def _scalar(self, node: Node, key: str, expected: str = "文字") -> Any:
        if isinstance(node, MapNode) and self._is_expression(node):
            self.fail("R249", node)
            return MISSING
        if not isinstance(node, TextNode):
            self.fail("R105", node, key=key, expected=expected, found=_KINDS[type(node)], hint=_bracket_hint(node))
            return MISSING
        text = node.value
        if self._invisible and INVISIBLE.search(text):
            self.tell("R119", node, key=key)
            text = INVISIBLE.sub("", text)
        if "\n" in text or text != text.strip():
            text = text.strip()
        if not text:
            if node.style != "*":  # an alias or a bad key has been told already
                self._tell_empty(node, key)
            return MISSING
        return text

    def _is_expression(self, node: MapNode) -> bool:
        """Tell whether a mapping is an expression without quotation marks: {{ 名字 }}."""
        return self.document.lines[node.start.line][node.start.column :].startswith("{{")

    def _tell_empty(self, node: Node, key: str) -> None:
        """Tell an empty value, at its key where it takes no room itself."""
        where = node if node.start.index < node.end.index else self._key_of_empty.get(id(node), node)
        self.empty(where, key)

    def empty(self, where: Node, key: str) -> None:
        """Tell that ``key`` has no value, pointing at ``where``."""
        line = self.document.lines[where.end.line] if where.end.line < len(self.document.lines) else ""
        hidden = re.match(r":?\s*#", line[where.end.column :])
        hint = "以 # 开头的文字要加英文引号，不然算注释" if hidden else "写上内容；用不着就把这一行删去"
        self.fail("R104", where, key=key, hint=hint)

    def _text(self, node: Node, shape: Text, key: str) -> Any:
        if shape.empty and isinstance(node, TextNode) and not node.value.strip() and node.style != "*":
            return ""
        text = self._scalar(node, key)
        if text is MISSING:
            return MISSING
        assert isinstance(node, TextNode)
        if "\n" in text:
            text = _BLANKS.sub("", text) if shape.form != "code" else text
        if len(text) > shape.longest:
            self.fail("R108", node, key=key, length=str(len(text)), most=str(shape.longest))
            return MISSING
        if shape.form == "id" and not _ID.match(text):
            self.fail("R107", node, key=key, value=text)
            return MISSING
        if shape.form == "colour":
            if not _COLOUR.match(text):
                self.fail("R251", node, key=key, value=text)
                return MISSING
            return text.removeprefix("#").upper()
        if shape.form == "wording":
            for slot in _SLOT.findall(text):
                if slot not in shape.slots:
                    self._unknown_slot(node, slot, shape, key)
                    return MISSING
        if shape.form == "name":
            self._look_for_wide(node, text, key)
        if node.plain:
            self._look_at_plain(node, text, shape, key)
        return text

    def _look_for_wide(self, node: TextNode, text: str, key: str) -> None:
        """Tell full-width letters and digits, which no sentence has once it is made ready for reading."""
        wide = _WIDE.search(text)
        if wide is not None:
            narrow = half_width(wide.group())
            self.tell_within(
                "R123",
                node,
                node.value.find(wide.group()),
                len(wide.group()),
                key=key,
                value=text,
                wide=wide.group(),
                narrow=narrow,
            )

    def _unknown_slot(self, node: TextNode, slot: str, shape: Text, key: str) -> None:
        hint = hint_for(slot, shape.slots, "这里可以用的有") if shape.slots else "这里不能用花括号"
        self.fail_within("R512", node, node.value.find("{" + slot + "}"), len(slot) + 2, key=key, slot=slot, hint=hint)

    def _look_at_plain(self, node: TextNode, text: str, shape: Text, key: str) -> None:
        """Tell what other YAML readers, or the writer, may understand otherwise."""
        first = text[0]
        if (first in "-+.~0123456789" or len(text) <= 5) and shape.form != "id":
            for expression, what in _READ_OTHERWISE:
                if expression.match(text):
                    self.tell("R117", node, key=key, value=text, what=what)
                    break
        if first == "“" and text[-1] == "”" and text.count("“") == 1:
            self.tell("R121", node, key=key, value=text)
        self._look_for_cut(node, text, shape, key)

    def _look_for_cut(self, node: TextNode, text: str, shape: Text, key: str) -> None:
        """Tell where `` #`` has cut a text: a comment glued to it, or one after an unfinished sentence."""
        if node.end.line >= len(self.document.lines):
            return
        rest = self.document.lines[node.end.line][node.end.column :]
        stripped = rest.lstrip()
        if not stripped.startswith("#"):
            return
        glued = len(stripped) > 1 and stripped[1] not in " #!-="
        sentence = shape.form in ("sentence", "note")
        if glued or (sentence and len(rest) - len(stripped) == 1 and text[-1] not in "。！？；”）"):
            column = node.end.column + len(rest) - len(stripped)
            where = self.document.at(node.end.line, column, len(stripped.rstrip()))
            self.issues.append(Issue("R116", {"who": self.who, "key": key}, where))

    def _flag(self, node: TextNode, text: str, key: str) -> Any:
        lowered = text.lower()
        if lowered in _TRUE:
            return True
        if lowered in _FALSE:
            return False
        self.fail("R109", node, key=key, value=text)
        return MISSING

    def _number(self, node: TextNode, text: str, shape: Whole | Figure | Interval, key: str) -> Any:
        if self._tell_thousands(node):
            return MISSING
        if isinstance(shape, Whole):
            if not re.match(r"\d{1,18}\Z", text, re.ASCII):
                self.fail("R110", node, key=key, value=text, expected="整数")
                return MISSING
            if not shape.low <= int(text) <= shape.high:
                self.fail("R114", node, key=key, value=text, low=str(shape.low), high=str(shape.high))
                return MISSING
            return int(text)
        if isinstance(shape, Figure):
            if not re.match(_NUMBER, text) or not text.isascii() or text.startswith("-"):
                self.fail("R110", node, key=key, value=text, expected="不小于 0 的数")
                return MISSING
            return Decimal(text)
        match = _INTERVAL.match(text) if text.isascii() else None
        if match:
            low, high = Decimal(match.group(1)), Decimal(match.group(2))
            fits = low <= high and (not shape.whole or (low >= 0 and low == int(low) and high == int(high)))
            if fits:
                return (int(low), int(high)) if shape.whole else (low, high)
        hint = "不写百分号，" if "%" in half_width(text) else ""
        self.fail("R310" if shape.whole else "R302", node, key=key, value=text, hint=hint)
        return MISSING

    def _list(self, node: Node, shape: ListOf, key: str) -> Any:
        if not isinstance(node, ListNode):
            if isinstance(node, TextNode) and not node.value.strip():
                if node.style != "*":
                    self._tell_empty(node, key)
            elif isinstance(node, TextNode) and node.value[0] in "－—–―−":
                self.fail("R218", node, character=node.value[0])
            elif isinstance(node, TextNode) and node.value[0] == "-" and isinstance(_named(shape.item), Text):
                self.fail("R226", node)
            elif isinstance(node, TextNode):
                self.fail("R118", node, key=key, hint=self._as_example(key) or _list_hint(node.value))
            else:
                self.fail("R105", node, key=key, expected="列表", found="键和值", hint="每一项前面写 “- ”")
            return MISSING
        values: list[Any] = []
        seen: dict[Any, int] = {}
        simple, named = _is_simple(shape), _named(shape.item)
        complete = True
        for item in node.items:
            value = self.read(item, shape.item, key)
            if value is MISSING:
                complete = False
                continue
            if simple and shape.unique and not isinstance(value, Fields):
                if value in seen:
                    self.tell("R113", item, key=key, value=value, line=str(seen[value]))
                    continue
                seen[value] = item.start.line + 1
                if self._has_separator(item, value, named, key):
                    complete = False
                    continue
            values.append(value)
        return tuple(values) if complete or shape.lenient else MISSING

    def _has_separator(self, item: Node, value: str, shape: Shape, key: str) -> bool:
        """Refuse ``[甲， 乙]``: one name with a full-width comma inside, where two were meant."""
        if not isinstance(item, TextNode) or not item.plain or not isinstance(shape, Text) or shape.form != "name":
            return False
        # Inside 〔甲，|〕 or （市、区） a comma can only be meant, and so it is where there is nothing else.
        match = _SEPARATOR.search(_BRACKETS.sub(lambda found: "〔" * len(found.group()), value))
        if match is None or len(value) == 1 or (match.group() == "、" and not shape.single):
            return False
        what = f" “{match.group()}”" if match.group().strip() else "空格"
        self.fail_within("R115", item, match.start(), len(match.group()), key=key, value=value, what=what)
        return True

    def record(self, node: Node, shape: Record, key: str = "") -> Any:
        """Return the :class:`Fields` of a mapping, or :data:`MISSING`. Keys that fail are left out of it."""
        if not isinstance(node, MapNode):
            if isinstance(node, TextNode) and not node.value.strip():
                if node.style != "*":
                    self._tell_empty(node, key)
                return MISSING
            hint = _mapping_hint(node) or self._as_example(key) or _AS_MAPPING
            self.fail("R105", node, key=key, expected="键和值", found=_KINDS[type(node)], hint=hint)
            return MISSING
        result = Fields(node)
        known = {k.name: k for k in shape.keys}
        for name, value in node.pairs:
            spec = known.get(name.value)
            result.keys[name.value] = name
            result.nodes[name.value] = value
            if spec is None:
                if name.value and value.start.index >= value.end.index and _CHINESE.search(name.value):
                    # In {text: 甲, 乙。, under: …} the comma has cut the sentence; 乙。 stands there as a key.
                    self.fail("R245", name, key=name.value)
                else:
                    self.unknown_key(name, shape)
                continue
            if value.start.index >= value.end.index:
                self._key_of_empty[id(value)] = name
            self._examples[name.value] = (
                "" if isinstance(spec.shape, ListOf) and _is_simple(spec.shape) else spec.example
            )
            found = self.read(value, spec.shape, name.value)
            if found is not MISSING:
                result.values[name.value] = found
        self.tell_missing(node, shape, result.keys)
        return result

    def tell_missing(self, node: Node, shape: Record, keys: Mapping[str, TextNode]) -> None:
        """Tell required keys that are not there; of one that an unknown key was meant for, that has been told."""
        absent = [spec for spec in shape.keys if spec.required and spec.name not in keys]
        unknown = [name for name in keys if shape.key(name) is None] if absent else []
        meant = {self.meant_by(name, shape): keys[name] for name in unknown}
        for spec in absent:
            told = spec.name in meant and not shape.open  # an open one only warns of keys that it does not know
            if told or self.document.repaired:  # what could not be read may have had the key
                self.failures += 1
            else:
                self.fail("R101", meant.get(spec.name, node), key=spec.name, title=spec.title, example=spec.example)

    @staticmethod
    def meant_by(name: str, shape: Record) -> str:
        """Return the key that an unknown one was meant for, as far as one can tell."""
        word = re.split(r"[：，\s]", name, maxsplit=1)[0]
        titled = (key.name for key in shape.keys if word in (key.name, key.title, key.name.replace("_", "-")))
        return next(titled, "") or nearest(word, [key.name for key in shape.keys])

    def _tell_thousands(self, node: TextNode) -> bool:
        """Tell a comma within a number, 1,000: in brackets it parts the number in two, elsewhere it stands in it.

        Return whether there is one; each line is told once.
        """
        line = self.document.lines[node.start.line]
        parted = _HUNDREDS.match(node.value) and _CUT_NUMBER.search(line[: node.start.column])
        cut = node.value[-1:].isdigit() and _REST_OF_NUMBER.match(line, node.end.column)
        if not parted and not cut and not _GROUPED.search(node.value):
            return False
        if node.start.line in self._grouped:
            self.failures += 1
            return True
        self._grouped.add(node.start.line)
        found = _GROUPED.search(line)
        printed = found.group() if found else node.value
        self.fail("R258", node, value=printed, plain=printed.replace(",", "").replace("，", ""))
        return True

    def unknown_key(self, name: TextNode, shape: Record) -> None:
        """Tell that ``shape`` has no key called so."""
        if len(self.issues) > MOST_ISSUES:
            self.failures += 0 if shape.open else 1
            return
        if self._tell_thousands(name):
            return
        trap = _key_trap(name.value)
        if trap:
            self.fail(trap[0], name, character=trap[1])
            return
        near = self.meant_by(name.value, shape)
        hint = f"是不是想写 “{near}”？" if near else hint_for(name.value, [k.name for k in shape.keys], "可以用的键有")
        if shape.open:
            self.tell("R507", name, key=name.value, hint=hint)
        else:
            self.fail("R102", name, key=name.value, hint=hint)

    def _table(self, node: Node, shape: MapOf, key: str) -> Any:
        if not isinstance(node, MapNode):
            hint = _mapping_hint(node) or self._as_example(key) or _AS_MAPPING
            self.fail("R105", node, key=key, expected="键和值", found=_KINDS[type(node)], hint=hint)
            return MISSING
        values: dict[str, Any] = {}
        complete = True
        for name, value in node.pairs:
            word = name.value if shape.key is None else self.read(name, shape.key, key)
            if word is MISSING:
                complete = False
                continue
            if value.start.index >= value.end.index:
                self._key_of_empty[id(value)] = name
            found = self.read(value, shape.value, f"{key}.{word}" if key else word)
            if found is MISSING:
                complete = False
            else:
                values[word] = found
        return values if complete else MISSING


def _named(shape: Shape) -> Shape:
    """Return the shape of a name where a mapping may stand in its place (an alias under conditions)."""
    named = isinstance(shape, Either) and isinstance(shape.text, Text) and shape.text.form == "name"
    return shape.text if named and isinstance(shape, Either) else shape


def _is_simple(shape: ListOf) -> bool:
    return isinstance(_named(shape.item), Text | OneOf)


def _key_trap(key: str) -> tuple[str, str] | None:
    if "：" in key:
        return "R216", "："
    if key[:1] in "－—–―−":
        return "R218", key[:1]
    if "\u3000" in key or "\u00a0" in key:
        return "R219", "\u3000"
    if "，" in key:
        return "R217", "，"
    return None


def _bracket_hint(node: Node) -> str:
    if isinstance(node, ListNode):
        return "这里只写一个值，不用方括号或 “- ”"
    return "如果文字里有 “: ” 或花括号，请给整段文字加英文引号"


def _list_hint(text: str) -> str:
    inner = text.strip("［］【】〔〕[]{}")
    parts = [part.strip() for part in re.split("[，、,；;]", inner) if part.strip()]
    return f"写成 [{', '.join(parts[:6])}{', …' if len(parts) > 6 else ''}]"


def _mapping_hint(node: Node) -> str:
    if isinstance(node, TextNode) and "：" in node.value:
        return "冒号要用英文的，后面空一格，如 name: 某某"
    if isinstance(node, TextNode) and re.match(r"\w+:\S", node.value):
        return "冒号后面要空一格"
    return ""


_AS_MAPPING = "写成 “键: 值”，一行一个"
