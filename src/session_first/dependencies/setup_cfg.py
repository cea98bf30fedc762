"""The text of a setup.cfg in, the same with one more requirement in `install_requires` or an extra out."""

from __future__ import annotations

import configparser
import re
from collections.abc import Sequence
from dataclasses import dataclass

from session_first.dependencies.needed import NEEDED, holds_companion, judge, place
from session_first.dependencies.outcome import Added, Outcome, Present, Refused

_OPTIONS = "options"
_MAIN = (_OPTIONS, "install_requires")
_EXTRAS = "options.extras_require"
_HEADER = re.compile(r"\[([^\]]+)\]")
_KEY = re.compile(r"(?P<name>[^\s#;:=\[][^:=]*?)\s*[:=]\s*")


@dataclass(frozen=True, slots=True)
class Look:
    """What the file says of dependencies; see `pyproject.Look`."""

    declares: bool
    could: bool
    companion: bool
    files: tuple[str, ...] = ()


def look(text: str) -> Look:
    """What the file says. One that cannot be parsed counts as declaring something if it looks like it."""
    parser = _parse(text)
    if isinstance(parser, str):
        declares = "install_requires" in text
        return Look(declares=declares, could=declares, companion=False)
    companion = any(holds_companion(_listed(parser, *key)) for key in _keys(parser))
    stated = parser.get(*_MAIN, fallback=None)
    files = () if stated is None or not stated.startswith("file:") else _split(stated[5:], ",")
    return Look(
        declares=companion or (stated is not None and not files),
        could=parser.has_section(_OPTIONS) and not files,
        companion=companion,
        files=tuple(files),
    )


def add(text: str) -> Outcome:
    """Declares the requirement in `install_requires`, or in the extras that boto3 is in where it is only there."""
    parser = _parse(text)
    if isinstance(parser, str):
        return Refused(f"add {NEEDED} to install_requires; {parser}")
    verdict = judge(_listed(parser, *_MAIN))
    if verdict is not None:
        return verdict
    targets = [key for key in _keys(parser) if holds_companion(_listed(parser, *key))]
    if _MAIN in targets or not targets:
        if not targets:
            verdict = judge(item for key in _keys(parser) for item in _listed(parser, *key))
            if verdict is not None:
                return verdict
        targets = [_MAIN]
    added = False
    for section, name in targets:
        verdict = judge(_listed(parser, section, name))
        if isinstance(verdict, Refused):
            return verdict
        if verdict is None:
            outcome = _add_at(text, section, name)
            if isinstance(outcome, Refused):
                return outcome
            text, added = outcome.text, True
    return Added(text) if added else Present()


# --- Reading --------------------------------------------------------------------------------------


def _parse(text: str) -> configparser.RawConfigParser | str:
    """What setuptools reads; where it cannot, why."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return f"it cannot be parsed: {' '.join(str(error).split())}"
    return parser


def _keys(parser: configparser.RawConfigParser) -> list[tuple[str, str]]:
    extras = parser.options(_EXTRAS) if parser.has_section(_EXTRAS) else []
    main = [_MAIN] if parser.has_option(*_MAIN) else []
    return [*main, *((_EXTRAS, name) for name in extras)]


def _listed(parser: configparser.RawConfigParser, section: str, name: str) -> list[str]:
    value = parser.get(section, name, fallback="")
    return _split(value, "\n" if "\n" in value else ";")


def _split(value: str, separator: str) -> list[str]:
    return [stripped for part in value.split(separator) if (stripped := part.strip())]


# --- Writing --------------------------------------------------------------------------------------


def _add_at(text: str, section: str, name: str) -> Added | Refused:
    ended = text if text.endswith("\n") else f"{text}\n"
    after = _insert(ended.splitlines(keepends=True), section, name)
    if ended != text:
        after = after.removesuffix("\n")
    before, again = _parse(text), _parse(after)
    assert not isinstance(before, str)
    if not isinstance(again, str):
        wanted, found = _as_lists(before), _as_lists(again)
        new = found.get((section, name), [])
        if NEEDED in new:
            new.remove(NEEDED)
            wanted.setdefault((section, name), [])
            if found == wanted:
                return Added(after)
    return Refused(f"add {NEEDED} to {name}, which is written in a way that cannot be edited")


def _as_lists(parser: configparser.RawConfigParser) -> dict[tuple[str, str], list[str]]:
    return {
        (section, name): _listed(parser, section, name)
        for section in parser.sections()
        for name in parser.options(section)
    }


def _insert(lines: Sequence[str], section: str, name: str) -> str:
    top = next((n for n, line in enumerate(lines) if _section(line) == section), len(lines))
    bottom = next((n for n in range(top + 1, len(lines)) if _section(lines[n]) is not None), len(lines))
    key = next((n for n in range(top + 1, bottom) if _name(lines[n]) == name), None)
    if key is None:
        end = _end(lines, top, bottom)
        return "".join([*lines[:end], f"{name} =\n    {NEEDED}\n", *lines[end:]])
    until = next((n for n in range(key + 1, bottom) if _name(lines[n]) is not None), bottom)
    match = _KEY.match(lines[key])
    assert match is not None
    on_key = lines[key][match.end() :].strip()
    below = [n for n in range(key + 1, until) if _is_entry(lines[n])]
    if on_key and not below:
        entries = _split(on_key, ";")
        entries.insert(place(entries), NEEDED)
        return "".join([*lines[:key], f"{match[0]}{'; '.join(entries)}\n", *lines[key + 1 :]])
    first = [on_key] if on_key else []
    index = max(place([*first, *(lines[n].strip() for n in below)]) - len(first), 0)
    where = below[index - 1] + 1 if index else key + 1
    indent = lines[below[0]][: -len(lines[below[0]].lstrip())] if below else "    "
    return "".join([*lines[:where], f"{indent}{NEEDED}\n", *lines[where:]])


def _section(line: str) -> str | None:
    match = _HEADER.match(line)
    return None if match is None else match[1]


def _name(line: str) -> str | None:
    match = _KEY.match(line)
    return None if match is None else match["name"].lower()


def _is_entry(line: str) -> bool:
    return line[:1].isspace() and line.strip()[:1] not in {"", "#", ";"}


def _end(lines: Sequence[str], top: int, bottom: int) -> int:
    """The line after the last one of a section that says something."""
    while bottom > top + 1 and not lines[bottom - 1].strip():
        bottom -= 1
    return bottom
