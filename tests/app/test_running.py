"""A build as a process: ended from outside, with workers that die or hang, with its options for logs and limits."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP, build_into
from help.odd_inputs import paragraphs, report, word, zipped
from help.pdf_maker import Page, pdf

from compiler.app.cli import main
from compiler.app.options import Output
from compiler.facts import batch
from compiler.facts import compile as pipeline
from compiler.processes import in_processes, spread
from compiler.text.limits import Limits

FACTS = frozenset({Output.FACTS})
LONG = "今年的工作要抓好发展和建设，把各项任务落到实处。\n" * 1500


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("甲", "乙", "丙", "丁"):
        (folder / f"{name}.txt").write_text(report(), encoding="utf-8")
    return folder


# --- ended from outside --------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_build_cleanly(reports: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl+C and the system's wish to end: one line, no traceback, no process and no folder left behind."""
    out = tmp_path / "out"
    build_into(out, reports, only=FACTS)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    for path in reports.iterdir():
        path.write_text(path.read_text(encoding="utf-8") + 3 * LONG, encoding="utf-8")
    command = [sys.executable, "-m", "compiler", "build", str(reports), "--out", str(out), "--jobs", "2", "--no-cache"]
    around = {**os.environ, "PYTHONPATH": str(TOP)}
    process = subprocess.Popen(
        command,
        cwd=TOP,
        env=around,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in the background has told them to ignore Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    said = ""
    while "编译报告" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does: the workers hear it too
    else:
        process.send_signal(number)
    rest, errors = process.communicate(timeout=60)
    # Python itself makes a handled interrupt the end by SIGINT where it came while text was executed as code, as making
    # a named tuple does.
    assert process.returncode in (2, -signal.SIGINT), (rest, errors)
    assert "已中断，原来的结果没有改动" in errors and "Traceback" not in said + errors
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    deadline = time.monotonic() + 10
    while group_lives(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not group_lives(process.pid)


INTERRUPTED_AT_BIRTH = """
import os, signal
from compiler.processes import in_processes, spread
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))
print(*in_processes(lambda number: number * number, range(6), 2))
"""


def test_a_worker_that_is_interrupted_as_it_begins_works_on() -> None:
    """Ctrl+C reaches a worker that has not yet been told that it is not meant for it: no traceback, nothing lost."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_AT_BIRTH], cwd=TOP, capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == (["0", "1", "4", "9", "16", "25"], "")


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


# --- workers that die or hang --------------------------------------------------------------------


def failing(monkeypatch: pytest.MonkeyPatch, fault: Any, name: str = "丙.txt") -> None:
    """Let the compiling of one report fail in its own way."""
    whole = pipeline.compile_normalised

    def compile_source(source: Any, rulebook: Any) -> Any:
        if source.path == name:
            fault()
        return whole(source, rulebook)

    monkeypatch.setattr(pipeline, "compile_normalised", compile_source)
    monkeypatch.setattr(batch, "WORTH_PROCESSES", 1)


def out_of_memory() -> None:
    """Ask for more than a process may have."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, resource.RLIM_INFINITY))
    bytearray(1 << 33)


def aborted() -> None:
    """End as a library of C does that finds its memory spoilt; without the stack, which nobody asked for."""
    faulthandler.disable()
    os.abort()


FAULTS = [
    # what happens to the process, the code of the message, a word of it
    (lambda: os.kill(os.getpid(), signal.SIGKILL), "B132", "SIGKILL"),  # what the system does when memory is short
    (aborted, "B132", "SIGABRT"),
    (lambda: os._exit(3), "B132", "exit 3"),
    (out_of_memory, "B105", "丙.txt"),
    (lambda: time.sleep(600), "B131", "3"),
]


@pytest.mark.parametrize(("fault", "code", "told"), FAULTS, ids=["killed", "aborted", "gone", "memory", "hangs"])
def test_a_worker_that_fails_costs_its_report_only(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Path, fault: Any, code: str, told: str
) -> None:
    failing(monkeypatch, fault)
    limits = Limits(seconds=3 if code == "B131" else 60)
    outcome = build_into(tmp_path / "out", reports, only=FACTS, jobs=2, limits=limits)
    (issue,) = [issue for issue in outcome.issues if issue.source == "丙.txt"]
    assert issue.code == code and any(told in value for value in issue.fields.values())
    assert outcome.gathered is not None
    assert sorted(one.source for one in outcome.gathered.reports) == ["丁.txt", "乙.txt", "甲.txt"]
    assert (tmp_path / "out" / "facts.csv").is_file()


def test_a_reader_that_fails_costs_its_file_only(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compiler.text import read as reading

    known = dict(reading.readers())
    whole = known[".docx"]

    def decode(data: bytes, suffix: str, limits: Limits) -> Any:
        return os.kill(os.getpid(), signal.SIGKILL) if b"victim" in data else whole(data, suffix, limits)

    monkeypatch.setattr(reading, "readers", lambda: {**known, ".docx": decode})
    (reports / "好.docx").write_bytes(word(paragraphs(report())))
    (reports / "坏.docx").write_bytes(zipped({"victim": "x"}))
    outcome = build_into(tmp_path / "out", reports, only=FACTS, jobs=2)
    assert [issue.code for issue in outcome.issues if issue.source == "坏.docx"] == ["I145"]
    assert outcome.gathered is not None and len(outcome.gathered.reports) == 5


def test_a_writer_that_dies_costs_its_output_only(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compiler.briefing.write import Briefings

    whole = Briefings.write

    def write(self: Briefings, path: Path, report: Any, info: Any) -> Any:
        if report.source == "丙.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(self, path, report, info)

    monkeypatch.setattr(Briefings, "write", write)
    monkeypatch.setattr(batch, "WORTH_PROCESSES", 1)
    pages = frozenset({Output.BRIEFINGS, Output.EVIDENCE})
    outcome = build_into(tmp_path / "out", reports, only=pages, jobs=2)
    assert [issue.fields["reason"] for issue in outcome.issues if issue.code == "B137"] == ["SIGKILL"]
    assert len(list((tmp_path / "out" / "briefings").iterdir())) == 4  # three, and the one over all places
    # What the same process would have written besides is there: all four, and the index.
    assert len(list((tmp_path / "out" / "evidence").iterdir())) == 5


def test_workers_end_with_the_first_process(tmp_path: Path) -> None:
    """A build that is killed outright leaves no worker running."""
    mark = tmp_path / "pids"

    def work(number: int) -> int:
        with mark.open("a") as stream:
            stream.write(f"{os.getpid()}\n")
        time.sleep(0.2)
        return number

    first = os.fork()
    if first == 0:
        list(in_processes(work, range(200), 2))
        os._exit(0)
    deadline = time.monotonic() + 20
    while (not mark.exists() or len(mark.read_text().split()) < 2) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)
    workers = {int(word) for word in mark.read_text().split()}
    while any(map(lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(workers) == 2 and not any(map(lives, workers))


def lives(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


# --- options -------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(word) for word in ("build", *arguments, "--only", "facts", "--no-cache", "--jobs", 1)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_verbose_shows_every_message_and_the_log_holds_them_all(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(30):
        (reports / f"空{number}.txt").write_bytes(b"")
    (reports / "杂.txt").write_text("请把材料报来。\n" * 40, encoding="utf-8")
    log = tmp_path / "log.txt"
    code, _, err = run(capsys, reports, "--out", tmp_path / "out", "--log", log)
    assert code == 1  # files that cannot be read are told and are no success
    assert err.count("警告 I106") == 5 and "条没有列出（" in err
    assert "B145" in err  # one kind does not hide another
    first = log.read_text(encoding="utf-8")
    assert first.count("警告 I106") == 30 and "以 1 退出" in first and "编译报告" in first
    code, _, err = run(capsys, reports, "--out", tmp_path / "out", "--log", log, "--verbose")
    assert err.count("警告 I106") == 30 and "没有列出" not in err
    assert log.read_text(encoding="utf-8").startswith(first)  # the second run is written behind the first


def test_a_log_that_cannot_be_written_is_wrong_use(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, reports, "--out", tmp_path / "out", "--log", tmp_path / "没有" / "log.txt")
    assert code == 2 and "--log 写不了" in err and not (tmp_path / "out").exists()


def test_json_is_all_that_stands_on_standard_output(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (reports / "名\x1b[31m字.txt").write_bytes(b"")
    code, out, _ = run(capsys, reports, "--out", tmp_path / "out", "--json")
    told = json.loads(out)
    assert code == 1 and told["counts"]["reports"] == 4
    assert all(Path(path).is_file() for path in told["outputs"])
    (issue,) = [issue for issue in told["issues"] if issue["code"] == "I106"]
    assert issue["severity"] == "warning" and issue["source"] == "名\\x1b[31m字.txt" and issue["message"]
    record = json.loads((tmp_path / "out" / "build.json").read_text(encoding="utf-8"))
    assert record["issues"] == told["issues"]


LIMITS = [
    # what is limited, a file that passes the limit, the code of its message
    ("size=0.0005", ("大.txt", "字" * 1000), "I107"),
    ("unpacked=0.001", ("大.docx", word(paragraphs(LONG))), "I112"),
    ("unpacked=0.001", ("大.zip", zipped({"a.txt": LONG})), "I112"),
    ("characters=500", ("长.txt", report() + LONG), "I141"),
    ("pages=3", ("页.pdf", pdf([Page()] * 4)), "I133"),
    ("files=1", ("多.zip", zipped({"a.txt": "x", "b.txt": "x"})), "I117"),
    ("nesting=1", ("套.zip", zipped({"a.zip": zipped({"b.txt": report()})})), "I116"),
]


@pytest.mark.parametrize(("limit", "file", "code"), LIMITS, ids=lambda value: value if isinstance(value, str) else "")
def test_each_limit_can_be_set(
    limit: str,
    file: tuple[str, str | bytes],
    code: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, content = file
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "good.txt").write_text(report(), encoding="utf-8")
    _, _, err = run(capsys, path, tmp_path / "good.txt", "--out", tmp_path / "out", "--limit", limit)
    assert code in err and f"--limit {limit.partition('=')[0]}=" in err  # the message names the way out
    _, _, err = run(capsys, path, tmp_path / "good.txt", "--out", tmp_path / "out")
    assert code not in err


def test_the_time_for_a_file_can_be_set(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, lambda: time.sleep(600))
    code, _, err = run(capsys, reports, "--out", tmp_path / "out", "--limit", "seconds=1.5")
    assert code == 1 and "B131" in err and "1.5 秒" in err and "--limit seconds=" in err


@pytest.mark.parametrize("limit", ["size", "size=", "size=-1", "size=x", "gold=3", "pages=0", "=3"])
def test_a_limit_that_is_none_is_wrong_use(limit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, tmp_path, "--out", tmp_path / "out", "--limit", limit)
    assert code == 2 and "名称=数值" in err


EXITS = [
    # files beside a good report, arguments, exit code
    ({}, (), 0),
    ({"空.txt": b""}, (), 1),  # a file that is nothing
    ({"图.png": b"x"}, (), 1),  # a file that cannot be read
    ({"数据.json": b"{}"}, (), 0),  # lies beside reports and is no report
    ({"通知.txt": "会议通知，请于三时到会。\n".encode()}, (), 0),  # a warning
    ({"通知.txt": "会议通知，请于三时到会。\n".encode()}, ("--strict",), 1),
    ({}, ("--prefer", "没有.txt"), 1),
    ({}, ("--limit", "gold=1"), 2),
    ({}, ("--rules", "没有"), 2),
]


@pytest.mark.parametrize(("files", "arguments", "expected"), EXITS, ids=range(len(EXITS)))
def test_exit_codes(
    files: dict[str, bytes],
    arguments: tuple[str, ...],
    expected: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "好.txt").write_text(report(), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    code, out, err = run(capsys, folder, "--out", tmp_path / "out", *arguments)
    assert code == expected, out + err
    if "错误" in err:
        assert code != 0


@pytest.mark.parametrize(
    ("out", "reason"), [("长" * 100, "名字太长"), ("报告.txt/结果", "它不是文件夹"), ("只读/结果", "没有权限")]
)
def test_a_folder_that_cannot_be_made_is_told(
    reports: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    out: str,
    reason: str,
) -> None:
    (tmp_path / "报告.txt").write_text("x", encoding="utf-8")
    make = Path.mkdir

    def refused(path: Path, *given: object, **more: object) -> None:
        if "只读" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        make(path, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", refused)
    code, _, err = run(capsys, reports, "--out", tmp_path / out)
    assert code == 1
    assert "B109" in err and reason in err and ".lock" not in err


def test_an_input_that_the_system_will_not_speak_of_is_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "报告.txt").write_text("x", encoding="utf-8")
    code, _, err = run(capsys, tmp_path / "报告.txt" / "内.txt", "--out", tmp_path / "out")
    assert code == 1 and "I102" in err and "上一级不是文件夹" in err
    code, _, err = run(capsys, tmp_path / ("长" * 100), "--out", tmp_path / "out")
    assert code == 1 and "名字太长" in err


def test_tasks_that_take_much_memory_stand_among_the_others() -> None:
    order = spread(["A", "B"], [*"abcdefgh"])
    assert sorted(order) == sorted("ABabcdefgh") and [one for one in order if one.islower()] == [*"abcdefgh"]
    assert [order.index(one) for one in "AB"] == [0, 3]
    assert spread([], [1, 2]) == [1, 2] and spread([1, 2, 3], []) == [1, 2, 3]
