"""From paths to decoded text: which files to read, and reading one of them."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from compiler.model import Issue, Source
from compiler.text.readers import Refused, readers

LARGEST_FILE = 50 * 1024 * 1024

_WORD_PROCESSORS = frozenset({".doc", ".wps", ".rtf", ".odt", ".docm", ".dot", ".dotx", ".pages", ".uof", ".wpt"})
_PICTURES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".ofd", ".ceb", ".caj"})
_NOT_INPUT = frozenset({"thumbs.db", "desktop.ini"})


def readable() -> str:
    """Return the suffixes that can be read, as shown to users."""
    return "、".join(sorted(readers()))


def read(path: Path, relative: str) -> tuple[Source | None, tuple[Issue, ...]]:
    """Read one file. ``relative`` is the path shown in outputs; the source is ``None`` where nothing can be read."""
    suffix = path.suffix.lower()
    reader = readers().get(suffix)
    if reader is None:
        return None, (_placed(_unsupported(suffix or path.name), relative),)
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            fields = {"size": _megabytes(size), "limit": _megabytes(LARGEST_FILE)}
            return None, (_placed(Issue("I107", fields), relative),)
        data = path.read_bytes()
    except OSError as error:
        return None, (_unreadable(path, relative, error),)
    if not data.strip():
        return None, (_placed(Issue("I106"), relative),)
    decoded = reader(data, suffix)
    if isinstance(decoded, Refused):
        return None, (_placed(decoded.issue, relative),)
    if not decoded.text.strip():
        return None, (_placed(Issue("I106"), relative),)
    source = Source(relative, decoded.text, decoded.encoding, hashlib.sha256(data).hexdigest())
    return source, tuple(_placed(issue, relative) for issue in decoded.issues)


def _placed(issue: Issue, relative: str) -> Issue:
    return Issue(issue.code, issue.fields, issue.where, source=relative)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB"


def _unsupported(suffix: str) -> Issue:
    code = "I103" if suffix in _WORD_PROCESSORS else "I104" if suffix in _PICTURES else "I105"
    return Issue(code, {"suffix": suffix, "readable": readable()})


def _unreadable(path: Path, relative: str, error: OSError) -> Issue:
    if isinstance(error, FileNotFoundError):
        return Issue("I101", {"path": str(path)}, source=relative)
    if isinstance(error, PermissionError):
        return Issue("I113", {"path": str(path)}, source=relative)
    return Issue("I102", {"path": str(path), "reason": error.strerror or type(error).__name__}, source=relative)


def find_inputs(paths: Iterable[Path]) -> tuple[list[tuple[Path, str]], tuple[Issue, ...]]:
    """Return the files that ``paths`` name, each with the path to show, and what is wrong with the paths.

    Folders are walked; hidden files, Word's lock files and files of the system are passed over. Each file comes
    once, those of a folder in the order of their names. Where two files would show the same path, as many of
    their parent folders are added as tell them apart.
    """
    issues: list[Issue] = []
    found: list[tuple[Path, str]] = []
    seen: set[Path] = set()

    def add(path: Path, relative: str) -> None:
        resolved = path.resolve()
        if resolved not in seen:
            seen.add(resolved)
            found.append((path, relative))

    for path in paths:
        if path.is_dir():
            inside, trouble = _walk(path)
            issues.extend(trouble)
            for file in inside:
                add(file, file.relative_to(path).as_posix())
            if not inside and not trouble:
                issues.append(Issue("I111", {"path": str(path), "readable": readable()}, source=path.name))
        elif path.exists():
            add(path, path.name)
        else:
            issues.append(Issue("I101", {"path": str(path)}, source=path.name))
    return _told_apart(found), tuple(issues)


_COMPANIONS = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".et", ".json", ".jsonl", ".yaml", ".yml", ".md", ".log"})
"""Tables and notes that lie beside reports in a folder: passed over with a note, refused only where they are named."""


def _walk(folder: Path) -> tuple[list[Path], list[Issue]]:
    files: list[Path] = []
    issues: list[Issue] = []

    def failed(error: OSError) -> None:
        where = Path(error.filename or folder)
        issues.append(_unreadable(where, where.name, error))

    for root, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        files.extend(Path(root) / name for name in names if _is_input(name))
    beside = sorted(file.name for file in files if file.suffix.lower() in _COMPANIONS)
    if beside:
        fields = {"count": str(len(beside)), "shown": "、".join(beside[:3])}
        issues.append(Issue("I114", fields, source=folder.name))
        files = [file for file in files if file.suffix.lower() not in _COMPANIONS]
    return sorted(files, key=lambda file: file.relative_to(folder).as_posix()), issues


def _is_input(name: str) -> bool:
    return not name.startswith((".", "~$", "~")) and name.lower() not in _NOT_INPUT


def _told_apart(found: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    shown = [relative for _, relative in found]
    depth = 0
    while len(set(shown)) < len(shown) and depth < 64:
        depth += 1
        counts = Counter(shown)
        for index, (path, relative) in enumerate(found):
            if counts[shown[index]] > 1:
                parts = path.resolve().parts
                taken = len(Path(relative).parts) + depth
                shown[index] = "/".join(parts[-taken:]).replace("//", "/")
    return [(path, name) for (path, _), name in zip(found, shown, strict=True)]
