"""The description of the keys: JSON Schemas are current, fit the shipped files, and say everything in Chinese."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.app import generated_pages
from compiler.authoring import file_kinds as schema
from compiler.model import CombinedRule, FigureCheck, IndicatorRule, SectionRule, Unit
from compiler.rules import indicator_keys, ledger_keys, lexicon_keys
from compiler.rules.nodes import to_plain
from compiler.rules.parse import parse_document, read_document
from compiler.rules.shapes import Either, Figure, Flag, Key, ListOf, MapOf, OneOf, Record, Shape, Whole
from compiler.rules.yaml_reader import Reader

ROOT = Path(__file__).resolve().parents[2]
KINDS = sorted(schema.KINDS)


def _files(kind: str) -> list[Path]:
    return sorted(ROOT.glob(schema.KINDS[kind].files))


def _typed(node: Any) -> Any:
    """Return what an editor makes of a plain YAML value."""
    if isinstance(node, list):
        return [_typed(item) for item in node]
    if isinstance(node, dict):
        return {key: _typed(value) for key, value in node.items()}
    if node in ("true", "false"):
        return node == "true"
    if re.fullmatch(r"-?\d+", node):
        return int(node)
    if re.fullmatch(r"-?\d+\.\d+", node):
        return float(node)
    return node


def _keys(shape: Shape) -> Iterator[Key]:
    if isinstance(shape, Record):
        for key in shape.keys:
            yield key
            yield from _keys(key.shape)
    elif isinstance(shape, ListOf):
        yield from _keys(shape.item)
    elif isinstance(shape, Either):
        yield from _keys(shape.other)
    elif isinstance(shape, MapOf):
        yield from _keys(shape.value)


@pytest.mark.parametrize("kind", KINDS)
def test_schema_file_is_current(kind: str) -> None:
    path = ROOT / schema.schema_path(kind)
    wanted = json.dumps(schema.json_schema(kind), ensure_ascii=False, indent=2) + "\n"
    assert path.read_text(encoding="utf-8") == wanted, "写新的：python -m compiler.app.generated_pages"


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_valid_and_fits_the_shipped_files(kind: str) -> None:
    from jsonschema import Draft7Validator

    content = schema.json_schema(kind)
    Draft7Validator.check_schema(content)
    validator = Draft7Validator(content)
    files = _files(kind)
    assert files or kind == "reports"  # it belongs to people's reports; none is shipped
    for path in files:
        document, issues = read_document(path, path.name)
        assert document is not None and document.root is not None, issues
        errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in
                  validator.iter_errors(_typed(to_plain(document.root)))]  # fmt: skip
        assert errors == [], path.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_file_names_its_schema(kind: str) -> None:
    for path in _files(kind):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        up = "../" if kind in ("indicators", "sections") else ""
        assert first == f"# yaml-language-server: $schema={up}schema/{kind}.json", path.name


@pytest.mark.parametrize("kind", KINDS)
def test_schema_refuses_what_the_loader_refuses(kind: str) -> None:
    from jsonschema import Draft7Validator

    validator = Draft7Validator(schema.json_schema(kind))
    assert not validator.is_valid([])
    if not schema.KINDS[kind].record.open:
        assert not validator.is_valid({"format": 1, "nonsense": 1})


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_in_chinese(kind: str) -> None:
    for key in _keys(schema.KINDS[kind].record):
        assert re.search("[\u4e00-\u9fff]", key.title), key.name
        assert re.search("[\u4e00-\u9fff]", key.about) and key.about.endswith(("。", "）")), key.name
        assert key.required or key.default, f"{key.name}: what holds without it?"


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_read_without_a_word(kind: str) -> None:
    for key in _keys(schema.KINDS[kind].record):
        if not key.example:
            continue
        document, issues = parse_document(f"{key.name}: {key.example}\n".encode(), "例.yaml")
        assert document is not None and document.root is not None and not issues, key.name
        reader = Reader(document)
        record = Record((key,))
        reader.record(document.root, record)
        unlike = [issue for issue in reader.issues if issue.code not in ("R101", "R117")]
        assert unlike == [], key.name


@pytest.mark.parametrize("kind", KINDS)
def test_documentation_names_every_key(kind: str) -> None:
    page = generated_pages.keys_page()
    for path in schema.all_keys(kind):
        assert f"`{path.rsplit('.', 1)[-1]}`" in page or f"`{path.split('.')[-2]}.{path.split('.')[-1]}`" in page


RULES = (
    (indicator_keys.INDICATOR, IndicatorRule),
    (indicator_keys.COMBINED, CombinedRule),
    (indicator_keys.SECTION, SectionRule),
    (lexicon_keys.UNIT_ENTRY, Unit),
    (ledger_keys.CHECK, FigureCheck),
)


@pytest.mark.parametrize(("record", "rule"), RULES, ids=[rule.__name__ for _, rule in RULES])
def test_a_key_is_declared_once_and_its_default_is_told_as_it_is(record: Record, rule: type) -> None:
    """The loader hands a key's value to the rule under its own name; what holds without it, the rule alone says."""
    fields = {field.name: field for field in dataclasses.fields(rule)}
    for key in record.keys:
        field = fields[key.name]
        absent = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        assert absent == key.required, key.name
        if isinstance(key.shape, Flag | Whole | OneOf | Figure):
            told = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert key.required or key.default.startswith(told), (key.name, key.default)


def test_description_tells_choices_default_and_example() -> None:
    properties = schema.json_schema("indicators")["properties"]["indicators"]["items"]["properties"]
    told = properties["direction"]["description"]
    assert "可以写：up（" in told and "不写时：up" in told and "例：direction: up" in told
    assert properties["name"]["examples"] and "必须写" in properties["name"]["description"]
