"""Changed files get to the disk, all of them or none, whatever happens on the way."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from session_first.model import Changed
from session_first.pipeline.writing import write

NOBODY = 65534

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can own files that another user fails on")


def change(path: Path, before: bytes = b"before\n", after: bytes = b"after\n") -> Changed:
    return Changed(path, before, after)


def made(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(b"before\n")
    return paths


def errors(*changes: Changed) -> list[tuple[str, str]]:
    return [(failed.path.name, failed.error) for failed in write(changes, changes[0].path.parent)]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user gets to, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to write everywhere; who is not root has none to lose."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


# --- What goes well -------------------------------------------------------------------------------


def test_all_files_are_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    one, two = made(tmp_path, "one.py", "sub/two.py")
    assert errors(change(one), change(two, after=b"")) == []
    assert (one.read_bytes(), two.read_bytes()) == (b"after\n", b"")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["one.py", "sub", "two.py"]


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664], ids=oct)
def test_the_mode_is_kept(tmp_path: Path, mode: int) -> None:
    (path,) = made(tmp_path, "a.py")
    path.chmod(mode)
    assert errors(change(path)) == []
    assert stat.S_IMODE(path.stat().st_mode) == mode


@as_root
def test_the_owner_is_kept(tmp_path: Path) -> None:
    (path,) = made(tmp_path, "a.py")
    os.chown(path, NOBODY, NOBODY)
    assert errors(change(path)) == []
    assert (path.stat().st_uid, path.stat().st_gid) == (NOBODY, NOBODY)


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (path,) = made(tmp_path, "real/a.py")
    link = tmp_path / "link.py"
    link.symlink_to("real/a.py")
    assert errors(change(link)) == []
    assert link.is_symlink()
    assert path.read_bytes() == b"after\n"


def test_a_name_as_long_as_names_get(tmp_path: Path) -> None:
    (path,) = made(tmp_path, "a" * 252 + ".py")
    assert errors(change(path)) == []
    assert path.read_bytes() == b"after\n"


# --- What does not --------------------------------------------------------------------------------


def test_a_file_that_changed_in_the_meantime(tmp_path: Path) -> None:
    one, two = made(tmp_path, "one.py", "two.py")
    two.write_bytes(b"edited\n")
    assert errors(change(one), change(two)) == [
        ("two.py", "cannot be written: it changed in the meantime; run again")
    ]
    assert (one.read_bytes(), two.read_bytes()) == (b"before\n", b"edited\n")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    one, two = made(tmp_path, "one.py", "two.py")
    two.unlink()
    assert errors(change(one), change(two)) == [("two.py", "cannot be written: No such file or directory")]
    assert [path.name for path in tmp_path.iterdir()] == ["one.py"]
    assert one.read_bytes() == b"before\n"


def test_a_file_that_has_become_a_folder(tmp_path: Path) -> None:
    one, two = made(tmp_path, "one.py", "two.py")
    two.unlink()
    two.mkdir()
    assert errors(change(one), change(two)) == [("two.py", "cannot be written: Is a directory")]
    assert one.read_bytes() == b"before\n"


@pytest.mark.parametrize("mode", [0o555, 0o500], ids=oct)
def test_a_read_only_folder(open_folder: Path, mode: int) -> None:
    with as_nobody():
        one, two = made(open_folder, "free/one.py", "locked/two.py")
        two.parent.chmod(mode)
        failed = errors(change(one), change(two))
        two.parent.chmod(0o755)
    assert failed == [("two.py", "cannot be written: Permission denied")]
    assert (one.read_bytes(), two.read_bytes()) == (b"before\n", b"before\n")
    assert len(list(open_folder.rglob("*"))) == 4


def test_a_read_only_file(open_folder: Path) -> None:
    with as_nobody():
        one, two = made(open_folder, "one.py", "two.py")
        two.chmod(0o444)
        failed = errors(change(one), change(two))
    assert failed == [("two.py", "cannot be written: Permission denied")]
    assert one.read_bytes() == b"before\n"


def test_no_space_left(tmp_path: Path) -> None:
    one, two = made(tmp_path, "one.py", "two.py")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        failed = errors(change(one), change(two, after=b"x" * 200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert failed == [("two.py", "cannot be written: File too large")]
    assert (one.read_bytes(), two.read_bytes()) == (b"before\n", b"before\n")
    assert len(list(tmp_path.iterdir())) == 2


@as_root
def test_replacing_fails_after_another_file_was_replaced(open_folder: Path) -> None:
    """Everybody may write the file, but in a sticky folder only its owner may replace it."""
    (theirs,) = made(open_folder, "sticky/two.py")
    theirs.chmod(0o666)
    theirs.parent.chmod(0o1777)
    with as_nobody():
        (ours,) = made(open_folder, "one.py")
        before = ours.stat()
        failed = errors(change(ours), change(theirs))
    assert failed == [("two.py", "cannot be written: Operation not permitted")]
    assert (ours.read_bytes(), theirs.read_bytes()) == (b"before\n", b"before\n")
    assert (ours.stat().st_ino, ours.stat().st_mtime) == (before.st_ino, before.st_mtime), (
        "the very file is back"
    )
    assert len(list(open_folder.rglob("*"))) == 3


def test_an_interrupt_while_the_files_are_prepared(tmp_path: Path) -> None:
    (one,) = made(tmp_path, "one.py")
    os.mkfifo(tmp_path / "two.py")  # reading it waits for a writer that never comes
    handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            write([change(one), change(tmp_path / "two.py")], tmp_path)
    finally:
        signal.signal(signal.SIGALRM, handler)
    assert one.read_bytes() == b"before\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.py", "two.py"]


MANY = """
import sys
from pathlib import Path
from session_first.model import Changed
from session_first.pipeline.writing import write

changes = [Changed(path, b"before\\n", b"after\\n") for path in sorted(Path(sys.argv[1]).iterdir())]
print("ready", flush=True)
write(changes, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("milliseconds", range(0, 60, 6))
def test_an_interrupt_finds_all_files_written_or_none(tmp_path: Path, milliseconds: int) -> None:
    made(tmp_path, *(f"{number}.py" for number in range(200)))
    with subprocess.Popen(
        [sys.executable, "-c", MANY, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(milliseconds / 1000)
        writer.send_signal(signal.SIGINT)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(f"{number}.py" for number in range(200))
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1
