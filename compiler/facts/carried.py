"""Which compiled reports outlive an edit of the rules: those whose text cannot hold what was edited.

What a report is compiled to follows from the lexicon and from the indicators whose names or phrases stand in its text.
A rule book leaves behind what each of its rules was made of; the next one tells from it which indicators differ, and
the reports that cannot hold a word of these are taken as they were. An edit of the lexicon, the sections or the tasks
touches every report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from operator import add
from typing import Final, NamedTuple

from compiler.model import IndicatorRule, Lexicon, RuleBook, Source
from compiler.rules.patterns import expand_pattern
from compiler.strings import hash_of, squeeze

MOST_EDITED: Final = 40
"""Beyond so many edited indicators nearly every report holds a word of one."""

_FIGURE, _GAP = "〔数〕", "…"


class Rule(NamedTuple):
    """What an indicator was: a hash of all that counts, one of all but what it is found by, and that.

    ``found_by`` holds names, each with the key that it stands under, and ``phrases`` each pattern with all that goes
    with it. ``aliases`` are told in outputs too.
    """

    digest: str
    rest: str
    name: str
    found_by: frozenset[tuple[str, str]]
    phrases: frozenset[tuple[str, str]]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A rule book as its edits are told from: hashes of what all reports follow from and of the ledger's rules."""

    fingerprint: str
    common: str
    ledger: str
    rules: dict[str, Rule]
    headlines: str


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from an earlier rule book: names that a text may hold, and phrases as pieces that it must hold."""

    earlier: str
    names: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()

    @property
    def is_seen(self) -> bool:
        """Tell whether a text can show it at all; else no report can change."""
        return bool(self.names or self.phrases)


def written(rulebook: RuleBook) -> Written:
    """Return what a rule book leaves behind. Where a rule stands, and its examples, change no report."""
    rules = {rule.id: _rule(rule) for rule in rulebook.indicators}
    combined = [replace(one, where=None) for one in rulebook.combined]
    sections = [replace(one, where=None, examples=()) for one in rulebook.sections]
    verbs = sorted({verb for rule in rulebook.indicators for verb in rule.verbs})  # cue words in every sentence
    headlines = [rules[rule.id].rest for rule in rulebook.indicators if rule.headline]
    return Written(
        rulebook.fingerprint,
        hash_of(*map(repr, (rulebook.lexicon, combined, sections, verbs, rulebook.tasks, rulebook.offices))),
        hash_of(repr(rulebook.ledger)),
        rules,
        hash_of(*headlines),
    )


_FOUND_BY: Final = ("aliases", "short", "objects", "growth_names")
"""The keys of an indicator under which names stand that it is found by beside its own."""


def _rule(rule: IndicatorRule) -> Rule:
    plain = replace(rule, where=None, examples=())
    found_by = frozenset((key, name) for key in _FOUND_BY for name in getattr(rule, key))
    rest = replace(plain, aliases=(), short=(), objects=(), growth_names=(), phrases=())
    phrases = frozenset((phrase.pattern, repr(phrase)) for phrase in rule.phrases)
    return Rule(hash_of(repr(plain)), hash_of(repr(rest)), rule.name, found_by, phrases, rule.aliases)


_PUT_TO_NAMES: Final = ("guard.added", "guard.totals", "direction.to")
"""Words of the lexicon that a reading puts to what stands in the text to see whether that makes a name (总数, 达到)."""


def change(earlier: Written, now: Written, lexicon: Lexicon) -> Change | None:
    """Return what differs between two rule books of one lexicon; None where every report may follow from it."""
    if earlier.common != now.common:
        return None
    edited = [name for name in {*earlier.rules, *now.rules} if earlier.rules.get(name) != now.rules.get(name)]
    if len(edited) > MOST_EDITED:
        return None
    sought: set[str] = set()
    patterns: set[str] = set()
    for one in edited:
        names_of, phrases_of = _sought(earlier.rules.get(one), now.rules.get(one))
        sought |= names_of
        patterns |= phrases_of
    names = {literal for name in sought for literal in expand_pattern(name) if literal}
    words = [word for listed in _PUT_TO_NAMES for word in lexicon.words(listed)]
    names |= {rest for name in names for word in words if word in name for rest in _without(name, word)}
    phrases = {_pieces(literal) for phrase in patterns for literal in expand_pattern(phrase)}
    return Change(earlier.fingerprint, tuple(sorted(names)), tuple(sorted(phrases)))


def _sought(earlier: Rule | None, now: Rule | None) -> tuple[set[str], set[str]]:
    """Return the names and phrases by which a report may show that a rule was edited: where the rule is otherwise what
    it was, those that came or went."""
    sides = [rule for rule in (earlier, now) if rule is not None]
    if earlier is not None and now is not None and earlier.rest == now.rest:
        names, phrases = earlier.found_by ^ now.found_by, earlier.phrases ^ now.phrases
        return {name for _, name in names}, {pattern for pattern, _ in phrases}
    listed = {name for rule in sides for _, name in rule.found_by}
    return listed | {rule.name for rule in sides}, {pattern for rule in sides for pattern, _ in rule.phrases}


def _without(name: str, word: str) -> Iterator[str]:
    if name != word and name.startswith(word):
        yield name[len(word) :]
    if name != word and name.endswith(word):
        yield name[: -len(word)]


def _pieces(phrase: str) -> tuple[str, ...]:
    return tuple(piece for piece in phrase.replace(_FIGURE, _GAP).split(_GAP) if piece)


def may_hold(text: str, changed: Change) -> bool:
    """Tell whether a normalised text may hold what has changed; in doubt it does.

    A name may stand in two pieces (规上工业产值和增加值), so one pair of neighbouring characters may be missing of it.
    """
    text = squeeze(text)
    single = set(text)

    def missing(word: str, most: int) -> bool:
        """Tell whether a word lacks more than so many of its pairs, or a character."""
        if not single.issuperset(word):
            return True
        absent = (pair for pair in map(add, word, word[1:]) if pair not in text)
        return next(islice(absent, most, None), None) is not None

    if not all(missing(name, 1) for name in changed.names):
        return True
    return any(not any(missing(piece, 0) for piece in pieces) for pieces in changed.phrases)


def cannot_hold(source: Source, rulebook: RuleBook, changed: Change, text: str | None = None) -> bool:
    """Tell whether what has changed cannot stand in a source, so that its reports stay as they were compiled.

    ``text`` is that of the source as rules are matched against it, where it is at hand.
    """
    if not changed.is_seen:
        return True
    if source.tables:  # their cells are put together to sentences of their own
        return False
    if text is None:
        from compiler.text.normalise import normalise

        text = normalise(source.text, rulebook.lexicon)[0].text
    return not may_hold(text, changed)
