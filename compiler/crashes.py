"""Where a crash leaves its traceback: the user's folder for such things, never the current one."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from compiler.workspace import version

NAME = "出错记录.log"
#: Older records than the last so many bytes go: nobody reads them, and a program run by a timer crashes often.
KEPT = 1_000_000


def log_crash(error: BaseException) -> Path:
    """Append what went wrong to a file that a user can send, and return its path."""
    import platform
    import tempfile
    import traceback

    import platformdirs

    text = (
        f"==== {datetime.now().astimezone().isoformat(timespec='seconds')}\n"
        f"report-compiler {version()}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{sys.argv}\n{''.join(traceback.format_exception(error))}\n"
    )
    state = platformdirs.user_state_path("report-compiler", appauthor=False)
    for folder in (state, Path(tempfile.gettempdir()) / f"report-compiler-{_user()}"):
        path = folder / NAME
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _owner(folder) not in (None, _user()):
                continue  # somebody else's folder under our name
            before = path.read_bytes()[-KEPT:] if path.is_file() else b""
            path.write_bytes(before + text.encode("utf-8", "backslashreplace"))
        except OSError:
            continue
        return path
    return Path(os.devnull)


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _owner(folder: Path) -> int | None:
    """Return the owner's number, ``None`` where the system has no such numbers."""
    return folder.stat().st_uid if hasattr(os, "getuid") else None
