"""A piece of a file and its edits in, the piece's new text out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from session_first.model import (
    AddImport,
    AddSessionParameter,
    DocumentParameter,
    Edit,
    FillSession,
    Position,
    RemoveImport,
    UseSession,
)
from session_first.rewrite.alignment import Place, moves
from session_first.rewrite.docstring import document
from session_first.rewrite.error import RewriteError
from session_first.rewrite.imports import Import, Line, LineEdits, change_line, change_suite, without_lines
from session_first.rewrite.pieces import Piece, anchor
from session_first.rewrite.session import Statement, fill, use
from session_first.rewrite.signature import Function, add_parameter, room
from session_first.source import split_lines

_NEWLINE = re.compile(r"\r\n|\r|\n")


def transform(text: str, piece: Piece, *, newline: str, width: int) -> str:
    """The text of the piece, `text`, after its edits.

    `newline` and `width` are the file's: how its lines end, and how long they may be where a list of one
    item a line could go on within the line.

    Raises:
        RewriteError: an edit's place is not there, or two edits are in each other's way.
    """
    found = _NEWLINE.search(text)
    # A function of a class stands in a block of its own, which gives it its indentation.
    prefix = f"if 1:{found[0] if found else newline}{piece.indent}" if piece.indent else ""
    module = cst.parse_module(prefix + text)
    if text.endswith("\r"):
        module = module.with_changes(has_trailing_newline=True)  # libcst overlooks this one
    if not _NEWLINE.search(prefix + text):
        module = module.with_changes(default_newline=newline)
    places = _Places.of(module, piece, prefix)
    work = _work(places, piece.edits)
    lines = split_lines(prefix + text)
    transformer = _Transformer(places, work, lines, moves(lines, _gains(places, piece.edits)), width)
    changed = module.visit(transformer)
    missed = Counter(piece.edits) - Counter(transformer.landed)
    if missed:
        raise RewriteError("the edit is lost in another one", anchor(next(iter(missed))))
    if not changed.body:
        return ""
    code = _restored(prefix + text, module.code, changed.code)
    if code is None or not code.startswith(prefix):
        raise RewriteError("libcst does not give the code back as it was", piece.start)
    return code.removeprefix(prefix)


def _restored(text: str, given_back: str, code: str) -> str | None:
    """`code` with what libcst loses of a few lines: a form feed before them, the space in `except E :`.

    `given_back` is what it makes of `text` without edits. None where an edited line is among them.
    """
    if given_back == text:
        return code
    before, poorer, lines = split_lines(text), split_lines(given_back), list(split_lines(code))
    if len(before) != len(poorer):
        return None
    lost = {number for number, line in enumerate(before) if line != poorer[number]}
    for old, new, size in SequenceMatcher(None, poorer, lines, autojunk=False).get_matching_blocks():
        for number in lost & {*range(old, old + size)}:
            lines[number - old + new] = before[number]
            lost.remove(number)
    return None if lost else "".join(lines)


@dataclass(frozen=True, slots=True)
class _Places:
    """The nodes of a piece by their place in the file."""

    positions: Mapping[cst.CSTNode, CodeRange]
    functions: dict[Position, Function] = field(default_factory=dict)
    expressions: dict[tuple[Position, Position], cst.Name | cst.Attribute] = field(default_factory=dict)
    statements: dict[Position, Statement] = field(default_factory=dict)
    indents: dict[cst.CSTNode, str | None] = field(default_factory=dict)
    """What the block around a statement is indented by."""
    imports: dict[Position, tuple[Line, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, module: cst.Module, piece: Piece, prefix: str) -> _Places:
        positions = _positions(module)
        places = cls(positions)
        for node, where in positions.items():
            start = _in_file(piece, prefix, where.start.line, where.start.column)
            match node:
                case cst.FunctionDef() | cst.Lambda():
                    places.functions[start] = node
                case cst.Name() | cst.Attribute():
                    end = _in_file(piece, prefix, where.end.line, where.end.column)
                    places.expressions[start, end] = node
                case cst.Module() | cst.IndentedBlock():
                    indent = node.indent if isinstance(node, cst.IndentedBlock) else None
                    for statement in node.body:
                        assert isinstance(statement, Statement)
                        at = positions[statement].start
                        places.statements[_in_file(piece, prefix, at.line, at.column)] = statement
                        places.indents[statement] = indent
                case cst.SimpleStatementLine() | cst.SimpleStatementSuite():
                    for index, part in enumerate(node.body):
                        if isinstance(part, Import):
                            at = positions[part].start
                            place = _in_file(piece, prefix, at.line, at.column)
                            places.imports[place] = node, index
                case _:
                    pass
        return places


def _positions(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    try:
        return MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    except KeyError as error:
        if isinstance(error.__context__, RecursionError):  # libcst's clean-up hides it
            raise error.__context__ from error
        raise


def _in_file(piece: Piece, prefix: str, line: int, column: int) -> Position:
    if prefix:
        line -= 1
    if line > 1:
        return Position(piece.start.line + line - 1, column)
    return Position(piece.start.line, piece.start.column + column - len(piece.indent))


def _work(places: _Places, edits: Sequence[Edit]) -> dict[cst.CSTNode, list[Edit]]:
    """The edits by the node that they change."""
    work: dict[cst.CSTNode, list[Edit]] = {}
    for outer in edits:
        for inner in edits:
            replaced = isinstance(outer, UseSession) and outer.callee <= anchor(inner) < outer.end
            if replaced and inner is not outer and isinstance(inner, UseSession | AddSessionParameter):
                raise RewriteError("the edit is lost in another one", anchor(inner))
    for edit in edits:
        node = _target(places, edit)
        if node is None:
            raise RewriteError(f"there is nothing to edit here for {type(edit).__name__}", anchor(edit))
        others = work.setdefault(node, [])
        if not isinstance(edit, AddImport | RemoveImport) and any(
            type(other) is type(edit) for other in others
        ):
            raise RewriteError(f"there are two of {type(edit).__name__} here", anchor(edit))
        others.append(edit)
    return work


def _gains(places: _Places, edits: Sequence[Edit]) -> dict[Place, int]:
    """By how much each expression that uses the session grows, where it stands on one line."""
    gains: dict[Place, int] = {}
    for edit in edits:
        if isinstance(edit, UseSession):
            node = places.expressions[edit.callee, edit.end]
            before, after = (cst.Module([]).code_for_node(part) for part in (node, use(node, edit)))
            if not _NEWLINE.search(before + after):
                start = places.positions[node].start
                gains[start.line, start.column] = len(after) - len(before)
    return gains


def _target(places: _Places, edit: Edit) -> cst.CSTNode | None:
    match edit:
        case AddSessionParameter():
            return places.functions.get(edit.function)
        case DocumentParameter():
            return _docstring(places.functions.get(edit.function))
        case FillSession():
            return places.statements.get(edit.statement)
        case UseSession():
            return places.expressions.get((edit.callee, edit.end))
        case RemoveImport():
            return places.imports.get(edit.statement, (None,))[0]
        case AddImport():
            assert edit.beside is not None
            return places.imports.get(edit.beside, (None,))[0]


def _docstring(function: Function | None) -> cst.SimpleString | None:
    match function:
        case cst.FunctionDef(
            body=cst.IndentedBlock(
                body=[cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() as string), *_]), *_]
            )
        ):
            return string
        case _:
            return None


class _Transformer(cst.CSTTransformer):
    """Makes the edits, each when the node that it changes is left, so that inner ones come first."""

    def __init__(
        self,
        places: _Places,
        work: Mapping[cst.CSTNode, list[Edit]],
        lines: Sequence[str],
        moved: Mapping[int, int],
        width: int,
    ) -> None:
        super().__init__()
        self.landed: list[Edit] = []
        self._places = places
        self._work = work
        self._lines = lines
        self._moved = moved
        self._width = width
        self._dropped: list[cst.CSTNode] = []
        self._targets = [places.positions[node].start.line for node in work]

    def on_visit(self, node: cst.CSTNode) -> bool:
        if not isinstance(node, cst.SimpleStatementLine):
            return True
        where = self._places.positions[
            node
        ]  # most statements hold no edit, and visiting them takes most time
        return any(where.start.line <= line <= where.end.line for line in self._targets)

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        edits = self._work.get(original_node, ())
        changed: list[cst.CSTNode] = [updated_node]
        if edits:
            changed = self._changed(original_node, updated_node, edits)
        self.landed += edits
        if self._moved and isinstance(updated_node, cst.ParenthesizedWhitespace):
            changed = [self._aligned(original_node, updated_node)]
        if self._dropped:
            changed = [self._without_dropped(node) for node in changed]
        nodes = cast("list[cst.CSTNodeT]", changed)
        return nodes[0] if len(nodes) == 1 else cst.FlattenSentinel(nodes)

    def _changed(self, original: cst.CSTNode, node: cst.CSTNode, edits: Sequence[Edit]) -> list[cst.CSTNode]:
        """The nodes that take the place of `node`."""
        for edit in edits:
            match edit, node:
                case AddSessionParameter(), cst.FunctionDef() | cst.Lambda():
                    function = self._places.functions[edit.function]
                    free = room(function, self._places.positions, self._lines, self._width)
                    node = add_parameter(node, edit, free)
                case DocumentParameter(), cst.SimpleString():
                    keywords = self._places.functions[edit.function].params.star_kwarg
                    name = None if keywords is None else keywords.name.value
                    literal = document(node.value, edit, keywords=name, width=self._width)
                    node = node.with_changes(value=literal)
                case UseSession(), cst.Name() | cst.Attribute():
                    node = use(node, edit)
                case _:
                    pass
        nodes = self._with_imports(node, edits)
        for edit in edits:
            if isinstance(edit, FillSession):
                statement = nodes[0]
                assert isinstance(statement, Statement)
                nodes[:1] = fill(statement, edit, self._places.indents[original])
        return nodes

    def _aligned(
        self, original: cst.CSTNode, whitespace: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        """The line break whose lines have moved with what they are aligned with."""
        assert isinstance(original, cst.ParenthesizedWhitespace)
        positions = self._places.positions
        columns = self._moved.get(positions[original].end.line, 0)
        lines = []
        for before, after in zip(original.empty_lines, whitespace.empty_lines, strict=True):
            by = 0 if before.comment is None else self._moved.get(positions[before.comment].start.line, 0)
            lines.append(after.with_changes(whitespace=_moved(after.whitespace, by)))
        return whitespace.with_changes(last_line=_moved(whitespace.last_line, columns), empty_lines=lines)

    def _with_imports(self, node: cst.CSTNode, edits: Sequence[Edit]) -> list[cst.CSTNode]:
        added = [edit for edit in edits if isinstance(edit, AddImport)]
        removed = [edit for edit in edits if isinstance(edit, RemoveImport)]
        if not isinstance(node, Line) or not (added or removed):
            return [node]
        indices: dict[Edit, int] = {
            edit: self._places.imports[anchor(edit)][1]
            for edit in edits
            if isinstance(edit, AddImport | RemoveImport)
        }
        changes = [
            LineEdits(
                index,
                tuple(edit for edit in added if indices[edit] == index),
                tuple(edit for edit in removed if indices[edit] == index),
            )
            for index in sorted({*indices.values()})
        ]
        if isinstance(node, cst.SimpleStatementSuite):
            return [change_suite(node, changes)]
        lines, dropped = change_line(node, changes)
        if dropped:
            self._dropped += lines
        return [*lines]

    def _without_dropped(self, node: cst.CSTNode) -> cst.CSTNode:
        """The block without the lines that came to nothing; any other node as it is."""
        if not isinstance(node, cst.Module | cst.IndentedBlock) or not any(
            part in self._dropped for part in node.body
        ):
            return node
        statements = [part for part in node.body if isinstance(part, Statement)]
        kept, comments = without_lines(statements, self._dropped)
        if isinstance(node, cst.Module):
            return node.with_changes(body=[part for part in kept if part not in self._dropped])
        return node.with_changes(body=kept, footer=[*comments, *node.footer])


def _moved(whitespace: cst.SimpleWhitespace, columns: int) -> cst.SimpleWhitespace:
    value = whitespace.value
    if columns < 0 and not value.endswith(" " * -columns):
        return whitespace
    return cst.SimpleWhitespace(value + " " * columns if columns > 0 else value[: len(value) + columns])
