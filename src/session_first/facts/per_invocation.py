"""A module in; the sessions and assumed roles that its Lambda handlers make on every call, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.blocks import Blocks
from session_first.facts.caches import Caches
from session_first.facts.lambda_handlers import lambda_handlers
from session_first.facts.names import FunctionNode, Names, Scope, all_arguments, identifiers, qualified_name
from session_first.facts.role_calls import RoleCalls
from session_first.facts.sessions import SESSION_CLASSES, Sessions, canonical
from session_first.model import MadeSession
from session_first.source import SourceFile

_FILLING = frozenset({"add", "append", "extend", "insert", "setdefault", "update"})
"""Methods that put what they are given into their object."""


class PerInvocation:
    """Finds what the handlers of one module make in their own bodies."""

    def __init__(self, source: SourceFile, names: Names) -> None:
        self._source = source
        self._names = names
        self._blocks = Blocks(source, names.parents)
        self._caches = Caches(names, self._blocks)
        self._roles = RoleCalls(names, Sessions(names, self._blocks))

    def all(self) -> tuple[MadeSession, ...]:
        """What is made, in the order of the text."""
        made = [made for handler in lambda_handlers(self._names) for made in self._made_by(handler)]
        return tuple(sorted(made, key=lambda made: (made.position, made.end)))

    def _made_by(self, handler: FunctionNode) -> Iterator[MadeSession]:
        """The roles, and the sessions that are not made of one of these roles."""
        calls = [call for call in _calls(handler) if self._scope(call).functions()[:1] == (handler,)]
        roles = [call for call in calls if self._assumes_role(call)]
        sessions = [call for call in calls if self._makes_session(call)]
        if not roles and not sessions:
            return
        # Another role, or another region, for every event or turn of a loop has to be made there.
        parameters = frozenset(argument.arg for argument in all_arguments(handler.args))
        varying = _Spread(handler, names=parameters, turns=True)
        lasting = [
            call
            for call in (*roles, *sessions)
            if not varying.reaches(call) and not self._is_kept(call, handler) and not self._is_fallback(call)
        ]
        lasting_roles = frozenset(call for call in lasting if call in roles)
        of_role = _Spread(handler, sources=lasting_roles)
        for call in lasting:
            is_role = call in lasting_roles
            if not is_role and (of_role.reaches(call) or self._is_within(call, lasting_roles)):
                continue
            yield MadeSession(
                position=self._source.start(call),
                end=self._source.end(call),
                text=f"{ast.unparse(call.func)}({'…' if call.args or call.keywords else ''})",
                is_role=is_role,
                handler=qualified_name(handler, self._names),
            )

    def _assumes_role(self, call: ast.Call) -> bool:
        scope = self._scope(call)
        return self._roles.is_sts(call, scope) or self._roles.makes_session(call, scope)

    def _makes_session(self, call: ast.Call) -> bool:
        scope = self._scope(call)
        return canonical(self._names.dotted(call.func, scope)) in SESSION_CLASSES and self._names.is_bound(
            call.func, scope
        )

    def _is_kept(self, call: ast.Call, handler: FunctionNode) -> bool:
        """`global session; if session is None: session = …`: only the first call comes here."""
        if self._caches.kept(call, self._scope(call)) is None:
            return False
        return any(
            isinstance(part, ast.Name)
            and (part.id in self._names.top.bindings or part.id in {"globals", "hasattr"})
            for test in self._blocks.guarded_by(call, handler)
            for part in ast.walk(test)
        )

    def _is_fallback(self, call: ast.Call) -> bool:
        """What stands in an `except` is made where something failed, not on every call."""
        return any(isinstance(holder, ast.ExceptHandler) for _, holder in self._blocks.ancestors(call))

    def _is_within(self, call: ast.Call, others: frozenset[ast.Call]) -> bool:
        return any(holder in others for _, holder in self._blocks.ancestors(call))

    def _scope(self, call: ast.Call) -> Scope:
        return self._names.scope_of[call.func]


class _Spread:
    """The names of a function that depend on some of its names, or on what some of its expressions give."""

    def __init__(
        self,
        function: FunctionNode,
        *,
        names: frozenset[str] = frozenset(),
        sources: frozenset[ast.Call] = frozenset(),
        turns: bool = False,
    ) -> None:
        self._names = set(names)
        self._sources = sources
        flows = list(_flows(function, (), turns=turns))
        known = -1
        while known != len(self._names):
            known = len(self._names)
            for targets, values in flows:
                if values is None or any(map(self.reaches, values)):
                    self._names.update(targets)

    def reaches(self, node: ast.AST) -> bool:
        """Whether `node` depends on them."""
        return any(
            part in self._sources
            or (isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id in self._names)
            for part in ast.walk(node)
        )


def _calls(function: FunctionNode) -> Iterator[ast.Call]:
    """The calls of names and attributes in a function, nested functions included."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield node


def _flows(
    node: ast.AST, tests: tuple[ast.expr, ...], *, turns: bool
) -> Iterator[tuple[frozenset[str], tuple[ast.AST, ...] | None]]:
    """(names, what their values depend on) wherever names of a function get a value; None for a loop's names,
    which with `turns` depend on its turn. The tests that decide on the assignment count."""
    match node:
        case ast.Assign():
            yield _bound(*node.targets), (node.value, *tests)
        case ast.AugAssign() | ast.NamedExpr():
            yield _bound(node.target), (node.value, *tests)
        case ast.AnnAssign() if node.value is not None:
            yield _bound(node.target), (node.value, *tests)
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield _bound(node.target), (None if turns else (node.iter, *tests))
        case ast.withitem() if node.optional_vars is not None:
            yield _bound(node.optional_vars), (node.context_expr, *tests)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr, value=receiver)) as call) if (
            attr in _FILLING
        ):
            yield _bound(receiver), (*call.args, *call.keywords, *tests)
        case ast.Match():
            captured = frozenset(name for case in node.cases for name in identifiers(ast.walk(case.pattern)))
            yield captured, (node.subject, *tests)
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        further = tests
        if isinstance(node, (ast.If, ast.IfExp)) and child is not node.test:
            further = (*tests, node.test)
        yield from _flows(child, further, turns=turns)


def _bound(*targets: ast.expr) -> frozenset[str]:
    """The names that an assignment to `targets` changes: `params` for `params["RoleArn"] = …`."""
    found: set[str] = set()
    for target in targets:
        match target:
            case ast.Name():
                found.add(target.id)
            case ast.Tuple() | ast.List():
                found |= _bound(*target.elts)
            case ast.Starred() | ast.Attribute() | ast.Subscript():
                found |= _bound(target.value)
            case _:
                pass
    return frozenset(found)
