"""An expression in; whether nothing keeps it from being None, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.handlers import last_name
from session_first.facts.names import FUNCTIONS, Binding, FunctionNode, Names, Scope

_TESTS = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp)
_GETTERS = frozenset({"get", "getenv"})


class Optionals:
    """Answers for one module.

    An expression counts as possibly None only where that is plain to see: `None` itself, a parameter with that default, what
    `.get()` gives without a default; and only where the function does not test the name.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    def may_be_none(self, node: ast.expr, scope: Scope, depth: int = 4) -> bool:
        """Whether the expression may be None."""
        match node:
            case ast.Constant():
                return node.value is None
            case ast.IfExp():
                return any(self.may_be_none(part, scope, depth) for part in (node.body, node.orelse))
            case ast.BoolOp(op=ast.Or()):
                return self.may_be_none(node.values[-1], scope, depth)
            case ast.Call(args=[_], keywords=[]):
                return last_name(node) in _GETTERS
            case ast.Name() if depth and not self._is_tested(node.id, scope):
                return any(self._binds_none(binding, depth) for binding in self._names.lookup(node.id, scope))
            case ast.Attribute(value=ast.Name(id=owner)) if depth and not self._is_tested(
                ast.unparse(node), scope
            ):
                return any(
                    self.may_be_none(value, inner, depth - 1)
                    for value, inner in self._kept(owner, node.attr, scope)
                )
            case _:
                return False

    def entries(self, node: ast.expr, scope: Scope) -> frozenset[str]:
        """The keys of a dict under which None may stand."""
        return frozenset(
            key for key, value, inner in self._entries(node, scope) if self.may_be_none(value, inner)
        )

    def _binds_none(self, binding: Binding, depth: int) -> bool:
        if binding.value is not None:
            return self.may_be_none(binding.value, binding.scope, depth - 1)
        function = binding.scope.node
        if binding.kind != "parameter" or not isinstance(function, FUNCTIONS):
            return False
        return any(
            argument is binding.node and isinstance(default, ast.Constant) and default.value is None
            for argument, default in _defaults(function)
        )

    def _is_tested(self, text: str, scope: Scope) -> bool:
        """Whether the function around tests the name or attribute anywhere."""
        functions = scope.functions()
        if not functions:
            return False
        for node in ast.walk(functions[0]):
            if isinstance(node, (ast.If, ast.While, ast.Assert, ast.IfExp)):
                tests = [node.test]
            elif isinstance(node, ast.comprehension):
                tests = node.ifs
            elif isinstance(node, _TESTS):
                tests = [node]
            else:
                continue
            if any(_reads(test, text) for test in tests):
                return True
        return False

    def _kept(self, owner: str, attribute: str, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        """What the methods of the class keep under `self.attribute`."""
        functions = scope.functions()
        holder = self._names.scopes[functions[-1]].parent if functions else None
        if holder is None or not isinstance(holder.node, ast.ClassDef):
            return
        for node, inner in self._names.scope_of.items():
            parent = self._names.parents[node]
            if (
                isinstance(node, ast.Attribute)
                and node.attr == attribute
                and isinstance(node.value, ast.Name)
                and node.value.id == owner
                and isinstance(parent, (ast.Assign, ast.AnnAssign))
                and parent.value is not None
                and parent.value is not node
                and any(around is holder for around in inner.chain())
            ):
                yield parent.value, inner

    def _entries(self, node: ast.expr, scope: Scope, depth: int = 3) -> Iterator[tuple[str, ast.expr, Scope]]:
        match node:
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value, scope
                    elif key is None:
                        yield from self._entries(value, scope, depth)
            case ast.Call(func=ast.Name(id="dict")):
                for keyword in node.keywords:
                    if keyword.arg is not None:
                        yield keyword.arg, keyword.value, scope
            case ast.IfExp():
                for part in (node.body, node.orelse):
                    yield from self._entries(part, scope, depth)
            case ast.Name() if depth:
                for binding in self._names.lookup(node.id, scope):
                    if binding.value is not None:
                        yield from self._entries(binding.value, binding.scope, depth - 1)
                yield from self._put_in(node.id, scope, depth)
            case _:
                pass

    def _put_in(self, name: str, scope: Scope, depth: int) -> Iterator[tuple[str, ast.expr, Scope]]:
        """The entries that the function adds to a dict."""
        functions = scope.functions()
        for node in ast.walk(functions[0] if functions else self._names.tree):
            match node:
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id=of), slice=ast.Constant(value=str(key)))],
                    value=value,
                ) if of == name:
                    yield key, value, scope
                case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr="update")) if of == name:
                    for argument in node.args:
                        yield from self._entries(argument, scope, depth - 1)
                    for keyword in node.keywords:
                        if keyword.arg is not None:
                            yield keyword.arg, keyword.value, scope
                case _:
                    pass


def _defaults(function: FunctionNode) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(reversed(positional), reversed(arguments.defaults), strict=False)
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)


def _reads(node: ast.AST, text: str) -> bool:
    return any(
        isinstance(part, (ast.Name, ast.Attribute)) and ast.unparse(part) == text for part in ast.walk(node)
    )
