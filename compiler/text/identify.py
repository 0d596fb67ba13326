"""Whose report a text is and of which year: from title, meeting, opening, file name, or the text itself.

Every source of evidence yields candidates; the first that names a place wins, the later ones settle which of
several places of one name is meant. For the year each clue has a weight, and clues that disagree are an issue.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compiler.model import Identity, Issue, Lexicon, Normalised, Part, ReportText
from compiler.text.announce import heading_part
from compiler.text.places import COUNTY, PREFECTURE, PROVINCE, Place, Places, places

_NATION, _NATION_LEVEL = "全国", "国家"

_HEADER_LINES = 14
_SPOKEN_OF_ALONE, _SPOKEN_OF, _STANDS_OUT = 3, 5, 1.5
"""A text is about the place that it names this often, where others are named too, and as many times as often."""
_ENDED = re.compile(r"[。！？；：，…][”’）》]*$")
_DIGIT_OF = {numeral: str(value) for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_YEAR = re.compile(r"((?:19|20)\d{2}|[一二][零〇九][零〇一二三四五六七八九]{2})(?=年)")
_DATE = re.compile(
    r"((?:19|20)\d{2}|二[零〇][零〇一二三四五六七八九]{2})年(\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:(\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
)
_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:特别行政区|自治[区州县旗]|地区|[省市县区州盟旗])")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,12}$")
_LEADING = re.compile(r"^[—―─\-·\s（(]+")


@dataclass(frozen=True, slots=True)
class _Header:
    """The lines above a report's text by what they are; empty where not found."""

    title: str = ""
    meeting: str = ""
    opening: str = ""
    speaker: str = ""
    date: tuple[int, int, int] = (0, 0, 0)


def identify(
    normalised: Normalised, report: ReportText, path: str, lexicon: Lexicon
) -> tuple[Identity, tuple[Issue, ...]]:
    """Return the identity of a report and what is unsure about it."""
    text = normalised.text[report.start : report.end]
    lines = [line for line in text.split("\n") if line]
    header = _read_header(lines, lexicon)
    year, year_issues = _report_year(lines, header, path, lexicon)
    name, place, place_issues = _place(text, header, path, year, lexicon)
    level = _NATION_LEVEL if name == _NATION else place.level if place is not None else _level_of_name(name)
    children: tuple[str, ...] = ()
    table = places()
    if name == _NATION:
        children = _names(table, (table.by_code[code][-1] for code in sorted(table.by_code) if code % 10000 == 0), "")
    elif place is not None:
        children = _names(table, table.children(place, year), table.stem(place.name))
    year_, month, day = header.date
    return (
        Identity(
            place=name,
            place_code=f"{place.code:06d}" if place is not None else "",
            place_level=level,
            report_year=year,
            title=header.title,
            meeting=_meeting_name(header.meeting),
            date=f"{year_:04d}-{month:02d}-{day:02d}" if day else f"{year_:04d}-{month:02d}" if month else "",
            speaker=header.speaker,
            children=children,
        ),
        (*place_issues, *year_issues),
    )


def _names(table: Places, below: Iterable[Place], own: str) -> tuple[str, ...]:
    """Return names with and without suffix; a name that without it is an ordinary word only with it."""
    names: dict[str, None] = {}
    for place in below:
        names[place.name] = None
        stem = table.stem(place.name)
        if len(stem) >= 2 and stem != own and stem not in table.ordinary:
            names[stem] = None
            if "自治" in place.name:
                names[stem + place.name[-1]] = None
    return tuple(names)


def _level_of_name(name: str) -> str:
    """Return the tier that a name's suffix suggests, for a place that the table does not have."""
    if not name:
        return ""
    if name.endswith(("自治区", "省")):
        return PROVINCE
    if name.endswith(("市", "州", "盟", "地区")):
        return PREFECTURE
    return COUNTY


# --- header ------------------------------------------------------------------------------------


def _read_header(lines: Sequence[str], lexicon: Lexicon) -> _Header:
    titles, meetings = lexicon.words("report.titles"), lexicon.words("report.meetings")
    openings, speakers = lexicon.words("report.openings"), lexicon.words("report.speakers")
    title = meeting = opening = speaker = ""
    date = (0, 0, 0)
    for index, line in enumerate(lines[:_HEADER_LINES]):
        if sum(word in line[:200] for word in openings) >= 2:
            opening = line[:200]
            break
        if len(line) > 90 or "。" in line:
            continue
        bare = _LEADING.sub("", line)
        if not title and len(line) <= 50 and not _ENDED.search(line) and any(word in line for word in titles):
            title = bare.rstrip("）") if bare.count("（") < bare.count("）") else bare
            above = lines[index - 1] if index else ""
            if any(title == word for word in titles) and above and len(above) <= 20 and places().find(above):
                title = above + title
            continue
        if not meeting and "第" in line and any(word in line for word in meetings):
            meeting = bare
        if date == (0, 0, 0) and (found := _DATE.search(line)):
            date = (_number(found[1]), _number(found[2]), _number(found[3] or ""))
        if not speaker and len(line) <= 40 and not _ENDED.search(line):
            speaker = _speaker(line, speakers)
    return _Header(title, meeting, opening, speaker, date)


def _speaker(line: str, offices: Iterable[str]) -> str:
    """Return the name after an office (市长郝春荣), empty where there is none."""
    for office in offices:
        at = line.find(office)
        if at >= 0:
            name = line[at + len(office) :].strip("：·（） ")
            if _PERSON.fullmatch(name) and (len(name) <= 4 or "·" in name):
                return name
    return ""


def _meeting_name(line: str) -> str:
    """Return the meeting of a meeting line, without date and 在…上."""
    found = re.search(r"在(.+?)上?[）)]?$", line)
    return found[1] if found else line


def _number(numeral: str) -> int:
    """Return the value of a year, month or day in digits or Chinese numerals; 0 where there is none."""
    if not numeral or numeral.isdigit():
        return int(numeral or 0)
    if len(numeral) == 4:
        return int("".join(_DIGIT_OF[character] for character in numeral))
    tens, mark, units = numeral.rpartition("十")
    if not mark:
        return int(_DIGIT_OF[numeral])
    return int(_DIGIT_OF.get(tens, "1")) * 10 + int(_DIGIT_OF.get(units, "0"))


# --- place -------------------------------------------------------------------------------------


def _place(
    text: str, header: _Header, path: str, year: int, lexicon: Lexicon
) -> tuple[str, Place | None, tuple[Issue, ...]]:
    """Return name, entry of the table and issues."""
    if any(word in line for word in lexicon.words("report.nation") for line in (header.opening, header.meeting)):
        return _NATION, None, ()
    table = places()
    before_title = header.title
    for word in lexicon.words("report.titles"):
        before_title = before_title.partition(word)[0] if word in before_title else before_title
    stated = [
        _chain(table, before_title, year),
        _chain(table, _meeting_name(header.meeting).partition("第")[0], year),
        _chain(table, _after_representing(header.opening, lexicon), year),
    ]
    from_path = _chain(table, path.rsplit(".", 1)[0], year)
    suffix = _own_suffix(header, lexicon)
    named = [candidates for candidates in stated if candidates]
    if named:
        candidates = named[0]
        conflict = ""
        for other in named[1:]:
            common = [place for place in candidates if place in other]
            below = [place for place in other if any(place.within(upper) for upper in candidates)]
            if common:
                candidates = common
            elif below and candidates is not stated[0]:
                candidates = below
            elif not any(upper.within(place) for place in other for upper in candidates):
                conflict = table.full_name(other[0], year)
        place = _choose(table, candidates, from_path, text, year)
        issues = []
        if conflict:
            full = table.full_name(place, year)
            issues.append(Issue("I405", {"clues": f"{full}、{conflict}", "place": full}))
        return table.full_name(place, year), place, tuple(issues)
    unknown = _unknown_name(before_title) or _unknown_name(_meeting_name(header.meeting).partition("第")[0])
    if unknown:
        return unknown, None, (Issue("I406", {"place": unknown}),)
    fitting = [place for place in from_path if not suffix or place.name[-1] == suffix]
    if fitting:
        place = _choose(table, fitting, [], text, year)
        full = table.full_name(place, year)
        return full, place, (Issue("I404", {"clue": "文件名", "place": full}),)
    guessed = _from_text(table, text, suffix, year)
    if guessed is None:
        return "", None, (Issue("I401"),)
    full = table.full_name(guessed, year)
    return full, guessed, (Issue("I404", {"clue": "正文", "place": full}),)


def _chain(table: Places, text: str, year: int) -> list[Place]:
    """Return the places that a string such as 锦州市古塔区 can mean, the most specific name in it."""
    found = table.find(text)
    if not found:
        stem = re.sub(r"[^\u4e00-\u9fff]|(?<=\d)年|人民$", "", text)
        entries = table.short.get(stem, [])
        return [place for place in entries if place.existed(year)] or list(entries)
    candidates = found[-1][1]
    for _, uppers in reversed(found[:-1]):
        inside = [place for place in candidates if any(place.within(upper) for upper in uppers)]
        if inside:
            candidates = inside
    return list(candidates)


def _choose(table: Places, candidates: Sequence[Place], hints: Sequence[Place], text: str, year: int) -> Place:
    """Return the place meant among several of one name: by hint, by what the text speaks of, by year."""
    hinted = [place for place in candidates if place in hints or any(place.within(hint) for hint in hints)]
    candidates = hinted or candidates
    if len({place.code // 100 for place in candidates}) > 1:
        counts = Counter[Place]()
        for place in candidates:
            for code in (place.code // 100 * 100, place.code // 10000 * 10000):
                for upper in table.by_code.get(code, ())[:1]:
                    if upper.name != place.name:
                        counts[place] += text.count(table.stem(upper.name))
        most = max(counts.values(), default=0)
        if most:
            candidates = [place for place in candidates if counts[place] == most]
    return table.best(candidates, year)


def _after_representing(opening: str, lexicon: Lexicon) -> str:
    """Return the words of an opening that name the government: 我代表…政府."""
    found = re.search(r"代表(.{2,20}?)(?:人民)?政府", opening)
    return found[1] if found else ""


def _unknown_name(text: str) -> str:
    """Return what looks like a place's name though the table has none such."""
    found = _NAME.search(_YEAR.sub("", text).removeprefix("年").replace("年", ""))
    return found[0] if found else ""


def _own_suffix(header: _Header, lexicon: Lexicon) -> str:
    """Return the last character of the place's name as the opening tells it (我代表市政府), empty where it does not."""
    found = re.search(r"代表(?:.{0,20}?)([省市区县州盟旗])(?:人民)?政府", header.opening)
    return found[1] if found else ""


def _from_text(table: Places, text: str, suffix: str, year: int) -> Place | None:
    """Return the place that a text speaks of most, with the places below it counted in."""
    if not suffix:
        spoken = Counter({last: text.count("全" + last) + text.count("我" + last) for last in "省市县区州盟旗"})
        suffix, count = spoken.most_common(1)[0]
        if count < 3:
            suffix = ""
    grams = set(map("".join, itertools.pairwise(text)))
    scores: Counter[Place] = Counter()
    present = (pair for gram, pairs in table.by_gram.items() if gram in grams for pair in pairs)
    for stem, entries in present:
        count = text.count(stem)
        if count:
            for place in entries:
                if not suffix or place.name[-1] == suffix:
                    scores[place] += count if stem not in table.ordinary else 0
                    scores[place] += 2 * text.count(place.name)
    ranked: list[tuple[float, Place]] = []
    for place, own in scores.most_common(12):
        below = {table.stem(child.name) for child in table.children(place, year)} - {table.stem(place.name)}
        known = sum(len(stem) > 1 and stem in text for stem in below)
        ranked.append((own * (1 + known) + 0.01 * place.existed(year), place))
    # 安县 is found in every 台安县: of two that score alike the longer name is meant.
    ranked.sort(key=lambda entry: (entry[0], len(entry[1].name)), reverse=True)
    if not ranked:
        return None
    best = ranked[0][1]
    # A text may name many places; its own stands out, but for an older or newer entry of itself.
    rivals = [score for score, place in ranked[1:] if not best.name.endswith(place.name) and not place.within(best)]
    if not rivals:
        return best if ranked[0][0] >= _SPOKEN_OF_ALONE else None
    return best if ranked[0][0] >= max(_SPOKEN_OF, _STANDS_OUT * rivals[0]) else None


# --- year --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Clue:
    year: int
    weight: float
    what: str


def _report_year(lines: Sequence[str], header: _Header, path: str, lexicon: Lexicon) -> tuple[int, tuple[Issue, ...]]:
    clues = list(_year_clues(lines, header, path, lexicon))
    if not clues:
        year = _year_spoken_of(lines)
        return year, () if year else (Issue("I402"),)
    weights: dict[int, float] = {}
    for clue in clues:
        weights[clue.year] = weights.get(clue.year, 0) + clue.weight
    year = max(weights, key=lambda candidate: (weights[candidate], candidate))
    strong = [clue for clue in clues if clue.weight >= 2]
    if any(clue.year != year for clue in strong):
        said = "、".join(dict.fromkeys(f"{clue.what}→{clue.year}" for clue in strong))
        return year, (Issue("I403", {"clues": said, "year": str(year)}),)
    return year, ()


def _year_clues(lines: Sequence[str], header: _Header, path: str, lexicon: Lexicon) -> Iterable[_Clue]:
    coming_targets = lexicon.words("part.plan_cues") + lexicon.words("part.target_cues")
    review_cues = lexicon.words("part.review_cues")
    title_years = _years(header.title)
    if title_years:
        yield _Clue(title_years[-1], 2, header.title)
    year, month, day = header.date
    if month:
        # A report of the last months plans the coming year; in between, term-end congresses make it unsure.
        weight = 3 if month <= 5 or month >= 11 else 0.5
        shown = f"{year}年{month}月{day}日" if day else f"{year}年{month}月"
        yield _Clue(year + (month >= 10), weight, shown)
    for line in lines:
        if len(line) <= 40 and not _ENDED.search(line) and line != header.title:
            years = _years(line)
            if not years or _DATE.search(line):
                continue
            part = heading_part(line, lexicon)
            if part is not Part.OTHER:
                yield _Clue(years[-1] + (part is Part.REVIEW), 3, line)
    body = [line for line in lines if _ENDED.search(line)]
    for line in body:
        head = line[:60]
        found = _YEAR.search(head)
        if found is None:
            continue
        year = _number(found[1])
        rest = head[found.end() + 1 : found.end() + 40]
        if any(word in rest for word in coming_targets) and f"到{found[1]}" not in head:
            yield _Clue(year, 1.5, head[:20])
        elif found.start() <= 4 and any(word in head for word in review_cues):
            yield _Clue(year + 1, 1, head[:20])
    for match in _FILE_YEAR.finditer(path):
        yield _Clue(int(match[1]), 1, path)


def _years(text: str) -> list[int]:
    return [_number(match[1]) for match in _YEAR.finditer(text)]


def _year_spoken_of(lines: Sequence[str]) -> int:
    """Return the year planned for by the years that a text names most: the last year and the coming one."""
    counts = Counter(_number(match[1]) for line in lines for match in _YEAR.finditer(line))
    best = max(
        set(counts) | {year + 1 for year in counts},
        key=lambda year: (counts[year] + counts[year - 1] * 1.01, year),
        default=0,
    )
    return best if best and counts[best] + counts[best - 1] >= 2 else 0
