"""From bound figures to facts: source spans, quotes, each distinct figure once, and what is unsure as issues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from compiler.issues import about, raises_doubt
from compiler.language.extract import Extraction, Found, FoundSelfReport
from compiler.language.guards import Guard
from compiler.model import (
    Bound,
    Completion,
    Fact,
    Form,
    Identity,
    IndicatorRule,
    Issue,
    Kind,
    Measure,
    Normalised,
    Refusal,
    Sentence,
    Source,
    Tier,
    Uncovered,
)
from compiler.numbers import decimal_text
from compiler.strings import squeeze


def figure_text(low: Decimal | None, high: Decimal | None, bound: Bound, text: str = "") -> str:
    """Return a figure as a short text that tells two figures apart."""
    return text or f"{bound.value} {decimal_text(low)}..{decimal_text(high)}"


def _fact_id(parts: Sequence[str]) -> str:
    return "F" + sha256("\x1f".join(parts).encode()).hexdigest()[:8].upper()


class Assembler:
    """Turns what was found in one report into facts; holds what they all share."""

    def __init__(
        self,
        source: Source,
        normalised: Normalised,
        number: int,
        identity: Identity,
        sentences: Sequence[Sentence],
    ) -> None:
        self.source = source
        self.normalised = normalised
        self.number = number
        self.identity = identity
        self.sentences = {sentence.number: sentence for sentence in sentences}
        self.issues: list[Issue] = []

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span of a normalised one."""
        return self.normalised.source_span(start, end)

    def quote(self, start: int, end: int) -> str:
        """Return the source text of a source span, white space dropped."""
        return squeeze(self.source.text[start:end])

    def fact(self, found: Found, tier: Tier) -> Fact:
        """Return the fact of one bound figure."""
        binding, identity, rule = found.binding, self.identity, found.binding.rule
        start, end = self.span(found.offset + binding.quote_start, found.offset + binding.quote_end)
        sentence = self.sentences[found.sentence]
        figure = (-1, -1)
        raw = modifier = ""
        if found.quantity is not None:
            figure = self.span(found.offset + found.quantity.start, found.offset + found.quantity.end)
            raw = found.quantity.raw
            held = binding.held if found.quantity.modifier != binding.held else ""
            modifier = "…".join(filter(None, (binding.stretch, held, found.quantity.modifier)))
        value = binding.value
        quote = self.quote(start, end)
        name = self.quote(*self.span(found.offset + binding.name_start, found.offset + binding.name_end))
        key = (
            identity.place,
            str(identity.report_year),
            str(found.year),
            found.kind,
            rule.id,
            value.measure,
            tier,
            figure_text(value.low, value.high, value.bound, binding.words),
            quote,
            *((str(found.from_year), found.total) if found.from_year else ()),
        )
        return Fact(
            place=identity.place,
            place_code=identity.place_code,
            place_level=identity.place_level,
            report_year=identity.report_year,
            year=found.year,
            kind=found.kind,
            indicator=rule.name,
            indicator_id=rule.id,
            theme=rule.theme,
            measure=value.measure,
            low=value.low,
            high=value.high,
            bound=value.bound,
            unit=value.unit,
            tier=tier,
            text=binding.words,
            raw=raw,
            modifier=modifier,
            status_note=found.status,
            quote=quote,
            source=self.source.path,
            report=self.number,
            start=start,
            end=end,
            heading="/".join(sentence.headings),
            paragraph=sentence.paragraph,
            rule=f"{rule.file}#{rule.id}",
            from_year=found.from_year or None,
            total=found.total,
            rank=binding.rank,
            comparison=binding.comparison,
            id=_fact_id(key),
            figure_start=figure[0],
            figure_end=figure[1],
            sentence=found.sentence,
            printed_name=name,
            order=rule.order,
        )

    def issue(self, code: str, fact: Fact, *others: Fact, **fields: str) -> None:
        """Record an issue about a fact and, where there are, the others that it is held against."""
        told = {"indicator": fact.indicator, "year": str(fact.year), "raw": fact.raw or fact.text, **fields}
        self.issues.append(about(code, told, fact, *others))


def _tiers(items: Sequence[Found]) -> list[Tier]:
    """Return the tier of each figure: a stretch stands on top of a base target named before it."""
    seen: set[tuple[object, ...]] = set()
    tiers = []
    for item in items:
        measure = (item.binding.rule.id, item.from_year, item.year, item.binding.value.measure)
        sentence = (item.binding.rule.id, item.from_year, item.year, item.sentence)
        on_top = measure in seen or sentence in seen
        tiers.append(Tier.STRETCH if item.binding.stretch and item.kind is Kind.TARGET and on_top else Tier.BASE)
        if item.kind is Kind.TARGET:
            seen.update((measure, sentence))
    return tiers


_PASSED = (Bound.GE, Bound.APPROX)


def _without_milestones(items: Sequence[Found]) -> list[Found]:
    """Drop 突破5000亿元 where the same sentence goes on to the figure itself: 达到5022.7亿元."""
    kept: list[Found] = []
    for index, item in enumerate(items):
        value = item.binding.value
        if value.bound in _PASSED and value.measure is Measure.LEVEL and item.kind is Kind.RESULT:
            point = value.low if value.low is not None else value.high
            exact = next(
                (
                    other.binding.value.low
                    for other in items[index + 1 :]
                    if other.sentence == item.sentence
                    and other.binding.rule.id == item.binding.rule.id
                    and (other.from_year, other.year, other.kind) == (item.from_year, item.year, item.kind)
                    and other.binding.value.measure is Measure.LEVEL
                    and other.binding.value.bound is Bound.EQ
                ),
                None,
            )
            if exact is not None and point is not None and point <= exact <= point * Decimal("1.3"):
                continue
        kept.append(item)
    return kept


def _check_sane(assembler: Assembler, fact: Fact, rule: IndicatorRule) -> None:
    limits = rule.sane.get(fact.measure)
    if limits is None or fact.unit not in (rule.unit, "%"):
        return
    for value in (fact.low, fact.high):
        if value is not None and not limits[0] <= value <= limits[1]:
            shown = f"{decimal_text(limits[0])}..{decimal_text(limits[1])}"
            assembler.issue("F201", fact, value=decimal_text(value), unit=fact.unit, limits=shown)
            return


Assembled = tuple[
    tuple[Fact, ...], tuple[Completion, ...], tuple[Refusal, ...], tuple[Uncovered, ...], tuple[Issue, ...]
]
"""Facts, completions, refusals, uncovered figures and issues of one report."""


def assemble(assembler: Assembler, extraction: Extraction) -> Assembled:
    """Return facts, completions, refusals, uncovered figures and issues of one report."""
    items = sorted(extraction.found, key=lambda item: (item.sentence, item.binding.quote_start, item.binding.quote_end))
    items = _without_milestones(items)
    facts: list[Fact] = []
    seen: dict[tuple[object, ...], Fact] = {}
    for item, tier in zip(items, _tiers(items), strict=True):
        fact = assembler.fact(item, tier)
        key = (fact.from_year, fact.year, fact.total, fact.kind, fact.indicator_id, fact.measure, fact.tier)
        mark = (*key, fact.low, fact.high, fact.text)
        if mark in seen:
            continue
        seen[mark] = fact
        facts.append(fact)
        if fact.from_year is None:
            _check_sane(assembler, fact, item.binding.rule)
        if not item.clear:
            assembler.issue("F205", fact, paragraph=str(fact.paragraph), heading=fact.heading, quote=fact.quote)
        if item.quantity is not None and fact.unit != item.binding.rule.unit and fact.measure is Measure.LEVEL:
            assembler.issue("F203", fact, unit=fact.unit, expected=item.binding.rule.unit)
    facts.extend(_derived_targets(assembler, extraction.self_reports, facts))
    completions = tuple(_completion(assembler, item) for item in extraction.self_reports)
    _list_uncounted(assembler, extraction)
    refusals = tuple(
        Refusal(
            item.refused.rule.id,
            item.refused.guard,
            item.refused.word,
            item.quantity.raw,
            *assembler.span(item.offset + item.quantity.start, item.offset + item.quantity.end),
            item.sentence,
        )
        for item in extraction.refusals
    )
    uncovered = tuple(
        Uncovered(
            item.quantity.raw,
            *assembler.span(item.offset + item.quantity.start, item.offset + item.quantity.end),
            item.sentence,
            "",
            item.part,
            item.guard or "",
        )
        for item in extraction.free
    )
    return _doubted(facts, assembler.issues), completions, refusals, uncovered, tuple(assembler.issues)


def _doubted(facts: Sequence[Fact], issues: Sequence[Issue]) -> tuple[Fact, ...]:
    """Return the facts with the codes of the issues that put them in doubt."""
    codes: dict[str, set[str]] = defaultdict(set)
    for issue in issues:
        if raises_doubt(issue):
            for fact in issue.facts:
                codes[fact].add(issue.code)
    return tuple(replace(fact, doubt=" ".join(sorted(codes[fact.id]))) if fact.id in codes else fact for fact in facts)


def _list_uncounted(assembler: Assembler, extraction: Extraction) -> None:
    """List the figures whose names and numbers do not match in count: it is open which is whose."""
    told: set[tuple[int, str]] = set()
    for item in extraction.refusals:
        mark = (item.sentence, item.refused.rule.name)
        if item.refused.guard is not Guard.COUNT or mark in told:
            continue
        told.add(mark)
        start, end = assembler.span(item.offset + item.quantity.start, item.offset + item.quantity.end)
        name = item.refused.rule.name
        assembler.issues.append(
            Issue(
                "F206",
                {"indicator": name, "raw": item.quantity.raw, "count": item.refused.word},
                source=assembler.source.path,
                report=assembler.number,
                start=start,
                end=end,
                place=assembler.identity.place,
                indicator=name,
            )
        )


def _difference_in_unit(item: FoundSelfReport) -> Decimal | None:
    """Return the stated difference to the target where it has the measure of the figure before it."""
    target, quantity = item.target, item.quantity
    if target is None or quantity is None or item.report.difference is None:
        return None
    points = quantity.form is Form.POINT
    rate = target.binding.value.unit in ("%", "百分点")
    return item.report.difference if points and rate and quantity.bound is Bound.EQ else None


def _derived_targets(
    assembler: Assembler, self_reports: Sequence[FoundSelfReport], facts: Sequence[Fact]
) -> list[Fact]:
    """Return last year's targets that the report states by its difference: 2.4%，低于控制目标0.6个百分点 → 3."""
    derived = []
    for item in self_reports:
        difference = _difference_in_unit(item)
        base = item.target
        if difference is None or base is None or base.kind is not Kind.RESULT:
            continue
        result = base.binding.value
        if result.low is None or result.low != result.high:
            continue
        target = result.low - difference
        down = base.binding.rule.direction == "down"
        fact = assembler.fact(base, Tier.BASE)
        start, end = assembler.span(item.offset + item.report.start, item.offset + item.report.end)
        bound = Bound.LE if down else Bound.EQ
        low = None if down else target
        quantity = item.quantity
        assert quantity is not None
        figure = assembler.span(item.offset + quantity.start, item.offset + quantity.end)
        quote = assembler.quote(start, end)
        fact = _replace_figure(fact, low, target, bound, quantity.raw, quote, start, end, figure)
        if not any(
            (f.year, f.kind, f.indicator_id, f.measure, f.tier)
            == (fact.year, fact.kind, fact.indicator_id, fact.measure, fact.tier)
            for f in facts
        ):
            derived.append(fact)
            own = (fact.year, Kind.RESULT, fact.indicator_id, fact.measure)
            results = [f for f in facts if (f.year, f.kind, f.indicator_id, f.measure) == own]
            assembler.issue("F204", fact, *results[:1], value=decimal_text(target), unit=fact.unit)
    return derived


def _replace_figure(
    fact: Fact,
    low: Decimal | None,
    high: Decimal,
    bound: Bound,
    raw: str,
    quote: str,
    start: int,
    end: int,
    figure: tuple[int, int],
) -> Fact:
    key = (fact.place, str(fact.report_year), "derived", fact.indicator_id, fact.measure, decimal_text(high), quote)
    return replace(
        fact,
        kind=Kind.TARGET,
        low=low,
        high=high,
        bound=bound,
        raw=raw,
        modifier="",
        quote=quote,
        start=start,
        end=end,
        figure_start=figure[0],
        figure_end=figure[1],
        id=_fact_id(key),
    )


def _completion(assembler: Assembler, item: FoundSelfReport) -> Completion:
    start, end = assembler.span(item.offset + item.report.start, item.offset + item.report.end)
    return Completion(
        place=assembler.identity.place,
        year=item.year,
        indicator_id=item.report.rule.id,
        percent=item.report.percent,
        difference=item.report.difference,
        unit=item.quantity.unit if item.quantity is not None else "",
        met=item.report.met,
        quote=assembler.quote(start, end),
        source=assembler.source.path,
        report=assembler.number,
        start=start,
        end=end,
        sentence=item.sentence,
    )
