"""Places beside one another: who leads, who trails, and by what. Only figures of one year, level, unit and kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final

from compiler.briefing.inline_marks import for_document
from compiler.briefing.rows import Viewer
from compiler.ledger.ranks import Ranked, measures_ranked, ranked
from compiler.model import CompiledReport, Fact, IndicatorRule, Measure


@dataclass(frozen=True, slots=True)
class Rank:
    """An indicator over the places of a build, by growth, amount or level (``basis``): this place, first and last."""

    name: str
    basis: str
    own: str
    own_cite: str
    rank: str
    of: str
    highest: str
    highest_place: str
    lowest: str
    lowest_place: str
    missing: str = ""
    id: str = ""
    growth: bool = False
    estimated: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


LEAST_RANKED: Final = 3
"""Places below which a rank says nothing of one of them."""

_MOST_NAMED: Final = 3

RANK_FIELDS: Final = tuple(one.name for one in fields(Rank) if one.name not in {"places", "estimated"})


@dataclass(frozen=True, slots=True)
class Ranking:
    """A rank as all places share it, and the ranked fact of each place."""

    shared: Rank
    ranked: Mapping[str, Ranked]


def peers_of(report: CompiledReport, reports: Sequence[CompiledReport]) -> list[CompiledReport]:
    """Return the reports that a report may be compared with, itself first: of its year and level, one a place."""
    own = report.identity
    found = {own.place: report}
    for one in reports:
        identity = one.identity
        if identity.place and (identity.report_year, identity.place_level) == (own.report_year, own.place_level):
            found.setdefault(identity.place, one)
    return [*found.values()]


def rankings(peers: Sequence[CompiledReport], viewer: Viewer) -> list[Ranking]:
    """Rank ``peers`` by each headline indicator: by growth and by amount; rates and shares by their level.

    A place whose figure was not found, is a bound, or is in doubt is named, never ranked.
    """
    tables = [(one.identity.place, viewer.results(one)) for one in peers]
    found: list[Ranking] = []
    for rule in viewer.headlines:
        facts = {place: table.get(rule.id, {}) for place, table in tables}
        every = [fact for own in facts.values() for fact in own.values()]
        for measure in sorted(measures_ranked(every, viewer.terms), key=(Measure.GROWTH, Measure.LEVEL).index):
            one = _ranking(rule, measure, {place: own.get(measure) for place, own in facts.items()}, viewer)
            if one is not None:
                found.append(one)
    return found


def ranks_of(place: str, listed: Sequence[Ranking], viewer: Viewer) -> list[Rank]:
    """Return the ranks of one place. Of two places one is always first: that is worth no line."""
    return [
        replace(
            one.shared,
            own=for_document(viewer.wording.phrase(own.fact)),
            own_cite=viewer.sources.of_fact(own.fact),
            rank=str(own.rank),
        )
        for one in listed
        if len(one.ranked) >= LEAST_RANKED and (own := one.ranked.get(place))
    ]


def _ranking(rule: IndicatorRule, measure: Measure, facts: Mapping[str, Fact | None], viewer: Viewer) -> Ranking | None:
    listed = ranked([fact for fact in facts.values() if fact is not None], measure, viewer.terms, rule.direction)
    if len(listed) < 2:
        return None
    say = viewer.wording
    best, worst = listed[0], listed[-1]
    rate = measure is Measure.LEVEL and best.fact.unit in viewer.level_units
    places = {one.fact.place: one.rank for one in listed}
    shared = Rank(
        name=rule.name,
        basis=say.word("basis_level" if rate else f"basis_{'growth' if measure is Measure.GROWTH else 'amount'}"),
        own="",
        own_cite="",
        rank="",
        of=str(len(listed)),
        highest=for_document(say.phrase(best.fact)),
        highest_place=_named([one.fact.place for one in listed if one.rank == best.rank], viewer),
        lowest=for_document(say.phrase(worst.fact)),
        lowest_place=_named([one.fact.place for one in listed if one.rank == worst.rank], viewer),
        missing=_named([place for place in facts if place not in places], viewer),
        id=rule.id,
        estimated=tuple(one.fact.place for one in listed if viewer.estimate(one.fact)),
        growth=measure is Measure.GROWTH,
        places=places,
    )
    return Ranking(shared, {one.fact.place: one for one in listed})


def _named(places: Sequence[str], viewer: Viewer) -> str:
    """Return places by name; of many the first two and how many they are: 云川市、临河市等13个地区."""
    if len(places) <= _MOST_NAMED:
        return "、".join(places)
    return "、".join(places[:2]) + viewer.wording.word("more_places").replace("{count}", str(len(places)))
