"""One folder of rule files: which files belong to it, and the top level of each.

The entries of a file (its rules, its units) are read afterwards by those who know what they mean, one
by one, so that a wrong one can stand aside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from compiler.model import Issue, Location
from compiler.rules.keys import FORMAT
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode
from compiler.rules.parse import parse_document, read_limited
from compiler.rules.shapes import ListOf, Record
from compiler.rules.yaml_reader import MISSING, Fields, Reader, nearest

MAX_FILES: Final = 500
"""The most files of a rule folder."""

_LAST: Final = 10_000
"""The order of a file that does not give one: after all that do."""

_WHOLE_FILES: Final = {"lexicon.yaml": "词表", "ledger.yaml": "台账", "tasks.yaml": "任务", "offices.yaml": "分工"}
"""What messages about a whole file call it."""


@dataclass(slots=True)
class RuleFile:
    """A file of rules that was read, with its reader and the values of its top level."""

    relative: str
    document: Document
    reader: Reader
    top: Fields
    order: tuple[int, str]


#: What comes of a file without a word in it.
_EMPTY: Final = {
    "lexicon.yaml": ("R256", "规则都用不了"),
    "ledger.yaml": ("R257", "表里的措辞会显示成键名"),
    "tasks.yaml": ("R257", "任务清单会是空的"),
    "offices.yaml": ("R257", "任务分不到单位"),
}


class RuleFolder:
    """The files of a folder, the issues found in them so far, and what they hash to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown_root = folder.resolve().name or "rules"
        self.issues: list[Issue] = []
        self.digests: dict[str, str] = {}

    def shown(self, relative: str) -> str:
        """Return how messages call a file: with the folder's own name, wherever the folder lies."""
        return f"{self.shown_root}/{relative}"

    def has(self, relative: str) -> bool:
        """Tell whether the folder has a file."""
        return (self.folder / relative).is_file()

    def tell(self, code: str, relative: str = "", **fields: str) -> None:
        """Tell something about a file as a whole, or about the folder."""
        where = Location(self.shown(relative) if relative else self.shown_root)
        self.issues.append(Issue(code, fields, where))

    def fingerprint(self) -> str:
        """Return one hash over the names and contents of all files that were read."""
        digest = sha256()
        for relative, value in sorted(self.digests.items()):
            digest.update(f"{relative}\0{value}\n".encode())
        return digest.hexdigest()

    def sorted_issues(self) -> tuple[Issue, ...]:
        """Return all issues by place, those first that others follow from."""
        return tuple(
            sorted(
                self.issues,
                key=lambda i: (
                    not (i.where and is_lexicon(i.where.path)),
                    *((i.where.path, i.where.line, i.where.column) if i.where else ("", 0, 0)),
                ),
            )
        )

    def walk(self) -> dict[str, list[str]]:
        """Return the rule files by folder; tell what does not belong there. Looks no deeper than rules lie."""
        groups: dict[str, list[str]] = {"indicators": [], "sections": []}
        count = 0
        for path in self._inside(self.folder):
            if path.name == "schema" and path.is_dir():
                continue  # what editors read
            for found in self._inside(path) if path.is_dir() and path.name in groups else (path,):
                count += 1
                if count > MAX_FILES:
                    self.tell("R415", most=str(MAX_FILES))
                    return groups
                place, _, name = found.relative_to(self.folder).as_posix().rpartition("/")
                if place and found.suffix == ".yaml" and not found.is_dir():
                    groups[place].append(f"{place}/{name}")
                elif found.suffix.lower() != ".md" and (place or name not in _WHOLE_FILES):
                    self._unknown_file(f"{place}/{name}" if place else name, place, name, found.suffix)
        return groups

    def without_copies(self, relatives: list[str]) -> list[str]:
        """Return the files without copies of others, which are told: of two the longer name is the copy's."""
        first: dict[bytes, str] = {}
        copies: set[str] = set()
        for relative in sorted(relatives, key=lambda one: (len(one), one)):
            data, _ = read_limited(self.folder / relative, relative)
            other = first.setdefault(data, relative) if data else relative
            if other != relative:
                copies.add(relative)
                self.tell("R420", relative, file=relative, other=other)
        return [relative for relative in relatives if relative not in copies]

    def _inside(self, folder: Path) -> list[Path]:
        """Return what lies in ``folder``, without hidden files and the lock files of office programs."""
        try:
            return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$", "__")))
        except OSError:
            self.tell("R201", folder.name if folder != self.folder else "", why="没有读取的权限")
            return []

    def _unknown_file(self, relative: str, place: str, name: str, suffix: str) -> None:
        hint = "规则放在 indicators 或 sections 文件夹里，用 .yaml 结尾；不是规则的文件请移到别处"
        if suffix.lower() in (".yml", ".yaml") and suffix != ".yaml":
            hint = f"文件名改成以 .yaml 结尾：{name[: -len(suffix)]}.yaml"
        elif not place and suffix == ".yaml":
            near = nearest(name, tuple(_WHOLE_FILES))
            hint = f"是不是想写 “{near}”？" if near else "指标规则放进 indicators 文件夹，章节规则放进 sections 文件夹"
        elif name.lower().endswith((".yaml.txt", ".yml.txt")):
            hint = f"去掉文件名最后的 .txt：{name[:-4]}"
        self.tell("R410", relative, file=relative, hint=hint)

    def read(self, relative: str) -> Document | None:
        """Read a file; its issues are told, its hash is kept."""
        data, issues = read_limited(self.folder / relative, self.shown(relative))
        self.issues.extend(issues)
        self.digests[relative] = "" if data is None else sha256(data).hexdigest()
        if data is None:
            return None
        document, issues = parse_document(data, self.shown(relative))
        self.issues.extend(issues)
        return document

    def _tell_empty(self, relative: str) -> None:
        """Say what an empty file brings about, where the rules have only one of its kind."""
        if relative in _WHOLE_FILES and self.issues and self.issues[-1].code == "R208":
            code, effect = _EMPTY[relative]
            fields = {"what": _WHOLE_FILES[relative], "file": relative, "effect": effect}
            self.issues[-1] = replace(self.issues[-1], code=code, fields=fields)

    def open(self, relative: str, shape: Record, later: frozenset[str] = frozenset()) -> RuleFile | None:
        """Read a file's top level. Its lists, and the keys in ``later``, are read afterwards, entry by entry."""
        document = self.read(relative)
        if document is None or document.root is None:
            self._tell_empty(relative)
            return None
        reader = Reader(document)
        reader.who = _WHOLE_FILES.get(relative, reader.who)
        root = document.root
        if not isinstance(root, MapNode):
            first = shape.keys[0]
            hint = f"第一行写 {first.name}: {first.example}，与自带的规则文件对照"
            if isinstance(root, ListNode):
                lists = [key.name for key in shape.keys if isinstance(key.shape, ListOf)]
                hint = f"在列表前面加上 {first.name}: {first.example} 和 {lists[0]}: 两行，列表左边空两格"
            if isinstance(root, TextNode) and "：" in root.value:
                reader.tell("R216", root, character="：")
            else:
                reader.tell("R229", root, hint=hint)
            self.issues.extend(reader.issues)
            return None
        top = Fields(root)
        known = {key.name: key for key in shape.keys}
        for name, value in root.pairs:
            spec = known.get(name.value)
            top.keys[name.value] = name
            top.nodes[name.value] = value
            if spec is None:
                reader.unknown_key(name, shape)
            elif not isinstance(spec.shape, ListOf) and name.value not in later:
                found = reader.read(value, spec.shape, name.value)
                if found is not MISSING:
                    top.values[name.value] = found
        if not document.repaired:
            reader.tell_missing(root, shape, top.keys)
        number = top.get("format", FORMAT)
        if number != FORMAT:
            reader.fail("R111", top.at("format"), number=str(number), known=str(FORMAT))
            self.issues.extend(reader.issues)
            return None
        return RuleFile(relative, document, reader, top, (top.get("order", _LAST), relative))

    def entries(self, file: RuleFile, key: str) -> Iterable[Node]:
        """Return the items of the top-level list ``key``."""
        node = file.top.nodes.get(key)
        if node is None:
            return ()
        if isinstance(node, ListNode):
            if not node.items and not file.document.repaired:
                file.reader.tell("R112", file.top.keys[key], key=key)
            return node.items
        if isinstance(node, TextNode) and not node.value:
            if not file.document.repaired:
                file.reader.tell("R112", file.top.keys[key], key=key)
        else:
            file.reader.fail("R105", node, key=key, expected="列表", found="其他内容", hint="每一条前面写 “- ”")
        return ()


def is_lexicon(path: str) -> bool:
    """Tell whether a file is the lexicon: its mistakes are told first, since others follow from them."""
    return path.rpartition("/")[2] == "lexicon.yaml"


def mapping_of(fields: Fields, key: str) -> dict[str, Any]:
    """Return the values of the mapping ``key``, empty where it is absent or could not be read."""
    found = fields.get(key)
    return dict(found.values) if isinstance(found, Fields) else {}


def items_of(fields: Fields, key: str) -> list[Node]:
    """Return the nodes of the list ``key``, empty where it is none or could not be read in full."""
    node = fields.nodes.get(key)
    value: Any = fields.values.get(key)
    if not isinstance(node, ListNode) or value is None:
        return []
    if len(value) == len(node.items):
        return node.items
    # Repeated items were dropped with a warning; the first of each has stayed.
    kept: dict[str, Node] = {}
    for item in node.items:
        if isinstance(item, TextNode):
            kept.setdefault(item.value.strip(), item)
    return list(kept.values())
