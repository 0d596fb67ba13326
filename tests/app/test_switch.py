"""Outputs are old or new, never a mixture: a build killed at any moment is swept or finished by the next one."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compiler.app import swap as switching
from compiler.app.edited_outputs import hashes_written, read_record
from compiler.app.swap import RECORD, Locked, locked, recover, staging, switch

RECORD_OF = {"counts": {"errors": 0, "warnings": 0, "notes": 0}, "issues": []}

FILES = {
    f"{folder}{name}": f"{name} "
    for folder, name in (
        ("", "a.xlsx"),
        ("briefings/", "b.docx"),
        ("briefings/", "c.docx"),
        ("evidence/", "d.html"),
        ("", "e.csv"),
    )
}


def stage(folder: Path, edition: str) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text + edition, encoding="utf-8")


def write(out: Path, edition: str) -> list[str]:
    with locked(out):
        recover(out)
        with staging(out) as folder:
            stage(folder, edition)
            known = hashes_written(read_record(out / RECORD))
            return switch(folder, out, {**RECORD_OF, "edition": edition}, known, stay=("briefings",), standing={})[0]


def editions(out: Path) -> set[str]:
    """Return which editions the files of a folder are of, the record's with them."""
    found = {json.loads((out / RECORD).read_text(encoding="utf-8"))["edition"]}
    for name, text in FILES.items():
        content = (out / name).read_text(encoding="utf-8")
        assert content.startswith(text), name
        found.add(content.removeprefix(text))
    return found


def hidden(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if path.name.startswith("."))


class Killed(BaseException):
    """In place of a kill: no ``except`` and no ``finally`` of the code under test may make up for it."""


class Killer:
    """Lets the n-th call that changes files end everything: every later call fails as well, until revived."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = -1
        for owner, name in ((Path, "replace"), (Path, "rename"), (Path, "unlink"), (Path, "mkdir"), (os, "fsync")):
            self._wrap(patch, owner, name)
        self._wrap(patch, switching.shutil, "rmtree")

    def _wrap(self, patch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        real = getattr(owner, name)

        def call(*args: object, **options: object) -> object:
            if self.left == 0:
                raise Killed
            self.left -= 1
            return real(*args, **options)

        patch.setattr(owner, name, call)


@pytest.mark.parametrize("moment", range(50))
def test_killed_at_each_step_of_the_switch(tmp_path: Path, moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write(out, "1")
    edited = out / "briefings" / "b.docx"
    edited.write_text("b.docx edited", encoding="utf-8")
    killer = Killer(monkeypatch)
    killer.left = moment
    try:
        write(out, "2")
        finished = True
    except Killed:
        finished = False
    killer.left = -1
    with locked(out):
        recover(out)
    assert hidden(out) == []
    assert edited.read_text(encoding="utf-8") == "b.docx edited"
    record = json.loads((out / RECORD).read_text(encoding="utf-8"))
    found = editions_but(out, "briefings/b.docx") | {record["edition"]}
    assert found == {"2"} or (found == {"1"} and not finished)
    assert (out / "briefings" / "b（新）.docx").exists() == (found == {"2"})
    for name, value in record["written"].items():
        if name != "briefings/b.docx":
            assert hashlib.sha256((out / name).read_bytes()).hexdigest() == value, name
    assert write(out, "3") and editions_but(out, "briefings/b.docx") == {"3"}


def editions_but(out: Path, left_out: str) -> set[str]:
    return {
        (out / name).read_text(encoding="utf-8").removeprefix(text) for name, text in FILES.items() if name != left_out
    }


WRITER = """
import sys
sys.path[:0] = [{top!r}, {here!r}]
from pathlib import Path
from test_switch import write
out = Path(sys.argv[1])
print("ready", flush=True)
for edition in range(10**6):
    write(out, str(edition))
"""


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    """Fifty real processes, each killed while it writes over and over."""
    out = tmp_path / "out"
    write(out, "0")
    random.seed(20261129)
    program = WRITER.format(top=str(Path(__file__).resolve().parents[2]), here=str(Path(__file__).parent))
    for _ in range(50):
        process = subprocess.Popen([sys.executable, "-c", program, str(out)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0.0, 0.08))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with locked(out):
            recover(out)
        assert len(editions(out)) == 1
        assert hidden(out) == []


def test_the_lock_says_whose_it_is(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(Locked) as other, locked(tmp_path):
        pass
    issue = other.value.issue
    assert issue.code == "B133" and f"进程 {os.getpid()}" in issue.fields["holder"]
    with locked(tmp_path):  # free again
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_dead_builds_left_is_swept_and_told(tmp_path: Path) -> None:
    write(tmp_path, "1")
    (tmp_path / ".build-4711" / "briefings").mkdir(parents=True)
    (tmp_path / ".build-4711" / "briefings" / "b.docx").write_text("half", encoding="utf-8")
    with locked(tmp_path):
        assert [issue.code for issue in recover(tmp_path)] == ["B134"]
        assert recover(tmp_path) == []
    assert editions(tmp_path) == {"1"} and hidden(tmp_path) == []


def test_a_file_beside_goes_when_its_content_was_taken_over(tmp_path: Path) -> None:
    write(tmp_path, "1")
    edited = tmp_path / "briefings" / "b.docx"
    edited.write_text("edited", encoding="utf-8")
    assert "briefings/b（新）.docx" in write(tmp_path, "2")
    edited.write_text(FILES["briefings/b.docx"] + "3", encoding="utf-8")  # merged: it now says what the new one says
    assert "briefings/b.docx" in write(tmp_path, "3")
    assert not (tmp_path / "briefings" / "b（新）.docx").exists()
    assert editions(tmp_path) == {"3"}
