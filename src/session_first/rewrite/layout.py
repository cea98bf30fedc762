"""A changed statement and the calls changed in it in, the same laid out within the line length out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from session_first.rewrite import commas
from session_first.rewrite.call import between, respaced, spacing_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the statement's block is indented by from the margin, and how long its lines may be."""

    indent: str
    width: int


def lay_out(
    line: cst.SimpleStatementLine, calls: Mapping[cst.Call, bool], sheet: Sheet
) -> cst.SimpleStatementLine:
    """The line with the outermost of these calls laid out as black does it, where that makes a difference.

    A call on one line that is too long is broken. One whose arguments share an indented line has one argument
    a line if that is too long, and goes on one line if it fits there, but only if it has lost arguments,
    which the mapping tells; so does one that has a single argument left. Others stay as they are.
    """
    call = _outermost(line, calls)
    if call is None or not call.args or not _is_whole(line, call):
        return line
    spacing = spacing_of(call)
    if _is_hanging(spacing):
        opening, closing = spacing.opening, spacing.gaps[-1].closing
        tries = [spacing, _one_a_line(spacing, opening, closing)]
        if calls[call]:
            tries.insert(0, _flat(spacing))
    elif calls[call] and _is_alone(call, spacing):
        tries = [_flat(spacing), spacing]
    elif not any(map(commas.breaks, _all(spacing))) and len(_lines(line, sheet)) == 1:
        if line.trailing_whitespace.comment is not None:
            return line
        step = "\t" if sheet.indent.startswith("\t") else "    "
        closing = cst.ParenthesizedWhitespace(indent=True)
        opening = closing.with_changes(last_line=cst.SimpleWhitespace(step))
        tries = [
            spacing,
            _together(spacing, opening, closing),
            _one_a_line(spacing, opening, closing),
        ]
    else:
        return line
    new = line
    for tried in tries:
        new = cst.ensure_type(line.deep_replace(call, respaced(call, tried)), cst.SimpleStatementLine)
        if all(len(text) <= sheet.width for text in _lines(new, sheet)):
            break
    return new


def _outermost(line: cst.SimpleStatementLine, calls: Mapping[cst.Call, bool]) -> cst.Call | None:
    waiting: list[cst.CSTNode] = [line]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, cst.Call) and node in calls:
            return node
        waiting += node.children
    return None


def _is_whole(line: cst.SimpleStatementLine, call: cst.Call) -> bool:
    """Whether the call is all that stands on the line, but for a target, `return`, `await` and what is got from it without
    another call."""
    if len(line.body) != 1:
        return False
    match line.body[0]:
        case (
            cst.Expr(value=value)
            | cst.Assign(value=value)
            | cst.Return(value=value)
            | cst.AnnAssign(value=value)
            | cst.AugAssign(value=value)
        ):
            inner: cst.CSTNode | None = value
            while inner is not None and inner is not call:
                match inner:
                    case cst.Await(expression=part):
                        inner = part
                    case cst.Attribute(value=part) | cst.Subscript(value=part):
                        inner = part
                    case _:
                        return False
            return inner is call
        case _:
            return False


def _lines(line: cst.SimpleStatementLine, sheet: Sheet) -> list[str]:
    """The lines of the statement, without comments above and behind it."""
    bare = line.with_changes(leading_lines=(), trailing_whitespace=cst.TrailingWhitespace())
    block = cst.IndentedBlock([bare], indent=sheet.indent or " ")
    _, *lines = cst.Module([cst.If(cst.Name("x"), block)]).code.splitlines()
    return lines if sheet.indent else [text[1:] for text in lines]


def _is_hanging(spacing: commas.Spacing) -> bool:
    last = spacing.gaps[-1]
    return (
        _breaks_bare(spacing.opening)
        and last.comma is None
        and _breaks_bare(last.closing)
        and not any(map(commas.breaks, between(spacing)))
    )


def _is_alone(call: cst.Call, spacing: commas.Spacing) -> bool:
    """Whether the call has one argument, which takes a line and ends in a comma."""
    if len(call.args) != 1 or "\n" in cst.Module([]).code_for_node(call.args[0].value):
        return False
    [gap] = spacing.gaps
    return (
        gap.comma is not None
        and not commas.breaks(gap.comma.whitespace_before)
        and not commas.breaks(gap.closing)
        and _breaks_bare(spacing.opening)
        and _breaks_bare(gap.comma.whitespace_after)
    )


def _breaks_bare(whitespace: commas.Whitespace) -> bool:
    return (
        isinstance(whitespace, cst.ParenthesizedWhitespace)
        and whitespace.first_line.comment is None
        and not whitespace.empty_lines
    )


def _all(spacing: commas.Spacing) -> list[commas.Whitespace]:
    last = spacing.gaps[-1]
    behind = [] if last.comma is None else [last.comma.whitespace_before, last.comma.whitespace_after]
    return [spacing.opening, *between(spacing), *behind, last.closing]


def _flat(spacing: commas.Spacing) -> commas.Spacing:
    return commas.Spacing(commas.NOTHING, (*spacing.gaps[:-1], commas.Gap(None)))


def _together(
    spacing: commas.Spacing, opening: commas.Whitespace, closing: commas.Whitespace
) -> commas.Spacing:
    return commas.Spacing(opening, (*spacing.gaps[:-1], commas.Gap(None, closing)))


def _one_a_line(
    spacing: commas.Spacing, opening: commas.Whitespace, closing: commas.Whitespace
) -> commas.Spacing:
    gap = commas.Gap(cst.Comma(whitespace_after=opening))
    last = commas.Gap(cst.Comma(whitespace_after=closing))
    return commas.Spacing(opening, (*(gap for _ in spacing.gaps[1:]), last))
