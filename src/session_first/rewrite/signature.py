"""A function or lambda in, the same with the session parameter out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from session_first.model import AddClickOption, AddSessionParameter, RenameParameter
from session_first.rewrite import commas
from session_first.rewrite.error import RewriteError

Function = cst.FunctionDef | cst.Lambda
_Item = cst.Param | cst.ParamSlash | cst.ParamStar


@dataclass(frozen=True, slots=True)
class Room:
    """`free`: the columns left on the line of the last parameter; `aligned`: what its first one's line starts with."""

    free: int
    aligned: str


def room(
    function: Function,
    positions: Mapping[cst.CSTNode, cst.metadata.CodeRange],
    lines: Sequence[str],
    width: int,
) -> Room:
    """What is left for one parameter more within `width` columns, or within the signature's longest line."""
    items = _items(function.params)
    if not items:
        return Room(0, "")
    start, first, last = positions[function].start, positions[items[0]].start, positions[items[-1]].end
    own = [line.rstrip("\r\n") for line in lines[start.line - 1 : last.line]]
    before = lines[first.line - 1][: first.column]
    indent = before[: len(before) - len(before.lstrip())]
    free = max(width, *map(len, own)) - len(own[-1])
    return Room(free, indent + " " * (len(before) - len(indent)))


def add_parameter(function: Function, edit: AddSessionParameter, room: Room) -> Function:
    """The function with the parameter in its place, written in the style of the others.

    Raises:
        RewriteError: it has a parameter of that name, or is a lambda and the new one annotated.
    """
    parameters = function.params
    items = _items(parameters)
    if any(isinstance(item, cst.Param) and item.name.value == edit.name for item in items):
        raise RewriteError(f"the function has a parameter `{edit.name}` already", edit.function)
    if edit.annotation is not None and isinstance(function, cst.Lambda):
        raise RewriteError("a lambda's parameter cannot be annotated", edit.function)
    new = _parameter(edit)
    index = len(items) - (parameters.star_kwarg is not None)
    if items:
        added = len(cst.Module([]).code_for_node(new)) + len(", ")
        aligned = cst.ParenthesizedWhitespace(indent=False, last_line=cst.SimpleWhitespace(room.aligned))
        spacing = commas.insert(_spacing(function, items), index, fits=added <= room.free, aligned=aligned)
    else:
        spacing = _alone(_opening(function))
    written = [_with_gap(item, gap) for item, gap in zip(_with(items, index, new), spacing.gaps, strict=True)]
    return _with_parameters(function, _rebuilt(parameters, written), spacing.opening)


def rename_parameter(function: cst.FunctionDef, edit: RenameParameter) -> cst.FunctionDef:
    """The function with another name for one of its parameters.

    Raises:
        RewriteError: it has none of that name, or one of the new name already.
    """
    items = _items(function.params)
    names = [item.name.value for item in items if isinstance(item, cst.Param)]
    if edit.name not in names or edit.new in names:
        raise RewriteError(f"the parameter `{edit.name}` cannot be called `{edit.new}`", edit.function)
    renamed = [
        item.with_changes(name=item.name.with_changes(value=edit.new))
        if isinstance(item, cst.Param) and item.name.value == edit.name
        else item
        for item in items
    ]
    return function.with_changes(params=_rebuilt(function.params, renamed))


def add_option(function: cst.FunctionDef, edit: AddClickOption, room: Room) -> cst.FunctionDef:
    """The function with the decorator and the parameter.

    Raises:
        RewriteError: it has a parameter of that name.
    """
    parameter = AddSessionParameter(edit.function, edit.name, edit.annotation, edit.default, edit.line_length)
    changed = cst.ensure_type(add_parameter(function, parameter, room), cst.FunctionDef)
    decorator = cst.Decorator(cst.parse_expression(edit.decorator))
    return changed.with_changes(decorators=[*changed.decorators, decorator])


def _parameter(edit: AddSessionParameter) -> cst.Param:
    name = cst.Name(edit.name)
    if edit.default is None:
        plain = None if edit.annotation is None else cst.Annotation(cst.parse_expression(edit.annotation))
        return cst.Param(name, plain, star="")
    default = cst.parse_expression(edit.default)
    if edit.annotation is None:
        tight = cst.AssignEqual(commas.NOTHING, commas.NOTHING)
        return cst.Param(name, equal=tight, default=default, star="")
    annotation = cst.Annotation(cst.parse_expression(edit.annotation))
    return cst.Param(name, annotation, cst.AssignEqual(), default, star="")


def _items(parameters: cst.Parameters) -> list[_Item]:
    """The parameters and the marks between them, in the order of the text."""
    items: list[_Item] = [*parameters.posonly_params]
    if isinstance(parameters.posonly_ind, cst.ParamSlash):
        items.append(parameters.posonly_ind)
    items += parameters.params
    if isinstance(parameters.star_arg, (cst.Param, cst.ParamStar)):
        items.append(parameters.star_arg)
    items += parameters.kwonly_params
    if parameters.star_kwarg is not None:
        items.append(parameters.star_kwarg)
    return items


def _with(items: Sequence[_Item], index: int, new: cst.Param) -> list[_Item]:
    return [*items[:index], new, *items[index:]]


def _opening(function: Function) -> commas.Whitespace:
    if isinstance(function, cst.FunctionDef):
        return function.whitespace_before_params
    before = function.whitespace_after_lambda
    return cst.SimpleWhitespace(" ") if isinstance(before, cst.MaybeSentinel) else before


def _spacing(function: Function, items: Sequence[_Item]) -> commas.Spacing:
    return commas.Spacing(_opening(function), tuple(map(_gap, items)))


def _gap(item: _Item) -> commas.Gap:
    comma = item.comma if isinstance(item.comma, cst.Comma) else None
    if isinstance(item, cst.ParamStar):
        return commas.Gap(comma)
    closing = item.whitespace_after_param if isinstance(item, cst.Param) else item.whitespace_after
    return commas.Gap(comma, closing)


def _with_gap(item: _Item, gap: commas.Gap) -> _Item:
    comma = gap.comma if gap.comma is not None else cst.MaybeSentinel.DEFAULT
    if isinstance(item, cst.Param):
        return item.with_changes(comma=comma, whitespace_after_param=gap.closing)
    if isinstance(item, cst.ParamSlash):
        return item.with_changes(comma=comma, whitespace_after=gap.closing)
    return item.with_changes(comma=comma)


def _alone(opening: commas.Whitespace) -> commas.Spacing:
    """The spacing of the only parameter between brackets that held nothing."""
    if not isinstance(opening, cst.ParenthesizedWhitespace):
        return commas.Spacing(opening if commas.breaks(opening) else commas.NOTHING, (commas.Gap(None),))
    closing = cst.ParenthesizedWhitespace(indent=opening.indent, last_line=opening.last_line)
    inner = cst.SimpleWhitespace(opening.last_line.value + "    ")
    return commas.Spacing(
        opening.with_changes(last_line=inner), (commas.Gap(cst.Comma(whitespace_after=closing)),)
    )


def _rebuilt(parameters: cst.Parameters, written: Sequence[_Item]) -> cst.Parameters:
    """The parameters anew from their items and one more."""
    items = list(written)
    kwarg = items.pop() if parameters.star_kwarg is not None else None
    positional_only = [items.pop(0) for _ in parameters.posonly_params]
    slash = items.pop(0) if isinstance(parameters.posonly_ind, cst.ParamSlash) else parameters.posonly_ind
    plain = [items.pop(0) for _ in parameters.params]
    if isinstance(parameters.star_arg, (cst.Param, cst.ParamStar)):
        return parameters.with_changes(
            posonly_params=positional_only,
            posonly_ind=slash,
            params=plain,
            star_arg=items.pop(0),
            kwonly_params=items,
            star_kwarg=kwarg,
        )
    return parameters.with_changes(
        posonly_params=positional_only, posonly_ind=slash, params=[*plain, *items], star_kwarg=kwarg
    )


def _with_parameters(function: Function, parameters: cst.Parameters, opening: commas.Whitespace) -> Function:
    if isinstance(function, cst.FunctionDef):
        return function.with_changes(params=parameters, whitespace_before_params=opening)
    if isinstance(opening, cst.SimpleWhitespace) and not opening.value:
        opening = cst.SimpleWhitespace(" ")
    colon = function.colon
    if not _items(function.params) and isinstance(colon.whitespace_before, cst.SimpleWhitespace):
        colon = colon.with_changes(whitespace_before=commas.NOTHING)  # the space of `lambda : x` has moved
    return function.with_changes(params=parameters, whitespace_after_lambda=opening, colon=colon)
