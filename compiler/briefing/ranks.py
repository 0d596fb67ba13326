"""Places beside one another: who leads, who trails, and by what. Only figures of one year, level, unit and kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from compiler.briefing.marks import clean
from compiler.briefing.rows import Viewer, by_measure
from compiler.ledger.ranks import measures_ranked, ranked
from compiler.model import CompiledReport, Fact, IndicatorRule, Kind, Measure


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
    places: Mapping[str, int] = field(default_factory=dict)


RANK_FIELDS: Final = tuple(one.name for one in fields(Rank) if one.name != "places")


def peers_of(report: CompiledReport, reports: Sequence[CompiledReport]) -> list[CompiledReport]:
    """Return the reports that a report may be compared with, itself first: of its year and level, one a place."""
    own = report.identity
    found = {own.place: report}
    for one in reports:
        identity = one.identity
        if identity.place and (identity.report_year, identity.place_level) == (own.report_year, own.place_level):
            found.setdefault(identity.place, one)
    return [*found.values()]


def ranks(report: CompiledReport | None, peers: Sequence[CompiledReport], viewer: Viewer) -> list[Rank]:
    """Return each headline indicator over ``peers``, by growth and by amount; rates and shares by their level.

    A place whose figure was not found, is a bound, or is in doubt is named, never ranked.
    """
    tables = {id(one): {line.indicator_id: line for line in viewer.lines(one)} for one in peers}
    found: list[Rank] = []
    for rule in viewer.headlines:
        facts: dict[str, dict[Measure, Fact]] = {}
        for peer in peers:
            line = tables[id(peer)].get(rule.id)
            facts[peer.identity.place] = by_measure(line.past, Kind.RESULT) if line else {}
        every = [fact for own in facts.values() for fact in own.values()]
        for measure in sorted(measures_ranked(every, viewer.terms), key=(Measure.GROWTH, Measure.LEVEL).index):
            rank = _rank(report, rule, measure, {place: own.get(measure) for place, own in facts.items()}, viewer)
            if rank is not None:
                found.append(rank)
    return found


def _rank(
    report: CompiledReport | None,
    rule: IndicatorRule,
    measure: Measure,
    facts: Mapping[str, Fact | None],
    viewer: Viewer,
) -> Rank | None:
    listed = ranked([fact for fact in facts.values() if fact is not None], measure, rule.direction)
    own_place = report.identity.place if report is not None else ""
    own = next((one for one in listed if one.fact.place == own_place), None)
    # Of two places one is always first: that is worth no line in the briefing of one of them.
    if len(listed) < (2 if report is None else 3) or (report is not None and own is None):
        return None
    say = viewer.wording
    best, worst = listed[0], listed[-1]
    rate = measure is Measure.LEVEL and best.fact.unit in viewer.level_units
    places = {one.fact.place: one.rank for one in listed}
    return Rank(
        name=rule.name,
        basis=say.word("basis_level" if rate else f"basis_{'growth' if measure is Measure.GROWTH else 'amount'}"),
        own=clean(say.phrase(own.fact)) if own else "",
        own_cite=viewer.sources.of_fact(own.fact) if own else "",
        rank=str(own.rank) if own else "",
        of=str(len(listed)),
        highest=clean(say.phrase(best.fact)),
        highest_place="、".join(one.fact.place for one in listed if one.rank == best.rank),
        lowest=clean(say.phrase(worst.fact)),
        lowest_place="、".join(one.fact.place for one in listed if one.rank == worst.rank),
        missing="、".join(place for place in facts if place not in places),
        id=rule.id,
        growth=measure is Measure.GROWTH,
        places=places,
    )
