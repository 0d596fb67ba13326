"""From sentences to figures with their indicator, year and role, and what was refused on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from compiler.language.context import State, place_pattern, scopes_of, walk
from compiler.language.figures import find_quantities
from compiler.language.leads import OLD_TARGET
from compiler.language.outcomes import Binding, Refused, SelfReport
from compiler.language.reading import bind
from compiler.language.tokens import Token, TokenKind, tokenise
from compiler.language.vocabulary import Matcher
from compiler.model import Identity, Kind, Measure, Paragraph, Part, Quantity


@dataclass(frozen=True, slots=True)
class Found:
    """A bound figure with its year and kind. Offsets of ``binding`` count in the sentence at ``offset``."""

    binding: Binding
    quantity: Quantity | None
    sentence: int
    offset: int
    year: int
    kind: Kind
    status: str
    clear: bool = True


@dataclass(frozen=True, slots=True)
class FoundSelfReport:
    """A self-report with its year."""

    report: SelfReport
    quantity: Quantity | None
    sentence: int
    offset: int
    year: int
    target: Found | None = None


@dataclass(frozen=True, slots=True)
class FoundRefusal:
    """A refusal with its sentence."""

    refused: Refused
    quantity: Quantity
    sentence: int
    offset: int


@dataclass(frozen=True, slots=True)
class Free:
    """A figure that nothing claimed."""

    quantity: Quantity
    sentence: int
    offset: int
    part: Part
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that :func:`extract` finds in a report."""

    found: tuple[Found, ...]
    self_reports: tuple[FoundSelfReport, ...]
    refusals: tuple[FoundRefusal, ...]
    free: tuple[Free, ...]
    figures: int


@dataclass(frozen=True, slots=True)
class SentenceInput:
    """One sentence as extraction sees it: number, normalised offset and text, paragraph, part."""

    number: int
    offset: int
    text: str
    paragraph: int
    part: Part


_DIGIT = re.compile(r"\d|[一二两三四五六七八九十百千万半成倍番平零]")
_YEAR_FIRST = re.compile(r"[^，。；]{0,4}(?:19|20)\d\d年[^以起]")


class _ParagraphState:
    """What earlier sentences of a paragraph say about the later ones."""

    def __init__(self) -> None:
        self.paragraph = -1
        self.first = True
        self.period = ""
        self.period_word = ""
        self.target = False

    def enter(self, sentence: SentenceInput) -> None:
        self.first = sentence.paragraph != self.paragraph
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            self.period = self.period_word = ""
            self.target = False


def _speaks_of_targets(text: str, matcher: Matcher, identity: Identity) -> int:
    """Return where the sentence begins to state targets of the coming year, −1 where it does not."""
    found = matcher.target_cues.search(text)
    if found is None:
        return -1
    coming = [*matcher.lexicon.words("part.coming_year")]
    if identity.report_year:
        coming.append(f"{identity.report_year}年")
    return found.start() if any(word in text[: found.start()] for word in coming) else -1


def _judge(
    binding: Binding, tokens: Sequence[Token], states: Sequence[State], identity: Identity, part: Part, target_at: int
) -> tuple[str, str, Kind, int]:
    """Return guard, word, kind and year of a binding; the guard is empty where the figure counts."""
    figure = next((i for i, t in enumerate(tokens) if t.kind is TokenKind.FIGURE and t.figure == binding.figure), None)
    position = binding.origin if figure is None else figure
    state = states[position]
    review_year, report_year = identity.report_year - 1, identity.report_year
    planned = part in (Part.PLAN, Part.PLAN_SPAN) or (state.target or 0 <= target_at < binding.name_start)
    if not planned and state.role == "planned":
        planned = True  # this year's target, told already in the review
    elif planned and (state.role in ("achieved", "base") or (state.year == review_year and identity.report_year)):
        planned = False  # last year's result, told again in the plan
    kind, year = (Kind.TARGET, report_year) if planned else (Kind.RESULT, review_year)
    if part is Part.OTHER and not planned:
        return "no_part", "", kind, year
    if state.scope:
        return "scope", state.scope_word, kind, year
    if state.year and identity.report_year:
        if state.year != year:
            return "year", f"{state.year}年", kind, year
    elif state.period and not (binding.to_level and state.period == "period_long" and part is not Part.PLAN_SPAN):
        return state.period, state.period_word, kind, year
    if binding.from_level:
        return "from", binding.rule.name, kind, year
    if state.clause:
        return state.clause, state.clause_word, kind, year
    if state.base_year and binding.value.measure is not Measure.LEVEL and state.base_year != year - 1:
        return "base_year", f"{state.base_year}年", kind, year
    return "", "", kind, year


def _opening(part: Part, memory: _ParagraphState) -> State:
    state = State(target=memory.target)
    if part in (Part.REVIEW_SPAN, Part.PLAN_SPAN):
        return replace(state, period="period_long", period_word="")
    if memory.period:
        return replace(state, period=memory.period, period_word=memory.period_word)
    return state


def extract(sentences: Sequence[SentenceInput], identity: Identity, matcher: Matcher) -> Extraction:
    """Read the sentences of one report."""
    found: list[Found] = []
    self_reports: list[FoundSelfReport] = []
    refusals: list[FoundRefusal] = []
    free: list[Free] = []
    figures = 0
    scopes = scopes_of(identity, matcher.lexicon)
    places = place_pattern(identity)
    memory = _ParagraphState()
    for sentence in sentences:
        memory.enter(sentence)
        if not _DIGIT.search(sentence.text):
            _remember(sentence, memory, matcher, identity, None)
            if not _may_bind(sentence.text, (), matcher):
                continue
        part = sentence.part
        quantities = find_quantities(sentence.text, matcher.lexicon)
        if part is not Part.OTHER:
            figures += len(quantities)
        if not _may_bind(sentence.text, quantities, matcher):
            # Nothing in the sentence that a rule knows: its figures are free, there is nothing to read.
            if part is not Part.OTHER:
                free.extend(Free(q, sentence.number, sentence.offset, part, "") for q in quantities)
            _remember(sentence, memory, matcher, identity, None)
            continue
        tokens = tokenise(sentence.text, quantities, matcher, places)
        states = walk(tokens, _opening(part, memory), scopes, identity, part)
        target_at = -1 if part is not Part.REVIEW else _speaks_of_targets(sentence.text, matcher, identity)
        result = bind(sentence.text, quantities, tokens, matcher)
        claimed: dict[int, str] = {}
        judged: dict[int, Found] = {}
        elsewhere: dict[tuple[str, int], str] = {}  # names whose figures are another place's
        for binding in result.bindings:
            guard, word, kind, year = _judge(binding, tokens, states, identity, part, target_at)
            name = (binding.rule.id, binding.name_start)
            if guard == "scope":
                elsewhere[name] = word
            elif not guard and binding.how == "subject carried over" and name in elsewhere and not binding.own_scope:
                guard, word = "scope", elsewhere[name]
            if not guard and kind is Kind.RESULT and binding.figure >= 0:
                after = sentence.text[quantities[binding.figure].outer_end :]
                if OLD_TARGET.match(after):
                    guard, word = "old_target", after[:8]
            if not guard and binding.words and kind is not Kind.TARGET:
                guard, word = "words_result", binding.words
            if guard:
                if binding.figure >= 0:
                    claimed.setdefault(binding.figure, guard)
                    refused = Refused(binding.rule, guard, word, binding.figure)
                    refusals.append(FoundRefusal(refused, quantities[binding.figure], sentence.number, sentence.offset))
                continue
            quantity = quantities[binding.figure] if binding.figure >= 0 else None
            own = (i for i, token in enumerate(tokens) if quantity is not None and token.figure == binding.figure)
            position = next(own, binding.origin)
            item = Found(
                binding=binding,
                quantity=quantity,
                sentence=sentence.number,
                offset=sentence.offset,
                year=year,
                kind=kind,
                status=binding.status or states[position].status,
                clear=(kind is Kind.TARGET) == (part in (Part.PLAN, Part.PLAN_SPAN)),
            )
            found.append(item)
            judged[id(binding)] = item
            if binding.figure >= 0:
                claimed[binding.figure] = ""
        for report in result.self_reports:
            base = judged.get(id(report.base)) if report.base is not None else None
            if report.base is not None and base is None:
                continue
            year = base.year if base is not None else identity.report_year - 1
            self_reports.append(
                FoundSelfReport(
                    report,
                    quantities[report.figure] if report.figure >= 0 else None,
                    sentence.number,
                    sentence.offset,
                    year,
                    base,
                )
            )
            if report.figure >= 0:
                claimed[report.figure] = ""
        for refused in result.refused:
            if claimed.get(refused.figure) != "":
                claimed.setdefault(refused.figure, refused.guard)
                refusals.append(FoundRefusal(refused, quantities[refused.figure], sentence.number, sentence.offset))
        if part is not Part.OTHER:
            free.extend(
                Free(quantity, sentence.number, sentence.offset, part, claimed.get(index, ""))
                for index, quantity in enumerate(quantities)
                if claimed.get(index, "free") != ""
            )
        _remember(sentence, memory, matcher, identity, states[-1])
    return Extraction(tuple(found), tuple(self_reports), tuple(refusals), tuple(free), figures)


def _may_bind(text: str, quantities: Sequence[Quantity], matcher: Matcher) -> bool:
    """Tell whether a sentence holds anything that extraction could bind or record."""
    if quantities:
        return bool(matcher.names.search(text) or matcher.anchors.search(text))
    return bool(matcher.words_targets.search(text) or matcher.missed.search(text))


def _opens_a_year(text: str, matcher: Matcher) -> bool:
    """Tell whether a sentence turns from a span of years to a single one with its first words."""
    return bool(_YEAR_FIRST.match(text)) or text.startswith(matcher.lexicon.words("guard.period_reset"))


def _remember(
    sentence: SentenceInput, memory: _ParagraphState, matcher: Matcher, identity: Identity, last: State | None
) -> None:
    """Keep what a sentence says for the later ones of its paragraph: a span of years, targets to come."""
    spans = matcher.lexicon.words("guard.period_long")
    if memory.first and sentence.text.startswith(spans):
        word = next(word for word in spans if sentence.text.startswith(word))
        memory.period, memory.period_word = "period_long", word
    if memory.period and last is not None and not last.period and _opens_a_year(sentence.text, matcher):
        memory.period = memory.period_word = ""
    if sentence.part is Part.REVIEW and _speaks_of_targets(sentence.text, matcher, identity) >= 0:
        memory.target = True


def sentence_inputs(
    text: str, spans: Sequence[tuple[int, int]], paragraphs: Sequence[Paragraph], numbers: Sequence[tuple[int, int]]
) -> tuple[SentenceInput, ...]:
    """Return the inputs for :func:`extract`: normalised spans with (sentence, paragraph) numbers beside them."""
    parts = {paragraph.number: paragraph.part for paragraph in paragraphs}
    return tuple(
        SentenceInput(number, start, text[start:end], paragraph, parts.get(paragraph, Part.OTHER))
        for (start, end), (number, paragraph) in zip(spans, numbers, strict=True)
    )
