"""A file in; edits of its simple statements, and the tree that they must lead to, out. The tree is changed as a tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.model import (
    AddStatement,
    ChangeCall,
    Edit,
    HoistExpression,
    Position,
    RemoveEntries,
    RemoveStatement,
    ReplaceExpression,
    Unwrap,
)
from session_first.source import SourceFile
from tests.rewrite.oracle import Choose, blocks, exact, own_line

NAME = "name_of_the_oracle"

_VALUES = {
    ast.Expr: ("value",),
    ast.Assign: ("value",),
    ast.AugAssign: ("value",),
    ast.Return: ("value",),
    ast.Assert: ("test", "msg"),
    ast.Raise: ("exc", "cause"),
}
_UNEXACT = (ast.JoinedStr, ast.GeneratorExp, ast.Starred)


def reworked(source: SourceFile, tree: ast.Module, choose: Choose) -> list[Edit]:
    """Edits of some simple statements; `tree` becomes what they make of it."""
    return list(_reworked(source, tree, choose))


def _reworked(source: SourceFile, tree: ast.Module, choose: Choose) -> Iterator[Edit]:
    for block in [block for node in exact(tree) for block in blocks(node)]:
        changed: list[ast.stmt] = []
        for statement in block:
            start = source.start(statement)
            simple = not hasattr(statement, "body") and not isinstance(statement, ast.Match)
            choice = choose(5) if simple else -1
            if choice == 0:
                yield RemoveStatement(start)
            elif choice == 1:
                work = _Work(source, statement, choose)
                yield from work.expressions()
                changed += work.before
                changed.append(statement)
            else:
                changed.append(statement)
            if simple and choose(6) == 0:
                yield AddStatement(start, f"{NAME}()")
                changed.append(ast.parse(f"{NAME}()").body[0])
        block[:] = changed or [ast.Pass()]


class _Work:
    """The expressions of one statement, which are changed on the way down."""

    def __init__(self, source: SourceFile, statement: ast.stmt, choose: Choose) -> None:
        self.before: list[ast.stmt] = []
        self._source = source
        self._statement = statement
        self._choose = choose
        self._hoist = own_line(source, statement)

    def expressions(self) -> Iterator[Edit]:
        for field in _VALUES.get(type(self._statement), ()):
            yield from self._within(self._statement, field)

    def _within(self, parent: ast.AST, field: str) -> Iterator[Edit]:
        node = getattr(parent, field)
        if not isinstance(node, ast.expr):
            return
        edits = self._edits(node)
        while True:
            try:
                yield next(edits)
            except StopIteration as end:
                setattr(parent, field, end.value)
                return
