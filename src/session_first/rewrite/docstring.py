"""A docstring's literal in, the same with one parameter more in its section of parameters out."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from session_first.facts.docstrings import Entry, Section, content, parameter_section
from session_first.model import DocumentParameter
from session_first.rewrite.error import RewriteError
from session_first.source import split_lines

_TYPE = "boto3.Session"
_TEXT = "boto3 session to use; the default session if omitted."
_WIDTH = 79


def document(literal: str, edit: DocumentParameter, keywords: str | None) -> str:
    """`literal` with an entry for the parameter: the last one, before that of `**keywords`.

    A docstring that has an entry of that name already stays as it is.
    """
    section = parameter_section(literal)
    lines = content(literal)
    if section is None or lines is None or section.style != edit.style:
        raise RewriteError(f"the docstring has no section of parameters in {edit.style} style", edit.function)
    if any(entry.name == edit.name for entry in section.entries):
        return literal
    if section.style == "sphinx":
        insertions = _sphinx(section, lines, edit.name, keywords)
    else:
        entry = (
            _google(section, lines, edit.name)
            if section.style == "google"
            else _numpy(section, lines, edit.name)
        )
        insertions = [(_place([*section.entries], keywords), entry)]
    return _insert(literal, lines, insertions, spaced=section.spaced)


def _place(entries: Sequence[Entry], keywords: str | None, fields: Sequence[Entry] = ()) -> tuple[int, bool]:
    """A line, and whether the new entry goes before it (else after it).

    `fields` are what else belongs to the entries.
    """
    last = entries[-1]
    if keywords is not None and last.name.lstrip("*") == keywords:
        return min(entry.first for entry in (last, *fields) if entry.name == last.name), True
    return max(entry.last for entry in (last, *fields)), False


def _model(section: Section) -> Entry:
    """The entry to imitate: the last one that is not `**kwargs`."""
    ordinary = [entry for entry in section.entries if not entry.name.startswith("*")]
    return ordinary[-1] if ordinary else section.entries[-1]


def _typed(section: Section) -> str | None:
    """The type as written by the nearest entry that has one, if at least half of the entries have."""
    types = [entry.type for entry in section.entries if entry.type]
    return types[-1] if types and 2 * len(types) >= len(section.entries) else None


def _optional(types: Sequence[str]) -> str:
    return ", optional" if any("optional" in text.lower().replace("optional[", "") for text in types) else ""


def _text(model: Entry, lines: Sequence[str]) -> str:
    described = model.text.strip() or model.hanging is not None
    return _TEXT if not described or lines[model.last].rstrip().endswith(".") else _TEXT.rstrip(".")


def _hanging(section: Section, model: Entry) -> str:
    """The indentation of an entry's further lines."""
    known = [entry.hanging for entry in (model, *section.entries) if entry.hanging is not None]
    if known:
        return known[0]
    indent = model.lead[: len(model.lead) - len(model.lead.lstrip())]
    step = indent.removeprefix(section.indent) if section.style == "google" else ""
    return indent + (step or ("\t" if indent.endswith("\t") else "    "))


def _filled(head: str, text: str, hanging: str, lines: Sequence[str]) -> list[str]:
    """`head` and `text`, going on with `hanging` where a line would be longer than those that are there."""
    width = max(_WIDTH, *map(len, lines))
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _google(section: Section, lines: Sequence[str], name: str) -> list[str]:
    model = _model(section)
    quote = model.lead[len(model.lead.rstrip("`")) :]
    typed = _typed(section)
    kind = ""
    if typed is not None:
        space = typed[: len(typed) - len(typed.lstrip())]
        kind = f"{space}({_TYPE}{_optional([entry.type for entry in section.entries])})"
    head = model.lead + name + quote + kind + model.separator
    hanging = _hanging(section, model)
    if not model.text.strip() and model.hanging is not None:
        return [head.rstrip(), *_filled(hanging, _text(model, lines), hanging, lines)]
    if not head.endswith((" ", "\t")):
        head += " "
    return _filled(head, _text(model, lines), hanging, lines)


def _numpy(section: Section, lines: Sequence[str], name: str) -> list[str]:
    model = _model(section)
    typed = _typed(section)
    kind = ""
    if typed is not None:
        colon = typed[: len(typed) - len(typed.lstrip(" :"))]
        kind = f"{colon}{_TYPE}{_optional([entry.type for entry in section.entries])}"
    hanging = _hanging(section, model)
    return [model.lead + name + kind, *_filled(hanging, _text(model, lines), hanging, lines)]


def _sphinx(
    section: Section, lines: Sequence[str], name: str, keywords: str | None
) -> list[tuple[tuple[int, bool], list[str]]]:
    model = _model(section)
    kind = ""
    if _typed(section) is not None:
        kind = f"{_TYPE} "
    hanging = _hanging(section, model)
    head = model.lead + kind + name + model.separator
    if not model.text.strip() and model.hanging is not None:
        parameter = [head.rstrip(), *_filled(hanging, _text(model, lines), hanging, lines)]
    else:
        parameter = _filled(f"{head.rstrip()} ", _text(model, lines), hanging, lines)
    if not section.types:
        return [(_place(section.entries, keywords), parameter)]
    field = section.types[-1]
    optional = _optional([entry.text for entry in section.types])
    kinds = [f"{field.lead}{name}{field.separator.rstrip()} {_TYPE}{optional}"]
    if len(section.entries) > 1 and section.types[0].first > section.entries[-1].first:
        places = _place(section.entries, keywords), _place(section.types, keywords)
        return [(places[0], parameter), (places[1], kinds)]
    before = any(entry.name == model.name and entry.first < model.first for entry in section.types)
    entry = kinds + parameter if before else parameter + kinds
    return [(_place(section.entries, keywords, section.types), entry)]


def _insert(
    literal: str,
    lines: Sequence[str],
    insertions: Sequence[tuple[tuple[int, bool], list[str]]],
    *,
    spaced: bool,
) -> str:
    whole = list(split_lines(literal))
    newline = whole[0][len(whole[0].rstrip("\r\n")) :]
    blank = newline if spaced else ""
    for (number, before), new in sorted(insertions, reverse=True):
        text = newline.join(new)
        if before:
            whole[number] = text + newline + blank + whole[number]
        else:
            end = len(lines[number])
            if number == len(lines) - 1 and not whole[number].endswith(("\r", "\n")):
                end = len(lines[number].rstrip())  # the quotes close on this line
            whole[number] = whole[number][:end] + newline + blank + text + whole[number][end:]
    return "".join(whole)
