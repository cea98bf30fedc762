"""What people read: a line a finding, a line a file, and sums that add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from session_first.model import Changed, Failed, Fix, Position, Settled, Skip, Status
from session_first.report import text
from tests.report.results import HERE, SAFE, SKIP, UNSAFE, resolution, settled


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("/project/pkg/a.py", "pkg/a.py", id="below"),
        pytest.param("/other/a.py", "/other/a.py", id="elsewhere"),
        pytest.param("/project/a\nb.py", r"a\nb.py", id="a name of two lines"),
        pytest.param("/project/a\x1b[1m.py", r"a\x1b[1m.py", id="a name that would colour the terminal"),
        pytest.param("/project/ü ö.py", "ü ö.py", id="letters and blanks"),
    ],
)
def test_a_path_as_it_is_shown(path: str, shown: str) -> None:
    assert text.shown(Path(path), HERE) == shown


def test_a_finding() -> None:
    lines = text.finding_lines([resolution(SAFE), resolution(SKIP, "pkg/b.py", 9)], HERE)
    assert list(lines) == ["a.py:3:5: BSF101 a message", "pkg/b.py:9:5: BSF101 a message"]


@pytest.mark.parametrize(
    ("position", "line"),
    [
        pytest.param(Position(2, 0), "a.py:2:1: cannot be parsed: why", id="known place"),
        pytest.param(None, "a.py: cannot be parsed: why", id="unknown place"),
    ],
)
def test_a_failure(position: Position | None, line: str) -> None:
    assert text.failure_line(Failed(HERE / "a.py", "cannot be parsed: why", position), HERE) == line


@pytest.mark.parametrize(
    ("outcomes", "summary"),
    [
        pytest.param([], "No findings in 7 files.", id="none"),
        pytest.param([SAFE], "Found 1 finding (1 fixable with session-first fix).", id="one"),
        pytest.param([UNSAFE, UNSAFE], "Found 2 findings (2 with --unsafe-fixes).", id="only unsafe"),
        pytest.param([SKIP], "Found 1 finding (1 skipped).", id="only skipped"),
        pytest.param(
            [SAFE] * 9 + [UNSAFE] + [SKIP] * 2,
            "Found 12 findings (9 fixable with session-first fix, 1 with --unsafe-fixes, 2 skipped).",
            id="of each",
        ),
    ],
)
def test_the_sum_of_a_check(outcomes: list[Fix | Skip], summary: str) -> None:
    assert text.check_summary([resolution(outcome) for outcome in outcomes], 7) == summary


FIXED = settled(SAFE, Status.FIXED)
SKIPPED = settled(SKIP, Status.SKIPPED, "cached-client", "b.py")
NOT_ASKED_FOR = settled(UNSAFE, Status.SKIPPED, "unsafe", "b.py")
FAILED = settled(SAFE, Status.FAILED, "error", "c.py")


@pytest.mark.parametrize(
    ("items", "files", "written", "summary"),
    [
        pytest.param([], 0, True, "Nothing to fix.", id="nothing"),
        pytest.param([FIXED], 1, True, "Fixed 1 finding in 1 file.", id="one"),
        pytest.param([FIXED, FIXED], 2, False, "Would fix 2 findings in 2 files.", id="in a diff"),
        pytest.param([SKIPPED], 0, True, "Fixed 0 findings in 0 files (1 skipped).", id="only skipped"),
        pytest.param(
            [FIXED, SKIPPED, NOT_ASKED_FOR, FAILED],
            1,
            True,
            "Fixed 1 finding in 1 file (2 skipped, 1 failed).",
            id="of each",
        ),
    ],
)
def test_the_sum_of_a_fix(items: list[Settled], files: int, written: bool, summary: str) -> None:
    assert text.fix_summary(items, files, written=written) == summary


def test_a_changed_file() -> None:
    changes = [Changed(HERE / name, b"", b"") for name in ("a.py", "z.py")]
    assert list(text.change_lines(changes, [FIXED, FIXED, SKIPPED], HERE)) == [
        "a.py: fixed 2 findings",
        "z.py: changed along with another file",
    ]


def test_what_is_left_comes_by_reason() -> None:
    assert list(text.remaining_lines([FIXED, NOT_ASKED_FOR, SKIPPED, FAILED, SKIPPED], HERE)) == [
        "Not fixed, cached-client (2):",
        "  b.py:3:5: BSF101 because of cached-client",
        "  b.py:3:5: BSF101 because of cached-client",
        "Not fixed, error (1):",
        "  c.py:3:5: BSF101 because of error",
        "Not fixed, unsafe (1); --unsafe-fixes would fix them:",
        "  b.py:3:5: BSF101 because of unsafe",
    ]
