"""The templates of a folder, kept from run to run as the rules are, and within a process.

To check the expressions of a template takes many times as long as to read back what came of it. What is kept is found
by all that it was made of: the files of the folder and of the shipped one, what templates may name of the rules, the
program, and Jinja.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Final

from compiler.app.options import EVERYTHING, Output, Templates
from compiler.facts.store import folder_fingerprint, program_fingerprint, read_entry, room_for, write_entry
from compiler.files import private_folder
from compiler.model import Issue, RuleBook
from compiler.workspace import default_folder

KEPT: Final = 8
"""So many sets of templates are kept: those of a workspace, and what they were before the last edits."""

Loaded = tuple[Templates | None, tuple[Issue, ...]]

_loaded: dict[tuple[str, str, frozenset[Output]], Loaded] = {}


def load_templates(
    folder: Path, rulebook: RuleBook | None = None, only: Collection[Output] = EVERYTHING, *, cached: bool = False
) -> Loaded:
    """Load the templates of ``folder`` that the outputs ``only`` are made by, or say what is wrong with them.

    ``rulebook`` is what they may name. ``cached`` tells whether a file may be read and written.
    """
    key = (folder_fingerprint(folder), named(rulebook) if rulebook is not None else "", frozenset(only))
    if not key[0]:
        return _load(folder, rulebook, only)
    if key not in _loaded:
        while len(_loaded) >= KEPT:
            _loaded.pop(next(iter(_loaded)), None)
        place = _place(key) if cached else None
        found = read_entry(place) if place is not None else None
        if not (isinstance(found, tuple) and len(found) == 2):
            found = _load(folder, rulebook, only)
            if place is not None and room_for(place, KEPT):
                write_entry(place, found, plain=True)
        _loaded[key] = found
    return _loaded[key]


def _of_templates(only: Collection[Output]) -> bool:
    return not {Output.WORKBOOK, Output.BRIEFINGS, Output.EVIDENCE}.isdisjoint(only)


def _place(key: tuple[str, str, frozenset[Output]]) -> Path | None:
    """Return where templates are kept; None where there is no folder that is this user's alone."""
    private, shipped = private_folder(), folder_fingerprint(default_folder("templates"))
    if private is None or not shipped or not _of_templates(key[2]):
        return None
    from jinja2 import __version__ as jinja

    known = (program_fingerprint(), jinja, shipped, *key[:2], *sorted(key[2]))
    return private / "checked" / hashlib.sha256("\0".join(known).encode()).hexdigest()


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
