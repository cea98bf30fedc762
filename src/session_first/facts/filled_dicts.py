"""A module's names in; the local dicts of keyword arguments that are given the three keys of an identity on the way, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from session_first.facts.blocks import Blocks
from session_first.facts.constants import Constants
from session_first.facts.names import FunctionNode, Names, Scope

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True, slots=True, eq=False)
class FilledDict:
    """A dict that is bound without the keys, and given all three in one block, for nothing but to be unpacked into calls.

    `fills` are the statements that give them, in the order of the text, and `keys` and `values` what they give. `reads` are the names that
    stand behind `**`. `bindings` are the statements that bind it; `rest`: it has, or may get, other entries.
    """

    name: str
    fills: tuple[ast.stmt, ...]
    keys: tuple[str, ...]
    values: tuple[ast.expr, ...]
    reads: tuple[ast.Name, ...]
    bindings: tuple[ast.stmt, ...]
    rest: bool


@dataclass(frozen=True, slots=True)
class _Fill:
    """Statements of one block that give keys; `rebinds`: one of them binds the name anew."""

    statements: tuple[ast.stmt, ...]
    pairs: tuple[tuple[str, ast.expr], ...]
    rebinds: bool = False


class FilledDicts:
    """Finds them in one module; `wanted` are the three keys."""

    def __init__(self, names: Names, blocks: Blocks, constants: Constants, wanted: Sequence[str]) -> None:
        self._names = names
        self._blocks = blocks
        self._constants = constants
        self._wanted = frozenset(wanted)

    def all(self) -> tuple[FilledDict, ...]:
        """The dicts."""
        uses: dict[tuple[FunctionNode, str], list[tuple[ast.Name, Scope]]] = {}
        wanted: set[tuple[FunctionNode, str]] = set()
        for node, scope in self._names.scope_of.items():
            functions = scope.functions()
            if isinstance(node, ast.Name) and functions:
                uses.setdefault((functions[0], node.id), []).append((node, scope))
                if self._fill_at(node) is not None:
                    wanted.add((functions[0], node.id))
        found = (self._filled(function, name, uses[function, name]) for function, name in wanted)
        return tuple(filled for filled in found if filled is not None)

    def _fill_at(self, node: ast.Name) -> _Fill | None:
        """What the statement gives to the dict that `node` is."""
        parent = self._names.parents[node]
        holder = self._names.parents.get(parent)
        pairs: tuple[tuple[str, ast.expr], ...] | None = None
        match parent, holder:
            case (
                ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()),
                ast.Assign(targets=[_]) as statement,
            ) if key in self._wanted and parent.value is node:
                return _Fill((statement,), ((key, statement.value),))
            case ast.Attribute(attr="update"), ast.Call(func=function) as call if function is parent:
                statement_ = self._names.parents.get(call)
                pairs = _pairs(call.args, call.keywords)
                if isinstance(statement_, ast.Expr) and self._is_all(pairs):
                    return _Fill((statement_,), pairs or ())
            case ast.Assign(targets=[target]) as statement, _ if target is node:
                pairs = _of_display(statement.value)
                if self._is_all(pairs):
                    return _Fill((statement,), pairs or (), rebinds=True)
            case _:
                pass
        return None

    def _is_all(self, pairs: Sequence[tuple[str, ast.expr]] | None) -> bool:
        return (
            pairs is not None
            and len(pairs) == len(self._wanted)
            and {key for key, _ in pairs} == self._wanted
        )

    def _filled(
        self, function: FunctionNode, name: str, uses: Sequence[tuple[ast.Name, Scope]]
    ) -> FilledDict | None:
        scope = self._names.scopes[function]
        bindings = scope.bindings.get(name, [])
        is_local = all(b.kind == "assign" and b.value is not None for b in bindings) and bool(bindings)
        if not is_local or any(self._names.binder(name, around) is not scope for _, around in uses):
            return None
        if any(self._is_closed_over(name, inner, scope) for inner in self._names.scopes.values()):
            return None
        parts = [fill for node, _ in uses if (fill := self._fill_at(node)) is not None]
        fill = self._one(parts)
        if fill is None:
            return None
        starts = [self._statement(b.value) for b in bindings if b.value is not None]
        starts = [statement for statement in starts if statement not in fill.statements]
        reads: list[ast.Name] = []
        rest = False
        for node, around in uses:
            if self._blocks.statement(node) in fill.statements and self._fill_at(node) is not None:
                continue
            parent = self._names.parents[node]
            if isinstance(parent, ast.keyword) and parent.arg is None:
                reads.append(node)
            elif isinstance(node.ctx, ast.Store):
                if self._blocks.statement(node) not in starts:
                    return None
            elif (keys := self._other_keys(node, around)) is None or keys & self._wanted:
                return None
            else:
                rest = True
                if fill.rebinds and _before(node, fill.statements[0]):
                    return None  # what is lost there would be kept
        for binding in bindings:
            assert binding.value is not None
            if self._statement(binding.value) in fill.statements:
                continue
            known = self._constants.entries(binding.value, scope)
            if known is None or self._wanted.intersection(known) or (known and fill.rebinds):
                return None
            rest = rest or bool(known)
        if not starts or not reads or not self._in_order(starts, fill, reads):
            return None
        names = tuple(key for key, _ in fill.pairs)
        values = tuple(value for _, value in fill.pairs)
        return FilledDict(name, fill.statements, names, values, tuple(reads), tuple(starts), rest)

    def _one(self, parts: Sequence[_Fill]) -> _Fill | None:
        """All that is given, if it is given in one block, each key once."""
        statements = tuple(statement for part in parts for statement in part.statements)
        pairs = tuple(pair for part in parts for pair in part.pairs)
        if not self._is_all(pairs):
            return None
        holders = {(id(block[0]), block[1]) for block in map(self._blocks.block, statements)}
        ordered = sorted(range(len(statements)), key=lambda i: statements[i].lineno)
        if len(holders) != 1 or len({statement.lineno for statement in statements}) != len(statements):
            return None
        if len(statements) == 1:
            return _Fill(statements, pairs, parts[0].rebinds)
        return _Fill(tuple(statements[i] for i in ordered), tuple(pairs[i] for i in ordered))

    def _other_keys(self, node: ast.Name, scope: Scope) -> frozenset[str] | None:
        """The keys of a use that reads or sets entries, None for any other use."""
        parent = self._names.parents[node]
        holder = self._names.parents.get(parent)
        match parent, holder:
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store() | ast.Load()), _:
                return frozenset({key}) if parent.value is node else None
            case ast.Attribute(attr="update"), ast.Call(func=function) as call if function is parent:
                keys = {str(keyword.arg) for keyword in call.keywords if keyword.arg is not None}
                if len(keys) != len(call.keywords):
                    return None
                for argument in call.args:
                    known = self._constants.entries(argument, scope)
                    if known is None:
                        return None
                    keys.update(known)
                return frozenset(keys)
            case _:
                return None

    def _in_order(self, starts: Sequence[ast.stmt], fill: _Fill, reads: Sequence[ast.Name]) -> bool:
        """Whether each turn of the loops around binds it, then fills it, then reads it."""
        first, last = fill.statements[0], fill.statements[-1]
        loops = self._loops(first)
        return (
            all(_before(start, first) and self._loops(start) == loops for start in starts)
            and all(not _before(read, last) for read in reads)
            and all(loops <= self._loops(read) for read in reads)
        )

    def _loops(self, node: ast.AST) -> frozenset[ast.AST]:
        return frozenset(holder for child, holder in self._within(node) if isinstance(holder, _LOOPS))

    def _within(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        for child, holder in self._blocks.ancestors(node):
            if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                return
            yield child, holder

    def _statement(self, node: ast.AST) -> ast.stmt:
        return self._blocks.statement(node)

    def _is_closed_over(self, name: str, inner: Scope, scope: Scope) -> bool:
        """Whether a function within reads, or may bind, the name."""
        if inner is scope or inner.functions()[:1] == scope.functions()[:1] or scope not in inner.chain():
            return False
        return any(
            isinstance(node, ast.Name) and node.id == name and self._names.binder(name, around) is scope
            for node, around in self._names.scope_of.items()
            if around is inner
        )


def _of_display(node: ast.expr) -> tuple[tuple[str, ast.expr], ...] | None:
    """The entries of `{…}` or `dict(…)` with literal keys."""
    match node:
        case ast.Dict():
            return _pairs([node], [])
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return _pairs([], keywords)
        case _:
            return None


def _pairs(
    arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
) -> tuple[tuple[str, ast.expr], ...] | None:
    """The entries that the arguments of `update` give, None where one is not literal."""
    pairs: list[tuple[str, ast.expr]] = []
    for argument in arguments:
        if isinstance(argument, ast.Call):
            inner = _of_display(argument)
            if inner is None:
                return None
            pairs.extend(inner)
            continue
        if not isinstance(argument, ast.Dict):
            return None
        for key, value in zip(argument.keys, argument.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                return None
            pairs.append((key.value, value))
    for keyword in keywords:
        if keyword.arg is None:
            return None
        pairs.append((keyword.arg, keyword.value))
    return tuple(pairs)


def _before(node: ast.expr | ast.stmt, other: ast.expr | ast.stmt) -> bool:
    return (node.lineno, node.col_offset) < (other.lineno, other.col_offset)


def by_statement(filled: Sequence[FilledDict]) -> Mapping[ast.stmt, FilledDict]:
    """The dicts by the statements that fill them."""
    return {statement: each for each in filled for statement in each.fills}
