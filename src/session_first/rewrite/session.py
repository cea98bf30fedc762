"""An expression or statement that uses the default session in, the same with the session parameter out."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from session_first.model import FillSession, UseSession

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def use(expression: cst.Name | cst.Attribute, edit: UseSession) -> cst.Attribute:
    """The expression as an attribute of the receiver; parentheses, comments and spacing around it stay."""
    receiver = cst.parse_expression(edit.receiver)
    if isinstance(expression, cst.Name):
        name = cst.Name(edit.attribute)
        return cst.Attribute(receiver, name, lpar=expression.lpar, rpar=expression.rpar)
    module = expression.value
    if module.lpar:
        receiver = receiver.with_changes(lpar=module.lpar, rpar=module.rpar)
    return expression.with_changes(value=receiver, attr=expression.attr.with_changes(value=edit.attribute))


def fill(statement: Statement, edit: FillSession, indent: str | None) -> tuple[Statement, Statement]:
    """The statement that fills the parameter, and the given one after it.

    Comments directly above the given statement stay with it; what is above them comes first.
    `indent` is what the block around is indented by, None for the module's usual.
    """
    filling = cst.ensure_type(
        cst.parse_statement(f"if not {edit.name}:\n    {edit.name} = {edit.boto3}._get_default_session()\n"),
        cst.If,
    )
    body = cst.ensure_type(filling.body, cst.IndentedBlock).with_changes(indent=indent)
    return put_before(statement, filling.with_changes(body=body))


def put_before(statement: Statement, new: Statement, *, apart: bool = False) -> tuple[Statement, Statement]:
    """`new` and the statement after it. Comments directly above the statement stay with it; what is above them comes
    first. `apart`: a function or class keeps its distance."""
    own = _own_comments(statement.leading_lines)
    above = statement.leading_lines[: len(statement.leading_lines) - len(own)]
    if apart and isinstance(statement, cst.FunctionDef | cst.ClassDef):
        blank = [line for line in above if line.comment is None]
        own = [*blank, *own]
    return new.with_changes(leading_lines=above), statement.with_changes(leading_lines=own)


def _own_comments(lines: Sequence[cst.EmptyLine]) -> Sequence[cst.EmptyLine]:
    """The comment lines at the end, without a signature's type comment, which must stay first in the body."""
    start = len(lines)
    while start > 0 and _comment(lines[start - 1]) and not _comment(lines[start - 1]).startswith("# type:"):
        start -= 1
    return lines[start:]


def _comment(line: cst.EmptyLine) -> str:
    return "" if line.comment is None else line.comment.value
