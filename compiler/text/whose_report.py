"""Whose report a text is: what title, meeting, opening, office, file name and text say, weighed.

Every source of evidence names candidates and has a weight; the candidate with the most weight wins. Clues that
contradict what was chosen are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compiler.model import Issue, Lexicon
from compiler.strings import any_of
from compiler.text.header import MEETING_ENDS, YEAR, Header, meeting_name
from compiler.text.place_names import NATION, choose, meant_by, most_spoken_of, namesakes
from compiler.text.places import Division, Divisions, all_divisions
from compiler.text.spoken_of import place_spoken_of, suffix_spoken_of

_FILE_CODE = re.compile(r"(?<!\d)([1-6]\d{5})(?!\d)")

_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:特别行政区|自治[区州县旗]|地区|[省市县区州盟旗镇乡])")


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
class FoundPlace:
    """The place of a report, with its entry in the table, how sure it is (percent) and what is to be told."""

    name: str
    place: Division | None = None
    sure: int = 0
    issues: tuple[Issue, ...] = ()


def place_said(name: str, year: int) -> FoundPlace:
    """Return the place that a person calls ``name``: one of the table, else the name as it is written."""
    if name == NATION:
        return FoundPlace(NATION, sure=100)
    table = all_divisions()
    candidates = meant_by(table, name, year)
    if not candidates:
        return FoundPlace(name, None, 100, (Issue("I406", {"place": name}),))
    place = table.as_of(table.best(candidates, year), year)
    return FoundPlace(table.full_name(place, year), place, 100)


def find_place(text: str, header: Header, path: str, year: int, lexicon: Lexicon) -> FoundPlace:
    """Weigh all that names a place."""
    if _is_nation(header, path, lexicon):
        return FoundPlace(NATION, sure=100)
    table = all_divisions()
    suffix = _own_suffix(header, lexicon) or suffix_spoken_of(text, lexicon)
    stated = [clue for clue in _stated(table, header, year, lexicon) if clue.candidates]
    from_file = _from_file(table, path, year)
    if not stated:
        unknown = _unknown_in(header, lexicon)
        if unknown:
            return FoundPlace(unknown, None, 50, (Issue("I406", {"place": unknown}),))
    clues = [*stated, *([from_file] if from_file.candidates else [])]
    if sum(clue.weight for clue in clues) < _MEETING or _disagree(clues):
        before = "".join(word[-1] for word in lexicon.words("report.place_endings") + lexicon.words("report.on_behalf"))
        spoken_of = place_spoken_of(table, text, suffix, year, before)
        if spoken_of is not None:
            clues.append(_PlaceClue("正文", tuple(table.by_name[spoken_of.name]), _TEXT))
    if not clues:
        return FoundPlace("", issues=(Issue("I401"),))
    return _weigh(table, clues, suffix, text, year, bool(stated))


def of_town(found: FoundPlace, header: Header, lexicon: Lexicon) -> FoundPlace:
    """Return the town within the place found where title or meeting are a town's: its figures are no district's."""
    towns, of = any_of(lexicon.words("report.towns")), any_of(lexicon.words("report.governments"))
    for line in (*reversed(header.titles), header.meeting):
        before = MEETING_ENDS.split(meeting_name(line))[0]
        for word in lexicon.words("report.titles"):
            before = before.partition(word)[0]
        rest = before.rpartition(found.place.name)[2] if found.place is not None else before
        named = re.match(f"([\u4e00-\u9fff]{{1,7}}(?:{towns}))(?:{of})?(?:\\d{{4}}年)?$", rest)
        if named is not None and not found.name.endswith(named[1]):
            name = found.name + named[1]
            return FoundPlace(name, None, found.sure, (*found.issues, Issue("I406", {"place": name})))
    return found


def of_zone(found: FoundPlace, header: Header, lexicon: Lexicon) -> FoundPlace:
    """Return the zone whose own committee reports, where the title says so: 兰州新区管委会工作报告 is no city's."""
    zones, committees = any_of(lexicon.words("guard.scope_below")), any_of(lexicon.words("report.committees"))
    named = re.compile(f"([\u4e00-\u9fff]{{2,20}}(?:{zones}))(?:\\d{{4}}年)?(?:{committees})")
    for line in reversed(header.titles):
        match = named.match(line)
        if match is None or match[1] == found.name:
            continue
        within = found.place is not None and not match[1].startswith(found.place.name[:2])
        name = found.name + match[1] if within else match[1]
        return FoundPlace(name, None, found.sure, (*found.issues, Issue("I406", {"place": name})))
    return found


def _is_nation(header: Header, path: str, lexicon: Lexicon) -> bool:
    """Tell whether it is the State Council's report: before the national congress, or on its behalf."""
    nation = lexicon.words("report.nation")
    if any(word in line for word in nation for line in (header.meeting, *header.titles, path)):
        return True
    council, behalf = any_of(nation), any_of(lexicon.words("report.on_behalf"))
    return re.search(f"(?:{behalf})(?:{council})", header.opening) is not None


def _stated(table: Divisions, header: Header, year: int, lexicon: Lexicon) -> Iterable[_PlaceClue]:
    """Yield what the lines above the report and its opening say."""
    titles: dict[tuple[Division, ...], str] = {}
    for title in header.titles:
        before = title
        for word in lexicon.words("report.titles"):
            before = before.partition(word)[0] if word in before else before
        candidates = tuple(meant_by(table, before, year))
        if candidates:
            titles.setdefault(candidates, title)
    for position, (candidates, title) in enumerate(titles.items()):
        # The last is the report's own, those above it the page's.
        yield _PlaceClue(title, candidates, _TITLE if position == len(titles) - 1 else _FILE)
    meeting = MEETING_ENDS.split(meeting_name(header.meeting))[0]
    yield _PlaceClue(header.meeting, tuple(meant_by(table, meeting, year)), _MEETING)
    government = _government(header.opening, lexicon)
    yield _PlaceClue(header.opening[:20], tuple(meant_by(table, government, year)), _OPENING)
    for said in (header.office, header.told):
        yield _PlaceClue(said, tuple(meant_by(table, said, year)), _OFFICE)


def _from_file(table: Divisions, path: str, year: int) -> _PlaceClue:
    """Return what the name of the file says: a division's code, or names of places, the most specific last."""
    for code in _FILE_CODE.findall(path):
        entries = table.by_code.get(int(code))
        if entries:
            return _PlaceClue("文件名", tuple(entries), _CODE)
    return _PlaceClue("文件名", tuple(meant_by(table, path.rsplit(".", 1)[0], year)), _FILE)


def _disagree(clues: Sequence[_PlaceClue]) -> bool:
    """Tell whether no place fits all clues."""
    common = set(clues[0].candidates) if clues else set()
    for clue in clues[1:]:
        common &= set(clue.candidates)
    return len(clues) > 1 and not common


def _weigh(
    table: Divisions, clues: Sequence[_PlaceClue], suffix: str, text: str, year: int, stated: bool
) -> FoundPlace:
    """Return the candidate for which most weight speaks, as it was called in ``year``."""
    candidates = list(dict.fromkeys(place for clue in clues for place in clue.candidates))
    scores = {place: _score(table, place, clues, suffix, year) for place in candidates}
    most = max(scores.values())
    meant = most_spoken_of(table, [place for place in candidates if scores[place] == most], text)
    best = table.best(meant, year)
    supporting = [clue for clue in clues if _support(table, best, clue) >= _INSIDE]
    weight = sum(clue.weight * _support(table, best, clue) for clue in clues)
    against = sum(clue.weight for clue in clues if clue not in supporting)
    sure = round(100 * min(1.0, weight / _ENOUGH) * weight / (weight + against)) if weight else 0
    others = namesakes(table, best, meant, year)
    if others:
        names = "、".join(table.full_name(table.as_of(one, year), year) for one in (best, *others))
        fields = {"place": best.name, "count": str(len(others) + 1), "names": names}
        return FoundPlace(best.name, None, min(sure, _UNDECIDED), (Issue("I412", fields),))
    place = table.as_of(best, year)
    full = table.full_name(place, year)
    issues: list[Issue] = []
    contradicting = [clue for clue in clues if clue not in supporting and clue.what != "正文"]
    if not stated:
        how = next((clue.what for clue in supporting if clue.what != "正文"), "正文")
        issues.append(Issue("I404", {"clue": how, "place": full}))
    for clue in contradicting:
        said = table.full_name(choose(table, clue.candidates, text, year), year)
        if clue.what == "文件名":
            issues.append(Issue("I407", {"said": said, "place": full}))
        elif not any(issue.code == "I405" for issue in issues):
            issues.append(Issue("I405", {"clues": f"{full}、{said}", "place": full}))
    return FoundPlace(full, place, sure, tuple(issues))


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


def _government(opening: str, lexicon: Lexicon) -> str:
    """Return the words of an opening that name the government: 我代表…政府."""
    behalf, governments = any_of(lexicon.words("report.on_behalf")), any_of(lexicon.words("report.governments"))
    found = re.search(f"(?:{behalf})(.{{1,20}}?)(?:{governments})", opening)
    return found[1] if found else ""


def _unknown_in(header: Header, lexicon: Lexicon) -> str:
    """Return what looks like a place's name in title or meeting though the table has none such."""
    before = header.title
    for word in lexicon.words("report.titles"):
        before = before.partition(word)[0] if word in before else before
    meeting = MEETING_ENDS.split(meeting_name(header.meeting))[0]
    for text in (before, meeting):
        found = _NAME.search(YEAR.sub("", text).removeprefix("年").replace("年", ""))
        if found is not None:
            return found[0]
    return ""


def _own_suffix(header: Header, lexicon: Lexicon) -> str:
    """Return the last character of the place's name as the opening tells it (我代表市政府), empty where it does not."""
    last = _government(header.opening, lexicon)[-1:]
    return last if last in lexicon.words("report.place_endings") else ""
