"""Trials in, a Markdown table out; another column is another line in `COLUMNS`."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from benchmarks.packages import Pin
from benchmarks.trial import Tally, Trial
from session_first import __version__

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its heading, and what it shows of a row."""

    heading: str
    cell: Callable[[Row], str]


_NEVER = ("credentials-used-otherwise", "one-time-code")

COLUMNS: tuple[Column[Trial], ...] = (
    Column("package", lambda trial: str(trial.pin)),
    Column("files", lambda trial: f"{trial.files:,}"),
    Column("findings", lambda trial: f"{trial.tally.findings:,}"),
    Column("fixed", lambda trial: f"{trial.tally.fixed:,}"),
    Column("unsafe", lambda trial: f"{trial.tally.unsafe:,}"),
    Column("skipped", lambda trial: f"{sum(trial.tally.skipped.values()):,}"),
    Column("why skipped", lambda trial: reasons(trial.tally)),
    Column("roles", lambda trial: f"{trial.roles.findings:,}"),
    Column("rewritten", lambda trial: f"{trial.roles.fixed:,}"),
    Column("unsafe roles", lambda trial: f"{trial.roles.unsafe:,}"),
    Column("why roles were skipped", lambda trial: reasons(trial.roles)),
    Column("unreadable", lambda trial: f"{len(trial.unreadable):,}"),
    Column("failures", lambda trial: f"{len(trial.failures):,}"),
    Column("check, s", lambda trial: f"{trial.check_seconds:.1f}"),
    Column("fix, s", lambda trial: f"{trial.fix_seconds:.1f}"),
)


def table(trials: Sequence[Trial]) -> str:
    """A row a trial, and one for all of them."""
    return markdown(trials, total(trials), COLUMNS)


def markdown(rows: Sequence[Row], together: Row, columns: Sequence[Column[Row]]) -> str:
    """The rows, and below them in bold what they come to together."""
    last = [column.cell(together) for column in columns]
    lines = [
        [column.heading for column in columns],
        ["---"] * len(columns),
        *([column.cell(row) for column in columns] for row in rows),
        [f"**{cell}**" if cell else "" for cell in last],
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def total(trials: Sequence[Trial]) -> Trial:
    """The trials added up."""
    return Trial(
        pin=Pin("all", f"{len(trials)} packages"),
        files=sum(trial.files for trial in trials),
        tally=sum((trial.tally for trial in trials), Tally()),
        roles=sum((trial.roles for trial in trials), Tally()),
        changed=sum(trial.changed for trial in trials),
        unreadable=tuple(line for trial in trials for line in trial.unreadable),
        failures=tuple(failure for trial in trials for failure in trial.failures),
        check_seconds=sum(trial.check_seconds for trial in trials),
        fix_seconds=sum(trial.fix_seconds for trial in trials),
        diff="",
    )


def share(roles: Tally) -> str:
    """How many of the roles that could be rewritten safely are, in words; those whose credentials leave boto3, that need a
    one-time code or that are unsafe by their nature are none of them."""
    never = sum(roles.skipped.get(reason, 0) for reason in _NEVER)
    able = roles.findings - roles.unsafe - never
    if not able:
        return "No role could be rewritten."
    return f"Of {able} assumed roles that can be rewritten, {roles.fixed} are ({roles.fixed / able:.0%})."


def reasons(tally: Tally) -> str:
    """The reasons for skips, the most frequent first."""
    ranked = sorted(tally.skipped.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason} {count:,}" for reason, count in ranked)


def circumstances() -> str:
    """What the figures depend on."""
    python = platform.python_version()
    return f"session-first {__version__}, Python {python}, {os.cpu_count()} cores."
