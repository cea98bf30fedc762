"""A role in; whether its failure may be caught, and how it is then assumed at once, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from session_first.model import (
    AddStatement,
    Edit,
    Entry,
    HoistExpression,
    Passed,
    Result,
    Returned,
    SkipReason,
    Stored,
    Used,
    Variable,
)
from session_first.project.assume_role.behind import innermost
from session_first.project.assume_role.names import ASSUMED_NAMES, Names
from session_first.project.assume_role.stop import Stop
from session_first.project.assume_role.surroundings import Surroundings
from session_first.project.credentials import Credentials, Flow, Role, Step
from session_first.project.environment import changes, may_change_after

EAGER = ".get_credentials().get_frozen_credentials()"
_NEW_NAMES = ("new_session", "new_assumed_session")


def may_be_caught(role: Role, flow: Flow, around: Surroundings) -> bool:
    """Whether something could catch the failure to assume the role, or what it is assumed with may change first."""
    transfer = role.step.transfer
    scoped = role.module.values.scopes.get(transfer.function)
    if transfer.caught or (scoped is not None and scoped.catches) or _has_changing_argument(role):
        return True
    if around.catches and _escapes(flow, around.credentials):
        return True
    if may_change_after(role, changes(around.project)):
        return True
    if transfer.function is None:
        return True  # whoever imports the module may catch it
    function = around.graph.function(role.module.path, transfer.function)
    return function is None or around.graph.may_be_caught(function)


def _has_changing_argument(role: Role) -> bool:
    """Whether an argument is a list or dict that may be changed before the role is assumed."""
    return any(
        argument.keyword in {"Tags", "PolicyArns", "TransitiveTagKeys", "Policy"}
        and argument.text.isidentifier()
        for argument in role.call.arguments
    )


def _escapes(flow: Flow, credentials: Credentials) -> bool:
    """Whether the session, or what is made of it, leaves the function: what uses it first may be anywhere."""
    functions = {(step.module.path, step.transfer.function) for step in flow.steps}
    return len(functions) > 1 or any(
        isinstance(step.transfer.fate, (Returned, Passed))
        or (isinstance(step.transfer.fate, Used) and step.transfer.fate.method is None)
        or (isinstance(step.transfer.fate, Stored) and not isinstance(step.transfer.fate.place, Variable))
        for step in _with_uses(flow, credentials)
    )


def _with_uses(flow: Flow, credentials: Credentials) -> Iterator[Step]:
    """The steps of the flow, and those of the variables that keep what is made of it."""
    yield from flow.steps
    for sink in flow.sinks:
        fate = sink.step.transfer.fate
        if isinstance(fate, Stored) and isinstance(fate.place, Variable):
            for step in credentials.reads_of(sink.module, fate.place):
                if not isinstance(step.transfer.value, (Result, Entry)):
                    yield step


def assumed_at_once(role: Role, names: Names, around: Surroundings) -> tuple[Path, Edit]:
    """The edit by which the failure to assume the role is raised where it was.

    Raises:
        Stop: there is no room for it.
    """
    path, transfer = role.module.path, role.step.transfer
    fate = transfer.fate
    is_whole = transfer.statement is not None and innermost(transfer.value) is role.call
    place = fate.place if is_whole and isinstance(fate, Stored) else None
    if isinstance(place, Variable) and not _outlives_failure(role, place, names):
        return path, AddStatement(transfer.within, f"{names.of(path, place)}{EAGER}")
    if not transfer.hoistable or innermost(transfer.value) is not role.call:
        raise Stop(
            SkipReason.UNSUPPORTED_SYNTAX,
            "a failure to assume the role may be caught, and here is no room to assume it at once; give it a line of its own",
        )
    candidates = _NEW_NAMES if isinstance(fate, Stored) else (*ASSUMED_NAMES, *_NEW_NAMES)
    scoped = role.module.values.scopes[transfer.function]
    name = around.free_names.take(role.module, scoped, candidates)
    if name is None:
        raise Stop(SkipReason.NAME_TAKEN, f"{', '.join(candidates)} are all in use")
    follow = (f"{name}{EAGER}",)
    return path, HoistExpression(transfer.within, transfer.position, transfer.end, name, follow)


def _outlives_failure(role: Role, variable: Variable, names: Names) -> bool:
    """Whether the variable may be read where the role could not be assumed: then it must get the session last."""
    transfer = role.step.transfer
    if variable.owner != transfer.function:
        return True
    places = [
        place
        for one in _same(role.module.path, variable, names)
        for place, _ in role.module.values.variables[one].places
    ]
    if any(start <= place < end for place in places for start, end in transfer.handlers):
        return True
    if transfer.guard is None:
        return variable.owner is None and transfer.caught
    start, end = transfer.guard
    return any(not start <= place < end for place in places)


def _same(path: Path, variable: Variable, names: Names) -> Iterator[Variable]:
    """The variable, and those that are one with it after the fix."""
    root = names.behind.root((path, variable))
    for other in names.behind.carriers.module(path).values.variables:
        if names.behind.root((path, other)) == root or (
            other.owner == variable.owner and other.name == names.given.get(root, variable.name)
        ):
            yield other
