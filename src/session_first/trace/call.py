"""A call to AWS as a plain value: what botocore is given in, comparable and printable data out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | Mapping[str, Value] | None"
"""Plain data. What JSON lacks is a mapping of one `$type` (`{"$bytes": "…"}`)."""

_SHOWN_BYTES = 1024
"""Longer contents are kept as their hash."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what is asked, where, and as whom. `access_key` is None where nothing is signed."""

    service: str
    operation: str
    region: str | None
    endpoint: str | None
    access_key: str | None
    parameters: Mapping[str, Value]

    @property
    def name(self) -> str:
        """`s3.ListBuckets`."""
        return f"{self.service}.{self.operation}"

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}={shown(value)}" for name, value in self.parameters.items())
        return f"{self.name}({arguments}) as {self.access_key} in {self.region} at {self.endpoint}"


def dumps(calls: Iterable[Call]) -> str:
    """The calls as JSON, one a line, alike for equal calls. It holds their parameters, secrets included."""
    return "".join(json.dumps(dataclasses.asdict(call), sort_keys=True) + "\n" for call in calls)


def loads(text: str) -> tuple[Call, ...]:
    """The calls that `dumps` wrote.

    Raises:
        ValueError: a line is not one of its calls; the message says which.
    """
    return tuple(_load(number, line) for number, line in enumerate(text.splitlines(), 1))


def _load(number: int, line: str) -> Call:
    try:
        return from_fields(json.loads(line))
    except ValueError as error:
        raise ValueError(f"line {number} is no recorded call: {line[:80]!r}") from error


def from_fields(fields: object) -> Call:
    """The call of which these are the fields, as `dataclasses.asdict` and JSON leave them.

    Raises:
        ValueError: they are not those of a call.
    """
    try:
        given = dict(fields)  # type: ignore[call-overload] # whatever is no mapping raises
        parameters = plain(given.pop("parameters"))
        assert isinstance(parameters, Mapping)
        return Call(**given, parameters=parameters)
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise ValueError("no recorded call") from error


def shown(value: Value) -> str:
    """The value as Python would write it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {shown(item)}' for key, item in value.items())}}}"
    return repr(value)


@runtime_checkable
class _Stream(Protocol):
    def read(self) -> bytes | str: ...


@runtime_checkable
class _Seekable(_Stream, Protocol):
    def seek(self, offset: int, /) -> object: ...

    def tell(self) -> int: ...


@runtime_checkable
class _Condition(Protocol):
    """A boto3 DynamoDB condition (`Key("id").eq(1)`)."""

    def get_expression(self) -> Mapping[str, object]: ...


def plain(value: object) -> Value:
    """A copy of the value as plain data; a stream is read and put back where it was."""
    match value:
        case None | bool():
            return value
        case float() if not math.isfinite(value):
            return {"$float": repr(value)}  # NaN would differ from itself
        case int():
            return int(value)
        case float():
            return float(value)
        case str():
            return str.__str__(value)  # an enumeration's member is its value
        case bytes() | bytearray() | memoryview():
            return _contents(bytes(value))
        case dt.date() | dt.time():
            return {"$datetime": value.isoformat()}
        case decimal.Decimal():
            return {"$decimal": str(value)}
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return tuple(map(plain, value))
        case AbstractSet():
            return {"$set": tuple(sorted(map(plain, value), key=shown))}
        case _Stream():
            return _read(value)
        case _Condition():
            return {f"${type(value).__name__}": plain(value.get_expression())}
        case _ if type(value).__module__.startswith("boto3."):  # Attr, Key, Binary
            return {f"${type(value).__name__}": plain(vars(value))}
        case _:
            return {"$object": _type_name(value)}


def _read(stream: _Stream) -> Value:
    seekable = getattr(stream, "seekable", None)
    if not isinstance(stream, _Seekable) or (callable(seekable) and not seekable()):
        return {"$stream": _type_name(stream)}
    position = stream.tell()
    contents = stream.read()
    stream.seek(position)
    return _contents(contents.encode() if isinstance(contents, str) else contents)


def _type_name(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _contents(data: bytes) -> Value:
    if len(data) > _SHOWN_BYTES:
        return {"$sha256": hashlib.sha256(data).hexdigest(), "length": len(data)}
    return {"$bytes": data.decode("latin-1")}  # lossless, and readable where it is ASCII
