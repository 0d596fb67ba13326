"""Evaluate the expressions that officials write in templates; none can do harm (:mod:`compiler.rules.sandbox`).

The writers share this module: :func:`compile_text` once a template is read, :func:`render_text` for each place it is
used. Neither raises for a mistake of the writer; they return issues with the place.
"""

from __future__ import annotations

import difflib
import marshal
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from types import CodeType
from typing import TYPE_CHECKING, Final

from compiler.model import Issue, Location
from compiler.rules.sandbox import Bounds, Functions, OutOfTime, TooLong, bounded, environment_of, refused, time_of
from compiler.rules.shortcuts import Shortcut

if TYPE_CHECKING:
    from jinja2 import Template, nodes

TEXT: Final = Bounds(source=4_000, output=20_000, nesting=2)
"""A sentence or the text of a cell."""

PAGE: Final = Bounds(source=400_000, output=50_000_000, nesting=4, markup=True)
"""A whole page of HTML: blocks, the runs of a block, the pieces of a run, the facts of a piece."""

_BATCH: Final = 200
"""Pieces of a text that are taken at once: a page has ten thousand."""

_WIDE_BRACES: Final = re.compile(r"｛[｛{%％]|[｝}%％]｝|\{｛|｝\}|\{％|％\}")
"""Braces of an expression that were typed full-width; Jinja would print them as they stand."""


_TAGS: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BRACED: Final = re.compile(r"\{[^{}\n]{0,40}\}?|｛[^｛｝\n]{0,40}｝?|[}｝]")
"""A brace on its own: a name in single braces, half of a pair, a full-width one."""


class Checked:
    """A checked expression; made runnable when it is first run, since checking a template runs none.

    Where templates are kept, what Jinja compiles it to is, which only the same Python and Jinja may read.
    """

    __slots__ = ("_bounds", "_compiled", "_functions", "_template", "_tree", "names", "shortcut")

    def __init__(
        self,
        tree: nodes.Template | None,
        functions: Functions,
        bounds: Bounds,
        names: frozenset[str],
        shortcut: Shortcut | None = None,
        compiled: bytes = b"",
    ) -> None:
        self._tree, self._compiled = tree, compiled
        self._functions, self._bounds = functions, bounds
        self._template: Template | None = None
        #: The names that the expression reads, so that it need not be run anew where none of them has changed.
        self.names = names
        #: How its text is had without Jinja, where it only puts texts together.
        self.shortcut = shortcut

    def __reduce__(self) -> tuple[type[Checked], tuple[object, ...]]:
        compiled = self._compiled or marshal.dumps(self._code())
        return Checked, (None, self._functions, self._bounds, self.names, self.shortcut, compiled)

    def _code(self) -> CodeType:
        if self._tree is None:
            code: CodeType = marshal.loads(self._compiled)
            return code
        return environment_of(self._functions, self._bounds).compile(self._tree)

    def generate(self, context: Mapping[str, object]) -> Iterator[str]:
        """Yield the pieces of the text over ``context``."""
        template = self.runnable()
        environment = template.environment
        given = {name: context[name] for name in self.names if name in context}
        seen = environment.context_class(environment, {**self._functions.functions, **given}, None, {})
        try:
            yield from template.root_render_func(seen)
        except Exception:
            environment.handle_exception()  # raises it anew, with the lines of the template

    def runnable(self) -> Template:
        """Make the expression runnable, once: before processes part that would each do so."""
        if self._template is None:
            environment = environment_of(self._functions, self._bounds)
            self._template = environment.template_class.from_code(environment, self._code(), {})
        return self._template


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A checked template with the place it stands at. ``where.line`` is the line of its first character."""

    source: str
    where: Location
    expression: Checked | None  # None for a text without expressions
    bounds: Bounds = TEXT


def compile_text(
    source: str,
    where: Location,
    names: Sequence[str] = (),
    functions: Mapping[str, Callable[..., object]] | None = None,
    fields: Mapping[str, Collection[str]] | None = None,
    bounds: Bounds = TEXT,
) -> tuple[TextTemplate | None, tuple[Issue, ...]]:
    """Check and compile ``source``.

    ``names`` are the names that will be given when it runs, and ``functions`` become filters as well as
    functions; a name that is neither is reported now rather than at the first report that meets it. So is a field
    that is not among ``fields``: those of ``row``, and those that the items of each list have.
    ``functions`` must be the same object each time, because the environment is kept with it.
    """
    wide = _WIDE_BRACES.search(source)
    if wide is not None:
        return None, (_issue("T107", where, source.count("\n", 0, wide.start()) + 1, written=wide.group()),)
    if not any(brace in source for brace in "{}｛｝") and len(source) <= bounds.source:
        return TextTemplate(source, where, None), ()
    known = tuple((name, tuple(of)) for name, of in (fields or {}).items())
    checked, found = _check(source, tuple(names), Functions(functions or {}), known, bounds)
    if checked is not None and not bounds.markup and (single := _BRACED.search(_TAGS.sub(_blanked, source))):
        inner = single.group().strip("{}｛｝ ")
        hint = f"是不是想写 {{{{ {inner} }}}}？" if inner else "配上另一半，或删去它"
        found = (
            _issue(
                "T109", Location("", 1), source.count("\n", 0, single.start()) + 1, written=single.group(), hint=hint
            ),
        )
    if checked is not None and not found:
        return TextTemplate(source, where, checked, bounds), ()
    return None, tuple(_issue(one.code, where, one.where.line if one.where else 1, **one.fields) for one in found)


@lru_cache(maxsize=1024)
def _check(
    source: str,
    names: tuple[str, ...],
    functions: Functions,
    fields: tuple[tuple[str, tuple[str, ...]], ...],
    bounds: Bounds,
) -> tuple[Checked | None, tuple[Issue, ...]]:
    """Check a text once however often it stands in a template; issues count its lines from 1."""
    from jinja2 import TemplateSyntaxError, nodes

    where = Location("", 1)
    if len(source) > bounds.source:
        return None, (_issue("T105", where, 1, limit=str(bounds.source)),)
    environment = environment_of(functions, bounds)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        return None, (_issue("T101", where, error.lineno, problem=_in_chinese(error.message or "")),)
    except RecursionError:
        return None, (_issue("T101", where, 1, problem="括号套得太深"),)
    issues = [_issue(code, where, line, **told) for code, line, told in refused(tree, environment, bounds)]
    if names:
        known = {*names, *functions.functions}
        assigned = _assigned(tree)
        for node in tree.find_all(nodes.Name):
            if node.ctx == "load" and node.name not in known and node.name not in assigned:
                issues.append(_unknown(node.name, known, where, node.lineno))
    issues.extend(_unknown_fields(tree, dict(fields), where))
    if issues:
        return None, tuple(_once(issues))
    read = frozenset(node.name for node in tree.find_all(nodes.Name) if node.ctx == "load")
    shortcut = Shortcut.of(tree, environment) if not bounds.markup else None
    return Checked(bounded(tree, environment), functions, bounds, read, shortcut), ()


def _blanked(tag: re.Match[str]) -> str:
    """Return blanks, and the line ends, in place of an expression."""
    return re.sub(r"[^\n]", " ", tag.group())


def render_text(template: TextTemplate, context: Mapping[str, object], limit: int = 0) -> tuple[str, tuple[Issue, ...]]:
    """Return the text that ``template`` gives over ``context``; empty, with an issue, where it fails.

    ``limit`` is the most characters that it may give, 0 for what its bounds allow.
    """
    if template.expression is None:
        return template.source, ()
    limit = limit or template.bounds.output
    shortcut = template.expression.shortcut
    text = shortcut.text(context) if shortcut is not None else None
    if text is not None and len(text) <= limit:
        return text, ()
    pieces: list[str] = []
    length = 0
    try:
        with time_of(template.bounds):
            generated = template.expression.generate(context)
            while batch := [*islice(generated, _BATCH)]:
                length += sum(map(len, batch))
                if length > limit:
                    raise TooLong
                pieces += batch
    except OutOfTime:
        return "", (_issue("T108", template.where, 1, seconds=f"{template.bounds.seconds:g}"),)
    except TooLong:
        return "", (_issue("T105", template.where, 1, limit=str(limit)),)
    except OSError:  # of the system, not of the template
        raise
    except Exception as error:  # whatever a writer's expression does wrong must not stop the build
        return "", (_failure(error, {*context}, template.where),)
    return "".join(pieces), ()


def _failure(error: Exception, known: set[str], where: Location) -> Issue:
    """Return what an expression did wrong."""
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    line = _line_of(error)
    if isinstance(error, UndefinedError):
        return _missing(str(error), known, where, line)
    if isinstance(error, SecurityError):
        return _issue("T102", where, line, what=str(error))
    if isinstance(error, RecursionError):
        return _issue("T104", where, line, problem="嵌套太深")
    return _issue("T104", where, line, problem=_in_chinese(f"{error}"))


def evaluate(template: TextTemplate, context: Mapping[str, object], limit: int = 0) -> tuple[bool, tuple[Issue, ...]]:
    """Return whether a condition written as a template (``{{ rows|length > 3 }}``) holds."""
    text, issues = render_text(template, context, limit)
    return holds(text), issues


def holds(text: str) -> bool:
    """Return whether what a condition gave says that it holds."""
    return text.strip() not in {"", "False", "None", "0", "[]", "()", "{}"}


def _assigned(tree: nodes.Template) -> set[str]:
    """Return the names that the template itself sets, with the one that loops have."""
    from jinja2 import nodes

    return {"loop", *(name.name for name in tree.find_all(nodes.Name) if name.ctx != "load")}


# --- messages ----------------------------------------------------------------------------------


def _issue(code: str, where: Location, line: int, **fields: str) -> Issue:
    """Return an issue at ``line`` (from 1) of the template text."""
    place = where
    if line > 1:
        place = replace(where, line=where.line + line - 1, column=1, length=1, frame=())
    return Issue(code, fields, where=place)


_BY_FIELD: Final = frozenset(
    {"told", "distinct", "alike", "shared", "apart", "map", "sort", "selectattr", "rejectattr"}
)
"""Functions whose first argument, a plain text, is the name of a field of the list before them."""


def _unknown_fields(tree: nodes.Template, fields: Mapping[str, Collection[str]], where: Location) -> Iterator[Issue]:
    """Yield an issue for each field that the items of its list do not have."""
    from jinja2 import nodes

    known = dict(fields)
    for loop in tree.find_all(nodes.For):
        of = known.get(_list_behind(loop.iter))
        if of is not None and isinstance(loop.target, nodes.Name):
            known[loop.target.name] = of
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.attr not in known.get(node.node.name, (node.attr,)):
            yield _unknown(node.attr, {*known[node.node.name]}, where, node.lineno)
    for one in tree.find_all(nodes.Filter):
        of = known.get(_list_behind(one.node)) if one.node is not None else None
        given = next((arg.value for arg in one.args[:1] if isinstance(arg, nodes.Const)), None)
        if one.name in _BY_FIELD and of is not None and isinstance(given, str) and given not in of:
            yield _unknown(given, {*of}, where, one.lineno)


def _list_behind(node: nodes.Node) -> str:
    """Return the name of the list that a loop or a filter works on: ``ranks`` for ``(ranks or places)[:3]``."""
    from jinja2 import nodes

    while True:
        if isinstance(node, nodes.Name):
            return node.name
        if isinstance(node, (nodes.Filter, nodes.Getitem)) and node.node is not None:
            node = node.node
        elif isinstance(node, nodes.Or):
            node = node.left
        else:
            return ""


def _unknown(name: str, known: set[str], where: Location, line: int) -> Issue:
    from compiler.rules.yaml_reader import listed_near

    near = difflib.get_close_matches(name, sorted(known), 1, 0.5)
    nearest = near[0] if near else listed_near(name, sorted(known))
    return _issue("T103", where, line, name=name, nearest=nearest)


def _once(issues: Sequence[Issue]) -> Iterator[Issue]:
    """Yield each issue once: the same word is often used several times in one text."""
    seen: set[tuple[object, ...]] = set()
    for issue in issues:
        key = (issue.code, *sorted(issue.fields.items()), issue.where.line if issue.where else 0)
        if key not in seen:
            seen.add(key)
            yield issue


def _line_of(error: BaseException) -> int:
    """Return the line of the template that failed; Jinja rewrites the traceback to tell."""
    line = 1
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename in {"<template>", "<unknown>"}:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return max(1, line)


def _missing(message: str, known: set[str], where: Location, line: int) -> Issue:
    """Return an issue from the message of ``Missing``: a quoted name and what comes near it."""
    quoted = message.split("'", 2)
    if len(quoted) < 3:
        return _issue("T104", where, line, problem=_in_chinese(message))
    if quoted[2]:
        return _issue("T103", where, line, name=quoted[1], nearest=quoted[2])
    return _unknown(quoted[1], known, where, line)


_PROBLEMS: Final = (
    ("unknown tag 'elseif'", "第二个条件要写 elif"),
    ("unknown tag 'elsif'", "第二个条件要写 elif"),
    ("got '='", "比较用两个等号 ==，不用一个 ="),
    ("got '且'", "“且”要写 and"),
    ("got '并且'", "“并且”要写 and"),
    ("got '或'", "“或”要写 or"),
    ("got '或者'", "“或者”要写 or"),
    ("Missing end of comment", "注释少了结尾 #}"),
    ("unexpected end of template", "文字没有写完，例如少了 }} 或 %}"),
    ("end of print statement", "{{ 与 }} 之间写错了"),
    ("end of statement block", "{% 与 %} 之间写错了"),
    ("Unexpected end", "少了结尾，例如 {% endif %} 或 {% endfor %}"),
    ("innermost block that needs to be closed", "少了结尾，例如 {% endif %} 或 {% endfor %}"),
    ("Encountered unknown tag", "不认识的语句，或 {% endif %}、{% endfor %} 多了一个"),
    ("unexpected char", "有不能用的字符，多半是全角标点"),
    ("unexpected", "写得不完整"),
    ("division by zero", "除以零"),
    ("DivisionByZero", "除以零"),
    ("DivisionUndefined", "除以零"),
    ("unsupported operand", "两个值不能这样运算"),
    ("not supported between", "两个值不能比较大小"),
    ("not iterable", "这个值不是列表，不能循环"),
    ("takes", "给函数的值多了或少了"),
    ("argument", "给函数的值多了或少了"),
    ("has no len", "这个值不是列表，不能数个数"),
    ("invalid literal", "这个值不是数"),
)


def _in_chinese(message: str) -> str:
    """Return what is wrong in Chinese; words that we say ourselves stay as they are."""
    known = next((chinese for words, chinese in _PROBLEMS if words in message), "")
    if not known:
        return message if message and not message.isascii() else "写法不对，算不出来"
    quoted = re.search(r"(?:char|tag) '([^']{1,20})'", message)
    return f"{known}：{quoted.group(1)}" if quoted else known
