"""The keys that are given to a dict in a branch alone in; the session that the assumed one takes the place of there, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from session_first.model import ModuleFacts, Read, SkipReason, Stored, Transfer, Variable
from session_first.project.assume_role.behind import Behind
from session_first.project.assume_role.changes import FileVariable, Site
from session_first.project.assume_role.parent_text import is_shared, outermost
from session_first.project.assume_role.stop import Stop
from session_first.project.assume_role.surroundings import Surroundings
from session_first.project.credentials import Credentials, Flow, Role, Sink, Step, parts
from session_first.project.parent import Parent


@dataclass(frozen=True, slots=True)
class Rebound:
    """The role is assumed as the session that makes the clients in any case. `names`: the variables of its answer, with
    that session's name; `instead`: what makes a client then, where it is not the name alone."""

    names: Mapping[FileVariable, str]
    instead: Mapping[Site, str]


def rebind(branches: Sequence[Step], parent: Parent, behind: Behind, around: Surroundings) -> Rebound:
    """The sessions for all such branches; `parent` assumes the flow's first role.

    Raises:
        Stop: there is none for one of them.
    """
    names: dict[FileVariable, str] = {}
    instead: dict[Site, str] = {}
    for step in branches:
        rebound = _rebound(step, parent, behind, around)
        names.update(rebound.names)
        instead.update(rebound.instead)
    return Rebound(names, instead)


def _rebound(step: Step, parent: Parent, behind: Behind, around: Surroundings) -> Rebound:
    flow, module, transfer = behind.carriers.flow, step.module, step.transfer
    role = flow.roles[0]
    base = behind.of(module, transfer.value)
    sinks = [sink for sink in flow.sinks if _unpacks(sink, step)]
    if (
        len(flow.roles) != 1
        or base.variable is None
        or len(sinks) != len(flow.sinks)
        or any(sink.maker.api == "session" for sink in sinks)
        or not _is_named_beside(base.variable, role, transfer, behind)
    ):
        raise _in_a_branch(step, "the role is not assumed there for these clients alone")
    instead: dict[Site, str] = {}
    owners = {(sink.maker.owner_text, sink.maker.or_default) for sink in sinks}
    owner = sinks[0].maker.owner
    name = None
    if len(owners) == 1 and isinstance(owner, Read) and not sinks[0].maker.or_default:
        name = _session_to_rebind(module, role.step.transfer, parent, sinks, around.credentials)
    elif parent.is_default and all(sink.maker.owner is None for sink in sinks):
        name = _parameter_to_rebind(module, role, sinks, flow, around)
        instead = {(module.path, sink.maker.position): f"({name} or boto3)" for sink in sinks}
    if name is None:
        raise _in_a_branch(step, "elsewhere the clients are made of another session; write both out")
    return Rebound({base.variable: name}, instead)


def _in_a_branch(step: Step, why: str) -> Stop:
    return Stop(
        SkipReason.UNCLEAR_FLOW,
        f"they are given in a branch alone ({step.module.path.name}:{step.transfer.position.line}), and {why}",
    )


def _unpacks(sink: Sink, step: Step) -> bool:
    """Whether the sink is given the dict of the step."""
    transfer = step.transfer
    assert isinstance(transfer.fate, Stored)
    return (
        sink.module.path == step.module.path
        and sink.step.transfer.function == transfer.function
        and any(isinstance(v, Read) and v.place == transfer.fate.place for v, _ in sink.maker.unpacked)
    )


def _is_named_beside(variable: FileVariable, role: Role, transfer: Transfer, behind: Behind) -> bool:
    """Whether the role's answer has a name of its own, in the block where the keys are given, and nothing is caught
    in between."""
    here = role.step.transfer
    stores = behind.carriers.real_stores(*variable)
    occurrences = role.module.values.variables[variable[1]]
    return (
        [store.transfer.within for store in stores] == [here.within]
        and occurrences.bindings == 1
        and not occurrences.fixed
        and isinstance(here.fate, Stored)
        and here.statement is not None
        and here.path[:-1] == transfer.path[:-1]
        and here.path[-1].block == transfer.path[-1].block
        and here.path[-1].index < transfer.path[-1].index
        and not here.caught
        and not transfer.caught
    )


def _session_to_rebind(
    module: ModuleFacts, here: Transfer, parent: Parent, sinks: Sequence[Sink], credentials: Credentials
) -> str | None:
    """The variable that holds the parent, if the clients are all that is made of it from the role on."""
    owner = sinks[0].maker.owner
    place = owner.place if isinstance(owner, Read) else None
    if not isinstance(place, Variable) or parent.text != place.name or parent.edits:
        return None
    occurrences = module.values.variables.get(place)
    if occurrences is None or (occurrences.fixed and not occurrences.parameter):
        return None
    stores = [step for step in credentials.stores_of(module, place) if not _is_default(step)]
    reads = credentials.reads_of(module, place)
    seen = {
        value.position
        for step in reads
        for value in parts(step.transfer.value)
        if isinstance(value, Read) and value.place == place
    }
    seen.update(s.transfer.fate.position for s in stores if isinstance(s.transfer.fate, Stored))
    makers = {sink.maker.owner_position for sink in sinks}
    function = outermost(module, here)
    if any(
        site.session is not None and site.outermost == function and site.position > here.end
        for site in module.sites
    ):
        return None  # it would be made of the variable as well
    return (
        place.name
        if place.owner == here.function
        and all(start in seen for start, _ in occurrences.places)
        and all(step.transfer.function == here.function for step in (*reads, *stores))
        and all(s.transfer.within < here.within and s.transfer.loops == here.loops for s in stores)
        and (bool(stores) or not here.loops)
        and all(start < here.end or start in makers for start, _ in occurrences.places)
        else None
    )


def _is_default(step: Step) -> bool:
    """Whether the value is a parameter's default."""
    fate = step.transfer.fate
    return isinstance(fate, Stored) and fate.position == fate.end


def _parameter_to_rebind(
    module: ModuleFacts, role: Role, sinks: Sequence[Sink], flow: Flow, around: Surroundings
) -> str | None:
    """The session parameter that the fix brings, if no other client is made of it from the role on."""
    here, graph = role.step.transfer, around.graph
    function = outermost(module, here)
    if function is None or function != here.function or here.loops or is_shared(role, flow):
        return None
    caller = graph.function(module.path, function)
    if any(edge.caller == caller and edge.call.position > here.end for edge in graph.edges):
        return None  # the parameter may be passed on
    own = {sink.maker.position for sink in sinks}
    sites = [site for site in module.sites if site.outermost == function]
    if {site.position for site in sites if site.position > here.end} != own:
        return None
    if not all(site.own_body and site.session is None and site.receiver == "boto3" for site in sites):
        return None
    return around.session_name(module, function)
