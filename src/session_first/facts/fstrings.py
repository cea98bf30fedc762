"""An expression in; whether its position can be relied on, which inside an f-string is not so everywhere, out."""

from __future__ import annotations

import ast
import sys

from session_first.facts.names import Names
from session_first.source import SourceFile

_EXACT_IN_FSTRINGS = sys.version_info >= (3, 12)


def is_exact(node: ast.expr, word: str, source: SourceFile, names: Names) -> bool:
    """Whether `node`, whose source holds `word`, can be edited where it stands.

    Before Python 3.12 positions inside an f-string can be off; the text itself tells. One that prints its own source must
    stay as it is.
    """
    inside = False
    child: ast.AST = node
    holder = names.parents[node]
    while not isinstance(child, ast.stmt):
        if isinstance(holder, ast.JoinedStr):
            inside = True
            if _shows_its_source(child, holder, word):
                return False
        if isinstance(holder, ast.Module):
            break
        child, holder = holder, names.parents[holder]
    if _EXACT_IN_FSTRINGS or not inside:
        return True
    start, end = source.start(node), source.end(node)
    return start < end and source.segment(start, end) == ast.unparse(node)


def _shows_its_source(field: ast.AST, string: ast.JoinedStr, word: str) -> bool:
    """`f"{boto3.client(name)=}"` prints the text of the call."""
    number = next(i for i, part in enumerate(string.values) if part is field)
    before = string.values[number - 1] if number else None
    return (
        isinstance(before, ast.Constant)
        and str(before.value).rstrip().endswith("=")
        and word in str(before.value)
    )
