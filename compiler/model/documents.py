"""A file on its way from bytes to outlined sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from compiler.model.meanings import DocumentKind, Part
from compiler.model.pickled import pickled_by_slots


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of data within a source: its span, and the span of each cell, row by row.

    A merged cell stands in each place of the grid that it covers, so rows are equally long.
    """

    start: int
    end: int
    rows: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person says of report ``number`` of a file (0: of every one): its place (empty: no word), its year (0)."""

    number: int = 0
    place: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded input file. ``path`` is relative to the input folder given, with ``/``.

    ``pages`` are the offsets at which the pages begin, where the file has pages (PDF); ``tables`` are its tables
    of data, which are read by row and column and never as sentences. ``by_hand`` overrides what the text says of its
    place and year.
    """

    path: str
    text: str
    encoding: str
    sha256: str
    pages: tuple[int, ...] = ()
    tables: tuple[SourceTable, ...] = ()
    by_hand: tuple[ByHand, ...] = ()

    def said_of(self, number: int) -> ByHand:
        """Return what a person says of report ``number``: what is said of it alone before what is said of all."""
        told = sorted((one for one in self.by_hand if one.number in (0, number)), key=lambda one: -one.number)
        return ByHand(
            number,
            next((one.place for one in told if one.place), ""),
            next((one.year for one in told if one.year), 0),
        )


@dataclass(frozen=True, slots=True)
class Normalised:
    """Text made plain, one paragraph a line, with the source offset of each of its characters.

    ``offsets[i]`` is the source offset of ``text[i]``; it has ``len(text) + 1`` entries.
    """

    text: str
    offsets: Sequence[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open source span of the normalised span ``[start:end]`` (``start < end``)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class ReportText:
    """One report within a normalised text: its number in the file, from 1, and its normalised span."""

    number: int
    start: int
    end: int


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is and of which year.

    ``place`` is the full name (锦州市, 锦州市古塔区, 辽宁省, 全国); ``place_level`` is 国家, 省级, 地级 or
    县级, empty where unknown; ``report_year`` is the year that the report plans for, 0 where unknown.
    ``children`` are the names, with and without suffix, of the places directly below it. ``sure`` is how much of
    all that names place and year speaks for these two, in percent; 0 where one of them is unknown. ``also`` are other
    names of the place that the titles use: a new area's that is a district as well (青岛西海岸新区).
    """

    place: str
    place_code: str
    place_level: str
    report_year: int
    title: str = ""
    meeting: str = ""
    date: str = ""
    speaker: str = ""
    children: tuple[str, ...] = ()
    sure: int = 0
    also: tuple[str, ...] = ()
    document: DocumentKind = DocumentKind.REPORT


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report: number from 1, normalised span, headings above it, part it belongs to.

    ``certain`` is false where the part was guessed from the text alone, without a heading that says it.
    ``year`` is the year that its headings, or its own first words, speak of; where they open a span of years it is
    the last of them and ``from_year`` the first (过去五年的工作 in a report of 2017: 2012 to 2016). Both are ``None``
    where unknown and outside review and plan.
    """

    number: int
    start: int
    end: int
    headings: tuple[str, ...]
    part: Part
    is_heading: bool = False
    certain: bool = True
    from_year: int | None = None
    year: int | None = None


class Sentence(NamedTuple):
    """A sentence with its source span; ``text`` is the source there with white space dropped.

    (A named tuple, as all that a report has by the hundred: a frozen dataclass takes four times as long to make.)
    """

    number: int
    paragraph: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    part: Part
