"""Names, phrases and exclusions of the rules that fired in no example and in no report at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.authoring.explain import RuleLines
from compiler.facts.compile import Reading, language_of, read_example, read_source
from compiler.facts.examples import identity_in
from compiler.language.guards import Guard
from compiler.model import IndicatorRule, Issue, RuleBook, Source
from compiler.rules.patterns import expand_pattern

NAME_KEYS = ("name", "aliases", "short", "objects", "growth_names")


def unused(sources: Sequence[Source], rulebook: RuleBook) -> tuple[Issue, ...]:
    """Return a note for each name that stands nowhere, each phrase that took and exclusion that refused nothing."""
    seen = _Seen(rulebook)
    for rule in rulebook.indicators:
        for example in rule.examples:
            identity = identity_in(example.text, example.under, rulebook.lexicon, example.at, example.year)
            seen.look_at(read_example(example.text, example.under, rulebook, identity))
    for source in sources:
        for reading in read_source(source, rulebook)[0]:
            seen.look_at(reading)
    places = RuleLines(rulebook)
    return tuple(issue for rule in rulebook.indicators for issue in _unused_of(rule, seen, places))


class _Seen:
    """What has fired: literal names, phrases by rule, words that excluded by rule."""

    def __init__(self, rulebook: RuleBook) -> None:
        self.language = language_of(rulebook)
        self.names: set[str] = set()
        self.phrases: set[tuple[str, str]] = set()
        self.excluded: set[tuple[str, str]] = set()

    def look_at(self, reading: Reading) -> None:
        for entry in reading.inputs:
            self.names.update(entry.text[start:end] for start, end in self.language.names.one_by_one(entry.text))
        for found in reading.extraction.found:
            self.phrases.add((found.binding.rule.id, found.binding.phrase))
        for item in reading.extraction.refusals:
            if item.refused.guard is Guard.EXCLUDE:
                self.excluded.add((item.refused.rule.id, item.refused.word))


def _unused_of(rule: IndicatorRule, seen: _Seen, places: RuleLines) -> Iterator[Issue]:
    def note(key: str, item: str) -> Issue:
        fields = {"who": f"指标 {rule.id}", "key": key, "item": item}
        return Issue("S104", fields, places.of_key(rule, key, item if key != "name" else ""))

    for key in NAME_KEYS:
        value = getattr(rule, key)
        for pattern in (value,) if isinstance(value, str) else value:
            if seen.names.isdisjoint(expand_pattern(pattern)):
                yield note(key, pattern)
    for phrase in rule.phrases:
        if (rule.id, phrase.pattern) not in seen.phrases:
            yield note("phrases", phrase.pattern)
    for exclusion in rule.exclude:
        for word in exclusion.words:
            if all((rule.id, literal) not in seen.excluded for literal in expand_pattern(word)):
                yield note("exclude", word)
