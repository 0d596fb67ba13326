"""Pickles in which regular expressions stand as they were compiled.

``pickle`` keeps of an expression its text, and compiles it again when it is read back: a hundredth of a second for a
long one. Here what ``re`` makes of the text is kept beside it. Only the Python that wrote such a pickle may read it.
"""

from __future__ import annotations

import importlib
import io
import pickle
import re
from array import array
from collections.abc import Mapping
from typing import Any

_made: Any = importlib.import_module("_sre")
_compiler: Any = importlib.import_module("re._compiler")
_parser: Any = importlib.import_module("re._parser")


class Pickler(pickle.Pickler):
    """Writes what stands outside the pickle (``outside``, names by identity) as its name alone."""

    def __init__(self, stream: io.BytesIO, outside: Mapping[int, object]) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._outside = outside

    def persistent_id(self, value: object) -> object:
        return self._outside.get(id(value))

    def reducer_override(self, value: object) -> Any:
        return (_ready, _compiled(value)) if isinstance(value, re.Pattern) else NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, outside: Mapping[Any, object]) -> None:
        super().__init__(stream)
        self._outside = outside

    def persistent_load(self, name: Any) -> object:
        return self._outside[name]


def dumps(value: object, outside: Mapping[object, object] | None = None) -> bytes:
    """Return the pickle of ``value``; of what is named in ``outside`` it holds the name."""
    stream = io.BytesIO()
    Pickler(stream, {id(one): name for name, one in (outside or {}).items()}).dump(value)
    return stream.getvalue()


def loads(data: bytes, outside: Mapping[Any, object] | None = None) -> object:
    """Return what a pickle of :func:`dumps` holds, with what has the same names in ``outside``."""
    return _Unpickler(io.BytesIO(data), outside or {}).load()


def _compiled(pattern: re.Pattern[str]) -> tuple[object, ...]:
    """Return all that ``re`` makes of an expression, for :func:`_ready`; see ``re._compiler.compile``."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    code = array("I", _compiler._code(tree, pattern.flags))
    names = [None] * tree.state.groups
    for name, number in tree.state.groupdict.items():
        names[number] = name
    return pattern.pattern, pattern.flags, code.tobytes(), tree.state.groups - 1, tree.state.groupdict, tuple(names)


def _ready(pattern: str, flags: int, code: bytes, groups: int, numbers: dict[str, int], names: Any) -> object:
    return _made.compile(pattern, flags, memoryview(code).cast("I").tolist(), groups, numbers, names)
