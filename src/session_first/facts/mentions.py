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
            parent = self._names.parents[node]
            if isinstance(node, ast.Name) and isinstance(parent, ast.Attribute):
                continue  # the attribute says more
            if not isinstance(node.ctx, ast.Load) or node in self._descriptions:
                continue
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
            plain=isinstance(node, ast.Name),
        )

    def _mentioned_strings(self) -> Iterator[Reference]:
        """`getattr(module, "name")`, `globals()["name"]`."""
        strings: list[ast.expr] = []
        for call in self._names.every(ast.Call):
            if last_name(call) in _LOOKUPS:
                strings.extend(call.args)
        strings.extend(
            node.slice
            for node in self._names.every(ast.Subscript)
            if isinstance(node.value, ast.Call) and last_name(node.value) in _NAMESPACES
        )
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
        every = self._names.every
        roots: list[ast.expr | None] = [
            *(node.annotation for node in every(ast.arg)),
            *(node.annotation for node in every(ast.AnnAssign)),
            *(node.returns for node in every(ast.FunctionDef)),
            *(node.returns for node in every(ast.AsyncFunctionDef)),
            *(base for node in every(ast.ClassDef) for base in node.bases),
            *(node.type for node in every(ast.ExceptHandler)),
        ]
        for node in every(ast.Call):
            if last_name(node) in _CLASS_TESTS:
                roots.extend(node.args[1:])
        plain = (root for root in roots if isinstance(root, ast.Name))
        others = (root for root in roots if root is not None and not isinstance(root, ast.Name))
        return frozenset((*plain, *(part for root in others for part in ast.walk(root))))

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
        for node in self._names.every(ast.Attribute):
            if not isinstance(node.ctx, ast.Load):
                yield f"{self._object(node.value, self._names.scope_of[node])}.{node.attr}"

    def _set_by_name(self) -> Iterator[str]:
        """`setattr(object, "name", value)`, `globals()["name"] = value`, `globals().update(name=value)`."""
        for entry in self._names.every(ast.Subscript):
            key = entry.slice.value if isinstance(entry.slice, ast.Constant) else None
            if isinstance(key, str) and not isinstance(entry.ctx, ast.Load):
                yield from self._in_namespace(entry.value, key)
        for call in self._names.every(ast.Call):
            last = last_name(call)
            if last == "update" and isinstance(call.func, ast.Attribute):
                for keyword in call.keywords:
                    yield from self._in_namespace(call.func.value, keyword.arg)
            elif last in _SETTERS and len(call.args) > 1:
                owner, name = call.args[:2]
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
