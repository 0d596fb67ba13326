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
FACTS = {"": (0.995, 0.995), "city": (0.985, 0.985), "county": (0.985, 0.985), "province": (0.98, 0.98)}
#: Cases passed, of 329.
CASES = 324
#: Precision and recall of the tasks, split and joined rows counted.
TASKS = (0.93, 0.93)


def output(*command: object) -> str:
    """Run a scorer and return what it prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if not done.stdout.strip():
        sys.exit(f"{command[1]}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def both(first: Path, second: Path) -> str:
    """Join two tables of one shape under one head."""
    _, _, rows = second.read_text(encoding="utf-8-sig").partition("\n")
    return first.read_text(encoding="utf-8-sig") + rows


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
            command = [CLI, "build", shared / name, "--out", out / name, *more]
            built = subprocess.run(command, capture_output=True, text=True)
            if built.returncode not in (0, 1):  # 1: written, with something in a report to be decided
                sys.exit(f"build {name}: {built.stderr.strip()[-2000:]}")
        for name, floors in FACTS.items():
            prefix = f"{name}_" if name else ""
            facts = out / ("reports_open" if name else "reports") / "facts.csv"
            text = output("python3", gold / "score.py", gold / f"{prefix}gold.csv", facts, gold / f"{prefix}docs.csv")
            (found,) = re.findall(r"^total: precision ([0-9.]+) recall ([0-9.]+)", text, re.M)[-1:]
            for what, value, floor in zip(("precision", "recall"), found, floors, strict=True):
                hold(f"{name or 'reports'}: {what}", float(value), floor)
        text = output(sys.executable, gold / "join_score.py", gold / "province_join.csv", out / "reports_open")
        print(text.strip())
        right, of, false = re.findall(r"verdicts (\d+) of (\d+); false verdicts (\d+)", text)[-1]
        hold("verdicts right", int(right) / int(of), 1.0)
        hold("no false verdict", -float(false), 0.0)
        tasks = out / "tasks.csv"
        tasks.write_text(both(out / "reports/tasks.csv", out / "reports_open/tasks.csv"), encoding="utf-8")
        text = output("python3", gold / "task_score.py", gold / "tasks_gold.csv", tasks, gold / "tasks_docs.csv")
        print(text.strip())
        (total,) = re.findall(r"^TOTAL .*", text, re.M)[-1:]
        for what, floor, value in zip(
            ("precision", "recall"), TASKS, re.findall(r"([0-9.]+)%", total)[3:5], strict=True
        ):
            hold(f"tasks: {what}", float(value) / 100, floor)
    cases = output(sys.executable, shared / "cases/run_cases.py", shared / "cases/language.yaml", "--cli", FACTS_ONLY)
    (passed,) = re.findall(r"^total: passed (\d+) of", cases, re.M)[-1:]
    hold("language cases passed", float(passed), CASES)
    print("below the floor: " + "、".join(failed) if failed else "all held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
