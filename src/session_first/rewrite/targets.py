"""The edits of a piece and its places in, the edits by the nodes that they change out."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

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
from session_first.rewrite.imports import Import
from session_first.rewrite.pieces import anchor
from session_first.rewrite.places import Places
from session_first.rewrite.session import Statement
from session_first.rewrite.signature import Function
from session_first.rewrite.statement import Line


def targets(places: Places, edits: Sequence[Edit]) -> dict[cst.CSTNode, list[Edit]]:
    """The edits by the node that they change; one that hoists changes an expression and a statement."""
    work: dict[cst.CSTNode, list[Edit]] = {}
    for edit in edits:
        for node in _nodes(places, edit):
            others = work.setdefault(node, [])
            if not isinstance(edit, AddImport | RemoveImport) and any(
                type(other) is type(edit) and _place(other) == _place(edit) for other in others
            ):
                raise RewriteError(f"there are two of {type(edit).__name__} here", anchor(edit))
            others.append(edit)
    return work


def _place(edit: Edit) -> tuple[object, ...]:
    """What two edits of a kind that change the same node may differ in: the statement, what is hoisted, or a name."""
    match edit:
        case HoistExpression():
            return anchor(edit), edit.position, edit.end
        case RenameKeyword():
            return (edit.keyword,)
        case RenameParameter() | DocumentAssumedSession():
            return (edit.name,)
        case _:
            return (anchor(edit),)


def _nodes(places: Places, edit: Edit) -> list[cst.CSTNode]:
    node = _target(places, edit)
    if node is None or (isinstance(edit, Unwrap) and not _has_part(places, edit)):
        raise RewriteError(f"there is nothing to edit here for {type(edit).__name__}", anchor(edit))
    return [node, _hoist_target(places, edit)] if isinstance(edit, HoistExpression) else [node]


def _has_part(places: Places, edit: Unwrap) -> bool:
    inside = edit.position <= edit.inner and edit.inner_end <= edit.end
    return inside and (edit.inner, edit.inner_end) in places.expressions


def _target(places: Places, edit: Edit) -> cst.CSTNode | None:
    match edit:
        case AddSessionParameter() | AddClickOption():
            return places.functions.get(edit.function)
        case RenameParameter():
            function = places.functions.get(edit.function)
            return function if isinstance(function, cst.FunctionDef) else None
        case DocumentParameter() | DocumentAssumedSession():
            return _docstring(places.functions.get(edit.function) or places.statements.get(edit.function))
        case FillSession() | AddStatementBefore():
            return places.statements.get(edit.statement)
        case UseSession():
            name = places.expressions.get((edit.callee, edit.end))
            return name if isinstance(name, cst.Name | cst.Attribute) else None
        case RemoveImport():
            return _import_line(places, edit.statement)
        case AddImport():
            assert edit.beside is not None
            return _import_line(places, edit.beside)
        case ChangeCall() | PassSession() | RenameKeyword():
            call = places.expressions.get((edit.position, edit.end))
            return call if isinstance(call, cst.Call) else None
        case RemoveEntries():
            display = places.expressions.get((edit.position, edit.end))
            return display if isinstance(display, cst.Dict) else None
        case Unwrap() | ReplaceExpression() | HoistExpression():
            return places.expressions.get((edit.position, edit.end))
        case RemoveStatement() | AddStatement():
            return places.small.get(edit.statement, (None,))[0]


def _import_line(places: Places, position: Position) -> Line | None:
    if position not in places.small:
        return None
    line, index = places.small[position]
    return line if isinstance(line.body[index], Import) else None


def _hoist_target(places: Places, edit: HoistExpression) -> cst.CSTNode:
    """The statement, or the line of statements, that another statement can be put before."""
    target = places.small.get(edit.statement, (places.statements.get(edit.statement),))[0]
    if target is None or isinstance(target, cst.SimpleStatementSuite | cst.While):
        raise RewriteError("no statement can be put before this one", edit.statement)
    return target


def _docstring(owner: Function | Statement | None) -> cst.SimpleString | None:
    """The docstring of a function or class."""
    if not isinstance(owner, cst.FunctionDef | cst.ClassDef):
        return None
    match owner.body.body:
        case [cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() as string), *_]), *_]:
            return string
        case _:
            return None
