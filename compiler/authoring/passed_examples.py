"""Examples that have passed, kept from check to check.

An example need not be run again where nothing that it is read by has changed: the program, the lexicon, its own rule,
and every rule that may touch its text (:mod:`compiler.authoring.touched_texts`). What is kept lies in a folder that
only this user can write to, with its own hash (:mod:`compiler.facts.store`), and may be deleted at any time. An example
of which anything was told is never kept, so all that is wrong is told each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from compiler.authoring.touched_texts import Reach, bare, patterns_of, reach
from compiler.facts.store import program_fingerprint, read_entry, room_for, write_entry
from compiler.files import private_folder
from compiler.model import IndicatorRule, RuleBook

KEPT = 8
"""Of so many rule folders the examples are kept."""


class Known(NamedTuple):
    """What was found of the examples of one rule, under the digest of all that it says.

    ``told`` are the examples (by number) of which something was told, ``letters`` the characters of each of them;
    ``clean`` tells that the rule itself is well.
    """

    digest: str
    patterns: tuple[str, ...]
    verbs: tuple[str, ...]
    letters: tuple[str, ...]
    told: frozenset[int]
    clean: bool

    def holds(self, number: int) -> bool:
        """Tell whether an example need not be run."""
        return number not in self.told


class Proven(NamedTuple):
    """What is known of the examples of a rule book: by indicator, of its tasks, and the digest of its sections where
    all of them passed."""

    rules: Mapping[str, Known] = {}
    tasks: Known | None = None
    sections: str = ""


class _Book(NamedTuple):
    lexicon: str
    found: Proven
    combined: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]  # names and indicators, by digest


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
        key = hashlib.sha256(
            f"{program_fingerprint()}\0{folder.resolve()}".encode("utf-8", "surrogateescape")
        ).hexdigest()
        return cls(private / "examples" / key)

    def _read(self) -> _Book | None:
        found = read_entry(self._place) if self._place is not None else None
        return found if isinstance(found, _Book) else None

    def standing(self, rulebook: RuleBook) -> Proven:
        """Return what is known and holds for ``rulebook`` as it is now; examples that the change of another rule may
        touch count as told."""
        before = self._before
        if before is None or before.lexicon != digest_of_rules(rulebook.lexicon):
            return Proven()
        was, rules = before.found.rules, {rule.id: rule for rule in rulebook.indicators}
        combined = _combined(rulebook)
        if not _in_order(was, rules) or not _in_order(before.combined, combined):
            return Proven()
        digests = {rule.id: digest_of_rules(rule) for rule in rulebook.indicators}
        changed = {
            name for name in was.keys() | rules.keys() if name not in was or was[name].digest != digests.get(name)
        }
        patterns = [pattern for name in changed if name in was for pattern in was[name].patterns]
        patterns += [pattern for name in changed if name in rules for pattern in patterns_of(rules[name])]
        verbs = {verb for known in was.values() for verb in known.verbs}
        patterns += verbs ^ {verb for rule in rules.values() for verb in rule.verbs}
        for key, (names, members) in {**before.combined, **combined}.items():
            if (key in before.combined) != (key in combined) or not changed.isdisjoint(members):
                patterns += names
        touched = reach(patterns, rulebook.lexicon)
        tasks, sections = before.found.tasks, before.found.sections
        return Proven(
            {name: _touched(known, touched) for name, known in was.items() if name not in changed},
            _touched(tasks, touched) if tasks and tasks.digest == digest_of_rules(tasks_of(rulebook)) else None,
            sections if sections == digest_of_rules(rulebook.sections) else "",
        )

    def keep(self, rulebook: RuleBook, found: Proven) -> None:
        """Leave what a check of ``rulebook`` has found."""
        if self._place is None:
            return
        book = _Book(digest_of_rules(rulebook.lexicon), found, _combined(rulebook))
        if book != self._before and room_for(self._place, KEPT):
            write_entry(self._place, book)


def _touched(known: Known, touched: Reach) -> Known:
    """Return what is known of a rule without the examples that a change may touch."""
    anew = {number for number, letters in enumerate(known.letters) if touched.touches(letters)}
    return known._replace(told=known.told | anew) if anew else known


def tasks_of(rulebook: RuleBook) -> tuple[object, ...]:
    """Return all that examples of tasks are read by, beside the indicators and the lexicon."""
    examples = tuple(replace(example, where=None) for example in rulebook.tasks.examples)
    return replace(rulebook.tasks, examples=examples), rulebook.offices


def digest_of_rules(value: object) -> str:
    """Return a digest of all that a rule or a set of rules says; of an indicator, wherever it stands."""
    said = bare(value) if isinstance(value, IndicatorRule) else value
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def _combined(rulebook: RuleBook) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {
        digest_of_rules(replace(rule, where=None)): (rule.names, (*rule.indicators, rule.whole))
        for rule in rulebook.combined
    }


def _in_order(before: Iterable[str], now: Iterable[str]) -> bool:
    """Tell whether what is in both stands in the same order: of two equal claims the first counts."""
    first, second = list(before), list(now)
    known, still = set(first), set(second)
    return [name for name in first if name in still] == [name for name in second if name in known]
