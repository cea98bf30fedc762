"""A piece of a file and its edits in, the piece's new text out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import cast

import libcst as cst

from session_first.model import (
    AddClickOption,
    AddImport,
    AddSessionParameter,
    AddStatement,
    AddStatementBefore,
    ChangeCall,
    DocumentAssumedSession,
    DocumentParameter,
    Edit,
    FillSession,
    HoistExpression,
    PassSession,
    RemoveEntries,
    RemoveImport,
    RemoveStatement,
    RenameKeyword,
    RenameParameter,
    ReplaceExpression,
    Unwrap,
    UseSession,
)
from session_first.rewrite import comments
from session_first.rewrite.call import change_call, rename_keyword
from session_first.rewrite.conflicts import check_conflicts, is_gone
from session_first.rewrite.docstring import document, document_assumed_session
from session_first.rewrite.entries import remove_entries
from session_first.rewrite.error import RewriteError
from session_first.rewrite.expression import Surroundings, put, standing_alone, without_brackets
from session_first.rewrite.gains import moved_lines
from session_first.rewrite.imports import Import, change
from session_first.rewrite.layout import Sheet, lay_out
from session_first.rewrite.long_lines import lay_out_long_lines
from session_first.rewrite.pieces import Piece, anchor
from session_first.rewrite.places import Places
from session_first.rewrite.session import Statement, fill, put_before, use
from session_first.rewrite.signature import Function, Room, add_option, add_parameter, rename_parameter, room
from session_first.rewrite.statement import (
    Line,
    Part,
    Small,
    alone,
    change_line,
    change_suite,
    named,
    small,
    without_lines,
)
from session_first.rewrite.targets import targets
from session_first.source import split_lines

_NEWLINE = re.compile(r"\r\n|\r|\n")


def transform(
    text: str,
    piece: Piece,
    *,
    newline: str,
    width: int,
    longest: int | None = None,
    limit: int | None = None,
) -> str:
    """The text of the piece, `text`, after its edits.

    `newline` and `width` are the file's: how its lines end, and how long they may be where a list of one
    item a line could go on within the line. `longest` is how long a call may be that is passed a session, where the project
    does not say; the same as `width` where it is not given. `limit` is how long the edits may make a line, None for any length.

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
    places = Places.of(module, piece, prefix)
    work = targets(places, piece.edits)
    check_conflicts(places, piece.edits)
    lines = split_lines(prefix + text)
    transformer = _Transformer(
        places,
        work,
        lines,
        moved_lines(places, piece.edits, lines),
        width=width,
        longest=longest or width,
    )
    changed = module.visit(transformer)
    missed = Counter(piece.edits) - Counter(transformer.landed)
    for edit in tuple(missed):
        if isinstance(edit, PassSession) and is_gone(places, edit, piece.edits):
            del missed[edit]
    if missed:
        raise RewriteError("the edit is lost in another one", anchor(next(iter(missed))))
    if not changed.body and not changed.footer:
        return ""
    code = _restored(prefix + text, module.code, changed.code)
    if code is None or not code.startswith(prefix):
        raise RewriteError("libcst does not give the code back as it was", piece.start)
    if not _keeps_comments(places, code):
        raise RewriteError("a comment would be lost", piece.start)
    if limit is not None:
        code = lay_out_long_lines(prefix + text, code, limit)
    return code.removeprefix(prefix)


def _keeps_comments(places: Places, code: str) -> bool:
    """Whether the code has all comments but those of imports that go."""
    imports = [
        places.small[edit.statement][0] for edit in places.piece.edits if isinstance(edit, RemoveImport)
    ]
    excepted = {
        line
        for where in map(places.positions.__getitem__, imports)
        for line in range(where.start.line, where.end.line + 1)
    }
    before = Counter(
        comments.wording(node.value)
        for node, where in places.positions.items()
        if isinstance(node, cst.Comment) and where.start.line not in excepted
    )
    del before[""]
    return not before or before <= Counter(comments.wordings(code))


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


class _Transformer(cst.CSTTransformer):
    """Makes the edits, each when the node that it changes is left, so that inner ones come first."""

    def __init__(
        self,
        places: Places,
        work: Mapping[cst.CSTNode, list[Edit]],
        lines: Sequence[str],
        moved: Mapping[int, int],
        *,
        width: int,
        longest: int,
    ) -> None:
        super().__init__()
        self.landed: list[Edit] = []
        self._places = places
        self._work = work
        self._lines = lines
        self._moved = moved
        self._width = width
        self._longest = longest
        self._dropped: list[cst.CSTNode] = []
        self._targets = [places.positions[node].start.line for node in work]
        self._around: list[cst.CSTNode] = []
        """The nodes that are not left yet."""
        self._lost: list[list[cst.Comment]] = []
        """For each statement among them, the comments that have no place in it any more."""
        self._parts: dict[cst.CSTNode, cst.CSTNode | None] = {
            places.expressions[edit.inner, edit.inner_end]: None
            for edits in work.values()
            for edit in edits
            if isinstance(edit, Unwrap)
        }
        """What has become of what is unwrapped."""
        self._hoisted: dict[HoistExpression, cst.BaseExpression] = {}
        self._calls: dict[cst.Call, bool] = {}
        """The changed calls, and whether they have lost arguments."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._around.append(node)
        if isinstance(node, Statement):
            self._lost.append([])
        if isinstance(node, cst.Comment):
            return False  # it stays the very same, so that it can be found again
        if not isinstance(node, cst.SimpleStatementLine):
            return True
        # Most statements hold no edit, and visiting them takes most time.
        where = self._places.positions[node]
        return any(where.start.line <= line <= where.end.line for line in self._targets)

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        self._around.pop()
        edits = self._work.get(original_node, ())
        changed: list[cst.CSTNode] = [updated_node]
        if isinstance(original_node, cst.BaseExpression):
            if edits:
                changed = [self._expression(original_node, updated_node, edits)]
            if original_node in self._parts:
                self._parts[original_node] = changed[0]
        elif isinstance(original_node, Statement):
            changed = self._statements(original_node, updated_node, edits)
        elif isinstance(updated_node, cst.SimpleStatementSuite) and edits:
            changed = [change_suite(updated_node, self._line_parts(original_node, updated_node, edits))]
            self._lost[-1] += comments.lost([updated_node], changed)
        self.landed += [
            edit
            for edit in edits
            if not (isinstance(edit, HoistExpression) and isinstance(original_node, cst.BaseExpression))
        ]
        if self._moved and isinstance(updated_node, cst.ParenthesizedWhitespace):
            changed = [self._aligned(original_node, updated_node)]
        if self._dropped:
            changed = [self._without_dropped(node) for node in changed]
        nodes = cast("list[cst.CSTNodeT]", changed)
        return nodes[0] if len(nodes) == 1 else cst.FlattenSentinel(nodes)

    # --- Expressions ----------------------------------------------------------------------------

    def _expression(
        self, original: cst.BaseExpression, node: cst.CSTNode, edits: Sequence[Edit]
    ) -> cst.CSTNode:
        """What takes the place of the expression `node`."""
        old = node
        held: list[cst.CSTNode] = []
        for edit in sorted(edits, key=_turn):
            match edit, node:
                case AddSessionParameter(), cst.Lambda():
                    function = cst.ensure_type(original, cst.Lambda)
                    node = cst.ensure_type(add_parameter(node, edit, self._room(function)), cst.Lambda)
                case DocumentParameter(), cst.SimpleString():
                    keywords = self._places.keywords(edit.function)
                    literal = document(node.value, edit, keywords=keywords, width=self._width)
                    node = node.with_changes(value=literal)
                case DocumentAssumedSession(), cst.SimpleString():
                    node = node.with_changes(value=document_assumed_session(node.value, edit))
                case RenameKeyword(), cst.Call():
                    [index] = self._places.arguments(cst.ensure_type(original, cst.Call), (edit.keyword,))
                    node = rename_keyword(node, index, edit.new)
                case UseSession(), cst.Name() | cst.Attribute():
                    node = use(node, edit)
                case ChangeCall(), cst.Call():
                    node = self._call(original, node, edit)
                case PassSession(), cst.Call():
                    change = ChangeCall(edit.position, edit.end, added=((edit.name, edit.value),))
                    node = self._call(original, node, change)
                case RemoveEntries(), cst.Dict():
                    display = cst.ensure_type(original, cst.Dict)
                    node = remove_entries(node, self._places.entries(display, edit.entries))
                case Unwrap(), cst.BaseExpression():
                    inner = self._parts[self._places.expressions[edit.inner, edit.inner_end]]
                    if not isinstance(inner, cst.BaseExpression):
                        raise RewriteError("the expression does not hold the part", edit.position)
                    node = put(inner, node, self._surroundings(original))
                case ReplaceExpression(), cst.BaseExpression():
                    new = cst.parse_expression(edit.source)
                    node = put(new, node, self._surroundings(original))
                case HoistExpression(), cst.BaseExpression():
                    self._check_hoist(edit)
                    value = standing_alone(node)
                    self._hoisted[edit] = value
                    held.append(value)
                    node = put(cst.Name(edit.name), without_brackets(node), self._surroundings(original))
                case _:
                    pass
        self._lost[-1] += comments.lost([old], [node, *held])
        return node

    def _room(self, function: Function) -> Room:
        return room(function, self._places.positions, self._lines, self._width)

    def _call(self, original: cst.BaseExpression, node: cst.Call, edit: ChangeCall) -> cst.Call:
        call = cst.ensure_type(original, cst.Call)
        removed = self._places.arguments(call, edit.removed)
        positions = self._places.positions
        longest = max([self._width, *map(len, self._own_lines(call))])
        added = [source for source in (edit.first,) if source is not None]
        added += [f"{keyword}={source}" for keyword, source in edit.added]
        ends = [*(call.args[:1] if edit.first else ()), *(call.args[-1:] if edit.added else ())]
        lines = {positions[arg].end.line for arg in ends}
        free = longest - max((len(self._lines[line - 1].rstrip("\r\n")) for line in lines), default=0)
        fits = sum(len(source) + len(", ") for source in added) <= free
        changed = change_call(node, edit, removed, fits=fits)
        self._calls[changed] = bool(removed)
        return changed

    def _own_lines(self, node: cst.CSTNode) -> list[str]:
        """The lines that the node stands on."""
        where = self._places.positions[node]
        return [line.rstrip("\r\n") for line in self._lines[where.start.line - 1 : where.end.line]]

    def _surroundings(self, original: cst.BaseExpression) -> Surroundings:
        positions = self._places.positions
        start, end = positions[original].start, positions[original].end
        if original.lpar:
            start, end = positions[original.lpar[0]].start, positions[original.rpar[-1]].end
        before = self._lines[start.line - 1][max(start.column - 1, 0) : start.column]
        return Surroundings(self._around[-1], before, self._lines[end.line - 1][end.column : end.column + 1])

    def _check_hoist(self, edit: HoistExpression) -> None:
        """Refuses what stands in another statement than that which the new one comes before."""
        small_line = self._places.small.get(edit.statement)
        inside = [node for node in self._around if isinstance(node, Small | cst.BaseCompoundStatement)]
        statement = (
            small_line[0].body[small_line[1]]
            if small_line is not None
            else self._places.statements.get(edit.statement)
        )
        if inside[-1] is not statement:
            raise RewriteError("the statement does not hold the expression itself", edit.position)

    # --- Statements -----------------------------------------------------------------------------

    def _statements(
        self, original: cst.CSTNode, node: cst.CSTNode, edits: Sequence[Edit]
    ) -> list[cst.CSTNode]:
        """The statements that take the place of the statement `node`."""
        lost = self._lost.pop()
        assert isinstance(node, Statement)
        statements: list[Statement] = [node]
        gone = False
        if isinstance(node, cst.SimpleStatementLine):
            if any(not isinstance(edit, FillSession | AddStatementBefore) for edit in edits):
                lines, gone = change_line(node, self._line_parts(original, node, edits))
                statements = [*lines]
            if any(isinstance(edit, RemoveStatement) for edit in edits):
                lost += comments.lost([node], statements)
        else:
            for edit in edits:
                if isinstance(edit, RenameParameter) and isinstance(node, cst.FunctionDef):
                    node = rename_parameter(node, edit)
            statements = [node]
            function = next((edit for edit in edits if isinstance(edit, AddSessionParameter)), None)
            if function is not None and isinstance(node, cst.FunctionDef):
                free = self._room(cst.ensure_type(original, cst.FunctionDef))
                statements = [cst.ensure_type(add_parameter(node, function, free), cst.FunctionDef)]
            option = next((edit for edit in edits if isinstance(edit, AddClickOption)), None)
            if option is not None and isinstance(node, cst.FunctionDef):
                free = self._room(cst.ensure_type(original, cst.FunctionDef))
                statements = [add_option(node, option, free)]
            hoisted = [part for edit in edits for part in self._named(edit)]
            if hoisted:
                statements = [*alone(hoisted), statements[-1].with_changes(leading_lines=())]
                statements[0] = statements[0].with_changes(leading_lines=node.leading_lines)
        if lost:
            above = comments.own_lines(sorted(lost, key=self._line_of))
            first = statements[0]
            statements[0] = first.with_changes(leading_lines=[*first.leading_lines, *above])
        if self._calls:
            statements = [self._laid_out(original, statement) for statement in statements]
        for edit in sorted(edits, key=lambda edit: isinstance(edit, AddStatementBefore)):
            if isinstance(edit, FillSession):
                statements[:1] = fill(statements[0], edit, self._places.indents[original])
            elif isinstance(edit, AddStatementBefore):
                new = alone([_parsed(edit.source, edit)])[0]
                statements[:1] = put_before(statements[0], new, apart=True)
        if gone:
            self._dropped.append(statements[-1])
        return [*statements]

    def _line_of(self, comment: cst.Comment) -> int:
        return self._places.positions[comment].start.line

    def _line_parts(self, original: cst.CSTNode, node: Line, edits: Sequence[Edit]) -> list[Part]:
        """What becomes of each statement of the line."""
        parts = []
        for index, statement in enumerate(node.body):
            own = [
                edit
                for edit in edits
                if isinstance(
                    edit, AddImport | RemoveImport | RemoveStatement | AddStatement | HoistExpression
                )
                and self._places.small[anchor(edit)] == (original, index)
            ]
            parts.append(self._part(statement, own))
        return parts

    def _part(self, statement: Small, edits: Sequence[Edit]) -> Part:
        added = [edit for edit in edits if isinstance(edit, AddImport)]
        removed = [edit for edit in edits if isinstance(edit, RemoveImport)]
        part = Part(statement)
        if isinstance(statement, Import) and (added or removed):
            part = change(statement, added, removed)
        if any(isinstance(edit, RemoveStatement) for edit in edits):
            part = replace(part, statement=None)
        before = [new for edit in edits for new in self._named(edit)]
        after = [_parsed(edit.source, edit) for edit in edits if isinstance(edit, AddStatement)]
        return replace(part, before=(*part.before, *before), after=tuple(after))

    def _named(self, edit: Edit) -> list[Small]:
        """The statements that hoist the edit's expression; none for an edit of another kind."""
        if not isinstance(edit, HoistExpression):
            return []
        if edit not in self._hoisted:
            raise RewriteError("the statement does not hold the expression itself", edit.position)
        following = [_parsed(source, edit) for source in edit.follow]
        return [named(edit.name, self._hoisted[edit]), *following]

    def _laid_out(self, original: cst.CSTNode, statement: Statement) -> Statement:
        if not isinstance(statement, cst.SimpleStatementLine):
            return statement
        start = self._places.positions[original].start
        indent = self._lines[start.line - 1][: start.column]
        longest = max(map(len, self._own_lines(original)))
        for edit in self._places.piece.edits:
            if isinstance(edit, PassSession):
                longest = max(longest, edit.line_length or self._longest)
        if isinstance(original, cst.BaseCompoundStatement):
            longest = 0
        return lay_out(statement, self._calls, Sheet(indent, max(self._width, longest)))

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

    def _without_dropped(self, node: cst.CSTNode) -> cst.CSTNode:
        """The block without the lines that came to nothing; any other node as it is."""
        if not isinstance(node, cst.Module | cst.IndentedBlock) or not any(
            part in self._dropped for part in node.body
        ):
            return node
        statements = [part for part in node.body if isinstance(part, Statement)]
        kept, left = without_lines(statements, self._dropped)
        if isinstance(node, cst.IndentedBlock) and not kept:
            return node.with_changes(body=[cst.SimpleStatementLine([cst.Pass()], leading_lines=left)])
        return node.with_changes(body=kept, footer=[*left, *node.footer])


def _turn(edit: Edit) -> int:
    """When the edit is made: a keyword is renamed while the arguments still have their numbers, and what
    is hoisted or passed comes last."""
    return (
        0 if isinstance(edit, RenameKeyword) else 2 if isinstance(edit, HoistExpression | PassSession) else 1
    )


def _parsed(source: str, edit: Edit) -> Small:
    statement = small(source)
    if statement is None:
        raise RewriteError("what is to be added is not one simple statement", anchor(edit))
    return statement


def _moved(whitespace: cst.SimpleWhitespace, columns: int) -> cst.SimpleWhitespace:
    value = whitespace.value
    if columns < 0 and not value.endswith(" " * -columns):
        return whitespace
    return cst.SimpleWhitespace(value + " " * columns if columns > 0 else value[: len(value) + columns])
