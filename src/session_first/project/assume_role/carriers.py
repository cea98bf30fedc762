"""A flow of credentials in; which of its variables can hold a session instead, and which hold parts that nobody needs
then, out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from session_first.facts.blocks import dominates
from session_first.model import ModuleFacts, Nothing, Record, Transfer, Value, Variable
from session_first.project.credentials import WHOLE, Credentials, Flow, Origin, Step, Where


@dataclass(frozen=True, slots=True)
class Carriers:
    """Answers for one flow."""

    flow: Flow
    credentials: Credentials

    @property
    def origins(self) -> frozenset[Origin]:
        """The roles of the flow."""
        return frozenset(role.origin for role in self.flow.roles)

    def module(self, path: Path) -> ModuleFacts:
        """The facts of a file that the flow passes through."""
        return next(step.module for step in self.flow.steps if step.module.path == path)

    def stores(self, path: Path, variable: Variable) -> tuple[Step, ...]:
        """The steps that keep a value in the variable."""
        return self.credentials.stores_of(self.module(path), variable)

    def real_stores(self, path: Path, variable: Variable) -> list[Step]:
        """Those that keep something else than None in it."""
        return [step for step in self.stores(path, variable) if not isinstance(step.transfer.value, Nothing)]

    def is_of_flow(self, module: ModuleFacts, value: Value) -> bool:
        """Whether the value has to do with the credentials of the flow."""
        return any(kind.origin in self.origins for kind in self.credentials.kinds(module, value))

    def is_carrier(self, where: Where) -> bool:
        """Whether a session takes the variable's place; else it holds parts, which nobody needs any more."""
        assert isinstance(where.place, Variable)
        kinds = [kind for kind in self.credentials.kept(where) if kind.origin in self.origins]
        if all(kind.part in WHOLE for kind in kinds):
            return True
        if not all(kind.is_whole for kind in kinds):
            return False
        stores = self.real_stores(where.path, where.place)
        return not any(isinstance(step.transfer.value, Record) for step in stores)

    def is_part(self, path: Path, variable: Variable) -> bool:
        """Whether the variable is one of the flow and holds parts."""
        where = Where(path, variable)
        return where in self.flow.places and not self.is_carrier(where)

    def reaches_all(self, module: ModuleFacts, variable: Variable, transfer: Transfer) -> bool:
        """Whether no read of the variable is reached without the statement that sets it."""
        places = module.values.variables[variable].places
        if any(start < transfer.within for start, _ in places):
            return False
        return all(
            step.transfer.function == transfer.function
            and any(
                dominates(path, step.transfer.path)
                and (number == 0 or step.transfer.path[: len(path)] != path)
                for number, path in enumerate(transfer.settled)
            )
            for step in self.credentials.reads_of(module, variable)
        )
