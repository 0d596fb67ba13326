"""Choose the sentences of captured passages that a busy reader needs: whole, verbatim, each once.

A sentence earns points for figures, for names of projects, for verbs of commitment and for the key terms
of its section (jieba's TF-IDF); one that leans on the sentence before it (同时, 其中) loses some. The
best are chosen and then stand in the order of the report, so that they read as it does.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from compiler.model import CompiledReport, Passage, Sentence

_FIGURE: Final = re.compile(r"\d[\d.,]*")
_QUOTED: Final = re.compile("[“《「]([^”》」]{2,20})[”》」]")
_KEY_TERMS: Final = 12
_MAX_TERM_TEXT: Final = 6_000


def choose(
    passages: Sequence[Passage],
    report: CompiledReport,
    lists: Mapping[str, Sequence[str]],
    most: int,
    longest: int,
    taken: set[int],
) -> list[Sentence]:
    """Return at most ``most`` sentences of ``passages`` that are not in ``taken`` yet; ``taken`` grows by them.

    ``longest`` is the length beyond which a sentence is only chosen where nothing shorter is left.
    """
    by_number = {sentence.number: sentence for sentence in report.sentences}
    numbers = dict.fromkeys(number for passage in passages for number in passage.sentences)
    seen: set[str] = set()
    candidates: list[Sentence] = []
    for number in numbers:
        sentence = by_number.get(number)
        if sentence is None or number in taken or sentence.text in seen:
            continue
        seen.add(sentence.text)
        candidates.append(sentence)
    if most and len(candidates) > most:
        scores = _scores(candidates, lists, longest)
        best = sorted(range(len(candidates)), key=lambda n: (-scores[n], n))[:most]
        candidates = [candidates[n] for n in sorted(best)]
    taken.update(sentence.number for sentence in candidates)
    return candidates


def _scores(candidates: Sequence[Sentence], lists: Mapping[str, Sequence[str]], longest: int) -> list[float]:
    """Return how much each sentence has to say."""
    commitments = lists.get("commitments", ())
    projects = lists.get("projects", ())
    leaning = tuple(lists.get("leaning", ()))
    terms = _key_terms("\n".join(sentence.text for sentence in candidates)[:_MAX_TERM_TEXT])
    scores: list[float] = []
    for sentence in candidates:
        text = sentence.text
        score = 3.0 * min(4, len(_FIGURE.findall(text)))
        score += 2.0 * min(3, sum(word in text for word in projects) + len(_QUOTED.findall(text)))
        score += 1.5 * min(3, sum(word in text for word in commitments))
        score += 4.0 * min(1.0, sum(weight for term, weight in terms if term in text))
        if leaning and text.startswith(leaning):
            score -= 4.0
        if len(text) < 12:
            score -= 6.0
        if longest and len(text) > longest:
            score -= 20.0
        scores.append(score)
    return scores


def _key_terms(text: str) -> tuple[tuple[str, float], ...]:
    """Return the key terms of a text with their weights, the heaviest 1."""
    terms = _extractor().extract_tags(text, topK=_KEY_TERMS, withWeight=True)
    if not terms:
        return ()
    top = terms[0][1] or 1.0
    return tuple((term, weight / top) for term, weight in terms)


@lru_cache(maxsize=1)
def _extractor() -> Any:
    """Return jieba's extractor, with its cache in a folder of our own that nobody else can write to."""
    import jieba

    jieba.setLogLevel(60)  # it reports each loading on standard error
    folder = _private_folder()
    if folder is None:
        # Nowhere safe: the cache is a marshal file, and one that others can write would be run as given.
        jieba.dt.tmp_dir = tempfile.mkdtemp(prefix="report-compiler-")
    else:
        jieba.dt.tmp_dir = str(folder)
    from jieba.analyse import TFIDF

    return TFIDF()


def _private_folder() -> Path | None:
    """Return a cache folder that belongs to this user alone, or None where there is none."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = (Path(base) if base else Path.home() / ".cache") / "report-compiler"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            state = folder.stat()
            if state.st_uid != os.getuid():
                return None
            if state.st_mode & 0o022:
                folder.chmod(0o700)
    except (OSError, RuntimeError):
        return None
    return folder
