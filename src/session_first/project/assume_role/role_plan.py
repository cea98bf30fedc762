"""A role in; the session that is to assume it, the arguments, and what may differ, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from session_first.model import AttributePlace, Contents, Read, Skip, SkipReason, Variable
from session_first.project.assume_role.stop import Stop
from session_first.project.assume_role.surroundings import Surroundings
from session_first.project.client_uses import other_uses, used_elsewhere
from session_first.project.credentials import Flow, Role
from session_first.project.durations import least
from session_first.project.environment import changed_before, changes
from session_first.project.parent import Parent, parent_of
from session_first.project.reached import Reached
from session_first.project.role_arguments import RoleArguments, role_arguments


@dataclass(frozen=True, slots=True)
class RolePlan:
    """How a role is to be assumed."""

    role: Role
    parent: Parent
    arguments: RoleArguments
    doubts: tuple[str, ...]


def plan_role(role: Role, flow: Flow, around: Surroundings) -> RolePlan:
    """How the role is to be assumed.

    Raises:
        Stop: an argument, or what would assume it, stands in the way.
    """
    credentials = around.credentials
    arguments = role_arguments(role.call, lambda a: least(a, role.module, around.graph))
    if isinstance(arguments, Skip):
        raise Stop(arguments.reason, arguments.detail)
    parent = parent_of(
        role,
        flow,
        credentials,
        around.free_names,
        mentions_default_session=around.mentions_default_session,
    )
    if isinstance(parent, Skip):
        raise Stop(parent.reason, parent.detail)
    _check_client(role, around)
    makers = credentials.sts_makers(role.module, role.call.receiver) or ()
    origins = [(module.path, maker.position) for module, maker, _ in makers]
    clients = [(module, step) for module, _, step in makers]
    changed = changed_before(role, clients, changes(around.project), around.graph)
    doubts = (
        *other_uses(origins, credentials, around.project),
        *used_elsewhere(role, around.project),
        *((changed,) if changed is not None else ()),
        *arguments.doubts,
        *parent.doubts,
    )
    return RolePlan(role, parent, arguments, doubts)


def _check_client(role: Role, around: Surroundings) -> None:
    """The STS client must be the one that the code sets."""
    receiver = role.call.receiver
    place = receiver.place if isinstance(receiver, Read) else None
    reached = Reached(around.project, around.graph)
    found = None
    if isinstance(place, AttributePlace) and place.class_name is not None:
        family = around.project.top_class(role.module, place.class_name)
        found = reached.attribute(family, place.name)
    elif isinstance(place, Variable) and place.owner is None:
        found = reached.variable_by_string(role.module, place.name)
    if found is not None:
        path, position = found
        name = receiver.text if isinstance(receiver, Read) else ""
        raise Stop(
            SkipReason.UNKNOWN_PARENT,
            f"{path.name}:{position.line} may reach {name}, and set another STS client",
        )


def set_by_chance(flow: Flow, around: Surroundings) -> Iterator[str]:
    """What sets attributes whose names are not known, on objects that keep the session, in words."""
    reached = Reached(around.project, around.graph)
    for where in sorted(flow.places, key=repr):
        place = where.place.of if isinstance(where.place, Contents) else where.place
        if isinstance(place, AttributePlace) and place.class_name is not None:
            found = reached.attribute_by_chance((where.path, place.class_name), place.name)
            if found is not None:
                path, position = found
                yield f"{path.name}:{position.line} sets attributes by names that are not known, .{place.name} maybe"
