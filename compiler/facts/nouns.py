"""Guesses what an uncovered figure measures: the noun that its clause tells, else the one nearest to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from compiler.facts.clause_words import PhraseWords
from compiler.facts.plain_clauses import find_phrase, without_openers
from compiler.facts.tagging import TAIL_TAGS, TaggedWords, is_noun, tagged
from compiler.model import CompiledReport, Lexicon, Sentence, Uncovered
from compiler.strings import squeeze

_CLAUSE = re.compile(r"[，。；！？：、（）]|(?<!\d),|,(?!\d)")
_LONGEST_NOUN = 20

_INSIDE = ("a", "v", "i", "f", "s", "x")
"""What may stand within a noun with more of it on either side: 旅游示范村, 民族村寨旅游提升示范村."""

_COUNTED = re.compile(r"[0-9零一二三四五六七八九十百千万亿两.]+[余多]?[个家项条座处件起名所支类种届批片]\Z")
"""A figure that counts what stands behind it: 11个重点项目."""

_GLUED = re.compile(r"[0-9A-Za-z+.]+\Z")
_OWN = re.compile(r"(?:[全我本](?:自治区|[省市县区州旗])|我国|全国)")
"""What a report calls its own place: no part of what is measured."""

_PLAIN_DIGITS = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_WIDE_DIGIT = re.compile("[０-９．％]")
_NO_WORDS = PhraseWords.of(None)


def _noun_run(words: TaggedWords) -> str:
    """Return the noun at the end of tagged words, whole: with what stands within it, and with its last character."""
    end = len(words)
    while end and not is_noun(*words[end - 1]):
        word, tag = words[end - 1]
        if end > 1 and len(word) == 1 and tag.startswith(TAIL_TAGS) and is_noun(*words[end - 2]):
            break
        end -= 1
    start = end - 1
    while start > 0:
        word, tag = words[start - 1]
        within = tag.startswith(_INSIDE) and len(word) > 1 and start > 1 and is_noun(*words[start - 2])
        if not (is_noun(word, tag) or within or _GLUED.match(word)):
            break
        start -= 1
    return _short(words[max(0, start) : end])


def _noun_first(words: TaggedWords) -> str:
    """Return the noun that tagged words begin with, up to its last piece before anything else; '' where they do not."""
    end = 0
    for number, (word, tag) in enumerate(words):
        if is_noun(word, tag) or (number == end and end and len(word) == 1 and tag.startswith(TAIL_TAGS)):
            end = number + 1
        elif word.isdigit():
            break
        elif not _GLUED.match(word):
            then = words[number + 1][1] if number + 1 < len(words) else ""
            # 重点项目|加快建设, 企业|发放贷款: a verb that says what is done, or what somebody does, is no part of it.
            alone = tag.startswith("v") and number < 2
            if not tag.startswith(_INSIDE) or len(word) < 2 or alone or then.startswith(("v", "d", "u")):
                break
    while end > 1 and words[end - 1][1] == "vn":  # 五个产业园区|建设: things are counted, not what is done with them
        end -= 1
    return _short(words[:end])


def _one_thing(tokens: TaggedWords, words: PhraseWords) -> TaggedWords:
    """Return the tagged words of a thing, up to what is told of it: 抽水蓄能电站项目|开工."""
    for number, (word, tag) in enumerate(tokens):
        deed = number and (word in words.acts or word in words.does) and word not in words.attributes
        if deed or tag.startswith(("d", "ad", "u", "p", "c")):
            return tokens[:number]
    return tokens


def _short(words: TaggedWords) -> str:
    """Return words joined, without the first ones where all together are too long; '' for a single character."""
    kept = list(words)
    while kept and sum(len(word) for word, _ in kept) > _LONGEST_NOUN:
        kept.pop(0)
    noun = "".join(word for word, _ in kept)
    return noun if len(noun) > 1 else ""


def guess_noun(sentence: str, raw: str, at: int | None = None, words: PhraseWords = _NO_WORDS) -> str:
    """Return the noun that ``raw`` (a figure with its unit) seems to measure in ``sentence``, or ''.

    ``at`` is where the figure stands (characters), the first place that reads so where it is None. ``words`` are those
    that a clause is read with; without them the noun is the one nearest to the figure.
    """
    if at is None or not sentence.startswith(raw, at):
        at = sentence.find(raw)
    if at < 0:
        return ""
    phrase = find_phrase(sentence, at, at + len(raw), words)
    if phrase is not None:
        return phrase.noun
    before = _CLAUSE.split(sentence[:at])[-1]
    after = _CLAUSE.split(sentence[at + len(raw) :], maxsplit=1)[0]
    terms = words.terms
    counted = _noun_first(tagged(after, terms)) if _COUNTED.search(raw) else ""
    if counted:
        return counted
    noun = without_openers(_noun_run(tagged(before, terms)), words)
    if noun in words.invested and len(after) > 1 and after.startswith("的"):
        # 总投资2亿元的示范园建成: of one thing, which is what tells it from all others
        return _short(_one_thing(tagged(after[1:], terms), words)) + noun
    if len(noun) > 1 and noun not in words.never:
        return _OWN.sub("", noun) or noun
    run: list[tuple[str, str]] = []
    for word, tag in tagged(after, terms):
        if is_noun(word, tag):
            run.append((word, tag))
        elif run:
            break
    return _short(run)


def nouns_of(report: CompiledReport, lexicon: Lexicon | None = None) -> tuple[str, ...]:
    """Return the noun of each uncovered figure of a report, read with the words of ``lexicon``."""
    sentences = {sentence.number: sentence for sentence in report.sentences}
    words = PhraseWords.of(lexicon) if report.uncovered else _NO_WORDS
    return tuple(item.noun or _noun_in(report, item, sentences.get(item.sentence), words) for item in report.uncovered)


def _noun_in(report: CompiledReport, item: Uncovered, sentence: Sentence | None, words: PhraseWords) -> str:
    if sentence is None:
        return ""
    at = len(squeeze(report.text[sentence.start : item.start])) if item.start >= sentence.start else None
    return guess_noun(_with_plain_digits(sentence.text), _with_plain_digits(squeeze(item.raw)), at, words)


def _with_plain_digits(text: str) -> str:
    return text.translate(_PLAIN_DIGITS) if _WIDE_DIGIT.search(text) else text


def name_uncovered(
    report: CompiledReport, nouns: Sequence[str] | None = None, lexicon: Lexicon | None = None
) -> CompiledReport:
    """Return the report with the noun of each uncovered figure filled in; ``nouns`` are those known from before."""
    found = nouns if nouns is not None else nouns_of(report, lexicon)
    pairs = zip(report.uncovered, found, strict=True)
    named = (item if item.noun else item._replace(noun=noun) for item, noun in pairs)
    return replace(report, uncovered=tuple(named))
