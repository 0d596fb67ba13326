"""Tells whether an office program holds a file open, by the mark that it leaves beside it."""

from __future__ import annotations

from pathlib import Path


def is_held_open(path: Path) -> bool:
    """Return whether Excel, Word, WPS or LibreOffice has ``path`` open.

    The marks are ``~$name`` (Word drops the first two characters of longer names), ``.~lock.name#`` and ``.~name``.
    """
    marks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#", f".~{path.name}")
    return path.is_file() and any((path.parent / mark).exists() for mark in marks)
