"""Changes of files of the open folder: made as text, saved with dated copies (:mod:`undoing` takes them back).

A change is a new text of one or more files. What was made on another page or by another person meanwhile is
recognised by the content of the file that the change was made from, and never overwritten unseen.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from compiler.authoring.rule_cells import Plain
from compiler.authoring.rule_files import read_rules
from compiler.authoring.splice import RuleChange, edited
from compiler.model import Issue
from compiler.studio.desk import RULES, Desk

KEPT = "旧版"
"""Dated copies of changed files lie here, outside ``rules/``, so that none is ever loaded twice."""

RECORD = "改动.json"

AFTER = "改后"
"""Within the copies of a change: the files as it left them; beside it they lie as it found them."""

NEW_THEME = "新增"
"""The theme of a file that holds nothing but indicators made here; people rename it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is not saved yet: texts by path relative to the folder, and digests of what they came from.

    None in place of a text takes the file away: so a file that a change has made is taken back. ``verb`` says on the
    button what is done. ``figure`` is the figure that the change is meant for: number of its report in the list, offset
    in the source; ``indicator`` the id of the rule that is to take it.
    """

    about: str
    texts: Mapping[str, str | None]
    base: Mapping[str, str]
    verb: str = "保存"
    figure: tuple[int, int] | None = None
    indicator: str = ""

    @property
    def key(self) -> str:
        """A name for the draft, the same for the same change."""
        return _digest(json.dumps([self.about, dict(self.texts), dict(self.base)], ensure_ascii=False).encode())[:16]

    @property
    def touches_rules(self) -> bool:
        """Tell whether the facts of the open reports can change by it."""
        return any(relative.startswith(f"{RULES}/") for relative in self.texts)


@dataclass(frozen=True, slots=True)
class Saved:
    """A change that was saved: when, what it was, and which files it touched."""

    key: str
    when: str
    about: str
    files: tuple[str, ...]
    has_after: bool = True

    @property
    def shown_when(self) -> str:
        """The time as a clock on the wall here shows it."""
        try:
            return datetime.fromisoformat(self.when).astimezone().strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return self.when


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def text_of(path: Path) -> str | None:
    """Return the text of a file; None where there is none."""
    return _read(path).decode("utf-8-sig", "replace").replace("\r\n", "\n") if path.is_file() else None


def digest_of(desk: Desk, relative: str) -> str:
    """Return what a file is recognised by: a page carries it, so that a later change of the file is noticed."""
    return _digest(_read(desk.folder / relative))


# --- making a change ---------------------------------------------------------------------------


def draft_text(desk: Desk, relative: str, text: str, about: str, base: str = "") -> Draft:
    """Return a draft that gives a file a new text; ``base`` is the digest of what the writer saw of it."""
    return Draft(about, {relative: text}, {relative: base or digest_of(desk, relative)})


def draft_keys(
    desk: Desk, indicator: str, values: Mapping[str, Plain], about: str, base: str = ""
) -> Draft | tuple[Issue, ...]:
    """Return a draft that gives keys of one indicator new values; comments and the order of keys stay."""
    return _from_table(desk, [RuleChange(indicator, 0, key, value) for key, value in values.items()], about, base)


def draft_rule(desk: Desk, file: str, fields: Mapping[str, Plain], about: str) -> Draft | tuple[Issue, ...]:
    """Return a draft that adds an indicator at the end of a file of the rules."""
    return _from_table(desk, [RuleChange(str(fields["id"]), 0, "", fields=fields, file=file, theme=NEW_THEME)], about)


def meant_for(draft: Draft, indicator: str, figure: tuple[int, int] | None) -> Draft:
    """Return a draft that tells which indicator is to take a figure: its page says where that fails, and why."""
    return replace(draft, indicator=indicator, figure=figure)


def _from_table(desk: Desk, listed: list[RuleChange], about: str, base: str = "") -> Draft | tuple[Issue, ...]:
    table, issues = read_rules(desk.rules)
    if table is None:
        return issues
    texts = {f"{RULES}/{relative}": text for relative, text in edited(listed, table).items()}
    return Draft(about, texts, {relative: base or digest_of(desk, relative) for relative in texts})


def diff(desk: Desk, draft: Draft) -> list[str]:
    """Return the lines that change, as a unified diff without its head."""
    lines: list[str] = []
    for relative, text in draft.texts.items():
        old = _read(desk.folder / relative).decode("utf-8-sig", "replace").replace("\r\n", "\n")
        found = [*unified_diff(old.splitlines(), (text or "").splitlines(), relative, relative, n=2, lineterm="")]
        lines.extend([relative, *found[2:]] if found else [])
    return lines


# --- saving -------------------------------------------------------------------------------------


def conflicts(desk: Desk, draft: Draft) -> list[str]:
    """Return the files that were changed since the draft was made."""
    return [relative for relative, base in draft.base.items() if digest_of(desk, relative) != base]


def save(desk: Desk, draft: Draft) -> Saved | None:
    """Write a draft, after a dated copy of what stood before; None where somebody else changed a file meanwhile."""
    with desk.lock:
        if conflicts(desk, draft):
            return None
        now = datetime.now().astimezone()
        kept = desk.folder / KEPT / now.strftime("%Y%m%d-%H%M%S-%f")
        kept.mkdir(parents=True)
        for relative in draft.texts:
            if (desk.folder / relative).is_file():
                (kept / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(desk.folder / relative, kept / relative)
        saved = Saved(kept.name, now.isoformat(timespec="seconds"), draft.about, tuple(sorted(draft.texts)))
        record = {"when": saved.when, "about": saved.about, "files": list(saved.files), "after": True}
        (kept / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=2), encoding="utf-8")
        for relative, text in draft.texts.items():
            _put(desk.folder / relative, text)
            if text is not None:
                _put(kept / AFTER / relative, text)
        return saved


def _put(target: Path, text: str | None) -> None:
    """Write a file whole or not at all; take it away where there is no text."""
    if text is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(text.encode("utf-8"))
    beside.replace(target)


def history(desk: Desk) -> list[Saved]:
    """Return the saved changes, the newest first."""
    found = []
    for record in sorted((desk.folder / KEPT).glob(f"*/{RECORD}"), reverse=True):
        try:
            content = json.loads(record.read_text(encoding="utf-8"))
            files = tuple(map(str, content["files"]))
            after = content.get("after") is True
            found.append(Saved(record.parent.name, str(content["when"]), str(content["about"]), files, after))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found
