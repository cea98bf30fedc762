"""A module's text and an import that it is to have in, the text with it in its place out."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from session_first.model import AddImport, Position
from session_first.rewrite.error import RewriteError
from session_first.rewrite.imports import extend
from session_first.rewrite.pieces import statement_end, statement_start
from session_first.source import SourceFile, parse

Statement = ast.Import | ast.ImportFrom

_NEWLINE = re.compile(r"\r\n|\r|\n")


def binds(body: Sequence[ast.stmt], edit: AddImport) -> bool:
    """Whether a statement directly in `body` binds what the edit would bind."""
    return any(_binds(statement, edit) for statement in body)


def _binds(statement: ast.stmt, edit: AddImport) -> bool:
    if isinstance(statement, ast.Import) and edit.name is None:
        return any(
            f"{alias.name}.".startswith(f"{edit.module}.")
            if alias.asname is None
            else alias.name == alias.asname == edit.module
            for alias in statement.names
        )
    if isinstance(statement, ast.ImportFrom) and statement.module == edit.module and not statement.level:
        return any(alias.name == edit.name and alias.asname in (None, edit.name) for alias in statement.names)
    return False


def outstanding(tree: ast.Module, source: SourceFile, edits: Sequence[AddImport]) -> list[AddImport]:
    """The edits, all with a place beside an import, whose binding is not there yet.

    It is there where the module binds it, unless between the place and that there is more than imports, or
    where an edit before it in the same block brings it.

    Raises:
        RewriteError: there is no import statement at a place.
    """
    places: dict[Position, tuple[list[ast.stmt], int]] = {}
    for body in _blocks(tree):
        for index, statement in enumerate(body):
            if isinstance(statement, Statement):
                places[source.start(statement)] = body, index
    brought: set[tuple[int, str, str | None]] = set()
    needed: list[AddImport] = []
    for edit in edits:
        assert edit.beside is not None
        if edit.beside not in places:
            raise RewriteError("there is no import statement here", edit.beside)
        body, index = places[edit.beside]
        reached = len(tree.body)
        if body is tree.body:
            rest = range(index, len(body))
            reached = next((at for at in rest if not isinstance(body[at], Statement)), len(body))
        key = (id(body), edit.module, edit.name)
        if key not in brought and not binds(tree.body[:reached], edit) and not binds(body[:index], edit):
            brought.add(key)
            needed.append(edit)
    return needed


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def place(source: SourceFile, edit: AddImport) -> str:
    """The module's text with the import among its own, or as it is where that binds the name already."""
    tree = parse(source)
    if binds(tree.body, edit):
        return source.text
    if edit.type_checking:
        return _place_guarded(source, tree, edit)
    head = _head(tree)
    if edit.name is not None:
        for statement in head:
            if isinstance(statement, ast.ImportFrom) and _extensible(statement, edit.module):
                return _extended(source, statement, edit.name)
    return _insert_among(source, tree, head, edit)


def _head(tree: ast.Module) -> Sequence[ast.stmt]:
    """The statements before the first function or class, which may need the import."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    end = next((at for at, statement in enumerate(tree.body) if isinstance(statement, definitions)), None)
    return tree.body[:end]


def _text(edit: AddImport) -> str:
    return f"import {edit.module}" if edit.name is None else f"from {edit.module} import {edit.name}"


# --- A name more in a `from` import -------------------------------------------------------------

_NAME_ORDERS: tuple[Callable[[str], tuple[int, str]], ...] = (
    lambda name: (0 if name.isupper() else 1 if name[:1].isupper() else 2, name),
    lambda name: (0, name.lower()),
    lambda name: (0, name),
)


def _extensible(statement: ast.ImportFrom, module: str) -> bool:
    return statement.module == module and not statement.level and statement.names[0].name != "*"


def _extended(source: SourceFile, statement: ast.ImportFrom, name: str) -> str:
    start, end = source.start(statement), source.end(statement)
    text = source.segment(start, end)
    module = cst.parse_module(text)
    line = cst.ensure_type(module.body[0], cst.SimpleStatementLine)
    longest = max(len(line) for line in _NEWLINE.split(text))
    fits = len(_NEWLINE.split(text)[-1]) + len(name) + len(", ") <= max(79, longest)
    index = _sorted_index([alias.name for alias in statement.names], name)
    extended = extend(cst.ensure_type(line.body[0], cst.ImportFrom), name, index=index, fits=fits)
    new = module.with_changes(body=[line.with_changes(body=[extended])]).code
    return _spliced(source, start, end, new)


def _sorted_index(names: Sequence[str], name: str) -> int:
    """Where `name` goes among `names`: in the order that they are in, else at the end."""
    for order in _NAME_ORDERS:
        keys = [order(other) for other in names]
        if keys == sorted(keys):
            return sum(key < order(name) for key in keys)
    return len(names)


# --- A line more among the imports --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of imports (several, where they are parted by semicolons): `first`–`last` count from 0."""

    first: int
    last: int
    statement: Statement
    section: int


def _insert_among(source: SourceFile, tree: ast.Module, head: Sequence[ast.stmt], edit: AddImport) -> str:
    groups = _groups(source, head)
    section = _section(edit.module)
    for group in groups:
        if any(line.section == section for line in group):
            return _inserted(source, _line_in(source, group, edit, section), [_text(edit)])
    before = [group for group in groups if any(line.section < section for line in group)]
    after = [group for group in groups if any(line.section > section for line in group)]
    if before:
        group = before[-1]
        at = max(line.last for line in group if line.section < section) + 1
        mixed = group in after  # sections without blank lines in between
        return _inserted(
            source, at, [_text(edit)], apart=not mixed, blank=0 if mixed else _blank_lines(tree, at)
        )
    if after:
        return _inserted(source, _above(source, after[0][0].first), [_text(edit)], apart=True, blank=1)
    at = _top(source, tree)
    return _inserted(source, at, [_text(edit)], apart=at > 0, blank=_blank_lines(tree, at))


def _groups(source: SourceFile, body: Sequence[ast.stmt]) -> list[list[_Line]]:
    """The lines of imports, those together that have neither blank lines nor other statements between them."""
    groups: list[list[_Line]] = []
    end = -1  # of a group that may go on
    for index, statement in enumerate(body):
        first, last = statement.lineno - 1, _last_line(source, statement)
        if index and first <= _last_line(source, body[index - 1]):  # behind a semicolon
            if isinstance(statement, Statement) and end >= 0:
                groups[-1][-1] = replace(groups[-1][-1], last=last)
                end = last
            else:
                end = -1
            continue
        if not isinstance(statement, Statement):
            end = -1
            continue
        if end < 0 or any(not line.strip() for line in source.lines[end + 1 : first]):
            groups.append([])
        groups[-1].append(_Line(first, last, statement, _section_of(statement, source)))
        end = last
    return groups


def _last_line(source: SourceFile, statement: ast.stmt) -> int:
    return statement_end(source, statement).line - 1


def _section(module: str) -> int:
    """Where an import goes: `__future__`, the standard library, others' packages, the project's own."""
    package = module.partition(".")[0]
    return 0 if package == "__future__" else 1 if package in sys.stdlib_module_names else 2


def _section_of(statement: Statement, source: SourceFile) -> int:
    if isinstance(statement, ast.ImportFrom) and statement.level:
        return 3
    module = statement.module or "" if isinstance(statement, ast.ImportFrom) else statement.names[0].name
    section = _section(module)
    own = section == 2 and module.partition(".")[0] in source.path.parts
    return 3 if own else section


def _module(statement: Statement) -> str:
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").lower()
    return statement.names[0].name.lower()


_ORDERS: tuple[Callable[[Statement], tuple[int, str]], ...] = (
    lambda statement: (1 if isinstance(statement, ast.ImportFrom) else 0, _module(statement)),
    lambda statement: (0, _module(statement)),
)


def _line_in(source: SourceFile, group: Sequence[_Line], edit: AddImport, section: int) -> int:
    """The line before which the import goes: in the order that the group's own section is in.

    Where that is in no order: behind the last import of its kind, else at the end.
    """
    own = [line for line in group if line.section == section] or list(group)
    new = ast.parse(_text(edit)).body[0]
    assert isinstance(new, Statement)
    for order in _ORDERS:
        keys = [order(line.statement) for line in own]
        if keys == sorted(keys):
            before = sum(key <= order(new) for key in keys)
            if before == 0 and _above(source, own[0].first) == own[0].first:
                return own[0].first
            return own[max(before, 1) - 1].last + 1  # a comment above the first may be the heading of all
    alike = [line for line in own if isinstance(line.statement, type(new))]
    return (alike or own)[-1].last + 1


def _above(source: SourceFile, number: int) -> int:
    """The line of the first comment directly above line `number`; `number` if those begin the file."""
    first = number
    while first > 0 and source.lines[first - 1].lstrip(" \t\f").startswith("#"):
        first -= 1
    return first if first > 0 else number


def _top(source: SourceFile, tree: ast.Module) -> int:
    """Where imports begin in a module that has none: below its docstring, else below its first comments."""
    if ast.get_docstring(tree, clean=False) is not None:
        return _last_line(source, tree.body[0]) + 1
    if not tree.body:
        return len(source.lines)
    number = _above(source, statement_start(source, tree.body[0]).line - 1)
    while number > 0 and not source.lines[number - 1].strip():
        number -= 1
    return number


def _blank_lines(tree: ast.Module, at: int) -> int:
    """How many blank lines part an import before line `at` (from 0) from what follows."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    following = next((statement for statement in tree.body if statement.lineno > at), None)
    return 2 if isinstance(following, definitions) else 1


def _inserted(source: SourceFile, at: int, new: Sequence[str], *, apart: bool = False, blank: int = 0) -> str:
    """The text with lines more before line `at`, `apart` from what is above by a blank line.

    `blank` lines come after them if none is there.
    """
    lines = list(source.lines)
    newline = _newline(source, at)
    added = [*new]
    if apart and at > 0 and lines[at - 1].strip():
        added.insert(0, "")
    if at < len(lines) and lines[at].strip():
        added += [""] * blank
    if at == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        return source.text + newline + newline.join(added)
    return "".join([*lines[:at], *(line + newline for line in added), *lines[at:]])


def _newline(source: SourceFile, at: int) -> str:
    """The newline that the lines around line `at` end with."""
    for line in (*reversed(source.lines[:at]), *source.lines[at:]):
        match = _NEWLINE.search(line)
        if match is not None:
            return match[0]
    return "\n"


# --- Under `if TYPE_CHECKING:` ------------------------------------------------------------------


def _place_guarded(source: SourceFile, tree: ast.Module, edit: AddImport) -> str:
    guards = (statement for statement in tree.body if isinstance(statement, ast.If))
    guard = next((statement for statement in guards if _is_type_checking(statement.test)), None)
    if guard is not None:
        return source.text if binds(guard.body, edit) else _inserted_in_guard(source, guard, edit)
    wanted = AddImport("typing", "TYPE_CHECKING")
    test = "TYPE_CHECKING"
    if not binds(tree.body, wanted):
        if binds(_head(tree), AddImport("typing")) and not _has_typing_names(tree):
            test = "typing.TYPE_CHECKING"
        else:
            return place(replace(source, text=place(source, wanted)), edit)
    groups = _groups(source, _head(tree))
    at = groups[-1][-1].last + 1 if groups else _top(source, tree)
    new = [f"if {test}:", f"{_indent(source, tree)}{_text(edit)}"]
    return _inserted(source, at, new, apart=True, blank=_blank_lines(tree, at))


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def _has_typing_names(tree: ast.Module) -> bool:
    return any(
        isinstance(statement, ast.ImportFrom) and _extensible(statement, "typing") for statement in tree.body
    )


def _inserted_in_guard(source: SourceFile, guard: ast.If, edit: AddImport) -> str:
    start = source.start(guard.body[0])
    indent = source.lines[start.line - 1][: start.column]
    if indent.strip():  # the body stands on the guard's own line
        return _spliced(source, start, start, f"{_text(edit)}; ")
    groups = _groups(source, guard.body)
    section = _section(edit.module)
    own = [group for group in groups if any(line.section == section for line in group)]
    before = [group for group in groups if all(line.section < section for line in group)]
    after = [group for group in groups if all(line.section > section for line in group)]
    apart, blank = False, 0
    if own:
        at = _line_in(source, own[-1], edit, section)
    elif before:
        at, apart, blank = before[-1][-1].last + 1, True, int(bool(after))
    elif after:
        at, blank = _above(source, after[0][0].first), 1
    elif groups:
        at = _line_in(source, groups[-1], edit, section)
    else:
        at = _above(source, start.line - 1)
    return _inserted(source, at, [indent + _text(edit)], apart=apart, blank=blank)


def _indent(source: SourceFile, tree: ast.Module) -> str:
    """What the module indents its blocks by."""
    for statement in tree.body:
        body = getattr(statement, "body", None)
        if body:
            start = source.start(body[0])
            indent = source.lines[start.line - 1][: start.column]
            if indent and not indent.strip():
                return indent
    return "    "


def _spliced(source: SourceFile, start: Position, end: Position, new: str) -> str:
    lines = source.lines
    before = "".join(lines[: start.line - 1]) + lines[start.line - 1][: start.column]
    after = lines[end.line - 1][end.column :] + "".join(lines[end.line :])
    return before + new + after
