"""The record of a build, ``build.json``: inputs, rules, counts, issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from compiler.app.edited_outputs import digest
from compiler.app.options import EVERYTHING, Gathered, Options
from compiler.app.swap import RECORD
from compiler.model import BuildInfo, CompiledReport, Issue, RuleBook, Source
from compiler.workspace import Choice

CONTRACTS = {"facts": "2026-11-29", "rules": "2026-11-29", "ledger": "2026-11-29", "outputs": "2026-11-29"}
"""The version of each contract that the outputs keep: a column, key or sheet that changes changes it."""


def build_record(gathered: Gathered, issues: Sequence[Issue]) -> dict[str, Any]:
    """Return the content of ``build.json`` but for where the outputs went; ``issues`` are those of the writers."""
    from compiler.issues import severity

    g = gathered
    everything = (*g.issues, *issues)
    weights = Counter(str(severity(issue)) for issue in everything)
    inputs, reports = map(input_entry, g.sources), map(report_entry, g.reports)
    return record_of(g.options, g.rulebook, g.info, inputs, reports, numbers(counts(g), weights), everything)


def record_of(
    options: Options,
    rulebook: RuleBook,
    info: BuildInfo,
    inputs: Iterable[Mapping[str, object]],
    reports: Iterable[Mapping[str, object]],
    counted: Mapping[str, int],
    issues: Sequence[Issue],
) -> dict[str, Any]:
    """Return the record of a build, from its parts."""
    from compiler.issues import as_json

    return {
        "program": {"name": "report-compiler", "version": info.version},
        "contracts": CONTRACTS,
        "dated": info.started[:10],
        "rules": {
            "folder": info.rules_root,
            "chosen": options.rules.chosen,
            "version": rulebook.version,
            "fingerprint": rulebook.fingerprint,
            "indicators": len(rulebook.indicators),
            "sections": len(rulebook.sections),
            "errors": errors_among(issue for issue in issues if issue.code.startswith("R")),
            "files": fingerprints(options.rules.folder),
        },
        "templates": {
            "folder": info.templates_root,
            "chosen": options.templates.chosen,
            "files": fingerprints(options.templates.folder),
        },
        "folders": sorted({_folder_of(path) for path in options.paths}),
        "inputs": [*inputs],
        "reports": [*reports],
        "counts": {**counted},
        "only": sorted(options.only) if options.only != EVERYTHING else None,
        "issues": [as_json(issue) for issue in issues],
    }


def input_entry(source: Source) -> dict[str, object]:
    """Return what the record says of a source."""
    return {
        "path": source.path,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "characters": len(source.text),
    }


def report_entry(report: CompiledReport) -> dict[str, object]:
    """Return what the record says of a report."""
    counted = report.counts
    return {
        "source": report.source,
        "report": report.number,
        "place": report.identity.place,
        "place_code": report.identity.place_code,
        "place_level": report.identity.place_level,
        "report_year": report.identity.report_year,
        "sure": report.identity.sure,
        "facts": counted.facts,
        "passages": counted.passages,
        "tasks": counted.tasks,
        "figures": report.figures,
        "uncovered": counted.uncovered,
    }


def numbers(counted: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers of a build with how many issues it has of each weight."""
    return {**counted, **{f"{weight}s": weights.get(weight, 0) for weight in ("error", "warning", "note")}}


def counts(gathered: Gathered) -> dict[str, int]:
    """Return the numbers of the closing summary."""
    from compiler.issues import kind

    misquoted = sum(issue.code == "B108" for issue in gathered.issues)
    counted = [report.counts for report in gathered.reports]
    facts = sum(one.facts for one in counted)
    return {
        "reports": len(gathered.reports),
        "facts": facts,
        "quotes_verified": facts - misquoted,
        "to_verify": sum(bool(kind(issue)) for issue in gathered.issues),
        "figures": sum(report.figures for report in gathered.reports),
        "uncovered": sum(one.uncovered for one in counted),
    }


def errors_among(issues: Iterable[Issue]) -> int:
    from compiler.issues import severity

    return sum(severity(issue) == "error" for issue in issues)


def shown_folder(choice: Choice) -> str:
    """Return a folder as the outputs name it: relative where it lies below the current folder."""
    if choice.chosen == "packaged":
        return "随程序自带"
    folder = choice.folder.resolve()
    here = Path.cwd()
    # Seen from the root of the file system everything lies below; that is no shorter way to say it.
    below = here != here.parent and folder.is_relative_to(here)
    return folder.relative_to(here).as_posix() if below else folder.as_posix()


def _folder_of(path: Path) -> str:
    """Return the folder that a given file or folder of reports was, so that ``explain`` finds the reports again."""
    found = path.resolve()
    return (found if found.is_dir() else found.parent).as_posix()


def fingerprints(folder: Path) -> list[dict[str, str]]:
    """Return path and SHA-256 of each file of a folder of rules or templates."""
    return [{"path": path.relative_to(folder).as_posix(), "sha256": digest(path)} for path in workspace_files(folder)]


def workspace_files(folder: Path) -> list[Path]:
    """Return the files of a folder in order, without hidden ones and the lock files of office programs."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "~", "__")) for part in parts):
            found.append(path)
    return found


def good_build_stands(out: Path) -> bool:
    """Tell whether ``out`` holds a build made by rules without an error; in doubt it does."""
    import json

    try:
        record = json.loads((out / RECORD).read_text(encoding="utf-8"))
        return not record["rules"]["errors"]
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True
