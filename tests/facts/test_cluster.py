"""Compiling on a cluster: in batches, by the function that compiles here, with the same bytes, whoever dies."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from compiler.app.build import build
from compiler.app.cli import main
from compiler.app.options import Options, Output
from compiler.facts import cluster
from compiler.facts.batch import Silent, compile_all
from compiler.model import RuleBook, Source
from compiler.processes import Lost
from compiler.workspace import choose_folder

REPORT = """{place}{year}年政府工作报告
各位代表：
一、{last}年工作回顾
全年地区生产总值{gdp}亿元，增长6.5%。
二、{year}年工作安排
主要预期目标是：地区生产总值增长7%左右。
"""


def sources(count: int, places: Sequence[str] = ("云川市",)) -> list[Source]:
    found = []
    for number in range(count):
        place = places[number % len(places)]
        text = REPORT.format(place=place, year=1990 + number, last=1989 + number, gdp=800 + number)
        found.append(Source(f"{number}.txt", text, "utf-8", hashlib.sha256(text.encode()).hexdigest()))
    return found


def test_batches_hold_all_reports_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    given = sources(10)
    monkeypatch.setattr(cluster, "BATCH_CHARACTERS", 3 * len(given[0].text))
    batches = [*cluster.batches(given)]
    assert [source for batch in batches for source in batch] == given
    assert [len(batch) for batch in batches] == [3, 3, 3, 1]


def test_a_worker_compiles_as_this_process_does(rulebook: RuleBook) -> None:
    import pickle

    given = sources(3)
    cluster.keep_rules("key", pickle.dumps(rulebook))
    there = [compiled for compiled, _ in cluster._work(cluster.compile_batch, given, "key")]
    here = compile_all(given, rulebook, 1, Silent(), None)
    assert [[report.facts for report in reports] for reports, _ in there] == [
        [report.facts for report in reports] for reports, _ in here
    ]
    assert all(report.facts for reports, _ in there for report in reports)


def test_reports_that_a_cluster_lost_are_told_and_the_others_stay(rulebook: RuleBook) -> None:
    given = sources(3)

    class Dying(cluster.Cluster):
        def run(self, sources: Any, rulebook: RuleBook) -> Iterator[cluster.Answer | Lost]:
            here = compile_all(sources, rulebook, 1, Silent(), None)
            yield here[0], 0.1
            yield Lost(reason="KilledWorker")
            yield here[2], 0.1

    compiled = compile_all(given, rulebook, 1, Silent(), None, cluster=Dying(""))
    assert [bool(reports) for reports, _ in compiled] == [True, False, True]
    assert [issue.code for issue in compiled[1][1]] == ["B132"]


@pytest.mark.parametrize("given", [["--engine", "dask"], ["--scheduler", "tcp://127.0.0.1:8786"]])
def test_engine_and_scheduler_go_together(given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--out", str(tmp_path / "out"), *given]) == 2
    assert "--scheduler" in capsys.readouterr().err


def test_without_dask_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "is_available", lambda: False)
    given = ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:8786"]
    assert main(["build", "--out", str(tmp_path / "out"), *given]) == 2
    assert "dask distributed" in capsys.readouterr().err


# --- a real cluster on this machine --------------------------------------------------------------

needs_dask = pytest.mark.skipif(
    not cluster.is_available(), reason="NOT TESTED: dask is not installed (pip install dask distributed)"
)


def _options(folder: Path, out: Path, scheduler: str, *only: Output) -> Options:
    rules, templates = choose_folder(None, "rules"), choose_folder(None, "templates")
    return Options((folder,), rules, templates, out, only=frozenset(only), cache=False, scheduler=scheduler)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "build.json"
    }


class _Killer(Silent):
    """Kills a worker each time that so many steps are done."""

    def __init__(self, client: Any, *at: int) -> None:
        self.client, self.at, self.done, self.killed = client, at, 0, 0

    def step(self, label: str, seconds: float = 0.0) -> None:
        self.done += 1
        if self.done in self.at:
            os.kill(min(self.client.run(os.getpid).values()), signal.SIGKILL)
            self.killed += 1


@pytest.fixture(scope="module")
def workers() -> Iterator[tuple[str, Any]]:
    """Two workers, which come again when they die: the address of their scheduler, and a client."""
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
        yield local.scheduler_address, client


def _folder(path: Path, given: Iterable[Source]) -> Path:
    path.mkdir()
    for source in given:
        (path / source.path).write_text(source.text, encoding="utf-8")
    return path


@pytest.mark.slow
@needs_dask
def test_a_worker_killed_in_the_middle_costs_nothing_but_time(
    workers: tuple[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = sources(30)
    folder = _folder(tmp_path / "reports", given)
    monkeypatch.setattr(cluster, "BATCH_CHARACTERS", 3 * len(given[0].text))
    wanted = (Output.FACTS, Output.EVIDENCE)
    here = build(_options(folder, tmp_path / "here", "", *wanted))
    assert len(here.gathered.reports if here.gathered else ()) == 30
    killer = _Killer(workers[1], 4)
    there = build(_options(folder, tmp_path / "there", workers[0], *wanted), killer)
    assert killer.killed == 1
    assert [issue.code for issue in there.issues] == [issue.code for issue in here.issues]
    assert _contents(tmp_path / "there") == _contents(tmp_path / "here")


@pytest.mark.slow
@needs_dask
def test_parts_made_by_workers_that_die_are_those_made_here(
    workers: tuple[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    given = sources(30, ("云川市", "临溪市", "望江市", "南屏县", "北岭县", "东湖区"))
    folder = _folder(tmp_path / "reports", given)
    monkeypatch.setattr(cluster, "BATCH_CHARACTERS", 3 * len(given[0].text))
    monkeypatch.setattr("compiler.app.data_parts.PART_REPORTS", 5)
    here = build(_options(folder, tmp_path / "here", "", Output.DATA))
    killer = _Killer(workers[1], 4, 32)  # one while reports are compiled, one while places are joined
    there = build(_options(folder, tmp_path / "there", workers[0], Output.DATA), killer)
    assert killer.killed == 2 and here.record is not None and here.record["parts"] == 6
    assert there.record == here.record
    assert _contents(tmp_path / "there") == _contents(tmp_path / "here")


@pytest.mark.slow
@needs_dask
def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_SECONDS_TO_CONNECT", 2)
    folder = _folder(tmp_path / "reports", sources(1))
    for only in (Output.FACTS, Output.DATA):
        outcome = build(_options(folder, tmp_path / "out", "tcp://127.0.0.1:1", only))
        assert outcome.stopped and [issue.code for issue in outcome.issues] == ["B160"]
        assert not (tmp_path / "out").exists()
