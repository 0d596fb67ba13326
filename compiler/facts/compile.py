"""From a source file to its compiled reports: one pure function of the text and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compiler.facts.assemble import Assembler, assemble, squeeze
from compiler.facts.passages import capture_passages
from compiler.language.extract import extract, sentence_inputs
from compiler.language.vocabulary import Matcher, compile_rules
from compiler.model import (
    CompiledReport,
    Fact,
    Identity,
    Issue,
    Normalised,
    Paragraph,
    Part,
    Passage,
    ReportText,
    RuleBook,
    Source,
)
from compiler.text.identify import identify
from compiler.text.normalise import normalise
from compiler.text.outline import outline
from compiler.text.sentences import sentences as split_sentences
from compiler.text.split import split

EXAMPLE_IDENTITY = Identity("示例市", "", "地级", 2017)
"""Examples in rules are read as a city's report of 2017: it reviews 2016 and plans 2017."""

_matchers: dict[int, tuple[RuleBook, Matcher]] = {}


def matcher_of(rulebook: RuleBook) -> Matcher:
    """Return the compiled rules of ``rulebook``, compiled once and kept for the last few rule books."""
    known = _matchers.get(id(rulebook))
    if known is None or known[0] is not rulebook:
        while len(_matchers) >= 4:
            _matchers.pop(next(iter(_matchers)))
        known = _matchers[id(rulebook)] = (rulebook, compile_rules(rulebook))
    return known[1]


def compile_source(source: Source, rulebook: RuleBook) -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]:
    """Compile every report of a source file."""
    lexicon = rulebook.lexicon
    normalised, issues = normalise(source.text, lexicon)
    reports, split_issues = split(normalised, lexicon)
    found = [*issues, *split_issues]
    compiled = []
    for report in reports:
        identity, identity_issues = identify(normalised, report, source.path, lexicon)
        paragraphs, outline_issues = outline(normalised, report, identity, lexicon)
        result, report_issues = compile_report(source, normalised, report, identity, paragraphs, rulebook)
        compiled.append(result)
        found.extend(
            _placed(issue, source, report.number, identity)
            for issue in (*identity_issues, *outline_issues, *report_issues)
        )
    return tuple(compiled), tuple(_placed(issue, source, issue.report, None) for issue in found)


def _placed(issue: Issue, source: Source, number: int, identity: Identity | None) -> Issue:
    """Return the issue with its source, report and place filled in where the stage left them open."""
    place = issue.place or (identity.place if identity is not None else "")
    return replace(issue, source=issue.source or source.path, report=issue.report or number, place=place)


def compile_report(
    source: Source,
    normalised: Normalised,
    report: ReportText,
    identity: Identity,
    paragraphs: Sequence[Paragraph],
    rulebook: RuleBook,
) -> tuple[CompiledReport, tuple[Issue, ...]]:
    """Compile one report whose identity and outline are known."""
    sentences, spans = split_sentences(normalised, report, paragraphs)
    inputs = sentence_inputs(normalised.text, spans, paragraphs, [(s.number, s.paragraph) for s in sentences])
    extraction = extract(inputs, identity, matcher_of(rulebook))
    assembler = Assembler(source, normalised, report.number, identity, sentences)
    facts, completions, refusals, uncovered, issues = assemble(assembler, extraction)
    passages, passage_issues = capture_passages(sentences, paragraphs, rulebook.sections)
    # Rules were matched against normalised text; what is shown is the source, white space aside.
    sentences, _ = split_sentences(normalised, report, paragraphs, source.text)
    passages = tuple(replace(p, text=squeeze(source.text[p.start : p.end])) for p in passages)
    start, end = normalised.source_span(report.start, report.end) if report.end > report.start else (0, 0)
    compiled = CompiledReport(
        source=source.path,
        number=report.number,
        identity=identity,
        span=(start, end),
        sentences=sentences,
        facts=facts,
        completions=completions,
        passages=passages,
        uncovered=uncovered,
        refusals=refusals,
        figures=extraction.figures,
        text=source.text,
    )
    return compiled, (*issues, *passage_issues)


def _example(text: str, part: Part, rulebook: RuleBook, identity: Identity) -> tuple[CompiledReport, tuple[Issue, ...]]:
    source = Source("", text, "utf-8", "")
    normalised, _ = normalise(text, rulebook.lexicon)
    report = ReportText(1, 0, len(normalised.text))
    paragraphs = []
    start = 0
    for number, line in enumerate(normalised.text.split("\n"), 1):
        paragraphs.append(Paragraph(number, start, start + len(line), (), part))
        start += len(line) + 1
    return compile_report(source, normalised, report, identity, paragraphs, rulebook)


def facts_of_example(
    text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY
) -> tuple[Fact, ...]:
    """Return the facts of a sentence or passage that stands in ``part`` of a report."""
    return _example(text, part, rulebook, identity)[0].facts


def passages_of_example(
    text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY
) -> tuple[Passage, ...]:
    """Return the passages that the section rules capture from a text in ``part`` of a report."""
    return _example(text, part, rulebook, identity)[0].passages


def compile_example(text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY) -> CompiledReport:
    """Return all that a text in ``part`` of a report yields, with its refusals (for explanations)."""
    return _example(text, part, rulebook, identity)[0]
