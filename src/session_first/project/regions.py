"""A flow and the parents of its roles in; which regions have to be named so that none changes, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import (
    AttributePlace,
    Choice,
    Entry,
    Maker,
    ModuleFacts,
    Nothing,
    Place,
    Position,
    Read,
    Record,
    Result,
    Skip,
    SkipReason,
    Stored,
    Transfer,
    Value,
    Variable,
)
from session_first.project.credentials import KEYS, Credentials, Flow, Origin, Role, Sink, parts
from session_first.project.parent import DEFAULT, Parent

REGION = "region_name"

_WITH_DEFAULT = re.compile(r"os\.(?:environ\.get|getenv)\([^(),]+,\s*([\"'])[^\"']+\1\)")
_COPIED = frozenset({"profile_name", "botocore_session"})


@dataclass(frozen=True, slots=True)
class Regions:
    """The keywords that each call of `assume_role` gets, each client or resource that is made of the credentials, and
    each that is made of a session of them."""

    of_role: Mapping[Origin, tuple[tuple[str, str], ...]]
    of_sink: Mapping[tuple[Path, Position], tuple[tuple[str, str], ...]]
    of_maker: Mapping[tuple[Path, Position, Position], tuple[tuple[str, str], ...]]
    doubts: tuple[str, ...]


def regions(
    flow: Flow,
    parents: Sequence[Parent],
    credentials: Credentials,
    mentions_default_session: bool,
    may_be_caught: Callable[[Role], bool],
) -> Regions | Skip:
    """The regions of a flow's sessions and clients. `may_be_caught` says whether something could catch the failure to
    assume a role."""
    of_role: dict[Origin, tuple[tuple[str, str], ...]] = {}
    of_sink: dict[tuple[Path, Position], tuple[tuple[str, str], ...]] = {}
    of_maker: dict[tuple[Path, Position, Position], tuple[tuple[str, str], ...]] = {}
    doubts: list[str] = []
    for role, parent in zip(flow.roles, parents, strict=True):
        sinks = [sink for sink in flow.sinks if role.origin in sink.origins]
        for sink in sinks:
            if sink.maker.api == "session" and _has_more(sink, credentials):
                return Skip(SkipReason.UNCLEAR_FLOW, f"{sink.maker.text} unpacks more than the credentials")
            copied = _COPIED.intersection(sink.maker.others) if sink.maker.api == "session" else ()
            if copied:
                return Skip(
                    SkipReason.UNCLEAR_FLOW, f"{sink.maker.text} has a {min(copied)} besides the credentials"
                )
        chosen = _of_sessions(role, sinks, flow, credentials, may_be_caught)
        if isinstance(chosen, Skip):
            return chosen
        if isinstance(chosen, str):
            is_sure = parent.is_default or _is_given(role.module, role.step.transfer, chosen, credentials)
            of_role[role.origin] = ((REGION, chosen if is_sure else f"{_operand(chosen)} or False"),)
            chosen = ()
        elif any(sink.maker.api == "session" and sink.maker.region is None for sink in sinks) and (
            mentions_default_session or not parent.is_default
        ):
            of_role[role.origin] = ((REGION, "False"),)  # the environment's, which a copied Session has
        if not _is_default(parent, parents) and not all(
            _is_given(sink.module, sink.step.transfer, text, credentials)
            for sink in sinks
            for module, _, text in chosen
            if sink.module is module and sink.maker.region is not None and sink.maker.region.text == text
        ):
            return Skip(
                SkipReason.SEVERAL_REGIONS, "a session's region may be None, which means another one here"
            )
        for module, maker, text in chosen:
            of_maker[module.path, maker.position, maker.end] = ((REGION, text),)
        for sink in sinks:
            maker = sink.maker
            if maker.api == "session" or _is_sts_of_flow(maker, flow):
                continue
            made_by = DEFAULT if maker.owner is None or maker.or_default else maker.owner_text
            same = _is_default(parent, parents) if made_by == DEFAULT else made_by == parent.text
            in_dict = _regions_in_dict(sink, credentials)
            if in_dict and not same and not all(_is_something(sink.module, v, credentials) for v in in_dict):
                return Skip(
                    SkipReason.SEVERAL_REGIONS,
                    f"the region in what is unpacked into {maker.text} may be None, which means another one here",
                )
            if in_dict:
                continue
            if maker.region is not None:
                may_be_none = not _is_given(sink.module, sink.step.transfer, maker.region.text, credentials)
                if may_be_none and not same:
                    text = f"{_operand(maker.region.text)} or {made_by}.region_name"
                    of_sink[sink.module.path, maker.position] = ((REGION, text),)
                continue
            if _is_default_client(sink):
                if not _is_default(parent, parents):
                    of_sink[sink.module.path, maker.position] = ((REGION, f"{DEFAULT}.region_name"),)
            elif maker.owner_text != parent.text:
                of_sink[sink.module.path, maker.position] = ((REGION, f"{maker.owner_text}.region_name"),)
            if _has_profile(sink, credentials):
                doubts.append(f"the new clients do not have the profile of {maker.owner_text}, if it has one")
    return Regions(of_role, of_sink, of_maker, tuple(dict.fromkeys(doubts)))


def _of_sessions(
    role: Role,
    sinks: Sequence[Sink],
    flow: Flow,
    credentials: Credentials,
    may_be_caught: Callable[[Role], bool],
) -> str | Skip | tuple[tuple[ModuleFacts, Maker, str], ...]:
    """The one region that the sessions of a role name, where it is known when the role is assumed; else the clients and
    resources that have to name it, each with its region (none where no session names one)."""
    sessions = [sink for sink in sinks if sink.maker.api == "session" and sink.maker.region is not None]
    if not sessions:
        return ()
    texts = {sink.maker.region.text for sink in sessions if sink.maker.region is not None}
    others = [sink for sink in sinks if sink.maker.region is None]
    if (
        len(texts) == 1
        and not others
        and len(flow.roles) == 1
        and all(
            _is_known(role, sink, credentials) or _is_looked_up(role, sink, flow, may_be_caught)
            for sink in sessions
        )
    ):
        return texts.pop()
    pushed: list[tuple[ModuleFacts, Maker, str]] = []
    for sink in sessions:
        assert sink.maker.region is not None
        makers = _made_of(sink, credentials)
        if makers is None:
            place = f"{sink.module.path.name}:{sink.maker.position.line}"
            return Skip(
                SkipReason.SEVERAL_REGIONS,
                f"{sink.maker.text} at {place} names a region of its own, which is not known where the role is assumed;"
                " name the region at each client instead",
            )
        pushed.extend((sink.module, maker, sink.maker.region.text) for maker in makers)
    return tuple(pushed)


def _is_known(role: Role, sink: Sink, credentials: Credentials) -> bool:
    """Whether the region of a session can be worked out where the role is assumed."""
    region = sink.maker.region
    assert region is not None
    if sink.module is not role.module:
        return False
    if not region.names and region.pure:
        return True
    here = role.step.transfer
    if sink.step.transfer.function != here.function or not region.pure:
        return False
    return all(
        _is_settled(role.module, name, here, credentials) for name in region.names
    ) and not _sets_attribute(role.module, region.text, here)


def _is_looked_up(role: Role, sink: Sink, flow: Flow, may_be_caught: Callable[[Role], bool]) -> bool:
    """Whether the region of a session can be looked up where the role is assumed, as nothing but the way of the
    credentials stands in between."""
    region = sink.maker.region
    assert region is not None
    if sink.module is not role.module or not region.looks_up or (region.may_fail and may_be_caught(role)):
        return False
    here, there = role.step.transfer, sink.step.transfer
    if here.function != there.function or not here.path or here.path[:-1] != there.path[:-1]:
        return False
    first, last = here.path[-1], there.path[-1]
    between = {
        step.transfer.path[-1].index
        for step in flow.steps
        if step.module is role.module
        and step.transfer.statement is not None
        and isinstance(step.transfer.value, (Entry, Read, Record))
        and isinstance(step.transfer.fate, Stored)
        and isinstance(step.transfer.fate.place, Variable)
        and step.transfer.function == here.function
        and step.transfer.path[:-1] == here.path[:-1]
        and step.transfer.path[-1].block == first.block
    }
    return first.block == last.block and all(n in between for n in range(first.index + 1, last.index))


def _made_of(sink: Sink, credentials: Credentials) -> tuple[Maker, ...] | None:
    """What is made of a session that names a region; None where that is not all that happens to it."""
    transfer, region = sink.step.transfer, sink.maker.region
    assert region is not None
    around = [p for p in parts(transfer.value) if isinstance(p, Maker) and p.owner is sink.maker]
    if around:
        [maker] = around
        return None if maker.service == "sts" else ((maker,) if maker.region is None else ())
    fate = transfer.fate
    if (
        transfer.value is not sink.maker
        or not isinstance(fate, Stored)
        or not isinstance(fate.place, Variable)
    ):
        return None
    variable = fate.place
    occurrences = sink.module.values.variables[variable]
    if occurrences.fixed or occurrences.bindings != 1 or variable.owner is None or not region.pure:
        return None
    makers: dict[Position, Maker] = {}
    for step in credentials.reads_of(sink.module, variable):
        for value in parts(step.transfer.value):
            if isinstance(value, Maker) and isinstance(value.owner, Read) and value.owner.place == variable:
                makers[value.position] = value
    if len(makers) != len(occurrences.places) - 1 or any(
        maker.service == "sts" or maker.unpacked for maker in makers.values()
    ):
        return None
    if any(
        step.transfer.function != transfer.function for step in credentials.reads_of(sink.module, variable)
    ):
        return None
    if any(position < transfer.within for position in makers):
        return None  # made of the session of a loop's turn before
    if not all(_is_settled(sink.module, name, transfer, credentials) for name in region.names):
        return None
    return tuple(maker for maker in makers.values() if maker.region is None)


def _has_more(sink: Sink, credentials: Credentials) -> bool:
    """Whether a dict that is unpacked into a session may hold something else too."""
    for value, _ in sink.maker.unpacked:
        if not any(kind.is_credential for kind in credentials.kinds(sink.module, value)):
            return True
        records = [value] if isinstance(value, Record) else []
        if isinstance(value, Read):
            stores = credentials.stores_of(sink.module, value.place)
            records = [s.transfer.value for s in stores if isinstance(s.transfer.value, Record)]
        if any(
            len(record.slots) != len(KEYS) or (record.filling is not None and record.filling.rest)
            for record in records
        ):
            return True
    return False


def _regions_in_dict(sink: Sink, credentials: Credentials) -> list[Value]:
    """The regions in the dicts that are unpacked into a client or resource."""
    found: list[Value] = []
    for value, _ in sink.maker.unpacked:
        held = [value]
        if isinstance(value, Read):
            held = [step.transfer.value for step in credentials.stores_of(sink.module, value.place)]
        found.extend(
            record.values[record.slots.index(REGION)]
            for record in held
            if isinstance(record, Record) and REGION in record.slots
        )
    return found


def _is_given(module: ModuleFacts, here: Transfer, text: str, credentials: Credentials) -> bool:
    """Whether a region is not None, as far as its text, and what is kept under its name, tells."""
    if _WITH_DEFAULT.fullmatch(text) is not None:
        return True
    if text[:1] in {"'", '"'} or text[:2] in {"f'", 'f"'} or text.startswith("os.environ["):
        return True
    if text.isidentifier():
        places: list[Place] = [
            v for v in module.values.variables if v.name == text and v.owner in {here.function, None}
        ]
        return bool(places) and all(_holds_something(module, place, credentials) for place in places)
    first, dot, name = text.partition(".")
    scoped = module.values.scopes.get(here.function)
    if (
        dot
        and name.isidentifier()
        and scoped is not None
        and scoped.parameters[:1] == (first,)
        and scoped.class_name
    ):
        return _holds_something(module, AttributePlace(scoped.class_name, name), credentials)
    return False


def _holds_something(module: ModuleFacts, place: Place, credentials: Credentials) -> bool:
    """Whether nothing says that None is kept there: no such default, and no `.get()`."""
    values = [step.transfer.value for step in credentials.stores_of(module, place)]
    if not values and isinstance(place, AttributePlace):
        return False
    return all(
        _is_something(module, value, credentials)
        for value in values
        if not (isinstance(value, Read) and value.place == place)
    )


def _is_something(module: ModuleFacts, value: Value, credentials: Credentials) -> bool:
    """Whether nothing says that the value is None."""
    if isinstance(value, Read):
        return _holds_something(module, value.place, credentials)
    return not isinstance(value, (Nothing, Choice, Result)) and not (isinstance(value, Entry) and value.get)


def _operand(text: str) -> str:
    """The expression as an operand of `or`."""
    return f"({text})" if " " in text and not text.endswith((")", "]")) else text


def _is_settled(module: ModuleFacts, name: str, here: Transfer, credentials: Credentials) -> bool:
    """Whether the name has its last value where the role is assumed."""
    for variable, occurrences in module.values.variables.items():
        if variable.name != name or variable.owner not in {None, here.function}:
            continue
        stores = credentials.stores_of(module, variable)
        is_parameter = variable.owner is not None and name in module.values.scopes[variable.owner].parameters
        if variable.owner is None and (occurrences.bindings > 1 or occurrences.fixed):
            return False
        if variable.owner is not None and occurrences.fixed and not is_parameter:
            return False
        if (
            len(
                [
                    s
                    for s in stores
                    if not isinstance(s.transfer.fate, Stored)
                    or s.transfer.fate.position != s.transfer.fate.end
                ]
            )
            < occurrences.bindings
        ):
            return False  # something else than a statement that is followed sets it
        if variable.owner is not None and any(store.transfer.within >= here.within for store in stores):
            return False
    return True


def _sets_attribute(module: ModuleFacts, text: str, here: Transfer) -> bool:
    """Whether the function sets an attribute that the expression may read."""
    names = set(text.split(".")[1:])
    return any(
        transfer.function == here.function
        and isinstance(transfer.fate, Stored)
        and isinstance(transfer.fate.place, AttributePlace)
        and transfer.fate.place.name in names
        for transfer in module.values.transfers
    )


def _is_default(parent: Parent, parents: Sequence[Parent]) -> bool:
    """Whether the parent is the default session, or a role that it assumes."""
    return parent.is_default or (parent.base is not None and any(p.is_default for p in parents))


def _is_sts_of_flow(maker: Maker, flow: Flow) -> bool:
    """An STS client that only assumes the next role, which takes its region from its parent."""
    return maker.service == "sts" and any(role.call.receiver is maker for role in flow.roles)


def _is_default_client(sink: Sink) -> bool:
    """A client or resource of boto3's default session that names no region."""
    maker = sink.maker
    return maker.api != "session" and maker.region is None and (maker.owner is None or maker.or_default)


def _has_profile(sink: Sink, credentials: Credentials) -> bool:
    owner = sink.maker.owner
    makers = [owner] if isinstance(owner, Maker) else []
    if isinstance(owner, Read):
        makers = [
            step.transfer.value
            for step in credentials.stores_of(sink.module, owner.place)
            if isinstance(step.transfer.value, Maker)
        ]
    return any("profile_name" in maker.others or maker.unpacked for maker in makers)
