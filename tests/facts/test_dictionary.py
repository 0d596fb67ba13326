"""jieba over a dictionary in parts cuts and tags as jieba does that has read all of it; what is kept is not believed
where it is not what it was."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jieba
import jieba.posseg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.facts.jieba_dictionary import Dictionary, is_to_be_made, make_file, open_dictionary
from compiler.workspace import sample_files

CLAUSE = "新建彩虹步道35公里，建成观星台12座，Wi-Fi6覆盖𠮷林街"


@pytest.fixture(scope="module")
def whole() -> Any:
    """jieba's own tagger, with all that it knows."""
    return jieba.posseg.POSTokenizer(jieba.Tokenizer())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache folder with the file that the first one to open the dictionary has left there."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(cache))
        assert is_to_be_made()
        open_dictionary()
        assert not is_to_be_made()
        yield cache


@pytest.fixture(scope="module")
def in_parts(kept: Path) -> Dictionary:
    """The dictionary that is opened when the file is there already."""
    return open_dictionary()


@pytest.fixture
def file(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept))
    (path,) = (kept / "report-compiler" / "words").iterdir()
    return path


def by_jieba(whole: Any, text: str) -> list[tuple[str, str]]:
    return [(word.word, word.flag) for word in whole.cut(text)]


def test_all_clauses_of_the_samples_are_cut_as_jieba_cuts_them(whole: Any, in_parts: Dictionary) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sample_files() if path.suffix == ".txt"]
    clauses = {clause for text in texts for clause in re.split("[，。\n]", text)}
    for text in clauses | set(texts[0].splitlines()):
        assert in_parts.cut(text) == by_jieba(whole, text)


@given(
    st.text(
        st.one_of(
            st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
            st.sampled_from("的一是中人大国年区市新建设发展完成项目企业公里村镇和了在六稳曰鑫韬犇翛"),
            st.sampled_from("0123456789.%+#&_-AZaz　 \r\n，。“”"),
            st.characters(),
        ),
        max_size=40,
    )
)
def test_any_text_is_cut_as_jieba_cuts_it(whole: Any, in_parts: Dictionary, text: str) -> None:
    assert in_parts.cut(text) == by_jieba(whole, text)


def test_what_was_cut_before_decides_nothing(in_parts: Dictionary, kept: Path, file: Path) -> None:
    fresh = open_dictionary()
    assert fresh.cut(CLAUSE) == in_parts.cut(CLAUSE)
    assert fresh.cut(CLAUSE) == in_parts.cut(CLAUSE)


def test_whoever_else_uses_jieba_gets_it_whole(whole: Any, in_parts: Dictionary) -> None:
    in_parts.cut(CLAUSE)
    assert jieba.posseg.lcut(CLAUSE) == [*whole.cut(CLAUSE)]
    assert len(jieba.posseg.emit_P["B", "n"]) > 1000
    assert "jieba.posseg_in_parts" not in sys.modules


def test_a_file_that_is_there_is_read_and_not_made(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("jieba's dictionary was read")

    monkeypatch.setattr(jieba.Tokenizer, "gen_pfdict", staticmethod(never))
    assert open_dictionary().cut(CLAUSE)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data[:2_000_000] + bytes([data[2_000_000] ^ 1]) + data[2_000_001:],
        lambda data: data[:40] + b"\xff\xff\xff\xff" + data[44:],
        lambda data: bytes(32) + data[32:],
    ],
    ids=["cut off", "empty", "a bit", "an offset", "another hash"],
)
def test_a_file_that_is_not_what_was_written_is_not_believed(
    file: Path, whole: Any, monkeypatch: pytest.MonkeyPatch, spoil: Any
) -> None:
    good = file.read_bytes()
    file.write_bytes(spoil(good))
    monkeypatch.setattr("compiler.facts.jieba_dictionary._parted", lambda: good[32:])  # a second each
    assert open_dictionary().cut(CLAUSE) == by_jieba(whole, CLAUSE)
    assert file.read_bytes() == good


def test_a_file_of_another_version_is_not_read_and_does_not_stay(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = file.read_bytes()
    monkeypatch.setattr("compiler.facts.jieba_dictionary._parted", lambda: good[32:])
    dictionary = Path(jieba.__file__).parent / "dict.txt"
    real = Path.stat

    def later(path: Path, **how: Any) -> os.stat_result:
        found = real(path, **how)
        if path != dictionary:
            return found
        return os.stat_result((*found[:8], found.st_mtime + 1, *found[9:]))

    monkeypatch.setattr(Path, "stat", later)
    open_dictionary()
    (path,) = file.parent.iterdir()
    assert path.name != file.name
    monkeypatch.undo()
    path.rename(file)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners of files here")
def test_a_file_in_a_folder_of_somebody_else_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = file.read_bytes()
    file.write_bytes(b"never read")
    made = []
    monkeypatch.setattr("compiler.facts.jieba_dictionary._parted", lambda: made.append(1) or good[32:])
    owner = os.getuid() + 1
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: owner)
        assert open_dictionary().cut(CLAUSE)
    assert made and file.read_bytes() == b"never read"
    file.write_bytes(good)


def test_jieba_says_nothing_while_it_is_made_ready(in_parts: Dictionary, capfd: pytest.CaptureFixture[str]) -> None:
    open_dictionary().cut(CLAUSE)
    assert capfd.readouterr() == ("", "")
    assert isinstance(jieba.dt.get_dict_file(), io.BufferedReader)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no forks here")
def test_the_file_is_made_in_a_process_of_its_own(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, made = file.read_bytes(), []
    file.unlink()
    monkeypatch.setattr("compiler.facts.jieba_dictionary._parted", lambda: made.append(1) or good[32:])
    make_file()
    assert not made and file.read_bytes() == good
    make_file()
    assert not made
