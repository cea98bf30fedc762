"""An import statement and the edits of it in, what becomes of it out."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from session_first.model import AddImport, RemoveImport
from session_first.rewrite import commas
from session_first.rewrite.error import RewriteError
from session_first.rewrite.statement import Part

Import = cst.Import | cst.ImportFrom


def change(statement: Import, added: Sequence[AddImport], removed: Sequence[RemoveImport]) -> Part:
    """What becomes of the import: the new ones stand before it, or in its place where nothing of it is left."""
    new = [_statement(edit) for edit in added]
    remaining = _without(statement, removed)
    if remaining is None and new:
        remaining = new.pop()
    return Part(remaining, before=tuple(new))


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
