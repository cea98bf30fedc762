"""The statements that go in; whether anything is left of the variables that they set, out."""

from __future__ import annotations

from collections.abc import Iterator

from session_first.model import FILLED, Fate, SkipReason, Stored, Unpacked, Variable
from session_first.project.assume_role.changes import Gone
from session_first.project.assume_role.names import Names
from session_first.project.assume_role.stop import Stop


def check_nothing_left(names: Names, gone: Gone) -> None:
    """Nothing may be left of a variable whose statement goes.

    Raises:
        Stop: something is.
    """
    for (path, _), step in gone.statements.items():
        given = {name for (file, _), name in names.given.items() if file == path}
        for variable in _set_by(step.transfer.fate):
            key = (path, variable)
            if variable.web == FILLED or key in names.behind.aliases or variable.name in given:
                continue
            occurrences = step.module.values.variables[variable]
            left = [start for start, _ in occurrences.places if not gone.has(path, start)]
            if left and key not in names.given:
                raise Stop(
                    SkipReason.UNCLEAR_FLOW,
                    f"{variable.name} in {path.name}:{left[0].line} is used in another way too",
                )


def _set_by(fate: Fate) -> Iterator[Variable]:
    """The variables that get the value."""
    places = fate.places if isinstance(fate, Unpacked) else (fate.place,) if isinstance(fate, Stored) else ()
    return (place for place in places if isinstance(place, Variable))
