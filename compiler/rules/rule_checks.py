"""Checks of one rule beyond its shape: units that exist, names that can be found, phrases that can match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from compiler.model import NO_UNIT, Alias, Lexicon, Phrase
from compiler.rules.folder import items_of
from compiler.rules.nodes import Node
from compiler.rules.patterns import (
    FIGURE,
    GAP,
    MOST_EXPANSIONS,
    MOST_GAPS,
    MOST_NAMES,
    PatternError,
    expand_pattern,
)
from compiler.rules.yaml_reader import Fields, Reader, nearest

# The numerals that multiply a unit; they belong to the language, as digits do.
_MAGNITUDE = re.compile(r"[十百千]?[万亿]?亿?")


_REGULAR = re.compile(r"\.[*+?{]|\\[A-Za-z.]|\[[^\]]*\]|\(\?|[\^$*]")
"""What only regular expressions are written with."""

_DOTS = re.compile(r"\.{2,}|。{2,}|···?")
"""Three dots, or other signs, where … is meant."""

_OUTSIDE_NAMES: Final = re.compile(r"[/／\\#＃]|[，。；：、！？,.;:!?]\Z|\A[，。；：！？,.;:!?]")
"""What no name that a report prints ends or begins with, and what stands for "or" and for a comment."""

_OWN_LISTS: Final = ("direction.", "glue.", "list.", "tier.", "completion.", "status_note", "words_target.")
_OWN_GUARDS: Final = ("period", "average", "cumulative", "comparison", "compared_with", "rank", "share", "added")
"""The lists of the lexicon whose words reading needs itself: as a name, such a word would be found everywhere."""


def _own_words(lexicon: Lexicon) -> dict[str, str]:
    own = (*_OWN_LISTS, *(f"guard.{name}" for name in _OWN_GUARDS))
    return {word: name for name, words in lexicon.lists.items() if name.startswith(own) for word in words}


class RuleChecks:
    """Checks the rules of one folder, which share a lexicon and a limit of names."""

    def __init__(self, lexicon: Lexicon, refused_units: frozenset[str]) -> None:
        # The names first: they are what one is advised to write.
        words = (word for unit in lexicon.units.values() for word in unit.words)
        self.unit_names = tuple(dict.fromkeys([*lexicon.units, *words]))
        self.units = frozenset(self.unit_names)
        self.refused_units = refused_units
        self.own_words = _own_words(lexicon)
        self.expanded = 0

    def check_unit(self, reader: Reader, fields: Fields, key: str) -> None:
        if key in fields.values:
            self.check_unit_name(reader, fields.at(key), fields.values[key])

    def check_unit_name(self, reader: Reader, node: Node, name: str) -> None:
        if self._is_unit(name):
            return
        if self._bare(name) in self.refused_units:
            reader.failures += 1  # the unit itself has been told: that is the cause
            return
        known = self.unit_names
        magnitude = _MAGNITUDE.match(name)
        prefix = magnitude.group() if magnitude else ""
        rest = nearest(name[len(prefix) :], known) if prefix and name[len(prefix) :] else ""
        near = prefix + rest if rest else nearest(name, known)
        new = "照着现有的写，如 亿元、万吨、万亩、公里；新的单位先加进 lexicon.yaml 的 units（万、亿不用写，程序会乘）"
        hint = f"是不是想写 “{near}”？" if near else new
        reader.fail("R301", node, unit=name, hint=hint)

    def _is_unit(self, name: str) -> bool:
        return name == NO_UNIT or name in self.units or self._bare(name) in self.units

    @staticmethod
    def _bare(name: str) -> str:
        """Return a unit without its magnitude: 亩 of 万亩."""
        magnitude = _MAGNITUDE.match(name)
        return name[magnitude.end() :] or name if magnitude else name

    def check_patterns(self, reader: Reader, fields: Fields, key: str) -> None:
        """Check names: the notation, and that each of them is a name."""
        value = fields.get(key)
        if value is None:
            return
        if isinstance(value, str):
            pairs: list[tuple[Node, str]] = [(fields.at(key), value)]
        else:
            pairs = list(zip(items_of(fields, key), value, strict=False))
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
            elif _DOTS.search(pattern):
                reader.fail("R327", node, key=key, mark=GAP)
            elif _REGULAR.search(pattern):
                reader.fail("R329", node, pattern=pattern)
            elif mark := next((found for literal in literals if (found := _OUTSIDE_NAMES.search(literal))), None):
                reader.fail("R338", node, name=pattern, mark=mark.group(), hint=_instead_of(mark.group()))
            elif key != "verbs":
                self._check_breadth(reader, node, literals, key)

    def _check_breadth(self, reader: Reader, node: Node, literals: Sequence[str], key: str) -> None:
        """Tell names that stand everywhere in reports: one character, a word that the lexicon needs itself."""
        for literal in literals:
            if len(literal) == 1:
                reader.fail("R328", node, name=literal, why="只有一个字，到处都会碰到")
                return
            if not re.search(r"[^\W\d_]", literal):
                reader.fail("R328", node, name=literal, why="里面没有一个字，只有数字和符号")
                return
            if literal in self.own_words:
                why = f"是词表 {self.own_words[literal]} 里的词，到处都会碰到"
                reader.fail("R328", node, name=literal, why=why)
                return

    def check_repeated(self, reader: Reader, fields: Fields) -> None:
        """Tell a name that is written under two keys of one rule: it can have only one role."""
        seen: dict[str, str] = {}
        for key in ("aliases", "short", "objects", "growth_names"):
            for node, pattern in zip(items_of(fields, key), fields.get(key, ()), strict=False):
                other = seen.setdefault(pattern, key)
                if other != key:
                    reader.tell("R331", node, name=pattern, key=key, other=other)

    def _expand(self, reader: Reader, node: Node, pattern: str) -> tuple[str, ...] | None:
        try:
            literals = expand_pattern(pattern)
        except PatternError as error:
            code = {"unbalanced": "R305", "single": "R325", "many": "R306"}[error.reason]
            reader.fail(code, node, pattern=pattern, detail=error.detail, most=str(MOST_EXPANSIONS))
            return None
        if self.expanded + len(literals) > MOST_NAMES:
            reader.fail("R337", node, pattern=pattern, most=str(MOST_NAMES))
            return None
        self.expanded += len(literals)
        return literals

    def phrases(self, reader: Reader, fields: Fields) -> tuple[Phrase, ...]:
        found: list[Phrase] = []
        for node, value in zip(items_of(fields, "phrases"), fields.get("phrases", ()), strict=False):
            if isinstance(value, Fields):
                if "phrase" not in value.values:
                    continue
                pattern, measure = value.values["phrase"], value.get("measure")
                node = value.at("phrase")
            else:
                pattern, measure = value, None
            if self._check_phrase(reader, node, pattern):
                found.append(Phrase(pattern, measure))
        return tuple(sorted(found, key=lambda phrase: -len(phrase.pattern)))

    def _check_phrase(self, reader: Reader, node: Node, pattern: str) -> bool:
        literals = self._expand(reader, node, pattern)
        if literals is None:
            return False
        figures = {literal.count(FIGURE) for literal in literals}
        if _DOTS.search(pattern):
            reader.fail("R330", node, pattern=pattern)
        elif _REGULAR.search(pattern):
            reader.fail("R329", node, pattern=pattern)
        elif any("|" in literal or "｜" in literal for literal in literals):
            reader.fail("R326", node, pattern=pattern)
        elif 0 in figures:
            reader.fail("R303", node, pattern=pattern)
        elif figures != {1}:
            reader.fail("R304", node, pattern=pattern)
        elif any(not literal.replace(FIGURE, "").replace(GAP, "").strip() for literal in literals):
            reader.fail("R311", node, pattern=pattern)
        elif (gaps := max(literal.count(GAP) for literal in literals)) > MOST_GAPS:
            reader.fail("R336", node, pattern=pattern, count=str(gaps), most=str(MOST_GAPS))
        else:
            return True
        return False

    def check_exclusions(self, reader: Reader, fields: Fields, conditional: Sequence[Alias]) -> None:
        """Tell exclusions that stand inside a name of the rule: only what is beside a name can exclude it.

        An exclusion and a name that hold in reports of other levels never meet.
        """
        items = fields.get("exclude", ())
        if not items or reader.failures:  # names that are wrong cannot be expanded
            return
        levels = {alias.name: alias.at for alias in conditional}
        own = (fields.get("name", ""), *fields.get("aliases", ()))
        names = [(literal, levels.get(pattern, ())) for pattern in own for literal in expand_pattern(pattern)]
        together = "\n".join(name for name, _ in names)
        for item in items:
            at = item.get("at", ())
            for node, word in zip(items_of(item, "words"), item.get("words", ()), strict=False):
                if word not in together:
                    continue
                within = (name for name, held in names if word in name and _meet(held, at))
                name = next(within, None)
                if name is not None:
                    reader.tell("R309", node, word=word, name=name)


def _meet(some: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether two lists of levels share one; none at all are all levels."""
    return not (some and others) or not set(some).isdisjoint(others)


def _instead_of(mark: str) -> str:
    """Return what to write in place of a mark that no name holds."""
    if mark in "/／\\":
        return "任选一个写〔甲|乙〕，或分开写成两个别名"
    if mark in "#＃":
        return "注释要在 # 前空两格；名称里不要有 #"
    return f"去掉 “{mark}”"
