"""What became of files."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path

from session_first.model.places import Position
from session_first.model.plan import Resolution


@dataclass(frozen=True, slots=True)
class Changed:
    """A file whose new bytes exist but are not written yet."""

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file that needs no edit."""

    path: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read, parsed, rewritten or written.

    `error` is the cause in one line; `position` is where, if that is known.
    """

    path: Path
    error: str
    position: Position | None = None


FileOutcome = Changed | Unchanged | Failed


class Status(enum.Enum):
    """What became of a finding."""

    FIXED = "fixed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Settled:
    """A resolution once `fix` is through with it.

    `reason` is a `SkipReason`'s value, `unsafe` for an unsafe fix that was not asked for, `error` for
    a file that failed, None where it is fixed; `detail` is a sentence for people that says more.
    """

    resolution: Resolution
    status: Status
    reason: str | None
    detail: str | None
