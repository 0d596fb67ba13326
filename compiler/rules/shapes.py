"""The shapes that a value of a rule file can have, and the reading of nodes into them.

A shape is data: :mod:`compiler.rules.keys` describes every key with one, and this module's
:class:`Reader` turns nodes into values by it. The same shapes give the JSON Schema and the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most ``longest`` characters. ``form`` is "", id, name, sentence, wording, code or colour.

    A wording may hold ``{slots}`` that are filled in later, and no other. ``empty`` tells that it may be left empty,
    ``single`` that a name names one thing: 甲、乙 are two of them.
    """

    longest: int = 200
    form: str = ""
    slots: tuple[str, ...] = ()
    empty: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``low`` to ``high``."""

    low: int = 0
    high: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact decimal number that is not negative."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Two numbers written ``1..60000``; whole and not negative where ``whole`` is set."""

    whole: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words; each with what it means in Chinese. ``kind`` is the enumeration that they belong to."""

    choices: tuple[tuple[str, str], ...]
    kind: type[StrEnum] | None = None

    def words(self) -> tuple[str, ...]:
        """Return the words alone."""
        return tuple(word for word, _ in self.choices)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list. ``unique`` tells that a repeated item is a slip; a ``lenient`` one loses only the items that fail.

    What is looked for in texts is kept ``longest_first``.
    """

    item: Shape
    unique: bool = True
    lenient: bool = False
    longest_first: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. An ``open`` one keeps unknown keys, with a warning."""

    keys: tuple[Key, ...]
    open: bool = False

    def key(self, name: str) -> Key | None:
        """Return the key called ``name``."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from any of the choices of ``key`` (any text where it is None) to ``value``."""

    key: OneOf | None
    value: Shape


@dataclass(frozen=True, slots=True)
class Either:
    """A text, or a mapping where more has to be said (or a list instead of the mapping)."""

    text: Text | OneOf
    other: Shape


Shape = Text | Flag | Whole | Figure | Interval | OneOf | ListOf | Record | MapOf | Either


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it is called, what its value looks like, what it is for (in Chinese).

    ``example`` is YAML as one would write it after the colon; ``default`` says in Chinese what holds
    without the key. A ``rare`` key stands apart in the tables of keys.
    """

    name: str
    shape: Shape
    title: str
    about: str
    example: str = ""
    default: str = ""
    required: bool = False
    rare: bool = False


def records(path: str, shape: Shape) -> Iterator[tuple[str, tuple[Key, ...]]]:
    """Yield every mapping of a file with the path to it."""
    if isinstance(shape, Record):
        yield path, shape.keys
        for key in shape.keys:
            yield from records(f"{path}.{key.name}" if path else key.name, key.shape)
    elif isinstance(shape, ListOf):
        yield from records(path, shape.item)
    elif isinstance(shape, Either):
        yield from records(path, shape.other)
    elif isinstance(shape, MapOf):
        yield from records(path, shape.value)
