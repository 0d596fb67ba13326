"""Old office files: converted by LibreOffice in a folder of their own with a time limit, or refused."""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from help.odd_inputs import OLE, paragraphs, report, word

from compiler.text.limits import DEFAULT
from compiler.text.read import read_bytes
from compiler.text.readers import office

TEXT = report()
OLD = OLE + bytes(60)

#: Stands in for the program: tells how it was called and in what folder, and does what the test wants.
PROGRAM = """#!/bin/sh
for word in "$@"; do echo "$word"; done > "{calls}"
while [ "$1" != --outdir ]; do shift; done
stat -c %a "$2" >> "{calls}"
{does}
"""


@pytest.fixture
def converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that the program in place of LibreOffice tells its calls in; it converts to a good report."""
    (tmp_path / "good.docx").write_bytes(word(paragraphs(TEXT)))
    put(tmp_path, monkeypatch, f'cp "{tmp_path / "good.docx"}" "$2/report.docx"')
    return tmp_path / "calls"


def put(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    path = folder / "soffice"
    path.write_text(PROGRAM.format(calls=folder / "calls", does=does), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(office, "libreoffice", lambda: str(path))


@pytest.mark.parametrize(
    ("name", "data", "given"),
    [
        ("旧.doc", OLD, "report.doc"),
        ("旧.wps", OLD, "report.doc"),  # Kingsoft's own suffix for the same format
        ("旧.rtf", b"{\\rtf1 x}", "report.rtf"),
        ("旧.odt", word(paragraphs(TEXT)), "report.odt"),
        ("错.doc", b"{\\rtf1 x}", "report.rtf"),  # named wrongly: the content decides
    ],
)
def test_it_is_converted_apart_from_everything_of_the_user(converter: Path, name: str, data: bytes, given: str) -> None:
    read = read_bytes(data, name, DEFAULT)
    assert [issue.code for issue in read.issues] == ["I131"]
    assert "梨产量" in read.sources[0].text and read.sources[0].encoding == name.rpartition(".")[2]
    *words, mode = converter.read_text(encoding="utf-8").split("\n")[:-1]
    (profile,) = [word for word in words if word.startswith("-env:UserInstallation=file:")]
    folder = Path(words[words.index("--outdir") + 1])
    assert profile.startswith(f"-env:UserInstallation={folder.as_uri()}") and mode == "700"
    assert words[-1] == str(folder / given) and "--headless" in words
    assert not folder.exists()


def test_a_new_word_file_under_an_old_name_needs_no_conversion(converter: Path) -> None:
    read = read_bytes(word(paragraphs(TEXT)), "新.doc", DEFAULT)
    assert "梨产量" in read.sources[0].text and not converter.exists()


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    put(tmp_path, monkeypatch, f'sleep 300 & echo $! > "{pids}"; echo $$ >> "{pids}"; wait')
    (issue,) = read_bytes(OLD, "旧.doc", replace(DEFAULT, seconds=1.0)).issues
    assert issue.code == "I120" and issue.fields["seconds"] == "1"
    deadline = time.monotonic() + 10
    for pid in map(int, pids.read_text(encoding="utf-8").split()):
        while runs(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not runs(pid)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("does", ["exit 1", "exit 0", 'echo nothing > "$2/report.docx"'])
def test_a_conversion_that_gives_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    put(tmp_path, monkeypatch, does)
    (issue,) = read_bytes(OLD, "旧.doc", DEFAULT).issues
    assert issue.code == "I119" and issue.fields["suffix"] == ".doc"


def test_without_the_program_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "libreoffice", lambda: "")
    for name, data in (("旧.doc", OLD), ("旧.wps", OLD), ("旧.rtf", b"{\\rtf1 x}")):
        (issue,) = read_bytes(data, name, DEFAULT).issues
        assert issue.code == "I103"


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt", "wps"])
def test_real_conversions_keep_the_text(tmp_path: Path, suffix: str) -> None:
    import docx

    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    document, stream = docx.Document(), io.BytesIO()
    for line in TEXT.strip().split("\n"):
        document.add_paragraph(line)
    document.save(stream)
    (tmp_path / "a.docx").write_bytes(stream.getvalue())
    made = "doc" if suffix == "wps" else suffix
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", made, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "a.docx")], check=True, capture_output=True, timeout=120)
    read = read_bytes((tmp_path / f"a.{made}").read_bytes(), f"报告.{suffix}", DEFAULT)
    assert [issue.code for issue in read.issues] == ["I131"]
    assert read.sources[0].text.split("\n") == TEXT.strip().split("\n")
