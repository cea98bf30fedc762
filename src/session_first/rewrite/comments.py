"""The comments of a tree or a text, and comments that lose their place as lines of their own."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence

import libcst as cst

from session_first.source import split_lines

_DIRECTIVE = re.compile(
    r"#\s*(?:[nN][oO][qQ][aA]\b|nosec\b|nosemgrep\b|(?:type|pragma|pylint|pyright|mypy): *\S|pyre-|fmt: *skip\b)"
)
_NEXT = re.compile(r"\s+(?=#)")


def within(node: cst.CSTNode) -> Iterator[cst.Comment]:
    """The comments in the node, in the order of the text."""
    if isinstance(node, cst.Comment):
        yield node
    for child in node.children:
        yield from within(child)


def lost(before: Iterable[cst.CSTNode], after: Iterable[cst.CSTNode]) -> list[cst.Comment]:
    """The comments in the nodes `before` that are not in those `after`: the very same, not equal ones."""
    left = {comment for node in after for comment in within(node)}
    return [comment for node in before for comment in within(node) if comment not in left]


def own_lines(comments: Iterable[cst.Comment]) -> list[cst.EmptyLine]:
    """The comments as lines of their own, without what tells a tool something of the line that they leave."""
    texts = (wording(comment.value) for comment in comments)
    return [cst.EmptyLine(comment=cst.Comment(text)) for text in texts if text]


def wording(comment: str) -> str:
    """The comment without directives to tools (`# noqa`, `# type: ignore`), which say nothing elsewhere."""
    return "  ".join(part for part in _NEXT.split(comment) if not _DIRECTIVE.match(part))


def wordings(text: str) -> Iterator[str]:
    """The comments of the text, without directives."""
    lines: Sequence[str] = [line.rstrip("\r\n") + "\n" for line in split_lines(text)]
    rest = iter(lines)
    for token in tokenize.generate_tokens(lambda: next(rest, "")):
        if token.type == tokenize.COMMENT and wording(token.string):
            yield wording(token.string)
