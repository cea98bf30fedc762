"""The call graph in; the functions that take a session already, and the session in scope at each call, out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from session_first.model import Definition, ModuleFacts, Position, SessionBinding, SessionParameter
from session_first.project.callgraph import CallGraph, Edge, Function

_PASSED_ON = "passed on as a session"


class Takers:
    """What the code says of sessions before anything is changed."""

    def __init__(self, modules: Sequence[ModuleFacts], graph: CallGraph) -> None:
        self._graph = graph
        self._by_path: Mapping[Path, ModuleFacts] = {module.path: module for module in modules}
        self._spans: dict[Path, list[Definition]] = {}
        self._derived: dict[Function, SessionParameter] = {}
        self._derive()

    def parameter(self, function: Function) -> SessionParameter | None:
        """The parameter by which the function takes a session, None by default."""
        facts = self._by_path[function.path]
        return facts.taking.get(function.position) or self._derived.get(function)

    def all(self) -> Iterator[Function]:
        """The functions that take one, tests left out."""
        for module in self._by_path.values():
            if not module.is_test:
                for position in module.taking:
                    if (function := self._graph.function(module.path, position)) is not None:
                        yield function
        yield from self._derived

    def in_scope(self, edge: Edge) -> SessionBinding | None:
        """The session in scope at the call."""
        module = self._by_path[edge.path]
        found = module.in_scope.get((edge.call.position, edge.call.end))
        if found is not None:
            return found
        for function in self.around(edge):
            derived = self._derived.get(function)
            if derived is not None and not self._is_hidden(derived.name, function, edge):
                return SessionBinding(derived.name, True, _PASSED_ON, from_default=True)
        return None

    def around(self, edge: Edge) -> Iterator[Function]:
        """The functions around the call, the innermost first."""
        function = edge.caller
        while function is not None:
            yield function
            function = self._outer(function)

    def _outer(self, function: Function) -> Function | None:
        """The function that the function is nested in."""
        owner = function.name.rpartition(".")[0]
        before = [d for d in self._definitions(function.path) if d.position < function.position]
        for definition in reversed(before):
            if definition.name == owner or (owner + ".").startswith(definition.name + "."):
                return self._graph.function(function.path, definition.position)
        return None

    def _definitions(self, path: Path) -> list[Definition]:
        if path not in self._spans:
            self._spans[path] = sorted(self._by_path[path].definitions, key=lambda d: d.position)
        return self._spans[path]

    def _is_hidden(self, name: str, holder: Function, edge: Edge) -> bool:
        for function in self.around(edge):
            if function == holder:
                return False
            if any(p.name == name for p in self._graph.definition(function).parameters):
                return True
        return True

    def _derive(self) -> None:
        """Finds the functions that pass a parameter on to one that takes a session."""
        waiting = list(self.all())
        while waiting:
            target = waiting.pop()
            parameter = self.parameter(target)
            assert parameter is not None
            for edge in self._graph.callers(target):
                passed = self._text(edge, parameter.name)
                for function in self.around(edge):
                    if function in self._derived or self._by_path[function.path].is_test:
                        continue
                    if passed in self._by_path[function.path].may_take.get(function.position, ()):
                        if self._by_path[function.path].taking.get(function.position) is None:
                            assert passed is not None
                            self._derived[function] = SessionParameter(passed, fills_default=True)
                            waiting.append(function)
                        break

    def _text(self, edge: Edge, parameter: str) -> str | None:
        """What the call passes as the parameter, where that is a plain name."""
        for number, argument in enumerate(edge.call.arguments):
            if self._graph.parameter_of(edge, number) == parameter:
                return argument.text
        return None


def outermost(module: ModuleFacts, position: Position) -> Position | None:
    """Where the first function around a place of the module stands."""
    starts = sorted(module.functions)
    index = bisect_right(starts, position) - 1
    if index < 0:
        return None
    function = module.functions[starts[index]]
    return function.position if position < function.end else None
