"""A module's scopes in; what each function, and the module, is to the way of credentials, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from session_first.facts.blocks import Blocks
from session_first.facts.handlers import catches, notices
from session_first.facts.names import (
    FUNCTIONS,
    FunctionNode,
    Names,
    Scope,
    all_arguments,
    identifiers,
    qualified_name,
)
from session_first.facts.places import annotation
from session_first.facts.sessions import canonical
from session_first.model import Annotation, Position, Scoped
from session_first.source import SourceFile

_READING_NAMES = frozenset({"locals", "vars", "globals", "eval", "exec"})


class Scopes:
    """The scopes of one module."""

    def __init__(self, source: SourceFile, names: Names, blocks: Blocks) -> None:
        self._source = source
        self._names = names
        self._blocks = blocks

    def all(self) -> Iterator[Scoped]:
        """The module and its functions."""
        yield self._scoped(self._names.tree, self._names.top)
        for node, scope in self._names.scopes.items():
            if isinstance(node, FUNCTIONS):
                yield self._scoped(node, scope)

    def _scoped(self, node: ast.Module | FunctionNode, scope: Scope) -> Scoped:
        functions = scope.functions()
        inside = [child for child in ast.walk(node) if child is not node]
        is_function = isinstance(node, FUNCTIONS)
        holder = scope.parent.node if scope.parent is not None else None
        boto3_import = self._boto3_import(scope)
        return Scoped(
            position=self._source.start(node) if isinstance(node, FUNCTIONS) else None,
            name=qualified_name(node, self._names) if isinstance(node, FUNCTIONS) else None,
            class_name=qualified_name(holder, self._names) if isinstance(holder, ast.ClassDef) else None,
            outermost=self._source.start(functions[-1]) if functions else None,
            parameters=tuple(a.arg for a in all_arguments(node.args)) if isinstance(node, FUNCTIONS) else (),
            names=frozenset(identifiers(inside)),
            catches=any(notices(child) for child in (inside if is_function else self._own(node))),
            falls_through=(
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _ends(node.body)
            ),
            yields=is_function and any(isinstance(child, (ast.Yield, ast.YieldFrom)) for child in inside),
            uses_locals=any(
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Name)
                and child.func.id in _READING_NAMES
                for child in inside
            ),
            annotations=dict(self._annotations(node)),
            docstring=self._docstring(node),
            boto3_import=None if boto3_import is None else self._source.start(boto3_import),
            boto3_import_path=(
                self._blocks.path(boto3_import, node)
                if boto3_import is not None and not isinstance(node, ast.Lambda)
                else ()
            ),
            boto3_names={} if is_function else dict(self._boto3_names()),
        )

    def _annotations(self, node: ast.Module | FunctionNode) -> Iterator[tuple[str, Annotation]]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for argument in all_arguments(node.args):
                if argument.annotation is not None:
                    yield argument.arg, annotation(self._source, argument.annotation)
            if node.returns is not None:
                yield "return", annotation(self._source, node.returns)

    def _docstring(self, node: ast.Module | FunctionNode) -> str | None:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        match node.body[0]:
            case ast.Expr(value=ast.Constant(value=str()) as literal):
                start, end = self._source.start(literal), self._source.end(literal)
                alone = not self._source.lines[start.line - 1][: start.column].strip()
                return self._source.segment(start, end) if alone else None
            case _:
                return None

    def _boto3_names(self) -> Iterator[tuple[str, Position]]:
        for name, bindings in self._names.top.bindings.items():
            [first, *others] = bindings
            is_boto3 = (canonical(first.dotted) or "").partition(".")[0] in {"boto3", "aws_assume_role_lib"}
            if not others and is_boto3 and first.kind == "import" and first.node in self._names.tree.body:
                assert isinstance(first.node, ast.stmt)
                yield name, self._source.start(first.node)

    def _boto3_import(self, scope: Scope) -> ast.Import | None:
        bindings = scope.bindings.get("boto3", ())
        if not bindings or any(b.dotted != "boto3" for b in bindings):
            return None
        statements = [b.node for b in bindings if isinstance(b.node, ast.Import)]
        if len(statements) != len(bindings):
            return None
        if scope is self._names.top and (len(statements) > 1 or statements[0] not in self._names.tree.body):
            return None
        return min(statements, key=self._source.start)

    def _own(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes of a module outside its functions."""
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, FUNCTIONS):
                yield child
                yield from self._own(child)


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether control certainly does not run off the end of the block."""
    last = body[-1]
    match last:
        case ast.Return() | ast.Raise():
            return True
        case ast.If():
            return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
        case ast.With() | ast.AsyncWith():
            return _ends(last.body) and not catches(last)
        case ast.Try():
            if last.finalbody and _ends(last.finalbody):
                return True
            body_ends = _ends(last.orelse) if last.orelse else _ends(last.body)
            return body_ends and all(_ends(handler.body) for handler in last.handlers)
        case ast.While(test=ast.Constant(value=True)):
            return not any(isinstance(child, ast.Break) for child in ast.walk(last))
        case ast.Expr(value=ast.Call(func=function)):
            return ast.unparse(function) in {"sys.exit", "exit", "quit", "os._exit"}
        case _:
            return False
