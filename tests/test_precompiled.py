"""What is taken from the file of an earlier run is what Python compiles: expressions and methods of dataclasses."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, replace
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler import precompiled as module
from compiler.precompiled import precompiled

compiler: Any = import_module("re._compiler")

PATTERNS: tuple[tuple[str, int], ...] = (
    ("", 0),
    ("(?!)", 0),
    ("甲乙|甲丙|丁", 0),
    (r"(?P<数>[0-9０-９]+)(?:亿|万)?(?P<unit>元|人)?", 0),
    (r"(a)(b)?(?P<last>c)\3", 0),
    (r"(?i)straße|ﬁ", 0),
    (r"[^，。；]{0,14}?年(?=，)", 0),
    (r"(?<!\d)20\d\d(?!\d)", re.ASCII),
    (r"a b # no blank", re.VERBOSE),
    (r"(?x) ^ 甲 $ ", re.MULTILINE),
    (r".+", re.DOTALL),
    (r"[\u4e00-\u9fff\U00020000-\U0002a6df]++", 0),
    (r"(?>a+)b|(?i:K)", re.IGNORECASE),
)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def compiled(folder: Path | None, *expressions: tuple[str, int]) -> list[re.Pattern[str]]:
    """Compile expressions as a run of the program does."""
    re.purge()
    with precompiled(folder):
        return [re.compile(*one) for one in expressions]


@pytest.fixture
def by_re(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The expressions that were really compiled."""
    found: list[str] = []
    plain = module._made

    def made(compiler: Any, parser: Any, pattern: str, flags: int) -> Any:
        found.append(pattern)
        return plain(compiler, parser, pattern, flags)

    monkeypatch.setattr(module, "_made", made)
    return found


@given(st.text("甲乙丙丁abcABKkſ0123０１年，。亿元人ﬁß\n #", max_size=30))
def test_they_find_the_same(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "same"
    folder.mkdir(exist_ok=True)
    compiled(folder, *PATTERNS)
    for found, (pattern, flags) in zip(compiled(folder, *PATTERNS), PATTERNS, strict=True):
        own = compiler.compile(pattern, flags)
        assert found == own and found.groupindex == own.groupindex and found.flags == own.flags
        assert [(m.span(), m.groups(), m.lastgroup) for m in found.finditer(text)] == [
            (m.span(), m.groups(), m.lastgroup) for m in own.finditer(text)
        ]


def test_none_is_compiled_twice(tmp_path: Path, by_re: list[str]) -> None:
    compiled(tmp_path, *PATTERNS)
    assert by_re == [pattern for pattern, _ in PATTERNS]
    (path,) = files(tmp_path)
    written = path.stat().st_mtime_ns
    compiled(tmp_path, *PATTERNS)
    assert len(by_re) == len(PATTERNS) and path.stat().st_mtime_ns == written
    compiled(tmp_path, PATTERNS[0], ("戊", 0), ("戊", re.IGNORECASE))
    assert by_re[len(PATTERNS) :] == ["戊", "戊"]
    compiled(tmp_path, *PATTERNS, ("戊", re.IGNORECASE))
    assert len(by_re) == len(PATTERNS) + 2


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: b"", lambda data: data[:50] + b"?" + data[51:]])
def test_a_file_that_is_not_what_was_written_is_made_anew(
    tmp_path: Path, by_re: list[str], spoil: Callable[[bytes], bytes]
) -> None:
    compiled(tmp_path, *PATTERNS)
    (path,) = files(tmp_path)
    good = path.read_bytes()
    path.write_bytes(spoil(good))
    compiled(tmp_path, *PATTERNS)
    assert len(by_re) == 2 * len(PATTERNS) and path.read_bytes() == good


def test_no_more_are_kept_than_a_run_needs_and_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", len(PATTERNS))
    compiled(tmp_path, *PATTERNS)
    (path,) = files(tmp_path)
    full = path.stat().st_size
    compiled(tmp_path, PATTERNS[0], ("戊", 0))
    assert path.stat().st_size < full / 2


def test_mistakes_and_bytes_go_to_re_itself(tmp_path: Path) -> None:
    with precompiled(tmp_path):
        with pytest.raises(re.error):
            re.compile("(甲")
        assert re.compile(b"[a-c]+").findall(b"xabcx") == [b"abc"]
    assert files(tmp_path) == []


def test_re_is_left_as_it_was(tmp_path: Path, by_re: list[str]) -> None:
    before = compiler.compile
    with pytest.raises(ZeroDivisionError), precompiled(tmp_path):
        assert compiler.compile is not before
        raise ZeroDivisionError
    assert compiler.compile is before
    compiled(None, *PATTERNS)
    assert by_re == []


# --- dataclasses -------------------------------------------------------------------------------


def made(folder: Path | None) -> type[Any]:
    """Make a dataclass as a run of the program does."""
    with precompiled(folder):

        @dataclass(frozen=True, slots=True, order=True)
        class Made:
            """A place and its figures."""

            name: str
            value: int = 3
            more: tuple[int, ...] = field(default_factory=lambda: (1, 2), compare=False)

        return Made


def test_dataclasses_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("compiled")

    monkeypatch.setattr(module, "compile", never, raising=False)
    kept, plain = made(tmp_path), made(None)
    for one in (kept, plain):
        assert repr(one("甲")).endswith("Made(name='甲', value=3, more=(1, 2))")
        assert one("甲") == one("甲", 3, ()) and hash(one("甲")) == hash(one("甲", more=())) and one("乙") < one("甲")
        assert replace(one("甲"), value=4).value == 4 and not hasattr(one("甲"), "__dict__")
        with pytest.raises(FrozenInstanceError):
            one("甲").name = "乙"
        with pytest.raises(TypeError):
            one()
    assert signature(kept) == signature(plain)
    assert vars(kept).keys() == vars(plain).keys()


def test_dataclasses_are_left_as_they_were(tmp_path: Path) -> None:
    made(tmp_path)
    assert "exec" not in vars(dataclasses)


def test_without_what_it_knows_of_re_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_module", lambda name: None)
    assert compiled(tmp_path, *PATTERNS)[2].findall("甲丙丁") == ["甲丙", "丁"]
    assert files(tmp_path) == []
