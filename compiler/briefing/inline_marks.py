"""Marks within a text: citations, references to tables and charts, what stands out. And the typesetting of quotations.

A mark is made of private characters, so that the expressions of a template can hand it on like any other text. A
citation becomes ``[n]``, a reference the label of a table or chart (表1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from compiler.strings import without_control

CITE, REFER, STRONG, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS: Final = re.compile("([\ue000\ue001\ue002])([^\ue003]*)\ue003")
_PRIVATE: Final = re.compile("[\ue000-\ue003]")


def cite(key: str) -> str:
    """Return the mark of a citation of the sentence ``key``."""
    return f"{CITE}{key}{_END}"


def refer(bookmark: str) -> str:
    """Return the mark of a reference to the table or chart ``bookmark``."""
    return f"{REFER}{bookmark}{_END}"


def strong(text: str) -> str:
    """Return ``text`` marked to stand out."""
    return f"{STRONG}{text}{_END}" if text else ""


def without_marks(text: str) -> str:
    """Return ``text`` without marks, as for a document property or a file name."""
    return _MARKS.sub(lambda match: match[2] if match[1] == STRONG else "", text)


def for_document(text: str) -> str:
    """Return a text from outside without what no document can hold and the characters that marks are made of."""
    return text if text.isprintable() else without_control(_PRIVATE.sub("", text))


def is_marked(text: str) -> bool:
    """Tell whether a text may hold marks: most cells of a table hold none."""
    return _END in text


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a text: the mark (empty for plain text) and what it holds."""
    position = 0
    for match in _MARKS.finditer(text):
        if match.start() > position:
            yield "", text[position : match.start()]
        yield match[1], match[2]
        position = match.end()
    if position < len(text):
        yield "", text[position:]


_WIDE: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_CHINESE: Final = "[\u3400-\u9fff\u3001-\u3011“”‘’《》，；：。？！（）％]"
_HALF: Final = re.compile(f"(?<={_CHINESE})[,;:?!]|[,;:?!](?={_CHINESE})")
_FOOTNOTE: Final = re.compile(r"\[\d{1,3}\]")
_BRACKETS: Final = re.compile(f"[(（]([^()（）]*{_CHINESE}[^()（）]*)[)）]|(?<={_CHINESE})[(（]([^()（）]*)[)）]")


def _curly(text: str) -> str:
    """Return a text with each straight quotation mark curly: a closing one where one is open."""
    inside, found = False, []
    for character in text:
        if character == '"':
            character = "”" if inside else "“"
        inside = character == "“" or (inside and character != "”")
        found.append(character)
    return "".join(found)


def typeset(text: str) -> str:
    """Return a quotation with the half-width punctuation beside Chinese characters shown full-width.

    Straight quotation marks, of which a curly one may be the other half (“1820"策源), are shown curly.
    The numbers of the report's own footnotes are dropped: beside our notes they would lead to a wrong sentence.
    """
    text = _FOOTNOTE.sub("", text) if "[" in text else text
    if '"' in text:
        text = _curly(text)
    if "(" in text or ")" in text:
        text = _BRACKETS.sub(lambda match: f"（{match[1] or match[2]}）", text)
    # Hardly any text holds one; to look at what stands beside each of its characters takes ten times as long.
    if "," in text or ";" in text or ":" in text or "?" in text or "!" in text:
        return _HALF.sub(lambda match: _WIDE[match[0]], text)
    return text
