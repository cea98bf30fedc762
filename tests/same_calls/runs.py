"""The runs of one program, before and after a fix, in; in what they differ, a message each, out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from session_first.trace import Call, difference

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
    program names itself.
    """

    raised: str | None
    text: str
    traceback: str
    calls: tuple[Call, ...]
    stdout: str
    stderr: str
    network: tuple[str, ...]
    takes_foreign_session: bool
    explicit: frozenset[str]
    raises: frozenset[str]


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
    calls = difference(before.calls, after.calls)
    if calls:
        yield f"the calls differ:\n{calls}"


def _foreign(before: Run, foreign: Run) -> Iterator[str]:
    if foreign.raised not in {None, before.raised}:
        yield f"with a session: {_ending(foreign)}\n{foreign.traceback}"
    if not foreign.calls:
        yield "with a session: no call was made, which proves nothing"
    named = {(call.name, call.region) for call in before.calls if call.region != AMBIENT_REGION}
    for number, call in enumerate(foreign.calls, 1):
        here = call.region in {FOREIGN_REGION, _GLOBAL_REGION} or (call.name, call.region) in named
        carried = call.access_key in {FOREIGN_KEY, None} and here
        if not carried and call.name not in foreign.explicit:
            yield f"with a session: call {number} does not carry it: {call}"


def _ending(run: Run) -> str:
    return f"raised {run.raised}: {run.text}" if run.raised else f"returned {run.text}"
