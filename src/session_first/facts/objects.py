"""A module's names in; what objects are that its functions give, its attributes hold and its annotations name, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from session_first.facts.names import Names, Scope, qualified_name

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)

_OF_CLASS = "self of "


class Objects:
    """Answers for one module, less strict than `Names`: good enough to leave code alone, not to change it."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._starts: dict[tuple[str, Scope], str | None] = {}

    def dotted(self, node: ast.expr, scope: Scope) -> str | None:
        """The dotted name that `node` means, `fastapi.FastAPI().get` for `self.app.get`; None where nothing tells."""
        known = self._names.dotted(node, scope)
        if known is not None:
            return known
        suffixes: list[str] = []
        while isinstance(node, (ast.Attribute, ast.Call)):
            suffixes.append(f".{node.attr}" if isinstance(node, ast.Attribute) else "()")
            node = node.value if isinstance(node, ast.Attribute) else node.func
        if not isinstance(node, ast.Name):
            return None
        start = self._start(node, scope)
        if start is None:
            return None
        if start.startswith(_OF_CLASS):
            attribute = suffixes.pop() if suffixes else ""
            start = self._attributes.get(f"{start.removeprefix(_OF_CLASS)}{attribute}")
        return "".join([start, *reversed(suffixes)]) if start is not None else None

    def _start(self, node: ast.Name, scope: Scope) -> str | None:
        """What the first name of a dotted expression is by its annotation; of `self` the class, marked as such."""
        key = (node.id, scope)
        if key not in self._starts:
            cls = self._class_of(node, scope)
            self._starts[key] = f"{_OF_CLASS}{cls}" if cls is not None else self._annotated(node, scope)
        return self._starts[key]

    def made(self) -> dict[str, str]:
        """What is known of the results of functions (`create_app()`) and of attributes of classes (`Api.router`)."""
        found = dict(self._attributes)
        for node, scope in self._names.scopes.items():
            if isinstance(node, _FUNCTION_DEFS) and scope.parent is not None and not scope.parent.functions():
                given = self._given(node, scope)
                if given is not None:
                    found[f"{qualified_name(node, self._names)}()"] = given
        return found

    def _given(self, node: _Function, scope: Scope) -> str | None:
        """The object that the function gives, by its annotation or by all that it returns."""
        if node.returns is not None and scope.parent is not None:
            return self._instance(node.returns, scope.parent)
        meanings: set[str | None] = set()
        for value in _returned(node.body):
            meaning = self._names.dotted(value, scope) if value is not None else None
            if meaning is None or not _is_object(meaning):
                return None
            meanings.add(meaning)
        return meanings.pop() if len(meanings) == 1 else None

    def _instance(self, annotation: ast.expr, scope: Scope) -> str | None:
        """The object of the class that an annotation names."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            if not all(part.isidentifier() for part in annotation.value.split(".")):
                return None
            annotation = ast.parse(annotation.value, mode="eval").body
        if not isinstance(annotation, (ast.Name, ast.Attribute)) or not self._names.is_bound(
            annotation, scope
        ):
            return None
        dotted = self._names.dotted(annotation, scope)
        return f"{dotted}()" if dotted is not None else None

    def _annotated(self, node: ast.Name, scope: Scope) -> str | None:
        """What the annotation of a parameter or variable says that it is."""
        bindings = self._names.lookup(node.id, scope)
        annotations = [
            part.annotation
            for binding in bindings
            for part in (binding.node, self._names.parents.get(binding.node))
            if isinstance(part, (ast.arg, ast.AnnAssign)) and part.annotation is not None
        ]
        return self._instance(annotations[0], scope) if len(annotations) == 1 else None

    def _class_of(self, node: ast.Name, scope: Scope) -> str | None:
        """The class of which `node` is the `self` (or `cls`)."""
        for around in scope.chain():
            function, holder = around.node, around.parent
            if not isinstance(function, _FUNCTION_DEFS):
                continue
            positional = [*function.args.posonlyargs, *function.args.args]
            if positional and positional[0].arg == node.id:
                owner = holder.node if holder is not None else None
                return qualified_name(owner, self._names) if isinstance(owner, ast.ClassDef) else None
        return None

    @cached_property
    def _attributes(self) -> dict[str, str]:
        """`Class.name` → what `self.name = …` or the class body gives it, where that is one thing."""
        found: dict[str, set[str | None]] = {}
        for name, value, scope in self._assigned():
            meaning = self._names.dotted(value, scope)
            if meaning is None and isinstance(value, ast.Name):
                meaning = self._annotated(value, scope)
            found.setdefault(name, set()).add(
                meaning if meaning is not None and _is_object(meaning) else None
            )
        return {
            name: meaning
            for name, meanings in found.items()
            for meaning in meanings
            if len(meanings) == 1 and meaning is not None
        }

    def _assigned(self) -> Iterator[tuple[str, ast.expr, Scope]]:
        for node, scope in self._names.scope_of.items():
            assert isinstance(node, (ast.Name, ast.Attribute))
            if not isinstance(node.ctx, ast.Store):
                continue
            holder = self._names.parents[node]
            if not isinstance(holder, (ast.Assign, ast.AnnAssign)) or holder.value is None:
                continue
            if isinstance(node, ast.Name):
                if isinstance(scope.node, ast.ClassDef):
                    yield f"{qualified_name(scope.node, self._names)}.{node.id}", holder.value, scope
            elif isinstance(node.value, ast.Name):
                start = self._start(node.value, scope)
                if start is not None and start.startswith(_OF_CLASS):
                    yield f"{start.removeprefix(_OF_CLASS)}.{node.attr}", holder.value, scope


def _is_object(dotted: str) -> bool:
    """`fastapi.FastAPI()`: what a call gives that is more than a builtin's."""
    return dotted.endswith("()") and "." in dotted


def _returned(body: list[ast.stmt]) -> Iterator[ast.expr | None]:
    """The values of a function's own `return` statements."""
    for statement in body:
        if isinstance(statement, ast.Return):
            yield statement.value
        elif not isinstance(statement, (*_FUNCTION_DEFS, ast.ClassDef)):
            for field in ("body", "orelse", "finalbody"):
                yield from _returned(getattr(statement, field, []))
            for field in ("handlers", "cases"):
                for part in getattr(statement, field, ()):
                    yield from _returned(part.body)
