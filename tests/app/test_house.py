"""The docstrings that guide through the house name modules that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from conftest import TOP

MODULES = sorted(path for path in (TOP / "compiler").rglob("*.py"))
_NAMED = re.compile(r":mod:`~?([\w.]+)`")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_module_that_a_docstring_names_is_there(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef)]
    texts += [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for name in _NAMED.findall("\n".join(texts)):
        inside = path.parent / name.replace(".", "/")
        whole = TOP / name.replace(".", "/")
        places = (inside, whole) if name.startswith("compiler.") else (inside, TOP / "compiler" / name)
        assert any(place.with_suffix(".py").is_file() or place.is_dir() for place in places), name


def test_lines_of_the_pack_can_be_read() -> None:
    files = [*(TOP / "rules").rglob("*.yaml"), *(TOP / "templates").glob("*.yaml")]
    long = [
        f"{path.name}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 160
    ]
    assert files and not long
