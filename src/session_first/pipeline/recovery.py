"""The journal of a run that was killed to files that are all as they were, or all as they were to be."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.pipeline.journal import Entry, Journal, Step, digest, flush_folders, reopen


class Ending(enum.Enum):
    """What recovering came to."""

    CLEANED = "cleaned"
    """The files were whole already; temporary ones are gone."""
    COMPLETED = "completed"
    """The files hold what they were to hold."""
    UNDONE = "undone"
    """The files hold what they held before."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How a journal of so many `files` was settled; it is gone."""

    ending: Ending
    files: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """What only a person can settle: `edited` hold neither what they held before nor what they were to hold, or
    what belongs to them is gone. Nothing was touched. `temporary` is how the names of the temporary files start."""

    edited: tuple[Path, ...]
    temporary: str


def is_half_written(path: Path) -> bool:
    """Whether some files of the journal at `path` may be replaced and others not. Nothing is written.

    Raises:
        JournalError: nobody can tell, or another run is still at it.
        OSError: the journal cannot be read.
    """
    journal = reopen(path, to_write=False)
    if journal is None:
        return False
    journal.close()
    return journal.step is Step.WRITING


def recover(path: Path) -> Recovered | Stuck | None:
    """Ends what the run that left the journal at `path` began; None where there is no journal any more.

    Raises:
        JournalError: it cannot be understood, or another run is still at it.
        OSError: a file cannot be read or written; the next run tries again.
    """
    journal = reopen(path, to_write=True)
    if journal is None:
        return None
    try:
        return _recover(journal)
    finally:
        journal.close()


@dataclass(frozen=True, slots=True)
class _State:
    """A file as it is found: what it holds, if that is one of the two, and whether the other is still there."""

    entry: Entry
    is_before: bool
    is_after: bool
    has_new: bool
    has_old: bool


def _recover(journal: Journal) -> Recovered | Stuck:
    if journal.step is not Step.WRITING:
        return _end(journal, Ending.CLEANED)
    states = [_look(entry) for entry in journal.entries]
    if all(state.is_after or (state.is_before and state.has_new) for state in states):
        _move((s.entry.new, s.entry.target, s.entry.before) for s in states if s.is_before)
        return _end(journal, Ending.COMPLETED)
    if not any(state.is_after or not (state.is_before or state.has_new) for state in states):
        return _end(
            journal, Ending.CLEANED
        )  # none was replaced, or all were put back; edits since are no matter
    if all(state.is_before or (state.is_after and state.has_old) for state in states):
        _move((s.entry.old, s.entry.target, s.entry.after) for s in states if s.is_after)
        return _end(journal, Ending.UNDONE)
    return _stuck(states)


def _look(entry: Entry) -> _State:
    held = _digest(entry.target)
    return _State(
        entry,
        is_before=held == entry.before,
        is_after=held == entry.after,
        has_new=_digest(entry.new) == entry.after,
        has_old=_digest(entry.old) == entry.before,
    )


def _digest(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except (FileNotFoundError, IsADirectoryError):
        return None


def _move(moves: Iterable[tuple[Path, Path, str]]) -> None:
    """Puts each (source) in the place of (target), which still holds (digest)."""
    for source, target, held in moves:
        if _digest(target) != held:
            raise OSError(None, "it changed in the meantime; run again", str(target))
        source.replace(target)


def _end(journal: Journal, ending: Ending) -> Recovered:
    flush_folders(entry.target.parent for entry in journal.entries)
    journal.reach(Step.WRITTEN)
    journal.remove()
    return Recovered(ending, len(journal.entries))


def _stuck(states: Sequence[_State]) -> Stuck:
    edited = [s for s in states if not (s.is_before or s.is_after)]
    lacking = [s for s in states if not (s.has_new if s.is_before else s.has_old)]
    name = states[0].entry.temporary.rpartition("-")[0]
    return Stuck(tuple(state.entry.target for state in edited or lacking), name)
