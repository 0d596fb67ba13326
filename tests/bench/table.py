"""One table of what the program takes, beside what a user would otherwise run: python tests/bench/table.py

Input are reports made from real ones (``make_reports.py`` over ``reports_open``, both in ``../shared``); without them
there is nothing to measure. ``--counts 100 1000`` sets the sizes (10000 takes an hour), ``--only builds`` or another
part runs that alone. Times are seconds on the clock of this very run: compare within a run, never between machines.
Tools of others (:mod:`others`) are measured where they are installed, else named as left out.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tests"), str(Path(__file__).parent)]

SHARED = TOP.parent / "shared"
PARTS = ("start", "stages", "builds", "cluster", "others")


def say(*columns: object) -> None:
    """Print a line of the table."""
    first, *rest = columns
    print(f"{first!s:<44}" + "".join(f"{column!s:>14}" for column in rest), flush=True)


def make(count: int, folder: Path) -> Path:
    """Return a folder of so many made reports."""
    out = folder / f"reports{count}"
    tool = SHARED / "tools" / "make_reports.py"
    places = TOP / "compiler" / "text" / "data" / "places.txt"
    command = [sys.executable, str(tool), str(SHARED / "reports_open"), str(out), str(count), "--places", str(places)]
    subprocess.run(command, check=True, capture_output=True)
    return out


# --- builds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A build: seconds on the clock, of the processors, and the megabytes of all its processes together."""

    wall: float
    processor: float
    memory: float


def run(arguments: list[str], folder: Path) -> Run:
    """Run the program in ``folder``, with a cache of its own there."""
    environment = {**os.environ, "PYTHONPATH": str(TOP), "XDG_CACHE_HOME": str(folder / "cache")}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with (folder / "err.txt").open("w") as told:
        command = [sys.executable, "-m", "compiler", *arguments]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=told, stderr=told)
        peak = _Peak(process.pid)
        process.wait()
        wall, memory = time.perf_counter() - started, peak.stop()
    if process.returncode not in (0, 1):
        raise SystemExit((folder / "err.txt").read_text()[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory)


class _Peak:
    """Watches the memory of a process and all below it: their proportional set sizes together (Linux)."""

    def __init__(self, process: int) -> None:
        self._process, self._most, self._end = process, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._end.set()
        self._thread.join()
        return self._most / 1024

    def _watch(self) -> None:
        while not self._end.wait(0.1):
            self._most = max(self._most, sum(map(_kilobytes, _tree(self._process))))


def _tree(process: int) -> list[int]:
    found = [process]
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                found.extend(_tree(int(child)))
    except OSError:
        pass
    return found


def _kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


PAGES = ["--only", "facts", "--only", "briefings", "--only", "evidence"]


def builds(counts: list[int], folder: Path) -> None:
    """Print what builds take: from nothing, without a change, with one report or one rule changed."""
    say("builds", "seconds", "processors", "MB", "of cold")
    for count in counts:
        _builds(count, folder, alone=count == counts[0])


def _builds(count: int, folder: Path, *, alone: bool) -> None:
    reports = make(count, folder)
    shutil.rmtree(folder / "rules", ignore_errors=True)
    shutil.copytree(TOP / "rules", folder / "rules")
    given = ["build", str(reports), "--rules", "rules", "--templates", str(TOP / "templates")]
    first = sorted(reports.iterdir())[0]

    def another_report() -> None:
        text = first.read_text(encoding="utf-8")
        first.write_text(text.replace("。", "，推进第9号项目建设。", 1), encoding="utf-8")

    def another_remark() -> None:
        path = folder / "rules" / "ledger.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")

    def another_rule() -> None:
        """Give an indicator that half of the reports hold another name."""
        path = folder / "rules" / "indicators" / "交通通信.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("aliases: [", "aliases: [高速公路里程数, ", 1), encoding="utf-8")

    def measure(name: str, more: list[str], out: str, cold: Run | None = None) -> Run:
        found = run([*given, "--out", out, *more], folder)
        share = f"{found.wall / cold.wall:.1%}" if cold else ""
        numbers = f"{found.wall:.2f}", f"{found.processor:.2f}", f"{found.memory:.0f}"
        say(f"  {count} reports: {name}", *numbers, share)
        return found

    for path in ("cache", "all", "facts", "pages", "one"):
        shutil.rmtree(folder / path, ignore_errors=True)
    measure("facts alone", ["--only", "facts", "--no-cache"], "facts")
    if alone:
        measure("complete, one process", ["--jobs", "1", "--no-cache"], "one")
    cold = measure("complete", [], "all")
    measure("no change", [], "all", cold)
    run([*given, "--out", "pages", *PAGES], folder)
    another_report()
    measure("one report changed, without workbook", PAGES, "pages", cold)
    measure("one report changed", [], "all", cold)
    another_remark()
    measure("a remark in the rules, without workbook", PAGES, "pages", cold)
    another_rule()
    measure("one rule changed, without workbook", PAGES, "pages", cold)


# --- a cluster -------------------------------------------------------------------------------------


def cluster(counts: list[int], folder: Path) -> None:
    """Print what facts take with two processes of this machine and with two Dask workers, one of them killed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        say("cluster: left out, dask is not installed")
        return
    say(
        "cluster, two processes or two workers",
        "seconds",
        "of the pool",
        "processors",
        "of the pool",
        "MB here",
        "bytes",
    )
    for count in counts:
        reports = make(count, folder)
        _cluster(f"{count} reports, facts", reports, ["facts"], folder)
        _cluster(f"{count} reports, parts", reports, ["data", "data"], folder)


def _cluster(what: str, reports: Path, only: list[str], folder: Path) -> None:
    """Measure builds of one kind of output (and the folder it lies in) by the pool and by workers started apart."""
    from distributed import Client, LocalCluster

    given = ["build", str(reports), "--rules", str(TOP / "rules"), "--only", only[0], "--no-cache"]
    pool: Run | None = None

    def measure(name: str, more: list[str], clock: Callable[[], float] | None = lambda: 0.0) -> Run:
        shutil.rmtree(folder / name, ignore_errors=True)
        before = clock() if clock else 0.0
        here = run([*given, "--out", name, *more], folder)
        found = replace(here, processor=here.processor + clock() - before if clock else 0.0)
        known, now = (_contents(folder.joinpath(one, *only[1:])) for one in ("pool", name))
        to = pool or found
        told = f"{found.wall:.2f}", f"{found.wall / to.wall:.2f}"
        told += (f"{found.processor:.2f}", f"{found.processor / to.processor:.2f}") if clock else ("", "")
        say(f"  {what}: {name}", *told, f"{found.memory:.0f}", "same" if known == now else "OTHER")
        return found

    pool = measure("pool", ["--jobs", "2"])
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
        far = ["--engine", "dask", "--scheduler", local.scheduler_address]

        def clock() -> float:
            return float(sum(client.run(time.process_time).values()))

        measure("workers, first build", far, clock)
        again = measure("workers, next build", far, clock)
        victim = min(client.run(os.getpid).values())
        killer = threading.Timer(again.wall / 2, os.kill, (victim, signal.SIGKILL))
        killer.start()
        measure("workers, one killed", far, None)  # what the dead one took of the processors nobody knows
        killer.join()


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "build.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# --- stages ----------------------------------------------------------------------------------------

_STAGES = (
    *("normalise", "split", "identify", "outline", "split_sentences", "sentence_inputs", "extract"),
    *("assemble", "capture_passages", "capture_tasks", "sparse"),
)


@contextmanager
def _measured(module: Any, names: tuple[str, ...], taken: dict[str, float]) -> Iterator[None]:
    """Measure each call of some functions that a module uses."""

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return function(*given, **named)
            finally:
                taken[name] += time.process_time() - started

        return call

    kept = {name: getattr(module, name) for name in names if hasattr(module, name)}
    for name, function in kept.items():
        setattr(module, name, timed(name, function))
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(module, name, function)


def stages(folder: Path) -> None:
    """Print the milliseconds that each stage takes for a report."""
    from others import sources_of

    from compiler.facts import compile as pipeline
    from compiler.rules.rulebook import load_rulebook

    rulebook, _ = load_rulebook(TOP / "rules")
    assert rulebook is not None
    sources = sources_of(make(20, folder))
    pipeline.compile_source(sources[0], rulebook)
    taken: dict[str, float] = defaultdict(float)
    started = time.process_time()
    with _measured(pipeline, _STAGES, taken):
        for source in sources:
            pipeline.compile_source(source, rulebook)
    whole = time.process_time() - started
    characters = sum(len(source.text) for source in sources) // len(sources)
    say(f"stages, {characters} characters a report", "ms a report")
    for name in taken:
        say(f"  {name}", f"{taken[name] * 1000 / len(sources):.1f}")
    say("  text to facts", f"{whole * 1000 / len(sources):.1f}")


def start(folder: Path) -> None:
    """Print how long commands take to start."""
    from bench_start import seconds

    program = [sys.executable, "-m", "compiler"]
    report = str(sorted(make(20, folder).iterdir())[0])
    (folder / "cache").mkdir(mode=0o700, exist_ok=True)
    say("start-up", "processors")
    for name, command in {
        "bare Python": [sys.executable, "-c", "pass"],
        "--help": [*program, "--help"],
        "check": [*program, "check", str(TOP / "rules")],
        "build, one report": [*program, "build", report, "--out", "started"],
    }.items():
        say(f"  {name}", f"{seconds(command, folder):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--only", choices=PARTS, action="append")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"no real reports at {SHARED}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for part in arguments.only or PARTS:
            if part == "start":
                start(folder)
            elif part == "stages":
                stages(folder)
            elif part == "builds":
                builds(arguments.counts, folder)
            elif part == "cluster":
                cluster(arguments.counts, folder)
            else:
                import others

                others.compare(make(20, folder), say)
            print()


if __name__ == "__main__":
    main()
