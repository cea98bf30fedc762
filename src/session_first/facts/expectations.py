"""A test file's names in; which calls it expects with certain arguments, and what takes a method's place, out.

A double that is handed in (`process(repo=Mock())`) is no patch, so nothing but a name tells what it stands for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from session_first.facts.names import FunctionNode, Names
from session_first.facts.possible_values import UNKNOWN, PossibleValues, scope_around

_ASSERTIONS = frozenset(
    {"assert_called_with", "assert_called_once_with", "assert_any_call", "assert_has_calls"}
    | {"assert_awaited_with", "assert_awaited_once_with", "assert_any_await", "assert_has_awaits"}
    | {"called_with", "called_once_with", "call_args", "call_args_list", "mock_calls", "method_calls"}
    | {"await_args", "await_args_list"}
)
"""What depends on the arguments of a call, other than `assert_called()` or `call_count`."""

_PARTS_OF_MOCKS = frozenset({"return_value", "side_effect", "mock", "value"})
_DOUBLES = re.compile(r"SimpleNamespace|Namespace|\w*Mock|flexmock")
_MOCK_CALL = re.compile(r"(?:^|\.)(?:mock|mocker)\.call\b")
_BEHAVIOUR = frozenset({"side_effect", "wraps"})


class Expectations:
    """Gathers what one test file expects; each name stands with the first line that has it."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._values = PossibleValues(names)

    def asserted_calls(self) -> Mapping[str, int]:
        """The last names of what calls with certain arguments are asserted of (`save` of
        `repo.save.assert_called_once_with(1)` and `call.save(1)`)."""
        return _first_lines([*self._asserted(), *self._called_calls(), *self._given_names()])

    def stand_ins(self) -> Mapping[str, int]:
        """The last names under which an object gets a function of the file that takes no further keyword
        (`repo.save = lambda x: x`, `SimpleNamespace(save=fake_save)`)."""
        return _first_lines([*self._assigned_functions(), *self._functions_of_doubles()])

    # --- Assertions -----------------------------------------------------------------------------

    @cached_property
    def _assertions(self) -> tuple[ast.Attribute, ...]:
        return tuple(
            node
            for node in self._names.scope_of
            if isinstance(node, ast.Attribute) and node.attr in _ASSERTIONS
        )

    def _asserted(self) -> Iterator[tuple[str, int]]:
        for node in self._assertions:
            owner = _inner(node.value)
            if isinstance(owner, ast.Attribute):
                if owner.attr not in _PARTS_OF_MOCKS:
                    yield owner.attr, node.lineno
            elif isinstance(owner, ast.Name):
                for dotted in self._values.dotted(owner, self._names.scope_of[owner]):
                    head, _, last = dotted.rpartition(".")
                    if head and last != UNKNOWN and not last.endswith("()"):
                        yield last, node.lineno

    def _called_calls(self) -> Iterator[tuple[str, int]]:
        """`mock.call.save(1)`, `call().save(1)`, mockito's `verify(repo).save(1)`."""
        for node in self._calls:
            if isinstance(node.func, ast.Attribute):
                root = _root(node.func)
                if not isinstance(root, ast.Name) or root.id not in self._roots_of_calls:
                    continue
                dotted = self._names.dotted(node.func, self._names.scope_of[node.func]) or ast.unparse(
                    node.func
                )
                called = _MOCK_CALL.search(dotted)
                if (called is not None and called.end() < len(dotted)) or "mockito" in dotted:
                    yield node.func.attr, node.lineno

    @cached_property
    def _calls(self) -> tuple[ast.Call, ...]:
        return tuple(self._names.every(ast.Call))

    @cached_property
    def _roots_of_calls(self) -> frozenset[str]:
        """The names that may be, or hold, the `call` of mock or the `verify` of mockito."""
        imported = (
            name
            for scope in self._names.scopes.values()
            for name, bindings in scope.bindings.items()
            for binding in bindings
            if "mock" in (binding.dotted or "")
        )
        return frozenset({"mocker", "call", *imported})

    def _given_names(self) -> Iterator[tuple[str, int]]:
        """`repo.save = fake` and `process(upload=fake)` where calls of `fake` are asserted."""
        plain = {
            owner.id: node.lineno
            for node in self._assertions
            if isinstance(owner := _inner(node.value), ast.Name)
        }
        if not plain:
            return
        for node in self._names.every(ast.Assign):
            if isinstance(node.value, ast.Name) and node.value.id in plain:
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        yield target.attr, plain[node.value.id]
        for call in self._calls:
            for keyword in call.keywords:
                if (
                    keyword.arg is not None
                    and isinstance(keyword.value, ast.Name)
                    and keyword.value.id in plain
                    and keyword.arg not in _BEHAVIOUR
                ):
                    yield keyword.arg, plain[keyword.value.id]

    # --- Stand-ins ------------------------------------------------------------------------------

    def _assigned_functions(self) -> Iterator[tuple[str, int]]:
        for node in self._names.every(ast.Attribute):
            if not isinstance(node.ctx, ast.Store):
                continue
            parent = self._names.parents[node]
            if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is not None:
                named = node
                while named.attr in _PARTS_OF_MOCKS and isinstance(named.value, ast.Attribute):
                    named = named.value
                if named.attr not in _PARTS_OF_MOCKS and self._is_function(parent.value):
                    yield named.attr, node.lineno

    def _functions_of_doubles(self) -> Iterator[tuple[str, int]]:
        for call in self._calls:
            last = self._last_name(call.func)
            if last == "type" and len(call.args) == 3 and isinstance(call.args[2], ast.Dict):
                for key, value in zip(call.args[2].keys, call.args[2].values, strict=True):
                    if isinstance(key, ast.Constant) and self._is_function(value):
                        yield str(key.value), value.lineno
            if call.keywords and _DOUBLES.fullmatch(last):
                for keyword in call.keywords:
                    if (
                        keyword.arg is not None
                        and keyword.arg not in _BEHAVIOUR
                        and self._is_function(keyword.value)
                    ):
                        yield keyword.arg, keyword.value.lineno

    def _last_name(self, func: ast.expr) -> str:
        """The last name of what is called, as it is called where it comes from."""
        if isinstance(func, ast.Name):
            return (self._names.dotted(func, self._names.scope_of[func]) or func.id).rpartition(".")[2]
        return func.attr if isinstance(func, ast.Attribute) else ""

    def _is_function(self, value: ast.expr) -> bool:
        """Whether the value runs a function of the file that fails on a further keyword."""
        if isinstance(value, ast.Lambda):
            return not _takes_any(value)
        if isinstance(value, ast.Call):
            return any(k.arg in _BEHAVIOUR and self._is_function(k.value) for k in value.keywords)
        if not isinstance(value, ast.Name):
            return False
        bindings = self._names.lookup(value.id, scope_around(value, self._names))
        return any(
            isinstance(b.node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and b.kind == "def"
            and not _takes_any(b.node)
            for b in bindings
        )


def _takes_any(function: FunctionNode) -> bool:
    return function.args.kwarg is not None


def _inner(node: ast.expr) -> ast.expr:
    """What the assertion is of: `calls` of `calls[0].assert_called_with()`."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _root(node: ast.expr) -> ast.expr:
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            node = node.value
        else:
            return node


def _first_lines(found: list[tuple[str, int]]) -> Mapping[str, int]:
    lines: dict[str, int] = {}
    for name, line in found:
        lines[name] = min(line, lines.get(name, line))
    return lines
