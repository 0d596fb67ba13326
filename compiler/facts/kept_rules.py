"""The rule book of a folder, kept from run to run.

Loading hundreds of rules takes many times as long as reading back what came of it. What is kept is found by the content
of every file of the folder, the folder's path (messages name it), and the program itself
(:func:`compiler.facts.store.program_fingerprint`); it lies in a folder that only this user can write to, with its own
hash, and may be deleted at any time. Beside it is kept what it has been compiled into, each thing when it is first
made and read back when it is first asked for; what is made of the lexicon alone outlives an edit of other rules. Of
rules that have just been edited, and may be edited again at once, only the lexicon's is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from compiler.facts.store import folder_fingerprint, program_fingerprint, read_entry, room_for, write_entry
from compiler.files import private_folder
from compiler.model import Issue, RuleBook

KEPT = 8
"""So many rule books are kept: the shipped one, an office's own, and what they were before the last edits."""

_KEPT_OF_EACH = 12
"""So many things a rule book is compiled into, some more than there are."""

Loaded = tuple[RuleBook | None, tuple[Issue, ...]]

_loaded: dict[str, Loaded] = {}


def load_rules(folder: Path, *, cached: bool = True) -> Loaded:
    """Load the rules of ``folder`` as :func:`load_rulebook` does, from what was kept where nothing has changed.

    Within a process they are kept in any case; ``cached`` tells whether a file may be read and written, too.
    """
    key = _key(folder)
    if not key:
        return load_rulebook(folder)
    found = _loaded.pop(key, None)  # and put back last: what has not been used for longest is dropped
    if found is None:
        while len(_loaded) >= KEPT:
            _loaded.pop(next(iter(_loaded)), None)
        found = (_read(key) or _load(folder, key)) if cached else load_rulebook(folder)
    _loaded[key] = found
    return found


def load_rulebook(folder: Path) -> Loaded:
    """Load the rules of a folder from its files; what reads them is imported only then."""
    from compiler.rules import rulebook

    return rulebook.load_rulebook(folder)


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
    if not isinstance(rulebook, RuleBook):
        return None
    outside: dict[object, object] = {"rules": rulebook, "lexicon": rulebook.lexicon}
    outside |= enumerate((*rulebook.indicators, *rulebook.combined))
    rulebook.compiled.shelf = _Shelf(key, outside)
    rulebook.lexicon.compiled.shelf = _shelf_of_lexicon(rulebook)
    return rulebook, issues


def _load(folder: Path, key: str) -> Loaded:
    with _lexicon_at_hand(folder):
        rulebook, issues = load_rulebook(folder)
    place = _place(key)
    if rulebook is not None and place is not None and room_for(place, KEPT):
        write_entry(place, (rulebook, issues), plain=True)
        rulebook.lexicon.compiled.shelf = _shelf_of_lexicon(rulebook)
    return rulebook, issues


@contextmanager
def _lexicon_at_hand(folder: Path) -> Iterator[None]:
    """Let a folder be loaded with the lexicon that an earlier run has read, where it has not changed since."""
    from compiler.rules import word_files
    from compiler.rules.folder import RuleFolder

    private, key = private_folder(), word_files.key_of_lexicon(RuleFolder(folder))
    if private is None or word_files.known_lexicon(key) is not None:
        yield
        return
    name = "\0".join(("lexicon", program_fingerprint(), *key))
    place = private / "compiled" / hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    found = read_entry(place)
    if isinstance(found, tuple):
        word_files.remember_lexicon(key, found)
    yield
    known = word_files.known_lexicon(key)
    if known is not None and known is not found and room_for(place, KEPT * _KEPT_OF_EACH):
        write_entry(place, known)


def _shelf_of_lexicon(rulebook: RuleBook) -> _Shelf:
    word_files = f"{program_fingerprint()}\0{rulebook.sources['lexicon.yaml']}"
    return _Shelf(word_files, {"lexicon": rulebook.lexicon})


class _Shelf:
    """What rules were compiled into, in files of a private folder; the rules themselves are not in them."""

    def __init__(self, key: str, outside: Mapping[object, object]) -> None:
        self._key, self._outside = key, outside

    def __call__(self, make: Callable[[Any], object], rules: object) -> object:
        private = private_folder()
        if private is None:
            return make(rules)
        name = f"{self._key}\0{make.__module__}.{make.__qualname__}"
        place = private / "compiled" / hashlib.sha256(name.encode()).hexdigest()
        found = read_entry(place, self._outside)
        if found is None:
            found = make(rules)
            if room_for(place, KEPT * _KEPT_OF_EACH):
                write_entry(place, found, self._outside, plain=True)
        return found
