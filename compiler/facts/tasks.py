"""The tasks of a report: every commitment of the plan part, verbatim, under the report's own headings.

The plan part is cut at 。！？； and at line ends. What is left out is told by where a piece stands (headings, run-in
heads, the opening below a heading, the general requirements, the closing) and by the words of ``rules/tasks.yaml``.
What is in doubt counts as a task: a commitment that is missed costs more than a sentence too many.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import compress
from typing import NamedTuple

from compiler.facts.task_words import words_of
from compiler.model import (
    Fact,
    Identity,
    Kind,
    Normalised,
    OfficeRule,
    Paragraph,
    Part,
    Source,
    Task,
    TaskRules,
)
from compiler.strings import squeeze

_UNIT_END = re.compile(r"[。！？；;]+[”’）》」』]*")
_STOPS = ("。", "！", "？", "：", ":")
_CLOSING_MARKS = "”’）》」』"
_CLAUSE = re.compile(r"[^，、；：。！？,;:]+")
_RUN_IN_NUMBER = re.compile(
    r"第?[一二三四五六七八九十]{1,2}[是，、]|（?[一二三四五六七八九十]{1,2}）|\d{1,2}[.．、](?!\d)|[①-⑳]"
)
_NUMBERED_HEADING = re.compile(
    r"第[一二三四五六七八九十]+(?:部分|章|篇|节)|[一二三四五六七八九十]{1,3}[、.．]|（[一二三四五六七八九十]{1,3}）"
)

_DIGIT = re.compile(r"\d")
_NO_MEASURE = re.compile(r"(?:19|20)\d{2}(?:[-—～至到](?:19|20)?\d{2,4})?年?|\d{1,2}[.．、](?!\d)|“[^”]*”|《[^》]*》")

LONGEST_HEAD = 24
"""A first piece of a paragraph with no comma and no figure is a run-in head up to this length (in characters).

Measured on the open labels: heads run to 22 characters, and the shortest first pieces that are tasks have a comma.
"""

LONGEST_NUMBERED_HEAD = 40
"""The same where the piece is numbered (一是……。): such heads may have a comma."""

LONGEST_INNER_HEAD = 7
"""A piece inside a paragraph is a head only where it is as short as a six-character slogan."""


DENSE = 12
"""A paragraph of so many pieces that is alone below its heading holds a whole section, run-in heads and all.

Paragraphs of reports that kept their line ends have up to seventeen pieces, but stand with others.
"""

LONGEST_RALLY = 2
"""A paragraph that rallies at the end of a section has at most so many pieces behind its first one."""

LONGEST_VAGUE = 48
"""A general sentence below a run-in head is at most this long; longer ones name what is to be done."""


class _Piece(NamedTuple):
    """A piece of the plan part: its normalised span and text, and where in its paragraph it stands.

    ``measured``: a figure in it measures something; ``ended``: it ends as sentences do.
    """

    start: int
    end: int
    text: str
    place: int
    total: int
    measured: bool
    ended: bool


class _Block(NamedTuple):
    """A paragraph of the plan part below the headings of ``path``, cut into pieces."""

    paragraph: Paragraph
    path: tuple[str, ...]
    pieces: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class TaskInput:
    """What the tasks of one report are found in.

    ``figures`` are the source spans of all figures that were read in the report, claimed or not.
    """

    source: Source
    normalised: Normalised
    number: int
    identity: Identity
    paragraphs: Sequence[Paragraph]
    facts: Sequence[Fact]
    figures: Sequence[tuple[int, int]]


def capture_tasks(given: TaskInput, rules: TaskRules, offices: Sequence[OfficeRule] = ()) -> tuple[Task, ...]:
    """Return the tasks of one report in its order.

    A target of the report's year always lies in a task, wherever it stands.
    """
    if not rules.lists:
        return ()
    year = given.identity.report_year
    targets = [f for f in given.facts if f.kind is Kind.TARGET and f.year == year and f.from_year is None]
    in_plan = [p.part is Part.PLAN and not p.is_heading for p in given.paragraphs]
    plan = [_block(given.normalised, paragraph) for paragraph in compress(given.paragraphs, in_plan)]
    reader = _Reader(rules, plan, [_span(fact) for fact in targets], given.normalised)
    maker = _Maker(given, reader, targets, offices)
    planned = iter(plan)
    tasks: list[Task] = []
    repeats: Counter[str] = Counter()
    for paragraph, is_planned in zip(given.paragraphs, in_plan, strict=True):
        if is_planned:
            block = next(planned)
            chosen = reader.tasks_of(block)
        elif reader.holds_target(paragraph):
            block = _block(given.normalised, paragraph)
            chosen = [(piece, "") for piece in block.pieces if reader.holds_target(piece)]
        else:
            continue
        for piece, head in chosen:
            again = repeats[piece.text]
            repeats[piece.text] += 1
            tasks.append(maker.task(block, piece, head, len(tasks) + 1, again))
    return tuple(tasks)


class _Maker:
    """Makes tasks of pieces, with the figures and targets that lie in them."""

    def __init__(
        self, given: TaskInput, reader: _Reader, targets: Sequence[Fact], offices: Sequence[OfficeRule]
    ) -> None:
        self.given = given
        self.reader = reader
        self.offices = offices
        self.targets = sorted(((_span(fact)[0], fact.id) for fact in targets), key=lambda pair: pair[0])
        self.figures = sorted(set(given.figures))
        self._key = f"{given.identity.place}\x1f{given.identity.report_year}\x1f"
        self._headings: dict[tuple[str, ...], str] = {}
        self._paths: dict[tuple[tuple[str, ...], str], str] = {}

    def task(self, block: _Block, piece: _Piece, head: str, number: int, again: int) -> Task:
        """Return the task; ``again`` tells how often the same words stood before in the report."""
        given, reader = self.given, self.reader
        start, end = given.normalised.source_span(piece.start, piece.end)
        printed = given.source.text
        text = squeeze(printed[start:end])
        amounts = tuple(filter(reader.says_how_much, self._figures_in(start, end)))
        lead, support = _offices(text, given.identity, self.offices) if self.offices else ("", ())
        first, last = bisect_left(self.targets, (start,)), bisect_left(self.targets, (end,))
        key = f"{self._key}{text}\x1f{again or ''}"
        return Task(
            number=number,
            source=given.source.path,
            report=given.number,
            place=given.identity.place,
            report_year=given.identity.report_year,
            heading=self._heading(block.path),
            path=self._path(block.path, head),
            text=text,
            quantified=bool(amounts) or reader.words.within("amounts_in_words", text),
            deadline="；".join(reader.deadlines(piece.text)),
            figures=amounts,
            facts=tuple(dict.fromkeys(fact_id for _, fact_id in self.targets[first:last])),
            start=start,
            end=end,
            paragraph=block.paragraph.number,
            id="T" + sha256(key.encode()).hexdigest()[:8].upper(),
            lead=lead,
            support=support,
        )

    def _heading(self, path: tuple[str, ...]) -> str:
        """Return the nearest numbered heading (一、 or （一）), the nearest of all where none is numbered."""
        known = self._headings.get(path)
        if known is None:
            numbered = [text for text in path if _NUMBERED_HEADING.match(text)]
            known = self._headings[path] = (numbered or list(path) or [""])[-1]
        return known

    def _path(self, path: tuple[str, ...], head: str) -> str:
        """Return all headings above a task as one text."""
        known = self._paths.get((path, head))
        if known is None:
            known = self._paths[path, head] = "/".join(part for part in (*path, head) if part)
        return known

    def _figures_in(self, start: int, end: int) -> list[str]:
        """Return the figures that lie in a source span, as printed."""
        first, last = bisect_left(self.figures, (start, 0)), bisect_left(self.figures, (end, 0))
        printed = self.given.source.text
        return [squeeze(printed[at:until]) for at, until in self.figures[first:last] if until <= end]


def _span(fact: Fact) -> tuple[int, int]:
    """Return where a fact's figure stands; that of its quote for a target in words."""
    return (fact.figure_start, fact.figure_end) if fact.figure_start >= 0 else (fact.start, fact.end)


def _block(normalised: Normalised, paragraph: Paragraph) -> _Block:
    """Cut a paragraph at the marks that end a sentence or a clause of its own."""
    text, at, spans = normalised.text, paragraph.start, []
    for match in _UNIT_END.finditer(text, paragraph.start, paragraph.end):
        spans.append((at, match.end()))
        at = match.end()
    if at < paragraph.end:
        spans.append((at, paragraph.end))
    told = [(start, end, shown) for start, end in spans if (shown := text[start:end].strip())]
    pieces = (
        _Piece(start, end, shown, place, len(told), _measured(shown), _is_ended(shown))
        for place, (start, end, shown) in enumerate(told)
    )
    return _Block(paragraph, paragraph.headings, tuple(pieces))


def _offices(text: str, identity: Identity, offices: Sequence[OfficeRule]) -> tuple[str, tuple[str, ...]]:
    """Return who leads and supports by the office's own table: the longest keyword that the task holds decides."""
    best: tuple[int, OfficeRule] | None = None
    for rule in offices:
        if rule.levels and identity.place_level not in rule.levels:
            continue
        if not rule.since <= identity.report_year <= rule.until:
            continue
        length = max((len(word) for word in rule.keywords if word in text), default=0)
        if length and (best is None or length > best[0]):
            best = (length, rule)
    return (best[1].lead, best[1].support) if best else ("", ())


class _Reader:
    """Tells which pieces of the plan are tasks, by their place and their words."""

    def __init__(
        self, rules: TaskRules, plan: Sequence[_Block], targets: Sequence[tuple[int, int]], normalised: Normalised
    ) -> None:
        self.words = words_of(rules)
        self.plan = plan
        self.targets = sorted(start for start, _ in targets)
        self.normalised = normalised
        self._own_paths: dict[tuple[str, ...], bool] = {}
        self._order = {block.paragraph.number: index for index, block in enumerate(plan)}
        self._introductions = self._find_introductions()
        self._closing = self._find_closing()
        self._own = self._find_own()
        self._dense = self._find_dense()
        self._lone_heads = self._find_lone_heads()
        self._heads_above = self._find_heads_above()

    def holds_target(self, piece: _Piece | Paragraph) -> bool:
        """Tell whether a target of the report's year lies in a piece or paragraph."""
        if not self.targets:
            return False
        start, end = self.normalised.source_span(piece.start, piece.end)
        at = bisect_left(self.targets, start)
        return at < len(self.targets) and self.targets[at] < end

    # --- the shape of the plan ---

    def _find_introductions(self) -> set[int]:
        """Return the paragraphs that introduce: right below a heading that has headings of its own further down."""
        found: set[int] = set()
        above: set[tuple[str, ...]] = set()  # the paths that have headings of their own further down
        for block in reversed(self.plan):
            if block.path in above:
                found.add(block.paragraph.number)
            above.update(block.path[:depth] for depth in range(len(block.path)))
        return found

    def _find_closing(self) -> int:
        """Return the paragraph with which the closing appeal begins, beyond all where there is none."""
        for block in reversed(self.plan[-4:]):
            first = block.pieces[0].text if block.pieces else ""
            if self.words.begins("openers", first) and any(
                self.words.within("closings", piece.text) for piece in block.pieces
            ):
                return block.paragraph.number
        return 1_000_000

    def _find_lone_heads(self) -> dict[int, str]:
        """Return the paragraphs that are nothing but a run-in head, and those below them, with the head.

        Such a line is short and has no comma, and the lines around it are longer: a list of short lines is none.
        """
        found: dict[int, str] = {}
        for index, block in enumerate(self.plan):
            around = [self.plan[at] for at in (index - 1, index + 1) if 0 <= at < len(self.plan)]
            after = self.plan[index + 1] if index + 1 < len(self.plan) else None
            alone = _is_short_line(block) and not any(_is_short_line(b) and b.path == block.path for b in around)
            if alone and after is not None and after.path == block.path:
                found[block.paragraph.number] = _without_end(block.pieces[0].text)
        return found

    def _find_heads_above(self) -> dict[int, str]:
        """Return the run-in head that stands in a paragraph of its own above each paragraph that has one."""
        found: dict[int, str] = {}
        head = ""
        path: tuple[str, ...] | None = None
        for block in self.plan:
            if block.path != path:
                head, path = "", block.path
            if head:
                found[block.paragraph.number] = head
            head = self._lone_heads.get(block.paragraph.number, head)
        return found

    def _find_dense(self) -> set[int]:
        """Return the paragraphs that hold a whole section, as in texts that lost their line ends."""
        sections = Counter(block.path for block in self.plan)
        return {
            block.paragraph.number for block in self.plan if len(block.pieces) >= DENSE and sections[block.path] <= 2
        }

    def _find_own(self) -> set[int]:
        """Return the paragraphs on the government's own building that have no heading of their own.

        They follow, to the end of the section, a paragraph that says so behind an opener. A paragraph that turns to
        the deputies anew is an appeal and held to the same measure.
        """
        found: set[int] = set()
        path: tuple[str, ...] | None = None
        for block in self.plan:
            first = block.pieces[0].text if block.pieces else ""
            opens = self.words.begins("openers", first)
            if opens and any(self.words.within("own_headings", piece.text) for piece in block.pieces):
                path = block.path
            if path is not None and block.path == path:
                found.add(block.paragraph.number)
            if self.words.begins("salutations", first):
                found.add(block.paragraph.number)
        return found

    # --- one paragraph ---

    def tasks_of(self, block: _Block) -> list[tuple[_Piece, str]]:
        """Return the tasks of a paragraph, each with the run-in head above it."""
        head = self._heads_above.get(block.paragraph.number, "")
        found: list[tuple[_Piece, str]] = []
        told_targets = False
        with_target = self.holds_target(block.paragraph)
        general = self._is_general(block)
        rallies = bool(block.pieces) and self._rallies(block)
        spoken = 0  # how many pieces of the paragraph are no heads
        for piece in block.pieces:
            if with_target and self.holds_target(piece):
                told_targets = True
                spoken += 1
                found.append((piece, head))
                continue
            if self._is_head(piece, block):
                bare = _without_end(piece.text)
                head = "" if bare in block.path else bare
                continue
            spoken += 1
            if general and told_targets and block.pieces[piece.place - 1].text.endswith(("；", ";")):
                found.append((piece, head))  # what stands in the list of targets is one, also without a figure
                continue
            if rallies or self._is_lead(piece, block):
                continue
            if general:
                if told_targets or piece.measured:
                    found.append((piece, head))
                continue
            if not (spoken == 1 and self._is_opening(piece, block, head)):
                found.append((piece, head))
        return found

    def _is_general(self, block: _Block) -> bool:
        """Tell whether the paragraph speaks of requirements and targets only."""
        for depth, heading in enumerate(reversed(block.path)):
            kinds = ("general_headings", "requirement_headings") if not depth else ("requirement_headings",)
            if any(self.words.within(kind, heading) for kind in kinds) and not self.words.within(
                "work_headings", heading
            ):
                return True
        return block.paragraph.number in self._introductions and not self._begins_with_head(block)

    def _is_head(self, piece: _Piece, block: _Block) -> bool:
        """Tell whether a piece is a heading or a run-in head: what follows in the paragraph spells it out."""
        text = piece.text
        if _without_end(text) in block.path:
            return True
        whole = piece.measured or not piece.ended or piece.place == piece.total - 1
        if whole and block.paragraph.number not in self._lone_heads:
            return False  # as most pieces are
        if self.words.openers.match(text) or (self._defines(text) and not _RUN_IN_NUMBER.match(text)):
            return False
        if whole:
            return block.paragraph.number in self._lone_heads
        if _RUN_IN_NUMBER.match(block.pieces[piece.place + 1].text) and _RUN_IN_NUMBER.match(text):
            return False  # a list of one sentence each
        if piece.place == 0 and _RUN_IN_NUMBER.match(text):
            return len(text) <= LONGEST_NUMBERED_HEAD
        if self._may_head(piece, block) or _RUN_IN_NUMBER.match(text):
            return "，" not in text and len(text) <= LONGEST_HEAD
        if "，" in text or self.words.within("firm", text):
            return False
        after = block.pieces[piece.place + 1].text
        if block.paragraph.number in self._dense:
            return len(text) <= LONGEST_HEAD and "，" in after and len(after) >= 2 * len(text)
        return len(text) <= LONGEST_INNER_HEAD

    def _may_head(self, piece: _Piece, block: _Block) -> bool:
        """Tell whether a piece stands first in its paragraph, a heading before it aside."""
        before = block.pieces[: piece.place]
        return all(_without_end(other.text) in block.path for other in before)

    def _is_opening(self, piece: _Piece, block: _Block, head: str) -> bool:
        """Tell whether the first thing said below a heading or head is general, and the rest spells it out."""
        text = piece.text
        if piece.measured or self.deadlines(text) or self.words.within("firm", text):
            return False
        rest = piece.total - 1 - piece.place
        if head and rest and self.words.within("vague", text) and len(text) <= LONGEST_VAGUE:
            return True
        if not head and rest and block.paragraph.number in self._dense:
            return self._is_head(block.pieces[piece.place + 1], block)
        index = self._order[block.paragraph.number]
        before = self.plan[index - 1] if index else None
        after = self.plan[index + 1] if index + 1 < len(self.plan) else None
        first = before is None or before.path != block.path
        follows = after is not None and after.path == block.path and self._begins_with_head(after)
        return first and follows and not head and not rest

    def _begins_with_head(self, block: _Block) -> bool:
        return bool(block.pieces) and self._is_head(block.pieces[0], block)

    def _is_lead(self, piece: _Piece, block: _Block) -> bool:
        """Tell whether the words of a piece show that it commits nobody to anything."""
        text, words = self._without_address(piece.text), self.words
        if not text or words.openers.match(text):
            return True
        telling = words.telling.search(text) is not None
        if telling and (words.within("lead_ins", text) or words.within("verdicts", text)):
            return True
        measured = piece.measured and (text is piece.text or _measured(text))
        if block.paragraph.number >= self._closing and not measured:
            return True
        if not words.verbs.search(text):
            return not measured
        if measured and not telling:
            return False
        first = _CLAUSE.search(text)
        commits = first is not None and self._commits(first[0])
        if telling and words.within("results", text) and not commits:
            return True
        if measured:
            return False
        if self._on_own_building(block) or (telling and words.within("closings", text)):
            return not words.within("measures", text) and not _RUN_IN_NUMBER.match(text)
        if telling and words.within("attitudes", text) and not words.within("measures", text):
            clauses = _CLAUSE.findall(text)
            return not any(self._commits(clause) and not words.within("attitudes", clause) for clause in clauses)
        defines = self._defines(text)
        judges = defines or (telling and words.within("judgements", text))
        return (not commits and judges) or (defines and len(_CLAUSE.findall(text)) == 2)

    def _on_own_building(self, block: _Block) -> bool:
        """Tell whether a paragraph speaks of the government's own building, by its headings or its place."""
        if block.paragraph.number in self._own:
            return True
        known = self._own_paths.get(block.path)
        if known is None:
            known = any(self.words.within("own_headings", heading) for heading in block.path)
            self._own_paths[block.path] = known
        return known

    def _commits(self, clause: str) -> bool:
        """Tell whether a clause begins with something to be done, adverbs before it aside."""
        verbs = self.words.verbs
        if verbs.match(clause):
            return True
        adverbs = self.words.adverbs.match(clause)
        return adverbs is not None and verbs.match(clause, adverbs.end()) is not None

    def _without_address(self, text: str) -> str:
        """Return a piece without the words that address the hearers: 各位代表，我们将…."""
        address = self.words.pattern("salutations").match(text)
        return text if address is None else text[address.end() :].lstrip("".join(_STOPS) + "，,")

    def _defines(self, text: str) -> bool:
        """Tell whether a piece says what something is: 民营经济是…的主体; 守住耕地，是粮食安全的根基."""
        if not self.words.copulas.search(text):
            return False
        first, _, second = text.partition("，")
        if self.words.begins("copulas", second) and not self._commits(second):
            return True
        for word in self.words.rules.words("copulas"):
            at = first.find(word)
            if at > 1 and not self.words.ends("not_copula", first[:at]):
                return True
        return False

    def _rallies(self, block: _Block) -> bool:
        """Tell whether a paragraph ends its section with a truth and what “we” make of it, and names nothing to do."""
        index = self._order[block.paragraph.number]
        after = self.plan[index + 1] if index + 1 < len(self.plan) else None
        first, rest = block.pieces[0].text, block.pieces[1:]
        if not rest or len(rest) > LONGEST_RALLY or (after is not None and after.path == block.path):
            return False
        truth = self._defines(first) or self.words.within("judgements", first)
        plain = not any(piece.measured or self.deadlines(piece.text) for piece in block.pieces)
        return truth and plain and all(self.words.begins("we", piece.text) for piece in rest)

    # --- figures and deadlines ---

    def says_how_much(self, raw: str) -> bool:
        """Tell whether a figure says how much is to be done: no age, year, ordinal or numeral inside a name."""
        if len(raw) <= 3 and not any(map(str.isdigit, raw)):
            return False
        return not self.words.ends("not_amounts", raw)

    def deadlines(self, text: str) -> list[str]:
        """Return the deadlines of a piece as printed."""
        return self.words.all_in("deadlines", text)


def _measured(text: str) -> bool:
    """Tell whether a text holds a digit that is more than a year, a list's number or part of a name in quotes."""
    return _DIGIT.search(text) is not None and _DIGIT.search(_NO_MEASURE.sub("", text)) is not None


def _is_ended(text: str) -> bool:
    """Tell whether a text ends as sentences and run-in heads do, closing marks aside."""
    return text.rstrip(_CLOSING_MARKS)[-1:] in _STOPS


def _without_end(text: str) -> str:
    """Return a text without the stop that ends it and the closing marks behind that."""
    return text.rstrip(_CLOSING_MARKS)[:-1] if _is_ended(text) else text


def _is_short_line(block: _Block) -> bool:
    """Tell whether a paragraph is one short sentence without comma or figure."""
    text = block.pieces[0].text if len(block.pieces) == 1 else ""
    return 0 < len(text) <= LONGEST_HEAD and "，" not in text and not block.pieces[0].measured and block.pieces[0].ended
