"""The call graph in; the uses of the default session that certainly run in a thread of their own, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.facts.sessions import canonical
from session_first.facts.threads import THREADS
from session_first.model import (
    Api,
    ClassFacts,
    ModuleFacts,
    Position,
    SessionSite,
    ThreadedSite,
    ThreadStart,
)
from session_first.project.callgraph import CallGraph, Edge, Function, build
from session_first.project.definitions import Class

_APIS: dict[str, Api] = {"boto3.client": "client", "boto3.resource": "resource"}


def threaded(
    modules: Sequence[ModuleFacts], graph: CallGraph | None = None
) -> dict[Path, tuple[ThreadedSite, ...]]:
    """By file, tests left out, the sites that run in threads, each with a shortest way on which it gets there.

    `graph` is the call graph of `modules`, made here where it is not given and needed.
    """
    own = [module for module in modules if not module.is_test]
    if not any(map(may_be_threaded, own)) or not any(map(starts_threads, own)):
        return {}
    sites = _Sites(own, graph or build(modules))
    return {module.path: found for module in own if (found := sites.of(module))}


def may_be_threaded(module: ModuleFacts) -> bool:
    """Whether the module has sites that would be found if they ran in a thread."""
    return not module.is_test and (bool(_sites(module)) or any(map(_api, module.threads.starts)))


def starts_threads(module: ModuleFacts) -> bool:
    """Whether something of the module may be run in a thread for all that it says itself."""
    return bool(module.threads.starts) or any("run" in cls.methods and cls.bases for cls in module.classes)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a function comes to run in a thread: `functions` call one another, and the first of them was given to `receiver`
    in `line` of `module`."""

    functions: tuple[Function, ...]
    receiver: str
    line: int
    module: ModuleFacts


class _Sites:
    """Finds the sites, and the functions that run in threads."""

    def __init__(self, modules: Sequence[ModuleFacts], graph: CallGraph) -> None:
        self._graph = graph
        self._modules = {module.path: module for module in modules}
        self._outgoing: dict[Function, list[Edge]] = {}
        for edge in graph.edges:
            if edge.caller is not None:
                self._outgoing.setdefault(edge.caller, []).append(edge)
        self._ways = self._found_ways()

    def of(self, module: ModuleFacts) -> tuple[ThreadedSite, ...]:
        """Those of one file, in the order of the text."""
        found = {site.position: site for site in (*self._handed(module), *self._inside(module))}
        return tuple(found[position] for position in sorted(found))

    def _handed(self, module: ModuleFacts) -> Iterator[ThreadedSite]:
        """`pool.submit(boto3.client, "s3")`."""
        for start in module.threads.starts:
            api = _api(start)
            if api is not None:
                yield ThreadedSite(
                    position=start.run.position,
                    end=start.run.end,
                    text=start.run.callee,
                    api=api,
                    function=start.run.caller_name,
                    way=(),
                    receiver=start.receiver,
                    line=start.line,
                )

    def _inside(self, module: ModuleFacts) -> Iterator[ThreadedSite]:
        for site in _sites(module):
            function = self._graph.function(module.path, site.function) if site.function is not None else None
            way = self._ways.get(function) if function is not None else None
            if function is None or way is None or _is_locked(module, site.position, site.function):
                continue
            if self._may_exist_before(module, site, function):
                continue
            yield ThreadedSite(
                site.position,
                site.end,
                site.text,
                site.api,
                site.function_name,
                tuple(step.name for step in way.functions),
                way.receiver,
                way.line,
                way.module.module if way.module is not module else None,
            )

    def _may_exist_before(self, module: ModuleFacts, site: SessionSite, function: Function) -> bool:
        """Whether what is made is kept beyond the call, and a call outside the threads may have made it first."""
        decorators = self._graph.definition(function).decorators
        if site.position not in module.threads.kept and not any("cache" in d.text for d in decorators):
            return False
        return any(
            edge.path in self._modules and edge.caller not in self._ways
            for edge in self._graph.callers(function)
        )

    # --- From a function that is handed over to what it calls ---------------------------------------

    def _found_ways(self) -> dict[Function | None, _Way]:
        """The functions that run in a thread, each with a shortest way there."""
        ways: dict[Function | None, _Way] = {}
        waiting = [way for way in self._entries() if not self._graph.definition(way.functions[0]).deferred]
        for way in waiting:  # which grows
            function = way.functions[-1]
            if function in ways:
                continue
            ways[function] = way
            waiting.extend(
                _Way((*way.functions, edge.target), way.receiver, way.line, way.module)
                for edge in self._outgoing.get(function, ())
                if self._goes_on(edge)
            )
        return ways

    def _goes_on(self, edge: Edge) -> bool:
        """Whether what is called runs there and then, and other threads may run it as well."""
        module = self._modules.get(edge.path)
        if module is None or edge.target.path not in self._modules:
            return False
        runs = edge.call.awaited or not self._graph.definition(edge.target).deferred
        return runs and not _is_locked(module, edge.call.position, edge.call.caller)

    def _entries(self) -> Iterator[_Way]:
        for module in self._modules.values():
            for start in module.threads.starts:
                function = self._graph.run_by(module, start.run)
                if function is not None and function.path in self._modules:
                    yield _Way((function,), start.receiver, start.line, module)
            for cls in module.classes:
                run = cls.methods.get("run")
                function = self._graph.function(module.path, run) if run is not None else None
                if function is not None and self._is_thread(module, cls):
                    name = cls.name.rpartition(".")[2]
                    yield _Way((function,), f"the thread {name}", cls.position.line, module)

    def _is_thread(self, module: ModuleFacts, cls: ClassFacts) -> bool:
        """Whether the class, or one above it, inherits from `Thread`."""
        definitions = self._graph.definitions
        own = definitions.class_(module, cls.name)
        above = definitions.order(own) if own is not None else (Class(module.path, cls.name),)
        return any(
            base in THREADS
            for one in above
            if one is not None and one.path in self._modules
            for facts in self._modules[one.path].classes
            if facts.name == one.name
            for base in facts.bases
        )


def _sites(module: ModuleFacts) -> list[SessionSite]:
    """The calls of the default session in functions, where no other is in scope."""
    return [
        site
        for site in module.sites
        if site.is_call and site.function is not None and site.session is None and site.api in _APIS.values()
    ]


def _api(start: ThreadStart) -> Api | None:
    """What is handed over if it is boto3's own."""
    return _APIS.get(canonical(start.run.callee) or "") if start.run.certain else None


def _is_locked(module: ModuleFacts, position: Position, function: Position | None) -> bool:
    return any(
        part.function == function and part.position <= position < part.end for part in module.threads.locked
    )
