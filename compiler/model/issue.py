"""What a user should know, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compiler.model.pickled import pickled_by_slots


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: 1-based line and column, the length of what is meant, and the lines around it."""

    path: str
    line: int = 0
    column: int = 0
    length: int = 1
    frame: tuple[tuple[int, str], ...] = ()


@pickled_by_slots
@dataclass(frozen=True, slots=True)
class Issue:
    """Something a user should know. ``code`` selects the wording (see ``issues.py``); ``fields`` fill it.

    ``where`` points into a rule, template or input file. ``source``, ``report``, ``start`` and ``end``
    (source offsets) point into a report; ``indicator`` is an indicator's name; ``facts`` are fact ids.
    """

    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    where: Location | None = None
    source: str = ""
    report: int = 0
    start: int = -1
    end: int = -1
    place: str = ""
    indicator: str = ""
    facts: tuple[str, ...] = ()
