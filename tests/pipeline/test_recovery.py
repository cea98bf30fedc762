"""What a killed fix left: what the commands say of it, and what the next fix makes of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from session_first.model import Changed
from session_first.pipeline.journal import NAME, JournalBusyError, JournalError, Step, create
from session_first.pipeline.recovery import Ending, Recovered, Stuck, is_half_written, recover
from session_first.pipeline.writing import write
from tests import tool

BEFORE = b'import boto3\n\n\ndef f():\n    return boto3.client("s3")\n'
AFTER = b'import boto3\n\n\ndef f(session=None):\n    return (session or boto3).client("s3")\n'
FILES = ("a.py", "pkg/b.py", "pkg/c.py")


def stopped(root: Path, *replaced: str, step: Step = Step.WRITING, files: Sequence[str] = FILES) -> Path:
    """A project whose fix was killed when it had come to `step` and had replaced some files."""
    (root / "pkg").mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    for name in files:
        (root / name).write_bytes(BEFORE)
    journal = create(root, [(Path(os.path.realpath(root / name)), BEFORE, AFTER) for name in files])
    for entry in journal.entries:
        entry.old.hardlink_to(entry.target)
        entry.new.write_bytes(AFTER)
    if step is not Step.PREPARING:
        journal.reach(Step.WRITING)
    for name, entry in zip(files, journal.entries, strict=True):
        if name in replaced or step is Step.WRITTEN:
            entry.new.replace(entry.target)
    if step is Step.WRITTEN:
        journal.reach(step)
    journal.close()
    return root / NAME


def held(root: Path) -> dict[str, bytes]:
    """All files, those that projects have aside."""
    paths = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in paths if p.name != "pyproject.toml"}


def all_hold(data: bytes, **others: bytes) -> dict[str, bytes]:
    return {name: others.get(Path(name).stem, data) for name in FILES}


# --- The next fix ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "replaced", "ending", "data"),
    [
        pytest.param(Step.PREPARING, [], Ending.CLEANED, BEFORE, id="before the first file"),
        pytest.param(Step.WRITING, [], Ending.COMPLETED, AFTER, id="at the first file"),
        pytest.param(Step.WRITING, ["a.py"], Ending.COMPLETED, AFTER, id="after the first file"),
        pytest.param(Step.WRITING, [*FILES], Ending.COMPLETED, AFTER, id="after the last file"),
        pytest.param(Step.WRITTEN, [], Ending.CLEANED, AFTER, id="when all was done"),
    ],
)
def test_it_is_completed(
    tmp_path: Path, step: Step, replaced: list[str], ending: Ending, data: bytes
) -> None:
    journal = stopped(tmp_path, *replaced, step=step)
    assert recover(journal) == Recovered(ending, 3)
    assert held(tmp_path) == all_hold(data)
    assert recover(journal) is None


def lose(*names: str) -> Callable[[Path], None]:
    """`git clean` on some temporary files."""

    def change(root: Path) -> None:
        for name in names:
            for number, file in enumerate(FILES):
                for path in (root / file).parent.glob(f".session-first-*-{number}.{name}"):
                    path.unlink()

    return change


def put(data: bytes, *names: str) -> Callable[[Path], None]:
    """Somebody writes files."""

    def change(root: Path) -> None:
        for name in names:
            (root / name).unlink(missing_ok=True)
            (root / name).write_bytes(data)

    return change


EDITED = BEFORE + b"# edited\n"


@pytest.mark.parametrize(
    ("replaced", "changes", "ending", "data"),
    [
        pytest.param(["a.py"], [put(BEFORE, "a.py")], Ending.CLEANED, BEFORE, id="all put back"),
        pytest.param(
            ["a.py"],
            [put(BEFORE, *FILES), lose("new", "old")],
            Ending.CLEANED,
            BEFORE,
            id="reset and cleaned",
        ),
        pytest.param(["a.py"], [put(AFTER, *FILES)], Ending.COMPLETED, AFTER, id="completed by hand"),
        pytest.param(
            ["a.py", "pkg/b.py"], [put(BEFORE, "a.py")], Ending.UNDONE, BEFORE, id="one of two put back"
        ),
        pytest.param(["a.py"], [lose("new")], Ending.UNDONE, BEFORE, id="new contents lost"),
        pytest.param(["a.py"], [lose("old")], Ending.COMPLETED, AFTER, id="old contents lost"),
    ],
)
def test_where_somebody_was_faster(
    tmp_path: Path, replaced: list[str], changes: list[Callable[[Path], None]], ending: Ending, data: bytes
) -> None:
    journal = stopped(tmp_path, *replaced)
    for change in changes:
        change(tmp_path)
    assert recover(journal) == Recovered(ending, 3)
    assert held(tmp_path) == all_hold(data)


def test_an_edit_before_anything_was_replaced_stays(tmp_path: Path) -> None:
    journal = stopped(tmp_path)
    put(EDITED, "a.py")(tmp_path)
    assert recover(journal) == Recovered(Ending.CLEANED, 3)
    assert held(tmp_path) == all_hold(BEFORE, a=EDITED)


@pytest.mark.parametrize(
    ("replaced", "changes", "files"),
    [
        pytest.param(["a.py"], [put(EDITED, "pkg/c.py")], ["pkg/c.py"], id="a file that was to come"),
        pytest.param(["a.py"], [put(EDITED, "a.py")], ["a.py"], id="a file that was done"),
        pytest.param(["a.py"], [put(EDITED, *FILES)], [*FILES], id="all"),
        pytest.param(
            ["a.py"], [lambda root: (root / "pkg/b.py").unlink()], ["pkg/b.py"], id="a file that is gone"
        ),
        pytest.param(["a.py"], [lose("new", "old")], [*FILES], id="all that could help is gone"),
    ],
)
def test_an_edit_since_is_for_a_person(
    tmp_path: Path, replaced: list[str], changes: list[Callable[[Path], None]], files: list[str]
) -> None:
    journal = stopped(tmp_path, *replaced)
    for change in changes:
        change(tmp_path)
    before = held(tmp_path)
    outcome = recover(journal)
    assert isinstance(outcome, Stuck)
    assert [path.relative_to(tmp_path).as_posix() for path in outcome.edited] == files
    assert held(tmp_path) == before


def test_a_temporary_file_that_is_not_complete_is_not_used(tmp_path: Path) -> None:
    journal = stopped(tmp_path, "a.py")
    next((tmp_path / "pkg").glob(".session-first-*.new")).write_bytes(AFTER[:10])
    assert recover(journal) == Recovered(Ending.UNDONE, 3)
    assert held(tmp_path) == all_hold(BEFORE)


def test_a_project_that_was_moved(tmp_path: Path) -> None:
    stopped(tmp_path / "here", "a.py")
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert recover(tmp_path / "there" / NAME) == Recovered(Ending.COMPLETED, 3)
    assert held(tmp_path / "there") == all_hold(AFTER)


def test_a_link_out_of_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    stopped(root, "a.py", files=["a.py", "../elsewhere.py"])
    assert recover(root / NAME) == Recovered(Ending.COMPLETED, 2)
    assert held(tmp_path) == {"project/a.py": AFTER, "elsewhere.py": AFTER}


# --- The journal ----------------------------------------------------------------------------------


def test_a_journal_that_was_being_written(tmp_path: Path) -> None:
    """A part of its first line means that nothing else exists yet."""
    journal = stopped(tmp_path, step=Step.PREPARING)
    whole = journal.read_bytes()
    lose("new", "old")(tmp_path)
    for length in range(len(whole)):
        journal.write_bytes(whole[:length])
        assert not is_half_written(journal)
        assert recover(journal) == Recovered(Ending.CLEANED, 0)
    assert held(tmp_path) == all_hold(BEFORE)


def test_a_step_that_was_being_written_was_not_reached(tmp_path: Path) -> None:
    journal = stopped(tmp_path)
    whole = journal.read_bytes()
    start = whole.index(b"\n") + 1
    assert is_half_written(journal)
    for length in range(start, len(whole)):
        journal.write_bytes(whole[:length])
        assert not is_half_written(journal)
    assert recover(journal) == Recovered(Ending.CLEANED, 3)
    assert held(tmp_path) == all_hold(BEFORE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("{}\n", "cannot be understood", id="nothing in it"),
        pytest.param("# notes\n", "cannot be understood", id="something else"),
        pytest.param('{"version": 99}\n', "of another version", id="of a later version"),
        pytest.param(
            '{"version": 1, "files": [{"path": "a.py", "before": "", "after": "", "temporary": "a"}]}\n',
            "cannot be understood",
            id="temporary files that are none of ours",
        ),
        pytest.param(
            '{"version": 1, "files": [{"path": "a.py", "before": "", "after": "",'
            ' "temporary": ".session-first-0123456789abcdef-0/../x"}]}\n',
            "cannot be understood",
            id="temporary files elsewhere",
        ),
    ],
)
def test_a_journal_that_is_none(tmp_path: Path, content: str, message: str) -> None:
    journal = tmp_path / NAME
    journal.write_text(content)
    with pytest.raises(JournalError, match=message):
        recover(journal)
    assert journal.read_text() == content


def test_while_a_run_is_still_at_it(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(BEFORE)
    journal = create(tmp_path, [(path, BEFORE, AFTER)])
    with pytest.raises(JournalBusyError):
        recover(journal.path)
    with pytest.raises(JournalBusyError):
        is_half_written(journal.path)
    (failed,) = write([Changed(path, BEFORE, AFTER)], tmp_path)
    assert (failed.path, failed.error) == (
        journal.path,
        "another session-first fix is writing in this project; run again",
    )
    assert path.read_bytes() == BEFORE
    journal.remove()
    assert write([Changed(path, BEFORE, AFTER)], tmp_path) == ()


def test_a_root_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(BEFORE)
    (tmp_path / "file").write_text("")
    (failed,) = write([Changed(path, BEFORE, AFTER)], tmp_path / "file")
    assert (failed.path.name, failed.error) == (NAME, "cannot be written: Not a directory")
    assert path.read_bytes() == BEFORE


# --- The commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [
        pytest.param(".", [], id="in the project"),
        pytest.param(".", ["pkg/b.py"], id="on another file"),
        pytest.param("pkg", [], id="in a folder of it"),
        pytest.param("pkg", ["--project-root", "."], id="as a project of its own"),
        pytest.param("..", [], id="from above"),
        pytest.param("..", ["--project-root", "."], id="of a wider project"),
    ],
)
def test_the_next_fix_finds_it_from_anywhere(tmp_path: Path, folder: str, arguments: list[str]) -> None:
    root = tmp_path / "project"
    stopped(root, "a.py")
    printed = tool.run(root / folder, "fix", *arguments)
    assert (printed.exit_code, printed.stderr.splitlines()[0]) == (
        0,
        "note: completed a fix that was stopped while it wrote 3 files",
    )
    assert held(root) == all_hold(AFTER)


@pytest.mark.parametrize("arguments", [["check"], ["check", "pkg"], ["fix", "--diff"]], ids=" ".join)
def test_who_writes_nothing_says_so(tmp_path: Path, arguments: list[str]) -> None:
    stopped(tmp_path, "a.py")
    before = held(tmp_path)
    printed = tool.run(tmp_path, *arguments)
    assert (printed.exit_code, printed.stdout) == (2, "")
    assert printed.stderr == (
        "Error: a fix was stopped while it wrote, so some files are rewritten and others not;"
        " `session-first fix` completes it (.session-first-journal.json)\n"
    )
    assert held(tmp_path) == before


@pytest.mark.parametrize("step", [Step.PREPARING, Step.WRITTEN], ids=lambda step: str(step.name))
def test_temporary_files_are_no_concern_of_a_check(tmp_path: Path, step: Step) -> None:
    stopped(tmp_path, step=step)
    before = held(tmp_path)
    assert tool.run(tmp_path, "check").exit_code == (1 if step is Step.PREPARING else 0)
    assert held(tmp_path) == before


def test_a_fix_stops_at_an_edit(tmp_path: Path) -> None:
    stopped(tmp_path, "a.py")
    put(EDITED, "pkg/b.py")(tmp_path)
    before = held(tmp_path)
    printed = tool.run(tmp_path, "fix")
    (temporary,) = {path.stem.rpartition("-")[0] for path in tmp_path.glob("pkg/.session-first-*")}
    assert (printed.exit_code, printed.stdout) == (2, "")
    assert printed.stderr == (
        "Error: nothing written: a fix was stopped while it wrote, and these files are neither as they were before"
        " it nor as it makes them:\n  pkg/b.py\n"
        "Put them back as they were (git restore) and run again, which completes or undoes it; or keep all files"
        f" as they are: delete .session-first-journal.json, and what is called {temporary}-* beside them\n"
    )
    assert held(tmp_path) == before


def test_a_fix_while_another_writes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.py").write_bytes(BEFORE)
    journal = create(tmp_path, [(tmp_path / "a.py", BEFORE, AFTER)])
    for command in ("fix", "check"):
        printed = tool.run(tmp_path, command)
        assert (printed.exit_code, printed.stdout) == (2, "")
        assert printed.stderr == (
            "Error: another session-first fix is writing in this project; run again when it is done\n"
        )
    journal.close()
