"""Whether a client, or what a call gives, is kept where every caller shares it: a global, a class attribute, a module's dict."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from session_first.facts.blocks import Blocks
from session_first.facts.names import FUNCTIONS, FunctionNode, Names, Scope

_CARRIERS = (
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.BoolOp,
    ast.IfExp,
    ast.NamedExpr,
    ast.Starred,
    ast.keyword,
    ast.Attribute,
    ast.Call,
    ast.Subscript,
    ast.Await,
    ast.DictComp,
    ast.ListComp,
    ast.SetComp,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.BinOp,
)
"""Expressions whose value holds, or is made by, one of their parts."""

_WRAPPERS = frozenset({"dict", "list", "tuple", "partial", "get_paginator", "get_waiter"})
"""Lower-case callables whose result keeps what they are given or called on."""

_KEEPING = frozenset({"setdefault", "append", "add", "insert", "update", "put", "set", "__setitem__"})
"""Methods of a container that keep what they are given."""


@dataclass(frozen=True, slots=True)
class _Local:
    """A local that holds the client or what is made of it, or (`is_data`) what an operation gave."""

    name: str
    is_data: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """The shared place that keeps a value or an object made of it, else the locals that hold it."""

    place: str | None = None
    locals: tuple[_Local, ...] = ()


class Caches:
    """Answers for one module."""

    def __init__(self, names: Names, blocks: Blocks) -> None:
        self._names = names
        self._blocks = blocks
        self._leading_nowhere: dict[FunctionNode, set[_Local]] = {}
        self._reads: dict[FunctionNode, dict[str, list[ast.Name]]] = {}

    def kept(self, site: ast.expr, scope: Scope) -> str | None:
        """In words, where what `site` makes is kept for every caller; None where it is not."""
        if not scope.functions():
            return None
        return self._kept(self._way(site, scope), scope.functions()[0])

    def results(self) -> Iterator[tuple[ast.Call, str]]:
        """The calls in functions whose result is kept for every caller, with where."""
        for call in self._names.every(ast.Call):
            scope = self._names.scope_of.get(call.func)
            if scope is not None and scope.functions():
                way = self._way(call, scope, is_data=not _makes_object(call))
                place = self._kept(way, scope.functions()[0])
                if place is not None:
                    yield call, place

    def _kept(self, way: _Way, function: FunctionNode) -> str | None:
        """Where a value is kept that goes on so in the function."""
        leading_nowhere = self._leading_nowhere.setdefault(function, set())
        seen: set[_Local] = set()
        waiting = list(way.locals)
        while way.place is None and waiting:
            local = waiting.pop()
            if local in seen or local in leading_nowhere:
                continue
            seen.add(local)
            for node in self._read(function).get(local.name, ()):
                if way.place is None:
                    way = self._way(node, self._names.scope_of[node], is_data=local.is_data)
                    waiting.extend(way.locals)
        if way.place is None:
            leading_nowhere |= seen
        return way.place

    def _read(self, function: FunctionNode) -> dict[str, list[ast.Name]]:
        """Where the function reads each name."""
        if function not in self._reads:
            reads: dict[str, list[ast.Name]] = {}
            for node in self._names.inside(function):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    reads.setdefault(node.id, []).append(node)
            self._reads[function] = reads
        return self._reads[function]

    def _way(self, value: ast.expr, scope: Scope, *, is_data: bool = False) -> _Way:
        """Where `value`, or what is made of it, goes.

        What an operation of a client returns is data, not the client; it counts where it is asked for
        once and kept.
        """
        for child, holder in self._blocks.ancestors(value):
            match holder:
                case ast.Call() if child is not holder.func and (place := self._keeping_call(holder, scope)):
                    keeps = not is_data or self._is_filled_once(_container(holder), holder, scope)
                    return _Way(place if keeps else None)
                case ast.Call() if not (_makes_object(holder) or self._makes_own_class(holder, scope)):
                    is_data = True
                case ast.JoinedStr() | ast.BinOp():
                    is_data = True
                case ast.NamedExpr() if not is_data:
                    if (place := self._shared(holder.target, scope)) is not None:
                        return _Way(place)
                case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                    return self._assigned(child, holder, scope, is_data=is_data)
                case ast.For() | ast.AsyncFor() if child is holder.iter:
                    return self._of_locals(holder.iter, [holder.target], scope, is_data=is_data)
                case _:
                    pass
            if isinstance(holder, (ast.stmt, *FUNCTIONS)):
                break
            if not isinstance(holder, (*_CARRIERS, ast.comprehension)):
                break
        return _Way()

    def _assigned(
        self,
        value: ast.AST,
        statement: ast.Assign | ast.AnnAssign | ast.AugAssign,
        scope: Scope,
        *,
        is_data: bool,
    ) -> _Way:
        if value is not statement.value:
            return _Way()
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            keeps = not is_data or self._is_filled_once(target, value, scope)
            place = self._shared(target, scope) if keeps else None
            if place is not None:
                return _Way(place)
        return self._of_locals(statement.value, targets, scope, is_data=is_data)

    def _of_locals(
        self, value: ast.expr | None, targets: Sequence[ast.expr], scope: Scope, *, is_data: bool
    ) -> _Way:
        """The way through the locals that hold the value. Data is followed through those that hold nothing else, parts of it
        included."""
        is_split = is_data and not isinstance(value, (ast.Tuple, ast.List))
        names = [
            name.id
            for target in targets
            for name in (target.elts if is_split and isinstance(target, (ast.Tuple, ast.List)) else [target])
            if isinstance(name, ast.Name)
        ]
        certain = (name for name in names if not is_data or len(self._names.lookup(name, scope)) == 1)
        return _Way(None, tuple(_Local(name, is_data) for name in certain))

    def _is_filled_once(self, target: ast.expr, value: ast.AST, scope: Scope) -> bool:
        """`if self._client is None: self._client = …`: only the first call comes here."""
        place = target.value if isinstance(target, ast.Subscript) else target
        text = ast.unparse(place)
        asked = (
            f"hasattr({ast.unparse(place.value)}, {place.attr!r}"
            if isinstance(place, ast.Attribute)
            else text
        )
        guards = self._blocks.guarded_by(value, scope.functions()[0])
        tests = [ast.unparse(test) for test in (*guards, *self._meant_by_locals(guards, scope))]
        own = (
            value.values[0]
            if isinstance(value, ast.BoolOp)
            else value.test
            if isinstance(value, ast.IfExp)
            else None
        )
        tests.extend([ast.unparse(own)] if own is not None else [])
        for child, holder in self._blocks.ancestors(value):
            if isinstance(holder, ast.Try) and isinstance(child, ast.ExceptHandler):
                tests.extend(ast.unparse(statement) for statement in holder.body)
        return any(re.search(rf"(?<![\w.]){re.escape(text)}(?!\w)", test) or asked in test for test in tests)

    def _meant_by_locals(self, tests: Sequence[ast.expr], scope: Scope) -> Iterator[ast.expr]:
        """What the locals were set to that the tests ask: `found = CACHE.get(key)` of `if found is not None`."""
        names = {node.id for test in tests for node in ast.walk(test) if isinstance(node, ast.Name)}
        for name in sorted(names):
            for binding in self._names.lookup(name, scope):
                if binding.scope.functions() and binding.value is not None:
                    yield binding.value

    def _shared(self, target: ast.expr, scope: Scope) -> str | None:
        """In words, the place that `target` is if every caller shares it."""
        match target:
            case ast.Name():
                is_global = any(target.id in around.global_names for around in scope.chain())
                return f"the module global {target.id!r}" if is_global else None
            case ast.Tuple() | ast.List():
                places = (self._shared(element, scope) for element in target.elts)
                return next((place for place in places if place is not None), None)
            case ast.Starred():
                return self._shared(target.value, scope)
            case ast.Attribute():
                return self._shared_attribute(target, scope)
            case ast.Subscript():
                return self._shared_container(target.value, scope)
            case _:
                return None

    def _shared_attribute(self, target: ast.Attribute, scope: Scope) -> str | None:
        owner = target.value
        text = ast.unparse(target)
        if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "type":
            return f"the class attribute {text!r}"
        if isinstance(owner, ast.Attribute) and owner.attr == "__class__":
            return f"the class attribute {text!r}"
        root = _root(owner)
        if root is None:
            return None
        if self._is_class_parameter(root, scope):
            return f"the class attribute {text!r}"
        if self._is_module_level(root, scope):
            return f"{text!r}, which the whole module shares"
        return None

    def _shared_container(self, owner: ast.expr, scope: Scope) -> str | None:
        text = ast.unparse(owner)
        if isinstance(owner, ast.Call):
            is_globals = isinstance(owner.func, ast.Name) and owner.func.id == "globals"
            return "a module global" if is_globals else None
        root = _root(owner)
        if root is None:
            return None
        if self._is_mutable_default(root, scope):
            return f"the default of the parameter {text!r}, which all calls share"
        if self._is_module_level(root, scope):
            return f"the module-level {text!r}"
        if self._is_class_parameter(root, scope) or self._is_class_container(owner, scope):
            return f"the class attribute {text!r}"
        return None

    def _keeping_call(self, call: ast.Call, scope: Scope) -> str | None:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _KEEPING:
            return self._shared_container(call.func.value, scope)
        if isinstance(call.func, ast.Name) and call.func.id == "setattr" and call.args:
            root = _root(call.args[0])
            if root is not None and (
                self._is_class_parameter(root, scope) or self._is_module_level(root, scope)
            ):
                return f"an attribute of {ast.unparse(call.args[0])!r}, which every caller shares"
        return None

    def _makes_own_class(self, call: ast.Call, scope: Scope) -> bool:
        """`cls(client)`."""
        return isinstance(call.func, ast.Name) and self._is_class_parameter(call.func, scope)

    def _is_mutable_default(self, root: ast.Name, scope: Scope) -> bool:
        """`def f(cache={})`."""
        for function in scope.functions():
            arguments = function.args
            positional = [*arguments.posonlyargs, *arguments.args]
            defaults = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
            defaults.update(
                (a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d
            )
            for argument, default in defaults.items():
                if argument.arg == root.id:
                    return isinstance(default, (ast.Dict, ast.List, ast.Set, ast.Call))
        return False

    def _is_module_level(self, root: ast.Name, scope: Scope) -> bool:
        """Whether the name, or what a local of that name was set to, is bound at module level."""
        bindings = self._names.lookup(root.id, scope)
        return bool(bindings) and all(
            b.scope is self._names.top
            or root.id in b.scope.global_names
            or (
                isinstance(b.value, ast.Name)
                and b.value.id != root.id
                and self._is_module_level(b.value, b.scope)
            )
            for b in bindings
        )

    def _is_class_parameter(self, root: ast.Name, scope: Scope) -> bool:
        """The first parameter of a classmethod (or `__new__`, `__init_subclass__`)."""
        for function in scope.functions():
            if isinstance(function, ast.Lambda) or not function.args.args:
                continue
            if function.args.args[0].arg == root.id:
                decorated = any(
                    isinstance(d, ast.Name) and d.id == "classmethod" for d in function.decorator_list
                )
                return decorated or function.name in {"__new__", "__init_subclass__", "__class_getitem__"}
        return False

    def _is_class_container(self, owner: ast.expr, scope: Scope) -> bool:
        """`self._clients`, where the class body makes `_clients = {}` once for all instances."""
        if not isinstance(owner, ast.Attribute) or not isinstance(owner.value, ast.Name):
            return False
        for around in scope.chain():
            if isinstance(around.node, ast.ClassDef):
                bindings = around.bindings.get(owner.attr, ())
                return any(isinstance(b.value, (ast.Dict, ast.List, ast.Set, ast.Call)) for b in bindings)
        return False


def _container(call: ast.Call) -> ast.expr:
    """What a call that keeps its argument keeps it in: `CACHE` of `CACHE.append(x)`, `cls.name` of `setattr(cls, "name", x)`."""
    match call:
        case ast.Call(func=ast.Name(), args=[owner, ast.Constant(value=str(name)), *_]):
            return ast.Attribute(owner, name, ast.Load())
        case ast.Call(func=ast.Attribute(value=owner)):
            return owner
        case _:
            return call.args[0]


def _makes_object(call: ast.Call) -> bool:
    """`Wrapper(client)`, `dynamodb.Table("x")`: the result is an object that keeps the client."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name[:1].isupper() or name in _WRAPPERS


def _root(node: ast.expr) -> ast.Name | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node if isinstance(node, ast.Name) else None
