"""The evidence pages: the whole text of each report as one HTML file, with every captured figure set off.

What a page shows and how it is worded stands in ``templates/evidence.html``. This module cuts the text of a
report into pieces that know which figures they belong to, so that the template only has to write them down:
all pieces together are the source text, character by character, which is what makes the page evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from compiler.evidence.page_pieces import _Page
from compiler.evidence.report_article import article
from compiler.files import numbered_file, safe_file_name
from compiler.issues import ToVerify, message
from compiler.ledger.join import Ledger
from compiler.model import (
    BuildInfo,
    CompiledReport,
    Issue,
    Location,
    RuleBook,
)
from compiler.rules.expressions import PAGE, TextTemplate, compile_text, render_text
from compiler.strings import unique

TEMPLATE: Final = "evidence.html"
INDEX: Final = "index.html"

_NETWORK: Final = re.compile(
    r"""(?:\b(?:src|href|action|poster|data)\s*=\s*["']?\s*|url\(\s*["']?\s*|@import\s+["']?)(?:[a-z]+:)?//""", re.I
)


# --- what the template sees --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A report as a line of the index, and as the head of its own page."""

    name: str
    link: str
    place: str
    year: str
    title: str
    meeting: str
    date: str
    speaker: str
    source: str
    report: int
    sha256: str
    facts: int
    results: int
    targets: int
    checks: int
    figures: int
    uncovered: int
    characters: int

    @property
    def share(self) -> str:
        """How many of the figures of review and plan were claimed, in percent; empty where there are none."""
        claimed = self.figures - self.uncovered
        return f"{claimed * 100 // self.figures}%" if self.figures else ""


@dataclass(frozen=True, slots=True)
class EvidenceTemplate:
    """The compiled template and where it stands."""

    template: TextTemplate
    path: str

    def make_ready(self) -> None:
        """Make the template runnable and read what refusals are called, before processes part that would each do so."""
        from compiler.issues import CATALOGUE
        from compiler.language.guards import GUARDS

        for one in GUARDS.values():
            CATALOGUE.get(one.code)
        if self.template.expression is not None:
            self.template.expression.runnable()


# --- the template ------------------------------------------------------------------------------


def load_evidence_template(folder: Path) -> tuple[EvidenceTemplate | None, tuple[Issue, ...]]:
    """Load ``evidence.html`` from ``folder``, or the shipped one where a workspace has none yet."""
    from compiler.workspace import default_folder

    issues: list[Issue] = []
    path = folder / TEMPLATE
    if not path.is_file():
        issues.append(Issue("E101", {"path": str(path)}))
        path = default_folder("templates") / TEMPLATE
    try:
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None, (*issues, Issue("E102", {"path": str(path)}))
    for match in _NETWORK.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        issues.append(Issue("E105", {"given": match[0]}, where=_place(path, source, line)))
    template, mistakes = compile_text(source, Location(str(path), 1), functions=_FUNCTIONS, bounds=PAGE)
    if template is None:
        told = (Issue("E103", {"problem": _problem(one)}, where=_line(path, source, one)) for one in mistakes)
        return None, (*issues, *told)
    return EvidenceTemplate(template, str(path)), tuple(issues)


def _link(name: object) -> str:
    return quote(str(name))


_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {"link": _link, "article": article}
"""What a page may use beside the filters of all templates: ``link`` makes the address of a file, ``article`` writes the
text of a report."""


def _problem(issue: Issue) -> str:
    """Return what is wrong with a template, without the words for a sentence that stands in one."""
    return issue.fields.get("problem") or message(issue)


def _line(path: Path, source: str, issue: Issue) -> Location:
    return _place(path, source, issue.where.line if issue.where else 1)


def _place(path: Path, source: str, line: int) -> Location:
    lines = source.splitlines()
    frame = tuple((number, lines[number - 1]) for number in (line - 1, line) if 0 < number <= len(lines))
    return Location(str(path), line, frame=frame)


# --- names of files ----------------------------------------------------------------------------


def evidence_names(reports: Iterable[CompiledReport]) -> Iterator[tuple[str, CompiledReport]]:
    """Yield each report with the name of its page, unique even where a file system ignores case."""
    taken = {INDEX.casefold()}
    for report in reports:
        yield unique(_name(report), taken, numbered_file), report


def _name(report: CompiledReport) -> str:
    identity = report.identity
    year = f"{identity.report_year}年" if identity.report_year else ""
    return safe_file_name(identity.place or Path(report.source).stem, f"{year}政府工作报告.html")


# --- writing -----------------------------------------------------------------------------------


def write_evidence(
    path: Path,
    report: CompiledReport,
    ledger: Ledger,
    to_verify: ToVerify,
    rulebook: RuleBook,
    template: EvidenceTemplate,
    info: BuildInfo,
) -> tuple[Issue, ...]:
    """Write the page of one report; ``path`` carries the name that the index links to."""
    page = _Page(report, ledger, to_verify, rulebook)
    themes = tuple(dict.fromkeys(row.fact.theme for row in sorted(page.facts, key=lambda row: row.fact.order)))
    return _write(
        path,
        template,
        {
            "page": "report",
            "entry": _entry(path.name, report, page.checks, dict(info.inputs)),
            "blocks": page.blocks(),
            "facts": page.facts,
            "opens": page.opens,
            "checks": page.checks,
            "themes": themes,
            "index": INDEX,
            "info": info,
        },
    )


def write_evidence_index(
    path: Path,
    reports: Sequence[CompiledReport],
    to_verify: ToVerify,
    template: EvidenceTemplate,
    info: BuildInfo,
    pages: Collection[str],
) -> tuple[Issue, ...]:
    """Write the list of all pages beside them; one that is not among ``pages`` is listed without a link."""
    hashes = dict(info.inputs)
    entries = []
    for name, report in evidence_names(reports):
        entry = _entry(name, report, to_verify.of(report), hashes)
        entries.append(entry if name in pages else replace(entry, link=""))
    return _write(path, template, {"page": "index", "entries": entries, "info": info})


def _write(path: Path, template: EvidenceTemplate, context: Mapping[str, object]) -> tuple[Issue, ...]:
    text, mistakes = render_text(template.template, context)
    if mistakes:
        (mistake,) = mistakes
        where = _line(Path(template.path), template.template.source, mistake)
        return (Issue("E104", {"name": path.name, "problem": _problem(mistake)}, where=where),)
    # Bytes, because text mode would turn line ends on some systems.
    path.write_bytes(text.encode("utf-8", "replace"))
    return ()


def _entry(name: str, report: CompiledReport, checks: Sequence[object], hashes: Mapping[str, str]) -> IndexEntry:
    identity = report.identity
    counts = report.counts
    return IndexEntry(
        name=name,
        link=quote(name),
        place=identity.place or Path(report.source).stem,
        year=str(identity.report_year) if identity.report_year else "",
        title=identity.title,
        meeting=identity.meeting,
        date=identity.date,
        speaker=identity.speaker,
        source=report.source,
        report=report.number,
        sha256=hashes.get(report.source, ""),
        facts=counts.facts,
        results=counts.results,
        targets=counts.facts - counts.results,
        checks=len(checks),
        figures=report.figures,
        uncovered=counts.uncovered,
        characters=counts.characters,
    )


# --- one page ----------------------------------------------------------------------------------
