"""The traps of YAML for people who write Chinese, each recognised by the line it spoils."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compiler.model import Issue

if TYPE_CHECKING:
    from compiler.rules.nodes import Document

_QUOTE_REACH = 60  # how many lines back an open quote is looked for


_FULLWIDTH_BLANK = re.compile("[\u3000\u00a0\u2000-\u200a\u202f]")


_LEADING = re.compile("^[ \t\u3000\u00a0\u2000-\u200a\u202f]*")


_KEY_FULLWIDTH_COLON = re.compile(r"^\s*(?:- +)?[\w\-]+\s*(：)|[{,，]\s*[\w\-]+\s*(：)")


_FULLWIDTH_DASH = re.compile(r"^\s*([－—–―−‐])\s*\S")


_FULLWIDTH_COMMA = re.compile(r"(，)\s*(?:\w+\s*:|[\"'\[{])|[\"'\]}]\s*(，)")


_COLON_WITHOUT_SPACE = re.compile(r"^\s*(?:- +)?[A-Za-z_]\w*(:)[^\s:/]|[{,]\s*[A-Za-z_]\w*(:)[^\s:/\]},]")


_DASH_WITHOUT_SPACE = re.compile(r"^\s*(-)[A-Za-z_{\[\"'\u4e00-\u9fff]")


_TWO_COLONS = re.compile(r"^\s*(?:- +)?[\w\-]+\s*:\s+[^\"'\[{|>\s].*?(:)(?:\s|$)")


_AFTER_QUOTE = re.compile(r":\s+(?:\"[^\"]*\"|'[^']*')\s*([^\s,\]}#])")


_COMMENT_IN_FLOW = re.compile(r"[^\s,\[{] (#)[^\s]|[^\s,\[{\]}] (#)")


_AFTER_BRACKET = re.compile(r":\s+(?:\[[^\[\]]*\]|\{[^{}]*\})\s*([^\s,\]}#])")


_SPECIAL_START = re.compile(r"^\s*(?:- +)?[\w\-]+:\s+([|>*&!?\-@`])")


_OPEN_QUOTE = re.compile(r"^\s*(?:- +)?[\w\-]+:\s+(\"[^\"]*|'[^']*)$")


_SECOND_KEY = re.compile(r"[^\s,，{\[][,，\s]\s*([A-Za-z_]+)\Z")


_FULLWIDTH_BRACKET = re.compile(r":\s*([［｛【])|([］｝】])\s*$")


_BARE_EXPRESSION = re.compile(r":\s+(\{\{.*?\}\}|\{%.*?%\})")


_BARE_SLOT = re.compile(r"\[数\]|［数］")


_KEY_LINE = re.compile(r"^\s*(?:- +)?(?:[\w\-]+|\"[^\"]*\"|'[^']*')\s*:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is wrong with a piece of YAML, and where (line and column from 0)."""

    code: str
    line: int
    column: int
    length: int = 1
    fields: tuple[tuple[str, str], ...] = ()


def _syntax_issue(document: Document, lines: list[str], error: Any) -> tuple[Issue, tuple[int, ...]]:
    """Return the issue of a syntax error, and the lines whose entry may be at fault, likeliest first."""
    problem_mark = error.problem_mark or error.context_mark
    context_mark = error.context_mark or problem_mark
    if problem_mark is None:
        return Issue("R228", {}, document.whole()), ()
    last = min(problem_mark.line, len(lines) - 1)
    first = min(context_mark.line, last)
    column = problem_mark.column if last == problem_mark.line else len(lines[last])
    finding = _diagnose(
        lines, first, context_mark.column, last, column, str(error.problem or ""), str(error.context or "")
    )
    where = document.at(finding.line, finding.column, finding.length)
    # The parser often stops at the start of the next entry, which is innocent: the finding comes first.
    return Issue(finding.code, dict(finding.fields), where), (finding.line, first, last)


def _diagnose(
    lines: list[str], first: int, first_column: int, last: int, column: int, problem: str, context: str
) -> _Finding:
    """Tell what a writer did wrong from where the parser stopped and what it was about to read."""
    line = lines[last]
    character = line[column] if column < len(line) else ""
    tab = _LEADING.match(line)
    if tab and "\t" in tab.group():
        return _Finding("R215", last, tab.group().index("\t"))
    if character == "\t":
        return _Finding("R215", last, column)
    if line.lstrip().startswith("```"):
        return _Finding("R248", last, _indent(line), len(line.strip()))
    for number in range(first, last + 1):
        braces = _BARE_EXPRESSION.search(lines[number])
        if braces:
            return _Finding("R249", number, braces.start(1), max(2, len(braces.group(1).rstrip())))
        slot = _BARE_SLOT.search(lines[number])
        if slot:
            return _Finding("R250", number, slot.start(), len(slot.group()))
    if "cannot start any token" in problem:
        if character == "%":
            return _Finding("R220", last, column)
        return _Finding("R221", last, column, 1, (("character", character or "?"),))
    if "quoted scalar" in context and "end of stream" in problem:
        return _Finding("R222", first, first_column)
    for number in range(last - 1, max(-1, last - _QUOTE_REACH), -1):
        # A quote that is left open ends at the next one, maybe in another entry; the parser stops only there.
        opened = _OPEN_QUOTE.match(lines[number])
        if opened and _KEY_LINE.match(next((line for line in lines[number + 1 :] if line.strip()), "")):
            return _Finding("R222", number, opened.start(1))
    for number in _suspects(lines, first, last):
        finding = _trap(lines[number], number)
        if finding:
            return finding
    flow = "flow" in context
    if flow:
        for number in range(first, last + 1):
            comment = _COMMENT_IN_FLOW.search(lines[number])
            if comment and not _closed_before(lines[number], comment.start()):
                return _Finding("R227", number, comment.start(1) if comment.group(1) else comment.start(2))
        if character == ":" and not (last > first and _KEY_LINE.match(line)):
            second = _SECOND_KEY.search(line, 0, column)
            if second:
                word = second.group(1)
                return _Finding("R243", last, column - len(word), len(word), (("key", word),))
            return _Finding("R233", last, column)
        if character and line[:column].rstrip()[-1:] in ("]", "}", '"', "'"):
            what = "引号" if line[:column].rstrip()[-1] in "\"'" else "括号"
            return _Finding("R236", last, column, 1, (("what", what),))
        return _Finding("R223", first, first_column)
    if "mapping values are not allowed" in problem:
        two = _TWO_COLONS.search(line)
        if two:
            second = _SECOND_KEY.search(line, 0, two.start(1))
            if second:
                word = second.group(1)
                return _Finding("R244", last, two.start(1) - len(word), len(word), (("key", word),))
            return _Finding("R233", last, two.start(1))
        return _Finding("R224", last, len(line) - len(line.lstrip()), max(1, column - _indent(line)))
    for number in dict.fromkeys((last, first, max(0, last - 1))):
        for expression, what in ((_AFTER_QUOTE, "引号"), (_AFTER_BRACKET, "括号")):
            after = expression.search(lines[number])
            if after and after.group(1) != "#":
                return _Finding("R236", number, after.start(1), 1, (("what", what),))
        special = _SPECIAL_START.match(lines[number])
        if special:
            return _Finding("R221", number, special.start(1), 1, (("character", special.group(1)),))
    if "could not find expected ':'" in problem:
        written = lines[first].strip()
        return _Finding("R237", first, _indent(lines[first]), max(1, len(written)))
    if character in "]}" and character:
        return _Finding("R240", last, column, 1, (("character", character),))
    if "expected key" in problem or "expected <block end>" in problem or "'-' indicator" in problem:
        if line.strip() and not _KEY_LINE.match(line) and not line.lstrip().startswith("-"):
            return _Finding("R237", last, _indent(line), max(1, len(line.strip())))
        return _Finding("R224", last, _indent(line), max(1, len(line.strip())))
    return _Finding("R228", last, min(column, max(0, len(line) - 1)))


def _suspects(lines: list[str], first: int, last: int) -> Iterator[int]:
    """Yield the lines in which the cause may stand: the one named first, then the one before the stop."""
    yield first
    if last != first:
        yield last
    for number in range(last - 1, max(-1, last - 4), -1):
        if lines[number].strip():
            if number not in (first, last):
                yield number
            return


def _trap(line: str, number: int) -> _Finding | None:
    """Return the trap for Chinese writers that ``line`` has stepped into."""
    stripped = line.lstrip()
    if stripped.startswith("#"):
        return None
    indent = _LEADING.match(line)
    if indent:
        blank = _FULLWIDTH_BLANK.search(indent.group())
        if blank:
            return _Finding("R219", number, blank.start())
    blank = re.search(r"^\s*(?:- *)?[\w\-]*:?([\u3000\u00a0])", line)
    if blank:
        return _Finding("R219", number, blank.start(1))
    for code, expression in (
        ("R218", _FULLWIDTH_DASH),
        ("R216", _KEY_FULLWIDTH_COLON),
        ("R217", _FULLWIDTH_COMMA),
        ("R241", _FULLWIDTH_BRACKET),
        ("R226", _DASH_WITHOUT_SPACE),
        ("R225", _COLON_WITHOUT_SPACE),
    ):
        match = expression.search(line)
        if match:
            group = next(n for n in range(1, (match.lastindex or 1) + 1) if match.group(n))
            return _Finding(code, number, match.start(group), 1, (("character", match.group(group)),))
    return None


def _closed_before(line: str, index: int) -> bool:
    """Tell whether all brackets opened in ``line`` before ``index`` are closed there."""
    text = line[:index]
    return text.count("[") + text.count("{") <= text.count("]") + text.count("}")


def _indent(line: str) -> int:
    """Return how many blanks of any kind a line begins with."""
    return len(line) - len(line.lstrip())


def _is_content(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _without_entry(lines: list[str], first: int) -> list[str] | None:
    """Return ``lines`` with the entry around line ``first`` blanked out, or None where nothing is left.

    An entry is an item of the outermost list (one rule), or a key with its value where there is no list.
    """
    top = first
    while top > 0 and not _TOP_LINE.match(lines[top]):
        top -= 1
    start, level, listed = first, 0, False
    if first > top:
        head = next(lines[n] for n in range(top + 1, first + 1) if _is_content(lines[n]))
        level, listed = _indent(head), head.lstrip()[0] in _DASHES
        while start > top + 1 and not _begins(lines[start], level, listed):
            start -= 1
    end = first + 1
    while end < len(lines) and not _begins(lines[end], level, listed):
        end += 1
    result = list(lines)
    for number in range(start, end):
        result[number] = ""
    return result if any(_is_content(line) for line in result) else None


_DASHES: Final = "-－—–―−"


_TOP_LINE: Final = re.compile(r"\w[\w\-]*\s*[:：]")


def _begins(line: str, level: int, listed: bool) -> bool:
    """Tell whether an entry of the list (or mapping) at ``level``, or something further out, begins here."""
    if not _is_content(line):
        return False
    if _TOP_LINE.match(line):
        return True
    indent = _indent(line)
    return indent <= level and line[:indent].isascii() and (line.lstrip()[0] in _DASHES or not listed)
