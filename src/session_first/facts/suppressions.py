"""Which lines carry a `noqa`, read as flake8 reads them."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Mapping

from session_first.source import SourceFile

WHOLE_FILE = 0
"""The line under which a file-wide suppression is kept."""

_INLINE = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FILE = re.compile(
    r"\s*# flake8[:=]\s*noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?\s*$", re.IGNORECASE
)


def suppressions(source: SourceFile) -> Mapping[int, frozenset[str] | None]:
    """The codes that each line's `noqa` names; None where it names none, which means all.

    flake8 looks for the comment on the line itself, and on all lines of a string or of lines joined
    by backslashes.
    """
    if "noqa" not in source.text.lower():
        return {}
    found: dict[int, frozenset[str] | None] = {}
    for line in source.lines:
        if match := _FILE.match(line):
            found[WHOLE_FILE] = _codes(match)
    for first, last in _joined_lines(source):
        if match := _INLINE.search("".join(source.lines[first - 1 : last])):
            found.update(dict.fromkeys(range(first, last + 1), _codes(match)))
    return found


def is_suppressed(suppressed: Mapping[int, frozenset[str] | None], line: int, code: str) -> bool:
    """Whether `code` at `line` is suppressed; a named code is a prefix."""
    for key in (line, WHOLE_FILE):
        if key in suppressed:
            codes = suppressed[key]
            if codes is None or code.startswith(tuple(codes)):
                return True
    return False


def _codes(match: re.Match[str]) -> frozenset[str] | None:
    named = match.group("codes")
    return frozenset(re.findall(r"[A-Z]+[0-9]+", named.upper())) if named else None


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
