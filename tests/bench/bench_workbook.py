"""How long 100,000 facts take to become a workbook, beside openpyxl writing the same cells with the same styles.

Run: ``.venv/bin/python tests/bench/bench_workbook.py [FACTS]``. Each run is a process of its own, so that
its highest memory is its own. The target: at most 1.5 times openpyxl's time, and less than 1 GB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tests")]

LIMIT_RATIO = 1.5
LIMIT_BYTES = 1 << 30


def ours(facts: int, path: Path) -> None:
    """Write the workbook and print seconds and cells."""
    from help import make_reports as made

    from compiler.ledger.join import build_ledger
    from compiler.workbook.write import load_workbook_template, write_workbook

    reports = made.many(facts)
    rules = made.rulebook()
    ledger, issues = build_ledger(reports, rules)
    template, _ = load_workbook_template(TOP / "templates")
    assert template is not None
    start = time.perf_counter()
    write_workbook(path, reports, ledger, issues, rules, template, made.INFO)
    print(time.perf_counter() - start, peak())


def theirs(source: Path, path: Path) -> None:
    """Write the cells of ``source`` again with openpyxl, each style made once and shared."""
    from openpyxl import load_workbook

    book = load_workbook(source, rich_text=True)
    sheets = []
    for sheet in book.worksheets:
        cells = [
            (cell.row, cell.column, cell.value, cell._style, cell.hyperlink.location if cell.hyperlink else "")
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None or cell.has_style
        ]
        sheets.append((sheet.title, cells))
    from copy import copy

    from openpyxl import Workbook

    fresh = Workbook()
    for name in ("_fonts", "_fills", "_borders", "_alignments", "_protections", "_number_formats", "_cell_styles"):
        setattr(fresh, name, copy(getattr(book, name)))
    del book
    start = time.perf_counter()
    for title, cells in sheets:
        target = fresh.create_sheet(title)
        for row, column, value, style, link in cells:
            cell = target.cell(row, column, value)
            cell._style = style
            if link:
                cell.hyperlink = f"#{link}"
                cell._style = style
    fresh.save(path)
    print(time.perf_counter() - start, sum(len(cells) for _, cells in sheets))


def peak() -> int:
    """Return the highest memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def run(*arguments: str) -> tuple[float, int]:
    """Run one side in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=True, cwd=TOP
    )  # fmt: skip
    seconds, number = done.stdout.split()[-2:]
    return float(seconds), int(number)


def main(facts: int) -> int:
    """Compare both sides; 1 where a limit is passed."""
    with tempfile.TemporaryDirectory() as folder:
        own, other = Path(folder) / "ours.xlsx", Path(folder) / "theirs.xlsx"
        seconds, memory = run("ours", str(facts), str(own))
        reference, cells = run("theirs", str(own), str(other))
        sizes = own.stat().st_size, other.stat().st_size
    ratio = seconds / reference
    print(f"{facts} facts, {cells} cells")
    print(f"ours     {seconds:7.1f} s  {memory / 1e6:6.0f} MB peak  {sizes[0] / 1e6:6.1f} MB file")
    print(f"openpyxl {reference:7.1f} s  {'':14}  {sizes[1] / 1e6:6.1f} MB file")
    print(f"ratio    {ratio:7.2f}    (limit {LIMIT_RATIO})")
    return int(ratio > LIMIT_RATIO or memory > LIMIT_BYTES)


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        ours(int(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["theirs"]:
        theirs(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
