"""What a change of rules would do to the open reports: told before it is saved.

The open reports are not read anew: the rules decide only what the figures of a sentence are, so what was read of the
text is kept (:meth:`Desk.readings`) and only the figures are looked for again, in the reports that a name or phrase of
the changed rules may stand in (:mod:`touched_reports`). A changed lexicon changes how texts are read; then they are
read anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from compiler.facts.versions import without_repeated_facts
from compiler.facts.written_tables import Changes, all_facts, changes
from compiler.issues import message, severity
from compiler.model import CompiledReport, Fact, Issue, RuleBook, Severity
from compiler.rules.rulebook import load_rulebook
from compiler.studio.desk import RULES, Desk
from compiler.studio.edits import Draft
from compiler.studio.touched_reports import changed_ids, patterns_changed, touched_by


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft would do: the facts that come, go, change or move to another indicator, and what is wrong."""

    changes: Changes
    moved: tuple[tuple[Fact, Fact], ...]
    issues: tuple[Issue, ...]
    works: bool
    rulebook: RuleBook | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether no fact changes."""
        return not (self.changes or self.moved)


_NOTHING = Changes((), (), ())


def effect(desk: Desk, draft: Draft) -> Effect:
    """Load the changed rules, check what they touch, and compare the facts of the open reports."""
    rulebook, new = trouble(desk, draft)
    if rulebook is None or any(severity(issue) is Severity.ERROR for issue in new):
        return Effect(_NOTHING, (), new, works=False)
    # Rules that could not be read before broke nothing that worked.
    broken = _broken(desk.rulebook, rulebook) if desk.rulebook is not None else ()
    before = desk.gathered.facts if desk.gathered else ()
    after = all_facts(without_repeated_facts(_compiled(desk, rulebook)))
    return replace(_with_moves(changes(before, after), (*new, *broken)), rulebook=rulebook)


def trouble(desk: Desk, draft: Draft) -> tuple[RuleBook | None, tuple[Issue, ...]]:
    """Return the rules as a draft would have them, and what loading them tells that it does not tell now."""
    with tempfile.TemporaryDirectory(prefix="report-compiler-") as folder:
        rules = Path(folder) / RULES
        shutil.copytree(desk.rules, rules)
        for relative, text in draft.texts.items():
            path = Path(folder) / relative
            if not path.is_relative_to(rules):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(text, encoding="utf-8")
        rulebook, issues = load_rulebook(rules)
    before = {_mark(issue) for issue in desk.rule_trouble()}
    return rulebook, tuple(issue for issue in issues if _mark(issue) not in before)


def _compiled(desk: Desk, rulebook: RuleBook) -> Iterator[CompiledReport]:
    """Yield the open reports with the facts that other rules find in them."""
    from compiler.facts.compile import facts_of_reading, reread
    from compiler.facts.indicator_tables import with_tables

    touched = touched_by(desk.rulebook, rulebook) if desk.rulebook is not None else None
    for report in desk.reports:
        source = desk.source_of(report)
        readings = desk.readings(source, rulebook) if source is not None else ()
        reading = next((one for one in readings if one.report.number == report.number), None)
        if source is None or reading is None or not (touched is None or source.tables or touched(reading)):
            yield report
            continue
        found = replace(report, facts=facts_of_reading(reread(reading, rulebook)))
        yield with_tables(source, [found], rulebook)[0][0] if source.tables else found


def _broken(old: RuleBook, new: RuleBook) -> tuple[Issue, ...]:
    """Return the examples that the change breaks: its own, and those of other rules that a new name takes."""
    from compiler.authoring.check import check_touched

    ids, names = changed_ids(old, new), patterns_changed(old, new)
    found = [issue for issue in check_touched(new, ids, names) if severity(issue) is not Severity.NOTE]
    if not found:
        return ()
    before = {_mark(issue) for issue in check_touched(old, ids, names)}
    return tuple(issue for issue in found if _mark(issue) not in before)


def _mark(issue: Issue) -> tuple[object, ...]:
    """Return what makes an issue the same one as before; lines shift, and advice names what there is to choose."""
    return issue.code, message(issue), issue.where.path if issue.where else ""


def _with_moves(found: Changes, issues: tuple[Issue, ...]) -> Effect:
    """Tell figures that another indicator takes from those that are new or gone."""
    gone = {(f.source, f.report, f.figure_start, f.measure): f for f in found.removed}
    moved = []
    for fact in found.added:
        old = gone.pop((fact.source, fact.report, fact.figure_start, fact.measure), None)
        if old is not None:
            moved.append((old, fact))
    return Effect(
        replace(
            found,
            added=_without(found.added, (new for _, new in moved)),
            removed=_without(found.removed, (old for old, _ in moved)),
        ),
        tuple(moved),
        issues,
        works=True,
    )


def _without(facts: tuple[Fact, ...], others: Iterable[Fact]) -> tuple[Fact, ...]:
    gone = {id(fact) for fact in others}
    return tuple(fact for fact in facts if id(fact) not in gone)
