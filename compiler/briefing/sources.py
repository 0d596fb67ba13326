"""Where a sentence stands: the keys that sentences are cited by, and sentences shown word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.briefing.marks import cite
from compiler.model import CompiledReport, Fact, Issue, Sentence


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a report, word for word; ``keys`` are the sentences that stand there from end to end."""

    text: str
    cite: str = ""
    name: str = ""
    keys: tuple[str, ...] = ()


_PAGE: Final = r"(?<![\dA-Za-z])[—–－-]\d{1,3}[—–－-](?!\d)"
"""The number of a page, as a scan has it in the middle of a sentence: 棚户—3—区."""


def pageless(text: str, title: str) -> str:
    """Return a text without the numbers of pages, and the title where it runs over the head of the next one."""
    return re.sub(f"{_PAGE}(?:{re.escape(title)})?", "", text)


def without_pages(report: CompiledReport) -> CompiledReport:
    """Return a report as it is quoted: a page that ends within a sentence is no part of the sentence."""
    if not any(re.search(_PAGE, one.text) for one in report.sentences):
        return report
    title = "".join(report.identity.title.split())
    return replace(report, sentences=tuple(one._replace(text=pageless(one.text, title)) for one in report.sentences))


class Sources:
    """Finds the sentence of a fact or an offset, and gives each sentence the key it is cited by."""

    def __init__(self, reports: Sequence[CompiledReport]) -> None:
        self._numbers = {(report.source, report.number): n for n, report in enumerate(reports)}
        self._reports = reports
        self._sentences: dict[int, dict[int, Sentence]] = {}

    def key(self, source: str, report: int, sentence: int) -> str:
        """Return the key of a sentence, empty where it is unknown."""
        number = self._numbers.get((source, report))
        if number is None or sentence not in self._of(number):
            return ""
        return f"{number}.{sentence}"

    def of_fact(self, fact: Fact | None) -> str:
        """Return the citation mark of a fact."""
        key = self.key(fact.source, fact.report, fact.sentence) if fact else ""
        return cite(key) if key else ""

    def of_facts(self, facts: Iterable[Fact | None]) -> str:
        """Return the citation marks of several facts, each sentence once."""
        return "".join(dict.fromkeys(mark for fact in facts if (mark := self.of_fact(fact))))

    def of_sentence(self, report: CompiledReport, number: int) -> str:
        """Return the citation mark of a sentence."""
        key = self.key(report.source, report.number, number)
        return cite(key) if key else ""

    def of_issue(self, issue: Issue) -> str:
        """Return the citation mark of the sentence that an issue points at."""
        number = self._numbers.get((issue.source, issue.report))
        if number is None or issue.start < 0:
            return ""
        for sentence in self._reports[number].sentences:
            if sentence.start <= issue.start < sentence.end:
                return cite(f"{number}.{sentence.number}")
        return ""

    def sentence(self, key: str) -> tuple[CompiledReport, Sentence]:
        """Return the report and the sentence of a key."""
        number, sentence = (int(piece) for piece in key.split("."))
        return self._reports[number], self._of(number)[sentence]

    def _of(self, number: int) -> dict[int, Sentence]:
        if number not in self._sentences:
            self._sentences[number] = {one.number: one for one in self._reports[number].sentences}
        return self._sentences[number]
