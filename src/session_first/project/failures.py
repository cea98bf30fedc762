"""A flow in; where None or an empty dict comes in the place of credentials and nobody asks for that, in words, out."""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import AttributePlace, Choice, Read, Result, Tested, Variable
from session_first.project.callgraph import CallGraph
from session_first.project.credentials import Credentials, Flow, Step, Where, parts


def untested_failures(flow: Flow, credentials: Credentials, graph: CallGraph) -> Iterator[str]:
    """Where None or an empty dict comes in the place of credentials and nobody asks for that."""
    places = {where for step in flow.failures for where in credentials.targets(step)} & flow.places
    for where in flow.places:
        if where.place is None:
            module = next((s.module for s in flow.steps if s.module.path == where.path), None)
            scoped = None if module is None else module.values.scopes.get(where.function)
            if scoped is not None and scoped.falls_through:
                places.add(where)
    tests = [step for step in flow.steps if isinstance(step.transfer.fate, Tested)]
    reached = set(places)
    while True:  # what is given on untested
        further = {
            target
            for step in flow.steps
            if any(
                _is_read_of(step, {where}, credentials, graph)
                and not any(
                    test.transfer.function == step.transfer.function
                    and _is_read_of(test, {where}, credentials, graph)
                    for test in tests
                )
                for where in reached
            )
            for target in credentials.targets(step)
        } - reached
        if not further:
            break
        reached |= further
    variables = {where for where in reached if where.place is not None}
    tested = {
        where
        for step in flow.steps
        if isinstance(step.transfer.fate, Tested)
        for where in variables
        if _is_read_of(step, {where}, credentials, graph)
    }
    for where in sorted(variables - tested, key=repr):
        if any(
            _is_read_of(s, {where}, credentials, graph, inside=True)
            for s in flow.steps
            if not isinstance(s.transfer.fate, Tested)
        ):
            name = where.place.name if isinstance(where.place, (Variable, AttributePlace)) else "what is kept"
            yield f"{name} in {where.path.name} may be None or empty, which would be found out later than now"
            return


def _is_read_of(
    step: Step, places: set[Where], credentials: Credentials, graph: CallGraph, *, inside: bool = False
) -> bool:
    """Whether the step's value is read from one of the places (`inside`: or made of what is)."""
    values = parts(step.transfer.value) if inside else (step.transfer.value,)
    for value in values:
        if isinstance(value, Choice) and any(
            isinstance(option, Read) and credentials.where(step.module, option.place) in places
            for option in value.options
        ):
            return True
        if isinstance(value, Read) and credentials.where(step.module, value.place) in places:
            return True
        if isinstance(value, Result):
            target = graph.target(step.module.path, value.position, value.end)
            if target is not None and Where(target.path, None, target.position) in places:
                return True
    return False
