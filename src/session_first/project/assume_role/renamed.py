"""The variables that hold sessions from now on in; the edits that make all the text call them so, out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from session_first.model import Edit, ReplaceExpression, Unpacked, Variable
from session_first.project.assume_role.changes import Gone
from session_first.project.assume_role.names import Names
from session_first.project.assume_role.parameters import renamed_parameter
from session_first.project.parameter_names import Signatures


def renamed(names: Names, signatures: Signatures, gone: Gone) -> Iterator[tuple[Path, Edit]]:
    """The new names, wherever the text is not `gone`.

    Raises:
        Stop: a parameter cannot be called so.
    """
    carriers, behind = names.behind.carriers, names.behind
    for where in sorted(carriers.flow.places, key=repr):
        if not isinstance(where.place, Variable):
            continue
        path, variable = where.path, where.place
        name = names.of(path, variable)
        first = behind.first_beside(path, variable)
        if first == variable:
            fate = carriers.stores(path, variable)[0].transfer.fate
            assert isinstance(fate, Unpacked)
            yield path, ReplaceExpression(fate.position, fate.end, name)
        if first is not None or not carriers.is_carrier(where) or name == variable.name:
            continue
        module = carriers.module(path)
        occurrences = module.values.variables[variable]
        for start, end in occurrences.places:
            if not gone.has(path, start):
                yield path, ReplaceExpression(start, end, name)
        if occurrences.fixed:
            yield from renamed_parameter(module, variable, name, signatures, gone)
