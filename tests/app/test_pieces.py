"""Tables written piece by piece: pieces of the last table are copied where it is whole, else made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.app.table_pieces import Earlier, Piece, key_of, write_pieces
from compiler.app.untouched import Untouched
from compiler.facts.store import Store

HEAD = b"place,year\n"
FIRST = {"a": b"A,1\n", "b": b"B,2\n", "empty": b"", "c": b"C,3\n"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "store").mkdir()
    return Store(tmp_path / "store")


def write(
    path: Path, pieces: dict[str, bytes], earlier: Path | None, store: Store | None, of: dict[str, bytes] = FIRST
) -> list[str]:
    """Write a table over an earlier one, whose pieces were ``of``; return the keys of the pieces that were made.

    It is written beside the place where tables stand, into which the earlier one is laid before.
    """
    made = []

    def making(key: str, content: bytes) -> Callable[[], bytes]:
        def make() -> bytes:
            made.append(key)
            return content

        return make

    known = hashlib.sha256(earlier.read_bytes()).hexdigest() if earlier is not None else ""
    key = key_of([Piece(key, bytes) for key in of]) if earlier is not None else ""
    home = path.with_name("table")
    if earlier is not None:
        home.write_bytes(earlier.read_bytes())
    before = Earlier(home, known, key, Untouched(path.parent, store))
    write_pieces(path, HEAD, [Piece(key, making(key, content)) for key, content in pieces.items()], before, store)
    assert path.read_bytes() == HEAD + b"".join(pieces.values())
    return made


def test_pieces_of_the_same_are_copied_wherever_they_stand_now(tmp_path: Path, store: Store) -> None:
    assert write(tmp_path / "first", FIRST, None, store) == [*FIRST]
    second = {"c": FIRST["c"], "new": b"N,9\n", "empty": b"", "a": FIRST["a"]}
    assert write(tmp_path / "second", second, tmp_path / "first", store) == ["new"]
    assert write(tmp_path / "third", second, tmp_path / "second", store, second) == []


@pytest.mark.parametrize("order", ["abc", "cab", "axbyc", "xcbay", "bb", "ac"])
def test_pieces_stand_in_the_order_of_the_new_table(tmp_path: Path, store: Store, order: str) -> None:
    write(tmp_path / "first", FIRST, None, store)
    pieces = {key: FIRST.get(key, f"{key},new\n".encode()) for key in order}
    assert write(tmp_path / "second", pieces, tmp_path / "first", store) == [key for key in pieces if key not in FIRST]


def test_a_table_that_somebody_touched_gives_no_piece(tmp_path: Path, store: Store) -> None:
    write(tmp_path / "first", FIRST, None, store)
    told = hashlib.sha256((tmp_path / "first").read_bytes()).hexdigest()
    (tmp_path / "first").write_bytes(HEAD + b"X,1\nB,2\nC,3\n")
    made: list[str] = []
    pieces = [Piece(key, lambda key=key: made.append(key) or FIRST[key]) for key in FIRST]  # type: ignore[misc,func-returns-value]
    (tmp_path / "table").write_bytes((tmp_path / "first").read_bytes())
    earlier = Earlier(tmp_path / "table", told, key_of(pieces), Untouched(tmp_path, store))
    write_pieces(tmp_path / "second", HEAD, pieces, earlier, store)
    assert made == [*FIRST]
    assert (tmp_path / "second").read_bytes() == HEAD + b"".join(FIRST.values())


def test_without_the_cache_all_pieces_are_made(tmp_path: Path, store: Store) -> None:
    write(tmp_path / "first", FIRST, None, store)
    assert write(tmp_path / "second", FIRST, tmp_path / "first", None) == [*FIRST]


def test_the_pieces_of_a_table_that_is_no_more_are_forgotten(tmp_path: Path, store: Store) -> None:
    earlier, of = None, FIRST
    for number in range(4):
        path = tmp_path / str(number)
        pieces = FIRST | {f"of build {number}": str(number).encode()}
        write(path, pieces, earlier, store, of)
        earlier, of = path, pieces
    assert len([*store.folder.iterdir()]) == 1


def test_the_same_table_in_another_folder_keeps_its_pieces(tmp_path: Path, store: Store) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "first", FIRST, None, store)
    changed = FIRST | {"d": b"D,4\n"}
    for folder in ("here", "there"):  # what one leaves behind takes nothing from the other
        assert write(tmp_path / folder / "second", changed, tmp_path / folder / "first", store) == ["d"]
