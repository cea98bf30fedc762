"""A call of `assume_role` in; the session that made its STS client, as it can be written there, out."""

from __future__ import annotations

from dataclasses import dataclass

from session_first.model import (
    AttributePlace,
    Edit,
    Maker,
    ModuleFacts,
    Read,
    ReplaceExpression,
    Result,
    Skip,
    SkipReason,
    Stored,
    Transfer,
    Unwrap,
    Value,
    Variable,
)
from session_first.project.credentials import SESSION, Credentials, Flow, Role, Step
from session_first.project.free_names import FreeNames

DEFAULT = "boto3._get_default_session()"
_SET_UP_ANEW = "the default session may be set up anew between the STS client and the role"
_NAMES = ("parent_session", "parent_boto3_session")


@dataclass(frozen=True, slots=True)
class Parent:
    """A role's parent: the default session (`is_default`), source `text`, or what takes the place of `base`, the
    credentials of another role. `edits` make it available; `doubts` say what may differ."""

    is_default: bool = False
    text: str | None = None
    base: Value | None = None
    edits: tuple[Edit, ...] = ()
    doubts: tuple[str, ...] = ()


def parent_of(
    role: Role, flow: Flow, credentials: Credentials, free_names: FreeNames, *, mentions_default_session: bool
) -> Parent | Skip:
    """The parent of a role; `mentions_default_session`: the project may set up another default session."""
    receiver = role.call.receiver
    makers = credentials.sts_makers(role.module, receiver)
    if not makers:
        return _unknown("what made the STS client is not to be seen")
    if len(makers) > 1 and not all(_is_plain(maker) for _, maker, _ in makers):
        return _unknown("the STS client is made in several ways")
    module, maker, step = makers[0]
    client = _Client(role, flow, credentials, free_names, module, maker, step)
    is_attribute = isinstance(receiver, Read) and isinstance(receiver.place, AttributePlace)
    if is_attribute and _is_beside(client):
        return Parent(text=maker.owner_text, doubts=_doubts(maker))
    if (
        is_attribute
        and isinstance(receiver, Read)
        and (maker.owner is not None or maker.keys or maker.unpacked)
    ):
        return _unknown(f"{receiver.text} is made in another method; keep the session on the object too")
    if isinstance(receiver, Read) and isinstance(receiver.place, Variable):
        if receiver.place.owner is None and credentials.is_set_elsewhere(receiver.place.name):
            return _unknown(f"{receiver.text} is set from another module")
        scoped = role.module.values.scopes.get(receiver.place.owner)
        if scoped is not None and receiver.place.name in scoped.parameters:
            return _unknown(f"the STS client is the parameter {receiver.text}; take a session instead")
    doubts = _doubts(maker)
    is_apart = maker is not receiver and not _is_next(step.transfer, role.step.transfer)
    anew = (_SET_UP_ANEW,) if mentions_default_session and is_apart else ()
    if maker.or_default:
        doubts = (*doubts, *anew)
    if maker.keys or maker.unpacked:
        return _of_keys(client, maker, doubts)
    if maker.owner is None:
        doubts = (*doubts, *anew)
        if is_attribute and step.transfer.function != role.step.transfer.function:
            doubts = (
                *doubts,
                "a session that is given to the constructor would not be the one that assumes the role",
            )
        return Parent(is_default=True, doubts=doubts)
    return _of_owner(client, doubts)


@dataclass(frozen=True, slots=True)
class _Client:
    """An STS client: the role that it assumes, and the call that makes it, in its module and statement."""

    role: Role
    flow: Flow
    credentials: Credentials
    free_names: FreeNames
    module: ModuleFacts
    maker: Maker
    step: Step


def _is_beside(client: _Client) -> bool:
    """`self.sts = self.session.client("sts")`: the session is kept on the same object."""
    role, module, maker, credentials = client.role, client.module, client.maker, client.credentials
    scoped = role.module.values.scopes.get(role.step.transfer.function)
    return (
        module is role.module
        and isinstance(maker.owner, Read)
        and isinstance(maker.owner.place, AttributePlace)
        and maker.owner.place.class_name is not None
        and not (maker.keys or maker.unpacked or maker.or_default)
        and scoped is not None
        and bool(scoped.parameters)
        and maker.owner.text.partition(".")[0] == scoped.parameters[0]
        and credentials.is_only(module, maker.owner, SESSION)
        and credentials.times_given(module, maker.owner.place) == 1
    )


def _is_next(first: Transfer, second: Transfer) -> bool:
    """Whether one statement follows the other in a block."""
    if first.function != second.function or len(first.path) != len(second.path) or not first.path:
        return False
    one, other = first.path[-1], second.path[-1]
    return first.path[:-1] == second.path[:-1] and one.block == other.block and other.index == one.index + 1


def _shared(one: Transfer, other: Transfer) -> int:
    """How many blocks the two are in, one in the other."""
    number = 0
    for first, second in zip(one.path, other.path, strict=False):
        if first.block != second.block:
            break
        number += 1
        if first.index != second.index:
            break
    return number


def _is_plain(maker: Maker) -> bool:
    return maker.owner is None and not (maker.keys or maker.unpacked or maker.others or maker.region)


def _unknown(detail: str) -> Skip:
    return Skip(SkipReason.UNKNOWN_PARENT, detail)


def _doubts(maker: Maker) -> tuple[str, ...]:
    lost = [*(["region_name"] if maker.region is not None else []), *maker.others]
    if not lost:
        return ()
    return (f"the STS client's {', '.join(lost)} would not be used to assume the role",)


def _of_keys(client: _Client, maker: Maker, doubts: tuple[str, ...]) -> Parent | Skip:
    role, module, flow, credentials = client.role, client.module, client.flow, client.credentials
    origins = {r.origin for r in flow.roles}
    for value in (*(key.value for key in maker.keys), *(value for value, _ in maker.unpacked)):
        if any(kind.origin in origins and kind.is_credential for kind in credentials.kinds(module, value)):
            if module is not role.module:
                return _unknown("the role that assumes it is of another module")
            return Parent(base=value, doubts=doubts)
    if maker.unpacked or not all(key.given for key in maker.keys) or maker.owner is not None:
        return _unknown("the STS client is made with keys of its own, which may be None")
    if client.step.transfer.function != role.step.transfer.function:
        return _unknown("the STS client is made with keys of its own, in another function")
    apart = maker is not role.call.receiver and not _is_next(client.step.transfer, role.step.transfer)
    if apart and not all(_is_steady(key.text, module) for key in maker.keys):
        return _unknown("the keys of the STS client may be others where the role is assumed")
    arguments = ", ".join(f"{key.name}={key.text}" for key in maker.keys)
    return Parent(text=f"boto3.Session({arguments})", doubts=doubts)


def _is_steady(text: str, module: ModuleFacts) -> bool:
    """Whether the expression is a string, or a name that gets its value once."""
    if not text.isidentifier():
        return text[:1] in {"'", '"'}
    named = [o for variable, o in module.values.variables.items() if variable.name == text]
    return len(named) == 1 and named[0].bindings == 1


def _of_owner(client: _Client, doubts: tuple[str, ...]) -> Parent | Skip:
    role, module, maker, step = client.role, client.module, client.maker, client.step
    owner, text = maker.owner, maker.owner_text
    assert owner is not None and text is not None
    is_session = maker.evidence or maker.or_default or client.credentials.is_only(module, owner, SESSION)
    if not is_session:
        doubts = (*doubts, f"nothing proves that {text} is a boto3 session")
    if isinstance(owner, Maker) and (owner.keys or owner.unpacked):
        return _of_keys(client, owner, doubts)
    if "\n" in text:
        return _unknown("the session that makes the STS client stands on several lines; give it a name")
    written = f"{text} or {DEFAULT}" if maker.or_default else text
    if maker is role.call.receiver:
        return Parent(text=written, doubts=doubts)
    if isinstance(owner, Read) and isinstance(owner.place, Variable):
        return _named(client, owner.place, written, doubts)
    if isinstance(owner, Read):
        if module is not role.module or step.transfer.function != role.step.transfer.function:
            return _unknown(f"{text} is not to be seen where the role is assumed")
        return Parent(text=written, doubts=doubts)
    return _unnamed(client, doubts)


def _named(client: _Client, place: Variable, written: str, doubts: tuple[str, ...]) -> Parent | Skip:
    """The STS client was made by a session that has a name."""
    role, module, step = client.role, client.module, client.step
    here = role.step.transfer
    if module is not role.module:
        return _unknown(f"{place.name} is of another module than where the role is assumed")
    if step.transfer.function != here.function:
        scoped = module.values.scopes.get(here.function)
        if place.owner is not None or (scoped is not None and place.name in scoped.names):
            return _unknown(f"{place.name} is not to be seen where the role is assumed")
        return Parent(text=written, doubts=doubts)
    for variable in module.values.variables:
        if variable.owner == place.owner and variable.name == place.name:
            for store in client.credentials.stores_of(module, variable):
                at = store.transfer
                # It may be set in a loop that the client is not made in.
                again = _shared(here, at) > _shared(here, step.transfer)
                if step.transfer.within < at.within and (at.within < here.within or again):
                    return _unknown(f"{place.name} is set again before the role is assumed")
    return Parent(text=written, doubts=doubts)


def _unnamed(client: _Client, doubts: tuple[str, ...]) -> Parent | Skip:
    """`sts = boto3.Session(…).client("sts")`: the variable keeps the session instead."""
    role, module, maker, step = client.role, client.module, client.maker, client.step
    fate, receiver = step.transfer.fate, role.call.receiver
    is_simple = (
        module is role.module
        and step.transfer.function == role.step.transfer.function
        and step.transfer.statement is not None
        and step.transfer.value is maker
        and isinstance(fate, Stored)
        and isinstance(fate.place, Variable)
        and isinstance(maker.owner, (Maker, Result))
    )
    if not is_simple or not isinstance(fate, Stored) or not isinstance(fate.place, Variable):
        return _unknown("the session that made the STS client has no name where the role is assumed")
    occurrences = module.values.variables[fate.place]
    if (
        occurrences.fixed
        or occurrences.bindings != 1
        or len(occurrences.places) != 2
        or not isinstance(receiver, Read)
    ):
        return _unknown("the session that made the STS client has no name; give it one")
    scoped = module.values.scopes[step.transfer.function]
    names = (*_NAMES, f"{fate.place.name}_session")
    name = client.free_names.take(module, scoped, names)
    if name is None:
        return Skip(SkipReason.NAME_TAKEN, f"{', '.join(names)} are all in use")
    edits: tuple[Edit, ...] = (
        Unwrap(maker.position, maker.end, maker.owner_position, maker.owner_end),
        ReplaceExpression(fate.position, fate.end, name),
    )
    return Parent(text=name, edits=edits, doubts=doubts)
