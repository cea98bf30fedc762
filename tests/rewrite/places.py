"""A text and a part of it in, the position of that part out; a text and edits in, the new text out."""

from __future__ import annotations

from pathlib import Path

from session_first.model import Edit, Position, UseSession
from session_first.rewrite import rewrite
from session_first.source import SourceFile, decode, split_lines

PATH = Path("project/app.py")


def place(text: str, part: str, nth: int = 0) -> Position:
    """Where `part` starts in `text`, the first time or the `nth` time after that."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    return _position(text, at)


def span(text: str, part: str, nth: int = 0) -> tuple[Position, Position]:
    """Where `part` starts and ends in `text`."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    return _position(text, at), _position(text, at + len(part))


def _position(text: str, offset: int) -> Position:
    lines = split_lines(text[:offset] + "|")  # so that the last line has no ending
    return Position(len(lines), len(lines[-1]) - 1)


def use(
    text: str,
    part: str = "boto3.client",
    nth: int = 0,
    *,
    receiver: str = "session",
    attribute: str = "client",
) -> UseSession:
    """The edit that makes `part` use the session."""
    return UseSession(*span(text, part, nth), receiver, attribute)


def file(text: str, encoding: str = "utf-8") -> SourceFile:
    """The file whose bytes are `text` in `encoding`."""
    return decode(PATH, text.encode(encoding))


def rewritten(text: str, *edits: Edit) -> str:
    """The text after the edits."""
    return rewrite(file(text), edits).decode()
