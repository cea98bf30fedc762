"""A docstring as it is written in; its section of parameters and the entries there, and what it says of the result, out."""

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


@dataclass(frozen=True, slots=True)
class Result:
    """What the docstring says of what the function returns.

    `first` and `last` are the lines of the text, counted from 0 in the literal, `lead` what its first line starts
    with, `type` the type before the text as written (NumPy: the whole line), `text` all of the rest, and `hanging` the
    indentation of its further lines. `types` are the lines of Sphinx's `:rtype:`, each with what it starts with.
    """

    style: DocstringStyle
    first: int
    last: int
    lead: str
    type: str
    text: str
    hanging: str
    types: tuple[tuple[int, str], ...] = ()


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


def result_section(literal: str) -> Result | None:
    """What the docstring `literal` says of the result, None where that is not one paragraph in a known style."""
    lines = content(literal)
    if lines is None:
        return None
    return _numpy_result(lines) or _google_result(lines) or _sphinx_result(lines)


def names_as_code(literal: str, name: str) -> bool:
    """Whether the docstring names a parameter in the way of code, rather than in a sentence."""
    word = re.escape(name)
    if "_" in name:
        return re.search(rf"\b{word}\b", literal) is not None
    marked = rf"[`'\"*]{word}[`'\"*]|\b{word}\s*[\[=]|[:@]\w+[^:\n]*\b{word}\s*:"
    listed = rf"^[ \t]*(?:[-*+][ ]+)?{word}\b\s*(?:\(|:|,|--? |$)"
    return re.search(rf"(?m){marked}|{listed}", literal) is not None


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


def _margin(lines: Sequence[str]) -> str:
    """The indentation of the docstring, which its first line does not show."""
    return min(
        (_indent(line) for line in lines[1:] if line.strip() or line is lines[-1]), key=_width, default=""
    )


def _google(lines: Sequence[str]) -> Section | None:
    for number, line in enumerate(lines):
        if _GOOGLE_TITLE.fullmatch(line):
            indent = _indent(line) if number else _margin(lines)
            block = _block(lines, number + 1, minimum=_width(indent) + 1)
            entries = tuple(_entries(lines, block, _GOOGLE_ENTRY))
            if entries:
                return Section("google", indent, entries, (), _spaced(lines, entries))
    return None


def _numpy(lines: Sequence[str]) -> Section | None:
    for number, line in enumerate(lines[:-1]):
        if _NUMPY_TITLE.fullmatch(line) and _RULE.fullmatch(lines[number + 1]):
            indent = _indent(line) if number else _margin(lines)
            block = _block(lines, number + 2, minimum=_width(indent))
            titles = [at for at in block if at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1])]
            if titles:
                block = range(block.start, titles[0])
            entries = tuple(_entries(lines, block, _NUMPY_ENTRY))
            if entries:
                return Section("numpy", indent, entries, (), _spaced(lines, entries))
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


_GOOGLE_RESULT = re.compile(r"[ \t]*returns?:[ \t]*", re.IGNORECASE)
_GOOGLE_TYPE = re.compile(
    r"(?P<lead>[ \t]*)(?P<type>[\w.]+(?:\[.*?\])?(?:[ ]*(?:\||or)[ ]*[\w.]+)*:[ ]+)?(?P<text>.*)"
)
_NUMPY_RESULT = re.compile(r"[ \t]*Returns?[ \t]*")
_SPHINX_RESULT = re.compile(r"(?P<lead>[ \t]*[:@]returns?[ ]*:[ \t]*)(?P<text>.*)")
_SPHINX_RESULT_TYPE = re.compile(r"(?P<lead>[ \t]*[:@]rtype[ ]*:[ \t]*).*")


def _google_result(lines: Sequence[str]) -> Result | None:
    for number, line in enumerate(lines):
        if number and _GOOGLE_RESULT.fullmatch(line):
            block = _paragraph(lines, _block(lines, number + 1, minimum=_width(line) + 1))
            match = _GOOGLE_TYPE.fullmatch(lines[block.start]) if block is not None else None
            if block is None or match is None:
                return None
            lead, kind = match["lead"], match["type"] or ""
            text = " ".join([match["text"], *(part.strip() for part in lines[block.start + 1 : block.stop])])
            hanging = _indent(lines[block.start + 1]) if len(block) > 1 else lead
            return Result("google", block.start, block.stop - 1, lead, kind, text, hanging)
    return None


def _numpy_result(lines: Sequence[str]) -> Result | None:
    for number, line in enumerate(lines[:-1]):
        if number and _NUMPY_RESULT.fullmatch(line) and _RULE.fullmatch(lines[number + 1]):
            block = _block(lines, number + 2, minimum=_width(line))
            titles = [at for at in block if at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1])]
            if titles:
                block = range(block.start, titles[0])
            own = _paragraph(lines, block)
            if own is None or any(_width(lines[at]) <= _width(lines[own.start]) for at in own[1:]):
                return None  # several results
            first = lines[own.start]
            text = " ".join(part.strip() for part in lines[own.start + 1 : own.stop])
            hanging = _indent(lines[own.start + 1]) if len(own) > 1 else ""
            return Result("numpy", own.start, own.stop - 1, _indent(first), first.strip(), text, hanging)
    return None


def _sphinx_result(lines: Sequence[str]) -> Result | None:
    found = [(at, match) for at, line in enumerate(lines) if at and (match := _SPHINX_RESULT.fullmatch(line))]
    types = [
        (at, match) for at, line in enumerate(lines) if at and (match := _SPHINX_RESULT_TYPE.fullmatch(line))
    ]
    if len(found) != 1 or len(types) > 1:
        return None
    [(first, match)] = found
    last = first
    while (
        last + 1 < len(lines) and lines[last + 1].strip() and _width(lines[last + 1]) > _width(lines[first])
    ):
        last += 1
    text = " ".join([match["text"], *(part.strip() for part in lines[first + 1 : last + 1])])
    hanging = _indent(lines[first + 1]) if last > first else f"{_indent(match['lead'])}    "
    return Result(
        "sphinx", first, last, match["lead"], "", text, hanging, tuple((at, m["lead"]) for at, m in types)
    )


def _paragraph(lines: Sequence[str], block: range) -> range | None:
    """The lines of the block without blank ones at its ends, None where it has some in between, or is empty."""
    filled = [number for number in block if lines[number].strip()]
    if not filled or filled[-1] - filled[0] + 1 != len(filled) or filled[0] != block.start:
        return None
    return range(filled[0], filled[-1] + 1)


def _spaced(lines: Sequence[str], entries: Sequence[Entry]) -> bool:
    """Whether a blank line stands before every entry but the first."""
    return len(entries) > 1 and all(not lines[entry.first - 1].strip() for entry in entries[1:])
