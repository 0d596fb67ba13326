"""Hashes of files: read where anything about the file has changed, and only there."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.app import untouched
from compiler.app.untouched import Untouched
from compiler.facts.store import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the system keeps no such time")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "store").mkdir()
    return Store(tmp_path / "store")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read."""
    found: list[Path] = []
    plain = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.suffix == ".txt":
            found.append(path)
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that was written a while ago, as far as this system can tell."""
    found = tmp_path / "甲.txt"
    found.write_text("甲", encoding="utf-8")
    _wait_for(found)
    return found


def _wait_for(path: Path) -> None:
    while not untouched._is_settled(path.stat(), time.time_ns()):
        time.sleep(0.01)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_file_that_nobody_touched_is_not_read_again(tmp_path: Path, path: Path, store: Store, reads: object) -> None:
    for _ in range(3):
        files = Untouched(tmp_path, store)
        assert files.sha256(path) == sha256("甲")
        files.keep()
    assert reads == [path]


def same_size_and_time(path: Path) -> None:
    before = path.stat()
    path.write_text("乙", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def another_in_its_place(path: Path) -> None:
    before = path.stat()
    other = path.with_name("other")
    other.write_text("乙", encoding="utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [same_size_and_time, another_in_its_place], ids=["written into", "replaced"])
def test_a_change_shows_though_size_and_time_are_as_before(
    tmp_path: Path, path: Path, store: Store, change: Callable[[Path], None]
) -> None:
    files = Untouched(tmp_path, store)
    assert files.sha256(path) == sha256("甲")
    files.keep()
    before = path.stat()
    change(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert Untouched(tmp_path, store).sha256(path) == sha256("乙")


def test_a_file_that_was_just_written_is_read_again(
    tmp_path: Path, path: Path, store: Store, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(untouched, "_TICK", 3_600_000_000_000)
    monkeypatch.setattr(untouched, "_COARSE_TICK", 3_600_000_000_000)
    for _ in range(2):
        files = Untouched(tmp_path, store)
        files.sha256(path)
        files.note(tmp_path, {path.name: sha256("甲")}, time.time_ns())
        files.keep()
    assert reads == [path, path]


def test_what_was_written_is_known(tmp_path: Path, path: Path, store: Store, reads: list[Path]) -> None:
    files = Untouched(tmp_path, store)
    files.note(tmp_path, {path.name: sha256("甲"), "missing.txt": sha256("乙")}, time.time_ns())
    files.keep()
    assert Untouched(tmp_path, store).sha256(path) == sha256("甲")
    assert not reads


def test_what_somebody_wrote_since_is_not_taken_for_ours(tmp_path: Path, path: Path, store: Store) -> None:
    files = Untouched(tmp_path, store)
    files.note(tmp_path, {path.name: sha256("ours")}, path.stat().st_mtime_ns)
    files.keep()
    assert Untouched(tmp_path, store).sha256(path) == sha256("甲")


def test_what_is_damaged_is_not_believed(tmp_path: Path, path: Path, store: Store, reads: list[Path]) -> None:
    files = Untouched(tmp_path, store)
    files.sha256(path)
    files.keep()
    (kept,) = store.folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert Untouched(tmp_path, store).sha256(path) == sha256("甲")
    assert reads == [path, path]


def test_without_the_cache_each_is_read(tmp_path: Path, path: Path, store: Store, reads: list[Path]) -> None:
    files = Untouched(tmp_path, store)
    files.sha256(path)
    files.keep()
    Untouched(tmp_path).sha256(path)
    assert reads == [path, path]
