"""Whose report a text is and of which year: from title, meeting, opening, file name, or the text itself.

Every source of evidence names candidates and has a weight; the candidate with the most weight wins. What is stated
within the report weighs more than the title of a page, and that more than the name of a file. Clues that contradict
what was chosen are told, and how much of all the weight speaks for it is :attr:`Identity.sure`.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import add

from compiler.model import ByHand, Identity, Issue, Lexicon, Normalised, Part, ReportText
from compiler.numbers import parse_numeral
from compiler.strings import any_of
from compiler.text.announce import heading_part
from compiler.text.documents import document_kind
from compiler.text.places import COUNTY, PREFECTURE, PROVINCE, Division, Divisions, all_divisions
from compiler.text.split import opens_report

_NATION, _NATION_LEVEL = "全国", "国家"

NOTHING_SAID = ByHand()

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
_FILE_CODE = re.compile(r"(?<!\d)([1-6]\d{5})(?!\d)")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:特别行政区|自治[区州县旗]|地区|[省市县区州盟旗镇乡])")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,12}$")
_LEADING = re.compile(r"^[—―─\-·\s（(]+")
_CONGRESS = re.compile(r"[\u4e00-\u9fff]{2,15}(?=第[一二三四五六七八九十]{1,3}届)")
_MEETING_ENDS = re.compile(r"第[一二三四五六七八九十\d]{1,3}[届次]|[一二三四五六七八九十]{1,3}届")


@dataclass(frozen=True, slots=True)
class _Header:
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


def identify(
    normalised: Normalised, report: ReportText, path: str, lexicon: Lexicon, said: ByHand = NOTHING_SAID
) -> tuple[Identity, tuple[Issue, ...]]:
    """Return the identity of a report and what is unsure about it; ``said`` by a person overrides all clues."""
    text = normalised.text[report.start : report.end]
    lines = [line for line in text.split("\n") if line]
    header = _read_header(lines, lexicon)
    year, year_sure, year_issues = (said.year, 100, ()) if said.year else _report_year(lines, header, path, lexicon)
    found = (
        _place_said(said.place, year)
        if said.place
        else _of_town(_find_place(text, header, path, year, lexicon), header, lexicon)
    )
    place, name = found.place, found.name
    level = _NATION_LEVEL if name == _NATION else place.level if place is not None else _level_of_name(name)
    children: tuple[str, ...] = ()
    table = all_divisions()
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
            sure=min(found.sure, year_sure),
            also=_also_called(header, name, lexicon),
            document=document_kind(text, path, lexicon),
        ),
        (*found.issues, *year_issues),
    )


def _also_called(header: _Header, name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of zones (新区, 开发区) that the titles call the place by."""
    zones = "|".join(map(re.escape, sorted(lexicon.words("guard.scope_below"), key=len, reverse=True))) or "(?!)"
    named = re.compile(f"[\u4e00-\u9fff]{{2,10}}?(?:{zones})(?=\\d|年|人民|管|政府)")
    found = (named.match(title) for title in header.titles)
    return tuple(dict.fromkeys(match[0] for match in found if match is not None and match[0] != name))


_MOST_NEAR = 8
"""So many names one character away are offered: all are alike to a program."""


def full_names_of(name: str, year: int) -> tuple[str, ...]:
    """Return the full names of all places that a person can mean by ``name``, the likeliest first."""
    if name == _NATION:
        return (_NATION,)
    table = all_divisions()
    candidates = _chain(table, name, year)
    if not candidates:
        return ()
    best = table.best(candidates, year)
    at = year or 9999  # of no year: as it is now
    alike = [one for one in candidates if one.level == best.level and one.first <= at <= one.last]
    return tuple(dict.fromkeys(table.full_name(table.as_of(one, year), year) for one in (best, *alike)))


def near_places(name: str) -> tuple[str, ...]:
    """Return the places of the table whose names are most like ``name``."""
    table = all_divisions()
    for cut in range(2, len(name) - 1):  # 江西宜春: the province without its 省
        if name[:cut] in table.short and (candidates := _chain(table, name[cut:], 0)):
            return (table.full_name(table.best(candidates, 0), 0),)
    return tuple(difflib.get_close_matches(name, table.by_name, _MOST_NEAR, 0.6))


def _place_said(name: str, year: int) -> _Found:
    """Return the place that a person calls ``name``: one of the table, else the name as it is written."""
    if name == _NATION:
        return _Found(_NATION, sure=100)
    table = all_divisions()
    candidates = _chain(table, name, year)
    if not candidates:
        return _Found(name, None, 100, (Issue("I406", {"place": name}),))
    place = table.as_of(table.best(candidates, year), year)
    return _Found(table.full_name(place, year), place, 100)


def _names(table: Divisions, below: Iterable[Division], own: str) -> tuple[str, ...]:
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
        is_meeting = any(word in line for word in meetings) and _MEETING_ENDS.search(line) is not None
        if len(line) <= 50 and not is_meeting and not _ENDED.search(line) and any(word in line for word in words):
            titles.append(_title(bare, lines[index - 1] if index else "", words))
            continue
        if not meeting and is_meeting:
            meeting = bare
        if (date == (0, 0, 0) or (is_meeting and not dated)) and (found := _DATE.search(line)):
            date, dated = (_number(found[1]), _number(found[2]), _number(found[3] or "")), is_meeting
        if not speaker and len(line) <= 40 and not _ENDED.search(line):
            office, speaker = _speaker(line, offices)
    # The report's own title is the one that names a place, the last where several do.
    named = [title for title in titles if not any(title == word for word in words)]
    title = named[-1] if named else titles[-1] if titles else ""
    return _Header(title, tuple(titles), meeting, opening, office, told, speaker, date, dated)


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
    return parse_numeral(numeral) or 0


# --- place -------------------------------------------------------------------------------------

_TITLE, _MEETING, _OPENING, _OFFICE, _CODE, _FILE, _TEXT = 3.0, 4.0, 4.0, 2.5, 3.0, 2.0, 2.5
"""How much each source of evidence weighs. Meeting and opening are the report's own words; a title may be a page's,
an office stands in captions too, and a file is named by whoever saved it. Two of them outweigh any single one."""
_LINE, _INSIDE = 0.9, 0.3
"""The share of a clue's weight for the same place under another name, and for a place inside the one named."""
_SUFFIX = 2.0
"""How much it weighs that the text calls itself a county or a city as the name does."""
_EXISTED, _NOT_EXISTED = 0.5, -2.0
_UNDECIDED = 50
"""At most so sure (percent) is a place of a name that several have."""
_ENOUGH = 6.0
"""With so much weight for it a place is as sure as can be, where nothing contradicts it."""


@dataclass(frozen=True, slots=True)
class _PlaceClue:
    """A source of evidence with the places that it can mean and its weight."""

    what: str
    candidates: tuple[Division, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Found:
    """The place of a report, with its entry in the table, how sure it is (percent) and what is to be told."""

    name: str
    place: Division | None = None
    sure: int = 0
    issues: tuple[Issue, ...] = ()


def _find_place(text: str, header: _Header, path: str, year: int, lexicon: Lexicon) -> _Found:
    """Weigh all that names a place."""
    if _is_nation(header, path, lexicon):
        return _Found(_NATION, sure=100)
    table = all_divisions()
    suffix = _own_suffix(header, lexicon) or _suffix_spoken_of(text, lexicon)
    stated = [clue for clue in _stated(table, header, year, lexicon) if clue.candidates]
    from_file = _from_file(table, path, year)
    if not stated:
        unknown = _unknown_in(header, lexicon)
        if unknown:
            return _Found(unknown, None, 50, (Issue("I406", {"place": unknown}),))
    clues = [*stated, *([from_file] if from_file.candidates else [])]
    if sum(clue.weight for clue in clues) < _MEETING or _disagree(clues):
        before = "".join(word[-1] for word in lexicon.words("report.place_endings") + lexicon.words("report.on_behalf"))
        spoken_of = _from_text(table, text, suffix, year, before)
        if spoken_of is not None:
            clues.append(_PlaceClue("正文", tuple(table.by_name[spoken_of.name]), _TEXT))
    if not clues:
        return _Found("", issues=(Issue("I401"),))
    return _weigh(table, clues, suffix, text, year, bool(stated))


def _of_town(found: _Found, header: _Header, lexicon: Lexicon) -> _Found:
    """Return the town within the place found where title or meeting are a town's: its figures are no district's."""
    towns, of = any_of(lexicon.words("report.towns")), any_of(lexicon.words("report.governments"))
    for line in (*reversed(header.titles), header.meeting):
        before = _MEETING_ENDS.split(_meeting_name(line))[0]
        for word in lexicon.words("report.titles"):
            before = before.partition(word)[0]
        rest = before.rpartition(found.place.name)[2] if found.place is not None else before
        named = re.match(f"([\u4e00-\u9fff]{{1,7}}(?:{towns}))(?:{of})?(?:\\d{{4}}年)?$", rest)
        if named is not None and not found.name.endswith(named[1]):
            name = found.name + named[1]
            return _Found(name, None, found.sure, (*found.issues, Issue("I406", {"place": name})))
    return found


def _is_nation(header: _Header, path: str, lexicon: Lexicon) -> bool:
    """Tell whether it is the State Council's report: before the national congress, or on its behalf."""
    nation = lexicon.words("report.nation")
    if any(word in line for word in nation for line in (header.meeting, *header.titles, path)):
        return True
    council, behalf = any_of(nation), any_of(lexicon.words("report.on_behalf"))
    return re.search(f"(?:{behalf})(?:{council})", header.opening) is not None


def _stated(table: Divisions, header: _Header, year: int, lexicon: Lexicon) -> Iterable[_PlaceClue]:
    """Yield what the lines above the report and its opening say."""
    titles: dict[tuple[Division, ...], str] = {}
    for title in header.titles:
        before = title
        for word in lexicon.words("report.titles"):
            before = before.partition(word)[0] if word in before else before
        candidates = tuple(_chain(table, before, year))
        if candidates:
            titles.setdefault(candidates, title)
    for position, (candidates, title) in enumerate(titles.items()):
        # The last is the report's own, those above it the page's.
        yield _PlaceClue(title, candidates, _TITLE if position == len(titles) - 1 else _FILE)
    meeting = _MEETING_ENDS.split(_meeting_name(header.meeting))[0]
    yield _PlaceClue(header.meeting, tuple(_chain(table, meeting, year)), _MEETING)
    government = _government(header.opening, lexicon)
    yield _PlaceClue(header.opening[:20], tuple(_chain(table, government, year)), _OPENING)
    for said in (header.office, header.told):
        yield _PlaceClue(said, tuple(_chain(table, said, year)), _OFFICE)


def _from_file(table: Divisions, path: str, year: int) -> _PlaceClue:
    """Return what the name of the file says: a division's code, or names of places, the most specific last."""
    for code in _FILE_CODE.findall(path):
        entries = table.by_code.get(int(code))
        if entries:
            return _PlaceClue("文件名", tuple(entries), _CODE)
    return _PlaceClue("文件名", tuple(_chain(table, path.rsplit(".", 1)[0], year)), _FILE)


def _disagree(clues: Sequence[_PlaceClue]) -> bool:
    """Tell whether no place fits all clues."""
    common = set(clues[0].candidates) if clues else set()
    for clue in clues[1:]:
        common &= set(clue.candidates)
    return len(clues) > 1 and not common


def _weigh(table: Divisions, clues: Sequence[_PlaceClue], suffix: str, text: str, year: int, stated: bool) -> _Found:
    """Return the candidate for which most weight speaks, as it was called in ``year``."""
    candidates = list(dict.fromkeys(place for clue in clues for place in clue.candidates))
    scores = {place: _score(table, place, clues, suffix, year) for place in candidates}
    most = max(scores.values())
    meant = _meant(table, [place for place in candidates if scores[place] == most], text)
    best = table.best(meant, year)
    supporting = [clue for clue in clues if _support(table, best, clue) >= _INSIDE]
    weight = sum(clue.weight * _support(table, best, clue) for clue in clues)
    against = sum(clue.weight for clue in clues if clue not in supporting)
    sure = round(100 * min(1.0, weight / _ENOUGH) * weight / (weight + against)) if weight else 0
    namesakes = _namesakes(table, best, meant, year)
    if namesakes:
        names = "、".join(table.full_name(table.as_of(one, year), year) for one in (best, *namesakes))
        fields = {"place": best.name, "count": str(len(namesakes) + 1), "names": names}
        return _Found(best.name, None, min(sure, _UNDECIDED), (Issue("I412", fields),))
    place = table.as_of(best, year)
    full = table.full_name(place, year)
    issues: list[Issue] = []
    contradicting = [clue for clue in clues if clue not in supporting and clue.what != "正文"]
    if not stated:
        how = next((clue.what for clue in supporting if clue.what != "正文"), "正文")
        issues.append(Issue("I404", {"clue": how, "place": full}))
    for clue in contradicting:
        said = table.full_name(_choose(table, clue.candidates, text, year), year)
        if clue.what == "文件名":
            issues.append(Issue("I407", {"said": said, "place": full}))
        elif not any(issue.code == "I405" for issue in issues):
            issues.append(Issue("I405", {"clues": f"{full}、{said}", "place": full}))
    return _Found(full, place, sure, tuple(issues))


def _support(table: Divisions, place: Division, clue: _PlaceClue) -> float:
    """Return the share of a clue's weight that speaks for a place."""
    if place in clue.candidates:
        return 1.0
    if any(table.same_line(place, other) for other in clue.candidates):
        return _LINE
    return _INSIDE if any(place.within(other) for other in clue.candidates) else 0.0


def _score(table: Divisions, place: Division, clues: Sequence[_PlaceClue], suffix: str, year: int) -> float:
    """Return how much speaks for a place: the clues, how the text calls its own place, and whether there was one."""
    score = sum(clue.weight * _support(table, place, clue) for clue in clues)
    if suffix:
        score += _SUFFIX if place.name[-1] == suffix else -_SUFFIX
    if year:
        score += _EXISTED if place.first <= year <= place.last else 0 if place.existed(year) else _NOT_EXISTED
    return score


def _chain(table: Divisions, text: str, year: int) -> list[Division]:
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
    return _below_by_stem(table, text[found[-1][0] :], candidates) or list(candidates)


def _below_by_stem(table: Divisions, rest: str, uppers: Sequence[Division]) -> list[Division]:
    """Return the places within others whose names without suffix go on behind theirs: 保定市徐水2011年."""
    found = re.match(r"[\u4e00-\u9fff]{2,8}?(?=\d|年|$|人民|二[〇零])", rest)
    if found is None:
        return []
    return [place for place in table.by_stem.get(found[0], []) if any(place.within(upper) for upper in uppers)]


def _choose(table: Divisions, candidates: Sequence[Division], text: str, year: int) -> Division:
    """Return the place meant among several of one name: by what the text speaks of, by year."""
    return table.best(_meant(table, candidates, text), year)


def _namesakes(table: Divisions, best: Division, meant: Sequence[Division], year: int) -> list[Division]:
    """Return the other places of the name that nothing tells from ``best``: there are four districts 市中区."""
    others: list[Division] = []
    for place in meant:
        known = any(table.same_line(place, other) and not _side_by_side(place, other) for other in (best, *others))
        if place.name == best.name and not known and (not year or place.existed(year)):
            others.append(place)
    return others


def _side_by_side(place: Division, other: Division) -> bool:
    """Tell whether two entries stood at one time: the mining districts of two cities are no one place."""
    return place.code != other.code and place.first <= other.last and other.first <= place.last


def _meant(table: Divisions, candidates: Sequence[Division], text: str) -> Sequence[Division]:
    """Return those of several places of one name of whose surroundings the text speaks most."""
    if len({place.code // 100 for place in candidates}) > 1:
        counts = Counter[Division]()
        for place in candidates:
            for code in (place.code // 100 * 100, place.code // 10000 * 10000):
                for upper in table.by_code.get(code, ())[:1]:
                    if table.stem(upper.name) != table.stem(place.name):
                        counts[place] += text.count(table.stem(upper.name))
        most = max(counts.values(), default=0)
        if most:
            return [place for place in candidates if counts[place] == most]
    return candidates


def _government(opening: str, lexicon: Lexicon) -> str:
    """Return the words of an opening that name the government: 我代表…政府."""
    behalf, governments = any_of(lexicon.words("report.on_behalf")), any_of(lexicon.words("report.governments"))
    found = re.search(f"(?:{behalf})(.{{1,20}}?)(?:{governments})", opening)
    return found[1] if found else ""


def _unknown_in(header: _Header, lexicon: Lexicon) -> str:
    """Return what looks like a place's name in title or meeting though the table has none such."""
    before = header.title
    for word in lexicon.words("report.titles"):
        before = before.partition(word)[0] if word in before else before
    meeting = _MEETING_ENDS.split(_meeting_name(header.meeting))[0]
    for text in (before, meeting):
        found = _NAME.search(_YEAR.sub("", text).removeprefix("年").replace("年", ""))
        if found is not None:
            return found[0]
    return ""


def _own_suffix(header: _Header, lexicon: Lexicon) -> str:
    """Return the last character of the place's name as the opening tells it (我代表市政府), empty where it does not."""
    last = _government(header.opening, lexicon)[-1:]
    return last if last in lexicon.words("report.place_endings") else ""


def _suffix_spoken_of(text: str, lexicon: Lexicon) -> str:
    """Return the last character of the place's name as the text speaks of it (全县, 我市), empty where it hardly is."""
    own = lexicon.words("report.own_words")
    spoken = Counter(
        {last: sum(text.count(word + last) for word in own) for last in lexicon.words("report.place_endings")}
    )
    suffix, count = max(spoken.items(), key=lambda entry: entry[1], default=("", 0))
    return suffix if count >= _SPOKEN_OF_ALONE else ""


def _from_text(table: Divisions, text: str, suffix: str, year: int, before: str) -> Division | None:
    """Return the place that a text speaks of most, with the places below it counted in."""
    sought = table.by_gram.keys() | table.of_two
    grams = {*filter(sought.__contains__, map(add, text, text[1:]))}
    text, joints = _where_a_word_begins(text, table.of_two & grams, before)
    grams |= joints
    scores: Counter[Division] = Counter()
    present = (pair for gram, pairs in table.by_gram.items() if gram in grams for pair in pairs)
    for stem, entries in present:
        count = text.count(stem)
        if count:
            for place in entries:
                if not suffix or place.name[-1] == suffix:
                    scores[place] += count if stem not in table.ordinary else 0
                    scores[place] += 2 * text.count(place.name)
    ranked: list[tuple[float, Division]] = []
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


def _where_a_word_begins(text: str, found: Collection[str], before: str) -> tuple[str, set[str]]:
    """Return a text without those names of two characters ``found`` in it that stand within other words.

    市政府和县委 tells of no 和县, 示范县 of no 范县. A name is left where no Chinese character stands before it, or one
    of ``before``: 保定市易县, 代表易县. Also return the pairs of characters that meet where one has gone.
    """
    if not found:
        return text, set()
    inside = re.compile(f"(?:{'|'.join(sorted(found))})(?<=[\u4e00-\u9fff]..)(?<![{before}]..)")
    joints = {name[0][0] + text[name.end() : name.end() + 1] for name in inside.finditer(text)}
    return inside.sub(lambda name: name[0][0], text), joints


# --- year --------------------------------------------------------------------------------------

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


@dataclass(frozen=True, slots=True)
class _Clue:
    year: int
    weight: float
    what: str


def _report_year(
    lines: Sequence[str], header: _Header, path: str, lexicon: Lexicon
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


def _year_clues(lines: Sequence[str], header: _Header, lexicon: Lexicon) -> Iterable[_Clue]:
    yield from _clues_of_header(header)
    yield from _clues_of_headings(lines, header, lexicon)
    yield from _clues_of_text(lines, lexicon)


def _clues_of_header(header: _Header) -> Iterable[_Clue]:
    title_years = _years(header.title)
    if title_years:
        yield _Clue(title_years[-1], _TITLE_YEAR, header.title)
    year, month, day = header.date
    if month:
        usual = month <= _FIRST_MONTHS or month >= _LAST_MONTHS
        weight = (_DATED if header.dated else _DATE_ALONE) if usual else _UNSURE_MONTH
        shown = f"{year}年{month}月{day}日" if day else f"{year}年{month}月"
        yield _Clue(year + (month >= _NEXT_YEAR), weight, shown)


def _clues_of_headings(lines: Sequence[str], header: _Header, lexicon: Lexicon) -> Iterable[_Clue]:
    for line in lines:
        if len(line) > 40 or line in header.titles or _ENDED.search(line.rstrip("：")):
            continue
        years = _years(line)
        if years and not _DATE.search(line):
            part = heading_part(line, lexicon)
            if part is not Part.OTHER:
                yield _Clue(years[-1] + (part is Part.REVIEW), _HEADING, line)


def _clues_of_text(lines: Sequence[str], lexicon: Lexicon) -> Iterable[_Clue]:
    coming_targets = lexicon.words("part.plan_cues") + lexicon.words("part.target_cues")
    review_cues = lexicon.words("part.review_cues")
    for line in lines:
        head = line[:60]
        found = _YEAR.search(head) if _ENDED.search(line) else None
        if found is None:
            continue
        year = _number(found[1])
        rest = head[found.end() + 1 : found.end() + 40]
        if any(word in rest for word in coming_targets) and f"到{found[1]}" not in head:
            yield _Clue(year, _PLANS, head[:20])
        elif found.start() <= 4 and any(word in head for word in review_cues):
            yield _Clue(year + 1, _LOOKS_BACK, head[:20])


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
