"""A use of the default session in; a session that its function makes for itself beside it, and does not stop using, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.blocks import Blocks
from session_first.facts.names import FunctionNode, Names, Scope
from session_first.facts.sessions import SESSION_CLASSES, canonical

_NO_CALLS = frozenset(
    {
        *("available_profiles", "events", "get_available_partitions", "get_available_regions"),
        *("get_available_resources", "get_available_services", "get_partition_for_region"),
        *("profile_name", "region_name"),
    }
)
"""What a session knows without asking AWS."""

_ENVIRONMENT = frozenset({"os.getenv", "os.environ.get"})


class OwnSessions:
    """Answers for one module."""

    def __init__(self, names: Names, blocks: Blocks) -> None:
        self._names = names
        self._blocks = blocks

    def beside(self, site: ast.expr, function: FunctionNode) -> str | None:
        """The call in `function` that makes another session, which a session in the place of the default one at `site` would leave
        as it is; None where there is none for certain."""
        for call in self._made_in(function):
            if self._is_default_identity(call):
                found = True
            else:
                found = self._is_of_its_own(call, function) and not self._blocks.excludes(call, site)
            if found and self._calls_aws(call, function):
                return ast.unparse(call)
        return None

    def _made_in(self, function: FunctionNode) -> Iterator[ast.Call]:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and node.func in self._names.scope_of:
                dotted = self._names.dotted(node.func, self._names.scope_of[node.func])
                if canonical(dotted) in SESSION_CLASSES:
                    yield node

    def _is_default_identity(self, call: ast.Call) -> bool:
        """Whether the session has the credentials of the default one."""
        return not call.args and all(keyword.arg == "region_name" for keyword in call.keywords)

    def _is_of_its_own(self, call: ast.Call, function: FunctionNode) -> bool:
        """Whether the credentials come from outside the function: they were not asked for with its default session."""
        if not call.args and {keyword.arg for keyword in call.keywords} <= {"profile_name", "region_name"}:
            return True
        scope = self._names.scopes[function]
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        return all(self._comes_from_outside(value, scope) for value in given)

    def _comes_from_outside(self, value: ast.expr, scope: Scope) -> bool:
        for node in ast.walk(value):
            if isinstance(node, ast.Name):
                bindings = self._names.lookup(node.id, self._names.scope_of[node])
                if any(b.scope is not self._names.top and b.kind != "parameter" for b in bindings):
                    return False
            elif isinstance(node, ast.Call) and self._names.dotted(node.func, scope) not in _ENVIRONMENT:
                return False
        return True

    def _calls_aws(self, call: ast.Call, function: FunctionNode) -> bool:
        """Whether the function uses the session for more than what that knows by itself; what is decided for another function
        at its call is that one's."""
        holder = self._names.parents[call]
        match holder:
            case ast.Call() | ast.keyword():
                return False
            case ast.Attribute(attr=attribute):
                return attribute not in _NO_CALLS
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return any(
                    isinstance(node, ast.Name)
                    and node.id == name
                    and isinstance(node.ctx, ast.Load)
                    and not self._is_looked_at(node)
                    for node in ast.walk(function)
                )
            case _:
                return True

    def _is_looked_at(self, session: ast.Name) -> bool:
        holder = self._names.parents[session]
        return isinstance(holder, ast.Attribute) and holder.attr in _NO_CALLS
