"""Every kind of file that people edit: its title, its keys, its JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from compiler.briefing.template_keys import BRIEFING_FILE
from compiler.rules.indicator_keys import INDICATORS_FILE, SECTIONS_FILE
from compiler.rules.jsonschema import schema_of
from compiler.rules.ledger_keys import LEDGER_FILE
from compiler.rules.lexicon_keys import LEXICON_FILE
from compiler.rules.report_keys import REPORTS_FILE
from compiler.rules.shapes import (
    Record,
    records,
)
from compiler.rules.task_keys import OFFICES_FILE, TASKS_FILE
from compiler.workbook.template_keys import WORKBOOK_FILE


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that people edit: its title, where such files lie (a glob of a workspace), and its keys."""

    title: str
    files: str
    record: Record

    @property
    def folder(self) -> str:
        """The folder that its JSON Schema lies below: rules or templates."""
        return "templates" if self.files.startswith("templates/") else "rules"


KINDS: Final[dict[str, FileKind]] = {
    "indicators": FileKind("指标规则", "rules/indicators/*.yaml", INDICATORS_FILE),
    "sections": FileKind("章节规则", "rules/sections/*.yaml", SECTIONS_FILE),
    "lexicon": FileKind("词表", "rules/lexicon.yaml", LEXICON_FILE),
    "ledger": FileKind("台账规则", "rules/ledger.yaml", LEDGER_FILE),
    "tasks": FileKind("任务规则", "rules/tasks.yaml", TASKS_FILE),
    "offices": FileKind("分工", "rules/offices.yaml", OFFICES_FILE),
    "reports": FileKind("报告的地区和年度", "reports/reports.yaml", REPORTS_FILE),
    "workbook": FileKind("工作簿模板", "templates/workbook.yaml", WORKBOOK_FILE),
    "briefing": FileKind("要情模板", "templates/briefing.yaml", BRIEFING_FILE),
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, with titles, descriptions and examples in Chinese."""
    known = KINDS[kind]
    return schema_of(kind, f"{known.title}（{known.files}）", known.record)


def schema_path(kind: str) -> Path:
    """Return where the JSON Schema of one kind of file lies in a workspace."""
    return Path(KINDS[kind].folder, "schema", f"{kind}.json")


def editor_settings() -> dict[str, Any]:
    """Return settings for VS Code that give completion and explanations in new files too."""
    return {
        "files.encoding": "utf8",
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2},
        "yaml.schemas": {f"./{schema_path(kind).as_posix()}": f"/{known.files}" for kind, known in KINDS.items()},
    }


def all_keys(kind: str) -> tuple[str, ...]:
    """Return the dotted paths of all keys of one kind of file."""
    return tuple(
        f"{path}.{key.name}" if path else key.name for path, keys in records("", KINDS[kind].record) for key in keys
    )
