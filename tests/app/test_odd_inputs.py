"""What lies in a folder beside two good reports: read right or told with one message, and the good ones come out whole.

All of it (``help/odd_inputs.py``) lies in one folder and is built once, with the small rule folder; each case looks at
what was said of it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from conftest import TOP
from help.odd_inputs import READ, TOLD, report

from compiler.app.build import Outcome, build
from compiler.app.options import Options, Output
from compiler.files import visible
from compiler.issues import CATALOGUE, render
from compiler.model import Issue
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
        patch.setattr(office, "libreoffice", lambda: "")
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
        ("lost.txt", "I165"),
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


# --- how the messages read ----------------------------------------------------------------------

GOLDEN = TOP / "tests" / "cases" / "input_messages.txt"
SAMPLES = {
    "path": "甲.txt",
    "other": "乙.txt",
    "number": "1",
    "other_number": "2",
    "count": "3",
    "limit": "10",
    "suffix": ".doc",
    "readable": ".docx、.txt",
    "reason": "没有权限",
    "seconds": "120",
    "size": "60 MB",
    "encoding": "GB18030",
    "line": "7",
    "shown": "丙、丁",
    "pages": "2、3",
    "column": "内容",
    "parts": "第1行起 UTF-8，第9行起 GB18030",
    "example": "— 3 —",
    "wreck": "％?",
    "sign": "%",
    "clues": "标题 2017，会议 2018",
    "year": "2017",
    "place": "云川市",
    "clue": "文件名",
    "said": "云川县",
    "paragraph": "5",
    "heading": "二、工作安排",
    "part": "回顾",
    "quote": "去年增长6%",
    "cue": "今年，我们要",
    "log": "出错记录.log",
    "indicator": "地区生产总值",
    "differences": "地区生产总值：甲.txt作“812亿元”，乙.txt作“813亿元”",
    "why": "文字较长",
    "name": "云川市要情.docx",
    "holder": "张三@机器，进程 7，09:00:00 开始",
    "what": "统计公报",
    "beside": "甲（新）.docx",
    "source": "甲.pdf",
    "given": "云川",
    "near": "云川市",
    "row": "3",
    "key": "place",
    "sentences": "原文“甲”，乙.txt作“乙”",
    "code": "210700",
    "places": "锦州市古塔区、锦州市凌河区",
    "problem": "写错了",
    "file": "甲.txt",
    "hint": "写成 云川市",
}
"""What stands for a field in the messages that no file of the table brings about."""


def told(built: Outcome, code: str) -> str:
    """Return a message as it is shown: that of a file of the table, else one with samples for its fields."""
    found = next((issue for issue in built.issues if issue.code == code), None)
    if found is not None:
        text = render(found)
        root = str(built.gathered.options.out.parent) if built.gathered else ""
        return text.replace(root, "…")
    wording = CATALOGUE[code]
    fields = {field: SAMPLES[field] for _, field, _, _ in Formatter().parse(wording.message + wording.advice) if field}
    return render(Issue(code, fields))


def test_every_message_about_inputs_and_builds_reads_as_kept(built: Outcome) -> None:
    """Kept as golden text, renewed by ``GOLDEN=write pytest`` over this file; then read the differences."""
    codes = sorted(code for code in CATALOGUE if re.match("I1|B1[0-4]", code))
    text = "".join(told(built, code) + "\n" for code in codes)
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
    assert "？" not in text.replace("要情？", "")
