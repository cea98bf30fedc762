"""A piece of a file and its tree in, the nodes by their places in the file out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from session_first.model import Position
from session_first.rewrite.error import RewriteError
from session_first.rewrite.pieces import Piece
from session_first.rewrite.session import Statement
from session_first.rewrite.signature import Function
from session_first.rewrite.statement import Line

Range = tuple[Position, Position]
"""Where something starts, and the place after its end."""


@dataclass(frozen=True, slots=True)
class Places:
    """The nodes of a piece by their place in the file, which is ast's: brackets belong to tuples alone."""

    piece: Piece
    prefix: str
    """What is put before the piece, on a line of its own, to make a module of it."""
    positions: Mapping[cst.CSTNode, CodeRange]
    functions: dict[Position, Function] = field(default_factory=dict)
    expressions: dict[Range, cst.BaseExpression] = field(default_factory=dict)
    statements: dict[Position, Statement] = field(default_factory=dict)
    indents: dict[cst.CSTNode, str | None] = field(default_factory=dict)
    """What the block around a statement is indented by."""
    small: dict[Position, tuple[Line, int]] = field(default_factory=dict)
    """The line of a simple statement, and its number on it."""

    @classmethod
    def of(cls, module: cst.Module, piece: Piece, prefix: str) -> Places:
        """The places of `module`, which is the piece behind `prefix`."""
        positions = _positions(module)
        places = cls(piece, prefix, positions)
        for node in positions:
            match node:
                case cst.StarredElement():
                    pass
                case cst.BaseExpression():
                    places.expressions[places.range_of(node)] = node
                    if isinstance(node, cst.Lambda):
                        places.functions[places.start(node)] = node
                case cst.Module() | cst.IndentedBlock():
                    indent = node.indent if isinstance(node, cst.IndentedBlock) else None
                    for statement in node.body:
                        assert isinstance(statement, Statement)
                        places.statements[places.start(statement)] = statement
                        places.indents[statement] = indent
                case cst.SimpleStatementLine() | cst.SimpleStatementSuite():
                    for index, part in enumerate(node.body):
                        places.small[places.start(part)] = node, index
                case cst.FunctionDef():
                    places.functions[places.start(node)] = node
                case _:
                    pass
        return places

    def start(self, node: cst.CSTNode) -> Position:
        """Where the node starts in the file."""
        return self.range_of(node)[0]

    def keywords(self, owner: Position) -> str | None:
        """What the function at `owner`, or the constructor of the class there, calls its `**kwargs`."""
        function: object = self.functions.get(owner)
        match self.statements.get(owner):
            case cst.ClassDef(body=cst.IndentedBlock(body=body)):
                methods = (part for part in body if isinstance(part, cst.FunctionDef))
                function = next((method for method in methods if method.name.value == "__init__"), None)
            case _:
                pass
        keywords = function.params.star_kwarg if isinstance(function, Function) else None
        return None if keywords is None else keywords.name.value

    def arguments(self, call: cst.Call, starts: Sequence[Position]) -> frozenset[int]:
        """The numbers of the call's arguments that start at these places.

        Raises:
            RewriteError: none starts at one of them.
        """
        numbers = {self.start(arg): index for index, arg in enumerate(call.args)}
        for index, arg in enumerate(call.args):
            if arg.keyword is None and not arg.star:
                numbers[self.start(arg.value)] = index  # ast does not count brackets around it
        return _at(numbers, starts, "argument")

    def entries(self, display: cst.Dict, starts: Sequence[Position]) -> frozenset[int]:
        """The numbers of the entries whose keys start at these places.

        Raises:
            RewriteError: none starts at one of them.
        """
        numbers = {
            self.start(entry.key): index
            for index, entry in enumerate(display.elements)
            if isinstance(entry, cst.DictElement)
        }
        return _at(numbers, starts, "entry")

    def range_of(self, node: cst.CSTNode) -> Range:
        """Where the node starts and ends in the file."""
        where = self.positions[node]
        start, end = where.start, where.end
        if isinstance(node, cst.Tuple | cst.GeneratorExp) and node.lpar:
            start, end = self.positions[node.lpar[-1]].start, self.positions[node.rpar[0]].end
        return self._in_file(start.line, start.column), self._in_file(end.line, end.column)

    def _in_file(self, line: int, column: int) -> Position:
        if self.prefix:
            line -= 1
        if line > 1:
            return Position(self.piece.start.line + line - 1, column)
        start = self.piece.start
        return Position(start.line, start.column + column - len(self.piece.indent))


def _at(numbers: Mapping[Position, int], starts: Sequence[Position], what: str) -> frozenset[int]:
    for start in starts:
        if start not in numbers:
            raise RewriteError(f"there is no {what} to remove here", start)
    return frozenset(numbers[start] for start in starts)


def _positions(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    try:
        return MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    except KeyError as error:
        if isinstance(error.__context__, RecursionError):  # libcst's clean-up hides it
            raise error.__context__ from error
        raise
