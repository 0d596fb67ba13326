"""Read back what people wrote into a workbook, so that the next build can put it where it belongs.

A sheet that may be filled in carries a hidden row of keys above its header (``entry:lead``, ``id`` …) and
a hidden column with what was pre-filled. Rows are matched by their hidden id, wherever sorting has moved
them; columns by their key, or by their title where someone deleted the hidden row. Only what differs from
the pre-filled text counts as written by a person. What finds no row any more is kept, never dropped.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

MARK: Final = "keys:"
"""Begins the first cell of the hidden row of keys; the kind of sheet follows."""

ID: Final = "id"
DEFAULTS: Final = "defaults"
ENTRY: Final = "entry:"
EXTRA: Final = "extra:"
KEPT: Final = "kept"
OWN: Final = "U"
"""Begins the id of a row that somebody added to a list."""

_OWN_KINDS: Final = ("tasks",)
"""Sheets to which people may add rows."""

_COMPUTED: Final = frozenset(f"key:{name}" for name in ("number", "rate", "pace", "judgement", "goal", "way", "basis"))
"""What the program works out again in a row that somebody added."""

_RENAMED: Final = {"entry:owner": "entry:support"}
"""Columns of the former task sheet under their present key."""

_HEAD: Final = 12
_WHAT: Final = ("key:sentence", "key:message", "key:indicator")


@dataclass(frozen=True, slots=True)
class FilledCell:
    """One filled cell: its value, how its number was shown, and the title of its column."""

    value: str | int | Decimal | date | bool | None
    format: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A filled cell whose row is gone."""

    kind: str
    id: str
    what: str
    key: str
    title: str
    entry: FilledCell
    since: str


@dataclass
class UserEntries:
    """All that was filled in: by kind of sheet, row id and column key; and what was already set aside."""

    rows: dict[str, dict[str, dict[str, FilledCell]]] = field(default_factory=dict)
    what: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    own: dict[str, dict[str, dict[str, FilledCell]]] = field(default_factory=dict)
    bases: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def own_rows(self, kind: str) -> Mapping[str, Mapping[str, FilledCell]]:
        """Return the rows that people added to a sheet, with all their cells."""
        return self.own.get(kind, {})

    def adopt(self, ids: Collection[str], tasks: Iterable[tuple[str, str, str]]) -> None:
        """Give entries of the former task sheet, whose rows stood for single figures, to the tasks of this build.

        ``ids`` are those of the tasks; ``tasks`` gives id and text of each with the id of a fact in it, and is asked
        only where a row has another id. A row is found again by its id, else by
        the fact that it stood for, else by its sentence. 责任单位 became 配合单位.
        """
        rows = self.rows.get("tasks")
        if not rows or all(name in ids for name in rows):
            return
        by_fact: dict[str, str] = {}
        by_text: dict[str, str] = {}
        for name, text, fact in tasks:
            by_text.setdefault("".join(text.split()), name)
            if fact:
                by_fact.setdefault(fact, name)
        adopted: dict[str, dict[str, FilledCell]] = {name: dict(cells) for name, cells in rows.items() if name in ids}
        for name, cells in rows.items():
            if name in ids:
                continue
            what = self.what.get(("tasks", name), "")
            found = by_fact.get(name) or _by_sentence(what, by_text)
            target = adopted.setdefault(found or name, {})
            for key, entry in cells.items():
                known = target.setdefault(_RENAMED.get(key, key), entry)
                if known is not entry and known.value != entry.value and _RENAMED.get(key, key) in target:
                    # Two figures of one sentence had a row each: what was written into both stands in the one.
                    joined = f"{known.value}；{entry.value}" if known.value else str(entry.value)
                    target[_RENAMED.get(key, key)] = FilledCell(joined, known.format, known.title)
            if found and what:
                self.what.setdefault(("tasks", found), what)
        self.rows["tasks"] = adopted

    def merge(self, other: UserEntries) -> None:
        """Take in what was written into another copy of the workbook; where both say something, the other holds."""
        for mine, theirs in ((self.rows, other.rows), (self.own, other.own)):
            for kind, rows in theirs.items():
                for name, cells in rows.items():
                    mine.setdefault(kind, {}).setdefault(name, {}).update(cells)
        self.what.update(other.what)
        known = {(item.kind, item.id, item.key, str(item.entry.value)) for item in self.kept}
        self.kept += [i for i in other.kept if (i.kind, i.id, i.key, str(i.entry.value)) not in known]

    @property
    def count(self) -> int:
        """Return how many cells were filled in."""
        written = (*self.rows.values(), *self.own.values())
        return sum(len(cells) for rows in written for cells in rows.values()) + len(self.kept)

    @property
    def mark(self) -> str:
        """Return a short fingerprint of the entries; the same entries give the same one."""
        parts = [
            f"{kind}|{name}|{key}|{entry.value}"
            for kind, rows in sorted((*self.rows.items(), *self.own.items()), key=lambda pair: pair[0])
            for name, cells in sorted(rows.items())
            for key, entry in sorted(cells.items())
        ]
        parts += [f"kept|{item.kind}|{item.id}|{item.key}|{item.entry.value}" for item in self.kept]
        return sha256("\n".join(parts).encode()).hexdigest()[:8]

    def extra_columns(self, kind: str) -> list[tuple[str, str]]:
        """Return key and title of the columns that people added themselves, in a fixed order."""
        found: dict[str, str] = {}
        for cells in self.rows.get(kind, {}).values():
            for key, entry in cells.items():
                if key.startswith(EXTRA):
                    found.setdefault(key, entry.title)
        return sorted(found.items())

    def settle(
        self, present: Mapping[str, Iterable[str]], columns: Mapping[str, Iterable[str]], today: str
    ) -> tuple[dict[str, dict[str, dict[str, FilledCell]]], list[Kept]]:
        """Divide the entries into those that have a row and a column in the new workbook, and the rest.

        ``present`` gives the row ids of each kind, ``columns`` the keys of the columns to fill.
        """
        if not self.rows and not self.kept:
            return {}, []
        ids = {kind: set(names) for kind, names in present.items()}
        keys = {kind: set(names) for kind, names in columns.items()}
        placed: dict[str, dict[str, dict[str, FilledCell]]] = {}
        left: list[Kept] = []
        for kind, rows in self.rows.items():
            for name, cells in rows.items():
                for key, entry in cells.items():
                    has_column = key in keys.get(kind, ()) or key.startswith(EXTRA)
                    if name in ids.get(kind, ()) and has_column:
                        placed.setdefault(kind, {}).setdefault(name, {})[key] = entry
                    elif entry.value not in (None, ""):
                        what = self.what.get((kind, name), "")
                        shown_id = "" if name.startswith("?") else name
                        left.append(Kept(kind, shown_id, what, key, entry.title, entry, today))
        for item in self.kept:
            has_row = item.id and item.id in ids.get(item.kind, ())
            taken = placed.get(item.kind, {}).get(item.id, {})
            if has_row and item.key in keys.get(item.kind, ()) and item.key not in taken:
                placed.setdefault(item.kind, {}).setdefault(item.id, {})[item.key] = item.entry
            else:
                left.append(item)
        return placed, left


def read_entries(path: Path, titles: Mapping[str, Mapping[str, str]]) -> UserEntries:
    """Read the entries of a workbook. ``titles`` maps kind and column title to key, for the case of need.

    Raises whatever openpyxl raises on a file that it cannot read; the caller decides what that means.
    """
    from openpyxl import load_workbook

    entries = UserEntries()
    # The whole-file mode would take minutes and gigabytes on a big workbook; this one reads what is asked for.
    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            if not hasattr(sheet, "iter_rows"):
                continue
            reset = getattr(sheet, "reset_dimensions", None)
            if reset is not None:
                reset()
            head = [list(row) for row in sheet.iter_rows(min_row=1, max_row=_HEAD)]
            found = keys_of(head, titles)
            if found is None:
                continue
            kind, keys, names, header = found
            body = (list(row) for row in sheet.iter_rows(min_row=header + 1))
            if kind == KEPT:
                _read_kept(entries, keys, body)
            else:
                _read_rows(entries, kind, keys, names, body)
    finally:
        workbook.close()
    return entries


def keys_of(
    head: Sequence[Sequence[Any]], titles: Mapping[str, Mapping[str, str]]
) -> tuple[str, list[str], list[str], int] | None:
    """Return kind, column keys, column titles and the last header row (from 1) of a sheet to be filled in."""
    texts = [[cell_text(cell.value) for cell in row] for row in head]
    for index, row in enumerate(texts):
        marked = next((text for text in row if text.startswith(MARK)), "")
        if not marked:
            continue
        kind, _, depth = marked[len(MARK) :].partition("/")
        keys = [text.partition("|")[2] if text.startswith(MARK) else text for text in row]
        kind, depth = kind.partition("|")[0], depth.partition("|")[0]
        header = index + 1 + (int(depth) if depth.isdecimal() else 1)
        names = _names(texts[index + 1 : header], len(row))
        return kind, keys, names, header
    for kind, known in titles.items():
        for index in range(len(texts)):
            for height in (1, 2):  # groups stand above their columns
                names = _names(texts[index : index + height], max(map(len, texts[index : index + height])))
                matched = [known.get(text, "") for text in names]
                if sum(bool(key) for key in matched) >= 4 and ID in matched and _deepest(texts, index, height, known):
                    return kind, matched, names, index + height
    return None


def _deepest(texts: Sequence[Sequence[str]], index: int, height: int, known: Mapping[str, str]) -> bool:
    """Tell whether no further row of titles follows."""
    below = texts[index + height] if index + height < len(texts) else []
    return sum(text in known for text in below) < 2


def own_id(cells: Mapping[str, FilledCell]) -> str:
    """Return the id of a row that somebody added, made from what it holds."""
    parts = (f"{key}={entry.value}" for key, entry in sorted(cells.items()))
    return OWN + sha256("\x1f".join(parts).encode()).hexdigest()[:8].upper()


def _by_sentence(what: str, by_text: Mapping[str, str]) -> str:
    """Return the task that holds a sentence (the former sheet showed a clause of it); empty where none does."""
    text = "".join(what.split()).strip("；;。")
    if not text:
        return ""
    return by_text.get(text) or next((name for own, name in by_text.items() if text in own), "")


def _names(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the lowest title of each column."""
    names = [""] * width
    for row in rows:
        names.extend([""] * (len(row) - len(names)))
        for column, text in enumerate(row):
            if text:
                names[column] = text
    return names


def _read_rows(
    entries: UserEntries, kind: str, keys: Sequence[str], names: Sequence[str], body: Iterable[Sequence[Any]]
) -> None:
    at = {key: column for column, key in enumerate(keys) if key}
    columns = [*_keyed(keys, names)]
    filled = (row for row in body if any(cell.value not in (None, "") for cell in row))
    for number, row in enumerate(filled, 1):

        def text(key: str, row: Sequence[Any] = row) -> str:
            column = at.get(key, len(row))
            return cell_text(row[column].value) if column < len(row) else ""

        row_id = text(ID)
        # A row that someone added has no id, or the one that an earlier build gave it; all of it is written by hand.
        own = not row_id or (kind in _OWN_KINDS and row_id.startswith(OWN))
        row_id = row_id or f"?{number}"
        defaults = _defaults(text(DEFAULTS))
        cells = _written(row, columns, defaults, own=own)
        entries.bases.update({(kind, row_id, key): defaults[key] for key in cells if defaults.get(key)})
        if cells and own and kind in _OWN_KINDS:
            entries.own.setdefault(kind, {})[row_id if row_id.startswith(OWN) else own_id(cells)] = cells
        elif cells:
            entries.rows.setdefault(kind, {})[row_id] = cells
            what = next((text(key) for key in _WHAT if key in at and at[key] < len(row)), "")
            if own:
                what = "；".join(cell_text(cell.value) for cell in row if cell.value not in (None, ""))
            entries.what[kind, row_id] = what


def _keyed(keys: Sequence[str], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield key and title of each column; one that somebody added goes by its title."""
    for key, title in zip_longest(keys, names, fillvalue=""):
        yield key or (EXTRA + title if title else ""), title


def _written(
    row: Sequence[Any], columns: Sequence[tuple[str, str]], defaults: Mapping[str, str], *, own: bool
) -> dict[str, FilledCell]:
    """Return the cells of a row that a person wrote: what differs from the pre-filled text, or all in an own row."""
    cells: dict[str, FilledCell] = {}
    for cell, (key, title) in zip(row, columns, strict=False):
        if not _is_entry(key, own=own):
            continue
        value, default = cell_value(cell.value), defaults.get(key, "")
        if cell_text(value) == default or (own and value is None):
            continue
        format_ = str(getattr(cell, "number_format", "") or "")
        cells[key] = FilledCell(value if value is not None else "", format_, title)
    return cells


def _is_entry(key: str, *, own: bool) -> bool:
    """Tell whether people write into a column; in a row of their own into each that the program does not compute."""
    if own:
        return bool(key) and key not in (ID, DEFAULTS) and key not in _COMPUTED
    return key.startswith((ENTRY, EXTRA))


def _read_kept(entries: UserEntries, keys: Sequence[str], body: Iterable[Sequence[Any]]) -> None:
    at = {key: column for column, key in enumerate(keys) if key}

    def cell(row: Sequence[Any], key: str) -> Any:
        column = at.get(key, -1)
        return row[column] if 0 <= column < len(row) else None

    def text(row: Sequence[Any], key: str) -> str:
        found = cell(row, key)
        return cell_text(found.value) if found is not None else ""

    for row in body:
        held = cell(row, "value")
        value = cell_value(held.value) if held is not None else None
        if value is None:
            continue
        format_ = str(getattr(held, "number_format", "") or "")
        title = text(row, "column")
        entries.kept.append(
            Kept(
                text(row, "kind"),
                text(row, ID),
                text(row, "what"),
                text(row, "key"),
                title,
                FilledCell(value, format_, title),
                text(row, "since"),
            )
        )


def cell_text(value: Any) -> str:
    """Return a cell's value as text, empty for none."""
    return "" if value is None else str(value).strip()


def cell_value(value: Any) -> str | int | Decimal | date | bool | None:
    """Return a cell's value as one that can be written again."""
    if value is None or isinstance(value, (bool, int, date, datetime)):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else Decimal(repr(value))
    if isinstance(value, timedelta | clock):
        return str(value)
    text = str(value)
    return text if text.strip() else None


def _defaults(value: Any) -> dict[str, str]:
    try:
        data = json.loads(str(value))
    except ValueError:
        return {}
    return {str(key): str(text) for key, text in data.items()} if isinstance(data, dict) else {}
