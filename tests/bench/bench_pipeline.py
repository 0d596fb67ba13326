"""Processor time from text to facts beside that of jieba.cut on the same text: python tests/bench/bench_pipeline.py

It reads real reports where they are at hand, else the samples, each cut to about 13,000 characters. Both are timed in
turn within one run, so that other work on the machine tells on both alike; the least of some runs counts. Aimed at: at
most 40 ms, and half of jieba.cut.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))

import jieba  # noqa: E402

from compiler.facts.compile import compile_source  # noqa: E402
from compiler.facts.rules import load_rules  # noqa: E402
from compiler.model import Source  # noqa: E402
from compiler.text.read import find_inputs, read  # noqa: E402
from compiler.workspace import sample_files  # noqa: E402

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


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> None:
    """Print the least processor time of each report and of jieba.cut, and their ratio."""
    rulebook, _ = load_rules(TOP / "rules")
    assert rulebook is not None
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    ours = theirs = 0.0
    for name, text in texts():
        source = Source(name, text, "utf-8", "")
        facts = sum(len(report.facts) for report in compile_source(source, rulebook)[0])
        times = [
            (milliseconds(lambda: compile_source(source, rulebook)), milliseconds(lambda: list(jieba.cut(text))))  # noqa: B023
            for _ in range(RUNS)
        ]
        fact_time, cut_time = (min(column) for column in zip(*times, strict=True))
        ours, theirs = ours + fact_time, theirs + cut_time
        print(f"{name}: {len(text)} characters, {facts} facts, {fact_time:.1f} ms; jieba.cut {cut_time:.1f} ms")
    print(f"text to facts: {ours / theirs:.2f} of jieba.cut")


if __name__ == "__main__":
    main()
