"""The rule book of a folder, kept from run to run.

Loading hundreds of rules takes many times as long as reading back what came of it. What is kept is found by the content
of every file of the folder, the folder's path (messages name it), and the program itself
(:func:`compiler.facts.store.program_fingerprint`); it lies in a folder that only this user can write to, with its own
hash, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from compiler.facts.store import folder_fingerprint, program_fingerprint, read_entry, room_for, write_entry
from compiler.files import private_folder
from compiler.model import Issue, RuleBook
from compiler.rules.rulebook import load_rulebook

KEPT = 8
"""So many rule books are kept: the shipped one, an office's own, and what they were before the last edits."""

Loaded = tuple[RuleBook | None, tuple[Issue, ...]]

_loaded: dict[str, Loaded] = {}


def load_rules(folder: Path, *, cached: bool = True) -> Loaded:
    """Load the rules of ``folder`` as :func:`load_rulebook` does, from what was kept where nothing has changed.

    Within a process they are kept in any case; ``cached`` tells whether a file may be read and written, too.
    """
    key = _key(folder)
    if not key:
        return load_rulebook(folder)
    if key not in _loaded:
        while len(_loaded) >= KEPT:
            _loaded.pop(next(iter(_loaded)))
        _loaded[key] = (_read(key) or _load(folder, key)) if cached else load_rulebook(folder)
    return _loaded[key]


def _key(folder: Path) -> str:
    """Return what a folder's rule book is known by; empty where not all of it can be read."""
    found = folder_fingerprint(folder)
    return found and hashlib.sha256(f"{program_fingerprint()}\0{found}".encode()).hexdigest()


def _place(key: str) -> Path | None:
    private = private_folder()
    return private / "rules" / key if private is not None else None


def _read(key: str) -> Loaded | None:
    place = _place(key)
    found = read_entry(place) if place is not None else None
    if not isinstance(found, tuple) or len(found) != 2:
        return None
    rulebook, issues = found
    return (rulebook, issues) if isinstance(rulebook, RuleBook) else None


def _load(folder: Path, key: str) -> Loaded:
    rulebook, issues = load_rulebook(folder)
    place = _place(key)
    if rulebook is not None and place is not None and room_for(place, KEPT):
        write_entry(place, (rulebook, issues))
    return rulebook, issues
