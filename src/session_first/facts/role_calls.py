"""Which calls are AssumeRole's: those of an STS client, told from everything else that is called `assume_role`."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from session_first.facts.names import Names, Scope, qualified_name
from session_first.facts.sessions import Sessions, canonical

LIBRARY = "aws_assume_role_lib"

_PARAMETER = re.compile(r"[A-Z][A-Za-z]*")
_REQUIRED = frozenset({"RoleArn", "RoleSessionName"})


class RoleCalls:
    """Answers for one module."""

    def __init__(self, names: Names, sessions: Sessions) -> None:
        self._names = names
        self._sessions = sessions

    def is_sts(self, call: ast.Call, scope: Scope) -> bool:
        """Whether `call` is `assume_role` of an STS client: boto3's parameters, and nobody else's method."""
        if not _has_parameters_of_boto3(call):
            return False
        if isinstance(call.func, ast.Name):  # assume = sts.assume_role
            owner, _, called = (self._names.dotted(call.func, scope) or "").rpartition(".")
            return called == "assume_role" and canonical(owner) not in {"", "boto3"} and "()" in owner
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "assume_role":
            return False
        receiver = call.func.value
        return not (
            self._is_object_itself(receiver, scope)
            or self._is_of_project(receiver, scope)
            or self._is_session(receiver, scope)
        )

    def makes_session(self, call: ast.Call, scope: Scope) -> bool:
        """Whether `call` gives the session of an assumed role: the library's function, or what it adds to boto3."""
        dotted = canonical(self._names.dotted(call.func, scope))
        if dotted in {f"{LIBRARY}.assume_role", f"{LIBRARY}.JumpSession", "boto3.assume_role"}:
            return self._names.is_bound(call.func, scope)
        return (
            isinstance(call.func, ast.Attribute)
            and call.func.attr == "assume_role"
            and self._is_session(call.func.value, scope)
        )

    def _is_object_itself(self, receiver: ast.expr, scope: Scope) -> bool:
        """`self.assume_role(...)` is the class's own method."""
        if not isinstance(receiver, ast.Name):
            return False
        for function in scope.functions():
            holder = self._names.parents[function]
            positional = (*function.args.posonlyargs, *function.args.args)
            if isinstance(holder, ast.ClassDef) and positional and positional[0].arg == receiver.id:
                return True
        return False

    def _is_of_project(self, receiver: ast.expr, scope: Scope) -> bool:
        """A class of this module, an instance of one, a module, or the library."""
        dotted = self._names.dotted(receiver, scope)
        if dotted is None:
            return False
        if dotted.startswith("."):  # what a function of this module returns may be a client
            return dotted.removesuffix("()").lstrip(".") in self._classes
        is_module = dotted in self._names.imported_modules and self._names.is_bound_by_import(receiver, scope)
        return is_module or dotted == LIBRARY or canonical(dotted) == "boto3"

    @cached_property
    def _classes(self) -> frozenset[str]:
        return frozenset(
            qualified_name(node, self._names) for node in self._names.scopes if isinstance(node, ast.ClassDef)
        )

    def _is_session(self, receiver: ast.expr, scope: Scope) -> bool:
        return (
            self._sessions.makes_session(receiver, scope)
            or self._sessions.is_session_name(receiver, scope)
            or any(ast.unparse(receiver) == held.expression for held in self._sessions.at(receiver, scope))
        )


def _has_parameters_of_boto3(call: ast.Call) -> bool:
    """CapWords keywords, or an unpacked mapping; anything positional or lower-case is another function's."""
    names = [keyword.arg for keyword in call.keywords]
    return (
        not call.args
        and all(name is None or _PARAMETER.fullmatch(name) for name in names)
        and (None in names or not _REQUIRED.isdisjoint(name for name in names if name is not None))
    )
