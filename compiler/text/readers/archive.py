"""ZIP archives: each file inside is read as if it lay in a folder of that name."""

from __future__ import annotations

import io
import zipfile

from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import ZIP, Members, Unreadable, disguised, megabytes, signature

SUFFIXES = (".zip",)

_UTF8_NAMES = 0x800


def decode(data: bytes, suffix: str, limits: Limits) -> Members | Unreadable:
    """Return the files of an archive; one too large, too deep, locked or damaged is refused."""
    if signature(data) != ZIP:
        return disguised(data, suffix)
    if limits.nesting <= 0:
        return Unreadable(Issue("I116", {}))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > limits.files:
                return Unreadable(Issue("I117", {"count": str(len(entries)), "limit": str(limits.files)}))
            if sum(entry.file_size for entry in entries) > limits.unpacked:
                return Unreadable(Issue("I112", {"suffix": suffix, "limit": megabytes(limits.unpacked)}))
            if any(entry.flag_bits & 1 for entry in entries):
                return Unreadable(Issue("I118", {}))
            return Members(tuple((_name(entry), archive.read(entry)) for entry in entries))
    except Exception as error:  # zipfile raises many kinds on damaged archives
        return Unreadable(Issue("I110", {"suffix": suffix, "reason": type(error).__name__}))


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; what older programs packed on Chinese systems is in GB18030 without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").lstrip("/")
