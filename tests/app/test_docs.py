"""The documentation is whole: commands, options, rule keys and message codes all stand in it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP

from compiler.app import cli, generated_pages, offline_bundles
from compiler.authoring import file_kinds as schema
from compiler.issues import CATALOGUE

ENGLISH = (TOP / "README.md").read_text(encoding="utf-8")
CHINESE = (TOP / "README.zh-CN.md").read_text(encoding="utf-8")
COMMANDS_OF_THE_CONTRACT = (
    'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/report-compiler build',
    ".venv/bin/pytest",
)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_both_readmes_print_the_two_commands(text: str) -> None:
    lines = text.splitlines()
    assert all(command in lines for command in COMMANDS_OF_THE_CONTRACT)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.name)
def test_every_command_is_documented(command: cli.Command, text: str) -> None:
    assert f"report-compiler {command.name}" in text


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.name)
def test_every_option_is_documented(command: cli.Command) -> None:
    parser = argparse.ArgumentParser(add_help=False)
    command.configure(parser)
    options = {option for action in parser._actions for option in action.option_strings}
    assert {option for option in options if f"`{option}" not in CHINESE} == set()


def test_the_readmes_name_no_option_that_is_not_there() -> None:
    known = {"--help", "--version", "--check", "--no-index", "--find-links"}  # the last two are pip's
    known.update(option for action in offline_bundles.make_parser()._actions for option in action.option_strings)
    for command in cli.COMMANDS:
        parser = argparse.ArgumentParser(add_help=False)
        command.configure(parser)
        known.update(option for action in parser._actions for option in action.option_strings)
    assert set(re.findall(r"--[a-z][a-z-]+", ENGLISH + CHINESE)) - known - {"--strict"} == set()


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "rules/README.md", "rules/messages.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = TOP / page
    for link in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (path.parent / link).exists(), f"{page}: {link}"


@pytest.fixture(scope="module")
def messages_page() -> str:
    """The page of all messages, made once."""
    return generated_pages.messages_page()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_message_is_documented(code: str, messages_page: str) -> None:
    known = CATALOGUE[code]
    assert f"| {code} |" in messages_page  # that the page is current is tested above
    assert known.about, "a sentence for the documentation is missing"
    said = re.sub(r"\{\w+\}", "", known.message)
    assert re.search("[\u4e00-\u9fff]", said) or not re.search("[A-Za-z]", said)


def test_codes_in_use_are_those_with_a_wording() -> None:
    used = set()
    for path in (TOP / "compiler").rglob("*.py"):
        used.update(re.findall(r"""["']([A-Z]\d{3})["']""", path.read_text(encoding="utf-8")))
    assert used == set(CATALOGUE)


def keys(content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every key that a JSON Schema names, with its schema; a key may itself be called ``properties``."""
    if isinstance(content, dict):
        for word, value in content.items():
            if word in ("properties", "patternProperties", "$defs", "definitions"):
                if word == "properties":
                    yield from value.items()
                for inner in value.values():
                    yield from keys(inner)
            elif word not in ("default", "examples", "enum", "const"):
                yield from keys(value)
    elif isinstance(content, list):
        for value in content:
            yield from keys(value)


@pytest.mark.parametrize("kind", ["indicators", "sections"])
def test_every_rule_key_is_documented(kind: str) -> None:
    text = (TOP / "rules" / "README.md").read_text(encoding="utf-8")
    named = {key for key, _ in keys(schema.json_schema(kind))}
    assert {key for key in named if f"`{key}" not in text and f"{key}:" not in text} == set()


@pytest.mark.parametrize("kind", sorted(schema.KINDS))
def test_every_key_has_a_chinese_description(kind: str) -> None:
    bare = [
        key
        for key, value in keys(schema.json_schema(kind))
        if "$ref" not in value
        and not re.search("[\u4e00-\u9fff]", str(value.get("description", "")) + str(value.get("title", "")))
    ]
    assert bare == []


def test_the_library_example_of_the_readme_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = re.search(r"```python\n(.*?)```", ENGLISH, re.S)
    assert code
    text = code[1].replace('Path("rules")', f"Path({str(TOP / 'rules')!r})")
    sample = next((TOP / "compiler" / "samples").glob("04-*.txt"))
    text = text.replace('Path("报告.txt")', f"Path({str(sample)!r})")
    exec(compile(text, "README.md", "exec"), {})
    assert "安吉县" in capsys.readouterr().out
