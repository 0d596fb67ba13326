"""How long commands take to start, warm, as ratios to bare Python: ``python tests/bench/bench_start.py``.

CPU seconds of the process (user and system), the least of a few runs, so that other work on the machine counts little.
Warm: as installed, with the byte code written, and with what the run before has kept in the cache folder. Where a
report or a rule has changed, it is another change in each run, so that what is kept of the last one does not do.
What is aimed at, on a machine where bare Python takes 0.03 s: ``--help`` 0.15 s; a sentence explained, a changed file
of rules checked, one report built, 1 s.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RUNS = 4
SENTENCE = "全市实现地区生产总值812.5亿元，增长6.5%左右。"


def unchanged(_run: int) -> None:
    """Change nothing."""


def seconds(command: list[str], folder: Path, change: Callable[[int], None] = unchanged) -> float:
    """Return the least CPU seconds of a few runs of ``command``, each after a change, after one that warms what is
    kept."""
    environment = {**os.environ, "PYTHONPATH": str(TOP), "XDG_CACHE_HOME": str(folder / "cache")}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken = []
    for run in range(RUNS + 1):
        change(run)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken[1:])


def main() -> None:
    program = [sys.executable, "-m", "compiler"]
    sample = sorted((TOP / "compiler" / "samples").glob("04*"))[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "cache").mkdir(mode=0o700)
        shutil.copytree(TOP / "rules", folder / "rules")
        text, report = sample.read_text(encoding="utf-8"), folder / sample.name
        largest = max((folder / "rules" / "indicators").iterdir(), key=lambda path: path.stat().st_size)
        rules = largest.read_text(encoding="utf-8")

        def other_report(run: int) -> None:
            report.write_text(f"{text}\n谢谢大家{'！' * run}\n", encoding="utf-8")

        def other_rule(run: int) -> None:
            largest.write_text(rules.replace("aliases: [", f"aliases: [某第{run}项名称, ", 1), encoding="utf-8")

        bare = seconds([sys.executable, "-c", "pass"], folder)
        print(f"{'bare Python':<34}{bare:6.2f} s")
        facts = ["build", str(report), "--only", "facts"]
        other_report(0)
        for name, arguments, change in (
            ("--help", ["--help"], unchanged),
            ("explain, one sentence", ["explain", SENTENCE], unchanged),
            ("build, one report never seen", facts, other_report),
            ("build, the same again", facts, unchanged),
            ("build, all outputs of it", ["build", str(report)], other_report),
            ("check, nothing changed", ["check", "rules"], unchanged),
            ("check, a rule of one file changed", ["check", "rules"], other_rule),
        ):
            taken = seconds([*program, *arguments], folder, change)
            print(f"{name:<34}{taken:6.2f} s {taken / bare:6.1f} times bare Python", flush=True)


if __name__ == "__main__":
    main()
