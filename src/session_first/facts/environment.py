"""A module's names in; where it changes variables of the environment that AWS's libraries may read, out."""

from __future__ import annotations

import ast

from session_first.facts.names import Names
from session_first.facts.patterns import ANY, Patterns
from session_first.facts.surroundings import Surroundings
from session_first.model import EnvironmentChange
from session_first.source import SourceFile

_MENTIONS = frozenset({"environ", "putenv", "unsetenv"})
_ENVIRONMENT = "os.environ"
_BY_NAME = frozenset({"os.putenv", "os.unsetenv", "os.environ.setdefault", "os.environ.pop"})
_AS_A_WHOLE = frozenset({"os.environ.clear", "os.environ.popitem"})
_PREFIX = "AWS_"


def environment_changes(
    source: SourceFile, names: Names, surroundings: Surroundings
) -> tuple[EnvironmentChange, ...]:
    """The changes in the order of the text; a variable whose name is not known may be AWS's."""
    if not source.names_any(_MENTIONS):
        return ()
    patterns = Patterns(names)
    found = []
    nodes: list[ast.Subscript | ast.Call] = [*names.every(ast.Subscript), *names.every(ast.Call)]
    for node in nodes:
        if _changes(node, names, patterns):
            function = surroundings.around(node).function
            found.append(
                EnvironmentChange(source.start(node), None if function is None else source.start(function))
            )
    return tuple(sorted(found, key=lambda change: change.position))


def _changes(node: ast.Subscript | ast.Call, names: Names, patterns: Patterns) -> bool:
    scope = patterns.scope(node)
    if isinstance(node, ast.Subscript):
        is_set = not isinstance(node.ctx, ast.Load)
        return (
            is_set and names.dotted(node.value, scope) == _ENVIRONMENT and _is_awss(patterns.of(node.slice))
        )
    dotted = names.dotted(node.func, scope)
    if dotted in _BY_NAME:
        return not node.args or _is_awss(patterns.of(node.args[0]))
    if dotted == f"{_ENVIRONMENT}.update":
        keys = [keyword.arg or ANY for keyword in node.keywords]
        for argument in node.args:
            parts = argument.keys if isinstance(argument, ast.Dict) else [None]
            keys.extend(ANY if part is None else patterns.of(part) for part in parts)
        return any(map(_is_awss, keys))
    return dotted in _AS_A_WHOLE


def _is_awss(pattern: str) -> bool:
    known = pattern.removesuffix(ANY)
    return known.startswith(_PREFIX) or (pattern.endswith(ANY) and _PREFIX.startswith(known))
