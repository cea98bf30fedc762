"""An expression, what it is to become and where it stands in, the expression in its place out."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import libcst as cst

_ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.BaseNumber,
    cst.BaseString,
    cst.BaseList,
    cst.BaseSet,
    cst.BaseDict,
    cst.Ellipsis,
)
_STATEMENTS = (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.AssignTarget)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The node that holds the expression, and the characters directly before and after it and its brackets."""

    parent: cst.CSTNode
    before: str
    after: str


def put(new: cst.BaseExpression, old: cst.BaseExpression, around: Surroundings) -> cst.BaseExpression:
    """`new` in the place of `old`: in the brackets of that, else in its own, or in some, where it needs them.

    Brackets that only held the lines of `old` together go if nothing else needs them.
    """
    lpar, rpar = list(old.lpar), list(old.rpar)
    if isinstance(old, cst.Tuple | cst.GeneratorExp) and lpar:
        lpar.pop()  # the innermost brackets are the tuple's own
        rpar.pop(0)
    bare = without_brackets(new)
    needed = _needs_brackets(bare, around)
    if lpar and (needed or not _breaks(_code(without_brackets(old)))):
        return bare.with_changes(lpar=lpar, rpar=rpar)
    if not needed:
        return bare
    return new if new.lpar else _bracketed(bare)


def standing_alone(expression: cst.BaseExpression) -> cst.BaseExpression:
    """The expression as the value of a statement: in brackets only where its lines need them."""
    bare = without_brackets(expression)
    if not _breaks(_code(bare)):
        return bare
    return expression if expression.lpar else _bracketed(bare)


def without_brackets(expression: cst.BaseExpression) -> cst.BaseExpression:
    """The expression without brackets around it, but for those that it cannot be without."""
    empty = isinstance(expression, cst.Tuple) and not expression.elements
    if isinstance(expression, cst.GeneratorExp) or empty or not expression.lpar:
        return expression
    return expression.with_changes(lpar=(), rpar=())


def _bracketed(expression: cst.BaseExpression) -> cst.BaseExpression:
    return expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _needs_brackets(bare: cst.BaseExpression, around: Surroundings) -> bool:
    code = _code(bare)
    if isinstance(bare, cst.Tuple):
        if not isinstance(around.parent, _STATEMENTS):
            return True
    elif not isinstance(bare, _ATOMS) and isinstance(
        around.parent, cst.BaseExpression | cst.ComparisonTarget | cst.FormattedStringExpression
    ):
        return True
    return _joins(around.before, code[:1]) or _joins(code[-1:], around.after) or _breaks(code)


def _joins(left: str, right: str) -> bool:
    """Whether the two characters would be one word."""
    return bool(left and right) and f"a{left}".isidentifier() and f"a{right}".isidentifier()


def _breaks(code: str) -> bool:
    """Whether the code goes over several lines only because brackets are around it."""
    if "\n" not in code and "\r" not in code:
        return False
    try:
        ast.parse(code, mode="eval")
    except SyntaxError:
        return True
    return False


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
