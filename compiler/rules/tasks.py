"""Load ``tasks.yaml`` (what counts as a task) and ``offices.yaml`` (who is in charge of what)."""

from __future__ import annotations

from typing import Any, Final

from compiler.model import OfficeRule, TaskExample, TaskRules
from compiler.rules.folder import RuleFile, RuleFolder, mapping_of
from compiler.rules.nodes import ListNode
from compiler.rules.reader import MISSING, longest_first
from compiler.rules.task_keys import OFFICE, OFFICES_FILE, TASK_EXAMPLE, TASKS_FILE

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
    offices = tuple(
        OfficeRule(
            keywords=longest_first(found["keywords"]),
            lead=found["lead"],
            support=tuple(found.get("support", ())),
            levels=tuple(found.get("levels", ())),
            since=found.get("since", 0),
            until=found.get("until", 9999),
        )
        for found in _records(folder, file, "offices", OFFICE, "分工")
    )
    folder.issues.extend(file.reader.issues)
    return offices


def _records(folder: RuleFolder, file: RuleFile, key: str, shape: Any, who: str) -> list[dict[str, Any]]:
    """Read the items of a list one by one; a wrong one stands aside with its issue."""
    reader = file.reader
    found = []
    required = {spec.name for spec in shape.keys if spec.required}
    for node in folder.entries(file, key):
        reader.failures = 0
        reader.who = who
        fields = reader.record(node, shape, key)
        if fields is MISSING or reader.failures or file.document.faulty(node) or not required <= fields.values.keys():
            continue
        found.append({**fields.values, "where": file.document.location(node)})
    return found
