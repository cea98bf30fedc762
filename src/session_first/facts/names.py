"""A module's tree in; its scopes, what binds each name in them, and what dotted names mean, out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar, cast

Node = TypeVar("Node", bound=ast.AST)

ScopeNode = (
    ast.Module
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.Lambda
    | ast.ClassDef
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_SPECIAL = frozenset(
    {ast.Name, ast.Attribute, *FUNCTIONS, ast.ClassDef, *COMPREHENSIONS, ast.Import, ast.ImportFrom}
    | {ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping}
)
"""The nodes that are more to names than what holds other nodes."""

_NAMING = _SPECIAL - {ast.Attribute, *COMPREHENSIONS} | {ast.arg, ast.Global, ast.Nonlocal}
"""The nodes that bind or read an identifier."""

_BOTO3_NAMES = frozenset({"client", "resource", "Session", "setup_default_session"})
"""What `from boto3 import *` binds, as far as it matters."""

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where a statement holds statements."""

_LONGEST = 200
"""A dotted name longer than this is no name that anybody asks for."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """Something that gives a name a value.

    `dotted` is what an import binds; `value` what an assignment of the plain name assigns. A binding
    with neither (a parameter, a loop variable, an unpacking, `del`) says nothing of the value.
    """

    kind: Literal["import", "assign", "parameter", "def", "class", "other"]
    node: ast.AST
    scope: Scope
    dotted: str | None = None
    value: ast.expr | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace. Only the builder changes it."""

    node: ScopeNode
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def functions(self) -> tuple[FunctionNode, ...]:
        """The functions around this scope, innermost first."""
        return tuple(s.node for s in self.chain() if isinstance(s.node, FUNCTIONS))


class Names:
    """What the names of one module mean.

    `scopes` maps each scope's node to it, `scope_of` a name or attribute expression to the scope it
    is evaluated in, `parents` each node to the one that holds it.
    """

    def __init__(self, tree: ast.Module, module: str, *, is_package: bool) -> None:
        self.module = module
        self.is_package = is_package
        self.tree = tree
        self.star_imports: list[str] = []
        self.imported_modules: set[str] = set()
        self._meanings: dict[Binding, str | None] = {}
        self._lookups: dict[tuple[str, Scope], tuple[Binding, ...]] = {}
        self._plain: dict[tuple[str, Scope], str | None] = {}
        self._asked = 0
        self._bodies: dict[ast.AST, tuple[int, int]] = {}
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scope_of: dict[ast.AST, Scope] = {}
        self.top = Scope(tree, None)
        self.scopes: dict[ast.AST, Scope] = {tree: self.top}
        self._statements(tree.body, tree, self.top)

    # --- Questions ------------------------------------------------------------------------------

    def lookup(self, name: str, scope: Scope) -> tuple[Binding, ...]:
        """All bindings of `name` as seen from `scope`; empty where it is a builtin or unknown."""
        key = (name, scope)
        if key not in self._lookups:
            binder = self.binder(name, scope)
            self._lookups[key] = () if binder is None else tuple(binder.bindings.get(name, ()))
        return self._lookups[key]

    def every(self, kind: type[Node]) -> Sequence[Node]:
        """The nodes of one kind, in the order in which they were met."""
        return cast("list[Node]", self._by_kind.get(kind, []))

    def inside(self, function: FunctionNode) -> Sequence[ast.AST]:
        """The nodes in the body of a function, those of the functions within too."""
        start, end = self._bodies[function]
        return self._in_order[start:end]

    @cached_property
    def _in_order(self) -> list[ast.AST]:
        return list(self.parents)

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.parents:
            found.setdefault(type(node), []).append(node)
        return found

    def binder(self, name: str, scope: Scope) -> Scope | None:
        """The scope that holds `name` as seen from `scope`; None where it is a builtin or unknown."""
        first = True
        for around in scope.chain():
            visible = first or not isinstance(around.node, ast.ClassDef)
            first = False
            if not visible:
                continue
            if name in around.global_names:
                return self.top
            if name in around.nonlocal_names:
                continue
            if name in around.bindings:
                return around
        return None

    def dotted(self, node: ast.expr, scope: Scope) -> str | None:
        """The dotted name that `node` certainly means, None where it is not certain.

        Imports and plain aliases are followed. `f().g` becomes `<f>().g`. A name that nothing binds
        is a builtin and stands for itself. `None` as one of several values of a name is passed over:
        it is what is assigned where an import failed.
        """
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value, scope)
            return None if owner is None or len(owner) > _LONGEST else f"{owner}.{node.attr}"
        if isinstance(node, ast.Call):
            called = self.dotted(node.func, scope)
            return None if called is None else f"{called}()"
        return self._of_name(node.id, scope) if isinstance(node, ast.Name) else None

    def _of_name(self, name: str, scope: Scope) -> str | None:
        key = (name, scope)
        if key in self._plain:
            return self._plain[key]
        found = self._looked_up(name, scope)
        if not self._asked:  # else it may be found in terms of itself, and is not known yet
            self._plain[key] = found
        return found

    def _looked_up(self, name: str, scope: Scope) -> str | None:
        bindings = self.lookup(name, scope)
        if not bindings:
            if self.star_imports and name == "boto3":
                return "boto3"
            return f"boto3.{name}" if name in _BOTO3_NAMES and "boto3" in self.star_imports else name
        meanings = {self._meaning(b) for b in bindings if not is_none(b.value)}
        return meanings.pop() if len(meanings) == 1 else None

    def is_bound(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the first name of a dotted expression is bound, be it by a star import."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and bool(self.star_imports or self.lookup(node.id, scope))

    def is_bound_by_import(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the first name of a dotted expression is bound by imports alone (or `None`)."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            return False
        bindings = [b for b in self.lookup(node.id, scope) if not is_none(b.value)]
        return bool(bindings) and all(b.kind == "import" for b in bindings)

    def imported_module(self, node: ast.ImportFrom) -> str:
        """The absolute name of the module that a `from … import` names."""
        if not node.level:
            return node.module or ""
        package = self.module.split(".") if self.module else []
        drop = node.level - (1 if self.is_package else 0)
        kept = package[: len(package) - drop] if drop <= len(package) else []
        return ".".join([*kept, *([node.module] if node.module else [])]) or "."

    def _meaning(self, binding: Binding) -> str | None:
        if binding.kind == "import":
            return binding.dotted
        if binding.kind in {"def", "class"}:
            assert isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            return f".{qualified_name(binding.node, self)}"  # which no import can be called
        if binding.kind != "assign" or binding.value is None:
            return None
        if binding not in self._meanings:
            self._meanings[binding] = None  # what it means while it is asked for in terms of itself
            self._asked += 1
            self._meanings[binding] = self.dotted(binding.value, binding.scope)
            self._asked -= 1
        return self._meanings[binding]

    # --- Building -------------------------------------------------------------------------------

    def _bind(self, name: str, scope: Scope, binding: Binding) -> None:
        while scope.nonlocal_names and name in scope.nonlocal_names and scope.parent is not None:
            scope = scope.parent
        target = self.top if name in scope.global_names else scope
        target.bindings.setdefault(name, []).append(binding)

    def _statements(self, body: list[ast.stmt], parent: ast.AST, scope: Scope) -> None:
        for statement in body:
            if isinstance(statement, ast.Global):
                scope.global_names.update(statement.names)
            elif isinstance(statement, ast.Nonlocal):
                scope.nonlocal_names.update(statement.names)
        for statement in body:
            self._visit(statement, parent, scope)

    def _new_scope(self, node: ScopeNode, parent: Scope) -> Scope:
        scope = Scope(node, parent)
        self.scopes[node] = scope
        if not isinstance(node, COMPREHENSIONS):
            self._declared(node, scope)
        return scope

    def _declared(self, node: ast.AST, scope: Scope) -> None:
        """Global and nonlocal statements count for the whole function, wherever they stand."""
        for block in _BLOCKS:
            children = getattr(node, block, None)
            if not isinstance(children, list):
                continue
            for child in children:
                if isinstance(child, ast.Global):
                    scope.global_names.update(child.names)
                elif isinstance(child, ast.Nonlocal):
                    scope.nonlocal_names.update(child.names)
                elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    self._declared(child, scope)

    def _visit(self, node: ast.AST, parent: ast.AST, scope: Scope) -> None:
        self.parents[node] = parent
        if type(node) in _SPECIAL:
            self._visit_special(node, parent, scope)
        elif not isinstance(node, ast.Constant):
            self._children(node, scope)

    def _visit_special(self, node: ast.AST, parent: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Name():
                self.scope_of[node] = scope
                if not isinstance(node.ctx, ast.Load):
                    self._bind(
                        node.id, self._assigned_in(scope, parent), self._name_binding(node, parent, scope)
                    )
            case ast.Attribute():
                self.scope_of[node] = scope
                self._visit(node.value, node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, scope)
            case ast.Lambda():
                self._defaults(node.args, node, scope)
                inner = self._new_scope(node, scope)
                self._parameters(node.args, inner)
                start = len(self.parents)
                self._visit(node.body, node, inner)
                self._bodies[node] = start, len(self.parents)
            case ast.ClassDef():
                self._class(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scope)
            case ast.Import():
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    dotted = alias.name if alias.asname else bound
                    self.imported_modules.add(alias.name)
                    self._bind(bound, scope, Binding("import", node, scope, dotted=dotted))
            case ast.ImportFrom():
                module = self.imported_module(node)
                if node.level and module.partition(".")[0] == "boto3":
                    module = f"?.{module}"  # a relative import is of the project's own, never boto3
                self.imported_modules.add(module)
                for alias in node.names:
                    if alias.name == "*":
                        self.star_imports.append(module)
                    else:
                        dotted = f"{module}.{alias.name}"
                        self._bind(
                            alias.asname or alias.name, scope, Binding("import", node, scope, dotted=dotted)
                        )
            case ast.ExceptHandler():
                if node.name:
                    self._bind(node.name, scope, Binding("other", node, scope))
                self._children(node, scope)
            case ast.MatchAs() | ast.MatchStar():
                if node.name:
                    self._bind(node.name, scope, Binding("other", node, scope))
                self._children(node, scope)
            case ast.MatchMapping():
                if node.rest:
                    self._bind(node.rest, scope, Binding("other", node, scope))
                self._children(node, scope)
            case _:
                raise AssertionError(node)

    def _children(self, node: ast.AST, scope: Scope) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                for child in value:
                    if isinstance(child, ast.AST):
                        self._visit(child, node, scope)
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                self._visit(value, node, scope)

    def _assigned_in(self, scope: Scope, parent: ast.AST) -> Scope:
        """A walrus in a comprehension binds in the function around it."""
        if isinstance(parent, ast.NamedExpr):
            while isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
                scope = scope.parent
        return scope

    def _name_binding(self, node: ast.Name, parent: ast.AST, scope: Scope) -> Binding:
        match parent:
            case ast.Assign() if node in parent.targets:
                return Binding("assign", node, scope, value=parent.value)
            case ast.AnnAssign() if parent.value is None:
                return Binding("assign", node, scope, value=ast.Constant(None))
            case ast.AnnAssign() | ast.NamedExpr():
                return Binding("assign", node, scope, value=parent.value)
            case _:
                return Binding("other", node, scope)

    def _defaults(self, arguments: ast.arguments, owner: ast.AST, scope: Scope) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._visit(default, owner, scope)

    def _parameters(self, arguments: ast.arguments, scope: Scope) -> None:
        for argument in all_arguments(arguments):
            self._bind(argument.arg, scope, Binding("parameter", argument, scope))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        for decorator in node.decorator_list:
            self._visit(decorator, node, scope)
        self._defaults(node.args, node, scope)
        for argument in all_arguments(node.args):
            if argument.annotation is not None:
                self._visit(argument.annotation, argument, scope)
                self.parents[argument] = node
        if node.returns is not None:
            self._visit(node.returns, node, scope)
        self._bind(node.name, scope, Binding("def", node, scope))
        inner = self._new_scope(node, scope)
        for parameter in getattr(node, "type_params", ()):
            self._bind(parameter.name, inner, Binding("other", parameter, inner))
            self._children(parameter, inner)
        self._parameters(node.args, inner)
        start = len(self.parents)
        self._statements(node.body, node, inner)
        self._bodies[node] = start, len(self.parents)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        for child in (*node.decorator_list, *node.bases, *node.keywords):
            self._visit(child, node, scope)
        self._bind(node.name, scope, Binding("class", node, scope))
        self._statements(node.body, node, self._new_scope(node, scope))

    def _comprehension(self, node: Comprehension, scope: Scope) -> None:
        inner = self._new_scope(node, scope)
        for number, generator in enumerate(node.generators):
            self.parents[generator] = node
            self._visit(generator.iter, generator, scope if number == 0 else inner)
            self._visit(generator.target, generator, inner)
            for condition in generator.ifs:
                self._visit(condition, generator, inner)
        results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for result in results:
            self._visit(result, node, inner)


def all_arguments(arguments: ast.arguments) -> tuple[ast.arg, ...]:
    """The parameters in the order in which they are written."""
    star = (arguments.vararg,) if arguments.vararg else ()
    stars = (arguments.kwarg,) if arguments.kwarg else ()
    return (*arguments.posonlyargs, *arguments.args, *star, *arguments.kwonlyargs, *stars)


def qualified_name(node: FunctionNode | ast.ClassDef, names: Names) -> str:
    """The name of a function or class within its module: `Class.method`, `outer.inner`, `<lambda>`."""
    parts = ["<lambda>" if isinstance(node, ast.Lambda) else node.name]
    around = names.scopes[node].parent
    for scope in around.chain() if around is not None else ():
        if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            parts.append(scope.node.name)
        elif isinstance(scope.node, ast.Lambda):
            parts.append("<lambda>")
    return ".".join(reversed(parts))


def identifiers(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Every identifier that one of `nodes` itself binds or reads."""
    for child in nodes:
        if type(child) not in _NAMING:
            continue
        match child:
            case ast.Name():
                yield child.id
            case ast.arg():
                yield child.arg
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield child.name
                yield from (argument.arg for argument in all_arguments(child.args))
            case ast.Lambda():
                yield from (argument.arg for argument in all_arguments(child.args))
            case ast.ClassDef():
                yield child.name
            case ast.Global() | ast.Nonlocal():
                yield from child.names
            case ast.Import() | ast.ImportFrom():
                for alias in child.names:
                    yield alias.asname or alias.name.partition(".")[0]
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
                if child.name:
                    yield child.name
            case ast.MatchMapping():
                if child.rest:
                    yield child.rest
            case _:
                pass


def is_none(value: ast.expr | None) -> bool:
    """Whether the value is a literal `None`."""
    return isinstance(value, ast.Constant) and value.value is None
