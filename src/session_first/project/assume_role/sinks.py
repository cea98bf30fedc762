"""A session, client or resource that is made of credentials in; what makes it of the assumed session, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from session_first.model import (
    ChangeCall,
    Dropped,
    Entry,
    Read,
    Record,
    ReplaceExpression,
    Result,
    SkipReason,
    Stored,
    Variable,
)
from session_first.project.assume_role.boto3_name import Boto3, boto3_in
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import (
    Changes,
    Site,
    covering,
    text_of,
    whole_statement,
)
from session_first.project.assume_role.dicts import has_more, reduced
from session_first.project.assume_role.names import Names
from session_first.project.assume_role.stop import Stop
from session_first.project.credentials import Sink
from session_first.project.parent import DEFAULT

Keywords = tuple[tuple[str, str], ...]


def rewritten_sink(
    sink: Sink,
    names: Names,
    merged: Collection[Site],
    instead: Mapping[Site, str],
    regions: Mapping[Site, Keywords],
) -> Changes:
    """What becomes of the call. `merged`: the sessions as which the role is assumed at once; `instead`: what makes a
    client, where the role is assumed in a branch alone; `regions`: the keywords that clients need.

    Raises:
        Stop: it cannot be made of the session.
    """
    maker, path = sink.maker, sink.module.path
    site, covered = (path, maker.position), covering(path, maker)
    if _only_assumes(sink, names.behind.carriers):
        return covered + Changes(gone=whole_statement(sink.step))
    if site in merged:
        return covered
    base = names.behind.of_sink(sink)
    transfer = sink.step.transfer
    if maker.api == "session" and isinstance(transfer.fate, Dropped) and transfer.value is maker:
        return covered + Changes(gone=whole_statement(sink.step))
    given = len(maker.keys) + len(maker.unpacked)
    if base.variable is None and base.text is not None and "(" in base.text and given > 1:
        raise Stop(
            SkipReason.UNCLEAR_FLOW,
            f"{maker.text} calls {base.text} for each part; keep its result in a variable",
        )
    text = instead.get(site) or names.text(base, sink.step)
    if maker.api == "session":
        edit = ReplaceExpression(maker.position, maker.end, text)
        return covered + Changes(edits=((path, edit),), gone=text_of(path, maker))
    return covered + _of_session(sink, text, regions.get(site, ()), names.behind.carriers)


def _of_session(sink: Sink, session: str, region: Keywords, carriers: Carriers) -> Changes:
    """A client or resource is made of the session, without the keys."""
    maker, path = sink.maker, sink.module.path
    removed = [key.position for key in maker.keys]
    keys = (key.value for key in maker.keys if isinstance(key.value, (Read, Entry)))
    changes = Changes(gone=text_of(path, *keys))
    for value, position in maker.unpacked:
        if carriers.is_of_flow(sink.module, value) and not has_more(sink.module, value, carriers):
            removed.append(position)
            if isinstance(value, (Read, Entry, Record, Result)):
                changes += Changes(gone=text_of(path, value))
        elif isinstance(value, Record):
            changes += reduced(path, value)
    if region and any(not carriers.is_of_flow(sink.module, value) for value, _ in maker.unpacked):
        raise Stop(SkipReason.SEVERAL_REGIONS, f"what is unpacked into {maker.text} may name a region")
    names_default = any(DEFAULT in text for _, text in region)
    boto3 = boto3_in(sink.module, sink.step.transfer, [maker]) if names_default else Boto3()
    if region and maker.region is not None:
        removed.append(maker.region.position)
    default = boto3.put_in(DEFAULT)
    edit = ChangeCall(
        maker.position,
        maker.end,
        callee=f"{session}.{maker.api}",
        removed=tuple(removed),
        added=tuple((name, text.replace(DEFAULT, default)) for name, text in region),
    )
    return changes + Changes(edits=((path, edit),), imports=boto3.imports)


def _only_assumes(sink: Sink, carriers: Carriers) -> bool:
    """Whether it is an STS client in a variable that does nothing but assume roles of the flow."""
    transfer = sink.step.transfer
    if (
        transfer.value is not sink.maker
        or transfer.statement is None
        or not isinstance(transfer.fate, Stored)
    ):
        return False
    place = transfer.fate.place
    occurrences = sink.module.values.variables.get(place) if isinstance(place, Variable) else None
    asked = sum(
        isinstance(role.call.receiver, Read)
        and role.call.receiver.place == place
        and role.module is sink.module
        for role in carriers.flow.roles
    )
    return (
        asked > 0
        and occurrences is not None
        and not occurrences.fixed
        and occurrences.bindings == 1
        and len(occurrences.places) == asked + 1
        and carriers.credentials.is_read_beside(sink.module, transfer, place)
    )
