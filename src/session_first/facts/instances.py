"""An expression before a method's name in; the class that its annotation, or what made it, says that it is of, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from session_first.facts.attribute_dicts import entries
from session_first.facts.names import FUNCTIONS, FunctionNode, Names, Scope, qualified_name
from session_first.model import InstanceOf

_NONE_OR = frozenset({"typing.Optional", "typing.Annotated", "typing_extensions.Annotated", "typing.Final"})


class Instances:
    """Answers for one module."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def of(self, node: ast.expr, scope: Scope) -> InstanceOf | None:
        """What is known of `node` as seen from `scope`."""
        match node:
            case ast.Name(id=name):
                return self._parameter(name, scope)
            case ast.Attribute(value=ast.Name(id=receiver), attr=attribute):
                owner = self._owner(receiver, scope)
                return self._kept(owner, attribute) if owner is not None else None
            case _:
                return None

    def _parameter(self, name: str, scope: Scope) -> InstanceOf | None:
        bindings = self._names.lookup(name, scope)
        if len(bindings) != 1 or bindings[0].kind != "parameter":
            return None
        argument, function = bindings[0].node, bindings[0].scope
        if not isinstance(argument, ast.arg) or argument.annotation is None or function.parent is None:
            return None
        if isinstance(function.node, FUNCTIONS) and argument in (
            function.node.args.vararg,
            function.node.args.kwarg,
        ):
            return None
        annotated = self._annotated(argument.annotation, function.parent)
        return InstanceOf(annotated, exact=False) if annotated is not None else None

    def _annotated(self, annotation: ast.expr, scope: Scope) -> str | None:
        match annotation:
            case ast.Constant(value=str(text)):
                try:
                    inner = ast.parse(text, mode="eval").body
                except (SyntaxError, ValueError):
                    return None
                return self._annotated_by_text(inner, scope)
            case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
                return self._annotated(left, scope)
            case ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=right):
                return self._annotated(right, scope)
            case ast.Subscript(value=outer, slice=inner) if self._names.dotted(outer, scope) in _NONE_OR:
                first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
                return self._annotated(first, scope)
            case ast.Name() | ast.Attribute():
                return self._names.dotted(annotation, scope)
            case _:
                return None

    def _annotated_by_text(self, annotation: ast.expr, scope: Scope) -> str | None:
        return self._annotated(annotation, scope) if not isinstance(annotation, ast.Constant) else None

    def _owner(self, receiver: str, scope: Scope) -> ast.ClassDef | None:
        """The class of the method whose first parameter `receiver` is."""
        bindings = self._names.lookup(receiver, scope)
        if len(bindings) != 1 or bindings[0].kind != "parameter":
            return None
        return self._class_of(bindings[0].scope, receiver)

    def _class_of(self, function: Scope, receiver: str) -> ast.ClassDef | None:
        owner = function.parent.node if function.parent is not None else None
        node = function.node
        if not isinstance(owner, ast.ClassDef) or not isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef)
        ):
            return None
        positional = [*node.args.posonlyargs, *node.args.args]
        if not positional or positional[0].arg != receiver or node.name == "__new__":
            return None
        decorators = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
        return owner if not decorators & {"staticmethod", "classmethod"} else None

    def _kept(self, owner: ast.ClassDef, attribute: str) -> InstanceOf | None:
        stores = self.sets(owner).get(attribute, [])
        if len(stores) != 1:
            return None
        value, function = stores[0]
        holder = qualified_name(owner, self._names)
        scope = self._names.scopes[function]
        match value:
            case ast.Call(func=ast.Name() | ast.Attribute() as made):
                dotted = self._names.dotted(made, scope)
                return (
                    InstanceOf(dotted, exact=True, attribute=attribute, owner=holder)
                    if dotted is not None
                    else None
                )
            case ast.Name(id=name):
                given = self._parameter(name, scope)
                return (
                    InstanceOf(given.name, exact=False, attribute=attribute, owner=holder)
                    if given is not None
                    else None
                )
            case _:
                return None

    def sets(self, owner: ast.ClassDef) -> dict[str, list[tuple[ast.expr | None, FunctionNode]]]:
        """What the methods of the class set on their objects; None for what is not a plain assignment."""
        return self._stores.get(owner, {})

    @cached_property
    def _stores(self) -> dict[ast.ClassDef, dict[str, list[tuple[ast.expr | None, FunctionNode]]]]:
        found: dict[ast.ClassDef, dict[str, list[tuple[ast.expr | None, FunctionNode]]]] = {}
        for node in self._names.every(ast.Attribute):
            if isinstance(node.ctx, ast.Load) or not isinstance(node.value, ast.Name):
                continue
            scope = self._names.scope_of[node]
            parent = self._names.parents[node]
            value = parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
            for owner, method in _methods_around(scope):
                plain = value if scope.node is method else None
                found.setdefault(owner, {}).setdefault(node.attr, []).append((plain, method))
        return found


def _methods_around(scope: Scope) -> Iterator[tuple[ast.ClassDef, FunctionNode]]:
    for around in scope.chain():
        holder = around.parent
        if (
            isinstance(around.node, FUNCTIONS)
            and holder is not None
            and isinstance(holder.node, ast.ClassDef)
        ):
            yield holder.node, around.node


def set_attributes(names: Names) -> frozenset[str]:
    """The attributes that something sets on an object that is not the first parameter of the method around, or
    asks for by their name."""
    found = set()
    for node in (*names.every(ast.Call), *names.every(ast.Attribute)):
        match node:
            case ast.Call(
                func=ast.Name(id="setattr" | "delattr" | "hasattr" | "getattr" as func),
                args=[_, ast.Constant(value=str(attribute)), *rest],
            ) if func != "getattr" or rest:
                found.add(attribute)
            case ast.Attribute(attr="__dict__") | ast.Call(func=ast.Name(id="vars")):
                found |= entries(node, names.parents) or frozenset()
            case _:
                pass
    for attribute_node in names.every(ast.Attribute):
        if not isinstance(attribute_node.ctx, ast.Load):
            functions = names.scope_of[attribute_node].functions()
            holder = names.scopes[functions[-1]].parent if functions else None
            is_method = holder is not None and isinstance(holder.node, ast.ClassDef)
            first = _first_parameter(functions[-1]) if is_method else None
            owner = attribute_node.value
            if not (isinstance(owner, ast.Name) and owner.id == first):
                found.add(attribute_node.attr)
    return frozenset(found)


def _first_parameter(function: FunctionNode) -> str | None:
    positional = [*function.args.posonlyargs, *function.args.args]
    return positional[0].arg if positional else None
