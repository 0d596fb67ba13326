"""The kept rule book: the same as a loaded one, made anew whenever anything about it is not as it was."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from compiler.facts import kept_rules as kept
from compiler.facts.compile import compile_source, facts_of_example, language_of
from compiler.facts.nouns import name_uncovered
from compiler.language.vocabulary import NameEntry
from compiler.model import Part, RuleBook
from compiler.rules import rulebook, word_files
from compiler.rules.folder import RuleFolder
from compiler.text.read import read
from compiler.workspace import default_folder, sample_files

BASE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules" / "base"
TEXT = "梨产量达到3万吨。"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small rule folder, and a cache of its own."""
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    monkeypatch.setattr(kept, "private_folder", lambda: cache)
    anew(monkeypatch)
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
    monkeypatch.setattr(word_files, "_lexicons", {})


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


# --- what rules were compiled into -------------------------------------------------------------


def made_of(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache" / "compiled").iterdir())


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was really compiled, by its name."""
    found: list[str] = []
    shelf = kept._Shelf.__call__

    def call(self: kept._Shelf, make: Callable[[object], object], rules: object) -> object:
        def told(rules: object) -> object:
            found.append(make.__qualname__)
            return make(rules)

        told.__module__, told.__qualname__ = make.__module__, make.__qualname__
        return shelf(self, told, rules)

    monkeypatch.setattr(kept._Shelf, "__call__", call)
    return found


def read_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> RuleBook:
    anew(monkeypatch)
    book, _ = kept.load_rules(folder)
    assert book is not None
    facts = facts_of_example(TEXT, Part.REVIEW, book)
    assert [fact.indicator for fact in facts] == ["梨产量"]
    return book


def settled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> RuleBook:
    """Read rules twice: the second time they are not fresh from an editor."""
    read_anew(folder, monkeypatch)
    return read_anew(folder, monkeypatch)


def test_what_rules_are_compiled_into_is_kept(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = settled(folder, monkeypatch)
    once = [*compilations]
    assert {"compile_rules", "FigureGrammar"} <= {*once} and len({*once}) == len(once)
    assert len(made_of(folder)) == len(once) + 1  # and the lexicon as it was read
    again = read_anew(folder, monkeypatch)
    assert compilations == once and again is not first
    language = language_of(again)
    assert language.entries == language_of(first).entries
    anchors = [*language.phrases.anchors()]
    assert anchors == [*language_of(first).phrases.anchors()]
    assert all(language.phrases.of(one) == language_of(first).phrases.of(one) for one in anchors)
    assert language.rulebook is again and language.lexicon is again.lexicon
    rules = {id(rule) for rule in again.indicators}
    named = [entry.rule for entries in language.entries.values() for entry in entries]
    assert named and all(id(rule) in rules for rule in named if rule is not None)


def test_after_an_edit_of_an_indicator_what_is_made_of_the_lexicon_stays(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(folder, monkeypatch)
    files = made_of(folder)
    del compilations[:]
    _edit(folder)
    book = read_anew(folder, monkeypatch)
    assert compilations == [] and "梨总产出" in language_of(book).entries
    assert made_of(folder) == files  # what is edited again and again is not written out each time
    assert "梨总产出" in language_of(read_anew(folder, monkeypatch)).entries and compilations == ["compile_rules"]


def test_a_lexicon_that_has_not_changed_is_not_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, loads: list[Path]
) -> None:
    read: list[Path] = []
    load = word_files._load_lexicon

    def loading(given: RuleFolder) -> word_files._Loaded:
        read.append(given.folder)
        return load(given)

    monkeypatch.setattr(word_files, "_load_lexicon", loading)
    place = folder / "lexicon.yaml"
    place.write_text(place.read_text(encoding="utf-8") + "某词: 某物\n", encoding="utf-8")
    read_anew(folder, monkeypatch)
    _edit(folder)
    anew(monkeypatch)
    book, issues = kept.load_rules(folder)
    assert len(loads) == 2 and read == [folder]
    anew(monkeypatch)
    assert (book, issues) == rulebook.load_rulebook(folder) and [issue.code for issue in issues] == ["R507", "R118"]
    place.write_text(place.read_text(encoding="utf-8").replace("某词: 某物\n", ""), encoding="utf-8")
    assert read_anew(folder, monkeypatch) == rulebook.load_rulebook(folder)[0] and len(read) == 3


def test_after_an_edit_of_the_lexicon_nothing_stays(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(folder, monkeypatch)
    once = [*compilations]
    place = folder / "lexicon.yaml"
    place.write_text(place.read_text(encoding="utf-8") + "# 一句说明\n", encoding="utf-8")
    settled(folder, monkeypatch)
    assert sorted(compilations) == sorted(once * 2)


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:60] + b"?" + data[61:], lambda data: b""])
def test_what_is_spoilt_of_it_is_compiled_anew(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    settled(folder, monkeypatch)
    once = [*compilations]
    for path in made_of(folder):
        path.write_bytes(spoil(path.read_bytes()))
    read_anew(folder, monkeypatch)
    assert sorted(compilations) == sorted(once * 2)
    read_anew(folder, monkeypatch)
    assert len(compilations) == 2 * len(once)


def test_one_thing_is_not_taken_for_another(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(folder, monkeypatch)
    once = [*compilations]
    first, *others = [path.read_bytes() for path in made_of(folder)]
    for path, data in zip(made_of(folder), (*others, first), strict=True):
        path.write_bytes(data)
    read_anew(folder, monkeypatch)
    assert sorted(compilations) == sorted(once * 2)


def test_all_that_the_shipped_rules_are_compiled_into_can_be_kept(
    compilations: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "private_folder", lambda: tmp_path)
    for _ in range(3):
        anew(monkeypatch)
        book, _ = kept.load_rules(default_folder("rules"))
        assert book is not None
        (source,) = read(sample_files()[0], "一.txt").sources
        report = name_uncovered(compile_source(source, book)[0][0], lexicon=book.lexicon)
        assert report.facts and report.tasks
    files = [*(tmp_path / "compiled").iterdir()]
    assert len({*compilations}) == len(compilations) == len(files) - 1 and len(files) <= kept._KEPT_OF_EACH


def test_the_language_of_the_rules_is_the_same_when_it_is_read_back(rulebook: RuleBook) -> None:
    language = language_of(rulebook)
    again = pickle.loads(pickle.dumps(language))
    assert list(again.entries) == list(language.entries)

    def claims(entries: Sequence[NameEntry]) -> list[object]:
        return [(one.role, one.rule and one.rule.id, one.at, one.loose) for one in entries]

    assert all(claims(again.entries[name]) == claims(entries) for name, entries in language.entries.items())
    text = "全市固定资产投资增长8%，社会消费品零售总额120亿元，新增就业6万人，“小升规”企业40家。" * 3
    assert list(again.names.at_each_place(text)) == list(language.names.at_each_place(text))
    assert list(again.index.at_each_place(text)) == list(language.index.at_each_place(text))
    assert list(again.names_from("固定资产")) == list(language.names_from("固定资产")) != []
