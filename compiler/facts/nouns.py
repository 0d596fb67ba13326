"""Guesses what an uncovered figure measures: the noun that stands nearest to it in its clause.

jieba's tagging finds the noun; it is loaded only when there is something to guess, since it takes
half a second to start.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from compiler.files import private_folder
from compiler.model import CompiledReport
from compiler.strings import squeeze

_CLAUSE = re.compile(r"[，。；！？：、（）]")
_NOUN_TAGS = ("n", "vn", "eng", "j", "l", "nz", "b", "an")
_LONGEST_NOUN = 14


@lru_cache(maxsize=1)
def _tagger() -> Any:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.dt.tmp_dir = str(private_folder() or tempfile.mkdtemp(prefix="report-compiler-"))
    import jieba.posseg

    return jieba.posseg.POSTokenizer(jieba.dt)


def _noun_run(words: Sequence[tuple[str, str]]) -> str:
    """Return the nouns at the end of tagged words, joined."""
    run: list[str] = []
    for word, tag in reversed(words):
        if tag.startswith(_NOUN_TAGS) and not word.isdigit():
            run.insert(0, word)
        elif run:
            break
    return "".join(run)[-_LONGEST_NOUN:]


def guess_noun(sentence: str, raw: str) -> str:
    """Return the noun that ``raw`` (a figure with its unit) seems to measure in ``sentence``, or ''."""
    at = sentence.find(raw)
    if at < 0:
        return ""
    before = _CLAUSE.split(sentence[:at])[-1]
    after = _CLAUSE.split(sentence[at + len(raw) :])[0]
    tagger = _tagger()
    noun = _noun_run([(word.word, word.flag) for word in tagger.cut(before)]) if before else ""
    if noun:
        return noun
    tagged = [(word.word, word.flag) for word in tagger.cut(after)] if after else []
    run: list[str] = []
    for word, tag in tagged:
        if tag.startswith(_NOUN_TAGS):
            run.append(word)
        elif run:
            break
    return "".join(run)[:_LONGEST_NOUN]


def nouns_of(report: CompiledReport) -> tuple[str, ...]:
    """Return the noun of each uncovered figure of a report."""
    sentences = {sentence.number: sentence.text for sentence in report.sentences}
    return tuple(
        item.noun or guess_noun(sentences.get(item.sentence, ""), squeeze(item.raw)) for item in report.uncovered
    )


def name_uncovered(report: CompiledReport, nouns: Sequence[str] | None = None) -> CompiledReport:
    """Return the report with the noun of each uncovered figure filled in; ``nouns`` are those known from before."""
    found = nouns if nouns is not None else nouns_of(report)
    pairs = zip(report.uncovered, found, strict=True)
    named = (item if item.noun else item._replace(noun=noun) for item, noun in pairs)
    return replace(report, uncovered=tuple(named))
