"""Simple statements of a line and what becomes of each in, the lines that take its place out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import libcst as cst

from session_first.rewrite.session import Statement

Line = cst.SimpleStatementLine | cst.SimpleStatementSuite
Small = cst.BaseSmallStatement

_DEFAULT = cst.MaybeSentinel.DEFAULT


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one statement of a line (None: it goes), and what comes before and after it."""

    statement: Small | None
    before: tuple[Small, ...] = ()
    after: tuple[Small, ...] = ()


def small(source: str) -> Small | None:
    """The simple statement that the source is, None if it is none."""
    statement = cst.parse_statement(source)
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def named(name: str, value: cst.BaseExpression) -> cst.Assign:
    """The statement that gives the value a name."""
    return cst.Assign([cst.AssignTarget(cst.Name(name))], value)


def change_suite(suite: cst.SimpleStatementSuite, parts: Sequence[Part]) -> cst.SimpleStatementSuite:
    """The one-line suite with these parts; `pass` where nothing is left."""
    return suite.with_changes(body=_in_a_row(suite.body, parts) or [cst.Pass()])


def change_line(
    line: cst.SimpleStatementLine, parts: Sequence[Part]
) -> tuple[tuple[cst.SimpleStatementLine, ...], bool]:
    """The lines that take the line's place, and whether they are but a `pass` because nothing is left.

    What comes before or after a statement that has its line to itself gets a line of its own as well.
    """
    body = _in_a_row(line.body, parts)
    if not body:
        return (line.with_changes(body=[cst.Pass()], trailing_whitespace=cst.TrailingWhitespace()),), True
    if len(line.body) > 1:
        return (line.with_changes(body=body),), False
    [part] = parts
    lines = alone([*part.before, *((part.statement,) if part.statement is not None else ()), *part.after])
    if part.statement is not None:
        own = part.statement.with_changes(semicolon=line.body[0].semicolon)
        lines[len(part.before)] = line.with_changes(body=[own], leading_lines=())
    lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
    return tuple(lines), False


def alone(statements: Sequence[Small]) -> list[cst.SimpleStatementLine]:
    """The statements, each on a line of its own."""
    return [cst.SimpleStatementLine([part.with_changes(semicolon=_DEFAULT)]) for part in statements]


def _in_a_row(body: Sequence[Small], parts: Sequence[Part]) -> list[Small]:
    row: list[Small] = []
    between = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
    for index, (old, part) in enumerate(zip(body, parts, strict=True)):
        own = () if part.statement is None else (part.statement,)
        new = [*part.before, *own, *part.after]
        new[:-1] = [statement.with_changes(semicolon=between) for statement in new[:-1]]
        if new:
            new[-1] = new[-1].with_changes(semicolon=old.semicolon)
        elif row and index == len(body) - 1:
            row[-1] = row[-1].with_changes(semicolon=old.semicolon)
        row += new
    return row


def without_lines(
    body: Sequence[Statement], dropped: Collection[cst.CSTNode]
) -> tuple[list[Statement], list[cst.EmptyLine]]:
    """The block's statements without the dropped lines, and the comments left at its end.

    The lines above a dropped line stay, but for blank ones that would begin the block or be beside others.
    """
    kept: list[Statement] = []
    pending: list[cst.EmptyLine] | None = None  # above dropped lines
    for statement in body:
        lines = [*statement.leading_lines]
        if pending is not None:
            lines = _joined(pending, lines)
        if statement in dropped:
            pending = lines
            continue
        if pending is None:
            kept.append(statement)
        else:
            lines = lines if kept else lines[_blank(lines) :]
            kept.append(statement.with_changes(leading_lines=lines))
        pending = None
    left = pending or []
    end = len(left) - _blank(left[::-1])
    return kept, left[0 if kept else min(_blank(left), end) : end]


def _joined(above: Sequence[cst.EmptyLine], below: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """Both, with no more blank lines in between than one of them has."""
    upper, lower = _blank(above[::-1]), _blank(below)
    if upper > lower:
        return [*above, *below[lower:]]
    return [*above[: len(above) - upper], *below]


def _blank(lines: Sequence[cst.EmptyLine]) -> int:
    """How many blank lines they begin with."""
    return next((number for number, line in enumerate(lines) if line.comment is not None), len(lines))
