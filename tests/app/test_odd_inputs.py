"""What lies in a folder beside two good reports: read right or told with one message, and the good ones come out whole.

All of it (``help/odd_inputs.py``) lies in one folder and is built once, with the small rule folder; each case looks at
what was said of it.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import TOP
from help.odd_inputs import READ, TOLD, report

from compiler.app.build import Outcome, build
from compiler.app.outputs import Options, Output
from compiler.files import visible
from compiler.issues import render
from compiler.text.limits import Limits
from compiler.text.readers import _recognition, office
from compiler.workspace import choose_folder

BASE = TOP / "tests" / "cases" / "broken_rules" / "base"


_read_bytes = Path.read_bytes


def read_bytes(path: Path) -> bytes:
    """Read a file as somebody who may not read all of them: tests run as root, who may."""
    if path.name == "forbidden.txt":
        raise PermissionError(13, "Permission denied")
    return _read_bytes(path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """One build over a folder of all cases and two good reports."""
    folder = tmp_path_factory.mktemp("odd") / "reports"
    folder.mkdir()
    # Few indicators are quick to load; places and reports are told by the words of the real lexicon.
    rules = Path(shutil.copytree(BASE, folder.parent / "rules"))
    shutil.copyfile(TOP / "rules" / "lexicon.yaml", rules / "lexicon.yaml")
    for name, (content, _) in [*READ.items(), *TOLD.items()]:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for name in ("好一.txt", "好二.txt"):
        (folder / name).write_text(report("4.5"), encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "round").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "lost.txt").symlink_to(folder / "nowhere.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "broken-device.txt").symlink_to("/proc/self/mem")
    (folder / "empty-folder").mkdir()
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "内.txt").write_text(report(), encoding="utf-8")
    (folder / "forbidden.txt").write_text(report(), encoding="utf-8")
    (folder / ".hidden.txt").write_text(report(), encoding="utf-8")
    (folder / "~$lock.docx").write_bytes(b"lock")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "s.txt"))
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text(report(), encoding="utf-8")
    limits = Limits(size=2_000_000, unpacked=8_000_000, characters=300_000, pages=50, files=400, seconds=60)
    with pytest.MonkeyPatch.context() as patch:
        # As on a machine without LibreOffice and without the extra for recognition, for a user who may not read all.
        patch.setattr(office, "program", lambda: "")
        patch.setattr(_recognition, "is_available", lambda: False)
        patch.setattr(Path, "read_bytes", read_bytes)
        options = Options(
            (folder,),
            choose_folder(rules, "rules"),
            choose_folder(TOP / "templates", "templates"),
            folder.parent / "out",
            jobs=1,
            force=True,
            only=frozenset({Output.FACTS}),
            limits=limits,
            cache=False,
        )
        yield build(options)
    listening.close()


def codes_of(built: Outcome, name: str) -> set[str]:
    """Return the codes of the messages about reading a file."""
    return {i.code for i in built.issues if i.source.split("/")[0] == name and i.code[:2] in ("I1", "B1")}


def test_there_are_enough_cases() -> None:
    assert len(READ) + len(TOLD) >= 230


def test_the_good_reports_come_out_whole(built: Outcome) -> None:
    figures = {fact.source: str(fact.low) for fact in built.facts if fact.source.startswith("好")}
    assert figures == {"好一.txt": "4.5", "好二.txt": "4.5"}


@pytest.mark.parametrize("name", READ)
def test_read(built: Outcome, name: str) -> None:
    figures = [str(fact.low) for fact in built.facts if fact.source.split("/")[0] == visible(name)]
    assert figures == ["3.5"], [render(issue) for issue in built.issues if visible(name) in render(issue)]
    assert codes_of(built, visible(name)) == READ[name][1]


@pytest.mark.parametrize("name", TOLD)
def test_told(built: Outcome, name: str) -> None:
    assert not [fact for fact in built.facts if fact.source.split("/")[0] == name]
    assert codes_of(built, name) == {TOLD[name][1]}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pipe.txt", "I139"),
        ("device.txt", "I139"),
        ("s.txt", "I139"),
        ("self.txt", "I102"),
        ("lost.txt", "I101"),
        ("broken-device.txt", "I102"),
        ("forbidden.txt", "I113"),
    ],
)
def test_what_is_no_file(built: Outcome, name: str, code: str) -> None:
    assert codes_of(built, name) == {code}


def test_a_name_in_bytes_that_are_no_utf8(built: Outcome) -> None:
    assert [str(fact.low) for fact in built.facts if fact.source == "\\xff\\xfe.txt"] == ["3.5"]


def test_a_folder_with_the_name_of_a_file(built: Outcome) -> None:
    assert [str(fact.low) for fact in built.facts if fact.source == "folder.txt/内.txt"] == ["3.5"]


@pytest.mark.parametrize("name", [".hidden.txt", "~$lock.docx", "empty-folder"])
def test_what_is_passed_over_without_a_word(built: Outcome, name: str) -> None:
    assert not [issue for issue in built.issues if name in render(issue)]
    assert not [fact for fact in built.facts if name in fact.source]


def test_a_link_to_a_folder_is_not_followed(built: Outcome) -> None:
    assert [issue.fields["count"] for issue in built.issues if issue.code == "I143"] == ["1"]


def test_no_message_carries_control_characters(built: Outcome) -> None:
    for issue in built.issues:
        assert all(line.isprintable() for line in render(issue).split("\n")), issue
