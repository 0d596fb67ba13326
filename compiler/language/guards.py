"""What keeps a figure from an indicator: each guard declared once.

A declaration gives the message that explains the guard, the word lists that raise or feed it, the keys of a rule that
decide with it, and how long it lasts once raised. :mod:`compiler.language.fold` keeps what is raised.

A guard that is raised by words alone needs its declaration here, its list among those of
:mod:`compiler.rules.lexicon_keys`, its words in ``rules/lexicon.yaml`` and its wording in
``compiler/messages/explain.yaml``; then ``python -m compiler.app.generated_pages`` writes the pages and schemas anew.
Its declaration is two: a member of :class:`Guard` and its :class:`Declaration`, whose ``raised_by`` names the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Lasts(StrEnum):
    """How long something holds that a word has raised."""

    FIGURE = "figure"  # to the next figure
    CLAUSE = "clause"  # to the comma
    SEMICOLON = "semicolon"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    PART = "part"


class Guard(StrEnum):
    """Why a figure was refused."""

    SCOPE = "scope"
    YEAR = "year"
    PERIOD_SHORT = "period_short"
    PERIOD_LONG = "period_long"
    AVERAGE = "average"
    BASE_YEAR = "base_year"
    FROM = "from"
    CAPACITY = "capacity"
    CAUSED = "caused"
    SECOND_GROWTH = "second_growth"
    NEW_SUBJECT = "new_subject"
    OLD_TARGET = "old_target"
    COMPARISON = "comparison"
    EXCLUDE = "exclude"
    PART = "part"
    STANDARD = "standard"
    UNIT = "unit"
    MEASURE = "measure"
    SUFFIX = "suffix"
    FAR = "far"
    COUNT = "count"
    SHARE = "share"
    ADDED = "added"
    NO_DIRECTION = "no_direction"
    CHANGE = "change"
    NO_PART = "no_part"
    OTHER_NAME = "other_name"
    JOIN = "join"
    COMMA = "comma"
    SEMICOLON = "semicolon"
    WORDS_RESULT = "words_result"
    SHARE_OF_PLAN = "share_of_plan"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A guard: the code of its message, its word lists, the rule keys that decide with it, its lifetime.

    ``raised_by`` is the list of the lexicon whose words raise the guard wherever they stand before a figure; such a
    guard lasts as ``lasts`` says. Guards without it are found where a figure is read. ``tells_list`` is set where the
    words of its lists are worth naming even when the refusing word is none of them.
    """

    code: str
    lists: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    lasts: Lasts = Lasts.FIGURE
    raised_by: str = ""
    tells_list: bool = False
    spares_growth: bool = False  # a growth told with the name itself counts all the same: 带动固定资产投资增长11%
    sticks: bool = False  # what is refused for its name is refused to the figures that follow without a name


_SCOPE_LISTS = ("guard.scope_below", "guard.scope_body", "guard.scope_above", "guard.scope_own", "guard.place_suffixes")

GUARDS: Mapping[Guard, Declaration] = MappingProxyType(
    {
        Guard.SCOPE: Declaration("G101", _SCOPE_LISTS, lasts=Lasts.SENTENCE, sticks=True),
        Guard.YEAR: Declaration("G102", lasts=Lasts.SENTENCE),
        Guard.PERIOD_SHORT: Declaration("G103", ("guard.period_short",), lasts=Lasts.SEMICOLON),
        Guard.PERIOD_LONG: Declaration(
            "G104", ("guard.period_long", "part.span_review_cues", "part.span_plan_cues"), ("over_years",)
        ),
        Guard.AVERAGE: Declaration(
            "G105",
            ("guard.average", "guard.cumulative"),
            lasts=Lasts.CLAUSE,
            raised_by="guard.average",
            tells_list=True,
        ),
        Guard.BASE_YEAR: Declaration("G106", lasts=Lasts.CLAUSE),
        Guard.FROM: Declaration("G125", ("glue.from",)),
        Guard.CAPACITY: Declaration("G128", ("guard.capacity",), lasts=Lasts.CLAUSE, raised_by="guard.capacity"),
        Guard.CAUSED: Declaration(
            "G129",
            ("guard.caused",),
            lasts=Lasts.CLAUSE,
            raised_by="guard.caused",
            spares_growth=True,
            sticks=True,
        ),
        Guard.SECOND_GROWTH: Declaration("G127"),
        Guard.NEW_SUBJECT: Declaration("G121"),
        Guard.OLD_TARGET: Declaration(
            "G108",
            ("guard.old_target", "guard.told_target"),
            lasts=Lasts.CLAUSE,
            raised_by="guard.told_target",
        ),
        Guard.COMPARISON: Declaration(
            "G109",
            (
                "guard.comparison",
                "guard.gap",
                "guard.compared_with",
                "completion.below_target",
                "completion.above_target",
            ),
        ),
        Guard.EXCLUDE: Declaration("G110", keys=("exclude",)),
        Guard.PART: Declaration("G111", ("guard.part_prefix",)),
        Guard.STANDARD: Declaration("G131", ("guard.standard", "guard.threshold_of")),
        Guard.UNIT: Declaration("G112", keys=("unit", "other_units", "not_units", "measures")),
        Guard.MEASURE: Declaration("G126", keys=("measures",)),
        Guard.SUFFIX: Declaration("G113", ("glue.suffixes", "glue.verbs"), ("aliases",), tells_list=True),
        Guard.FAR: Declaration("G114", ("glue.verbs", "glue.adverbs"), ("phrases",), tells_list=True),
        Guard.COUNT: Declaration("G115", keys=("phrases",)),
        Guard.SHARE: Declaration("G116", ("guard.share",)),
        Guard.ADDED: Declaration("G117", ("guard.added",)),
        Guard.NO_DIRECTION: Declaration("G118", ("direction.up", "direction.down"), tells_list=True),
        Guard.CHANGE: Declaration("G119", keys=("measures",)),
        Guard.NO_PART: Declaration("G120", ("part.review_headings", "part.plan_headings"), tells_list=True),
        Guard.OTHER_NAME: Declaration("G121", keys=("phrases",)),
        Guard.JOIN: Declaration("G122", keys=("phrases",)),
        Guard.COMMA: Declaration("G122", keys=("phrases",)),
        Guard.SEMICOLON: Declaration("G122", keys=("phrases",)),
        Guard.WORDS_RESULT: Declaration("G123"),
        Guard.LOOSE: Declaration("G132", keys=("aliases",)),
        Guard.SHARE_OF_PLAN: Declaration("G124", ("completion.share_of_plan",)),
    }
)
"""Every guard with its declaration."""

RAISED: Mapping[str, Guard] = MappingProxyType(
    {declared.raised_by: guard for guard, declared in GUARDS.items() if declared.raised_by}
)
"""The guards that the words of a list raise, by the list's name."""
