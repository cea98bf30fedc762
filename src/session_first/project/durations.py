"""A call of `assume_role` and the project's calls in; the least that a duration which is a parameter may be, out."""

from __future__ import annotations

from session_first.model import ModuleFacts, RoleArgument
from session_first.project.callgraph import CallGraph, Edge, Function


def least(argument: RoleArgument, module: ModuleFacts, graph: CallGraph) -> int | None:
    """The least integer that the argument may be: what it is, or where it is a parameter, its default and what callers
    pass, all of which are known. None where that cannot be told, or nobody calls the function."""
    variable = argument.variable
    if argument.number is not None or variable is None or variable.owner is None:
        return argument.number
    names = [v for v in module.values.variables if (v.owner, v.name) == (variable.owner, variable.name)]
    occurrences = module.values.variables.get(variable)
    function = graph.function(module.path, variable.owner)
    if function is None or occurrences is None or not occurrences.parameter:
        return None
    if len(names) > 1 or occurrences.bindings or graph.unseen_use(function) is not None:
        return None
    numbers = [_passed(edge, variable.name, function, graph) for edge in graph.callers(function)]
    known = [number for number in numbers if number is not None]
    return min(known) if known and len(known) == len(numbers) else None


def _passed(edge: Edge, name: str, function: Function, graph: CallGraph) -> int | None:
    """The integer that a call certainly gives the parameter."""
    for index, argument in enumerate(edge.call.arguments):
        if graph.parameter_of(edge, index) == name:
            return argument.number
    if any(argument.starred for argument in edge.call.arguments):
        return None
    parameters = graph.definition(function).parameters
    return next((p.number for p in parameters if p.name == name and p.has_default), None)
