"""The outline of a report: which headings stand above each paragraph, and which part of the report it belongs to.

Headings say what lies under them: the review, the plan, the review of a whole term, the plan for the next one
(:mod:`announcements`). A heading at the top that says nothing is read by the text that it opens. Where no heading
helps, the text's own cues decide and the paragraphs are marked as uncertain. Within a part, sentences turn from one
year to several and back (:mod:`year_turns`); how long a turn holds is settled in :class:`_Times`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.model import Identity, Issue, Lexicon, Normalised, Paragraph, Part, ReportText
from compiler.text.announcements import Announcement, Announcer, heading_part
from compiler.text.headings import PART_LEVEL, PLAIN_LEVEL, TOP_LEVEL, Heading, HeadingFinder, has_figure
from compiler.text.periods import TERM, Periods, Span, in_numerals
from compiler.text.split import opens_report
from compiler.text.wide_rows import CELL
from compiler.text.year_turns import Turn, TurnReader, is_item

_HEADER_LINES = 14
_CLOSING_LINES = 3
_LONGEST_TITLE = 30
"""The title of a digest (一图读懂政府工作报告) has no more characters."""
_LONGEST_TERM = 60
"""A glossary names its term within so many characters of a line."""
_LATE = 10
"""A congress from this month on plans the coming year, and 今年 is the year reviewed."""
_REVIEWS = (Part.REVIEW, Part.REVIEW_SPAN)
_PLANS = (Part.PLAN, Part.PLAN_SPAN)
_ONE_YEAR = {Part.REVIEW_SPAN: Part.REVIEW, Part.PLAN_SPAN: Part.PLAN}


@dataclass(slots=True)
class _Line:
    """A line of the report on its way to a paragraph.

    ``opener`` is the announcing heading above it, ``mixed`` whether that speaks of a span and of one year as well.
    """

    start: int
    end: int
    text: str
    heading: Heading | None = None
    path: tuple[str, ...] = ()
    part: Part = Part.OTHER
    certain: bool = False
    mixed: bool = False
    span: Span | None = None
    opener: Heading | None = None

    @property
    def is_heading(self) -> bool:
        """Tell whether the line is a heading and nothing else."""
        return self.heading is not None and self.heading.alone


@dataclass(slots=True)
class _Open:
    """A heading that is open at some point of the report, with the part under it."""

    heading: Heading
    part: Part | None
    certain: bool = False
    mixed: bool = False
    span: Span | None = None
    opener: Heading | None = None


class _Cues:
    """The lexicon's words and the report's years, as this stage asks for them."""

    def __init__(self, lexicon: Lexicon, identity: Identity) -> None:
        self.lexicon = lexicon
        self.year = year = identity.report_year
        month = int(identity.date[5:7]) if len(identity.date) >= 7 else 0
        coming = lexicon.words("part.coming_year")
        this_year = min(coming, key=len, default="")
        coming = tuple(word for word in coming if not (month >= _LATE and word == this_year))
        last = lexicon.words("part.last_year_cues")
        self.own = f"{year}年"
        self.coming = (*coming, self.own) if year else coming
        self.last = (*last, f"{year - 1}年", f"{in_numerals(year - 1)}年") if year else last
        self.plan_words = lexicon.words("part.plan_words")
        self.plan_verbs = lexicon.words("part.coming_year_verbs")
        self.targets = lexicon.words("part.target_cues")
        self.periods = Periods(lexicon, year)
        self.announcer = Announcer(lexicon, self.periods, coming, last)
        self.turner = TurnReader(lexicon, self.periods, self.coming, self.last)

    def announce(self, heading: Heading) -> Announcement | None:
        """Return what a heading announces."""
        return self.announcer.read(heading.text)

    @staticmethod
    def starts(words: Sequence[str], text: str, within: int = 6) -> str:
        """Return the word with which a text begins, give or take a few characters, empty where none."""
        if not any(map(text.__contains__, words)):
            return ""
        return next((word for word in words if text.find(word, 0, within + len(word)) >= 0), "")

    def plan_start(self, text: str) -> str:
        """Return the cue by which a paragraph opens the plan, empty where it does not."""
        head = text[:160]
        for word in self.coming:
            at = head.find(word)
            if at < 0:
                continue
            rest = head[at + len(word) :]
            # 今年是… opens it; of a numeral the words for what is to be done must follow: 2016年 may be told of.
            opens = rest.startswith(self.plan_verbs) or (word != self.own and len(word) > 2)
            if (at <= 8 and opens) or (at <= 40 and any(cue in rest[:30] for cue in self.plan_words)):
                return head[at : at + 12]
        return ""


def outline(
    normalised: Normalised, report: ReportText, identity: Identity, lexicon: Lexicon
) -> tuple[tuple[Paragraph, ...], tuple[Issue, ...]]:
    """Return the paragraphs of a report, headings among them, and what is unsure about their parts."""
    lines = _lines(normalised.text, report)
    cues = _Cues(lexicon, identity)
    body = _body_start(lines, lexicon)
    finder = HeadingFinder(lexicon, lambda text: cues.announcer.read(text) is not None)
    texts = ["" if CELL in line.text else line.text for line in lines[body:]]
    for line, heading in zip(lines[body:], finder.find(texts), strict=True):
        line.heading = heading
    planned = _assign(lines, body, cues)
    issues = _told_before_the_plan(lines, body) if planned else _guess(lines, body, cues)
    _follow_turns(lines, body, cues)
    for line in lines[body:]:
        if CELL in line.text:
            line.part = Part.OTHER  # its columns tell what it means, no sentence does
    issues.extend(_disagreements(normalised, lines, body, cues))
    _set_closing_apart(lines, lexicon)
    _set_annexes_apart(lines, lexicon)
    return tuple(_paragraph(number, line, cues.year) for number, line in enumerate(lines, 1)), tuple(issues)


def _paragraph(number: int, line: _Line, year: int) -> Paragraph:
    first, last = _years(line, year)
    return Paragraph(
        number=number,
        start=line.start,
        end=line.end,
        headings=line.path,
        part=line.part,
        is_heading=line.is_heading,
        certain=line.certain,
        from_year=first,
        year=last,
    )


def _years(line: _Line, year: int) -> tuple[int | None, int | None]:
    """Return the first year, where there are several, and the last one that a line speaks of."""
    if not year or line.part is Part.OTHER:
        return None, None
    if line.part is Part.REVIEW:
        return None, year - 1
    if line.part is Part.PLAN:
        return None, year
    if line.span is not None:
        return line.span.first or None, line.span.last
    return (year, year + TERM - 1) if line.part is Part.PLAN_SPAN else (year - TERM, year - 1)


def _set_closing_apart(lines: Sequence[_Line], lexicon: Lexicon) -> None:
    """Take the closing appeal (各位代表！……而努力奋斗！) out of the section that happens to stand above it."""
    salutations, closings = lexicon.words("report.salutations"), lexicon.words("report.closings")
    for line in lines[-_CLOSING_LINES:]:
        if line.text.startswith(salutations) and any(word in line.text for word in closings):
            line.path = ()


def _set_annexes_apart(lines: Sequence[_Line], lexicon: Lexicon) -> None:
    """Take what follows the closing appeal out of the plan: a glossary, a digest of the report (一图读懂…), annexes
    that do not tell of what is planned."""
    closing = _closing_line(lines, lexicon)
    if closing < 0:
        return
    annexes, planned = lexicon.words("part.annexes"), lexicon.words("part.annex_plans")
    digests = lexicon.words("document.digests")
    apart = False
    for index, line in enumerate(lines[closing + 1 :], closing + 1):
        if line.text.startswith(annexes):
            title = line.text + (lines[index + 1].text if index + 1 < len(lines) else "")
            apart = not any(word in title for word in planned)
        elif not apart:
            digest = len(line.text) <= _LONGEST_TITLE and any(word in line.text for word in digests)
            apart = digest or _explains(line.text, lexicon)
        if apart:
            line.part, line.certain = Part.OTHER, True


def _closing_line(lines: Sequence[_Line], lexicon: Lexicon) -> int:
    """Return the line of the closing appeal (各位代表！……而努力奋斗！), -1 where none is seen."""
    salutations, closings = lexicon.words("report.salutations"), lexicon.words("report.closings")
    for index in range(len(lines) - 1, len(lines) // 2, -1):
        text = lines[index].text
        if text.endswith("！") and (any(word in text for word in closings) or text.startswith(salutations)):
            return index
    return -1


def _explains(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a line explains a term as a glossary does: 1.“小升规”企业：指…"""
    term, colon, rest = text[:_LONGEST_TERM].partition("：")
    return bool(colon) and "，" not in term and rest.startswith(lexicon.words("part.explains"))


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
        if opens_report(line.text, openings):
            return index + 1
    header = ("report.titles", "report.meetings", "report.speakers", "report.salutations")
    start = 0
    for index, line in enumerate(lines[:_HEADER_LINES]):
        text = line.text
        marked = any(word in text for name in header for word in lexicon.words(name))
        if marked and len(text) <= 60 and "。" not in text and heading_part(text, lexicon) is Part.OTHER:
            start = index + 1
    return start


# --- parts by heading --------------------------------------------------------------------------


def _assign(lines: Sequence[_Line], body: int, cues: _Cues) -> bool:
    """Give every line its headings and the part they announce; tell whether any heading announced the plan."""
    tops_announce = any(
        line.heading is not None and line.heading.level <= TOP_LEVEL and cues.announce(line.heading) is not None
        for line in lines
    )
    stack: list[_Open] = []
    current = _Open(Heading(PART_LEVEL, 0, "", alone=True), None)
    planned = False
    for index, line in enumerate(lines[body:], body):
        heading = line.heading
        if heading is not None:
            _close(stack, heading)
            above = tuple(entry.heading.text for entry in stack)
            announced = cues.announce(heading)
            top = heading.level <= TOP_LEVEL or not tops_announce
            if announced is None and heading.level == TOP_LEVEL and not stack:
                announced = _told_by_text(lines, index, cues, current.part)
            if announced is not None and (top or announced.strong):
                opened = _Open(heading, announced.part, True, announced.mixed, announced.span, heading)
                planned |= announced.part in _PLANS
                if heading.level <= TOP_LEVEL or not stack:
                    current = opened
            else:
                parent = stack[-1] if stack and stack[-1].part is not None else current
                opened = _Open(heading, parent.part, parent.certain, parent.mixed, parent.span, parent.opener)
                if not heading.alone and parent.part is None:
                    opened.part = None
            stack.append(opened)
            line.path = above if heading.alone else (*above, heading.text)
        else:
            line.path = tuple(entry.heading.text for entry in stack)
        governing = stack[-1] if stack else current
        if governing.part is not None:
            line.part, line.certain, line.mixed = governing.part, governing.certain, governing.mixed
            line.span, line.opener = governing.span, governing.opener
    return planned


def _told_by_text(lines: Sequence[_Line], index: int, cues: _Cues, before: Part | None) -> Announcement | None:
    """Return what a heading without a word for it (三、一马当先开新局) opens, by the first words of its text.

    Once the plan has begun no such heading goes back to the review: its text may look back before it looks ahead.
    """
    line = lines[index]
    text = line.text[len(line.heading.text) :] if line.heading is not None and not line.heading.alone else ""
    if not text:
        text = _text_below(lines, index, cues)
    turn = next(iter(cues.turner.turns(text)), None)
    if turn is None or not turn.bare or (before in _PLANS and turn.part in _REVIEWS):
        return None
    if turn.part in _REVIEWS and before is None:
        return None
    return Announcement(turn.part, span=turn.span)


def _text_below(lines: Sequence[_Line], index: int, cues: _Cues) -> str:
    """Return the text below a heading: a line of its own that turns to a time, ended by a colon, may lead to it."""
    for other in lines[index + 1 :]:
        if other.heading is not None and other.heading.level <= TOP_LEVEL:
            return ""
        leads = other.heading is not None and other.heading.level == PLAIN_LEVEL and cues.turner.turns(other.text)
        if leads or not other.is_heading:
            return other.text
    return ""


def _close(stack: list[_Open], heading: Heading) -> None:
    """Close the headings that a new one ends.

    A numbering that begins anew right under an unnumbered heading nests there; its later numbers stay there too.
    """
    level = heading.level
    if level == PART_LEVEL:
        stack.clear()
        return
    if level == PLAIN_LEVEL:
        sibling = next((index for index, entry in enumerate(stack) if entry.heading.level == PLAIN_LEVEL), len(stack))
        del stack[sibling:]
        return
    same = [index for index, entry in enumerate(stack) if entry.heading.level == level]
    plain_on_top = bool(stack) and stack[-1].heading.level == PLAIN_LEVEL
    if heading.number == 1 and plain_on_top:
        deeper = [index for index, entry in enumerate(stack[:-1]) if level < entry.heading.level < PLAIN_LEVEL]
        if not deeper and (not same or level > TOP_LEVEL):
            return
    if same:
        del stack[same[-1] :]
        return
    while stack and level < stack[-1].heading.level:
        stack.pop()


# --- parts by the text itself ------------------------------------------------------------------


def _told_before_the_plan(lines: Sequence[_Line], body: int) -> list[Issue]:
    """Count what no heading announced to the review where it stands before the plan that one did announce."""
    first = next((i for i, line in enumerate(lines) if line.certain and line.part in _PLANS), len(lines))
    for line in lines[body:first]:
        if not line.certain:
            line.part = Part.REVIEW
    return []


def _guess(lines: Sequence[_Line], body: int, cues: _Cues) -> list[Issue]:
    """Find where the plan begins that no heading announced, and fill in the parts around it."""
    start, cue = _plan_start(lines, body, cues)
    if cue:
        for line in lines[start:]:
            if not (line.certain and line.part is Part.OTHER):
                line.part, line.certain, line.mixed, line.span = Part.PLAN, False, False, None
        for line in lines[body:start]:
            if not line.certain:
                line.part = Part.REVIEW
        return [Issue("I502", {"cue": cue, "paragraph": str(start + 1)}, start=-1)]
    silent = [line for line in lines[body:] if not line.certain]
    if _looks_back(lines[body:], cues):
        for line in silent:
            line.part = Part.REVIEW
        return [Issue("I504")] if len(lines) - body > 5 else []
    return [Issue("I503", {"count": str(len(silent))})] if silent else []


def _plan_start(lines: Sequence[_Line], body: int, cues: _Cues) -> tuple[int, str]:
    """Return the line with which the plan begins, and the words that tell; none where they are empty.

    A heading right above belongs to what it heads.
    """
    for index in range(body, len(lines)):
        line = lines[index]
        if line.is_heading or (line.certain and line.part is Part.OTHER):
            continue
        cue = cues.plan_start(line.text)
        if cue:
            while index > body and lines[index - 1].is_heading:
                index -= 1
            return index, cue
    return 0, ""


def _looks_back(lines: Sequence[_Line], cues: _Cues) -> bool:
    """Tell whether a text without a plan reviews anything."""
    if any(line.certain and line.part is not Part.OTHER for line in lines):
        return True
    return any(turn.part in _REVIEWS for line in lines for turn in cues.turner.turns(line.text)[:1])


# --- years within a part -----------------------------------------------------------------------


@dataclass(slots=True)
class _Time:
    """A time that a turn opened: its part and span, and whether the first of a numbering came after it, by level.

    ``aside``: a summary of several years below a heading that speaks of the one year first.
    """

    part: Part
    span: Span | None
    firsts: set[int]
    aside: bool = False


class _Times:
    """The times that are open in one part of a report: that of its heading, and those that its text turned to."""

    def __init__(self, line: _Line) -> None:
        self._base = line
        self._open: list[_Time] = []
        self._numbered = False

    def heading(self, heading: Heading) -> None:
        """Close what a numbered heading ends: what was opened within an item of the same numbering before it."""
        if heading.level == PLAIN_LEVEL:
            return
        if self._open and self._open[-1].aside and heading.number == 1:
            self._open.pop()  # the items tell of the year, the paragraph before them summed up the years
        self._numbered = True
        while self._open and heading.number > 1 and heading.level not in self._open[-1].firsts:
            self._open.pop()
        if heading.number == 1 and self._open:
            self._open[-1].firsts.add(heading.level)

    def now(self) -> tuple[Part, Span | None]:
        """Return the part and span that hold where no word turns to another."""
        if self._open:
            return self._open[-1].part, self._open[-1].span
        return self._base.part, self._base.span

    def turn(self, turn: Turn, item: bool, leads: bool, sums_up: bool) -> None:
        """Take up a turn of the text where it holds beyond its paragraph.

        ``item``: it stands in an item of a list, ``leads``: a list follows its paragraph, ``sums_up``: the paragraph
        tells figures.
        """
        base = self._base
        side = _REVIEWS if base.part in _REVIEWS else _PLANS
        if turn.part not in side or (item and not self._lasting_heading()):
            return
        if self._lasting_heading():
            returns = turn.bare and turn.part is _ONE_YEAR.get(base.part)  # 2012年，… below 今后五年和2012年
            lasts = turn.strong or returns or self.now()[0] is turn.part or not base.certain
        elif base.part in _ONE_YEAR:
            lasts = turn.part is base.part or (turn.strong and base.part is Part.REVIEW_SPAN)
        else:
            lasts = turn.part is base.part or (turn.closes and leads)
        if lasts:
            aside = base.mixed and base.part in _ONE_YEAR.values() and not self._numbered and sums_up
            self._open = [_Time(turn.part, turn.span, set(), aside and turn.part in _ONE_YEAR)]

    def _lasting_heading(self) -> bool:
        """Tell whether the heading speaks of both times, or nothing certain, so that the text must say which."""
        return self._base.mixed or not self._base.certain


def _follow_turns(lines: Sequence[_Line], body: int, cues: _Cues) -> None:
    """Set apart the paragraphs that speak of several years within a part that speaks of one, and the reverse."""
    times: _Times | None = None
    before: tuple[Heading | None, Part] | None = None
    for index, line in enumerate(lines[body:], body):
        if line.part is Part.OTHER:
            continue
        if times is None or before != (line.opener, line.part):
            times, before = _Times(line), (line.opener, line.part)
        if line.heading is not None and line.opener is not line.heading:
            times.heading(line.heading)
        base, certain = line.part, line.certain
        line.part, line.span = times.now()
        if line.is_heading and line.opener is line.heading:
            continue
        turns = cues.turner.turns(line.text)
        opening = next((turn for turn in reversed(turns) if turn.bare and _may_turn(turn, base, line.mixed)), None)
        if opening is not None:
            line.part, line.span = opening.part, opening.span or (line.span if opening.part is line.part else None)
        if line.part is not base and not line.mixed:
            line.certain = False
        if turns:
            leads = index + 1 < len(lines) and is_item(lines[index + 1].text)
            times.turn(turns[-1], is_item(line.text), leads, has_figure(line.text))
        line.certain = line.certain and certain


def _may_turn(turn: Turn, base: Part, mixed: bool) -> bool:
    """Tell whether a paragraph of a part may turn where a turn leads.

    The review goes no further than several years; the plan may look back, or ahead over several years. Below a
    heading of both (“十四五”时期目标和2021年工作安排) the years ahead may turn to the one year.
    """
    if base in _REVIEWS:
        return turn.part in _REVIEWS
    if base is Part.PLAN:
        return turn.part is not Part.REVIEW or turn.strong
    return turn.part in (Part.PLAN_SPAN, Part.REVIEW_SPAN) or (mixed and turn.part is Part.PLAN)


def _disagreements(normalised: Normalised, lines: Sequence[_Line], body: int, cues: _Cues) -> list[Issue]:
    """Return an issue for each paragraph whose own words contradict the heading above it."""
    issues: list[Issue] = []
    for number, line in enumerate(lines[body:], body + 1):
        if not line.certain or line.is_heading:
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
