"""A module's calls in; the functions that take a session already, and the session in scope at each call, out."""

from __future__ import annotations

import ast
from functools import cached_property

from session_first.facts.calls import Calls
from session_first.facts.fstrings import is_exact
from session_first.facts.names import FUNCTIONS, FunctionNode, Names
from session_first.facts.sessions import Sessions, is_none_by_default
from session_first.model import Position, SessionBinding, SessionParameter, Span
from session_first.source import SourceFile

_EVIDENCE = frozenset({"boto3", "aws_assume_role_lib"})
"""Without one of these names nothing in a file is known to be a session."""

_OWN_CLASS = frozenset({"cls", "super", "type", "__class__", "__init__"})
"""By these a class calls its constructor, or that of one above it, without its name."""


class InScope:
    """Answers for one module."""

    def __init__(self, source: SourceFile, names: Names, sessions: Sessions, calls: Calls) -> None:
        self._source = source
        self._names = names
        self._sessions = sessions
        self._calls = calls
        self._has_evidence = source.names_any(_EVIDENCE)

    def taking(self) -> dict[Position, SessionParameter]:
        """The functions with a session parameter that is None by default, by position."""
        return {self._source.start(node): parameter for node, parameter in self._takers.items()}

    @cached_property
    def _takers(self) -> dict[FunctionNode, SessionParameter]:
        return {
            node: parameter
            for node in (self._names.scopes if self._has_evidence else ())
            if isinstance(node, FUNCTIONS) and (parameter := self._sessions.taken_by(node)) is not None
        }

    def may_reach_takers(self) -> bool:
        """Whether the file may call one of its functions that take a session: whether it mentions one by its name, or
        what has it for a constructor."""
        if not self._takers:
            return False
        mentioned = {node.id for node in self._names.every(ast.Name)}
        mentioned.update(node.attr for node in self._names.every(ast.Attribute))
        return any(not mentioned.isdisjoint(self._known_by(node)) for node in self._takers)

    def _known_by(self, function: FunctionNode) -> frozenset[str]:
        around = self._names.scopes[function].parent
        if isinstance(function, ast.Lambda) or around is None:
            return frozenset({node.id for node in self._names.every(ast.Name)})  # it may be called anything
        if function.name == "__init__" and isinstance(around.node, ast.ClassDef):
            return _OWN_CLASS | {around.node.name}
        return frozenset({function.name})

    def may_take(self) -> dict[Position, tuple[str, ...]]:
        """The parameters that are sessions if they are passed on as such, by the position of their function."""
        found = {}
        for node, scope in self._names.scopes.items():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names = tuple(
                    name
                    for name, bindings in scope.bindings.items()
                    if "session" in name.lower()
                    and len(bindings) == 1
                    and bindings[0].kind == "parameter"
                    and is_none_by_default(bindings[0].node, node)
                )
                if names:
                    found[self._source.start(node)] = names
        return found

    def at_calls(self) -> dict[Span, SessionBinding]:
        """The one session in scope at a call, by the place of the call."""
        if not self._has_evidence:
            return {}
        found = {}
        for node in self._names.every(ast.Call):
            binding = self._sessions.for_callee(node, self._calls.scope(node))
            if binding is not None:
                found[self._source.start(node), self._source.end(node)] = binding
        return found

    def inexact_calls(self) -> frozenset[Span]:
        """The places of the calls in f-strings that cannot be edited."""
        if not self._names.every(ast.JoinedStr):
            return frozenset()
        return frozenset(
            (self._source.start(node), self._source.end(node))
            for node in self._names.every(ast.Call)
            if not is_exact(node, self._source, self._names)
        )
