"""What a build has to know of every report, and reports of earlier builds that are read whole only where that is asked.

Of a thousand reports one is edited; of the others a build needs whose they are, how much was found in them and what the
places have in common, not their sentences. That is kept beside each report (:class:`Gist`), and a
:class:`KeptReport` stands for the report itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final, NamedTuple

from compiler.model import CompiledReport, Counts, Identity

_PARTS: Final = ("sentences", "facts", "completions", "passages", "uncovered", "refusals", "tasks")
"""The fields of a report that are read when one of them is asked for."""


class Gist(NamedTuple):
    """A report without what takes room, under the names that the report has for it."""

    source: str
    number: int
    identity: Identity
    span: tuple[int, int]
    figures: int
    digest: str
    fact_ids: tuple[str, ...]
    told: frozenset[str]
    words: tuple[str, ...]
    counts: Counts


def gist_of(report: CompiledReport) -> Gist:
    """Return what a build has to know of a report."""
    return Gist(
        report.source,
        report.number,
        report.identity,
        report.span,
        report.figures,
        report.digest,
        report.fact_ids,
        report.told,
        report.words,
        report.counts,
    )


class KeptReport(CompiledReport):
    """A report whose parts are read, all at once, when the first of them is asked for."""

    __slots__ = ("_gist", "_read")

    _gist: Gist
    _read: Callable[[], CompiledReport]

    def __new__(cls, *args: Any, **kwargs: Any) -> CompiledReport:  # type: ignore[misc]
        """Return a plain report: what is made of this one with other parts (``replace``) has all of them."""
        return CompiledReport(*args, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the plain report: what reads the parts stays in this process."""
        return CompiledReport, tuple([getattr(self, one.name) for one in fields(CompiledReport)])

    @classmethod
    def of(cls, gist: Gist, text: str, read: Callable[[], CompiledReport]) -> KeptReport:
        """Return the report that a gist tells of; ``read`` gives it whole."""
        made = object.__new__(cls)
        for name in ("source", "number", "identity", "span", "figures", "digest"):
            object.__setattr__(made, name, getattr(gist, name))
        for name, value in (("text", text), ("_gist", gist), ("_read", read)):
            object.__setattr__(made, name, value)
        return made

    def changed(self, change: Callable[[CompiledReport], CompiledReport]) -> KeptReport:
        """Return the report as ``change`` makes it when its parts are read; what a gist tells must stay."""
        return KeptReport.of(self._gist, self.text, lambda: change(self))

    def __getattr__(self, name: str) -> object:
        """Read the parts: Python asks here only for what is not there yet."""
        if name not in _PARTS:
            raise AttributeError(name)
        whole = self._read()
        for part in _PARTS:
            object.__setattr__(self, part, getattr(whole, part))
        return getattr(self, name)

    def __eq__(self, other: object) -> bool:
        """Tell whether another report, kept or not, is the same."""
        if not isinstance(other, CompiledReport):
            return NotImplemented
        names = [one.name for one in fields(CompiledReport) if one.compare]
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = CompiledReport.__hash__

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """The ids of the facts, in their order."""
        return self._gist.fact_ids

    @property
    def told(self) -> frozenset[str]:
        """The ids of the indicators that the report tells of or touches."""
        return self._gist.told

    @property
    def words(self) -> tuple[str, ...]:
        """The targets in words."""
        return self._gist.words

    @property
    def counts(self) -> Counts:
        """How much was found in the report."""
        return self._gist.counts
