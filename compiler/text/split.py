"""Find the reports in a text: where each begins and ends, which are repeated, what stands before the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from compiler.model import Issue, Lexicon, Normalised, ReportText

_ENDED = re.compile(r"[。！？；：，…][”’）》]*$")

#: A report's header is this many lines at most: title, meeting, date, speaker, salutation.
_HEADER_LINES = 10
_TITLES_APART = 3
_LONG = 25
"""From this length on a line is body text, which hardly recurs by chance."""
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SAME = 0.6
"""A stretch of text repeats another where this share of its shingles is found there."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def opens_report(text: str, openings: Sequence[str]) -> bool:
    """Tell whether a paragraph opens a report: two of the words for it, the longest first, stand side by side."""
    head = text[:200]
    if sum(map(head.__contains__, openings)) < 2:
        return False  # as nearly every paragraph; of those that have two, one may stand within the other
    found = 0
    for word in openings:
        if word in head:
            head = head.replace(word, "\n", 1)
            found += 1
    return found >= 2


class _Words:
    """The lexicon's words that this stage looks for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.titles = lexicon.words("report.titles")
        self.meetings = lexicon.words("report.meetings")
        self.salutations = lexicon.words("report.salutations")
        self.openings = lexicon.words("report.openings")
        self.speakers = lexicon.words("report.speakers")
        self.headings = lexicon.words("part.review_headings") + lexicon.words("part.plan_headings")

    def is_title(self, text: str) -> bool:
        """Tell whether a line is a report's title or the end of one."""
        return len(text) <= 50 and not _ENDED.search(text) and any(word in text for word in self.titles)

    def is_meeting(self, text: str) -> bool:
        return len(text) <= 80 and "第" in text and any(word in text for word in self.meetings) and "。" not in text

    def is_speaker(self, text: str) -> bool:
        return len(text) <= 25 and not _ENDED.search(text) and any(word in text for word in self.speakers)

    def is_salutation(self, text: str) -> bool:
        return len(text) <= 30 and any(text.startswith(word) for word in self.salutations)

    def is_opening(self, text: str) -> bool:
        """Tell whether a paragraph opens a report: I report to the congress … for deliberation."""
        return opens_report(text, self.openings)


def split(normalised: Normalised, lexicon: Lexicon) -> tuple[tuple[ReportText, ...], tuple[Issue, ...]]:
    """Return the spans of the reports of a text, each once, and what was noticed."""
    words = _Words(lexicon)
    lines = _lines(normalised.text)
    if not lines:
        return (), (Issue("I302"),)
    starts = _starts(lines, words)
    if not starts:
        starts = [0]
    elif _is_body(lines[: starts[0]], words):
        starts.insert(0, 0)
    issues: list[Issue] = []
    before = sum(len(line.text) for line in lines[: starts[0]])
    stretches = []
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(lines)
        stretches.extend(_unrepeated(lines, start, end))
    kept: list[tuple[int, int]] = []
    repeats: list[int] = []
    shingles: list[frozenset[str]] = []
    for start, end in stretches:
        own = _shingles(lines[start:end]) if len(stretches) > 1 else frozenset()
        for index, known in enumerate(shingles):
            common = len(own & known)
            alike = common and common >= _SAME * min(len(own), len(known))
            if (
                alike
                and _same_figures(lines, (start, end), kept[index])
                and not _of_others(lines, start, kept[index][0], words)
            ):
                repeats[index] += 1
                if len(own) > len(known) * 1.05:  # the earlier copy was cut short
                    kept[index], shingles[index] = (start, end), own
                break
        else:
            kept.append((start, end))
            repeats.append(1)
            shingles.append(own)
    reports = []
    for number, ((start, end), count) in enumerate(zip(kept, repeats, strict=True), 1):
        reports.append(ReportText(number, lines[start].start, lines[end - 1].end))
        if count > 1:
            issues.append(Issue("I301", {"count": str(count)}, report=number))
    if before > 200:
        issues.append(Issue("I303", {"count": str(before)}))
    return tuple(reports), tuple(issues)


def _lines(text: str) -> list[_Line]:
    lines = []
    at = 0
    for raw in text.split("\n"):
        if raw:
            lines.append(_Line(at, at + len(raw), raw))
        at += len(raw) + 1
    return lines


def _starts(lines: Sequence[_Line], words: _Words) -> list[int]:
    """Return the line with which each report begins."""
    anchors = [index for index, line in enumerate(lines) if words.is_opening(line.text)]
    # A report without an opening still has a title over a meeting, and not the line of a table of contents.
    anchors += [
        index
        for index, line in enumerate(lines)
        if words.is_meeting(line.text) and any(words.is_title(above.text) for above in lines[max(0, index - 3) : index])
    ]
    starts: list[int] = []
    last = -_HEADER_LINES - 1
    for anchor in sorted(anchors):
        start = _header_start(lines, anchor, words)
        if anchor - last > _HEADER_LINES and (not starts or start > starts[-1]):
            starts.append(start)
            last = anchor
    return starts


def _header_start(lines: Sequence[_Line], anchor: int, words: _Words) -> int:
    """Return the first line of the header above an anchor: its title, else what is recognised there."""
    first = anchor
    for index in range(anchor - 1, max(-1, anchor - _HEADER_LINES - 1), -1):
        text = lines[index].text
        if words.is_title(text):
            first = index
            # A title may take two lines, the place's name first.
            if any(text == word for word in words.titles) and index and _is_name(lines[index - 1].text, words):
                first = index - 1
            return _page_title(lines, first, words)
        if words.is_salutation(text) or words.is_meeting(text) or words.is_speaker(text) or words.is_opening(text):
            first = index
        elif _ENDED.search(text) or len(text) > 60:
            break
    return first


def _page_title(lines: Sequence[_Line], first: int, words: _Words) -> int:
    """Return the line of a page's own title a little above that of the report: it may name the place alone.

    A line that ends in a number is of a table of contents.
    """
    above = range(max(0, first - _TITLES_APART), first)
    return next(
        (index for index in above if words.is_title(lines[index].text) and not lines[index].text[-1].isdigit()), first
    )


def _is_name(text: str, words: _Words) -> bool:
    return len(text) <= 20 and not _ENDED.search(text) and not words.is_title(text) and text[-1] in "省市区县州盟旗府"


def _is_body(lines: Sequence[_Line], words: _Words) -> bool:
    """Tell whether the text before the first opening is a report itself rather than a cover or a contents list."""
    body = [line for line in lines if len(line.text) > 60 and "。" in line.text]
    return len(body) >= 8 and any(
        len(line.text) <= 40 and any(word in line.text for word in words.headings) for line in lines
    )


def _unrepeated(lines: Sequence[_Line], start: int, end: int) -> list[tuple[int, int]]:
    """Part a stretch where its text begins over again without an opening that tells."""
    stretches: list[tuple[int, int]] = []
    while True:
        again = _recurrence(lines, start, end)
        if again is None:
            return [*stretches, (start, end)]
        stretches.append((start, again))
        start = again


def _recurrence(lines: Sequence[_Line], start: int, end: int) -> int | None:
    """Return the line at which a stretch begins to repeat what it said before, ``None`` where it does not."""
    first: dict[str, int] = {}
    for index in range(start, end):
        text = lines[index].text
        if len(text) < _LONG:
            continue
        original = first.setdefault(text, index)
        if original == index:
            continue
        rest = [line.text for line in lines[index : min(end, index + 40)] if len(line.text) >= _LONG]
        again = sum(first.get(text, index) < index for text in rest)
        if again < _SAME * len(rest) or len(rest) < 3:
            continue
        # The short lines above it (title, salutation, headings) belong to the repetition too.
        while index > start + 1 and original > start and lines[index - 1].text == lines[original - 1].text:
            index, original = index - 1, original - 1
        return index
    return None


def _same_figures(lines: Sequence[_Line], one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether no line of the shorter of two texts stands in the longer one with other figures.

    Two texts that are much alike and differ in figures are two versions: which one holds is not for us to say here.
    A figure that a scan has spoiled is no other figure: the line then differs in more than its digits.
    """
    first, second = ("".join(line.text for line in lines[start:end]) for start, end in (one, other))
    (start, end), longer = (one, second) if len(first) <= len(second) else (other, first)
    masked = _FIGURE.sub("#", longer)
    # The last line may have been cut off, with its figure.
    figures = [line.text for line in lines[start : end - 1] if len(line.text) >= _LONG and _FIGURE.search(line.text)]
    return not any(text not in longer and _FIGURE.sub("#", text) in masked for text in figures)


def _of_others(lines: Sequence[_Line], one: int, other: int, words: _Words) -> bool:
    """Tell whether two texts bear titles that name two places or years; one title may be short for the other."""
    titles = [
        next((line.text for line in lines[start : start + _HEADER_LINES] if words.is_title(line.text)), "")
        for start in (one, other)
    ]
    first, second = (_without(title, words.titles) for title in titles)
    return bool(first and second) and first not in second and second not in first


def _without(title: str, words: Sequence[str]) -> str:
    """Return what a title says beside that it is one: the place and the year."""
    word = max((word for word in words if word in title), key=len, default="")
    return title.replace(word, "").strip("（）《》—-") if word else ""


def _shingles(lines: Sequence[_Line]) -> frozenset[str]:
    """Return a sample of the eight-character strings of a text, the same ones wherever they stand."""
    text = "".join(line.text for line in lines)
    marks = re.finditer("[的和，。](?=(.{8}))", text)
    return frozenset(mark[1] for mark in marks)
