"""A dict that holds the three keys in; whether it holds more, and what is left of it without them, out."""

from __future__ import annotations

from pathlib import Path

from session_first.model import (
    ChangeCall,
    Edit,
    Entry,
    ModuleFacts,
    Read,
    Record,
    RemoveEntries,
    SkipReason,
    Value,
    Variable,
)
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import Changes, text_of
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import KEYS


def has_more_slots(record: Record) -> bool:
    """Whether it is written with other keys as well."""
    return bool(set(record.slots) - set(KEYS))


def has_more(module: ModuleFacts, value: Value, carriers: Carriers) -> bool:
    """Whether a dict that is unpacked keeps other entries."""
    if isinstance(value, Record):
        return has_more_slots(value) or (value.filling is not None and value.filling.rest)
    if (
        isinstance(value, Read)
        and isinstance(value.place, Variable)
        and carriers.is_part(module.path, value.place)
    ):
        [step] = carriers.stores(module.path, value.place)
        return isinstance(step.transfer.value, Record) and has_more(module, step.transfer.value, carriers)
    return False


def reduced(path: Path, record: Record) -> Changes:
    """The dict keeps its other entries.

    Raises:
        Stop: the keys are kept under other names.
    """
    entries = tuple(entry for slot, entry in zip(record.slots, record.entries, strict=True) if slot in KEYS)
    if not entries:
        raise Stop(SkipReason.UNCLEAR_FLOW, f"the credentials are kept under other names in {path.name}")
    edit: Edit = (
        ChangeCall(record.position, record.end, removed=entries)
        if record.call
        else RemoveEntries(record.position, record.end, entries)
    )
    values = (value for value in record.values if isinstance(value, (Entry, Read)))
    return Changes(edits=((path, edit),), gone=text_of(path, *values))
