"""Whose report a text is and of which year: from title, meeting, opening, file name, or the text itself.

What is stated within the report weighs more than the title of a page, and that more than the name of a file. How much
of all the weight speaks for what was chosen is :attr:`Identity.sure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from compiler.model import ByHand, Identity, Issue, Lexicon, Normalised, ReportText
from compiler.text.documents import document_kind
from compiler.text.header import Header, meeting_name, read_header
from compiler.text.place_names import NATION
from compiler.text.places import COUNTY, PREFECTURE, PROVINCE, Division, Divisions, all_divisions
from compiler.text.which_year import report_year
from compiler.text.whose_report import find_place, of_town, of_zone, place_said

_NATION_LEVEL = "国家"

NOTHING_SAID = ByHand()


def identify(
    normalised: Normalised, report: ReportText, path: str, lexicon: Lexicon, said: ByHand = NOTHING_SAID
) -> tuple[Identity, tuple[Issue, ...]]:
    """Return the identity of a report and what is unsure about it; ``said`` by a person overrides all clues."""
    text = normalised.text[report.start : report.end]
    lines = [line for line in text.split("\n") if line]
    header = read_header(lines, lexicon)
    year, year_sure, year_issues = (said.year, 100, ()) if said.year else report_year(lines, header, path, lexicon)
    found = (
        place_said(said.place, year)
        if said.place
        else of_zone(of_town(find_place(text, header, path, year, lexicon), header, lexicon), header, lexicon)
    )
    place, name = found.place, found.name
    level = _NATION_LEVEL if name == NATION else place.level if place is not None else _level_of_name(name)
    children: tuple[str, ...] = ()
    table = all_divisions()
    if name == NATION:
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
            meeting=meeting_name(header.meeting),
            date=f"{year_:04d}-{month:02d}-{day:02d}" if day else f"{year_:04d}-{month:02d}" if month else "",
            speaker=header.speaker,
            children=children,
            sure=min(found.sure, year_sure),
            also=_also_called(header, name, lexicon),
            document=document_kind(text, path, lexicon),
        ),
        (*found.issues, *year_issues),
    )


def _also_called(header: Header, name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of zones (新区, 开发区) that the titles call the place by."""
    zones = "|".join(map(re.escape, sorted(lexicon.words("guard.scope_below"), key=len, reverse=True))) or "(?!)"
    named = re.compile(f"[\u4e00-\u9fff]{{2,10}}?(?:{zones})(?=\\d|年|人民|管|政府)")
    found = (named.match(title) for title in header.titles)
    return tuple(dict.fromkeys(match[0] for match in found if match is not None and match[0] != name))


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
