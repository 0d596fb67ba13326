"""Names that every file system takes or that can be shown, and whether an office program holds a file open."""

from __future__ import annotations

import os
import re
from pathlib import Path


def is_held_open(path: Path) -> bool:
    """Return whether Excel, Word, WPS or LibreOffice has ``path`` open.

    The marks are ``~$name`` (Word drops the first two characters of longer names), ``.~lock.name#`` and ``.~name``.
    """
    marks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#", f".~{path.name}")
    return path.is_file() and any((path.parent / mark).exists() for mark in marks)


OWN_MARK = "report-compiler"
"""Stands in the properties of every output (keywords, generator), so that none is read as a report, whatever its name
and folder. Office programs keep the keywords when they save, also as a PDF."""

LONGEST_NAME = 200
"""Bytes of a file name: file systems take 255, and a backup or a second copy adds to it."""

LONGEST_SUFFIX = 5
"""Characters behind the last point that are a suffix (.docx is the longest of ours)."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*#%&]')


def safe_file_name(name: str, ending: str = "", otherwise: str = "") -> str:
    """Return ``name`` and ``ending`` as Windows, Linux and a web address take them: what they refuse is dropped.

    A long name is shortened before its ending (without one given, before its suffix); ``otherwise`` stands in
    where nothing is left of it.
    """
    kept = _taken_everywhere(name)
    stem, dot, suffix = kept.rpartition(".")
    if not ending and dot and len(suffix) <= LONGEST_SUFFIX:
        kept, ending = stem, f".{suffix}"
    ending = _taken_everywhere(ending)
    while len((kept + ending).encode("utf-8", "replace")) > LONGEST_NAME:
        kept = kept[:-1]
    return (kept.strip(" .") or otherwise) + ending


def _taken_everywhere(name: str) -> str:
    printable = "".join(character for character in name if character.isprintable())
    return _FORBIDDEN.sub("", printable).strip(" ")


def numbered_file(name: str, number: int) -> str:
    """Return the name of a further file that would have the same one: 甲（2）.docx."""
    path = Path(name)
    return f"{path.stem}（{number}）{path.suffix}"


def visible(name: object) -> str:
    """Return a path or name as it can be shown and written: bytes that are no UTF-8 and control characters escaped.

    A line end or an escape sequence in a file's name would otherwise reach the terminal and the tables.
    """
    text = str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode("ascii") for c in text)


def private_folder() -> Path | None:
    """Return a folder for caches that only this user can write to, ``None`` where there is none.

    What is read back from a cache is trusted, so a folder that somebody else has laid there must not be.
    """
    import platformdirs

    folder = platformdirs.user_cache_path("report-compiler", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            status = folder.stat()
            if status.st_uid != os.getuid():
                return None
            if status.st_mode & 0o022:
                folder.chmod(0o700)
    except (OSError, RuntimeError):
        return None
    return folder
