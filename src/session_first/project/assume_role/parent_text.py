"""A role and its parent in; the parent as it is written where the role is assumed, out."""

from __future__ import annotations

from session_first.model import Contents, ModuleFacts, Position, Stored, Transfer, Variable
from session_first.project.assume_role.boto3_name import boto3_beside
from session_first.project.assume_role.changes import Changes, DefaultParent
from session_first.project.assume_role.names import Names
from session_first.project.assume_role.surroundings import Surroundings
from session_first.project.credentials import Flow, Role
from session_first.project.parent import DEFAULT, Parent


def parent_text(role: Role, parent: Parent, names: Names, around: Surroundings) -> tuple[str, Changes]:
    """The text, and what it takes to have it there.

    Raises:
        Stop: it cannot be written there.
    """
    path = role.module.path
    edits = tuple((path, edit) for edit in parent.edits)
    if parent.base is not None:
        return names.text(names.behind.of(role.module, parent.base), role.step), Changes(edits)
    if parent.text is not None and not (DEFAULT in parent.text or parent.text.startswith("boto3.")):
        return parent.text, Changes(edits)
    boto3 = boto3_beside(role, around.credentials)
    changes = Changes(edits, imports=boto3.imports)
    if parent.text is not None:
        return boto3.put_in(parent.text), changes
    default = boto3.put_in(DEFAULT)
    function = outermost(role.module, role.step.transfer)
    if function is None or is_shared(role, names.behind.carriers.flow):
        return default, changes
    name = around.session_name(role.module, function)
    if name is None:
        return default, changes
    of_default = DefaultParent(path, function, role.step.transfer.within, role.call.position)
    return f"{name} or {default}", changes + Changes(default_parents=(of_default,))


def outermost(module: ModuleFacts, transfer: Transfer) -> Position | None:
    """The outermost function around a statement."""
    scoped = module.values.scopes.get(transfer.function)
    return None if scoped is None else scoped.outermost


def is_shared(role: Role, flow: Flow) -> bool:
    """Whether the session is kept where every caller of the function that assumes the role gets it; the first
    caller's must not serve everybody."""
    for step in flow.steps:
        fate = step.transfer.fate
        if (
            step.module is role.module
            and step.transfer.function == role.step.transfer.function
            and isinstance(fate, Stored)
        ):
            place = fate.place.of if isinstance(fate.place, Contents) else fate.place
            if isinstance(place, Variable) and place.owner is None:
                return True
    return False
