"""A call or a function in; what a session must not be passed through, or lifted over, out."""

from __future__ import annotations

from functools import cached_property

from session_first.model import FunctionFacts, ModuleFacts, Skip, SkipReason
from session_first.project.callgraph import CallGraph, Edge, Function
from session_first.project.context import same_module
from session_first.project.decorators import Decorators
from session_first.project.replaced import Replaced
from session_first.project.take_session import Context


class Barriers:
    """Answers for one project."""

    def __init__(self, graph: CallGraph, context: Context) -> None:
        self._graph = graph
        self._context = context

    @cached_property
    def _decorators(self) -> Decorators:
        return Decorators(self._context.project.modules, self._graph.definitions)

    @cached_property
    def _replaced(self) -> Replaced:
        return Replaced(self._context.project)

    def before(self, edge: Edge, parameter: str) -> Skip | None:
        """What stands between the call and the function that it runs."""
        definition = self._graph.definition(edge.target)
        module = self._context.project.by_path[edge.target.path]
        for decorator in definition.decorators:
            if self._decorators.is_memoised(module, decorator.name):
                return Skip(
                    SkipReason.MEMOISED,
                    f"@{decorator.text} keeps what {edge.target.name} gives, for each session anew",
                )
            if not self._decorators.passes_keywords(module, decorator.name, parameter):
                return Skip(
                    SkipReason.DECORATED,
                    f"@{decorator.text} stands before {edge.target.name}, and may not pass a session on",
                )
        return self._replacement(edge.target)

    def lift(self, module: ModuleFacts, holder: FunctionFacts) -> Skip | None:
        """Why the function is not given a session to pass on."""
        if any(_names(stop, module.module, holder.name) for stop in self._context.settings.stop_at):
            return Skip(SkipReason.STOPPED, "--stop-at names it")
        if module.path not in self._context.writable:
            return Skip(
                SkipReason.NEEDS_EDIT_OUTSIDE_PATHS,
                f"{module.path.name}:{holder.position.line} {holder.name} would have to take it; give its path as well",
            )
        return None

    def _replacement(self, function: Function) -> Skip | None:
        """What tests make of the function that a session passed to it would break."""
        module = self._context.project.by_path[function.path]
        facts = module.functions.get(function.position)
        if facts is None:
            return Skip(SkipReason.UNSUPPORTED_SYNTAX, f"{function.name} is a function inside another one")
        where = self._replaced.replaced(module, facts)
        if where is None:
            return None
        file, line = where
        return Skip(
            SkipReason.MOCKED_IN_TESTS,
            f"{file.path.name}:{line} replaces {function.name} or checks how it is called,"
            " and knows of no session there",
        )


def _names(stop: str, module: str, function: str) -> bool:
    """Whether `pkg.mod:func` names the function; the same file may go by a shorter or longer name of its module."""
    head, _, name = stop.partition(":")
    return name == function and same_module(head, module, "")
