"""Code that nests as deeply as people and generators write it is analysed."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from session_first.config import Settings
from session_first.pipeline.check import check
from session_first.pipeline.nesting import room_for_nesting

USE = '\n\ndef use():\n    return boto3.client("s3")\n'


@pytest.mark.parametrize("depth", [100, 400, 800])
@pytest.mark.parametrize(
    ("start", "link"),
    [
        pytest.param('x = "a"', ' + "a"', id="joined strings"),
        pytest.param("x = query", ".filter()", id="chained calls"),
        pytest.param("if x:\n    y = 0\n", "elif x:\n    y = 1\n", id="branches"),
    ],
)
def test_deep_code_is_analysed(tmp_path: Path, start: str, link: str, depth: int) -> None:
    (tmp_path / "setup.cfg").write_text("")
    (tmp_path / "a.py").write_text("import boto3\n" + start + link * depth + USE)
    checked = check([tmp_path], Settings())
    assert (checked.failed, len(checked.plan.resolutions)) == ((), 1)


def test_the_limit_comes_back() -> None:
    before = sys.getrecursionlimit()
    with room_for_nesting():
        assert sys.getrecursionlimit() >= before
    assert sys.getrecursionlimit() == before


def test_a_thread_keeps_its_limit() -> None:
    seen = []

    def look() -> None:
        with room_for_nesting():
            seen.append(sys.getrecursionlimit())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [sys.getrecursionlimit()]
