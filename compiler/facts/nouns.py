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

_INSIDE = ("a", "v", "i", "f", "s", "x")
"""What may stand within a noun with more of it on either side: 旅游示范村, 民族村寨旅游提升示范村."""

_TAIL = ("q", "k", "g", "ng", "zg", "vg", "ag", "h")
"""Single characters that jieba cuts off the end of a noun it does not know: 彩虹步|道."""

_COUNTED = re.compile(r"[0-9零一二三四五六七八九十百千万亿两.]+[余多]?[个家项条座处件起名所支类种届批片]\Z")
"""A figure that counts what stands behind it: 11个重点项目."""

_GLUED = re.compile(r"[0-9A-Za-z+.]+\Z")
_QUOTED = re.compile(r"[“”‘’]")
_IN_QUOTES = re.compile(r"[“‘]([^“”‘’]{2,12})[”’]([\u4e00-\u9fff]{0,6})\Z")
_OWN = re.compile(r"(?:[全我本](?:自治区|[省市县区州旗])|我国|全国)")
"""What a report calls its own place: no part of what is measured."""


@lru_cache(maxsize=1)
def _tagger() -> Any:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.dt.tmp_dir = str(private_folder() or tempfile.mkdtemp(prefix="report-compiler-"))
    import jieba.posseg

    return jieba.posseg.POSTokenizer(jieba.dt)


Words = Sequence[tuple[str, str]]


@lru_cache(maxsize=16_384)
def _tagged(text: str) -> Words:
    """Return the words of a clause with their tags; reports say the same things, so that many clauses come again."""
    return [(word.word, word.flag) for word in _tagger().cut(_QUOTED.sub("", text))] if text else []


def _is_noun(word: str, tag: str) -> bool:
    return tag.startswith(_NOUN_TAGS) and not word.isdigit()


def _noun_run(words: Words) -> str:
    """Return the noun at the end of tagged words, whole: with what stands within it, and with its last character."""
    end = len(words)
    while end and not _is_noun(*words[end - 1]):
        word, tag = words[end - 1]
        if end > 1 and len(word) == 1 and tag.startswith(_TAIL) and _is_noun(*words[end - 2]):
            break
        end -= 1
    start = end - 1
    while start > 0:
        word, tag = words[start - 1]
        within = tag.startswith(_INSIDE) and len(word) > 1 and start > 1 and _is_noun(*words[start - 2])
        if not (_is_noun(word, tag) or within or _GLUED.match(word)):
            break
        start -= 1
    return _short(words[max(0, start) : end])


def _noun_first(words: Words) -> str:
    """Return the noun that tagged words begin with, up to its last piece before anything else; '' where they do not."""
    end = 0
    for number, (word, tag) in enumerate(words):
        if _is_noun(word, tag) or (number == end and end and len(word) == 1 and tag.startswith(_TAIL)):
            end = number + 1
        elif not _GLUED.match(word):
            then = words[number + 1][1] if number + 1 < len(words) else ""
            # 重点项目|加快建设, 企业|发放贷款: a verb that says what is done, or what somebody does, is no part of it.
            alone = tag.startswith("v") and number < 2
            if not tag.startswith(_INSIDE) or len(word) < 2 or alone or then.startswith(("v", "d", "u")):
                break
    while end > 1 and words[end - 1][1] == "vn":  # 五个产业园区|建设: things are counted, not what is done with them
        end -= 1
    return _short(words[:end])


def _short(words: Words) -> str:
    """Return words joined, without the first ones where all together are too long."""
    kept = list(words)
    while kept and sum(len(word) for word, _ in kept) > _LONGEST_NOUN:
        kept.pop(0)
    return "".join(word for word, _ in kept)


def guess_noun(sentence: str, raw: str) -> str:
    """Return the noun that ``raw`` (a figure with its unit) seems to measure in ``sentence``, or ''."""
    at = sentence.find(raw)
    if at < 0:
        return ""
    before = _CLAUSE.split(sentence[:at])[-1]
    after = _CLAUSE.split(sentence[at + len(raw) :], maxsplit=1)[0]
    counted = _noun_first(_tagged(after)) if _COUNTED.search(raw) else ""
    if len(counted) > 1:
        return counted
    quoted = _IN_QUOTES.search(before)
    noun = quoted[1] + _noun_first(_tagged(quoted[2])) if quoted else _noun_run(_tagged(before))
    if noun:
        return _OWN.sub("", noun) or noun
    run: list[str] = []
    for word, tag in _tagged(after):
        if _is_noun(word, tag):
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
