"""A line of import statements and the edits of it in, the lines that take its place out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from session_first.model import AddImport, RemoveImport
from session_first.rewrite import commas
from session_first.rewrite.error import RewriteError
from session_first.rewrite.session import Statement

Import = cst.Import | cst.ImportFrom
Line = cst.SimpleStatementLine | cst.SimpleStatementSuite


@dataclass(frozen=True, slots=True)
class LineEdits:
    """The edits of the statement at `index` of its line."""

    index: int
    added: tuple[AddImport, ...]
    removed: tuple[RemoveImport, ...]


def change_suite(suite: cst.SimpleStatementSuite, edits: Sequence[LineEdits]) -> cst.SimpleStatementSuite:
    """The one-line suite after the edits; `pass` where nothing is left."""
    return suite.with_changes(body=_changed(suite.body, edits) or [cst.Pass()])


def change_line(
    line: cst.SimpleStatementLine, edits: Sequence[LineEdits]
) -> tuple[tuple[cst.SimpleStatementLine, ...], bool]:
    """The lines that take the line's place, and whether they are but a `pass` because nothing is left.

    What is added to an import that has its line to itself gets a line of its own as well.
    """
    body = _changed(line.body, edits)
    if not body:
        return (line.with_changes(body=[cst.Pass()], trailing_whitespace=cst.TrailingWhitespace()),), True
    if len(line.body) > 1:
        return (line.with_changes(body=body),), False
    *before, last = (part.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for part in body)
    lines = [cst.SimpleStatementLine([part]) for part in before]
    kept = line.with_changes(body=[last.with_changes(semicolon=body[-1].semicolon)])
    if lines:
        lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
        kept = kept.with_changes(leading_lines=())
    return (*lines, kept), False


def _changed(
    body: Sequence[cst.BaseSmallStatement], edits: Sequence[LineEdits]
) -> list[cst.BaseSmallStatement]:
    parts: list[cst.BaseSmallStatement] = []
    for index, part in enumerate(body):
        own = [edit for edit in edits if edit.index == index]
        if not own:
            parts.append(part)
            continue
        [wanted] = own
        assert isinstance(part, Import)
        new = [_statement(edit) for edit in wanted.added]
        remaining = _without(part, wanted.removed)
        if remaining is not None:
            new.append(remaining)
        between = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
        new[:-1] = [statement.with_changes(semicolon=between) for statement in new[:-1]]
        if new:
            new[-1] = new[-1].with_changes(semicolon=part.semicolon)
        elif parts and index == len(body) - 1:
            parts[-1] = parts[-1].with_changes(semicolon=part.semicolon)
        parts += new
    return parts


def _statement(edit: AddImport) -> Import:
    text = f"import {edit.module}" if edit.name is None else f"from {edit.module} import {edit.name}"
    line = cst.ensure_type(cst.parse_statement(text), cst.SimpleStatementLine)
    [statement] = line.body
    assert isinstance(statement, Import)
    return statement


def _without(statement: Import, removed: Sequence[RemoveImport]) -> Import | None:
    """The statement without these names, None where none is left."""
    for edit in removed:
        names = () if isinstance(statement.names, cst.ImportStar) else statement.names
        indices = [index for index, name in enumerate(names) if bound_name(name) == edit.name]
        if len(indices) != 1:
            raise RewriteError(f"the import does not bind `{edit.name}` once", edit.statement)
        if len(names) == 1:
            if edit is not removed[-1]:
                raise RewriteError(f"the import does not bind `{removed[-1].name}` besides", edit.statement)
            return None
        statement = _respaced(
            statement,
            [name for index, name in enumerate(names) if index != indices[0]],
            commas.remove(_spacing(statement, names), indices[0]),
        )
    return statement


def bound_name(alias: cst.ImportAlias) -> str:
    """The name that the alias binds."""
    if alias.asname is not None:
        return cst.ensure_type(alias.asname.name, cst.Name).value
    return alias.evaluated_name.partition(".")[0]


def extend(statement: cst.ImportFrom, name: str, *, index: int, fits: bool) -> cst.ImportFrom:
    """The `from` import with one name more, in the style of the others."""
    assert not isinstance(statement.names, cst.ImportStar)
    names = [*statement.names]
    aligned = cst.SimpleWhitespace(" ")  # without parentheses there is no line to break
    spacing = commas.insert(_spacing(statement, names), index, fits=fits, aligned=aligned)
    names.insert(index, cst.ImportAlias(cst.Name(name)))
    return cst.ensure_type(_respaced(statement, names, spacing), cst.ImportFrom)


def _spacing(statement: Import, names: Sequence[cst.ImportAlias]) -> commas.Spacing:
    opening: commas.Whitespace = commas.NOTHING
    closing: commas.Whitespace = commas.NOTHING
    if isinstance(statement, cst.ImportFrom) and statement.lpar and statement.rpar:
        opening, closing = statement.lpar.whitespace_after, statement.rpar.whitespace_before
    gaps = [commas.Gap(name.comma if isinstance(name.comma, cst.Comma) else None) for name in names]
    if gaps[-1].comma is None:
        gaps[-1] = commas.Gap(None, closing)
    return commas.Spacing(opening, tuple(gaps))


def _respaced(statement: Import, names: Sequence[cst.ImportAlias], spacing: commas.Spacing) -> Import:
    spaced = [
        name.with_changes(comma=cst.MaybeSentinel.DEFAULT if gap.comma is None else gap.comma)
        for name, gap in zip(names, spacing.gaps, strict=True)
    ]
    if isinstance(statement, cst.ImportFrom) and statement.lpar and statement.rpar:
        last = spacing.gaps[-1]
        rpar = statement.rpar
        if last.comma is None:
            rpar = rpar.with_changes(whitespace_before=last.closing)
        lpar = statement.lpar.with_changes(whitespace_after=spacing.opening)
        return statement.with_changes(names=spaced, lpar=lpar, rpar=rpar)
    return statement.with_changes(names=spaced)


def without_lines(
    body: Sequence[Statement], dropped: Sequence[cst.CSTNode]
) -> tuple[list[Statement], list[cst.EmptyLine]]:
    """The block's statements without the dropped lines, and the comments left at its end.

    Comments above a dropped line stay. One dropped line stays as well, as the `pass` that it is,
    where the block has nothing else.
    """
    if all(statement in dropped for statement in body):
        return [body[0]], []
    kept: list[Statement] = []
    pending: list[cst.EmptyLine] = []
    first_gone = False
    for statement in body:
        if statement in dropped:
            first_gone |= not kept
            pending += _up_to_comment(statement.leading_lines)
            continue
        lines = [*statement.leading_lines]
        if first_gone and not kept and not pending:
            while lines and lines[0].comment is None:
                lines.pop(0)  # a block does not begin with a blank line
        kept.append(
            statement.with_changes(leading_lines=[*pending, *lines]) if pending or first_gone else statement
        )
        pending = []
        first_gone = False
    return kept, pending


def _up_to_comment(lines: Sequence[cst.EmptyLine]) -> Iterator[cst.EmptyLine]:
    end = max((number for number, line in enumerate(lines, 1) if line.comment is not None), default=0)
    yield from lines[:end]
