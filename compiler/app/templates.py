"""The templates of a folder, kept within a process: whoever watches builds again and again, and edits one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Final

from compiler.app.options import EVERYTHING, Output, Templates
from compiler.facts.store import folder_fingerprint
from compiler.model import Issue, RuleBook

KEPT: Final = 8
"""So many sets of templates are kept: those of a workspace, and what they were before the last edits."""

Loaded = tuple[Templates | None, tuple[Issue, ...]]

_loaded: dict[tuple[str, str, frozenset[Output]], Loaded] = {}


def load_templates(folder: Path, rulebook: RuleBook | None = None, only: Collection[Output] = EVERYTHING) -> Loaded:
    """Load the templates of ``folder`` that the outputs ``only`` are made by, or say what is wrong with them.

    ``rulebook`` is what they may name.
    """
    key = (folder_fingerprint(folder), named(rulebook) if rulebook is not None else "", frozenset(only))
    if not key[0]:
        return _load(folder, rulebook, only)
    if key not in _loaded:
        while len(_loaded) >= KEPT:
            _loaded.pop(next(iter(_loaded)), None)
        _loaded[key] = _load(folder, rulebook, only)
    return _loaded[key]


def named(rulebook: RuleBook) -> str:
    """Return a fingerprint of what templates may name of the rules."""
    indicators = [(rule.name, rule.theme) for rule in rulebook.indicators]
    return hashlib.sha256(repr((indicators, [rule.id for rule in rulebook.sections])).encode()).hexdigest()


def _load(folder: Path, rulebook: RuleBook | None, only: Collection[Output]) -> Loaded:
    if not folder.is_dir():
        return None, (Issue("B103", {"path": str(folder)}),)
    issues: list[Issue] = []
    workbook = briefing = evidence = None
    if Output.WORKBOOK in only:
        from compiler.workbook.template import load_workbook_template

        workbook, found = load_workbook_template(folder, rulebook)
        issues.extend(found)
    if Output.BRIEFINGS in only:
        from compiler.briefing.write import load_briefing_template

        briefing, found = load_briefing_template(folder, rulebook)
        issues.extend(found)
    if Output.EVIDENCE in only:
        from compiler.evidence.write import load_evidence_template

        evidence, found = load_evidence_template(folder)
        issues.extend(found)
    if (workbook is None and Output.WORKBOOK in only) or (briefing is None and Output.BRIEFINGS in only):
        return None, tuple(issues)
    return Templates(workbook, briefing, evidence), tuple(issues)
