"""What Python compiles anew in every run, compiled once: regular expressions, and the methods of dataclasses.

A command has ``re`` compile several hundred expressions and ``dataclasses`` a thousand methods, the same ones each
time; that takes longer than to read a report. While :func:`precompiled` holds, what came of them is taken from a file
of the cache folder, and new ones are added to it. The file is found by the Python that wrote it, bears its own hash,
and may be deleted at any time; where ``re`` is not built as it is here, it compiles as ever.
"""

from __future__ import annotations

import dataclasses
import hashlib
import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any, Final

_MOST: Final = 6_000
"""So much is kept; a file with more is made anew of what the last run asked for."""

_Made = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What ``_sre.compile`` takes behind an expression: flags, code, groups, and the names of groups both ways."""

_Known = dict[Any, Any]
"""Expressions by text and flags, code by its source."""


@contextmanager
def precompiled(folder: Path | None) -> Iterator[None]:
    """Keep in ``folder``, which is this user's alone, what is compiled within."""
    if folder is None:
        yield
        return
    path = folder / f"compiled-{hashlib.sha256(f'{sys.version} {sys.byteorder}'.encode()).hexdigest()}"
    known, asked = _read(path), _Known()
    before = len(known)
    with _expressions(known, asked), _methods(known, asked):
        yield
    if len(known) > before:
        _write(path, known if len(known) <= _MOST else asked)


@contextmanager
def _expressions(known: _Known, asked: _Known) -> Iterator[None]:
    """Let ``re`` take expressions from what is known."""
    compiler, parser, engine = (_module(name) for name in ("re._compiler", "re._parser", "_sre"))
    if not (hasattr(compiler, "_code") and hasattr(parser, "parse") and hasattr(engine, "compile")):
        yield
        return
    plain = compiler.compile

    def compiled(pattern: Any, flags: int = 0) -> Any:
        if type(pattern) is not str or flags & re.DEBUG:
            return plain(pattern, flags)
        key = pattern, int(flags)
        found: _Made = _taken(known, asked, key, lambda: _made(compiler, parser, *key))
        own_flags, code, *groups = found
        return engine.compile(pattern, own_flags, memoryview(code).cast("I").tolist(), *groups)

    compiler.compile = compiled
    try:
        yield
    finally:
        compiler.compile = plain


@contextmanager
def _methods(known: _Known, asked: _Known) -> Iterator[None]:
    """Let ``dataclasses``, which writes methods as texts and has them run, take their code from what is known."""

    def run(source: Any, *where: Any) -> None:
        code: CodeType = _taken(known, asked, source, lambda: compile(source, "<string>", "exec", dont_inherit=True))
        exec(code, *where)

    vars(dataclasses)["exec"] = run
    try:
        yield
    finally:
        del vars(dataclasses)["exec"]


def _taken(known: _Known, asked: _Known, key: Any, make: Callable[[], Any]) -> Any:
    found = known.get(key)
    if found is None:
        found = known[key] = make()
    asked[key] = found
    return found


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def _made(compiler: Any, parser: Any, pattern: str, flags: int) -> _Made:
    """Compile an expression as ``re._compiler.compile`` does, but for the last step."""
    tree = parser.parse(pattern, flags)
    code = array("I", compiler._code(tree, flags))
    names: list[str | None] = [None] * tree.state.groups
    for name, number in tree.state.groupdict.items():
        names[number] = name
    return flags | tree.state.flags, code.tobytes(), tree.state.groups - 1, tree.state.groupdict, tuple(names)


def _read(path: Path) -> _Known:
    """Return what is in a file; nothing where it is not what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        return {}
    known: _Known = marshal.loads(data[32:])
    return known


def _write(path: Path, known: _Known) -> None:
    data = marshal.dumps(known)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(hashlib.sha256(data).digest() + data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
