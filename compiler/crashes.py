"""Where a crash leaves its traceback."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from compiler.workspace import version


def log_crash(error: BaseException) -> Path:
    """Append what went wrong to a file that a user can send, and return its path."""
    import platform
    import tempfile
    import traceback

    text = (
        f"==== {datetime.now().astimezone().isoformat(timespec='seconds')}\n"
        f"report-compiler {version()}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{sys.argv}\n{''.join(traceback.format_exception(error))}\n"
    )
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        path = folder / "report-compiler-出错记录.log"
        try:
            with path.open("a", encoding="utf-8") as stream:
                stream.write(text)
        except OSError:
            continue
        return path
    return Path(os.devnull)
