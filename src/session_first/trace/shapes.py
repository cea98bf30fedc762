"""An operation's model in; an answer of its shape out, derived from the model or made of what a user wrote."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import IO, cast

from boto3.dynamodb.types import TypeSerializer
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape
from botocore.response import StreamingBody
from botocore.utils import parse_timestamp

from session_first.trace import roles
from session_first.trace.call import Call

_TEXT = "text"
_ACCOUNT = "123456789012"
_PAST = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)
_FUTURE = dt.datetime(2099, 1, 1, tzinfo=dt.timezone.utc)

_NEXT_PAGE = re.compile(
    r"next(?!Forward|Backward|Sequence)\w+|LastEvaluated\w+|\w*(Continuation|Pagination|Page)Token|Marker|position",
    re.IGNORECASE,
)
"""Members that make a program ask again."""

_FAILURE = re.compile(r"unprocessed|unsuccessful|fail|error|invalid|notfound|rejected", re.IGNORECASE)
"""Members that make a program try again, or give up."""

_CREDENTIALS = {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}

_JSON_TEXT = frozenset(("PolicyDocument", "Policy", "Payload", "SecretString"))


def derive(call: Call, operation: OperationModel) -> dict[str, object]:
    """An answer to `call` with every member filled, except those of failures and of next pages."""
    output = operation.output_shape
    return _members(output, call, ()) if output else {}


def _members(shape: StructureShape, call: Call, outer: tuple[str, ...]) -> dict[str, object]:
    if _is_attribute_value(shape):
        return {"S": _TEXT}
    if shape.members.keys() == _CREDENTIALS:
        return roles.temporary_credentials(call)
    if shape.name == "AssumedRoleUser":
        return roles.assumed_role_user(call)
    inner = (*outer, shape.name)
    values = {
        name: _value(member, name, call, inner)
        for name, member in shape.members.items()
        if member.name not in inner and not _is_left_out(name, member)
    }
    return dict(list(values.items())[:1]) if shape.is_tagged_union else values


def _is_left_out(name: str, shape: Shape) -> bool:
    if shape.type_name in {"string", "structure"} and _FAILURE.search(name):
        return True
    return shape.type_name in {"string", "map"} and _NEXT_PAGE.fullmatch(name) is not None


def _value(shape: Shape, name: str, call: Call, outer: tuple[str, ...]) -> object:
    inner = (*outer, shape.name)
    match shape:
        case StructureShape() if shape.serialization.get("eventstream"):
            return _Events({event: _value(each, event, call, inner)} for event, each in shape.members.items())
        case StructureShape():
            return _members(shape, call, outer)
        case ListShape():
            left_out = _FAILURE.search(name) or shape.member.name in inner
            return [] if left_out else [_value(shape.member, name, call, inner)]
        case MapShape():
            left_out = _FAILURE.search(name) or shape.value.name in inner
            key = _text(shape.key, "key", call)
            return {} if left_out else {key: _value(shape.value, name, call, inner)}
        case _:
            return _scalar(shape, name, call)


def _scalar(shape: Shape, name: str, call: Call) -> object:
    match shape.type_name:
        case "string" | "character":
            return _text(shape, name, call)
        case "blob":
            data = b"{}" if name in _JSON_TEXT else _TEXT.encode()
            return _stream(data) if shape.serialization.get("streaming") else data
        case "timestamp":
            return _FUTURE if name.lower().startswith("expir") else _PAST
        case "boolean":
            return False  # IsTruncated, HasMoreStreams
        case "float" | "double":
            return float(_number(shape, name))
        case _:
            return _number(shape, name)


def _text(shape: Shape, name: str, call: Call) -> str:
    if isinstance(shape, StringShape) and shape.enum:
        return shape.enum[0]
    if name in _JSON_TEXT or shape.name == "policyDocumentType":
        return "{}"
    if name.lower() in {"account", "accountid"}:
        return _ACCOUNT
    if name.lower().endswith("arn"):
        return f"arn:aws:{call.service}:{call.region}:{_ACCOUNT}:{_TEXT}"
    if name.lower() == "accesskeyid":
        return roles.access_key(call)
    return (_TEXT * 300)[: max(len(_TEXT), shape.metadata.get("min", 0))]


def _number(shape: Shape, name: str) -> int:
    if shape.serialization.get("location") == "statusCode":
        return 200
    if _FAILURE.search(name):
        return 0
    if name.lower() == "expiration":  # SSO counts milliseconds
        return int(_FUTURE.timestamp()) * 1000
    return len(_TEXT) if name == "ContentLength" else max(1, shape.metadata.get("min", 1))


def _stream(data: bytes) -> StreamingBody:
    return StreamingBody(cast("IO[bytes]", io.BytesIO(data)), len(data))


class _Events(list[dict[str, object]]):
    """As much of botocore's EventStream as programs use."""

    def close(self) -> None:
        """Nothing is open."""


def fit(answer: Mapping[str, object], call: Call, operation: OperationModel) -> dict[str, object]:
    """A copy of `answer` with bytes as streams, texts as dates and plain values as DynamoDB's, where
    the operation returns such.

    Raises:
        ValueError: the operation never returns a member of that name.
    """
    output = operation.output_shape
    known = output.members if output else {}
    unknown = answer.keys() - known.keys() - {"ResponseMetadata"}
    if unknown:
        raise ValueError(f"{call.name} returns no {', '.join(sorted(unknown))}, only {', '.join(known)}")
    return {name: _fitted(known[name], value) for name, value in answer.items() if name in known}


def _fitted(shape: Shape, value: object) -> object:
    match shape, value:
        case StructureShape(), _ if _is_attribute_value(shape):
            return value if _is_wire_value(shape, value) else _serialize(value)
        case StructureShape(), Mapping():
            members = shape.members
            return {
                name: _fitted(members[name], item) if name in members else item
                for name, item in value.items()
            }
        case StructureShape(), list() | tuple() if shape.serialization.get("eventstream"):
            return _Events(value)
        case ListShape(), list() | tuple():
            return [_fitted(shape.member, item) for item in value]
        case MapShape(), Mapping():
            return {key: _fitted(shape.value, item) for key, item in value.items()}
        case Shape(type_name="timestamp"), str():
            return parse_timestamp(value)
        case Shape(type_name="blob"), str() | bytes():
            data = value.encode() if isinstance(value, str) else value
            return _stream(data) if shape.serialization.get("streaming") else data
        case _:
            return value


# --- DynamoDB's values ({"S": "text"}): a union that its model does not mark as one ---------------


def _is_attribute_value(shape: StructureShape) -> bool:
    return shape.name == "AttributeValue" and {"S", "N", "NULL"} <= shape.members.keys()


def _is_wire_value(shape: StructureShape, value: object) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and value.keys() <= shape.members.keys()


def _serialize(value: object) -> object:
    return TypeSerializer().serialize(value)
