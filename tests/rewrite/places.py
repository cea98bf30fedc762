"""A text and a part of it in, the position of that part out; a text and edits in, the new text out."""

from __future__ import annotations

import ast
from pathlib import Path

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
    UseSession,
)
from session_first.rewrite import rewrite
from session_first.source import SourceFile, decode, parse, split_lines

PATH = Path("project/app.py")


def place(text: str, part: str, nth: int = 0) -> Position:
    """Where `part` starts in `text`, the first time or the `nth` time after that."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    return _position(text, at)


def span(text: str, part: str, nth: int = 0) -> tuple[Position, Position]:
    """Where `part` starts and ends in `text`."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    return _position(text, at), _position(text, at + len(part))


def _position(text: str, offset: int) -> Position:
    lines = split_lines(text[:offset] + "|")  # so that the last line has no ending
    return Position(len(lines), len(lines[-1]) - 1)


def expression(
    text: str, part: str, kind: type[ast.expr] = ast.Call, nth: int = 0
) -> tuple[Position, Position]:
    """Where the shortest expression of a kind that begins as `part` does starts and ends, as ast has it."""
    source = file(text)
    start = place(text, part, nth)
    ends = [
        source.end(node)
        for node in ast.walk(parse(source))
        if isinstance(node, kind)
        and source.start(node) == start
        and source.segment(start, source.end(node)).startswith(part)
    ]
    return start, min(ends)


def change(
    text: str,
    part: str,
    *,
    callee: str | None = None,
    first: str | None = None,
    removed: tuple[str, ...] = (),
    added: tuple[tuple[str, str], ...] = (),
    nth: int = 0,
) -> ChangeCall:
    """The edit of the call that begins with `part`, of which the arguments that begin so go."""
    start, end = expression(text, part, nth=nth)
    inside = file(text).segment(start, end)
    gone = []
    for argument in removed:
        at = inside.index(argument)
        line = inside.count("\n", 0, at)
        column = at - (inside.rfind("\n", 0, at) + 1)
        gone.append(Position(start.line + line, column if line else start.column + column))
    return ChangeCall(start, end, callee, first, tuple(gone), added)


def unwrap(text: str, part: str, inner: str) -> Unwrap:
    """The edit that puts `inner` in the place of `part`, which holds it."""
    at, within = text.index(part), part.index(inner)
    return Unwrap(*span(text, part), _position(text, at + within), _position(text, at + within + len(inner)))


def replaced(text: str, part: str, source: str, nth: int = 0) -> ReplaceExpression:
    """The edit that puts `source` in the place of `part`."""
    return ReplaceExpression(*span(text, part, nth), source)


def without_entries(text: str, part: str, *entries: str) -> RemoveEntries:
    """The edit that takes entries, by what they begin with, out of the dict display `part`."""
    return RemoveEntries(*span(text, part), tuple(place(text, entry) for entry in entries))


def hoist(text: str, statement: str, part: str, name: str, *follow: str) -> HoistExpression:
    """The edit that names `part` before the statement that begins with `statement`."""
    return HoistExpression(place(text, statement), *span(text, part), name, follow)


def removed(text: str, statement: str, nth: int = 0) -> RemoveStatement:
    """The edit that takes out the statement that begins so."""
    return RemoveStatement(place(text, statement, nth))


def added(text: str, statement: str, source: str) -> AddStatement:
    """The edit that puts `source` after the statement that begins with `statement`."""
    return AddStatement(place(text, statement), source)


def use(
    text: str,
    part: str = "boto3.client",
    nth: int = 0,
    *,
    receiver: str = "session",
    attribute: str = "client",
) -> UseSession:
    """The edit that makes `part` use the session."""
    return UseSession(*span(text, part, nth), receiver, attribute)


def file(text: str, encoding: str = "utf-8") -> SourceFile:
    """The file whose bytes are `text` in `encoding`."""
    return decode(PATH, text.encode(encoding))


def rewritten(text: str, *edits: Edit) -> str:
    """The text after the edits."""
    return rewrite(file(text), edits).decode()
