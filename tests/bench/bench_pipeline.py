"""Processor time from text to facts, for one report of about 13,000 characters: at most 40 ms is wanted.

Run ``python tests/bench/bench_pipeline.py``; it reads a real report where one is at hand, else the samples
joined to that length.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from compiler.facts.compile import compile_source
from compiler.model import Source
from compiler.rules.rulebook import load_rulebook
from compiler.text.read import find_inputs, read
from compiler.workspace import sample_files

TOP = Path(__file__).resolve().parents[2]
LENGTH = 13_000
RUNS = 15


def texts() -> list[tuple[str, str]]:
    """Return names and texts of reports to time, each cut to one report of about the wanted length."""
    real = TOP.parent / "shared" / "reports"
    folder = [real] if real.exists() else list(sample_files())
    found = []
    for path, relative, _ in find_inputs(folder)[0]:
        for source in read(path, relative).sources:
            found.append((relative, source.text[:LENGTH]))
    return found


def main() -> None:
    """Print the median and the least processor time of each report."""
    rulebook, _ = load_rulebook(TOP / "rules")
    assert rulebook is not None
    for name, text in texts():
        source = Source(name, text, "utf-8", "")
        compile_source(source, rulebook)
        times = []
        for _ in range(RUNS):
            start = time.process_time()
            reports, _ = compile_source(source, rulebook)
            times.append((time.process_time() - start) * 1000)
        facts = sum(len(report.facts) for report in reports)
        print(
            f"{name}: {len(text)} characters, {facts} facts, "
            f"median {statistics.median(times):.0f} ms, least {min(times):.0f} ms"
        )


if __name__ == "__main__":
    main()
