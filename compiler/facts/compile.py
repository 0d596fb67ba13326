"""From a source file to its compiled reports: one pure function of the text and the rules.

The pipeline stands on this page. A source is normalised and split into reports; each is identified, outlined, parted
into sentences and read (:class:`Reading`); facts and passages are made of that. Whoever wants to know how a report was
read (``explain``) takes the same :class:`Reading`; there is no other way to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from compiler.facts.assemble import Assembled, Assembler, assemble
from compiler.facts.passages import capture_passages
from compiler.facts.tasks import TaskInput, capture_tasks
from compiler.facts.thin_reports import sparse
from compiler.garbage_collection import no_collection
from compiler.language.extract import Extraction, SentenceInput, extract, sentence_inputs
from compiler.language.vocabulary import Language, compile_rules
from compiler.model import (
    CompiledReport,
    Fact,
    Identity,
    Issue,
    Normalised,
    Paragraph,
    Part,
    ReportText,
    RuleBook,
    Sentence,
    Source,
    Task,
)
from compiler.text.identify import identify
from compiler.text.normalise import normalise
from compiler.text.outline import outline
from compiler.text.periods import TERM
from compiler.text.sentences import sentences as split_sentences
from compiler.text.split import split

EXAMPLE_IDENTITY = Identity("示例市", "", "地级", 2017)
"""Examples in rules are read as a city's report of 2017: it reviews 2016 and plans 2017."""


_TERMS = {Part.REVIEW_SPAN: (-TERM, -1), Part.PLAN_SPAN: (0, TERM - 1)}
"""The years, counted from the report's, that an example in a span part is read under: a term back or ahead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One report as it was read: whose it is, its sentences as matched and as printed, what was found in them."""

    source: Source
    normalised: Normalised
    report: ReportText
    identity: Identity
    paragraphs: tuple[Paragraph, ...]
    matched: tuple[Sentence, ...]
    printed: tuple[Sentence, ...]
    inputs: tuple[SentenceInput, ...]
    extraction: Extraction


def language_of(rulebook: RuleBook) -> Language:
    """Return what ``rulebook`` is compiled into, compiled once and kept with it."""
    return rulebook.once(compile_rules)


def compile_source(source: Source, rulebook: RuleBook) -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]:
    """Compile every report of a source file."""
    compiled, issues, _ = compile_normalised(source, rulebook)
    return compiled, issues


def compile_normalised(source: Source, rulebook: RuleBook) -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...], str]:
    """Compile every report of a source file; also return its text as rules are matched against it."""
    with no_collection():  # nothing of it is circular
        readings, issues = read_source(source, rulebook)
        compiled = []
        found = [*issues]
        for reading in readings:
            report, report_issues = compile_reading(reading, rulebook)
            compiled.append(report)
            found.extend(_placed(issue, source, reading.report.number, reading.identity) for issue in report_issues)
        return tuple(compiled), tuple(found), readings[0].normalised.text if readings else ""


def read_source(source: Source, rulebook: RuleBook) -> tuple[tuple[Reading, ...], tuple[Issue, ...]]:
    """Read every report of a source file, down to the figures of its sentences."""
    lexicon = rulebook.lexicon
    normalised, issues = normalise(source.text, lexicon)
    reports, split_issues = split(normalised, lexicon)
    readings = []
    found: list[Issue] = []
    for report in reports:
        identity, identity_issues = identify(normalised, report, source.path, lexicon, source.said_of(report.number))
        paragraphs, outline_issues = outline(normalised, report, identity, lexicon)
        readings.append(_read(source, normalised, report, identity, tuple(paragraphs), rulebook))
        found.extend(_placed(issue, source, report.number, identity) for issue in (*identity_issues, *outline_issues))
    whole = (_placed(issue, source, issue.report, None) for issue in (*issues, *split_issues))
    return tuple(readings), (*whole, *found)


def _placed(issue: Issue, source: Source, number: int, identity: Identity | None) -> Issue:
    """Return the issue with its source, report and place filled in where the stage left them open."""
    place = issue.place or (identity.place if identity is not None else "")
    return replace(issue, source=issue.source or source.path, report=issue.report or number, place=place)


def _read(
    source: Source,
    normalised: Normalised,
    report: ReportText,
    identity: Identity,
    paragraphs: tuple[Paragraph, ...],
    rulebook: RuleBook,
) -> Reading:
    """Read one report whose identity and outline are known.

    Rules are matched against normalised text; what is shown is the source, white space aside.
    """
    sentences = split_sentences(normalised, report, paragraphs, source.text)
    inputs = sentence_inputs(sentences.matched, sentences.spans, paragraphs)
    extraction = extract(inputs, identity, language_of(rulebook))
    return Reading(
        source, normalised, report, identity, paragraphs, sentences.matched, sentences.printed, inputs, extraction
    )


def _assembled(reading: Reading) -> Assembled:
    assembler = Assembler(reading.source, reading.normalised, reading.report.number, reading.identity, reading.matched)
    return assemble(assembler, reading.extraction)


def reread(reading: Reading, rulebook: RuleBook) -> Reading:
    """Return a reading by other rules with the same lexicon: only what indicators decide is done again."""
    return replace(reading, extraction=extract(reading.inputs, reading.identity, language_of(rulebook)))


def facts_of_reading(reading: Reading) -> tuple[Fact, ...]:
    """Return the facts alone of a report that was read, tables aside."""
    return _assembled(reading)[0]


def compile_reading(reading: Reading, rulebook: RuleBook) -> tuple[CompiledReport, tuple[Issue, ...]]:
    """Make facts and passages of a report that was read."""
    source, normalised, report = reading.source, reading.normalised, reading.report
    facts, completions, refusals, uncovered, issues = _assembled(reading)
    passages, passage_issues = capture_passages(reading.matched, reading.paragraphs, rulebook.sections, source.text)
    figures = [
        *((fact.figure_start, fact.figure_end) for fact in facts if fact.figure_start >= 0),
        *((refusal.start, refusal.end) for refusal in refusals),
        *((free.start, free.end) for free in uncovered),
    ]
    tasks = capture_tasks(
        TaskInput(source, normalised, report.number, reading.identity, reading.paragraphs, facts, figures),
        rulebook.tasks,
        rulebook.offices,
    )
    start, end = normalised.source_span(report.start, report.end) if report.end > report.start else (0, 0)
    compiled = CompiledReport(
        source=source.path,
        number=report.number,
        identity=reading.identity,
        span=(start, end),
        sentences=reading.printed,
        facts=facts,
        completions=completions,
        passages=passages,
        uncovered=uncovered,
        refusals=refusals,
        figures=reading.extraction.figures,
        text=source.text,
        tasks=tasks,
    )
    little = sparse(compiled, reading.paragraphs)
    return compiled, (*([little] if little is not None else ()), *issues, *passage_issues)


# --- sentences by themselves -------------------------------------------------------------------


def read_example(
    text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY, heading: str = ""
) -> Reading:
    """Read a sentence or a passage as if it stood in ``part`` of a report on ``identity``, below ``heading``."""
    normalised, _ = normalise(text, rulebook.lexicon)
    paragraphs = []
    start = 0
    for number, line in enumerate(normalised.text.split("\n"), 1):
        if line:
            first, last = (identity.report_year + shift for shift in _TERMS.get(part, (0, 0)))
            known = part in _TERMS and identity.report_year > 0
            paragraphs.append(
                Paragraph(
                    number,
                    start,
                    start + len(line),
                    (heading,) if heading else (),
                    part,
                    from_year=first if known else None,
                    year=last if known else None,
                )
            )
        start += len(line) + 1
    report = ReportText(1, 0, len(normalised.text))
    return _read(Source("", text, "utf-8", ""), normalised, report, identity, tuple(paragraphs), rulebook)


def compile_example(text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY) -> CompiledReport:
    """Return all that a text in ``part`` of a report yields, with its refusals."""
    return compile_reading(read_example(text, part, rulebook, identity), rulebook)[0]


def tasks_of_example(text: str, rulebook: RuleBook, heading: str = "") -> tuple[Task, ...]:
    """Return the tasks of a passage that stands in the plan part of a report, below ``heading``."""
    return compile_reading(read_example(text, Part.PLAN, rulebook, heading=heading), rulebook)[0].tasks


def facts_of_example(
    text: str, part: Part, rulebook: RuleBook, identity: Identity = EXAMPLE_IDENTITY
) -> tuple[Fact, ...]:
    """Return the facts of a sentence or passage that stands in ``part`` of a report."""
    return _assembled(read_example(text, part, rulebook, identity))[0]
