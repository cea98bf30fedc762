"""A module's names in; its classes, with what decides whether their objects can keep a session, out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from session_first.facts.attribute_dicts import entries
from session_first.facts.blocks import Blocks
from session_first.facts.instances import Instances
from session_first.facts.names import Names, Scope, qualified_name
from session_first.model import ClassFacts, Constructor, Decorator, Position
from session_first.source import SourceFile

ANY_OBJECT = "*"
"""Stands for objects of a class that is not known."""

ANY_ATTRIBUTES = "**"
"""The same, where what is looked at are all attributes of the object."""

_STATIC = frozenset({"staticmethod", "classmethod"})
_COPYING = frozenset(
    {
        *(
            f"{module}.{name}"
            for module in ("pickle", "cPickle", "dill", "cloudpickle")
            for name in ("dump", "dumps")
        ),
        *("copy.copy", "copy.deepcopy", "joblib.dump", "dataclasses.asdict", "copy.replace", "yaml.dump"),
    }
)
_LISTING = frozenset({"vars", "dir", "inspect.getmembers", "jsonpickle.encode"})
_PARSED = ("parse_args()", "parse_known_args()")

_Method = ast.FunctionDef | ast.AsyncFunctionDef


class Classes:
    """Finds the classes of one module."""

    def __init__(self, source: SourceFile, names: Names, blocks: Blocks, instances: Instances) -> None:
        self._source = source
        self._names = names
        self._blocks = blocks
        self._instances = instances

    def all(self, decorators: Callable[[ast.expr, Scope], Decorator]) -> Iterator[ClassFacts]:
        """The classes outside functions; `decorators` says what a decorator is."""
        for node, scope in self._names.scopes.items():
            if isinstance(node, ast.ClassDef) and not scope.functions():
                assert scope.parent is not None
                methods = [s for s in node.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
                yield ClassFacts(
                    name=qualified_name(node, self._names),
                    position=self._source.start(node),
                    bases=tuple(self._dotted(base, scope.parent) for base in node.bases),
                    methods={method.name: self._source.start(method) for method in methods},
                    names=frozenset(scope.bindings),
                    decorators=tuple(
                        decorators(decorator, scope.parent) for decorator in node.decorator_list
                    ),
                    metaclass=next(
                        (
                            self._dotted(k.value, scope.parent)
                            for k in node.keywords
                            if k.arg in {"metaclass", None}
                        ),
                        None,
                    ),
                    constructor=self._constructor(methods, scope),
                    receivers=dict(self._receivers(methods)),
                    sets=frozenset(self._instances.sets(node)),
                    keeps=dict(self._keeps(node, methods)),
                )

    def dissected(self) -> frozenset[str]:
        """The classes whose objects are pickled, copied, read as a dict, or made without their constructor."""
        return frozenset(self._dissected())

    def loose_bases(self) -> frozenset[str]:
        """The last names of the bases of classes that need not run the constructor of these, and whose bases are not certain or who
        stand in functions; `*` for a base that may be any."""
        return frozenset(self._loose_bases())

    def _loose_bases(self) -> Iterator[str]:
        for node, scope in self._names.scopes.items():
            if isinstance(node, ast.ClassDef) and scope.bindings.get("__init__"):
                methods = [s for s in node.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
                made = self._constructor(methods, scope)
                assert scope.parent is not None
                if made is None or made.runs_first is None or made.sets_before or len(node.bases) > 1:
                    for base in node.bases:
                        dotted = self._names.dotted(base, scope.parent)
                        if scope.functions() or dotted is None or dotted.endswith("()"):
                            yield from self._last_names(base, scope.parent)
        for call in self._names.every(ast.Call):  # type("Name", (Base,), {…})
            match call:
                case ast.Call(
                    func=ast.Name(id="type") | ast.Attribute(attr="new_class"), args=[_, bases, *_]
                ):
                    around = self._names.scope_of.get(call.func, self._names.top)
                    for base in bases.elts if isinstance(bases, ast.Tuple) else [bases]:
                        yield from self._last_names(base, around)
                case _:
                    pass

    def _last_names(self, base: ast.expr, scope: Scope) -> Iterator[str]:
        """The last parts of the names that the base may have."""
        node = base.value if isinstance(base, ast.Subscript) else base
        dotted = self._names.dotted(node, scope)
        if dotted is not None and not dotted.endswith("()"):
            yield dotted.rpartition(".")[2]
        elif isinstance(node, ast.Name):
            for binding in self._names.lookup(node.id, scope):
                if binding.value is not None:
                    meant = self._names.dotted(binding.value, binding.scope)
                else:
                    meant = binding.dotted or (node.id if binding.kind == "class" else None)
                yield "*" if meant is None or meant.endswith("()") else meant.rpartition(".")[2]
        else:
            yield "*"

    def private_names(self) -> frozenset[str]:
        """The attributes with a leading underscore that are mentioned, in strings as well."""
        names = {node.attr for node in self._names.every(ast.Attribute)}
        texts = {node.value for node in self._names.every(ast.Constant) if isinstance(node.value, str)}
        return frozenset(
            name
            for name in (*names, *texts)
            if name.startswith("_") and not name.startswith("__") and name.isidentifier()
        )

    def _dotted(self, node: ast.expr, scope: Scope) -> str:
        inner = node.value if isinstance(node, ast.Subscript) else node
        return self._names.dotted(inner, scope) or ast.unparse(inner)

    @cached_property
    def _inside(self) -> dict[ast.AST, list[Scope]]:
        """The scopes within each function."""
        found: dict[ast.AST, list[Scope]] = {}
        for scope in self._names.scopes.values():
            for function in scope.functions():
                if function is not scope.node:
                    found.setdefault(function, []).append(scope)
        return found

    def _receivers(self, methods: list[_Method]) -> Iterator[tuple[Position, str]]:
        for method in methods:
            positional = [*method.args.posonlyargs, *method.args.args]
            static = any(isinstance(d, ast.Name) and d.id in _STATIC for d in method.decorator_list)
            if (
                static
                or not positional
                or method.name in {"__new__", "__init_subclass__", "__class_getitem__"}
            ):
                continue
            name = positional[0].arg
            own = self._names.scopes[method]
            inside = self._inside.get(method, ())
            if len(own.bindings.get(name, ())) == 1 and not any(name in scope.bindings for scope in inside):
                yield self._source.start(method), name

    def _constructor(self, methods: list[_Method], body: Scope) -> Constructor | None:
        found = [method for method in methods if method.name == "__init__"]
        if (
            len(found) != 1
            or len(body.bindings.get("__init__", ())) != 1
            or not isinstance(found[0], ast.FunctionDef)
        ):
            return None
        method = found[0]
        receiver = dict(self._receivers(found)).get(self._source.start(method))
        if receiver is None:
            return None
        statements = method.body[1:] if ast.get_docstring(method, clean=False) is not None else method.body
        first = statements[0] if statements else None
        on_own_line = first is not None and self._stands_alone(method, first)
        before = _before_super(statements, receiver)
        return Constructor(
            body=self._source.start(first) if first is not None and on_own_line else None,
            receiver=receiver,
            runs_first=self._source.start(statements[len(before)]) if before is not None else None,
            sets_before=frozenset(_set_on(before or (), receiver)),
        )

    def _keeps(self, node: ast.ClassDef, methods: list[_Method]) -> Iterator[tuple[str, str]]:
        for attribute, stores in self._instances.sets(node).items():
            match stores:
                case [(ast.Name(id=name), ast.FunctionDef(name="__init__") as init)] if init in methods:
                    bound = self._names.scopes[init].bindings.get(name, [])
                    if [binding.kind for binding in bound] == ["parameter"]:
                        yield attribute, name
                case _:
                    pass

    def _stands_alone(self, method: _Method, first: ast.stmt) -> bool:
        """Whether the statement begins its line, so that another can be put before it."""
        start = self._source.start(first)
        if isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and first.decorator_list:
            return False
        return start.line > method.lineno and not self._source.lines[start.line - 1][: start.column].strip()

    def _dissected(self) -> Iterator[str]:
        for attribute in self._names.every(ast.Attribute):
            if attribute.attr == "__dict__" and (
                isinstance(attribute.ctx, ast.Store) or entries(attribute, self._names.parents) is None
            ):
                yield from self._class_of(self._compared_with(attribute).value, ANY_ATTRIBUTES)
        for constant in self._names.every(ast.Constant):
            if constant.value == "__dict__" and not self._is_only_asked_for(constant):
                yield ANY_ATTRIBUTES
        for node in self._names.every(ast.Call):
            if isinstance(node.func, (ast.Name, ast.Attribute)) and node.args:
                dotted = self._names.dotted(node.func, self._names.scope_of[node.func])
                if dotted in _COPYING:
                    yield from self._class_of(node.args[0], ANY_OBJECT)
                elif dotted in _LISTING:
                    if dotted != "vars" or entries(node, self._names.parents) is None:
                        yield from self._class_of(node.args[0], ANY_ATTRIBUTES)
                elif isinstance(node.func, ast.Attribute) and node.func.attr == "__new__":
                    yield from self._made(node, node.func.value)

    def _compared_with(self, node: ast.Attribute) -> ast.Attribute:
        """`self.__dict__` for the other side of `self.__dict__ == other.__dict__`: objects of two classes differ anyway."""
        match self._names.parents[node]:
            case ast.Compare(
                left=ast.Attribute(attr="__dict__") as one,
                ops=[ast.Eq() | ast.NotEq()],
                comparators=[ast.Attribute(attr="__dict__") as two],
            ):
                classes = ((side, list(self._class_of(side.value, ANY_ATTRIBUTES))) for side in (one, two))
                return next((side for side, found in classes if found != [ANY_ATTRIBUTES]), node)
            case _:
                return node

    def _is_only_asked_for(self, name: ast.Constant) -> bool:
        """`hasattr(x, "__dict__")`."""
        match self._names.parents[name]:
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, asked]):
                return asked is name
            case _:
                return False

    def _made(self, call: ast.Call, of: ast.expr) -> Iterator[str]:
        """The class of which `Class.__new__(…)` makes an object whose constructor has not run."""
        scope = self._names.scope_of.get(call.args[0])
        if isinstance(of, ast.Call) and isinstance(of.func, ast.Name) and of.func.id == "super":
            return  # that is how a class makes its own objects
        dotted = self._names.dotted(call.args[0], scope) if scope is not None else None
        own = {
            f".{qualified_name(n, self._names)}" for n in self._names.scopes if isinstance(n, ast.ClassDef)
        }
        yield dotted if dotted in own else ANY_OBJECT

    def _is_standard(self, parameter: ast.AST, around: Scope | None) -> bool:
        """Whether a parameter is an object of the standard library's: by its annotation, or as a log record by its name in a
        handler, filter or formatter."""
        if not isinstance(parameter, ast.arg) or around is None:
            return False
        if parameter.annotation is not None:
            dotted = self._names.dotted(parameter.annotation, around) or ""
            return dotted.partition(".")[0] in sys.stdlib_module_names and "." in dotted
        bases = around.node.bases if isinstance(around.node, ast.ClassDef) and around.parent else ()
        return parameter.arg == "record" and any(
            (self._names.dotted(base, around.parent or around) or "").startswith("logging.") for base in bases
        )

    def _class_of(self, node: ast.expr, unknown: str) -> Iterator[str]:
        """The class of an object, `unknown` where it may be any, nothing for what is certainly none of the project's own."""
        if isinstance(node, (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.Constant, ast.JoinedStr)):
            return
        if isinstance(node, ast.Name):
            scope = self._names.scope_of[node]
            bindings = self._names.lookup(node.id, scope)
            dotted = self._names.dotted(node, scope)
            if dotted is not None and dotted.endswith(_PARSED):
                return
            if bindings and all(binding.kind in {"import", "class"} for binding in bindings):
                return  # a module's names, or a class's
            if len(bindings) == 1 and isinstance(
                bindings[0].value, (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.DictComp, ast.ListComp)
            ):
                return
            holder = bindings[0].scope if len(bindings) == 1 and bindings[0].kind == "parameter" else None
            owner = holder.parent.node if holder is not None and holder.parent is not None else None
            if holder is not None and self._is_standard(bindings[0].node, holder.parent):
                return
            if (
                holder is not None
                and isinstance(owner, ast.ClassDef)
                and (_is_first_parameter(holder.node, node.id) or _compares(holder.node))
            ):
                yield f".{qualified_name(owner, self._names)}"
                return
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            scope_of_call = self._names.scope_of.get(node.func)
            dotted = self._names.dotted(node.func, scope_of_call) if scope_of_call is not None else None
            if dotted is not None and f"{dotted}()".endswith(_PARSED):
                return
        yield unknown


def _is_first_parameter(function: ast.AST, name: str) -> bool:
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    positional = [*function.args.posonlyargs, *function.args.args]
    return bool(positional) and positional[0].arg == name


def _before_super(body: list[ast.stmt], receiver: str) -> list[ast.stmt] | None:
    """The statements before the call of an `__init__` above, which only set attributes of the object; None where there is no
    such call for certain."""
    for number, statement in enumerate(body):
        if _is_super_call(statement, receiver):
            return body[:number]
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and _only_sets(statement, receiver):
            continue
        if _names(statement, receiver) or any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return None
    return None


def _is_super_call(statement: ast.stmt, receiver: str) -> bool:
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super"))), args=given
            ) as call
        ):
            pass
        case ast.Expr(  # Base.__init__(self)
            value=ast.Call(
                func=ast.Attribute(attr="__init__", value=ast.Name() | ast.Attribute()), args=[_, *given]
            ) as call
        ):
            pass
        case _:
            return False
    return not any(_names(value, receiver) for value in (*given, *call.keywords))


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))


def _set_on(statements: Iterable[ast.stmt], receiver: str) -> Iterator[str]:
    """The attributes that the statements set on the object."""
    for statement in statements:
        for node in ast.walk(statement):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == receiver:
                    yield attribute
                case _:
                    pass


def _only_sets(statement: ast.Assign | ast.AnnAssign, receiver: str) -> bool:
    """`self.x = y`: nothing of the object is read."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if statement.value is not None and _names(statement.value, receiver):
        return False
    return all(isinstance(target, (ast.Attribute, ast.Name)) for target in targets)


def _compares(function: ast.AST | None) -> bool:
    """Whether it is `__eq__`: what it compares an object with is of the same class, or differs from it anyway."""
    return isinstance(function, ast.FunctionDef) and function.name in {"__eq__", "__ne__"}
