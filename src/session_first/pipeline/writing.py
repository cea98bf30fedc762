"""Changed files to the disk: all of them, or, where one cannot be written, none."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import Changed, Failed


@dataclass(frozen=True, slots=True)
class _Staged:
    """A change whose bytes are on the disk already: `new` is to become `target`, which `old` keeps."""

    path: Path
    target: Path
    new: Path
    old: Path


def write(changes: Sequence[Changed]) -> tuple[Failed, ...]:
    """Replaces each file by its new bytes; says what could not be done, which is nothing if all went well.

    All bytes are on the disk before the first file is replaced, by one `os.replace` each. Where that
    fails, those replaced before come back as they were. An interrupt counts before the first
    is replaced, or after the last. A symbolic link stays one: the file it leads to is replaced.
    """
    staged: list[_Staged] = []
    try:
        try:
            for change in changes:
                target = Path(os.path.realpath(change.path))
                _expect(target, change.before)
                with _uninterrupted():
                    staged.append(_stage(change, target))
        except OSError as error:
            return (Failed(changes[len(staged)].path, f"cannot be written: {error.strerror or error}"),)
        with _uninterrupted():
            return _replace(staged)
    finally:
        with _uninterrupted():
            for item in staged:
                item.new.unlink(missing_ok=True)


def _expect(target: Path, data: bytes) -> None:
    if target.read_bytes() != data:
        raise OSError("it changed in the meantime; run again")


def _stage(change: Changed, target: Path) -> _Staged:
    with target.open("r+b") as writable:  # `os.replace` would not ask for this right
        state = os.fstat(writable.fileno())
    descriptor, name = tempfile.mkstemp(prefix=".session-first-", suffix=".new", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(change.after)
        if hasattr(os, "chown"):
            with contextlib.suppress(PermissionError):  # only root may give a file away
                os.chown(new, state.st_uid, state.st_gid)
        new.chmod(state.st_mode & 0o7777)
    except OSError:
        new.unlink()
        raise
    return _Staged(change.path, target, new, new.with_suffix(".old"))


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


def _replace(staged: Sequence[_Staged]) -> tuple[Failed, ...]:
    begun: list[_Staged] = []
    try:
        for item in staged:
            begun.append(item)
            _keep(item)
            item.new.replace(item.target)
    except OSError as error:
        cause = Failed(begun[-1].path, f"cannot be written: {error.strerror or error}")
        return (cause, *_put_back(begun))
    for item in staged:
        item.old.unlink(missing_ok=True)
    return ()


def _keep(item: _Staged) -> None:
    try:
        # The file itself comes back, and that needs no space. Who does not own it might not get rid of the link.
        if item.target.stat().st_uid == item.new.stat().st_uid:
            item.old.hardlink_to(item.target)
            return
    except OSError:
        pass  # not every file system has links
    shutil.copy2(item.target, item.old)


def _put_back(begun: Iterable[_Staged]) -> list[Failed]:
    return [failed for item in begun if (failed := _put_one_back(item)) is not None]


def _put_one_back(item: _Staged) -> Failed | None:
    try:
        if not item.new.exists():  # it has become the target
            item.old.replace(item.target)
        item.old.unlink(missing_ok=True)
    except OSError as error:
        return Failed(
            item.path, f"cannot be put back: {error.strerror or error}; what it held is in {item.old}"
        )
    return None
