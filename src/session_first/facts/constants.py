"""An expression in; what it certainly is (an integer, the keys of a dict, a value that is not None), out."""

from __future__ import annotations

import ast

from session_first.facts.names import Names, Scope

_ENVIRONMENT = "os.environ"
_SHOWING = frozenset({"print", "debug", "info", "warning", "error", "len", "str", "repr"})


class Constants:
    """Answers for one module."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def number(self, node: ast.expr, scope: Scope, depth: int = 3) -> int | None:
        """The integer that the expression certainly is."""
        if isinstance(node, ast.Constant):
            is_number = isinstance(node.value, int) and not isinstance(node.value, bool)
            return int(node.value) if is_number and isinstance(node.value, int) else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            left, right = (self.number(part, scope, depth) for part in (node.left, node.right))
            return left * right if left is not None and right is not None else None
        if isinstance(node, ast.Name) and depth:
            bindings = self._names.lookup(node.id, scope)
            if len(bindings) == 1 and bindings[0].kind == "assign" and bindings[0].value is not None:
                return self.number(bindings[0].value, bindings[0].scope, depth - 1)
        return None

    def entries(self, node: ast.expr, scope: Scope, depth: int = 4) -> dict[str, int | None] | None:
        """The keys that a dict may have, with the integers they certainly are; None where one is not known."""
        match node:
            case ast.Dict():
                entries: dict[str, int | None] = {}
                for key, value in zip(node.keys, node.values, strict=True):
                    if key is None:
                        inner = self.entries(value, scope, depth)
                        if inner is None:
                            return None
                        _merge(entries, inner)
                    elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                        _merge(entries, {key.value: self.number(value, scope)})
                    else:
                        return None
                return entries
            case ast.Call(func=ast.Name(id="dict"), args=[]):
                if any(keyword.arg is None for keyword in node.keywords):
                    return None
                return {str(k.arg): self.number(k.value, scope) for k in node.keywords}
            case ast.IfExp():
                options = [self.entries(part, scope, depth) for part in (node.body, node.orelse)]
                found: dict[str, int | None] = {}
                for option in options:
                    if option is None:
                        return None
                    _merge(found, option)
                return found
            case ast.Name():
                return self._local_entries(node, scope, depth - 1) if depth else None
            case _:
                return None

    def _local_entries(self, name: ast.Name, scope: Scope, depth: int) -> dict[str, int | None] | None:
        """The keys of a dict that is a local, and that only grows by entries of literal keys."""
        functions = scope.functions()
        bindings = self._names.lookup(name.id, scope)
        if not functions or any(b.kind != "assign" or b.scope is not scope for b in bindings):
            return None
        entries: dict[str, int | None] = {}
        for binding in bindings:
            assert binding.value is not None
            if isinstance(binding.value, ast.Name):
                return None
            known = self.entries(binding.value, scope, depth)
            if known is None:
                return None
            _merge(entries, known)
        for node in ast.walk(functions[0]):
            if not isinstance(node, ast.Name) or node.id != name.id or not isinstance(node.ctx, ast.Load):
                continue
            parent = self._names.parents[node]
            if isinstance(parent, ast.keyword) and parent.arg is None:
                continue  # unpacked, here or elsewhere
            if isinstance(parent, ast.Dict) and (None, node) in zip(parent.keys, parent.values, strict=True):
                continue  # copied
            holder = self._names.parents.get(parent)
            match parent:
                case ast.Subscript(slice=ast.Constant(value=str(key))):
                    stored = isinstance(parent.ctx, ast.Store) and isinstance(holder, ast.Assign)
                    number = (
                        self.number(holder.value, scope)
                        if isinstance(holder, ast.Assign) and stored
                        else None
                    )
                    if isinstance(parent.ctx, ast.Store):
                        _merge(entries, {key: number})
                case ast.Attribute(attr="update") if isinstance(holder, ast.Call):
                    for argument in holder.args:
                        inner = self.entries(argument, scope, depth)
                        if inner is None:
                            return None
                        _merge(entries, inner)
                    for keyword in holder.keywords:
                        if keyword.arg is None:
                            return None
                        _merge(entries, {keyword.arg: self.number(keyword.value, scope)})
                case ast.Call() if parent.func is not node and _only_shows(parent):
                    pass
                case _:
                    return None
        return entries

    def is_given(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the expression is certainly not None: a literal, or `os.environ["NAME"]`."""
        match node:
            case ast.Constant() | ast.JoinedStr():
                return not isinstance(node, ast.Constant) or isinstance(node.value, str)
            case ast.Subscript():
                return self._names.dotted(node.value, scope) == _ENVIRONMENT
            case ast.Name():
                bindings = self._names.lookup(node.id, scope)
                return (
                    bool(bindings)
                    and all(
                        b.kind == "assign" and b.value is not None and self.is_given(b.value, b.scope)
                        for b in bindings
                        if not (isinstance(b.value, ast.Name))
                    )
                    and not any(isinstance(b.value, ast.Name) for b in bindings)
                )
            case _:
                return False


def _merge(entries: dict[str, int | None], further: dict[str, int | None]) -> None:
    """Adds what a key may be as well: where it may be several things, it is not known."""
    for key, number in further.items():
        entries[key] = number if entries.get(key, number) == number else None


def _only_shows(call: ast.Call) -> bool:
    """`print(parameters)`, `logger.info(parameters)`: the dict stays as it is."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in _SHOWING
