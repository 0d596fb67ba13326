"""Expressions that only put texts together (``{{ row.name }}{{ row.goal|dash }}{% if row.remarks %}*{% endif %}``),
without the machinery of Jinja.

Nearly every cell of a table is one: a thousand briefings hold four hundred thousand of them. What they mean is Jinja's
affair: whatever is not a text in the end (a name that is missing, a list, a function that fails) is left to it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jinja2 import Environment, nodes


class _LeftToJinja(Exception):
    """What is met here is for Jinja to say."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A name or a field of it, and the functions that it goes through, each with its constants."""

    name: str
    field: str
    functions: tuple[tuple[Callable[..., Any], tuple[object, ...]], ...]

    def of(self, context: Mapping[str, object]) -> Any:
        value = context.get(self.name)
        if self.field:
            value = getattr(value, self.field, None)
        if value is None or callable(value):
            raise _LeftToJinja
        for function, constants in self.functions:
            value = function(value, *constants)
        return value


@dataclass(frozen=True, slots=True)
class _Constant:
    value: object

    def of(self, _: Mapping[str, object]) -> Any:
        return self.value


@dataclass(frozen=True, slots=True)
class _Not:
    one: _Test

    def of(self, context: Mapping[str, object]) -> bool:
        return not self.one.of(context)


@dataclass(frozen=True, slots=True)
class _And:
    one: _Test
    other: _Test

    def of(self, context: Mapping[str, object]) -> Any:
        return self.one.of(context) and self.other.of(context)


@dataclass(frozen=True, slots=True)
class _Or:
    one: _Test
    other: _Test

    def of(self, context: Mapping[str, object]) -> Any:
        return self.one.of(context) or self.other.of(context)


@dataclass(frozen=True, slots=True)
class _Compared:
    one: _Test
    by: Callable[[Any, Any], Any]
    other: _Test

    def of(self, context: Mapping[str, object]) -> Any:
        return self.by(self.one.of(context), self.other.of(context))


_Test = _Value | _Constant | _Not | _And | _Or | _Compared


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is written where a test holds, and where it does not."""

    test: _Test
    then: tuple[_Piece, ...]
    otherwise: tuple[_Piece, ...]


_Piece = str | _Value | _Choice

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    **{"eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "gteq": operator.ge, "lt": operator.lt},
    "lteq": operator.le,
}


class Shortcut:
    """An expression as a row of texts, values and choices between them."""

    __slots__ = ("_pieces",)

    def __init__(self, pieces: tuple[_Piece, ...]) -> None:
        self._pieces = pieces

    @classmethod
    def of(cls, tree: nodes.Template, environment: Environment) -> Shortcut | None:
        """Return the shortcut of an expression; None where it does more than put texts together."""
        try:
            return cls(_pieces(tree.body, environment))
        except _LeftToJinja:
            return None

    def text(self, context: Mapping[str, object]) -> str | None:
        """Return the text over ``context``; None where Jinja has to say what it is, or what is wrong."""
        found: list[str] = []
        try:
            _put(self._pieces, context, found)
        except Exception:  # told with its place when Jinja comes upon it
            return None
        return "".join(found)


def _put(pieces: Iterable[_Piece], context: Mapping[str, object], found: list[str]) -> None:
    for piece in pieces:
        if type(piece) is str:
            found.append(piece)
        elif type(piece) is _Value:
            value = piece.of(context)
            if type(value) is not str:
                raise _LeftToJinja
            found.append(value)
        else:
            assert isinstance(piece, _Choice)
            _put(piece.then if piece.test.of(context) else piece.otherwise, context, found)


def _pieces(body: Iterable[nodes.Node], environment: Environment) -> tuple[_Piece, ...]:
    from jinja2 import nodes

    found: list[_Piece] = []
    for node in body:
        if isinstance(node, nodes.Output):
            parts = node.nodes
            found += [one.data if isinstance(one, nodes.TemplateData) else _value(one, environment) for one in parts]
        elif isinstance(node, nodes.If) and not node.elif_:
            test, then = _test(node.test, environment), _pieces(node.body, environment)
            found.append(_Choice(test, then, _pieces(node.else_, environment)))
        else:
            raise _LeftToJinja
    return tuple(found)


def _test(node: nodes.Node, environment: Environment) -> _Test:
    from jinja2 import nodes

    if isinstance(node, nodes.Const):
        return _Constant(node.value)
    if isinstance(node, nodes.Not):
        return _Not(_test(node.node, environment))
    if isinstance(node, (nodes.And, nodes.Or)):
        kind = _And if isinstance(node, nodes.And) else _Or
        return kind(_test(node.left, environment), _test(node.right, environment))
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in _COMPARISONS:
        one, other = _test(node.expr, environment), _test(node.ops[0].expr, environment)
        return _Compared(one, _COMPARISONS[node.ops[0].op], other)
    return _value(node, environment)


def _value(node: nodes.Node, environment: Environment) -> _Value:
    from jinja2 import nodes

    functions: list[tuple[Callable[..., Any], tuple[object, ...]]] = []
    while isinstance(node, nodes.Filter):
        function = environment.filters.get(node.name)
        plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and node.node is not None
        constants = tuple(one.value for one in node.args if isinstance(one, nodes.Const))
        # A function that asks for more of Jinja than its value is Jinja's to call.
        if function is None or not plain or len(constants) < len(node.args) or hasattr(function, "jinja_pass_arg"):
            raise _LeftToJinja
        functions.insert(0, (function, constants))
        assert node.node is not None
        node = node.node
    field = ""
    if isinstance(node, nodes.Getattr):
        field, node = node.attr, node.node
    if not isinstance(node, nodes.Name):
        raise _LeftToJinja
    return _Value(node.name, field, tuple(functions))
