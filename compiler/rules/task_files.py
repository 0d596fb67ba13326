"""Load ``tasks.yaml`` (what counts as a task) and ``offices.yaml`` (who is in charge of what)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from compiler.model import OfficeRule, TaskExample, TaskRules
from compiler.rules.folder import RuleFile, RuleFolder, items_of, mapping_of
from compiler.rules.nodes import ListNode
from compiler.rules.task_keys import OFFICE, OFFICES_FILE, TASK_EXAMPLE, TASKS_FILE
from compiler.rules.yaml_reader import MISSING, Fields, Reader, longest_first

_NOTATION: Final = re.compile("〔[^〔〕]*〕?|〕|…|[|｜]")
"""What names of indicators are written with; keywords are plain words."""

_FIRST_YEAR: Final = 0
_LAST_YEAR: Final = 9999
_NONE: Final = "无"
"""What an example writes where a task has no deadline."""


def load_tasks(folder: RuleFolder) -> TaskRules:
    """Read which sentences are tasks; without the file there are none, and that is told."""
    if not folder.has("tasks.yaml"):
        folder.tell("R417", "tasks.yaml")
        return TaskRules()
    file = folder.open("tasks.yaml", TASKS_FILE)
    if file is None:
        return TaskRules()
    lists = {name: longest_first(words) for name, words in mapping_of(file.top, "lists").items()}
    examples = tuple(_records(folder, file, "examples", TASK_EXAMPLE, "任务例句"))
    folder.issues.extend(file.reader.issues)
    return TaskRules(
        lists,
        tuple(
            TaskExample(
                text=found["text"],
                tasks=tuple(found["tasks"]),
                quantified=found.get("quantified"),
                deadline={_NONE: ""}.get(found.get("deadline", ""), found.get("deadline")),
                heading=found.get("heading", ""),
                todo=found.get("todo", ""),
                where=found["where"],
            )
            for found in examples
        ),
    )


def load_offices(folder: RuleFolder) -> tuple[OfficeRule, ...]:
    """Read the office's own division of labour; most have none, and then no office is filled in."""
    if not folder.has("offices.yaml"):
        return ()
    file = folder.open("offices.yaml", OFFICES_FILE)
    if file is None:
        return ()
    node = file.top.nodes.get("offices")
    if isinstance(node, ListNode) and not node.items:
        return ()
    offices: list[OfficeRule] = []
    claims: dict[str, list[tuple[OfficeRule, int]]] = {}
    for found in _records(folder, file, "offices", OFFICE, "分工", _check_office):
        office = OfficeRule(
            keywords=longest_first(found["keywords"]),
            lead=found["lead"],
            support=tuple(found.get("support", ())),
            levels=tuple(found.get("levels", ())),
            since=found.get("since", _FIRST_YEAR),
            until=found.get("until", _LAST_YEAR),
        )
        offices.append(office)
        _tell_claimed(file, found["fields"], office, claims)
    folder.issues.extend(file.reader.issues)
    return tuple(offices)


def _check_office(reader: Reader, fields: Fields) -> None:
    """Tell keywords that match everywhere or nowhere, and years that no report can lie in."""
    for node, word in zip(items_of(fields, "keywords"), fields.get("keywords", ()), strict=False):
        mark = _NOTATION.search(word)
        if mark is not None:
            reader.fail("R341", node, word=word, mark=mark.group())
        elif len(word) == 1:
            reader.fail("R340", node, word=word)
    if fields.get("since", _FIRST_YEAR) > fields.get("until", _LAST_YEAR):
        reader.fail("R343", fields.at("until"), since=str(fields.get("since")), until=str(fields.get("until")))


def _tell_claimed(
    file: RuleFile, fields: Fields, office: OfficeRule, claims: dict[str, list[tuple[OfficeRule, int]]]
) -> None:
    """Tell a keyword that an earlier entry gives to another office for the same reports: the earlier one holds."""
    for node, word in zip(items_of(fields, "keywords"), fields.get("keywords", ()), strict=False):
        for other, line in claims.setdefault(word, []):
            levels = not (office.levels and other.levels) or bool({*office.levels} & {*other.levels})
            years = office.since <= other.until and other.since <= office.until
            if levels and years and other.lead != office.lead:
                file.reader.who = "分工"
                file.reader.tell("R342", node, word=word, line=str(line), other=other.lead, lead=office.lead)
                break
        claims[word].append((office, node.start.line + 1))


def _records(
    folder: RuleFolder,
    file: RuleFile,
    key: str,
    shape: Any,
    who: str,
    look: Callable[[Reader, Fields], None] = lambda _reader, _fields: None,
) -> list[dict[str, Any]]:
    """Read the items of a list one by one, and ``look`` at each; a wrong one stands aside with its issue."""
    reader = file.reader
    found = []
    required = {spec.name for spec in shape.keys if spec.required}
    for node in folder.entries(file, key):
        reader.failures = 0
        reader.who = who
        fields = reader.record(node, shape, key)
        if fields is not MISSING:
            look(reader, fields)
        if fields is MISSING or reader.failures or file.document.faulty(node) or not required <= fields.values.keys():
            continue
        found.append({**fields.values, "where": file.document.location(node), "fields": fields})
    return found
