"""What people decided outside the workbook, kept beside it until a build has written it where it belongs.

The workbook is where entries stand; whoever decides on a page instead (``compiler.studio``) has them put here first.
The next build takes them in like those of a second copy of the workbook, and drops what the new one holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from compiler.workbook.user_entries import UserEntries

PENDING: Final = "待写入工作簿.json"


def read_pending(home: Path) -> UserEntries:
    """Return what waits for the workbook of the folder ``home``; nothing where the file is not there or is no such."""
    from compiler.workbook.user_entries import FilledCell, UserEntries

    entries = UserEntries()
    for kind, rows in _content(home).items():
        for name, row in rows.items():
            cells = {key: FilledCell(value, "", title) for key, (value, title) in row["cells"].items()}
            entries.rows.setdefault(kind, {})[name] = cells
            entries.what[kind, name] = row["what"]
    return entries


def put_pending(home: Path, kind: str, row: str, what: str, cells: Mapping[str, tuple[str, str]]) -> None:
    """Keep cells of one row: values and titles of columns by their keys (``entry:outcome``); ``what`` the row is."""
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home):
        content = _content(home)
        known = content.setdefault(kind, {}).setdefault(row, {"what": what, "cells": {}})
        known["cells"].update({key: list(cell) for key, cell in cells.items()})
        _write(home, content)


def drop_written(workbook: Path) -> None:
    """Drop what the workbook holds by now; what was decided since it was written waits on."""
    home = workbook.parent
    if not (home / PENDING).is_file():
        return
    from compiler.workbook.user_entries import cell_text, read_entries

    with _locked(home):
        content = _content(home)
        try:
            standing = read_entries(workbook, {})
        except Exception:  # whatever openpyxl makes of a damaged file: nothing is dropped
            return
        kept = {(item.kind, item.id, item.key): item.entry for item in standing.kept}
        for kind, rows in content.items():
            for name, row in [*rows.items()]:
                for key, (value, _) in [*row["cells"].items()]:
                    found = standing.rows.get(kind, {}).get(name, {}).get(key) or kept.get((kind, name, key))
                    if cell_text(found.value if found else None) == value.strip():
                        del row["cells"][key]
                if not row["cells"]:
                    del rows[name]
        _write(home, {kind: rows for kind, rows in content.items() if rows})


def has_pending(home: Path) -> bool:
    """Tell whether something waits for the workbook."""
    return (home / PENDING).is_file()


def _content(home: Path) -> dict[str, Any]:
    try:
        content = json.loads((home / PENDING).read_text(encoding="utf-8"))
        for rows in content.values():
            for row in rows.values():
                str(row["what"])
                row["cells"] = {str(key): [str(value), str(title)] for key, (value, title) in row["cells"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return dict(content)


def _write(home: Path, content: Mapping[str, Any]) -> None:
    path = home / PENDING
    if not content:
        path.unlink(missing_ok=True)
        return
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    from filelock import FileLock

    with FileLock(home / f".{PENDING}.lock"):
        yield
