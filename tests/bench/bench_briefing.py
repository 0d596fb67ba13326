"""Processor time of a briefing with a 30-row table, and of its preview: python tests/bench/bench_briefing.py

The report is invented: thirty indicators with a result and a target each, last year's report at hand, ten
sections of work. Start-up (template, Jinja) is told apart, since a build pays it once. The preview is the whole command
``preview --briefing``, started anew as after an edit of the template, over the shipped samples.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tests")]

LIMIT_MS = 60
PREVIEW_LIMIT_MS = 2000


def preview_ms() -> float:
    """Return the processor time of one preview, start of the program included, the best of three."""
    command = [sys.executable, "-m", "compiler", "preview", "--briefing", "桂林市", str(TOP / "compiler" / "samples")]
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=TOP, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times) * 1000


def main() -> int:
    started = time.process_time()
    from help import make_reports as made

    from compiler.briefing.write import Briefings, load_briefing_template
    from compiler.ledger.join import build_ledger
    from compiler.model import Part

    template, issues = load_briefing_template(TOP / "templates")
    assert template is not None, issues
    loaded = time.process_time()

    rules = tuple(
        made._rule(n, f"indicator_{n}", f"第{n}类指标增加值", "亿元", "综合经济", headline=n <= 12)
        for n in range(1, 31)
    )

    def report(year: int) -> made.CompiledReport:
        lines = []
        for n, rule in enumerate(rules):
            level, growth, aim = f"{100 + n}.{n}亿元", f"{n % 9}.5%", f"{n % 9 + 1}%"
            lines.append(made.Line(f"{rule.name}完成{level}，增长{growth}。", Part.REVIEW, ("一、回顾",)))
            lines.append(made.Line(f"{rule.name}增长{aim}以上，力争更多。", Part.PLAN, ("二、目标",)))
            lines[-2] = replace(
                lines[-2],
                figures=(
                    made.Figure(rule.id, "level", level.removesuffix("亿元"), f"{rule.name}完成{level}", level),
                    made.Figure(rule.id, "growth", growth[:-1], f"完成{level}，增长{growth}", growth),
                ),
            )
            quote = f"{rule.name}增长{aim}以上"
            lines[-1] = replace(
                lines[-1], figures=(made.Figure(rule.id, "growth", f"≥{aim[:-1]}", quote, aim, modifier="以上"),)
            )
        for section in range(10):
            for n in range(12):
                text = f"第{section}方面推进第{n}号重点项目建设，新增产能{n}万吨，确保年内建成投产见效。"
                lines.append(made.Line(text, Part.PLAN, ("三、工作", f"（{section}）安排")))
        return made.make_report("云川市", year, lines, source=f"{year}.txt")

    made_rules = {rule.id: rule for rule in rules}
    original = made.make_fact
    made.make_fact = lambda *a, **k: original(*a, rules=tuple(made_rules.values()), **k)  # type: ignore[assignment]
    reports = [report(2016), report(2017)]
    from compiler.model import Passage

    passages = []
    for sentence in reports[1].sentences:
        if sentence.headings[0] == "三、工作":
            number = sentence.headings[1]
            passages.append(
                Passage(number, f"工作{number}", Part.PLAN, "", sentence.paragraph, sentence.start, sentence.end,
                        sentence.text, (sentence.number,))
            )  # fmt: skip
    reports[1] = replace(reports[1], passages=tuple(passages))
    rulebook = made.rulebook(rules)
    ledger, found = build_ledger(reports, rulebook)
    briefings = Briefings(reports, ledger, found, rulebook, template)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "briefing.docx"

        def write() -> None:
            told = briefings.write(path, reports[1], made.INFO)
            assert not told, told

        before = time.process_time()
        write()
        first = time.process_time() - before
        times = []
        for _ in range(20):
            before = time.process_time()
            write()
            times.append(time.process_time() - before)
        size = path.stat().st_size
    best, middle = min(times) * 1000, sorted(times)[len(times) // 2] * 1000
    print(f"start-up: template {(loaded - started) * 1000:.0f} ms, dictionary {first * 1000 - middle:.0f} ms")
    print(f"briefing with a 30-row table: {middle:.1f} ms (best {best:.1f}), {size / 1000:.0f} kB; limit {LIMIT_MS} ms")
    preview = preview_ms()
    print(f"preview --briefing: {preview:.0f} ms; limit {PREVIEW_LIMIT_MS} ms")
    return 0 if middle <= LIMIT_MS and preview <= PREVIEW_LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
