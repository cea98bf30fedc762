"""Changed files to the disk: all of them or none. Where the process is killed on the way, `recovery` sees to that."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from session_first.model import Changed, Failed
from session_first.pipeline.journal import (
    NAME,
    Entry,
    Journal,
    JournalBusyError,
    Step,
    create,
    flush_file,
    flush_folders,
)

_Change = tuple[Changed, Entry]


def write(changes: Sequence[Changed], root: Path) -> tuple[Failed, ...]:
    """Replaces each file by its new bytes; says what could not be done, which is nothing if all went well.

    All bytes are on the disk, and a journal in the folder `root`, before the first file is replaced, by one
    `os.replace` each. Where that fails, those replaced before come back as they were. An interrupt counts before
    the first is replaced, or after the last. A symbolic link stays one: the file it leads to is replaced.
    """
    if not changes:
        return ()
    files = [(Path(os.path.realpath(change.path)), change.before, change.after) for change in changes]
    journal: Journal | None = None
    is_whole = True
    try:
        try:
            with _uninterrupted():
                journal = create(root, files)
        except (FileExistsError, JournalBusyError):
            return (Failed(root / NAME, "another session-first fix is writing in this project; run again"),)
        except OSError as error:
            return (_failed(root / NAME, error),)
        pairs = tuple(zip(changes, journal.entries, strict=True))
        failed = _prepare(pairs)
        if failed is not None:
            return (failed,)
        with _uninterrupted():
            failures = _replace(pairs, journal)
            is_whole = len(failures) < 2
            return failures
    finally:
        if journal is not None:
            with _uninterrupted():
                _leave(journal, is_whole=is_whole)


def _prepare(changes: Sequence[_Change]) -> Failed | None:
    """Puts the temporary files on the disk."""
    path = Path()
    try:
        for change, entry in changes:
            path = change.path
            _expect(entry.target, change.before)
            with _uninterrupted():
                _stage(change, entry)
        for change, entry in changes:  # all are written by then, and the first takes most of the others along
            path = change.path
            flush_file(entry.new)
            if not entry.old.samefile(entry.target):
                flush_file(entry.old)
        flush_folders(entry.target.parent for _, entry in changes)
    except OSError as error:
        return _failed(path, error)
    return None


def _expect(target: Path, data: bytes) -> None:
    if target.read_bytes() != data:
        raise OSError("it changed in the meantime; run again")


def _stage(change: Changed, entry: Entry) -> None:
    with entry.target.open("r+b") as writable:  # `os.replace` would not ask for this right
        state = os.fstat(writable.fileno())
    with open(entry.new, "xb", opener=_for_us_alone) as file:
        file.write(change.after)
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):  # only root may give a file away
            os.chown(entry.new, state.st_uid, state.st_gid)
    entry.new.chmod(state.st_mode & 0o7777)
    _keep(entry)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _keep(entry: Entry) -> None:
    try:
        # The file itself comes back, and that needs no space. Who does not own it might not get rid of the link.
        if entry.target.stat().st_uid == entry.new.stat().st_uid:
            entry.old.hardlink_to(entry.target)
            return
    except OSError:
        pass  # not every file system has links
    shutil.copy2(entry.target, entry.old)


def _replace(changes: Sequence[_Change], journal: Journal) -> tuple[Failed, ...]:
    """Replaces all; else the cause why not, and behind it what could not be put back."""
    path = journal.path
    begun: list[_Change] = []
    try:
        journal.reach(Step.WRITING)
        for change, entry in changes:
            path = change.path
            _expect(entry.target, change.before)
            begun.append((change, entry))
            entry.new.replace(entry.target)
        path = journal.path
        flush_folders(entry.target.parent for _, entry in changes)
        journal.reach(Step.WRITTEN)
    except OSError as error:
        left = (_put_back(*item) for item in begun)
        return (_failed(path, error), *(failed for failed in left if failed is not None))
    return ()


def _put_back(change: Changed, entry: Entry) -> Failed | None:
    try:
        if not entry.new.exists():  # it has become the target
            entry.old.replace(entry.target)
    except OSError as error:
        cause = f"cannot be put back: {error.strerror or error}; what it held is in {entry.old}"
        return Failed(change.path, cause)
    return None


def _leave(journal: Journal, *, is_whole: bool) -> None:
    if is_whole:
        journal.remove()
    else:
        journal.close()  # the next run tries again


def _failed(path: Path, error: OSError) -> Failed:
    return Failed(path, f"cannot be written: {error.strerror or error}")


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets interrupts wait until it is over."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
