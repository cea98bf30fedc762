"""The variables that hold sessions from now on in; the names that they go by, out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.model import Position, Scoped, SkipReason, Variable
from session_first.project.assume_role.behind import Base, Behind
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import FileVariable
from session_first.project.assume_role.parameters import is_free_parameter
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import Step, Where
from session_first.project.free_names import FreeNames
from session_first.project.parameter_names import Signatures

ASSUMED_NAMES = ("assumed_session", "assumed_role_session", "role_session")

_WORDS = re.compile(
    r"(?i)credentials?|creds?|response|resp|result|object|output|assumed|assume|role|sts|dict|(?<=_)d$"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Answers for one flow. `given`: the variables that get another name."""

    behind: Behind
    given: Mapping[FileVariable, str]

    def of(self, path: Path, variable: Variable) -> str:
        """What the variable is called."""
        root = self.behind.root((path, variable))
        return self.given.get(root, root[1].name)

    def text(self, base: Base, step: Step) -> str:
        """The session as it is written in a statement.

        Raises:
            Stop: it cannot be written there.
        """
        if base.variable is None:
            assert base.text is not None
            if "\n" in base.text:
                raise Stop(
                    SkipReason.UNSUPPORTED_SYNTAX,
                    "the call that gives the credentials stands on several lines",
                )
            return base.text
        path, variable = base.variable
        if path != step.module.path:
            raise Stop(SkipReason.UNCLEAR_FLOW, f"{variable.name} is of another module")
        return self.of(path, variable)


def name_carriers(
    behind: Behind, given: Mapping[FileVariable, str], signatures: Signatures, free_names: FreeNames
) -> Names:
    """The names of all variables that go on; `given` are those that are settled already.

    Raises:
        Stop: one needs another name, and no name is free.
    """
    carriers, names = behind.carriers, dict(given)
    for where in sorted(carriers.flow.places, key=lambda w: (w.path, _first_place(w, carriers))):
        if not isinstance(where.place, Variable):
            continue
        key = (where.path, where.place)
        is_unpacked = behind.first_beside(*key) == where.place
        if not is_unpacked and (not carriers.is_carrier(where) or key in behind.aliases):
            continue
        module = carriers.module(where.path)
        occurrences = module.values.variables.get(where.place)
        if occurrences is None or key in names:
            continue
        if occurrences.fixed and not is_free_parameter(module, where.place, signatures):
            continue
        scoped = module.values.scopes.get(where.place.owner)
        if scoped is None or scoped.uses_locals:
            continue
        name = free_names.take(module, scoped, _candidates(where, where.place, scoped, carriers))
        if name is not None:
            names[key] = name
        elif is_unpacked:
            raise Stop(SkipReason.NAME_TAKEN, f"{', '.join(ASSUMED_NAMES)} are all in use")
    return Names(behind, names)


def _candidates(where: Where, variable: Variable, scoped: Scoped, carriers: Carriers) -> tuple[str, ...]:
    """The names that a variable of credentials may get, the best first."""
    own = f"{_WORDS.sub('', variable.name).strip('_')}_session".lstrip("_")
    if _is_one_of_several(where.path, variable, scoped, carriers):
        return (own, *ASSUMED_NAMES)
    return (ASSUMED_NAMES[0], own, *ASSUMED_NAMES[1:])


def _is_one_of_several(path: Path, variable: Variable, scoped: Scoped, carriers: Carriers) -> bool:
    """Whether the function is given the credentials of several roles."""
    given = [Where(path, Variable(variable.owner, name)) for name in scoped.parameters]
    return variable.name in scoped.parameters and sum(where in carriers.flow.places for where in given) > 1


def _first_place(where: Where, carriers: Carriers) -> Position:
    if isinstance(where.place, Variable):
        occurrences = carriers.module(where.path).values.variables.get(where.place)
        if occurrences is not None:
            return occurrences.places[0][0]
    return Position(0, 0)
