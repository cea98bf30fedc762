"""The edits of a piece and its places in, an error where one edit would be lost in another out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from session_first.model import (
    AddClickOption,
    AddSessionParameter,
    ChangeCall,
    DocumentAssumedSession,
    DocumentParameter,
    Edit,
    HoistExpression,
    PassSession,
    RemoveEntries,
    RemoveStatement,
    RenameKeyword,
    RenameParameter,
    ReplaceExpression,
    Unwrap,
    UseSession,
)
from session_first.rewrite.error import RewriteError
from session_first.rewrite.pieces import anchor
from session_first.rewrite.places import Places, Range


def check_conflicts(places: Places, edits: Sequence[Edit]) -> None:
    """Does nothing if no edit is in what another takes away.

    Raises:
        RewriteError: one is.
    """
    extents = [
        (edit, extent)
        for edit in edits
        if not isinstance(edit, PassSession) and (extent := _extent(edit)) is not None
    ]
    for outer in edits:
        for gone in _gone(places, outer):
            for inner, extent in extents:
                if inner is not outer and _holds(gone, extent) and not _survives(inner, extent, outer):
                    raise RewriteError("the edit is lost in another one", anchor(inner))


def is_gone(places: Places, inner: PassSession, edits: Sequence[Edit]) -> bool:
    """Whether one of the edits takes the call away that the session is to be passed to."""
    extent = (inner.position, inner.end)
    return any(
        _holds(gone, extent) and not _survives(inner, extent, outer)
        for outer in edits
        if outer is not inner
        for gone in _gone(places, outer)
    )


def _survives(inner: Edit, extent: Range, outer: Edit) -> bool:
    """Whether the inner edit lands although the outer one takes away what is around it."""
    if isinstance(inner, HoistExpression) and extent == _extent(outer):
        return True  # it hoists what the outer one makes
    return isinstance(outer, Unwrap) and _holds((outer.inner, outer.inner_end), extent)


def _holds(outer: Range, inner: Range) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner[0] < outer[1]


def _extent(edit: Edit) -> Range | None:
    """The text that the edit changes, None for one that concerns whole statements."""
    match edit:
        case (
            PassSession()
            | ChangeCall()
            | Unwrap()
            | ReplaceExpression()
            | RemoveEntries()
            | HoistExpression()
        ):
            return edit.position, edit.end
        case RenameKeyword():
            return edit.keyword, edit.end
        case UseSession():
            return edit.callee, edit.end
        case (
            AddSessionParameter()
            | AddClickOption()
            | DocumentParameter()
            | RenameParameter()
            | DocumentAssumedSession()
        ):
            return edit.function, edit.function
        case _:
            return None


def _gone(places: Places, edit: Edit) -> Iterator[Range]:
    """The text that the edit takes away."""
    match edit:
        case UseSession():
            yield edit.callee, edit.end
        case ReplaceExpression() | Unwrap():
            yield edit.position, edit.end
        case ChangeCall():
            call = cst.ensure_type(places.expressions[edit.position, edit.end], cst.Call)
            if edit.callee is not None:
                yield places.range_of(call.func)
            for index in places.arguments(call, edit.removed):
                yield places.range_of(call.args[index])
        case RemoveEntries():
            display = cst.ensure_type(places.expressions[edit.position, edit.end], cst.Dict)
            for index in places.entries(display, edit.entries):
                yield places.range_of(display.elements[index])
        case RemoveStatement():
            line, index = places.small[edit.statement]
            yield places.range_of(line.body[index])
        case _:
            pass
