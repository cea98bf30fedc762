"""Where a node stands among its function's statements, and whether running them always reaches it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from session_first.facts.names import COMPREHENSIONS, FUNCTIONS, FunctionNode
from session_first.model import BlockStep, Position, StatementFacts
from session_first.source import SourceFile

_JUMPS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Blocks:
    """Answers from the `parents` of a tree (each node's holder)."""

    def __init__(self, source: SourceFile, parents: Mapping[ast.AST, ast.AST]) -> None:
        self._source = source
        self._parents = parents
        self._numbers: dict[tuple[ast.AST, str], int] = {}

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around `node` (itself, if it is one)."""
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    def ancestors(self, node: ast.AST) -> tuple[tuple[ast.AST, ast.AST], ...]:
        """(child, holder) pairs from `node` outward."""
        pairs = []
        while node in self._parents:
            holder = self._parents[node]
            pairs.append((node, holder))
            node = holder
        return tuple(pairs)

    def block(self, statement: ast.stmt) -> tuple[ast.AST, str, list[ast.stmt], int]:
        """The holder of the block that `statement` is in, the block's name, itself, and the index."""
        holder = self._parents[statement]
        for name, value in ast.iter_fields(holder):
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if item is statement:
                        return holder, name, value, index
        raise AssertionError("a statement stands in a block of its holder")

    def path(self, statement: ast.stmt, function: FunctionNode | ast.Module) -> tuple[BlockStep, ...]:
        """The steps from the body of `function` (or of the module) down to `statement`."""
        steps: list[BlockStep] = []
        node: ast.AST = statement
        while node is not function:
            if isinstance(node, ast.stmt):
                holder, name, _, index = self.block(node)
                number = self._numbers.setdefault((holder, name), len(self._numbers))
                steps.append(BlockStep(number, index))
            node = self._parents[node]
        return tuple(reversed(steps))

    def facts(self, node: ast.expr, function: FunctionNode) -> StatementFacts:
        """What `node`'s statement means to the function it is in."""
        statement = self.statement(node)
        path = self.path(statement, function)
        return StatementFacts(
            position=self._source.start(statement),
            path=path,
            always=self.evaluated_first(node),
            insertable=self.insertable(statement),
            first=len(path) == 1 and self._nothing_before(statement) and not _runs_code_in_arguments(node),
        )

    def evaluated_first(self, node: ast.expr) -> bool:
        """Whether running `node`'s statement evaluates it, whatever happens, before any other code."""
        return self.always_evaluated(node) and not any(_runs_code(part) for part in self._before(node))

    def body_statement(self, node: ast.AST, function: FunctionNode) -> Position | None:
        """The statement of the body of `function` that holds `node`, if another can precede it."""
        for child, holder in self.ancestors(node):
            if holder is function:
                return (
                    self._source.start(child)
                    if isinstance(child, ast.stmt) and self.insertable(child)
                    else None
                )
        return None

    def always_evaluated(self, node: ast.expr) -> bool:
        """Whether running `node`'s statement evaluates it, whatever else its parts give."""
        for child, holder in self.ancestors(node):
            if not _reaches(child, holder):
                return False
            if isinstance(holder, ast.stmt):
                return True
        return True

    def guarded_by(self, node: ast.AST, function: FunctionNode) -> tuple[ast.expr, ...]:
        """The tests that decide whether `node` is reached: of the branches around it, and of earlier
        statements in its blocks that leave the block (`if session: return …`)."""
        tests: list[ast.expr] = []
        for child, holder in self.ancestors(node):
            if isinstance(holder, (ast.If, ast.IfExp, ast.While)) and child is not holder.test:
                tests.append(holder.test)
            elif isinstance(holder, ast.BoolOp):
                tests.extend(holder.values[: holder.values.index(child)] if child in holder.values else ())
            elif isinstance(holder, ast.match_case) and isinstance(match := self._parents[holder], ast.Match):
                tests.append(match.subject)
            if isinstance(child, ast.stmt):
                _, _, block, index = self.block(child)
                tests.extend(
                    earlier.test
                    for earlier in block[:index]
                    if isinstance(earlier, ast.If) and (_leaves(earlier.body) or _leaves(earlier.orelse))
                )
            if holder is function:
                break
        return tuple(tests)

    def excludes(self, one: ast.AST, other: ast.AST) -> bool:
        """Whether at most one of the two is evaluated for good: they stand on two branches, the first of them on one that
        ends with leaving what both are in, or the other stands in for the failure of the one."""
        around = {holder: child for child, holder in self.ancestors(other)}
        child, holder = next(pair for pair in self.ancestors(one) if pair[1] in around)
        first, common = (
            (one, holder) if self._source_order(one) < self._source_order(other) else (other, holder)
        )
        return self._are_branches(holder, child, around[holder]) or self._leaves_within(first, common)

    def _source_order(self, node: ast.AST) -> tuple[int, int]:
        return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)

    def _leaves_within(self, node: ast.AST, common: ast.AST) -> bool:
        """Whether a branch around `node`, within `common`, ends with leaving the function."""
        for child, holder in self.ancestors(node):
            if holder is common or isinstance(holder, FUNCTIONS):
                return False
            if isinstance(holder, ast.If) and isinstance(child, ast.stmt):
                last = self.block(child)[2][-1]
                if isinstance(last, (ast.Return, ast.Raise)):
                    return True
        return False

    def _are_branches(self, holder: ast.AST, one: ast.AST, two: ast.AST) -> bool:
        match holder:
            case ast.If(body=body, orelse=orelse):
                return (one in body and two in orelse) or (one in orelse and two in body)
            case ast.IfExp(body=first, orelse=second):
                return {one, two} == {first, second}
            case ast.Try(body=body, handlers=handlers):
                return one in body and two in handlers
            case ast.Match(cases=cases):
                return one in cases and two in cases and one is not two
            case _:
                return False

    def in_comprehension(self, node: ast.AST) -> bool:
        """Whether `node` is part of a comprehension, be it of what that evaluates first."""
        for _, holder in self.ancestors(node):
            if isinstance(holder, ast.stmt):
                return False
            if isinstance(holder, COMPREHENSIONS):
                return True
        return False

    def under_main_guard(self, node: ast.AST) -> bool:
        """Whether only a run as a script reaches `node`: `if __name__ == "__main__":`."""
        return any(
            isinstance(holder, ast.If) and child in holder.body and _asks_for_main(holder.test)
            for child, holder in self.ancestors(node)
        )

    def _before(self, node: ast.expr) -> Iterator[ast.expr]:
        """The expressions of `node`'s statement that are evaluated before it."""
        for child, holder in self.ancestors(node):
            if isinstance(holder, (ast.Assign, ast.AnnAssign)):
                return  # the targets come after the value
            for part in ast.iter_child_nodes(holder):
                if part is child:
                    break
                if isinstance(part, (ast.expr, ast.keyword)):
                    yield part.value if isinstance(part, ast.keyword) else part
            if isinstance(holder, ast.stmt):
                return

    def insertable(self, statement: ast.stmt) -> bool:
        """Whether another statement can be put directly before it."""
        start = self._source.start(statement)
        line = self._source.lines[start.line - 1]
        if line[: start.column].strip(" \t"):
            return False  # after a semicolon, a one-line header or a form feed
        if start.line > 1 and self._source.lines[start.line - 2].rstrip("\r\n").endswith("\\"):
            return False
        return not (isinstance(statement, ast.If) and line.startswith("elif", start.column))

    def _nothing_before(self, statement: ast.stmt) -> bool:
        _, _, block, index = self.block(statement)
        return all(
            isinstance(earlier, (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass))
            or (number == 0 and isinstance(earlier, ast.Expr) and isinstance(earlier.value, ast.Constant))
            for number, earlier in enumerate(block[:index])
        )


def dominates(first: tuple[BlockStep, ...], other: tuple[BlockStep, ...]) -> bool:
    """Whether the statement at path `first` runs before that at `other`, or is it, or holds it."""
    depth = len(first) - 1
    return (
        len(other) > depth
        and other[:depth] == first[:depth]
        and other[depth].block == first[depth].block
        and other[depth].index >= first[depth].index
    )


def _runs_code(node: ast.AST) -> bool:
    """Whether evaluating `node` runs code of others, which may raise or set up another default session."""
    return any(isinstance(child, (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)) for child in ast.walk(node))


def _runs_code_in_arguments(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and any(map(_runs_code, (*node.args, *node.keywords)))


def _asks_for_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return {ast.unparse(left), ast.unparse(right)} == {"__name__", "'__main__'"}
        case ast.BoolOp(op=ast.And()):
            return any(map(_asks_for_main, test.values))
        case _:
            return False


def _leaves(block: list[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], _JUMPS)


def _reaches(child: ast.AST, holder: ast.AST) -> bool:
    """Whether evaluating `holder` always evaluates its part `child`."""
    match holder:
        case ast.BoolOp():
            return child is holder.values[0]
        case ast.IfExp():
            return child is holder.test
        case ast.Compare():
            return child is holder.left or child is holder.comparators[0]
        case ast.Assert():
            return child is holder.test
        case ast.While():
            return False  # its test runs again, and what comes before the statement does not
        case ast.comprehension():
            return child is holder.iter
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return child is holder.generators[0]
        case ast.With() | ast.AsyncWith():
            return child is holder.items[0]
        case ast.ExceptHandler() | ast.match_case():
            return False
        case ast.Lambda():
            return not isinstance(child, ast.expr) or child is not holder.body
        case _:
            return True
