"""The traps of YAML for people who write Chinese, each recognised by the line it spoils."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from compiler.model import Issue
from compiler.rules.nodes import Document

_BRACKET_REACH = 6  # how many lines back a bracket whose end became a comment is looked for


_WITH_THE_END = 3  # the group of a comment that holds the end of its bracket


_QUOTE_REACH = 60  # how many lines back an open quote is looked for


_FULLWIDTH_BLANK = re.compile("[\u3000\u00a0\u2000-\u200a\u202f]")


_LEADING = re.compile("^[ \t\u3000\u00a0\u2000-\u200a\u202f]*")


_KEY_FULLWIDTH_COLON = re.compile(r"^\s*(?:- +)?[\w\-]+\s*(：)|[{,，]\s*[\w\-]+\s*(：)")


_FULLWIDTH_DASH = re.compile(r"^\s*([－—–―−‐•●○◆◇■□▪·])\s*\S|^\s*(\d{1,3}[.．、)）])\s*[A-Za-z_]+\s*[:：]")


_FULLWIDTH_COMMA = re.compile(r"(，)\s*(?:\w+\s*:|[\"'\[{])|[\"'\]}]\s*(，)")


_COLON_WITHOUT_SPACE = re.compile(r"^\s*(?:- +)?[A-Za-z_]\w*(:)[^\s:/]|[{,]\s*[A-Za-z_]\w*(:)[^\s:/\]},]")


_DASH_WITHOUT_SPACE = re.compile(r"^\s*(-)[A-Za-z_{\[\"'\u4e00-\u9fff]")


_TWO_COLONS = re.compile(r"^\s*(?:- +)?[\w\-]+\s*:\s+[^\"'\[{|>\s].*?(:)(?:\s|$)")


_AFTER_QUOTE = re.compile(r":\s+(?:\"[^\"]*\"|'[^']*')\s*([^\s,\]}#])")


_COMMENT_IN_FLOW = re.compile(r"[^\s,\[{] (#)[^\s]|[^\s,\[{\]}] (#)|[,\[{] +(#)[^\[{]*[\]}]")


_AFTER_BRACKET = re.compile(r":\s+(?:\[[^\[\]]*\]|\{[^{}]*\})\s*([^\s,\]}#])")


_SPECIAL_START = re.compile(r"^\s*(?:- +)?[\w\-]+:\s+([|>*&!?\-@`])")


_ITEM_BEHIND_KEY = re.compile(r"^\s*(?:- +)?[\w\-]+:\s+- +(?:[A-Za-z_]\w*:|\{)")


_EMPTY_LIST = re.compile(r"^\s*[\w\-]+:\s*(\[\s*\]|\{\s*\})\s*(?:#.*)?$")


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


def syntax_issue(document: Document, lines: list[str], error: Any) -> tuple[Issue, tuple[int, ...]]:
    """Return the issue of a syntax error, and the lines whose entry may be at fault, likeliest first."""
    problem_mark = error.problem_mark or error.context_mark
    context_mark = error.context_mark or problem_mark
    if problem_mark is None:
        return Issue("R228", {}, document.whole()), ()
    last = min(problem_mark.line, len(lines) - 1)
    first = min(context_mark.line, last)
    column = problem_mark.column if last == problem_mark.line else len(lines[last])
    problem, context = str(error.problem or ""), str(error.context or "")
    finding = _diagnose(_Stop(lines, first, context_mark.column, last, column, problem, context))
    where = document.at(finding.line, finding.column, finding.length)
    # The parser often stops at the start of the next entry, which is innocent: the finding comes first.
    return Issue(finding.code, dict(finding.fields), where), (finding.line, first, last)


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the parser stopped (lines and columns from 0), and what it was about to read."""

    lines: list[str]
    first: int
    first_column: int
    last: int
    column: int
    problem: str
    context: str

    @property
    def line(self) -> str:
        """The line it stopped in."""
        return self.lines[self.last]

    @property
    def character(self) -> str:
        """The character it stopped at; "" at the end of a line."""
        return self.line[self.column] if self.column < len(self.line) else ""

    def read(self) -> range:
        """Return the numbers of the lines that it was reading."""
        return range(self.first, self.last + 1)

    def here(self, code: str, length: int = 1, **fields: str) -> _Finding:
        """Return a finding where the parser stopped."""
        return _Finding(code, self.last, self.column, length, tuple(fields.items()))

    def of_line(self, code: str, number: int) -> _Finding:
        """Return a finding that takes a whole line."""
        line = self.lines[number]
        return _Finding(code, number, _indent(line), max(1, len(line.strip())))


def _tab(stop: _Stop) -> _Finding | None:
    leading = _LEADING.match(stop.line)
    if leading and "\t" in leading.group():
        return _Finding("R215", stop.last, leading.group().index("\t"))
    return stop.here("R215") if stop.character == "\t" else None


def _code_fence(stop: _Stop) -> _Finding | None:
    return stop.of_line("R248", stop.last) if stop.line.lstrip().startswith("```") else None


def _bare_braces(stop: _Stop) -> _Finding | None:
    """``{{ name }}`` or ``[数]`` without quotation marks is a mapping or a list to YAML."""
    for number in stop.read():
        braces = _BARE_EXPRESSION.search(stop.lines[number])
        if braces:
            return _Finding("R249", number, braces.start(1), max(2, len(braces.group(1).rstrip())))
        slot = _BARE_SLOT.search(stop.lines[number])
        if slot:
            return _Finding("R250", number, slot.start(), len(slot.group()))
    return None


def _no_token(stop: _Stop) -> _Finding | None:
    if "cannot start any token" not in stop.problem:
        return None
    return stop.here("R220") if stop.character == "%" else stop.here("R221", character=stop.character or "?")


def _open_quote(stop: _Stop) -> _Finding | None:
    """A quote that is left open ends at the next one, maybe in another entry; the parser stops only there."""
    if "quoted scalar" in stop.context and "end of stream" in stop.problem:
        return _Finding("R222", stop.first, stop.first_column)
    for number in range(stop.last - 1, max(-1, stop.last - _QUOTE_REACH), -1):
        opened = _OPEN_QUOTE.match(stop.lines[number])
        if opened and _KEY_LINE.match(next((line for line in stop.lines[number + 1 :] if line.strip()), "")):
            return _Finding("R222", number, opened.start(1))
    return None


def _chinese_marks(stop: _Stop) -> _Finding | None:
    for number in _suspects(stop.lines, stop.first, stop.last):
        finding = _trap(stop.lines[number], number)
        if finding:
            return finding
    return None


def _in_brackets(stop: _Stop) -> _Finding | None:
    """Inside ``[ ]`` and ``{ }``: a comment, a comma that was left out, something after the bracket."""
    if "flow" not in stop.context:
        return None
    for number in range(max(0, stop.first - _BRACKET_REACH), stop.last + 1):
        comment = _COMMENT_IN_FLOW.search(stop.lines[number])
        swallowed = comment is not None and comment.lastindex == _WITH_THE_END  # the bracket then ends lines below
        if comment and (number >= stop.first or swallowed) and not _closed_before(stop.lines[number], comment.start()):
            return _Finding("R227", number, comment.start(comment.lastindex or 1))
    if stop.character == ":" and not (stop.last > stop.first and _KEY_LINE.match(stop.line)):
        return _second_colon(stop, stop.column, "R243")
    before = stop.line[: stop.column].rstrip()[-1:]
    if stop.character and before in ("]", "}", '"', "'"):
        return stop.here("R236", what="引号" if before in "\"'" else "括号")
    return _Finding("R223", stop.first, stop.first_column)


def _in_a_line(stop: _Stop) -> _Finding | None:
    """Two keys on one line, or a line that stands too far in."""
    if "mapping values are not allowed" not in stop.problem:
        return None
    two = _TWO_COLONS.search(stop.line)
    if two:
        return _second_colon(stop, two.start(1), "R244")
    indent = _indent(stop.line)
    return _Finding("R224", stop.last, indent, max(1, stop.column - indent))


def _second_colon(stop: _Stop, column: int, code: str) -> _Finding:
    """Return ``code`` at the key before a second colon, or that a text holds a colon."""
    key = _SECOND_KEY.search(stop.line, 0, column)
    if key is None:
        return _Finding("R233", stop.last, column)
    word = key.group(1)
    return _Finding(code, stop.last, column - len(word), len(word), (("key", word),))


def _after_the_end(stop: _Stop) -> _Finding | None:
    """Something after a closing quote or bracket, or a text that begins with a sign of YAML's own."""
    for number in dict.fromkeys((stop.last, stop.first, max(0, stop.last - 1))):
        for expression, what in ((_AFTER_QUOTE, "引号"), (_AFTER_BRACKET, "括号")):
            after = expression.search(stop.lines[number])
            if after and after.group(1) != "#":
                return _Finding("R236", number, after.start(1), 1, (("what", what),))
        special = _SPECIAL_START.match(stop.lines[number])
        if special and _ITEM_BEHIND_KEY.match(stop.lines[number]):
            return _Finding("R252", number, special.start(1), 1)
        if special:
            return _Finding("R221", number, special.start(1), 1, (("character", special.group(1)),))
    return None


def _no_colon(stop: _Stop) -> _Finding | None:
    return stop.of_line("R237", stop.first) if "could not find expected ':'" in stop.problem else None


def _stray_bracket(stop: _Stop) -> _Finding | None:
    return stop.here("R240", character=stop.character) if stop.character in ("]", "}") else None


def _out_of_line(stop: _Stop) -> _Finding | None:
    if not any(words in stop.problem for words in ("expected key", "expected <block end>", "'-' indicator")):
        return None
    text = stop.line.strip()
    above = next((n for n in range(stop.last - 1, -1, -1) if is_content(stop.lines[n])), -1)
    empty = _EMPTY_LIST.match(stop.lines[above]) if above >= 0 and text else None
    if empty and _indent(stop.line) >= _indent(stop.lines[above]):
        return _Finding("R253", above, empty.start(1), len(empty.group(1)), (("brackets", empty.group(1)),))
    plain = text and not _KEY_LINE.match(stop.line) and not text.startswith("-")
    return stop.of_line("R237" if plain else "R224", stop.last)


_QUESTIONS: Final = (
    *(_tab, _code_fence, _bare_braces, _no_token, _open_quote, _chinese_marks, _in_brackets, _in_a_line),
    *(_after_the_end, _no_colon, _stray_bracket, _out_of_line),
)
"""What may be wrong, in the order in which it is asked: what spoils the lines after it comes first."""


def _diagnose(stop: _Stop) -> _Finding:
    """Tell what a writer did wrong."""
    for question in _QUESTIONS:
        finding = question(stop)
        if finding is not None:
            return finding
    return _Finding("R228", stop.last, min(stop.column, max(0, len(stop.line) - 1)))


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
            found = match.group(group)
            return _Finding(code, number, match.start(group), len(found), (("character", found),))
    return None


def _closed_before(line: str, index: int) -> bool:
    """Tell whether all brackets opened in ``line`` before ``index`` are closed there."""
    text = line[:index]
    return text.count("[") + text.count("{") <= text.count("]") + text.count("}")


def _indent(line: str) -> int:
    """Return how many blanks of any kind a line begins with."""
    return len(line) - len(line.lstrip())


def is_content(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


_MERGED = re.compile(r"<{7}(?: |$)|>{7}(?: |$)|={7}$|\|{7}(?: |$)")


def one_side(lines: list[str]) -> tuple[list[str], list[int]]:
    """Return ``lines`` with the first side of each change that a merge left undecided, and where these begin.

    The marks and the other sides are blanked out, so that what is told of the rest stands in its place.
    """
    if not any(line.startswith("<<<<<<<") for line in lines):
        return lines, []
    kept: list[str] = []
    begins: list[int] = []
    keeping = True
    for number, line in enumerate(lines):
        mark = _MERGED.match(line)
        if mark is not None:
            keeping = mark.group()[0] in "<>"
            if mark.group()[0] == "<":
                begins.append(number)
        kept.append(line if keeping and mark is None else "")
    return kept, begins


def without_entry(lines: list[str], first: int) -> list[str] | None:
    """Return ``lines`` with the entry around line ``first`` blanked out, or None where nothing is left.

    An entry is an item of the outermost list (one rule), or a key with its value where there is no list.
    """
    top = first
    while top > 0 and not _TOP_LINE.match(lines[top]):
        top -= 1
    start, level, listed = first, 0, False
    if first > top:
        head = next(lines[n] for n in range(top + 1, first + 1) if is_content(lines[n]))
        level, listed = _indent(head), head.lstrip()[0] in _DASHES
        while start > top + 1 and not _begins(lines[start], level, listed):
            start -= 1
    end = first + 1
    while end < len(lines) and not _begins(lines[end], level, listed):
        end += 1
    result = list(lines)
    for number in range(start, end):
        result[number] = ""
    return result if any(is_content(line) for line in result) else None


_DASHES: Final = "-－—–―−"


_TOP_LINE: Final = re.compile(r"\w[\w\-]*\s*[:：]")


def _begins(line: str, level: int, listed: bool) -> bool:
    """Tell whether an entry of the list (or mapping) at ``level``, or something further out, begins here."""
    if not is_content(line):
        return False
    if _TOP_LINE.match(line):
        return True
    indent = _indent(line)
    return indent <= level and line[:indent].isascii() and (line.lstrip()[0] in _DASHES or not listed)
