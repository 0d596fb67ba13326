"""Processor time from text to facts beside that of jieba.cut on the same text: python tests/bench/bench_pipeline.py

It reads real reports where they are at hand, else the samples, each cut to about 13,000 characters. Both are timed in
turn within one run, so that other work on the machine tells on both alike; the least of some runs counts. Then what
each stage takes, and what it takes besides to name the figures that no rule claims. Aimed at: at most 40 ms, and half
of jieba.cut.
"""

from __future__ import annotations

import gc
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))

import jieba  # noqa: E402

from compiler.facts import compile as pipeline  # noqa: E402
from compiler.facts import nouns  # noqa: E402
from compiler.facts.compile import compile_source  # noqa: E402
from compiler.facts.kept_rules import load_rules  # noqa: E402
from compiler.model import RuleBook, Source  # noqa: E402
from compiler.text.read import find_inputs, read  # noqa: E402
from compiler.workspace import sample_files  # noqa: E402

LENGTH = 13_000
RUNS = 15
STAGES = (
    *("normalise", "split", "identify", "outline", "split_sentences", "extract"),
    *("assemble", "capture_passages", "capture_tasks"),
)
"""What :mod:`compiler.facts.compile` calls one after the other, under the names that it has there."""


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


def stages(sources: Sequence[Source], rulebook: RuleBook) -> dict[str, float]:
    """Return the least processor time of each stage over all sources, in milliseconds a source."""
    taken: defaultdict[str, float] = defaultdict(float)

    def timed(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(stage)
        def run(*args: Any) -> Any:
            start = time.process_time()
            try:
                return stage(*args)
            finally:
                taken[name] += (time.process_time() - start) * 1000 / len(sources)

        return run

    least: dict[str, float] = {}
    own = {name: getattr(pipeline, name) for name in STAGES}
    for name, stage in own.items():
        setattr(pipeline, name, timed(name, stage))
    for _ in range(RUNS):
        taken.clear()
        for source in sources:
            compile_source(source, rulebook)
        least = {name: min(taken[name], least.get(name, taken[name])) for name in STAGES}
    for name, stage in own.items():
        setattr(pipeline, name, stage)
    return least


def naming(sources: Sequence[Source], rulebook: RuleBook) -> float:
    """Return the processor time that the names of uncovered figures take, in milliseconds a source."""
    reports = [report for source in sources for report in compile_source(source, rulebook)[0]]
    nouns.guess_noun("全市新建项目5个", "5个")  # the dictionary is loaded once, whatever comes
    return milliseconds(lambda: [nouns.nouns_of(report) for report in reports]) / len(sources)


def main() -> None:
    """Print the least processor time of each report and of jieba.cut, and their ratio."""
    rulebook, _ = load_rules(TOP / "rules")
    assert rulebook is not None
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    gc.set_threshold(200_000, 50, 50)  # as a build does: else Python walks through all that a report made
    ours = theirs = 0.0
    sources = []
    for name, text in texts():
        source = Source(name, text, "utf-8", "")
        sources.append(source)
        facts = sum(len(report.facts) for report in compile_source(source, rulebook)[0])
        times = [
            (milliseconds(lambda: compile_source(source, rulebook)), milliseconds(lambda: list(jieba.cut(text))))  # noqa: B023
            for _ in range(RUNS)
        ]
        fact_time, cut_time = (min(column) for column in zip(*times, strict=True))
        ours, theirs = ours + fact_time, theirs + cut_time
        print(f"{name}: {len(text)} characters, {facts} facts, {fact_time:.1f} ms; jieba.cut {cut_time:.1f} ms")
    print(f"text to facts: {ours / theirs:.2f} of jieba.cut")
    print("; ".join(f"{name} {least:.1f} ms" for name, least in stages(sources, rulebook).items()))
    print(f"names of uncovered figures {naming(sources, rulebook):.1f} ms")


if __name__ == "__main__":
    main()
