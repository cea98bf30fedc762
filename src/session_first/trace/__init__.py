"""A running program in, the calls that it makes to AWS out, in order, with the identity of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from session_first.trace.answers import Answers, Override, ServiceError, canned
from session_first.trace.call import Call, Value, dumps, loads
from session_first.trace.difference import difference

if TYPE_CHECKING:
    from session_first.trace.recorder import Recording, record

__all__ = [
    "Answers",
    "Call",
    "Override",
    "Recording",
    "ServiceError",
    "Value",
    "canned",
    "difference",
    "dumps",
    "loads",
    "record",
]


def __getattr__(name: str) -> object:
    """`record` and `Recording`, when they are first used: they import botocore."""
    if name not in {"Recording", "record"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from session_first.trace import recorder  # noqa: PLC0415

    return getattr(recorder, name)
