"""A file in; edits of its simple statements, and the tree that they must lead to, out. The tree is changed as a tree."""

from __future__ import annotations

import ast

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
_OTHER = (ast.JoinedStr, ast.GeneratorExp, ast.Starred, ast.Slice)
"""What libcst has no node for, or ast no exact position."""


def reworked(source: SourceFile, tree: ast.Module, choose: Choose) -> list[Edit]:
    """Edits of some simple statements; `tree` becomes what they make of it."""
    edits: list[Edit] = []
    for block in [block for node in exact(tree) for block in blocks(node)]:
        changed: list[ast.stmt] = []
        for statement in block:
            simple = not hasattr(statement, "body") and not isinstance(statement, ast.Match)
            choice = choose(5) if simple else 2
            start = source.start(statement)
            if choice == 0:
                edits.append(RemoveStatement(start))
            elif choice == 1:
                work = _Work(source, statement, choose)
                work.change_statement()
                edits += work.edits
                changed += [*work.before, statement]
            else:
                changed.append(statement)
            if simple and choose(6) == 0:
                edits.append(AddStatement(start, f"{NAME}()"))
                changed.append(ast.parse(f"{NAME}()").body[0])
        block[:] = changed if changed or block is tree.body else [ast.Pass()]
    return edits


class _Work:
    """The expressions of one statement, which are changed on the way up."""

    def __init__(self, source: SourceFile, statement: ast.stmt, choose: Choose) -> None:
        self.edits: list[Edit] = []
        self.before: list[ast.stmt] = []
        self._source = source
        self._statement = statement
        self._choose = choose
        self._may_hoist = own_line(source, statement)

    def change_statement(self) -> None:
        for field in _VALUES.get(type(self._statement), ()):
            value = getattr(self._statement, field)
            if value is not None:
                setattr(self._statement, field, self._change(value))

    def _change(self, node: ast.expr) -> ast.expr:
        """What becomes of the expression."""
        if isinstance(node, _OTHER) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        start, end = self._source.start(node), self._source.end(node)
        if self._choose(6) == 0:
            self.edits.append(ReplaceExpression(start, end, NAME))
            return ast.Name(NAME, ast.Load())
        hoist = self._may_hoist and self._choose(4) == 0
        self._may_hoist &= not hoist
        new = self._changed(node, start, end)
        if hoist:
            statement = self._source.start(self._statement)
            self.edits.append(HoistExpression(statement, start, end, NAME, (f"{NAME}()",)))
            self.before += ast.parse(f"{NAME} = 1; {NAME}()").body
            assignment = self.before[0]
            assert isinstance(assignment, ast.Assign)
            assignment.value = new
            return ast.Name(NAME, ast.Load())
        return new

    def _changed(self, node: ast.expr, start: Position, end: Position) -> ast.expr:
        source, choose = self._source, self._choose
        if isinstance(node, ast.Call):
            self._change_call(node, start, end)
            return node
        if isinstance(node, ast.Subscript | ast.Attribute | ast.Await) and choose(3) == 0:
            inner = node.value
            if not isinstance(inner, _OTHER):
                self.edits.append(Unwrap(start, end, source.start(inner), source.end(inner)))
                return self._change(inner)
        if isinstance(node, ast.Dict):
            kept = []
            gone = []
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and choose(3) == 0:
                    gone.append(source.start(key))
                else:
                    kept.append((key, value))
            node.keys, node.values = [key for key, _ in kept], [value for _, value in kept]
            if gone:
                self.edits.append(RemoveEntries(start, end, tuple(gone)))
        self._change_parts(node)
        return node

    def _change_parts(self, node: ast.expr) -> None:
        for field, value in ast.iter_fields(node):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and field == "slice":
                continue  # no expression of its own for libcst
            if isinstance(value, ast.expr):
                setattr(node, field, self._change(value))
            elif isinstance(value, list):
                value[:] = [self._change(part) if isinstance(part, ast.expr) else part for part in value]

    def _change_call(self, call: ast.Call, start: Position, end: Position) -> None:
        source, choose = self._source, self._choose
        callee = f"{NAME}.f" if choose(2) else None
        if callee is None:
            call.func = self._change(call.func)
        else:
            call.func = ast.parse(callee, mode="eval").body
        first: str | None = None
        added: tuple[tuple[str, str], ...] = ()
        gone: list[Position] = []
        if not any(isinstance(arg, ast.GeneratorExp) for arg in call.args):
            for arg in [arg for arg in call.args if choose(3) == 0]:
                call.args.remove(arg)
                gone.append(source.start(arg))
            for keyword in [keyword for keyword in call.keywords if choose(3) == 0]:
                call.keywords.remove(keyword)
                gone.append(source.position(keyword.lineno, keyword.col_offset))
            if choose(3) == 0:
                added = (("key_of_the_oracle", "1"),)
            if choose(3) == 0:
                first = f"{NAME} or {NAME}"
        for part in call.keywords:
            part.value = self._change(part.value)
        call.args[:] = [self._change(arg) for arg in call.args]
        for name, value in added:
            unpacked = (index for index, part in enumerate(call.keywords) if part.arg is None)
            new = ast.keyword(name, ast.parse(value, mode="eval").body)
            call.keywords.insert(next(unpacked, len(call.keywords)), new)
        if first is not None:
            call.args.insert(0, ast.parse(first, mode="eval").body)
        if callee is not None or first is not None or added or gone:
            self.edits.append(ChangeCall(start, end, callee, first, tuple(gone), added))
