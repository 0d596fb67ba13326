"""What a build has to know of every report, and reports of earlier builds that are read whole only where that is asked.

Of a thousand reports one is edited; of the others a build needs whose they are, how much was found in them and what the
places have in common, not their sentences. That is kept beside each report (:class:`Gist`), and a
:class:`KeptReport` stands for the report itself. So it does for one just compiled: its figures are at hand, the rest
is packed (:func:`packed`) until somebody asks for it.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from compiler.model import CompiledReport, Counts, Fact, Identity

_PARTS: Final = ("sentences", "facts", "completions", "passages", "uncovered", "refusals", "tasks")
"""The fields of a report that are read when one of them is asked for."""

_AT_HAND: Final = ("facts", "completions")
"""Those of a report just compiled that are not packed: places are joined by them, and they are small."""

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


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
    if isinstance(report, KeptReport):
        return report.gist
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


class PackedReport(NamedTuple):
    """A report on its way from one process to another, without its text: what is at hand, and the rest in few bytes."""

    gist: Gist
    at_hand: dict[str, Any]
    rest: bytes

    def report(self, text: str) -> KeptReport:
        """Return the report, whose file has this text."""
        return KeptReport.of(self.gist, text, partial(_unpacked, self.rest), self.at_hand)


def packed(report: CompiledReport) -> PackedReport:
    """Return a report as it is sent, and held in memory."""
    at_hand = {name: getattr(report, name) for name in _AT_HAND}
    rest = replace(report, text="", facts=(), completions=())
    return PackedReport(gist_of(report), at_hand, zlib.compress(pickle.dumps(rest, pickle.HIGHEST_PROTOCOL), 1))


def _unpacked(rest: bytes) -> CompiledReport:
    report: CompiledReport = pickle.loads(zlib.decompress(rest))
    return report


class KeptReport(CompiledReport):
    """A report whose parts are read, all at once, when the first of them is asked for."""

    __slots__ = ("_at_hand", "_gist", "_read")

    _gist: Gist
    _read: Callable[[], CompiledReport]
    _at_hand: Mapping[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> CompiledReport:  # type: ignore[misc]
        """Return a plain report: what is made of this one with other parts (``replace``) has all of them."""
        return CompiledReport(*args, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the plain report: what reads the parts stays in this process."""
        return CompiledReport, tuple([getattr(self, one.name) for one in fields(CompiledReport)])

    @classmethod
    def of(
        cls, gist: Gist, text: str, read: Callable[[], CompiledReport], at_hand: Mapping[str, Any] = _NONE
    ) -> KeptReport:
        """Return the report that a gist tells of; ``read`` gives it whole, but for the parts ``at_hand``."""
        made = object.__new__(cls)
        for name in ("source", "number", "identity", "span", "figures", "digest"):
            object.__setattr__(made, name, getattr(gist, name))
        for name, value in (("text", text), ("_gist", gist), ("_read", read), ("_at_hand", at_hand), *at_hand.items()):
            object.__setattr__(made, name, value)
        return made

    def changed(self, change: Callable[[CompiledReport], CompiledReport]) -> KeptReport:
        """Return the report as ``change`` makes it when its parts are read; what a gist tells must stay."""
        return KeptReport.of(self._gist, self.text, lambda: change(self), self._at_hand)

    def with_facts(self, facts: tuple[Fact, ...]) -> KeptReport:
        """Return the report with its facts as they are now; what a gist tells of them must stay."""
        return KeptReport.of(self._gist, self.text, self._read, {**self._at_hand, "facts": facts})

    @property
    def gist(self) -> Gist:
        """What a build has to know of the report."""
        return self._gist

    def let_go(self) -> None:
        """Forget the parts that were read; they are read again where somebody asks for them."""
        for name in _PARTS:
            if name not in self._at_hand:
                with suppress(AttributeError):  # nobody has asked for them
                    object.__delattr__(self, name)

    def __getattr__(self, name: str) -> object:
        """Read the parts: Python asks here only for what is not there yet."""
        if name not in _PARTS:
            raise AttributeError(name)
        whole = self._read()
        if isinstance(whole, KeptReport) and name in whole._at_hand:
            parts: tuple[str, ...] = (name,)  # the others may lie elsewhere
        else:
            parts = tuple([part for part in _PARTS if part not in self._at_hand])
        for part in parts:
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


def let_go(report: CompiledReport) -> None:
    """Forget the parts of a report that can be read again."""
    if isinstance(report, KeptReport):
        report.let_go()


def with_facts(report: CompiledReport, facts: tuple[Fact, ...]) -> CompiledReport:
    """Return a report with its facts as they are now: the same figures, of which other things are known."""
    return report.with_facts(facts) if isinstance(report, KeptReport) else replace(report, facts=facts)
