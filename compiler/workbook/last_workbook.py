"""The workbook of the last build: what people did to it is read before the new one is written, and kept.

It becomes a dated backup where it held somebody's work. A copy of each workbook as it was written lies in a hidden
folder beside it, so that edits can be told from what the program wrote.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from compiler.files import is_held_open, safe_file_name
from compiler.model import Issue
from compiler.processes import TaskOutOfTime, time_limit
from compiler.workbook.pending_decisions import read_pending
from compiler.workbook.template import WorkbookTemplate
from compiler.workbook.user_edits import Work, copy_sheets, find_work
from compiler.workbook.user_entries import FilledCell, Kept, UserEntries, read_entries
from compiler.workbook.xlsx import Book, sheet_name

WRITTEN: Final = ".last"
"""The folder with the copy of the workbook as it was written."""

_MEGABYTE: Final = 1 << 20
_MOST_TOLD: Final = 20
"""So many edits are named in a message; the sheet of what was kept lists all."""


_MOST_EDITS, _MOST_EDITED = 60, 0.03
"""Nobody edits more cells of the program's by hand than these, or this share of all."""


class Past:
    """Reads what stands, keeps what is people's, and puts the new workbook in its place."""

    def __init__(self, standing: Path, home: Path, template: WorkbookTemplate) -> None:
        self.standing, self.home, self.template = standing, home, template
        self.entries = UserEntries()
        self.work = Work()
        self.issues: list[Issue] = []
        self.told: list[str] = []
        self.readable = True
        self.changed = False
        self.besides: list[Path] = []
        self.own: list[str] = []
        self.names: dict[str, str] = {}

    # --- from one process to another -------------------------------------------------------------

    def keep(self, into: Path) -> None:
        """Keep what was read for another process."""
        into.write_bytes(pickle.dumps({**vars(self), "template": None}))

    def recall(self, kept: Path) -> None:
        """Know what another process has read."""
        vars(self).update({**pickle.loads(kept.read_bytes()), "template": self.template})

    # --- reading -------------------------------------------------------------------------------

    def read(self, titles: Mapping[str, Mapping[str, str]]) -> None:
        """Read entries and all other work of people from the workbook that stands, and from copies beside it."""
        if self.standing.is_file():
            self._read_standing(titles)
        for path in _besides(self.home / self.standing.name, self.template):
            if not is_held_open(path):
                self._read_beside(path, titles)
        self.entries.merge(read_pending(self.home))

    def _read_standing(self, titles: Mapping[str, Mapping[str, str]]) -> None:
        path, written = self.standing, self._written
        note = self._note()
        if written is not None and note.get("sha256") == _digest(path) and note.get("empty") is True:
            return  # nobody has touched it, and it held nothing of anybody's when it was written
        if written is not None and _digest(path) == _digest(written):
            # Nobody has touched it; only what was carried over into it before is to be carried on.
            self.changed = False
        else:
            self.changed = True

        def read() -> None:
            self.entries = read_entries(path, titles)
            self.work = find_work(path, written, self._known_own(), self._palette())

        if not self._within_limits(path, read):
            self.readable = False
            self.entries, self.work = UserEntries(), Work()
        elif len(self.work.edits) > max(_MOST_EDITS, self.work.compared * _MOST_EDITED):
            # Not the workbook that was written last: an older one that somebody put in its place.
            self.work.edits.clear()
            self._tell("O135", path=path.name)

    def _read_beside(self, path: Path, titles: Mapping[str, Mapping[str, str]]) -> None:
        found = UserEntries()
        if not self._within_limits(path, lambda: found.merge(read_entries(path, titles))):
            return
        self.besides.append(path)
        if found.count:
            self.entries.merge(found)
            self._tell("O132", path=path.name, count=str(found.count))

    def _within_limits(self, path: Path, read: Callable[[], None]) -> bool:
        """Run ``read``; say so and return false where the workbook is too large, takes too long or cannot be read."""
        limits = self.template.limits
        size, unpacked = limits.get("read_back_megabytes", 200), limits.get("read_back_unpacked_megabytes", 2000)
        seconds = limits.get("read_back_seconds", 300)
        try:
            if path.stat().st_size > size * _MEGABYTE:
                self.issues.append(Issue("O130", {"path": path.name, "limit": str(size)}))
            elif _unpacked(path) > unpacked * _MEGABYTE:
                self.issues.append(Issue("O137", {"path": path.name, "limit": str(unpacked)}))
            else:
                with time_limit(seconds):
                    read()
                return True
        except TaskOutOfTime:
            self.issues.append(Issue("O138", {"path": path.name, "seconds": str(seconds)}))
        except Exception as error:
            self.issues.append(Issue("O123", {"path": path.name, "why": type(error).__name__}))
        return False

    @property
    def _written(self) -> Path | None:
        path = self.home / WRITTEN / self.standing.name
        # With a copy beside it, the workbook that stands is older than what was written last.
        beside = _besides(self.home / self.standing.name, self.template)
        return path if path.is_file() and not beside else None

    def _known_own(self) -> frozenset[str]:
        """Return the sheets that earlier builds have copied for people."""
        own = self._note().get("own")
        return frozenset(map(str, own)) if isinstance(own, list) else frozenset()

    def _note(self) -> dict[str, Any]:
        """Return what the last build noted of the workbook that it wrote; empty in doubt."""
        try:
            note = json.loads((self.home / WRITTEN / f"{self.standing.stem}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    @property
    def _holds_work(self) -> bool:
        work = self.work
        return bool(self.entries.count or work.edits or work.marks or work.sheets)

    def _palette(self) -> frozenset[str]:
        look = self.template.look
        names = ("header_fill", "entry_fill", "section_fill")
        defaults = ("DCE6F1", "FFFBE6", "F3F6FA")
        found = {look.get(name, default).upper() for name, default in zip(names, defaults, strict=True)}
        found |= {one.get("fill", "").upper() for one in self.template.status_look.values()}
        return frozenset(found | {""})

    # --- keeping -------------------------------------------------------------------------------

    def edits(self, today: str) -> Iterator[Kept]:
        """Yield the edits of what the program writes, to be kept on a sheet of their own."""
        edits = self.work.edits
        word = self.template.word
        for edit in edits:
            row = "" if edit.place.row.startswith("#") else edit.place.row
            what = word("edit_what", row=row, cell=edit.cell, old=edit.old or "—")
            column = edit.place.column
            yield Kept(edit.place.sheet, "", what, "edit", column, FilledCell(edit.new, "", column), today)
        if edits:
            shown = "；".join(f"{edit.place.sheet}!{edit.cell} {edit.new}" for edit in edits[:_MOST_TOLD])
            self._tell("O129", count=str(len(edits)), shown=shown)

    def announce(self, taken: set[str]) -> None:
        """Decide on the names of people's own sheets, and tell what is carried over, before anything is written."""
        self.names = {name: sheet_name(name, taken) for name in self.work.sheets}
        if self.names:
            self._tell("O127", names="、".join(self.names.values()))
        marks = self.work.marks
        if marks:
            sheets = "、".join(sorted({place.sheet for place in marks}))
            comments = str(sum(bool(mark.comment) for mark in marks.values()))
            self._tell("O128", sheets=sheets, comments=comments, fills=str(sum(bool(m.fill) for m in marks.values())))

    def copy_sheets(self, book: Book) -> dict[str, str]:
        """Copy people's own sheets; return for each what could not be carried over, if anything."""
        return copy_sheets(book, self.work.path, self.names) if self.work.path is not None else {}

    def end(self, lost: Mapping[str, str]) -> None:
        """Tell what could not be carried over, now that all sheets are written; ``lost`` is told of people's own."""
        self.own = list(self.names.values())
        for name, count in lost.items():
            self._tell("O133", name=name, count=count)
        left = list(self.work.left())
        if left:
            told = (f"{place.sheet}!{place.column} {mark.comment}".strip() for place, mark in left[:_MOST_TOLD])
            self._tell("O134", count=str(len(left)), shown="；".join(told))

    def _tell(self, code: str, **fields: str) -> None:
        from compiler.issues import message

        issue = Issue(code, fields)
        self.issues.append(issue)
        self.told.append(message(issue))

    # --- saving --------------------------------------------------------------------------------

    def save(self, write: Callable[[Path], None], path: Path, moment: datetime, today: str) -> None:
        """Write beside, keep the old one where it held somebody's work, then put the new one in its place."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        write(temporary)
        self._back_up(path, today)
        written = path.parent / WRITTEN
        written.mkdir(exist_ok=True)
        shutil.copyfile(temporary, written / path.name)
        # Untouched, a workbook that holds nobody's work need not be read back.
        note = {"own": self.own, "sha256": _digest(temporary), "empty": self.readable and not self._holds_work}
        (written / f"{path.stem}.json").write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
        try:
            if is_held_open(path):
                raise PermissionError
            temporary.replace(path)
        except PermissionError:
            beside = path.with_name(safe_file_name(self.template.word("beside", name=path.stem)))
            try:
                temporary.replace(beside)
            except PermissionError:
                beside = path.with_name(f"{path.stem}-{moment.strftime('%Y%m%d%H%M%S')}{path.suffix}")
                temporary.replace(beside)
            self.issues.append(Issue("O126", {"path": path.name, "beside": beside.name}))

    def _back_up(self, path: Path, today: str) -> None:
        for old, unread in ((self.standing, not self.readable), *((beside, False) for beside in self.besides)):
            work = self._holds_work
            if not old.is_file() or not (unread or (work and (self.changed or old != self.standing))):
                continue
            mark = "unread" if unread else _digest(old)[:8]
            name = _backup_name(path, self.template, today, mark)
            backup = path.with_name(safe_file_name(name))
            if backup.exists() or (self.home / backup.name).exists():
                continue
            shutil.copyfile(old, backup)
            if unread:
                self.issues.append(Issue("O125", {"path": backup.name}))
            elif old == self.standing:
                self.issues.append(Issue("O124", {"path": backup.name, "count": str(self.entries.count)}))
        self._offer_old_backups(path)

    def _offer_old_backups(self, path: Path) -> None:
        """Name the backups that are older than the last few; deleting them is for people to decide."""
        name = _backup_name(path, self.template, "*", "*")
        folders = {self.home, path.parent}
        found = {file.name: file for folder in folders for file in folder.glob(name)}
        most = self.template.limits.get("backups", 5)
        old = sorted(found.values(), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)[most:]
        if old:
            shown = "、".join(sorted(file.name for file in old))
            self.issues.append(Issue("O131", {"count": str(len(old)), "most": str(most), "shown": shown}))


def _unpacked(path: Path) -> int:
    """Return how many bytes a workbook holds when it is unpacked."""
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _digest(path: Path) -> str:
    with path.open("rb") as file:  # of a hundred megabytes, perhaps
        return file_digest(file, "sha256").hexdigest()


def drop_taken(workbook: Path, template: WorkbookTemplate) -> None:
    """Remove copies beside a workbook whose content came back into it: the same bytes stand in a backup."""
    backups = {_digest(path) for path in workbook.parent.glob(_backup_name(workbook, template, "*", "*"))}
    for path in _besides(workbook, template):
        if not is_held_open(path) and _digest(path) in backups:
            path.unlink()


def _backup_name(path: Path, template: WorkbookTemplate, date: str, mark: str) -> str:
    return template.word("backup", name=path.stem, date=date, mark=mark)


def _besides(path: Path, template: WorkbookTemplate) -> list[Path]:
    """Return the copies that builds have written beside a workbook that was open: …（新）.xlsx, …（新2）.xlsx."""
    shown = Path(template.word("beside", name=path.stem)).stem
    found = path.parent.glob(f"{shown.removesuffix('）')}*{path.suffix}")
    return sorted(one for one in found if one.name != path.name)
