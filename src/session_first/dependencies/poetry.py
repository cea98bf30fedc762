"""Poetry's tables of dependencies: read as requirements, and the source of one with one more entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from session_first.dependencies.needed import NAME, OLDEST, normalised, place

_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))\s*[.=]")


def requirements(table: Mapping[str, object]) -> Iterator[str]:
    """What the table declares, one for each alternative of a constraint."""
    for name, value in table.items():
        for constraint in _constraints(value):
            for alternative in constraint.split("||"):
                yield f"{name}{_standard(alternative)}"


def is_optional(table: Mapping[str, object], name: str) -> bool:
    """Whether only an extra installs it."""
    value = next((value for key, value in table.items() if normalised(key) == name), None)
    return isinstance(value, Mapping) and value.get("optional") is True


def entry(*, optional: bool) -> tuple[dict[str, object] | str, str]:
    """The new entry's value, and its source."""
    if optional:
        return {"version": OLDEST, "optional": True}, f'{{ version = "{OLDEST}", optional = true }}'
    return OLDEST, f'"{OLDEST}"'


def insert(text: str, header: str, keys: Sequence[str], source: str) -> str | None:
    """The file's text with the entry in the table `[header]`, which has these keys; None where it has no such header."""
    lines = text.splitlines(keepends=True)
    headers = [(n, match[1]) for n, line in enumerate(lines) if (match := _HEADER.match(line)) is not None]
    top = next((n for n, name in headers if _plain(name) == header), None)
    if top is None:
        return None
    bottom = next((n for n, _ in headers if n > top), len(lines))
    starts = [(n, name) for n in range(top + 1, bottom) if (name := _key(lines[n])) in set(keys)]
    names = [name for _, name in starts if name != "python"]
    index = place(names)
    before = names[index - 1] if index else "python" if starts and starts[0][1] == "python" else None
    where = top + 1
    if before is not None:
        number = max(n for n, (_, name) in enumerate(starts) if name == before)
        where = starts[number + 1][0] if number + 1 < len(starts) else bottom
        while not lines[where - 1].strip() or lines[where - 1].lstrip().startswith("#"):
            where -= 1
    if not lines[where - 1].endswith("\n"):
        lines[where - 1] += "\n"
        return "".join([*lines[:where], f"{NAME} = {source}"])
    return "".join([*lines[:where], f"{NAME} = {source}\n", *lines[where:]])


def _plain(header: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in header.split("."))


def _key(line: str) -> str | None:
    match = _KEY.match(line)
    return None if match is None else match[1] or match[2] or match[3]


def _constraints(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        version = value.get("version")
        yield version if isinstance(version, str) else ""
    elif isinstance(value, list):
        for item in value:
            yield from _constraints(item)


def _standard(constraint: str) -> str:
    return ",".join(
        _specifier(part.strip()) for part in constraint.split(",") if part.strip() not in {"", "*"}
    )


def _specifier(part: str) -> str:
    if part.startswith("^"):
        major = part[1:].strip().partition(".")[0]
        return f">={part[1:].strip()},<{int(major) + 1}" if major.isdigit() else part
    if part.startswith("~") and not part.startswith("~="):
        numbers = part[1:].strip().split(".")
        return f">={part[1:].strip()},=={'.'.join(numbers[:2])}.*"
    return f"=={part}" if part[0].isdigit() else part
