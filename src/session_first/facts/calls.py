"""A module's names in; the calls in it, each with what it calls and where it stands, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.callees import Callees, Receiver, first
from session_first.facts.constants import Constants
from session_first.facts.instances import Instances
from session_first.facts.names import FunctionNode, Names, Scope, qualified_name
from session_first.facts.surroundings import Surroundings
from session_first.model import Argument, CallSite, Position
from session_first.source import SourceFile

_RUNNERS = frozenset({"asyncio.run", "list", "tuple", "set", "sorted", "dict"})
"""They run a coroutine or generator to its end, there and then."""


class Calls:
    """Finds the calls of one module."""

    def __init__(
        self,
        source: SourceFile,
        names: Names,
        callees: Callees,
        surroundings: Surroundings,
        instances: Instances,
    ) -> None:
        self._source = source
        self._names = names
        self._callees = callees
        self._surroundings = surroundings
        self._instances = instances
        self._constants = Constants(names)
        self._callers: dict[FunctionNode, tuple[Position, str]] = {}

    def all(self) -> tuple[CallSite, ...]:
        """The calls in the order of the text."""
        sites = [self._site(node.func, node) for node in self._names.every(ast.Call)]
        return tuple(sorted(sites, key=lambda site: (site.position, site.end)))

    def scope(self, node: ast.Call) -> Scope:
        """The scope that the call is evaluated in."""
        return self._scope(node.func, self._surroundings.around(node).function)

    def of(self, func: ast.expr) -> CallSite:
        """The call of `func` by whom it is handed to, who alone knows its arguments; it stands where `func` does."""
        return self._site(func, None)

    def _site(self, func: ast.expr, node: ast.Call | None) -> CallSite:
        around = self._surroundings.around(node or func)
        scope = self._scope(func, around.function)
        receiver = self._receiver(func, scope)
        dotted = self._callees.dotted(func, scope) if receiver is None else None
        doubt = self._callees.doubt(func, scope) if receiver is None else None
        instance = (
            self._instances.of(func.value, scope)
            if doubt == "receiver" and isinstance(func, ast.Attribute)
            else None
        )
        caller, caller_name = self._caller(around.function) if around.function is not None else (None, None)
        return CallSite(
            position=self._source.start(node or func),
            end=self._source.end(node or func),
            callee=dotted if dotted is not None else self._text(func),
            certain=dotted is not None and doubt is None,
            through=receiver.through if receiver is not None else None,
            receiver_class=receiver.owner if receiver is not None else None,
            caller=caller,
            caller_name=caller_name,
            arguments=tuple(self._arguments(node, scope)) if node is not None else (),
            caught=around.caught,
            awaited=node is not None and self._is_awaited(node),
            doubt=doubt,
            instance=instance,
        )

    def _receiver(self, func: ast.expr, scope: Scope) -> Receiver | None:
        if isinstance(func, ast.Attribute):
            return self._callees.receiver(func.value, scope)
        receiver = self._callees.receiver(func, scope)
        return receiver if receiver is not None and receiver.through == "cls" else None

    def _arguments(self, node: ast.Call, scope: Scope) -> Iterator[Argument]:
        for value in node.args:
            starred = isinstance(value, ast.Starred)
            number = self._constants.number(value, scope)
            start, end = self._source.start(value), self._source.end(value)
            yield Argument(start, end, None, starred, _plain(value), number)
        for keyword in node.keywords:
            start = self._source.position(keyword.lineno, keyword.col_offset)
            end = self._source.end(keyword.value)
            number = self._constants.number(keyword.value, scope)
            yield Argument(start, end, keyword.arg, keyword.arg is None, _plain(keyword.value), number)

    def _is_awaited(self, node: ast.Call) -> bool:
        match self._names.parents[node]:
            case ast.Await() | ast.YieldFrom() | ast.withitem():
                return True
            case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated) | ast.comprehension(iter=iterated):
                return iterated is node
            case ast.Call(func=ast.Name() | ast.Attribute() as func):
                return self._callees.dotted(func, self._names.scope_of[func]) in _RUNNERS
            case _:
                return False

    def _scope(self, node: ast.expr, function: FunctionNode | None) -> Scope:
        """The scope that `node` is evaluated in; for what starts with no name, that of the function around."""
        start = first(node)
        if start in self._names.scope_of:
            return self._names.scope_of[start]
        if isinstance(start, ast.Call):
            return self._scope(start.func, function)
        return self._names.scopes[function] if function is not None else self._names.top

    def _caller(self, function: FunctionNode) -> tuple[Position, str]:
        if function not in self._callers:
            self._callers[function] = (self._source.start(function), qualified_name(function, self._names))
        return self._callers[function]

    def _text(self, node: ast.expr) -> str:
        text = self._source.segment(self._source.start(node), self._source.end(node))
        return ast.unparse(node) if "\n" in text or "\r" in text else text


def _plain(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return f"{name}.{attribute}"
        case ast.Constant(value=None):
            return "None"
        case _:
            return None
