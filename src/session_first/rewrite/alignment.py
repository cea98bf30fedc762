"""A text and by how much places in it grow in, how far the lines aligned with brackets behind them move out."""

from __future__ import annotations

import tokenize
from collections.abc import Mapping, Sequence

Place = tuple[int, int]
"""A line from 1 and a column."""


def moves(lines: Sequence[str], growth: Mapping[Place, int]) -> dict[int, int]:
    """The columns that each line within brackets moves by, where `growth` says what the text at a place gains.

    A line moves with what follows its bracket if it is aligned with that, else as the bracket's line does.
    """
    if not growth:
        return {}
    moved: dict[int, int] = {}
    open_brackets: list[Place] = []
    hanging: set[Place] = set()
    reached = 0
    text = iter([line.rstrip("\r\n") + "\n" for line in lines])
    for token in tokenize.generate_tokens(lambda: next(text, "")):
        line, column = token.start
        if open_brackets and token.type in (tokenize.NL, tokenize.COMMENT) and open_brackets[-1] == bracket:
            hanging.add(bracket)
        elif open_brackets and line > reached:
            opened, after = bracket = open_brackets[-1]
            moved[line] = moved.get(opened, 0)
            if column >= after and bracket not in hanging:
                moved[line] += sum(gain for place, gain in growth.items() if place[0] == opened and place[1] < after)
    return moved
