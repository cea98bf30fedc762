"""A docstring as it is written in; its section of parameters and the entries there out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from session_first.model import DocstringStyle
from session_first.source import split_lines


@dataclass(frozen=True, slots=True)
class Entry:
    """What the section says of one parameter.

    `first` and `last` are the lines it takes, counted from 0 in the literal. `lead` is what its first
    line starts with (indentation, a bullet, `:param`), `type` its type as written (`(int, optional)`,
    `: int`, `str`), `separator` what stands between them and `text`, and `hanging` the indentation
    of its further lines, None where it has one line.
    """

    name: str
    first: int
    last: int
    lead: str
    type: str
    separator: str
    text: str
    hanging: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """The section of parameters.

    `indent` is the indentation of its title (in Sphinx style, of its fields). `types` are Sphinx's
    `:type x:` fields. `spaced` says that blank lines stand between the entries.
    """

    style: DocstringStyle
    indent: str
    entries: tuple[Entry, ...]
    types: tuple[Entry, ...]
    spaced: bool


_OPENING = re.compile(r"""[uUrR]?("{3}|'{3})""")
_NAME = r"(?:\\?\*){0,2}\w+"
_GOOGLE_TITLE = re.compile(
    r"[ \t]*(?:args|arguments|parameters|params|keyword args|keyword arguments):[ \t]*", re.IGNORECASE
)
_GOOGLE_ENTRY = re.compile(
    rf"(?P<lead>[ \t]*(?:[-*+][ ]+)?`{{0,2}})(?P<name>{_NAME})`{{0,2}}(?P<type>[ ]*\(.*?\))?"
    r"(?P<separator>[ ]*:[ \t]*|[ ]+--?[ ]+)(?P<text>.*)"
)
_NUMPY_TITLE = re.compile(r"[ \t]*(?:Other )?Parameters[ \t]*")
_NUMPY_ENTRY = re.compile(rf"(?P<lead>[ \t]*)(?P<name>{_NAME})(?:,[ ]*{_NAME})*(?P<type>[ ]*:.*)?[ \t]*")
_RULE = re.compile(r"[ \t]*(?:-{3,}|={3,})[ \t]*")
_SPHINX_ENTRY = re.compile(
    r"(?P<lead>[ \t]*[:@](?:param|parameter|arg|argument|key|keyword|kwarg)[ \t]+)"
    rf"(?P<type>[^:]*?[ \t]+)?(?P<name>{_NAME})(?P<separator>[ ]*:[ \t]*)(?P<text>.*)"
)
_SPHINX_TYPE = re.compile(
    rf"(?P<lead>[ \t]*[:@]type[ \t]+)(?P<type>)(?P<name>{_NAME})(?P<separator>[ ]*:[ \t]*)(?P<text>.*)"
)
_SPHINX_FIELD = re.compile(r"[ \t]*[:@]\w+")


def parameter_section(literal: str) -> Section | None:
    """The section of parameters in the docstring `literal`, given as the source writes it, quotes included.

    None where there is none, or where the literal is no single triple-quoted string.
    """
    lines = content(literal)
    if lines is None:
        return None
    return _numpy(lines) or _google(lines) or _sphinx(lines)


def content(literal: str) -> tuple[str, ...] | None:
    """The literal's lines without endings and quotes, None where it is no single triple-quoted string."""
    opening = _OPENING.match(literal)
    if opening is None:
        return None
    quote = opening[1]
    closing = re.compile(rf"(?:(?!{quote})[^\\]|\\.)*{quote}", re.DOTALL).match(literal, opening.end())
    if closing is None or closing.end() != len(literal):
        return None
    lines = split_lines(literal[opening.end() : -3])
    bare = [line.rstrip("\r\n") for line in lines]
    raw = "r" in opening[0].lower()
    if not raw and any(_continued(line) for line in bare[1:]):
        return None  # its lines are not those that people see
    return tuple(bare)


def _continued(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _width(line: str) -> int:
    return len(_indent(line).expandtabs())


def _google(lines: Sequence[str]) -> Section | None:
    for number, line in enumerate(lines):
        if number and _GOOGLE_TITLE.fullmatch(line):
            block = _block(lines, number + 1, minimum=_width(line) + 1)
            entries = tuple(_entries(lines, block, _GOOGLE_ENTRY))
            if entries:
                return Section("google", _indent(line), entries, (), _spaced(lines, entries))
    return None


def _numpy(lines: Sequence[str]) -> Section | None:
    for number, line in enumerate(lines[:-1]):
        if number and _NUMPY_TITLE.fullmatch(line) and _RULE.fullmatch(lines[number + 1]):
            block = _block(lines, number + 2, minimum=_width(line))
            titles = [at for at in block if at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1])]
            if titles:
                block = range(block.start, titles[0])
            entries = tuple(_entries(lines, block, _NUMPY_ENTRY))
            if entries:
                return Section("numpy", _indent(line), entries, (), _spaced(lines, entries))
    return None


def _block(lines: Sequence[str], start: int, *, minimum: int) -> range:
    """The lines from `start` on that are blank or indented by `minimum` at least."""
    end = start
    while end < len(lines) and (not lines[end].strip() or _width(lines[end]) >= minimum):
        end += 1
    return range(start, end)


def _entries(lines: Sequence[str], block: range, pattern: re.Pattern[str]) -> Iterator[Entry]:
    """The entries at the indentation of the first one; what else stands there goes on with the entry before.

    Nothing where the first line is no entry, or where a paragraph of prose follows.
    """
    filled = [number for number in block if lines[number].strip()]
    if not filled:
        return
    width = _width(lines[filled[0]])
    starts: list[tuple[int, re.Match[str]]] = []
    for number in filled:
        if _width(lines[number]) > width:
            continue
        match = pattern.fullmatch(lines[number])
        if match is not None:
            starts.append((number, match))
        elif not starts or not lines[number - 1].strip():
            break
    else:
        number = block.stop
    # With no entry at all the ends are one more than the starts, which is why zip is not strict.
    for (first, match), after in zip(starts, [*(start for start, _ in starts[1:]), number], strict=False):
        yield _entry(lines, match, first, [line for line in filled if first <= line < after])


def _entry(lines: Sequence[str], match: re.Match[str], first: int, own: Sequence[int]) -> Entry:
    parts = match.groupdict()
    return Entry(
        name=parts["name"].replace("\\", ""),
        first=first,
        last=own[-1],
        lead=parts["lead"],
        type=parts["type"] or "",
        separator=parts.get("separator") or "",
        text=parts.get("text") or "",
        hanging=_indent(lines[own[1]]) if len(own) > 1 else None,
    )


def _sphinx(lines: Sequence[str]) -> Section | None:
    entries = tuple(_fields(lines, _SPHINX_ENTRY))
    if not entries:
        return None
    types = tuple(_fields(lines, _SPHINX_TYPE))
    return Section("sphinx", _indent(entries[-1].lead), entries, types, _spaced(lines, entries))


def _fields(lines: Sequence[str], pattern: re.Pattern[str]) -> Iterator[Entry]:
    for first, line in enumerate(lines):
        match = pattern.fullmatch(line)
        if first and match is not None:
            own = [first]
            for number in range(first + 1, len(lines)):
                text = lines[number]
                if _SPHINX_FIELD.match(text):
                    break
                after_blank = own[-1] != number - 1
                if text.strip() and after_blank and _width(text) <= _width(line):
                    break
                if text.strip():
                    own.append(number)
            yield _entry(lines, match, first, own)


def _spaced(lines: Sequence[str], entries: Sequence[Entry]) -> bool:
    """Whether a blank line stands before every entry but the first."""
    return len(entries) > 1 and all(not lines[entry.first - 1].strip() for entry in entries[1:])
