"""A parameter that holds credentials in; whether it may get another name, and what that takes, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from session_first.model import Edit, ModuleFacts, RenameKeyword, SkipReason, Variable
from session_first.project.assume_role.changes import Gone
from session_first.project.assume_role.stop import Stop
from session_first.project.parameter_names import Signatures


def is_free_parameter(module: ModuleFacts, variable: Variable, signatures: Signatures) -> bool:
    """Whether it is a parameter that may get another name."""
    scoped = module.values.scopes.get(variable.owner)
    occurrences = module.values.variables[variable]
    several = sum(v.owner == variable.owner and v.name == variable.name for v in module.values.variables) > 1
    function = signatures.graph.function(module.path, variable.owner) if variable.owner is not None else None
    return (
        occurrences.parameter
        and not several
        and "session" not in variable.name.lower()
        and scoped is not None
        and function is not None
        and signatures.can_rename(function, scoped, variable.name)
    )


def renamed_parameter(
    module: ModuleFacts, parameter: Variable, name: str, signatures: Signatures, gone: Gone
) -> Iterator[tuple[Path, Edit]]:
    """The edits outside the function's body.

    Raises:
        Stop: a call that names the parameter is moved.
    """
    assert parameter.owner is not None
    function = signatures.graph.function(module.path, parameter.owner)
    assert function is not None
    scoped = module.values.scopes[parameter.owner]
    for path, edit in signatures.renaming(function, scoped, parameter.name, name):
        if isinstance(edit, RenameKeyword) and gone.has(path, edit.keyword):
            raise Stop(
                SkipReason.UNSUPPORTED_SYNTAX,
                f"the call in {path.name}:{edit.position.line} is moved; keep what it gives in a variable",
            )
        yield path, edit
