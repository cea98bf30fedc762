"""A module's names in; what it mentions without calling, and which names it binds to something new, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from session_first.facts.callees import Callees, Receiver, first, telling
from session_first.facts.handlers import last_name
from session_first.facts.names import Names, Scope, qualified_name
from session_first.facts.surroundings import Surroundings
from session_first.model import Position, Reference
from session_first.source import SourceFile

UNKNOWN_OBJECT = "*"
"""What stands before the dot in `rebound` where the object is not known."""

_LOOKUPS = frozenset({"getattr", "attrgetter", "methodcaller"})
_NAMESPACES = frozenset({"globals", "locals", "vars"})
_SETTERS = frozenset({"setattr", "delattr"})
_CLASS_TESTS = frozenset({"isinstance", "issubclass"})


class Mentions:
    """Gathers the mentions of one module."""

    def __init__(
        self, source: SourceFile, names: Names, callees: Callees, surroundings: Surroundings
    ) -> None:
        self._source = source
        self._names = names
        self._callees = callees
        self._surroundings = surroundings

    def references(self) -> tuple[Reference, ...]:
        """The mentions in the order of the text."""
        found = [*self._mentioned_names(), *self._mentioned_strings(), *self._alternatives()]
        return tuple(sorted(found, key=lambda reference: (reference.position, reference.name)))

    def rebound(self) -> frozenset[str]:
        """The names of functions and classes, as far as they can be some, that something else binds."""
        twice = (f".{name}" for name in self._bound_twice)
        return frozenset(
            (*twice, *self._class_attributes(), *self._assigned_attributes(), *self._set_by_name())
        )

    # --- Mentions -------------------------------------------------------------------------------

    def _mentioned_names(self) -> Iterator[Reference]:
        seen: set[tuple[str, str | None, Position | None]] = set()
        for node, scope in self._names.scope_of.items():
            assert isinstance(node, (ast.Name, ast.Attribute))
            if not isinstance(node.ctx, ast.Load) or node in self._descriptions:
                continue
            parent = self._names.parents[node]
            called = isinstance(parent, ast.Call) and parent.func is node
            inner = first(node)
            root = self._callees.root(inner.id, scope) if isinstance(inner, ast.Name) else None
            if root is not None and root.alternatives:
                if not isinstance(parent, ast.Attribute):
                    for name in self._callees.alternatives(node, scope):
                        yield self._reference(node, name, certain=True)
            elif called:
                continue
            elif isinstance(node, ast.Attribute) and self._callees.dotted(node, scope) is None:
                receiver = self._callees.receiver(node.value, scope)
                reference = self._reference(node, node.attr, certain=False, receiver=receiver)
                key = (node.attr, reference.receiver_class, reference.caller)
                if key not in seen:
                    seen.add(key)
                    yield reference
            elif not isinstance(parent, ast.Attribute) and not (root is not None and root.builtin):
                dotted = self._callees.dotted(node, scope)
                if dotted is not None:
                    yield self._reference(node, dotted, certain=True)

    def _reference(
        self, node: ast.expr | ast.stmt, name: str, *, certain: bool, receiver: Receiver | None = None
    ) -> Reference:
        function = self._surroundings.around(node).function
        return Reference(
            name=name,
            certain=certain,
            receiver_class=receiver.owner if receiver is not None and receiver.through != "super" else None,
            position=self._source.start(node),
            caller=self._source.start(function) if function is not None else None,
        )

    def _mentioned_strings(self) -> Iterator[Reference]:
        """`getattr(module, "name")`, `globals()["name"]`."""
        for node in self._names.parents:
            strings: list[ast.expr] = []
            if isinstance(node, ast.Call) and last_name(node) in _LOOKUPS:
                strings = node.args
            elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
                strings = [node.slice] if last_name(node.value) in _NAMESPACES else []
            for string in strings:
                if isinstance(string, ast.Constant) and isinstance(string.value, str):
                    yield self._reference(string, string.value.rpartition(".")[2], certain=False)

    def _alternatives(self) -> Iterator[Reference]:
        """What a name with several meanings may mean to whoever imports it."""
        for name in self._bound_twice:
            for binding in self._names.top.bindings[name]:
                meaning = self._callees.meaning(binding) if binding.kind in {"import", "assign"} else None
                if meaning is not None and isinstance(binding.node, (ast.expr, ast.stmt)):
                    yield self._reference(binding.node, meaning, certain=True)

    @cached_property
    def _descriptions(self) -> frozenset[ast.AST]:
        """The names that say what something is: annotations, base classes, exception types, `isinstance`."""
        roots: list[ast.expr | None] = []
        for node in self._names.parents:
            if isinstance(node, (ast.arg, ast.AnnAssign)):
                roots.append(node.annotation)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                roots.append(node.returns)
            elif isinstance(node, ast.ClassDef):
                roots.extend(node.bases)
            elif isinstance(node, ast.ExceptHandler):
                roots.append(node.type)
            elif isinstance(node, ast.Call) and last_name(node) in _CLASS_TESTS:
                roots.extend(node.args[1:])
        return frozenset(part for root in roots if root is not None for part in ast.walk(root))

    # --- What is bound anew ---------------------------------------------------------------------

    @cached_property
    def _bound_twice(self) -> tuple[str, ...]:
        """The names of the module that mean one thing or another."""
        return tuple(
            name
            for name, bindings in self._names.top.bindings.items()
            if len(telling(tuple(bindings))) > 1 and self._callees.root(name, self._names.top).dotted is None
        )

    def _class_attributes(self) -> Iterator[str]:
        for node, scope in self._names.scopes.items():
            if isinstance(node, ast.ClassDef):
                owner = qualified_name(node, self._names)
                for name, bindings in scope.bindings.items():
                    if any(binding.kind not in {"def", "class"} for binding in bindings):
                        yield f".{owner}.{name}"

    def _assigned_attributes(self) -> Iterator[str]:
        for node, scope in self._names.scope_of.items():
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                yield f"{self._object(node.value, scope)}.{node.attr}"

    def _set_by_name(self) -> Iterator[str]:
        """`setattr(object, "name", value)`, `globals()["name"] = value`, `globals().update(name=value)`."""
        for node in self._names.parents:
            match node:
                case ast.Subscript(
                    value=space, slice=ast.Constant(value=str(key)), ctx=ast.Store() | ast.Del()
                ):
                    yield from self._in_namespace(space, key)
                case ast.Call(func=ast.Attribute(value=space, attr="update"), keywords=keywords):
                    for keyword in keywords:
                        yield from self._in_namespace(space, keyword.arg)
                case _:
                    pass
            if isinstance(node, ast.Call) and last_name(node) in _SETTERS and len(node.args) > 1:
                owner, name = node.args[:2]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    scope = self._names.scope_of.get(first(owner), self._names.top)
                    yield f"{self._object(owner, scope)}.{name.value}"

    def _in_namespace(self, space: ast.expr, name: str | None) -> Iterator[str]:
        """What is bound by setting `name` in `globals()`, `vars(object)` or `object.__dict__`."""
        if name is None:
            return
        match space:
            case ast.Call(func=ast.Name(id="globals" | "locals" | "vars"), args=[]):
                yield f".{name}"
            case (
                ast.Call(func=ast.Name(id="vars"), args=[owner]) | ast.Attribute(value=owner, attr="__dict__")
            ):
                yield f"{self._object(owner, self._names.scope_of.get(first(owner), self._names.top))}.{name}"
            case _:
                pass

    def _object(self, node: ast.expr, scope: Scope) -> str:
        receiver = self._callees.receiver(node, scope)
        if receiver is not None:
            return f".{receiver.owner}"
        dotted = self._callees.dotted(node, scope)
        return UNKNOWN_OBJECT if dotted is None or dotted.endswith("()") else dotted
