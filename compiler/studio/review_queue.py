"""What waits for a person: the matters of 待核清单 with what was decided, and figures that no rule claims, by noun.

A decision stands in the workbook; until a build has written it there it waits in a file beside it
(:mod:`compiler.workbook.pending_decisions`). Nouns that nobody wants as indicators are kept in a list of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compiler.app.options import WORKBOOK
from compiler.issues import kind, message
from compiler.model import CompiledReport, Fact, IndicatorRule, Issue, Sentence, Uncovered
from compiler.strings import squeeze
from compiler.workbook.pending_decisions import put_pending, read_pending
from compiler.workbook.rows import BookContext, CheckRow, check_rows
from compiler.workbook.template import SheetColumn
from compiler.workbook.user_entries import cell_text, read_entries

if TYPE_CHECKING:
    from compiler.studio.desk import Desk

UNWANTED: Final = "不要的数字.txt"
"""Beside the reports' folder: one noun a line; figures of these are not offered as indicators any more."""

NAMELESS: Final = "（看不出是什么）"
POSTPONED: Final = "暂缓"
"""The outcome in the workbook's template by which a matter is put off, not decided."""

SHORTEST_NAME, LONGEST_NAME = 3, 20
"""A noun of fewer or more characters is a bare head (投资) or a piece of a sentence, and no name of an indicator."""

_NO_NAME: Final = re.compile(r"[^\u4e00-\u9fffA-Za-z]")
_BEFORE, _BEHIND = 48, 32
"""So many characters of a sentence are shown on either side of a figure in a list."""

_KIND, _OUTCOME, _PERSON = "checks", "entry:outcome", "entry:person"


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence that a matter is about: whose it is, the words before the figure, the figure, the words after it."""

    report: CompiledReport
    number: int
    before: str
    figure: str
    after: str
    start: int
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A row of 待核清单 with its sentences and what was decided about it."""

    id: str
    issue: Issue
    kind: str
    proofs: tuple[Proof, ...]
    outcome: str
    person: str
    waiting: bool

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has decided it."""
        return not self.outcome

    @property
    def is_postponed(self) -> bool:
        """Tell whether it was put off."""
        return self.outcome == POSTPONED

    @property
    def reports(self) -> frozenset[int]:
        """The numbers of the reports that it is about."""
        return frozenset(proof.number for proof in self.proofs)


@dataclass(frozen=True, slots=True)
class UnclaimedGroup:
    """Figures that no rule claims and that seem to measure the same; each with the number of its report.

    ``rule`` is the indicator that goes by this very name: it did not take them, and its page says what it takes.
    ``whole`` tells that the noun may be the name of an indicator, no bare head and no piece of a sentence.
    """

    noun: str
    items: tuple[tuple[int, Uncovered], ...]
    unwanted: bool = False
    rule: IndicatorRule | None = None
    whole: bool = True


class Queue:
    """All that waits, over one desk; what was worked out is kept until the desk has compiled something else."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._made_of: object = None
        self._rows: list[CheckRow] = []
        self._nouns: dict[int, tuple[CompiledReport, tuple[Uncovered, ...]]] = {}
        self._seen = ""
        self._standing: dict[str, dict[str, str]] = {}

    # --- matters to verify ---

    def columns(self) -> tuple[SheetColumn | None, SheetColumn | None]:
        """Return the columns of 核实结果 and 核实人 in the workbook's template; None where it has none."""
        gathered = self.desk.gathered
        sheet = gathered.templates.workbook.sheet(_KIND) if gathered else None
        by_entry = {column.entry: column for column in sheet.columns} if sheet else {}
        return by_entry.get("outcome"), by_entry.get("person")

    def matters(self) -> list[Matter]:
        """Return all matters in the order of 待核清单."""
        entries, waiting = self._entries()
        numbers = {(report.source, report.number): n for n, report in enumerate(self.desk.reports, 1)}
        found = []
        for row in self._check_rows():
            cells = entries.get(row.id, {})
            found.append(
                Matter(
                    row.id,
                    row.issue,
                    kind(row.issue),
                    tuple(self._proofs(row, numbers)),
                    cells.get(_OUTCOME, ""),
                    cells.get(_PERSON, ""),
                    row.id in waiting,
                )
            )
        return found

    @property
    def waiting(self) -> int:
        """How many decisions the next build will write into the workbook."""
        return len(read_pending(self.desk.out).rows.get(_KIND, {}))

    def decide(self, id_: str, outcome: str, person: str) -> bool:
        """Keep a decision (empty: none any more); False where there is no such matter."""
        row = next((row for row in self._check_rows() if row.id == id_), None)
        titles = self.columns()
        if row is None or titles[0] is None:
            return False
        cells = {_OUTCOME: (outcome, titles[0].title)}
        if titles[1] is not None:
            cells[_PERSON] = (person, titles[1].title)
        put_pending(self.desk.out, _KIND, id_, message(row.issue), cells)
        return True

    def _check_rows(self) -> list[CheckRow]:
        gathered = self.desk.gathered
        if gathered is None:
            return []
        if self._made_of is not gathered:
            g = gathered
            context = BookContext.of(g.reports, g.ledger, g.issues, g.rulebook, g.templates.workbook, g.info)
            self._rows, self._made_of = check_rows(context), gathered
        return self._rows

    def _entries(self) -> tuple[Mapping[str, Mapping[str, str]], frozenset[str]]:
        """Return the filled cells of each row, those that wait before those of the workbook; and the rows that wait."""
        workbook = self.desk.out / WORKBOOK
        status = workbook.stat() if workbook.is_file() else None
        seen = f"{status.st_size} {status.st_mtime_ns}" if status else ""
        if seen != self._seen:
            self._standing, self._seen = {}, seen
            try:
                rows = read_entries(workbook, {}).rows.get(_KIND, {}) if status else {}
            except Exception:  # a workbook that cannot be read is told by the build
                rows = {}
            self._standing = {
                name: {key: cell_text(entry.value) for key, entry in cells.items()} for name, cells in rows.items()
            }
        pending = read_pending(self.desk.out).rows.get(_KIND, {})
        entries = {name: dict(cells) for name, cells in self._standing.items()}
        for name, cells in pending.items():
            entries.setdefault(name, {}).update({key: cell_text(entry.value) for key, entry in cells.items()})
        return entries, frozenset(pending)

    def _proofs(self, row: CheckRow, numbers: Mapping[tuple[str, int], int]) -> list[Proof]:
        found = []
        for fact in row.facts:
            number = numbers.get((fact.source, fact.report))
            if number is not None:
                proof = _proof(self.desk.reports[number - 1], number, fact.start, fact.figure_start, fact.figure_end)
                if proof is not None:
                    found.append(_with_fact(proof, fact))
        issue = row.issue
        number = numbers.get((issue.source, issue.report or 1))
        if not found and number is not None and issue.start >= 0:
            proof = _proof(self.desk.reports[number - 1], number, issue.start, issue.start, issue.end)
            found.extend([proof] if proof is not None else [])
        return found

    # --- figures that no rule claims ---

    def groups(self) -> list[UnclaimedGroup]:
        """Return the unclaimed figures by noun, the most frequent first, those without a noun last."""
        unwanted = self.unwanted()
        items: dict[str, list[tuple[int, Uncovered]]] = {}
        for number, report in enumerate(self.desk.reports, 1):
            for item in self.named(report):
                items.setdefault(item.noun or NAMELESS, []).append((number, item))
        lists = self.desk.rulebook.lexicon.lists.values() if self.desk.rulebook else ()
        own = {word for words in lists for word in words}
        whole = {noun: _may_be_a_name(noun) and noun not in own for noun in items}
        ordered = sorted(
            items.items(), key=lambda group: (group[0] == NAMELESS, not whole[group[0]], -len(group[1]), group[0])
        )
        rules = self.desk.rulebook.indicators if self.desk.rulebook else ()
        named = {name: rule for rule in reversed(rules) for name in (*rule.aliases, rule.name)}
        return [
            UnclaimedGroup(noun, tuple(found), noun in unwanted, named.get(noun), whole[noun])
            for noun, found in ordered
        ]

    def shown(self, number: int, item: Uncovered) -> Proof | None:
        """Return the part of its sentence that a figure stands in."""
        report = self.desk.report(number)
        found = _proof(report, number, item.start, item.start, item.end) if report is not None else None
        if found is None:
            return None
        before, after = squeeze(found.before), squeeze(found.after)
        return replace(
            found,
            before=f"…{before[-_BEFORE:]}" if len(before) > _BEFORE else before,
            after=f"{after[:_BEHIND]}…" if len(after) > _BEHIND else after,
        )

    def named(self, report: CompiledReport) -> tuple[Uncovered, ...]:
        """Return the unclaimed figures of a report with the nouns that they seem to measure."""
        from compiler.facts.nouns import name_uncovered

        kept = self._nouns.get(id(report))
        if kept is None or kept[0] is not report:
            known = {id(one) for one in self.desk.reports}
            self._nouns = {key: value for key, value in self._nouns.items() if key in known}
            lexicon = self.desk.rulebook.lexicon if self.desk.rulebook else None
            kept = self._nouns[id(report)] = report, name_uncovered(report, lexicon=lexicon).uncovered
        return kept[1]

    def unwanted(self) -> frozenset[str]:
        """Return the nouns that nobody wants."""
        try:
            text = (self.desk.folder / UNWANTED).read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            return frozenset()
        return frozenset(line.strip() for line in text.splitlines() if line.strip())

    def want(self, noun: str, *, wanted: bool) -> None:
        """Remember that figures of a noun are not wanted, or wanted again."""
        noun = " ".join(noun.split())
        with self.desk.lock:
            nouns = self.unwanted() - {noun} if wanted else self.unwanted() | {noun}
            path = self.desk.folder / UNWANTED
            beside = path.with_name(f".{path.name}.new")
            beside.write_text("".join(f"{one}\n" for one in sorted(nouns) if one), encoding="utf-8")
            beside.replace(path)


def _may_be_a_name(noun: str) -> bool:
    return SHORTEST_NAME <= len(noun) <= LONGEST_NAME and not _NO_NAME.search(noun)


def _proof(report: CompiledReport, number: int, at: int, start: int, end: int) -> Proof | None:
    """Return the sentence of a report around a source offset, parted at its figure."""
    sentence: Sentence | None = next((one for one in report.sentences if one.start <= at < one.end), None)
    if sentence is None:
        return None
    if not sentence.start <= start < end <= sentence.end:
        return Proof(report, number, report.text[sentence.start : sentence.end], "", "", sentence.start)
    text = report.text
    return Proof(report, number, text[sentence.start : start], text[start:end], text[end : sentence.end], start)


def _with_fact(proof: Proof, fact: Fact) -> Proof:
    return Proof(proof.report, proof.number, proof.before, proof.figure, proof.after, proof.start, fact)
