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
from session_first.project.assume_role.changes import Changes, covering, joined, text_of
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
    text, with_parent = parent_text(plan.role, plan.parent, names, around)
    _check_name(plan.role)
    return joined(
        (
            with_parent,
            _without_client(plan),
            _called(plan, text, region, is_method=around.method_style),
            Changes() if around.method_style else _import(plan.role, around.credentials),
            Changes(edits=(assumed_at_once(plan.role, names, around),)) if at_once else Changes(),
        )
    )


def _called(plan: RolePlan, parent: str, region: Sequence[tuple[str, str]], *, is_method: bool) -> Changes:
    """The call itself (`is_method`: of the parent, which has the library's function as a method)."""
    call = plan.role.call
    edit = ChangeCall(
        call.position,
        call.end,
        callee=f"{_as_receiver(parent)}.assume_role" if is_method else f"{LIBRARY}.assume_role",
        first=None if is_method else parent,
        removed=plan.arguments.removed,
        added=(*plan.arguments.added, *region),
    )
    return Changes(edits=((plan.role.module.path, edit),))


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


def _import(role: Role, credentials: Credentials) -> Changes:
    """The library is imported where boto3 is."""
    path, local = role.module.path, _local_import(role, credentials)
    if local is None:
        return Changes(imports=((path, LIBRARY),))
    return Changes(edits=((path, AddImport(LIBRARY, beside=local)),))


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
