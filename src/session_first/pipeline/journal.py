"""What a fix is about to write, on the disk before it writes, so that the next run can end what a kill cut short.

The journal lies in the project's root, under one name. It is there for a fraction of a second, so it is no litter; where a
kill leaves it behind, `git status` shows it beside the temporary files that belong to it. Inside `.git` it would stay
when these are cleaned or stashed away, and a project need not have one. A run finds it from any path: it looks in
the folders upward from the project it sees, and in all that hold a Python file below.

It is one line of JSON that names the files, written before any temporary file exists; then a line a step. Each is on the
disk before what it announces is done. A line that lacks its end was never written.
"""

from __future__ import annotations

import contextlib
import enum
import hashlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = ".session-first-journal.json"
"""What the file is called."""

_VERSION = 1
_NOTE = "session-first was stopped while it wrote these files; `session-first fix` completes it"
_TEMPORARY = re.compile(r"\.session-first-[0-9a-f]{16}-[0-9]+")
_FAR = 1 << 30
"""Windows lets nobody read a locked byte, so the one that is locked lies behind what is read."""


class JournalError(Exception):
    """A journal that cannot be used; the message says why."""


class JournalBusyError(JournalError):
    """Another run is using the journal."""


class Step(enum.Enum):
    """How far a fix has come. The value is the line that says so."""

    PREPARING = ""
    """No file is replaced: what there is are temporary files, some or all."""
    WRITING = "writing"
    """All temporary files are complete, and any of the files may be replaced."""
    WRITTEN = "written"
    """The files are whole; temporary ones may be left."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: `target` is absolute and no link. `before` and `after` are SHA-256 of what it held and is to hold.

    `new` holds what is to come while it has not, `old` what there was; both stand beside it.
    """

    target: Path
    before: str
    after: str
    temporary: str

    @property
    def new(self) -> Path:
        """The file that is to take the target's place."""
        return self.target.with_name(f"{self.temporary}.new")

    @property
    def old(self) -> Path:
        """The file that the target was."""
        return self.target.with_name(f"{self.temporary}.old")


@dataclass(slots=True, eq=False)
class Journal:
    """An open journal, which no other run can open meanwhile; `close` or `remove` ends that."""

    path: Path
    entries: tuple[Entry, ...]
    step: Step
    _file: BinaryIO = field(repr=False)

    def reach(self, step: Step) -> None:
        """Puts on the disk that the fix has come so far.

        Raises:
            OSError: it cannot be written.
        """
        self._file.write(b"\n" + step.value.encode() + b"\n")  # whatever a kill left of the line before
        _flush(self._file)
        self.step = step

    def remove(self) -> None:
        """Removes the temporary files, and then the journal.

        Raises:
            OSError: one of them cannot be removed; then the journal stays.
        """
        for entry in self.entries:
            entry.new.unlink(missing_ok=True)
            entry.old.unlink(missing_ok=True)
        if sys.platform == "win32":
            self.close()  # an open file cannot be removed there
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Leaves the journal as it is to the next run."""
        self._file.close()


def create(folder: Path, files: Sequence[tuple[Path, bytes, bytes]]) -> Journal:
    """A new journal in `folder` for (target, bytes before, bytes after), which is on the disk when this returns.

    Raises:
        FileExistsError: there is one.
        JournalBusyError: another run took hold of it.
        OSError: it cannot be written.
    """
    run = secrets.token_hex(8)
    entries = tuple(
        Entry(target, digest(before), digest(after), f".session-first-{run}-{number}")
        for number, (target, before, after) in enumerate(files)
    )
    path = folder / NAME
    file = path.open("x+b")
    try:
        _lock(file)
        file.write(_head(entries, folder))
        _flush(file)
        flush_folders([folder])
    except BaseException:
        file.close()
        path.unlink(missing_ok=True)
        raise
    return Journal(path, entries, Step.PREPARING, file)


def reopen(path: Path, *, to_write: bool) -> Journal | None:
    """The journal that a run left at `path`; None where there is none, be it that the run is just done.

    Raises:
        JournalBusyError: the run is still at it.
        JournalError: it says nothing that can be understood.
        OSError: it cannot be read, or (`to_write`) written.
    """
    try:
        file = path.open("r+b" if to_write else "rb")
    except FileNotFoundError:
        return None
    try:
        _lock(file)
        if not _is_at(file, path):  # it was removed before it was locked
            file.close()
            return None
        entries, step = _parsed(file.read(), path)
    except BaseException:
        file.close()
        raise
    return Journal(path, entries, step, file)


def find(root: Path, folders: Iterable[Path]) -> tuple[Path, ...]:
    """The journals in `root`, upward from it, in `folders`, and in what lies between these and the root."""
    upward = {root, *root.parents}
    seen = set(upward)
    for folder in folders:
        while folder not in seen:
            seen.add(folder)
            folder = folder.parent  # noqa: PLW2901 - on the way up
    found = (folder / NAME for folder in seen if os.path.lexists(os.path.join(folder, NAME)))  # noqa: PTH118 - speed
    return tuple(sorted(found))


def digest(data: bytes) -> str:
    """The SHA-256 of `data`, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def flush_file(path: Path) -> None:
    """Returns when what the file holds is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folders(folders: Iterable[Path]) -> None:
    """Returns when the names in the folders are on the disk, as far as the system can do that."""
    if sys.platform == "win32":
        return  # a folder cannot be opened there
    for folder in dict.fromkeys(folders):
        # One that may be written and not read cannot be opened, and not every file system knows how. What this
        # guards against is a loss of power; a file is replaced in one step in any case.
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


# --- The file -------------------------------------------------------------------------------------


def _head(entries: Iterable[Entry], folder: Path) -> bytes:
    files = [
        {
            "path": _relative(entry.target, folder),
            "before": entry.before,
            "after": entry.after,
            "temporary": entry.temporary,
        }
        for entry in entries
    ]
    return json.dumps({"note": _NOTE, "version": _VERSION, "files": files}).encode() + b"\n"


def _relative(target: Path, folder: Path) -> str:
    """From the real folder, so that it holds where the project is mounted elsewhere."""
    try:
        return os.path.relpath(target, os.path.realpath(folder))
    except ValueError:  # another drive
        return str(target)


def _parsed(data: bytes, path: Path) -> tuple[tuple[Entry, ...], Step]:
    head, *steps = data.split(b"\n")[:-1] or [b""]
    if not head:
        return (), Step.PREPARING
    try:
        content = json.loads(head)
        if content["version"] != _VERSION:
            raise JournalError(f"{path} is of another version of session-first, which has to complete it")
        entries = tuple(_entry(file, Path(os.path.realpath(path.parent))) for file in content["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise JournalError(
            f"{path} cannot be understood; see whether the project's files are as they should be, and delete it"
        ) from error
    reached = [step for step in (Step.WRITTEN, Step.WRITING) if step.value.encode() in steps]
    return entries, reached[0] if reached else Step.PREPARING


def _entry(file: dict[str, str], folder: Path) -> Entry:
    temporary = file["temporary"]
    # Files of these names are removed, and a journal may come with a repository of somebody else's.
    if _TEMPORARY.fullmatch(temporary) is None:
        raise ValueError(temporary)
    target = Path(os.path.normpath(folder / file["path"]))
    return Entry(target, file["before"], file["after"], temporary)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _lock(file: BinaryIO) -> None:
    """Keeps other runs from the journal until the file is closed, which a kill does too.

    Where the file system has no locks, that there can be only one journal has to do.
    """
    try:
        if sys.platform == "win32":
            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        message = "another session-first fix is writing in this project; run again when it is done"
        raise JournalBusyError(message) from error
    except OSError:
        pass


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
