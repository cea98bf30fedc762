"""The sessions that a flow's credentials are copied into, in; those that the role is assumed as at once, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.model import AttributePlace, Contents, Stored, Transfer, Variable
from session_first.project.assume_role.behind import Behind
from session_first.project.assume_role.changes import FileVariable, Gone, Site, whole_statement
from session_first.project.assume_role.parameters import is_free_parameter
from session_first.project.credentials import Origin, Sink
from session_first.project.parameter_names import Signatures


@dataclass(frozen=True, slots=True)
class Merged:
    """`session = boto3.Session(…)` of the credentials: the role is assumed as `session` (or `self.session`) instead, and
    the statement goes. `names` and `gone` hold what was known before as well."""

    sites: frozenset[Site]
    names: Mapping[FileVariable, str]
    gone: Gone


def merge_sessions(
    behind: Behind,
    signatures: Signatures,
    names: Mapping[FileVariable, str],
    gone: Gone,
    at_once: Collection[Origin],
) -> Merged:
    """The sessions that need no statement of their own. `at_once` are the roles that are to be assumed in a statement of
    their own.

    Raises:
        Stop: a session is made of the credentials of several names.
    """
    merged = Merged(frozenset(), names, gone)
    for sink in behind.carriers.flow.sinks:
        transfer = sink.step.transfer
        if sink.maker.api != "session" or transfer.value is not sink.maker or transfer.statement is None:
            continue
        if not isinstance(transfer.fate, Stored) or isinstance(transfer.fate.place, Contents):
            continue
        place, variable = transfer.fate.place, behind.of_sink(sink).variable
        if variable is None or variable in merged.names or variable[0] != sink.module.path:
            continue
        whole = variable[1]
        if isinstance(place, AttributePlace):
            name = _attribute_text(sink, place, behind, at_once)
            fits = name is not None and _is_only_kept(sink, whole, behind, merged.gone)
        else:
            name = place.name
            fits = place.owner == whole.owner and _can_merge(
                sink, whole, place, behind, merged.gone, signatures=signatures
            )
        if name is not None and fits:
            merged = Merged(
                merged.sites | {(sink.module.path, sink.maker.position)},
                {**merged.names, variable: name},
                merged.gone | whole_statement(sink.step),
            )
    return merged


def _attribute_text(
    sink: Sink, place: AttributePlace, behind: Behind, at_once: Collection[Origin]
) -> str | None:
    """How the attribute of a method's own object is written, where the session may be kept there before its role is
    assumed."""
    scoped = sink.module.values.scopes.get(sink.step.transfer.function)
    if place.class_name is None or scoped is None or scoped.class_name is None or not scoped.parameters:
        return None
    roles = behind.carriers.flow.roles
    if len(roles) != 1 or roles[0].origin in at_once:
        return None
    return f"{scoped.parameters[0]}.{place.name}"


def _is_only_kept(sink: Sink, whole: Variable, behind: Behind, gone: Gone) -> bool:
    """Whether a role's answer is for nothing but the session that is kept."""
    path, transfer = sink.module.path, sink.step.transfer
    own = sink.module.values.variables[whole]
    stores = behind.carriers.stores(path, whole)
    return (
        behind.first_beside(path, whole) is None
        and not own.fixed
        and own.bindings == len(stores) == 1
        and stores[0].transfer.statement is not None
        and stores[0].transfer.within == behind.carriers.flow.roles[0].step.transfer.within
        and all(
            gone.has(path, start) or transfer.within <= start < transfer.end for start, _ in own.places[1:]
        )
        and _are_adjacent(stores[0].transfer, transfer, path, gone)
    )


def _can_merge(
    sink: Sink, whole: Variable, target: Variable, behind: Behind, gone: Gone, *, signatures: Signatures
) -> bool:
    """Whether the role's answer can go by the name of the session."""
    path, transfer, carriers = sink.module.path, sink.step.transfer, behind.carriers
    variables = sink.module.values.variables
    occurrences, own = variables[target], variables[whole]
    if behind.first_beside(path, whole) is not None:
        return False
    if own.fixed and not is_free_parameter(sink.module, whole, signatures):
        return False
    several = sum(v.owner == target.owner and v.name == target.name for v in variables) > 1
    alone = occurrences.bindings == 1 and not occurrences.fixed and not several
    if alone and carriers.reaches_all(sink.module, target, transfer):
        return True
    stores = carriers.real_stores(path, whole)
    if len(stores) != 1 or occurrences.fixed or own.fixed:
        return False
    live = [
        start
        for start, _ in own.places
        if not gone.has(path, start) and not transfer.within <= start < transfer.end
    ]
    return len(live) == own.bindings and _are_adjacent(stores[0].transfer, transfer, path, gone)


def _are_adjacent(first: Transfer, last: Transfer, path: Path, gone: Gone) -> bool:
    """Whether only statements that go stand between two of one block."""
    if len(first.path) != len(last.path) or first.path[:-1] != last.path[:-1]:
        return False
    if first.path[-1].block != last.path[-1].block:
        return False
    between = last.path[-1].index - first.path[-1].index - 1
    going = sum(
        file == path and step.transfer.path[:-1] == first.path[:-1] and first.within < start < last.within
        for (file, start), step in gone.statements.items()
    )
    return between == going
