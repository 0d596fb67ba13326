"""One broken file for each message of the rules, with the text that the writer gets to see.

``tests/cases/broken_rules/CODE.PLACE.yaml`` is put into an otherwise sound folder (``base``); what ``check``
says is kept in ``CODE.PLACE.txt``. To renew the texts after a change of wording: ``GOLDEN=write pytest
tests/rules/test_messages_golden.py``, then read the differences.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.authoring.check import check
from compiler.issues import CATALOGUE, render

HERE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules"
PLACES = {
    "indicators": "indicators/错例.yaml",
    "sections": "sections/错例.yaml",
    "lexicon": "lexicon.yaml",
    "ledger": "ledger.yaml",
    "tasks": "tasks.yaml",
    "offices": "offices.yaml",
}
FILES = sorted(HERE.glob("*.yaml"))


def _dangling_link(rules: Path) -> None:
    (rules / "indicators/错例.yaml").symlink_to(rules / "没有的文件.txt")


def _large(rules: Path) -> None:
    (rules / "indicators/错例.yaml").write_text("# 果\n" * 300_000, encoding="utf-8")


def _many_nodes(rules: Path) -> None:
    (rules / "indicators/错例.yaml").write_text("format: 1\ntheme: [" + "1," * 200_001 + "]\n", encoding="utf-8")


def _many_mistakes(rules: Path) -> None:
    rule = "  - id: apple_{0}\n    name：苹果产量{0}\n    unit: 万吨\n"
    text = "format: 1\ntheme: 果业\nindicators:\n" + "".join(rule.format(n) for n in range(40))
    (rules / "indicators/错例.yaml").write_text(text, encoding="utf-8")


def _many_unknown_keys(rules: Path) -> None:
    text = "format: 1\ntheme: 果业\n" + "".join(f"key_{n}: 1\n" for n in range(510))
    (rules / "indicators/错例.yaml").write_text(text, encoding="utf-8")


def _unknown_files(rules: Path) -> None:
    (rules / "indicators/苹果.yml").write_text("format: 1\n", encoding="utf-8")
    (rules / "lexcion.yaml").write_text("format: 1\n", encoding="utf-8")
    (rules / "indicators/苹果.yaml.txt").write_text("format: 1\n", encoding="utf-8")
    (rules / "汇总表.xlsx").write_bytes(b"PK\x03\x04")
    (rules / "~$汇总表.xlsx").write_bytes(b"PK\x03\x04")
    (rules / "说明.md").write_text("说明\n", encoding="utf-8")


def _many_names(rules: Path) -> None:
    choice = "〔甲|乙|丙|丁|戊|己|庚|辛|壬|癸〕"
    names = "".join(f"      - {choice * 3}种苹果{number}产量\n" for number in range(300))
    rule = f"  - id: apple_output\n    name: 苹果产量\n    unit: 万吨\n    aliases:\n{names}"
    (rules / "indicators/错例.yaml").write_text(f"format: 1\ntheme: 果业\nindicators:\n{rule}", encoding="utf-8")


def _theme_off_by_one(rules: Path) -> None:
    for name, theme in (("甲", "综合经济"), ("乙", "综合経济")):
        text = (rules / "indicators/果业.yaml").read_text(encoding="utf-8").replace("果业", theme)
        text = text.replace("pear_output", f"pear_{ord(name)}").replace("梨", f"{name}梨")
        (rules / f"indicators/{name}.yaml").write_text(text, encoding="utf-8")
    (rules / "indicators/果业.yaml").unlink()
    (rules / "ledger.yaml").write_text("format: 1\n", encoding="utf-8")


def _cut_off(rules: Path) -> None:
    place = rules / "indicators/果业.yaml"
    place.write_bytes(place.read_bytes() + b"\0" * 200)


def _copied(rules: Path) -> None:
    shutil.copyfile(rules / "indicators/果业.yaml", rules / "indicators/果业 - 副本.yaml")


def _status_lost(rules: Path) -> None:
    text = (HERE.parents[2] / "rules" / "ledger.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^checks:\n(?:  .*\n)*", "", text, flags=re.MULTILINE)
    (rules / "ledger.yaml").write_text(re.sub(r"  status\.met: .*\n", "", text), encoding="utf-8")


def _no_folder(rules: Path) -> None:
    shutil.rmtree(rules)


def _no_lexicon(rules: Path) -> None:
    (rules / "lexicon.yaml").unlink()


def _no_ledger(rules: Path) -> None:
    (rules / "ledger.yaml").unlink()


def _no_tasks(rules: Path) -> None:
    (rules / "tasks.yaml").unlink()


def _empty_lexicon(rules: Path) -> None:
    (rules / "lexicon.yaml").write_text("# 词表\n", encoding="utf-8")


def _empty_tasks(rules: Path) -> None:
    (rules / "tasks.yaml").write_bytes(b"")


def _no_indicators(rules: Path) -> None:
    shutil.rmtree(rules / "indicators")


def _many_files(rules: Path) -> None:
    for number in range(501):
        (rules / f"文件{number:03}.md").write_text("", encoding="utf-8")


#: Codes that only templates can raise, though rules and templates are read by the same shapes.
OF_TEMPLATES = {"R251"}

MADE: dict[str, Callable[[Path], None]] = {
    "R201": _dangling_link,
    "R206": _large,
    "R230": _many_nodes,
    "R239": _many_mistakes,
    "R242": _many_unknown_keys,
    "R254": _cut_off,
    "R256": _empty_lexicon,
    "R257": _empty_tasks,
    "R420": _copied,
    "R333": _theme_off_by_one,
    "R335": _status_lost,
    "R337": _many_names,
    "R410": _unknown_files,
    "R411": _no_folder,
    "R412": _no_lexicon,
    "R413": _no_ledger,
    "R414": _no_indicators,
    "R415": _many_files,
    "R417": _no_tasks,
}


def _output(tmp_path: Path, break_it: Callable[[Path], None]) -> str:
    rules = tmp_path / "rules"
    shutil.copytree(HERE / "base", rules)
    break_it(rules)
    text = "".join(render(issue) + "\n" for issue in check(rules))
    return text.replace(str(rules), "rules")


def _compare(name: str, text: str) -> None:
    golden = HERE / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".yaml"))
def test_broken_file(path: Path, tmp_path: Path) -> None:
    name, place = path.name.removesuffix(".yaml").rsplit(".", 1)

    def put(rules: Path) -> None:
        shutil.copyfile(path, rules / PLACES[place])

    text = _output(tmp_path, put)
    _compare(f"{name}.{place}", text)
    if re.match(r"R\d{3}", name):
        assert f" {name[:4]} " in text


@pytest.mark.parametrize("code", MADE)
def test_broken_folder(code: str, tmp_path: Path) -> None:
    text = _output(tmp_path, MADE[code])
    _compare(code, text)
    assert f" {code} " in text


def test_sound_folder_has_nothing_to_say() -> None:
    assert [render(issue) for issue in check(HERE / "base")] == []


def test_every_code_has_its_broken_file() -> None:
    codes = {code for code in CATALOGUE if code.startswith("R")}
    broken = {path.name[:4] for path in FILES} | set(MADE)
    assert codes - broken == OF_TEMPLATES  # these stand in the table of mistakes (tests/cases/mistakes.yaml)
    assert len(codes) >= 40


def test_no_message_shows_the_program() -> None:
    for golden in HERE.glob("*.txt"):
        # What the writer wrote is quoted in the frame; only what the program says is looked at.
        said = "\n".join(line for line in golden.read_text(encoding="utf-8").splitlines() if " | " not in line)
        for word in (
            "Traceback",
            "Error",
            "None",
            "scanner",
            "parser",
            "compiler.",
            "<class",
            "object at",
            "？}",
            "Decimal",
        ):
            assert word not in said, f"{golden.name}: {word}"
        assert "“？”" not in said, golden.name
