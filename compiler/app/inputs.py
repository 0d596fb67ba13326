"""Reports for the commands that look into rules: which ones, read and compiled as a build does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler.app import build as building
from compiler.model import CompiledReport, Issue, RuleBook, Source

#: How deep below the current folder an input of an earlier build is looked for, and among how many files.
DEEPEST, MOST_FILES = 4, 20_000


@dataclass(frozen=True, slots=True)
class Inputs:
    """Read sources, and what kept others from being read."""

    sources: tuple[Source, ...]
    issues: tuple[Issue, ...]


def read_inputs(paths: Iterable[Path]) -> Inputs:
    """Read the reports that ``paths`` name."""
    from compiler.text.read import find_inputs

    inputs, issues = find_inputs(paths)
    sources, more, _ = building._read_all(inputs)
    return Inputs(tuple(sources), (*issues, *more))


def compile_inputs(
    inputs: Inputs, rulebook: RuleBook, progress: building.Progress | None = None
) -> tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]:
    """Compile sources, each report once as in a build; return the reports and what cannot be used of them."""
    compiled = building._compile_all(inputs.sources, rulebook, 0, progress or building.Silent(), None)
    reports, repeated = building._distinct([report for reports, _ in compiled for report in reports])
    crashed = [issue for _, issues in compiled for issue in issues if issue.code == "B105"]
    return reports, (*crashed, *repeated)


def inputs_of_build(out: Path) -> tuple[tuple[Path, ...], int] | None:
    """Return the reports that the build in ``out`` was made from, and how many of them are not to be found.

    None where there is no such build.

    Its record names them relative to the folders that it was given; a file counts when its content is the same.
    """
    try:
        record = json.loads((out / building.RECORD).read_text(encoding="utf-8"))
        wanted = [(str(item["path"]), str(item["sha256"])) for item in record["inputs"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    from compiler.workspace import SAMPLES

    found = []
    files: list[Path] | None = None
    folders = (Path(), Path("reports"), out.parent, out.parent / "reports", SAMPLES)
    for relative, digest in wanted:
        likely = [folder / relative for folder in folders]
        path = _with_digest(likely, digest)
        if path is None:
            files = _below(Path()) if files is None else files
            path = _with_digest((file for file in files if file.name == Path(relative).name), digest)
        if path is not None:
            found.append(path)
    return tuple(found), len(wanted) - len(found)


def _with_digest(paths: Iterable[Path], digest: str) -> Path | None:
    for path in paths:
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return path
    return None


def _below(folder: Path) -> list[Path]:
    """Return the files below ``folder``, not too deep and not too many."""
    found: list[Path] = []
    level: Sequence[Path] = [folder]
    for _ in range(DEEPEST):
        deeper: list[Path] = []
        for place in level:
            try:
                entries = sorted(place.iterdir())
            except OSError:
                continue
            found.extend(entry for entry in entries if entry.is_file())
            deeper.extend(
                entry
                for entry in entries
                if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith((".", "__"))
            )
            if len(found) > MOST_FILES:
                return found
        level = deeper
    return found
