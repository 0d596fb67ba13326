"""Plain text: UTF-8, UTF-16, UTF-32, GB18030 or Big5, with or without a byte order mark, or two of them in one file."""

from __future__ import annotations

import codecs
import re
from itertools import groupby

from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import Decoded, Unreadable, disguised, signature

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
_CONTROL_BYTES = bytes(byte for byte in range(0x20) if _CONTROL.match(chr(byte)))
_REPLACEMENT = "\ufffd"
#: Characters that hardly any Chinese text lacks, in both ways of writing; text decoded the wrong way has next to
#: none of them.
_EVERYDAY = re.compile("[的一是在和有了为為中大工作发發展年市建设設这這个個人民经經济濟，。、]")
#: A share of everyday characters that no text decoded the wrong way reaches.
_READS_WELL = 0.08
#: What a lost character weighs against everyday ones.
_LOST = 2
#: One encoding after another is told by lines of at least so many bytes beyond ASCII; fewer happen by accident.
_TELLING = 6

#: By so many everyday characters a line must read better in another encoding than that of the file; texts of the
#: mainland in Big5 are rare, and a line has a few of them by accident.
_BETTER = {"gb18030": 1, "big5hkscs": 4}

#: A stretch of so many characters in another encoding shows in a wide one: it reads as no text at all.
_STRETCH = 64
_STRANGE = re.compile("[\ue000-\uf8ff\uac00-\ud7a3\ufffd\ua000-\ua4ff]")
#: Such a stretch has at least this share of strange characters, and at most so many everyday ones, by accident.
_STRANGE_SHARE, _EVERYDAY_FEW = 0.1, 2

_NARROW = ("utf-8", "gb18030", "big5hkscs")
_NAMES = {"big5hkscs": "big5"}


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Unreadable:
    """Decode a text file; bytes that fit no encoding become U+FFFD with an issue."""
    if signature(data):
        return disguised(data, suffix)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            bare = data[len(mark) :]
            if encoding == "utf-8" and not _fits(bare, encoding):
                return _by_lines(bare, suffix)
            return _finish(bare, encoding, suffix)
    wide = _wide_encoding(data)
    if wide:
        return _finish(data, wide, suffix, guessed=True)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_lines(data, suffix)
    return _checked(text, "utf-8", data, suffix)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _finish(data: bytes, encoding: str, suffix: str, *, guessed: bool = False) -> Decoded | Unreadable:
    notes = (Issue("I127", {"encoding": encoding.upper()}),) if guessed else ()
    return _checked(data.decode(encoding, errors="replace"), encoding, data, suffix, notes)


def _checked(text: str, encoding: str, data: bytes, suffix: str, notes: tuple[Issue, ...] = ()) -> Decoded | Unreadable:
    if encoding.startswith(("utf-16", "utf-32")) and _breaks(text):
        return Unreadable(Issue("I150", {"encoding": encoding.upper()}))
    # A stray control character is no harm; many of them mean that this never was text.
    if _controls(text, encoding, data) * 100 > len(text) or text.count(_REPLACEMENT) * 5 > len(text):
        return disguised(data, suffix)
    # One form of line end, as Python's own text files have it, so that offsets agree with what others read.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if encoding != "utf-8":  # which has no such thing
        # Half of a pair of UTF-16 (UTF-32 lets it through) is no character and can be written nowhere.
        text = re.sub("[\ud800-\udfff]", _REPLACEMENT, text)
    count = text.count(_REPLACEMENT)
    if not count or _REPLACEMENT.encode() in data:
        return Decoded(text, encoding, notes)
    line = text.count("\n", 0, text.index(_REPLACEMENT)) + 1
    fields = {"count": str(count), "encoding": encoding.upper(), "line": str(line)}
    return Decoded(text, encoding, (*notes, Issue("I109", fields)))


def _controls(text: str, encoding: str, data: bytes) -> int:
    """Return how many control characters a text has; in UTF-8 each is a byte, and bytes are counted in no time."""
    if encoding == "utf-8":
        return len(data) - len(data.translate(None, _CONTROL_BYTES))
    return len(_CONTROL.findall(text))


def _breaks(text: str) -> bool:
    """Tell whether a stretch of a text is in another encoding than the rest; in a wide one no line tells where."""
    for at in range(0, len(text), _STRETCH // 2):
        stretch = text[at : at + _STRETCH]
        if (
            len(_STRANGE.findall(stretch)) > _STRANGE_SHARE * len(stretch)
            and len(_EVERYDAY.findall(stretch)) <= _EVERYDAY_FEW
        ):
            return len(stretch) > _STRETCH // 2
    return False


def _score(data: bytes, encoding: str) -> int:
    text = data.decode(encoding, errors="replace")
    return len(_EVERYDAY.findall(text)) - _LOST * text.count(_REPLACEMENT)


def _by_lines(data: bytes, suffix: str) -> Decoded | Unreadable:
    """Decode bytes that are not UTF-8 throughout: as one encoding, or as two where stretches of lines tell so.

    A line end is one byte in all of these encodings and part of no character, so lines can be told apart first.
    """
    whole = max(_NARROW, key=lambda encoding: _score(data, encoding))
    # Files put together from two others change their encoding between lines; damage does not: the other encoding
    # must fit a line to the byte and read better.
    lines = [part for line in data.splitlines(keepends=True) for part in _parts(line)]
    chosen = [_encoding_of(line, whole) for line in lines]
    used = set(chosen)
    if len(used) == 1:
        return _finish(data, whole, suffix, guessed=True) if whole != "big5hkscs" else _big5(data, suffix)
    # A short line between two of the other encoding goes with them.
    for index, line in enumerate(lines):
        if not _tells(line) and index and chosen[index - 1] != chosen[index]:
            chosen[index] = chosen[index - 1]
    decoded, parts, at = [], [], 1
    for encoding, run in groupby(zip(chosen, lines, strict=True), key=lambda pair: pair[0]):
        block = [line for _, line in run]
        decoded.append(b"".join(block).decode(encoding, errors="replace"))
        parts.append(f"第{at}行起 {_NAMES.get(encoding, encoding).upper()}")
        at += sum(line.endswith((b"\n", b"\r")) for line in block)
    name = "+".join(dict.fromkeys(_NAMES.get(encoding, encoding) for encoding in chosen))
    shown = "，".join(parts[:4]) + ("……" if len(parts) > 4 else "")
    return _checked("".join(decoded), name, data, suffix, (Issue("I128", {"parts": shown}),))


def _parts(line: bytes) -> tuple[bytes, ...]:
    """Return a line in two parts where its encoding changes within it, as where two files were put together."""
    if line.isascii() or any(_fits(line, encoding) for encoding in _NARROW):
        return (line,)
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        first, last = line[: error.start], line[error.start :]
        if _tells(first) and _tells(last) and _fits(last, "gb18030"):
            return first, last
    for at in range(len(line)):
        if line[at] > 0x7F and _fits(line[at:], "utf-8"):
            return (line[:at], line[at:]) if _tells(line[:at]) and _fits(line[:at], "gb18030") else (line,)
    return (line,)


def _tells(part: bytes) -> bool:
    return sum(byte > 0x7F for byte in part) >= _TELLING


def _encoding_of(line: bytes, whole: str) -> str:
    """Return the encoding of a line of a file that is mostly in the encoding ``whole``."""
    if not _tells(line):
        return whole
    if _fits(line, "utf-8"):  # which text in another encoding hardly ever does by accident
        return "utf-8"
    best = whole
    for other in _NARROW[1:]:
        if other != whole and _fits(line, other) and _score(line, other) >= max(0, _score(line, best)) + _BETTER[other]:
            best = other
    return best


def _big5(data: bytes, suffix: str) -> Decoded | Unreadable:
    text = data.decode("big5hkscs", errors="replace")
    return _checked(text, "big5", data, suffix, (Issue("I127", {"encoding": "BIG5"}),))


def _wide_encoding(data: bytes) -> str:
    """Return the UTF-16 or UTF-32 form that bytes without a mark are evidently in, empty where they are not."""
    if len(data) < 4 or len(data) % 2:
        return ""
    if len(data) % 4 == 0:
        # Of four bytes one at least is nought and the value is below 0x110000: chance does not bring that about.
        for encoding in ("utf-32-le", "utf-32-be"):
            if _fits(data, encoding):
                return encoding
    sample = data[:20000]
    if b"\x00" not in sample and _fits(data, "utf-8"):
        return ""
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
    narrow = max(len(_EVERYDAY.findall(text)) / len(text) for text in (data.decode(e, "replace") for e in _NARROW))
    return encoding if share > _READS_WELL and share > narrow else ""
