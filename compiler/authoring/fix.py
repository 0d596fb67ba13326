"""Mends what a typing method spoils in rule files: full-width punctuation of keys, Tabs, GBK, missing blanks.

Only what ``check`` has told as such a mistake is touched, at the very place that it named; nothing is guessed. A copy
of the folder is mended and checked again until nothing of the kind is left; what comes out is shown as a difference
before anything is written.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compiler.model import Issue
from compiler.rules.rulebook import load_rulebook

ROUNDS: Final = 20
"""So often a folder is mended and checked again: one mistake may hide the next."""

_BRACKETS: Final = {"［": "[", "］": "]", "｛": "{", "｝": "}", "【": "[", "】": "]"}

MENDED: Final[Mapping[str, Callable[[str, str], tuple[str, str]]]] = {
    "R115": lambda before, after: (before, f", {after[1:].lstrip()}"),
    "R215": lambda before, after: (before, f"  {after[1:]}"),
    "R216": lambda before, after: (before, f": {after[1:].lstrip()}"),
    "R217": lambda before, after: (before, f", {after[1:].lstrip()}"),
    "R218": lambda before, after: (before, f"- {after[1:].lstrip()}"),
    "R219": lambda before, after: (before, f" {after[1:]}"),
    "R225": lambda before, after: (before, f": {after[1:]}"),
    "R226": lambda before, after: (before, f"- {after[1:]}"),
    "R241": lambda before, after: (before, _BRACKETS.get(after[0], after[0]) + after[1:]),
}
"""What becomes of a line, cut where the mistake stands, by the code that tells it."""

_ENCODINGS: Final = {"R202": "gb18030", "R203": "utf-8-sig", "R204": "utf-16"}


@dataclass(frozen=True, slots=True)
class Mended:
    """A file as it is and as it would be."""

    path: Path
    old: str
    new: str
    encoding: str

    def difference(self) -> str:
        """Return what changes, as a unified difference."""
        lines = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            self.path.name,
            f"{self.path.name}（改后）",
        )
        shown = {"gb18030": "GBK", "utf-8-sig": "带 BOM 的 UTF-8", "utf-16": "UTF-16"}.get(self.encoding)
        head = f"{self.path.name}：{shown} 编码改为 UTF-8\n" if shown else ""
        return head + "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def mend(folder: Path) -> tuple[Mended, ...]:
    """Return the files of a rule folder that can be mended, with what they would become; nothing is written."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / (folder.resolve().name or "rules")
        shutil.copytree(folder, copy)
        encodings: dict[Path, str] = {}
        for _ in range(ROUNDS):
            _, issues = load_rulebook(copy)
            if not _mend_once(copy, issues, encodings):
                break
        found = []
        for place in sorted(copy.rglob("*.yaml")):
            relative = place.relative_to(copy)
            encoding = encodings.get(relative, "utf-8")
            old = (folder / relative).read_bytes().decode(encoding, "replace")
            new = place.read_bytes().decode("utf-8", "replace")
            if old != new or encoding != "utf-8":
                found.append(Mended(folder / relative, old, new, encoding))
        return tuple(found)


def _mend_once(copy: Path, issues: tuple[Issue, ...], encodings: dict[Path, str]) -> bool:
    """Mend what ``issues`` tell, one mistake a line; tell whether anything was mended."""
    mended = False
    done: set[tuple[str, int]] = set()
    for issue in issues:
        where = issue.where
        if where is None:
            continue
        relative = Path(where.path.partition("/")[2])
        place = copy / relative
        if issue.code in _ENCODINGS and relative not in encodings:
            encodings[relative] = _ENCODINGS[issue.code]
            place.write_text(place.read_bytes().decode(encodings[relative]), encoding="utf-8", newline="")
            mended = True
        elif issue.code in MENDED and where.line and (where.path, where.line) not in done:
            done.add((where.path, where.line))
            lines = place.read_bytes().decode("utf-8").splitlines(keepends=True)
            line, cut = lines[where.line - 1], where.column - 1
            if cut < len(line.rstrip("\r\n")):
                lines[where.line - 1] = "".join(MENDED[issue.code](line[:cut], line[cut:]))
                place.write_text("".join(lines), encoding="utf-8", newline="")
                mended = True
    return mended


def write_mended(mended: tuple[Mended, ...]) -> None:
    """Write mended files back. Raises OSError where one cannot be written."""
    for one in mended:
        beside = one.path.with_name(f".{one.path.name}.new")
        beside.write_bytes(one.new.encode("utf-8"))
        beside.replace(one.path)
