"""Templates are kept within a process until they, or what they name of the rules, change."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from conftest import TOP

from compiler.app.options import Output
from compiler.app.templates import load_templates
from compiler.model import RuleBook


def test_kept_until_something_changes(tmp_path: Path, rulebook: RuleBook) -> None:
    folder = Path(shutil.copytree(TOP / "templates", tmp_path / "templates"))
    first = load_templates(folder, rulebook)
    assert first[0] is not None and first[1] == ()
    assert load_templates(folder, replace(rulebook, version="another")) is first
    assert load_templates(folder, rulebook, {Output.EVIDENCE}) is not first
    path = folder / "briefing.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 一句说明\n", encoding="utf-8")
    assert load_templates(folder, rulebook) is not first
    path.unlink()
    assert [issue.code for issue in load_templates(folder, rulebook)[1]] == ["T201"]


def test_what_templates_name_is_looked_up_in_the_rules_at_hand(rulebook: RuleBook) -> None:
    assert load_templates(TOP / "templates", rulebook)[1] == ()
    fewer = replace(rulebook, indicators=rulebook.indicators[:1])
    assert {issue.code for issue in load_templates(TOP / "templates", fewer)[1]} >= {"T213"}
