"""Reports for the commands that look into rules: which ones, read and compiled as a build does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from compiler.app import swap
from compiler.text.read import Input

#: How deep below the current folder an input of an earlier build is looked for, and among how many files.
DEEPEST, MOST_FILES = 4, 20_000


def inputs_of_build(out: Path) -> tuple[tuple[Input, ...], int] | None:
    """Return the reports that the build in ``out`` was made from, and how many of them are not to be found.

    Each comes with the relative path that the build knew it by. None where there is no such build.

    Its record tells the folders that it was given, and the files relative to them. Where these have moved, they are
    looked for below the current folder; a file counts when its content is the same.
    """
    try:
        record = json.loads((out / swap.RECORD).read_text(encoding="utf-8"))
        wanted = [(str(item["path"]), str(item["sha256"])) for item in record["inputs"]]
        given = [Path(str(folder)) for folder in record.get("folders", ())]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    from compiler.workspace import SAMPLES

    found: dict[Input, None] = {}
    missing = 0
    files: list[Path] | None = None
    folders = (*given, Path(), Path("reports"), out.parent, out.parent / "reports", SAMPLES)
    for relative, digest in wanted:
        likely = [folder / relative for folder in folders]
        path = _with_digest(likely, digest)
        archive = None if path else _archive(folders, relative)
        if path is None and archive is None:
            files = _below(Path()) if files is None else files
            path = _with_digest((file for file in files if file.name == Path(relative).name), digest)
        if path is not None:
            found[Input(path, relative)] = None
        elif archive is not None:
            found[archive] = None
        else:
            missing += 1
    return tuple(found), missing


def _archive(folders: Iterable[Path], relative: str) -> Input | None:
    """Return the archive or table that ``relative`` is a member of: what shows as its folder is a file."""
    for folder in folders:
        for upper in PurePosixPath(relative).parents:
            if upper.name and (folder / upper).is_file():
                return Input(folder / upper, str(upper))
    return None


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
