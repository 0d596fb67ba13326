"""How long the quantity grammar takes for a report of 13,000 characters. Run: python tests/bench/bench_quantity.py

Prints milliseconds of processor time, the best and the middle of several runs: for the report in one call, for
the report sentence by sentence (as the extractor reads it), and for compiling the grammar of a lexicon.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))

from compiler.language.figure_grammar import FigureGrammar  # noqa: E402
from compiler.language.figures import find_quantities  # noqa: E402
from compiler.rules.rulebook import load_rulebook  # noqa: E402

LENGTH = 13_000
RUNS = 15

SAMPLE = (
    "全市生产总值达到812.5亿元，增长6.5%左右；一般公共预算收入突破60亿元，增长5.2%，提高0.8个百分点。"
    "“十三五”规划实施以来，培育10-15家骨干企业，新增床位800余张，惠及3.5万多人。深入推进“放管服”改革，优化营商环境。"
    "城镇登记失业率控制在4%以内，三次产业比重调整为12:45:43，细颗粒物浓度低于40微克/立方米。"
    "坚持以人民为中心的发展思想，统筹城乡区域协调发展，一批重大项目落地见效，群众获得感不断增强。"
)


def _milliseconds(work: Callable[[], object]) -> str:
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return f"best {min(times):.2f} ms, middle {statistics.median(times):.2f} ms"


def _report() -> str:
    folder = TOP.parent / "shared" / "reports"
    real = "".join(path.read_text("utf-8")[:LENGTH] for path in sorted(folder.glob("*.txt"))[:1])
    return real if len(real) == LENGTH else (SAMPLE * (LENGTH // len(SAMPLE) + 1))[:LENGTH]


def main() -> None:
    """Measure and print."""
    rulebook, _ = load_rulebook(TOP / "rules")
    assert rulebook is not None
    lexicon = rulebook.lexicon
    for name, text in (("report", _report()), ("dense sample", (SAMPLE * 200)[:LENGTH])):
        sentences = [sentence for sentence in re.split(r"(?<=[。；\n])", text) if sentence]
        figures = len(find_quantities(text, lexicon))
        print(f"{name}: {len(text)} characters, {figures} figures, {len(sentences)} sentences")
        print("  in one call:          ", _milliseconds(lambda text=text: find_quantities(text, lexicon)))  # type: ignore[misc]
        print(
            "  sentence by sentence: ",
            _milliseconds(lambda sentences=sentences: [find_quantities(s, lexicon) for s in sentences]),  # type: ignore[misc]
        )
    print("compiling the grammar:  ", _milliseconds(lambda: (re.purge(), FigureGrammar(lexicon))))


if __name__ == "__main__":
    main()
