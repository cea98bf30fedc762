"""A node in; the function that runs it, and whether that function may catch what it raises, out."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from session_first.facts.handlers import catches_in
from session_first.facts.names import FunctionNode, Names


@dataclass(frozen=True, slots=True)
class Around:
    """The innermost function around a place, and whether an exception from there may be caught within it."""

    function: FunctionNode | None
    caught: bool


class Surroundings:
    """Answers for the nodes of one module."""

    def __init__(self, names: Names) -> None:
        self._parents = names.parents
        self._around_statement: dict[ast.stmt, Around] = {}

    def around(self, node: ast.AST) -> Around:
        """What is around `node`. Decorators and defaults belong to the function around theirs."""
        caught = False
        while not isinstance(node, ast.stmt):
            holder = self._parents[node]
            if isinstance(holder, ast.Lambda) and node is holder.body:
                return Around(holder, caught)
            caught = caught or (isinstance(node, ast.GeneratorExp) and not isinstance(holder, ast.Call))
            node = holder
        outer = self._of_statement(node)
        return Around(outer.function, caught=True) if caught else outer

    def _of_statement(self, statement: ast.stmt) -> Around:
        if statement not in self._around_statement:
            holder = self._parents[statement]
            while isinstance(holder, (ast.ExceptHandler, ast.match_case)):
                holder = self._parents[holder]
            if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef)):
                around = Around(holder, caught=False)
            elif isinstance(holder, ast.stmt):
                outer = self._of_statement(holder)
                around = Around(outer.function, outer.caught or catches_in(statement, holder))
            else:
                around = Around(None, caught=False)
            self._around_statement[statement] = around
        return self._around_statement[statement]
