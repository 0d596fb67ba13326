"""Hold the scores on the material beside the clone: the real reports, the invented cases, verdicts and tasks.

    .venv/bin/python .ci/scores.py ../shared

Each line is a figure and the floor that it must not fall below; the floors are what was reached, a little below it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

CLI = Path(sys.executable).parent / "report-compiler"

#: The same command with ``--only facts`` behind what the runner of the cases appends.
FACTS_ONLY = f'sh -c \'exec "{CLI}" "$@" --only facts\' sh'

#: Precision and recall of the facts, by set of gold.
FACTS = {"": (0.99, 0.99), "city": (0.98, 0.975), "county": (0.96, 0.97), "province": (0.98, 0.98)}
#: Cases passed of 329.
CASES = 220
#: Precision and recall of the tasks, split and joined rows counted.
TASKS = (0.93, 0.93)


def output(*command: object) -> str:
    """Run a scorer and return what it prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if not done.stdout.strip():
        sys.exit(f"{command[1]}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def main(shared: Path) -> int:
    """Build, score, and say which figures fell below their floors."""
    gold, failed = shared / "gold", []

    def hold(name: str, found: float, floor: float) -> None:
        print(f"{name:32} {found:8.3f}   (floor {floor})")
        if found < floor:
            failed.append(name)

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for name, more in (("reports", ()), ("reports_open", ("--only", "facts", "--only", "workbook"))):
            subprocess.run([CLI, "build", shared / name, "--out", out / name, *more], check=True, capture_output=True)
        for name, floors in FACTS.items():
            prefix = f"{name}_" if name else ""
            facts = out / ("reports_open" if name else "reports") / "facts.csv"
            text = output("python3", gold / "score.py", gold / f"{prefix}gold.csv", facts, gold / f"{prefix}docs.csv")
            (found,) = re.findall(r"^total: precision ([0-9.]+) recall ([0-9.]+)", text, re.M)[-1:]
            for what, value, floor in zip(("precision", "recall"), found, floors, strict=True):
                hold(f"{name or 'reports'}: {what}", float(value), floor)
        text = output(sys.executable, gold / "join_score.py", gold / "province_join.csv", out / "reports_open")
        print(text.strip())
        verdicts = re.search(r"verdicts\D+(\d+)\D+(\d+)", text)
        false = re.search(r"false\D+(\d+)", text)
        if verdicts:
            hold("verdicts right", int(verdicts[1]) / max(1, int(verdicts[2])), 1.0)
        if false:
            hold("no false claim", -float(false[1]), 0.0)
        text = output(
            "python3",
            gold / "task_score.py",
            gold / "tasks_gold.csv",
            out / "reports_open" / "tasks.csv",
            gold / "tasks_docs.csv",
        )
        print(text.strip())
    cases = output(sys.executable, shared / "cases/run_cases.py", shared / "cases/language.yaml", "--cli", FACTS_ONLY)
    (passed,) = re.findall(r"^total: passed (\d+) of", cases, re.M)[-1:]
    hold("language cases passed", float(passed), CASES)
    print("below the floor: " + "、".join(failed) if failed else "all held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
