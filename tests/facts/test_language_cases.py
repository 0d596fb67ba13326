"""The invented cases beside the checkout: all pass but the known misses, each with its reason.

Strict both ways: a miss that starts to pass must leave the list, a case that fails must be mended or told here.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import TOP

KNOWN_MISSES = {
    "c30-1": "建议 and 提案 are indicators of their own by now, as the pack should have them; the case expects none",
    "c30-2": "the same",
    "d27-1": "工业总产值 is an indicator of its own by now; the case expects that of enterprises above size",
}


@pytest.mark.slow
def test_all_cases_pass_but_the_known_misses(shared: Path) -> None:
    cases = shared / "cases"
    if not (cases / "language.yaml").is_file():
        pytest.skip("no invented cases beside this checkout")
    compiler = f'sh -c \'exec "{sys.executable}" -m compiler "$@" --only facts --no-cache\' sh'
    command = [sys.executable, cases / "run_cases.py", cases / "language.yaml", "--cli", compiler, "--show"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=TOP)
    assert "total: passed" in done.stdout, done.stderr[-2000:]
    failed = set(re.findall(r"^([a-z]\d+[a-z]?-\d+)  ", done.stdout, re.M))
    assert failed == set(KNOWN_MISSES)
