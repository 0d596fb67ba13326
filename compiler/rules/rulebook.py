"""Load a folder of rules into a typed rule book.

Nothing raises for a writer's mistake: a rule that is wrong is left out with its issue and the others
work. Every issue points at the node of the YAML file that it is about.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from compiler.garbage_collection import no_collection
from compiler.model import (
    Alias,
    Bound,
    CombinedRule,
    Example,
    Exclusion,
    Expectation,
    IndicatorRule,
    Issue,
    Location,
    Measure,
    Part,
    RuleBook,
    SectionRule,
    Tier,
)
from compiler.rules.folder import RuleFile, RuleFolder, items_of
from compiler.rules.indicator_keys import COMBINED, INDICATOR, INDICATORS_FILE, SECTION, SECTIONS_FILE
from compiler.rules.nodes import Document, ListNode, MapNode, Node, TextNode
from compiler.rules.patterns import (
    expand_pattern,
)
from compiler.rules.rule_checks import RuleChecks
from compiler.rules.task_files import load_offices, load_tasks
from compiler.rules.word_files import check_reference, load_ledger, load_lexicon
from compiler.rules.yaml_reader import MISSING, Fields, Reader, half_width, longest_first

_BY_DEFAULT = IndicatorRule("", "", "", "", "", 0)
"""What holds for a rule that leaves every key out."""


def load_rulebook(folder: Path) -> tuple[RuleBook | None, tuple[Issue, ...]]:
    """Load the rules in ``folder``; None where there is no lexicon that could be read."""
    with no_collection():
        return _load(RuleFolder(folder))


def _load(folder: RuleFolder) -> tuple[RuleBook | None, tuple[Issue, ...]]:
    if not folder.folder.is_dir():
        return None, (Issue("R411", {"folder": str(folder.folder)}, Location(str(folder.folder))),)
    groups = folder.walk()
    for kind, relatives in groups.items():
        groups[kind] = folder.without_copies(relatives)
    version, lexicon, refused_units = load_lexicon(folder)
    if lexicon is None:
        # Without units no rule can be checked, but how the other files are written can be told.
        for relative in (*groups["indicators"], *groups["sections"]):
            folder.read(relative)
        load_ledger(folder, None, set())
        load_tasks(folder)
        load_offices(folder)
        return None, folder.sorted_issues()
    loader = _Loader(folder, RuleChecks(lexicon, refused_units))
    indicators, combined, known_ids = loader.indicators(groups["indicators"])
    ledger = load_ledger(folder, {rule.id for rule in indicators}, known_ids)
    sections = loader.sections(groups["sections"])
    tasks, offices = load_tasks(folder), load_offices(folder)
    if not groups["indicators"]:
        folder.tell("R414", "indicators")
    book = RuleBook(
        version=version,
        fingerprint=folder.fingerprint(),
        root=str(folder.folder),
        lexicon=lexicon,
        indicators=indicators,
        combined=combined,
        sections=sections,
        ledger=ledger,
        tasks=tasks,
        offices=offices,
        sources=dict(sorted(folder.digests.items())),
    )
    return book, folder.sorted_issues()


@dataclass(frozen=True, slots=True)
class _Claim:
    """A rule's claim on the literal names of one pattern."""

    owner: str
    document: Document
    node: Node


_Claims = dict[str, dict[str, _Claim]]
"""Who claims a literal name, by the role that the name has there."""


class _Loader:
    def __init__(self, folder: RuleFolder, checks: RuleChecks) -> None:
        self.folder = folder
        self.checks = checks

    # --- indicators ---

    def indicators(self, relatives: list[str]) -> tuple[tuple[IndicatorRule, ...], tuple[CombinedRule, ...], set[str]]:
        opened = [self.folder.open(relative, INDICATORS_FILE) for relative in relatives]
        files = sorted((file for file in opened if file), key=lambda file: file.order)
        rules: list[IndicatorRule] = []
        identities = _Identities("指标")
        claims: _Claims = {}
        known_ids: set[str] = set()
        for file in files:
            reader = file.reader
            if file.document.repaired:  # ids of rules that could not be read are known all the same
                known_ids.update(re.findall(r"\bid:\s*([a-z0-9_]+)", file.document.text))
            for node in self.folder.entries(file, "indicators"):
                known_ids.add(_id_of(node))
                reader.failures = 0
                reader.who = f"指标 {_id_of(node) or '（没有编号）'}"
                fields = reader.record(node, INDICATOR, "indicators")
                if fields is MISSING:
                    continue
                rule = self._indicator(fields, file, len(rules))
                identities.check(reader, fields)
                if rule is not None and not reader.failures and not file.document.faulty(node):
                    self._claim(reader, fields, rule, claims)
                    if not reader.failures:
                        rules.append(rule)
            known = {key.name for key in INDICATORS_FILE.keys}
            bare = file.top.keys.keys() <= known - {"indicators", "combined"}
            if bare and not file.document.repaired:
                reader.who = "文件"
                reader.tell("R112", file.top.node, key="indicators")
        combined: list[CombinedRule] = []
        ids = {rule.id for rule in rules}
        for file in files:
            for node in self.folder.entries(file, "combined"):
                rule_or_none = self._combined(node, file, ids, known_ids, claims)
                if rule_or_none is not None:
                    combined.append(rule_or_none)
        _check_themes(files)
        for file in files:
            self.folder.issues.extend(file.reader.issues)
        return tuple(rules), tuple(combined), known_ids

    def _indicator(self, fields: Fields, file: RuleFile, order: int) -> IndicatorRule | None:
        reader = file.reader
        conditional = _take_conditional(fields)
        self.checks.check_unit(reader, fields, "unit")
        for key in ("other_units", "not_units"):
            for node, name in zip(items_of(fields, key), fields.get(key, ()), strict=False):
                self.checks.check_unit_name(reader, node, name)
        for key in ("name", "aliases", "short", "objects", "verbs", "growth_names"):
            self.checks.check_patterns(reader, fields, key)
        phrases = self.checks.phrases(reader, fields)
        measures = fields.get("measures", _BY_DEFAULT.measures)
        if not measures and "measures" in fields.values:
            reader.empty(fields.keys["measures"], "measures")
        for name in fields.get("sane", {}):
            if name not in measures:
                reader.tell("R319", fields.at("sane"), measure=name, measures="、".join(measures))
        if fields.get("objects") and not fields.get("verbs") and "verbs" not in fields.keys:
            reader.fail("R313", fields.keys["objects"], key="objects", other="verbs")
        if fields.get("verbs") and not fields.get("objects") and "objects" not in fields.keys:
            reader.fail("R313", fields.keys["verbs"], key="verbs", other="objects")
        self.checks.check_exclusions(reader, fields, conditional)
        self.checks.check_repeated(reader, fields)
        examples = tuple(
            example
            for example in (self._indicator_example(reader, item, measures) for item in fields.get("examples", ()))
            if example is not None
        )
        if not {"id", "name", "unit"} <= fields.values.keys():
            return None
        values = fields.typed(INDICATOR)
        values["exclude"] = tuple(
            Exclusion(**item.values) for item in fields.get("exclude", ()) if {"words", "because"} <= item.values.keys()
        )
        values["aliases"] = longest_first(values.get("aliases", ()))
        values |= {"phrases": phrases, "examples": examples, "conditional": conditional}
        return IndicatorRule(
            theme=file.top.get("theme", ""),
            file=file.relative,
            order=order,
            where=_entry_location(file.document, fields),
            **values,
        )

    def _combined(
        self, node: Node, file: RuleFile, ids: set[str], known_ids: set[str], claims: _Claims
    ) -> CombinedRule | None:
        reader = file.reader
        reader.failures = 0
        reader.who = "合说"
        fields = reader.record(node, COMBINED, "combined")
        if fields is MISSING:
            return None
        if fields.get("names"):
            reader.who = f"合说 {fields.values['names'][0]}"
        self.checks.check_patterns(reader, fields, "names")
        if "indicators" in fields.values and len(fields.values["indicators"]) < 2:
            reader.fail("R322", fields.at("indicators"))
        references = [*zip(items_of(fields, "indicators"), fields.get("indicators", ()), strict=False)]
        if "whole" in fields.values:
            references.append((fields.at("whole"), fields.values["whole"]))
        for item, name in references:
            check_reference(reader, item, name, ids, known_ids)
        if reader.failures or file.document.faulty(node):
            return None
        rule = CombinedRule(file=file.relative, where=_entry_location(file.document, fields), **fields.typed(COMBINED))
        for item, name in zip(items_of(fields, "names"), fields.values["names"], strict=False):
            self._claim_one(reader, item, name, "name", "、".join(rule.indicators), claims)
        return None if reader.failures else rule

    def _claim(self, reader: Reader, fields: Fields, rule: IndicatorRule, claims: _Claims) -> None:
        """Tell names that another rule has claimed before in the same role."""
        if rule.name not in rule.objects:
            self._claim_one(reader, fields.at("name"), rule.name, "name", rule.id, claims)
        levels = {alias.name: alias.at for alias in rule.conditional}
        for key, role in (("aliases", "name"), ("growth_names", "name"), ("short", "short")):
            for item, pattern in zip(items_of(fields, key), fields.get(key, ()), strict=False):
                # A name for some levels stands before the same name for all of them.
                for level in (levels.get(pattern) if key == "aliases" else None) or ("",):
                    self._claim_one(reader, item, pattern, f"{role} {level}".rstrip(), rule.id, claims)
        for item, pattern in zip(items_of(fields, "objects"), fields.get("objects", ()), strict=False):
            for verb in rule.verbs:
                self._claim_one(reader, item, pattern, f"object {verb}", rule.id, claims)

    def _claim_one(self, reader: Reader, node: Node, pattern: str, role: str, owner: str, claims: _Claims) -> None:
        known = claims.setdefault(role, {})
        literals = expand_pattern(pattern)
        claim = _Claim(owner, reader.document, node)
        if not known.keys().isdisjoint(literals):
            for literal in literals:
                other = known.get(literal)
                if other and other.owner != owner:
                    where = other.document.location(other.node)
                    place = f"{where.path}:{where.line}"
                    reader.fail("R403", node, name=literal, other=other.owner, place=place)
                    return
        known.update(dict.fromkeys(literals, claim))

    # --- sections ---

    def sections(self, relatives: list[str]) -> tuple[SectionRule, ...]:
        opened = [self.folder.open(relative, SECTIONS_FILE) for relative in relatives]
        rules: list[SectionRule] = []
        identities = _Identities("章节")
        for file in sorted((file for file in opened if file), key=lambda file: file.order):
            reader = file.reader
            for node in self.folder.entries(file, "sections"):
                reader.failures = 0
                reader.who = f"章节 {_id_of(node) or '（没有编号）'}"
                fields = reader.record(node, SECTION, "sections")
                if fields is MISSING:
                    continue
                rule = self._section(fields, file, len(rules))
                identities.check(reader, fields)
                if rule is not None and not reader.failures and not file.document.faulty(node):
                    rules.append(rule)
            self.folder.issues.extend(reader.issues)
        return tuple(rules)

    def _section(self, fields: Fields, file: RuleFile, order: int) -> SectionRule | None:
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
        values = fields.typed(SECTION)
        values["examples"] = examples
        return SectionRule(file=file.relative, order=order, where=_entry_location(file.document, fields), **values)

    # --- examples ---

    def _indicator_example(self, reader: Reader, item: Fields, measures: tuple[Measure, ...]) -> Example | None:
        expectations = []
        for node, text in zip(items_of(item, "yields"), item.get("yields", ()), strict=False):
            expectation = parse_expectation(text)
            if expectation is None:
                plain = half_width(text)
                hint = f"全角的数字和符号改成半角：{plain}；" if plain != text and parse_expectation(plain) else ""
                reader.fail("R307", node, value=text, hint=hint)
            elif expectation.measure not in measures:
                reader.fail("R308", node, measure=expectation.measure, measures="、".join(measures))
            else:
                expectations.append(expectation)
        if "text" not in item.values:
            return None
        return Example(
            text=item.values["text"],
            under=item.get("under", Part.REVIEW),
            yields=tuple(expectations),
            todo=item.get("todo", ""),
            where=reader.document.location(item.at("text")),
            matches=bool(expectations),
            at=item.get("at", ""),
            year=item.get("year", 0),
        )

    def _section_example(self, reader: Reader, item: Fields, within: str) -> Example | None:
        result = item.get("yields")
        if isinstance(result, tuple) and result:
            reader.fail("R320", item.at("yields"))
        if "text" not in item.values:
            return None
        return Example(
            text=item.values["text"],
            under=item.get("under", Part(within) if within in ("review", "plan") else Part.REVIEW),
            yields=(),
            todo=item.get("todo", ""),
            where=reader.document.location(item.at("text")),
            matches=result == "match",
            heading=item.get("heading", ""),
        )


def _take_conditional(fields: Fields) -> tuple[Alias, ...]:
    """Return the aliases that hold under conditions; in ``fields`` the names of all of them are left."""
    found: list[Alias] = []
    names: list[str] = []
    for value in fields.get("aliases", ()):
        if not isinstance(value, Fields):
            names.append(value)
        elif "name" in value.values:
            names.append(value.values["name"])
            found.append(Alias(names[-1], tuple(value.get("at", ())), value.get("loose", False)))
    if "aliases" in fields.values:
        fields.values["aliases"] = tuple(names)
    return tuple(alias for alias in found if alias.at or alias.loose)


def _check_themes(files: Sequence[RuleFile]) -> None:
    """Tell a theme that looks like a slip for the theme of another file: 综合経济."""
    themes = Counter(file.top.get("theme", "") for file in files)
    for file in files:
        theme = file.top.get("theme", "")
        near = difflib.get_close_matches(theme, [other for other in themes if other and other != theme], 1, 0.7)
        rare = near and themes[theme] <= themes[near[0]] and not any(theme in other or other in theme for other in near)
        if rare and file is max((f for f in files if f.top.get("theme", "") in (theme, *near)), key=_rules_in_reverse):
            file.reader.who = "文件"
            file.reader.tell("R333", file.top.at("theme"), theme=theme, near=near[0])


def _rules_in_reverse(file: RuleFile) -> int:
    found = file.top.nodes.get("indicators")
    return -len(found.items) if isinstance(found, ListNode) else 0


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


def _id_of(node: Node) -> str:
    found = node.get("id") if isinstance(node, MapNode) else None
    return found.value.strip()[:60] if isinstance(found, TextNode) else ""


def _entry_location(document: Document, fields: Fields) -> Location:
    """Return the place of a rule: its id, since that is what one looks for."""
    return document.location(fields.nodes.get("id", fields.nodes.get("names", fields.node)))
