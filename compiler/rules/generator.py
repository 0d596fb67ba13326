"""How Jinja's compiler writes the code of a template: fields are read without a call.

A page asks for five thousand fields, and hardly one of them is missing or a method. What a template means stays Jinja's
affair, and what it may read the sandbox's: one of Jinja's nodes is written in another way. Only what compiles a
template imports this, since it imports Jinja.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class FieldGenerator(CodeGenerator):
    """Writes what the sandbox of :mod:`compiler.rules.sandbox` runs."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Read a field; where there is none, or a method, the sandbox says what that means."""
        value, field = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({field} if not callable({field} := getattr(({value} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, callable)) else environment.getattr({value}, {node.attr!r}))")
