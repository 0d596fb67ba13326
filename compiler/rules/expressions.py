"""Evaluate the expressions that officials write in templates, without letting one do harm.

The texts are Jinja templates. What keeps them safe is mostly what they cannot say: the syntax tree is
checked before it runs, and only output, ``if``, ``for`` and ``set`` over given names and a fixed list
of filters remain. No macro, import, include, recursion, method call, power, list of anything but
constants, or attribute that begins with an underscore; repeating a text and filling format strings
are refused while running; loops nest two deep at most; every text that is joined has a limit. So an
expression ends, and what it costs is bounded by the data it is given.

Both writers share this module: :func:`compile_text` once a template is read, :func:`render_text` for each
place it is used. Neither raises for a mistake of the writer; they return issues with the place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from compiler.model import Issue, Location

if TYPE_CHECKING:
    from jinja2 import Environment, Template, nodes

MAX_SOURCE: Final = 4_000
"""The longest template text, in characters."""

MAX_OUTPUT: Final = 20_000
"""The longest text that one evaluation may give, in characters."""

MAX_NESTING: Final = 2
"""How deep loops may stand in one another."""

MAX_NUMBER_DIGITS: Final = 40
"""The most digits of a product; keeps a chain of multiplications from growing without end."""

FILTERS: Final = frozenset(
    {"abs", "count", "d", "default", "first", "int", "join", "last", "length", "list", "map", "max", "min", "reject"}
    | {"rejectattr", "replace", "reverse", "select", "selectattr", "sort", "trim", "unique"}
)
"""The built-in filters that are left in; they give no more than they are given, or a bounded amount."""


_WIDE_BRACES: Final = re.compile(r"｛[｛{%％]|[｝}%％]｝|\{｛|｝\}")
"""Braces of an expression that were typed full-width; Jinja would print them as they stand."""


class Checked:
    """A checked expression; made runnable when it is first run, since checking a template runs none."""

    __slots__ = ("_environment", "_template", "_tree")

    def __init__(self, tree: nodes.Template, environment: Environment) -> None:
        self._tree = tree
        self._environment = environment
        self._template: Template | None = None

    def generate(self, context: Mapping[str, object]) -> Iterator[str]:
        """Yield the pieces of the text over ``context``."""
        if self._template is None:
            self._template = self._environment.from_string(self._tree)
        return self._template.generate(context)


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A checked template with the place it stands at. ``where.line`` is the line of its first character."""

    source: str
    where: Location
    expression: Checked | None  # None for a text without expressions


class _TooLong(Exception):
    """The output passed the limit."""


def compile_text(
    source: str,
    where: Location,
    names: Sequence[str] = (),
    functions: Mapping[str, Callable[..., object]] | None = None,
    fields: Mapping[str, Collection[str]] | None = None,
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
    if "{" not in source and len(source) <= MAX_SOURCE:
        return TextTemplate(source, where, None), ()
    known = tuple((name, tuple(of)) for name, of in (fields or {}).items())
    checked, found = _check(source, tuple(names), _Functions(functions or {}), known)
    if checked is not None:
        return TextTemplate(source, where, checked), ()
    return None, tuple(_issue(one.code, where, one.where.line if one.where else 1, **one.fields) for one in found)


@lru_cache(maxsize=1024)
def _check(
    source: str, names: tuple[str, ...], functions: _Functions, fields: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[Checked | None, tuple[Issue, ...]]:
    """Check a text once however often it stands in a template; issues count its lines from 1."""
    from jinja2 import TemplateSyntaxError, nodes

    where = Location("", 1)
    if len(source) > MAX_SOURCE:
        return None, (_issue("T105", where, 1, limit=str(MAX_SOURCE)),)
    environment = _environment(functions)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        return None, (_issue("T101", where, error.lineno, problem=_in_chinese(error.message or "")),)
    except RecursionError:
        return None, (_issue("T101", where, 1, problem="括号套得太深"),)
    issues = [*_refused(tree, where, environment)]
    if names:
        known = {*names, *functions.functions}
        assigned = _assigned(tree)
        for node in tree.find_all(nodes.Name):
            if node.ctx == "load" and node.name not in known and node.name not in assigned:
                issues.append(_unknown(node.name, known, where, node.lineno))
    issues.extend(_unknown_fields(tree, dict(fields), where))
    if issues:
        return None, tuple(_once(issues))
    return Checked(_bound_concatenation(tree, environment), environment), ()


def render_text(
    template: TextTemplate, context: Mapping[str, object], limit: int = MAX_OUTPUT
) -> tuple[str, tuple[Issue, ...]]:
    """Return the text that ``template`` gives over ``context``; empty, with an issue, where it fails."""
    if template.expression is None:
        return template.source, ()
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    pieces: list[str] = []
    length = 0
    try:
        for piece in template.expression.generate(context):
            length += len(piece)
            if length > limit:
                raise _TooLong
            pieces.append(piece)
    except _TooLong:
        return "", (_issue("T105", template.where, 1, limit=str(limit)),)
    except UndefinedError as error:
        return "", (_missing(str(error), {*context}, template.where, _line_of(error)),)
    except SecurityError as error:
        return "", (_issue("T102", template.where, _line_of(error), what=str(error)),)
    except RecursionError as error:
        return "", (_issue("T104", template.where, _line_of(error), problem="嵌套太深"),)
    except Exception as error:  # whatever a writer's expression does wrong must not stop the build
        return "", (_issue("T104", template.where, _line_of(error), problem=_in_chinese(f"{error}")),)
    return "".join(pieces), ()


def evaluate(
    template: TextTemplate, context: Mapping[str, object], limit: int = MAX_OUTPUT
) -> tuple[bool, tuple[Issue, ...]]:
    """Return whether a condition written as a template (``{{ rows|length > 3 }}``) holds."""
    text, issues = render_text(template, context, limit)
    return text.strip() not in {"", "False", "None", "0", "[]", "()", "{}"}, issues


# --- the environment ---------------------------------------------------------------------------


class _Functions:
    """Hashable by identity, so that one environment is kept for one set of functions."""

    def __init__(self, functions: Mapping[str, Callable[..., object]]) -> None:
        self.functions = functions

    def __hash__(self) -> int:
        return id(self.functions) if self.functions else 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Functions):
            return NotImplemented
        return self.functions is other.functions or not (self.functions or other.functions)


@lru_cache(maxsize=8)
def _environment(functions: _Functions) -> Environment:
    """Return a sandboxed environment with the allowed filters and ``functions``."""
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Missing(StrictUndefined):
        """Tells the nearest name of the thing that lacks the attribute."""

        @property
        def _undefined_message(self) -> str:
            name = str(self._undefined_name)
            known: list[str] = []
            if isinstance(self._undefined_obj, Mapping):
                known = [str(key) for key in self._undefined_obj]
            elif getattr(type(self._undefined_obj), "__slots__", ()):
                known = [key for key in dir(self._undefined_obj) if not key.startswith("_")]
            return f"'{name}'{'、'.join(difflib.get_close_matches(name, known, 1, 0.5) or known[:8])}"

    class Sandbox(ImmutableSandboxedEnvironment):
        """Also refuses what grows without end and attributes that are not data."""

        intercepted_binops = frozenset({"*", "%", "+"})

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return not attr.startswith("_") and not callable(value)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if operator == "%" and isinstance(left, str):
                raise SecurityError("用 % 填文字")
            if operator == "*" and (_is_sequence(left) or _is_sequence(right)):
                raise SecurityError("把文字或列表重复许多次")
            value = super().call_binop(context, operator, left, right)
            if isinstance(value, int) and value.bit_length() > MAX_NUMBER_DIGITS * 3.4:
                raise SecurityError("太大的数")
            if _is_sequence(value) and len(value) > MAX_OUTPUT:
                raise _TooLong
            return value

    environment = Sandbox(
        undefined=Missing, autoescape=False, trim_blocks=True, lstrip_blocks=True, cache_size=0, finalize=_plain
    )
    environment.globals.clear()
    for name in [*environment.filters]:
        if name not in FILTERS:
            del environment.filters[name]
    environment.filters["replace"] = _replace
    environment.filters["join"] = _join
    environment.filters["trim"] = lambda value: _plain(value).strip()
    environment.filters[_CONCATENATE] = _join
    for name, function in functions.functions.items():
        environment.filters[name] = function
        environment.globals[name] = function
    return environment


def _is_sequence(value: object) -> bool:
    return isinstance(value, (str, bytes, list, tuple))


def _plain(value: object) -> str:
    """Return a value as text. A list has none: printing one is a slip, and nested ones have no bound."""
    from jinja2 import Undefined

    if value is None:
        return ""
    if isinstance(value, (list, tuple, dict, set, frozenset, bytes)) and not hasattr(value, "plain"):
        raise TypeError("这是一个列表，不能直接写出；请用 |join('、') 连起来")
    if isinstance(value, Undefined):
        # ``{{ a if b }}`` with a false b gives an undefined with a hint: nothing is to be written there.
        return "" if value._undefined_hint else str(value)  # the latter raises, with the name
    return str(value)


def _replace(text: object, old: object, new: object) -> str:
    """Replace, but never to more than the output may hold: chained, it would square its length."""
    given, before, after = _plain(text), _plain(old), _plain(new)
    if len(given) + given.count(before) * max(0, len(after) - len(before)) > MAX_OUTPUT:
        raise _TooLong
    return given.replace(before, after)


def _join(values: Any, separator: object = "", attribute: str | None = None) -> str:
    """Join with the Chinese enumeration comma in mind; bounded like :func:`_replace`."""
    pieces: list[str] = []
    length = 0
    between = _plain(separator)
    for value in values:
        if attribute is not None:
            if attribute.startswith("_"):
                raise _TooLong
            value = value.get(attribute, "") if isinstance(value, Mapping) else getattr(value, attribute)
        piece = _plain(value)
        length += len(piece) + len(between)
        if length > MAX_OUTPUT:
            raise _TooLong
        pieces.append(piece)
    return between.join(pieces)


_CONCATENATE: Final = "concatenated"


def _bound_concatenation(tree: nodes.Template, environment: Environment) -> nodes.Template:
    """Turn each ``~`` into a filter with a limit: ``{% set a = a ~ a %}`` thirty times fills the memory."""
    from jinja2 import nodes
    from jinja2.visitor import NodeTransformer

    class Transformer(NodeTransformer):
        def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
            self.generic_visit(node)
            pieces = nodes.List(node.nodes, lineno=node.lineno)
            return nodes.Filter(pieces, _CONCATENATE, [], [], None, None, lineno=node.lineno)

    changed: nodes.Template = Transformer().visit(tree)
    changed.set_environment(environment)
    return changed


# --- what may not be said ----------------------------------------------------------------------


def _refused(tree: nodes.Template, where: Location, environment: Environment) -> Iterator[Issue]:
    """Yield an issue for each construct that is not allowed."""
    from jinja2 import nodes

    for node in _walk(tree):
        what = ""
        if isinstance(
            node,
            (
                nodes.Macro,
                nodes.CallBlock,
                nodes.FilterBlock,
                nodes.Include,
                nodes.Import,
                nodes.FromImport,
                nodes.Extends,
                nodes.Block,
                nodes.With,
                nodes.ScopedEvalContextModifier,
                nodes.AssignBlock,
                nodes.NSRef,
            ),
        ):
            what = "宏、引入、块之类的写法"
        elif isinstance(node, nodes.Pow):
            what = "乘方"
        elif isinstance(node, (nodes.List, nodes.Tuple)) and not all(_is_constant(item) for item in node.items):
            what = "把算出来的东西装进列表"
        elif isinstance(node, nodes.Dict):
            what = "字典"
        elif isinstance(node, nodes.For) and node.recursive:
            what = "递归的循环"
        elif isinstance(node, nodes.Call) and not isinstance(node.node, nodes.Name):
            what = "调用对象的方法"
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            what = f"下划线开头的属性 “{node.attr}”"
        elif isinstance(node, nodes.Const) and isinstance(node.value, str) and node.value.startswith("__"):
            what = f"下划线开头的名字 “{node.value}”"
        elif isinstance(node, nodes.Name) and node.name.startswith("_"):
            what = f"下划线开头的名字 “{node.name}”"
        elif isinstance(node, nodes.Filter) and node.name not in environment.filters:
            near = difflib.get_close_matches(node.name, [*environment.filters], 1, 0.5)
            yield _issue("T106", where, node.lineno, name=node.name, nearest=near[0] if near else "join", kind="过滤器")
            continue
        elif isinstance(node, nodes.Test) and node.name not in environment.tests:
            near = difflib.get_close_matches(node.name, [*environment.tests], 1, 0.5)
            yield _issue(
                "T106", where, node.lineno, name=node.name, nearest=near[0] if near else "defined", kind="判断"
            )
            continue
        if what:
            yield _issue("T102", where, node.lineno, what=what)
    if _depth(tree, 0) > MAX_NESTING:
        yield _issue("T102", where, 1, what=f"超过{MAX_NESTING}层的循环")


def _is_constant(node: nodes.Node) -> bool:
    """Return whether a list may hold the node; the names of ``{% for a, b in … %}`` are a tuple as well."""
    from jinja2 import nodes

    return isinstance(node, nodes.Const) or (isinstance(node, nodes.Name) and node.ctx == "store")


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _walk(child)


def _depth(node: nodes.Node, depth: int) -> int:
    """Return the greatest number of loops inside one another below ``node``."""
    from jinja2 import nodes

    deepest = depth
    for child in node.iter_child_nodes():
        deepest = max(deepest, _depth(child, depth + isinstance(child, nodes.For)))
    return deepest


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


_BY_FIELD: Final = frozenset({"told", "distinct", "map", "sort", "selectattr", "rejectattr"})
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
    near = difflib.get_close_matches(name, sorted(known), 1, 0.5)
    nearest = near[0] if near else "、".join(sorted(known)[:8])
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
