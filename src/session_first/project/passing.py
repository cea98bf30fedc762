"""A call of a function that takes a session in; whether it passes one, and whether one can be passed, out."""

from __future__ import annotations

from session_first.model import ParameterKind
from session_first.project.callgraph import CallGraph, Edge


def is_passed(graph: CallGraph, edge: Edge, parameter: str) -> bool:
    """Whether the call gives the parameter a value; `session=None` is one."""
    return graph.fills(edge, parameter) or any(a.keyword == parameter for a in edge.call.arguments)


def may_be_passed(edge: Edge) -> bool:
    """Whether an unpacked argument of the call may give the parameter a value."""
    return any(argument.starred for argument in edge.call.arguments)


def takes_keyword(graph: CallGraph, edge: Edge, parameter: str) -> bool:
    """Whether the parameter, if it is there already, can be given by its name."""
    kinds = {p.name: p.kind for p in graph.definition(edge.target).parameters}
    return kinds.get(parameter) is not ParameterKind.POSITIONAL_ONLY
