"""Capture the passages that the section rules name, as whole sentences with their source span.

A rule matches in two ways. A *heading* that contains one of its words captures every sentence below
it, one passage a paragraph. An *opener* captures the sentence that contains it and what follows in
the paragraph, as many whole sentences as the rule's length allows; where the paragraph ends before
the least length is reached (a list of problems, one a paragraph), the paragraphs that follow under
the same heading are taken in too. Nothing is cut inside a sentence and no sentence is captured twice
by one rule.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from compiler.language.unit_conversion import trie_pattern
from compiler.model import Issue, Paragraph, Part, Passage, SectionRule, Sentence
from compiler.strings import squeeze

_PARTS: Mapping[str, tuple[Part, ...]] = {
    "review": (Part.REVIEW, Part.REVIEW_SPAN),
    "plan": (Part.PLAN, Part.PLAN_SPAN),
}


def capture_passages(
    sentences: Sequence[Sentence], paragraphs: Sequence[Paragraph], sections: Sequence[SectionRule], source: str = ""
) -> tuple[tuple[Passage, ...], tuple[Issue, ...]]:
    """Return the passages of all section rules, in the order of the rules and then of the report.

    Their text is that of the file ``source``, white space aside; without it that of the sentences.
    """
    headings = {paragraph.number for paragraph in paragraphs if paragraph.is_heading}
    body = [sentence for sentence in sentences if sentence.paragraph not in headings and sentence.text]
    index = _Index(body, _signs_of(sections))
    passages: list[Passage] = []
    issues: list[Issue] = []
    for rule in sections:
        captured, found = _capture(rule, body, index, source)
        passages.extend(captured)
        issues.extend(found)
        if not captured and rule.if_missing == "warn":
            issues.append(Issue("F801", {"section": rule.name, "id": rule.id, "rule": f"{rule.file}#{rule.id}"}))
    return tuple(passages), tuple(issues)


class _Words:
    """Many words that are found in many short texts by one pass over all of them."""

    def __init__(self, words: Iterable[str]) -> None:
        known = frozenset(words)
        self._longest = re.compile(trie_pattern(known))
        self._begun_by = {
            word: [word[:end] for end in range(1, len(word) + 1) if word[:end] in known] for word in known
        }

    def standing_in(self, texts: Sequence[str]) -> dict[str, list[int]]:
        """Return for each word that stands in one of ``texts`` the positions of those texts."""
        together = "\n".join(texts)
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        standing: dict[str, list[int]] = {}
        found = self._longest.search(together)
        while found is not None:
            at = bisect_right(starts, found.start()) - 1
            for word in self._begun_by[found[0]]:
                standing.setdefault(word, []).append(at)
            found = self._longest.search(together, found.start() + 1)
        return standing


class _Signs(NamedTuple):
    """The words of all section rules: those of sentences, and those of headings."""

    sections: Sequence[SectionRule]
    openers: _Words
    headings: _Words


_ready: dict[int, _Signs] = {}


def _signs_of(sections: Sequence[SectionRule]) -> _Signs:
    """Return the words of ``sections``, made ready once and kept for the last few rule books."""
    known = _ready.get(id(sections))
    if known is None or known.sections is not sections:
        while len(_ready) >= 4:
            _ready.pop(next(iter(_ready)))
        openers = _Words(word for rule in sections for word in rule.openers)
        headings = _Words(word for rule in sections for word in rule.headings)
        known = _ready[id(sections)] = _Signs(sections, openers, headings)
    return known


class _Index:
    """Finds the sentences that contain a word, and those below a heading that does."""

    def __init__(self, body: Sequence[Sentence], signs: _Signs) -> None:
        self._sentences = signs.openers.standing_in([sentence.text for sentence in body])
        below: dict[tuple[str, ...], list[int]] = {}
        for number, sentence in enumerate(body):
            below.setdefault(sentence.headings, []).append(number)
        headings: dict[str, list[int]] = {}
        for path, numbers in below.items():
            for heading in path:
                headings.setdefault(squeeze(heading), []).extend(numbers)
        self._below = list(headings.values())
        self._headings = signs.headings.standing_in(list(headings))

    def containing(self, words: Iterable[str]) -> list[int]:
        """Return the positions of the sentences that contain one of ``words``."""
        return sorted({number for word in words for number in self._sentences.get(word, ())})

    def below(self, words: Iterable[str]) -> list[int]:
        """Return the positions of the sentences below a heading that contains one of ``words``."""
        holding = {heading for word in words for heading in self._headings.get(word, ())}
        return sorted({number for heading in holding for number in self._below[heading]})


def _capture(
    rule: SectionRule, body: Sequence[Sentence], index: _Index, source: str
) -> tuple[list[Passage], list[Issue]]:
    """Return what one rule captures."""
    parts = _PARTS.get(rule.within)
    issues: list[Issue] = []
    runs: list[list[int]] = []
    taken: set[int] = set()
    if rule.headings:
        inside = [n for n in index.below(rule.headings) if parts is None or body[n].part in parts]
        # Neighbours only: a passage is one stretch of the source, so a gap (another part) begins a new one.
        for _, stretch in groupby(enumerate(inside), key=lambda pair: pair[1] - pair[0]):
            runs.append([n for _, n in stretch])
        taken.update(inside)
    if rule.openers:
        for first in index.containing(rule.openers):
            if first in taken or (parts is not None and body[first].part not in parts):
                continue
            run, cut = _follow(rule, body, first, taken)
            taken.update(run)
            runs.append(run)
            if cut is not None:
                issues.append(
                    Issue(
                        "F802",
                        {"section": rule.name, "id": rule.id, "most": str(rule.length[1])},
                        start=cut.start,
                        end=cut.end,
                    )
                )
    passages: list[Passage] = []
    for run in sorted(runs):
        # A run may cross paragraphs; each paragraph is a passage, so that a passage has one number.
        for _, group in groupby(run, key=lambda n: body[n].paragraph):
            passages.append(_passage(rule, [body[n] for n in group], source))
    return passages, issues


def _follow(
    rule: SectionRule, body: Sequence[Sentence], first: int, taken: set[int]
) -> tuple[list[int], Sentence | None]:
    """Return the sentences from the opener on, and the first one left out because of the length."""
    least, most = rule.length
    opener = body[first]
    run = [first]
    length = len(opener.text)
    for number in range(first + 1, len(body)):
        sentence = body[number]
        if number in taken or sentence.headings != opener.headings or sentence.part != opener.part:
            break
        if sentence.paragraph != body[run[-1]].paragraph and length >= least:
            break
        if length + len(sentence.text) > most:
            return run, sentence
        run.append(number)
        length += len(sentence.text)
    return run, None


def _passage(rule: SectionRule, sentences: Sequence[Sentence], source: str) -> Passage:
    first, last = sentences[0], sentences[-1]
    printed = squeeze(source[first.start : last.end])
    return Passage(
        section_id=rule.id,
        section=rule.name,
        part=first.part,
        heading="/".join(first.headings),
        paragraph=first.paragraph,
        start=first.start,
        end=last.end,
        text=printed or "".join([sentence.text for sentence in sentences]),
        sentences=tuple([sentence.number for sentence in sentences]),
    )
