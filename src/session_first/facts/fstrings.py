"""An expression in; whether it can be edited where it stands, which inside an f-string is not so everywhere, out."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from session_first.facts.names import Names
from session_first.source import SourceFile

_EXACT_IN_FSTRINGS = sys.version_info >= (3, 12)

_SHOWN = re.compile(r"(?:[\s)\\]|#.*)*=")
"""What follows the expression of `f"{up(1)=}"`, which prints its own source."""


def is_exact(node: ast.expr, source: SourceFile, names: Names) -> bool:
    """Whether `node` can be edited where it stands.

    Before Python 3.12 positions inside an f-string can be off; the text itself tells. One that prints its own source must
    stay as it is.
    """
    fields = list(_fields(node, names))
    if not fields:
        return True
    return _stands_there(node, source) and not any(_is_shown(field, source, names) for field in fields)


def _fields(node: ast.expr, names: Names) -> Iterator[ast.FormattedValue]:
    """The `{…}` of f-strings that hold the expression."""
    holder: ast.AST = node
    while not isinstance(holder, (ast.stmt, ast.Module)):
        if isinstance(holder, ast.FormattedValue):
            yield holder
        holder = names.parents[holder]


def _stands_there(node: ast.expr, source: SourceFile) -> bool:
    """Whether the text has the expression at its position."""
    if _EXACT_IN_FSTRINGS:
        return True
    start, end = source.start(node), source.end(node)
    if not start < end or end.line > len(source.lines):
        return False
    try:
        found = ast.parse(f"({source.segment(start, end)}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return ast.dump(found) == ast.dump(node)


def _is_shown(field: ast.FormattedValue, source: SourceFile, names: Names) -> bool:
    """`f"{boto3.client(name)=}"` prints the text of the call, which Python puts into the string before it."""
    string = names.parents[field]
    assert isinstance(string, ast.JoinedStr)
    number = next(i for i, part in enumerate(string.values) if part is field)
    before = string.values[number - 1] if number else None
    if not isinstance(before, ast.Constant) or not str(before.value).rstrip().endswith("="):
        return False
    if not _stands_there(field.value, source):
        return True  # it cannot be told from `f"up={up(1)}"`
    end = source.end(field.value)
    rest = "".join((source.lines[end.line - 1][end.column :], *source.lines[end.line :]))
    return _SHOWN.match(rest) is not None
