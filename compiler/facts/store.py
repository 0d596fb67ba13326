"""Compiled reports kept from build to build, in a folder that only this user can write to.

An entry is found by what it was made of: the file's path and content, the rules, and the program itself. One that is
damaged, or was not written whole, is made anew, never believed. The folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from compiler.facts.carried import Change, Written, cannot_hold, change, written
from compiler.facts.gists import Gist, PackedReport, packed
from compiler.files import private_folder
from compiler.garbage_collection import no_collection
from compiler.model import CompiledReport, Issue, RuleBook, Source

Compiled = tuple[tuple[CompiledReport, ...], tuple[Issue, ...]]

Packed = tuple[tuple[PackedReport, ...], tuple[Issue, ...]]

KEPT_DAYS = 60
"""Entries that no build has used for so long are dropped: a year's reports are worked on for a month or two."""

_DIGEST = hashlib.sha256().digest_size
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def program_fingerprint() -> str:
    """Return a fingerprint of the program: an entry of another version, or of code edited since, is not its own."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {pickle.HIGHEST_PROTOCOL}".encode())
    for path in sorted(_files(_PACKAGE)):
        status = path.stat()
        digest.update(f"{path.relative_to(_PACKAGE)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.is_dir() and entry.name not in ("__pycache__", "samples"):
            yield from _files(Path(entry.path))
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield Path(entry.path)


program_fingerprint()  # of the program that was loaded: what lies there when an entry is kept may be newer


def folder_fingerprint(folder: Path) -> str:
    """Return a fingerprint of all that lies in a folder, and of its path, which messages name; empty where not all of
    it can be read."""
    digest = hashlib.sha256(f"{folder}\0{folder.resolve()}".encode("utf-8", "surrogateescape"))
    try:
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            digest.update(f"{relative}\0{content}\n".encode("utf-8", "surrogateescape"))
    except OSError:
        return ""
    return digest.hexdigest()


class Store:
    """The kept reports; :meth:`open` finds the folder."""

    def __init__(self, folder: Path, often: str = "") -> None:
        self.folder = folder
        self._often = _OftenRead(folder / f"often-{_name(often)}" if often else None)

    @classmethod
    def open(cls, often: str = "") -> Store | None:
        """Return the store of this user; None where there is no folder that is this user's alone. ``often`` names those
        who read the same entries again and again (:meth:`recall`)."""
        private = private_folder()
        if private is None:
            return None
        folder = private / "reports"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            _sweep(folder)
        except OSError:
            return None
        return cls(folder, often)

    def _path(self, source: Source, fingerprint: str, part: str = "") -> Path:
        known = (source.path, source.sha256, source.encoding, repr(source.by_hand))
        return self.folder / _name(fingerprint, *known, part)

    def get(self, source: Source, rulebook: RuleBook) -> Compiled | None:
        """Return what ``source`` was compiled to with these rules; None where that is unknown or not to be trusted."""
        found = read_entry(self._path(source, rulebook.fingerprint))
        if not isinstance(found, tuple) or len(found) != 2:
            return None
        return unpacked(source, (found[0], found[1]))

    def put(self, source: Source, rulebook: RuleBook, sent: Packed, text: str = "") -> None:
        """Keep what ``source`` was compiled to, and its ``text`` as rules are matched against it; a full disk loses the
        entry, not the build."""
        reports, issues = sent
        write_entry(self._path(source, rulebook.fingerprint), sent, plain=True)
        gists = tuple(report.gist for report in reports)
        write_entry(self._path(source, rulebook.fingerprint, _GIST), (gists, issues))
        if text and not source.tables:
            write_entry(self._path(source, rulebook.fingerprint, _TEXT), text)

    def gists(self, source: Source, rulebook: RuleBook) -> tuple[tuple[Gist, ...], tuple[Issue, ...]] | None:
        """Return what a build has to know of the reports of ``source``, with their issues; None as for :meth:`get`."""
        found = self._often.read(self._path(source, rulebook.fingerprint, _GIST))
        if not isinstance(found, tuple) or len(found) != 2:
            return None
        try:
            os.utime(self._path(source, rulebook.fingerprint))  # in use, though nobody may ask for the whole of it
        except OSError:
            return None
        return found[0], found[1]

    def part(self, source: Source, fingerprint: str, name: str) -> object:
        """Return what else was made of ``source`` under a name, by the rules of a fingerprint; None where that is
        unknown or not to be trusted."""
        return read_entry(self._path(source, fingerprint, name))

    def put_part(self, source: Source, rulebook: RuleBook, name: str, content: object) -> None:
        """Keep what else was made of ``source``."""
        write_entry(self._path(source, rulebook.fingerprint, name), content)

    def made(self, *known: str) -> object:
        """Return what was made of something that ``known`` tells whole; None as for :meth:`part`."""
        return read_entry(self.folder / _name(*known))

    def recall(self, *known: str) -> object:
        """Return what was made, as :meth:`made` does, of what one build after another asks for."""
        return self._often.read(self.folder / _name(*known))

    def keep_recalled(self) -> None:
        """Lay what was recalled beside one another for those who ask for the same again."""
        self._often.keep()

    def keep(self, content: object, *known: str, plain: bool = False) -> None:
        """Keep what was made of something that ``known`` tells whole; ``plain`` as for :func:`write_entry`."""
        write_entry(self.folder / _name(*known), content, plain=plain)

    def forget(self, *known: str) -> None:
        """Drop what was made of something: it is of no use any more."""
        (self.folder / _name(*known)).unlink(missing_ok=True)

    # --- after an edit of the rules ---

    def written(self, rulebook: RuleBook) -> Written:
        """Return what a rule book leaves behind, made once."""
        path = self.folder / f"rules-{_name(rulebook.fingerprint)}"
        found = read_entry(path)
        if not isinstance(found, Written):
            found = written(rulebook)
            write_entry(path, found)
        return found

    def change(self, rulebook: RuleBook) -> Change | None:
        """Return what differs from the rules of the last build that had others; None where all may, or there is none.

        From now on these rules are those of the last build.
        """
        last, own = self.folder / f"rules-{_name('of the last build')}", self.written(rulebook)
        earlier = read_entry(last)
        if not isinstance(earlier, tuple) or not all(isinstance(one, Written) for one in earlier):
            earlier = ()
        others = [one for one in earlier if one.fingerprint != own.fingerprint][:1]
        if [one.fingerprint for one in earlier][:1] != [own.fingerprint]:
            write_entry(last, (own, *others))
        return change(others[0], own, rulebook.lexicon) if others else None

    def carry(self, source: Source, rulebook: RuleBook, changed: Change) -> bool:
        """Keep under the present rules what ``source`` was compiled to by those before an edit, with all that was made
        of it; tell whether that is done: there is such an entry, and the edit cannot have touched it."""
        found = read_entry(self._path(source, changed.earlier, _GIST))
        if not isinstance(found, tuple) or len(found) != 2:
            return False
        text = self.part(source, changed.earlier, _TEXT) if changed.is_seen else None
        if not cannot_hold(source, rulebook, changed, text if isinstance(text, str) else None):
            return False
        parts = ("", *(outline_part(gist.number) for gist in found[0]), _TEXT, _GIST)
        kept = [
            _copy(self._path(source, changed.earlier, part), self._path(source, rulebook.fingerprint, part))
            for part in parts
        ]
        return kept[0] and kept[-1]


class _OftenRead:
    """Small entries that build after build reads, by the hundred: in one file, which takes less than to open each.

    It holds what the last reader read; what is not in it is read from its own file. Once a day all are, so that these
    are seen to be in use. Without a ``path`` there is no such file.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: dict[str, bytes] = {}

    @cached_property
    def _held(self) -> dict[str, bytes]:
        found = read_entry(self._path) if self._path is not None else None
        return found[1] if isinstance(found, tuple) and found[:1] == (_today(),) else {}

    def read(self, path: Path) -> object:
        """Return what an entry holds, None as for :func:`read_entry`."""
        if self._path is None:
            return read_entry(path)
        payload = self._held.get(path.name)
        if payload is None:
            payload = _payload(path)
            with suppress(OSError):
                os.utime(path)
        if payload is None:
            return None
        self._read[path.name] = payload
        return _content(payload)

    def keep(self) -> None:
        """Leave behind what was read."""
        if self._path is not None and self._read.keys() != self._held.keys():
            write_entry(self._path, (_today(), self._read), plain=True)


def _today() -> int:
    return int(time.time() // _DAY)


_DAY = 86_400


def _name(*known: str) -> str:
    """Return the name of a file by all that its content is made of, the program too."""
    return hashlib.sha256("\0".join((program_fingerprint(), *known)).encode("utf-8", "surrogateescape")).hexdigest()


def outline_part(number: int) -> str:
    """Return the name under which is kept what the workbook has to know of a report."""
    return f"outline {number}"


_GIST, _TEXT = "gist", "text"


def _copy(old: Path, new: Path) -> bool:
    """Keep an entry under another name; tell whether it was there and whole."""
    payload = _payload(old)
    if payload is None:
        return False
    write_whole(new, _stamp(new, payload) + payload)
    return True


def read_entry(path: Path, outside: Mapping[Any, object] | None = None) -> object:
    """Return what was kept in a file of a private folder; None where it is not there, damaged or not to be trusted.

    ``outside`` is what it was written without, by the same names.
    """
    payload = _payload(path)
    if payload is None:
        return None
    with suppress(OSError):
        os.utime(path)
    return _content(payload, outside)


def _content(payload: bytes, outside: Mapping[Any, object] | None = None) -> object:
    """Return what an entry holds; None where this program cannot read it."""
    try:
        with no_collection():
            unpickler = pickle.Unpickler(io.BytesIO(zlib.decompress(payload)))
            if outside:
                unpickler.persistent_load = outside.__getitem__  # type: ignore[method-assign]
            return unpickler.load()
    except _UNREADABLE:
        return None


_UNREADABLE = (
    *(OSError, zlib.error, pickle.PickleError, AttributeError, ImportError, EOFError, ValueError, TypeError),
    *(KeyError, RuntimeError),
)


def _payload(path: Path) -> bytes | None:
    """Return the content of an entry; None where it is not whole or stood under another name."""
    try:
        data = path.read_bytes()
        if _stamp(path, data[_DIGEST:]) != data[:_DIGEST]:
            path.unlink(missing_ok=True)
            return None
    except OSError:
        return None
    return data[_DIGEST:]


def _stamp(path: Path, payload: bytes) -> bytes:
    return hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + payload).digest()


class _Pickler(pickle.Pickler):
    """Writes of what stands outside its name alone."""

    def __init__(self, stream: io.BytesIO, outside: Mapping[Any, object]) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._names = {id(one): name for name, one in outside.items()}

    def persistent_id(self, value: object) -> object:
        return self._names.get(id(value))


def write_entry(
    path: Path, content: object, outside: Mapping[Any, object] | None = None, *, plain: bool = False
) -> None:
    """Keep ``content`` in a file of a private folder, whole or not at all; what is ``outside`` is kept by its name.

    ``plain`` tells that it is not to be compressed: there is one such entry, read by each run, or most of it is packed.
    """
    stream = io.BytesIO()
    # A pickler that asks for names asks for each object's, which takes longer than all the rest.
    pickler = _Pickler(stream, outside) if outside else pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dump(content)
    payload = zlib.compress(stream.getbuffer(), 0 if plain else 1)
    write_whole(path, _stamp(path, payload) + payload)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of a private folder, whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}{_UNFINISHED}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)


_UNFINISHED, _ABANDONED = ".unfinished", 3600
"""How a file ends that is being written, and after how many seconds nobody is writing it any more."""


def room_for(place: Path, most: int) -> bool:
    """Make the folder of ``place`` where there is none, and drop the oldest of its entries so that with ``place`` there
    are ``most``; tell whether something can be kept there. What another process is writing there is left alone."""
    now = time.time()
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        found = [(_written_at(path), path) for path in place.parent.iterdir() if path != place]
        others = [path for when, path in sorted(found) if path.suffix != _UNFINISHED or now - when > _ABANDONED]
        for path in others[: max(0, len(others) - most + 1)]:
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _written_at(path: Path) -> float:
    """Return when a file was written; of one that another process has just dropped, long ago."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def pack(source: Source, compiled: Compiled) -> Packed:
    """Return what a source was compiled to as it is sent, kept and held in memory, where no text is at hand."""
    reports, issues = compiled
    return tuple(packed(replace(report, text=source.text)) for report in reports), issues


def unpacked(source: Source, sent: Packed) -> Compiled:
    """Return the reports of a source with the text of its file; all of them share it."""
    reports, issues = sent
    return tuple(report.report(source.text) for report in reports), issues


def _sweep(folder: Path) -> None:
    """Drop what was not used for long; once a day is enough."""
    mark = folder / ".swept"
    now = time.time()
    if mark.exists() and now - mark.stat().st_mtime < _DAY:
        return
    mark.touch()
    for entry in os.scandir(folder):
        if entry.is_file() and now - entry.stat().st_mtime > KEPT_DAYS * _DAY:
            Path(entry.path).unlink(missing_ok=True)
