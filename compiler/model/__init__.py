"""The frozen types that the stages hand to one another; every room takes them from here.

It imports nothing of ours: every stage may depend on it, it depends on none.
Offsets are counted in characters. "Normalised" offsets count in :attr:`Normalised.text`;
"source" offsets count in the decoded text of the input file.
"""

from __future__ import annotations

from compiler.model.documents import (
    ByHand,
    Identity,
    Normalised,
    Paragraph,
    ReportText,
    Sentence,
    Source,
    SourceTable,
)
from compiler.model.facts import (
    BuildInfo,
    CompiledReport,
    Completion,
    Fact,
    Passage,
    Quantity,
    Refusal,
    Task,
    Uncovered,
)
from compiler.model.issue import (
    Issue,
    Location,
)
from compiler.model.meanings import (
    NO_UNIT,
    Bound,
    DocumentKind,
    Form,
    Kind,
    Measure,
    Part,
    Severity,
    Tier,
    Total,
)
from compiler.model.rules import (
    Alias,
    CombinedRule,
    Example,
    Exclusion,
    Expectation,
    FigureCheck,
    Hedge,
    IndicatorRule,
    LedgerRules,
    Lexicon,
    OfficeRule,
    Phrase,
    RuleBook,
    SectionRule,
    TaskExample,
    TaskRules,
    Unit,
)

__all__ = [
    "NO_UNIT",
    "Alias",
    "Bound",
    "BuildInfo",
    "ByHand",
    "CombinedRule",
    "CompiledReport",
    "Completion",
    "DocumentKind",
    "Example",
    "Exclusion",
    "Expectation",
    "Fact",
    "FigureCheck",
    "Form",
    "Hedge",
    "Identity",
    "IndicatorRule",
    "Issue",
    "Kind",
    "LedgerRules",
    "Lexicon",
    "Location",
    "Measure",
    "Normalised",
    "OfficeRule",
    "Paragraph",
    "Part",
    "Passage",
    "Phrase",
    "Quantity",
    "Refusal",
    "ReportText",
    "RuleBook",
    "SectionRule",
    "Sentence",
    "Severity",
    "Source",
    "SourceTable",
    "Task",
    "TaskExample",
    "TaskRules",
    "Tier",
    "Total",
    "Uncovered",
    "Unit",
]
