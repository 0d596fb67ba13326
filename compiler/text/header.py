"""The lines above a report: its titles, the meeting, the date, who speaks, and how it opens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compiler.model import Lexicon
from compiler.numbers import parse_numeral
from compiler.text.places import all_divisions
from compiler.text.split import opens_report

_HEADER_LINES = 14

ENDED = re.compile(r"[。！？；：，…][”’）》]*$")

_DIGIT_OF = {numeral: str(value) for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}

YEAR = re.compile(r"((?:19|20)\d{2}|[一二][零〇九][零〇一二三四五六七八九]{2})(?=年)")
DATE = re.compile(
    r"((?:19|20)\d{2}|二[零〇][零〇一二三四五六七八九]{2})年(\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:(\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
)

_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,12}$")

_LEADING = re.compile(r"^[—―─\-·\s（(]+")

_CONGRESS = re.compile(r"[\u4e00-\u9fff]{2,15}(?=第[一二三四五六七八九十]{1,3}届)")

MEETING_ENDS = re.compile(r"第[一二三四五六七八九十\d]{1,3}[届次]|[一二三四五六七八九十]{1,3}届")


@dataclass(frozen=True, slots=True)
class Header:
    """The lines above a report's text by what they are; empty where not found.

    ``titles`` are all the titles, that of the page and the report's own; ``told`` is the congress that a sentence above
    the report tells of; ``dated``: the date stands by the meeting.
    """

    title: str = ""
    titles: tuple[str, ...] = ()
    meeting: str = ""
    opening: str = ""
    office: str = ""
    told: str = ""
    speaker: str = ""
    date: tuple[int, int, int] = (0, 0, 0)
    dated: bool = False


def read_header(lines: Sequence[str], lexicon: Lexicon) -> Header:
    openings, offices = lexicon.words("report.openings"), lexicon.words("report.speakers")
    meetings, words = lexicon.words("report.meetings"), lexicon.words("report.titles")
    titles: list[str] = []
    meeting = opening = office = told = speaker = ""
    date, dated = (0, 0, 0), False
    for index, line in enumerate(lines[:_HEADER_LINES]):
        if opens_report(line, openings):
            opening = line[:200]
            break
        if len(line) > 90 or "。" in line:
            congress = _CONGRESS.search(line[:200])
            told = told or (congress[0] if congress else "")
            continue
        bare = _LEADING.sub("", line)
        is_meeting = any(word in line for word in meetings) and MEETING_ENDS.search(line) is not None
        if len(line) <= 50 and not is_meeting and not ENDED.search(line) and any(word in line for word in words):
            titles.append(_title(bare, lines[index - 1] if index else "", words))
            continue
        if not meeting and is_meeting:
            meeting = bare
        if (date == (0, 0, 0) or (is_meeting and not dated)) and (found := DATE.search(line)):
            date, dated = (number_of(found[1]), number_of(found[2]), number_of(found[3] or "")), is_meeting
        if not speaker and len(line) <= 40 and not ENDED.search(line):
            office, speaker = _speaker(line, offices)
    # The report's own title is the one that names a place, the last where several do.
    named = [title for title in titles if not any(title == word for word in words)]
    title = named[-1] if named else titles[-1] if titles else ""
    return Header(title, tuple(titles), meeting, opening, office, told, speaker, date, dated)


def _title(line: str, above: str, words: Sequence[str]) -> str:
    """Return a title, with the name of the place where that stands on the line above."""
    title = line.rstrip("）") if line.count("（") < line.count("）") else line
    named_above = above and len(above) <= 20 and not any(word in above for word in words)
    if any(title == word for word in words) and named_above and all_divisions().find(above):
        return above + title
    return title


def _speaker(line: str, offices: Iterable[str]) -> tuple[str, str]:
    """Return what stands before an office and the name after it (锦州市市长王某), empty where there is no such."""
    for office in offices:
        at = line.find(office)
        if at >= 0:
            name = line[at + len(office) :].strip("：·（） ")
            if _PERSON.fullmatch(name) and (len(name) <= 4 or "·" in name):
                return line[:at], name
    return "", ""


def meeting_name(line: str) -> str:
    """Return the meeting of a meeting line, without date and 在…上."""
    found = re.search(r"在(.+?)上?[）)]?$", line)
    return found[1] if found else line


def number_of(numeral: str) -> int:
    """Return the value of a year, month or day in digits or Chinese numerals; 0 where there is none."""
    if not numeral or numeral.isdigit():
        return int(numeral or 0)
    if len(numeral) == 4:
        return int("".join(_DIGIT_OF[character] for character in numeral))
    return parse_numeral(numeral) or 0
