"""Plain text: UTF-8, UTF-16 or GB18030, with or without a byte order mark."""

from __future__ import annotations

import codecs
import re

from compiler.model import Issue
from compiler.text.readers import Decoded, Refused, disguised, signature

SUFFIXES = (".txt",)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # The mark of UTF-32-LE begins with that of UTF-16-LE, so it is tried first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_REPLACEMENT = "\ufffd"
#: Characters that hardly any Chinese text lacks; text decoded the wrong way has next to none of them.
_EVERYDAY = re.compile("[的一是在和有了为中大工作发展年市建设，。、]")


def decode(data: bytes, suffix: str) -> Decoded | Refused:
    """Decode a text file; bytes that fit no encoding become U+FFFD with an issue."""
    if signature(data):
        return disguised(data, suffix)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _finish(data[len(mark) :], encoding, suffix)
    wide = _wide_encoding(data)
    if wide:
        return _finish(data, wide, suffix)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _checked(text, encoding, data, suffix)
    return _finish(data, _least_bad(data), suffix)


def _finish(data: bytes, encoding: str, suffix: str) -> Decoded | Refused:
    return _checked(data.decode(encoding, errors="replace"), encoding, data, suffix)


def _checked(text: str, encoding: str, data: bytes, suffix: str) -> Decoded | Refused:
    # A stray control character is no harm; many of them mean that this never was text.
    if len(_CONTROL.findall(text)) * 100 > len(text) or text.count(_REPLACEMENT) * 5 > len(text):
        return disguised(data, suffix)
    # One form of line end, as Python's own text files have it, so that offsets agree with what others read.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    count = text.count(_REPLACEMENT)
    if not count or _REPLACEMENT.encode() in data:
        return Decoded(text, encoding)
    line = text.count("\n", 0, text.index(_REPLACEMENT)) + 1
    fields = {"count": str(count), "encoding": encoding.upper(), "line": str(line)}
    return Decoded(text, encoding, (Issue("I109", fields),))


def _wide_encoding(data: bytes) -> str:
    """Return the UTF-16 form that bytes without a mark are evidently in, empty where they are not."""
    if len(data) < 4 or len(data) % 2:
        return ""
    sample = data[:20000]
    if b"\x00" not in sample:
        try:
            sample.decode("utf-8", errors="strict" if len(sample) == len(data) else "ignore")
            if len(sample) == len(data):
                return ""
        except UnicodeDecodeError:
            pass
    candidates = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        candidates.append((len(_EVERYDAY.findall(text)) / len(text), encoding))
    if not candidates:
        return ""
    share, encoding = max(candidates)
    narrow = data.decode("gb18030", errors="replace")
    return encoding if share > 0.08 and share > len(_EVERYDAY.findall(narrow)) / len(narrow) else ""


def _least_bad(data: bytes) -> str:
    """Return the encoding in which damaged bytes lose least."""
    decoded = {encoding: data.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")}
    return max(
        decoded,
        key=lambda encoding: len(_EVERYDAY.findall(decoded[encoding])) - decoded[encoding].count(_REPLACEMENT),
    )
