"""A flow of credentials in; the variables that are a second name of a session, whose lines go, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.model import Read, Stored, Variable
from session_first.project.assume_role.behind import innermost
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import FileVariable, Gone, whole_statement
from session_first.project.credentials import Step


@dataclass(frozen=True, slots=True)
class Aliases:
    """`credentials = response["Credentials"]`: two names of one session. `may_be_unset`: such a variable may be read
    before it is set."""

    of: Mapping[FileVariable, FileVariable]
    gone: Gone
    may_be_unset: bool


def aliases_of(carriers: Carriers) -> Aliases:
    """The second names, each with the first."""
    aliases: dict[FileVariable, FileVariable] = {}
    gone = Gone()
    may_be_unset = False
    for where in sorted(carriers.flow.places, key=repr):
        if not isinstance(where.place, Variable) or not carriers.is_carrier(where):
            continue
        found = _copy(where.path, where.place, carriers)
        if found is None:
            continue
        step, behind = found
        if not carriers.reaches_all(step.module, where.place, step.transfer):
            may_be_unset = True
        elif all(s.transfer.within < step.transfer.within for s in carriers.real_stores(where.path, behind)):
            aliases[where.path, where.place] = (where.path, behind)
            gone |= whole_statement(step)
    return Aliases(aliases, gone, may_be_unset)


def _copy(path: Path, variable: Variable, carriers: Carriers) -> tuple[Step, Variable] | None:
    """The one statement that fills the variable, if it does so from another one of the function."""
    occurrences = carriers.module(path).values.variables.get(variable)
    stores = carriers.stores(path, variable)
    if occurrences is None or occurrences.fixed or occurrences.bindings != 1 or len(stores) != 1:
        return None
    transfer = stores[0].transfer
    if transfer.statement is None or not isinstance(transfer.fate, Stored):
        return None
    value = innermost(transfer.value)
    if not isinstance(value, Read) or not isinstance(value.place, Variable):
        return None
    if value.place.owner != variable.owner or carriers.is_part(path, value.place):
        return None
    return stores[0], value.place
