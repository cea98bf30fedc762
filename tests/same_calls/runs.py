"""The runs of one program, before and after a fix, in; in what they differ, a message each, out."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from session_first.trace import difference
from tests.same_calls import roles
from tests.same_calls.roles import Origin, Trace

AMBIENT_KEY = "AKIAAMBIENT000000000"
AMBIENT_REGION = "ca-central-1"
"""A region that no fixture names, so that a call there is the default session's."""

FOREIGN_KEY = "AKIAFOREIGN000000000"
FOREIGN_REGION = "ap-southeast-2"

_GLOBAL_REGION = "aws-global"
"""What clients of services without regions (IAM) say of every session."""

_UNREPEATABLE = (
    (re.compile(r" at 0x[0-9a-f]+"), " at 0x…"),
    (re.compile(r"(X-Amz-Date|X-Amz-Signature|Expires|Signature)=[^&'\"\s]+"), r"\1=…"),
)
"""Addresses, and those parts of a signed URL that the clock decides."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did.

    `raised` is the exception that ended it, `text` its message, or the repr of what was returned.
    `raises` are the exceptions that are meant to end it, `explicit` the operations whose identity or region the
    program names itself. `eager`: no role may be assumed later than before; `unused_roles`: one that is never used
    need not be assumed.
    """

    raised: str | None
    text: str
    traceback: str
    trace: Trace
    stdout: str
    stderr: str
    network: tuple[str, ...]
    takes_foreign_session: bool
    explicit: frozenset[str]
    raises: frozenset[str]
    eager: bool
    unused_roles: bool


def repeatable(text: str, tree: str) -> str:
    """The text without what differs from run to run."""
    text = text.replace(tree, "<tree>")
    for pattern, replacement in _UNREPEATABLE:
        text = pattern.sub(replacement, text)
    return text


def differences(before: Run, after: Run) -> tuple[str, ...]:
    """In what the program with the fix differs when no session is passed."""
    return tuple(_faults(before)) or (*_network("after", after), *_behaviour(before, after))


def leaks(before: Run, foreign: Run) -> tuple[str, ...]:
    """In what the program with the fix does not use the session that was passed to it."""
    return (*_network("with a session", foreign), *_foreign(before, foreign))


def _faults(before: Run) -> Iterator[str]:
    """Why the run proves nothing: a program may be broken in the same way before and after."""
    yield from _network("before", before)
    if before.raised and before.raised not in before.raises:
        yield (
            f"before: {_ending(before)}\n{before.traceback}"
            f"If that is meant, its run.py has to say RAISES = {{{before.raised!r}}}"
        )


def _network(name: str, run: Run) -> Iterator[str]:
    if run.network:
        yield f"{name}: tried the network: {', '.join(run.network)}"


def _behaviour(before: Run, after: Run) -> Iterator[str]:
    if _ending(before) != _ending(after):
        yield (
            f"the outcome differs: before {_ending(before)}, after {_ending(after)}\n"
            f"{after.traceback or before.traceback}"
        )
    if before.stdout != after.stdout:
        lines = difflib.unified_diff(
            before.stdout.splitlines(), after.stdout.splitlines(), "before", "after", lineterm=""
        )
        yield "the output differs:\n" + "\n".join(lines)
    expected, made = before.trace, after.trace
    if before.unused_roles:
        expected = roles.without_unused(expected, made)
    if not before.eager:
        made = roles.as_early(expected, made)
    calls = difference(expected.calls, made.calls)
    if calls:
        yield f"the calls differ:\n{calls}"


def _foreign(before: Run, foreign: Run) -> Iterator[str]:
    if foreign.raised not in {None, before.raised}:
        yield f"with a session: {_ending(foreign)}\n{foreign.traceback}"
    if not foreign.trace.calls:
        yield "with a session: no call was made, which proves nothing"
    named = {(call.name, call.region) for call in before.trace.calls if call.region != AMBIENT_REGION}
    assumed: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for call, origin in zip(before.trace.calls, roles.origins(before.trace), strict=True):
        assumed[call.name].add(origin.roles)
    made = zip(foreign.trace.calls, roles.origins(foreign.trace), strict=True)
    for number, (call, origin) in enumerate(made, 1):
        if call.name in foreign.explicit:
            continue
        here = call.region in {FOREIGN_REGION, _GLOBAL_REGION} or (call.name, call.region) in named
        explicit = bool(origin.roles) and roles.ASSUME_ROLE in foreign.explicit
        if not (here and (explicit or origin.access_key in {FOREIGN_KEY, None})):
            yield f"with a session: call {number} does not carry it: {call}"
        elif call.name in assumed and origin.roles not in assumed[call.name]:
            yield f"with a session: call {number} is made {_as_whom(origin)}, which it was not before: {call}"


def _as_whom(origin: Origin) -> str:
    return f"with the role {' by way of '.join(reversed(origin.roles))}" if origin.roles else "without a role"


def _ending(run: Run) -> str:
    return f"raised {run.raised}: {run.text}" if run.raised else f"returned {run.text}"
