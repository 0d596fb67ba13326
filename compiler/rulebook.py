"""Load a folder of rules into a typed rule book.

Nothing raises for a writer's mistake: a rule that is wrong is left out with its issue and the others
work. Every issue points at the node of the YAML file that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from compiler import schema
from compiler.model import (
    Bound,
    CombinedRule,
    Example,
    Exclusion,
    Expectation,
    FigureCheck,
    Hedge,
    IndicatorRule,
    Issue,
    LedgerRules,
    Lexicon,
    Location,
    Measure,
    Part,
    Phrase,
    RuleBook,
    SectionRule,
    Tier,
    Unit,
)
from compiler.patterns import FIGURE, GAP, MOST_EXPANSIONS, PatternError, expand_pattern
from compiler.shapes import MISSING, Fields, Figure, ListOf, Reader, Record, Shape, hint_for, nearest
from compiler.yamlnodes import Document, ListNode, MapNode, Node, TextNode, read_document

MAX_FILES: Final = 500
"""The most files of a rule folder."""

_DEFAULT_TOLERANCE: Final = {"rate": Decimal("0.2"), "amount_percent": Decimal(2)}
_DEFAULT_LIMITS: Final = {
    "sum_percent": Decimal(1),
    "growth_points": Decimal(8),
    "jump_low": Decimal(1000),
    "same_digits": Decimal(4),
}
_LAST: Final = 10_000
"""The order of a file that does not give one: after all that do."""

_WHOLE_FILES: Final = {"lexicon.yaml": "词表", "ledger.yaml": "台账"}
_READ_AT_ONCE: Final = frozenset({"format", "version", "hedges"})
"""The keys of the lexicon that are not word lists, units aside."""

# The numerals that multiply a unit; they belong to the language, as digits do.
_MAGNITUDE = re.compile(r"[十百千]?[万亿]?亿?")


def load_rulebook(folder: Path) -> tuple[RuleBook | None, tuple[Issue, ...]]:
    """Load the rules in ``folder``; None where there is no lexicon that could be read."""
    return _Loader(folder).load()


@dataclass(slots=True)
class _File:
    """A file of rules that was read, with its reader and the values of its top level."""

    relative: str
    document: Document
    reader: Reader
    top: Fields
    order: tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A rule's claim on the literal names of one pattern."""

    owner: str
    place: Location


_Claims = dict[str, dict[str, _Claim]]
"""Who claims a literal name, by the role that the name has there."""


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown_root = folder.resolve().name or "rules"
        self.issues: list[Issue] = []
        self.digests: dict[str, str] = {}
        self.lexicon = Lexicon({}, (), {})
        self.unit_names: dict[str, Unit] = {}

    # --- the folder ---

    def load(self) -> tuple[RuleBook | None, tuple[Issue, ...]]:
        if not self.folder.is_dir():
            self.issues.append(Issue("R411", {"folder": str(self.folder)}, Location(str(self.folder))))
            return None, tuple(self.issues)
        groups = self._walk()
        version, lexicon = self._load_lexicon()
        if lexicon is None:
            # Without units no rule can be checked, but what is wrong in the other files can be told.
            for relative in (*groups["indicators"], *groups["sections"]):
                self._read(relative)
            self._load_ledger(set(), set())
            return None, tuple(self._sorted_issues())
        self.lexicon = lexicon
        for unit in lexicon.units.values():
            for word in unit.words:
                self.unit_names.setdefault(word, unit)
        self.unit_names.update(lexicon.units)
        indicators, combined, known_ids = self._load_indicators(groups["indicators"])
        ledger = self._load_ledger({rule.id for rule in indicators}, known_ids)
        sections = self._load_sections(groups["sections"])
        if not indicators and not any(issue.where and "indicators/" in issue.where.path for issue in self.issues):
            self.issues.append(Issue("R414", {}, Location(f"{self.shown_root}/indicators")))
        digest = sha256()
        for relative, value in sorted(self.digests.items()):
            digest.update(f"{relative}\0{value}\n".encode())
        book = RuleBook(
            version=version,
            fingerprint=digest.hexdigest(),
            root=str(self.folder),
            lexicon=lexicon,
            indicators=indicators,
            combined=combined,
            sections=sections,
            ledger=ledger,
            sources=dict(sorted(self.digests.items())),
        )
        return book, tuple(self._sorted_issues())

    def _sorted_issues(self) -> list[Issue]:
        return sorted(
            self.issues,
            key=lambda i: (i.where.path, i.where.line, i.where.column) if i.where else ("", 0, 0),
        )

    def _walk(self) -> dict[str, list[str]]:
        """Return the rule files by folder; tell what does not belong there."""
        groups: dict[str, list[str]] = {"indicators": [], "sections": []}
        known = {"lexicon.yaml", "ledger.yaml"}
        count = 0
        for path in sorted(self.folder.rglob("*")):
            relative = path.relative_to(self.folder).as_posix()
            if any(part.startswith((".", "~$", "__")) for part in path.relative_to(self.folder).parts):
                continue
            if path.is_dir():
                continue
            count += 1
            if count > MAX_FILES:
                self.issues.append(Issue("R415", {"most": str(MAX_FILES)}, Location(self.shown_root)))
                break
            place, _, name = relative.rpartition("/")
            if relative in known or path.suffix.lower() in (".md",):
                continue
            if place in groups and path.suffix == ".yaml":
                groups[place].append(relative)
                continue
            self._unknown_file(relative, place, name, path.suffix)
        return groups

    def _unknown_file(self, relative: str, place: str, name: str, suffix: str) -> None:
        hint = "规则放在 indicators 或 sections 文件夹里，用 .yaml 结尾；不是规则的文件请移到别处"
        if suffix.lower() in (".yml", ".yaml") and suffix != ".yaml":
            hint = f"文件名改成以 .yaml 结尾：{name[: -len(suffix)]}.yaml"
        elif not place and suffix == ".yaml":
            near = nearest(name, ("lexicon.yaml", "ledger.yaml"))
            hint = f"是不是想写 “{near}”？" if near else "指标规则放进 indicators 文件夹，章节规则放进 sections 文件夹"
        elif name.lower().endswith((".yaml.txt", ".yml.txt")):
            hint = f"去掉文件名最后的 .txt：{name[:-4]}"
        self.issues.append(Issue("R410", {"file": relative, "hint": hint}, Location(f"{self.shown_root}/{relative}")))

    def _read(self, relative: str) -> Document | None:
        path = self.folder / relative
        document, issues = read_document(path, f"{self.shown_root}/{relative}")
        self.issues.extend(issues)
        try:
            self.digests[relative] = sha256(path.read_bytes()).hexdigest() if path.stat().st_size < 50_000_000 else ""
        except OSError:
            self.digests[relative] = ""
        return document

    def _open(self, relative: str, shape: Record, later: frozenset[str] = frozenset()) -> _File | None:
        """Read a file's top level. Its lists, and the keys in ``later``, are read afterwards, entry by entry."""
        document = self._read(relative)
        if document is None or document.root is None:
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
            for spec in shape.keys:
                if spec.required and spec.name not in top.keys:
                    reader.fail("R101", root, key=spec.name, title=spec.title, example=spec.example)
        number = top.get("format", schema.FORMAT)
        if number != schema.FORMAT:
            reader.fail("R111", top.at("format"), number=str(number), known=str(schema.FORMAT))
            self.issues.extend(reader.issues)
            return None
        return _File(relative, document, reader, top, (top.get("order", _LAST), relative))

    def _entries(self, file: _File, key: str) -> Iterable[Node]:
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

    # --- indicators ---

    def _load_indicators(
        self, relatives: list[str]
    ) -> tuple[tuple[IndicatorRule, ...], tuple[CombinedRule, ...], set[str]]:
        opened = [self._open(relative, schema.INDICATORS_FILE) for relative in relatives]
        files = sorted((file for file in opened if file), key=lambda file: file.order)
        rules: list[IndicatorRule] = []
        identities = _Identities("指标")
        claims: _Claims = {}
        known_ids: set[str] = set()
        for file in files:
            reader = file.reader
            if file.document.repaired:  # ids of rules that could not be read are known all the same
                known_ids.update(re.findall(r"\bid:\s*([a-z0-9_]+)", file.document.text))
            for node in self._entries(file, "indicators"):
                known_ids.add(_id_of(node))
                reader.failures = 0
                reader.who = f"指标 {_id_of(node) or '（没有编号）'}"
                fields = reader.record(node, schema.INDICATOR, "indicators")
                if fields is MISSING:
                    continue
                rule = self._indicator(fields, file, len(rules))
                identities.check(reader, fields)
                if rule is not None and not reader.failures and not file.document.faulty(node):
                    self._claim(reader, fields, rule, claims)
                    if not reader.failures:
                        rules.append(rule)
            known = {key.name for key in schema.INDICATORS_FILE.keys}
            bare = file.top.keys.keys() <= known - {"indicators", "combined"}
            if bare and not file.document.repaired:
                reader.who = "文件"
                reader.tell("R112", file.top.node, key="indicators")
        combined: list[CombinedRule] = []
        ids = {rule.id for rule in rules}
        for file in files:
            for node in self._entries(file, "combined"):
                rule_or_none = self._combined(node, file, ids, known_ids, claims)
                if rule_or_none is not None:
                    combined.append(rule_or_none)
            self.issues.extend(file.reader.issues)
        return tuple(rules), tuple(combined), known_ids

    def _indicator(self, fields: Fields, file: _File, order: int) -> IndicatorRule | None:
        reader = file.reader
        self._check_unit(reader, fields, "unit")
        for node, name in zip(_items(fields, "other_units"), fields.get("other_units", ()), strict=False):
            self._check_unit_name(reader, node, name)
        for key in ("name", "aliases", "short", "objects", "verbs", "growth_names"):
            self._check_patterns(reader, fields, key)
        phrases = self._phrases(reader, fields)
        measures = tuple(Measure(name) for name in fields.get("measures", ("level", "growth")))
        if not measures and "measures" in fields.values:
            reader.empty(fields.keys["measures"], "measures")
        for name in fields.get("sane", {}):
            if Measure(name) not in measures:
                reader.tell("R319", fields.at("sane"), measure=name, measures="、".join(measures))
        if fields.get("objects") and not fields.get("verbs") and "verbs" not in fields.keys:
            reader.fail("R313", fields.keys["objects"], key="objects", other="verbs")
        if fields.get("verbs") and not fields.get("objects") and "objects" not in fields.keys:
            reader.fail("R313", fields.keys["verbs"], key="verbs", other="objects")
        self._check_exclusions(reader, fields)
        examples = tuple(
            example
            for example in (self._indicator_example(reader, item, measures) for item in fields.get("examples", ()))
            if example is not None
        )
        if not {"id", "name", "unit"} <= fields.values.keys():
            return None
        return IndicatorRule(
            id=fields.values["id"],
            name=fields.values["name"],
            theme=file.top.get("theme", ""),
            unit=fields.values["unit"],
            file=file.relative,
            order=order,
            aliases=_longest_first(fields.get("aliases", ())),
            short=_longest_first(fields.get("short", ())),
            objects=_longest_first(fields.get("objects", ())),
            verbs=_longest_first(fields.get("verbs", ())),
            growth_names=_longest_first(fields.get("growth_names", ())),
            phrases=phrases,
            direction=fields.get("direction", "up"),
            measures=measures,
            other_units=fields.get("other_units", ()),
            rise_is_level=fields.get("rise_is_level", False),
            held_is_bound=fields.get("held_is_bound", True),
            ratio_part=fields.get("ratio_part", 0),
            kind_of_target=fields.get("kind_of_target", "expected"),
            headline=fields.get("headline", False),
            owner=fields.get("owner", ""),
            note=fields.get("note", ""),
            exclude=tuple(
                Exclusion(item.values["words"], item.values["because"], item.get("where", "touch"))
                for item in fields.get("exclude", ())
                if {"words", "because"} <= item.values.keys()
            ),
            sane={Measure(name): interval for name, interval in fields.get("sane", {}).items()},
            examples=examples,
            where=_entry_location(file.document, fields),
        )

    def _combined(
        self, node: Node, file: _File, ids: set[str], known_ids: set[str], claims: _Claims
    ) -> CombinedRule | None:
        reader = file.reader
        reader.failures = 0
        reader.who = "合说"
        fields = reader.record(node, schema.COMBINED, "combined")
        if fields is MISSING:
            return None
        if fields.get("names"):
            reader.who = f"合说 {fields.values['names'][0]}"
        self._check_patterns(reader, fields, "names")
        if "indicators" in fields.values and len(fields.values["indicators"]) < 2:
            reader.fail("R322", fields.at("indicators"))
        references = [*zip(_items(fields, "indicators"), fields.get("indicators", ()), strict=False)]
        if "whole" in fields.values:
            references.append((fields.at("whole"), fields.values["whole"]))
        for item, name in references:
            self._check_reference(reader, item, name, ids, known_ids)
        if reader.failures or file.document.faulty(node):
            return None
        rule = CombinedRule(
            names=_longest_first(fields.values["names"]),
            indicators=fields.values["indicators"],
            whole=fields.get("whole", ""),
            file=file.relative,
            where=_entry_location(file.document, fields),
        )
        for item, name in zip(_items(fields, "names"), fields.values["names"], strict=False):
            self._claim_one(reader, item, name, "name", "、".join(rule.indicators), claims)
        return None if reader.failures else rule

    def _claim(self, reader: Reader, fields: Fields, rule: IndicatorRule, claims: _Claims) -> None:
        """Tell names that another rule has claimed before in the same role."""
        if rule.name not in rule.objects:
            self._claim_one(reader, fields.at("name"), rule.name, "name", rule.id, claims)
        for key, role in (("aliases", "name"), ("growth_names", "name"), ("short", "short")):
            for item, pattern in zip(_items(fields, key), fields.get(key, ()), strict=False):
                self._claim_one(reader, item, pattern, role, rule.id, claims)
        for item, pattern in zip(_items(fields, "objects"), fields.get("objects", ()), strict=False):
            for verb in rule.verbs:
                self._claim_one(reader, item, pattern, f"object {verb}", rule.id, claims)

    def _claim_one(self, reader: Reader, node: Node, pattern: str, role: str, owner: str, claims: _Claims) -> None:
        known = claims.setdefault(role, {})
        literals = expand_pattern(pattern)
        claim = _Claim(owner, reader.document.location(node))
        if not known.keys().isdisjoint(literals):
            for literal in literals:
                other = known.get(literal)
                if other and other.owner != owner:
                    place = f"{other.place.path}:{other.place.line}"
                    reader.fail("R403", node, name=literal, other=other.owner, place=place)
                    return
        known.update(dict.fromkeys(literals, claim))

    # --- sections ---

    def _load_sections(self, relatives: list[str]) -> tuple[SectionRule, ...]:
        opened = [self._open(relative, schema.SECTIONS_FILE) for relative in relatives]
        rules: list[SectionRule] = []
        identities = _Identities("章节")
        for file in sorted((file for file in opened if file), key=lambda file: file.order):
            reader = file.reader
            for node in self._entries(file, "sections"):
                reader.failures = 0
                reader.who = f"章节 {_id_of(node) or '（没有编号）'}"
                fields = reader.record(node, schema.SECTION, "sections")
                if fields is MISSING:
                    continue
                rule = self._section(fields, file, len(rules))
                identities.check(reader, fields)
                if rule is not None and not reader.failures and not file.document.faulty(node):
                    rules.append(rule)
            self.issues.extend(reader.issues)
        return tuple(rules)

    def _section(self, fields: Fields, file: _File, order: int) -> SectionRule | None:
        reader = file.reader
        written = {"headings", "openers"} & fields.keys.keys()
        if not fields.get("headings") and not fields.get("openers") and not (written and reader.failures):
            reader.fail("R318", fields.node)
        within = fields.get("within", "any")
        examples = tuple(
            example
            for example in (self._section_example(reader, item, within) for item in fields.get("examples", ()))
            if example is not None
        )
        if not {"id", "name"} <= fields.values.keys():
            return None
        return SectionRule(
            id=fields.values["id"],
            name=fields.values["name"],
            file=file.relative,
            order=order,
            within=within,
            headings=_longest_first(fields.get("headings", ())),
            openers=_longest_first(fields.get("openers", ())),
            length=fields.get("length", (1, 100_000)),
            if_missing=fields.get("if_missing", "ignore"),
            examples=examples,
            where=_entry_location(file.document, fields),
        )

    # --- checks of one rule ---

    def _check_unit(self, reader: Reader, fields: Fields, key: str) -> None:
        if key in fields.values:
            self._check_unit_name(reader, fields.at(key), fields.values[key])

    def _check_unit_name(self, reader: Reader, node: Node, name: str) -> None:
        if self._is_unit(name):
            return
        known = list(dict.fromkeys([*self.lexicon.units, *self.unit_names]))
        magnitude = _MAGNITUDE.match(name)
        prefix = magnitude.group() if magnitude else ""
        rest = nearest(name[len(prefix) :], known) if prefix and name[len(prefix) :] else ""
        near = prefix + rest if rest else nearest(name, known)
        new = "新的单位先加进 lexicon.yaml 的 units（万、亿不用写，程序会乘）"
        hint = f"是不是想写 “{near}”？" if near else new
        reader.fail("R301", node, unit=name, hint=hint)

    def _is_unit(self, name: str) -> bool:
        if name in self.unit_names:
            return True
        magnitude = _MAGNITUDE.match(name)
        return bool(magnitude and magnitude.group() and name[magnitude.end() :] in self.unit_names)

    def _check_patterns(self, reader: Reader, fields: Fields, key: str) -> None:
        """Check names: the notation, and that each of them is a name."""
        value = fields.get(key)
        if value is None:
            return
        if isinstance(value, str):
            pairs: list[tuple[Node, str]] = [(fields.at(key), value)]
        else:
            pairs = list(zip(_items(fields, key), value, strict=False))
        for node, pattern in pairs:
            literals = self._expand(reader, node, pattern)
            if literals is None:
                continue
            if any("|" in literal or "｜" in literal for literal in literals):
                reader.fail("R326", node, pattern=pattern)
            elif FIGURE in pattern or GAP in pattern:
                reader.fail("R327", node, key=key, mark=FIGURE if FIGURE in pattern else GAP)
            elif not all(literals):
                reader.fail("R324", node, pattern=pattern)

    def _expand(self, reader: Reader, node: Node, pattern: str) -> tuple[str, ...] | None:
        try:
            return expand_pattern(pattern)
        except PatternError as error:
            code = {"unbalanced": "R305", "single": "R325", "many": "R306"}[error.reason]
            reader.fail(code, node, pattern=pattern, detail=error.detail, most=str(MOST_EXPANSIONS))
            return None

    def _phrases(self, reader: Reader, fields: Fields) -> tuple[Phrase, ...]:
        found: list[Phrase] = []
        for node, value in zip(_items(fields, "phrases"), fields.get("phrases", ()), strict=False):
            if isinstance(value, Fields):
                if "phrase" not in value.values:
                    continue
                pattern, measure = value.values["phrase"], value.get("measure")
                node = value.at("phrase")
            else:
                pattern, measure = value, None
            if self._check_phrase(reader, node, pattern):
                found.append(Phrase(pattern, Measure(measure) if measure else None))
        return tuple(sorted(found, key=lambda phrase: -len(phrase.pattern)))

    def _check_phrase(self, reader: Reader, node: Node, pattern: str) -> bool:
        literals = self._expand(reader, node, pattern)
        if literals is None:
            return False
        figures = {literal.count(FIGURE) for literal in literals}
        if any("|" in literal or "｜" in literal for literal in literals):
            reader.fail("R326", node, pattern=pattern)
        elif 0 in figures:
            reader.fail("R303", node, pattern=pattern)
        elif figures != {1}:
            reader.fail("R304", node, pattern=pattern)
        elif any(not literal.replace(FIGURE, "").replace(GAP, "").strip() for literal in literals):
            reader.fail("R311", node, pattern=pattern)
        else:
            return True
        return False

    def _check_exclusions(self, reader: Reader, fields: Fields) -> None:
        """Tell exclusions that stand inside a name of the rule: only what is beside a name can exclude it."""
        items = fields.get("exclude", ())
        if not items or reader.failures:  # names that are wrong cannot be expanded
            return
        own = (fields.get("name", ""), *fields.get("aliases", ()))
        names = [literal for pattern in own for literal in expand_pattern(pattern)]
        together = "\n".join(names)
        for item in items:
            for node, word in zip(_items(item, "words"), item.get("words", ()), strict=False):
                if word in together:
                    name = next(name for name in names if word in name)
                    reader.tell("R309", node, word=word, name=name)

    # --- examples ---

    def _indicator_example(self, reader: Reader, item: Fields, measures: tuple[Measure, ...]) -> Example | None:
        expectations = []
        for node, text in zip(_items(item, "yields"), item.get("yields", ()), strict=False):
            expectation = parse_expectation(text)
            if expectation is None:
                reader.fail("R307", node, value=text)
            elif expectation.measure not in measures:
                reader.fail("R308", node, measure=expectation.measure, measures="、".join(measures))
            else:
                expectations.append(expectation)
        if "text" not in item.values:
            return None
        return Example(
            text=item.values["text"],
            under=Part(item.get("under", "review")),
            yields=tuple(expectations),
            todo=item.get("todo", ""),
            where=reader.document.location(item.at("text")),
            matches=bool(expectations),
        )

    def _section_example(self, reader: Reader, item: Fields, within: str) -> Example | None:
        result = item.get("yields")
        if isinstance(result, tuple) and result:
            reader.fail("R320", item.at("yields"))
        if "text" not in item.values:
            return None
        return Example(
            text=item.values["text"],
            under=Part(item.get("under", within if within in ("review", "plan") else "review")),
            yields=(),
            todo=item.get("todo", ""),
            where=reader.document.location(item.at("text")),
            matches=result == "match",
            heading=item.get("heading", ""),
        )

    # --- lexicon ---

    def _load_lexicon(self) -> tuple[str, Lexicon | None]:
        if not (self.folder / "lexicon.yaml").is_file():
            self.issues.append(Issue("R412", {}, Location(f"{self.shown_root}/lexicon.yaml")))
            return "", None
        groups = frozenset(key.name for key in schema.LEXICON_FILE.keys) - _READ_AT_ONCE
        file = self._open("lexicon.yaml", schema.LEXICON_FILE, groups)
        if file is None:
            return "", None
        units = self._units(file)
        hedges = self._hedges(file)
        lists: dict[str, tuple[str, ...]] = {}
        for name, value in file.top.node.pairs:
            if name.value not in _READ_AT_ONCE and name.value != "units":
                self._word_lists(file, name, value, schema.LEXICON_FILE, "", lists)
        self.issues.extend(file.reader.issues)
        if not units:
            self.issues.append(Issue("R513", {}, Location(file.document.path)))
            return "", None
        return file.top.get("version", ""), Lexicon(units, hedges, lists)

    def _units(self, file: _File) -> dict[str, Unit]:
        reader = file.reader
        units: dict[str, Unit] = {}
        words: dict[str, str] = {}
        for node in self._entries(file, "units"):
            reader.failures = 0
            name_node = node.get("name") if isinstance(node, MapNode) else None
            reader.who = f"单位 {name_node.value if isinstance(name_node, TextNode) else ''}".rstrip()
            fields = reader.record(node, schema.UNIT_ENTRY, "units")
            if fields is MISSING:
                continue
            factor = parse_factor(fields.get("factor", "1"))
            if factor is None:
                reader.fail("R501", fields.at("factor"), value=fields.values["factor"])
            name = fields.get("name", "")
            if name in units:
                reader.fail("R502", fields.at("name"), unit=name)
            kept = []
            for item, word in zip(_items(fields, "words"), fields.get("words", ()), strict=False):
                if word in words and words[word] != name:
                    reader.tell("R503", item, word=word, other=words[word])
                else:
                    words[word] = name
                    kept.append(word)
            if reader.failures or factor is None or file.document.faulty(node):
                continue
            units[name] = Unit(name, fields.values["family"], factor, _longest_first(kept), fields.get("decimals", 2))
        reader.who = "文件"
        return units

    def _hedges(self, file: _File) -> tuple[Hedge, ...]:
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
                for item, word in zip(_items(fields, bound), fields.get(bound, ()), strict=False):
                    other = seen.setdefault((side, word), bound)
                    if other != bound:
                        file.reader.who = "限定语"
                        file.reader.fail("R506", item, word=word, bound=bound, other=other)
                        continue
                    found.append(Hedge(word, side, Bound(bound)))
        return tuple(sorted(found, key=lambda hedge: -len(hedge.word)))

    def _word_lists(
        self,
        file: _File,
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
                self._word_lists(file, name, value, below, path, lists)
            return
        if not node.start.index < node.end.index:
            reader.empty(key, key.value)
            return
        words = reader.read(node, schema.WORDS, key.value)
        if words is not MISSING:
            lists[path] = _longest_first(words)

    # --- ledger ---

    def _load_ledger(self, ids: set[str], known_ids: set[str]) -> LedgerRules:
        default = LedgerRules(dict(_DEFAULT_TOLERANCE), {}, limits=dict(_DEFAULT_LIMITS))
        if not (self.folder / "ledger.yaml").is_file():
            self.issues.append(Issue("R413", {}, Location(f"{self.shown_root}/ledger.yaml")))
            return default
        file = self._open("ledger.yaml", schema.LEDGER_FILE)
        if file is None:
            return default
        top = file.top
        words = {key: text for key, text in _values(top, "words").items() if isinstance(text, str)}
        self._keep_unknown(file, "words", schema.REMARK, words)
        lists = {key: found for key, found in _values(top, "lists").items() if isinstance(found, tuple)}
        self._keep_unknown(file, "lists", schema.WORDS, lists)
        limits = {**_DEFAULT_LIMITS, **_values(top, "limits")}
        self._keep_unknown(file, "limits", Figure(), limits)
        checks = [
            check
            for check in (self._figure_check(file, n, ids, known_ids) for n in self._entries(file, "checks"))
            if check
        ]
        self.issues.extend(file.reader.issues)
        return LedgerRules(
            tolerance={**_DEFAULT_TOLERANCE, **_values(top, "tolerance")},
            words=words,
            judged_prices=top.get("judged_prices", False),
            lists=lists,
            limits=limits,
            checks=tuple(checks),
        )

    def _keep_unknown(self, file: _File, key: str, shape: Shape, values: dict[str, Any]) -> None:
        """Read the keys below ``key`` that the schema does not know; each has been told with a warning."""
        fields = file.top.get(key)
        if isinstance(fields, Fields):
            for name, node in fields.nodes.items():
                if isinstance(node, TextNode | ListNode) and not schema.is_known("ledger", key, name):
                    value = file.reader.read(node, shape, name)
                    if value is not MISSING:
                        values[name] = value

    def _figure_check(self, file: _File, node: Node, ids: set[str], known_ids: set[str]) -> FigureCheck | None:
        reader = file.reader
        reader.failures = 0
        reader.who = "核对"
        fields = reader.record(node, schema.CHECK, "checks")
        if fields is MISSING:
            return None
        references = [*zip(_items(fields, "parts"), fields.get("parts", ()), strict=False)]
        if "whole" in fields.values:
            references.insert(0, (fields.at("whole"), fields.values["whole"]))
        for item, name in references:
            self._check_reference(reader, item, name, ids, known_ids)
        if reader.failures or file.document.faulty(node):
            return None
        return FigureCheck(
            fields.values["kind"], fields.values["whole"], fields.values["parts"], fields.get("tolerance", Decimal(0))
        )

    def _check_reference(self, reader: Reader, node: Node, name: str, ids: set[str], known_ids: set[str]) -> None:
        """Tell an id that no indicator has, or whose rule was left out."""
        if name in ids:
            return
        if name in known_ids:
            reader.fail("R323", node, id=name)
        else:
            reader.fail("R321", node, id=name, hint=hint_for(name, sorted(known_ids - {""})))


class _Identities:
    """Tells a second rule with the id or the name of an earlier one."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.seen: dict[tuple[str, str], Location] = {}

    def check(self, reader: Reader, fields: Fields) -> None:
        for key, code in (("id", "R401"), ("name", "R402")):
            value = fields.get(key)
            if value is None:
                continue
            where = reader.document.location(fields.at(key))
            other = self.seen.setdefault((key, value), where)
            if other is not where:
                reader.fail(code, fields.at(key), what=self.what, value=value, place=f"{other.path}:{other.line}")


# --- notations ---------------------------------------------------------------------------------

_NUMBER = r"[+-]?\d{1,30}(?:\.\d{1,12})?"
_EXPECTATION = re.compile(
    rf"(?P<measure>level|growth|change)\s*"
    rf"(?:(?P<sign>=|~|>=|<=|≥|≤)\s*(?P<figure>{_NUMBER})|\s(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})"
    rf"|\stext\s+(?P<text>\S.*?))(?P<stretch>\s+stretch)?\Z",
    re.ASCII,
)


def parse_expectation(text: str) -> Expectation | None:
    """Read one item of ``yields``: ``growth >= 7 stretch``, ``growth 6..7``, ``growth text 与…同步``."""
    match = _EXPECTATION.match(text)
    if not match:
        return None
    measure = Measure(match["measure"])
    tier = Tier.STRETCH if match["stretch"] else Tier.BASE
    if match["text"]:
        return Expectation(measure, Bound.NONE, None, None, tier, match["text"])
    if match["low"]:
        low, high = Decimal(match["low"]), Decimal(match["high"])
        return Expectation(measure, Bound.RANGE, low, high, tier) if low <= high else None
    figure = Decimal(match["figure"])
    sign = match["sign"]
    if sign in (">=", "≥"):
        return Expectation(measure, Bound.GE, figure, None, tier)
    if sign in ("<=", "≤"):
        return Expectation(measure, Bound.LE, None, figure, tier)
    return Expectation(measure, Bound.APPROX if sign == "~" else Bound.EQ, figure, figure, tier)


def parse_factor(text: str) -> Fraction | None:
    """Read the factor of a unit: a whole number, a decimal or a fraction, exact and above zero."""
    if not re.match(r"\d{1,20}(?:\.\d{1,20})?(?:/\d{1,20})?\Z", text, re.ASCII):
        return None
    upper, _, lower = text.partition("/")
    if lower and int(lower) == 0:
        return None
    factor = Fraction(upper) / (int(lower) if lower else 1)
    return factor if factor > 0 else None


def _values(fields: Fields, key: str) -> dict[str, Any]:
    """Return the values of the mapping ``key``, empty where it is absent or could not be read."""
    found = fields.get(key)
    return dict(found.values) if isinstance(found, Fields) else {}


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _items(fields: Fields, key: str) -> list[Node]:
    """Return the nodes of the list ``key``, empty where it is none or could not be read in full."""
    node = fields.nodes.get(key)
    value: Any = fields.values.get(key)
    if not isinstance(node, ListNode) or value is None:
        return []
    if len(value) == len(node.items):
        return node.items
    # Repeated items were dropped with a warning; the first of each has stayed.
    seen: Mapping[str, Node] = {}
    kept: dict[str, Node] = dict(seen)
    for item in node.items:
        if isinstance(item, TextNode):
            kept.setdefault(item.value.strip(), item)
    return list(kept.values())


def _id_of(node: Node) -> str:
    found = node.get("id") if isinstance(node, MapNode) else None
    return found.value.strip()[:60] if isinstance(found, TextNode) else ""


def _entry_location(document: Document, fields: Fields) -> Location:
    """Return the place of a rule: its id, since that is what one looks for."""
    return document.location(fields.nodes.get("id", fields.nodes.get("names", fields.node)))
