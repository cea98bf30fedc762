"""A name or attribute in; the place in which its value is kept, and where the names of places stand, out."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from session_first.facts.blocks import Blocks
from session_first.facts.names import COMPREHENSIONS, FUNCTIONS, Names, Scope, qualified_name
from session_first.facts.webs import Webs
from session_first.model import Annotation, AttributePlace, Occurrences, Position, Variable
from session_first.source import SourceFile


class Places:
    """Answers for one module."""

    def __init__(self, source: SourceFile, names: Names, blocks: Blocks) -> None:
        self._source = source
        self._names = names
        self._webs = Webs(names, blocks)

    def place(self, node: ast.expr, scope: Scope) -> Variable | AttributePlace | None:
        """The place that a name or an attribute is; None where it is none that is followed."""
        if isinstance(node, ast.Name):
            return self.variable(node, scope)
        if isinstance(node, ast.Attribute):
            return self.attribute(node, scope)
        return None

    def variable(self, node: ast.Name, scope: Scope) -> Variable | None:
        """The variable that a name is; None for what is imported or defined, and for builtins."""
        owner = self._names.binder(node.id, scope)
        if owner is None:
            return None
        bindings = owner.bindings.get(node.id, ())
        if not bindings or all(b.kind in {"import", "def", "class"} for b in bindings):
            return None
        if isinstance(owner.node, ast.Module):
            return Variable(None, node.id, self._webs.number(node, owner))
        if isinstance(owner.node, FUNCTIONS):
            return Variable(self._source.start(owner.node), node.id, self._webs.number(node, owner))
        return None

    def attribute(self, node: ast.Attribute, scope: Scope) -> AttributePlace:
        """The attribute of the object itself (`self.name`), or of any other."""
        if isinstance(node.value, ast.Name):
            for around in scope.chain():
                function = around.node
                if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or around.parent is None:
                    continue
                holder = around.parent.node
                first = next(iter((*function.args.posonlyargs, *function.args.args)), None)
                if isinstance(holder, ast.ClassDef) and first is not None and first.arg == node.value.id:
                    if any(
                        isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list
                    ):
                        break
                    return AttributePlace(qualified_name(holder, self._names), node.attr)
        return AttributePlace(None, node.attr)

    # --- Scopes ---------------------------------------------------------------------------------

    def variables(self) -> Mapping[Variable, Occurrences]:
        """Where the name of each local variable stands."""
        places: dict[Variable, list[tuple[Position, Position]]] = {}
        bindings: dict[Variable, int] = {}
        annotations: dict[Variable, Annotation] = {}
        for node in self._names.every(ast.Name):
            around = self._names.scope_of[node]
            if isinstance(self._names.parents.get(node), ast.NamedExpr):
                while isinstance(around.node, COMPREHENSIONS) and around.parent is not None:
                    around = around.parent
            variable = self.variable(node, around)
            if variable is None:
                continue
            places.setdefault(variable, []).append((self._source.start(node), self._source.end(node)))
            if not isinstance(node.ctx, ast.Load):
                bindings[variable] = bindings.get(variable, 0) + 1
                holder = self._names.parents.get(node)
                if isinstance(holder, ast.AnnAssign):
                    annotations[variable] = annotation(self._source, holder.annotation)
        fixed, bound = self._fixed_names()
        return {
            variable: Occurrences(
                tuple(sorted(found)),
                bindings.get(variable, 0),
                (variable.owner, variable.name) in fixed,
                annotations.get(variable),
                (variable.owner, variable.name) in fixed - bound,
            )
            for variable, found in places.items()
        }

    def _fixed_names(
        self,
    ) -> tuple[frozenset[tuple[Position | None, str]], frozenset[tuple[Position | None, str]]]:
        """The names, by what binds them, that an edit of the plain names alone would not rename; and those that one
        of the signature would not rename either."""
        fixed: set[tuple[Position | None, str]] = set()
        bound_otherwise: set[tuple[Position | None, str]] = set()
        for scope in self._names.scopes.values():
            owner = self._source.start(scope.node) if isinstance(scope.node, FUNCTIONS) else None
            for name, bound in scope.bindings.items():
                if any(not isinstance(b.node, ast.Name) for b in bound):
                    fixed.add((owner, name))
                if any(not isinstance(b.node, (ast.Name, ast.arg)) for b in bound):
                    bound_otherwise.add((owner, name))
            for name in (*scope.global_names, *scope.nonlocal_names):
                binder = self._names.binder(name, scope.parent) if scope.parent is not None else None
                outer = binder.node if binder is not None and name in scope.nonlocal_names else None
                declared = (self._source.start(outer) if isinstance(outer, FUNCTIONS) else None, name)
                fixed.add(declared)
                bound_otherwise.add(declared)
        return frozenset(fixed), frozenset(bound_otherwise)


def annotation(source: SourceFile, node: ast.expr) -> Annotation:
    """The annotation that stands at `node`."""
    start, end = source.start(node), source.end(node)
    return Annotation(start, end, source.segment(start, end))
