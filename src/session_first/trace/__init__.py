"""A running program in, the calls that it makes to AWS out, in order, with the identity of each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from session_first.trace.answers import Answers, Override, ServiceError, canned
    from session_first.trace.call import Call, Value, dumps, loads
    from session_first.trace.differences import difference
    from session_first.trace.expiry import expire_by
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
    "expire_by",
    "loads",
    "record",
]

_MODULES = {
    "answers": ("Answers", "Override", "ServiceError", "canned"),
    "call": ("Call", "Value", "dumps", "loads"),
    "differences": ("difference",),
    "expiry": ("expire_by",),
    "recorder": ("Recording", "record"),
}


def __getattr__(name: str) -> object:
    """A public name, its module imported when it is first used: every pytest run imports this package."""
    for module, names in _MODULES.items():
        if name in names:
            value: object = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
