"""Findings as a plan and a fix leave them, made by hand for the reports."""

from __future__ import annotations

from pathlib import Path

from session_first.model import (
    Applicability,
    Finding,
    Fix,
    Location,
    Position,
    Resolution,
    Settled,
    Skip,
    SkipReason,
    Status,
)

HERE = Path("/project")
SAFE = Fix(Applicability.SAFE, "take session=None", ())
UNSAFE = Fix(Applicability.UNSAFE, "use session", ())
SKIP = Skip(SkipReason.CACHED_CLIENT, "every caller shares CLIENT")


def resolution(
    outcome: Fix | Skip, name: str = "a.py", line: int = 3, function: str | None = "f"
) -> Resolution:
    """A finding of BSF101 in column 4 (from 0) and its outcome."""
    location = Location(HERE / name, Position(line, 4))
    return Resolution(Finding(location, Position(line, 20), "BSF101", "a message", function), outcome)


def settled(outcome: Fix | Skip, status: Status, reason: str | None = None, name: str = "a.py") -> Settled:
    """The same after a fix."""
    detail = None if reason is None else f"because of {reason}"
    return Settled(resolution(outcome, name), status, reason, detail)
