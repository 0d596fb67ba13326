"""The wording of issues: what a code means, how much it weighs, and how it reads (an issue is ``model.Issue``).

The texts stand in ``messages/*.yaml``, a file for each part of the program that tells them (``handbook`` in ``app``
lists the letters); they are read when the first issue is shown, so that a run without issues does not pay for them.
A new message is an entry there, and ``python -m compiler.app.generated_pages`` writes the page of all messages anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from compiler.model import CompiledReport, Fact, Issue, Location, Severity

_CODE = re.compile(r"^(\w+):", re.MULTILINE)
"""A code at the head of its entry."""

MESSAGES = Path(__file__).resolve().parent / "messages"

SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.ERROR: "错误",
    Severity.WARNING: "警告",
    Severity.NOTE: "提示",
}


@dataclass(frozen=True, slots=True)
class MessageWording:
    """What stands under one code in ``messages/*.yaml``.

    ``kind`` is the 类型 on 待核清单, often empty; ``doubt`` tells that the issue puts the figures it names in doubt;
    ``first`` that it is shown before others of its weight: it is about a whole report.
    """

    code: str
    severity: Severity
    kind: str
    message: str
    advice: str
    about: str
    file: str
    doubt: bool = False
    first: bool = False


@cache
def _texts() -> dict[str, str]:
    """Return the text of each message file."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(MESSAGES.glob("*.yaml"))}


@cache
def _files() -> dict[str, str]:
    """Return the file that each code stands in."""
    return {code: file for file, text in _texts().items() for code in _CODE.findall(text)}


@cache
def _load(file: str) -> dict[str, MessageWording]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        code: MessageWording(
            code=code,
            severity=Severity(entry["severity"]),
            kind=entry.get("kind") or "",
            message=entry["message"],
            advice=entry.get("advice") or "",
            about=entry.get("about") or "",
            file=file,
            doubt=bool(entry.get("doubt")),
            first=bool(entry.get("first")),
        )
        for code, entry in (yaml.load(_texts()[file], Loader=loader) or {}).items()
    }


class _Catalogue(Mapping[str, MessageWording]):
    """All codes with their wording; a file of messages is read when one of its codes is asked for."""

    def __getitem__(self, code: str) -> MessageWording:
        return _load(_files()[code])[code]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(map(_load, _texts()))

    def __len__(self) -> int:
        return sum(len(_load(file)) for file in _texts())


CATALOGUE: Mapping[str, MessageWording] = _Catalogue()


def about(code: str, fields: Mapping[str, str], fact: Fact, *others: Fact) -> Issue:
    """Return an issue that points at a fact; ``others`` are those that it is held against."""
    return Issue(
        code,
        fields,
        source=fact.source,
        report=fact.report,
        start=fact.start,
        end=fact.end,
        place=fact.place,
        indicator=fact.indicator,
        facts=tuple(one.id for one in (fact, *others)),
    )


class _Fields(dict[str, str]):
    """Fields of a message; one that the issue does not carry shows as a question mark, never as a crash."""

    def __missing__(self, key: str) -> str:
        return "？"


def _fill(text: str, issue: Issue) -> str:
    fields = _Fields({"indicator": issue.indicator, "place": issue.place, "source": issue.source})
    fields.update(issue.fields)
    return text.format_map(fields)


def wording(issue: Issue) -> MessageWording:
    """Return the wording of an issue; a code without one still shows, as a warning with its fields."""
    known = CATALOGUE.get(issue.code)
    if known is not None:
        return known
    fields = "，".join(f"{key}={value}" for key, value in issue.fields.items())
    bare = (f"{issue.code} {fields}").strip().replace("{", "{{").replace("}", "}}")
    return MessageWording(issue.code, Severity.WARNING, "", bare, "", "", "")


def severity(issue: Issue) -> Severity:
    """Return how much an issue weighs."""
    return wording(issue).severity


def kind(issue: Issue) -> str:
    """Return the issue's 类型 on 待核清单, empty where it does not belong there."""
    return wording(issue).kind


def comes_first(issue: Issue) -> bool:
    """Tell whether the issue is about a whole report and so shown before others."""
    return wording(issue).first


def raises_doubt(issue: Issue) -> bool:
    """Tell whether the issue puts the figures it names in doubt."""
    return wording(issue).doubt


def message(issue: Issue) -> str:
    """Return the message alone, filled."""
    return _fill(wording(issue).message, issue)


def advice(issue: Issue) -> str:
    """Return what to do about it, filled; empty where there is nothing to say."""
    return _fill(wording(issue).advice, issue)


class ToVerify:
    """The issues that somebody has to look into, found by the report that they concern.

    Made once a build: every page and briefing asks for its own, and walking all issues for each report grows
    with the square of their number.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._issues = tuple(issue for issue in issues if kind(issue))
        self._by_source: dict[str, list[int]] = defaultdict(list)
        self._by_place: dict[str, list[int]] = defaultdict(list)
        self._by_fact: dict[str, list[int]] = defaultdict(list)
        self._found: dict[tuple[str, int], list[Issue]] = {}
        for number, issue in enumerate(self._issues):
            if issue.source:
                self._by_source[issue.source].append(number)
            elif not issue.facts and issue.place:
                self._by_place[issue.place].append(number)
            for fact in issue.facts:
                self._by_fact[fact].append(number)

    def of(self, report: CompiledReport) -> list[Issue]:
        """Return what is to be verified about ``report`` in the order of the build, each matter once."""
        asked = report.source, report.number
        if asked not in self._found:
            self._found[asked] = self._of(report)
        return self._found[asked]

    def _of(self, report: CompiledReport) -> list[Issue]:
        numbers = {n for n in self._by_source[report.source] if self._issues[n].report in {0, report.number}}
        numbers.update(self._by_place[report.identity.place])
        for fact_id in filter(self._by_fact.__contains__, report.fact_ids):
            numbers.update(self._by_fact[fact_id])
        found: dict[tuple[object, ...], Issue] = {}
        for number in sorted(numbers):
            issue = self._issues[number]
            key = (issue.code, issue.start, issue.end, issue.facts, frozenset(issue.fields.items()))
            found.setdefault(key, issue)
        return [*found.values()]


def place_of(issue: Issue) -> str:
    """Return where the issue is, as one short text: ``file:line:column`` or file, report and place."""
    if issue.where is not None:
        where = issue.where
        parts = [where.path]
        if where.line:
            parts.append(str(where.line))
            if where.column:
                parts.append(str(where.column))
        return ":".join(parts)
    about = "，".join(
        part
        for part in (
            f"第{issue.report}份" if issue.report else "",
            issue.place,
            f"第{issue.start + 1}—{max(issue.end, issue.start + 1)}字" if issue.start >= 0 else "",
        )
        if part
    )
    return f"{issue.source}（{about}）" if issue.source and about else issue.source or about


def render(issue: Issue) -> str:
    """Return an issue as one Chinese text: place, severity, code, message, the lines around it, advice."""
    known = wording(issue)
    place = place_of(issue)
    lines = [f"{place}: " if place else ""]
    lines[0] += f"{SEVERITY_WORDS[known.severity]} {issue.code} {message(issue)}"
    in_file = issue.where is not None
    if issue.where is not None:
        lines.extend(_frame(issue.where))
    text = advice(issue)
    if text:
        # What is wrong in a file one writes has a remedy; about a report one can only be advised.
        lines.append(f"     = {'改法' if in_file else '建议'}: {text}")
    return "\n".join(lines)


_LONGEST_SHOWN = 160
"""How many characters of a line are shown; the rest of a longer one gives way on both sides of the place meant."""


def _frame(where: Location) -> list[str]:
    lines = []
    width = max((len(str(number)) for number, _ in where.frame), default=0)
    gutter = max(width, 4)
    for number, text in where.frame:
        told = number == where.line and where.column
        cut = max(0, where.column - _LONGEST_SHOWN // 2) if told and len(text) > _LONGEST_SHOWN else 0
        shown = text[cut : cut + _LONGEST_SHOWN]
        lines.append(f"{number:>{gutter}} | {'…' * bool(cut)}{shown}{'…' * (cut + len(shown) < len(text))}".rstrip())
        if told:
            column = where.column - 1 - cut
            before, marked = f"{' ' * bool(cut)}{shown[:column]}", shown[column : column + max(where.length, 1)]
            carets = "^" * max(1, sum(_cells(character) for character in marked))
            lines.append(f"{' ' * gutter} | {''.join(map(_blank, before))}{carets}")
    return lines


def _cells(character: str) -> int:
    """Return how many terminal cells a character takes."""
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _blank(character: str) -> str:
    """Return blank space as wide as a character; a tab stays a tab, whatever its width."""
    return "\t" if character == "\t" else " " * _cells(character)


def as_json(issue: Issue) -> dict[str, Any]:
    """Return an issue as plain data for ``build.json``; what it does not have is left out."""
    known = wording(issue)
    data: dict[str, Any] = {"code": issue.code, "severity": known.severity.value}
    if known.kind:
        data["kind"] = known.kind
    data["message"] = message(issue)
    text = advice(issue)
    if text:
        data["advice"] = text
    for key in ("source", "report", "place", "indicator"):
        value = getattr(issue, key)
        if value:
            data[key] = value
    if issue.start >= 0:
        data["start"], data["end"] = issue.start, issue.end
    if issue.facts:
        data["facts"] = list(issue.facts)
    if issue.fields:
        data["fields"] = dict(issue.fields)
    if issue.where is not None:
        where = issue.where
        data["where"] = {"path": where.path, "line": where.line, "column": where.column, "length": where.length}
    return data
