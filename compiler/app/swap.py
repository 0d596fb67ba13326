"""From old outputs to new ones in what is nearly one step, and the lock that keeps two builds apart.

A build writes everything into a folder of its own (``.build-…``) below the outputs, the record (``build.json``) too, as
it will be where nothing has to go beside a file that somebody has edited. When all of it is there, that folder is
renamed to ``.switch``: from that moment the build counts. Its files are then moved to their names, the record last.
Whoever is killed before the renaming has changed nothing, and what is left of it is
swept by the next build; whoever is killed after it has its work finished by the next build, from the same folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypedDict

from compiler.app.edited_outputs import digest, hashes_written, names_beside, put, read_record
from compiler.files import visible
from compiler.model import Issue

RECORD = "build.json"
_STAGING, _SWITCH, _JOURNAL, _CORRECTED = ".build-", ".switch", "journal.json", "corrected.json"
LOCK, _HOLDER = ".report-compiler.lock", ".report-compiler.holder"


@dataclass(slots=True)
class _State:
    """What this process has done to the outputs, so that messages about a crash tell the truth."""

    changed: bool = False


_state = _State()


def outputs_changed() -> bool:
    """Tell whether the last build of this process has begun to put new outputs in place."""
    return _state.changed


# --- one build at a time -----------------------------------------------------------------------


class Locked(Exception):
    """Another build writes to the same folder; ``issue`` says whose it is."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of a folder of outputs; :class:`Locked` where another build has it. Raises ``OSError``.

    The folder is made for it; where nothing was written it goes again, and so do the lock's own files.
    """
    from filelock import FileLock, Timeout

    new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    lock, holder = FileLock(out / LOCK, timeout=0), out / _HOLDER
    try:
        lock.acquire()
    except Timeout:
        raise Locked(Issue("B133", {"path": visible(out), "holder": _holder(holder)})) from None
    try:
        # Only tells whose the lock is; that it cannot be written keeps nobody from building.
        with contextlib.suppress(OSError):
            holder.write_text(json.dumps(_self(), ensure_ascii=False), encoding="utf-8")
        yield
    finally:
        for path in (holder, out / LOCK):
            with contextlib.suppress(OSError):  # Windows lets go of the lock's file only after the release
                path.unlink()
        lock.release()
        if new:
            with contextlib.suppress(OSError):  # not empty: the outputs are there
                out.rmdir()


def _self() -> dict[str, str]:
    import getpass
    import platform

    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        user = str(os.getuid()) if hasattr(os, "getuid") else ""
    since = datetime.now().astimezone().strftime("%H:%M:%S")
    return {"user": user, "host": platform.node(), "process": str(os.getpid()), "since": since}


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return visible(f"{told['user']}@{told['host']}，进程 {told['process']}，{told['since']} 开始")
    except (OSError, ValueError, KeyError, TypeError):
        return "不知是谁"


# --- the switch --------------------------------------------------------------------------------


@contextlib.contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Give a folder beside the outputs, so that moving a file into place is one step of the file system."""
    _state.changed = False
    folder = out / f"{_STAGING}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def switch(
    folder: Path,
    out: Path,
    record: Mapping[str, Any],
    known: Mapping[str, str],
    stay: Sequence[str] = (),
    standing: Mapping[str, str] = MappingProxyType({}),
    whole: str = "",
    hashes: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[str], list[Issue]]:
    """Put the staged files in place of the old ones; ``record`` becomes the record, once it is known where each went.

    ``known`` are the hashes of what earlier builds wrote (:func:`~compiler.app.edited_outputs.hashes_written`),
    ``hashes`` those of staged files where they are at hand. Files in the folders ``stay`` keep their place where
    somebody has edited them. ``standing`` are files of the last build, each with its hash, that are good as they are.
    The folder ``whole`` is read as one: what an earlier build wrote into it, and this one did not, goes. Returns the
    names of what was written and the issues of files that had to go beside others. Raises ``OSError``; then the next
    build goes on.
    """
    from compiler.facts.written_tables import build_json

    produced = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {name: hashes.get(name) or digest(folder / name) for name in produced}
    placed = _by_name(files, standing)
    journal: _Journal = {
        "files": files,
        "standing": dict(standing),
        "written": _written(out, known, placed, whole),
        "stay": list(stay),
        "whole": whole,
    }
    _write_through(folder / RECORD, build_json(_completed(record, placed, journal["written"], ())))
    _write_through(folder / _JOURNAL, json.dumps(journal, ensure_ascii=False).encode("utf-8"))
    with _uninterrupted():
        shutil.rmtree(out / _SWITCH, ignore_errors=True)
        _state.changed = True
        folder.rename(out / _SWITCH)
        return _finish(out, journal, known)


def recover(out: Path) -> list[Issue]:
    """Finish the switch of a build that was killed in the middle of it, and sweep what other dead builds left.

    To be called with the lock held: every folder of a build is then that of a dead one. Raises ``OSError``.
    """
    issues = []
    dead = [path for path in out.glob(f"{_STAGING}*") if path.is_dir() and not path.is_symlink()]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    if dead:
        issues.append(Issue("B134", {"path": visible(out), "count": str(len(dead))}))
    if (out / _SWITCH).is_dir():
        if (out / _SWITCH / _JOURNAL).is_file():
            with _uninterrupted():
                journal = json.loads((out / _SWITCH / _JOURNAL).read_text(encoding="utf-8"))
                _, beside = _finish(out, journal, hashes_written(read_record(out / RECORD)))
            issues.append(Issue("B135", {"path": visible(out)}))
            issues.extend(beside)
        else:  # all had been moved, and the journal with the record was about to go
            shutil.rmtree(out / _SWITCH, ignore_errors=True)
    return issues


class _Journal(TypedDict):
    """What is to be done: the staged files and those that stand, with their hashes, and what of the files of this and
    earlier builds (``written``) the staged record says to be there; ``stay`` and ``whole`` as for :func:`switch`."""

    files: dict[str, str]
    standing: dict[str, str]
    written: dict[str, str]
    stay: list[str]
    whole: str


def _finish(out: Path, journal: _Journal, known: Mapping[str, str]) -> tuple[list[str], list[Issue]]:
    """Move what is still to be moved, the record too, and remove the folder."""
    from compiler.facts.written_tables import build_json

    folder = out / _SWITCH
    placed: dict[str, str] = {}
    issues: list[Issue] = []
    for name, value in _by_name(journal["files"], journal["standing"]).items():
        relative = Path(name)
        if name in journal["standing"]:
            went = relative
        elif (folder / name).is_file():
            stays = relative.parts[0] in journal["stay"]
            went, issue = put(folder / name, out, relative, known, edited_stay=stays)
            issues.extend([issue] if issue else [])
        else:
            went = _where(out, relative, value)
        placed[went.as_posix()] = value
    whole = journal["whole"]
    for name in known.keys() - placed.keys() if whole else ():
        if name.startswith(f"{whole}/"):
            (out / name).unlink(missing_ok=True)
    # The record says what stands in the folder, so it comes last; without the journal there is nothing to finish.
    staged = folder / RECORD
    if staged.is_file():  # else it was moved before its build was killed
        written = _written(out, known, placed, whole)
        if issues or written != journal["written"]:
            record = json.loads(staged.read_text(encoding="utf-8"))
            staged = folder / _CORRECTED
            _write_through(staged, build_json(_completed(record, placed, written, issues)))
        staged.replace(out / RECORD)
    (folder / _JOURNAL).unlink()
    shutil.rmtree(folder, ignore_errors=True)
    return _outputs(placed), issues


def _by_name(*files: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(pair for some in files for pair in some.items()))


def _outputs(placed: Iterable[str]) -> list[str]:
    return [*(name for name in placed if not name.startswith(".")), RECORD]


def _written(out: Path, known: Mapping[str, str], placed: Mapping[str, str], whole: str) -> dict[str, str]:
    """Return the hash of each file that is in the folder of those ``placed`` there now and those written before."""
    gone = f"{whole}/" if whole else ""
    others = [name for name in known.keys() - placed.keys() if not (gone and name.startswith(gone))]
    standing = {name: known[name] for name in others if (out / name).is_file()}
    return _by_name(standing, placed)


def _where(out: Path, relative: Path, value: str) -> Path:
    """Return where a file went that was moved before its build was killed."""
    for name in (relative, *names_beside(relative)):
        if (out / name).is_file() and digest(out / name) == value:
            return name
    return relative


def _completed(
    record: Mapping[str, Any], placed: Iterable[str], written: Mapping[str, str], issues: Sequence[Issue]
) -> dict[str, Any]:
    """Return the record with what was written where. What earlier builds wrote and this one did not stays known."""
    from compiler.issues import as_json, severity

    counts = dict(record["counts"])
    for issue in issues:
        counts[f"{severity(issue)}s"] += 1
    return {
        **record,
        "counts": counts,
        "outputs": _outputs(placed),
        "written": dict(written),
        "issues": [*record["issues"], *map(as_json, issues)],
    }


def _write_through(path: Path, content: bytes) -> None:
    """Write a file so that it is on the disk, not only with the system, when this returns."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl+C and the signal to end wait for the few milliseconds of the switch, where the system can."""
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
