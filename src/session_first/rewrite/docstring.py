"""A docstring's literal in, the same with one parameter more in its section of parameters, or with a session for credentials, out."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from session_first.facts.docstrings import Entry, Section, content, parameter_section, result_section
from session_first.model import DocumentAssumedSession, DocumentParameter
from session_first.rewrite.error import RewriteError
from session_first.source import split_lines

_TYPE = "boto3.Session"
_TEXT = "boto3 session to use; the default session if omitted."
_ASSUMED = "boto3 session of the assumed role"


@dataclass(frozen=True, slots=True)
class _Insertion:
    """New lines after line `number` of the literal, or before it."""

    number: int
    before: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Style:
    """How the new entry is written: like `model`, further lines indented by `hanging`, up to `width` columns."""

    model: Entry
    text: str
    hanging: str
    width: int

    def described(self, head: str) -> list[str]:
        """An entry's lines: the text behind `head`, or below it where the model has it there."""
        if not self.model.text.strip() and self.model.hanging is not None:
            return [head.rstrip(), *self.filled(self.hanging)]
        return self.filled(head if head.endswith((" ", "\t")) else f"{head} ")

    def filled(self, head: str) -> list[str]:
        return textwrap.wrap(
            self.text,
            self.width,
            initial_indent=head,
            subsequent_indent=self.hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )


def document(literal: str, edit: DocumentParameter, *, keywords: str | None, width: int) -> str:
    """`literal` with an entry for the parameter: the last one, before that of `**keywords`.

    Its lines are no longer than `width` or the docstring's own. A docstring that has an entry of that name
    stays as it is.

    Raises:
        RewriteError: there is no section of parameters in that style.
    """
    section = parameter_section(literal)
    lines = content(literal)
    if section is None or lines is None or section.style != edit.style:
        raise RewriteError(f"the docstring has no section of parameters in {edit.style} style", edit.function)
    if any(entry.name == edit.name for entry in section.entries):
        return literal
    style = _style(section, lines, width)
    if section.style == "sphinx":
        insertions = _sphinx(section, style, edit.name, keywords)
    else:
        new = (
            _google(section, style, edit.name)
            if section.style == "google"
            else _numpy(section, style, edit.name)
        )
        insertions = [_insertion(section.entries, section.entries, new, keywords)]
    return _inserted(literal, lines, insertions, spaced=section.spaced)


def document_assumed_session(literal: str, edit: DocumentAssumedSession) -> str:
    """`literal` with a session where it says something of the credentials that the parameter was, or the result.

    Raises:
        RewriteError: it says nothing of that.
    """
    lines = content(literal)
    assert lines is not None
    if edit.name is None:
        changes = _result(literal, lines)
    else:
        assert edit.new is not None
        changes = _renamed(literal, lines, edit.name, edit.new)
    if not changes:
        raise RewriteError("the docstring says nothing of it in a section of its own", edit.function)
    whole = list(split_lines(literal))
    for first, last, new in sorted(changes, reverse=True):
        ending = whole[last][len(lines[last]) :]
        if last == len(lines) - 1 and not whole[last].endswith(("\r", "\n")):
            ending = whole[last][len(lines[last].rstrip()) :]  # the quotes close on this line
        newline = whole[0][len(whole[0].rstrip("\r\n")) :]
        whole[first : last + 1] = [newline.join(new) + ending]
    return "".join(whole)


_Change = tuple[int, int, tuple[str, ...]]
"""The first and the last line that change, and what takes their place."""


def _renamed(literal: str, lines: Sequence[str], name: str, new: str) -> list[_Change]:
    section = parameter_section(literal)
    entry = next((e for e in section.entries if e.name == name), None) if section is not None else None
    if section is None or entry is None:
        return []
    text = _sentence(lines[entry.last])
    optional = ", optional" if "optional" in entry.type.lower().replace("optional[", "") else ""
    if section.style == "numpy":
        colon = entry.type[: len(entry.type) - len(entry.type.lstrip(" :"))]
        head = entry.lead + new + (f"{colon}{_TYPE}{optional}" if entry.type else "")
        return [(entry.first, entry.last, (head, *([entry.hanging + text] if entry.hanging else [])))]
    if section.style == "google":
        quote = entry.lead[len(entry.lead.rstrip("`")) :]
        space = entry.type[: len(entry.type) - len(entry.type.lstrip())]
        head = entry.lead + new + quote + (f"{space}({_TYPE}{optional})" if entry.type else "")
    else:
        head = entry.lead + (f"{_TYPE} " if entry.type else "") + new
    below = not entry.text.strip() and entry.hanging is not None
    head += entry.separator if not below else entry.separator.rstrip()
    written = (head, f"{entry.hanging}{text}") if below else (f"{head}{text}",)
    if not entry.text.strip() and not below:
        written = (head.rstrip(),)  # it has no text
    changes: list[_Change] = [(entry.first, entry.last, written)]
    changes.extend(
        (field.first, field.last, (f"{field.lead}{new}{field.separator}{_TYPE}",))
        for field in section.types
        if field.name == name
    )
    return changes


def _result(literal: str, lines: Sequence[str]) -> list[_Change]:
    result = result_section(literal)
    if result is None:
        return []
    text = _sentence(lines[result.last])
    if result.style == "numpy":
        below = (f"{result.hanging}{text}",) if result.last > result.first else ()
        return [(result.first, result.last, (f"{result.lead}{_TYPE}", *below))]
    kind = f"{_TYPE}: " if result.type else ""
    changes: list[_Change] = [(result.first, result.last, (f"{result.lead}{kind}{text}",))]
    changes.extend((at, at, (f"{lead}{_TYPE}",)) for at, lead in result.types)
    return changes


def _sentence(last: str) -> str:
    return f"{_ASSUMED}." if last.rstrip().endswith(".") else _ASSUMED


def _style(section: Section, lines: Sequence[str], width: int) -> _Style:
    ordinary = [entry for entry in section.entries if not entry.name.startswith("*")]
    model = ordinary[-1] if ordinary else section.entries[-1]
    described = model.text.strip() or model.hanging is not None
    text = _TEXT if not described or lines[model.last].rstrip().endswith(".") else _TEXT.rstrip(".")
    known = [entry.hanging for entry in (model, *section.entries) if entry.hanging is not None]
    return _Style(model, text, known[0] if known else _hanging(section, model), max(width, *map(len, lines)))


def _hanging(section: Section, model: Entry) -> str:
    """The indentation of further lines, where no entry has any."""
    indent = model.lead[: len(model.lead) - len(model.lead.lstrip())]
    step = indent.removeprefix(section.indent) if section.style == "google" else ""
    return indent + (step or ("\t" if indent.endswith("\t") else "    "))


def _typed(section: Section) -> str | None:
    """The type as the nearest entry that has one writes it, if at least half of the entries have one."""
    types = [entry.type for entry in section.entries if entry.type]
    return types[-1] if types and 2 * len(types) >= len(section.entries) else None


def _new_type(types: Sequence[str]) -> str:
    """The parameter's type, said to be optional in the ways in which `types` say so of others."""
    optional = any("optional" in text.lower().replace("optional[", "") for text in types)
    kind = _TYPE
    if any("Optional[" in text for text in types):
        kind = f"Optional[{_TYPE}]"
    elif any("| None" in text for text in types):
        kind = f"{_TYPE} | None"
    return f"{kind}, optional" if optional else kind


def _google(section: Section, style: _Style, name: str) -> list[str]:
    model = style.model
    quote = model.lead[len(model.lead.rstrip("`")) :]
    typed = _typed(section)
    kind = ""
    if typed is not None:
        space = typed[: len(typed) - len(typed.lstrip())]
        kind = f"{space}({_new_type([entry.type for entry in section.entries])})"
    return style.described(model.lead + name + quote + kind + model.separator)


def _numpy(section: Section, style: _Style, name: str) -> list[str]:
    typed = _typed(section)
    kind = ""
    if typed is not None:
        colon = typed[: len(typed) - len(typed.lstrip(" :"))]
        kind = colon + _new_type([entry.type for entry in section.entries])
    return [style.model.lead + name + kind, *style.filled(style.hanging)]


def _sphinx(section: Section, style: _Style, name: str, keywords: str | None) -> list[_Insertion]:
    model, entries, types = style.model, section.entries, section.types
    kind = "" if _typed(section) is None else f"{_TYPE} "
    new = style.described(model.lead + kind + name + model.separator)
    if not types:
        return [_insertion(entries, entries, new, keywords)]
    field = types[-1]
    new_type = [f"{field.lead}{name}{field.separator.rstrip()} {_new_type([entry.text for entry in types])}"]
    if len(entries) > 1 and types[0].first > entries[-1].first:  # first all parameters, then all types
        return [_insertion(entries, entries, new, keywords), _insertion(types, types, new_type, keywords)]
    type_first = any(entry.name == model.name and entry.first < model.first for entry in types)
    both = new_type + new if type_first else new + new_type
    return [_insertion(entries, (*entries, *types), both, keywords)]


def _insertion(
    entries: Sequence[Entry], fields: Sequence[Entry], new: Sequence[str], keywords: str | None
) -> _Insertion:
    """After the last of the `fields`, before those of `**keywords` if they are the last."""
    last = entries[-1]
    if last.name.startswith("**") or last.name.lstrip("*") == keywords:
        return _Insertion(min(field.first for field in fields if field.name == last.name), True, tuple(new))
    return _Insertion(max(field.last for field in fields), False, tuple(new))


def _inserted(literal: str, lines: Sequence[str], insertions: Sequence[_Insertion], *, spaced: bool) -> str:
    whole = list(split_lines(literal))
    newline = whole[0][len(whole[0].rstrip("\r\n")) :]
    blank = newline if spaced else ""
    for insertion in insertions:  # each makes one line longer, so that the numbers stay right
        number = insertion.number
        text = newline.join(insertion.lines)
        if insertion.before:
            whole[number] = text + newline + blank + whole[number]
            continue
        end = len(lines[number])
        if number == len(lines) - 1 and not whole[number].endswith(("\r", "\n")):
            end = len(lines[number].rstrip())  # the quotes close on this line
        whole[number] = whole[number][:end] + newline + blank + text + whole[number][end:]
    return "".join(whole)
