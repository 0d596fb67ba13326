"""Readers of input files, one module a kind of file.

A reader is a module of this package with ``SUFFIXES``, the suffixes it takes (lower case, with the dot), and
``decode(data, suffix) -> Decoded | Refused``. A new kind of file is a new module here; nothing else changes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from compiler.model import Issue


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, how it was encoded, and what was noticed on the way."""

    text: str
    encoding: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file could not be read."""

    issue: Issue


Reader = Callable[[bytes, str], Decoded | Refused]


@cache
def readers() -> Mapping[str, Reader]:
    """Return the reader of each suffix."""
    found: dict[str, Reader] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        content = importlib.import_module(f"{__name__}.{module}")
        for suffix in content.SUFFIXES:
            found[suffix] = content.decode
    return found


#: First bytes of files that are no text, with the issue that tells the user what they are.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "I121"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "I122"),
    (b"%PDF-", "I123"),
    (b"{\\rtf", "I124"),
    (b"\x89PNG", "I125"),
    (b"\xff\xd8\xff", "I125"),
    (b"GIF8", "I125"),
    (b"Rar!", "I126"),
    (b"7z\xbc\xaf", "I126"),
    (b"\x1f\x8b\x08", "I126"),
)

ZIP = "I121"


def signature(data: bytes) -> str:
    """Return the issue code of a file that is no text by its first bytes, empty where none is known."""
    return next((code for start, code in _SIGNATURES if data.startswith(start)), "")


def disguised(data: bytes, suffix: str) -> Refused:
    """Return the refusal of a file whose content is not what its suffix says."""
    return Refused(Issue(signature(data) or "I108", {"suffix": suffix}))
