"""Templates read, and tried on a report of the samples: what fails only when it is worked out is told before a build.

What was told is kept from check to check and holds as long as nothing changes that it follows from: the program, the
templates, the samples, and of the rules what the templates name, what all reports follow from, and the indicators whose
words may stand in the samples (:mod:`compiler.facts.carried`). It lies in a folder that only this user can write to,
with its own hash (:mod:`compiler.facts.store`), and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final, NamedTuple

from compiler.app.kept_templates import load_templates, named
from compiler.facts.carried import Written, cannot_hold, change, written
from compiler.facts.store import folder_fingerprint, program_fingerprint, read_entry, room_for, write_entry
from compiler.files import private_folder
from compiler.issues import severity
from compiler.ledger.rows import Ledger
from compiler.model import CompiledReport, Issue, RuleBook, Severity, Source
from compiler.workspace import sample_files

TWO_YEARS: Final = 2
"""The first samples are reports of one place in two years."""

KEPT: Final = 8
"""Of so many folders of templates it is kept what was told."""


class _Told(NamedTuple):
    """What was told of the templates of a folder, and what it follows from."""

    content: str
    named: str
    rules: Written
    issues: tuple[Issue, ...]


def check_templates(folder: Path, rulebook: RuleBook | None) -> tuple[Issue, ...]:
    """Return what is wrong with the templates in ``folder``, read with these rules and tried on a sample."""
    private, content = private_folder(), _content(folder)
    if rulebook is None or private is None or not content:
        return _told(folder, rulebook)
    place = private / "templates" / hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    before, words, rules = read_entry(place), named(rulebook), written(rulebook)
    if (
        isinstance(before, _Told)
        and (before.content, before.named) == (content, words)
        and _hold(before.rules, rules, rulebook)
    ):
        return before.issues
    issues = _told(folder, rulebook)
    if room_for(place, KEPT):
        write_entry(place, _Told(content, words, rules, issues))
    return issues


def _content(folder: Path) -> str:
    """Return a fingerprint of the program, the templates and the samples; empty where not all can be read."""
    found = folder_fingerprint(folder)
    samples = (hashlib.sha256(path.read_bytes()).hexdigest() for path in sample_files()[:TWO_YEARS])
    return found and hashlib.sha256("\0".join((program_fingerprint(), found, *samples)).encode()).hexdigest()


def _hold(before: Written, now: Written, rulebook: RuleBook) -> bool:
    """Tell whether the samples say by these rules what they said by those before."""
    if before == now:
        return True
    if (before.ledger, before.headlines) != (now.ledger, now.headlines):
        return False
    changed = change(before, now, rulebook.lexicon)
    if changed is None:
        return False
    # Ours, and plain texts: they are looked at without the readers of all formats.
    texts = (path.read_text(encoding="utf-8") for path in sample_files()[:TWO_YEARS])
    return all(cannot_hold(Source("", text, "", ""), rulebook, changed) for text in texts)


def _told(folder: Path, rulebook: RuleBook | None) -> tuple[Issue, ...]:
    templates, issues = load_templates(folder, rulebook)
    if templates is None or rulebook is None or any(severity(issue) is Severity.ERROR for issue in issues):
        return issues
    return *issues, *try_briefing(templates.briefing, rulebook)


def try_briefing(template: Any, rulebook: RuleBook) -> tuple[Issue, ...]:
    """Compose the briefing of a sample and return what its template (of ``load_templates``) did wrong, places known."""
    from compiler.briefing.write import Briefings

    reports, ledger, issues = rulebook.once(_sample)
    report = max(reports, key=lambda one: one.identity.report_year)
    told = Briefings(reports, ledger, issues, rulebook, template).compose(report)[1]
    found = (issue for issue in told if issue.where is not None and severity(issue) is not Severity.NOTE)
    return tuple({(issue.code, issue.where): issue for issue in found}.values())


def _sample(rulebook: RuleBook) -> tuple[tuple[CompiledReport, ...], Ledger, tuple[Issue, ...]]:
    """Return what these rules make of the first samples."""
    from compiler.facts.batch import compile_inputs, read_inputs
    from compiler.ledger.join import build_ledger

    reports, _ = compile_inputs(read_inputs(sample_files()[:TWO_YEARS]), rulebook)
    return tuple(reports), *build_ledger(reports, rulebook)
