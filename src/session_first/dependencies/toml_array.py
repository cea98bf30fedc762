"""The source of a TOML array in, the same with one more string out, laid out as its neighbours are."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{},]"
    r"|[^\s\[\]{},\"'#]+",
    re.DOTALL,
)
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class _Entry:
    """An element's place in the source, and that of the comma behind it."""

    start: int
    end: int
    comma: int | None


def insert(raw: str, index: int, value: str) -> str:
    """The array `raw` with the string `value` before its element `index`."""
    entries = _entries(raw)
    quote = _quote(raw, entries)
    new = f"{quote}{value}{quote}"
    if not entries:
        return _first_of_all(raw, new)
    if index == 0:
        return _before(raw, entries, new)
    return _after(raw, entries, index - 1, new)


def _entries(raw: str) -> list[_Entry]:
    entries: list[_Entry] = []
    depth, start, end, comma = 0, None, 0, None
    for token in _TOKEN.finditer(raw):
        text = token[0]
        if text.startswith("#"):
            continue
        depth -= text in {"]", "}"}
        if depth == 0 or (depth == 1 and text == ","):
            if start is not None:
                comma = token.start() if text == "," else None
                entries.append(_Entry(start, end, comma))
            start = None
        elif start is None:
            start = token.start()
        end = token.end()
        depth += text in {"[", "{"}
    return entries


def _quote(raw: str, entries: list[_Entry]) -> str:
    marks = [raw[entry.start] for entry in entries]
    return "'" if marks.count("'") > marks.count('"') else '"'


def _line_start(raw: str, position: int) -> int:
    return raw.rfind("\n", 0, position) + 1


def _indent(raw: str, entry: _Entry) -> str | None:
    """What stands before the element on its line, None where that is more than blanks."""
    start = _line_start(raw, entry.start)
    before = raw[start : entry.start]
    return before if start > 0 and not before.strip() else None


def _first_of_all(raw: str, new: str) -> str:
    inner = raw[1:-1]
    if "\n" not in inner:
        return f"[{new}]"
    return f"[{inner.rstrip()}\n{_INDENT}{new},\n{raw[_line_start(raw, len(raw)) : -1]}]"


def _before(raw: str, entries: list[_Entry], new: str) -> str:
    first = entries[0]
    indent = _indent(raw, first)
    if indent is not None:
        at = raw.find("\n") + 1  # above a comment on the first element
        opening = raw[1 : at - 1].strip()
        if not opening or opening.startswith("#"):
            return f"{raw[:at]}{indent}{new},\n{raw[at:]}"
    below = _indent(raw, entries[1]) if len(entries) > 1 else None
    gap = " " if below is None else f"\n{below}"
    return f"{raw[: first.start]}{new},{gap}{raw[first.start :]}"


def _after(raw: str, entries: list[_Entry], number: int, new: str) -> str:
    entry = entries[number]
    indent = _indent(raw, entry)
    if indent is None and number + 1 < len(entries):
        indent = _indent(raw, entries[number + 1])
    head, tail = raw[: entry.end], raw[entry.end :]
    trailing = "," if entry.comma is not None else ""
    if entry.comma is not None:
        head, tail = raw[: entry.comma + 1], raw[entry.comma + 1 :]
    else:
        head += ","
    rest_of_line, newline, below = tail.partition("\n")
    alone = not rest_of_line.strip() or rest_of_line.lstrip().startswith("#")
    if indent is not None and newline and alone and "\n" not in raw[entry.end : entry.comma or entry.end]:
        return f"{head}{rest_of_line}\n{indent}{new}{trailing}\n{below}"
    return f"{head} {new}{trailing}{tail}"
