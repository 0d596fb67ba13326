"""Files that start the studio by a double click, laid out in a workspace: for Windows, macOS and Linux desktops."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

NAME: Final = "打开工作台"
WINDOWS, SHELL, DESKTOP = f"{NAME}.bat", f"{NAME}.command", f"{NAME}.desktop"

_BATCH: Final = r"""@echo off
chcp 65001 >nul
cd /d "%~dp0"
if exist "{python}" (
  "{python}" -P -m compiler studio . %*
) else (
  report-compiler studio . %*
)
if errorlevel 1 pause
"""
_SCRIPT: Final = """#!/bin/sh
cd "$(dirname "$0")" || exit 1
if [ -x {python} ]; then
  {python} -P -m compiler studio . "$@"
else
  report-compiler studio . "$@"
fi || {{ [ -t 0 ] && read -r _; exit 1; }}
"""
_ENTRY: Final = """[Desktop Entry]
Type=Application
Version=1.0
Name=报告工作台
Comment=在浏览器里编译政府工作报告，只有本机能用
Exec=sh {script}
Path={folder}
Terminal=true
Categories=Office;
"""


def starters(folder: Path) -> dict[str, str]:
    """Return name and content of each starter for a workspace at ``folder``.

    They run the Python that this program runs in, and what stands on the path where that is gone. The desktop entry
    knows the folder by its place, as such entries have to; the other two go with the folder wherever it is moved.
    """
    python = Path(sys.executable).as_posix() if sys.platform != "win32" else sys.executable
    place = folder.resolve()
    return {
        WINDOWS: _BATCH.format(python=python.replace("%", "%%")).replace("\n", "\r\n"),
        SHELL: _SCRIPT.format(python=_in_shell(python)),
        DESKTOP: _ENTRY.format(script=_in_entry(f"{place.as_posix()}/{SHELL}"), folder=place.as_posix()),
    }


def make_executable(folder: Path) -> None:
    """Let the starters be run by a double click, where files carry such a permission."""
    for name in (SHELL, DESKTOP):
        path = folder / name
        if path.is_file():
            path.chmod(0o755)


def _in_shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _in_entry(text: str) -> str:
    """Return an argument as the specification of desktop entries quotes it: once for Exec, once for any value."""
    for character in ("\\", '"', "`", "$"):
        text = text.replace(character, f"\\{character}")
    return '"' + text.replace("\\", "\\\\").replace("%", "%%") + '"'
