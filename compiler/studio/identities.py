"""Place and year of a report by hand: an entry of ``reports.yaml`` is put in, changed or taken away, no other line."""

from __future__ import annotations

from typing import Final

from compiler.authoring.splice import end_of, flow
from compiler.facts.corrections import corrections_of
from compiler.model import ByHand, CompiledReport, Issue
from compiler.rules.nodes import ListNode, MapNode, Node
from compiler.rules.parse import parse_document
from compiler.studio.desk import REPORTS, Desk
from compiler.studio.edits import Draft, draft_text
from compiler.text.read import BY_HAND

PATH: Final = f"{REPORTS}/{BY_HAND}"
_HEAD: Final = "# 地区、年度要手工改正的报告；写法见 README.zh-CN.md 的“reports.yaml”\nreports:\n"


def said_of(desk: Desk, report: CompiledReport) -> ByHand:
    """Return what people say of a report; what they leave open is empty."""
    source = desk.source_of(report)
    return source.said_of(report.number) if source is not None else ByHand(report.number)


def draft_identity(
    desk: Desk, report: CompiledReport, place: str, year: str, *, alone: bool
) -> Draft | tuple[Issue, ...]:
    """Return a draft that says place and year of a report (empty: as the report tells them), or what is wrong.

    ``alone`` tells that its file holds no other report.
    """
    path = desk.folder / PATH
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n") if path.is_file() else ""
    entry: dict[str, str] = {"file": report.source}
    if not alone:
        entry["number"] = str(report.number)
    entry.update({key: value for key, value in (("place", place), ("year", year)) if value})
    changed = _edited(text if text.strip() else _HEAD, report, entry if place or year else None)
    document, issues = parse_document(changed.encode("utf-8"), BY_HAND)
    if document is not None:
        issues = (*issues, *corrections_of(document)[1])
    elif not (place or year):
        issues = ()  # the last entry is gone, and the file says nothing any more
    if issues:
        return issues
    return draft_text(desk, PATH, changed, f"{report.source} 的地区和年度")


def _edited(text: str, report: CompiledReport, entry: dict[str, str] | None) -> str:
    """Return the text with the entry of a report put in, changed or (None) taken away."""
    document, _ = parse_document(text.encode("utf-8"), BY_HAND)
    root = document.root if document is not None else None
    listed = root.get("reports") if isinstance(root, MapNode) else None
    line = (
        f"{{{', '.join(f'{key}: {value if value.isdecimal() else flow(value)}' for key, value in entry.items())}}}"
        if entry
        else ""
    )
    if not isinstance(listed, ListNode) or not listed.items:
        return _first(text, listed, line)
    for item in listed.items:
        if isinstance(item, MapNode) and _is_of(item, report):
            start, end = item.start.index, end_of(text, item)
            if line:
                return text[:start] + line + text[end:]
            return _taken_out(text, listed, item, start, end)
    if not line:
        return text
    last = end_of(text, listed.items[-1])
    if text[listed.start.index] == "[":
        return f"{text[:last]}, {line}{text[last:]}"
    indent = " " * listed.items[0].start.column
    at = text.find("\n", last)
    at = len(text) if at < 0 else at
    return f"{text[:at]}\n{indent[:-2]}- {line}{text[at:]}"


def _first(text: str, listed: Node | None, line: str) -> str:
    """Return the text with the first entry of its list."""
    if not line:
        return text
    if listed is None:
        return f"{text.rstrip()}\n{'' if 'reports:' in text else 'reports:' + chr(10)}  - {line}\n"
    start, end = listed.start.index, listed.end.index
    return f"{text[:start].rstrip()}\n  - {line}\n{text[end:].lstrip()}"


def _taken_out(text: str, listed: ListNode, item: Node, start: int, end: int) -> str:
    if text[listed.start.index] == "[":
        rest = text[end:].lstrip()
        if rest.startswith(","):
            return text[:start] + rest[1:].lstrip()
        return text[:start].rstrip().removesuffix(",") + text[end:]
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    rest = text[last + 1 :] if last >= 0 else ""
    if len(listed.items) == 1:
        return f"{text[:first].rstrip()} []\n{rest}"
    return text[:first] + rest


def _is_of(item: MapNode, report: CompiledReport) -> bool:
    file, number = (getattr(item.get(key), "value", "") for key in ("file", "number"))
    return file.replace("\\", "/").removeprefix("./") == report.source and number in ("", str(report.number))
