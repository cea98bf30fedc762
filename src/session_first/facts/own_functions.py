"""An expression in; the functions of its own module that it is or calls, and the values that it may have, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.blocks import Blocks, dominates
from session_first.facts.names import Binding, FunctionNode, Names, Scope, qualified_name


class OwnFunctions:
    """Answers for one module."""

    def __init__(self, names: Names, blocks: Blocks) -> None:
        self._names = names
        self._blocks = blocks
        self._classes: dict[str, ast.ClassDef] = {}
        self._functions: dict[str, list[FunctionNode]] = {}
        for node in names.scopes:
            if isinstance(node, ast.ClassDef):
                self._classes[qualified_name(node, names)] = node
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._functions.setdefault(qualified_name(node, names), []).append(node)

    def scope(self, node: ast.expr) -> Scope:
        """The scope that a name, an attribute, or what is made of one is evaluated in."""
        while node not in self._names.scope_of and isinstance(node, (ast.Call, ast.Subscript)):
            node = node.func if isinstance(node, ast.Call) else node.value
        return self._names.scope_of.get(node, self._names.top)

    def bases(self, class_name: str) -> Iterator[str]:
        """The dotted names of the bases of a class of the module, as far as they are certain."""
        node = self._classes.get(class_name)
        around = None if node is None else self._names.scopes[node].parent
        if node is not None and around is not None:
            for base in node.bases:
                dotted = self._names.dotted(base, around)
                if dotted is not None:
                    yield dotted

    def named(self, node: ast.expr) -> tuple[FunctionNode, ...]:
        """The functions that `node` is, or calls: `fetch`, `self.fetch`, `Fetcher().fetch`, `Fetcher()`."""
        scope = self.scope(node)
        dotted = self._names.dotted(node, scope)
        if dotted is None:
            if isinstance(node, ast.Attribute) and (owner := self._own_class(node.value, scope)) is not None:
                return self._method(owner, node.attr)
            return ()
        if not dotted.startswith("."):
            return ()
        name = dotted[1:].replace("()", "")
        if name in self._functions:
            return tuple(self._functions[name])
        if name in self._classes:
            return self._method(name, "__call__") if dotted.endswith("()") else ()
        owner, _, attribute = name.rpartition(".")
        return self._method(owner, attribute)

    def made_by(self, node: ast.expr) -> tuple[FunctionNode, ...]:
        """The `__init__` that a call of `node` runs, where that is a class of the module."""
        dotted = self._names.dotted(node, self.scope(node))
        name = dotted[1:] if dotted is not None and dotted.startswith(".") else ""
        return self._method(name, "__init__") if name in self._classes else ()

    def values(self, node: ast.expr) -> Iterator[ast.expr]:
        """What assignments give to a name, or to an attribute of `self`."""
        scope = self.scope(node)
        if isinstance(node, ast.Name):
            for binding in self._reaching(node, self._names.lookup(node.id, scope)):
                holder = self._names.parents.get(binding.node)
                while isinstance(holder, (ast.Tuple, ast.List, ast.Starred)):
                    holder = self._names.parents[holder]
                if binding.value is not None:
                    yield binding.value
                elif isinstance(holder, ast.Assign):
                    yield holder.value
        elif isinstance(node, ast.Attribute) and (owner := self._own_class(node.value, scope)) is not None:
            for part in ast.walk(self._classes[owner]):
                if isinstance(part, ast.Assign) and any(
                    isinstance(target, ast.Attribute) and ast.unparse(target) == ast.unparse(node)
                    for target in part.targets
                ):
                    yield part.value

    def _reaching(self, use: ast.Name, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
        """Without those that another certainly replaces before `use`, nor those of the other branch then."""
        function = next(iter(self.scope(use).functions()), None)
        if function is None or any(b.scope.node is not function or b.kind == "parameter" for b in bindings):
            return bindings
        here = self._blocks.path(self._blocks.statement(use), function)
        certain = [
            b
            for b in bindings
            if dominates(self._blocks.path(self._blocks.statement(b.node), function), here)
            and self._blocks.statement(b.node) is not self._blocks.statement(use)
        ]
        if not certain:
            return bindings
        last = max(certain, key=lambda b: self._blocks.statement(b.node).lineno)
        lines = range(self._blocks.statement(last.node).lineno, self._blocks.statement(use).lineno)
        return tuple(b for b in bindings if self._blocks.statement(b.node).lineno in lines)

    def _own_class(self, node: ast.expr, scope: Scope) -> str | None:
        """The class that `self`, `cls` or `super()` stands for there."""
        if isinstance(node, ast.Call):
            node = node.func
            if not isinstance(node, ast.Name) or node.id != "super":
                return None
        if not isinstance(node, ast.Name):
            return None
        for function in scope.functions():
            holder = self._names.parents[function]
            positional = (*function.args.posonlyargs, *function.args.args)
            if isinstance(holder, ast.ClassDef) and (
                node.id == "super" or (positional and positional[0].arg == node.id)
            ):
                return qualified_name(holder, self._names)
        return None

    def _method(self, class_name: str, name: str) -> tuple[FunctionNode, ...]:
        """The method, of the class or the nearest of its bases in this module."""
        waiting = [class_name]
        for owner in waiting:  # which grows
            if f"{owner}.{name}" in self._functions:
                return tuple(self._functions[f"{owner}.{name}"])
            bases = (base[1:] for base in self.bases(owner) if base.startswith("."))
            waiting.extend(base for base in bases if base not in waiting)
        return ()
