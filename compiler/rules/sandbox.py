"""The sandbox that templates run in: what they may say, and what each thing may cost.

The syntax tree is checked before it runs, and only output, ``if``, ``for`` and ``set`` over given names and a fixed
list of filters remain. No macro, import, include, recursion, method call, power, list of anything but constants, or
attribute that begins with an underscore; repeating a text and filling format strings are refused while running;
loops nest a few deep at most and watch the clock; every text that is joined has a limit. So a template ends, and what
it costs is bounded.
"""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

MAX_PIECE: Final = 20_000
"""The longest text that a template may put together in one value, in characters."""

MAX_NUMBER_DIGITS: Final = 40
"""The most digits of a product; keeps a chain of multiplications from growing without end."""

FILTERS: Final = frozenset(
    {"abs", "count", "d", "default", "first", "int", "join", "last", "length", "list", "map", "max", "min", "reject"}
    | {"rejectattr", "replace", "reverse", "select", "selectattr", "sort", "sum", "trim", "unique"}
)
"""The built-in filters that are left in; they give no more than they are given, or a bounded amount."""


_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that no HTML file may hold, and those that turn the direction of all that follows."""


_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
"""What stands for each character of markup; & comes first, since the others bring one along."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a template may be and do: characters of its source and output, depth of loops, seconds of a run.

    ``markup`` tells that it writes HTML: what it puts out is escaped.
    """

    source: int
    output: int
    nesting: int
    seconds: float = 60.0
    markup: bool = False


class TooLong(Exception):
    """A text passed its limit."""


class OutOfTime(Exception):
    """A template took longer than its bounds allow."""


_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


class time_of:
    """Let the loops of a template that runs meanwhile raise :class:`OutOfTime` once its time is over."""

    def __init__(self, bounds: Bounds) -> None:
        self._seconds = bounds.seconds

    def __enter__(self) -> None:
        self._token = _deadline.set(time.monotonic() + self._seconds)

    def __exit__(self, *_: object) -> None:
        _deadline.reset(self._token)


# --- the environment ---------------------------------------------------------------------------


class Functions:
    """Hashable by identity, so that one environment is kept for one set of functions."""

    def __init__(self, functions: Mapping[str, Callable[..., object]]) -> None:
        self.functions = functions

    def __hash__(self) -> int:
        return id(self.functions) if self.functions else 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Functions):
            return NotImplemented
        return self.functions is other.functions or not (self.functions or other.functions)


@lru_cache(maxsize=8)
def environment_of(functions: Functions, bounds: Bounds) -> Environment:
    """Return a sandboxed environment with the allowed filters and ``functions``."""
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.nodes import EvalContext
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from compiler.rules.generator import FieldGenerator

    class Missing(StrictUndefined):
        """Tells the nearest name of the thing that lacks the attribute."""

        @property
        def _undefined_message(self) -> str:
            name = str(self._undefined_name)
            known: list[str] = []
            if isinstance(self._undefined_obj, Mapping):
                known = [str(key) for key in self._undefined_obj]
            elif fields := getattr(type(self._undefined_obj), "_fields", ()):
                known = [*fields]
            elif getattr(type(self._undefined_obj), "__slots__", ()):
                known = [key for key in dir(self._undefined_obj) if not key.startswith("_")]
            return f"'{name}'{'、'.join(difflib.get_close_matches(name, known, 1, 0.5) or known[:8])}"

    class Sandbox(ImmutableSandboxedEnvironment):
        """Also refuses what grows without end and attributes that are not data."""

        intercepted_binops = frozenset({"*", "%", "+"})
        code_generator_class = FieldGenerator

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
            if _is_sequence(value) and len(value) > MAX_PIECE:
                raise TooLong
            return value

    class Seen(Context):
        """What one run sees. Jinja would make anew what is the same for all, since no template may change it."""

        eval_ctx: EvalContext

        def __init__(self, environment: Environment, parent: dict[str, Any], *_: object, **__: object) -> None:
            self.environment, self.parent, self.vars = environment, parent, {}
            self.name, self.blocks, self.exported_vars = None, {}, set()

    environment = Sandbox(
        undefined=Missing,
        autoescape=False,  # what is put out in HTML is escaped by its finalizer
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=bounds.markup,
        cache_size=0,
        finalize=escaped if bounds.markup else plain,
    )
    environment.globals.clear()
    for name in [*environment.filters]:
        if name not in FILTERS:
            del environment.filters[name]
    environment.filters["replace"] = _replace
    environment.filters["join"] = _join
    environment.filters["sum"] = _sum
    environment.filters["trim"] = lambda value: plain(value).strip()
    environment.filters[_CONCATENATE] = _join
    environment.filters[_WATCHED] = _watched
    for name, function in functions.functions.items():
        environment.filters[name] = function
    environment.context_class, Seen.eval_ctx = Seen, EvalContext(environment)
    return environment


def _is_sequence(value: object) -> bool:
    return isinstance(value, (str, bytes, list, tuple))


def plain(value: object) -> str:
    """Return a value as text. A list has none: printing one is a slip, and nested ones have no bound."""
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    if value is None:
        return ""
    from jinja2 import Undefined

    if isinstance(value, (list, tuple, dict, set, frozenset, bytes)) and not hasattr(value, "plain"):
        raise TypeError("这是一个列表，不能直接写出；请用 |join('、') 连起来")
    if isinstance(value, Undefined):
        # ``{{ a if b }}`` with a false b gives an undefined with a hint: nothing is to be written there.
        return "" if value._undefined_hint else str(value)  # the latter raises, with the name
    return value if isinstance(value, str) and hasattr(value, "__html__") else str(value)


class Html(str):
    """A text that is HTML already, and is written as it stands."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def escaped(value: object) -> str:
    """Return a value as text for HTML: escaped, unless it is markup, with one mark for what no HTML file may hold."""
    if type(value) is Html:
        return value
    text = value if type(value) is str else plain(value)
    if not text.isprintable():
        text = type(text)(_UNPRINTABLE.sub("\ufffd", text))
    # A page asks ten thousand times: five looks for one character each take a third of one for any of them.
    if not ("&" in text or "<" in text or ">" in text or '"' in text or "'" in text) or hasattr(text, "__html__"):
        return text
    for character, entity in _ENTITIES.items():
        text = text.replace(character, entity)
    return text


def _replace(text: object, old: object, new: object) -> str:
    """Replace, but never to more than a text may hold: chained, it would square its length."""
    given, before, after = plain(text), plain(old), plain(new)
    if len(given) + given.count(before) * max(0, len(after) - len(before)) > MAX_PIECE:
        raise TooLong
    return given.replace(before, after)


def _join(values: Any, separator: object = "", attribute: str | None = None) -> str:
    """Join with the Chinese enumeration comma in mind; bounded like :func:`_replace`."""
    pieces: list[str] = []
    length = 0
    between = plain(separator)
    for value in values:
        if attribute is not None:
            value = _field(value, attribute)
        piece = plain(value)
        length += len(piece) + len(between)
        if length > MAX_PIECE:
            raise TooLong
        pieces.append(piece)
    return between.join(pieces)


def _sum(values: Iterable[Any], attribute: str | None = None) -> Any:
    """Add numbers; of texts and lists the sum would be a copy of them all."""
    total: Any = 0
    for value in values:
        number = value if attribute is None else _field(value, attribute)
        if _is_sequence(number):
            raise TypeError("not a number: invalid literal")
        total += number
    return total


def _field(value: Any, name: str) -> Any:
    if name.startswith("_"):
        raise TooLong
    return value.get(name, "") if isinstance(value, Mapping) else getattr(value, name)


def _watched(values: Iterable[Any]) -> Iterator[Any]:
    """Yield the items of a loop as long as the template's time is not over."""
    deadline = _deadline.get()
    for value in values:
        if time.monotonic() > deadline:
            raise OutOfTime
        yield value


_CONCATENATE: Final = "concatenated"
_WATCHED: Final = "watched"


def bounded(tree: nodes.Template, environment: Environment) -> nodes.Template:
    """Put a limit on each ``~`` and a clock on each loop.

    ``{% set a = a ~ a %}`` thirty times fills the memory; three loops over a long list inside one another do not end.
    """
    from jinja2 import nodes
    from jinja2.visitor import NodeTransformer

    class Transformer(NodeTransformer):
        def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
            self.generic_visit(node)
            pieces = nodes.List(node.nodes, lineno=node.lineno)
            return nodes.Filter(pieces, _CONCATENATE, [], [], None, None, lineno=node.lineno)

        def visit_For(self, node: nodes.For) -> nodes.Node:
            self.generic_visit(node)
            node.iter = nodes.Filter(node.iter, _WATCHED, [], [], None, None, lineno=node.lineno)
            return node

    changed: nodes.Template = Transformer().visit(tree)
    changed.set_environment(environment)
    return changed


# --- what may not be said ----------------------------------------------------------------------


def refused(
    tree: nodes.Template, environment: Environment, bounds: Bounds
) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield code, line and fields of an issue for each construct that is not allowed."""
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
        elif isinstance(node, nodes.Dict) and not all(_is_constant(item.value) for item in node.items):
            what = "把算出来的东西装进字典"
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
            yield "T106", node.lineno, {"name": node.name, "nearest": near[0] if near else "join", "kind": "过滤器"}
            continue
        elif isinstance(node, nodes.Test) and node.name not in environment.tests:
            near = difflib.get_close_matches(node.name, [*environment.tests], 1, 0.5)
            yield "T106", node.lineno, {"name": node.name, "nearest": near[0] if near else "defined", "kind": "判断"}
            continue
        if what:
            yield "T102", node.lineno, {"what": what}
    if _depth(tree, 0) > bounds.nesting:
        yield "T102", 1, {"what": f"超过{bounds.nesting}层的循环"}


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
