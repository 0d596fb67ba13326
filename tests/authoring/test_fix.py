"""``check --fix``: what a typing method spoils is mended, nothing else, and shown before it is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from compiler.app.cli import main
from compiler.authoring.fix import mend
from compiler.rules.rulebook import load_rulebook

BASE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules" / "base"
GOOD = """\
# 果业
format: 1
theme: 果业
indicators:
  - id: apple_output
    name: 苹果产量
    unit: 万吨
    aliases: [苹果总产量, 花牛苹果产量]
    examples:
      - {text: 苹果产量达到31.5万吨。, under: review, yields: [level = 31.5]}
      - {text: 苹果花开满山。, under: review, yields: []}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "rules")
    return tmp_path / "rules"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("name: 苹果产量", "name：苹果产量"),
        ("name: 苹果产量", "name:苹果产量"),
        ("    unit", "\t\tunit"),
        ("苹果总产量, 花牛", "苹果总产量，花牛"),
        ("苹果总产量, 花牛", "苹果总产量、花牛"),
        ("  - id", "  －id"),
        ("  - id", "  -id"),
        ("name: 苹果产量", "name:\u3000苹果产量"),
    ],
)
def test_one_slip(right: str, wrong: str, rules: Path) -> None:
    place = rules / "indicators" / "苹果.yaml"
    assert right in GOOD
    place.write_text(GOOD.replace(right, wrong, 1), encoding="utf-8")
    (one,) = mend(rules)
    assert one.new == GOOD
    assert (
        f"-{GOOD.replace(right, wrong, 1).splitlines()[GOOD[: GOOD.index(right)].count(chr(10))]}" in one.difference()
    )
    assert place.read_text(encoding="utf-8") != GOOD  # only shown


def test_several_slips_and_an_encoding(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = rules / "indicators" / "苹果.yaml"
    bad = GOOD.replace("name: ", "name：").replace("总产量, ", "总产量，").replace("    unit", "\t\tunit")
    place.write_bytes(bad.encode("gb18030"))
    main(["check", str(rules), "--fix"])
    out = capsys.readouterr().out
    assert "GBK 编码改为 UTF-8" in out and "+    name: 苹果产量" in out and "--yes" in out
    assert place.read_bytes() == bad.encode("gb18030")
    main(["check", str(rules), "--fix", "--yes"])
    assert "已改好 1 个文件" in capsys.readouterr().out
    assert place.read_text(encoding="utf-8") == GOOD
    assert not [issue for issue in load_rulebook(rules)[1] if "苹果" in str(issue.where)]


def test_what_is_right_stays(rules: Path) -> None:
    (rules / "indicators" / "苹果.yaml").write_text(GOOD, encoding="utf-8", newline="\r\n")
    assert mend(rules) == ()


def test_what_cannot_be_known_is_left_alone(rules: Path) -> None:
    text = GOOD.replace("aliases:", "aliasses:")
    (rules / "indicators" / "苹果.yaml").write_text(text, encoding="utf-8")
    assert mend(rules) == ()
