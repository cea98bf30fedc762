"""A module's names in; where its code is started from outside, and the sessions that it makes when imported, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from session_first.facts.argument_parsers import argument_parsers, option_strings
from session_first.facts.blocks import Blocks
from session_first.facts.click_commands import click_commands
from session_first.facts.lambda_handlers import lambda_handlers
from session_first.facts.main_test import is_main_test
from session_first.facts.names import FUNCTIONS, Names
from session_first.facts.outlines import Outlines, profile_settings, uses_moto
from session_first.facts.sessions import SESSION_CLASSES, canonical
from session_first.model import EntryPoints, MainGuard, ModuleSession
from session_first.source import SourceFile

SESSION_NAMES = ("session", "boto3_session", "aws_session")
"""The names that what holds a session may get, best first."""


def entry_points(source: SourceFile, names: Names, blocks: Blocks) -> EntryPoints:
    """What is known of one file."""
    handlers = tuple(lambda_handlers(names))
    outlines = Outlines(source, names, blocks, handlers)
    has_parsers = "add_argument" in source.text or "ArgumentParser" in source.text
    return EntryPoints(
        guards=tuple(_guards(source, names)),
        sessions=tuple(_sessions(source, names)),
        handlers=tuple(source.start(node) for node in handlers),
        parsers=argument_parsers(source, names) if has_parsers else (),
        commands=click_commands(source, names),
        option_strings=option_strings(names) if has_parsers or "click" in source.text else frozenset(),
        outlines=outlines.all(),
        before_handlers=outlines.before_handlers(),
        taken_names=outlines.taken(SESSION_NAMES),
        uses_moto=uses_moto(source),
        profile_settings=profile_settings(source, names) if "PROFILE" in source.text else (),
    )


def _guards(source: SourceFile, names: Names) -> Iterator[MainGuard]:
    for statement in names.tree.body:
        if isinstance(statement, ast.If) and is_main_test(statement.test):
            yield MainGuard(
                position=source.start(statement),
                body=source.start(statement.body[0]),
                end=source.end(statement.body[-1]),
                calls=tuple(dict.fromkeys(_called(statement.body, names))),
            )


def _called(body: list[ast.stmt], names: Names) -> Iterator[str]:
    """What the statements call, in the order of the text; not what functions in them do."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            continue
        if isinstance(node, ast.Call):
            scope = names.scope_of.get(node.func, names.top)
            yield names.dotted(node.func, scope) or ast.unparse(node.func)
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _sessions(source: SourceFile, names: Names) -> Iterator[ModuleSession]:
    for name, bindings in names.top.bindings.items():
        if len(bindings) != 1 or not isinstance(bindings[0].value, ast.Call):
            continue
        call, statement = bindings[0].value, names.parents[bindings[0].node]
        if bindings[0].scope is not names.top or not isinstance(statement, ast.stmt):
            continue
        if canonical(names.dotted(call.func, names.top)) in SESSION_CLASSES and names.is_bound(
            call.func, names.top
        ):
            yield ModuleSession(
                name, source.start(statement), ast.unparse(call), statement not in names.tree.body
            )
