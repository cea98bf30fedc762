"""A session in scope at a call in; whether it is boto3's default one as far as the project's own calls go, out."""

from __future__ import annotations

from session_first.model import SessionBinding
from session_first.project.callgraph import CallGraph, Edge, Function
from session_first.project.passing import may_be_passed
from session_first.project.takers import Takers


class DefaultOnly:
    """Answers for one project."""

    def __init__(self, graph: CallGraph, takers: Takers) -> None:
        self._graph = graph
        self._takers = takers
        self._asked: dict[tuple[Function, str], bool] = {}

    def holds(self, session: SessionBinding, edge: Edge) -> bool:
        """Whether nobody in the project, its tests included, can have passed another session that arrives at the call."""
        if not session.from_default:
            return False
        for function in self._takers.around(edge):
            if any(p.name == session.expression for p in self._graph.definition(function).parameters):
                return self._is_never_given(function, session.expression)
        constructor = self._takers.constructor_of(session, edge)
        taken = self._takers.parameter(constructor) if constructor is not None else None
        if constructor is not None and taken is not None:
            return self._is_never_given(constructor, taken.name)
        return "." not in session.expression

    def _is_never_given(self, function: Function, parameter: str) -> bool:
        key = (function, parameter)
        if key not in self._asked:
            self._asked[key] = True  # what a recursive call passes is what it was given
            self._asked[key] = self._asks(function, parameter)
        return self._asked[key]

    def _asks(self, function: Function, parameter: str) -> bool:
        if self._graph.references(function):
            return False  # whoever calls it then may pass one
        for unresolved in self._graph.uncertain_callers(function):
            if any(a.starred or a.keyword == parameter for a in unresolved.call.arguments):
                return False
            if any(a.text is not None and "session" in a.text.lower() for a in unresolved.call.arguments):
                return False
        return all(self._gives_default(edge, parameter) for edge in self._graph.callers(function))

    def _gives_default(self, edge: Edge, parameter: str) -> bool:
        if may_be_passed(edge):
            return False
        for number, argument in enumerate(edge.call.arguments):
            if self._graph.parameter_of(edge, number) != parameter or argument.text == "None":
                continue
            session = self._takers.in_scope(edge)
            if session is None or session.expression != argument.text or not self.holds(session, edge):
                return False
        return True
