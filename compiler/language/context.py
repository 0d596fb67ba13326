"""What the words of a report say of scope, period and role, as it holds at one token.

A guard keeps a figure that is somebody else's (a county, the nation), of another period (a quarter, five years, 2020)
or of another role (last year's target) out of the facts. Each thing raised says how long it lasts;
:mod:`compiler.language.fold` carries it across clauses, sentences and paragraphs alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from compiler.language.guards import Guard, Lasts
from compiler.language.periods import Period, PeriodKind
from compiler.language.scopes import Scopes, scopes_of
from compiler.model import Identity, Lexicon, Part


class Role(Enum):
    """Whether the words turn from results to targets or back, against the part that they stand in."""

    NONE = auto()
    ACHIEVED = auto()  # 去年…, in the plan: last year's result
    BASE = auto()  # 在去年…的基础上
    PLANNED = auto()  # 今年将…, in the review: this year's target


class Scope(NamedTuple):
    """Whose figures follow where they are not the report's own; ``named`` once an indicator has been named for them."""

    word: str
    body: bool = False  # an enterprise or the like: it ends with its clause
    named: bool = False
    topic: bool = False  # set apart by a mark: 高新区：…
    figured: bool = False  # a figure has been told of it
    told: bool = False  # … of an indicator
    group: bool = False  # each of several places (12县区均…), or 其中 one: it ends with the semicolon
    firm: bool = False  # one enterprise by its name: its figures go on over commas
    event: bool = False  # a festival or fair: it ends with the semicolon and where the year is taken up
    place: bool = False  # a county or the like by its name, no zone
    crossed: bool = False  # … and a comma has been crossed since
    waits: bool = False  # it opens its sentence and something else is told of it: figures that a verb leads are its own


class Raised(NamedTuple):
    """A guard that is up, with the word that raised it."""

    guard: Guard
    word: str
    lasts: Lasts


class Context(NamedTuple):
    """What holds at a token. The last of ``periods`` decides; ``base_year`` is the year a growth is told against."""

    scope: Scope | None = None
    periods: tuple[Period, ...] = ()
    raised: tuple[Raised, ...] = ()
    base_year: int = 0
    base_lasts: Lasts = Lasts.CLAUSE
    role: Role = Role.NONE
    role_lasts: Lasts = Lasts.SEMICOLON
    status: str = ""
    status_lasts: Lasts = Lasts.SEMICOLON
    targets: bool = False  # the paragraph states targets of the coming year
    span: Period | None = None  # the several years named last in the sentence: what is summed up is theirs
    summed: str = ""  # 累计, 共计: what follows in the clause is a sum
    averaged_over: Period | None = None  # the years of a yearly average where none are open: since a base year told

    @property
    def averaged(self) -> bool:
        """Whether the figure is a yearly average."""
        return self.up(Guard.AVERAGE) is not None

    @property
    def period(self) -> Period | None:
        """The period that holds."""
        return self.periods[-1] if self.periods else None

    def up(self, guard: Guard) -> Raised | None:
        """Return the guard where it is raised."""
        for raised in self.raised:
            if raised.guard is guard:
                return raised
        return None

    def raising(self, guard: Guard, word: str, lasts: Lasts) -> Context:
        """Return the context with a guard raised anew."""
        others = tuple(raised for raised in self.raised if raised.guard is not guard)
        return self._replace(raised=(*others, Raised(guard, word, lasts)))

    def opening(self, period: Period) -> Context:
        """Return the context in which ``period`` holds; it takes the place of one of the same kind and lifetime."""
        kept = tuple(p for p in self.periods if (p.kind, p.lasts) != (period.kind, period.lasts))
        return self._replace(periods=(*kept, period))

    def of_one_year(self) -> Context:
        """Return the context after a word that returns to the year: spans and parts of a year are over."""
        return self._replace(periods=tuple(p for p in self.periods if p.kind is PeriodKind.YEAR))

    def _ends(self, ended: Sequence[Lasts]) -> bool:
        """Tell whether anything that holds lasts no longer than the given lifetimes."""
        return (
            (self.periods != () and any(period.lasts in ended for period in self.periods))
            or (self.raised != () and any(raised.lasts in ended for raised in self.raised))
            or (self.base_year != 0 and self.base_lasts in ended)
            or (self.role is not Role.NONE and self.role_lasts in ended)
            or (bool(self.summed) and Lasts.CLAUSE in ended)
        )

    def past(self, *ended: Lasts) -> Context:
        """Return the context without what lasts no longer than the given lifetimes."""
        if not self._ends(ended):
            return self
        return self._replace(
            periods=tuple(p for p in self.periods if p.lasts not in ended),
            raised=tuple(raised for raised in self.raised if raised.lasts not in ended),
            base_year=0 if self.base_lasts in ended else self.base_year,
            role=Role.NONE if self.role_lasts in ended else self.role,
            summed="" if Lasts.CLAUSE in ended else self.summed,
        )


class Standpoint(NamedTuple):
    """Whose report a sentence stands in, and in which part of it."""

    identity: Identity
    scopes: Scopes
    part: Part
    lexicon: Lexicon
    opens: bool  # the sentence is the first of its paragraph
    planned: bool  # the part tells what is to come
    own_year: int  # the year that figures of the part are about


def standpoint_of(identity: Identity, part: Part, lexicon: Lexicon, *, opens: bool) -> Standpoint:
    """Return the standpoint of the sentences of a part, those that open a paragraph or those that do not."""
    planned = part in (Part.PLAN, Part.PLAN_SPAN)
    own_year = identity.report_year if planned else identity.report_year - 1
    return Standpoint(identity, scopes_of(identity, lexicon), part, lexicon, opens, planned, own_year)
