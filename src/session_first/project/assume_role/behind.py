"""A value of credentials in; the variable or expression that is the session in its place, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.model import (
    Entry,
    ModuleFacts,
    Read,
    Record,
    Result,
    SkipReason,
    Transfer,
    Unpacked,
    Value,
    Variable,
)
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import FileVariable
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import Sink


@dataclass(frozen=True, slots=True)
class Base:
    """The session-to-be behind a value: a variable, or (`text`) an expression as it stands."""

    variable: FileVariable | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """Answers for one flow. `aliases`: the variables that are one with another, under whose name they go on."""

    carriers: Carriers
    aliases: Mapping[FileVariable, FileVariable]

    def root(self, variable: FileVariable) -> FileVariable:
        """The variable under whose name it goes on."""
        while variable in self.aliases:
            variable = self.aliases[variable]
        return variable

    def first_beside(self, path: Path, variable: Variable) -> Variable | None:
        """Where one statement hands out all parts of a tuple made elsewhere: the first of the variables, which gets the
        session."""
        stores = self.carriers.stores(path, variable) if self.carriers.is_part(path, variable) else ()
        return first_of(stores[0].transfer) if len(stores) == 1 else None

    def of(self, module: ModuleFacts, value: Value) -> Base:
        """The session behind a value.

        Raises:
            Stop: it is none, or not one alone.
        """
        match value:
            case Read(place=Variable() as place):
                if not self.carriers.is_part(module.path, place):
                    return Base(variable=self.root((module.path, place)))
                return self._behind_part(module, place)
            case Read() | Result():
                return Base(text=value.text)
            case Entry():
                if self.carriers.is_of_flow(module, value.of):
                    return self.of(module, value.of)
                return Base(text=value.text)
            case Record():
                bases = {
                    self.of(module, part) for part in value.values if self.carriers.is_of_flow(module, part)
                }
                if len(bases) == 1:
                    return bases.pop()
            case _:
                pass
        raise Stop(
            SkipReason.UNCLEAR_FLOW,
            f"the credentials have no name in {module.path.name}; keep them in a variable",
        )

    def _behind_part(self, module: ModuleFacts, part: Variable) -> Base:
        stores = self.carriers.real_stores(module.path, part)
        if len(stores) != 1:
            raise Stop(SkipReason.UNCLEAR_FLOW, f"{part.name} is set in several places")
        transfer = stores[0].transfer
        first = first_of(transfer)
        if first is not None:
            return Base(variable=(module.path, first))
        if isinstance(transfer.fate, Unpacked) and isinstance(transfer.value, Record):
            return self.of(module, transfer.value.values[transfer.fate.places.index(part)])
        return self.of(module, transfer.value)

    def of_sink(self, sink: Sink) -> Base:
        """The session behind all the keys that a session, client or resource is given.

        Raises:
            Stop: there are several.
        """
        values = [key.value for key in sink.maker.keys] + [value for value, _ in sink.maker.unpacked]
        bases = {
            self.of(sink.module, value) for value in values if self.carriers.is_of_flow(sink.module, value)
        }
        if len(bases) != 1:
            raise Stop(
                SkipReason.UNCLEAR_FLOW,
                f"{sink.maker.text} in {sink.module.path.name} gets credentials of several names",
            )
        return bases.pop()


def innermost(value: Value) -> Value:
    """What the entries are taken of."""
    while isinstance(value, Entry):
        value = value.of
    return value


def first_of(transfer: Transfer) -> Variable | None:
    """The first variable, where one statement hands out the parts of a tuple made elsewhere."""
    if not isinstance(transfer.fate, Unpacked) or isinstance(transfer.value, Record):
        return None
    first = transfer.fate.places[0]
    assert first is not None
    return first
