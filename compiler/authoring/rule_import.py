"""What was changed in the sheet of the rules, written back into their files.

What comes out is read again and held against what was meant before anything is written.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler.authoring.rule_cells import BY_KEY, COLUMNS, IN_YAML, KEYS, CellError, Plain, from_cell, to_cell
from compiler.authoring.rule_files import RuleRow, RuleTable, read_rules
from compiler.authoring.rule_sheet import GivenRow, GivenSheet, read_sheet
from compiler.authoring.splice import RuleChange, edited, end_of
from compiler.issues import advice, message, severity
from compiler.model import Issue, Location
from compiler.rules.nodes import to_plain


@dataclass(frozen=True, slots=True)
class Import:
    """What came of an import: the changes as lines of text, the files written, and what was wrong."""

    issues: tuple[Issue, ...]
    changes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether something was wrong, so that nothing was written."""
        return any(severity(issue) == "error" for issue in self.issues)


def import_sheet(path: Path, folder: Path, write: bool = True) -> Import:
    """Write what was changed in the workbook at ``path`` back into the rules of ``folder``."""
    table, issues = read_rules(folder)
    sheet, more = read_sheet(path)
    if table is None or sheet is None:
        return Import((*issues, *more))
    changes, found = _changes(sheet, table)
    if any(severity(issue) == "error" for issue in found):
        return Import(tuple(found))
    texts = edited(changes, table)
    found.extend(_trouble(texts, changes, sheet, table))
    outcome = Import(tuple(found), tuple(_told(change, table) for change in changes), tuple(sorted(texts)))
    if write and not outcome.failed:
        failures = _write(texts, table)
        if failures:
            return Import((*outcome.issues, *failures))
    return outcome


def _told(change: RuleChange, table: RuleTable) -> str:
    if not change.key:
        return f"{change.file}：新加 {change.id}（{change.fields.get('name', '')}）"
    row = table.rows[change.id]
    before = row.cells[change.key].replace("\n", " / ")
    after = _sketch(change.key, change.value).replace("\n", " / ")
    return f"{row.file.relative}：{change.id} 的{BY_KEY[change.key].title} {before or '（空）'} → {after or '（空）'}"


def _sketch(key: str, value: Plain) -> str:
    return "" if value is None else to_cell(key, value)


def _changes(sheet: GivenSheet, table: RuleTable) -> tuple[list[RuleChange], list[Issue]]:
    """Compare the sheet with what was exported and with the rules as they are now."""
    changes: list[RuleChange] = []
    issues: list[Issue] = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        id_ = row.cells.get("id", "")
        where = sheet.cell(row.number, "id")
        if not id_:
            issues.append(Issue("X105", {"cell": where}))
            continue
        if id_ in seen:
            issues.append(Issue("X106", {"cell": where, "id": id_, "other": str(seen[id_])}))
            continue
        seen[id_] = row.number
        if id_ in table.rows:
            _compare(row, id_, sheet, table, changes, issues)
        elif sheet.kept is not None and id_ in sheet.kept:
            issues.append(Issue("X117", {"cell": where, "id": id_}))
        else:
            _new_rule(row, id_, sheet, table, changes, issues)
    exported = set(sheet.kept) if sheet.kept is not None else set(table.rows)
    missing = [id_ for id_ in table.rows if id_ in exported and id_ not in seen]
    if missing:
        shown = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        issues.append(Issue("X115", {"ids": shown}))
    return changes, issues


def _compare(
    row: GivenRow, id_: str, sheet: GivenSheet, table: RuleTable, changes: list[RuleChange], issues: list[Issue]
) -> None:
    now = table.rows[id_].cells
    base = (sheet.kept or {}).get(id_, now)
    for column in COLUMNS:
        key = column.key
        if key not in row.cells or key == "id":
            continue
        new, old = row.cells[key], base.get(key, "")
        if new in (old, now[key]) or new == IN_YAML:
            continue
        where = sheet.cell(row.number, key)
        if old == IN_YAML:
            issues.append(Issue("X122", {"cell": where, "title": column.title, "file": now["file"]}))
        elif key in ("file", "theme"):
            issues.append(Issue("X109", {"cell": where, "id": id_, "file": now["file"]}))
        elif old != now[key]:
            shown = now[key].replace("\n", " / ")
            issues.append(Issue("X111", {"cell": where, "id": id_, "title": column.title, "now": shown}))
        elif not new and _required(key):
            issues.append(Issue("X112", {"cell": where, "title": column.title}))
        else:
            value = _read_cell(key, new, where, issues)
            if not isinstance(value, _Wrong):
                changes.append(RuleChange(id_, row.number, key, value))


def _new_rule(
    row: GivenRow, id_: str, sheet: GivenSheet, table: RuleTable, changes: list[RuleChange], issues: list[Issue]
) -> None:
    before = len(issues)
    file, theme = row.cells.get("file", ""), row.cells.get("theme", "")
    known = table.files.get(file)
    if not re.fullmatch(r"indicators/[^/\\.~][^/\\]*\.yaml", file):
        example = next(iter(table.files), "indicators/果业.yaml")
        issues.append(Issue("X110", {"cell": sheet.cell(row.number, "file"), "value": file, "example": example}))
    elif known is None and not theme:
        issues.append(Issue("X112", {"cell": sheet.cell(row.number, "theme"), "title": "主题"}))
    elif known is not None and theme not in ("", known.theme):
        issues.append(Issue("X109", {"cell": sheet.cell(row.number, "theme"), "id": id_, "file": file}))
    fields: dict[str, Plain] = {}
    for column in COLUMNS[2:]:
        text = row.cells.get(column.key, "")
        where = sheet.cell(row.number, column.key)
        if not text or text == IN_YAML:
            if _required(column.key):
                issues.append(Issue("X112", {"cell": where, "title": column.title}))
            continue
        value = _read_cell(column.key, text, where, issues)
        if not isinstance(value, _Wrong):
            key, _, part = column.key.partition(".")
            if part:
                fields.setdefault(key, {})[part] = value
            else:
                fields[key] = value
    if len(issues) == before:
        changes.append(RuleChange(id_, row.number, "", fields=fields, file=file, theme=theme))


def _required(key: str) -> bool:
    return key in KEYS and KEYS[key].required


class _Wrong:
    """Stands for a cell that could not be read."""


def _read_cell(key: str, text: str, where: str, issues: list[Issue]) -> Plain:
    if not text:
        return None
    try:
        return from_cell(key, text)
    except CellError as error:
        fields = {"cell": where, "value": text[:60], "title": BY_KEY[key].title, "hint": str(error)}
        issues.append(Issue("X107", fields))
        return _Wrong()


def _trouble(
    texts: Mapping[str, str], changes: Sequence[RuleChange], sheet: GivenSheet, table: RuleTable
) -> list[Issue]:
    """Check the rules as they would be; point at the cells behind what is newly wrong with them."""
    if not texts:
        return []
    from compiler.authoring.check import check

    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / (table.folder.resolve().name or "rules")
        shutil.copytree(table.folder, copy)
        for relative, text in texts.items():
            known = table.files.get(relative)
            data = known.data(text) if known else text.encode("utf-8")
            (copy / relative).write_bytes(data)
        after = [issue for issue in check(copy) if severity(issue) != "note"]
        meant, _ = read_rules(copy)
    issues = unmeant(meant, changes, table)
    if after:
        before = {_mark(issue) for issue in check(table.folder)}
        for issue in after:
            if _mark(issue) not in before:
                issues.append(_pointed(issue, changes, sheet, meant))
    return issues


def _mark(issue: Issue) -> tuple[object, ...]:
    """Return what tells two issues apart wherever they stand."""
    where = issue.where
    fields = {key: value for key, value in issue.fields.items() if key not in ("line", "place")}
    return issue.code, where.path if where else "", tuple(sorted(fields.items()))


def unmeant(meant: RuleTable | None, changes: Sequence[RuleChange], table: RuleTable) -> list[Issue]:
    """Hold the edited files against what they should say: a slip of the editor must not reach the rules."""
    if meant is None:
        return [Issue("X119", {"problem": "改好的文件读不出来", "hint": "请改在 YAML 里"})]
    expected = {id_: to_plain(row.node) for id_, row in table.rows.items()}
    for change in changes:
        if not change.key:
            expected[change.id] = dict(change.fields)
            continue
        rule = expected[change.id]
        key, _, part = change.key.partition(".")
        holder = rule.setdefault(key, {}) if part else rule
        if change.value is None:
            holder.pop(part or key, None)
        else:
            holder[part or key] = change.value
        if part and not holder:
            rule.pop(key, None)
    found = {id_: to_plain(row.node) for id_, row in meant.rows.items()}
    wrong = [id_ for id_ in {**expected, **found} if expected.get(id_) != found.get(id_)]
    if wrong:
        return [Issue("X119", {"problem": f"规则 {wrong[0]} 写回以后与表格不一样", "hint": "请把这一条改在 YAML 里"})]
    return []


def _pointed(issue: Issue, changes: Sequence[RuleChange], sheet: GivenSheet, meant: RuleTable | None) -> Issue:
    """Return an issue of the rules as one of the table, with sheet, row and column."""
    error = severity(issue) == "error"
    fields = {"problem": message(issue), "hint": advice(issue)}
    where = issue.where
    if meant is not None and where is not None:
        for id_, row in meant.rows.items():
            if not where.path.endswith(row.file.relative):
                continue
            first, last = row.node.start.line, row.file.text.count("\n", 0, end_of(row.file.text, row.node))
            if not first <= where.line - 1 <= last:
                continue
            key = _key_at(row, where)
            own = [change for change in changes if change.id == id_]
            if own:
                exact = next((c for c in own if c.key.partition(".")[0] == key), own[0])
                column = key if key in BY_KEY else exact.key or "id"
                return Issue("X113" if error else "X118", {"cell": sheet.cell(exact.row, column), **fields})
    return Issue("X119", fields) if error else Issue("X118", {"cell": f"工作表“{sheet.name}”", **fields})


def _key_at(row: RuleRow, where: Location) -> str:
    """Return the key of a rule that holds a place in its file."""
    found = ""
    for key, _ in row.node.pairs:
        if (key.start.line, key.start.column) <= (where.line - 1, where.column - 1):
            found = key.value
    return found


def _write(texts: Mapping[str, str], table: RuleTable) -> list[Issue]:
    """Write all files or none: each beside its place first, then all moved there."""
    ready: list[tuple[Path, Path]] = []
    done: list[tuple[Path, bytes | None]] = []
    current = ""
    try:
        for relative, text in texts.items():
            current = relative
            target = table.folder / relative
            known = table.files.get(relative)
            beside = target.with_name(f".{target.name}.{os.getpid()}")
            target.parent.mkdir(parents=True, exist_ok=True)
            ready.append((beside, target))
            beside.write_bytes(known.data(text) if known else text.encode("utf-8"))
        for beside, target in ready:
            current = target.name
            before = target.read_bytes() if target.exists() else None
            beside.replace(target)
            done.append((target, before))
    except OSError as error:
        for target, before in done:
            if before is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(before)
        for beside, _ in ready:
            beside.unlink(missing_ok=True)
        return [Issue("X116", {"file": current, "why": error.strerror or type(error).__name__})]
    return []
