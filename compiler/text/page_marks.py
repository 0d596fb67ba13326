"""Page numbers and running heads among the lines of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compiler.text.lines import HAN, NUMBERED, PAGE_NUMBER, Line, is_closed, without

_TITLE_LINES = 12

_WORD = 4
"""A running head is longer than a word of so many characters."""

_BROKEN_OFF = re.compile(r"[，。；、][^。！？…：；]*[^。！？…：；”’》）〕]$")

_BARE_NUMBER = re.compile(r"^\d{1,4}$")

_EDGE_NUMBER = re.compile(r"^\W*\d{1,4}(?!\d|年)\W*|\W*\d{1,4}\W*$")


def without_page_marks(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Drop page numbers and running heads; return what is left and the lines dropped."""
    dropped: set[int] = set()
    for index, line in enumerate(lines):
        if len(line.text) <= 16 and PAGE_NUMBER.match(line.text):
            dropped.add(index)
    bare = [(index, int(line.text)) for index, line in enumerate(lines) if _BARE_NUMBER.match(line.text)]
    if len(bare) >= 3:
        # Bare numbers are page numbers where they count up through the text, a few lines apart at least.
        rising = [
            (index, number)
            for position, (index, number) in enumerate(bare)
            if any(
                0 < abs(bare[other][1] - number) <= 2 and (bare[other][0] - index) * (bare[other][1] - number) > 2
                for other in (position - 1, position + 1)
                if 0 <= other < len(bare)
            )
        ]
        if len(rising) >= 3:
            dropped.update(index for index, _ in rising)
    dropped |= _running_heads(lines, dropped)
    if not dropped:
        return lines, []
    return without(lines, dropped), [lines[index].text for index in sorted(dropped)]


def _running_heads(lines: Sequence[Line], pages: set[int]) -> set[int]:
    """Return the lines that stand at the head or foot of pages, over and over."""
    places: dict[str, list[int]] = {}
    numbers: dict[str, set[str]] = {}
    for index, line in enumerate(lines):
        text = line.text
        if len(text) > 40 or index in pages or is_closed(text) or text[-1] in "：；，、" or NUMBERED.match(text):
            continue
        places.setdefault(text, []).append(index)
        key = _EDGE_NUMBER.sub("", text, count=1)
        if key != text and len(key) >= 4 and HAN.search(key):
            places.setdefault(key + "#", []).append(index)
            numbers.setdefault(key + "#", set()).add(text)
    dropped: set[int] = set()
    for key, indices in places.items():
        if len(indices) < 3 or (key in numbers and len(numbers[key]) < len(indices)):
            continue
        at_page = []
        for index in indices:
            before = lines[index - 1].text if index else "。"
            # A word of the text may stand on lines of its own (建议, 揭榜): links and marks parted them from it.
            broken = len(key) > _WORD and _BROKEN_OFF.search(before) is not None
            by_number = index - 1 in pages or index + 1 in pages
            if (broken and index + 1 < len(lines)) or by_number or key in numbers:
                at_page.append(index)
        if len(at_page) * 5 >= len(indices) * 3:
            # The first may be the title itself.
            first = indices[0]
            keeps_first = key not in numbers and (first not in at_page or first <= _TITLE_LINES)
            dropped.update(indices[1:] if keeps_first else indices)
    return dropped
