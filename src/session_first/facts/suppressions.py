"""Which lines carry a `noqa`, and what it silences: flake8 itself is asked."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping

from session_first.source import SourceFile

_CODES = re.compile(r":\s?[a-z]+[0-9]")
_LIKE_OURS = re.compile(r"\bb")
"""Our codes, and what stands for several of them, start so."""

WHOLE_FILE = 0
"""The line under which a file-wide suppression is kept."""


def suppressions(source: SourceFile) -> Mapping[int, str]:
    """The text that flake8 searches for a `noqa`, by line, for the lines where there is one; nothing where each is
    for other codes than ours.

    It is the line itself, and for a string of several lines or lines joined by backslashes all of them.
    """
    if "noqa" not in source.text.lower():
        return {}
    from flake8.defaults import NOQA_FILE  # noqa: PLC0415 (10 ms, for the few files that have one)

    marked = [line for line in source.lines if "noqa" in line.lower()]
    if any(NOQA_FILE.match(line) for line in marked):
        return {WHOLE_FILE: "# noqa"}
    if not any(map(_may_be_ours, marked)):
        return {}
    found: dict[int, str] = {}
    for first, last in _joined_lines(source):
        text = "".join(source.lines[first - 1 : last])
        if "noqa" in text.lower():
            found.update(dict.fromkeys(range(first, last + 1), text))
    return found


def is_suppressed(suppressed: Mapping[int, str], line: int, code: str) -> bool:
    """Whether `code` at `line` is suppressed."""
    if WHOLE_FILE in suppressed:
        return True
    if line not in suppressed:
        return False
    from flake8.violation import Violation  # noqa: PLC0415 - likewise

    return Violation(code, "", line, 1, "", suppressed[line]).is_inline_ignored(disable_noqa=False)


def _may_be_ours(line: str) -> bool:
    """Whether the line has a `noqa` for all codes, or for some that may be ours."""
    rest = line.lower().partition("noqa")[2]
    return "noqa" in rest or _CODES.match(rest) is None or _LIKE_OURS.search(rest) is not None


def _joined_lines(source: SourceFile) -> Iterator[tuple[int, int]]:
    """The (first, last) lines that flake8 searches as one."""
    first, last = 0, 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text, newline="").readline):
            if token.type in {tokenize.ENDMARKER, tokenize.DEDENT}:
                continue
            first = min(first or token.start[0], token.start[0])
            last = max(last, token.end[0])
            if token.type in {tokenize.NL, tokenize.NEWLINE}:
                yield first, min(last, len(source.lines))
                first, last = 0, 0
    except (tokenize.TokenError, SyntaxError):
        return  # flake8 finds no noqa in such a file either
