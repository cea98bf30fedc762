"""A step on the way of credentials in; the edits that make its expression give the session, out."""

from __future__ import annotations

from session_first.model import (
    Choice,
    Entry,
    Read,
    Record,
    ReplaceExpression,
    Result,
    RoleCall,
    Stored,
    Unwrap,
    Value,
    Variable,
)
from session_first.project.assume_role.changes import Changes, Gone, joined, text_of
from session_first.project.assume_role.names import Names
from session_first.project.credentials import Step


def rewritten_step(step: Step, names: Names, gone: Gone) -> Changes:
    """What becomes of the step's expression, unless its statement goes.

    Raises:
        Stop: the session cannot be written there.
    """
    transfer = step.transfer
    if transfer.statement is not None and (step.module.path, transfer.within) in gone.statements:
        return Changes()
    return _rewritten(step, transfer.value, names)


def _rewritten(step: Step, value: Value, names: Names) -> Changes:
    """The expression, where it gave credentials, gives the session."""
    path, module, carriers = step.module.path, step.module, names.behind.carriers
    if not carriers.is_of_flow(module, value):
        return Changes()
    match value:
        case Choice():
            return joined(_rewritten(step, option, names) for option in value.options)
        case Entry():
            inner = value.of
            while isinstance(inner, Entry) and carriers.is_of_flow(module, inner.of):
                inner = inner.of
            if carriers.is_of_flow(module, value.of) and isinstance(inner, (Read, Result, RoleCall, Entry)):
                edit = Unwrap(value.position, value.end, inner.position, inner.end)
                return Changes(edits=((path, edit),))
        case Record() if not _fills_part(step, names):
            return _session(step, value, names) + Changes(gone=text_of(path, value))
        case Read(place=Variable() as place) if carriers.is_part(path, place):
            return _session(step, value, names)
        case _:
            pass
    return Changes()


def _session(step: Step, value: Record | Read, names: Names) -> Changes:
    text = names.text(names.behind.of(step.module, value), step)
    return Changes(edits=((step.module.path, ReplaceExpression(value.position, value.end, text)),))


def _fills_part(step: Step, names: Names) -> bool:
    """Whether the value is kept in a variable that nobody needs."""
    fate = step.transfer.fate
    return (
        isinstance(fate, Stored)
        and isinstance(fate.place, Variable)
        and names.behind.carriers.is_part(step.module.path, fate.place)
    )
