"""Readers of input files, one module a kind of file.

A reader is a module of this package with ``SUFFIXES``, the suffixes it takes (lower case, with the dot), and
``decode(data, suffix, limits) -> Decoded | Unreadable | Members``. A new kind of file is a new module here and no other
code; messages that list the formats are kept in golden files (README, “Where a new … goes”). Modules whose names begin
with ``_`` are shared by readers.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from compiler.model import Issue, SourceTable
from compiler.text.limits import Limits


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, how it was encoded, what was noticed on the way, where pages begin, tables of data."""

    text: str
    encoding: str
    issues: tuple[Issue, ...] = ()
    pages: tuple[int, ...] = ()
    tables: tuple[SourceTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file could not be read. ``beside``: in a folder it is passed over, as no report at all."""

    issue: Issue
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """What a file holds instead of a text: other files, or reports a row (a name and what it decodes to each)."""

    files: tuple[tuple[str, bytes], ...] = ()
    texts: tuple[tuple[str, Decoded], ...] = ()
    issues: tuple[Issue, ...] = ()


#: Ends the encoding of a source whose text, or part of it, was recognised from pictures.
RECOGNISED = "+ocr"

Reader = Callable[[bytes, str, Limits], Decoded | Unreadable | Members]


@cache
def readers() -> Mapping[str, Reader]:
    """Return the reader of each suffix."""
    found: dict[str, Reader] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")):
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

ZIP, OLE, PDF, RTF = "I121", "I122", "I123", "I124"


def signature(data: bytes) -> str:
    """Return the issue code of a file that is no text by its first bytes, empty where none is known."""
    return next((code for start, code in _SIGNATURES if data.startswith(start)), "")


def disguised(data: bytes, suffix: str) -> Unreadable:
    """Return the refusal of a file whose content is not what its suffix says, told by what it is where that shows."""
    found = signature(data)
    real = package_suffix(data) if found == ZIP else ""
    if real and real != suffix:
        return Unreadable(Issue("I171", {"suffix": suffix, "real": real}))
    return Unreadable(Issue(found or _of_text(data) or "I108", {"suffix": suffix}))


#: Parts that only one kind of package has, and the suffix of that kind.
_PARTS = (
    ("word/document.xml", ".docx"),
    ("xl/workbook.xml", ".xlsx"),
    ("ppt/presentation.xml", ".pptx"),
    ("OFD.xml", ".ofd"),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"


def package_suffix(data: bytes) -> str:
    """Return the suffix that a package of an office program ought to have, empty for other archives."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.read("mimetype").startswith(_OPEN_DOCUMENT):
                return ".odt"
    except Exception:  # zipfile raises many kinds on damaged archives
        return ""
    return next((suffix for part, suffix in _PARTS if part in names), "")


def _of_text(data: bytes) -> str:
    """Return the issue code of a page or a plain text under another suffix, empty where it is neither."""
    head = data[:_HEAD]
    if b"\0" in head or len(head.strip()) < _SHORTEST_TEXT:
        return ""
    if _WORD_XML.search(head):
        return "I172"
    if _PAGE.search(head):
        return "I161"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if sum(character.isprintable() or character.isspace() for character in text) >= _TEXT * len(text) > 0:
            return "I162"
    return ""


_HEAD, _SHORTEST_TEXT, _TEXT = 4096, 40, 0.98
"""So many bytes tell what a file is; fewer are no text, nor is one of which a smaller share can be printed."""
_WORD_XML = re.compile(rb"<(?:pkg:package|w:wordDocument|\?mso-application)\b")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div)[\s>]", re.IGNORECASE)


def is_page(data: bytes) -> bool:
    """Tell whether a file is a whole web page by the way it begins."""
    return _WHOLE_PAGE.match(data[:_HEAD]) is not None


_WHOLE_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)


def megabytes(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1024 / 1024:.0f} MB"
