"""Load the two files of words: ``lexicon.yaml`` (the language of reports) and ``ledger.yaml`` (that of the ledger)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from compiler.model import Bound, FigureCheck, Hedge, LedgerRules, Lexicon, Unit
from compiler.rules.folder import RuleFile, RuleFolder, items_of, mapping_of
from compiler.rules.keys import REMARK, WORDS, is_known
from compiler.rules.ledger_keys import CHECK, LEDGER_FILE
from compiler.rules.lexicon_keys import LEXICON_FILE, UNIT_ENTRY
from compiler.rules.nodes import ListNode, MapNode, Node, TextNode
from compiler.rules.parse import read_document, read_limited
from compiler.rules.patterns import GAP, MOST_GAPS_OF_A_WORD
from compiler.rules.shapes import Figure, Record, Shape
from compiler.rules.yaml_reader import MISSING, Fields, Reader, hint_for, longest_first, one_character_apart
from compiler.workspace import default_folder

_DEFAULT_TOLERANCE: Final = {"rate": Decimal("0.2"), "amount_percent": Decimal(2)}
_DEFAULT_LIMITS: Final = {
    "sum_percent": Decimal(1),
    "growth_points": Decimal(8),
    "jump_low": Decimal(10),
    "jump_counts": Decimal(1000),
    "target_points": Decimal(30),
    "target_times": Decimal(3),
    "target_times_counts": Decimal(10),
    "estimate_percent": Decimal(15),
    "growth_leap": Decimal(100),
    "lower_target_percent": Decimal(20),
    "same_digits": Decimal(4),
}
_MULTIPLIED: Final = re.compile("[万亿]+(?=.)")
"""A unit's word is written without the numerals that multiply it."""
_WAYS: Final = ("direction.up", "direction.down")
_READ_AT_ONCE: Final = frozenset({"format", "version", "hedges"})
"""The keys of the lexicon that are not word lists, units aside."""


_Loaded = tuple[str, Lexicon | None, frozenset[str]]

KnownLexicon = tuple[_Loaded, RuleFolder]

_LEXICONS_KEPT: Final = 4
_lexicons: dict[tuple[str, str], KnownLexicon] = {}
"""Lexicons read before in this process, by the file's name and content, with the folder that holds what was told then.
Of the rules that somebody edits who watches or uses the studio it changes the least, and it takes long to read."""


def load_lexicon(folder: RuleFolder) -> _Loaded:
    """Return the version and the lexicon, and the units whose entries were refused (what uses them falls with them)."""
    if not folder.has("lexicon.yaml"):
        folder.tell("R412", "lexicon.yaml")
        return "", None, frozenset()
    key = key_of_lexicon(folder)
    kept = known_lexicon(key)
    if kept is None:
        apart = RuleFolder(folder.folder)
        kept = _load_lexicon(apart), apart
        if apart.digests["lexicon.yaml"] == key[1]:  # else it was written to meanwhile
            remember_lexicon(key, kept)
    found, told = kept
    folder.issues.extend(told.issues)
    folder.digests |= told.digests
    return found


def key_of_lexicon(folder: RuleFolder) -> tuple[str, str]:
    """Return by what a folder's lexicon is known: how messages call its file, and a hash of its content."""
    data, _ = read_limited(folder.folder / "lexicon.yaml", "")
    return folder.shown("lexicon.yaml"), sha256(data or b"").hexdigest()


def known_lexicon(key: tuple[str, str]) -> KnownLexicon | None:
    """Return a lexicon that was read before."""
    return _lexicons.get(key)


def remember_lexicon(key: tuple[str, str], known: KnownLexicon) -> None:
    """Keep a lexicon that was read; whoever keeps it from run to run gives it back with this."""
    while len(_lexicons) >= _LEXICONS_KEPT:
        _lexicons.pop(next(iter(_lexicons)), None)
    _lexicons[key] = known


def _load_lexicon(folder: RuleFolder) -> _Loaded:
    groups = frozenset(key.name for key in LEXICON_FILE.keys) - _READ_AT_ONCE
    file = folder.open("lexicon.yaml", LEXICON_FILE, groups)
    if file is None:
        return "", None, frozenset()
    units, refused = _units(folder, file)
    hedges = _hedges(file)
    lists: dict[str, tuple[str, ...]] = {}
    for name, value in file.top.node.pairs:
        if name.value not in _READ_AT_ONCE and name.value != "units":
            _word_lists(file, name, value, LEXICON_FILE, "", lists)
    hedges = _without_directions(file, hedges, lists)
    folder.issues.extend(file.reader.issues)
    if not units:
        folder.tell("R513", file.relative)
        return "", None, frozenset()
    return file.top.get("version", ""), Lexicon(units, hedges, lists), frozenset(refused)


def _units(folder: RuleFolder, file: RuleFile) -> tuple[dict[str, Unit], set[str]]:
    reader = file.reader
    units: dict[str, Unit] = {}
    refused: set[str] = set()
    words: dict[str, str] = {}
    for node in folder.entries(file, "units"):
        reader.failures = 0
        name_node = node.get("name") if isinstance(node, MapNode) else None
        reader.who = f"单位 {name_node.value if isinstance(name_node, TextNode) else ''}".rstrip()
        fields = reader.record(node, UNIT_ENTRY, "units")
        if fields is MISSING:
            continue
        factor = parse_factor(fields.get("factor", "1"))
        if factor is None:
            reader.fail("R501", fields.at("factor"), value=fields.values["factor"])
        name = fields.get("name", "")
        if name in units:
            reader.fail("R502", fields.at("name"), unit=name)
        kept = []
        for item, word in zip(items_of(fields, "words"), fields.get("words", ()), strict=False):
            if _MULTIPLIED.match(word):
                reader.fail("R504", item, word=word, bare=_MULTIPLIED.sub("", word))
            elif word in words and words[word] != name:
                reader.tell("R503", item, word=word, other=words[word])
            else:
                words[word] = name
                kept.append(word)
        if reader.failures or factor is None or file.document.faulty(node):
            refused.update((name, *fields.get("words", ())))
            continue
        values = {**fields.typed(UNIT_ENTRY), "factor": factor, "words": longest_first(kept)}
        units[name] = Unit(**values)
    reader.who = "文件"
    _check_families(file, units)
    return units, refused - units.keys()


def _check_families(file: RuleFile, units: Mapping[str, Unit]) -> None:
    """Tell a family that has one unit and is one character from another: 重里 for 重量."""
    count = Counter(unit.family for unit in units.values())
    listed = file.top.nodes.get("units")
    for node in listed.items if isinstance(listed, ListNode) else ():
        family = node.get("family") if isinstance(node, MapNode) else None
        if not isinstance(family, TextNode) or count[family.value] != 1 or family.value in _known_families():
            continue
        near = next((other for other in count if one_character_apart(family.value, other)), "")
        if near:
            file.reader.tell("R505", family, family=family.value, near=near)


def _hedges(file: RuleFile) -> tuple[Hedge, ...]:
    found: list[Hedge] = []
    seen: dict[tuple[str, str], str] = {}
    top = file.top.get("hedges")
    if not isinstance(top, Fields):
        return ()
    for side in ("before", "after"):
        fields = top.get(side)
        if not isinstance(fields, Fields):
            continue
        for bound in ("ge", "le", "approx", "eq"):
            for item, word in zip(items_of(fields, bound), fields.get(bound, ()), strict=False):
                other = seen.setdefault((side, word), bound)
                if other != bound:
                    file.reader.who = "限定语"
                    file.reader.fail("R506", item, word=word, bound=bound, other=other)
                    continue
                found.append(Hedge(word, side, Bound(bound)))
    return tuple(sorted(found, key=lambda hedge: -len(hedge.word)))


def _without_directions(
    file: RuleFile, hedges: tuple[Hedge, ...], lists: Mapping[str, tuple[str, ...]]
) -> tuple[Hedge, ...]:
    """Leave out hedges that say which way a figure went: all rises would become about so much."""
    ways = {word: name for name in _WAYS for word in lists.get(name, ())}
    top = file.top.get("hedges")
    file.reader.who = "限定语"
    for side in ("before", "after"):
        fields = top.get(side) if isinstance(top, Fields) else None
        if not isinstance(fields, Fields):
            continue
        for bound, words in fields.values.items():
            for item, word in zip(items_of(fields, bound), words, strict=False):
                if word in ways:
                    file.reader.fail("R506", item, word=word, bound=bound, other=ways[word])
    return tuple(hedge for hedge in hedges if hedge.word not in ways)


def _word_lists(
    file: RuleFile,
    key: TextNode,
    node: Node,
    parent: Record | None,
    path: str,
    lists: dict[str, tuple[str, ...]],
) -> None:
    """Read the word lists at and below ``key`` into ``lists`` under their dotted names."""
    reader = file.reader
    spec = parent.key(key.value) if parent else None
    if parent and not spec and path:  # those of the top level have been told when the file was opened
        reader.who = f"词表 {path}"
        reader.unknown_key(key, parent)
    path = f"{path}.{key.value}" if path else key.value
    reader.who = f"词表 {path}"
    if isinstance(node, MapNode):
        if spec and not isinstance(spec.shape, Record):
            reader.fail("R105", key, key=key.value, expected="列表", found="键和值", hint="写成 [甲, 乙]")
            return
        below = spec.shape if spec and isinstance(spec.shape, Record) else None
        for name, value in node.pairs:
            _word_lists(file, name, value, below, path, lists)
        return
    if not node.start.index < node.end.index:
        reader.empty(key, key.value)
        return
    words = reader.read(node, WORDS, key.value)
    if isinstance(node, ListNode) and not node.items:
        reader.tell("R122", key, key=path)
    if words is not MISSING:
        gapped = [word for word in words if word.count(GAP) > MOST_GAPS_OF_A_WORD]
        for word in gapped:
            count = str(word.count(GAP))
            reader.fail("R336", node, pattern=word, count=count, most=str(MOST_GAPS_OF_A_WORD))
        lists[path] = longest_first(word for word in words if word not in gapped)


def load_ledger(folder: RuleFolder, ids: set[str] | None, known_ids: set[str]) -> LedgerRules:
    """Read ``ledger.yaml``. ``ids`` is None where no rule could be read: the ids that it names are not looked at."""
    words, lists = dict(default_words()), dict(_default_lists())
    default = LedgerRules(dict(_DEFAULT_TOLERANCE), words, lists=lists, limits=dict(_DEFAULT_LIMITS))
    if not folder.has("ledger.yaml"):
        folder.tell("R413", "ledger.yaml")
        return default
    file = folder.open("ledger.yaml", LEDGER_FILE)
    if file is None:
        return default
    top = file.top
    written = {key: text for key, text in mapping_of(top, "words").items() if isinstance(text, str)}
    _keep_unknown(file, "words", REMARK, written)
    words = {**default_words(), **written}
    _tell_missing(file, words.keys() - written.keys())
    lists = {**_default_lists()}
    lists.update((key, found) for key, found in mapping_of(top, "lists").items() if isinstance(found, tuple))
    _keep_unknown(file, "lists", WORDS, lists)
    limits = {**_DEFAULT_LIMITS, **mapping_of(top, "limits")}
    _keep_unknown(file, "limits", Figure(), limits)
    checks = [
        check for check in (_figure_check(file, n, ids, known_ids) for n in folder.entries(file, "checks")) if check
    ]
    folder.issues.extend(file.reader.issues)
    return LedgerRules(
        tolerance={**_DEFAULT_TOLERANCE, **mapping_of(top, "tolerance")},
        words=words,
        judged_prices=top.get("judged_prices", False),
        lists=lists,
        limits=limits,
        checks=tuple(checks),
    )


@cache
def default_words() -> Mapping[str, str]:
    """Return the wordings of the shipped ``ledger.yaml``: a wording left out takes them, never its key."""
    document, _ = read_document(default_folder("rules") / "ledger.yaml", "ledger.yaml")
    root = document.root if document else None
    words = root.get("words") if isinstance(root, MapNode) else None
    pairs = words.pairs if isinstance(words, MapNode) else ()
    return MappingProxyType({key.value: value.value for key, value in pairs if isinstance(value, TextNode)})


@cache
def _known_families() -> frozenset[str]:
    """Return the families of the shipped lexicon: what it tells apart is told apart on purpose."""
    document, _ = read_document(default_folder("rules") / "lexicon.yaml", "lexicon.yaml")
    root = document.root if document else None
    units = root.get("units") if isinstance(root, MapNode) else None
    entries = units.items if isinstance(units, ListNode) else ()
    families = (entry.get("family") for entry in entries if isinstance(entry, MapNode))
    return frozenset(family.value for family in families if isinstance(family, TextNode))


@cache
def _default_lists() -> Mapping[str, tuple[str, ...]]:
    """Return the word lists of the shipped ``ledger.yaml``, which hold where a file leaves one out."""
    document, _ = read_document(default_folder("rules") / "ledger.yaml", "ledger.yaml")
    root = document.root if document else None
    lists = root.get("lists") if isinstance(root, MapNode) else None
    found = {}
    for key, node in lists.pairs if isinstance(lists, MapNode) else ():
        if isinstance(node, ListNode):
            found[key.value] = longest_first(item.value for item in node.items if isinstance(item, TextNode))
    return MappingProxyType(found)


def _tell_missing(file: RuleFile, missing: Set[str]) -> None:
    """Tell which states have no wording of their own, where the file words most of them: one was lost."""
    every = [key for key in default_words() if key.startswith("status.")]
    states = sorted(missing & set(every))
    if 0 < len(states) < len(every) / 2 and "words" in file.top.nodes and not file.document.repaired:
        shown = "、".join(f"{key}（{default_words()[key]}）" for key in states)
        file.reader.who = "台账"
        file.reader.tell("R335", file.top.keys["words"], missing=shown)


def _keep_unknown(file: RuleFile, key: str, shape: Shape, values: dict[str, Any]) -> None:
    """Read the keys below ``key`` that the schema does not know; each has been told with a warning."""
    fields = file.top.get(key)
    if isinstance(fields, Fields):
        for name, node in fields.nodes.items():
            if isinstance(node, TextNode | ListNode) and not is_known(LEDGER_FILE, key, name):
                value = file.reader.read(node, shape, name)
                if value is not MISSING:
                    values[name] = value


def _figure_check(file: RuleFile, node: Node, ids: set[str] | None, known_ids: set[str]) -> FigureCheck | None:
    reader = file.reader
    reader.failures = 0
    reader.who = "核对"
    fields = reader.record(node, CHECK, "checks")
    if fields is MISSING:
        return None
    references = [*zip(items_of(fields, "parts"), fields.get("parts", ()), strict=False)]
    if "whole" in fields.values:
        references.insert(0, (fields.at("whole"), fields.values["whole"]))
    for item, name in references if ids is not None else ():
        check_reference(reader, item, name, ids or set(), known_ids)
    if reader.failures or file.document.faulty(node):
        return None
    return FigureCheck(**fields.typed(CHECK))


def check_reference(reader: Reader, node: Node, name: str, ids: set[str], known_ids: set[str]) -> None:
    """Tell an id that no indicator has, or whose rule was left out."""
    if name in ids:
        return
    if name in known_ids:
        reader.fail("R323", node, id=name)
    else:
        reader.fail("R321", node, id=name, hint=hint_for(name, sorted(known_ids - {""})))


def parse_factor(text: str) -> Fraction | None:
    """Read the factor of a unit: a whole number, a decimal or a fraction, exact and above zero."""
    if not re.match(r"\d{1,20}(?:\.\d{1,20})?(?:/\d{1,20})?\Z", text, re.ASCII):
        return None
    upper, _, lower = text.partition("/")
    if lower and int(lower) == 0:
        return None
    factor = Fraction(upper) / (int(lower) if lower else 1)
    return factor if factor > 0 else None
