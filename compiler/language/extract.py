"""From sentences to figures with their indicator, year and role, and what was refused on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from types import MappingProxyType
from typing import NamedTuple

from compiler.language.context import Context, Role, Standpoint, standpoint_of
from compiler.language.figures import find_in_all
from compiler.language.fold import contexts_of
from compiler.language.guards import GUARDS, Guard, Lasts
from compiler.language.index import Standing, indexed
from compiler.language.mentions import excluded
from compiler.language.outcomes import Binding, How, Outcomes, Refused, SelfReport, Unclaimed
from compiler.language.periods import Period, PeriodKind, years_of
from compiler.language.reading import read_sentence
from compiler.language.scopes import place_pattern
from compiler.language.tokens import Token, TokenisedSentence, TokenKind, tokenised
from compiler.language.verdicts import Verdict, judge
from compiler.language.vocabulary import Language
from compiler.model import Bound, Form, Identity, Kind, Measure, Paragraph, Part, Quantity, Sentence, Total
from compiler.strings import holding


class Found(NamedTuple):
    """A bound figure with its year and kind. Offsets of ``binding`` count in the sentence at ``offset``."""

    binding: Binding
    quantity: Quantity | None
    sentence: int
    offset: int
    year: int
    kind: Kind
    status: str
    clear: bool = True
    from_year: int = 0
    total: Total = Total.NONE


class FoundSelfReport(NamedTuple):
    """A self-report with its year."""

    report: SelfReport
    quantity: Quantity | None
    sentence: int
    offset: int
    year: int
    target: Found | None = None


class FoundRefusal(NamedTuple):
    """A refusal with its sentence."""

    refused: Refused
    quantity: Quantity
    sentence: int
    offset: int


class Free(NamedTuple):
    """A figure that nothing claimed."""

    quantity: Quantity
    sentence: int
    offset: int
    part: Part
    guard: Guard | None = None
    left: Unclaimed | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that :func:`extract` finds in a report."""

    found: tuple[Found, ...]
    self_reports: tuple[FoundSelfReport, ...]
    refusals: tuple[FoundRefusal, ...]
    free: tuple[Free, ...]
    figures: int


class SentenceInput(NamedTuple):
    """One sentence as extraction sees it: number, normalised offset and text, paragraph, part, years of its heading."""

    number: int
    offset: int
    text: str
    paragraph: int
    part: Part
    from_year: int = 0
    year: int = 0


def _as_told(binding: Binding, tokens: TokenisedSentence, verdict: Verdict, outcomes: Outcomes) -> Binding:
    """Return a binding as its kind reads it: 控制在2% is a bound for a target, the figure itself for a result."""
    if binding.figure in outcomes.ranks or binding.figure in outcomes.comparisons:
        rank, comparison = outcomes.ranks.get(binding.figure, ""), outcomes.comparisons.get(binding.figure, "")
        binding = binding._replace(rank=rank, comparison=comparison)
    value = binding.value
    if verdict.kind is not Kind.RESULT or not binding.held or binding.figure < 0 or value.bound is not Bound.LE:
        return binding
    if tokens.quantities[binding.figure].bound is not Bound.EQ:
        return binding
    return binding._replace(value=value._replace(low=value.high, bound=Bound.EQ))


_LONGEST_OPENING = 40
"""How many characters a sentence without a name may have before the growth that it goes on with."""

_NOTHING = Context()
"""What holds where nothing has been said."""


@dataclass(slots=True)
class _Memory:
    """What earlier sentences of a paragraph say about the later ones."""

    paragraph: int = -1
    first: bool = True
    context: Context = _NOTHING
    last: tuple[Binding, ...] = ()  # the figures that the last sentence ended with, where they were taken

    def enter(self, sentence: SentenceInput) -> None:
        self.first = sentence.paragraph != self.paragraph
        if self.first:
            self.paragraph = sentence.paragraph
            self.context = _NOTHING
            self.last = ()


# --- what keeps a figure from its name though its context does not ----------------------------------

_KeptOff = tuple[Guard, str] | None


def _by_span(binding: Binding, _: TokenisedSentence, verdict: Verdict) -> _KeptOff:
    """A sum of several years that are not told."""
    return (Guard.PERIOD_LONG, binding.verb) if binding.of_several and not verdict.from_year else None


def _by_words(binding: Binding, _: TokenisedSentence, verdict: Verdict) -> _KeptOff:
    """Words may state a target, no result."""
    return (Guard.WORDS_RESULT, binding.words) if verdict.kind is Kind.RESULT and binding.words else None


def _by_target(binding: Binding, tokens: TokenisedSentence, verdict: Verdict) -> _KeptOff:
    """What was aimed at, told beside what came of it."""
    if verdict.kind is not Kind.RESULT or binding.words:
        return None
    named = binding.verb in tokens.language.lexicon.words("guard.named_target")
    if binding.how is How.NAME_BEFORE and named:
        return Guard.OLD_TARGET, binding.verb
    quoted = tokens.after(binding.figure) if tokens.quotes_target(binding.figure) else ""
    word = quoted or tokens.aimed_at(binding.figure)
    return (Guard.OLD_TARGET, word) if word else None


_NAMED = (How.NAME_BEFORE, How.CARRIED)


def _by_standard(binding: Binding, tokens: TokenisedSentence, _: Verdict) -> _KeptOff:
    """A standard or a threshold: 扶贫标准提高到农民人均纯收入2300元."""
    if binding.figure < 0 or binding.how not in _NAMED:
        return None
    if binding.rule.name.endswith(tokens.language.lexicon.words("guard.standard_names")):
        return None
    standard = tokens.sets_standard(binding.figure) or tokens.in_standard(binding.name_start)
    return (Guard.STANDARD, standard) if standard else None


def _by_share(binding: Binding, tokens: TokenisedSentence, _: Verdict) -> _KeptOff:
    """A part, as the share of the whole told behind it shows: 完成投资186亿元，占全市投资的58%."""
    if binding.figure < 0 or binding.value.measure is not Measure.LEVEL:
        return None
    share = tokens.share_of_whole(binding.figure, binding.rule)
    return (Guard.PART, share) if share else None


def _by_sum(binding: Binding, tokens: TokenisedSentence, verdict: Verdict) -> _KeptOff:
    """A sum since nobody knows when: 累计改造棚户区2.6万套."""
    exclusions = () if verdict.from_year else tokens.language.exclusions_of(binding.rule).of_one_year
    if not exclusions:
        return None
    name = Token(TokenKind.NAME, binding.name_start, binding.name_end, "")
    word = excluded(tokens.text, name, exclusions, tokens.level)
    return (Guard.EXCLUDE, word) if word else None


_ASKED = (_by_span, _by_sum, _by_words, _by_target, _by_standard, _by_share)


def _kept_off(binding: Binding, tokens: TokenisedSentence, verdict: Verdict) -> _KeptOff:
    """Return what keeps a figure from its name though its context does not, None where nothing does."""
    for ask in _ASKED:
        told = ask(binding, tokens, verdict)
        if told is not None:
            return told
    return None


class _Extractor:
    """Reads the sentences of one report, one after the other."""

    def __init__(self, identity: Identity, language: Language) -> None:
        self.identity = identity
        self.language = language
        self.places = place_pattern(identity)
        self.standpoints: dict[tuple[Part, bool], Standpoint] = {}
        self.memory = _Memory()
        self.found: list[Found] = []
        self.self_reports: list[FoundSelfReport] = []
        self.refusals: list[FoundRefusal] = []
        self.free: list[Free] = []
        self.figures = 0

    def read(self, sentence: SentenceInput, quantities: Sequence[Quantity], standing: Standing | None) -> None:
        """Read one sentence with its figures; ``standing`` is what the report's index has of one that has figures."""
        language = self.language
        self.memory.enter(sentence)
        if sentence.part is not Part.OTHER:
            self.figures += len(quantities)
        if self._may_bind(sentence.text, quantities, standing):
            tokens = tokenised(sentence.text, quantities, language, self.places, self.identity, standing)
            standpoint = self._standpoint(sentence.part)
            contexts = contexts_of(tokens, self._opening(sentence), standpoint)
            outcomes = read_sentence(tokens, before=self.memory.last, planned=standpoint.planned)
            self._judge(sentence, tokens, standpoint, contexts, outcomes)
            self._remember_read(sentence, contexts[-1])
        else:  # nothing in the sentence that a rule knows: its figures are free, there is nothing to read
            self._leave_free(sentence, quantities, {})
            self._remember_unread(sentence)
        if sentence.part is Part.REVIEW and self._speaks_of_targets(sentence.text) >= 0:
            self.memory.context = self.memory.context._replace(targets=True)

    def pass_over(self, sentence: SentenceInput) -> None:
        """Take a sentence in which no figure stands and no word that :attr:`Language.telling` finds."""
        self.memory.enter(sentence)
        self._remember_unread(sentence)

    def _may_bind(self, text: str, quantities: Sequence[Quantity], standing: Standing | None) -> bool:
        """Tell whether a sentence holds anything that could be bound or recorded."""
        language = self.language
        if standing is not None:
            if standing.names or standing.phrases:
                return True
            dealt = len(quantities) > 1 and language.dealing.search(text) is not None
            return dealt or (bool(self.memory.last) and self._may_go_on(text, quantities[0]))
        return bool(language.words_targets.search(text) or language.missed.search(text))

    def _standpoint(self, part: Part) -> Standpoint:
        """Return the standpoint of the sentence at hand, which stands in ``part``."""
        key = part, self.memory.first
        known = self.standpoints.get(key)
        if known is None:
            known = standpoint_of(self.identity, part, self.language.lexicon, opens=self.memory.first)
            self.standpoints[key] = known
        return known

    def _may_go_on(self, text: str, first: Quantity) -> bool:
        """Tell whether a sentence may go on with what the one before told: a growth follows, or last year's figure."""
        opening = text[: first.outer_start]
        if len(opening) > _LONGEST_OPENING:
            return False
        moved = first.form in (Form.PERCENT, Form.TIMES)
        return moved or any(word in opening for word in self.language.lexicon.words("guard.achieved_in_plan"))

    def _tells_part(self, text: str) -> bool:
        """Tell whether a sentence tells of a part of what was told before: 其中夏粮82万吨."""
        return text.startswith(self.language.lexicon.words("list.among"))

    def _opening(self, sentence: SentenceInput) -> Context:
        """Return what holds at the beginning of a sentence: what its heading and its paragraph say."""
        context = self.memory.context
        if sentence.part in _SPANNING:
            last = sentence.year if sentence.from_year else 0
            heading = Period(PeriodKind.SPAN, "", Lasts.PART, sentence.from_year, last)
            over = heading if sentence.from_year else None
            return context._replace(periods=(heading, *context.periods), averaged_over=over)
        return context

    def _judge(
        self,
        sentence: SentenceInput,
        tokens: TokenisedSentence,
        standpoint: Standpoint,
        contexts: Sequence[Context],
        outcomes: Outcomes,
    ) -> None:
        """Give each outcome of a sentence its year and kind, or the guard that refuses it."""
        target_at = -1 if sentence.part is not Part.REVIEW else self._speaks_of_targets(sentence.text)
        claimed: dict[int, Guard | None] = {}
        judged: dict[int, Found] = {}
        sticking: dict[tuple[str, int], tuple[Guard, str]] = {}  # names whose figures are somebody else's
        for binding in outcomes.bindings:
            position = tokens.token_of(binding.figure) if binding.figure >= 0 else binding.origin
            context = contexts[position if position >= 0 else binding.origin]
            verdict = judge(binding, context, standpoint, target_at, tokens)
            name = (binding.rule.id, binding.name_start)
            if verdict.guard is not None and GUARDS[verdict.guard].sticks:
                sticking[name] = verdict.guard, verdict.word
            elif verdict.guard is None and binding.how is How.CARRIED and name in sticking and not binding.own_scope:
                verdict = verdict.refused(*sticking[name])
            if verdict.guard is None:
                kept_off = _kept_off(binding, tokens, verdict)
                if kept_off is not None:
                    verdict = verdict.refused(*kept_off)
                    if kept_off[0] is Guard.PART:
                        sticking[name] = kept_off  # its growth is the part's, too
            if verdict.guard is not None:
                if binding.figure >= 0:
                    claimed.setdefault(binding.figure, verdict.guard)
                    refused = Refused(binding.rule, verdict.guard, verdict.word, binding.figure, binding.construction)
                    self._refuse(sentence, refused, tokens)
                continue
            item = Found(
                binding=_as_told(binding, tokens, verdict, outcomes),
                quantity=tokens.quantities[binding.figure] if binding.figure >= 0 else None,
                sentence=sentence.number,
                offset=sentence.offset,
                year=verdict.year,
                kind=verdict.kind,
                status=binding.status or context.status,
                clear=(verdict.kind is Kind.TARGET) == standpoint.planned,
                from_year=verdict.from_year,
                total=verdict.total,
            )
            self.found.append(item)
            judged[id(binding)] = item
            if binding.figure >= 0:
                claimed[binding.figure] = None
        if not self._tells_part(sentence.text):
            taken = all(id(binding) in judged and not judged[id(binding)].from_year for binding in outcomes.last)
            self.memory.last = outcomes.last if taken else ()
        for report in outcomes.self_reports:
            self._tell(sentence, tokens, report, judged, claimed)
        for refused in outcomes.refused:
            if claimed.get(refused.figure, refused.guard) is not None:
                claimed.setdefault(refused.figure, refused.guard)
                self._refuse(sentence, refused, tokens)
        left = {unclaimed.figure: unclaimed for unclaimed in outcomes.unclaimed}
        self._leave_free(sentence, tokens.quantities, claimed, left)

    def _refuse(self, sentence: SentenceInput, refused: Refused, tokens: TokenisedSentence) -> None:
        quantity = tokens.quantities[refused.figure]
        self.refusals.append(FoundRefusal(refused, quantity, sentence.number, sentence.offset))

    def _tell(
        self,
        sentence: SentenceInput,
        tokens: TokenisedSentence,
        report: SelfReport,
        judged: dict[int, Found],
        claimed: dict[int, Guard | None],
    ) -> None:
        """Record what a sentence says of a target."""
        base = judged.get(id(report.base)) if report.base is not None else None
        if report.base is not None and base is None:
            return
        year = base.year if base is not None else self.identity.report_year - 1
        quantity = tokens.quantities[report.figure] if report.figure >= 0 else None
        self.self_reports.append(FoundSelfReport(report, quantity, sentence.number, sentence.offset, year, base))
        if report.figure >= 0:
            claimed[report.figure] = None

    def _leave_free(
        self,
        sentence: SentenceInput,
        quantities: Sequence[Quantity],
        claimed: dict[int, Guard | None],
        left: Mapping[int, Unclaimed] = MappingProxyType({}),
    ) -> None:
        """Record the figures that no indicator claims, each with the guard or construction that kept it from one."""
        if sentence.part is Part.OTHER:
            return
        for index, quantity in enumerate(quantities):
            if index not in claimed or claimed[index] is not None:
                guard, unclaimed = claimed.get(index), left.get(index)
                self.free.append(Free(quantity, sentence.number, sentence.offset, sentence.part, guard, unclaimed))

    def _opens_own_year(self, text: str) -> bool:
        """Tell whether a sentence turns with its first words to the year reviewed, by its number."""
        match = self.language.opens_year.match(text)
        return match is not None and f"{self.identity.report_year - 1}" in match.group() and self._opens_year(text)

    def _stays_with_year(self, text: str, last: Context) -> bool:
        """Tell whether the rest of the paragraph is about the year to which a sentence turns with its first words.

        It is where nothing else was read there, or where the year holds to its end (全年粮食总产31万吨).
        """
        dated = text.startswith(self.language.lexicon.words("period.year_ends"))
        # 连续九年增产 at its end tells of more years, but of nothing that follows.
        return last.past(Lasts.CLAUSE).period is None and self._opens_year(text) and not dated

    def _opens_year(self, text: str) -> bool:
        """Tell whether a sentence turns with its first words to one year; 盘点2015年和“十二五” names two times."""
        match = self.language.opens_year.match(text)
        return match is not None and not text.startswith(self.language.lexicon.words("list.joins"), match.end())

    def _speaks_of_targets(self, text: str) -> int:
        """Return where the sentence begins to state targets of the coming year, −1 where it does not."""
        found = self.language.target_cues.search(text)
        if found is None:
            return -1
        coming = [*self.language.lexicon.words("part.coming_year")]
        if self.identity.report_year:
            coming.append(f"{self.identity.report_year}年")
        return found.start() if any(word in text[: found.start()] for word in coming) else -1

    def _remember_read(self, sentence: SentenceInput, last: Context) -> None:
        """Keep what a sentence says for the later ones of its paragraph; ``last`` is what held at its end."""
        memory, text = self.memory, sentence.text
        if memory.first:
            self._open_span(sentence)
        closed = not any(p.kind is PeriodKind.SPAN for p in last.periods)
        if memory.context.period is not None and closed and self._opens_year(text):
            memory.context = memory.context._replace(periods=())
        if not self._looks_back(sentence) and (
            last.role_lasts is Lasts.PARAGRAPH or memory.context.role is not Role.NONE
        ):
            memory.context = memory.context._replace(role=last.role, role_lasts=last.role_lasts)
        if sentence.part not in _SPANNING:
            return
        period = last.period
        if period is not None and period.kind is PeriodKind.YEAR:
            own = period.last == self.identity.report_year - 1 and period.lasts is Lasts.SENTENCE
            if own and self._opens_year(text):
                # 刚刚过去的2016年，…。预计全县生产总值增长6.8%: the rest of the paragraph is about that year.
                memory.context = memory.context.opening(period._replace(lasts=Lasts.PARAGRAPH))
        elif self._stays_with_year(text, last):
            self._open_own_year()

    def _remember_unread(self, sentence: SentenceInput) -> None:
        """Keep what the first words of a sentence, in which nothing was read, say for the later ones."""
        memory, text, words = self.memory, sentence.text, self.language.lexicon.words
        if memory.last and not self._tells_part(text):
            memory.last = ()
        if memory.first:
            self._open_span(sentence)
        if self._looks_back(sentence):
            pass
        elif memory.first and (
            text.startswith(words("guard.achieved_in_plan")) or self.language.looks_back.match(text)
        ):  # 去年，…; 回顾过去一年，…
            memory.context = memory.context._replace(role=Role.ACHIEVED, role_lasts=Lasts.PARAGRAPH)
        elif (
            memory.context is not _NOTHING
            and memory.context.role is Role.ACHIEVED
            and text.startswith(words("part.coming_year"))
        ):
            memory.context = memory.context._replace(role=Role.NONE)
        if sentence.part in _SPANNING and self._opens_own_year(text):
            self._open_own_year()

    def _names_last_year(self, text: str) -> bool:
        """Tell whether a sentence begins with years only to say which of them it is about: 本届政府任期的最后一年，…"""
        opening = re.split("[，。；]", text, maxsplit=1)[0]
        return opening.endswith(self.language.lexicon.words("part.last_of_term"))

    def _open_span(self, sentence: SentenceInput) -> None:
        """Take up the years with which the first sentence of a paragraph begins: 五年来，…."""
        spans = self.language.lexicon.words("guard.period_long")
        if sentence.text.startswith(spans) and not self._names_last_year(sentence.text):
            word = next(word for word in spans if sentence.text.startswith(word))
            first, end = years_of(word, self.identity.report_year, sentence.part in _PLANNED)
            opened = Period(PeriodKind.SPAN, word, Lasts.PARAGRAPH, first, end)
            self.memory.context = self.memory.context.opening(opened)

    def _looks_back(self, sentence: SentenceInput) -> bool:
        """Take up last year where a sentence of the plan turns to it (特别是去年，…): what follows there was done."""
        if sentence.part not in _PLANNED or not self.language.looks_back.match(sentence.text):
            return False
        self.memory.context = self.memory.context._replace(role=Role.ACHIEVED, role_lasts=Lasts.PARAGRAPH)
        return True

    def _open_own_year(self) -> None:
        own = self.identity.report_year - 1
        self.memory.context = self.memory.context.opening(Period(PeriodKind.YEAR, "", Lasts.PARAGRAPH, own, own))


_PLANNED = (Part.PLAN, Part.PLAN_SPAN)
_SPANNING = (Part.REVIEW_SPAN, Part.PLAN_SPAN)


def extract(sentences: Sequence[SentenceInput], identity: Identity, language: Language) -> Extraction:
    """Read the sentences of one report."""
    extractor = _Extractor(identity, language)
    texts = [sentence.text for sentence in sentences]
    figures = find_in_all(texts, language.lexicon)
    # Of what stands in a sentence without figures nothing can be bound but targets in words, and there are few.
    standing = iter(indexed([*compress(zip(texts, figures, strict=True), figures)], language))
    telling = frozenset(holding(language.telling, texts))
    for number, (sentence, quantities) in enumerate(zip(sentences, figures, strict=True)):
        if quantities:
            extractor.read(sentence, quantities, next(standing))
        elif number in telling:
            extractor.read(sentence, (), None)
        else:
            extractor.pass_over(sentence)
    return Extraction(
        tuple(extractor.found),
        tuple(extractor.self_reports),
        tuple(extractor.refusals),
        tuple(extractor.free),
        extractor.figures,
    )


def sentence_inputs(
    sentences: Sequence[Sentence], spans: Sequence[tuple[int, int]], paragraphs: Sequence[Paragraph]
) -> tuple[SentenceInput, ...]:
    """Return the inputs for :func:`extract`; ``sentences`` have their normalised text, ``spans`` are theirs in it."""
    years = {paragraph.number: (paragraph.from_year or 0, paragraph.year or 0) for paragraph in paragraphs}
    return tuple(
        SentenceInput(number, start, text, paragraph, part, *years[paragraph])
        for (number, paragraph, _, _, text, _, part), (start, _) in zip(sentences, spans, strict=True)
    )
