"""Choose what a busy reader needs of a report's own sentences: whole, verbatim, each once.

A sentence counts by figures, projects, deadlines and verbs of commitment; one that leans on the sentence before it
(同时, 其中) counts less. A sentence that opens a list (两个库：一个是…) is one unit with its list: it is taken whole or
not at all, and no item of a list stands alone with its number. All words stand in ``briefing.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from compiler.briefing.marks import clean, typeset
from compiler.briefing.sources import Quoted, Sources
from compiler.model import CompiledReport, Part, Sentence

_NUMERAL: Final = "[一二三四五六七八九十]{1,3}"
_SLOT: Final = "〔数〕"
_FIGURE: Final = re.compile(r"(?<![\d.,A-Za-z+＋])\d[\d.,]*(?![\d.,年月日号A-Za-z+＋])")
"""A figure that measures something: no year, date or number of a document, no part of a name (5G, 1+3)."""

_NAMES: Final = re.compile("[“‘《][^”’》]{1,20}[”’》]")
"""What stands in quotation marks is a name, whatever figures it has: “6921”工程."""

_QUOTED: Final = re.compile("[“《「]([^”》」]{2,20})[”》」]")
_NUMBERING: Final = re.compile(rf"^[（(]?(?:{_NUMERAL}|\d{{1,3}})[）)、．.]\s*|^第{_NUMERAL}[、，]")
_NUMBERED: Final = re.compile("([一二三四五六七八九十])、")
_CHINESE_NUMBERS: Final = {numeral: n for n, numeral in enumerate("一二三四五六七八九十", 1)}
_DIGITS: Final = r"[①-⑳]|[（(]?\d{1,2}[）)．.、](?!\d)"
_COUNT: Final = r"[两几\d一二三四五六七八九十百]+"

_WEIGHTS: Final[Mapping[str, tuple[float, int]]] = {
    "projects": (2.0, 3),
    "deadlines": (2.0, 2),
    "commitments": (1.5, 3),
}
"""Points for a word of a list, and how many words of it count; a figure has 3 points, up to four figures. Set so that
over the reports at hand a sentence with one figure outweighs one with two verbs."""

_FIGURE_POINTS: Final = 3.0
_SUBSTANCE: Final = 3.0
"""Below this a sentence has neither a figure nor two words of the lists, and says too little to be quoted."""

_SHORT: Final = 24
"""Characters below which a sentence without a figure seldom says what is to be done."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences that belong together, and what they are worth."""

    sentences: tuple[Sentence, ...]
    worth: float
    lone: bool = False

    @property
    def text(self) -> str:
        """The unit as the report has it."""
        return "".join(sentence.text for sentence in self.sentences)


class Chooser:
    """Chooses from one report by the word lists and limits of the template."""

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
        self.lists = lists
        self.limits = limits
        self.sections = sections
        self._by_number = {sentence.number: sentence for sentence in report.sentences}
        items = [re.escape(word).replace(re.escape(_SLOT), _NUMERAL) for word in lists.get("items", ())]
        numbered = [
            re.escape(word).replace(re.escape(_SLOT), _NUMERAL) for word in lists.get("items", ()) if _SLOT in word
        ]
        self._item = re.compile("|".join([*items, _DIGITS]))
        self._lead = re.compile(f"^(?:{'|'.join([*numbered, _DIGITS])})")
        counts = "|".join(map(re.escape, lists.get("counts", ()))) or "(?!)"
        self._opens = re.compile(
            "|".join([rf"{_COUNT}(?:{counts})", "[：:]$", *map(re.escape, lists.get("opens", ()))])
        )
        deeds = "|".join(map(re.escape, lists.get("deeds", ()))) or "(?!)"
        self._counted = re.compile(rf"{_COUNT}(?:{counts})[^，。；：]{{0,10}}(?:{deeds})")

    # --- words ---

    def _has(self, text: str, name: str) -> bool:
        if name == "deeds":
            for word in self.lists.get("not_deeds", ()):
                text = text.replace(word, "")
        return any(word in text for word in self.lists.get(name, ()))

    def _begins(self, text: str, name: str) -> bool:
        return text.startswith(tuple(self.lists.get(name, ())))

    def _worth(self, text: str) -> float:
        """Return the points of a text for figures, projects, deadlines and verbs of commitment."""
        points = _FIGURE_POINTS * min(4, _figures(text))
        for name, (weight, most) in _WEIGHTS.items():
            found = sum(word in text for word in self.lists.get(name, ()))
            found += len(_QUOTED.findall(text)) if name == "projects" else 0
            points += weight * min(most, found)
        if len(text) < _SHORT and not _figures(text):
            points -= _FIGURE_POINTS  # most often the title of what follows
        return points - (_FIGURE_POINTS + 1 if self._begins(text, "leaning") else 0)

    def _says_nothing(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is a heading that runs into the text, a salutation or a closing call."""
        bare = _NUMBERING.sub("", sentence.text).rstrip("。：:；;")
        headings = {_NUMBERING.sub("", heading).rstrip("。：:；;") for heading in sentence.headings}
        return bare in headings or self._has(sentence.text, "closings")

    # --- units ---

    def units(self, sentences: Sequence[Sentence]) -> Iterator[Unit]:
        """Yield the sentences, those of a list as one unit with what opens it."""
        at = 0
        while at < len(sentences):
            end = at + 1
            following = sentences[end] if end < len(sentences) else None
            opened = following is not None and self._is_item(following) and self._opens.search(sentences[at].text)
            if opened or self._is_item(sentences[at]):
                end = self._end_of_list(sentences, at)
            group = tuple(sentences[at:end])
            text = "".join(one.text for one in group)
            lone = len(group) == 1 and (self._is_item(group[0]) or text.endswith(("：", ":")))
            yield Unit(group, self._worth(text), lone)
            at = end

    def _is_item(self, sentence: Sentence) -> bool:
        return self._item.match(sentence.text) is not None

    def _end_of_list(self, sentences: Sequence[Sentence], at: int) -> int:
        """Return the end of a list: behind its last item, with what else stands in that paragraph."""
        last = at
        for n in range(at + 1, len(sentences)):
            before, one = sentences[n - 1], sentences[n]
            if one.paragraph != before.paragraph and not (one.paragraph - before.paragraph == 1 and self._is_item(one)):
                break
            if one.paragraph != before.paragraph or self._is_item(one):
                last = n
        while last + 1 < len(sentences) and sentences[last + 1].paragraph == sentences[last].paragraph:
            last += 1
        return last + 1

    def _plan(self) -> list[Sentence]:
        return [one for one in self.report.sentences if one.part is Part.PLAN and not self._says_nothing(one)]

    def _key(self, sentence: Sentence) -> str:
        return self.sources.key(self.report.source, self.report.number, sentence.number)

    def _quoted(self, sentences: Sequence[Sentence], name: str = "", text: str = "") -> Quoted:
        """Return sentences as a quotation; one item of a list alone loses its number."""
        whole = "".join(one.text for one in sentences)
        text = text or (self._lead.sub("", whole) if len(sentences) == 1 else whole)
        mark = self.sources.of_sentence(self.report, sentences[0].number)
        return Quoted(typeset(clean(text)), mark, typeset(clean(name)), tuple(self._key(one) for one in sentences))

    def _clause(self, text: str, sentence: Sentence) -> Quoted:
        """Return part of a sentence as a quotation, without number and salutation."""
        text = self._lead.sub("", text)
        for word in self.lists.get("salutations", ()):
            text = text.removeprefix(word).lstrip("，,！!：:")
        return Quoted(typeset(clean(text)), self.sources.of_sentence(self.report, sentence.number))

    # --- the report's own headings ---

    def work(self, taken: Collection[str]) -> list[Quoted]:
        """Return the headings of the plan in their order, each with the sentences that carry most.

        ``taken`` are the keys of sentences that stand elsewhere. Requirements and targets are no work. A heading
        without a sentence of substance is left out. The more headings there are, the less each may take.
        """
        aside = self._in_sections("aside")
        sections = self._work_sections()
        room = max(
            self.limits["heading_least"], min(self.limits["heading"], self.limits["work"] // max(1, len(sections)))
        )
        found: list[Quoted] = []
        for heading, sentences in sections.items():
            # A rule that took a whole part by its heading (工作目标和主要任务) took the work with it.
            apart = set() if all(one.number in aside for one in sentences) else aside
            left = [one for one in sentences if one.number not in apart and self._key(one) not in taken]
            left = [one for one in left if not self._says_nothing(one)]
            chosen = self._best([*self.units(left)], room)
            if chosen:
                sentences = [one for unit in chosen for one in unit.sentences]
                text = "".join(self._shown(unit) for unit in chosen)
                found.append(self._quoted(sentences, _NUMBERING.sub("", heading).rstrip("。"), text))
        return found

    def _in_sections(self, use: str) -> set[int]:
        """Return the numbers of the sentences that the section rules of a use captured."""
        wanted = self.sections.get(use, ())
        return {number for one in self.report.passages if one.section_id in wanted for number in one.sentences}

    def _work_sections(self) -> dict[str, list[Sentence]]:
        """Return the sentences of the plan by the heading that a task stands under.

        That is the first level that divides a part into several, else the part itself. Where a part is called after
        the work, it and what follows hold the tasks, and a part called after requirements or targets holds none.
        """
        plan = [one for one in self.report.sentences if one.part is Part.PLAN and one.headings]
        tops = [*dict.fromkeys(one.headings[0] for one in plan)]
        depths = {top: _dividing_depth([one.headings for one in plan if one.headings[0] == top]) for top in tops}
        work = [n for n, top in enumerate(tops) if self._has(top, "work_headings") and depths[top]]
        # 今年工作的总体要求 speaks of the work as well; where another part is called after it alone, that one has it.
        work = [n for n in work if not self._has(tops[n], "aim_headings")] or work
        if work:
            tops = tops[: _restart(tops, work[0])]
        found: dict[str, list[Sentence]] = {}
        for sentence in plan:
            top, depth = sentence.headings[0], depths[sentence.headings[0]]
            named, aims = self._has(top, "work_headings"), self._has(top, "aim_headings")
            if top not in tops or (work and (tops.index(top) < work[0] or (aims and not named))):
                continue
            if depth and len(sentence.headings) > depth:
                if not self._has(sentence.headings[depth], "aim_headings"):
                    found.setdefault(sentence.headings[depth], []).append(sentence)
            elif not depth and not named and not aims:
                found.setdefault(top, []).append(sentence)
        return found

    def _best(self, candidates: Sequence[Unit], room: int) -> list[Unit]:
        """Return the units that say most within ``room`` characters, in the order of the report; at least one."""
        longest = self.limits["sentence_length"]
        usable = [
            unit for unit in candidates if unit.worth >= _SUBSTANCE and len(unit.text) <= longest and not unit.lone
        ]
        if not usable:
            # Items of a list that is too long as a whole, without their numbers; else whole clauses.
            items = [Unit((one,), self._worth(one.text)) for unit in candidates for one in unit.sentences]
            items = [unit for unit in items if unit.worth > 0 and not unit.text.endswith(("：", ":"))]
            usable = [unit for unit in items if len(unit.text) <= longest] or [u for u in items if self._cut(u.text)]
            return [max(usable, key=lambda unit: unit.worth / (60 + len(unit.text)))] if usable else []
        ranked = sorted(usable, key=lambda unit: -unit.worth / (60 + len(unit.text)))
        chosen = [ranked[0]]
        for unit in ranked[1:]:
            if sum(len(one.text) for one in chosen) + len(unit.text) <= room:
                chosen.append(unit)
        return sorted(chosen, key=lambda unit: unit.sentences[0].number)

    def _shown(self, unit: Unit) -> str:
        text = self._lead.sub("", unit.text) if len(unit.sentences) == 1 else unit.text
        return text if len(text) <= self.limits["sentence_length"] else self._cut(text)

    def _cut(self, text: str, longest: int = 0) -> str:
        """Return the whole clauses at the beginning of a text, with …… for the rest; empty where there are none."""
        longest = (longest or self.limits["sentence_length"]) - 2
        ends = [match.start() for match in re.finditer("[；;]", text) if match.start() <= longest]
        return f"{text[: ends[-1]]}……" if ends else ""

    # --- people's livelihood and projects ---

    def deeds(self) -> list[Quoted]:
        """Return what the plan promises as 实事: a sentence that counts or lists them, whole with its list."""
        best: tuple[float, Unit] | None = None
        for unit in self.units(self._plan()):
            text = unit.sentences[0].text
            if unit.lone or len(unit.text) > self.limits["deeds"] or not self._has(text, "deeds"):
                continue
            listed = len(unit.sentences) > 1 or len(self._item.findall(text)) > 2
            counted = self._counted.search(text) is not None
            # The names stand with the most telling first: 民生实事 before 实事, which may be anybody's.
            name = next(n for n, word in enumerate(self.lists.get("deeds", ())) if word in text)
            worth = 10.0 * listed + 5.0 * counted + unit.worth / 10 - 3.0 * name
            if (listed or counted) and (best is None or worth > best[0]):
                best = worth, unit
        return [self._quoted(best[1].sentences)] if best else []

    def deed_heads(self, deeds: Sequence[Quoted]) -> list[Quoted]:
        """Return the clause that counts the 实事, for a headline; of a list without a count its first item."""
        for one in deeds:
            _, colon, listed = one.text.partition("：")
            if colon and not self._counted.search(one.text):
                first = re.split("[；。]", listed)[0]
                return [Quoted(self._lead.sub("", first), one.cite, "first")]
            for clause in re.split("[，：。；]", one.text):
                if self._has(clause, "deeds") and len(clause) <= self.limits["point_length"]:
                    return [Quoted(clause, one.cite)]
        return []

    def done_deeds(self) -> list[Quoted]:
        """Return the clause in which the review counts last year's 实事 as done or not."""
        for sentence in self.report.sentences:
            for clause in re.split("[。；;]", sentence.text) if sentence.part is Part.REVIEW else ():
                pieces = [clause] if len(clause) <= self.limits["point_length"] else re.split("[，,]", clause)
                for piece in pieces:
                    if self._has(piece, "done") and self._counted.search(piece):
                        return [self._clause(piece, sentence)]
        return []

    def projects(self, most: int, longest: int, taken: Collection[str] = ()) -> list[Quoted]:
        """Return the sentences of the plan that tell projects in figures, and are not in ``taken`` (keys)."""
        found: list[tuple[float, Unit]] = []
        for unit in self.units(self._plan()):
            worth = self._tells_projects(unit, unit.text, longest)
            if worth and not {self._key(one) for one in unit.sentences} & set(taken):
                found.append((worth, unit))
        best = sorted(found, key=lambda pair: -pair[0])[:most]
        return [self._quoted(unit.sentences) for _, unit in sorted(best, key=lambda p: p[1].sentences[0].number)]

    def project(self, longest: int) -> list[Quoted]:
        """Return what tells most of projects in figures, for a headline: a sentence, or its clauses from 项目 on."""
        best: tuple[float, Unit, str] | None = None
        for unit in self.units(self._plan()):
            text = unit.text if len(unit.text) <= longest else self._from_project(unit)
            worth = self._tells_projects(unit, text, longest)
            if worth and (best is None or worth > best[0]):
                best = worth, unit, text
        if best is None:
            return []
        found = self._clause(best[2].rstrip("。"), best[1].sentences[0])
        return [found]

    def _tells_projects(self, unit: Unit, text: str, longest: int) -> float:
        """Return what a text is worth as one about projects; nothing where it tells no two figures of them."""
        if unit.lone or not 0 < len(text) <= longest or not self._has(text, "major") or self._begins(text, "leaning"):
            return 0.0
        figures = _figures(text) + 2 * self._has(text, "sums")
        return figures + self._worth(text) / 20 - len(text) / 100 if figures >= 2 else 0.0

    def _from_project(self, unit: Unit) -> str:
        """Return the clauses of a sentence from the first that counts projects to its end; empty where none does."""
        clauses = re.split("(?<=[，；;])", unit.text) if len(unit.sentences) == 1 else []
        at = next((n for n, one in enumerate(clauses) if self._has(one, "major") and _figures(one)), len(clauses))
        return "".join(clauses[at:])

    # --- what the report says of itself ---

    def admissions(self) -> list[Quoted]:
        """Return the clauses in which the report itself says that targets were missed."""
        own = self.report.source, self.report.number
        missed = {
            one.sentence for one in self.report.completions if one.met is False and (one.source, one.report) == own
        }
        problems = self._in_sections("problems")
        found: list[Quoted] = []
        for sentence in self.report.sentences:
            span = sentence.part is Part.REVIEW_SPAN and sentence.number not in problems
            if span or sentence.part not in (Part.REVIEW, Part.REVIEW_SPAN):
                continue  # a review of several years speaks of its own targets, save where it names its problems
            for clause in re.split("[。；;：:]", sentence.text):
                aims = self._has(clause, "aim_words") or sentence.number in missed
                if aims and self._has(clause, "not_reached"):
                    found.append(self._clause(clause, sentence))
        return found

    def problems(self) -> tuple[list[Quoted], list[Quoted]]:
        """Return the problems that a report names: as one paragraph, and their first clauses for a headline.

        Openers (我们清醒地认识到) and promises (我们将认真解决) are dropped. Where the paragraph is too long, the first
        sentence of each numbered problem stands for it, and the longest are cut at a clause: none is left out whole.
        """
        wanted = self.sections.get("problems", ())
        passage = max(
            (one for one in self.report.passages if one.section_id in wanted),
            key=lambda one: len(one.text),
            default=None,
        )
        kept: list[tuple[Sentence, str]] = []
        for number in passage.sentences if passage else ():
            sentence = self._by_number.get(number)
            text = self._bare(sentence.text) if sentence is not None else ""
            if sentence is not None and text:
                kept.extend((sentence, part) for part in re.split("(?<=[；;])", text) if part)
        numbered = [n for n, (_, text) in enumerate(kept) if self._lead.match(text)]
        if len(numbered) >= 2:
            kept = kept[numbered[0] :]  # what stands before them only says that there are some
        if not kept:
            return [], []
        mark = self.sources.of_sentence(self.report, kept[0][0].number)
        admitted = "".join(one.text for one in self.admissions())
        heads = [Quoted(one, mark) for one in self._heads([text for _, text in kept]) if one not in admitted]
        kept = self._within(kept, self.limits["problems"])
        text = typeset(clean("".join(text for _, text in kept))).rstrip("；")
        whole = {one.number: "".join(text for other, text in kept if other is one) for one, _ in kept}
        keys = tuple(
            self._key(one) for one in {one.number: one for one, _ in kept}.values() if whole[one.number] == one.text
        )
        return [Quoted(text if text[-1] in "。！？…" else f"{text}。", mark, "", keys)], heads

    def _within(self, kept: list[tuple[Sentence, str]], longest: int) -> list[tuple[Sentence, str]]:
        """Return the problems within ``longest`` characters, as far as whole clauses allow."""
        numbered = [pair for pair in kept if self._lead.match(pair[1])]
        if len(numbered) >= 2 and sum(len(text) for _, text in kept) > longest:
            kept = numbered
        kept = [*kept]
        while sum(len(text) for _, text in kept) > longest:
            shorter = [(len(text), n, cut) for n, (_, text) in enumerate(kept) if (cut := self._shorter(text))]
            if shorter:
                _, n, cut = max(shorter)
                kept[n] = kept[n][0], cut
            elif len(kept) > 1:
                kept.pop()
            else:
                break
        return kept

    def _shorter(self, text: str) -> str:
        """Return a problem without its last clause, …… in its place; empty where one clause is left.

        A problem that begins with its cause (受…影响，…) says at its end what it is, so it is not cut.
        """
        if self._begins(self._lead.sub("", text), "causes"):
            return ""
        clauses = re.split("(?<=[，,；;。])", text.removesuffix("……"))
        clauses = [one for one in clauses if one]
        return "".join(clauses[:-1]).rstrip("，,；;。") + "……" if len(clauses) > 1 else ""

    def _bare(self, text: str) -> str:
        """Return a sentence about problems without what opens and what promises; empty where nothing is left."""
        if self._has(text, "promises"):
            clauses = re.split("(?<=[；;。])", text)
            text = "".join(clauses[: next(n for n, one in enumerate(clauses) if self._has(one, "promises"))])
        if self._lead.match(text):
            return text
        colon = re.search("[：:]", text)
        if colon and self._has(text[: colon.start()], "openers"):
            return text[colon.end() :]
        opener = next((word for word in self.lists.get("openers", ()) if word in text), "")
        rest = text[text.index(opener) + len(opener) :].lstrip("，,：: ") if opener else text
        return "" if self._announces(rest) else rest

    def _announces(self, text: str) -> bool:
        """Tell whether a clause only says that there are problems (发展中还存在一些矛盾和问题。)."""
        return len(text) <= 40 and text.rstrip("。：:！").endswith(tuple(self.lists.get("announced", ())))

    def _heads(self, texts: Iterable[str], most: int = 6, longest: int = 28) -> list[str]:
        """Return the first clause of each problem; of one that begins with its cause, the last."""
        parts = [part for text in texts for part in re.split("[；;。]", text) if part.strip()]
        numbered = [part for part in parts if self._lead.match(part)]
        found: list[str] = []
        for part in numbered if len(numbered) >= 2 else parts:
            clauses = [one for one in re.split("[，,：:]", self._lead.sub("", part.strip())) if one]
            if clauses and clauses[0] in self.lists.get("dropped", ()):
                clauses.pop(0)
            if not clauses:
                continue
            head = clauses[-1] if self._begins(clauses[0], "causes") else clauses[0]
            for word in self.lists.get("dropped", ()):
                head = head.removeprefix(word)
            head = head.rstrip("…")
            if 4 <= len(head) <= longest and (len(numbered) >= 2 or not self._announces(head)):
                found.append(typeset(clean(head)))
        return [*dict.fromkeys(found)][:most]


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


def _figures(text: str) -> int:
    """Return how many figures of a text measure something."""
    return len(_FIGURE.findall(_NAMES.sub("“”", text)))
