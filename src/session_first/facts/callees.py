"""A module's names in; what an expression that is called or mentioned means, or why that is in doubt, out."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from session_first.facts.handlers import last_name
from session_first.facts.names import FUNCTIONS, Binding, Names, Scope, qualified_name
from session_first.model import Doubt, Through

_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_TELLING = frozenset({"import", "def", "class", "assign"})


@dataclass(frozen=True, slots=True)
class Receiver:
    """`self`, `cls` or `super()`, in the class with the qualified name `owner`."""

    through: Through
    owner: str


@dataclass(frozen=True, slots=True)
class Root:
    """What a plain name means: `dotted` if that is certain, else the `alternatives`, as far as these are known.

    `loose`: nothing but a starred import, or Python itself, can bind it. `builtin`: Python itself does. `several`: it
    is bound more than once, each time to something.
    """

    dotted: str | None
    alternatives: tuple[str, ...] = ()
    receiver: Receiver | None = None
    loose: bool = False
    builtin: bool = False
    several: bool = False


class Callees:
    """Answers for one module; what a name means in a scope is found once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._roots: dict[tuple[str, Scope], Root] = {}

    def root(self, name: str, scope: Scope) -> Root:
        """What the plain name means as seen from `scope`."""
        key = (name, scope)
        if key not in self._roots:
            self._roots[key] = self._root(name, scope)
        return self._roots[key]

    def dotted(self, node: ast.expr, scope: Scope) -> str | None:
        """The dotted name that `node` certainly means, as `Names` gives it."""
        attributes: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            attributes.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            start = self.root(inner.id, scope).dotted
        elif attributes and isinstance(inner, ast.Call) and last_name(inner) == "super":
            start = None  # whose it is depends on the class around
        else:
            start = self._names.dotted(inner, scope)
        return None if start is None else ".".join([start, *reversed(attributes)])

    def receiver(self, node: ast.expr, scope: Scope) -> Receiver | None:
        """What `node` is if it is `self`, `cls` (or `type(self)`, `self.__class__`) or `super()`."""
        match node:
            case ast.Name():
                return self.root(node.id, scope).receiver
            case (
                ast.Attribute(attr="__class__", value=ast.Name() as of)
                | ast.Call(func=ast.Name(id="type"), args=[ast.Name() as of], keywords=[])
            ):
                receiver = self.root(of.id, scope).receiver
                return Receiver("cls", receiver.owner) if receiver is not None else None
            case ast.Call(func=ast.Name(id="super"), args=arguments, keywords=[]):
                return self._super(arguments, scope)
            case _:
                return None

    def doubt(self, func: ast.expr, scope: Scope) -> Doubt | None:
        """Why it is not certain what a call of `func`, which has no receiver, calls."""
        inner = first(func)
        if not isinstance(inner, ast.Name):
            if self.dotted(func, scope) is not None:
                return None
            return "result" if inner is func else "receiver"
        root = self.root(inner.id, scope)
        if root.several:
            return "several"
        if root.dotted is None:
            return "variable" if inner is func else "receiver"
        return "star" if root.loose else None

    def alternatives(self, node: ast.Name | ast.Attribute, scope: Scope) -> tuple[str, ...]:
        """What `node` may mean where its first name has several meanings."""
        inner = first(node)
        if not isinstance(inner, ast.Name):
            return ()
        rest = "".join(f".{attribute}" for attribute in _attributes(node))
        return tuple(f"{meaning}{rest}" for meaning in self.root(inner.id, scope).alternatives)

    def meaning(self, binding: Binding) -> str | None:
        """What the binding alone makes its name mean."""
        if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return f".{qualified_name(binding.node, self._names)}"
        if binding.value is not None:
            return self._names.dotted(binding.value, binding.scope)
        return binding.dotted

    def _root(self, name: str, scope: Scope) -> Root:
        bindings = telling(self._names.lookup(name, scope))
        dotted = self._names.dotted(ast.Name(name, ast.Load()), scope)
        if not bindings:
            is_loose = bool(self._names.star_imports) and dotted == name != "boto3"
            return Root(dotted, loose=is_loose, builtin=not self._names.star_imports and dotted == name)
        if dotted is not None:
            return Root(dotted)
        if len(bindings) == 1:
            return Root(None, receiver=self._first_parameter(bindings[0]))
        meanings = dict.fromkeys(m for b in bindings if (m := self.meaning(b)) is not None)
        return Root(None, tuple(meanings), several=all(b.kind in _TELLING for b in bindings))

    def _first_parameter(self, binding: Binding) -> Receiver | None:
        """What the first parameter of a method is, given that nothing else binds its name."""
        function, around = binding.scope.node, binding.scope.parent
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or around is None:
            return None
        positional = (*function.args.posonlyargs, *function.args.args)
        if not isinstance(around.node, ast.ClassDef) or binding.node not in positional[:1]:
            return None
        decorators = {d.id for d in function.decorator_list if isinstance(d, ast.Name)}
        if "staticmethod" in decorators:
            return None
        of_class = "classmethod" in decorators or function.name in _CLASS_METHODS
        return Receiver("cls" if of_class else "self", qualified_name(around.node, self._names))

    def _super(self, arguments: list[ast.expr], scope: Scope) -> Receiver | None:
        if self._names.lookup("super", scope):
            return None
        for around in scope.chain():
            owner = around.parent.node if around.parent is not None else None
            if isinstance(around.node, FUNCTIONS) and isinstance(owner, ast.ClassDef):
                name = qualified_name(owner, self._names)
                named = not arguments or self.dotted(arguments[0], scope) == f".{name}"
                return Receiver("super", name) if named else None
        return None


def telling(bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The bindings without `None`, which is what is assigned where an import failed."""
    return tuple(b for b in bindings if not (isinstance(b.value, ast.Constant) and b.value.value is None))


def first(node: ast.expr) -> ast.expr:
    """What stands before the first dot."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _attributes(node: ast.expr) -> list[str]:
    """The names after the dots."""
    found: list[str] = []
    while isinstance(node, ast.Attribute):
        found.append(node.attr)
        node = node.value
    return found[::-1]
