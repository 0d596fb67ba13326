"""``check --unused``: names, phrases and exclusions that fired nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

from compiler.authoring.unused import unused
from compiler.facts.kept_rules import load_rules
from compiler.model import Source

BASE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules" / "base"
RULE = """\
format: 1
theme: 果业
indicators:
  - id: apple_output
    name: 苹果产量
    unit: 万吨
    aliases: [苹果总产量, 苹果产出]
    phrases: [共收〔数〕苹果, 〔数〕苹果入窖]
    exclude:
      - {words: [进口, 外来], because: 不是本地产的}
    examples:
      - {text: 苹果产量达到2万吨。, under: review, yields: [level = 2]}
      - {text: 进口苹果产量达到2万吨。, under: review, yields: []}
      - {text: 共收3万吨苹果。, under: review, yields: [level = 3]}
"""


def test_what_fired_nowhere_is_listed_at_its_place(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(BASE, rules)
    place = rules / "indicators" / "苹果.yaml"
    place.write_text(RULE, encoding="utf-8")
    book, _ = load_rules(rules)
    assert book is not None

    def listed(*texts: str) -> list[str]:
        sources = [Source(f"{n}.txt", text, "utf-8", str(n)) for n, text in enumerate(texts)]
        found = [issue for issue in unused(sources, book) if issue.fields["who"] == "指标 apple_output"]
        for issue in found:
            assert issue.where is not None
            line = RULE.splitlines()[issue.where.line - 1]
            assert line[issue.where.column - 1 :].startswith(issue.fields["item"])
        return [issue.fields["item"] for issue in found]

    assert listed() == ["苹果总产量", "苹果产出", "〔数〕苹果入窖", "外来"]
    assert listed("苹果总产量又上新台阶。") == ["苹果产出", "〔数〕苹果入窖", "外来"]
