"""Compiled reports kept from build to build: found again, and never believed where they are not our own."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compiler.facts import compile as compiling
from compiler.facts import gists
from compiler.facts import store as keeping
from compiler.facts.batch import Silent, compile_all
from compiler.facts.gists import KeptReport
from compiler.facts.store import Store, room_for, write_whole
from compiler.model import RuleBook, Source
from compiler.text.read import read
from compiler.workspace import sample_files


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path)


@pytest.fixture(scope="module")
def source() -> Source:
    """A sample that holds two reports."""
    path = next(path for path in sample_files() if path.name.startswith("07"))
    return read(path, path.name).sources[0]


def compiled(source: Source, rulebook: RuleBook, store: Store | None) -> object:
    return compile_all([source], rulebook, 1, Silent(), None, store=store)


def test_a_second_build_reads_nothing(
    store: Store, source: Source, rulebook: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = compiled(source, rulebook, None)
    assert compiled(source, rulebook, store) == fresh
    monkeypatch.setattr(compiling, "compile_normalised", None)
    assert compiled(source, rulebook, store) == fresh


def entries(store: Store) -> list[Path]:
    """Return the entries of a report: the whole of it, what is read first, and its text."""
    return sorted(path for path in store.folder.iterdir() if not path.name.startswith((".", "rules-")))


@pytest.mark.parametrize("part", ["gist", ""], ids=["what is read first", "the whole"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: bytes(32) + data[32:],
        lambda data: b"cos\nsystem\n(S'false'\ntR.",
    ],
    ids=["empty", "cut", "a bit turned", "another digest", "a foreign pickle"],
)
def test_a_damaged_entry_is_made_anew(
    store: Store, source: Source, rulebook: RuleBook, damage: object, part: str
) -> None:
    fresh = compiled(source, rulebook, store)
    path = store._path(source, rulebook.fingerprint, part)
    good = path.read_bytes()
    path.write_bytes(damage(good))  # type: ignore[operator]
    assert store.part(source, rulebook.fingerprint, part) is None
    assert compiled(source, rulebook, store) == fresh
    assert path.read_bytes() == good


def test_an_entry_under_the_name_of_another_is_not_believed(store: Store, source: Source, rulebook: RuleBook) -> None:
    other = replace(source, sha256="0" * 64, text="别的报告")
    compiled(other, rulebook, store)
    fresh = compiled(source, rulebook, store)
    for part in ("", "gist"):
        foreign = store._path(other, rulebook.fingerprint, part)
        store._path(source, rulebook.fingerprint, part).write_bytes(foreign.read_bytes())
    assert compiled(source, rulebook, store) == fresh


@pytest.mark.parametrize("what", ["text", "path", "rules", "program"])
def test_anything_that_it_was_made_of_tells_an_entry_from_another(
    store: Store, source: Source, rulebook: RuleBook, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled(source, rulebook, store)
    if what == "text":
        source = replace(source, sha256="0" * 64)
    elif what == "path":
        source = replace(source, path="别处/" + source.path)
    elif what == "rules":
        rulebook = replace(rulebook, fingerprint="0" * 64)
    else:
        monkeypatch.setattr(keeping, "program_fingerprint", lambda: "another")
    assert store.get(source, rulebook) is None


def test_an_edited_program_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "compiler"
    shutil.copytree(Path(keeping.__file__).parents[1], copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(keeping, "_PACKAGE", copy)
    before = keeping.program_fingerprint.__wrapped__()
    assert keeping.program_fingerprint.__wrapped__() == before
    (copy / "facts" / "compile.py").write_text("# edited", encoding="utf-8")
    assert keeping.program_fingerprint.__wrapped__() != before


def test_the_text_of_the_file_is_kept_once(store: Store, source: Source, rulebook: RuleBook) -> None:
    compiled(source, rulebook, store)
    found = store.get(source, rulebook)
    assert found is not None and len(found[0]) == 2
    assert all(report.text is source.text for report in found[0])
    assert sum(path.stat().st_size for path in entries(store)) < 0.1 * 1024 * 1024


def test_a_full_disk_loses_the_entry_not_the_build(tmp_path: Path, source: Source, rulebook: RuleBook) -> None:
    store = Store(tmp_path / "gone")
    assert compiled(source, rulebook, store) == compiled(source, rulebook, None)


def test_what_was_long_unused_is_dropped(tmp_path: Path) -> None:
    import os

    old, new = tmp_path / "old", tmp_path / "new"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    keeping._sweep(tmp_path)
    assert not old.exists() and new.exists()


def test_a_report_just_compiled_is_unpacked_when_more_than_its_figures_is_asked_for(
    source: Source, rulebook: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    unpacked = gists._unpacked
    monkeypatch.setattr(gists, "_unpacked", lambda rest: (opened.append(rest), unpacked(rest))[1])
    ((reports, _),) = compile_all([source], rulebook, 1, Silent(), None)
    first = reports[0]
    assert isinstance(first, KeptReport)
    assert first.facts and first.counts.tasks and not opened
    assert len(first.tasks) == first.counts.tasks and first.sentences and len(opened) == 1
    facts = first.facts
    first.let_go()
    assert first.passages and len(opened) == 2 and first.facts is facts
    doubted = gists.with_facts(first, tuple(replace(fact, doubt="F999") for fact in facts))
    assert {fact.doubt for fact in doubted.facts} == {"F999"} and doubted.tasks == first.tasks
    assert {fact.doubt for fact in doubted.facts} == {"F999"}  # also when the rest has been read


def test_room_is_made_without_a_file_that_another_process_is_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", lambda beside, path: beside)  # killed before it was done
    write_whole(tmp_path / "theirs", b"half")
    (theirs,) = tmp_path.iterdir()
    old = time.time() - 60
    os.utime(theirs, (old, old))
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"")
    assert room_for(tmp_path / "ours", 2)
    assert theirs.exists() and len([*tmp_path.iterdir()]) == 2
    old -= 7200
    os.utime(theirs, (old, old))  # nobody is writing it any more
    assert room_for(tmp_path / "ours", 2)
    assert not theirs.exists() and len([*tmp_path.iterdir()]) == 1


class Often:
    """A store whose entries are read build after build; ``opened`` are the files of entries that were read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.opened: list[str] = []
        plain = keeping._payload

        def payload(path: Path) -> bytes | None:
            self.opened.append(path.name)
            return plain(path)

        monkeypatch.setattr(keeping, "_payload", payload)
        for name in "甲乙丙":
            Store(folder).keep(name * 3, name)

    def read(self, names: str, often: str = "these") -> int:
        """Read entries as a build does; return how many files that took."""
        self.opened.clear()
        store = Store(self.folder, often)
        assert [store.recall(name) for name in names] == [name * 3 for name in names]
        store.keep_recalled()
        return len(self.opened)


@pytest.fixture
def often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Often:
    """Three entries that nobody has read yet."""
    return Often(tmp_path, monkeypatch)


def test_what_one_build_after_another_reads_is_read_from_one_file(often: Often) -> None:
    assert often.read("甲乙") == 1 + 2  # there is no such file yet
    assert often.read("甲乙") == 1
    assert often.read("乙丙") == 1 + 1
    assert often.read("乙丙") == 1
    assert often.read("甲丙") == 1 + 1  # the last build had no use for it
    assert often.read("甲丙", often="others") == 1 + 2


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1] + bytes([data[-1] ^ 1])])
def test_of_a_damaged_file_of_many_nothing_is_believed(often: Often, damage: Callable[[bytes], bytes]) -> None:
    often.read("甲乙")
    (path,) = often.folder.glob("often-*")
    path.write_bytes(damage(path.read_bytes()))
    assert often.read("甲乙") == 1 + 2
    assert often.read("甲乙") == 1


def test_a_damaged_entry_is_no_part_of_the_file_of_many(often: Often) -> None:
    path = often.folder / keeping._name("甲")
    path.write_bytes(path.read_bytes()[:-1])
    store = Store(often.folder, "these")
    assert store.recall("甲") is None and store.recall("乙") == "乙乙乙"
    store.keep_recalled()
    assert Store(often.folder, "these").recall("甲") is None


def test_entries_are_seen_to_be_in_use_once_a_day(often: Often, monkeypatch: pytest.MonkeyPatch) -> None:
    often.read("甲")
    path = often.folder / keeping._name("甲")
    os.utime(path, (0, 0))
    often.read("甲")
    assert path.stat().st_mtime == 0
    monkeypatch.setattr(keeping, "_today", lambda: 0)
    assert often.read("甲") == 1 + 1
    assert time.time() - path.stat().st_mtime < 60


def test_without_readers_each_entry_is_read_from_its_file(often: Often) -> None:
    for _ in range(2):
        assert often.read("甲乙", often="") == 2
    assert not [*often.folder.glob("often-*")]
