"""A flow of credentials in; the annotations and docstrings that speak of a session from now on, out."""

from __future__ import annotations

from session_first.model import (
    Annotation,
    ModuleFacts,
    Position,
    ReplaceExpression,
    Returned,
    SkipReason,
    Variable,
)
from session_first.project.assume_role.changes import Changes, Gone
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import Flow, Where
from session_first.project.parameter_names import documented_result


def annotated(flow: Flow, gone: Gone) -> Changes:
    """What is said of the places of a flow, wherever the text is not `gone`.

    Raises:
        Stop: boto3 is not boto3 where an annotation would name it.
    """
    modules = {step.module.path: step.module for step in flow.steps}
    changes = Changes()
    for where in sorted(flow.places, key=repr):
        module = modules.get(where.path)
        if module is None:
            continue
        if where.place is None:
            changes += _documented(module, where.function, flow)
        annotation = _annotation(module, where, gone)
        if annotation is not None and "Session" not in annotation.text:
            changes += _of_session(module, annotation)
    return changes


def _annotation(module: ModuleFacts, where: Where, gone: Gone) -> Annotation | None:
    """What the place is annotated with."""
    match where.place:
        case None:
            scoped = module.values.scopes.get(where.function)
            return None if scoped is None else scoped.annotations.get("return")
        case Variable() as variable:
            scoped = module.values.scopes.get(variable.owner)
            if scoped is not None and variable.name in scoped.parameters:
                return scoped.annotations.get(variable.name)
            occurrences = module.values.variables.get(variable)
            if occurrences is None or gone.has(where.path, occurrences.places[0][0]):
                return None
            return occurrences.annotation
        case _:
            return None


def _of_session(module: ModuleFacts, annotation: Annotation) -> Changes:
    """The annotation says that it is a session."""
    text = _session_annotation(annotation.text)
    if module.boto3_binding == "other":
        raise Stop(SkipReason.NAME_TAKEN, f"the name boto3 is something else in {module.path.name}")
    if module.boto3_binding == "conditional" and text[0] not in {"'", '"'}:
        text = f'"{text}"'  # it may be there for type checkers alone
    edit = ReplaceExpression(annotation.position, annotation.end, text)
    imports = ((module.path, "boto3"),) if module.boto3_binding == "absent" else ()
    return Changes(edits=((module.path, edit),), imports=imports)


def _session_annotation(text: str) -> str:
    """The annotation of a session in the place of `text`, with None where that allows it."""
    quote = text[0] if text[:1] in {"'", '"'} else ""
    inner = text.strip("'\"")
    optional, bracket, _ = inner.partition("Optional[")
    if bracket and optional.rpartition(".")[2] == "":
        session = f"{optional}Optional[boto3.Session]"
    else:
        session = "boto3.Session | None" if "None" in inner else "boto3.Session"
    return f"{quote}{session}{quote}"


def _documented(module: ModuleFacts, function: Position | None, flow: Flow) -> Changes:
    """The docstring of a function that returned credentials says that it returns a session."""
    scoped = module.values.scopes.get(function)
    fails = any(
        isinstance(step.transfer.fate, Returned)
        and step.module is module
        and step.transfer.fate.function == function
        for step in flow.failures
    )
    if scoped is None or function is None or fails or scoped.falls_through:
        return Changes()
    edit = documented_result(function, scoped)
    return Changes() if edit is None else Changes(edits=((module.path, edit),))
