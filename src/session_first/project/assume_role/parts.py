"""A flow of credentials in; what becomes of the variables that hold parts of them, out."""

from __future__ import annotations

from dataclasses import dataclass

from session_first.model import Filling, Record, RemoveStatement, SkipReason, Unpacked, Variable
from session_first.project.assume_role.behind import Behind, first_of
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import Changes, Gone, joined, whole_statement
from session_first.project.assume_role.dicts import has_more_slots, reduced
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import Step, Where


@dataclass(frozen=True, slots=True)
class Parts:
    """What fills such variables goes; `branches` are the steps that give the keys to a dict in a branch alone."""

    changes: Changes
    branches: tuple[Step, ...]


def parts_of(carriers: Carriers) -> Parts:
    """What becomes of the variables that hold parts.

    Raises:
        Stop: one is filled or read in a way that does not allow it.
    """
    changes: list[Changes] = []
    branches: list[Step] = []
    for where in sorted(carriers.flow.places, key=repr):
        if not isinstance(where.place, Variable) or carriers.is_carrier(where):
            continue
        step = _filled_by(where, where.place, carriers)
        if not carriers.reaches_all(step.module, where.place, step.transfer):
            if _filling(step) is None:
                raise Stop(
                    SkipReason.UNCLEAR_FLOW,
                    f"{where.place.name} in {where.path.name} may be read before it is set",
                )
            branches.append(step)
        changes.append(_emptied(where.place, step, Behind(carriers, {})))
    return Parts(joined(changes), tuple(branches))


def _filled_by(where: Where, variable: Variable, carriers: Carriers) -> Step:
    """The one statement that fills it."""
    occurrences = carriers.module(where.path).values.variables[variable]
    stores = carriers.stores(where.path, variable)
    if len(stores) != 1 or occurrences.fixed or occurrences.bindings != 1:
        raise Stop(
            SkipReason.UNCLEAR_FLOW,
            f"{variable.name} in {where.path.name} gets a part of the credentials in several places",
        )
    if stores[0].transfer.statement is None:
        raise Stop(
            SkipReason.UNCLEAR_FLOW,
            f"{variable.name} in {where.path.name} gets a part of the credentials within an expression",
        )
    return stores[0]


def _filling(step: Step) -> Filling | None:
    return step.transfer.value.filling if isinstance(step.transfer.value, Record) else None


def _emptied(variable: Variable, step: Step, behind: Behind) -> Changes:
    """The variable, which nobody needs, is not filled any more."""
    path, transfer = step.module.path, step.transfer
    first = first_of(transfer)
    if first is not None:  # the statement stays, and gives it the session
        assert isinstance(transfer.fate, Unpacked)
        target = (path, transfer.fate.position, transfer.fate.end)
        return Changes(gone=Gone(spans=(target,))) if variable == first else Changes()
    _check_steady(variable, step, behind)
    if (
        isinstance(transfer.value, Record)
        and transfer.value.kind == "dict"
        and has_more_slots(transfer.value)
    ):
        return reduced(path, transfer.value)
    filling = _filling(step)
    if filling is None:
        return Changes(gone=whole_statement(step))
    bindings = () if filling.rest else filling.bindings  # nothing is left of the dict
    return Changes(
        edits=tuple((path, RemoveStatement(start)) for start, _ in bindings),
        gone=Gone(
            {(path, start): step for start, _ in filling.statements},
            tuple((path, start, end) for start, end in filling.statements),
        ),
    )


def _check_steady(variable: Variable, step: Step, behind: Behind) -> None:
    """The session behind a part must still be the same where the part is used."""
    base = behind.of(step.module, step.transfer.value)
    if base.variable is None:
        if base.text is not None and "(" in base.text:
            raise Stop(
                SkipReason.UNCLEAR_FLOW,
                f"{variable.name} in {step.module.path.name} is a part of what a call gives; keep all of it in a variable",
            )
        return
    path, whole = base.variable
    if path != step.module.path or whole.owner != variable.owner:
        raise Stop(SkipReason.UNCLEAR_FLOW, f"{whole.name} is of another function than {variable.name}")
    if any(
        store.transfer.within >= step.transfer.within for store in behind.carriers.real_stores(path, whole)
    ):
        raise Stop(SkipReason.UNCLEAR_FLOW, f"{whole.name} in {path.name} is set again after {variable.name}")
