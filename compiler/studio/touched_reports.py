"""Which reports a change of rules can touch: the others keep their facts, and need not be read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compiler.authoring.touched_texts import bare, patterns_of, reach
from compiler.model import RuleBook

if TYPE_CHECKING:
    from compiler.facts.compile import Reading


def changed_ids(old: RuleBook, new: RuleBook) -> frozenset[str]:
    """Return the ids of the indicators that are not the same in two rule books; their places in the files aside."""
    was, now = ({rule.id: bare(rule) for rule in book.indicators} for book in (old, new))
    return frozenset(name for name in {*was, *now} if was.get(name) != now.get(name))


def patterns_changed(old: RuleBook, new: RuleBook) -> frozenset[str]:
    """Return the names and phrases by which changed indicators are found, as they were and as they are to be.

    Verbs that one of the rule books has alone are among them: they are told from other words in any sentence.
    """
    ids = changed_ids(old, new)
    rules = [rule for rule in (*old.indicators, *new.indicators) if rule.id in ids]
    verbs = [{verb for rule in book.indicators for verb in rule.verbs} for book in (old, new)]
    return frozenset(pattern for rule in rules for pattern in patterns_of(rule)) | (verbs[0] ^ verbs[1])


def touched_by(old: RuleBook, new: RuleBook) -> Callable[[Reading], bool]:
    """Return what tells whether the facts of a reading may differ between two rule books."""
    if old.lexicon != new.lexicon or old.combined != new.combined:
        return lambda reading: True
    ids = changed_ids(old, new)
    combined = [one for one in new.combined if not ids.isdisjoint((*one.indicators, one.whole))]
    patterns = {*patterns_changed(old, new), *(pattern for one in combined for pattern in patterns_of(one))}
    within = reach(patterns, new.lexicon)
    return lambda reading: any(within.touches(entry.text) for entry in reading.inputs)
