"""SHA-256 of files, without reading those that nobody has touched since an earlier build read or wrote them.

A file is known again by where its content lies (device and inode), its size, and two times: that of its last change,
and that at which the system last noted a change of any kind. Nobody can set the second one: writing into a file, laying
another one in its place and setting the first time all move it on. A time so near to the present that another change
could bear the same one is not relied on. What is known lies in the cache, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from compiler.facts.store import Store

_Status = tuple[int, ...]

_SECOND: Final = 1_000_000_000

_TICK, _COARSE_TICK = 50_000_000, 2 * _SECOND
"""Within so many nanoseconds two changes may bear one time: as systems count them, and where they count seconds."""


class Untouched:
    """The hashes of files that are known, for the build of one folder of outputs; without ``store`` each is read."""

    def __init__(self, out: Path, store: Store | None = None) -> None:
        # Elsewhere the second time is that of the file's making.
        self._store = store if os.name == "posix" else None
        self._name = "untouched", os.path.realpath(out)
        kept = self._store.made(*self._name) if self._store is not None else None
        self._known: dict[_Status, str] = kept if isinstance(kept, dict) else {}
        self._seen: dict[_Status, str] = {}

    def sha256(self, path: Path) -> str:
        """Return the SHA-256 of a file. Raises ``OSError``."""
        now = time.time_ns()
        found = os.stat(path)  # noqa: PTH116  (thousands of files)
        status = _status(found)
        known = self._known.get(status) or self._seen.get(status)
        if known is None:
            known = hashlib.sha256(path.read_bytes()).hexdigest()
        if _is_settled(found, now):
            self._seen[status] = known
        return known

    def note(self, folder: Path, hashes: Mapping[str, str], since: int) -> None:
        """Take down files of a folder, with the hash of each as it was written; one that was written into after
        ``since`` (nanoseconds) is somebody else's."""
        now = time.time_ns()
        for name, known in hashes.items():
            try:
                found = os.stat(folder / name)  # noqa: PTH116
            except OSError:
                continue
            if found.st_mtime_ns < since and _is_settled(found, now):
                self._seen[_status(found)] = known

    def keep(self) -> None:
        """Leave behind what is known of the files that this build has asked for or written."""
        if self._store is not None and self._seen != self._known:
            self._store.keep(self._seen, *self._name)


def _status(found: os.stat_result) -> _Status:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _is_settled(found: os.stat_result, now: int) -> bool:
    """Tell whether a change from now on will show in the times of a file."""
    last = max(found.st_mtime_ns, found.st_ctime_ns)
    return last + (_TICK if found.st_ctime_ns % _SECOND else _COARSE_TICK) < now
