"""Files of an earlier build that somebody has edited since: they keep their names, the new ones go beside them.

``build.json`` holds the SHA-256 of every file as it was written (``written``). A briefing that differs from that is
somebody's work. What goes beside it is ours again, and later builds replace it as long as nobody touches it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compiler.files import is_held_open
from compiler.model import Issue


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_record(path: Path) -> dict[str, Any]:
    """Return what the record of the last build holds; empty where there is none, or none that can be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def hashes_written(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-256 of each file as the last build wrote it, by its path below the outputs; empty in doubt."""
    written = record.get("written")
    return {str(path): str(value) for path, value in written.items()} if isinstance(written, dict) else {}


def put(
    new: Path, out: Path, relative: Path, written: Mapping[str, str], *, edited_stay: bool
) -> tuple[Path, Issue | None]:
    """Move the file ``new`` to ``out / relative``, or beside it where somebody edits it or has edited it.

    Returns where it went, with an issue where that is beside. ``edited_stay`` tells that what was edited since the
    last build keeps its name; else only a file that a program holds open does. Raises ``OSError``.
    """
    target = out / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    edited = edited_stay and _is_edited(target, relative, written, new)
    if not edited:
        try:
            if is_held_open(target):
                raise PermissionError
            new.replace(target)
            _drop_beside(out, relative, written)
            return relative, None
        except PermissionError:
            pass
    beside = _free_name(out, relative, written, new)
    new.replace(out / beside)
    fields = {"path": str(target), "beside": str(out / beside)}
    return beside, Issue("B115" if edited else "B110", fields)


def _is_edited(path: Path, relative: Path, written: Mapping[str, str], new: Path) -> bool:
    """Tell whether a file differs from what was written. One of unknown origin does unless it equals the new one."""
    if not path.is_file():
        return False
    found = digest(path)
    return found != written.get(relative.as_posix()) and found != digest(new)


_BESIDE = re.compile(r"（新(?:[2-9]|[1-9]\d)?）(?=\.[^.]*$)")


def name_behind(name: str) -> str:
    """Return the name of the file beside which one of the name may have gone: the name itself without our mark."""
    return _BESIDE.sub("", name)


def names_beside(relative: Path, most: int = 100) -> list[Path]:
    """Return the names that a new file may get beside ``relative``, in the order they are tried."""
    marks = ("（新）", *(f"（新{number}）" for number in range(2, most)))
    return [relative.with_name(f"{relative.stem}{mark}{relative.suffix}") for mark in marks]


def _free_name(out: Path, relative: Path, written: Mapping[str, str], new: Path) -> Path:
    """Return the first name beside ``relative`` that is free or whose file nobody has touched or holds open."""
    names = names_beside(relative)
    for name in names:
        if not is_held_open(out / name) and not _is_edited(out / name, name, written, new):
            return name
    return names[-1]


def _drop_beside(out: Path, relative: Path, written: Mapping[str, str]) -> None:
    """Remove our own untouched files beside one that has taken its proper name again."""
    for name in names_beside(relative, 3):
        path = out / name
        if path.is_file() and digest(path) == written.get(name.as_posix()) and not is_held_open(path):
            path.unlink()
