"""Old Word, WPS, RTF and OpenDocument files, turned into .docx by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from compiler.model import Issue
from compiler.text.limits import Limits
from compiler.text.readers import OLE, RTF, ZIP, Decoded, Unreadable, disguised, signature
from compiler.text.readers import docx as word

SUFFIXES = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt")

#: Where installers put the program on systems that do not put it on the search path.
_INSTALLED = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)

#: What the first bytes say a file is, whatever its suffix; Kingsoft's .wps is Word's own old format.
_REAL_SUFFIX = {OLE: ".doc", RTF: ".rtf", ZIP: ".odt"}


@cache
def libreoffice() -> str:
    """Return the path of LibreOffice, empty where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _INSTALLED if Path(path).is_file()), "")


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Unreadable:
    """Return the text of an old office file; refused with the way out where nothing can convert it."""
    kind = signature(data)
    real = _REAL_SUFFIX.get(kind, "")
    if real == ".odt" and suffix != ".odt":
        # A new Word file that was given an old name.
        decoded = word.decode(data, ".docx", limits)
        return decoded if isinstance(decoded, Decoded) else disguised(data, suffix)
    if not real:
        return disguised(data, suffix)
    if not libreoffice():
        return Unreadable(Issue("I103", {"suffix": suffix}))
    converted = _convert(data, real, limits.seconds)
    if isinstance(converted, Issue):
        return Unreadable(replace(converted, fields={**converted.fields, "suffix": suffix}))
    decoded = word.decode(converted, ".docx", limits)
    if isinstance(decoded, Unreadable):
        return decoded if decoded.beside else Unreadable(Issue("I119", {"suffix": suffix}))
    return replace(decoded, encoding=suffix[1:], issues=(*decoded.issues, Issue("I131", {"suffix": suffix})))


def _convert(data: bytes, suffix: str, seconds: float) -> bytes | Issue:
    """Return the file as .docx, converted in a private folder with a private profile and a time limit."""
    with tempfile.TemporaryDirectory(prefix="report-compiler-") as name:
        folder = Path(name)
        (folder / f"report{suffix}").write_bytes(data)
        command = [
            libreoffice(),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "docx", "--outdir", str(folder), str(folder / f"report{suffix}")),
        ]
        null, own_group = subprocess.DEVNULL, sys.platform != "win32"
        process = subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=own_group)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return Issue("I120", {"seconds": f"{seconds:g}"})
        finally:
            _end(process)
        made = folder / "report.docx"
        return made.read_bytes() if made.is_file() else Issue("I119", {})


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and all that it started; the starter is a script that leaves the real one behind."""
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except (OSError, ProcessLookupError):
        pass
    process.wait()
