"""A module and a statement that is to come before one of its own in, the text and what it takes the place of out."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from session_first.model import AddStatementBefore, Position
from session_first.rewrite.pieces import statement_end, statement_start
from session_first.source import SourceFile

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text in the place of the blank lines from `start` to `end`."""

    start: Position
    end: Position
    text: str


def insertion(
    source: SourceFile, tree: ast.Module, edit: AddStatementBefore, newline: str
) -> Insertion | None:
    """How the statement comes before one of the module itself, and the comments above that; None where it is to come before
    another. A function or class keeps its distance to what is above it."""
    index = next((at for at, part in enumerate(tree.body) if source.start(part) == edit.statement), None)
    if index is None:
        return None
    statement = tree.body[index]
    start = statement_start(source, statement)
    if start.column:
        return None  # behind a semicolon or a form feed
    first = statement_end(source, tree.body[index - 1]).line + 1 if index else 1
    line = start.line
    while line > first and source.lines[line - 2].startswith("#"):
        line -= 1
    if not index and line == 1:
        line = start.line  # what the file begins with stays there
    above = line
    while above > first and not source.lines[above - 2].strip():
        above -= 1
    blank = line - above
    before = blank
    after = 0
    if isinstance(statement, _DEFINITIONS):
        after = blank
        if not (index and isinstance(tree.body[index - 1], _DEFINITIONS)):
            before = min(blank, 1)
    text = f"{newline * before}{edit.source}{newline}{newline * after}"
    return Insertion(Position(above, 0), Position(line, 0), text)
