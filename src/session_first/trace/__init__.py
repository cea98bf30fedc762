"""A running program in, the calls that it makes to AWS out, in order, with the identity of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from session_first.trace.answers import Answers, Override, ServiceError, canned
from session_first.trace.call import Call, Value, dumps, loads
from session_first.trace.difference import difference

if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    """What imports botocore, when it is first used."""
    if name in {"Recording", "record"}:
        from session_first.trace import recorder  # noqa: PLC0415

        return getattr(recorder, name)
    if name == "expire_by":
        from session_first.trace import expiry  # noqa: PLC0415

        return expiry.expire_by
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
