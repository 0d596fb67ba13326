"""Mistakes that people make in rule and template files: what is told of each, and where.

Each case of ``tests/cases/mistakes.yaml`` makes one mistake in a small sound workspace. ``told`` is the code of the
first thing that is told of it, ``at`` what stands at the place that is named (empty: the file as a whole). A mistake
counts as well told when the place is the true one and the message has a way out. What is told of a
template is told by ``check``, which tries it on a report of the samples.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP
from help.cases import read_yaml

from compiler.app.template_trial import check_templates
from compiler.authoring.check import check
from compiler.issues import advice, message, render
from compiler.model import Issue, RuleBook
from compiler.workspace import PACKAGE

HERE = Path(__file__).resolve().parents[1] / "cases"
TABLE = read_yaml(HERE / "mistakes.yaml")
CASES: list[dict[str, Any]] = TABLE["cases"]
ORCHARD: str = TABLE["orchard"]
SMALL = {"rules/lexicon.yaml": "lexicon.yaml", "rules/ledger.yaml": "ledger.yaml"}


def changed(case: dict[str, Any], text: str) -> str:
    """Return ``text`` with the mistake made in it; an expression (``find``) says where in a template."""
    if "find" in case:
        found = re.search(case["find"], text, re.MULTILINE)
        assert found is not None, f"{case['name']}: {case['find']} is not in {case['file']}"
        return text[: found.start()] + found.expand(case["put"]) + text[found.end() :]
    old, new = case["replace"]
    assert old in text, f"{case['name']}: {old} is not in {case['file']}"
    return text.replace(old, new, 1)


def make(case: dict[str, Any], work: Path) -> None:
    """Make the mistake of ``case`` in the workspace ``work``."""
    place = work / case["file"]
    if case.get("delete"):
        place.unlink()
        return
    base = place.read_text(encoding="utf-8") if place.exists() else ORCHARD
    text = changed(case, base) if "replace" in case or "find" in case else case.get("text", base)
    if "repeat" in case:
        text = text.replace("花牛苹果产量", "、".join(["花牛苹果产量"] * case["repeat"]))
    place.write_bytes(text.encode(case.get("encoding", "utf-8")))


def told(case: dict[str, Any], tmp_path: Path, rulebook: RuleBook) -> tuple[Issue, ...]:
    """Return what is told of the mistake, by check and by the templates."""
    work = tmp_path / "work"
    shutil.copytree(HERE / "broken_rules" / "base", work / "rules")
    if case["file"].startswith("templates"):
        shutil.copytree(TOP / "templates", work / "templates", ignore=shutil.ignore_patterns("schema"))
        make(case, work)
        return check_templates(work / "templates", rulebook)
    make(case, work)
    return check(work / "rules")


def at(issue: Issue, work: Path) -> str:
    """Return what stands at the place of an issue, from its column on."""
    where = issue.where
    if where is None or not where.line:
        return ""
    path = next(path for path in (work / where.path, work / "templates" / Path(where.path).name) if path.is_file())
    data = path.read_bytes()
    text = data.decode(next(e for e in ("utf-8-sig", "gb18030") if _decodes(data, e)))
    return text.splitlines()[where.line - 1][max(0, where.column - 1) :]


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_mistake_is_told_at_its_place_with_a_way_out(
    case: dict[str, Any], tmp_path: Path, rulebook: RuleBook
) -> None:
    issues = told(case, tmp_path, rulebook)
    if not case["told"]:  # read as it was meant
        assert [render(issue) for issue in issues] == []
        return
    assert issues, "nothing is told"
    first = issues[0]
    assert first.code == case["told"], render(first)
    assert at(first, tmp_path / "work").startswith(case["at"]), render(first)
    assert not case["at"] or at(first, tmp_path / "work")
    assert advice(first), f"no way out: {render(first)}"
    said = message(first) + advice(first)
    written = [*(str(value) for value in first.fields.values()), case.get("at", "")]
    for word in ("Traceback", "expected token", "unexpected", "None", "“？”", "Jinja", str(PACKAGE)):
        assert word not in said or any(word in value for value in written), said


def test_there_are_enough() -> None:
    assert len(CASES) >= 130 and len({case["name"] for case in CASES}) == len(CASES)
    assert sum(not case["told"] for case in CASES) <= 6, "what is read as it was meant is no mistake to count"
