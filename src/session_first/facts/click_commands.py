"""A module's names in; the functions that click may make commands of, with their options, out.

A group may be another file's, so a file need not name click to have commands.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.names import Names, Scope, qualified_name
from session_first.model import ClickCommand, CommandLineOption, PlacedDecorator
from session_first.source import SourceFile

_PACKAGES = frozenset({"click", "rich_click", "asyncclick"})
_MAKING = frozenset({"command", "group"})
_OPTIONS = frozenset({"option", "argument"})
_NOTHING_MORE = frozenset({"pass_context", "pass_obj", "make_pass_decorator()"})
_READY_MADE = {
    "confirmation_option": ("--yes",),
    "help_option": ("--help",),
    "password_option": ("--password",),
    "version_option": ("--version",),
}

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def click_commands(source: SourceFile, names: Names) -> tuple[ClickCommand, ...]:
    """The commands and groups of the file, in the order of the text, and what may be one."""
    if not any(making in source.text for making in _MAKING):
        return ()
    found = (
        _command(node, scope.parent, source, names)
        for node, scope in names.scopes.items()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and scope.parent is not None
    )
    return tuple(command for command in found if command is not None)


def _command(node: _Function, around: Scope, source: SourceFile, names: Names) -> ClickCommand | None:
    decorators = [(d, _name(d, around, names)) for d in node.decorator_list]
    making = next((name for _, name in decorators if name.rpartition(".")[2] in _MAKING), None)
    if making is None:
        return None
    owner, _, kind = making.rpartition(".")
    options: list[CommandLineOption] = []
    is_open = False
    for decorator, name in decorators:
        if name == making:
            continue
        given = list(_options(decorator, name, source))
        options.extend(given)
        package, _, last = name.partition(".")
        is_open = is_open or not (package in _PACKAGES and (given or last in _NOTHING_MORE))
    return ClickCommand(
        function=source.start(node),
        name=qualified_name(node, names),
        group=kind == "group",
        of=None if owner in _PACKAGES else owner,
        decorators=tuple(PlacedDecorator(name, source.start(d), source.end(d)) for d, name in decorators),
        options=tuple(options),
        open=is_open,
    )


def _name(decorator: ast.expr, around: Scope, names: Names) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return names.dotted(called, around) or ast.unparse(called)


def _options(decorator: ast.expr, name: str, source: SourceFile) -> Iterator[CommandLineOption]:
    """What a decorator of click's adds, nothing where that is not written there."""
    package, _, last = name.partition(".")
    if package not in _PACKAGES or not (last in _OPTIONS or last in _READY_MADE):
        return
    arguments = decorator.args if isinstance(decorator, ast.Call) else []
    strings = tuple(a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str))
    if len(strings) != len(arguments):
        return
    strings = strings or _READY_MADE.get(last, ())
    destination = _destination(strings)
    if destination is None or (
        isinstance(decorator, ast.Call) and any(k.arg is None for k in decorator.keywords)
    ):
        return
    typed = tuple(s for s in strings if not s.isidentifier()) if last != "argument" else ()
    yield CommandLineOption(typed, destination, source.start(decorator), source.end(decorator))


def _destination(strings: tuple[str, ...]) -> str | None:
    """The parameter's name: the one that is an identifier, else that of the first of the longest dashes."""
    named = [s for s in strings if s.isidentifier()]
    if named:
        return named[0]
    dashed = sorted(strings, key=lambda s: len(s) - len(s.lstrip("-")), reverse=True)
    if not dashed:
        return None
    return dashed[0].partition("/")[0].strip().lstrip("-").replace("-", "_").lower()
