"""A module's calls in; the functions that take a session already, and the session in scope at each call, out."""

from __future__ import annotations

import ast
import re

from session_first.facts.calls import Calls
from session_first.facts.fstrings import is_exact
from session_first.facts.names import Names
from session_first.facts.sessions import Sessions, is_none_by_default
from session_first.model import Position, SessionBinding, SessionParameter, Span
from session_first.source import SourceFile

_EVIDENCE = re.compile(r"\bboto3\b|\baws_assume_role_lib\b")
"""Without one of these names nothing in a file is known to be a session."""


class InScope:
    """Answers for one module."""

    def __init__(self, source: SourceFile, names: Names, sessions: Sessions, calls: Calls) -> None:
        self._source = source
        self._names = names
        self._sessions = sessions
        self._calls = calls
        self._has_evidence = _EVIDENCE.search(source.text) is not None

    def taking(self) -> dict[Position, SessionParameter]:
        """The functions with a session parameter that is None by default, by position."""
        if not self._has_evidence:
            return {}
        found = {}
        for node in self._names.scopes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                parameter = self._sessions.taken_by(node)
                if parameter is not None:
                    found[self._source.start(node)] = parameter
        return found

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
        for node in self._names.parents:
            if isinstance(node, ast.Call):
                binding = self._sessions.for_callee(node, self._calls.scope(node))
                if binding is not None:
                    found[self._source.start(node), self._source.end(node)] = binding
        return found

    def inexact_calls(self) -> frozenset[Span]:
        """The places of the calls in f-strings that cannot be edited."""
        if not any(isinstance(node, ast.JoinedStr) for node in self._names.parents):
            return frozenset()
        return frozenset(
            (self._source.start(node), self._source.end(node))
            for node in self._names.parents
            if isinstance(node, ast.Call) and not is_exact(node, self._source, self._names)
        )
