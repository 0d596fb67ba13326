"""Examples that have passed, kept from check to check.

An example need not be run again where nothing that it is read by has changed: the program, the lexicon, its own rule,
and every rule that may touch its text (:mod:`compiler.authoring.reach`). What is kept lies in a folder that only this
user can write to, with its own hash (:mod:`compiler.facts.store`), and may be deleted at any time. An example of which
anything was told is never kept, so all that is wrong is told each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from compiler.authoring.reach import bare, patterns_of, reach
from compiler.facts.store import program, read_entry, write_entry
from compiler.files import private_folder
from compiler.model import IndicatorRule, RuleBook


class Known(NamedTuple):
    """What was found of one rule, under the digest of all that it says: ``told`` are the examples (by number) of which
    something was told, ``letters`` the characters of each of them; ``clean`` tells that the rule itself is well."""

    digest: str
    patterns: tuple[str, ...]
    verbs: tuple[str, ...]
    letters: tuple[str, ...]
    told: frozenset[int]
    clean: bool


class _Book(NamedTuple):
    lexicon: str
    rules: dict[str, Known]
    combined: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]  # names and indicators, by digest


class Proofs:
    """What is known of the examples of a rule folder; :meth:`open` finds it, :meth:`keep` leaves it for the next check.

    Without a place nothing is known, and nothing kept.
    """

    def __init__(self, place: Path | None = None) -> None:
        self._place = place
        self._before = self._read()

    @classmethod
    def open(cls, folder: Path) -> Proofs:
        """Return what was kept of the rules in ``folder``."""
        private = private_folder()
        if private is None:
            return cls()
        key = hashlib.sha256(f"{program()}\0{folder.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()
        try:
            (private / "examples").mkdir(mode=0o700, exist_ok=True)
        except OSError:
            return cls()
        return cls(private / "examples" / key)

    def _read(self) -> _Book | None:
        found = read_entry(self._place) if self._place is not None else None
        return found if isinstance(found, _Book) else None

    def standing(self, rulebook: RuleBook) -> dict[str, Known]:
        """Return, by rule, what is known and holds for ``rulebook`` as it is now; examples that another rule's change
        may touch count as told."""
        before = self._before
        if before is None or before.lexicon != _digest(rulebook.lexicon):
            return {}
        rules = {rule.id: rule for rule in rulebook.indicators}
        digests = {rule.id: digest_of(rule) for rule in rulebook.indicators}
        combined = _combined(rulebook)
        if not _in_order(before.rules, rules) or not _in_order(before.combined, combined):
            return {}
        changed = {name for name in before.rules.keys() | rules.keys() if _was(before, name) != digests.get(name)}
        patterns = [pattern for name in changed if name in before.rules for pattern in before.rules[name].patterns]
        patterns += [pattern for name in changed if name in rules for pattern in patterns_of(rules[name])]
        verbs_before = {verb for known in before.rules.values() for verb in known.verbs}
        patterns += verbs_before ^ {verb for rule in rules.values() for verb in rule.verbs}
        for key, (names, members) in (before.combined | combined).items():
            if (key in before.combined) != (key in combined) or not changed.isdisjoint(members):
                patterns += names
        standing = {name: known for name, known in before.rules.items() if name not in changed}
        if patterns:
            touched = reach(patterns, rulebook.lexicon).touches
            for name, known in standing.items():
                anew = {number for number, letters in enumerate(known.letters) if touched(letters)}
                if anew:
                    standing[name] = known._replace(told=known.told | anew)
        return standing

    def keep(self, rulebook: RuleBook, known: Mapping[str, Known]) -> None:
        """Leave what a check of ``rulebook`` has found of its rules."""
        if self._place is None or (self._before is not None and self._before.rules == known):
            return
        write_entry(self._place, _Book(_digest(rulebook.lexicon), dict(known), _combined(rulebook)))


def digest_of(rule: IndicatorRule) -> str:
    """Return a digest of all that a rule says, wherever it stands."""
    return _digest(bare(rule))


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()


def _combined(rulebook: RuleBook) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {
        _digest(replace(rule, where=None)): (rule.names, (*rule.indicators, rule.whole)) for rule in rulebook.combined
    }


def _was(before: _Book, name: str) -> str | None:
    known = before.rules.get(name)
    return known.digest if known is not None else None


def _in_order(before: Iterable[str], now: Iterable[str]) -> bool:
    """Tell whether what is in both stands in the same order: of two equal claims the first counts."""
    first, second = list(before), list(now)
    known, still = set(first), set(second)
    return [name for name in first if name in still] == [name for name in second if name in known]
