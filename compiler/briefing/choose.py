"""Choose the sentences of captured passages that a busy reader needs: whole, verbatim, each once.

A sentence earns points for figures, for names of projects, for verbs of commitment and for the key terms
of its section (jieba's TF-IDF); one that leans on the sentence before it (同时, 其中) loses some. The
best are chosen and then stand in the order of the report, so that they read as it does.
"""

from __future__ import annotations

import marshal
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from compiler.files import private_folder
from compiler.model import CompiledReport, Passage, Sentence

_FIGURE: Final = re.compile(r"\d[\d.,]*")
_QUOTED: Final = re.compile("[“《「]([^”》」]{2,20})[”》」]")
_RUN_IN: Final = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、．.]|第[一二三四五六七八九十]+[、，]")
_RUN_IN_LENGTH: Final = 30
EVERYTHING: Final = 1_000_000
"""From how many sentences on a section is wanted whole; nothing is weighed then."""

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
        if sentence is None or number in taken or sentence.text in seen or _says_nothing(sentence.text, lists):
            continue
        seen.add(sentence.text)
        candidates.append(sentence)
    if len(candidates) > most or most < EVERYTHING:
        # What carries neither figure, project nor commitment is left out even where there is room for it.
        candidates = [one for one in candidates if _substance(one.text, lists)]
    if len(candidates) > most:
        scores = _scores(candidates, lists, longest)
        best = sorted(range(len(candidates)), key=lambda n: (-scores[n], n))[:most]
        candidates = [candidates[n] for n in sorted(best)]
    taken.update(sentence.number for sentence in candidates)
    return candidates


def _substance(text: str, lists: Mapping[str, Sequence[str]]) -> float:
    """Return the points of a sentence for figures, names of projects and verbs of commitment."""
    points = 3.0 * min(4, len(_FIGURE.findall(text)))
    points += 2.0 * min(3, sum(word in text for word in lists.get("projects", ())) + len(_QUOTED.findall(text)))
    return points + 1.5 * min(3, sum(word in text for word in lists.get("commitments", ())))


def _says_nothing(text: str, lists: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a sentence is a heading that runs into the text （一）…。 or a closing call."""
    if _RUN_IN.match(text) and len(text) <= _RUN_IN_LENGTH and not _FIGURE.search(_RUN_IN.sub("", text)):
        return True
    return any(word in text for word in lists.get("closings", ()))


def _scores(candidates: Sequence[Sentence], lists: Mapping[str, Sequence[str]], longest: int) -> list[float]:
    """Return how much each sentence has to say."""
    leaning = tuple(lists.get("leaning", ()))
    terms = key_terms("\n".join(sentence.text for sentence in candidates)[:_MAX_TERM_TEXT])
    scores: list[float] = []
    for sentence in candidates:
        text = sentence.text
        score = _substance(text, lists)
        score += 4.0 * min(1.0, sum(weight for term, weight in terms if term in text))
        if leaning and text.startswith(leaning):
            score -= 4.0
        if len(text) < 12:
            score -= 6.0
        if longest and len(text) > longest:
            score -= 20.0
        scores.append(score)
    return scores


def key_terms(text: str) -> tuple[tuple[str, float], ...]:
    """Return the key terms of a text with their weights, the heaviest 1, as ``jieba.analyse`` ranks them.

    That package reads its weights twice and its tagger once when it is imported, which takes longer than
    a whole build; so the weights are kept here beside the dictionary.
    """
    vocabulary = _vocabulary()
    counts = Counter(
        word
        for word in vocabulary.cut(text)
        if len(word.strip()) > 1 and not word.isascii()  # figures count for themselves
    )
    total = sum(counts.values())
    if not total:
        return ()
    weights = {word: n * vocabulary.idf.get(word, vocabulary.median) / total for word, n in counts.items()}
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_KEY_TERMS]
    return tuple((word, weight / ranked[0][1]) for word, weight in ranked)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    cut: Callable[[str], Iterable[str]]
    idf: Mapping[str, float]
    median: float


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    """Return jieba's tokenizer and its weights, from a cache that nobody else can write to."""
    import jieba

    jieba.setLogLevel(60)  # it reports each loading on standard error
    folder = private_folder()
    path = folder / f"jieba-{jieba.__version__}.cache" if folder else None
    loaded = _read_cache(path)
    if loaded is None:
        with Path(jieba.__file__).parent.joinpath("analyse", "idf.txt").open(encoding="utf-8") as stream:
            idf = {word: float(weight) for word, weight in (line.rsplit(" ", 1) for line in stream)}
        frequencies, total = jieba.dt.gen_pfdict(jieba.dt.get_dict_file())
        loaded = (frequencies, total, idf)
        _write_cache(path, loaded)
    jieba.dt.FREQ, jieba.dt.total, idf = loaded
    jieba.dt.initialized = True  # or it would read its dictionary again and leave a cache in a shared folder
    return _Vocabulary(jieba.dt.cut, idf, sorted(idf.values())[len(idf) // 2])


def _read_cache(path: Path | None) -> tuple[dict[str, int], int, dict[str, float]] | None:
    """Return what an earlier run kept. It is a marshal file, so it must be ours alone."""
    if path is None:
        return None
    try:
        state = path.stat()
        if hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022):
            return None
        frequencies, total, idf = marshal.loads(path.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if not (isinstance(frequencies, dict) and isinstance(total, int) and isinstance(idf, dict) and idf):
        return None
    return frequencies, total, idf


def _write_cache(path: Path | None, content: tuple[dict[str, int], int, dict[str, float]]) -> None:
    """Keep ``content`` for later runs; where that is not possible they do without."""
    if path is None:
        return
    try:
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(marshal.dumps(content))
        Path(name).replace(path)
    except OSError:
        return
