"""An expression in; the string that it gives, or how that begins, out."""

from __future__ import annotations

import ast

from session_first.facts.names import Names, Scope

ANY = "*"
"""Ends a pattern behind whose known part anything may follow."""


class Patterns:
    """Answers for one module."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def of(self, node: ast.expr, depth: int = 3) -> str:
        """The string; its known beginning and `*`, where not all of it is known."""
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.JoinedStr(values=[ast.Constant(value=str(value)), *_]):
                return value + ANY
            case ast.BinOp(op=ast.Add(), left=left):
                return self.of(left, depth).removesuffix(ANY) + ANY
            case ast.Name() if depth:
                bindings = self._names.lookup(node.id, self.scope(node))
                if len(bindings) == 1 and bindings[0].kind == "assign" and bindings[0].value is not None:
                    return self.of(bindings[0].value, depth - 1)
        return ANY

    def scope(self, node: ast.AST) -> Scope:
        """The scope a node is evaluated in, near enough to look up names."""
        while node not in self._names.scopes:
            node = self._names.parents[node]
        return self._names.scopes[node]


def matches(pattern: str, name: str) -> bool:
    """Whether the pattern may be the name."""
    return name.startswith(pattern.removesuffix(ANY)) if pattern.endswith(ANY) else pattern == name
