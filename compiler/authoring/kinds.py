"""Every kind of file that people edit: its title, its keys, its JSON Schema."""

from __future__ import annotations

from typing import Any, Final

from compiler.briefing.keys import BRIEFING_FILE
from compiler.rules.jsonschema import schema_of
from compiler.rules.keys import INDICATORS_FILE, LEDGER_FILE, LEXICON_FILE, SECTIONS_FILE
from compiler.rules.shapes import (
    Record,
    records,
)
from compiler.workbook.keys import WORKBOOK_FILE

KINDS: Final[dict[str, tuple[str, Record]]] = {
    "indicators": ("指标规则（rules/indicators/*.yaml）", INDICATORS_FILE),
    "sections": ("章节规则（rules/sections/*.yaml）", SECTIONS_FILE),
    "lexicon": ("词表（rules/lexicon.yaml）", LEXICON_FILE),
    "ledger": ("台账规则（rules/ledger.yaml）", LEDGER_FILE),
    "workbook": ("工作簿模板（templates/workbook.yaml）", WORKBOOK_FILE),
    "briefing": ("要情模板（templates/briefing.yaml）", BRIEFING_FILE),
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, with titles, descriptions and examples in Chinese."""
    title, record = KINDS[kind]
    return schema_of(kind, title, record)


def all_keys(kind: str) -> tuple[str, ...]:
    """Return the dotted paths of all keys of one kind of file."""
    return tuple(
        f"{path}.{key.name}" if path else key.name for path, keys in records("", KINDS[kind][1]) for key in keys
    )
