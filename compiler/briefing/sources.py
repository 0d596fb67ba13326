"""Where a sentence stands: the keys that sentences are cited by, and sentences shown word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final, NamedTuple

from compiler.briefing.inline_marks import cite
from compiler.facts.gists import KeptReport
from compiler.model import CompiledReport, Fact, Issue, Sentence


class Quoted(NamedTuple):
    """Words of a report, word for word; ``keys`` are the sentences that stand there from end to end."""

    text: str
    cite: str = ""
    name: str = ""
    keys: tuple[str, ...] = ()


_PAGE: Final = r"(?<![\dA-Za-z])[—–－-]\d{1,3}[—–－-](?!\d)"
"""The number of a page, as a scan has it in the middle of a sentence: 棚户—3—区."""

_DASHED: Final = re.compile(r"[—–－-]\d{1,3}[—–－-]")


def pageless(text: str, title: str) -> str:
    """Return a text without the numbers of pages, and the title where it runs over the head of the next one."""
    return re.sub(f"{_PAGE}(?:{re.escape(title)})?", "", text)


def without_pages(report: CompiledReport) -> CompiledReport:
    """Return a report as it is quoted: a page that ends within a sentence is no part of the sentence."""
    return report.changed(_without_pages) if isinstance(report, KeptReport) else _without_pages(report)


def _without_pages(report: CompiledReport) -> CompiledReport:
    texts = "\n".join([one.text for one in report.sentences])
    # Looked for in two steps: what a match begins with stands in hardly any report, what may not stand before it does.
    if _DASHED.search(texts) is None or re.search(_PAGE, texts) is None:
        return report
    title = "".join(report.identity.title.split())
    return replace(report, sentences=tuple(one._replace(text=pageless(one.text, title)) for one in report.sentences))


class Sources:
    """Finds the sentence of a fact or an offset, and gives each sentence the key it is cited by."""

    def __init__(self, reports: Sequence[CompiledReport]) -> None:
        # The same in every build, whichever other reports there are: what is made of a report is kept with its keys.
        self._keys = {(report.source, report.number): _key(report) for report in reports}
        self._reports = dict(zip(self._keys.values(), reports, strict=True))
        self._sentences: dict[str, dict[int, Sentence]] = {}

    def key(self, source: str, report: int, sentence: int) -> str:
        """Return the key of a sentence, empty where it is unknown."""
        key = self._keys.get((source, report))
        if key is None or sentence not in self._of(key):
            return ""
        return f"{key}.{sentence}"

    def of_fact(self, fact: Fact | None) -> str:
        """Return the citation mark of a fact."""
        if fact is None:
            return ""
        key = self._keys.get((fact.source, fact.report))
        return cite(f"{key}.{fact.sentence}") if key is not None and fact.sentence in self._of(key) else ""

    def of_sentence(self, report: CompiledReport, number: int) -> str:
        """Return the citation mark of a sentence."""
        key = self.key(report.source, report.number, number)
        return cite(key) if key else ""

    def of_issue(self, issue: Issue) -> str:
        """Return the citation mark of the sentence that an issue points at."""
        key = self._keys.get((issue.source, issue.report))
        if key is None or issue.start < 0:
            return ""
        for sentence in self._reports[key].sentences:
            if sentence.start <= issue.start < sentence.end:
                return cite(f"{key}.{sentence.number}")
        return ""

    def sentence(self, key: str) -> tuple[CompiledReport, Sentence]:
        """Return the report and the sentence of a key."""
        report, _, sentence = key.partition(".")
        return self._reports[report], self._of(report)[int(sentence)]

    def let_go(self) -> None:
        """Forget the sentences that were looked up so far."""
        self._sentences.clear()

    def _of(self, report: str) -> dict[int, Sentence]:
        found = self._sentences.get(report)
        if found is None:
            found = self._sentences[report] = {one.number: one for one in self._reports[report].sentences}
        return found


def _key(report: CompiledReport) -> str:
    return sha256(f"{report.source}\0{report.number}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
