"""A report cut into the pieces that its evidence page shows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from compiler.issues import ToVerify
from compiler.ledger.join import Ledger, place_key
from compiler.ledger.judge import JUDGED, Status, Terms, told
from compiler.model import (
    CompiledReport,
    Fact,
    Issue,
    Measure,
    Part,
    Refusal,
    RuleBook,
    Sentence,
    Uncovered,
)
from compiler.numbers import decimal_text
from compiler.strings import squeeze, unique

_ANCHOR: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


_BREAK: Final = re.compile(r"\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")
_LINE_END: Final = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(slots=True)
class CheckCard:
    """Something to verify. ``anchor`` is its own; ``target`` is where in the text it points, empty where nowhere."""

    anchor: str
    target: str
    code: str
    kind: str
    severity: str
    indicator: str
    message: str
    advice: str
    marked: bool = False  # its own passage is set off, because it belongs to no fact
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class FactRow:
    """A fact with all that its card shows. ``start`` and ``end`` are the source span that is set off.

    ``judged`` tells that the status is a verdict, rather than that a target or a result is not at hand.
    """

    number: int
    anchor: str
    fact: Fact
    value: str
    status: str
    compared: str
    judged: bool
    part: str
    sentence: str
    start: int
    end: int
    checks: tuple[CheckCard, ...] = ()


@dataclass(slots=True)
class OpenRow:
    """A figure that no rule claimed. ``indicator`` and ``reason`` say which rule refused it, and why."""

    number: int
    anchor: str
    raw: str
    noun: str
    part: str
    heading: str
    paragraph: int
    sentence: str
    indicator: str
    reason: str
    start: int
    end: int


class Piece(NamedTuple):
    """A run of text that belongs to the same figures, or one that is ``hidden``: a line break inside a paragraph.

    ``rows`` are the anchors of what it belongs to, ``anchors`` the ids that begin here; ``ends`` tells that the last of
    its figures ends here.
    """

    text: str
    facts: tuple[FactRow, ...] = ()
    opens: tuple[OpenRow, ...] = ()
    checks: tuple[CheckCard, ...] = ()
    rows: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    ends: bool = False
    hidden: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """result, target, open and check, as they apply."""
        found = [fact.fact.kind.value for fact in self.facts]
        if self.opens:
            found.append("open")
        if self.checks or [fact for fact in self.facts if fact.checks]:
            found.append("check")
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


class ShownSentence(NamedTuple):
    """A sentence in parts, those that belong to nothing as their text; ``number`` is 0 for text between sentences."""

    number: int
    parts: tuple[Piece | str, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All parts as pieces, for a template of one's own that writes the text out."""
        return tuple([Piece(part) if isinstance(part, str) else part for part in self.parts])


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A paragraph. ``kind`` is text, title, front, heading or rest (lines that belong to no sentence).

    ``before`` is the white space between it and the paragraph before.
    """

    kind: str
    before: str
    runs: tuple[ShownSentence, ...]
    text: str
    level: int = 0
    anchor: str = ""


_TIMES: Final = re.compile(r"\d+(?:\.\d+)?(?=倍)")


def as_said(fact: Fact, terms: Terms) -> str:
    """Return a figure as one would say it; a growth that the report tells in multiples stays one (增长2.1倍)."""
    text = told(fact, terms)
    times = _TIMES.search(fact.raw)
    # 是上年的4倍 is a growth of 300 %: only where the multiple is the growth itself may it be shown as one.
    if fact.measure is Measure.GROWTH and times and fact.low == fact.high == Decimal(times[0]) * 100:
        return text.replace(decimal_text(Decimal(times[0]) * 100) + fact.unit, fact.raw)
    return text


class _Page:
    """Gathers the rows of one report and cuts its text along them."""

    def __init__(self, report: CompiledReport, ledger: Ledger, to_verify: ToVerify, rulebook: RuleBook) -> None:
        self.report = report
        self.ledger = ledger
        self.terms = Terms.of(rulebook.ledger)
        self.rules = {rule.id: rule for rule in rulebook.indicators}
        self.sentences: Mapping[int, Sentence] = {sentence.number: sentence for sentence in report.sentences}
        self.span = report.shown_span
        spans = {id(fact): self._figure(fact) for fact in report.facts}
        facts = sorted(report.facts, key=lambda fact: (*spans[id(fact)], fact.order, fact.id))
        anchors = _anchors(facts)
        self.checks, by_fact = self._checks(to_verify.of(report), facts, anchors, spans)
        self.facts = tuple(
            self._fact_row(number, anchor, fact, spans[id(fact)], tuple(by_fact.get(anchor, ())))
            for number, (anchor, fact) in enumerate(zip(anchors, facts, strict=True), 1)
        )
        opens = sorted(report.uncovered, key=lambda item: (item.start, item.end))
        refusals = {(refusal.start, refusal.end): refusal for refusal in reversed(report.refusals)}
        self._refused: dict[tuple[object, ...], tuple[str, str]] = {}
        self.opens = tuple(
            self._open_row(number, item, refusals.get((item.start, item.end))) for number, item in enumerate(opens, 1)
        )

    # --- rows ---

    def _figure(self, fact: Fact) -> tuple[int, int]:
        """Return the source span of the figure; of a target in words that of its words, or of its quote."""
        if 0 <= fact.figure_start < fact.figure_end:
            return fact.figure_start, fact.figure_end
        if fact.text:
            # Line breaks and spaces may stand between any two characters of the source.
            pattern = r"\s*".join(map(re.escape, squeeze(fact.text)))
            match = re.compile(pattern).search(self.report.text, fact.start, fact.end)
            if match:
                return match.span()
        return fact.start, fact.end

    def _fact_row(
        self, number: int, anchor: str, fact: Fact, span: tuple[int, int], checks: tuple[CheckCard, ...]
    ) -> FactRow:
        sentence = self.sentences.get(fact.sentence)
        status, compared, judged = self._status(fact)
        return FactRow(
            number=number,
            anchor=anchor,
            fact=fact,
            value=as_said(fact, self.terms),
            status=status,
            compared=compared,
            judged=judged,
            part=sentence.part.value if sentence else "",
            sentence=sentence.text if sentence else fact.quote,
            start=span[0],
            end=span[1],
            checks=checks,
        )

    def _status(self, fact: Fact) -> tuple[str, str, bool]:
        """Return how the ledger judges the target or result, the difference in words, and whether it could judge."""
        row = self.ledger.row(place_key(self.report), fact.year, fact.indicator_id)
        entry = row.entry(fact.measure) if row else None
        if entry is None or not any(_same(fact, other) for other in entry.facts):
            return "", "", False
        if entry.stretch is not None and _same(fact, entry.stretch):
            if entry.stretch_met is not None:
                word = self.terms.word(f"compared.stretch_{'met' if entry.stretch_met else 'missed'}")
                return word, "", True
            return (self.terms.status(Status.NO_RESULT) if entry.result is None else ""), "", False
        verdict = entry.verdict
        return self.terms.status(verdict.status), verdict.text, verdict.status in JUDGED

    def _open_row(self, number: int, item: Uncovered, refusal: Refusal | None) -> OpenRow:
        sentence = self.sentences.get(item.sentence)
        key = (refusal.indicator_id, refusal.guard, refusal.word) if refusal is not None else (item.reason,)
        if key not in self._refused:
            self._refused[key] = self._refusal(refusal, item.reason)
        indicator, reason = self._refused[key]
        return OpenRow(
            number=number,
            anchor=f"open-{number}",
            raw=item.raw,
            noun=item.noun,
            part=item.part.value,
            heading="/".join(sentence.headings) if sentence else "",
            paragraph=sentence.paragraph if sentence else 0,
            sentence=sentence.text if sentence else "",
            indicator=indicator,
            reason=reason,
            start=item.start,
            end=item.end,
        )

    def _refusal(self, refusal: Refusal | None, given: str) -> tuple[str, str]:
        """Return the name of the rule that came near a figure, and in words why it did not take it."""
        from compiler.issues import CATALOGUE, message
        from compiler.language.guards import GUARDS, Guard

        if refusal is None:
            code = GUARDS[Guard(given)].code if given in GUARDS else ""
            return "", CATALOGUE[code].about if code in CATALOGUE else given
        rule = self.rules.get(refusal.indicator_id)
        name = rule.name if rule else refusal.indicator_id
        code = GUARDS[Guard(refusal.guard)].code if refusal.guard in GUARDS else ""
        if code not in CATALOGUE:
            return name, refusal.word or refusal.guard
        because = ""
        if rule is not None:
            because = next((one.because for one in rule.exclude if refusal.word in one.words), "")
        fields = {"word": refusal.word, "unit": rule.unit if rule else "", "because": because, "part": ""}
        return name, message(Issue(code, fields)).replace("（）", "")

    def _checks(
        self,
        issues: Sequence[Issue],
        facts: Sequence[Fact],
        anchors: Sequence[str],
        spans: Mapping[int, tuple[int, int]],
    ) -> tuple[tuple[CheckCard, ...], dict[str, list[CheckCard]]]:
        """Return what is to be verified in this report, and the same by the anchors of the facts it concerns."""
        from compiler.issues import advice, kind, message, severity

        checks: list[CheckCard] = []
        by_fact: dict[str, list[CheckCard]] = {}
        start, end = self.span
        named = [(fact.id, anchor) for anchor, fact in zip(anchors, facts, strict=True) if fact.id]
        for number, issue in enumerate(issues, 1):
            here = issue.source == self.report.source and start <= issue.start < issue.end <= end
            own = [anchor for one, anchor in named if one in issue.facts] if issue.facts else []
            if not own and here:
                own = [
                    anchor
                    for anchor, fact in zip(anchors, facts, strict=True)
                    if issue.start < spans[id(fact)][1] and spans[id(fact)][0] < issue.end
                ]
            anchor = f"check-{number}"
            marked = here and not own
            check = CheckCard(
                anchor=anchor,
                target=own[0] if own else anchor if marked else "",
                code=issue.code,
                kind=kind(issue),
                severity=severity(issue).value,
                indicator=issue.indicator,
                message=message(issue),
                advice=advice(issue),
                marked=marked,
                start=issue.start if marked else -1,
                end=issue.end if marked else -1,
            )
            checks.append(check)
            for one in own:
                by_fact.setdefault(one, []).append(check)
        return tuple(checks), by_fact

    # --- text ---

    def blocks(self) -> tuple[ShownParagraph, ...]:
        """Cut the text of the report into paragraphs, sentences and pieces; nothing of it is left out."""
        cutter = _Cutter(self.report.text, (*self.facts, *self.opens, *(one for one in self.checks if one.marked)))
        headings = self._headings()
        blocks: list[ShownParagraph] = []
        cursor, last = self.span
        titled = False
        started = False
        for start, end, sentences in self._paragraphs():
            before, rest = self._between(cutter, cursor, start)
            blocks.extend(rest)
            words = self.report.text[start:end].split()
            plain = "".join(words)
            level = headings.get(sentences[0].number, 0) if len(sentences) == 1 else 0
            kind = "text"
            if level:
                kind, started = "heading", True
            elif not titled and plain == squeeze(self.report.identity.title) != "":
                kind, titled = "title", True
            elif not started and len(plain) < 60 and not plain.endswith(("。", "：", "！", "；", ":", "，")):
                kind = "front"
            else:
                started = True
            runs = tuple(self._runs(cutter, start, end, sentences))
            anchor = f"heading-{len(blocks) + 1}" if level else ""
            blocks.append(ShownParagraph(kind, before, runs, " ".join(words), level, anchor))
            cursor = end
        after, rest = self._between(cutter, cursor, last)
        blocks.extend(rest)
        if after:
            blocks.append(ShownParagraph("rest", after, (), ""))
        return tuple(blocks)

    def _headings(self) -> dict[int, int]:
        """Return the level of each sentence that is a heading: the one after it stands below it."""
        found = {}
        for sentence, following in pairwise(self.report.sentences):
            above = following.headings
            # Hardly any sentence begins as the heading does that stands above the next.
            if above and above[-1][:1] == sentence.text[:1] and squeeze(above[-1]) == squeeze(sentence.text):
                found[sentence.number] = len(above)
        return found

    def _paragraphs(self) -> Iterator[tuple[int, int, list[Sentence]]]:
        """Yield the span of each paragraph with its sentences, in order and without overlaps."""
        current: list[Sentence] = []
        cursor = self.span[0]
        for sentence in sorted(self.report.sentences, key=lambda one: (one.start, one.end)):
            if sentence.start < cursor or sentence.end <= sentence.start or sentence.end > self.span[1]:
                continue
            if current and (sentence.paragraph != current[0].paragraph or self._is_row(current[-1], sentence)):
                yield current[0].start, current[-1].end, current
                current = []
            current.append(sentence)
            cursor = sentence.end
        if current:
            yield current[0].start, current[-1].end, current

    def _is_row(self, before: Sentence, sentence: Sentence) -> bool:
        """Tell whether a sentence is a row of a table: it counts to the paragraph above, and is a line of its own."""
        return sentence.part is Part.OTHER and "\n" in self.report.text[before.end : sentence.start]

    def _between(self, cutter: _Cutter, start: int, end: int) -> tuple[str, list[ShownParagraph]]:
        """Return the white space before ``end``, and the lines before it that belong to no sentence."""
        text = self.report.text
        gap = text[start:end]
        blocks: list[ShownParagraph] = []
        if not gap or gap.isspace():
            return gap, blocks
        before = ""
        cursor = start
        for match in re.finditer(r"\S[^\n]*", gap):
            line = match[0].rstrip()
            first = start + match.start()
            before += text[cursor:first]
            cursor = first + len(line)
            blocks.append(ShownParagraph("rest", before, (ShownSentence(0, cutter.pieces(first, cursor)),), line))
            before = ""
        return before + text[cursor:end], blocks

    def _runs(self, cutter: _Cutter, start: int, end: int, sentences: Sequence[Sentence]) -> Iterator[ShownSentence]:
        cursor = start
        for sentence in sentences:
            if cursor < sentence.start:
                yield ShownSentence(0, cutter.pieces(cursor, sentence.start))
            yield ShownSentence(sentence.number, cutter.pieces(sentence.start, sentence.end))
            cursor = sentence.end
        if cursor < end:
            yield ShownSentence(0, cutter.pieces(cursor, end))


class _Cutter:
    """Cuts text at the edges of all that is set off, and at line breaks; called with rising offsets."""

    def __init__(self, text: str, rows: Sequence[FactRow | OpenRow | CheckCard]) -> None:
        self.text = text
        self.rows = sorted((row for row in rows if row.start < row.end), key=lambda row: (row.start, row.end))
        self.next = 0
        self.active: list[FactRow | OpenRow | CheckCard] = []
        self.begun: set[str] = set()
        self.line_ends = [match.start() for match in _LINE_END.finditer(text)]

    def pieces(self, start: int, end: int) -> tuple[Piece | str, ...]:
        """Return the pieces of ``[start:end]``."""
        rows, last = self.rows, len(self.rows)
        while self.next < last and rows[self.next].start < end:
            self.active.append(rows[self.next])
            self.next += 1
        here = self.active
        if here:
            self.active = here = [row for row in here if row.end > start]
        at = bisect_left(self.line_ends, start)
        if at < len(self.line_ends) and self.line_ends[at] < end:
            return tuple(self._cut(start, end, here, _BREAK.finditer(self.text, start, end)))
        if not here:
            return (self.text[start:end],) if start < end else ()
        cut = self._in_turn if _are_apart(start, end, here) else self._cut
        return tuple(cut(start, end, here))

    def _in_turn(self, start: int, end: int, here: Sequence[FactRow | OpenRow | CheckCard]) -> Iterator[Piece | str]:
        """Yield the pieces of text in which no two rows share a place, as most do not."""
        for row in here:
            if start < row.start:
                yield self.text[start : row.start]
            start = row.end
            yield self._set_off(row.start, start, (row,), False)
        if start < end:
            yield self.text[start:end]

    def _cut(
        self,
        start: int,
        end: int,
        here: Sequence[FactRow | OpenRow | CheckCard],
        broken: Iterable[re.Match[str]] = (),
    ) -> Iterator[Piece | str]:
        """Yield the pieces of text that rows share, or that is ``broken`` into lines."""
        edges = {start, end}
        edges.update(edge for row in here for edge in (row.start, row.end) if start < edge < end)
        breaks = {}
        for match in broken:
            edges.update(match.span())
            breaks[match.start()] = match.end()
        hidden = -1
        for first, last in pairwise(sorted(edges)):
            hidden = max(hidden, breaks.get(first, -1))
            covering = [row for row in here if row.start <= first and last <= row.end]
            if covering:
                yield self._set_off(first, last, covering, last <= hidden)
            else:
                text = self.text[first:last]
                yield Piece(text, hidden=True) if last <= hidden else text

    def _set_off(self, first: int, last: int, covering: Sequence[FactRow | OpenRow | CheckCard], hidden: bool) -> Piece:
        """Return a piece that belongs to rows; nothing can be scrolled to that is not shown."""
        facts = tuple([row for row in covering if isinstance(row, FactRow)])
        opens = tuple([row for row in covering if isinstance(row, OpenRow)])
        checks = tuple([row for row in covering if isinstance(row, CheckCard)])
        rows = tuple([row.anchor for kind in (facts, opens, checks) for row in kind])
        begins = () if hidden else tuple([row.anchor for row in covering if row.anchor not in self.begun])
        self.begun.update(begins)
        ends = last in [row.end for row in covering]
        return Piece(self.text[first:last], facts, opens, checks, rows, begins, ends, hidden)


def _are_apart(start: int, end: int, rows: Sequence[FactRow | OpenRow | CheckCard]) -> bool:
    """Tell whether rows, in their order, stand one behind the other within ``[start:end]``."""
    for row in rows:
        if row.start < start:
            return False
        start = row.end
    return start <= end


def _anchors(facts: Sequence[Fact]) -> list[str]:
    """Return an id for each fact: its own, so that links from elsewhere stay good, made unique."""
    taken: set[str] = set()
    anchors = []
    for number, fact in enumerate(facts, 1):
        anchor = fact.id if _ANCHOR.fullmatch(fact.id) else f"fact-{number}"
        anchors.append(unique(anchor, taken, lambda name, again: f"{name}-{again}"))
    return anchors


def _same(one: Fact, other: Fact) -> bool:
    return one is other or (one.id != "" and one.id == other.id)
