"""A role and its STS client in; how changes of the environment may come between them, and after the role, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import ModuleFacts, Position, Transfer
from session_first.project.callgraph import CallGraph, Function
from session_first.project.context import Project
from session_first.project.credentials import Role, Step

Client = tuple[ModuleFacts, Step]
"""The module and statement that make an STS client."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the environment, at `position`; `function` is the innermost around."""

    path: Path
    position: Position
    function: Position | None


def changes(project: Project) -> tuple[Change, ...]:
    """The changes in functions of the project, tests left out, and those of modules, which run when these are imported."""
    return tuple(
        Change(module.path, change.position, change.function)
        for module in project.modules
        if not module.is_test
        for change in module.environment_changes
    )


def may_change_after(role: Role, found: Sequence[Change]) -> bool:
    """Whether the environment may be another when the role's session is used first."""
    return any(_may_follow(role.module.path, role.step.transfer, change) for change in found)


def changed_before(
    role: Role, clients: Sequence[Client], found: Sequence[Change], graph: CallGraph
) -> str | None:
    """Where the environment may change between the STS client and the role, in words."""
    for change in found:
        if any(_between(role, module, step.transfer, change, graph) for module, step in clients):
            return (
                f"{change.path.name}:{change.position.line} changes the environment, maybe after the STS client is made,"
                " and the library makes its own"
            )
    return None


def _may_follow(path: Path, here: Transfer, change: Change) -> bool:
    if change.function is None:
        return path == change.path and here.function is None and here.position < change.position
    is_before = (path, here.function) == (change.path, change.function) and change.position < here.position
    return not (is_before and len(here.path) == 1)


def _between(role: Role, module: ModuleFacts, client: Transfer, change: Change, graph: CallGraph) -> bool:
    here, path = role.step.transfer, role.module.path
    together = module is role.module and client.function == here.function
    if client.within == here.within and together:
        return False
    if change.function is None:
        if not (module.path == change.path and client.function is None):
            return False
        return client.position < change.position and (
            here.function is not None or change.position < here.position
        )
    if not together:
        return True
    in_one_turn = len(client.path) == len(here.path)
    if (change.path, change.function) == (path, here.function):
        return client.position < change.position and (change.position < here.position or not in_one_turn)
    runs = _runs(change, graph)
    for position, targets in _calls(path, here.function, graph):
        is_between = client.position < position < here.position or not in_one_turn
        if is_between and not runs.isdisjoint(targets):
            return True
    return False


def _runs(change: Change, graph: CallGraph) -> frozenset[Function]:
    """The functions that may run the change."""
    assert change.function is not None
    start = graph.function(change.path, change.function)
    found = set() if start is None else {start}
    waiting = list(found)
    while waiting:
        function = waiting.pop()
        callers = [edge.caller for edge in graph.callers(function)]
        callers.extend(
            graph.function(unresolved.path, unresolved.call.caller)
            for unresolved in graph.uncertain_callers(function)
            if unresolved.call.caller is not None
        )
        for caller in callers:
            if caller is not None and caller not in found:
                found.add(caller)
                waiting.append(caller)
    return frozenset(found)


def _calls(
    path: Path, function: Position | None, graph: CallGraph
) -> Iterator[tuple[Position, tuple[Function, ...]]]:
    """The calls in a function, with what they may run."""
    for edge in graph.edges:
        if edge.path == path and edge.call.caller == function:
            yield edge.call.position, (edge.target,)
    for unresolved in graph.unresolved:
        if unresolved.path == path and unresolved.call.caller == function:
            yield unresolved.call.position, graph.possible_targets(unresolved)
