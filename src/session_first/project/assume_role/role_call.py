"""A role and all that is decided for it in; what becomes of the call that assumes it, out."""

from __future__ import annotations

from collections.abc import Sequence

from session_first.facts.blocks import dominates
from session_first.model import (
    AddImport,
    ChangeCall,
    Maker,
    Position,
    Read,
    RoleCall,
    SkipReason,
    Variable,
)
from session_first.project.assume_role.at_once import assumed_at_once
from session_first.project.assume_role.boto3_name import imports_boto3
from session_first.project.assume_role.changes import Changes, covering, text_of
from session_first.project.assume_role.names import Names
from session_first.project.assume_role.parent_text import parent_text
from session_first.project.assume_role.role_plan import RolePlan
from session_first.project.assume_role.stop import Stop
from session_first.project.assume_role.surroundings import Surroundings
from session_first.project.credentials import Credentials, Role, parts

LIBRARY = "aws_assume_role_lib"
"""The library whose sessions refresh themselves."""


def rewritten_call(
    plan: RolePlan, region: Sequence[tuple[str, str]], names: Names, around: Surroundings, *, at_once: bool
) -> Changes:
    """The call becomes the library's. `region` is the keyword for it, if it needs one; `at_once`: the role is assumed
    there and then.

    Raises:
        Stop: the call, or what it needs, cannot be written there.
    """
    role, path = plan.role, plan.role.module.path
    text, changes = parent_text(role, plan.parent, names, around)
    changes += _without_client(plan)
    is_method = around.method_style
    edit = ChangeCall(
        role.call.position,
        role.call.end,
        callee=f"{_as_receiver(text)}.assume_role" if is_method else f"{LIBRARY}.assume_role",
        first=None if is_method else text,
        removed=plan.arguments.removed,
        added=(*plan.arguments.added, *region),
    )
    changes += Changes(edits=((path, edit),))
    _check_name(role)
    if not is_method:
        local = _local_import(role, around.credentials)
        changes += (
            Changes(imports=((path, LIBRARY),))
            if local is None
            else Changes(edits=((path, AddImport(LIBRARY, beside=local)),))
        )
    if at_once:
        changes += Changes(edits=(assumed_at_once(role, names, around),))
    return changes


def _without_client(plan: RolePlan) -> Changes:
    """The STS client is not asked any more."""
    path, receiver = plan.role.module.path, plan.role.call.receiver
    if isinstance(receiver, Maker):
        return covering(path, receiver)
    if not isinstance(receiver, Read):
        return Changes()
    gone = text_of(path, receiver)
    if isinstance(receiver.place, Variable) and not (plan.parent.edits or plan.parent.base):
        return Changes(gone=gone, receivers=((path, receiver.place),))
    return Changes(gone=gone)


def _as_receiver(parent: str) -> str:
    """The parent before `.assume_role`, which boto3 has as well once it is patched."""
    text = parent.replace("boto3._get_default_session()", "boto3")
    return f"({text})" if " " in text and not text.endswith(")") else text


def _check_name(role: Role) -> None:
    """The library's name must mean the library."""
    scopes = role.module.values.scopes
    is_imported = LIBRARY in scopes[None].boto3_names
    scoped = scopes.get(role.step.transfer.function)
    outermost = None if scoped is None else scopes.get(scoped.outermost)
    used = scopes[None].names if outermost is None else outermost.names | set(outermost.parameters)
    is_bound = any(v.name == LIBRARY for v in role.module.values.variables)
    if not is_imported and (is_bound or LIBRARY in used or LIBRARY in scopes[None].names):
        raise Stop(SkipReason.NAME_TAKEN, f"the name {LIBRARY} is in use here, or imported under a condition")
    if "boto3" in used and any(v.name == "boto3" for v in role.module.values.variables):
        raise Stop(SkipReason.NAME_TAKEN, "the name boto3 is that of a variable")


def _local_import(role: Role, credentials: Credentials) -> Position | None:
    """The function's own `import boto3`, where the module has none and no role is assumed without it."""
    scopes = role.module.values.scopes
    scoped = scopes[role.step.transfer.function]
    if not imports_boto3(scopes, role.step.transfer) or role.module.boto3_binding != "absent":
        return None
    roles = (
        step
        for step in credentials.steps
        if step.module is role.module
        and step.transfer.function == scoped.position
        and any(isinstance(value, RoleCall) for value in parts(step.transfer.value))
    )
    if not all(dominates(scoped.boto3_import_path, step.transfer.path) for step in roles):
        return None
    return scoped.boto3_import
