"""The dict of an object's attributes in; which of them something asks it for, or that it may see all of them, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

_FOR_ONE = frozenset(
    {"get", "pop", "setdefault", "__getitem__", "__setitem__", "__delitem__", "__contains__"}
)
"""Methods of a dict that see the entry of their first argument alone."""


def entries(node: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> frozenset[str] | None:
    """The attributes that are asked for, or set, by their names where the dict `node` (`x.__dict__`, `vars(x)`) stands;
    None where all that it holds may be seen.

    A key that is not a literal adds nothing: who has only such a key came by the name elsewhere, as with `getattr(x, key)`.
    """
    holder = parents.get(node)
    match holder:
        case ast.Subscript(value=value, slice=key) if value is node:
            return _names(key)
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[within]) if within is node:
            return _names(key)
        case ast.Attribute(attr=method):
            call = parents.get(holder)
            if not isinstance(call, ast.Call) or call.func is not holder:
                return None
            if method == "update":
                return frozenset(_given(call))
            return _names(call.args[0]) if method in _FOR_ONE and call.args else None
        case _:
            return None


def _given(call: ast.Call) -> Iterator[str]:
    """The literal keys that `.update(…)` is given."""
    yield from (keyword.arg for keyword in call.keywords if keyword.arg is not None)
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            for key in argument.keys:
                yield from _names(key)


def _names(key: ast.expr | None) -> frozenset[str]:
    return (
        frozenset({key.value})
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
        else frozenset()
    )
