"""A scope's bindings and reads of a name in; which bindings a read can see, as numbered webs, out.

A web is a name's bindings together with the reads that may see them. `client = boto3.client("sts")` and a later
`client = boto3.client("s3")` are two webs where no read may see both: two values that share a name.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from session_first.facts.blocks import Blocks, dominates
from session_first.facts.handlers import catches, is_try, leaves
from session_first.facts.names import COMPREHENSIONS, FUNCTIONS, FunctionNode, Names, Scope
from session_first.model import BlockStep

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True, slots=True, eq=False)
class _Definition:
    """A binding: its statement (None: a parameter), where it holds from, and the loops around it."""

    node: ast.AST
    statement: ast.stmt | None
    paths: tuple[tuple[BlockStep, ...], ...]
    place: tuple[int, int]


class Webs:
    """Answers for one module."""

    def __init__(self, names: Names, blocks: Blocks) -> None:
        self._names = names
        self._blocks = blocks
        self._numbers: dict[ast.AST, int] = {}
        self._declared = frozenset(
            name for scope in names.scopes.values() for name in (*scope.global_names, *scope.nonlocal_names)
        )
        self._done: set[tuple[int, str]] = set()
        self._reads: dict[tuple[int, str], list[tuple[ast.Name, Scope]]] = {}
        for node, scope in names.scope_of.items():
            if isinstance(node, ast.Name):
                around = scope
                if isinstance(names.parents.get(node), ast.NamedExpr) and not isinstance(node.ctx, ast.Load):
                    while isinstance(around.node, COMPREHENSIONS) and around.parent is not None:
                        around = around.parent
                owner = names.binder(node.id, around)
                if owner is not None:
                    self._reads.setdefault((id(owner), node.id), []).append((node, around))

    def number(self, node: ast.Name, owner: Scope) -> int:
        """The web of a name that `owner` binds; 0 is the first, and that of a parameter."""
        self._solve(owner, node.id)
        return self._numbers.get(node, 0)

    def _solve(self, owner: Scope, name: str) -> None:
        key = (id(owner), name)
        if key in self._done:
            return
        self._done.add(key)
        bindings = owner.bindings.get(name, [])
        if len(bindings) < 2 or not isinstance(owner.node, (*FUNCTIONS, ast.Module)):
            return
        if isinstance(owner.node, ast.Lambda):
            return
        occurrences = self._reads.get(key, [])
        if any(scope is not owner and scope.functions() != owner.functions() for _, scope in occurrences):
            return  # a closure sees whatever is bound when it runs
        if name in self._declared:
            return
        definitions = [self._definition(binding.node, owner.node) for binding in bindings]
        if any(definition is None for definition in definitions):
            return
        known = [definition for definition in definitions if definition is not None]
        groups = list(range(len(known)))
        seen: dict[ast.AST, int] = {known[i].node: i for i in range(len(known))}
        reads: dict[ast.AST, int] = {}
        for node, _ in occurrences:
            holder = self._names.parents.get(node)
            if isinstance(node.ctx, ast.Load) or isinstance(holder, ast.AugAssign):
                reaching = self._reaching(node, known, owner.node)
                if isinstance(holder, ast.AugAssign):
                    reaching = [*reaching, seen[node]] if node in seen else list(range(len(known)))
                first = reaching[0]
                reads[node] = first
                for other in reaching[1:]:
                    _join(groups, first, other)
        order = sorted(range(len(known)), key=lambda i: known[i].place)
        numbers: dict[int, int] = {}
        for index in order:
            numbers.setdefault(_root(groups, index), len(numbers))
        for node_, index in (*seen.items(), *reads.items()):
            self._numbers[node_] = numbers[_root(groups, index)]

    def _definition(self, node: ast.AST, root: FunctionNode | ast.Module) -> _Definition | None:
        if isinstance(node, ast.arg):
            return _Definition(node, None, ((),), (0, 0))
        if not isinstance(node, ast.Name):
            return None
        statement = self._blocks.statement(node)
        return _Definition(
            node, statement, settled_paths(self._blocks, statement, root), (node.lineno, node.col_offset)
        )

    def _reaching(
        self, read: ast.Name, known: Sequence[_Definition], root: FunctionNode | ast.Module
    ) -> list[int]:
        statement = self._blocks.statement(read)
        path = self._blocks.path(statement, root)
        place = (read.lineno, read.col_offset)
        best: int | None = None
        for index, definition in enumerate(known):
            if self._is_before(definition, read, statement, path) and (
                best is None or known[best].place < definition.place
            ):
                best = index
        if best is None:
            return list(range(len(known)))
        chosen = known[best]
        loops = self._loops(statement, root)
        for index, definition in enumerate(known):
            if index == best or definition.place < chosen.place:
                continue
            if definition.place < place and not (
                definition.statement is statement and _binds_last(statement)
            ):
                return list(range(len(known)))  # in a branch between the two
            shared = loops & self._loops(definition.statement, root) if definition.statement else set()
            own = self._loops(chosen.statement, root) if chosen.statement is not None else set()
            if shared - own:
                return list(range(len(known)))  # from an earlier turn of the loop
        return [best]

    def _is_before(
        self, definition: _Definition, read: ast.Name, statement: ast.stmt, path: tuple[BlockStep, ...]
    ) -> bool:
        if definition.statement is None:
            return True
        if definition.statement is statement:
            return False
        inside = any(holder is definition.statement for _, holder in self._blocks.ancestors(read))
        if inside and not isinstance(definition.statement, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)):
            return False
        first, *further = definition.paths
        if dominates(first, path):
            return True
        # Behind a `try` that is left on every failure its body has run to the end.
        return any(dominates(outer, path) and path[: len(outer)] != outer for outer in further)

    def _loops(self, statement: ast.stmt | None, root: ast.AST) -> set[ast.AST]:
        found: set[ast.AST] = set()
        node: ast.AST | None = statement
        while node is not None and node is not root:
            node = self._names.parents.get(node)
            if isinstance(node, _LOOPS):
                found.add(node)
        if isinstance(statement, _LOOPS):
            found.add(statement)
        return found


def _binds_last(statement: ast.stmt) -> bool:
    """Whether the statement reads the name before it binds it: `x = f(x)`."""
    return isinstance(statement, (ast.Assign, ast.AnnAssign))


def _root(groups: list[int], index: int) -> int:
    while groups[index] != index:
        index = groups[index]
    return index


def _join(groups: list[int], first: int, second: int) -> None:
    groups[_root(groups, second)] = _root(groups, first)


def settled_paths(
    blocks: Blocks, statement: ast.stmt, root: FunctionNode | ast.Module
) -> tuple[tuple[BlockStep, ...], ...]:
    """The path of the statement, and of each `try` or `with` around it that control passes only when the
    statement has run (every handler leaves the function, or the turn of the loop)."""
    paths = [blocks.path(statement, root)]
    inner = statement
    while True:
        holder, name, _, _ = blocks.block(inner)
        is_passed = (
            is_try(holder) and all(_leaves(handler.body) for handler in getattr(holder, "handlers", ()))
        ) or (isinstance(holder, (ast.With, ast.AsyncWith)) and not catches(holder))
        if name != "body" or not is_passed or not isinstance(holder, ast.stmt):
            return tuple(paths)
        paths.append(blocks.path(holder, root))
        inner = holder


def _leaves(block: list[ast.stmt]) -> bool:
    return leaves(block, loops=True)
