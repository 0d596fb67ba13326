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
    "b39-2": "a result told within the plan as the reason of the target (去年只增长…)",
    "b48-1": "the subject waits across 逆势上扬 for a growth behind the comma",
    "c23-2": "a festival is the subject; the visitors are its own, not the place's",
    "c23-3": "the same, beside the place's own figure",
    "c28a-3": "a list whose unknown members stand before the known one's figure",
    "c28b-1": "two stocks of one animal share the name before the first (存栏、出栏)",
    "c28b-4": "分别新增 deals over a list of names that stand before the verb",
    "c30-1": "建议 and 提案 are indicators of their own by now, as the pack should have them; the case expects none",
    "c30-2": "the same",
    "c31-3": "城镇就业岗位 in 个 for people in 人",
    "d04-1": "a modifier before the first name of a list holds for the second (农产品网络零售额、出口额)",
    "d25-1": "每年…近3000万人次 in a plan tells no target",
    "d27-1": "工业总产值 is an indicator of its own by now; the case expects that of enterprises above size",
    "d31-2": "三四十家 is a range of two numerals",
    "d35-2": "the unit stands in brackets behind the name (增速（%）：9.4)",
    "k03-3": "占生产总值比重 of an expenditure is its intensity",
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
