"""What a program passes to a call in; plain data out, read without a trace and without secrets."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import hashlib
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from unittest.mock import NonCallableMock

from botocore.model import ListShape, MapShape, Shape, StructureShape
from s3transfer.utils import DeferredOpenFile, ReadFileChunk

from session_first.trace.call import Value, plain, shown
from session_first.trace.steady import near_now

Text = Callable[[str], str]
"""Gives a text without what varies from run to run."""

_SECRET = re.compile(
    r"""password | passphrase | passwd | private_?key | signature | secret(?!_?(?:id|arn|name|type|version|list))
      | (?:access|auth|authori[sz]ation|bearer|id|identity|oauth|refresh|security|session|sso)_?token(?!_?(?:validity|type|units))
      | saml_?assertion | credential(?!_?(?:id|arn|name|type|source))""",
    re.VERBOSE | re.IGNORECASE,
)
"""Names of secrets that the service's model does not mark."""

_SHOWN = 1024
"""Longer contents are kept as their hash."""

_TEXT_BYTES = 100_000
"""In longer contents nothing is taken for something that varies."""


def seen(value: object, shape: Shape | None, text: Text, name: str = "") -> Value:
    """`value` as plain data: secrets hashed, texts as `text` gives them, times near now as `<time>`.

    Nothing that a test could notice happens to the value: doubles are not asked, and only streams of
    the standard library are read, and put back where they were. `name` is that of the parameter.
    """
    found = _seen(value, shape, text, name)
    secret = _SECRET.search(name) or (shape is not None and shape.metadata.get("sensitive"))
    if not secret or found is None or isinstance(found, bool):
        return found
    if isinstance(found, Mapping) and found.keys() == {"$secret"}:
        return found
    return {"$secret": hashlib.sha256(shown(found).encode()).hexdigest()[:8]}


def _seen(value: object, shape: Shape | None, text: Text, name: str) -> Value:
    if isinstance(value, NonCallableMock):
        return plain_type(value)
    match value:
        case str():
            return text(str.__str__(value))
        case None | bool():
            return value
        case int() | float() | decimal.Decimal() if _is_time(value):
            return "<time>"
        case dict():
            return {
                text(str(key)): seen(item, _member(shape, key), text, str(key)) for key, item in value.items()
            }
        case list() | tuple():
            inner = shape.member if isinstance(shape, ListShape) else None
            return tuple(seen(item, inner, text, name) for item in value)
        case set() | frozenset():
            return {"$set": tuple(sorted((seen(item, None, text, name) for item in value), key=shown))}
        case dt.date() | dt.time():
            return {"$datetime": text(value.isoformat())}
        case bytes() | bytearray() | memoryview():
            return _contents(bytes(value), text)
        case int() | float() | decimal.Decimal():
            return plain(value)
        case _ if _is_readable(value):
            return _read(value, text)
        case _ if type(value).__module__.startswith("boto3."):
            return _texts_of(plain(value), text)  # a condition, an attribute
        case _:
            return plain_type(value)


def plain_type(value: object) -> Value:
    """What is known of a value that is not looked into."""
    return {"$object": f"{type(value).__module__}.{type(value).__qualname__}"}


def _member(shape: Shape | None, key: object) -> Shape | None:
    match shape:
        case StructureShape():
            return shape.members.get(str(key))
        case MapShape():
            return shape.value
        case _:
            return None


def _is_time(value: float | decimal.Decimal) -> bool:
    if isinstance(value, decimal.Decimal) and not value.is_finite():
        return False
    return near_now(float(value)) or near_now(float(value) / 1000)


def _texts_of(value: Value, text: Text) -> Value:
    match value:
        case str():
            return text(value)
        case tuple():
            return tuple(_texts_of(each, text) for each in value)
        case Mapping():
            return {key: _texts_of(each, text) for key, each in value.items()}
        case _:
            return value


# --- Contents -------------------------------------------------------------------------------------


def _is_readable(value: object) -> bool:
    match value:
        case ReadFileChunk():
            inner: object = vars(value).get("_fileobj")
            return _is_readable(vars(inner).get("_fileobj", inner) if hasattr(inner, "__dict__") else inner)
        case io.BufferedReader() | io.BufferedRandom():
            raw: object = value.raw
            return type(value) in {io.BufferedReader, io.BufferedRandom} and type(raw) is io.FileIO
        case tempfile._TemporaryFileWrapper():
            return _is_readable(value.file)
        case _:
            return type(value) in {io.BytesIO, io.FileIO, tempfile.SpooledTemporaryFile, DeferredOpenFile}


def _read(stream: object, text: Text) -> Value:
    try:
        position = stream.tell()  # type: ignore[attr-defined] # it is one of those above
        contents = stream.read()  # type: ignore[attr-defined] # likewise
        stream.seek(position)  # type: ignore[attr-defined] # likewise
    except (OSError, ValueError) as error:  # a pipe; a closed file
        return {"$stream": type(error).__name__}
    return _contents(contents if isinstance(contents, bytes) else str(contents).encode(), text)


def _contents(data: bytes, text: Text) -> Value:
    data = _unpacked(data)
    if len(data) <= _TEXT_BYTES:
        data = text(data.decode("latin-1")).encode("latin-1", "backslashreplace")
    if len(data) > _SHOWN:
        return {"$sha256": hashlib.sha256(data).hexdigest(), "length": len(data)}
    return {"$bytes": data.decode("latin-1")}


def _unpacked(data: bytes) -> bytes:
    """An archive's files, without the times at which they were packed."""
    try:
        if data.startswith(b"\x1f\x8b"):
            return gzip.decompress(data)
        if not data.startswith(b"PK\x03\x04"):
            return data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"".join(
                f"{each.filename}\n".encode() + hashlib.sha256(archive.read(each)).digest()
                for each in archive.infolist()
            )
    except (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return data  # it only looks like one
