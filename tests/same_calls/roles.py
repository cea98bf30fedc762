"""The calls of a run in, with the access keys that they returned; as whom each was made, and in what order it might be, out."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from session_first.trace import Call, dumps
from session_first.trace.roles import access_key

ASSUME_ROLE = "sts.AssumeRole"


@dataclass(frozen=True, slots=True)
class Origin:
    """The access key with which it all began, and the roles that were assumed on the way from there."""

    access_key: str | None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """The calls of a run, and for each the access key that it returned, if any."""

    calls: tuple[Call, ...]
    issued: tuple[str | None, ...]


def origins(trace: Trace) -> tuple[Origin, ...]:
    """As whom each call is made."""
    known: dict[str | None, Origin] = {}
    made = []
    for call, key in zip(trace.calls, trace.issued, strict=True):
        caller = known.get(call.access_key, Origin(call.access_key))
        made.append(caller)
        if call.name == ASSUME_ROLE and key is not None:
            known[key] = Origin(caller.access_key, (*caller.roles, str(call.parameters["RoleArn"])))
    return tuple(made)


def repeatable(trace: Trace) -> Trace:
    """The trace with keys made up at random (moto's) replaced by those that the recorder's own answers have."""
    names: dict[str | None, str | None] = {}
    calls = []
    for call, key in zip(trace.calls, trace.issued, strict=True):
        named = dataclasses.replace(call, access_key=names.get(call.access_key, call.access_key))
        calls.append(named)
        if call.name == ASSUME_ROLE and key is not None:
            names[key] = access_key(named)
    return Trace(tuple(calls), tuple(names.get(key, key) for key in trace.issued))


def without_unused(before: Trace, after: Trace) -> Trace:
    """`before` without the calls of AssumeRole that `after` lacks and whose credentials signed nothing."""
    missing = Counter(map(_text, before.calls)) - Counter(map(_text, after.calls))
    kept: list[tuple[Call, str | None]] = []
    signing: set[str | None] = set()
    for call, key in reversed(tuple(zip(before.calls, before.issued, strict=True))):
        unused = call.name == ASSUME_ROLE and key not in signing
        signing.discard(key)  # what comes before was signed with an earlier call's
        if unused and missing[_text(call)]:
            missing[_text(call)] -= 1
        else:
            kept.append((call, key))
            signing.add(call.access_key)
    kept.reverse()
    return Trace(tuple(call for call, _ in kept), tuple(key for _, key in kept))


def as_early(before: Trace, after: Trace) -> Trace:
    """`after` with every AssumeRole that comes later than in `before`, and before a call that its credentials sign,
    put where it was."""
    was = _counterparts(before.calls, after.calls)
    order: list[tuple[int, bool, int, int]] = []
    for index, (call, others) in enumerate(_with_others(after.calls)):
        place = was.get(index, (others, len(before.calls)))
        if place[0] > others or (place[0] < others and not _signs(after.issued[index], after.calls[index:])):
            place = (others, len(before.calls))
        order.append((place[0], call.name != ASSUME_ROLE, place[1], index))
    indices = [index for *_, index in sorted(order)]
    return Trace(
        tuple(after.calls[index] for index in indices), tuple(after.issued[index] for index in indices)
    )


def _counterparts(before: Sequence[Call], after: Sequence[Call]) -> dict[int, tuple[int, int]]:
    """For AssumeRole's calls in `after`: how many others the same call in `before` follows, and its index.

    Where there is no such call, that of the role, so that people see the two side by side.
    """
    waiting = [
        (call, others, index)
        for index, (call, others) in enumerate(_with_others(before))
        if call.name == ASSUME_ROLE
    ]
    found: dict[int, tuple[int, int]] = {}
    for alike in (_text, _role):
        for index, call in enumerate(after):
            if call.name == ASSUME_ROLE and index not in found:
                same = next((each for each in waiting if alike(each[0]) == alike(call)), None)
                if same:
                    waiting.remove(same)
                    found[index] = same[1:]
    return found


def _role(call: Call) -> str:
    return str(call.parameters.get("RoleArn"))


def _text(call: Call) -> str:
    return dumps((call,))


def _with_others(calls: Iterable[Call]) -> Iterator[tuple[Call, int]]:
    """Each call, and how many other than AssumeRole came before it."""
    others = 0
    for call in calls:
        yield call, others
        others += call.name != ASSUME_ROLE


def _signs(key: str | None, calls: Sequence[Call]) -> bool:
    return key is not None and any(call.access_key == key for call in calls)
