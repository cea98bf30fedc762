"""A file's bytes before and after, to a unified diff in bytes that `git apply` and `patch -p1` take."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator

_CONTEXT = 3
"""Unchanged lines shown around a change."""

_RED, _GREEN, _CYAN, _BOLD, _RESET = b"\x1b[31m", b"\x1b[32m", b"\x1b[36m", b"\x1b[1m", b"\x1b[0m"


def unified(name: bytes, before: bytes, after: bytes, *, colour: bool = False) -> bytes:
    """The diff of the file `name`; empty if nothing differs.

    Lines end at line feeds only, as they do for git: a carriage return is part of its line.
    """
    old, new = (io.BytesIO(data).readlines() for data in (before, after))
    lines = _unified(old, new, _quoted(b"a/" + name), _quoted(b"b/" + name))
    return b"".join(_coloured(lines) if colour else (_ended(line) for line in lines))


def _unified(old: list[bytes], new: list[bytes], old_name: bytes, new_name: bytes) -> Iterator[bytes]:
    """As `difflib.unified_diff`, which takes frequent lines for junk and shows some as changed that are not."""
    groups = list(difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT))
    if groups:
        yield b"--- " + old_name + b"\n"
        yield b"+++ " + new_name + b"\n"
    for group in groups:
        first, last = group[0], group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (b" " + line for line in old[old_start:old_end])
                continue
            yield from (b"-" + line for line in old[old_start:old_end])
            yield from (b"+" + line for line in new[new_start:new_end])


def _range(start: int, end: int) -> bytes:
    """The lines from `start` (counted from 0) up to `end`, as a hunk's header counts them."""
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (length > 0), length)


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _coloured(lines: Iterator[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        colour = _BOLD if number < 2 else {b"-": _RED, b"+": _GREEN, b"@": _CYAN}.get(line[:1], b"")
        text = _ended(line)
        yield colour + text.replace(b"\n", _RESET + b"\n", 1) if colour else text


def _quoted(name: bytes) -> bytes:
    """`name` as git writes it: in quotes where it holds what would end it, with a tab after a blank."""
    if any(byte < 0x20 or byte in b'"\\\x7f' for byte in name):
        return b'"' + b"".join(_escaped(byte) for byte in name) + b'"'
    return name + b"\t" if b" " in name else name


def _escaped(byte: int) -> bytes:
    return bytes([byte]) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}".encode()
