"""A module's names in; the attributes and modules that it reaches by strings, or as a whole, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.callees import Callees
from session_first.facts.handlers import last_name
from session_first.facts.names import Names
from session_first.facts.patterns import ANY, Patterns
from session_first.model import Reflection
from session_first.source import SourceFile

UNKNOWN_OBJECT = "*"
"""The owner of a reflection whose object is not known."""

_REFLECTS = frozenset(
    {
        "getattr",
        "setattr",
        "delattr",
        "hasattr",
        "attrgetter",
        "vars",
        "asdict",
        "astuple",
        "globals",
        "__dict__",
    }
)
_LOADS = frozenset({"import_module", "__import__", "run_path", "run_module"})
_BY_NAME = frozenset({"getattr", "setattr", "delattr"})
_WHOLE = frozenset({"vars", "asdict", "astuple"})
_LOADERS = frozenset({"import_module", "__import__", "run_module"})
_NO_HOLDERS = frozenset({"client", "resource", "Session", "get_paginator", "get_waiter", "parse_args"})
"""What is called to make objects that keep nothing of the project's."""


class Reflections:
    """Gathers them from one module."""

    def __init__(self, source: SourceFile, names: Names, callees: Callees) -> None:
        self._source = source
        self._names = names
        self._callees = callees
        self._patterns = Patterns(names)

    def all(self) -> tuple[Reflection, ...]:
        """The attributes that are read or set by strings, and the objects that are read as a whole."""
        if not self._source.names_any(_REFLECTS):
            return ()
        return tuple(sorted(set(self._reflections()), key=lambda r: (r.position, r.owner, r.name)))

    def loads(self) -> frozenset[str]:
        """The patterns of the modules that are loaded by strings."""
        if not self._source.names_any(_LOADS) and "sys.modules" not in self._source.text:
            return frozenset()
        return frozenset(self._loads())

    def _reflections(self) -> Iterator[Reflection]:
        for attribute in self._names.every(ast.Attribute):
            if attribute.attr == "__dict__" and not self._is_searched(attribute):
                sets = self._is_updated(attribute)
                key = ANY if sets else self._key(attribute)
                yield self._reflection(attribute, attribute.value, key, sets=sets)
        for node in self._names.every(ast.Call):
            match node:
                case ast.Call(func=ast.Name(id="globals")):
                    yield Reflection(self._source.start(node), self._names.module, self._key(node))
                case ast.Call(func=ast.Name(id=called), args=[owner, name, *_]) if called in _BY_NAME:
                    if not self._holds_nothing(owner):
                        sets = called == "setattr"
                        yield self._reflection(node, owner, self._patterns.of(name), sets=sets)
                case ast.Call(args=[owner, name, *_]) if last_name(node) == "hasattr":
                    found = self._reflection(node, owner, self._patterns.of(name))
                    if found.owner != UNKNOWN_OBJECT and not found.owner.startswith("."):
                        yield found  # of a module, whose variables may be renamed
                case ast.Call(args=[owner, *_]) if last_name(node) in _WHOLE:
                    if not (self._holds_nothing(owner) or self._is_searched(node)):
                        yield self._reflection(node, owner, self._key(node))
                case ast.Call() if last_name(node) == "attrgetter":
                    for argument in node.args:
                        for part in self._patterns.of(argument).split("."):
                            yield Reflection(self._source.start(node), UNKNOWN_OBJECT, part)
                case _:
                    pass

    def _key(self, mapping: ast.expr) -> str:
        """The entry that is read of a mapping of attributes."""
        parent = self._names.parents[mapping]
        holder = self._names.parents.get(parent)
        if isinstance(parent, ast.Subscript):
            return self._patterns.of(parent.slice)
        if (
            isinstance(parent, ast.Attribute)
            and parent.attr in {"get", "pop"}
            and isinstance(holder, ast.Call)
        ):
            return self._patterns.of(holder.args[0]) if holder.args else ANY
        return ANY

    def _is_searched(self, mapping: ast.expr) -> bool:
        """`"name" in x.__dict__`."""
        parent = self._names.parents[mapping]
        return (
            isinstance(parent, ast.Compare)
            and mapping in parent.comparators
            and all(isinstance(op, (ast.In, ast.NotIn)) for op in parent.ops)
        )

    def _is_updated(self, mapping: ast.expr) -> bool:
        """`x.__dict__.update(…)`."""
        parent = self._names.parents[mapping]
        is_update = isinstance(parent, ast.Attribute) and parent.attr == "update"
        return is_update and isinstance(self._names.parents[parent], ast.Call)

    def _reflection(self, node: ast.expr, owner: ast.expr, name: str, *, sets: bool = False) -> Reflection:
        scope = self._patterns.scope(owner)
        receiver = self._callees.receiver(owner, scope)
        if receiver is not None:
            return Reflection(self._source.start(node), f".{receiver.owner}", name, sets)
        dotted = self._callees.dotted(owner, scope)
        is_known = dotted is not None and "()" not in dotted
        found = dotted if is_known and dotted else UNKNOWN_OBJECT
        return Reflection(self._source.start(node), found, name, sets)

    def _holds_nothing(self, node: ast.expr) -> bool:
        """Whether the object is a client, a session, or what a command line gave."""
        if isinstance(node, ast.Name):
            bindings = self._names.lookup(node.id, self._patterns.scope(node))
            return bool(bindings) and all(b.value is not None and _is_made(b.value) for b in bindings)
        return _is_made(node)

    def _loads(self) -> Iterator[str]:
        for call in self._names.every(ast.Call):
            if last_name(call) in _LOADERS and call.args:
                yield self._patterns.of(call.args[0]).lstrip(".") or ANY
            elif last_name(call) == "run_path":
                yield ANY
        for node in self._names.every(ast.Attribute):
            match node:
                case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                    parent = self._names.parents[node]
                    if not isinstance(parent, ast.Subscript):
                        yield ANY
                    elif isinstance(parent.slice, ast.Name) and parent.slice.id == "__name__":
                        yield self._names.module
                    else:
                        yield self._patterns.of(parent.slice)
                case _:
                    pass


def _is_made(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node) in _NO_HOLDERS
