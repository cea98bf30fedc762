"""The STS client of a role in; what is done with it besides calling its operations, in words, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from session_first.model import AttributePlace, Contents, Passed, Read, Record, Stored, Used, Variable
from session_first.project.context import Project
from session_first.project.credentials import STS, Credentials, Origin, Role, Step, parts

_SHOWING = frozenset({"print", "type", "id", "repr", "str", "isinstance", "getattr", "hasattr"})
_READ_ONLY = frozenset(
    f"its attribute .{name} is read"
    for name in (
        "exceptions",
        *("meta.region_name", "meta.endpoint_url", "meta.partition", "meta.config", "meta.service_model"),
    )
)


def other_uses(clients: Iterable[Origin], credentials: Credentials, project: Project) -> Iterator[str]:
    """What may give the client something that the library's own does not have: handlers of its events, above all."""
    wanted = frozenset(clients)
    for step in credentials.steps:
        value = step.transfer.value
        held = [part for record in parts(value) if isinstance(record, Record) for part in record.values]
        for part in (value, *held):
            kinds = credentials.kinds(step.module, part)
            if not any(kind.part == STS and kind.origin in wanted for kind in kinds):
                continue
            how = _other_use(step, credentials, project) if part is value else "it is kept in a list or dict"
            if how is not None:
                place = f"{step.module.path.name}:{step.transfer.position.line}"
                yield f"the STS client is used in another way too ({place}: {how}), and the library makes its own"


def used_elsewhere(role: Role, project: Project) -> Iterator[str]:
    """Other modules that may do so with a client in a variable of a module."""
    receiver = role.call.receiver
    place = receiver.place if isinstance(receiver, Read) else None
    if not isinstance(place, Variable) or place.owner is not None:
        return
    for other in project.modules:
        if other is role.module or other.is_test or not project.imports(other, role.module, place.name):
            continue
        handed = any(dotted.rpartition(".")[2] == place.name for dotted in other.handed_over)
        if handed or not other.attributes.isdisjoint({"meta", "events"}):
            yield f"{other.path.name} may give the STS client {place.name} handlers, and the library makes its own"


def _other_use(step: Step, credentials: Credentials, project: Project) -> str | None:
    fate = step.transfer.fate
    match fate:
        case Used(how=how, method=None):
            return None if how in _READ_ONLY else how
        case Passed():
            parameter = credentials.parameter(step.module, fate)
            if fate.callee in _SHOWING:
                return None
            if parameter is not None and project.by_path[parameter.path].values.scopes:
                return None
            return f"it is handed to {fate.callee}()"
        case Stored(place=AttributePlace(class_name=None)):
            return "it is kept on another object"
        case Stored(place=Contents()):
            return "it is kept in a table"
        case _:
            return None
