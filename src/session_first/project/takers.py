"""The call graph in; the functions that take a session already, and the session in scope at each call, out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from session_first.model import (
    ClassFacts,
    Definition,
    ModuleFacts,
    Position,
    SessionBinding,
    SessionParameter,
)
from session_first.project.callgraph import CallGraph, Edge, Function

_PASSED_ON = "passed on as a session"


@dataclass(frozen=True, slots=True)
class _Method:
    """A method: its class, what it calls the object, and what makes that."""

    owner: ClassFacts
    receiver: str
    constructor: Function


class Takers:
    """What the code says of sessions before anything is changed."""

    def __init__(self, modules: Sequence[ModuleFacts], graph: CallGraph) -> None:
        self._graph = graph
        self._by_path: Mapping[Path, ModuleFacts] = {module.path: module for module in modules}
        self._spans: dict[Path, list[Definition]] = {}
        self._derived: dict[Function, SessionParameter] = {}
        self._kept: dict[Function, str] = {}
        self._derive()
        self._own = dict(self._found_own())

    def own(self, function: Function) -> str | None:
        """The session with credentials or a region of its own that the function, or what it passes its parameter on to, makes
        where it is given none."""
        return self._own.get(function)

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
            constructor = self.constructor_of(found, edge)
            taken = self.parameter(constructor) if constructor is not None else None
            return found if taken is None else replace(found, from_default=taken.fills_default)
        for function in self.around(edge):
            derived = self._derived.get(function)
            if derived is not None and not self._is_hidden(derived.name, function, edge):
                return SessionBinding(derived.name, True, _PASSED_ON, from_default=True)
        for function in self.around(edge) if self._kept else ():
            method = self._method(function)
            if method is not None and (attribute := self._kept.get(method.constructor)) is not None:
                return SessionBinding(f"{method.receiver}.{attribute}", True, _PASSED_ON, from_default=True)
        return None

    def constructor_of(self, session: SessionBinding, edge: Edge) -> Function | None:
        """The constructor whose parameter the session is, where it is one that an object keeps."""
        for function in self.around(edge):
            method = self._method(function)
            if method is not None and self._kept_as(session.expression, method) is not None:
                return method.constructor
        return None

    def _method(self, function: Function) -> _Method | None:
        """What is known of a method other than the constructor that the class itself has."""
        module = self._by_path[function.path]
        name = self._graph.definition(function).class_name
        cls = next((c for c in module.classes if c.name == name), None)
        constructor = self._graph.constructor(module.path, cls.name) if cls is not None else None
        if cls is None or constructor is None or constructor.position != cls.methods.get("__init__"):
            return None
        receiver = cls.receivers.get(function.position)
        if receiver is None or function == constructor or constructor.path != function.path:
            return None
        return _Method(cls, receiver, constructor)

    def _kept_as(self, expression: str | None, method: _Method) -> tuple[str, str] | None:
        """The attribute that the expression is, and the parameter that it keeps."""
        receiver, _, attribute = (expression or "").partition(".")
        kept = method.owner.keeps.get(attribute) if receiver == method.receiver else None
        if kept is None or any(attribute in module.set_attributes for module in self._by_path.values()):
            return None
        return attribute, kept

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
                    waiting.extend(self._derive_kept(passed, function))
                    if function in self._derived or self._by_path[function.path].is_test:
                        continue
                    if passed in self._by_path[function.path].may_take.get(function.position, ()):
                        if self._by_path[function.path].taking.get(function.position) is None:
                            assert passed is not None
                            self._derived[function] = SessionParameter(passed, fills_default=True)
                            waiting.append(function)
                        break

    def _derive_kept(self, passed: str | None, function: Function) -> Iterator[Function]:
        """The constructor whose parameter is kept on the object, from where it is passed on."""
        method = self._method(function)
        kept = self._kept_as(passed, method) if method is not None else None
        if method is None or kept is None or method.constructor in self._kept:
            return
        module = self._by_path[function.path]
        if module.is_test or kept[1] not in module.may_take.get(method.constructor.position, ()):
            return
        self._kept[method.constructor] = kept[0]
        if self.parameter(method.constructor) is None:
            self._derived[method.constructor] = SessionParameter(kept[1], fills_default=True)
            yield method.constructor

    def _found_own(self) -> Iterator[tuple[Function, str]]:
        waiting = [
            (f, p.own) for f in self.all() if (p := self.parameter(f)) is not None and p.own is not None
        ]
        seen: set[Function] = set()
        while waiting:
            target, own = waiting.pop()
            parameter = self.parameter(target)
            if parameter is None or target in seen:
                continue
            seen.add(target)
            yield target, own
            for edge in self._graph.callers(target):
                passed = self._text(edge, parameter.name)
                for function in self.around(edge):
                    method = self._method(function)
                    kept = self._kept_as(passed, method) if method is not None else None
                    holder, name = (
                        (function, passed)
                        if method is None or kept is None
                        else (method.constructor, kept[1])
                    )
                    taken = self.parameter(holder)
                    if taken is not None and taken.name == name:
                        waiting.append((holder, own))
                        break

    def _text(self, edge: Edge, parameter: str) -> str | None:
        """What the call passes as the parameter, where that is a plain name."""
        for number, argument in enumerate(edge.call.arguments):
            if self._graph.parameter_of(edge, number) == parameter:
                return argument.text
        return None


def outermost(
    module: ModuleFacts, position: Position, starts: Sequence[Position] | None = None
) -> Position | None:
    """Where the first function around a place of the module stands; `starts` are the places of its functions in order,
    for whoever asks often."""
    starts = sorted(module.functions) if starts is None else starts
    index = bisect_right(starts, position) - 1
    if index < 0:
        return None
    function = module.functions[starts[index]]
    return function.position if position < function.end else None
