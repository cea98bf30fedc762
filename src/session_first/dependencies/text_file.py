"""A file's bytes to plain text with line feeds and no byte order mark, and new text back to bytes of the same kind."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),  # PowerShell's `>`, which pip reads
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was read."""

    path: Path
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    mark: bytes
    encoding: str
    newline: str

    def bytes_of(self, text: str) -> bytes:
        """The bytes of a new text, written as the file is."""
        return self.mark + text.replace("\n", self.newline).encode(self.encoding)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read as text."""

    path: Path
    cause: str


def load(path: Path) -> TextFile | Unreadable:
    """The file at `path`. Where its newlines are mixed they stay as they are."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Unreadable(path, f"it cannot be read: {error.strerror or error}")
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return Unreadable(path, f"it is not {encoding.upper()}")
    if "\r" in text and text.count("\r\n") == text.count("\n") == text.count("\r"):
        return TextFile(path, data, text.replace("\r\n", "\n"), mark, encoding, "\r\n")
    return TextFile(path, data, text, mark, encoding, "\n")
