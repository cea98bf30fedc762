"""A module's names in; its decorators that pass keywords on to the functions that they decorate, out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from session_first.facts.decorators import is_named_for_memory, library_memoises, library_passes_keywords
from session_first.facts.names import FUNCTIONS, FunctionNode, Names, Scope, all_arguments, qualified_name
from session_first.model import Wrapper

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)

_CONTEXT_DECORATORS = frozenset({"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"})
_CONTEXT_MANAGERS = frozenset(
    {"contextlib.contextmanager", "contextlib.asynccontextmanager", "decorator.contextmanager"}
)
_MAPPING_METHODS = frozenset({"get", "pop", "setdefault"})
_RUNNERS = frozenset({"partial", "submit", "to_thread", "run_in_threadpool"})
"""Callables that take a function and the keywords to call it with, and no others."""

_LOGGING = frozenset(
    {"critical", "debug", "error", "exception", "fatal", "info", "log", "print", "warn", "warning"}
)
_KEEPING = frozenset(
    {
        "add",
        "append",
        "appendleft",
        "cache",
        "dump",
        "extend",
        "insert",
        "put",
        "put_item",
        "save",
        "set",
        "setdefault",
    }
    | {"setex", "set_many", "setattr", "store", "update", "write", "__setitem__"}
)
"""Methods that may keep what they are given for another call."""

_REMEMBERS = re.compile(r"memo|cache|once\b|singleton|dedup", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Passing:
    """What holds for a function that a decorator gives."""

    keywords: frozenset[str] = frozenset()
    through: frozenset[str] = frozenset()
    memoises: bool = False


def wrappers(names: Names) -> tuple[Wrapper, ...]:
    """The decorators outside functions, in the order of the text."""
    found = _Wrappers(names)
    return tuple(wrapper for node in names.scopes if (wrapper := found.wrapper(node)) is not None)


class _Wrappers:
    """Answers for one module."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._asked: set[ast.AST] = set()

    def wrapper(self, node: ast.AST) -> Wrapper | None:
        """What `node` is as a decorator."""
        match node:
            case ast.ClassDef():
                passing = self._class(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                passing = self._function(node)
            case _:
                return None
        around = self._names.scopes[node].parent
        if passing is None or around is None or around.functions():
            return None
        name = qualified_name(node, self._names)
        memoises = passing.memoises or _REMEMBERS.search(name) is not None
        return Wrapper(name, passing.keywords, passing.through, memoises)

    # --- Decorators -----------------------------------------------------------------------------

    def _class(self, node: ast.ClassDef) -> _Passing | None:
        """A class whose objects stand in the place of functions, or are given them."""
        call = next((s for s in node.body if isinstance(s, _FUNCTION_DEFS) and s.name == "__call__"), None)
        if call is None:
            scope = self._names.scopes[node].parent
            bases = {self._names.dotted(base, scope) for base in node.bases} if scope is not None else set()
            return _Passing() if bases & _CONTEXT_DECORATORS else None
        return self._wrapping(call, self._kept_parameters(node)) or self._returning(call)

    def _kept_parameters(self, node: ast.ClassDef) -> frozenset[str]:
        """The attributes that `__init__` gives the values of its parameters, and nothing else does."""
        kept: dict[str, int] = {}
        stored: dict[str, int] = {}
        for function in node.body:
            if not isinstance(function, _FUNCTION_DEFS) or not function.args.args:
                continue
            owner = function.args.args[0].arg
            parameters = {argument.arg for argument in all_arguments(function.args)}
            for part in ast.walk(function):
                if not (isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)):
                    continue
                holder = self._names.parents[part]
                stored[part.attr] = stored.get(part.attr, 0) + 1
                if (
                    function.name == "__init__"
                    and isinstance(part.value, ast.Name)
                    and part.value.id == owner
                    and isinstance(holder, (ast.Assign, ast.AnnAssign))
                    and isinstance(holder.value, ast.Name)
                    and holder.value.id in parameters
                ):
                    kept[part.attr] = kept.get(part.attr, 0) + 1
        return frozenset(name for name, times in kept.items() if stored[name] == times)

    def _function(self, node: _Function) -> _Passing | None:
        """A function that is given a function, or makes a decorator."""
        around = self._names.scopes[node].parent
        if around is None or around.functions():
            return None
        applied = {self._names.dotted(d, around) for d in node.decorator_list}
        if applied & _CONTEXT_MANAGERS:
            return _Passing()  # what it makes can decorate
        if any(name is not None and _is_decorator_maker(name) for name in applied):
            return self._signature_kept(node)
        return self._returning(node)

    def _signature_kept(self, node: _Function) -> _Passing | None:
        """`@wrapt.decorator def d(wrapped, instance, args, kwargs)`, `@decorator.decorator def d(func, *args, **kw)`."""
        positional = [*node.args.posonlyargs, *node.args.args]
        keywords = node.args.kwarg or (positional[3] if len(positional) == 4 else None)
        if not positional or keywords is None:
            return None
        return self._passes(node, keywords.arg, frozenset(), positional[0].arg)

    def _returning(self, node: _Function) -> _Passing | None:
        """What all that the function returns makes of it, None if something of that passes no keywords."""
        if node in self._asked:
            return None
        self._asked.add(node)
        try:
            values = (statement.value for statement in _returns(node.body))
            return self._all(values, self._names.scopes[node], node)
        finally:
            self._asked.discard(node)

    def _all(self, values: Iterable[ast.expr | None], scope: Scope, node: _Function) -> _Passing | None:
        found: list[_Passing] = []
        for value in values:
            passing = self._given(value, scope, node) if value is not None else None
            if passing is None:
                return None
            found.append(passing)
        return _together(found) if found else None

    def _given(self, value: ast.expr, scope: Scope, node: _Function) -> _Passing | None:
        """What a decorator (or a maker of one) gives, given that `node` returns `value`."""
        match value:
            case ast.Name():
                bindings = self._names.lookup(value.id, scope)
                if len(bindings) != 1:
                    return None
                bound = bindings[0].node
                if bindings[0].kind == "parameter":  # then it gives the function itself
                    return _Passing() if value.id == self._first_parameter(node) else None
                if isinstance(bound, _FUNCTION_DEFS) and bindings[0].scope.functions():
                    return self._inner(bound)
                return None
            case ast.Lambda():
                return self._wrapping(value, frozenset())
            case ast.IfExp():
                return self._all((value.body, value.orelse), scope, node)
            case ast.Call():
                return self._made(value, scope, node)
            case _:
                return None

    def _made(self, call: ast.Call, scope: Scope, node: _Function) -> _Passing | None:
        """What a decorator gives that returns what a call gives."""
        dotted = self._names.dotted(call.func, scope) or ""
        if dotted in {"functools.wraps()", "functools.update_wrapper"} and call.args:
            return self._given(call.args[0], scope, node)
        if dotted == "typing.cast" and len(call.args) == 2:
            return self._given(call.args[1], scope, node)
        own = f".{qualified_name(node, self._names)}"
        if dotted == own or (dotted == "functools.partial" and self._is(call.args[:1], own, scope)):
            return _Passing()  # `return partial(decorator, times=times)` where it was given no function
        if isinstance(call.func, ast.Name):
            bindings = self._names.lookup(call.func.id, scope)
            if len(bindings) == 1 and bindings[0].scope.functions() and self._is_parameter(call.args, scope):
                bound = bindings[0].node
                return self._inner(bound) if isinstance(bound, _FUNCTION_DEFS) else None
        if dotted.startswith(".") and not self._is_parameter(call.args, scope):
            return None
        return self._applied([dotted.removesuffix("()")]) if dotted else None

    def _first_parameter(self, node: _Function) -> str | None:
        """The name of the first parameter, of a method the first after `self`."""
        around = self._names.scopes[node].parent
        is_method = around is not None and isinstance(around.node, ast.ClassDef) and not _is_static(node)
        positional = [*node.args.posonlyargs, *node.args.args][1 if is_method else 0 :]
        return positional[0].arg if positional else None

    def _is(self, nodes: list[ast.expr], dotted: str, scope: Scope) -> bool:
        return any(self._names.dotted(node, scope) == dotted for node in nodes)

    def _is_parameter(self, nodes: list[ast.expr], scope: Scope) -> bool:
        return len(nodes) == 1 and self._parameter_of(nodes[0], scope) is not None

    def _parameter_of(self, node: ast.expr, scope: Scope) -> FunctionNode | None:
        """The function whose parameter `node` is, given that nothing else binds it."""
        if not isinstance(node, ast.Name):
            return None
        bindings = self._names.lookup(node.id, scope)
        if len(bindings) != 1 or bindings[0].kind != "parameter":
            return None
        owner = bindings[0].scope.node
        return owner if isinstance(owner, FUNCTIONS) else None

    def _inner(self, node: _Function) -> _Passing | None:
        """What a function in a decorator is to the decorated one: its wrapper, or a decorator of its own."""
        around = self._names.scopes[node].parent
        dotted = [self._names.dotted(d, around) for d in node.decorator_list] if around is not None else []
        if any(name is not None and _is_decorator_maker(name) for name in dotted):
            return self._signature_kept(node) if len(dotted) == 1 else None
        applied = self._applied([name.removesuffix("()") for name in dotted if name is not None])
        passing = self._wrapping(node, frozenset()) or self._returning(node)
        if passing is None or applied is None or None in dotted:
            return None
        return _together([passing, applied])

    def _applied(self, decorators: Iterable[str]) -> _Passing | None:
        """What further decorators, by their dotted names, do with keywords."""
        found = [_Passing()]
        for name in decorators:
            if library_passes_keywords(name):
                continue
            if library_memoises(name):
                found.append(_Passing(memoises=True))
            elif name.startswith("."):
                found.append(_Passing(through=frozenset({name}), memoises=is_named_for_memory(name)))
            else:
                return None
        return _together(found)

    # --- Wrappers -------------------------------------------------------------------------------

    def _wrapping(self, node: FunctionNode, attributes: frozenset[str]) -> _Passing | None:
        """A function with `**kwargs` that calls a parameter of a function around it (or one of these attributes of `self`)."""
        if node.args.kwarg is None:
            return None
        return self._passes(node, node.args.kwarg.arg, attributes, None)

    def _passes(
        self, node: FunctionNode, keywords: str, attributes: frozenset[str], first: str | None
    ) -> _Passing | None:
        """What the wrapper does with its `keywords`; `first` is its parameter that is the decorated function."""
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        inside = [part for statement in body for part in ast.walk(statement)]
        calls = [
            part
            for part in inside
            if isinstance(part, ast.Call) and self._runs(part, node, attributes, first)
        ]
        own: set[str] = set() if first is not None else _own_keywords(node.args)
        passed = 0
        for part in inside:
            if not isinstance(part, ast.Name) or part.id != keywords:
                continue
            holder = self._names.parents[part]
            if (
                isinstance(holder, ast.keyword)
                and holder.arg is None
                and self._names.parents[holder] in calls
            ):
                passed += 1
            elif (key := self._key(part, holder)) is not None:
                own.add(key)
            elif not isinstance(part.ctx, ast.Load) or not self._is_logged(part):
                return None
        if not calls or passed != len(calls):
            return None
        own.update(k.arg for call in calls for k in call.keywords if k.arg is not None)
        return _Passing(frozenset(own), memoises=self._memoises(node, calls))

    def _runs(
        self, call: ast.Call, node: FunctionNode, attributes: frozenset[str], first: str | None
    ) -> bool:
        """Whether it calls the decorated function."""
        target = call.func
        last = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        if last in _RUNNERS and call.args:
            target = call.args[0]
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            own = node.args.args[0].arg if node.args.args else None
            return target.attr in attributes and target.value.id == own
        if not isinstance(target, ast.Name):
            return False
        owner = self._parameter_of(target, self._names.scope_of[target])
        if first is not None:
            return owner is node and target.id == first
        return owner is not None and owner in self._names.scopes[node].functions()[1:]

    def _key(self, part: ast.Name, holder: ast.AST) -> str | None:
        """The one key that is read or written: `kwargs["key"]`, `kwargs.pop("key")`, `"key" in kwargs`."""
        key: ast.AST | None = None
        match holder:
            case ast.Subscript(value=value, slice=inner) if value is part:
                key = inner
            case ast.Attribute(attr=method) if method in _MAPPING_METHODS:
                call = self._names.parents[holder]
                key = (
                    call.args[0] if isinstance(call, ast.Call) and call.func is holder and call.args else None
                )
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
                key = left
            case _:
                pass
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None

    def _is_logged(self, part: ast.AST) -> bool:
        """Whether it is only shown: an argument of a logging function, maybe in an f-string."""
        child, holder = part, self._names.parents[part]
        while isinstance(holder, (ast.FormattedValue, ast.JoinedStr, ast.BinOp, ast.Tuple)) or (
            isinstance(holder, ast.Call)
            and isinstance(holder.func, ast.Name)
            and holder.func.id in {"str", "repr", "len", "bool"}
        ):
            child, holder = holder, self._names.parents[holder]
        return isinstance(holder, ast.Call) and child in holder.args and _last(holder.func) in _LOGGING

    # --- Memory ---------------------------------------------------------------------------------

    def _memoises(self, node: FunctionNode, calls: list[ast.Call]) -> bool:
        """Whether a result is kept beyond the call, or the wrapper returns something that was."""
        results: list[ast.AST] = list(calls)
        scope = self._names.scopes[node]
        outside = list(scope.chain())[1:]
        seen: set[str] = set()
        while results:
            result = results.pop()
            child, holder = result, self._names.parents[result]
            while isinstance(
                holder, (ast.Await, ast.YieldFrom, ast.Tuple, ast.IfExp, ast.BoolOp, ast.Dict, ast.keyword)
            ):
                child, holder = holder, self._names.parents[holder]
            if isinstance(holder, ast.Call) and child is not holder.func and _last(holder.func) in _KEEPING:
                return True
            targets = _targets(holder) if getattr(holder, "value", None) is child else []
            for target in targets:
                if not isinstance(target, ast.Name):
                    return True
                if self._names.binder(target.id, self._names.scope_of[target]) in outside:
                    return True
                if target.id not in seen:
                    seen.add(target.id)
                    results.extend(self._reads(node, target.id))
        if isinstance(node, ast.Lambda):
            return False
        return any(self._is_remembered(r.value, scope) for r in _returns(node.body) if r.value is not None)

    def _reads(self, node: FunctionNode, name: str) -> Iterator[ast.AST]:
        return (
            part
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
        )

    def _is_remembered(self, value: ast.expr, scope: Scope) -> bool:
        """`cache[key]`, `cache.get(key)`, `wrapper.result`: of something that is there before the call."""
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in _MAPPING_METHODS
        ):
            value = value.func
        if not isinstance(value, (ast.Subscript, ast.Attribute)):
            return False
        inner: ast.expr = value
        while isinstance(inner, (ast.Subscript, ast.Attribute)):
            inner = inner.value
        return isinstance(inner, ast.Name) and self._names.binder(inner.id, scope) is not scope


def _is_static(node: _Function) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)


def _is_decorator_maker(dotted: str) -> bool:
    return dotted in {"wrapt.decorator", "wrapt.decorator()", "decorator.decorator", "decorator.decorator()"}


def _together(parts: Iterable[_Passing]) -> _Passing:
    keywords: frozenset[str] = frozenset()
    through: frozenset[str] = frozenset()
    memoises = False
    for part in parts:
        keywords |= part.keywords
        through |= part.through
        memoises = memoises or part.memoises
    return _Passing(keywords, through, memoises)


def _own_keywords(arguments: ast.arguments) -> set[str]:
    """The keywords that parameters of the wrapper's own take."""
    return {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}


def _returns(body: Iterable[ast.stmt]) -> Iterator[ast.Return]:
    """The `return` statements of a function's own."""
    for statement in body:
        if isinstance(statement, ast.Return):
            yield statement
        elif not isinstance(statement, (*_FUNCTION_DEFS, ast.ClassDef)):
            yield from _returns(_inner_statements(statement))


def _inner_statements(node: ast.AST) -> Iterator[ast.stmt]:
    for field in ("body", "orelse", "finalbody"):
        yield from getattr(node, field, ())
    for field in ("handlers", "cases"):
        for part in getattr(node, field, ()):
            yield from part.body


def _targets(holder: ast.AST) -> list[ast.expr]:
    match holder:
        case ast.Assign():
            return [
                t
                for target in holder.targets
                for t in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
        case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr():
            return [holder.target]
        case _:
            return []


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
