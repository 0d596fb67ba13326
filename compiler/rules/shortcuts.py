"""Expressions that only put texts together (``{{ row.name }}{{ row.goal|dash }}``), without the machinery of Jinja.

Nearly every cell of a table is one: a thousand briefings hold four hundred thousand of them. What they mean is Jinja's
affair: whatever is not a text in the end (a name that is missing, a list, a function that fails) is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, nodes


@dataclass(frozen=True, slots=True)
class _Value:
    """A name or a field of it, and the functions that it goes through, each with its constants."""

    name: str
    field: str
    functions: tuple[tuple[Callable[..., Any], tuple[object, ...]], ...]


class Shortcut:
    """An expression as a row of texts and values."""

    __slots__ = ("_pieces",)

    def __init__(self, pieces: tuple[str | _Value, ...]) -> None:
        self._pieces = pieces

    @classmethod
    def of(cls, tree: nodes.Template, environment: Environment) -> Shortcut | None:
        """Return the shortcut of an expression; None where it does more than put texts together."""
        from jinja2 import nodes

        pieces: list[str | _Value] = []
        for output in tree.body:
            if not isinstance(output, nodes.Output):
                return None
            for node in output.nodes:
                piece = node.data if isinstance(node, nodes.TemplateData) else _value(node, environment)
                if piece is None:
                    return None
                pieces.append(piece)
        return cls(tuple(pieces))

    def text(self, context: Mapping[str, object]) -> str | None:
        """Return the text over ``context``; None where Jinja has to say what it is, or what is wrong."""
        found: list[str] = []
        for piece in self._pieces:
            if type(piece) is str:
                found.append(piece)
                continue
            assert isinstance(piece, _Value)
            value = context.get(piece.name)
            if piece.field:
                value = getattr(value, piece.field, None)
            if value is None:
                return None
            try:
                for function, constants in piece.functions:
                    value = function(value, *constants)
            except Exception:  # told with its place when Jinja comes upon it
                return None
            if type(value) is not str:
                return None
            found.append(value)
        return "".join(found)


def _value(node: nodes.Node, environment: Environment) -> _Value | None:
    from jinja2 import nodes

    functions: list[tuple[Callable[..., Any], tuple[object, ...]]] = []
    while isinstance(node, nodes.Filter):
        function = environment.filters.get(node.name)
        plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and node.node is not None
        constants = tuple(one.value for one in node.args if isinstance(one, nodes.Const))
        # A function that asks for more of Jinja than its value is Jinja's to call.
        if function is None or not plain or len(constants) < len(node.args) or hasattr(function, "jinja_pass_arg"):
            return None
        functions.insert(0, (function, constants))
        assert node.node is not None
        node = node.node
    field = ""
    if isinstance(node, nodes.Getattr):
        field, node = node.attr, node.node
    return _Value(node.name, field, tuple(functions)) if isinstance(node, nodes.Name) else None
