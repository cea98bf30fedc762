"""A file and its edits in, the pieces of its text that hold them out: statements, or functions of classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from session_first.model import (
    AddClickOption,
    AddImport,
    AddSessionParameter,
    AddStatement,
    AddStatementBefore,
    ChangeCall,
    DocumentAssumedSession,
    DocumentParameter,
    Edit,
    FillSession,
    HoistExpression,
    PassSession,
    Position,
    RemoveEntries,
    RemoveImport,
    RemoveStatement,
    RenameKeyword,
    RenameParameter,
    ReplaceExpression,
    Unwrap,
    UseSession,
)
from session_first.rewrite.error import RewriteError
from session_first.source import SourceFile

MAX_DEPTH = 300
"""libcst's parser needs 2–6 KB of native stack a level, and nothing catches its overflow."""

_DECORATED = re.compile(r"[ \t\f]*(?=@)")
_CONTINUED = re.compile(r"[ \t\f;]*\\(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole statements from `start` to the end of the last one's line, indented by `indent`."""

    start: Position
    end: Position
    indent: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """The statements that share lines, mostly one."""

    start: Position
    end: Position
    statements: tuple[ast.stmt, ...]


def anchor(edit: Edit) -> Position:
    """Where the edit's place in the file begins; the first line for an import without a place."""
    match edit:
        case (
            AddSessionParameter()
            | AddClickOption()
            | DocumentParameter()
            | RenameParameter()
            | DocumentAssumedSession()
        ):
            return edit.function
        case FillSession() | RemoveImport():
            return edit.statement
        case RemoveStatement() | AddStatement() | AddStatementBefore() | HoistExpression():
            return edit.statement
        case (
            PassSession() | ChangeCall() | RenameKeyword() | Unwrap() | ReplaceExpression() | RemoveEntries()
        ):
            return edit.position
        case UseSession():
            return edit.callee
        case AddImport():
            return edit.beside or Position(1, 0)


def cut(source: SourceFile, tree: ast.Module, edits: Sequence[Edit]) -> list[Piece]:
    """The pieces, in the order of the text.

    Raises:
        RewriteError: an edit stands in no statement, or in one that is nested too deeply.
    """
    return list(_pieces(source, tree.body, edits, nested=False))


def _pieces(
    source: SourceFile, body: Sequence[ast.stmt], edits: Sequence[Edit], *, nested: bool
) -> Iterator[Piece]:
    left = list(edits)
    for unit in _units(source, body):
        own = [edit for edit in left if unit.start <= anchor(edit) < unit.end]
        if not own:
            continue
        left = [edit for edit in left if edit not in own]
        methods = _methods(source, unit)
        if methods and all(
            any(method.start <= anchor(edit) < method.end for method in methods) for edit in own
        ):
            functions = [statement for method in methods for statement in method.statements]
            yield from _pieces(source, functions, own, nested=True)
            continue
        if _depth(unit.statements) > MAX_DEPTH:
            raise RewriteError("the code is nested too deeply", anchor(own[0]))
        before = source.lines[unit.start.line - 1][: unit.start.column]
        indent = before.rpartition("\f")[2] if nested else ""  # columns count from the form feed
        yield Piece(unit.start, unit.end, indent, tuple(own))
    if left:
        raise RewriteError("there is no statement here", anchor(left[0]))


def _methods(source: SourceFile, unit: _Unit) -> list[_Unit]:
    """The functions of the class that the unit is."""
    [first, *others] = unit.statements
    if others or not isinstance(first, ast.ClassDef):
        return []
    return [part for part in _units(source, first.body) if isinstance(part.statements[0], _NESTED)]


_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _units(source: SourceFile, body: Sequence[ast.stmt]) -> Iterator[_Unit]:
    together: list[ast.stmt] = []
    for statement in body:
        if together and statement.lineno > statement_end(source, together[-1]).line:
            yield _unit(source, together)
            together = []
        together.append(statement)
    if together:
        yield _unit(source, together)


def _unit(source: SourceFile, statements: Sequence[ast.stmt]) -> _Unit:
    return _Unit(
        statement_start(source, statements[0]), statement_end(source, statements[-1]), tuple(statements)
    )


def statement_start(source: SourceFile, statement: ast.stmt) -> Position:
    """Where the statement begins, its decorators included."""
    if isinstance(statement, _NESTED) and statement.decorator_list:
        number = statement.decorator_list[0].lineno - 1
        while (match := _DECORATED.match(source.lines[number])) is None:
            number -= 1  # brackets or a backslash behind the `@`
        return Position(number + 1, match.end())
    return source.start(statement)


def statement_end(source: SourceFile, statement: ast.stmt) -> Position:
    """Where the statement's logical line ends, its newline included."""
    end = source.end(statement)
    number = end.line - 1
    rest = source.lines[number][end.column :]
    while _CONTINUED.fullmatch(rest) and number + 1 < len(source.lines):
        number += 1
        rest = source.lines[number]
    return Position(number + 1, len(source.lines[number]))


def _depth(statements: Sequence[ast.stmt]) -> int:
    """How deeply libcst nests the statements: it has a level for each operand of `a and b and …` too."""
    deepest = 0
    waiting: list[tuple[ast.AST, int]] = [(statement, 1) for statement in statements]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, ast.BoolOp):
            depth += len(node.values)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            depth += len(node.generators)
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return deepest
