"""Tables written piece by piece: what of the last build's table follows from the same is copied from there.

A table is a head and a piece for each place or report. How long its pieces are is kept in the cache, under a hash of
what all of them were made of; the file itself holds their bytes. One that somebody has touched, or that another build
wrote, has another hash than that build told, and none of its pieces is believed.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from compiler.app.untouched import Untouched
from compiler.facts.store import Store, program_fingerprint
from compiler.strings import hash_of


class Piece(NamedTuple):
    """A part of a table: a hash of what it is made of, and what makes it."""

    key: str
    make: Callable[[], bytes]


class Earlier(NamedTuple):
    """The table of the last build: where it lies, the hash of what was written, and of what it was made; ``files``
    tells what has not been touched."""

    path: Path
    sha256: str
    key: str
    files: Untouched


def key_of(pieces: Sequence[Piece]) -> str:
    """Return a hash of all that a table is made of."""
    return hash_of(program_fingerprint(), *(piece.key for piece in pieces))


def write_pieces(new: Path, head: bytes, pieces: Sequence[Piece], earlier: Earlier, store: Store | None) -> None:
    """Write a table; pieces that stand in ``earlier`` are taken from there. Without ``store`` all are made."""
    lengths = []
    standing = _standing(earlier, store)
    start = end = 0  # of what is to be copied: pieces that stand one behind the other are, all at once
    with new.open("wb") as stream:
        stream.write(head)
        for piece in pieces:
            place = standing.places.get(piece.key)
            if place is not None:
                length = place[1] - place[0]
                if place[0] != end:
                    stream.write(standing.held[start:end])
                    start = place[0]
                end = place[1]
            else:
                stream.write(standing.held[start:end])
                start = end
                data = piece.make()
                length = len(data)
                stream.write(data)
            lengths.append((piece.key, length))
        stream.write(standing.held[start:end])
    if store is not None:
        if earlier.key:
            store.forget(*_known(earlier.path, earlier.key))
        store.keep((len(head), tuple(lengths)), *_known(earlier.path, key_of(pieces)))


def _known(path: Path, key: str) -> tuple[str, ...]:
    """Return the name under which the lengths of a table's pieces are kept: another folder may hold the same table."""
    return "pieces", os.path.realpath(path), key


def _standing(earlier: Earlier, store: Store | None) -> _Standing:
    """Return where the pieces of a table stand that an earlier build wrote; nowhere where it was touched."""
    told = store.made(*_known(earlier.path, earlier.key)) if store is not None and earlier.key else None
    if not isinstance(told, tuple) or len(told) != 2:
        return _Standing()
    try:
        if earlier.files.sha256(earlier.path) != earlier.sha256:
            return _Standing()
        with earlier.path.open("rb") as stream:
            held = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # it is not there, or empty
        return _Standing()
    places: dict[str, tuple[int, int]] = {}
    position, lengths = told
    for key, length in lengths:
        places[key] = position, position + length
        position += length
    return _Standing(memoryview(held), places)


class _Standing(NamedTuple):
    """The bytes of an earlier table, and from where to where each piece stands in them."""

    held: memoryview = memoryview(b"")
    places: Mapping[str, tuple[int, int]] = MappingProxyType({})
