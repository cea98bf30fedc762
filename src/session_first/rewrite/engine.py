"""A file and its edits in, its new bytes out: each edit made exactly once, all else byte for byte as it was."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import libcst as cst

from session_first.model import (
    AddClickOption,
    AddImport,
    AddSessionParameter,
    AddStatementBefore,
    Edit,
    PassSession,
    Position,
    RemoveImport,
    RemoveStatement,
)
from session_first.rewrite.error import RewriteError
from session_first.rewrite.long_lines import lay_out_long_lines
from session_first.rewrite.pieces import Piece, anchor, cut
from session_first.rewrite.placement import outstanding, place
from session_first.rewrite.top_level import Insertion, insertion
from session_first.rewrite.transformer import transform
from session_first.source import SourceError, SourceFile, parse, split_lines


def rewrite(source: SourceFile, edits: Sequence[Edit]) -> bytes:
    """The bytes of the file after the edits.

    Raises:
        RewriteError: an edit cannot be made, or two are in each other's way.
    """
    wanted = sorted(dict.fromkeys(edits), key=anchor)
    if not wanted:
        return source.data
    if _encoded(source, wanted[0]) != source.data:
        raise RewriteError(
            f"the file cannot be written back in {source.encoding} as it was", anchor(wanted[0])
        )
    try:
        tree = parse(source)
    except SourceError as error:
        raise RewriteError(f"the file {error.failed.error}", anchor(wanted[0])) from error
    try:
        result = _rewritten(source, tree, wanted)
        parse(result)
        return _encoded(result, wanted[0])
    except SourceError as error:
        raise RewriteError(f"with the edits, the file {error.failed.error}", anchor(wanted[0])) from error
    except (RecursionError, MemoryError) as error:
        raise RewriteError("the code is nested too deeply", anchor(wanted[0])) from error
    except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
        raise RewriteError(f"libcst cannot read the code: {error}", anchor(wanted[0])) from error


def _encoded(source: SourceFile, edit: Edit) -> bytes:
    try:
        return source.text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise RewriteError(f"the new text cannot be written in {source.encoding}", anchor(edit)) from error


def _rewritten(source: SourceFile, tree: ast.Module, edits: Sequence[Edit]) -> SourceFile:
    among = [edit for edit in edits if isinstance(edit, AddImport) and edit.beside is None]
    beside = [edit for edit in edits if isinstance(edit, AddImport) and edit.beside is not None]
    for edit in beside:
        if edit.type_checking:
            raise RewriteError("an import for type checking has no place beside another", anchor(edit))
    needless = set(beside) - set(outstanding(tree, source, beside)) if beside else set()
    newline = _newline(source)
    above = {
        edit: found
        for edit in edits
        if isinstance(edit, AddStatementBefore)
        and (found := insertion(source, tree, edit, newline)) is not None
    }
    if len({found.start for found in above.values()}) < len(above):
        raise RewriteError("there are two of AddStatementBefore here", anchor(next(iter(above))))
    placed = [edit for edit in edits if edit not in among and edit not in needless and edit not in above]
    pieces = cut(source, tree, placed)
    limit = _limit(source, edits)
    source = replace(source, text=_spliced(source, pieces, tuple(above.values()), limit))
    # An import for type checking comes last: it is needless where another one binds the name.
    for edit in sorted(among, key=lambda edit: edit.type_checking):
        text = lay_out_long_lines(source.text, place(source, edit), limit)
        source = replace(source, text=text)
    return source


def _newline(source: SourceFile) -> str:
    first = source.lines[0] if source.lines else ""
    return first[len(first.rstrip("\r\n")) :] or "\n"


def _spliced(source: SourceFile, pieces: Sequence[Piece], above: Sequence[Insertion], limit: int) -> str:
    starts = [0, *accumulate(map(len, source.lines))]
    newline = _newline(source)
    width = _width(source)
    longest = max(map(len, map(str.rstrip, source.lines)), default=0)
    longest = min(max(longest, _USUAL_LENGTH), _LONGEST)
    text = ""
    done = 0
    parts: list[Piece | Insertion] = [*pieces, *above]
    for piece in sorted(parts, key=lambda part: part.start):
        start, end = (_offset(starts, position) for position in (piece.start, piece.end))
        text += source.text[done:start]
        if isinstance(piece, Insertion):
            text += piece.text
            done = end
            continue
        new = transform(
            source.text[start:end], piece, newline=newline, width=width, longest=longest, limit=limit
        )
        text += new
        done = end
        if not new and all(isinstance(edit, RemoveStatement | RemoveImport) for edit in piece.edits):
            if source.text[end:].strip(_BLANK):
                done += _needless(text, source.text[end:])
            else:
                lines = split_lines(text)
                text = "".join(lines[: len(lines) - _blank_at_end(lines)])
                done = len(source.text)
    return text + source.text[done:]


_LIMITED = AddSessionParameter | AddClickOption | PassSession
_USUAL_LENGTH = 88
_LONGEST = 120
"""No line is made longer for others that are."""
_USUAL_LENGTHS = (79, _USUAL_LENGTH, 100, _LONGEST)
_NEAR, _SEVERAL = 10, 5

_BLANK = " \t\r\n"


def _needless(above: str, below: str) -> int:
    """The length of the blank lines that `below` begins with and that begin the file or follow blank ones."""
    upper, lower = split_lines(above), split_lines(below)
    number = _blank_at_end(upper) if above.strip(_BLANK) else len(lower)
    return sum(map(len, lower[: min(number, _blank(lower))]))


def _blank_at_end(lines: Sequence[str]) -> int:
    number = _blank(lines[::-1])
    text = lines[: len(lines) - number]
    continued = bool(text) and text[-1].rstrip("\r\n").endswith("\\")
    return number - 1 if continued and number else number  # the first one ends a statement


def _blank(lines: Sequence[str]) -> int:
    """How many blank lines they begin with."""
    return next((number for number, line in enumerate(lines) if line.strip(_BLANK)), len(lines))


def _width(source: SourceFile) -> int:
    """The line length that the file keeps to: PEP 8's, or the next usual one."""
    return 79 if all(len(line.rstrip("\r\n")) <= 79 for line in source.lines) else 88


def _limit(source: SourceFile, edits: Sequence[Edit]) -> int:
    """How long the edits may make a line: what the project says, what the file shows, else what no one writes on one line."""
    stated = (edit.line_length for edit in edits if isinstance(edit, _LIMITED))
    length = next((length for length in stated if length is not None), None)
    return length or _shown(source) or _LONGEST


def _shown(source: SourceFile) -> int | None:
    """The usual length that several lines of the file come near to, and at most a tenth as many (of addresses and the like) pass."""
    lengths = [len(line.rstrip("\r\n")) for line in source.lines]
    for usual in _USUAL_LENGTHS:
        near = sum(usual - _NEAR < length <= usual for length in lengths)
        if near >= _SEVERAL and 10 * sum(length > usual for length in lengths) <= near:
            return usual
    return None


def _offset(starts: Sequence[int], position: Position) -> int:
    return starts[position.line - 1] + position.column
