"""The outline of a report: headings of all kinds, and which part of the report each paragraph belongs to.

Headings say what lies under them: the review, the plan, the review of a whole term, the plan for the next one.
Where they do not, the text's own cues decide and the paragraphs are marked as uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from compiler.model import Identity, Issue, Lexicon, Normalised, Paragraph, Part, ReportText
from compiler.text.identify import heading_part
from compiler.text.periods import TERM, Periods, Span

_ENDED = re.compile(r"[。！？；：，…、][”’）》]*$")
_FIRST_SENTENCE = re.compile(r"^[^。！？：；]{2,60}?[。！：]")
_YEARS = re.compile(r"((?:19|20)\d{2})(?=年|[-—～至到])")
_DATED = re.compile(r"(?:19|20)\d{2}(?:[-—～至到](?:19|20)?\d{2,4})?年?")
_PERIOD = re.compile(r"“?(十|十一|十二|十三|十四|十五|九)五”?(?=[时期规计末以初收开])")
_PERIOD_ENDS = {"九": 2000, "十": 2005, "十一": 2010, "十二": 2015, "十三": 2020, "十四": 2025, "十五": 2030}
_NUMERAL = "一二三四五六七八九十"
_BULLET = re.compile(r"^[■□●○◆◇★☆▲△※▪•·]+")
_SPAN_WORDS = 12
"""The longest words for a span of years."""
_HEADER_LINES = 14
_CLOSING_LINES = 3

#: The kinds of numbered headings from the highest down, each with the level it stands for.
_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"第([一二三四五六七八九十]{1,3})(?:部分|章|篇|节)[、：:]?")),
    (2, re.compile(r"([一二三四五六七八九十]{1,3})[、.．]")),
    (3, re.compile(r"（([一二三四五六七八九十]{1,3})）[、.]?")),
    (4, re.compile(r"(\d{1,2})(?:、|\.(?!\d)|．)")),
    (5, re.compile(r"（(\d{1,2})）[、.]?")),
    (6, re.compile(r"([①-⑳])")),
)
_PART_LEVEL, _TOP_LEVEL, _PLAIN_LEVEL = 0, 2, 7
"""Levels of an unnumbered heading that names a part, of 一、, and of any other unnumbered heading."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading: its level, its number at that level (0 without one), its text, and whether it is all of its line."""

    level: int
    number: int
    text: str
    alone: bool


@dataclass(slots=True)
class _Line:
    """A line of the report on its way to a paragraph."""

    start: int
    end: int
    text: str
    heading: _Heading | None = None
    path: tuple[str, ...] = ()
    part: Part = Part.OTHER
    certain: bool = False
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class _Announcement:
    """What a heading says about its text. ``mixed``: it speaks of a span of years and of one year as well."""

    part: Part
    strong: bool
    mixed: bool = False


@dataclass(slots=True)
class _Open:
    """A heading that is open at some point of the report, with the part under it."""

    heading: _Heading
    part: Part | None
    certain: bool
    mixed: bool


class _Cues:
    """The lexicon's words and the report's years, as this stage asks for them."""

    def __init__(self, lexicon: Lexicon, identity: Identity) -> None:
        self.lexicon = lexicon
        self.year = identity.report_year
        month = int(identity.date[5:7]) if len(identity.date) >= 7 else 0
        coming = lexicon.words("part.coming_year")
        # At a congress late in the year 今年 is the year reviewed.
        late = month >= 10
        self.coming = tuple(word for word in coming if not (late and word == self._this_year(coming)))
        if self.year:
            self.coming += (f"{self.year}年",)
        self.last = lexicon.words("part.last_year_cues") + ((f"{self.year - 1}年",) if self.year else ())
        self.periods = Periods(lexicon, identity.report_year)
        self.plan_words = lexicon.words("part.plan_words")
        self.targets = lexicon.words("part.target_cues")

    @staticmethod
    def _this_year(coming: Sequence[str]) -> str:
        return min(coming, key=len) if coming else ""

    def any_in(self, name: str, text: str) -> bool:
        return any(word in text for word in self.lexicon.words(name))

    def starts(self, words: Sequence[str], text: str, within: int = 6) -> str:
        """Return the word with which a text begins, give or take a few characters, empty where none."""
        for word in words:
            at = text.find(word, 0, within + len(word))
            if at >= 0:
                return word
        return ""

    @staticmethod
    def first(words: Sequence[str], text: str) -> int:
        """Return where the first of the words begins, the text's length where none does."""
        return min((at for word in words if (at := text.find(word)) >= 0), default=len(text))

    def opens_back(self, text: str, within: int = 6) -> bool:
        """Tell whether a text begins with words for several past years."""
        span = self.periods.back(text[: within + _SPAN_WORDS])
        return span is not None and span.start <= within

    def opens_ahead(self, text: str, within: int = 6) -> bool:
        """Tell whether a text begins with words for several years to come."""
        span = self.periods.ahead(text[: within + _SPAN_WORDS])
        return span is not None and span.start <= within

    def plan_start(self, text: str) -> str:
        """Return the cue by which a paragraph opens the plan, empty where it does not."""
        head = text[:160]
        for word in self.coming:
            at = head.find(word)
            if at < 0:
                continue
            rest = head[at + len(word) :]
            if at <= 8 and (rest.startswith(("是", "，是", "我们")) or word != f"{self.year}年") and len(word) > 2:
                return head[at : at + 12]
            if at <= 8 and rest.startswith(("是", "，是")):
                return head[at : at + 12]
            if at <= 40 and any(cue in rest[:30] for cue in self.plan_words):
                return head[at : at + 12]
        return ""


def outline(
    normalised: Normalised, report: ReportText, identity: Identity, lexicon: Lexicon
) -> tuple[tuple[Paragraph, ...], tuple[Issue, ...]]:
    """Return the paragraphs of a report, headings among them, and what is unsure about their parts."""
    lines = _lines(normalised.text, report)
    cues = _Cues(lexicon, identity)
    body = _body_start(lines, lexicon)
    _find_headings(lines, body, cues)
    announced = _assign(lines, body, cues)
    issues = _guess(lines, body, cues, announced)
    _spans(lines, body, cues)
    issues.extend(_disagreements(normalised, lines, body, cues))
    _set_closing_apart(lines, lexicon)
    paragraphs = tuple(
        Paragraph(
            number=number,
            start=line.start,
            end=line.end,
            headings=line.path,
            part=line.part,
            is_heading=line.heading is not None and line.heading.alone,
            certain=line.certain,
            from_year=years[0],
            year=years[1],
        )
        for number, (line, years) in enumerate(((line, _years_of(line, cues)) for line in lines), 1)
    )
    return paragraphs, tuple(issues)


def _set_closing_apart(lines: Sequence[_Line], lexicon: Lexicon) -> None:
    """Take the closing appeal (各位代表！……而努力奋斗！) out of the section that happens to stand above it."""
    salutations, closings = lexicon.words("report.salutations"), lexicon.words("report.closings")
    for line in lines[-_CLOSING_LINES:]:
        if line.text.startswith(salutations) and any(word in line.text for word in closings):
            line.path = ()


def _lines(text: str, report: ReportText) -> list[_Line]:
    lines = []
    at = report.start
    for raw in text[report.start : report.end].split("\n"):
        if raw:
            lines.append(_Line(at, at + len(raw), raw))
        at += len(raw) + 1
    return lines


def _body_start(lines: Sequence[_Line], lexicon: Lexicon) -> int:
    """Return the first line after title, meeting, salutation and opening."""
    openings = lexicon.words("report.openings")
    for index, line in enumerate(lines[:_HEADER_LINES]):
        if sum(word in line.text[:200] for word in openings) >= 2:
            return index + 1
    header = ("report.titles", "report.meetings", "report.speakers", "report.salutations")
    start = 0
    for index, line in enumerate(lines[:_HEADER_LINES]):
        text = line.text
        marked = any(word in text for name in header for word in lexicon.words(name))
        if marked and len(text) <= 60 and "。" not in text and heading_part(text, lexicon) is Part.OTHER:
            start = index + 1
    return start


# --- headings ----------------------------------------------------------------------------------


def _number(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral) if numeral.isascii() else 0
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    tens, mark, units = numeral.rpartition("十")
    if not mark:
        return _NUMERAL.index(numeral[-1]) + 1
    return (_NUMERAL.index(tens) + 1 if tens else 1) * 10 + (_NUMERAL.index(units) + 1 if units else 0)


def _numbered(text: str, lexicon: Lexicon) -> _Heading | None:
    """Return the numbered heading that a line is or begins with."""
    for level, mark in _MARKS:
        found = mark.match(text)
        if found is None:
            continue
        number, rest = _number(found[1]), text[found.end() :]
        if not rest:
            return None
        if not re.search("[。；！？]", rest[:-1]) and len(text) <= 60:
            closed = _ENDED.search(rest)
            stops = "：。" if level <= _TOP_LEVEL + 1 else "："
            if closed is None or (closed[0][0] in stops and len(text) <= 35 and not _has_figure(rest)):
                return _Heading(level, number, text.rstrip("：。"), alone=True)
        sentence = _FIRST_SENTENCE.match(rest)
        if sentence is not None and len(sentence[0]) <= 46 and len(sentence[0]) < len(rest):
            if not _has_figure(sentence[0]):
                return _Heading(level, number, text[: found.end() + len(sentence[0]) - 1], alone=False)
        elif level <= _TOP_LEVEL:
            # A text that lost its line ends: the heading runs to the word that makes it one.
            for words in (lexicon.words("part.review_headings"), lexicon.words("part.plan_headings")):
                for word in words:
                    at = rest.find(word, 0, 30)
                    if at >= 0 and "，" not in rest[:at]:
                        return _Heading(level, number, text[: found.end() + at + len(word)], alone=False)
        return None
    return None


def _has_figure(text: str) -> bool:
    """Tell whether a text holds a number other than a year."""
    return re.search(r"\d", _DATED.sub("", text)) is not None


def _may_be_plain(text: str) -> bool:
    """Tell whether a line can be an unnumbered heading."""
    return (
        2 <= len(text) <= 32
        and not _ENDED.search(text)
        and not re.search("[。；！？]", text)
        and not _has_figure(text)
        and text[0] not in "（(—―"
    )


def _find_headings(lines: Sequence[_Line], body: int, cues: _Cues) -> None:
    lexicon = cues.lexicon
    plain: list[int] = []
    for index in range(body, len(lines)):
        text = _BULLET.sub("", lines[index].text)
        lines[index].heading = _numbered(text, lexicon)
        if lines[index].heading is None and _may_be_plain(text):
            plain.append(index)
    tops = [line.heading for line in lines if line.heading is not None and line.heading.level <= _TOP_LEVEL]
    tops_announce = any(_announce(heading.text, cues) is not None for heading in tops)
    candidates = set(plain)
    for index in plain:
        if index + 1 >= len(lines):
            continue
        crowd = sum(other in candidates for other in range(index - 2, index + 3))
        announcement = _announce(lines[index].text, cues)
        if crowd >= 4 or (crowd == 3 and announcement is None):
            continue  # cells of a table, names in a list
        text = _BULLET.sub("", lines[index].text)
        level = _PART_LEVEL if announcement is not None and not tops_announce else _PLAIN_LEVEL
        lines[index].heading = _Heading(level, 0, text, alone=True)


# --- parts by heading --------------------------------------------------------------------------


def _announce(text: str, cues: _Cues) -> _Announcement | None:
    """Return what a heading announces, ``None`` where it announces nothing."""
    lexicon, year = cues.lexicon, cues.year
    if cues.any_in("part.other_headings", text) and len(text) <= 16:
        return _Announcement(Part.OTHER, strong=True)
    part = heading_part(text, lexicon)
    years = [int(found[1]) for found in _YEARS.finditer(text)]
    period = _PERIOD.search(text)
    period_end = _PERIOD_ENDS[period[1]] if period else 0
    spans_back = cues.periods.back(text) is not None or (cues.any_in("part.span_review_headings", text) and not period)
    spans_ahead = cues.periods.ahead(text) is not None or (cues.any_in("part.span_plan_headings", text) and not period)
    last = (year - 1 in years) or any(word in text for word in lexicon.words("part.last_year_cues"))
    coming = any(word in text for word in cues.coming)
    if year and len(years) >= 2 and years[-1] - years[0] >= 2:
        spans_back, spans_ahead = spans_back or years[-1] < year, spans_ahead or years[-1] > year
    if spans_back or spans_ahead or period_end:
        past = part is Part.REVIEW or (
            part is Part.OTHER and (spans_back or (bool(period_end) and period_end < (year or 9999)))
        )
        if past and (spans_back or period_end):
            # 2020年和“十三五”时期工作回顾 begins with the year, “十三五”时期和2020年工作回顾 with the span.
            year_first = last and cues.first(cues.last, text) < min(
                _start(cues.periods.back(text), text),
                cues.first(lexicon.words("part.span_review_headings"), text),
                period.start() if period else len(text),
            )
            return _Announcement(Part.REVIEW if year_first else Part.REVIEW_SPAN, strong=True, mixed=last)
        if past:
            return _Announcement(Part.REVIEW, strong=True)
        if coming:
            return _Announcement(Part.PLAN, strong=True, mixed=True)
        return _Announcement(Part.PLAN_SPAN, strong=True)
    if part is Part.PLAN and year and years and max(years) < year:
        part = Part.REVIEW
    if part is not Part.OTHER:
        return _Announcement(part, strong=bool(years) or coming or last)
    if year and years:
        if years[-1] == year - 1:
            return _Announcement(Part.REVIEW, strong=False)
        if years[-1] == year:
            return _Announcement(Part.PLAN, strong=False)
    return _Announcement(Part.PLAN, strong=False) if coming else None


def _start(span: Span | None, text: str) -> int:
    return len(text) if span is None else span.start


def _years_of(line: _Line, cues: _Cues) -> tuple[int | None, int | None]:
    """Return the first year, where there are several, and the last one that a line speaks of."""
    year = cues.year
    if not year or line.part is Part.OTHER:
        return None, None
    if line.part is Part.REVIEW:
        return None, year - 1
    if line.part is Part.PLAN:
        return None, year
    periods = cues.periods
    ahead = line.part is Part.PLAN_SPAN
    for text in (line.text[:_SPAN_WORDS], *reversed(line.path)):
        span = (periods.ahead(text) if ahead else periods.back(text)) or periods.explicit(text) or periods.plan(text)
        if span is not None and (span.last >= year if ahead else span.first < year - 1):
            return span.first, span.last if ahead else min(span.last, year - 1)
    return (year, year + TERM - 1) if ahead else (year - TERM, year - 1)


def _assign(lines: Sequence[_Line], body: int, cues: _Cues) -> bool:
    """Give every line its headings and the part they announce; tell whether any heading announced the plan."""
    tops_announce = any(
        line.heading is not None and line.heading.level <= _TOP_LEVEL and _announce(line.heading.text, cues) is not None
        for line in lines
    )
    stack: list[_Open] = []
    current = _Open(_Heading(_PART_LEVEL, 0, "", alone=True), None, certain=False, mixed=False)
    announced_plan = False
    for line in lines[body:]:
        heading = line.heading
        if heading is not None:
            _close(stack, heading)
            above = tuple(entry.heading.text for entry in stack)
            announcement = _announce(heading.text, cues)
            top = heading.level <= _TOP_LEVEL or not tops_announce
            if announcement is not None and (top or announcement.strong):
                opened = _Open(heading, announcement.part, certain=True, mixed=announcement.mixed)
                announced_plan |= announcement.part in (Part.PLAN, Part.PLAN_SPAN)
                if heading.level <= _TOP_LEVEL or not stack:
                    current = opened
            else:
                parent = stack[-1] if stack and stack[-1].part is not None else current
                opened = _Open(heading, parent.part, parent.certain, parent.mixed)
                if not heading.alone and parent.part is None:
                    opened.part = None
            stack.append(opened)
            line.path = above if heading.alone else (*above, heading.text)
        else:
            line.path = tuple(entry.heading.text for entry in stack)
        governing = stack[-1] if stack else current
        if governing.part is not None:
            line.part, line.certain, line.mixed = governing.part, governing.certain, governing.mixed
    return announced_plan


def _close(stack: list[_Open], heading: _Heading) -> None:
    """Close the headings that a new one ends.

    A numbering that begins anew right under an unnumbered heading nests there; its later numbers stay there too.
    """
    level = heading.level
    if level == _PART_LEVEL:
        stack.clear()
        return
    if level == _PLAIN_LEVEL:
        sibling = next((index for index, entry in enumerate(stack) if entry.heading.level == _PLAIN_LEVEL), len(stack))
        del stack[sibling:]
        return
    same = [index for index, entry in enumerate(stack) if entry.heading.level == level]
    plain_on_top = bool(stack) and stack[-1].heading.level == _PLAIN_LEVEL
    if heading.number == 1 and plain_on_top:
        deeper = [index for index, entry in enumerate(stack[:-1]) if level < entry.heading.level < _PLAIN_LEVEL]
        if not deeper and (not same or level > _TOP_LEVEL):
            return
    if same:
        del stack[same[-1] :]
        return
    while stack and level < stack[-1].heading.level:
        stack.pop()


# --- parts by the text itself ------------------------------------------------------------------


def _guess(lines: Sequence[_Line], body: int, cues: _Cues, announced_plan: bool) -> list[Issue]:
    """Fill in the parts that no heading announced."""
    issues: list[Issue] = []
    silent = [line for line in lines[body:] if not line.certain]
    if announced_plan:
        first = next(
            (i for i, line in enumerate(lines) if line.certain and line.part in (Part.PLAN, Part.PLAN_SPAN)), len(lines)
        )
        for line in lines[body:first]:
            if not line.certain:
                line.part = Part.REVIEW
        return issues
    reviewed = [index for index, line in enumerate(lines) if line.certain and line.part is not Part.OTHER]
    start = 0
    cue = ""
    for index in range(body, len(lines)):
        line = lines[index]
        if line.heading is not None and line.heading.alone:
            continue
        found = cues.plan_start(line.text)
        if found and not (line.certain and line.part is Part.OTHER):
            start, cue = index, found
            break
    looks_back = reviewed or any(
        cues.starts(cues.last, line.text, 30) or cues.opens_back(line.text, 30)
        for line in lines[body : start or len(lines)]
    )
    if cue:
        # A heading right above belongs to what it heads.
        while start > body and (above := lines[start - 1].heading) is not None and above.alone:
            start -= 1
        for line in lines[start:]:
            if not (line.certain and line.part is Part.OTHER):
                line.part, line.certain, line.mixed = Part.PLAN, False, False
        issues.append(Issue("I502", {"cue": cue, "paragraph": str(start + 1)}, start=-1))
        for line in lines[body:start]:
            if not line.certain:
                line.part = Part.REVIEW
    elif looks_back:
        for line in silent:
            line.part = Part.REVIEW
        if len(lines) - body > 5:
            issues.append(Issue("I504"))
    elif silent:
        issues.append(Issue("I503", {"count": str(len(silent))}))
    return issues


def _spans(lines: Sequence[_Line], body: int, cues: _Cues) -> None:
    """Set apart the paragraphs that speak of several years within a part that speaks of one, and the reverse.

    Under a heading that names both, or where no heading says anything, a paragraph that opens a span opens it for
    those that follow, until one speaks of a single year again; elsewhere it speaks for itself.
    """
    spanning = False
    path: tuple[str, ...] = ()
    for line in lines[body:]:
        head = line.text
        alone = line.heading is not None and line.heading.alone
        if line.path[:1] != path[:1]:
            spanning = line.part is Part.REVIEW_SPAN
            path = line.path
        if line.part in (Part.REVIEW, Part.REVIEW_SPAN):
            lasting = line.mixed or not line.certain
            if line.part is Part.REVIEW_SPAN and not line.mixed:
                if cues.starts(cues.last, head) and not cues.opens_back(head, 30) and not alone:
                    line.part, line.certain = Part.REVIEW, False
                continue
            if cues.opens_back(head, 8):
                spanning = True
                line.part = Part.REVIEW_SPAN
                line.certain = line.certain and line.mixed
                if not lasting:
                    spanning = False
            elif cues.starts(cues.last, head, 8):
                spanning = False
                line.part = Part.REVIEW
            elif lasting:
                line.part = Part.REVIEW_SPAN if spanning else Part.REVIEW
        elif line.part is Part.PLAN and cues.opens_ahead(head, 8) and not alone:
            line.part, line.certain = Part.PLAN_SPAN, False
        elif (
            line.part is Part.PLAN_SPAN
            and cues.opens_back(head, 8)
            and not cues.opens_ahead(head, 8)  # 今后五年的 holds 五年的
            and not alone
        ):
            line.part, line.certain = Part.REVIEW_SPAN, False


def _disagreements(normalised: Normalised, lines: Sequence[_Line], body: int, cues: _Cues) -> list[Issue]:
    """Return an issue for each paragraph whose own words contradict the heading above it."""
    issues: list[Issue] = []
    for number, line in enumerate(lines[body:], body + 1):
        if not line.certain or (line.heading is not None and line.heading.alone):
            continue
        head = line.text[:80]
        if line.part is Part.REVIEW:
            word = cues.starts(cues.coming, head, 4)
            own = word and any(target in head for target in cues.targets)
        elif line.part is Part.PLAN:
            word = cues.starts(cues.last, head, 0)
            own = bool(word) and not any(coming in head for coming in cues.coming)
        else:
            continue
        if own:
            start, end = normalised.source_span(line.start, line.end)
            said = "工作安排" if line.part is Part.REVIEW else "工作回顾"
            fields = {
                "paragraph": str(number),
                "heading": line.path[-1] if line.path else "",
                "part": said,
                "quote": line.text[:40],
            }
            issues.append(Issue("I501", fields, start=start, end=end))
    return issues
