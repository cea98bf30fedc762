"""A fix is made in memory, checked, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pytest

from session_first.config import Settings
from session_first.model import (
    AddSessionParameter,
    Applicability,
    Changed,
    Edit,
    Fix,
    Plan,
    Position,
    Resolution,
    Status,
    UseSession,
)
from session_first.pipeline.check import Checked, check
from session_first.pipeline.fix import fix, write
from session_first.pipeline.workers import Workers

CLIENT = 'def {0}():\n    return boto3.client("{0}")\n'
TWO = "import boto3\n\n\n" + CLIENT.format("first") + "\n\n" + CLIENT.format("second")
NOWHERE = AddSessionParameter(Position(999, 0), "session")


def checked(root: Path, **files: str) -> Checked:
    (root / "setup.cfg").write_text("")
    for name, content in files.items():
        (root / f"{name}.py").write_text(content)
    return check([root], Settings())


def replan(found: Checked, change: Callable[[int, Fix], Fix]) -> Checked:
    """`found` with the n-th fix changed."""
    resolutions = []
    for number, resolution in enumerate(found.plan.resolutions):
        assert isinstance(resolution.outcome, Fix)
        resolutions.append(Resolution(resolution.finding, change(number, resolution.outcome)))
    return replace(found, plan=Plan(tuple(resolutions)))


def with_edit(outcome: Fix, path: Path, edit: Edit) -> Fix:
    return replace(outcome, edits=(*outcome.edits, (path, edit)))


def texts(changes: tuple[Changed, ...]) -> dict[str, str]:
    return {change.path.stem: change.after.decode() for change in changes}


def test_nothing_is_written_by_fix(tmp_path: Path) -> None:
    found = checked(tmp_path, a=TWO)
    fixed = fix(found, unsafe=False)
    assert [item.status for item in fixed.settled] == [Status.FIXED, Status.FIXED]
    assert (tmp_path / "a.py").read_text() == TWO
    assert write(fixed) == fixed
    assert (tmp_path / "a.py").read_bytes() == fixed.changes[0].after


def test_fixing_twice_is_fixing_once(tmp_path: Path) -> None:
    write(fix(checked(tmp_path, a=TWO), unsafe=False))
    again = fix(check([tmp_path], Settings()), unsafe=True)
    assert (again.settled, again.changes, again.failed) == ((), (), ())


@pytest.mark.parametrize("jobs", [1, 2])
def test_processes_make_no_difference(tmp_path: Path, jobs: int) -> None:
    found = checked(tmp_path, a=TWO, b=TWO, c=TWO)
    assert fix(found, unsafe=False, workers=Workers(jobs=jobs)) == fix(found, unsafe=False)


def test_an_edit_that_does_not_land_fails_its_file(tmp_path: Path) -> None:
    found = checked(tmp_path, a=TWO, b=TWO)
    a = tmp_path / "a.py"
    fixed = fix(
        replan(found, lambda number, outcome: with_edit(outcome, a, NOWHERE) if number == 0 else outcome),
        unsafe=False,
    )
    assert list(texts(fixed.changes)) == ["b"]
    (failed,) = fixed.failed
    assert failed.path == a
    assert failed.error.startswith("cannot be rewritten: ")
    assert [item.status.value for item in fixed.settled] == ["failed", "failed", "fixed", "fixed"]
    assert {item.detail for item in fixed.settled[:2]} == {failed.error}


def test_what_shares_a_fix_with_a_failed_file_is_left_alone(tmp_path: Path) -> None:
    """The first fix in a.py needs b.py as well, where it fails; the second is on its own and stays."""
    found = checked(tmp_path, a=TWO, b=TWO, c=TWO)
    b = tmp_path / "b.py"
    fixed = fix(
        replan(found, lambda number, outcome: with_edit(outcome, b, NOWHERE) if number == 0 else outcome),
        unsafe=False,
    )
    changed = texts(fixed.changes)
    assert list(changed) == ["a", "c"]
    assert "def first():" in changed["a"]
    assert "def second(session=None):" in changed["a"]
    assert "def first(session=None):" in changed["c"]
    assert [item.status.value for item in fixed.settled] == [
        "failed",
        "fixed",
        "failed",
        "failed",
        "fixed",
        "fixed",
    ]
    assert str(b) in (fixed.settled[0].detail or "")


def test_a_finding_that_would_remain_fails_its_file(tmp_path: Path) -> None:
    """A plan that adds the parameter and forgets to use it."""
    found = checked(tmp_path, a=TWO)

    def forget(number: int, outcome: Fix) -> Fix:
        edits = tuple(
            (path, edit) for path, edit in outcome.edits if number or not isinstance(edit, UseSession)
        )
        return replace(outcome, edits=edits)

    fixed = fix(replan(found, forget), unsafe=False)
    assert fixed.changes == ()
    assert [failed.error for failed in fixed.failed] == [
        "cannot be rewritten: a finding would remain in first"
    ]


def test_a_result_that_is_no_python_fails_its_file(tmp_path: Path) -> None:
    found = checked(tmp_path, a=TWO)
    bad = AddSessionParameter(Position(4, 0), "not a name")
    fixed = fix(
        replan(found, lambda _, outcome: replace(outcome, edits=((tmp_path / "a.py", bad),))), unsafe=False
    )
    assert fixed.changes == ()
    assert [item.status.value for item in fixed.settled] == ["failed", "failed"]


def test_unsafe_fixes_only_when_asked_for(tmp_path: Path) -> None:
    found = replan(
        checked(tmp_path, a=TWO),
        lambda number, outcome: replace(outcome, applicability=Applicability.UNSAFE) if number else outcome,
    )
    safe, unsafe = fix(found, unsafe=False), fix(found, unsafe=True)
    assert [(item.status.value, item.reason) for item in safe.settled] == [
        ("fixed", None),
        ("skipped", "unsafe"),
    ]
    assert [(item.status.value, item.reason) for item in unsafe.settled] == [("fixed", None), ("fixed", None)]
    assert "def second():" in texts(safe.changes)["a"]
    assert "def second(session=None):" in texts(unsafe.changes)["a"]


def test_a_write_that_fails_leaves_every_finding_failed(tmp_path: Path) -> None:
    fixed = fix(checked(tmp_path, a=TWO, b=TWO), unsafe=False)
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").mkdir()
    written = write(fixed)
    assert written.changes == ()
    assert [(failed.path.name, failed.error) for failed in written.failed] == [
        ("b.py", "cannot be written: Is a directory"),
        ("a.py", "not written, as b.py could not be"),
    ]
    assert {item.status for item in written.settled} == {Status.FAILED}
    assert (tmp_path / "a.py").read_text() == TWO
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py", "b.py", "setup.cfg"]


class Dead(Executor):
    """An executor whose processes die at once."""

    def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override]
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_a_process_that_dies_fails_its_file(tmp_path: Path) -> None:
    found = checked(tmp_path, a=TWO)
    fixed = fix(found, unsafe=False, workers=Workers(Dead()))
    assert [failed.error for failed in fixed.failed] == [
        "cannot be analysed: the process that worked on it died"
    ]
    died = check([tmp_path], Settings(), workers=Workers(Dead()))
    assert [failed.path.name for failed in died.failed] == ["a.py"]
