"""Bytes to text and back: encoding, positions and the standard library's ast."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from session_first.model import Failed, Position

MAX_BYTES = 32 * 1024 * 1024
"""A Python file larger than this is data; parsing it would take minutes and gigabytes."""

_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_NEWLINE = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"\w+")
_WORDS_ONLY = bytes(c if c >= 0x80 or chr(c).isalnum() or chr(c) == "_" else ord(" ") for c in range(256))
_SPACED = {c: " " for c in range(128) if _WORD.fullmatch(chr(c)) is None}


class SourceError(Exception):
    """A file that cannot be read or parsed; `failed` says which, where and why."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.error)
        self.failed = failed


@dataclass(frozen=True)
class SourceFile:
    """A file's bytes with their text.

    `text` keeps the newlines as they are; it has no byte order mark. `encoding` is the one of the
    cookie or the mark (`utf-8-sig`).
    """

    path: Path
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    encoding: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines with their endings, split as Python splits them (not at form feeds)."""
        return split_lines(self.text)

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text, those of comments and strings too."""
        if self._is_ascii:
            return frozenset(self.text.translate(_SPACED).split())
        return frozenset(_WORD.findall(self.text))

    def names_any(self, words: frozenset[str]) -> bool:
        """Whether one of `words` is in the text."""
        return not self.words.isdisjoint(words)

    def position(self, line: int, utf8_column: int) -> Position:
        """The position of what ast reports at `line` and a column in UTF-8 bytes."""
        if self._is_ascii or line > len(self.lines):  # an empty last line has no entry
            return Position(line, utf8_column)
        text = self.lines[line - 1]
        if text.isascii():
            return Position(line, utf8_column)
        return Position(line, len(text.encode()[:utf8_column].decode(errors="ignore")))

    def start(self, node: ast.expr | ast.stmt) -> Position:
        """Where `node` starts."""
        return self.position(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> Position:
        """Where `node` ends (the place after its last code point)."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.position(node.end_lineno, node.end_col_offset)

    def segment(self, start: Position, end: Position) -> str:
        """The text from `start` up to `end`."""
        if start.line == end.line:
            return self.lines[start.line - 1][start.column : end.column]
        first = self.lines[start.line - 1][start.column :]
        middle = self.lines[start.line : end.line - 1]
        return "".join((first, *middle, self.lines[end.line - 1][: end.column]))


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of `text` with their endings; only LF, CRLF and CR end one."""
    lines: list[str] = []
    start = 0
    for match in _NEWLINE.finditer(text):
        lines.append(text[start : match.end()])
        start = match.end()
    if start < len(text):
        lines.append(text[start:])
    return tuple(lines)


def read(path: Path) -> bytes:
    """The bytes of the file.

    Raises:
        SourceError: it cannot be read, is no regular file, or is larger than `MAX_BYTES`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise SourceError(Failed(path, f"too large: more than {MAX_BYTES >> 20} MiB; exclude it"))
    except OSError as error:
        cause = error.strerror or str(error)
        if path.is_symlink() and not path.exists():
            cause = f"dangling symlink: {cause}"
        raise SourceError(Failed(path, f"cannot be read: {cause}")) from error
    return data


def decode(path: Path, data: bytes) -> SourceFile:
    """The text of `data` as Python would read it.

    Raises:
        SourceError: a null byte, an unknown encoding, or bytes that are not in it.
    """
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise SourceError(Failed(path, "cannot be parsed: it contains a null byte", Position(line, 0)))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise SourceError(Failed(path, f"cannot be decoded: {error}")) from error
    return SourceFile(path, data, text, encoding)


def parse(source: SourceFile) -> ast.Module:
    """The tree of the file.

    Raises:
        SourceError: it is not valid Python, or nested too deeply for the parser.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the analysed file's invalid escapes are not ours to report
            return ast.parse(source.text, filename=str(source.path))
    except SyntaxError as error:
        place = Position(error.lineno, max((error.offset or 1) - 1, 0)) if error.lineno else None
        raise SourceError(
            Failed(source.path, f"cannot be parsed: {error.msg} (read as Python {_PYTHON})", place)
        ) from error
    except (RecursionError, MemoryError) as error:
        raise SourceError(Failed(source.path, "cannot be parsed: nested too deeply")) from error
    except ValueError as error:
        raise SourceError(Failed(source.path, f"cannot be parsed: {error}")) from error


def words_of(data: bytes) -> frozenset[bytes]:
    """The names, keywords and words of texts in a file."""
    return frozenset(data.translate(_WORDS_ONLY).split())
