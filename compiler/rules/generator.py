"""How Jinja's compiler writes the code of a template: fields are read without a call, and texts put out in one piece.

A page asks for five thousand fields, and hardly one of them is missing or a method; it puts out four thousand values,
most of them between two texts. What a template means stays Jinja's affair, and what it may read the sandbox's: two of
Jinja's nodes are written in another way. Only what compiles a template imports this, since it imports Jinja.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class FieldGenerator(CodeGenerator):
    """Writes what the sandbox of :mod:`compiler.rules.sandbox` runs."""

    def write_commons(self) -> None:
        """Write what stands at the beginning of a template."""
        super().write_commons()
        self.writeline("finalize = environment.finalize")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Read a field; where there is none, or a method, the sandbox says what that means."""
        value, field = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({field} if not callable({field} := getattr(({value} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, callable)) else environment.getattr({value}, {node.attr!r}))")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Put out texts and values in one piece; letters and digits alone are the same however they are finalized."""
        self.writeline("yield ''.join((")
        for child in node.nodes:
            self.newline(child)
            if isinstance(child, nodes.TemplateData):
                self.write(f"{child.data!r},")
                continue
            value = self.temporary_identifier()
            self.write(f"{value} if type({value} := ")
            self.visit(child, frame)
            self.write(f") is str and {value}.isalnum() else finalize({value}),")
        self.writeline("))")
