"""Changes of rules: made as text, tried over all open reports, saved with a dated copy, undone.

A change is a new text of one or more rule files. What was made on another page or by another person meanwhile is
recognised by the content of the file that the change was made from, and never overwritten unseen.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from compiler.authoring.cells import Plain
from compiler.authoring.rule_files import read_rules
from compiler.authoring.splice import RuleChange, edited
from compiler.facts.batch import Cache
from compiler.facts.tables import Changes, all_facts, changes
from compiler.issues import message, severity
from compiler.model import Fact, Issue, Severity
from compiler.rules.rulebook import load_rulebook
from compiler.studio.desk import Desk

KEPT = "规则旧版"
"""Dated copies of changed rule files lie here, beside ``rules/``, so that none is ever loaded twice."""


NEW_THEME = "新增"
"""The theme of a file that holds nothing but indicators made here; people rename it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is not saved yet: new texts by relative path, and the digests of the files they came from."""

    about: str
    texts: Mapping[str, str]
    base: Mapping[str, str]

    @property
    def key(self) -> str:
        """A name for the draft, the same for the same change."""
        return _digest(json.dumps([self.about, dict(self.texts), dict(self.base)], ensure_ascii=False).encode())[:16]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft would do: the facts that come, go, change or move to another indicator, and what is wrong."""

    changes: Changes
    moved: tuple[tuple[Fact, Fact], ...]
    issues: tuple[Issue, ...]
    works: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether no fact changes."""
        return not (self.changes or self.moved)


@dataclass(frozen=True, slots=True)
class Saved:
    """A change that was saved: when, what it was, and which files it touched."""

    key: str
    when: str
    about: str
    files: tuple[str, ...]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


# --- making a change ---------------------------------------------------------------------------


def draft_text(desk: Desk, relative: str, text: str, about: str) -> Draft:
    """Return a draft that gives one rule file a new text."""
    return Draft(about, {relative: text}, {relative: _digest(_read(desk.rules / relative))})


def draft_keys(desk: Desk, indicator: str, values: Mapping[str, Plain], about: str) -> Draft | tuple[Issue, ...]:
    """Return a draft that gives keys of one indicator new values; comments and the order of keys stay."""
    return _from_table(desk, [RuleChange(indicator, 0, key, value) for key, value in values.items()], about)


def draft_rule(desk: Desk, file: str, fields: Mapping[str, Plain], about: str) -> Draft | tuple[Issue, ...]:
    """Return a draft that adds an indicator at the end of a file."""
    return _from_table(desk, [RuleChange(str(fields["id"]), 0, "", fields=fields, file=file, theme=NEW_THEME)], about)


def _from_table(desk: Desk, listed: list[RuleChange], about: str) -> Draft | tuple[Issue, ...]:
    table, issues = read_rules(desk.rules)
    if table is None:
        return issues
    texts = edited(listed, table)
    return Draft(about, texts, {relative: _digest(_read(desk.rules / relative)) for relative in texts})


def diff(desk: Desk, draft: Draft) -> list[str]:
    """Return the lines that change, as a unified diff without its head."""
    lines: list[str] = []
    for relative, text in draft.texts.items():
        old = _read(desk.rules / relative).decode("utf-8-sig", "replace").replace("\r\n", "\n")
        found = [*unified_diff(old.splitlines(), text.splitlines(), relative, relative, n=2, lineterm="")]
        lines.extend([relative, *found[2:]] if found else [])
    return lines


# --- trying it ---------------------------------------------------------------------------------


def effect(desk: Desk, draft: Draft, cache: Cache | None = None) -> Effect:
    """Compile the open reports with the changed rules and compare the facts."""
    from compiler.facts.batch import Inputs, compile_inputs

    if desk.gathered is None:
        return Effect(Changes((), (), ()), (), desk.issues, works=False)
    with tempfile.TemporaryDirectory(prefix="report-compiler-") as folder:
        rules = Path(folder) / "rules"
        shutil.copytree(desk.rules, rules)
        for relative, text in draft.texts.items():
            (rules / relative).parent.mkdir(parents=True, exist_ok=True)
            (rules / relative).write_text(text, encoding="utf-8")
        rulebook, issues = load_rulebook(rules)
        before = {_mark(issue) for issue in desk.rule_trouble()}
        new = tuple(issue for issue in issues if _mark(issue) not in before)
        if rulebook is None or any(severity(issue) is Severity.ERROR for issue in new):
            return Effect(Changes((), (), ()), (), new, works=False)
        reports, _ = compile_inputs(Inputs(desk.gathered.sources, ()), rulebook)
        found = changes(desk.gathered.facts, all_facts(reports))
    return _with_moves(found, new)


def _mark(issue: Issue) -> tuple[object, ...]:
    """Return what makes an issue the same one as before; lines shift, and advice names what there is to choose."""
    return issue.code, message(issue), issue.where.path if issue.where else ""


def _with_moves(found: Changes, issues: tuple[Issue, ...]) -> Effect:
    """Tell figures that another indicator takes from those that are new or gone."""
    gone = {(f.source, f.report, f.figure_start, f.measure): f for f in found.removed}
    moved = []
    for fact in found.added:
        old = gone.pop((fact.source, fact.report, fact.figure_start, fact.measure), None)
        if old is not None:
            moved.append((old, fact))
    came = {id(new) for _, new in moved}
    left = {id(old) for old, _ in moved}
    rest = replace(
        found,
        added=tuple(fact for fact in found.added if id(fact) not in came),
        removed=tuple(fact for fact in found.removed if id(fact) not in left),
    )
    return Effect(rest, tuple(moved), issues, works=True)


# --- saving and undoing ------------------------------------------------------------------------


def conflicts(desk: Desk, draft: Draft) -> list[str]:
    """Return the files that were changed since the draft was made."""
    return [relative for relative, base in draft.base.items() if _digest(_read(desk.rules / relative)) != base]


def save(desk: Desk, draft: Draft) -> Saved | None:
    """Write a draft, after a dated copy of what stood before; None where somebody else changed a file meanwhile."""
    with desk.lock:
        if conflicts(desk, draft):
            return None
        now = datetime.now().astimezone()
        kept = desk.folder / KEPT / now.strftime("%Y%m%d-%H%M%S-%f")
        kept.mkdir(parents=True)
        for relative in draft.texts:
            if (desk.rules / relative).is_file():
                (kept / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(desk.rules / relative, kept / relative)
        saved = Saved(kept.name, now.isoformat(timespec="seconds"), draft.about, tuple(sorted(draft.texts)))
        after = {relative: _digest(text.encode("utf-8")) for relative, text in draft.texts.items()}
        record = {"when": saved.when, "about": saved.about, "after": after}
        (kept / "改动.json").write_text(json.dumps(record, ensure_ascii=False, indent=2), encoding="utf-8")
        for relative, text in draft.texts.items():
            target = desk.rules / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.new")
            beside.write_bytes(text.encode("utf-8"))
            beside.replace(target)
        return saved


def history(desk: Desk) -> list[Saved]:
    """Return the saved changes, the newest first."""
    found = []
    for record in sorted((desk.folder / KEPT).glob("*/改动.json"), reverse=True):
        try:
            content = json.loads(record.read_text(encoding="utf-8"))
            files = tuple(sorted(content["after"]))
            found.append(Saved(record.parent.name, str(content["when"]), str(content["about"]), files))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def undo(desk: Desk, key: str) -> Draft | None:
    """Return a draft that brings back what stood before a saved change; None where there is no such change."""
    kept = desk.folder / KEPT / key
    known = next((saved for saved in history(desk) if saved.key == key), None)
    if known is None:
        return None
    texts = {
        relative: _read(kept / relative).decode("utf-8-sig", "replace").replace("\r\n", "\n")
        for relative in known.files
        if (kept / relative).is_file()
    }
    base = {relative: _digest(_read(desk.rules / relative)) for relative in texts}
    return Draft(f"撤销：{known.about}", texts, base)
