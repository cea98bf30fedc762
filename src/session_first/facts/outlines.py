"""A module's names in; where in its programs' starts and Lambda handlers a session can be made, out."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count

from session_first.facts.blocks import Blocks
from session_first.facts.handlers import catches, is_try, last_name
from session_first.facts.main_test import is_main_test
from session_first.facts.names import FUNCTIONS, FunctionNode, Names, Scope
from session_first.model import BlockStep, Outline, OutlinedStatement, Position
from session_first.source import SourceFile

_OTHER_EXCEPTIONS = frozenset(
    {
        *(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)),
        *("ClientError", "NoCredentialsError", "PartialCredentialsError", "NoRegionError", "WaiterError"),
        *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ParamValidationError"),
    }
) - {"Exception", "BaseException", "ExceptionGroup", "BaseExceptionGroup"}
"""The exceptions that botocore's ProfileNotFound, which making a session may raise, is none of."""

_PROFILES = frozenset({"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
_MOTO = "moto"


class Outlines:
    """Answers for one module."""

    def __init__(
        self, source: SourceFile, names: Names, blocks: Blocks, handlers: Sequence[FunctionNode]
    ) -> None:
        self._source = source
        self._names = names
        self._blocks = blocks
        self._handlers = handlers

    def all(self) -> dict[Position, Outline]:
        """The outlines of the module's functions, of its Lambda handlers, and of what an `if __name__ == "__main__":` guards,
        by where these stand."""
        found = {}
        for statement in self._names.tree.body:
            if isinstance(statement, ast.If) and is_main_test(statement.test):
                found[self._source.start(statement)] = self._outline(
                    statement.body, self._names.top, frozenset()
                )
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                scope = self._names.scopes[statement]
                found[self._source.start(statement)] = self._outline(
                    statement.body, scope, self._bound(statement)
                )
        for handler in self._handlers:
            found.setdefault(self._source.start(handler), Outline(bound=self._bound(handler)))
        return found

    def before_handlers(self) -> dict[Position, Position]:
        """For each Lambda handler the module's own statement that it is or stands in, if another can be put before it."""
        found = {}
        for handler in self._handlers:
            node: ast.AST = handler
            while self._names.parents[node] is not self._names.tree:
                node = self._names.parents[node]
            assert isinstance(node, ast.stmt)
            if self._blocks.insertable(node):
                found[self._source.start(handler)] = self._source.start(node)
        return found

    def taken(self, wanted: Sequence[str]) -> frozenset[str]:
        """Those of the names that mean something at the module's level."""
        found = {name for name in wanted if name in self._names.top.bindings}
        for node in self._names.every(ast.Name):
            if node.id in wanted:
                binder = self._names.binder(node.id, self._names.scope_of[node])
                if binder is None or binder is self._names.top:
                    found.add(node.id)
        for binding in self._names.top.bindings.get("__all__", ()):
            parts = ast.walk(binding.value) if binding.value is not None else ()
            texts = {part.value for part in parts if isinstance(part, ast.Constant)}
            found.update(name for name in wanted if name in texts)
        return frozenset(found)

    @cached_property
    def _bound_in(self) -> dict[FunctionNode, set[str]]:
        """The names that each function, and those inside it, bind."""
        found: dict[FunctionNode, set[str]] = {}
        for scope in self._names.scopes.values():
            for function in scope.functions():
                found.setdefault(function, set()).update(scope.bindings)
        return found

    def _bound(self, function: FunctionNode) -> frozenset[str]:
        return frozenset(self._bound_in.get(function, ()))

    def _outline(self, body: Sequence[ast.stmt], scope: Scope, bound: frozenset[str]) -> Outline:
        statements: list[OutlinedStatement] = []
        catching: set[int] = set()
        imports: list[tuple[BlockStep, ...]] = []
        numbers = count()
        importing = {
            binding.node
            for binding in (scope.bindings.get("boto3", ()) if scope is not self._names.top else ())
            if binding.dotted == "boto3"
        }
        waiting: list[tuple[Sequence[ast.stmt], tuple[BlockStep, ...], bool]] = [(body, (), False)]
        while waiting:
            block, around, is_caught = waiting.pop()
            number = next(numbers)
            if is_caught:
                catching.add(number)
            for index, statement in enumerate(block):
                path = (*around, BlockStep(number, index))
                start, end = self._source.start(statement), self._source.end(statement)
                if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    start_of_all = min([start, *map(self._source.start, statement.decorator_list)])
                else:
                    start_of_all = start
                insertable = self._blocks.insertable(statement)
                statements.append(OutlinedStatement(start, start_of_all, end, path, insertable))
                if statement in importing:
                    imports.append(path)
                waiting.extend((part, path, caught) for part, caught in _blocks_of(statement))
        once = frozenset(name for name, bindings in scope.bindings.items() if len(bindings) == 1)
        return Outline(tuple(statements), frozenset(catching), bound, once, tuple(imports))


def uses_moto(source: SourceFile) -> bool:
    """Whether the file names moto, which does not see what sessions do that were made before it was imported."""
    return _MOTO in source.words


def profile_settings(source: SourceFile, names: Names) -> tuple[tuple[Position, Position], ...]:
    """(place, outermost function around) of what sets the environment variable of the AWS profile."""
    found = []
    for node in names.parents:
        if isinstance(node, ast.Constant) and node.value in _PROFILES and _is_set(names.parents[node]):
            place: ast.expr | ast.keyword = node
        elif isinstance(node, ast.keyword) and node.arg in _PROFILES:
            place = node
        else:
            continue
        around: ast.AST = place
        outermost: FunctionNode | None = None
        while around is not names.tree:
            around = names.parents[around]
            if isinstance(around, FUNCTIONS):
                outermost = around
        if outermost is not None:
            value = place.value if isinstance(place, ast.keyword) else place
            found.append((source.start(value), source.start(outermost)))
    return tuple(found)


def _is_set(holder: ast.AST) -> bool:
    """`environ[name] = …`, `del environ[name]`, `environ.setdefault(name, …)`, `{name: …}`."""
    if isinstance(holder, ast.Subscript):
        return not isinstance(holder.ctx, ast.Load)
    if isinstance(holder, ast.Call):
        return last_name(holder) in {"setdefault", "pop", "putenv", "unsetenv"}
    return isinstance(holder, ast.Dict)


def _blocks_of(statement: ast.stmt) -> Iterator[tuple[Sequence[ast.stmt], bool]]:
    """The blocks of a statement that run at most once, and whether it may catch there what making a session raises."""
    if isinstance(statement, ast.Match):
        for case in statement.cases:
            yield case.body, False
    elif isinstance(statement, ast.If):
        yield statement.body, False
        yield statement.orelse, False
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        yield statement.body, catches(statement)
    elif is_try(statement):
        handlers: Sequence[ast.ExceptHandler] = getattr(statement, "handlers", ())
        yield getattr(statement, "body", ()), any(map(_catches_all, handlers))
        for handler in handlers:
            yield handler.body, False
        yield getattr(statement, "orelse", ()), False
        yield getattr(statement, "finalbody", ()), False


def _catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether the handler may catch botocore's ProfileNotFound."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        last_name(kind) not in _OTHER_EXCEPTIONS
        and ".exceptions." not in ast.unparse(kind).removeprefix("botocore")
        for kind in types
    )
