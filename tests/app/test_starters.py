"""The starters that ``init`` lays out: a double click runs the studio over the folder that they lie in."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import TOP

from compiler.app.cli import main
from compiler.app.launchers import DESKTOP, SHELL, WINDOWS, starters


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "我的 $工作"
    assert main(["init", str(made)]) == 0
    return made


def test_init_lays_them_out_ready_to_run(folder: Path) -> None:
    assert os.access(folder / SHELL, os.X_OK) and os.access(folder / DESKTOP, os.X_OK)
    batch = (folder / WINDOWS).read_bytes()
    assert batch.count(b"\n") == batch.count(b"\r\n") > 5  # cmd.exe stumbles over bare line feeds
    assert b"chcp 65001" in batch and f'"{sys.executable}" -P -m compiler studio . %*'.encode() in batch


def test_the_desktop_entry_names_the_starter_whatever_the_folder_is_called(folder: Path) -> None:
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read_string((folder / DESKTOP).read_text(encoding="utf-8"))
    fields = dict(entry["Desktop Entry"])
    value = fields["Exec"].replace("\\\\", "\\").replace("%%", "%")
    program, _, argument = value.partition(" ")  # unquoted as the specification of desktop entries says
    assert (program, re.sub(r"\\(.)", r"\1", argument[1:-1])) == ("sh", str(folder / SHELL))
    assert (fields["Type"], fields["Path"], fields["Terminal"]) == ("Application", str(folder), "true")
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(folder / DESKTOP)], check=True)


def test_a_path_with_signs_of_the_shell_stays_one_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/it's 100%/python")
    made = starters(tmp_path)
    assert '"/opt/it\'s 100%%/python"' in made[WINDOWS]
    line = next(line for line in made[SHELL].splitlines() if "-m compiler" in line)
    assert shlex.split(line)[0] == "/opt/it's 100%/python"


@pytest.mark.slow
def test_it_serves_the_folder_that_it_lies_in(folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}
    command = ["sh", str(folder / SHELL), "--no-browser"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=tmp_path,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        try:
            link = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
            with pytest.raises(urllib.error.HTTPError) as refused:  # without the cookie of the start link
                urllib.request.urlopen(link.partition("?")[0])
            assert refused.value.code == 403
            refused.value.close()
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            page = opener.open(link).read().decode()
            assert folder.name in page
        finally:
            subprocess.run(["pkill", "-P", str(server.pid)], check=False)
            os.killpg(server.pid, signal.SIGTERM)  # the shell and what it started
