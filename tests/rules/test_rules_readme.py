"""The guide to the rules says what is so: its examples work, its traps give the messages that it names."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest
import yaml
from conftest import TOP

from compiler.app import generated_pages
from compiler.authoring import file_kinds as schema
from compiler.authoring.check import check
from compiler.issues import CATALOGUE, severity
from compiler.rules.parse import parse_document
from compiler.rules.rulebook import load_rulebook

README = (TOP / "rules" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
RULE = """\
format: 1
theme: 果业
indicators:
  - id: apple_output
    name: 苹果产量
    unit: 万吨
    aliases: [苹果总产量, 苹果收成]
    note: 按鲜重计
"""


def block(*words: str) -> str:
    """Return the example of the guide that holds all of the words."""
    return next(text for text in BLOCKS if all(word in text for word in words))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A small folder of rules with the shipped lexicon."""
    folder = tmp_path / "rules"
    for name in ("indicators", "sections"):
        (folder / name).mkdir(parents=True)
    shutil.copyfile(TOP / "rules" / "lexicon.yaml", folder / "lexicon.yaml")
    shutil.copyfile(TOP / "rules" / "indicators" / "综合经济.yaml", folder / "indicators" / "综合经济.yaml")
    (folder / "ledger.yaml").write_text("format: 1\n", encoding="utf-8")
    return folder


def codes(folder: Path) -> list[str]:
    """Return the codes of errors and warnings that a check gives."""
    return [issue.code for issue in check(folder) if severity(issue) != "note"]


def test_the_worked_examples_pass_the_check(rules: Path) -> None:
    before = codes(rules)
    (rules / "indicators" / "果业.yaml").write_text(block("theme: 果业", "花牛"), encoding="utf-8")
    (rules / "sections" / "果业.yaml").write_text(block("sections:", "orchards"), encoding="utf-8")
    lexicon = rules / "lexicon.yaml"
    text = lexicon.read_text(encoding="utf-8").replace("\nunits:\n", f"\nunits:\n{block('name: 筐')}", 1)
    lexicon.write_text(text, encoding="utf-8")
    assert codes(rules) == before
    book, _ = load_rulebook(rules)
    assert book is not None
    assert "apple_output" in {rule.id for rule in book.indicators} and "箩" in book.lexicon.units
    assert [section.id for section in book.sections] == ["orchards"]


def test_the_message_that_the_guide_shows_is_the_real_one(rules: Path) -> None:
    """An example that does not hold is told at the line and column that the guide prints."""
    from compiler.issues import render

    text = (
        block("theme: 果业", "花牛").replace("level = 31.5, growth", "level = 32, growth").replace(", growth = 4]", "]")
    )
    (rules / "indicators" / "果业.yaml").write_text(text, encoding="utf-8")
    told = next(render(issue) for issue in check(rules) if issue.code == "R406")
    assert told.splitlines()[0] in README


def test_every_other_example_is_good_yaml() -> None:
    for text in BLOCKS:
        document, issues = parse_document(text.encode(), "README.md")
        assert document is not None and not [i for i in issues if severity(i) == "error"], text
        yaml.safe_load(text)


def test_the_edits_of_the_templates_fit(tmp_path: Path) -> None:
    from compiler.app.kept_templates import load_templates

    shutil.copytree(TOP / "templates", tmp_path / "templates")
    workbook, briefing = (tmp_path / "templates" / name for name in ("workbook.yaml", "briefing.yaml"))
    text = workbook.read_text(encoding="utf-8")
    (column, *_) = re.findall(r"^      - \{key: indicator, title: .*\}\n", text, re.MULTILINE)
    text = text.replace(column, column + block("主题和单位"), 1)
    lead = re.search(r"^( *)- \{entry: lead, .*\}\n", text, re.MULTILINE)
    assert lead is not None
    entry = textwrap.indent(textwrap.dedent(block("处理意见")), lead.group(1))  # lists lie deeper in some sheets
    workbook.write_text(text[: lead.end()] + entry + text[lead.end() :], encoding="utf-8")
    points = "        - points:\n"
    text = briefing.read_text(encoding="utf-8")
    assert points in text
    briefing.write_text(text.replace(points, points + block("果业处提示"), 1), encoding="utf-8")
    templates, issues = load_templates(tmp_path / "templates")
    assert templates is not None
    assert [issue.code for issue in issues if severity(issue) == "error"] == []


TRAPS = re.findall(r"^\| \d+ \| `([^`]+)` \| `([^`]+)` \| (R\d{3}) \| (.*?) \|$", README, re.MULTILINE)


@pytest.mark.parametrize(("wrong", "right", "code", "said"), TRAPS, ids=[trap[2] for trap in TRAPS])
def test_the_traps_give_their_messages(rules: Path, wrong: str, right: str, code: str, said: str) -> None:
    place = rules / "indicators" / "果业.yaml"
    key = re.match(r"(?:- )?(\w+)", right)
    assert key
    line = next(line for line in RULE.splitlines() if line.strip().removeprefix("- ").startswith(f"{key[1]}:"))
    indent = line[: len(line) - len(line.lstrip())]
    for text, expected in ((wrong, True), (right, False)):
        new = text.replace("⇥", "\t") if "⇥" in text else indent + text
        place.write_text(RULE.replace(line, new), encoding="utf-8")
        found = {issue.code for issue in load_rulebook(rules)[1]}
        assert (code in found) is expected, (text, found)


def test_the_table_of_traps_is_whole(rules: Path) -> None:
    assert len(TRAPS) == 9
    place = rules / "indicators" / "果业.yaml"
    place.write_bytes(RULE.encode("gb18030"))
    assert "R202" in {issue.code for issue in load_rulebook(rules)[1]}
    assert set(re.findall(r"\bR\d{3}\b", README)) <= set(CATALOGUE)


def test_generated_pages_are_current() -> None:
    for path, content in generated_pages.pages().items():
        assert path.read_text(encoding="utf-8") == content, f"run: python -m compiler.app.generated_pages ({path.name})"


@pytest.mark.parametrize("kind", sorted(schema.KINDS))
def test_every_key_is_in_the_tables(kind: str) -> None:
    page = (TOP / "rules" / "keys.md").read_text(encoding="utf-8")
    for path in schema.all_keys(kind):
        assert f"| `{path.rpartition('.')[2]}` |" in page or f"| `{path}` |" in page or "." in path, path


def test_pages_beside_the_rules_are_no_rules() -> None:
    _, issues = load_rulebook(TOP / "rules")
    assert not [issue for issue in issues if issue.code == "R410"]
