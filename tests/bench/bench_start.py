"""How long commands take to start, warm, as ratios to bare Python: ``python tests/bench/bench_start.py``.

CPU seconds of the process (user and system), the least of a few runs, so that other work on the machine counts little.
What is aimed at, on a machine where bare Python takes 0.03 s: ``--help`` 0.15 s; a sentence explained, one report
built, 1 s.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RUNS = 4
SENTENCE = "全市实现地区生产总值812.5亿元，增长6.5%左右。"


def seconds(command: list[str], folder: Path) -> float:
    """Return the least CPU seconds of a few runs of ``command``, after one that warms what is kept."""
    environment = {**os.environ, "PYTHONPATH": str(TOP), "XDG_CACHE_HOME": str(folder / "cache")}
    taken = []
    for _ in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken[1:])


def main() -> None:
    program = [sys.executable, "-m", "compiler"]
    sample = sorted((TOP / "compiler" / "samples").glob("04*"))[0]
    rules = ["--rules", str(TOP / "rules")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "cache").mkdir(mode=0o700)
        bare = seconds([sys.executable, "-c", "pass"], folder)
        print(f"{'bare Python':<28}{bare:6.2f} s")
        commands = {
            "--help": ["--help"],
            "explain, one sentence": ["explain", SENTENCE, *rules],
            "build, one report, facts": ["build", str(sample), "--only", "facts", "--no-cache", *rules],
            "build, one report, kept": ["build", str(sample), "--only", "facts", *rules],
            "check": ["check", str(TOP / "rules")],
        }
        known = subprocess.run([*program, "build", "--help"], cwd=folder, capture_output=True, text=True, check=True)
        for name, arguments in commands.items():
            if "--no-cache" in arguments and "--no-cache" not in known.stdout:
                continue
            taken = seconds([*program, *arguments], folder)
            print(f"{name:<28}{taken:6.2f} s {taken / bare:6.1f} times bare Python")


if __name__ == "__main__":
    main()
