"""Which year a report plans for: what its lines, its headings, its text and the name of its file say, weighed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compiler.model import Issue, Lexicon, Part
from compiler.text.announcements import heading_part
from compiler.text.header import DATE, ENDED, YEAR, Header, number_of

_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")

_HEADING, _DATED, _DATE_ALONE, _UNSURE_MONTH, _TITLE_YEAR, _PLANS, _LOOKS_BACK, _FILE_YEAR_WEIGHT = (
    3.0,
    3.0,
    1.5,
    0.5,
    2.0,
    1.5,
    1.0,
    1.0,
)
"""How much each clue to the year weighs: a heading's year, the meeting's date, a date on a line of its own (which a
page may have put there), a date of other months, a title's year, paragraphs that plan or look back, a file's name."""

_SURE_YEAR = 5.0

_STRONG = 2.0
"""Clues of this weight that disagree with what was chosen are told."""

_FIRST_MONTHS, _LAST_MONTHS, _NEXT_YEAR = 5, 11, 10
"""Congresses meet in the first months; those of the last months plan the coming year, as does one in October."""


_HEAD = 60
"""A line that tells of a year names it within so many characters."""


@dataclass(frozen=True, slots=True)
class _Clue:
    year: int
    weight: float
    what: str


def report_year(
    lines: Sequence[str], header: Header, path: str, lexicon: Lexicon
) -> tuple[int, int, tuple[Issue, ...]]:
    """Return the year that a report plans for, how sure it is (percent), and what is to be told."""
    clues = list(_year_clues(lines, header, lexicon))
    named = [_Clue(int(match[1]), _FILE_YEAR_WEIGHT, path) for match in _FILE_YEAR.finditer(path)]
    clues += named
    if not clues:
        year = _year_spoken_of(lines)
        return (year, 40, ()) if year else (0, 0, (Issue("I402"),))
    weights: dict[int, float] = {}
    for clue in clues:
        weights[clue.year] = weights.get(clue.year, 0) + clue.weight
    year = max(weights, key=lambda candidate: (weights[candidate], candidate))
    sure = round(100 * min(1.0, weights[year] / _SURE_YEAR) * weights[year] / sum(weights.values()))
    strong = [clue for clue in clues if clue.weight >= _STRONG]
    if any(clue.year != year for clue in strong):
        said = "、".join(dict.fromkeys(f"{clue.what}→{clue.year}" for clue in strong))
        return year, sure, (Issue("I403", {"clues": said, "year": str(year)}),)
    if named and all(clue.year != year for clue in named):
        return year, sure, (Issue("I407", {"said": f"{named[-1].year}年", "place": f"{year}年"}),)
    return year, sure, ()


def _year_clues(lines: Sequence[str], header: Header, lexicon: Lexicon) -> Iterable[_Clue]:
    yield from _clues_of_header(header)
    yield from _clues_of_headings(lines, header, lexicon)
    yield from _clues_of_text(lines, lexicon)


def _clues_of_header(header: Header) -> Iterable[_Clue]:
    title_years = _years(header.title)
    if title_years:
        yield _Clue(title_years[-1], _TITLE_YEAR, header.title)
    year, month, day = header.date
    if month:
        usual = month <= _FIRST_MONTHS or month >= _LAST_MONTHS
        weight = (_DATED if header.dated else _DATE_ALONE) if usual else _UNSURE_MONTH
        shown = f"{year}年{month}月{day}日" if day else f"{year}年{month}月"
        yield _Clue(year + (month >= _NEXT_YEAR), weight, shown)


def _clues_of_headings(lines: Sequence[str], header: Header, lexicon: Lexicon) -> Iterable[_Clue]:
    for line in lines:
        if len(line) > 40 or line in header.titles or ENDED.search(line.rstrip("：")):
            continue
        years = _years(line)
        if years and not DATE.search(line):
            part = heading_part(line, lexicon)
            if part is not Part.OTHER:
                # 2016年计划执行情况与2017年计划草案: the year after the one looked back on is named as well.
                looks_back = part is Part.REVIEW and years[-1] - 1 not in years
                yield _Clue(years[-1] + looks_back, _HEADING, line)


def _clues_of_text(lines: Sequence[str], lexicon: Lexicon) -> Iterable[_Clue]:
    coming_targets = lexicon.words("part.plan_cues") + lexicon.words("part.target_cues")
    review_cues = lexicon.words("part.review_cues")
    for line in lines:
        head = line[:_HEAD]
        found = YEAR.search(head)
        if found is None or ENDED.search(line) is None:
            continue
        year = number_of(found[1])
        rest = head[found.end() + 1 : found.end() + 40]
        if any(word in rest for word in coming_targets) and f"到{found[1]}" not in head:
            yield _Clue(year, _PLANS, head[:20])
        elif found.start() <= 4 and any(word in head for word in review_cues):
            yield _Clue(year + 1, _LOOKS_BACK, head[:20])


def _years(text: str) -> list[int]:
    return [number_of(match[1]) for match in YEAR.finditer(text)]


def _year_spoken_of(lines: Sequence[str]) -> int:
    """Return the year planned for by the years that a text names most: the last year and the coming one."""
    counts = Counter(number_of(match[1]) for line in lines for match in YEAR.finditer(line))
    best = max(
        set(counts) | {year + 1 for year in counts},
        key=lambda year: (counts[year] + counts[year - 1] * 1.01, year),
        default=0,
    )
    return best if best and counts[best] + counts[best - 1] >= 2 else 0
