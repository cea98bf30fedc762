"""A text and what places in it gain in, how far the lines that are aligned with brackets behind them move out."""

from __future__ import annotations

import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

Place = tuple[int, int]
"""A line, from 1, and a column."""


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An open bracket; `hanging`: it ends its line, so that nothing can be aligned with it."""

    place: Place
    hanging: bool = False


def moves(lines: Sequence[str], gains: Mapping[Place, int]) -> dict[int, int]:
    """The columns by which each line within brackets moves, where the text at each place gains so many.

    It moves with the innermost bracket that has text behind it and does not reach beyond the line's start.
    """
    if not gains:
        return {}
    moved: dict[int, int] = {}
    brackets: list[_Bracket] = []
    opened = False
    reached = 0
    text = iter([line.rstrip("\r\n") + "\n" for line in lines])
    for token in tokenize.generate_tokens(lambda: next(text, "")):
        line, column = token.start
        if line > reached:
            for bracket in reversed(brackets):
                first, start = bracket.place
                if column >= start and not bracket.hanging:
                    gained = sum(gain for place, gain in gains.items() if (first, 0) <= place < bracket.place)
                    moved[line] = moved.get(first, 0) + gained
                    break
        if opened and token.type in (tokenize.NL, tokenize.COMMENT):
            brackets[-1] = replace(brackets[-1], hanging=True)
        opened = token.type == tokenize.OP and token.string in "([{"
        if opened:
            brackets.append(_Bracket(token.start))
        elif token.type == tokenize.OP and token.string in ")]}":
            brackets.pop()
        reached = token.end[0]
    return {line: columns for line, columns in moved.items() if columns}
