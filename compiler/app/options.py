"""What a build is asked to do, what it writes, and all that its writers work from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.facts.store import Store
from compiler.model import BuildInfo, CompiledReport, Fact, Issue, RuleBook, Source
from compiler.text.limits import DEFAULT, Limits
from compiler.workspace import Choice

if TYPE_CHECKING:
    from compiler.issues import ToVerify
    from compiler.ledger.kept_places import Settled
    from compiler.ledger.rows import Ledger


WORKBOOK = "目标与结果.xlsx"

BRIEFINGS = "briefings"

EVIDENCE = "evidence"

DATA = "data"

SUMMARY = "各地政府工作报告要情汇总.docx"


class Output(StrEnum):
    """A kind of output that ``--only`` names."""

    FACTS = "facts"
    WORKBOOK = "workbook"
    BRIEFINGS = "briefings"
    EVIDENCE = "evidence"
    DATA = "data"


EVERYTHING = frozenset(Output) - {Output.DATA}
"""What a build writes that is not asked for less. The parts (:mod:`compiler.app.data_parts`) are a build of their
own."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked to do. ``jobs`` 0 takes as many processes as there are processors.

    Outputs that ``only`` does not name are left as they are. ``documents`` compiles papers that are no reports too.
    ``scheduler`` is the address of a cluster that compiles the reports, empty for this machine.
    """

    paths: tuple[Path, ...]
    rules: Choice
    templates: Choice
    out: Path
    jobs: int = 0
    force: bool = False
    only: frozenset[Output] = EVERYTHING
    cache: bool = True
    parquet: bool = False
    limits: Limits = DEFAULT
    documents: bool = False
    prefer: tuple[Path, ...] = ()
    scheduler: str = ""


@dataclass(frozen=True, slots=True)
class Templates:
    """The loaded templates, None for outputs that are not asked for.

    Without the one of the evidence pages all others are still written.
    """

    workbook: Any = None
    briefing: Any = None
    evidence: Any = None


@dataclass(frozen=True)
class Gathered:
    """All that the writers work from; ``store`` is None where nothing is to be kept."""

    settled: Settled
    issues: tuple[Issue, ...]
    rulebook: RuleBook
    templates: Templates
    info: BuildInfo
    sources: tuple[Source, ...]
    options: Options
    store: Store | None = None

    @property
    def reports(self) -> tuple[CompiledReport, ...]:
        """The reports, with what puts their figures in doubt."""
        return self.settled.reports

    @property
    def ledger(self) -> Ledger:
        """The ledger of all places."""
        return self.settled.ledger

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of all reports, in the order of the tables."""
        from compiler.facts.written_tables import all_facts

        return all_facts(self.reports)

    @cached_property
    def to_verify(self) -> ToVerify:
        """What somebody has to look into, by report."""
        from compiler.issues import ToVerify

        return ToVerify(self.issues)
