"""A call and the edit of it in, the same with another callee and other arguments out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import libcst as cst

from session_first.model import ChangeCall
from session_first.rewrite import commas


def change_call(call: cst.Call, edit: ChangeCall, removed: Collection[int], *, fits: bool) -> cst.Call:
    """The call after the edit, of which the arguments numbered `removed` go.

    What is added is written in the style of the others; `fits` says that the lines have room for it.
    """
    if edit.callee is not None:
        call = call.with_changes(func=cst.parse_expression(edit.callee))
    spacing = commas.drop(spacing_of(call), removed)
    args = [arg for index, arg in enumerate(call.args) if index not in removed]
    if edit.first is not None:
        first = cst.Arg(cst.parse_expression(edit.first))
        args, spacing = _with(args, spacing, 0, first, fits=fits)
    equal = next((arg.equal for arg in args if isinstance(arg.equal, cst.AssignEqual)), _TIGHT)
    if edit.added:
        args = [_bracketed(arg) for arg in args]
    for keyword, source in edit.added:
        unpacked = (index for index, arg in enumerate(args) if arg.star == "**")
        new = cst.Arg(cst.parse_expression(source), keyword=cst.Name(keyword), equal=equal)
        args, spacing = _with(args, spacing, next(unpacked, len(args)), new, fits=fits)
    return respaced(call.with_changes(args=args), spacing)


def _bracketed(arg: cst.Arg) -> cst.Arg:
    """A generator expression that is no longer the only argument needs brackets of its own."""
    if not isinstance(arg.value, cst.GeneratorExp) or arg.value.lpar:
        return arg
    return arg.with_changes(value=arg.value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))


def rename_keyword(call: cst.Call, index: int, name: str) -> cst.Call:
    """The call with another keyword before the argument numbered `index`."""
    args = [
        arg.with_changes(keyword=cst.Name(name)) if number == index else arg
        for number, arg in enumerate(call.args)
    ]
    return call.with_changes(args=args)


_TIGHT = cst.AssignEqual(commas.NOTHING, commas.NOTHING)


def _with(
    args: Sequence[cst.Arg], spacing: commas.Spacing, index: int, new: cst.Arg, *, fits: bool
) -> tuple[list[cst.Arg], commas.Spacing]:
    if not args:
        return [new], commas.Spacing(commas.NOTHING, (commas.Gap(None),))
    if not any(map(commas.breaks, between(spacing))):
        fits = True  # a list on one line is laid out as a whole
    spacing = commas.insert(spacing, index, fits=fits, aligned=spacing.opening)
    return [*args[:index], new, *args[index:]], spacing


def between(spacing: commas.Spacing) -> list[commas.Whitespace]:
    """The whitespace after the commas between the items, and before them."""
    gaps = [gap.comma for gap in spacing.gaps[:-1] if gap.comma is not None]
    return [part for comma in gaps for part in (comma.whitespace_before, comma.whitespace_after)]


def spacing_of(call: cst.Call) -> commas.Spacing:
    """The whitespace between the call's brackets and arguments."""
    gaps = [
        commas.Gap(arg.comma if isinstance(arg.comma, cst.Comma) else None, arg.whitespace_after_arg)
        for arg in call.args
    ]
    return commas.Spacing(call.whitespace_before_args, tuple(gaps))


def respaced(call: cst.Call, spacing: commas.Spacing) -> cst.Call:
    """The call with that spacing."""
    args = [
        arg.with_changes(
            comma=cst.MaybeSentinel.DEFAULT if gap.comma is None else gap.comma,
            whitespace_after_arg=gap.closing,
        )
        for arg, gap in zip(call.args, spacing.gaps, strict=True)
    ]
    return call.with_changes(args=args, whitespace_before_args=spacing.opening)
