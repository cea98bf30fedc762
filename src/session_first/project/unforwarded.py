"""The call graph in; the calls that do not pass on the session that is in scope at them, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from session_first.model import ModuleFacts, Unforwarded
from session_first.project.callgraph import CallGraph, Edge, Function, build
from session_first.project.passing import is_passed, may_be_passed
from session_first.project.takers import Takers

_LONGEST_CHAIN = 5


def unforwarded(
    modules: Sequence[ModuleFacts], graph: CallGraph | None = None
) -> dict[Path, tuple[Unforwarded, ...]]:
    """By file, tests left out, the calls of functions that take a session which pass none, though one is in scope.

    `graph` is the call graph of `modules`, made here where it is not given and needed.
    """
    may_hold = any(module.in_scope or module.may_take for module in modules)
    if not may_hold or not any(module.taking for module in modules):
        return {}
    calls = _Calls(modules, graph or build(modules))
    return {
        module.path: found for module in modules if not module.is_test and (found := tuple(calls.of(module)))
    }


class _Calls:
    """Finds the calls, and where a session would go through them."""

    def __init__(self, modules: Sequence[ModuleFacts], graph: CallGraph) -> None:
        self._graph = graph
        self._takers = Takers(modules, graph)
        self._tests = frozenset(module.path for module in modules if module.is_test)
        self._outgoing: dict[Function, list[Edge]] = {}
        self._edges: dict[Path, list[Edge]] = {}
        for edge in graph.edges:
            self._edges.setdefault(edge.path, []).append(edge)
            if edge.caller is not None:
                self._outgoing.setdefault(edge.caller, []).append(edge)

    def of(self, module: ModuleFacts) -> Iterator[Unforwarded]:
        """The calls of one file."""
        for edge in self._edges.get(module.path, ()):
            taken = self._takers.parameter(edge.target) if edge.target.path not in self._tests else None
            if taken is None or is_passed(self._graph, edge, taken.name) or may_be_passed(edge):
                continue
            session = self._takers.in_scope(edge)
            if session is None:
                continue
            caller = edge.caller.name if edge.caller is not None else module.module
            yield Unforwarded(
                position=edge.call.position,
                end=edge.call.end,
                callee=edge.call.callee.lstrip("."),
                function=edge.call.caller_name,
                session=session,
                parameter=taken.name,
                chain=(caller, *self._onward(edge.target)),
            )

    def _onward(self, function: Function) -> tuple[str, ...]:
        """The function, and those that it passes its session on to, one after the other."""
        names: list[str] = []
        seen: set[Function] = set()
        step: Function | None = function
        while step is not None and len(names) < _LONGEST_CHAIN:
            names.append(step.name)
            seen.add(step)
            step = next(
                (
                    edge.target
                    for edge in self._outgoing.get(step, ())
                    if edge.target not in seen
                    and (taken := self._takers.parameter(edge.target)) is not None
                    and is_passed(self._graph, edge, taken.name)
                ),
                None,
            )
        return tuple(names)
