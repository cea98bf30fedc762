"""A file in; edits all over it, and the tree that they must lead to, out. The tree is changed as a tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TypeGuard

from session_first.facts.docstrings import parameter_section
from session_first.model import AddSessionParameter, DocumentParameter, Edit, FillSession, UseSession
from session_first.source import SourceFile

Choose = Callable[[int], int]
"""A number below the given one."""

NAME = "session_of_the_oracle"

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def edited(source: SourceFile, tree: ast.Module, choose: Choose) -> list[Edit]:
    """Edits of some functions, expressions and statements; `tree` becomes what they make of it."""
    nodes = [node for node in exact(tree) if choose(2) == 0]
    edits: list[Edit] = []
    for node in nodes:
        if isinstance(node, Definition | ast.Lambda):
            edits.append(_parameter(source, node, annotated=choose(2) == 0))
        if isinstance(node, Definition) and (entry := _entry(source, node)) is not None:
            edits.append(entry)
    edits += [
        _use(source, node, "(boto3 or session)" if choose(2) else "session")
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and isinstance(node.ctx, ast.Load)
    ]
    for block in [block for node in nodes for block in blocks(node)]:
        number = choose(len(block))
        if own_line(source, block[number]):
            edits.append(FillSession(source.start(block[number]), NAME, "boto3"))
            block.insert(number, ast.parse(f"if not {NAME}: {NAME} = boto3._get_default_session()").body[0])
    return edits


def dump(tree: ast.Module) -> str:
    """The tree as text; docstrings that speak of the new parameter count as equal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME in node.value:
            node.value = NAME
    return ast.dump(tree)


def exact(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes whose positions are right, and in whose place any expression can stand."""
    if not isinstance(
        node, ast.JoinedStr | ast.pattern
    ):  # right from Python 3.12 on; a value pattern takes no `or`
        yield node
        for child in ast.iter_child_nodes(node):
            yield from exact(child)


def _parameter(source: SourceFile, node: Definition | ast.Lambda, *, annotated: bool) -> AddSessionParameter:
    annotation = "boto3.Session | None" if annotated and not isinstance(node, ast.Lambda) else None
    new = ast.arg(NAME, None if annotation is None else ast.parse(annotation, mode="eval").body)
    arguments = node.args
    if arguments.vararg or arguments.kwonlyargs:
        arguments.kwonlyargs.append(new)
        arguments.kw_defaults.append(ast.Constant(None))
    else:
        arguments.args.append(new)
        arguments.defaults.append(ast.Constant(None))
    return AddSessionParameter(source.start(node), NAME, annotation)


def _entry(source: SourceFile, node: Definition) -> DocumentParameter | None:
    first = node.body[0]
    if not isinstance(first, ast.Expr) or ast.get_docstring(node) is None:
        return None
    section = parameter_section(source.segment(source.start(first), source.end(first)))
    if section is None:
        return None
    first.value = ast.Constant(NAME)
    return DocumentParameter(source.start(node), NAME, section.style)


def _use(source: SourceFile, node: ast.Attribute, receiver: str) -> UseSession:
    edit = UseSession(source.start(node), source.end(node), receiver, "client")
    node.value, node.attr = ast.parse(receiver, mode="eval").body, "client"
    return edit


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The node's blocks of statements."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if _is_block(block):
            yield block


def _is_block(block: object) -> TypeGuard[list[ast.stmt]]:
    return isinstance(block, list) and bool(block)


def own_line(source: SourceFile, statement: ast.stmt) -> bool:
    """Whether a line can go before the statement."""
    start = source.start(statement)
    line = source.lines[start.line - 1]
    elif_ = isinstance(statement, ast.If) and line.startswith("elif", start.column)
    continued = start.line > 1 and source.lines[start.line - 2].rstrip("\r\n").endswith("\\")
    return not line[: start.column].strip() and not elif_ and not continued
