"""Choose what a busy reader needs of a report's own sentences: whole, verbatim, each once.

What a sentence is worth, and which belong together, tells :mod:`excerpts`. A unit is taken whole or not at all, and no
item of a list stands alone with its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from compiler.briefing.excerpts import NUMBERING, SUBSTANCE, Unit, Words, figures, words_of
from compiler.briefing.inline_marks import for_document, typeset
from compiler.briefing.problems import Problems
from compiler.briefing.sources import Quoted, Sources
from compiler.model import CompiledReport, Part, Sentence

_WELL_COUNTED: Final = 5
"""Figures of projects from which on more of them tell no more; the shorter sentence is then the better headline."""

_NUMBERED: Final = re.compile("([一二三四五六七八九十])、")
_CHINESE_NUMBERS: Final = {numeral: n for n, numeral in enumerate("一二三四五六七八九十", 1)}


class _Candidates:
    """Units of which some are chosen; ``ranked`` are those of substance that can stand alone, the best first."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        usable = [unit for unit in self.units if unit.worth >= SUBSTANCE and not unit.lone]
        self.ranked = sorted(usable, key=_density, reverse=True)


class _Section:
    """The sentences of a heading by their keys, and what may be chosen of them."""

    def __init__(self, sentences: Mapping[str, Sentence]) -> None:
        self._sentences = sentences
        self._made: dict[frozenset[str], _Candidates] = {}

    def without(self, taken: Collection[str], words: Words) -> _Candidates:
        """Return what may be chosen where the sentences ``taken`` stand elsewhere."""
        gone = self._sentences.keys() & taken
        key = frozenset(gone)
        if key not in self._made:
            left = [one for name, one in self._sentences.items() if name not in gone]
            self._made[key] = _Candidates(words.units(left))
        return self._made[key]


class Chooser:
    """Chooses from one report by the word lists and limits of the template.

    ``limits`` may be set anew for a shorter text: what was found out about the sentences holds.
    """

    def __init__(
        self,
        report: CompiledReport,
        sources: Sources,
        lists: Mapping[str, Sequence[str]],
        limits: Mapping[str, int],
        sections: Mapping[str, Sequence[str]],
    ) -> None:
        self.report = report
        self.sources = sources
        self.limits = limits
        self.words = words_of(lists)
        self._sections = sections
        self._told = Problems(report, sources, self.words, sections.get("problems", ()))

    # --- what the report says of itself ---

    @cached_property
    def admissions(self) -> list[Quoted]:
        """The clauses in which the report itself says that targets were missed."""
        return self._told.admissions

    @cached_property
    def problem_heads(self) -> list[Quoted]:
        """The problems that the report names, each in a clause."""
        return self._told.heads(self._pieces)

    def problems(self) -> list[Quoted]:
        """Return the problems that the report names, as one paragraph."""
        return self._told.paragraph(self._pieces, self.limits["problems"])

    @cached_property
    def _pieces(self) -> list[tuple[Sentence, str]]:
        return self._told.pieces()

    # --- the report's own headings ---

    def work(self, taken: Collection[str]) -> list[Quoted]:
        """Return the headings of the plan in their order, each with the sentences that carry most.

        ``taken`` are the keys of sentences that stand elsewhere. Requirements and targets are no work. A heading
        without a sentence of substance is left out. The more headings there are, the less each may take.
        """
        sections = self._work_sections
        room = max(
            self.limits["heading_least"], min(self.limits["heading"], self.limits["work"] // max(1, len(sections)))
        )
        found: list[Quoted] = []
        for heading, section in sections.items():
            chosen = self._best(section.without(taken, self.words), room)
            if chosen:
                sentences = [one for unit in chosen for one in unit.sentences]
                text = "".join([self._shown(unit) for unit in chosen])
                found.append(self._quoted(sentences, self._heading(heading), text))
        return found

    def _heading(self, text: str) -> str:
        """Return a heading without its number, of one that is too long the clauses at its beginning."""
        text = NUMBERING.sub("", text).rstrip("。")
        clauses = re.split("(?<=[，,；;])", text)
        while len(clauses) > 1 and sum(map(len, clauses)) > self.limits["heading_length"]:
            clauses.pop()
        return "".join(clauses).rstrip("，,；;")

    @cached_property
    def _work_sections(self) -> dict[str, _Section]:
        """The headings that tasks stand under, each with its sentences."""
        wanted = self._sections.get("aside", ())
        aside = {n for one in self.report.passages if one.section_id in wanted for n in one.sentences}
        telling = {one.number for one in self._telling}
        found: dict[str, _Section] = {}
        for heading, sentences in _headed(self.report, self.words.has).items():
            # A rule that took a whole part by its heading (工作目标和主要任务) took the work with it.
            apart = set() if all(one.number in aside for one in sentences) else aside
            left = [one for one in sentences if one.number in telling and one.number not in apart]
            found[heading] = _Section({self._key(one): one for one in left})
        return found

    def _best(self, candidates: _Candidates, room: int) -> list[Unit]:
        """Return the units that say most within ``room`` characters, in the order of the report; at least one."""
        longest = self.limits["sentence_length"]
        chosen: list[Unit] = []
        for unit in candidates.ranked:
            length = len(unit.text)
            if length <= longest and (not chosen or length <= room):
                chosen.append(unit)
                room -= length
        if not chosen:
            # Items of a list that is too long as a whole, without their numbers; else whole clauses.
            items = [
                Unit((one,), one.text, self.words.worth(one.text))
                for unit in candidates.units
                for one in unit.sentences
            ]
            items = [unit for unit in items if unit.worth > 0 and not unit.text.endswith(("：", ":"))]
            usable = [unit for unit in items if len(unit.text) <= longest] or [u for u in items if self._cut(u.text)]
            return [max(usable, key=_density)] if usable else []
        return sorted(chosen, key=lambda unit: unit.sentences[0].number)

    def _shown(self, unit: Unit) -> str:
        text = self.words.lead.sub("", unit.text) if len(unit.sentences) == 1 else unit.text
        return text if len(text) <= self.limits["sentence_length"] else self._cut(text)

    def _cut(self, text: str) -> str:
        """Return the whole clauses at the beginning of a text, with …… for the rest; empty where there are none."""
        longest = self.limits["sentence_length"] - 2
        ends = [match.start() for match in re.finditer("[；;]", text) if match.start() <= longest]
        return f"{text[: ends[-1]]}……" if ends else ""

    # --- people's livelihood and projects ---

    @cached_property
    def _plan(self) -> list[Unit]:
        """The units of the plan that can stand alone."""
        return [unit for unit in self.words.units(self._telling) if not unit.lone]

    @cached_property
    def _telling(self) -> list[Sentence]:
        """The sentences of the plan that say something."""
        return self.words.telling([one for one in self.report.sentences if one.part is Part.PLAN])

    def deeds(self) -> list[Quoted]:
        """Return what the plan promises as 实事: a sentence that counts or lists them, whole with its list.

        Of a list that is too long the clause that counts them stands alone.
        """
        longest, best = self.limits["deeds"], 0.0
        found: Unit | None = None
        for unit, worth, counting in self._promised:
            if (counting or len(unit.text) <= longest) and (found is None or worth > best):
                best, found = worth, unit
        if found is None:
            return []
        if len(found.text) <= longest:
            return [self._quoted(found.sentences)]
        return [self._told.clause(f"{self._counting(found.sentences[0].text)}。", found.sentences[0])]

    @cached_property
    def _promised(self) -> list[tuple[Unit, float, bool]]:
        """The units of the plan that count or list 实事, each with its worth and whether a clause of it counts them."""
        words = self.words
        found: list[tuple[Unit, float, bool]] = []
        units = self._plan
        for at in words.among([unit.sentences[0].text for unit in units], "deeds"):
            unit, text = units[at], units[at].sentences[0].text
            listed = len(unit.sentences) > 1 or words.items(text) > 2
            counted = words.counted.search(text) is not None
            if listed or counted:
                # The names stand with the most telling first: 民生实事 before 实事, which may be anybody's.
                name = next(n for n, word in enumerate(words.lists.get("deeds", ())) if word in text)
                worth = 10.0 * listed + 5.0 * counted + unit.worth / 10 - 3.0 * name
                found.append((unit, worth, bool(self._counting(text))))
        return found

    def _counting(self, text: str) -> str:
        """Return the clauses of a sentence up to the one that counts the 实事; empty where none does."""
        clauses = re.split("(?<=[，,：:；;。])", text)
        at = next((n for n, one in enumerate(clauses) if self.words.counted.search(one)), -1)
        return "".join(clauses[: at + 1]).rstrip("，,：:；;。")

    def deed_heads(self, deeds: Sequence[Quoted]) -> list[Quoted]:
        """Return the clause that counts the 实事, for a headline; of a list without a count its first item."""
        for one in deeds:
            _, colon, listed = one.text.partition("：")
            if colon and not self.words.counted.search(one.text):
                first = re.split("[；。]", listed)[0]
                return [Quoted(self.words.lead.sub("", first), one.cite, "first")]
            for clause in re.split("[，：。；]", one.text):
                if self.words.has(clause, "deeds") and len(clause) <= self.limits["point_length"]:
                    return [Quoted(clause, one.cite)]
        return []

    def done_deeds(self) -> list[Quoted]:
        """Return the clause in which the review counts last year's 实事 as done or not."""
        longest = self.limits["point_length"]
        return next(([self._told.clause(text, one)] for text, one in self._done if len(text) <= longest), [])

    @cached_property
    def _done(self) -> list[tuple[str, Sentence]]:
        """The clauses in which the review counts last year's 实事 as done or not, each with its sentence."""
        words = self.words
        found: list[tuple[str, Sentence]] = []
        review = [one for one in self.report.sentences if one.part is Part.REVIEW]
        for number in words.among([one.text for one in review], "deeds"):
            sentence = review[number]
            for part in re.split("[。；;]", sentence.text):
                clauses = re.split("(?<=[，,])", part)
                at = next((n for n, one in enumerate(clauses) if words.counted.search(one)), len(clauses))
                # From the clause that counts them to the end, since that may tell which were not done.
                for text in ("".join(clauses[at:]), "".join(clauses[at : at + 1]).rstrip("，,")):
                    if words.has(text, "done"):
                        found.append((text, sentence))
        return found

    def projects(self, most: int, longest: int, taken: Collection[str] = ()) -> list[Quoted]:
        """Return the sentences of the plan that tell projects in figures, and are not in ``taken`` (keys)."""
        found: list[tuple[float, Unit]] = []
        for unit, worth, _ in self._major:
            if worth and len(unit.text) <= longest and {self._key(one) for one in unit.sentences}.isdisjoint(taken):
                found.append((worth, unit))
        best = sorted(found, key=lambda pair: -pair[0])[:most]
        return [self._quoted(unit.sentences) for _, unit in sorted(best, key=lambda p: p[1].sentences[0].number)]

    def project(self, longest: int) -> list[Quoted]:
        """Return what tells most of projects in figures, for a headline.

        A sentence, or its clauses from the first that counts projects: to its end, else to the last with a figure.
        """
        best: tuple[float, Unit, str] | None = None
        for unit, whole, parts in self._major:
            ways = ((unit.text, whole), *parts)
            text, worth = next((one for one in ways if len(one[0]) <= longest), ("", 0.0))
            if worth and (best is None or worth > best[0]):
                best = worth, unit, text
        return [self._told.clause(best[2].rstrip("。，；,;"), best[1].sentences[0])] if best else []

    @cached_property
    def _major(self) -> list[tuple[Unit, float, tuple[tuple[str, float], ...]]]:
        """The units of the plan that speak of projects, each with what it is worth as one about them, and its parts."""
        units = self._plan
        found = [units[at] for at in self.words.among([unit.text for unit in units], "major")]
        return [(unit, self._tells_projects(unit.text), self._from_project(unit)) for unit in found]

    def _tells_projects(self, text: str) -> float:
        """Return what a text is worth as one about projects; nothing where it tells no two figures of them."""
        words = self.words
        if not words.has(text, "major") or words.begins(text, "leaning"):
            return 0.0
        counted = min(_WELL_COUNTED, figures(text) + 2 * words.has(text, "sums") + words.projects(text))
        return counted + words.worth(text) / 20 - len(text) / 100 if counted >= 2 else 0.0

    def _from_project(self, unit: Unit) -> tuple[tuple[str, float], ...]:
        """Return the clauses of a sentence from the first that counts projects on: to its end, and to the last figure.

        With each stands what it is worth; there are none where no clause counts projects.
        """
        clauses = re.split("(?<=[，；;])", unit.text) if len(unit.sentences) == 1 else []
        counting = (n for n, one in enumerate(clauses) if self.words.has(one, "major") and figures(one))
        at = next(counting, -1)
        if at < 0:
            return ()
        last = max(n for n, one in enumerate(clauses) if n >= at and figures(one))
        texts = ("".join(clauses[at:]), "".join(clauses[at : last + 1]))
        return tuple((text, self._tells_projects(text)) for text in texts)

    # --- quotations ---

    def _key(self, sentence: Sentence) -> str:
        return self.sources.key(self.report.source, self.report.number, sentence.number)

    def _quoted(self, sentences: Sequence[Sentence], name: str = "", text: str = "") -> Quoted:
        """Return sentences as a quotation; one item of a list alone loses its number."""
        whole = "".join(one.text for one in sentences)
        text = text or (self.words.lead.sub("", whole) if len(sentences) == 1 else whole)
        mark = self.sources.of_sentence(self.report, sentences[0].number)
        return Quoted(
            typeset(for_document(text)), mark, typeset(for_document(name)), tuple(self._key(one) for one in sentences)
        )


def _density(unit: Unit) -> float:
    return unit.worth / (60 + len(unit.text))


def _headed(report: CompiledReport, has: Callable[[str, str], bool]) -> dict[str, list[Sentence]]:
    """Return the sentences of the plan by the heading that a task stands under.

    That is the first level that divides a part into several, else the part itself. Where a part is called after
    the work, it and what follows hold the tasks, and a part called after requirements or targets holds none. What
    follows it (三、加强政府自身建设) is one heading beside those of the work, whatever divides it.
    """
    plan = [one for one in report.sentences if one.part is Part.PLAN and one.headings]
    paths: dict[str, list[tuple[str, ...]]] = {}
    for path in dict.fromkeys([one.headings for one in plan]):
        paths.setdefault(path[0], []).append(path)
    tops, depths = [*paths], {top: _dividing_depth(own) for top, own in paths.items()}
    named = {top for top in tops if has(top, "work_headings")}
    aims = {top for top in tops if has(top, "aim_headings")}
    work = [n for n, top in enumerate(tops) if top in named and depths[top]]
    # 今年工作的总体要求 speaks of the work as well; where another part is called after it alone, that one has it.
    work = [n for n in work if tops[n] not in aims] or work
    first = work[0] if work else 0
    ordered = {top: n for n, top in enumerate(tops[: _restart(tops, first)] if work else tops)}
    beside = {top for n, top in enumerate(tops) if work and n > first and top not in named}
    found: dict[str, list[Sentence]] = {}
    for sentence in plan:
        top = sentence.headings[0]
        depth = 0 if top in beside else depths[top]
        if ordered.get(top, -1) < first or (work and top in aims and top not in named):
            continue
        if depth and len(sentence.headings) > depth:
            if not has(sentence.headings[depth], "aim_headings"):
                found.setdefault(sentence.headings[depth], []).append(sentence)
        elif not depth and top not in named and top not in aims:
            found.setdefault(top, []).append(sentence)
    return found


def _dividing_depth(paths: Sequence[tuple[str, ...]]) -> int:
    """Return the level of headings that divides a part: the first with three or more, else that with most; 0: none.

    An announcement (要抓好以下十个方面的工作) may stand between a part and its divisions as the only one of its level.
    """
    counts = [len({path[: depth + 1] for path in paths if len(path) > depth}) for depth in range(1, 5)]
    several = next((depth for depth, number in enumerate(counts, 1) if number >= 3), 0)
    return several or (counts.index(max(counts)) + 1 if max(counts) else 0)


def _restart(tops: Sequence[str], first: int) -> int:
    """Return where the numbers of headings begin anew after the ``first``: what follows is an attachment."""
    numbers = [_CHINESE_NUMBERS.get(match[1], 0) if (match := _NUMBERED.match(top)) else 0 for top in tops]
    for n in range(first + 1, len(tops)):
        if 0 < numbers[n] <= numbers[first]:
            return n
    return len(tops)
