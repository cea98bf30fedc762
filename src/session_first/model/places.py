"""Places in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: `line` from 1, `column` from 0, counted in code points."""

    line: int
    column: int


Span = tuple[Position, Position]
"""Where an expression starts and ends."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A position in a named file."""

    path: Path
    position: Position
