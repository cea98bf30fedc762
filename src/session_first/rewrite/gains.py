"""The places of a piece and its edits in, the columns by which its lines within brackets move out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import CodeRange

from session_first.model import (
    ChangeCall,
    Edit,
    HoistExpression,
    ReplaceExpression,
    Unwrap,
    UseSession,
)
from session_first.rewrite import commas
from session_first.rewrite.alignment import Place, moves
from session_first.rewrite.call import between, change_call, spacing_of
from session_first.rewrite.expression import standing_alone
from session_first.rewrite.places import Places
from session_first.rewrite.session import use


def moved_lines(places: Places, edits: Sequence[Edit], lines: Sequence[str]) -> dict[int, int]:
    """The columns by which each of the lines moves: with the bracket it is aligned with, or with a hoisted expression."""
    gains: dict[Place, int] = {}
    for edit in edits:
        for place, gain in _gains(places, edit):
            gains[place] = gains.get(place, 0) + gain
    moved = moves(lines, gains)
    hoists = [edit for edit in edits if isinstance(edit, HoistExpression)]
    for edit in hoists:  # what is behind one of several lines comes up to its first
        where = _hoisted(places, edit)
        if where.start.line < where.end.line:
            column = where.start.column + moved.get(where.start.line, 0) + len(edit.name)
            gain = column - where.end.column - moved.get(where.end.line, 0)
            gains[_last(where)] = gains.get(_last(where), 0) + gain
            moved = moves(lines, gains)
    for edit in hoists:
        where = _hoisted(places, edit)
        outdent = _indent(lines, _statement(places, edit).start.line) - _indent(lines, where.start.line)
        if outdent:
            for line in range(where.start.line + 1, where.end.line + 1):
                moved.setdefault(line, outdent)
    return moved


def _gains(places: Places, edit: Edit) -> Iterator[tuple[Place, int]]:
    """By how much the text at each place grows; what goes over several lines counts for nothing."""
    match edit:
        case UseSession():
            name = places.expressions[edit.callee, edit.end]
            assert isinstance(name, cst.Name | cst.Attribute)
            yield from _grown(places, name, use(name, edit))
        case ReplaceExpression():
            yield from _grown(
                places, places.expressions[edit.position, edit.end], cst.parse_expression(edit.source)
            )
        case Unwrap():
            outer = places.positions[places.expressions[edit.position, edit.end]]
            inner = places.positions[places.expressions[edit.inner, edit.inner_end]]
            if outer.start.line == inner.start.line:
                yield _start(outer), outer.start.column - inner.start.column
            if outer.end.line == inner.end.line:
                yield _last(inner), inner.end.column - outer.end.column
        case ChangeCall():
            call = cst.ensure_type(places.expressions[edit.position, edit.end], cst.Call)
            yield from _grown_call(places, call, edit)
        case HoistExpression():
            where = _hoisted(places, edit)
            column = _statement(places, edit).start.column + len(edit.name) + len(" = ")
            gain = column - where.start.column
            yield _start(where), gain
            if where.start.line == where.end.line:
                left = len(edit.name) - (where.end.column - where.start.column)
                yield _last(where), left - gain
        case _:
            pass


def _grown(places: Places, old: cst.CSTNode, new: cst.CSTNode) -> Iterator[tuple[Place, int]]:
    before, after = (cst.Module([]).code_for_node(part) for part in (old, new))
    if not any(newline in before + after for newline in "\r\n"):
        yield _start(places.positions[old]), len(after) - len(before)


def _grown_call(places: Places, call: cst.Call, edit: ChangeCall) -> Iterator[tuple[Place, int]]:
    where = places.positions[call]
    removed = places.arguments(call, edit.removed)
    new = change_call(call, edit, removed, fits=True)
    if where.start.line == where.end.line:
        yield from _grown(places, call, new)
        return
    if edit.callee is not None:
        yield from _grown(places, call.func, new.func)
    for index in removed:
        if index + 1 < len(call.args):
            start, following = (places.positions[arg].start for arg in call.args[index : index + 2])
            if start.line == following.line:
                yield (start.line, start.column), start.column - following.column
    if edit.first is not None and len(removed) < len(call.args):
        spacing = spacing_of(new)
        if not commas.breaks(spacing.opening) and not any(map(commas.breaks, between(spacing)[:2])):
            kept = next(index for index in range(len(call.args)) if index not in removed)
            yield _start(places.positions[call.args[kept]]), len(edit.first) + len(", ")


def _statement(places: Places, edit: HoistExpression) -> CodeRange:
    if edit.statement in places.small:
        line, index = places.small[edit.statement]
        return places.positions[line.body[index]]
    return places.positions[places.statements[edit.statement]]


def _hoisted(places: Places, edit: HoistExpression) -> CodeRange:
    """Where the expression stands, with the brackets that it takes with it."""
    expression = places.expressions[edit.position, edit.end]
    if expression.lpar and standing_alone(expression).lpar:
        start, end = places.positions[expression.lpar[0]], places.positions[expression.rpar[-1]]
        return CodeRange(start.start, end.end)
    return places.positions[expression]


def _start(where: CodeRange) -> Place:
    return where.start.line, where.start.column


def _last(where: CodeRange) -> Place:
    """The last column of it, before anything behind it."""
    return where.end.line, where.end.column - 1


def _indent(lines: Sequence[str], number: int) -> int:
    line = lines[number - 1]
    return len(line) - len(line.lstrip())
