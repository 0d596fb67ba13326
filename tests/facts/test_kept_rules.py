"""The kept rule book: the same as a loaded one, made anew whenever anything about it is not as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.facts import rules as kept
from compiler.facts.compile import facts_of_example, language_of
from compiler.model import Part
from compiler.rules import rulebook

BASE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules" / "base"
TEXT = "梨产量达到3万吨。"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small rule folder, and a cache of its own."""
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    monkeypatch.setattr(kept, "private_folder", lambda: cache)
    monkeypatch.setattr(kept, "_loaded", {})
    shutil.copytree(BASE, tmp_path / "rules")
    return tmp_path / "rules"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were really loaded."""
    found: list[Path] = []

    def load(folder: Path) -> kept.Loaded:
        found.append(folder)
        return rulebook.load_rulebook(folder)

    monkeypatch.setattr(kept, "load_rulebook", load)
    return found


def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process knows, as a new one would."""
    monkeypatch.setattr(kept, "_loaded", {})


def entries(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache" / "rules").iterdir())


def test_what_is_kept_is_what_was_loaded(folder: Path, loads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    first, first_issues = kept.load_rules(folder)
    anew(monkeypatch)
    again, again_issues = kept.load_rules(folder)
    assert len(loads) == 1 and again is not first
    assert again == first and again_issues == first_issues
    assert again is not None and first is not None
    assert language_of(again).entries == language_of(first).entries
    assert facts_of_example(TEXT, Part.REVIEW, again) == facts_of_example(TEXT, Part.REVIEW, first)
    assert kept.load_rules(folder)[0] is again  # and once a process


def test_issues_are_kept_too(folder: Path, loads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder / "indicators" / "果业.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace("aliases:", "aliasses:"), encoding="utf-8")
    _, issues = kept.load_rules(folder)
    anew(monkeypatch)
    assert issues and issues[0].code == "R102" and kept.load_rules(folder)[1] == issues and len(loads) == 1


def _edit(folder: Path) -> None:
    place = folder / "indicators" / "果业.yaml"
    status = place.stat()
    place.write_text(place.read_text(encoding="utf-8").replace("梨总产量", "梨总产出"), encoding="utf-8")
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))  # times and sizes are not believed


def _add(folder: Path) -> None:
    (folder / "汇总.xlsx").write_bytes(b"PK")


def _flip(folder: Path) -> None:
    (entry,) = entries(folder)
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 1
    entry.write_bytes(bytes(data))


def _truncate(folder: Path) -> None:
    (entry,) = entries(folder)
    entry.write_bytes(entry.read_bytes()[:100])


def _other(folder: Path) -> None:
    from compiler.facts.store import write_entry

    (entry,) = entries(folder)
    write_entry(entry, ("something", "else", "altogether"))


def _delete(folder: Path) -> None:
    shutil.rmtree(folder.parent / "cache" / "rules")


@pytest.mark.parametrize("change", [_edit, _add, _flip, _truncate, _other, _delete])
def test_what_is_not_as_it_was_is_loaded_anew(
    change: Callable[[Path], None], folder: Path, loads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.load_rules(folder)
    change(folder)
    anew(monkeypatch)
    book, issues = kept.load_rules(folder)
    assert len(loads) == 2
    assert (book, issues) == rulebook.load_rulebook(folder)


def test_another_program_or_place_has_its_own(
    folder: Path, loads: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.load_rules(folder)
    shutil.copytree(folder, tmp_path / "别处")
    book, _ = kept.load_rules(tmp_path / "别处")
    assert book is not None and book.root.endswith("别处") and len(loads) == 2
    anew(monkeypatch)
    monkeypatch.setattr(kept, "program_fingerprint", lambda: "another version")
    kept.load_rules(folder)
    assert len(loads) == 3


def test_only_the_last_few_are_kept(folder: Path, loads: list[Path]) -> None:
    for number in range(kept.KEPT + 3):
        (folder / f"{number}.md").write_text("", encoding="utf-8")
        kept.load_rules(folder)
    assert len(entries(folder)) == kept.KEPT


def test_without_a_folder_of_ones_own_rules_are_loaded(
    folder: Path, loads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "private_folder", lambda: None)
    assert kept.load_rules(folder)[0] is not None and len(loads) == 1
    assert kept.load_rules(folder / "没有")[0] is None
