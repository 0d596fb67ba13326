"""ZIP archives: each file inside is read as if it lay in a folder of that name."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Sequence

from compiler.files import visible
from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import (
    ZIP,
    Decoded,
    Members,
    Unreadable,
    disguised,
    megabytes,
    package_suffix,
    readers,
    signature,
)

SUFFIXES = (".zip",)

_UTF8_NAMES, _LOCKED = 0x800, 1


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Members | Unreadable:
    """Return the files of an archive; one too large or too deep is refused.

    Files inside that are locked, damaged or packed in a way unknown here are told; the others are read all the same.
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return disguised(data, suffix) if signature(data) != ZIP else _damaged(suffix, "BadZipFile")
    real = package_suffix(data)
    if real:
        return readers()[real](data, real, limits) if real in readers() else disguised(data, suffix)
    if limits.nesting <= 0:
        return Unreadable(Issue("I116", {}))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_link(entry)]
            if len(entries) > limits.files:
                return Unreadable(Issue("I117", {"count": str(len(entries)), "limit": str(limits.files)}))
            if sum(entry.file_size for entry in entries) > limits.unpacked:
                return Unreadable(Issue("I112", {"suffix": suffix, "limit": megabytes(limits.unpacked)}))
            return _members(archive, entries, suffix)
    except Exception as error:  # zipfile raises many kinds on damaged archives
        return _damaged(suffix, type(error).__name__)


def _damaged(suffix: str, reason: str) -> Unreadable:
    return Unreadable(Issue("I110", {"suffix": suffix, "reason": reason}))


def _members(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], suffix: str) -> Members | Unreadable:
    """Read what can be read; where that is nothing, the archive is refused for what kept its files from us."""
    files: list[tuple[str, bytes]] = []
    kept: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    for entry in entries:
        name = _name(entry)
        seen[name] += 1
        if seen[name] > 1:  # the same name twice: both are there, and each has to be named
            stem, dot, end = name.rpartition(".")
            name = f"{stem}（{seen[name]}）{dot}{end}"
        try:
            if entry.flag_bits & _LOCKED:
                kept.setdefault("I118", []).append(name)
            else:
                files.append((name, archive.read(entry)))
        except NotImplementedError:
            kept.setdefault("I173", []).append(name)
        except Exception:
            kept.setdefault("I110", []).append(name)
    if not files and kept:
        code = min(kept)
        fields = {"I110": {"suffix": suffix, "reason": "BadZipFile"}}
        return Unreadable(Issue(code, fields.get(code, {})))
    notes = [
        Issue("I174", {"count": str(len(names)), "shown": "、".join(map(visible, names[:3])), "reason": _KEPT[code]})
        for code, names in sorted(kept.items())
    ]
    return Members(tuple(files), issues=tuple(notes))


_KEPT = {"I118": "有密码", "I173": "压缩方式少见", "I110": "已损坏"}


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; what older programs packed on Chinese systems is in GB18030 or Big5 without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030", "big5hkscs", "gb18030"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not _NO_CHARACTER.search(name):
                break
    return name.replace("\\", "/").lstrip("/")


_NO_CHARACTER = re.compile("[\ue000-\uf8ff]")
