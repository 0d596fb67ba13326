"""The briefing of each report and the summary over all: a Word document that can be put before a mayor.

Every sentence is a quotation, a statement computed from the ledger, or fixed wording of ``templates/briefing.yaml``.
What its expressions see is made in :mod:`context`; :mod:`compose` walks the outline, :mod:`word_document` writes the
file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from compiler.briefing.briefing_blocks import Composed
from compiler.briefing.compose import FUNCTIONS, Composer, Rendered
from compiler.briefing.context import BRIEFING, SUMMARY, SUMMARY_STEPS, Remember, Seen, within, within_page
from compiler.briefing.excerpts import words_of
from compiler.briefing.groups import Groups
from compiler.briefing.inline_marks import without_marks
from compiler.briefing.page_limits import STEPS, excess, likely_step, shortened
from compiler.briefing.sources import without_pages
from compiler.briefing.template import FILE_NAME_NAMES, BriefingTemplate, expressions_of, load_template
from compiler.facts.gists import let_go
from compiler.files import safe_file_name
from compiler.ledger.rows import Ledger
from compiler.model import BuildInfo, CompiledReport, Issue, RuleBook
from compiler.rules.expressions import render_text


def load_briefing_template(
    folder: Path, rulebook: RuleBook | None = None
) -> tuple[BriefingTemplate | None, tuple[Issue, ...]]:
    """Load ``briefing.yaml`` and ``briefing.docx`` from ``folder``; what they name is looked up in ``rulebook``."""
    return load_template(folder, {"briefing": BRIEFING, "summary": SUMMARY}, FUNCTIONS, rulebook)


def briefing_name(report: CompiledReport, template: BriefingTemplate) -> str:
    """Return the file name of a report's briefing, safe on every file system but not yet unique."""
    identity = report.identity
    place = identity.place or Path(report.source).stem
    year = f"{identity.report_year}年" if identity.report_year else ""
    stem = f"{place}{year}政府工作报告要情"
    context = dict(zip(FILE_NAME_NAMES, (place, bool(year), str(identity.report_year)), strict=True))
    rendered, issues = render_text(template.file_name, context)
    if rendered.strip() and not issues:
        stem = without_marks(rendered).strip()
    return safe_file_name(stem, ".docx", "要情")


class Briefings:
    """The briefings of one build."""

    def __init__(
        self,
        reports: Sequence[CompiledReport],
        ledger: Ledger,
        issues: Sequence[Issue],
        rulebook: RuleBook,
        template: BriefingTemplate,
        remember: Remember | None = None,
    ) -> None:
        self.template = template
        self._limits = [shortened(template.limits, step) for step in range(STEPS + 1)]
        self._shown = {id(report): without_pages(report) for report in reports}
        self._seen = Seen([*self._shown.values()], ledger, issues, rulebook, template, remember)

    def make_ready(self) -> None:
        """Make what all briefings share, before processes part that would each make it anew."""
        from compiler.briefing.word_document import make_ready

        make_ready(self.template)
        words_of(self.template.lists)
        for text in expressions_of(self.template.briefing):
            if text.expression is not None:
                text.expression.runnable()

    def write(self, path: Path, report: CompiledReport, info: BuildInfo) -> tuple[Issue, ...]:
        """Write the briefing of one report to ``path``; return what the template did wrong."""
        return _write(path, self._composer(report), info)

    def let_go(self, report: CompiledReport) -> None:
        """Forget what was read of a report for the briefings of its place."""
        let_go(self._shown.get(id(report), report))
        self._seen.sources.let_go()

    def told_of_others(self, report: CompiledReport) -> tuple[object, ...]:
        """Return what the briefing of a report tells beside the reports of its own place."""
        return self._seen.told_of_others(self._shown.get(id(report), report))

    def told_of_rules(self, report: CompiledReport) -> object:
        """Return what a briefing or the summary shows of a report by rules that are not seen in its ledger."""
        return self._seen.viewer.sought(report)

    def write_summary(self, path: Path, info: BuildInfo) -> tuple[Issue, ...]:
        """Write the summary over all places to ``path``; return what the template did wrong."""
        seen = self._seen
        context, rendered = seen.of_all(), Rendered()
        for step in range(SUMMARY_STEPS + 1):
            whole = {**context, **within_page(context, step)}
            composer = Composer(self.template, self.template.summary, whole, seen.sources, None, rendered)
            if excess(composer.compose_body(), 1, composer.lines_below()) <= 0:
                break
        composer.add_annexes()
        return _write(path, composer, info)

    def compose(self, report: CompiledReport) -> tuple[Composed, tuple[Issue, ...]]:
        """Return the briefing of one report before it is a file, and what the template did wrong."""
        composer = self._composer(report)
        return composer.composed, tuple(composer.issues)

    def _composer(self, report: CompiledReport) -> Composer:
        """Return the composed briefing: with the limits of the template, or shorter where it takes too many pages."""
        seen, template, report = self._seen, self.template, self._shown.get(id(report), report)
        context = seen.of(report)
        rows = seen.viewer.listed(report)
        groups = Groups(rows.all, template.lists, [rule.name for rule in seen.viewer.headlines])
        chooser = seen.chooser(report, template.limits)
        seen.keep_line(report, rows, chooser)
        rendered = Rendered()
        tried: dict[int, tuple[Composer, float]] = {}

        def over(step: int) -> float:
            """Compose the text after some steps of shortening; return by how many lines it is too long."""
            if step not in tried:
                limits = self._limits[step]
                whole: Mapping[str, object] = {**context, **groups.within(limits), **within(limits, context, chooser)}
                composer = Composer(template, template.briefing, whole, seen.sources, report, rendered)
                body = composer.compose_body()
                tried[step] = composer, excess(body, limits["pages"], composer.lines_below())
            return tried[step][1]

        step = 0
        if over(0) > 0:
            step = likely_step(tried[0][0].composed, over(0))
            while step < STEPS and over(step) > 0:
                step += 1
            while step > 1 and over(step - 1) <= 0:
                step -= 1
            over(step)
        composer, _ = tried[step]
        composer.add_annexes()
        return composer


def _write(path: Path, composer: Composer, info: BuildInfo) -> tuple[Issue, ...]:
    from compiler.briefing.word_document import word_bytes

    properties = {key: without_marks(composer.text(text)) for key, text in composer.template.properties.items()}
    path.write_bytes(word_bytes(composer.composed, composer.template, properties | {"created": info.started}))
    return tuple(composer.issues)
