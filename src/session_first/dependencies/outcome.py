"""What asking a file to declare a requirement can come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Added:
    """The file's new text."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Present:
    """The file declares it already."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The file is not edited; `todo` says in one line what a person is to do to it, and why."""

    todo: str


Outcome = Added | Present | Refused


@dataclass(frozen=True, slots=True)
class Advice:
    """What a person is to do, in one line, and to which file; None for no file in particular."""

    path: Path | None
    todo: str
